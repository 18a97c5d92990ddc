//! Laws that every policy should keep, tried on pairs of generated activities: what ought not to help, does not.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use proptest::strategy::{Strategy, ValueTree};

use crate::check::program::{ACTIVITY, Program, Type};
use crate::evaluate::answer::Possible;
use crate::explain::Decision;
use crate::facts::Activity;
use crate::facts::question::Question;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::strategy::activities;
use crate::value::Raw;

use super::plain::Plainly;
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

/// Two activities that differ in one fact, of which the second is decided more mildly though it should not be: as few facts as
/// will do, and settled verdicts where such a pair was found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Broken {
    /// The first.
    pub before: Activity,
    /// The second.
    pub after: Activity,
    /// What is decided of both, in this order.
    pub decisions: [Decision; 2],
    /// The two as `scenario` blocks, to be pasted into a policy.
    pub scenarios: [String; 2],
    /// Whether the reference evaluator says the same of both; `None` when that was over its budget.
    pub confirmed: Option<bool>,
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
        let mut further: Option<usize> = None;
        for nth in 0..cases.saturating_mul(ATTEMPTS) as usize {
            match &mut further {
                None if run.tested == cases => break,
                Some(FURTHER) => break,
                Some(more) => *more += 1,
                None => {}
            }
            let Ok(tree) = strategy.new_tree(&mut runner) else { break };
            let activity = tree.current();
            let Some(compared) = self.compared(law, &activity, nth) else { continue };
            let looked_at = further.is_some();
            if !looked_at {
                run.tested += 1;
            }
            if !compared.is_broken() {
                continue;
            }
            // One that is settled is sooner understood, if one comes soon.
            let Some((broken, settled)) = self.plainly(law, &activity, nth) else { continue };
            if !looked_at || settled {
                run.broken = Some(Box::new(broken));
            }
            if settled {
                break;
            }
            further.get_or_insert(0);
        }
        run
    }

    /// Two activities that a law compares; `None` when they are not understood, or over the budget.
    fn compared(&self, law: Law, activity: &Activity, nth: usize) -> Option<Compared> {
        let (before, after) = law.pair(self.program(), activity.raw(), nth)?;
        let questions = [self.bind(&before).ok()?, self.bind(&after).ok()?];
        let answers = questions.each_ref().map(|question| self.answer(question));
        let [before, after] = [before, after].map(|raw| Activity::from_raw(raw).expect("it was an activity"));
        let is_exact = answers.iter().all(|answer| answer.exact);
        let possible = answers.map(|answer| answer.possible);
        is_exact.then_some(Compared { law, activities: [before, after], questions, possible })
    }

    /// The pair that breaks a law, in plain facts, and whether both verdicts are settled.
    fn plainly(&self, law: Law, activity: &Activity, nth: usize) -> Option<(Broken, bool)> {
        // With fewer facts another choice may be the one.
        let broken = |activity: &Activity| {
            let all = std::iter::once(nth).chain(0..CHOICES).filter_map(|nth| self.compared(law, activity, nth));
            all.filter(Compared::is_broken).max_by_key(Compared::is_settled)
        };
        let shows = |activity: &Activity| broken(activity).map(|pair| pair.is_settled());
        let plain = Plainly { rules: self, shows: &shows, days: BTreeSet::new() }.plain(activity.clone());
        // Of equals, the last one.
        let all = [activity.clone(), plain];
        let all = all.iter().filter_map(broken).map(|pair| (pair.confirmed(self), pair));
        let (confirmed, pair) = all.max_by_key(|(confirmed, _)| *confirmed == Some(true))?;
        let settled = pair.is_settled();
        let decisions = pair.questions.each_ref().map(|question| self.decide_question(question));
        let text = |at: usize, which: &str| {
            let decision = &decisions[at];
            let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
            let by = if deciding.is_empty() { String::new() } else { format!(" by {}", deciding.join(", ")) };
            let title = format!("{}: {which}", law.title());
            self.scenario_text(&title, &pair.activities[at], &[format!("{}{by}", decision.verdict_name())])
        };
        let scenarios = [text(0, "before"), text(1, "after")];
        let [before, after] = pair.activities;
        Some((Broken { before, after, decisions, scenarios, confirmed }, settled))
    }
}

/// Choices among the facts of an activity that is made smaller.
const CHOICES: usize = 6;
/// Activities that are looked at further when the first pair that breaks a law is not settled.
const FURTHER: usize = 300;

/// Two activities, and what they may be.
struct Compared {
    law: Law,
    activities: [Activity; 2],
    questions: [Question; 2],
    possible: [Possible; 2],
}

impl Compared {
    fn is_broken(&self) -> bool {
        let [one, other] = &self.possible;
        match self.law {
            Law::WithholdingNeverHelps => other.at_most() < one.at_most(),
            Law::ListingNeverHelps | Law::UseNeverHelps | Law::DetourNeverHelps => {
                other.at_most() < one.at_most() || other.at_least() < one.at_least()
            }
        }
    }

    fn is_settled(&self) -> bool {
        self.possible.iter().all(|possible| possible.settled().is_some())
    }

    /// Whether the reference evaluator says the same of both; `None` when that is over its budget.
    fn confirmed(&self, rules: &Ruleset) -> Option<bool> {
        let mut confirmed = Some(true);
        for (question, possible) in self.questions.iter().zip(&self.possible) {
            match reference::decide(rules.program(), rules.loaded(), question, reference::CONFIRMING) {
                Some(judged) if judged.possible == possible.verdicts => {}
                Some(_) => return Some(false),
                None => confirmed = None,
            }
        }
        confirmed
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
                write!(f, "{}{}", broken.scenarios[0], broken.scenarios[1])
            }
        }
    }
}
