//! A policy of one's own: written with three faults, put right, and asked.
//!
//!     cargo run --example own_policy --features render
//!
//! Without the feature `render` the faults are reported in one line each.

use interdict::{Activity, CompileError, Ruleset};

/// The house rules of a company that ships radios, as somebody wrote them down on a Friday.
const FRIDAY: &str = r#"
use std

regime house "Export rules of Example Radios" {
    authority compliance "Compliance officer"
}

instrument RULES "Export rules" of house adopted 2024-01-01 {
    paragraph 1 "Radios for armed forces" {
        prohibit supply
            when item under electrical_equipmnt and purpose is military
        except approved with approval by compliance
    }
    paragraph 2 "Large orders" {
        prohibit sale when value > 50_000
        except approved with approval by complience
    }
}
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Ruleset::compile("house_rules.interdict", FRIDAY) {
        Err(CompileError::Refused(refusal)) => {
            assert_eq!(refusal.report().len(), 3, "each fault is reported, not the first one only");
            #[cfg(feature = "render")]
            println!("{}", refusal.report().render(refusal.sources(), false));
            #[cfg(not(feature = "render"))]
            println!("{}", refusal.report().concise(refusal.sources()));
        }
        Err(other) => return Err(other.into()),
        Ok(_) => panic!("it has three faults"),
    }

    let monday = FRIDAY
        .replace("electrical_equipmnt", "electrical_equipment")
        .replace("50_000", "50_000 EUR")
        .replace("complience", "compliance");
    let rules = Ruleset::compile("house_rules.interdict", monday)?;
    let order = Activity::new()
        .complete()
        .set("date", "2024-05-01")
        .set("actor_state", "CH")
        .set("action", "sale")
        .set("hs", "8525")
        .set("value", (72_000, "EUR"))
        .set("purpose", "emergency")
        .set("ref", "order 1190");
    let decision = rules.decide(&order)?;
    println!("{decision}");
    assert_eq!(decision.verdict_name(), "requires_authorisation");

    let approval = Activity::new()
        .set("kind", "approval")
        .set("by", "compliance")
        .set("under", "RULES/2")
        .set("on", "2024-04-28")
        .set("covers", Activity::new().set("ref", "order 1190"));
    let decision = rules.decide(&order.act(approval))?;
    println!("{decision}");
    assert_eq!(decision.verdict_name(), "allowed");
    Ok(())
}
