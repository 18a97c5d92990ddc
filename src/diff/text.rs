//! The difference to read.

use std::fmt::{self, Display, Formatter};

use crate::value::Raw;

use super::responsible::{Because, Difference, Shift};

/// So many changes are read without an overview.
const FEW: usize = 8;

/// Of each change of verdict one region; all of them in the alternate form, `{:#}`. New norms come first, then those that are gone;
/// where there are many changes, an overview stands before them.
impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let norms = self.by_norm();
        if self.shifts.len() > FEW {
            writeln!(f, "What changes, norm by norm:")?;
            for shifts in &norms {
                let turns: Vec<String> =
                    shifts.iter().map(|shift| format!("{} -> {}", shift.before.name(), shift.after.name())).collect();
                let how = match shifts[0].because.as_slice() {
                    [how @ (Because::Added | Because::Removed)] => format!(" ({how})"),
                    _ => String::new(),
                };
                writeln!(f, "  {}{how}: {}", shifts[0].norm, turns.join(", "))?;
            }
            writeln!(f)?;
        }
        for shift in norms.iter().flatten() {
            shift.fmt(f)?;
            writeln!(f)?;
        }
        if !self.without_effect.is_empty() {
            writeln!(f, "not the same, and no verdict changes by it: {}", self.without_effect.join(", "))?;
        }
        if !self.unsettled.is_empty() {
            writeln!(f, "not settled within the budget, there may be more: {}", self.unsettled.join(", "))?;
        }
        for besides in &self.besides {
            writeln!(f, "besides: {besides}")?;
        }
        if self.is_equal() {
            writeln!(f, "No verdict changes: that is proved.")
        } else if self.shifts.is_empty() {
            writeln!(f, "No change of a verdict was found, and it is not proved that there is none.")
        } else {
            let changes =
                if self.shifts.len() == 1 { "1 change".to_owned() } else { format!("{} changes", self.shifts.len()) };
            let norms = if norms.len() == 1 { "1 norm".to_owned() } else { format!("{} norms", norms.len()) };
            writeln!(f, "{changes} of verdict by {norms}.")
        }
    }
}

impl Difference {
    /// The changes, those by one norm together: new norms, those that are gone, then the others.
    fn by_norm(&self) -> Vec<Vec<&Shift>> {
        let mut norms: Vec<Vec<&Shift>> = Vec::new();
        for shift in &self.shifts {
            match norms.iter_mut().find(|norm| norm[0].norm == shift.norm) {
                Some(norm) => norm.push(shift),
                None => norms.push(vec![shift]),
            }
        }
        norms.sort_by_key(|shifts| match shifts[0].because.as_slice() {
            [Because::Added] => 0,
            [Because::Removed] => 1,
            _ => 2,
        });
        norms
    }
}

/// The first region; all of them in the alternate form, `{:#}`.
impl Display for Shift {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let because: Vec<String> = self.because.iter().map(Because::to_string).collect();
        writeln!(f, "{}: {} -> {}", self.norm, self.before.name(), self.after.name())?;
        writeln!(f, "  {}; {}", self.citation, because.join(", "))?;
        let shown = if f.alternate() { self.regions.len() } else { 1 };
        for region in self.regions.iter().take(shown) {
            match region.when.as_slice() {
                [] => writeln!(f, "  always")?,
                [first, rest @ ..] => {
                    writeln!(f, "  when {first}")?;
                    for next in rest {
                        writeln!(f, "   and {next}")?;
                    }
                }
            }
            if let Some(before) = &region.before {
                let used = before.raw().get("used").map(spelt).unwrap_or_default();
                writeln!(f, "    // was {} by the ledger as it was kept: {used}", self.before.name())?;
            }
            for line in region.scenario.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        match (self.regions.len().saturating_sub(shown), self.more) {
            (0, false) => {}
            (0, true) => writeln!(f, "  there may be more regions")?,
            (1, false) => writeln!(f, "  and 1 more region")?,
            (count, more) => writeln!(f, "  and {count} more regions{}", if more { " or more" } else { "" })?,
        }
        if self.rough {
            writeln!(f, "  of some activities in these regions other norms may say the same as before")?;
        }
        Ok(())
    }
}

/// What is used, exit by exit.
fn spelt(used: &Raw) -> String {
    match used {
        Raw::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, used)| format!("used {name} {}", spelt(used))).collect();
            entries.join(", ")
        }
        Raw::List(all) => all.iter().map(spelt).collect::<Vec<String>>().join(" and "),
        Raw::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

impl Display for Because {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Because::Added => write!(f, "it is new"),
            Because::Removed => write!(f, "it is gone"),
            Because::Condition => write!(f, "it says something else"),
            Because::Definition(by) => write!(f, "words that it uses are defined otherwise, by {by}"),
            Because::Period => write!(f, "it is in force on other days"),
            Because::ReplacedBy(by) => write!(f, "{by} replaces it"),
            Because::NotReplacedBy(by) => write!(f, "{by} does not replace it any more"),
            Because::Effect => write!(f, "it is another kind of norm or binds others"),
            Because::ExitAdded(exit) => write!(f, "{exit} is new"),
            Because::ExitRemoved(exit) => write!(f, "{exit} is gone"),
            Because::ExitChanged(exit) => write!(f, "{exit} lifts it otherwise"),
        }
    }
}
