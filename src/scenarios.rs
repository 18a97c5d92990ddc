//! Scenarios: activities with an expected answer, written in the policy itself.

pub(crate) mod text;

use crate::check::program::{Expect, NormRef, Scenario};
use crate::explain::{Decision, SourcePlace};
use crate::facts::question::Question;
use crate::ruleset::Ruleset;
use crate::source::Span;

/// One scenario that was run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ScenarioRun {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// What was decided.
    pub decision: Decision,
    /// What was expected and is not so; empty when the scenario passes.
    pub failures: Vec<String>,
}

impl ScenarioRun {
    /// Everything expected is so.
    pub fn passes(&self) -> bool {
        self.failures.is_empty()
    }
}

impl Ruleset {
    /// Runs the scenarios of the texts that were given (those that `use` brought in are left out), in order.
    pub fn run_scenarios(&self) -> Vec<ScenarioRun> {
        self.scenarios_given().map(|scenario| self.run_scenario(scenario)).collect()
    }

    pub(crate) fn scenarios_given(&self) -> impl Iterator<Item = &Scenario> {
        self.program().scenarios.iter().filter(|scenario| self.is_given(scenario.span.source()))
    }

    pub(crate) fn place_of(&self, span: Span) -> SourcePlace {
        let source = self.sources().get(span.source());
        SourcePlace { file: source.name().to_owned(), line: source.line_column(span.range().start).0 }
    }

    fn run_scenario(&self, scenario: &Scenario) -> ScenarioRun {
        let question = self.question_of(scenario);
        let decision = self.decide_question(&question);
        let failures = self.failures(scenario, &decision);
        ScenarioRun { title: scenario.title.clone(), place: self.place_of(scenario.span), decision, failures }
    }

    pub(crate) fn question_of(&self, scenario: &Scenario) -> Question {
        self.bind(&scenario.facts).expect("the facts of scenarios were bound when the policy was compiled")
    }

    /// What of the expectations is not so.
    pub(crate) fn failures(&self, scenario: &Scenario, decision: &Decision) -> Vec<String> {
        scenario.expects.iter().filter_map(|expect| self.failure(expect, decision)).collect()
    }

    fn failure(&self, expect: &Expect, decision: &Decision) -> Option<String> {
        let verdict = decision.verdict_name();
        if verdict != expect.verdict {
            let mut text = format!("expected {}, decided {verdict}", expect.verdict);
            if !decision.missing.is_empty() {
                let missing: Vec<&str> = decision.missing.iter().map(|fact| fact.fact.as_str()).collect();
                text += &format!(", for want of {}", missing.join(", "));
            }
            let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
            if !deciding.is_empty() {
                text += &format!(" by {}", deciding.join(", "));
            }
            return Some(text);
        }
        let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
        for by in &expect.by {
            let (name, decides) = self.is_among(*by, &deciding);
            if !decides {
                return Some(format!("expected {verdict} by {name}, but it is {} that decides", or_none(&deciding)));
            }
        }
        let duties = decision.duties.iter().map(|duty| duty.id.as_str());
        let notes = decision.advice.iter().chain(&decision.cautions).map(|note| note.id.as_str());
        let noted: Vec<&str> = duties.chain(notes).collect();
        for noting in &expect.noting {
            let (name, carried) = self.is_among(*noting, &noted);
            if !carried {
                return Some(format!("expected {name} to be noted, but it is {}", or_none(&noted)));
            }
        }
        for wanted in &expect.needing {
            let has =
                |fact: &str| fact == wanted || fact.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'));
            if !decision.missing.iter().any(|missing| has(&missing.fact)) {
                let missing: Vec<&str> = decision.missing.iter().map(|fact| fact.fact.as_str()).collect();
                return Some(format!("expected {wanted} to be missing, but it is {}", missing.join(", ")));
            }
        }
        None
    }

    /// The name of a norm or paragraph, and whether it, or a norm of it, is among these.
    fn is_among(&self, wanted: NormRef, norms: &[&str]) -> (String, bool) {
        let program = self.program();
        match wanted {
            NormRef::Norm(id) => {
                let name = &program.norms[id.at()].name;
                (name.clone(), norms.contains(&name.as_str()))
            }
            NormRef::Paragraph(id) => {
                let name = &program.paragraphs[id.at()].name;
                let is_of = |norm: &&str| {
                    norm.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                (name.clone(), norms.iter().any(is_of))
            }
        }
    }
}

fn or_none(norms: &[&str]) -> String {
    if norms.is_empty() { "no norm".to_owned() } else { norms.join(", ") }
}
