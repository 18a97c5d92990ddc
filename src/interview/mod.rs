//! Interview: from a partial activity to a decision, by asking only what can still change the verdict.

mod offers;
pub(crate) mod place;
pub(crate) mod settling;
mod spoken;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::evaluate::answer::Answer;
use crate::evaluate::decide::Granted;
use crate::explain::{Decision, MissingFact, best_first};
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::facts::{self, Activity, FactsError};
use crate::ruleset::Ruleset;
use crate::value::{Raw, Verdict};

pub use settling::{Settled, SettledBy, Settling};

/// Questions and answers about one activity, until its verdict is settled or only unknown facts are left.
///
/// Every question is about a fact that can still change the verdict, given the answers so far, and none is put twice. When
/// a question was over its budget ([`Limits::question_nodes`](crate::Limits::question_nodes)), as at the very beginning it may be, the
/// facts that every activity has are asked first.
///
/// ```
/// use interdict::{Activity, Ruleset};
///
/// let rules = Ruleset::pack("un_dprk")?;
/// let summit = Activity::new().complete().set("date", "2023-09-13").set("actor_state", "RU").set("action", "conference");
/// let delegation = Activity::new().set("role", "counterparty").set("nationality", "KP").set("sponsored_by", "unknown");
/// let delegation = delegation.set("listed", Vec::<&str>::new());
/// let mut interview = rules.interview(&summit.set("field", "satellite_technology").party(delegation))?;
///
/// let asked = interview.question().expect("something is open");
/// assert_eq!(asked.fact, "counterparty.sponsored_by");
/// assert!(interview.answer(["a world power"]).is_ok());
/// assert!(interview.question().is_none());
/// assert_eq!(interview.decision().verdict_name(), "not_covered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Interview<'r> {
    rules: &'r Ruleset,
    activity: Activity,
    question: Question,
    answer: Answer,
    /// Facts that were answered, or of which it was said that they are not known.
    closed: BTreeSet<FactPath>,
}

/// The best next question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Asked {
    /// The fact: `counterparty.sponsored_by`
    pub fact: String,
    /// The question to put to whoever knows.
    pub question: String,
    /// What an answer is.
    pub kind: AnswerKind,
    /// The answer is a list of such values, whole: what is not in it is not so.
    pub many: bool,
    /// Answers that the policy tells apart here, in the order of the vocabulary, as far as they can be listed; others are
    /// accepted too.
    pub offers: Vec<Offer>,
    /// The norms of which it depends on the fact whether they apply.
    pub why: Vec<Why>,
}

/// What kind of value answers a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnswerKind {
    /// A word of this vocabulary, or a broader one.
    Term(String),
    /// The code of a country.
    Country,
    /// A country, the id of a party, or a name.
    Reference,
    /// `true` or `false`.
    YesNo,
    /// A day: `2023-09-13`.
    Date,
    /// A number of this unit or currency.
    Amount(String),
    /// Digits of the Harmonized System.
    Hs,
    /// Any text.
    Text,
    /// The sanctions lists on which it is, all of them.
    Listing,
    /// Records of this kind, each a map of what is known of it.
    Records(String),
}

/// An answer that the policy tells from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Offer {
    /// What to answer: `battle_tank`, `yes`, `none`.
    pub value: String,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A norm that a fact matters for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Why {
    /// `R2321/11(a)`
    pub id: String,
    /// `S/RES/2321 (2016), para. 11(a)`
    pub citation: String,
    /// The heading of the paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Ruleset {
    /// Starts to ask about an activity, of which some facts or none are stated: see [`Interview`].
    ///
    /// # Errors
    ///
    /// As [`Ruleset::decide`].
    pub fn interview<A: Serialize + ?Sized>(&self, activity: &A) -> Result<Interview<'_>, FactsError> {
        let activity = Activity::from_raw(facts::to_raw(activity)?)?;
        let question = self.bind(activity.raw())?;
        let answer = self.compiled().decide(&question, &Granted::new());
        Ok(Interview { rules: self, activity, question, answer, closed: BTreeSet::new() })
    }
}

impl<'r> Interview<'r> {
    /// The best next question; `None` when the verdict is settled or what is left is not known.
    pub fn question(&self) -> Option<Asked> {
        self.next().map(|path| self.asked(path))
    }

    /// Answers the question, as the fact is stated in an activity. `None` and null are *not known*.
    ///
    /// # Errors
    ///
    /// When the value is not understood. Nothing has changed then, and the same question stands.
    pub fn answer(&mut self, value: impl Into<Raw>) -> Result<(), FactsError> {
        let Some(path) = self.next().cloned() else { return Ok(()) };
        let value = value.into();
        let unknown = match &value {
            Raw::Null => true,
            // A text may be any word.
            Raw::Text(word) => word == "unknown" && self.question().is_none_or(|asked| asked.kind != AnswerKind::Text),
            _ => false,
        };
        if unknown {
            self.closed.insert(path);
            return Ok(());
        }
        let placed = place::put(self.rules.program(), self.activity.raw(), &path, value);
        let activity = Activity::from_raw(placed.expect("only facts that have a place are asked"))?;
        let question = self.rules.bind(activity.raw())?;
        self.answer = self.rules.compiled().decide(&question, &Granted::new());
        (self.activity, self.question) = (activity, question);
        self.closed.insert(path);
        Ok(())
    }

    /// Answers the question in words, as a person types them: `yes`, `battle tank`, `KP, CN`, `500 bbl`, `none`; of a list of
    /// records their roles, their number, or JSON.
    ///
    /// # Errors
    ///
    /// As [`Interview::answer`].
    pub fn answer_in_words(&mut self, words: &str) -> Result<(), FactsError> {
        let Some(asked) = self.question() else { return Ok(()) };
        let value = spoken::read(&asked, self.rules.program(), words)?;
        self.answer(value)
    }

    /// Says that the answer is not known. The question is not put again.
    pub fn dont_know(&mut self) {
        self.closed.extend(self.next().cloned());
    }

    /// The facts so far: those that were stated, with all answers.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// The verdicts that are possible, least restrictive first.
    pub fn possible(&self) -> Vec<Verdict> {
        self.answer.possible.verdicts.iter().copied().collect()
    }

    /// Whether `possible` and `missing` are exact; else they may be too long, never too short.
    pub fn exact(&self) -> bool {
        self.answer.exact
    }

    /// The facts that can change the verdict, best question first; with those that are not known.
    pub fn missing(&self) -> Vec<MissingFact> {
        best_first(self.rules.program(), &self.answer).into_iter().map(|path| self.missing_fact(path)).collect()
    }

    /// The shortest sets of answers that would settle the verdict: see [`Settling`].
    pub fn settling(&self) -> Settling {
        settling::of(self.rules, &self.activity, &self.question, &self.answer)
    }

    /// The decision on the facts so far, with everything it rests on.
    pub fn decision(&self) -> Decision {
        self.rules.decide_question(&self.question)
    }

    /// The fact to ask about: the best that is open and has a place in the activity.
    fn next(&self) -> Option<&FactPath> {
        let program = self.rules.program();
        let can_be_said = |path: &FactPath| {
            !self.closed.contains(path) && place::put(program, self.activity.raw(), path, Raw::Null).is_some()
        };
        best_first(program, &self.answer).into_iter().find(|path| can_be_said(path))
    }

    fn missing_fact(&self, path: &FactPath) -> MissingFact {
        let (program, question) = (self.rules.program(), &self.question);
        MissingFact { fact: path.name(program, question), question: path.question(program, question) }
    }

    fn asked(&self, path: &FactPath) -> Asked {
        let program = self.rules.program();
        let norms = || self.answer.lines.iter().flat_map(|line| &line.norms);
        let mut why: Vec<Why> = Vec::new();
        for norm in norms().filter(|norm| norm.needs.contains(path)) {
            let norm = &program.norms[norm.id.at()];
            let paragraph = &program.paragraphs[norm.paragraph.at()];
            let citation = paragraph.citation.clone();
            let told = Why { id: norm.name.clone(), citation, title: paragraph.title.clone() };
            if !why.contains(&told) {
                why.push(told);
            }
        }
        let (kind, many, question) = offers::kind(program, path, self.missing_fact(path).question);
        let offers = offers::of(program, &self.question, path, norms().map(|norm| norm.id));
        Asked { fact: self.missing_fact(path).fact, question, kind, many, offers, why }
    }
}
