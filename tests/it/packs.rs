//! The shipped packs: every scenario passes, every norm is cited, and the table of sources is complete.

use std::collections::BTreeSet;

use interdict::{Ruleset, packs};

const SOURCES: &str = include_str!("../../src/packs/un_dprk/SOURCES.md");

#[test]
fn every_pack_compiles_without_a_warning() {
    for pack in packs::names() {
        let rules = Ruleset::pack(pack).unwrap_or_else(|error| panic!("{pack}: {error}"));
        assert!(rules.warnings().is_empty(), "{pack}:\n{}", rules.warnings());
    }
}

#[test]
fn every_scenario_passes_exactly_and_with_citations() {
    let runs = Ruleset::pack("un_dprk").expect("the shipped pack compiles").run_scenarios();
    assert!(runs.len() > 80, "only {} scenarios", runs.len());
    let mut wrong = Vec::new();
    for run in &runs {
        let place = format!("{}:{} {}", run.place.file, run.place.line, run.title);
        wrong.extend(run.failures.iter().map(|failure| format!("{place}: {failure}")));
        let decision = &run.decision;
        if !decision.exact {
            wrong.push(format!("{place}: over the budget"));
        }
        if decision.missing.is_empty() != decision.verdict.is_some() {
            wrong.push(format!("{place}: neither settled nor wanting facts"));
        }
        for norm in decision.findings.iter().flat_map(|finding| &finding.norms) {
            let cited = norm.citation.starts_with("S/RES/") && norm.citation.contains(", para. ");
            let placed = norm.source.line > 0 && norm.source.file.starts_with("un_dprk/");
            if !cited || !placed || norm.title.is_none() {
                wrong.push(format!("{place}: {} is not cited well", norm.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_sources_names_every_encoded_paragraph() {
    let mut without = BTreeSet::new();
    for (instrument, paragraph) in paragraphs() {
        let name = format!("{instrument}/{paragraph}");
        let number: String = paragraph.chars().take_while(char::is_ascii_digit).collect();
        let year = |row: &str| row.contains(&format!("S/RES/{} ", &instrument[1..]));
        let row = SOURCES.lines().any(|row| year(row) && mentions(row, &number));
        if !row && !SOURCES.contains(&name) {
            without.insert(name);
        }
    }
    assert!(without.is_empty(), "SOURCES.md says nothing of {without:?}");
}

/// `OP26` in a row, also as part of `OP25-27`.
fn mentions(row: &str, number: &str) -> bool {
    let wanted: u32 = number.parse().expect("a paragraph begins with its number");
    row.split("OP").skip(1).any(|rest| {
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let first = digits(rest);
        let last = rest[first.len()..].strip_prefix('-').map(digits).filter(|last| !last.is_empty());
        let low = first.parse::<u32>();
        let high = last.unwrap_or(first).parse::<u32>();
        matches!((low, high), (Ok(low), Ok(high)) if low <= wanted && wanted <= high)
    })
}

/// Resolutions and the labels of their paragraphs, as the files of the pack state them. (The chapters of the
/// instrument `GOODS` define goods by their tariff codes; they are no paragraphs of a resolution.)
fn paragraphs() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in packs::sources("un_dprk").expect("it is shipped") {
        let mut instrument = String::new();
        for line in source.text().lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("instrument") => instrument = words.next().expect("an instrument has a name").to_owned(),
                Some("paragraph") if is_resolution(&instrument) => {
                    found.push((instrument.clone(), words.next().expect("a paragraph has a label").to_owned()));
                }
                _ => {}
            }
        }
    }
    assert!(found.len() > 50, "only {} paragraphs were found", found.len());
    found
}

/// `R2321`
fn is_resolution(instrument: &str) -> bool {
    instrument.strip_prefix('R').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
