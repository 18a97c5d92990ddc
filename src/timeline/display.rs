//! A timeline as people read it.

use std::fmt::{self, Display, Formatter};

use crate::value::Verdict;

use super::{Deciding, Period, Timeline};

impl Display for Timeline {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline())?;
        for period in &self.periods {
            writeln!(f)?;
            for change in &period.because {
                writeln!(f, "  | {}", change.text)?;
            }
            writeln!(f, "{:<28} {}", period.days(), period.words().to_uppercase())?;
            for line in period.norms() {
                writeln!(f, "{:<28} {line}", "")?;
            }
        }
        Ok(())
    }
}

impl Timeline {
    /// `Purchase of coal, obligations of CN: the verdict on each day`
    pub(super) fn headline(&self) -> String {
        let mut line = self.action.as_ref().map_or("an activity".to_owned(), |action| action.replace('_', " "));
        if let Some(goods) = &self.goods {
            let with = if self.action.is_some() { "of" } else { "with" };
            line += &format!(" {with} {}", goods.replace('_', " "));
        }
        if let Some(first) = line.get(..1).map(str::to_uppercase) {
            line.replace_range(..1, &first);
        }
        if let Some(state) = &self.actor_state {
            line += &format!(", obligations of {state}");
        }
        line + ": the verdict on each day"
    }
}

/// As many norms that may decide are named.
const NAMED: usize = 4;

impl Period {
    /// The norms that decide, and those that may, shortly; and whether the bounds are sure.
    pub(super) fn norms(&self) -> Vec<String> {
        let named = |norm: &Deciding| {
            let title = norm.title.as_ref().map_or(String::new(), |title| format!(", {title}"));
            format!("{}{title}", norm.citation)
        };
        let mut lines: Vec<String> = self.deciding.iter().map(named).collect();
        // Several norms of one paragraph are one line.
        let mut may: Vec<String> = Vec::new();
        for line in self.may_decide.iter().map(|norm| format!("may decide: {}", named(norm))) {
            if !may.contains(&line) {
                may.push(line);
            }
        }
        let more = may.len().saturating_sub(NAMED);
        lines.extend(may.into_iter().take(if more == 1 { NAMED + 1 } else { NAMED }));
        if more > 1 {
            lines.push(format!("may decide: {more} other paragraphs"));
        }
        if !self.exact {
            lines.push("over the budget: the bounds may be too wide".to_owned());
        }
        lines
    }

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
