//! Lists of records: what is asked of those that are stated, and of the kinds of those that may be.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, Fact, FieldId, RecordId, Terms, Type};
use crate::diagram::table::{NO, OverBudget, Ref, YES};
use crate::facts::lists::{Asked, OfQuestion};
use crate::facts::path::FactPath;
use crate::facts::question::{Facts, Reference, State, Value, names_of};

use super::domain::MOST_ASKS;
use super::tested::{Ask, Body, FieldOf};
use super::{Cell, Done, Ground, Key, Rep, Site, Worlds, record_of};

/// By the id of a stated party: the worlds in which it is listed.
pub(super) type Parties = BTreeMap<String, Ref>;

impl<'a> Worlds<'a> {
    pub(super) fn site_key(&self, site: &Site<'_>) -> Key {
        match site {
            Site::Activity => Key::Stated(Default::default()),
            Site::Stated { place, .. } => Key::Stated(place.clone()),
            Site::Any { id, .. } => Key::Any(*id),
        }
    }

    /// The records of a stated list, each as a place to ask conditions of; `None` when it may be any list.
    fn stated_records(&self, site: &Site<'a>, field: FieldId, inner: RecordId) -> Option<Vec<Site<'a>>> {
        let elements = match self.state(site, field)? {
            State::List(elements) => elements.as_slice(),
            State::None => &[],
            State::Unstated if self.mode.complete => &[],
            State::Unstated | State::Unknown => return None,
            State::Is(_) => unreachable!("a list of records holds a list"),
        };
        let place = match site {
            Site::Stated { place, .. } => place.clone(),
            Site::Activity | Site::Any { .. } => self.activity_place(field),
        };
        let at = |(at, state): (usize, &'a State)| {
            let mut place = place.clone();
            place.steps.push((field, at));
            Site::Stated { place, record: inner, facts: record_of(state) }
        };
        Some(elements.iter().enumerate().map(at).collect())
    }

    pub(super) fn count(
        &mut self,
        site: &Site<'a>,
        list: Fact,
        role: Option<&Terms>,
        at_least: u32,
        body: &crate::check::program::Cond,
    ) -> Done<Ref> {
        let (site, record, field) = self.locate(site, list);
        let Type::Record(inner) = self.ty(record, field).0 else { unreachable!("records are counted") };
        let mut counted = Vec::new();
        match self.stated_records(&site, field, inner) {
            Some(records) => {
                for here in records {
                    let holds = self.body(&here, inner, role, body)?;
                    counted.push((Ref::leaf(1), holds));
                }
            }
            None if self.mode.rough => return self.anything(&site, field),
            None => {
                let asked = (role.cloned(), body.clone());
                let at = self.body_number((record, field), &asked);
                let kinds = self.kinds(&site, record, field, inner)?;
                let at = kinds.of_line[&self.line][at];
                counted.extend(kinds.kinds.into_iter().map(|(count, holds)| (count, holds[at])));
            }
        }
        self.reach_count(&counted, at_least)
    }

    /// The worlds in which a list of records is not empty.
    pub(super) fn count_all(&mut self, site: &Site<'a>, record: RecordId, field: FieldId) -> Done<Ref> {
        let Type::Record(inner) = self.ty(record, field).0 else { unreachable!("records are counted") };
        match self.stated_records(site, field, inner) {
            Some(records) => Ok(if records.is_empty() { NO } else { YES }),
            None if self.mode.rough => self.anything(site, field),
            None => {
                let kinds = self.kinds(site, record, field, inner)?;
                let mut any = NO;
                for (count, _) in kinds.kinds {
                    let some = self.table.map(count, &mut |n| u32::from(n > 0))?;
                    any = self.table.or(any, some)?;
                }
                Ok(any)
            }
        }
    }

    /// A condition that may hold or fail.
    fn anything(&mut self, site: &Site<'a>, field: FieldId) -> Done<Ref> {
        let path = self.path(site, field, None, None);
        let var = self.fresh(self.depth(site), vec![path], vec![Rep::YesNo(false), Rep::YesNo(true)]);
        self.table.test(var, [false, true])
    }

    fn reach_count(&mut self, counted: &[(Ref, Ref)], at_least: u32) -> Done<Ref> {
        let mut sum = Ref::leaf(0);
        for &(count, holds) in counted {
            let here = self.table.choose(holds, count, Ref::leaf(0))?;
            sum = self.table.apply(sum, here, &mut |a, b| (a + b).min(at_least))?;
        }
        self.table.map(sum, &mut |n| u32::from(n >= at_least))
    }

    pub(super) fn body(
        &mut self,
        here: &Site<'a>,
        record: RecordId,
        role: Option<&Terms>,
        body: &crate::check::program::Cond,
    ) -> Done<Ref> {
        let plays = match (role, self.ground.program.schema.records[record.at()].role) {
            (Some(role), Some(field)) => {
                let elements = self.elements(here, record, field)?;
                self.some_element(&elements, &mut |rep| matches!(rep, Rep::Term(term) if role.has(*term)))?
            }
            _ => YES,
        };
        if plays == NO {
            return Ok(NO);
        }
        let holds = self.cond(here, body)?;
        self.table.and(plays, holds)
    }

    fn body_number(&self, of: FieldOf, asked: &Body) -> usize {
        let bodies = self.tested.bodies.get(&of).map_or(&[][..], |(bodies, _)| bodies);
        let at = bodies.iter().position(|known| known == asked);
        at.expect("the tests of a condition are collected before it is asked")
    }

    /// What acts cover of the records of this list, in the order of the acts.
    pub(super) fn covered_records(&self, record: RecordId, field: FieldId) -> Vec<&'a Facts> {
        let mut found = Vec::new();
        for facts in self.question.acts.iter().filter_map(|act| act.covers.as_ref()) {
            self.covered_below(ACTIVITY, facts, (record, field), &mut found);
        }
        found
    }

    /// Likewise what these facts of a record, and of the records in it, cover.
    fn covered_below(&self, of: RecordId, facts: &'a Facts, list: FieldOf, found: &mut Vec<&'a Facts>) {
        for (at, state) in facts.0.iter().enumerate() {
            let field = FieldId(at as u32);
            let (State::List(elements), Type::Record(inner)) = (state, self.ty(of, field).0) else { continue };
            for facts in elements.iter().filter_map(record_of) {
                if (of, field) == list {
                    found.push(facts);
                }
                self.covered_below(inner, facts, list, found);
            }
        }
    }

    /// `listed in LIST`, of the record at hand, or of those that a field of it refers to.
    pub(super) fn listed(&mut self, site: &Site<'a>, who: Option<FieldId>, ask: &Ask) -> Done<Ref> {
        match who {
            None => self.listed_itself(site, ask),
            Some(field) => self.listed_through(site, field, ask),
        }
    }

    fn listed_itself(&mut self, site: &Site<'a>, ask: &Ask) -> Done<Ref> {
        let (record, facts) = match site {
            Site::Stated { record, facts, .. } => (*record, *facts),
            Site::Any { record, .. } => (*record, None),
            Site::Activity => unreachable!("a list is asked about a record"),
        };
        let Ground { program, lists, .. } = self.ground;
        let (schema, complete) = (&program.schema, self.mode.complete);
        let says = |asked: Asked<'_>, date| {
            facts.and_then(|facts| lists.says(schema, &OfQuestion { schema, record, facts }, asked, date, complete))
        };
        self.listed_as(site, None, ask, &says)
    }

    /// On a list for a measure, or as an entry: then on the list at all.
    fn listed_as(
        &mut self,
        site: &Site<'a>,
        via: Option<(FieldId, usize)>,
        ask: &Ask,
        says: &dyn Fn(Asked<'_>, crate::value::Date) -> Option<bool>,
    ) -> Done<Ref> {
        let at_all = (ask.0, None, None);
        let mut listed = YES;
        let asks = [Some(&at_all).filter(|at_all| *at_all != ask), Some(ask)];
        for ask in asks.into_iter().flatten() {
            let asked = Asked { list: ask.0, measure: ask.1, entry: ask.2.as_deref() };
            let here = self.yes_or_unknown(site, via, ask, &|date| says(asked, date))?;
            listed = self.table.and(listed, here)?;
        }
        Ok(listed)
    }

    fn yes_or_unknown(
        &mut self,
        site: &Site<'a>,
        via: Option<(FieldId, usize)>,
        ask: &Ask,
        says: &dyn Fn(crate::value::Date) -> Option<bool>,
    ) -> Done<Ref> {
        let yes = self.on_date(&mut |date| says(date) == Some(true))?;
        let open = self.on_date(&mut |date| says(date).is_none())?;
        if open == NO {
            return Ok(yes);
        }
        let key = (self.site_key(site), via, ask.clone());
        let unknown = match self.listings.get(&key) {
            Some(&known) => known,
            None => {
                let place = match site {
                    Site::Stated { place, .. } => place.clone(),
                    Site::Activity | Site::Any { .. } => Default::default(),
                };
                let path = FactPath::Listed { place, list: ask.0, via };
                let values = vec![Rep::YesNo(false), Rep::YesNo(true)];
                let var = self.fresh(self.depth(site), vec![path], values);
                let dd = self.table.test(var, [false, true])?;
                self.listings.insert(key, dd);
                dd
            }
        };
        let maybe = self.table.and(open, unknown)?;
        self.table.or(yes, maybe)
    }

    fn listed_through(&mut self, site: &Site<'a>, field: FieldId, ask: &Ask) -> Done<Ref> {
        let record = match site {
            Site::Stated { record, .. } | Site::Any { record, .. } => *record,
            Site::Activity => unreachable!("a list is asked about a record"),
        };
        let parties = self.parties_listed(record, field, ask)?;
        self.some_listed(site, record, field, ask, &parties)
    }

    /// Of the stated parties by their ids: the worlds in which each is listed, itself or through those that the
    /// field refers to, and so on. The field has the same name in a party as in the record where the chain begins.
    fn parties_listed(&mut self, record: RecordId, field: FieldId, ask: &Ask) -> Done<Parties> {
        let Some((party, mut sites)) = self.stated_parties() else { return Ok(Parties::new()) };
        sites.retain(|site| !self.own_names(site).is_empty());
        let onward = self.ground.program.schema.onward(record, field).map(|(_, field)| field);
        let key = (self.line, onward, ask.clone());
        if let Some(known) = self.chains.get(&key) {
            return Ok(known.clone());
        }
        let mut itself = Vec::new();
        for site in &sites {
            itself.push(self.listed_itself(site, ask)?);
        }
        let mut known = self.by_name(party, &sites, &itself)?;
        // A chain may lead back to where it came from: add what one more link brings until nothing is added.
        while let Some(field) = onward {
            let mut listed = Vec::new();
            for (site, itself) in sites.iter().zip(&itself) {
                let through = self.some_listed(site, party, field, ask, &known)?;
                listed.push(self.table.or(*itself, through)?);
            }
            let next = self.by_name(party, &sites, &listed)?;
            if next == known {
                break;
            }
            known = next;
        }
        self.chains.insert(key, known.clone());
        Ok(known)
    }

    /// The worlds in which somebody is listed whom a list of references names: one of `parties`, or somebody else.
    fn some_listed(
        &mut self,
        site: &Site<'a>,
        record: RecordId,
        field: FieldId,
        ask: &Ask,
        parties: &Parties,
    ) -> Done<Ref> {
        let bit = self.tested.chained.get(&(record, field)).and_then(|asks| asks.iter().position(|known| known == ask));
        let mut any = NO;
        let own = self.own_names(site);
        for (at, (present, cell)) in self.elements(site, record, field)?.into_iter().enumerate() {
            let listed = match &cell {
                Cell::Fixed(Rep::Reference(Reference::Id(id))) if present == YES => match parties.get(id) {
                    Some(&party) => party,
                    None => {
                        let Ground { program, lists, .. } = self.ground;
                        let says = |asked: Asked<'_>, date| lists.says_of_id(&program.schema, id, asked, date);
                        self.listed_as(site, Some((field, at)), ask, &says)?
                    }
                },
                // Nothing tells those apart who are on that list and those who are not.
                Cell::Var(_) | Cell::Fixed(Rep::Somebody(_)) if bit.is_none_or(|bit| bit >= MOST_ASKS) => {
                    return Err(OverBudget);
                }
                cell => {
                    let mut listed = self.test_cell(cell, &mut |rep| match (rep, bit) {
                        (Rep::Somebody(lists), Some(bit)) => lists & (1 << bit) != 0,
                        _ => false,
                    })?;
                    // Somebody of the activity may be meant, but nobody unknown stands so to himself.
                    for (id, &party) in
                        parties.iter().filter(|(id, party)| **party != NO && !own.contains(&id.as_str()))
                    {
                        let named = self.test_cell(
                            cell,
                            &mut |rep| matches!(rep, Rep::Reference(Reference::Id(named)) if named == id),
                        )?;
                        let both = self.table.and(named, party)?;
                        listed = self.table.or(listed, both)?;
                    }
                    listed
                }
            };
            let both = self.table.and(present, listed)?;
            any = self.table.or(any, both)?;
        }
        Ok(any)
    }

    /// What others refer to a stated party by.
    fn own_names(&self, site: &Site<'a>) -> Vec<&'a str> {
        let schema = &self.ground.program.schema;
        match site {
            Site::Stated { record, facts: Some(facts), .. } => names_of(facts, schema.id_fields(*record)).collect(),
            _ => Vec::new(),
        }
    }

    /// What holds of each of some parties, by what others refer to them by. Who has several parts in the activity is stated
    /// several times.
    fn by_name(&mut self, party: RecordId, sites: &[Site<'a>], holds: &[Ref]) -> Done<Parties> {
        let fields = self.ground.program.schema.id_fields(party);
        let mut parties = Parties::new();
        for (site, &holds) in sites.iter().zip(holds) {
            let Site::Stated { facts: Some(facts), .. } = site else { continue };
            for name in names_of(facts, fields) {
                let known = parties.get(name).copied().unwrap_or(NO);
                let either = self.table.or(known, holds)?;
                parties.insert(name.to_owned(), either);
            }
        }
        Ok(parties)
    }

    /// The stated parties.
    fn stated_parties(&self) -> Option<(RecordId, Vec<Site<'a>>)> {
        let field = self.ground.program.schema.core.parties?;
        let Type::Record(inner) = self.ty(ACTIVITY, field).0 else { return None };
        Some((inner, self.stated_records(&Site::Activity, field, inner)?))
    }

    /// What others may refer to the stated parties by.
    pub(super) fn names_of_parties(&self) -> BTreeSet<String> {
        let sites = self.stated_parties().map_or(Vec::new(), |(_, sites)| sites);
        sites.iter().flat_map(|site| self.own_names(site)).map(str::to_owned).collect()
    }

    /// The worlds in which some record of a list has all the facts that an act covers.
    pub(super) fn some_covered(
        &mut self,
        site: &Site<'a>,
        record: RecordId,
        field: FieldId,
        covers: &'a Facts,
    ) -> Done<Ref> {
        let Type::Record(inner) = self.ty(record, field).0 else { unreachable!("records are covered") };
        let mut any = NO;
        match self.stated_records(site, field, inner) {
            Some(records) => {
                for here in records {
                    let fits = self.covered_record(&here, inner, covers)?;
                    any = self.table.or(any, fits)?;
                }
            }
            None if self.mode.rough => return self.anything(site, field),
            None => {
                let bodies = self.tested.bodies.get(&(record, field)).map_or(0, |(bodies, _)| bodies.len());
                let covered = self.covered_records(record, field);
                let at = covered.iter().position(|known| std::ptr::eq(*known, covers)).expect("it is an act's");
                let kinds = self.kinds(site, record, field, inner)?;
                let at = kinds.of_line[&self.line][bodies + at];
                for (count, answers) in kinds.kinds {
                    let some = self.table.map(count, &mut |n| u32::from(n > 0))?;
                    let fits = self.table.and(some, answers[at])?;
                    any = self.table.or(any, fits)?;
                }
            }
        }
        Ok(any)
    }

    pub(super) fn covered_record(&mut self, here: &Site<'a>, record: RecordId, covers: &'a Facts) -> Done<Ref> {
        let mut all = YES;
        for (at, state) in covers.0.iter().enumerate() {
            let fits = self.covered_field(here, record, FieldId(at as u32), state)?;
            all = self.table.and(all, fits)?;
        }
        Ok(all)
    }

    /// The worlds in which a field's value lies in the value that an act covers.
    pub(super) fn covered_field(
        &mut self,
        here: &Site<'a>,
        record: RecordId,
        field: FieldId,
        covers: &'a State,
    ) -> Done<Ref> {
        match covers {
            State::Unstated | State::Unknown => Ok(YES),
            State::None => self.is_absent(here, field),
            State::Is(Value::Amounts(amounts)) => {
                let mut all = YES;
                for (&unit, most) in amounts {
                    let cell = self.cell(here, record, field, Some(unit));
                    let fits = self.test_cell(&cell, &mut |rep| matches!(rep, Rep::Amount(is) if is <= most))?;
                    all = self.table.and(all, fits)?;
                }
                Ok(all)
            }
            State::Is(value) => {
                let elements = self.elements(here, record, field)?;
                self.every_within(&elements, record, field, &[value])
            }
            State::List(given) if matches!(self.ty(record, field).0, Type::Record(_)) => {
                let mut all = YES;
                for covers in given.iter().filter_map(record_of) {
                    let fits = self.some_covered(here, record, field, covers)?;
                    all = self.table.and(all, fits)?;
                }
                Ok(all)
            }
            State::List(given) => {
                let values: Vec<&Value> = given
                    .iter()
                    .filter_map(|state| match state {
                        State::Is(value) => Some(value),
                        _ => None,
                    })
                    .collect();
                let elements = self.elements(here, record, field)?;
                if values.is_empty() {
                    return self.is_absent(here, field);
                }
                self.every_within(&elements, record, field, &values)
            }
        }
    }

    fn is_absent(&mut self, here: &Site<'a>, field: FieldId) -> Done<Ref> {
        let fact = match here {
            Site::Activity => Fact::Activity(field),
            Site::Stated { .. } | Site::Any { .. } => Fact::Own(field),
        };
        self.cond(here, &crate::check::program::Cond::Absent { fact })
    }

    /// There is a value, and every value lies in one of those given.
    fn every_within(
        &mut self,
        elements: &[(Ref, Cell)],
        record: RecordId,
        field: FieldId,
        given: &[&Value],
    ) -> Done<Ref> {
        let half = self.half(record, field);
        let ty = self.ty(record, field).0;
        let taxonomies = &self.ground.program.schema.taxonomies;
        let branch_of = |term: u32| match ty {
            Type::Term(at) | Type::Root(at) | Type::Reference(at) => term..taxonomies[at.at()].terms[term as usize].end,
            _ => term..term,
        };
        let codes_of: Vec<Vec<(u64, u64)>> = given
            .iter()
            .map(|value| match (half, value) {
                (super::conditions::Half::Item, Value::Term(term)) => self.branch_codes(*term),
                _ => Vec::new(),
            })
            .collect();
        let mut inside =
            |rep: &Rep| given.iter().zip(&codes_of).any(|(value, codes)| within(rep, value, &branch_of, codes, half));
        let (mut some, mut outside) = (NO, NO);
        for (present, cell) in elements {
            let fits = self.test_cell(cell, &mut inside)?;
            let here = self.table.and(*present, fits)?;
            some = self.table.or(some, here)?;
            let misfit = self.table.not(fits)?;
            let there = self.table.and(*present, misfit)?;
            outside = self.table.or(outside, there)?;
        }
        let none_outside = self.table.not(outside)?;
        self.table.and(some, none_outside)
    }
}

fn within(
    rep: &Rep,
    value: &Value,
    branch_of: &dyn Fn(u32) -> std::ops::Range<u32>,
    codes: &[(u64, u64)],
    half: super::conditions::Half,
) -> bool {
    use super::conditions::Half;
    match (half, rep, value) {
        (Half::Item, Rep::Goods(Some(item), _), Value::Term(term)) => branch_of(*term).contains(item),
        (Half::Item, Rep::Goods(None, Some(code)), Value::Term(_)) => {
            codes.iter().any(|&(a, b)| a <= *code && *code < b)
        }
        (Half::Code, Rep::Goods(_, Some(code)), Value::Codes(from, to)) => from <= code && code < to,
        (Half::Item | Half::Code, _, _) => false,
        (Half::Whole, Rep::Term(is), Value::Term(term)) => branch_of(*term).contains(is),
        (Half::Whole, Rep::Code(code), Value::Codes(from, to)) => from <= code && code < to,
        (Half::Whole, Rep::Day(is), Value::Date(date)) => is == date,
        (Half::Whole, Rep::YesNo(is), Value::YesNo(yes)) => is == yes,
        (Half::Whole, Rep::Text(is), Value::Text(text)) => is == text,
        (Half::Whole, Rep::Reference(is), Value::Reference(reference)) => is == reference,
        (Half::Whole, Rep::Listing(is, _), Value::Listing(list, None)) => is == list,
        (Half::Whole, Rep::Listing(is, measure), Value::Listing(list, asked)) => is == list && measure == asked,
        _ => false,
    }
}
