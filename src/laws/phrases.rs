//! A condition that is written in the language again, and read again, is the same condition.

use proptest::prelude::*;

use crate::check::program::Cond;
use crate::phrase::Phrases;
use crate::ruleset::Ruleset;

use super::{law, policies};

#[test]
fn what_is_written_again_says_the_same() {
    let read = std::cell::Cell::new(0);
    law(60, policies::policy(), |policy: policies::Policy| {
        let rules = policy.compile();
        let program = rules.program();
        let conditions = program.norms.iter().map(|norm| &norm.when).chain(program.exits.iter().map(|exit| &exit.when));
        for cond in conditions {
            let text = Phrases { program }.condition(cond);
            // A finding is under the paragraph of whoever asks for it.
            if text.contains("found ") {
                continue;
            }
            let again = reading(&policy, &text);
            prop_assert_eq!(&simple(&again), &simple(cond), "{}\n{}", text, policy.text());
            read.set(read.get() + 1);
        }
        Ok(())
    });
    assert!(read.get() > 60, "only {} were read again", read.get());
}

/// What a text says, in a policy with the same words.
fn reading(policy: &policies::Policy, text: &str) -> Cond {
    let more = format!(
        "instrument Z \"Again\" of r adopted 2012-01-01 {{ paragraph 1 \"Again\" {{ define again when {text} }} }}"
    );
    let mut files = policy.files();
    files.push(more);
    let rules: Ruleset = policies::compile(&files);
    let program = rules.program();
    let again = program.definitions.iter().find(|definition| definition.name == "again").expect("it was just defined");
    again.parts[0].when.clone()
}

/// Brackets that change nothing left out.
fn simple(cond: &Cond) -> Cond {
    match cond {
        Cond::All(parts) if parts.len() == 1 => simple(&parts[0]),
        Cond::Any(parts) if parts.len() == 1 => simple(&parts[0]),
        Cond::All(parts) => Cond::All(parts.iter().map(simple).collect()),
        Cond::Any(parts) => Cond::Any(parts.iter().map(simple).collect()),
        Cond::Not(inner) => match simple(inner) {
            Cond::Not(inner) => *inner,
            inner => Cond::Not(Box::new(inner)),
        },
        Cond::Count { list, role, at_least, body } => {
            Cond::Count { list: *list, role: role.clone(), at_least: *at_least, body: Box::new(simple(body)) }
        }
        other => other.clone(),
    }
}
