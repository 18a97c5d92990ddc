//! Properties tried on generated activities: what is left where a proof is over its budget.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::check::program::{ExitId, Property};
use crate::explain::SourcePlace;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::strategy::{Activities, activities};
use crate::witness::Witnesses;

use super::prove::Acts;
use super::{Case, Counterexample};

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
pub(super) const ATTEMPTS: u32 = 20;
/// Steps of making a counterexample smaller.
const SHRINKING: u32 = 3_000;
/// Activities that are looked at further when the first that refutes a property has no settled verdict.
const FURTHER: usize = 50;

/// Generated activities that are tried with the acts that would lift what applies, too.
const WITH_ACTS: u32 = 64;

/// A generated activity, and how it is made simpler.
type Tree = <Activities as Strategy>::Tree;

impl Ruleset {
    /// The activity, or the same of which all is said, where it refutes the property and has one verdict.
    pub(super) fn settled(&self, property: &Property, activity: &Activity) -> Option<Activity> {
        let both = [activity.clone(), activity.clone().complete()];
        both.into_iter().find(|activity| self.settles(property, activity) == Some(true))
    }

    /// Tries the properties of the texts that were given (those that `use` brought in are left out), each on
    /// `cases` generated activities, in order.
    ///
    /// Activities are generated from the policy's own constants, steered towards the property's `when`, and stated
    /// in full or in part; nothing is presumed and disputed readings are the policy's default unless `when` takes a
    /// side. The same seed gives the same activities. A property that holds here is not proved.
    pub fn run_properties(&self, cases: u32, seed: u64) -> Vec<PropertyRun> {
        self.given_properties().map(|property| self.tried(property, cases, seed)).collect()
    }

    /// Tries one of the properties that [`Ruleset::run_properties`] tries all of, counted from 0.
    ///
    /// # Panics
    ///
    /// When there are not so many.
    pub fn run_property(&self, nth: usize, cases: u32, seed: u64) -> PropertyRun {
        let property = self.given_properties().nth(nth).expect("there are so many properties");
        self.tried(property, cases, seed)
    }

    fn tried(&self, property: &Property, cases: u32, seed: u64) -> PropertyRun {
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
        let witnesses = Witnesses::new(self);
        let acts_may_be = Acts::of(self.program(), &property.when) != Acts::Excluded;
        for _ in 0..cases.saturating_mul(ATTEMPTS) {
            if run.tested == cases {
                break;
            }
            let Ok(mut tree) = strategy.new_tree(&mut runner) else { break };
            match self.case(property, &tree.current()) {
                Case::Beside => {}
                Case::Undecided => run.undecided += 1,
                Case::Holds => {
                    run.tested += 1;
                    // Acts that fit are seldom generated; whoever may do them would.
                    if acts_may_be
                        && run.tested <= WITH_ACTS
                        && let Some(lifted) = self.lifted(property, &witnesses, &tree.current())
                    {
                        run.counterexample = Some(self.counterexample(property, lifted));
                        break;
                    }
                }
                Case::Refutes { .. } => {
                    run.tested += 1;
                    if self.settled(property, &tree.current()).is_none() {
                        tree = self.another(property, &strategy, &mut runner).unwrap_or(tree);
                    }
                    run.counterexample = Some(self.smaller(property, &mut tree));
                    break;
                }
            }
        }
        run
    }

    /// The activity with the acts that some exit of a norm asks for, where that refutes the property.
    fn lifted(&self, property: &Property, witnesses: &Witnesses<'_>, activity: &Activity) -> Option<Activity> {
        let question = self.bind(self.unpresumed(activity).raw()).ok()?;
        let answer = self.answer(&question);
        let norms = answer.lines.iter().flat_map(|line| &line.norms);
        let exits: BTreeSet<ExitId> =
            norms.flat_map(|norm| self.program().norms[norm.id.at()].exits.iter().copied()).collect();
        let with_acts = exits.into_iter().filter_map(|exit| witnesses.with_acts(activity, exit));
        with_acts.into_iter().find(|activity| matches!(self.case(property, activity), Case::Refutes { .. }))
    }

    /// An activity that refutes the property and whose verdict is settled, if one comes soon.
    fn another(&self, property: &Property, strategy: &Activities, runner: &mut TestRunner) -> Option<Tree> {
        let settled = |tree: &Tree| self.settled(property, &tree.current()).is_some();
        (0..FURTHER).find_map(|_| strategy.new_tree(runner).ok().filter(settled))
    }

    /// The smallest that was found by making generated activities simpler; settled if the first one is.
    fn smaller(&self, property: &Property, tree: &mut Tree) -> Counterexample {
        let first = tree.current();
        let settled = self.settled(property, &first);
        let shows = |activity: Activity| match &settled {
            Some(_) => self.settled(property, &activity),
            None => matches!(self.case(property, &activity), Case::Refutes { .. }).then_some(activity),
        };
        let mut smallest = settled.clone().unwrap_or(first);
        let mut refuted = true;
        for _ in 0..SHRINKING {
            if !(if refuted { tree.simplify() } else { tree.complicate() }) {
                break;
            }
            let found = shows(tree.current());
            refuted = found.is_some();
            if let Some(activity) = found.filter(|found| found.raw().size() <= smallest.raw().size()) {
                smallest = activity;
            }
        }
        self.counterexample(property, smallest)
    }
}

/// The same seed gives the same cases.
pub(super) fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
