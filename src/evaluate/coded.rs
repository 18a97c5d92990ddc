//! A line of a question, slot by slot: by itself, and with its acts and the other lines.

use crate::diagram::code::{Code, Row};
use crate::normal::{Cells, SlotId, SlotKind};

use super::row::{FactRow, Tables};
use super::worlds::Worlds;

/// The slots of one line, worked out when somebody asks.
#[derive(Debug)]
pub(crate) struct Coded<'r, 'a> {
    row: FactRow<'a, 'r>,
    /// Of a question with acts or several lines: what requirements and quotas look at.
    rest: Option<Worlds<'a>>,
}

impl<'r, 'a> Coded<'r, 'a> {
    /// `rest` is there when the question states acts, or takes some as given, or has several lines.
    pub fn new(row: FactRow<'a, 'r>, rest: Option<Worlds<'a>>) -> Coded<'r, 'a> {
        Coded { row, rest }
    }
}

impl Row for Coded<'_, '_> {
    fn code(&mut self, slot: SlotId) -> Code {
        let Some(worlds) = &mut self.rest else { return self.row.code(slot) };
        let Some(kind) = self.row.kind(slot) else { return self.row.code(slot) };
        if !matches!(kind, SlotKind::Quotas(_) | SlotKind::Requirement(..)) {
            return self.row.code(slot);
        }
        if let Some(known) = self.row.known(slot) {
            return known;
        }
        // Over the budget it may be in any cell.
        let code = worlds.derived(kind).map_or(Code::ANY, |cells| match cells.as_slice() {
            [only] => Code::cell(*only),
            _ if matches!(kind, SlotKind::Requirement(..)) => Code::some(Tables::statuses(&cells)),
            _ => Code::ANY,
        });
        self.row.put(slot, code);
        code
    }

    fn set(&self, slot: SlotId, set: usize) -> &Cells {
        self.row.set(slot, set)
    }
}
