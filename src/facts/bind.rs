//! A host's activity → a question in which every fact has its type.

mod acts;
mod amounts;
mod countries;
mod goods;
mod named;
mod values;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::check::program::{ACTIVITY, ExitId, FieldId, Limit, Program, ReadingId, RecordId, Schema, TaxonomyId, Type};
use crate::value::raw::{DEEPEST, Way};
use crate::value::{Date, Decimal, Raw, Unit};

use super::error::{FactsError, Problem};
use super::lists::{Lists, OfQuestion};
use super::near::{nearest, nearest_citation};
use super::question::{Facts, Line, Question, State, Value};

pub(crate) use acts::provision;
pub(crate) use values::{IMO, imo_number};

/// Names at the top of an activity that are no fields.
const BUILT_IN: [&str; 7] = ["complete", "asked_on", "lines", "acts", "used", "levels", "readings"];

/// Most problems that are reported of one activity.
const MOST: usize = 100;

/// Lines times the facts that each of them has of the whole: beyond it a small text would fill the memory.
const MOST_SHARED: usize = 2_000_000;

/// Gives every stated fact its type.
///
/// What is stated is either understood exactly or an error; nothing is
/// guessed, rounded or left out. All problems are reported together.
pub(crate) fn bind(program: &Program, lists: &Lists, raw: &Raw) -> Result<Question, FactsError> {
    let Raw::Map(stated) = raw else {
        return Err(FactsError::one("", format!("an activity is a map of facts, not {}", found(raw))));
    };
    if let Some((name, _)) = stated.iter().find(|(_, value)| !value.is_within(DEEPEST - 1)) {
        return Err(FactsError::one(quoted(name), format!("nested deeper than {DEEPEST} levels")));
    }
    let mut binder = Binder::new(program, lists);
    collect_ids(raw, &mut binder.ids);
    let question = binder.question(stated);
    binder.finish(question)
}

/// Gives the value of one field of the activity its type, as in `presume omission is no`.
pub(crate) fn bind_field(program: &Program, field: FieldId, raw: &Raw) -> Result<State, FactsError> {
    let lists = Lists::new();
    let mut binder = Binder::new(program, &lists);
    let state =
        binder.field(ACTIVITY, field, raw, &Way::Name(&Way::Top, &program.schema.records[0].fields[field.at()].name));
    binder.finish(state)
}

struct Binder<'a> {
    program: &'a Program,
    lists: &'a Lists,
    /// Of the countries.
    places: Option<TaxonomyId>,
    /// The ids of the stated parties and vessels.
    ids: HashSet<&'a str>,
    problems: Vec<Problem>,
    /// Of some amount it was said that it is not known in one of its units.
    in_all_units: bool,
}

impl<'a> Binder<'a> {
    fn new(program: &'a Program, lists: &'a Lists) -> Binder<'a> {
        let schema = &program.schema;
        let places = schema.records.first().and_then(|activity| activity.fields.get(schema.core.actor_state.at()));
        let places = match places.map(|field| field.ty) {
            Some(Type::Root(taxonomy) | Type::Term(taxonomy) | Type::Reference(taxonomy)) => Some(taxonomy),
            _ => None,
        };
        Binder { program, lists, places, ids: HashSet::new(), problems: Vec::new(), in_all_units: false }
    }

    fn schema(&self) -> &'a Schema {
        &self.program.schema
    }

    fn finish<T>(self, value: T) -> Result<T, FactsError> {
        FactsError::of(self.problems).map_or(Ok(value), Err)
    }

    /// Notes a problem. `help` is asked for only when it will be shown.
    fn problem(&mut self, way: &Way<'_>, message: impl Into<String>, help: impl FnOnce() -> Option<String>) {
        if self.problems.len() == MOST {
            return;
        }
        let mut problem = Problem::new(way.to_string(), message);
        problem.set_help(help());
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn wrong(&mut self, way: &Way<'_>, raw: &Raw, accepted: &str) {
        self.problem(way, format!("{accepted} is accepted, not {}", found(raw)), || None);
    }

    fn question(&mut self, stated: &'a [(String, Raw)]) -> Question {
        let top = Way::Top;
        let facts = self.record(ACTIVITY, stated, &top);
        let mut question = Question::default();
        for (name, raw) in stated {
            let way = &Way::Name(&top, name);
            match name.as_str() {
                "complete" if *raw == Raw::Null => {}
                "complete" => question.complete = self.yes_no(raw, way).unwrap_or(false),
                "asked_on" => question.asked_on = self.optional(raw).and_then(|raw| self.date(raw, way)),
                "lines" => question.lines = self.lines(&facts, raw, way),
                "acts" => question.acts = self.acts(raw, way),
                "used" => question.used = self.ledger(raw, way, false),
                "levels" => question.levels = self.ledger(raw, way, true),
                "readings" => question.readings = self.readings(raw, way),
                _ => {}
            }
        }
        question.in_all_units = self.in_all_units;
        if question.lines.is_empty() {
            question.lines.push(Line { facts, own: BTreeSet::new() });
        }
        named::unite(self.schema(), &mut question);
        countries::join(self.schema(), &mut question);
        for (at, line) in question.lines.iter().enumerate() {
            self.goods(line, at);
            self.listed(line, at);
        }
        question
    }

    /// `None` when nobody said.
    fn optional<'r>(&self, raw: &'r Raw) -> Option<&'r Raw> {
        (!is_unknown(raw)).then_some(raw)
    }

    /// The facts of one record; of the activity, built-in names are passed over.
    fn record(&mut self, record: RecordId, stated: &'a [(String, Raw)], way: &Way<'_>) -> Facts {
        let declared = &self.program.schema.records[record.at()];
        let mut facts = Facts(vec![State::Unstated; declared.fields.len()]);
        let mut seen = HashSet::new();
        for (name, raw) in stated {
            let here = Way::Name(way, name);
            let built_in = record == ACTIVITY && BUILT_IN.contains(&name.as_str());
            if !seen.insert(name.as_str()) {
                self.problem(&here, "this is stated twice", || None);
            } else if let Some(&field) = declared.by_name.get(name) {
                // No field of the activity has the name of what is built in.
                facts.0[field.at()] = self.field(record, field, raw, &here);
            } else if !built_in {
                let known = declared.fields.iter().map(|field| field.name.as_str());
                let known = known.chain(BUILT_IN.into_iter().filter(|_| record == ACTIVITY));
                let of = if record == ACTIVITY { "the activity".to_owned() } else { format!("a {}", declared.name) };
                self.problem(&here, format!("{of} has no field `{}`", quoted(name)), || {
                    did_you_mean(nearest(name, known))
                });
            }
        }
        self.findings(record, &facts, way);
        facts
    }

    /// The state of one field: unknown, none, a value or a list.
    fn field(&mut self, record: RecordId, field: FieldId, raw: &'a Raw, way: &Way<'_>) -> State {
        let declared = &self.program.schema.records[record.at()].fields[field.at()];
        let reserved = declared.ty != Type::Text;
        match raw {
            Raw::Null => State::Unknown,
            Raw::Text(word) if reserved && word == "unknown" => State::Unknown,
            Raw::Text(word) if reserved && word == "none" => {
                if declared.required {
                    self.problem(way, format!("`{}` is required, so it cannot be `none`", declared.name), || None);
                }
                if declared.many { State::List(Vec::new()) } else { State::None }
            }
            _ if declared.many => State::List(self.elements(declared.ty, raw, way)),
            _ => match self.value(declared.ty, &declared.name, raw, way) {
                // `["unknown"]`, `{ "bbl": null }`: an amount of which nothing is known.
                Some(Value::Amounts(amounts)) if amounts.is_empty() => State::Unknown,
                Some(value) => State::Is(value),
                None => State::Unknown,
            },
        }
    }

    /// The elements of a list; a single value is a list of one.
    fn elements(&mut self, ty: Type, raw: &'a Raw, way: &Way<'_>) -> Vec<State> {
        match raw {
            Raw::List(items) => {
                let mut elements = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    let way = Way::At(way, at);
                    match item {
                        Raw::Map(ids) if ty == Type::Text => elements.extend(self.texts(ids, &way)),
                        _ => elements.push(self.element(ty, item, &way)),
                    }
                }
                elements
            }
            Raw::Map(ids) if ty == Type::Text => self.texts(ids, way),
            single => vec![self.element(ty, single, way)],
        }
    }

    fn element(&mut self, ty: Type, raw: &'a Raw, way: &Way<'_>) -> State {
        match raw {
            Raw::Null => State::Unknown,
            Raw::Text(word) if ty != Type::Text && word == "unknown" => State::Unknown,
            Raw::Text(word) if ty != Type::Text && word == "none" => {
                self.problem(way, "`none` is no element of a list", || {
                    Some("write `[]` when there is none".to_owned())
                });
                State::Unknown
            }
            _ => self.value(ty, "", raw, way).map_or(State::Unknown, State::Is),
        }
    }

    /// The lines of a consignment, each with the facts that the lines share.
    fn lines(&mut self, shared: &Facts, raw: &'a Raw, way: &Way<'_>) -> Vec<Line> {
        let items = self.items(raw);
        let size: usize = shared.0.iter().map(size).sum();
        if items.len().saturating_mul(size) > MOST_SHARED {
            let message = format!("{} lines that share {size} facts are too many for one question", items.len());
            self.problem(way, message, || Some("ask about fewer lines at a time".to_owned()));
            return Vec::new();
        }
        let mut lines = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let way = &Way::At(way, at);
            let Raw::Map(stated) = item else {
                self.wrong(way, item, "a map of the facts in which the line differs");
                continue;
            };
            let mut line = Line { facts: shared.clone(), own: BTreeSet::new() };
            // `record` passes over these.
            for (name, _) in stated.iter().filter(|(name, _)| BUILT_IN.contains(&name.as_str())) {
                let message = format!("`{name}` is stated of the whole activity, not of a line");
                self.problem(&Way::Name(way, name), message, || None);
            }
            let own = self.record(ACTIVITY, stated, way);
            for (at, state) in own.0.into_iter().enumerate() {
                if state != State::Unstated {
                    line.facts.0[at] = state;
                    line.own.insert(FieldId(at as u32));
                }
            }
            lines.push(line);
        }
        lines
    }

    /// A list as it is, nothing as the empty list, and anything else as a list of one.
    fn items(&self, raw: &'a Raw) -> &'a [Raw] {
        match raw {
            Raw::List(items) => items,
            Raw::Null => &[],
            Raw::Text(word) if word == "none" => &[],
            single => std::slice::from_ref(single),
        }
    }

    /// `used` or `levels`: amounts by exception.
    fn ledger(&mut self, raw: &'a Raw, way: &Way<'_>, levels: bool) -> BTreeMap<(ExitId, Unit), Decimal> {
        let mut ledger = BTreeMap::new();
        let program = self.program;
        let counts = |limit: &Limit| !levels || matches!(limit, Limit::Level { .. });
        let exits = || {
            let all = program.exits.iter().enumerate();
            all.filter(|(_, exit)| exit.quotas.iter().any(|quota| counts(&quota.limit)))
        };
        for (name, raw) in self.entries(raw, way, "a map from exceptions to amounts") {
            let way = &Way::Name(way, name);
            let Some((id, exit)) = exits().find(|(_, exit)| exit.name == *name) else {
                let names = || exits().map(|(_, exit)| exit.name.as_str());
                let help = || nearest_citation(name, names()).or_else(|| names().find(|exit| is_inside(exit, name)));
                let what = if levels { "quota of a `level`" } else { "quota" };
                let message = format!("no exception with a {what} is called `{}`", quoted(name));
                self.problem(way, message, || did_you_mean(help()));
                continue;
            };
            let Some(raw) = self.optional(raw) else { continue };
            let units: BTreeSet<Unit> =
                exit.quotas.iter().filter(|quota| counts(&quota.limit)).map(|quota| quota.unit).collect();
            for (unit, amount) in self.amounts_in(&units, raw, way) {
                ledger.insert((ExitId(id as u32), unit), amount);
            }
        }
        ledger
    }

    fn readings(&mut self, raw: &'a Raw, way: &Way<'_>) -> BTreeMap<ReadingId, Option<bool>> {
        let mut readings = BTreeMap::new();
        let known = &self.program.readings;
        for (name, raw) in self.entries(raw, way, "a map from readings to yes, no or `unknown`") {
            let way = &Way::Name(way, name);
            let Some(id) = known.iter().position(|reading| reading.name == *name) else {
                let near = || nearest(name, known.iter().map(|reading| reading.name.as_str()));
                self.problem(way, format!("no reading is called `{}`", quoted(name)), || did_you_mean(near()));
                continue;
            };
            let taken = self.optional(raw).and_then(|raw| self.yes_no(raw, way));
            readings.insert(ReadingId(id as u32), taken);
        }
        readings
    }

    /// The entries of a map, or none when there is nothing; a name that comes twice is an error.
    fn entries(&mut self, raw: &'a Raw, way: &Way<'_>, accepted: &str) -> &'a [(String, Raw)] {
        match raw {
            Raw::Map(entries) => {
                let mut seen = HashSet::new();
                for (name, _) in entries.iter().filter(|(name, _)| !seen.insert(name.as_str())) {
                    self.problem(&Way::Name(way, name), "this is stated twice", || None);
                }
                entries
            }
            Raw::Null => &[],
            _ => {
                self.wrong(way, raw, accepted);
                &[]
            }
        }
    }

    /// A record that says on which lists it is contradicts a list on which its id stands.
    fn listed(&mut self, line: &Line, at: usize) {
        let schema = &self.program.schema;
        let Some(State::Is(Value::Date(date))) = line.facts.0.get(schema.core.date.at()) else { return };
        if self.lists.snapshots.is_empty() {
            return;
        }
        for (id, state) in line.facts.0.iter().enumerate() {
            let id = FieldId(id as u32);
            let lines = Way::Name(&Way::Top, "lines");
            let line_way = Way::At(&lines, at);
            let way = if line.own.contains(&id) { &line_way } else { &Way::Top };
            self.listed_below(ACTIVITY, id, state, *date, way);
        }
    }

    fn listed_below(&mut self, record: RecordId, field: FieldId, state: &State, date: Date, way: &Way<'_>) {
        let schema = &self.program.schema;
        let declared = &schema.records[record.at()].fields[field.at()];
        let Type::Record(inner) = declared.ty else { return };
        let way = &Way::Name(way, &declared.name);
        let records = match state {
            State::List(records) => records.as_slice(),
            one @ State::Is(_) => std::slice::from_ref(one),
            State::Unstated | State::Unknown | State::None => &[],
        };
        for (at, state) in records.iter().enumerate() {
            let State::Is(Value::Record(facts)) = state else { continue };
            let at = Way::At(way, at);
            let way = if declared.many { &at } else { way };
            self.contradicted(inner, facts, date, way);
            for (field, state) in facts.0.iter().enumerate() {
                self.listed_below(inner, FieldId(field as u32), state, date, way);
            }
        }
    }

    fn contradicted(&mut self, record: RecordId, facts: &Facts, date: Date, way: &Way<'_>) {
        let schema = &self.program.schema;
        let Some(listed) = schema.records[record.at()].by_name.get("listed") else { return };
        let Some(State::List(listed)) = facts.0.get(listed.at()) else { return };
        let mut named = BTreeSet::new();
        for one in listed {
            match one {
                State::Is(Value::Listing(list, _)) => named.insert(*list),
                // It may be this one that is not known.
                _ => return,
            };
        }
        for (list, declared) in (0..).map(crate::check::program::ListId).zip(&schema.lists) {
            let matched = self.lists.matched(schema, &OfQuestion { schema, record, facts }, list, date);
            if let Some((id, entry)) = matched.filter(|_| !named.contains(&list)) {
                let (name, entry) = (&declared.name, entry.reference());
                let message =
                    format!("`{name}` is not named here, but `{}` is its entry `{entry}` on {date}", quoted(&id));
                self.problem(&Way::Name(way, "listed"), message, || {
                    Some(format!("name `{name}` too, or leave `listed` out"))
                });
            }
        }
    }
}

/// The ids of the records stated anywhere in the activity.
fn collect_ids<'a>(raw: &'a Raw, ids: &mut HashSet<&'a str>) {
    match raw {
        Raw::List(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Raw::Map(entries) => {
            for (name, value) in entries {
                match value {
                    Raw::Text(id) if name == "id" => {
                        ids.insert(id);
                    }
                    value => collect_ids(value, ids),
                }
            }
        }
        Raw::Null | Raw::Bool(_) | Raw::Whole(_) | Raw::Text(_) => {}
    }
}

/// The number of facts in a state.
fn size(state: &State) -> usize {
    match state {
        State::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        State::Is(Value::Record(facts)) => 1 + facts.0.iter().map(size).sum::<usize>(),
        State::Unstated | State::Unknown | State::None | State::Is(_) => 1,
    }
}

fn is_unknown(raw: &Raw) -> bool {
    match raw {
        Raw::Null => true,
        Raw::Text(word) => word == "unknown",
        _ => false,
    }
}

/// `R3/1.quota` is inside `R3/1`, and so is `R3/1(a)`.
fn is_inside(name: &str, outer: &str) -> bool {
    !outer.is_empty() && name.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '(']))
}

fn did_you_mean(name: Option<&str>) -> Option<String> {
    one_of(name.as_slice())
}

fn one_of(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("did you mean {}?", listed(names, "or")))
}

/// `a`, `b` or `c`
fn listed(names: &[&str], last: &str) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let before = if at == 0 {
            String::new()
        } else if at + 1 == names.len() {
            format!(" {last} ")
        } else {
            ", ".into()
        };
        text += &format!("{before}`{name}`");
    }
    text
}

/// The author's words on one line and not too long.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() { short + "…" } else { short }
}

fn found(raw: &Raw) -> String {
    match raw {
        Raw::Null => "null".to_owned(),
        Raw::Bool(yes) => format!("`{yes}`"),
        Raw::Whole(whole) => format!("the number {whole}"),
        Raw::Text(text) => format!("the text `{}`", quoted(text)),
        Raw::List(_) => "a list".to_owned(),
        Raw::Map(_) => "a map".to_owned(),
    }
}
