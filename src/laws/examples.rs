//! The worked examples, and the scenarios of the shipped pack, on every engine.

use proptest::test_runner::TestCaseResult;

use crate::evaluate::find::Engine;
use crate::facts::Activity;
use crate::reference::examples::{Example, examples};
use crate::ruleset::Ruleset;
use crate::value::Raw;

use super::{agree, ask, deciding};

const BUDGET: usize = 200_000;

#[test]
fn worked_examples_on_index_and_diagram() {
    let share = agree::Share::default();
    let wrong: Vec<String> = examples().iter().filter_map(|example| check(example, &share).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    share.require(100);
}

fn check(example: &Example, share: &agree::Share) -> Result<(), String> {
    let told = |error| format!("example {}: {error}", example.number);
    let index = Ruleset::compile("example", example.policy.clone()).map_err(|e| told(e.to_string()))?;
    let (index, diagram) = (index.with_engine(Engine::Index), index.with_engine(Engine::Diagram));
    if diagram.size().diagram_nodes.is_none() {
        return Err(told("the policy has no diagram".to_owned()));
    }
    let activity = Activity::from_raw(example.facts.clone()).map_err(|e| told(e.to_string()))?;
    for turned in [false, true] {
        let activity = if turned { turn_complete(&activity) } else { activity.clone() };
        agree::agree(&index, &diagram, &activity, BUDGET, share, "").map_err(|e| told(e.to_string()))?;
    }
    for rules in [&index, &diagram] {
        by_hand(example, rules, &activity).map_err(|e| told(e.to_string()))?;
    }
    Ok(())
}

/// The answer is the one that was worked out by hand.
fn by_hand(example: &Example, rules: &Ruleset, activity: &Activity) -> TestCaseResult {
    let (question, answer) = ask(rules, activity)?;
    let program = rules.program();
    let possible: Vec<_> = answer.possible.verdicts.iter().copied().collect();
    let mut expected = example.possible.clone();
    expected.sort_unstable();
    proptest::prop_assert_eq!(possible, expected);
    let is = |name: &str, wanted: &str| {
        name == wanted || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
    };
    let missing: Vec<String> = answer.missing.iter().map(|path| path.name(program, &question)).collect();
    proptest::prop_assert!(
        missing.iter().all(|name| example.missing.iter().any(|wanted| is(name, wanted)))
            && example.missing.iter().all(|wanted| missing.iter().any(|name| is(name, wanted))),
        "missing {missing:?}, expected {:?}",
        example.missing
    );
    let mut decides: Vec<&str> = deciding(&answer).iter().map(|id| program.norms[id.at()].name.as_str()).collect();
    decides.sort_unstable();
    let mut expected = example.deciding.clone();
    expected.sort_unstable();
    proptest::prop_assert_eq!(decides, expected);
    Ok(())
}

fn turn_complete(activity: &Activity) -> Activity {
    let Raw::Map(entries) = activity.raw() else { return activity.clone() };
    let is_complete = entries.iter().any(|(name, value)| name == "complete" && *value == Raw::Bool(true));
    let mut entries: Vec<(String, Raw)> = entries.iter().filter(|(name, _)| name != "complete").cloned().collect();
    entries.push(("complete".to_owned(), Raw::Bool(!is_complete)));
    Activity::from_raw(Raw::Map(entries)).expect("it was an activity")
}

#[test]
fn scenarios_of_the_pack_on_every_engine() {
    let index = Ruleset::builder().pack("un_dprk").engine(Engine::Index).compile().expect("the pack compiles");
    let diagram = index.with_engine(Engine::Diagram);
    let share = agree::Share::default();
    for scenario in &index.program().scenarios {
        let activity = Activity::from_raw(scenario.facts.clone()).expect("scenarios state activities");
        if let Err(error) = agree::agree(&index, &diagram, &activity, 20_000, &share, "") {
            panic!("{}: {error}", scenario.title);
        }
    }
    share.require(95);
}
