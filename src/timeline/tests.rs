use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::Date;

use super::{ChangeKind, Period, Timeline};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn shipped() -> Ruleset {
    Ruleset::pack("un_dprk").expect("a shipped pack compiles")
}

fn coal() -> Activity {
    let purchase = Activity::new().complete().set("actor_state", "CN").set("action", "purchase");
    let coal = purchase.set("item", "coal").set("origin", "KP").set("purpose", "livelihood");
    coal.set("links", Vec::<&str>::new()).set("quantity", "1000 t").set("value", "50000 USD")
}

/// The periods, each with its first day and the paragraphs that make its boundary.
fn boundaries(timeline: &Timeline) -> Vec<(String, &'static str, Vec<&str>)> {
    let of = |period: &Period| period.from.map_or("ever".to_owned(), |from| from.to_string());
    let periods = timeline.periods.iter();
    let because = |period| -> Vec<&str> { causes(period).map(|(_, id)| id).collect() };
    periods.map(|period| (of(period), period.verdict_name(), because(period))).collect()
}

fn causes(period: &Period) -> impl Iterator<Item = (ChangeKind, &str)> {
    period.because.iter().map(|change| (change.kind, change.id.as_str()))
}

#[test]
fn coal_from_the_dprk() {
    let timeline = shipped().timeline(&coal()).expect("the facts are understood");
    assert_eq!(
        boundaries(&timeline),
        [
            ("ever".to_owned(), "not_covered", vec![]),
            ("2016-03-02".to_owned(), "requires_notification", vec!["R2270/29"]),
            ("2016-11-30".to_owned(), "undetermined", vec!["R2321/26"]),
            ("2017-08-05".to_owned(), "prohibited", vec!["R2371/8"]),
        ]
    );
    insta::assert_snapshot!("coal_text", timeline.to_string());
    insta::assert_snapshot!("coal_svg", timeline.to_svg());
}

#[test]
fn an_open_verdict_is_told_by_the_norms_that_make_its_bounds() {
    let buyer = Activity::new().set("role", "buyer").set("nationality", "KP").set("listed", Vec::<&str>::new());
    let sale = Activity::new().complete().set("actor_state", "CN").set("action", "sale").set("item", "crude_oil");
    let sale = sale.set("destination", "KP").set("quantity", "100 t").add("parties", buyer);
    let timeline = shipped().timeline(&sale.used("R2397/4.quota", "0 t")).expect("the facts are understood");
    assert_eq!(
        boundaries(&timeline),
        [
            ("ever".to_owned(), "not_covered", vec![]),
            ("2017-09-11".to_owned(), "undetermined", vec!["R2375/15"]),
            ("2017-12-22".to_owned(), "undetermined", vec!["R2397/4.cap"]),
        ]
    );
    let [.., before, after] = &timeline.periods[..] else { panic!("{timeline}") };
    assert_eq!(before.bounds, after.bounds);
    assert_eq!((before.may_decide[0].id.as_str(), after.may_decide[0].id.as_str()), ("R2375/15", "R2397/4.cap"));
    assert!(after.because[0].text.contains("in the place of S/RES/2375 (2017), para. 15"), "{timeline}");
}

#[test]
fn what_is_used_is_known_in_the_period_for_which_it_was_stated() {
    let dated = coal().set("date", "2017-03-01").used("R2321/26.coal", "0 t").used("R2321/26.coal", ["0 USD", "0 t"]);
    let timeline = shipped().timeline(&dated).expect("the facts are understood");
    let begins = timeline.on(day("2017-03-01"));
    assert_eq!((begins.from, begins.through), (Some(day("2017-01-01")), Some(day("2017-08-04"))));
    assert_ne!(begins.verdict, timeline.on(day("2016-12-31")).verdict);
    let exits = ["R2321/26.coal", "R2321/26.coal_2016"];
    assert!(causes(begins).any(|(_, id)| exits.contains(&id)), "{timeline}");
}

#[test]
fn acts_are_judged_anew_each_day() {
    let notice = Activity::new().set("kind", "notice").set("by", "RU").set("to", "committee").set("on", "2010-05-10");
    let notice = notice.set("under", "R1874/10").set("covers", Activity::new().set("ref", "rifles"));
    let sale = Activity::new().complete().set("actor_state", "RU").set("action", "sale").set("item", "rifle");
    let sale = sale.set("destination", "KP").set("purpose", "military").set("ref", "rifles").act(notice);
    let timeline = shipped().timeline(&sale).expect("the facts are understood");
    let counts = timeline.on(day("2010-05-15"));
    assert_eq!((counts.from, counts.verdict_name()), (Some(day("2010-05-15")), "allowed"));
    assert!(causes(counts).any(|cause| cause == (ChangeKind::Act, "R1874/10.small_arms")), "{timeline}");
    let ended = timeline.on(day("2016-03-02"));
    assert_eq!((ended.from, ended.verdict_name()), (Some(day("2016-03-02")), "prohibited"));
}

#[test]
fn members_join_and_conditions_name_days() {
    let rules = Ruleset::compile(
        "mine.interdict",
        r#"
        use std
        group club of place "Club" { CN from 2011-01-01 through 2014-12-31, RU }
        regime mine { authority office  binds club }
        instrument M "Our own rules" of mine adopted 2010-01-01 {
            paragraph 1 "Wigs" { prohibit import when item under wigs and date before 2013-06-01 }
        }
        "#,
    )
    .expect("it compiles");
    let wigs = Activity::new().complete().set("actor_state", "CN").set("action", "import").set("item", "wigs");
    let timeline = rules.timeline(&wigs).expect("the facts are understood");
    let kinds: Vec<(Option<Date>, Vec<ChangeKind>)> =
        timeline.periods.iter().map(|period| (period.from, causes(period).map(|(kind, _)| kind).collect())).collect();
    assert_eq!(
        kinds,
        [
            (None, vec![]),
            (Some(day("2011-01-01")), vec![ChangeKind::Membership]),
            (Some(day("2013-06-01")), vec![ChangeKind::Condition]),
        ]
    );
    let refused = rules.timeline(&wigs.set("item", "wig")).expect_err("there is no such item");
    assert_eq!(refused.problems().len(), 1);
}

#[test]
fn a_notice_by_a_day_is_due_until_that_day_and_open_after_it() {
    let text = r#"
        use std
        regime mine { authority office }
        instrument M "Our own rules" of mine adopted 2010-01-01 {
            paragraph 1 "Wigs" { prohibit import when item under wigs except told with notice to office by 2017-03-01 }
        }
    "#;
    let rules = Ruleset::compile("mine.interdict", text).expect("it compiles");
    let wigs = Activity::new().complete().set("actor_state", "CN").set("action", "import").set("item", "wigs");
    let timeline = rules.timeline(&wigs).expect("the facts are understood");
    let after = timeline.on(day("2017-03-02"));
    assert_eq!((after.from, after.verdict_name()), (Some(day("2017-03-02")), "requires_notification"));
    assert_eq!(timeline.on(day("2017-03-01")).verdict_name(), "allowed");
    // The same question without its date is open between all of these days.
    let undated = rules.decide(&wigs).expect("the facts are understood");
    assert_eq!(undated.bounds.at_most, crate::value::Verdict::RequiresNotification);
}

#[test]
fn usage_is_said_to_be_stated_where_it_is() {
    let sale = Activity::new().complete().set("date", "2021-07-15").set("actor_state", "CN").set("action", "sale");
    let diesel = sale.set("item", "diesel").set("destination", "KP").set("purpose", "livelihood");
    let diesel = diesel.set("quantity", "100 bbl").used("R2397/5.quota", "1000 bbl");
    let timeline = shipped().timeline(&diesel).expect("the facts are understood");
    let said = |date: &str| {
        let period = timeline.on(day(date));
        assert_eq!(period.from, Some(day(date)), "{timeline}");
        period.because.iter().map(|change| change.text.as_str()).collect::<Vec<_>>().join("; ")
    };
    assert!(said("2021-01-01").contains("is stated for the period that begins"), "{timeline}");
    assert!(said("2022-01-01").contains("was stated for another period"), "{timeline}");
    let text = timeline.to_string();
    assert!(text.starts_with("Sale of diesel, obligations of CN: the verdict on each day"), "{text}");
    assert!(text.contains("may decide: S/RES/2397 (2017), para. 5, Refined petroleum"), "{text}");
    assert!(!text.contains("names this day"), "{text}");
    assert!(timeline.to_svg().contains("may decide: S/RES/2397 (2017), para. 5"));
}

/// A regime of one paragraph 1, or more.
fn house(paragraphs: &str) -> Ruleset {
    let text = format!(
        r#"use std
           regime house "House" {{ authority desk "Desk" }}
           instrument H "House rules" of house adopted 2021-02-10 {{ {paragraphs} }}"#
    );
    Ruleset::compile("house", text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn norms_that_share_a_verdict_are_named() {
    let rules = house(
        r#"paragraph 1 "Coal" { prohibit supply when item under coal and destination is KP }
           paragraph 2 "Not coal" { prohibit supply when not item under coal and destination is KP }"#,
    );
    let sale = Activity::new().set("actor_state", "CN").set("action", "sale").set("destination", "KP");
    let timeline = rules.timeline(&sale).expect("the facts are understood");
    let after = timeline.on(day("2021-02-10"));
    assert_eq!((after.verdict_name(), after.deciding.len()), ("prohibited", 0), "{timeline}");
    let may: Vec<&str> = after.may_decide.iter().map(|norm| norm.id.as_str()).collect();
    assert_eq!(may, ["H/1", "H/2"], "{timeline}");
    let coal = timeline_of(&rules, sale.set("item", "coal"));
    assert!(coal.on(day("2021-02-10")).may_decide.is_empty(), "one decides for sure\n{coal}");
}

fn timeline_of(rules: &Ruleset, activity: Activity) -> Timeline {
    rules.timeline(&activity).expect("the facts are understood")
}

#[test]
fn days_that_are_compared_are_named() {
    let rules = house(
        r#"paragraph 1 "Coal" {
               prohibit supply when item under coal and destination is KP
               except unopposed when not found objection by desk in the last 30 days
           }
           paragraph 2 "Old contracts" { prohibit supply when item under iron and date > contract_date }"#,
    );
    let sale = Activity::new().complete().set("actor_state", "CN").set("action", "sale").set("destination", "KP");
    let finding = Activity::new().set("kind", "objection").set("by", "desk").set("on", "2021-03-05");
    let coal = timeline_of(&rules, sale.clone().set("item", "coal").add("findings", finding));
    let said = |timeline: &Timeline, date: &str| {
        let period = timeline.on(day(date));
        assert_eq!(period.from, Some(day(date)), "{timeline}");
        period.because.iter().map(|change| change.text.clone()).collect::<Vec<_>>().join("; ")
    };
    let of_coal = "which a condition of House rules, para. 1 asks about";
    assert_eq!(said(&coal, "2021-03-05"), format!("this is the day of `findings[0].on`, {of_coal}"));
    assert_eq!(said(&coal, "2021-04-05"), format!("`findings[0].on`, 2021-03-05, is 31 days ago, {of_coal}"));
    let iron = timeline_of(&rules, sale.set("item", "iron").set("contract_date", "2021-05-01"));
    let of_iron = "which a condition of House rules, para. 2 asks about";
    assert_eq!(said(&iron, "2021-05-02"), format!("the day of `contract_date`, 2021-05-01, has passed, {of_iron}"));
}
