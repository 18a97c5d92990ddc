//! The shipped packs: every scenario passes, every norm is cited, and the table of sources is complete.

use interdict::{Ruleset, packs};

/// The ids of all paragraph rows of the notes on the law, in their order.
const ROWS: &str = include_str!("un_dprk_rows.txt");

#[test]
fn every_pack_compiles_without_a_warning() {
    for pack in packs::names() {
        let rules = Ruleset::pack(pack).unwrap_or_else(|error| panic!("{pack}: {error}"));
        assert!(rules.warnings().is_empty(), "{pack}:\n{}", rules.warnings());
    }
}

#[test]
fn every_scenario_passes_exactly_and_with_citations() {
    let runs = Ruleset::pack("un_dprk").expect("the shipped pack compiles").run_scenarios();
    assert!(runs.len() > 80, "only {} scenarios", runs.len());
    let mut wrong = Vec::new();
    for run in &runs {
        let place = format!("{}:{} {}", run.place.file, run.place.line, run.title);
        wrong.extend(run.failures.iter().map(|failure| format!("{place}: {failure}")));
        let decision = &run.decision;
        if !decision.exact {
            wrong.push(format!("{place}: over the budget"));
        }
        if decision.missing.is_empty() != decision.verdict.is_some() {
            wrong.push(format!("{place}: neither settled nor wanting facts"));
        }
        for norm in decision.findings.iter().flat_map(|finding| &finding.norms) {
            let cited = norm.citation.starts_with("S/RES/") && norm.citation.contains(", para. ");
            let placed = norm.source.line > 0 && norm.source.file.starts_with("un_dprk/");
            if !cited || !placed || norm.title.is_none() {
                wrong.push(format!("{place}: {} is not cited well", norm.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_paragraphs_and_the_pack_say_the_same() {
    let fates = Ruleset::pack("un_dprk").expect("the shipped pack compiles").fates(table());
    assert!(fates.is_sound(), "{}", fates.faults.join("\n"));
    let rows: Vec<&str> = fates.rows.iter().map(|row| row.paragraph.as_str()).collect();
    let wanted: Vec<&str> = ROWS.lines().collect();
    assert_eq!(rows, wanted, "the rows are those of the notes on the law");
    let of_resolutions = fates.rows.iter().filter(|row| !row.instrument.starts_with("Panel of Experts"));
    assert_eq!(of_resolutions.count(), 185);
}

#[test]
fn a_table_that_drifts_is_found_out() {
    let rules = Ruleset::pack("un_dprk").expect("the shipped pack compiles");
    for (before, after, fault) in [
        ("`R1874/28`", "`R1874/29`", "S/RES/1874 OP28: the pack has no `R1874/29`"),
        ("`R1874/28`", "`R1874/22`", "S/RES/1874 OP28: `R1874/22` stands in another paragraph; write `in` before it"),
        ("`R1874/28`", "in `R1874/22`", "`R1874/28` is cited by no row of its paragraph"),
        ("`R1874/28`", "", "S/RES/1874 OP28: it is `encoded` and cites none"),
        ("`R1874/28`", "R1874/28", "S/RES/1874 OP28: `R1874/28` is no id"),
        (", `R2375/18.wind_down`", "", "`R2375/18.wind_down` is cited by no row of its paragraph"),
        ("`luxury` |", "`luxuries` |", "S/RES/1718 OP8(a)(iii): the pack defines no `luxuries`"),
        ("ends `R1874/10.small_arms`", "ends `R1874/10.arms`", "S/RES/2270 OP6: the pack has no `R1874/10.arms`"),
        ("OP28 | encoded", "OP28 | done", "S/RES/1874 OP28: `done` is no status"),
        ("| in part | ", "| in part | 1", "the summary has "),
        ("S/RES/1874 OP22 |", "S/RES/1874 OP28 |", "S/RES/1874 OP28: there are two rows"),
        ("S/RES/2321 OP13 |", "S/RES/2321 OP13 | |", "a row has 6 cells"),
    ] {
        assert!(table().contains(before), "{before}");
        let faults = rules.fates(&table().replacen(before, after, 1)).faults;
        assert!(faults.iter().any(|found| found.starts_with(fault)), "{fault} is not among {faults:?}");
    }
}

/// `SOURCES.md`, as it is embedded.
fn table() -> &'static str {
    packs::fates("un_dprk").expect("the pack has a table")
}

/// What every activity states stays open where nobody stated it, so that it is not assumed to be none.
#[test]
fn required_facts_are_not_assumed() {
    let rules = interdict::Ruleset::pack("un_dprk").expect("it is shipped");
    let decision = rules.decide(&interdict::Activity::new().complete()).expect("it is understood");
    let required = ["date", "actor_state", "action"];
    assert!(decision.assumed.iter().all(|assumed| !required.contains(&assumed.fact.as_str())), "{decision}");
}

/// A stated value that is broader than a test was stated all the same.
#[test]
fn what_was_stated_broadly_is_not_assumed() {
    let rules = interdict::Ruleset::pack("un_dprk").expect("it is shipped");
    let venture = serde_json::json!({
        "complete": true, "date": "2023-09-13", "actor_state": "RU", "action": "joint_venture",
        "parties": [{ "role": "partner", "kind": "company", "nationality": "KP", "listed": [] }]
    });
    let decision = rules.decide(&venture).expect("it is understood");
    let assumed: Vec<&str> = decision.assumed.iter().map(|assumed| assumed.fact.as_str()).collect();
    assert!(!assumed.is_empty() && !assumed.contains(&"action"), "{decision}");
    let medicine = serde_json::json!({
        "complete": true, "date": "2023-09-13", "actor_state": "RU", "action": "technical_cooperation", "field": "medicine",
        "purpose": "commercial",
        "parties": [{ "role": "counterparty", "nationality": "KP", "sponsored_by": "KP", "listed": [] }]
    });
    let decision = rules.decide(&medicine).expect("it is understood");
    assert!(decision.assumed.iter().all(|assumed| !assumed.fact.ends_with(".role")), "{decision}");
}

/// `R2270/8(a)` is `R2270/8`, which the pack has whole.
#[test]
fn an_act_may_name_a_letter_of_a_paragraph() {
    let rules = interdict::Ruleset::pack("un_dprk").expect("it is shipped");
    let decide = |under: &str| {
        let approval = serde_json::json!({
            "kind": "approval", "by": "committee", "under": under, "on": "2016-05-01", "covers": { "ref": "lorries" }
        });
        let lorries = serde_json::json!({
            "complete": true, "date": "2016-06-01", "actor_state": "CN", "action": "sale", "item": "tractor",
            "destination": "KP", "purpose": "commercial", "ref": "lorries", "acts": [approval],
            "findings": [{ "kind": "military_capability", "by": "CN", "on": "2016-05-01" }]
        });
        rules.decide(&lorries)
    };
    assert_eq!(decide("R2270/8(b)").expect("it is understood").verdict_name(), "allowed");
    assert!(decide("R2270/888(b)").is_err());
}

/// A match that nobody has resolved leaves the listing open, whatever else the host says of it.
#[test]
fn a_candidate_is_not_cleared_by_an_empty_list() {
    let rules = interdict::Ruleset::pack("un_dprk").expect("it is shipped");
    let decide = |candidates: serde_json::Value| {
        let payee = serde_json::json!({
            "role": "payee", "kind": "company", "nationality": "VN", "listed": [], "candidates": candidates
        });
        let payment = serde_json::json!({
            "complete": true, "date": "2020-03-16", "actor_state": "DE", "action": "payment", "parties": [payee]
        });
        rules.decide(&payment).expect("it is understood").verdict_name()
    };
    assert_eq!(decide(serde_json::json!([])), "not_covered");
    assert_eq!(decide(serde_json::json!([{ "list": "un_1718", "ref": "KPe.001", "score": "0.91" }])), "undetermined");
}
