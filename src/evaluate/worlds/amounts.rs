//! Amounts as the leaves of diagrams that count them: each has one number.

use std::ops::Index;

use rustc_hash::FxHashMap as HashMap;

use crate::value::Decimal;

/// The leaf of an amount that is *none*.
pub(super) const NO_AMOUNT: u32 = (1 << 30) - 1;

#[derive(Debug, Default)]
pub(super) struct Amounts {
    all: Vec<Decimal>,
    numbers: HashMap<Decimal, u32>,
}

impl Amounts {
    /// The number of an amount.
    pub fn leaf(&mut self, amount: Decimal) -> u32 {
        *self.numbers.entry(amount).or_insert_with(|| {
            self.all.push(amount);
            self.all.len() as u32 - 1
        })
    }
}

impl Index<u32> for Amounts {
    type Output = Decimal;

    fn index(&self, leaf: u32) -> &Decimal {
        &self.all[leaf as usize]
    }
}
