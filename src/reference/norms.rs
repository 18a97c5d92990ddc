//! Norms, and the verdict, in one world (`semantics.md`, sections 5, 6 and 9).

use crate::check::program::{ActKind, Effect, ExitId, Fact, NormId, ParagraphId};
use crate::value::Verdict;

use super::acts::Status;
use super::world::{Asked, Cell, World, all, any, not};

/// What a norm makes of the activity, and the most that it can be while that is asked.
struct Bounded {
    at_most: Verdict,
    verdict: Asked<Verdict>,
}

impl Bounded {
    fn settled(verdict: Verdict) -> Bounded {
        Bounded { at_most: verdict, verdict: Ok(verdict) }
    }
}

impl World<'_, '_> {
    /// The regime binds, the norm is in force, the action is its action, and `when` holds.
    pub fn reaches(&self, norm: NormId, line: usize) -> Asked<bool> {
        let program = self.case.program;
        let norm = &program.norms[norm.at()];
        let activity = self.case.activity(line);
        let in_force = self.is_in_force(norm.period, line);
        if in_force == Ok(false) {
            return in_force;
        }
        let of_action = match &norm.actions {
            None => Ok(true),
            Some(actions) => {
                let action = self.case.schema().core.action;
                self.some_value(&activity, action, &|cell| matches!(cell, Cell::Term(term) if actions.has(*term)))
            }
        };
        if of_action == Ok(false) {
            return of_action;
        }
        all([in_force, of_action, self.is_bound_by_regime_of(norm.paragraph, line), self.holds(&norm.when, &activity)])
    }

    fn is_bound_by_regime_of(&self, paragraph: ParagraphId, line: usize) -> Asked<bool> {
        let program = self.case.program;
        let regime = program.instruments[program.paragraphs[paragraph.at()].instrument.at()].regime;
        match program.regimes[regime.at()].binds {
            None => Ok(true),
            Some(group) => {
                let actor_state = Fact::Activity(self.case.schema().core.actor_state);
                self.is_member(actor_state, group, &self.case.activity(line))
            }
        }
    }

    /// The exit is in force and its `when` holds.
    pub fn exit_is_there(&self, exit: ExitId, line: usize) -> Asked<bool> {
        let exit = &self.case.program.exits[exit.at()];
        let in_force = self.is_in_force(exit.period, line);
        if in_force == Ok(false) {
            return in_force;
        }
        all([in_force, self.holds(&exit.when, &self.case.activity(line))])
    }

    /// What the exit leaves of a prohibition that reaches: `prohibited` when it
    /// is closed, `allowed` when it lifts.
    fn standing(&self, exit_id: ExitId, line: usize) -> Asked<Verdict> {
        let exit = &self.case.program.exits[exit_id.at()];
        let there = self.exit_is_there(exit_id, line);
        if there == Ok(false) {
            return Ok(Verdict::Prohibited);
        }
        let statuses: Vec<Asked<Status>> =
            exit.requirements.iter().map(|requirement| self.status(exit, requirement, line)).collect();
        let is = |wanted: Status| {
            statuses.iter().map(move |status| status.clone().map(|status| status == wanted)).collect::<Vec<_>>()
        };
        let missed = any(is(Status::Missed));
        let open = any(is(Status::Open));
        let barred = if exit.exceptional { open } else { Ok(false) };
        if missed == Ok(true) || barred == Ok(true) {
            return Ok(Verdict::Prohibited);
        }
        let quotas = exit.quotas.iter().map(|quota| self.is_kept(exit_id, quota, line));
        if !all([there].into_iter().chain(quotas).chain([not(missed), not(barred)]))? {
            return Ok(Verdict::Prohibited);
        }
        let mut left = Verdict::Allowed;
        for (requirement, status) in exit.requirements.iter().zip(statuses) {
            if status? == Status::Open {
                left = left.max(match requirement.kind {
                    ActKind::Notice | ActKind::Determination => Verdict::RequiresNotification,
                    ActKind::Approval | ActKind::Request => Verdict::RequiresAuthorisation,
                });
            }
        }
        Ok(left)
    }

    /// The level of a prohibition that reaches: the best of its exits.
    fn level(&self, norm: NormId, line: usize) -> Bounded {
        let mut level = Bounded::settled(Verdict::Prohibited);
        for &exit in &self.case.program.norms[norm.at()].exits {
            if !self.case.near.exits.contains(&exit) {
                continue;
            }
            match self.standing(exit, line) {
                Ok(Verdict::Allowed) => return Bounded::settled(Verdict::Allowed),
                Ok(standing) => {
                    level.at_most = level.at_most.min(standing);
                    level.verdict = level.verdict.map(|_| level.at_most);
                }
                Err(stop) => level.verdict = level.verdict.and(Err(stop)),
            }
        }
        level
    }

    /// The activity is *not doing* it, and the last day of the duty, if it has one, is over.
    fn is_left_undone(&self, duty: NormId, line: usize) -> Asked<bool> {
        let Some(omission) = self.case.schema().core.omission else { return Ok(false) };
        let late = match self.case.program.norms[duty.at()].last_day() {
            Some(last) => self.dated(line, |date| last < date),
            None => Ok(true),
        };
        all([late, self.some_value(&self.case.activity(line), omission, &|cell| *cell == Cell::YesNo(true))])
    }

    /// What the norm makes of the activity; `not_covered` when it says nothing of it.
    fn makes(&self, norm: NormId, line: usize) -> Bounded {
        let reaches = self.reaches(norm, line);
        if reaches == Ok(false) {
            return Bounded::settled(Verdict::NotCovered);
        }
        let if_it_reaches = match self.case.program.norms[norm.at()].effect {
            Effect::Prohibit => self.level(norm, line),
            Effect::Oblige => self.duty(norm, line),
            Effect::Advise | Effect::Caution => return Bounded::settled(Verdict::NotCovered),
        };
        match reaches {
            Ok(_) => if_it_reaches,
            Err(stop) => Bounded { verdict: Err(stop), ..if_it_reaches },
        }
    }

    /// A duty also forbids leaving it undone, once its last day is over.
    fn duty(&self, norm: NormId, line: usize) -> Bounded {
        let level = self.level(norm, line);
        match self.is_left_undone(norm, line) {
            Ok(true) => level,
            Ok(false) => {
                // It is a duty unless an exit that names it lifts.
                let verdict = level.verdict.map(|level| match level {
                    Verdict::Allowed => Verdict::NotCovered,
                    _ => Verdict::Allowed,
                });
                let at_most = verdict.clone().unwrap_or(Verdict::Allowed);
                Bounded { at_most, verdict }
            }
            Err(stop) => Bounded { at_most: level.at_most.max(Verdict::Allowed), verdict: Err(stop) },
        }
    }

    /// The verdict of these norms: what the strictest of them makes of it.
    pub fn verdict(&self, norms: &[NormId], line: usize) -> Asked<Verdict> {
        let mut at_least = Verdict::NotCovered;
        let mut asking = Vec::new();
        for &norm in norms {
            let made = self.makes(norm, line);
            match made.verdict {
                Ok(Verdict::Prohibited) => return Ok(Verdict::Prohibited),
                Ok(verdict) => at_least = at_least.max(verdict),
                Err(stop) => asking.push((made.at_most, stop)),
            }
        }
        // A norm that cannot be stricter need not be asked.
        match asking.into_iter().find(|(at_most, _)| *at_most > at_least) {
            Some((_, stop)) => Err(stop),
            None => Ok(at_least),
        }
    }

    /// The norm decides when its level is the verdict; for `allowed` the
    /// lifted norms and the duties decide, for `not_covered` none.
    pub fn decides(&self, norm: NormId, line: usize, verdict: Verdict) -> Asked<bool> {
        if verdict == Verdict::NotCovered {
            return Ok(false);
        }
        self.makes(norm, line).verdict.map(|made| made == verdict)
    }
}
