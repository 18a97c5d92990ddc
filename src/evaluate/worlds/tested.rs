//! What some norms ask of each field: enough to tell apart the values that they tell apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, ExitId, Fact, FieldId, ListId, NormId, Program, RecordId, Set, TaxonomyId, Terms,
    Type,
};
use crate::facts::question::{Facts, Question, State, Value};
use crate::value::{Date, Unit};

/// A field of a kind of record.
pub(crate) type FieldOf = (RecordId, FieldId);

/// What is asked of a list: the list, a measure of it, an entry of it.
pub(crate) type Ask = (ListId, Option<u32>, Option<String>);

/// A role, if one is asked for, and a condition, asked of the records of a list.
pub(crate) type Body = (Option<Terms>, Cond);

/// The tests of some norms, their exits and, of one question, its acts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tested {
    pub sets: BTreeMap<FieldOf, Vec<Set>>,
    /// Tests of goods by item or code.
    pub goods: Vec<(Terms, Vec<(u64, u64)>)>,
    /// Fields that are compared with another field or with who acts.
    pub compared: BTreeSet<FieldOf>,
    /// Which are compared with which, the lesser first.
    comparisons: BTreeSet<(FieldOf, FieldOf)>,
    /// Compared fields that hold many values.
    lists: BTreeSet<FieldOf>,
    /// Days on which something begins or has just ended.
    pub days: BTreeSet<Date>,
    /// Offsets in days that comparisons of two dates add.
    pub offsets: BTreeSet<i64>,
    pub same_year: bool,
    /// What is asked of the records of a list, and the largest number asked for.
    pub bodies: BTreeMap<FieldOf, (Vec<Body>, u32)>,
    /// What is asked of the lists on which those that a field refers to may stand.
    pub chained: BTreeMap<FieldOf, Vec<Ask>>,
    pub listed: Vec<Ask>,
    /// Exits with quotas that count an amount of the activity.
    pub quotas: BTreeMap<(FieldId, Unit), BTreeSet<ExitId>>,
}

impl Tested {
    /// The tests of these norms.
    pub fn of(program: &Program, norms: impl IntoIterator<Item = NormId>) -> Tested {
        let mut walk = Walk { program, tested: Tested::default(), seen: BTreeSet::new() };
        for id in norms {
            walk.norm(id);
        }
        walk.tested
    }

    /// Adds the tests of a condition on the activity.
    pub fn add_condition(&mut self, program: &Program, cond: &Cond) {
        let mut walk = Walk { program, tested: std::mem::take(self), seen: BTreeSet::new() };
        walk.cond(ACTIVITY, cond);
        *self = walk.tested;
    }

    /// How many values that no test tells apart are needed to tell all fields apart that are compared; 1 when none are.
    ///
    /// Facts of the activity that are compared `E` times, `V` of them in all, can be made equal and unequal in every possible
    /// way with `q` values, where `q` is the largest with `q (q - 3) / 2 <= E - V`: to need more, facts must remain, when
    /// equal ones are taken together, each of which is compared with `q - 1` others. Records may stand there many times, but none
    /// is compared with another: one value for each fact of the activity, and for each of one record, are enough. So it is with
    /// the facts that several lines state, and with lists, which besides need a value for each two of them that meet.
    pub fn strangers(&self, several_lines: bool) -> usize {
        const LEAST: usize = 3;
        if self.compared.is_empty() {
            return 1;
        }
        let mut left = self.compared.clone();
        let mut most = LEAST;
        while let Some(first) = left.pop_first() {
            let mut together = vec![first];
            let mut at = 0;
            while let Some(&of) = together.get(at) {
                let pairs = self.comparisons.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
                let beside = pairs.filter(|(one, _)| *one == of).map(|(_, other)| other);
                together.extend(beside.filter(|other| left.remove(other)));
                at += 1;
            }
            let fields = together.len();
            let of_record = |record: RecordId| together.iter().filter(|of| of.0 == record).count();
            let records: BTreeSet<RecordId> = together.iter().map(|of| of.0).filter(|of| *of != ACTIVITY).collect();
            let within = self.comparisons.iter().filter(|(one, _)| together.contains(one)).count();
            let needed = |q: &usize| q * q.saturating_sub(3) / 2 + fields <= within;
            let simple = (LEAST..=fields).rev().find(needed).unwrap_or(LEAST);
            let meeting = |(one, other): &&(FieldOf, FieldOf)| self.lists.contains(one) && self.lists.contains(other);
            let meeting = self.comparisons.iter().filter(meeting).filter(|(one, _)| together.contains(one)).count();
            let is_simple = records.is_empty() && !several_lines && together.iter().all(|of| !self.lists.contains(of));
            let beside = records.iter().map(|record| of_record(*record)).max().unwrap_or(0);
            most = most.max(if is_simple { simple } else { of_record(ACTIVITY) + beside + meeting });
        }
        most
    }

    /// Adds what the acts of the question tell apart.
    pub fn add_acts(&mut self, program: &Program, question: &Question) {
        for covers in question.acts.iter().filter_map(|act| act.covers.as_ref()) {
            self.add_facts(program, ACTIVITY, covers);
        }
    }

    fn add_facts(&mut self, program: &Program, record: RecordId, facts: &Facts) {
        for (at, state) in facts.0.iter().enumerate() {
            self.add_state(program, (record, FieldId(at as u32)), state);
        }
    }

    fn add_state(&mut self, program: &Program, of: FieldOf, state: &State) {
        match state {
            State::Unstated | State::Unknown | State::None => {}
            State::List(elements) => elements.iter().for_each(|element| self.add_state(program, of, element)),
            State::Is(Value::Record(facts)) => {
                if let Type::Record(inner) = program.schema.records[of.0.at()].fields[of.1.at()].ty {
                    self.add_facts(program, inner, facts);
                }
            }
            State::Is(value) => {
                let sets = covered(program, of, value);
                self.sets.entry(of).or_default().extend(sets);
            }
        }
    }
}

/// The sets of values that a value of `covers` stands for.
fn covered(program: &Program, of: FieldOf, value: &Value) -> Vec<Set> {
    let taxonomy = program.schema.records[of.0.at()].fields[of.1.at()].ty.taxonomy();
    let branch = |term: u32| {
        let end = |taxonomy: TaxonomyId| program.schema.taxonomies[taxonomy.at()].terms[term as usize].end;
        Terms(taxonomy.map(|taxonomy| (term, end(taxonomy))).into_iter().collect())
    };
    match value {
        Value::Term(term) => vec![Set::Terms(branch(*term))],
        Value::Codes(from, to) => vec![Set::Codes(vec![(*from, *to)])],
        Value::Date(date) => vec![Set::Dates(vec![(*date, date.next())])],
        Value::YesNo(yes) => vec![Set::YesNo(*yes)],
        Value::Text(text) => vec![Set::Texts(vec![text.clone()])],
        Value::Amounts(amounts) => amounts
            .iter()
            .map(|(&unit, &than)| Set::Amount { unit, op: crate::check::program::Op::LessOrEqual, than })
            .collect(),
        Value::Reference(crate::facts::question::Reference::Country(term)) => {
            vec![Set::References { terms: branch(*term), ids: Vec::new() }]
        }
        Value::Reference(crate::facts::question::Reference::Id(id)) => {
            vec![Set::References { terms: Terms(Vec::new()), ids: vec![id.clone()] }]
        }
        Value::Listing(list, _) => vec![Set::Lists(vec![*list])],
        Value::Record(_) => Vec::new(),
    }
}

struct Walk<'a> {
    program: &'a Program,
    tested: Tested,
    seen: BTreeSet<(RecordId, DefinitionId)>,
}

impl Walk<'_> {
    fn norm(&mut self, id: NormId) {
        let program = self.program;
        let norm = &program.norms[id.at()];
        let core = program.schema.core;
        self.period(Some(norm.period.from), norm.period.through);
        self.period(None, norm.last_day());
        if let Some(group) = program.regimes[program.regime_of(norm.paragraph).at()].binds {
            self.cond(ACTIVITY, &Cond::Member { fact: Fact::Activity(core.actor_state), group });
        }
        if let Some(actions) = &norm.actions {
            self.set((ACTIVITY, core.action), Set::Terms(actions.clone()));
        }
        self.cond(ACTIVITY, &norm.when);
        for &exit in &norm.exits {
            self.exit(exit);
        }
    }

    fn exit(&mut self, id: ExitId) {
        let exit = &self.program.exits[id.at()];
        self.period(Some(exit.period.from), exit.period.through);
        self.cond(ACTIVITY, &exit.when);
        for quota in &exit.quotas {
            self.tested.quotas.entry((quota.field, quota.unit)).or_default().insert(id);
        }
        for requirement in &exit.requirements {
            // An act whose author was not stated is the actor's own.
            if let crate::check::program::Who::Field(field) = requirement.by {
                self.pair(ACTIVITY, Fact::Activity(field), Fact::Activity(self.program.schema.core.actor_state));
            }
            if let Some(crate::check::program::Who::Field(field)) = requirement.to {
                self.tested.compared.insert((ACTIVITY, field));
            }
            // Until that day the act may follow.
            if let crate::check::program::Time::By(last) = requirement.time {
                self.period(None, Some(last));
            }
        }
    }

    fn period(&mut self, from: Option<Date>, through: Option<Date>) {
        self.tested.days.extend(from.into_iter().chain(through.map(Date::next)));
    }

    fn set(&mut self, of: FieldOf, set: Set) {
        if let Set::Dates(ranges) = &set {
            self.tested.days.extend(ranges.iter().flat_map(|&(from, to)| [from, to]));
        }
        let sets = self.tested.sets.entry(of).or_default();
        if !sets.contains(&set) {
            sets.push(set);
        }
    }

    fn field(&self, here: RecordId, fact: Fact) -> FieldOf {
        match fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (here, field),
        }
    }

    fn pair(&mut self, here: RecordId, left: Fact, right: Fact) {
        let (left, right) = (self.field(here, left), self.field(here, right));
        self.tested.compared.extend([left, right]);
        if left != right {
            self.tested.comparisons.insert((left.min(right), left.max(right)));
        }
        let is_list = |of: &FieldOf| self.program.schema.records[of.0.at()].fields[of.1.at()].many;
        self.tested.lists.extend([left, right].into_iter().filter(is_list));
    }

    fn cond(&mut self, here: RecordId, cond: &Cond) {
        match cond {
            Cond::Yes | Cond::No | Cond::Reading(_) | Cond::NoAct | Cond::Absent { .. } => {}
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.cond(here, part)),
            Cond::Not(inner) => self.cond(here, inner),
            Cond::Test { fact, set } => self.set(self.field(here, *fact), set.clone()),
            Cond::Goods { terms, codes } => {
                let goods = (terms.clone(), codes.clone());
                if !self.tested.goods.contains(&goods) {
                    self.tested.goods.push(goods);
                }
            }
            Cond::Same { left, right } => self.pair(here, *left, *right),
            Cond::Order { left, right, .. } => self.pair(here, *left, *right),
            Cond::OrderPlus { left, right, days, .. } => {
                self.pair(here, *left, *right);
                self.tested.offsets.insert(*days);
            }
            Cond::SameYear { left, right } => {
                self.pair(here, *left, *right);
                self.tested.same_year = true;
            }
            Cond::Member { fact, group } => self.member(self.field(here, *fact), *group),
            Cond::Count { list, role, at_least, body } => self.count(here, *list, role, *at_least, body),
            Cond::Listed { who, list, measure, entry } => {
                let ask = (*list, *measure, entry.clone());
                let add = |asks: &mut Vec<Ask>| {
                    if !asks.contains(&ask) {
                        asks.push(ask.clone());
                    }
                };
                let Some(field) = who else { return add(&mut self.tested.listed) };
                let onward = self.program.schema.onward(here, *field);
                for of in [Some((here, *field)), onward].into_iter().flatten() {
                    add(self.tested.chained.entry(of).or_default());
                }
            }
            Cond::Defined(id) => self.definition(here, *id),
        }
    }

    fn member(&mut self, of: FieldOf, group: crate::check::program::GroupId) {
        let program = self.program;
        let mut by_period: BTreeMap<_, Vec<(u32, u32)>> = BTreeMap::new();
        let group = &program.schema.groups[group.at()];
        let taxonomy = &program.schema.taxonomies[group.taxonomy.at()];
        for (&term, &period) in &group.members {
            by_period.entry(period).or_default().push((term, taxonomy.terms[term as usize].end));
        }
        for ((from, through), terms) in by_period {
            self.period(from, through);
            self.set(of, Set::Terms(Terms(terms)));
        }
    }

    fn count(&mut self, here: RecordId, list: Fact, role: &Option<Terms>, at_least: u32, body: &Cond) {
        let of = self.field(here, list);
        let Type::Record(inner) = self.program.schema.records[of.0.at()].fields[of.1.at()].ty else { return };
        let (bodies, most) = self.tested.bodies.entry(of).or_default();
        *most = (*most).max(at_least);
        let asked = (role.clone(), body.clone());
        if !bodies.contains(&asked) {
            bodies.push(asked);
        }
        if let (Some(role), Some(field)) = (role, self.program.schema.records[inner.at()].role) {
            self.set((inner, field), Set::Terms(role.clone()));
        }
        self.cond(inner, body);
    }

    fn definition(&mut self, here: RecordId, id: DefinitionId) {
        if !self.seen.insert((here, id)) {
            return;
        }
        for part in &self.program.definitions[id.at()].parts {
            self.period(Some(part.period.from), part.period.through);
            self.cond(here, &part.when);
        }
    }
}
