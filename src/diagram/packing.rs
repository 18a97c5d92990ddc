//! Slots with two cells, many in one word: a bit for each cell that is possible.

use crate::normal::{Norms, SlotId};

use super::code::{Code, Row};

/// Which slots stand in which word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Packing {
    /// The packed slots, those of one word after those of another.
    slots: Box<[SlotId]>,
    /// By slot: its place among them; [`NOT`] where it is not packed.
    at: Box<[u32]>,
}

/// Slots of one word; a word has to be a cell of a [`Code`].
const IN_A_WORD: usize = 15;
const NOT: u32 = u32::MAX;

impl Packing {
    pub fn new(norms: &Norms) -> Packing {
        let mut slots = Vec::new();
        let at = (0..norms.slots.len()).map(|at| {
            let slot = &norms.slots[at];
            if !slot.is_field() || slot.cells != 2 {
                return NOT;
            }
            slots.push(SlotId(at as u32));
            slots.len() as u32 - 1
        });
        let at = at.collect();
        Packing { slots: slots.into(), at }
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.slots.len().div_ceil(IN_A_WORD)
    }

    /// The word of a slot, and the bit of one of its cells; `None` when it is not packed.
    #[inline]
    pub fn bit(&self, slot: SlotId, cell: usize) -> Option<(usize, u32)> {
        match self.at[slot.at()] {
            NOT => None,
            at => Some((at as usize / IN_A_WORD, 1 << (at as usize % IN_A_WORD * 2 + cell))),
        }
    }

    /// The word as a row holds it.
    pub fn code(&self, word: usize, row: &mut impl Row) -> Code {
        let from = word * IN_A_WORD;
        let slots = &self.slots[from..self.slots.len().min(from + IN_A_WORD)];
        let bits = slots.iter().enumerate().map(|(at, slot)| {
            // Of two cells, some are both.
            let possible = row.code(*slot).exact().map_or(0b11, |cell| 1 << cell);
            possible << (at * 2)
        });
        Code::cell(bits.sum())
    }
}
