//! Activities that show something: made from a path through the cells, and believed only after they were decided.
//!
//! What is made is a guess. A condition that asks for a record gets one; what two conditions ask of one fact may not go together, and
//! then the decision says so and the activity is dropped.

mod acts;
pub(crate) mod apart;
pub(crate) mod cells;
pub(crate) mod cubes;
mod drafts;
pub(crate) mod smaller;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, Exit, ExitId, Fact, Field, FieldId, Limit, NormId, Op, Program, RecordId, Set, Terms,
    Type,
};
use crate::diagram::standing::Standing;
use crate::diagram::table::Ref;
use crate::evaluate::answer::{Answer, NormAnswer};
use crate::evaluate::decide::Granted;
use crate::facts::Activity;
use crate::normal::{self, Coding, Expr, Norms, SlotId, SlotKind};
use crate::reference;
use crate::ruleset::Ruleset;
use crate::value::decimal::near;
use crate::value::{Date, Decimal, Raw, Unit, Verdict};

use cells::Sheet;

/// Paths that are tried for one claim, and how often each with other values.
const MOST_PATHS: usize = 8;
const MOST_TURNS: usize = 4;
/// Definitions within definitions that are looked into.
const DEEPEST: usize = 16;

/// What activities are made from, and what judges them.
#[derive(Debug)]
pub(crate) struct Witnesses<'a> {
    pub rules: &'a Ruleset,
    pub program: &'a Program,
    pub norms: &'a Norms,
    /// By slot: the cells in which a value can lie.
    pub cells: Vec<Vec<usize>>,
    /// The amounts that conditions compare with.
    thresholds: Vec<Decimal>,
}

impl<'a> Witnesses<'a> {
    pub fn new(rules: &'a Ruleset) -> Witnesses<'a> {
        Witnesses::of(rules, rules.program(), rules.compiled().norms)
    }

    /// Activities in the words of a program that is judged otherwise than by its own rules.
    pub fn of(rules: &'a Ruleset, program: &'a Program, norms: &'a Norms) -> Witnesses<'a> {
        let cells = normal::real_cells(&program.schema, norms);
        Witnesses { rules, program, norms, cells, thresholds: thresholds(program) }
    }

    /// Activities that may lie on paths to leaves that are wanted; about a norm, whose days and addressees fill what is open.
    pub fn activities(&self, sheet: &Sheet<'_>, of: Ref, wanted: impl Fn(u32) -> bool, norm: NormId) -> Vec<Activity> {
        let paths = sheet.paths(of, wanted, MOST_PATHS);
        let mut made: Vec<Activity> = Vec::new();
        for turn in 0..MOST_TURNS {
            for path in &paths {
                if let Some(activity) = self.activity(path, norm, turn)
                    && !made.contains(&activity)
                {
                    made.push(activity);
                }
            }
        }
        made
    }

    /// An activity that may lie on a path; another turn takes other values.
    pub fn activity(&self, path: &[(SlotId, usize)], norm: NormId, turn: usize) -> Option<Activity> {
        let mut maker = Maker::new(self.program, turn);
        for &(slot, cell) in path {
            if let SlotKind::Field { field, unit, coding } = &self.norms.slots[slot.at()].kind {
                maker.field(*field, *unit, coding, cell, &self.thresholds);
            }
        }
        maker.required(norm);
        for &(slot, cell) in path {
            match &self.norms.slots[slot.at()].kind {
                SlotKind::Condition(cond) if cell == 1 => maker.want(0, cond, true, 0),
                SlotKind::Quotas(exit) if cell == 1 => maker.quotas(*exit),
                SlotKind::Quotas(exit) => maker.used_up(*exit),
                SlotKind::Condition(_)
                | SlotKind::Requirement(..)
                | SlotKind::Field { .. }
                | SlotKind::Compound(..) => {}
            }
        }
        // What is not to be so is looked at last, when it is seen what stands against it.
        for &(slot, cell) in path {
            if let SlotKind::Condition(cond) = &self.norms.slots[slot.at()].kind
                && cell == 0
            {
                maker.deny(cond);
            }
        }
        maker.finish()
    }

    /// The same activity where nothing more was found, and nobody is listed elsewhere: silence says neither.
    pub fn with_nothing_more(&self, activity: &Activity) -> Activity {
        let nothing = |record: RecordId, facts: &Raw| -> Vec<(String, Raw)> {
            let Raw::Map(entries) = facts else { return Vec::new() };
            let declared = &self.program.schema.records[record.at()].fields;
            let silent = |field: &&Field| {
                let is_open = field.ty == Type::Listing || field.name == "findings";
                field.many && is_open && !entries.iter().any(|(name, _)| *name == field.name)
            };
            declared.iter().filter(silent).map(|field| (field.name.clone(), Raw::from("none"))).collect()
        };
        let mut with = activity.clone();
        for field in &self.program.schema.activity().fields {
            if let (Type::Record(record), Some(Raw::List(records))) = (field.ty, activity.raw().get(&field.name)) {
                let more = |one: &Raw| match one {
                    Raw::Map(entries) => Raw::Map(entries.iter().cloned().chain(nothing(record, one)).collect()),
                    other => other.clone(),
                };
                with = with.set(&field.name, Raw::List(records.iter().map(more).collect()));
            }
        }
        nothing(ACTIVITY, activity.raw()).into_iter().fold(with, |with, (name, none)| with.set(&name, none))
    }

    /// Facts that put one slot into a cell, and nothing else.
    pub fn facts_of(&self, slot: SlotId, cell: usize, turn: usize) -> Option<Activity> {
        let mut maker = Maker::new(self.program, turn);
        match &self.norms.slots[slot.at()].kind {
            SlotKind::Field { field, unit, coding } => maker.field(*field, *unit, coding, cell, &self.thresholds),
            SlotKind::Condition(cond) => maker.want(0, cond, cell == 1, 0),
            SlotKind::Quotas(exit) if cell == 0 => maker.used_up(*exit),
            SlotKind::Quotas(exit) => maker.quotas(*exit),
            SlotKind::Requirement(..) | SlotKind::Compound(..) => {}
        }
        maker.finish()
    }

    /// The slots that a condition asks, definitions looked into.
    pub fn slots_of(&self, condition: &Expr) -> BTreeSet<SlotId> {
        match condition {
            Expr::Yes | Expr::No => BTreeSet::new(),
            Expr::In(slot, _) => match &self.norms.slots[slot.at()].kind {
                SlotKind::Compound(_, says) => self.slots_of(says),
                _ => BTreeSet::from([*slot]),
            },
            Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(|part| self.slots_of(part)).collect(),
        }
    }

    /// The answer to an activity; `None` when it is not understood or over the budget.
    pub fn answer(&self, activity: &Activity) -> Option<Answer> {
        let question = self.rules.bind(activity.raw()).ok()?;
        let granted = Granted::new();
        let answer = self.rules.compiled().decide(&question, &granted);
        answer.exact.then_some(answer)
    }

    /// Whether the reference evaluator gives this verdict, too: what is shown is confirmed by it.
    pub fn is_confirmed(&self, activity: &Activity, verdict: Verdict) -> bool {
        is_confirmed(self.rules, activity, verdict)
    }

    /// What a norm says of an activity that it reaches for sure.
    pub fn reached<'s>(&self, answer: &'s Answer, norm: NormId) -> Option<&'s NormAnswer> {
        let said = answer.lines.first()?.norms.iter().find(|said| said.id == norm)?;
        (!said.standings.contains(&Standing::Out)).then_some(said)
    }

    /// The text of a scenario that states an activity.
    pub fn told(&self, title: &str, activity: &Activity, expects: &str) -> String {
        crate::scenarios::text::scenario(self.program, title, activity, &[expects.to_owned()])
    }
}

/// Whether the reference evaluator gives an activity this verdict.
pub(crate) fn is_confirmed(rules: &Ruleset, activity: &Activity, verdict: Verdict) -> bool {
    let Ok(question) = rules.bind(activity.raw()) else { return false };
    let answer = reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING);
    answer.is_some_and(|answer| answer.possible.iter().eq([&verdict]))
}

/// The amounts that conditions compare with.
fn thresholds(program: &Program) -> Vec<Decimal> {
    fn walk(cond: &Cond, into: &mut Vec<Decimal>) {
        if let Cond::Test { set: Set::Amount { than, .. }, .. } = cond {
            into.push(*than);
        }
        cond.parts().iter().for_each(|part| walk(part, into));
    }
    let mut all = vec![Decimal::ZERO, Decimal::ONE];
    program.norms.iter().for_each(|norm| walk(&norm.when, &mut all));
    program.exits.iter().for_each(|exit| walk(&exit.when, &mut all));
    program.definitions.iter().flat_map(|it| &it.parts).for_each(|part| walk(&part.when, &mut all));
    all.sort_unstable();
    all.dedup();
    all
}

/// A record in the making.
struct Draft {
    record: RecordId,
    fields: BTreeMap<FieldId, Raw>,
}

struct Maker<'a> {
    program: &'a Program,
    /// The activity, then records.
    drafts: Vec<Draft>,
    /// Which draft holds which in which of its lists.
    held: Vec<(usize, FieldId, usize)>,
    readings: Vec<(String, bool)>,
    /// By exit: what is used of its quotas, in each unit.
    used: BTreeMap<String, BTreeMap<Unit, Decimal>>,
    /// Another one takes other values and other ways to meet a condition.
    turn: usize,
}

impl<'a> Maker<'a> {
    fn new(program: &'a Program, turn: usize) -> Maker<'a> {
        Maker {
            program,
            drafts: vec![Draft { record: ACTIVITY, fields: BTreeMap::new() }],
            held: Vec::new(),
            readings: Vec::new(),
            used: BTreeMap::new(),
            turn,
        }
    }

    fn choose<T: Clone>(&self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.turn % from.len()].clone())
    }

    /// A value of a field of the activity in a cell; nothing for *none*.
    fn field(&mut self, field: FieldId, unit: Option<Unit>, coding: &Coding, cell: usize, thresholds: &[Decimal]) {
        let declared = &self.program.schema.activity().fields[field.at()];
        let is_none = cell == 0 && !declared.required;
        if is_none {
            return;
        }
        let value = match (declared.ty, unit) {
            (Type::Term(taxonomy) | Type::Root(taxonomy), _) => {
                let terms = &self.program.schema.taxonomies[taxonomy.at()].terms;
                let fits = |term: &usize| {
                    coding.of_whole(*term as i64) == cell
                        && (!matches!(declared.ty, Type::Root(_)) || terms[*term].parent.is_none())
                };
                let all: Vec<usize> = (0..terms.len()).filter(fits).collect();
                // A term with others under it may be any of them.
                let exact: Vec<usize> =
                    all.iter().copied().filter(|term| terms[*term].end as usize == term + 1).collect();
                self.choose(if exact.is_empty() { &all } else { &exact }).map(|term| Raw::from(&terms[term].name))
            }
            (Type::Hs, _) => {
                let codes: Vec<i64> =
                    coding.cuts().iter().copied().filter(|cut| coding.of_whole(*cut) == cell).collect();
                self.choose(&codes).filter(|code| *code > 0).map(|code| Raw::from(format!("{code:010}")))
            }
            (Type::Date, _) => {
                let near = |cut: &i64| [*cut, cut.saturating_sub(1)];
                let days: Vec<Date> = coding
                    .cuts()
                    .iter()
                    .flat_map(near)
                    .filter(|day| coding.of_whole(*day) == cell)
                    .filter_map(|day| Date::from_day_number(i32::try_from(day).ok()?))
                    .filter(|day| *day > Date::MIN)
                    .collect();
                self.choose(&days).map(Raw::from)
            }
            (Type::YesNo, _) => (0..2).find(|yes| coding.of_whole(*yes) == cell).map(|yes| Raw::Bool(yes == 1)),
            (Type::Quantity | Type::Money, Some(unit)) => {
                let mut near = thresholds.iter().flat_map(|at| near(*at));
                let amount = near.find(|at| *at >= Decimal::ZERO && coding.of_amount(*at) == cell);
                amount.map(|amount| self.amount(amount, unit))
            }
            _ => None,
        };
        if let Some(value) = value {
            self.put(0, field, value);
        }
    }

    /// What every activity states: the days, action and addressee of the norm, where the path leaves them open.
    fn required(&mut self, norm: NormId) {
        let program = self.program;
        let core = program.schema.core;
        let norm = &program.norms[norm.at()];
        self.put(0, core.date, Raw::from(norm.period.from));
        let actions = norm.actions.clone().unwrap_or_else(|| self.all_terms(core.action));
        self.want(0, &Cond::Test { fact: Fact::Activity(core.action), set: Set::Terms(actions) }, true, 0);
        match program.regimes[program.regime_of(norm.paragraph).at()].binds {
            Some(group) => self.want(0, &Cond::Member { fact: Fact::Activity(core.actor_state), group }, true, 0),
            None => {
                let all = self.all_terms(core.actor_state);
                self.want(0, &Cond::Test { fact: Fact::Activity(core.actor_state), set: Set::Terms(all) }, true, 0);
            }
        }
    }

    fn all_terms(&self, field: FieldId) -> Terms {
        match self.program.schema.activity().fields[field.at()].ty {
            Type::Term(taxonomy) | Type::Root(taxonomy) => {
                Terms(vec![(0, self.program.schema.taxonomies[taxonomy.at()].terms.len() as u32)])
            }
            _ => Terms(Vec::new()),
        }
    }

    fn amount(&self, amount: Decimal, unit: Unit) -> Raw {
        Raw::from(format!("{} {}", amount.normalize(), self.program.schema.unit_name(unit)))
    }

    /// The first value that is put stays; a list takes all.
    fn put(&mut self, draft: usize, field: FieldId, value: Raw) {
        let declared = &self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()];
        let fields = &mut self.drafts[draft].fields;
        if declared.many {
            match fields.entry(field).or_insert_with(|| Raw::List(Vec::new())) {
                Raw::List(all) if !all.contains(&value) => all.push(value),
                _ => {}
            }
        } else {
            fields.entry(field).or_insert(value);
        }
    }

    fn place(&self, here: usize, fact: Fact) -> (usize, FieldId) {
        match fact {
            Fact::Activity(field) => (0, field),
            Fact::Own(field) => (here, field),
        }
    }

    fn want(&mut self, here: usize, cond: &Cond, yes: bool, depth: usize) {
        match cond {
            Cond::Yes | Cond::No | Cond::NoAct => {}
            Cond::Not(inner) => self.want(here, inner, !yes, depth),
            Cond::All(parts) | Cond::Any(parts) => {
                if matches!(cond, Cond::All(_)) == yes {
                    parts.iter().for_each(|part| self.want(here, part, yes, depth));
                } else if let Some(part) = self.one_of(here, parts, yes) {
                    self.want(here, part, yes, depth);
                }
            }
            Cond::Test { fact, set: Set::YesNo(answer) } => {
                let (draft, field) = self.place(here, *fact);
                self.put(draft, field, Raw::Bool(*answer == yes));
            }
            // What every record states cannot be left out.
            Cond::Test { fact, set: Set::Terms(terms) } if !yes && self.is_asked_of_all(here, *fact) => {
                let (draft, field) = self.place(here, *fact);
                let all = self.terms_of(draft, field);
                let outside = terms.complement(all);
                if let Some(value) = self.value_in(draft, field, &Set::Terms(outside)) {
                    self.put(draft, field, value);
                }
            }
            // What is not stated is none, and none is in no set.
            Cond::Test { .. } | Cond::Goods { .. } | Cond::Member { .. } if !yes => {}
            Cond::Same { .. } | Cond::Count { .. } | Cond::Listed { .. } if !yes => {}
            Cond::Test { fact, set } => {
                let (draft, field) = self.place(here, *fact);
                if let Some(value) = self.value_in(draft, field, set) {
                    self.put(draft, field, value);
                }
            }
            Cond::Goods { terms, .. } => {
                if let Some((item, _)) = self.program.schema.core.goods {
                    let test = Cond::Test { fact: Fact::Activity(item), set: Set::Terms(terms.clone()) };
                    self.want(here, &test, true, depth);
                }
            }
            Cond::Absent { fact } => {
                let (draft, field) = self.place(here, *fact);
                if !yes && let Some(value) = self.some_value(draft, field) {
                    self.put(draft, field, value);
                }
            }
            Cond::Member { fact, group } => {
                let (draft, field) = self.place(here, *fact);
                let group = &self.program.schema.groups[group.at()];
                let members: Vec<u32> =
                    group.members.iter().filter(|(_, days)| **days == (None, None)).map(|(term, _)| *term).collect();
                let terms = &self.program.schema.taxonomies[group.taxonomy.at()].terms;
                if let Some(member) = self.choose(&members) {
                    self.put(draft, field, Raw::from(&terms[member as usize].name));
                }
            }
            Cond::Same { left, right } => self.same(here, *left, *right),
            Cond::Order { left, op, right } => {
                let (draft, field) = self.place(here, *right);
                if let Some(Raw::Text(day)) = self.drafts[draft].fields.get(&field).cloned()
                    && let Some(day) = Date::parse(&day)
                {
                    let other = match (op, yes) {
                        (Op::LessOrEqual | Op::MoreOrEqual, true) => day,
                        (Op::Less, true) | (Op::MoreOrEqual, false) => day.previous(),
                        (Op::More, true) | (Op::LessOrEqual, false) => day.next(),
                        (Op::Less | Op::More, false) => day,
                    };
                    let (draft, field) = self.place(here, *left);
                    self.put(draft, field, Raw::from(other));
                }
            }
            // A day that the ones before have put there.
            Cond::OrderPlus { .. } | Cond::SameYear { .. } => {}
            Cond::Count { list, role, at_least, body } => {
                let (draft, field) = self.place(here, *list);
                for _ in 0..*at_least {
                    self.record(draft, field, role.as_ref(), body, depth);
                }
            }
            Cond::Listed { who, list, measure, .. } => {
                let list = &self.program.schema.lists[list.at()];
                let value = match measure {
                    Some(measure) => format!("{}/{}", list.name, list.measures[*measure as usize]),
                    None => list.name.clone(),
                };
                let who = match who {
                    None => Some(here),
                    Some(through) => self.named(here, *through),
                };
                if let Some(draft) = who
                    && let Some(field) = self.field_called(draft, "listed")
                {
                    self.put(draft, field, Raw::from(value));
                }
            }
            Cond::Defined(id) => self.defined(here, *id, yes, depth),
            Cond::Reading(id) => self.readings.push((self.program.readings[id.at()].name.clone(), yes)),
        }
    }

    fn defined(&mut self, here: usize, id: DefinitionId, yes: bool, depth: usize) {
        let parts = &self.program.definitions[id.at()].parts;
        if depth >= DEEPEST {
            return;
        }
        if yes {
            let part = &parts[self.turn % parts.len()];
            self.want(here, &part.when, true, depth + 1);
        } else {
            parts.iter().for_each(|part| self.want(here, &part.when, false, depth + 1));
        }
    }

    fn record(&mut self, holder: usize, list: FieldId, role: Option<&Terms>, body: &Cond, depth: usize) {
        let declared = &self.program.schema.records[self.drafts[holder].record.at()].fields[list.at()];
        let Type::Record(record) = declared.ty else { return };
        if depth >= DEEPEST {
            return;
        }
        let id = self.drafts.len();
        self.drafts.push(Draft { record, fields: BTreeMap::new() });
        self.held.push((holder, list, id));
        if let (Some(terms), Some(field)) = (role, self.program.schema.records[record.at()].role) {
            self.want(id, &Cond::Test { fact: Fact::Own(field), set: Set::Terms(terms.clone()) }, true, depth);
        }
        self.want(id, body, true, depth + 1);
    }

    fn same(&mut self, here: usize, left: Fact, right: Fact) {
        let places = [self.place(here, left), self.place(here, right)];
        let known = places.iter().find_map(|(draft, field)| self.drafts[*draft].fields.get(field).cloned());
        let value = match known {
            Some(Raw::List(all)) => all.into_iter().next(),
            Some(value) => Some(value),
            None => self.some_value(places[0].0, places[0].1),
        };
        if let Some(value) = value {
            places.iter().for_each(|(draft, field)| self.put(*draft, *field, value.clone()));
        }
    }

    fn value_in(&self, draft: usize, field: FieldId, set: &Set) -> Option<Raw> {
        let declared = &self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()];
        let term = |terms: &Terms, roots: bool| {
            let (Type::Term(of) | Type::Root(of) | Type::Reference(of)) = declared.ty else { return None };
            let all = &self.program.schema.taxonomies[of.at()].terms;
            let fits = |term: &u32| match roots {
                true => all[*term as usize].parent.is_none(),
                false => all[*term as usize].end == term + 1,
            };
            let fitting: Vec<u32> = terms.0.iter().flat_map(|&(from, to)| from..to).filter(fits).collect();
            self.choose(&fitting).map(|term| Raw::from(&all[term as usize].name))
        };
        match set {
            Set::Terms(terms) => term(terms, matches!(declared.ty, Type::Root(_))),
            Set::References { terms, ids } => term(terms, true)
                .or_else(|| self.choose(ids).map(|id| Raw::Map(vec![("id".to_owned(), Raw::from(id))]))),
            Set::Codes(codes) => self.choose(codes).map(|(from, _)| Raw::from(format!("{from:010}"))),
            Set::Dates(days) => self.choose(days).map(|(from, _)| Raw::from(from)),
            Set::YesNo(yes) => Some(Raw::Bool(*yes)),
            Set::Texts(texts) => self.choose(texts).map(Raw::from),
            Set::Lists(lists) => self.choose(lists).map(|list| Raw::from(&self.program.schema.lists[list.at()].name)),
            Set::Amount { unit, op, than } => {
                let amount = match op {
                    Op::Less => than.checked_sub(Decimal::ONE),
                    Op::More => than.checked_add(Decimal::ONE),
                    Op::LessOrEqual | Op::MoreOrEqual => Some(*than),
                };
                amount.map(|amount| self.amount(amount, *unit))
            }
        }
    }

    /// Any value that a field can have.
    fn some_value(&self, draft: usize, field: FieldId) -> Option<Raw> {
        let declared = &self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()];
        match declared.ty {
            Type::Term(of) | Type::Root(of) | Type::Reference(of) => {
                let all = Terms(vec![(0, self.program.schema.taxonomies[of.at()].terms.len() as u32)]);
                let set = match declared.ty {
                    Type::Reference(_) => Set::References { terms: all, ids: Vec::new() },
                    _ => Set::Terms(all),
                };
                self.value_in(draft, field, &set)
            }
            Type::Date => Some(Raw::from("2020-01-01")),
            Type::YesNo => Some(Raw::Bool(true)),
            Type::Text => Some(Raw::from("x")),
            Type::Hs => Some(Raw::from("84")),
            Type::Quantity | Type::Money | Type::Listing | Type::Record(_) => None,
        }
    }

    /// Nothing is used so far, and the activity has one of what is counted.
    fn quotas(&mut self, exit: ExitId) {
        let exit = &self.program.exits[exit.at()];
        for quota in &exit.quotas {
            self.used.entry(exit.name.clone()).or_default().entry(quota.unit).or_default();
        }
        self.one_of_each(exit);
    }

    /// All that a quota allows is used already; of two versions of a quota, all that both allow.
    fn used_up(&mut self, exit: ExitId) {
        let exit = &self.program.exits[exit.at()];
        for quota in &exit.quotas {
            if let Limit::Amount(limit) = quota.limit {
                let used = self.used.entry(exit.name.clone()).or_default().entry(quota.unit).or_default();
                *used = limit.max(*used);
            }
        }
        self.one_of_each(exit);
    }

    /// The activity has one of what is counted, where nothing else is said.
    fn one_of_each(&mut self, exit: &Exit) {
        let mut counted: BTreeMap<FieldId, Vec<Raw>> = BTreeMap::new();
        for quota in &exit.quotas {
            counted.entry(quota.field).or_default().push(self.amount(Decimal::ONE, quota.unit));
        }
        for (field, amounts) in counted {
            self.put(0, field, listed(amounts));
        }
    }

    fn finish(self) -> Option<Activity> {
        let Maker { program, drafts, held, readings, used, .. } = self;
        let mut raws: Vec<Raw> = drafts
            .iter()
            .map(|draft| {
                let fields = &program.schema.records[draft.record.at()].fields;
                Raw::Map(draft.fields.iter().map(|(id, value)| (fields[id.at()].name.clone(), value.clone())).collect())
            })
            .collect();
        // Held records are made after what holds them.
        for &(holder, list, id) in held.iter().rev() {
            let record = std::mem::replace(&mut raws[id], Raw::Null);
            let name = &program.schema.records[drafts[holder].record.at()].fields[list.at()].name;
            let Raw::Map(entries) = &mut raws[holder] else { continue };
            match entries.iter_mut().find(|(known, _)| known == name) {
                Some((_, Raw::List(all))) => all.insert(0, record),
                Some(_) => {}
                None => entries.push((name.clone(), Raw::List(vec![record]))),
            }
        }
        let mut activity = Activity::from_raw(raws.swap_remove(0)).ok()?.complete();
        for (name, yes) in readings {
            activity = activity.reading(&name, yes);
        }
        for (exit, amounts) in used {
            let amounts = amounts.into_iter();
            let amounts =
                amounts.map(|(unit, used)| format!("{} {}", used.normalize(), program.schema.unit_name(unit)));
            activity = activity.used(&exit, listed(amounts.map(Raw::from).collect()));
        }
        Some(activity)
    }
}

/// One value, or a list of several.
fn listed(mut values: Vec<Raw>) -> Raw {
    if values.len() == 1 { values.remove(0) } else { Raw::List(values) }
}
