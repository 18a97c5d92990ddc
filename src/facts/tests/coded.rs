//! What the coder understands is what `bind` understands; what it does not, it leaves to it.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::facts::code::{Coder, Lexicon, Meaning};
use crate::facts::question::Question;
use crate::facts::{Lists, to_raw};
use crate::value::Raw;

use super::listed::lists;
use super::program::program;
use super::raw;

/// Facts, sound and not, in JSON. A name that ends in a stroke is stated without it: the same name once more.
const FACTS: &[(&str, &[&str])] = &[
    ("date", &[r#""2018-01-01""#, "null", r#""2018-13-01""#]),
    ("action", &[r#""supply""#, r#""gift""#, r#"["gift"]"#, r#""none""#]),
    ("ref", &[r#""none""#, r#""x""#, "null", "5"]),
    ("item", &[r#""rifle""#, r#""coal""#, r#""none""#, r#""unknown""#, r#""rfle""#]),
    ("hs", &[r#""9303""#, r#""2701""#, r#""27""#, r#""271""#, "2701", "null"]),
    ("origin", &[r#""KP""#, r#""rajin""#, r#""kp""#, "true"]),
    ("via", &["[]", r#"["CN", null]"#, r#""rajin""#, r#""none""#, r#"["none"]"#]),
    ("omission", &["true", r#""no""#, r#""true""#, "null"]),
    (
        "quantity",
        &[
            r#""5 bbl""#,
            r#""5 litre""#,
            r#"{"bbl": "5", "t": 2}"#,
            r#"{"bbl": "5", "t": null}"#,
            r#"{"bbl": null}"#,
            r#"{"bbl": "5", "bbl'": null}"#,
            r#"{"bbl": null, "bbl'": null}"#,
            r#"{"bbl": "5", "litre": "5"}"#,
            r#""5 USD""#,
            r#""-5 bbl""#,
        ],
    ),
    ("value", &[r#""5 USD""#, r#"{"USD": 5}"#, r#"["5 USD", "4 EUR"]"#, r#""5 bbl""#]),
    (
        "parties",
        &[
            "[]",
            "null",
            r#"{"id": "a", "role": "end_user"}"#,
            r#"[{"ids": {"ofac": "1", "x": "2"}}, null]"#,
            r#"[{"ids": {"ofac": null}}]"#,
            r#"[{"ids": {"ofac": null, "x": "2"}}]"#,
            r#"[{"ids": {"ofac": null, "ofac'": "2"}}]"#,
            r#"[{"ids": {"ofac": "1", "ofac'": "2"}}]"#,
            r#"[{"ids": {"of": "1", "ofac": "2"}}]"#,
            r#"[{"sponsored_by": "a"}, {"sponsored_by": ["RU", "b"]}]"#,
            r#"[{"listed": ["un_1718/travel_ban"], "contacts": [{"listed": [], "contacts": [{"id": "b"}]}]}]"#,
            r#"[{"contacts": {"id": "b", "id'": null}}]"#,
            r#"[{"ids": {"lei": "L2"}, "listed": []}]"#,
            r#"[{"contacts": [{"ids": {"lei": "L2"}, "listed": []}]}]"#,
        ],
    ),
    ("vessels", &[r#"{"imo": "9074729"}"#, r#"[{"imo": "9074728"}]"#, r#"[{"flag": "KP", "owner": "RU"}]"#]),
    ("findings", &[r#"[{"kind": "wmd", "by": "committee"}]"#, r#"[{"by": "comittee", "under": "x"}]"#]),
    ("complete", &["true", "false", "null", r#""yes""#, r#""5""#]),
    ("asked_on", &[r#""2018-01-01""#, "null", r#""unknown""#, r#""soon""#]),
    (
        "used",
        &[
            "null",
            "{}",
            r#"{"R1/2.quota": "5 bbl"}"#,
            r#"{"R1/2.quota": {"bbl": "5"}, "R1/2.level": "1 t"}"#,
            r#"{"R1/2.quota": "unknown"}"#,
            r#"{"R1/2.quota": null, "R1/2.quota'": "5 bbl"}"#,
            r#"{"R1/2.quota": "5 bbl", "R1/2.quota'": null}"#,
            r#"{"R1/2.quota": {"bbl": "5", "bbl'": null}}"#,
            r#"{"R1/2.quota": {"bbl": null}}"#,
            r#"{"R1/2.quota": "5 t"}"#,
            r#"{"R1/2.qouta": null}"#,
            r#"{"R1/2.qouta": {"bbl": null}}"#,
            r#"{"R1/1.approved": "unknown"}"#,
        ],
    ),
    ("levels", &[r#"{"R1/2.level": "1 t"}"#, r#"{"R1/2.quota": null}"#, r#"{"R1/2.level": {"t": "1", "t'": null}}"#]),
    (
        "readings",
        &[r#"{"steel_is_iron": true}"#, r#"{"steel_is_iron": null, "steel_is_iron'": true}"#, r#"{"x": null}"#],
    ),
    ("lines", &["[]", "null", r#"[{"item": "coal"}]"#]),
    ("acts", &["[]", "null", r#""none""#]),
    ("itm", &["null"]),
];

/// Takes the strokes away.
fn without_strokes(raw: Raw) -> Raw {
    match raw {
        Raw::Map(entries) => {
            let name = |name: String| name.trim_end_matches('\'').to_owned();
            Raw::Map(entries.into_iter().map(|(of, raw)| (name(of), without_strokes(raw))).collect())
        }
        Raw::List(items) => Raw::List(items.into_iter().map(without_strokes).collect()),
        other => other,
    }
}

fn activity() -> impl Strategy<Value = Raw> {
    let fact = prop::sample::select(FACTS).prop_flat_map(|(name, values)| {
        prop::sample::select(values).prop_map(move |value| ((*name).to_owned(), without_strokes(raw(value))))
    });
    prop::collection::vec(fact, 0..6).prop_map(Raw::Map)
}

fn code<T: Serialize>(value: &T, lists: &Lists) -> Option<Question> {
    let program = program();
    let lexicon = Lexicon::new(&program);
    let mut coder = Coder::default();
    coder.code(Meaning { program: &program, lists, lexicon: &lexicon }, value).ok()?;
    Some(coder.tape.question(&program.schema))
}

fn bind<T: Serialize>(value: &T, lists: &Lists) -> Option<Question> {
    crate::facts::bind(&program(), lists, &to_raw(value).ok()?).ok()
}

#[test]
fn what_is_coded_is_what_is_bound() {
    let (coded, all) = (Cell::new(0), Cell::new(0));
    let nothing_loaded = Lists::new();
    let loaded = lists();
    let law = |value: Raw| {
        for lists in [&nothing_loaded, &loaded] {
            all.set(all.get() + 1);
            if let Some(question) = code(&value, lists) {
                coded.set(coded.get() + 1);
                prop_assert_eq!(bind(&value, lists), Some(question));
            }
        }
        Ok(())
    };
    TestRunner::default().run(&activity(), law).unwrap_or_else(|error| panic!("{error}"));
    // Each by itself, so that none is left to chance.
    for (name, values) in FACTS {
        for value in *values {
            let mut stated = vec![((*name).to_owned(), without_strokes(raw(value)))];
            if *name != "date" {
                stated.push(("date".to_owned(), Raw::from("2018-01-01")));
            }
            law(Raw::Map(stated)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
    assert!(coded.get() * 5 > all.get(), "{coded:?} of {all:?}");
}

#[test]
fn stated_twice_is_never_coded() {
    for (name, values) in FACTS {
        for (first, second) in values.iter().flat_map(|first| values.iter().map(move |second| (first, second))) {
            let twice = [first, second].map(|value| ((*name).to_owned(), without_strokes(raw(value))));
            assert_eq!(code(&Raw::Map(twice.to_vec()), &Lists::new()), None, "{name}: {first} and {second}");
        }
    }
}

/// An activity with a party within a party, so deep.
struct Nested(usize);

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("parties", &Party(self.0))?;
        map.end()
    }
}

struct Party(usize);

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(below) = self.0.checked_sub(1) {
            map.serialize_entry("contacts", &[Party(below)])?;
        }
        map.end()
    }
}

#[test]
fn nothing_is_coded_that_is_nested_too_deep() {
    assert!(code(&Nested(2), &Lists::new()).is_some());
    for levels in 0..80 {
        if let Some(question) = code(&Nested(levels), &Lists::new()) {
            assert_eq!(bind(&Nested(levels), &Lists::new()), Some(question), "{levels}");
        }
    }
    assert!(code(&Nested(usize::MAX), &Lists::new()).is_none());
    assert!(to_raw(&Nested(usize::MAX)).is_err());
}
