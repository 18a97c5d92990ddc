//! Planted gaps: what no scenario of a policy shows is made, and shown once it is pasted.

use std::collections::BTreeSet;

use interdict::{Coverage, Missing, NotShown, Ruleset};

/// Everything of it is shown.
const WHOLE: &str = r#"use std

regime mine { authority office }

instrument M "Our own rules" of mine adopted 2020-01-01 {
    paragraph 1 "Wigs" { prohibit import when item under wigs or origin is KP }
    paragraph 2 "Radios" from 2021-03-01 {
        prohibit sale when item under electrical_equipment and purpose is military
        except approved when destination is CH with approval by office
    }
}

scenario "wigs" {
    complete   date 2020-01-01   actor_state CN   action import   item wigs
    expect prohibited by M/1
    but "the day before" { date 2019-12-31   expect not_covered }
}

scenario "fruit from the DPRK" {
    complete   date 2020-01-01   actor_state CN   action import   item fruit   origin KP
    expect prohibited by M/1
}

scenario "radios" {
    complete   date 2021-03-01   actor_state CN   action sale   item electrical_equipment   purpose military   destination FR
    expect prohibited by M/2
    but "the day before" { date 2021-02-28   expect not_covered }
    but "for the market" { purpose commercial   expect not_covered }
    but "to Switzerland" { destination CH   expect requires_authorisation by M/2 }
}
"#;

#[test]
fn nothing_is_missing_where_everything_is_shown() {
    let missing = compile(WHOLE).missing_scenarios();
    assert!(missing.is_empty(), "{missing}");
    assert_eq!(missing.to_string(), "// Nothing is missing.\n");
}

#[test]
fn what_is_planted_is_filled_and_nothing_else() {
    for (taken_out, gaps) in [
        // A norm with its first day, held back as well.
        (
            vec!["scenario \"wigs\"", "scenario \"fruit"],
            vec![
                "M/1 acting",
                "M/1 held back",
                "M/1 on both sides of 2020-01-01",
                "M/1 by the alternative: the goods are “Articles of human hair”",
                "M/1 by the alternative: the origin is in Democratic People's Republic of Korea (North Korea)",
            ],
        ),
        (vec!["but \"to Switzerland"], vec!["M/2.approved acting", "M/2.approved held back"]),
        (vec!["but \"the day before\" { date 2021"], vec!["M/2 on both sides of 2021-03-01"]),
        (
            vec!["scenario \"fruit"],
            vec!["M/1 by the alternative: the origin is in Democratic People's Republic of Korea (North Korea)"],
        ),
    ] {
        let policy = taken_out.iter().fold(WHOLE.to_owned(), |policy, of| without(&policy, of));
        let missing = filled(&policy);
        assert_eq!(missing.not_found, [], "{missing}");
        let shown: BTreeSet<String> = claims(&missing).iter().map(|it| format!("{} {}", it.id, it.gap)).collect();
        let gaps: BTreeSet<String> = gaps.into_iter().map(str::to_owned).collect();
        assert_eq!(shown, gaps, "{taken_out:?}");
    }
}

#[test]
fn a_scenario_says_what_it_shows_and_that_somebody_must_judge_it() {
    let missing = compile(&without(WHOLE, "but \"to Switzerland")).missing_scenarios();
    let expected = r#"// Shows mine.interdict:9: M/2.approved acting
// Shows mine.interdict:9: M/2.approved held back
// To be judged: it expects what the policy says now. Does the law say so?
"#;
    assert!(missing.text().starts_with(expected), "{missing}");
    assert!(missing.text().contains("expect requires_authorisation by M/2"), "{missing}");
    assert_eq!(interdict::format("it", missing.text()).expect("it is read"), missing.text());
}

#[test]
fn what_cannot_be_shown_is_said() {
    let policy = format!(
        "{WHOLE}\ninstrument N \"More\" of mine adopted 2022-01-01 {{\n    paragraph 1 \"Never\" {{\n        \
         prohibit import when item under wigs and item under arms\n    }}\n}}\n"
    );
    let missing = filled(&policy);
    let said: Vec<String> =
        missing.not_found.iter().map(|it| format!("{}:{} {}", it.place.line, it.id, it.gap)).collect();
    assert_eq!(said, ["34:N/1 acting", "34:N/1 held back", "34:N/1 on both sides of 2022-01-01"]);
    assert_eq!(missing.to_string().matches("// Not found: mine.interdict:34: N/1 ").count(), 3, "{missing}");
}

#[test]
fn policies_without_any_scenario_are_shown() {
    for name in ["first_policy", "secondary_risk"] {
        let path = format!("{}/examples/policies/{name}.interdict", env!("CARGO_MANIFEST_DIR"));
        let mut policy = std::fs::read_to_string(path).expect("an example can be read");
        while let Some(at) = policy.find("\nscenario ") {
            let end = policy[at..].find("\n}").expect("it ends") + 2;
            policy.replace_range(at..at + end, "");
        }
        let all = compile(&policy).coverage().not_shown().len();
        let missing = filled(&policy);
        assert!(
            missing.not_found.len() * 5 < all,
            "{name}: {} of {all} are not found:\n{missing}",
            missing.not_found.len()
        );
    }
}

/// What is made is pasted: all of it passes, and what it shows is shown then, and no more.
fn filled(policy: &str) -> Missing {
    let rules = compile(policy);
    let missing = rules.missing_scenarios();
    let pasted = compile(&format!("{policy}\n{missing}"));
    for run in pasted.run_scenarios() {
        assert!(run.passes(), "{}: {:?}", run.title, run.failures);
    }
    same(pasted.coverage(), &missing);
    let mut before = rules.coverage().not_shown();
    before.sort();
    let mut said: Vec<NotShown> = claims(&missing).into_iter().chain(missing.not_found.iter().cloned()).collect();
    said.sort();
    assert_eq!(before, said);
    missing
}

fn same(after: Coverage, missing: &Missing) {
    let (mut left, mut not_found) = (after.not_shown(), missing.not_found.clone());
    left.sort();
    not_found.sort();
    assert_eq!(left, not_found);
}

fn claims(missing: &Missing) -> BTreeSet<NotShown> {
    missing.scenarios.iter().flat_map(|scenario| scenario.shows.iter().cloned()).collect()
}

/// The policy without the scenario or variant that begins so.
fn without(policy: &str, begins: &str) -> String {
    let from = policy.find(begins).expect("it is there");
    let end = if begins.starts_with("but") { "}\n" } else { "\n}\n" };
    let to = from + policy[from..].find(end).expect("it ends") + end.len();
    format!("{}{}", &policy[..from], &policy[to..])
}

fn compile(text: &str) -> Ruleset {
    Ruleset::compile("mine.interdict", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
