//! Something fixed to count the instructions of: `benches/instructions.sh` runs it under callgrind.
//!
//! `instructions WHAT N` decides N times, so that the difference between two runs is what a decision takes.

use std::hint::black_box;

use interdict::{Clerk, Engine, Ruleset};
use interdict_regimes::{Purchase, Regime, TANKS, activities};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [what, times] = &words[..] else {
        println!("instructions: counted by benches/instructions.sh");
        return;
    };
    let times = times.parse().expect("a number");
    match what.as_str() {
        "coded" => coded(&un(Engine::Best), times),
        "struct" => plain(&un(Engine::Best), &TANKS, times),
        "struct_by_index" => plain(&un(Engine::Index), &TANKS, times),
        "struct_of_less" => {
            plain(&un(Engine::Best), &Purchase { destination: None, purpose: None, location: None, ..TANKS }, times)
        }
        "thousand_norms" => thousand(times),
        "difference" => difference(times),
        _ => panic!("there is no {what}"),
    }
}

fn un(engine: Engine) -> Ruleset {
    Ruleset::builder().pack("un_dprk").engine(engine).compile().expect("the pack compiles")
}

fn coded(rules: &Ruleset, times: usize) {
    let mut clerk = rules.clerk();
    let coded = clerk.code(&TANKS).expect("understood");
    (0..times).for_each(|_| drop(black_box(clerk.decide_coded(black_box(&coded)))));
}

fn plain(rules: &Ruleset, deal: &Purchase, times: usize) {
    let mut clerk = rules.clerk();
    let decide = |clerk: &mut Clerk<'_>| drop(black_box(clerk.decide(black_box(deal)).expect("understood")));
    decide(&mut clerk);
    (0..times).for_each(|_| decide(&mut clerk));
}

/// Activities of a synthetic regime, one after the other.
fn thousand(times: usize) {
    let regime = Regime::standard(1_000);
    let rules = Ruleset::compile("regime.interdict", regime.policy()).expect("it compiles");
    let mut clerk = rules.clerk();
    let deals = activities(&regime, 1, 500);
    let coded: Vec<_> = deals.iter().map(|deal| clerk.code(deal).expect("understood")).collect();
    coded.iter().cycle().take(times).for_each(|coded| drop(black_box(clerk.decide_coded(coded))));
}

/// What one changed norm of a synthetic regime changes.
fn difference(times: usize) {
    let version = |later: i32| {
        let mut regime = Regime::standard(1_000);
        regime.rules[141].from += later;
        Ruleset::compile("regime.interdict", regime.policy()).expect("it compiles")
    };
    let (old, new) = (version(0), version(400));
    (0..times).for_each(|_| drop(black_box(old.difference(&new).expect("the words are the same"))));
}
