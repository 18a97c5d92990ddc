//! Any `Serialize` value → a tape, without an intermediate value and, after the first, without allocating.
//!
//! What is written plainly is coded here, and exactly as `bind` would understand it. Everything else is passed on:
//! whatever is wrong, rare or takes a closer look (an act, several lines, something that is stated twice) makes the coder stop,
//! and the host's value goes the long way, which also knows how to say what was wrong.

mod ledger;
mod lexicon;
mod record;
mod value;
mod words;

use std::fmt;

use serde::ser::{self, Impossible, Serialize};

use crate::check::program::{ACTIVITY, ExitId, FieldId, ListId, Program, RecordId, Schema, Type};
use crate::value::Date;

use super::lists::{Lists, OfTape, is_one_name};
use super::tape::{Cell, Span, Tape};

pub(crate) use lexicon::Lexicon;

use record::{Fields, Shape};
use value::Writer;
use words::only;

/// The long way is to be gone.
#[derive(Debug)]
pub(crate) struct TheLongWay;

impl fmt::Display for TheLongWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the activity takes a closer look")
    }
}

impl std::error::Error for TheLongWay {}

impl ser::Error for TheLongWay {
    fn custom<T: fmt::Display>(_: T) -> TheLongWay {
        TheLongWay
    }
}

type Done<T> = Result<T, TheLongWay>;

/// What one activity after another is coded with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coder {
    pub tape: Tape,
    /// The elements of the lists that are being read.
    stack: Vec<Cell>,
    /// How the host's structs are laid out, as far as they were met.
    shapes: Vec<Shape>,
    /// A number or other thing that is no text, as text.
    scratch: String,
    /// How many records are being read, one in the other.
    depth: usize,
    /// The exits of which amounts were stated, in the ledger that is being read.
    exits: Vec<ExitId>,
    /// The names by which something refers to somebody, and those that records have.
    named: Vec<Span>,
    ids: Vec<Span>,
}

/// What the names in an activity mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning<'a> {
    pub program: &'a Program,
    pub lists: &'a Lists,
    pub lexicon: &'a Lexicon,
}

impl Coder {
    /// Writes an activity to the tape.
    pub fn code<T: Serialize + ?Sized>(&mut self, meaning: Meaning<'_>, activity: &T) -> Done<()> {
        self.tape.begin(&meaning.program.schema);
        self.begin();
        activity.serialize(Top { coder: self, meaning })?;
        self.check_names(&self.tape)?;
        self.check(meaning)
    }

    /// Writes what is stated of one field of the activity beside the cells of the tape; its own cell is returned.
    pub fn field<T: Serialize + ?Sized>(&mut self, meaning: Meaning<'_>, field: FieldId, value: &T) -> Done<Cell> {
        self.begin();
        let declared = &meaning.program.schema.activity().fields[field.at()];
        let cell = value.serialize(Writer { coder: self, meaning, declared, element: false });
        // That some unit is unknown is said of the whole activity.
        if std::mem::take(&mut self.tape.in_all_units) { Err(TheLongWay) } else { cell }
    }

    fn begin(&mut self) {
        self.stack.clear();
        self.depth = 0;
        self.named.clear();
        self.ids.clear();
    }

    /// Whether names that were read are of different people.
    fn check_names(&self, tape: &Tape) -> Done<()> {
        let is_one = |one: &Span, other: &Span| is_one_name(tape.text(*one), tape.text(*other));
        // What stands behind somebody whom nobody describes is not known, where not all is said.
        if !tape.complete && !self.named.is_empty() {
            return Err(TheLongWay);
        }
        // Who refers to a party refers to all that it is called, and what belongs to it is in its countries, too.
        if self.named.iter().any(|name| self.ids.iter().any(|id| is_one(name, id))) {
            return Err(TheLongWay);
        }
        // Somebody who is stated twice is one.
        if self.ids.iter().enumerate().any(|(at, id)| self.ids[..at].iter().any(|before| is_one(before, id))) {
            return Err(TheLongWay);
        }
        Ok(())
    }

    /// Whether the names on another tape are of different people.
    pub fn check_names_of(&mut self, meaning: Meaning<'_>, tape: &Tape) -> Done<()> {
        if !tape.has_texts() {
            return Ok(());
        }
        self.begin();
        self.gather_names(&meaning.program.schema, tape, ACTIVITY, 0);
        self.check_names(tape)
    }

    /// Gathers the names that stand in a record on a tape, and below it.
    fn gather_names(&mut self, schema: &Schema, tape: &Tape, record: RecordId, first: u32) {
        for (field, at) in schema.records[record.at()].fields.iter().zip(0..) {
            let cell = tape.field(first, FieldId(at));
            for &cell in tape.each(&cell) {
                match (cell, field.ty) {
                    (Cell::Name(name), _) => self.named.push(name),
                    (Cell::Text(name), _) if lexicon::is_id(&field.name) => self.ids.push(name),
                    (Cell::Record(first), Type::Record(inner)) => self.gather_names(schema, tape, inner, first),
                    _ => {}
                }
            }
        }
    }

    /// Whether the facts on the tape go together.
    pub fn check(&self, meaning: Meaning<'_>) -> Done<()> {
        self.check_goods(meaning)?;
        self.check_lists(meaning)
    }

    /// An item and a code that no goods have both are an error.
    fn check_goods(&self, meaning: Meaning<'_>) -> Done<()> {
        let schema = &meaning.program.schema;
        let Some((item, hs)) = schema.core.goods else { return Ok(()) };
        let (Cell::Term(term), Cell::Codes(from, width)) = (self.tape.activity(item), self.tape.activity(hs)) else {
            return Ok(());
        };
        let Type::Term(taxonomy) = schema.activity().fields[item.at()].ty else { return Ok(()) };
        let terms = &schema.taxonomies[taxonomy.at()].terms;
        let mut nearest = Some(term);
        while let Some(at) = nearest {
            let term = &terms[at as usize];
            if !term.codes.is_empty() {
                let meets = term.codes.iter().any(|&(first, end)| first < from + width.codes() && from < end);
                // What lies below may have other codes.
                return if meets { Ok(()) } else { Err(TheLongWay) };
            }
            nearest = term.parent;
        }
        Ok(())
    }

    /// Somebody who is said to be on some lists, and is on others by what is loaded, is an error.
    fn check_lists(&self, meaning: Meaning<'_>) -> Done<()> {
        if meaning.lists.snapshots.is_empty() {
            return Ok(());
        }
        let schema = &meaning.program.schema;
        let Cell::Day(date) = self.tape.activity(schema.core.date) else { return Ok(()) };
        self.check_below(meaning, ACTIVITY, 0, date)
    }

    /// Likewise of what stands in the fields of a record.
    fn check_below(&self, meaning: Meaning<'_>, record: RecordId, first: u32, date: Date) -> Done<()> {
        for (at, field) in meaning.program.schema.records[record.at()].fields.iter().enumerate() {
            let Type::Record(inner) = field.ty else { continue };
            let cell = self.tape.field(first, FieldId(at as u32));
            for &cell in self.tape.each(&cell) {
                let Cell::Record(first) = cell else { continue };
                self.check_listed(meaning, inner, first, date)?;
                self.check_below(meaning, inner, first, date)?;
            }
        }
        Ok(())
    }

    fn check_listed(&self, meaning: Meaning<'_>, record: RecordId, first: u32, date: Date) -> Done<()> {
        let schema = &meaning.program.schema;
        let Some(&listed) = schema.records[record.at()].by_name.get("listed") else { return Ok(()) };
        if !matches!(self.tape.field(first, listed), Cell::List(_)) {
            return Ok(());
        }
        let of = OfTape { schema, record, tape: &self.tape, first };
        let is_matched =
            (0..schema.lists.len() as u32).any(|list| meaning.lists.matched(schema, &of, ListId(list), date).is_some());
        if is_matched { Err(TheLongWay) } else { Ok(()) }
    }

    /// Adds the elements that were read since the stack was `from` high, as a list.
    fn close_list(&mut self, from: usize) -> Span {
        let span = self.tape.add_list(&self.stack[from..]);
        self.stack.truncate(from);
        span
    }
}

/// The activity itself: a struct or a map.
struct Top<'c, 'a> {
    coder: &'c mut Coder,
    meaning: Meaning<'a>,
}

macro_rules! refuse {
    ($($name:ident: $ty:ty),*) => {$(
        fn $name(self, _: $ty) -> Result<Self::Ok, TheLongWay> {
            Err(TheLongWay)
        }
    )*};
}
pub(super) use refuse;

only!(Top<'c, 'a>, (), map: Fields<'c, 'a>, {
    type SerializeSeq = Impossible<(), TheLongWay>;

    refuse!(serialize_i64: i64, serialize_u64: u64, serialize_bool: bool, serialize_str: &str);

    fn serialize_none(self) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_unit(self) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done<()> {
        Err(TheLongWay)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Fields<'c, 'a>> {
        Fields::new(self.coder, self.meaning, ACTIVITY, 0, None)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Done<Fields<'c, 'a>> {
        Fields::new(self.coder, self.meaning, ACTIVITY, 0, Some(name))
    }
});
