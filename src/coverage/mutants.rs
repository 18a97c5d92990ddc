//! Taking a norm or an exit away, and running the scenarios that it could concern.

use std::collections::BTreeSet;

use crate::check::program::{Cond, ExitId, NormId, Period, Program, Scenario};
use crate::facts::question::Question;
use crate::ruleset::Ruleset;
use crate::source::Span;
use crate::value::{Date, Raw};

use super::differ::differences;
use super::{BoundaryCovered, Coverage, Covered};

/// A scenario that passes.
struct Passing<'a> {
    scenario: &'a Scenario,
    question: Question,
    /// The norms that reach its activity in some world.
    norms: BTreeSet<NormId>,
}

/// What is taken away.
#[derive(Clone, Copy)]
enum Removed {
    Norm(NormId),
    Exit(ExitId),
}

impl Removed {
    fn from(self, program: &mut Program) {
        match self {
            Removed::Norm(id) => program.norms[id.at()].when = Cond::No,
            Removed::Exit(id) => program.norms.iter_mut().for_each(|norm| norm.exits.retain(|exit| *exit != id)),
        }
    }

    fn concerns(self, program: &Program, norms: &BTreeSet<NormId>) -> bool {
        match self {
            Removed::Norm(id) => norms.contains(&id),
            Removed::Exit(id) => norms.iter().any(|norm| program.norms[norm.at()].exits.contains(&id)),
        }
    }

    /// The first day, and the first day after the last. Those that an exception has from its norm are the norm's.
    fn days(self, program: &Program) -> Vec<Date> {
        let of = |period: Period| [Some(period.from), period.through.map(Date::next)];
        let (own, norms) = match self {
            Removed::Norm(id) => (program.norms[id.at()].period, None),
            Removed::Exit(id) => {
                let exit = &program.exits[id.at()];
                (exit.period, exit.of.map(|norm| program.norms[norm.at()].period))
            }
        };
        let norms = norms.map_or([None, None], of);
        of(own).into_iter().flatten().filter(|day| !norms.contains(&Some(*day))).collect()
    }

    fn named(self, program: &Program) -> (&str, Span) {
        match self {
            Removed::Norm(id) => (&program.norms[id.at()].name, program.norms[id.at()].span),
            Removed::Exit(id) => (&program.exits[id.at()].name, program.exits[id.at()].span),
        }
    }
}

impl Ruleset {
    /// How far the scenarios of the given texts cover their norms and exits: see [`Coverage`].
    ///
    /// Every norm and exit is taken away in turn, so this takes seconds on a policy with hundreds of them.
    ///
    /// # Examples
    ///
    /// ```
    /// let rules = interdict::Ruleset::compile("mine.interdict", r#"
    ///     use std
    ///     regime mine { authority office }
    ///     instrument M "Our own rules" of mine adopted 2020-01-01 {
    ///         paragraph 1 "Wigs" { prohibit import when item under wigs }
    ///     }
    ///     scenario "wigs" {
    ///         complete   date 2020-01-01   actor_state CN   action import   item wigs
    ///         expect prohibited by M/1
    ///         but "the day before" { date 2019-12-31   expect not_covered }
    ///     }
    /// "#)?;
    /// assert!(rules.coverage().is_complete());
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn coverage(&self) -> Coverage {
        let program = self.program();
        let passing: Vec<Passing<'_>> = self
            .scenarios_given()
            .filter_map(|scenario| {
                let question = self.question_of(scenario);
                let (answer, decision) = self.decide_briefly(&question);
                let norms = answer.lines.iter().flat_map(|line| &line.norms).map(|norm| norm.id).collect();
                let passes = self.failures(scenario, &decision).is_empty();
                passes.then_some(Passing { scenario, question, norms })
            })
            .collect();
        let mut coverage = Coverage { norms: Vec::new(), exits: Vec::new(), boundaries: Vec::new() };
        let norms = NormId::all(program.norms.len()).map(Removed::Norm);
        let exits = (0..program.exits.len()).map(|at| Removed::Exit(ExitId(at as u32)));
        for removed in norms.chain(exits) {
            let (_, span) = removed.named(program);
            if !self.is_given(span.source()) {
                continue;
            }
            let covered = self.covered(removed, &passing, &mut coverage.boundaries);
            match removed {
                Removed::Norm(_) => coverage.norms.push(covered),
                Removed::Exit(_) => coverage.exits.push(covered),
            }
        }
        coverage
    }

    fn covered(&self, removed: Removed, passing: &[Passing<'_>], boundaries: &mut Vec<BoundaryCovered>) -> Covered {
        let program = self.program();
        let without = self.changed(|program| removed.from(program));
        let needs_it = |it: &Passing<'_>| {
            removed.concerns(program, &it.norms)
                && !without.failures(it.scenario, &without.decide_briefly(&it.question).1).is_empty()
        };
        let (acting, idle): (Vec<&Passing<'_>>, Vec<&Passing<'_>>) = passing.iter().partition(|it| needs_it(it));
        let close = |a: &Passing<'_>, b: &Passing<'_>| {
            let differ = differences(&a.scenario.facts, &b.scenario.facts);
            (differ.len() == 1).then(|| differ.into_iter().next()).flatten()
        };
        let title = |it: &Passing<'_>| it.scenario.title.clone();
        let held_back = idle.iter().find(|idle| acting.iter().any(|acting| close(acting, idle).is_some()));
        let (name, span) = removed.named(program);
        let place = self.place_of(span);
        for day in removed.days(program) {
            let shown = acting.iter().find_map(|acts| {
                let other = idle.iter().find(|idle| {
                    let days = [date(acts.scenario), date(idle.scenario)];
                    let (first, second) = (days[0].min(days[1]), days[0].max(days[1]));
                    second == Some(day)
                        && first == Some(day.previous())
                        && close(acts, idle).is_some_and(|fact| fact == "date")
                })?;
                Some((title(acts), title(other)))
            });
            boundaries.push(BoundaryCovered { id: name.to_owned(), place: place.clone(), day, shown });
        }
        Covered {
            id: name.to_owned(),
            place,
            // The one that the pair is about, if there is a pair.
            acts: held_back
                .and_then(|idle| acting.iter().find(|acting| close(acting, idle).is_some()))
                .or(acting.first())
                .map(|it| title(it)),
            held_back: held_back.map(|it| title(it)),
        }
    }
}

/// The stated date.
fn date(scenario: &Scenario) -> Option<Date> {
    let Raw::Map(facts) = &scenario.facts else { return None };
    let (_, stated) = facts.iter().find(|(name, _)| name == "date")?;
    match stated {
        Raw::Text(text) => Date::parse(text),
        _ => None,
    }
}
