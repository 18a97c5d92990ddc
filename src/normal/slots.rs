//! Slots: one per fact that norms test, cut into cells.

use crate::check::program::{Cond, ExitId, FieldId, Op};
use crate::value::{Date, Decimal, Unit};

/// Names one slot of one `Norms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SlotId(pub u32);

impl SlotId {
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// What a slot holds and how its values are cut.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub kind: SlotKind,
    /// The number of cells.
    pub cells: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum SlotKind {
    /// A single-valued field of the activity; of an amount, one unit of it.
    Field { field: FieldId, unit: Option<Unit>, coding: Coding },
    /// A condition that is computed from several facts: 0 is no, 1 is yes.
    Condition(Cond),
    /// Whether the quotas of an exit are kept: 0 is no, 1 is yes.
    Quotas(ExitId),
    /// How requirement number `.1` of an exit stands.
    Requirement(ExitId, usize),
}

/// How the values of a field are cut into cells. Cell 0 is *none*.
#[derive(Debug, Clone)]
pub(crate) enum Coding {
    /// Values are whole numbers (terms in pre-order, HS codes, days, no and yes);
    /// cell `k + 1` starts at `cuts[k]`. The first cut is `i64::MIN`.
    Whole(Vec<i64>),
    /// Values are amounts: for thresholds t₀ < t₁ < … the cells are below t₀, t₀, between t₀ and t₁, t₁, …
    Amount(Vec<Decimal>),
}

impl Coding {
    pub fn cells(&self) -> usize {
        match self {
            Coding::Whole(cuts) => cuts.len() + 1,
            Coding::Amount(thresholds) => 2 * thresholds.len() + 2,
        }
    }

    /// The cell of a whole number.
    pub fn of_whole(&self, value: i64) -> usize {
        match self {
            Coding::Whole(cuts) => cuts.partition_point(|&cut| cut <= value),
            Coding::Amount(_) => unreachable!("a slot of amounts holds no whole numbers"),
        }
    }

    /// The cell of an amount.
    pub fn of_amount(&self, value: Decimal) -> usize {
        match self {
            Coding::Amount(thresholds) => match thresholds.binary_search(&value) {
                Ok(at) => 2 * at + 2,
                Err(at) => 2 * at + 1,
            },
            Coding::Whole(_) => unreachable!("a slot of whole numbers holds no amounts"),
        }
    }

    /// The cells that half-open ranges cover; their ends are cuts.
    pub fn ranges(&self, ranges: impl IntoIterator<Item = (i64, i64)>) -> Cells {
        let mut cells = Cells::none(self.cells());
        for (from, to) in ranges {
            if from < to {
                (self.of_whole(from)..=self.of_whole(to - 1)).for_each(|cell| cells.insert(cell));
            }
        }
        cells
    }

    /// The cells of amounts that compare so; the threshold is one of the cuts.
    pub fn compared(&self, op: Op, than: Decimal) -> Cells {
        let at = self.of_amount(than);
        let mut cells = Cells::none(self.cells());
        (1..self.cells()).filter(|cell| op.holds(cell, &at)).for_each(|cell| cells.insert(cell));
        cells
    }
}

/// A set of cells of one slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cells {
    words: Box<[u64]>,
}

impl Cells {
    pub fn none(cells: usize) -> Cells {
        Cells { words: vec![0; cells.div_ceil(64).max(1)].into() }
    }

    pub fn all(cells: usize) -> Cells {
        let mut all = Cells::none(cells);
        (0..cells).for_each(|cell| all.insert(cell));
        all
    }

    pub fn one(cells: usize, cell: usize) -> Cells {
        let mut one = Cells::none(cells);
        one.insert(cell);
        one
    }

    pub fn insert(&mut self, cell: usize) {
        self.words[cell / 64] |= 1 << (cell % 64);
    }

    pub fn has(&self, cell: usize) -> bool {
        self.words[cell / 64] & (1 << (cell % 64)) != 0
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len() * 64).filter(|&cell| self.has(cell))
    }

    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn meets(&self, other: &Cells) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    pub fn within(&self, other: &Cells) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
    }

    pub fn and(&self, other: &Cells) -> Cells {
        Cells { words: self.words.iter().zip(&other.words).map(|(a, b)| a & b).collect() }
    }

    pub fn or(&self, other: &Cells) -> Cells {
        Cells { words: self.words.iter().zip(&other.words).map(|(a, b)| a | b).collect() }
    }

    pub fn complement(&self, cells: usize) -> Cells {
        let mut rest = Cells::none(cells);
        (0..cells).filter(|&cell| !self.has(cell)).for_each(|cell| rest.insert(cell));
        rest
    }
}

/// A day as the number that slots hold.
pub(crate) fn day(date: Date) -> i64 {
    i64::from(date.day_number())
}
