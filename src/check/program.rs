//! The checked program: every name bound, every value typed, every day computed.
//!
//! After this stage evaluation is total. The reference evaluator, the normal
//! form and the binding of facts all start from here.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Code;
use crate::source::Span;
use crate::syntax::tree;
use crate::value::{Date, Decimal, Raw, Unit};

#[allow(unused_imports, reason = "one vocabulary for all later stages; some are used by tests and features only")]
pub(crate) use crate::resolve::schema::{
    ACTIVITY, Core, DefinitionId, ExitId, Field, FieldId, Group, GroupId, Instrument, InstrumentId, List, ListId,
    NormId, ParagraphId, ReadingId, Record, RecordId, Regime, RegimeId, Schema, Taxonomy, TaxonomyId, Term, Type,
    UnitInfo,
};

/// Everything the policy texts say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub schema: Schema,
    pub regimes: Vec<Regime>,
    pub instruments: Vec<Instrument>,
    pub paragraphs: Vec<Paragraph>,
    pub norms: Vec<Norm>,
    pub exits: Vec<Exit>,
    pub definitions: Vec<Definition>,
    pub readings: Vec<Reading>,
    pub presumptions: Vec<Presumption>,
    pub scenarios: Vec<Scenario>,
    pub properties: Vec<Property>,
    /// Where fields are declared.
    pub fields: BTreeMap<(RecordId, FieldId), Span>,
    pub tolerances: Vec<Tolerance>,
}

/// A finding of lint that the author knows of.
#[derive(Debug, Clone)]
pub(crate) struct Tolerance {
    pub code: Code,
    pub of: Subject,
    pub reason: String,
    pub span: Span,
}

/// What lint finds something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Norm(NormId),
    Exit(ExitId),
    Field(RecordId, FieldId),
    Reading(ReadingId),
    /// What is presumed of this field of the activity.
    Presumption(FieldId),
}

#[derive(Debug, Clone)]
pub(crate) struct Paragraph {
    pub instrument: InstrumentId,
    /// `11(a)`
    pub label: String,
    pub title: Option<String>,
    /// `R2321/11(a)`
    pub name: String,
    /// `S/RES/2321 (2016), para. 11(a)`
    pub citation: String,
    /// The first day on which the paragraph has effect.
    pub from: Date,
    pub through: Option<Date>,
    /// The norms, paragraphs and exits that it ends, by name.
    pub replaces: Vec<String>,
    pub span: Span,
}

impl Program {
    /// Whether a quota counts the amount of this field of the activity. Of such an amount a complete question that
    /// leaves it out does not say that there is none: what is shipped has an amount.
    pub fn is_measured(&self, field: FieldId) -> bool {
        self.exits.iter().flat_map(|exit| &exit.quotas).any(|quota| quota.field == field)
    }

    /// The regime of the instrument in which a paragraph stands.
    pub fn regime_of(&self, paragraph: ParagraphId) -> RegimeId {
        self.instruments[self.paragraphs[paragraph.at()].instrument.at()].regime
    }
}

/// Days, both ends inclusive; empty when `through` is before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub from: Date,
    pub through: Option<Date>,
}

impl Period {
    pub fn holds(self, date: Date) -> bool {
        self.from <= date && self.through.is_none_or(|through| date <= through)
    }
}

pub(crate) use tree::{ActKind, Effect};

#[derive(Debug, Clone)]
pub(crate) struct Norm {
    /// `R2321/11(a)`, or `R1874/9.finance` in a paragraph with several norms.
    pub name: String,
    pub paragraph: ParagraphId,
    pub effect: Effect,
    /// What the author wrote about it, of duties, advice and cautions.
    pub text: Option<String>,
    /// The branches of the taxonomy of actions that it reaches; every action when `None`.
    pub actions: Option<Terms>,
    /// Of a duty that other acts bring about (`upon`): these acts, which `actions` holds as well; any act when `Some(None)`.
    pub upon: Option<Option<Terms>>,
    /// Its days; already ended by what replaces it.
    pub period: Period,
    pub replaced_by: Option<ParagraphId>,
    pub when: Cond,
    /// Of a duty: the day by which it is to be done.
    pub deadline: Option<Deadline>,
    /// Its own exceptions and the exemptions that reach it, in the order of `ExitId`.
    /// Of an `oblige` norm: only the exits that name the norm or its paragraph.
    pub exits: Vec<ExitId>,
    pub span: Span,
}

impl Norm {
    /// Of a duty with a last day: that day. Until it has passed, nothing was left undone.
    pub fn last_day(&self) -> Option<Date> {
        match self.deadline {
            Some(Deadline::By(day)) if self.effect == Effect::Oblige => Some(day),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deadline {
    By(Date),
    /// Days after the date of the activity, or after the end of its month.
    Within {
        days: i64,
        month: bool,
    },
}

/// A named exception of a norm, or an exemption.
#[derive(Debug, Clone)]
pub(crate) struct Exit {
    /// `R1874/10.small_arms`, `R2397/25.aid`
    pub name: String,
    /// Where it stands.
    pub paragraph: ParagraphId,
    /// The norm whose exception it is; `None` for an exemption.
    pub of: Option<NormId>,
    /// What an exemption lifts, by name: norms, paragraphs, instruments, regimes.
    pub lifts: Vec<String>,
    /// Its days: for an exception already intersected with its norm's; already ended by what replaces it.
    pub period: Period,
    pub when: Cond,
    pub quotas: Vec<Quota>,
    pub requirements: Vec<Requirement>,
    pub standard: Option<String>,
    pub exceptional: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Requirement {
    pub kind: ActKind,
    pub by: Who,
    /// Of a notice.
    pub to: Option<Who>,
    pub time: Time,
}

/// Whose act it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// The name of an authority of a regime: `committee`.
    Authority(String),
    /// The country that the value of this field of the activity is, or lies in.
    Field(FieldId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    /// On or before the date; valid on it.
    Standing,
    InAdvance,
    AtLeastBefore {
        days: i64,
        working: bool,
    },
    MoreThanBefore {
        days: i64,
        working: bool,
    },
    AtMostBefore {
        days: i64,
        working: bool,
    },
    WithinAfter {
        days: i64,
        working: bool,
        /// After the end of the month of the date.
        month: bool,
    },
    By(Date),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quota {
    pub limit: Limit,
    pub unit: Unit,
    /// The amount of the activity that is counted.
    pub field: FieldId,
    pub period: QuotaPeriod,
    pub per: Option<Per>,
    /// The other units of the same limit: `t` of the barrels in `4_000_000 bbl or 525_000 t`.
    pub or: Vec<Unit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Limit {
    Amount(Decimal),
    /// A fact of the ledger that the host states in `levels`.
    Level {
        from: Date,
        through: Date,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuotaPeriod {
    CalendarYear,
    CalendarMonth,
    MonthsFrom { months: i64, from: Date },
    AnyMonths { months: i64 },
    Days { from: Date, through: Date },
    Total,
    AnyTime,
}

impl QuotaPeriod {
    /// The first and the last day for which what is used on one of them is known.
    pub fn window(self, day: Date) -> (Date, Date) {
        let year = |month, of_month| Date::try_new(day.year(), month, of_month).unwrap_or(day);
        match self {
            QuotaPeriod::CalendarYear => (year(1, 1), year(12, 31)),
            QuotaPeriod::CalendarMonth => (day.first_of_month(), day.last_of_month()),
            QuotaPeriod::MonthsFrom { months, from } => {
                let start = |count: i64| from.plus_months(count.saturating_mul(months));
                let days = i64::from(day.day_number() - from.day_number());
                // No later than it can be.
                let mut count = days / (if days < 0 { 28 } else { 31 } * months.max(1)) - 1;
                while start(count + 1).is_some_and(|start| start <= day) {
                    count += 1;
                }
                let through = start(count + 1).map_or(Date::LAST, Date::previous);
                (start(count).unwrap_or(Date::MIN), through)
            }
            QuotaPeriod::Days { from, through } if day < from => (Date::MIN, from.previous().min(through)),
            QuotaPeriod::Days { from, through } if day <= through => (from, through),
            QuotaPeriod::Days { through, .. } => (through.next(), Date::LAST),
            QuotaPeriod::Total => (Date::MIN, Date::LAST),
            // Any such months, and a stock, are others from day to day.
            QuotaPeriod::AnyMonths { .. } | QuotaPeriod::AnyTime => (day, day),
        }
    }

    /// Whether what is used on one of two days is what is used on the other.
    pub fn is_one(self, one: Date, other: Date) -> bool {
        let (from, through) = self.window(one);
        from <= other && other <= through
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Per {
    Field(FieldId),
    Holder,
}

#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub name: String,
    /// Asked of a record of this kind; of the activity when `None`.
    pub of: Option<RecordId>,
    /// The definition and what widens it; holds when a part in force holds.
    pub parts: Vec<DefinitionPart>,
}

#[derive(Debug, Clone)]
pub(crate) struct DefinitionPart {
    pub paragraph: ParagraphId,
    pub period: Period,
    pub when: Cond,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub name: String,
    pub question: String,
    pub default: bool,
    pub paragraph: ParagraphId,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Presumption {
    /// A field of the activity.
    pub field: FieldId,
    pub value: Raw,
    pub citation: Option<String>,
    pub span: Span,
}

/// A set of terms: half-open ranges of term numbers, sorted and apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Terms(pub Vec<(u32, u32)>);

impl Terms {
    pub fn has(&self, term: u32) -> bool {
        self.0.iter().any(|&(from, to)| from <= term && term < to)
    }

    /// Of so many terms, those that are not among these.
    pub fn complement(&self, count: u32) -> Terms {
        let mut outside = Vec::new();
        let mut from = 0;
        for &(start, end) in &self.0 {
            outside.extend((from < start).then_some((from, start)));
            from = end;
        }
        outside.extend((from < count).then_some((from, count)));
        Terms(outside)
    }

    /// Whether all of these are among others.
    pub fn is_within(&self, others: &Terms) -> bool {
        self.0.iter().all(|&(from, to)| others.all_or_none(from, to) == Some(true))
    }

    /// Whether none of these is among others.
    pub fn is_apart_from(&self, others: &Terms) -> bool {
        self.0.iter().all(|&(from, to)| others.all_or_none(from, to) == Some(false))
    }

    /// Whether all terms of a range are among these, or none; `None` when some are.
    pub fn all_or_none(&self, from: u32, to: u32) -> Option<bool> {
        match self.0.iter().find(|&&(_, end)| from < end) {
            Some(&(first, end)) if first <= from && to <= end => Some(true),
            Some(&(first, _)) if first < to => None,
            _ => Some(false),
        }
    }
}

/// A field of the activity, or of the record at hand (inside quantifiers and definitions `of` a record).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Fact {
    Activity(FieldId),
    Own(FieldId),
}

/// What a value is tested for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    Terms(Terms),
    /// Half-open ranges of ten-digit codes.
    Codes(Vec<(u64, u64)>),
    /// Half-open ranges of days.
    Dates(Vec<(Date, Date)>),
    YesNo(bool),
    Texts(Vec<String>),
    /// `op` a number of one unit: the fact is the amount in that unit.
    Amount {
        unit: Unit,
        op: Op,
        than: Decimal,
    },
    /// References to countries in the branches, or to these ids.
    References {
        terms: Terms,
        ids: Vec<String>,
    },
    Lists(Vec<ListId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Op {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Op {
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Op::Less => left < right,
            Op::LessOrEqual => left <= right,
            Op::More => left > right,
            Op::MoreOrEqual => left >= right,
        }
    }
}

/// A condition. In a world it is yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Cond {
    Yes,
    No,
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    /// The value is in the set; of a list field: some element is. `none` is in no set.
    Test {
        fact: Fact,
        set: Set,
    },
    /// The item is in these branches, or the HS code in these codes; about the goods of the activity.
    Goods {
        terms: Terms,
        codes: Vec<(u64, u64)>,
    },
    /// The value is `none`; the list is empty.
    Absent {
        fact: Fact,
    },
    /// Two facts of one kind are equal, neither being none. A place equals a country when it lies in it.
    /// A reference equals a country when it names that country. On a list: some element is.
    Same {
        left: Fact,
        right: Fact,
    },
    /// Two dates compare so, neither being none.
    Order {
        left: Fact,
        op: Op,
        right: Fact,
    },
    /// `right` plus `days` days, compared: `left op right + days`; neither being none. (`found … in the last N days`.)
    OrderPlus {
        left: Fact,
        op: Op,
        right: Fact,
        days: i64,
    },
    /// Two dates lie in the same calendar year, neither being none.
    SameYear {
        left: Fact,
        right: Fact,
    },
    /// The value is a member of the group on the date of the activity.
    Member {
        fact: Fact,
        group: GroupId,
    },
    /// At least this many records of the list, of this role if one is named, satisfy the body.
    /// `list` is a field of the record at hand or the activity, with type `Record`.
    Count {
        list: Fact,
        role: Option<Terms>,
        at_least: u32,
        body: Box<Cond>,
    },
    /// `who` is the record at hand (`None`), or the parties that this list field of it refers to, through the whole chain.
    Listed {
        who: Option<FieldId>,
        list: ListId,
        measure: Option<u32>,
        entry: Option<String>,
    },
    /// A definition; `of` a record, it is asked of the record at hand.
    Defined(DefinitionId),
    Reading(ReadingId),
    /// In properties only: the question states no act.
    NoAct,
}

impl Cond {
    /// The conditions of which it is made directly.
    pub fn parts(&self) -> &[Cond] {
        match self {
            Cond::All(parts) | Cond::Any(parts) => parts,
            Cond::Not(inner) | Cond::Count { body: inner, .. } => std::slice::from_ref(inner),
            _ => &[],
        }
    }

    /// Adds the definitions on which it rests.
    pub fn rests_on(&self, program: &Program, into: &mut BTreeSet<DefinitionId>) {
        if let Cond::Defined(id) = self
            && into.insert(*id)
        {
            program.definitions[id.at()].parts.iter().for_each(|part| part.when.rests_on(program, into));
        }
        self.parts().iter().for_each(|part| part.rests_on(program, into));
    }

    /// How much it asks: one for each test, more for what is asked of records and lists.
    pub fn weight(&self, program: &Program) -> usize {
        const RECORDS: usize = 10;
        let parts: usize = self.parts().iter().map(|part| part.weight(program)).sum();
        let own = match self {
            Cond::All(_) | Cond::Any(_) | Cond::Not(_) | Cond::Yes | Cond::No => 0,
            Cond::Defined(id) => {
                program.definitions[id.at()].parts.iter().map(|part| part.when.weight(program)).sum::<usize>()
            }
            Cond::Count { .. } | Cond::Listed { .. } => RECORDS,
            _ => 1,
        };
        parts + own
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub title: String,
    /// The same shape a host's activity has.
    pub facts: Raw,
    /// Where each top-level fact stands, for errors.
    pub places: Vec<(String, Span)>,
    pub expects: Vec<Expect>,
    pub span: Span,
    /// The scenario that this one is a variant of.
    pub variant_of: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expect {
    pub verdict: String,
    pub by: Vec<NormRef>,
    pub needing: Vec<String>,
    /// Duties, advice and cautions that the decision carries.
    pub noting: Vec<NormRef>,
}

/// A norm, or any norm of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NormRef {
    Norm(NormId),
    Paragraph(ParagraphId),
}

#[allow(dead_code, reason = "run with the feature `proptest`")]
#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub title: String,
    pub when: Cond,
    pub claim: Claim,
    pub span: Span,
}

/// Names of verdicts, checked to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    AtLeast(String),
    AtMost(String),
    Is(String),
}
