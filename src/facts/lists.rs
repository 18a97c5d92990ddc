//! Snapshots of sanctions lists, and whether a record is on one.

pub(crate) mod load;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::check::program::{FieldId, ListId, RecordId, Schema, Type};
use crate::value::Date;

use super::near::nearest;
use super::question::{Facts, State, Value};
use super::tape::{Cell, Tape};

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
///   entry, letter by letter, is cleared by no silence; nor is one of whom an id or the name is said not to be known.
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

    /// The first day on the list, and the first day off it again.
    pub(crate) fn days(&self) -> (Date, Option<Date>) {
        (self.listed_on, self.delisted_on)
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
    fn matches(&self, id: Id<'_>, date: Date) -> impl Iterator<Item = &Entry> {
        let speaks = self.trusted.is_none() || self.is_trusted(date);
        id.with_key(|key| self.index.get(key))
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
    fn clears(&self, kind: &str, id: Id<'_>) -> bool {
        let carried = self.schemes.get(kind);
        id.scheme.is_some_and(|scheme| {
            !id.value.trim().is_empty()
                && carried.is_some_and(|carried| carried.iter().any(|known| is_plainly(scheme, known)))
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
        record: &impl Described,
        asked: Asked<'_>,
        date: Date,
        complete: bool,
    ) -> Option<bool> {
        let snapshot = self.of(schema, asked.list);
        let trusted = snapshot.filter(|snapshot| snapshot.is_trusted(date));
        let has_entry = |snapshot: &Snapshot| {
            some_name(record, |id| snapshot.matches(id, date).any(|entry| entry.answers(schema, asked)))
        };

        if trusted.is_some_and(has_entry) {
            return Some(true);
        }
        if let Some(said) = stated_listing(record, asked) {
            return Some(said);
        }
        if snapshot.is_some_and(has_entry) {
            return Some(true);
        }
        if let Some(snapshot) = trusted {
            let kind = &schema.records[record.kind().at()].name;
            let cleared = some_id(record, |id| snapshot.clears(kind, id));
            // A host that asserts a listing which the snapshot lacks is not contradicted by a number.
            let known = || some_name(record, |id| snapshot.matches(id, date).next().is_some());
            if cleared && (known() || names(record, "listed", asked.list) != Some(true)) {
                return Some(false);
            }
        }
        // Silence clears, where the list is known and all is said.
        let snapshot = trusted.filter(|_| complete)?;
        let is_unstated = record.each("listed", &mut |_| {}) == Said::Nothing && !is_vague(record);
        let mut is_named = false;
        record.each("name", &mut |part| {
            is_named |= matches!(part, Part::Text(name) if snapshot.has_name(name, date));
        });
        let is_candidate = names(record, "candidates", asked.list) != Some(false);
        (is_unstated && !is_named && !is_candidate).then_some(false)
    }

    /// Whether a list is loaded.
    pub(crate) fn has(&self, schema: &Schema, list: ListId) -> bool {
        self.of(schema, list).is_some()
    }

    /// Whether an id that names nobody in the activity is on the list on that date.
    pub(crate) fn says_of_id(&self, schema: &Schema, id: &str, asked: Asked<'_>, date: Date) -> Option<bool> {
        let snapshot = self.of(schema, asked.list)?;
        let id = Id::of(id);
        if snapshot.matches(id, date).any(|entry| entry.answers(schema, asked)) {
            return Some(true);
        }
        // Nobody said of which kind the bearer is, so each kind must carry the scheme.
        let mut kinds = snapshot.entries.iter().map(|entry| entry.kind.as_str());
        let cleared = !snapshot.entries.is_empty() && kinds.all(|kind| snapshot.clears(kind, id));
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
        record: &impl Described,
        list: ListId,
        date: Date,
    ) -> Option<(String, &Entry)> {
        let snapshot = self.of(schema, list).filter(|snapshot| snapshot.is_trusted(date))?;
        let mut found = None;
        some_name(record, |id| {
            found = snapshot.matches(id, date).next().map(|entry| (id.to_string(), entry));
            found.is_some()
        });
        found
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

/// A record of which it is asked whether it is on a list.
pub(crate) trait Described {
    /// What kind of record it is.
    fn kind(&self) -> RecordId;

    /// What is stated of the field of that name, part by part.
    fn each(&self, field: &str, then: &mut dyn FnMut(Part<'_>)) -> Said;
}

/// Whether something is stated of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// There is no such field, or nobody said.
    Nothing,
    Unknown,
    /// Also that there is none.
    Stated,
}

/// An element of what is stated of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    Text(&'a str),
    Listing(ListId, Option<u32>),
    /// A record with the lists that its fields name.
    Record(&'a [ListId]),
    Unknown,
}

/// Most lists that one record may name in its fields, to be told as one part; more are passed over.
const MOST_NAMED: usize = 8;

/// A record of a question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfQuestion<'a> {
    pub schema: &'a Schema,
    pub record: RecordId,
    pub facts: &'a Facts,
}

impl Described for OfQuestion<'_> {
    fn kind(&self) -> RecordId {
        self.record
    }

    fn each(&self, field: &str, then: &mut dyn FnMut(Part<'_>)) -> Said {
        let field = self.schema.records[self.record.at()].by_name.get(field);
        let elements = match field.and_then(|field| self.facts.0.get(field.at())) {
            None | Some(State::Unstated) => return Said::Nothing,
            Some(State::Unknown) => return Said::Unknown,
            Some(State::None) => &[],
            Some(State::List(elements)) => elements.as_slice(),
            Some(one @ State::Is(_)) => std::slice::from_ref(one),
        };
        for element in elements {
            then(match element {
                State::Is(Value::Text(text)) => Part::Text(text),
                State::Is(Value::Listing(list, measure)) => Part::Listing(*list, *measure),
                // `candidates : list of candidate`, with the list in one of its fields.
                State::Is(Value::Record(Facts(fields))) => {
                    let lists = fields.iter().filter_map(|state| match state {
                        State::Is(Value::Listing(named, _)) => Some(*named),
                        _ => None,
                    });
                    let mut named = [ListId(0); MOST_NAMED];
                    then(Part::Record(few(lists, &mut named)));
                    continue;
                }
                _ => Part::Unknown,
            });
        }
        Said::Stated
    }
}

/// A record of a tape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfTape<'a> {
    pub schema: &'a Schema,
    pub record: RecordId,
    pub tape: &'a Tape,
    pub first: u32,
}

impl Described for OfTape<'_> {
    fn kind(&self) -> RecordId {
        self.record
    }

    fn each(&self, field: &str, then: &mut dyn FnMut(Part<'_>)) -> Said {
        let record = &self.schema.records[self.record.at()];
        let Some(&id) = record.by_name.get(field) else { return Said::Nothing };
        let cell = self.tape.field(self.first, id);
        let elements = match &cell {
            Cell::Unstated => return Said::Nothing,
            Cell::Unknown => return Said::Unknown,
            Cell::None => &[],
            Cell::List(span) => self.tape.list(*span),
            one => std::slice::from_ref(one),
        };
        for element in elements {
            then(match *element {
                Cell::Text(text) => Part::Text(self.tape.text(text)),
                Cell::Listing(list, measure) => Part::Listing(list, measure.get()),
                Cell::Record(first) => {
                    let Type::Record(inner) = record.fields[id.at()].ty else { continue };
                    let fields = 0..self.schema.records[inner.at()].fields.len() as u32;
                    let lists = fields.filter_map(|field| match self.tape.field(first, FieldId(field)) {
                        Cell::Listing(named, _) => Some(named),
                        _ => None,
                    });
                    let mut named = [ListId(0); MOST_NAMED];
                    then(Part::Record(few(lists, &mut named)));
                    continue;
                }
                _ => Part::Unknown,
            });
        }
        Said::Stated
    }
}

fn few(lists: impl Iterator<Item = ListId>, into: &mut [ListId; MOST_NAMED]) -> &[ListId] {
    let count = lists.zip(into.iter_mut()).map(|(list, place)| *place = list).count();
    &into[..count]
}

/// What the field `listed` settles. A stated list is whole: what it does not name is not so.
fn stated_listing(record: &impl Described, asked: Asked<'_>) -> Option<bool> {
    let mut vague = false;
    let mut yes = false;
    let said = record.each("listed", &mut |part| match part {
        Part::Listing(list, measure) if list == asked.list => match (measure, asked.measure) {
            (_, None) => yes = true,
            (Some(stated), Some(wanted)) => yes |= stated == wanted,
            (None, Some(_)) => vague = true,
        },
        Part::Unknown => vague = true,
        Part::Listing(..) | Part::Text(_) | Part::Record(_) => {}
    });
    if said != Said::Stated {
        return None;
    }
    match (yes, asked.entry) {
        // It is on the list; as which entry, the field does not say.
        (true, Some(_)) => None,
        (true, None) => Some(true),
        // A match that nobody has resolved is not resolved by an empty list beside it.
        (false, _) if names(record, "candidates", asked.list) != Some(false) => None,
        (false, _) => (!vague).then_some(false),
    }
}

/// Whether a field names the list, in any way; `None` when an unknown part of it may.
fn names(record: &impl Described, field: &str, list: ListId) -> Option<bool> {
    let mut named = false;
    let mut unknown = false;
    let said = record.each(field, &mut |part| match part {
        Part::Listing(known, _) => named |= known == list,
        Part::Record(lists) => {
            named |= lists.contains(&list);
            unknown |= lists.is_empty();
        }
        Part::Text(_) | Part::Unknown => unknown = true,
    });
    match said {
        Said::Nothing => Some(false),
        Said::Unknown => None,
        Said::Stated if named => Some(true),
        Said::Stated => (!unknown).then_some(false),
    }
}

/// Whether something that could show who it is, is said not to be known.
fn is_vague(record: &impl Described) -> bool {
    ["id", "ids", "imo", "name"].into_iter().any(|field| {
        let mut vague = false;
        let said = record.each(field, &mut |part| vague |= matches!(part, Part::Unknown));
        vague || said == Said::Unknown
    })
}

/// Whether one of the ids of a record is so, or its `id`: what the host calls it may be what a list calls it.
fn some_name(record: &impl Described, mut is_so: impl FnMut(Id<'_>) -> bool) -> bool {
    let mut found = some_id(record, &mut is_so);
    record.each("id", &mut |part| {
        if let Part::Text(id) = part {
            found = found || is_so(Id { scheme: Some("ref"), value: id });
        }
    });
    found
}

/// Whether one of the ids of a record is so: of its `ids`, or its `imo`.
fn some_id(record: &impl Described, mut is_so: impl FnMut(Id<'_>) -> bool) -> bool {
    let mut found = false;
    record.each("ids", &mut |part| {
        if let Part::Text(id) = part {
            found = found || is_so(Id::of(id));
        }
    });
    record.each("imo", &mut |part| {
        if let Part::Text(number) = part {
            found = found || is_so(Id { scheme: Some("imo"), value: number });
        }
    });
    found
}

/// An id, with its scheme if it says one.
#[derive(Debug, Clone, Copy)]
struct Id<'a> {
    scheme: Option<&'a str>,
    value: &'a str,
}

impl<'a> Id<'a> {
    fn of(text: &'a str) -> Id<'a> {
        match text.split_once(':') {
            Some((scheme, value)) => Id { scheme: Some(scheme), value },
            None => Id { scheme: None, value: text },
        }
    }

    /// One form for ids that differ in case and spaces only; an id without a scheme is `:value`. Short ones are put
    /// together without allocating.
    fn with_key<T>(self, then: impl FnOnce(&str) -> T) -> T {
        let scheme = self.scheme.unwrap_or("");
        let mut short = [0u8; 64];
        let mut at = 0;
        let ascii = |text: &str| text.is_ascii();
        if scheme.len() + self.value.len() < short.len() && ascii(scheme) && ascii(self.value) {
            for byte in scheme.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != 0x0b) {
                short[at] = byte.to_ascii_lowercase();
                at += 1;
            }
            short[at] = b':';
            at += 1;
            for byte in self.value.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != 0x0b) {
                short[at] = byte.to_ascii_lowercase();
                at += 1;
            }
            return then(std::str::from_utf8(&short[..at]).expect("ASCII is UTF-8"));
        }
        then(&format!("{}:{}", plain(scheme), plain(self.value)))
    }
}

impl std::fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.scheme {
            Some(scheme) => write!(f, "{scheme}:{}", self.value),
            None => f.write_str(self.value),
        }
    }
}

/// One form for ids that differ in case and spaces only; an id without a scheme is `:value`.
fn key(id: &str) -> String {
    Id::of(id).with_key(str::to_owned)
}

/// Whether a stated id, with its scheme or without, has that value.
pub(crate) fn has_value(id: &str, value: &str) -> bool {
    plain_letters(Id::of(id).value).eq(plain_letters(value))
}

/// A text without spaces, in small letters.
pub(crate) fn plain(text: &str) -> String {
    plain_letters(text).collect()
}

/// Whether two names of somebody are one: numbers with a scheme may differ in case and spaces.
pub(crate) fn is_one_name(one: &str, other: &str) -> bool {
    one == other || one.contains(':') && other.contains(':') && plain_letters(one).eq(plain_letters(other))
}

fn plain_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase)
}

/// Whether a text has that plain form.
fn is_plainly(text: &str, form: &str) -> bool {
    plain_letters(text).eq(form.chars())
}

/// One form for names that differ in case, spaces and punctuation only.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Bytes as they are written in a digest.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
