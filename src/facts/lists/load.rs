//! Snapshots from serde, and back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::facts::bind::{IMO, imo_number};
use crate::value::Date;

use super::{Entry, Lists, Snapshot, key, letters, plain};

/// Why a list was not loaded. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("list `{list}`{}: {message}", .entry.as_ref().map_or(String::new(), |entry| format!(", entry `{entry}`")))]
pub struct ListsError {
    list: String,
    entry: Option<String>,
    message: String,
}

impl ListsError {
    pub(crate) fn new(list: &str, entry: Option<&str>, message: String) -> ListsError {
        ListsError { list: list.to_owned(), entry: entry.map(str::to_owned), message }
    }

    /// The name of the list; empty when the text was no list at all.
    pub fn list(&self) -> &str {
        &self.list
    }

    /// The reference of the entry with the fault, or its position (`#3`) when it has none.
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The shape of a snapshot in JSON, and what other formats are first read into. Days are text until they are
/// checked, so that a wrong one is reported with its entry.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub list: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted: Option<Days>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schemes: BTreeMap<String, BTreeSet<String>>,
    pub entries: Vec<DraftEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    pub from: String,
    pub through: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftEntry {
    #[serde(default)]
    pub reference: String,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<DraftId>,
    pub listed_on: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delisted_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<BTreeSet<String>>,
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftId {
    pub scheme: String,
    pub value: String,
}

impl Snapshot {
    /// Reads a list from JSON text.
    ///
    /// # Errors
    ///
    /// When the text is no JSON of that shape, or an entry has a fault.
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Snapshot, ListsError> {
        let draft: Draft =
            serde_json::from_str(text).map_err(|error| ListsError::new("", None, format!("not readable: {error}")))?;
        checked(draft)
    }

    /// The snapshot as JSON text with a line for each entry, so that two versions can be compared line by line.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> String {
        fn json(value: &impl Serialize) -> String {
            serde_json::to_string(value).expect("plain data with text keys has a JSON form")
        }
        let Draft { list, trusted, schemes, entries } = self.draft();
        let mut out = format!("{{ \"list\": {}", json(&list));
        if let Some(days) = trusted {
            out += &format!(",\n  \"trusted\": {}", json(&days));
        }
        if !schemes.is_empty() {
            out += &format!(",\n  \"schemes\": {}", json(&schemes));
        }
        let entries: Vec<String> = entries.iter().map(|entry| format!("\n    {}", json(entry))).collect();
        out + &format!(",\n  \"entries\": [{} ] }}\n", entries.join(","))
    }
}

/// The snapshot, or what is wrong with it.
pub(crate) fn checked(draft: Draft) -> Result<Snapshot, ListsError> {
    let list = draft.list;
    let refuse = |entry: Option<&str>, message: String| ListsError::new(&list, entry, message);
    let day = |entry: Option<&str>, field: &str, text: &str| {
        Date::parse(text).ok_or_else(|| refuse(entry, format!("`{field}` is no date such as 2023-09-13: `{text}`")))
    };

    if list.is_empty() {
        return Err(refuse(None, "the list has no name".to_owned()));
    }
    let span = |days: &Days| Ok((day(None, "trusted.from", &days.from)?, day(None, "trusted.through", &days.through)?));
    let trusted = draft.trusted.as_ref().map(span).transpose()?;
    if let Some((from, through)) = trusted.filter(|(from, through)| through < from) {
        return Err(refuse(None, format!("trusted from {from} but through {through}")));
    }
    let schemes: BTreeMap<String, BTreeSet<String>> = draft
        .schemes
        .into_iter()
        .map(|(kind, schemes)| (kind, schemes.iter().map(|scheme| plain(scheme)).collect()))
        .collect();

    let mut entries = Vec::new();
    let mut references = BTreeSet::new();
    for (draft, at) in draft.entries.into_iter().zip(1..) {
        let name = if draft.reference.is_empty() { format!("#{at}") } else { draft.reference.clone() };
        let refuse = |message: String| Err(refuse(Some(&name), message));
        if draft.reference.is_empty() {
            return refuse("the entry has no `reference`".to_owned());
        }
        if !references.insert(draft.reference.clone()) {
            return refuse("two entries have this reference".to_owned());
        }
        let listed_on = day(Some(&name), "listed_on", &draft.listed_on)?;
        let delisted_on = draft.delisted_on.map(|text| day(Some(&name), "delisted_on", &text)).transpose()?;
        if delisted_on.is_some_and(|gone| gone < listed_on) {
            return refuse("delisted before it was listed".to_owned());
        }
        let mut ids = Vec::new();
        for DraftId { scheme, mut value } in draft.ids {
            let scheme = plain(&scheme);
            if scheme.is_empty() || scheme.contains(':') || value.trim().is_empty() {
                return refuse(format!("an id needs a scheme and a value: `{scheme}`, `{value}`"));
            }
            if scheme == "imo" {
                value = match imo_number(&value) {
                    Some(number) => number.to_owned(),
                    None => return refuse(format!("`{value}` is no IMO number: {IMO}")),
                };
            }
            ids.push((scheme, value));
        }
        let lacking =
            schemes.get(&draft.kind).into_iter().flatten().find(|scheme| ids.iter().all(|(s, _)| s != *scheme));
        if let Some(scheme) = lacking {
            let kind = &draft.kind;
            return refuse(format!("the entry has no id of scheme `{scheme}`, which every `{kind}` is said to carry"));
        }
        let DraftEntry { reference, kind, names, measures, .. } = draft;
        entries.push(Entry { reference, kind, names, ids, listed_on, delisted_on, measures });
    }

    let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let keys = entry.ids.iter().flat_map(|(scheme, value)| [format!("{scheme}:{value}"), format!(":{value}")]);
        let keys = keys.chain([format!("ref:{}", entry.reference), format!(":{}", entry.reference)]);
        for id in keys.map(|id| key(&id)).collect::<BTreeSet<_>>() {
            index.entry(id).or_default().push(at);
        }
    }
    let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let known = entry.names.iter().map(|name| letters(name)).filter(|name| !name.is_empty());
        for name in known.collect::<BTreeSet<_>>() {
            names.entry(name).or_default().push(at);
        }
    }
    Ok(Snapshot { list, trusted, schemes, entries, index, names })
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Snapshot, D::Error> {
        checked(Draft::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Snapshot {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.draft().serialize(serializer)
    }
}

impl Snapshot {
    fn draft(&self) -> Draft {
        let id = |(scheme, value): &(String, String)| DraftId { scheme: scheme.clone(), value: value.clone() };
        let entry = |entry: &Entry| DraftEntry {
            reference: entry.reference.clone(),
            kind: entry.kind.clone(),
            names: entry.names.clone(),
            ids: entry.ids.iter().map(id).collect(),
            listed_on: entry.listed_on.to_string(),
            delisted_on: entry.delisted_on.map(|day| day.to_string()),
            measures: entry.measures.clone(),
        };
        Draft {
            list: self.list.clone(),
            trusted: self.trusted.map(|(from, through)| Days { from: from.to_string(), through: through.to_string() }),
            schemes: self.schemes.clone(),
            entries: self.entries.iter().map(entry).collect(),
        }
    }
}

/// A list of snapshots.
impl<'de> Deserialize<'de> for Lists {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Lists, D::Error> {
        let all = Vec::<Snapshot>::deserialize(deserializer)?;
        all.into_iter().try_fold(Lists::new(), Lists::with).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Lists {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
