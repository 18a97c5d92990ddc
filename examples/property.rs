//! A property of one's own over the shipped measures: what must hold of every activity, tried on generated ones.
//!
//! Run it with `cargo run --release --features proptest --example property`.

use interdict::strategy::activities;
use interdict::{Activity, Proceed, Ruleset, Verdict};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = Ruleset::pack("un_dprk")?;

    // 1. What a compliance engineer relies on: whatever else is so, and whatever approvals somebody claims to have,
    //    no system of ours ever lets a purchase of arms from the DPRK through for lack of facts.
    let arms =
        Activity::new().set("actor_state", "RU").set("action", "purchase").set("item", "arms").set("origin", "KP");
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config.clone()).run(
        &activities(&rules).given(arms.clone().set("date", "2023-09-13")).without_lines().without_acts(),
        |activity| {
            let decision = rules.decide(&activity).expect("generated activities bind");
            prop_assert_ne!(decision.may_proceed(), Proceed::Yes, "{}", decision);
            Ok(())
        },
    )?;
    println!("without an act of the Committee, arms from the DPRK never pass: holds");

    // 2. A property that does not hold comes back as the smallest activity that was found, ready to be pasted
    //    into a policy as a scenario.
    let refuted = TestRunner::new(config).run(&activities(&rules).without_lines().complete(), |activity| {
        let decision = rules.decide(&activity).expect("generated activities bind");
        prop_assert!(decision.bounds.at_most < Verdict::Prohibited);
        Ok(())
    });
    if let Err(proptest::test_runner::TestError::Fail(_, activity)) = refuted {
        println!("nothing is ever prohibited: refuted by\n");
        println!("{}", rules.scenario_text("smallest", &activity, &["prohibited".to_owned()]));
    }

    // 3. The properties that a policy states itself.
    let house = Ruleset::compile("house", HOUSE)?;
    for run in house.run_properties(200, 1) {
        println!("{run}");
    }
    Ok(())
}

const HOUSE: &str = r#"
use un_dprk

property "since resolution 1874, no arms are bought from the DPRK without the Committee" {
  when action is purchase and item under arms and origin is KP and actor_state in un_members
   and date >= 2009-06-12 and not omission and no act
  always at least requires_authorisation
}

property "coal from the DPRK is always prohibited" {
  when action is purchase and item under coal and origin is KP and actor_state in un_members
   and date >= 2006-10-14 and not omission
  always is prohibited
}
"#;
