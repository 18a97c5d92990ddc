//! Scenarios: facts in the shape in which a host states them. And properties.

use crate::resolve::days;
use crate::resolve::days::day;
use crate::resolve::declarations::Target;
use crate::resolve::nearest::did_you_mean;
use crate::source::{SourceId, Span};
use crate::syntax::tree::{self, Item, Name, Value};
use crate::value::{Date, Raw, Verdict};

use super::Checker;
use super::conditions::place;
use super::program::{ACTIVITY, Claim, Cond, Expect, Fact, Field, Property, RecordId, Scenario, Type};
use super::scope::Scope;

/// Named values under way; a name occurs once.
#[derive(Default)]
struct Stated {
    entries: Vec<(String, Raw)>,
    places: Vec<(String, Span)>,
}

impl Stated {
    fn set(&mut self, name: &str, value: Raw, at: Span) -> Result<(), Span> {
        match self.places.iter().find(|(stated, _)| stated == name) {
            Some((_, first)) => Err(*first),
            None => {
                self.entries.push((name.to_owned(), value));
                self.places.push((name.to_owned(), at));
                Ok(())
            }
        }
    }

    /// Adds to a list, which may have been started before.
    fn push(&mut self, list: &str, value: Raw, at: Span) {
        match self.entries.iter_mut().find(|(name, _)| name == list) {
            Some((_, Raw::List(elements))) => elements.push(value),
            Some((_, other)) => *other = Raw::List(vec![value]),
            None => {
                self.entries.push((list.to_owned(), Raw::List(vec![value])));
                self.places.push((list.to_owned(), at));
            }
        }
    }

    /// Adds to a map, which may have been started before; false when the key is taken.
    fn put(&mut self, map: &str, key: &str, value: Raw, at: Span) -> bool {
        match self.entries.iter_mut().find(|(name, _)| name == map) {
            Some((_, Raw::Map(entries))) => {
                let fresh = entries.iter().all(|(stated, _)| stated != key);
                if fresh {
                    entries.push((key.to_owned(), value));
                }
                fresh
            }
            _ => {
                self.entries.push((map.to_owned(), Raw::Map(vec![(key.to_owned(), value)])));
                self.places.push((map.to_owned(), at));
                true
            }
        }
    }
}

impl<'a> Checker<'a, '_> {
    pub(super) fn scenarios(&mut self, files: &[(SourceId, tree::File)]) -> Vec<Scenario> {
        let mut all = Vec::new();
        for item in files.iter().flat_map(|(_, file)| &file.items) {
            if let Item::Scenario(written) = &item.it {
                let faults = self.report.len();
                let facts: Vec<&tree::Fact> = written.facts.iter().collect();
                let base = all.len();
                all.push(self.scenario(written.title.it.clone(), &facts, &written.expects, item.span));
                // What is wrong with the facts that a variant takes over is said once.
                if self.report.len() == faults {
                    all.extend(written.variants.iter().map(|variant| self.variant(written, variant, base)));
                }
                if self.report.len() == faults {
                    self.expects_something(written);
                }
            }
        }
        all
    }

    fn expects_something(&mut self, written: &tree::Scenario) {
        if written.variants.is_empty() && written.expects.is_empty() {
            self.report.nothing_expected(written.title.span);
        }
        for variant in written.variants.iter().filter(|variant| variant.it.expects.is_empty()) {
            self.report.nothing_expected(variant.it.title.span);
        }
    }

    fn scenario(
        &mut self,
        title: String,
        facts: &[&tree::Fact],
        expects: &[tree::At<tree::Expect>],
        span: Span,
    ) -> Scenario {
        let mut stated = Stated::default();
        for fact in facts {
            if !self.built_in(fact, &mut stated) {
                self.state(fact, ACTIVITY, &mut stated);
            }
        }
        let expects = expects.iter().filter_map(|expect| self.expect(expect)).collect();
        Scenario { title, facts: Raw::Map(stated.entries), places: stated.places, expects, span, variant_of: None }
    }

    /// The scenario with the facts of the variant in the place of its own of the same name.
    fn variant(&mut self, written: &tree::Scenario, variant: &tree::At<tree::Variant>, base: usize) -> Scenario {
        let own = &variant.it;
        for name in &own.without {
            let stated = written.facts.iter().map(|fact| fact.field.it.as_str());
            if !stated.clone().any(|field| field == name.it) {
                let help = did_you_mean(&name.it, stated);
                self.report.unknown_name(name.span, "fact of the scenario", &name.it, help);
            }
        }
        let kept = written.facts.iter().filter(|fact| {
            own.without.iter().all(|name| name.it != fact.field.it)
                && own.facts.iter().all(|changed| key(changed) != key(fact))
        });
        let facts: Vec<&tree::Fact> = kept.chain(&own.facts).collect();
        let title = format!("{}, but {}", written.title.it, own.title.it);
        let scenario = self.scenario(title, &facts, &own.expects, variant.span);
        Scenario { variant_of: Some(base), ..scenario }
    }

    fn expect(&mut self, written: &tree::At<tree::Expect>) -> Option<Expect> {
        let verdict = self.verdict(&written.it.verdict, true);
        let by = written.it.by.iter().filter_map(|reference| self.norm_ref(reference)).collect();
        let needing = written.it.needing.iter().map(|fact| fact.it.clone()).collect();
        let noting = written.it.noting.iter().filter_map(|reference| self.norm_ref(reference)).collect();
        Some(Expect { verdict: verdict?, by, needing, noting })
    }

    fn verdict(&mut self, name: &Name, may_be_open: bool) -> Option<String> {
        let open = may_be_open.then_some("undetermined");
        let known: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.name()).chain(open).collect();
        if known.contains(&name.it.as_str()) {
            return Some(name.it.clone());
        }
        let help = did_you_mean(&name.it, known.iter().copied());
        self.report.unknown_verdict(name.span, &name.it, &known, help);
        None
    }

    /// The facts that every activity has without declaring them. False when this is none of them.
    fn built_in(&mut self, fact: &tree::Fact, stated: &mut Stated) -> bool {
        let at = fact.span.0;
        match fact.field.it.as_str() {
            "complete" => {
                let no = matches!(fact.values.as_slice(), [Value::Word(answer)] if answer.it == "no");
                self.set(fact, stated, "complete", Raw::Bool(!no));
            }
            "asked_on" => {
                let value = self.date_fact(fact);
                self.set(fact, stated, "asked_on", value);
            }
            "act" => {
                let act = self.act(fact);
                stated.push("acts", act, at);
            }
            "line" => {
                let line = self.record_fact(fact, ACTIVITY);
                stated.push("lines", line, at);
            }
            "used" => self.of_exit(fact, stated, "used"),
            "level" => self.of_exit(fact, stated, "levels"),
            "reading" => self.of_reading(fact, stated),
            _ => return false,
        }
        true
    }

    fn set(&mut self, fact: &tree::Fact, stated: &mut Stated, name: &str, value: Raw) {
        if let Err(first) = stated.set(name, value, fact.field.span) {
            self.report.stated_twice(fact.field.span, &fact.field.it, first);
        }
    }

    fn date_fact(&mut self, fact: &tree::Fact) -> Raw {
        match fact.values.as_slice() {
            [Value::Date(date)] => day(date, None, self.decl, self.report).map_or(Raw::Null, text),
            _ => self.malformed(fact, "one date, as in `2017-12-22`"),
        }
    }

    fn malformed(&mut self, fact: &tree::Fact, wanted: &str) -> Raw {
        self.report.malformed_fact(fact.span.0, &fact.field.it, wanted);
        Raw::Null
    }

    /// `act approval { by committee under R2321/11(a) on 2023-09-01 covers { ref "x" } }`
    fn act(&mut self, fact: &tree::Fact) -> Raw {
        let [Value::Word(kind), Value::Record(parts, _)] = fact.values.as_slice() else {
            return self
                .malformed(fact, "a kind and its parts, as in `act approval { by … under … on … covers { … } }`");
        };
        self.one_of("kind of act", kind, &["approval", "notice", "determination", "request"]);
        let mut stated = Stated::default();
        self.set(fact, &mut stated, "kind", Raw::Text(kind.it.clone()));
        for part in parts {
            let value = match part.field.it.as_str() {
                "by" | "to" => self.word_fact(part),
                "under" => self.under_fact(part),
                "on" | "from" | "through" => self.date_fact(part),
                "covers" => self.record_fact(part, ACTIVITY),
                _ => {
                    let known = ["by", "to", "under", "on", "from", "through", "covers"];
                    self.one_of("part of an act", &part.field, &known);
                    continue;
                }
            };
            self.set(part, &mut stated, &part.field.it, value);
        }
        Raw::Map(stated.entries)
    }

    fn word_fact(&mut self, fact: &tree::Fact) -> Raw {
        match fact.values.as_slice() {
            [Value::Word(name) | Value::Text(name)] => Raw::Text(name.it.clone()),
            _ => self.malformed(fact, "one name"),
        }
    }

    fn under_fact(&mut self, fact: &tree::Fact) -> Raw {
        let [Value::Word(name)] = fact.values.as_slice() else {
            return self.malformed(fact, "the name of an exception or of its paragraph");
        };
        let names = &self.decl.names.targets;
        if !matches!(names.get(&name.it), Some(Target::Exit(_) | Target::Paragraph(_))) {
            self.unknown_exit(name, "exception, exemption or paragraph");
        }
        Raw::Text(name.it.clone())
    }

    fn unknown_exit(&mut self, name: &Name, kind: &str) {
        let names = self.decl.names.targets.keys().map(String::as_str);
        let help = did_you_mean(&name.it, names);
        self.report.dangling_reference(name.span, kind, &name.it, help);
    }

    /// `used R2397/5.quota 100_000 bbl`, `level R2397/17.permits 5 permit`
    fn of_exit(&mut self, fact: &tree::Fact, stated: &mut Stated, map: &str) {
        let (name, amounts) = match fact.values.as_slice() {
            [Value::Word(name), amounts @ ..] if !amounts.is_empty() => (name, amounts),
            _ => {
                self.malformed(fact, "an exception and its amount, as in `used R2397/5.quota 100_000 bbl`");
                return;
            }
        };
        if !matches!(self.decl.names.targets.get(&name.it), Some(Target::Exit(_))) {
            self.unknown_exit(name, "exception or exemption");
        }
        let value = self.raw_values(amounts, None).unwrap_or(Raw::Null);
        self.put(stated, map, name, value);
    }

    fn put(&mut self, stated: &mut Stated, map: &str, key: &Name, value: Raw) {
        if !stated.put(map, &key.it, value, key.span) {
            self.report.stated_twice(key.span, &key.it, key.span);
        }
    }

    /// `reading steel_is_iron no`
    fn of_reading(&mut self, fact: &tree::Fact, stated: &mut Stated) {
        let [Value::Word(name), Value::Word(answer)] = fact.values.as_slice() else {
            self.malformed(fact, "a reading and `yes`, `no` or `unknown`");
            return;
        };
        crate::resolve::declarations::find(&self.decl.names.readings, "reading", name, self.report);
        let value = match answer.it.as_str() {
            "yes" => Raw::Bool(true),
            "no" => Raw::Bool(false),
            "unknown" => Raw::Text("unknown".to_owned()),
            _ => self.malformed(fact, "a reading and `yes`, `no` or `unknown`"),
        };
        self.put(stated, "readings", name, value);
    }

    /// A fact of a record: one of its fields, or one more record of one of its lists.
    fn state(&mut self, fact: &tree::Fact, owner: RecordId, stated: &mut Stated) {
        let record = self.record(owner);
        let is_record = matches!(fact.values.as_slice(), [Value::Record(..)]);
        let field = record.by_name.get(&fact.field.it).map(|id| &record.fields[id.at()]);
        if let Some(field) = field.filter(|field| !is_record || matches!(field.ty, Type::Record(_))) {
            let value = self.field_value(fact, field);
            self.set(fact, stated, &field.name, value);
            return;
        }
        if is_record && let Some(counted) = self.counted_in(&fact.field, record, Fact::Own) {
            if let Some((one, other)) = counted.several {
                self.report.two_lists(fact.field.span, &fact.field.it, one, other);
            }
            let (Fact::Own(list) | Fact::Activity(list)) = counted.list;
            let mut value = self.record_fact(fact, counted.record);
            if counted.role.is_some() {
                self.give_role(fact, &mut value);
            }
            stated.push(&record.fields[list.at()].name, value, fact.span.0);
            return;
        }
        self.unknown_fact(fact, owner);
    }

    fn unknown_fact(&mut self, fact: &tree::Fact, owner: RecordId) {
        let record = self.record(owner);
        let lists = record.fields.iter().filter_map(|field| match field.ty {
            Type::Record(of) => Some(self.record(of).name.as_str()),
            _ => None,
        });
        let more: &[&str] = match owner {
            ACTIVITY => &["complete", "asked_on", "act", "used", "level", "reading", "line"],
            _ => &[],
        };
        let known = record.by_name.keys().map(String::as_str).chain(lists).chain(more.iter().copied());
        let help = did_you_mean(&fact.field.it, known);
        self.report.unknown_name(fact.field.span, &format!("field of `{}`", record.name), &fact.field.it, help);
    }

    /// `counterparty { … }` is a party with that role.
    fn give_role(&mut self, fact: &tree::Fact, value: &mut Raw) {
        let Raw::Map(entries) = value else { return };
        if entries.iter().any(|(name, _)| name == "role") {
            self.report.stated_twice(fact.field.span, "role", fact.field.span);
        } else {
            entries.insert(0, ("role".to_owned(), Raw::Text(fact.field.it.clone())));
        }
    }

    fn record_fact(&mut self, fact: &tree::Fact, record: RecordId) -> Raw {
        match fact.values.as_slice() {
            [Value::Record(facts, _)] => self.record_value(facts, record),
            _ => self.malformed(fact, "fields in braces"),
        }
    }

    fn record_value(&mut self, facts: &[tree::Fact], record: RecordId) -> Raw {
        let mut stated = Stated::default();
        for fact in facts {
            self.state(fact, record, &mut stated);
        }
        Raw::Map(stated.entries)
    }

    fn field_value(&mut self, fact: &tree::Fact, field: &Field) -> Raw {
        if fact.values.is_empty() {
            return self.malformed(fact, "a value");
        }
        self.raw_values(&fact.values, Some(field)).unwrap_or(Raw::Null)
    }

    /// One value, or several by comma as a list.
    fn raw_values(&mut self, values: &[Value], field: Option<&Field>) -> Option<Raw> {
        match values {
            [one] => self.raw(one, field, None),
            several => {
                let mut list = Vec::with_capacity(several.len());
                for value in several {
                    list.push(self.raw(value, field, None)?);
                }
                Some(Raw::List(list))
            }
        }
    }

    /// A value as a host would state it. What type it has is for the binder to say, as for a host.
    pub(super) fn raw(&mut self, value: &Value, field: Option<&Field>, adopted: Option<Date>) -> Option<Raw> {
        match value {
            Value::Word(name) => Some(word(&name.it, field)),
            Value::Text(text) => Some(Raw::Text(text.it.clone())),
            Value::Date(written) => days::day(written, adopted, self.decl, self.report).map(text),
            Value::Number(number) => Some(Raw::Text(number_text(number))),
            Value::Codes(range) if range.last.is_none() => Some(Raw::Text(range.first.it.clone())),
            Value::Codes(_) => {
                self.report.no_fact(place(value));
                None
            }
            Value::List(elements, _) => self.raw_values_list(elements, field, adopted),
            Value::Record(facts, _) => match field.map(|field| field.ty) {
                Some(Type::Record(record)) => Some(self.record_value(facts, record)),
                _ => {
                    self.report.no_fact(place(value));
                    None
                }
            },
        }
    }

    fn raw_values_list(&mut self, elements: &[Value], field: Option<&Field>, adopted: Option<Date>) -> Option<Raw> {
        let mut list = Vec::with_capacity(elements.len());
        for element in elements {
            list.push(self.raw(element, field, adopted)?);
        }
        Some(Raw::List(list))
    }

    pub(super) fn properties(&mut self, files: &[(SourceId, tree::File)]) -> Vec<Property> {
        let mut all = Vec::new();
        for item in files.iter().flat_map(|(_, file)| &file.items) {
            if let Item::Property(written) = &item.it {
                all.extend(self.property(written, item.span));
            }
        }
        all
    }

    fn property(&mut self, written: &tree::Property, span: Span) -> Option<Property> {
        let scope = Scope { property: true, ..Scope::default() };
        let when: Cond = self.maybe_condition(written.when.as_ref(), &scope);
        let claim = match &written.claim.it {
            tree::Claim::AtLeast(name) => Claim::AtLeast(self.verdict(name, false)?),
            tree::Claim::AtMost(name) => Claim::AtMost(self.verdict(name, false)?),
            tree::Claim::Is(name) => Claim::Is(self.verdict(name, false)?),
        };
        Some(Property { title: written.title.it.clone(), when, claim, span })
    }
}

/// What a fact of a variant takes the place of: the field or role, and of ledger and readings the entry.
fn key(fact: &tree::Fact) -> (&str, Option<&str>) {
    let entry = match (fact.field.it.as_str(), fact.values.first()) {
        ("used" | "level" | "reading", Some(Value::Word(name))) => Some(name.it.as_str()),
        _ => None,
    };
    (&fact.field.it, entry)
}

/// `unknown` is what nobody knows; `none` stays a word, and the binder knows it.
fn word(name: &str, field: Option<&Field>) -> Raw {
    let yes_no = field.is_some_and(|field| field.ty == Type::YesNo);
    match name {
        "unknown" => Raw::Null,
        "yes" if yes_no => Raw::Bool(true),
        "no" if yes_no => Raw::Bool(false),
        _ => Raw::Text(name.to_owned()),
    }
}

fn number_text(number: &tree::Number) -> String {
    match &number.unit {
        Some(unit) => format!("{} {}", number.value.it, unit.it),
        None => number.value.it.to_string(),
    }
}

fn text(date: Date) -> Raw {
    Raw::Text(date.to_string())
}
