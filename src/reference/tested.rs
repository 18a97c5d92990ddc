//! What is asked of each field by the near norms and by the acts: the tests,
//! thresholds and boundary days that tell values apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, Exit, Fact, FieldId, GroupId, Limit, ListId, Op, Program, Quota, RecordId,
    Requirement, Set, TaxonomyId, Terms, Type, Who,
};
use crate::facts::lists::Lists;
use crate::facts::question::{Facts, Question, Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use super::{Near, acts};

/// What is asked of the values of one field.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldTests {
    pub terms: BTreeSet<Terms>,
    pub groups: BTreeSet<GroupId>,
    pub codes: BTreeSet<(u64, u64)>,
    pub days: BTreeSet<Date>,
    pub texts: BTreeSet<String>,
    pub ids: BTreeSet<String>,
    pub lists: BTreeSet<(ListId, Option<u32>)>,
    pub amounts: BTreeMap<Unit, BTreeSet<Decimal>>,
    /// Its values are compared with those of another field.
    pub compared: bool,
    /// Its days are compared with those of another field.
    pub ordered: bool,
}

/// One question put to the records of a list.
#[derive(Debug, Clone)]
pub(super) enum Body<'p> {
    Cond {
        role: Option<Terms>,
        cond: &'p Cond,
    },
    /// An act covers a record that has all this.
    Covered(&'p Facts),
}

/// One question put to item and HS code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GoodsTest {
    pub terms: Option<Terms>,
    pub codes: Vec<(u64, u64)>,
    /// The codes count only when there is no item.
    pub codes_for_want_of_item: bool,
}

#[derive(Debug, Default)]
pub(super) struct Tested<'p> {
    fields: BTreeMap<(RecordId, FieldId), FieldTests>,
    bodies: BTreeMap<(RecordId, FieldId), Vec<Body<'p>>>,
    most: BTreeMap<(RecordId, FieldId), u32>,
    pub goods: Vec<GoodsTest>,
    /// Of `left op right + days`.
    pub offsets: BTreeSet<i64>,
    /// Values that the question states of compared fields.
    pub stated: Stated,
    seen: BTreeSet<(DefinitionId, RecordId)>,
}

/// Values that the question states, or that are presumed, of fields that are compared.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub terms: BTreeSet<(TaxonomyId, u32)>,
    pub ids: BTreeSet<String>,
    pub texts: BTreeSet<String>,
    pub codes: BTreeSet<(u64, u64)>,
    pub days: BTreeSet<Date>,
}

impl<'p> Tested<'p> {
    pub fn new(
        program: &'p Program,
        lists: &'p Lists,
        question: &'p Question,
        presumed: &BTreeMap<FieldId, State>,
        near: &Near,
    ) -> Tested<'p> {
        let mut gather = Gather { program, lists, question, to: Tested::default() };
        gather.norms(near);
        for line in &question.lines {
            gather.stated(ACTIVITY, &line.facts);
        }
        for (field, state) in presumed {
            gather.stated_of(ACTIVITY, *field, state);
        }
        gather.to
    }

    pub fn field(&self, record: RecordId, field: FieldId) -> Option<&FieldTests> {
        self.fields.get(&(record, field))
    }

    pub fn bodies(&self, record: RecordId, list: FieldId) -> &[Body<'p>] {
        self.bodies.get(&(record, list)).map_or(&[], Vec::as_slice)
    }

    /// The largest `at least N` asked of the list; at least 1.
    pub fn most(&self, record: RecordId, list: FieldId) -> u32 {
        self.most.get(&(record, list)).copied().unwrap_or(1).max(1)
    }

    /// How many values, none of which is tested for by itself, may have to be
    /// told from each other: one for each field that is compared, and one more.
    pub fn strangers(&self) -> usize {
        self.compared().count() + 1
    }

    /// Fields whose values are compared with each other.
    pub fn compared(&self) -> impl Iterator<Item = (&(RecordId, FieldId), &FieldTests)> {
        self.fields.iter().filter(|(_, tests)| tests.compared)
    }

    /// Fields whose days are compared with each other.
    pub fn ordered(&self) -> impl Iterator<Item = &FieldTests> {
        self.fields.values().filter(|tests| tests.ordered)
    }
}

struct Gather<'p> {
    program: &'p Program,
    lists: &'p Lists,
    question: &'p Question,
    to: Tested<'p>,
}

impl<'p> Gather<'p> {
    fn of(&mut self, record: RecordId, field: FieldId) -> &mut FieldTests {
        self.to.fields.entry((record, field)).or_default()
    }

    fn date(&mut self) -> &mut BTreeSet<Date> {
        let date = self.program.schema.core.date;
        &mut self.of(ACTIVITY, date).days
    }

    fn period(&mut self, from: Option<Date>, through: Option<Date>) {
        self.date().extend(from);
        self.date().extend(through.map(Date::next));
    }

    fn norms(&mut self, near: &Near) {
        let program = self.program;
        let core = program.schema.core;
        for norm in near.norms.iter().map(|norm| &program.norms[norm.at()]) {
            self.period(Some(norm.period.from), norm.period.through);
            self.period(None, norm.last_day());
            if let Some(actions) = &norm.actions {
                self.of(ACTIVITY, core.action).terms.insert(actions.clone());
            }
            let paragraph = &program.paragraphs[norm.paragraph.at()];
            let regime = &program.regimes[program.instruments[paragraph.instrument.at()].regime.at()];
            if let Some(group) = regime.binds {
                self.group(ACTIVITY, core.actor_state, group);
            }
            self.cond(&norm.when, ACTIVITY);
        }
        for exit in near.exits.iter().map(|exit| &program.exits[exit.at()]) {
            self.period(Some(exit.period.from), exit.period.through);
            self.cond(&exit.when, ACTIVITY);
            for quota in &exit.quotas {
                self.quota(exit, quota);
            }
            for requirement in &exit.requirements {
                self.requirement(requirement);
            }
        }
        for act in &self.question.acts {
            if let Some(covers) = &act.covers {
                self.covers(ACTIVITY, covers);
            }
        }
    }

    fn group(&mut self, record: RecordId, field: FieldId, group: GroupId) {
        self.of(record, field).groups.insert(group);
        for &(from, through) in self.program.schema.groups[group.at()].members.values() {
            self.period(from, through);
        }
    }

    fn cond(&mut self, cond: &'p Cond, at_hand: RecordId) {
        let place = |fact: &Fact| match *fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (at_hand, field),
        };
        match cond {
            Cond::Yes | Cond::No | Cond::Reading(_) | Cond::NoAct | Cond::Absent { .. } => {}
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.cond(part, at_hand)),
            Cond::Not(part) => self.cond(part, at_hand),
            Cond::Test { fact, set } => {
                let (record, field) = place(fact);
                self.set(record, field, set);
            }
            Cond::Goods { terms, codes } => {
                if let Some((item, hs)) = self.program.schema.core.goods {
                    self.of(ACTIVITY, item).terms.insert(terms.clone());
                    self.of(ACTIVITY, hs).codes.extend(codes);
                }
                self.goods(Some(terms.clone()), codes.clone(), false);
            }
            Cond::Same { left, right } => {
                for (record, field) in [place(left), place(right)] {
                    let tests = self.of(record, field);
                    tests.compared = true;
                    tests.ordered = true;
                }
            }
            Cond::Order { left, right, .. } | Cond::SameYear { left, right } => {
                for (record, field) in [place(left), place(right)] {
                    self.of(record, field).ordered = true;
                }
            }
            Cond::OrderPlus { left, right, days, .. } => {
                for (record, field) in [place(left), place(right)] {
                    self.of(record, field).ordered = true;
                }
                self.to.offsets.insert(*days);
            }
            Cond::Member { fact, group } => {
                let (record, field) = place(fact);
                self.group(record, field, *group);
            }
            Cond::Count { list, role, at_least, body } => {
                let (record, field) = place(list);
                let Type::Record(inner) = self.program.schema.records[record.at()].fields[field.at()].ty else {
                    return;
                };
                let most = self.to.most.entry((record, field)).or_default();
                *most = (*most).max(*at_least);
                self.body(record, field, Body::Cond { role: role.clone(), cond: body });
                if let (Some(role), Some(field)) = (role, self.program.schema.records[inner.at()].role) {
                    self.of(inner, field).terms.insert(role.clone());
                }
                self.cond(body, inner);
            }
            Cond::Listed { list, .. } => {
                let days = self.lists.boundaries(&self.program.schema, *list);
                self.date().extend(days);
            }
            Cond::Defined(definition) => {
                if self.to.seen.insert((*definition, at_hand)) {
                    for part in &self.program.definitions[definition.at()].parts {
                        self.period(Some(part.period.from), part.period.through);
                        self.cond(&part.when, at_hand);
                    }
                }
            }
        }
    }

    fn body(&mut self, record: RecordId, list: FieldId, body: Body<'p>) {
        let bodies = self.to.bodies.entry((record, list)).or_default();
        let known = bodies.iter().any(|known| match (known, &body) {
            (Body::Cond { role: a, cond: x }, Body::Cond { role: b, cond: y }) => a == b && x == y,
            (Body::Covered(a), Body::Covered(b)) => a == b,
            _ => false,
        });
        if !known {
            bodies.push(body);
        }
    }

    fn goods(&mut self, terms: Option<Terms>, codes: Vec<(u64, u64)>, codes_for_want_of_item: bool) {
        let test = GoodsTest { terms, codes, codes_for_want_of_item };
        if !self.to.goods.contains(&test) {
            self.to.goods.push(test);
        }
    }

    fn set(&mut self, record: RecordId, field: FieldId, set: &Set) {
        if record == ACTIVITY {
            match (self.program.schema.core.goods, set) {
                (Some((item, _)), Set::Terms(terms)) if field == item => {
                    self.goods(Some(terms.clone()), Vec::new(), false);
                }
                (Some((_, hs)), Set::Codes(codes)) if field == hs => self.goods(None, codes.clone(), false),
                _ => {}
            }
        }
        let tests = self.of(record, field);
        match set {
            Set::Terms(terms) => {
                tests.terms.insert(terms.clone());
            }
            Set::Codes(codes) => tests.codes.extend(codes),
            Set::Dates(days) => tests.days.extend(days.iter().flat_map(|&(from, to)| [from, to])),
            Set::YesNo(_) => {}
            Set::Texts(texts) => tests.texts.extend(texts.iter().cloned()),
            Set::Amount { unit, than, op: Op::Less | Op::LessOrEqual | Op::More | Op::MoreOrEqual } => {
                tests.amounts.entry(*unit).or_default().insert(*than);
            }
            Set::References { terms, ids } => {
                tests.terms.insert(terms.clone());
                tests.ids.extend(ids.iter().cloned());
            }
            Set::Lists(lists) => tests.lists.extend(lists.iter().map(|&list| (list, None))),
        }
    }

    fn quota(&mut self, exit: &Exit, quota: &Quota) {
        let limit = match quota.limit {
            Limit::Amount(limit) => Some(limit),
            Limit::Level { .. } => {
                let id = self.exit_id(exit);
                self.question.levels.get(&(id, quota.unit)).copied()
            }
        };
        let used = self.question.used.get(&(self.exit_id(exit), quota.unit)).copied();
        let Some(limit) = limit else {
            self.of(ACTIVITY, quota.field).amounts.entry(quota.unit).or_default();
            return;
        };
        // What is left for this line when any of the other lines count.
        let mut left = BTreeSet::from([limit]);
        left.extend(used.and_then(|used| limit.checked_sub(used)));
        for line in &self.question.lines {
            let amount = match line.facts.0.get(quota.field.at()) {
                Some(State::Is(Value::Amounts(amounts))) => amounts.get(&quota.unit).copied(),
                Some(State::Unstated) if self.program.schema.is_counted(quota.unit) => Some(Decimal::ONE),
                _ => None,
            };
            if let Some(amount) = amount {
                let less: Vec<Decimal> = left.iter().filter_map(|left| left.checked_sub(amount)).collect();
                left.extend(less);
            }
        }
        let thresholds = self.of(ACTIVITY, quota.field).amounts.entry(quota.unit).or_default();
        thresholds.extend(left.into_iter().filter(|left| *left >= Decimal::ZERO));
    }

    fn exit_id(&self, exit: &Exit) -> crate::check::program::ExitId {
        let at = self.program.exits.iter().position(|other| std::ptr::eq(other, exit));
        crate::check::program::ExitId(at.expect("the exit is one of the program's") as u32)
    }

    fn requirement(&mut self, requirement: &Requirement) {
        let days = acts::boundary_days(&self.program.schema.working_days, self.question, requirement);
        self.date().extend(days);
        for who in std::iter::once(&requirement.by).chain(&requirement.to) {
            let Who::Field(field) = who else { continue };
            let (Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy)) =
                self.program.schema.records[ACTIVITY.at()].fields[field.at()].ty
            else {
                continue;
            };
            for act in &self.question.acts {
                for reference in act.by.iter().chain(&act.to) {
                    match reference {
                        Reference::Country(term) => {
                            let end = self.program.schema.taxonomies[taxonomy.at()].terms[*term as usize].end;
                            self.of(ACTIVITY, *field).terms.insert(Terms(vec![(*term, end)]));
                        }
                        Reference::Id(id) => {
                            self.of(ACTIVITY, *field).ids.insert(id.clone());
                        }
                    }
                }
                let actor_state = self.program.schema.core.actor_state;
                if act.by.is_none() && *field != actor_state {
                    // The act is the actor State's, whichever that is: two values are compared.
                    self.of(ACTIVITY, *field).compared = true;
                    self.of(ACTIVITY, actor_state).compared = true;
                }
            }
        }
    }

    /// What an act says that it covers is a test of each field it names.
    fn covers(&mut self, record: RecordId, given: &'p Facts) {
        for (field, state) in given.0.iter().enumerate() {
            let field = FieldId(field as u32);
            match state {
                State::Unstated | State::Unknown | State::None => {}
                State::Is(value) => self.covered_value(record, field, value),
                State::List(values) => {
                    for value in values {
                        if let State::Is(value) = value {
                            self.covered_value(record, field, value);
                        }
                    }
                }
            }
        }
    }

    fn covered_value(&mut self, record: RecordId, field: FieldId, value: &'p Value) {
        let ty = self.program.schema.records[record.at()].fields[field.at()].ty;
        let goods = self.program.schema.core.goods.filter(|_| record == ACTIVITY);
        match (value, ty) {
            (Value::Term(term), Type::Term(taxonomy) | Type::Root(taxonomy)) => {
                let end = self.program.schema.taxonomies[taxonomy.at()].terms[*term as usize].end;
                let terms = Terms(vec![(*term, end)]);
                self.of(record, field).terms.insert(terms.clone());
                if let Some((_, hs)) = goods.filter(|&(item, _)| item == field) {
                    let codes = super::goods::codes_of_branch(self.program, taxonomy, *term);
                    self.of(ACTIVITY, hs).codes.extend(&codes);
                    self.goods(Some(terms), codes, true);
                }
            }
            (Value::Term(_), _) => {}
            (Value::Codes(from, to), _) => {
                self.of(record, field).codes.insert((*from, *to));
                if goods.is_some_and(|(_, hs)| hs == field) {
                    self.goods(None, vec![(*from, *to)], false);
                }
            }
            (Value::Date(day), _) => self.of(record, field).days.extend([*day, day.next()]),
            (Value::YesNo(_), _) => {}
            (Value::Text(text), _) => {
                self.of(record, field).texts.insert(text.clone());
            }
            (Value::Amounts(amounts), _) => {
                for (&unit, &amount) in amounts {
                    self.of(record, field).amounts.entry(unit).or_default().insert(amount);
                }
            }
            (Value::Reference(Reference::Country(term)), Type::Reference(taxonomy)) => {
                let end = self.program.schema.taxonomies[taxonomy.at()].terms[*term as usize].end;
                self.of(record, field).terms.insert(Terms(vec![(*term, end)]));
            }
            (Value::Reference(Reference::Country(_)), _) => {}
            (Value::Reference(Reference::Id(id)), _) => {
                self.of(record, field).ids.insert(id.clone());
            }
            (Value::Listing(list, measure), _) => {
                self.of(record, field).lists.extend([(*list, None), (*list, *measure)]);
            }
            (Value::Record(facts), Type::Record(inner)) => {
                self.body(record, field, Body::Covered(facts));
                self.covers(inner, facts);
            }
            (Value::Record(_), _) => {}
        }
    }

    /// Values of compared fields that the question states.
    fn stated(&mut self, record: RecordId, facts: &Facts) {
        for (field, state) in facts.0.iter().enumerate() {
            self.stated_of(record, FieldId(field as u32), state);
        }
    }

    fn stated_of(&mut self, record: RecordId, field: FieldId, state: &State) {
        let values: Vec<&Value> = match state {
            State::Is(value) => vec![value],
            State::List(values) => values
                .iter()
                .filter_map(|value| if let State::Is(value) = value { Some(value) } else { None })
                .collect(),
            _ => return,
        };
        let declared = &self.program.schema.records[record.at()].fields[field.at()];
        let tests = self.to.field(record, field);
        let compared = tests.is_some_and(|tests| tests.compared);
        let ordered = tests.is_some_and(|tests| tests.ordered);
        for value in values {
            match (value, declared.ty) {
                (Value::Record(facts), Type::Record(inner)) => self.stated(inner, facts),
                (Value::Date(day), _) if ordered => {
                    self.to.stated.days.insert(*day);
                }
                _ if !compared => {}
                (Value::Term(term), Type::Term(taxonomy) | Type::Root(taxonomy))
                | (Value::Reference(Reference::Country(term)), Type::Reference(taxonomy)) => {
                    self.to.stated.terms.insert((taxonomy, *term));
                }
                (Value::Reference(Reference::Id(id)), _) => {
                    self.to.stated.ids.insert(id.clone());
                }
                (Value::Text(text), _) => {
                    self.to.stated.texts.insert(text.clone());
                }
                (Value::Codes(from, to), _) => {
                    self.to.stated.codes.insert((*from, *to));
                }
                _ => {}
            }
        }
    }
}
