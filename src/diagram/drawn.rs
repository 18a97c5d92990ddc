//! Conditions and exits as diagrams over the places of a row.

use crate::check::program::ExitId;
use crate::normal::{Cells, Expr, Norms, Requirement, SlotId};

use super::standing::{Way, join};
use super::table::{NO, OverBudget, Ref, Table, Var, YES};

/// Draws what norms say into one table.
pub(crate) trait Draw<'a> {
    fn norms(&self) -> &'a Norms;

    fn table(&mut self) -> &mut Table;

    /// The variable that asks a place.
    fn var(&self, place: SlotId) -> Var;

    /// Whether a slot lies in one of these cells.
    fn test(&mut self, slot: SlotId, cells: &Cells) -> Result<Ref, OverBudget>;

    /// Yes or no.
    fn expr(&mut self, expr: &Expr) -> Result<Ref, OverBudget> {
        match expr {
            Expr::Yes => Ok(YES),
            Expr::No => Ok(NO),
            Expr::In(slot, cells) => self.test(*slot, cells),
            Expr::All(parts) => {
                let mut all = YES;
                for part in parts {
                    let part = self.expr(part)?;
                    all = self.table().and(all, part)?;
                }
                Ok(all)
            }
            Expr::Any(parts) => {
                let mut any = NO;
                for part in parts {
                    let part = self.expr(part)?;
                    any = self.table().or(any, part)?;
                }
                Ok(any)
            }
        }
    }

    /// How an exit stands: the leaves are ways.
    fn way(&mut self, id: ExitId) -> Result<Ref, OverBudget> {
        let exit = &self.norms().exits[id.at()];
        let open = self.expr(&exit.open)?;
        let mut way = Ref::leaf(Way::Lifts as u32);
        for (slot, &kind) in exit.requirements.iter().zip(&exit.kinds) {
            let ways = Requirement::ALL.map(|status| Ref::leaf(Way::of([(kind, status)], exit.exceptional) as u32));
            let var = self.var(*slot);
            let here = self.table().make(var, &ways)?;
            way = self.table().apply(way, here, &mut |a, b| join(Way::from_leaf(a), Way::from_leaf(b)) as u32)?;
        }
        self.table().choose(open, way, Ref::leaf(Way::Closed as u32))
    }
}

/// Draws slot by slot, in an order of its own.
pub(super) struct Drawing<'a> {
    pub norms: &'a Norms,
    pub table: Table,
    /// By place: the variable that asks it.
    pub var_of: Vec<Option<Var>>,
}

impl<'a> Draw<'a> for Drawing<'a> {
    fn norms(&self) -> &'a Norms {
        self.norms
    }

    fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    fn var(&self, place: SlotId) -> Var {
        self.var_of[place.at()].expect("everything that is drawn has a variable")
    }

    fn test(&mut self, slot: SlotId, cells: &Cells) -> Result<Ref, OverBudget> {
        let count = self.norms.slots[slot.at()].cells;
        self.table.test(self.var(slot), (0..count).map(|cell| cells.has(cell)))
    }
}
