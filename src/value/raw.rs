//! What a host says, before the schema gives it a type.

mod read;

pub(crate) use read::{Way, read};

use super::{Date, Decimal};

/// Deepest nesting of lists and maps that is read, in levels.
pub(crate) const DEEPEST: usize = 64;

/// An untyped value: the common shape of JSON, of any `Serialize` struct and
/// of the facts in a `scenario`.
///
/// `Null` is *unknown*, as JSON's `null` and Rust's `None` are. Floating-point
/// numbers do not occur: amounts are text (`"2.5 t"`) or whole numbers, and a
/// float that is read is an error.
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
    /// How many values it states.
    #[cfg(any(test, feature = "proptest"))]
    pub(crate) fn size(&self) -> usize {
        match self {
            Raw::Null | Raw::Bool(_) | Raw::Whole(_) | Raw::Text(_) => 1,
            Raw::List(items) => 1 + items.iter().map(Raw::size).sum::<usize>(),
            Raw::Map(entries) => entries.iter().map(|(_, value)| value.size()).sum(),
        }
    }

    /// The value under a name, of a map.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        match self {
            Raw::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// True when lists and maps nest at most this many levels deep.
    pub(crate) fn is_within(&self, levels: usize) -> bool {
        match self {
            Raw::Null | Raw::Bool(_) | Raw::Whole(_) | Raw::Text(_) => true,
            Raw::List(items) => levels > 0 && items.iter().all(|item| item.is_within(levels - 1)),
            Raw::Map(entries) => levels > 0 && entries.iter().all(|(_, value)| value.is_within(levels - 1)),
        }
    }
}

impl From<bool> for Raw {
    fn from(yes: bool) -> Raw {
        Raw::Bool(yes)
    }
}

impl From<&str> for Raw {
    fn from(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }
}

impl From<String> for Raw {
    fn from(text: String) -> Raw {
        Raw::Text(text)
    }
}

impl From<&String> for Raw {
    fn from(text: &String) -> Raw {
        Raw::Text(text.clone())
    }
}

impl From<Date> for Raw {
    fn from(date: Date) -> Raw {
        Raw::Text(date.to_string())
    }
}

macro_rules! whole {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Raw {
            fn from(whole: $integer) -> Raw {
                Raw::Whole(whole as i128)
            }
        }
    )*};
}

whole!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 usize);

/// An amount and its unit or currency: `(Decimal::new(25, 1), "t")` is `"2.5 t"`.
impl<N: Into<Decimal>> From<(N, &str)> for Raw {
    fn from((amount, unit): (N, &str)) -> Raw {
        Raw::Text(format!("{} {unit}", amount.into()))
    }
}

/// `None` is unknown.
impl<T: Into<Raw>> From<Option<T>> for Raw {
    fn from(value: Option<T>) -> Raw {
        value.map_or(Raw::Null, Into::into)
    }
}

impl<T: Into<Raw>> From<Vec<T>> for Raw {
    fn from(items: Vec<T>) -> Raw {
        Raw::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Raw>, const N: usize> From<[T; N]> for Raw {
    fn from(items: [T; N]) -> Raw {
        Raw::List(items.into_iter().map(Into::into).collect())
    }
}

impl serde::Serialize for Raw {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Not `serialize_unit`: formats without a null, such as TOML, leave a `None` out.
            Raw::Null => serializer.serialize_none(),
            Raw::Bool(yes) => serializer.serialize_bool(*yes),
            Raw::Whole(whole) => match (i64::try_from(*whole), u64::try_from(*whole)) {
                (Ok(small), _) => serializer.serialize_i64(small),
                (_, Ok(small)) => serializer.serialize_u64(small),
                _ => serializer.serialize_i128(*whole),
            },
            Raw::Text(text) => serializer.serialize_str(text),
            Raw::List(items) => serializer.collect_seq(items),
            Raw::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Raw {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        read(deserializer, &mut None)
    }
}
