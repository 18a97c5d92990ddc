//! A few values stand for all others: never too few of them, where fields are compared or many lists are asked about.

use crate::facts::Activity;
use crate::facts::lists::Lists;
use crate::properties::Proved;
use crate::ruleset::Ruleset;
use crate::value::{Raw, Verdict};

pub(super) fn house(words: &str, law: &str, rest: &str) -> Ruleset {
    house_with(Lists::new(), words, law, rest)
}

pub(super) fn house_with(lists: Lists, words: &str, law: &str, rest: &str) -> Ruleset {
    let text = format!(
        "use std\n{words}\nregime house \"House\" {{ authority desk \"Desk\" }}\n\
         instrument H \"House rules\" of house adopted 2020-01-01 {{\n{law}\n}}\n{rest}"
    );
    let rules = Ruleset::builder().source("house", &text).lists(lists).compile();
    rules.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The verdicts that are possible when nobody said more than this.
#[track_caller]
pub(super) fn is_possible(rules: &Ruleset, activity: &Activity, verdict: Verdict) {
    let bounds = rules.clerk().bounds(activity).unwrap_or_else(|error| panic!("{error}"));
    assert!(bounds.at_least <= verdict && verdict <= bounds.at_most, "{bounds:?} without {verdict:?}");
    let decision = rules.decide(activity).unwrap_or_else(|error| panic!("{error}"));
    assert!(decision.bounds.at_least <= verdict && verdict <= decision.bounds.at_most, "{decision}");
}

#[track_caller]
fn is_not_proved(rules: &Ruleset) {
    for proof in rules.prove_properties() {
        assert!(!matches!(proof.found, Proved::Proved), "{proof}");
    }
}

#[track_caller]
fn may_apply(rules: &Ruleset) {
    for finding in rules.lint().findings.iter() {
        assert_ne!(finding.code.id(), "never-applies", "{}", finding.message);
    }
}

/// The norm can apply, and nothing that says otherwise is proved.
#[track_caller]
fn may_prohibit(rules: &Ruleset, open: &Activity) {
    is_possible(rules, open, Verdict::Prohibited);
    is_not_proved(rules);
    may_apply(rules);
}

pub(super) fn on(day: &str, action: &str) -> Activity {
    Activity::new().complete().set("date", day).set("actor_state", "CN").set("action", action)
}

/// Of a field that refers to somebody, more lists may be asked about than anybody enumerates.
#[test]
fn somebody_unknown_may_be_on_any_of_many_lists() {
    for lists in 1..=12 {
        let all: Vec<String> = (1..=lists).map(|at| format!("list l{at} \"List {at}\"")).collect();
        let asked: Vec<String> = (1..lists).map(|at| format!("controlled_by listed in l{at}")).collect();
        let first = match asked.len() {
            0 => String::new(),
            _ => format!(
                "paragraph 1 \"Some\" {{ prohibit supply when some party {{ {} }} except licence with approval by desk }}",
                asked.join(" or ")
            ),
        };
        let law = format!(
            "{first} paragraph 2 \"The last\" {{ prohibit supply when some party {{ controlled_by listed in l{lists} }} }}"
        );
        let property = "property \"nobody is prohibited\" { when action is supply and no act\n\
                        always at most requires_authorisation }";
        let rules = house(&all.join("\n"), &law, property);
        is_not_proved(&rules);
        let party = |facts: Activity| on("2024-01-15", "supply").party(facts);
        let open = party(Activity::new().set("controlled_by", Raw::Null));
        is_possible(&rules, &open, Verdict::Prohibited);
        // Some norm can apply that asks for all of them at once.
        let together: Vec<String> = (1..=lists).map(|at| format!("controlled_by listed in l{at}")).collect();
        let law = format!("paragraph 1 \"All\" {{ prohibit supply when some party {{ {} }} }}", together.join(" and "));
        let rules = house(&all.join("\n"), &law, "");
        is_possible(&rules, &open, Verdict::Prohibited);
        may_apply(&rules);
    }
}

/// Fields that all differ from each other take a value each.
#[test]
fn fields_that_are_compared_may_all_differ() {
    for (fields, ty, unlike) in
        [(2, "text", "is not"), (4, "text", "is not"), (6, "text", "is not"), (3, "date", "<"), (5, "date", "<")]
    {
        let names: Vec<String> = (0..fields).map(|at| format!("f{at}")).collect();
        let declared: Vec<String> = names.iter().map(|name| format!("{name} : {ty} \"Which?\"")).collect();
        let mut parts: Vec<String> = names.iter().map(|name| format!("{name} is not none")).collect();
        for (at, one) in names.iter().enumerate() {
            parts.extend(names[at + 1..].iter().map(|other| format!("{one} {unlike} {other}")));
        }
        if ty == "date" {
            parts.push("f0 >= 2024-02-01".to_owned());
            parts.push(format!("f{} < 2024-03-01", fields - 1));
        }
        let law = format!("paragraph 1 \"All differ\" {{ prohibit import when {} }}", parts.join(" and "));
        let property = "property \"nothing is prohibited\" { when action is import always is not_covered }";
        let rules = house(&format!("extend activity {{ {} }}", declared.join(" ")), &law, property);
        let open = names.iter().fold(on("2024-05-01", "import"), |open, name| open.set(name, Raw::Null));
        may_prohibit(&rules, &open);
    }
}

/// What is not yes may be no, or none.
#[test]
fn a_property_looks_at_what_there_is_none_of() {
    let law = "paragraph 1 \"Licensed\" { prohibit import when licensed is no }";
    let property = "property \"without a licence nothing comes in\" {\n\
                    when action is import and not licensed and date >= 2020-01-01 and no act\nalways at least prohibited }";
    let rules = house("extend activity { licensed : yes_no \"Is it licensed?\" }", law, property);
    is_not_proved(&rules);
    let none = on("2024-01-01", "import").set("licensed", "none");
    is_possible(&rules, &none, Verdict::NotCovered);
}

/// What is stated or tested of one field may be of the other, too.
#[test]
fn fields_that_are_compared_may_be_the_same() {
    let words =
        "extend activity { a : text \"?\" b : text \"?\" r : reference \"?\" s : reference \"?\" h : hs \"?\" }";
    let cases = [
        ("a is b", Some(("a", "Acme"))),
        ("a is b and b is \"Acme\"", None),
        ("a is b and a is \"x\" and b is not \"y\"", None),
        ("a is not b", Some(("b", "Acme"))),
        ("r is s", Some(("r", "acme ltd"))),
        ("r is s and r is not none", None),
        ("r is not s and r is not none and s is not none", None),
        ("h is hs", Some(("h", "8471"))),
        ("h is not hs", Some(("h", "8471"))),
        ("shipped_from is rajin and shipped_from is actor_state", None),
        ("origin is actor_state and destination is actor_state", None),
        ("origin is not destination and origin is not actor_state and destination is not actor_state", None),
    ];
    for (cond, stated) in cases {
        let law = format!("paragraph 1 \"It\" {{ prohibit supply when {cond} }}");
        let property = "property \"never\" { when action is supply always is not_covered }";
        let rules = house(words, &law, property);
        let open = Activity::new().set("date", "2024-01-15").set("action", "supply");
        let open = stated.into_iter().fold(open, |open, (name, value)| open.set(name, value));
        may_prohibit(&rules, &open);
    }
}

/// From a vessel the chain of references leads on by the field of the same name of a party.
#[test]
fn a_chain_from_a_vessel_leads_on_by_parties() {
    let law = "paragraph 1 \"It\" { prohibit supply when some vessel { controlled_by listed in l } }";
    let rules = house("list l \"List\"", law, "");
    let party = Activity::new().set("id", "p1").set("listed", Raw::List(Vec::new()));
    let vessel = Activity::new().set("controlled_by", "p1");
    let open = Activity::new().set("date", "2024-01-15").set("actor_state", "CN").set("action", "supply");
    is_possible(&rules, &open.party(party).vessel(vessel), Verdict::Prohibited);
}
