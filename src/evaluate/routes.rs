//! Routes: sets of lawful acts each of which makes the whole verdict settled and at most `allowed`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ActKind, ExitId, NormId};
use crate::diagram::standing::Standing;
use crate::facts::question::Question;
use crate::value::Verdict;

use super::answer::Answer;
use super::decide::{Compiled, Granted};

/// A set of exits and what is still required by them.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// The exit for each prohibition.
    pub exits: BTreeMap<NormId, ExitId>,
    /// The requirements that are open today.
    pub needs: BTreeSet<(ExitId, usize)>,
    pub exceptional: bool,
    /// What the decision would be.
    pub then: Answer,
}

/// Most routes that a decision names.
const MOST_ROUTES: usize = 8;
/// Most sets of acts that are tried.
const MOST_TRIED: usize = 32;

impl<'a> Compiled<'a> {
    /// The routes of a question whose answer is known.
    pub fn routes(&self, question: &'a Question, answer: &Answer) -> Vec<Route> {
        if answer.possible.at_most() <= Verdict::Allowed {
            return Vec::new();
        }
        let program = self.ground.program;
        let mut hazards: BTreeSet<NormId> = BTreeSet::new();
        for norm in answer.lines.iter().flat_map(|line| &line.norms) {
            if norm.standings.iter().any(|standing| matches!(standing, Standing::Applies(_))) {
                hazards.insert(norm.id);
            }
        }
        let ways_out = hazards.iter().flat_map(|id| program.norms[id.at()].exits.iter().copied()).collect();
        let opening = self.that_may_open(question, &ways_out);
        let mut choices: Vec<(NormId, Vec<ExitId>)> = Vec::new();
        for id in hazards {
            let exits: Vec<ExitId> =
                program.norms[id.at()].exits.iter().copied().filter(|exit| opening.contains(exit)).collect();
            if exits.is_empty() {
                return Vec::new();
            }
            choices.push((id, exits));
        }
        // What all acts together cannot lift, no set of them lifts.
        let everything = self.all_acts(&opening);
        if self.still_barred(question, &everything) {
            return Vec::new();
        }
        // The prohibition with the fewest ways out first: it rules out most.
        choices.sort_by_key(|(id, exits)| (exits.len(), *id));
        let is_exceptional = |exit: &ExitId| program.exits[exit.at()].exceptional;
        let (exceptional, ordinary): (BTreeSet<ExitId>, BTreeSet<ExitId>) =
            opening.into_iter().partition(is_exceptional);
        let mut search = Search { compiled: *self, question, found: Vec::new(), tried: 0 };
        if exceptional.is_empty() || !self.still_barred(question, &self.all_acts(&ordinary)) {
            let ordinary: Vec<_> = (choices.iter())
                .map(|(id, exits)| (*id, exits.iter().copied().filter(|exit| !is_exceptional(exit)).collect()))
                .collect();
            search.run(&ordinary, BTreeSet::from([BTreeSet::new()]));
        }
        search.run(&choices, exceptional.into_iter().map(|exit| BTreeSet::from([exit])).collect());
        search.found
    }

    fn still_barred(&self, question: &Question, granted: &Granted) -> bool {
        shorter(*self).decide(question, granted).possible.at_most() > Verdict::Allowed
    }

    /// The exits that are not closed for good on every line, whoever acts.
    fn that_may_open(&self, question: &Question, exits: &BTreeSet<ExitId>) -> BTreeSet<ExitId> {
        let granted = self.all_acts(exits);
        (0..question.lines.len())
            .flat_map(|line| shorter(*self).that_may_lift(question, line, exits, &granted))
            .collect()
    }

    fn all_acts(&self, exits: &BTreeSet<ExitId>) -> Granted {
        let program = self.ground.program;
        let acts =
            exits.iter().flat_map(|exit| (0..program.exits[exit.at()].requirements.len()).map(move |at| (*exit, at)));
        acts.collect()
    }

    /// Decides again with the acts taken as given.
    fn try_route(&self, question: &Question, granted: &Granted) -> Option<Answer> {
        let answer = shorter(*self).decide(question, granted);
        (answer.possible.settled().is_some_and(|verdict| verdict <= Verdict::Allowed)).then_some(answer)
    }

    /// Drops what is met already, as each requirement alone shows.
    fn really_needed(&self, question: &Question, needs: Granted) -> Granted {
        let mut kept = needs.clone();
        for need in &needs {
            let mut without = kept.clone();
            without.remove(need);
            if self.try_route(question, &without).is_some() {
                kept = without;
            }
        }
        kept
    }

    /// Ordinary before exceptional, notices before approvals, fewer before more.
    fn rank(&self, exits: &BTreeSet<ExitId>) -> (bool, usize, usize) {
        let program = self.ground.program;
        let requirements = || exits.iter().flat_map(|exit| &program.exits[exit.at()].requirements);
        let exceptional = exits.iter().any(|exit| program.exits[exit.at()].exceptional);
        let approvals = requirements().filter(|r| matches!(r.kind, ActKind::Approval | ActKind::Request)).count();
        (exceptional, approvals, requirements().count())
    }
}

/// Best first: ordinary exits before exceptional ones, notices before approvals, fewer acts before more.
struct Search<'a> {
    compiled: Compiled<'a>,
    question: &'a Question,
    found: Vec<Route>,
    tried: usize,
}

impl Search<'_> {
    /// Goes on from sets of exits. An exit is chosen for one prohibition after the other. More acts are never worse, so where all
    /// acts for the prohibitions still to come do not help, no choice among them does, and where none is needed, none is
    /// chosen.
    fn run(&mut self, choices: &[(NormId, Vec<ExitId>)], from: BTreeSet<BTreeSet<ExitId>>) {
        let (compiled, question) = (self.compiled, self.question);
        let mut open: BTreeSet<_> = from.into_iter().map(|chosen| (compiled.rank(&chosen), chosen, 0)).collect();
        while let Some((_, chosen, settled)) = open.pop_first() {
            let needs = compiled.all_acts(&chosen);
            if self.found.iter().any(|known| known.needs.is_subset(&needs)) {
                continue;
            }
            if self.found.len() >= MOST_ROUTES || self.tried >= MOST_TRIED {
                break;
            }
            self.tried += 1;
            if let Some(then) = compiled.try_route(question, &needs) {
                let exceptional = chosen.iter().any(|exit| compiled.ground.program.exits[exit.at()].exceptional);
                let needs = compiled.really_needed(question, needs);
                if self.found.iter().all(|known| known.needs != needs) {
                    self.found.push(Route { exits: taken(choices, &chosen), needs, exceptional, then });
                }
                continue;
            }
            let Some((_, exits)) = choices.get(settled) else { continue };
            let mut most = chosen.clone();
            most.extend(choices[settled..].iter().flat_map(|(_, exits)| exits));
            if !chosen.is_empty() && compiled.still_barred(question, &compiled.all_acts(&most)) {
                continue;
            }
            for exit in exits {
                let mut more = chosen.clone();
                more.insert(*exit);
                open.insert((compiled.rank(&more), more, settled + 1));
            }
        }
    }
}

/// For each prohibition the exit among the chosen that lifts it.
fn taken(choices: &[(NormId, Vec<ExitId>)], chosen: &BTreeSet<ExitId>) -> BTreeMap<NormId, ExitId> {
    let of = |exits: &Vec<ExitId>| exits.iter().find(|exit| chosen.contains(exit)).copied();
    choices.iter().filter_map(|(id, exits)| Some((*id, of(exits)?))).collect()
}

/// The same policy for a shorter time: as long as the acts that are taken as given.
fn shorter<'b>(compiled: Compiled<'b>) -> Compiled<'b> {
    compiled
}
