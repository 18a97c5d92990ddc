//! Laws that every policy should keep, tried on pairs of generated activities: what ought not to help, does not.

use std::fmt::{self, Display, Formatter};

use proptest::strategy::{Strategy, ValueTree};

use crate::check::program::{ACTIVITY, Program, Type};
use crate::explain::Decision;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::strategy::activities;
use crate::value::Raw;

use super::tried::{ATTEMPTS, runner};

/// What never helps: a law that a policy can be held to by one line, [`Ruleset::hold_to`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Law {
    /// A fact that is not known instead of one that is never makes the verdict milder.
    WithholdingNeverHelps,
    /// A party that is on a list as well never makes the verdict milder.
    ListingNeverHelps,
    /// More of a quota that is used up never makes the verdict milder.
    UseNeverHelps,
    /// A detour through one more place (`via`) never makes the verdict milder: what is dealt in indirectly is dealt in.
    DetourNeverHelps,
}

/// How a policy keeps a law.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LawRun {
    /// The law.
    pub law: Law,
    /// How many pairs of activities were compared.
    pub tested: u32,
    /// Two activities of which it does not hold.
    pub broken: Option<Box<Broken>>,
}

/// Two activities that differ in one fact, of which the second is decided more mildly though it should not be.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Broken {
    /// The first.
    pub before: Activity,
    /// The second.
    pub after: Activity,
    /// What is decided of both, in this order.
    pub decisions: [Decision; 2],
}

impl Law {
    /// All of them.
    pub const ALL: [Law; 4] =
        [Law::WithholdingNeverHelps, Law::ListingNeverHelps, Law::UseNeverHelps, Law::DetourNeverHelps];

    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Law::WithholdingNeverHelps => "withholding a fact never helps",
            Law::ListingNeverHelps => "a listed party never helps",
            Law::UseNeverHelps => "more of a quota used up never helps",
            Law::DetourNeverHelps => "a detour through one more place never helps",
        }
    }

    /// Two activities of which the second must not be decided more mildly; `nth` chooses among the facts.
    fn pair(self, program: &Program, raw: &Raw, nth: usize) -> Option<(Raw, Raw)> {
        let (mut before, mut after) = (raw.clone(), raw.clone());
        match self {
            Law::WithholdingNeverHelps => {
                let fields = &program.schema.activity().fields;
                let Raw::Map(entries) = &mut after else { return None };
                let mut stated: Vec<&mut (String, Raw)> = entries
                    .iter_mut()
                    .filter(|(name, value)| *value != Raw::Null && fields.iter().any(|field| field.name == *name))
                    .collect();
                let count = stated.len();
                stated.get_mut(nth % count.max(1))?.1 = Raw::Null;
            }
            Law::ListingNeverHelps => {
                let list = &program.schema.lists.get(nth % program.schema.lists.len().max(1))?.name;
                let listed = |raw: &mut Raw, lists: Vec<&str>| -> Option<()> {
                    let mut parties = parties(program, raw);
                    let count = parties.len();
                    set(*parties.get_mut(nth % count.max(1))?, "listed", Raw::from(lists));
                    Some(())
                };
                listed(&mut before, Vec::new())?;
                listed(&mut after, vec![list])?;
            }
            Law::UseNeverHelps => {
                let counted: Vec<_> = program.exits.iter().filter(|exit| !exit.quotas.is_empty()).collect();
                let exit = counted.get(nth % counted.len().max(1))?;
                let unit = program.schema.unit_name(exit.quotas[0].unit);
                let used = |raw: &mut Raw, amount: &str| {
                    set(raw, "used", Raw::Map(vec![(exit.name.clone(), Raw::Text(format!("{amount} {unit}")))]));
                };
                used(&mut before, "0");
                used(&mut after, "1000000000000");
            }
            Law::DetourNeverHelps => {
                let via = program.schema.activity().fields.iter().find(|field| field.name == "via" && field.many)?;
                let Type::Term(places) = via.ty else { return None };
                let places = &program.schema.taxonomies[places.at()].terms;
                let place = &places[nth.wrapping_mul(PLACES_APART) % places.len().max(1)].name;
                let mut way: Vec<Raw> = match raw.get("via") {
                    Some(Raw::List(stated)) => stated.clone(),
                    Some(Raw::Text(one)) if one != "none" && one != "unknown" => vec![Raw::from(one)],
                    _ => Vec::new(),
                };
                set(&mut before, "via", Raw::List(way.clone()));
                way.push(Raw::from(place));
                set(&mut after, "via", Raw::List(way));
            }
        }
        Some((before, after))
    }
}

/// So far apart are the places of one detour and the next, in the order of the places: neighbours are much alike.
const PLACES_APART: usize = 37;

/// The stated records that can be on a list.
fn parties<'r>(program: &Program, raw: &'r mut Raw) -> Vec<&'r mut Raw> {
    let Raw::Map(entries) = raw else { return Vec::new() };
    let can_be_listed = |name: &str| {
        let field = program.schema.records[ACTIVITY.at()].fields.iter().find(|field| field.name == name);
        let record = field.and_then(|field| match field.ty {
            Type::Record(record) => Some(&program.schema.records[record.at()]),
            _ => None,
        });
        record.is_some_and(|record| record.by_name.contains_key("listed"))
    };
    let lists = entries.iter_mut().filter(|(name, _)| can_be_listed(name));
    lists
        .flat_map(|(_, value)| match value {
            Raw::List(records) => records.iter_mut().collect(),
            one => vec![one],
        })
        .filter(|record| matches!(record, Raw::Map(_)))
        .collect()
}

fn set(record: &mut Raw, name: &str, value: Raw) {
    let Raw::Map(entries) = record else { return };
    entries.retain(|(known, _)| known != name);
    entries.push((name.to_owned(), value));
}

impl Ruleset {
    /// Tries a law on so many pairs of generated activities; the same seed gives the same. It is no proof.
    ///
    /// ```
    /// use interdict::{Law, Ruleset};
    ///
    /// let rules = Ruleset::pack("un_dprk")?;
    /// assert!(rules.hold_to(Law::WithholdingNeverHelps, 20, 1).keeps());
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn hold_to(&self, law: Law, cases: u32, seed: u64) -> LawRun {
        let mut run = LawRun { law, tested: 0, broken: None };
        let strategy = activities(self).without_lines();
        let mut runner = runner(seed);
        for nth in 0..cases.saturating_mul(ATTEMPTS) as usize {
            if run.tested == cases {
                break;
            }
            let Ok(tree) = strategy.new_tree(&mut runner) else { break };
            let activity = tree.current();
            let Some((before, after)) = law.pair(self.program(), activity.raw(), nth) else { continue };
            let (Ok(first), Ok(second)) = (self.bind(&before), self.bind(&after)) else { continue };
            let (one, other) = (self.answer(&first), self.answer(&second));
            if !one.exact || !other.exact {
                continue;
            }
            run.tested += 1;
            let milder = match law {
                Law::WithholdingNeverHelps => other.possible.at_most() < one.possible.at_most(),
                Law::ListingNeverHelps | Law::UseNeverHelps | Law::DetourNeverHelps => {
                    other.possible.at_most() < one.possible.at_most()
                        || other.possible.at_least() < one.possible.at_least()
                }
            };
            if milder {
                let activity = |raw| Activity::from_raw(raw).expect("it was an activity");
                let decisions = [self.decide_question(&first), self.decide_question(&second)];
                run.broken = Some(Box::new(Broken { before: activity(before), after: activity(after), decisions }));
                break;
            }
        }
        run
    }
}

impl LawRun {
    /// No pair broke it. Of a policy that counts no quotas, or knows no lists, there are no pairs: see
    /// [`LawRun::tested`].
    pub fn keeps(&self) -> bool {
        self.broken.is_none()
    }
}

impl Display for LawRun {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let title = self.law.title();
        match &self.broken {
            None if self.tested == 0 => write!(f, "{title}: the policy has nothing to try it on"),
            None => write!(f, "{title}: kept by {} pairs of activities", self.tested),
            Some(broken) => {
                let [before, after] = &broken.decisions;
                writeln!(f, "{title}: broken, {} became {}", before.verdict_name(), after.verdict_name())?;
                write!(f, "{:?}\n{:?}", broken.before, broken.after)
            }
        }
    }
}
