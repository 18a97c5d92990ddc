//! A line of a question as cells of slots, worked out when somebody asks.

use crate::check::program::{Effect, NormId};
use crate::diagram::standing::{Standing, Way, better};
use crate::normal::{Cells, Coding, Expr, Norms, Requirement, SlotId, SlotKind};
use crate::value::Verdict;

use super::worlds::{Rep, Worlds};

/// The cells that each slot may be in; one cell when the facts settle it.
#[derive(Debug)]
pub(crate) struct Coded<'n, 'a> {
    norms: &'n Norms,
    worlds: Worlds<'a>,
    slots: Vec<Option<Cells>>,
}

/// Whether a condition can hold, and whether it can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Truth {
    pub can_hold: bool,
    pub can_fail: bool,
}

impl<'n, 'a> Coded<'n, 'a> {
    pub fn new(norms: &'n Norms, worlds: Worlds<'a>) -> Coded<'n, 'a> {
        Coded { norms, worlds, slots: vec![None; norms.slots.len()] }
    }

    pub fn into_worlds(self) -> Worlds<'a> {
        self.worlds
    }

    /// The cells a slot may be in. Never too few: over the budget a derived slot may be in any.
    pub fn cells(&mut self, slot: SlotId) -> Cells {
        if let Some(known) = &self.slots[slot.at()] {
            return known.clone();
        }
        let declared = &self.norms.slots[slot.at()];
        let mut cells = Cells::none(declared.cells);
        match &declared.kind {
            SlotKind::Field { field, unit, coding } => {
                for rep in self.worlds.field_cells(*field, *unit) {
                    cells.insert(cell_of(coding, &rep));
                }
            }
            kind => match self.worlds.derived(kind) {
                Some(values) => values.into_iter().for_each(|value| cells.insert(value)),
                None => cells = Cells::all(declared.cells),
            },
        }
        self.slots[slot.at()] = Some(cells.clone());
        cells
    }

    pub fn truth(&mut self, expr: &Expr) -> Truth {
        match expr {
            Expr::Yes => Truth { can_hold: true, can_fail: false },
            Expr::No => Truth { can_hold: false, can_fail: true },
            Expr::In(slot, holds) => {
                let cells = self.cells(*slot);
                Truth { can_hold: cells.meets(holds), can_fail: !cells.within(holds) }
            }
            Expr::All(parts) => {
                let mut all = Truth { can_hold: true, can_fail: false };
                for part in parts {
                    let part = self.truth(part);
                    all = Truth { can_hold: all.can_hold && part.can_hold, can_fail: all.can_fail || part.can_fail };
                    if !all.can_hold {
                        break;
                    }
                }
                all
            }
            Expr::Any(parts) => {
                let mut any = Truth { can_hold: false, can_fail: true };
                for part in parts {
                    let part = self.truth(part);
                    any = Truth { can_hold: any.can_hold || part.can_hold, can_fail: any.can_fail && part.can_fail };
                    if !any.can_fail {
                        break;
                    }
                }
                any
            }
            Expr::Not(inner) => {
                let inner = self.truth(inner);
                Truth { can_hold: inner.can_fail, can_fail: inner.can_hold }
            }
        }
    }

    /// What a norm may say: one standing when the facts settle it. Never too few.
    pub fn standings(&mut self, id: NormId) -> Vec<Standing> {
        let norms = self.norms;
        let norm = &norms.norms[id.at()];
        let reaches = self.truth(&norm.reaches);
        let mut said = if reaches.can_fail { vec![Standing::Out] } else { Vec::new() };
        if !reaches.can_hold {
            return said;
        }
        let prohibits = Standing::Applies(Verdict::Prohibited);
        match norm.effect {
            Effect::Prohibit => said.extend(self.with_exits(id, prohibits, Standing::Lifted)),
            Effect::Oblige => {
                let omitted = self.truth(&norm.omitted);
                if omitted.can_hold {
                    said.extend(self.with_exits(id, prohibits, Standing::Lifted));
                }
                if omitted.can_fail {
                    said.extend(self.with_exits(id, Standing::Duty, Standing::Spared));
                }
            }
            Effect::Advise | Effect::Caution => said.extend(self.with_exits(id, Standing::Noted, Standing::Spared)),
        }
        said.sort_unstable();
        said.dedup();
        said
    }

    fn with_exits(
        &mut self,
        id: NormId,
        without: Standing,
        lifted: fn(crate::check::program::ExitId) -> Standing,
    ) -> Vec<Standing> {
        let norms = self.norms;
        let mut said = vec![without];
        for &exit in &norms.norms[id.at()].exits {
            let ways = self.ways(exit);
            let mut next: Vec<Standing> =
                said.iter().flat_map(|so_far| ways.iter().map(|way| better(*so_far, exit, *way, lifted))).collect();
            next.sort_unstable();
            next.dedup();
            said = next;
        }
        said
    }

    /// How an exit may stand. Never too few.
    pub fn ways(&mut self, id: crate::check::program::ExitId) -> Vec<Way> {
        let norms = self.norms;
        let exit = &norms.exits[id.at()];
        let open = self.truth(&exit.open);
        let mut ways = if open.can_fail { vec![Way::Closed] } else { Vec::new() };
        if open.can_hold {
            let mut open_ways = vec![Way::Lifts];
            for (slot, &kind) in exit.requirements.iter().zip(&exit.kinds) {
                let cells = self.cells(*slot);
                let mut next: Vec<Way> = Vec::new();
                for so_far in &open_ways {
                    for cell in cells.iter() {
                        let here = Way::of([(kind, Requirement::ALL[cell])], exit.exceptional);
                        let joined = crate::diagram::standing::join(*so_far, here);
                        if !next.contains(&joined) {
                            next.push(joined);
                        }
                    }
                }
                open_ways = next;
            }
            ways.extend(open_ways);
        }
        ways
    }
}

fn cell_of(coding: &Coding, rep: &Rep) -> usize {
    match rep {
        Rep::None => 0,
        Rep::Term(term) => coding.of_whole(i64::from(*term)),
        Rep::Code(code) => coding.of_whole(*code as i64),
        Rep::Day(date) => coding.of_whole(i64::from(date.day_number())),
        Rep::YesNo(yes) => coding.of_whole(i64::from(*yes)),
        Rep::Amount(amount) => coding.of_amount(*amount),
        Rep::Text(_)
        | Rep::OtherText(_)
        | Rep::Reference(_)
        | Rep::Somebody(_)
        | Rep::Listing(..)
        | Rep::OtherListing
        | Rep::Goods(..)
        | Rep::Count(_) => unreachable!("a slot of a field holds coded values"),
    }
}
