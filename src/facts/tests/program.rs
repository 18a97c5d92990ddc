//! A policy of a few lines, as the checker would leave it.

use crate::check::program::*;
use crate::source::{Sources, Span};
use crate::value::{Currency, Date, Decimal, Unit, UnitId};

/// Indented names, each with `=` and codes if it carries some, as a taxonomy in pre-order.
fn taxonomy(name: &str, text: &str) -> Taxonomy {
    let mut terms: Vec<Term> = Vec::new();
    let mut open: Vec<(usize, u32)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        open.retain(|(other, _)| *other < depth);
        let (name, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let codes = rest.split_ascii_whitespace().filter_map(|word| word.strip_prefix("hs"));
        let codes = codes.map(|code| {
            let below = 10u64.pow(10 - code.len() as u32);
            let first: u64 = code.parse().unwrap();
            (first * below, (first + 1) * below)
        });
        let title = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()).map(str::to_owned);
        let at = terms.len() as u32;
        let codes = codes.collect();
        terms.push(Term {
            name: name.to_owned(),
            title,
            parent: open.last().map(|(_, term)| *term),
            end: at + 1,
            codes,
        });
        open.iter().for_each(|(_, term)| terms[*term as usize].end = at + 1);
        open.push((depth, at));
    }
    let by_name = terms.iter().enumerate().map(|(at, term)| (term.name.clone(), at as u32)).collect();
    Taxonomy { name: name.to_owned(), terms, by_name }
}

fn record(name: &str, fields: &[(&str, Type, &str)]) -> Record {
    let field = |(name, ty, how): &(&str, Type, &str)| Field {
        name: (*name).to_owned(),
        ty: *ty,
        many: *how == "list",
        required: *how == "required",
        question: format!("{name}?"),
    };
    let fields: Vec<Field> = fields.iter().map(field).collect();
    let by_name = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), FieldId(at as u32))).collect();
    let role = fields.iter().position(|field| field.name == "role").map(|at| FieldId(at as u32));
    Record { name: name.to_owned(), fields, role, by_name }
}

pub(super) const BBL: Unit = Unit::Measure(UnitId(0));
pub(super) const TONNE: Unit = Unit::Measure(UnitId(2));
pub(super) const PARTY: RecordId = RecordId(1);
pub(super) const VESSEL: RecordId = RecordId(2);

pub(super) fn usd() -> Unit {
    Unit::Money(Currency::parse("USD").unwrap())
}

pub(super) fn program() -> Program {
    const PLACE: TaxonomyId = TaxonomyId(0);
    const ACTION: TaxonomyId = TaxonomyId(1);
    const ITEM: TaxonomyId = TaxonomyId(2);
    const ROLE: TaxonomyId = TaxonomyId(3);
    const CONCERN: TaxonomyId = TaxonomyId(4);

    let taxonomies = vec![
        taxonomy("place", "KP \"North Korea\"\n rajin\n nampo\nRU \"Russian Federation\"\n vostochny\nCN\nUS"),
        taxonomy("action", "supply\n gift\nprocurement"),
        taxonomy(
            "item",
            "arms\n battle_tank hs8710\n rifle hs9303\nfuel hs2710\n diesel\ncoal hs2701 hs2702\nother_goods",
        ),
        taxonomy("party_role", "counterparty\nrecipient\n end_user"),
        taxonomy("concern", "wmd\nobjection"),
    ];
    let activity = record(
        "activity",
        &[
            ("date", Type::Date, "required"),
            ("actor_state", Type::Root(PLACE), "required"),
            ("action", Type::Term(ACTION), "required"),
            ("ref", Type::Text, ""),
            ("item", Type::Term(ITEM), ""),
            ("hs", Type::Hs, ""),
            ("origin", Type::Term(PLACE), ""),
            ("destination", Type::Term(PLACE), ""),
            ("via", Type::Term(PLACE), "list"),
            ("contract_date", Type::Date, ""),
            ("omission", Type::YesNo, ""),
            ("quantity", Type::Quantity, ""),
            ("value", Type::Money, ""),
            ("parties", Type::Record(PARTY), "list"),
            ("vessels", Type::Record(VESSEL), "list"),
            ("findings", Type::Record(RecordId(3)), "list"),
        ],
    );
    let party = record(
        "party",
        &[
            ("id", Type::Text, ""),
            ("ids", Type::Text, "list"),
            ("role", Type::Term(ROLE), ""),
            ("nationality", Type::Root(PLACE), "list"),
            ("located", Type::Term(PLACE), ""),
            ("sponsored_by", Type::Reference(PLACE), "list"),
            ("listed", Type::Listing, "list"),
            ("candidates", Type::Listing, "list"),
            ("name", Type::Text, ""),
            ("earns_income", Type::YesNo, ""),
            ("contacts", Type::Record(PARTY), "list"),
        ],
    );
    let vessel = record(
        "vessel",
        &[
            ("name", Type::Text, ""),
            ("imo", Type::Text, ""),
            ("flag", Type::Root(PLACE), ""),
            ("owner", Type::Reference(PLACE), ""),
            ("listed", Type::Listing, "list"),
        ],
    );
    let finding = record(
        "finding",
        &[
            ("kind", Type::Term(CONCERN), ""),
            ("by", Type::Reference(PLACE), ""),
            ("under", Type::Text, ""),
            ("on", Type::Date, ""),
            ("through", Type::Date, ""),
        ],
    );

    let unit = |name: &str, base: Unit, factor: &str| UnitInfo {
        name: name.to_owned(),
        title: None,
        counted: false,
        base: (base, Decimal::from_str_exact(factor).unwrap()),
    };
    let barrel = UnitInfo { title: Some("barrel".to_owned()), ..unit("bbl", BBL, "1") };
    let list = |name: &str, measures: &[&str]| List {
        name: name.to_owned(),
        title: None,
        measures: measures.iter().map(|measure| (*measure).to_owned()).collect(),
    };
    let field = |name: &str| activity.by_name[name];
    let core = Core {
        date: field("date"),
        action: field("action"),
        actor_state: field("actor_state"),
        omission: Some(field("omission")),
        goods: Some((field("item"), field("hs"))),
        parties: Some(field("parties")),
    };
    let quantity = field("quantity");

    let span = {
        let id = Sources::default().add(crate::source::Source::new("test", ""));
        Span::new(id, 0, 0)
    };
    let day = |text: &str| Date::parse(text).unwrap();
    let from = day("2017-01-01");
    let period = Period { from, through: None };
    let paragraph = |label: &str| Paragraph {
        instrument: InstrumentId(0),
        label: label.to_owned(),
        title: None,
        name: format!("R1/{label}"),
        citation: format!("R1, para. {label}"),
        from,
        through: None,
        replaces: Vec::new(),
        span,
    };
    let norm = |name: &str, paragraph: u32| Norm {
        upon: None,
        name: name.to_owned(),
        paragraph: ParagraphId(paragraph),
        effect: Effect::Prohibit,
        text: None,
        actions: None,
        period,
        replaced_by: None,
        when: Cond::Yes,
        deadline: None,
        exits: Vec::new(),
        span,
    };
    let exit = |name: &str, paragraph: u32, quotas: Vec<Quota>| Exit {
        name: name.to_owned(),
        paragraph: ParagraphId(paragraph),
        of: None,
        lifts: Vec::new(),
        period,
        when: Cond::Yes,
        quotas,
        requirements: Vec::new(),
        standard: None,
        exceptional: false,
        span,
    };
    let quota = |limit: Limit, unit: Unit| Quota {
        limit,
        unit,
        field: quantity,
        period: QuotaPeriod::CalendarYear,
        per: None,
        or: Vec::new(),
    };

    Program {
        schema: Schema {
            taxonomies,
            records: vec![activity.clone(), party, vessel, finding],
            units: vec![
                barrel,
                unit("litre", BBL, "0.00628981"),
                unit("t", TONNE, "1"),
                unit("speck", BBL, "0.0000000000000000000000000001"),
            ],
            groups: Vec::new(),
            lists: vec![list("un_1718", &["asset_freeze", "travel_ban"]), list("un_1718_vessels", &[])],
            working_days: Default::default(),
            core,
        },
        regimes: vec![Regime {
            name: "dprk".to_owned(),
            title: String::new(),
            authorities: vec![("committee".to_owned(), String::new())],
            binds: None,
            span,
        }],
        instruments: vec![Instrument {
            name: "R1".to_owned(),
            citation: "R1".to_owned(),
            regime: RegimeId(0),
            adopted: from,
            span,
        }],
        paragraphs: vec![paragraph("1"), paragraph("2"), paragraph("3")],
        norms: vec![norm("R1/1", 0), norm("R1/2", 1), norm("R1/3", 2)],
        exits: vec![
            exit("R1/1.approved", 0, Vec::new()),
            exit("R1/2.quota", 1, vec![quota(Limit::Amount(Decimal::from(500_000)), BBL)]),
            exit("R1/2.level", 1, vec![quota(Limit::Level { from, through: from }, TONNE)]),
        ],
        readings: vec![Reading {
            name: "steel_is_iron".to_owned(),
            question: "Does iron include steel?".to_owned(),
            default: true,
            paragraph: ParagraphId(0),
            span,
        }],
        ..Program::default()
    }
}

/// The field of a record, by its name.
pub(super) fn field(record: RecordId, name: &str) -> usize {
    program().schema.records[record.at()].by_name[name].at()
}
