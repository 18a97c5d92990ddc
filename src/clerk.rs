//! The fast way to a verdict: one activity after another, or many at once.

mod applying;
mod handles;
mod sheet;

use std::fmt;

use serde::Serialize;

use crate::check::program::NormId;
use crate::diagram::code::Code;
use crate::diagram::few::Few;
use crate::diagram::whole::Said;
use crate::evaluate::answer::Answer;
use crate::evaluate::applying::Told;
use crate::evaluate::brief::{Briefing, Found, Scratch};
use crate::evaluate::decide::Granted;
use crate::explain::{Bounds, Proceed};
use crate::facts::code::{Coder, Meaning};
use crate::facts::question::Question;
use crate::facts::tape::Tape;
use crate::facts::{self, FactsError};
use crate::ruleset::Ruleset;
use crate::value::{Verdict, verdict};

pub use applying::{Applying, ExitName, ExitRef, NormStanding};
pub use handles::{FieldRef, TermRef, UnitRef};
pub use sheet::Sheet;

/// A verdict and the norms that make it, without routes, missing facts and words.
///
/// It is the verdict of the [`Decision`](crate::Decision) on the same activity, with the same bounds and the same
/// deciding norms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    least: Verdict,
    most: Verdict,
    exact: bool,
    deciding: Few<NormRef>,
}

/// Names one norm of the ruleset that decided; see [`Ruleset::norm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormRef(u32);

/// What a norm is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NormName<'r> {
    /// `R2321/11(a)`
    pub id: &'r str,
    /// `S/RES/2321 (2016), para. 11(a)`
    pub citation: &'r str,
    /// The heading of the paragraph.
    pub title: Option<&'r str>,
}

impl Brief {
    /// The verdict; `None` when missing facts can make it differ.
    pub fn verdict(&self) -> Option<Verdict> {
        (self.least == self.most).then_some(self.least)
    }

    /// The name of the verdict: `requires_authorisation`, `undetermined`.
    pub fn verdict_name(&self) -> &'static str {
        verdict::name(self.verdict())
    }

    /// The least and the most restrictive verdict that is possible.
    pub fn bounds(&self) -> Bounds {
        Bounds { at_least: self.least, at_most: self.most }
    }

    /// Whether the activity may go ahead: yes when `at_most` is `allowed` or less, no when `at_least` is more.
    pub fn may_proceed(&self) -> Proceed {
        self.bounds().may_proceed()
    }

    /// Whether the bounds are exact; else they may be too wide, never too narrow
    /// ([`Limits::question_nodes`](crate::Limits::question_nodes)).
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// The norms that make the verdict, in the order of the texts; none when it is undetermined or `not_covered`.
    pub fn deciding(&self) -> &[NormRef] {
        self.deciding.as_slice()
    }

    // A call costs more than it does, and whether the compiler makes one changes with what stands elsewhere in the crate.
    #[inline(always)]
    fn new((least, most): (Verdict, Verdict), exact: bool, deciding: &mut [NormId]) -> Brief {
        if !deciding.is_sorted() {
            deciding.sort_unstable();
        }
        let deciding = Few::new(deciding.iter().map(|id| NormRef(id.0)), NormRef(0));
        Brief { least, most, exact, deciding }
    }

    pub(crate) fn of_answer(answer: &Answer) -> Brief {
        let possible = &answer.possible;
        let settled = possible.settled().filter(|verdict| *verdict != Verdict::NotCovered);
        let lines = answer.lines.iter().filter(|line| settled.is_some() && line.possible.settled() == settled);
        let mut deciding: Vec<NormId> =
            lines.flat_map(|line| &line.norms).filter(|norm| norm.decides).map(|norm| norm.id).collect();
        deciding.sort_unstable();
        deciding.dedup();
        Brief::new((possible.at_least(), possible.at_most()), answer.exact, &mut deciding)
    }
}

impl fmt::Display for Brief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verdict_name())
    }
}

/// An activity whose facts were given their places beforehand, to be decided often or later.
///
/// It belongs to the ruleset that coded it.
#[derive(Debug, Clone)]
pub struct Coded<'r> {
    rules: &'r Ruleset,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    /// The tape is looked at only where the codes leave something open, and stands apart: many activities fit into a cache.
    Plain { codes: Box<[Code]>, tape: Box<Tape> },
    /// With acts, or of several lines.
    Long(Box<Question>),
}

/// Decides one activity after another for one ruleset.
///
/// It keeps what it needs for that, so that after the first activities nothing is allocated any more, as long as these
/// state no acts and no lines, are written plainly (a date as `2024-01-15`, an amount as `12 kg`), and are not so open that
/// their worlds have to be looked at together. Others are decided too, the long way, for which an activity is serialized a
/// second time and must say the same. One per thread.
///
/// ```
/// use interdict::{Ruleset, Verdict};
///
/// #[derive(serde::Serialize)]
/// struct Deal { date: &'static str, actor_state: &'static str, action: &'static str, item: &'static str, origin: &'static str }
///
/// let rules = Ruleset::pack("un_dprk")?;
/// let mut clerk = rules.clerk();
/// for (item, verdict) in [("battle_tank", Verdict::Prohibited), ("rifle", Verdict::Prohibited)] {
///     let deal = Deal { date: "2024-01-15", actor_state: "RU", action: "purchase", item, origin: "KP" };
///     let brief = clerk.decide(&deal)?;
///     assert_eq!(brief.verdict(), Some(verdict));
///     assert!(brief.deciding().iter().all(|norm| rules.norm(*norm).citation.starts_with("S/RES/")));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Clerk<'r> {
    rules: &'r Ruleset,
    coder: Coder,
    codes: Vec<Code>,
    scratch: Scratch,
    /// What all norms say, of those who ask.
    told: Told,
}

impl<'r> Clerk<'r> {
    /// Decides one activity: any `Serialize` struct or map with the field names of the schema. `None` and null are
    /// *unknown*.
    ///
    /// # Errors
    ///
    /// When a fact is not understood, as [`Ruleset::decide`].
    pub fn decide<A: Serialize + ?Sized>(&mut self, activity: &A) -> Result<Brief, FactsError> {
        match self.coder.code(self.rules.meaning(), activity) {
            Ok(()) => {
                let Clerk { rules, coder, codes, scratch, .. } = self;
                Ok(rules.brief_of_tape(&coder.tape, codes, scratch))
            }
            Err(facts::code::TheLongWay) => {
                let question = self.rules.bind(&facts::to_raw(activity)?)?;
                Ok(self.rules.brief_of(&question, &mut self.codes, &mut self.scratch))
            }
        }
    }

    /// The least and the most restrictive verdict that is possible, and nothing else: faster where many norms apply, because
    /// the first that certainly prohibits ends it.
    ///
    /// They are [`Brief::bounds`] of [`Clerk::decide`], and may be narrower, never wrong, where that is not
    /// [exact](Brief::exact).
    ///
    /// ```
    /// # use interdict::Ruleset;
    /// let rules = Ruleset::pack("un_dprk")?;
    /// let tanks = interdict::Activity::new()
    ///     .set("date", "2024-01-15")
    ///     .set("actor_state", "RU")
    ///     .set("action", "purchase")
    ///     .set("item", "battle_tank")
    ///     .set("origin", "KP");
    /// assert_eq!(rules.clerk().bounds(&tanks)?.may_proceed(), interdict::Proceed::No);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Clerk::decide`].
    pub fn bounds<A: Serialize + ?Sized>(&mut self, activity: &A) -> Result<Bounds, FactsError> {
        match self.coder.code(self.rules.meaning(), activity) {
            Ok(()) => {
                let Clerk { rules, coder, codes, scratch, .. } = self;
                let briefing = rules.briefing();
                let mut row = briefing.row(&coder.tape, codes, &mut scratch.patterns);
                let found = briefing.bounds(&mut row, &coder.tape, scratch);
                Ok(rules.bounds_found(found, &coder.tape))
            }
            Err(facts::code::TheLongWay) => {
                let question = self.rules.bind(&facts::to_raw(activity)?)?;
                Ok(self.rules.brief_of(&question, &mut self.codes, &mut self.scratch).bounds())
            }
        }
    }

    /// The same for an activity that was coded before.
    ///
    /// # Panics
    ///
    /// When it was coded by another ruleset.
    pub fn bounds_coded(&mut self, coded: &Coded<'_>) -> Bounds {
        match &coded.form {
            Form::Plain { tape, codes } => {
                assert!(self.rules.is(coded.rules), "an activity is decided by the ruleset that coded it");
                match self.rules.walk().and_then(|walk| walk.verdict(codes)) {
                    Some(verdict) => Bounds { at_least: verdict, at_most: verdict },
                    None => self.rules.bounds_by_norms(tape, codes, &mut self.scratch),
                }
            }
            Form::Long(_) => self.decide_coded(coded).bounds(),
        }
    }

    /// Decides a question, if its verdict is settled and can be found the fast way.
    pub(crate) fn decide_settled(&mut self, question: &Question) -> Option<Brief> {
        if !is_plain(question) {
            return None;
        }
        let Clerk { rules, codes, scratch, .. } = self;
        let tape = Tape::of(&rules.program().schema, question, &question.lines[0]);
        let briefing = rules.briefing();
        let mut row = briefing.row(&tape, codes, &mut scratch.patterns);
        let found = briefing.decide(&mut row, &tape, scratch);
        let brief = (found != Found::Open).then(|| rules.brief_found(found, &tape, scratch));
        brief.filter(|brief| brief.verdict().is_some())
    }

    /// Decides an activity that was coded before.
    ///
    /// # Panics
    ///
    /// When it was coded by another ruleset.
    pub fn decide_coded(&mut self, coded: &Coded<'_>) -> Brief {
        assert!(self.rules.is(coded.rules), "an activity is decided by the ruleset that coded it");
        match &coded.form {
            Form::Plain { tape, codes } => self.rules.brief_of_codes(tape, codes, &mut self.scratch),
            Form::Long(question) => self.rules.brief_of(question, &mut self.codes, &mut self.scratch),
        }
    }

    /// Gives the facts of an activity their places, and works out what can be known beforehand.
    ///
    /// # Errors
    ///
    /// As [`Clerk::decide`].
    pub fn code<A: Serialize + ?Sized>(&mut self, activity: &A) -> Result<Coded<'r>, FactsError> {
        let rules = self.rules;
        let tape = match self.coder.code(rules.meaning(), activity) {
            Ok(()) => self.coder.tape.clone(),
            Err(facts::code::TheLongWay) => {
                let question = rules.bind(&facts::to_raw(activity)?)?;
                if !is_plain(&question) {
                    return Ok(Coded { rules, form: Form::Long(Box::new(question)) });
                }
                Tape::of(&rules.program().schema, &question, &question.lines[0])
            }
        };
        let mut codes = Vec::new();
        let briefing = rules.briefing();
        briefing.row(&tape, &mut codes, &mut self.scratch.patterns).finish();
        Ok(Coded { rules, form: Form::Plain { codes: codes.into(), tape: Box::new(tape) } })
    }
}

/// Without acts and lines.
fn is_plain(question: &Question) -> bool {
    question.acts.is_empty() && question.lines.len() == 1
}

impl Ruleset {
    /// Starts deciding one activity after another: see [`Clerk`].
    pub fn clerk(&self) -> Clerk<'_> {
        Clerk {
            rules: self,
            coder: Coder::default(),
            codes: Vec::new(),
            scratch: Scratch::default(),
            told: Told::default(),
        }
    }

    /// What a norm is called that decided an activity by this ruleset.
    ///
    /// # Panics
    ///
    /// When it is of another ruleset, which has more norms.
    pub fn norm(&self, norm: NormRef) -> NormName<'_> {
        let program = self.program();
        let norm = &program.norms[norm.0 as usize];
        let paragraph = &program.paragraphs[norm.paragraph.at()];
        NormName { id: &norm.name, citation: &paragraph.citation, title: paragraph.title.as_deref() }
    }

    pub(crate) fn meaning(&self) -> Meaning<'_> {
        Meaning { program: self.program(), lists: self.loaded(), lexicon: self.lexicon() }
    }

    fn brief_of_tape(&self, tape: &Tape, codes: &mut Vec<Code>, scratch: &mut Scratch) -> Brief {
        let briefing = self.briefing();
        let mut row = briefing.row(tape, codes, &mut scratch.patterns);
        let found = briefing.decide(&mut row, tape, scratch);
        self.brief_found(found, tape, scratch)
    }

    #[inline]
    fn brief_of_codes(&self, tape: &Tape, codes: &[Code], scratch: &mut Scratch) -> Brief {
        match self.walk().and_then(|walk| walk.decide(codes, scratch)) {
            Some(found) => self.brief_found(found, tape, scratch),
            None => self.brief_by_norms(tape, codes, scratch),
        }
    }

    /// What the diagram alone does not decide.
    #[inline(never)]
    fn brief_by_norms(&self, tape: &Tape, codes: &[Code], scratch: &mut Scratch) -> Brief {
        let briefing = Briefing { whole: None, ..self.briefing() };
        let found = briefing.decide(&mut briefing.finished(codes), tape, scratch);
        self.brief_found(found, tape, scratch)
    }

    #[inline(never)]
    fn bounds_by_norms(&self, tape: &Tape, codes: &[Code], scratch: &mut Scratch) -> Bounds {
        let briefing = Briefing { whole: None, ..self.briefing() };
        let found = briefing.bounds(&mut briefing.finished(codes), tape, scratch);
        self.bounds_found(found, tape)
    }

    fn brief_of(&self, question: &Question, codes: &mut Vec<Code>, scratch: &mut Scratch) -> Brief {
        if !is_plain(question) {
            return Brief::of_answer(&self.compiled().decide(question, &Granted::new()));
        }
        let tape = Tape::of(&self.program().schema, question, &question.lines[0]);
        self.brief_of_tape(&tape, codes, scratch)
    }

    fn bounds_found(&self, found: Option<(Verdict, Verdict)>, tape: &Tape) -> Bounds {
        match found {
            Some((least, most)) => Bounds { at_least: least, at_most: most },
            None => self.brief_the_long_way(tape).bounds(),
        }
    }

    fn brief_the_long_way(&self, tape: &Tape) -> Brief {
        let question = tape.question(&self.program().schema);
        Brief::of_answer(&self.compiled().decide(&question, &Granted::new()))
    }

    #[inline]
    fn brief_found(&self, found: Found<'_>, tape: &Tape, scratch: &mut Scratch) -> Brief {
        match found {
            Found::Said(Said { verdict, norms }) => {
                Brief { least: *verdict, most: *verdict, exact: true, deciding: norms.map(|id| NormRef(id.0)) }
            }
            Found::Settled(verdict) => Brief::new((verdict, verdict), true, &mut scratch.deciding),
            Found::Between(least, most) => Brief::new((least, most), true, &mut []),
            Found::Open => self.brief_the_long_way(tape),
        }
    }
}
