//! Norms as diagrams over the cells of their slots, and what those show.
//!
//! Slots are taken as independent of each other, which they are not: `links is empty` and `links is arms` are two. So a
//! diagram has every activity there can be, and some that there cannot. What holds of all its paths is proved; that
//! there is a path shows nothing.

use crate::check::program::{Effect, ExitId, NormId, Program, Schema, Type};
use crate::diagram::standing::{Way, join};
use crate::diagram::table::{NO, OverBudget, Ref, Table, Var, YES};
use crate::normal::{Expr, Norms, Requirement, Slot, SlotId, SlotKind};
use crate::value::{Date, Verdict};

pub(super) type Done<T> = Result<T, OverBudget>;

/// Some norms and exits, drawn.
pub(super) struct Sheet<'a> {
    norms: &'a Norms,
    table: Table,
    /// By slot: the cells in which a value can lie. The variable of a slot has one value for each.
    cells: &'a [Vec<usize>],
    /// By slot: what a definition says that has one.
    compounds: Vec<Option<Ref>>,
}

/// By slot: the cells in which a value can lie.
pub(super) fn real_cells(program: &Program, norms: &Norms) -> Vec<Vec<usize>> {
    norms.slots.iter().map(|slot| real(&program.schema, slot)).collect()
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
        Type::Date => Some(coding.ranges([(i64::from(Date::MIN.day_number()), i64::from(Date::MAX.day_number()) + 1)])),
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

impl<'a> Sheet<'a> {
    /// An empty sheet of at most so many nodes.
    pub fn new(norms: &'a Norms, cells: &'a [Vec<usize>], limit: usize) -> Sheet<'a> {
        Sheet { norms, table: Table::new(limit), cells, compounds: vec![None; norms.slots.len()] }
    }

    /// Where a norm reaches.
    pub fn reaches(&mut self, id: NormId) -> Done<Ref> {
        let norms = self.norms;
        self.expr(&norms.norms[id.at()].reaches)
    }

    /// Where an exit is open: in force, its condition holds, its quotas are kept.
    pub fn open(&mut self, id: ExitId) -> Done<Ref> {
        let norms = self.norms;
        self.expr(&norms.exits[id.at()].open)
    }

    /// What a prohibition alone makes of the verdict; the leaves are verdicts.
    pub fn level(&mut self, id: NormId) -> Done<Ref> {
        let norm = &self.norms.norms[id.at()];
        debug_assert_eq!(norm.effect, Effect::Prohibit);
        let reaches = self.reaches(id)?;
        let mut said = Ref::leaf(Verdict::Prohibited as u32);
        for &exit in &norm.exits {
            let way = self.way(exit)?;
            said = self.table.apply(said, way, &mut |said, way| said.min(Way::from_leaf(way).level() as u32))?;
        }
        self.table.choose(reaches, said, Ref::leaf(Verdict::NotCovered as u32))
    }

    /// How an exit stands; the leaves are ways.
    fn way(&mut self, id: ExitId) -> Done<Ref> {
        let exit = &self.norms.exits[id.at()];
        let open = self.expr(&exit.open)?;
        let mut way = Ref::leaf(Way::Lifts as u32);
        for (slot, &kind) in exit.requirements.iter().zip(&exit.kinds) {
            let ways = Requirement::ALL.map(|status| Ref::leaf(Way::of([(kind, status)], exit.exceptional) as u32));
            let here = self.table.make(var(*slot), &ways)?;
            way = self.table.apply(way, here, &mut |a, b| join(Way::from_leaf(a), Way::from_leaf(b)) as u32)?;
        }
        self.table.choose(open, way, Ref::leaf(Way::Closed as u32))
    }

    fn expr(&mut self, expr: &Expr) -> Done<Ref> {
        match expr {
            Expr::Yes => Ok(YES),
            Expr::No => Ok(NO),
            Expr::In(slot, cells) => match &self.norms.slots[slot.at()].kind {
                SlotKind::Compound(says) => {
                    let says = self.compound(*slot, says)?;
                    match (cells.has(0), cells.has(1)) {
                        (true, true) => Ok(YES),
                        (false, true) => Ok(says),
                        (true, false) => self.table.not(says),
                        (false, false) => Ok(NO),
                    }
                }
                SlotKind::Field { .. } | SlotKind::Condition(_) | SlotKind::Quotas(_) | SlotKind::Requirement(..) => {
                    let holds: Vec<bool> = self.cells[slot.at()].iter().map(|cell| cells.has(*cell)).collect();
                    // A slot without any value is of a field that nothing can be stated of.
                    if holds.is_empty() { Ok(NO) } else { self.table.test(var(*slot), holds) }
                }
            },
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

    fn compound(&mut self, slot: SlotId, says: &'a Expr) -> Done<Ref> {
        if let Some(known) = self.compounds[slot.at()] {
            return Ok(known);
        }
        let drawn = self.expr(says)?;
        self.compounds[slot.at()] = Some(drawn);
        Ok(drawn)
    }

    /// Whether two conditions hold together on some path.
    pub fn meet(&mut self, a: Ref, b: Ref) -> Done<bool> {
        Ok(self.table.and(a, b)? != NO)
    }

    /// Whether on no path a leaf of `a` is greater than the one of `b`.
    pub fn at_most(&mut self, a: Ref, b: Ref) -> Done<bool> {
        Ok(self.table.apply(a, b, &mut |a, b| u32::from(a > b))? == NO)
    }
}

/// The variable of a slot. Definitions have none: what they say is drawn.
fn var(slot: SlotId) -> Var {
    Var(slot.0)
}
