//! A question as flat data: what the fast way of deciding reads, and what any `Serialize` value is written to.
//!
//! One cell per field, of the activity and of each record in it; texts and amounts stand beside. Cleared and written
//! again, it allocates nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, ExitId, FieldId, ListId, ReadingId, RecordId, Schema, Type};
use crate::resolve::codes;
use crate::value::{Date, Decimal, Unit};

use super::question::{Facts, Line, Question, Reference, State, Value};

/// What is stated of one field, or of one element of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Cell {
    /// Nobody said.
    #[default]
    Unstated,
    /// Somebody said that it is not known.
    Unknown,
    /// Something is stated that is not to be looked at.
    Hidden,
    /// There is none.
    None,
    /// The term or any below it.
    Term(u32),
    /// Some code of those that begin so: the first of them, and how many there are.
    Codes(u64, Width),
    Day(Date),
    YesNo(bool),
    Text(Span),
    Amounts(Span),
    /// A reference to a country.
    Country(u32),
    /// A reference to a party or somebody else.
    Name(Span),
    Listing(ListId, Measure),
    /// The first cell of a record; a cell for each of its fields.
    Record(u32),
    /// The elements of a stated list.
    List(Span),
}

impl Cell {
    /// The HS codes that begin with these digits; `None` when they are no code.
    #[inline]
    pub fn of_digits(text: &str) -> Option<Cell> {
        codes::prefix(text).map(|(first, _)| Cell::Codes(first, Width::below(text.len())))
    }
}

/// How many codes lie below a stated one: ten to this power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Width(u8);

impl Width {
    /// Of a code of so many digits.
    pub fn below(digits: usize) -> Width {
        Width((10 - digits) as u8)
    }

    /// Of so many codes.
    pub fn of_count(codes: u64) -> Width {
        Width(codes.ilog10() as u8)
    }

    pub fn codes(self) -> u64 {
        10u64.pow(u32::from(self.0))
    }
}

/// One measure of a list, or none in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measure(u32);

impl Measure {
    pub const ANY: Measure = Measure(u32::MAX);

    pub fn of(measure: Option<u32>) -> Measure {
        measure.map_or(Measure::ANY, Measure)
    }

    pub fn get(self) -> Option<u32> {
        (self != Measure::ANY).then_some(self.0)
    }
}

/// A stretch of the cells, bytes or amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub from: u32,
    pub len: u32,
}

impl Span {
    fn range(self) -> std::ops::Range<usize> {
        self.from as usize..(self.from + self.len) as usize
    }
}

/// Fields of an activity, one bit each.
pub(crate) type Fields = [u64; 2];

/// A question about one activity without lines and acts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tape {
    /// The fields of the activity come first.
    cells: Vec<Cell>,
    /// The fields of the activity of which something is stated, one bit each; those beyond do not count.
    stated: Fields,
    /// The number of fields of an activity.
    fields: usize,
    texts: String,
    amounts: Vec<(Unit, Decimal)>,
    pub complete: bool,
    pub asked_on: Option<Date>,
    /// As of [`Question::in_all_units`].
    pub in_all_units: bool,
    pub used: Vec<(ExitId, Unit, Decimal)>,
    pub levels: Vec<(ExitId, Unit, Decimal)>,
    /// `None` is stated `"unknown"`.
    pub readings: Vec<(ReadingId, Option<bool>)>,
}

impl Tape {
    /// Of one line of a question; its acts are left out.
    pub fn of(schema: &Schema, question: &Question, line: &Line) -> Tape {
        let mut tape = Tape::default();
        tape.begin(schema);
        tape.complete = question.complete;
        tape.asked_on = question.asked_on;
        tape.in_all_units = question.in_all_units;
        tape.used.extend(question.used.iter().map(|(&(exit, unit), &amount)| (exit, unit, amount)));
        tape.levels.extend(question.levels.iter().map(|(&(exit, unit), &amount)| (exit, unit, amount)));
        tape.readings.extend(question.readings.iter().map(|(&id, &taken)| (id, taken)));
        tape.facts(0, &line.facts);
        tape
    }

    /// An activity of which only is known which fields are stated.
    pub fn hiding(schema: &Schema, stated: Fields, complete: bool) -> Tape {
        let mut tape = Tape::default();
        tape.begin(schema);
        tape.complete = complete;
        for (at, cell) in tape.cells.iter_mut().enumerate() {
            if stated[at / 64] >> (at % 64) & 1 != 0 {
                *cell = Cell::Hidden;
            }
        }
        tape
    }

    /// An activity of which nothing is stated.
    pub fn begin(&mut self, schema: &Schema) {
        self.cells.clear();
        self.texts.clear();
        self.amounts.clear();
        self.used.clear();
        self.levels.clear();
        self.readings.clear();
        self.stated = Fields::default();
        self.complete = false;
        self.asked_on = None;
        self.in_all_units = false;
        self.fields = schema.activity().fields.len();
        self.cells.resize(self.fields, Cell::Unstated);
    }

    /// What is stated of a field of the activity.
    #[inline]
    pub fn activity(&self, field: FieldId) -> Cell {
        self.cells[field.at()]
    }

    /// The fields of the activity of which something is stated, one bit each; `None` when there are too many.
    #[inline]
    pub fn stated(&self) -> Option<Fields> {
        (self.fields <= self.stated.len() * 64).then_some(self.stated)
    }

    /// What is stated of a field of the record that begins at `first`.
    #[inline]
    pub fn field(&self, first: u32, field: FieldId) -> Cell {
        self.cells[first as usize + field.at()]
    }

    pub fn list(&self, span: Span) -> &[Cell] {
        &self.cells[span.range()]
    }

    /// The elements of a list, or the one cell that is none.
    pub fn each<'c>(&'c self, cell: &'c Cell) -> &'c [Cell] {
        if let Cell::List(span) = cell { self.list(*span) } else { std::slice::from_ref(cell) }
    }

    pub fn text(&self, span: Span) -> &str {
        &self.texts[span.range()]
    }

    pub fn amounts(&self, span: Span) -> &[(Unit, Decimal)] {
        &self.amounts[span.range()]
    }

    pub fn used(&self, exit: ExitId, unit: Unit) -> Option<Decimal> {
        self.used.iter().find(|(of, in_unit, _)| *of == exit && *in_unit == unit).map(|(_, _, amount)| *amount)
    }

    pub fn level(&self, exit: ExitId, unit: Unit) -> Option<Decimal> {
        self.levels.iter().find(|(of, in_unit, _)| *of == exit && *in_unit == unit).map(|(_, _, amount)| *amount)
    }

    pub fn reading(&self, id: ReadingId) -> Option<Option<bool>> {
        self.readings.iter().find(|(of, _)| *of == id).map(|(_, taken)| *taken)
    }

    // ---- writing ------------------------------------------------------------------------------------------------------

    /// States a field of the record that begins at `first`; gives whether nobody had stated it before.
    #[inline]
    pub fn state_once(&mut self, first: u32, field: FieldId, cell: Cell) -> bool {
        if first == 0 {
            // Fields beyond the words do not count.
            if let Some(word) = self.stated.get_mut(field.at() / 64) {
                *word |= 1 << (field.at() % 64);
            }
        }
        let place = &mut self.cells[first as usize + field.at()];
        let is_new = matches!(place, Cell::Unstated);
        *place = cell;
        is_new
    }

    /// States a field of the activity anew; what belonged to it stays beside until the tape is [tidied](Tape::tidy).
    #[inline]
    pub fn put(&mut self, field: FieldId, cell: Cell) {
        if let Some(word) = self.stated.get_mut(field.at() / 64) {
            let bit = 1 << (field.at() % 64);
            *word = if cell == Cell::Unstated { *word & !bit } else { *word | bit };
        }
        self.cells[field.at()] = cell;
    }

    /// Whether there are names or other texts, in use or not.
    pub fn has_texts(&self) -> bool {
        !self.texts.is_empty()
    }

    /// How much stands beside the cells of the activity, in use or not.
    #[inline]
    pub fn beside(&self) -> usize {
        self.cells.len() - self.fields + self.texts.len() + self.amounts.len()
    }

    /// Writes the same facts to another tape, and nothing that stands there to no purpose.
    pub fn tidy(&self, schema: &Schema, onto: &mut Tape) {
        onto.begin(schema);
        onto.complete = self.complete;
        onto.asked_on = self.asked_on;
        onto.in_all_units = self.in_all_units;
        for (declared, at) in schema.activity().fields.iter().zip(0..) {
            let cell = self.moved(schema, declared.ty, self.activity(FieldId(at)), onto);
            onto.put(FieldId(at), cell);
        }
    }

    /// A cell on another tape, with all that belongs to it.
    fn moved(&self, schema: &Schema, ty: Type, cell: Cell, onto: &mut Tape) -> Cell {
        match cell {
            Cell::Unstated | Cell::Unknown | Cell::Hidden | Cell::None => cell,
            Cell::Term(_) | Cell::Codes(..) | Cell::Day(_) | Cell::YesNo(_) => cell,
            Cell::Country(_) | Cell::Listing(..) => cell,
            Cell::Text(span) => Cell::Text(onto.add_text(self.text(span))),
            Cell::Name(span) => Cell::Name(onto.add_text(self.text(span))),
            Cell::Amounts(span) => Cell::Amounts(onto.add_amounts(self.amounts(span).iter().copied())),
            Cell::Record(from) => {
                let Type::Record(record) = ty else { unreachable!("only a field of records holds one") };
                let fields = &schema.records[record.at()].fields;
                let first = onto.add_record(fields.len());
                for (declared, at) in fields.iter().zip(0..) {
                    let cell = self.moved(schema, declared.ty, self.field(from, FieldId(at)), onto);
                    onto.cells[first as usize + at as usize] = cell;
                }
                Cell::Record(first)
            }
            Cell::List(from) => {
                let to = onto.add_list(self.list(from));
                for at in 0..from.len as usize {
                    let cell = self.moved(schema, ty, self.list(from)[at], onto);
                    onto.cells[to.from as usize + at] = cell;
                }
                Cell::List(to)
            }
        }
    }

    /// A record of which nothing is stated.
    pub fn add_record(&mut self, fields: usize) -> u32 {
        let first = self.cells.len() as u32;
        self.cells.resize(self.cells.len() + fields, Cell::Unstated);
        first
    }

    pub fn add_list(&mut self, elements: &[Cell]) -> Span {
        let from = self.cells.len() as u32;
        self.cells.extend_from_slice(elements);
        Span { from, len: elements.len() as u32 }
    }

    pub fn add_text(&mut self, text: &str) -> Span {
        let from = self.texts.len() as u32;
        self.texts.push_str(text);
        Span { from, len: text.len() as u32 }
    }

    pub fn add_amounts(&mut self, amounts: impl IntoIterator<Item = (Unit, Decimal)>) -> Span {
        let from = self.amounts.len() as u32;
        self.amounts.extend(amounts);
        Span { from, len: self.amounts.len() as u32 - from }
    }

    pub fn amounts_len(&self) -> usize {
        self.amounts.len()
    }

    /// Adds one more of the amounts that began there; `false` when there is one of that unit already.
    pub fn push_amount(&mut self, since: usize, unit: Unit, amount: Decimal) -> bool {
        let is_new = self.amounts[since..].iter().all(|(of, _)| *of != unit);
        self.amounts.push((unit, amount));
        is_new
    }

    /// The amounts that began there; `None` when there are none.
    pub fn amounts_since(&self, since: usize) -> Option<Span> {
        let len = (self.amounts.len() - since) as u32;
        (len > 0).then_some(Span { from: since as u32, len })
    }

    fn facts(&mut self, first: u32, facts: &Facts) {
        for (at, state) in facts.0.iter().enumerate() {
            let cell = self.state(state);
            if cell != Cell::Unstated {
                self.state_once(first, FieldId(at as u32), cell);
            }
        }
    }

    fn state(&mut self, state: &State) -> Cell {
        match state {
            State::Unstated => Cell::Unstated,
            State::Unknown => Cell::Unknown,
            State::None => Cell::None,
            State::Is(value) => self.value(value),
            State::List(elements) => {
                let cells: Vec<Cell> = elements.iter().map(|element| self.state(element)).collect();
                Cell::List(self.add_list(&cells))
            }
        }
    }

    fn value(&mut self, value: &Value) -> Cell {
        match value {
            Value::Term(term) => Cell::Term(*term),
            Value::Codes(from, to) => Cell::Codes(*from, Width::of_count(to - from)),
            Value::Date(date) => Cell::Day(*date),
            Value::YesNo(yes) => Cell::YesNo(*yes),
            Value::Text(text) => Cell::Text(self.add_text(text)),
            Value::Amounts(amounts) => Cell::Amounts(self.add_amounts(amounts.iter().map(|(&unit, &is)| (unit, is)))),
            Value::Reference(Reference::Country(term)) => Cell::Country(*term),
            Value::Reference(Reference::Id(id)) => Cell::Name(self.add_text(id)),
            Value::Listing(list, measure) => Cell::Listing(*list, Measure::of(*measure)),
            Value::Record(facts) => {
                let first = self.add_record(facts.0.len());
                self.facts(first, facts);
                Cell::Record(first)
            }
        }
    }

    /// The question that was written.
    pub fn question(&self, schema: &Schema) -> Question {
        let ledger = |all: &[(ExitId, Unit, Decimal)]| -> BTreeMap<(ExitId, Unit), Decimal> {
            all.iter().map(|&(exit, unit, amount)| ((exit, unit), amount)).collect()
        };
        Question {
            lines: vec![Line { facts: self.facts_of(schema, ACTIVITY, 0), own: BTreeSet::new() }],
            complete: self.complete,
            asked_on: self.asked_on,
            in_all_units: self.in_all_units,
            acts: Vec::new(),
            used: ledger(&self.used),
            levels: ledger(&self.levels),
            readings: self.readings.iter().copied().collect(),
            follows: BTreeMap::new(),
        }
    }

    fn facts_of(&self, schema: &Schema, record: RecordId, first: u32) -> Facts {
        let fields = &schema.records[record.at()].fields;
        let state = |(at, field): (usize, &crate::check::program::Field)| {
            self.state_of(schema, field.ty, self.cells[first as usize + at])
        };
        Facts(fields.iter().enumerate().map(state).collect())
    }

    fn state_of(&self, schema: &Schema, ty: Type, cell: Cell) -> State {
        State::Is(match cell {
            Cell::Unstated => return State::Unstated,
            Cell::Unknown | Cell::Hidden => return State::Unknown,
            Cell::None => return State::None,
            Cell::List(span) => {
                return State::List(self.list(span).iter().map(|cell| self.state_of(schema, ty, *cell)).collect());
            }
            Cell::Term(term) => Value::Term(term),
            Cell::Codes(from, width) => Value::Codes(from, from + width.codes()),
            Cell::Day(date) => Value::Date(date),
            Cell::YesNo(yes) => Value::YesNo(yes),
            Cell::Text(span) => Value::Text(self.text(span).to_owned()),
            Cell::Amounts(span) => Value::Amounts(self.amounts(span).iter().copied().collect()),
            Cell::Country(term) => Value::Reference(Reference::Country(term)),
            Cell::Name(span) => Value::Reference(Reference::Id(self.text(span).to_owned())),
            Cell::Listing(list, measure) => Value::Listing(list, measure.get()),
            Cell::Record(first) => match ty {
                Type::Record(record) => Value::Record(self.facts_of(schema, record, first)),
                _ => unreachable!("only a field of records holds a record"),
            },
        })
    }
}
