//! The facts that norms ask for and that nobody stated: never too few, often too many.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, Cond, Fact, FieldId, NormId, Program, RecordId, Set, Type};
use crate::facts::path::{FactPath, Place};
use crate::facts::question::{Facts, Question, State, Value};
use crate::value::Unit;

use super::worlds::{Mode, Tested};

/// The unstated or coarsely stated facts beneath the conditions of some norms and their exits.
pub(crate) fn touched(
    program: &Program,
    question: &Question,
    line: usize,
    mode: Mode,
    norms: impl IntoIterator<Item = NormId>,
) -> BTreeSet<FactPath> {
    let ids: Vec<NormId> = norms.into_iter().collect();
    let mut tested = Tested::of(program, ids.iter().copied());
    tested.add_acts(program, question);
    let mut walk =
        Walk { program, question, line, mode, units: units(&tested), absent: BTreeSet::new(), found: BTreeSet::new() };
    let of_activity = |id: &RecordId| *id == ACTIVITY;
    let mut fields: BTreeSet<(RecordId, FieldId)> = tested.sets.keys().copied().collect();
    fields.extend(tested.compared.iter().chain(tested.bodies.keys()).chain(tested.chained.keys()).copied());
    fields.insert((ACTIVITY, program.schema.core.date));
    if !tested.goods.is_empty()
        && let Some((item, hs)) = program.schema.core.goods
    {
        fields.extend([(ACTIVITY, item), (ACTIVITY, hs)]);
    }
    fields.extend(tested.quotas.keys().map(|(field, _)| (ACTIVITY, *field)));
    for id in &ids {
        let norm = &program.norms[id.at()];
        absent_fields(program, &norm.when, ACTIVITY, &mut walk.absent, 0);
        for exit in &norm.exits {
            absent_fields(program, &program.exits[exit.at()].when, ACTIVITY, &mut walk.absent, 0);
            walk.ledger(*exit);
        }
    }
    fields.extend(&walk.absent);
    for (record, field) in fields.iter().filter(|(record, _)| of_activity(record)) {
        walk.field(*record, *field, &Place::default(), &question.lines[line].facts, &fields);
    }
    for id in (0..program.readings.len() as u32).map(crate::check::program::ReadingId) {
        if question.readings.get(&id) == Some(&None) {
            walk.found.insert(FactPath::Reading(id));
        }
    }
    question.told_by(walk.found)
}

struct Walk<'a> {
    program: &'a Program,
    question: &'a Question,
    line: usize,
    mode: Mode,
    /// The units in which the amounts of a field are asked for.
    units: BTreeMap<FieldOf, BTreeSet<Unit>>,
    /// Fields of which it is asked whether there is such a thing.
    absent: BTreeSet<FieldOf>,
    found: BTreeSet<FactPath>,
}

type FieldOf = (RecordId, FieldId);

fn units(tested: &Tested) -> BTreeMap<FieldOf, BTreeSet<Unit>> {
    let mut units: BTreeMap<FieldOf, BTreeSet<Unit>> = BTreeMap::new();
    for (&of, sets) in &tested.sets {
        for set in sets {
            if let Set::Amount { unit, .. } = set {
                units.entry(of).or_default().insert(*unit);
            }
        }
    }
    for &(field, unit) in tested.quotas.keys() {
        units.entry((ACTIVITY, field)).or_default().insert(unit);
    }
    units
}

impl Walk<'_> {
    fn field(
        &mut self,
        record: RecordId,
        field: FieldId,
        place: &Place,
        facts: &Facts,
        fields: &BTreeSet<(RecordId, FieldId)>,
    ) {
        let own = self.question.lines[self.line].own.contains(&field);
        let mut place = place.clone();
        if record == ACTIVITY {
            place.line = own.then_some(self.line);
        }
        let declared = &self.program.schema.records[record.at()].fields[field.at()];
        let path = |element| FactPath::Field { place: place.clone(), field, element, unit: None };
        if let Type::Quantity | Type::Money = declared.ty
            && !declared.many
        {
            let state = facts.0.get(field.at()).unwrap_or(&State::Unstated);
            self.amount((record, field), declared.required, &place, state);
            return;
        }
        match facts.0.get(field.at()).unwrap_or(&State::Unstated) {
            State::Unstated if self.mode.complete && !declared.required => {}
            State::Unstated | State::Unknown => drop(self.found.insert(path(None))),
            State::None => {}
            State::Is(value) => {
                if is_coarse(self.program, declared.ty, value) {
                    self.found.insert(path(None));
                }
            }
            State::List(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    match (element, declared.ty) {
                        (State::Is(Value::Record(inner)), Type::Record(id)) => {
                            let mut place = place.clone();
                            place.steps.push((field, at));
                            self.record(id, &place, inner, fields);
                        }
                        (State::Is(value), ty) if !is_coarse(self.program, ty, value) => {}
                        _ => drop(self.found.insert(path(Some(at)))),
                    }
                }
            }
        }
    }

    /// An amount is a fact in each unit in which it is asked for, stated or not.
    fn amount(&mut self, of: FieldOf, required: bool, place: &Place, state: &State) {
        let path = |unit| FactPath::Field { place: place.clone(), field: of.1, element: None, unit };
        let is_measured = of.0 == ACTIVITY && self.program.is_measured(of.1);
        let stated = match state {
            State::None => return,
            State::Unstated if self.mode.complete && !required && !is_measured => return,
            State::Is(Value::Amounts(amounts)) => Some(amounts),
            State::Unstated | State::Unknown | State::Is(_) | State::List(_) => None,
        };
        let units = self.units.get(&of).into_iter().flatten();
        let asked = units.filter(|unit| stated.is_none_or(|amounts| !amounts.contains_key(unit)));
        self.found.extend(asked.map(|unit| path(Some(*unit))));
        if stated.is_none() && self.absent.contains(&of) {
            self.found.insert(path(None));
        }
    }

    fn record(&mut self, id: RecordId, place: &Place, facts: &Facts, fields: &BTreeSet<(RecordId, FieldId)>) {
        for (record, field) in fields.iter().filter(|(record, _)| *record == id) {
            self.field(*record, *field, place, facts, fields);
        }
        if let Some(role) = self.program.schema.records[id.at()].role {
            self.field(id, role, place, facts, fields);
        }
        for list in 0..self.program.schema.lists.len() {
            let list = crate::check::program::ListId(list as u32);
            self.found.insert(FactPath::Listed { place: place.clone(), list, via: None });
        }
    }

    fn ledger(&mut self, exit: crate::check::program::ExitId) {
        for quota in &self.program.exits[exit.at()].quotas {
            let unit = quota.unit;
            if !self.question.used.contains_key(&(exit, unit)) {
                self.found.insert(FactPath::Used { exit, unit });
            }
            let level = matches!(quota.limit, crate::check::program::Limit::Level { .. });
            if level && !self.question.levels.contains_key(&(exit, unit)) {
                self.found.insert(FactPath::Level { exit, unit });
            }
        }
    }
}

fn is_coarse(program: &Program, ty: Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Term(taxonomy), Value::Term(term)) => {
            program.schema.taxonomies[taxonomy.at()].terms[*term as usize].end > term + 1
        }
        (_, Value::Codes(from, to)) => to - from > 1,
        _ => false,
    }
}

/// Fields that conditions only ask to be absent, or to hold some record.
fn absent_fields(
    program: &Program,
    cond: &Cond,
    here: RecordId,
    out: &mut BTreeSet<(RecordId, FieldId)>,
    depth: usize,
) {
    let mut add = |fact: &Fact| match fact {
        Fact::Activity(field) => drop(out.insert((ACTIVITY, *field))),
        Fact::Own(field) => drop(out.insert((here, *field))),
    };
    match cond {
        Cond::Absent { fact } => add(fact),
        Cond::All(parts) | Cond::Any(parts) => {
            parts.iter().for_each(|part| absent_fields(program, part, here, out, depth));
        }
        Cond::Not(inner) => absent_fields(program, inner, here, out, depth),
        Cond::Count { list, body, .. } => {
            add(list);
            let of = match list {
                Fact::Activity(field) => (ACTIVITY, *field),
                Fact::Own(field) => (here, *field),
            };
            if let Type::Record(inner) = program.schema.records[of.0.at()].fields[of.1.at()].ty {
                absent_fields(program, body, inner, out, depth);
            }
        }
        Cond::Defined(id) if depth < 64 => {
            for part in &program.definitions[id.at()].parts {
                absent_fields(program, &part.when, here, out, depth + 1);
            }
        }
        Cond::Yes
        | Cond::No
        | Cond::Test { .. }
        | Cond::Goods { .. }
        | Cond::Same { .. }
        | Cond::Order { .. }
        | Cond::OrderPlus { .. }
        | Cond::SameYear { .. }
        | Cond::Member { .. }
        | Cond::Listed { .. }
        | Cond::Defined(_)
        | Cond::Reading(_)
        | Cond::NoAct => {}
    }
}
