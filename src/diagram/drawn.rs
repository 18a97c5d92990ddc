//! Conditions and exits as diagrams over the places of a row.

use crate::check::program::ExitId;
use crate::normal::{Expr, Norms, Requirement, SlotId};

use super::standing::{Way, join};
use super::table::{NO, OverBudget, Ref, Table, Var, YES};

/// Draws what norms say into one table.
pub(super) struct Drawing<'a> {
    pub norms: &'a Norms,
    pub table: Table,
    /// By place: the variable that asks it.
    pub var_of: Vec<Option<Var>>,
}

impl Drawing<'_> {
    pub fn var(&self, place: SlotId) -> Var {
        self.var_of[place.at()].expect("everything that is drawn has a variable")
    }

    /// Yes or no.
    pub fn expr(&mut self, expr: &Expr) -> Result<Ref, OverBudget> {
        match expr {
            Expr::Yes => Ok(YES),
            Expr::No => Ok(NO),
            Expr::In(slot, cells) => {
                let count = self.norms.slots[slot.at()].cells;
                self.table.test(self.var(*slot), (0..count).map(|cell| cells.has(cell)))
            }
            Expr::All(parts) => {
                let mut all = YES;
                for part in parts {
                    let part = self.expr(part)?;
                    all = self.table.and(all, part)?;
                }
                Ok(all)
            }
            Expr::Any(parts) => {
                let mut any = NO;
                for part in parts {
                    let part = self.expr(part)?;
                    any = self.table.or(any, part)?;
                }
                Ok(any)
            }
        }
    }

    /// How an exit stands: the leaves are ways.
    pub fn way(&mut self, id: ExitId) -> Result<Ref, OverBudget> {
        let exit = &self.norms.exits[id.at()];
        let open = self.expr(&exit.open)?;
        let mut way = Ref::leaf(Way::Lifts as u32);
        for (slot, &kind) in exit.requirements.iter().zip(&exit.kinds) {
            let ways = Requirement::ALL.map(|status| Ref::leaf(Way::of([(kind, status)], exit.exceptional) as u32));
            let here = self.table.make(self.var(*slot), &ways)?;
            way = self.table.apply(way, here, &mut |a, b| join(Way::from_leaf(a), Way::from_leaf(b)) as u32)?;
        }
        self.table.choose(open, way, Ref::leaf(Way::Closed as u32))
    }
}
