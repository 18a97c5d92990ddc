//! Rules made to be hard, and synthetic regimes: index, diagram, scan and reference say what the rules say.

use interdict_regimes::{Regime, Verdict, activities, families, straight};
use serde::Serialize;

use crate::evaluate::find::Engine;
use crate::limits::Limits;
use crate::reference;
use crate::ruleset::Ruleset;

/// Of each policy, so many activities are put to the reference as well.
const REFERRED: usize = 6;

#[test]
fn engines_and_reference_agree_on_hard_families() {
    let (seed, count) = (5, 60);
    let all = [
        families::independent_booleans(300, seed, count),
        families::interleaved_pairs(200, 200, seed, count),
        families::interleaved_pairs(200, 50, seed, count),
        families::wide_ranges(300, 6, seed, count),
        families::few_booleans(1_000, 16, seed, count),
        families::deep_exceptions(20, 50, 16, seed, count),
        families::exception_chains(20, 50, seed, count),
        families::large_taxonomy(10_000, 300, seed, count),
    ];
    for family in all {
        let wanted = family.activities.iter().map(|stated| family.scan.decide(stated.codes()));
        agree(family.name, &family.policy, &family.activities, &wanted.collect::<Vec<_>>());
    }
}

#[test]
fn engines_and_reference_agree_on_synthetic_regimes() {
    for norms in [20, 100, 1_000] {
        let straight = straight(norms).expect("a standard size");
        let regime = Regime::standard(norms);
        let deals = activities(&regime, 11, 200);
        let wanted: Vec<Verdict> = deals.iter().map(|deal| straight(&deal.codes())).collect();
        agree(&format!("{norms} norms"), &regime.policy(), &deals, &wanted);
    }
}

fn agree<A: Serialize>(name: &str, policy: &str, asked: &[A], wanted: &[Verdict]) {
    let limits = Limits { source_bytes: 64 << 20, ..Limits::default() };
    let rules = Ruleset::builder().source("policy.interdict", policy).limits(limits).compile();
    let rules = rules.unwrap_or_else(|error| panic!("{name}: {error}"));
    for engine in [Engine::Best, Engine::Diagram, Engine::Index, Engine::Scan] {
        let rules = rules.with_engine(engine);
        let mut clerk = rules.clerk();
        for (nth, (stated, wanted)) in asked.iter().zip(wanted).enumerate() {
            let brief = clerk.decide(stated).expect("of the policy");
            assert_eq!(brief.verdict_name(), wanted.name(), "{name}, {engine:?}, activity {nth}");
        }
    }
    for (nth, (stated, wanted)) in asked.iter().zip(wanted).enumerate().take(REFERRED) {
        let raw = crate::facts::to_raw(stated).expect("plain");
        let question = rules.bind(&raw).expect("of the policy");
        let by_reference = reference::decide(rules.program(), rules.loaded(), &question, 20_000);
        let possible = by_reference.expect("everything is known").possible;
        assert_eq!(possible.iter().map(|it| it.name()).collect::<Vec<_>>(), [wanted.name()], "{name}, activity {nth}");
    }
}
