//! Scenarios: activities with an expected answer, written in the policy itself.

pub(crate) mod text;

use serde::Serialize;

use crate::check::program::{Expect, NormRef, Scenario};
use crate::explain::{Decision, NormFinding, NormStatus, SourcePlace};
use crate::facts::question::Question;
use crate::ruleset::Ruleset;
use crate::source::Span;

/// One scenario, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScenarioInfo {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// What follows each `expect`: `prohibited by R2371/8`.
    pub expects: Vec<String>,
}

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
    /// The scenarios of the texts that were given (those that `use` brought in are left out), in order.
    pub fn scenarios(&self) -> Vec<ScenarioInfo> {
        let info = |scenario: &Scenario| ScenarioInfo {
            title: scenario.title.clone(),
            place: self.place_of(scenario.span),
            expects: scenario.expects.iter().map(|expect| self.expected(expect)).collect(),
        };
        self.scenarios_given().map(info).collect()
    }

    /// What follows the word `expect`.
    pub(crate) fn expected(&self, expect: &Expect) -> String {
        let name = |norm: &NormRef| self.name_of(*norm).to_owned();
        let mut text = expect.verdict.clone();
        for (word, names) in [
            ("by", expect.by.iter().map(name).collect()),
            ("needing", expect.needing.clone()),
            ("noting", expect.noting.iter().map(name).collect::<Vec<String>>()),
        ] {
            if !names.is_empty() {
                text += &format!(" {word} {}", names.join(", "));
            }
        }
        text
    }

    fn name_of(&self, norm: NormRef) -> &str {
        match norm {
            NormRef::Norm(id) => &self.program().norms[id.at()].name,
            NormRef::Paragraph(id) => &self.program().paragraphs[id.at()].name,
        }
    }

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
        let failures = self.failures(&scenario.expects, &decision);
        ScenarioRun { title: scenario.title.clone(), place: self.place_of(scenario.span), decision, failures }
    }

    pub(crate) fn question_of(&self, scenario: &Scenario) -> Question {
        self.bind(&scenario.facts).expect("the facts of scenarios were bound when the policy was compiled")
    }

    /// What of the expectations is not so.
    pub(crate) fn failures(&self, expects: &[Expect], decision: &Decision) -> Vec<String> {
        expects.iter().filter_map(|expect| self.failure(expect, decision)).collect()
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
        // What is undetermined is so by the norms that depend on missing facts.
        let (makes, makers): (&str, Vec<&NormFinding>) = match decision.verdict {
            Some(_) => ("decides", decision.deciding().collect()),
            None => {
                let norms = decision.findings.iter().flat_map(|finding| &finding.norms);
                ("is open", norms.filter(|norm| norm.status == NormStatus::Undetermined).collect())
            }
        };
        let makers: Vec<&str> = makers.iter().map(|norm| norm.id.as_str()).collect();
        for by in &expect.by {
            let (name, is_so) = self.is_among(*by, &makers);
            if !is_so {
                return Some(format!("expected {verdict} by {name}, but it is {} that {makes}", or_none(&makers)));
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
        let name = self.name_of(wanted);
        let is_of = |norm: &&str| match wanted {
            NormRef::Norm(_) => *norm == name,
            NormRef::Paragraph(_) => {
                norm.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        };
        (name.to_owned(), norms.iter().any(is_of))
    }
}

fn or_none(norms: &[&str]) -> String {
    if norms.is_empty() { "no norm".to_owned() } else { norms.join(", ") }
}
