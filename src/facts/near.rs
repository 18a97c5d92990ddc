//! The name that was probably meant.

/// The nearest of the names: the same but for case or for `-` and spaces, or at most two slips away.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.is_empty() || wanted.len() > 64 {
        return None;
    }
    let plain = plain(wanted);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        if name == wanted {
            continue;
        }
        let distance = if self::plain(name) == plain { 0 } else { slips(wanted, name) };
        // A short name is another name after one slip: `KP` is not a misspelt `KR`, nor is `PRK` Pakistan.
        let most = match wanted.chars().count().min(name.chars().count()) {
            0..=2 => 0,
            3..=5 => 1,
            _ => 2,
        };
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The most that a hint names: of more, none is likely the one.
const MOST: usize = 4;

/// The terms that were probably meant: by a slip of the keyboard one; else those whose name or title shares the most
/// words with what was said (`helicopter`: `attack_helicopter` and `civil_helicopter`). Terms come with their titles.
pub(crate) fn nearest_terms<'a, I>(wanted: &str, terms: I) -> Vec<&'a str>
where
    I: Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
{
    if let Some(near) = nearest(wanted, terms.clone().map(|(name, _)| name)) {
        return vec![near];
    }
    let title = wanted.trim().to_lowercase();
    if let Some((name, _)) = terms.clone().find(|(_, own)| own.is_some_and(|own| own.to_lowercase() == title)) {
        return vec![name];
    }
    let wanted = words(wanted);
    let mut best: (usize, Vec<&str>) = (0, Vec::new());
    for (name, title) in terms {
        let (own, told) = (words(name), words(title.unwrap_or_default()));
        let shared = |word: &String| {
            let common = |with: &String| word.bytes().zip(with.bytes()).take_while(|(a, b)| a == b).count();
            let begins = |with: &String| common(with) >= (word.len() - 1).max(3);
            if own.contains(word) {
                3
            } else if told.contains(word) {
                2
            } else {
                usize::from(own.iter().chain(&told).any(begins))
            }
        };
        let score = wanted.iter().map(shared).sum();
        if score > best.0 {
            best = (score, vec![name]);
        } else if score > 0 && score == best.0 {
            best.1.push(name);
        }
    }
    if best.1.len() <= MOST { best.1 } else { Vec::new() }
}

/// Lower case, in the singular, without the small words.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.len() > 2 && !["the", "and", "for", "other", "than"].contains(&word.as_str()))
        .map(|word| match word.strip_suffix('s') {
            Some(one) if one.len() > 3 && !one.ends_with('s') => one.to_owned(),
            _ => word,
        })
        .collect()
}

/// As [`nearest`], of citations: `R1/3` is not a misspelt `R1/1`, but `R2312/11(a)` may be `R2321/11(a)`.
pub(crate) fn nearest_citation<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let digits = |name: &str| {
        let mut digits: Vec<u8> = name.bytes().filter(u8::is_ascii_digit).collect();
        digits.sort();
        digits
    };
    let own = digits(wanted);
    nearest(wanted, names.into_iter().filter(|name| digits(name) == own))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours; 3 stands for "more than 2".
fn slips(left: &str, right: &str) -> usize {
    if left.len().abs_diff(right.len()) > 8 {
        return 3;
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > 2 {
        return 3;
    }
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *b && right[j - 1] == *a {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()].min(3)
}

#[cfg(test)]
mod tests {
    use super::nearest_terms;

    const GOODS: [(&str, Option<&str>); 9] = [
        ("attack_helicopter", Some("Attack helicopters (category V)")),
        ("civil_helicopter", Some("Helicopters, civil")),
        ("seafood", Some("Fish, crustaceans, molluscs")),
        ("fishing_boat", Some("Fishing vessels")),
        ("civil_vessel", Some("Ships and boats, civil")),
        ("warship", Some("Warships, including submarines")),
        ("kerosene_jet_fuel", Some("Kerosene-type jet fuel")),
        ("refined_petroleum", Some("Refined petroleum products")),
        ("diesel", None),
    ];

    #[track_caller]
    fn hints(wanted: &str, expected: &[&str]) {
        assert_eq!(nearest_terms(wanted, GOODS.into_iter()), expected, "{wanted}");
    }

    #[test]
    fn an_everyday_word_finds_the_terms_that_it_may_mean() {
        hints("disel", &["diesel"]);
        hints("helicopters", &["attack_helicopter", "civil_helicopter"]);
        hints("fish", &["seafood"]);
        hints("ship", &["civil_vessel"]);
        hints("jet fuel", &["kerosene_jet_fuel"]);
        hints("petrol", &["refined_petroleum"]);
        hints("Fishing vessels", &["fishing_boat"]);
        hints("spaceflight", &[]);
    }
}
