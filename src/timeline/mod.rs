//! Timeline: the verdict on one activity on every day of the calendar, and what makes it another one.
//!
//! The activity is decided on each day on which something that can reach it begins or ends; between two such days nothing
//! tells the days apart. Neighbours with the same verdict, bounds and deciding norms are one period; where the verdict is
//! open, with the same norms that make its bounds.

mod causes;
mod display;
mod on_day;
mod svg;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::check::program::NormId;
use crate::clerk::{Brief, Clerk};
use crate::diagram::standing::verdict_of;
use crate::evaluate::answer::Answer;
use crate::explain::{Bounds, PolicyStamp};
use crate::facts::{self, FactsError};
use crate::ruleset::Ruleset;
use crate::value::{Date, Verdict, verdict};

use on_day::{Days, OnDay};

/// The verdict on an activity on every day, as [`Ruleset::timeline`] finds it.
///
/// `Display` writes it for people, [`Timeline::to_svg`] draws it; its serde form is the JSON of the command line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Timeline {
    /// What is done, when it was stated.
    pub action: Option<String>,
    /// Whose obligations, when they were stated.
    pub actor_state: Option<String>,
    /// With which goods, when they were stated: `coal`, `HS 2701`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
    /// Periods that follow on one another without a gap, from the first day of the calendar to the last. Never empty.
    pub periods: Vec<Period>,
    /// What decided.
    pub policy: PolicyStamp,
}

/// Days on which the verdict, its bounds and the norms that make them stay the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Period {
    /// The first day; `None` when it has no beginning.
    pub from: Option<Date>,
    /// The last day; `None` when it has no end.
    pub through: Option<Date>,
    /// The verdict, when it is settled; `"undetermined"` in JSON.
    #[serde(serialize_with = "verdict::serialize")]
    pub verdict: Option<Verdict>,
    /// The least and the most restrictive verdict that is possible.
    pub bounds: Bounds,
    /// The norms that make the verdict, in the order of the texts.
    pub deciding: Vec<Deciding>,
    /// Where the verdict is not settled: the norms that make its bounds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_decide: Vec<Deciding>,
    /// False when some day of it was over the budget of a question, or over what is left for the later ones when many days
    /// were: the bounds may then be too wide.
    pub exact: bool,
    /// What makes it differ from the period before. Of the first period nothing.
    pub because: Vec<Change>,
}

/// A norm that decides, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Deciding {
    /// `R2321/26`
    pub id: String,
    /// `S/RES/2321 (2016), para. 26`
    pub citation: String,
    /// The heading of the paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Something that begins or ends on the first day of a period, and changes the answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What kind of thing it is.
    pub kind: ChangeKind,
    /// The norm or exception that it is about: `R2321/26`, `R2321/26.coal_2016`.
    pub id: String,
    /// Its paragraph.
    pub citation: String,
    /// All of it in words.
    pub text: String,
}

/// What can change an answer from one day to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A norm begins.
    Begins,
    /// A norm ends, replaced by another or not.
    Ends,
    /// An exception or exemption begins.
    ExceptionBegins,
    /// An exception or exemption ends.
    ExceptionEnds,
    /// A definition is widened, or no longer.
    Definition,
    /// A State joins a group or leaves it.
    Membership,
    /// An entry of a sanctions list begins or ends, or the days on which the list can be trusted.
    List,
    /// A stated act begins to count, or no longer counts.
    Act,
    /// A day until which something could be done has passed.
    Deadline,
    /// What is used of a quota was stated for another of its periods.
    Quota,
    /// A condition compares days.
    Condition,
}

impl Period {
    /// The name of the verdict: `requires_authorisation`, `undetermined`.
    pub fn verdict_name(&self) -> &'static str {
        verdict::name(self.verdict)
    }

    /// Whether a day is in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.through.is_none_or(|through| day <= through)
    }
}

impl Timeline {
    /// The period in which a day lies.
    pub fn on(&self, day: Date) -> &Period {
        let found = self.periods.iter().find(|period| period.holds(day));
        found.expect("the periods cover the calendar")
    }

    /// A drawing of it: one SVG image, 960 units wide, that needs neither a network nor fonts of its own.
    ///
    /// Verdicts have colours that colour-blind readers tell apart, hatching for print, and their names beside them.
    pub fn to_svg(&self) -> String {
        svg::draw(self)
    }
}

impl Ruleset {
    /// The verdict on an activity on every day: its periods, and the paragraphs that make each boundary.
    ///
    /// The stated date is left open, and tells only for which period of a quota `used` was stated. Lines of a consignment
    /// with a date of their own keep it. Acts are as stated, and are judged anew each day.
    ///
    /// # Errors
    ///
    /// As [`Ruleset::decide`] on any of the days: a record that says on which lists it is may contradict a list from the day
    /// of a designation on.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Activity, Ruleset};
    ///
    /// let rules = Ruleset::pack("un_dprk")?;
    /// let coal = Activity::new().complete().set("actor_state", "CN").set("action", "purchase");
    /// let coal = coal.set("item", "coal").set("origin", "KP").set("purpose", "commercial");
    /// let timeline = rules.timeline(&coal)?;
    /// let banned = timeline.on(interdict::Date::parse("2016-03-02").unwrap());
    /// assert_eq!(banned.verdict_name(), "prohibited");
    /// assert!(banned.because.iter().any(|change| change.citation == "S/RES/2270 (2016), para. 29"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn timeline<A: Serialize + ?Sized>(&self, activity: &A) -> Result<Timeline, FactsError> {
        let raw = facts::to_raw(activity)?;
        let stated = OnDay::new(self, raw)?;
        let mut clerk = self.clerk();
        let pieces = pieces(&stated, &mut clerk)?;
        let mut periods: Vec<Period> = Vec::new();
        for piece in &pieces {
            let because = match periods.is_empty() {
                true => Vec::new(),
                false => causes::of(self, &stated, piece.from)?,
            };
            periods.push(self.period(piece, because));
        }
        let (action, actor_state) = stated.about();
        Ok(Timeline { action, actor_state, goods: stated.goods(), periods, policy: self.stamp().clone() })
    }

    fn named(&self, id: NormId) -> Deciding {
        let norm = &self.program().norms[id.at()];
        let paragraph = &self.program().paragraphs[norm.paragraph.at()];
        Deciding { id: norm.name.clone(), citation: paragraph.citation.clone(), title: paragraph.title.clone() }
    }

    fn period(&self, piece: &Piece, because: Vec<Change>) -> Period {
        let brief = &piece.told.brief;
        let deciding = brief.deciding().iter().map(|norm| self.norm(*norm)).map(|norm| Deciding {
            id: norm.id.to_owned(),
            citation: norm.citation.to_owned(),
            title: norm.title.map(str::to_owned),
        });
        Period {
            from: Some(piece.from).filter(|from| *from != Date::MIN),
            through: Some(piece.through).filter(|through| *through != Date::LAST),
            verdict: brief.verdict(),
            bounds: brief.bounds(),
            deciding: deciding.collect(),
            may_decide: piece.told.bounding.iter().map(|id| self.named(*id)).collect(),
            exact: piece.exact,
            because,
        }
    }
}

/// What is told of one day.
#[derive(Debug, Clone)]
struct Told {
    brief: Brief,
    /// Where no norm decides for sure, those that may.
    bounding: BTreeSet<NormId>,
}

impl Told {
    fn is_like(&self, other: &Told) -> bool {
        let (one, two) = (&self.brief, &other.brief);
        (one.bounds(), one.deciding(), &self.bounding) == (two.bounds(), two.deciding(), &other.bounding)
    }
}

/// The norms that make the bounds of an open verdict: those that can make it the strictest, and those that see to the least,
/// where that asks for something. Of a settled one, which different norms make in different worlds, likewise; none where some norm
/// decides in all of them.
fn bounding(answer: &Answer) -> BTreeSet<NormId> {
    let (least, most) = (answer.possible.at_least(), answer.possible.at_most());
    let lines = || answer.lines.iter();
    let decided =
        || lines().any(|line| line.possible.at_least() == least && line.norms.iter().any(|norm| norm.decides));
    if least == most && (most == Verdict::NotCovered || decided()) {
        return BTreeSet::new();
    }
    let norms = lines().flat_map(|line| &line.norms);
    let makes = norms.filter(|norm| {
        let verdicts = || norm.standings.iter().map(|standing| verdict_of(*standing));
        verdicts().any(|verdict| verdict == most) || least > Verdict::Allowed && verdicts().min() == Some(least)
    });
    makes.map(|norm| norm.id).collect()
}

/// Days with the same answer.
#[derive(Debug)]
struct Piece {
    from: Date,
    through: Date,
    told: Told,
    exact: bool,
}

/// The calendar in pieces with the same answer, in order.
fn pieces(stated: &OnDay<'_>, clerk: &mut Clerk<'_>) -> Result<Vec<Piece>, FactsError> {
    let mut pieces: Vec<Piece> = Vec::new();
    let Days { starts, compared } = stated.days();
    let starts: Vec<Date> = starts.into_iter().collect();
    for (at, &start) in starts.iter().enumerate() {
        let last = starts.get(at + 1).map_or(Date::LAST, |next| next.previous());
        if compared {
            // A condition on two dates can need room for another day in between.
            let second = start.next().min(last);
            add(start, start, told(stated, clerk, start)?, true, &mut pieces);
            if start < last {
                let (first, last) = (on_day(stated, clerk, second)?, on_day(stated, clerk, last)?);
                span(first, last, stated, clerk, &mut pieces)?;
            }
        } else {
            add(start, last, told(stated, clerk, start)?, true, &mut pieces);
        }
    }
    Ok(pieces)
}

/// What is told of a day.
fn told(stated: &OnDay<'_>, clerk: &mut Clerk<'_>, day: Date) -> Result<Told, FactsError> {
    let (brief, open) = stated.told(day, clerk)?;
    Ok(Told { brief, bounding: open.as_deref().map_or_else(BTreeSet::new, bounding) })
}

fn on_day(stated: &OnDay<'_>, clerk: &mut Clerk<'_>, day: Date) -> Result<(Date, Told), FactsError> {
    Ok((day, told(stated, clerk, day)?))
}

/// Adds the days from the first to the last; where what is told of the two differs, the change is looked for between them.
fn span(
    (first, on_first): (Date, Told),
    (last, on_last): (Date, Told),
    stated: &OnDay<'_>,
    clerk: &mut Clerk<'_>,
    pieces: &mut Vec<Piece>,
) -> Result<(), FactsError> {
    if on_first.is_like(&on_last) {
        add(first, last, on_first, on_last.brief.exact(), pieces);
        return Ok(());
    }
    let middle = i64::from(last.day_number() - first.day_number()) / 2;
    let middle = first.plus_days(middle).unwrap_or(first);
    let before = if middle == first { (first, on_first.clone()) } else { on_day(stated, clerk, middle)? };
    let after = if middle.next() == last { (last, on_last.clone()) } else { on_day(stated, clerk, middle.next())? };
    span((first, on_first), before, stated, clerk, pieces)?;
    span(after, (last, on_last), stated, clerk, pieces)
}

fn add(from: Date, through: Date, told: Told, exact: bool, pieces: &mut Vec<Piece>) {
    let exact = exact && told.brief.exact();
    match pieces.last_mut() {
        Some(before) if before.told.is_like(&told) => {
            before.through = through;
            before.exact &= exact;
        }
        _ => pieces.push(Piece { from, through, told, exact }),
    }
}
