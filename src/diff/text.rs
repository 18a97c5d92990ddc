//! The difference to read.

use std::fmt::{self, Display, Formatter};
use std::mem;

use crate::value::Raw;

use super::responsible::{Because, Difference, Shift};

/// So many changes are read without an overview.
const FEW: usize = 8;

/// Of each change of verdict one region; all of them in the alternate form, `{:#}`. New norms come first, then those that are gone;
/// where there are many changes, an overview stands before them, and of those that have the same cause one is told.
impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let norms = self.by_norm();
        if self.shifts.len() > FEW {
            overview(f, &norms)?;
        }
        let shifts: Vec<&Shift> = norms.iter().flatten().copied().collect();
        let told = if f.alternate() || self.shifts.len() <= FEW {
            shifts.into_iter().map(|shift| (shift, Vec::new())).collect()
        } else {
            first_of_each(shifts)
        };
        for (shift, alike) in told {
            shift.fmt(f)?;
            if !alike.is_empty() {
                let norms =
                    if alike.len() == 1 { "1 other norm".to_owned() } else { format!("{} other norms", alike.len()) };
                writeln!(f, "  the same, for the same reason, of {norms}: {}", alike.join(", "))?;
            }
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

/// The turns of each norm; norms that turn alike for the same reason stand together.
fn overview(f: &mut Formatter<'_>, norms: &[Vec<&Shift>]) -> fmt::Result {
    let mut alike: Vec<(&[&Shift], Vec<&str>)> = Vec::new();
    for shifts in norms {
        let turns = |shifts: &[&Shift]| shifts.iter().map(|shift| (shift.before, shift.after)).collect::<Vec<_>>();
        let is_alike = |of: &[&Shift]| of[0].shares_its_cause(shifts[0]) && turns(of) == turns(shifts);
        match alike.iter_mut().find(|(of, _)| is_alike(of)) {
            Some((_, names)) => names.push(&shifts[0].norm),
            None => alike.push((shifts, vec![&shifts[0].norm])),
        }
    }
    writeln!(f, "What changes, norm by norm:")?;
    for (shifts, names) in alike {
        let turns: Vec<String> =
            shifts.iter().map(|shift| format!("{} -> {}", shift.before.name(), shift.after.name())).collect();
        writeln!(f, "  {} ({}): {}", names.join(", "), reasons(&shifts[0].because), turns.join(", "))?;
    }
    writeln!(f)
}

/// Of changes that are alike for the same reason the first, and the norms of the others.
fn first_of_each(shifts: Vec<&Shift>) -> Vec<(&Shift, Vec<&str>)> {
    let mut told: Vec<(&Shift, Vec<&str>)> = Vec::new();
    for shift in shifts {
        let is_alike = |of: &Shift| (of.before, of.after) == (shift.before, shift.after) && of.shares_its_cause(shift);
        match told.iter_mut().find(|(of, _)| is_alike(of)) {
            Some((_, alike)) => alike.push(&shift.norm),
            None => told.push((shift, Vec::new())),
        }
    }
    told
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

impl Shift {
    /// Whether one thing that several norms rest on makes both changes: an exemption, a definition, a paragraph that replaces them.
    fn shares_its_cause(&self, other: &Shift) -> bool {
        self.because == other.because && self.because.iter().all(|cause| cause.id().is_some())
    }
}

/// The first region; all of them in the alternate form, `{:#}`.
impl Display for Shift {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} -> {}", self.norm, self.before.name(), self.after.name())?;
        writeln!(f, "  {}; {}", self.citation, reasons(&self.because))?;
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

/// What is not the same about a norm, what is alike in one breath: `A.1 and A.2 are new`.
fn reasons(because: &[Because]) -> String {
    let alike = |one: &Because, other: &Because| mem::discriminant(one) == mem::discriminant(other);
    let said = because.chunk_by(alike).map(|causes| {
        let ids: Vec<&str> = causes.iter().filter_map(Because::id).collect();
        causes[0].of(&ids)
    });
    said.collect::<Vec<String>>().join("; ")
}

impl Because {
    /// What it is because of: an exit or a paragraph, by its id.
    fn id(&self) -> Option<&str> {
        match self {
            Because::Added | Because::Removed | Because::Condition | Because::Period | Because::Effect => None,
            Because::Definition(id)
            | Because::ReplacedBy(id)
            | Because::NotReplacedBy(id)
            | Because::ExitAdded(id)
            | Because::ExitRemoved(id)
            | Because::ExitChanged(id) => Some(id),
        }
    }

    /// In words, of one or several of its kind.
    fn of(&self, ids: &[&str]) -> String {
        let all = match ids {
            [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
            few => few.join(""),
        };
        let or = |one: &'static str, several: &'static str| if ids.len() > 1 { several } else { one };
        match self {
            Because::Added => "it is new".to_owned(),
            Because::Removed => "it is gone".to_owned(),
            Because::Condition => "it says something else".to_owned(),
            Because::Definition(_) => format!("words that it uses are defined otherwise, by {all}"),
            Because::Period => "it is in force on other days".to_owned(),
            Because::ReplacedBy(_) => format!("{all} {} it", or("replaces", "replace")),
            Because::NotReplacedBy(_) => format!("{all} {} replace it any more", or("does not", "do not")),
            Because::Effect => "it is another kind of norm or binds others".to_owned(),
            Because::ExitAdded(_) => format!("{all} {} new", or("is", "are")),
            Because::ExitRemoved(_) => format!("{all} {} gone", or("is", "are")),
            Because::ExitChanged(_) => format!("{all} {} it otherwise", or("lifts", "lift")),
        }
    }
}

impl Display for Because {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of(&self.id().into_iter().collect::<Vec<&str>>()))
    }
}
