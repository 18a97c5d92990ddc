use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::Verdict;

use super::{AnswerKind, Interview};

fn shipped() -> Ruleset {
    Ruleset::pack("un_dprk").expect("a shipped pack compiles")
}

/// Joint research on satellites at Vostochny, 13 September 2023.
fn summit() -> Activity {
    let day = Activity::new().complete().set("date", "2023-09-13").set("actor_state", "RU").set("action", "research");
    day.set("field", "satellite_technology").set("purpose", "research").set("location", "vostochny")
}

fn delegation() -> Activity {
    Activity::new().set("role", "partner").set("nationality", "KP")
}

/// Answers each question by the table, and what is not in it as not known; gives the facts that were asked.
fn asked(interview: &mut Interview<'_>, answers: &[(&str, &str)]) -> Vec<String> {
    let mut asked = Vec::new();
    while let Some(question) = interview.question() {
        match answers.iter().find(|(fact, _)| *fact == question.fact) {
            Some((_, answer)) => interview.answer_in_words(answer).expect("the answer is understood"),
            None => interview.dont_know(),
        }
        asked.push(question.fact);
    }
    asked
}

#[test]
fn of_the_aerospace_question_only_the_sponsor_is_asked() {
    let rules = shipped();
    let open = summit().party(delegation().set("sponsored_by", "unknown"));
    for (answer, verdict) in [("KP", "requires_authorisation"), ("none", "not_covered"), ("?", "undetermined")] {
        let mut interview = rules.interview(&open).expect("the facts are understood");
        assert_eq!(asked(&mut interview, &[("partner.sponsored_by", answer)]), ["partner.sponsored_by"]);
        assert_eq!(interview.decision().verdict_name(), verdict);
        assert_eq!(interview.decision(), rules.decide(interview.activity()).expect("the facts are understood"));
    }
    // When it is known, nothing is asked.
    let known = summit().party(delegation().set("sponsored_by", "KP"));
    assert_eq!(rules.interview(&known).expect("the facts are understood").question(), None);
}

#[test]
fn a_conversation_from_nothing_asks_only_what_matters() {
    let rules = shipped();
    let mut interview = rules.interview(&Activity::new()).expect("nothing is wrong with nothing");
    let answers = [
        ("action", "research"),
        ("actor_state", "RU"),
        ("date", "2023-09-13"),
        ("item", "none"),
        ("hs", "none"),
        ("field", "satellite_technology"),
        ("purpose", "research"),
        ("parties", "counterparty"),
        ("findings", "none"),
        ("counterparty.nationality", "KP"),
        ("counterparty.sponsored_by", "KP"),
        ("counterparty.listed.un_1718", "none"),
        ("counterparty.findings", "none"),
    ];
    let mut facts = Vec::new();
    while let Some(question) = interview.question() {
        assert!(interview.missing().iter().any(|missing| missing.fact == question.fact), "{question:?}");
        assert!(!facts.contains(&question.fact), "{question:?} again");
        match answers.iter().find(|(fact, _)| *fact == question.fact) {
            Some((_, answer)) => interview.answer_in_words(answer).expect("the answer is understood"),
            None => interview.dont_know(),
        }
        facts.push(question.fact);
    }
    insta::assert_snapshot!("from_nothing", format!("{}\n\n{}", facts.join("\n"), interview.decision()));
}

#[test]
fn what_is_not_understood_changes_nothing() {
    let rules = shipped();
    let tanks = Activity::new().complete().set("date", "2024-01-15").set("actor_state", "RU").set("action", "purchase");
    let open = tanks.set("item", "battle_tank").set("origin", "unknown");
    let mut interview = rules.interview(&open).expect("the facts are understood");
    let question = interview.question().expect("the origin is open");
    assert_eq!((question.fact.as_str(), &question.kind), ("origin", &AnswerKind::Term("place".to_owned())));
    assert!(question.offers.iter().any(|offer| offer.value == "KP"), "{:?}", question.offers);
    assert!(question.why.iter().any(|why| why.citation == "S/RES/1874 (2009), para. 9"), "{:?}", question.why);
    let error = interview.answer_in_words("North Korea").expect_err("places have codes");
    assert!(error.message().contains("is no term of `place`"), "{error}");
    assert_eq!(interview.question(), Some(question));
    interview.answer_in_words("KP").expect("a place");
    assert_eq!(interview.possible(), [Verdict::Prohibited]);
}

#[test]
fn amounts_of_a_quota_are_asked_in_each_unit() {
    let coal = Activity::new().complete().set("date", "2017-03-01").set("actor_state", "CN").set("action", "purchase");
    let coal =
        coal.set("item", "coal").set("origin", "KP").set("purpose", "livelihood").set("links", Vec::<&str>::new());
    let rules = shipped();
    let mut interview = rules.interview(&coal.set("quantity", "1000 t").set("value", "50000 USD")).expect("understood");
    let ways: Vec<String> = interview.settling().ways.iter().map(|way| way.to_string()).collect();
    assert_eq!(
        ways,
        [
            "used.R2321/26.coal.t is more than 7499000 t: prohibited",
            "used.R2321/26.coal.USD is more than 400820018 USD: prohibited",
            "used.R2321/26.coal.t is at most 7499000 t, and used.R2321/26.coal.USD is at most 400820018 USD: allowed",
        ]
    );
    let answers = [("used.R2321/26.coal.t", "10"), ("used.R2321/26.coal.USD", "400 USD")];
    assert_eq!(asked(&mut interview, &answers).len(), 2);
    assert_eq!(interview.possible(), [Verdict::Allowed]);
}

/// Any word may be a text, `none` and `unknown` among them: neither may pass for an answer.
#[test]
fn there_is_no_text_that_is_none() {
    let policy = r#"use std
        extend activity { licence : text "Which licence?" }
        regime house "House" {}
        instrument H "House rules" of house adopted 2020-01-01 {
            paragraph 1 "Arms" { prohibit supply when item under arms and licence is none }
        }"#;
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let facts = Activity::new().set("date", "2024-01-15").set("actor_state", "CN").set("action", "supply");
    let facts = facts.set("item", "rifle");
    let mut interview = rules.interview(&facts).expect("the facts are understood");
    assert_eq!(interview.question().map(|asked| asked.kind), Some(AnswerKind::Text));
    assert!(interview.answer_in_words("none").is_err_and(|error| error.path() == "licence"));
    assert_eq!(interview.decision().verdict, None);
    assert_eq!(rules.decide(&facts.complete()).expect("understood").verdict, Some(Verdict::Prohibited));
    interview.answer("unknown").expect("a licence may be called so");
    assert_eq!(interview.decision().verdict, Some(Verdict::NotCovered));
}

/// A question over its budget: what settles it is looked for norm by norm.
#[test]
fn the_aerospace_question_is_settled_by_two_answers() {
    let rules = shipped();
    let open =
        Activity::new().set("date", "2023-09-13").set("actor_state", "RU").set("action", "technical_cooperation");
    let interview = rules.interview(&open.clone().set("field", "satellite_technology")).expect("understood");
    assert!(interview.exact());
    let settling = interview.settling();
    assert!(!settling.exact && settling.ways.len() <= 8);
    let ways: Vec<String> = settling.ways.iter().map(|way| way.to_string()).collect();
    let arms = ways.iter().find(|way| way.ends_with(", and destination is KP: prohibited"));
    assert!(arms.is_some_and(|way| way.starts_with("item is ") && way.contains("arms")), "{ways:?}");
    assert!(settling.ways.iter().all(|way| way.answers.len() == 2), "{ways:?}");
    for way in &settling.ways {
        let stated =
            way.answers.iter().fold(interview.activity().clone(), |facts, by| facts.set(&by.fact, by.value.clone()));
        assert_eq!(rules.decide(&stated).expect("understood").verdict, Some(way.verdict), "{way}");
    }
    // Who is on the other side decides, so that it is offered.
    let mut interview = rules
        .interview(&open.set("field", "satellite_technology").set("item", "none").set("hs", "none"))
        .expect("understood");
    while let Some(asked) = interview.question().filter(|asked| asked.fact != "parties") {
        assert_ne!(asked.fact, "since");
        interview.dont_know();
    }
    let asked = interview.question().expect("the parties are asked for");
    assert!(asked.offers.iter().any(|offer| offer.value == "counterparty"), "{:?}", asked.offers);
}

/// A policy of these paragraphs.
fn house(law: &str) -> String {
    format!(
        "use std\nregime house \"House\" {{}}\ninstrument H \"House rules\" of house adopted 2020-01-01 {{ {law} }}"
    )
}

/// Countries of which nobody speaks are alike, whichever of them stand for all in the worlds that are looked at.
#[test]
fn a_fact_that_is_compared_is_settled_by_what_it_is_compared_with() {
    let policy =
        house(r#"paragraph 1 "Round trips" { prohibit supply when origin is destination and item under coal }"#);
    let rules = Ruleset::compile("house", policy).unwrap_or_else(|error| panic!("{error}"));
    let sale =
        Activity::new().set("date", "2024-01-01").set("actor_state", "CN").set("action", "sale").set("item", "coal");
    let interview = rules.interview(&sale.set("origin", "DE")).expect("understood");
    let ways: Vec<String> = interview.settling().ways.iter().map(|way| way.to_string()).collect();
    assert_eq!(ways, ["destination is other than DE: not covered", "destination is DE: prohibited"]);
    let question = interview.question().expect("it is open");
    let offered: Vec<&str> = question.offers.iter().map(|offer| offer.value.as_str()).collect();
    assert_eq!(offered, ["DE", "none"]);
}

#[test]
fn something_settles_a_question_of_which_nothing_is_known() {
    let policy = house(
        r#"paragraph 1 "Arms" { prohibit supply when item under arms and destination is KP }
           paragraph 2 "Coal" { prohibit procurement when item under coal and origin is KP }"#,
    );
    let limits = crate::limits::Limits { question_nodes: 12, ..Default::default() };
    let rules = Ruleset::builder().source("house", policy).limits(limits).compile();
    let rules = rules.unwrap_or_else(|error| panic!("{error}"));
    let interview = rules.interview(&Activity::new()).expect("nothing is wrong with nothing");
    let first = interview.missing().first().map(|missing| missing.fact.clone());
    assert!(!interview.exact());
    assert_eq!(
        (first, interview.question().map(|asked| asked.fact)),
        (Some("action".to_owned()), Some("action".to_owned()))
    );
    assert_eq!(interview.decision().missing, interview.missing());
}
