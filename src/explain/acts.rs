//! What became of each act: which exits it meets a requirement of, or why it meets none.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, Exit, ExitId, FieldId, Program, Requirement, Type, Who};
use crate::diagram::standing::Standing;
use crate::evaluate::answer::Answer;
use crate::evaluate::worlds::{Worlds, last_day};
use crate::facts::question::{Act, Facts, Question, Reference, State};
use crate::value::Date;

use super::decision::ActUse;
use super::from_answer::when;

/// An act and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub told: ActUse,
    /// The exits of which it meets a requirement.
    pub meets: BTreeSet<ExitId>,
}

/// Judges every act of a question.
pub(crate) fn judge(
    program: &Program,
    question: &Question,
    answer: &Answer,
    mut worlds: Vec<Worlds<'_>>,
) -> Vec<Judged> {
    let lifting: BTreeSet<ExitId> = answer
        .lines
        .iter()
        .flat_map(|line| &line.norms)
        .flat_map(|norm| &norm.standings)
        .filter_map(|standing| match standing {
            Standing::Lifted(exit) | Standing::Spared(exit) => Some(*exit),
            Standing::Out | Standing::Noted | Standing::Duty | Standing::Applies(_) => None,
        })
        .collect();
    let at = Judge { program, question };
    question.acts.iter().map(|act| at.act(act, &lifting, &mut worlds)).collect()
}

struct Judge<'a> {
    program: &'a Program,
    question: &'a Question,
}

impl Judge<'_> {
    fn act(&self, act: &Act, lifting: &BTreeSet<ExitId>, worlds: &mut [Worlds<'_>]) -> Judged {
        let named: Vec<(ExitId, &Exit)> = self
            .program
            .exits
            .iter()
            .enumerate()
            .map(|(at, exit)| (ExitId(at as u32), exit))
            .filter(|(_, exit)| {
                exit.name == act.under || self.program.paragraphs[exit.paragraph.at()].name == act.under
            })
            .collect();
        let mut meets = BTreeSet::new();
        let mut why = None;
        for (id, exit) in &named {
            for requirement in exit.requirements.iter().filter(|requirement| requirement.kind == act.kind) {
                match self.why_not(act, requirement, worlds) {
                    None => drop(meets.insert(*id)),
                    Some(reason) => why = why.or(Some(reason)),
                }
            }
        }
        let relied_on = meets.iter().any(|id| lifting.contains(id));
        let why_not = if relied_on {
            None
        } else if !meets.is_empty() {
            let served: Vec<&str> = meets.iter().map(|id| self.program.exits[id.at()].name.as_str()).collect();
            Some(format!("it serves {}, which lifts nothing here as things stand", served.join(", ")))
        } else {
            why.or_else(|| Some(format!("{} asks for no {}", act.under, act.kind.word())))
        };
        Judged { told: ActUse { act: self.words(act), relied_on, why_not }, meets }
    }

    fn words(&self, act: &Act) -> String {
        let by = act.by.as_ref().map_or(String::new(), |by| format!(" by {}", self.reference(by)));
        format!("{}{by} under {} on {}", act.kind.word(), act.under, act.on)
    }

    fn reference(&self, reference: &Reference) -> String {
        match reference {
            Reference::Id(id) => id.clone(),
            Reference::Country(term) => {
                let core = self.program.schema.core;
                match self.program.schema.activity().fields[core.actor_state.at()].ty {
                    Type::Term(at) | Type::Root(at) => {
                        self.program.schema.taxonomies[at.at()].terms[*term as usize].name.clone()
                    }
                    _ => String::new(),
                }
            }
        }
    }

    /// The first thing about which an act misses a requirement; `None` when it meets it of some line.
    fn why_not(&self, act: &Act, requirement: &Requirement, worlds: &mut [Worlds<'_>]) -> Option<String> {
        let mut why = None;
        for (line, worlds) in worlds.iter_mut().enumerate() {
            let of_line = self.why_not_of(act, requirement, line, worlds)?;
            why = why.or(Some(of_line));
        }
        why
    }

    fn why_not_of(&self, act: &Act, requirement: &Requirement, line: usize, worlds: &mut Worlds<'_>) -> Option<String> {
        if let (Some(Reference::Id(by)), Who::Authority(wanted)) = (&act.by, &requirement.by)
            && by != wanted
        {
            return Some(format!("it is by {by}; the {} of {wanted} is required", requirement.kind.word()));
        }
        if let (Some(Reference::Country(_)), Who::Authority(wanted)) = (&act.by, &requirement.by) {
            return Some(format!("it is by a State; the {} of {wanted} is required", requirement.kind.word()));
        }
        if let Some(to) = &requirement.to
            && act.to.is_none()
        {
            return Some(format!("it does not say to whom it was given; a notice to {} is required", self.who(to)));
        }
        if let Some(covers) = &act.covers
            && let Some(field) = self.uncovered(covers, worlds)
        {
            let name = &self.program.schema.activity().fields[field.at()].name;
            return Some(format!("it does not cover this activity: `{name}` differs, or is not known"));
        }
        if let (Some(Reference::Id(to)), Some(Who::Authority(wanted))) = (&act.to, &requirement.to)
            && to != wanted
        {
            return Some(format!("it was given to {to}; a {} to {wanted} is required", requirement.kind.word()));
        }
        if !worlds.is_timely_for_sure(act, requirement) {
            let untimely = self.date(line).map(|date| self.untimely(act, requirement, date));
            return untimely.or_else(|| Some("the day of the activity is not known".to_owned()));
        }
        if !worlds.is_by_for_sure(act, requirement) {
            return Some(format!("it is not by {}, or that is not known", self.who(&requirement.by)));
        }
        let to = requirement.to.as_ref().filter(|_| !worlds.is_to_for_sure(act, requirement))?;
        Some(format!("it was not given to {}, or that is not known", self.who(to)))
    }

    fn who(&self, who: &Who) -> String {
        match who {
            Who::Authority(name) => name.clone(),
            Who::Field(field) => self.program.schema.activity().fields[field.at()].name.clone(),
        }
    }

    fn untimely(&self, act: &Act, requirement: &Requirement, date: Date) -> String {
        if let Some(through) = act.through
            && through < date
        {
            return format!("it ended on {through}");
        }
        if let Some(from) = act.from
            && date < from
        {
            return format!("it begins on {from} only");
        }
        match last_day(requirement, date, &self.program.schema.working_days) {
            Some(last) if act.on > last => {
                format!("it is too late: {} means {last} at the latest", when(requirement.time))
            }
            _ => format!("it was not {}", when(requirement.time)),
        }
    }

    fn uncovered(&self, covers: &Facts, worlds: &mut Worlds<'_>) -> Option<FieldId> {
        (0..covers.0.len() as u32).map(FieldId).find(|field| {
            !matches!(covers.0[field.at()], State::Unstated) && !worlds.covers_for_sure(covers, ACTIVITY, *field)
        })
    }

    fn date(&self, line: usize) -> Option<Date> {
        let field = self.program.schema.core.date;
        match &self.question.lines[line].facts.0[field.at()] {
            State::Is(crate::facts::question::Value::Date(date)) => Some(*date),
            _ => None,
        }
    }
}
