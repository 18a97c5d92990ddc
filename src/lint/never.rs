//! Norms that can never apply, and exceptions that can never lift.

use crate::check::program::{Effect, ExitId, NormId, Period, Program, Subject};
use crate::diagnostics::code;
use crate::diagram::table::NO;
use crate::facts::Activity;
use crate::witness::cells::Sheet;

use super::{Linting, MOST_NODES};

/// What is known of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Yes,
    No,
    /// Over the budget.
    Unsure,
}

impl Linting<'_> {
    pub(super) fn never_applies(&mut self) {
        for id in NormId::all(self.program.norms.len()) {
            let norm = &self.program.norms[id.at()];
            // The checker has said so of a norm that is replaced before it begins.
            if is_empty(norm.period) {
                self.idle.insert(id);
                continue;
            }
            if !self.is_given(norm.span) {
                continue;
            }
            match self.reaches_nothing(id) {
                Known::Yes => {
                    self.idle.insert(id);
                    let why = self.open.conflict(&[id], &self.open.parts_of_norm(id));
                    let at = self.head(norm.span);
                    self.find(Subject::Norm(id), |report| {
                        report.never_applies(at, &norm.name).maybe_help(why);
                    });
                }
                Known::No => {}
                Known::Unsure => drop(self.unsure.insert((code::NEVER_APPLIES.id(), Subject::Norm(id)))),
            }
        }
    }

    fn reaches_nothing(&self, id: NormId) -> Known {
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let drawn = sheet.reaches(id);
        if drawn == Ok(NO) {
            return Known::Yes;
        }
        let reached = |activity: &Activity| {
            self.witnesses.answer(activity).is_some_and(|answer| self.witnesses.reached(&answer, id).is_some())
        };
        if let Ok(drawn) = drawn
            && self.witnesses.activities(&sheet, drawn, |leaf| leaf == 1, id).iter().any(reached)
        {
            return Known::No;
        }
        match self.open.worlds(&[id]).can_reach(id) {
            Ok(true) => Known::No,
            Ok(false) => Known::Yes,
            Err(_) => Known::Unsure,
        }
    }

    pub(super) fn never_lifts(&mut self) {
        for at in 0..self.program.exits.len() {
            let id = ExitId(at as u32);
            if self.is_given(self.program.exits[at].span) {
                self.never_lifts_of(id);
            }
        }
    }

    fn never_lifts_of(&mut self, id: ExitId) {
        let exit = &self.program.exits[id.at()];
        let (subject, at) = (Subject::Exit(id), self.head(exit.span));
        let mut never: Vec<(&str, Vec<NormId>)> = Vec::new();
        let mut all = true;
        let names: Vec<(&str, Vec<NormId>)> = match exit.of {
            Some(norm) => vec![(self.program.norms[norm.at()].name.as_str(), vec![norm])],
            None => exit.lifts.iter().map(|name| (name.as_str(), named(self.program, name))).collect(),
        };
        for (name, norms) in names {
            // What never applies needs no exception: that is another finding.
            let norms: Vec<NormId> = norms.into_iter().filter(|norm| !self.idle.contains(norm)).collect();
            if norms.is_empty() {
                continue;
            }
            match self.lifts_none(id, &norms) {
                Known::Yes => never.push((name, norms)),
                Known::No => all = false,
                Known::Unsure => {
                    all = false;
                    self.unsure.insert((code::NEVER_LIFTS.id(), subject));
                }
            }
        }
        if all && !never.is_empty() {
            let why = match never.as_slice() {
                [(_, norms)] if norms.len() == 1 => self.why_never(id, norms[0]),
                _ => None,
            };
            let of = never.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.find(subject, |report| {
                report.never_lifts(at, &exit.name, &of).maybe_help(why);
            });
            return;
        }
        for (name, norms) in never {
            let why = if norms.len() == 1 { self.why_never(id, norms[0]) } else { None };
            self.find(subject, |report| {
                report.never_lifts(at, &exit.name, &format!("`{name}`")).maybe_help(why);
            });
        }
    }

    fn why_never(&self, exit: ExitId, norm: NormId) -> Option<String> {
        let parts = [self.open.parts_of_norm(norm), self.open.parts_of_exit(exit)].concat();
        self.open.conflict(&[norm], &parts)
    }

    /// Whether an exit is closed wherever these norms reach.
    fn lifts_none(&self, exit: ExitId, norms: &[NormId]) -> Known {
        for &norm in norms {
            match self.never_meet(norm, exit) {
                Known::Yes => {}
                known => return known,
            }
        }
        Known::Yes
    }

    fn never_meet(&self, norm: NormId, exit: ExitId) -> Known {
        // The days of an exemption may not be those of the norm, and then it is not among its exits.
        if !self.program.norms[norm.at()].exits.contains(&exit) {
            return Known::Yes;
        }
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let both = sheet.meet(norm, exit);
        if both == Ok(NO) {
            return Known::Yes;
        }
        let opened = |activity: &Activity| self.opens(activity, norm, [exit]) == Some([true]);
        if let Ok(both) = both
            && self.witnesses.activities(&sheet, both, |leaf| leaf == 1, norm).iter().any(opened)
        {
            return Known::No;
        }
        match self.open.worlds(&[norm]).can_meet(norm, exit) {
            Ok(true) => Known::No,
            Ok(false) => Known::Yes,
            Err(_) => Known::Unsure,
        }
    }
}

/// The norms that an exemption from this name lifts: of an instrument or regime, its prohibitions.
fn named(program: &Program, name: &str) -> Vec<NormId> {
    NormId::all(program.norms.len())
        .filter(|id| {
            let norm = &program.norms[id.at()];
            let paragraph = &program.paragraphs[norm.paragraph.at()];
            let instrument = &program.instruments[paragraph.instrument.at()];
            let regime = &program.regimes[instrument.regime.at()];
            norm.name == name
                || paragraph.name == name
                || (norm.effect == Effect::Prohibit && (instrument.name == name || regime.name == name))
        })
        .collect()
}

fn is_empty(period: Period) -> bool {
    period.through.is_some_and(|through| through < period.from)
}
