//! What holds for every value.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;

use crate::facts::{Lists, to_raw};
use crate::value::Raw;

use super::program::program;
use super::{Activity, raw};

fn any_raw() -> impl Strategy<Value = Raw> {
    const WORDS: &[&str] =
        &["KP", "arms", "none", "unknown", "8471", "2023-09-13", "10 bbl", "x", "", "imo:9074729", "é\n"];
    const NAMES: &[&str] = &[
        "date",
        "item",
        "hs",
        "parties",
        "ids",
        "listed",
        "lines",
        "acts",
        "covers",
        "used",
        "R1/2.quota",
        "readings",
        "quantity",
        "bbl",
        "kind",
        "under",
        "on",
        "by",
        "sponsored_by",
        "x",
        "amount",
        "unit",
        "complete",
        "asked_on",
    ];
    let leaf = prop_oneof![
        Just(Raw::Null),
        any::<bool>().prop_map(Raw::Bool),
        any::<i64>().prop_map(|whole| Raw::Whole(whole.into())),
        any::<u64>().prop_map(|whole| Raw::Whole(whole.into())),
        prop::sample::select(WORDS).prop_map(Raw::from),
        any::<String>().prop_map(Raw::Text),
    ];
    let name = prop_oneof![4 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Raw::List),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|entries: BTreeMap<String, Raw>| Raw::Map(entries.into_iter().collect())),
        ]
    })
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Supply,
    TechnicalCooperation,
}

#[derive(Debug, Clone, Serialize)]
struct Country(String);

#[derive(Debug, Clone, Serialize)]
struct Shipment {
    date: Option<String>,
    action: Option<Action>,
    to: Country,
    amounts: BTreeMap<String, u32>,
    pair: (i8, char),
    nothing: (),
    complete: bool,
    lines: Vec<Option<Shipment>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<i64>,
}

fn shipment() -> impl Strategy<Value = Shipment> {
    let leaf = (
        any::<Option<String>>(),
        prop::option::of(prop::sample::select(&[Action::Supply, Action::TechnicalCooperation][..])),
        any::<String>().prop_map(Country),
        prop::collection::btree_map("[a-z]{1,3}", any::<u32>(), 0..3),
        any::<(i8, char)>(),
        any::<bool>(),
        any::<Option<i64>>(),
    );
    let leaf = leaf.prop_map(|(date, action, to, amounts, pair, complete, left_out)| Shipment {
        date,
        action,
        to,
        amounts,
        pair,
        nothing: (),
        complete,
        lines: Vec::new(),
        left_out,
    });
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), prop::collection::vec(prop::option::of(inner), 0..3))
            .prop_map(|(shipment, lines)| Shipment { lines, ..shipment })
    })
}

proptest! {
    #[test]
    fn a_struct_states_what_its_json_states(shipment in shipment()) {
        let direct = to_raw(&shipment).unwrap();
        prop_assert_eq!(raw(&serde_json::to_string(&shipment).unwrap()), direct);
    }

    #[test]
    fn what_is_read_is_what_was_written(value in any_raw()) {
        prop_assert_eq!(&raw(&serde_json::to_string(&value).unwrap()), &value);
        prop_assert_eq!(&to_raw(&value).unwrap(), &value);
    }

    #[test]
    fn no_activity_panics(entries in any_raw()) {
        let _ = crate::facts::bind(&program(), &Lists::new(), &entries);
    }

    #[test]
    fn the_order_of_facts_changes_nothing(entries in any_raw()) {
        if let Raw::Map(mut entries) = entries {
            let bind = |entries| crate::facts::bind(&program(), &Lists::new(), &Raw::Map(entries)).ok();
            let before = bind(entries.clone());
            entries.reverse();
            prop_assert_eq!(bind(entries), before);
        }
    }
}

#[test]
fn what_cannot_be_a_fact_names_its_field() {
    #[derive(Serialize)]
    struct Floating {
        lines: Vec<BTreeMap<&'static str, f64>>,
    }
    let value = Floating { lines: vec![BTreeMap::new(), BTreeMap::from([("quantity", 2.5)])] };
    let error = Activity::from_serialize(&value).unwrap_err();
    assert_eq!(
        error.to_string(),
        "lines[1].quantity: 2.5 is a floating-point number, which is not exact \
         (write an amount as text with its unit, such as \"2.5 t\")"
    );

    #[derive(Serialize)]
    enum Goods {
        Fuel { litres: u32 },
        Arms(u32),
    }
    #[derive(Serialize)]
    struct Held {
        goods: Goods,
    }
    for goods in [Goods::Fuel { litres: 1 }, Goods::Arms(1)] {
        let error = to_raw(&Held { goods }).unwrap_err();
        assert_eq!(error.path(), "goods");
    }
    assert!(to_raw(&BTreeMap::from([(1, "one")])).is_err());
    assert!(to_raw(serde_json::json!({"a": 1.5}).as_object().unwrap()).is_err());

    let error = serde_json::from_str::<Raw>(r#"{"lines": [{"quantity": {"bbl": 2.5}}]}"#).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("`lines[0].quantity.bbl`: 2.5 is a floating-point number"), "{message}");
    let error = serde_json::from_str::<Raw>(r#"{"parties": [{"id": "a", "id": "b"}]}"#).unwrap_err();
    assert!(error.to_string().starts_with("`parties[0].id`: `id` is stated twice"), "{error}");
    let deep = "[".repeat(65) + &"]".repeat(65);
    assert!(serde_json::from_str::<Raw>(&deep).unwrap_err().to_string().contains("nested deeper than 64 levels"));
}

#[cfg(feature = "json")]
#[test]
fn json_text_is_read_or_refused_with_the_field() {
    assert_eq!(Activity::from_json(r#"{"date": "2023-09-13"}"#).unwrap(), Activity::new().set("date", "2023-09-13"));
    let error = Activity::from_json(r#"{"quantity": {"bbl": 2.5}}"#).unwrap_err();
    assert_eq!(error.path(), "quantity.bbl");
    assert!(error.help().is_some());
    assert!(Activity::from_json("{} {}").is_err());
    assert!(Activity::from_json("[]").is_err());
    assert!(Activity::from_json("{").is_err());
}
