//! Any `Serialize` value → [`Raw`].

use std::collections::HashSet;
use std::fmt;

use serde::ser::{self, Serialize};

use crate::value::Raw;
use crate::value::raw::DEEPEST;

use super::error::FactsError;

/// Turns a host's own type into the form in which facts are stated.
///
/// `None` and `()` are unknown, a variant of an enum without content is its
/// name, newtypes are what they hold. The result is what reading the value's
/// JSON would give.
///
/// # Errors
///
/// Floating-point numbers, bytes, variants with content, map keys that are not
/// text, and more than 64 levels of nesting. The error names the field.
pub fn to_raw<T: Serialize + ?Sized>(value: &T) -> Result<Raw, FactsError> {
    value.serialize(ToRaw { depth: 0 }).map_err(|unfit| {
        let path: String = unfit.way.iter().rev().map(String::as_str).collect();
        FactsError::one(path.trim_start_matches('.'), unfit.message).with_help(unfit.help)
    })
}

/// What cannot be a fact, and the way back from it to the top.
#[derive(Debug)]
struct Unfit {
    way: Vec<String>,
    message: String,
    help: Option<String>,
}

impl Unfit {
    fn new(message: impl Into<String>) -> Unfit {
        Unfit { way: Vec::new(), message: message.into(), help: None }
    }

    fn under(mut self, name: &str) -> Unfit {
        self.way.push(format!(".{name}"));
        self
    }

    fn at(mut self, at: usize) -> Unfit {
        self.way.push(format!("[{at}]"));
        self
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Unfit {
        Unfit::new(message.to_string())
    }
}

#[derive(Clone, Copy)]
struct ToRaw {
    depth: usize,
}

impl ToRaw {
    fn deeper(self) -> Result<ToRaw, Unfit> {
        if self.depth == DEEPEST {
            return Err(Unfit::new(format!("nested deeper than {DEEPEST} levels")));
        }
        Ok(ToRaw { depth: self.depth + 1 })
    }

    fn float(self, float: f64) -> Result<Raw, Unfit> {
        let mut unfit = Unfit::new(format!("{float} is a floating-point number, which is not exact"));
        unfit.help = Some("write an amount as text with its unit, such as \"2.5 t\"".to_owned());
        Err(unfit)
    }

    fn content(self, variant: &str) -> Unfit {
        Unfit::new(format!("the enum variant `{variant}` has content; only variants without content are names"))
    }
}

impl ser::Serializer for ToRaw {
    type Ok = Raw;
    type Error = Unfit;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = ser::Impossible<Raw, Unfit>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = ser::Impossible<Raw, Unfit>;

    fn serialize_bool(self, yes: bool) -> Result<Raw, Unfit> {
        Ok(Raw::Bool(yes))
    }

    fn serialize_i8(self, whole: i8) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_i16(self, whole: i16) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_i32(self, whole: i32) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_i64(self, whole: i64) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_i128(self, whole: i128) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_u8(self, whole: u8) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_u16(self, whole: u16) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_u32(self, whole: u32) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_u64(self, whole: u64) -> Result<Raw, Unfit> {
        Ok(whole.into())
    }

    fn serialize_u128(self, whole: u128) -> Result<Raw, Unfit> {
        i128::try_from(whole).map(Raw::Whole).map_err(|_| Unfit::new(format!("the number {whole} is too large")))
    }

    fn serialize_f32(self, float: f32) -> Result<Raw, Unfit> {
        self.float(float.into())
    }

    fn serialize_f64(self, float: f64) -> Result<Raw, Unfit> {
        self.float(float)
    }

    fn serialize_char(self, char: char) -> Result<Raw, Unfit> {
        Ok(Raw::Text(char.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Raw, Unfit> {
        Ok(text.into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Raw, Unfit> {
        Err(Unfit::new("bytes are no fact"))
    }

    fn serialize_none(self) -> Result<Raw, Unfit> {
        Ok(Raw::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Raw, Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Raw, Unfit> {
        Ok(Raw::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Raw, Unfit> {
        Ok(Raw::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Raw, Unfit> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Raw, Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<Raw, Unfit> {
        Err(self.content(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unfit> {
        Ok(Items { inner: self.deeper()?, items: Vec::new() })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Unfit> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Unfit> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        Err(self.content(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Unfit> {
        Ok(Entries { inner: self.deeper()?, name: None, seen: HashSet::new(), entries: Vec::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, Unfit> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unfit> {
        Err(self.content(variant))
    }
}

struct Items {
    inner: ToRaw,
    items: Vec<Raw>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.items.push(value.serialize(self.inner).map_err(|unfit| unfit.at(self.items.len()))?);
        Ok(())
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Raw;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Raw, Unfit> {
        Ok(Raw::List(self.items))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Raw;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Raw, Unfit> {
        Ok(Raw::List(self.items))
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Raw;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Raw, Unfit> {
        Ok(Raw::List(self.items))
    }
}

struct Entries {
    inner: ToRaw,
    name: Option<String>,
    seen: HashSet<String>,
    entries: Vec<(String, Raw)>,
}

impl Entries {
    fn push<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Unfit> {
        if !self.seen.insert(name.clone()) {
            return Err(Unfit::new(format!("`{}` is stated twice", name.escape_debug())).under(&name));
        }
        let value = value.serialize(self.inner).map_err(|unfit| unfit.under(&name))?;
        self.entries.push((name, value));
        Ok(())
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Raw;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        match key.serialize(self.inner)? {
            Raw::Text(name) => {
                self.name = Some(name);
                Ok(())
            }
            _ => Err(Unfit::new("the keys of a map are names of facts, so they are text")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let name = self.name.take().ok_or_else(|| Unfit::new("a value of a map came before its key"))?;
        self.push(name, value)
    }

    fn end(self) -> Result<Raw, Unfit> {
        Ok(Raw::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Raw;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unfit> {
        self.push(name.to_owned(), value)
    }

    fn end(self) -> Result<Raw, Unfit> {
        Ok(Raw::Map(self.entries))
    }
}
