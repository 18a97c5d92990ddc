//! Whose owner is a party of the activity is owned in that party's countries.
//!
//! A condition such as `owner is KP` asks for a country, and a host may name a party: `owner: ["x"]`, with the party `x`
//! beside it. So the countries of a named party join the reference: its nationality, and that of whoever controls it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, FieldId, Record, Schema, Type};
use crate::facts::question::{Facts, Question, Reference, State, Value};

/// Fields of references that say whose something is, or for whom somebody acts.
const WHOSE: [&str; 4] = ["owner", "operator", "controlled_by", "acting_for"];

/// What is known of a party's countries; whether there may be others.
#[derive(Debug, Clone, Default, PartialEq)]
struct Countries {
    known: BTreeSet<u32>,
    open: bool,
}

/// Adds the countries of the parties that references name: of parties and vessels, and of what acts cover.
pub(super) fn join(schema: &Schema, question: &mut Question) {
    let Some(parties) = schema.core.parties else { return };
    let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return };
    let of = |facts: &Facts| of_parties(&schema.records[party.at()], &facts.0[parties.at()], question.complete);
    let countries: Vec<_> = question.lines.iter().map(|line| of(&line.facts)).collect();
    for (line, countries) in question.lines.iter_mut().zip(&countries) {
        extend_records(schema, &mut line.facts, countries);
    }
    for covers in question.acts.iter_mut().filter_map(|act| act.covers.as_mut()) {
        countries.iter().for_each(|countries| extend_records(schema, covers, countries));
    }
}

fn extend_records(schema: &Schema, facts: &mut Facts, countries: &BTreeMap<String, Countries>) {
    if countries.is_empty() {
        return;
    }
    for (at, field) in schema.records[ACTIVITY.at()].fields.iter().enumerate() {
        let (Type::Record(record), State::List(elements)) = (field.ty, &mut facts.0[at]) else { continue };
        let whose = references(&schema.records[record.at()]);
        for element in elements {
            let State::Is(Value::Record(stated)) = element else { continue };
            whose.iter().for_each(|field| extend(&mut stated.0[field.at()], countries));
        }
    }
}

fn references(record: &Record) -> Vec<FieldId> {
    let named = WHOSE.iter().filter_map(|name| record.by_name.get(*name).copied());
    named
        .filter(|field| {
            let field = &record.fields[field.at()];
            field.many && matches!(field.ty, Type::Reference(_))
        })
        .collect()
}

/// The countries of every party that has an `id`, through the whole chain of those who control it.
fn of_parties(party: &Record, stated: &State, complete: bool) -> BTreeMap<String, Countries> {
    let State::List(elements) = stated else { return BTreeMap::new() };
    let field = |name: &str| party.by_name.get(name).copied();
    let (Some(id), Some(nationality)) = (field("id"), field("nationality")) else { return BTreeMap::new() };
    let mut countries: BTreeMap<String, Countries> = BTreeMap::new();
    let mut controlled: Vec<(String, String)> = Vec::new();
    for element in elements {
        let State::Is(Value::Record(facts)) = element else { continue };
        let State::Is(Value::Text(id)) = &facts.0[id.at()] else { continue };
        let own = countries.entry(id.clone()).or_default();
        own.add(&facts.0[nationality.at()], complete);
        if let Some(State::List(by)) = field("controlled_by").map(|field| &facts.0[field.at()]) {
            for by in by {
                match by {
                    State::Is(Value::Reference(Reference::Country(country))) => drop(own.known.insert(*country)),
                    State::Is(Value::Reference(Reference::Id(by))) => controlled.push((id.clone(), by.clone())),
                    _ => own.open = true,
                }
            }
        }
    }
    // As often as there are links: each round carries every country one link on.
    for _ in 0..controlled.len() {
        for (id, by) in &controlled {
            let Some(more) = countries.get(by).cloned() else { continue };
            let own = countries.entry(id.clone()).or_default();
            own.known.extend(more.known);
            own.open |= more.open;
        }
    }
    countries
}

impl Countries {
    fn add(&mut self, nationality: &State, complete: bool) {
        match nationality {
            State::Unstated => self.open |= !complete,
            State::None => {}
            State::Unknown => self.open = true,
            State::Is(Value::Term(country)) => drop(self.known.insert(*country)),
            State::List(elements) => elements.iter().for_each(|element| self.add(element, complete)),
            State::Is(_) => self.open = true,
        }
    }
}

fn extend(stated: &mut State, countries: &BTreeMap<String, Countries>) {
    let State::List(elements) = stated else { return };
    let named = elements.iter().filter_map(|element| match element {
        State::Is(Value::Reference(Reference::Id(id))) => countries.get(id),
        _ => None,
    });
    let mut joined = Countries::default();
    for countries in named {
        joined.known.extend(&countries.known);
        joined.open |= countries.open;
    }
    for country in joined.known {
        let country = State::Is(Value::Reference(Reference::Country(country)));
        if !elements.contains(&country) {
            elements.push(country);
        }
    }
    if joined.open && !elements.contains(&State::Unknown) {
        elements.push(State::Unknown);
    }
}
