//! However an activity comes in, and however often, the decision is the same bytes.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::facts::Activity;
use crate::ruleset::Ruleset;

use super::{activity, cases, law, shown};

#[test]
fn struct_json_and_builder_give_the_same_bytes() {
    law(60, cases(3), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            same_bytes(&rules, &activity(draft, &rules), &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn same_bytes(rules: &Ruleset, activity: &Activity, policy: &str) -> TestCaseResult {
    let shown = || shown(policy, activity);
    let bytes = |decision: crate::Decision| serde_json::to_string(&decision).expect("a decision is JSON");
    let direct = rules.decide(activity);
    prop_assert!(direct.is_ok(), "{}", shown());
    let direct = bytes(direct.expect("just seen"));
    let json = serde_json::to_string(activity).expect("facts are JSON");
    let read: Activity = serde_json::from_str(&json).expect("it was just written");
    prop_assert_eq!(&read, activity);
    let value: serde_json::Value = serde_json::from_str(&json).expect("it was just written");
    prop_assert_eq!(&direct, &bytes(rules.decide(&read).expect("the same facts")), "{}", shown());
    prop_assert_eq!(&direct, &bytes(rules.decide(&value).expect("the same facts")), "{}", shown());
    prop_assert_eq!(&direct, &bytes(rules.decide(activity).expect("the same facts")), "{}", shown());
    Ok(())
}
