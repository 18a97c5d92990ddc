//! Activities for property tests, made from a policy's own schema and constants.
//!
//! [`activities`] gives a [`Strategy`] for [proptest](mod@proptest). Its values lie
//! on the boundaries that the policy itself draws (each term, code, country, day
//! and amount that a norm tests, and its neighbours) four times as often as
//! anywhere twice and at an extreme once. Every activity binds: deciding it is no
//! error. Failing cases shrink towards activities that state less.
//!
//! ```
//! use interdict::strategy::activities;
//! use interdict::{Activity, Ruleset, Verdict};
//! use proptest::prelude::*;
//! use proptest::test_runner::TestRunner;
//!
//! let rules = Ruleset::pack("un_dprk")?;
//! let tanks = Activity::new()
//!     .set("actor_state", "RU")
//!     .set("action", "purchase")
//!     .set("item", "battle_tank")
//!     .set("origin", "KP")
//!     .set("date", "2023-09-13");
//!
//! // Whatever else is so, as long as nobody permitted it.
//! let tanks = activities(&rules).given(tanks).without_acts().without_lines();
//! TestRunner::new(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })
//!     .run(&tanks, |activity| {
//!         let decision = rules.decide(&activity).expect("generated activities bind");
//!         prop_assert!(decision.bounds.at_most >= Verdict::RequiresAuthorisation, "{decision}");
//!         Ok(())
//!     })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aim;
mod constants;
mod draft;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;

use crate::check::program::{ACTIVITY, Cond, FieldId, RecordId, Type};
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::Raw;

use constants::Constants;
pub(crate) use draft::{ActDraft, AmountPick, DayPick, Draft, Facts, Fixed};

/// Activities that a policy can be asked about.
///
/// Open and complete ones, with and without acts, with any facts unstated. What
/// it returns can be narrowed: see [`Activities`].
pub fn activities(rules: &Ruleset) -> Activities {
    Activities { rules: rules.clone(), config: Config::default(), fixed: Fixed::default(), built: OnceCell::new() }
}

/// The strategy of [`activities`].
#[derive(Debug, Clone)]
pub struct Activities {
    rules: Ruleset,
    config: Config,
    fixed: Fixed,
    built: OnceCell<BoxedStrategy<Activity>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Config {
    pub complete: Option<bool>,
    pub stated: f64,
    pub acts: bool,
    pub lines: bool,
    pub aimed: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config { complete: None, stated: 0.5, acts: true, lines: true, aimed: true }
    }
}

impl Activities {
    /// Facts that every activity states, as they are; they take the place of generated ones. Whether they bind is
    /// the caller's affair.
    pub fn given(mut self, facts: Activity) -> Activities {
        self.fixed.given = Some(facts);
        self.anew()
    }

    /// Complete activities only: what is not stated does not apply.
    pub fn complete(mut self) -> Activities {
        self.config.complete = Some(true);
        self.anew()
    }

    /// Open activities only: what is not stated is unknown.
    pub fn open(mut self) -> Activities {
        self.config.complete = Some(false);
        self.anew()
    }

    /// How likely it is that a fact is not stated, from 0 to 1; half of the time by default.
    ///
    /// # Panics
    ///
    /// When it is not a number from 0 to 1.
    pub fn unstated(mut self, probability: f64) -> Activities {
        assert!((0.0..=1.0).contains(&probability), "a probability lies between 0 and 1");
        self.config.stated = 1.0 - probability;
        self.anew()
    }

    /// Activities that rely on no act of anybody.
    pub fn without_acts(mut self) -> Activities {
        self.config.acts = false;
        self.anew()
    }

    /// Single activities, no consignments of several lines.
    pub fn without_lines(mut self) -> Activities {
        self.config.lines = false;
        self.anew()
    }

    /// Facts drawn field by field, without aiming some of the activities at a norm of the policy.
    pub fn unaimed(mut self) -> Activities {
        self.config.aimed = false;
        self.anew()
    }

    /// Activities in which a condition is likely to hold.
    pub(crate) fn steered(mut self, cond: Cond) -> Activities {
        self.fixed.steer = Some(cond);
        self.anew()
    }

    fn anew(mut self) -> Activities {
        self.built = OnceCell::new();
        self
    }
}

impl Strategy for Activities {
    type Tree = Box<dyn ValueTree<Value = Activity>>;
    type Value = Activity;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let built = self.built.get_or_init(|| {
            let (rules, fixed) = (self.rules.clone(), self.fixed.clone());
            drafts(&self.rules, self.config).prop_map(move |draft| draft.activity(&rules, &fixed)).boxed()
        });
        built.new_tree(runner)
    }
}

/// Drafts with the values of one policy. They can be made activities of any policy with the same schema.
pub(crate) fn drafts(rules: &Ruleset, config: Config) -> BoxedStrategy<Draft> {
    let program = rules.program();
    let constants = Constants { program, tested: rules.tested(), lists: rules.loaded() };
    let mut tested: BTreeSet<(RecordId, FieldId)> = constants.tested.sets.keys().copied().collect();
    tested.extend(constants.tested.compared.iter().chain(constants.tested.bodies.keys()));
    tested.extend(constants.tested.quotas.keys().map(|(field, _)| (ACTIVITY, *field)));
    tested.extend(program.schema.core.goods.into_iter().flat_map(|(item, hs)| [(ACTIVITY, item), (ACTIVITY, hs)]));
    let make = Make { constants, tested, config };

    let facts = make.record(ACTIVITY, 0, 1.0);
    let code_of_item = prop::option::weighted(0.4, any::<(u8, u8)>());
    let take = prop::collection::vec(prop::bool::weighted(0.85), 24);
    let aim = maybe(if config.aimed { 0.7 } else { 0.0 }, (any::<u16>(), any::<u32>(), take));
    let acts = prop::collection::vec(act(), 0..if config.acts { 3usize } else { 1 });
    let acts = if config.acts { acts.boxed() } else { Just(Vec::new()).boxed() };
    let asked_on = prop::option::weighted(0.2, day());
    let ledger = || prop::collection::vec((any::<u16>(), amount()), 0..4usize);
    let readings = prop::collection::vec((any::<u16>(), any::<Option<bool>>()), 0..2usize);
    let complete = match config.complete {
        Some(complete) => Just(complete).boxed(),
        None => any::<bool>().boxed(),
    };
    let lines = if config.lines {
        let some = prop::collection::vec(make.record(ACTIVITY, 1, 0.2), 1..=2usize);
        prop::option::weighted(0.1, some).prop_map(Option::unwrap_or_default).boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    (facts, code_of_item, aim, acts, asked_on, ledger(), ledger(), readings, complete, lines)
        .prop_map(|(facts, code_of_item, aim, acts, asked_on, used, levels, readings, complete, lines)| Draft {
            facts,
            code_of_item,
            aim,
            acts,
            asked_on,
            used,
            levels,
            readings,
            complete,
            lines,
        })
        .boxed()
}

struct Make<'a> {
    constants: Constants<'a>,
    tested: BTreeSet<(RecordId, FieldId)>,
    config: Config,
}

/// Records within records nest no deeper.
const DEEPEST: usize = 3;

impl Make<'_> {
    /// Facts of one record, each stated or not.
    fn record(&self, record: RecordId, depth: usize, likely: f64) -> BoxedStrategy<Facts> {
        let schema = &self.constants.program.schema;
        let mut fields: Vec<BoxedStrategy<Option<(String, Raw)>>> = Vec::new();
        for (at, field) in schema.records[record.at()].fields.iter().enumerate() {
            let id = FieldId(at as u32);
            let Some(value) = self.state(record, id, depth) else { continue };
            let tested = self.tested.contains(&(record, id));
            // What no norm asks for is stated less often, what is required more often.
            let weight = match (field.required && depth == 0, tested) {
                (true, _) => self.config.stated.sqrt(),
                (false, true) => self.config.stated,
                (false, false) => self.config.stated * 0.4,
            };
            let name = field.name.clone();
            let stated = value.prop_map(move |value| (name.clone(), value));
            fields.push(maybe(weight * likely, stated));
        }
        fields.prop_map(|facts| facts.into_iter().flatten().collect()).boxed()
    }

    /// A value, `none`, or `unknown`.
    fn state(&self, record: RecordId, id: FieldId, depth: usize) -> Option<BoxedStrategy<Raw>> {
        let field = &self.constants.program.schema.records[record.at()].fields[id.at()];
        let value = match field.ty {
            Type::Record(inner) if depth < DEEPEST => {
                let inner = self.record(inner, depth + 1, 0.7).prop_map(Raw::Map);
                // One of which nothing is known.
                let inner = prop_oneof![14 => inner, 1 => Just(Raw::Null)];
                prop::collection::vec(inner, 0..=2usize).prop_map(Raw::List).boxed()
            }
            Type::Record(_) => return None,
            _ => {
                let value = self.constants.value(record, id)?;
                if field.many { prop::collection::vec(value, 0..=2usize).prop_map(Raw::List).boxed() } else { value }
            }
        };
        let mut states = vec![(12, value)];
        if field.ty != Type::Text && !field.required {
            states.push((2, Just(Raw::from("none")).boxed()));
        }
        states.push((1, Just(Raw::Null).boxed()));
        Some(prop::strategy::Union::new_weighted(states).boxed())
    }
}

/// With a probability, of which 0 and 1 are possible.
fn maybe<S: Strategy + 'static>(probability: f64, value: S) -> BoxedStrategy<Option<S::Value>>
where
    S::Value: Clone,
{
    if probability <= 0.0 {
        Just(None).boxed()
    } else if probability >= 1.0 {
        value.prop_map(Some).boxed()
    } else {
        prop::option::weighted(probability, value).boxed()
    }
}

fn day() -> impl Strategy<Value = DayPick> {
    (0u8..6, -1i8..=1).prop_map(|(near, plus)| DayPick { near, plus })
}

fn amount() -> impl Strategy<Value = AmountPick> {
    (0u8..4, -1i8..=1, any::<u32>()).prop_map(|(near, plus, any)| AmountPick { near, plus, any })
}

fn act() -> impl Strategy<Value = ActDraft> {
    let days = (day(), prop::option::weighted(0.15, day()), prop::option::weighted(0.3, day()));
    let wrong = (any::<bool>(), prop::bool::weighted(0.1), any::<bool>());
    (any::<u16>(), any::<u8>(), days, 0u8..10, wrong).prop_map(
        |(exit, requirement, (on, from, through), covers, (says_by, by_another, under_paragraph))| ActDraft {
            exit,
            requirement,
            on,
            from,
            through,
            covers,
            says_by,
            by_another,
            under_paragraph,
        },
    )
}

#[cfg(test)]
mod tests;
