//! Slots: one per fact that norms test, cut into cells.

use std::collections::BTreeSet;
use std::hash::Hasher;

use rustc_hash::{FxHashMap as HashMap, FxHasher};

use crate::check::program::{Cond, DefinitionId, ExitId, FieldId, Op};
use crate::value::{Date, Decimal, Unit};

use super::Expr;

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

impl Slot {
    /// The value of a field, as against what is computed from several.
    pub fn is_field(&self) -> bool {
        matches!(self.kind, SlotKind::Field { .. })
    }
}

#[derive(Debug, Clone)]
pub(crate) enum SlotKind {
    /// A single-valued field of the activity; of an amount, one unit of it.
    Field { field: FieldId, unit: Option<Unit>, coding: Coding },
    /// A condition that is computed from several facts: 0 is no, 1 is yes.
    Condition(Cond),
    /// A definition that mixes facts of the activity with such conditions, over the slots before it: 0 is no, 1 is yes.
    Compound(DefinitionId, Expr),
    /// Whether the quotas of an exit are kept: 0 is no, 1 is yes.
    Quotas(ExitId),
    /// How requirement number `.1` of an exit stands.
    Requirement(ExitId, usize),
}

/// How the values of a field are cut into cells. Cell 0 holds *none*.
///
/// The tests of a field cut its values into stretches; stretches that no test tells apart are one cell.
#[derive(Debug, Clone)]
pub(crate) struct Coding {
    stretches: Stretches,
    /// The cell of each stretch.
    // INVARIANT: as long as there are stretches; `cell_of[0]`, of *none*, is 0.
    cell_of: Box<[u32]>,
    cells: usize,
}

#[derive(Debug, Clone)]
enum Stretches {
    /// Values are whole numbers (terms in pre-order, HS codes, days, no and yes);
    /// stretch `k + 1` starts at `cuts[k]`. The first cut is `i64::MIN`.
    Whole(Vec<i64>),
    /// Values are amounts: for thresholds t₀ < t₁ < … the stretches are below t₀, t₀, between t₀ and t₁, t₁, …
    Amount(Vec<Decimal>),
}

impl Coding {
    /// Whole numbers, cut there. Each stretch is a cell.
    pub fn whole(cuts: impl IntoIterator<Item = i64>) -> Coding {
        let cuts: BTreeSet<i64> = std::iter::once(i64::MIN).chain(cuts).collect();
        Coding::of(Stretches::Whole(cuts.into_iter().collect()))
    }

    /// Amounts with these thresholds. Each stretch is a cell.
    pub fn amounts(thresholds: BTreeSet<Decimal>) -> Coding {
        Coding::of(Stretches::Amount(thresholds.into_iter().collect()))
    }

    fn of(stretches: Stretches) -> Coding {
        let count = match &stretches {
            Stretches::Whole(cuts) => cuts.len() + 1,
            Stretches::Amount(thresholds) => 2 * thresholds.len() + 2,
        };
        Coding { stretches, cell_of: (0..count as u32).collect(), cells: count }
    }

    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The cell of a whole number.
    pub fn of_whole(&self, value: i64) -> usize {
        self.cell_of[self.stretch_of_whole(value)] as usize
    }

    fn stretch_of_whole(&self, value: i64) -> usize {
        match &self.stretches {
            Stretches::Whole(cuts) => cuts.partition_point(|&cut| cut <= value),
            Stretches::Amount(_) => unreachable!("a slot of amounts holds no whole numbers"),
        }
    }

    /// The cell of an amount.
    pub fn of_amount(&self, value: Decimal) -> usize {
        match &self.stretches {
            Stretches::Amount(thresholds) => {
                let stretch = match thresholds.binary_search(&value) {
                    Ok(at) => 2 * at + 2,
                    Err(at) => 2 * at + 1,
                };
                self.cell_of[stretch] as usize
            }
            Stretches::Whole(_) => unreachable!("a slot of whole numbers holds no amounts"),
        }
    }

    /// The numbers at which a new stretch begins, the least number first; of whole numbers.
    pub fn cuts(&self) -> &[i64] {
        match &self.stretches {
            Stretches::Whole(cuts) => cuts,
            Stretches::Amount(_) => &[],
        }
    }

    /// The thresholds of amounts, the least first.
    pub fn thresholds(&self) -> &[Decimal] {
        match &self.stretches {
            Stretches::Whole(_) => &[],
            Stretches::Amount(thresholds) => thresholds,
        }
    }

    /// The half-open ranges of whole numbers that lie in some cells, those without numbers left out; the last ends with the greatest.
    pub fn ranges_in(&self, cells: &Cells) -> Vec<(i64, i64)> {
        let cuts = self.cuts();
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for (at, &from) in cuts.iter().enumerate() {
            if cells.has(self.cell_of[at + 1] as usize) {
                let to = cuts.get(at + 1).copied().unwrap_or(i64::MAX);
                match ranges.last_mut() {
                    Some(last) if last.1 == from => last.1 = to,
                    _ => ranges.push((from, to)),
                }
            }
        }
        ranges
    }

    /// The stretches of amounts that lie in some cells, by their numbers: below the least threshold is 0, that threshold 1.
    pub fn amounts_in(&self, cells: &Cells) -> Vec<usize> {
        (1..self.cell_of.len()).filter(|at| cells.has(self.cell_of[*at] as usize)).map(|at| at - 1).collect()
    }

    /// Whether all numbers of a half-open range lie in one stretch.
    pub fn is_one(&self, from: i64, to: i64) -> bool {
        self.stretch_of_whole(from) == self.stretch_of_whole(to - 1)
    }

    /// The cells in which the numbers of half-open ranges lie.
    pub fn ranges(&self, ranges: impl IntoIterator<Item = (i64, i64)>) -> Cells {
        let mut cells = Cells::none(self.cells());
        for (from, to) in ranges {
            if from < to {
                let (first, last) = (self.stretch_of_whole(from), self.stretch_of_whole(to - 1));
                if self.is_merged() {
                    self.cell_of[first..=last].iter().for_each(|cell| cells.insert(*cell as usize));
                } else {
                    cells.insert_all(first, last);
                }
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

    fn is_merged(&self) -> bool {
        self.cells < self.cell_of.len()
    }

    /// Makes one cell of cells that all the sets have, or lack, together: returns the new cell of each old one, if there is
    /// anything to put together.
    pub fn merge(&mut self, sets: &[Cells]) -> Option<Vec<usize>> {
        // From cell to cell few sets begin or end, so a hash of the sets that have a cell is kept from one to the next.
        let mut turns: Vec<u64> = vec![0; self.cells + 1];
        let mut random = FxHasher::default();
        for set in sets {
            random.write_u64(1);
            set.turns().for_each(|cell| turns[cell] ^= random.finish());
        }
        let mut alike: HashMap<u64, Vec<usize>> = HashMap::default();
        let mut firsts: Vec<usize> = Vec::new();
        let mut having = 0;
        let merged: Vec<usize> = (0..self.cells)
            .map(|cell| {
                having ^= turns[cell];
                let same = alike.entry(having).or_default();
                let is_same = |&new: &usize| sets.iter().all(|set| set.has(cell) == set.has(firsts[new]));
                if let Some(&new) = same.iter().find(|new| is_same(new)) {
                    return new;
                }
                same.push(firsts.len());
                firsts.push(cell);
                firsts.len() - 1
            })
            .collect();
        if firsts.len() == self.cells {
            return None;
        }
        self.cells = firsts.len();
        self.cell_of.iter_mut().for_each(|cell| *cell = merged[*cell as usize] as u32);
        Some(merged)
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
        if cells > 0 {
            all.insert_all(0, cells - 1);
        }
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

    /// Inserts a cell, another, and all between.
    pub fn insert_all(&mut self, first: usize, last: usize) {
        for at in first / 64..=last / 64 {
            let from = if at == first / 64 { first % 64 } else { 0 };
            let to = if at == last / 64 { last % 64 } else { 63 };
            self.words[at] |= (u64::MAX >> (63 - (to - from))) << from;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        bits(&self.words)
    }

    /// The cells that are in the set while the cell before them is not, or the other way round.
    pub fn turns(&self) -> impl Iterator<Item = usize> + '_ {
        turns(&self.words)
    }

    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn and(&self, other: &Cells) -> Cells {
        Cells { words: self.words.iter().zip(&other.words).map(|(a, b)| a & b).collect() }
    }

    pub fn or(&self, other: &Cells) -> Cells {
        Cells { words: self.words.iter().zip(&other.words).map(|(a, b)| a | b).collect() }
    }

    /// The cells that these become when cells are made one.
    pub fn renamed(&self, new: &[usize], cells: usize) -> Cells {
        let mut renamed = Cells::none(cells);
        self.iter().for_each(|cell| renamed.insert(new[cell]));
        renamed
    }

    /// The words, for rows of bits.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    pub fn complement(&self, cells: usize) -> Cells {
        let mut rest = Cells::all(cells);
        rest.words.iter_mut().zip(&self.words).for_each(|(rest, word)| *rest &= !word);
        rest
    }
}

/// The numbers of the bits that are set.
pub(crate) fn bits(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| in_word(word).map(move |bit| at * 64 + bit))
}

/// The numbers of the bits that are not as the bit before them, the first when it is set.
pub(crate) fn turns(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    let before = std::iter::once(0).chain(words.iter().map(|word| word >> 63));
    words
        .iter()
        .zip(before)
        .enumerate()
        .flat_map(|(at, (&word, before))| in_word(word ^ (word << 1 | before)).map(move |bit| at * 64 + bit))
}

fn in_word(word: u64) -> impl Iterator<Item = usize> {
    std::iter::successors((word != 0).then_some(word), |word| {
        let rest = word & (word - 1);
        (rest != 0).then_some(rest)
    })
    .map(|word| word.trailing_zeros() as usize)
}

/// A day as the number that slots hold.
pub(crate) fn day(date: Date) -> i64 {
    i64::from(date.day_number())
}
