//! Properties: what a policy says of all activities, tried on generated ones.

mod text;

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::check::program::{Claim, Property};
use crate::explain::{Decision, SourcePlace};
use crate::facts::Activity;
use crate::facts::question::Question;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::strategy::{Activities, activities};
use crate::value::{Raw, Verdict};

/// One property that was tried.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PropertyRun {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// How many of the generated activities satisfied its `when`.
    pub tested: u32,
    /// How many were asked for.
    pub wanted: u32,
    /// How many satisfied `when` but were over the budget of one question, and say nothing.
    pub undecided: u32,
    /// An activity of which the property does not hold.
    pub counterexample: Option<Counterexample>,
}

/// An activity that refutes a property, as small as was found.
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

impl PropertyRun {
    /// It was tried and never refuted. One that no activity put to the test does not pass: see
    /// [`PropertyRun::is_vacuous`].
    pub fn passes(&self) -> bool {
        self.counterexample.is_none() && self.tested > 0
    }

    /// No generated activity satisfied its `when`, so nothing was tried.
    pub fn is_vacuous(&self) -> bool {
        self.tested == 0
    }
}

impl std::fmt::Display for PropertyRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let PropertyRun { title, tested, wanted, .. } = self;
        match &self.counterexample {
            Some(found) => {
                writeln!(f, "does not hold: {title}")?;
                write!(f, "{}", found.scenario)
            }
            None if self.is_vacuous() => {
                write!(f, "vacuous: {title}: none of the generated activities satisfies its `when`")
            }
            None if tested < wanted => write!(f, "holds of only {tested} activities (of {wanted} asked for): {title}"),
            None => write!(f, "holds of {tested} activities: {title}"),
        }
    }
}

/// Generated activities per case that is asked for, before giving up.
const ATTEMPTS: u32 = 20;
/// Steps of making a counterexample smaller.
const SHRINKING: u32 = 3_000;
/// Evaluations that the reference may take to confirm a counterexample.
const REFERENCE_BUDGET: usize = 200_000;

/// What one activity says of a property.
enum Case {
    /// Its `when` does not hold for sure.
    Beside,
    /// Over the budget.
    Undecided,
    Holds,
    Refutes,
}

impl Ruleset {
    /// Tries the properties of the texts that were given (those that `use` brought in are left out), each on
    /// `cases` generated activities, in order.
    ///
    /// Activities are generated from the policy's own constants, steered towards the property's `when`, and stated
    /// in full or in part; nothing is presumed and disputed readings are the policy's default unless `when` takes a
    /// side. The same seed gives the same activities. A property that holds here is not proved.
    pub fn run_properties(&self, cases: u32, seed: u64) -> Vec<PropertyRun> {
        let mine = self.program().properties.iter().filter(|property| self.is_given(property.span.source()));
        mine.map(|property| self.run_property(property, cases, seed)).collect()
    }

    fn run_property(&self, property: &Property, cases: u32, seed: u64) -> PropertyRun {
        let source = self.sources().get(property.span.source());
        let line = source.line_column(property.span.range().start).0;
        let mut run = PropertyRun {
            title: property.title.clone(),
            place: SourcePlace { file: source.name().to_owned(), line },
            tested: 0,
            wanted: cases,
            undecided: 0,
            counterexample: None,
        };
        let strategy = activities(self).steered(property.when.clone()).without_lines();
        let mut runner = runner(seed);
        for _ in 0..cases.saturating_mul(ATTEMPTS) {
            if run.tested == cases {
                break;
            }
            let Ok(mut tree) = strategy.new_tree(&mut runner) else { break };
            match self.case(property, &tree.current()) {
                Case::Beside => {}
                Case::Undecided => run.undecided += 1,
                Case::Holds => run.tested += 1,
                Case::Refutes => {
                    run.tested += 1;
                    run.counterexample = Some(self.counterexample(property, &mut tree));
                    break;
                }
            }
        }
        run
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
            (false, true) => Case::Refutes,
            // The bounds may be too wide.
            (false, false) => Case::Undecided,
        }
    }

    /// The same activity, in which nothing is presumed: what could be is said to be unknown.
    fn unpresumed(&self, activity: &Activity) -> Activity {
        let fields = &self.program().schema.activity().fields;
        self.presumed().keys().fold(activity.clone(), |activity, field| {
            let name = &fields[field.at()].name;
            if activity.raw().get(name).is_some() { activity } else { activity.set(name, Raw::Null) }
        })
    }

    fn counterexample(&self, property: &Property, tree: &mut <Activities as Strategy>::Tree) -> Counterexample {
        let refutes = |activity: &Activity| matches!(self.case(property, activity), Case::Refutes);
        let mut smallest = tree.current();
        let mut refuted = true;
        for _ in 0..SHRINKING {
            if !(if refuted { tree.simplify() } else { tree.complicate() }) {
                break;
            }
            let activity = tree.current();
            refuted = refutes(&activity);
            if refuted && activity.raw().size() <= smallest.raw().size() {
                smallest = activity;
            }
        }
        let smallest = self.without_needless(smallest, &refutes);
        // An activity of which all is said convinces more than one of which much is unknown.
        let whole = smallest.clone().complete();
        let settles = |activity: &Activity| {
            let question = self.bind(self.unpresumed(activity).raw());
            question.is_ok_and(|question| self.answer(&question).possible.settled().is_some())
        };
        let smallest = if !settles(&smallest) && refutes(&whole) && settles(&whole) { whole } else { smallest };
        let activity = self.unpresumed(&smallest);
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

    /// Leaves out facts one by one as long as the property is refuted.
    fn without_needless(&self, mut activity: Activity, refutes: &dyn Fn(&Activity) -> bool) -> Activity {
        let names = |activity: &Activity| match activity.raw() {
            Raw::Map(entries) => entries.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        for name in names(&activity) {
            let Raw::Map(mut entries) = activity.raw().clone() else { continue };
            entries.retain(|(known, _)| *known != name);
            let Ok(smaller) = Activity::from_raw(Raw::Map(entries)) else { continue };
            if refutes(&smaller) {
                activity = smaller;
            }
        }
        activity
    }

    /// Asks the reference evaluator.
    fn confirm(&self, property: &Property, question: &Question) -> Option<bool> {
        let answer = reference::decide(self.program(), self.loaded(), question, REFERENCE_BUDGET)?;
        Some(!keeps(&property.claim, &answer.possible))
    }

    /// The text of a `scenario` block that states an activity; `expects` are what follows the word `expect`.
    pub fn scenario_text(&self, title: &str, activity: &Activity, expects: &[String]) -> String {
        text::scenario(self.program(), title, activity, expects)
    }
}

/// Whether a claim is true of all these verdicts.
fn keeps(claim: &Claim, possible: &BTreeSet<Verdict>) -> bool {
    let verdict = |name: &str| Verdict::from_name(name).expect("the checker knows the names of verdicts");
    match claim {
        Claim::AtLeast(name) => possible.iter().all(|one| *one >= verdict(name)),
        Claim::AtMost(name) => possible.iter().all(|one| *one <= verdict(name)),
        Claim::Is(name) => possible.iter().all(|one| *one == verdict(name)),
    }
}

/// The same seed gives the same cases.
fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[cfg(test)]
mod tests;
