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
