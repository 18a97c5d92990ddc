//! Rules as Rust source, twice: one after the other, and grouped by country; the strictest first, with early returns.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::regime::{Exception, Fact, Place, Regime, Rule, subtree_of_action};
use crate::verdict::Verdict;

/// Rules in one function: what the compiler takes its time over otherwise.
const TOGETHER: usize = 250;

/// `pub fn listed_20(deal: &DealCodes) -> Verdict`, and what it calls: one `if` per rule.
pub fn listed(regime: &Regime) -> String {
    let norms = regime.rules.len();
    let mut rules: Vec<&Rule> = regime.rules.iter().collect();
    rules.sort_by_key(|rule| (std::cmp::Reverse(rule.at_most()), rule.exceptions.len()));
    let chunks: Vec<&[&Rule]> = rules.chunks(TOGETHER).collect();
    let calls: String = (0..chunks.len()).map(|nth| format!("|| listed_{norms}_{nth}(deal, &mut most)\n")).collect();
    let mut text = format!(
        "/// The rules of `Regime::standard({norms})`, one after the other.\n\
         pub fn listed_{norms}(deal: &DealCodes) -> Verdict {{\n\
         let mut most = Verdict::NotCovered;\n\
         let _ = {};\nmost\n}}\n",
        calls.trim_start_matches("|| ")
    );
    for (nth, rules) in chunks.into_iter().enumerate() {
        let body: String = rules.iter().map(|rule| listed_rule(regime, rule)).collect();
        write!(text, "fn listed_{norms}_{nth}(deal: &DealCodes, most: &mut Verdict) -> bool {{\n{body}false\n}}\n")
            .unwrap();
    }
    text
}

/// `pub fn named_20(deal: &DealCodes, named: &mut Vec<u32>) -> Verdict`: one `if` per rule, and the rules that make the verdict
/// are named. Every rule that may be as strict has to be looked at.
pub fn named(regime: &Regime) -> String {
    let norms = regime.rules.len();
    let mut rules: Vec<(usize, &Rule)> = regime.rules.iter().enumerate().collect();
    rules.sort_by_key(|(_, rule)| (std::cmp::Reverse(rule.at_most()), rule.exceptions.len()));
    let chunks: Vec<&[(usize, &Rule)]> = rules.chunks(TOGETHER).collect();
    let calls: String =
        (0..chunks.len()).map(|nth| format!("|| named_{norms}_{nth}(deal, &mut most, named)\n")).collect();
    let mut text = format!(
        "/// The rules of `Regime::standard({norms})`, one after the other, with those that decide.\n\
         pub fn named_{norms}(deal: &DealCodes, named: &mut Vec<u32>) -> Verdict {{\n\
         named.clear();\nlet mut most = Verdict::NotCovered;\n\
         let _ = {};\nmost\n}}\n",
        calls.trim_start_matches("|| ")
    );
    for (nth, rules) in chunks.into_iter().enumerate() {
        let body: String = rules.iter().map(|(which, rule)| named_rule(regime, *which, rule)).collect();
        write!(
            text,
            "fn named_{norms}_{nth}(deal: &DealCodes, most: &mut Verdict, named: &mut Vec<u32>) -> bool {{\n{body}false\n}}\n"
        )
        .unwrap();
    }
    text
}

/// Nothing after it decides once it says `true`.
fn named_rule(regime: &Regime, which: usize, rule: &Rule) -> String {
    let mut level = String::new();
    for exception in rule.best_first().into_iter().take_while(|exception| !exception.is_unconditional()) {
        write!(level, "if {} {{ Verdict::{:?} }} else ", lifts(exception), exception.leaves).unwrap();
    }
    let at_most = rule.at_most();
    let level =
        if level.is_empty() { format!("Verdict::{at_most:?}") } else { format!("{level}{{ Verdict::{at_most:?} }}") };
    format!(
        "if *most > Verdict::{at_most:?} {{ return true; }}\n\
         if {} && {} {{ crate::straight::name({which}, {level}, most, named); }}\n",
        place(rule),
        reaches(regime, rule)
    )
}

fn place(rule: &Rule) -> String {
    match rule.place {
        Place::Destination(country) => format!("deal.destination == {country}"),
        Place::Origin(country) => format!("deal.origin == {country}"),
    }
}

/// Nothing after it can be stricter once it says `true`.
fn listed_rule(regime: &Regime, rule: &Rule) -> String {
    let place = place(rule);
    let mut says = String::new();
    for exception in rule.best_first().into_iter().take_while(|exception| !exception.is_unconditional()) {
        let tests = lifts(exception);
        write!(says, "if {tests} {{ *most = (*most).max(Verdict::{:?}); }} else ", exception.leaves).unwrap();
    }
    let most = rule.at_most();
    let stops = most == Verdict::Prohibited;
    write!(says, "{{ *most = (*most).max(Verdict::{most:?}); {} }}", if stops { "return true;" } else { "" }).unwrap();
    let skips = if stops { String::new() } else { format!("if *most >= Verdict::{most:?} {{ return true; }}\n") };
    format!("{skips}if {place} && {} {{ {says} }}\n", reaches(regime, rule))
}

/// `pub fn straight_20(deal: &DealCodes) -> Verdict`, and what it calls: grouped by country.
pub fn source(regime: &Regime) -> String {
    let norms = regime.rules.len();
    let mut to: BTreeMap<usize, Vec<&Rule>> = BTreeMap::new();
    let mut of: BTreeMap<usize, Vec<&Rule>> = BTreeMap::new();
    for rule in &regime.rules {
        match rule.place {
            Place::Destination(country) => to.entry(country).or_default().push(rule),
            Place::Origin(country) => of.entry(country).or_default().push(rule),
        }
    }
    let mut text = format!(
        "/// The rules of `Regime::standard({norms})`, grouped by country.\n\
         pub fn straight_{norms}(deal: &DealCodes) -> Verdict {{\n\
         let most = match deal.destination {{ {} _ => Verdict::NotCovered }};\n\
         if most == Verdict::Prohibited {{ return most; }}\n\
         most.max(match deal.origin {{ {} _ => Verdict::NotCovered }})\n\
         }}\n",
        arms(norms, "to", &to),
        arms(norms, "of", &of),
    );
    for (direction, by_country) in [("to", to), ("of", of)] {
        for (country, rules) in by_country {
            write!(text, "fn straight_{norms}_{direction}_{country}(deal: &DealCodes) -> Verdict {{\n").unwrap();
            text.push_str(&body(regime, rules));
            text.push_str("}\n");
        }
    }
    text
}

fn arms(norms: usize, direction: &str, by_country: &BTreeMap<usize, Vec<&Rule>>) -> String {
    let arm = |country| format!("{country} => straight_{norms}_{direction}_{country}(deal),\n");
    by_country.keys().map(arm).collect()
}

fn body(regime: &Regime, mut rules: Vec<&Rule>) -> String {
    // Of those that can prohibit, first those that always do.
    rules.sort_by_key(|rule| (std::cmp::Reverse(rule.at_most()), rule.exceptions.len()));
    let mut text = String::new();
    let mut band = Verdict::Prohibited;
    for rule in rules {
        if rule.at_most() != band {
            band = rule.at_most();
            writeln!(text, "if most >= Verdict::{band:?} {{ return most; }}").unwrap();
        }
        writeln!(text, "if {} {{ {} }}", reaches(regime, rule), says(rule)).unwrap();
    }
    let changes = if text.contains("most = ") { "mut " } else { "" };
    format!("let {changes}most = Verdict::NotCovered;\n{text}most\n")
}

/// The tests but for the country, those that are most often false first.
fn reaches(regime: &Regime, rule: &Rule) -> String {
    let branch = regime.items.branch(rule.item);
    let mut tests = vec![match branch.len() {
        1 => format!("deal.item == {}", branch.start),
        _ => format!("({}..{}).contains(&deal.item)", branch.start, branch.end),
    }];
    tests.extend(facts(&rule.facts));
    let actions = subtree_of_action(rule.action);
    tests.extend(match actions.len() {
        1 => Some(format!("deal.action == {}", actions.start)),
        // Everything that is done is a dealing.
        _ if rule.action == 0 => None,
        _ => Some(format!("({}..{}).contains(&deal.action)", actions.start, actions.end)),
    });
    tests.push(match rule.through {
        Some(through) => format!("({}..={through}).contains(&deal.date)", rule.from),
        None => format!("deal.date >= {}", rule.from),
    });
    tests.extend(rule.over.map(|over| format!("deal.quantity > {over}")));
    tests.join(" && ")
}

fn says(rule: &Rule) -> String {
    let mut text = String::new();
    for exception in rule.best_first() {
        if exception.is_unconditional() {
            break;
        }
        let tests = lifts(exception);
        write!(text, "if {tests} {{ most = most.max(Verdict::{:?}); }} else ", exception.leaves).unwrap();
    }
    write!(text, "{{ return most.max(Verdict::{:?}); }}", rule.at_most()).unwrap();
    if rule.exceptions.is_empty() { "return Verdict::Prohibited;".to_owned() } else { text }
}

fn lifts(exception: &Exception) -> String {
    let mut tests: Vec<String> = facts(&exception.facts).into_iter().collect();
    tests.extend(exception.at_most.map(|most| format!("deal.quantity <= {most}")));
    tests.extend(exception.through.map(|day| format!("deal.date <= {day}")));
    tests.join(" && ")
}

/// All in one comparison, since they are bits of one word.
fn facts(facts: &[Fact]) -> Option<String> {
    let mask: u32 = facts.iter().map(|fact| 1 << fact.which).sum();
    let value: u32 = facts.iter().filter(|fact| fact.holds).map(|fact| 1 << fact.which).sum();
    (mask != 0).then(|| format!("deal.facts & {mask:#x} == {value:#x}"))
}
