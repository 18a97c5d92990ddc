//! An activity for hosts that hold codes already: names are looked up once, and facts are put into their places.
//!
//! What is stated plainly stands on a tape, as the coder would have written it. Everything else, right or wrong, is kept as the
//! ordinary way would have it, and goes the ordinary way.

use serde::Serialize;

use crate::check::program::{Field, FieldId, Schema, Type};
use crate::facts::code::{Coder, TheLongWay};
use crate::facts::question::Question;
use crate::facts::tape::{Cell, Tape};
use crate::facts::{self, Activity, FactsError, Problem};
use crate::ruleset::Ruleset;
use crate::value::decimal::multiplied;
use crate::value::{Date, Decimal, Raw, Unit};

use super::handles::{FieldRef, OTHER_FIELD, TermRef, UnitRef};
use super::{Applying, Brief, Clerk};

/// An activity whose facts are put into their places one by one, to be decided again and again.
///
/// Of what is stated as codes nothing is looked up by its name and, after the first activities, nothing is allocated. Parties,
/// vessels and other records are stated [as the host has them](Sheet::value), and nothing is allocated for them either. With acts, lines,
/// what quotas carry, or readings, a sheet is decided as an ordinary activity is.
///
/// Setting a fact never fails. What does not fit a field, or what it says elsewhere, is an error when the sheet is decided, the
/// same as of an ordinary activity, until the field is set anew. A field of another vocabulary is one until the sheet is
/// [cleared](Sheet::clear).
///
/// ```
/// use interdict::{Date, Ruleset, Verdict};
///
/// let rules = Ruleset::pack("un_dprk")?;
/// let (date, actor, action) = (rules.field("date")?, rules.field("actor_state")?, rules.field("action")?);
/// let (item, origin) = (rules.field("item")?, rules.field("origin")?);
/// let (tank, aircraft) = (rules.term(item, "battle_tank")?, rules.term(item, "combat_aircraft")?);
///
/// let mut clerk = rules.clerk();
/// let mut sheet = rules.sheet();
/// sheet
///     .date(date, Date::try_new(2024, 1, 15).expect("a day"))
///     .term(actor, rules.term(actor, "RU")?)
///     .term(action, rules.term(action, "purchase")?)
///     .term(origin, rules.term(origin, "KP")?);
/// for good in [tank, aircraft] {
///     let brief = clerk.decide_sheet(sheet.term(item, good))?;
///     assert_eq!(brief.verdict(), Some(Verdict::Prohibited));
/// }
/// assert_eq!(clerk.decide_sheet(sheet.unknown(origin))?.verdict(), None);
/// assert!(clerk.decide_sheet(sheet.yes_no(origin, true)).is_err()); // no place
///
/// #[derive(serde::Serialize)]
/// struct Party { role: &'static str, name: &'static str, nationality: &'static str }
///
/// let seller = Party { role: "seller", name: "Korea Mining", nationality: "KP" };
/// sheet.unknown(origin).value(rules.field("parties")?, &[seller]);
/// assert!(clerk.decide_sheet(&sheet).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sheet {
    rules: Ruleset,
    coder: Coder,
    spare: Tape,
    /// As much may stand beside the fields before the tape is tidied.
    room: usize,
    cells: Vec<Cell>,
    /// What is not stated plainly.
    odd: Vec<(FieldId, Raw)>,
    /// What stands beside the fields.
    beside: Vec<(&'static str, Raw)>,
    /// What no activity can state, until it is stated anew.
    stray: Vec<(Place, Problem)>,
}

/// Where something was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a field of another vocabulary: nobody knows which.
    Elsewhere,
    Field(FieldId),
    Beside(&'static str),
}

/// The least that may stand beside the fields.
const ROOM: usize = 64;

impl Ruleset {
    /// Starts an activity of which nothing is stated: see [`Sheet`].
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet {
            rules: self.clone(),
            coder: Coder::default(),
            spare: Tape::default(),
            room: ROOM,
            cells: Vec::new(),
            odd: Vec::new(),
            beside: Vec::new(),
            stray: Vec::new(),
        };
        sheet.clear();
        sheet
    }
}

impl Sheet {
    /// States a term: an item, a country, a kind of action.
    pub fn term(&mut self, field: FieldRef, term: TermRef) -> &mut Sheet {
        if term.mark != field.mark {
            return self.refuse(field, "a term of another vocabulary was stated here");
        }
        let cell = |tape: &mut Tape, schema: &Schema, declared: &Field| {
            let cell = term.cell(schema, declared.ty)?;
            Some(single(tape, declared, cell))
        };
        self.state(field, cell, |schema| term.raw(schema))
    }

    /// States a list of terms, and that there are no others; of a field that holds many.
    pub fn terms(&mut self, field: FieldRef, terms: &[TermRef]) -> &mut Sheet {
        if terms.iter().any(|term| term.mark != field.mark) {
            return self.refuse(field, "a term of another vocabulary was stated here");
        }
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        let cell = |tape: &mut Tape, schema: &Schema, declared: &Field| {
            for term in terms.iter().filter(|_| declared.many) {
                cells.push(term.cell(schema, declared.ty)?);
            }
            declared.many.then(|| Cell::List(tape.add_list(&cells)))
        };
        self.state(field, cell, |schema| Raw::List(terms.iter().map(|term| term.raw(schema)).collect()));
        self.cells = cells;
        self
    }

    /// States yes or no.
    pub fn yes_no(&mut self, field: FieldRef, yes: bool) -> &mut Sheet {
        let cell = |tape: &mut Tape, _: &Schema, declared: &Field| {
            (declared.ty == Type::YesNo).then(|| single(tape, declared, Cell::YesNo(yes)))
        };
        self.state(field, cell, |_| Raw::Bool(yes))
    }

    /// States a day, [`Date::LAST`] or before.
    pub fn date(&mut self, field: FieldRef, day: Date) -> &mut Sheet {
        let cell = |tape: &mut Tape, _: &Schema, declared: &Field| {
            (declared.ty == Type::Date && day <= Date::LAST).then(|| single(tape, declared, Cell::Day(day)))
        };
        self.state(field, cell, |_| Raw::from(day))
    }

    /// States an HS code of 2, 4, 6, 8 or 10 digits.
    pub fn hs(&mut self, field: FieldRef, digits: &str) -> &mut Sheet {
        let cell = |tape: &mut Tape, _: &Schema, declared: &Field| {
            let cell = Cell::of_digits(digits).filter(|_| declared.ty == Type::Hs)?;
            Some(single(tape, declared, cell))
        };
        self.state(field, cell, |_| Raw::from(digits))
    }

    /// States an amount.
    pub fn amount(&mut self, field: FieldRef, amount: impl Into<Decimal>, unit: UnitRef) -> &mut Sheet {
        self.amounts(field, &[(amount.into(), unit)])
    }

    /// States an amount in several units: so many tonnes, and so many barrels.
    pub fn amounts(&mut self, field: FieldRef, amounts: &[(Decimal, UnitRef)]) -> &mut Sheet {
        if amounts.iter().any(|(_, unit)| unit.mark != field.mark) {
            return self.refuse(field, "a unit of another vocabulary was stated here");
        }
        self.state(
            field,
            |tape, _, declared| {
                let since = tape.amounts_len();
                for &(amount, UnitRef { base: (unit, factor), .. }) in amounts {
                    let fits = match declared.ty {
                        Type::Quantity => matches!(unit, Unit::Measure(_)),
                        Type::Money => matches!(unit, Unit::Money(_)),
                        _ => false,
                    };
                    if !fits || declared.many || amount.is_sign_negative() {
                        return None;
                    }
                    let amount = if factor == Decimal::ONE { amount } else { multiplied(amount, factor)? };
                    tape.push_amount(since, unit, amount).then_some(())?;
                }
                tape.amounts_since(since).map(Cell::Amounts)
            },
            |schema| raw_of_amounts(amounts.iter().map(|(amount, unit)| format!("{amount} {}", unit.name(schema)))),
        )
    }

    /// States a text. In another field than one of text it is read as the ordinary way reads it, which takes longer.
    pub fn text(&mut self, field: FieldRef, text: &str) -> &mut Sheet {
        let cell = |tape: &mut Tape, _: &Schema, declared: &Field| {
            // The check digit of an IMO number is looked at more closely.
            let closer = declared.many || matches!(declared.name.as_str(), "imo" | "id") || text.contains(':');
            (declared.ty == Type::Text && !closer).then(|| Cell::Text(tape.add_text(text)))
        };
        self.state(field, cell, |_| Raw::from(text))
    }

    /// States a field as an ordinary activity would, with any `Serialize` value: parties, vessels, findings and other records.
    ///
    /// As long as it is written plainly nothing is allocated; see [`Clerk`].
    pub fn value<T: Serialize + ?Sized>(&mut self, field: FieldRef, value: &T) -> &mut Sheet {
        let Some(id) = self.begin(field) else { return self };
        let Sheet { rules, coder, .. } = self;
        match coder.field(rules.meaning(), id, value) {
            Ok(cell) => self.place(id, cell),
            Err(TheLongWay) => match facts::to_raw(value) {
                Ok(raw) => self.place_odd(id, raw),
                Err(error) => {
                    self.place(id, Cell::Unstated);
                    self.went_astray(Place::Field(id), &error)
                }
            },
        }
    }

    /// States the acts that are relied on: a list of records, as in an ordinary activity. `&()` takes them back.
    pub fn acts<T: Serialize + ?Sized>(&mut self, acts: &T) -> &mut Sheet {
        self.stand_beside("acts", acts)
    }

    /// States the lines of a consignment: a list of what differs in each. `&()` takes them back.
    pub fn lines<T: Serialize + ?Sized>(&mut self, lines: &T) -> &mut Sheet {
        self.stand_beside("lines", lines)
    }

    /// States what quotas carry already: a map from exceptions to amounts. `&()` takes it back.
    pub fn used<T: Serialize + ?Sized>(&mut self, used: &T) -> &mut Sheet {
        self.stand_beside("used", used)
    }

    /// States the levels that limit quotas: a map from exceptions to amounts. `&()` takes it back.
    pub fn levels<T: Serialize + ?Sized>(&mut self, levels: &T) -> &mut Sheet {
        self.stand_beside("levels", levels)
    }

    /// Takes sides in disputes on what the text means: a map from readings to yes or no. `&()` takes it back.
    pub fn readings<T: Serialize + ?Sized>(&mut self, readings: &T) -> &mut Sheet {
        self.stand_beside("readings", readings)
    }

    fn stand_beside<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Sheet {
        self.beside.retain(|(of, _)| *of != name);
        self.stray.retain(|(of, _)| *of != Place::Beside(name));
        match facts::to_raw(value) {
            Ok(Raw::Null) => self,
            Ok(raw) => {
                self.beside.push((name, raw));
                self
            }
            Err(error) => self.went_astray(Place::Beside(name), &error),
        }
    }

    /// States that there is none.
    pub fn none(&mut self, field: FieldRef) -> &mut Sheet {
        let mut is_text = false;
        let cell = |tape: &mut Tape, _: &Schema, declared: &Field| {
            is_text = declared.ty == Type::Text && !declared.many;
            let none = if declared.many { Cell::List(tape.add_list(&[])) } else { Cell::None };
            (!declared.required && !is_text).then_some(none)
        };
        self.state(field, cell, |_| Raw::from("none"));
        // In words it would be the text `none`.
        if is_text { self.refuse(field, "of a text it cannot be stated that there is none") } else { self }
    }

    /// States that it is not known.
    pub fn unknown(&mut self, field: FieldRef) -> &mut Sheet {
        self.state(field, |_, _, _| Some(Cell::Unknown), |_| Raw::Null)
    }

    /// Takes back what was stated of a field: nobody said.
    pub fn unstated(&mut self, field: FieldRef) -> &mut Sheet {
        self.state(field, |_, _, _| Some(Cell::Unstated), |_| Raw::Null)
    }

    /// Whether facts that nobody stated are taken not to apply.
    pub fn complete(&mut self, complete: bool) -> &mut Sheet {
        self.coder.tape.complete = complete;
        self
    }

    /// The day on which it is asked, or that no day is meant.
    pub fn asked_on(&mut self, day: impl Into<Option<Date>>) -> &mut Sheet {
        self.coder.tape.asked_on = day.into();
        self
    }

    /// Takes back everything.
    pub fn clear(&mut self) -> &mut Sheet {
        self.coder.tape.begin(&self.rules.program().schema);
        self.odd.clear();
        self.beside.clear();
        self.stray.clear();
        self.room = ROOM;
        self
    }

    /// The same facts as an ordinary activity: for a whole decision.
    ///
    /// # Errors
    ///
    /// When something was put on the sheet that no activity can state: a handle of another vocabulary, that there is none of
    /// a text, a value that cannot be a fact. What an activity can state, right or wrong, is looked at when it is decided.
    pub fn activity(&self) -> Result<Activity, FactsError> {
        match FactsError::of(self.astray()) {
            Some(error) => Err(error),
            None => Ok(self.statable()),
        }
    }

    /// What can be stated in an activity; the rest is astray.
    fn statable(&self) -> Activity {
        let tape = &self.coder.tape;
        let schema = &self.rules.program().schema;
        let mut activity = Activity::new();
        if tape.complete {
            activity = activity.complete();
        }
        if let Some(day) = tape.asked_on {
            activity = activity.set("asked_on", day);
        }
        for (at, declared) in schema.activity().fields.iter().enumerate() {
            let id = FieldId(at as u32);
            let odd = self.odd.iter().find(|(field, _)| *field == id).map(|(_, raw)| raw.clone());
            if let Some(raw) = odd.or_else(|| raw_of(schema, declared, tape, tape.activity(id))) {
                activity = activity.set(&declared.name, raw);
            }
        }
        self.beside.iter().fold(activity, |activity, (name, raw)| activity.set(name, raw.clone()))
    }

    /// States a field anew: plainly, or as the ordinary way would have it.
    #[inline]
    fn state(
        &mut self,
        field: FieldRef,
        cell: impl FnOnce(&mut Tape, &Schema, &Field) -> Option<Cell>,
        raw: impl FnOnce(&Schema) -> Raw,
    ) -> &mut Sheet {
        let Some(id) = self.begin(field) else { return self };
        let schema = &self.rules.program().schema;
        match cell(&mut self.coder.tape, schema, &schema.activity().fields[id.at()]) {
            Some(cell) => self.place(id, cell),
            None => {
                let raw = raw(schema);
                self.place_odd(id, raw)
            }
        }
    }

    /// Forgets what stood beside the tape of a field; `None` for one of another vocabulary.
    #[inline]
    fn begin(&mut self, field: FieldRef) -> Option<FieldId> {
        if field.mark != self.rules.mark() {
            self.went_astray(Place::Elsewhere, &FactsError::one("", OTHER_FIELD));
            return None;
        }
        let id = field.field;
        if !self.odd.is_empty() || !self.stray.is_empty() {
            self.odd.retain(|(of, _)| *of != id);
            self.stray.retain(|(of, _)| *of != Place::Field(id));
        }
        Some(id)
    }

    #[inline]
    fn place(&mut self, id: FieldId, cell: Cell) -> &mut Sheet {
        let tape = &mut self.coder.tape;
        tape.put(id, cell);
        if tape.beside() > self.room {
            tape.tidy(&self.rules.program().schema, &mut self.spare);
            std::mem::swap(tape, &mut self.spare);
            self.room = ROOM + 2 * tape.beside();
        }
        self
    }

    fn place_odd(&mut self, id: FieldId, raw: Raw) -> &mut Sheet {
        self.odd.push((id, raw));
        self.place(id, Cell::Unstated)
    }

    /// What cannot be stated of a field is an error until the field is set anew.
    #[cold]
    fn refuse(&mut self, field: FieldRef, what: &'static str) -> &mut Sheet {
        let Some(id) = self.begin(field) else { return self };
        self.place(id, Cell::Unstated);
        self.went_astray(Place::Field(id), &FactsError::one("", what))
    }

    #[cold]
    fn went_astray(&mut self, place: Place, error: &FactsError) -> &mut Sheet {
        let name = match place {
            Place::Elsewhere => "",
            Place::Field(field) => &self.rules.program().schema.activity().fields[field.at()].name,
            Place::Beside(name) => name,
        };
        for problem in error.problems().iter().map(|problem| problem.below(name)) {
            if !self.stray.iter().any(|(_, known)| *known == problem) {
                self.stray.push((place, problem));
            }
        }
        self
    }

    /// What is wrong with what no activity can state.
    fn astray(&self) -> Vec<Problem> {
        self.stray.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// The tape, when everything on it is plain and goes together.
    fn tape(&self, rules: &Ruleset, coder: &mut Coder) -> Result<&Tape, TheLongWay> {
        let is_plain = self.odd.is_empty() && self.beside.is_empty() && self.stray.is_empty();
        if !is_plain || !rules.speaks_as(&self.rules) {
            return Err(TheLongWay);
        }
        self.coder.check(rules.meaning())?;
        coder.check_names_of(rules.meaning(), &self.coder.tape)?;
        Ok(&self.coder.tape)
    }

    /// The ordinary way.
    fn question(&self, rules: &Ruleset) -> Result<Question, FactsError> {
        if !rules.speaks_as(&self.rules) {
            return Err(FactsError::one("", "the sheet is of another vocabulary"));
        }
        let bound = rules.bind(self.statable().raw());
        let wrong = bound.as_ref().err().into_iter().flat_map(|error| error.problems().iter().cloned());
        match FactsError::of(self.astray().into_iter().chain(wrong).collect()) {
            Some(error) => Err(error),
            None => bound,
        }
    }
}

/// A single value of a field that holds many is a list of one.
fn single(tape: &mut Tape, declared: &Field, cell: Cell) -> Cell {
    if declared.many { Cell::List(tape.add_list(&[cell])) } else { cell }
}

/// What stands in a cell, as an ordinary activity has it; `None` when nobody said.
fn raw_of(schema: &Schema, declared: &Field, tape: &Tape, cell: Cell) -> Option<Raw> {
    let term = |term: u32| {
        let taxonomy = declared.ty.taxonomy().expect("only a field of terms holds one");
        Raw::from(&schema.taxonomies[taxonomy.at()].terms[term as usize].name)
    };
    Some(match cell {
        Cell::Unstated => return None,
        Cell::Unknown | Cell::Hidden => Raw::Null,
        Cell::None => Raw::from("none"),
        Cell::Term(at) | Cell::Country(at) => term(at),
        Cell::Codes(from, width) => {
            let digits = 10 - width.codes().ilog10() as usize;
            Raw::Text(format!("{:0digits$}", from / width.codes()))
        }
        Cell::Day(day) => Raw::from(day),
        Cell::YesNo(yes) => Raw::Bool(yes),
        Cell::Text(span) | Cell::Name(span) => Raw::from(tape.text(span)),
        Cell::Amounts(span) => {
            let amounts = tape.amounts(span).iter();
            raw_of_amounts(amounts.map(|(unit, amount)| format!("{amount} {}", schema.unit_name(*unit))))
        }
        Cell::List(span) => {
            let elements = tape.list(span).iter();
            Raw::List(elements.filter_map(|cell| raw_of(schema, declared, tape, *cell)).collect())
        }
        Cell::Listing(list, measure) => {
            let list = &schema.lists[list.at()];
            Raw::Text(match measure.get() {
                Some(measure) => format!("{}/{}", list.name, list.measures[measure as usize]),
                None => list.name.clone(),
            })
        }
        Cell::Record(first) => {
            let Type::Record(record) = declared.ty else { unreachable!("only a field of records holds one") };
            let fields = schema.records[record.at()].fields.iter().zip(0..);
            let stated = fields.filter_map(|(field, at)| {
                Some((field.name.clone(), raw_of(schema, field, tape, tape.field(first, FieldId(at)))?))
            });
            Raw::Map(stated.collect())
        }
    })
}

/// One amount as it is, several as a list.
fn raw_of_amounts(amounts: impl ExactSizeIterator<Item = String>) -> Raw {
    let mut all: Vec<Raw> = amounts.map(Raw::Text).collect();
    if all.len() == 1 { all.remove(0) } else { Raw::List(all) }
}

impl Clerk<'_> {
    /// Decides the activity that stands on a sheet.
    ///
    /// # Errors
    ///
    /// When a fact does not fit its field, or facts contradict each other, as [`Ruleset::decide`]; and when the sheet, or a handle
    /// that was put on it, is of another vocabulary.
    pub fn decide_sheet(&mut self, sheet: &Sheet) -> Result<Brief, FactsError> {
        match sheet.tape(self.rules, &mut self.coder) {
            Ok(tape) => Ok(self.rules.brief_of_tape(tape, &mut self.codes, &mut self.scratch)),
            Err(TheLongWay) => {
                let question = sheet.question(self.rules)?;
                Ok(self.rules.brief_of(&question, &mut self.codes, &mut self.scratch))
            }
        }
    }

    /// Likewise, and tells all norms that reach it: see [`Clerk::applying`].
    ///
    /// # Errors
    ///
    /// As [`Clerk::decide_sheet`].
    pub fn applying_sheet(&mut self, sheet: &Sheet) -> Result<Applying<'_>, FactsError> {
        let Clerk { rules, coder, codes, scratch, told } = self;
        let brief = match sheet.tape(rules, coder) {
            Ok(tape) => rules.applying_of_tape(tape, codes, scratch, told),
            Err(TheLongWay) => rules.applying_of(&sheet.question(rules)?, codes, scratch, told),
        };
        Ok(Applying::new(brief, told, rules))
    }
}
