//! The same rules in `interdict` and in general policy engines: that they agree, and what they cost.
//!
//!     cargo run --release --manifest-path benches/peers/Cargo.toml
//!
//! It ends with an error when one of them disagrees with the match in Rust. Numbers as arguments choose the sizes.

mod case;
mod dialect;
mod measure;
mod peers;
mod report;
mod withheld;

use std::process::ExitCode;

use interdict_regimes::{Regime, SIZES, listed, straight};

use ::cel::Context;
use case::cases;
use measure::measure;
use peers::{cedar, cel, interdict, linear_scan, regorus, straight_match, zen};
use report::Table;

fn main() -> ExitCode {
    let chosen: Vec<usize> = std::env::args().skip(1).filter_map(|it| it.parse().ok()).collect();
    let mut table = Table::default();
    for norms in SIZES.into_iter().filter(|size| chosen.is_empty() || chosen.contains(size)) {
        if straight(norms).is_none() {
            eprintln!("{norms} norms: this build has no match in Rust; run it with --release");
            continue;
        }
        fill(&mut table, norms);
    }
    println!("{table}");
    println!("{}", withheld::table(100));
    if table.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fill(table: &mut Table, norms: usize) {
    let (listed, straight) = (listed(norms).expect("a standard size"), straight(norms).expect("a standard size"));
    let regime = Regime::standard(norms);
    let cases = cases(&regime, 2_006, 2_000);
    let root = Context::default();
    table.add("Rust, one `if` per rule", norms, || measure(&cases, || Ok(straight_match::StraightMatch(listed))));
    table.add("Rust, grouped by country", norms, || measure(&cases, || Ok(straight_match::StraightMatch(straight))));
    table.add("linear scan", norms, || measure(&cases, || Ok(linear_scan::LinearScan::new(&regime))));
    table.add("interdict", norms, || interdict::measured(&regime, &cases));
    table.add("cedar-policy", norms, || measure(&cases, || cedar::Cedar::new(&regime)));
    table.add("regorus", norms, || measure(&cases, || regorus::Regorus::new(&regime)));
    table.add("cel", norms, || measure(&cases, || cel::Cel::new(&regime, &root)));
    table.add("zen-engine", norms, || measure(&cases, || zen::Zen::new(&regime)));
}
