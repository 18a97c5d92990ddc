//! `interdict terms`

use std::fmt::Write;

use interdict::{FieldInfo, Vocabulary, Word};

use crate::args::{Terms, TermsFormat};
use crate::policies::compile;
use crate::{Exit, Stop, put, put_json};

pub fn run(it: &Terms) -> Result<Exit, Stop> {
    let vocabulary = compile(std::slice::from_ref(&it.policy), &[])?.vocabulary();
    if matches!(it.format, TermsFormat::Json) {
        put_json(&vocabulary)?;
        return Ok(Exit::Ok);
    }
    let text = match &it.word {
        None => everything(&vocabulary),
        Some(word) => match words_of(&vocabulary, word) {
            Some(words) => tree(words),
            None => search(&vocabulary, word)
                .ok_or_else(|| Stop::Usage(format!("no field and no word says anything of `{word}`")))?,
        },
    };
    put(&text)?;
    Ok(Exit::Ok)
}

/// The fields of each record with what they hold, then the names that belong beside them.
fn everything(vocabulary: &Vocabulary) -> String {
    let mut text = String::new();
    for record in &vocabulary.records {
        let _ = writeln!(text, "{}", record.name);
        for field in &record.fields {
            let _ = writeln!(text, "  {:<19} {:<24} {}", field.name, shape(field), field.question);
        }
        text.push('\n');
    }
    let _ = writeln!(text, "used, levels: amounts by the exception that counts them");
    for quota in &vocabulary.quotas {
        let level = if quota.level { "; state its level as well" } else { "" };
        let _ = writeln!(text, "  {:<24} in {}, {}{level}", quota.name, quota.units.join(" and "), quota.citation);
    }
    let _ = writeln!(text, "\nreadings: yes or no, by default");
    for reading in &vocabulary.readings {
        let default = if reading.default { "yes" } else { "no" };
        let _ = writeln!(text, "  {:<28} {default:<4} {}", reading.name, reading.question);
    }
    let _ = writeln!(text, "\nauthorities of acts and findings, besides States");
    for authority in &vocabulary.authorities {
        let _ = writeln!(text, "  {:<12} {}", authority.name, authority.title.as_deref().unwrap_or_default());
    }
    let _ = writeln!(text, "\nlists and their measures");
    for list in &vocabulary.lists {
        let _ = writeln!(text, "  {:<18} {}", list.name, list.measures.join(", "));
    }
    let _ = writeln!(text, "\nunits, besides currencies (ISO 4217)");
    for unit in &vocabulary.units {
        let _ = writeln!(text, "  {:<18} {}", unit.name, unit.title.as_deref().unwrap_or_default());
    }
    text
}

fn shape(field: &FieldInfo) -> String {
    let many = if field.many { "list of " } else { "" };
    let required = if field.required { ", required" } else { "" };
    format!("{many}{}{required}", field.holds)
}

/// The words of a vocabulary, or of a field that has one.
fn words_of<'a>(vocabulary: &'a Vocabulary, name: &str) -> Option<&'a [Word]> {
    let fields = vocabulary.records.iter().flat_map(|record| &record.fields);
    let held = fields.filter(|field| field.name == name).map(|field| field.holds.as_str());
    std::iter::once(name).chain(held).find_map(|name| vocabulary.words.get(name)).map(Vec::as_slice)
}

fn tree(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let _ = writeln!(
            text,
            "{:indent$}{:<width$} {}",
            "",
            word.name,
            word.title.as_deref().unwrap_or_default(),
            indent = 2 * word.depth,
            width = 28 - 2 * word.depth.min(8)
        );
    }
    text
}

/// Every word that has the text in its name or title, with its vocabulary.
fn search(vocabulary: &Vocabulary, wanted: &str) -> Option<String> {
    let wanted = wanted.to_lowercase();
    let mut text = String::new();
    for (name, words) in &vocabulary.words {
        for word in words {
            let title = word.title.as_deref().unwrap_or_default();
            if word.name.contains(&wanted) || title.to_lowercase().contains(&wanted) {
                let _ = writeln!(text, "{name:<14} {:<26} {title}", word.name);
            }
        }
    }
    (!text.is_empty()).then_some(text)
}
