//! Taking a norm or an exit away, and running the scenarios that it could concern.

use std::collections::BTreeSet;

use crate::check::program::{Cond, ExitId, Expect, NormId, Period, Program};
use crate::facts::question::Question;
use crate::ruleset::Ruleset;
use crate::source::Span;
use crate::value::{Date, Raw, Verdict};

use super::differ::differences;
use super::{BoundaryCovered, Coverage, Covered};

/// A scenario that passes.
#[derive(Debug, Clone)]
pub(super) struct Passing {
    pub title: String,
    pub facts: Raw,
    pub expects: Vec<Expect>,
    pub question: Question,
    /// The norms that reach its activity in some world.
    pub norms: BTreeSet<NormId>,
}

impl Passing {
    /// The stated date.
    pub fn date(&self) -> Option<Date> {
        match self.facts.get("date")? {
            Raw::Text(text) => Date::parse(text),
            _ => None,
        }
    }
}

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Removed {
    Norm(NormId),
    Exit(ExitId),
}

impl Removed {
    /// Everything that can be: norms, then exits.
    pub fn all(program: &Program) -> impl Iterator<Item = Removed> {
        let norms = NormId::all(program.norms.len()).map(Removed::Norm);
        norms.chain((0..program.exits.len()).map(|at| Removed::Exit(ExitId(at as u32))))
    }

    fn from(self, program: &mut Program) {
        match self {
            Removed::Norm(id) => program.norms[id.at()].when = Cond::No,
            Removed::Exit(id) => program.norms.iter_mut().for_each(|norm| norm.exits.retain(|exit| *exit != id)),
        }
    }

    /// The norms on whose answers it bears.
    pub fn norms(self, program: &Program) -> Vec<NormId> {
        match self {
            Removed::Norm(id) => vec![id],
            Removed::Exit(id) => {
                let has = |norm: &NormId| program.norms[norm.at()].exits.contains(&id);
                NormId::all(program.norms.len()).filter(has).collect()
            }
        }
    }

    /// The first day, and the first day after the last. Those that an exception has from its norm are the norm's.
    pub fn days(self, program: &Program) -> Vec<Date> {
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

    pub fn named(self, program: &Program) -> (&str, Span) {
        match self {
            Removed::Norm(id) => (&program.norms[id.at()].name, program.norms[id.at()].span),
            Removed::Exit(id) => (&program.exits[id.at()].name, program.exits[id.at()].span),
        }
    }
}

/// A policy without something.
pub(super) struct Without {
    /// The norms on whose answers it bears.
    norms: BTreeSet<NormId>,
    rules: Ruleset,
}

impl Without {
    pub fn new(rules: &Ruleset, removed: Removed) -> Without {
        let norms = removed.norms(rules.program()).into_iter().collect();
        Without::of(norms, rules.changed(|program| removed.from(program)))
    }

    pub fn of(norms: BTreeSet<NormId>, rules: Ruleset) -> Without {
        Without { norms, rules }
    }

    /// Whether a scenario fails without it.
    pub fn fails(&self, it: &Passing) -> bool {
        !self.norms.is_disjoint(&it.norms)
            && !self.rules.failures(&it.expects, &self.rules.decide_briefly(&it.question).1).is_empty()
    }

    /// The verdict without it.
    pub fn verdict(&self, it: &Passing) -> Option<Verdict> {
        self.rules.answer(&it.question).possible.settled()
    }
}

/// The scenarios that show a norm or an exit, by their numbers.
#[derive(Debug, Clone)]
pub(super) struct Showing {
    pub acts: Option<usize>,
    /// One that acts, and one that differs from it in one fact and does without.
    pub held_back: Option<(usize, usize)>,
    /// One that acts, and the same on the day before or after.
    pub days: Vec<(Date, Option<(usize, usize)>)>,
}

impl Showing {
    /// `acting` says of each scenario whether it fails without the norm or exit, which has these days.
    pub fn new(shown: &[Passing], acting: &[bool], days: Vec<Date>) -> Showing {
        let of = |wanted: bool| (0..shown.len()).filter(move |at| acting[*at] == wanted);
        let close = |a: usize, b: usize| {
            let differ = differences(&shown[a].facts, &shown[b].facts);
            (differ.len() == 1).then(|| differ.into_iter().next()).flatten()
        };
        let held_back = of(false).find_map(|idle| Some((of(true).find(|acts| close(*acts, idle).is_some())?, idle)));
        let of_day = |day: Date| {
            of(true).find_map(|acts| {
                let other = of(false).find(|idle| {
                    let days = [shown[acts].date(), shown[*idle].date()];
                    let (first, second) = (days[0].min(days[1]), days[0].max(days[1]));
                    second == Some(day)
                        && first == Some(day.previous())
                        && close(acts, *idle).is_some_and(|fact| fact == "date")
                })?;
                Some((acts, other))
            })
        };
        let days = days.into_iter().map(|day| (day, of_day(day))).collect();
        // The one that the pair is about, if there is a pair.
        let acts = held_back.map(|(acts, _)| acts).or_else(|| of(true).next());
        Showing { acts, held_back, days }
    }

    /// Acting, held back, and on both sides of every boundary day.
    pub fn is_complete(&self) -> bool {
        self.held_back.is_some() && self.days.iter().all(|(_, shown)| shown.is_some())
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
        let passing = self.passing();
        let branches = self.branches(&passing);
        let mut coverage = Coverage { norms: Vec::new(), exits: Vec::new(), boundaries: Vec::new(), branches };
        for removed in Removed::all(program) {
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

    /// The scenarios of the given texts that pass.
    pub(super) fn passing(&self) -> Vec<Passing> {
        let passing = self.scenarios_given().filter_map(|scenario| {
            let question = self.question_of(scenario);
            let (answer, decision) = self.decide_briefly(&question);
            let norms = answer.lines.iter().flat_map(|line| &line.norms).map(|norm| norm.id).collect();
            self.failures(&scenario.expects, &decision).is_empty().then(|| Passing {
                title: scenario.title.clone(),
                facts: scenario.facts.clone(),
                expects: scenario.expects.clone(),
                question,
                norms,
            })
        });
        passing.collect()
    }

    fn covered(&self, removed: Removed, passing: &[Passing], boundaries: &mut Vec<BoundaryCovered>) -> Covered {
        let program = self.program();
        let without = Without::new(self, removed);
        let acting: Vec<bool> = passing.iter().map(|it| without.fails(it)).collect();
        let showing = Showing::new(passing, &acting, removed.days(program));
        let title = |at: usize| passing[at].title.clone();
        let (name, span) = removed.named(program);
        let place = self.place_of(span);
        for (day, shown) in showing.days {
            let shown = shown.map(|(acts, other)| (title(acts), title(other)));
            boundaries.push(BoundaryCovered { id: name.to_owned(), place: place.clone(), day, shown });
        }
        Covered {
            id: name.to_owned(),
            place,
            acts: showing.acts.map(title),
            held_back: showing.held_back.map(|(_, idle)| title(idle)),
        }
    }
}
