//! A timeline as people read it.

use std::fmt::{self, Display, Formatter};

use crate::value::Verdict;

use super::{Period, Timeline};

impl Display for Timeline {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline())?;
        for period in &self.periods {
            writeln!(f)?;
            for change in &period.because {
                writeln!(f, "  | {}", change.text)?;
            }
            writeln!(f, "{:<28} {}", period.days(), period.words().to_uppercase())?;
            for norm in &period.deciding {
                let title = norm.title.as_ref().map_or(String::new(), |title| format!(", {title}"));
                writeln!(f, "{:<28} {}{title}", "", norm.citation)?;
            }
            if !period.exact {
                writeln!(f, "{:<28} over the budget: the bounds may be too wide", "")?;
            }
        }
        Ok(())
    }
}

impl Timeline {
    /// `Purchase, obligations of CN: the verdict on each day`
    pub(super) fn headline(&self) -> String {
        let mut line = self.action.as_ref().map_or("an activity".to_owned(), |action| action.replace('_', " "));
        if let Some(first) = line.get(..1).map(str::to_uppercase) {
            line.replace_range(..1, &first);
        }
        if let Some(state) = &self.actor_state {
            line += &format!(", obligations of {state}");
        }
        line + ": the verdict on each day"
    }
}

impl Period {
    /// `2016-03-02 to 2016-11-29`, `until 2016-03-01`
    pub(super) fn days(&self) -> String {
        match (self.from, self.through) {
            (None, None) => "always".to_owned(),
            (None, Some(through)) => format!("until {through}"),
            (Some(from), None) => format!("from {from}"),
            (Some(from), Some(through)) if from == through => format!("on {from}"),
            (Some(from), Some(through)) => format!("{from} to {through}"),
        }
    }

    /// `requires authorisation`, `undetermined: allowed to prohibited`
    pub(super) fn words(&self) -> String {
        let words = |verdict: Verdict| verdict.name().replace('_', " ");
        match self.verdict {
            Some(verdict) => words(verdict),
            None => {
                format!("undetermined: {} to {}", words(self.bounds.at_least), words(self.bounds.at_most))
            }
        }
    }
}
