//! The decision on every scenario of the pack, to the byte.
//!
//! One row per scenario: the verdict, the start of the SHA-256 of the decision's JSON, the title. The digest of the policy is
//! left out of the JSON, so that a comment in a policy file changes nothing here. After a change that is meant to change
//! decisions: `UPDATE_DECISIONS=1 cargo nextest run --all-features decisions`, and read what changed.

use std::fmt::Write;
use std::path::Path;

use interdict::{Decision, Ruleset};
use sha2::{Digest, Sha256};

const SNAPSHOT: &str = "tests/it/decisions.txt";

#[test]
fn decisions_on_every_scenario_are_the_same_bytes() {
    let runs = Ruleset::pack("un_dprk").expect("the shipped pack compiles").run_scenarios();
    let mut rows = String::new();
    for run in &runs {
        let _ = writeln!(rows, "{:<22} {} {}", run.decision.verdict_name(), digest(&run.decision), run.title);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
    if std::env::var_os("UPDATE_DECISIONS").is_some() {
        std::fs::write(&path, &rows).expect("the snapshot can be written");
    }
    let before = std::fs::read_to_string(&path).expect("the snapshot is there");
    let changed = rows.lines().zip(before.lines()).filter(|(now, then)| now != then);
    let changed: Vec<String> = changed.map(|(now, then)| format!("- {then}\n+ {now}")).take(20).collect();
    assert!(changed.is_empty(), "decisions differ from {SNAPSHOT}:\n{}", changed.join("\n"));
    assert_eq!(rows.lines().count(), before.lines().count(), "{SNAPSHOT} has other scenarios");
}

fn digest(decision: &Decision) -> String {
    let json = serde_json::to_string(decision).expect("a decision is JSON");
    let hash = Sha256::digest(json.replace(&decision.policy.digest, ""));
    hash.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
