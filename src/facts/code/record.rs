//! The fields of the activity, or of a record in it.

use serde::ser::{self, Serialize};

use crate::check::program::{ACTIVITY, ExitId, Field, FieldId, Limit, Program, Quota, ReadingId, RecordId};
use crate::facts::tape::Cell;
use crate::value::{Date, Decimal, Unit};

use super::ledger::Ledger;
use super::value::Writer;
use super::words::{Nothing, Text, Words};
use super::{Coder, Done, Meaning, TheLongWay};

/// How a struct of the host is laid out: the field of the schema that each of its fields is.
///
/// A struct is known by where its names stand in memory, so that no name has to be looked at again.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    record: RecordId,
    name: (usize, usize),
    fields: Vec<Planned>,
}

/// Where the name of a field stands, and what it is.
#[derive(Debug, Clone, Copy)]
struct Planned {
    name: (usize, usize),
    target: Target,
}

/// What a field of the host's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Field(FieldId),
    Complete,
    AskedOn,
    Used,
    Levels,
    Readings,
    /// Nothing may be stated in these two that is not the long way's.
    Lines,
    Acts,
}

impl Target {
    /// The quotas of an exit of which amounts are stated here.
    pub fn quotas(self, program: &Program, exit: ExitId) -> impl Iterator<Item = &Quota> {
        let levels = self == Target::Levels;
        let quotas = program.exits[exit.at()].quotas.iter();
        quotas.filter(move |quota| !levels || matches!(quota.limit, Limit::Level { .. }))
    }

    /// What stands beside the fields has a bit each.
    fn bit(self) -> u8 {
        match self {
            Target::Field(_) => 0,
            Target::Complete => 1 << 0,
            Target::AskedOn => 1 << 1,
            Target::Used => 1 << 2,
            Target::Levels => 1 << 3,
            Target::Readings => 1 << 4,
            Target::Lines => 1 << 5,
            Target::Acts => 1 << 6,
        }
    }
}

/// Reads one struct or map.
pub(super) struct Fields<'c, 'a> {
    coder: &'c mut Coder,
    meaning: Meaning<'a>,
    record: RecordId,
    /// The fields of the record.
    declared: &'a [Field],
    first: u32,
    /// Of `Coder::shapes`; its fields, which are handed back at the end, and which of them is next.
    shape: Option<usize>,
    plan: Vec<Planned>,
    next: usize,
    /// Of a map: the field whose value comes next.
    target: Option<Target>,
    /// What was stated beside the fields.
    beside: u8,
}

/// So many records may stand in one another; more may be too many, which the long way knows.
const DEEP: usize = 16;

/// Names at the top of an activity that are no fields.
fn built_in(name: &str) -> Option<Target> {
    Some(match name {
        "complete" => Target::Complete,
        "asked_on" => Target::AskedOn,
        "used" => Target::Used,
        "levels" => Target::Levels,
        "readings" => Target::Readings,
        "lines" => Target::Lines,
        "acts" => Target::Acts,
        _ => return None,
    })
}

impl<'c, 'a> Fields<'c, 'a> {
    pub fn new(
        coder: &'c mut Coder,
        meaning: Meaning<'a>,
        record: RecordId,
        first: u32,
        name: Option<&'static str>,
    ) -> Done<Fields<'c, 'a>> {
        if coder.depth == DEEP {
            return Err(TheLongWay);
        }
        coder.depth += 1;
        let shape = name.map(|name| {
            let name = (name.as_ptr() as usize, name.len());
            let known = coder.shapes.iter().position(|shape| shape.name == name && shape.record == record);
            known.unwrap_or_else(|| {
                coder.shapes.push(Shape { record, name, fields: Vec::new() });
                coder.shapes.len() - 1
            })
        });
        let plan = shape.map_or_else(Vec::new, |shape| std::mem::take(&mut coder.shapes[shape].fields));
        let declared = &meaning.program.schema.records[record.at()].fields;
        Ok(Fields { coder, meaning, record, declared, first, shape, plan, next: 0, target: None, beside: 0 })
    }

    fn target(&self, name: &str) -> Done<Target> {
        let schema = &self.meaning.program.schema;
        if self.record == ACTIVITY
            && let Some(target) = built_in(name)
        {
            return Ok(target);
        }
        self.meaning.lexicon.field(schema, self.record, name).map(Target::Field).ok_or(TheLongWay)
    }

    /// The target of the next field of a struct, by its place in memory where it was met before.
    #[inline]
    fn of_shape(&mut self, name: &'static str) -> Done<Target> {
        let at = self.next;
        self.next += 1;
        let place = (name.as_ptr() as usize, name.len());
        match self.plan.get(at) {
            Some(planned) if planned.name == place => Ok(planned.target),
            _ => self.plan(at, name),
        }
    }

    /// A field that comes at this place for the first time. Fields that are skipped at times come in other places: the plan is
    /// that of the last struct.
    #[cold]
    fn plan(&mut self, at: usize, name: &'static str) -> Done<Target> {
        let target = self.target(name)?;
        let planned = Planned { name: (name.as_ptr() as usize, name.len()), target };
        match self.plan.get_mut(at) {
            Some(known) => *known = planned,
            None => self.plan.push(planned),
        }
        Ok(target)
    }

    #[inline]
    fn write<T: Serialize + ?Sized>(&mut self, target: Target, value: &T) -> Done<()> {
        let Target::Field(field) = target else { return self.write_beside(target, value) };
        let (meaning, declared) = (self.meaning, &self.declared[field.at()]);
        let cell = value.serialize(Writer { coder: self.coder, meaning, declared, element: false })?;
        // Stated twice, it may be stated differently.
        if self.coder.tape.state_once(self.first, field, cell) { Ok(()) } else { Err(TheLongWay) }
    }

    /// What stands beside the fields.
    #[inline(never)]
    fn write_beside<T: Serialize + ?Sized>(&mut self, target: Target, value: &T) -> Done<()> {
        let meaning = self.meaning;
        // Stated twice, it may be stated differently.
        if self.beside & target.bit() != 0 {
            return Err(TheLongWay);
        }
        self.beside |= target.bit();
        match target {
            Target::Field(_) => Err(TheLongWay),
            Target::Complete => {
                self.coder.tape.complete = match value.serialize(Words { coder: self.coder })? {
                    Text::Unknown => false,
                    Text::Bool(yes) => yes,
                    Text::Word => yes_no(&self.coder.scratch).ok_or(TheLongWay)?,
                    Text::Whole => return Err(TheLongWay),
                };
                Ok(())
            }
            Target::AskedOn => {
                self.coder.tape.asked_on = match value.serialize(Words { coder: self.coder })? {
                    Text::Unknown => None,
                    Text::Word if self.coder.scratch == "unknown" => None,
                    Text::Word => Some(Date::parse(&self.coder.scratch).ok_or(TheLongWay)?),
                    Text::Bool(_) | Text::Whole => return Err(TheLongWay),
                };
                Ok(())
            }
            Target::Used | Target::Levels | Target::Readings => {
                value.serialize(Ledger { coder: self.coder, meaning, target })
            }
            Target::Lines | Target::Acts => value.serialize(Nothing),
        }
    }

    fn close(self) -> Done<()> {
        self.finish().map(drop)
    }

    /// Ends the record, and hands back what it was read with.
    pub fn finish(mut self) -> Done<&'c mut Coder> {
        self.hand_back();
        self.coder.depth -= 1;
        check_finding(self.coder, self.meaning, self.record, self.first)?;
        Ok(self.coder)
    }

    /// The plan is good for the next struct, whatever became of this one.
    #[inline]
    fn hand_back(&mut self) {
        if let Some(shape) = self.shape {
            self.coder.shapes[shape].fields = std::mem::take(&mut self.plan);
        }
    }
}

pub(super) fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A finding counts by whose it is and under what: what may be a slip goes the long way.
fn check_finding(coder: &Coder, meaning: Meaning<'_>, record: RecordId, first: u32) -> Done<()> {
    if meaning.lexicon.finding != Some(record) {
        return Ok(());
    }
    let declared = &meaning.program.schema.records[record.at()];
    let field = |name: &str| declared.by_name.get(name).map_or(Cell::Unstated, |field| coder.tape.field(first, *field));
    if let (Cell::Day(on), Cell::Day(through)) = (field("on"), field("through"))
        && through < on
    {
        return Err(TheLongWay);
    }
    let (Cell::Name(by) | Cell::Text(by)) = field("by") else {
        return if matches!(field("under"), Cell::Unstated | Cell::Unknown) { Ok(()) } else { Err(TheLongWay) };
    };
    let known = meaning.lexicon.authorities.iter().any(|name| name == coder.tape.text(by));
    if known && matches!(field("under"), Cell::Unstated | Cell::Unknown) { Ok(()) } else { Err(TheLongWay) }
}

impl ser::SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done<()> {
        let done = self.of_shape(name).and_then(|target| self.write(target, value));
        if done.is_err() {
            self.hand_back();
        }
        done
    }

    fn skip_field(&mut self, _: &'static str) -> Done<()> {
        Ok(())
    }

    fn end(self) -> Done<()> {
        self.close()
    }
}

impl ser::SerializeMap for Fields<'_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done<()> {
        match key.serialize(Words { coder: self.coder })? {
            Text::Word => {
                let target = self.target(&self.coder.scratch)?;
                self.target = Some(target);
                Ok(())
            }
            Text::Unknown | Text::Bool(_) | Text::Whole => Err(TheLongWay),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        let target = self.target.take().ok_or(TheLongWay)?;
        self.write(target, value)
    }

    fn end(self) -> Done<()> {
        self.close()
    }
}

impl Coder {
    /// An amount in `used` or `levels`.
    pub(super) fn ledger(
        &mut self,
        meaning: Meaning<'_>,
        target: Target,
        exit: ExitId,
        amount: (Unit, Decimal),
    ) -> Done<()> {
        let mut units = target.quotas(meaning.program, exit).map(|quota| quota.unit);
        if !units.any(|unit| unit == amount.0) {
            return Err(TheLongWay);
        }
        let ledger = if target == Target::Levels { &mut self.tape.levels } else { &mut self.tape.used };
        if ledger.iter().any(|(of, unit, _)| *of == exit && *unit == amount.0) {
            return Err(TheLongWay);
        }
        ledger.push((exit, amount.0, amount.1));
        Ok(())
    }

    pub(super) fn reading(&mut self, meaning: Meaning<'_>, name: &str, taken: Option<bool>) -> Done<()> {
        let at = meaning.program.readings.iter().position(|reading| reading.name == name).ok_or(TheLongWay)?;
        if self.tape.reading(ReadingId(at as u32)).is_some() {
            return Err(TheLongWay);
        }
        self.tape.readings.push((ReadingId(at as u32), taken));
        Ok(())
    }
}
