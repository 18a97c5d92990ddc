//! Conditions on an activity and its records, as far as the facts settle them.

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, Fact, FieldId, GroupId, Period, ReadingId, RecordId, Set, Terms, Type,
};
use crate::diagram::code::Truth;
use crate::facts::tape::Cell;
use crate::value::Date;

use super::tables::Presumed;
use super::{Dom, FactRow, Fill};

/// The record that a condition is asked of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Site {
    Activity,
    /// The record, and its first cell.
    Record(RecordId, u32),
    /// A record of which nothing is known.
    Unknown(RecordId),
}

/// What is known of a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Elements<'t> {
    /// The stated elements; `Cell::Unknown` is one of which nothing is known.
    Stated(&'t [Cell]),
    /// A field that holds one value.
    One(Dom),
    /// It may be any list.
    Any,
}

impl<'a, 't> FactRow<'a, 't> {
    /// Whether a condition holds.
    pub(super) fn cond(&mut self, site: Site, cond: &'a Cond) -> Truth {
        match cond {
            Cond::Yes => Truth::YES,
            Cond::No => Truth::NO,
            Cond::All(parts) => {
                let mut all = Truth::YES;
                for part in parts {
                    all = all.and(self.cond(site, part));
                    if !all.can_hold() {
                        return Truth::NO;
                    }
                }
                all
            }
            Cond::Any(parts) => {
                let mut any = Truth::NO;
                for part in parts {
                    any = any.or(self.cond(site, part));
                    if !any.can_fail() {
                        return Truth::YES;
                    }
                }
                any
            }
            Cond::Not(inner) => self.cond(site, inner).not(),
            Cond::Test { fact, set } => self.test(site, *fact, set),
            Cond::Goods { terms, codes } => self.goods(terms, codes),
            Cond::Absent { fact } => self.absent(site, *fact),
            Cond::Same { left, right } => self.same(site, *left, *right),
            Cond::Order { left, op, right } => self.days(site, *left, *right, |a, b| op.holds(&a, &b)),
            Cond::OrderPlus { left, op, right, days } => self.days(site, *left, *right, |a, b| {
                // Outside the calendar the sum is later, or earlier, than every day in it.
                let sum = b.plus_days(*days).unwrap_or(if *days < 0 { Date::MIN } else { Date::MAX });
                op.holds(&a, &sum)
            }),
            Cond::SameYear { left, right } => self.days(site, *left, *right, |a, b| a.year() == b.year()),
            Cond::Member { fact, group } => self.member(site, *fact, *group),
            Cond::Count { list, role, at_least, body } => self.count(site, *list, role.as_ref(), *at_least, body),
            Cond::Listed { who, list, measure, entry } => {
                self.listed(site, *who, super::listed::ask(*list, *measure, entry))
            }
            Cond::Defined(id) => self.defined(site, *id),
            Cond::Reading(id) => self.reading(*id),
            Cond::NoAct => Truth::known(!self.how.acts),
        }
    }

    /// What nobody knows.
    pub(super) fn unknown(&self) -> Truth {
        match self.how.fill {
            Fill::Open => Truth::OPEN,
            Fill::No => Truth::NO,
            Fill::Yes => Truth::YES,
        }
    }

    pub(super) fn in_period(&self, period: Period) -> Truth {
        self.day().map_or(Truth::OPEN, |date| Truth::known(period.holds(date)))
    }

    /// The record and field that a fact of a condition names, from where the condition is asked.
    fn locate(&self, site: Site, fact: Fact) -> (Site, RecordId, FieldId) {
        match (fact, site) {
            (Fact::Activity(field), _) | (Fact::Own(field), Site::Activity) => (Site::Activity, ACTIVITY, field),
            (Fact::Own(field), Site::Record(record, _) | Site::Unknown(record)) => (site, record, field),
        }
    }

    fn ty(&self, record: RecordId, field: FieldId) -> (Type, bool) {
        let field = &self.basis.ground.program.schema.records[record.at()].fields[field.at()];
        (field.ty, field.many)
    }

    pub(super) fn elements(&self, site: Site, record: RecordId, field: FieldId) -> Elements<'t> {
        let (_, many) = self.ty(record, field);
        if !many {
            return Elements::One(self.single(site, record, field));
        }
        let unknown = match self.how.fill {
            Fill::No => Elements::Stated(&[]),
            Fill::Open | Fill::Yes => Elements::Any,
        };
        let mut cell = match site {
            Site::Activity => self.cell(field),
            Site::Record(_, first) => self.tape.field(first, field),
            Site::Unknown(_) => Cell::Unknown,
        };
        if site == Site::Activity
            && cell == Cell::Unstated
            && self.how.presume
            && let Some(presumed) = self.basis.tables.presumed(field)
        {
            match presumed {
                Presumed::Plain(presumed) => cell = presumed,
                Presumed::Other => return Elements::Any,
            }
        }
        match cell {
            Cell::Hidden => Elements::Any,
            Cell::List(span) => Elements::Stated(self.tape.list(span)),
            Cell::None => Elements::Stated(&[]),
            Cell::Unstated if self.how.complete => Elements::Stated(&[]),
            _ => unknown,
        }
    }

    /// A field that holds one value.
    fn single(&self, site: Site, record: RecordId, field: FieldId) -> Dom {
        let cell = match site {
            Site::Activity => return self.stated(field, None),
            Site::Record(_, first) => self.tape.field(first, field),
            // What somebody said is not known is no more settled by `complete` than a fact that is.
            Site::Unknown(_) => Cell::Unknown,
        };
        let required = self.basis.ground.program.schema.records[record.at()].fields[field.at()].required;
        match cell {
            Cell::Unstated if self.how.complete && !required => Dom::Is(Cell::None),
            Cell::Unstated | Cell::Unknown if self.how.fill == Fill::No && !required => Dom::Is(Cell::None),
            Cell::Unstated | Cell::Unknown => Dom::Any { none: !required },
            stated => Dom::Is(stated),
        }
    }

    /// Whether some element satisfies a test.
    fn some(&self, elements: Elements<'t>, mut holds: impl FnMut(&Self, Cell) -> Truth) -> Truth {
        match elements {
            Elements::Any => Truth::OPEN,
            Elements::One(Dom::Is(cell)) => holds(self, cell),
            Elements::One(Dom::Any { .. } | Dom::Silent(..)) => Truth::OPEN,
            Elements::Stated(cells) => {
                let mut any = Truth::NO;
                for &cell in cells {
                    any = any.or(if cell == Cell::Unknown { Truth::OPEN } else { holds(self, cell) });
                    if !any.can_fail() {
                        break;
                    }
                }
                any
            }
        }
    }

    fn test(&self, site: Site, fact: Fact, set: &Set) -> Truth {
        let (site, record, field) = self.locate(site, fact);
        if let Set::Amount { unit, op, than } = set {
            let cell = match site {
                Site::Activity => self.stated(field, Some(*unit)),
                Site::Record(..) | Site::Unknown(_) => self.single(site, record, field),
            };
            return match cell {
                Dom::Is(Cell::None) => Truth::NO,
                Dom::Is(super::tables::ONE) => Truth::known(op.holds(&crate::value::Decimal::ONE, than)),
                Dom::Is(Cell::Amounts(span)) => {
                    let amount = self.tape.amounts(span).iter().find(|(of, _)| of == unit);
                    amount.map_or(Truth::OPEN, |(_, amount)| Truth::known(op.holds(amount, than)))
                }
                Dom::Is(_) | Dom::Any { .. } | Dom::Silent(..) => Truth::OPEN,
            };
        }
        let ty = self.ty(record, field).0;
        self.some(self.elements(site, record, field), |row, cell| row.is_in(ty, cell, set))
    }

    /// Whether a stated value is in a set.
    fn is_in(&self, ty: Type, cell: Cell, set: &Set) -> Truth {
        match (cell, set) {
            (Cell::Term(term), Set::Terms(terms) | Set::References { terms, .. }) => {
                overlap(self.branch(ty, term), terms)
            }
            (Cell::Country(term), Set::Terms(terms) | Set::References { terms, .. }) => Truth::known(terms.has(term)),
            (Cell::Name(name), Set::References { ids, .. }) => {
                let name = self.tape.text(name);
                Truth::known(ids.iter().any(|id| id == name))
            }
            (Cell::Codes(from, width), Set::Codes(ranges)) => within(from, from + width.codes(), ranges),
            (Cell::Day(day), Set::Dates(ranges)) => {
                Truth::known(ranges.iter().any(|(from, to)| *from <= day && day < *to))
            }
            (Cell::YesNo(is), Set::YesNo(yes)) => Truth::known(is == *yes),
            (Cell::Text(text), Set::Texts(texts)) => {
                let text = self.tape.text(text);
                Truth::known(texts.iter().any(|known| known == text))
            }
            (Cell::Listing(list, _), Set::Lists(lists)) => Truth::known(lists.contains(&list)),
            _ => Truth::NO,
        }
    }

    /// The terms for which a stated one stands.
    fn branch(&self, ty: Type, term: u32) -> (u32, u32) {
        match ty {
            Type::Term(taxonomy) => (term, self.basis.tables.branches[taxonomy.at()][term as usize].1),
            _ => (term, term + 1),
        }
    }

    fn goods(&self, terms: &Terms, codes: &[(u64, u64)]) -> Truth {
        let schema = &self.basis.ground.program.schema;
        let (item, hs) = schema.core.goods.expect("a test of goods needs the two fields of goods");
        let by_item = match self.stated(item, None) {
            Dom::Is(Cell::Term(term)) => overlap(self.branch(schema.activity().fields[item.at()].ty, term), terms),
            Dom::Is(_) => Truth::NO,
            Dom::Any { .. } | Dom::Silent(..) => Truth::OPEN,
        };
        let by_code = match self.stated(hs, None) {
            Dom::Is(Cell::Codes(from, width)) => within(from, from + width.codes(), codes),
            Dom::Is(_) => Truth::NO,
            Dom::Any { .. } | Dom::Silent(..) => Truth::OPEN,
        };
        by_item.or(by_code)
    }

    fn absent(&self, site: Site, fact: Fact) -> Truth {
        let (site, record, field) = self.locate(site, fact);
        match self.elements(site, record, field) {
            Elements::Stated(cells) => Truth::known(cells.is_empty()),
            Elements::Any => Truth::OPEN,
            Elements::One(Dom::Is(cell)) => Truth::known(cell == Cell::None),
            Elements::One(Dom::Any { none: true }) => Truth::OPEN,
            Elements::One(Dom::Any { none: false } | Dom::Silent(..)) => Truth::NO,
        }
    }

    /// Whether some value of one fact and some value of the other are so related.
    fn pairs(
        &self,
        site: Site,
        left: Fact,
        right: Fact,
        holds: impl Fn(&Self, (Type, Cell), (Type, Cell)) -> Truth,
    ) -> Truth {
        let (left_site, left_record, left_field) = self.locate(site, left);
        let (right_site, right_record, right_field) = self.locate(site, right);
        let left_type = self.ty(left_record, left_field).0;
        let right_type = self.ty(right_record, right_field).0;
        let rights = self.elements(right_site, right_record, right_field);
        let lefts = self.elements(left_site, left_record, left_field);
        let none = |elements: &Elements<'t>| match elements {
            Elements::Stated(cells) => cells.is_empty(),
            Elements::One(Dom::Is(Cell::None)) => true,
            Elements::One(_) | Elements::Any => false,
        };
        if none(&lefts) || none(&rights) {
            return Truth::NO;
        }
        self.some(lefts, |row, one| {
            row.some(rights, |row, two| match (one, two) {
                (Cell::None, _) | (_, Cell::None) => Truth::NO,
                _ => holds(row, (left_type, one), (right_type, two)),
            })
        })
    }

    fn same(&self, site: Site, left: Fact, right: Fact) -> Truth {
        self.pairs(site, left, right, |row, (left, one), (right, two)| match (one, two) {
            (Cell::Term(x) | Cell::Country(x), Cell::Term(y) | Cell::Country(y)) => match row.places(left, right) {
                Some(taxonomy) => {
                    let (x, y) = (row.place(left, one, taxonomy, x), row.place(right, two, taxonomy, y));
                    same_place(x, y)
                }
                None => {
                    let (x, y) = (row.branch(left, x), row.branch(right, y));
                    match (x.1 <= y.0 || y.1 <= x.0, x == y && x.1 == x.0 + 1) {
                        (true, _) => Truth::NO,
                        (_, true) => Truth::YES,
                        _ => Truth::OPEN,
                    }
                }
            },
            (Cell::Codes(from, width), Cell::Codes(other, other_width)) => {
                match (from == other && width == other_width && width.codes() == 1, width, other_width) {
                    (true, ..) => Truth::YES,
                    _ if from + width.codes() <= other || other + other_width.codes() <= from => Truth::NO,
                    _ => Truth::OPEN,
                }
            }
            (Cell::Day(x), Cell::Day(y)) => Truth::known(x == y),
            (Cell::YesNo(x), Cell::YesNo(y)) => Truth::known(x == y),
            (Cell::Text(x), Cell::Text(y)) | (Cell::Name(x), Cell::Name(y)) => {
                Truth::known(row.tape.text(x) == row.tape.text(y))
            }
            (Cell::Listing(x, one), Cell::Listing(y, two)) => Truth::known(x == y && one == two),
            (Cell::Amounts(_), _) | (_, Cell::Amounts(_)) => Truth::OPEN,
            _ => Truth::NO,
        })
    }

    /// The taxonomy of places, of two fields one of which holds places.
    fn places(&self, left: Type, right: Type) -> Option<crate::check::program::TaxonomyId> {
        [left, right].into_iter().find_map(Type::taxonomy)
    }

    fn place(&self, ty: Type, cell: Cell, taxonomy: crate::check::program::TaxonomyId, term: u32) -> Place {
        let (root, end) = self.basis.tables.branches[taxonomy.at()][term as usize];
        let last = match (ty, cell) {
            (Type::Term(_), Cell::Term(_)) => end,
            _ => term + 1,
        };
        Place { root, term, end: last }
    }

    fn days(&self, site: Site, left: Fact, right: Fact, holds: impl Fn(Date, Date) -> bool) -> Truth {
        self.pairs(site, left, right, |_, (_, one), (_, two)| match (one, two) {
            (Cell::Day(one), Cell::Day(two)) => Truth::known(holds(one, two)),
            _ => Truth::NO,
        })
    }

    fn member(&self, site: Site, fact: Fact, group: GroupId) -> Truth {
        let schema = &self.basis.ground.program.schema;
        let group = &schema.groups[group.at()];
        let (site, record, field) = self.locate(site, fact);
        let ty = self.ty(record, field).0;
        let branches = &self.basis.tables.branches[group.taxonomy.at()];
        self.some(self.elements(site, record, field), |row, cell| {
            let (term, end) = match cell {
                Cell::Term(term) => row.branch(ty, term),
                Cell::Country(term) => (term, term + 1),
                _ => return Truth::NO,
            };
            let mut any = Truth::NO;
            // A place is a member when its country is.
            for (&member, &(from, through)) in &group.members {
                let branch = Terms(vec![(member, branches[member as usize].1)]);
                let inside = overlap((term, end), &branch);
                if !inside.can_hold() {
                    continue;
                }
                let then = row.day().map_or(Truth::OPEN, |date| {
                    Truth::known(from.is_none_or(|from| from <= date) && through.is_none_or(|through| date <= through))
                });
                any = any.or(inside.and(then));
            }
            any
        })
    }

    fn count(&mut self, site: Site, list: Fact, role: Option<&'a Terms>, at_least: u32, body: &'a Cond) -> Truth {
        let (site, record, field) = self.locate(site, list);
        let Type::Record(inner) = self.ty(record, field).0 else { unreachable!("records are counted") };
        let cells = match self.elements(site, record, field) {
            Elements::Stated(cells) => cells,
            Elements::One(_) | Elements::Any => return Truth::OPEN,
        };
        let (mut certain, mut possible) = (0, 0);
        for &cell in cells {
            let here = match cell {
                Cell::Record(first) => Site::Record(inner, first),
                _ => Site::Unknown(inner),
            };
            let holds = self.body(here, inner, role, body);
            certain += u32::from(!holds.can_fail());
            possible += u32::from(holds.can_hold());
            if certain >= at_least {
                return Truth::YES;
            }
        }
        Truth::new(possible >= at_least, certain < at_least)
    }

    fn body(&mut self, here: Site, record: RecordId, role: Option<&'a Terms>, body: &'a Cond) -> Truth {
        let plays = match (role, self.basis.ground.program.schema.records[record.at()].role) {
            (Some(role), Some(field)) => {
                let ty = self.ty(record, field).0;
                self.some(self.elements(here, record, field), |row, cell| match cell {
                    Cell::Term(term) => overlap(row.branch(ty, term), role),
                    _ => Truth::NO,
                })
            }
            _ => Truth::YES,
        };
        if !plays.can_hold() {
            return Truth::NO;
        }
        plays.and(self.cond(here, body))
    }

    fn defined(&mut self, site: Site, id: DefinitionId) -> Truth {
        let definition = &self.basis.ground.program.definitions[id.at()];
        let site = if definition.of.is_none() { Site::Activity } else { site };
        let mut any = Truth::NO;
        for part in &definition.parts {
            let in_force = self.in_period(part.period);
            if !in_force.can_hold() {
                continue;
            }
            any = any.or(in_force.and(self.cond(site, &part.when)));
            if !any.can_fail() {
                break;
            }
        }
        any
    }

    fn reading(&self, id: ReadingId) -> Truth {
        if self.how.learning {
            self.looked.set(true);
            return Truth::OPEN;
        }
        match self.tape.reading(id) {
            _ if self.how.weigh => Truth::OPEN,
            Some(Some(taken)) => Truth::known(taken),
            Some(None) => self.unknown(),
            None => Truth::known(self.basis.ground.program.readings[id.at()].default),
        }
    }
}

/// A place and those in it for which it may stand.
#[derive(Clone, Copy)]
struct Place {
    root: u32,
    term: u32,
    end: u32,
}

/// Two places are the same when they are the same place, a country and a place in it as well.
fn same_place(x: Place, y: Place) -> Truth {
    let country = |place: Place| place.term == place.root && place.end == place.term + 1;
    let one = |place: Place| place.end == place.term + 1;
    match (x.root == y.root, country(x) || country(y)) {
        (false, _) => Truth::NO,
        (true, true) => Truth::YES,
        (true, false) if one(x) && one(y) => Truth::known(x.term == y.term),
        (true, false) => Truth::OPEN,
    }
}

/// Whether what lies in a half-open range of terms lies in others.
fn overlap((from, to): (u32, u32), terms: &Terms) -> Truth {
    let meets = terms.0.iter().any(|&(a, b)| a < to && from < b);
    let inside = meets && terms.0.iter().any(|&(a, b)| a <= from && to <= b);
    Truth::new(meets, !inside)
}

fn within(from: u64, to: u64, ranges: &[(u64, u64)]) -> Truth {
    let meets = ranges.iter().any(|&(a, b)| a < to && from < b);
    let inside = meets && ranges.iter().any(|&(a, b)| a <= from && to <= b);
    Truth::new(meets, !inside)
}
