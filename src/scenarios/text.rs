//! An activity as the text of a `scenario`, to be pasted into a policy.

use std::fmt::Write;

use crate::check::program::{ACTIVITY, Program, RecordId, Type};
use crate::facts::Activity;
use crate::phrase::quoted;
use crate::value::Raw;

/// Words that mean something else where a value stands; in quotes they are values.
const NOT_BARE: &[&str] = &["expect", "none", "unknown", "yes", "no"];

/// The text of a scenario: the facts of `activity`, then `expects`, one a line.
pub(crate) fn scenario(program: &Program, title: &str, activity: &Activity, expects: &[String]) -> String {
    let mut printer = Printer { program, out: format!("scenario {} {{\n", quoted(title)) };
    printer.facts(ACTIVITY, activity.raw(), 1);
    for expect in expects {
        printer.line(1, &format!("expect {expect}"));
    }
    printer.out.push_str("}\n");
    printer.out
}

/// The facts of an activity, as a scenario states them, each on a line of its own.
pub(crate) fn facts(program: &Program, activity: &Activity) -> Vec<String> {
    let mut printer = Printer { program, out: String::new() };
    printer.facts(ACTIVITY, activity.raw(), 0);
    printer.out.lines().map(|line| line.trim().to_owned()).collect()
}

struct Printer<'a> {
    program: &'a Program,
    out: String,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:width$}{text}", "", width = depth * 2);
    }

    fn facts(&mut self, record: RecordId, facts: &Raw, depth: usize) {
        let Raw::Map(entries) = facts else { return };
        for (name, value) in entries {
            self.fact(record, name, value, depth);
        }
    }

    fn fact(&mut self, record: RecordId, name: &str, value: &Raw, depth: usize) {
        if record == ACTIVITY && self.built_in(name, value, depth) {
            return;
        }
        let declared = &self.program.schema.records[record.at()];
        let Some(field) = declared.by_name.get(name).map(|id| &declared.fields[id.at()]) else { return };
        match (field.ty, value) {
            (Type::Record(inner), Raw::List(records)) if !records.is_empty() => {
                let called = self.program.schema.records[inner.at()].name.clone();
                records.iter().for_each(|one| self.braces(&called, inner, one, depth));
            }
            (Type::Record(inner), Raw::Map(_)) => {
                let called = self.program.schema.records[inner.at()].name.clone();
                self.braces(&called, inner, value, depth);
            }
            (ty, value) => {
                let text = self.value(ty, name, value);
                self.line(depth, &format!("{name} {text}"));
            }
        }
    }

    fn braces(&mut self, called: &str, record: RecordId, facts: &Raw, depth: usize) {
        self.line(depth, &format!("{called} {{"));
        match facts {
            Raw::Map(_) => self.facts(record, facts, depth + 1),
            // One of which nothing is known: `complete` must not make anything of it none.
            _ => {
                let declared = &self.program.schema.records[record.at()];
                declared.fields.iter().for_each(|field| self.line(depth + 1, &format!("{} unknown", field.name)));
            }
        }
        self.line(depth, "}");
    }

    /// What every activity has without declaring it. False when this is none of it.
    fn built_in(&mut self, name: &str, value: &Raw, depth: usize) -> bool {
        match (name, value) {
            ("complete", Raw::Bool(true)) => self.line(depth, "complete"),
            ("complete", Raw::Text(yes)) if yes == "yes" => self.line(depth, "complete"),
            ("complete", _) => {}
            ("asked_on", Raw::Text(day)) if day != "unknown" => self.line(depth, &format!("asked_on {day}")),
            ("asked_on", _) => {}
            ("acts", acts) => items(acts).iter().for_each(|act| self.act(act, depth)),
            ("lines", lines) => items(lines).iter().for_each(|line| self.braces("line", ACTIVITY, line, depth)),
            ("used" | "levels", Raw::Map(entries)) => {
                let word = if name == "used" { "used" } else { "level" };
                for (exit, amounts) in entries.iter().filter(|(_, amounts)| !is_unknown(amounts)) {
                    let amounts = amount(amounts);
                    self.line(depth, &format!("{word} {exit} {amounts}"));
                }
            }
            ("readings", Raw::Map(entries)) => {
                for (reading, taken) in entries {
                    let taken = match taken {
                        Raw::Bool(true) => "yes",
                        Raw::Bool(false) => "no",
                        Raw::Text(word) if word == "yes" || word == "no" => word,
                        _ => "unknown",
                    };
                    self.line(depth, &format!("reading {reading} {taken}"));
                }
            }
            ("used" | "levels" | "readings", _) => {}
            _ => return false,
        }
        true
    }

    fn act(&mut self, act: &Raw, depth: usize) {
        let text = |name: &str| match act.get(name) {
            Some(Raw::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let mut head = format!("act {} {{", text("kind").unwrap_or_default());
        for part in ["by", "to", "under", "on", "from", "through"] {
            if let Some(value) = text(part) {
                let _ = write!(head, " {part} {value}");
            }
        }
        self.line(depth, &head);
        if let Some(covers) = act.get("covers") {
            self.braces("covers", ACTIVITY, covers, depth + 1);
        }
        self.line(depth, "}");
    }

    fn value(&self, ty: Type, name: &str, value: &Raw) -> String {
        match value {
            Raw::Null => "unknown".to_owned(),
            Raw::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Raw::Whole(whole) => whole.to_string(),
            Raw::Text(word) if ty != Type::Text && (word == "unknown" || word == "none") => word.clone(),
            _ if matches!(ty, Type::Quantity | Type::Money) => amount(value),
            Raw::Text(word) => match ty {
                Type::Hs if name == "hs" => word.clone(),
                Type::Date | Type::YesNo => word.clone(),
                Type::Term(_) | Type::Root(_) | Type::Reference(_) | Type::Listing if is_bare(word) => word.clone(),
                _ => quoted(word),
            },
            // The ids of a party, by scheme.
            Raw::Map(ids) if ty == Type::Text => {
                let ids: Vec<String> = ids
                    .iter()
                    .flat_map(|(scheme, values)| items(values).iter().map(move |value| (scheme, value)))
                    .map(|(scheme, value)| match value {
                        Raw::Text(value) => quoted(&format!("{scheme}:{value}")),
                        _ => "unknown".to_owned(),
                    })
                    .collect();
                format!("[{}]", ids.join(", "))
            }
            Raw::Map(parts) => {
                let texts: Vec<(&str, &str)> = parts
                    .iter()
                    .filter_map(|(part, value)| match value {
                        Raw::Text(value) => Some((part.as_str(), value.as_str())),
                        _ => None,
                    })
                    .collect();
                let part = |name: &str| texts.iter().find(|(part, _)| *part == name).map(|(_, value)| *value);
                match (part("list"), part("measure"), texts.as_slice()) {
                    (Some(list), Some(measure), _) => format!("{list}/{measure}"),
                    (Some(list), None, _) => list.to_owned(),
                    (None, _, [("id", value)]) => quoted(value),
                    (None, _, [(scheme, value)]) => quoted(&format!("{scheme}:{value}")),
                    _ => "unknown".to_owned(),
                }
            }
            Raw::List(values) => {
                let values: Vec<String> = values.iter().map(|value| self.value(ty, "", value)).collect();
                format!("[{}]", values.join(", "))
            }
        }
    }
}

/// `10_000 bbl, 2.5 t`
fn amount(value: &Raw) -> String {
    let number = |value: &Raw| match value {
        Raw::Text(number) => number.trim().to_owned(),
        Raw::Whole(number) => number.to_string(),
        _ => String::new(),
    };
    match value {
        Raw::Text(text) => text.clone(),
        Raw::Map(parts) => match (value.get("amount"), value.get("unit")) {
            (Some(amount), Some(Raw::Text(unit))) => format!("{} {unit}", number(amount)),
            _ => {
                let known = parts.iter().filter(|(_, amount)| !is_unknown(amount));
                let parts: Vec<String> = known.map(|(unit, amount)| format!("{} {unit}", number(amount))).collect();
                if parts.is_empty() { "unknown".to_owned() } else { parts.join(", ") }
            }
        },
        Raw::List(parts) => {
            let parts: Vec<String> = parts.iter().filter(|part| !is_unknown(part)).map(amount).collect();
            if parts.is_empty() { "unknown".to_owned() } else { parts.join(", ") }
        }
        Raw::Null | Raw::Bool(_) | Raw::Whole(_) => "unknown".to_owned(),
    }
}

fn is_unknown(value: &Raw) -> bool {
    matches!(value, Raw::Null) || matches!(value, Raw::Text(word) if word == "unknown")
}

fn items(value: &Raw) -> &[Raw] {
    match value {
        Raw::List(items) => items,
        Raw::Null => &[],
        Raw::Text(word) if word == "none" => &[],
        single => std::slice::from_ref(single),
    }
}

/// Whether a value can stand without quotes: a word that the language does not use itself.
fn is_bare(word: &str) -> bool {
    let mut parts = word.split('/');
    let ident = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let fits = parts.by_ref().take(2).all(ident) && parts.next().is_none();
    fits && !NOT_BARE.contains(&word) && !crate::syntax::is_reserved(word)
}
