//! Shipped policies, embedded in the crate.
//!
//! A pack is a set of policy files under one name; `use std` in a policy text
//! brings in the pack `std`. A pack may bring snapshots of the lists that it declares; a host that wants them
//! [asks for them](lists).

#[cfg(feature = "json")]
use crate::facts::{Lists, Snapshot};
use crate::source::Source;

struct Pack {
    name: &'static str,
    texts: &'static [(&'static str, &'static str)],
    #[cfg(feature = "json")]
    lists: &'static [&'static str],
}

macro_rules! pack {
    ($name:literal: $($file:literal)* $(; $($list:literal)*)?) => {
        Pack {
            name: $name,
            texts: &[$((concat!($name, "/", $file), include_str!(concat!($name, "/", $file)))),*],
            #[cfg(feature = "json")]
            lists: &[$($(include_str!(concat!($name, "/", $list))),*)?],
        }
    };
}

const PACKS: &[Pack] = &[
    pack!("std":
        "actions.interdict" "activity.interdict" "disciplines.interdict" "items.interdict" "membership.interdict"
        "places.interdict" "terms.interdict" "units.interdict"),
    pack!("un_dprk":
        "regime.interdict" "goods.interdict" "res_1695.interdict" "res_1718.interdict" "res_1874.interdict" "res_2087.interdict"
        "res_2094.interdict" "res_2270.interdict" "res_2321.interdict" "res_2371.interdict" "res_2375.interdict"
        "res_2397.interdict" "res_2664.interdict" "scenarios.interdict" "cases_1695.interdict" "cases_1718.interdict"
        "cases_1874.interdict" "cases_2087.interdict" "cases_2094.interdict" "cases_2270.interdict" "cases_2321.interdict"
        "cases_2371.interdict" "cases_2375.interdict" "cases_2397.interdict" "cases_2664.interdict"
        "cases_easily_said_wrong.interdict" "cases_readings.interdict";
        "lists/un_1718.json" "lists/un_1718_vessels.json"),
];

/// The names of the shipped packs.
pub fn names() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|pack| pack.name)
}

/// The table of a pack that says what became of every paragraph of the law, in Markdown; `None` when it has none.
///
/// [`Ruleset::fates`](crate::Ruleset::fates) reads it.
pub fn fates(name: &str) -> Option<&'static str> {
    (name == "un_dprk").then_some(include_str!("un_dprk/SOURCES.md"))
}

/// The texts of a pack, in order; `None` when there is no such pack.
pub fn sources(name: &str) -> Option<Vec<Source>> {
    let pack = PACKS.iter().find(|pack| pack.name == name)?;
    Some(pack.texts.iter().map(|(name, text)| Source::new(*name, *text)).collect())
}

/// The snapshots of lists that a pack brings, empty if it brings none; `None` when there is no such pack.
///
/// They are data of the day on which they were made, and no policy looks at them unless the host loads them. Where they come
/// from, and why their days can be trusted, is said beside them: `src/packs/un_dprk/lists/PROVENANCE.md`. A host that keeps
/// newer lists loads those.
///
/// ```
/// use interdict::{Activity, Ruleset, packs};
///
/// let lists = packs::lists("un_dprk").expect("a shipped pack");
/// let rules = Ruleset::builder().pack("un_dprk").lists(lists).compile().unwrap();
///
/// // S/RES/2371 (2017) put the Foreign Trade Bank on the list on 5 August 2017.
/// let pay = |date: &str| {
///     let activity = r#"{ "complete": true, "date": "DATE", "actor_state": "RU", "action": "payment",
///         "parties": [{ "role": "payee", "kind": "bank", "ids": { "ref": "KPe.047" } }] }"#;
///     rules.decide_json(&activity.replace("DATE", date)).unwrap()
/// };
/// assert_eq!(pay("2017-08-05").verdict_name(), "prohibited");
/// assert!(pay("2017-08-05").policy.lists.is_some(), "the decision names the lists by their digest");
/// ```
#[cfg(feature = "json")]
pub fn lists(name: &str) -> Option<Lists> {
    let pack = PACKS.iter().find(|pack| pack.name == name)?;
    let mut lists = Lists::new();
    for text in pack.lists {
        let snapshot = Snapshot::from_json(text).expect("a test reads every shipped list");
        lists = lists.with(snapshot).expect("a test reads every shipped list");
    }
    Some(lists)
}
