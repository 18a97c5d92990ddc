//! Amounts: exact decimals with a unit or a currency.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::Schema;
use crate::facts::near::nearest;
use crate::value::decimal::multiplied;
use crate::value::raw::Way;
use crate::value::{Currency, Decimal, Raw, Unit};

use super::{Binder, did_you_mean, found, is_unknown, quoted};

/// Which units an amount may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quantity,
    Money,
    /// Both, in the ledger of a quota.
    Any,
}

impl Kind {
    fn accepted(self) -> &'static str {
        match self {
            Kind::Quantity => "an amount and its unit, such as \"2.5 t\",",
            Kind::Money => "an amount and its currency, such as \"2.5 USD\",",
            Kind::Any => "an amount and its unit or currency",
        }
    }
}

impl Binder<'_> {
    /// One amount per base unit or currency; `None` when something is wrong. An empty map is unknown.
    pub(super) fn amounts(&mut self, kind: Kind, raw: &Raw, way: &Way<'_>) -> Option<BTreeMap<Unit, Decimal>> {
        let before = self.problems.len();
        let mut amounts = BTreeMap::new();
        match raw {
            Raw::List(items) if items.is_empty() => {
                self.problem(way, "an empty list is no amount", || Some("write `none` when there is none".to_owned()));
            }
            Raw::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if is_unknown(item) {
                        self.in_all_units = true;
                        continue;
                    }
                    let way = &Way::At(way, at);
                    let amount = self.amount(kind, item, way);
                    self.put(&mut amounts, amount, way);
                }
            }
            Raw::Map(parts) if !is_pair(parts) => {
                for (name, item) in parts {
                    let way = &Way::Name(way, name);
                    let unit = self.unit(kind, name, way);
                    if is_unknown(item) {
                        self.in_all_units = true;
                        continue;
                    }
                    let amount = self.number(kind, item, way).zip(unit);
                    let amount = amount.and_then(|(amount, unit)| self.convert(amount, unit, name, way));
                    self.put(&mut amounts, amount, way);
                }
            }
            single => {
                let amount = self.amount(kind, single, way);
                self.put(&mut amounts, amount, way);
            }
        }
        (self.problems.len() == before).then_some(amounts)
    }

    /// Amounts in the units of a quota, and no others.
    pub(super) fn amounts_in(&mut self, units: &BTreeSet<Unit>, raw: &Raw, way: &Way<'_>) -> BTreeMap<Unit, Decimal> {
        let mut amounts = self.amounts(Kind::Any, raw, way).unwrap_or_default();
        let schema = &self.program.schema;
        let names = || units.iter().map(|unit| format!("`{}`", schema.unit_name(*unit))).collect::<Vec<_>>().join(", ");
        for unit in amounts.keys().filter(|unit| !units.contains(unit)) {
            let message = format!("the quota is counted in {}, not in `{}`", names(), schema.unit_name(*unit));
            self.problem(way, message, || None);
        }
        amounts.retain(|unit, _| units.contains(unit));
        amounts
    }

    fn put(&mut self, amounts: &mut BTreeMap<Unit, Decimal>, amount: Option<(Unit, Decimal)>, way: &Way<'_>) {
        let Some((unit, amount)) = amount else { return };
        if let Some(before) = amounts.insert(unit, amount).filter(|before| *before != amount) {
            let name = self.program.schema.unit_name(unit);
            let message = format!("two amounts of one dimension: {before} {name} and {amount} {name}");
            self.problem(way, message, || None);
        }
    }

    /// `"2.5 t"`, or `{ "amount": "2.5", "unit": "t" }`.
    fn amount(&mut self, kind: Kind, raw: &Raw, way: &Way<'_>) -> Option<(Unit, Decimal)> {
        match raw {
            Raw::Text(text) => {
                let text = text.trim();
                let split = text.find(|c: char| c.is_whitespace() || c.is_alphabetic()).unwrap_or(text.len());
                let (number, unit) = (&text[..split], text[split..].trim());
                if number.is_empty() || unit.is_empty() || !text[split..].starts_with(char::is_whitespace) {
                    let message = format!("{} is accepted, not `{}`", kind.accepted(), quoted(text));
                    let schema = self.schema();
                    let is_word = !unit.is_empty() && unit.chars().all(|c| c.is_alphabetic() || c == '_');
                    self.problem(way, message, || {
                        Some(match number {
                            "" => units(schema, kind),
                            _ if is_exponent(unit) => "write the number in full, without an exponent".to_owned(),
                            _ if is_word => {
                                let unit = near_unit(schema, unit).unwrap_or(unit);
                                format!("write `{}`", quoted(&format!("{number} {unit}")))
                            }
                            _ => units(schema, kind),
                        })
                    });
                    return None;
                }
                let unit_known = self.unit(kind, unit, way);
                let amount = self.digits(number, way)?;
                self.convert(amount, unit_known?, unit, way)
            }
            Raw::Map(parts) if is_pair(parts) => {
                let part = |name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, value)| value);
                let amount = part("amount").and_then(|raw| self.number(kind, raw, &Way::Name(way, "amount")));
                let here = &Way::Name(way, "unit");
                let Some(Raw::Text(name)) = part("unit") else {
                    self.problem(here, "the name of a unit is accepted here", || None);
                    return None;
                };
                let unit = self.unit(kind, name, here);
                self.convert(amount?, unit?, name, way)
            }
            Raw::Map(parts) if parts.len() == 1 => {
                let (name, item) = &parts[0];
                let way = &Way::Name(way, name);
                let unit = self.unit(kind, name, way);
                let amount = self.number(kind, item, way);
                self.convert(amount?, unit?, name, way)
            }
            _ => {
                let message = format!("{} is accepted, not {}", kind.accepted(), found(raw));
                let help = matches!(raw, Raw::Whole(_)).then(|| units(self.schema(), kind));
                self.problem(way, message, || help);
                None
            }
        }
    }

    /// The number alone, where the unit stands beside it.
    fn number(&mut self, kind: Kind, raw: &Raw, way: &Way<'_>) -> Option<Decimal> {
        match raw {
            Raw::Whole(whole) => self.digits(&whole.to_string(), way),
            Raw::Text(text) => self.digits(text.trim(), way),
            _ => {
                let what = if kind == Kind::Money { "an amount of money" } else { "a number" };
                self.problem(way, format!("{what}, whole or as text, is accepted, not {}", found(raw)), || None);
                None
            }
        }
    }

    fn digits(&mut self, text: &str, way: &Way<'_>) -> Option<Decimal> {
        let digits = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        };
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        if let Some(positive) = text.strip_prefix(['-', '−']) {
            self.problem(way, format!("an amount is never negative: `-{}`", quoted(positive)), || None);
            return None;
        }
        if !digits(whole) || !fraction.is_none_or(digits) {
            let help = text
                .contains(',')
                .then(|| "write a point before the fraction, and no mark between thousands".to_owned());
            self.problem(way, format!("`{}` is no decimal number such as 2.5", quoted(text)), || help);
            return None;
        }
        let amount = Decimal::from_str_exact(&text.replace('_', "")).ok();
        if amount.is_none() {
            self.problem(way, format!("`{}` has more digits than are kept exactly (28)", quoted(text)), || None);
        }
        amount
    }

    /// The base unit, and how many of it the named unit is.
    fn unit(&mut self, kind: Kind, name: &str, way: &Way<'_>) -> Option<(Unit, Decimal)> {
        let schema = self.schema();
        let unit = schema.units.iter().find(|unit| unit.name == name);
        let currency = Currency::parse(name);
        match (kind, unit, currency) {
            (Kind::Quantity | Kind::Any, Some(unit), _) => return Some(unit.base),
            (Kind::Money | Kind::Any, _, Some(currency)) => return Some((Unit::Money(currency), Decimal::ONE)),
            _ => {}
        }
        let message = match (kind, unit, currency) {
            (Kind::Money, Some(_), _) => format!("`{name}` is a unit, and a currency is accepted here"),
            (Kind::Quantity, _, Some(_)) => format!("`{name}` is a currency, and a unit is accepted here"),
            (Kind::Money, ..) => format!("`{}` is no code of a currency (ISO 4217)", quoted(name)),
            _ => format!("no unit is called `{}`", quoted(name)),
        };
        let upper = name.to_ascii_uppercase();
        let code = Currency::parse(&upper).filter(|_| kind != Kind::Quantity).map(|_| upper.as_str());
        let near = || Some(name).filter(|_| kind != Kind::Money).and_then(|name| near_unit(schema, name));
        self.problem(way, message, || did_you_mean(near().or(code)).or_else(|| Some(units(schema, kind))));
        None
    }

    fn convert(
        &mut self,
        amount: Decimal,
        (unit, factor): (Unit, Decimal),
        name: &str,
        way: &Way<'_>,
    ) -> Option<(Unit, Decimal)> {
        let exact = multiplied(amount, factor);
        if exact.is_none() {
            let base = self.program.schema.unit_name(unit);
            let message = format!("{amount} {name} cannot be kept exactly as an amount of `{base}`");
            self.problem(way, message, || Some(format!("state it in `{base}`")));
        }
        Some((unit, exact?))
    }
}

/// What is accepted, for people who gave none.
fn units(schema: &Schema, kind: Kind) -> String {
    let units: Vec<String> = schema.units.iter().take(20).map(|unit| format!("`{}`", unit.name)).collect();
    match kind {
        Kind::Money => "currencies are three capital letters of ISO 4217".to_owned(),
        Kind::Quantity | Kind::Any => format!("the units are {}", units.join(", ")),
    }
}

/// Whether what follows a number is the exponent of `1e9`.
fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
    digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}

/// Common symbols of units, and what these are called where they are declared.
const SYMBOLS: [(&str, &str); 4] = [("l", "litre"), ("m3", "cubic_metre"), ("m³", "cubic_metre"), ("pcs", "piece")];

/// By its name, its symbol, or its title: `barrels` is `bbl "barrel"`.
fn near_unit<'a>(schema: &'a Schema, wanted: &str) -> Option<&'a str> {
    let one = wanted.strip_suffix('s').unwrap_or(wanted).to_lowercase();
    let titled = |title: &String| one.len() >= 3 && title.to_lowercase().contains(&one);
    let by_title = || schema.units.iter().find(|unit| unit.title.as_ref().is_some_and(titled));
    let lower = wanted.to_lowercase();
    let called = SYMBOLS.iter().find(|(symbol, _)| *symbol == lower).map(|(_, name)| *name);
    let by_symbol = || schema.units.iter().find(|unit| called == Some(&*unit.name)).map(|unit| unit.name.as_str());
    nearest(wanted, schema.units.iter().map(|unit| unit.name.as_str()))
        .or_else(by_symbol)
        .or_else(|| by_title().map(|unit| unit.name.as_str()))
}

fn is_pair(parts: &[(String, Raw)]) -> bool {
    parts.len() == 2 && ["amount", "unit"].iter().all(|name| parts.iter().any(|(known, _)| known == name))
}
