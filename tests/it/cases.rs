//! Activities that a reader of the law wrote before seeing an answer (November 2026), with what was settled for each. Where
//! the reader had expected something else, `why` says so.

use std::fmt::Write;

use interdict::Ruleset;
use serde_json::Value;

#[test]
fn the_cases_of_a_reader_of_the_law_are_answered_as_settled() {
    let rules = Ruleset::builder().pack("un_dprk").compile().expect("the pack is sound");
    let cases = include_str!("../cases/un_dprk.ndjson");
    let mut wrong = String::new();
    for case in cases.lines() {
        let case: Value = serde_json::from_str(case).expect("the case is JSON");
        let decision = rules.decide(&case["activity"]).unwrap_or_else(|error| panic!("{}: {error}", case["title"]));
        let by: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
        let lacking = case["by"].as_array().into_iter().flatten().filter_map(Value::as_str).find(|id| !by.contains(id));
        let at_least = case["at_least"].as_str().unwrap_or(decision.bounds.at_least.name());
        if case["verdict"] != decision.verdict_name()
            || lacking.is_some()
            || at_least != decision.bounds.at_least.name()
        {
            let _ = writeln!(
                wrong,
                "{}: settled {} by {}, decided {} by {by:?}, at least {}",
                case["title"],
                case["verdict"],
                case["by"],
                decision.verdict_name(),
                decision.bounds.at_least
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases.lines().count() >= 770, "some cases are gone");
}
