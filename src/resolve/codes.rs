//! HS codes: prefixes of two to ten digits, as ranges of ten-digit codes.

use crate::syntax::tree;

/// Half-open range of ten-digit codes.
pub(crate) type Codes = (u64, u64);

/// The ten-digit codes that begin with these digits; `None` unless they are
/// two, four, six, eight or ten digits.
pub(crate) fn prefix(text: &str) -> Option<Codes> {
    let fits = matches!(text.len(), 2 | 4 | 6 | 8 | 10) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        return None;
    }
    let width = 10_u64.pow(10 - text.len() as u32);
    let first = text.parse::<u64>().ok()? * width;
    Some((first, first + width))
}

/// `84`, or `72..76` with both ends included. The error is the part that is malformed.
pub(crate) fn range(written: &tree::CodeRange) -> Result<Codes, &tree::At<String>> {
    let (from, to) = prefix(&written.first.it).ok_or(&written.first)?;
    match &written.last {
        None => Ok((from, to)),
        Some(last) => {
            let (last_from, end) = prefix(&last.it).ok_or(last)?;
            if last_from < from { Err(last) } else { Ok((from, end)) }
        }
    }
}

/// Sorted and apart: ranges that touch become one.
pub(crate) fn merged<T: Ord + Copy>(mut ranges: Vec<(T, T)>) -> Vec<(T, T)> {
    ranges.sort_unstable();
    let mut out: Vec<(T, T)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}
