//! The same laws on the shipped measures.

use std::sync::OnceLock;

use proptest::prelude::*;

use crate::evaluate::find::Engine;
use crate::ruleset::Ruleset;
use crate::strategy::activities;

use super::{agree, applying, brief, interview, law, narrow, paths, routes, sheets, timeline};

fn shipped() -> &'static Ruleset {
    static RULES: OnceLock<Ruleset> = OnceLock::new();
    RULES.get_or_init(|| Ruleset::pack("un_dprk").expect("a shipped pack compiles"))
}

#[test]
fn index_diagram_and_reference_agree_on_the_pack() {
    let share = agree::Share::default();
    let (index, diagram) = (shipped().with_engine(Engine::Index), shipped().with_engine(Engine::Diagram));
    law(40, activities(shipped()).unstated(0.3), |activity| {
        agree::agree(&index, &diagram, &activity, 20_000, &share, "")
    });
    share.require(50);
}

#[test]
fn briefs_are_decisions_on_the_pack() {
    let fast = brief::Fast::default();
    law(50, activities(shipped()).unstated(0.3).without_acts().without_lines(), |activity| {
        brief::brief_is_decision(shipped(), &activity, "", &fast)
    });
    // Parties without a role and findings without a day leave much open.
    fast.require(20, 10);
}

#[test]
fn all_applying_norms_are_those_of_decisions_on_the_pack() {
    let fast = applying::Fast::default();
    let scan = shipped().with_engine(Engine::Scan);
    for (cases, unstated, rules) in [(25, 0.3, shipped()), (10, 0.1, &scan)] {
        law(cases, activities(shipped()).unstated(unstated).without_acts().without_lines(), |activity| {
            applying::applying_is_decision(rules, &activity, "", &fast)
        });
    }
    // Parties that share an id are told the long way, and the pack leaves much open of whoever is generated.
    fast.require(5);
}

#[test]
fn all_applying_norms_are_those_of_decisions_on_the_scenarios_of_the_pack() {
    let fast = applying::Fast::default();
    for scenario in shipped().scenarios_given() {
        let activity = crate::Activity::from_raw(scenario.facts.clone()).expect("an activity");
        applying::applying_is_decision(shipped(), &activity, "", &fast).expect("they agree");
    }
    fast.require(60);
}

#[test]
fn sheets_are_activities_on_the_pack() {
    let share = sheets::Share::default();
    let sheet = std::cell::RefCell::new(shipped().sheet());
    law(50, activities(shipped()).unstated(0.3), |activity| {
        sheets::sheet_is_activity(shipped(), &mut sheet.borrow_mut(), &activity, "", &share)
    });
    share.require(60);
}

#[test]
fn laws_of_saying_more_hold_on_the_pack() {
    law(20, (activities(shipped()), any::<[u16; 3]>()), |(activity, picks)| {
        let open = super::without(&activity, "complete");
        narrow::stating_adds_nothing(shipped(), &open, &picks, "")?;
        narrow::complete_within_open(shipped(), &activity, "")?;
        narrow::acts_help(shipped(), &activity, "")?;
        narrow::asked_later(shipped(), &activity, i64::from(picks[0] % 400) - 40, i64::from(picks[1] % 60), "")
    });
}

#[test]
fn routes_and_paths_hold_on_the_pack() {
    law(12, activities(shipped()), |activity| {
        routes::routes_lead(shipped(), &activity, "")?;
        paths::same_bytes(shipped(), &activity, "")
    });
}

#[test]
fn interviews_ask_what_matters_on_the_pack() {
    law(12, (activities(shipped()).unstated(0.2), prop::collection::vec(any::<u16>(), 30)), |(activity, picks)| {
        interview::interview_ends(shipped(), &activity, &picks, "")?;
        interview::ways_settle(shipped(), &activity, "").map(drop)
    });
}

#[test]
fn every_day_is_as_its_period_says_on_the_pack() {
    law(6, (activities(shipped()).unstated(0.1), prop::collection::vec(any::<(u16, i8)>(), 12)), |(activity, days)| {
        timeline::days_are_as_said(shipped(), &activity, &days, "")
    });
}

/// With the lists that the pack brings.
#[cfg(feature = "json")]
#[test]
fn index_diagram_and_reference_agree_on_the_pack_and_its_lists() {
    let lists = crate::packs::lists("un_dprk").expect("a shipped pack");
    let rules = Ruleset::builder().pack("un_dprk").lists(lists).compile().expect("a shipped pack compiles");
    let share = agree::Share::default();
    let (index, diagram) = (rules.with_engine(Engine::Index), rules.with_engine(Engine::Diagram));
    law(40, activities(&rules).unstated(0.3), |activity| {
        if rules.bind(activity.raw()).is_err() {
            return Ok(());
        }
        agree::agree(&index, &diagram, &activity, 20_000, &share, "")?;
        narrow::complete_within_open(&rules, &activity, "")
    });
    share.require(40);
}

/// Two lines have the records in common, and look at them on different days.
#[cfg(feature = "json")]
#[test]
fn lines_of_different_days_agree_on_the_pack() {
    let share = agree::Share::default();
    let (index, diagram) = (shipped().with_engine(Engine::Index), shipped().with_engine(Engine::Diagram));
    let text = r#"{ "complete": true, "date": "2016-03-02", "actor_state": "AE", "action": "brokering", "destination": "KP",
        "purpose": "united_nations_business", "parties": PARTIES, "lines": [{ "date": "2006-10-14" }, {}] }"#;
    let one = r#"[{ "role": "counterparty", "nationality": ["KP"], "kind": "unknown", "listed": "unknown" }]"#;
    for parties in [r#""unknown""#, one] {
        let activity: crate::Activity = serde_json::from_str(&text.replace("PARTIES", parties)).expect("an activity");
        agree::agree(&index, &diagram, &activity, 20_000, &share, "").expect("they agree");
    }
    // Of parties that nobody stated the reference has too many to look at.
    share.require(50);
}
