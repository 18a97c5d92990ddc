//! What an activity shows: the scenario that it makes, as small and as readable as will do, confirmed by the reference evaluator.

use std::collections::BTreeSet;

use crate::check::program::{Expect, NormId, NormRef, Type};
use crate::facts::Activity;
use crate::facts::path::FactPath;
use crate::interview::place;
use crate::reference;
use crate::value::{Date, Raw};

use super::{Case, Passing, Removed, Search};

/// Facts that are said in addition so that the answer is settled.
const MOST_SETTLED: usize = 8;

impl Search<'_> {
    /// The same activity in which what is open, though nothing is said of it, is said not to be so: that a party is on a list, what is
    /// used of a quota.
    pub(super) fn settled(&self, activity: Activity) -> Activity {
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

    pub(super) fn noted(&self, removed: Removed) -> Option<NormId> {
        match removed {
            Removed::Norm(id) => Some(id),
            Removed::Exit(_) => None,
        }
    }

    pub(super) fn dated(&self, activity: Activity, day: Date) -> Activity {
        let schema = &self.program.schema;
        activity.set(&schema.activity().fields[schema.core.date.at()].name, day)
    }

    /// The scenario that an activity makes: its verdict, which is settled, by the norms that decide it; and a duty, advice or caution
    /// that it is about.
    pub(super) fn case(&self, activity: &Activity, noted: Option<NormId>) -> Option<Case> {
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
    pub(super) fn reduced(&self, case: Case, noted: Option<NormId>, shows: &dyn Fn(&Case) -> bool) -> Option<Case> {
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
    pub(super) fn is_confirmed(&self, case: &Case) -> bool {
        let question = &case.passing.question;
        let answer = reference::decide(self.program, self.rules.loaded(), question, reference::CONFIRMING);
        answer.is_some_and(|answer| answer.possible.iter().eq([&case.verdict]) && answer.deciding == case.by)
    }
}

fn complete_first(activity: Activity) -> Activity {
    let Raw::Map(entries) = activity.raw() else { return activity };
    let (first, rest): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(name, _)| name == "complete");
    Activity::from_raw(Raw::Map([first, rest].concat())).unwrap_or(activity)
}
