//! One decision with its whole explanation, on the shipped measures. `cargo bench --bench decide`

use std::sync::LazyLock;

use interdict::{Activity, Ruleset};

fn main() {
    divan::main();
}

static RULES: LazyLock<Ruleset> = LazyLock::new(|| Ruleset::pack("un_dprk").expect("the pack compiles"));

fn research() -> Activity {
    let partner = Activity::new().set("role", "counterparty").set("nationality", "KP").set("sponsored_by", "KP");
    let about = [("action", "research"), ("field", "satellite_technology"), ("purpose", "research")];
    let base = Activity::new().set("date", "2023-09-13").set("actor_state", "RU").party(partner);
    about.into_iter().fold(base, |activity, (field, value)| activity.set(field, value))
}

fn tanks() -> Activity {
    let about = [("action", "purchase"), ("item", "battle_tank"), ("origin", "KP")];
    let base = Activity::new().set("date", "2024-01-15").set("actor_state", "RU");
    about.into_iter().fold(base, |activity, (field, value)| activity.set(field, value))
}

/// On the facts stated: what silence was taken for is found by deciding the open question as well.
#[divan::bench]
fn complete_and_settled(bencher: divan::Bencher) {
    let activity = research().complete();
    bencher.bench(|| RULES.decide(&activity));
}

#[divan::bench]
fn open_and_settled(bencher: divan::Bencher) {
    let activity = tanks();
    bencher.bench(|| RULES.decide(&activity));
}

/// Nobody said where the tanks come from.
#[divan::bench(sample_count = 10)]
fn open_and_undetermined(bencher: divan::Bencher) {
    let activity = tanks().set("origin", "unknown");
    bencher.bench(|| RULES.decide(&activity));
}
