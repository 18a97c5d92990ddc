//! A part of the worlds at a time: what cannot matter in it is not looked at. So the question in which nothing is known can be
//! asked something.

use crate::check::program::{Cond, Effect, ExitId, Norm, NormId, Program};
use crate::diagram::standing::{Standing, Way, verdict_of};
use crate::diagram::table::{NO, Ref, YES};
use crate::value::Verdict;

use super::{Done, Site, Worlds};

impl<'a> Worlds<'a> {
    /// The part of some worlds in which a norm makes the verdict less than this. What cannot matter there is not looked at.
    pub fn milder_within(&mut self, id: NormId, within: Ref, verdict: Verdict) -> Done<Ref> {
        let norm = &self.ground.program.norms[id.at()];
        let milder_anyway = match norm.effect {
            Effect::Prohibit => false,
            // Only leaving a duty undone is stricter than *allowed*.
            Effect::Oblige => verdict > Verdict::Allowed && self.left_undone(norm)? == NO,
            Effect::Advise | Effect::Caution => true,
        };
        if milder_anyway {
            return Ok(within);
        }
        let reached = self.reached_within(norm, within)?;
        if reached == NO {
            return Ok(within);
        }
        if verdict <= Verdict::Allowed {
            let standing = self.standing(id)?;
            let milder =
                self.table.map(standing, &mut |leaf| u32::from(verdict_of(Standing::from_leaf(leaf)) < verdict))?;
            return self.table.and(within, milder);
        }
        let barred = match norm.effect {
            Effect::Oblige => {
                let omitted = self.left_undone(norm)?;
                self.table.and(reached, omitted)?
            }
            Effect::Prohibit | Effect::Advise | Effect::Caution => reached,
        };
        let mut left = barred;
        for &exit in &norm.exits {
            if left == NO {
                break;
            }
            let lifts = self.lifts_within(exit, left, verdict)?;
            left = self.except(left, lifts)?;
        }
        self.except(within, left)
    }

    /// Whether a norm reaches in some world.
    pub fn can_reach(&mut self, id: NormId) -> Done<bool> {
        Ok(self.reached_within(&self.ground.program.norms[id.at()], YES)? != NO)
    }

    /// Whether an exit is open in some world in which a norm reaches: in force, what it asks of the facts holds, its quotas are
    /// kept.
    pub fn can_meet(&mut self, norm: NormId, exit: ExitId) -> Done<bool> {
        let program = self.ground.program;
        let exit_said = &program.exits[exit.at()];
        let reached = self.reached_within(&program.norms[norm.at()], YES)?;
        let period = self.in_period(exit_said.period)?;
        let both = self.table.and(reached, period)?;
        let open = self.within(&exit_said.when, both)?;
        if open == NO || exit_said.quotas.is_empty() {
            return Ok(open != NO);
        }
        let kept = self.quotas_kept(exit)?;
        Ok(self.table.and(open, kept)? != NO)
    }

    /// The part of some worlds in which a norm reaches; as soon as there is none, nothing more is looked at.
    fn reached_within(&mut self, norm: &'a Norm, within: Ref) -> Done<Ref> {
        let reached = self.framed(norm, within)?;
        self.within(&norm.when, reached)
    }

    /// The part of some worlds in which a condition on the activity holds. What asks little comes first: it may leave
    /// none of the worlds, and then the rest is not looked at.
    pub fn within(&mut self, cond: &Cond, within: Ref) -> Done<Ref> {
        if within == NO {
            return Ok(NO);
        }
        let program = self.ground.program;
        match cond {
            Cond::Yes => Ok(within),
            Cond::No => Ok(NO),
            Cond::All(parts) => {
                let mut left = within;
                for part in lightest_first(program, parts) {
                    left = self.within(part, left)?;
                }
                Ok(left)
            }
            Cond::Any(parts) => {
                let (mut found, mut left) = (NO, within);
                for part in lightest_first(program, parts) {
                    let holds = self.within(part, left)?;
                    found = self.table.or(found, holds)?;
                    left = self.except(left, holds)?;
                }
                Ok(found)
            }
            Cond::Not(inner) => {
                let holds = self.within(inner, within)?;
                self.except(within, holds)
            }
            Cond::Defined(id) if program.definitions[id.at()].of.is_none() => {
                let (mut found, mut left) = (NO, within);
                for part in &program.definitions[id.at()].parts {
                    let in_force = self.in_period(part.period)?;
                    let in_force = self.table.and(left, in_force)?;
                    let holds = self.within(&part.when, in_force)?;
                    found = self.table.or(found, holds)?;
                    left = self.except(left, holds)?;
                }
                Ok(found)
            }
            test => {
                let holds = self.cond(&Site::Activity, test)?;
                self.table.and(within, holds)
            }
        }
    }

    fn except(&mut self, worlds: Ref, but: Ref) -> Done<Ref> {
        let rest = self.table.not(but)?;
        self.table.and(worlds, rest)
    }

    /// The part of some worlds in which an exit makes a prohibition less than this.
    fn lifts_within(&mut self, id: ExitId, within: Ref, verdict: Verdict) -> Done<Ref> {
        let exit = &self.ground.program.exits[id.at()];
        let way = self.way_when_open(id)?;
        let helps = self.table.map(way, &mut |leaf| u32::from(Way::from_leaf(leaf).level() < verdict))?;
        let mut lifts = self.table.and(within, helps)?;
        if lifts != NO {
            let period = self.in_period(exit.period)?;
            lifts = self.table.and(lifts, period)?;
        }
        lifts = self.within(&exit.when, lifts)?;
        if lifts != NO && !exit.quotas.is_empty() {
            let kept = self.quotas_kept(id)?;
            lifts = self.table.and(lifts, kept)?;
        }
        Ok(lifts)
    }
}

fn lightest_first<'c>(program: &Program, parts: &'c [Cond]) -> Vec<&'c Cond> {
    let mut parts: Vec<&Cond> = parts.iter().collect();
    parts.sort_by_cached_key(|part| part.weight(program));
    parts
}
