//! Worlds are infinite, cells are not: one value of each kind that some test,
//! period, list or act tells apart (`semantics.md`, section 10).
//!
//! Too many cells cost time; too few would be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::check::program::{ACTIVITY, ExitId, FieldId, GroupId, Limit, ListId, RecordId, TaxonomyId, Terms, Type};
use crate::facts::question::{Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use super::tested::FieldTests;
use super::world::{Asked, At, Case, Cell, Key, Stop, World};

/// One past the last HS code.
pub(super) const CODES_END: u64 = 10_000_000_000;

impl World<'_, '_> {
    /// One value for each way in which the world may be about this.
    pub fn cells(&self, key: &Key) -> Asked<Rc<Vec<Cell>>> {
        if let Some(cells) = self.goods_cells(key)? {
            return Ok(cells);
        }
        if let Some(cells) = self.case.known_cells.borrow().get(key) {
            return Ok(cells.clone());
        }
        let cells = Rc::new(self.case.cells_of(key));
        self.case.known_cells.borrow_mut().insert(key.clone(), cells.clone());
        Ok(cells)
    }

    /// The elements that a list of values that was not stated may have.
    pub fn possible_elements(&self, at: &At, field: FieldId) -> Result<Rc<Vec<Cell>>, Stop> {
        // The name of an element that does not exist stands for the list itself.
        let key = self.value_key(at, field, Some(usize::MAX), None);
        if let Some(cells) = self.case.known_cells.borrow().get(&key) {
            return Ok(cells.clone());
        }
        let cells = Rc::new(self.case.open_cells(at, field, None));
        self.case.known_cells.borrow_mut().insert(key, cells.clone());
        Ok(cells)
    }
}

impl Case<'_> {
    fn cells_of(&self, key: &Key) -> Vec<Cell> {
        match key {
            Key::Value { at, field, element, unit } => self.value_cells(&self.at(at, *field), *field, *element, *unit),
            Key::Counted { at, field, unit, .. } => self.value_cells(&self.at(at, *field), *field, None, Some(*unit)),
            Key::Many { at, field, .. } => {
                (0..=self.tested().most(self.at(at, *field).record, *field)).map(Cell::Count).collect()
            }
            Key::Used { exit, unit } => self.used_cells(*exit, *unit).into_iter().map(Cell::Amount).collect(),
            Key::Level { exit, unit } => self.level_cells(*exit, *unit).into_iter().map(Cell::Amount).collect(),
            Key::Has { .. } | Key::Listed { .. } | Key::Reading(_) | Key::Inner(_) => {
                vec![Cell::YesNo(false), Cell::YesNo(true)]
            }
            Key::Goods { .. } => unreachable!("pairs of item and HS code have their own cells"),
        }
    }

    /// The domain of a field, of an element of a list, or of an amount in one unit.
    pub fn value_cells(&self, at: &At, field: FieldId, element: Option<usize>, unit: Option<Unit>) -> Vec<Cell> {
        let state = self.state(at, field);
        let state = match (element, state) {
            (Some(element), State::List(elements)) => &elements[element],
            (_, state) => state,
        };
        match state {
            _ if unit.is_some_and(|unit| self.is_one(at, field, unit)) => vec![Cell::Amount(Decimal::ONE)],
            State::None => vec![Cell::None],
            State::Is(Value::Amounts(amounts)) => match unit.and_then(|unit| amounts.get(&unit)) {
                Some(amount) => vec![Cell::Amount(*amount)],
                // What has a weight has a volume, too: it is some amount, even of a complete question.
                None => self.open_cells(at, field, unit),
            },
            State::Is(value) => self.cells_within(at, field, value),
            _ => self.unknown_cells(at, field, unit, element.is_some()),
        }
    }

    fn unknown_cells(&self, at: &At, field: FieldId, unit: Option<Unit>, is_element: bool) -> Vec<Cell> {
        let mut cells = self.open_cells(at, field, unit);
        if !is_element && !self.field(at.record, field).required {
            cells.push(Cell::None);
        }
        cells
    }

    /// The values that a stated value leaves open.
    pub fn cells_within(&self, at: &At, field: FieldId, value: &Value) -> Vec<Cell> {
        match (value, self.field(at.record, field).ty) {
            (Value::Term(term), Type::Term(taxonomy)) => {
                let end = self.schema().taxonomies[taxonomy.at()].terms[*term as usize].end;
                if end == term + 1 {
                    // Nothing lies below it.
                    return vec![Cell::Term(*term)];
                }
                self.terms(at.record, field, taxonomy, *term..end, false).into_iter().map(Cell::Term).collect()
            }
            (Value::Term(term), _) => vec![Cell::Term(*term)],
            (Value::Codes(from, to), _) => self.codes(at.record, field, (*from, *to), &BTreeSet::new()),
            (Value::Date(date), _) => vec![Cell::Date(*date)],
            (Value::YesNo(yes), _) => vec![Cell::YesNo(*yes)],
            (Value::Text(text), _) => vec![Cell::Text(text.clone())],
            (Value::Reference(reference), _) => vec![Cell::Reference(reference.clone())],
            (Value::Listing(list, measure), _) => vec![Cell::Listing(*list, *measure)],
            (Value::Amounts(_) | Value::Record(_), _) => unreachable!("amounts and records are not single values"),
        }
    }

    /// Every value of the type.
    pub fn open_cells(&self, at: &At, field: FieldId, unit: Option<Unit>) -> Vec<Cell> {
        let record = at.record;
        match self.field(record, field).ty {
            Type::Term(taxonomy) => {
                self.terms(record, field, taxonomy, 0..u32::MAX, false).into_iter().map(Cell::Term).collect()
            }
            Type::Root(taxonomy) => {
                self.terms(record, field, taxonomy, 0..u32::MAX, true).into_iter().map(Cell::Term).collect()
            }
            Type::Hs => self.codes(record, field, (0, CODES_END), &BTreeSet::new()),
            Type::Date => self.days(record, field).into_iter().map(Cell::Date).collect(),
            Type::YesNo => vec![Cell::YesNo(false), Cell::YesNo(true)],
            Type::Text => self.texts(record, field).into_iter().map(Cell::Text).collect(),
            Type::Quantity | Type::Money => match unit {
                Some(unit) => self.amounts(record, field, unit).into_iter().map(Cell::Amount).collect(),
                // An amount in some unit that nothing tests.
                None => vec![Cell::Amount(Decimal::ONE)],
            },
            Type::Reference(taxonomy) => self.references(at, field, taxonomy),
            Type::Listing => self.listings(record, field),
            Type::Record(_) => unreachable!("a record is not one value"),
        }
    }

    /// What is asked of a field; of one that is compared, what is asked of any
    /// that is compared, so that the same values are tried for all of them.
    fn tests_of(&self, record: RecordId, field: FieldId, of_type: &dyn Fn(Type) -> bool) -> FieldTests {
        let mut tests = self.tested().field(record, field).cloned().unwrap_or_default();
        if tests.compared {
            for (&(record, field), others) in self.tested().compared() {
                if of_type(self.field(record, field).ty) {
                    tests.terms.extend(others.terms.iter().cloned());
                    tests.groups.extend(&others.groups);
                    tests.codes.extend(&others.codes);
                }
            }
        }
        tests
    }

    /// Of the terms that lie in the same tested branches and groups, one; or,
    /// of a field that is compared with another, as many as may have to differ.
    pub fn terms(
        &self,
        record: RecordId,
        field: FieldId,
        taxonomy: TaxonomyId,
        range: std::ops::Range<u32>,
        roots_only: bool,
    ) -> Vec<u32> {
        let of_taxonomy = |ty: Type| match ty {
            Type::Term(other) | Type::Root(other) | Type::Reference(other) => other == taxonomy,
            _ => false,
        };
        let tests = self.tests_of(record, field, &of_taxonomy);
        let terms = &self.schema().taxonomies[taxonomy.at()].terms;
        let root = |term: u32| self.root(taxonomy, term);
        let mut branches: Vec<&Terms> = tests.terms.iter().collect();
        let mut compared_with = Vec::new();
        if tests.compared {
            for &(other, term) in &self.tested().stated.terms {
                if other == taxonomy {
                    let top = root(term);
                    for term in [term, top] {
                        compared_with.push(Terms(vec![(term, term + 1)]));
                        compared_with.push(Terms(vec![(term, terms[term as usize].end)]));
                    }
                }
            }
        }
        branches.extend(&compared_with);
        let is_compared = |term: u32| tests.compared && terms[term as usize].parent.is_none();
        let items = self.schema().core.goods.map(|(item, _)| (item, self.field(ACTIVITY, item).ty));
        let is_item = items
            .is_some_and(|(item, ty)| (record == ACTIVITY && field == item) || (tests.compared && of_taxonomy(ty)));
        let mut alike: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for term in range.start..range.end.min(terms.len() as u32) {
            if roots_only && terms[term as usize].parent.is_some() {
                continue;
            }
            let tested: Vec<bool> = branches.iter().map(|branch| branch.has(term)).collect();
            let member: Vec<_> = tests.groups.iter().map(|group| self.membership(*group, term)).collect();
            let coded = if is_item { super::goods::coded(self.program, taxonomy, term) } else { None };
            alike.entry((tested, member, coded, is_compared(term))).or_default().push(term);
        }
        let enough = if tests.compared { self.tested().strangers() } else { 1 };
        let mut chosen = Vec::new();
        for alike in alike.into_values() {
            // Different terms of one root, and of different roots.
            let mut of_root: BTreeMap<u32, usize> = BTreeMap::new();
            for term in alike {
                let root = root(term);
                let roots = of_root.len();
                let known = of_root.entry(root).or_default();
                if (*known > 0 || roots < enough) && *known < enough {
                    *known += 1;
                    chosen.push(term);
                }
            }
        }
        chosen.sort_unstable();
        chosen
    }

    /// One code of each stretch that no tested prefix and no other boundary divides.
    pub fn codes(&self, record: RecordId, field: FieldId, within: (u64, u64), also: &BTreeSet<u64>) -> Vec<Cell> {
        let tests = self.tests_of(record, field, &|ty| ty == Type::Hs);
        let mut starts = BTreeSet::from([within.0]);
        starts.extend(also);
        starts.extend(tests.codes.iter().flat_map(|&(from, to)| [from, to]));
        if tests.compared {
            starts.extend(self.tested().stated.codes.iter().flat_map(|&(from, to)| [from, to]));
        }
        let starts: Vec<u64> = starts.into_iter().filter(|start| (within.0..within.1).contains(start)).collect();
        let enough = if tests.compared { self.tested().strangers() as u64 } else { 1 };
        let mut codes = Vec::new();
        for (at, &start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(within.1);
            codes.extend((start..end.min(start.saturating_add(enough))).map(Cell::Code));
        }
        codes
    }

    fn texts(&self, record: RecordId, field: FieldId) -> Vec<String> {
        let none = FieldTests::default();
        let tests = self.tested().field(record, field).unwrap_or(&none);
        let mut texts = tests.texts.clone();
        let mut strangers = 1;
        if tests.compared {
            texts.extend(self.compared_texts());
            strangers = self.tested().strangers();
        }
        texts.into_iter().chain((0..strangers).map(stranger)).collect()
    }

    /// Texts and names that the policy or the question mentions for compared fields.
    fn compared_texts(&self) -> BTreeSet<String> {
        let stated = &self.tested().stated;
        let mut texts: BTreeSet<String> = stated.texts.union(&stated.ids).cloned().collect();
        for (record, declared) in self.schema().records.iter().enumerate() {
            for field in 0..declared.fields.len() {
                let tests = self.tested().field(RecordId(record as u32), FieldId(field as u32));
                if let Some(tests) = tests.filter(|tests| tests.compared) {
                    texts.extend(tests.texts.iter().chain(&tests.ids).cloned());
                }
            }
        }
        texts
    }

    fn references(&self, at: &At, field: FieldId, taxonomy: TaxonomyId) -> Vec<Cell> {
        let none = FieldTests::default();
        let tests = self.tested().field(at.record, field).unwrap_or(&none);
        let countries = self.terms(at.record, field, taxonomy, 0..u32::MAX, true);
        let mut names = tests.ids.clone();
        let mut strangers = 1;
        if tests.compared {
            names.extend(self.compared_texts());
            strangers = self.tested().strangers();
        }
        // Somebody of the activity may be meant, but nobody stands so to himself.
        for line in 0..self.question.lines.len() {
            names.extend(
                self.names_of_parties(line).into_iter().filter(|name| !self.names_of(at).contains(&name.as_str())),
            );
        }
        let names = names.into_iter().chain((0..strangers).map(stranger));
        countries.into_iter().map(Reference::Country).chain(names.map(Reference::Id)).map(Cell::Reference).collect()
    }

    fn listings(&self, record: RecordId, field: FieldId) -> Vec<Cell> {
        let none = FieldTests::default();
        let tests = self.tested().field(record, field).unwrap_or(&none);
        let other = (0..self.schema().lists.len() as u32)
            .map(ListId)
            .find(|list| !tests.lists.iter().any(|(tested, _)| tested == list));
        let tested = tests.lists.iter().map(|&(list, measure)| Cell::Listing(list, measure));
        tested.chain(other.map(|list| Cell::Listing(list, None))).collect()
    }

    /// The first day of each stretch of days that nothing tells apart, and a
    /// day before all; of days that are compared, the last of each stretch
    /// and those at the compared distances, too.
    fn days(&self, record: RecordId, field: FieldId) -> BTreeSet<Date> {
        let none = FieldTests::default();
        let tests = self.tested().field(record, field).unwrap_or(&none);
        if !tests.ordered {
            return with_a_day_before(tests.days.clone());
        }
        let mut pool = self.tested().stated.days.clone();
        for ordered in self.tested().ordered() {
            pool.extend(&ordered.days);
        }
        for day in pool.clone() {
            for year in day.year() - 1..=day.year() + 2 {
                pool.extend(Date::try_new(year, 1, 1));
            }
        }
        let mut pool = with_a_day_before(pool);
        // A chain of comparisons is as long as there are days that are compared.
        let rounds = self.tested().ordered().count().saturating_sub(1).clamp(1, 2);
        for _ in 0..rounds {
            for day in pool.clone() {
                let offsets = self.tested().offsets.iter().flat_map(|&days| [days, -days]).chain([0]);
                for days in offsets {
                    pool.extend((days - 1..=days + 1).filter_map(|days| day.plus_days(days)));
                }
            }
            if self.tested().offsets.is_empty() {
                break;
            }
        }
        pool
    }

    /// Each threshold, two amounts between neighbours, two above all, and zero.
    pub fn amounts(&self, record: RecordId, field: FieldId, unit: Unit) -> Vec<Decimal> {
        let mut thresholds = BTreeSet::from([Decimal::ZERO]);
        if let Some(tested) = self.tested().field(record, field).and_then(|tests| tests.amounts.get(&unit)) {
            thresholds.extend(tested.iter().filter(|amount| **amount >= Decimal::ZERO));
        }
        let thresholds: Vec<Decimal> = thresholds.into_iter().collect();
        let mut amounts = Vec::new();
        for (at, &threshold) in thresholds.iter().enumerate() {
            amounts.push(threshold);
            match thresholds.get(at + 1) {
                Some(&next) => {
                    let quarter = (next - threshold) / Decimal::from(4);
                    amounts.extend([threshold + quarter, next - quarter]);
                }
                None => {
                    let above = [Decimal::ONE, Decimal::TWO].map(|more| threshold.checked_add(more));
                    amounts.extend(above.into_iter().flatten());
                }
            }
        }
        amounts
    }

    /// How much the lines may count together against a quota.
    fn sums(&self, field: FieldId, unit: Unit) -> BTreeSet<Decimal> {
        let mut sums = BTreeSet::from([Decimal::ZERO]);
        for line in 0..self.question.lines.len() {
            // Lines that share an amount count it once each.
            let amounts = self.value_cells(&self.activity(line), field, None, Some(unit));
            let more: Vec<Decimal> = amounts
                .iter()
                .filter_map(|cell| if let Cell::Amount(amount) = cell { Some(*amount) } else { None })
                .flat_map(|amount| sums.iter().filter_map(move |sum| sum.checked_add(amount)))
                .collect();
            sums.extend(more);
        }
        sums
    }

    /// Limits that are worth a try: nothing, just enough for what is used and counted, more than all.
    fn level_cells(&self, exit: ExitId, unit: Unit) -> BTreeSet<Decimal> {
        let used = match self.question.used.get(&(exit, unit)) {
            Some(used) => vec![Decimal::ZERO, *used],
            None => vec![Decimal::ZERO, Decimal::ONE],
        };
        let mut levels = BTreeSet::from([Decimal::ZERO]);
        for quota in &self.program.exits[exit.at()].quotas {
            if quota.unit == unit {
                let sums = self.sums(quota.field, unit);
                levels.extend(used.iter().flat_map(|used| sums.iter().filter_map(|sum| sum.checked_add(*used))));
            }
        }
        levels.extend(levels.last().and_then(|most| most.checked_add(Decimal::ONE)));
        levels
    }

    /// Usages that are worth a try: none, just so much that each amount still fits, more than all limits.
    fn used_cells(&self, exit: ExitId, unit: Unit) -> BTreeSet<Decimal> {
        let mut used = BTreeSet::from([Decimal::ZERO, Decimal::ONE]);
        for quota in &self.program.exits[exit.at()].quotas {
            if quota.unit != unit {
                continue;
            }
            let limits: BTreeSet<Decimal> = match (&quota.limit, self.question.levels.get(&(exit, unit))) {
                (Limit::Amount(limit), _) | (Limit::Level { .. }, Some(limit)) => BTreeSet::from([*limit]),
                (Limit::Level { .. }, None) => self.level_cells(exit, unit),
            };
            for sum in self.sums(quota.field, unit) {
                used.extend(limits.iter().filter_map(|limit| limit.checked_sub(sum)));
            }
            used.extend(limits.last().and_then(|most| most.checked_add(Decimal::ONE)));
        }
        used.into_iter().filter(|used| *used >= Decimal::ZERO).collect()
    }

    /// The topmost term above a term: the country of a place.
    pub fn root(&self, taxonomy: TaxonomyId, mut term: u32) -> u32 {
        while let Some(parent) = self.schema().taxonomies[taxonomy.at()].terms[term as usize].parent {
            term = parent;
        }
        term
    }

    /// The days on which the term, or one above it, is a member of the group:
    /// a place is in a group when it lies in a country that is.
    pub fn membership(&self, group: GroupId, term: u32) -> Vec<(Option<Date>, Option<Date>)> {
        let group = &self.schema().groups[group.at()];
        let terms = &self.schema().taxonomies[group.taxonomy.at()].terms;
        let above = std::iter::successors(Some(term), |&term| terms[term as usize].parent);
        above.filter_map(|term| group.members.get(&term).copied()).collect()
    }
}

/// A name or text that nothing mentions. The first character keeps it apart from all that anybody states.
fn stranger(number: usize) -> String {
    format!("\u{1}another {number}")
}

fn with_a_day_before(mut days: BTreeSet<Date>) -> BTreeSet<Date> {
    let before = days.first().map_or(Date::try_new(2000, 1, 1).expect("it is in the calendar"), |day| day.previous());
    days.insert(before);
    days
}
