//! Single values, lists, and the few things of an activity that are no fields.

use std::fmt::{Display, Write};

use serde::ser::{self, Impossible, Serialize};

use crate::check::program::{Field, Type};
use crate::facts::tape::{Cell, Measure, Span, Width};
use crate::value::{Date, Decimal, Unit};

use super::lexicon::{amount, unit};
use super::record::{Fields, Target, yes_no};
use super::{Coder, Done, Meaning, TheLongWay, refuse};

/// Writes what is stated of one field, or of one element of its list.
pub(super) struct Writer<'c, 'a> {
    pub coder: &'c mut Coder,
    pub meaning: Meaning<'a>,
    pub declared: &'a Field,
    pub element: bool,
}

impl<'c, 'a> Writer<'c, 'a> {
    /// A single value of a field that holds many is a list of one.
    fn single(self, cell: Cell) -> Done<Cell> {
        if self.element || !self.declared.many {
            return Ok(cell);
        }
        Ok(Cell::List(self.coder.tape.add_list(&[cell])))
    }

    /// A word that is no short name of a term.
    #[inline(never)]
    fn word(self, text: &str) -> Done<Cell> {
        match self.declared.ty {
            Type::Term(_) | Type::Root(_) | Type::Hs | Type::Date | Type::YesNo => self.text(text),
            Type::Text => self.stored(text),
            Type::Quantity | Type::Money | Type::Reference(_) | Type::Listing | Type::Record(_) => match text {
                "unknown" | "none" => self.text(text),
                _ => self.stored(text),
            },
        }
    }

    #[inline]
    fn text(self, text: &str) -> Done<Cell> {
        let ty = self.declared.ty;
        if ty != Type::Text {
            match text {
                "unknown" => return Ok(Cell::Unknown),
                "none" if self.element || self.declared.required => return Err(TheLongWay),
                "none" if self.declared.many => return Ok(Cell::List(self.coder.tape.add_list(&[]))),
                "none" => return Ok(Cell::None),
                _ => {}
            }
        }
        let cell = self.value(ty, text)?;
        self.single(cell)
    }

    #[inline]
    fn value(&self, ty: Type, text: &str) -> Done<Cell> {
        let schema = &self.meaning.program.schema;
        match ty {
            Type::Term(taxonomy) => self.meaning.lexicon.term(schema, taxonomy, text).map(Cell::Term).ok_or(TheLongWay),
            Type::Root(taxonomy) => {
                let term = self.meaning.lexicon.term(schema, taxonomy, text).ok_or(TheLongWay)?;
                let is_root = schema.taxonomies[taxonomy.at()].terms[term as usize].parent.is_none();
                if is_root { Ok(Cell::Term(term)) } else { Err(TheLongWay) }
            }
            Type::Hs => {
                let digits = matches!(text.len(), 2 | 4 | 6 | 8 | 10) && text.bytes().all(|b| b.is_ascii_digit());
                if !digits {
                    return Err(TheLongWay);
                }
                let width = Width::below(text.len());
                let prefix: u64 = text.parse().map_err(|_| TheLongWay)?;
                Ok(Cell::Codes(prefix * width.codes(), width))
            }
            Type::Date => Date::parse(text).map(Cell::Day).ok_or(TheLongWay),
            Type::YesNo => yes_no(text).map(Cell::YesNo).ok_or(TheLongWay),
            Type::Text | Type::Quantity | Type::Money | Type::Reference(_) | Type::Listing | Type::Record(_) => {
                Err(TheLongWay)
            }
        }
    }

    /// What needs a place beside the cells.
    fn stored(self, text: &str) -> Done<Cell> {
        let schema = &self.meaning.program.schema;
        let cell = match self.declared.ty {
            Type::Text => {
                // The check digit of an IMO number is looked at more closely.
                let imo = text.split_once(':').is_some_and(|(scheme, _)| scheme.trim().eq_ignore_ascii_case("imo"));
                let number = (self.declared.name == "imo").then(|| crate::facts::bind::imo_number(text));
                let text = match number {
                    Some(number) => number.ok_or(TheLongWay)?,
                    None if imo => return Err(TheLongWay),
                    None => text,
                };
                let text = self.coder.tape.add_text(text);
                if self.declared.name == "id" {
                    self.coder.ids.push(text);
                }
                Cell::Text(text)
            }
            ty @ (Type::Quantity | Type::Money) => {
                if self.declared.many {
                    return Err(TheLongWay);
                }
                let (number, name) = text.split_once(' ').ok_or(TheLongWay)?;
                let unit = unit(schema, ty, name).ok_or(TheLongWay)?;
                let amount = amount(unit, number).ok_or(TheLongWay)?;
                Cell::Amounts(self.coder.tape.add_amounts([amount]))
            }
            Type::Reference(taxonomy) => {
                let terms = &schema.taxonomies[taxonomy.at()].terms;
                match self.meaning.lexicon.term(schema, taxonomy, text) {
                    Some(term) if terms[term as usize].parent.is_none() => Cell::Country(term),
                    Some(_) => return Err(TheLongWay),
                    None => {
                        // A misspelt country must not become a person whom no rule names.
                        let code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
                        let suspicious = code
                            || text.trim() != text
                            || text.is_empty()
                            || text.contains(':')
                            || terms.iter().any(|term| term.parent.is_none() && term.name.eq_ignore_ascii_case(text));
                        if suspicious {
                            return Err(TheLongWay);
                        }
                        let name = self.coder.tape.add_text(text);
                        if crate::facts::bind::is_whose(&self.declared.name) {
                            self.coder.whose.push(name);
                        }
                        Cell::Name(name)
                    }
                }
            }
            Type::Listing => {
                let (list, measure) =
                    text.split_once('/').map_or((text, None), |(list, measure)| (list, Some(measure)));
                let id = schema.lists.iter().position(|known| known.name == list).ok_or(TheLongWay)?;
                let measure = match measure {
                    None => None,
                    Some(measure) => {
                        let at = schema.lists[id].measures.iter().position(|known| known == measure);
                        Some(at.ok_or(TheLongWay)? as u32)
                    }
                };
                Cell::Listing(crate::check::program::ListId(id as u32), Measure::of(measure))
            }
            _ => return Err(TheLongWay),
        };
        self.single(cell)
    }

    fn open(self, name: Option<&'static str>) -> Done<Open<'c, 'a>> {
        if matches!(self.declared.ty, Type::Quantity | Type::Money) && !self.declared.many {
            let Writer { coder, meaning, declared, .. } = self;
            let from = coder.tape.amounts_len();
            return Ok(Open::Amounts { coder, meaning, ty: declared.ty, from, unit: None });
        }
        if self.declared.ty == Type::Text && self.declared.many && !self.element {
            let from = self.coder.stack.len();
            return Ok(Open::Ids { coder: self.coder, from, scheme: Span::default() });
        }
        let Type::Record(record) = self.declared.ty else { return Err(TheLongWay) };
        let fields = self.meaning.program.schema.records[record.at()].fields.len();
        let first = self.coder.tape.add_record(fields);
        let many = self.declared.many && !self.element;
        Ok(Open::Record { fields: Fields::new(self.coder, self.meaning, record, first, name), first, many })
    }
}

impl<'c, 'a> ser::Serializer for Writer<'c, 'a> {
    type Ok = Cell;
    type Error = TheLongWay;
    type SerializeSeq = Elements<'c, 'a>;
    type SerializeTuple = Elements<'c, 'a>;
    type SerializeTupleStruct = Elements<'c, 'a>;
    type SerializeTupleVariant = Impossible<Cell, TheLongWay>;
    type SerializeMap = Open<'c, 'a>;
    type SerializeStruct = Open<'c, 'a>;
    type SerializeStructVariant = Impossible<Cell, TheLongWay>;

    refuse!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64,
        serialize_bytes: &[u8]);

    fn serialize_bool(self, yes: bool) -> Done<Cell> {
        if self.declared.ty != Type::YesNo {
            return Err(TheLongWay);
        }
        self.single(Cell::YesNo(yes))
    }

    fn serialize_char(self, char: char) -> Done<Cell> {
        self.serialize_str(char.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Done<Cell> {
        if let Type::Term(taxonomy) = self.declared.ty
            && !self.declared.many
            && let Some(term) = self.meaning.lexicon.short_term(taxonomy, text)
        {
            return Ok(Cell::Term(term));
        }
        self.word(text)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done<Cell> {
        let mut scratch = std::mem::take(&mut self.coder.scratch);
        scratch.clear();
        let written = write!(scratch, "{value}");
        let Writer { coder, meaning, declared, element } = self;
        let cell = match written {
            Ok(()) => Writer { coder: &mut *coder, meaning, declared, element }.serialize_str(&scratch),
            Err(_) => Err(TheLongWay),
        };
        coder.scratch = scratch;
        cell
    }

    fn serialize_none(self) -> Done<Cell> {
        Ok(Cell::Unknown)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done<Cell> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done<Cell> {
        Ok(Cell::Unknown)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done<Cell> {
        Ok(Cell::Unknown)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done<Cell> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done<Cell> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done<Cell> {
        Err(TheLongWay)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Elements<'c, 'a>> {
        if self.element || !self.declared.many {
            return Err(TheLongWay);
        }
        let from = self.coder.stack.len();
        Ok(Elements { coder: self.coder, meaning: self.meaning, declared: self.declared, from })
    }

    fn serialize_tuple(self, _: usize) -> Done<Elements<'c, 'a>> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Done<Elements<'c, 'a>> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Done<Self::SerializeTupleVariant> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Open<'c, 'a>> {
        self.open(None)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Done<Open<'c, 'a>> {
        self.open(Some(name))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Done<Self::SerializeStructVariant> {
        Err(TheLongWay)
    }
}

/// A record that is being read, ids by their schemes, or amounts by their units.
pub(super) enum Open<'c, 'a> {
    Record { fields: Fields<'c, 'a>, first: u32, many: bool },
    Ids { coder: &'c mut Coder, from: usize, scheme: Span },
    Amounts { coder: &'c mut Coder, meaning: Meaning<'a>, ty: Type, from: usize, unit: Option<(Unit, Decimal)> },
}

impl Open<'_, '_> {
    fn cell(self) -> Done<Cell> {
        match self {
            Open::Record { fields, first, many } => {
                let coder = fields.finish()?;
                Ok(if many { Cell::List(coder.tape.add_list(&[Cell::Record(first)])) } else { Cell::Record(first) })
            }
            Open::Ids { coder, from, .. } => Ok(Cell::List(coder.close_list(from))),
            // An amount of which nothing is known.
            Open::Amounts { coder, from, .. } => {
                Ok(coder.tape.amounts_since(from).map_or(Cell::Unknown, Cell::Amounts))
            }
        }
    }
}

impl ser::SerializeStruct for Open<'_, '_> {
    type Ok = Cell;
    type Error = TheLongWay;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done<()> {
        match self {
            Open::Record { fields, .. } => ser::SerializeStruct::serialize_field(fields, name, value),
            Open::Ids { .. } | Open::Amounts { .. } => {
                ser::SerializeMap::serialize_key(self, name)?;
                ser::SerializeMap::serialize_value(self, value)
            }
        }
    }

    fn end(self) -> Done<Cell> {
        self.cell()
    }
}

impl ser::SerializeMap for Open<'_, '_> {
    type Ok = Cell;
    type Error = TheLongWay;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done<()> {
        match self {
            Open::Record { fields, .. } => ser::SerializeMap::serialize_key(fields, key),
            Open::Ids { coder, scheme, .. } => {
                let Text::Word = key.serialize(Words { coder })? else { return Err(TheLongWay) };
                let name = &coder.scratch;
                // An IMO number is looked at more closely.
                if name.is_empty() || name.contains(':') || name.trim().eq_ignore_ascii_case("imo") {
                    return Err(TheLongWay);
                }
                *scheme = coder.tape.add_text(name);
                Ok(())
            }
            Open::Amounts { coder, meaning, ty, unit: next, .. } => {
                let Text::Word = key.serialize(Words { coder })? else { return Err(TheLongWay) };
                *next = Some(unit(&meaning.program.schema, *ty, &coder.scratch).ok_or(TheLongWay)?);
                Ok(())
            }
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        match self {
            Open::Record { fields, .. } => ser::SerializeMap::serialize_value(fields, value),
            Open::Ids { coder, scheme, .. } => {
                let cell = match value.serialize(Words { coder })? {
                    Text::Word => {
                        let number = coder.tape.add_text(":");
                        let value = coder.tape.add_text(&coder.scratch);
                        Cell::Text(Span { from: scheme.from, len: scheme.len + number.len + value.len })
                    }
                    Text::Unknown => Cell::Unknown,
                    Text::Bool(_) | Text::Whole => return Err(TheLongWay),
                };
                coder.stack.push(cell);
                Ok(())
            }
            Open::Amounts { coder, from, unit, .. } => {
                let unit = unit.take().ok_or(TheLongWay)?;
                match value.serialize(Words { coder })? {
                    Text::Unknown => Ok(()),
                    Text::Word if coder.scratch == "unknown" => Ok(()),
                    Text::Word | Text::Whole => {
                        let (unit, amount) = amount(unit, &coder.scratch).ok_or(TheLongWay)?;
                        coder.tape.push_amount(*from, unit, amount).then_some(()).ok_or(TheLongWay)
                    }
                    Text::Bool(_) => Err(TheLongWay),
                }
            }
        }
    }

    fn end(self) -> Done<Cell> {
        self.cell()
    }
}

/// A list that is being read.
pub(super) struct Elements<'c, 'a> {
    coder: &'c mut Coder,
    meaning: Meaning<'a>,
    declared: &'a Field,
    from: usize,
}

impl Elements<'_, '_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        let writer = Writer { coder: self.coder, meaning: self.meaning, declared: self.declared, element: true };
        let cell = value.serialize(writer)?;
        self.coder.stack.push(cell);
        Ok(())
    }

    fn list(self) -> Cell {
        Cell::List(self.coder.close_list(self.from))
    }
}

impl ser::SerializeSeq for Elements<'_, '_> {
    type Ok = Cell;
    type Error = TheLongWay;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        self.push(value)
    }

    fn end(self) -> Done<Cell> {
        Ok(self.list())
    }
}

impl ser::SerializeTuple for Elements<'_, '_> {
    type Ok = Cell;
    type Error = TheLongWay;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        self.push(value)
    }

    fn end(self) -> Done<Cell> {
        Ok(self.list())
    }
}

impl ser::SerializeTupleStruct for Elements<'_, '_> {
    type Ok = Cell;
    type Error = TheLongWay;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        self.push(value)
    }

    fn end(self) -> Done<Cell> {
        Ok(self.list())
    }
}

/// Reads one word, yes or no, or that nobody said; a word is left in the scratch.
pub(super) struct Words<'c> {
    pub coder: &'c mut Coder,
}

/// What was read.
pub(super) enum Text {
    Unknown,
    Bool(bool),
    /// In `Coder::scratch`.
    Word,
    /// A whole number, in `Coder::scratch`.
    Whole,
}

impl Words<'_> {
    fn whole(self, whole: impl Display) -> Done<Text> {
        self.coder.scratch.clear();
        write!(self.coder.scratch, "{whole}").map_err(|_| TheLongWay)?;
        Ok(Text::Whole)
    }
}

/// A serializer that takes a few kinds of values and no others.
macro_rules! only {
    ($type:ty, $ok:ty, map: $map:ty, { $($body:tt)* }) => {
        impl<'c, 'a, 'n> ser::Serializer for $type {
            type Ok = $ok;
            type Error = TheLongWay;
            type SerializeTuple = Impossible<$ok, TheLongWay>;
            type SerializeTupleStruct = Impossible<$ok, TheLongWay>;
            type SerializeTupleVariant = Impossible<$ok, TheLongWay>;
            type SerializeMap = $map;
            type SerializeStruct = $map;
            type SerializeStructVariant = Impossible<$ok, TheLongWay>;

            refuse!(serialize_f32: f32, serialize_f64: f64, serialize_bytes: &[u8], serialize_char: char);

            fn serialize_i8(self, whole: i8) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_i16(self, whole: i16) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_i32(self, whole: i32) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_u8(self, whole: u8) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_u16(self, whole: u16) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_u32(self, whole: u32) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done<$ok> {
                value.serialize(self)
            }

            fn serialize_unit_struct(self, _: &'static str) -> Done<$ok> {
                self.serialize_unit()
            }

            fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done<$ok> {
                value.serialize(self)
            }

            fn serialize_newtype_variant<T: Serialize + ?Sized>(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: &T,
            ) -> Done<$ok> {
                Err(TheLongWay)
            }

            fn serialize_tuple(self, _: usize) -> Done<Self::SerializeTuple> {
                Err(TheLongWay)
            }

            fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeTupleStruct> {
                Err(TheLongWay)
            }

            fn serialize_tuple_variant(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: usize,
            ) -> Done<Self::SerializeTupleVariant> {
                Err(TheLongWay)
            }

            fn serialize_struct_variant(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: usize,
            ) -> Done<Self::SerializeStructVariant> {
                Err(TheLongWay)
            }

            $($body)*
        }
    };
}

only!(Words<'c>, Text, map: Impossible<Text, TheLongWay>, {
    type SerializeSeq = Impossible<Text, TheLongWay>;

    fn serialize_i64(self, whole: i64) -> Done<Text> {
        self.whole(whole)
    }

    fn serialize_u64(self, whole: u64) -> Done<Text> {
        self.whole(whole)
    }

    fn serialize_bool(self, yes: bool) -> Done<Text> {
        Ok(Text::Bool(yes))
    }

    fn serialize_str(self, text: &str) -> Done<Text> {
        self.coder.scratch.clear();
        self.coder.scratch.push_str(text);
        Ok(Text::Word)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done<Text> {
        self.coder.scratch.clear();
        write!(self.coder.scratch, "{value}").map_err(|_| TheLongWay)?;
        Ok(Text::Word)
    }

    fn serialize_none(self) -> Done<Text> {
        Ok(Text::Unknown)
    }

    fn serialize_unit(self) -> Done<Text> {
        Ok(Text::Unknown)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done<Text> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Self::SerializeMap> {
        Err(TheLongWay)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeStruct> {
        Err(TheLongWay)
    }
});

/// Reads what must say nothing: `acts` and `lines` of which there are none.
pub(super) struct Nothing;

impl ser::SerializeSeq for Nothing {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, _: &T) -> Done<()> {
        Err(TheLongWay)
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}

only!(Nothing, (), map: Impossible<(), TheLongWay>, {
    type SerializeSeq = Nothing;

    refuse!(serialize_i64: i64, serialize_u64: u64);

    fn serialize_bool(self, _: bool) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_str(self, _: &str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_none(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Nothing> {
        Ok(Nothing)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Self::SerializeMap> {
        Err(TheLongWay)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeStruct> {
        Err(TheLongWay)
    }
});

/// Reads `used`, `levels` or `readings`: a map from names to amounts, or to yes and no.
pub(super) struct Ledger<'c, 'a> {
    pub coder: &'c mut Coder,
    pub meaning: Meaning<'a>,
    pub target: Target,
}

only!(Ledger<'c, 'a>, (), map: Entries<'c, 'a>, {
    type SerializeSeq = Impossible<(), TheLongWay>;

    refuse!(serialize_i64: i64, serialize_u64: u64);

    fn serialize_bool(self, _: bool) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_str(self, _: &str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_none(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Entries<'c, 'a>> {
        Ok(Entries { ledger: self, name: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Entries<'c, 'a>> {
        self.serialize_map(None)
    }
});

/// The entries of a ledger.
pub(super) struct Entries<'c, 'a> {
    ledger: Ledger<'c, 'a>,
    name: String,
}

impl Entries<'_, '_> {
    fn entry<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Done<()> {
        let Ledger { coder, meaning, target } = &mut self.ledger;
        if *target != Target::Readings {
            return value.serialize(Carried { coder, meaning: *meaning, target: *target, exit: name });
        }
        let taken = match value.serialize(Words { coder })? {
            Text::Unknown => None,
            Text::Bool(yes) => Some(yes),
            Text::Word if coder.scratch == "unknown" => None,
            Text::Word => Some(yes_no(&coder.scratch).ok_or(TheLongWay)?),
            Text::Whole => return Err(TheLongWay),
        };
        coder.reading(*meaning, name, taken)
    }
}

impl ser::SerializeMap for Entries<'_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done<()> {
        match key.serialize(Words { coder: self.ledger.coder })? {
            Text::Word => {
                self.name.clear();
                self.name.push_str(&self.ledger.coder.scratch);
                Ok(())
            }
            Text::Unknown | Text::Bool(_) | Text::Whole => Err(TheLongWay),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        let name = std::mem::take(&mut self.name);
        let done = self.entry(&name, value);
        self.name = name;
        done
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}

impl ser::SerializeStruct for Entries<'_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done<()> {
        self.entry(name, value)
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}

/// Reads what one quota carries: `"100 bbl"`, or amounts by their units.
struct Carried<'c, 'a, 'n> {
    coder: &'c mut Coder,
    meaning: Meaning<'a>,
    target: Target,
    exit: &'n str,
}

impl Carried<'_, '_, '_> {
    /// A unit of either kind: what a quota counts in is known by its name.
    fn unit(&self, name: &str) -> Done<(Unit, Decimal)> {
        let schema = &self.meaning.program.schema;
        unit(schema, Type::Quantity, name).or_else(|| unit(schema, Type::Money, name)).ok_or(TheLongWay)
    }

    fn carry(&mut self, unit: (Unit, Decimal), number: &str) -> Done<()> {
        let amount = amount(unit, number).ok_or(TheLongWay)?;
        self.coder.ledger(self.meaning, self.target, self.exit, amount)
    }
}

only!(Carried<'c, 'a, 'n>, (), map: Units<'c, 'a, 'n>, {
    type SerializeSeq = Impossible<(), TheLongWay>;

    refuse!(serialize_i64: i64, serialize_u64: u64, serialize_bool: bool);

    fn serialize_str(mut self, text: &str) -> Done<()> {
        if text == "unknown" {
            return Ok(());
        }
        let (number, name) = text.split_once(' ').ok_or(TheLongWay)?;
        let unit = self.unit(name)?;
        self.carry(unit, number)
    }

    fn serialize_none(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit(self) -> Done<()> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Units<'c, 'a, 'n>> {
        Ok(Units { carried: self, unit: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Units<'c, 'a, 'n>> {
        self.serialize_map(None)
    }
});

/// What a quota carries, by units.
struct Units<'c, 'a, 'n> {
    carried: Carried<'c, 'a, 'n>,
    unit: Option<(Unit, Decimal)>,
}

impl Units<'_, '_, '_> {
    fn amount<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        let unit = self.unit.take().ok_or(TheLongWay)?;
        match value.serialize(Words { coder: self.carried.coder })? {
            Text::Unknown => Ok(()),
            Text::Word if self.carried.coder.scratch == "unknown" => Ok(()),
            Text::Word | Text::Whole => {
                let number = std::mem::take(&mut self.carried.coder.scratch);
                let done = self.carried.carry(unit, &number);
                self.carried.coder.scratch = number;
                done
            }
            Text::Bool(_) => Err(TheLongWay),
        }
    }
}

impl ser::SerializeMap for Units<'_, '_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done<()> {
        match key.serialize(Words { coder: self.carried.coder })? {
            Text::Word => {
                self.unit = Some(self.carried.unit(&self.carried.coder.scratch)?);
                Ok(())
            }
            Text::Unknown | Text::Bool(_) | Text::Whole => Err(TheLongWay),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        self.amount(value)
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}

impl ser::SerializeStruct for Units<'_, '_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done<()> {
        self.unit = Some(self.carried.unit(name)?);
        self.amount(value)
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}
