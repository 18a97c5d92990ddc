//! Coverage: does some scenario fail when a norm or an exit is taken away, and does one that differs in a single
//! fact not care?
//!
//! Every norm and exit is removed in turn and the scenarios that it could concern are run again. A scenario that
//! then fails shows it *acting*. One that passes all the same, and differs from one of those in one fact or act only,
//! shows it *held back*. The first day, and the last, are shown by two such scenarios that differ in the date only,
//! by one day. The alternatives of an `or` are taken away likewise: a scenario that then fails takes that branch.

mod branches;
mod differ;
mod missing;
mod mutants;

use std::fmt;

use crate::explain::SourcePlace;

pub use missing::{Gap, Missing, MissingScenario, NotShown};

/// How far the scenarios of a policy cover its norms and exits.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Coverage {
    /// Norms, in the order in which they are declared.
    pub norms: Vec<Covered>,
    /// Exceptions and exemptions.
    pub exits: Vec<Covered>,
    /// The first and last days of norms and exits.
    pub boundaries: Vec<BoundaryCovered>,
    /// The alternatives of norms, exits and definitions.
    pub branches: Vec<BranchCovered>,
}

/// A norm or an exit, and the scenarios that show it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Covered {
    /// `R2371/8`, `R2371/8.rajin`
    pub id: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// A scenario that fails without it.
    pub acts: Option<String>,
    /// A scenario that passes with and without it, and differs in one fact or act from one that fails without it.
    pub held_back: Option<String>,
}

/// The day on which a norm or an exit begins, or the day after its last.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BoundaryCovered {
    /// `R2371/8`
    pub id: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// Its first day, or the first day on which it is over.
    pub day: crate::value::Date,
    /// Two scenarios that differ in the date only, the day before and this day; one fails without the norm or exit.
    pub shown: Option<(String, String)>,
}

/// An alternative of an `or` in the `when` of a norm or an exit or in a definition, or one part of a definition that was widened.
/// The terms of a list are one alternative.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BranchCovered {
    /// The norm, exit or definition in which it is written: `R2371/8`, `to_dprk`
    pub id: String,
    /// Where that stands.
    pub place: SourcePlace,
    /// What the alternative asks, in words: `the destination is KP`
    pub asks: String,
    /// A scenario that fails without it.
    pub taken: Option<String>,
}

impl Covered {
    /// Shown acting and held back.
    pub fn both_ways(&self) -> bool {
        self.acts.is_some() && self.held_back.is_some()
    }
}

impl Coverage {
    /// Everything that no scenario shows.
    pub fn not_shown(&self) -> Vec<NotShown> {
        let mut all = Vec::new();
        let mut note = |id: &String, place: &SourcePlace, shown: bool, gap: Gap| {
            if !shown {
                all.push(NotShown { id: id.clone(), place: place.clone(), gap });
            }
        };
        for it in self.norms.iter().chain(&self.exits) {
            note(&it.id, &it.place, it.acts.is_some(), Gap::Acts);
            note(&it.id, &it.place, it.held_back.is_some(), Gap::HeldBack);
        }
        for it in &self.boundaries {
            note(&it.id, &it.place, it.shown.is_some(), Gap::Boundary(it.day));
        }
        for it in &self.branches {
            note(&it.id, &it.place, it.taken.is_some(), Gap::Branch(it.asks.clone()));
        }
        all
    }

    /// Every norm and exit is shown both ways and every boundary day from both sides. Branches are not asked for: law
    /// repeats itself, and an alternative that another one holds makes no difference.
    pub fn is_complete(&self) -> bool {
        self.norms.iter().chain(&self.exits).all(Covered::both_ways)
            && self.boundaries.iter().all(|boundary| boundary.shown.is_some())
    }
}

/// The totals, then a line for everything that is not covered.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let both = |of: &[Covered]| format!("{}/{} both ways", of.iter().filter(|it| it.both_ways()).count(), of.len());
        let days = self.boundaries.iter().filter(|boundary| boundary.shown.is_some()).count();
        writeln!(f, "norms: {}", both(&self.norms))?;
        writeln!(f, "exceptions: {}", both(&self.exits))?;
        let taken = self.branches.iter().filter(|branch| branch.taken.is_some()).count();
        writeln!(f, "boundary days: {days}/{} from both sides", self.boundaries.len())?;
        writeln!(f, "branches: {taken}/{} taken", self.branches.len())?;
        for it in self.norms.iter().chain(&self.exits).filter(|it| !it.both_ways()) {
            let what = match (&it.acts, &it.held_back) {
                (None, _) => "no scenario fails without it".to_owned(),
                (Some(acts), _) => format!("no scenario differs in one fact from \"{acts}\" and does without it"),
            };
            writeln!(f, "{}:{}: {}: {what}", it.place.file, it.place.line, it.id)?;
        }
        for it in self.boundaries.iter().filter(|it| it.shown.is_none()) {
            let (file, line) = (&it.place.file, it.place.line);
            writeln!(f, "{file}:{line}: {}: no two scenarios stand on both sides of {}", it.id, it.day)?;
        }
        for it in self.branches.iter().filter(|it| it.taken.is_none()) {
            let (file, line) = (&it.place.file, it.place.line);
            writeln!(f, "{file}:{line}: {}: no scenario takes the branch: {}", it.id, it.asks)?;
        }
        Ok(())
    }
}
