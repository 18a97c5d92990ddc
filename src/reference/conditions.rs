//! Conditions, in one world (`semantics.md`, section 4).

use crate::check::program::{ACTIVITY, Cond, Fact, FieldId, GroupId, Period, Set, TaxonomyId, Terms, Type};
use crate::facts::question::{Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use super::goods::in_codes;
use super::world::{Asked, At, Cell, Key, World, all, any, not};

impl World<'_, '_> {
    /// Whether the condition holds, asked of the record at hand.
    pub fn holds(&self, cond: &Cond, at_hand: &At) -> Asked<bool> {
        let line = at_hand.line;
        match cond {
            Cond::Yes => Ok(true),
            Cond::No => Ok(false),
            Cond::All(parts) => all(parts.iter().map(|part| self.holds(part, at_hand))),
            Cond::Any(parts) => any(parts.iter().map(|part| self.holds(part, at_hand))),
            Cond::Not(part) => not(self.holds(part, at_hand)),
            Cond::Test { fact, set } => self.is_in(*fact, set, at_hand),
            Cond::Goods { terms, codes } => self.goods_are(line, terms, codes),
            Cond::Absent { fact } => self.is_absent(*fact, at_hand),
            Cond::Same { left, right } => self.same(*left, *right, at_hand),
            Cond::Order { left, op, right } => {
                self.compare_days(*left, *right, at_hand, &|left, right| op.holds(&left, &right))
            }
            Cond::OrderPlus { left, op, right, days } => self.compare_days(*left, *right, at_hand, &|left, right| {
                op.holds(&i64::from(left.day_number()), &(i64::from(right.day_number()) + days))
            }),
            Cond::SameYear { left, right } => {
                self.compare_days(*left, *right, at_hand, &|left, right| left.year() == right.year())
            }
            Cond::Member { fact, group } => self.is_member(*fact, *group, at_hand),
            Cond::Count { list, role, at_least, body } => self.counts(*list, role.as_ref(), *at_least, body, at_hand),
            Cond::Listed { who, list, measure, entry } => {
                let asked = super::listed::Question { list: *list, measure: *measure, entry: entry.as_deref() };
                self.is_listed(at_hand, *who, asked)
            }
            Cond::Defined(definition) => {
                let parts = &self.case.program.definitions[definition.at()].parts;
                any(parts
                    .iter()
                    .map(|part| all([self.is_in_force(part.period, line), self.holds(&part.when, at_hand)])))
            }
            Cond::Reading(reading) => match self.case.question.readings.get(reading) {
                Some(Some(stated)) => Ok(*stated),
                Some(None) => self.is_yes(Key::Reading(*reading)),
                None => Ok(self.case.program.readings[reading.at()].default),
            },
            Cond::NoAct => Ok(self.case.question.acts.is_empty()),
        }
    }

    /// Only the date of the activity counts.
    pub fn is_in_force(&self, period: Period, line: usize) -> Asked<bool> {
        self.dated(line, |date| period.holds(date))
    }

    fn is_in(&self, fact: Fact, set: &Set, at_hand: &At) -> Asked<bool> {
        let (at, field) = self.owner(fact, at_hand);
        if let Set::Amount { unit, op, than } = set {
            return self.amount_passes(&at, field, *unit, &|amount| op.holds(&amount, than));
        }
        self.some_value(&at, field, &|cell| match (cell, set) {
            (Cell::Term(term), Set::Terms(terms)) => terms.has(*term),
            (Cell::Code(code), Set::Codes(codes)) => in_codes(codes, *code),
            (Cell::Date(date), Set::Dates(days)) => days.iter().any(|(from, to)| from <= date && date < to),
            (Cell::YesNo(yes), Set::YesNo(wanted)) => yes == wanted,
            (Cell::Text(text), Set::Texts(texts)) => texts.contains(text),
            (Cell::Reference(Reference::Country(term)), Set::References { terms, .. }) => terms.has(*term),
            (Cell::Reference(Reference::Id(id)), Set::References { ids, .. }) => ids.contains(id),
            (Cell::Listing(list, _), Set::Lists(lists)) => lists.contains(list),
            _ => false,
        })
    }

    /// Whether the amount in that unit passes; there is none to pass when it is none.
    pub fn amount_passes(&self, at: &At, field: FieldId, unit: Unit, test: &dyn Fn(Decimal) -> bool) -> Asked<bool> {
        let passes = |cell: &Cell| matches!(cell, Cell::Amount(amount) if test(*amount));
        if !self.case.field(at.record, field).many {
            return self.passes(self.value_key(at, field, None, Some(unit)), passes);
        }
        match self.case.elements(at, field) {
            Some(elements) => any((0..elements.len())
                .map(|element| self.passes(self.value_key(at, field, Some(element), Some(unit)), passes))),
            None => any(self
                .case
                .open_cells(at, field, Some(unit))
                .iter()
                .filter(|cell| passes(cell))
                .map(|cell| self.has(at, field, cell))),
        }
    }

    /// There is no value; the list has no element.
    fn is_absent(&self, fact: Fact, at_hand: &At) -> Asked<bool> {
        let (at, field) = self.owner(fact, at_hand);
        let declared = self.case.field(at.record, field);
        if let Type::Record(_) = declared.ty {
            return self.has_no_record(&at, field);
        }
        if declared.many {
            return match self.case.elements(&at, field) {
                Some(elements) => Ok(elements.is_empty()),
                None => {
                    not(any(self.possible_elements(&at, field)?.iter().map(|element| self.has(&at, field, element))))
                }
            };
        }
        if at.record == ACTIVITY && self.case.is_goods(field) {
            let is_item = self.case.schema().core.goods.is_some_and(|(item, _)| item == field);
            return self.goods_pass(at.line, &|item, hs| *(if is_item { item } else { hs }) == Cell::None);
        }
        if let Type::Quantity | Type::Money = declared.ty {
            return self.is_no_amount(&at, field);
        }
        self.passes(self.value_key(&at, field, None, None), |cell| *cell == Cell::None)
    }

    /// No amount in any unit: not in those that some test names, nor in another.
    fn is_no_amount(&self, at: &At, field: FieldId) -> Asked<bool> {
        match self.case.state(at, field) {
            State::Is(Value::Amounts(_)) => return Ok(false),
            // Nobody states an amount, though the activity may be one of what is counted.
            State::None => return Ok(true),
            _ => {}
        }
        let tested = self.case.tested().field(at.record, field);
        let units = tested.iter().flat_map(|tests| tests.amounts.keys().copied()).map(Some).chain([None]);
        all(units.map(|unit| self.passes(self.value_key(at, field, None, unit), |cell| *cell == Cell::None)))
    }

    fn same(&self, left: Fact, right: Fact, at_hand: &At) -> Asked<bool> {
        let (left_at, left_field) = self.owner(left, at_hand);
        let (right_at, right_field) = self.owner(right, at_hand);
        let taxonomy = self.case.field(left_at.record, left_field).ty.taxonomy();
        let lefts = self.values(&left_at, left_field)?;
        let rights = self.values(&right_at, right_field)?;
        any(lefts.iter().flat_map(|(left, has_left)| {
            let equal = move |right: &Cell| self.equal(left, right, taxonomy);
            rights
                .iter()
                .filter(move |(right, _)| equal(right))
                .map(move |(_, has_right)| all([has_left.clone(), has_right.clone()]))
        }))
    }

    /// A place equals a country when it lies in it; a reference, when it names it.
    fn equal(&self, left: &Cell, right: &Cell, taxonomy: Option<TaxonomyId>) -> bool {
        let term = |cell: &Cell| match cell {
            Cell::Term(term) | Cell::Reference(Reference::Country(term)) => Some(*term),
            _ => None,
        };
        if let (Some(taxonomy), Some(left), Some(right)) = (taxonomy, term(left), term(right)) {
            let root = |term: u32| self.case.root(taxonomy, term);
            return left == right || root(left) == right || left == root(right);
        }
        match (left, right) {
            (Cell::Text(text), Cell::Reference(Reference::Id(id)))
            | (Cell::Reference(Reference::Id(id)), Cell::Text(text)) => text == id,
            _ => left == right,
        }
    }

    fn compare_days(&self, left: Fact, right: Fact, at_hand: &At, test: &dyn Fn(Date, Date) -> bool) -> Asked<bool> {
        let (left_at, left_field) = self.owner(left, at_hand);
        let (right_at, right_field) = self.owner(right, at_hand);
        let lefts = self.values(&left_at, left_field)?;
        let rights = self.values(&right_at, right_field)?;
        any(lefts.iter().flat_map(|(left, has_left)| {
            let earlier_or_later = move |right: &Cell| match (left, right) {
                (Cell::Date(left), Cell::Date(right)) => test(*left, *right),
                _ => false,
            };
            rights
                .iter()
                .filter(move |(right, _)| earlier_or_later(right))
                .map(move |(_, has_right)| all([has_left.clone(), has_right.clone()]))
        }))
    }

    /// A member on the date of the activity.
    pub fn is_member(&self, fact: Fact, group: GroupId, at_hand: &At) -> Asked<bool> {
        let (at, field) = self.owner(fact, at_hand);
        let days_of = |cell: &Cell| match cell {
            Cell::Term(term) | Cell::Reference(Reference::Country(term)) => self.case.membership(group, *term),
            _ => Vec::new(),
        };
        // Most members always were; then, and of those who never were, no date need be asked for.
        let always = self.some_value(&at, field, &|cell| days_of(cell).contains(&(None, None)));
        if always == Ok(true) {
            return always;
        }
        let ever = self.some_value(&at, field, &|cell| !days_of(cell).is_empty());
        if ever == Ok(false) {
            return ever;
        }
        let date = self.date(at_hand.line)?;
        self.some_value(&at, field, &|cell| {
            days_of(cell).iter().any(|(from, through)| {
                from.is_none_or(|from| from <= date) && through.is_none_or(|through| date <= through)
            })
        })
    }

    fn counts(&self, list: Fact, role: Option<&Terms>, at_least: u32, body: &Cond, at_hand: &At) -> Asked<bool> {
        let (at, field) = self.owner(list, at_hand);
        if self.case.elements(&at, field).is_none()
            && let Some(inner) = self.inner_quantifier(&at, field, body)
        {
            return self.is_yes(inner);
        }
        self.at_least(at_least, &at, field, &|world, record| world.is_counted(role, body, record))
    }

    /// The record has the role, if one is named, and the body holds for it.
    pub fn is_counted(&self, role: Option<&Terms>, body: &Cond, record: &At) -> Asked<bool> {
        let field = self.case.schema().records[record.record.at()].role;
        let has_role = match (role, field) {
            (Some(terms), Some(field)) => {
                self.some_value(record, field, &|cell| matches!(cell, Cell::Term(term) if terms.has(*term)))
            }
            _ => Ok(true),
        };
        if has_role == Ok(false) {
            return has_role;
        }
        all([has_role, self.holds(body, record)])
    }

    /// A quantifier within another one over the same list, while the kinds of
    /// that list are told apart: it says the same of every record.
    fn inner_quantifier(&self, at: &At, list: FieldId, body: &Cond) -> Option<Key> {
        let place = (self.case.spot(at, list), list);
        if !self.case.telling_apart.borrow().contains(&place) {
            return None;
        }
        let quantifier = (place.0, list, std::ptr::from_ref(body) as usize);
        let mut inner = self.case.inner.borrow_mut();
        let known = inner.iter().position(|known| *known == quantifier);
        Some(Key::Inner(known.unwrap_or_else(|| {
            inner.push(quantifier);
            inner.len() - 1
        })))
    }
}
