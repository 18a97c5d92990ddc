//! What a host says, before the schema gives it a type.

/// An untyped value: the common shape of JSON, of any `Serialize` struct and
/// of the facts in a `scenario`.
///
/// `Null` is *unknown*, as JSON's `null` and Rust's `None` are. Floating-point
/// numbers do not occur: amounts are text (`"2.5 t"`) or whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// Nobody said.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Whole(i128),
    /// Text: a name, a date, a code, an amount with its unit.
    Text(String),
    /// Several values.
    List(Vec<Raw>),
    /// Named values, in the order they were stated; a name occurs once.
    Map(Vec<(String, Raw)>),
}

impl Raw {
    /// The value under a name, of a map.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        match self {
            Raw::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}
