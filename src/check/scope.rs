//! What a name means at a place: the record at hand first, then the activity.

use crate::resolve::nearest::did_you_mean;
use crate::syntax::tree::Name;
use crate::value::Date;

use super::Checker;
use super::program::{ACTIVITY, DefinitionId, Fact, Field, ParagraphId, Record, RecordId, RegimeId, Schema, Type};

/// Where a condition stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Of the instrument at hand.
    pub adopted: Option<Date>,
    pub regime: Option<RegimeId>,
    /// The names under which an act or finding counts for this provision.
    pub provision: Vec<String>,
    /// The record at hand, inside braces and in definitions `of` a record.
    pub record: Option<RecordId>,
    /// The definition that the condition is a part of.
    pub definition: Option<DefinitionId>,
    pub property: bool,
}

impl Scope {
    /// Inside the braces of a quantifier.
    pub fn within(&self, record: RecordId) -> Scope {
        Scope { record: Some(record), ..self.clone() }
    }
}

impl<'a> Checker<'a, '_> {
    pub(super) fn scope_of(&self, paragraph: ParagraphId) -> Scope {
        let paragraph = &self.decl.paragraphs[paragraph.at()];
        let instrument = &self.decl.instruments[paragraph.instrument.at()];
        Scope {
            adopted: Some(instrument.adopted),
            regime: Some(instrument.regime),
            provision: vec![paragraph.name.clone()],
            ..Scope::default()
        }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        &self.decl.schema
    }

    pub(super) fn activity(&self) -> &'a Record {
        self.record(ACTIVITY)
    }

    pub(super) fn record(&self, id: RecordId) -> &'a Record {
        &self.decl.schema.records[id.at()]
    }

    /// The field that a name means here, if there is one.
    pub(super) fn fact_named(&self, name: &str, scope: &Scope) -> Option<(Fact, &'a Field)> {
        let own = scope.record.and_then(|record| {
            let record = self.record(record);
            record.by_name.get(name).map(|&id| (Fact::Own(id), &record.fields[id.at()]))
        });
        own.or_else(|| {
            let activity = self.activity();
            activity.by_name.get(name).map(|&id| (Fact::Activity(id), &activity.fields[id.at()]))
        })
    }

    /// The field that a name means here; reported when there is none.
    pub(super) fn fact(&mut self, name: &Name, scope: &Scope) -> Option<(Fact, &'a Field)> {
        let found = self.fact_named(&name.it, scope);
        if found.is_none() {
            let (kind, own) = match scope.record {
                Some(record) => {
                    let record = self.record(record);
                    (format!("field of `{}` or of the activity", record.name), Some(record))
                }
                None => ("field of the activity".to_owned(), None),
            };
            let own = own.into_iter().flat_map(|record| record.by_name.keys());
            let known = own.chain(self.activity().by_name.keys()).map(String::as_str);
            let help = did_you_mean(&name.it, known);
            self.report.unknown_name(name.span, &kind, &name.it, help);
        }
        found
    }

    /// A field of the activity, reported when there is none.
    pub(super) fn activity_field(&mut self, name: &Name) -> Option<(super::program::FieldId, &'a Field)> {
        match self.fact(name, &Scope::default())? {
            (Fact::Activity(id), field) => Some((id, field)),
            (Fact::Own(_), _) => None,
        }
    }

    /// What a field holds, in words.
    pub(super) fn in_words(&self, field: &Field) -> String {
        let schema = self.schema();
        let one = match field.ty {
            Type::Term(taxonomy) => format!("a term of `{}`", schema.taxonomies[taxonomy.at()].name),
            Type::Root(_) => "a country".to_owned(),
            Type::Hs => "an HS code".to_owned(),
            Type::Date => "a date".to_owned(),
            Type::YesNo => "yes or no".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Quantity => "an amount with a unit".to_owned(),
            Type::Money => "an amount of money".to_owned(),
            Type::Reference(_) => "a country or an id".to_owned(),
            Type::Listing => "the name of a list".to_owned(),
            Type::Record(record) => format!("a record `{}`", schema.records[record.at()].name),
        };
        if field.many { format!("a list, each {one}") } else { one }
    }
}
