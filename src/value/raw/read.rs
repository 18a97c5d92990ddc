//! Any serde format → [`Raw`].

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{DEEPEST, Raw};

/// What was not readable, and the way to it: `parties[0].share`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub path: String,
    pub message: String,
    pub help: Option<String>,
}

/// Reads one value. When the text holds something that a fact cannot be, that
/// is left in `refused`, and the error of the format says the same.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D, refused: &mut Option<Refused>) -> Result<Raw, D::Error> {
    Reader { way: &Way::Top, depth: 0, refused }.deserialize(deserializer)
}

/// The way from the top to a value, `parties[0].nationality`; it lives on the stack of whoever walks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way<'a> {
    Top,
    Name(&'a Way<'a>, &'a str),
    At(&'a Way<'a>, usize),
}

impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Top => Ok(()),
            Way::Name(Way::Top, name) => f.write_str(name),
            Way::Name(before, name) => write!(f, "{before}.{name}"),
            Way::At(before, at) => write!(f, "{before}[{at}]"),
        }
    }
}

struct Reader<'a> {
    way: &'a Way<'a>,
    depth: usize,
    refused: &'a mut Option<Refused>,
}

impl Reader<'_> {
    fn refuse<E: Error>(self, message: String, help: Option<&str>) -> E {
        let path = self.way.to_string();
        let error = match (path.as_str(), help) {
            ("", None) => E::custom(&message),
            ("", Some(help)) => E::custom(format_args!("{message}; {help}")),
            (_, None) => E::custom(format_args!("`{path}`: {message}")),
            (_, Some(help)) => E::custom(format_args!("`{path}`: {message}; {help}")),
        };
        *self.refused = Some(Refused { path, message, help: help.map(str::to_owned) });
        error
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(self.refuse(format!("nested deeper than {DEEPEST} levels"), None));
        }
        Ok(Reader { depth: self.depth + 1, ..self })
    }
}

/// How serde_json hands over numbers when some other crate turned its
/// `arbitrary_precision` on.
const NUMBER: &str = "$serde_json::private::Number";

const WRITE_AMOUNTS: &str = "write an amount as text with its unit, such as \"2.5 t\"";

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Raw;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fact: text, a whole number, true or false, null, a list or a map")
    }

    fn visit_unit<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(yes))
    }

    fn visit_i64<E: Error>(self, whole: i64) -> Result<Raw, E> {
        Ok(Raw::Whole(whole.into()))
    }

    fn visit_u64<E: Error>(self, whole: u64) -> Result<Raw, E> {
        Ok(Raw::Whole(whole.into()))
    }

    fn visit_i128<E: Error>(self, whole: i128) -> Result<Raw, E> {
        Ok(Raw::Whole(whole))
    }

    fn visit_u128<E: Error>(self, whole: u128) -> Result<Raw, E> {
        match i128::try_from(whole) {
            Ok(whole) => Ok(Raw::Whole(whole)),
            Err(_) => Err(self.refuse(format!("the number {whole} is too large"), None)),
        }
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Raw, E> {
        Err(self.refuse(format!("{float} is a floating-point number, which is not exact"), Some(WRITE_AMOUNTS)))
    }

    fn visit_char<E: Error>(self, char: char) -> Result<Raw, E> {
        Ok(Raw::Text(char.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<Raw, E> {
        Err(self.refuse("bytes are no fact".to_owned(), None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let Reader { way, depth, refused } = self.deeper()?;
        let mut items = Vec::new();
        loop {
            let way = Way::At(way, items.len());
            match seq.next_element_seed(Reader { way: &way, depth, refused: &mut *refused })? {
                Some(item) => items.push(item),
                None => return Ok(Raw::List(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let Reader { way: outer, depth, refused } = self.deeper()?;
        let mut entries: Vec<(String, Raw)> = Vec::new();
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let way = Way::Name(outer, &name);
            let reader = Reader { way: &way, depth, refused: &mut *refused };
            if name == NUMBER {
                return number(map.next_value()?, Reader { way: outer, depth, refused });
            }
            if !seen.insert(name.clone()) {
                return Err(reader.refuse(format!("`{}` is stated twice", name.escape_debug()), None));
            }
            let value = map.next_value_seed(reader)?;
            entries.push((name, value));
        }
        Ok(Raw::Map(entries))
    }
}

fn number<E: Error>(digits: String, reader: Reader<'_>) -> Result<Raw, E> {
    match digits.parse() {
        Ok(whole) => Ok(Raw::Whole(whole)),
        Err(_) => Err(reader.refuse(format!("{digits} is no whole number"), Some(WRITE_AMOUNTS))),
    }
}
