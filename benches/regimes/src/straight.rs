//! The rules as Rust, written by `build.rs` as one would by hand.

use crate::deal::DealCodes;
use crate::verdict::Verdict;

include!(concat!(env!("OUT_DIR"), "/straight.rs"));

/// One `if` per rule for `Regime::standard(norms)`, if there is such a function: that of 10,000 norms is there in release
/// builds only.
pub fn listed(norms: usize) -> Option<fn(&DealCodes) -> Verdict> {
    match norms {
        20 => Some(listed_20),
        100 => Some(listed_100),
        1_000 => Some(listed_1000),
        #[cfg(straight_10000)]
        10_000 => Some(listed_10000),
        _ => None,
    }
}

/// The rules grouped by country for `Regime::standard(norms)`, if there is such a function: that of 10,000 norms is there in release builds only.
pub fn straight(norms: usize) -> Option<fn(&DealCodes) -> Verdict> {
    match norms {
        20 => Some(straight_20),
        100 => Some(straight_100),
        1_000 => Some(straight_1000),
        #[cfg(straight_10000)]
        10_000 => Some(straight_10000),
        _ => None,
    }
}

/// One `if` per rule, which also names the rules that decide, for `Regime::standard(norms)`, if there is such a function.
pub fn named(norms: usize) -> Option<fn(&DealCodes, &mut Vec<u32>) -> Verdict> {
    match norms {
        20 => Some(named_20),
        100 => Some(named_100),
        1_000 => Some(named_1000),
        _ => None,
    }
}

/// One more rule applies.
#[inline]
fn name(which: u32, level: Verdict, most: &mut Verdict, named: &mut Vec<u32>) {
    if level > *most {
        *most = level;
        named.clear();
    }
    if level == *most {
        named.push(which);
    }
}
