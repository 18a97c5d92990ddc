//! What became of every paragraph of the law: the table of a pack (`SOURCES.md`), read and compared with the pack.
//!
//! A row is `| paragraph | status | ids | where, or why not | source |`. The ids are norms and exceptions of that
//! paragraph, definitions, and after `in` norms of other paragraphs that carry this one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::check::program::{ParagraphId, Program};
use crate::ruleset::Ruleset;

/// The table of a pack, and where it and the pack differ.
///
/// # Examples
///
/// ```
/// use interdict::{Fate, Ruleset, packs};
///
/// let table = packs::fates("un_dprk").expect("the pack has a table");
/// let fates = Ruleset::pack("un_dprk")?.fates(table);
/// assert!(fates.is_sound());
/// assert!(fates.count(Fate::Encoded) > 100);
/// # Ok::<(), interdict::CompileError>(())
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Fates {
    /// One for every paragraph, in the order of the table.
    pub rows: Vec<FateRow>,
    /// How many rows have each fate.
    pub totals: BTreeMap<Fate, usize>,
    /// Norms and exceptions that no row of their paragraph cites, ids that the pack lacks, rows and counts that are
    /// wrong.
    pub faults: Vec<String>,
}

/// A paragraph of the law.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FateRow {
    /// The heading that it stands under: `S/RES/1718 (2006), adopted 2006-10-14`.
    pub instrument: String,
    /// As the notes on the law call it: `S/RES/1718 OP8(a)(i)`.
    pub paragraph: String,
    /// What became of it.
    pub fate: Fate,
    /// Its norms and exceptions.
    pub ids: Vec<String>,
    /// Norms and exceptions of other paragraphs that carry it.
    pub carried_by: Vec<String>,
    /// The definitions that it is, or is a part of.
    pub definitions: Vec<String>,
    /// Where, what is missing, or why there is nothing.
    pub remark: String,
    /// Where the text was read.
    pub source: String,
}

/// What became of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A norm, an exception, a definition or a piece of advice says it.
    Encoded,
    /// Something of it is missing.
    InPart,
    /// It could be encoded, and is not.
    NotYet,
    /// It has no norm, for a reason.
    DeliberatelyNot,
}

impl Fate {
    /// All, in the order of the summary.
    pub const ALL: [Fate; 4] = [Fate::Encoded, Fate::InPart, Fate::NotYet, Fate::DeliberatelyNot];

    /// As the table has it: `deliberately not`.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Encoded => "encoded",
            Fate::InPart => "in part",
            Fate::NotYet => "not yet",
            Fate::DeliberatelyNot => "deliberately not",
        }
    }

    fn from_name(name: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.name() == name)
    }
}

impl Fates {
    /// The table says what the pack does.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// How many rows have that fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.totals.get(&fate).copied().unwrap_or(0)
    }
}

impl Ruleset {
    /// Reads a table of fates, and compares it with these policies.
    pub fn fates(&self, table: &str) -> Fates {
        let program = self.program();
        let mut read = Reading::default();
        table.lines().for_each(|line| read.line(line));
        let Reading { rows, counts, mut faults, .. } = read;
        let mut totals = BTreeMap::new();
        rows.iter().for_each(|row| *totals.entry(row.fate).or_insert(0) += 1);
        for fate in Fate::ALL {
            let (said, are) = (counts.get(&fate).copied().unwrap_or(0), totals.get(&fate).copied().unwrap_or(0));
            if said != are {
                faults.push(format!("the summary has {said} rows `{}`, the table {are}", fate.name()));
            }
        }
        let pack = Pack::of(program);
        let mut seen = BTreeSet::new();
        for row in &rows {
            if !seen.insert(&row.paragraph) {
                faults.push(format!("{}: there are two rows", row.paragraph));
            }
            pack.check(row, &mut faults);
        }
        pack.check_cited(&rows, &mut faults);
        Fates { rows, totals, faults }
    }
}

#[derive(Default)]
struct Reading {
    instrument: String,
    rows: Vec<FateRow>,
    counts: BTreeMap<Fate, usize>,
    faults: Vec<String>,
}

impl Reading {
    fn line(&mut self, line: &str) {
        if let Some(heading) = line.strip_prefix("## ") {
            self.instrument = heading.trim().to_owned();
        }
        let Some(cells) = line.strip_prefix('|').and_then(|rest| rest.strip_suffix('|')) else { return };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        if cells.iter().all(|cell| !cell.is_empty() && cell.bytes().all(|byte| byte == b'-')) {
            return;
        }
        match (self.instrument.is_empty(), cells.as_slice()) {
            (true, [name, count, _]) => {
                if let (Some(fate), Ok(count)) = (Fate::from_name(name), count.parse()) {
                    self.counts.insert(fate, count);
                }
            }
            (false, ["paragraph", ..]) => {}
            (false, [paragraph, status, ids, remark, source]) => match Fate::from_name(status) {
                Some(fate) => {
                    let mut row = FateRow {
                        instrument: self.instrument.clone(),
                        paragraph: (*paragraph).to_owned(),
                        fate,
                        ids: Vec::new(),
                        carried_by: Vec::new(),
                        definitions: Vec::new(),
                        remark: (*remark).to_owned(),
                        source: (*source).to_owned(),
                    };
                    self.ids(ids, &mut row);
                    self.rows.push(row);
                }
                None => self.faults.push(format!("{paragraph}: `{status}` is no status")),
            },
            (_, cells) => self.faults.push(format!("a row has {} cells: {line}", cells.len())),
        }
    }

    fn ids(&mut self, cell: &str, row: &mut FateRow) {
        for part in cell.split(", ").filter(|part| !part.is_empty()) {
            let (carried, quoted) = part.strip_prefix("in ").map_or((false, part), |rest| (true, rest));
            let id = quoted.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
            match id {
                Some(id) if carried => row.carried_by.push(id.to_owned()),
                Some(id) if id.contains('/') => row.ids.push(id.to_owned()),
                Some(id) => row.definitions.push(id.to_owned()),
                None => self.faults.push(format!("{}: `{part}` is no id", row.paragraph)),
            }
        }
    }
}

/// What the pack has, and where.
struct Pack<'a> {
    program: &'a Program,
    /// Norms and exits with their paragraphs, in order.
    norms: Vec<(&'a str, ParagraphId)>,
    definitions: BTreeSet<&'a str>,
}

impl<'a> Pack<'a> {
    fn of(program: &'a Program) -> Pack<'a> {
        let norms = program.norms.iter().map(|norm| (norm.name.as_str(), norm.paragraph));
        let exits = program.exits.iter().map(|exit| (exit.name.as_str(), exit.paragraph));
        let definitions = program.definitions.iter().map(|definition| definition.name.as_str());
        Pack { program, norms: norms.chain(exits).collect(), definitions: definitions.collect() }
    }

    fn find(&self, id: &str) -> Option<ParagraphId> {
        self.norms.iter().find(|(name, _)| *name == id).map(|(_, paragraph)| *paragraph)
    }

    /// Whether a paragraph of the pack is the one of a row.
    fn is_of(&self, paragraph: ParagraphId, row: &FateRow) -> bool {
        let of = &self.program.paragraphs[paragraph.at()];
        let citation = &self.program.instruments[of.instrument.at()].citation;
        citation.split(' ').next() == row.paragraph.split(' ').next() && covers(&row.paragraph, &of.label)
    }

    fn check(&self, row: &FateRow, faults: &mut Vec<String>) {
        let mut wrong = |fault: String| faults.push(format!("{}: {fault}", row.paragraph));
        for id in &row.ids {
            match self.find(id) {
                None => wrong(format!("the pack has no `{id}`")),
                Some(paragraph) if !self.is_of(paragraph, row) => {
                    wrong(format!("`{id}` stands in another paragraph; write `in` before it"));
                }
                Some(_) => {}
            }
        }
        row.carried_by
            .iter()
            .filter(|id| self.find(id).is_none())
            .for_each(|id| wrong(format!("the pack has no `{id}`")));
        for name in row.definitions.iter().filter(|name| !self.definitions.contains(name.as_str())) {
            wrong(format!("the pack defines no `{name}`"));
        }
        // Ids that the remark mentions must be there as well.
        for id in row.remark.split('`').skip(1).step_by(2).filter(|code| self.is_like_an_id(code)) {
            if self.find(id).is_none() && !self.program.paragraphs.iter().any(|paragraph| paragraph.name == id) {
                wrong(format!("the pack has no `{id}`"));
            }
        }
        let cites = !row.ids.is_empty() || !row.carried_by.is_empty() || !row.definitions.is_empty();
        let encodes = matches!(row.fate, Fate::Encoded | Fate::InPart);
        if cites != encodes {
            wrong(format!("it is `{}` and cites {}", row.fate.name(), if cites { "ids" } else { "none" }));
        }
        if row.remark.is_empty() && row.fate != Fate::Encoded {
            wrong(format!("it is `{}` and does not say why", row.fate.name()));
        }
    }

    fn is_like_an_id(&self, code: &str) -> bool {
        let instrument = code.split_once('/').map(|(instrument, _)| instrument);
        instrument.is_some_and(|name| self.program.instruments.iter().any(|instrument| instrument.name == name))
    }

    fn check_cited(&self, rows: &[FateRow], faults: &mut Vec<String>) {
        for (id, paragraph) in &self.norms {
            let cites = |row: &&FateRow| row.ids.iter().any(|cited| cited == id);
            if !rows.iter().filter(|row| self.is_of(*paragraph, row)).any(|row| cites(&row)) {
                faults.push(format!("`{id}` is cited by no row of its paragraph"));
            }
        }
    }
}

/// `S/RES/2321 OP26(a)`, `OP8-9`, `OP2, OP5-OP7` and a label: `26`, `8`.
fn covers(row: &str, label: &str) -> bool {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let own = digits(label);
    row.split([' ', ',', ';']).filter_map(|word| word.strip_prefix("OP")).any(|named| {
        let first = digits(named);
        let rest = &named[first.len()..];
        match rest.strip_prefix('-').map(|last| digits(last.trim_start_matches("OP"))) {
            Some(last) => {
                let parse = |text: &str| text.parse::<u32>().ok();
                let range = parse(&first).zip(parse(&last)).zip(parse(&own));
                range.is_some_and(|((first, last), own)| first <= own && own <= last)
            }
            // A part of a paragraph that the pack has as a whole, or in smaller parts.
            None => first == own && (label == own || label[own.len()..].starts_with(rest)),
        }
    })
}

/// The rows by instrument, the totals, and what is wrong.
impl fmt::Display for Fates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| short(&row.paragraph).chars().count()).max().unwrap_or(0).min(28);
        let mut above = "";
        for row in &self.rows {
            if row.instrument != above {
                writeln!(f, "{}{}", if above.is_empty() { "" } else { "\n" }, row.instrument)?;
                above = &row.instrument;
            }
            let mut cited = row.ids.clone();
            cited.extend(row.definitions.iter().map(|name| format!("definition {name}")));
            cited.extend(row.carried_by.iter().map(|id| format!("in {id}")));
            let said = if cited.is_empty() { row.remark.replace('`', "") } else { cited.join(", ") };
            writeln!(f, "  {:width$}  {:16}  {said}", short(&row.paragraph), row.fate.name())?;
        }
        let totals: Vec<String> =
            Fate::ALL.iter().map(|fate| format!("{} {}", self.count(*fate), fate.name())).collect();
        writeln!(f, "\n{} paragraphs: {}", self.rows.len(), totals.join(", "))?;
        self.faults.iter().try_for_each(|fault| writeln!(f, "wrong: {fault}"))
    }
}

/// Without the resolution that the heading names.
fn short(paragraph: &str) -> &str {
    match paragraph.split_once(' ') {
        Some((resolution, rest)) if resolution.starts_with("S/RES/") => rest,
        _ => paragraph,
    }
}
