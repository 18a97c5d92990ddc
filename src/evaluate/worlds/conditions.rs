//! Conditions as diagrams.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, Fact, FieldId, GroupId, Period, ReadingId, RecordId, Set, Type,
};
use crate::diagram::table::{NO, OverBudget, Ref, YES};
use crate::facts::path::FactPath;
use crate::facts::question::{Reference, State};
use crate::value::{Date, Unit};

use super::{Cell, Done, Rep, Site, Worlds};

impl<'a> Worlds<'a> {
    /// The worlds in which a condition holds.
    pub(super) fn cond(&mut self, site: &Site<'a>, cond: &Cond) -> Done<Ref> {
        match cond {
            Cond::Yes => Ok(YES),
            Cond::No => Ok(NO),
            Cond::All(parts) => {
                let mut all = YES;
                for part in parts {
                    let part = self.cond(site, part)?;
                    all = self.table.and(all, part)?;
                    if all == NO {
                        break;
                    }
                }
                Ok(all)
            }
            Cond::Any(parts) => {
                let mut any = NO;
                for part in parts {
                    let part = self.cond(site, part)?;
                    any = self.table.or(any, part)?;
                    if any == YES {
                        break;
                    }
                }
                Ok(any)
            }
            Cond::Not(inner) => {
                let inner = self.cond(site, inner)?;
                self.table.not(inner)
            }
            Cond::Test { fact, set } => self.test(site, *fact, set),
            Cond::Goods { terms, codes } => {
                let goods = self.goods();
                self.test_cell(&goods, &mut |rep| {
                    let Rep::Goods(item, code) = rep else { return false };
                    item.is_some_and(|item| terms.has(item))
                        || code.is_some_and(|code| codes.iter().any(|&(a, b)| a <= code && code < b))
                })
            }
            Cond::Absent { fact } => self.absent(site, *fact),
            Cond::Same { left, right } => self.same(site, *left, *right),
            Cond::Order { left, op, right } => self.relate(site, *left, *right, &mut |a, b| op.holds(&a, &b)),
            Cond::OrderPlus { left, op, right, days } => {
                let (op, days) = (*op, *days);
                self.relate(site, *left, *right, &mut |a, b| {
                    // Outside the calendar the sum is later, or earlier, than every day in it.
                    let sum = b.plus_days(days).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX });
                    op.holds(&a, &sum)
                })
            }
            Cond::SameYear { left, right } => self.relate(site, *left, *right, &mut |a, b| a.year() == b.year()),
            Cond::Member { fact, group } => self.member(site, *fact, *group),
            Cond::Count { list, role, at_least, body } => self.count(site, *list, role.as_ref(), *at_least, body),
            Cond::Listed { who, list, measure, entry } => self.listed(site, *who, &(*list, *measure, entry.clone())),
            Cond::Defined(id) => self.defined(site, *id),
            Cond::Reading(id) => self.reading(*id),
            Cond::NoAct => Ok(if self.question.acts.is_empty() { YES } else { NO }),
        }
    }

    /// The worlds whose date satisfies a test.
    pub(super) fn on_date(&mut self, holds: &mut dyn FnMut(Date) -> bool) -> Done<Ref> {
        let date = self.ground.program.schema.core.date;
        let cell = self.cell(&Site::Activity, ACTIVITY, date, None);
        self.test_cell(&cell, &mut |rep| matches!(rep, Rep::Day(day) if holds(*day)))
    }

    pub(super) fn in_period(&mut self, period: Period) -> Done<Ref> {
        self.on_date(&mut |date| period.holds(date))
    }

    fn test(&mut self, site: &Site<'a>, fact: Fact, set: &Set) -> Done<Ref> {
        let (site, record, field) = self.locate(site, fact);
        if let Set::Amount { unit, .. } = set {
            let cell = self.cell(&site, record, field, Some(*unit));
            return self.test_cell(&cell, &mut |rep| set_has(set, rep));
        }
        let elements = self.elements(&site, record, field)?;
        let half = self.half(record, field);
        self.some_element(&elements, &mut |rep| set_has_of(set, rep, half))
    }

    pub(super) fn some_element(&mut self, elements: &[(Ref, Cell)], holds: &mut dyn FnMut(&Rep) -> bool) -> Done<Ref> {
        let mut any = NO;
        for (present, cell) in elements {
            let holds = self.test_cell(cell, holds)?;
            let both = self.table.and(*present, holds)?;
            any = self.table.or(any, both)?;
        }
        Ok(any)
    }

    fn absent(&mut self, site: &Site<'a>, fact: Fact) -> Done<Ref> {
        let (site, record, field) = self.locate(site, fact);
        let (ty, many) = self.ty(record, field);
        if matches!(ty, Type::Quantity | Type::Money) {
            return self.no_amount(&site, record, field);
        }
        if matches!(ty, Type::Record(_)) {
            let some = self.count_all(&site, record, field)?;
            return self.table.not(some);
        }
        let elements = self.elements(&site, record, field)?;
        let some = if many {
            self.any(elements.iter().map(|(present, _)| *present).collect::<Vec<_>>())?
        } else {
            let half = self.half(record, field);
            self.some_element(&elements, &mut |rep| !is_none(rep, half))?
        };
        self.table.not(some)
    }

    /// There is no amount in any unit: in none that is asked for, and in none else.
    fn no_amount(&mut self, site: &Site<'a>, record: RecordId, field: FieldId) -> Done<Ref> {
        match self.state(site, field) {
            Some(State::Is(_)) => return Ok(NO),
            Some(State::None) => return Ok(YES),
            Some(State::Unstated) if self.mode.complete && !self.is_measured((record, field)) => return Ok(YES),
            Some(State::Unstated | State::Unknown | State::List(_)) | None => {}
        }
        let mut units: BTreeSet<Unit> = BTreeSet::new();
        for set in self.tested.sets.get(&(record, field)).into_iter().flatten() {
            if let Set::Amount { unit, .. } = set {
                units.insert(*unit);
            }
        }
        if record == ACTIVITY {
            units.extend(self.tested.quotas.keys().filter(|(of, _)| *of == field).map(|(_, unit)| *unit));
        }
        let mut none = self.no_other_amount(site, field)?;
        for unit in units {
            let cell = self.cell(site, record, field, Some(unit));
            let here = self.test_cell(&cell, &mut |rep| *rep == Rep::None)?;
            none = self.table.and(none, here)?;
        }
        Ok(none)
    }

    /// There is no amount in a unit that nothing asks for.
    fn no_other_amount(&mut self, site: &Site<'a>, field: FieldId) -> Done<Ref> {
        let key = (self.key(site, field), field, None, None);
        let cell = match self.cells.get(&key) {
            Some(known) => known.clone(),
            None => {
                let path = self.path(site, field, None, None);
                let values = vec![Rep::YesNo(false), Rep::YesNo(true)];
                let cell = Cell::Var(self.fresh(self.depth(site), vec![path], values));
                self.cells.insert(key, cell.clone());
                cell
            }
        };
        self.test_cell(&cell, &mut |rep| *rep == Rep::YesNo(false))
    }

    fn same(&mut self, site: &Site<'a>, left: Fact, right: Fact) -> Done<Ref> {
        self.comparable(site, left, right)?;
        let place = self.place_roots(site, left).or_else(|| self.place_roots(site, right));
        let equal = move |a: &Rep, b: &Rep| match &place {
            Some(roots) => match (country(a, roots), country(b, roots)) {
                // Two places are the same when they are the same place, a country and a place in it as well.
                (Some((x, exact_x)), Some((y, exact_y))) => {
                    roots[x as usize] == roots[y as usize] && (x == y || !exact_x || !exact_y)
                }
                _ => a == b && !matches!(a, Rep::None),
            },
            None => a == b && !matches!(a, Rep::None),
        };
        self.pairs(site, left, right, &equal)
    }

    /// Over the budget, unless what may be of one fact may be of the other, too, or both are known: codes, goods and persons
    /// are told apart by what is asked of each field alone.
    fn comparable(&mut self, site: &Site<'a>, left: Fact, right: Fact) -> Done<()> {
        let is_shared = |ty: Type| matches!(ty, Type::Term(_) | Type::Root(_) | Type::Text | Type::YesNo | Type::Date);
        let goods = self.ground.program.schema.core.goods;
        let sides = [self.locate(site, left), self.locate(site, right)];
        let [one, other] = sides.each_ref().map(|(_, record, field)| self.ty(*record, *field).0);
        let is_goods = sides.iter().any(|(_, record, field)| {
            *record == ACTIVITY && goods.is_some_and(|(item, hs)| *field == item || *field == hs)
        });
        // Of persons only countries are the same as a place.
        let alike = is_shared(one) && is_shared(other)
            || matches!((one, other), (Type::Reference(_), Type::Term(_) | Type::Root(_)))
            || matches!((one, other), (Type::Term(_) | Type::Root(_), Type::Reference(_)));
        if alike && !is_goods {
            return Ok(());
        }
        for (site, record, field) in &sides {
            let elements = self.elements(site, *record, *field)?;
            let is_known = |cell: &Cell| matches!(cell, Cell::Fixed(rep) if !matches!(rep, Rep::Somebody(_)));
            if !elements.iter().all(|(present, cell)| *present == YES && is_known(cell)) {
                return Err(OverBudget);
            }
        }
        Ok(())
    }

    /// Of fields that hold places: the country of every place.
    fn place_roots(&self, site: &Site<'a>, fact: Fact) -> Option<Vec<u32>> {
        let (_, record, field) = self.locate(site, fact);
        let taxonomy = self.taxonomy_of((record, field))?;
        Some(roots(&self.ground.program.schema.taxonomies[taxonomy.at()]))
    }

    fn relate(
        &mut self,
        site: &Site<'a>,
        left: Fact,
        right: Fact,
        holds: &mut dyn FnMut(Date, Date) -> bool,
    ) -> Done<Ref> {
        let holds = std::cell::RefCell::new(holds);
        self.pairs(site, left, right, &|a, b| match (a, b) {
            (Rep::Day(a), Rep::Day(b)) => (holds.borrow_mut())(*a, *b),
            _ => false,
        })
    }

    /// The worlds in which some value of one fact and some value of the other are so related.
    fn pairs(&mut self, site: &Site<'a>, left: Fact, right: Fact, holds: &dyn Fn(&Rep, &Rep) -> bool) -> Done<Ref> {
        let (left_site, left_record, left_field) = self.locate(site, left);
        let (right_site, right_record, right_field) = self.locate(site, right);
        let lefts = self.elements(&left_site, left_record, left_field)?;
        let rights = self.elements(&right_site, right_record, right_field)?;
        let mut any = NO;
        for (present_left, a) in &lefts {
            for (present_right, b) in &rights {
                let related = self.related(a, b, holds)?;
                let both = self.table.and(*present_left, *present_right)?;
                let all = self.table.and(both, related)?;
                any = self.table.or(any, all)?;
            }
        }
        Ok(any)
    }

    fn related(&mut self, a: &Cell, b: &Cell, holds: &dyn Fn(&Rep, &Rep) -> bool) -> Done<Ref> {
        match (a, b) {
            (Cell::Fixed(x), other) => self.test_cell(other, &mut |y| holds(x, y)),
            (other, Cell::Fixed(y)) => self.test_cell(other, &mut |x| holds(x, y)),
            (Cell::Var(x), Cell::Var(y)) if x == y => self.test_cell(a, &mut |rep| holds(rep, rep)),
            (Cell::Var(x), Cell::Var(_)) => {
                let mut any = NO;
                for (at, rep) in self.infos[x].values.clone().iter().enumerate() {
                    let mut turn = 0;
                    let here = self.test_cell(a, &mut |_| {
                        turn += 1;
                        turn == at + 1
                    })?;
                    let there = self.test_cell(b, &mut |other| holds(rep, other))?;
                    let both = self.table.and(here, there)?;
                    any = self.table.or(any, both)?;
                }
                Ok(any)
            }
        }
    }

    pub(super) fn member(&mut self, site: &Site<'a>, fact: Fact, group: GroupId) -> Done<Ref> {
        let program = self.ground.program;
        let group = &program.schema.groups[group.at()];
        let taxonomy = &program.schema.taxonomies[group.taxonomy.at()];
        // A place is a member when its country is.
        let mut by_period: BTreeMap<_, Vec<(u32, u32)>> = BTreeMap::new();
        for (&term, &period) in &group.members {
            by_period.entry(period).or_default().push((term, taxonomy.terms[term as usize].end));
        }
        let (site, record, field) = self.locate(site, fact);
        let elements = self.elements(&site, record, field)?;
        let mut any = NO;
        for ((from, through), terms) in by_period {
            let inside = self.some_element(&elements, &mut |rep| match rep {
                Rep::Term(term) | Rep::Reference(Reference::Country(term)) => {
                    terms.iter().any(|&(from, to)| from <= *term && *term < to)
                }
                _ => false,
            })?;
            let then = self.on_date(&mut |date| {
                from.is_none_or(|from| from <= date) && through.is_none_or(|through| date <= through)
            })?;
            let both = self.table.and(inside, then)?;
            any = self.table.or(any, both)?;
        }
        Ok(any)
    }

    fn defined(&mut self, site: &Site<'a>, id: DefinitionId) -> Done<Ref> {
        let program = self.ground.program;
        let definition = &program.definitions[id.at()];
        let site = if definition.of.is_none() { &Site::Activity } else { site };
        let key = (self.site_key(site), self.line, id);
        if let Some(&known) = self.definitions.get(&key) {
            return Ok(known);
        }
        let mut any = NO;
        for part in &definition.parts {
            let in_force = self.in_period(part.period)?;
            if in_force == NO {
                continue;
            }
            let holds = self.cond(site, &part.when)?;
            let both = self.table.and(in_force, holds)?;
            any = self.table.or(any, both)?;
        }
        self.definitions.insert(key, any);
        Ok(any)
    }

    /// A reading is always a variable, so that one sees whether it mattered; see `closed_readings`.
    fn reading(&mut self, id: ReadingId) -> Done<Ref> {
        if let Some(&known) = self.readings.get(&id) {
            return Ok(known);
        }
        let values = vec![Rep::YesNo(false), Rep::YesNo(true)];
        let var = self.fresh(0, vec![FactPath::Reading(id)], values);
        let dd = self.table.test(var, [false, true])?;
        self.readings.insert(id, dd);
        Ok(dd)
    }
}

/// Whether the cells of a field hold goods: then which half of the pair is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Item,
    Code,
    /// The field is no part of a pair.
    Whole,
}

impl Worlds<'_> {
    pub(super) fn half(&self, record: RecordId, field: FieldId) -> Half {
        match self.ground.program.schema.core.goods {
            Some((item, _)) if record == ACTIVITY && field == item => Half::Item,
            Some((_, hs)) if record == ACTIVITY && field == hs => Half::Code,
            _ => Half::Whole,
        }
    }
}

/// The country of every place of a taxonomy.
pub(crate) fn roots(taxonomy: &crate::check::program::Taxonomy) -> Vec<u32> {
    let mut roots = Vec::with_capacity(taxonomy.terms.len());
    for (at, term) in taxonomy.terms.iter().enumerate() {
        let root = term.parent.map_or(at as u32, |parent| roots[parent as usize]);
        roots.push(root);
    }
    roots
}

/// The place a value names, and whether it names a place below its country.
fn country(rep: &Rep, roots: &[u32]) -> Option<(u32, bool)> {
    match rep {
        Rep::Term(term) => Some((*term, roots[*term as usize] != *term)),
        Rep::Reference(Reference::Country(term)) => Some((*term, false)),
        _ => None,
    }
}

/// Whether a value is in a set; *none* is in no set.
pub(super) fn set_has(set: &Set, rep: &Rep) -> bool {
    match (set, rep) {
        (Set::Terms(terms), Rep::Term(term) | Rep::Reference(Reference::Country(term))) => terms.has(*term),
        (Set::Codes(ranges), Rep::Code(code)) => ranges.iter().any(|&(a, b)| a <= *code && *code < b),
        (Set::Dates(ranges), Rep::Day(day)) => ranges.iter().any(|(a, b)| a <= day && day < b),
        (Set::YesNo(yes), Rep::YesNo(is)) => yes == is,
        (Set::Texts(texts), Rep::Text(text)) => texts.contains(text),
        (Set::Amount { op, than, .. }, Rep::Amount(amount)) => op.holds(amount, than),
        (Set::References { terms, .. }, Rep::Reference(Reference::Country(term)) | Rep::Term(term)) => terms.has(*term),
        (Set::References { ids, .. }, Rep::Reference(Reference::Id(id))) => ids.contains(id),
        (Set::Lists(lists), Rep::Listing(list, _)) => lists.contains(list),
        _ => false,
    }
}

fn set_has_of(set: &Set, rep: &Rep, half: Half) -> bool {
    match (half, rep) {
        (Half::Item, Rep::Goods(Some(item), _)) => set_has(set, &Rep::Term(*item)),
        (Half::Code, Rep::Goods(_, Some(code))) => set_has(set, &Rep::Code(*code)),
        (Half::Item | Half::Code, _) => false,
        (Half::Whole, rep) => set_has(set, rep),
    }
}

fn is_none(rep: &Rep, half: Half) -> bool {
    match (half, rep) {
        (Half::Item, Rep::Goods(item, _)) => item.is_none(),
        (Half::Code, Rep::Goods(_, code)) => code.is_none(),
        (_, rep) => *rep == Rep::None,
    }
}
