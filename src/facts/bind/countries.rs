//! Whose owner is a party of the activity is owned in that party's countries, and by whoever controls it.
//!
//! A condition such as `owner is KP` asks for a country, and a host may name a party: `owner: ["x"]`, with the party `x`
//! beside it. So what stands behind a named party joins the reference: its nationality, and whoever controls it with theirs,
//! through the whole chain. `owner listed in L` then reaches a listed company that controls the owner.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, FieldId, Record, Schema, Type};
use crate::facts::question::{Facts, Question, Reference, State, Value};

/// Fields of references that say whose something is, or for whom somebody acts.
const WHOSE: [&str; 4] = ["owner", "operator", "controlled_by", "acting_for"];

/// Whether a field of that name says so.
pub(crate) fn is_whose(field: &str) -> bool {
    WHOSE.contains(&field)
}

/// Who and which countries stand behind a party; whether there may be others.
#[derive(Debug, Clone, Default, PartialEq)]
struct Behind {
    known: BTreeSet<Reference>,
    open: bool,
}

/// Adds what stands behind the parties that references name: of parties and vessels, and of what acts cover.
pub(super) fn join(schema: &Schema, question: &mut Question) {
    let Some(parties) = schema.core.parties else { return };
    let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return };
    let of = |facts: &Facts| of_parties(&schema.records[party.at()], &facts.0[parties.at()], question.complete);
    let behind: Vec<_> = question.lines.iter().map(|line| of(&line.facts)).collect();
    for (line, behind) in question.lines.iter_mut().zip(&behind) {
        extend_records(schema, &mut line.facts, behind);
    }
    for covers in question.acts.iter_mut().filter_map(|act| act.covers.as_mut()) {
        behind.iter().for_each(|behind| extend_records(schema, covers, behind));
    }
}

fn extend_records(schema: &Schema, facts: &mut Facts, behind: &BTreeMap<String, Behind>) {
    if behind.is_empty() {
        return;
    }
    for (at, field) in schema.records[ACTIVITY.at()].fields.iter().enumerate() {
        let (Type::Record(record), State::List(elements)) = (field.ty, &mut facts.0[at]) else { continue };
        let whose = references(&schema.records[record.at()]);
        for element in elements {
            let State::Is(Value::Record(stated)) = element else { continue };
            whose.iter().for_each(|field| extend(&mut stated.0[field.at()], behind));
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

/// What stands behind every party that has an `id`.
fn of_parties(party: &Record, stated: &State, complete: bool) -> BTreeMap<String, Behind> {
    let State::List(elements) = stated else { return BTreeMap::new() };
    let field = |name: &str| party.by_name.get(name).copied();
    let (Some(id), Some(nationality)) = (field("id"), field("nationality")) else { return BTreeMap::new() };
    let controlled_by = field("controlled_by");
    let mut behind: BTreeMap<String, Behind> = BTreeMap::new();
    for element in elements {
        let State::Is(Value::Record(facts)) = element else { continue };
        let State::Is(Value::Text(id)) = &facts.0[id.at()] else { continue };
        let own = behind.entry(id.clone()).or_default();
        for field in std::iter::once(nationality).chain(controlled_by) {
            own.add(&facts.0[field.at()], complete);
        }
    }
    // As often as there are parties: each round carries everybody one link on.
    for _ in 0..behind.len() {
        let before = behind.clone();
        for own in behind.values_mut() {
            own.join(&before);
        }
    }
    behind
}

impl Behind {
    fn add(&mut self, stated: &State, complete: bool) {
        match stated {
            State::Unstated => self.open |= !complete,
            State::None => {}
            State::Is(Value::Term(country)) => drop(self.known.insert(Reference::Country(*country))),
            State::Is(Value::Reference(reference)) => drop(self.known.insert(reference.clone())),
            State::List(elements) => elements.iter().for_each(|element| self.add(element, complete)),
            State::Unknown | State::Is(_) => self.open = true,
        }
    }

    /// Adds what stands behind those that are known already.
    fn join(&mut self, behind: &BTreeMap<String, Behind>) {
        let named = self.known.clone();
        for more in named.iter().filter_map(|reference| match reference {
            Reference::Id(id) => behind.get(id),
            Reference::Country(_) => None,
        }) {
            self.known.extend(more.known.iter().cloned());
            self.open |= more.open;
        }
    }
}

fn extend(stated: &mut State, behind: &BTreeMap<String, Behind>) {
    let State::List(elements) = stated else { return };
    let mut joined = Behind::default();
    elements.iter().for_each(|element| {
        if let State::Is(Value::Reference(reference @ Reference::Id(_))) = element {
            joined.known.insert(reference.clone());
        }
    });
    joined.join(behind);
    for reference in joined.known {
        let reference = State::Is(Value::Reference(reference));
        if !elements.contains(&reference) {
            elements.push(reference);
        }
    }
    if joined.open && !elements.contains(&State::Unknown) {
        elements.push(State::Unknown);
    }
}
