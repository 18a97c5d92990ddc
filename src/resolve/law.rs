//! Regimes, instruments, and what stands in their paragraphs.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::syntax::tree::{self, Clause};

use super::declarations::{Definition, Exit, Norm, Paragraph, Presumption, Reading, Target};
use super::from_syntax::{Items, Resolver};
use super::schema::{
    DefinitionId, ExitId, Instrument, InstrumentId, NormId, ParagraphId, ReadingId, RecordId, Regime, RegimeId,
};

impl<'t> Resolver<'t, '_> {
    /// Names and dates only, so that dates anywhere can refer to them.
    pub(super) fn instruments(&mut self, items: &Items<'t>) {
        for written in &items.instruments {
            let name = &written.name;
            if !self.is_new("regime or instrument", &name.it, name.span) {
                continue;
            }
            let id = InstrumentId(self.out.instruments.len() as u32);
            self.out.names.instruments.insert(name.it.clone(), id);
            self.out.names.targets.insert(name.it.clone(), Target::Instrument(id));
            self.out.instruments.push(Instrument {
                name: name.it.clone(),
                citation: written.citation.it.clone(),
                regime: RegimeId(0),
                adopted: written.adopted.it,
                span: name.span,
            });
        }
    }

    pub(super) fn regimes(&mut self, items: &Items<'t>) {
        for written in &items.regimes {
            let name = &written.name;
            let id = RegimeId(self.out.regimes.len() as u32);
            if self.is_new("regime or instrument", &name.it, name.span) {
                self.out.names.targets.insert(name.it.clone(), Target::Regime(id));
            } else if self.out.regimes.iter().any(|regime| regime.name == name.it) {
                continue;
            }
            let regime = self.regime(written, id);
            self.out.regimes.push(regime);
        }
    }

    fn regime(&mut self, written: &tree::Regime, id: RegimeId) -> Regime {
        let mut authorities = Vec::new();
        let mut places = BTreeMap::new();
        for (name, title) in &written.authorities {
            if let Some(first) = places.insert(name.it.as_str(), name.span) {
                self.report.duplicate_name(name.span, "authority", &name.it, first);
                continue;
            }
            let title = title.as_ref().map_or_else(|| name.it.clone(), |title| title.it.clone());
            authorities.push((name.it.clone(), title));
            self.out.names.authorities.entry(name.it.clone()).or_default().push(id);
        }
        let binds = written.binds.first().and_then(|group| self.out.group(group, self.report));
        if let Some(second) = written.binds.get(1) {
            self.report.two_groups_bound(second.span, &written.name.it);
        }
        let title = written.title.as_ref().map_or_else(|| written.name.it.clone(), |title| title.it.clone());
        Regime { name: written.name.it.clone(), title, authorities, binds, span: written.name.span }
    }

    /// Everything that stands in paragraphs, in the order of the texts.
    pub(super) fn law(&mut self, items: &Items<'t>) {
        let mut defines = Vec::new();
        for presume in &items.presumptions {
            self.out.presumptions.push(Presumption { paragraph: None, written: presume });
        }
        let mut seen = std::collections::BTreeSet::new();
        for written in &items.instruments {
            if !seen.insert(written.name.it.as_str()) {
                continue;
            }
            let Some(&id) = self.out.names.instruments.get(&written.name.it) else { continue };
            let Some(regime) = self.regime_named(&written.regime) else { continue };
            self.out.instruments[id.at()].regime = regime;
            for paragraph in &written.paragraphs {
                self.paragraph(id, paragraph, &mut defines);
            }
        }
        self.definitions(&defines);
    }

    fn regime_named(&mut self, name: &tree::Name) -> Option<RegimeId> {
        let regimes = self.out.regimes.iter().enumerate();
        let table: BTreeMap<String, RegimeId> = regimes.map(|(at, r)| (r.name.clone(), RegimeId(at as u32))).collect();
        super::declarations::find(&table, "regime", name, self.report)
    }

    fn paragraph(
        &mut self,
        instrument: InstrumentId,
        at: &'t tree::At<tree::Paragraph>,
        defines: &mut Vec<Defined<'t>>,
    ) {
        let of = &self.out.instruments[instrument.at()];
        let label = &at.it.label;
        let name = format!("{}/{}", of.name, label.it);
        let citation = format!("{}, para. {}", of.citation, label.it);
        if !self.is_new("paragraph", &name, label.span) {
            return;
        }
        let id = ParagraphId(self.out.paragraphs.len() as u32);
        self.out.names.targets.insert(name.clone(), Target::Paragraph(id));
        self.out.paragraphs.push(Paragraph { instrument, name, citation, written: &at.it, span: at.span });
        let norms = at.it.clauses.iter().filter(|clause| matches!(clause.it, Clause::Norm(_))).count();
        for clause in &at.it.clauses {
            match &clause.it {
                Clause::Define(define) => defines.push((id, define, clause.span)),
                Clause::Norm(norm) => self.norm(id, norm, norms == 1, clause.span),
                Clause::Exempt(exempt) => self.exit(id, None, &exempt.name, &exempt.from, &exempt.body, clause.span),
                Clause::Reading(reading) => self.reading(id, reading),
                Clause::Presume(presume) => {
                    self.out.presumptions.push(Presumption { paragraph: Some(id), written: presume });
                }
            }
        }
    }

    fn norm(&mut self, paragraph: ParagraphId, written: &'t tree::Norm, alone: bool, span: Span) {
        let stands_in = self.out.paragraphs[paragraph.at()].name.clone();
        let id = NormId(self.out.norms.len() as u32);
        let named = written.name.as_ref().map(|name| (format!("{stands_in}.{}", name.it), name.span));
        if let Some((name, at)) = &named
            && self.is_new("norm or exception", name, *at)
        {
            self.out.names.targets.insert(name.clone(), Target::Norm(id));
        }
        let name = match named {
            _ if alone => stands_in,
            Some((name, _)) => name,
            None => {
                self.report.norm_without_name(written.effect.span, &stands_in);
                stands_in
            }
        };
        self.out.norms.push(Norm { name, paragraph, written, span });
        for exception in &written.exceptions {
            self.exit(paragraph, Some(id), &exception.it.name, &[], &exception.it.body, exception.span);
        }
    }

    fn exit(
        &mut self,
        paragraph: ParagraphId,
        of: Option<NormId>,
        name: &tree::Name,
        from: &'t [tree::Reference],
        body: &'t tree::ExitBody,
        span: Span,
    ) {
        let full = format!("{}.{}", self.out.paragraphs[paragraph.at()].name, name.it);
        let id = ExitId(self.out.exits.len() as u32);
        if self.is_new("norm or exception", &full, name.span) {
            self.out.names.targets.insert(full.clone(), Target::Exit(id));
        }
        self.out.exits.push(Exit { name: full, paragraph, of, from, body, place: name.span, span });
    }

    fn reading(&mut self, paragraph: ParagraphId, written: &'t tree::Reading) {
        if self.is_new("definition or reading", &written.name.it, written.name.span) {
            self.not_a_field(&written.name, None);
            let id = ReadingId(self.out.readings.len() as u32);
            self.out.names.readings.insert(written.name.it.clone(), id);
            self.out.readings.push(Reading { paragraph, written });
        }
    }

    /// First what is defined, then what widens it.
    fn definitions(&mut self, defines: &[Defined<'t>]) {
        for (paragraph, written, span) in defines.iter().filter(|(_, define, _)| !define.also) {
            if !self.is_new("definition or reading", &written.name.it, written.name.span) {
                continue;
            }
            let of = written.of.as_ref().and_then(|record| self.out.record(record, self.report));
            self.not_a_field(&written.name, of);
            let id = DefinitionId(self.out.definitions.len() as u32);
            self.out.names.definitions.insert(written.name.it.clone(), id);
            self.out.definitions.push(Definition {
                name: written.name.it.clone(),
                of,
                parts: vec![(*paragraph, *written, *span)],
            });
        }
        for (paragraph, written, span) in defines.iter().filter(|(_, define, _)| define.also) {
            let names = &self.out.names.definitions;
            let Some(id) = super::declarations::find(names, "definition", &written.name, self.report) else { continue };
            let of = written.of.as_ref().and_then(|record| self.out.record(record, self.report));
            let definition = &mut self.out.definitions[id.at()];
            if let (Some(of), Some(name)) = (of, &written.of)
                && Some(of) != definition.of
            {
                let first = definition.parts[0].1.name.span;
                self.report.widened_of_another(name.span, &written.name.it, first);
                continue;
            }
            definition.parts.push((*paragraph, *written, *span));
        }
    }

    /// A condition that is one word must have one meaning.
    fn not_a_field(&mut self, name: &tree::Name, of: Option<RecordId>) {
        let schema = &self.out.schema;
        let records = std::iter::once(super::schema::ACTIVITY).chain(of);
        for record in records {
            let record = &schema.records[record.at()];
            let is_yes_no = |id: &super::schema::FieldId| record.fields[id.at()].ty == super::schema::Type::YesNo;
            if record.by_name.get(&name.it).is_some_and(is_yes_no) {
                self.report.named_like_a_field(name.span, &name.it, &record.name);
            }
        }
    }
}

type Defined<'t> = (ParagraphId, &'t tree::Define, Span);
