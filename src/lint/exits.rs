//! Exits of one norm of which one demands an act and another lifts without any, in the same case.
//!
//! A narrow freedom inside a wide demand is how law is written: *prohibited, unless the Committee approves; medical exchanges are
//! exempt*. Three things can be meant by the rest:
//!
//! - The freedom covers the demand: wherever the exit that demands is open, the other lifts. The demand has no effect, which
//!   nobody means: a warning. It is proved on the cells, for every norm that the demanding exit lifts.
//! - The two overlap and neither covers the other, so that neither is the special case: in the overlap the act is not
//!   needed. That may be meant: information, shown by three activities that were decided.
//! - They do not meet: nothing is said.
//!
//! An exit that is `exceptional` demands nothing of the ordinary case and is left out.

use crate::check::program::{Effect, ExitId, NormId, Subject};
use crate::diagnostics::code;
use crate::diagram::standing::Way;
use crate::diagram::table::Ref;
use crate::evaluate::decide::Granted;
use crate::facts::Activity;
use crate::value::Verdict;
use crate::witness::cells::{Done, Sheet};

use super::{Linting, MOST_NODES};

/// How a demand stands to the exits that lift without an act, for one norm.
enum Stands {
    /// It is closed wherever the norm reaches.
    Closed,
    /// One of them covers it.
    Covered(ExitId),
    /// None does.
    Counts,
}

impl Linting<'_> {
    pub(super) fn exits_of_one_norm(&mut self) {
        for at in 0..self.program.exits.len() {
            let id = ExitId(at as u32);
            let exit = &self.program.exits[at];
            if !self.is_given(exit.span) || exit.requirements.is_empty() || exit.exceptional {
                continue;
            }
            self.demand(id);
        }
    }

    fn demand(&mut self, id: ExitId) {
        let exit = &self.program.exits[id.at()];
        let norms: Vec<NormId> = NormId::all(self.program.norms.len())
            .filter(|norm| self.program.norms[norm.at()].exits.contains(&id) && !self.idle.contains(norm))
            .collect();
        let mut covered: Vec<(NormId, ExitId)> = Vec::new();
        let mut counts = false;
        for &norm in &norms {
            match self.demand_of(id, norm) {
                Ok(Stands::Closed) => {}
                Ok(Stands::Covered(by)) => covered.push((norm, by)),
                Ok(Stands::Counts) => {
                    counts = true;
                    break;
                }
                Err(_) => {
                    self.unsure.insert((code::EMPTY_DEMAND.id(), Subject::Exit(id)));
                    counts = true;
                    break;
                }
            }
        }
        let at = self.head(exit.span);
        if let (false, Some(&(norm, by))) = (counts, covered.first()) {
            let by = &self.program.exits[by.at()];
            let place = self.head(by.span);
            let norm = &self.program.norms[norm.at()].name;
            self.find(Subject::Exit(id), |report| report.empty_demand(at, &exit.name, norm, &by.name, place));
            return;
        }
        // An exemption from much meets everything somewhere; only what is made for these norms is compared.
        if exit.of.is_none() && norms.len() > MOST_LIFTED {
            return;
        }
        for &norm in norms.iter().filter(|norm| self.program.norms[norm.at()].effect == Effect::Prohibit) {
            let free: Vec<ExitId> = self.free_of(norm);
            for other in free {
                let said = self.found.iter().any(|(of, report)| {
                    *of == Subject::Exit(id) && report.iter().any(|it| it.code == code::EXITS_OVERLAP)
                });
                if said {
                    return;
                }
                let Some((activity, verdict)) = self.overlap(norm, id, other) else { continue };
                let (name, other) = (&self.program.norms[norm.at()].name, &self.program.exits[other.at()]);
                let place = self.head(other.span);
                let witness =
                    self.witnesses.told(&format!("both {} and {}", exit.name, other.name), &activity, verdict.name());
                self.find(Subject::Exit(id), |report| {
                    report.exits_overlap(at, &exit.name, name, &other.name, place, witness);
                });
            }
        }
    }

    /// The exits of a norm that lift without an act.
    fn free_of(&self, norm: NormId) -> Vec<ExitId> {
        let exits = self.program.norms[norm.at()].exits.iter().copied();
        exits.filter(|exit| self.program.exits[exit.at()].requirements.is_empty()).collect()
    }

    fn demand_of(&self, exit: ExitId, norm: NormId) -> Done<Stands> {
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let here = sheet.meet(norm, exit)?;
        if here.as_leaf() == Some(0) {
            return Ok(Stands::Closed);
        }
        for free in self.free_of(norm) {
            let lifts = sheet.open(free)?;
            if sheet.at_most(here, lifts)? {
                return Ok(Stands::Covered(free));
            }
        }
        Ok(Stands::Counts)
    }

    /// An activity in which both are open, when neither covers the other: there are activities for each alone, too.
    fn overlap(&self, norm: NormId, demand: ExitId, free: ExitId) -> Option<(Activity, Verdict)> {
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let (one, other) = (sheet.meet(norm, demand).ok()?, sheet.meet(norm, free).ok()?);
        let both = sheet.and(one, other).ok()?;
        let only_demand = sheet.but_not(one, other).ok()?;
        let only_free = sheet.but_not(other, one).ok()?;
        let shows = |activity: &Activity, wanted: [bool; 2]| {
            self.opens(activity, norm, [demand, free]) == Some(wanted)
                && self.witnesses.answer(activity).is_some_and(|answer| answer.possible.settled().is_some())
        };
        let shown = |of: Ref, wanted: [bool; 2]| {
            let all = self.witnesses.activities(&sheet, of, |leaf| leaf == 1, norm);
            all.into_iter().find(|activity| shows(activity, wanted))
        };
        shown(only_demand, [true, false])?;
        shown(only_free, [false, true])?;
        let activity = shown(both, [true, true])?;
        let smallest = activity.without_needless(&["complete"], &|smaller: &Activity| shows(smaller, [true, true]));
        let verdict = self.witnesses.answer(&smallest)?.possible.settled()?;
        self.witnesses.is_confirmed(&smallest, verdict).then_some((smallest, verdict))
    }

    /// Whether exits are open for an activity that a norm reaches; `None` when the norm may not reach it, or it is not settled.
    pub(super) fn opens<const N: usize>(
        &self,
        activity: &Activity,
        norm: NormId,
        exits: [ExitId; N],
    ) -> Option<[bool; N]> {
        let answer = self.witnesses.answer(activity)?;
        self.witnesses.reached(&answer, norm)?;
        let question = self.rules.bind(activity.raw()).ok()?;
        let granted = Granted::new();
        let compiled = self.rules.compiled();
        let mut open = [false; N];
        for (open, exit) in open.iter_mut().zip(exits) {
            let ways = compiled.ways(&question, &granted, exit);
            let closed = ways.iter().filter(|way| **way == Way::Closed).count();
            *open = match closed {
                0 => true,
                all if all == ways.len() => false,
                _ => return None,
            };
        }
        Some(open)
    }
}

/// Exemptions that lift more norms than this are general.
const MOST_LIFTED: usize = 8;
