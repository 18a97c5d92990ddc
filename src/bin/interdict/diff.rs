//! `interdict diff`

use std::io::IsTerminal;
use std::path::Path;

use interdict::{Activity, CompileError, Flip, Raw, Ruleset};
use serde::Serialize;

use crate::args::{Answer, Diff};
use crate::lines::{self, Line};
use crate::{Exit, Stop, answered, decide, policies, put, put_json, tell};

/// A flip, as JSON: one line each.
#[derive(Debug, Serialize)]
struct Flipped<'a> {
    /// The line of the file, from 1.
    line: usize,
    /// What the activity is called, if it says so.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    #[serde(flatten)]
    flip: &'a Flip,
}

/// Lines between two words on how far it is.
const A_WHILE: usize = 10_000;

/// Compares the two versions altogether, or by cases.
pub fn run(it: &Diff) -> Result<Exit, Stop> {
    let compiled = |policy: &String| -> Result<Ruleset, Stop> {
        let policies = std::slice::from_ref(policy);
        let lists = policies::lists(&it.lists, policies)?;
        policies::builder(policies, lists)?.compile().map_err(|error: CompileError| Stop::Policy(Box::new(error)))
    };
    let (old, new) = (compiled(&it.old)?, compiled(&it.new)?);
    match &it.cases {
        Some(cases) => by_cases(it, &old, &new, cases),
        None => altogether(it, &old, &new),
    }
}

/// Tells which norms change which verdicts, and where.
fn altogether(it: &Diff, old: &Ruleset, new: &Ruleset) -> Result<Exit, Stop> {
    let difference = old.difference(new).map_err(|error| Stop::Usage(error.to_string()))?;
    let printed = match it.format {
        Answer::Text if it.verbose => put(&format!("{difference:#}")),
        Answer::Text => put(&difference.to_string()),
        Answer::Json => put_json(&difference),
    };
    answered(printed, if difference.is_equal() { Exit::Ok } else { Exit::No })
}

/// Decides every case by both versions, and tells what changes.
fn by_cases(it: &Diff, old: &Ruleset, new: &Ruleset, cases: &Path) -> Result<Exit, Stop> {
    let mut comparison = old.compare(new);
    let (mut flips, mut refused) = (0_u64, 0_u64);
    let progress = std::io::stderr().is_terminal();
    for line in lines::of(cases)? {
        let Line { number: line, text } = line?;
        if progress && line % A_WHILE == 0 {
            tell(&format!("\r{line} lines, {flips} change"));
        }
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                refused += 1;
                tell(&format!("error: line {line}: {error}\n"));
                continue;
            }
        };
        let activity = match Activity::from_json(&text) {
            Ok(activity) => activity,
            Err(error) => {
                refused += 1;
                decide::tell(&error, &format!("line {line}: "));
                continue;
            }
        };
        let reference = match activity.raw().get("ref") {
            Some(Raw::Text(name)) => Some(name.as_str()),
            _ => None,
        };
        let named = reference.map_or(String::new(), |name| format!(" ({name})"));
        match comparison.case(&activity) {
            Ok(None) => {}
            Ok(Some(flip)) => {
                flips += 1;
                match it.format {
                    Answer::Text => put(&format!("line {line}{named}: {flip}\n"))?,
                    Answer::Json => decide::put_line(&Flipped { line, reference, flip: &flip })?,
                }
            }
            Err(not) => {
                refused += 1;
                decide::tell(&not.error, &format!("line {line}{named}, {} version: ", not.version));
            }
        }
    }
    if progress {
        tell("\r");
    }
    let mut summary = String::new();
    if it.format == Answer::Text {
        let mut head = "   cases  verdict, or old -> new\n";
        for (before, after, count) in comparison.transitions() {
            summary += std::mem::take(&mut head);
            let became = if before == after { String::new() } else { format!(" -> {after}") };
            summary += &format!("{count:>8}  {before}{became}\n");
        }
        let not = match refused {
            0 => String::new(),
            1 => "; 1 was not understood".to_owned(),
            many => format!("; {many} were not understood"),
        };
        summary += &format!("{flips} of the cases change{not}\n");
    }
    let exit = match (flips, refused) {
        (_, 1..) => Exit::Facts,
        (0, 0) => Exit::Ok,
        _ => Exit::No,
    };
    answered(put(&summary), exit)
}
