//! The guide for describing an activity: its examples are answered as it says, and it leaves out no word.

use interdict::{Ruleset, Word};
use serde_json::Value;

const GUIDE: &str = include_str!("../../src/packs/std/README.md");
const REFERENCE: &str = include_str!("../../grammar/README.md");

#[test]
fn the_policies_of_the_reference_are_sound_and_their_scenarios_hold() {
    let blocks = REFERENCE.split("\n```interdict\n").skip(1);
    let policies: Vec<&str> = blocks.filter_map(|block| block.split_once("\n```").map(|(policy, _)| policy)).collect();
    assert!(policies.len() > 8, "only {} policies", policies.len());
    for policy in policies {
        let rules = Ruleset::compile("grammar/README.md", policy).unwrap_or_else(|error| panic!("{error}\n{policy}"));
        for run in rules.run_scenarios() {
            assert!(run.failures.is_empty(), "{}: {:?}", run.title, run.failures);
        }
    }
}

#[test]
fn the_examples_of_the_guide_are_answered_as_it_says() {
    let rules = Ruleset::builder().pack("un_dprk").compile().expect("the pack is sound");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for block in GUIDE.split("\n```json\n").skip(1) {
        let (json, after) = block.split_once("\n```\n").expect("the block ends");
        let answer = after.trim_start().lines().next().and_then(|line| line.strip_prefix("Answer: "));
        let answer = answer.unwrap_or_else(|| panic!("an example is not answered:\n{json}"));
        let activity: Value = serde_json::from_str(json).expect("the example is JSON");
        let decision = rules.decide(&activity).unwrap_or_else(|error| panic!("{error}\n{json}"));
        let mut told = format!("**{}**", decision.verdict_name());
        if decision.verdict.is_none() {
            told += &format!(", at least {}; asks first for `{}`", decision.bounds.at_least, decision.missing[0].fact);
        } else {
            let mut norms: Vec<String> = decision.deciding().map(|norm| format!("`{}`", norm.id)).collect();
            norms.dedup();
            if !norms.is_empty() {
                told += &format!(", by {}", norms.join(", "));
            }
        }
        told += ".";
        if told != answer {
            wrong.push(format!("{json}\n  the guide: {answer}\n  decided:   {told}"));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 40, "only {seen} examples");
}

#[test]
fn the_guide_names_every_field_and_every_word() {
    let rules = Ruleset::builder().pack("un_dprk").compile().expect("the pack is sound");
    let vocabulary = rules.vocabulary();
    let fields = vocabulary.records.iter().flat_map(|record| &record.fields).map(|field| field.name.as_str());
    let words = (vocabulary.words.iter())
        .filter(|(taxonomy, _)| *taxonomy != "place")
        .flat_map(|(_, words)| words.iter().map(|word: &Word| word.name.as_str()));
    let quotas = vocabulary.quotas.iter().map(|quota| quota.name.as_str());
    let named = |name: &&str| GUIDE.contains(&format!("`{name}`")) || GUIDE.contains(&format!("\"{name}\""));
    let missing: Vec<&str> = fields.chain(words).chain(quotas).filter(|name| !named(name)).collect();
    assert!(missing.is_empty(), "the guide does not name {missing:?}");
}

#[test]
fn acts_in_the_guide_are_understood() {
    let rules = Ruleset::builder().pack("un_dprk").compile().expect("the pack is sound");
    for block in GUIDE.split("\n```json act\n").skip(1) {
        let act: Value =
            serde_json::from_str(block.split("\n```").next().expect("the block ends")).expect("it is JSON");
        let activity = serde_json::json!({
            "date": "2023-09-13", "actor_state": "RU", "action": "research", "complete": true, "acts": [act]
        });
        rules.decide(&activity).unwrap_or_else(|error| panic!("{error}\n{act}"));
    }
}
