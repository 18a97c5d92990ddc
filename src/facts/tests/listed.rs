//! Whether somebody is on a list.

use crate::check::program::{ACTIVITY, ListId, RecordId, Schema};
use crate::facts::lists::{Asked, Lists, OfQuestion, Snapshot};
use crate::facts::question::{Facts, State, Value};
use crate::value::Date;

use super::program::{PARTY, VESSEL, field, program};
use super::raw;

const PARTIES: &str = r#"{
    "list": "un_1718", "trusted": {"from": "2017-01-01", "through": "2023-12-31"}, "schemes": {"party": ["lei"]},
    "entries": [
        {"reference": "KPe.047", "kind": "party", "names": ["A bank"], "listed_on": "2018-01-01",
         "delisted_on": "2020-01-01", "measures": ["asset_freeze"],
         "ids": [{"scheme": "LEI", "value": "L 1"}, {"scheme": "passport", "value": "P1"}]},
        {"reference": "KPi.001", "kind": "party", "listed_on": "2016-01-01",
         "ids": [{"scheme": "lei", "value": "L2"}]}
    ]}"#;

const VESSELS: &str = r#"{
    "list": "un_1718_vessels", "trusted": {"from": "2017-01-01", "through": "2023-12-31"}, "schemes": {"vessel": ["imo"]},
    "entries": [{"reference": "KPv.001", "kind": "vessel", "listed_on": "2018-03-30",
                 "ids": [{"scheme": "imo", "value": "9074729"}]}]}"#;

pub(super) fn lists() -> Lists {
    let read = |json: &str| serde_json::from_str::<Snapshot>(json).unwrap();
    let lists = Lists::new().with(read(PARTIES)).unwrap().with(read(VESSELS)).unwrap();
    lists.check(&program().schema).unwrap();
    lists
}

/// The first record of that list, without the check that `listed` contradicts nothing.
fn record(list: &str, json: &str) -> Facts {
    let question = super::bind(&format!(r#"{{"{list}": [{json}]}}"#)).unwrap();
    match &question.lines[0].facts.0[field(ACTIVITY, list)] {
        State::List(items) => match &items[0] {
            State::Is(Value::Record(facts)) => facts.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

const ANY: Asked<'static> = Asked { list: ListId(0), measure: None, entry: None };
const FREEZE: Asked<'static> = Asked { measure: Some(0), ..ANY };
const BAN: Asked<'static> = Asked { measure: Some(1), ..ANY };
const BANK: Asked<'static> = Asked { entry: Some("KPe.047"), ..ANY };
const SHIP: Asked<'static> = Asked { list: ListId(1), ..ANY };

fn of<'a>(schema: &'a Schema, record: RecordId, facts: &'a Facts) -> OfQuestion<'a> {
    OfQuestion { schema, record, facts }
}

#[track_caller]
fn check_of(record_id: RecordId, facts: &Facts, asked: Asked<'_>, date: &str, expected: [Option<bool>; 2]) {
    let lists = lists();
    let date = Date::parse(date).unwrap();
    let says =
        |complete| lists.says(&program().schema, &of(&program().schema, record_id, facts), asked, date, complete);
    assert_eq!([says(false), says(true)], expected, "open and complete");
}

#[track_caller]
fn check(json: &str, asked: Asked<'_>, date: &str, expected: [Option<bool>; 2]) {
    check_of(PARTY, &record("parties", json), asked, date, expected);
}

const YES: [Option<bool>; 2] = [Some(true), Some(true)];
const NO: [Option<bool>; 2] = [Some(false), Some(false)];
const OPEN: [Option<bool>; 2] = [None, None];
const IF_COMPLETE: [Option<bool>; 2] = [None, Some(false)];

#[test]
fn an_id_that_matches_is_on_the_list_while_the_entry_stands() {
    let bank = r#"{"ids": {"lei": "l1"}}"#;
    check(bank, ANY, "2017-12-31", NO);
    check(bank, ANY, "2018-01-01", YES);
    check(bank, ANY, "2019-12-31", YES);
    check(bank, ANY, "2020-01-01", NO);
    check(r#"{"ids": {"passport": "p1"}}"#, ANY, "2019-01-01", YES);
    check(r#"{"ids": ["P1"]}"#, ANY, "2019-01-01", YES);
    check(r#"{"ids": {"ref": "KPe.047"}}"#, ANY, "2019-01-01", YES);
    // What the host calls somebody is no number; it may be what the list calls him.
    check(r#"{"id": "P1"}"#, ANY, "2019-01-01", IF_COMPLETE);
    check(r#"{"id": "KPe.047"}"#, ANY, "2019-01-01", YES);
}

#[test]
fn measures_and_entries() {
    let bank = r#"{"ids": {"lei": "L1"}}"#;
    check(bank, FREEZE, "2019-01-01", YES);
    check(bank, BAN, "2019-01-01", NO);
    check(bank, BANK, "2019-01-01", YES);
    let person = r#"{"ids": {"lei": "L2"}}"#;
    check(person, FREEZE, "2019-01-01", YES);
    check(person, BAN, "2019-01-01", YES);
    check(person, BANK, "2019-01-01", NO);
    check(r#"{"ids": {"passport": "P1"}}"#, BAN, "2019-01-01", IF_COMPLETE);
}

#[test]
fn a_number_that_every_entry_carries_clears_inside_the_trusted_days() {
    let other = r#"{"ids": {"lei": "L3"}}"#;
    check(other, ANY, "2023-12-31", NO);
    check(other, ANY, "2024-01-01", OPEN);
    check(other, ANY, "2016-12-31", OPEN);
    check(r#"{"ids": {"passport": "P3"}}"#, ANY, "2019-01-01", IF_COMPLETE);
    // What is said not to be known is no more settled by a complete description.
    check(r#"{"ids": [null]}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"name": null}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"id": null, "ids": {"lei": "L3"}}"#, ANY, "2019-01-01", NO);
    check(r#"{}"#, ANY, "2024-01-01", OPEN);
}

#[test]
fn vessels_by_their_imo_number() {
    let ship = record("vessels", r#"{"imo": "9074729"}"#);
    check_of(VESSEL, &ship, SHIP, "2019-01-01", YES);
    check_of(VESSEL, &ship, SHIP, "2018-01-01", NO);
    check_of(VESSEL, &record("vessels", r#"{"imo": "8660313"}"#), SHIP, "2019-01-01", NO);
    check_of(VESSEL, &record("vessels", r#"{"name": "8660313"}"#), SHIP, "2019-01-01", IF_COMPLETE);
}

#[test]
fn what_the_host_says() {
    check(r#"{"listed": ["un_1718"]}"#, ANY, "2019-01-01", YES);
    check(r#"{"listed": ["un_1718"]}"#, FREEZE, "2019-01-01", OPEN);
    check(r#"{"listed": ["un_1718"]}"#, BANK, "2019-01-01", OPEN);
    check(r#"{"listed": ["un_1718/asset_freeze"]}"#, ANY, "2019-01-01", YES);
    check(r#"{"listed": ["un_1718/asset_freeze"]}"#, FREEZE, "2019-01-01", YES);
    check(r#"{"listed": ["un_1718/asset_freeze"]}"#, BAN, "2019-01-01", NO);
    check(r#"{"listed": []}"#, ANY, "2030-01-01", NO);
    check(r#"{"listed": ["un_1718_vessels"]}"#, BAN, "2030-01-01", NO);
    check(r#"{"listed": ["unknown"]}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"listed": "unknown"}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"listed": "unknown", "ids": {"lei": "L3"}}"#, ANY, "2019-01-01", NO);
    check(r#"{"listed": "un_1718", "ids": {"lei": "L3"}}"#, FREEZE, "2019-01-01", OPEN);
    check(r#"{"listed": "un_1718", "ids": {"lei": "L1"}}"#, BAN, "2019-01-01", NO);
}

#[test]
fn candidates_are_not_cleared_by_silence() {
    check(r#"{"candidates": ["un_1718"]}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"candidates": ["un_1718_vessels"]}"#, ANY, "2019-01-01", IF_COMPLETE);
    check(r#"{"candidates": "unknown"}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"candidates": ["un_1718"], "ids": {"lei": "L3"}}"#, ANY, "2019-01-01", NO);
    // What nobody has resolved is open, whatever a form says beside it.
    check(r#"{"candidates": ["un_1718"], "listed": []}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"candidates": ["un_1718"], "listed": ["un_1718"]}"#, ANY, "2019-01-01", YES);
    check(r#"{"candidates": ["un_1718_vessels"], "listed": []}"#, ANY, "2019-01-01", NO);
}

/// `listed` unstated, as the lists loaded there have it.
#[track_caller]
fn check_with(lists: &Lists, json: &str, asked: Asked<'_>, date: &str, expected: [Option<bool>; 2]) {
    let (facts, date) = (record("parties", json), Date::parse(date).unwrap());
    let says = |complete| lists.says(&program().schema, &of(&program().schema, PARTY, &facts), asked, date, complete);
    assert_eq!([says(false), says(true)], expected, "open and complete");
}

#[test]
fn outside_the_trusted_days_an_entry_shows_nothing() {
    let person = r#"{"ids": {"lei": "L2"}}"#;
    check(person, ANY, "2016-12-31", OPEN);
    check(person, ANY, "2017-01-01", YES);
    check(person, ANY, "2023-12-31", YES);
    check(person, ANY, "2024-01-01", OPEN);
    check(r#"{"ids": {"lei": "L2"}, "listed": []}"#, ANY, "2024-01-01", NO);
    check(r#"{"ids": {"lei": "L2"}, "listed": "un_1718"}"#, ANY, "2024-01-01", YES);
}

/// Iran: back on the list since 2025-09-28, with the days of listing of 2006 to 2012.
#[test]
fn an_entry_that_came_back_does_not_stand_in_the_years_between() {
    let text = r#"{"list": "un_1718", "trusted": {"from": "2025-09-28", "through": "2026-02-27"},
        "entries": [{"reference": "IRe.001", "kind": "party", "listed_on": "2006-12-23"}]}"#;
    let lists = Lists::new().with(serde_json::from_str(text).unwrap()).unwrap();
    let body = r#"{"ids": {"ref": "IRe.001"}}"#;
    check_with(&lists, body, ANY, "2018-05-01", OPEN);
    check_with(&lists, body, ANY, "2025-09-28", YES);
    check_with(&lists, body, ANY, "2026-02-28", OPEN);
}

#[test]
fn without_trusted_days_an_entry_stands_for_itself_and_silence_for_nothing() {
    let sample = PARTIES.replace(r#""trusted": {"from": "2017-01-01", "through": "2023-12-31"}, "#, "");
    let lists = Lists::new().with(serde_json::from_str(&sample).unwrap()).unwrap();
    let bank = r#"{"ids": {"lei": "L1"}}"#;
    check_with(&lists, bank, ANY, "2017-12-31", OPEN);
    check_with(&lists, bank, ANY, "2018-01-01", YES);
    check_with(&lists, bank, BAN, "2018-01-01", OPEN);
    check_with(&lists, bank, ANY, "2020-01-01", OPEN);
    check_with(&lists, r#"{"ids": {"lei": "L9"}}"#, ANY, "2019-01-01", OPEN);
    check_with(&lists, "{}", ANY, "2019-01-01", OPEN);
    // The host may know better.
    check_with(&lists, r#"{"ids": {"lei": "L1"}, "listed": []}"#, ANY, "2019-01-01", NO);
    let said = r#"{"date": "2019-01-01", "parties": [{"ids": {"lei": "L1"}, "listed": []}]}"#;
    assert!(crate::facts::bind(&program(), &lists, &raw(said)).is_ok());
    assert_eq!(serde_json::from_str::<Snapshot>(&sample).unwrap().trusted(), None);
    assert!(!serde_json::to_string(&lists).unwrap().contains("trusted"));
    assert_eq!(
        lists.boundaries(&program().schema, ListId(0)).iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2016-01-01", "2018-01-01", "2020-01-01"]
    );
}

#[test]
fn the_name_of_an_entry_is_not_cleared_by_silence() {
    check(r#"{"name": "B bank"}"#, ANY, "2019-01-01", IF_COMPLETE);
    check(r#"{"name": "A-BANK"}"#, ANY, "2019-01-01", OPEN);
    check(r#"{"name": "a bank"}"#, ANY, "2020-01-01", IF_COMPLETE);
    check(r#"{"name": "a bank", "listed": []}"#, ANY, "2019-01-01", NO);
    check(r#"{"name": "a bank", "ids": {"lei": "L3"}}"#, ANY, "2019-01-01", NO);
}

#[test]
fn nothing_is_known_without_a_snapshot() {
    let facts = record("parties", "{}");
    let date = Date::parse("2019-01-01").unwrap();
    assert_eq!(Lists::new().says(&program().schema, &of(&program().schema, PARTY, &facts), ANY, date, true), None);
}

#[test]
fn ids_that_name_nobody_else() {
    let date = Date::parse("2019-01-01").unwrap();
    let says = |id: &str, asked| lists().says_of_id(&program().schema, id, asked, date);
    assert_eq!(says("lei:L1", ANY), Some(true));
    assert_eq!(says("KPe.047", ANY), Some(true));
    assert_eq!(says("lei:L9", ANY), Some(false));
    assert_eq!(says("somebody", ANY), None);
    assert_eq!(says("imo:9074729", SHIP), Some(true));
    assert_eq!(Lists::new().says_of_id(&program().schema, "lei:L9", ANY, date), None);
}

#[test]
fn boundaries_are_first_days_of_something_new() {
    let days: Vec<String> = lists().boundaries(&program().schema, ListId(0)).iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2016-01-01", "2017-01-01", "2018-01-01", "2020-01-01", "2024-01-01"]);
}

#[test]
fn a_list_that_is_left_out_though_an_id_is_on_it_is_an_error() {
    let bind = |json: &str| crate::facts::bind(&program(), &lists(), &raw(json));
    let on = |date: &str, listed: &str| {
        format!(r#"{{"date": "{date}", "parties": [{{"ids": {{"lei": "L1"}}, "listed": {listed}}}]}}"#)
    };
    assert_eq!(
        bind(&on("2019-01-01", "[]")).unwrap_err().to_string(),
        "parties[0].listed: `un_1718` is not named here, but `lei:L1` is its entry `KPe.047` on 2019-01-01 \
         (name `un_1718` too, or leave `listed` out)"
    );
    assert!(bind(&on("2020-01-01", "[]")).is_ok());
    assert!(bind(&on("2019-01-01", r#"["un_1718/asset_freeze"]"#)).is_ok());
    assert!(bind(&on("2019-01-01", r#"["unknown"]"#)).is_ok());
    assert!(bind(&on("2019-01-01", "null")).is_ok());

    let by_line = r#"{"date": "2020-01-01", "parties": [{"ids": {"lei": "L1"}, "listed": []}],
        "lines": [{}, {"date": "2019-01-01"}, {"vessels": {"imo": "9074729", "listed": []}}]}"#;
    let paths: Vec<_> = bind(by_line).unwrap_err().problems().iter().map(|p| p.path().to_owned()).collect();
    assert_eq!(paths, ["parties[0].listed", "lines[2].vessels[0].listed"]);
}

#[test]
fn snapshots_are_refused_as_a_whole() {
    let refused = |from: &str, to: &str| {
        assert!(PARTIES.contains(from), "{from}");
        serde_json::from_str::<Snapshot>(&PARTIES.replace(from, to)).unwrap_err().to_string()
    };
    for (from, to, expected) in [
        ("2023-12-31", "2013-12-31", "list `un_1718`: trusted from 2017-01-01 but through 2013-12-31"),
        ("2016-01-01", "2016-13-01", "entry `KPi.001`: `listed_on` is no date such as 2023-09-13: `2016-13-01`"),
        ("2020-01-01", "2017-01-01", "entry `KPe.047`: delisted before it was listed"),
        ("KPi.001", "KPe.047", "entry `KPe.047`: two entries have this reference"),
        ("KPi.001", "", "entry `#2`: the entry has no `reference`"),
        (
            r#""scheme": "lei", "value": "L2""#,
            r#""scheme": "bic", "value": "L2""#,
            "which every `party` is said to carry",
        ),
        (r#""scheme": "passport", "value": "P1""#, r#""scheme": "imo", "value": "12""#, "`12` is no IMO number"),
        (r#""value": "P1""#, r#""value": """#, "an id needs a scheme and a value"),
        ("delisted_on", "delisted", "unknown field `delisted`"),
    ] {
        let message = refused(from, to);
        assert!(message.contains(expected), "{message}\n{expected}");
    }
    let check = |from: &str, to: &str| {
        let snapshot = serde_json::from_str(&PARTIES.replace(from, to)).unwrap();
        Lists::new().with(snapshot).unwrap().check(&program().schema).unwrap_err().to_string()
    };
    assert_eq!(
        check("un_1718", "un_1817"),
        "list `un_1817`: the policy declares no such list; did you mean `un_1718`?"
    );
    assert!(check("asset_freeze", "asset_freze").contains("no measure `asset_freze`"));
    assert!(
        check(r#""kind": "party""#, r#""kind": "person""#)
            .contains("entry `KPe.047`: the policy declares no record `person`")
    );
    assert!(lists().with(serde_json::from_str(PARTIES).unwrap()).is_err());
}

#[test]
fn lists_come_back_as_they_were_written() {
    let lists = lists();
    let json = serde_json::to_string(&lists).unwrap();
    let again: Lists = serde_json::from_str(&json).unwrap();
    assert_eq!(again, lists);
    assert_eq!(again.digest(), lists.digest());
    let other = Lists::new().with(serde_json::from_str(&PARTIES.replace("L2", "L4")).unwrap()).unwrap();
    assert_ne!(other.digest(), lists.digest());
    let later = Lists::new().with(serde_json::from_str(&PARTIES.replace("2023-12-31", "2023-12-30")).unwrap()).unwrap();
    assert_ne!(other.digest(), later.digest());
    assert_eq!(lists.digest().len(), 64);
}
