//! What is demanded of the engine, measured side by side in one run. `cargo bench --bench bars`
//!
//! Ratios decide; the machine they are measured on is shared. Each figure is the median of rounds in which all that is
//! compared takes its turn. Words as arguments choose the sections.

use std::hint::black_box;
use std::time::{Duration, Instant};

use interdict::{Brief, Coded, Date, Limits, Ruleset, Sheet};
use interdict_regimes::families::{self, Family};
use interdict_regimes::{Deal, DealCodes, Purchase, Random, Regime, Scan, TANKS, activities, listed, named, straight};

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let sections: [(&str, fn()); 7] = [
        ("sizes", sizes),
        ("families", hard),
        ("regime", regime),
        ("unknown", unknown),
        ("compiling", compiling),
        ("batch", batch),
        ("versions", versions),
    ];
    println!("{:<68} {:>12} {:>12}   bar", "", "measured", "demanded");
    for (name, run) in sections {
        if chosen.is_empty() || chosen.iter().any(|word| word == name) {
            println!("\n{name}");
            run();
        }
    }
}

/// One line: what was measured, what is demanded, and whether it is so.
fn at_most(what: &str, measured: f64, bar: f64, unit: &str) {
    line(what, measured, Some((bar, "≤", measured <= bar)), unit);
}

fn at_least(what: &str, measured: f64, bar: f64, unit: &str) {
    line(what, measured, Some((bar, "≥", measured >= bar)), unit);
}

fn shown(what: &str, measured: f64, unit: &str) {
    line(what, measured, None, unit);
}

fn line(what: &str, measured: f64, bar: Option<(f64, &str, bool)>, unit: &str) {
    let number = |value: f64| if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    match bar {
        Some((bar, sign, holds)) => println!(
            "  {what:<66} {:>9} {unit:<3} {sign} {:>7} {unit:<3}  {}",
            number(measured),
            number(bar),
            if holds { "holds" } else { "MISSED" }
        ),
        None => println!("  {what:<66} {:>9} {unit}", number(measured)),
    }
}

/// Nanoseconds of each of some things that are done `count` times in a call: medians over rounds in which all take turns.
fn side_by_side<const N: usize>(count: usize, mut each: [&mut dyn FnMut(); N]) -> [f64; N] {
    const ROUNDS: usize = 21;
    let mut taken: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    let calls = each.each_mut().map(|one| {
        one();
        let start = Instant::now();
        one();
        // A round takes some ten milliseconds.
        (Duration::from_millis(10).as_nanos() / start.elapsed().as_nanos().max(1)).clamp(1, 1_000) as usize
    });
    for _ in 0..ROUNDS {
        for (nth, one) in each.iter_mut().enumerate() {
            let start = Instant::now();
            (0..calls[nth]).for_each(|_| one());
            taken[nth].push(start.elapsed().as_nanos() as f64 / (calls[nth] * count) as f64);
        }
    }
    taken.map(median)
}

/// Does not let the compiler leave it out, and does not copy it either.
fn keep<T>(it: T) {
    black_box(&it);
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn compiled(policy: &str) -> Ruleset {
    let mut limits = Limits::default();
    limits.source_bytes = 64 << 20;
    let built = Ruleset::builder().source("policy.interdict", policy).limits(limits).compile();
    built.unwrap_or_else(|error| panic!("{error}"))
}

/// The synthetic regimes, against the same rules as Rust and as a scan.
fn sizes() {
    for (norms, bar, of_scan) in
        [(20, 1.2, None), (100, 0.7, None), (1_000, 0.4, Some(40.0)), (10_000, 0.15, Some(100.0))]
    {
        let regime = Regime::standard(norms);
        let rules = compiled(&regime.policy());
        let deals = activities(&regime, 1, 1_000);
        let mut clerk = rules.clerk();
        let coded: Vec<Coded<'_>> = deals.iter().map(|deal| clerk.code(deal).expect("of the policy")).collect();
        let codes: Vec<DealCodes> = deals.iter().map(Deal::codes).collect();
        let slots: Vec<_> = codes.iter().map(DealCodes::slots).collect();
        let scan = Scan::of(&regime);
        let (listed, grouped) = (listed(norms).expect("a size"), straight(norms).expect("a size"));
        for (deal, codes) in deals.iter().zip(&codes) {
            assert_eq!(clerk.decide(deal).expect("understood").verdict_name(), listed(codes).name());
        }
        let (mut second, mut third) = (rules.clerk(), rules.clerk());
        let mut fourth = rules.clerk();
        let (mut by_rust, mut by_scan) = (Vec::new(), Vec::new());
        // Nobody waits for `rustc` to compile ten thousand of them twice: what names no rules is faster.
        let named = named(norms);
        let [ours, of_named, of_naming_scan, alone, of_list, of_groups, of_scan_ns, from_struct, all] = side_by_side(
            deals.len(),
            [
                &mut || coded.iter().for_each(|coded| keep(clerk.decide_coded(coded))),
                &mut || match named {
                    Some(named) => codes.iter().for_each(|codes| keep(named(black_box(codes), &mut by_rust))),
                    None => codes.iter().for_each(|codes| keep(listed(black_box(codes)))),
                },
                &mut || slots.iter().for_each(|slots| keep(scan.decide_naming(black_box(slots), &mut by_scan))),
                &mut || coded.iter().for_each(|coded| keep(third.bounds_coded(coded))),
                &mut || codes.iter().for_each(|codes| keep(listed(black_box(codes)))),
                &mut || codes.iter().for_each(|codes| keep(grouped(black_box(codes)))),
                &mut || slots.iter().for_each(|slots| keep(scan.decide(black_box(slots)))),
                &mut || deals.iter().for_each(|deal| keep(second.decide(deal))),
                &mut || coded.iter().for_each(|coded| keep(fourth.applying_coded(coded).norms().len())),
            ],
        );
        let against = |what: &str, faster: f64, taken: f64| {
            let what = format!("{norms} norms: {what} ({taken:.0} ns)");
            match of_scan {
                Some(bar) => at_least(&what, faster, bar, "×"),
                None => shown(&what, faster, "×"),
            }
        };
        shown(&format!("{norms} norms: a coded decision, verdict and norms"), ours, "ns");
        at_most(
            &format!("{norms} norms: over the rules as Rust that names them too ({of_named:.1} ns)"),
            ours / of_named,
            bar,
            "×",
        );
        against("times faster than a scan that names them too", of_naming_scan / ours, of_naming_scan);
        shown(&format!("{norms} norms: a coded decision, the verdict alone"), alone, "ns");
        at_most(
            &format!("{norms} norms: over the rules as Rust, one `if` each ({of_list:.1} ns)"),
            alone / of_list,
            bar,
            "×",
        );
        against("times faster than a scan", of_scan_ns / alone, of_scan_ns);
        shown(
            &format!("{norms} norms: over Rust grouped by country by hand ({of_groups:.1} ns)"),
            alone / of_groups,
            "×",
        );
        shown(&format!("{norms} norms: all applying norms of a coded activity"), all, "ns");
        shown(&format!("{norms} norms: from a struct of 24 fields"), from_struct, "ns");
    }
}

/// Rules made to be hard, against the scan.
fn hard() {
    let all: [(&str, fn() -> Family); 8] = [
        ("500 norms on 500 booleans", || families::independent_booleans(500, 1, 1_000)),
        ("1,000 norms on 1,000 booleans", || families::independent_booleans(1_000, 1, 1_000)),
        ("500 interleaved pairs", || families::interleaved_pairs(500, 500, 1, 1_000)),
        ("1,000 norms of wide ranges over 8 amounts", || families::wide_ranges(1_000, 8, 1, 1_000)),
        ("10,000 norms over 16 booleans", || families::few_booleans(10_000, 16, 1, 1_000)),
        ("100 norms with 20 exceptions each", || families::deep_exceptions(100, 20, 64, 1, 1_000)),
        ("20 norms with chains of 60 exceptions", || families::exception_chains(20, 60, 1, 1_000)),
        ("1,000 norms on 100,000 terms", || families::large_taxonomy(100_000, 1_000, 1, 1_000)),
    ];
    for (what, family) in all {
        let family = family();
        let start = Instant::now();
        let rules = compiled(&family.policy);
        let ready = start.elapsed().as_secs_f64() * 1e3;
        let mut clerk = rules.clerk();
        let coded: Vec<Coded<'_>> =
            family.activities.iter().map(|stated| clerk.code(stated).expect("of the policy")).collect();
        for stated in &family.activities {
            let verdict = family.scan.decide(stated.codes());
            assert_eq!(clerk.decide(stated).expect("understood").verdict_name(), verdict.name());
        }
        let mut second = rules.clerk();
        let mut named = Vec::new();
        let [ours, naming, alone, of_scan] = side_by_side(
            coded.len(),
            [
                &mut || coded.iter().for_each(|coded| keep(clerk.decide_coded(coded))),
                &mut || {
                    let all = family.activities.iter();
                    all.for_each(|stated| keep(family.scan.decide_naming(stated.codes(), &mut named)));
                },
                &mut || coded.iter().for_each(|coded| keep(second.bounds_coded(coded))),
                &mut || family.activities.iter().for_each(|stated| keep(family.scan.decide(stated.codes()))),
            ],
        );
        let size = rules.size();
        let nodes = size.diagram_nodes.map_or("no diagram".to_owned(), |nodes| format!("{nodes} nodes"));
        let made = format!("{ready:.0} ms, {} KB, {nodes}", size.index_bytes / 1024);
        println!("  {what}: {made}");
        at_most(&format!("  with the norms that decide, over such a scan ({naming:.0} ns)"), ours / naming, 1.1, "×");
        at_most(&format!("  the verdict alone, over the scan ({of_scan:.0} ns)"), alone / of_scan, 1.1, "×");
    }
}

/// The shipped measures of the United Nations, from a plain struct.
fn regime() {
    let rules = Ruleset::pack("un_dprk").expect("the pack");
    let mut clerk = rules.clerk();
    let deal = TANKS;
    let coded = clerk.code(&deal).expect("understood");
    let (mut second, mut third, mut fourth) = (rules.clerk(), rules.clerk(), rules.clerk());
    let (mut fifth, mut sixth, mut seventh) = (rules.clerk(), rules.clerk(), rules.clerk());
    let mut sheet = tanks_on_a_sheet(&rules);
    assert_eq!(seventh.decide_sheet(&sheet), clerk.decide(&deal));
    let (item, origin, date) = ("item", "origin", Date::try_new(2024, 1, 15).expect("a day"));
    let [item, origin, on] = [item, origin, "date"].map(|name| rules.field(name).expect("a field"));
    let (tank, kp) = (rules.term(item, "battle_tank").expect("a term"), rules.term(origin, "KP").expect("a term"));
    let mut eighth = rules.clerk();
    let steady = sheet.clone();
    let open = Purchase { destination: None, purpose: None, location: None, ..deal.clone() };
    const MANY: usize = 100;
    let [from_codes, from_struct, through_json, from_open, all_coded, all, from_sheet, changed] = side_by_side(
        MANY,
        [
            &mut || (0..MANY).for_each(|_| keep(clerk.decide_coded(black_box(&coded)))),
            &mut || (0..MANY).for_each(|_| keep(second.decide(black_box(&deal)))),
            &mut || {
                (0..MANY).for_each(|_| {
                    let value = serde_json::to_value(black_box(&deal)).expect("plain");
                    keep(third.decide(&value));
                });
            },
            &mut || (0..MANY).for_each(|_| keep(fourth.decide(black_box(&open)))),
            &mut || (0..MANY).for_each(|_| keep(fifth.applying_coded(black_box(&coded)).norms().len())),
            &mut || {
                (0..MANY).for_each(|_| keep(sixth.applying(black_box(&deal)).expect("understood").norms().len()));
            },
            &mut || (0..MANY).for_each(|_| keep(seventh.decide_sheet(black_box(&steady)))),
            &mut || {
                (0..MANY).for_each(|_| {
                    black_box(&mut sheet).term(item, tank).term(origin, kp).date(on, date);
                    keep(eighth.decide_sheet(&sheet));
                });
            },
        ],
    );
    shown("coded", from_codes, "ns");
    let norms = fifth.applying_coded(&coded).norms().len();
    shown(&format!("coded: all applying norms, {norms} here"), all_coded, "ns");
    shown(&format!("from a struct of 12 fields: all applying norms, {norms} here"), all, "ns");
    shown("from a sheet with the same facts, coded and decided", from_sheet, "ns");
    shown("from a sheet of which three facts are set anew before", changed, "ns");
    at_most("from a struct of 12 fields, coded and decided", from_struct, 250.0, "ns");
    shown("the same when purpose, destination and location are not known either", from_open, "ns");
    at_least(
        &format!("times faster than through a JSON value ({through_json:.0} ns)"),
        through_json / from_struct,
        6.0,
        "×",
    );
    let size = rules.size();
    at_least("nodes of the whole-policy diagram", size.diagram_nodes.unwrap_or(0) as f64, 1.0, "");
    shown("bytes of the diagram, in thousands", size.diagram_bytes.unwrap_or(0) as f64 / 1e3, "KB");
}

/// The purchase of tanks, of which every fact is put into its place.
fn tanks_on_a_sheet(rules: &Ruleset) -> Sheet {
    let mut sheet = rules.sheet();
    let stated = serde_json::to_value(TANKS).expect("plain");
    for (name, value) in stated.as_object().expect("a struct") {
        if name == "complete" {
            sheet.complete(value == true);
            continue;
        }
        let field = rules.field(name).expect("a field");
        match (value.as_str(), value.as_bool()) {
            (Some(word), _) => match (rules.term(field, word), Date::parse(word), word.split_once(' ')) {
                (Ok(term), ..) => sheet.term(field, term),
                (_, Some(day), _) => sheet.date(field, day),
                (_, _, Some((number, unit))) => {
                    let number: u32 = number.parse().expect("a whole number");
                    sheet.amount(field, number, rules.unit(unit).expect("a unit"))
                }
                _ => sheet.text(field, word),
            },
            (_, Some(yes)) => sheet.yes_no(field, yes),
            _ => sheet.unknown(field),
        };
    }
    sheet
}

/// Five facts that norms test are not known.
fn unknown() {
    let regime = Regime::standard(1_000);
    let rules = compiled(&regime.policy());
    let mut clerk = rules.clerk();
    let mut random = Random::new(5);
    let deals: Vec<Deal> = activities(&regime, 2, 400).iter().map(|deal| without_five(deal, &mut random)).collect();
    let mut taken = Vec::new();
    let mut exact = 0;
    let mut open = 0;
    for deal in &deals {
        let mut times: Vec<f64> = Vec::new();
        let mut brief: Option<Brief> = None;
        for _ in 0..5 {
            let start = Instant::now();
            brief = Some(black_box(clerk.decide(deal).expect("understood")));
            times.push(start.elapsed().as_nanos() as f64 / 1e3);
        }
        let brief = brief.expect("decided");
        exact += usize::from(brief.exact());
        if brief.verdict().is_none() {
            open += 1;
            taken.push(median(times));
        }
    }
    shown("of 400 activities with 5 facts unknown, undetermined", open as f64, "");
    at_most("of these, the median of a decision, 1,000 norms", median(taken), 50.0, "µs");
    at_least("exact", exact as f64 * 100.0 / deals.len() as f64, 99.0, "%");
}

/// Countries, goods and amounts are among what is not known, and yes or no facts.
fn without_five(deal: &Deal, random: &mut Random) -> Deal {
    let mut deal = deal.clone();
    deal.complete = false;
    for which in random.distinct(5, 19) {
        match which {
            16 => deal.quantity = None,
            17 => deal.item = None,
            18 => deal.destination = None,
            fact => *deal.facts_mut()[fact] = None,
        }
    }
    deal
}

fn compiling() {
    let millis = |run: &mut dyn FnMut()| {
        let times = (0..7).map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        });
        median(times.collect())
    };
    for (norms, bar, megabytes) in [(1_000, 20.0, 1.0), (10_000, 150.0, 8.0)] {
        let policy = Regime::standard(norms).policy();
        let rules = compiled(&policy);
        at_most(
            &format!("{norms} norms from the checked program"),
            millis(&mut || keep(rules.compiled_again())),
            bar,
            "ms",
        );
        shown(&format!("{norms} norms from text"), millis(&mut || keep(compiled(&policy))), "ms");
        at_most(&format!("{norms} norms: index"), rules.size().index_bytes as f64 / 1e6, megabytes, "MB");
    }
    at_most(
        "the measures of the United Nations, from text",
        millis(&mut || keep(Ruleset::pack("un_dprk"))),
        50.0,
        "ms",
    );
}

/// Questions about all activities at once.
fn versions() {
    const NORMS: usize = 1_000;
    let timed = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e3
    };
    let regime = Regime::standard(NORMS);
    let policy = regime.policy();
    let rules = compiled(&policy);
    let (mut diffs, mut proofs, mut shown_by, mut proved) = (Vec::new(), Vec::new(), 0, 0);
    const TRIED: usize = 21;
    for nth in (0..NORMS).step_by(NORMS / TRIED).take(TRIED) {
        let mut other = Regime::standard(NORMS);
        other.rules[nth].from += 400;
        let changed = compiled(&other.policy());
        diffs.push(timed(&mut || {
            let difference = rules.difference(&changed).expect("the words are the same");
            shown_by += usize::from(!difference.shifts.is_empty() || difference.is_equal());
        }));
        let claimed = compiled(&(policy.clone() + &regime.property(nth)));
        proofs.push(timed(&mut || proved += usize::from(claimed.prove_properties()[0].is_proved())));
    }
    at_most("one changed norm of 1,000: the difference, its examples confirmed", median(diffs), 5.0, "ms");
    shown(&format!("of {TRIED} changes, shown or proved to change nothing"), shown_by as f64, "");
    at_most("a property of 1,000 norms: proved", median(proofs), 10.0, "ms");
    shown(&format!("of {TRIED} properties, proved"), proved as f64, "");
}

fn batch() {
    let rules = Ruleset::pack("un_dprk").expect("the pack");
    let mut clerk = rules.clerk();
    let items = ["battle_tank", "coal", "rifle", "diesel", "copper", "seafood", "crude_oil", "jewellery"];
    let rows: Vec<Purchase> = (0..1_024)
        .map(|nth| Purchase {
            item: items[nth % items.len()],
            origin: Some(["KP", "CN", "KP"][nth % 3]),
            actor_state: ["RU", "CN", "CH", "US", "KP"][nth % 5],
            purpose: Some(["military", "livelihood", "commercial"][nth % 3]),
            quantity: Some("10 t"),
            ..TANKS
        })
        .collect();
    // What counts towards a quota that nobody knows is undetermined, and takes longer.
    let rows: Vec<Purchase> =
        rows.into_iter().filter(|row| clerk.decide(row).expect("understood").verdict().is_some()).collect();
    let coded: Vec<Coded<'_>> = rows.iter().map(|row| clerk.code(row).expect("understood")).collect();
    let [from_codes, from_structs] = side_by_side(
        rows.len(),
        [&mut || coded.iter().for_each(|coded| keep(clerk.decide_coded(coded))), &mut || {
            keep(rules.decide_batch(&rows))
        }],
    );
    at_least("coded, millions a second, one thread", 1e3 / from_codes, 10.0, "M/s");
    shown("from structs, millions a second, one thread", 1e3 / from_structs, "M/s");
}
