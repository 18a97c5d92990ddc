//! The syntax tree: everything the author wrote, with places.
//!
//! Two trees are equal when they say the same; places do not count, so
//! `parse(print(tree)) == tree` can be stated as a law.

use crate::source::Span;
use crate::value::{Date, Decimal};

/// Something with its place. Equality ignores the place.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub it: T,
    pub span: Span,
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &At<T>) -> bool {
        self.it == other.it
    }
}

/// An identifier: a name, a term, a field.
pub(crate) type Name = At<String>;
/// Quoted text, without its quotes and with escapes resolved.
pub(crate) type Text = At<String>;
/// A dotted or slashed reference, as written: `R2321/11(a)`, `R1718`, `dprk`, `R5/18.funding`.
pub(crate) type Reference = At<String>;

/// One policy text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct File {
    pub items: Vec<At<Item>>,
    /// Comments, in order; the formatter puts them back.
    pub comments: Vec<Comment>,
}

/// A comment and the byte where it starts. `text` has the leading `//`.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub text: String,
    pub span: Span,
    /// Nothing but white space stands before it on its line.
    pub own_line: bool,
    /// An empty line stands before it.
    pub gap_before: bool,
    /// An empty line stands after it.
    pub gap_after: bool,
}

impl PartialEq for Comment {
    fn eq(&self, other: &Comment) -> bool {
        self.text == other.text
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// `use std`
    Use(Name),
    Taxonomy(Taxonomy),
    /// `extend taxonomy item under arms { … }`
    ExtendTaxonomy {
        name: Name,
        under: Option<Name>,
        terms: Vec<Term>,
    },
    /// `record party { … }`
    Record {
        name: Name,
        fields: Vec<Field>,
    },
    /// `extend record party { … }`
    ExtendRecord {
        name: Name,
        fields: Vec<Field>,
    },
    /// `activity { … }`
    Activity {
        fields: Vec<Field>,
    },
    /// `extend activity { … }`
    ExtendActivity {
        fields: Vec<Field>,
    },
    Unit(Unit),
    Group(Group),
    List(List),
    /// `holidays "source" { 2023-01-02, … }`
    Holidays {
        source: Option<Text>,
        days: Vec<At<Date>>,
    },
    Presume(Presume),
    Regime(Regime),
    Instrument(Instrument),
    Scenario(Scenario),
    Property(Property),
}

/// `taxonomy item "Goods" { … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Taxonomy {
    pub name: Name,
    pub title: Option<Text>,
    pub terms: Vec<Term>,
}

/// `vegetables "Edible vegetables" hs 07, 0801..0803 { … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub name: Name,
    pub title: Option<Text>,
    /// HS prefixes, or ranges of prefixes, that the term carries.
    pub codes: Vec<CodeRange>,
    pub children: Vec<Term>,
    pub span: Span0,
}

/// `84`, `72..76` (both ends included): HS prefixes as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CodeRange {
    pub first: At<String>,
    pub last: Option<At<String>>,
}

/// `origin : place required "Where do the goods come from?"`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub name: Name,
    pub ty: FieldType,
    pub required: bool,
    pub question: Option<Text>,
    pub tolerates: Vec<At<Tolerate>>,
}

/// `tolerate never-applies because "…"`: a finding of lint that the author knows of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tolerate {
    /// The code of the finding.
    pub code: Name,
    pub reason: Text,
}

/// `place`, `list of party`, `item coded by hs`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldType {
    pub list: bool,
    pub name: Name,
    pub coded_by: Option<Name>,
}

/// `unit bbl "barrel"`; `unit litre = 0.00628981 bbl "source of the factor"`; `unit account counted`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    pub name: Name,
    /// An activity without an amount is one of these.
    pub counted: bool,
    pub is: Option<(At<Decimal>, Name)>,
    pub title: Option<Text>,
}

/// `group un_members of place "Members" { AD, ME from 2006-06-28, … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub name: Name,
    pub taxonomy: Name,
    pub title: Option<Text>,
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub term: Name,
    pub period: Period,
}

/// `list un_1718_vessels "…" { deflag, port_entry_ban }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List {
    pub name: Name,
    pub title: Option<Text>,
    pub measures: Vec<Name>,
}

/// `presume omission is no "citation"`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Presume {
    pub field: Name,
    pub value: Value,
    pub citation: Option<Text>,
    pub tolerates: Vec<At<Tolerate>>,
}

/// `regime dprk "…" { authority committee "…"  binds un_members }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Regime {
    pub name: Name,
    pub title: Option<Text>,
    pub authorities: Vec<(Name, Option<Text>)>,
    pub binds: Vec<Name>,
}

/// `instrument R1718 "S/RES/1718 (2006)" of dprk adopted 2006-10-14 { … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Instrument {
    pub name: Name,
    pub citation: Text,
    pub regime: Name,
    pub adopted: At<Date>,
    pub paragraphs: Vec<At<Paragraph>>,
}

/// `paragraph 8(d) "Asset freeze" from … replaces … { … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Paragraph {
    /// `8(d)`
    pub label: Name,
    pub title: Option<Text>,
    pub period: Period,
    pub replaces: Vec<Reference>,
    pub clauses: Vec<At<Clause>>,
}

/// `from D through D`; both inclusive, both optional.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Period {
    pub from: Option<DateExpr>,
    pub through: Option<DateExpr>,
}

/// A date that is known when the policy is compiled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DateExpr {
    Day(At<Date>),
    /// `adopted`, of the instrument at hand
    Adopted(Span0),
    /// `R1718.adopted`
    AdoptedOf(Name),
    /// `adopted + 90 days`, `… - 3 months`
    Plus {
        base: Box<DateExpr>,
        count: At<i64>,
        unit: DateUnit,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum DateUnit {
    Days,
    Months,
    Years,
}

/// A place that does not count in comparisons.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span0(pub Span);

impl PartialEq for Span0 {
    fn eq(&self, _: &Span0) -> bool {
        true
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Clause {
    Define(Define),
    Norm(Norm),
    Exempt(Exempt),
    Reading(Reading),
    Presume(Presume),
}

/// `define designated of party when …`; `define flag_dealing also when …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Define {
    pub name: Name,
    pub of: Option<Name>,
    pub also: bool,
    pub period: Period,
    pub when: Cond,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Prohibit,
    Oblige,
    Advise,
    Caution,
}

/// `prohibit any of { supply, procurement } as sale from … through … replaces … when … except …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Norm {
    pub effect: At<Effect>,
    /// Empty when none was written, which only `advise` and `caution` may do (they then mean `any`).
    pub actions: Vec<ActionTerm>,
    /// `upon employment`, of `oblige`: the acts that bring the duty about.
    pub upon: Vec<ActionTerm>,
    /// `by 2019-12-22`, `within 30 days after`, `within 30 days after the month`; of `oblige`
    pub deadline: Option<Deadline>,
    pub text: Option<Text>,
    pub name: Option<Name>,
    pub period: Period,
    pub when: Option<Cond>,
    pub tolerates: Vec<At<Tolerate>>,
    pub exceptions: Vec<At<Exception>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ActionTerm {
    Any(Span0),
    Term(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deadline {
    By(DateExpr),
    /// `month`: after the end of the month of the date.
    Within {
        days: At<i64>,
        month: bool,
    },
}

/// `except approved when … within … with … "standard" exceptional`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exception {
    pub name: Name,
    pub body: ExitBody,
}

/// `exempt from R1718/8(d), dprk as aid when … with …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exempt {
    pub from: Vec<Reference>,
    pub name: Name,
    pub body: ExitBody,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ExitBody {
    pub period: Period,
    pub when: Option<Cond>,
    pub quotas: Vec<Quota>,
    pub requirements: Vec<Requirement>,
    /// The standard by which an authority decides, in words.
    pub standard: Option<Text>,
    pub exceptional: bool,
    pub tolerates: Vec<At<Tolerate>>,
}

/// `500_000 bbl of quantity per calendar year per actor_state`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quota {
    /// One, or one limit in several units: `4_000_000 bbl or 525_000 t`. Never empty.
    pub limits: Vec<Limit>,
    /// The amount counted; `quantity` or `value` when not written.
    pub of: Option<Name>,
    pub period: QuotaPeriod,
    /// `per actor_state`, `per holder`
    pub per: Option<Name>,
    pub span: Span0,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Limit {
    Amount(Number),
    /// `level on D`, `level from D through D`, in a unit: `level permit on D`
    Level {
        unit: Name,
        from: DateExpr,
        through: Option<DateExpr>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum QuotaPeriod {
    /// `per calendar year`
    CalendarYear,
    /// `per calendar month`
    CalendarMonth,
    /// `per 12 months from D`
    MonthsFrom { months: At<i64>, from: DateExpr },
    /// `in any 12 months`
    AnyMonths { months: At<i64> },
    /// `from D through D`
    Days { from: DateExpr, through: DateExpr },
    /// `in total`
    Total,
    /// `at any time`
    AnyTime,
}

/// A number with its unit, if one was written: `500_000 bbl`, `2_000 USD`, `3`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub value: At<Decimal>,
    pub unit: Option<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActKind {
    Approval,
    Notice,
    Determination,
    Request,
}

impl ActKind {
    /// The word of the language.
    pub fn word(self) -> &'static str {
        match self {
            ActKind::Approval => "approval",
            ActKind::Notice => "notice",
            ActKind::Determination => "determination",
            ActKind::Request => "request",
        }
    }
}

/// `notice by origin to committee at least 5 days before`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Requirement {
    pub kind: At<ActKind>,
    pub by: Option<Name>,
    pub to: Option<Name>,
    pub time: Option<ActTime>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ActTime {
    InAdvance,
    AtLeastBefore {
        days: At<i64>,
        working: bool,
    },
    MoreThanBefore {
        days: At<i64>,
        working: bool,
    },
    AtMostBefore {
        days: At<i64>,
        working: bool,
    },
    /// `month`: after the end of the month of the date.
    WithinAfter {
        days: At<i64>,
        working: bool,
        month: bool,
    },
    By(DateExpr),
}

/// `reading steel_is_iron "Does 'iron' include steel?" default yes`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub name: Name,
    pub question: Text,
    pub default: At<bool>,
    pub tolerates: Vec<At<Tolerate>>,
}

/// A condition. `and` and `or` have two or more parts and do not mix without brackets.
#[derive(Debug)]
pub(crate) enum Cond {
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    /// Brackets the author wrote, kept so that the text can be printed as it was meant.
    Group(Box<Cond>),
    /// A bare name: a definition, a reading, a yes/no field, or `any`.
    Name(Name),
    /// `origin is KP`, `item not under any of { food, medicine }`, `sponsored_by KP`
    Test {
        field: Name,
        negated: bool,
        op: TestOp,
        values: Vec<Value>,
        any_of: bool,
        span: Span,
    },
    /// `links is empty`, `item is none`
    Absent {
        field: Name,
        negated: bool,
        word: Absent,
    },
    /// `value > 2_000 USD`, `contract_date before adopted`, `date >= 2009-06-12`
    Compare {
        field: Name,
        op: At<CompareOp>,
        value: Value,
    },
    /// `some counterparty { … }`, `no party { … }`, `at least 2 vessel { … }`; `no act` has no body
    Some {
        quantifier: At<Quantifier>,
        of: Name,
        body: Option<Box<Cond>>,
    },
    /// `listed in un_1718 for port_entry_ban as "KPe.047"`, `controlled_by listed in un_1718`
    Listed {
        field: Option<Name>,
        list: Name,
        measure: Option<Name>,
        entry: Option<Text>,
        span: Span,
    },
    /// `found objection by committee this calendar year`
    Found {
        kind: Name,
        by: Name,
        window: Option<Window>,
        span: Span,
    },
    /// `actor_state in un_members`
    Member {
        field: Name,
        negated: bool,
        group: Name,
    },
}

// By hand and in two parts, because a derived function has room for every variant in its frame, which a
// deep condition on a small stack has not.
impl Clone for Cond {
    fn clone(&self) -> Cond {
        match self {
            Cond::And(parts) => Cond::And(parts.clone()),
            Cond::Or(parts) => Cond::Or(parts.clone()),
            Cond::Not(inner) => Cond::Not(inner.clone()),
            Cond::Group(inner) => Cond::Group(inner.clone()),
            Cond::Some { quantifier, of, body } => {
                Cond::Some { quantifier: quantifier.clone(), of: of.clone(), body: body.clone() }
            }
            leaf => leaf.clone_leaf(),
        }
    }
}

impl PartialEq for Cond {
    fn eq(&self, other: &Cond) -> bool {
        match (self, other) {
            (Cond::And(a), Cond::And(b)) | (Cond::Or(a), Cond::Or(b)) => a == b,
            (Cond::Not(a), Cond::Not(b)) | (Cond::Group(a), Cond::Group(b)) => a == b,
            (Cond::Some { quantifier, of, body }, Cond::Some { quantifier: q, of: o, body: b }) => {
                quantifier == q && of == o && body == b
            }
            (leaf, other) => leaf.is_same_leaf(other),
        }
    }
}

impl Cond {
    #[inline(never)]
    fn clone_leaf(&self) -> Cond {
        use Cond::*;
        match self {
            Name(name) => Name(name.clone()),
            Test { field, negated, op, values, any_of, span } => Test {
                field: field.clone(),
                negated: *negated,
                op: *op,
                values: values.clone(),
                any_of: *any_of,
                span: *span,
            },
            Absent { field, negated, word } => Absent { field: field.clone(), negated: *negated, word: *word },
            Compare { field, op, value } => Compare { field: field.clone(), op: op.clone(), value: value.clone() },
            Listed { field, list, measure, entry, span } => Listed {
                field: field.clone(),
                list: list.clone(),
                measure: measure.clone(),
                entry: entry.clone(),
                span: *span,
            },
            Found { kind, by, window, span } => {
                Found { kind: kind.clone(), by: by.clone(), window: window.clone(), span: *span }
            }
            Member { field, negated, group } => {
                Member { field: field.clone(), negated: *negated, group: group.clone() }
            }
            And(_) | Or(_) | Not(_) | Group(_) | Some { .. } => unreachable!("these have parts"),
        }
    }

    #[inline(never)]
    fn is_same_leaf(&self, other: &Cond) -> bool {
        use Cond::*;
        match (self, other) {
            (Name(a), Name(b)) => a == b,
            (
                Test { field, negated, op, values, any_of, span: _ },
                Test { field: f, negated: n, op: o, values: v, any_of: a, span: _ },
            ) => (field, negated, op, values, any_of) == (f, n, o, v, a),
            (Absent { field, negated, word }, Absent { field: f, negated: n, word: w }) => {
                (field, negated, word) == (f, n, w)
            }
            (Compare { field, op, value }, Compare { field: f, op: o, value: v }) => (field, op, value) == (f, o, v),
            (
                Listed { field, list, measure, entry, span: _ },
                Listed { field: f, list: l, measure: m, entry: e, span: _ },
            ) => (field, list, measure, entry) == (f, l, m, e),
            (Found { kind, by, window, span: _ }, Found { kind: k, by: b, window: w, span: _ }) => {
                (kind, by, window) == (k, b, w)
            }
            (Member { field, negated, group }, Member { field: f, negated: n, group: g }) => {
                (field, negated, group) == (f, n, g)
            }
            (
                And(_)
                | Or(_)
                | Not(_)
                | Group(_)
                | Name(_)
                | Test { .. }
                | Absent { .. }
                | Compare { .. }
                | Some { .. }
                | Listed { .. }
                | Found { .. }
                | Member { .. },
                _,
            ) => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TestOp {
    Is,
    Under,
    /// `sponsored_by KP`: nothing was written; allowed inside braces only.
    Implied,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// `is empty`
    Empty,
    /// `is none`
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    /// `before`: exclusive
    Before,
    /// `after`: exclusive
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Some,
    No,
    AtLeast(u32),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Window {
    /// `this calendar year`
    ThisCalendarYear,
    /// `in the last 120 days`: from that many days before the date of the activity through it
    LastDays(At<i64>),
}

/// A value in a condition or a scenario.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A term, a country, a field, a list, `yes`, `no`, `none`, `unknown`, `R2321/11(a)`: whatever the place makes of it.
    Word(Name),
    /// `"KPe.047"`
    Text(Text),
    /// `adopted + 30 days`, `2017-09-11`
    Date(DateExpr),
    /// `2_000 USD`, `2.5`. Beside `<` and the like also a whole number without a unit; elsewhere that is `Codes`.
    Number(Number),
    /// `0801`, `72..76`: digits as written, because a leading zero counts in an HS prefix; both ends included
    Codes(CodeRange),
    /// `[revenue, arms]`, in scenarios
    List(Vec<Value>, Span0),
    /// `{ nationality KP }`, in scenarios
    Record(Vec<Fact>, Span0),
}

/// `date 2023-09-13`, `counterparty { … }`, `act approval { … }`, in a scenario.
///
/// `quantity 10_000 bbl, 1_300 t` has two values. `used R3/1.quota 100_000 bbl`
/// has the word and the number; `act approval { … }` the word and the record; `complete` has none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    pub field: Name,
    pub values: Vec<Value>,
    pub span: Span0,
}

/// `scenario "…" { facts… expect … but "…" { … } }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scenario {
    pub title: Text,
    pub facts: Vec<Fact>,
    pub expects: Vec<At<Expect>>,
    pub variants: Vec<At<Variant>>,
}

/// `but "…" { without purpose   date 2017-12-11   expect … }`: the same scenario, with some facts changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    pub title: Text,
    /// Facts of the scenario that are not stated here.
    pub without: Vec<Name>,
    /// These take the place of the scenario's facts of the same name.
    pub facts: Vec<Fact>,
    pub expects: Vec<At<Expect>>,
}

/// `expect undetermined by N needing counterparty.sponsored_by`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expect {
    pub verdict: Name,
    pub by: Vec<Reference>,
    pub needing: Vec<Reference>,
    /// `noting R1718/8(f)`: duties, advice and cautions that the decision carries.
    pub noting: Vec<Reference>,
}

/// `property "…" { when … always at least requires_authorisation }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Property {
    pub title: Text,
    pub when: Option<Cond>,
    pub claim: At<Claim>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    AtLeast(Name),
    AtMost(Name),
    Is(Name),
}
