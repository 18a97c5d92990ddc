//! Routes: sets of lawful acts each of which makes the whole verdict settled and at most `allowed`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ActKind, ExitId, NormId};
use crate::diagram::standing::{Standing, verdict_of};
use crate::facts::question::Question;
use crate::limits::Limits;
use crate::value::Verdict;

use super::answer::{Answer, Possible};
use super::decide::{Compiled, Granted};
use super::find::{Found, find};
use super::worlds::Mode;

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
/// Most sets of acts that are tried in order; what they do not show, a descent does.
const MOST_TRIED: usize = 32;
/// All tries of a search together may take the nodes of so many questions, and a descent those of one more.
const MOST_QUESTIONS: usize = 4;

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
        let mut search = Search::new(*self, question, answer);
        // What all acts together cannot lift, no set of them lifts.
        if search.still_barred(&self.all_acts(&opening)) {
            return Vec::new();
        }
        // The prohibition with the fewest ways out first: it rules out most.
        choices.sort_by_key(|(id, exits)| (exits.len(), *id));
        let is_exceptional = |exit: &ExitId| program.exits[exit.at()].exceptional;
        let (exceptional, ordinary): (BTreeSet<ExitId>, BTreeSet<ExitId>) =
            opening.into_iter().partition(is_exceptional);
        if exceptional.is_empty() || !search.still_barred(&self.all_acts(&ordinary)) {
            let ordinary: Vec<_> = (choices.iter())
                .map(|(id, exits)| (*id, exits.iter().copied().filter(|exit| !is_exceptional(exit)).collect()))
                .collect();
            search.run(&ordinary, BTreeSet::from([BTreeSet::new()]));
            if search.found.is_empty() {
                search.descend(&ordinary);
            }
        }
        if !exceptional.is_empty() {
            search.run(&choices, exceptional.into_iter().map(|exit| BTreeSet::from([exit])).collect());
            if search.found.is_empty() {
                search.descend(&choices);
            }
        }
        search.found
    }

    /// The exits that are not closed for good on every line, whoever acts.
    fn that_may_open(&self, question: &Question, exits: &BTreeSet<ExitId>) -> BTreeSet<ExitId> {
        let granted = self.all_acts(exits);
        (0..question.lines.len())
            .flat_map(|line| within(*self, self.limits).that_may_lift(question, line, exits, &granted))
            .collect()
    }

    fn all_acts(&self, exits: &BTreeSet<ExitId>) -> Granted {
        let program = self.ground.program;
        let acts =
            exits.iter().flat_map(|exit| (0..program.exits[exit.at()].requirements.len()).map(move |at| (*exit, at)));
        acts.collect()
    }

    /// The least and the greatest verdict of one line, or `None` beyond the budget; and the nodes that it took.
    fn bounds_on(
        &self,
        question: &'a Question,
        line: usize,
        granted: &'a Granted,
    ) -> (Option<(Verdict, Verdict)>, usize) {
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        let found =
            self.on_line(question, line, mode, granted, |coded| find(self.norms, self.rules, self.index, coded));
        let ids = match found {
            Found::Settled(outcome) => {
                let verdicts = outcome.iter().map(|(_, standing)| verdict_of(*standing));
                let strictest = verdicts.max().unwrap_or(Verdict::NotCovered);
                return (Some((strictest, strictest)), 0);
            }
            Found::Open(ids) => ids,
        };
        let mut worlds = self.local(question, line, mode, granted, &ids);
        let Ok(verdict) = self.verdict(&mut worlds, &ids) else { return (None, self.limits.question_nodes) };
        let verdicts = worlds.table.leaves(verdict).into_iter().map(|leaf| Verdict::ALL[leaf as usize]);
        let bounds = verdicts.fold((Verdict::Prohibited, Verdict::NotCovered), |(least, most), verdict| {
            (least.min(verdict), most.max(verdict))
        });
        (Some(bounds), worlds.table.count())
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
    /// The nodes that are left for all tries to come.
    left: usize,
    /// No nodes are left: a try went over them.
    spent: bool,
}

impl<'a> Search<'a> {
    /// Where the answer itself went over its budget, the tries have no more than that one budget together.
    fn new(compiled: Compiled<'a>, question: &'a Question, answer: &Answer) -> Search<'a> {
        let questions = if answer.exact { MOST_QUESTIONS } else { 1 };
        let left = compiled.limits.question_nodes.saturating_mul(questions);
        Search { compiled, question, found: Vec::new(), tried: 0, left, spent: false }
    }

    /// Goes on from sets of exits. An exit is chosen for one prohibition after the other. More acts are never worse, so
    /// where all acts for the prohibitions still to come do not help, no choice among them does, and where none is
    /// needed, none is chosen.
    fn run(&mut self, choices: &[(NormId, Vec<ExitId>)], from: BTreeSet<BTreeSet<ExitId>>) {
        let compiled = self.compiled;
        let mut open: BTreeSet<_> = from.into_iter().map(|chosen| (compiled.rank(&chosen), chosen, 0)).collect();
        while let Some((_, chosen, settled)) = open.pop_first() {
            let needs = compiled.all_acts(&chosen);
            if self.found.iter().any(|known| known.needs.is_subset(&needs)) {
                continue;
            }
            if self.found.len() >= MOST_ROUTES || self.tried >= MOST_TRIED || self.spent {
                break;
            }
            self.tried += 1;
            if self.lifts(&needs) {
                let in_order: Vec<_> = needs.iter().copied().collect();
                let needs = self.really_needed(needs, &in_order);
                self.add(choices, &chosen, needs);
                continue;
            }
            let Some((_, exits)) = choices.get(settled) else { continue };
            let mut most = chosen.clone();
            most.extend(choices[settled..].iter().flat_map(|(_, exits)| exits));
            if !chosen.is_empty() && self.still_barred(&compiled.all_acts(&most)) {
                continue;
            }
            for exit in exits {
                let mut more = chosen.clone();
                more.insert(*exit);
                open.insert((compiled.rank(&more), more, settled + 1));
            }
        }
    }

    /// Goes straight to one route, in no more tries than there are acts: for each prohibition the exit that adds least,
    /// or all exits where these do not lift everything, and of them what is needed. Search alone would give up among
    /// many prohibitions with several exits each.
    fn descend(&mut self, choices: &[(NormId, Vec<ExitId>)]) {
        let compiled = self.compiled;
        self.left = self.left.max(compiled.limits.question_nodes);
        self.spent = false;
        let program = compiled.ground.program;
        let mut least: BTreeSet<ExitId> = BTreeSet::new();
        for (_, exits) in choices {
            // Where an exit asks for no act, none opens it.
            let asking = exits.iter().copied().filter(|exit| !program.exits[exit.at()].requirements.is_empty());
            let best = asking.min_by_key(|exit| {
                let mut with = least.clone();
                with.insert(*exit);
                compiled.rank(&with)
            });
            least.extend(best);
        }
        let all: BTreeSet<ExitId> = choices.iter().flat_map(|(_, exits)| exits.iter().copied()).collect();
        for exits in [least, all] {
            let needs = compiled.all_acts(&exits);
            if !self.lifts(&needs) {
                continue;
            }
            // What one would rather not ask for is dropped first.
            let mut worst_first: Vec<_> = needs.iter().copied().collect();
            worst_first.sort_by_key(|need| Reverse((compiled.rank(&BTreeSet::from([need.0])), *need)));
            let needs = self.really_needed(needs, &worst_first);
            let chosen: BTreeSet<ExitId> = needs.iter().map(|(exit, _)| *exit).collect();
            self.add(choices, &chosen, needs);
            return;
        }
    }

    /// Notes a route down, unless it is known.
    fn add(&mut self, choices: &[(NormId, Vec<ExitId>)], chosen: &BTreeSet<ExitId>, needs: Granted) {
        if self.found.iter().any(|known| known.needs == needs) {
            return;
        }
        let compiled = self.compiled;
        let exceptional = chosen.iter().any(|exit| compiled.ground.program.exits[exit.at()].exceptional);
        let then = within(compiled, compiled.limits).decide(self.question, &needs);
        self.found.push(Route { exits: taken(choices, chosen), needs, exceptional, then });
    }

    /// Drops what is met already or is not needed beside the others, as each requirement alone shows. When no nodes are
    /// left, the rest is kept.
    fn really_needed(&mut self, needs: Granted, in_order: &[(ExitId, usize)]) -> Granted {
        let mut kept = needs;
        for need in in_order {
            if self.spent {
                break;
            }
            let mut without = kept.clone();
            without.remove(need);
            if self.lifts(&without) {
                kept = without;
            }
        }
        kept
    }

    /// Whether with these acts the verdict is settled and at most `allowed`. Beyond the budget that is not shown.
    fn lifts(&mut self, granted: &Granted) -> bool {
        // Without an act the answer is the known one.
        if granted.is_empty() {
            return false;
        }
        let settled = self.possible(granted).and_then(|possible| possible.settled());
        settled.is_some_and(|verdict| verdict <= Verdict::Allowed)
    }

    /// Whether with these acts something may still bar it.
    fn still_barred(&mut self, granted: &Granted) -> bool {
        self.possible(granted).is_none_or(|possible| possible.at_most() > Verdict::Allowed)
    }

    /// Decides again with the acts taken as given; `None` beyond the budget.
    fn possible(&mut self, granted: &Granted) -> Option<Possible> {
        let (mut at_least, mut at_most) = (Verdict::NotCovered, Verdict::NotCovered);
        for line in 0..self.question.lines.len() {
            let known = self.compiled.limits;
            let limits = Limits { question_nodes: self.left.min(known.question_nodes), ..*known };
            let (bounds, nodes) = within(self.compiled, &limits).bounds_on(self.question, line, granted);
            self.left = self.left.saturating_sub(nodes);
            self.spent |= bounds.is_none() && self.left == 0;
            let (least, most) = bounds?;
            (at_least, at_most) = (at_least.max(least), at_most.max(most));
            // One line that is barred bars the whole.
            if at_most > Verdict::Allowed {
                break;
            }
        }
        Some(Possible::between(at_least, at_most))
    }
}

/// For each prohibition the exit among the chosen that lifts it.
fn taken(choices: &[(NormId, Vec<ExitId>)], chosen: &BTreeSet<ExitId>) -> BTreeMap<NormId, ExitId> {
    let of = |exits: &Vec<ExitId>| exits.iter().find(|exit| chosen.contains(exit)).copied();
    choices.iter().filter_map(|(id, exits)| Some((*id, of(exits)?))).collect()
}

/// The same policy with other limits, for as long as these and the acts that are taken as given are there.
fn within<'b>(compiled: Compiled<'b>, limits: &'b Limits) -> Compiled<'b> {
    Compiled { limits, ..compiled }
}
