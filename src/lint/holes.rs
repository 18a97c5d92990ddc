//! A hole in time: what a norm prohibits through a day, another prohibits again from a later one, and between them nothing does.
//!
//! Only norms that ask the same are compared: a successor that asks for less leaves the rest free on purpose. An activity that
//! both prohibit shows the hole, decided on the last day of the one, the day after, the day before the other, and its first.

use crate::check::program::{Effect, NormId, Subject};
use crate::facts::Activity;
use crate::value::{Date, Verdict};
use crate::witness::cells::Sheet;

use super::{Linting, MOST_NODES};

impl Linting<'_> {
    pub(super) fn holes(&mut self) {
        for id in NormId::all(self.program.norms.len()) {
            let norm = &self.program.norms[id.at()];
            let Some(last) = norm.period.through else { continue };
            if norm.effect != Effect::Prohibit || !self.is_given(norm.span) || self.idle.contains(&id) {
                continue;
            }
            let Some((again, activity)) = self.hole_after(id, last) else { continue };
            let later = &self.program.norms[again.at()];
            let (at, place, first) = (self.head(later.span), self.head(norm.span), later.period.from);
            let witness = self.witnesses.told(
                &format!("{}, a day after `{}`", last.next(), norm.name),
                &activity,
                Verdict::NotCovered.name(),
            );
            self.find(Subject::Norm(again), |report| {
                report.hole(at, (&later.name, first), (&norm.name, last), place, witness);
            });
        }
    }

    /// The norm that prohibits the same again after a hole, and an activity on the first day of the hole.
    fn hole_after(&self, id: NormId, last: Date) -> Option<(NormId, Activity)> {
        let norm = &self.program.norms[id.at()];
        let regime = self.program.regime_of(norm.paragraph);
        let asks_the_same = |other: &NormId| {
            let other = &self.program.norms[other.at()];
            other.effect == Effect::Prohibit
                && self.program.regime_of(other.paragraph) == regime
                && (&other.actions, &other.when) == (&norm.actions, &norm.when)
        };
        let later = NormId::all(self.program.norms.len()).filter(asks_the_same);
        let begins = |other: &NormId| self.program.norms[other.at()].period.from;
        let again = later.filter(|other| begins(other) > last.next()).min_by_key(begins)?;
        if self.idle.contains(&again) || !self.is_given(self.program.norms[again.at()].span) {
            return None;
        }
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let level = sheet.verdict(id).ok()?;
        let date = &self.program.schema.activity().fields[self.program.schema.core.date.at()].name;
        let first = begins(&again);
        for activity in self.witnesses.activities(&sheet, level, |leaf| leaf == Verdict::Prohibited as u32, id) {
            let on = |activity: &Activity, day: Date| activity.clone().set(date, day);
            let shows = |activity: &Activity| {
                self.decides(&on(activity, last), id)
                    && self.decides(&on(activity, first), again)
                    && [last.next(), first.previous()].iter().all(|day| self.is_free(&on(activity, *day)))
            };
            if shows(&activity) {
                let smallest = activity.without_needless(&["complete"], &shows);
                let free = on(&smallest, last.next());
                let confirmed = self.witnesses.is_confirmed(&on(&smallest, last), Verdict::Prohibited)
                    && self.witnesses.is_confirmed(&free, Verdict::NotCovered);
                return confirmed.then_some((again, free));
            }
        }
        None
    }

    /// Whether it is prohibited, and the norm decides it.
    fn decides(&self, activity: &Activity, id: NormId) -> bool {
        self.witnesses.answer(activity).is_some_and(|answer| {
            answer.possible.settled() == Some(Verdict::Prohibited)
                && answer.lines.iter().flat_map(|line| &line.norms).any(|norm| norm.id == id && norm.decides)
        })
    }

    fn is_free(&self, activity: &Activity) -> bool {
        let answer = self.witnesses.answer(activity);
        answer.is_some_and(|answer| answer.possible.settled() == Some(Verdict::NotCovered))
    }
}
