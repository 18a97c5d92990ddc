//! The worlds of one question, as decision diagrams over its unknown facts.
//!
//! Each unknown fact is a variable, each cell of its domain a value of that
//! variable (`semantics.md`, section 3). Variables are independent of each
//! other: a pair of item and code is one variable, and a list that may be any
//! list is one variable per kind of record that may be in it. So every path of
//! a diagram is a world, the leaves of the verdict's diagram are the possible
//! verdicts, and the variables it tests are the facts that are missing.

mod acts;
mod amounts;
mod conditions;
mod domain;
mod kinds;
mod norms;
mod quotas;
mod records;
mod tested;
mod within;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::check::program::{
    ACTIVITY, DefinitionId, ExitId, Fact, FieldId, NormId, Program, ReadingId, RecordId, Type,
};
use crate::diagram::table::{OverBudget, Ref, Table, Var};
use crate::facts::lists::Lists;
use crate::facts::path::{FactPath, Place};
use crate::facts::question::{Facts, Question, Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use amounts::Amounts;

pub(crate) use acts::{is_due, is_timely, last_day, never};
pub(crate) use conditions::roots;
pub(crate) use tested::Tested;

pub(crate) type Done<T> = Result<T, OverBudget>;

/// One value of a fact, standing for all that no test tells from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rep {
    None,
    Term(u32),
    Code(u64),
    Day(Date),
    YesNo(bool),
    Text(String),
    /// A text that nothing asks for; the number tells some of them apart.
    OtherText(u8),
    Amount(Decimal),
    Reference(Reference),
    /// Somebody that nothing asks for, on some of the lists that are asked about (one bit each).
    Somebody(u8),
    Listing(crate::check::program::ListId, Option<u32>),
    OtherListing,
    Goods(Option<u32>, Option<u64>),
    Count(u32),
}

/// A fact of the question: known, or one of the values of a variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Fixed(Rep),
    Var(Var),
}

/// What a variable stands for.
#[derive(Debug, Clone)]
pub(crate) struct VarInfo {
    /// One fact, or the two facts of goods of which one was stated coarsely.
    pub paths: Vec<FactPath>,
    pub values: Vec<Rep>,
    /// The item was not stated and follows from the code: it changes with it.
    pub item_follows: bool,
}

/// The record that a condition is asked of.
#[derive(Debug, Clone)]
pub(crate) enum Site<'a> {
    Activity,
    Stated {
        place: Place,
        record: RecordId,
        /// `None` of an element that is stated not to be known.
        facts: Option<&'a Facts>,
    },
    /// A record of a list of which nothing was stated.
    Any {
        id: u32,
        record: RecordId,
        depth: usize,
        /// The lines that share the list.
        lines: Rc<[usize]>,
    },
}

/// Where a fact stands, for finding it again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Stated(Place),
    Any(u32),
}

type FactKey = (Key, FieldId, Option<usize>, Option<Unit>);

/// How a question is to be understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    /// What was not stated does not apply.
    pub complete: bool,
    /// Presumptions hold.
    pub presume: bool,
    /// Whatever is asked of a list that may be any list may hold or fail: quick, and never too narrow.
    pub rough: bool,
}

/// What does not change from question to question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub program: &'a Program,
    pub lists: &'a Lists,
    /// The values of presumed fields of the activity.
    pub presumed: &'a BTreeMap<FieldId, State>,
}

/// The diagrams of one line of one question.
#[derive(Debug)]
pub(crate) struct Worlds<'a> {
    ground: Ground<'a>,
    question: &'a Question,
    line: usize,
    mode: Mode,
    /// Requirements that a route takes as met.
    granted: &'a BTreeSet<(ExitId, usize)>,
    pub table: Table,
    /// Of the whole policy, or of some norms and the acts of the question.
    tested: Cow<'a, Tested>,
    infos: HashMap<Var, VarInfo>,
    next: [u32; DEPTHS],
    records: u32,
    cells: HashMap<FactKey, Cell>,
    elements: HashMap<FactKey, Vec<(Ref, Cell)>>,
    lists: HashMap<(Key, FieldId), kinds::Kinds>,
    /// The lists whose kinds are being told apart.
    telling: HashSet<(Key, FieldId)>,
    listings: HashMap<(Key, Option<(FieldId, usize)>, tested::Ask), Ref>,
    chains: HashMap<(usize, Option<FieldId>, tested::Ask), records::Parties>,
    definitions: HashMap<(Key, usize, DefinitionId), Ref>,
    readings: BTreeMap<ReadingId, Ref>,
    reaches: HashMap<(NormId, usize), Ref>,
    statuses: HashMap<(ExitId, usize), Ref>,
    quotas: HashMap<ExitId, Ref>,
    /// What quotas with a limit in several units count in one of them that nobody stated.
    counted: HashMap<(ExitId, Key, FieldId, Unit), Var>,
    ledger: HashMap<FactPath, Ref>,
    amounts: Amounts,
    days: Option<Vec<Date>>,
    places: Option<Vec<u32>>,
}

/// Records within records of which nothing is known nest no deeper: a party
/// and its findings.
const DEPTHS: usize = 4;

impl<'a> Worlds<'a> {
    pub fn new(
        ground: Ground<'a>,
        question: &'a Question,
        line: usize,
        mode: Mode,
        granted: &'a BTreeSet<(ExitId, usize)>,
        mut tested: Cow<'a, Tested>,
        limit: usize,
    ) -> Worlds<'a> {
        if question.acts.iter().any(|act| act.covers.is_some()) {
            tested.to_mut().add_acts(ground.program, question);
        }
        Worlds {
            ground,
            question,
            line,
            mode,
            granted,
            table: Table::new(limit),
            tested,
            infos: HashMap::default(),
            next: [0; DEPTHS],
            records: 0,
            cells: HashMap::default(),
            elements: HashMap::default(),
            lists: HashMap::default(),
            telling: HashSet::default(),
            listings: HashMap::default(),
            chains: HashMap::default(),
            definitions: HashMap::default(),
            readings: BTreeMap::new(),
            reaches: HashMap::default(),
            statuses: HashMap::default(),
            quotas: HashMap::default(),
            counted: HashMap::default(),
            ledger: HashMap::default(),
            amounts: Amounts::default(),
            days: None,
            places: None,
        }
    }

    pub fn program(&self) -> &'a Program {
        self.ground.program
    }

    /// What a variable stands for.
    pub fn info(&self, var: Var) -> &VarInfo {
        &self.infos[&var]
    }

    /// The variables that stand for readings, with the value that counts when the host did not open them.
    pub fn closed_readings(&self) -> BTreeMap<Var, usize> {
        let mut closed = BTreeMap::new();
        for (&id, &dd) in &self.readings {
            let Some((var, _)) = self.table.node(dd) else { continue };
            let reading = &self.ground.program.readings[id.at()];
            match self.question.readings.get(&id) {
                Some(None) => {}
                Some(Some(stated)) => drop(closed.insert(var, usize::from(*stated))),
                None => drop(closed.insert(var, usize::from(reading.default))),
            }
        }
        closed
    }

    /// The facts that a diagram depends on.
    pub fn missing(&self, dd: Ref) -> BTreeSet<FactPath> {
        let mut missing = BTreeSet::new();
        for at in self.table.reachable(dd) {
            let Some((var, children)) = self.table.node(at) else { continue };
            let info = &self.infos[&var];
            match info.paths.as_slice() {
                [only] => drop(missing.insert(only.clone())),
                [item, code] => {
                    if differ(info, children, |rep| rep.1) {
                        missing.insert(item.clone());
                    }
                    let code_matters = match info.item_follows {
                        true => codes_differ(info, children),
                        false => differ(info, children, |rep| rep.0.map(u64::from)),
                    };
                    if code_matters {
                        missing.insert(code.clone());
                    }
                }
                _ => unreachable!("a variable stands for one fact or for a pair"),
            }
        }
        self.question.told_by(missing)
    }

    /// Whether a condition on the activity holds in every world.
    pub fn always(&mut self, cond: &crate::check::program::Cond) -> Done<bool> {
        Ok(self.cond(&Site::Activity, cond)? == crate::diagram::table::YES)
    }

    fn fresh(&mut self, depth: usize, paths: Vec<FactPath>, values: Vec<Rep>) -> Var {
        // Deeper records come first in the order, so that they can be taken off the top.
        let base = ((DEPTHS - 1 - depth) as u32) << 28;
        let var = Var(base + self.next[depth]);
        self.next[depth] += 1;
        self.infos.insert(var, VarInfo { paths, values, item_follows: false });
        var
    }

    /// The first variable that belongs to this depth or to what lies outside it.
    fn first_of(depth: usize) -> Var {
        Var(((DEPTHS - 1 - depth) as u32) << 28)
    }

    fn facts(&self, line: usize) -> &'a Facts {
        &self.question.lines[line].facts
    }

    fn depth(&self, site: &Site<'_>) -> usize {
        match site {
            Site::Activity | Site::Stated { .. } => 0,
            Site::Any { depth, .. } => *depth,
        }
    }

    /// Where the fields of the activity stand that the line shares with others, or states itself.
    fn activity_place(&self, field: FieldId) -> Place {
        let own = self.question.lines[self.line].own.contains(&field);
        Place { line: own.then_some(self.line), steps: Vec::new() }
    }

    /// The record and field that a fact of a condition names, from where the condition is asked.
    fn locate(&self, site: &Site<'a>, fact: Fact) -> (Site<'a>, RecordId, FieldId) {
        match fact {
            Fact::Activity(field) => (Site::Activity, ACTIVITY, field),
            Fact::Own(field) => match site {
                Site::Activity => (Site::Activity, ACTIVITY, field),
                Site::Stated { record, .. } | Site::Any { record, .. } => (site.clone(), *record, field),
            },
        }
    }

    /// What is stated of a field; `None` in a record of which nothing is.
    fn state(&self, site: &Site<'a>, field: FieldId) -> Option<&'a State> {
        match site {
            Site::Activity => {
                let stated = &self.facts(self.line).0[field.at()];
                match (stated, self.ground.presumed.get(&field)) {
                    (State::Unstated, Some(presumed)) if self.mode.presume => Some(presumed),
                    _ => Some(stated),
                }
            }
            // What somebody said is not known is no more settled by `complete` than a fact that is.
            Site::Stated { facts, .. } => Some(facts.map_or(&State::Unknown, |facts| &facts.0[field.at()])),
            Site::Any { .. } => None,
        }
    }

    fn key(&self, site: &Site<'_>, field: FieldId) -> Key {
        match site {
            Site::Activity => Key::Stated(self.activity_place(field)),
            Site::Stated { place, .. } => Key::Stated(place.clone()),
            Site::Any { id, .. } => Key::Any(*id),
        }
    }

    fn path(&self, site: &Site<'_>, field: FieldId, element: Option<usize>, unit: Option<Unit>) -> FactPath {
        let place = match site {
            Site::Activity => self.activity_place(field),
            Site::Stated { place, .. } => place.clone(),
            // The variables of such a record are gone before anybody asks for their names.
            Site::Any { .. } => Place::default(),
        };
        FactPath::Field { place, field, element, unit }
    }

    fn ty(&self, record: RecordId, field: FieldId) -> (Type, bool) {
        let field = &self.ground.program.schema.records[record.at()].fields[field.at()];
        (field.ty, field.many)
    }

    /// Runs `then` as if another line were decided: quotas add up the lines.
    fn on_line<T>(&mut self, line: usize, then: impl FnOnce(&mut Self) -> T) -> T {
        let here = std::mem::replace(&mut self.line, line);
        let done = then(self);
        self.line = here;
        done
    }

    /// The condition that a fact's value satisfies a test.
    fn test_cell(&mut self, cell: &Cell, holds: &mut dyn FnMut(&Rep) -> bool) -> Done<Ref> {
        match cell {
            Cell::Fixed(rep) => Ok(Ref::leaf(u32::from(holds(rep)))),
            Cell::Var(var) => {
                let yes: Vec<bool> = self.infos[var].values.iter().map(holds).collect();
                self.table.test(*var, yes)
            }
        }
    }

    fn any(&mut self, parts: impl IntoIterator<Item = Ref>) -> Done<Ref> {
        let mut sum = crate::diagram::table::NO;
        for part in parts {
            sum = self.table.or(sum, part)?;
        }
        Ok(sum)
    }
}

/// Whether two values that share `key` lead to different places.
fn differ<K: Ord>(info: &VarInfo, children: &[Ref], key: impl Fn((Option<u32>, Option<u64>)) -> K) -> bool {
    let mut first: BTreeMap<K, Ref> = BTreeMap::new();
    info.values.iter().zip(children).any(|(rep, &child)| match rep {
        Rep::Goods(item, code) => *first.entry(key((*item, *code))).or_insert(child) != child,
        _ => unreachable!("only goods are two facts"),
    })
}

/// Whether another code, and the items that follow from it, can lead to other places.
fn codes_differ(info: &VarInfo, children: &[Ref]) -> bool {
    let mut of_code: BTreeMap<Option<u64>, BTreeSet<Ref>> = BTreeMap::new();
    for (rep, &child) in info.values.iter().zip(children) {
        if let Rep::Goods(_, code) = rep {
            of_code.entry(*code).or_default().insert(child);
        }
    }
    of_code.values().collect::<BTreeSet<_>>().len() > 1
}

/// The facts of a record in a stated list.
fn record_of(state: &State) -> Option<&Facts> {
    match state {
        State::Is(Value::Record(facts)) => Some(facts),
        State::Unstated | State::Unknown | State::None | State::Is(_) | State::List(_) => None,
    }
}
