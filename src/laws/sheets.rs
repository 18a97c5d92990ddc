//! A sheet on which the same facts were put is decided as the ordinary activity.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::clerk::{FieldRef, Sheet};
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw};

use super::{activity, cases, law, shown};

#[test]
fn sheets_are_activities() {
    let share = Share::default();
    law(150, cases(6), |(policy, drafts)| {
        let rules = policy.compile();
        let mut sheet = rules.sheet();
        for draft in &drafts {
            sheet_is_activity(&rules, &mut sheet, &activity(draft, &rules), &policy.text(), &share)?;
        }
        Ok(())
    });
    share.require(60);
}

/// How many facts could be put on a sheet as codes, of how many.
#[derive(Debug, Default)]
pub(super) struct Share {
    put: Cell<usize>,
    all: Cell<usize>,
}

impl Share {
    pub fn require(&self, percent: usize) {
        let (put, all) = (self.put.get(), self.all.get());
        println!("{put} of {all} facts were put on sheets as codes");
        assert!(put * 100 >= all * percent, "only {put} of {all} facts were put on sheets as codes");
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
    let shown = shown(policy, activity);
    let mut clerk = rules.clerk();
    let wanted = clerk.decide(activity);
    let norms = |applying: crate::clerk::Applying<'_>| format!("{:?}", applying.norms().collect::<Vec<_>>());
    let all = clerk.applying(activity).map(norms);
    let bound = rules.bind(activity.raw());
    for as_codes in [true, false] {
        restate(rules, sheet, activity, as_codes, share);
        prop_assert_eq!(&clerk.decide_sheet(sheet), &wanted, "{}", shown);
        prop_assert_eq!(&clerk.applying_sheet(sheet).map(norms), &all, "{}", shown);
        let ordinary = sheet.activity().expect("all handles are its own");
        prop_assert_eq!(&clerk.decide(&ordinary), &wanted, "{}", shown);
        prop_assert_eq!(&rules.bind(ordinary.raw()), &bound, "{}", shown);
    }
    Ok(())
}

/// Puts an activity on the sheet in the place of what stands there: as codes, where there are any, or as it is.
fn restate(rules: &Ruleset, sheet: &mut Sheet, activity: &Activity, as_codes: bool, share: &Share) {
    for declared in &rules.program().schema.activity().fields {
        let field = rules.field(&declared.name).expect("a field");
        sheet.unstated(field);
        let Some(raw) = activity.raw().get(&declared.name) else { continue };
        let is_coded = as_codes && put(rules, sheet, field, raw).is_some();
        if !is_coded {
            sheet.value(field, raw);
        }
        if as_codes {
            share.put.set(share.put.get() + usize::from(is_coded));
            share.all.set(share.all.get() + 1);
        }
    }
    let stated = |name: &str| activity.raw().get(name).unwrap_or(&Raw::Null);
    sheet.acts(stated("acts")).lines(stated("lines")).used(stated("used")).levels(stated("levels"));
    sheet.readings(stated("readings")).complete(*stated("complete") == Raw::Bool(true));
    sheet.asked_on(if let Raw::Text(day) = stated("asked_on") { Date::parse(day) } else { None });
}

/// Puts one fact on the sheet as codes; `None` when there are none for it.
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
    // Of what is stated as the host has it, likewise.
    let party = |name: &str, value: Raw| Raw::List(vec![Raw::Map(vec![(name.to_owned(), value)])]);
    for raw in [party("nationality", Raw::from("XX")), party("rank", Raw::Null), Raw::from("KP"), Raw::Bool(true)] {
        let wanted = ordinary("parties", raw.clone()).expect_err("it does not fit");
        let mut sheet = sound.clone();
        let error = clerk.decide_sheet(sheet.value(field("parties"), &raw)).expect_err("it does not fit");
        assert_eq!(error, wanted, "{raw:?}");
        assert!(clerk.decide_sheet(sheet.unstated(field("parties"))).is_ok());
    }
    for raw in [Raw::from("KP"), party("under", Raw::from("R1/1"))] {
        let wanted = ordinary("acts", raw.clone()).expect_err("it does not fit");
        let mut sheet = sound.clone();
        assert_eq!(clerk.decide_sheet(sheet.acts(&raw)).expect_err("it does not fit"), wanted, "{raw:?}");
        assert!(clerk.decide_sheet(sheet.acts(&())).is_ok());
    }
    let mut sheet = sound.clone();
    let weight = std::collections::BTreeMap::from([("weight", 0.5)]);
    let error = clerk.decide_sheet(sheet.value(field("parties"), &[&weight]).acts(&[&weight])).expect_err("no facts");
    assert_eq!(
        error.problems().iter().map(|it| it.path()).collect::<Vec<_>>(),
        ["parties[0].weight", "acts[0].weight"]
    );
    assert_eq!(sheet.activity().expect_err("no activity can state it"), error);
    assert!(clerk.decide_sheet(sheet.unknown(field("parties")).acts(&())).is_ok());
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
    // What a party may state, and the lists, are of the vocabulary, too.
    for more in ["extend record party { shoe_size : text }", "list others \"Others\" { ban }"] {
        let extended = Ruleset::builder().pack("un_dprk").source("more", more).compile().expect("sound");
        assert!(extended.clerk().decide_sheet(&sheet).is_err(), "{more}");
    }
    // The same words in the same places are the same vocabulary.
    let again = Ruleset::pack("un_dprk").expect("a pack");
    assert!(again.clerk().decide_sheet(&sheet).is_ok());
    assert_eq!(again.field("item"), Ok(item));
}
