//! The verdict and all norms that reach an activity, without words: between a brief and a whole decision.

use serde::Serialize;

use crate::check::program::{ExitId, Program};
use crate::diagram::code::Code;
use crate::diagram::standing::{Standing, verdict_of};
use crate::evaluate::applying::{Says, Told};
use crate::evaluate::brief::{Found, Scratch};
use crate::evaluate::decide::Granted;
use crate::explain::{self, Bounds, NormEffect, NormStatus};
use crate::facts::code::TheLongWay;
use crate::facts::question::Question;
use crate::facts::tape::Tape;
use crate::facts::{self, FactsError};
use crate::ruleset::Ruleset;
use crate::value::Verdict;

use super::{Brief, Clerk, Coded, Form, NormRef, is_plain};

/// The verdict on an activity, and every norm that reaches it in some world.
///
/// It lists the norms of the [`Decision`](crate::Decision) on the same activity: those of its findings, its duties, advice and
/// cautions, each with the same status, level and exits. What is missing, routes and texts are left to the decision. Only
/// where a decision is not exact may the two list different things that are possible.
#[derive(Debug, Clone)]
pub struct Applying<'c> {
    brief: Brief,
    told: &'c Told,
    program: &'c Program,
}

/// What one norm says of an activity, over all worlds that the facts leave open.
#[derive(Debug, Clone, Copy)]
pub struct NormStanding<'c> {
    says: Says<'c>,
    effect: NormEffect,
    several: bool,
    decides: bool,
}

/// Names one exception or exemption of the ruleset; see [`Ruleset::exit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExitRef(u32);

/// What an exception or exemption is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExitName<'r> {
    /// `R2321/11(a).approved`
    pub id: &'r str,
    /// The paragraph in which it stands.
    pub citation: &'r str,
}

impl<'c> Applying<'c> {
    pub(super) fn new(brief: Brief, told: &'c Told, rules: &'c Ruleset) -> Applying<'c> {
        Applying { brief, told, program: rules.program() }
    }

    /// Verdict, bounds and deciding norms.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Every norm that applies, is lifted, or may be so, in the order of the texts; of a consignment once for every line that
    /// it reaches.
    pub fn norms(&self) -> impl ExactSizeIterator<Item = NormStanding<'c>> + use<'c> {
        let (told, program) = (self.told, self.program);
        let verdict = self.brief.verdict().filter(|verdict| *verdict != Verdict::NotCovered);
        (0..told.len()).map(move |at| {
            let says = told.at(at);
            let effect = program.norms[says.id.at()].effect.into();
            let decides = says.standings.iter().all(|standing| Some(verdict_of(*standing)) == verdict);
            NormStanding { says, effect, several: told.several, decides }
        })
    }

    /// The duties that are owed, or may be. What may follow an exit is [`NormStanding::due`].
    pub fn duties(&self) -> impl Iterator<Item = NormStanding<'c>> + use<'c> {
        self.norms().filter(|norm| norm.says.standings.contains(&Standing::Duty))
    }

    /// The advice that concerns the activity, or may.
    pub fn advice(&self) -> impl Iterator<Item = NormStanding<'c>> + use<'c> {
        self.noted(NormEffect::Advise)
    }

    /// The cautions that concern the activity, or may.
    pub fn cautions(&self) -> impl Iterator<Item = NormStanding<'c>> + use<'c> {
        self.noted(NormEffect::Caution)
    }

    fn noted(&self, effect: NormEffect) -> impl Iterator<Item = NormStanding<'c>> + use<'c> {
        self.norms().filter(move |norm| norm.effect == effect && norm.says.standings.contains(&Standing::Noted))
    }
}

impl<'c> NormStanding<'c> {
    /// Which norm.
    pub fn norm(&self) -> NormRef {
        NormRef(self.says.id.0)
    }

    /// Whether it forbids, obliges, advises or cautions.
    pub fn effect(&self) -> NormEffect {
        self.effect
    }

    /// Whether it applies or is lifted; *undetermined* when that depends on facts that are missing.
    pub fn status(&self) -> NormStatus {
        explain::status(self.says.standings.iter().copied())
    }

    /// Whether the facts leave nothing open of what it says.
    pub fn is_certain(&self) -> bool {
        self.says.standings.len() == 1
    }

    /// Its own verdict, when the facts settle it: of a prohibition what its best exit leaves of it.
    pub fn level(&self) -> Option<Verdict> {
        let Bounds { at_least, at_most } = self.bounds();
        (at_least == at_most).then_some(at_least)
    }

    /// The least and the most restrictive verdict that it gives by itself.
    pub fn bounds(&self) -> Bounds {
        let levels = || self.says.standings.iter().map(|standing| verdict_of(*standing));
        let least = levels().min().unwrap_or(Verdict::NotCovered);
        Bounds { at_least: least, at_most: levels().max().unwrap_or(least) }
    }

    /// Its own verdict is the verdict of the whole.
    pub fn decides(&self) -> bool {
        self.decides
    }

    /// The exits that lift it; when it is not certain, each that may.
    pub fn lifted_by(&self) -> impl Iterator<Item = ExitRef> + use<'c> {
        self.says.standings.iter().filter_map(|standing| match standing {
            Standing::Lifted(exit) | Standing::Spared(exit) => Some(ExitRef(exit.0)),
            Standing::Out | Standing::Noted | Standing::Duty | Standing::Applies(_) => None,
        })
    }

    /// Those of the exits that lift it, or may, for which an act is to follow: a duty of the decision.
    pub fn due(&self) -> impl Iterator<Item = ExitRef> + use<'c> {
        self.says.due.iter().map(|exit: &ExitId| ExitRef(exit.0))
    }

    #[cfg(test)]
    pub(crate) fn says(&self) -> Says<'c> {
        self.says
    }

    /// The line of the consignment, when there are several.
    pub fn line(&self) -> Option<usize> {
        self.several.then_some(self.says.line)
    }
}

impl Clerk<'_> {
    /// Decides one activity as [`Clerk::decide`] does, and tells all norms that reach it.
    ///
    /// Every norm is looked at, so it takes longer than a verdict alone. Nothing is allocated after the first activities,
    /// under the same conditions, and as long as two worlds show what the facts leave open of a norm.
    ///
    /// ```
    /// use interdict::{Activity, NormEffect, NormStatus, Ruleset, Verdict};
    ///
    /// let rules = Ruleset::pack("un_dprk")?;
    /// let mut clerk = rules.clerk();
    /// let deal = Activity::new()
    ///     .set("date", "2024-01-15")
    ///     .set("actor_state", "RU")
    ///     .set("action", "purchase")
    ///     .set("item", "battle_tank")
    ///     .set("origin", "KP");
    /// let applying = clerk.applying(&deal)?;
    /// assert_eq!(applying.brief().verdict(), Some(Verdict::Prohibited));
    /// assert_eq!(applying.norms().filter(|norm| norm.decides()).count(), applying.brief().deciding().len());
    ///
    /// let certain = applying.norms().filter(|norm| norm.status() == NormStatus::Applies);
    /// let forbidding: Vec<&str> =
    ///     certain.filter(|norm| norm.effect() == NormEffect::Prohibit).map(|norm| rules.norm(norm.norm()).id).collect();
    /// assert!(forbidding.contains(&"R1718/8(b)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Clerk::decide`].
    pub fn applying<A: Serialize + ?Sized>(&mut self, activity: &A) -> Result<Applying<'_>, FactsError> {
        let Clerk { rules, coder, codes, scratch, told } = self;
        let brief = match coder.code(rules.meaning(), activity) {
            Ok(()) => rules.applying_of_tape(&coder.tape, codes, scratch, told),
            Err(TheLongWay) => {
                let question = rules.bind(&facts::to_raw(activity)?)?;
                rules.applying_of(&question, codes, scratch, told)
            }
        };
        Ok(Applying::new(brief, told, rules))
    }

    /// Likewise of an activity that was coded before.
    ///
    /// # Panics
    ///
    /// When it was coded by another ruleset.
    pub fn applying_coded(&mut self, coded: &Coded<'_>) -> Applying<'_> {
        assert!(self.rules.is(coded.rules), "an activity is decided by the ruleset that coded it");
        let Clerk { rules, codes, scratch, told, .. } = self;
        let brief = match &coded.form {
            Form::Plain { tape, codes } => {
                let briefing = rules.briefing();
                let mut row = briefing.finished(codes);
                let found = briefing.tell(&mut row, tape, scratch, told);
                rules.applying_found(found, tape, scratch, told)
            }
            Form::Long(question) => rules.applying_of(question, codes, scratch, told),
        };
        Applying::new(brief, told, rules)
    }
}

impl Ruleset {
    /// What an exception or exemption is called that bears on an activity decided by this ruleset.
    ///
    /// # Panics
    ///
    /// When it is of another ruleset, which has more of them.
    pub fn exit(&self, exit: ExitRef) -> ExitName<'_> {
        let program = self.program();
        let exit = &program.exits[exit.0 as usize];
        ExitName { id: &exit.name, citation: &program.paragraphs[exit.paragraph.at()].citation }
    }

    pub(super) fn applying_of_tape(
        &self,
        tape: &Tape,
        codes: &mut Vec<Code>,
        scratch: &mut Scratch,
        told: &mut Told,
    ) -> Brief {
        let briefing = self.briefing();
        let mut row = briefing.row(tape, codes, &mut scratch.patterns);
        let found = briefing.tell(&mut row, tape, scratch, told);
        self.applying_found(found, tape, scratch, told)
    }

    pub(super) fn applying_of(
        &self,
        question: &Question,
        codes: &mut Vec<Code>,
        scratch: &mut Scratch,
        told: &mut Told,
    ) -> Brief {
        if !is_plain(question) {
            return self.applying_in_full(question, told);
        }
        let tape = Tape::of(&self.program().schema, question, &question.lines[0]);
        self.applying_of_tape(&tape, codes, scratch, told)
    }

    fn applying_found(&self, found: Found<'_>, tape: &Tape, scratch: &mut Scratch, told: &mut Told) -> Brief {
        match found {
            Found::Open => self.applying_in_full(&tape.question(&self.program().schema), told),
            found @ (Found::Said(_) | Found::Settled(_) | Found::Between(..)) => self.brief_found(found, tape, scratch),
        }
    }

    fn applying_in_full(&self, question: &Question, told: &mut Told) -> Brief {
        let answer = self.compiled().decide(question, &Granted::new());
        told.fill(&answer);
        Brief::of_answer(&answer)
    }
}
