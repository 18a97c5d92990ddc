//! What is told of acts and consignments.

use crate::explain::Decision;
use crate::facts::Activity;
use crate::ruleset::Ruleset;

fn rules() -> Ruleset {
    let policy = r#"use std
        regime house "House" { authority c "The committee" authority d "The desk" }
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Coal" {
                prohibit sale when item under coal
                except told with notice to c in advance
            }
        }"#;
    Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"))
}

fn sale(date: &str) -> Activity {
    Activity::new().complete().set("date", date).set("actor_state", "CN").set("action", "sale").set("item", "coal")
}

fn notice(to: &str, on: &str) -> Activity {
    let covers = Activity::new().set("action", "sale");
    Activity::new().set("kind", "notice").set("to", to).set("under", "H/1.told").set("on", on).set("covers", covers)
}

fn said(decision: &Decision) -> Vec<Option<String>> {
    decision.acts.iter().map(|act| act.why_not.clone()).collect()
}

#[test]
fn a_notice_to_somebody_else_does_not_count() {
    let both = sale("2024-01-15").act(notice("d", "2024-01-01")).act(notice("c", "2024-01-02"));
    let decision = rules().decide(&both).expect("it is understood");
    let [Some(why), None] = &said(&decision)[..] else { panic!("{decision}") };
    assert_eq!(why, "it was given to d; a notice to c is required");
    let lifted = decision.findings.iter().flat_map(|finding| &finding.norms).find_map(|norm| norm.lifted_by.first());
    assert_eq!(lifted.map(|by| by.acts.clone()), Some(vec![1]), "{decision}");
    let wrong = rules().decide(&sale("2024-01-15").act(notice("d", "2024-01-01"))).expect("it is understood");
    assert_eq!(said(&wrong), [Some("it was given to d; a notice to c is required".to_owned())]);
}

#[test]
fn an_act_counts_that_counts_for_one_line() {
    let line = |date: &str| Activity::new().set("date", date);
    let consignment = Activity::new().complete().set("actor_state", "CN").set("action", "sale").set("item", "coal");
    let consignment = consignment.line(line("2024-01-10")).line(line("2024-03-15")).act(notice("c", "2024-02-03"));
    let decision = rules().decide(&consignment).expect("it is understood");
    assert_eq!(said(&decision), [None], "{decision}");
}

#[test]
fn a_consignment_is_about_what_its_lines_share() {
    let line = |action: &str, state: &str| Activity::new().set("action", action).set("actor_state", state);
    let consignment = Activity::new().complete().set("date", "2024-01-10").set("item", "coal");
    let consignment = consignment.line(line("import", "CN")).line(line("sale", "CN"));
    let about = rules().decide(&consignment).expect("it is understood").about;
    assert_eq!((about.action, about.actor_state.as_deref()), (None, Some("CN")));
}

#[test]
fn what_nobody_stated_of_a_quota_is_not_assumed() {
    let rules = Ruleset::pack("un_dprk").expect("a shipped pack compiles");
    let diesel = Activity::new().complete().set("date", "2018-03-01").set("actor_state", "CN").set("action", "sale");
    let diesel = diesel.set("item", "diesel").set("destination", "KP").set("quantity", "100 bbl");
    let decision = rules.decide(&diesel.used("R2397/5.quota", "0 bbl")).expect("it is understood");
    assert!(decision.assumed.iter().all(|assumed| !assumed.fact.starts_with("used")), "{decision}");
}
