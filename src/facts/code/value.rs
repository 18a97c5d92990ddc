//! Single values, lists, and records and amounts as maps.

use std::fmt::{Display, Write};

use serde::ser::{self, Impossible, Serialize};

use crate::check::program::{Field, Type};
use crate::facts::tape::{Cell, Measure, Span};
use crate::value::{Date, Decimal, Unit};

use super::lexicon::{amount, is_id, unit};
use super::record::{Fields, yes_no};
use super::words::{Text, Words};
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
            Type::Hs => Cell::of_digits(text).ok_or(TheLongWay),
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
                if is_id(&self.declared.name) {
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
                        self.coder.named.push(name);
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
            return Ok(Open::Amounts { coder, meaning, ty: declared.ty, from, unit: None, unknown: 0 });
        }
        if self.declared.ty == Type::Text && self.declared.many && !self.element {
            let from = self.coder.stack.len();
            return Ok(Open::Ids { coder: self.coder, from, scheme: Span::default(), unknown: 0 });
        }
        let Type::Record(record) = self.declared.ty else { return Err(TheLongWay) };
        let fields = self.meaning.program.schema.records[record.at()].fields.len();
        let first = self.coder.tape.add_record(fields);
        let many = self.declared.many && !self.element;
        Ok(Open::Record { fields: Fields::new(self.coder, self.meaning, record, first, name)?, first, many })
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
    Record {
        fields: Fields<'c, 'a>,
        first: u32,
        many: bool,
    },
    Ids {
        coder: &'c mut Coder,
        from: usize,
        scheme: Span,
        unknown: usize,
    },
    Amounts {
        coder: &'c mut Coder,
        meaning: Meaning<'a>,
        ty: Type,
        from: usize,
        unit: Option<(Unit, Decimal)>,
        unknown: usize,
    },
}

impl Open<'_, '_> {
    fn cell(self) -> Done<Cell> {
        match self {
            Open::Record { fields, first, many } => {
                let coder = fields.finish()?;
                Ok(if many { Cell::List(coder.tape.add_list(&[Cell::Record(first)])) } else { Cell::Record(first) })
            }
            // What is not known beside what is may be the same, stated twice.
            Open::Ids { coder, from, unknown, .. } if unknown > 0 && coder.stack.len() > from + 1 => Err(TheLongWay),
            Open::Ids { coder, from, .. } => Ok(Cell::List(coder.close_list(from))),
            Open::Amounts { coder, from, unknown, .. }
                if unknown > 0 && coder.tape.amounts_len() + unknown > from + 1 =>
            {
                Err(TheLongWay)
            }
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
            Open::Ids { coder, from, scheme, .. } => {
                let Text::Word = key.serialize(Words { coder })? else { return Err(TheLongWay) };
                let name = &coder.scratch;
                // An IMO number is looked at more closely.
                if name.is_empty() || name.contains(':') || name.trim().eq_ignore_ascii_case("imo") {
                    return Err(TheLongWay);
                }
                let is_of = |id: &str| id.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'));
                let mut known = coder.stack[*from..].iter();
                if known.any(|cell| matches!(cell, Cell::Text(id) if is_of(coder.tape.text(*id)))) {
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
            Open::Ids { coder, scheme, unknown, .. } => {
                let cell = match value.serialize(Words { coder })? {
                    Text::Word => {
                        let number = coder.tape.add_text(":");
                        let value = coder.tape.add_text(&coder.scratch);
                        let id = Span { from: scheme.from, len: scheme.len + number.len + value.len };
                        coder.ids.push(id);
                        Cell::Text(id)
                    }
                    Text::Unknown => {
                        *unknown += 1;
                        Cell::Unknown
                    }
                    Text::Bool(_) | Text::Whole => return Err(TheLongWay),
                };
                coder.stack.push(cell);
                Ok(())
            }
            Open::Amounts { coder, from, unit, unknown, .. } => {
                let unit = unit.take().ok_or(TheLongWay)?;
                let said = value.serialize(Words { coder })?;
                let is_unknown = match said {
                    Text::Unknown => true,
                    Text::Word => coder.scratch == "unknown",
                    Text::Bool(_) | Text::Whole => false,
                };
                if is_unknown {
                    *unknown += 1;
                    coder.tape.in_all_units = true;
                    return Ok(());
                }
                match said {
                    Text::Word | Text::Whole => {
                        let (unit, amount) = amount(unit, &coder.scratch).ok_or(TheLongWay)?;
                        coder.tape.push_amount(*from, unit, amount).then_some(()).ok_or(TheLongWay)
                    }
                    Text::Unknown | Text::Bool(_) => Err(TheLongWay),
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
