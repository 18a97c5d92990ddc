//! The laws of `semantics.md`, section 13, on random policies and on the shipped one.
//!
//! Without `PROPTEST_CASES` the cases are the same on every run and few enough for every commit. With it, each law
//! runs that many cases, fresh ones every time: `PROPTEST_CASES=20000 cargo test --features proptest laws`.

mod agree;
mod applying;
mod brief;
mod differences;
mod drawings;
mod enough;
mod examples;
mod families;
mod interview;
mod kept_open;
mod lint;
mod listed;
mod missing;
mod narrow;
mod order;
mod pack;
mod paths;
mod phrases;
mod policies;
mod proofs;
mod routes;
mod sheets;
mod soup;
mod timeline;
mod told;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestCaseError, TestCaseResult, TestRng, TestRunner};

use crate::check::program::NormId;
use crate::evaluate::answer::{Answer, Possible};
use crate::facts::Activity;
use crate::facts::question::Question;
use crate::ruleset::Ruleset;
use crate::strategy::{Config, Draft, Fixed, drafts};
use crate::value::{Raw, Verdict};

/// Tries a law on that many cases, or as many as the environment says.
fn law<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> TestCaseResult) {
    let long = std::env::var_os("PROPTEST_CASES").is_some();
    let runs = Runs { failure_persistence: None, max_shrink_iters: 3_000, ..Runs::default() };
    let mut runner = if long {
        TestRunner::new(runs)
    } else {
        TestRunner::new_with_rng(Runs { cases, ..runs }, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    };
    if let Err(failure) = runner.run(&strategy, test) {
        panic!("{failure}");
    }
}

/// Questions that fit the vocabulary of every random policy.
fn questions(config: Config) -> BoxedStrategy<Draft> {
    static EVERYTHING: OnceLock<Ruleset> = OnceLock::new();
    drafts(EVERYTHING.get_or_init(|| policies::Policy::of_everything().compile()), config)
}

/// A policy and some questions about it.
fn cases(questions_each: usize) -> impl Strategy<Value = (policies::Policy, Vec<Draft>)> {
    (policies::policy(), prop::collection::vec(questions(Config::default()), 1..=questions_each))
}

/// A policy and some questions about it that state no acts and no lines.
fn plain_cases(questions_each: usize) -> impl Strategy<Value = (policies::Policy, Vec<Draft>)> {
    let config = Config { acts: false, lines: false, ..Config::default() };
    (policies::policy(), prop::collection::vec(questions(config), 1..=questions_each))
}

/// What was asked, for messages.
fn shown(policy: &str, activity: &Activity) -> String {
    let json = serde_json::to_string(activity).expect("facts are JSON");
    format!("{policy}\n{json}")
}

fn activity(draft: &Draft, rules: &Ruleset) -> Activity {
    draft.activity(rules, &Fixed::default())
}

fn ask(rules: &Ruleset, activity: &Activity) -> Result<(Question, Answer), TestCaseError> {
    let question = rules
        .bind(activity.raw())
        .map_err(|error| TestCaseError::fail(format!("{error}: {:?}\n{}", error.problems(), shown("", activity))))?;
    let answer = rules.answer(&question);
    Ok((question, answer))
}

/// The norms that decide a settled verdict.
fn deciding(answer: &Answer) -> BTreeSet<NormId> {
    let Some(verdict) = answer.possible.settled().filter(|verdict| *verdict != Verdict::NotCovered) else {
        return BTreeSet::new();
    };
    let lines = answer.lines.iter().filter(|line| line.possible.settled() == Some(verdict));
    lines.flat_map(|line| &line.norms).filter(|norm| norm.decides).map(|norm| norm.id).collect()
}

/// In no world stricter, as far as the bounds show.
fn no_stricter(one: &Possible, than: &Possible) -> bool {
    one.at_least() <= than.at_least() && one.at_most() <= than.at_most()
}

fn names(activity: &Activity) -> Vec<String> {
    match activity.raw() {
        Raw::Map(entries) => entries.iter().map(|(name, _)| name.clone()).collect(),
        _ => Vec::new(),
    }
}

fn without(activity: &Activity, name: &str) -> Activity {
    let Raw::Map(entries) = activity.raw() else { return activity.clone() };
    let entries = entries.iter().filter(|(known, _)| known != name).cloned().collect();
    Activity::from_raw(Raw::Map(entries)).expect("it was an activity")
}
