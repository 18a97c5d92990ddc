//! The first decision, in ten lines. Any type that serde can serialize is an activity.

#[derive(serde::Serialize)]
struct Deal<'a> {
    date: &'a str,
    actor_state: &'a str,
    action: &'a str,
    item: &'a str,
    origin: Option<&'a str>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = interdict::Ruleset::pack("un_dprk")?;
    let deal =
        Deal { date: "2024-01-15", actor_state: "RU", action: "purchase", item: "battle_tank", origin: Some("KP") };
    let decision = rules.decide(&deal)?;
    println!("{}", decision.verdict_name());
    for norm in decision.deciding() {
        println!("  {}: {}", norm.citation, norm.title.as_deref().unwrap_or_default());
    }
    assert_eq!(decision.verdict_name(), "prohibited");

    // Nobody said where the tanks come from. That is not the same as their coming from nowhere.
    let decision = rules.decide(&Deal { origin: None, ..deal })?;
    println!("{}", decision.verdict_name());
    for missing in &decision.missing {
        println!("  {}", missing.question);
    }
    assert_eq!(decision.verdict_name(), "undetermined");
    assert!(decision.missing.iter().any(|missing| missing.fact == "origin"));
    Ok(())
}
