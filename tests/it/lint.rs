//! Planted faults: lint finds what is planted in a policy of `tests/bad`, and nothing in its twin in `tests/sound`, which
//! differs from it in one place. What reports look like is in the snapshots of `tests/bad`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use interdict::diagnostics::{Severity, code};
use interdict::{Lint, Ruleset};

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    for name in lint_files("tests/bad") {
        let found = codes(&lint(&text("tests/bad", &name)));
        assert_eq!(found, BTreeSet::from([code_of(&name).to_owned()]), "{name}");
    }
}

#[test]
fn nothing_is_found_in_a_twin_without_the_fault() {
    for name in lint_files("tests/sound") {
        let lint = lint(&text("tests/sound", &name));
        assert!(lint.findings.is_empty(), "{name}:\n{}", lint.findings);
        assert_eq!(lint.unsettled, 0, "{name}");
    }
}

#[test]
fn every_lint_has_a_policy_with_the_fault_and_one_without() {
    for code in code::ALL.iter().filter(|code| code.info().stage == "lint") {
        for folder in ["tests/bad", "tests/sound"] {
            assert!(lint_files(folder).iter().any(|name| code_of(name) == code.id()), "{folder} lacks {code:?}");
        }
    }
    assert_eq!(lint_files("tests/bad"), lint_files("tests/sound"), "each has its twin");
}

#[test]
fn a_twin_differs_in_one_place() {
    for name in lint_files("tests/bad") {
        let [bad, sound] = ["tests/bad", "tests/sound"].map(|folder| text(folder, &name));
        let (bad, sound): (Vec<&str>, Vec<&str>) = (bad.lines().collect(), sound.lines().collect());
        let same = bad.iter().zip(&sound).take_while(|(a, b)| a == b).count();
        let after = bad[same..].iter().rev().zip(sound[same..].iter().rev()).take_while(|(a, b)| a == b).count();
        let changed = bad.len().max(sound.len()) - same - after;
        assert!((1..=3).contains(&changed), "{name} and its twin differ in {changed} lines");
    }
}

#[test]
fn what_is_tolerated_is_kept_with_its_reason() {
    let mut tried = BTreeSet::new();
    for name in lint_files("tests/bad") {
        let text = text("tests/bad", &name);
        let before = lint(&text);
        for finding in before.findings.iter() {
            if finding.code == code::UNUSED_TOLERANCE {
                continue;
            }
            let id = finding.code.id();
            let tolerated = tolerating(&text, finding.at.range().start, id);
            let after = lint(&tolerated);
            assert!(
                after
                    .tolerated
                    .iter()
                    .any(|it| it.code.id() == id && it.reason == "known" && it.message == finding.message),
                "{name}: {id} is not tolerated in\n{tolerated}\n{}",
                after.findings
            );
            assert!(!after.findings.iter().any(|it| it.message == finding.message), "{name}");
            tried.insert(id);
        }
    }
    assert!(tried.len() >= 2, "{tried:?}");
}

#[test]
fn the_same_text_gives_the_same_findings() {
    for name in lint_files("tests/bad") {
        let text = text("tests/bad", &name);
        assert_eq!(lint(&text).findings.to_string(), lint(&text).findings.to_string());
    }
}

/// The text with a `tolerate` at the end of the clause, exception, field or presumption that begins there.
fn tolerating(text: &str, start: usize, code: &str) -> String {
    let words = ["except ", "prohibit ", "oblige ", "exempt ", "presume ", "reading ", "}", "paragraph "];
    let next =
        text[start..].lines().skip(1).scan(start + text[start..].find('\n').expect("a line ends") + 1, |at, line| {
            let here = *at;
            *at += line.len() + 1;
            Some((here, line.trim_start()))
        });
    // A field ends on its line.
    let field = text[start..].lines().next().is_some_and(|line| line.contains(" : "));
    let end = next.into_iter().find(|(_, line)| field || words.iter().any(|word| line.starts_with(word)));
    let at = end.map_or(text.len(), |(at, _)| at);
    format!("{} tolerate {code} because \"known\"\n{}", &text[..at], &text[at..])
}

fn lint(text: &str) -> Lint {
    let rules = Ruleset::compile("planted.interdict", text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    rules.lint()
}

fn codes(lint: &Lint) -> BTreeSet<String> {
    lint.findings.iter().map(|finding| finding.code.id().to_owned()).collect()
}

fn text(folder: &str, name: &str) -> String {
    std::fs::read_to_string(at(folder).join(name)).expect("a text can be read")
}

fn at(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The files that are named after a finding of lint.
fn lint_files(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(at(folder)).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned());
    let is_lint = |name: &String| {
        code::ALL.iter().any(|code| code.info().stage == "lint" && code.id() == code_of(name))
            && name.ends_with(".interdict")
    };
    let mut names: Vec<String> = names.filter(is_lint).collect();
    names.sort();
    names
}

fn code_of(name: &str) -> &str {
    let stem = name.trim_end_matches(".interdict");
    stem.split_once("--").map_or(stem, |(code, _)| code)
}

#[test]
fn no_finding_refuses_a_policy() {
    for code in code::ALL.iter().filter(|code| code.info().stage == "lint") {
        assert_ne!(code.severity(), Severity::Error, "{code:?}");
    }
}
