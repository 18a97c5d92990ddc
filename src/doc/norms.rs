//! Norms, exceptions and what they ask for, in sentences.

use crate::check::program::{
    ActKind, Cond, Deadline, Effect, Exit, ExitId, Limit, Norm, NormId, Per, Period, Quota, QuotaPeriod, Requirement,
    Set, Terms, Time,
};
use crate::value::{Unit, Verdict};

use super::block::{Block, Item, Line, line};
use super::conditions::Phrase;
use super::words::{Words, day};

impl Words<'_> {
    /// What the norm says: one sentence, or a sentence with a list.
    pub fn norm_says(self, norm: &Norm) -> Vec<Block> {
        let (demanded, when) = parts(norm);
        let mut blocks = match norm.effect {
            Effect::Prohibit => {
                let lead = line().strong("It is prohibited");
                self.sentence(lead.text(" to engage in ").then(self.actions(norm.actions.as_ref())), when)
            }
            Effect::Oblige => {
                let mut lead = line().strong("It must be done");
                lead = lead.text(": ").then(told(norm)).text(" (").then(self.actions(demanded)).text(")");
                self.sentence(lead.then(deadline(norm)), when)
            }
            Effect::Advise => {
                let lead = line().strong("Advice").text(", which does not bind: ").then(told(norm));
                let lead = lead.text("; given for ").then(self.actions(norm.actions.as_ref()));
                self.sentence(lead, when)
            }
            Effect::Caution => {
                let lead = line().strong("Caution").text(", a risk that is no law: ").then(told(norm));
                let lead = lead.text("; said of ").then(self.actions(norm.actions.as_ref()));
                self.sentence(lead, when)
            }
        };
        if let Some(upon) = &norm.upon {
            let lead = line().strong("Brought about").text(" by ").then(self.actions(upon.as_ref()));
            blocks.push(Block::Text(
                lead.text(": whoever does that has the duty. The duty does not prohibit these acts."),
            ));
        }
        blocks
    }

    /// `LEAD when …`
    pub fn sentence(self, lead: Line, when: &Cond) -> Vec<Block> {
        match when {
            Cond::Yes => vec![Block::Text(lead.text(", always."))],
            _ => self.finish(lead.text(" when "), self.condition(when)),
        }
    }

    fn finish(self, lead: Line, phrase: Phrase) -> Vec<Block> {
        match phrase {
            Phrase::Clause(clause) => vec![Block::Text(lead.then(clause.line).text("."))],
            Phrase::List { lead: how, parts } => {
                vec![Block::Text(lead.then(how)), Block::List(parts.into_iter().map(Phrase::item).collect())]
            }
        }
    }

    /// A condition that stands alone, after some words.
    pub fn holds_when(self, lead: Line, phrase: Phrase) -> Vec<Block> {
        self.finish(lead, phrase)
    }

    /// When an exception or exemption lifts, and with whose act.
    pub fn exit_says(self, exit: &Exit) -> Vec<Block> {
        let mut items: Vec<Item> = Vec::new();
        match self.condition(&exit.when) {
            _ if exit.when == Cond::Yes => {}
            // The parts of a condition, the limits and the acts are all asked for: one list.
            Phrase::List { lead, parts } if lead.plain() == "all of this is true:" => {
                items.extend(parts.into_iter().map(Phrase::item));
            }
            phrase => items.extend(phrase.items()),
        }
        items.extend(self.limits(&exit.quotas).into_iter().map(Item::from));
        items.extend(exit.requirements.iter().map(|asked| Item::from(self.requirement(asked))));
        let lead = line().strong("Lifted").text(" when ");
        let mut blocks = match items.len() {
            0 => vec![Block::Text(line().strong("Lifted").text(" on all its days, without an act of anybody."))],
            1 if items[0].inner.is_empty() => {
                let only = items.remove(0).line;
                vec![Block::Text(lead.then(only).text("."))]
            }
            _ => vec![Block::Text(lead.text("all of this is true:")), Block::List(items)],
        };
        if let Some(standard) = &exit.standard {
            let text = line().strong("Standard").text(format!(" of the decision, or what is meant: “{standard}”."));
            blocks.push(Block::Text(text));
        }
        blocks.extend(self.without_act(exit).map(Block::Text));
        blocks
    }

    /// The answer while the act is lacking.
    fn without_act(self, exit: &Exit) -> Option<Line> {
        // What may follow the activity is lacking only when it is too late for it.
        let before = exit.requirements.iter().filter(|asked| !matches!(asked.time, Time::WithinAfter { .. }));
        let asked = |kinds: &[ActKind]| before.clone().any(|asked| kinds.contains(&asked.kind));
        let verdict = match exit {
            Exit { exceptional: true, .. } => {
                let lead = line()
                    .strong("Extraordinary")
                    .text(": shown as a route, but until the act is there the answer stays ");
                return Some(lead.link("glossary.verdicts", answer(Verdict::Prohibited.name())).text("."));
            }
            _ if asked(&[ActKind::Approval, ActKind::Request]) => Verdict::RequiresAuthorisation,
            _ if asked(&[ActKind::Notice, ActKind::Determination]) => Verdict::RequiresNotification,
            _ => return None,
        };
        let lead = line().text("While only an act is lacking that can still be given, the answer by this way is ");
        Some(lead.link("glossary.verdicts", answer(verdict.name())).text("."))
    }

    /// One line per limit; the units of one limit together.
    fn limits(self, quotas: &[Quota]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut at = 0;
        while let Some(first) = quotas.get(at) {
            let together = quotas[at..].iter().take(first.or.len() + 1).collect::<Vec<_>>();
            at += together.len();
            lines.push(self.limit(&together));
        }
        lines
    }

    fn limit(self, quotas: &[&Quota]) -> Line {
        let quota = quotas[0];
        let level = |unit: Unit, quota: &Quota| match &quota.limit {
            Limit::Amount(amount) => self.amount(*amount, unit),
            Limit::Level { from, through } if from == through => {
                format!("the number of {} on {}, which the host states", self.unit(unit), day(*from))
            }
            Limit::Level { from, through } => format!(
                "the amount in {} from {} through {}, which the host states",
                self.unit(unit),
                day(*from),
                day(*through)
            ),
        };
        let limits: Vec<String> = quotas.iter().map(|quota| level(quota.unit, quota)).collect();
        let field = self.field_name(crate::check::program::ACTIVITY, quota.field);
        let mut said = line().text("the ").then(field);
        said = said.text(", with what is already used ").text(counted(quota.period));
        said = said.text(", does not exceed ").strong(limits.join(" or "));
        said = match &quota.per {
            None => said.text(" for all together"),
            Some(Per::Holder) => said.text(" for each holder alone"),
            Some(Per::Field(field)) => {
                said.text(" for each ").then(self.field_name(crate::check::program::ACTIVITY, *field)).text(" alone")
            }
        };
        if quotas.len() > 1 {
            said = said.text(
                " (one limit in several units: all hold, but of a complete activity only the units in which it states its amount)",
            );
        }
        said
    }

    fn requirement(self, asked: &Requirement) -> Line {
        let act = match asked.kind {
            ActKind::Approval => "an approval",
            ActKind::Notice => "a notice",
            ActKind::Determination => "a determination",
            ActKind::Request => "a request",
        };
        let mut said = line().text("there is ").strong(act).text(" by ").then(self.who(&asked.by));
        if let Some(to) = &asked.to {
            said = said.text(" to ").then(self.who(to));
        }
        said.text(time(asked.time))
    }

    /// What an exemption or exception lifts.
    pub fn lifts(self, exit: &Exit) -> Line {
        match exit.of {
            Some(norm) => self.norm(norm),
            None => super::block::alternatives(exit.lifts.iter().map(|name| self.target(name)).collect(), " and "),
        }
    }

    /// The exceptions of a norm, and the exemptions from elsewhere.
    pub fn exits_of(self, norm: NormId) -> (Vec<ExitId>, Vec<ExitId>) {
        let exits = &self.program.norms[norm.at()].exits;
        exits.iter().partition(|exit| self.program.exits[exit.at()].of.is_some())
    }

    /// `In force from 2 March 2016 through 29 November 2016, both days included`
    pub fn in_force(self, period: Period) -> String {
        match period.through {
            Some(through) if through < period.from => "Never in force".to_owned(),
            Some(through) if through == period.from => format!("In force on {} only", day(through)),
            Some(through) => format!("In force from {} through {}, both days included", day(period.from), day(through)),
            None => format!("In force since {}, that day included", day(period.from)),
        }
    }
}

/// What a duty demands, and its condition, which `check` has joined with the acts that bring it about.
fn parts(norm: &Norm) -> (Option<&Terms>, &Cond) {
    match (&norm.upon, &norm.when) {
        (Some(_), Cond::All(joined)) => match joined.as_slice() {
            [Cond::Any(done), when] => match done.first() {
                Some(Cond::Test { set: Set::Terms(terms), .. }) => (Some(terms), when),
                _ => (None, when),
            },
            [_, when] => (None, when),
            _ => (norm.actions.as_ref(), &norm.when),
        },
        _ => (norm.actions.as_ref(), &norm.when),
    }
}

/// The name of an answer in words.
pub(super) fn answer(name: &str) -> String {
    name.replace('_', " ")
}

fn told(norm: &Norm) -> Line {
    match &norm.text {
        Some(text) => line().text(text.clone()),
        None => line().text("what is named here"),
    }
}

fn deadline(norm: &Norm) -> Line {
    match norm.deadline {
        None => line(),
        Some(Deadline::By(last)) => line().text(format!(", at the latest on {} (that day included),", day(last))),
        Some(Deadline::Within { days, month: false }) => {
            line().text(format!(", within {days} days after the day of the activity (the last day included),"))
        }
        Some(Deadline::Within { days, month: true }) => line()
            .text(format!(", within {days} days after the end of the month of the activity (the last day included),")),
    }
}

fn time(time: Time) -> String {
    let of = |days: i64, working: bool| {
        let working = if working { "working " } else { "" };
        format!("{days} {working}day{}", if days == 1 { "" } else { "s" })
    };
    match time {
        Time::Standing => ", given on or before the day of the activity and valid on it".to_owned(),
        Time::InAdvance => " in advance, on the day of the activity at the latest".to_owned(),
        Time::AtLeastBefore { days, working } => format!(" at least {} before the activity", of(days, working)),
        Time::MoreThanBefore { days, working } => format!(" more than {} before the activity", of(days, working)),
        Time::AtMostBefore { days, working } => format!(" at most {} before the activity", of(days, working)),
        Time::WithinAfter { days, working, month: false } => {
            format!(
                " within {} after the activity (until then the exception holds, and the notice is a duty)",
                of(days, working)
            )
        }
        Time::WithinAfter { days, working, month: true } => format!(
            " within {} after the end of the month of the activity (until then the exception holds, and the notice is a duty)",
            of(days, working)
        ),
        Time::By(last) => format!(", on {} at the latest", day(last)),
    }
}

fn counted(period: QuotaPeriod) -> String {
    match period {
        QuotaPeriod::CalendarYear => "in the calendar year".to_owned(),
        QuotaPeriod::CalendarMonth => "in the calendar month".to_owned(),
        QuotaPeriod::MonthsFrom { months, from } => {
            format!("in the period of {months} months, counted from {}", day(from))
        }
        QuotaPeriod::AnyMonths { months } => format!("in any {months} months"),
        QuotaPeriod::Days { from, through } => {
            format!("from {} through {}, both days included", day(from), day(through))
        }
        QuotaPeriod::Total => "ever".to_owned(),
        QuotaPeriod::AnyTime => "at that time".to_owned(),
    }
}
