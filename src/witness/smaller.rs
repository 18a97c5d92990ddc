//! An activity with fewer facts that shows the same.

use crate::facts::Activity;
use crate::value::Raw;

/// Leaves out facts one by one, but for these, as long as what is left still shows what it is to show: those of the activity,
/// elements of lists, facts of records.
pub(crate) fn smaller(activity: Activity, but: &[&str], shows: &dyn Fn(&Activity) -> bool) -> Activity {
    let mut activity = activity.without_needless(but, shows);
    let mut at = 0;
    while let Some(raw) = without(activity.raw(), &mut { at }, but)
        && at < MOST_LEFT_OUT
    {
        match Activity::from_raw(raw).ok().filter(shows) {
            Some(less) => activity = less,
            None => at += 1,
        }
    }
    activity
}

/// Facts and elements that are left out on trial.
const MOST_LEFT_OUT: usize = 400;

/// All but one entry or element, counted from the first; `None` when there are not so many.
fn without(raw: &Raw, nth: &mut usize, but: &[&str]) -> Option<Raw> {
    match raw {
        Raw::Map(entries) => {
            for (at, (name, value)) in entries.iter().enumerate() {
                if !but.contains(&name.as_str()) && is_it(nth) {
                    return Some(Raw::Map([&entries[..at], &entries[at + 1..]].concat()));
                }
                // An act is one, or none.
                let less = match value {
                    Raw::List(acts) if name == "acts" => (0..acts.len())
                        .find(|_| is_it(nth))
                        .map(|at| Raw::List([&acts[..at], &acts[at + 1..]].concat())),
                    value => without(value, nth, &[]),
                };
                if let Some(less) = less {
                    let mut entries = entries.clone();
                    entries[at].1 = less;
                    return Some(Raw::Map(entries));
                }
            }
        }
        Raw::List(items) => {
            for (at, item) in items.iter().enumerate() {
                if is_it(nth) {
                    return Some(Raw::List([&items[..at], &items[at + 1..]].concat()));
                }
                if let Some(less) = without(item, nth, &[]) {
                    let mut items = items.clone();
                    items[at] = less;
                    return Some(Raw::List(items));
                }
            }
        }
        _ => {}
    }
    None
}

/// Whether it is this one's turn; if not, it comes nearer.
fn is_it(nth: &mut usize) -> bool {
    match nth.checked_sub(1) {
        Some(less) => {
            *nth = less;
            false
        }
        None => true,
    }
}
