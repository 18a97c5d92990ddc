//! What is known of one slot of one activity, in a word.

use crate::normal::{Cells, SlotId};

/// The cell in which the value of a slot lies, or that it may lie in some, or in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u32);

impl Code {
    /// The value may lie in any cell.
    pub const ANY: Code = Code(u32::MAX);
    /// Nobody has worked it out yet.
    pub const PENDING: Code = Code(u32::MAX - 1);
    const SOME: u32 = 1 << 31;

    pub fn cell(cell: usize) -> Code {
        debug_assert!((cell as u32) < Code::SOME);
        Code(cell as u32)
    }

    /// The cells are those of a set that the row knows by this number.
    pub fn some(set: usize) -> Code {
        debug_assert!((set as u32) < Code::SOME - 2);
        Code(set as u32 | Code::SOME)
    }

    /// The cell, when there is only one.
    #[inline]
    pub fn exact(self) -> Option<usize> {
        (self.0 < Code::SOME).then_some(self.0 as usize)
    }

    /// The bits of a word of packed slots.
    #[inline]
    pub fn bits(self) -> u32 {
        debug_assert!(self.exact().is_some(), "a word is always known");
        self.0
    }

    /// The number of the set of cells, when it is neither one nor any.
    pub fn set(self) -> Option<usize> {
        (self.0 >= Code::SOME && self.0 < Code::PENDING.0).then_some((self.0 & !Code::SOME) as usize)
    }

    /// Of a condition: what may be.
    pub fn of_truth(truth: Truth) -> Code {
        match (truth.can_hold(), truth.can_fail()) {
            (true, false) => Code(1),
            (false, _) => Code(0),
            (true, true) => Code::ANY,
        }
    }
}

/// The slots of one activity, worked out when somebody asks.
pub(crate) trait Row {
    fn code(&mut self, slot: SlotId) -> Code;

    /// The cells behind [`Code::some`] of a slot.
    fn set(&self, slot: SlotId, set: usize) -> &Cells;

    /// How a test of a slot with few cells may come out: one bit per cell.
    #[inline]
    fn test_few(&mut self, slot: SlotId, holds: u64) -> Truth {
        let code = self.code(slot);
        match code.exact() {
            Some(cell) => Truth::known(holds >> (cell % 64) & 1 != 0),
            None => self.test_open(slot, code, &[holds]),
        }
    }

    /// How a test of a slot may come out.
    #[inline]
    fn test(&mut self, slot: SlotId, holds: &[u64]) -> Truth {
        let code = self.code(slot);
        match code.exact() {
            Some(cell) => Truth::known(holds[cell / 64] >> (cell % 64) & 1 != 0),
            None => self.test_open(slot, code, holds),
        }
    }

    /// Likewise, whether it lies in one of the cells from one to another.
    #[inline]
    fn test_stretch(&mut self, slot: SlotId, first: usize, last: usize) -> Truth {
        let code = self.code(slot);
        match (code.exact(), code.set()) {
            (Some(cell), _) => Truth::known(first <= cell && cell <= last),
            (None, None) => Truth::OPEN,
            (None, Some(set)) => {
                let among = |cell: usize| first <= cell && cell <= last;
                let cells = self.set(slot, set);
                Truth::new(cells.iter().any(among), !cells.iter().all(among))
            }
        }
    }

    #[cold]
    fn test_open(&self, slot: SlotId, code: Code, holds: &[u64]) -> Truth {
        let Some(set) = code.set() else { return Truth::OPEN };
        let cells = self.set(slot, set).words();
        let meets = cells.iter().zip(holds).any(|(cells, holds)| cells & holds != 0);
        let within = cells.iter().zip(holds).all(|(cells, holds)| cells & !holds == 0);
        Truth::new(meets, !within)
    }
}

/// Whether a condition can hold, and whether it can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Truth(u8);

impl Truth {
    pub const YES: Truth = Truth(1);
    pub const NO: Truth = Truth(2);
    pub const OPEN: Truth = Truth(3);

    pub fn new(can_hold: bool, can_fail: bool) -> Truth {
        Truth(u8::from(can_hold) | u8::from(can_fail) << 1)
    }

    #[inline]
    pub fn known(holds: bool) -> Truth {
        if holds { Truth::YES } else { Truth::NO }
    }

    #[inline]
    pub fn can_hold(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline]
    pub fn can_fail(self) -> bool {
        self.0 & 2 != 0
    }

    pub fn and(self, other: Truth) -> Truth {
        Truth(self.0 & other.0 & 1 | (self.0 | other.0) & 2)
    }

    pub fn or(self, other: Truth) -> Truth {
        Truth((self.0 | other.0) & 1 | self.0 & other.0 & 2)
    }

    pub fn not(self) -> Truth {
        Truth(self.0 >> 1 | (self.0 & 1) << 1)
    }
}
