//! Two versions of a policy: what becomes of cases that were decided by the one, by the other.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::clerk::{Brief, Clerk};
use crate::explain::{Bounds, Proceed};
use crate::facts::{self, FactsError};
use crate::ruleset::Ruleset;

use super::understood::understood;

/// Compares what two versions of a policy say, case by case: see [`Ruleset::compare`].
#[derive(Debug)]
pub struct Comparison<'r> {
    old: (&'r Ruleset, Clerk<'r>),
    new: (&'r Ruleset, Clerk<'r>),
    transitions: BTreeMap<(&'static str, &'static str), u64>,
}

/// A case of which the two versions do not say the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Flip {
    /// What the old version says.
    pub before: Said,
    /// What the new one says.
    pub after: Said,
}

/// What one version says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Said {
    /// The name of the verdict, or `undetermined`.
    pub verdict: &'static str,
    /// The least and the greatest verdict that are possible.
    pub bounds: Bounds,
    /// Whether it may go ahead as it stands.
    pub may_proceed: Proceed,
    /// The norms that decide, by their ids.
    pub deciding: Vec<String>,
}

/// A case that one of the versions does not understand; that it says nothing of it is no change of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {version} version does not understand it: {error}")]
#[non_exhaustive]
pub struct NotCompared {
    /// `old` or `new`.
    pub version: &'static str,
    /// Why.
    #[source]
    pub error: FactsError,
}

impl Ruleset {
    /// Compares this version of a policy with a newer one, case by case.
    ///
    /// ```
    /// use interdict::{Activity, Ruleset};
    ///
    /// let house = |until: &str| format!(
    ///     r#"use std
    ///        regime house "House" {{ authority desk "Desk" }}
    ///        instrument H "House rules" of house adopted 2020-01-01 {{
    ///            paragraph 1 "Coal" {{ prohibit procurement when item under coal and origin is KP through {until} }}
    ///        }}"#
    /// );
    /// let old = Ruleset::compile("old", house("2021-12-31"))?;
    /// let new = Ruleset::compile("new", house("2022-12-31"))?;
    /// let mut comparison = old.compare(&new);
    /// let coal = |date: &str| {
    ///     let coal = Activity::new().complete().set("action", "purchase").set("item", "coal").set("origin", "KP");
    ///     coal.set("actor_state", "CN").set("date", date)
    /// };
    /// assert_eq!(comparison.case(&coal("2021-06-01"))?, None);
    /// let flip = comparison.case(&coal("2022-06-01"))?.expect("one more year");
    /// assert_eq!((flip.before.verdict, flip.after.verdict), ("not_covered", "prohibited"));
    /// assert_eq!(flip.after.deciding, ["H/1"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare<'r>(&'r self, newer: &'r Ruleset) -> Comparison<'r> {
        Comparison { old: (self, self.clerk()), new: (newer, newer.clerk()), transitions: BTreeMap::new() }
    }
}

impl Comparison<'_> {
    /// Decides a case by both: what changes of verdict, bounds or deciding norms, if anything does.
    ///
    /// An act under an exception that one of the versions does not have counts for nothing there; nor does what is used of a quota, or a
    /// side in a dispute, that only the other one knows.
    ///
    /// # Errors
    ///
    /// When one of the versions does not understand the case. It is not counted then.
    pub fn case<A: Serialize + ?Sized>(&mut self, activity: &A) -> Result<Option<Flip>, NotCompared> {
        let said = |(rules, clerk): &mut (&Ruleset, Clerk<'_>), other: &Ruleset, version| {
            let brief = clerk.decide(activity).or_else(|error| {
                let Ok(stated) = facts::to_raw(activity) else { return Err(error) };
                clerk.decide(&understood(stated, rules.program(), other.program()))
            });
            match brief {
                Ok(brief) => Ok(Said::of(rules, &brief)),
                Err(error) => Err(NotCompared { version, error }),
            }
        };
        let (older, newer) = (self.old.0, self.new.0);
        let before = said(&mut self.old, newer, "old")?;
        let after = said(&mut self.new, older, "new")?;
        *self.transitions.entry((before.verdict, after.verdict)).or_default() += 1;
        Ok((before != after).then_some(Flip { before, after }))
    }

    /// How many cases went from which verdict to which, those that stayed where they were among them; by name.
    pub fn transitions(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> + '_ {
        self.transitions.iter().map(|(&(before, after), &count)| (before, after, count))
    }
}

impl Said {
    fn of(rules: &Ruleset, brief: &Brief) -> Said {
        Said {
            verdict: brief.verdict_name(),
            bounds: brief.bounds(),
            may_proceed: brief.may_proceed(),
            deciding: brief.deciding().iter().map(|norm| rules.norm(*norm).id.to_owned()).collect(),
        }
    }
}

impl Display for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.verdict)?;
        if self.bounds.at_least != self.bounds.at_most {
            write!(f, " ({} to {})", self.bounds.at_least.name(), self.bounds.at_most.name())?;
        }
        if !self.deciding.is_empty() {
            write!(f, " by {}", self.deciding.join(", "))?;
        }
        Ok(())
    }
}

impl Display for Flip {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.before, self.after)
    }
}
