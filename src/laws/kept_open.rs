//! What is not known is kept open, wherever it stands and however it is written: each was once answered too leniently.

use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::{Raw, Verdict};

use super::enough::{house, is_possible, on};

fn map(facts: &[(&str, Raw)]) -> Raw {
    Raw::Map(facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

fn list(items: impl IntoIterator<Item = Raw>) -> Raw {
    Raw::List(items.into_iter().collect())
}

fn of_law(law: &str) -> Ruleset {
    house("", law, "")
}

/// Somebody nobody knows may be of any country on one line and another, and quotas add up the lines.
#[test]
fn an_unknown_party_may_make_another_line_count() {
    let rules = of_law(
        "paragraph 1 \"It\" {
             define sensitive of party when nationality KP and item under food
             prohibit supply as arms when item under arms
             prohibit supply as bad when some party { sensitive } except lic when purpose is humanitarian
         }
         paragraph 2 \"Much\" { exempt from H/1 as q within 100 bbl of quantity per calendar year }",
    );
    let line = |item: &str, purpose: &str| {
        map(&[("item", item.into()), ("purpose", purpose.into()), ("quantity", "60 bbl".into())])
    };
    let lines = [line("arms", "commercial"), line("food", "humanitarian")];
    let open = Activity::new()
        .set("date", "2020-06-01")
        .set("actor_state", "RU")
        .set("action", "supply")
        .set("used", map(&[("H/2.q", "0 bbl".into())]));
    let one = open.clone().set("lines", list(lines.clone()));
    let other = open.set("lines", list(lines.into_iter().rev()));
    is_possible(&rules, &one, Verdict::Prohibited);
    let decided = [one, other].map(|activity| rules.decide(&activity).expect("understood").bounds);
    assert_eq!(decided[0], decided[1], "the order of the lines changes nothing");
}

/// A presumption holds of complete activities as well, whatever is presumed.
#[test]
fn what_is_presumed_holds_of_a_complete_activity() {
    let rules = house(
        "presume value is 5_000 USD \"it costs much\" presume via is KP \"it goes that way\"",
        "paragraph 1 \"It\" {
             prohibit supply as much when value > 2_000 USD
             prohibit procurement as way when via is KP
             prohibit transit as rest except small when value <= 2_000 USD or value is none
         }",
        "",
    );
    for action in ["supply", "procurement", "transit"] {
        is_possible(&rules, &on("2024-01-15", action), Verdict::Prohibited);
        let verdict = rules.clerk().decide(&on("2024-01-15", action)).expect("understood").verdict();
        assert_eq!(verdict, Some(Verdict::Prohibited), "{action}");
    }
}

/// Who or what is said not to be known is not settled by saying that everything else is complete.
#[test]
fn an_unknown_element_of_a_list_stays_unknown() {
    let rules = of_law(
        "paragraph 1 \"It\" {
             prohibit supply as who when some party { nationality KP }
             prohibit procurement as stop except obj when not found objection by desk
             prohibit transit as two when at least 2 party { nationality KP }
         }",
    );
    let known = map(&[("nationality", list(["KP".into()]))]);
    for unknown in [Raw::Null, "unknown".into()] {
        let parties = on("2024-01-15", "supply").set("parties", list([unknown.clone()]));
        is_possible(&rules, &parties, Verdict::Prohibited);
        let findings = on("2024-01-15", "procurement").set("findings", list([unknown.clone()]));
        is_possible(&rules, &findings, Verdict::Prohibited);
        let both = on("2024-01-15", "transit").set("parties", list([known.clone(), unknown]));
        is_possible(&rules, &both, Verdict::Prohibited);
    }
}

/// Who has several parts in an activity is stated several times, and what is said of one of them counts.
#[test]
fn a_party_may_be_stated_several_times() {
    let rules = house(
        "list l \"List\"",
        "paragraph 1 \"It\" { prohibit transit when some party { controlled_by listed in l } }",
        "",
    );
    let a = |listed: &[&str]| map(&[("id", "a".into()), ("listed", list(listed.iter().map(|name| (*name).into())))]);
    let b = map(&[("id", "b".into()), ("controlled_by", list(["a".into()])), ("listed", list([]))]);
    for parties in [[a(&[]), a(&["l"]), b.clone()], [a(&["l"]), a(&[]), b.clone()]] {
        let activity = on("2024-01-15", "transit").set("parties", list(parties));
        let decided = rules.decide(&activity).expect("understood").verdict;
        assert_eq!(decided, Some(Verdict::Prohibited));
        assert_eq!(rules.clerk().decide(&activity).expect("understood").verdict(), decided);
    }
}

/// A party is referred to by its number as by its id.
#[test]
fn a_reference_by_a_number_reaches_the_party() {
    let rules = house(
        "list l \"List\"",
        "paragraph 1 \"It\" {
             prohibit supply as by_country when some party { controlled_by KP }
             prohibit transit as by_list when some party { controlled_by listed in l }
         }",
        "",
    );
    let owner = map(&[
        ("ids", map(&[("lei", "X1".into())])),
        ("nationality", list(["KP".into()])),
        ("listed", list(["l".into()])),
    ]);
    for by in [Raw::from("lei:X1"), map(&[("lei", "X1".into())])] {
        let owned = map(&[("controlled_by", list([by])), ("listed", list([]))]);
        for action in ["supply", "transit"] {
            let activity = on("2024-01-15", action).set("parties", list([owner.clone(), owned.clone()]));
            assert_eq!(rules.decide(&activity).expect("understood").verdict, Some(Verdict::Prohibited), "{action}");
            let brief = rules.clerk().decide(&activity).expect("understood");
            assert_eq!(brief.verdict(), Some(Verdict::Prohibited), "{action}");
        }
    }
}

/// Whoever refers to somebody by one of his names refers to all that is said of him, however a number is written.
#[test]
fn all_names_of_a_party_are_one() {
    let rules = house(
        "list l \"List\"",
        "paragraph 1 \"It\" {
             prohibit supply as by_country when some party { controlled_by KP }
             prohibit transit as by_list when some party { controlled_by listed in l }
             prohibit training as by_kin when some party { family_of listed in l }
         }",
        "",
    );
    let first = map(&[("id", "a".into()), ("ids", map(&[("LEI", "X 1".into())])), ("listed", list([]))]);
    let second = map(&[("id", "a".into()), ("nationality", list(["KP".into()])), ("listed", list(["l".into()]))]);
    for (action, field) in [("supply", "controlled_by"), ("transit", "controlled_by"), ("training", "family_of")] {
        let other = map(&[(field, list(["lei:x1".into()])), ("listed", list([]))]);
        for parties in [[first.clone(), second.clone(), other.clone()], [other, second.clone(), first.clone()]] {
            let activity = on("2024-01-15", action).set("parties", list(parties));
            assert_eq!(rules.decide(&activity).expect("understood").verdict, Some(Verdict::Prohibited), "{action}");
            let brief = rules.clerk().decide(&activity).expect("understood");
            assert_eq!(brief.verdict(), Some(Verdict::Prohibited), "{action}");
        }
    }
}

/// What is missing of a party that somebody named is a fact of that party, and telling it settles the question.
#[test]
fn what_is_missing_can_be_stated() {
    let rules = of_law("paragraph 1 \"It\" { prohibit supply when some party { controlled_by KP } }");
    let owner = |nationality: &str| {
        map(&[("id", "a".into()), ("nationality", nationality.into()), ("controlled_by", list([]))])
    };
    let owned = map(&[("controlled_by", list(["a".into(), "CN".into()]))]);
    let ask = |nationality: &str| {
        let activity = on("2024-01-15", "supply").set("parties", list([owner(nationality), owned.clone()]));
        rules.decide(&activity).expect("understood")
    };
    let open = ask("unknown");
    let missing: Vec<&str> = open.missing.iter().map(|missing| missing.fact.as_str()).collect();
    assert_eq!((open.verdict, missing), (None, vec!["parties[0].nationality"]));
    assert_eq!(ask("KP").verdict, Some(Verdict::Prohibited));
    assert_eq!(ask("CN").verdict, Some(Verdict::NotCovered));
}

/// Of a code that is presumed the item is one that carries it.
#[test]
fn goods_of_a_presumed_code_are_goods() {
    let rules = house(
        "presume hs is 9306 \"it is ammunition\"",
        "paragraph 1 \"It\" { prohibit supply except nothing when item is none }",
        "",
    );
    let activity = on("2024-01-15", "supply");
    assert_eq!(rules.decide(&activity).expect("understood").verdict, Some(Verdict::Prohibited));
    assert_eq!(rules.clerk().decide(&activity).expect("understood").verdict(), Some(Verdict::Prohibited));
}

/// An act may cover records within records of which the activity says nothing.
#[test]
fn an_act_may_cover_what_an_unknown_party_was_found_to_do() {
    let rules = of_law("paragraph 1 \"It\" { prohibit supply except app with approval by desk }");
    let covers = map(&[("parties", list([map(&[("findings", list([map(&[("kind", "objection".into())])]))])]))]);
    let act = map(&[
        ("kind", "approval".into()),
        ("by", "desk".into()),
        ("under", "H/1.app".into()),
        ("on", "2024-01-02".into()),
        ("covers", covers),
    ]);
    let open = Activity::new()
        .set("date", "2024-01-15")
        .set("actor_state", "CN")
        .set("action", "supply")
        .set("acts", list([act]));
    is_possible(&rules, &open, Verdict::Allowed);
    is_possible(&rules, &open, Verdict::RequiresAuthorisation);
    is_possible(&rules, &open.complete(), Verdict::RequiresAuthorisation);
}

/// An act that covers only that there is none of something fits everything without it.
#[test]
fn an_act_covers_something_that_there_is() {
    let rules = of_law("paragraph 1 \"It\" { prohibit supply except app with approval by desk }");
    let none = map(&[("item", "none".into())]);
    let research = map(&[("item", "none".into()), ("purpose", "research".into())]);
    for (covers, refused) in [(none, true), (research, false)] {
        let act = map(&[
            ("kind", "approval".into()),
            ("by", "desk".into()),
            ("under", "H/1".into()),
            ("on", "2024-01-02".into()),
            ("covers", covers),
        ]);
        let decided = rules.decide(&on("2024-01-15", "supply").set("acts", list([act])));
        assert_eq!(decided.is_err(), refused);
    }
}
