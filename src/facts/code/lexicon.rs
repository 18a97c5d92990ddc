//! From names to what they name, for coding activities: made once per policy, read only after that.

use crate::check::program::{ACTIVITY, FieldId, Program, RecordId, Schema, TaxonomyId, Type};
use crate::value::decimal::multiplied;
use crate::value::{Currency, Decimal, Unit};

/// The names of a policy's schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lexicon {
    /// By taxonomy.
    terms: Vec<Names>,
    /// By record.
    fields: Vec<Names>,
    /// The record that says what an authority found, which is checked more closely.
    pub finding: Option<RecordId>,
    /// The authorities of all regimes.
    pub authorities: Vec<String>,
}

/// A table from names to their places in some list of names.
#[derive(Debug, Clone, Default)]
struct Names {
    // INVARIANT: a power of two long, with at least one free place.
    places: Box<[Place]>,
    /// One of the names means something else where a value is stated.
    has_reserved: bool,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    ends: Ends,
    /// [`FREE`] where nothing stands.
    id: u32,
}

const FREE: u32 = u32::MAX;

/// How a name begins and ends, and how long it is. Up to [`WHOLE`] bytes that is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Ends {
    head: u64,
    tail: u64,
    len: u32,
}

const WHOLE: u32 = 16;

impl Ends {
    #[inline]
    fn of(name: &str) -> Ends {
        let bytes = name.as_bytes();
        let (head, tail) = match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
            (Some(head), Some(tail), ..) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            (.., Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => (bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        };
        Ends { head, tail, len: bytes.len() as u32 }
    }

    #[inline]
    fn hash(self) -> usize {
        let mixed = (self.head ^ self.tail.rotate_left(32) ^ u64::from(self.len)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 32) as usize
    }
}

impl Names {
    fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Names {
        let free = Place { ends: Ends::default(), id: FREE };
        let mut has_reserved = false;
        let mut places = vec![free; (names.len() * 2 + 1).next_power_of_two()];
        let mask = places.len() - 1;
        for (id, name) in names.enumerate() {
            has_reserved |= matches!(name, "unknown" | "none");
            let ends = Ends::of(name);
            let mut at = ends.hash() & mask;
            while places[at].id != FREE {
                at = (at + 1) & mask;
            }
            places[at] = Place { ends, id: id as u32 };
        }
        Names { places: places.into(), has_reserved }
    }

    /// A name that its ends tell whole, and that means nothing else.
    #[inline]
    fn find_short(&self, name: &str) -> Option<u32> {
        if name.len() > WHOLE as usize || self.has_reserved {
            return None;
        }
        self.find(name, |_| name)
    }

    #[inline]
    fn find<'a>(&self, name: &str, of: impl Fn(u32) -> &'a str) -> Option<u32> {
        let ends = Ends::of(name);
        let mask = self.places.len() - 1;
        let mut at = ends.hash() & mask;
        loop {
            let place = &self.places[at];
            if place.id == FREE {
                return None;
            }
            if place.ends == ends && (ends.len <= WHOLE || of(place.id) == name) {
                return Some(place.id);
            }
            at = (at + 1) & mask;
        }
    }
}

impl Lexicon {
    pub fn new(program: &Program) -> Lexicon {
        let schema = &program.schema;
        let terms = schema.taxonomies.iter();
        let terms = terms.map(|taxonomy| Names::new(taxonomy.terms.iter().map(|term| term.name.as_str())));
        let fields = schema.records.iter();
        let fields = fields.map(|record| Names::new(record.fields.iter().map(|field| field.name.as_str())));
        let records = schema.records.iter().position(|record| record.name == "finding");
        let authorities = program.regimes.iter().flat_map(|regime| &regime.authorities);
        Lexicon {
            terms: terms.collect(),
            fields: fields.collect(),
            finding: records.map(|at| RecordId(at as u32)).filter(|record| *record != ACTIVITY),
            authorities: authorities.map(|(name, _)| name.clone()).collect(),
        }
    }

    /// A term by its name.
    #[inline]
    pub fn term(&self, schema: &Schema, taxonomy: TaxonomyId, name: &str) -> Option<u32> {
        let terms = &schema.taxonomies[taxonomy.at()].terms;
        self.terms[taxonomy.at()].find(name, |id| &terms[id as usize].name)
    }

    /// A term by its name, where that is short and can mean nothing but the term. What is not found may yet be one.
    #[inline]
    pub fn short_term(&self, taxonomy: TaxonomyId, name: &str) -> Option<u32> {
        self.terms[taxonomy.at()].find_short(name)
    }

    /// A field of a record by its name.
    #[inline]
    pub fn field(&self, schema: &Schema, record: RecordId, name: &str) -> Option<FieldId> {
        let fields = &schema.records[record.at()].fields;
        self.fields[record.at()].find(name, |id| &fields[id as usize].name).map(FieldId)
    }
}

/// Whether a field holds what its record is called.
pub(super) fn is_id(field: &str) -> bool {
    matches!(field, "id" | "ids")
}

/// The base unit, or currency, and how many of it one is.
pub(super) fn unit(schema: &Schema, ty: Type, name: &str) -> Option<(Unit, Decimal)> {
    match ty {
        Type::Quantity => schema.units.iter().find(|known| known.name == name).map(|known| known.base),
        Type::Money => Currency::parse(name).map(|currency| (Unit::Money(currency), Decimal::ONE)),
        _ => None,
    }
}

/// A number of a unit, both written plainly. `None` for what takes a closer look.
pub(super) fn amount((unit, factor): (Unit, Decimal), number: &str) -> Option<(Unit, Decimal)> {
    let plain = number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !number.ends_with('.');
    if !plain {
        return None;
    }
    let amount = Decimal::from_str_exact(number).ok()?;
    if factor == Decimal::ONE {
        return Some((unit, amount));
    }
    Some((unit, multiplied(amount, factor)?))
}
