//! What defeats what: `replaces` ends, `except` and `exempt from` lift.

use std::collections::BTreeMap;

use crate::resolve::declarations::Target;
use crate::resolve::nearest::did_you_mean;
use crate::source::Span;
use crate::syntax::tree::Reference;
use crate::value::Date;

use super::Checker;
use super::circles::circles;
use super::periods::{both, is_empty};
use super::program::{Effect, ExitId, InstrumentId, NormId, NormRef, ParagraphId, Period, Program, RegimeId};

impl<'t> Checker<'_, 't> {
    /// Ends what is replaced on the day before its successor begins.
    pub(super) fn replace(&mut self, program: &mut Program) {
        let before: Vec<Period> = program.norms.iter().map(|norm| norm.period).collect();
        for (by, reference) in self.replacements() {
            let Some(target) = self.target(reference, "norm, paragraph or exception") else { continue };
            let end = program.paragraphs[by.at()].from.previous();
            match target {
                Target::Norm(norm) => end_norm(program, norm, end, by),
                Target::Exit(exit) => {
                    end_period(&mut program.exits[exit.at()].period, end);
                }
                Target::Paragraph(paragraph) => end_paragraph(program, paragraph, end, by),
                Target::Regime(_) | Target::Instrument(_) => {
                    self.report.replaces_too_much(reference.span, &reference.it);
                }
            }
        }
        for (norm, before) in program.norms.iter().zip(before) {
            if is_empty(norm.period) && !is_empty(before) {
                let by = norm.replaced_by.map(|by| program.paragraphs[by.at()].span);
                self.report.never_in_force(norm.span, &norm.name, norm.period.from, by);
            }
        }
        for exit in &mut program.exits {
            let Some(norm) = exit.of.map(|norm| &program.norms[norm.at()]) else { continue };
            exit.period = both(exit.period, norm.period);
        }
    }

    fn replacements(&self) -> Vec<(ParagraphId, &'t Reference)> {
        let mut all = Vec::new();
        for (at, paragraph) in self.decl.paragraphs.iter().enumerate() {
            all.extend(paragraph.written.replaces.iter().map(|reference| (ParagraphId(at as u32), reference)));
        }
        all
    }

    /// Gives every norm its own exceptions and the exemptions that reach it.
    pub(super) fn attach(&mut self, program: &mut Program) {
        for at in 0..program.exits.len() {
            let id = ExitId(at as u32);
            match program.exits[at].of {
                Some(norm) => program.norms[norm.at()].exits.push(id),
                None => self.attach_exemption(program, id),
            }
        }
        for norm in &mut program.norms {
            norm.exits.sort_unstable();
            norm.exits.dedup();
        }
    }

    fn attach_exemption(&mut self, program: &mut Program, exit: ExitId) {
        let regime = self.decl.regime_of(program.exits[exit.at()].paragraph);
        for reference in self.decl.exits[exit.at()].from {
            let Some(target) = self.target(reference, "norm, paragraph, instrument or regime") else { continue };
            if let Target::Exit(_) = target {
                self.report.exempt_from_exit(reference.span, &reference.it);
                continue;
            }
            if self.regime_of_target(target) != regime {
                let regime = &self.decl.regimes[regime.at()].name;
                self.report.other_regime(reference.span, &reference.it, regime);
                continue;
            }
            let mut reached = false;
            let period = program.exits[exit.at()].period;
            for (at, norm) in program.norms.iter_mut().enumerate() {
                if self.reaches(target, NormId(at as u32), norm.effect) {
                    reached = true;
                    // An exemption that ended before the norm began is closed on every day of the norm.
                    if !is_empty(both(period, norm.period)) {
                        norm.exits.push(exit);
                    }
                }
            }
            if !reached {
                self.report.exempts_nothing(reference.span, &reference.it);
            }
        }
    }

    /// By its instrument or regime only a prohibition is lifted; by its own name or its paragraph's any norm.
    fn reaches(&self, target: Target, norm: NormId, effect: Effect) -> bool {
        let paragraph = self.decl.norms[norm.at()].paragraph;
        let prohibition = effect == Effect::Prohibit;
        match target {
            Target::Norm(named) => named == norm,
            Target::Paragraph(named) => named == paragraph,
            Target::Instrument(named) => prohibition && self.instrument_of(paragraph) == named,
            Target::Regime(named) => prohibition && self.decl.regime_of(paragraph) == named,
            Target::Exit(_) => false,
        }
    }

    fn instrument_of(&self, paragraph: ParagraphId) -> InstrumentId {
        self.decl.paragraphs[paragraph.at()].instrument
    }

    fn regime_of_target(&self, target: Target) -> RegimeId {
        match self.paragraph_of(target) {
            Some(paragraph) => self.decl.regime_of(paragraph),
            None => match target {
                Target::Instrument(instrument) => self.decl.instruments[instrument.at()].regime,
                Target::Regime(regime) => regime,
                Target::Paragraph(_) | Target::Norm(_) | Target::Exit(_) => unreachable!("these stand in a paragraph"),
            },
        }
    }

    fn paragraph_of(&self, target: Target) -> Option<ParagraphId> {
        match target {
            Target::Paragraph(paragraph) => Some(paragraph),
            Target::Norm(norm) => Some(self.decl.norms[norm.at()].paragraph),
            Target::Exit(exit) => Some(self.decl.exits[exit.at()].paragraph),
            Target::Regime(_) | Target::Instrument(_) => None,
        }
    }

    /// What a reference names, reported when that is nothing.
    fn target(&mut self, reference: &Reference, kind: &str) -> Option<Target> {
        let targets = &self.decl.names.targets;
        let found = targets.get(&reference.it).copied();
        if found.is_none() {
            let help = did_you_mean(&reference.it, targets.keys().map(String::as_str));
            self.report.dangling_reference(reference.span, kind, &reference.it, help);
        }
        found
    }

    /// The norm, or any norm of the paragraph, that a scenario expects to decide.
    pub(super) fn norm_ref(&mut self, reference: &Reference) -> Option<NormRef> {
        match self.target(reference, "norm or paragraph")? {
            Target::Norm(norm) => Some(NormRef::Norm(norm)),
            Target::Paragraph(paragraph) => Some(NormRef::Paragraph(paragraph)),
            Target::Regime(_) | Target::Instrument(_) | Target::Exit(_) => {
                self.report.no_norm(reference.span, &reference.it);
                None
            }
        }
    }

    /// `replaces`, and exemptions that name a norm or its paragraph, must not lead back.
    ///
    /// An exemption from a whole instrument or regime is no part of this: it
    /// cannot help reaching what stands beside it and what comes after it.
    pub(super) fn refuse_circles(&mut self) {
        let mut edges: BTreeMap<(u32, u32), Span> = BTreeMap::new();
        for (by, reference) in self.replacements() {
            let target = self.decl.names.targets.get(&reference.it).copied();
            if let Some(of) = target.and_then(|target| self.paragraph_of(target)) {
                edges.entry((by.0, of.0)).or_insert(reference.span);
            }
        }
        for exit in &self.decl.exits {
            for reference in exit.from {
                let target = self.decl.names.targets.get(&reference.it).copied();
                if let Some(of) = target.and_then(|target| self.paragraph_of(target))
                    && of != exit.paragraph
                {
                    edges.entry((exit.paragraph.0, of.0)).or_insert(reference.span);
                }
            }
        }
        for circle in circles(edges.keys().copied()) {
            let next = circle.iter().cycle().skip(1);
            let steps: Vec<(Span, &str)> = circle
                .iter()
                .zip(next)
                .map(|(from, to)| (edges[&(*from, *to)], self.decl.paragraphs[*from as usize].name.as_str()))
                .collect();
            self.report.defeat_cycle(&steps);
        }
    }
}

/// True when this is what ends it: what ended earlier stays as it is.
fn end_period(period: &mut Period, end: Date) -> bool {
    let earlier = period.through.is_some_and(|through| through <= end);
    if !earlier {
        period.through = Some(end);
    }
    !earlier
}

fn end_norm(program: &mut Program, norm: NormId, end: Date, by: ParagraphId) {
    let norm = &mut program.norms[norm.at()];
    if end_period(&mut norm.period, end) {
        norm.replaced_by = Some(by);
    }
}

/// Ends a paragraph with its norms and its exits.
fn end_paragraph(program: &mut Program, paragraph: ParagraphId, end: Date, by: ParagraphId) {
    let ended = &mut program.paragraphs[paragraph.at()];
    if ended.through.is_none_or(|through| end < through) {
        ended.through = Some(end);
    }
    for at in 0..program.norms.len() {
        if program.norms[at].paragraph == paragraph {
            end_norm(program, NormId(at as u32), end, by);
        }
    }
    for exit in program.exits.iter_mut().filter(|exit| exit.paragraph == paragraph) {
        end_period(&mut exit.period, end);
    }
}
