//! The translation: definitions unfolded, periods and addressees folded in, facts coded.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::program::{
    Cond, DefinitionId, Effect, ExitId, Fact, FieldId, GroupId, NormId, Op, Period, Program, Set, Terms, Type,
};
use crate::value::{Date, Decimal, Unit};

use super::merge;
use super::slots::{Cells, Coding, Slot, SlotId, SlotKind, day};
use super::{Exit, Expr, Norm, Norms};

/// Puts every norm in normal form.
pub(crate) fn from_checked(program: &Program) -> Norms {
    let mut ctx = Ctx { program, cuts: BTreeMap::new(), conditions: Vec::new(), known: HashMap::new() };
    let norms: Vec<PreNorm> = NormId::all(program.norms.len()).map(|id| ctx.norm(id)).collect();
    let exits: Vec<PreExit> = (0..program.exits.len() as u32).map(|id| ctx.exit(ExitId(id))).collect();
    let finish = Finish::new(ctx.cuts, ctx.conditions);
    let norms = norms
        .into_iter()
        .zip(&program.norms)
        .map(|(pre, norm)| Norm {
            effect: norm.effect,
            regime: program.regime_of(norm.paragraph),
            reaches: finish.expr(pre.reaches),
            omitted: finish.expr(pre.omitted),
            exits: norm.exits.clone(),
            has_readings: pre.has_readings,
        })
        .collect();
    let exits = exits
        .into_iter()
        .zip(&program.exits)
        .map(|(pre, exit)| Exit {
            open: finish.expr(pre.open),
            requirements: pre.requirements.into_iter().map(|at| finish.derived(at)).collect(),
            kinds: exit.requirements.iter().map(|requirement| requirement.kind).collect(),
            exceptional: exit.exceptional,
        })
        .collect();
    let mut norms = Norms { slots: finish.slots, norms, exits };
    merge::cells(&mut norms);
    norms
}

struct PreNorm {
    reaches: Pre,
    omitted: Pre,
    has_readings: bool,
}

struct PreExit {
    open: Pre,
    requirements: Vec<usize>,
}

/// A condition over fields whose cuts are not all known yet.
enum Pre {
    Yes,
    No,
    /// A field of whole numbers lies in half-open ranges.
    Whole(FieldId, Vec<(i64, i64)>),
    /// A field has no value.
    None(FieldId),
    Amount(FieldId, Unit, Op, Decimal),
    /// A derived slot is yes.
    Derived(usize),
    All(Vec<Pre>),
    Any(Vec<Pre>),
    Not(Box<Pre>),
}

type Cuts = BTreeMap<(FieldId, Option<Unit>), CutSet>;

#[derive(Default)]
struct CutSet {
    whole: BTreeSet<i64>,
    amounts: BTreeSet<Decimal>,
}

struct Ctx<'a> {
    program: &'a Program,
    cuts: Cuts,
    /// Derived slots, in the order they were met.
    conditions: Vec<Derived>,
    known: HashMap<Cond, usize>,
}

/// A slot that is computed from facts.
enum Derived {
    Of(SlotKind),
    /// A definition that mixes facts and conditions. What it rests on comes before it.
    Compound(DefinitionId, Pre),
}

impl Ctx<'_> {
    fn norm(&mut self, id: NormId) -> PreNorm {
        let program = self.program;
        let norm = &program.norms[id.at()];
        let core = program.schema.core;
        let mut parts = vec![self.period(norm.period)];
        if let Some(group) = program.regimes[program.regime_of(norm.paragraph).at()].binds {
            parts.push(self.member(core.actor_state, group, Some(norm.period)));
        }
        if let Some(actions) = &norm.actions {
            parts.push(self.whole(core.action, term_ranges(actions)));
        }
        parts.push(self.cond(&norm.when));
        let omitted = match (norm.effect, core.omission) {
            (Effect::Oblige, Some(omission)) => {
                let late = norm.last_day().map(|last| self.whole(core.date, vec![(day(last) + 1, i64::MAX)]));
                Pre::All(std::iter::once(self.whole(omission, vec![(1, 2)])).chain(late).collect())
            }
            _ => Pre::No,
        };
        let mut readings = mentions_reading(program, &norm.when);
        for exit in &norm.exits {
            readings |= mentions_reading(program, &program.exits[exit.at()].when);
        }
        PreNorm { reaches: Pre::All(parts), omitted, has_readings: readings }
    }

    fn exit(&mut self, id: ExitId) -> PreExit {
        let exit = &self.program.exits[id.at()];
        let mut parts = vec![self.period(exit.period), self.cond(&exit.when)];
        if !exit.quotas.is_empty() {
            self.conditions.push(Derived::Of(SlotKind::Quotas(id)));
            parts.push(Pre::Derived(self.conditions.len() - 1));
        }
        let first = self.conditions.len();
        let requirements = (0..exit.requirements.len()).map(|at| Derived::Of(SlotKind::Requirement(id, at)));
        self.conditions.extend(requirements);
        PreExit { open: Pre::All(parts), requirements: (first..self.conditions.len()).collect() }
    }

    fn period(&mut self, period: Period) -> Pre {
        let end = period.through.map_or(i64::MAX, |through| day(through) + 1);
        self.whole(self.program.schema.core.date, vec![(day(period.from), end)])
    }

    /// Membership of a group; on the days of a period only, when one is given: what begins before it and ends after it
    /// has no days of its own then.
    fn member(&mut self, field: FieldId, group: GroupId, within: Option<Period>) -> Pre {
        let mut by_period: BTreeMap<_, Vec<(u32, u32)>> = BTreeMap::new();
        let group = &self.program.schema.groups[group.at()];
        let taxonomy = &self.program.schema.taxonomies[group.taxonomy.at()];
        for (&term, &(from, through)) in &group.members {
            let from = from.filter(|from| within.is_none_or(|within| *from > within.from));
            let lasts = |through: Date| within.is_some_and(|within| within.through.is_some_and(|end| end <= through));
            let through = through.filter(|through| !lasts(*through));
            by_period.entry((from, through)).or_default().push((term, taxonomy.terms[term as usize].end));
        }
        let date = self.program.schema.core.date;
        let mut alternatives = Vec::new();
        for ((from, through), terms) in by_period {
            let mut parts = vec![self.whole(field, term_ranges(&Terms(terms)))];
            if from.is_some() || through.is_some() {
                let from = from.map_or(i64::MIN, day);
                let end = through.map_or(i64::MAX, |through| day(through) + 1);
                parts.push(self.whole(date, vec![(from, end)]));
            }
            alternatives.push(Pre::All(parts));
        }
        Pre::Any(alternatives)
    }

    fn whole(&mut self, field: FieldId, ranges: Vec<(i64, i64)>) -> Pre {
        let cuts = &mut self.cuts.entry((field, None)).or_default().whole;
        cuts.extend(ranges.iter().flat_map(|&(from, to)| [from, to]).filter(|&cut| cut != i64::MAX));
        Pre::Whole(field, ranges)
    }

    fn cond(&mut self, cond: &Cond) -> Pre {
        match cond {
            Cond::Yes => Pre::Yes,
            Cond::No => Pre::No,
            Cond::All(parts) => Pre::All(parts.iter().map(|part| self.cond(part)).collect()),
            Cond::Any(parts) => Pre::Any(parts.iter().map(|part| self.cond(part)).collect()),
            Cond::Not(inner) => Pre::Not(Box::new(self.cond(inner))),
            Cond::Test { fact: Fact::Activity(field), set } if self.is_single(*field) => self.test(*field, set, cond),
            Cond::Goods { terms, codes } => self.goods(terms, codes),
            Cond::Absent { fact: Fact::Activity(field) } if self.is_whole(*field) => {
                self.cuts.entry((*field, None)).or_default();
                Pre::None(*field)
            }
            Cond::Member { fact: Fact::Activity(field), group } if self.is_single(*field) => {
                self.member(*field, *group, None)
            }
            Cond::Defined(definition) if self.program.definitions[definition.at()].of.is_none() => {
                if is_mixed(self.program, cond) {
                    self.compound(*definition, cond)
                } else {
                    self.definition(*definition)
                }
            }
            Cond::Defined(_)
            | Cond::Test { .. }
            | Cond::Absent { .. }
            | Cond::Same { .. }
            | Cond::Order { .. }
            | Cond::OrderPlus { .. }
            | Cond::SameYear { .. }
            | Cond::Member { .. }
            | Cond::Count { .. }
            | Cond::Listed { .. }
            | Cond::Reading(_)
            | Cond::NoAct => self.derived(cond),
        }
    }

    fn test(&mut self, field: FieldId, set: &Set, cond: &Cond) -> Pre {
        match set {
            Set::Terms(terms) => self.whole(field, term_ranges(terms)),
            Set::Codes(codes) => self.whole(field, code_ranges(codes)),
            Set::Dates(dates) => self.whole(field, dates.iter().map(|&(from, to)| (day(from), day(to))).collect()),
            Set::YesNo(yes) => {
                let yes = i64::from(*yes);
                self.whole(field, vec![(yes, yes + 1)])
            }
            Set::Amount { unit, op, than } => {
                self.cuts.entry((field, Some(*unit))).or_default().amounts.insert(*than);
                Pre::Amount(field, *unit, *op, *than)
            }
            Set::Texts(_) | Set::References { .. } | Set::Lists(_) => self.derived(cond),
        }
    }

    fn goods(&mut self, terms: &Terms, codes: &[(u64, u64)]) -> Pre {
        let (item, hs) = self.program.schema.core.goods.expect("a test of goods needs the two fields of goods");
        Pre::Any(vec![self.whole(item, term_ranges(terms)), self.whole(hs, code_ranges(codes))])
    }

    fn definition(&mut self, id: DefinitionId) -> Pre {
        let parts = self.program.definitions[id.at()]
            .parts
            .iter()
            .map(|part| Pre::All(vec![self.period(part.period), self.cond(&part.when)]))
            .collect();
        Pre::Any(parts)
    }

    fn derived(&mut self, cond: &Cond) -> Pre {
        let at = *self.known.entry(cond.clone()).or_insert_with(|| {
            self.conditions.push(Derived::Of(SlotKind::Condition(cond.clone())));
            self.conditions.len() - 1
        });
        Pre::Derived(at)
    }

    /// A definition with a slot of its own: norms that rest on it ask one question, not all of its parts.
    fn compound(&mut self, id: DefinitionId, cond: &Cond) -> Pre {
        if let Some(&known) = self.known.get(cond) {
            return Pre::Derived(known);
        }
        let says = self.definition(id);
        self.conditions.push(Derived::Compound(id, says));
        self.known.insert(cond.clone(), self.conditions.len() - 1);
        Pre::Derived(self.conditions.len() - 1)
    }

    fn is_single(&self, field: FieldId) -> bool {
        !self.program.schema.activity().fields[field.at()].many
    }

    fn is_whole(&self, field: FieldId) -> bool {
        let field = &self.program.schema.activity().fields[field.at()];
        !field.many && matches!(field.ty, Type::Term(_) | Type::Root(_) | Type::Hs | Type::Date | Type::YesNo)
    }
}

/// Whether a condition asks for more than single facts of the activity.
fn is_mixed(program: &Program, cond: &Cond) -> bool {
    let is_list = |fact: &Fact| match fact {
        Fact::Activity(field) => program.schema.activity().fields[field.at()].many,
        Fact::Own(_) => true,
    };
    match cond {
        Cond::Test { fact, .. } | Cond::Absent { fact } | Cond::Member { fact, .. } => is_list(fact),
        Cond::Defined(id) => program.definitions[id.at()].parts.iter().any(|part| is_mixed(program, &part.when)),
        Cond::All(_) | Cond::Any(_) | Cond::Not(_) => cond.parts().iter().any(|part| is_mixed(program, part)),
        Cond::Yes | Cond::No | Cond::Goods { .. } | Cond::Reading(_) | Cond::NoAct => false,
        Cond::Same { .. }
        | Cond::Order { .. }
        | Cond::OrderPlus { .. }
        | Cond::SameYear { .. }
        | Cond::Count { .. }
        | Cond::Listed { .. } => true,
    }
}

fn mentions_reading(program: &Program, cond: &Cond) -> bool {
    match cond {
        Cond::Reading(_) => true,
        Cond::Defined(id) => {
            program.definitions[id.at()].parts.iter().any(|part| mentions_reading(program, &part.when))
        }
        _ => cond.parts().iter().any(|part| mentions_reading(program, part)),
    }
}

fn term_ranges(terms: &Terms) -> Vec<(i64, i64)> {
    terms.0.iter().map(|&(from, to)| (i64::from(from), i64::from(to))).collect()
}

fn code_ranges(codes: &[(u64, u64)]) -> Vec<(i64, i64)> {
    codes.iter().map(|&(from, to)| (from as i64, to as i64)).collect()
}

/// Codes what was collected, now that all cuts are known.
struct Finish {
    slots: Vec<Slot>,
    fields: BTreeMap<(FieldId, Option<Unit>), SlotId>,
    derived_from: usize,
}

impl Finish {
    fn new(cuts: Cuts, conditions: Vec<Derived>) -> Finish {
        let mut finish = Finish { slots: Vec::new(), fields: BTreeMap::new(), derived_from: 0 };
        for ((field, unit), cuts) in cuts {
            let coding = match unit {
                Some(_) => Coding::amounts(cuts.amounts),
                None => Coding::whole(cuts.whole),
            };
            finish.fields.insert((field, unit), SlotId(finish.slots.len() as u32));
            finish.slots.push(Slot { cells: coding.cells(), kind: SlotKind::Field { field, unit, coding } });
        }
        finish.derived_from = finish.slots.len();
        for condition in conditions {
            let kind = match condition {
                Derived::Of(kind) => kind,
                Derived::Compound(id, says) => SlotKind::Compound(id, finish.expr(says)),
            };
            let cells = match kind {
                SlotKind::Requirement(..) => super::Requirement::ALL.len(),
                SlotKind::Condition(_) | SlotKind::Compound(..) | SlotKind::Quotas(_) | SlotKind::Field { .. } => 2,
            };
            finish.slots.push(Slot { cells, kind });
        }
        finish
    }

    fn derived(&self, at: usize) -> SlotId {
        SlotId((self.derived_from + at) as u32)
    }

    fn coded(&self, field: FieldId, unit: Option<Unit>) -> (SlotId, &Coding) {
        let slot = self.fields[&(field, unit)];
        match &self.slots[slot.at()].kind {
            SlotKind::Field { coding, .. } => (slot, coding),
            SlotKind::Condition(_) | SlotKind::Compound(..) | SlotKind::Quotas(_) | SlotKind::Requirement(..) => {
                unreachable!("the slot of a field is a field")
            }
        }
    }

    fn expr(&self, pre: Pre) -> Expr {
        match pre {
            Pre::Yes => Expr::Yes,
            Pre::No => Expr::No,
            Pre::Whole(field, ranges) => {
                let (slot, coding) = self.coded(field, None);
                self.within(slot, coding.ranges(ranges))
            }
            Pre::None(field) => {
                let (slot, coding) = self.coded(field, None);
                self.within(slot, Cells::one(coding.cells(), 0))
            }
            Pre::Amount(field, unit, op, than) => {
                let (slot, coding) = self.coded(field, Some(unit));
                self.within(slot, coding.compared(op, than))
            }
            Pre::Derived(at) => self.within(self.derived(at), Cells::one(2, 1)),
            Pre::All(parts) => self.all(parts.into_iter().map(|part| self.expr(part)).collect()),
            Pre::Any(parts) => self.any(parts.into_iter().map(|part| self.expr(part)).collect()),
            Pre::Not(inner) => self.not(self.expr(*inner)),
        }
    }

    fn within(&self, slot: SlotId, cells: Cells) -> Expr {
        match cells.count() {
            0 => Expr::No,
            n if n == self.slots[slot.at()].cells => Expr::Yes,
            _ => Expr::In(slot, cells),
        }
    }

    fn not(&self, inner: Expr) -> Expr {
        match inner {
            Expr::Yes => Expr::No,
            Expr::No => Expr::Yes,
            Expr::In(slot, cells) => Expr::In(slot, cells.complement(self.slots[slot.at()].cells)),
            Expr::All(parts) => self.any(parts.into_iter().map(|part| self.not(part)).collect()),
            Expr::Any(parts) => self.all(parts.into_iter().map(|part| self.not(part)).collect()),
        }
    }

    /// Flattens, drops what is certain, and intersects the cells asked of one slot.
    fn all(&self, parts: Vec<Expr>) -> Expr {
        let mut of_slot: BTreeMap<SlotId, Cells> = BTreeMap::new();
        let mut rest = Vec::new();
        let mut open: Vec<Expr> = parts.into_iter().rev().collect();
        while let Some(part) = open.pop() {
            match part {
                Expr::Yes => {}
                Expr::No => return Expr::No,
                Expr::All(inner) => open.extend(inner.into_iter().rev()),
                Expr::In(slot, cells) => {
                    let cells = of_slot.get(&slot).map_or_else(|| cells.clone(), |known| known.and(&cells));
                    if cells.count() == 0 {
                        return Expr::No;
                    }
                    of_slot.insert(slot, cells);
                }
                Expr::Any(_) => rest.push(part),
            }
        }
        gather(of_slot, rest, Expr::Yes, Expr::All)
    }

    /// Flattens, drops what is impossible, and unites the cells asked of one slot.
    fn any(&self, parts: Vec<Expr>) -> Expr {
        let mut of_slot: BTreeMap<SlotId, Cells> = BTreeMap::new();
        let mut rest = Vec::new();
        let mut open: Vec<Expr> = parts.into_iter().rev().collect();
        while let Some(part) = open.pop() {
            match part {
                Expr::No => {}
                Expr::Yes => return Expr::Yes,
                Expr::Any(inner) => open.extend(inner.into_iter().rev()),
                Expr::In(slot, cells) => {
                    let cells = of_slot.get(&slot).map_or_else(|| cells.clone(), |known| known.or(&cells));
                    if cells.count() == self.slots[slot.at()].cells {
                        return Expr::Yes;
                    }
                    of_slot.insert(slot, cells);
                }
                Expr::All(_) => rest.push(part),
            }
        }
        gather(of_slot, rest, Expr::No, Expr::Any)
    }
}

fn gather(of_slot: BTreeMap<SlotId, Cells>, rest: Vec<Expr>, empty: Expr, many: fn(Vec<Expr>) -> Expr) -> Expr {
    let mut parts: Vec<Expr> = of_slot.into_iter().map(|(slot, cells)| Expr::In(slot, cells)).chain(rest).collect();
    match parts.len() {
        0 => empty,
        1 => parts.pop().expect("one part"),
        _ => many(parts),
    }
}
