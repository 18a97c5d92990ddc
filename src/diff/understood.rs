//! What one version understands of an activity in which the other one is spoken of.

use crate::check::program::Program;
use crate::facts::bind::provision;
use crate::value::Raw;

/// The activity without what only the other version knows: what is used of its quotas and their levels, acts under its exceptions,
/// sides in its disputes. To this version they say nothing.
pub(super) fn understood(mut activity: Raw, by: &Program, other: &Program) -> Raw {
    let only_other = |knows: &dyn Fn(&Program) -> bool| !knows(by) && knows(other);
    let Raw::Map(entries) = &mut activity else { return activity };
    for (name, raw) in entries {
        match (name.as_str(), raw) {
            ("used" | "levels", Raw::Map(items)) => {
                items.retain(|(name, _)| !only_other(&|program| has_quota(program, name)));
            }
            ("readings", Raw::Map(items)) => {
                items.retain(|(name, _)| !only_other(&|program| program.readings.iter().any(|it| it.name == *name)));
            }
            ("acts", Raw::List(acts)) => acts.retain(|act| match act.get("under") {
                Some(Raw::Text(under)) => !only_other(&|program| provision(program, under).is_some()),
                _ => true,
            }),
            _ => {}
        }
    }
    activity
}

fn has_quota(program: &Program, name: &str) -> bool {
    program.exits.iter().any(|exit| exit.name == name && !exit.quotas.is_empty())
}
