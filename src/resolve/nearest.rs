//! Did you mean …?

/// The candidate that `wanted` was most likely meant to be: its singular, or one at most two slips
/// of the keyboard away, and not more than half of its letters.
pub(crate) fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (wanted.chars().count() / 2).min(2);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wanted)
        .filter_map(|candidate| {
            let slips = if is_plural(wanted, candidate) { 0 } else { distance(wanted, candidate, most)? };
            Some((slips, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether a word is the plural of another.
fn is_plural(word: &str, of: &str) -> bool {
    word.strip_suffix("ies").is_some_and(|stem| of.strip_suffix('y') == Some(stem))
        || word.strip_suffix('s') == Some(of)
}

/// ``did you mean `…`?``
pub(crate) fn did_you_mean<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wanted, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// Letters inserted, left out, changed, or swapped with their neighbour; `None` when more than `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_slips_at_most() {
        assert_eq!(nearest("arms_sale", ["arms_sales", "alarms"]), Some("arms_sales"));
        assert_eq!(nearest("comittee", ["committee"]), Some("committee"));
        assert_eq!(nearest("suppyl", ["supply", "transit"]), Some("supply"));
        assert_eq!(nearest("KP", ["RU", "US"]), None);
        assert_eq!(nearest("KQ", ["KP", "US"]), Some("KP"));
        assert_eq!(nearest("vehicle", ["vessel"]), None);
        assert_eq!(nearest("parties", ["partner", "party"]), Some("party"));
    }
}
