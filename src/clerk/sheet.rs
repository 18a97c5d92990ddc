//! An activity for hosts that hold codes already: names are looked up once, and facts are put into their places.
//!
//! What is stated plainly stands on a tape, as the coder would have written it. Everything else, right or wrong, is kept as the
//! ordinary way would have it, and goes the ordinary way.

use crate::check::program::{Field, FieldId, Schema, TaxonomyId, Type};
use crate::facts::bind::multiplied;
use crate::facts::code::{Coder, TheLongWay};
use crate::facts::question::{Question, Reference, State, Value};
use crate::facts::tape::{Cell, Tape};
use crate::facts::{self, Activity, FactsError, Problem};
use crate::ruleset::{Mark, Ruleset};
use crate::value::{Currency, Date, Decimal, Raw, Unit};

use super::{Applying, Brief, Clerk};

/// Names one field of the activity; see [`Ruleset::field`].
///
/// Like terms and units it is good for every ruleset with the same vocabulary: when norms were changed, and no field, word
/// or unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldRef {
    mark: Mark,
    field: FieldId,
}

/// Names one term of a vocabulary; see [`Ruleset::term`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TermRef {
    mark: Mark,
    taxonomy: TaxonomyId,
    term: u32,
}

/// Names one unit or currency; see [`Ruleset::unit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitRef {
    mark: Mark,
    name: UnitName,
    /// The base unit, and how many of it one is.
    base: (Unit, Decimal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum UnitName {
    Declared(u32),
    Currency(Currency),
}

/// An activity whose facts are put into their places one by one, to be decided again and again.
///
/// Nothing is looked up by its name and, after the first activities, nothing is allocated. It holds the fields of the activity
/// itself, lists of terms among them. Records such as parties, acts, lines, what quotas carry, and readings are stated in an
/// ordinary activity ([`Clerk::decide`], [`Clerk::code`]).
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
    /// Handles of other vocabularies, and the field they were put in where that is known.
    stray: Vec<(Option<FieldId>, &'static str)>,
}

/// The least that may stand beside the fields.
const ROOM: usize = 64;

impl Ruleset {
    /// Looks up a field of the activity.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn field(&self, name: &str) -> Result<FieldRef, FactsError> {
        let schema = &self.program().schema;
        if let Some(&field) = schema.activity().by_name.get(name) {
            return Ok(FieldRef { mark: self.mark(), field });
        }
        // The ordinary way knows what to say of it; of what stands beside the fields there is nothing wrong to say.
        let stated = Raw::Map(vec![(name.to_owned(), Raw::Null)]);
        Err(self.bind(&stated).err().unwrap_or_else(|| FactsError::one(name, "this is no field of the activity")))
    }

    /// Looks up a term of the vocabulary of a field; a country, where a field refers to somebody.
    ///
    /// # Errors
    ///
    /// When the field takes no such term, or is one of another vocabulary.
    pub fn term(&self, field: FieldRef, name: &str) -> Result<TermRef, FactsError> {
        let mark = self.mark();
        if field.mark != mark {
            return Err(FactsError::one("", OTHER_FIELD));
        }
        let declared = &self.program().schema.activity().fields[field.field.at()];
        let stated = facts::bind_field(self.program(), field.field, &Raw::from(name))?;
        let value = match &stated {
            State::Is(value) => Some(value),
            State::List(elements) => match elements.as_slice() {
                [State::Is(value)] => Some(value),
                _ => None,
            },
            State::Unstated | State::Unknown | State::None => None,
        };
        match (declared.ty, value) {
            (Type::Term(taxonomy) | Type::Root(taxonomy), Some(&Value::Term(term)))
            | (Type::Reference(taxonomy), Some(&Value::Reference(Reference::Country(term)))) => {
                Ok(TermRef { mark, taxonomy, term })
            }
            _ => Err(FactsError::one(&declared.name, "this is stated without a term")),
        }
    }

    /// Looks up a declared unit, or a currency by its three letters.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn unit(&self, name: &str) -> Result<UnitRef, FactsError> {
        let units = &self.program().schema.units;
        let declared = units.iter().position(|unit| unit.name == name);
        let declared = declared.map(|at| (UnitName::Declared(at as u32), units[at].base));
        let currency = || Currency::parse(name).map(|it| (UnitName::Currency(it), (Unit::Money(it), Decimal::ONE)));
        match declared.or_else(currency) {
            Some((name, base)) => Ok(UnitRef { mark: self.mark(), name, base }),
            None => Err(FactsError::one("", "no unit or currency has this name")),
        }
    }

    /// Starts an activity of which nothing is stated: see [`Sheet`].
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet {
            rules: self.clone(),
            coder: Coder::default(),
            spare: Tape::default(),
            room: ROOM,
            cells: Vec::new(),
            odd: Vec::new(),
            stray: Vec::new(),
        };
        sheet.clear();
        sheet
    }
}

const OTHER_FIELD: &str = "a field of another vocabulary was named here";

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
        self.stray.clear();
        self.room = ROOM;
        self
    }

    /// The same facts as an ordinary activity: for a whole decision.
    ///
    /// # Errors
    ///
    /// When something was put on the sheet that no activity can state: a handle of another vocabulary, or that there is none of
    /// a text. What an activity can state, right or wrong, is looked at when it is decided.
    pub fn activity(&self) -> Result<Activity, FactsError> {
        match FactsError::of(self.astray().collect()) {
            Some(error) => Err(error),
            None => Ok(self.statable()),
        }
    }

    /// What can be stated in an activity; the rest is [`Sheet::astray`].
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
        activity
    }

    /// States a field anew: plainly, or as the ordinary way would have it.
    #[inline]
    fn state(
        &mut self,
        field: FieldRef,
        cell: impl FnOnce(&mut Tape, &Schema, &Field) -> Option<Cell>,
        raw: impl FnOnce(&Schema) -> Raw,
    ) -> &mut Sheet {
        if field.mark != self.rules.mark() {
            return self.went_astray(None, OTHER_FIELD);
        }
        let id = field.field;
        if !self.odd.is_empty() || !self.stray.is_empty() {
            self.odd.retain(|(of, _)| *of != id);
            self.stray.retain(|(of, _)| *of != Some(id));
        }
        let schema = &self.rules.program().schema;
        let tape = &mut self.coder.tape;
        let cell = cell(tape, schema, &schema.activity().fields[id.at()]).unwrap_or_else(|| {
            self.odd.push((id, raw(schema)));
            Cell::Unstated
        });
        tape.put(id, cell);
        if tape.beside() > self.room {
            tape.tidy(schema, &mut self.spare);
            std::mem::swap(tape, &mut self.spare);
            self.room = ROOM + 2 * tape.beside();
        }
        self
    }

    /// What cannot be stated of a field is an error until the field is set anew.
    #[cold]
    fn refuse(&mut self, field: FieldRef, what: &'static str) -> &mut Sheet {
        if field.mark != self.rules.mark() {
            return self.went_astray(None, OTHER_FIELD);
        }
        self.unstated(field);
        self.went_astray(Some(field.field), what)
    }

    #[cold]
    fn went_astray(&mut self, field: Option<FieldId>, what: &'static str) -> &mut Sheet {
        if !self.stray.contains(&(field, what)) {
            self.stray.push((field, what));
        }
        self
    }

    /// What is wrong with the handles that were put here.
    fn astray(&self) -> impl Iterator<Item = Problem> {
        let fields = &self.rules.program().schema.activity().fields;
        self.stray
            .iter()
            .map(|(field, what)| Problem::new(field.map_or("", |field| fields[field.at()].name.as_str()), *what))
    }

    /// The tape, when everything on it is plain and goes together.
    fn tape(&self, rules: &Ruleset) -> Result<&Tape, TheLongWay> {
        if !self.odd.is_empty() || !self.stray.is_empty() || !rules.speaks_as(&self.rules) {
            return Err(TheLongWay);
        }
        self.coder.check(rules.meaning())?;
        Ok(&self.coder.tape)
    }

    /// The ordinary way.
    fn question(&self, rules: &Ruleset) -> Result<Question, FactsError> {
        if !rules.speaks_as(&self.rules) {
            return Err(FactsError::one("", "the sheet is of another vocabulary"));
        }
        let bound = rules.bind(self.statable().raw());
        let wrong = bound.as_ref().err().into_iter().flat_map(|error| error.problems().iter().cloned());
        match FactsError::of(self.astray().chain(wrong).collect()) {
            Some(error) => Err(error),
            None => bound,
        }
    }
}

/// A single value of a field that holds many is a list of one.
fn single(tape: &mut Tape, declared: &Field, cell: Cell) -> Cell {
    if declared.many { Cell::List(tape.add_list(&[cell])) } else { cell }
}

impl TermRef {
    /// `None` where a field takes no such term.
    fn cell(self, schema: &Schema, ty: Type) -> Option<Cell> {
        let is_root = || schema.taxonomies[self.taxonomy.at()].terms[self.term as usize].parent.is_none();
        match ty {
            Type::Term(taxonomy) if taxonomy == self.taxonomy => Some(Cell::Term(self.term)),
            Type::Root(taxonomy) if taxonomy == self.taxonomy && is_root() => Some(Cell::Term(self.term)),
            Type::Reference(taxonomy) if taxonomy == self.taxonomy && is_root() => Some(Cell::Country(self.term)),
            _ => None,
        }
    }

    fn raw(self, schema: &Schema) -> Raw {
        Raw::from(&schema.taxonomies[self.taxonomy.at()].terms[self.term as usize].name)
    }
}

impl UnitRef {
    fn name(self, schema: &Schema) -> String {
        match self.name {
            UnitName::Declared(at) => schema.units[at as usize].name.clone(),
            UnitName::Currency(currency) => currency.to_string(),
        }
    }
}

/// What stands in a cell, as an ordinary activity has it; `None` when nobody said.
fn raw_of(schema: &Schema, declared: &Field, tape: &Tape, cell: Cell) -> Option<Raw> {
    let term = |term: u32| match declared.ty {
        Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) => {
            Raw::from(&schema.taxonomies[taxonomy.at()].terms[term as usize].name)
        }
        _ => unreachable!("only a field of terms holds one"),
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
        Cell::Listing(..) | Cell::Record(_) => unreachable!("a sheet holds no records and no listings"),
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
        match sheet.tape(self.rules) {
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
        let Clerk { rules, codes, scratch, told, .. } = self;
        let brief = match sheet.tape(rules) {
            Ok(tape) => rules.applying_of_tape(tape, codes, scratch, told),
            Err(TheLongWay) => rules.applying_of(&sheet.question(rules)?, codes, scratch, told),
        };
        Ok(Applying::new(brief, told, rules))
    }
}
