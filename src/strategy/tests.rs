use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::value::Verdict;

fn some(strategy: &Activities, count: usize) -> Vec<Activity> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered").current()).collect()
}

#[test]
fn activities_of_the_pack_bind_and_reach_every_verdict() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    let mut seen = BTreeSet::new();
    let mut settled = 0;
    let all = some(&activities(&rules), 300);
    for activity in &all {
        let question = rules.bind(activity.raw()).unwrap();
        let possible = rules.answer(&question).possible;
        settled += usize::from(possible.settled().is_some());
        seen.extend(possible.settled());
    }
    assert!(seen.len() >= 4, "{seen:?}, {settled} settled");
    assert!(settled > 30, "{settled} of {} are settled", all.len());
}

#[test]
fn what_is_given_is_stated() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    let given = Activity::new().set("item", "rifle").set("date", "2016-03-01").set("acts", Vec::<Raw>::new());
    for activity in some(&activities(&rules).given(given.clone()).complete(), 100) {
        for name in ["item", "date", "acts"] {
            assert_eq!(activity.raw().get(name), given.raw().get(name));
        }
        assert_eq!(activity.raw().get("complete"), Some(&Raw::Bool(true)));
        rules.bind(activity.raw()).unwrap();
    }
}

#[test]
fn nothing_is_stated_when_nothing_should_be() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    let strategy = activities(&rules).unstated(1.0).unaimed().open().without_acts().without_lines();
    for activity in some(&strategy, 20) {
        for name in ["item", "date", "acts", "lines", "complete", "parties"] {
            assert_eq!(activity.raw().get(name), None);
        }
    }
}

#[test]
fn a_failing_case_shrinks_to_what_matters() {
    let rules = Ruleset::pack("un_dprk").unwrap();
    let strategy = activities(&rules);
    let mut runner = TestRunner::deterministic();
    let fails = |activity: &Activity| {
        let question = rules.bind(activity.raw()).unwrap();
        rules.answer(&question).possible.settled() == Some(Verdict::Prohibited)
    };
    let mut tree = loop {
        let tree = strategy.new_tree(&mut runner).unwrap();
        if fails(&tree.current()) {
            break tree;
        }
    };
    let before = tree.current().raw().size();
    let mut smallest = tree.current();
    let mut steps = 0;
    while steps < 2000 {
        let moved = if fails(&tree.current()) {
            smallest = tree.current();
            tree.simplify()
        } else {
            tree.complicate()
        };
        if !moved {
            break;
        }
        steps += 1;
    }
    let after = smallest.raw().size();
    // The four settings, the goods, and a party with its role and nationality; a destination in place of the party is less.
    assert!(after <= 9 && after <= before, "{before} facts became {after}: {smallest:?}");
}
