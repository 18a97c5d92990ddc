//! What hosts that hold codes name: fields, terms and units, each looked up once.

use crate::check::program::{FieldId, Schema, TaxonomyId, Type};
use crate::facts::question::{Reference, State, Value};
use crate::facts::tape::Cell;
use crate::facts::{self, FactsError};
use crate::ruleset::{Mark, Ruleset};
use crate::value::{Currency, Decimal, Raw, Unit};

/// Names one field of the activity; see [`Ruleset::field`].
///
/// Like terms and units it is good for every ruleset with the same vocabulary: when norms were changed, and no field, word
/// or unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldRef {
    pub(super) mark: Mark,
    pub(super) field: FieldId,
}

/// Names one term of a vocabulary; see [`Ruleset::term`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TermRef {
    pub(super) mark: Mark,
    pub(super) taxonomy: TaxonomyId,
    pub(super) term: u32,
}

/// Names one unit or currency; see [`Ruleset::unit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitRef {
    pub(super) mark: Mark,
    name: UnitName,
    /// The base unit, and how many of it one is.
    pub(super) base: (Unit, Decimal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum UnitName {
    Declared(u32),
    Currency(Currency),
}

impl Ruleset {
    /// Looks up a field of the activity.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn field(&self, name: &str) -> Result<FieldRef, FactsError> {
        let schema = &self.program().schema;
        if let Some(&field) = schema.activity().by_name.get(name) {
            return Ok(FieldRef { mark: self.mark(), field });
        }
        // The ordinary way knows what to say of it; of what stands beside the fields there is nothing wrong to say.
        let stated = Raw::Map(vec![(name.to_owned(), Raw::Null)]);
        Err(self.bind(&stated).err().unwrap_or_else(|| FactsError::one(name, "this is no field of the activity")))
    }

    /// Looks up a term of the vocabulary of a field; a country, where a field refers to somebody.
    ///
    /// # Errors
    ///
    /// When the field takes no such term, or is one of another vocabulary.
    pub fn term(&self, field: FieldRef, name: &str) -> Result<TermRef, FactsError> {
        let mark = self.mark();
        if field.mark != mark {
            return Err(FactsError::one("", OTHER_FIELD));
        }
        let declared = &self.program().schema.activity().fields[field.field.at()];
        let stated = facts::bind_field(self.program(), field.field, &Raw::from(name))?;
        let value = match &stated {
            State::Is(value) => Some(value),
            State::List(elements) => match elements.as_slice() {
                [State::Is(value)] => Some(value),
                _ => None,
            },
            State::Unstated | State::Unknown | State::None => None,
        };
        match (declared.ty, value) {
            (Type::Term(taxonomy) | Type::Root(taxonomy), Some(&Value::Term(term)))
            | (Type::Reference(taxonomy), Some(&Value::Reference(Reference::Country(term)))) => {
                Ok(TermRef { mark, taxonomy, term })
            }
            _ => Err(FactsError::one(&declared.name, "this is stated without a term")),
        }
    }

    /// Looks up a declared unit, or a currency by its three letters.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn unit(&self, name: &str) -> Result<UnitRef, FactsError> {
        let units = &self.program().schema.units;
        let declared = units.iter().position(|unit| unit.name == name);
        let declared = declared.map(|at| (UnitName::Declared(at as u32), units[at].base));
        let currency = || Currency::parse(name).map(|it| (UnitName::Currency(it), (Unit::Money(it), Decimal::ONE)));
        match declared.or_else(currency) {
            Some((name, base)) => Ok(UnitRef { mark: self.mark(), name, base }),
            None => Err(FactsError::one("", "no unit or currency has this name")),
        }
    }
}

pub(super) const OTHER_FIELD: &str = "a field of another vocabulary was named here";

impl TermRef {
    /// `None` where a field takes no such term.
    pub(super) fn cell(self, schema: &Schema, ty: Type) -> Option<Cell> {
        let is_root = || schema.taxonomies[self.taxonomy.at()].terms[self.term as usize].parent.is_none();
        match ty {
            Type::Term(taxonomy) if taxonomy == self.taxonomy => Some(Cell::Term(self.term)),
            Type::Root(taxonomy) if taxonomy == self.taxonomy && is_root() => Some(Cell::Term(self.term)),
            Type::Reference(taxonomy) if taxonomy == self.taxonomy && is_root() => Some(Cell::Country(self.term)),
            _ => None,
        }
    }

    pub(super) fn raw(self, schema: &Schema) -> Raw {
        Raw::from(&schema.taxonomies[self.taxonomy.at()].terms[self.term as usize].name)
    }
}

impl UnitRef {
    pub(super) fn name(self, schema: &Schema) -> String {
        match self.name {
            UnitName::Declared(at) => schema.units[at as usize].name.clone(),
            UnitName::Currency(currency) => currency.to_string(),
        }
    }
}
