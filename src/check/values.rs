//! `field is value`: what a value means depends on the type of the field.

use crate::resolve::codes::{self, merged};
use crate::resolve::nearest::did_you_mean;
use crate::syntax::tree::{self, Name, TestOp, Value};
use crate::value::{Date, Decimal, Unit};

use super::Checker;
use super::conditions::{negated_if, place};
use super::program::{Cond, Fact, Field, ListId, Op, Set, TaxonomyId, Terms, Type};
use super::scope::Scope;

/// What one value of a test stands for.
enum Part {
    Branch(u32, u32),
    Codes(u64, u64),
    Day(Date),
    YesNo(bool),
    Text(String),
    Amount(Unit, Decimal),
    /// A country, by its branch.
    Country(u32, u32),
    Id(String),
    List(ListId),
    /// Another field of the same kind.
    Field(Fact),
}

impl Checker<'_, '_> {
    /// `origin is KP`, `item not under any of { food, medicine }`, `flag is actor_state`.
    pub(super) fn test(&mut self, written: &tree::Cond, scope: &Scope) -> Option<Cond> {
        let tree::Cond::Test { field: name, negated, op, values, .. } = written else { return None };
        let (fact, field) = self.fact(name, scope)?;
        if *op == TestOp::Under && !matches!(field.ty, Type::Term(_) | Type::Root(_) | Type::Reference(_) | Type::Hs) {
            let holds = self.in_words(field);
            self.report.nothing_under(name.span, &name.it, &holds);
            return None;
        }
        let mut parts = Vec::with_capacity(values.len());
        for value in values {
            parts.extend(self.part(value, field, *op, scope));
        }
        if parts.len() < values.len() {
            return None;
        }
        Some(negated_if(*negated, self.any_part(fact, parts)))
    }

    fn part(&mut self, value: &Value, field: &Field, op: TestOp, scope: &Scope) -> Option<Part> {
        if let Value::Word(name) = value
            && let Some(other) = self.other_field(name, value, field, op, scope)
        {
            return other;
        }
        match field.ty {
            Type::Term(taxonomy) => self.term_part(value, field, taxonomy),
            Type::Root(taxonomy) => self.country_part(value, field, taxonomy).map(|(from, to)| Part::Branch(from, to)),
            Type::Reference(taxonomy) => self.reference_part(value, field, taxonomy),
            Type::Hs => self.codes_part(value, field),
            Type::Date => self.day_of(value, field, scope).map(Part::Day),
            Type::YesNo => self.yes_no_part(value, field),
            Type::Text => self.text_part(value, field),
            Type::Quantity | Type::Money => self.amount_part(value, field),
            Type::Listing => self.list_part(value, field),
            Type::Record(_) => {
                self.wrong_value(value, field);
                None
            }
        }
    }

    /// A word that is no value of the type but the name of a field; `Some(None)` when that field does not fit.
    fn other_field(
        &mut self,
        name: &Name,
        value: &Value,
        field: &Field,
        op: TestOp,
        scope: &Scope,
    ) -> Option<Option<Part>> {
        if field.ty.taxonomy().is_some_and(|of| self.schema().taxonomies[of.at()].by_name.contains_key(&name.it)) {
            return None;
        }
        let (fact, other) = self.fact_named(&name.it, scope)?;
        if op == TestOp::Under || !comparable(field.ty, other.ty) {
            let (holds, others) = (self.in_words(field), self.in_words(other));
            if op == TestOp::Under {
                self.report.nothing_under(place(value), &name.it, "a field");
            } else {
                self.report.fields_of_two_kinds(place(value), &field.name, &holds, &name.it, &others);
            }
            return Some(None);
        }
        Some(Some(Part::Field(fact)))
    }

    fn term_part(&mut self, value: &Value, field: &Field, taxonomy: TaxonomyId) -> Option<Part> {
        let Value::Word(name) = value else {
            self.wrong_value(value, field);
            return None;
        };
        let term = self.decl.term(taxonomy, name, self.report)?;
        Some(Part::Branch(term, self.schema().taxonomies[taxonomy.at()].terms[term as usize].end))
    }

    fn country_part(&mut self, value: &Value, field: &Field, taxonomy: TaxonomyId) -> Option<(u32, u32)> {
        let Some(Part::Branch(from, to)) = self.term_part(value, field, taxonomy) else { return None };
        let term = &self.schema().taxonomies[taxonomy.at()].terms[from as usize];
        if term.parent.is_some() {
            self.report.not_a_country_term(place(value), &term.name);
            return None;
        }
        Some((from, to))
    }

    fn reference_part(&mut self, value: &Value, field: &Field, taxonomy: TaxonomyId) -> Option<Part> {
        match value {
            Value::Text(text) => Some(Part::Id(text.it.clone())),
            Value::Word(name) if self.decl.names.authorities.contains_key(&name.it) => Some(Part::Id(name.it.clone())),
            _ => self.country_part(value, field, taxonomy).map(|(from, to)| Part::Country(from, to)),
        }
    }

    fn codes_part(&mut self, value: &Value, field: &Field) -> Option<Part> {
        let Value::Codes(range) = value else {
            self.wrong_value(value, field);
            return None;
        };
        match codes::range(range) {
            Ok((from, to)) => Some(Part::Codes(from, to)),
            Err(part) => {
                self.report.malformed_code(part.span, &part.it);
                None
            }
        }
    }

    fn yes_no_part(&mut self, value: &Value, field: &Field) -> Option<Part> {
        match value {
            Value::Word(name) if name.it == "yes" => Some(Part::YesNo(true)),
            Value::Word(name) if name.it == "no" => Some(Part::YesNo(false)),
            _ => {
                self.wrong_value(value, field);
                None
            }
        }
    }

    fn text_part(&mut self, value: &Value, field: &Field) -> Option<Part> {
        let Value::Text(text) = value else {
            self.wrong_value(value, field);
            return None;
        };
        Some(Part::Text(text.it.clone()))
    }

    fn amount_part(&mut self, value: &Value, field: &Field) -> Option<Part> {
        let Value::Number(number) = value else {
            self.wrong_value(value, field);
            return None;
        };
        let (unit, amount) = self.amount(number, field)?;
        Some(Part::Amount(unit, amount))
    }

    fn list_part(&mut self, value: &Value, field: &Field) -> Option<Part> {
        let Value::Word(name) = value else {
            self.wrong_value(value, field);
            return None;
        };
        self.decl.list(name, self.report).map(Part::List)
    }

    /// One test for the values of each kind; several hold as any of them.
    fn any_part(&self, fact: Fact, parts: Vec<Part>) -> Cond {
        let mut sorted = Sorted::default();
        for part in parts {
            sorted.add(fact, part);
        }
        let Sorted { branches, codes, days, texts, countries, ids, lists, mut whole } = sorted;
        let mut test = |set| whole.push(Cond::Test { fact, set });
        if !codes.is_empty() {
            test(Set::Codes(merged(codes)));
        }
        if !days.is_empty() {
            test(Set::Dates(merged(days)));
        }
        if !texts.is_empty() {
            test(Set::Texts(texts));
        }
        if !countries.is_empty() || !ids.is_empty() {
            test(Set::References { terms: Terms(merged(countries)), ids });
        }
        if !lists.is_empty() {
            test(Set::Lists(lists));
        }
        if !branches.is_empty() {
            whole.push(self.in_branches(fact, Terms(merged(branches))));
        }
        if whole.len() == 1 { whole.remove(0) } else { Cond::Any(whole) }
    }

    /// Of the field of goods this is also a test of the HS code.
    fn in_branches(&self, fact: Fact, terms: Terms) -> Cond {
        match self.schema().core.goods {
            Some((goods, _)) if fact == Fact::Activity(goods) => {
                let Type::Term(taxonomy) = self.activity().fields[goods.at()].ty else {
                    unreachable!("`resolve` lets only a field of a taxonomy be coded");
                };
                let all = &self.schema().taxonomies[taxonomy.at()].terms;
                let carried = terms.0.iter().flat_map(|&(from, to)| &all[from as usize..to as usize]);
                let codes = merged(carried.flat_map(|term| term.codes.iter().copied()).collect());
                Cond::Goods { terms, codes }
            }
            _ => Cond::Test { fact, set: Set::Terms(terms) },
        }
    }
}

/// The values of one test, by kind.
#[derive(Default)]
struct Sorted {
    branches: Vec<(u32, u32)>,
    codes: Vec<(u64, u64)>,
    days: Vec<(Date, Date)>,
    texts: Vec<String>,
    countries: Vec<(u32, u32)>,
    ids: Vec<String>,
    lists: Vec<ListId>,
    /// Those that are a condition each.
    whole: Vec<Cond>,
}

impl Sorted {
    fn add(&mut self, fact: Fact, part: Part) {
        match part {
            Part::Branch(from, to) => self.branches.push((from, to)),
            Part::Codes(from, to) => self.codes.push((from, to)),
            Part::Day(day) => self.days.push((day, day.next())),
            Part::Text(text) => self.texts.push(text),
            Part::Country(from, to) => self.countries.push((from, to)),
            Part::Id(id) => self.ids.push(id),
            Part::List(list) => self.lists.push(list),
            Part::YesNo(yes) => self.whole.push(Cond::Test { fact, set: Set::YesNo(yes) }),
            Part::Field(right) => self.whole.push(Cond::Same { left: fact, right }),
            Part::Amount(unit, than) => {
                let bound = |op| Cond::Test { fact, set: Set::Amount { unit, op, than } };
                self.whole.push(Cond::All(vec![bound(Op::LessOrEqual), bound(Op::MoreOrEqual)]));
            }
        }
    }
}

/// Facts of one kind; places, countries and references name the same world.
fn comparable(left: Type, right: Type) -> bool {
    match (left.taxonomy(), right.taxonomy()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right && matches!(left, Type::Hs | Type::Date | Type::YesNo | Type::Text),
    }
}

impl Checker<'_, '_> {
    /// A word among some, reported with the nearest.
    pub(super) fn one_of<'w>(&mut self, kind: &str, name: &Name, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().copied().find(|word| *word == name.it);
        if found.is_none() {
            let help = did_you_mean(&name.it, words.iter().copied());
            self.report.unknown_name(name.span, kind, &name.it, help);
        }
        found
    }
}
