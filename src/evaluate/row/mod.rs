//! One activity, slot by slot: the cell of every field, and conditions as far as the facts settle them.
//!
//! Each condition is yes, no or open, and open never means less than it should: what is open here may be settled when the
//! facts beneath are looked at together (`worlds`). What is settled here is settled.

mod conditions;
mod goods;
mod listed;
mod patterns;
mod quotas;
mod stand;
mod tables;

use crate::check::program::{ExitId, FieldId, Requirement as Required};
use crate::diagram::code::{Code, Row};
use crate::diagram::rules::{Place, Rules};
use crate::diagram::standing::Way;
use crate::facts::tape::{Cell, Tape};
use crate::normal::{Cells, Norms, Requirement, SlotId, SlotKind};
use crate::value::{Date, Unit};

use super::worlds::{Ground, is_due, last_day};

pub(crate) use patterns::Patterns;
pub(crate) use stand::{Exits, Stand, Ways};
use tables::Presumed;
pub(crate) use tables::Tables;

/// What does not change from question to question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Basis<'a> {
    pub ground: Ground<'a>,
    pub norms: &'a Norms,
    pub rules: &'a Rules,
    pub tables: &'a Tables,
}

/// What is put in the place of what nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fill {
    /// Nothing: it stays open.
    Open,
    /// There is none, the answer is no, nothing is used yet.
    No,
    /// The answer is yes, the quota is used up; the rest stays open.
    Yes,
}

/// How an activity is to be understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub complete: bool,
    pub presume: bool,
    pub fill: Fill,
    /// The question states acts.
    pub acts: bool,
    /// Disputed readings are open whatever the host chose, so that one sees whether they matter.
    pub weigh: bool,
    /// What is hidden on the tape is stated, and may be anything; so may be what is stated beside the fields.
    pub learning: bool,
}

/// An activity whose slots are worked out when they are asked for.
#[derive(Debug)]
pub(crate) struct FactRow<'a, 't> {
    basis: Basis<'a>,
    tape: &'t Tape,
    how: Reading,
    date: Option<Date>,
    codes: &'t mut [Code],
    /// Something hidden was looked at.
    looked: std::cell::Cell<bool>,
}

impl<'a, 't> FactRow<'a, 't> {
    /// `codes` is as long as a row has places; what it holds is overwritten.
    pub fn new(basis: Basis<'a>, tape: &'t Tape, how: Reading, codes: &'t mut [Code]) -> FactRow<'a, 't> {
        codes.fill(Code::PENDING);
        FactRow::begun(basis, tape, how, codes)
    }

    /// The same, beginning with what is known of all activities that state these fields.
    pub fn after(
        basis: Basis<'a>,
        tape: &'t Tape,
        how: Reading,
        codes: &'t mut Vec<Code>,
        patterns: &mut Patterns,
    ) -> FactRow<'a, 't> {
        codes.resize(basis.rules.row_len(), Code::PENDING);
        let Some(pattern) = patterns.of(basis, tape, how) else { return FactRow::new(basis, tape, how, codes) };
        codes.copy_from_slice(pattern);
        FactRow::begun(basis, tape, how, codes)
    }

    /// With the codes that are known already.
    #[inline]
    fn begun(basis: Basis<'a>, tape: &'t Tape, how: Reading, codes: &'t mut [Code]) -> FactRow<'a, 't> {
        let date = match tape.activity(basis.ground.program.schema.core.date) {
            Cell::Day(date) => Some(date),
            _ => None,
        };
        FactRow { basis, tape, how, date, codes, looked: false.into() }
    }

    /// What comes out, and whether something hidden was looked at for it.
    fn looks<T>(&mut self, ask: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        self.looked.set(false);
        let told = ask(self);
        (told, self.looked.get())
    }

    /// The day of the activity, when it is known.
    fn day(&self) -> Option<Date> {
        if self.how.learning {
            self.looked.set(true);
        }
        self.date
    }

    /// What a slot stands for; nothing stands behind the slots of a row.
    pub fn kind(&self, slot: SlotId) -> Option<&'a SlotKind> {
        self.basis.norms.slots.get(slot.at()).map(|slot| &slot.kind)
    }

    /// The code of a slot, if it was worked out.
    pub fn known(&self, slot: SlotId) -> Option<Code> {
        Some(self.codes[slot.at()]).filter(|code| *code != Code::PENDING)
    }

    pub fn put(&mut self, slot: SlotId, code: Code) {
        self.codes[slot.at()] = code;
    }

    fn field_at(&self, at: usize) -> Code {
        self.field_code(&self.basis.tables.fields[at])
    }

    /// Works out every slot.
    pub fn finish(&mut self) {
        for slot in 0..self.codes.len() as u32 {
            self.code(SlotId(slot));
        }
    }

    /// What stands in a field of the activity.
    fn cell(&self, field: FieldId) -> Cell {
        let cell = self.tape.activity(field);
        if cell == Cell::Hidden {
            self.looked.set(true);
        }
        cell
    }

    /// Likewise, or what is presumed of it when nobody said; a presumption that is not plain is not known.
    fn told(&self, field: FieldId) -> Cell {
        match (self.cell(field), self.basis.tables.presumed(field)) {
            (Cell::Unstated, Some(presumed)) if self.how.presume => match presumed {
                Presumed::Plain(cell) => cell,
                Presumed::Other => Cell::Unknown,
            },
            (cell, _) => cell,
        }
    }

    fn field_code(&self, field: &tables::Field) -> Code {
        match self.stated(field.field, field.unit) {
            Dom::Any { .. } => self.linked(field.field),
            Dom::Silent(from, width) => self.basis.tables.goods().map_or(Code::ANY, |goods| goods.silent(from, width)),
            Dom::Is(cell) => field.of_cell(cell, self.tape),
        }
    }

    /// Of an item or code that nobody stated: what the other says of it.
    fn linked(&self, field: FieldId) -> Code {
        let (Some((item, hs)), Some(goods)) = (self.basis.ground.program.schema.core.goods, self.basis.tables.goods())
        else {
            return Code::ANY;
        };
        match (self.told(item), self.told(hs)) {
            (Cell::Term(item), _) if field == hs => goods.codes_of(item),
            (_, Cell::Codes(from, width)) if field == item => goods.items_of(from, width),
            _ => Code::ANY,
        }
    }

    /// What is known of a field of the activity that holds one value.
    fn stated(&self, field: FieldId, unit: Option<Unit>) -> Dom {
        let schema = &self.basis.ground.program.schema;
        let required = self.basis.tables.is_required(field);
        let unknown = || match self.how.fill {
            Fill::No if !required => Dom::Is(Cell::None),
            Fill::Open | Fill::No | Fill::Yes => Dom::Any { none: !required },
        };
        let mut cell = self.cell(field);
        if cell == Cell::Unstated
            && self.how.presume
            && let Some(presumed) = self.basis.tables.presumed(field)
        {
            match presumed {
                Presumed::Plain(presumed) => cell = presumed,
                Presumed::Other => return Dom::Any { none: false },
            }
        }
        match cell {
            Cell::Hidden => Dom::Any { none: !required },
            Cell::Unknown => unknown(),
            Cell::Unstated if !self.how.complete || required => unknown(),
            Cell::Unstated => {
                if let Some((item, hs)) = schema.core.goods
                    && item == field
                {
                    // A code without an item stands for the goods that carry it.
                    match self.told(hs) {
                        Cell::Hidden => return Dom::Any { none: true },
                        Cell::Codes(from, width) => return Dom::Silent(from, width),
                        Cell::Unknown => return unknown(),
                        _ => {}
                    }
                }
                match unit {
                    Some(unit) if schema.is_counted(unit) => Dom::Is(tables::ONE),
                    _ if self.basis.tables.is_measured(field) => unknown(),
                    _ => Dom::Is(Cell::None),
                }
            }
            // What is stated in another unit is an amount in this one too.
            Cell::Amounts(span)
                if unit.is_some_and(|unit| self.tape.amounts(span).iter().all(|(of, _)| *of != unit)) =>
            {
                Dom::Any { none: false }
            }
            stated => Dom::Is(stated),
        }
    }

    fn derived(&mut self, place: SlotId) -> Code {
        let norms = self.basis.norms;
        let rules = self.basis.rules;
        if let Some(declared) = self.basis.tables.fields.get(place.at()) {
            return match self.tape.activity(declared.field) {
                Cell::Term(term) => declared.of_term(term),
                cell @ (Cell::Day(_) | Cell::YesNo(_)) => declared.of_cell(cell, self.tape),
                _ => self.field_code(declared),
            };
        }
        if let Some(word) = rules.word(place) {
            return rules.packing.code(word, self);
        }
        if let Some(code) = rules.small.code(place, self) {
            return code;
        }
        let slot = match rules.place(place) {
            Place::Slot(slot) => slot,
            Place::Relief(relief) => return self.relief(&rules.reliefs[relief]),
            Place::Shared(exit) => return self.ways(rules, exit).code(),
        };
        match &norms.slots[slot.at()].kind {
            SlotKind::Condition(cond) => Code::of_truth(self.cond(conditions::Site::Activity, cond)),
            SlotKind::Compound(..) => Code::of_truth(rules.check(self, rules.compound(slot))),
            SlotKind::Quotas(exit) => Code::of_truth(self.quotas_kept(*exit)),
            SlotKind::Requirement(exit, at) => self.requirement(*exit, *at),
            SlotKind::Field { .. } => unreachable!("the slots of fields come first"),
        }
    }

    /// The best way out that some exits offer.
    fn relief(&mut self, exits: &[ExitId]) -> Code {
        let mut best = Ways::of(Way::Closed);
        for &exit in exits {
            let place = self.basis.rules.place_of_shared(exit);
            best = best.or_better(Ways::of_code(self.code(place)));
        }
        best.code()
    }

    /// How a requirement stands when no act is stated.
    fn requirement(&self, exit: ExitId, at: usize) -> Code {
        let program = self.basis.ground.program;
        let requirement = &program.exits[exit.at()].requirements[at];
        let status = |date| status_without_acts(requirement, date, self.tape.asked_on, &program.schema.working_days);
        match self.day() {
            _ if self.how.learning => Code::ANY,
            Some(date) => Code::cell(status(date) as usize),
            None => {
                // On some days it is due, on others open, and on others over.
                let over = self.tape.asked_on.map(|_| Requirement::Missed as usize);
                let cells: Vec<usize> =
                    [Requirement::Due as usize, Requirement::Open as usize].into_iter().chain(over).collect();
                Code::some(Tables::statuses(&cells))
            }
        }
    }
}

fn status_without_acts(
    requirement: &Required,
    date: Date,
    asked_on: Option<Date>,
    working: &crate::value::WorkingDays,
) -> Requirement {
    let over = asked_on.is_some_and(|asked| last_day(requirement, date, working).is_none_or(|last| asked > last));
    match (over, is_due(requirement, date)) {
        (true, _) => Requirement::Missed,
        (false, true) => Requirement::Due,
        (false, false) => Requirement::Open,
    }
}

/// What is known of a field that holds one value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dom {
    /// It may be anything; also none, unless said otherwise.
    Any { none: bool },
    /// The item is one of those that carry the code.
    Silent(u64, crate::facts::tape::Width),
    /// As stated, or none. A term and a code may stand for narrower ones.
    Is(Cell),
}

impl Row for FactRow<'_, '_> {
    #[inline]
    fn code(&mut self, slot: SlotId) -> Code {
        let known = self.codes[slot.at()];
        if known != Code::PENDING {
            return known;
        }
        let code = self.derived(slot);
        self.codes[slot.at()] = code;
        code
    }

    fn set(&self, slot: SlotId, set: usize) -> &Cells {
        self.basis.tables.set(slot, set)
    }
}

/// A row of which every slot was worked out before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finished<'a> {
    pub tables: &'a Tables,
    pub codes: &'a [Code],
}

impl Row for Finished<'_> {
    #[inline]
    fn code(&mut self, slot: SlotId) -> Code {
        self.codes[slot.at()]
    }

    fn set(&self, slot: SlotId, set: usize) -> &Cells {
        self.tables.set(slot, set)
    }
}
