//! The worked examples, and laws of section 13 on a small scale.

use std::collections::BTreeSet;

use super::examples::{self, Example};
use super::{Answer, decide};
use crate::check::program::Program;
use crate::diagnostics::Report;
use crate::facts::bind::bind;
use crate::facts::lists::Lists;
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::limits::Limits;
use crate::source::{Source, Sources};
use crate::value::{Raw, Verdict};

const BUDGET: usize = 200_000;

fn compile(text: &str) -> Program {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let id = sources.add(Source::new("example", text));
    let file = crate::syntax::parse(id, text, &Limits::default(), &mut report).expect("examples are small");
    assert!(!report.has_errors(), "{}", report.concise(&sources));
    let files = [(id, file)];
    let declarations = crate::resolve::from_syntax(&files, &mut report);
    let program = crate::check::from_resolved(&files, &declarations, &mut report);
    assert!(!report.has_errors(), "{}", report.concise(&sources));
    program
}

fn ask(program: &Program, facts: &Raw) -> (Question, Answer) {
    let lists = Lists::default();
    let question = bind(program, &lists, facts).unwrap_or_else(|error| panic!("{error}: {:?}", error.problems()));
    let answer = decide(program, &lists, &question, BUDGET).expect("within the budget");
    (question, answer)
}

/// Names without the unit, which the examples leave out.
fn names(program: &Program, question: &Question, facts: &BTreeSet<FactPath>) -> BTreeSet<String> {
    facts
        .iter()
        .map(|fact| {
            let name = fact.name(program, question);
            let is_amount =
                matches!(fact, FactPath::Used { .. } | FactPath::Level { .. } | FactPath::Field { unit: Some(_), .. });
            if is_amount { name.rsplit_once('.').map_or(name.clone(), |(start, _)| start.to_owned()) } else { name }
        })
        .collect()
}

fn set<T: Ord + Clone>(all: &[T]) -> BTreeSet<T> {
    all.iter().cloned().collect()
}

fn strings(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn compare(example: &Example) -> Result<(), String> {
    let program = compile(&example.policy);
    let (question, answer) = ask(&program, &example.facts);
    let missing = names(&program, &question, &answer.missing);
    let deciding: BTreeSet<String> = answer.deciding.iter().map(|norm| program.norms[norm.at()].name.clone()).collect();
    let got = (answer.possible.clone(), missing, deciding);
    let want = (set(&example.possible), strings(&example.missing), strings(&example.deciding));
    if got != want {
        return Err(format!("example {}:\n  got  {got:?}\n  want {want:?}", example.number));
    }
    if let Some(findings) = &example.findings {
        let got: Vec<(String, BTreeSet<Verdict>, BTreeSet<String>)> = answer
            .findings
            .iter()
            .map(|(regime, finding)| {
                let name = program.regimes[regime.at()].name.clone();
                (name, finding.possible.clone(), names(&program, &question, &finding.missing))
            })
            .filter(|(name, ..)| name != "r" || program.norms.len() > 1)
            .collect();
        let want: Vec<(String, BTreeSet<Verdict>, BTreeSet<String>)> = findings
            .iter()
            .map(|(name, possible, missing)| ((*name).to_owned(), set(possible), strings(missing)))
            .collect();
        if got != want {
            return Err(format!("findings of example {}:\n  got  {got:?}\n  want {want:?}", example.number));
        }
    }
    Ok(())
}

#[test]
fn worked_examples() {
    let wrong: Vec<String> = examples::examples().iter().filter_map(|example| compare(example).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `missing` is empty exactly when the verdict is settled.
#[test]
fn something_is_missing_exactly_when_the_verdict_is_open() {
    for example in examples::examples() {
        let program = compile(&example.policy);
        let (_, answer) = ask(&program, &example.facts);
        assert_eq!(answer.missing.is_empty(), answer.possible.len() == 1, "example {}", example.number);
        assert!(answer.possible.len() == 1 || answer.deciding.is_empty(), "example {}", example.number);
    }
}

/// `complete` picks a subset of the worlds.
#[test]
fn the_complete_answer_lies_within_the_open_one() {
    for example in examples::examples() {
        let program = compile(&example.policy);
        let with = |complete: bool| {
            let Raw::Map(mut facts) = example.facts.clone() else { unreachable!("activities are maps") };
            facts.retain(|(name, _)| name != "complete");
            facts.push(("complete".to_owned(), Raw::Bool(complete)));
            ask(&program, &Raw::Map(facts)).1
        };
        let (open, complete) = (with(false), with(true));
        assert!(complete.possible.is_subset(&open.possible), "example {}", example.number);
    }
}

#[test]
fn a_question_over_the_budget_has_no_answer() {
    let example = &examples::examples()[3];
    let program = compile(&example.policy);
    let lists = Lists::default();
    let question = bind(&program, &lists, &example.facts).expect("the example binds");
    assert_eq!(decide(&program, &lists, &question, 3), None);
}
