//! What a world says: facts, their names, and the values they have in it.

use std::cell::{Cell as Counter, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::{
    ACTIVITY, ExitId, Fact, Field, FieldId, ListId, Program, ReadingId, RecordId, Schema, Type,
};
use crate::facts::bind;
use crate::facts::lists::Lists;
use crate::facts::path::{FactPath, Place};
use crate::facts::question::{Facts, Question, Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use super::Near;
use super::goods::Pair;
use super::kinds::Kinds;
use super::tested::Tested;

/// Why an evaluation stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The world does not say yet what this fact is.
    Ask(Rc<Key>),
    /// The kinds of records of this list, which was not stated, are not told apart yet.
    TellApart(Rc<(At, FieldId)>),
    /// The counted budget is spent.
    OverBudget,
}

/// What a world says, or the fact that it has to say first.
pub(super) type Asked<T> = Result<T, Stop>;

/// Whether all parts hold. A part that does not hold settles it, whatever the others ask.
pub(super) fn all(parts: impl IntoIterator<Item = Asked<bool>>) -> Asked<bool> {
    let mut asked = Ok(true);
    for part in parts {
        match part {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(stop) => asked = asked.and(Err(stop)),
        }
    }
    asked
}

/// Whether some part holds. A part that holds settles it, whatever the others ask.
pub(super) fn any(parts: impl IntoIterator<Item = Asked<bool>>) -> Asked<bool> {
    all(parts.into_iter().map(not)).map(|none| !none)
}

pub(super) fn not(part: Asked<bool>) -> Asked<bool> {
    part.map(|holds| !holds)
}

/// A value that stands for all that nothing tells apart from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Cell {
    /// There is no such thing.
    None,
    /// In this term and in none of its children.
    Term(u32),
    /// Ten digits.
    Code(u64),
    Date(Date),
    YesNo(bool),
    Text(String),
    Amount(Decimal),
    Reference(Reference),
    Listing(ListId, Option<u32>),
    /// An item and an HS code.
    Pair(Box<(Cell, Cell)>),
    /// So many records; the greatest number that is tried stands for more, too.
    Count(u32),
}

/// A record of the activity, or the activity itself, as one line sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub line: usize,
    pub record: RecordId,
    pub steps: Vec<Step>,
}

/// A list of records, and the position in it; `None` is the record at hand of
/// a list that was not stated.
pub(super) type Step = (FieldId, Option<usize>);

/// Where a fact stands. Lines that share a fact have one and the same spot for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Spot {
    pub line: Option<usize>,
    pub steps: Vec<Step>,
}

/// What a world has to say. Several keys may be aspects of one fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// The value of a field; of one element of a stated list; in one unit.
    Value {
        at: Spot,
        field: FieldId,
        element: Option<usize>,
        unit: Option<Unit>,
    },
    /// Item and HS code together, when neither is stated.
    Goods {
        line: Option<usize>,
    },
    /// Whether a list of values that was not stated has this element.
    Has {
        at: Spot,
        field: FieldId,
        element: Cell,
    },
    /// How many records of this kind a list that was not stated has.
    Many {
        at: Spot,
        field: FieldId,
        kind: usize,
    },
    /// Whether the record is on a list; or somebody whom an element of its field names.
    Listed {
        at: Spot,
        via: Option<(FieldId, Via)>,
        list: ListId,
        measure: Option<u32>,
        entry: Option<String>,
    },
    /// What a quota with a limit in several units counts in one of them that nobody stated.
    Counted {
        exit: ExitId,
        at: Spot,
        field: FieldId,
        unit: Unit,
    },
    Used {
        exit: ExitId,
        unit: Unit,
    },
    Level {
        exit: ExitId,
        unit: Unit,
    },
    Reading(ReadingId),
    /// Whether a quantifier holds that stands inside another one over the same
    /// list; only while the kinds of that list are told apart.
    Inner(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Via {
    /// The name that this element states.
    Stated(usize),
    /// The element is not known; here it is this name.
    Unknown(usize, String),
    /// The list is not known; it has this name.
    Unstated(String),
}

impl Key {
    /// The fact that this is, or is an aspect of.
    pub fn path(&self, case: &Case<'_>) -> FactPath {
        match self {
            Key::Value { at, field, element, unit } if at.steps.is_empty() && case.is_goods(*field) => {
                let line = at.line.filter(|&line| case.owns(line, *field));
                field_path(&Spot { line, steps: Vec::new() }, *field, *element, *unit)
            }
            Key::Value { at, field, element, unit } => field_path(at, *field, *element, *unit),
            Key::Goods { line } => {
                let (item, _) = case.schema().core.goods.expect("only a schema with goods has pairs of them");
                let line = line.filter(|&line| case.owns(line, item));
                field_path(&Spot { line, steps: Vec::new() }, item, None, None)
            }
            Key::Has { at, field, .. } | Key::Many { at, field, .. } => field_path(at, *field, None, None),
            Key::Listed { at, via: None, list, .. } => match place(at) {
                Ok(place) => FactPath::Listed { place, list: *list, via: None },
                Err(of_list) => of_list,
            },
            Key::Listed { at, via: Some((field, via)), list, .. } => match (place(at), via) {
                (Err(of_list), _) => of_list,
                (Ok(place), Via::Stated(element)) => {
                    FactPath::Listed { place, list: *list, via: Some((*field, *element)) }
                }
                (Ok(_), Via::Unknown(element, _)) => {
                    let many = case.field(case.record_at(at), *field).many;
                    field_path(at, *field, many.then_some(*element), None)
                }
                (Ok(_), Via::Unstated(_)) => field_path(at, *field, None, None),
            },
            Key::Counted { at, field, unit, .. } => field_path(at, *field, None, Some(*unit)),
            Key::Used { exit, unit } => FactPath::Used { exit: *exit, unit: *unit },
            Key::Level { exit, unit } => FactPath::Level { exit: *exit, unit: *unit },
            Key::Reading(reading) => FactPath::Reading(*reading),
            Key::Inner(_) => unreachable!("inner quantifiers are asked for only while kinds are told apart"),
        }
    }

    /// Whether it is about the record at hand of a list that was not stated, or about what stands below it.
    pub fn is_of(&self, record: &Spot) -> bool {
        match self {
            Key::Value { at, .. } | Key::Has { at, .. } | Key::Many { at, .. } | Key::Listed { at, .. } => {
                at.line == record.line && at.steps.starts_with(&record.steps)
            }
            _ => false,
        }
    }
}

fn field_path(at: &Spot, field: FieldId, element: Option<usize>, unit: Option<Unit>) -> FactPath {
    match place(at) {
        Ok(place) => FactPath::Field { place, field, element, unit },
        Err(of_list) => of_list,
    }
}

/// The stated record; or the list that was not stated in which the spot lies.
fn place(at: &Spot) -> Result<Place, FactPath> {
    let mut steps = Vec::new();
    for &(field, position) in &at.steps {
        match position {
            Some(position) => steps.push((field, position)),
            None => {
                let place = Place { line: at.line, steps };
                return Err(FactPath::Field { place, field, element: None, unit: None });
            }
        }
    }
    Ok(Place { line: at.line, steps })
}

/// What some worlds say.
pub(super) type Assignment = BTreeMap<Key, Cell>;

/// One question, and what can be worked out of it before any world is looked at.
pub(super) struct Case<'p> {
    pub program: &'p Program,
    pub lists: &'p Lists,
    pub question: &'p Question,
    pub near: &'p Near,
    /// Worked out when it is asked for: what is settled without asking for any fact does not need it.
    tested: OnceCell<Tested<'p>>,
    /// What stands in the place of an activity's field of which nobody said anything.
    presumed: BTreeMap<FieldId, State>,
    /// Item and code may change together; see [`super::cases::missing`].
    pub goods_together: Counter<bool>,
    evaluations_left: Counter<usize>,
    steps_left: Counter<usize>,
    pub known_cells: RefCell<HashMap<Key, Rc<Vec<Cell>>>>,
    pub known_pairs: RefCell<HashMap<Option<usize>, Rc<Vec<Pair>>>>,
    pub known_kinds: RefCell<HashMap<(Spot, FieldId), Kinds>>,
    /// The lists whose kinds are being told apart.
    pub telling_apart: RefCell<Vec<(Spot, FieldId)>>,
    pub inner: RefCell<Vec<(Spot, FieldId, usize)>>,
}

impl<'p> Case<'p> {
    pub fn new(
        program: &'p Program,
        lists: &'p Lists,
        question: &'p Question,
        near: &'p Near,
        budget: usize,
    ) -> Case<'p> {
        Case {
            program,
            lists,
            question,
            near,
            tested: OnceCell::new(),
            presumed: presumed(program),
            goods_together: Counter::new(false),
            evaluations_left: Counter::new(budget),
            // Comparing two leaves is far cheaper than evaluating a world.
            steps_left: Counter::new(budget.saturating_mul(64)),
            known_cells: RefCell::default(),
            known_pairs: RefCell::default(),
            known_kinds: RefCell::default(),
            telling_apart: RefCell::default(),
            inner: RefCell::default(),
        }
    }

    pub fn schema(&self) -> &'p Schema {
        &self.program.schema
    }

    pub fn tested(&self) -> &Tested<'p> {
        self.tested.get_or_init(|| Tested::new(self.program, self.lists, self.question, &self.presumed, self.near))
    }

    pub fn field(&self, record: RecordId, field: FieldId) -> &'p Field {
        &self.program.schema.records[record.at()].fields[field.at()]
    }

    /// Counts one evaluated world.
    pub fn spend(&self) -> Result<(), Stop> {
        let left = self.evaluations_left.get().checked_sub(1).ok_or(Stop::OverBudget)?;
        self.evaluations_left.set(left);
        Ok(())
    }

    /// Counts one comparison.
    pub fn step(&self) -> Result<(), Stop> {
        let left = self.steps_left.get().checked_sub(1).ok_or(Stop::OverBudget)?;
        self.steps_left.set(left);
        Ok(())
    }

    pub fn owns(&self, line: usize, field: FieldId) -> bool {
        self.question.lines[line].own.contains(&field)
    }

    pub fn activity(&self, line: usize) -> At {
        At { line, record: ACTIVITY, steps: Vec::new() }
    }

    /// Where a field of a record stands: one spot for all lines that share it.
    pub fn spot(&self, at: &At, field: FieldId) -> Spot {
        let top = at.steps.first().map_or(field, |&(list, _)| list);
        Spot { line: self.owns(at.line, top).then_some(at.line), steps: at.steps.clone() }
    }

    /// Where a record itself stands.
    pub fn spot_of(&self, at: &At) -> Spot {
        let shared_by_lines = at.steps.first().is_none_or(|&(list, _)| !self.owns(at.line, list));
        Spot { line: (!shared_by_lines).then_some(at.line), steps: at.steps.clone() }
    }

    /// The record with this field, as one of the lines sees it that have the fact in common.
    pub fn at(&self, spot: &Spot, field: FieldId) -> At {
        let top = spot.steps.first().map_or(field, |&(list, _)| list);
        let line = spot.line.or_else(|| self.sharing(top).next());
        At { line: line.unwrap_or(0), record: self.record_at(spot), steps: spot.steps.clone() }
    }

    /// The lines that have a list in common.
    pub fn lines_that_share(&self, at: &At, list: FieldId) -> impl Iterator<Item = usize> {
        self.sharing(at.steps.first().map_or(list, |&(top, _)| top))
    }

    fn sharing(&self, top: FieldId) -> impl Iterator<Item = usize> {
        (0..self.question.lines.len()).filter(move |&line| !self.owns(line, top))
    }

    fn record_at(&self, spot: &Spot) -> RecordId {
        spot.steps.iter().fold(ACTIVITY, |record, &(list, _)| match self.field(record, list).ty {
            Type::Record(inner) => inner,
            _ => unreachable!("a step goes through a list of records"),
        })
    }

    /// The record in a list of records.
    pub fn record_in(&self, at: &At, list: FieldId, position: Option<usize>) -> At {
        let Type::Record(record) = self.field(at.record, list).ty else {
            unreachable!("quantifiers go over lists of records")
        };
        let mut steps = at.steps.clone();
        steps.push((list, position));
        At { line: at.line, record, steps }
    }

    /// What was stated of a record; `None` for a record of a list that was not stated.
    pub fn facts(&self, at: &At) -> Option<&'p Facts> {
        let mut facts = &self.question.lines[at.line].facts;
        for &(list, position) in &at.steps {
            let state = match facts.0.get(list.at())? {
                State::List(elements) => elements.get(position?)?,
                single => single,
            };
            facts = match state {
                State::Is(Value::Record(inner)) => inner,
                _ => return None,
            };
        }
        Some(facts)
    }

    /// What is stated of a field. Nobody stated a record of a list not stated:
    /// all its fields are open, whatever `complete` says.
    pub fn state(&self, at: &At, field: FieldId) -> &State {
        const OPEN: &State = &State::Unknown;
        const UNSTATED: &State = &State::Unstated;
        const NONE: &State = &State::None;
        if at.steps.iter().any(|(_, position)| position.is_none()) {
            return OPEN;
        }
        let Some(facts) = self.facts(at) else { return OPEN };
        match facts.0.get(field.at()).unwrap_or(UNSTATED) {
            State::Unstated => {
                if let (ACTIVITY, Some(presumed)) = (at.record, self.presumed.get(&field)) {
                    presumed
                } else if self.question.complete
                    && !self.field(at.record, field).required
                    && !(at.record == ACTIVITY && self.program.is_measured(field))
                {
                    NONE
                } else {
                    OPEN
                }
            }
            stated => stated,
        }
    }

    /// Whether an activity, of which a complete question states no amount, is one of these units:
    /// a bank that opens an account opens one.
    pub fn is_one(&self, at: &At, field: FieldId, unit: Unit) -> bool {
        let left_out = || matches!(self.facts(at).and_then(|facts| facts.0.get(field.at())), Some(State::Unstated));
        self.question.complete
            && at.record == ACTIVITY
            && self.schema().is_counted(unit)
            && !self.presumed.contains_key(&field)
            && left_out()
    }

    /// The elements of a list that is stated, or none at all; `None` when it may be any list.
    pub fn elements(&self, at: &At, list: FieldId) -> Option<&[State]> {
        match self.state(at, list) {
            State::List(elements) => Some(elements),
            State::None => Some(&[]),
            single @ State::Is(_) => Some(std::slice::from_ref(single)),
            State::Unknown | State::Unstated => None,
        }
    }

    /// The day that the question states, if it states one.
    pub fn stated_date(&self, line: usize) -> Option<Date> {
        match self.state(&self.activity(line), self.schema().core.date) {
            State::Is(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }
}

/// One world, or all worlds that agree on what it says so far.
pub(super) struct World<'w, 'p> {
    pub case: &'w Case<'p>,
    // The last layer speaks first: it is about the record at hand.
    layers: Vec<&'w Assignment>,
}

impl<'w, 'p> World<'w, 'p> {
    pub fn empty(case: &'w Case<'p>) -> World<'w, 'p> {
        World { case, layers: Vec::new() }
    }

    pub fn said(case: &'w Case<'p>, given: &'w Assignment, own: &'w Assignment) -> World<'w, 'p> {
        World { case, layers: vec![given, own] }
    }

    /// The same world, with a record at hand of a list that was not stated.
    pub fn with<'n>(&'n self, own: &'n Assignment) -> World<'n, 'p> {
        let mut layers: Vec<&'n Assignment> = self.layers.clone();
        layers.push(own);
        World { case: self.case, layers }
    }

    pub fn says(&self, key: &Key) -> Option<&'w Cell> {
        self.layers.iter().rev().find_map(|layer| layer.get(key))
    }

    /// What it is in this world.
    pub fn get(&self, key: Key) -> Asked<Cell> {
        if let Some(cell) = self.says(&key) {
            return Ok(cell.clone());
        }
        match self.cells(&key)?.as_slice() {
            [only] => Ok(only.clone()),
            _ => Err(Stop::Ask(Rc::new(key))),
        }
    }

    /// Whether what it is in this world passes the test; it need not be asked
    /// for when all cells pass, or none.
    pub fn passes(&self, key: Key, test: impl Fn(&Cell) -> bool) -> Asked<bool> {
        if let Some(cell) = self.says(&key) {
            return Ok(test(cell));
        }
        let cells = self.cells(&key)?;
        let mut answers = cells.iter().map(&test);
        let first = answers.next().unwrap_or(false);
        if answers.all(|answer| answer == first) { Ok(first) } else { Err(Stop::Ask(Rc::new(key))) }
    }

    pub fn is_yes(&self, key: Key) -> Asked<bool> {
        self.passes(key, |cell| *cell == Cell::YesNo(true))
    }

    pub fn date(&self, line: usize) -> Asked<Date> {
        match self.value(&self.case.activity(line), self.case.schema().core.date)? {
            Cell::Date(date) => Ok(date),
            other => unreachable!("the date is required, and is {other:?}"),
        }
    }

    /// Whether the date of the activity is one of these days.
    pub fn dated(&self, line: usize, days: impl Fn(Date) -> bool) -> Asked<bool> {
        let key = self.value_key(&self.case.activity(line), self.case.schema().core.date, None, None);
        self.passes(key, |cell| matches!(cell, Cell::Date(date) if days(*date)))
    }

    pub fn value_key(&self, at: &At, field: FieldId, element: Option<usize>, unit: Option<Unit>) -> Key {
        let mut spot = self.case.spot(at, field);
        if at.steps.is_empty() && self.case.is_goods(field) {
            spot.line = self.case.goods_line(at.line);
        }
        Key::Value { at: spot, field, element, unit }
    }

    /// The value of a field that is no list.
    pub fn value(&self, at: &At, field: FieldId) -> Asked<Cell> {
        if at.record == ACTIVITY && self.case.is_goods(field) {
            let (item, hs) = self.goods(at.line)?;
            let is_item = self.case.schema().core.goods.is_some_and(|(goods, _)| goods == field);
            return Ok(if is_item { item } else { hs });
        }
        self.get(self.value_key(at, field, None, None))
    }

    /// Whether the value of a field that is no list passes the test. `none` passes no test.
    fn value_passes(&self, at: &At, field: FieldId, test: &dyn Fn(&Cell) -> bool) -> Asked<bool> {
        let test = |cell: &Cell| *cell != Cell::None && test(cell);
        if at.record == ACTIVITY && self.case.is_goods(field) {
            let is_item = self.case.schema().core.goods.is_some_and(|(goods, _)| goods == field);
            return self.goods_pass(at.line, &|item, hs| test(if is_item { item } else { hs }));
        }
        self.passes(self.value_key(at, field, None, None), test)
    }

    /// Whether the value, or some element of the list, passes the test.
    pub fn some_value(&self, at: &At, field: FieldId, test: &dyn Fn(&Cell) -> bool) -> Asked<bool> {
        if !self.case.field(at.record, field).many {
            return self.value_passes(at, field, test);
        }
        match self.case.elements(at, field) {
            Some(elements) => {
                any((0..elements.len())
                    .map(|element| self.passes(self.value_key(at, field, Some(element), None), test)))
            }
            None => any(self
                .possible_elements(at, field)?
                .iter()
                .filter(|cell| test(cell))
                .map(|cell| self.has(at, field, cell))),
        }
    }

    /// The values a field may have, each with whether the world gives it: of a
    /// list, its elements; of a single value, that value; nothing for none.
    pub fn values(&self, at: &At, field: FieldId) -> Asked<Vec<(Cell, Asked<bool>)>> {
        if !self.case.field(at.record, field).many {
            let value = self.value(at, field)?;
            return Ok(if value == Cell::None { Vec::new() } else { vec![(value, Ok(true))] });
        }
        match self.case.elements(at, field) {
            Some(elements) => (0..elements.len())
                .map(|element| Ok((self.get(self.value_key(at, field, Some(element), None))?, Ok(true))))
                .collect(),
            None => Ok(self
                .possible_elements(at, field)?
                .iter()
                .map(|cell| (cell.clone(), self.has(at, field, cell)))
                .collect()),
        }
    }

    /// Whether a list of values that was not stated has the element.
    pub fn has(&self, at: &At, field: FieldId, element: &Cell) -> Asked<bool> {
        self.is_yes(Key::Has { at: self.case.spot(at, field), field, element: element.clone() })
    }

    /// The record a fact belongs to, given the record at hand.
    pub fn owner(&self, fact: Fact, at_hand: &At) -> (At, FieldId) {
        match fact {
            Fact::Activity(field) => (self.case.activity(at_hand.line), field),
            Fact::Own(field) => (at_hand.clone(), field),
        }
    }
}

/// `presume F is V`, with V typed. The checker has refused what does not fit.
fn presumed(program: &Program) -> BTreeMap<FieldId, State> {
    program
        .presumptions
        .iter()
        .filter_map(|presumption| {
            let state = bind::bind_field(program, presumption.field, &presumption.value).ok()?;
            Some((presumption.field, state))
        })
        .collect()
}

impl std::fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("question", self.question).finish_non_exhaustive()
    }
}
