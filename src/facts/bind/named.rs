//! Somebody may be called several things, and be stated several times: whoever refers to one of these names refers to all of them.
//!
//! A party has an `id` and `ids`, and one that has two parts in an activity is stated twice. So what else a party is called joins
//! every list of references that names it. Numbers with a scheme are one when they differ in case and spaces only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::program::{ACTIVITY, RecordId, Schema, Type};
use crate::facts::lists::plain;
use crate::facts::question::{Facts, Question, Reference, State, Value, names_of};

/// Adds to all lists of references what else the parties are called that they name.
pub(super) fn unite(schema: &Schema, question: &mut Question) {
    let Some(parties) = schema.core.parties else { return };
    let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return };
    let of = |facts: &Facts| called(schema, party, &facts.0[parties.at()]);
    let called: Vec<Called> = question.lines.iter().map(|line| of(&line.facts)).collect();
    for (line, called) in question.lines.iter_mut().zip(&called) {
        extend(schema, ACTIVITY, &mut line.facts, called);
    }
    for covers in question.acts.iter_mut().filter_map(|act| act.covers.as_mut()) {
        called.iter().for_each(|called| extend(schema, ACTIVITY, covers, called));
    }
}

/// By the form of each name: whose it is, and by that, all names of theirs.
#[derive(Debug, Default)]
struct Called {
    whose: BTreeMap<String, usize>,
    names: Vec<Vec<String>>,
}

fn form(name: &str) -> Cow<'_, str> {
    if name.contains(':') { plain(name).into() } else { name.into() }
}

fn called(schema: &Schema, party: RecordId, stated: &State) -> Called {
    let mut called = Called::default();
    let State::List(elements) = stated else { return called };
    for element in elements {
        let State::Is(Value::Record(facts)) = element else { continue };
        let mut own: Vec<String> = names_of(facts, schema.id_fields(party)).map(str::to_owned).collect();
        let mut known: Vec<usize> = own.iter().filter_map(|name| called.whose.get(&*form(name)).copied()).collect();
        known.sort_unstable();
        known.dedup();
        // Several who were told apart so far may turn out to be one.
        known.iter().for_each(|known| own.append(&mut called.names[*known]));
        own.sort_unstable();
        own.dedup();
        for name in &own {
            called.whose.insert(form(name).into_owned(), called.names.len());
        }
        called.names.push(own);
    }
    called
}

fn extend(schema: &Schema, record: RecordId, facts: &mut Facts, called: &Called) {
    if called.whose.is_empty() {
        return;
    }
    for (field, state) in schema.records[record.at()].fields.iter().zip(&mut facts.0) {
        let State::List(elements) = state else { continue };
        match field.ty {
            Type::Record(inner) => {
                for element in elements {
                    if let State::Is(Value::Record(facts)) = element {
                        extend(schema, inner, facts, called);
                    }
                }
            }
            Type::Reference(_) => {
                let whose = |element: &State| match element {
                    State::Is(Value::Reference(Reference::Id(name))) => called.whose.get(&*form(name)),
                    _ => None,
                };
                let named: Vec<usize> = elements.iter().filter_map(|element| whose(element).copied()).collect();
                for name in named.into_iter().flat_map(|who| &called.names[who]) {
                    let name = State::Is(Value::Reference(Reference::Id(name.clone())));
                    if !elements.contains(&name) {
                        elements.push(name);
                    }
                }
            }
            _ => {}
        }
    }
}
