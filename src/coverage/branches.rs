//! The branches of a policy: every alternative of an `or`, where it is written, in the `when` of a norm or an exit or in a definition;
//! and of a definition that later paragraphs widen, every part.
//!
//! Like a norm, a branch is taken away: a scenario that passes with it and fails without it takes it.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, Cond, DefinitionId, ExitId, Fact, NormId, Program, RecordId, Type};
use crate::ruleset::Ruleset;
use crate::source::Span;

use super::BranchCovered;
use super::mutants::{Passing, Removed, Without};

/// One alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    holder: Holder,
    /// The way to it through the parts of the condition; empty when it is the whole part of a definition.
    path: Vec<usize>,
    /// What it is asked of.
    of: RecordId,
}

/// What has the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Norm(NormId),
    Exit(ExitId),
    /// One part of a definition.
    Definition(DefinitionId, usize),
}

impl Branch {
    /// All branches: of norms, of exits, of definitions.
    pub fn all(program: &Program) -> Vec<Branch> {
        let mut walk = Walk { program, path: Vec::new(), found: Vec::new() };
        for id in NormId::all(program.norms.len()) {
            walk.look_into(Holder::Norm(id), ACTIVITY, &program.norms[id.at()].when);
        }
        for (at, exit) in program.exits.iter().enumerate() {
            walk.look_into(Holder::Exit(ExitId(at as u32)), ACTIVITY, &exit.when);
        }
        for (at, definition) in program.definitions.iter().enumerate() {
            let of = definition.of.unwrap_or(ACTIVITY);
            for (part, it) in definition.parts.iter().enumerate() {
                let holder = Holder::Definition(DefinitionId(at as u32), part);
                if definition.parts.len() > 1 {
                    walk.found.push(Branch { holder, path: Vec::new(), of });
                }
                walk.look_into(holder, of, &it.when);
            }
        }
        walk.found
    }

    /// The norm, exit or definition, and where it stands.
    pub fn named<'p>(&self, program: &'p Program) -> (&'p str, Span) {
        match self.holder {
            Holder::Norm(id) => Removed::Norm(id).named(program),
            Holder::Exit(id) => Removed::Exit(id).named(program),
            Holder::Definition(id, part) => {
                let definition = &program.definitions[id.at()];
                (&definition.name, definition.parts[part].span)
            }
        }
    }

    /// What it asks, in words; or which of the alternatives it is.
    pub fn asks(&self, program: &Program) -> String {
        let condition = self.path.iter().fold(self.condition(program), |cond, at| &cond.parts()[*at]);
        crate::doc::in_words(program, self.of, condition).unwrap_or_else(|| match self.path.last() {
            Some(at) => format!("alternative {}", at + 1),
            None => "what widens it".to_owned(),
        })
    }

    fn condition<'p>(&self, program: &'p Program) -> &'p Cond {
        match self.holder {
            Holder::Norm(id) => &program.norms[id.at()].when,
            Holder::Exit(id) => &program.exits[id.at()].when,
            Holder::Definition(id, part) => &program.definitions[id.at()].parts[part].when,
        }
    }

    fn condition_mut<'p>(&self, program: &'p mut Program) -> &'p mut Cond {
        match self.holder {
            Holder::Norm(id) => &mut program.norms[id.at()].when,
            Holder::Exit(id) => &mut program.exits[id.at()].when,
            Holder::Definition(id, part) => &mut program.definitions[id.at()].parts[part].when,
        }
    }

    /// The policy without it.
    pub fn without(&self, rules: &Ruleset) -> Without {
        let norms = self.uses(rules.program()).into_iter().flat_map(|it| it.norms(rules.program())).collect();
        let changed = rules.changed(|program| *at(self.condition_mut(program), &self.path) = Cond::No);
        Without::of(norms, changed)
    }

    /// The policy in which what is asked holds by this alternative only, and where none of the others does: what it shows there, it
    /// shows for sure.
    pub fn alone(&self, rules: &Ruleset) -> Ruleset {
        rules.changed(|program| {
            if let Holder::Definition(id, this) = self.holder {
                let parts = program.definitions[id.at()].parts.iter_mut().enumerate();
                parts.filter(|(other, _)| *other != this).for_each(|(_, part)| part.when = Cond::No);
            }
            // Alternatives within alternatives, the innermost first.
            for depth in (0..self.path.len()).rev() {
                let whole = at(self.condition_mut(program), &self.path[..depth]);
                if let Cond::Any(parts) = whole {
                    let mut others = std::mem::take(parts);
                    let this = others.remove(self.path[depth]);
                    *whole = Cond::All(vec![this, Cond::Not(Box::new(Cond::Any(others)))]);
                }
            }
        })
    }

    /// The norms and exits that ask it.
    pub fn uses(&self, program: &Program) -> Vec<Removed> {
        match self.holder {
            Holder::Norm(id) => vec![Removed::Norm(id)],
            Holder::Exit(id) => vec![Removed::Exit(id)],
            Holder::Definition(id, _) => {
                let naming = naming(program, id);
                let uses = |it: &Removed| match it {
                    Removed::Norm(id) => names(&program.norms[id.at()].when, &naming),
                    Removed::Exit(id) => names(&program.exits[id.at()].when, &naming),
                };
                Removed::all(program).filter(uses).collect()
            }
        }
    }
}

impl Ruleset {
    pub(super) fn branches(&self, passing: &[Passing]) -> Vec<BranchCovered> {
        let program = self.program();
        let given = Branch::all(program).into_iter().filter(|it| self.is_given(it.named(program).1.source()));
        let covered = |branch: Branch| {
            let (id, span) = branch.named(program);
            let without = branch.without(self);
            let taken = passing.iter().find(|it| without.fails(it)).map(|it| it.title.clone());
            BranchCovered { id: id.to_owned(), place: self.place_of(span), asks: branch.asks(program), taken }
        };
        given.map(covered).collect()
    }
}

struct Walk<'a> {
    program: &'a Program,
    path: Vec<usize>,
    found: Vec<Branch>,
}

impl Walk<'_> {
    fn look_into(&mut self, holder: Holder, of: RecordId, cond: &Cond) {
        let of = match cond {
            Cond::Count { list, .. } => {
                let (record, field) = match list {
                    Fact::Activity(field) => (ACTIVITY, field),
                    Fact::Own(field) => (of, field),
                };
                let field = &self.program.schema.records[record.at()].fields[field.at()];
                match field.ty {
                    // What `found` asks of the days of a finding nobody has written.
                    Type::Record(inner) if field.name != "findings" => inner,
                    _ => return,
                }
            }
            _ => of,
        };
        let is_written = matches!(cond, Cond::Any(parts) if !self.is_of_duties(parts));
        for (at, part) in cond.parts().iter().enumerate() {
            self.path.push(at);
            if is_written {
                self.found.push(Branch { holder, path: self.path.clone(), of });
            }
            self.look_into(holder, of, part);
            self.path.pop();
        }
    }

    /// That a duty which acts bring about does not forbid them: the compiler has added it.
    fn is_of_duties(&self, parts: &[Cond]) -> bool {
        let core = self.program.schema.core;
        match parts {
            [Cond::Test { fact: Fact::Activity(action), .. }, Cond::Not(omitted)] => {
                let asks = |cond: &Cond| matches!(cond, Cond::Test { fact: Fact::Activity(of), .. } if Some(*of) == core.omission);
                *action == core.action && asks(omitted)
            }
            _ => false,
        }
    }
}

fn at<'c>(cond: &'c mut Cond, path: &[usize]) -> &'c mut Cond {
    let Some((first, rest)) = path.split_first() else { return cond };
    match cond {
        Cond::All(parts) | Cond::Any(parts) => at(&mut parts[*first], rest),
        Cond::Not(inner) | Cond::Count { body: inner, .. } => at(inner, rest),
        _ => unreachable!("the path was walked on the same condition"),
    }
}

/// The definition, and those that name it, directly or not.
fn naming(program: &Program, id: DefinitionId) -> BTreeSet<DefinitionId> {
    let mut all = BTreeSet::from([id]);
    loop {
        let more = (0..program.definitions.len()).map(|at| DefinitionId(at as u32)).filter(|of| {
            !all.contains(of) && program.definitions[of.at()].parts.iter().any(|part| names(&part.when, &all))
        });
        let more: Vec<DefinitionId> = more.collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

fn names(cond: &Cond, any: &BTreeSet<DefinitionId>) -> bool {
    matches!(cond, Cond::Defined(id) if any.contains(id)) || cond.parts().iter().any(|part| names(part, any))
}
