//! One decision with its whole explanation, a timeline, and what an interview works out, on the shipped measures. `cargo bench --bench decide`

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

/// The verdict on every day, with what makes each boundary.
#[divan::bench(sample_count = 20)]
fn timeline_of_coal(bencher: divan::Bencher) {
    let about = [("action", "purchase"), ("item", "coal"), ("origin", "KP"), ("purpose", "livelihood")];
    let coal = Activity::new().complete().set("actor_state", "CN").set("quantity", "1000 t").set("value", "50000 USD");
    let coal = about.into_iter().fold(coal, |activity, (field, value)| activity.set(field, value));
    bencher.bench(|| RULES.timeline(&coal));
}

/// A question of an interview with the answers to it, when the sponsor is not known.
#[divan::bench(sample_count = 20)]
fn question_about_the_sponsor(bencher: divan::Bencher) {
    let activity = conference();
    bencher.bench(|| RULES.interview(&activity).map(|interview| interview.question()));
}

/// The shortest sets of answers that settle it.
#[divan::bench(sample_count = 20)]
fn shortest_answers_about_the_delegation(bencher: divan::Bencher) {
    let activity = conference();
    bencher.bench(|| RULES.settling(&activity));
}

/// Open questions about everybody and everything but the day, the State, the action and the field.
fn conference() -> Activity {
    let delegation = Activity::new().set("role", "counterparty").set("nationality", "KP");
    let base = Activity::new().set("date", "2023-09-13").set("actor_state", "RU").party(delegation);
    base.set("action", "conference").set("field", "satellite_technology")
}
