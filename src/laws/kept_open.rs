//! What is not known is kept open, wherever it stands and however it is written: each was once answered too leniently.

use std::collections::BTreeSet;

use crate::facts::Activity;
use crate::facts::lists::{Lists, Snapshot};
use crate::reference;
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw, Verdict};

use super::enough::{house, house_with, is_possible, on};

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

/// What is presumed of one fact may be what is not known of another.
#[test]
fn what_is_not_known_may_be_the_same_as_what_is_presumed() {
    let rules = house(
        "extend activity { sender_named : text \"Who sends it?\" recipient_named : text \"Who gets it?\" }
         presume destination is DE \"it goes there\" presume contract_date is 2022-05-05 \"it was signed then\"
         presume recipient_named is \"Kim\" \"whoever it is\"",
        "paragraph 1 \"It\" {
             prohibit supply as place when origin is destination
             prohibit procurement as day when contract_date is date
             prohibit transit as name when sender_named is recipient_named
         }",
        "",
    );
    let open = Activity::new().set("actor_state", "CN");
    for open in [
        open.clone().set("date", "2024-01-15").set("action", "supply"),
        open.clone().set("action", "procurement"),
        open.set("date", "2024-01-15").set("action", "transit"),
    ] {
        is_possible(&rules, &open, Verdict::Prohibited);
        is_possible(&rules, &open, Verdict::NotCovered);
        let question = rules.bind(open.raw()).expect("understood");
        let judged = reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING);
        let both = BTreeSet::from([Verdict::NotCovered, Verdict::Prohibited]);
        assert_eq!(judged.expect("few facts are open").possible, both, "{question:?}");
    }
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

/// A name or number that is said not to be known clears nobody.
#[test]
fn an_unknown_number_is_on_no_list_for_nobody() {
    let entry = |reference: &str, kind: &str, id: (&str, &str)| {
        let ids = list([map(&[("scheme", id.0.into()), ("value", id.1.into())])]);
        map(&[("reference", reference.into()), ("kind", kind.into()), ("ids", ids), ("listed_on", "2020-01-01".into())])
    };
    let whole = map(&[
        ("list", "l".into()),
        ("trusted", map(&[("from", "2020-01-01".into()), ("through", "2024-12-31".into())])),
        ("schemes", map(&[("vessel", list(["imo".into()]))])),
        ("entries", list([entry("A.1", "party", ("lei", "X1")), entry("V.1", "vessel", ("imo", "8660313"))])),
    ]);
    let text = serde_json::to_string(&whole).expect("it can be written");
    let snapshot: Snapshot = serde_json::from_str(&text).expect("a snapshot");
    let rules = house_with(
        Lists::new().with(snapshot).expect("one list"),
        "list l \"List\"",
        "paragraph 1 \"It\" { prohibit supply when some party { listed in l } or some vessel { listed in l } }",
        "",
    );
    let with = |field: &str, record: Raw| on("2024-01-15", "supply").set(field, list([record]));
    let vessel =
        |facts: &[(&str, Raw)]| map(&[&[("kind", "cargo_ship".into()), ("name", "BLUE".into())], facts].concat());
    for field in ["ids", "name"] {
        is_possible(&rules, &with("parties", map(&[(field, Raw::Null)])), Verdict::Prohibited);
    }
    is_possible(&rules, &with("parties", map(&[("ids", list([Raw::Null]))])), Verdict::Prohibited);
    is_possible(&rules, &with("vessels", vessel(&[("imo", Raw::Null)])), Verdict::Prohibited);
    let verdict = |activity: &Activity| rules.decide(activity).expect("understood").verdict;
    // Nor does what stands where a number is not known.
    assert!(rules.decide(&with("vessels", vessel(&[("imo", "0000000".into())]))).is_err());
    assert_eq!(verdict(&with("parties", map(&[("name", "Somebody".into())]))), Some(Verdict::NotCovered));
    // What the host calls somebody may be what a list calls him.
    assert_eq!(verdict(&with("parties", map(&[("id", "A.1".into())]))), Some(Verdict::Prohibited));
    // One statement of somebody has the number, the other the part that he takes.
    let twice = [map(&[("id", "a".into()), ("ids", map(&[("lei", "X1".into())]))]), map(&[("id", "a".into())])];
    for parties in [twice.clone(), [twice[1].clone(), twice[0].clone()]] {
        let activity = on("2024-01-15", "supply").set("parties", list(parties));
        assert_eq!(verdict(&activity), Some(Verdict::Prohibited));
        assert_eq!(rules.clerk().decide(&activity).expect("understood").verdict(), Some(Verdict::Prohibited));
    }
}

/// What is said of somebody in one statement holds in the other, whatever part he takes there.
#[test]
fn what_one_statement_of_a_party_says_holds_in_the_other() {
    let rules = of_law("paragraph 1 \"It\" { prohibit supply when some recipient { nationality KP } }");
    let payer = map(&[("id", "a".into()), ("role", "payer".into()), ("nationality", "KP".into())]);
    let recipient = map(&[("id", "a".into()), ("role", "recipient".into())]);
    for parties in [[payer.clone(), recipient.clone()], [recipient.clone(), payer.clone()]] {
        let activity = on("2024-01-15", "supply").set("parties", list(parties));
        assert_eq!(rules.decide(&activity).expect("understood").verdict, Some(Verdict::Prohibited));
        assert_eq!(rules.clerk().decide(&activity).expect("understood").verdict(), Some(Verdict::Prohibited));
    }
}

/// An approval for the ship of somebody is none for the ship of whoever stands behind him.
#[test]
fn an_act_covers_whom_it_names() {
    let rules = of_law(
        "paragraph 1 \"It\" { prohibit transit as ship when some vessel { owner KP } except app with approval by desk }",
    );
    let ship = |owner: &[&str]| {
        let owner = list(owner.iter().map(|owner| (*owner).into()));
        map(&[("kind", "cargo_ship".into()), ("owner", owner)])
    };
    let act = map(&[
        ("kind", "approval".into()),
        ("by", "desk".into()),
        ("under", "H/1.app".into()),
        ("on", "2024-01-02".into()),
        ("covers", map(&[("vessels", list([map(&[("owner", list(["x".into()]))])]))])),
    ]);
    let party = |id: &str, by: &[&str]| {
        let by = list(by.iter().map(|by| (*by).into()));
        map(&[("id", id.into()), ("nationality", list(["KP".into()])), ("controlled_by", by)])
    };
    let parties = list([party("x", &["y"]), party("y", &[])]);
    let decide = |vessels: &[Raw]| {
        let activity = on("2024-01-15", "transit").set("acts", list([act.clone()]));
        let activity = activity.set("parties", parties.clone()).set("vessels", list(vessels.iter().cloned()));
        rules.decide(&activity).expect("understood").verdict
    };
    assert_eq!(decide(&[ship(&["x"])]), Some(Verdict::Allowed));
    assert_eq!(decide(&[ship(&["KP"])]), Some(Verdict::RequiresAuthorisation));
    assert_eq!(decide(&[ship(&["y"])]), Some(Verdict::RequiresAuthorisation));
    assert_eq!(decide(&[ship(&["x", "y"])]), Some(Verdict::RequiresAuthorisation));
}

/// What is used is stated for one period and one State, and unknown for every other.
#[test]
fn usage_counts_in_its_own_period() {
    let rules = of_law(
        "paragraph 1 \"It\" {
             prohibit supply as year except year_cap within 100 t per calendar year
             prohibit procurement as state except state_cap within 100 t per calendar year per actor_state
             prohibit transit as days except days_cap within 100 t from 2021-10-01 through 2021-12-31
             prohibit training as two except two_cap within 100 t or 700 bbl per calendar year
         }",
    );
    let used = |name: &str, amount: Raw| map(&[(name, amount)]);
    let line = |more: &[(&str, Raw)]| map(&[&[("quantity", "30 t".into())], more].concat());
    let lines = |lines: &[Raw]| list(lines.iter().cloned());
    let supply = on("2024-01-15", "supply").set("used", used("H/1.year_cap", "0 t".into()));
    let ask = |activity: &Activity| rules.decide(activity).expect("understood").verdict;
    let later = |day: &str| line(&[("date", day.into())]);
    assert_eq!(ask(&supply.clone().set("lines", lines(&[line(&[]), later("2024-12-31")]))), Some(Verdict::Allowed));
    let other_year = supply.clone().set("lines", lines(&[line(&[]), later("2025-01-01")]));
    is_possible(&rules, &other_year, Verdict::Prohibited);
    let each_its_own = supply.set("lines", lines(&[later("2024-01-15"), later("2025-01-01")]));
    is_possible(&rules, &each_its_own, Verdict::Prohibited);
    let procurement = on("2024-01-15", "procurement").set("used", used("H/1.state_cap", "0 t".into()));
    let of = |state: &str| line(&[("actor_state", state.into())]);
    assert_eq!(ask(&procurement.clone().set("lines", lines(&[line(&[]), of("CN")]))), Some(Verdict::Allowed));
    is_possible(&rules, &procurement.set("lines", lines(&[line(&[]), of("RU")])), Verdict::Prohibited);
    // A limit for fixed days lifts nothing on others.
    for (day, within) in [("2021-09-30", false), ("2021-10-01", true), ("2021-12-31", true), ("2022-01-01", false)] {
        let transit = on(day, "transit").set("quantity", "30 t").set("used", used("H/1.days_cap", "0 t".into()));
        let expected = if within { Verdict::Allowed } else { Verdict::Prohibited };
        assert_eq!(ask(&transit), Some(expected), "{day}");
    }
    // Of a limit in two units, one that is said not to be known counts.
    let amounts = |bbl: Raw| map(&[("t", "10".into()), ("bbl", bbl)]);
    let training = |quantity: Raw, carried: Raw| {
        on("2024-01-15", "training").set("quantity", quantity).set("used", used("H/1.two_cap", carried))
    };
    assert_eq!(ask(&training("10 t".into(), "0 t".into())), Some(Verdict::Allowed));
    let none = || list(["0 t".into(), "0 bbl".into()]);
    for unknown in [Raw::Null, "unknown".into()] {
        is_possible(&rules, &training("10 t".into(), amounts(unknown.clone())), Verdict::Prohibited);
        is_possible(&rules, &training(amounts(unknown.clone()), none()), Verdict::Prohibited);
        is_possible(&rules, &training(map(&[("t", 10.into()), ("bbl", unknown)]), none()), Verdict::Prohibited);
    }
}

/// The day after the last that can be stated ends what has no other end, so it is no day.
#[test]
fn the_last_day_is_within_what_has_no_end() {
    let rules = of_law("paragraph 1 \"It\" { prohibit supply when contract_date >= 2023-01-01 }");
    let by = |day: &str| rules.decide(&on("2024-01-15", "supply").set("contract_date", day));
    assert_eq!(by("9999-12-30").expect("understood").verdict, Some(Verdict::Prohibited));
    assert!(by("9999-12-31").is_err());
    let handle = |name: &str| rules.field(name).expect("a field");
    let mut sheet = rules.sheet();
    sheet.complete(true).date(handle("date"), Date::parse("2024-01-15").expect("a day"));
    sheet.term(handle("actor_state"), rules.term(handle("actor_state"), "CN").expect("a country"));
    sheet.term(handle("action"), rules.term(handle("action"), "supply").expect("an action"));
    let mut clerk = rules.clerk();
    let mut on = |day: Date| clerk.decide_sheet(sheet.date(handle("contract_date"), day)).map(|brief| brief.verdict());
    assert_eq!(on(Date::LAST).expect("understood"), Some(Verdict::Prohibited));
    assert!(on(Date::MAX).is_err());
}

/// What is asked of one party may ask about all of them; then what nobody stated of them cannot be looked at exactly, and ends.
#[test]
fn a_party_may_be_asked_about_the_others() {
    let rules = of_law(
        "paragraph 1 \"It\" {
             define with_k when some party { nationality KP }
             define banned of party when status is official and with_k
             prohibit supply as some_one when some party { banned }
             prohibit transit as nobody when no party { banned }
         }",
    );
    for action in ["supply", "transit"] {
        let open = Activity::new().set("date", "2024-01-15").set("actor_state", "CN").set("action", action);
        is_possible(&rules, &open, Verdict::Prohibited);
        is_possible(&rules, &open, Verdict::NotCovered);
        let question = rules.bind(open.raw()).expect("understood");
        let judged = crate::reference::decide(rules.program(), rules.loaded(), &question, crate::reference::CONFIRMING);
        assert!(judged.is_none_or(|judged| judged.possible.contains(&Verdict::Prohibited)));
        let official = map(&[("status", "official".into())]);
        let of = |nationality: &str| map(&[("nationality", list([nationality.into()]))]);
        let with = |nationality| {
            rules.decide(&open.clone().complete().set("parties", list([official.clone(), of(nationality)])))
        };
        let banned = with("KP").expect("understood").verdict;
        let free = with("CN").expect("understood").verdict;
        let expected = [Some(Verdict::Prohibited), Some(Verdict::NotCovered)];
        assert_eq!([banned, free], if action == "supply" { expected } else { [expected[1], expected[0]] });
    }
}

/// Of somebody who is named and whom no party describes it is not known what stands behind him, in whatever list he is named;
/// of somebody who is described it is what is said of him.
#[test]
fn a_named_stranger_clears_no_country() {
    let rules = house(
        "extend record party { employers : list of reference \"Who employs the party?\" }",
        "paragraph 1 \"It\" {
             prohibit supply as owned when some vessel { owner is KP }
             prohibit transit as sponsored when some party { sponsored_by KP }
             prohibit procurement as employed when some party { employers is KP }
         }",
        "",
    );
    let party = |field: &str, name: &str| map(&[(field, list([name.into()]))]);
    let named = [
        ("supply", "vessels", map(&[("owner", list(["b".into()])), ("kind", "tanker".into())])),
        ("transit", "parties", party("sponsored_by", "b")),
        ("procurement", "parties", party("employers", "b")),
    ];
    for (action, field, record) in named {
        let open = Activity::new().set("date", "2024-01-15").set("actor_state", "CN").set("action", action);
        let stated = |others: Vec<Raw>| {
            let own = (field == "parties").then(|| record.clone());
            let stated = open.clone().set(field, list([record.clone()]));
            stated.set("parties", list(own.into_iter().chain(others)))
        };
        let stranger = stated(Vec::new());
        is_possible(&rules, &stranger, Verdict::Prohibited);
        is_possible(&rules, &stranger, Verdict::NotCovered);
        let decision = rules.decide(&stranger).expect("understood");
        assert!(decision.missing.iter().any(|missing| missing.fact.ends_with("[0]")), "{decision}");
        let described = |country: &str| map(&[("id", "b".into()), ("nationality", list([country.into()]))]);
        let decided = |country: &str| {
            let stated = stated(vec![described(country)]).complete();
            rules.decide(&stated).expect("understood").verdict
        };
        assert_eq!(decided("KP"), Some(Verdict::Prohibited), "{action}");
        assert_eq!(decided("CN"), Some(Verdict::NotCovered), "{action}");
        assert_eq!(rules.decide(&stranger.complete()).expect("understood").verdict, Some(Verdict::NotCovered));
    }
}

/// What lies beyond the greatest amount is no amount, wherever one is looked for.
#[test]
fn the_greatest_amount_has_none_above_it() {
    let most = Decimal::MAX;
    let rules = house(
        "",
        &format!(
            "paragraph 1 \"It\" {{
                 prohibit supply as much when quantity > {most} bbl
                 prohibit transit as less when quantity < {most} bbl
                     except small within 4_000_000 bbl per calendar year
             }}"
        ),
        &format!("property \"little\" {{ when quantity <= {most} bbl and action is supply always is not_covered }}"),
    );
    let _ = (rules.lint(), rules.prove_properties(), rules.missing_scenarios());
    let line = |quantity: &str| map(&[("quantity", quantity.into())]);
    let open = Activity::new().set("date", "2024-01-15").set("actor_state", "CN").set("action", "transit");
    let used = map(&[("H/1.small", format!("{most} bbl").into())]);
    let lines = [line("4_000_001 bbl"), line("unknown")];
    let decided = rules.decide(&open.set("used", used).set("lines", list(lines))).expect("understood");
    assert_eq!(decided.bounds.at_most, Verdict::Prohibited);
}
