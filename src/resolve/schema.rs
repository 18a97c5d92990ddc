//! What can be said of an activity, and who legislates: the declarations that need no further check.
//!
//! The checked program (`check`) shows these types under its own name.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::value::{Date, Decimal, Unit, WorkingDays};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(pub u32);
        impl $name {
            pub fn at(self) -> usize { self.0 as usize }
        }
    )*};
}

ids! {
    TaxonomyId; RecordId; GroupId; ListId;
    RegimeId; InstrumentId; ParagraphId;
    /// Of `Program::norms`, in the order of the texts.
    NormId;
    /// Of `Program::exits`: exceptions and exemptions, in the order of the texts.
    ExitId;
    DefinitionId; ReadingId;
    /// Of the fields of one record; the activity is a record too.
    FieldId;
}

/// What can be said of an activity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    pub taxonomies: Vec<Taxonomy>,
    /// `records[0]` is the activity.
    pub records: Vec<Record>,
    pub units: Vec<UnitInfo>,
    pub groups: Vec<Group>,
    pub lists: Vec<List>,
    pub working_days: WorkingDays,
    /// The fields that the semantics itself names.
    pub core: Core,
}

impl Schema {
    /// The fields of a record by which others may refer to it.
    pub fn id_fields(&self, record: RecordId) -> [Option<FieldId>; 2] {
        ["id", "ids"].map(|name| self.records[record.at()].by_name.get(name).copied())
    }

    /// Where a chain of references leads on that begins with a field of a record: the field of the same name of a party.
    pub fn onward(&self, record: RecordId, field: FieldId) -> Option<(RecordId, FieldId)> {
        let Type::Record(party) = self.activity().fields[self.core.parties?.at()].ty else { return None };
        let name = &self.records[record.at()].fields[field.at()].name;
        Some((party, *self.records[party.at()].by_name.get(name)?))
    }

    /// The record of the activity itself.
    pub fn activity(&self) -> &Record {
        &self.records[ACTIVITY.at()]
    }

    /// Whether an activity without an amount is one of these.
    pub fn is_counted(&self, unit: Unit) -> bool {
        match unit {
            Unit::Measure(id) => self.units[id.0 as usize].counted,
            Unit::Money(_) => false,
        }
    }

    pub fn unit_name(&self, unit: Unit) -> String {
        match unit {
            Unit::Measure(id) => self.units[id.0 as usize].name.clone(),
            Unit::Money(currency) => currency.to_string(),
        }
    }
}

/// The record id of the activity.
pub(crate) const ACTIVITY: RecordId = RecordId(0);

/// Fields of the activity that the definition of a decision refers to. The
/// checker refuses a schema without `date`, `action` or `actor_state`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Core {
    pub date: FieldId,
    pub action: FieldId,
    pub actor_state: FieldId,
    /// yes or no: the activity is *not doing* the action.
    pub omission: Option<FieldId>,
    /// `item : item coded by hs`: the field of goods and the field of HS codes that describe the same thing.
    pub goods: Option<(FieldId, FieldId)>,
    /// `parties : list of party`, and the field of a party that holds its role.
    pub parties: Option<FieldId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Taxonomy {
    pub name: String,
    /// In pre-order: the branch of a term is `t..terms[t].end`.
    pub terms: Vec<Term>,
    // INVARIANT: names of one taxonomy are unique; `by_name[terms[t].name] == t`.
    pub by_name: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub name: String,
    pub title: Option<String>,
    pub parent: Option<u32>,
    /// One past the last term of the branch.
    pub end: u32,
    /// The HS codes that the term itself carries, as half-open ranges of ten-digit codes; sorted.
    pub codes: Vec<(u64, u64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub name: String,
    pub fields: Vec<Field>,
    /// The field called `role`, if the record has one: quantifiers name its terms.
    pub role: Option<FieldId>,
    // INVARIANT: `by_name[fields[f].name] == f`.
    pub by_name: BTreeMap<String, FieldId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub name: String,
    pub ty: Type,
    /// The field holds a list of `ty`.
    pub many: bool,
    pub required: bool,
    /// The question to ask when the fact is missing; made from the name when none was declared.
    pub question: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Term(TaxonomyId),
    /// A term of that taxonomy without a parent: a country, of the places.
    Root(TaxonomyId),
    Hs,
    Date,
    YesNo,
    Text,
    /// An amount of declared units: one fact per unit.
    Quantity,
    /// An amount of money: one fact per currency.
    Money,
    /// A country (a root of that taxonomy), or the id of a party or authority.
    Reference(TaxonomyId),
    /// A declared list, with or without one of its measures.
    Listing,
    Record(RecordId),
}

impl Type {
    /// The vocabulary of its values; `None` where these are no terms.
    pub fn taxonomy(self) -> Option<TaxonomyId> {
        match self {
            Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) => Some(taxonomy),
            Type::Hs
            | Type::Date
            | Type::YesNo
            | Type::Text
            | Type::Quantity
            | Type::Money
            | Type::Listing
            | Type::Record(_) => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct UnitInfo {
    pub name: String,
    pub title: Option<String>,
    /// An activity that states no amount counts one of these, when complete.
    pub counted: bool,
    /// The base unit and how many of it this one is; itself and 1 for a base unit.
    pub base: (Unit, Decimal),
}

/// A named set of terms with the days of membership.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub name: String,
    pub title: Option<String>,
    pub taxonomy: TaxonomyId,
    /// Both ends inclusive; `None` is open.
    pub members: BTreeMap<u32, (Option<Date>, Option<Date>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct List {
    pub name: String,
    pub title: Option<String>,
    pub measures: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Regime {
    pub name: String,
    pub title: String,
    pub authorities: Vec<(String, String)>,
    /// Binds the members on the day; everybody when `None`.
    pub binds: Option<GroupId>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Instrument {
    pub name: String,
    /// `S/RES/2321 (2016)`
    pub citation: String,
    pub regime: RegimeId,
    pub adopted: Date,
    pub span: Span,
}
