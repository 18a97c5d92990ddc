//! The order in which things are written changes nothing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::evaluate::answer::Answer;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::Raw;

use super::policies::compile;
use super::{activity, ask, cases, deciding, law, shown};

#[test]
fn order_of_norms_and_files_does_not_matter() {
    law(100, cases(4), |(policy, drafts)| {
        let forwards = policy.compile();
        let backwards = compile(&policy.files_backwards());
        for draft in &drafts {
            let activity = activity(draft, &forwards);
            let (question, one) = ask(&forwards, &activity)?;
            let (other_question, other) = ask(&backwards, &activity)?;
            prop_assert_eq!(one.exact, other.exact);
            if !one.exact {
                continue;
            }
            prop_assert_eq!(&one.possible, &other.possible, "{}", shown(&policy.text(), &activity));
            let names = |rules: &Ruleset, question, answer: &Answer| -> BTreeSet<String> {
                answer.missing.iter().map(|path| path.name(rules.program(), question)).collect()
            };
            let (mine, others) = (names(&forwards, &question, &one), names(&backwards, &other_question, &other));
            prop_assert_eq!(mine, others, "{}", shown(&policy.text(), &activity));
            prop_assert_eq!(norms(&forwards, &one), norms(&backwards, &other), "{}", shown(&policy.text(), &activity));
        }
        Ok(())
    });
}

fn norms(rules: &Ruleset, answer: &Answer) -> BTreeSet<String> {
    deciding(answer).iter().map(|id| rules.program().norms[id.at()].name.clone()).collect()
}

#[test]
fn order_of_facts_records_acts_and_lines_does_not_matter() {
    law(150, cases(4), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            let forwards = activity(draft, &rules);
            let backwards = Activity::from_raw(reversed(forwards.raw())).expect("it was an activity");
            let (one, other) = (ask(&rules, &forwards)?.1, ask(&rules, &backwards)?.1);
            prop_assert_eq!(one.exact, other.exact);
            if one.exact {
                prop_assert_eq!(&one.possible, &other.possible, "{}", shown(&policy.text(), &forwards));
                prop_assert_eq!(deciding(&one), deciding(&other), "{}", shown(&policy.text(), &forwards));
                prop_assert_eq!(one.missing.len(), other.missing.len(), "{}", shown(&policy.text(), &forwards));
            }
        }
        Ok(())
    });
}

fn reversed(raw: &Raw) -> Raw {
    match raw {
        Raw::List(items) => Raw::List(items.iter().rev().map(reversed).collect()),
        Raw::Map(entries) => {
            Raw::Map(entries.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect())
        }
        other => other.clone(),
    }
}
