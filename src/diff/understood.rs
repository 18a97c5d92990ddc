//! What one version understands of an activity in which the other one is spoken of.

use std::borrow::Cow;

use crate::check::program::Program;
use crate::facts::bind::provision;
use crate::value::Raw;

/// The activity without what only the other version knows: what is used of its quotas and their levels, acts under its exceptions,
/// sides in its disputes. To this version they say nothing.
pub(super) fn understood<'r>(activity: &'r Raw, by: &Program, other: &Program) -> Cow<'r, Raw> {
    let Raw::Map(entries) = activity else { return Cow::Borrowed(activity) };
    let is_strange = |name: &str, item: &str| match name {
        "used" | "levels" => !has_quota(by, item) && has_quota(other, item),
        "readings" => !has_reading(by, item) && has_reading(other, item),
        "acts" => provision(by, item).is_none() && provision(other, item).is_some(),
        _ => false,
    };
    let under = |act: &Raw| match act.get("under") {
        Some(Raw::Text(under)) => Some(under.clone()),
        _ => None,
    };
    let is_kept_act = |act: &Raw| !under(act).is_some_and(|under| is_strange("acts", &under));
    let is_plain = |(name, raw): &(String, Raw)| match raw {
        Raw::Map(items) => items.iter().all(|(item, _)| !is_strange(name, item)),
        Raw::List(acts) if name == "acts" => acts.iter().all(is_kept_act),
        _ => true,
    };
    if entries.iter().all(is_plain) {
        return Cow::Borrowed(activity);
    }
    let kept = entries.iter().map(|(name, raw)| {
        let raw = match raw {
            Raw::Map(items) => Raw::Map(items.iter().filter(|(item, _)| !is_strange(name, item)).cloned().collect()),
            Raw::List(acts) if name == "acts" => {
                Raw::List(acts.iter().filter(|act| is_kept_act(act)).cloned().collect())
            }
            raw => raw.clone(),
        };
        (name.clone(), raw)
    });
    Cow::Owned(Raw::Map(kept.collect()))
}

fn has_quota(program: &Program, name: &str) -> bool {
    program.exits.iter().any(|exit| exit.name == name && !exit.quotas.is_empty())
}

fn has_reading(program: &Program, name: &str) -> bool {
    program.readings.iter().any(|reading| reading.name == name)
}
