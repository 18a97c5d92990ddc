//! Writing an answer into the activity, at the place of the fact that it answers.

use crate::check::program::{Program, Type};
use crate::facts::path::{FactPath, Place};
use crate::value::{Raw, Unit};

/// The activity with the fact stated; `None` when there is no place for it: who stands behind a party that the activity
/// names elsewhere is no fact of its own.
pub(crate) fn put(program: &Program, activity: &Raw, path: &FactPath, value: Raw) -> Option<Raw> {
    let mut activity = activity.clone();
    match path {
        FactPath::Field { place, field, element, unit } => {
            let record = place.record(program);
            let declared = &program.schema.records[record.at()].fields[field.at()];
            let slot = entry(record_at(program, &mut activity, place)?, &declared.name)?;
            match (element, unit) {
                (Some(at), _) => replace(slot, *at, declared.ty == Type::Text, value)?,
                (None, Some(unit)) => add_amount(program, slot, *unit, value),
                (None, None) => *slot = value,
            }
        }
        // Which list a party is not on cannot be said list by list: a stated list is whole.
        FactPath::Listed { place, via: None, .. } => {
            *entry(record_at(program, &mut activity, place)?, "listed")? = value;
        }
        FactPath::Listed { via: Some(_), .. } => return None,
        FactPath::Used { exit, unit } => {
            let exits = map_in(&mut activity, "used")?;
            add_amount(program, entry(exits, &program.exits[exit.at()].name)?, *unit, value);
        }
        FactPath::Level { exit, unit } => {
            let exits = map_in(&mut activity, "levels")?;
            add_amount(program, entry(exits, &program.exits[exit.at()].name)?, *unit, value);
        }
        FactPath::Reading(id) => {
            *entry(map_in(&mut activity, "readings")?, &program.readings[id.at()].name)? = value;
        }
    }
    Some(activity)
}

/// The record of a stated list of records; a single record is a list of one.
fn record_at<'r>(program: &Program, activity: &'r mut Raw, place: &Place) -> Option<&'r mut Raw> {
    let mut here = activity;
    if let Some(line) = place.line {
        here = element(entry(here, "lines")?, line)?;
    }
    let mut record = crate::check::program::ACTIVITY;
    for &(field, at) in &place.steps {
        let declared = &program.schema.records[record.at()].fields[field.at()];
        here = element(entry(here, &declared.name)?, at)?;
        let Type::Record(inner) = declared.ty else { return None };
        record = inner;
    }
    // `null` in a list of records is a record of which nothing is known.
    if matches!(here, Raw::Null | Raw::Text(_)) {
        *here = Raw::Map(Vec::new());
    }
    Some(here)
}

/// The value of that name, made when there is none.
fn entry<'r>(map: &'r mut Raw, name: &str) -> Option<&'r mut Raw> {
    let Raw::Map(entries) = map else { return None };
    let at = entries.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        entries.push((name.to_owned(), Raw::Null));
        entries.len() - 1
    });
    Some(&mut entries[at].1)
}

fn map_in<'r>(activity: &'r mut Raw, name: &str) -> Option<&'r mut Raw> {
    let map = entry(activity, name)?;
    if *map == Raw::Null {
        *map = Raw::Map(Vec::new());
    }
    Some(map)
}

fn element(list: &mut Raw, at: usize) -> Option<&mut Raw> {
    match list {
        Raw::List(items) => items.get_mut(at),
        single if at == 0 => Some(single),
        _ => None,
    }
}

/// Puts a value in the place of an element of a list of values.
fn replace(list: &mut Raw, at: usize, texts: bool, value: Raw) -> Option<()> {
    // A map of ids stands for several elements, so positions are others.
    let is_plain = |raw: &Raw| !texts || !matches!(raw, Raw::Map(_));
    match list {
        Raw::List(items) if items.iter().all(is_plain) => *items.get_mut(at)? = value,
        Raw::List(_) | Raw::Map(_) => return None,
        single if at == 0 => *single = value,
        _ => return None,
    }
    Some(())
}

/// Adds an amount in one unit to those in others.
fn add_amount(program: &Program, slot: &mut Raw, unit: Unit, value: Raw) {
    let unit = program.schema.unit_name(unit);
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '_');
    let value = match value {
        Raw::Whole(number) => Raw::Text(format!("{number} {unit}")),
        Raw::Text(number) if is_number(&number) => Raw::Text(format!("{number} {unit}")),
        other => other,
    };
    let before = match std::mem::replace(slot, Raw::Null) {
        Raw::Null => Vec::new(),
        Raw::List(items) => items,
        Raw::Text(word) if word == "unknown" => Vec::new(),
        Raw::Map(parts) if parts.iter().any(|(name, _)| name == "amount") => vec![Raw::Map(parts)],
        Raw::Map(parts) => {
            let said = parts.into_iter().filter(|(_, amount)| *amount != Raw::Null);
            said.map(|part| Raw::Map(vec![part])).collect()
        }
        single => vec![single],
    };
    // `none` is no amount among others.
    let none = Raw::from("none");
    *slot = if before.is_empty() || value == none {
        value
    } else {
        Raw::List(before.into_iter().filter(|amount| *amount != none).chain([value]).collect())
    };
}
