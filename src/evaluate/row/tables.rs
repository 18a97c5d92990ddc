//! From values to cells, worked out when a policy is compiled.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::{FieldId, Program, Schema, Type};
use crate::diagram::code::Code;
use crate::facts::question::{State, Value};
use crate::facts::tape::{Cell, Span, Tape, Width};
use crate::normal::{Cells, Coding, Norms, Requirement, SlotId, SlotKind};
use crate::value::{Decimal, Unit};

use super::goods::Goods;

/// One of what is counted: an amount that no tape holds.
pub(super) const ONE: Cell = Cell::Amounts(Span { from: u32::MAX, len: 0 });

/// One past the last ten-digit HS code.
pub(super) const HS_END: u64 = 10_000_000_000;

/// How the fields of activities are coded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    /// By slot: the slots of fields come first.
    pub fields: Vec<Field>,
    goods: Option<Goods>,
    /// The sets of statuses that a requirement may have, by its bits.
    statuses: Vec<Cells>,
    required: Vec<bool>,
    measured: Vec<bool>,
    presumed: Vec<(FieldId, Presumed)>,
    /// By taxonomy: the country, or other root, of each term, and one past its branch.
    pub branches: Vec<Vec<(u32, u32)>>,
    /// The fields of a party by which others refer to it.
    pub ids_of_party: [Option<FieldId>; 2],
}

/// The slot of a field of the activity.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub field: FieldId,
    pub unit: Option<Unit>,
    pub(super) coding: Coding,
    /// Of terms: the code of each.
    terms: Box<[Code]>,
    /// Of codes: of prefixes that several cells share.
    prefixes: HashMap<(u64, Width), Code>,
    sets: Vec<Cells>,
}

impl Tables {
    pub fn new(program: &Program, presumed: &BTreeMap<FieldId, State>, norms: &Norms) -> Tables {
        let schema = &program.schema;
        let fields = norms.slots.iter().map_while(|slot| match &slot.kind {
            SlotKind::Field { field, unit, coding } => Some(Field::new(schema, *field, *unit, coding)),
            _ => None,
        });
        let mut fields: Vec<Field> = fields.collect();
        let statuses = (0..1usize << Requirement::ALL.len()).map(|bits| {
            let mut cells = Cells::none(Requirement::ALL.len());
            (0..Requirement::ALL.len()).filter(|at| bits & (1 << at) != 0).for_each(|at| cells.insert(at));
            cells
        });
        let branches = schema.taxonomies.iter().map(|taxonomy| {
            let roots = crate::evaluate::worlds::roots(taxonomy);
            roots.into_iter().zip(&taxonomy.terms).map(|(root, term)| (root, term.end)).collect()
        });
        let all = &schema.activity().fields;
        Tables {
            goods: Goods::new(schema, &mut fields),
            fields,
            statuses: statuses.collect(),
            required: all.iter().map(|field| field.required).collect(),
            measured: (0..all.len() as u32).map(|field| program.is_measured(FieldId(field))).collect(),
            presumed: presumed.iter().map(|(field, state)| (*field, Presumed::of(state))).collect(),
            branches: branches.collect(),
            ids_of_party: match schema.core.parties.map(|parties| all[parties.at()].ty) {
                Some(Type::Record(party)) => schema.id_fields(party),
                _ => [None, None],
            },
        }
    }

    pub fn is_required(&self, field: FieldId) -> bool {
        self.required[field.at()]
    }

    /// Whether a quota counts the amount of a field.
    pub fn is_measured(&self, field: FieldId) -> bool {
        self.measured[field.at()]
    }

    /// What stands for a field of which nobody said anything; nothing where that is not presumed.
    pub(super) fn presumed(&self, field: FieldId) -> Option<Presumed> {
        self.presumed.iter().find(|(of, _)| *of == field).map(|(_, presumed)| *presumed)
    }

    pub(super) fn goods(&self) -> Option<&Goods> {
        self.goods.as_ref()
    }

    /// The number of a set of statuses of a requirement.
    pub fn statuses(cells: &[usize]) -> usize {
        cells.iter().fold(0, |bits, cell| bits | 1 << cell)
    }

    pub fn set(&self, slot: SlotId, set: usize) -> &Cells {
        match self.fields.get(slot.at()) {
            Some(field) => &field.sets[set],
            None => &self.statuses[set],
        }
    }
}

/// What a policy presumes of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Presumed {
    /// It stands in one cell.
    Plain(Cell),
    /// It needs a tape of its own. The fast way leaves it open.
    Other,
}

impl Presumed {
    fn of(state: &State) -> Presumed {
        Presumed::Plain(match state {
            State::None => Cell::None,
            State::Unknown => Cell::Unknown,
            State::Is(Value::Term(term)) => Cell::Term(*term),
            State::Is(Value::Codes(from, to)) => Cell::Codes(*from, Width::of_count(to - from)),
            State::Is(Value::Date(date)) => Cell::Day(*date),
            State::Is(Value::YesNo(yes)) => Cell::YesNo(*yes),
            State::List(elements) if elements.is_empty() => Cell::List(Span::default()),
            State::Unstated | State::Is(_) | State::List(_) => return Presumed::Other,
        })
    }
}

impl Field {
    fn new(schema: &Schema, field: FieldId, unit: Option<Unit>, coding: &Coding) -> Field {
        let mut made = Field {
            field,
            unit,
            coding: coding.clone(),
            terms: Box::default(),
            prefixes: HashMap::default(),
            sets: Vec::new(),
        };
        let declared = &schema.activity().fields[field.at()];
        match declared.ty {
            Type::Term(taxonomy) => {
                let ends: Vec<u32> = schema.taxonomies[taxonomy.at()].terms.iter().map(|term| term.end).collect();
                let mut known: HashMap<Cells, Code> = HashMap::default();
                made.terms =
                    (0..ends.len() as u32).map(|term| made.branch(term, ends[term as usize], &mut known)).collect();
            }
            Type::Root(taxonomy) => {
                let terms = 0..schema.taxonomies[taxonomy.at()].terms.len() as i64;
                made.terms = terms.map(|term| Code::cell(coding.of_whole(term))).collect();
            }
            Type::Hs => made.shared_prefixes(),
            _ => {}
        }
        made
    }

    /// The code of a term, which stands for itself and all below it.
    fn branch(&mut self, term: u32, end: u32, known: &mut HashMap<Cells, Code>) -> Code {
        let first = self.coding.of_whole(i64::from(term));
        // The next stretch begins behind the branch: all of it is one cell.
        if self.coding.is_one(i64::from(term), i64::from(end)) {
            return Code::cell(first);
        }
        let mut cells = Cells::none(self.coding.cells());
        (term..end).for_each(|term| cells.insert(self.coding.of_whole(i64::from(term))));
        if cells.count() == 1 {
            return Code::cell(first);
        }
        *known.entry(cells).or_insert_with_key(|cells| self.some(cells.clone()))
    }

    /// The code of a set of cells.
    pub(super) fn some(&mut self, cells: Cells) -> Code {
        match cells.count() {
            count if count == self.coding.cells() => Code::ANY,
            1 => Code::cell(cells.iter().next().expect("one cell")),
            _ => {
                self.sets.push(cells);
                Code::some(self.sets.len() - 1)
            }
        }
    }

    /// Of every prefix that has several cells below it.
    fn shared_prefixes(&mut self) {
        let cuts: Vec<i64> = self.coding.cuts().to_vec();
        for digits in [2usize, 4, 6, 8] {
            let width = Width::below(digits);
            let prefixes: BTreeSet<u64> = cuts
                .iter()
                .filter(|cut| (0..HS_END as i64).contains(*cut))
                .map(|cut| *cut as u64 / width.codes() * width.codes())
                .collect();
            for from in prefixes {
                let cells = self.coding.ranges([(from as i64, (from + width.codes()) as i64)]);
                if cells.count() > 1 {
                    let code = self.some(cells);
                    self.prefixes.insert((from, width), code);
                }
            }
        }
    }

    #[inline]
    pub(super) fn of_term(&self, term: u32) -> Code {
        self.terms[term as usize]
    }

    pub(super) fn of_cell(&self, cell: Cell, tape: &Tape) -> Code {
        match cell {
            Cell::None => Code::cell(0),
            Cell::Term(term) => self.of_term(term),
            Cell::Codes(from, width) => match self.prefixes.get(&(from, width)) {
                Some(&code) => code,
                None => Code::cell(self.coding.of_whole(from as i64)),
            },
            Cell::Day(date) => Code::cell(self.coding.of_whole(i64::from(date.day_number()))),
            Cell::YesNo(yes) => Code::cell(self.coding.of_whole(i64::from(yes))),
            ONE => Code::cell(self.coding.of_amount(Decimal::ONE)),
            Cell::Amounts(span) => {
                let amount = tape.amounts(span).iter().find(|(unit, _)| Some(*unit) == self.unit);
                amount.map_or(Code::ANY, |(_, amount)| Code::cell(self.coding.of_amount(*amount)))
            }
            Cell::Unstated
            | Cell::Unknown
            | Cell::Hidden
            | Cell::Text(_)
            | Cell::Country(_)
            | Cell::Name(_)
            | Cell::Listing(..)
            | Cell::Record(_)
            | Cell::List(_) => Code::ANY,
        }
    }
}
