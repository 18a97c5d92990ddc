//! Published lists: what becomes of them, and which are refused.

use interdict::lists::{UnXml, VesselTable};
use interdict::{Date, Snapshot, packs};

const UN: &str = include_str!("../data/un_sc_consolidated_2026-02-27.dprk.xml");
const VESSELS: &str = include_str!("../data/un_1718_vessels_sample.csv");

/// With the dirt of the real file: spaces behind a reference, an offset behind a day, an empty alias, a passport in two
/// languages with a remark, a number in a sentence, an escaped sign.
const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <FIRST_NAME>KIM</FIRST_NAME>
      <SECOND_NAME>CHOL
      NAM</SECOND_NAME>
      <UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
      <REFERENCE_NUMBER>KPi.035 </REFERENCE_NUMBER>
      <LISTED_ON>2016-11-30-04:00</LISTED_ON>
      <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Kim Chol</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER> 563120238 (Expired)</NUMBER></INDIVIDUAL_DOCUMENT>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Número de pasaporte </TYPE_OF_DOCUMENT><NUMBER>563120238</NUMBER></INDIVIDUAL_DOCUMENT>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Service passport No. 17</NUMBER></INDIVIDUAL_DOCUMENT>
      <INDIVIDUAL_DOCUMENT/>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <FIRST_NAME>CHANG AN SHIPPING &amp; TECHNOLOGY</FIRST_NAME>
      <UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
      <REFERENCE_NUMBER>KPe.060</REFERENCE_NUMBER>
      <LISTED_ON>2018-03-30</LISTED_ON>
      <COMMENTS1>IMO number: 5963351.</COMMENTS1>
    </ENTITY>
    <ENTITY>
      <FIRST_NAME>SOMEBODY ELSE</FIRST_NAME>
      <UN_LIST_TYPE>Taliban</UN_LIST_TYPE>
      <REFERENCE_NUMBER>TAe.014</REFERENCE_NUMBER>
      <LISTED_ON>2015-03-27Z</LISTED_ON>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
"#;

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn dprk() -> UnXml {
    UnXml::new("un_1718").of_type("DPRK").entities_carry(["asset_freeze"])
}

#[test]
fn dirt_is_cleaned_and_nothing_is_made_up() {
    let snapshot = dprk().read(SMALL.as_bytes()).expect("a sound list");
    assert_eq!(
        snapshot.to_json(),
        r#"{ "list": "un_1718",
  "trusted": {"from":"2026-02-27","through":"2026-02-27"},
  "entries": [
    {"reference":"KPi.035","kind":"party","names":["KIM CHOL NAM","Kim Chol"],"ids":[{"scheme":"passport","value":"563120238"}],"listed_on":"2016-11-30"},
    {"reference":"KPe.060","kind":"party","names":["CHANG AN SHIPPING & TECHNOLOGY"],"listed_on":"2018-03-30","measures":["asset_freeze"]} ] }
"#
    );
    assert_eq!(Snapshot::from_json(&snapshot.to_json()).expect("its own form"), snapshot);
    assert_eq!(UnXml::new("all").read(SMALL.as_bytes()).expect("a sound list").entries().len(), 3);
}

#[test]
fn no_part_of_a_list_is_a_list() {
    let end = SMALL.rfind('>').expect("it ends") + 1;
    for length in 0..end {
        let cut = &SMALL.as_bytes()[..length];
        assert!(dprk().read(cut).is_err(), "the first {length} bytes were taken");
    }
    assert!(dprk().read(&SMALL.as_bytes()[..end]).is_ok());

    let end = UN.rfind('>').expect("it ends") + 1;
    // A step that is prime meets tags, texts and entities at all places.
    for length in (0..end).step_by(997).chain([end - 1, end - 2, end - 20]) {
        assert!(dprk().read(&UN.as_bytes()[..length]).is_err(), "the first {length} bytes were taken");
    }
}

#[test]
fn a_wrong_list_is_refused_with_the_place() {
    for (from, to, expected) in [
        ("KPi.035 ", "KPe.060", "list `un_1718`, entry `KPe.060`: line 26: two entries have this `REFERENCE_NUMBER`"),
        ("KPi.035 ", " ", "list `un_1718`, entry `#1`: line 17: the entry has no `REFERENCE_NUMBER`"),
        (
            "<LISTED_ON>2018-03-30</LISTED_ON>",
            "",
            "list `un_1718`, entry `KPe.060`: line 26: the entry has no `LISTED_ON`",
        ),
        ("<LISTED_ON>2018-03-30", "<LISTED_ON>30/03/2018", "`LISTED_ON` is no day such as 2017-08-05: `30/03/2018`"),
        ("2016-11-30-04:00", "2016-11-30-4", "`LISTED_ON` is no day such as 2017-08-05: `2016-11-30-4`"),
        // Nobody can tell whether what is wrong belongs to the part that was asked for.
        (
            "2015-03-27Z",
            "2015-03-32",
            "entry `TAe.014`: line 32: `LISTED_ON` is no day such as 2017-08-05: `2015-03-32`",
        ),
        ("<UN_LIST_TYPE>Taliban</UN_LIST_TYPE>", "", "entry `TAe.014`: line 32: the entry has no `UN_LIST_TYPE`"),
        ("Taliban<", "DPRK</UN_LIST_TYPE><UN_LIST_TYPE>Taliban<", "a second `UN_LIST_TYPE`"),
        ("<FIRST_NAME>SOMEBODY ELSE</FIRST_NAME>", "", "entry `TAe.014`: line 32: the entry has no name"),
        (
            "CONSOLIDATED_LIST",
            "SANCTIONS",
            "line 2: a consolidated list begins with `CONSOLIDATED_LIST`, this file with `SANCTIONS`",
        ),
        (r#" dateGenerated="2026-02-27T00:00:09.554Z""#, "", "line 2: the list has no `dateGenerated`"),
        ("2026-02-27T", "27.02.2026T", "line 2: `dateGenerated` is no day: `27.02.2026T00:00:09.554Z`"),
        ("ENTITIES>", "VESSELS>", "line 19: `VESSELS` is no part of the list that is known"),
        ("ENTITIES>", "INDIVIDUALS>", "line 19: a second `INDIVIDUALS`"),
        ("  </INDIVIDUALS>", "  stray </INDIVIDUALS>", "line 18: text where there should be an entry"),
        ("</CONSOLIDATED_LIST>", "</CONSOLIDATED_LIST><X/>", "line 34: `X` after the end of the list"),
        ("</ENTITIES>", "</ENTITY>", "line 33: cut off, or not XML: "),
        (r#"encoding="UTF-8""#, r#"encoding="ISO-8859-1""#, "line 1: the encoding is `ISO-8859-1`; only UTF-8 is read"),
        ("&amp;", "&company;", "entry `#2`: line 21: `&company;` stands for nothing that is known"),
        ("<CONSOLIDATED_LIST", "<!DOCTYPE a [<!ENTITY b \"b\">]><CONSOLIDATED_LIST", "a document type is not read"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let message = dprk().read(SMALL.replace(from, to).as_bytes()).expect_err(expected).to_string();
        assert!(message.contains(expected), "{message}\n{expected}");
    }
    let deep = SMALL.replace("IMO number", &"<A>".repeat(100_000));
    assert!(dprk().read(deep.as_bytes()).expect_err("deep").to_string().contains("more than 16 elements"));
    let latin =
        SMALL.replace("KIM", "K\u{1}M").replace('\u{1}', "\u{e9}").chars().map(|c| c as u8).collect::<Vec<u8>>();
    assert!(dprk().read(latin.as_slice()).expect_err("Latin-1").to_string().contains("line 5: the text is not UTF-8"));
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(SMALL.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(dprk().read(wide.as_slice()).is_err());
}

#[test]
fn days_and_types_that_the_file_does_not_have_are_refused() {
    let message = |list: UnXml| list.read(SMALL.as_bytes()).expect_err("it is refused").to_string();
    assert_eq!(
        message(UnXml::new("un_1718").of_type("dprk")),
        "list `un_1718`: line 35: no entry is of the type `dprk`; there are `DPRK`, `Taliban`"
    );
    assert_eq!(
        message(dprk().trusted(day("2006-10-14"), day("2026-02-28"))),
        "list `un_1718`: generated on 2026-02-27, so it shows nothing of the days through 2026-02-28"
    );
    assert_eq!(
        message(dprk().trusted(day("2020-01-01"), day("2019-01-01"))),
        "list `un_1718`: trusted from 2020-01-01 but through 2019-01-01"
    );
}

#[test]
fn tables_of_vessels_that_are_wrong_are_refused_with_the_place() {
    let table = || VesselTable::new("un_1718_vessels");
    for (from, to, expected) in [
        ("9562233", "9562234", "entry `KPv.001`: line 2: `9562234` is no IMO number: seven digits"),
        (
            "HAO FAN 6,8628597,2018-03-30",
            "HAO FAN 6,8628597,2017-10-03",
            "entry `8628597/2017-10-03`: line 11: two rows have this reference",
        ),
        ("2018-10-16,deflag", "16.10.2018,deflag", "`designated_on` is no day such as 2017-10-03: `16.10.2018`"),
        ("2017-10-03,port_entry_ban,", "2017-10-03,,", "entry `KPv.001`: line 2: the row has no `measures`"),
        ("PETREL 8,", ",", "entry `KPv.001`: line 2: the row has no `name`"),
        (",PETREL 8", ",PETREL,8", "line 2: 8 fields in a table of 7 columns"),
        ("designated_on", "listed", "line 1: no column is called `designated_on`"),
        ("legal_basis", "name", "line 1: two columns are called `name`"),
    ] {
        assert!(VESSELS.contains(from), "{from}");
        let message = table().read(VESSELS.replacen(from, to, 1).as_bytes()).expect_err(expected).to_string();
        assert!(message.contains(expected), "{message}\n{expected}");
    }
    for length in 0..VESSELS.len() {
        // A table that is cut between two rows looks like a table: so none is trusted without the number of its rows.
        let whole = VESSELS.as_bytes()[..length].ends_with(b"\n") && length > VESSELS.find('\n').expect("a header") + 1;
        assert_eq!(table().read(&VESSELS.as_bytes()[..length]).is_ok(), whole, "the first {length} bytes");
        let (from, through) = (day("2018-10-16"), day("2018-10-16"));
        assert!(table().trusted(from, through, 14).read(&VESSELS.as_bytes()[..length]).is_err());
    }
}

#[test]
fn shipped_lists_are_what_the_published_ones_say() {
    let un = dprk().trusted(day("2006-10-14"), day("2026-02-27")).read(UN.as_bytes()).expect("the published list");
    let vessels = VesselTable::new("un_1718_vessels").read(VESSELS.as_bytes()).expect("the sample");
    for (name, snapshot) in [("un_1718", un), ("un_1718_vessels", vessels)] {
        let file = format!("{}/src/packs/un_dprk/lists/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let shipped = std::fs::read_to_string(&file).expect("it is shipped");
        assert_eq!(shipped, snapshot.to_json(), "{file} is not what `interdict list` makes");
        let lists = packs::lists("un_dprk").expect("a pack");
        assert_eq!(lists.iter().find(|list| list.list() == name), Some(&snapshot));
    }
    assert_eq!(packs::lists("std").map(|lists| lists.iter().count()), Some(0));
    assert_eq!(packs::lists("eu_dprk"), None);
}

/// That nobody ever left the list, so that it can be trusted from its beginning: references run on without a gap, in the
/// order of days, and each round has as many entries as its instrument named.
#[test]
fn rounds_of_designations_add_up() {
    let lists = packs::lists("un_dprk").expect("a pack");
    let list = lists.iter().find(|list| list.list() == "un_1718").expect("it is shipped").clone();
    let json: serde_json::Value = serde_json::from_str(&list.to_json()).expect("JSON");
    let entries = json["entries"].as_array().expect("a list");
    for (sign, rounds) in [
        (
            "KPi",
            &[
                ("2009-07-16", 5),
                ("2013-01-22", 4),
                ("2013-03-07", 3),
                ("2016-03-02", 16),
                ("2016-11-30", 11),
                ("2017-06-02", 14),
                ("2017-08-05", 9),
                ("2017-09-11", 1),
                ("2017-12-22", 16),
                ("2018-03-30", 1),
            ][..],
        ),
        (
            "KPe",
            &[
                ("2009-04-24", 3),
                ("2009-07-16", 5),
                ("2012-05-02", 3),
                ("2013-01-22", 6),
                ("2013-03-07", 2),
                ("2014-07-28", 1),
                ("2016-03-02", 12),
                ("2016-11-30", 10),
                ("2017-06-02", 4),
                ("2017-08-05", 4),
                ("2017-09-11", 3),
                ("2017-12-22", 1),
                ("2018-03-30", 21),
            ][..],
        ),
    ] {
        let mut found: Vec<(&str, &str)> = entries
            .iter()
            .map(|entry| (entry["reference"].as_str().expect("text"), entry["listed_on"].as_str().expect("text")))
            .filter(|(reference, _)| reference.starts_with(sign))
            .collect();
        found.sort();
        let expected: Vec<(String, &str)> = rounds
            .iter()
            .flat_map(|(day, number)| std::iter::repeat_n(*day, *number))
            .enumerate()
            .map(|(at, day)| (format!("{sign}.{:03}", at + 1), day))
            .collect();
        let expected: Vec<(&str, &str)> = expected.iter().map(|(reference, day)| (reference.as_str(), *day)).collect();
        assert_eq!(found, expected);
    }
}
