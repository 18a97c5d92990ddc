//! What a decision says. Plain data; its serde form is the JSON of the command line.

use serde::Serialize;

use crate::check::program::Effect;
use crate::value::{Date, Verdict, verdict};

/// The answer to one question, with everything it rests on.
///
/// The same policies, lists, facts and engine version give the same bytes. A
/// verdict of `None` is *undetermined*: the missing facts can make it differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The verdict, when it is the same in every world that the facts leave open; `"undetermined"` in JSON.
    #[serde(serialize_with = "verdict::serialize")]
    pub verdict: Option<Verdict>,
    /// The least and the most restrictive verdict that is possible.
    pub bounds: Bounds,
    /// The verdicts that are possible, least restrictive first; in JSON when there are several. When the question was over
    /// its budget, all between the bounds.
    #[serde(skip_serializing_if = "is_settled")]
    pub possible: Vec<Verdict>,
    /// Of the bounds, for the JSON; [`Decision::may_proceed`].
    pub(super) may_proceed: Proceed,
    /// False when the question was over its budget: bounds may then be too wide and `missing` too long.
    pub exact: bool,
    /// What was asked about.
    pub about: About,
    /// One per regime that prohibits or obliges, in the order of declaration.
    pub findings: Vec<Finding>,
    /// The facts that can change the verdict, best question first. Empty exactly when the verdict is settled.
    pub missing: Vec<MissingFact>,
    /// Facts that nobody stated and on which the verdict relies.
    pub assumed: Vec<Assumed>,
    /// Disputes about the texts on which the verdict depends, and the reading that was taken.
    pub readings: Vec<ReadingUse>,
    /// What is owed.
    pub duties: Vec<Duty>,
    /// What a text calls for without binding.
    pub advice: Vec<Note>,
    /// Risks that are not law.
    pub cautions: Vec<Note>,
    /// Sets of lawful acts, each of which would make the verdict settled and at most `allowed`; best first.
    pub routes: Vec<Route>,
    /// What became of each act that the activity relies on.
    pub acts: Vec<ActUse>,
    /// The lines of a consignment, when there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineFinding>,
    /// What decided.
    pub policy: PolicyStamp,
}

/// Whether the activity may go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proceed {
    /// In every possible world it is allowed or not covered.
    Yes,
    /// In every possible world something is lacking.
    No,
    /// It depends on the missing facts.
    Unknown,
}

impl Decision {
    /// Whether the activity may go ahead: yes when `at_most` is `allowed` or less, no when `at_least` is more.
    pub fn may_proceed(&self) -> Proceed {
        self.may_proceed
    }

    /// The name of the verdict: `requires_authorisation`, `undetermined`.
    pub fn verdict_name(&self) -> &'static str {
        verdict::name(self.verdict)
    }

    /// All norms of all findings that decide the verdict.
    pub fn deciding(&self) -> impl Iterator<Item = &NormFinding> {
        self.findings.iter().flat_map(|finding| &finding.norms).filter(|norm| norm.decides)
    }
}

/// The least and the most restrictive verdict that is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Bounds {
    /// No world is more lenient.
    pub at_least: Verdict,
    /// No world is stricter.
    pub at_most: Verdict,
}

impl Bounds {
    /// Whether the activity may go ahead: yes when `at_most` is `allowed` or less, no when `at_least` is more.
    pub fn may_proceed(&self) -> Proceed {
        if self.at_most <= Verdict::Allowed {
            Proceed::Yes
        } else if self.at_least > Verdict::Allowed {
            Proceed::No
        } else {
            Proceed::Unknown
        }
    }
}

/// The required facts, as they were stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct About {
    /// The day whose law was asked for.
    pub date: Option<Date>,
    /// Whose obligations.
    pub actor_state: Option<String>,
    /// What is done.
    pub action: Option<String>,
    /// Whether facts that nobody stated were taken not to apply.
    pub complete: bool,
}

/// What one regime says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the regime.
    pub regime: String,
    /// Its title.
    pub title: String,
    /// Its verdict, when it is settled.
    #[serde(serialize_with = "verdict::serialize")]
    pub verdict: Option<Verdict>,
    /// Its own bounds.
    pub bounds: Bounds,
    /// The facts that can change this finding.
    pub missing: Vec<MissingFact>,
    /// Every norm that applies, was lifted, or may do so.
    pub norms: Vec<NormFinding>,
}

/// What one norm does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NormFinding {
    /// `R2321/11(a)`
    pub id: String,
    /// `S/RES/2321 (2016), para. 11(a)`
    pub citation: String,
    /// The heading of the paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `prohibit` or `oblige`.
    pub effect: NormEffect,
    /// Whether it applies.
    pub status: NormStatus,
    /// Its own verdict, when the facts settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Verdict>,
    /// Its own verdict is the verdict of the whole.
    pub decides: bool,
    /// Paragraphs that widen what it says, where that matters here: `R2321/10` of `R2270/17`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Widening>,
    /// The exits that lift it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifted_by: Vec<LiftedBy>,
    /// The facts on which its status depends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<MissingFact>,
    /// The line of the consignment, from 0, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Where the policy says so.
    pub source: SourcePlace,
}

/// What a norm does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormEffect {
    /// It forbids.
    Prohibit,
    /// It lays a duty on somebody.
    Oblige,
    /// It calls for something without binding.
    Advise,
    /// It names a risk that is not law.
    Caution,
}

impl NormEffect {
    /// `prohibit`, `oblige`, `advise` or `caution`.
    pub fn name(self) -> &'static str {
        match self {
            NormEffect::Prohibit => "prohibit",
            NormEffect::Oblige => "oblige",
            NormEffect::Advise => "advise",
            NormEffect::Caution => "caution",
        }
    }
}

impl From<Effect> for NormEffect {
    fn from(effect: Effect) -> NormEffect {
        match effect {
            Effect::Prohibit => NormEffect::Prohibit,
            Effect::Oblige => NormEffect::Oblige,
            Effect::Advise => NormEffect::Advise,
            Effect::Caution => NormEffect::Caution,
        }
    }
}

/// The standing of a norm over all worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormStatus {
    /// It applies.
    Applies,
    /// It reaches the activity and an exception or exemption lifts it.
    Lifted,
    /// It depends on missing facts.
    Undetermined,
}

/// A paragraph that widens or clarifies what a norm of another says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Widening {
    /// `R2321/10`
    pub id: String,
    /// `S/RES/2321 (2016), para. 10`
    pub citation: String,
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// An exit that lifts a norm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LiftedBy {
    /// `R2321/11(a).approved`
    pub id: String,
    /// The paragraph in which it stands.
    pub citation: String,
    /// The positions of the acts that it relies on, in the activity's `acts`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<usize>,
}

/// A fact that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MissingFact {
    /// `counterparty.sponsored_by`
    pub fact: String,
    /// The question to put to whoever knows.
    pub question: String,
}

/// A fact that nobody stated and that was taken to be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Assumed {
    /// The name of the fact.
    pub fact: String,
    /// What it was taken to be: `none`, or the value that the policy presumes.
    pub value: String,
    /// The question whose answer would replace the assumption.
    pub question: String,
}

/// A reading on which the verdict depends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReadingUse {
    /// Its name.
    pub reading: String,
    /// What is disputed.
    pub question: String,
    /// The answer that was taken; `None` when the host left it open.
    pub taken: Option<bool>,
    /// The host did not choose: it is the policy's default.
    pub by_default: bool,
    /// The paragraph in dispute.
    pub citation: String,
}

/// Something owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Duty {
    /// The norm, or the exit whose notice may follow.
    pub id: String,
    /// Its paragraph.
    pub citation: String,
    /// What is owed.
    pub text: String,
    /// The last day, when there is one and the facts give it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// The facts on which it depends whether it is owed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<MissingFact>,
    /// Where the policy says so.
    pub source: SourcePlace,
}

/// Advice, or a caution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// The norm.
    pub id: String,
    /// Its paragraph.
    pub citation: String,
    /// The regime it belongs to.
    pub regime: String,
    /// What it says.
    pub text: String,
    /// The facts on which it depends whether it concerns the activity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<MissingFact>,
    /// Where the policy says so.
    pub source: SourcePlace,
}

/// A set of lawful acts after which the activity would be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Route {
    /// The norms it lifts.
    pub lifts: Vec<String>,
    /// The acts that are needed, all of them.
    pub needs: Vec<Need>,
    /// What would be owed after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// It is worth naming, but not an ordinary route: the verdict stays `prohibited` until it is taken.
    pub exceptional: bool,
}

/// One act of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Need {
    /// `approval`, `notice`, `determination` or `request`.
    pub kind: &'static str,
    /// Whose act it is.
    pub by: String,
    /// To whom, of a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The exit under which it is done: what the act's `under` should say.
    pub under: String,
    /// The paragraph of that exit, for the text.
    #[serde(skip)]
    pub citation: String,
    /// `in advance`, `at least 5 days before`, …
    pub when: String,
    /// The last day on which it is in time, when the date is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Date>,
    /// The standard by which the authority decides, in the words of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
}

/// What became of an act that the activity relies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ActUse {
    /// The act in a few words.
    pub act: String,
    /// A norm is lifted relying on it.
    pub relied_on: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// The verdict of one line of a consignment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LineFinding {
    /// Its position among the lines, from 0.
    pub line: usize,
    /// Its verdict, when it is settled.
    #[serde(serialize_with = "verdict::serialize")]
    pub verdict: Option<Verdict>,
    /// Its bounds.
    pub bounds: Bounds,
    /// The facts that can change it.
    pub missing: Vec<MissingFact>,
}

/// What decided: enough to decide again and get the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyStamp {
    /// SHA-256 of the policy texts.
    pub digest: String,
    /// SHA-256 of the loaded lists, when there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lists: Option<String>,
    /// The version of this crate.
    pub engine: &'static str,
}

/// A place in a policy text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct SourcePlace {
    /// The name of the text.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

fn is_settled(possible: &[Verdict]) -> bool {
    possible.len() < 2
}
