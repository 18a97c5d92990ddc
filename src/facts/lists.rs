//! Snapshots of sanctions lists, and whether a record is on one.

use std::collections::BTreeMap;

use crate::check::program::{ListId, RecordId, Schema};
use crate::value::Date;

use super::question::Facts;

/// The lists a host has loaded; none by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    pub(crate) snapshots: BTreeMap<String, Snapshot>,
}

/// One list as it stood in a span of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// First and last day on which the snapshot is the list.
    pub(crate) trusted: (Date, Date),
}

impl Lists {
    /// Whether the record is on the list on that date: `Some` when the facts
    /// and the snapshot settle it, `None` when it is a fact of its own
    /// (`semantics.md`, section 4, row `listed in L`).
    pub(crate) fn says(
        &self,
        schema: &Schema,
        record: RecordId,
        facts: &Facts,
        asked: Asked<'_>,
        date: Date,
        complete: bool,
    ) -> Option<bool> {
        let _ = (schema, record, facts, asked, date, complete);
        None
    }

    /// Whether an id that names nobody in the activity is on the list on that date.
    pub(crate) fn says_of_id(&self, schema: &Schema, id: &str, asked: Asked<'_>, date: Date) -> Option<bool> {
        let _ = (schema, id, asked, date);
        None
    }

    /// The days on which an answer about the list may change: each is the first day of something new.
    pub(crate) fn boundaries(&self, schema: &Schema, list: ListId) -> Vec<Date> {
        let _ = (schema, list);
        Vec::new()
    }
}

/// What is asked of a list: `listed in LIST for MEASURE as ENTRY`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub list: ListId,
    pub measure: Option<u32>,
    pub entry: Option<&'a str>,
}
