//! What an activity states of quotas and readings: maps from names.

use serde::ser::{self, Impossible, Serialize};

use crate::check::program::{ExitId, Type};
use crate::value::{Decimal, Unit};

use super::lexicon::{amount, unit};
use super::record::{Target, yes_no};
use super::words::{Text, Words, only, silence};
use super::{Coder, Done, Meaning, TheLongWay, refuse};

/// Reads `used`, `levels` or `readings`: a map from names to amounts, or to yes and no.
pub(super) struct Ledger<'c, 'a> {
    pub coder: &'c mut Coder,
    pub meaning: Meaning<'a>,
    pub target: Target,
}

only!(Ledger<'c, 'a>, (), map: Entries<'c, 'a>, {
    type SerializeSeq = Impossible<(), TheLongWay>;

    refuse!(serialize_i64: i64, serialize_u64: u64, serialize_bool: bool, serialize_str: &str);

    silence!();

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Entries<'c, 'a>> {
        self.coder.exits.clear();
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
            let exit = meaning.program.exits.iter().position(|known| known.name == name).ok_or(TheLongWay)?;
            let exit = ExitId(exit as u32);
            if target.quotas(meaning.program, exit).next().is_none() || coder.exits.contains(&exit) {
                return Err(TheLongWay);
            }
            coder.exits.push(exit);
            return value.serialize(Carried { coder, meaning: *meaning, target: *target, exit });
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
struct Carried<'c, 'a> {
    coder: &'c mut Coder,
    meaning: Meaning<'a>,
    target: Target,
    exit: ExitId,
}

impl Carried<'_, '_> {
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

only!(Carried<'c, 'a>, (), map: Units<'c, 'a>, {
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

    silence!();

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Units<'c, 'a>> {
        Ok(Units { carried: self, unit: None, stated: 0, is_open: false })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Units<'c, 'a>> {
        self.serialize_map(None)
    }
});

/// What a quota carries, by units.
struct Units<'c, 'a> {
    carried: Carried<'c, 'a>,
    unit: Option<(Unit, Decimal)>,
    /// How many are stated, and whether the amount of one of them is not known.
    stated: usize,
    is_open: bool,
}

impl Units<'_, '_> {
    fn amount<T: Serialize + ?Sized>(&mut self, value: &T) -> Done<()> {
        let unit = self.unit.take().ok_or(TheLongWay)?;
        self.stated += 1;
        match value.serialize(Words { coder: self.carried.coder })? {
            Text::Unknown => self.open(),
            Text::Word if self.carried.coder.scratch == "unknown" => self.open(),
            Text::Word | Text::Whole => {
                let number = std::mem::take(&mut self.carried.coder.scratch);
                let done = self.carried.carry(unit, &number);
                self.carried.coder.scratch = number;
                done
            }
            Text::Bool(_) => Err(TheLongWay),
        }
    }

    fn open(&mut self) -> Done<()> {
        self.is_open = true;
        self.carried.coder.tape.in_all_units = true;
        Ok(())
    }

    /// What is not known beside what is may be the same, stated twice.
    fn close(self) -> Done<()> {
        if self.is_open && self.stated > 1 { Err(TheLongWay) } else { Ok(()) }
    }
}

impl ser::SerializeMap for Units<'_, '_> {
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
        self.close()
    }
}

impl ser::SerializeStruct for Units<'_, '_> {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done<()> {
        self.unit = Some(self.carried.unit(name)?);
        self.amount(value)
    }

    fn end(self) -> Done<()> {
        self.close()
    }
}
