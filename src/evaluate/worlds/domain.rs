//! Domains: what a fact may be, one value for all that no test tells apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, FieldId, Program, RecordId, Set, TaxonomyId, Terms, Type};
use crate::diagram::table::{Ref, YES};
use crate::facts::question::{Facts, Reference, State, Value};
use crate::value::{Date, Decimal, Unit};

use super::tested::FieldOf;
use super::{Cell, Done, Rep, Site, Worlds};

/// Of so many lists somebody unknown may be on any; what is asked of more is over the budget.
pub(super) const MOST_ASKS: usize = 6;

impl<'a> Worlds<'a> {
    /// A field that holds one value.
    pub(super) fn cell(&mut self, site: &Site<'a>, record: RecordId, field: FieldId, unit: Option<Unit>) -> Cell {
        if record == ACTIVITY
            && let Some((item, hs)) = self.ground.program.schema.core.goods
            && (field == item || field == hs)
        {
            return self.goods();
        }
        let key = (self.key(site, field), field, None, unit);
        if let Some(known) = self.cells.get(&key) {
            return known.clone();
        }
        let state = self.state(site, field);
        let domain = self.domain((record, field), state, unit);
        let cell = self.close(site, field, None, unit, domain);
        self.cells.insert(key, cell.clone());
        cell
    }

    /// The values of a field, one or many, each with the condition under which it is among them.
    pub(super) fn elements(&mut self, site: &Site<'a>, record: RecordId, field: FieldId) -> Done<Vec<(Ref, Cell)>> {
        if !self.ty(record, field).1 {
            return Ok(vec![(YES, self.cell(site, record, field, None))]);
        }
        let key = (self.key(site, field), field, None, None);
        if let Some(known) = self.elements.get(&key) {
            return Ok(known.clone());
        }
        let elements = match self.state(site, field) {
            Some(State::List(stated)) => {
                let mut elements = Vec::new();
                for (at, state) in stated.iter().enumerate() {
                    let domain = self.value_domain((record, field), Some(state), None);
                    elements.push((YES, self.close(site, field, Some(at), None, domain)));
                }
                elements
            }
            Some(State::None) => Vec::new(),
            Some(State::Is(_)) => unreachable!("a list field holds a list"),
            Some(State::Unstated) if self.mode.complete => Vec::new(),
            Some(State::Unstated | State::Unknown) | None => self.any_elements(site, record, field)?,
        };
        self.elements.insert(key, elements.clone());
        Ok(elements)
    }

    /// A list that may be any list: each value may be in it or not.
    fn any_elements(&mut self, site: &Site<'a>, record: RecordId, field: FieldId) -> Done<Vec<(Ref, Cell)>> {
        let path = self.path(site, field, None, None);
        let depth = self.depth(site);
        let mut elements = Vec::new();
        for rep in self.value_domain((record, field), None, None) {
            let var = self.fresh(depth, vec![path.clone()], vec![Rep::Count(0), Rep::Count(1)]);
            elements.push((self.table.test(var, [false, true])?, Cell::Fixed(rep)));
        }
        Ok(elements)
    }

    fn close(
        &mut self,
        site: &Site<'a>,
        field: FieldId,
        element: Option<usize>,
        unit: Option<Unit>,
        mut domain: Vec<Rep>,
    ) -> Cell {
        if domain.len() == 1 {
            return Cell::Fixed(domain.pop().expect("one value"));
        }
        let path = self.path(site, field, element, unit);
        Cell::Var(self.fresh(self.depth(site), vec![path], domain))
    }

    /// The domain of a single-valued field.
    fn domain(&mut self, of: FieldOf, state: Option<&State>, unit: Option<Unit>) -> Vec<Rep> {
        match state {
            Some(State::None) => vec![Rep::None],
            Some(State::Unstated) if self.mode.complete && !self.required(of) => match unit {
                // A bank that opens an account opens one.
                Some(unit) if of.0 == ACTIVITY && self.ground.program.schema.is_counted(unit) => {
                    vec![Rep::Amount(Decimal::ONE)]
                }
                _ if self.is_measured(of) => self.open_domain(of, unit),
                _ => vec![Rep::None],
            },
            Some(State::Unstated | State::Unknown) | None => self.open_domain(of, unit),
            Some(State::Is(_)) => self.value_domain(of, state, unit),
            Some(State::List(_)) => unreachable!("a single-valued field holds no list"),
        }
    }

    fn open_domain(&mut self, of: FieldOf, unit: Option<Unit>) -> Vec<Rep> {
        let mut domain = self.value_domain(of, None, unit);
        if !self.required(of) {
            domain.push(Rep::None);
        }
        domain
    }

    /// What is left out of a complete question stays open all the same.
    pub(super) fn is_measured(&self, of: FieldOf) -> bool {
        of.0 == ACTIVITY && self.ground.program.is_measured(of.1)
    }

    fn required(&self, of: FieldOf) -> bool {
        self.ground.program.schema.records[of.0.at()].fields[of.1.at()].required
    }

    /// The values that a stated value may stand for; all values when nothing was stated.
    fn value_domain(&mut self, of: FieldOf, state: Option<&State>, unit: Option<Unit>) -> Vec<Rep> {
        let value = match state {
            Some(State::Is(value)) => Some(value),
            _ => None,
        };
        match (self.ty(of.0, of.1).0, value) {
            (Type::Term(taxonomy), Some(Value::Term(term))) => {
                let end = self.ground.program.schema.taxonomies[taxonomy.at()].terms[*term as usize].end;
                self.terms(of, taxonomy, *term..end, false)
            }
            (Type::Term(taxonomy), _) => self.terms(of, taxonomy, 0..u32::MAX, false),
            (Type::Root(_), Some(Value::Term(term))) => vec![Rep::Term(*term)],
            (Type::Root(taxonomy), _) => self.terms(of, taxonomy, 0..u32::MAX, true),
            (Type::Hs, Some(Value::Codes(from, to))) => self.codes(of, *from, *to),
            (Type::Hs, _) => self.codes(of, 0, HS_END),
            (Type::Date, Some(Value::Date(date))) => vec![Rep::Day(*date)],
            (Type::Date, _) => self.dates(),
            (Type::YesNo, Some(Value::YesNo(yes))) => vec![Rep::YesNo(*yes)],
            (Type::YesNo, _) => vec![Rep::YesNo(false), Rep::YesNo(true)],
            (Type::Text, Some(Value::Text(text))) => vec![Rep::Text(text.clone())],
            (Type::Text, _) => self.texts(of),
            (Type::Quantity | Type::Money, value) => self.amounts_of(of, value, unit),
            (Type::Reference(_), Some(Value::Reference(reference))) => vec![Rep::Reference(reference.clone())],
            (Type::Reference(taxonomy), _) => self.references(of, taxonomy),
            (Type::Listing, Some(Value::Listing(list, measure))) => vec![Rep::Listing(*list, *measure)],
            (Type::Listing, _) => self.listings_of(of),
            (Type::Record(_), _) => unreachable!("records are no values"),
        }
    }

    fn sets(&self, of: FieldOf) -> &[Set] {
        self.tested.sets.get(&of).map_or(&[], Vec::as_slice)
    }

    fn terms(&mut self, of: FieldOf, taxonomy: TaxonomyId, range: std::ops::Range<u32>, roots: bool) -> Vec<Rep> {
        if self.is_place(taxonomy) {
            let places = self.places(taxonomy);
            let terms = &self.ground.program.schema.taxonomies[taxonomy.at()].terms;
            let fits = |term: &u32| range.contains(term) && (!roots || terms[*term as usize].parent.is_none());
            let mut chosen: Vec<Rep> = places.into_iter().filter(fits).map(Rep::Term).collect();
            if chosen.is_empty() {
                // A stated country that nothing tells from others.
                chosen.push(Rep::Term(range.start));
            }
            return chosen;
        }
        let all = self.ground.program.schema.taxonomies[taxonomy.at()].terms.len() as u32;
        let singly = self.tested.compared.contains(&of);
        let mut classes: BTreeMap<(Vec<bool>, u32), u32> = BTreeMap::new();
        for term in range.start..range.end.min(all) {
            let signature = self.sets(of).iter().map(|set| matches!(set, Set::Terms(terms) if terms.has(term)));
            let signature: Vec<bool> = signature.collect();
            classes.entry((signature, if singly { term } else { 0 })).or_insert(term);
        }
        let mut chosen: Vec<u32> = classes.into_values().collect();
        chosen.sort_unstable();
        chosen.into_iter().map(Rep::Term).collect()
    }

    /// The taxonomy to which countries belong.
    fn is_place(&self, taxonomy: TaxonomyId) -> bool {
        let schema = &self.ground.program.schema;
        matches!(schema.activity().fields[schema.core.actor_state.at()].ty,
            Type::Root(place) | Type::Term(place) if place == taxonomy)
    }

    /// Places, for every field alike, so that they can be compared with each other.
    fn places(&mut self, taxonomy: TaxonomyId) -> Vec<u32> {
        if let Some(known) = &self.places {
            return known.clone();
        }
        let mut sets: Vec<Terms> = Vec::new();
        for set in
            self.tested.sets.iter().filter(|(of, _)| self.holds_places(**of, taxonomy)).flat_map(|(_, sets)| sets)
        {
            match set {
                Set::Terms(terms) | Set::References { terms, .. } => sets.push(terms.clone()),
                _ => {}
            }
        }
        let mut stated = self.stated_places(taxonomy);
        let terms = &self.ground.program.schema.taxonomies[taxonomy.at()].terms;
        sets.extend(stated.iter().map(|&term| Terms(vec![(term, term + 1)])));
        sets.sort();
        sets.dedup();
        // Where places are compared, a country is the same as a place in it: of a tested place its country is there, too.
        let countries = super::conditions::roots(&self.ground.program.schema.taxonomies[taxonomy.at()]);
        if !self.tested.compared.is_empty() {
            let tested = sets.iter().flat_map(|set| &set.0).map(|&(first, _)| first);
            let within = tested.filter(|term| terms[*term as usize].parent.is_some());
            stated.extend(within.map(|term| countries[term as usize]));
        }
        let copies = self.strangers();
        let mut classes: BTreeMap<(Vec<bool>, bool, Option<u32>), Vec<u32>> = BTreeMap::new();
        for term in 0..terms.len() as u32 {
            let signature = sets.iter().map(|set| set.has(term)).collect();
            // A stated country may be any of its own ports.
            let of_stated = Some(countries[term as usize]).filter(|country| stated.contains(country));
            let class = classes.entry((signature, terms[term as usize].parent.is_none(), of_stated)).or_default();
            if class.len() < copies {
                class.push(term);
            }
        }
        let mut chosen: Vec<u32> = classes.into_values().flatten().collect();
        chosen.sort_unstable();
        self.places = Some(chosen.clone());
        chosen
    }

    /// The places that the activity, its lines or its acts name, or that are presumed, and what those lie in.
    pub fn stated_places(&self, taxonomy: TaxonomyId) -> BTreeSet<u32> {
        let program = self.ground.program;
        let mut stated = BTreeSet::new();
        let terms = &program.schema.taxonomies[taxonomy.at()].terms;
        self.each_stated(&mut |of, value| match (value, self.ty(of.0, of.1).0) {
            (Value::Term(term), Type::Term(at) | Type::Root(at)) if at == taxonomy => {
                stated.extend(std::iter::successors(Some(*term), |term| terms[*term as usize].parent));
            }
            (Value::Reference(Reference::Country(term)), _) => drop(stated.insert(*term)),
            _ => {}
        });
        for act in &self.question.acts {
            for reference in act.by.iter().chain(&act.to) {
                if let Reference::Country(term) = reference {
                    stated.insert(*term);
                }
            }
        }
        stated
    }

    fn holds_places(&self, of: FieldOf, taxonomy: TaxonomyId) -> bool {
        self.taxonomy_of(of) == Some(taxonomy)
    }

    fn codes(&self, of: FieldOf, from: u64, to: u64) -> Vec<Rep> {
        let mut starts = BTreeSet::from([from]);
        for set in self.sets(of) {
            if let Set::Codes(ranges) = set {
                starts.extend(ranges.iter().flat_map(|&(a, b)| [a, b]).filter(|&cut| from < cut && cut < to));
            }
        }
        starts.into_iter().map(Rep::Code).collect()
    }

    fn texts(&self, of: FieldOf) -> Vec<Rep> {
        let mut texts = BTreeSet::new();
        for set in self.sets(of) {
            if let Set::Texts(tested) = set {
                texts.extend(tested.iter().cloned());
            }
        }
        let mut others = 1;
        if self.tested.compared.contains(&of) {
            others = self.strangers();
            texts.extend(self.compared_texts());
        }
        let others = u8::try_from(others).unwrap_or(u8::MAX);
        texts.into_iter().map(Rep::Text).chain((0..others).map(Rep::OtherText)).collect()
    }

    /// Every value that lines, and what acts cover, state, and that is presumed.
    fn each_stated(&self, meet: &mut dyn FnMut(FieldOf, &Value)) {
        let covers = self.question.acts.iter().filter_map(|act| act.covers.as_ref());
        for facts in self.question.lines.iter().map(|line| &line.facts).chain(covers) {
            each_stated(self.ground.program, ACTIVITY, facts, meet);
        }
        for (&field, state) in self.ground.presumed {
            stated_of(self.ground.program, (ACTIVITY, field), state, meet);
        }
    }

    fn strangers(&self) -> usize {
        self.tested.strangers(self.question.lines.len() > 1)
    }

    /// The texts that are tested or stated of any field that is compared: each of the others may be the same.
    fn compared_texts(&self) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for set in self.tested.compared.iter().flat_map(|of| self.sets(*of)) {
            if let Set::Texts(tested) = set {
                texts.extend(tested.iter().cloned());
            }
        }
        self.each_stated(&mut |of, value| match value {
            Value::Text(text) if self.tested.compared.contains(&of) => drop(texts.insert(text.clone())),
            _ => {}
        });
        texts
    }

    fn references(&mut self, of: FieldOf, taxonomy: TaxonomyId) -> Vec<Rep> {
        let mut ids = BTreeSet::new();
        for set in self.sets(of) {
            if let Set::References { ids: tested, .. } = set {
                ids.extend(tested.iter().cloned());
            }
        }
        let asks = self.tested.chained.get(&of).map_or(0, |asks| asks.len().min(MOST_ASKS));
        // Those of whom the activity says more may be meant.
        if asks > 0 {
            ids.extend(self.names_of_parties());
        }
        let terms = &self.ground.program.schema.taxonomies[taxonomy.at()].terms;
        let countries = self.places(taxonomy).into_iter().filter(|&term| terms[term as usize].parent.is_none());
        let mut domain: Vec<Rep> = countries.map(|term| Rep::Reference(Reference::Country(term))).collect();
        domain.extend(ids.into_iter().map(|id| Rep::Reference(Reference::Id(id))));
        let chained = self.tested.chained.get(&of).map_or(&[][..], Vec::as_slice);
        // Who is on a list for a measure, or as an entry, is on it at all.
        let is_possible = |lists: &u8| {
            let on = |at: usize| lists & (1 << at) != 0;
            (0..asks).all(|at| {
                let at_all = (chained[at].0, None, None);
                !on(at) || chained[..asks].iter().position(|ask| *ask == at_all).is_none_or(on)
            })
        };
        domain.extend((0..1u8 << asks).filter(is_possible).map(Rep::Somebody));
        domain
    }

    fn listings_of(&self, of: FieldOf) -> Vec<Rep> {
        let mut lists = BTreeSet::new();
        for set in self.sets(of) {
            if let Set::Lists(tested) = set {
                lists.extend(tested.iter().copied());
            }
        }
        lists.into_iter().map(|list| Rep::Listing(list, None)).chain([Rep::OtherListing]).collect()
    }

    /// Days: the first of every span in which nothing begins or ends; where days are compared, as many more as can be told
    /// from each other, and the last.
    pub(super) fn dates(&mut self) -> Vec<Rep> {
        let starts = self.day_starts();
        let apart = self.days_apart();
        let mut days = BTreeSet::new();
        for (at, &start) in starts.iter().enumerate() {
            let last = starts.get(at + 1).map_or(Date::LAST, |next| next.previous());
            days.insert(start);
            if !self.tested.compared.is_empty() {
                days.extend([start.next().min(last), last]);
                for steps in &apart {
                    days.extend(start.plus_days(*steps).map(|day| day.min(last)));
                }
            }
        }
        days.into_iter().map(Rep::Day).collect()
    }

    /// How far behind the first day of a span others stand, where three days do not tell the compared ones apart.
    fn days_apart(&self) -> Vec<i64> {
        let compared = self.tested.compared.iter().filter(|of| self.ty(of.0, of.1).0 == Type::Date).count() as i64;
        let widest = self.tested.offsets.iter().map(|days| days.abs()).max();
        match (compared, widest) {
            (..=2, _) | (3, None) => Vec::new(),
            (_, widest) => {
                let steps = [1].into_iter().chain(widest.map(|days| days.saturating_add(1)));
                steps.flat_map(|step| (1..compared).map(move |times| step.saturating_mul(times))).collect()
            }
        }
    }

    /// The first days of spans in which nothing begins or ends.
    pub fn day_starts(&mut self) -> Vec<Date> {
        if let Some(known) = &self.days {
            return known.clone();
        }
        let mut days = self.tested.days.clone();
        days.insert(Date::MIN);
        let program = self.ground.program;
        self.each_stated(&mut |_, value| {
            if let Value::Date(date) = value {
                days.extend([*date, date.next()]);
            }
        });
        for ask in self.tested.listed.iter().chain(self.tested.chained.values().flatten()) {
            days.extend(self.ground.lists.boundaries(&program.schema, ask.0));
        }
        self.act_days(&mut days);
        for &offset in &self.tested.offsets {
            let shifted: Vec<Date> =
                days.iter().flat_map(|d| [d.plus_days(offset), d.plus_days(-offset)]).flatten().collect();
            days.extend(shifted.iter().flat_map(|d| [*d, d.next()]));
        }
        if self.tested.same_year {
            let years: BTreeSet<i16> = days.iter().flat_map(|d| [d.year(), d.year().saturating_add(1)]).collect();
            days.extend(years.into_iter().filter_map(|year| Date::try_new(year, 1, 1)));
        }
        // On the day after the last nothing can be.
        let days: Vec<Date> = days.into_iter().filter(|day| *day <= Date::LAST).collect();
        self.days = Some(days.clone());
        days
    }

    /// The amount in one unit. What is stated in another unit is an amount in
    /// this one too, which nobody said; so it is never *none*, even when complete.
    fn amounts_of(&mut self, of: FieldOf, value: Option<&Value>, unit: Option<Unit>) -> Vec<Rep> {
        let unit = unit.expect("an amount is asked for in a unit");
        if let Some(Value::Amounts(amounts)) = value
            && let Some(&amount) = amounts.get(&unit)
        {
            return vec![Rep::Amount(amount)];
        }
        let mut thresholds = BTreeSet::from([Decimal::ZERO]);
        for set in self.sets(of) {
            if let Set::Amount { unit: tested, than, .. } = set
                && *tested == unit
            {
                thresholds.insert(*than);
            }
        }
        if of.0 == ACTIVITY {
            self.quota_thresholds(of.1, unit, &mut thresholds);
        }
        spread(&thresholds).into_iter().map(Rep::Amount).collect()
    }

    /// The goods of the line: item and code together.
    pub(super) fn goods(&mut self) -> Cell {
        let (item, hs) = self.ground.program.schema.core.goods.expect("the schema has goods");
        let site = Site::Activity;
        let own = &self.question.lines[self.line].own;
        let place_of = if own.contains(&hs) { hs } else { item };
        let key = (self.key(&site, place_of), item, None, None);
        if let Some(known) = self.cells.get(&key) {
            return known.clone();
        }
        let states = [item, hs].map(|field| self.state(&site, field).expect("the activity is stated"));
        let silent = states.map(|state| matches!(state, State::Unstated | State::Unknown));
        let items = self.items(item, states[0], states[1]);
        let codes = self.goods_codes(hs, states[1]);
        let mut pairs = Vec::new();
        for &i in &items {
            for &code in &codes {
                if self.possible(i, code) && (!self.silent_item(states) || self.named_by(i, code)) {
                    pairs.push((i, code));
                }
            }
        }
        let fixed = [same(pairs.iter().map(|pair| pair.0)), same(pairs.iter().map(|pair| pair.1))];
        let cell = if pairs.len() == 1 {
            Cell::Fixed(Rep::Goods(pairs[0].0, pairs[0].1))
        } else {
            let path = |field| self.path(&site, field, None, None);
            let follows = self.silent_item(states);
            let paths = match (silent, fixed) {
                _ if follows => vec![path(item), path(hs)],
                ([true, true], _) => vec![path(item)],
                (_, [true, _]) => vec![path(hs)],
                (_, [_, true]) => vec![path(item)],
                _ => vec![path(item), path(hs)],
            };
            if paths.len() == 1 {
                pairs = self.merge_pairs(pairs);
            }
            let values: Vec<Rep> = pairs.into_iter().map(|(i, code)| Rep::Goods(i, code)).collect();
            match values.as_slice() {
                [only] => Cell::Fixed(only.clone()),
                _ => {
                    let var = self.fresh(0, paths, values);
                    self.infos.get_mut(&var).expect("it was just made").item_follows = follows;
                    Cell::Var(var)
                }
            }
        };
        self.cells.insert(key, cell.clone());
        cell
    }

    /// A complete question that states a code and no item speaks of the goods that carry the code.
    fn silent_item(&self, states: [&State; 2]) -> bool {
        self.mode.complete && *states[0] == State::Unstated && matches!(states[1], State::Is(_))
    }

    fn item_taxonomy(&self) -> TaxonomyId {
        let (item, _) = self.ground.program.schema.core.goods.expect("the schema has goods");
        match self.ty(ACTIVITY, item).0 {
            Type::Term(taxonomy) => taxonomy,
            _ => unreachable!("the checker lets only a taxonomy be coded"),
        }
    }

    fn items(&self, item: FieldId, state: &State, code: &State) -> Vec<Option<u32>> {
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        let (range, none) = match state {
            State::Is(Value::Term(term)) => (*term..terms[*term as usize].end, false),
            State::None => (0..0, true),
            State::Unstated if self.mode.complete => match code {
                State::Is(_) => (0..terms.len() as u32, false),
                State::Unknown => (0..terms.len() as u32, true),
                State::Unstated | State::None | State::List(_) => (0..0, true),
            },
            State::Unstated | State::Unknown => (0..terms.len() as u32, true),
            State::Is(_) | State::List(_) => unreachable!("an item is a term"),
        };
        let mut classes: BTreeMap<(Vec<bool>, Option<u32>, Option<u32>), u32> = BTreeMap::new();
        for term in range {
            let own =
                (!terms[term as usize].codes.is_empty() || terms[term as usize].name == OTHER_GOODS).then_some(term);
            classes.entry((self.item_signature(item, Some(term)), self.nearest_coded(term), own)).or_insert(term);
        }
        let mut items: Vec<Option<u32>> = classes.into_values().map(Some).collect();
        items.sort_unstable();
        items.extend(none.then_some(None));
        items
    }

    fn item_signature(&self, item: FieldId, term: Option<u32>) -> Vec<bool> {
        let has = |terms: &Terms| term.is_some_and(|term| terms.has(term));
        let tests = self.sets((ACTIVITY, item)).iter().map(|set| matches!(set, Set::Terms(terms) if has(terms)));
        tests.chain(self.tested.goods.iter().map(|(terms, _)| has(terms))).collect()
    }

    /// What the tests of a field say of a term; of goods, with the tests by item or code.
    pub fn term_signature(&self, of: FieldOf, term: u32) -> Vec<bool> {
        if self.ground.program.schema.core.goods.is_some_and(|(item, _)| (ACTIVITY, item) == of) {
            return self.item_signature(of.1, Some(term));
        }
        let has = |set: &Set| matches!(set, Set::Terms(terms) | Set::References { terms, .. } if terms.has(term));
        self.sets(of).iter().map(has).collect()
    }

    /// How many terms the vocabulary of a field has; `None` when it holds none.
    pub fn terms_of(&self, of: FieldOf) -> Option<u32> {
        let taxonomy = self.taxonomy_of(of)?;
        Some(self.ground.program.schema.taxonomies[taxonomy.at()].terms.len() as u32)
    }

    /// Whether a field is compared with another one, or with who acts.
    pub fn is_compared(&self, of: FieldOf) -> bool {
        self.tested.compared.contains(&of)
    }

    /// The vocabulary of a field; `None` when it holds no terms.
    pub fn taxonomy_of(&self, of: FieldOf) -> Option<TaxonomyId> {
        self.ty(of.0, of.1).0.taxonomy()
    }

    /// Of lists of which nothing is known: the value whose being in the list is a variable.
    pub fn element_of_var(&self) -> rustc_hash::FxHashMap<crate::diagram::table::Var, Rep> {
        let all = self.elements.values().flatten().filter_map(|(dd, cell)| match (self.table.node(*dd), cell) {
            (Some((var, _)), Cell::Fixed(rep)) => Some((var, rep.clone())),
            _ => None,
        });
        all.collect()
    }

    fn code_signature(&self, hs: FieldId, code: Option<u64>) -> Vec<bool> {
        let has = |ranges: &[(u64, u64)]| code.is_some_and(|code| ranges.iter().any(|&(a, b)| a <= code && code < b));
        let tests = self.sets((ACTIVITY, hs)).iter().map(|set| matches!(set, Set::Codes(ranges) if has(ranges)));
        let goods = self.tested.goods.iter().map(|(_, codes)| has(codes));
        let covered = self.covered_items().into_iter().map(|(_, codes)| has(&codes));
        tests.chain(goods).chain(covered.collect::<Vec<_>>()).collect()
    }

    fn goods_codes(&self, hs: FieldId, state: &State) -> Vec<Option<u64>> {
        let (from, to, none) = match state {
            State::Is(Value::Codes(from, to)) => (*from, *to, false),
            State::None => return vec![None],
            State::Unstated if self.mode.complete => return vec![None],
            State::Unstated | State::Unknown => (0, HS_END, true),
            State::Is(_) | State::List(_) => unreachable!("a code is a code"),
        };
        let mut cuts = BTreeSet::from([from]);
        let mut add = |ranges: &[(u64, u64)]| cuts.extend(ranges.iter().flat_map(|&(a, b)| [a, b]));
        for set in self.sets((ACTIVITY, hs)) {
            if let Set::Codes(ranges) = set {
                add(ranges);
            }
        }
        self.tested.goods.iter().for_each(|(_, codes)| add(codes));
        self.covered_items().iter().for_each(|(_, codes)| add(codes));
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        terms.iter().for_each(|term| add(&term.codes));
        let mut codes: Vec<Option<u64>> = cuts.into_iter().filter(|&cut| from <= cut && cut < to).map(Some).collect();
        codes.extend(none.then_some(None));
        codes
    }

    /// The items that acts cover, each with the codes of its branch.
    fn covered_items(&self) -> Vec<(u32, Vec<(u64, u64)>)> {
        let (item, _) = self.ground.program.schema.core.goods.expect("the schema has goods");
        let covers = self.question.acts.iter().filter_map(|act| act.covers.as_ref());
        covers
            .filter_map(|facts| match facts.0.get(item.at()) {
                Some(State::Is(Value::Term(term))) => Some((*term, self.branch_codes(*term))),
                _ => None,
            })
            .collect()
    }

    /// The codes that the terms of a branch of goods carry.
    pub(super) fn branch_codes(&self, term: u32) -> Vec<(u64, u64)> {
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        (term..terms[term as usize].end).flat_map(|t| terms[t as usize].codes.iter().copied()).collect()
    }

    fn nearest_coded(&self, term: u32) -> Option<u32> {
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        let mut at = Some(term);
        while let Some(term) = at {
            if !terms[term as usize].codes.is_empty() {
                return Some(term);
            }
            at = terms[term as usize].parent;
        }
        None
    }

    fn possible(&self, item: Option<u32>, code: Option<u64>) -> bool {
        let (Some(item), Some(code)) = (item, code) else { return true };
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        self.nearest_coded(item)
            .is_none_or(|coded| terms[coded as usize].codes.iter().any(|&(a, b)| a <= code && code < b))
    }

    /// Whether a code without an item stands for this item: a term that carries the code, itself or by the
    /// nearest term above it that carries any; else other goods.
    fn named_by(&self, item: Option<u32>, code: Option<u64>) -> bool {
        let (Some(item), Some(code)) = (item, code) else { return false };
        let terms = &self.ground.program.schema.taxonomies[self.item_taxonomy().at()].terms;
        let carries = |term: u32| {
            let coded = self.nearest_coded(term).map(|coded| &terms[coded as usize].codes);
            coded.is_some_and(|codes| codes.iter().any(|&(a, b)| a <= code && code < b))
        };
        if terms[item as usize].name == OTHER_GOODS {
            return carries(item) || !(0..terms.len() as u32).any(carries);
        }
        carries(item)
    }

    fn merge_pairs(&self, pairs: Vec<(Option<u32>, Option<u64>)>) -> Vec<(Option<u32>, Option<u64>)> {
        let (item, hs) = self.ground.program.schema.core.goods.expect("the schema has goods");
        let mut seen = BTreeSet::new();
        pairs
            .into_iter()
            .filter(|&(i, code)| {
                let signature =
                    (self.item_signature(item, i), i.is_none(), self.code_signature(hs, code), code.is_none());
                seen.insert(signature)
            })
            .collect()
    }
}

/// One past the last ten-digit HS code.
const HS_END: u64 = 10_000_000_000;
/// The term of goods that no term with a code names.
const OTHER_GOODS: &str = "other_goods";

fn same<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_none_or(|first| values.all(|value| value == first))
}

/// Thresholds, what lies between them, and what lies beyond.
pub(super) fn spread(thresholds: &BTreeSet<Decimal>) -> Vec<Decimal> {
    let sorted: Vec<Decimal> = thresholds.iter().copied().filter(|t| !t.is_sign_negative() || t.is_zero()).collect();
    let mut all = BTreeSet::new();
    for (at, &threshold) in sorted.iter().enumerate() {
        all.insert(threshold);
        let next = sorted.get(at + 1).copied();
        all.insert(match next {
            Some(next) => threshold + (next - threshold) / Decimal::TWO,
            None => threshold.checked_add(Decimal::ONE).unwrap_or(threshold),
        });
    }
    all.into_iter().collect()
}

/// Every value that is stated of the activity and of the records in it, with its field.
fn each_stated(program: &Program, record: RecordId, facts: &Facts, meet: &mut dyn FnMut(FieldOf, &Value)) {
    for (at, state) in facts.0.iter().enumerate() {
        stated_of(program, (record, FieldId(at as u32)), state, meet);
    }
}

/// Likewise of one field.
fn stated_of(program: &Program, of: FieldOf, state: &State, meet: &mut dyn FnMut(FieldOf, &Value)) {
    let elements = if let State::List(elements) = state { elements.as_slice() } else { std::slice::from_ref(state) };
    for element in elements {
        match (element, program.schema.records[of.0.at()].fields[of.1.at()].ty) {
            (State::Is(Value::Record(inner)), Type::Record(id)) => each_stated(program, id, inner, meet),
            (State::Is(value), _) => meet(of, value),
            _ => {}
        }
    }
}
