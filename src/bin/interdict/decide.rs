//! `interdict decide`

use interdict::{CompileError, Decision, FactsError, Proceed, Ruleset};
use serde::Serialize;

use crate::args::{Answer, Decide};
use crate::lines::{self, Line};
use crate::{Exit, Stop, answered, policies, put, put_json};

/// What is printed instead of a decision: `{"error": …}`.
#[derive(Debug, Serialize)]
struct Refused<T> {
    error: T,
}

/// Facts that were not understood. There is no verdict beside them.
#[derive(Debug, Serialize)]
struct Facts<P> {
    /// The line of a batch, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    problems: P,
}

/// Policies that were refused.
#[derive(Debug, Serialize)]
struct Policy<D> {
    message: String,
    diagnostics: D,
}

/// Decides the activity, or each line of a batch.
pub fn run(it: &Decide) -> Result<Exit, Stop> {
    let lists = policies::lists(&it.lists, &it.policies)?;
    let rules = match policies::builder(&it.policies, lists)?.compile() {
        Ok(rules) => rules,
        Err(error) => return refuse(error, it.format),
    };
    if it.lines {
        return batch(&rules, it);
    }
    match rules.decide_json(&policies::read_or_input(&it.activity)?) {
        Ok(decision) => {
            let printed = match it.format {
                Answer::Text => put(&decision.to_string()),
                Answer::Json => put_json(&decision),
            };
            answered(printed, exit(&decision, it))
        }
        Err(error) => {
            let printed = match it.format {
                Answer::Text => {
                    tell(&error, "");
                    Ok(())
                }
                Answer::Json => put_json(&Refused { error: Facts { line: None, problems: &error } }),
            };
            answered(printed, Exit::Facts)
        }
    }
}

/// One activity per line. Every line that is not blank gives one answer, in order, before the next line is waited for:
/// as JSON, one line each.
fn batch(rules: &Ruleset, it: &Decide) -> Result<Exit, Stop> {
    let mut worst = Exit::Ok;
    for line in lines::of(&it.activity)? {
        let Line { number: line, text } = line?;
        let row_exit = match text.map(|row| rules.decide_json(&row)) {
            Ok(Ok(decision)) => {
                match it.format {
                    Answer::Text => put(&format!("line {line}: {decision}\n"))?,
                    Answer::Json => put_line(&decision)?,
                }
                exit(&decision, it)
            }
            Ok(Err(error)) => {
                match it.format {
                    Answer::Text => tell(&error, &format!("line {line}: ")),
                    Answer::Json => put_line(&Refused { error: Facts { line: Some(line), problems: &error } })?,
                }
                Exit::Facts
            }
            Err(error) => {
                match it.format {
                    Answer::Text => crate::tell(&format!("error: line {line}: {error}\n")),
                    Answer::Json => put_line(&Refused { error: Facts { line: Some(line), problems: [error] } })?,
                }
                Exit::Facts
            }
        };
        worst = worse(worst, row_exit);
    }
    Ok(worst)
}

/// A line without an answer weighs most, then one that may not go ahead, then one that nobody can tell.
fn worse(a: Exit, b: Exit) -> Exit {
    let order = [Exit::Facts, Exit::No, Exit::Unknown];
    order.into_iter().find(|exit| a == *exit || b == *exit).unwrap_or(Exit::Ok)
}

fn exit(decision: &Decision, it: &Decide) -> Exit {
    match decision.may_proceed() {
        _ if !it.exit_code => Exit::Ok,
        Proceed::Yes => Exit::Ok,
        Proceed::No => Exit::No,
        Proceed::Unknown => Exit::Unknown,
    }
}

fn refuse(error: CompileError, format: Answer) -> Result<Exit, Stop> {
    let printed = match (format, &error) {
        (Answer::Text, _) => return Err(Stop::Policy(Box::new(error))),
        (Answer::Json, CompileError::Refused(refusal)) => {
            let diagnostics = refusal.report().located(refusal.sources());
            put_json(&Refused { error: Policy { message: "the policy was refused".into(), diagnostics } })
        }
        (Answer::Json, other) => {
            let none: [(); 0] = [];
            put_json(&Refused { error: Policy { message: other.to_string(), diagnostics: none } })
        }
    };
    answered(printed, Exit::Policy)
}

pub fn tell(error: &FactsError, lead: &str) {
    for problem in error.problems() {
        let place = if problem.path().is_empty() { String::new() } else { format!("{}: ", problem.path()) };
        let help = problem.help().map_or(String::new(), |help| format!("  help: {help}\n"));
        crate::tell(&format!("error: {lead}{place}{}\n{help}", problem.message()));
    }
}

pub fn put_line(value: &impl Serialize) -> Result<(), Stop> {
    let text = serde_json::to_string(value).expect("plain data with text keys has a JSON form");
    put(&(text + "\n"))
}
