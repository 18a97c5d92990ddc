//! What is refused, with every word of the message.

use super::bind;

/// All problems of an activity, in order; none when it is accepted.
#[track_caller]
fn check(json: &str, expected: &[&str]) {
    let found: Vec<String> = match bind(json) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found, expected, "\n{json}\n{found:#?}");
}

#[test]
fn names_that_the_schema_does_not_have() {
    check(
        r#"{"dat": "2023-09-13", "quantitiy": "1 t", "destinaton": "KP"}"#,
        &[
            "dat: the activity has no field `dat` (did you mean `date`?)",
            "quantitiy: the activity has no field `quantitiy` (did you mean `quantity`?)",
            "destinaton: the activity has no field `destinaton` (did you mean `destination`?)",
        ],
    );
    check(
        r#"{"parties": [{"nationalty": "KP"}]}"#,
        &["parties[0].nationalty: a party has no field `nationalty` (did you mean `nationality`?)"],
    );
    check(
        r#"{"parties": [{"nationality": {"sponsored_by": "KP"}}]}"#,
        &["parties[0].nationality: the code of a country is accepted, not a map"],
    );
    check(r#"{"acts": "none", "use": {}}"#, &["use: the activity has no field `use` (did you mean `used`?)"]);
}

#[test]
fn terms_and_countries() {
    check(r#"{"actor_state": "ru"}"#, &["actor_state: `ru` is no country of `place` (did you mean `RU`?)"]);
    check(
        r#"{"actor_state": "vostochny"}"#,
        &["actor_state: `vostochny` is a place in `RU`, and a country is accepted here (did you mean `RU`?)"],
    );
    check(
        r#"{"actor_state": "Russia", "origin": "North Korea", "destination": "XX"}"#,
        &[
            "actor_state: `Russia` is no country of `place` (did you mean `RU`?)",
            "origin: `North Korea` is no term of `place` (did you mean `KP`?)",
            "destination: `XX` is no term of `place` (countries are two capital letters of ISO 3166-1)",
        ],
    );
    check(
        r#"{"action": "suply", "item": 5, "via": ["KP", "nampoo", null, "unknown", "none"]}"#,
        &[
            "action: `suply` is no term of `action` (did you mean `supply`?)",
            "item: a term of `item` is accepted, not the number 5",
            "via[1]: `nampoo` is no term of `place` (did you mean `nampo`?)",
            "via[4]: `none` is no element of a list (write `[]` when there is none)",
        ],
    );
    check(
        r#"{"actor_state": "RUS", "destination": "PRK", "parties": [{"nationality": "USA"}]}"#,
        &[
            "actor_state: `RUS` is no country of `place` (did you mean `RU`?)",
            "destination: `PRK` is no term of `place` (countries are two capital letters of ISO 3166-1)",
            "parties[0].nationality: `USA` is no country of `place` (countries are two capital letters of ISO 3166-1)",
        ],
    );
    check(r#"{"item": ["arms", "coal"]}"#, &["item: a term of `item` is accepted, not a list"]);
}

#[test]
fn required_facts_are_never_none() {
    check(
        r#"{"date": "none", "action": "none", "actor_state": "none", "item": "none"}"#,
        &[
            "date: `date` is required, so it cannot be `none`",
            "action: `action` is required, so it cannot be `none`",
            "actor_state: `actor_state` is required, so it cannot be `none`",
        ],
    );
}

#[test]
fn days_that_are_none() {
    check(
        r#"{"date": "2023-02-30", "contract_date": "13.09.2023"}"#,
        &[
            "date: there is no day `2023-02-30`",
            "contract_date: a date such as 2023-09-13 is accepted, not `13.09.2023`",
        ],
    );
    check(
        r#"{"date": "2023-09-13T10:00:00Z", "contract_date": 20230913, "asked_on": "2023-9-13"}"#,
        &[
            "date: a date such as 2023-09-13 is accepted, not `2023-09-13T10:00:00Z` (a day without a time: `2023-09-13`)",
            "contract_date: a date such as 2023-09-13 is accepted, not the number 20230913",
            "asked_on: a date such as 2023-09-13 is accepted, not `2023-9-13`",
        ],
    );
}

#[test]
fn codes_of_two_to_ten_digits() {
    check(r#"{"hs": "847"}"#, &["hs: an HS code of 2, 4, 6, 8 or 10 digits is accepted, not `847`"]);
    check(
        r#"{"hs": 84}"#,
        &[
            r#"hs: an HS code of 2, 4, 6, 8 or 10 digits is accepted, not the number 84 (write it as text, with its leading zero if it has one: "84")"#,
        ],
    );
    check(
        r#"{"hs": "8471.30"}"#,
        &["hs: an HS code of 2, 4, 6, 8 or 10 digits is accepted, not `8471.30` (write `847130`)"],
    );
    check(r#"{"hs": "84a1"}"#, &["hs: an HS code of 2, 4, 6, 8 or 10 digits is accepted, not `84a1`"]);
}

#[test]
fn yes_and_no() {
    check(
        r#"{"omission": "true", "complete": "Yes"}"#,
        &[
            "omission: yes or no is accepted, not the text `true` (did you mean `yes`?)",
            "complete: yes or no is accepted, not the text `Yes` (did you mean `yes`?)",
        ],
    );
    check(
        r#"{"omission": 1, "complete": [true]}"#,
        &["omission: yes or no is accepted, not the number 1", "complete: yes or no is accepted, not a list"],
    );
}

#[test]
fn text_and_ids() {
    check(
        r#"{"ref": 17, "vessels": [{"imo": 9074729}, {"imo": "9074728"}, {"imo": "unknown"}]}"#,
        &[
            r#"ref: text is accepted, not the number 17 (write "17")"#,
            r#"vessels[0].imo: text is accepted, not the number 9074729 (write "9074729")"#,
            "vessels[1].imo: `9074728` is no IMO number: seven digits, of which the last checks the others",
            "vessels[2].imo: `unknown` is no IMO number: seven digits, of which the last checks the others",
        ],
    );
    check(
        r#"{"parties": [{"ids": {"imo": "9074720"}}, {"ids": ["imo:12"]}, {"sponsored_by": {"imo": "1"}}]}"#,
        &[
            "parties[0].ids.imo: `9074720` is no IMO number: seven digits, of which the last checks the others",
            "parties[1].ids[0]: `12` is no IMO number: seven digits, of which the last checks the others",
            "parties[2].sponsored_by: `1` is no IMO number: seven digits, of which the last checks the others",
        ],
    );
}

#[test]
fn amounts_without_their_unit_or_with_another() {
    check(
        r#"{"quantity": 10000}"#,
        &[
            r#"quantity: an amount and its unit, such as "2.5 t", is accepted, not the number 10000 (the units are `bbl`, `litre`, `t`, `speck`)"#,
        ],
    );
    check(
        r#"{"quantity": "10000"}"#,
        &[
            r#"quantity: an amount and its unit, such as "2.5 t", is accepted, not `10000` (the units are `bbl`, `litre`, `t`, `speck`)"#,
        ],
    );
    check(
        r#"{"quantity": "10000bbl"}"#,
        &[r#"quantity: an amount and its unit, such as "2.5 t", is accepted, not `10000bbl` (write `10000 bbl`)"#],
    );
    check(
        r#"{"quantity": "10000 USD", "value": "5 bbl"}"#,
        &[
            "quantity: `USD` is a currency, and a unit is accepted here (the units are `bbl`, `litre`, `t`, `speck`)",
            "value: `bbl` is a unit, and a currency is accepted here (currencies are three capital letters of ISO 4217)",
        ],
    );
    check(
        r#"{"quantity": "10 bbls", "value": "10 usd"}"#,
        &[
            "quantity: no unit is called `bbls` (did you mean `bbl`?)",
            "value: `usd` is no code of a currency (ISO 4217) (did you mean `USD`?)",
        ],
    );
    check(
        r#"{"quantity": "100000 l", "value": "1e9 USD"}"#,
        &[
            "quantity: no unit is called `l` (did you mean `litre`?)",
            r#"value: an amount and its currency, such as "2.5 USD", is accepted, not `1e9 USD` (write the number in full, without an exponent)"#,
        ],
    );
    check(
        r#"{"quantity": "10 barrels", "value": "10 dollars"}"#,
        &[
            "quantity: no unit is called `barrels` (did you mean `bbl`?)",
            "value: `dollars` is no code of a currency (ISO 4217) (currencies are three capital letters of ISO 4217)",
        ],
    );
    check(
        r#"{"quantity": "-1 t", "value": "1,5 USD"}"#,
        &[
            "quantity: an amount is never negative: `-1`",
            "value: `1,5` is no decimal number such as 2.5 (write a point before the fraction, and no mark between thousands)",
        ],
    );
    check(
        r#"{"quantity": ["10 bbl", "1000 litre"]}"#,
        &["quantity[1]: two amounts of one dimension: 10 bbl and 6.28981 bbl"],
    );
    check(
        r#"{"quantity": {"bbl": "ten", "t": "1e3"}}"#,
        &["quantity.bbl: `ten` is no decimal number such as 2.5", "quantity.t: `1e3` is no decimal number such as 2.5"],
    );
    check(
        r#"{"quantity": "1.5 speck"}"#,
        &["quantity: 1.5 speck cannot be kept exactly as an amount of `bbl` (state it in `bbl`)"],
    );
    check(
        r#"{"quantity": "1.00000000000000000000000000000001 t", "value": "1000000000000000000000000000000 USD"}"#,
        &[
            "quantity: `1.00000000000000000000000000000001` has more digits than are kept exactly (28)",
            "value: `1000000000000000000000000000000` has more digits than are kept exactly (28)",
        ],
    );
    check(
        r#"{"quantity": {"amount": "5"}, "value": []}"#,
        &[
            "quantity.amount: no unit is called `amount` (the units are `bbl`, `litre`, `t`, `speck`)",
            "value: an empty list is no amount (write `none` when there is none)",
        ],
    );
    check(
        r#"{"quantity": {"amount": "5", "unit": "USD"}, "value": {"amount": -5, "unit": "USD"}}"#,
        &[
            "quantity.unit: `USD` is a currency, and a unit is accepted here (the units are `bbl`, `litre`, `t`, `speck`)",
            "value.amount: an amount is never negative: `-5`",
        ],
    );
}

#[test]
fn references_that_look_like_countries() {
    check(
        r#"{"parties": [{"sponsored_by": "kp"}, {"sponsored_by": "rajin"}, {"sponsored_by": "KQ"}, {"sponsored_by": ["", 5]}]}"#,
        &[
            "parties[0].sponsored_by: `kp` is no country of `place` and no stated party has this id (did you mean `KP`?)",
            "parties[1].sponsored_by: `rajin` is no country of `place` and no stated party has this id (did you mean `KP`?)",
            "parties[2].sponsored_by: `KQ` is no country of `place` and no stated party has this id (countries are two capital letters of ISO 3166-1)",
            "parties[3].sponsored_by[0]: `` is no country of `place` and no stated party has this id (countries are two capital letters of ISO 3166-1)",
            r#"parties[3].sponsored_by[1]: a country, the id of a party, or one id by its scheme such as { "imo": "9074729" } is accepted, not the number 5"#,
        ],
    );
}

#[test]
fn lists_and_measures() {
    check(
        r#"{"parties": [{"listed": "un_1817"}, {"listed": ["un_1718/asset_freze"]}, {"listed": "un_1718_vessels/deflag"}]}"#,
        &[
            "parties[0].listed: no list is called `un_1817` (did you mean `un_1718`?)",
            "parties[1].listed[0]: the list `un_1718` has no measure `asset_freze` (did you mean `asset_freeze`?)",
            "parties[2].listed: the list `un_1718_vessels` has no measure `deflag`",
        ],
    );
    check(
        r#"{"parties": [{"candidates": [{"list": "un_1718", "scor": 1}, {"ref": "x"}, {"list": "nope", "score": 80}]}]}"#,
        &[
            "parties[0].candidates[0].scor: a listing has no part `scor` (did you mean `score`?)",
            "parties[0].candidates[1]: the name of the `list` is missing",
            "parties[0].candidates[2]: no list is called `nope` (there are `un_1718` and `un_1718_vessels`)",
        ],
    );
}

#[test]
fn goods_and_codes_that_do_not_go_together() {
    check(
        r#"{"item": "coal", "hs": "8471"}"#,
        &["hs: `item` says `coal` and `hs` says `8471`: no goods are both (the codes of `coal` are `2701`, `2702`)"],
    );
    check(r#"{"item": "diesel", "hs": "27"}"#, &[]);
    check(
        r#"{"item": "diesel", "hs": "2711"}"#,
        &["hs: `item` says `diesel` and `hs` says `2711`: no goods are both (the codes of `diesel` are `2710`)"],
    );
    check(
        r#"{"item": "fuel", "lines": [{"hs": "2710"}, {"hs": "2701"}, {"item": "coal"}, {"item": "coal", "hs": "8471"}]}"#,
        &[
            "lines[1].hs: `item` says `fuel` and `hs` says `2701`: no goods are both (the codes of `fuel` are `2710`)",
            "lines[3].hs: `item` says `coal` and `hs` says `8471`: no goods are both (the codes of `coal` are `2701`, `2702`)",
        ],
    );
    check(
        r#"{"hs": "2701", "lines": [{"item": "fuel"}, {"item": "arms"}]}"#,
        &["lines[0].item: `item` says `fuel` and `hs` says `2701`: no goods are both (the codes of `fuel` are `2710`)"],
    );
    check(r#"{"item": "arms", "hs": "9304"}"#, &[]);
}

#[test]
fn lines_of_a_consignment() {
    check(
        r#"{"lines": [{"acts": [], "complete": true, "item": "coal"}, "coal", {"itme": "coal"}]}"#,
        &[
            "lines[0].acts: `acts` is stated of the whole activity, not of a line",
            "lines[0].complete: `complete` is stated of the whole activity, not of a line",
            "lines[1]: a map of the facts in which the line differs is accepted, not the text `coal`",
            "lines[2].itme: the activity has no field `itme` (did you mean `item`?)",
        ],
    );
}

#[test]
fn acts_without_a_required_part() {
    check(
        r#"{"acts": [{}]}"#,
        &[
            "acts[0].kind: an act needs its `kind`",
            "acts[0].under: an act needs its `under`",
            "acts[0].on: an act needs its `on`",
            "acts[0].covers: an act needs its `covers`",
        ],
    );
    check(
        r#"{"acts": "unknown"}"#,
        &[
            "acts: acts cannot be unknown: an approval that is not stated is not given (leave `acts` out, or state those that are at hand)",
        ],
    );
    check(
        r#"{"acts": [{"kind": "aproval", "by": "comittee", "under": "R1/1.aproved", "on": "2023-02-30", "covers": {}}]}"#,
        &[
            "acts[0].kind: approval, notice, determination or request is accepted, not the text `aproval` (did you mean `approval`?)",
            "acts[0].by: `comittee` is neither an authority nor a country (did you mean `committee`?)",
            "acts[0].under: no exception and no paragraph is called `R1/1.aproved` (did you mean `R1/1.approved`?)",
            "acts[0].on: there is no day `2023-02-30`",
            "acts[0].covers: an act covers something: this says nothing, so it would cover every activity (name the activity by its `ref`, or state facts of it)",
        ],
    );
    check(
        r#"{"acts": [{"kind": "approval", "under": "R1/3", "on": "2023-01-01", "covers": {"ref": null}}]}"#,
        &[
            "acts[0].by: an act needs its `by`",
            "acts[0].covers: an act covers something: this says nothing, so it would cover every activity (name the activity by its `ref`, or state facts of it)",
        ],
    );
    check(
        r#"{"acts": [{"kind": "notice", "under": "R1/1", "on": "2023-01-01", "covers": {"parties": [{}]}, "until": "2023-02-01"}]}"#,
        &[
            "acts[0].until: an act has no part `until`",
            "acts[0].covers: an act covers something: this says nothing, so it would cover every activity (name the activity by its `ref`, or state facts of it)",
        ],
    );
    check(
        r#"{"acts": [{"kind": "notice", "under": "R1/9.x", "on": "2023-01-01", "through": "2022-01-01", "covers": {"item": "unknown", "acts": [], "ref": "x"}}]}"#,
        &[
            "acts[0].under: no exception and no paragraph is called `R1/9.x`",
            "acts[0].through: the act ends on 2022-01-01, before its first day, 2023-01-01",
            "acts[0].covers.item: what an act covers cannot be unknown (leave out what the act says nothing about)",
            "acts[0].covers.acts: `acts` is no fact that an act could cover",
        ],
    );
    check(
        r#"{"acts": [{"kind": "notice", "under": "R1/2", "on": "2023-02-01", "from": "2023-01-01", "through": "2022-01-01", "covers": {"item": "coal", "hs": "84"}}]}"#,
        &[
            "acts[0].through: the act ends on 2022-01-01, before its first day, 2023-01-01",
            "acts[0].covers.hs: `item` says `coal` and `hs` says `84`: no goods are both (the codes of `coal` are `2701`, `2702`)",
        ],
    );
    check(
        r#"{"acts": [{"kind": "approval", "by": "kp", "under": "R1/1.other", "on": "2023-02-01", "covers": "all"}, "approval"]}"#,
        &[
            "acts[0].by: `kp` is neither an authority nor a country (did you mean `KP`?)",
            "acts[0].under: no exception and no paragraph is called `R1/1.other` (did you mean `R1/1`?)",
            "acts[0].covers: a map of the facts that the act covers is accepted, not the text `all`",
            "acts[1]: an act, a map with `kind`, `by`, `under`, `on` and `covers`, is accepted, not the text `approval`",
        ],
    );
}

#[test]
fn what_an_act_covers_is_never_unknown() {
    let act = |covers: &str| {
        format!(r#"{{"acts": [{{"kind": "notice", "under": "R1/1", "on": "2023-01-01", "covers": {covers}}}]}}"#)
    };
    let unknown = |path: &str| format!("acts[0].covers.{path}: what an act covers cannot be unknown");
    let advice = " (leave out what the act says nothing about)";
    check(&act(r#"{"ref": "unknown", "item": null, "parties": [{"id": "unknown", "located": null}]}"#), &[]);
    check(&act(r#"{"ref": "x", "via": ["KP", null]}"#), &[&unknown("via[1]")]);
    check(
        &act(r#"{"ref": "x", "parties": [{"nationality": ["unknown"]}, null]}"#),
        &[&(unknown("parties[0].nationality[0]") + advice), &unknown("parties[1]")],
    );
    check(&act(r#"{"ref": "x", "quantity": {"bbl": "unknown"}}"#), &[&(unknown("quantity.bbl") + advice)]);
    check(
        &act(r#"{"parties": [{"id": null}], "item": null, "vessels": []}"#),
        &["acts[0].covers: an act covers something: this says nothing, so it would cover every activity \
         (name the activity by its `ref`, or state facts of it)"],
    );
}

#[test]
fn usage_levels_and_readings() {
    check(
        r#"{"used": {"R1/2.quotta": "1 bbl", "R1/2": "5 bbl", "R1/1.approved": "5 bbl"}}"#,
        &[
            "used.R1/2.quotta: no exception with a quota is called `R1/2.quotta` (did you mean `R1/2.quota`?)",
            "used.R1/2: no exception with a quota is called `R1/2` (did you mean `R1/2.quota`?)",
            "used.R1/1.approved: no exception with a quota is called `R1/1.approved`",
        ],
    );
    check(
        r#"{"used": {"R1/2.quota": "1 t"}, "levels": {"R1/2.quota": "1 bbl", "R1/2.level": "5 USD"}}"#,
        &[
            "used.R1/2.quota: the quota is counted in `bbl`, not in `t`",
            "levels.R1/2.quota: no exception with a quota of a `level` is called `R1/2.quota`",
            "levels.R1/2.level: the quota is counted in `t`, not in `USD`",
        ],
    );
    check(
        r#"{"used": "5 bbl", "readings": {"steel_is_irn": true, "steel_is_iron": "maybe"}}"#,
        &[
            "used: a map from exceptions to amounts is accepted, not the text `5 bbl`",
            "readings.steel_is_irn: no reading is called `steel_is_irn` (did you mean `steel_is_iron`?)",
            "readings.steel_is_iron: yes or no is accepted, not the text `maybe`",
        ],
    );
}

#[test]
fn findings_of_nobody() {
    check(
        r#"{"findings": [{"kind": "objection", "by": "comittee", "under": "R1/4"}]}"#,
        &[
            "findings[0].by: no authority is called `comittee` (did you mean `committee`?)",
            "findings[0].under: no provision is called `R1/4`",
        ],
    );
}

#[test]
fn a_finding_that_ends_before_it_is_made() {
    check(
        r#"{"findings": [{"kind": "objection", "by": "committee", "on": "2023-02-01", "through": "2023-01-31"}]}"#,
        &["findings[0].through: the finding ends on 2023-01-31, before the day on which it was made, 2023-02-01"],
    );
    check(r#"{"findings": [{"by": "RU", "under": "R1/1"}, {"by": "somebody else", "under": "R1/2.quota"}]}"#, &[]);
}

#[test]
fn lines_that_share_too_much() {
    let lines = ["{}"; 20_000].join(", ");
    let parties = ["{}"; 100].join(", ");
    check(
        &format!(r#"{{"parties": [{parties}], "lines": [{lines}]}}"#),
        &["lines: 20000 lines that share 1216 facts are too many for one question (ask about fewer lines at a time)"],
    );
    check(&format!(r#"{{"item": "arms", "lines": [{lines}]}}"#), &[]);
}

#[test]
fn not_an_activity_at_all() {
    check(r"[]", &["an activity is a map of facts, not a list"]);
    check(
        r#"{"parties": "KP", "vessels": [["x"]]}"#,
        &[
            "parties: a map with the fields of a party is accepted, not the text `KP`",
            "vessels[0]: a map with the fields of a vessel is accepted, not a list",
        ],
    );
}
