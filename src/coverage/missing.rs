//! Scenarios that show what no scenario shows, made from the policy itself.
//!
//! For every norm and exit that is not shown one way, and every boundary day, activities are made until one passes the test that
//! coverage itself puts: taken away in turn, it fails or does not. What is made is then reduced, and confirmed by the
//! reference evaluator. What it expects is what the policy says now; that the law says so is for a person to judge.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::check::program::{Effect, Expect, NormId, NormRef, Program, Type};
use crate::diagram::table::{NO, Ref};
use crate::explain::SourcePlace;
use crate::facts::Activity;
use crate::facts::path::FactPath;
use crate::interview::place;
use crate::normal::{SlotId, SlotKind};
use crate::reference;
use crate::ruleset::Ruleset;
use crate::scenarios::text;
use crate::value::{Date, Raw, Verdict};
use crate::witness::Witnesses;
use crate::witness::cells::{Done, Sheet};

use super::branches::Branch;
use super::mutants::{Passing, Removed, Showing, Without};
use super::near::near;

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
/// Most nodes of the diagrams of one norm.
const MOST_NODES: usize = 20_000;
/// How often the norms that stand in the way are avoided.
const MOST_ROUNDS: usize = 6;
/// Norms that one exemption lifts, and that are tried.
const MOST_LIFTED: usize = 12;
/// Norms and exits that ask one alternative, and that are tried.
const MOST_USES: usize = 6;
/// Scenarios in which a norm acts that others are made from.
const MOST_BASES: usize = 8;
/// Activities that are decided in the search for one scenario.
const MOST_TRIED: usize = 800;
/// Facts that are said in addition so that the answer is settled.
const MOST_SETTLED: usize = 8;
/// Evaluations that the reference may take to confirm one activity.
const REFERENCE_BUDGET: usize = 50_000;

impl Ruleset {
    /// Scenarios for what [`Ruleset::coverage`] does not find shown: each is an activity with what the policy says of it
    /// now, to be judged by a person before it is pasted into the policy. What nothing was found for is listed.
    ///
    /// Each shows what it names: it was put to the same test as those that are there, and what it expects was confirmed by
    /// the reference evaluator. The same texts give the same scenarios. On a policy with hundreds of norms this takes seconds.
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

    /// An activity that fails without the norm or exit, on one day if one is named.
    fn acting(&self, witnesses: &Witnesses<'_>, removed: Removed, without: &Without, on: Option<Date>) -> Option<Case> {
        let mut weak = None;
        for norm in removed.norms(self.program).into_iter().take(MOST_LIFTED) {
            let mut sheet = Sheet::new(witnesses.norms, &witnesses.cells, MOST_NODES);
            for region in regions(&mut sheet, witnesses, removed, norm, on) {
                match self.acting_in(witnesses, &mut sheet, region, (removed, norm), without, on) {
                    Some((case, true)) => return Some(case),
                    Some((case, false)) => drop(weak.get_or_insert(case)),
                    None => {}
                }
            }
        }
        weak
    }

    /// An activity of a region that fails without the norm or exit, and whether its verdict is another one then. What other norms
    /// decide is avoided, round by round.
    fn acting_in(
        &self,
        witnesses: &Witnesses<'_>,
        sheet: &mut Sheet<'_>,
        mut region: Ref,
        (removed, norm): (Removed, NormId),
        without: &Without,
        on: Option<Date>,
    ) -> Option<(Case, bool)> {
        let noted = self.noted(removed);
        let strong = |case: &Case| without.fails(&case.passing) && without.verdict(&case.passing) != Some(case.verdict);
        let mut weak: Option<Case> = None;
        let mut avoided = BTreeSet::new();
        for _ in 0..MOST_ROUNDS {
            let mut in_the_way = BTreeSet::new();
            for activity in witnesses.activities(sheet, region, |leaf| leaf == 1, norm) {
                let activity = match on {
                    Some(day) => self.dated(activity, day),
                    None => activity,
                };
                let activity = self.settled(activity);
                let acts = match removed {
                    Removed::Exit(exit) => witnesses.with_acts(&activity, exit),
                    Removed::Norm(_) => None,
                };
                for activity in [Some(activity), acts].into_iter().flatten() {
                    let Some(left) = self.left.get().checked_sub(1) else { return weak.map(|case| (case, false)) };
                    self.left.set(left);
                    let Some(case) = self.case(&activity, noted) else { continue };
                    if strong(&case) {
                        if let Some(case) = self.reduced(case, noted, &strong) {
                            return Some((case, true));
                        }
                    } else if weak.is_none() && without.fails(&case.passing) {
                        weak = self.reduced(case, noted, &|case| without.fails(&case.passing));
                    } else {
                        in_the_way.extend(case.by.iter().copied().filter(|by| *by != norm));
                    }
                }
            }
            in_the_way.retain(|by| avoided.insert(*by));
            let before = region;
            for other in in_the_way {
                let rest = sheet.reaches(other).and_then(|reaches| sheet.but_not(region, reaches));
                region = rest.ok().filter(|rest| *rest != NO).unwrap_or(region);
            }
            if region == before {
                break;
            }
        }
        weak.map(|case| (case, false))
    }

    /// An activity that differs in one fact from one that fails without the norm or exit, and does without it.
    fn held_back(&self, removed: Removed, without: &Without, acting: &[bool]) -> Option<Case> {
        let condition = match removed {
            Removed::Norm(id) => &self.witnesses.norms.norms[id.at()].reaches,
            Removed::Exit(id) => &self.witnesses.norms.exits[id.at()].open,
        };
        let slots = self.witnesses.slots_of(condition);
        let (name, _) = removed.named(self.program);
        let mut same_verdict = None;
        for base in (0..self.shown.len()).filter(|at| acting[*at]).take(MOST_BASES) {
            let base = &self.shown[base];
            let said = base.expects.last().map(|expect| expect.verdict.as_str());
            for (fact, activity) in near(&self.witnesses, &base.facts, &slots) {
                let Some(mut case) = self.case(&activity, None).filter(|case| !without.fails(&case.passing)) else {
                    continue;
                };
                case.passing.title = format!("{name} is held back: another {fact}");
                if Some(case.verdict.name()) == said {
                    same_verdict.get_or_insert(case);
                } else if self.is_confirmed(&case) {
                    return Some(case);
                }
            }
        }
        same_verdict.filter(|case| self.is_confirmed(case))
    }

    /// The same activity on the day and on the day before, one of which fails without the norm or exit. Of one that
    /// is there only the other is made.
    fn both_sides(&self, removed: Removed, without: &Without, acting: &[bool], day: Date) -> [Option<Case>; 2] {
        let (name, _) = removed.named(self.program);
        let days = [day.previous(), day];
        let on = |facts: &Raw, day: Date| {
            let mut case = self.case(&self.dated(Activity::from_raw(facts.clone()).ok()?, day), self.noted(removed))?;
            case.passing.title = format!("{name} on {day}");
            Some(case)
        };
        let sides = |facts: &Raw| {
            let asked = Activity::from_raw(facts.clone()).ok()?;
            let settled = days.into_iter().fold(asked, |asked, day| self.settled(self.dated(asked, day)));
            let [before, after] = days.map(|day| on(settled.raw(), day));
            let (before, after) = (before?, after?);
            let shows = without.fails(&before.passing) != without.fails(&after.passing);
            (shows && self.is_confirmed(&before) && self.is_confirmed(&after)).then_some([Some(before), Some(after)])
        };
        let mut bases: Vec<&Passing> =
            (0..self.shown.len()).filter(|at| acting[*at]).map(|at| &self.shown[at]).collect();
        // One that stands on one side already needs the other only.
        for base in bases.iter().filter(|base| base.date().is_some_and(|date| days.contains(&date))) {
            let other = days.into_iter().find(|day| Some(*day) != base.date()).expect("two days differ");
            if let Some(case) = on(&base.facts, other)
                && !without.fails(&case.passing)
                && self.is_confirmed(&case)
            {
                return [Some(case), None];
            }
        }
        bases.sort_by_key(|base| base.date().map(|date| date.day_number().abs_diff(day.day_number())));
        if let Some(found) = bases.into_iter().take(MOST_BASES).find_map(|base| sides(&base.facts)) {
            return found;
        }
        self.left.set(MOST_TRIED);
        let made = days.into_iter().filter_map(|day| self.acting(&self.witnesses, removed, without, Some(day)));
        made.into_iter().find_map(|case| sides(case.activity.raw())).unwrap_or([None, None])
    }

    /// The same activity in which what is open, though nothing is said of it, is said not to be so: that a party is on a list, what is
    /// used of a quota.
    fn settled(&self, activity: Activity) -> Activity {
        let mut activity = activity;
        for _ in 0..MOST_SETTLED {
            let Ok(question) = self.rules.bind(activity.raw()) else { break };
            let answer = self.rules.answer(&question);
            let mut said = None;
            for path in &answer.missing {
                let value = match path {
                    FactPath::Listed { .. } => Raw::List(Vec::new()),
                    FactPath::Used { .. } => Raw::from("0"),
                    FactPath::Level { .. } | FactPath::Field { unit: Some(_), .. } => Raw::from("1"),
                    FactPath::Field { .. } => Raw::from("none"),
                    FactPath::Reading(_) => continue,
                };
                said =
                    place::put(self.program, activity.raw(), path, value).and_then(|raw| Activity::from_raw(raw).ok());
                if said.as_ref().is_some_and(|said| self.rules.bind(said.raw()).is_ok()) {
                    break;
                }
            }
            match said {
                Some(said) if said != activity => activity = said,
                _ => break,
            }
        }
        activity
    }

    /// The same, its goods called by a name instead of a code, where one has that code.
    fn with_names(&self, activity: &Activity) -> Vec<Activity> {
        let schema = &self.program.schema;
        let fields = &schema.activity().fields;
        let Some((item, hs)) = schema.core.goods else { return Vec::new() };
        let (item, hs) = (&fields[item.at()], &fields[hs.at()].name);
        let (Type::Term(taxonomy), Raw::Map(entries)) = (item.ty, activity.raw()) else { return Vec::new() };
        let Some(Raw::Text(code)) = activity.raw().get(hs) else { return Vec::new() };
        let Ok(code) = code.parse::<u64>() else { return Vec::new() };
        if activity.raw().get(&item.name).is_some() {
            return Vec::new();
        }
        let terms = schema.taxonomies[taxonomy.at()].terms.iter();
        let called = terms.filter(|term| term.codes.iter().any(|(from, to)| (*from..*to).contains(&code)));
        let named = |name: &String| {
            let entries = entries.iter().map(|(known, value)| match known == hs {
                true => (item.name.clone(), Raw::from(name)),
                false => (known.clone(), value.clone()),
            });
            Activity::from_raw(Raw::Map(entries.collect())).ok()
        };
        called.filter_map(|term| named(&term.name)).collect()
    }

    /// The same with whole countries in the place of parts of them, where that will do.
    fn with_countries(&self, activity: Activity, shows: &dyn Fn(&Activity) -> bool) -> Activity {
        let schema = &self.program.schema;
        let fields = &schema.activity().fields;
        let (Type::Term(places) | Type::Root(places)) = fields[schema.core.actor_state.at()].ty else {
            return activity;
        };
        let terms = &schema.taxonomies[places.at()];
        let mut activity = activity;
        for field in fields.iter().filter(|field| field.ty == Type::Term(places)) {
            let Some(Raw::Text(name)) = activity.raw().get(&field.name) else { continue };
            let parent = terms.by_name.get(name).and_then(|term| terms.terms[*term as usize].parent);
            let Some(parent) = parent else { continue };
            let wider = activity.clone().set(&field.name, &terms.terms[parent as usize].name);
            if shows(&wider) {
                activity = wider;
            }
        }
        activity
    }

    fn noted(&self, removed: Removed) -> Option<NormId> {
        match removed {
            Removed::Norm(id) => Some(id),
            Removed::Exit(_) => None,
        }
    }

    fn dated(&self, activity: Activity, day: Date) -> Activity {
        let schema = &self.program.schema;
        activity.set(&schema.activity().fields[schema.core.date.at()].name, day)
    }

    /// The scenario that an activity makes: its verdict, which is settled, by the norms that decide it; and a duty, advice or caution
    /// that it is about.
    fn case(&self, activity: &Activity, noted: Option<NormId>) -> Option<Case> {
        let question = self.rules.bind(activity.raw()).ok()?;
        let (answer, decision) = self.rules.decide_briefly(&question);
        let verdict = answer.possible.settled().filter(|_| answer.exact)?;
        let norms: BTreeSet<NormId> = answer.lines.iter().flat_map(|line| &line.norms).map(|norm| norm.id).collect();
        let name = |id: &NormId| self.program.norms[id.at()].name.as_str();
        let deciding: Vec<&str> = decision.deciding().map(|norm| norm.id.as_str()).collect();
        let by: BTreeSet<NormId> = norms.iter().copied().filter(|id| deciding.contains(&name(id))).collect();
        let notes = decision.advice.iter().chain(&decision.cautions).map(|note| note.id.as_str());
        let mut carried = decision.duties.iter().map(|duty| duty.id.as_str()).chain(notes);
        let noted = noted.filter(|id| carried.any(|note| note == name(id)));
        let expect = Expect {
            verdict: verdict.name().to_owned(),
            by: by.iter().copied().map(NormRef::Norm).collect(),
            needing: Vec::new(),
            noting: noted.into_iter().map(NormRef::Norm).collect(),
        };
        let expects = self.rules.expected(&expect);
        let facts = activity.raw().clone();
        let passing = Passing { title: String::new(), facts, expects: vec![expect], question, norms };
        Some(Case { activity: activity.clone(), verdict, passing, by, expects })
    }

    /// The same with as few facts as will do, when the reference says so too.
    fn reduced(&self, case: Case, noted: Option<NormId>, shows: &dyn Fn(&Case) -> bool) -> Option<Case> {
        let schema = &self.program.schema;
        let core = [schema.core.date, schema.core.action, schema.core.actor_state];
        let mut kept = vec!["complete"];
        kept.extend(core.map(|field| schema.activity().fields[field.at()].name.as_str()));
        let same = |activity: &Activity| {
            self.case(activity, noted).is_some_and(|smaller| smaller.verdict == case.verdict && shows(&smaller))
        };
        let start = self.with_names(&case.activity).into_iter().find(&same).unwrap_or_else(|| case.activity.clone());
        let start = self.with_countries(start, &same);
        let smallest = complete_first(start.without_needless(&kept, &same));
        let case = self.case(&smallest, noted)?;
        self.is_confirmed(&case).then_some(case)
    }

    /// Whether the reference evaluator gives the same verdict by the same norms.
    fn is_confirmed(&self, case: &Case) -> bool {
        let question = &case.passing.question;
        let answer = reference::decide(self.program, self.rules.loaded(), question, REFERENCE_BUDGET);
        answer.is_some_and(|answer| answer.possible.iter().eq([&case.verdict]) && answer.deciding == case.by)
    }
}

/// Where to look, best first.
fn regions(
    sheet: &mut Sheet<'_>,
    witnesses: &Witnesses<'_>,
    removed: Removed,
    norm: NormId,
    on: Option<Date>,
) -> Vec<Ref> {
    let mut regions = Vec::new();
    match removed {
        Removed::Norm(_) => {
            if witnesses.program.norms[norm.at()].effect == Effect::Prohibit {
                regions.extend(sheet.prohibits(norm));
            }
            regions.extend(sheet.reaches(norm));
        }
        Removed::Exit(exit) => {
            let Ok(here) = sheet.meet(norm, exit) else { return regions };
            // Where the other exits do not lift as well.
            let others = witnesses.program.norms[norm.at()].exits.iter().filter(|other| **other != exit);
            let mut alone = here;
            for &other in others {
                let rest = sheet.open(other).and_then(|open| sheet.but_not(alone, open));
                alone = rest.ok().filter(|rest| *rest != NO).unwrap_or(alone);
            }
            regions.extend([alone, here]);
        }
    }
    if let Some(day) = on {
        regions = regions.into_iter().filter_map(|region| on_day(sheet, witnesses, region, day).ok()).collect();
    }
    regions.dedup();
    regions.retain(|region| *region != NO);
    regions
}

/// Where the date may be this day.
fn on_day(sheet: &mut Sheet<'_>, witnesses: &Witnesses<'_>, region: Ref, day: Date) -> Done<Ref> {
    let date = witnesses.program.schema.core.date;
    let of_date = witnesses.norms.slots.iter().enumerate().find_map(|(at, slot)| match &slot.kind {
        SlotKind::Field { field, unit: None, coding } if *field == date => Some((SlotId(at as u32), coding)),
        _ => None,
    });
    let Some((slot, coding)) = of_date else { return Ok(region) };
    let cell = coding.of_whole(i64::from(day.day_number()));
    sheet.keep(region, slot, |of| of == cell)
}

fn complete_first(activity: Activity) -> Activity {
    let Raw::Map(entries) = activity.raw() else { return activity };
    let (first, rest): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(name, _)| name == "complete");
    Activity::from_raw(Raw::Map([first, rest].concat())).unwrap_or(activity)
}
