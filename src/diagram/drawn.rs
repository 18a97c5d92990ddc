//! Conditions and exits as diagrams over the places of a row.

use crate::check::program::{Effect, ExitId, NormId};
use crate::normal::{Cells, Expr, Norms, Requirement, SlotId};
use crate::value::Verdict;

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

    /// Of so many cells of a place, those that are looked at: the variable has one value for each.
    fn cells(&self, place: SlotId, count: usize) -> Box<dyn Iterator<Item = usize> + 'a>;

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
            let way_of = |status| Ref::leaf(Way::of([(kind, Requirement::ALL[status])], exit.exceptional) as u32);
            let ways: Vec<Ref> = self.cells(*slot, Requirement::ALL.len()).map(way_of).collect();
            let var = self.var(*slot);
            let here = self.table().make(var, &ways)?;
            way = self.table().apply(way, here, &mut |a, b| join(Way::from_leaf(a), Way::from_leaf(b)) as u32)?;
        }
        self.table().choose(open, way, Ref::leaf(Way::Closed as u32))
    }

    /// What exits leave of a prohibition; the leaves are verdicts.
    fn barred(&mut self, exits: &[ExitId]) -> Result<Ref, OverBudget> {
        let mut barred = Ref::leaf(Verdict::Prohibited as u32);
        for exit in exits {
            let way = self.way(*exit)?;
            barred = self.table().apply(barred, way, &mut |said, way| said.min(Way::from_leaf(way).level() as u32))?;
        }
        Ok(barred)
    }

    /// What a norm alone makes of the verdict, of which exits leave `barred`; the leaves are verdicts.
    fn level(&mut self, id: NormId, barred: Ref) -> Result<Ref, OverBudget> {
        let norm = &self.norms().norms[id.at()];
        let said = match norm.effect {
            Effect::Prohibit => barred,
            // A duty that an exit lifts is none; one that is left undone is a breach.
            Effect::Oblige => {
                let done = self.table().map(barred, &mut |level| {
                    (if level <= Verdict::Allowed as u32 { Verdict::NotCovered } else { Verdict::Allowed }) as u32
                })?;
                let omitted = self.expr(&norm.omitted)?;
                self.table().choose(omitted, barred, done)?
            }
            Effect::Advise | Effect::Caution => Ref::leaf(Verdict::NotCovered as u32),
        };
        let reaches = self.expr(&norm.reaches)?;
        self.table().choose(reaches, said, Ref::leaf(Verdict::NotCovered as u32))
    }
}

/// Draws slot by slot, in an order of its own.
pub(super) struct Drawing<'a> {
    pub norms: &'a Norms,
    pub table: Table,
    /// By place: the variable that asks it.
    pub var_of: Vec<Option<Var>>,
    /// By place: the cells that are looked at; all when not given.
    pub cells: Option<&'a [Vec<usize>]>,
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

    fn cells(&self, place: SlotId, count: usize) -> Box<dyn Iterator<Item = usize> + 'a> {
        match self.cells {
            Some(cells) => Box::new(cells[place.at()].iter().copied()),
            None => Box::new(0..count),
        }
    }

    fn test(&mut self, slot: SlotId, cells: &Cells) -> Result<Ref, OverBudget> {
        let values = self.cells(slot, self.norms.slots[slot.at()].cells);
        self.table.test(self.var(slot), values.map(|cell| cells.has(cell)))
    }
}
