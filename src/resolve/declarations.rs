//! Everything that the texts declare, by name.

use std::collections::BTreeMap;

use crate::diagnostics::Report;
use crate::source::Span;
use crate::syntax::tree::{self, Name};

use super::nearest::did_you_mean;
use super::schema::{
    DefinitionId, ExitId, FieldId, GroupId, Instrument, InstrumentId, ListId, NormId, ParagraphId, ReadingId, RecordId,
    Regime, RegimeId, Schema, TaxonomyId,
};

/// The tables of one compilation. Bodies are still trees: `check` reads them.
#[derive(Debug, Default)]
pub(crate) struct Declarations<'t> {
    pub schema: Schema,
    pub regimes: Vec<Regime>,
    pub instruments: Vec<Instrument>,
    pub paragraphs: Vec<Paragraph<'t>>,
    pub norms: Vec<Norm<'t>>,
    pub exits: Vec<Exit<'t>>,
    pub definitions: Vec<Definition<'t>>,
    pub readings: Vec<Reading<'t>>,
    pub presumptions: Vec<Presumption<'t>>,
    pub fields: BTreeMap<(RecordId, FieldId), &'t tree::Field>,
    pub names: Names,
}

/// From a name to its declaration.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub taxonomies: BTreeMap<String, TaxonomyId>,
    pub records: BTreeMap<String, RecordId>,
    /// Index into `Schema::units`.
    pub units: BTreeMap<String, usize>,
    pub groups: BTreeMap<String, GroupId>,
    pub lists: BTreeMap<String, ListId>,
    pub instruments: BTreeMap<String, InstrumentId>,
    pub definitions: BTreeMap<String, DefinitionId>,
    pub readings: BTreeMap<String, ReadingId>,
    /// Authorities of all regimes.
    pub authorities: BTreeMap<String, Vec<RegimeId>>,
    /// What `replaces`, `exempt from` and `expect … by` may name: `dprk`, `R1718`, `R1718/8(d)`, `R1718/9.basic`.
    pub targets: BTreeMap<String, Target>,
}

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Regime(RegimeId),
    Instrument(InstrumentId),
    Paragraph(ParagraphId),
    Norm(NormId),
    Exit(ExitId),
}

#[derive(Debug)]
pub(crate) struct Paragraph<'t> {
    pub instrument: InstrumentId,
    /// `R2321/11(a)`
    pub name: String,
    /// `S/RES/2321 (2016), para. 11(a)`
    pub citation: String,
    pub written: &'t tree::Paragraph,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Norm<'t> {
    /// `R2321/11(a)`, or `R1874/9.finance` in a paragraph with several norms.
    pub name: String,
    pub paragraph: ParagraphId,
    pub written: &'t tree::Norm,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Exit<'t> {
    /// `R1874/10.small_arms`
    pub name: String,
    pub paragraph: ParagraphId,
    /// The norm whose exception it is.
    pub of: Option<NormId>,
    /// What an exemption lifts, as written; empty for an exception.
    pub from: &'t [tree::Reference],
    pub body: &'t tree::ExitBody,
    /// Of its name.
    pub place: Span,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Definition<'t> {
    pub name: String,
    pub of: Option<RecordId>,
    /// The definition, then what widens it.
    pub parts: Vec<(ParagraphId, &'t tree::Define, Span)>,
}

#[derive(Debug)]
pub(crate) struct Reading<'t> {
    pub paragraph: ParagraphId,
    pub written: &'t tree::Reading,
}

#[derive(Debug)]
pub(crate) struct Presumption<'t> {
    /// Where it stands, if in a paragraph.
    pub paragraph: Option<ParagraphId>,
    pub written: &'t tree::Presume,
}

impl<'t> Declarations<'t> {
    pub fn taxonomy(&self, name: &Name, report: &mut Report) -> Option<TaxonomyId> {
        let found = self.names.taxonomies.get(&name.it).copied();
        if found.is_none() && name.it == "country" {
            let help = "countries are what stands at the top of the taxonomy `place`".to_owned();
            report.unknown_name(name.span, "taxonomy", &name.it, Some(help));
            return None;
        }
        find(&self.names.taxonomies, "taxonomy", name, report)
    }

    pub fn record(&self, name: &Name, report: &mut Report) -> Option<RecordId> {
        find(&self.names.records, "record", name, report)
    }

    pub fn group(&self, name: &Name, report: &mut Report) -> Option<GroupId> {
        find(&self.names.groups, "group", name, report)
    }

    pub fn list(&self, name: &Name, report: &mut Report) -> Option<ListId> {
        find(&self.names.lists, "list", name, report)
    }

    pub fn instrument(&self, name: &Name, report: &mut Report) -> Option<InstrumentId> {
        find(&self.names.instruments, "instrument", name, report)
    }

    /// The number of a term in its taxonomy.
    pub fn term(&self, taxonomy: TaxonomyId, name: &Name, report: &mut Report) -> Option<u32> {
        let taxonomy = &self.schema.taxonomies[taxonomy.at()];
        find(&taxonomy.by_name, &format!("term of taxonomy `{}`", taxonomy.name), name, report)
    }

    /// The regime of a paragraph.
    pub fn regime_of(&self, paragraph: ParagraphId) -> RegimeId {
        self.instruments[self.paragraphs[paragraph.at()].instrument.at()].regime
    }
}

/// Looks a name up; reports it when it is not there.
pub(crate) fn find<T: Copy>(table: &BTreeMap<String, T>, kind: &str, name: &Name, report: &mut Report) -> Option<T> {
    let found = table.get(&name.it).copied();
    // A name that is not there was missed before.
    if found.is_none() && !name.it.is_empty() {
        report.unknown_name(name.span, kind, &name.it, did_you_mean(&name.it, table.keys().map(String::as_str)));
    }
    found
}
