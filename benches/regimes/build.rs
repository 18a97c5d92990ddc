//! Writes the regimes of the standard sizes as Rust by hand would say them: `listed_20`, `straight_20` and so on.

#[allow(dead_code)]
#[path = "src/random.rs"]
mod random;
#[allow(dead_code)]
#[path = "src/verdict.rs"]
mod verdict;
#[allow(dead_code)]
#[path = "src/taxonomy.rs"]
mod taxonomy;
#[allow(dead_code)]
#[path = "src/regime.rs"]
mod regime;
#[path = "build/straight.rs"]
mod straight;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-check-cfg=cfg(straight_10000)");
    let mut sizes = vec![20, 100, 1_000];
    // It takes a while to compile, and nobody measures a debug build.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-cfg=straight_10000");
        sizes.push(10_000);
    }
    let text: String = sizes.into_iter().map(|norms| source(&regime::Regime::standard(norms))).collect();
    let folder = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&folder).join("straight.rs"), text).expect("the folder can be written");
}

fn source(regime: &regime::Regime) -> String {
    let listed = straight::listed(regime) + &straight::source(regime);
    // Another ten thousand would take as long again to compile.
    if regime.rules.len() <= 1_000 { listed + &straight::named(regime) } else { listed }
}
