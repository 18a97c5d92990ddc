//! What was measured, as a table.

use std::fmt;
use std::time::Duration;

use crate::measure::Cell;

/// What was measured, in the order it was.
#[derive(Default)]
pub struct Table(Vec<(&'static str, usize, Cell)>);

/// What to know when reading it.
const NOTES: &str = "\
- One thread. A time is the median of 15 rounds of the mean over the activities of a round.
- Cedar knows only permit and forbid, so it is compared on whether the activity may proceed. The others are compared on
  the verdict; those without verdicts give its number.
- The typed struct of `interdict` holds names and dates as text, as a host would have them. That of the others holds
  numbers already (terms numbered in pre-order, days, kilograms), which favours them.
- Cedar: a `Request`. regorus: a `Value`, run by its virtual machine. cel: a `Context`, one program for each rule, the
  strictest first, with an early exit. zen-engine: a `Variable`, one decision table where the first row that fits decides.
- The rules as Rust are compiled by `rustc` in half a minute, and cannot be replaced at run time.
- Only `interdict` also names the norms that decide, which is part of its time.
";

/// Who takes longer than this to compile a tenth of the rules is not asked for all of them.
const PATIENCE: Duration = Duration::from_secs(20);

impl Table {
    /// Measures, unless it would take too long.
    pub fn add(&mut self, peer: &'static str, norms: usize, measure: impl FnOnce() -> Cell) {
        let cell = match self.get(peer, norms / 10) {
            Some(Cell::Measured { compile, .. }) if *compile > PATIENCE => {
                Cell::NotRun(format!("{} norms took {compile:.0?} to compile", norms / 10))
            }
            Some(Cell::NotRun(_)) => Cell::NotRun(format!("not with {} norms either", norms / 10)),
            _ => measure(),
        };
        eprintln!("{norms:>6} norms, {peer}: {}", cell.says());
        self.0.push((peer, norms, cell));
    }

    /// Whether all that could be asked say the same.
    pub fn agrees(&self) -> bool {
        self.0.iter().all(|(_, _, cell)| cell.agrees())
    }

    fn get(&self, peer: &str, norms: usize) -> Option<&Cell> {
        self.0.iter().find(|(name, size, _)| *name == peer && *size == norms).map(|(_, _, cell)| cell)
    }

    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.0.iter().map(|(_, size, _)| *size).collect();
        sizes.dedup();
        sizes
    }

    fn part(&self, f: &mut fmt::Formatter<'_>, title: &str, part: fn(&Cell) -> String) -> fmt::Result {
        let sizes = self.sizes();
        writeln!(f, "| {title} |{}", sizes.iter().map(|size| format!(" {size} norms |")).collect::<String>())?;
        writeln!(f, "|---|{}", "---:|".repeat(sizes.len()))?;
        let mut peers: Vec<&str> = Vec::new();
        for (peer, _, _) in &self.0 {
            if !peers.contains(peer) {
                peers.push(peer);
            }
        }
        for peer in peers {
            let cells = sizes.iter().map(|size| format!(" {} |", self.get(peer, *size).map_or(String::new(), part)));
            writeln!(f, "| {} |{}", named(peer), cells.collect::<String>())?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part(f, "decision from its own prepared input, ns", |cell| match cell {
            Cell::Measured { native, .. } => nanoseconds(*native),
            other => other.says(),
        })?;
        self.part(f, "from a typed Rust struct, ns", |cell| match cell {
            Cell::Measured { whole, .. } => nanoseconds(*whole),
            _ => String::new(),
        })?;
        self.part(f, "compiling the policy text, ms", |cell| match cell {
            // The match is part of the program.
            Cell::Measured { compile, .. } if *compile < Duration::from_micros(1) => "-".to_owned(),
            Cell::Measured { compile, .. } => format!("{:.2}", compile.as_secs_f64() * 1e3),
            _ => String::new(),
        })?;
        self.part(f, "activities compared with the Rust match, all alike", |cell| match cell {
            Cell::Measured { compared, .. } => compared.to_string(),
            Cell::Disagrees(_) => "DISAGREES".to_owned(),
            Cell::NotRun(_) => "0".to_owned(),
        })?;
        f.write_str(NOTES)
    }
}

/// With the version that was built.
pub fn named(peer: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let package = lock.split("[[package]]").find(|it| it.contains(&format!("name = \"{peer}\"\n")));
    let version = package.and_then(|it| it.split("version = \"").nth(1)).and_then(|it| it.split('"').next());
    version.map_or(peer.to_owned(), |version| format!("{peer} {version}"))
}

fn nanoseconds(time: f64) -> String {
    if time < 100.0 { format!("{time:.1}") } else { format!("{time:.0}") }
}
