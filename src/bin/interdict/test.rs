//! `interdict test`

use interdict::{Coverage, Law, Proved, Ruleset};

use crate::args::Test;
use crate::{Exit, Stop, answered, policies, put};

/// Runs everything, and says at the end what failed.
pub fn run(it: &Test) -> Result<Exit, Stop> {
    let rules = policies::compile(&it.policies, &it.lists)?;
    let scenarios = scenarios(&rules, it.verbose)?;
    let properties = properties(&rules, it)?;
    let mut failed = scenarios.failed + properties.failed;
    let summary = put(&format!("scenarios: {scenarios}\nproperties: {properties}\n"));
    if !it.laws && !it.coverage {
        return answered(summary, passed(failed == 0));
    }
    summary?;
    if it.laws {
        for law in Law::ALL {
            let run = rules.hold_to(law, it.cases, it.seed);
            failed += usize::from(!run.keeps());
            put(&format!("{}  {run}\n", if run.keeps() { "pass" } else { "FAIL" }))?;
        }
    }
    if !it.coverage {
        return Ok(passed(failed == 0));
    }
    let coverage = rules.coverage();
    answered(tell_coverage(&coverage, it.verbose), passed(failed == 0 && coverage.is_complete()))
}

fn passed(all: bool) -> Exit {
    if all { Exit::Ok } else { Exit::No }
}

fn tell_coverage(coverage: &Coverage, verbose: bool) -> Result<(), Stop> {
    if verbose {
        for it in coverage.norms.iter().chain(&coverage.exits) {
            let name = |title: &Option<String>| title.as_ref().map_or("-".to_owned(), |title| format!("\"{title}\""));
            put(&format!("{}: acts {}; held back {}\n", it.id, name(&it.acts), name(&it.held_back)))?;
        }
        for it in &coverage.branches {
            if let Some(title) = &it.taken {
                put(&format!("{}: {}: \"{title}\"\n", it.id, it.asks))?;
            }
        }
    }
    put(&coverage.to_string())
}

/// How many properties were proved, held for all activities that were tried, and failed.
#[derive(Debug, Default)]
struct Properties {
    proved: usize,
    tried: usize,
    failed: usize,
}

impl std::fmt::Display for Properties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} proved", self.proved)?;
        if self.tried > 0 {
            write!(f, ", {} not proved but tried", self.tried)?;
        }
        write!(f, ", {} failed", self.failed)
    }
}

/// How many passed and failed.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn count(&mut self, passed: bool) {
        match passed {
            true => self.passed += 1,
            false => self.failed += 1,
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn scenarios(rules: &Ruleset, verbose: bool) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    for run in rules.run_scenarios() {
        let place = format!("{}:{}", run.place.file, run.place.line);
        tally.count(run.passes());
        if run.passes() {
            if verbose {
                put(&format!("pass  {place}: {} ({})\n", run.title, run.decision.verdict_name()))?;
            }
            continue;
        }
        put(&format!("FAIL  {place}: {}\n", run.title))?;
        for failure in &run.failures {
            put(&format!("      {failure}\n"))?;
        }
        if verbose {
            put(&format!("\n{}\n", indented(&run.decision.to_string())))?;
        }
    }
    Ok(tally)
}

/// Proves every property, and tries it on generated activities where there is no proof; a counterexample is printed as a scenario.
fn properties(rules: &Ruleset, it: &Test) -> Result<Properties, Stop> {
    let mut tally = Properties::default();
    for (nth, proof) in rules.prove_properties().into_iter().enumerate() {
        let place = format!("{}:{}", proof.place.file, proof.place.line);
        let (lead, count, said, found) = match proof.found {
            Proved::Undecided(why) => {
                let run = rules.run_property(nth, it.cases, it.seed);
                let (lead, count) =
                    if run.passes() { ("tried", &mut tally.tried) } else { ("FAIL", &mut tally.failed) };
                let said = match &run.counterexample {
                    Some(found) => format!("refuted by a generated activity: {}\n{}", run.title, found.scenario),
                    None => format!("not proved, {why}; {run}"),
                };
                (lead, count, said, run.counterexample)
            }
            Proved::Refuted(found) => {
                let said = format!("refuted: {}\n{}", proof.title, found.scenario);
                ("FAIL", &mut tally.failed, said, Some(*found))
            }
            _ => ("pass", &mut tally.proved, proof.to_string(), None),
        };
        *count += 1;
        // What is not proved is never passed over.
        if lead != "pass" || it.verbose {
            put(&format!("{lead}  {place}: {said}\n"))?;
        }
        if let Some(found) = found.filter(|_| it.verbose) {
            put(&format!("\n{}\n", indented(&found.decision.to_string())))?;
        }
    }
    Ok(tally)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("      {line}\n") }).collect()
}
