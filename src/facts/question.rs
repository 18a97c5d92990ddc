//! A question: an activity with a type for every fact, and the acts it relies on.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ActKind, ExitId, FieldId, ListId, Per, Quota, ReadingId, Schema};
use crate::value::{Date, Decimal, Unit};

use super::path::FactPath;

/// What is asked. Several `lines` are a consignment, each decided on its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Question {
    /// The facts of each line; one line when the activity has none. Never empty.
    pub lines: Vec<Line>,
    pub complete: bool,
    pub asked_on: Option<Date>,
    pub acts: Vec<Act>,
    /// What each quota carries already. What is not here is any amount from 0 up.
    pub used: BTreeMap<(ExitId, Unit), Decimal>,
    /// Somebody said of an amount, or of what a quota carries, that it is not known in one of its units: then a limit in
    /// several units counts in all of them.
    pub in_all_units: bool,
    /// Limits that are facts of the ledger. What is not here is any amount from 0 up.
    pub levels: BTreeMap<(ExitId, Unit), Decimal>,
    /// `None` is stated `"unknown"`.
    pub readings: BTreeMap<ReadingId, Option<bool>>,
    /// What follows from facts of others and is not known: the facts that would tell it.
    pub follows: BTreeMap<FactPath, BTreeSet<FactPath>>,
}

impl Question {
    /// What is stated of a field of the activity, where all lines state the same.
    pub fn shared(&self, field: FieldId) -> Option<&State> {
        let mut lines = self.lines.iter().map(|line| &line.facts.0[field.at()]);
        lines.next().filter(|first| lines.all(|other| other == *first))
    }

    /// The day that is stated in this field, where all lines state the same.
    pub fn date(&self, field: FieldId) -> Option<Date> {
        match self.shared(field)? {
            State::Is(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Whether what is stated as used of a quota is what is used in the period, and by the State, of a line: it is stated for
    /// the date and the State that the lines share. Where each has its own, these must be in one period.
    pub fn is_usage_of(&self, schema: &Schema, quota: &Quota, line: usize) -> bool {
        let shares = |field: FieldId| {
            let own = |line: &Line| line.own.contains(&field);
            let here = &self.lines[line].facts.0[field.at()];
            let is_one = |other: &Line| match (&other.facts.0[field.at()], here) {
                (State::Is(Value::Date(one)), State::Is(Value::Date(other))) => quota.period.is_one(*one, *other),
                (one, other) => one == other,
            };
            match self.lines.iter().find(|line| !own(line)) {
                _ if !own(&self.lines[line]) => true,
                Some(shared) => is_one(shared),
                None => self.lines.iter().all(is_one),
            }
        };
        let per = match quota.per {
            Some(Per::Field(field)) => Some(field),
            Some(Per::Holder) | None => None,
        };
        self.lines.len() == 1 || shares(schema.core.date) && per.is_none_or(shares)
    }

    /// The facts that somebody can state, of facts that are missing.
    pub fn told_by(&self, missing: BTreeSet<FactPath>) -> BTreeSet<FactPath> {
        if self.follows.is_empty() {
            return missing;
        }
        let each = missing.into_iter().map(|path| self.follows.get(&path).cloned().unwrap_or_else(|| [path].into()));
        each.flatten().collect()
    }
}

/// One line of a consignment: the facts of the activity with what the line overrides.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pub facts: Facts,
    /// The fields that the line states itself; the lines share all others.
    pub own: BTreeSet<FieldId>,
}

/// What is stated of one record, by `FieldId`; as long as the record's fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts(pub Vec<State>);

/// What others may refer to a record by: its `id` and its `ids`, in the fields that hold them.
pub(crate) fn names_of(facts: &Facts, fields: [Option<FieldId>; 2]) -> impl Iterator<Item = &str> {
    let states = fields.into_iter().flatten().filter_map(|field| facts.0.get(field.at()));
    let each = states.flat_map(|state| match state {
        State::List(elements) => elements.as_slice(),
        one => std::slice::from_ref(one),
    });
    each.filter_map(|state| match state {
        State::Is(Value::Text(name)) => Some(name.as_str()),
        _ => None,
    })
}

/// What is stated of one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum State {
    /// Nobody said.
    #[default]
    Unstated,
    /// Somebody said that it is not known: `"unknown"` or null.
    Unknown,
    /// There is none; of a list field this is the empty list, and is stated so: `List([])`.
    None,
    Is(Value),
    /// A whole list. Elements are `Is` or `Unknown`; records are `Is(Value::Record)`.
    List(Vec<State>),
}

/// A stated value; it may be coarser than a test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// The term or any below it.
    Term(u32),
    /// Some code of the half-open range.
    Codes(u64, u64),
    Date(Date),
    YesNo(bool),
    Text(String),
    /// One amount per base unit or currency. What is not here is unknown, even when complete:
    /// an amount stated in tonnes has a volume too.
    Amounts(BTreeMap<Unit, Decimal>),
    Reference(Reference),
    /// A list, or one measure of it.
    Listing(ListId, Option<u32>),
    Record(Facts),
}

/// Whom a party is sponsored by, controlled by, acts for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Reference {
    /// A country: a root of the taxonomy of places.
    Country(u32),
    /// The `id` of a party of the activity, or the name of somebody.
    Id(String),
}

/// An act that frees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Act {
    pub kind: ActKind,
    /// `committee`, or a country. Of a notice `None` when not stated: then `actor_state`.
    pub by: Option<Reference>,
    pub to: Option<Reference>,
    /// The exit's or its paragraph's name, as stated: checked to exist.
    pub under: String,
    pub on: Date,
    pub from: Option<Date>,
    pub through: Option<Date>,
    /// A partial activity, never empty. `None` only of the hypothetical acts of a route, which cover what is asked.
    pub covers: Option<Facts>,
}
