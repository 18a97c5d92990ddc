//! What lint says is never so is never so, and what it says changes nothing changes nothing.

use std::cell::Cell;

use proptest::prelude::*;

use crate::check::program::{Cond, ExitId, NormId, Program};
use crate::diagram::standing::Standing;
use crate::ruleset::Ruleset;

use super::{activity, ask, cases, law, shown};

/// A finding that is proved and not shown.
enum Proved {
    NeverApplies(NormId),
    /// Of the norms of these names.
    NeverLifts(ExitId, Vec<String>),
    /// The policy without it decides alike.
    NoUse(Box<Ruleset>, String),
}

#[test]
fn what_lint_proves_holds_of_every_question() {
    let found = [const { Cell::new(0) }; 4];
    law(400, cases(12), |(policy, drafts)| {
        let rules = policy.compile();
        let proved = proved(&rules, &found);
        if proved.is_empty() {
            return Ok(());
        }
        for draft in &drafts {
            let activity = activity(draft, &rules);
            let (_, answer) = ask(&rules, &activity)?;
            if !answer.exact {
                continue;
            }
            let shown = || shown(&policy.text(), &activity);
            let norms: Vec<_> = answer.lines.iter().flat_map(|line| &line.norms).collect();
            for finding in &proved {
                match finding {
                    Proved::NeverApplies(id) => {
                        prop_assert!(norms.iter().all(|norm| norm.id != *id), "{id:?} applies: {}", shown());
                    }
                    Proved::NeverLifts(exit, of) => {
                        let lifts = |standing: &Standing| matches!(standing, Standing::Lifted(by) | Standing::Spared(by) if by == exit);
                        let lifted = norms.iter().any(|norm| {
                            of.contains(&rules.program().norms[norm.id.at()].name) && norm.standings.iter().any(lifts)
                        });
                        prop_assert!(!lifted, "{exit:?} lifts: {}", shown());
                    }
                    Proved::NoUse(without, what) => {
                        let (_, other) = ask(without, &activity)?;
                        if other.exact {
                            prop_assert_eq!(&answer.possible, &other.possible, "without {}: {}", what, shown());
                        }
                    }
                }
            }
        }
        Ok(())
    });
    let found = found.map(|count| count.get());
    println!("never applies, never lifts, shadowed, empty demand: {found:?}");
    assert!(found.iter().all(|count| *count >= 3), "hardly anything was found: {found:?}");
}

fn proved(rules: &Ruleset, found: &[Cell<u32>; 4]) -> Vec<Proved> {
    let program = rules.program();
    let mut all = Vec::new();
    for finding in rules.lint().findings.iter() {
        let names: Vec<&str> = finding.message.split('`').skip(1).step_by(2).collect();
        let (at, it) = match finding.code.id() {
            "never-applies" => (0, Proved::NeverApplies(norm(program, names[0]))),
            "never-lifts" => {
                let of = program.norms.iter().filter(|norm| {
                    let is =
                        |name: &&str| norm.name == **name || program.paragraphs[norm.paragraph.at()].name == **name;
                    names[1..].iter().any(is) || names[1..].iter().any(|name| !name.contains('/'))
                });
                (1, Proved::NeverLifts(exit(program, names[0]), of.map(|norm| norm.name.clone()).collect()))
            }
            "shadowed" => {
                let id = norm(program, names[0]);
                let without = rules.changed(|program| program.norms[id.at()].when = Cond::No);
                (2, Proved::NoUse(Box::new(without), names[0].to_owned()))
            }
            "empty-demand" => {
                let id = exit(program, names[0]);
                let without = rules
                    .changed(|program| program.norms.iter_mut().for_each(|norm| norm.exits.retain(|exit| *exit != id)));
                (3, Proved::NoUse(Box::new(without), names[0].to_owned()))
            }
            _ => continue,
        };
        found[at].set(found[at].get() + 1);
        all.push(it);
    }
    all
}

fn norm(program: &Program, name: &str) -> NormId {
    NormId(program.norms.iter().position(|norm| norm.name == name).expect("a finding names its norm") as u32)
}

fn exit(program: &Program, name: &str) -> ExitId {
    ExitId(program.exits.iter().position(|exit| exit.name == name).expect("a finding names its exit") as u32)
}
