//! An activity in the making: facts, and acts that do not know yet under what they are given.
//!
//! Drafts are made of independent parts, so they shrink part by part. Where one part depends on another (an act
//! on the date, a code on the item) it is worked out here, from a number that chooses among what there is.

use std::collections::BTreeMap;

use crate::check::program::{Cond, ExitId, Limit, NormId, Program, RecordId, Taxonomy, Type, Who};
use crate::evaluate::worlds::last_day;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw};

use super::aim::{Aimed, aim, norm_condition};
use super::constants::REFS;

/// Named facts.
pub(crate) type Facts = Vec<(String, Raw)>;

/// What an activity is made from.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub facts: Facts,
    /// Takes the HS code from the codes of the item, if it has any.
    pub code_of_item: Option<(u8, u8)>,
    /// The norm to reach, one of the ways to reach it, and which facts of it to take.
    pub aim: Option<(u16, u32, Vec<bool>)>,
    pub acts: Vec<ActDraft>,
    pub asked_on: Option<DayPick>,
    pub used: Vec<(u16, AmountPick)>,
    pub levels: Vec<(u16, AmountPick)>,
    pub readings: Vec<(u16, Option<bool>)>,
    pub complete: bool,
    pub lines: Vec<Facts>,
}

/// An act of an exit that there is.
#[derive(Debug, Clone)]
pub(crate) struct ActDraft {
    pub exit: u16,
    pub requirement: u8,
    pub on: DayPick,
    pub from: Option<DayPick>,
    pub through: Option<DayPick>,
    pub covers: u8,
    /// Says `by` even where it need not.
    pub says_by: bool,
    /// By somebody else.
    pub by_another: bool,
    pub under_paragraph: bool,
}

/// A day near one that matters: 0 the last day of the act, 1 the date of the activity, then further away.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DayPick {
    pub near: u8,
    pub plus: i8,
}

/// An amount: nothing, near the limit, what the activity leaves of it, or any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AmountPick {
    pub near: u8,
    pub plus: i8,
    pub any: u32,
}

/// What is fixed, whatever the draft says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fixed {
    pub given: Option<Activity>,
    /// A condition that should hold.
    pub steer: Option<Cond>,
}

impl Draft {
    /// The activity of this draft. It binds, unless what is given does not.
    pub fn activity(&self, rules: &Ruleset, fixed: &Fixed) -> Activity {
        let program = rules.program();
        let aimed = self.aimed(program, fixed);
        let steered = fixed.steer.is_some();
        let mut facts: BTreeMap<String, Raw> = self.facts.iter().cloned().collect();
        if let Some((item, code)) = self.code(program, &facts) {
            facts.insert(item, code);
        }
        for (name, value) in aimed.facts {
            // Records that should be there come beside those that are.
            match (facts.get_mut(&name), value) {
                (Some(Raw::List(known)), Raw::List(more))
                    if more.iter().all(|one| matches!(one, Raw::Map(_))) && !more.is_empty() =>
                {
                    known.extend(more);
                }
                (_, value) => drop(facts.insert(name, value)),
            }
        }
        if !self.acts.is_empty() && !facts.contains_key("ref") && has_ref(program) {
            facts.insert("ref".to_owned(), REFS[0].into());
        }
        if let Some(given) = &fixed.given {
            facts.extend(entries(given.raw()));
        }
        let date_name = &program.schema.activity().fields[program.schema.core.date.at()].name;
        let date = match facts.get(date_name) {
            Some(Raw::Text(text)) => Date::parse(text),
            _ => None,
        };
        let date = date.or(Date::try_new(2018, 1, 1)).expect("it is a day");
        let acts: Vec<Raw> = if aimed.no_act {
            Vec::new()
        } else {
            self.acts.iter().filter_map(|act| act.act(program, &facts, date)).collect()
        };
        if !acts.is_empty() {
            facts.entry("acts".to_owned()).or_insert(Raw::List(acts));
        }
        for (name, picks, levels) in [("used", &self.used, false), ("levels", &self.levels, true)] {
            let ledger = ledger(program, picks, levels, &facts);
            if !ledger.is_empty() {
                facts.entry(name.to_owned()).or_insert(Raw::Map(ledger));
            }
        }
        let mut readings: Facts = aimed.readings.into_iter().map(|(name, yes)| (name, Raw::Bool(yes))).collect();
        for (at, taken) in self.readings.iter().filter(|_| !steered && !program.readings.is_empty()) {
            let name = &program.readings[usize::from(*at) % program.readings.len()].name;
            if readings.iter().all(|(known, _)| known != name) {
                readings.push((name.clone(), taken.map_or(Raw::from("unknown"), Raw::Bool)));
            }
        }
        if !readings.is_empty() {
            facts.entry("readings".to_owned()).or_insert(Raw::Map(readings));
        }
        if let Some(asked) = self.asked_on.and_then(|pick| pick.day(date, date)) {
            facts.entry("asked_on".to_owned()).or_insert(asked.into());
        }
        if self.complete {
            facts.entry("complete".to_owned()).or_insert(true.into());
        }
        if !self.lines.is_empty() {
            let lines = self.lines.iter().map(|line| Raw::Map(line.clone())).collect();
            facts.entry("lines".to_owned()).or_insert(Raw::List(lines));
        }
        repaired(rules, in_order(program, facts), fixed)
    }

    fn aimed(&self, program: &Program, fixed: &Fixed) -> Aimed {
        let (norm, seed, take) = match &self.aim {
            Some((norm, seed, take)) => (*norm, *seed, take.as_slice()),
            None => (0, 0, &[][..]),
        };
        if let Some(cond) = &fixed.steer {
            return aim(program, cond, seed);
        }
        if self.aim.is_none() || program.norms.is_empty() {
            return Aimed::default();
        }
        let id = NormId((usize::from(norm) % program.norms.len()) as u32);
        let exits = &program.norms[id.at()].exits;
        // Half of the time an exit is aimed at too.
        let exit: Option<ExitId> =
            (seed % 2 == 0).then(|| exits.get((seed / 2) as usize % exits.len().max(1)).copied()).flatten();
        let mut aimed = aim(program, &norm_condition(program, id, exit), seed);
        let mut at = 0;
        aimed.facts.retain(|_| {
            at += 1;
            take.get(at - 1).copied().unwrap_or(true)
        });
        aimed
    }

    /// The name of the field of codes, and a code of the stated item.
    fn code(&self, program: &Program, facts: &BTreeMap<String, Raw>) -> Option<(String, Raw)> {
        let (pick, digits) = self.code_of_item?;
        let (item, hs) = program.schema.core.goods?;
        let activity = program.schema.activity();
        let Type::Term(taxonomy) = activity.fields[item.at()].ty else { return None };
        let taxonomy = &program.schema.taxonomies[taxonomy.at()];
        let Some(Raw::Text(name)) = facts.get(&activity.fields[item.at()].name) else { return None };
        let codes = codes_of(taxonomy, *taxonomy.by_name.get(name)?)?;
        let (from, to) = codes[usize::from(pick) % codes.len()];
        let code = if pick % 2 == 0 { from } else { to - 1 };
        let digits = [10, 6, 4, 2][usize::from(digits) % 4];
        Some((activity.fields[hs.at()].name.clone(), Raw::Text(format!("{code:010}")[..digits].to_owned())))
    }
}

fn codes_of(taxonomy: &Taxonomy, term: u32) -> Option<&[(u64, u64)]> {
    let declared = &taxonomy.terms[term as usize];
    match (declared.codes.is_empty(), declared.parent) {
        (false, _) => Some(&declared.codes),
        (true, Some(parent)) => codes_of(taxonomy, parent),
        (true, None) => None,
    }
}

fn has_ref(program: &Program) -> bool {
    program.schema.activity().by_name.contains_key("ref")
}

impl ActDraft {
    fn act(&self, program: &Program, facts: &BTreeMap<String, Raw>, date: Date) -> Option<Raw> {
        let exits: Vec<&crate::check::program::Exit> =
            program.exits.iter().filter(|exit| !exit.requirements.is_empty()).collect();
        let exit = exits.get(usize::from(self.exit) % exits.len().max(1))?;
        let requirement = &exit.requirements[usize::from(self.requirement) % exit.requirements.len()];
        let last = last_day(requirement, date, &program.schema.working_days).unwrap_or(date);
        let on = self.on.day(last, date)?;
        let kind = requirement.kind.word();
        let mut act: Facts = vec![("kind".to_owned(), kind.into())];
        if self.says_by || self.by_another || kind != "notice" {
            act.push(("by".to_owned(), self.who(program, facts, &requirement.by)?));
        }
        if let Some(to) = &requirement.to {
            act.push(("to".to_owned(), self.who(program, facts, to)?));
        }
        let under = if self.under_paragraph { &program.paragraphs[exit.paragraph.at()].name } else { &exit.name };
        act.push(("under".to_owned(), under.into()));
        act.push(("on".to_owned(), on.into()));
        if let Some(from) = self.from.and_then(|pick| pick.day(date, date)) {
            act.push(("from".to_owned(), from.into()));
        }
        let first = self.from.and_then(|pick| pick.day(date, date)).unwrap_or(on);
        if let Some(through) = self.through.and_then(|pick| pick.day(date, date)).filter(|through| *through >= first) {
            act.push(("through".to_owned(), through.into()));
        }
        act.push(("covers".to_owned(), Raw::Map(vec![self.covered(program, facts)?])));
        Some(Raw::Map(act))
    }

    fn who(&self, program: &Program, facts: &BTreeMap<String, Raw>, who: &Who) -> Option<Raw> {
        let schema = &program.schema;
        let field = match who {
            Who::Authority(name) if !self.by_another => return Some(name.into()),
            Who::Authority(_) => schema.core.actor_state,
            Who::Field(field) => *field,
        };
        let declared = &schema.activity().fields[field.at()];
        let (Type::Term(at) | Type::Root(at)) = declared.ty else { return None };
        let places = &schema.taxonomies[at.at()];
        let stated = match facts.get(&declared.name) {
            Some(Raw::Text(name)) => places.by_name.get(name).copied(),
            Some(Raw::List(items)) => items.iter().find_map(|item| match item {
                Raw::Text(name) => places.by_name.get(name).copied(),
                _ => None,
            }),
            _ => None,
        };
        let mut term = stated.unwrap_or(0);
        while let Some(parent) = places.terms[term as usize].parent {
            term = parent;
        }
        if self.by_another && matches!(who, Who::Field(_)) {
            term = places.terms[term as usize].end % places.terms.len() as u32;
        }
        Some((&places.terms[term as usize].name).into())
    }

    /// One fact that the act covers: by the name of the activity or another one, or by a fact that was stated.
    fn covered(&self, program: &Program, facts: &BTreeMap<String, Raw>) -> Option<(String, Raw)> {
        let by_name = |name: Raw| ("ref".to_owned(), name);
        let scalar = |value: &&Raw| matches!(value, Raw::Text(word) if word != "unknown");
        let own = facts.get("ref").filter(scalar).cloned();
        match self.covers {
            0..4 if has_ref(program) => Some(by_name(own.unwrap_or(REFS[0].into()))),
            4 if has_ref(program) => Some(by_name(REFS[1].into())),
            8.. => {
                let fields = &program.schema.activity().fields;
                let lists: Vec<_> = fields.iter().filter(|field| matches!(field.ty, Type::Record(_))).collect();
                let list = lists.get(usize::from(self.exit) % lists.len().max(1))?;
                let record = match facts.get(&list.name) {
                    Some(Raw::List(records)) => records.iter().find_map(|record| part(record, self.exit)),
                    _ => None,
                };
                let Type::Record(inner) = list.ty else { return None };
                let record = record.or_else(|| first_word(program, inner, self.exit))?;
                Some((list.name.clone(), Raw::List(vec![record])))
            }
            pick => {
                let schema = &program.schema.activity().fields;
                let stated: Vec<(&String, &Raw)> = schema
                    .iter()
                    .filter(|field| !field.many && !matches!(field.ty, Type::Record(_)))
                    .filter_map(|field| Some((&field.name, facts.get(&field.name)?)))
                    .filter(|(_, value)| scalar(value) || matches!(value, Raw::Map(_) | Raw::Bool(_)))
                    .collect();
                let (name, value) = stated.get(usize::from(pick) % stated.len().max(1))?;
                Some(((*name).clone(), (*value).clone()))
            }
        }
    }
}

/// A record with one of the facts of a stated one.
fn part(record: &Raw, pick: u16) -> Option<Raw> {
    let Raw::Map(facts) = record else { return None };
    let known: Vec<_> = facts.iter().filter(|(_, value)| is_known(value)).collect();
    let (name, value) = known.get(usize::from(pick) % known.len().max(1))?;
    Some(Raw::Map(vec![(name.clone(), value.clone())]))
}

fn is_known(value: &Raw) -> bool {
    match value {
        Raw::Null => false,
        Raw::Text(word) => word != "unknown" && word != "none",
        Raw::List(items) => !items.is_empty() && items.iter().all(is_known),
        Raw::Map(facts) => !facts.is_empty() && facts.iter().all(|(_, value)| is_known(value)),
        Raw::Bool(_) | Raw::Whole(_) => true,
    }
}

/// A record in which one fact is stated; or a record in it in which one is.
fn first_word(program: &Program, record: RecordId, pick: u16) -> Option<Raw> {
    let fields = &program.schema.records[record.at()].fields;
    let told: Vec<(&str, Raw)> = fields
        .iter()
        .filter_map(|field| {
            let value = match field.ty {
                Type::Term(at) | Type::Root(at) => {
                    let terms = &program.schema.taxonomies[at.at()].terms;
                    terms[usize::from(pick) % terms.len()].name.as_str().into()
                }
                Type::YesNo => Raw::Bool(true),
                Type::Record(inner) if inner != record => Raw::List(vec![first_word(program, inner, pick)?]),
                _ => return None,
            };
            Some((field.name.as_str(), value))
        })
        .collect();
    let (name, value) = told.get(usize::from(pick / 2) % told.len().max(1))?;
    Some(Raw::Map(vec![((*name).to_owned(), value.clone())]))
}

impl DayPick {
    fn day(self, last: Date, date: Date) -> Option<Date> {
        let (start, days) = match self.near {
            0 => (last, 0),
            1 => (date, 0),
            2 => (last, -9),
            3 => (date, 30),
            4 => (date, -400),
            _ => (date, 400),
        };
        start.plus_days(days + i64::from(self.plus))
    }
}

/// What is used of some quotas, or the level of some.
fn ledger(program: &Program, picks: &[(u16, AmountPick)], levels: bool, facts: &BTreeMap<String, Raw>) -> Facts {
    let quotas: Vec<(&str, &crate::check::program::Quota)> = program
        .exits
        .iter()
        .flat_map(|exit| exit.quotas.iter().map(move |quota| (exit.name.as_str(), quota)))
        .filter(|(_, quota)| !levels || matches!(quota.limit, Limit::Level { .. }))
        .collect();
    let mut ledger: BTreeMap<String, BTreeMap<String, Raw>> = BTreeMap::new();
    if quotas.is_empty() {
        return Vec::new();
    }
    for (at, pick) in picks {
        let (exit, quota) = quotas[usize::from(*at) % quotas.len()];
        let unit = program.schema.unit_name(quota.unit);
        let limit = match quota.limit {
            Limit::Amount(limit) => limit,
            Limit::Level { .. } => Decimal::from(10),
        };
        let field = &program.schema.activity().fields[quota.field.at()].name;
        let amount = match facts.get(field).and_then(|amounts| amounts.get(&unit)) {
            Some(Raw::Text(amount)) => Decimal::from_str_exact(amount).unwrap_or_default(),
            _ => Decimal::ZERO,
        };
        let plus = Decimal::from(pick.plus);
        let amount = match pick.near {
            0 => Decimal::ZERO,
            1 => limit - amount.min(limit) + plus,
            2 => limit + plus,
            _ => Decimal::from(pick.any),
        };
        let amount = amount.max(Decimal::ZERO).normalize().to_string();
        ledger.entry(exit.to_owned()).or_default().insert(unit, Raw::Text(amount));
    }
    ledger.into_iter().map(|(exit, amounts)| (exit, Raw::Map(amounts.into_iter().collect()))).collect()
}

fn entries(raw: &Raw) -> Facts {
    match raw {
        Raw::Map(entries) => entries.clone(),
        _ => Vec::new(),
    }
}

/// Facts in the order in which the schema declares them, then what is built in.
fn in_order(program: &Program, mut facts: BTreeMap<String, Raw>) -> Facts {
    let mut ordered = Vec::new();
    for name in ["complete", "asked_on"] {
        ordered.extend(facts.remove_entry(name));
    }
    for field in &program.schema.activity().fields {
        ordered.extend(facts.remove_entry(&field.name));
    }
    ordered.extend(facts);
    ordered
}

/// Leaves out what does not bind: an impossible pair of goods, a record that contradicts a loaded list.
fn repaired(rules: &Ruleset, mut facts: Facts, fixed: &Fixed) -> Activity {
    let is_given = |name: &str| fixed.given.as_ref().is_some_and(|given| given.raw().get(name).is_some());
    loop {
        let raw = Raw::Map(facts);
        let problems: Vec<String> = match rules.bind(&raw) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems().iter().map(|problem| top(problem.path()).to_owned()).collect(),
        };
        facts = entries(&raw);
        let before = facts.len();
        facts.retain(|(name, _)| is_given(name) || !problems.contains(name));
        let goods = rules.program().schema.core.goods.filter(|_| facts.len() == before && !problems.is_empty());
        if let Some((item, hs)) = goods {
            // What is given contradicts what is not.
            let fields = &rules.program().schema.activity().fields;
            let pair = [&fields[item.at()].name, &fields[hs.at()].name];
            facts.retain(|(name, _)| is_given(name) || !pair.contains(&name));
        }
        if problems.is_empty() || facts.len() == before {
            return Activity::from_raw(Raw::Map(facts)).expect("facts of a map are named once");
        }
    }
}

fn top(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}
