//! Text to ready, for the shipped policies and for one norm on the shared vocabulary. `cargo bench --bench compile`

use interdict::{Engine, Ruleset};

fn main() {
    divan::main();
}

/// The whole pack; with the attempt at the whole-policy diagram, and by the index alone.
#[divan::bench(args = [Engine::Best, Engine::Index], sample_count = 20)]
fn un_dprk(engine: Engine) -> Ruleset {
    Ruleset::builder().pack("un_dprk").engine(engine).compile().expect("the pack compiles")
}

#[divan::bench(sample_count = 20)]
fn one_norm() -> Ruleset {
    Ruleset::compile("first_policy.interdict", include_str!("../examples/policies/first_policy.interdict"))
        .expect("the example compiles")
}
