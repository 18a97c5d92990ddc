//! In which order slots are tested: what tells most norms apart comes first.

use crate::normal::{Coding, Norms, SlotId, SlotKind};

/// The slots in the order of the diagram: fields with names by falling number
/// of cells, then dates and amounts, then what is derived. Two-valued slots
/// first would make the diagram explode.
pub(crate) fn slots(norms: &Norms) -> Vec<SlotId> {
    let mut order: Vec<SlotId> = (0..norms.slots.len() as u32).map(SlotId).collect();
    order.sort_by_key(|id| {
        let slot = &norms.slots[id.at()];
        let group = match &slot.kind {
            SlotKind::Field { coding: Coding::Whole(_), .. } if slot.cells > 3 => 0,
            SlotKind::Field { .. } => 1,
            SlotKind::Condition(_) => 2,
            SlotKind::Quotas(_) => 3,
            SlotKind::Requirement(..) => 4,
        };
        (group, if group == 0 { usize::MAX - slot.cells } else { 0 }, *id)
    });
    order
}
