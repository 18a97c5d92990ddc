//! In which cells of a slot a value can lie at all.

use crate::check::program::{Schema, Type};
use crate::value::Date;

use super::{Norms, Slot, SlotKind};

/// By slot: the cells in which a value can lie.
pub(crate) fn real_cells(schema: &Schema, norms: &Norms) -> Vec<Vec<usize>> {
    norms.slots.iter().map(|slot| real(schema, slot)).collect()
}

fn real(schema: &Schema, slot: &Slot) -> Vec<usize> {
    let SlotKind::Field { field, unit, coding } = &slot.kind else { return (0..slot.cells).collect() };
    let declared = &schema.activity().fields[field.at()];
    let values = match declared.ty {
        Type::Term(taxonomy) | Type::Root(taxonomy) => {
            let terms = &schema.taxonomies[taxonomy.at()].terms;
            let is_value = |term: &usize| !matches!(declared.ty, Type::Root(_)) || terms[*term].parent.is_none();
            let terms = (0..terms.len()).filter(is_value).map(|term| (term as i64, term as i64 + 1));
            Some(coding.ranges(terms))
        }
        Type::YesNo => Some(coding.ranges([(0, 2)])),
        Type::Date => {
            Some(coding.ranges([(i64::from(Date::MIN.day_number()), i64::from(Date::LAST.day_number()) + 1)]))
        }
        // Any ten digits: which of them the nomenclature has is not known here.
        Type::Hs => Some(coding.ranges([(0, 10_000_000_000)])),
        Type::Quantity | Type::Money => None,
        Type::Text | Type::Reference(_) | Type::Listing | Type::Record(_) => None,
    };
    let Some(values) = values.filter(|_| unit.is_none()) else { return (0..slot.cells).collect() };
    // Cell 0 holds *none*, and whatever no test tells from it.
    let is_real = |cell: &usize| values.has(*cell) || (*cell == 0 && !declared.required);
    (0..slot.cells).filter(is_real).collect()
}
