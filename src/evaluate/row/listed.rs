//! Whether a record is on a list, as far as the facts and the loaded lists settle it.

use crate::check::program::{ACTIVITY, FieldId, ListId, RecordId, Type};
use crate::diagram::code::Truth;
use crate::facts::lists::{Asked, OfTape};
use crate::facts::tape::Cell;

use super::conditions::{Elements, Site};
use super::{FactRow, Fill};

/// Chains of references are followed through so many parties; what lies behind is open.
const MOST_PARTIES: usize = 64;

pub(super) fn ask<'a>(list: ListId, measure: Option<u32>, entry: &'a Option<String>) -> Asked<'a> {
    Asked { list, measure, entry: entry.as_deref() }
}

impl<'a> FactRow<'a, '_> {
    /// `listed in LIST`, of the record at hand, or of those that a field of it refers to.
    pub(super) fn listed(&mut self, site: Site, who: Option<FieldId>, asked: Asked<'a>) -> Truth {
        match who {
            None => self.listed_itself(site, asked),
            Some(field) => {
                let (Site::Record(record, _) | Site::Unknown(record)) = site else {
                    unreachable!("a list is asked about a record")
                };
                self.listed_through(site, record, field, asked, &mut 0)
            }
        }
    }

    fn listed_itself(&self, site: Site, asked: Asked<'a>) -> Truth {
        let at_all = Asked { list: asked.list, measure: None, entry: None };
        let one = self.says(site, asked);
        if asked.measure.is_none() && asked.entry.is_none() {
            return one;
        }
        // On a list for a measure, or as an entry: then on the list at all.
        self.says(site, at_all).and(one)
    }

    fn says(&self, site: Site, asked: Asked<'_>) -> Truth {
        let (Site::Record(record, _) | Site::Unknown(record)) = site else {
            unreachable!("a list is asked about a record")
        };
        let ground = self.basis.ground;
        let schema = &ground.program.schema;
        let first = match site {
            Site::Record(_, first) => Some(first),
            Site::Activity | Site::Unknown(_) => None,
        };
        let Some(first) = first else { return self.unknown() };
        let record = OfTape { schema, record, tape: self.tape, first };
        match self.day() {
            Some(date) => {
                let said = ground.lists.says(schema, &record, asked, date, self.how.complete);
                said.map_or(self.unknown(), Truth::known)
            }
            // What a snapshot shows differs from day to day.
            None if ground.lists.has(schema, asked.list) => Truth::OPEN,
            None => {
                let said = ground.lists.says(schema, &record, asked, crate::value::Date::MIN, self.how.complete);
                said.map_or(self.unknown(), Truth::known)
            }
        }
    }

    /// Whether somebody is listed whom a list of references names, or whom the same list of a party named there names,
    /// and so on.
    fn listed_through(&self, site: Site, record: RecordId, field: FieldId, asked: Asked<'a>, met: &mut u64) -> Truth {
        let elements = match self.elements(site, record, field) {
            Elements::Stated(cells) => cells,
            Elements::One(_) | Elements::Any => return Truth::OPEN,
        };
        let mut any = Truth::NO;
        for &cell in elements {
            let listed = match cell {
                Cell::Country(_) => Truth::NO,
                Cell::Name(id) => self.named(self.tape.text(id), record, field, asked, met),
                _ => match self.how.fill {
                    Fill::No => Truth::NO,
                    Fill::Open | Fill::Yes => Truth::OPEN,
                },
            };
            any = any.or(listed);
            if !any.can_fail() {
                break;
            }
        }
        any
    }

    fn named(&self, id: &str, record: RecordId, field: FieldId, asked: Asked<'a>, met: &mut u64) -> Truth {
        let mut any = None;
        if let Some((party, cells)) = self.parties() {
            for (at, cell) in cells.iter().enumerate() {
                if let Cell::Record(first) = *cell
                    && self.is_called(first, id)
                {
                    let listed = self.party_listed((party, at, first), record, field, asked, met);
                    any = Some(any.map_or(listed, |any: Truth| any.or(listed)));
                }
            }
        }
        any.unwrap_or_else(|| self.somebody(id, asked))
    }

    /// The same of one stated party: its record, its place among the parties, and its first cell.
    fn party_listed(
        &self,
        (party, at, first): (RecordId, usize, u32),
        record: RecordId,
        field: FieldId,
        asked: Asked<'a>,
        met: &mut u64,
    ) -> Truth {
        if at >= MOST_PARTIES {
            return Truth::OPEN;
        }
        if *met & (1 << at) != 0 {
            // The chain leads back to where it came from: it adds nothing.
            return Truth::NO;
        }
        *met |= 1 << at;
        let here = Site::Record(party, first);
        let itself = self.listed_itself(here, asked);
        if !itself.can_fail() {
            return itself;
        }
        let records = &self.basis.ground.program.schema.records;
        let onward = if record == party {
            Some(field)
        } else {
            records[party.at()].by_name.get(&records[record.at()].fields[field.at()].name).copied()
        };
        match onward {
            Some(field) => itself.or(self.listed_through(here, party, field, asked, met)),
            None => itself,
        }
    }

    /// An id that names nobody in the activity.
    fn somebody(&self, id: &str, asked: Asked<'a>) -> Truth {
        let ground = self.basis.ground;
        let schema = &ground.program.schema;
        let says = |asked: Asked<'_>| match self.day() {
            Some(date) => ground.lists.says_of_id(schema, id, asked, date).map_or(self.unknown(), Truth::known),
            None if ground.lists.has(schema, asked.list) => Truth::OPEN,
            None => self.unknown(),
        };
        let at_all = Asked { list: asked.list, measure: None, entry: None };
        if asked.measure.is_none() && asked.entry.is_none() { says(asked) } else { says(at_all).and(says(asked)) }
    }

    /// The stated parties.
    fn parties(&self) -> Option<(RecordId, &[Cell])> {
        let schema = &self.basis.ground.program.schema;
        let parties = schema.core.parties?;
        let Type::Record(party) = schema.records[ACTIVITY.at()].fields[parties.at()].ty else { return None };
        match self.elements(Site::Activity, ACTIVITY, parties) {
            Elements::Stated(cells) => Some((party, cells)),
            Elements::One(_) | Elements::Any => None,
        }
    }

    /// Whether others refer to a party so.
    fn is_called(&self, first: u32, name: &str) -> bool {
        let is = |cell: &Cell| matches!(cell, Cell::Text(text) if self.tape.text(*text) == name);
        self.basis.tables.ids_of_party.into_iter().flatten().any(|field| match self.tape.field(first, field) {
            Cell::List(span) => self.tape.list(span).iter().any(is),
            one => is(&one),
        })
    }
}
