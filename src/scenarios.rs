//! Scenarios: activities with an expected answer, written in the policy itself.

use crate::check::program::{Expect, NormRef, Scenario};
use crate::explain::{Decision, SourcePlace};
use crate::ruleset::Ruleset;

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
        let mine = self.program().scenarios.iter().filter(|scenario| self.is_given(scenario.span.source()));
        mine.map(|scenario| self.run_scenario(scenario)).collect()
    }

    fn run_scenario(&self, scenario: &Scenario) -> ScenarioRun {
        let question =
            self.bind(&scenario.facts).expect("the facts of scenarios were bound when the policy was compiled");
        let decision = self.decide_question(&question);
        let failures = scenario.expects.iter().filter_map(|expect| self.failure(expect, &decision)).collect();
        let source = self.sources().get(scenario.span.source());
        let line = source.line_column(scenario.span.range().start).0;
        let place = SourcePlace { file: source.name().to_owned(), line };
        ScenarioRun { title: scenario.title.clone(), place, decision, failures }
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
        for by in &expect.by {
            let (name, decides) = match by {
                NormRef::Norm(id) => {
                    let name = self.program().norms[id.at()].name.clone();
                    let decides = decision.deciding().any(|norm| norm.id == name);
                    (name, decides)
                }
                NormRef::Paragraph(id) => {
                    let name = self.program().paragraphs[id.at()].name.clone();
                    let of =
                        |norm: &str| norm == name || norm.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'));
                    let decides = decision.deciding().any(|norm| of(&norm.id));
                    (name, decides)
                }
            };
            if !decides {
                let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
                let deciding = if deciding.is_empty() { "no norm".to_owned() } else { deciding.join(", ") };
                return Some(format!("expected {verdict} by {name}, but it is {deciding} that decides"));
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
}
