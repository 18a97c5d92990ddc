//! Shipped policies, embedded in the crate.
//!
//! A pack is a set of policy files under one name; `use std` in a policy text
//! brings in the pack `std`.

use crate::source::Source;

struct Pack {
    name: &'static str,
    texts: &'static [(&'static str, &'static str)],
}

macro_rules! pack {
    ($name:literal: $($file:literal)*) => {
        Pack { name: $name, texts: &[$((concat!($name, "/", $file), include_str!(concat!($name, "/", $file)))),*] }
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
        "cases_easily_said_wrong.interdict" "cases_readings.interdict"),
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
