//! Answers as a person types them.

use crate::check::program::Program;
use crate::facts::FactsError;
use crate::value::Raw;

use super::{AnswerKind, Asked};

/// The value that words stand for.
pub(super) fn read(asked: &Asked, program: &Program, words: &str) -> Result<Raw, FactsError> {
    let words = words.trim();
    let plain = words.to_lowercase();
    if matches!(plain.as_str(), "" | "?" | "unknown" | "don't know" | "dont know" | "i don't know") {
        return Ok(Raw::Null);
    }
    if plain == "none" {
        if asked.kind == AnswerKind::Text && !asked.many {
            // In words it would be the text `none`.
            let message = "that there is none of a text cannot be stated: a text is accepted, or `unknown`";
            return Err(FactsError::one(&asked.fact, message));
        }
        return Ok(if asked.many { Raw::List(Vec::new()) } else { Raw::from("none") });
    }
    if let AnswerKind::Records(record) = &asked.kind {
        return records(asked, program, record, words);
    }
    if !asked.many {
        return one(asked, words);
    }
    let items = words.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items: Vec<Raw> = items.map(|item| one(asked, item)).collect::<Result<_, _>>()?;
    if items.is_empty() {
        // Commas alone are a slip, and an empty list would say that there is none.
        return Err(FactsError::one(&asked.fact, format!("an answer or `none` is accepted, not `{words}`")));
    }
    Ok(Raw::List(items))
}

fn one(asked: &Asked, words: &str) -> Result<Raw, FactsError> {
    Ok(match &asked.kind {
        AnswerKind::YesNo => match words.to_lowercase().as_str() {
            "yes" | "y" | "true" => Raw::Bool(true),
            "no" | "n" | "false" => Raw::Bool(false),
            _ => return Err(FactsError::one(&asked.fact, format!("yes or no is accepted, not `{words}`"))),
        },
        AnswerKind::Term(_) if words.contains(' ') => Raw::Text(words.split_whitespace().collect::<Vec<_>>().join("_")),
        AnswerKind::Amount(_) => Raw::Text(words.replace('_', "")),
        _ => Raw::from(words),
    })
}

/// `counterparty, broker`, `2`, or JSON.
fn records(asked: &Asked, program: &Program, record: &str, words: &str) -> Result<Raw, FactsError> {
    if words.starts_with(['[', '{']) {
        return json(asked, words);
    }
    if let Ok(count) = words.parse::<u8>() {
        return Ok(Raw::List(vec![Raw::Map(Vec::new()); usize::from(count)]));
    }
    let has_role = program.schema.records.iter().any(|it| it.name == record && it.role.is_some());
    if !has_role {
        let message = format!("a number, `none` or JSON is accepted of each {record}, not `{words}`");
        return Err(FactsError::one(&asked.fact, message));
    }
    let roles = words.split(',').map(str::trim).filter(|role| !role.is_empty());
    let of_role = |role: &str| Raw::Map(vec![("role".to_owned(), Raw::Text(role.replace(' ', "_")))]);
    Ok(Raw::List(roles.map(of_role).collect()))
}

#[cfg(feature = "json")]
fn json(asked: &Asked, words: &str) -> Result<Raw, FactsError> {
    // Read as an activity is, so that the same faults get the same messages.
    let wrapped = crate::facts::Activity::from_json(&format!("{{\"{}\": {words}}}", asked.fact))?;
    Ok(wrapped.raw().get(&asked.fact).cloned().unwrap_or(Raw::Null))
}

#[cfg(not(feature = "json"))]
fn json(asked: &Asked, words: &str) -> Result<Raw, FactsError> {
    Err(FactsError::one(&asked.fact, format!("without the feature `json` this cannot be read: `{words}`")))
}
