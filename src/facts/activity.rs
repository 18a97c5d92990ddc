//! What a host asks about.

use serde::{Deserialize, Serialize};

use crate::value::{Raw, raw};

use super::error::FactsError;
use super::serialize::to_raw;

/// An activity, or a record in one: facts by the names that the policy's
/// schema gives them.
///
/// Nothing is checked here; a name or value that the schema does not have is
/// an error of the decision. What is not set, and what is set to `None`, is
/// unknown. *There is none* is said aloud: `"none"`, or `[]` of a list.
///
/// ```
/// use interdict::{Activity, Raw};
///
/// let activity = Activity::new()
///     .set("date", "2023-09-13")
///     .set("actor_state", "RU")
///     .set("action", "supply")
///     .set("item", "none")
///     .set("quantity", (10_000, "bbl"))
///     .set("purpose", None::<&str>)
///     .party(Activity::new().set("role", "counterparty").set("nationality", ["KP"]));
///
/// assert_eq!(activity.raw().get("purpose"), Some(&Raw::Null));
/// assert_eq!(activity.raw().get("quantity"), Some(&Raw::Text("10000 bbl".into())));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    // INVARIANT: a `Raw::Map` that does not name anything twice.
    facts: Raw,
}

impl Activity {
    /// An activity of which nothing is known.
    pub fn new() -> Activity {
        Activity { facts: Raw::Map(Vec::new()) }
    }

    /// States a fact, or states it anew.
    pub fn set(mut self, name: &str, value: impl Into<Raw>) -> Activity {
        self.put(name, value.into());
        self
    }

    /// Adds one of the `parties`.
    pub fn party(self, party: Activity) -> Activity {
        self.add("parties", party)
    }

    /// Adds one of the `vessels`.
    pub fn vessel(self, vessel: Activity) -> Activity {
        self.add("vessels", vessel)
    }

    /// Adds a line of the consignment: what differs in it from the whole.
    pub fn line(self, line: Activity) -> Activity {
        self.add("lines", line)
    }

    /// Adds an act that is relied on: its `kind`, `by`, `under`, `on` and `covers`.
    pub fn act(self, act: Activity) -> Activity {
        self.add("acts", act)
    }

    /// Adds to a list of records or values.
    pub fn add(mut self, name: &str, value: impl Into<Raw>) -> Activity {
        let value = value.into();
        match self.slot(name) {
            Some(Raw::List(items)) => items.push(value),
            Some(slot @ Raw::Null) => *slot = Raw::List(vec![value]),
            Some(single) => {
                let before = std::mem::replace(single, Raw::Null);
                *single = Raw::List(vec![before, value]);
            }
            None => self.put(name, Raw::List(vec![value])),
        }
        self
    }

    /// Says what the quota of an exception carries already.
    pub fn used(self, exception: &str, amount: impl Into<Raw>) -> Activity {
        self.put_in("used", exception, amount.into())
    }

    /// Says which level limits the quota of an exception.
    pub fn level(self, exception: &str, amount: impl Into<Raw>) -> Activity {
        self.put_in("levels", exception, amount.into())
    }

    /// Takes a side in a dispute on what the text means; `None` takes none.
    pub fn reading(self, name: &str, yes: impl Into<Option<bool>>) -> Activity {
        self.put_in("readings", name, yes.into().into())
    }

    /// Asks on the facts stated: what nobody stated does not apply.
    pub fn complete(self) -> Activity {
        self.set("complete", true)
    }

    /// Takes the facts from a host's own type; see [`to_raw`].
    ///
    /// # Errors
    ///
    /// When the value is no struct or map, or holds something that cannot be a fact.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Activity, FactsError> {
        Activity::from_raw(to_raw(value)?)
    }

    /// Takes facts that have the untyped form already.
    ///
    /// # Errors
    ///
    /// When it is no map, or states a fact twice.
    pub fn from_raw(raw: Raw) -> Result<Activity, FactsError> {
        match raw {
            Raw::Map(entries) => {
                // A map that was built by hand may name something twice.
                let mut names = std::collections::HashSet::new();
                match entries.iter().find(|(name, _)| !names.insert(name.as_str())) {
                    Some((name, _)) => Err(FactsError::one(name, "this is stated twice")),
                    None => Ok(Activity { facts: Raw::Map(entries) }),
                }
            }
            _ => Err(FactsError::one("", "an activity is a map of facts")),
        }
    }

    /// Reads an activity from JSON text.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, no object, names something twice, or holds a
    /// number that is not whole.
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Activity, FactsError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let mut refused = None;
        let read = raw::read(&mut json, &mut refused).and_then(|facts| json.end().map(|()| facts));
        match (read, refused) {
            (Ok(facts), _) => Activity::from_raw(facts),
            (Err(_), Some(refused)) => Err(FactsError::one(refused.path, refused.message).with_help(refused.help)),
            (Err(error), None) => Err(FactsError::one("", format!("not readable as JSON: {error}"))),
        }
    }

    /// Leaves out facts one by one, but for these, as long as what is left still shows what it is to show.
    pub(crate) fn without_needless(mut self, but: &[&str], shows: &dyn Fn(&Activity) -> bool) -> Activity {
        let Raw::Map(entries) = &self.facts else { return self };
        let names: Vec<String> = entries.iter().map(|(name, _)| name.clone()).collect();
        for name in names.iter().filter(|name| !but.contains(&name.as_str())) {
            let Raw::Map(mut entries) = self.facts.clone() else { continue };
            entries.retain(|(known, _)| known != name);
            let smaller = Activity { facts: Raw::Map(entries) };
            if shows(&smaller) {
                self = smaller;
            }
        }
        self
    }

    /// The facts as they were stated; always a map.
    pub fn raw(&self) -> &Raw {
        &self.facts
    }

    fn entries(&mut self) -> &mut Vec<(String, Raw)> {
        match &mut self.facts {
            Raw::Map(entries) => entries,
            _ => unreachable!("an activity is made of a map only"),
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Raw> {
        self.entries().iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn put(&mut self, name: &str, value: Raw) {
        match self.slot(name) {
            Some(slot) => *slot = value,
            None => self.entries().push((name.to_owned(), value)),
        }
    }

    fn put_in(mut self, map: &str, name: &str, value: Raw) -> Activity {
        let inner = match self.slot(map) {
            Some(Raw::Map(entries)) => Raw::Map(std::mem::take(entries)),
            _ => Raw::Map(Vec::new()),
        };
        let mut inner = Activity { facts: inner };
        inner.put(name, value);
        self.put(map, inner.facts);
        self
    }
}

impl Default for Activity {
    fn default() -> Activity {
        Activity::new()
    }
}

impl From<Activity> for Raw {
    fn from(activity: Activity) -> Raw {
        activity.facts
    }
}

impl Serialize for Activity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.facts.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Activity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Activity, D::Error> {
        let facts = raw::read(deserializer, &mut None)?;
        Activity::from_raw(facts).map_err(serde::de::Error::custom)
    }
}
