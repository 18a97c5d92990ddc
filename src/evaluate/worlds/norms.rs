//! What a norm says, in every world.

use crate::check::program::{Cond, Effect, ExitId, Fact, Norm, NormId, Set};
use crate::diagram::standing::{Standing, Way, better, join};
use crate::diagram::table::{NO, Ref, YES};
use crate::normal::{Requirement, SlotKind};
use crate::value::Verdict;

use super::{Done, Site, Worlds};

impl<'a> Worlds<'a> {
    /// The worlds in which a norm reaches the line at hand.
    pub(super) fn reaches(&mut self, id: NormId) -> Done<Ref> {
        if let Some(&known) = self.reaches.get(&(id, self.line)) {
            return Ok(known);
        }
        let norm = &self.ground.program.norms[id.at()];
        let mut reaches = self.framed(norm, YES)?;
        if reaches != NO {
            let when = self.cond(&Site::Activity, &norm.when)?;
            reaches = self.table.and(reaches, when)?;
        }
        self.reaches.insert((id, self.line), reaches);
        Ok(reaches)
    }

    /// The part of some worlds in which a norm is in force, binds the State, and is about the action.
    pub(super) fn framed(&mut self, norm: &'a Norm, within: Ref) -> Done<Ref> {
        let program = self.ground.program;
        let core = program.schema.core;
        let period = self.in_period(norm.period)?;
        let mut framed = self.table.and(within, period)?;
        if let Some(group) = program.regimes[program.regime_of(norm.paragraph).at()].binds
            && framed != NO
        {
            let bound = self.member(&Site::Activity, Fact::Activity(core.actor_state), group)?;
            framed = self.table.and(framed, bound)?;
        }
        if let Some(actions) = &norm.actions
            && framed != NO
        {
            let test = Cond::Test { fact: Fact::Activity(core.action), set: Set::Terms(actions.clone()) };
            let acts = self.cond(&Site::Activity, &test)?;
            framed = self.table.and(framed, acts)?;
        }
        Ok(framed)
    }

    /// How an exit stands: leaves are [`Way`].
    fn way(&mut self, id: ExitId) -> Done<Ref> {
        let exit = &self.ground.program.exits[id.at()];
        let mut open = self.in_period(exit.period)?;
        if open != NO {
            let when = self.cond(&Site::Activity, &exit.when)?;
            open = self.table.and(open, when)?;
        }
        if open != NO && !exit.quotas.is_empty() {
            let kept = self.quotas_kept(id)?;
            open = self.table.and(open, kept)?;
        }
        if open == NO {
            return Ok(Ref::leaf(Way::Closed as u32));
        }
        let way = self.way_when_open(id)?;
        self.table.choose(open, way, Ref::leaf(Way::Closed as u32))
    }

    /// How an exit stands where its condition holds: leaves are [`Way`].
    pub(super) fn way_when_open(&mut self, id: ExitId) -> Done<Ref> {
        let exit = &self.ground.program.exits[id.at()];
        let mut way = Ref::leaf(Way::Lifts as u32);
        for (at, requirement) in exit.requirements.iter().enumerate() {
            let status = self.status(id, at)?;
            let (kind, exceptional) = (requirement.kind, exit.exceptional);
            way = self.table.apply(way, status, &mut |way, status| {
                join(Way::from_leaf(way), Way::of([(kind, Requirement::ALL[status as usize])], exceptional)) as u32
            })?;
        }
        Ok(way)
    }

    /// How requirement number `at` of an exit stands: leaves are `normal::Requirement`.
    pub fn status(&mut self, exit: ExitId, at: usize) -> Done<Ref> {
        // The status depends on the line only by what acts cover; it is kept per exit of the line at hand.
        if let Some(&known) = self.statuses.get(&(exit, at)) {
            return Ok(known);
        }
        let status = self.requirement(exit, at)?;
        self.statuses.insert((exit, at), status);
        Ok(status)
    }

    /// What a norm says in every world: leaves are [`Standing`].
    pub fn standing(&mut self, id: NormId) -> Done<Ref> {
        let program = self.ground.program;
        let norm = &program.norms[id.at()];
        let reaches = self.reaches(id)?;
        let out = Ref::leaf(Standing::Out.leaf());
        if reaches == NO {
            return Ok(out);
        }
        let prohibits = Standing::Applies(Verdict::Prohibited);
        let said = match norm.effect {
            Effect::Prohibit => self.with_exits(id, prohibits, Standing::Lifted)?,
            Effect::Oblige => {
                let done = self.with_exits(id, Standing::Duty, Standing::Spared)?;
                let omitted = self.left_undone(norm)?;
                if omitted == NO {
                    done
                } else {
                    let undone = self.with_exits(id, prohibits, Standing::Lifted)?;
                    self.table.choose(omitted, undone, done)?
                }
            }
            Effect::Advise | Effect::Caution => self.with_exits(id, Standing::Noted, Standing::Spared)?,
        };
        self.table.choose(reaches, said, out)
    }

    /// The worlds in which the activity is *not doing* it, when its last day is over.
    pub(super) fn left_undone(&mut self, duty: &Norm) -> Done<Ref> {
        let Some(omission) = self.ground.program.schema.core.omission else { return Ok(NO) };
        let test = Cond::Test { fact: Fact::Activity(omission), set: Set::YesNo(true) };
        let omitted = self.cond(&Site::Activity, &test)?;
        match duty.last_day() {
            Some(last) if omitted != NO => {
                let late = self.on_date(&mut |date| last < date)?;
                self.table.and(omitted, late)
            }
            _ => Ok(omitted),
        }
    }

    fn with_exits(&mut self, id: NormId, without: Standing, lifted: fn(ExitId) -> Standing) -> Done<Ref> {
        let mut said = Ref::leaf(without.leaf());
        for &exit in &self.ground.program.norms[id.at()].exits {
            let way = self.way(exit)?;
            said = self.table.apply(said, way, &mut |said, way| {
                better(Standing::from_leaf(said), exit, Way::from_leaf(way), lifted).leaf()
            })?;
        }
        Ok(said)
    }

    /// The cells that a slot of quotas or of a requirement may be in, as far as the budget reaches; `None` beyond it.
    pub fn derived(&mut self, kind: &SlotKind) -> Option<Vec<usize>> {
        let dd = match kind {
            SlotKind::Quotas(exit) => self.quotas_kept(*exit),
            SlotKind::Requirement(exit, at) => self.status(*exit, *at),
            SlotKind::Field { .. } | SlotKind::Condition(_) | SlotKind::Compound(..) => {
                unreachable!("what rests on the facts of one line is not asked of its worlds")
            }
        };
        Some(self.table.leaves(dd.ok()?).into_iter().map(|leaf| leaf as usize).collect())
    }
}
