//! The worked examples of `semantics.md`, section 14, and a few more of the
//! same kind: one table for every evaluator.

use crate::value::Raw;
use crate::value::Verdict::{self, *};

/// A question with its answer, worked out by hand.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    /// The number in `semantics.md`, with a letter for each variant; or a name of our own.
    pub number: &'static str,
    pub policy: String,
    pub facts: Raw,
    pub possible: Vec<Verdict>,
    /// Names of facts, without unit.
    pub missing: Vec<&'static str>,
    /// Names of norms.
    pub deciding: Vec<&'static str>,
    /// Regime, possible verdicts, missing; where the example says something about them.
    pub findings: Option<Vec<OfRegime>>,
}

/// The name of a regime, its possible verdicts, and what is missing for it.
pub(crate) type OfRegime = (&'static str, Vec<Verdict>, Vec<&'static str>);

/// The words that the examples use.
const VOCABULARY: &str = r#"
taxonomy action { supply procurement technical_cooperation inspection }
taxonomy place { KP { rajin } RU { vostochny } CN US VA }
taxonomy item {
  arms { small_arms { rifles } battle_tank }
  refined { diesel }
  machinery { computers hs 8471 printers hs 8443 }
  food hs 07, 10
  other_goods
}
taxonomy discipline { engineering { aerospace { launch_vehicles satellite_payloads } civil_engineering } geology }
taxonomy purpose { livelihood humanitarian medical_exchange research mixed }
taxonomy party_role { counterparty recipient }
taxonomy concern { arms_concern revenue objection quota_stop }
record finding { kind : concern required  by : reference required  under : text  on : date required  through : date }
record party {
  id : text  role : party_role  nationality : country  sponsored_by : list of reference
  controlled_by : list of reference  listed : list of listing  findings : list of finding
}
record vessel { flag : country  owner : reference  controlled_by : list of reference  listed : list of listing }
activity {
  date : date required  action : action required  actor_state : country required  omission : yes_no  ref : text
  item : item coded by hs  hs : hs  field : discipline  origin : place  destination : place  via : list of place
  contract_date : date  purpose : purpose  links : list of concern  quantity : quantity  value : money
  parties : list of party  vessels : list of vessel  findings : list of finding
}
unit bbl "barrel"  unit t "tonne"  unit crate  unit account counted
list l "A list" { freeze, ban }  list m "Another list"
group un_members of place "Members" { KP, RU, CN, US }
presume omission is no "an activity is doing something"
regime r "Regime" { authority committee "The Committee"  binds un_members }
"#;

/// The norms of section 14.
const MEASURES: &str = r#"
instrument R1 "S/RES/1 (2009)" of r adopted 2009-06-12 {
  paragraph 1 {
    prohibit supply when item under arms and destination is KP
    except small_arms through 2016-03-01 when item under small_arms with notice to committee at least 5 days before
  }
}
instrument R2 "S/RES/2 (2016)" of r adopted 2016-11-30 {
  paragraph 1 {
    prohibit technical_cooperation when some counterparty { sponsored_by KP } and field under aerospace
    except medical when purpose is medical_exchange
    except approved with approval by committee
  }
  paragraph 2 {
    prohibit technical_cooperation when some counterparty { sponsored_by KP } and field not under aerospace
    except own with determination by actor_state and notice to committee in advance
  }
  paragraph 3 {
    prohibit technical_cooperation when some counterparty { sponsored_by KP } and field under launch_vehicles
  }
}
instrument R3 "S/RES/3 (2017)" of r adopted 2017-12-22 {
  paragraph 1 from 2018-01-01 {
    prohibit supply when item under refined and destination is KP
    except quota when purpose is livelihood
      within 500_000 bbl of quantity per calendar year
      with notice to committee within 30 days after
  }
  paragraph 2 {
    exempt from r as aid when purpose is humanitarian and item not under arms with approval by committee
    exempt from r as other with approval by committee exceptional
  }
}
"#;

/// An instrument adopted on 2006-10-14 with one paragraph.
fn law(clauses: &str) -> String {
    format!("{VOCABULARY}\ninstrument X \"X (2006)\" of r adopted 2006-10-14 {{ paragraph 1 {{ {clauses} }} }}")
}

/// The facts that `json` adds to those of `base`, or puts in their place; `"-"` takes one away.
fn facts(base: &str, json: &str) -> Raw {
    let read = |text: &str| -> Vec<(String, Raw)> {
        let value: serde_json::Value = serde_json::from_str(text).expect("the examples are JSON");
        match crate::facts::to_raw(&value).expect("and have no fractions") {
            Raw::Map(entries) => entries,
            _ => unreachable!("an activity is a map"),
        }
    };
    let mut facts = read(base);
    for (name, value) in read(json) {
        facts.retain(|(known, _)| *known != name);
        if value != Raw::Text("-".to_owned()) {
            facts.push((name, value));
        }
    }
    Raw::Map(facts)
}

/// **A** of section 14.
const A: &str = r#"{ "date": "2023-09-13", "actor_state": "RU", "action": "technical_cooperation", "ref": "P-1",
    "parties": [{ "role": "counterparty", "sponsored_by": ["KP"] }], "field": "satellite_payloads", "purpose": "research" }"#;
const RIFLES: &str = r#"{ "date": "2010-05-20", "actor_state": "RU", "action": "supply", "ref": "P-1",
    "item": "rifles", "destination": "KP" }"#;
const DIESEL: &str = r#"{ "date": "2021-07-01", "actor_state": "RU", "action": "supply", "ref": "P-1", "item": "diesel",
    "destination": "KP", "quantity": "10000 bbl", "purpose": "livelihood", "used": { "R3/1.quota": "100000 bbl" } }"#;
/// **S** of section 14; a day on which everything is in force.
const S: &str = r#"{ "date": "2020-01-15", "actor_state": "RU", "action": "supply" }"#;

fn approval(rest: &str) -> String {
    format!(r#""acts": [{{ "kind": "approval", "by": "committee", "on": "2023-09-01", {rest} }}]"#)
}

fn notice(under: &str, on: &str) -> String {
    format!(
        r#""acts": [{{ "kind": "notice", "to": "committee", "under": "{under}", "on": "{on}", "covers": {{ "ref": "P-1" }} }}]"#
    )
}

/// All of them.
pub(crate) fn examples() -> Vec<Example> {
    let mut table = Vec::new();
    of_the_measures(&mut table);
    of_other_policies(&mut table);
    of_our_own(&mut table);
    table
}

type Table = Vec<Example>;

fn add(
    table: &mut Table,
    number: &'static str,
    policy: &str,
    facts: Raw,
    possible: &[Verdict],
    missing: &[&'static str],
    deciding: &[&'static str],
) {
    table.push(Example {
        number,
        policy: policy.to_owned(),
        facts,
        possible: possible.to_vec(),
        missing: missing.to_vec(),
        deciding: deciding.to_vec(),
        findings: None,
    });
}

fn of_the_measures(table: &mut Table) {
    let measures = format!("{VOCABULARY}{MEASURES}");
    let mut given =
        |number, base, json: &str, possible: &[Verdict], missing: &[&'static str], deciding: &[&'static str]| {
            add(table, number, &measures, facts(base, &format!("{{{json}}}")), possible, missing, deciding);
        };
    let authorised_or = |other| [other, RequiresAuthorisation];

    given("1", A, "", &[RequiresAuthorisation], &[], &["R2/1"]);
    given("2", A, r#""actor_state": "-""#, &authorised_or(NotCovered), &["actor_state"], &[]);
    let nobody = r#""parties": [{ "role": "counterparty" }]"#;
    given("3", A, nobody, &authorised_or(NotCovered), &["counterparty.sponsored_by"], &[]);
    let all_three = [RequiresNotification, RequiresAuthorisation, Prohibited];
    given("4", A, r#""field": "engineering""#, &all_three, &["field"], &[]);
    given("5", A, r#""purpose": "-""#, &authorised_or(Allowed), &["purpose"], &[]);

    let approved = approval(r#""under": "R2/1", "covers": { "ref": "P-1" }"#);
    given("6", A, &approved, &[Allowed], &[], &["R2/1"]);
    let expired = approval(r#""under": "R2/1", "through": "2023-09-12", "covers": { "ref": "P-1" }"#);
    given("6a", A, &expired, &[RequiresAuthorisation], &[], &["R2/1"]);
    let of_another = approval(r#""under": "R2/1", "covers": { "ref": "P-2" }"#);
    given("6b", A, &of_another, &[RequiresAuthorisation], &[], &["R2/1"]);
    let under_another = approval(r#""under": "R3/2.aid", "covers": { "ref": "P-1" }"#);
    given("6c", A, &under_another, &[RequiresAuthorisation], &[], &["R2/1"]);
    given("7", A, &format!(r#""field": "launch_vehicles", {approved}"#), &[Prohibited], &[], &["R2/3"]);

    given("8", RIFLES, "", &[RequiresNotification], &[], &["R1/1"]);
    given("8a", RIFLES, &notice("R1/1.small_arms", "2010-05-15"), &[Allowed], &[], &["R1/1"]);
    given("8b", RIFLES, &notice("R1/1.small_arms", "2010-05-16"), &[Prohibited], &[], &["R1/1"]);
    given("8c", RIFLES, r#""asked_on": "2010-05-16""#, &[Prohibited], &[], &["R1/1"]);
    given("8d", RIFLES, r#""asked_on": "2010-05-15""#, &[RequiresNotification], &[], &["R1/1"]);
    let later = format!(r#""date": "2016-03-02", {}"#, notice("R1/1", "2016-02-20"));
    given("9", RIFLES, &later, &[Prohibited], &[], &["R1/1"]);
    let notified_or = [RequiresNotification, Prohibited];
    given("10", RIFLES, r#""item": "arms""#, &notified_or, &["item"], &[]);
    given("10a", RIFLES, r#""item": "arms", "complete": true"#, &notified_or, &["item"], &[]);

    given("11", DIESEL, "", &[Allowed], &[], &["R3/1"]);
    given("11a", DIESEL, &notice("R3/1.quota", "2021-07-31"), &[Allowed], &[], &["R3/1"]);
    given("11b", DIESEL, &notice("R3/1.quota", "2021-08-01"), &[Prohibited], &[], &["R3/1"]);
    given("11c", DIESEL, r#""asked_on": "2021-08-01""#, &[Prohibited], &[], &["R3/1"]);
    given("12", DIESEL, r#""used": "-""#, &[Allowed, Prohibited], &["used.R3/1.quota"], &[]);
    given("12a", DIESEL, r#""used": "-", "complete": true"#, &[Allowed, Prohibited], &["used.R3/1.quota"], &[]);
    given("12b", DIESEL, r#""used": { "R3/1.quota": "490001 bbl" }"#, &[Prohibited], &[], &["R3/1"]);
    given("12c", DIESEL, r#""used": { "R3/1.quota": "490000 bbl" }"#, &[Allowed], &[], &["R3/1"]);
    let lines = r#""complete": true, "quantity": "-", "used": { "R3/1.quota": "0 bbl" },
        "lines": [{ "quantity": "250000 bbl" }, { "quantity": "250001 bbl" }]"#;
    given("13", DIESEL, lines, &[Prohibited], &[], &["R3/1"]);
    given("13a", DIESEL, &lines.replace("250001", "250000"), &[Allowed], &[], &["R3/1"]);
    given("14", A, r#""complete": true, "date": "-""#, &authorised_or(NotCovered), &["date"], &[]);
    let for_aerospace = approval(r#""under": "R2/1", "covers": { "field": "aerospace" }"#);
    let all_three = [Allowed, RequiresNotification, Prohibited];
    given("15", A, &format!(r#""field": "unknown", {for_aerospace}"#), &all_three, &["field"], &[]);
}

fn of_other_policies(table: &mut Table) {
    let both = [NotCovered, Prohibited];
    let mut given = |number,
                     policy: &str,
                     json: &str,
                     possible: &[Verdict],
                     missing: &[&'static str],
                     deciding: &[&'static str]| {
        add(table, number, policy, facts(S, &format!("{{{json}}}")), possible, missing, deciding);
    };
    let some_or_none = law(
        "prohibit supply as with_it when some party { nationality KP } prohibit supply as without when no party { nationality KP }",
    );
    given("16", &some_or_none, "", &[Prohibited], &[], &[]);

    let not_listed = law("prohibit supply when no party { listed in l }");
    given("17", &not_listed, r#""parties": []"#, &[Prohibited], &[], &["X/1"]);
    given("17a", &not_listed, "", &both, &["parties"], &[]);
    given("17b", &not_listed, r#""parties": [{}]"#, &both, &["parties[0].listed.l"], &[]);

    let computers = law("prohibit supply when hs under 8471");
    given("18", &computers, r#""hs": "847130""#, &[Prohibited], &[], &["X/1"]);
    given("18a", &computers, r#""hs": "84""#, &both, &["hs"], &[]);
    given("18b", &computers, r#""hs": "none""#, &[NotCovered], &[], &[]);
    given("18c", &computers, r#""hs": "8472""#, &[NotCovered], &[], &[]);

    let foreign = law("prohibit supply when not (origin is KP)");
    given("19", &foreign, r#""origin": "none""#, &[Prohibited], &[], &["X/1"]);
    given("19a", &foreign, "", &both, &["origin"], &[]);
    given("19b", &foreign, r#""origin": "KP""#, &[NotCovered], &[], &[]);

    let succession = format!(
        "{VOCABULARY}
        instrument X \"X (2017)\" of r adopted 2017-09-11 {{ paragraph 1 {{ prohibit supply }} }}
        instrument Y \"Y (2017)\" of r adopted 2017-12-22 {{ paragraph 1 from 2018-01-01 replaces X/1 {{ prohibit supply }} }}"
    );
    given("20", &succession, r#""date": "2017-12-31""#, &[Prohibited], &[], &["X/1"]);
    given("20a", &succession, r#""date": "2018-01-01""#, &[Prohibited], &[], &["Y/1"]);

    let two_regimes = format!(
        "{VOCABULARY}
        regime s \"Another\" {{ binds un_members }}
        instrument X \"X (2006)\" of r adopted 2006-10-14 {{ paragraph 1 {{ prohibit supply when origin is KP }} }}
        instrument Z \"Z (2006)\" of s adopted 2006-10-14 {{ paragraph 1 {{ prohibit supply }} }}"
    );
    given("21", &two_regimes, "", &[Prohibited], &[], &["Z/1"]);
    let caution = format!(
        "{VOCABULARY}
        regime c \"Cautions\" {{ binds un_members }}
        instrument C \"C\" of c adopted 2006-10-14 {{ paragraph 1 {{ caution supply \"take care\" when origin is KP }} }}"
    );
    given("22", &caution, r#""origin": "KP""#, &[NotCovered], &[], &[]);

    for example in table {
        match example.number {
            "21" => {
                example.findings =
                    Some(vec![("r", both.to_vec(), vec!["origin"]), ("s", vec![Prohibited], Vec::new())]);
            }
            "22" => example.findings = Some(Vec::new()),
            _ => {}
        }
    }
}

fn of_our_own(table: &mut Table) {
    let both = [NotCovered, Prohibited];
    let mut given = |number,
                     clauses: &str,
                     json: &str,
                     possible: &[Verdict],
                     missing: &[&'static str],
                     deciding: &[&'static str]| {
        add(table, number, &law(clauses), facts(S, &format!("{{{json}}}")), possible, missing, deciding);
    };

    // Item and HS code describe the same goods.
    let machines = "prohibit supply when item under machinery";
    given("a code stands for its goods", machines, r#""hs": "8471""#, &[Prohibited], &[], &["X/1"]);
    given("half a code", machines, r#""hs": "84", "item": "none""#, &both, &["hs"], &[]);
    given("nobody says which goods", machines, "", &both, &["item"], &[]);
    given("complete, and nothing said of goods", machines, r#""complete": true"#, &[NotCovered], &[], &[]);
    given(
        "complete, with a code of the item",
        machines,
        r#""complete": true, "hs": "844310""#,
        &[Prohibited],
        &[],
        &["X/1"],
    );
    given(
        "complete, with a code of no item",
        "prohibit supply when item is none",
        r#""complete": true, "hs": "9999""#,
        &[NotCovered],
        &[],
        &[],
    );
    let other = "prohibit supply when item under other_goods";
    given("complete, other goods", other, r#""complete": true, "hs": "9999""#, &[Prohibited], &[], &["X/1"]);
    given(
        "complete, half a code",
        "prohibit supply when item under computers",
        r#""complete": true, "hs": "84""#,
        &both,
        &["hs"],
        &[],
    );
    let by_code = "prohibit supply when hs under 8471";
    given("the item settles the code, or there is none", by_code, r#""item": "computers""#, &both, &["hs"], &[]);
    given("the item excludes the code", by_code, r#""item": "printers""#, &[NotCovered], &[], &[]);
    given("a coarse item", by_code, r#""item": "machinery""#, &both, &["hs"], &[]);

    // Facts compared with each other.
    let own_flag = "prohibit supply when some vessel { flag is actor_state }";
    given("nobody says which vessels", own_flag, "", &both, &["vessels"], &[]);
    given("nobody says which flag", own_flag, r#""vessels": [{}]"#, &both, &["vessels[0].flag"], &[]);
    given("another flag", own_flag, r#""vessels": [{ "flag": "CN" }]"#, &[NotCovered], &[], &[]);
    let either = r#""vessels": [{ "flag": "CN" }], "actor_state": "-""#;
    given("nobody says whose obligations", own_flag, either, &both, &["actor_state"], &[]);
    let neither = r#""vessels": [{}], "actor_state": "-""#;
    given("neither is said", own_flag, neither, &both, &["actor_state", "vessels[0].flag"], &[]);
    let same_place = "prohibit supply when destination is actor_state";
    given("a place in the country", same_place, r#""destination": "vostochny""#, &[Prohibited], &[], &["X/1"]);

    let members = "prohibit supply when destination in un_members";
    given("a place in a member", members, r#""destination": "vostochny""#, &[Prohibited], &[], &["X/1"]);
    given("somewhere in a member", members, r#""destination": "RU""#, &[Prohibited], &[], &["X/1"]);

    // Chains of references.
    let chain = "prohibit supply when some party { controlled_by listed in l }";
    let through = r#""parties": [{ "id": "a", "controlled_by": ["b"], "listed": [] },
        { "id": "b", "controlled_by": ["c"], "listed": [] }, { "id": "c", "controlled_by": ["a"], "listed": ["l"] }]"#;
    given("through the whole chain", chain, through, &[Prohibited], &[], &["X/1"]);
    let nobody_knows = r#""parties": [{ "controlled_by": ["stranger", "KP"] }]"#;
    let stranger = ["parties[0].controlled_by[0]", "parties[0].controlled_by[0].listed.l"];
    given("a stranger may be listed, or be controlled by somebody who is", chain, nobody_knows, &both, &stranger, &[]);
    given("a country is on no list", chain, r#""parties": [{ "controlled_by": ["KP"] }]"#, &[NotCovered], &[], &[]);
    given(
        "nobody says who controls",
        chain,
        r#""parties": [{ "id": "a" }]"#,
        &both,
        &["parties[0].controlled_by"],
        &[],
    );
    let measures = "prohibit supply when some party { listed in l for freeze and not listed in l }";
    given("listed for a measure is listed", measures, "", &[NotCovered], &[], &[]);

    // Findings bind, and silence about them never helps.
    let finding = "prohibit supply when not found objection by committee";
    given("silence about findings", finding, "", &both, &["findings"], &[]);
    given("no finding", finding, r#""findings": []"#, &[Prohibited], &[], &["X/1"]);
    let found = r#""findings": [{ "kind": "objection", "by": "committee", "on": "2020-01-14" }]"#;
    given(
        "a finding under an unknown provision",
        finding,
        found,
        &both,
        &["findings[0].through", "findings[0].under"],
        &[],
    );
    given("a finding, complete", finding, &format!(r#""complete": true, {found}"#), &[NotCovered], &[], &[]);
    given("a finding too late", finding, &found.replace("01-14", "01-16"), &[Prohibited], &[], &["X/1"]);
    let recently = "prohibit supply when found objection by committee in the last 30 days";
    given(
        "an old finding",
        recently,
        &format!(r#""complete": true, {}"#, found.replace("2020-01-14", "2019-12-01")),
        &[NotCovered],
        &[],
        &[],
    );
    let dateless = format!(r#""complete": true, "date": "-", {}"#, found.replace("2020-01-14", "2019-12-01"));
    given("a finding, and nobody says when", recently, &dateless, &both, &["date"], &[]);

    // Duties.
    let duty = "oblige supply \"to deliver\" when origin is KP except waived with approval by committee";
    given("a duty", duty, r#""origin": "KP""#, &[Allowed], &[], &["X/1"]);
    given("a duty left undone", duty, r#""origin": "KP", "omission": true"#, &[RequiresAuthorisation], &[], &["X/1"]);
    given(
        "nobody says if it was done",
        duty,
        r#""origin": "KP", "omission": "unknown""#,
        &[Allowed, RequiresAuthorisation],
        &["omission"],
        &[],
    );

    // Counting.
    let two = "prohibit supply when at least 2 party { nationality KP }";
    given("one and one", two, r#""parties": [{ "nationality": "KP" }, {}]"#, &both, &["parties[1].nationality"], &[]);
    given("any number", two, "", &both, &["parties"], &[]);
    let many = "prohibit supply as one when some party { nationality KP } prohibit supply as two when at least 2 party { nationality KP }
        prohibit supply as none when no party { nationality KP }";
    given("one way or another", many, "", &[Prohibited], &[], &[]);

    // Lists of values.
    let links = "prohibit supply as aimless when links is empty prohibit procurement as other";
    given("nobody says what for", links, "", &both, &["links"], &[]);

    // Readings.
    let reading = "reading wide \"Is it wide?\" default yes prohibit supply when wide";
    given("the stricter reading", reading, "", &[Prohibited], &[], &[]);
    given("the other reading", reading, r#""readings": { "wide": false }"#, &[NotCovered], &[], &[]);
    given("a reading in dispute", reading, r#""readings": { "wide": "unknown" }"#, &both, &["readings.wide"], &[]);

    // Amounts.
    let rich = "prohibit supply when value > 100 USD and quantity < 5 t";
    given("nobody says how much", rich, "", &both, &["quantity", "value"], &[]);
    given(
        "in another unit",
        rich,
        r#""complete": true, "value": "200 USD", "quantity": "3 bbl""#,
        &both,
        &["quantity"],
        &[],
    );

    // Days after the month: date and month end fifteen days apart.
    let monthly = "prohibit supply except told with notice to committee within 10 days after the month";
    let told = |day: &str| {
        format!(
            r#""asked_on": "2020-02-11", "ref": "P-1", "acts": [{{ "kind": "notice", "to": "committee", "under": "X/1", "on": "2020-{day}",
                "covers": {{ "ref": "P-1" }} }}]"#
        )
    };
    given("the month is not reported yet", monthly, r#""asked_on": "2020-02-10""#, &[Allowed], &[], &["X/1"]);
    given("the month was not reported", monthly, r#""asked_on": "2020-02-11""#, &[Prohibited], &[], &["X/1"]);
    given("the month was reported", monthly, &told("02-10"), &[Allowed], &[], &["X/1"]);
    given("reported before the month was over", monthly, &told("01-15"), &[Allowed], &[], &["X/1"]);
    given("reported before it was done", monthly, &told("01-14"), &[Prohibited], &[], &["X/1"]);
    given("the month was reported late", monthly, &told("02-11"), &[Prohibited], &[], &["X/1"]);
    let last = r#""date": "2020-01-31", "asked_on": "2020-02-10""#;
    given("on the last day of the month", monthly, last, &[Allowed], &[], &["X/1"]);
    let leap = r#""date": "2020-02-01", "asked_on": "2020-03-11""#;
    given("of a leap year", monthly, leap, &[Prohibited], &[], &["X/1"]);
    let some_day = r#""date": "unknown", "asked_on": "2020-02-11""#;
    given("nobody says in which month", monthly, some_day, &[NotCovered, Allowed, Prohibited], &["date"], &[]);
    let working = monthly.replace("10 days", "3 working days");
    given("three working days", &working, r#""asked_on": "2020-02-05""#, &[Allowed], &[], &["X/1"]);
    given("three working days are over", &working, r#""asked_on": "2020-02-06""#, &[Prohibited], &[], &["X/1"]);

    // Counted units.
    let lifted_or = [Allowed, Prohibited];
    let one = "prohibit supply except one within 1 account of quantity at any time";
    let with_used = |used: &str| format!(r#""complete": true, "used": {{ "X/1.one": "{used} account" }}"#);
    given("the first of its kind", one, &with_used("0"), &[Allowed], &[], &["X/1"]);
    given("the second of its kind", one, &with_used("1"), &[Prohibited], &[], &["X/1"]);
    given("one, and nobody knows after how many", one, r#""complete": true"#, &lifted_or, &["used.X/1.one"], &[]);
    given("no account", one, &format!(r#""quantity": "none", {}"#, with_used("0")), &[Prohibited], &[], &["X/1"]);
    given(
        "as many as may be",
        one,
        &format!(r#""quantity": "unknown", {}"#, with_used("0")),
        &lifted_or,
        &["quantity"],
        &[],
    );
    given("an open question", one, &with_used("0").replace("true", "false"), &lifted_or, &["quantity"], &[]);
    given(
        "an amount of something else",
        one,
        &format!(r#""quantity": "5 t", {}"#, with_used("0")),
        &lifted_or,
        &["quantity"],
        &[],
    );
    let two_lines = format!(r#"{}, "lines": [{{}}, {{}}]"#, with_used("0"));
    given("two of them", one, &two_lines, &[Prohibited], &[], &["X/1"]);
    let compared = "prohibit supply as few when quantity < 2 account prohibit supply as absent when quantity is none
        prohibit supply as many when quantity >= 2 account";
    given("one is compared", compared, r#""complete": true"#, &[Prohibited], &[], &["X/1.few", "X/1.absent"]);

    // One limit in several units.
    let either = "prohibit supply except quota within 100 bbl or 20 t of quantity in total";
    let tonnes = |rest: &str| format!(r#""complete": true, "quantity": "10 t", "used": {{ "X/1.quota": [{rest}] }}"#);
    given("only tonnes", either, &tonnes(r#""5 t""#), &[Allowed], &[], &["X/1"]);
    given("only tonnes, and too many", either, &tonnes(r#""15 t""#), &[Prohibited], &[], &["X/1"]);
    given("only tonnes, and usage in both", either, &tonnes(r#""5 t", "99 bbl""#), &[Allowed], &[], &["X/1"]);
    given("only tonnes, and no barrel is left", either, &tonnes(r#""5 t", "100 bbl""#), &[Prohibited], &[], &["X/1"]);
    given("only tonnes, usage in barrels", either, &tonnes(r#""5 bbl""#), &lifted_or, &["used.X/1.quota"], &[]);
    let open = tonnes(r#""5 t", "5 bbl""#).replace("true", "false");
    given("only tonnes, of an open question", either, &open, &lifted_or, &["quantity"], &[]);
    let both_units = r#""complete": true, "quantity": ["10 t", "76 bbl"], "used": { "X/1.quota": ["5 t", "30 bbl"] }"#;
    given("in both units", either, both_units, &[Prohibited], &[], &["X/1"]);
    given(
        "in neither unit",
        either,
        r#""complete": true, "quantity": "3 crate", "used": { "X/1.quota": ["0 t", "0 bbl"] }"#,
        &lifted_or,
        &["quantity"],
        &[],
    );
    given(
        "no amount",
        either,
        r#""complete": true, "used": { "X/1.quota": ["0 t", "0 bbl"] }"#,
        &lifted_or,
        &["quantity"],
        &[],
    );
    let mixed = r#""complete": true, "used": { "X/1.quota": ["0 t", "0 bbl"] },
        "lines": [{ "quantity": "10 t" }, { "quantity": "30 bbl" }]"#;
    given("lines in two units", either, mixed, &lifted_or, &["lines[0].quantity", "lines[1].quantity"], &[]);
    given("lines in one unit", either, &mixed.replace("30 bbl", "11 t"), &[Prohibited], &[], &["X/1"]);
    let narrow = "prohibit supply when origin is KP except quota within 100 bbl or 20 t of quantity in total";
    let other_goods = mixed.replace(r#""10 t""#, r#""10 t", "origin": "KP""#);
    given("the other line does not count", narrow, &other_goods, &[Allowed], &[], &["X/1"]);
    let level = "prohibit supply except quota within 20 t or level bbl on 2017-09-11 of quantity in total";
    given("a level in another unit", level, &tonnes(r#""5 t""#), &[Allowed], &[], &["X/1"]);

    // An act covers what all its fields name.
    let covered = "prohibit supply except ok with approval by committee";
    let act = r#""acts": [{ "kind": "approval", "by": "committee", "under": "X/1.ok", "on": "2020-01-01",
        "covers": { "quantity": "10 t", "parties": [{ "nationality": "CN" }] } }]"#;
    let stated = format!(r#""quantity": "10 t", "parties": [{{}}, {{ "nationality": "CN" }}], {act}"#);
    given("covered", covered, &stated, &[Allowed], &[], &["X/1"]);
    let too_much =
        stated.replace("\"quantity\": \"10 t\", \"parties\": [{}", "\"quantity\": \"11 t\", \"parties\": [{}");
    given("too much", covered, &too_much, &[RequiresAuthorisation], &[], &["X/1"]);
    let open = [Allowed, RequiresAuthorisation];
    given("nobody says what is covered", covered, act, &open, &["parties", "quantity"], &[]);
    for example in table.iter_mut().filter(|example| example.number == "the stricter reading") {
        example.deciding = vec!["X/1"];
    }
}
