//! What makes a boundary: the things that begin or end on a day, of the norms whose say changes on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    Cond, DefinitionId, Exit, ExitId, Fact, FieldId, GroupId, ListId, Norm, NormId, ParagraphId, Period, Program, Set,
    Time, Type,
};
use crate::diagram::standing::{Standing, verdict_of};
use crate::evaluate::answer::Answer;
use crate::evaluate::decide::Granted;
use crate::evaluate::worlds::{is_timely, last_day};
use crate::facts::FactsError;
use crate::facts::lists::has_value;
use crate::facts::path::FactPath;
use crate::facts::question::{Question, State, Value};
use crate::ruleset::Ruleset;
use crate::value::{Date, Verdict};

use super::on_day::OnDay;
use super::{Change, ChangeKind, bounding};

/// What makes the answer on a day differ from that on the day before.
pub(super) fn of(rules: &Ruleset, stated: &OnDay<'_>, day: Date) -> Result<Vec<Change>, FactsError> {
    let (before, after) = (stated.on(day.previous())?, stated.on(day)?);
    let (was, is) = (stated.answer(day.previous(), &before), stated.answer(day, &after));
    let boundary = Boundary { rules, program: rules.program(), stated, day, before: &before, after: &after };
    let (was_said, is_said) = (said(&was), said(&is));
    // Where both verdicts are open alike, what makes the bounds tells them apart.
    let is_alike = was.possible.at_least() == is.possible.at_least() && was.possible.at_most() == is.possible.at_most();
    let turned: BTreeSet<NormId> = match is_alike {
        true => bounding(&was).symmetric_difference(&bounding(&is)).copied().collect(),
        false => BTreeSet::new(),
    };
    let none = Said::default();
    let mut differ: BTreeMap<NormId, (&Said, &Said)> = BTreeMap::new();
    for id in was_said.keys().chain(is_said.keys()).copied() {
        let (old, new) = (was_said.get(&id).unwrap_or(&none), is_said.get(&id).unwrap_or(&none));
        if old.standings != new.standings || old.needs != new.needs {
            differ.insert(id, (old, new));
        }
    }
    let ids: BTreeSet<NormId> = differ.keys().copied().collect();
    let (mattered, matter) = (boundary.mattering(&before, &was, &ids), boundary.mattering(&after, &is, &ids));
    let mut changed: Vec<(bool, Vec<Cause>)> = Vec::new();
    for (id, (old, new)) in differ {
        let matters = old.decides != new.decides
            || turned.contains(&id)
            || mattered.contains(&id) != matter.contains(&id)
            || matter.contains(&id) && old.range != new.range;
        let reaches = old.reaches != new.reaches || old.needs != new.needs;
        changed.push((matters, boundary.of_norm(id, reaches)));
    }
    changed.retain(|(_, changes)| !changes.is_empty());
    // Where no single norm is seen to move the answer, several do together.
    let some_matter = changed.iter().any(|(matters, _)| *matters);
    let (all, rest): (Vec<_>, Vec<_>) = changed.into_iter().partition(|(matters, _)| *matters || !some_matter);
    let mut all: BTreeSet<Cause> = all.into_iter().flat_map(|(_, changes)| changes).collect();
    // What a beginning norm replaces belongs beside it.
    let begins = |paragraph: &String| {
        all.iter().any(|other| other.change.kind == ChangeKind::Begins && other.change.citation == *paragraph)
    };
    let causes = rest.into_iter().flat_map(|(_, changes)| changes);
    let replaced = causes.filter(|cause| cause.replaced_by.as_ref().is_some_and(begins));
    let replaced: Vec<Cause> = replaced.collect();
    all.extend(replaced);
    Ok(joined(all))
}

/// What a norm says on all lines.
#[derive(Debug, Default, PartialEq)]
struct Said {
    standings: Vec<(usize, BTreeSet<Standing>)>,
    needs: Vec<BTreeSet<FactPath>>,
    /// Per line whether it may reach, and whether it may not.
    reaches: Vec<(usize, bool, bool)>,
    decides: bool,
    range: Option<(Verdict, Verdict)>,
}

fn said(answer: &Answer) -> BTreeMap<NormId, Said> {
    let settled = answer.possible.settled();
    let mut all: BTreeMap<NormId, Said> = BTreeMap::new();
    for (at, line) in answer.lines.iter().enumerate() {
        for norm in &line.norms {
            let entry = all.entry(norm.id).or_default();
            entry.decides |= norm.decides && settled.is_some() && line.possible.settled() == settled;
            entry.needs.push(norm.needs.clone());
            let out = norm.standings.contains(&Standing::Out);
            entry.reaches.push((at, norm.standings.len() > usize::from(out), out));
            for verdict in norm.standings.iter().map(|standing| verdict_of(*standing)) {
                let (least, most) = entry.range.unwrap_or((verdict, verdict));
                entry.range = Some((least.min(verdict), most.max(verdict)));
            }
            entry.standings.push((at, norm.standings.clone()));
        }
    }
    all
}

/// Says once that a norm begins in the place of others, rather than that each of them ends.
fn joined(causes: BTreeSet<Cause>) -> Vec<Change> {
    let begun: BTreeSet<String> = causes
        .iter()
        .filter(|cause| cause.change.kind == ChangeKind::Begins)
        .map(|cause| cause.change.citation.clone())
        .collect();
    let mut replaced: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut kept: Vec<Change> = Vec::new();
    for Cause { change, replaced_by } in causes {
        match replaced_by.filter(|by| begun.contains(by)) {
            Some(by) => drop(replaced.entry(by).or_default().insert(change.citation)),
            None => kept.push(change),
        }
    }
    // That a condition names the day says little beside what else of its paragraph begins or ends on it.
    let told: BTreeSet<String> =
        kept.iter().filter(|change| change.kind != ChangeKind::Condition).map(|it| it.citation.clone()).collect();
    kept.retain(|change| change.kind != ChangeKind::Condition || !told.contains(&change.citation));
    // Several norms may name the same day, member or entry.
    let mut told = BTreeSet::new();
    kept.retain(|change| told.insert((change.kind, change.text.clone())));
    for change in kept.iter_mut().filter(|change| change.kind == ChangeKind::Begins) {
        let Some(before) = replaced.get(&change.citation) else { continue };
        let before: Vec<&str> = before.iter().map(String::as_str).filter(|it| *it != change.citation).collect();
        if !before.is_empty() {
            change.text += &format!(", in the place of {}", before.join(" and "));
        }
    }
    kept
}

/// What begins or ends, and the citation of the paragraph that takes the place of a norm that ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    change: Change,
    replaced_by: Option<String>,
}

/// What a condition is asked of.
#[derive(Debug, Clone, Copy)]
enum Of {
    Activity,
    /// The records of a list.
    Each(FieldId),
    /// Records within records.
    Deeper,
}

struct Boundary<'a> {
    rules: &'a Ruleset,
    program: &'a Program,
    stated: &'a OnDay<'a>,
    /// The first day of the new answer.
    day: Date,
    before: &'a Question,
    after: &'a Question,
}

impl Boundary<'_> {
    /// The norms without which the answer of a day would be another one.
    fn mattering(&self, question: &Question, answer: &Answer, of: &BTreeSet<NormId>) -> BTreeSet<NormId> {
        let granted = Granted::new();
        let without = self.stated.compiled(answer.exact).possible_lacking(question, &granted, of);
        without.into_iter().filter(|(_, possible)| *possible != answer.possible).map(|(id, _)| id).collect()
    }

    /// What of a norm begins or ends; `reaches` when it changes whether the norm reaches the activity.
    fn of_norm(&self, id: NormId, reaches: bool) -> Vec<Cause> {
        let norm = &self.program.norms[id.at()];
        let mut changes = Vec::new();
        let citation = self.citation(norm.paragraph);
        if norm.period.from == self.day {
            changes.push(self.begins(norm));
        }
        if self.ended(norm.period) {
            let replaced_by = norm.replaced_by.map(|by| self.citation(by).to_owned());
            let text = match &replaced_by {
                Some(by) => format!("{citation} ends, replaced by {by}"),
                None => format!("{citation} ends{}", self.heading(norm.paragraph)),
            };
            changes.push(Cause { replaced_by, ..self.change(ChangeKind::Ends, &norm.name, norm.paragraph, text) });
        }
        if !changes.is_empty() {
            return changes;
        }
        if norm.last_day().is_some_and(|last| last.next() == self.day) {
            let text = format!("the last day of the duty of {citation} has passed");
            changes.push(self.change(ChangeKind::Deadline, &norm.name, norm.paragraph, text));
        }
        let granted = Granted::new();
        let ways = |question, exit| self.rules.compiled().ways(question, &granted, exit);
        let moves = |exit: &ExitId| ways(self.before, *exit) != ways(self.after, *exit);
        self.within(norm, reaches, &moves, &mut changes);
        if changes.is_empty() {
            // In other worlds than before, though what it may say is the same.
            self.within(norm, true, &|_| true, &mut changes);
        }
        if changes.is_empty() {
            let text = format!("a condition of {citation} compares days");
            changes.push(self.change(ChangeKind::Condition, &norm.name, norm.paragraph, text));
        }
        changes
    }

    /// What begins or ends in the conditions of a norm, and of those of its exits that are concerned.
    fn within(&self, norm: &Norm, reaches: bool, concerned: &dyn Fn(&ExitId) -> bool, changes: &mut Vec<Cause>) {
        if reaches {
            if let Some(group) = self.program.regimes[self.program.regime_of(norm.paragraph).at()].binds {
                let actor = Fact::Activity(self.program.schema.core.actor_state);
                self.member(actor, group, &norm.name, norm.paragraph, changes);
            }
            self.condition(&norm.when, Of::Activity, &norm.name, norm.paragraph, &mut BTreeSet::new(), changes);
        }
        for &exit in norm.exits.iter().filter(|exit| concerned(exit)) {
            self.of_exit(exit, changes);
        }
    }

    fn begins(&self, norm: &Norm) -> Cause {
        let paragraph = &self.program.paragraphs[norm.paragraph.at()];
        let instrument = &self.program.instruments[paragraph.instrument.at()];
        let how = if instrument.adopted == self.day { "begins on the day of adoption" } else { "begins" };
        let text = format!("{} {how}{}", paragraph.citation, self.heading(norm.paragraph));
        self.change(ChangeKind::Begins, &norm.name, norm.paragraph, text)
    }

    fn of_exit(&self, id: ExitId, changes: &mut Vec<Cause>) {
        let exit = &self.program.exits[id.at()];
        let citation = self.citation(exit.paragraph);
        let (what, name) = match exit.of {
            Some(_) => ("exception", exit.name.rsplit('.').next().unwrap_or(&exit.name)),
            None => ("exemption", exit.name.as_str()),
        };
        if exit.period.from == self.day {
            let text = format!("the {what} `{name}` of {citation} begins");
            changes.push(self.change(ChangeKind::ExceptionBegins, &exit.name, exit.paragraph, text));
        }
        if self.ended(exit.period) {
            let text = format!("the {what} `{name}` of {citation} ends");
            changes.push(self.change(ChangeKind::ExceptionEnds, &exit.name, exit.paragraph, text));
        }
        if !exit.period.holds(self.day) && !exit.period.holds(self.day.previous()) {
            return;
        }
        self.condition(&exit.when, Of::Activity, &exit.name, exit.paragraph, &mut BTreeSet::new(), changes);
        self.acts(exit, changes);
        let units: BTreeSet<_> = exit.quotas.iter().map(|quota| quota.unit).collect();
        let known = |day| units.iter().map(|unit| self.stated.is_known_used(id, *unit, day)).collect::<Vec<_>>();
        let stated = self.before.used.keys().chain(self.after.used.keys()).any(|(of, _)| *of == id);
        let (was_known, is_known) = (known(self.day.previous()), known(self.day));
        if stated && was_known != is_known {
            let begins = is_known.iter().zip(&was_known).any(|(is, was)| *is && !was);
            let how = if begins { "is stated for the period that begins" } else { "was stated for another period" };
            let text = format!("what is used of the quota `{name}` of {citation} {how}");
            changes.push(self.change(ChangeKind::Quota, &exit.name, exit.paragraph, text));
        }
    }

    /// Acts that begin to meet a requirement or cease to, and days that run out.
    fn acts(&self, exit: &Exit, changes: &mut Vec<Cause>) {
        let working = &self.program.schema.working_days;
        let (day, before) = (self.day, self.day.previous());
        let paragraph = &self.program.paragraphs[exit.paragraph.at()];
        for requirement in &exit.requirements {
            let asks = |act: &&crate::facts::question::Act| {
                act.kind == requirement.kind && (act.under == exit.name || act.under == paragraph.name)
            };
            for act in self.after.acts.iter().filter(asks) {
                let counts = |day| is_timely(requirement, act, day, working);
                let how = match (counts(before), counts(day)) {
                    (false, true) => "begins to count",
                    (true, false) => "no longer counts",
                    _ => continue,
                };
                let text = format!("the {} of {} under {} {how}", act.kind.word(), act.on, act.under);
                changes.push(self.change(ChangeKind::Act, &exit.name, exit.paragraph, text));
            }
            if requirement.time == Time::By(before) {
                let text =
                    format!("the last day of the {} under {} has passed", requirement.kind.word(), paragraph.citation);
                changes.push(self.change(ChangeKind::Deadline, &exit.name, exit.paragraph, text));
            }
            let run_out = |day| {
                let last = last_day(requirement, day, working);
                self.after.asked_on.is_some_and(|asked| last.is_none_or(|last| asked > last))
            };
            if run_out(before) != run_out(day) {
                let citation = &paragraph.citation;
                let text = format!("from here on an act under {citation} could still be done in time on the day asked");
                changes.push(self.change(ChangeKind::Deadline, &exit.name, exit.paragraph, text));
            }
        }
    }

    /// What the days of a condition say of the boundary.
    fn condition(
        &self,
        cond: &Cond,
        of: Of,
        name: &str,
        paragraph: ParagraphId,
        seen: &mut BTreeSet<DefinitionId>,
        changes: &mut Vec<Cause>,
    ) {
        match cond {
            Cond::Test { set: Set::Dates(ranges), .. } => {
                if ranges.iter().any(|&(from, to)| from == self.day || to == self.day) {
                    let text = format!("a condition of {} names this day", self.citation(paragraph));
                    changes.push(self.change(ChangeKind::Condition, name, paragraph, text));
                }
            }
            Cond::Order { left, right, .. } => self.compared([*left, *right], of, 0, name, paragraph, changes),
            Cond::OrderPlus { left, right, days, .. } => {
                self.compared([*left, *right], of, *days, name, paragraph, changes);
            }
            Cond::Count { list, body, .. } => {
                let of = match (list, of) {
                    (Fact::Activity(field), _) | (Fact::Own(field), Of::Activity) => Of::Each(*field),
                    (Fact::Own(_), Of::Each(_) | Of::Deeper) => Of::Deeper,
                };
                self.condition(body, of, name, paragraph, seen, changes);
            }
            Cond::Member { fact, group } => self.member(*fact, *group, name, paragraph, changes),
            Cond::Listed { list, .. } => self.list(*list, name, paragraph, changes),
            Cond::Defined(id) if seen.insert(*id) => {
                let definition = &self.program.definitions[id.at()];
                for part in &definition.parts {
                    let citation = self.citation(part.paragraph);
                    let how = match (part.period.from == self.day, self.ended(part.period)) {
                        (true, _) => "begins to define",
                        (_, true) => "no longer defines",
                        _ => "",
                    };
                    if !how.is_empty() {
                        let named = &self.program.paragraphs[part.paragraph.at()].name;
                        let text = format!("{citation} {how} `{}`{}", definition.name, self.heading(part.paragraph));
                        changes.push(self.change(ChangeKind::Definition, named, part.paragraph, text));
                    }
                    self.condition(&part.when, of, name, paragraph, seen, changes);
                }
            }
            other => other.parts().iter().for_each(|part| self.condition(part, of, name, paragraph, seen, changes)),
        }
    }

    /// A stated day that is compared with the date of the activity: that it comes, or that so many days have passed since, or are
    /// left until then.
    fn compared(
        &self,
        facts: [Fact; 2],
        of: Of,
        days: i64,
        name: &str,
        paragraph: ParagraphId,
        changes: &mut Vec<Cause>,
    ) {
        let schema = &self.program.schema;
        let stated = &self.after.lines[0].facts;
        let fields = &schema.activity().fields;
        let date = Fact::Activity(schema.core.date);
        // So many days after the stated one the comparison turns, or on the day after.
        let (other, turns) = match facts {
            [left, right] if left == date => (right, days),
            [left, right] if right == date => (left, -days),
            _ => return,
        };
        let mut told: Vec<(String, Date)> = Vec::new();
        match (other, of) {
            (Fact::Activity(field), _) | (Fact::Own(field), Of::Activity) => {
                if let State::Is(Value::Date(day)) = stated.0[field.at()] {
                    told.push((fields[field.at()].name.clone(), day));
                }
            }
            (Fact::Own(field), Of::Each(list)) => {
                let declared = &fields[list.at()];
                let (Type::Record(record), State::List(records)) = (declared.ty, &stated.0[list.at()]) else { return };
                let inner = &schema.records[record.at()].fields[field.at()].name;
                for (at, state) in records.iter().enumerate() {
                    if let State::Is(Value::Record(facts)) = state
                        && let State::Is(Value::Date(day)) = facts.0[field.at()]
                    {
                        told.push((format!("{}[{at}].{inner}", declared.name), day));
                    }
                }
            }
            (Fact::Own(_), Of::Deeper) => {}
        }
        for (path, day) in told {
            let passed = i64::from(self.day.day_number() - day.day_number());
            if ![0, 1].contains(&(passed - turns)) {
                continue;
            }
            let when = match passed {
                0 => format!("this is the day of `{path}`"),
                1 if turns == 0 => format!("the day of `{path}`, {day}, has passed"),
                1.. => format!("`{path}`, {day}, is {passed} days ago"),
                _ => format!("`{path}`, {day}, is {} days off", -passed),
            };
            let text = format!("{when}, which a condition of {} asks about", self.citation(paragraph));
            changes.push(self.change(ChangeKind::Condition, name, paragraph, text));
        }
    }

    /// Members that join or leave on the day; of a stated country only that one.
    fn member(&self, fact: Fact, group: GroupId, name: &str, paragraph: ParagraphId, changes: &mut Vec<Cause>) {
        let group = &self.program.schema.groups[group.at()];
        let taxonomy = &self.program.schema.taxonomies[group.taxonomy.at()];
        let stated = match fact {
            Fact::Activity(field) => match &self.after.lines[0].facts.0[field.at()] {
                State::Is(Value::Term(term)) => Some(*term),
                _ => None,
            },
            Fact::Own(_) => None,
        };
        for (&member, &(from, through)) in &group.members {
            let term = &taxonomy.terms[member as usize];
            if stated.is_some_and(|stated| stated < member || term.end <= stated) {
                continue;
            }
            let how = match (from == Some(self.day), through.map(Date::next) == Some(self.day)) {
                (true, _) => "joins",
                (_, true) => "leaves",
                _ => continue,
            };
            let text = format!("{} {how} the group `{}`", term.name, group.name);
            changes.push(self.change(ChangeKind::Membership, name, paragraph, text));
        }
    }

    fn list(&self, list: ListId, name: &str, paragraph: ParagraphId, changes: &mut Vec<Cause>) {
        let declared = &self.program.schema.lists[list.at()].name;
        let Some(snapshot) = self.rules.loaded().iter().find(|snapshot| snapshot.list() == declared) else { return };
        let mut said = |text: String| changes.push(self.change(ChangeKind::List, name, paragraph, text));
        if let Some((from, through)) = snapshot.trusted() {
            if from == self.day {
                said(format!("the loaded list `{declared}` can be trusted from this day on"));
            }
            if through.next() == self.day {
                said(format!("the loaded list `{declared}` can be trusted no longer"));
            }
        }
        let mut words = BTreeSet::new();
        texts(self.stated.raw(), &mut words);
        for entry in snapshot.entries() {
            let (on, off) = entry.days();
            let how = match (on == self.day, off == Some(self.day)) {
                (true, _) => "is listed",
                (_, true) => "is taken off the list",
                _ => continue,
            };
            let mut ids = std::iter::once(entry.reference()).chain(entry.ids().iter().map(|(_, value)| value.as_str()));
            if ids.any(|id| words.iter().any(|word| has_value(word, id))) {
                said(format!("`{}` {how} in `{declared}`", entry.reference()));
            }
        }
    }

    fn ended(&self, period: Period) -> bool {
        period.through.map(Date::next) == Some(self.day)
    }

    fn citation(&self, paragraph: ParagraphId) -> &str {
        &self.program.paragraphs[paragraph.at()].citation
    }

    fn heading(&self, paragraph: ParagraphId) -> String {
        self.program.paragraphs[paragraph.at()].title.as_ref().map_or(String::new(), |title| format!(" ({title})"))
    }

    fn change(&self, kind: ChangeKind, id: &str, paragraph: ParagraphId, text: String) -> Cause {
        let change = Change { kind, id: id.to_owned(), citation: self.citation(paragraph).to_owned(), text };
        Cause { change, replaced_by: None }
    }
}

/// All texts that an activity states.
fn texts<'r>(raw: &'r crate::value::Raw, into: &mut BTreeSet<&'r str>) {
    use crate::value::Raw;
    match raw {
        Raw::Text(text) => drop(into.insert(text)),
        Raw::List(items) => items.iter().for_each(|item| texts(item, into)),
        Raw::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, into)),
        Raw::Null | Raw::Bool(_) | Raw::Whole(_) => {}
    }
}
