//! Scenarios that are made pass when they are pasted, and show what they say and nothing that was not found.

use std::cell::Cell;

use proptest::prelude::*;

use crate::ruleset::Ruleset;

use super::{law, policies};

#[test]
fn what_is_missing_is_shown_once_it_is_pasted() {
    let counts = [const { Cell::new(0) }; 2];
    law(30, policies::policy(), |policy| {
        let rules = policy.compile();
        let missing = rules.missing_scenarios();
        let mut files = policy.files();
        files.push(missing.text());
        let pasted: Ruleset = policies::compile(&files);
        for run in pasted.run_scenarios() {
            prop_assert!(run.passes(), "{}: {:?}\n{}\n{}", run.title, run.failures, missing, policy.text());
        }
        let mut left = pasted.coverage().not_shown();
        let mut not_found = missing.not_found.clone();
        left.sort();
        not_found.sort();
        prop_assert_eq!(&left, &not_found, "{}\n{}", missing, policy.text());
        counts[0].set(counts[0].get() + rules.coverage().not_shown().len() - left.len());
        counts[1].set(counts[1].get() + left.len());
        Ok(())
    });
    let [shown, not_found] = counts.map(|count| count.get());
    println!("shown, not found: {shown}, {not_found}");
    // Much of a random policy can be shown by nothing.
    assert!(shown > not_found, "hardly anything is found: {shown} and not {not_found}");
}
