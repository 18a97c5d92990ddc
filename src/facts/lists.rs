//! Snapshots of sanctions lists, and whether a record is on one.

pub(crate) mod load;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::check::program::{ListId, RecordId, Schema};
use crate::value::Date;

use super::near::nearest;
use super::question::{Facts, State, Value};

pub use load::ListsError;

/// The lists a host has loaded; none by default.
///
/// A list that is declared in the policy and not loaded here is a fact of each
/// party that the host states (`listed`), or that is unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    // INVARIANT: `snapshots[s.list()]` is `s`.
    pub(crate) snapshots: BTreeMap<String, Snapshot>,
}

/// One list as it stood in a span of days.
///
/// Read one with serde; a snapshot with a fault is refused as a whole. The JSON:
///
/// ```json
/// { "list": "un_1718_vessels",
///   "trusted": { "from": "2017-10-03", "through": "2024-04-30" },
///   "schemes": { "vessel": ["imo"] },
///   "entries": [
///     { "reference": "KPv.001", "kind": "vessel", "names": ["CHON MA SAN"],
///       "ids": [{ "scheme": "imo", "value": "8660313" }],
///       "listed_on": "2018-03-30", "measures": ["deflag"] } ] }
/// ```
///
/// `delisted_on` is the first day on which an entry is no longer on the list.
/// An entry without `measures` carries every measure of the list.
///
/// # What a snapshot shows
///
/// - On a day of `trusted` the snapshot is the list. An entry with a stated id shows that its bearer is on the list,
///   and against it nothing may be said. That somebody is *not* on it is shown by an id of a scheme that every
///   entry of the kind carries (`schemes`), or by a complete description. A party whose name is that of an
///   entry, letter by letter, is cleared by no silence.
/// - On any other day it shows nothing: the list may have been longer or shorter, and what is asked of it is
///   unknown. The published lists give no dates of de-listing, and say nothing of entries that came back: a file of 2026
///   has entries `LISTED_ON` 2006 which were on no list from 2016 to 2025.
/// - Without `trusted` (a sample, or a list whose history nobody has looked into) each entry is a statement for itself: it
///   is on the list from `listed_on` until `delisted_on`, unless the host says otherwise of the party or vessel. That
///   somebody is not in it shows nothing.
///
/// ```
/// # #[cfg(feature = "json")] {
/// use interdict::Snapshot;
///
/// let sample = r#"{ "list": "un_1718_vessels", "entries": [
///     { "reference": "KPv.001", "kind": "vessel", "listed_on": "2017-10-03", "measures": ["port_entry_ban"],
///       "ids": [{ "scheme": "imo", "value": "9562233" }] } ] }"#;
/// assert_eq!(Snapshot::from_json(sample).unwrap().trusted(), None);
///
/// // One wrong digit, and nothing is loaded.
/// let refused = Snapshot::from_json(&sample.replace("9562233", "9562234")).unwrap_err();
/// assert_eq!(refused.entry(), Some("KPv.001"));
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    list: String,
    /// First and last day on which the snapshot is the list, if there are any.
    trusted: Option<(Date, Date)>,
    /// Of each kind of record, the schemes of ids that every entry of that kind carries.
    // INVARIANT: lower case, and kept by all entries.
    schemes: BTreeMap<String, BTreeSet<String>>,
    entries: Vec<Entry>,
    /// From `scheme:value`, `:value` and `ref:reference`, in the form of [`key`], to entries.
    index: BTreeMap<String, Vec<usize>>,
    /// From names, in the form of [`letters`], to entries.
    names: BTreeMap<String, Vec<usize>>,
}

/// One person, body or vessel on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    reference: String,
    kind: String,
    names: Vec<String>,
    // INVARIANT: schemes are lower case; neither part is empty.
    ids: Vec<(String, String)>,
    listed_on: Date,
    delisted_on: Option<Date>,
    measures: Option<BTreeSet<String>>,
}

impl Entry {
    /// The list's own name for the entry: `KPe.047`.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The record that it is about: `party`, `vessel`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Names, for people. A name shows nobody to be listed; it only keeps silence from clearing its bearer.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Scheme and value of each of its ids, but for its reference.
    pub fn ids(&self) -> &[(String, String)] {
        &self.ids
    }

    fn stands_on(&self, date: Date) -> bool {
        self.listed_on <= date && self.delisted_on.is_none_or(|gone| date < gone)
    }

    fn answers(&self, schema: &Schema, asked: Asked<'_>) -> bool {
        let measure = match (asked.measure, &self.measures) {
            (None, _) | (_, None) => true,
            (Some(measure), Some(carried)) => schema.lists[asked.list.at()]
                .measures
                .get(measure as usize)
                .is_some_and(|measure| carried.contains(measure)),
        };
        measure && asked.entry.is_none_or(|entry| self.reference == entry)
    }
}

impl Snapshot {
    /// The name of the list in policies.
    pub fn list(&self) -> &str {
        &self.list
    }

    /// First and last day on which the snapshot is the list, both included; `None` if that is not known of any day.
    pub fn trusted(&self) -> Option<(Date, Date)> {
        self.trusted
    }

    /// All entries, in the order given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// SHA-256 of what it says, in hexadecimal; the order of entries does not count.
    pub fn digest(&self) -> String {
        // Each part goes in with its length, so no two contents run together.
        let mut parts: Vec<String> = self
            .entries
            .iter()
            .map(|entry| {
                let mut ids: Vec<_> = entry.ids.iter().map(|(scheme, value)| format!("{scheme:?}:{value:?}")).collect();
                ids.sort();
                let Entry { reference, kind, names, listed_on, delisted_on, measures, .. } = entry;
                format!("{reference:?} {kind:?} {names:?} {ids:?} {listed_on} {delisted_on:?} {measures:?}\n")
            })
            .collect();
        parts.sort();
        let days = self.trusted.map(|(from, through)| format!("{from} {through}"));
        let mut hash = Sha256::new();
        hash.update(format!("{:?} {} {:?}\n", self.list, days.as_deref().unwrap_or("-"), self.schemes));
        parts.iter().for_each(|part| hash.update(part));
        hex(&hash.finalize())
    }

    /// Whether the snapshot is the list on that date.
    fn is_trusted(&self, date: Date) -> bool {
        self.trusted.is_some_and(|(from, through)| from <= date && date <= through)
    }

    /// The entries that carry this id and are on the list on that date, as far as the snapshot says anything of it.
    fn matches(&self, id: &str, date: Date) -> impl Iterator<Item = &Entry> {
        let speaks = self.trusted.is_none() || self.is_trusted(date);
        self.index
            .get(&key(id))
            .into_iter()
            .flatten()
            .map(|&at| &self.entries[at])
            .filter(move |entry| speaks && entry.stands_on(date))
    }

    /// Whether an entry on the list on that date has this name, letter by letter.
    fn has_name(&self, name: &str, date: Date) -> bool {
        let bearers = self.names.get(&letters(name));
        bearers.into_iter().flatten().any(|&at| self.entries[at].stands_on(date))
    }

    /// Whether an id that matches nobody shows that its bearer is not on the list.
    fn clears(&self, kind: &str, id: &str) -> bool {
        let carried = self.schemes.get(kind);
        id.split_once(':').is_some_and(|(scheme, value)| {
            !value.trim().is_empty() && carried.is_some_and(|carried| carried.contains(&plain(scheme)))
        })
    }
}

impl Lists {
    /// No list.
    pub fn new() -> Lists {
        Lists::default()
    }

    /// Adds a list.
    ///
    /// # Errors
    ///
    /// When a snapshot of that list is loaded already.
    pub fn with(mut self, snapshot: Snapshot) -> Result<Lists, ListsError> {
        let list = snapshot.list.clone();
        if self.snapshots.contains_key(&list) {
            return Err(ListsError::new(&list, None, "this list is loaded already".to_owned()));
        }
        self.snapshots.insert(list, snapshot);
        Ok(self)
    }

    /// The lists loaded, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Snapshot> {
        self.snapshots.values()
    }

    /// The lists loaded, by name, each for itself.
    pub fn into_snapshots(self) -> impl Iterator<Item = Snapshot> {
        self.snapshots.into_values()
    }

    /// SHA-256 of all lists, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.iter().for_each(|snapshot| hash.update(snapshot.digest()));
        hex(&hash.finalize())
    }

    /// Refuses lists, measures and kinds of record that the policy does not know.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), ListsError> {
        let hint = |name: Option<&str>| name.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        for snapshot in self.iter() {
            let list = &snapshot.list;
            let Some(declared) = schema.lists.iter().find(|known| known.name == *list) else {
                let near = nearest(list, schema.lists.iter().map(|known| known.name.as_str()));
                return Err(ListsError::new(list, None, format!("the policy declares no such list{}", hint(near))));
            };
            let known_record = |kind: &str, entry: Option<&str>| {
                let records = || schema.records.iter().skip(1).map(|record| record.name.as_str());
                if records().any(|record| record == kind) {
                    return Ok(());
                }
                let message = format!("the policy declares no record `{kind}`{}", hint(nearest(kind, records())));
                Err(ListsError::new(list, entry, message))
            };
            snapshot.schemes.keys().try_for_each(|kind| known_record(kind, None))?;
            for entry in &snapshot.entries {
                let at = Some(entry.reference.as_str());
                known_record(&entry.kind, at)?;
                let unknown = entry.measures.iter().flatten().find(|measure| !declared.measures.contains(measure));
                if let Some(measure) = unknown {
                    let near = nearest(measure, declared.measures.iter().map(String::as_str));
                    let message = format!("the policy declares no measure `{measure}` of this list{}", hint(near));
                    return Err(ListsError::new(list, at, message));
                }
            }
        }
        Ok(())
    }

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
        let snapshot = self.of(schema, asked.list);
        let trusted = snapshot.filter(|snapshot| snapshot.is_trusted(date));
        let ids = stated_ids(schema, record, facts);
        let has_entry = |snapshot: &Snapshot| {
            let mut matching = ids.iter().flat_map(|id| snapshot.matches(id, date));
            matching.any(|entry| entry.answers(schema, asked))
        };

        if trusted.is_some_and(has_entry) {
            return Some(true);
        }
        if let Some(said) = stated_listing(schema, record, facts, asked) {
            return Some(said);
        }
        if snapshot.is_some_and(has_entry) {
            return Some(true);
        }
        if let Some(snapshot) = trusted {
            let kind = &schema.records[record.at()].name;
            let cleared = ids.iter().any(|id| snapshot.clears(kind, id));
            // A host that asserts a listing which the snapshot lacks is not contradicted by a number.
            let known = ids.iter().any(|id| snapshot.matches(id, date).next().is_some());
            if cleared && (known || names(schema, record, facts, "listed", asked.list) != Some(true)) {
                return Some(false);
            }
        }
        let unstated = matches!(state(schema, record, facts, "listed"), None | Some(State::Unstated));
        let candidate = names(schema, record, facts, "candidates", asked.list) != Some(false)
            || trusted.is_some_and(|snapshot| {
                stated_name(schema, record, facts).is_some_and(|name| snapshot.has_name(name, date))
            });
        (complete && trusted.is_some() && unstated && !candidate).then_some(false)
    }

    /// Whether an id that names nobody in the activity is on the list on that date.
    pub(crate) fn says_of_id(&self, schema: &Schema, id: &str, asked: Asked<'_>, date: Date) -> Option<bool> {
        let snapshot = self.of(schema, asked.list)?;
        if snapshot.matches(id, date).any(|entry| entry.answers(schema, asked)) {
            return Some(true);
        }
        // Nobody said of which kind the bearer is, so each kind must carry the scheme.
        let kinds: BTreeSet<&str> = snapshot.entries.iter().map(|entry| entry.kind.as_str()).collect();
        let cleared = !kinds.is_empty() && kinds.iter().all(|kind| snapshot.clears(kind, id));
        (cleared && snapshot.is_trusted(date)).then_some(false)
    }

    /// The days on which an answer about the list may change: each is the first day of something new.
    pub(crate) fn boundaries(&self, schema: &Schema, list: ListId) -> Vec<Date> {
        let Some(snapshot) = self.of(schema, list) else { return Vec::new() };
        let mut days = BTreeSet::new();
        days.extend(snapshot.trusted.into_iter().flat_map(|(from, through)| [from, through.next()]));
        for entry in &snapshot.entries {
            days.insert(entry.listed_on);
            days.extend(entry.delisted_on);
        }
        days.into_iter().collect()
    }

    /// A stated id, and the entry that it shows to be on the list on that date, whatever `listed` says.
    pub(crate) fn matched(
        &self,
        schema: &Schema,
        record: RecordId,
        facts: &Facts,
        list: ListId,
        date: Date,
    ) -> Option<(String, &Entry)> {
        let snapshot = self.of(schema, list).filter(|snapshot| snapshot.is_trusted(date))?;
        stated_ids(schema, record, facts).into_iter().find_map(|id| {
            let entry = snapshot.matches(&id, date).next()?;
            Some((id, entry))
        })
    }

    fn of(&self, schema: &Schema, list: ListId) -> Option<&Snapshot> {
        self.snapshots.get(&schema.lists[list.at()].name)
    }
}

/// What is asked of a list: `listed in LIST for MEASURE as ENTRY`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub list: ListId,
    pub measure: Option<u32>,
    pub entry: Option<&'a str>,
}

/// What the field `listed` settles. A stated list is whole: what it does not name is not so.
fn stated_listing(schema: &Schema, record: RecordId, facts: &Facts, asked: Asked<'_>) -> Option<bool> {
    let named = match state(schema, record, facts, "listed")? {
        State::List(named) => named.as_slice(),
        one @ State::Is(_) => std::slice::from_ref(one),
        State::None => &[],
        State::Unstated | State::Unknown => return None,
    };
    let mut vague = false;
    let mut yes = false;
    for one in named {
        match one {
            State::Is(Value::Listing(list, measure)) if *list == asked.list => match (measure, asked.measure) {
                (_, None) => yes = true,
                (Some(stated), Some(wanted)) => yes |= *stated == wanted,
                (None, Some(_)) => vague = true,
            },
            State::Is(_) => {}
            _ => vague = true,
        }
    }
    match (yes, asked.entry) {
        // It is on the list; as which entry, the field does not say.
        (true, Some(_)) => None,
        (true, None) => Some(true),
        // A match that nobody has resolved is not resolved by an empty list beside it.
        (false, _) if names(schema, record, facts, "candidates", asked.list) != Some(false) => None,
        (false, _) => (!vague).then_some(false),
    }
}

/// Whether a field names the list, in any way; `None` when an unknown part of it may.
fn names(schema: &Schema, record: RecordId, facts: &Facts, field: &str, list: ListId) -> Option<bool> {
    let stated = match state(schema, record, facts, field) {
        None | Some(State::Unstated | State::None) => return Some(false),
        Some(State::Unknown) => return None,
        Some(State::List(stated)) => stated.as_slice(),
        Some(one @ State::Is(_)) => std::slice::from_ref(one),
    };
    let mut unknown = false;
    for one in stated {
        match one {
            State::Is(Value::Listing(named, _)) if *named == list => return Some(true),
            State::Is(Value::Listing(..)) => {}
            // `candidates : list of candidate`, with the list in one of its fields.
            State::Is(Value::Record(Facts(fields))) => {
                let lists = fields.iter().filter_map(|state| match state {
                    State::Is(Value::Listing(named, _)) => Some(*named),
                    _ => None,
                });
                let lists: Vec<ListId> = lists.collect();
                if lists.contains(&list) {
                    return Some(true);
                }
                unknown |= lists.is_empty();
            }
            _ => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// The ids that a record states, each as `scheme:value`: its `ids`, and its `imo`.
fn stated_ids(schema: &Schema, record: RecordId, facts: &Facts) -> Vec<String> {
    let text = |state: &State| match state {
        State::Is(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let mut ids: Vec<String> = match state(schema, record, facts, "ids") {
        Some(State::List(ids)) => ids.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    };
    ids.extend(state(schema, record, facts, "imo").and_then(text).map(|number| format!("imo:{number}")));
    ids
}

fn stated_name<'a>(schema: &Schema, record: RecordId, facts: &'a Facts) -> Option<&'a str> {
    match state(schema, record, facts, "name")? {
        State::Is(Value::Text(name)) => Some(name),
        _ => None,
    }
}

fn state<'a>(schema: &Schema, record: RecordId, facts: &'a Facts, field: &str) -> Option<&'a State> {
    facts.0.get(schema.records[record.at()].by_name.get(field)?.at())
}

/// One form for ids that differ in case and spaces only; an id without a scheme is `:value`.
fn key(id: &str) -> String {
    let (scheme, value) = id.split_once(':').unwrap_or(("", id));
    format!("{}:{}", plain(scheme), plain(value))
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// One form for names that differ in case, spaces and punctuation only.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
