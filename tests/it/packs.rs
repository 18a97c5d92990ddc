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
fn every_scenario_passes() {
    let runs = un_dprk().run_scenarios();
    assert!(runs.len() > 80, "only {} scenarios", runs.len());
    let failed: Vec<String> = runs
        .iter()
        .filter(|run| !run.passes())
        .map(|run| format!("{}:{} {}: {}", run.place.file, run.place.line, run.title, run.failures.join("; ")))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_answer_of_the_scenarios_is_exact() {
    for run in un_dprk().run_scenarios() {
        assert!(run.decision.exact, "{}", run.title);
        let settled = run.decision.missing.is_empty();
        assert_eq!(settled, run.decision.verdict.is_some(), "{}: settled, or something is missing", run.title);
    }
}

#[test]
fn every_norm_is_cited_and_stands_in_a_file() {
    let resolution = |citation: &str| citation.starts_with("S/RES/") && citation.contains(", para. ");
    for run in un_dprk().run_scenarios() {
        for norm in run.decision.findings.iter().flat_map(|finding| &finding.norms) {
            assert!(resolution(&norm.citation), "{}: {}", norm.id, norm.citation);
            assert!(norm.source.line > 0 && norm.source.file.starts_with("un_dprk/"), "{}", norm.id);
            assert!(norm.title.is_some(), "{} has no heading", norm.id);
        }
    }
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

/// Instruments and the labels of their paragraphs, as the files of the pack state them.
fn paragraphs() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in packs::sources("un_dprk").expect("it is shipped") {
        let mut instrument = String::new();
        for line in source.text().lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("instrument") => instrument = words.next().expect("an instrument has a name").to_owned(),
                Some("paragraph") => {
                    found.push((instrument.clone(), words.next().expect("a paragraph has a label").to_owned()));
                }
                _ => {}
            }
        }
    }
    assert!(found.len() > 50, "only {} paragraphs were found", found.len());
    found
}

fn un_dprk() -> Ruleset {
    Ruleset::pack("un_dprk").expect("the shipped pack compiles")
}
