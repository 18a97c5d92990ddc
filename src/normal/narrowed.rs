//! The same norms where some of what they ask is settled.

use super::{Cells, Exit, Expr, Norm, Norms};

impl Norms {
    /// The norms where slots lie in some cells only: by slot, these cells, in order.
    pub fn narrowed(&self, within: &[Vec<usize>]) -> Norms {
        let norm = |norm: &Norm| Norm {
            reaches: norm.reaches.narrowed(within),
            omitted: norm.omitted.narrowed(within),
            ..norm.clone()
        };
        let exit = |exit: &Exit| Exit { open: exit.open.narrowed(within), ..exit.clone() };
        Norms {
            slots: self.slots.clone(),
            norms: self.norms.iter().map(norm).collect(),
            exits: self.exits.iter().map(exit).collect(),
        }
    }
}

impl Expr {
    fn narrowed(&self, within: &[Vec<usize>]) -> Expr {
        match self {
            Expr::Yes | Expr::No => self.clone(),
            Expr::In(slot, cells) => {
                let mut left = within[slot.at()].iter().map(|cell| cells.has(*cell));
                match (left.clone().any(|holds| holds), left.all(|holds| holds)) {
                    (_, true) => Expr::Yes,
                    (false, _) => Expr::No,
                    (true, false) => Expr::In(*slot, Cells::clone(cells)),
                }
            }
            Expr::All(parts) => {
                let parts = parts.iter().map(|part| part.narrowed(within)).filter(|part| *part != Expr::Yes).collect();
                joined(parts, &Expr::No, Expr::Yes, Expr::All)
            }
            Expr::Any(parts) => {
                let parts = parts.iter().map(|part| part.narrowed(within)).filter(|part| *part != Expr::No).collect();
                joined(parts, &Expr::Yes, Expr::No, Expr::Any)
            }
        }
    }
}

/// One expression of parts, where one that is `settles` settles all, and none at all are `empty`.
fn joined(mut parts: Vec<Expr>, settles: &Expr, empty: Expr, many: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.contains(settles) {
        return settles.clone();
    }
    match parts.len() {
        0 => empty,
        1 => parts.remove(0),
        _ => many(parts),
    }
}
