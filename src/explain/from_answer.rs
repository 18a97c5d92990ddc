//! The translation: ids become citations, facts become questions, open requirements become routes.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    Deadline, Effect, ExitId, NormId, ParagraphId, Program, RegimeId, Requirement, Time, Type, Who,
};
use crate::diagram::standing::{Standing, verdict_of};
use crate::evaluate::answer::{Answer, LineAnswer, NormAnswer, Possible};
use crate::evaluate::routes;
use crate::evaluate::worlds::last_day;
use crate::facts::path::FactPath;
use crate::facts::question::{Question, State, Value};
use crate::source::{Sources, Span};
use crate::value::{Date, Raw, Verdict};

use super::acts::Judged;
use super::decision::{
    About, Assumed, Bounds, Decision, Duty, Finding, LiftedBy, LineFinding, MissingFact, Need, NormFinding, NormStatus,
    Note, PolicyStamp, ReadingUse, Route, SourcePlace, Widening,
};

/// What the words are taken from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Explaining<'a> {
    pub program: &'a Program,
    pub sources: &'a Sources,
    pub question: &'a Question,
    pub stamp: &'a PolicyStamp,
    /// The paragraphs that widen a norm, per line.
    pub widened: &'a BTreeMap<(usize, NormId), Vec<ParagraphId>>,
}

/// Puts an answer into words. `open` is the answer to the open question without presumptions, when it was asked.
pub(crate) fn from_answer(
    at: Explaining<'_>,
    answer: &Answer,
    open: Option<&Answer>,
    routes: &[routes::Route],
    acts: &[Judged],
) -> Decision {
    Decision {
        verdict: answer.possible.settled(),
        bounds: bounds(&answer.possible),
        possible: answer.possible.verdicts.iter().copied().collect(),
        may_proceed: bounds(&answer.possible).may_proceed(),
        exact: answer.exact,
        about: about(at.program, at.question),
        findings: at.findings(answer, acts),
        missing: at.missing(best_first(at.program, answer)),
        assumed: open.map_or_else(Vec::new, |open| at.assumed(answer, open)),
        readings: at.readings(answer),
        duties: at.duties(answer),
        advice: at.notes(answer, Effect::Advise),
        cautions: at.notes(answer, Effect::Caution),
        routes: routes.iter().map(|route| at.route(route)).collect(),
        acts: acts.iter().map(|judged| judged.told.clone()).collect(),
        lines: at.lines(answer),
        policy: at.stamp.clone(),
    }
}

/// The missing facts, best question first.
pub(crate) fn best_first<'f>(program: &Program, answer: &'f Answer) -> Vec<&'f FactPath> {
    let mut missing: Vec<&FactPath> = answer.missing.iter().collect();
    if answer.exact {
        return missing;
    }
    // What every activity has narrows most, and what remains can then be looked at exactly; then what most norms ask.
    let core = program.schema.core;
    let first = [core.action, core.actor_state, core.date];
    let norms = || answer.lines.iter().flat_map(|line| &line.norms);
    missing.sort_by_cached_key(|path| {
        let core = match path {
            FactPath::Field { place, field, .. } if place.steps.is_empty() => {
                first.iter().position(|core| core == field)
            }
            _ => None,
        };
        let asked = norms().filter(|norm| norm.needs.contains(*path)).count();
        (core.unwrap_or(first.len()), std::cmp::Reverse(asked))
    });
    missing
}

fn bounds(possible: &Possible) -> Bounds {
    Bounds { at_least: possible.at_least(), at_most: possible.at_most() }
}

/// What a question is about; of what the lines of a consignment state differently, nothing.
pub(crate) fn about(program: &Program, question: &Question) -> About {
    let schema = &program.schema;
    let core = schema.core;
    let named = |field| match (question.shared(field)?, schema.activity().fields[field.at()].ty) {
        (State::Is(Value::Term(term)), Type::Term(at) | Type::Root(at)) => {
            Some(schema.taxonomies[at.at()].terms[*term as usize].name.clone())
        }
        _ => None,
    };
    About {
        date: question.date(core.date),
        actor_state: named(core.actor_state),
        action: named(core.action),
        complete: question.complete,
    }
}

impl Explaining<'_> {
    fn date(&self) -> Option<Date> {
        self.question.date(self.program.schema.core.date)
    }

    fn missing<'f>(&self, paths: impl IntoIterator<Item = &'f FactPath>) -> Vec<MissingFact> {
        let fact = |path: &FactPath| MissingFact {
            fact: path.name(self.program, self.question),
            question: path.question(self.program, self.question),
        };
        let mut all: Vec<MissingFact> = Vec::new();
        for path in paths {
            let fact = fact(path);
            if !all.contains(&fact) {
                all.push(fact);
            }
        }
        all
    }

    pub fn place(&self, span: Span) -> SourcePlace {
        let source = self.sources.get(span.source());
        SourcePlace { file: source.name().to_owned(), line: source.line_column(span.range().start).0 }
    }

    fn findings(&self, answer: &Answer, acts: &[Judged]) -> Vec<Finding> {
        let mut regimes: BTreeMap<RegimeId, Vec<(usize, &LineAnswer)>> = BTreeMap::new();
        for (at, line) in answer.lines.iter().enumerate() {
            line.regimes.keys().for_each(|id| regimes.entry(*id).or_default().push((at, line)));
        }
        let several = answer.lines.len() > 1;
        let finding = |(id, lines): (RegimeId, Vec<(usize, &LineAnswer)>)| {
            let regime = &self.program.regimes[id.at()];
            let of_lines: Vec<&crate::evaluate::answer::RegimeAnswer> =
                lines.iter().map(|(_, line)| &line.regimes[&id]).collect();
            let possible = Possible::of_lines(of_lines.iter().map(|regime| &regime.possible));
            let unsettled = possible.settled().is_none();
            let missing: Vec<&FactPath> =
                of_lines.iter().flat_map(|regime| &regime.missing).filter(|_| unsettled).collect();
            let mut norms = Vec::new();
            for (at, line) in &lines {
                let mine = line.norms.iter().filter(|norm| self.is_of(norm.id, id) && self.binds(norm.id));
                norms.extend(mine.map(|norm| self.norm(norm, answer, *at, several, acts)));
            }
            norms.sort_by_key(|norm| (!norm.decides, norm.line));
            Finding {
                regime: regime.name.clone(),
                title: regime.title.clone(),
                verdict: possible.settled(),
                bounds: bounds(&possible),
                missing: self.missing(missing),
                norms,
            }
        };
        regimes.into_iter().map(finding).collect()
    }

    fn is_of(&self, norm: NormId, regime: RegimeId) -> bool {
        self.program.regime_of(self.program.norms[norm.at()].paragraph) == regime
    }

    fn binds(&self, norm: NormId) -> bool {
        matches!(self.program.norms[norm.at()].effect, Effect::Prohibit | Effect::Oblige)
    }

    /// What a norm does on the line `at`, which is named when there are `several`.
    fn norm(&self, norm: &NormAnswer, answer: &Answer, at: usize, several: bool, acts: &[Judged]) -> NormFinding {
        let declared = &self.program.norms[norm.id.at()];
        let paragraph = &self.program.paragraphs[declared.paragraph.at()];
        let status = status(norm.standings.iter().copied());
        let levels: BTreeSet<Verdict> = norm.standings.iter().map(|standing| verdict_of(*standing)).collect();
        let exits = norm.standings.iter().filter_map(|standing| match standing {
            Standing::Lifted(exit) | Standing::Spared(exit) => Some(*exit),
            Standing::Out | Standing::Noted | Standing::Duty | Standing::Applies(_) => None,
        });
        NormFinding {
            id: declared.name.clone(),
            citation: paragraph.citation.clone(),
            title: paragraph.title.clone(),
            effect: declared.effect.into(),
            status,
            level: (levels.len() == 1).then(|| levels.first().copied()).flatten(),
            decides: norm.decides && norm_decides(&levels, answer),
            with: self.widened.get(&(at, norm.id)).into_iter().flatten().map(|id| self.widening(*id)).collect(),
            lifted_by: exits.map(|exit| self.lifted_by(exit, acts)).collect(),
            needs: if status == NormStatus::Undetermined { self.missing(&norm.needs) } else { Vec::new() },
            line: several.then_some(at),
            source: self.place(declared.span),
        }
    }

    fn widening(&self, paragraph: ParagraphId) -> Widening {
        let paragraph = &self.program.paragraphs[paragraph.at()];
        Widening { id: paragraph.name.clone(), citation: paragraph.citation.clone(), title: paragraph.title.clone() }
    }

    fn lifted_by(&self, exit: ExitId, acts: &[Judged]) -> LiftedBy {
        let declared = &self.program.exits[exit.at()];
        LiftedBy {
            id: declared.name.clone(),
            citation: self.program.paragraphs[declared.paragraph.at()].citation.clone(),
            acts: acts
                .iter()
                .enumerate()
                .filter(|(_, judged)| judged.meets.contains(&exit))
                .map(|(at, _)| at)
                .collect(),
        }
    }

    /// What was missing in the open question and is not any more.
    fn assumed(&self, answer: &Answer, open: &Answer) -> Vec<Assumed> {
        let still: BTreeSet<&FactPath> = answer.lines.iter().flat_map(|line| &line.missing).collect();
        // Of quotas and readings silence says nothing: they fall away with the norms that ask for them.
        let is_of_silence = |path: &&FactPath| matches!(path, FactPath::Field { .. } | FactPath::Listed { .. });
        let mut assumed: Vec<Assumed> = Vec::new();
        let missing = open.lines.iter().flat_map(|line| &line.missing).filter(is_of_silence);
        for path in missing.filter(|path| !still.contains(path) && !self.is_stated(path) && !self.is_required(path)) {
            let MissingFact { fact, question } = self.missing([path]).remove(0);
            let value = self.presumed(path).unwrap_or_else(|| "none".to_owned());
            let entry = Assumed { fact, value, question };
            if !assumed.contains(&entry) {
                assumed.push(entry);
            }
        }
        assumed
    }

    /// Whether silence says nothing of a fact: it stays open, whatever else is taken not to be.
    fn is_required(&self, path: &FactPath) -> bool {
        let field = path.field(self.program);
        field.is_some_and(|(record, field)| self.program.schema.records[record.at()].fields[field.at()].required)
    }

    /// Whether something was said of a fact: more broadly than norms ask, or that it is not known. Of that nothing is
    /// assumed; that it no longer matters follows from what is assumed of others.
    fn is_stated(&self, path: &FactPath) -> bool {
        let Some((_, field)) = path.field(self.program) else { return false };
        let (FactPath::Field { place, .. } | FactPath::Listed { place, .. }) = path else { return false };
        let mut facts = &self.question.lines[place.line.unwrap_or(0)].facts;
        for (list, at) in &place.steps {
            let State::List(records) = &facts.0[list.at()] else { return false };
            let Some(State::Is(Value::Record(inner))) = records.get(*at) else { return false };
            facts = inner;
        }
        match (&facts.0[field.at()], path) {
            (State::Unstated, _) => false,
            // An amount of another unit says nothing of this one.
            (State::Is(Value::Amounts(amounts)), FactPath::Field { unit: Some(unit), .. }) => {
                amounts.contains_key(unit)
            }
            _ => true,
        }
    }

    fn presumed(&self, path: &FactPath) -> Option<String> {
        let FactPath::Field { place, field, unit, .. } = path else { return None };
        let schema = &self.program.schema;
        if let Some(unit) = unit.filter(|unit| place.steps.is_empty() && schema.is_counted(*unit)) {
            let line = &self.question.lines[place.line.unwrap_or(0)];
            if line.facts.0[field.at()] == State::Unstated {
                return Some(format!("1 {}", schema.unit_name(unit)));
            }
        }
        let presumption = self.program.presumptions.iter().find(|p| p.field == *field && place.steps.is_empty())?;
        Some(match &presumption.value {
            Raw::Text(text) => text.clone(),
            Raw::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Raw::Whole(n) => n.to_string(),
            Raw::Null | Raw::List(_) | Raw::Map(_) => "none".to_owned(),
        })
    }

    fn readings(&self, answer: &Answer) -> Vec<ReadingUse> {
        let mattered: BTreeSet<_> = answer.lines.iter().flat_map(|line| &line.readings).copied().collect();
        let used = mattered.into_iter().map(|id| {
            let reading = &self.program.readings[id.at()];
            let stated = self.question.readings.get(&id);
            ReadingUse {
                reading: reading.name.clone(),
                question: reading.question.clone(),
                taken: stated.map_or(Some(reading.default), |stated| *stated),
                by_default: stated.is_none(),
                citation: self.program.paragraphs[reading.paragraph.at()].citation.clone(),
            }
        });
        used.collect()
    }

    fn duties(&self, answer: &Answer) -> Vec<Duty> {
        let mut duties: Vec<Duty> = Vec::new();
        for norm in answer.lines.iter().flat_map(|line| &line.norms) {
            let declared = &self.program.norms[norm.id.at()];
            if norm.standings.contains(&Standing::Duty) {
                let paragraph = &self.program.paragraphs[declared.paragraph.at()];
                let certain = norm.standings.len() == 1;
                duties.push(Duty {
                    id: declared.name.clone(),
                    citation: paragraph.citation.clone(),
                    text: declared.text.clone().unwrap_or_default(),
                    by: declared.deadline.and_then(|deadline| self.deadline(deadline)),
                    needs: if certain { Vec::new() } else { self.missing(&norm.needs) },
                    source: self.place(declared.span),
                });
            }
            for due in &norm.due {
                let exit = &self.program.exits[due.exit.at()];
                let requirement = &exit.requirements[due.requirement];
                duties.push(Duty {
                    id: exit.name.clone(),
                    citation: self.program.paragraphs[exit.paragraph.at()].citation.clone(),
                    text: self.owed(requirement),
                    by: self.date().and_then(|date| last_day(requirement, date, &self.program.schema.working_days)),
                    needs: self.missing(due.needs.iter().chain(norm.needs.iter())),
                    source: self.place(exit.span),
                });
            }
        }
        let mut unique: Vec<Duty> = Vec::new();
        for duty in duties {
            if !unique.contains(&duty) {
                unique.push(duty);
            }
        }
        unique
    }

    fn deadline(&self, deadline: Deadline) -> Option<Date> {
        match deadline {
            Deadline::By(date) => Some(date),
            Deadline::Within { days, month: false } => self.date()?.plus_days(days),
            Deadline::Within { days, month: true } => self.date()?.last_of_month().plus_days(days),
        }
    }

    fn owed(&self, requirement: &Requirement) -> String {
        let by = self.who(&requirement.by);
        match &requirement.to {
            Some(to) => {
                format!("{} by {by} to {}, {}", requirement.kind.word(), self.who(to), when(requirement.time))
            }
            None => format!("{} by {by}, {}", requirement.kind.word(), when(requirement.time)),
        }
    }

    fn notes(&self, answer: &Answer, effect: Effect) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        for norm in answer.lines.iter().flat_map(|line| &line.norms) {
            let declared = &self.program.norms[norm.id.at()];
            if declared.effect != effect || !norm.standings.contains(&Standing::Noted) {
                continue;
            }
            let certain = norm.standings.len() == 1;
            let note = Note {
                id: declared.name.clone(),
                citation: self.program.paragraphs[declared.paragraph.at()].citation.clone(),
                regime: self.program.regimes[self.program.regime_of(declared.paragraph).at()].name.clone(),
                text: declared.text.clone().unwrap_or_default(),
                needs: if certain { Vec::new() } else { self.missing(&norm.needs) },
                source: self.place(declared.span),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    fn route(&self, route: &routes::Route) -> Route {
        let mut needs: Vec<Need> = Vec::new();
        for &(exit, at) in &route.needs {
            let declared = &self.program.exits[exit.at()];
            let requirement = &declared.requirements[at];
            let need = Need {
                kind: requirement.kind.word(),
                by: self.who(&requirement.by),
                to: requirement.to.as_ref().map(|to| self.who(to)),
                under: declared.name.clone(),
                citation: self.program.paragraphs[declared.paragraph.at()].citation.clone(),
                when: when(requirement.time),
                last_day: self.date().and_then(|date| last_day(requirement, date, &self.program.schema.working_days)),
                standard: declared.standard.clone(),
            };
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
        let lifts = route.exits.keys().map(|id| self.program.norms[id.at()].name.clone()).collect();
        let duties = self.duties(&route.then).into_iter().map(|duty| duty.text).collect();
        Route { lifts, needs, duties, exceptional: route.exceptional }
    }

    /// Whose act it is, in words: an authority's name, or the field that names the country.
    pub fn who(&self, who: &Who) -> String {
        match who {
            Who::Authority(name) => name.clone(),
            Who::Field(field) => self.program.schema.activity().fields[field.at()].name.clone(),
        }
    }

    fn lines(&self, answer: &Answer) -> Vec<LineFinding> {
        if answer.lines.len() < 2 {
            return Vec::new();
        }
        let line = |(at, line): (usize, &LineAnswer)| LineFinding {
            line: at,
            verdict: line.possible.settled(),
            bounds: bounds(&line.possible),
            missing: self.missing(&line.missing),
        };
        answer.lines.iter().enumerate().map(line).collect()
    }
}

/// A norm of one line decides the whole when its verdict is the verdict of the whole.
fn norm_decides(levels: &BTreeSet<Verdict>, answer: &Answer) -> bool {
    answer.possible.settled().is_some_and(|verdict| levels.iter().all(|level| *level == verdict))
}

/// The status of a norm that says these things.
pub(crate) fn status(standings: impl Iterator<Item = Standing>) -> NormStatus {
    let mut statuses = standings.map(|standing| match standing {
        Standing::Out => NormStatus::Undetermined,
        Standing::Noted | Standing::Duty | Standing::Applies(_) => NormStatus::Applies,
        Standing::Lifted(_) | Standing::Spared(_) => NormStatus::Lifted,
    });
    let first = statuses.next().unwrap_or(NormStatus::Undetermined);
    if statuses.all(|status| status == first) { first } else { NormStatus::Undetermined }
}

/// The time of an act, in the words of the language.
pub(super) fn when(time: Time) -> String {
    let days = |count: i64, working: bool| {
        let working = if working { "working " } else { "" };
        let day = if count == 1 { "day" } else { "days" };
        format!("{count} {working}{day}")
    };
    match time {
        Time::Standing | Time::InAdvance => "in advance".to_owned(),
        Time::AtLeastBefore { days: count, working } => format!("at least {} before", days(count, working)),
        Time::MoreThanBefore { days: count, working } => format!("more than {} before", days(count, working)),
        Time::AtMostBefore { days: count, working } => format!("at most {} before", days(count, working)),
        Time::WithinAfter { days: count, working, month: false } => format!("within {} after", days(count, working)),
        Time::WithinAfter { days: count, working, month: true } => {
            format!("within {} after the month", days(count, working))
        }
        Time::By(date) => format!("by {date}"),
    }
}
