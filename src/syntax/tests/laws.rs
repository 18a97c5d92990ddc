//! Laws: what is printed reads as what was printed, and no text makes the parser fall over.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{EXAMPLE, concise, print, read};
use crate::source::{Source, SourceId, Sources, Span};
use crate::syntax::tree::*;
use crate::value::{Date, Decimal};

// ------------------------------------------------------------------------------------ strategies

fn id() -> SourceId {
    Sources::default().add(Source::new("made", ""))
}

fn at<T>(it: T) -> At<T> {
    At { it, span: Span::new(id(), 0, 0) }
}

fn place() -> Span0 {
    Span0(Span::new(id(), 0, 0))
}

fn name() -> BoxedStrategy<Name> {
    let words =
        ["a", "coal", "KP", "arms_2", "un_1718", "hs", "listed", "complete", "level", "date", "_x", "unit", "list"];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(|word| at(word.to_owned())),
        1 => "[a-zA-Z][a-zA-Z0-9_]{0,24}x".prop_map(at),
    ]
    .boxed()
}

fn text() -> BoxedStrategy<Text> {
    prop_oneof![3 => "[a-z ]{0,30}", 1 => r#"[ -~äß“”\\"]{0,30}"#].prop_map(at).boxed()
}

fn long_text() -> BoxedStrategy<Text> {
    "[a-z ,]{20,90}".prop_map(at).boxed()
}

fn reference() -> BoxedStrategy<Reference> {
    (name(), option::of("[0-9]{1,2}(\\([a-z]\\)){0,2}"), option::of(name()))
        .prop_map(|(name, label, exit)| {
            let label = label.map_or(String::new(), |label| format!("/{label}"));
            at(format!("{}{label}{}", name.it, exit.map_or(String::new(), |exit| format!(".{}", exit.it))))
        })
        .prop_filter("`x.adopted` is a date", |reference| !reference.it.ends_with(".adopted"))
        .boxed()
}

fn date() -> BoxedStrategy<At<Date>> {
    (1900i16..2100, 1i8..=12, 1i8..=28)
        .prop_map(|(y, m, d)| at(Date::try_new(y, m, d).expect("every month has 28 days")))
        .boxed()
}

fn date_expr() -> BoxedStrategy<DateExpr> {
    let base = prop_oneof![
        3 => date().prop_map(DateExpr::Day),
        1 => Just(()).prop_map(|()| DateExpr::Adopted(place())),
        1 => name().prop_map(DateExpr::AdoptedOf),
    ];
    let unit = proptest::sample::select(&[DateUnit::Days, DateUnit::Months, DateUnit::Years][..]);
    // Zero has one sign when it is printed.
    let offset = (prop_oneof![1i64..200, -200i64..0, Just(0)], unit);
    (base, vec(offset, 0..3))
        .prop_map(|(base, offsets)| {
            let plus = |base, (count, unit)| DateExpr::Plus { base: Box::new(base), count: at(count), unit };
            offsets.into_iter().fold(base, plus)
        })
        .boxed()
}

fn period() -> BoxedStrategy<Period> {
    let date = || option::weighted(0.25, date_expr());
    (date(), date()).prop_map(|(from, through)| Period { from, through }).boxed()
}

fn decimal() -> BoxedStrategy<At<Decimal>> {
    (0i64..10_000_000_000, 0u32..4).prop_map(|(digits, scale)| at(Decimal::new(digits, scale))).boxed()
}

fn amount() -> BoxedStrategy<Number> {
    let unit = name().prop_filter("an item may start so", |name| !crate::syntax::nesting::starts_item(&name.it));
    (decimal(), unit).prop_map(|(value, unit)| Number { value, unit: Some(unit) }).boxed()
}

fn count() -> BoxedStrategy<At<i64>> {
    (0i64..2000).prop_map(at).boxed()
}

fn codes() -> BoxedStrategy<CodeRange> {
    let code = || "[0-9]{2}([0-9]{2}){0,2}".prop_map(at);
    (code(), option::of(code())).prop_map(|(first, last)| CodeRange { first, last }).boxed()
}

/// A value of a condition.
fn value() -> BoxedStrategy<Value> {
    prop_oneof![
        4 => reference().prop_map(Value::Word),
        1 => text().prop_map(Value::Text),
        1 => date_expr().prop_map(Value::Date),
        1 => amount().prop_map(Value::Number),
        1 => codes().prop_map(Value::Codes),
    ]
    .boxed()
}

fn leaf() -> BoxedStrategy<Cond> {
    let span = || Span::new(id(), 0, 0);
    let test = (name(), any::<bool>(), any::<bool>(), vec(value(), 1..5), any::<bool>()).prop_map(
        move |(field, negated, is, mut values, any_of)| {
            if !any_of {
                values.truncate(1);
            }
            let op = if is { TestOp::Is } else { TestOp::Under };
            Cond::Test { field, negated, op, values, any_of, span: span() }
        },
    );
    let absent = (name(), any::<bool>(), any::<bool>()).prop_map(|(field, negated, empty)| Cond::Absent {
        field,
        negated,
        word: if empty { Absent::Empty } else { Absent::None },
    });
    let ops = [
        CompareOp::Less,
        CompareOp::LessOrEqual,
        CompareOp::More,
        CompareOp::MoreOrEqual,
        CompareOp::Before,
        CompareOp::After,
    ];
    let compared = prop_oneof![
        amount().prop_map(Value::Number),
        decimal().prop_map(|value| Value::Number(Number { value, unit: None })),
        date_expr().prop_map(Value::Date),
        name().prop_map(Value::Word),
    ];
    let compare = (name(), proptest::sample::select(ops.to_vec()), compared)
        .prop_map(|(field, op, value)| Cond::Compare { field, op: at(op), value });
    let listed = (option::of(name()), name(), option::of(name()), option::of(text()))
        .prop_map(move |(field, list, measure, entry)| Cond::Listed { field, list, measure, entry, span: span() });
    let window = prop_oneof![Just(Window::ThisCalendarYear), count().prop_map(Window::LastDays)];
    let found = (name(), name(), option::of(window)).prop_map(move |(kind, by, window)| Cond::Found {
        kind,
        by,
        window,
        span: span(),
    });
    let group_field = name().prop_filter("`listed in` asks for a list", |name| name.it != "listed");
    let member =
        (group_field, any::<bool>(), name()).prop_map(|(field, negated, group)| Cond::Member { field, negated, group });
    let counted = (quantifier(), name()).prop_map(|(quantifier, of)| Cond::Some { quantifier, of, body: None });
    prop_oneof![
        2 => name().prop_map(Cond::Name),
        1 => Just(()).prop_map(|()| Cond::Name(at("any".to_owned()))),
        6 => test, 1 => absent, 2 => compare, 1 => listed, 1 => found, 1 => member, 1 => counted,
    ]
    .boxed()
}

fn quantifier() -> BoxedStrategy<At<Quantifier>> {
    let at_least = (0u32..20).prop_map(Quantifier::AtLeast);
    prop_oneof![Just(Quantifier::Some), Just(Quantifier::No), at_least].prop_map(at).boxed()
}

/// A condition as the parser makes them: what is joined stands in brackets inside another.
fn cond() -> BoxedStrategy<Cond> {
    let operand = leaf().prop_recursive(3, 24, 5, |inner| {
        let body = joined(inner.clone());
        prop_oneof![
            inner.prop_map(|cond| Cond::Not(Box::new(cond))),
            body.clone().prop_map(|cond| Cond::Group(Box::new(cond))),
            (quantifier(), name(), body).prop_map(|(quantifier, of, body)| Cond::Some {
                quantifier,
                of,
                body: Some(Box::new(body))
            }),
        ]
    });
    joined(operand.boxed()).boxed()
}

fn joined(operand: impl Strategy<Value = Cond> + 'static) -> BoxedStrategy<Cond> {
    (vec(operand, 1..5), any::<bool>())
        .prop_map(|(mut parts, and)| match (parts.len(), and) {
            (1, _) => parts.remove(0),
            (_, true) => Cond::And(parts),
            (_, false) => Cond::Or(parts),
        })
        .boxed()
}

fn quota() -> BoxedStrategy<Quota> {
    let limit = prop_oneof![
        2 => amount().prop_map(Limit::Amount),
        1 => (name(), date_expr(), option::of(date_expr()))
            .prop_map(|(unit, from, through)| Limit::Level { unit, from, through }),
    ];
    let period = prop_oneof![
        Just(QuotaPeriod::CalendarYear),
        Just(QuotaPeriod::CalendarMonth),
        (count(), date_expr()).prop_map(|(months, from)| QuotaPeriod::MonthsFrom { months, from }),
        count().prop_map(|months| QuotaPeriod::AnyMonths { months }),
        (date_expr(), date_expr()).prop_map(|(from, through)| QuotaPeriod::Days { from, through }),
        Just(QuotaPeriod::Total),
        Just(QuotaPeriod::AnyTime),
    ];
    (vec(limit, 1..4), option::of(name()), period, option::of(name()))
        .prop_map(|(limits, of, period, per)| Quota { limits, of, period, per, span: place() })
        .boxed()
}

fn requirement() -> BoxedStrategy<Requirement> {
    let kinds = [ActKind::Approval, ActKind::Notice, ActKind::Determination, ActKind::Request];
    let days = || (count(), any::<bool>());
    let time = prop_oneof![
        Just(ActTime::InAdvance),
        days().prop_map(|(days, working)| ActTime::AtLeastBefore { days, working }),
        days().prop_map(|(days, working)| ActTime::MoreThanBefore { days, working }),
        days().prop_map(|(days, working)| ActTime::AtMostBefore { days, working }),
        (days(), any::<bool>()).prop_map(|((days, working), month)| ActTime::WithinAfter { days, working, month }),
        date_expr().prop_map(ActTime::By),
    ];
    (proptest::sample::select(kinds.to_vec()), option::of(name()), option::of(name()), option::of(time))
        .prop_map(|(kind, by, to, time)| Requirement { kind: at(kind), by, to, time })
        .boxed()
}

fn tolerates() -> BoxedStrategy<Vec<At<Tolerate>>> {
    let tolerate = ("[a-z]{1,8}(-[a-z]{1,8}){0,2}", long_text());
    vec(tolerate.prop_map(|(code, reason)| at(Tolerate { code: at(code), reason })), 0..2).boxed()
}

fn exit_body() -> BoxedStrategy<ExitBody> {
    (
        period(),
        option::of(cond()),
        vec(quota(), 0..3),
        vec(requirement(), 0..3),
        option::of(long_text()),
        any::<bool>(),
        tolerates(),
    )
        .prop_map(|(period, when, quotas, requirements, standard, exceptional, tolerates)| ExitBody {
            period,
            when,
            quotas,
            requirements,
            standard,
            exceptional,
            tolerates,
        })
        .boxed()
}

fn norm() -> BoxedStrategy<Norm> {
    let effects = [Effect::Prohibit, Effect::Oblige, Effect::Advise, Effect::Caution];
    let actions = prop_oneof![
        Just(()).prop_map(|()| vec![ActionTerm::Any(place())]),
        vec(name().prop_map(ActionTerm::Term), 1..6),
    ];
    let deadline = prop_oneof![
        date_expr().prop_map(Deadline::By),
        (count(), any::<bool>()).prop_map(|(days, month)| Deadline::Within { days, month })
    ];
    let exception = (name(), exit_body()).prop_map(|(name, body)| at(Exception { name, body }));
    (
        proptest::sample::select(effects.to_vec()),
        (option::weighted(0.8, actions), vec(name().prop_map(ActionTerm::Term), 0..3)),
        option::of(deadline),
        option::of(long_text()),
        option::of(name()),
        period(),
        option::of(cond()),
        (tolerates(), vec(exception, 0..3)),
    )
        .prop_map(|(effect, (actions, upon), deadline, text, name, period, when, (tolerates, exceptions))| {
            let needs_action = matches!(effect, Effect::Prohibit | Effect::Oblige);
            let any = || vec![ActionTerm::Any(place())];
            Norm {
                effect: at(effect),
                actions: actions.unwrap_or_else(|| if needs_action { any() } else { Vec::new() }),
                upon: if effect == Effect::Oblige { upon } else { Vec::new() },
                deadline: deadline.filter(|_| effect == Effect::Oblige),
                text,
                name,
                period,
                when,
                tolerates,
                exceptions,
            }
        })
        .boxed()
}

fn presume() -> BoxedStrategy<Presume> {
    (name(), value(), option::of(text()), tolerates())
        .prop_map(|(field, value, citation, tolerates)| Presume { field, value, citation, tolerates })
        .boxed()
}

fn clause() -> BoxedStrategy<At<Clause>> {
    let define = (name(), option::of(name()), any::<bool>(), period(), cond())
        .prop_map(|(name, of, also, period, when)| Clause::Define(Define { name, of, also, period, when }));
    let exempt = (vec(reference(), 1..3), name(), exit_body())
        .prop_map(|(from, name, body)| Clause::Exempt(Exempt { from, name, body }));
    let reading = (name(), text(), any::<bool>(), tolerates()).prop_map(|(name, question, yes, tolerates)| {
        Clause::Reading(Reading { name, question, default: at(yes), tolerates })
    });
    prop_oneof![
        3 => norm().prop_map(Clause::Norm), 1 => define, 1 => exempt, 1 => reading,
        1 => presume().prop_map(Clause::Presume),
    ]
    .prop_map(at)
    .boxed()
}

fn paragraph() -> BoxedStrategy<At<Paragraph>> {
    let label = "[0-9]{1,2}[a-z]?(\\([a-z]{1,3}\\)){0,2}".prop_map(at);
    (label, option::of(text()), period(), vec(reference(), 0..4), vec(clause(), 0..4))
        .prop_map(|(label, title, period, replaces, clauses)| at(Paragraph { label, title, period, replaces, clauses }))
        .boxed()
}

fn terms() -> BoxedStrategy<Vec<Term>> {
    let term = |children: Vec<Term>, (name, title, codes): (Name, Option<Text>, Vec<CodeRange>)| Term {
        name,
        title,
        codes,
        children,
        span: place(),
    };
    let head = || (name(), option::of(text()), vec(codes(), 0..3));
    let leaf = head().prop_map(move |head| term(Vec::new(), head));
    let tree = leaf.prop_recursive(3, 16, 4, move |inner| {
        (vec(inner, 0..4), head()).prop_map(move |(children, head)| term(children, head))
    });
    vec(tree, 0..5).boxed()
}

fn fields() -> BoxedStrategy<Vec<Field>> {
    let field = (name(), any::<bool>(), name(), option::of(name()), any::<bool>(), option::of(text()), tolerates());
    let field = field.prop_map(|(name, list, ty, coded_by, required, question, tolerates)| Field {
        name,
        ty: FieldType { list, name: ty, coded_by },
        required,
        question,
        tolerates,
    });
    vec(field, 0..4).boxed()
}

/// A fact with values as the parser reads them after that name.
fn fact() -> BoxedStrategy<Fact> {
    let made = |field: &str, values| Fact { field: at(field.to_owned()), values, span: place() };
    let word = || reference().prop_map(Value::Word);
    // Digits alone are codes, and those follow `hs` only: elsewhere a unit would be looked for.
    let simple = || {
        prop_oneof![
            4 => word(),
            1 => text().prop_map(Value::Text),
            1 => date_expr().prop_map(Value::Date),
            1 => amount().prop_map(Value::Number),
        ]
    };
    let plain_name =
        || proptest::sample::select(&["item", "origin", "by", "from", "through", "quantity", "counterparty"][..]);
    let leaf = prop_oneof![
        Just(()).prop_map(move |()| made("complete", Vec::new())),
        (plain_name(), vec(simple(), 1..3)).prop_map(move |(name, values)| made(name, values)),
        (plain_name(), vec(simple(), 0..3))
            .prop_map(move |(name, values)| made(name, vec![Value::List(values, place())])),
        vec(codes().prop_map(Value::Codes), 1..3).prop_map(move |codes| made("hs", codes)),
        (word(), amount()).prop_map(move |(exit, amount)| made("used", vec![exit, Value::Number(amount)])),
        (word(), word()).prop_map(move |(reading, yes)| made("reading", vec![reading, yes])),
    ];
    leaf.prop_recursive(2, 12, 4, move |inner| {
        let record = || vec(inner.clone(), 0..4).prop_map(|facts| Value::Record(facts, place()));
        prop_oneof![
            (plain_name(), record()).prop_map(move |(name, record)| made(name, vec![record])),
            (name(), record()).prop_map(move |(kind, record)| made("act", vec![Value::Word(kind), record])),
        ]
    })
    .boxed()
}

fn scenario() -> BoxedStrategy<Scenario> {
    let references = || vec(reference(), 0..3);
    let expect = (name(), references(), references(), references())
        .prop_map(|(verdict, by, needing, noting)| at(Expect { verdict, by, needing, noting }));
    let expects = || vec(expect.clone(), 0..3);
    let dropped =
        proptest::sample::select(&["item", "by", "act", "counterparty"][..]).prop_map(|word| at(word.to_owned()));
    let variant = (text(), vec(dropped, 0..3), vec(fact(), 0..3), expects())
        .prop_map(|(title, without, facts, expects)| at(Variant { title, without, facts, expects }));
    (text(), vec(fact(), 0..6), expects(), vec(variant, 0..3))
        .prop_map(|(title, facts, expects, variants)| Scenario { title, facts, expects, variants })
        .boxed()
}

fn property() -> BoxedStrategy<Property> {
    let claim =
        prop_oneof![name().prop_map(Claim::AtLeast), name().prop_map(Claim::AtMost), name().prop_map(Claim::Is)];
    (text(), option::of(cond()), claim.prop_map(at))
        .prop_map(|(title, when, claim)| Property { title, when, claim })
        .boxed()
}

fn item() -> BoxedStrategy<At<Item>> {
    let taxonomy = (name(), option::of(text()), terms())
        .prop_map(|(name, title, terms)| Item::Taxonomy(Taxonomy { name, title, terms }));
    let extend_taxonomy = (name(), option::of(name()), terms()).prop_map(|(name, under, terms)| Item::ExtendTaxonomy {
        name,
        under,
        terms,
    });
    let unit = (name(), any::<bool>(), option::of((decimal(), name())), option::of(text()))
        .prop_map(|(name, counted, is, title)| Item::Unit(Unit { name, counted, is: is.filter(|_| !counted), title }));
    let member = (name(), period()).prop_map(|(term, period)| Member { term, period });
    let group = (name(), name(), option::of(text()), vec(member, 0..20))
        .prop_map(|(name, taxonomy, title, members)| Item::Group(Group { name, taxonomy, title, members }));
    let list = (name(), option::of(text()), vec(name(), 0..4))
        .prop_map(|(name, title, measures)| Item::List(List { name, title, measures }));
    let holidays = (option::of(text()), vec(date(), 1..20)).prop_map(|(source, days)| Item::Holidays { source, days });
    let regime = (name(), option::of(text()), vec((name(), option::of(text())), 0..3), vec(name(), 0..3))
        .prop_map(|(name, title, authorities, binds)| Item::Regime(Regime { name, title, authorities, binds }));
    let instrument = (name(), text(), name(), date(), vec(paragraph(), 0..4)).prop_map(
        |(name, citation, regime, adopted, paragraphs)| {
            Item::Instrument(Instrument { name, citation, regime, adopted, paragraphs })
        },
    );
    prop_oneof![
        1 => name().prop_map(Item::Use),
        1 => taxonomy,
        1 => extend_taxonomy,
        1 => (name(), fields()).prop_map(|(name, fields)| Item::Record { name, fields }),
        1 => (name(), fields()).prop_map(|(name, fields)| Item::ExtendRecord { name, fields }),
        1 => fields().prop_map(|fields| Item::Activity { fields }),
        1 => fields().prop_map(|fields| Item::ExtendActivity { fields }),
        1 => unit,
        1 => group,
        1 => list,
        1 => holidays,
        1 => presume().prop_map(Item::Presume),
        1 => regime,
        6 => instrument,
        3 => scenario().prop_map(Item::Scenario),
        2 => property().prop_map(Item::Property),
    ]
    .prop_map(at)
    .boxed()
}

fn file() -> BoxedStrategy<File> {
    vec(item(), 0..5).prop_map(|items| File { items, comments: Vec::new() }).boxed()
}

// ------------------------------------------------------------------------------------------ laws

/// The text again, with comments between its tokens wherever the dice say so.
fn with_comments(text: &str, dice: &[u8]) -> String {
    let mut out = String::new();
    let mut dice = dice.iter().cycle();
    let mut last = 0;
    for (count, token) in crate::syntax::scan::tokens(text).enumerate() {
        // Inside a word such as `R1/8(d)` there is no white space, and none may come.
        let white = text[last..token.start].starts_with([' ', '\n']);
        out += &text[last..token.start];
        match dice.next() {
            Some(0) if white => out += &format!("// own {count}\n"),
            Some(1) if white => out += &format!("\n\n// block {count}\n\n"),
            Some(2) if white => out += &format!("// end {count}\n// and {count}\n"),
            _ => {}
        }
        out += &text[token.start..token.end];
        last = token.end;
    }
    out + &text[last..]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_as_the_tree(file in file()) {
        let text = print(&file);
        let (again, report) = read(&text);
        prop_assert!(report.is_empty(), "{}\n{text}", concise(&text, &report));
        prop_assert!(again == file, "{text}\n{again:#?}\n{file:#?}");
        prop_assert_eq!(print(&again), text);
    }

    #[test]
    fn comments_survive_and_printing_twice_is_printing_once(
        file in file(), dice in vec(0u8..12, 8..64),
    ) {
        let text = with_comments(&print(&file), &dice);
        let (tree, report) = read(&text);
        prop_assert!(report.is_empty(), "{}\n{text}", concise(&text, &report));
        let once = print(&tree);
        let (again, report) = read(&once);
        prop_assert!(report.is_empty(), "{}\n{once}", concise(&once, &report));
        prop_assert!(again == tree, "{text}\n----\n{once}");
        prop_assert_eq!(print(&again), once);
    }

    #[test]
    fn lines_are_not_long(file in file()) {
        for line in print(&file).lines() {
            // A single long text, or what cannot be broken, may stand out.
            let words = line.split_whitespace().count();
            prop_assert!(line.chars().count() <= 110 || line.contains('"') || words < 20, "{}", line);
        }
    }

    #[test]
    fn no_text_makes_the_parser_fall_over(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn no_soup_of_tokens_makes_the_parser_fall_over(
        words in vec(proptest::sample::select(SOUP), 0..120), spaced in any::<bool>(),
    ) {
        let text = words.join(if spaced { " " } else { "" });
        let (file, _) = read(&text);
        let _ = print(&file);
    }

    #[test]
    fn no_damage_to_a_good_text_makes_the_parser_fall_over(
        cut in 0.0..1.0f64, length in 0usize..40, put in proptest::sample::select(SOUP),
    ) {
        let boundary = |at: usize| (0..=at.min(EXAMPLE.len())).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap_or(0);
        let start = boundary((EXAMPLE.len() as f64 * cut) as usize);
        let end = boundary(start + length).max(start);
        let text = format!("{}{put}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        let (file, report) = read(&text);
        prop_assert!(report.iter().all(|d| text.get(d.at.range()).is_some()), "a place is not in the text");
        if !report.has_errors() {
            let printed = print(&file);
            prop_assert!(read(&printed).0 == file);
        }
    }
}

const SOUP: &[&str] = &[
    "use",
    "std",
    "taxonomy",
    "extend",
    "record",
    "activity",
    "unit",
    "group",
    "list",
    "of",
    "holidays",
    "presume",
    "regime",
    "instrument",
    "R1",
    "paragraph",
    "8(a)",
    "prohibit",
    "oblige",
    "advise",
    "caution",
    "define",
    "reading",
    "exempt",
    "from",
    "through",
    "until",
    "to",
    "except",
    "when",
    "with",
    "within",
    "and",
    "or",
    "not",
    "is",
    "under",
    "any",
    "some",
    "no",
    "at",
    "least",
    "most",
    "in",
    "listed",
    "found",
    "by",
    "approval",
    "notice",
    "days",
    "before",
    "after",
    "per",
    "calendar",
    "year",
    "adopted",
    "as",
    "scenario",
    "property",
    "always",
    "expect",
    "but",
    "upon",
    "tolerate",
    "never-applies",
    "because",
    "without",
    "needing",
    "noting",
    "act",
    "complete",
    "hs",
    "used",
    "level",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "..",
    "+",
    "-",
    "=",
    "==",
    "!=",
    "!",
    "&&",
    "||",
    "<",
    "<=",
    ">",
    "\"text\"",
    "\"open",
    "“curly”",
    "// comment\n",
    "\n",
    "\r\n",
    "2017-12-22",
    "17/08/2017",
    "500_000",
    "5bbl",
    "1.5",
    "KP",
    "a",
    ";",
    "\u{202e}",
    "\u{feff}",
    "é",
    "😀",
    "\\",
    "'",
    "\u{a0}",
];
