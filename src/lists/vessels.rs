//! Tables of designated vessels.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use crate::facts::bind::{IMO, imo_number};
use crate::facts::lists::load::{Draft, DraftEntry, DraftId, checked};
use crate::facts::{ListsError, Snapshot};
use crate::value::Date;

use super::fault::{Lines, days, fault, one_line};

const COLUMNS: [&str; 5] = ["un_ref", "name", "imo", "designated_on", "measures"];

/// Reads a table of designated vessels: CSV in UTF-8 with a header line and at least the columns `un_ref`, `name`, `imo`,
/// `designated_on` and `measures`, the last separated by `|` and called as the policy calls them.
///
/// A row is one designation: a vessel that was designated again, for other measures, has two. Where `un_ref` is empty the
/// reference is IMO number and day, `8628597/2017-10-03`. A vessel without IMO number is matched by its reference only.
///
/// A table does not show where it ends, so it is trusted on no day, unless the caller knows the days and
/// [how many rows](VesselTable::trusted) there are.
///
/// ```
/// use interdict::lists::VesselTable;
///
/// let table = "un_ref,name,imo,designated_on,measures\n\
///              KPv.001,PETREL 8,9562233,2017-10-03,port_entry_ban\n";
/// let snapshot = VesselTable::new("un_1718_vessels").read(table.as_bytes()).unwrap();
/// assert_eq!(snapshot.entries()[0].names(), ["PETREL 8"]);
/// assert_eq!(snapshot.trusted(), None);
///
/// let wrong = VesselTable::new("un_1718_vessels").read(table.replace("9562233", "9562234").as_bytes());
/// assert!(wrong.unwrap_err().to_string().contains("entry `KPv.001`: line 2: `9562234` is no IMO number"));
/// ```
#[derive(Debug, Clone)]
pub struct VesselTable {
    list: String,
    trusted: Option<(Date, Date)>,
    rows: Option<usize>,
}

impl VesselTable {
    /// For the list of that name in policies.
    pub fn new(list: &str) -> VesselTable {
        VesselTable { list: list.to_owned(), trusted: None, rows: None }
    }

    /// The first and the last day on which the table is the list, in the judgement of the caller, and the number of its rows;
    /// a table with fewer or more is refused.
    pub fn trusted(mut self, from: Date, through: Date, rows: usize) -> VesselTable {
        self.trusted = Some((from, through));
        self.rows = Some(rows);
        self
    }

    /// Reads a table, row by row.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no such table in UTF-8, or its last line has no end; when a row has too few or too many
    /// fields, no day, no measure, no name or a wrong IMO number; when two rows have one reference, or there are not as
    /// many as the caller says.
    pub fn read(&self, from: impl Read) -> Result<Snapshot, ListsError> {
        let mut table = ReaderBuilder::new().from_reader(Lines::new(from));
        let columns = self.columns(&mut table)?;
        let mut entries: Vec<DraftEntry> = Vec::new();
        let mut references = BTreeSet::new();
        let mut row = StringRecord::new();
        while table.read_record(&mut row).map_err(|error| self.unreadable(error))? {
            let line = row.position().map_or(0, csv::Position::line);
            let entry = self.entry(line, &columns, &row)?;
            if !references.insert(entry.reference.clone()) {
                return Err(fault(&self.list, line, Some(&entry.reference), "two rows have this reference"));
            }
            entries.push(entry);
        }
        let end = table.into_inner();
        if end.last != Some(b'\n') {
            return Err(fault(&self.list, end.line, None, "cut off: the last line has no end"));
        }
        if entries.is_empty() {
            return Err(ListsError::new(&self.list, None, "the table has no rows".to_owned()));
        }
        if let Some(rows) = self.rows.filter(|rows| *rows != entries.len()) {
            let message = format!("the table has {} rows, not {rows}", entries.len());
            return Err(ListsError::new(&self.list, None, message));
        }
        let mut schemes = BTreeMap::new();
        if entries.iter().all(|entry| !entry.ids.is_empty()) {
            schemes.insert("vessel".to_owned(), BTreeSet::from(["imo".to_owned()]));
        }
        checked(Draft { list: self.list.clone(), trusted: self.trusted.map(days), schemes, entries })
    }

    /// Where each of [`COLUMNS`] is.
    fn columns<R: Read>(&self, table: &mut csv::Reader<R>) -> Result<[usize; 5], ListsError> {
        let header = table.headers().map_err(|error| self.unreadable(error))?;
        let mut at = [0; 5];
        for (at, column) in at.iter_mut().zip(COLUMNS) {
            let found: Vec<usize> = (0..header.len()).filter(|at| header[*at].trim() == column).collect();
            *at = match found.as_slice() {
                [one] => *one,
                [] => return Err(fault(&self.list, 1, None, format!("no column is called `{column}`"))),
                _ => return Err(fault(&self.list, 1, None, format!("two columns are called `{column}`"))),
            };
        }
        Ok(at)
    }

    fn entry(&self, line: u64, columns: &[usize; 5], row: &StringRecord) -> Result<DraftEntry, ListsError> {
        let [reference, name, imo, listed_on, measures] = columns.map(|at| one_line(&row[at]));
        let reference = match (reference.is_empty(), imo.is_empty()) {
            (false, _) => reference,
            (true, false) => format!("{imo}/{listed_on}"),
            (true, true) => format!("{name}/{listed_on}"),
        };
        let wrong = |message: String| Err(fault(&self.list, line, Some(&reference), message));
        if name.is_empty() {
            return wrong("the row has no `name`".to_owned());
        }
        if Date::parse(&listed_on).is_none() {
            return wrong(format!("`designated_on` is no day such as 2017-10-03: `{listed_on}`"));
        }
        let measures: BTreeSet<String> = measures.split('|').map(|measure| measure.trim().to_owned()).collect();
        if measures.contains("") {
            return wrong("the row has no `measures`, or an empty one".to_owned());
        }
        let mut ids = Vec::new();
        if !imo.is_empty() {
            let Some(number) = imo_number(&imo) else {
                return wrong(format!("`{imo}` is no IMO number: {}", IMO));
            };
            ids.push(DraftId { scheme: "imo".to_owned(), value: number.to_owned() });
        }
        let (kind, names) = ("vessel".to_owned(), vec![name]);
        Ok(DraftEntry { reference, kind, names, ids, listed_on, delisted_on: None, measures: Some(measures) })
    }

    fn unreadable(&self, error: csv::Error) -> ListsError {
        let line = error.position().map_or(1, csv::Position::line);
        let message = match error.kind() {
            ErrorKind::Io(error) => format!("not readable: {error}"),
            ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} fields in a table of {expected_len} columns")
            }
            other => format!("no CSV: {other:?}"),
        };
        fault(&self.list, line, None, message)
    }
}
