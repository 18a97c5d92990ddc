//! The index: per slot, from the class of a cell to the norms that it leaves possible.
//!
//! A bound on size and time that holds for every policy: the rows of all slots
//! are intersected and what survives is checked exactly. Rows only narrow the
//! search; the condition itself defines the meaning.

use std::collections::BTreeMap;

use crate::check::program::{Effect, NormId};
use crate::normal::{Cells, Expr, Norms, SlotId, SlotKind};

/// Most classes of one slot; neighbours are united beyond that.
const MOST_CLASSES: usize = 256;

/// The index of some norms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    slots: Vec<Rows>,
    /// The norms in the order of their bits: what may decide first.
    order: Vec<NormId>,
}

#[derive(Debug, Clone)]
struct Rows {
    slot: SlotId,
    class_of: Vec<u16>,
    rows: Vec<Bits>,
}

type Bits = Box<[u64]>;

impl Index {
    /// Indexes all norms by the fields that their conditions bound.
    pub fn from_normal(norms: &Norms) -> Index {
        let mut order: Vec<NormId> = NormId::all(norms.norms.len()).collect();
        order.sort_by_key(|id| {
            let norm = &norms.norms[id.at()];
            (norm.effect != Effect::Prohibit, !norm.exits.is_empty(), *id)
        });
        let fields = norms.slots.iter().enumerate().filter(|(_, slot)| matches!(slot.kind, SlotKind::Field { .. }));
        let slots = fields.filter_map(|(at, slot)| rows(norms, &order, SlotId(at as u32), slot.cells)).collect();
        Index { slots, order }
    }

    /// The norms that no row excludes. `possible` gives the cells that a slot may be in.
    pub fn survivors(&self, mut possible: impl FnMut(SlotId) -> Cells) -> Vec<NormId> {
        let words = self.order.len().div_ceil(64);
        let mut left: Vec<u64> = vec![u64::MAX; words];
        for rows in &self.slots {
            let cells = possible(rows.slot);
            let mut some = vec![0u64; words];
            for cell in cells.iter() {
                let row = &rows.rows[rows.class_of[cell] as usize];
                some.iter_mut().zip(row).for_each(|(some, row)| *some |= row);
            }
            left.iter_mut().zip(&some).for_each(|(left, some)| *left &= some);
        }
        let kept = self.order.iter().enumerate().filter(|(at, _)| left[at / 64] & (1 << (at % 64)) != 0);
        kept.map(|(_, id)| *id).collect()
    }

    /// Words of the rows, for the report on memory.
    pub fn words(&self) -> usize {
        self.slots.iter().flat_map(|rows| &rows.rows).map(|row| row.len()).sum()
    }
}

/// The rows of one slot; `None` when no norm bounds it.
fn rows(norms: &Norms, order: &[NormId], slot: SlotId, cells: usize) -> Option<Rows> {
    let words = order.len().div_ceil(64);
    let bounds: Vec<Option<Cells>> = order.iter().map(|id| bound(&norms.norms[id.at()].reaches, slot)).collect();
    if bounds.iter().all(Option::is_none) {
        return None;
    }
    let mut classes: BTreeMap<Bits, u16> = BTreeMap::new();
    let mut rows: Vec<Bits> = Vec::new();
    let mut class_of = Vec::with_capacity(cells);
    for cell in 0..cells {
        let mut row: Bits = vec![0; words].into();
        for (at, bound) in bounds.iter().enumerate() {
            if bound.as_ref().is_none_or(|cells| cells.has(cell)) {
                row[at / 64] |= 1 << (at % 64);
            }
        }
        let class = match classes.get(&row) {
            Some(&class) => class,
            None if rows.len() < MOST_CLASSES => {
                classes.insert(row.clone(), rows.len() as u16);
                rows.push(row);
                rows.len() as u16 - 1
            }
            None => {
                // One more set of norms joins the last class: what survives is checked anyway.
                let last = rows.last_mut().expect("there are classes");
                last.iter_mut().zip(&row).for_each(|(all, row)| *all |= row);
                rows.len() as u16 - 1
            }
        };
        class_of.push(class);
    }
    Some(Rows { slot, class_of, rows })
}

/// The cells outside which a condition cannot hold; `None` when it bounds nothing.
fn bound(expr: &Expr, slot: SlotId) -> Option<Cells> {
    match expr {
        Expr::In(at, cells) => (*at == slot).then(|| cells.clone()),
        Expr::All(parts) => parts.iter().filter_map(|part| bound(part, slot)).reduce(|a, b| a.and(&b)),
        Expr::Any(parts) => {
            let bounds: Option<Vec<Cells>> = parts.iter().map(|part| bound(part, slot)).collect();
            bounds?.into_iter().reduce(|a, b| a.or(&b))
        }
        Expr::Yes | Expr::No | Expr::Not(_) => None,
    }
}
