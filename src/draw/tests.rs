use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::Verdict;

use super::Drawing;

fn drawing_of(norm: &str, given: &Activity) -> Drawing {
    let policy = format!(
        r#"use std
        regime mine "Mine" {{ authority office "The Office" }}
        instrument M "Our own rules" of mine adopted 2020-01-01 {{
            paragraph 1 "Wigs" {{
                define theirs when origin is KP or some seller {{ nationality is KP }}
                {norm}
            }}
        }}"#
    );
    let rules = Ruleset::compile("mine", &policy).unwrap_or_else(|error| panic!("{error}"));
    rules.draw(given, None).expect("it is small")
}

fn wigs() -> Activity {
    let party = Activity::new().set("role", "seller").set("nationality", "KP");
    let wigs = Activity::new().complete().set("action", "import").set("date", "2024-01-15").set("item", "wigs");
    wigs.set("actor_state", "CN").set("origin", "KP").party(party)
}

#[test]
fn an_act_is_drawn_in_the_ways_in_which_it_can_stand() {
    let wigs = wigs().set("purpose", "unknown");
    let text = |when: &str| {
        let norm = "prohibit import when item under wigs and origin is KP except told when purpose under humanitarian with notice to office";
        drawing_of(&format!("{norm} {when}"), &wigs).to_string()
    };
    let (before, after) = (text("in advance"), text("within 10 days after"));
    assert!(!before.contains("not due yet") && before.contains("requires notification"), "{before}");
    assert!(!after.contains("still possible") && after.contains("allowed"), "{after}");
}

#[test]
fn only_an_end_has_a_verdict() {
    let norm = "prohibit import when item under wigs and theirs except gift when purpose under humanitarian with approval by office";
    let drawing = drawing_of(norm, &Activity::new().set("action", "import").set("date", "2024-01-15"));
    let text = drawing.to_string();
    let edges = || drawing.parts.iter().flat_map(|part| &part.places).flat_map(|place| &place.edges);
    assert!(edges().all(|edge| edge.to.is_some() == edge.verdicts.is_empty()), "{text}");
    assert!(edges().any(|edge| edge.verdicts == [Verdict::RequiresAuthorisation]), "{text}");
    for line in text.lines().filter(|line| line.contains("-> [")) {
        assert!(Verdict::ALL.iter().all(|verdict| !line.contains(&super::words(*verdict))), "{line}");
    }
    assert!(text.contains("theirs: origin under KP or some seller { nationality is KP }"), "{text}");
    assert_eq!(drawing.to_svg().matches("theirs: ").count(), 1);
    // What reaches from the start is no verdict: it depends on the purpose.
    let text = drawing_of(norm, &wigs().set("purpose", "unknown")).to_string();
    assert!(text.contains("always: M/1 reaches") && !text.contains("always requires"), "{text}");
}

#[test]
fn a_heading_is_one_line_that_fits() {
    let drawing = drawing_of("prohibit import when item under wigs and origin is KP", &wigs());
    assert!(drawing.headline().ends_with("party { role seller, nationality KP }"), "{}", drawing.headline());
    let svg = drawing.to_svg();
    let heads: Vec<&str> = svg.lines().filter(|line| line.contains("class=\"h\"")).collect();
    assert!(heads.len() > 1 && heads.iter().all(|line| line.len() < 120), "{heads:?}");
}
