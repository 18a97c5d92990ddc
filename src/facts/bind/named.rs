//! Somebody may be called several things, and be stated several times: whoever refers to one of these names refers to all of them.
//!
//! A party has an `id` and `ids`, and one that has two parts in an activity is stated twice. What one statement says of it and
//! the other leaves out holds in both, and what else a party is called joins every list of references that names it. Numbers
//! with a scheme are one when they differ in case and spaces only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::program::{ACTIVITY, RecordId, Schema, Type};
use crate::facts::lists::plain;
use crate::facts::question::{Facts, Question, Reference, State, Value, names_of};

/// Says of parties that are stated several times the same everywhere, and adds to all lists of references what else the parties
/// are called that they name.
pub(super) fn unite(schema: &Schema, question: &mut Question) {
    let Some(parties) = schema.core.parties else { return };
    let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return };
    let of = |facts: &Facts| called(schema, party, &facts.0[parties.at()]);
    let called: Vec<Called> = question.lines.iter().map(|line| of(&line.facts)).collect();
    for (line, called) in question.lines.iter_mut().zip(&called) {
        if called.is_repeated {
            merge(schema, party, &mut line.facts.0[parties.at()], called);
        }
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
    /// Whether somebody is stated more than once.
    is_repeated: bool,
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
        called.is_repeated |= !known.is_empty();
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

/// Completes each statement of somebody by the others, but for the role that he has there.
fn merge(schema: &Schema, party: RecordId, stated: &mut State, called: &Called) {
    let State::List(elements) = stated else { return };
    let names = schema.id_fields(party);
    let declared = &schema.records[party.at()];
    let mut statements: BTreeMap<usize, Vec<&mut Facts>> = BTreeMap::new();
    for element in elements {
        let State::Is(Value::Record(facts)) = element else { continue };
        let who = names_of(facts, names).next().and_then(|name| called.whose.get(&*form(name)).copied());
        if let Some(who) = who {
            statements.entry(who).or_default().push(facts);
        }
    }
    for statements in statements.values_mut().filter(|statements| statements.len() > 1) {
        for at in (0..declared.fields.len()).filter(|at| declared.role.is_none_or(|role| role.at() != *at)) {
            let all = || statements.iter().map(|facts| &facts.0[at]);
            let said = all().find(|state| !matches!(state, State::Unstated | State::Unknown));
            let Some(said) = said.or_else(|| all().find(|state| **state == State::Unknown)).cloned() else { continue };
            let is_number = names[1].is_some_and(|ids| ids.at() == at);
            let numbers: Vec<State> = all().filter(|_| is_number).flat_map(elements_of).cloned().collect();
            for facts in statements.iter_mut() {
                match &mut facts.0[at] {
                    State::List(own) if is_number => {
                        numbers.iter().for_each(|number| {
                            if !own.contains(number) {
                                own.push(number.clone())
                            }
                        });
                    }
                    state @ (State::Unstated | State::Unknown) if is_number && !numbers.is_empty() => {
                        *state = State::List(numbers.clone());
                    }
                    state @ (State::Unstated | State::Unknown) => *state = said.clone(),
                    State::None | State::Is(_) | State::List(_) => {}
                }
            }
        }
    }
}

fn elements_of(state: &State) -> &[State] {
    match state {
        State::List(elements) => elements,
        _ => &[],
    }
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
