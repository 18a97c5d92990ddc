use crate::check::program::{ACTIVITY, RecordId, Schema, Type};
use crate::facts::question::{Facts, State, Value};
use crate::strategy::activities;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::*;

const HOUSE: &str = r#"
use std
regime house "House" { authority desk "Desk" }
instrument H "House rules" of house adopted 2020-01-01 {
  paragraph 1 "Arms" {
    prohibit supply when item under arms and destination is KP
    except small when item under small_arms with approval by desk
  }
}
property "arms need the desk" {
  when action under supply and item under arms and destination is KP and date >= 2020-01-01 and no act
  always at least requires_authorisation
}
property "arms never go" {
  when action under supply and item under arms and destination is KP and date >= 2020-01-01
  always is prohibited
}
property "nothing is such" {
  when purpose is livelihood and purpose is military
  always is prohibited
}
"#;

#[test]
fn properties_hold_are_refuted_or_vacuous() {
    let rules = Ruleset::compile("house", HOUSE).unwrap();
    let runs = rules.run_properties(40, 1);
    let [holds, refuted, vacuous] = runs.as_slice() else { panic!("{runs:?}") };
    assert!(holds.passes() && holds.tested == 40, "{holds}");
    assert!(vacuous.is_vacuous() && !vacuous.passes(), "{vacuous}");
    assert!(!refuted.passes(), "{refuted}");
    let found = refuted.counterexample.as_ref().unwrap();
    assert!(found.activity.raw().size() <= 7, "{}", found.scenario);
    states_what_is_required(found);
    // What it prints can be pasted into the policy, and passes there.
    let pasted = format!("{HOUSE}\n{}", found.scenario);
    let rules = Ruleset::compile("house", pasted).unwrap();
    for run in rules.run_scenarios() {
        assert!(run.passes(), "{:?}\n{}", run.failures, found.scenario);
    }
    assert_eq!(
        format!("{:?}", rules.run_properties(40, 1)[1].counterexample.as_ref().unwrap().activity),
        format!("{:?}", found.activity),
        "the same seed gives the same"
    );
}

/// An approval that fits is seldom generated; it is tried all the same.
#[test]
fn what_an_act_would_lift_refutes_a_property_that_forgets_acts() {
    let rules = Ruleset::compile(
        "house",
        r#"
use std
regime house "House" { authority desk "Desk" }
instrument H "House rules" of house adopted 2020-01-01 {
  paragraph 1 "Coal" { prohibit import when item under coal }
  paragraph 2 "Licences" { exempt from H/1 as licence with approval by desk }
}
property "coal needs the desk" {
  when action is import and item under coal and date >= 2020-01-01
  always at least requires_authorisation
}
"#,
    )
    .unwrap();
    let [run] = &rules.run_properties(4, 0)[..] else { panic!("there is one") };
    let found = run.counterexample.as_ref().unwrap_or_else(|| panic!("{run}"));
    assert_eq!((found.decision.verdict_name(), found.confirmed), ("allowed", Some(true)), "{}", found.scenario);
    assert!(found.scenario.contains("approval"), "{}", found.scenario);
}

/// It has a day, an addressee and an action.
fn states_what_is_required(found: &Counterexample) {
    for name in ["date", "actor_state", "action"] {
        assert!(matches!(found.activity.raw().get(name), Some(Raw::Text(_))), "{name}: {}", found.scenario);
    }
}

#[test]
fn what_refutes_is_settled_on_a_day_on_which_something_begins() {
    let properties = r#"
        property "nothing is covered" { when no act always is not_covered }
        property "arms always needed the desk" {
            when action under supply and item under arms and destination is KP and no act
            always at least requires_authorisation
        }
    "#;
    let (from, _) = HOUSE.split_at(HOUSE.find("property").expect("there are properties"));
    let rules = Ruleset::compile("house", format!("{from}{properties}")).unwrap_or_else(|error| panic!("{error}"));
    for (proof, day) in rules.prove_properties().iter().zip(["2020-01-01", "2019-12-31"]) {
        let found = proof.counterexample().unwrap_or_else(|| panic!("{proof}"));
        states_what_is_required(found);
        assert_eq!(found.activity.raw().get("date"), Some(&Raw::from(day)), "{proof}");
        assert!(found.decision.verdict.is_some() && found.confirmed == Some(true), "{proof}");
    }
}

#[test]
fn scenario_text_states_the_same_activity() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    let strategy = activities(&rules);
    let mut runner = TestRunner::deterministic();
    let mut text = String::from("use un_dprk\n");
    let mut all = Vec::new();
    for at in 0..150 {
        let activity = strategy.new_tree(&mut runner).unwrap().current();
        text += &rules.scenario_text(&format!("number {at}"), &activity, &[]);
        all.push(activity);
    }
    let again = Ruleset::compile("scenarios", text.clone()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mine: Vec<_> =
        again.program().scenarios.iter().filter(|scenario| again.is_given(scenario.span.source())).collect();
    assert_eq!(mine.len(), all.len());
    for (scenario, activity) in mine.into_iter().zip(all) {
        let (mut stated, printed) = (again.bind(activity.raw()).unwrap(), again.bind(&scenario.facts).unwrap());
        for line in &mut stated.lines {
            spell_out(&again.program().schema, ACTIVITY, &mut line.facts);
        }
        let shown = rules.scenario_text("it", &activity, &[]);
        assert_eq!(stated, printed, "{shown}");
    }
}

/// A record of which nothing is known is printed as one of which no field is.
fn spell_out(schema: &Schema, record: RecordId, facts: &mut Facts) {
    for (field, state) in schema.records[record.at()].fields.iter().zip(&mut facts.0) {
        let (Type::Record(inner), State::List(elements)) = (field.ty, state) else { continue };
        for element in elements {
            match element {
                State::Is(Value::Record(facts)) => spell_out(schema, inner, facts),
                unknown => {
                    let all = vec![State::Unknown; schema.records[inner.at()].fields.len()];
                    *unknown = State::Is(Value::Record(Facts(all)));
                }
            }
        }
    }
}

#[test]
fn properties_are_proved_refuted_or_vacuously_true() {
    let rules = Ruleset::compile("house", HOUSE).unwrap();
    let [holds, refuted, vacuous] = &rules.prove_properties()[..] else { panic!() };
    assert!(holds.is_proved(), "{holds}");
    assert!(vacuous.is_proved(), "{vacuous}");
    let found = refuted.counterexample().unwrap_or_else(|| panic!("{refuted}"));
    assert_eq!(found.confirmed, Some(true));
    let pasted = format!("{HOUSE}\n{}", found.scenario);
    for run in Ruleset::compile("house", pasted).unwrap().run_scenarios() {
        assert!(run.passes(), "{:?}\n{}", run.failures, found.scenario);
    }
}

#[test]
fn properties_of_the_pack_are_proved() {
    let properties = include_str!("../packs/un_dprk/scenarios.interdict");
    let from = properties.find("\nproperty ").expect("there are properties");
    let rules = Ruleset::compile("properties", format!("use un_dprk\n{}", &properties[from..])).unwrap();
    let proofs = rules.prove_properties();
    assert!(proofs.len() >= 4);
    for proof in proofs {
        // Sums of what counts towards a quota are over the budget.
        assert!(proof.is_proved() || proof.title.starts_with("more refined oil"), "{proof}");
        assert!(proof.counterexample().is_none(), "{proof}");
    }
}

#[test]
fn three_days_before_1874_small_arms_were_bought_lawfully() {
    let policy = |from: &str| {
        format!(
            r#"use un_dprk
            property "no arms leave the DPRK lawfully without the Committee" {{
                when action is procurement and item under arms and origin is KP
                    and actor_state in un_members and date >= {from} and not omission and no act
                always at least requires_authorisation
            }}"#
        )
    };
    let since = Ruleset::compile("since", policy("2009-06-12")).unwrap();
    assert!(since.prove_properties()[0].is_proved());

    let before = Ruleset::compile("before", policy("2009-06-09")).unwrap();
    let proof = &before.prove_properties()[0];
    let found = proof.counterexample().unwrap_or_else(|| panic!("{proof}"));
    assert!(before.decide(&found.activity).unwrap().bounds.at_least < Verdict::RequiresAuthorisation);
    assert_eq!(found.confirmed, Some(true));
    // Small arms were not covered then: that is settled, not left to whoever reads it.
    assert_eq!(found.decision.verdict, Some(Verdict::NotCovered), "{proof}");
    assert_eq!(found.activity.raw().get("item"), Some(&Raw::from("small_arms")), "{proof}");
}

/// What the verdict waits for is answered: a quota that is used up, a fact that nobody presumed.
#[test]
fn what_refutes_is_settled_by_answers() {
    let policy = r#"
        use std
        regime house "House" { authority desk "Desk" }
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Oil" {
                prohibit supply when item under refined_petroleum and destination is KP
                except small when purpose is livelihood within 500_000 bbl of quantity per calendar year
            }
        }
        property "oil is allowed" {
            when action is supply and item under refined_petroleum and destination is KP and date >= 2020-01-01
            always at most allowed
        }
    "#;
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let proof = &rules.prove_properties()[0];
    let found = proof.counterexample().unwrap_or_else(|| panic!("{proof}"));
    assert_eq!((found.decision.verdict, found.confirmed), (Some(Verdict::Prohibited), Some(true)), "{proof}");
}

#[test]
fn the_pack_keeps_the_ready_made_laws() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    for law in Law::ALL {
        let run = rules.hold_to(law, 30, 7);
        assert!(run.keeps(), "{run}");
        assert_eq!(run.tested, 30, "{run}");
    }
}

#[test]
fn a_policy_that_favours_the_listed_breaks_the_law() {
    let policy = r#"
        use std
        list black "Black" { freeze }
        regime house "House" { authority desk "Desk" }
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Cars" { prohibit supply when destination is KP
                except known when some party { listed in black } }
        }
    "#;
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let run = rules.hold_to(Law::ListingNeverHelps, 2_000, 7);
    let broken = run.broken.as_ref().unwrap_or_else(|| panic!("{run}"));
    assert_eq!(broken.decisions.each_ref().map(|decision| decision.verdict_name()), ["prohibited", "allowed"], "{run}");
    is_small_and_can_be_pasted(policy, &run);
}

/// Both activities are scenarios of the policy that pass, of a plausible day, and state hardly anything that need not be.
fn is_small_and_can_be_pasted(policy: &str, run: &LawRun) {
    let broken = run.broken.as_ref().unwrap_or_else(|| panic!("{run}"));
    assert_eq!(broken.confirmed, Some(true), "{run}");
    let pasted = format!("{policy}{}{}", broken.scenarios[0], broken.scenarios[1]);
    let again = Ruleset::compile("house", pasted.as_str()).unwrap_or_else(|error| panic!("{error}\n{pasted}"));
    let runs: Vec<_> = again.run_scenarios().into_iter().collect();
    assert_eq!(runs.len(), 2);
    assert!(runs.iter().all(crate::scenarios::ScenarioRun::passes), "{run}");
    for activity in [&broken.before, &broken.after] {
        let Some(Raw::Text(day)) = activity.raw().get("date") else { panic!("{run}") };
        assert!(day.starts_with("20"), "{run}");
        assert!(activity.raw().size() <= 20, "{}: {run}", activity.raw().size());
    }
}

#[test]
fn a_policy_that_favours_detours_breaks_the_law() {
    let policy = r#"
        use std
        regime house "House" { authority desk "Desk" }
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Cars" { prohibit supply when destination is KP and via is empty }
        }
    "#;
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let run = rules.hold_to(Law::DetourNeverHelps, 2_000, 7);
    let broken = run.broken.as_ref().unwrap_or_else(|| panic!("{run}"));
    assert_eq!(broken.decisions.each_ref().map(|decision| decision.verdict_name()), ["prohibited", "not_covered"]);
    is_small_and_can_be_pasted(policy, &run);
}

#[test]
fn a_deadline_that_passed_refutes_what_no_act_excludes() {
    let policy = r#"
        use std
        regime house "House" { authority desk "Desk" }
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Arms" {
                prohibit supply when item under arms
                except told with notice to desk at least 5 days before
            }
        }
        property "a notice is enough" {
            when action under supply and item under arms and date >= 2020-01-01 and no act
            always at most requires_notification
        }
        property "nothing is beyond the scale" { always at most prohibited }
    "#;
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let [late, scale] = &rules.prove_properties()[..] else { panic!() };
    let found = late.counterexample().unwrap_or_else(|| panic!("{late}"));
    assert!(found.activity.raw().get("asked_on").is_some(), "{late}");
    assert_eq!(found.decision.verdict_name(), "prohibited");
    assert!(scale.is_proved(), "{scale}");
}
