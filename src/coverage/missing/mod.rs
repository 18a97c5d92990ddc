//! Scenarios that show what no scenario shows, made from the policy itself.
//!
//! For every norm and exit that is not shown one way, and every boundary day, activities are made until one passes the test that
//! coverage itself puts: taken away in turn, it fails or does not. What is made is then reduced, and confirmed by the
//! reference evaluator. What it expects is what the policy says now; that the law says so is for a person to judge.

mod cases;
mod near;
mod search;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::check::program::{NormId, Program};
use crate::explain::SourcePlace;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::scenarios::text;
use crate::value::{Date, Verdict};
use crate::witness::Witnesses;

use super::branches::Branch;
use super::mutants::{Passing, Removed, Showing, Without};

/// What the scenarios of a policy do not show, and scenarios that would.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Missing {
    /// In the order of the norms, then of the exits, that they were made for.
    pub scenarios: Vec<MissingScenario>,
    /// What nothing was found for. It may still be possible.
    pub not_found: Vec<NotShown>,
}

/// A scenario to be judged and pasted into the policy.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct MissingScenario {
    /// `R2371/8 acts`
    pub title: String,
    /// What it would show; of a pair, both scenarios name it.
    pub shows: Vec<NotShown>,
    /// What is asked.
    pub activity: Activity,
    /// What the policy says of it now. Whether the law says so is for a person to judge.
    pub verdict: Verdict,
    /// A `scenario` block, with what it shows in a comment above.
    pub text: String,
}

/// Something that no scenario shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct NotShown {
    /// The norm or exit, or of a branch the definition: `R2371/8`, `R2371/8.rajin`, `to_dprk`.
    pub id: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// What of it is not shown.
    pub gap: Gap,
}

/// What of a norm or exit is not shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gap {
    /// No scenario fails without it.
    Acts,
    /// No scenario differs in one fact from one that fails without it, and does without.
    HeldBack,
    /// No two scenarios stand on both sides of this day: its first, or the first on which it is over.
    Boundary(Date),
    /// No scenario fails without this alternative.
    Branch(String),
}

impl Missing {
    /// Everything is shown already.
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty() && self.not_found.is_empty()
    }

    /// The text of all scenarios, to be pasted into the policy.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.scenarios.iter().map(|scenario| scenario.text.as_str()).collect();
        texts.join("\n")
    }
}

/// The scenarios, then a comment for everything that nothing was found for: all of it can be pasted into a policy. A comment, too, when
/// nothing is missing.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "// Nothing is missing.");
        }
        f.write_str(&self.text())?;
        if !self.scenarios.is_empty() && !self.not_found.is_empty() {
            writeln!(f)?;
        }
        self.not_found.iter().try_for_each(|it| writeln!(f, "// Not found: {it}"))
    }
}

/// `house.interdict:7: R2371/8 acting`
impl fmt::Display for NotShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} {}", self.place.file, self.place.line, self.id, self.gap)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Acts => f.write_str("acting"),
            Gap::HeldBack => f.write_str("held back"),
            Gap::Boundary(day) => write!(f, "on both sides of {day}"),
            Gap::Branch(asks) => write!(f, "by the alternative: {asks}"),
        }
    }
}

/// Above every scenario that was made.
const TO_BE_JUDGED: &str = "// To be judged: it expects what the policy says now. Does the law say so?\n";
/// Norms and exits that ask one alternative, and that are tried.
const MOST_USES: usize = 6;
/// Activities that are decided in the search for one scenario.
const MOST_TRIED: usize = 800;

impl Ruleset {
    /// Scenarios for what [`Ruleset::coverage`] does not find shown: each is an activity with what the policy says of it
    /// now, to be judged by a person before it is pasted into the policy. What nothing was found for is listed.
    ///
    /// Each shows what it names: it was put to the same test as those that are there, and what it expects was confirmed by
    /// the reference evaluator. The same texts give the same scenarios. On a policy with hundreds of norms this takes seconds, and
    /// up to half a minute when much is missing.
    ///
    /// # Examples
    ///
    /// ```
    /// let policy = r#"
    ///     use std
    ///     regime mine { authority office }
    ///     instrument M "Our own rules" of mine adopted 2020-01-01 {
    ///         paragraph 1 "Wigs" { prohibit import when item under wigs }
    ///     }
    /// "#;
    /// let rules = interdict::Ruleset::compile("mine.interdict", policy)?;
    /// let missing = rules.missing_scenarios();
    /// assert_eq!(missing.not_found, []);
    /// // Whoever has read them and finds that the law says so, pastes them into the policy.
    /// let rules = interdict::Ruleset::compile("mine.interdict", format!("{policy}{}", missing.text()))?;
    /// assert!(rules.coverage().is_complete());
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn missing_scenarios(&self) -> Missing {
        let shown = self.passing();
        let mut search = Search {
            rules: self,
            program: self.program(),
            witnesses: Witnesses::new(self),
            branches: Branch::all(self.program()),
            left: Cell::new(0),
            there: shown.len(),
            shown,
            made: Vec::new(),
            not_found: Vec::new(),
        };
        let all = Removed::all(self.program()).filter(|it| self.is_given(it.named(self.program()).1.source()));
        for removed in all {
            search.fill(removed);
        }
        for at in 0..search.branches.len() {
            search.fill_branch(at);
        }
        search.finish()
    }
}

struct Search<'a> {
    rules: &'a Ruleset,
    program: &'a Program,
    witnesses: Witnesses<'a>,
    branches: Vec<Branch>,
    /// How many more activities may be decided for the scenario that is looked for.
    left: Cell<usize>,
    /// The scenarios that are there, then those that were made.
    shown: Vec<Passing>,
    /// How many were there.
    there: usize,
    made: Vec<Made>,
    not_found: Vec<(Taken, NotShown)>,
}

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    Whole(Removed),
    /// Its number among the branches.
    Branch(usize),
}

/// A scenario that was made, beside the facts of its `Passing`.
struct Made {
    title: String,
    activity: Activity,
    verdict: Verdict,
    expects: String,
    shows: Vec<NotShown>,
}

/// An activity, with the scenario that it makes.
struct Case {
    activity: Activity,
    verdict: Verdict,
    passing: Passing,
    by: BTreeSet<NormId>,
    expects: String,
}

impl Search<'_> {
    /// Makes what is not shown of one norm or exit.
    fn fill(&mut self, removed: Removed) {
        let without = Without::new(self.rules, removed);
        let mut acting: Vec<bool> = self.shown.iter().map(|it| without.fails(it)).collect();
        let days = removed.days(self.program);
        let there = Showing::new(&self.shown[..self.there], &acting[..self.there], days.clone());
        if there.is_complete() {
            return;
        }
        self.left.set(MOST_TRIED);
        if !acting.contains(&true)
            && let Some(mut case) = self.acting(&self.witnesses, removed, &without, None)
        {
            case.passing.title = format!("{} acts", removed.named(self.program).0);
            self.add(case, &without, &mut acting);
        }
        if acting.contains(&true) {
            let now = Showing::new(&self.shown, &acting, days.clone());
            if now.held_back.is_none()
                && let Some(case) = self.held_back(removed, &without, &acting)
            {
                self.add(case, &without, &mut acting);
            }
            for (day, _) in now.days.iter().filter(|(_, shown)| shown.is_none()) {
                for case in self.both_sides(removed, &without, &acting, *day).into_iter().flatten() {
                    self.add(case, &without, &mut acting);
                }
            }
        }
        self.claim(removed, &there, &Showing::new(&self.shown, &acting, days));
    }

    /// Makes a scenario that takes a branch, if none does.
    fn fill_branch(&mut self, at: usize) {
        let branch = &self.branches[at];
        let (id, span) = branch.named(self.program);
        if !self.rules.is_given(span.source()) {
            return;
        }
        let without = branch.without(self.rules);
        let taken = self.shown.iter().position(|it| without.fails(it));
        if taken.is_some_and(|at| at < self.there) {
            return;
        }
        let place = self.rules.place_of(span);
        let it = NotShown { id: id.to_owned(), place, gap: Gap::Branch(branch.asks(self.program)) };
        if let Some(taken) = taken {
            self.made[taken - self.there].shows.push(it);
            return;
        }
        // Where the other alternatives do not hold, this one counts.
        let alone = branch.alone(self.rules);
        let witnesses = Witnesses::new(&alone);
        let uses = branch.uses(self.program);
        self.left.set(MOST_TRIED);
        let found = uses.into_iter().take(MOST_USES).find_map(|used| self.acting(&witnesses, used, &without, None));
        match found {
            Some(mut case) => {
                case.passing.title = format!("{id}: {}", branch.asks(self.program));
                let shown = self.shown.len();
                self.add(case, &without, &mut Vec::new());
                match self.made.get_mut(shown - self.there) {
                    Some(made) => made.shows.push(it),
                    None => self.not_found.push((Taken::Branch(at), it)),
                }
            }
            None => self.not_found.push((Taken::Branch(at), it)),
        }
    }

    fn add(&mut self, case: Case, without: &Without, acting: &mut Vec<bool>) {
        if self.shown.iter().any(|it| it.facts == case.passing.facts && it.expects == case.passing.expects) {
            return;
        }
        let Case { activity, verdict, passing, expects, .. } = case;
        acting.push(without.fails(&passing));
        self.made.push(Made { title: passing.title.clone(), activity, verdict, expects, shows: Vec::new() });
        self.shown.push(passing);
    }

    /// Notes what the made scenarios show that those that are there do not, and what nothing shows.
    fn claim(&mut self, removed: Removed, there: &Showing, now: &Showing) {
        let (id, span) = removed.named(self.program);
        let (id, place) = (id.to_owned(), self.rules.place_of(span));
        let mut note = |gap: Gap, was: bool, by: Option<Vec<usize>>| {
            if was {
                return;
            }
            let it = NotShown { id: id.clone(), place: place.clone(), gap };
            let Some(by) = by else { return self.not_found.push((Taken::Whole(removed), it)) };
            for at in by.into_iter().filter_map(|at| at.checked_sub(self.there)) {
                self.made[at].shows.push(it.clone());
            }
        };
        let pair = |(one, other): (usize, usize)| vec![one, other];
        note(Gap::Acts, there.acts.is_some(), now.acts.map(|at| vec![at]));
        note(Gap::HeldBack, there.held_back.is_some(), now.held_back.map(pair));
        for ((day, was), (_, shown)) in there.days.iter().zip(&now.days) {
            note(Gap::Boundary(*day), was.is_some(), shown.map(pair));
        }
    }

    fn finish(mut self) -> Missing {
        self.look_again();
        let mut titles = BTreeMap::new();
        let mut scenarios = Vec::new();
        for made in self.made.iter().filter(|made| !made.shows.is_empty()) {
            let count = titles.entry(made.title.clone()).or_insert(0);
            *count += 1;
            let title = if *count > 1 { format!("{} ({count})", made.title) } else { made.title.clone() };
            let block = text::scenario(self.program, &title, &made.activity, std::slice::from_ref(&made.expects));
            let shows = made.shows.iter().map(|it| format!("// Shows {it}\n")).collect::<String>();
            let text = format!("{shows}{TO_BE_JUDGED}{block}");
            let text = crate::format::format(&title, &text).unwrap_or(text);
            let (activity, verdict) = (made.activity.clone(), made.verdict);
            scenarios.push(MissingScenario { title, shows: made.shows.clone(), activity, verdict, text });
        }
        Missing { scenarios, not_found: self.not_found.into_iter().map(|(_, it)| it).collect() }
    }

    /// What was made for one norm may show another that nothing was found for.
    fn look_again(&mut self) {
        let mut open: BTreeMap<Taken, Vec<NotShown>> = BTreeMap::new();
        for (taken, it) in std::mem::take(&mut self.not_found) {
            open.entry(taken).or_default().push(it);
        }
        for (taken, gaps) in open {
            let (without, days) = match taken {
                Taken::Whole(removed) => (Without::new(self.rules, removed), removed.days(self.program)),
                Taken::Branch(at) => (self.branches[at].without(self.rules), Vec::new()),
            };
            let acting: Vec<bool> = self.shown.iter().map(|it| without.fails(it)).collect();
            let now = Showing::new(&self.shown, &acting, days);
            for it in gaps {
                let pair = match it.gap {
                    Gap::Acts | Gap::Branch(_) => now.acts.map(|at| (at, at)),
                    Gap::HeldBack => now.held_back,
                    Gap::Boundary(day) => now.days.iter().find(|(of, _)| *of == day).and_then(|(_, shown)| *shown),
                };
                let Some((one, other)) = pair else {
                    self.not_found.push((taken, it));
                    continue;
                };
                for at in BTreeSet::from([one, other]).into_iter().filter_map(|at| at.checked_sub(self.there)) {
                    self.made[at].shows.push(it.clone());
                }
            }
        }
    }
}
