//! Numbers with their units, in base units.

use crate::resolve::nearest::did_you_mean;
use crate::source::Span;
use crate::syntax::tree::{Name, Number};
use crate::value::decimal::multiplied;
use crate::value::{Currency, Decimal, Unit};

use super::Checker;
use super::program::{Field, Type};

impl Checker<'_, '_> {
    /// An amount in the base unit of its dimension, to be compared with a field of amounts.
    pub(super) fn amount(&mut self, number: &Number, field: &Field) -> Option<(Unit, Decimal)> {
        let Some(name) = &number.unit else {
            self.unit_missing(number.value.span, &number.value.it.to_string(), field);
            return None;
        };
        let (unit, factor) = self.unit_for(name, field)?;
        let amount = multiplied(number.value.it, factor);
        if amount.is_none() {
            self.report.amount_too_large(number.value.span, &name.it);
        }
        Some((unit, amount?))
    }

    pub(super) fn unit_missing(&mut self, at: Span, number: &str, field: &Field) {
        let example = match field.ty {
            Type::Money => "USD",
            _ => self.schema().units.first().map_or("t", |unit| unit.name.as_str()),
        };
        self.report.unit_missing(at, &field.name, number, example);
    }

    /// The base unit and the factor of a unit that a field of amounts can be counted in.
    pub(super) fn unit_for(&mut self, name: &Name, field: &Field) -> Option<(Unit, Decimal)> {
        let (unit, factor) = self.unit(name)?;
        let fits = match field.ty {
            Type::Money => matches!(unit, Unit::Money(_)),
            _ => matches!(unit, Unit::Measure(_)),
        };
        if !fits {
            self.report.wrong_unit(name.span, &field.name, &self.in_words(field), &name.it);
        }
        fits.then_some((unit, factor))
    }

    /// A declared unit or a currency.
    pub(super) fn unit(&mut self, name: &Name) -> Option<(Unit, Decimal)> {
        let units = &self.decl.names.units;
        if let Some(&at) = units.get(&name.it) {
            return Some(self.schema().units[at].base);
        }
        if let Some(currency) = Currency::parse(&name.it) {
            return Some((Unit::Money(currency), Decimal::ONE));
        }
        let help = did_you_mean(&name.it, units.keys().map(String::as_str));
        if name.it.len() == 3 && name.it.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.report.unknown_currency(name.span, &name.it, help);
        } else {
            self.report.unknown_name(name.span, "unit", &name.it, help);
        }
        None
    }
}
