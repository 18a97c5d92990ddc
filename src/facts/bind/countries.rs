//! Whose owner is a party of the activity is owned in that party's countries, and by whoever controls it.
//!
//! A condition such as `owner is KP` asks for a country, and a host may name a party: `owner: ["x"]`, with the party `x`
//! beside it. So what stands behind a named party joins the reference: its nationality, and whoever controls it with theirs,
//! through the whole chain. `owner listed in L` then reaches a listed company that controls the owner. Of somebody whom nobody
//! describes it is not known what stands behind, unless the activity is complete.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, FieldId, Record, RecordId, Schema, Type};
use crate::facts::lists::is_one_name;
use crate::facts::path::{FactPath, Place};
use crate::facts::question::{Facts, Line, Question, Reference, State, Value, names_of};

/// Who and which countries stand behind a party; there may be others while these facts are not known.
#[derive(Debug, Clone, Default, PartialEq)]
struct Behind {
    known: BTreeSet<Reference>,
    open: BTreeSet<FactPath>,
    /// Where those are named of whom it is not known what stands behind them when nobody describes them.
    named: BTreeMap<String, FactPath>,
}

/// Adds what stands behind the parties that references name, of parties and vessels; and to what acts cover, what was added where
/// the act names all that was stated. An approval for the ship of a company covers its State, which stands behind it, in that
/// ship only, and not the State's own ship.
pub(super) fn join(schema: &Schema, question: &mut Question) {
    let Some(parties) = schema.core.parties else { return };
    let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return };
    let of = |own: Option<usize>, line: &Line| {
        of_parties(schema, party, (own, parties), &line.facts.0[parties.at()], question.complete)
    };
    // Lines without parties of their own have the same.
    let shared = question.lines.iter().find(|line| !line.own.contains(&parties)).map(|line| of(None, line));
    let of_line = |(at, line): (usize, &Line)| line.own.contains(&parties).then(|| of(Some(at), line));
    let behind: Vec<Option<BTreeMap<String, Behind>>> = question.lines.iter().enumerate().map(of_line).collect();
    let complete = question.complete;
    let mut joined = Vec::new();
    for (at, (line, behind)) in question.lines.iter_mut().zip(&behind).enumerate() {
        let Line { facts, own } = line;
        let Some(behind) = behind.as_ref().or(shared.as_ref()) else { continue };
        each_list(schema, facts, &mut |list, position, field, state| {
            let State::List(elements) = &*state else { return };
            let stated = elements.clone();
            let path = |element: Option<usize>| {
                let place = Place { line: own.contains(&list).then_some(at), steps: vec![(list, position)] };
                FactPath::Field { place, field, element, unit: None }
            };
            let open = extend(state, behind, complete, &path);
            let State::List(elements) = &*state else { return };
            joined.push(Joined { list, field, added: elements[stated.len()..].to_vec(), stated });
            if let Some((element, told_by)) = open {
                question.follows.entry(path(Some(element))).or_default().extend(told_by);
            }
        });
    }
    for covers in question.acts.iter_mut().filter_map(|act| act.covers.as_mut()) {
        each_list(schema, covers, &mut |list, _, field, state| {
            if let State::List(given) = state {
                let of = |joined: &&Joined| joined.list == list && joined.field == field;
                cover_behind(given, joined.iter().filter(of));
            }
        });
    }
}

/// A list of references of a record, and what stands behind them.
struct Joined {
    /// The list of records, and the field of the record.
    list: FieldId,
    field: FieldId,
    stated: Vec<State>,
    added: Vec<State>,
}

/// Adds to what an act covers what was added to lists all of which it names; but nothing that another list states itself.
fn cover_behind<'j>(given: &mut Vec<State>, joined: impl Iterator<Item = &'j Joined>) {
    let (named, others): (Vec<&Joined>, Vec<&Joined>) =
        joined.partition(|joined| joined.stated.iter().all(|stated| given.contains(stated)));
    for added in named.iter().flat_map(|joined| &joined.added) {
        let is_stated = others.iter().any(|other| other.stated.contains(added));
        if *added != State::Unknown && !is_stated && !given.contains(added) {
            given.push(added.clone());
        }
    }
}

/// Goes to each list of references of a record: the list of records, the position in it, the field, and what is stated.
fn each_list(schema: &Schema, facts: &mut Facts, then: &mut dyn FnMut(FieldId, usize, FieldId, &mut State)) {
    for (at, field) in schema.records[ACTIVITY.at()].fields.iter().enumerate() {
        let (Type::Record(record), State::List(elements)) = (field.ty, &mut facts.0[at]) else { continue };
        let lists = references(&schema.records[record.at()]);
        for (position, element) in elements.iter_mut().enumerate() {
            let State::Is(Value::Record(stated)) = element else { continue };
            for &field in &lists {
                then(FieldId(at as u32), position, field, &mut stated.0[field.at()]);
            }
        }
    }
}

fn references(record: &Record) -> Vec<FieldId> {
    let fields = record.fields.iter().zip(0..);
    let lists = fields.filter(|(field, _)| field.many && matches!(field.ty, Type::Reference(_)));
    lists.map(|(_, at)| FieldId(at)).collect()
}

/// What stands behind every party that others can refer to, by all that it is called.
fn of_parties(
    schema: &Schema,
    party: RecordId,
    (line, parties): (Option<usize>, FieldId),
    stated: &State,
    complete: bool,
) -> BTreeMap<String, Behind> {
    let State::List(elements) = stated else { return BTreeMap::new() };
    let field = |name: &str| schema.records[party.at()].by_name.get(name).copied();
    let Some(nationality) = field("nationality") else { return BTreeMap::new() };
    let controlled_by = field("controlled_by");
    let mut behind: BTreeMap<String, Behind> = BTreeMap::new();
    for (position, element) in elements.iter().enumerate() {
        let State::Is(Value::Record(facts)) = element else { continue };
        for name in names_of(facts, schema.id_fields(party)) {
            let own = behind.entry(name.to_owned()).or_default();
            for field in std::iter::once(nationality).chain(controlled_by) {
                let place = || Place { line, steps: vec![(parties, position)] };
                let path = |element| FactPath::Field { place: place(), field, element, unit: None };
                own.add(&facts.0[field.at()], complete, None, &path);
            }
        }
    }
    behind.iter().map(|(name, own)| (name.clone(), own.followed(&behind))).collect()
}

impl Behind {
    /// Adds what a field of the party states. `path` is that of the field, or of an element of its list.
    fn add(
        &mut self,
        stated: &State,
        complete: bool,
        element: Option<usize>,
        path: &dyn Fn(Option<usize>) -> FactPath,
    ) {
        match stated {
            State::Unstated if complete => {}
            State::None => {}
            State::Is(Value::Term(country)) => drop(self.known.insert(Reference::Country(*country))),
            State::Is(Value::Reference(reference)) => {
                if let Reference::Id(id) = reference
                    && !complete
                {
                    self.named.insert(id.clone(), path(element));
                }
                self.known.insert(reference.clone());
            }
            State::List(elements) => {
                elements.iter().enumerate().for_each(|(at, element)| self.add(element, complete, Some(at), path));
            }
            State::Unstated | State::Unknown | State::Is(_) => drop(self.open.insert(path(element))),
        }
    }

    /// With what stands behind those that are known, behind those behind them, and so on.
    fn followed(&self, behind: &BTreeMap<String, Behind>) -> Behind {
        let mut all = self.clone();
        let mut next: Vec<&Reference> = self.known.iter().collect();
        while let Some(reference) = next.pop() {
            let Reference::Id(id) = reference else { continue };
            let Some(more) = behind.get(id) else {
                let is_described = behind.keys().any(|name| is_one_name(name, id));
                all.open.extend(all.named.get(id).filter(|_| !is_described).cloned());
                continue;
            };
            next.extend(more.known.iter().filter(|reference| all.known.insert((*reference).clone())));
            all.open.extend(more.open.iter().cloned());
            all.named.extend(more.named.iter().map(|(id, path)| (id.clone(), path.clone())));
        }
        all
    }
}

/// Adds what stands behind the references of a list. Where that is not all known, something unknown comes last: its position, and
/// the facts that would tell it.
fn extend(
    stated: &mut State,
    behind: &BTreeMap<String, Behind>,
    complete: bool,
    path: &dyn Fn(Option<usize>) -> FactPath,
) -> Option<(usize, BTreeSet<FactPath>)> {
    let State::List(elements) = stated else { return None };
    let mut joined = Behind::default();
    for (element, at) in elements.iter().zip(0..) {
        if matches!(element, State::Is(Value::Reference(Reference::Id(_)))) {
            joined.add(element, complete, Some(at), path);
        }
    }
    let joined = joined.followed(behind);
    for reference in joined.known {
        let reference = State::Is(Value::Reference(reference));
        if !elements.contains(&reference) {
            elements.push(reference);
        }
    }
    if joined.open.is_empty() {
        return None;
    }
    elements.push(State::Unknown);
    Some((elements.len() - 1, joined.open))
}
