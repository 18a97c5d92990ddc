//! What is understood, and as what.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, ActKind, ExitId, FieldId, ListId, Program, ReadingId, RecordId};
use crate::facts::question::{Facts, Question, Reference, State, Value};
use crate::value::{Date, Decimal, Raw, Unit};

use super::program::{BBL, PARTY, TONNE, VESSEL, field, program, usd};
use super::{Activity, bind, raw};

fn question(json: &str) -> Question {
    bind(json).unwrap_or_else(|error| panic!("{error}"))
}

/// A state in words: `arms`, `8471000000..8472000000`, `[RU, unknown]`, `{id: x}`.
fn say(program: &Program, state: &State) -> String {
    let schema = &program.schema;
    let country = |term: &u32| schema.taxonomies[0].terms[*term as usize].name.clone();
    match state {
        State::Unstated => "-".to_owned(),
        State::Unknown => "unknown".to_owned(),
        State::None => "none".to_owned(),
        State::List(items) => {
            format!("[{}]", items.iter().map(|item| say(program, item)).collect::<Vec<_>>().join(", "))
        }
        State::Is(Value::Term(term)) => format!("#{term}"),
        State::Is(Value::Codes(from, to)) => format!("{from}..{to}"),
        State::Is(Value::Date(date)) => date.to_string(),
        State::Is(Value::YesNo(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        State::Is(Value::Text(text)) => format!("{text:?}"),
        State::Is(Value::Amounts(amounts)) => {
            let amount = |(unit, amount): (&Unit, &Decimal)| format!("{amount} {}", schema.unit_name(*unit));
            amounts.iter().map(amount).collect::<Vec<_>>().join(" + ")
        }
        State::Is(Value::Reference(Reference::Country(term))) => country(term),
        State::Is(Value::Reference(Reference::Id(id))) => format!("id {id}"),
        State::Is(Value::Listing(ListId(list), measure)) => format!("list {list} {measure:?}"),
        State::Is(Value::Record(facts)) => {
            format!("{{{}}}", facts.0.iter().map(|state| say(program, state)).collect::<Vec<_>>().join(" "))
        }
    }
}

fn of(facts: &Facts, record: RecordId, name: &str) -> String {
    say(&program(), &facts.0[field(record, name)])
}

/// What the fields of a lone line are, by name.
#[track_caller]
fn check(json: &str, expected: &[(&str, &str)]) {
    let question = question(json);
    for (name, expected) in expected {
        assert_eq!(of(&question.lines[0].facts, ACTIVITY, name), *expected, "{name} of {json}");
    }
}

#[test]
fn four_states() {
    check(
        r#"{"item": "none", "hs": null, "origin": "unknown", "via": "none", "parties": []}"#,
        &[
            ("item", "none"),
            ("hs", "unknown"),
            ("origin", "unknown"),
            ("destination", "-"),
            ("via", "[]"),
            ("parties", "[]"),
            ("vessels", "-"),
        ],
    );
}

#[test]
fn text_has_no_reserved_words() {
    check(r#"{"ref": "none"}"#, &[("ref", "\"none\"")]);
    check(r#"{"ref": "unknown"}"#, &[("ref", "\"unknown\"")]);
    check(r#"{"ref": null}"#, &[("ref", "unknown")]);
}

#[test]
fn terms_codes_and_days() {
    check(
        r#"{"item": "battle_tank", "hs": "8710", "origin": "rajin", "date": "2023-09-13", "omission": "no", "via": "KP"}"#,
        &[
            ("item", "#1"),
            ("hs", "8710000000..8711000000"),
            ("origin", "#1"),
            ("date", "2023-09-13"),
            ("omission", "no"),
            ("via", "[#0]"),
        ],
    );
    check(r#"{"hs": "0102030405"}"#, &[("hs", "102030405..102030406")]);
    check(r#"{"via": ["KP", "unknown", null, "nampo"]}"#, &[("via", "[#0, unknown, unknown, #2]")]);
}

#[test]
fn amounts_in_every_shape() {
    for json in [
        r#""10000 bbl""#,
        r#""10_000.0 bbl""#,
        r#"["10000 bbl"]"#,
        r#"{"bbl": 10000}"#,
        r#"{"bbl": "10000"}"#,
        r#"{"amount": "10000", "unit": "bbl"}"#,
        r#"[{"unit": "bbl", "amount": 10000}]"#,
        r#"["unknown", {"bbl": 10000}, null]"#,
        r#"{"bbl": 10000, "t": null}"#,
    ] {
        let question = question(&format!(r#"{{"quantity": {json}}}"#));
        let state = &question.lines[0].facts.0[field(ACTIVITY, "quantity")];
        let expected = BTreeMap::from([(BBL, Decimal::from(10_000))]);
        assert_eq!(*state, State::Is(Value::Amounts(expected)), "{json}");
    }
    check(r#"{"quantity": ["10000 bbl", "1300.5 t"]}"#, &[("quantity", "10000 bbl + 1300.5 t")]);
    check(r#"{"quantity": {"t": "0.5", "litre": 1000}}"#, &[("quantity", "6.28981 bbl + 0.5 t")]);
    check(r#"{"value": "0.10 EUR"}"#, &[("value", "0.1 EUR")]);
    check(r#"{"quantity": "none", "value": "unknown"}"#, &[("quantity", "none"), ("value", "unknown")]);
    check(r#"{"quantity": [null], "value": {}}"#, &[("quantity", "unknown"), ("value", "unknown")]);
}

#[test]
fn the_same_amount_in_two_units_of_one_dimension_is_one_amount() {
    check(r#"{"quantity": ["6.28981 bbl", "1000 litre"]}"#, &[("quantity", "6.28981 bbl")]);
}

#[test]
fn parties_ids_and_references() {
    let json = r#"{"parties": {"id": "p", "ids": {"IMO": "IMO 9074729", "passport": ["A1", null]}, "nationality": "KP",
        "sponsored_by": ["KP", "p", {"imo": "9074729"}, {"id": "KQ"}, "somebody", "imo:9074729", "unknown", null]}}"#;
    let question = question(json);
    let State::List(parties) = &question.lines[0].facts.0[field(ACTIVITY, "parties")] else { panic!() };
    let [State::Is(Value::Record(party))] = parties.as_slice() else { panic!() };
    assert_eq!(of(party, PARTY, "ids"), r#"["imo:9074729", "passport:A1", unknown]"#);
    assert_eq!(of(party, PARTY, "nationality"), "[#0]");
    assert_eq!(
        of(party, PARTY, "sponsored_by"),
        "[KP, id p, id imo:9074729, id KQ, id somebody, id imo:9074729, unknown, unknown, id passport:A1, unknown]",
        "and whoever stands behind those whom nobody describes"
    );
    assert_eq!(of(party, PARTY, "located"), "-");
}

#[test]
fn an_id_may_look_like_a_country_when_it_is_the_id_of_a_party() {
    assert!(bind(r#"{"parties": [{"id": "kp"}, {"sponsored_by": "kp"}]}"#).is_ok());
    assert!(bind(r#"{"parties": [{"id": "other"}, {"sponsored_by": "kp"}]}"#).is_err());
}

#[test]
fn records_of_which_nothing_is_known() {
    let question = question(r#"{"parties": [{}, null, "unknown"], "vessels": {"imo": "9074729"}}"#);
    let facts = &question.lines[0].facts;
    assert_eq!(of(facts, ACTIVITY, "parties"), "[{- - - - - - - - - - -}, unknown, unknown]");
    let State::List(vessels) = &facts.0[field(ACTIVITY, "vessels")] else { panic!() };
    let [State::Is(Value::Record(vessel))] = vessels.as_slice() else { panic!() };
    assert_eq!(of(vessel, VESSEL, "imo"), "\"9074729\"");
}

#[test]
fn listings_and_candidates() {
    let json = r#"{"parties": {"listed": ["un_1718", "un_1718/travel_ban"],
        "candidates": {"list": "un_1718_vessels", "ref": "X", "score": 80}}}"#;
    check(json, &[("parties", "[{- - - - - - [list 0 None, list 0 Some(1)] [list 1 None] - - -}]")]);
}

#[test]
fn lines_have_what_they_share_and_their_own() {
    let question = question(
        r#"{"destination": "KP", "item": "arms",
            "lines": [{"item": "coal", "quantity": "1 t"}, {"destination": null}, {"item": "none"}, {}]}"#,
    );
    let own: Vec<BTreeSet<FieldId>> = question.lines.iter().map(|line| line.own.clone()).collect();
    let ids = |names: &[&str]| names.iter().map(|name| FieldId(field(ACTIVITY, name) as u32)).collect::<BTreeSet<_>>();
    assert_eq!(own, [ids(&["item", "quantity"]), ids(&["destination"]), ids(&["item"]), ids(&[])]);
    let items: Vec<String> = question.lines.iter().map(|line| of(&line.facts, ACTIVITY, "item")).collect();
    assert_eq!(items, ["#5", "#0", "none", "#0"]);
    let places: Vec<String> = question.lines.iter().map(|line| of(&line.facts, ACTIVITY, "destination")).collect();
    assert_eq!(places, ["#0", "unknown", "#0", "#0"]);
}

#[test]
fn no_lines_are_one_line() {
    for json in ["{}", r#"{"lines": []}"#, r#"{"lines": null}"#] {
        assert_eq!(question(json).lines.len(), 1, "{json}");
    }
}

#[test]
fn acts() {
    let question = question(
        r#"{"acts": [
            {"kind": "approval", "by": "committee", "under": "R1/1.approved", "on": "2023-09-01", "through": "2023-12-31",
             "covers": {"ref": "x", "item": null, "parties": [{"nationality": "KP"}]}},
            {"kind": "notice", "to": "committee", "under": "R1/2", "on": "2023-09-01", "from": null, "covers": {"item": "coal"}},
            {"kind": "determination", "by": "RU", "under": "R1/2.quota", "on": "2023-09-01", "covers": {"quantity": "5 t"}}
        ]}"#,
    );
    let [approval, notice, determination] = question.acts.as_slice() else { panic!() };
    let committee = Some(Reference::Id("committee".to_owned()));
    assert_eq!((approval.kind, approval.by.clone()), (ActKind::Approval, committee.clone()));
    assert_eq!((approval.from, approval.through), (None, Date::parse("2023-12-31")));
    let covers = approval.covers.as_ref().unwrap();
    assert_eq!(of(covers, ACTIVITY, "ref"), "\"x\"");
    assert_eq!(of(covers, ACTIVITY, "item"), "-", "null in `covers` says nothing");
    assert_eq!((notice.by.clone(), notice.to.clone()), (None, committee));
    assert_eq!(determination.by, Some(Reference::Country(3)));
}

#[test]
fn ledger_readings_and_settings() {
    let question = question(
        r#"{"used": {"R1/2.quota": ["1000 litre"], "R1/2.level": null}, "levels": {"R1/2.level": "12.5 t"},
            "readings": {"steel_is_iron": "unknown"}, "complete": true, "asked_on": "2023-10-01"}"#,
    );
    assert_eq!(question.used, BTreeMap::from([((ExitId(1), BBL), Decimal::new(628_981, 5))]));
    assert_eq!(question.levels, BTreeMap::from([((ExitId(2), TONNE), Decimal::new(125, 1))]));
    assert_eq!(question.readings, BTreeMap::from([(ReadingId(0), None)]));
    assert!(question.complete);
    assert_eq!(question.asked_on, Date::parse("2023-10-01"));
    let taken = super::bind(r#"{"readings": {"steel_is_iron": false}}"#).unwrap();
    assert_eq!(taken.readings, BTreeMap::from([(ReadingId(0), Some(false))]));
}

#[test]
fn a_builder_states_what_json_states() {
    let built = Activity::new()
        .set("date", Date::parse("2023-09-13").unwrap())
        .set("item", None::<&str>)
        .set("value", (Decimal::new(25, 1), "USD"))
        .set("omission", false)
        .set("via", vec!["KP", "CN"])
        .party(Activity::new().set("role", "counterparty"))
        .party(Activity::new())
        .used("R1/2.quota", (5, "bbl"))
        .reading("steel_is_iron", None)
        .act(Activity::new().set("kind", "notice"))
        .complete();
    let json = r#"{"date": "2023-09-13", "item": null, "value": "2.5 USD", "omission": false, "via": ["KP", "CN"],
        "parties": [{"role": "counterparty"}, {}], "used": {"R1/2.quota": "5 bbl"}, "readings": {"steel_is_iron": null},
        "acts": [{"kind": "notice"}], "complete": true}"#;
    assert_eq!(*built.raw(), raw(json));
    assert_eq!(built, serde_json::from_str(json).unwrap());
    assert_eq!(raw(&serde_json::to_string(&built).unwrap()), raw(json));
}

#[test]
fn money_and_quantities_are_different_dimensions() {
    let question = question(r#"{"value": "5 USD"}"#);
    let state = &question.lines[0].facts.0[field(ACTIVITY, "value")];
    assert_eq!(*state, State::Is(Value::Amounts(BTreeMap::from([(usd(), Decimal::from(5))]))));
}

#[test]
fn nesting_is_bounded() {
    let mut deep = Raw::Null;
    for _ in 0..100_000 {
        deep = Raw::List(vec![deep]);
    }
    let activity = Raw::Map(vec![("via".to_owned(), deep)]);
    let error = crate::facts::bind(&program(), &crate::facts::Lists::new(), &activity).unwrap_err();
    assert_eq!(error.to_string(), "via: nested deeper than 64 levels");
    // Dropping it by hand: only a host that builds such a value has to.
    let Raw::Map(mut entries) = activity else { unreachable!() };
    let mut rest = entries.pop().map(|(_, value)| value);
    while let Some(Raw::List(mut items)) = rest {
        rest = items.pop();
    }
}

#[test]
fn the_deepest_that_is_read_fits_a_small_stack() {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(|| {
            let deep = r#"{"contacts": ["#.repeat(32) + &"]}".repeat(32);
            let activity = format!(r#"{{"parties": {}}}"#, &deep[..]);
            assert!(serde_json::from_str::<Raw>(&activity).is_err(), "65 levels");
            let deep = r#"{"contacts": ["#.repeat(31) + &"]}".repeat(31);
            let activity = format!(r#"{{"parties": {deep}}}"#);
            assert!(bind(&activity).is_ok(), "63 levels");
            let value = raw(&activity);
            assert_eq!(crate::facts::to_raw(&value).unwrap(), value);
        })
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn a_thousand_faults_are_a_hundred_problems() {
    let fields: Vec<String> = (0..1000).map(|at| format!("\"x{at}\": 1")).collect();
    let error = bind(&format!("{{{}}}", fields.join(", "))).unwrap_err();
    assert_eq!(error.problems().len(), 100);
}
