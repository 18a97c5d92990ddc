//! Properties: what a policy says of all activities. Proved over all worlds, or refuted by one activity.

mod plain;
mod prove;
#[cfg(any(test, feature = "proptest"))]
mod ready;
#[cfg(any(test, feature = "proptest"))]
mod tried;

use std::collections::BTreeSet;

use crate::check::program::{Claim, Property};
use crate::explain::Decision;
use crate::facts::Activity;
use crate::facts::question::Question;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::scenarios::text;
use crate::value::{Raw, Verdict};

pub use prove::{Proof, Proved};
#[cfg(any(test, feature = "proptest"))]
pub use ready::{Broken, Law, LawRun};
#[cfg(any(test, feature = "proptest"))]
pub use tried::PropertyRun;

/// An activity that refutes a property, as small as was found, but with all facts that are required. Its verdict is settled
/// where one was found whose is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Counterexample {
    /// What was asked.
    pub activity: Activity,
    /// What was decided.
    pub decision: Decision,
    /// A `scenario` block that states the same, to be pasted into a policy.
    pub scenario: String,
    /// Whether the reference evaluator says so too; `None` when that was over its budget.
    pub confirmed: Option<bool>,
}

/// What one activity says of a property.
enum Case {
    /// Its `when` does not hold for sure.
    Beside,
    /// Over the budget.
    Undecided,
    Holds,
    /// `settled` when it has one verdict.
    Refutes {
        settled: bool,
    },
}

impl Ruleset {
    /// The properties of the texts that were given.
    fn given_properties(&self) -> impl Iterator<Item = &Property> {
        self.program().properties.iter().filter(|property| self.is_given(property.span.source()))
    }

    fn case(&self, property: &Property, activity: &Activity) -> Case {
        let Ok(question) = self.bind(self.unpresumed(activity).raw()) else { return Case::Beside };
        match self.holds(&question, &property.when) {
            None => return Case::Undecided,
            Some(false) => return Case::Beside,
            Some(true) => {}
        }
        let answer = self.answer(&question);
        match (keeps(&property.claim, &answer.possible.verdicts), answer.exact) {
            (true, _) => Case::Holds,
            (false, true) => Case::Refutes { settled: answer.possible.settled().is_some() },
            // The bounds may be too wide.
            (false, false) => Case::Undecided,
        }
    }

    /// The same activity, in which nothing is presumed: what could be is said to be unknown.
    pub(crate) fn unpresumed(&self, activity: &Activity) -> Activity {
        let fields = &self.program().schema.activity().fields;
        self.presumed().keys().fold(activity.clone(), |activity, field| {
            let name = &fields[field.at()].name;
            if activity.raw().get(name).is_some() { activity } else { activity.set(name, Raw::Null) }
        })
    }

    /// What is shown of an activity that refutes a property: as few facts as will do, but for those that every activity states.
    fn counterexample(&self, property: &Property, activity: Activity) -> Counterexample {
        let activity = self.unpresumed(&self.plain(property, activity));
        let question = self.bind(activity.raw()).expect("it was bound when it refuted the property");
        let decision = self.decide_question(&question);
        let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
        let by = if deciding.is_empty() { String::new() } else { format!(" by {}", deciding.join(", ")) };
        let title = format!("refutes: {}", property.title);
        let expects = [format!("{}{by}", decision.verdict_name())];
        let scenario = text::scenario(self.program(), &title, &activity, &expects);
        let confirmed = self.confirm(property, &question);
        Counterexample { activity, decision, scenario, confirmed }
    }

    /// Asks the reference evaluator.
    fn confirm(&self, property: &Property, question: &Question) -> Option<bool> {
        let answer = reference::decide(self.program(), self.loaded(), question, reference::CONFIRMING)?;
        Some(!keeps(&property.claim, &answer.possible))
    }

    /// The text of a `scenario` block that states an activity; `expects` are what follows the word `expect`.
    pub fn scenario_text(&self, title: &str, activity: &Activity, expects: &[String]) -> String {
        text::scenario(self.program(), title, activity, expects)
    }
}

/// Whether a claim is true of all these verdicts.
pub(crate) fn keeps(claim: &Claim, possible: &BTreeSet<Verdict>) -> bool {
    let verdict = |name: &str| Verdict::from_name(name).expect("the checker knows the names of verdicts");
    match claim {
        Claim::AtLeast(name) => possible.iter().all(|one| *one >= verdict(name)),
        Claim::AtMost(name) => possible.iter().all(|one| *one <= verdict(name)),
        Claim::Is(name) => possible.iter().all(|one| *one == verdict(name)),
    }
}

#[cfg(test)]
mod tests;
