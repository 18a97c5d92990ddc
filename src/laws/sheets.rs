//! A sheet on which the same facts were put is decided as the ordinary activity.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::clerk::{FieldRef, Sheet};
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw};

use super::{activity, law, plain_cases, shown, without};

#[test]
fn sheets_are_activities() {
    let share = Share::default();
    law(150, plain_cases(6), |(policy, drafts)| {
        let rules = policy.compile();
        let mut sheet = rules.sheet();
        for draft in &drafts {
            sheet_is_activity(&rules, &mut sheet, &activity(draft, &rules), &policy.text(), &share)?;
        }
        Ok(())
    });
    share.require(60);
}

/// How many facts could be put on a sheet, of how many.
#[derive(Debug, Default)]
pub(super) struct Share {
    put: Cell<usize>,
    all: Cell<usize>,
}

impl Share {
    pub fn require(&self, percent: usize) {
        let (put, all) = (self.put.get(), self.all.get());
        println!("{put} of {all} facts were put on sheets");
        assert!(put * 100 >= all * percent, "only {put} of {all} facts were put on sheets");
    }
}

/// The sheet holds what an earlier activity left on it.
pub(super) fn sheet_is_activity(
    rules: &Ruleset,
    sheet: &mut Sheet,
    activity: &Activity,
    policy: &str,
    share: &Share,
) -> TestCaseResult {
    let fields = &rules.program().schema.activity().fields;
    let mut left = activity.clone();
    for name in super::names(activity) {
        let stated = fields.iter().any(|field| field.name == name) && {
            let field = rules.field(&name).expect("a field");
            let raw = activity.raw().get(&name).expect("it is stated");
            put(rules, sheet.unstated(field), field, raw).is_some()
        };
        share.all.set(share.all.get() + 1);
        if stated || matches!(name.as_str(), "complete" | "asked_on") {
            share.put.set(share.put.get() + 1);
        } else {
            left = without(&left, &name);
        }
    }
    for field in fields.iter().filter(|field| left.raw().get(&field.name).is_none()) {
        sheet.unstated(rules.field(&field.name).expect("a field"));
    }
    sheet.complete(matches!(left.raw().get("complete"), Some(Raw::Bool(true))));
    sheet.asked_on(match left.raw().get("asked_on") {
        Some(Raw::Text(day)) => Date::parse(day),
        _ => None,
    });
    let shown = shown(policy, &left);
    let mut clerk = rules.clerk();
    let wanted = clerk.decide(&left);
    prop_assert_eq!(&clerk.decide_sheet(sheet), &wanted, "{}", shown);
    let ordinary = sheet.activity().expect("all handles are its own");
    prop_assert_eq!(clerk.decide(&ordinary), wanted, "{}", shown);
    prop_assert_eq!(rules.bind(ordinary.raw()), rules.bind(left.raw()), "{}", shown);
    let norms = |applying: crate::clerk::Applying<'_>| format!("{:?}", applying.norms().collect::<Vec<_>>());
    let wanted = clerk.applying(&left).map(norms);
    prop_assert_eq!(clerk.applying_sheet(sheet).map(norms), wanted, "{}", shown);
    Ok(())
}

/// Puts one fact on the sheet; `None` when a sheet has no place for it.
fn put(rules: &Ruleset, sheet: &mut Sheet, field: FieldRef, raw: &Raw) -> Option<()> {
    match raw {
        Raw::Null => sheet.unknown(field),
        Raw::Bool(yes) => sheet.yes_no(field, *yes),
        Raw::Text(word) => {
            let term = rules.term(field, word);
            match (word.as_str(), term, Date::parse(word), amount(rules, word)) {
                ("unknown", ..) => sheet.unknown(field),
                ("none", ..) => sheet.none(field),
                ("yes" | "no", ..) => sheet.yes_no(field, word == "yes"),
                (_, Ok(term), ..) => sheet.term(field, term),
                (_, _, Some(day), _) => sheet.date(field, day),
                (_, _, _, Some((amount, unit))) => sheet.amount(field, amount, unit),
                _ if word.bytes().all(|b| b.is_ascii_digit()) => sheet.hs(field, word),
                _ => sheet.text(field, word),
            }
        }
        Raw::List(items) => {
            let words = items.iter().map(|item| if let Raw::Text(word) = item { Some(word) } else { None });
            let words: Vec<&String> = words.collect::<Option<_>>()?;
            let terms: Option<Vec<_>> = words.iter().map(|word| rules.term(field, word).ok()).collect();
            match terms {
                Some(terms) => sheet.terms(field, &terms),
                None => {
                    let amounts: Vec<_> = words.iter().map(|word| amount(rules, word)).collect::<Option<_>>()?;
                    sheet.amounts(field, &amounts)
                }
            }
        }
        Raw::Whole(_) | Raw::Map(_) => return None,
    };
    Some(())
}

fn amount(rules: &Ruleset, word: &str) -> Option<(Decimal, crate::clerk::UnitRef)> {
    let (number, unit) = word.split_once(' ')?;
    Some((Decimal::from_str_exact(number).ok()?, rules.unit(unit).ok()?))
}

#[test]
fn what_does_not_fit_is_the_same_error() {
    let rules = Ruleset::pack("un_dprk").expect("a pack");
    let field = |name: &str| rules.field(name).expect("a field");
    let date = Date::try_new(2024, 1, 15).expect("a day");
    let mut sheet = rules.sheet();
    let term = |of: &str, name: &str| rules.term(field(of), name).expect("a term");
    sheet.date(field("date"), date).term(field("actor_state"), term("actor_state", "RU"));
    sheet.term(field("action"), term("action", "purchase")).term(field("origin"), term("origin", "KP"));
    let sound = sheet;
    let mut clerk = rules.clerk();
    assert!(clerk.decide_sheet(&sound).is_ok());
    let activity = sound.activity().expect("all handles are its own");
    let ordinary = |name: &str, raw: Raw| rules.bind(activity.clone().set(name, raw).raw()).map(drop);
    let kg = rules.unit("kg").expect("a unit");
    let usd = rules.unit("USD").expect("a currency");
    let put = |put: &dyn Fn(&mut Sheet) -> &mut Sheet| {
        let mut sheet = sound.clone();
        put(&mut sheet);
        sheet
    };
    let cases = [
        ("date", Raw::Bool(true), put(&|sheet| sheet.yes_no(field("date"), true))),
        ("item", Raw::from("RU"), put(&|sheet| sheet.term(field("item"), term("origin", "RU")))),
        ("origin", Raw::from("2024-01-15"), put(&|sheet| sheet.date(field("origin"), date))),
        ("hs", Raw::from("871"), put(&|sheet| sheet.hs(field("hs"), "871"))),
        ("item", Raw::from("8710"), put(&|sheet| sheet.hs(field("item"), "8710"))),
        ("date", Raw::from("none"), put(&|sheet| sheet.none(field("date")))),
        ("quantity", Raw::from("-1 kg"), put(&|sheet| sheet.amount(field("quantity"), -1, kg))),
        ("quantity", Raw::from("1 USD"), put(&|sheet| sheet.amount(field("quantity"), 1, usd))),
        ("item", Raw::from("no_such_item"), put(&|sheet| sheet.text(field("item"), "no_such_item"))),
        ("item", Raw::List(vec![Raw::from("coal")]), put(&|sheet| sheet.terms(field("item"), &[term("item", "coal")]))),
        ("parties", Raw::from("KP"), put(&|sheet| sheet.term(field("parties"), term("origin", "KP")))),
    ];
    for (name, raw, mut sheet) in cases {
        let wanted = ordinary(name, raw.clone()).expect_err("it does not fit");
        assert_eq!(clerk.decide_sheet(&sheet).expect_err("it does not fit"), wanted, "{name}: {raw:?}");
        // It is gone when the field is set anew.
        sheet.unknown(field(name));
        assert!(clerk.decide_sheet(&sheet).is_ok(), "{name}");
    }
    let mut sheet = sound.clone();
    sheet.term(field("item"), term("item", "computer")).hs(field("hs"), "2701");
    let contradicted = rules.bind(activity.clone().set("item", "computer").set("hs", "2701").raw()).map(drop);
    assert_eq!(clerk.decide_sheet(&sheet).map(drop), contradicted);
    assert!(contradicted.is_err());
}

#[test]
fn handles_of_another_vocabulary_are_refused() {
    let rules = Ruleset::pack("un_dprk").expect("a pack");
    let other =
        Ruleset::compile("other", "use std\ntaxonomy mood { calm }\nextend activity { mood : mood }").expect("sound");
    let (item, elsewhere) = (rules.field("item").expect("a field"), other.field("item").expect("a field"));
    let tank = other.term(elsewhere, "battle_tank").expect("a term");
    let mut clerk = rules.clerk();
    let mut sheet = rules.sheet();
    assert!(clerk.decide_sheet(sheet.term(item, tank)).is_err_and(|error| error.path() == "item"));
    assert!(sheet.activity().is_err_and(|error| error.path() == "item"), "an activity without the item is another one");
    assert!(clerk.decide_sheet(sheet.unstated(item)).is_ok());
    assert!(sheet.activity().is_ok());
    assert!(clerk.decide_sheet(sheet.term(elsewhere, tank)).is_err());
    assert!(clerk.decide_sheet(sheet.unstated(item)).is_err(), "it is not known which field was meant");
    assert!(sheet.activity().is_err());
    assert!(clerk.decide_sheet(sheet.clear()).is_ok());
    assert!(rules.term(elsewhere, "battle_tank").is_err());
    assert!(other.clerk().decide_sheet(&sheet).is_err());
    assert!(rules.field("itm").is_err_and(|error| error.help().is_some()));
    assert!(rules.field("complete").is_err());
    assert!(rules.unit("stone").is_err());
    // The same words in the same places are the same vocabulary.
    let again = Ruleset::pack("un_dprk").expect("a pack");
    assert!(again.clerk().decide_sheet(&sheet).is_ok());
    assert_eq!(again.field("item"), Ok(item));
}
