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
const MOST_TRIED: usize = 96;

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
        let mut choices: Vec<(NormId, Vec<ExitId>)> = Vec::new();
        for id in hazards {
            let exits: Vec<ExitId> =
                program.norms[id.at()].exits.iter().copied().filter(|exit| self.may_open(question, *exit)).collect();
            if exits.is_empty() {
                return Vec::new();
            }
            choices.push((id, exits));
        }
        // What all acts together cannot lift, no set of them lifts.
        let everything: Granted = choices
            .iter()
            .flat_map(|(_, exits)| exits)
            .flat_map(|exit| (0..program.exits[exit.at()].requirements.len()).map(move |at| (*exit, at)))
            .collect();
        if shorter(*self).decide(question, &everything).possible.at_most() > Verdict::Allowed {
            return Vec::new();
        }
        let mut found: Vec<Route> = Vec::new();
        for (exits, needs) in self.combinations(&choices) {
            if found.len() >= MOST_ROUTES {
                break;
            }
            if found.iter().any(|known| known.needs.is_subset(&needs)) {
                continue;
            }
            // Lives as long as the question: a route is tried once.
            if let Some(then) = self.try_route(question, &needs) {
                let exceptional = needs.iter().any(|(exit, _)| program.exits[exit.at()].exceptional);
                let needs = self.really_needed(question, needs);
                if found.iter().any(|known| known.needs == needs) {
                    continue;
                }
                found.push(Route { exits, needs, exceptional, then });
            }
        }
        found
    }

    /// Whether an exit is not closed for good on every line, whoever acts.
    fn may_open(&self, question: &Question, exit: ExitId) -> bool {
        let count = self.ground.program.exits[exit.at()].requirements.len();
        let granted: Granted = (0..count).map(|at| (exit, at)).collect();
        (0..question.lines.len()).any(|line| shorter(*self).may_lift(question, line, exit, &granted))
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

    /// One exit for each prohibition, every way, best first: ordinary before
    /// exceptional, notices before approvals, fewer before more, then in order.
    fn combinations(&self, choices: &[(NormId, Vec<ExitId>)]) -> Vec<(BTreeMap<NormId, ExitId>, Granted)> {
        let program = self.ground.program;
        let mut all: Vec<BTreeMap<NormId, ExitId>> = vec![BTreeMap::new()];
        for (norm, exits) in choices {
            let mut next = Vec::new();
            for so_far in &all {
                for exit in exits {
                    let mut more = so_far.clone();
                    more.insert(*norm, *exit);
                    next.push(more);
                }
            }
            next.sort_by_key(|exits| self.rank(exits));
            next.truncate(MOST_TRIED);
            all = next;
        }
        all.into_iter()
            .map(|exits| {
                let distinct: BTreeSet<ExitId> = exits.values().copied().collect();
                let needs = distinct
                    .into_iter()
                    .flat_map(|exit| (0..program.exits[exit.at()].requirements.len()).map(move |at| (exit, at)))
                    .collect();
                (exits, needs)
            })
            .collect()
    }

    fn rank(&self, exits: &BTreeMap<NormId, ExitId>) -> (bool, usize, usize, Vec<ExitId>) {
        let program = self.ground.program;
        let distinct: BTreeSet<ExitId> = exits.values().copied().collect();
        let requirements = || distinct.iter().flat_map(|exit| &program.exits[exit.at()].requirements);
        let exceptional = distinct.iter().any(|exit| program.exits[exit.at()].exceptional);
        let approvals = requirements().filter(|r| matches!(r.kind, ActKind::Approval | ActKind::Request)).count();
        (exceptional, approvals, requirements().count(), exits.values().copied().collect())
    }
}

/// The same policy for a shorter time: as long as the acts that are taken as given.
fn shorter<'b>(compiled: Compiled<'b>) -> Compiled<'b> {
    compiled
}
