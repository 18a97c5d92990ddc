//! Activities that differ from one in a single fact or act.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, Field, RecordId, Taxonomy, Type};
use crate::facts::Activity;
use crate::normal::{SlotId, SlotKind};
use crate::value::Raw;
use crate::witness::Witnesses;

use crate::coverage::differ::differences;

/// Other values of one condition or cell.
const MOST_TURNS: usize = 3;
/// Other terms that are tried in the place of one.
const MOST_TERMS: usize = 4;

/// What differs from `base` in one fact, and the fact: first what some slots tell apart, then other values, then what leaves a fact
/// out. What every activity states, the action and whose it is, changes last; the date, never.
pub(super) fn near(witnesses: &Witnesses<'_>, base: &Raw, slots: &BTreeSet<SlotId>) -> Vec<(String, Activity)> {
    let schema = &witnesses.program.schema;
    let name = |field: crate::check::program::FieldId| schema.activity().fields[field.at()].name.as_str();
    let (date, last) = (name(schema.core.date), [name(schema.core.action), name(schema.core.actor_state)]);
    let mut all = grafted(witnesses, base, slots);
    for without in [false, true] {
        all.extend(altered(witnesses, ACTIVITY, base, without));
    }
    let mut found: Vec<(String, Activity)> = Vec::new();
    for raw in all {
        let mut differ = differences(base, &raw);
        if let (1, Some(fact)) = (differ.len(), differ.pop())
            && fact != date
            && let Ok(activity) = Activity::from_raw(raw)
            && found.iter().all(|(_, known)| *known != activity)
        {
            found.push((fact, activity));
        }
    }
    found.sort_by_key(|(fact, _)| last.contains(&fact.as_str()));
    found
}

/// What puts one slot into one of its cells, stated beside the facts there are or in their place.
fn grafted(witnesses: &Witnesses<'_>, base: &Raw, slots: &BTreeSet<SlotId>) -> Vec<Raw> {
    let mut all = Vec::new();
    for &slot in slots {
        for turn in 0..MOST_TURNS {
            for &cell in &witnesses.cells[slot.at()] {
                let is_none = cell == 0 && matches!(witnesses.norms.slots[slot.at()].kind, SlotKind::Field { .. });
                if let (false, Some(facts)) = (is_none, witnesses.facts_of(slot, cell, turn)) {
                    all.extend(beside(base, facts.raw(), false));
                    all.extend(beside(base, facts.raw(), true));
                }
            }
        }
    }
    all
}

/// One activity with the facts of another in it; records come beside those that there are, or in their place.
fn beside(base: &Raw, facts: &Raw, replace: bool) -> Option<Raw> {
    let (Raw::Map(entries), Raw::Map(facts)) = (base, facts) else { return None };
    let mut entries = entries.clone();
    for (name, value) in facts.iter().filter(|(name, _)| name != "complete") {
        match (entries.iter_mut().find(|(known, _)| known == name), value) {
            (Some((_, Raw::List(known))), Raw::List(more)) if !replace => known.extend(more.iter().cloned()),
            (Some((_, known @ Raw::Map(_))), Raw::Map(more)) if !replace => {
                *known = beside(known, value, true).filter(|_| !more.is_empty())?
            }
            (Some((_, known)), _) => *known = value.clone(),
            (None, _) => entries.push((name.clone(), value.clone())),
        }
    }
    Some(Raw::Map(entries))
}

/// Every way to give one fact another value, in records within it too; or to leave one out.
fn altered(witnesses: &Witnesses<'_>, record: RecordId, facts: &Raw, without: bool) -> Vec<Raw> {
    let schema = &witnesses.program.schema;
    let Raw::Map(entries) = facts else { return Vec::new() };
    let mut all = Vec::new();
    for (at, (name, value)) in entries.iter().enumerate() {
        let mut instead = |value: Raw| {
            let mut entries = entries.clone();
            entries[at].1 = value;
            all.push(Raw::Map(entries));
        };
        let declared = &schema.records[record.at()];
        let field = declared.by_name.get(name).map(|id| &declared.fields[id.at()]);
        if let (Raw::List(items), true) = (value, without) {
            for left_out in 0..items.len() {
                let rest = items.iter().enumerate().filter(|(at, _)| *at != left_out);
                instead(Raw::List(rest.map(|(_, item)| item.clone()).collect()));
            }
        }
        match (field.map(|field| field.ty), value) {
            (Some(Type::Record(inner)), Raw::List(records)) => {
                for (at, one) in records.iter().enumerate() {
                    for other in altered(witnesses, inner, one, without) {
                        let mut records = records.clone();
                        records[at] = other;
                        instead(Raw::List(records));
                    }
                }
            }
            (Some(Type::Record(inner)), one) => altered(witnesses, inner, one, without).into_iter().for_each(instead),
            (Some(_), _) if !without => {
                let field = field.expect("it has a type");
                others(witnesses, field, value).into_iter().for_each(instead);
            }
            _ => {}
        }
        if without && name != "complete" {
            let mut entries = entries.clone();
            entries.remove(at);
            all.push(Raw::Map(entries));
        }
    }
    all
}

/// Other values of a field.
fn others(witnesses: &Witnesses<'_>, field: &Field, value: &Raw) -> Vec<Raw> {
    match (field.ty, value) {
        (Type::YesNo, Raw::Bool(yes)) => vec![Raw::Bool(!yes)],
        (Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy), value) => {
            let taxonomy = &witnesses.program.schema.taxonomies[taxonomy.at()];
            let (single, many) = match value {
                Raw::List(items) => (items.first(), true),
                one => (Some(one), false),
            };
            let Some(Raw::Text(name)) = single else { return Vec::new() };
            let Some(&term) = taxonomy.by_name.get(name) else { return Vec::new() };
            let roots = !matches!(field.ty, Type::Term(_));
            let near = near_terms(taxonomy, term, roots).into_iter();
            let named = near.map(|term| Raw::from(&taxonomy.terms[term as usize].name));
            named.map(|name| if many { Raw::List(vec![name]) } else { name }).collect()
        }
        (Type::Listing, Raw::List(items)) if !items.is_empty() => vec![Raw::List(Vec::new())],
        _ => Vec::new(),
    }
}

/// Terms beside one, nearest first, then the first of all: the last in a branch, or roots.
fn near_terms(taxonomy: &Taxonomy, term: u32, roots: bool) -> Vec<u32> {
    let fits = |of: &u32| {
        let it = &taxonomy.terms[*of as usize];
        *of != term && if roots { it.parent.is_none() } else { it.end == of + 1 }
    };
    let count = taxonomy.terms.len() as u32;
    let after = (term + 1..count).filter(fits).take(MOST_TERMS);
    let before = (0..term).rev().filter(fits).take(MOST_TERMS);
    let first = (0..count).filter(fits).take(1);
    let last = (0..count).rev().filter(fits).take(1);
    after.chain(before).chain(first).chain(last).collect()
}
