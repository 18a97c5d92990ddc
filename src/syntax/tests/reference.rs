//! Every example of the language reference is read, and printed as it stands there.

use super::{concise, print, read, sound};

const REFERENCE: &str = include_str!("../../../grammar/README.md");

/// The fenced blocks with that exact info string, and the line each starts on.
fn blocks(info: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = REFERENCE.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line.strip_prefix("```") == Some(info) {
            let block: Vec<_> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            found.push((at + 2, block.join("\n") + "\n"));
        }
    }
    found
}

#[test]
fn every_whole_example_is_read() {
    let blocks = blocks("interdict");
    assert!(blocks.len() >= 8, "the reference has examples");
    for (line, text) in blocks {
        let (_, report) = read(&text);
        assert!(report.is_empty(), "grammar/README.md:{line}\n{}", concise(&text, &report));
    }
}

#[test]
fn every_whole_example_stands_in_the_canonical_layout() {
    for (line, text) in blocks("interdict") {
        assert_eq!(print(&sound(&text)), text, "grammar/README.md:{line}");
    }
}

/// A fragment is clauses of a paragraph, or facts of a scenario, or a condition.
#[test]
fn every_fragment_is_read_in_its_place() {
    for (line, text) in blocks("interdict,fragment") {
        let places = [
            text.clone(),
            format!("instrument R1 \"R 1\" of r adopted 2000-01-01 {{ paragraph 1 {{\n{text}\n}} }}"),
            format!("instrument R1 \"R 1\" of r adopted 2000-01-01 {{\n{text}\n}}"),
            format!("scenario \"s\" {{\n{text}\n}}"),
            format!("property \"p\" {{ when\n{text}\nalways is allowed }}"),
            format!("instrument R1 \"R 1\" of r adopted 2000-01-01 {{ paragraph 1 {{ prohibit any\n{text}\n}} }}"),
        ];
        assert!(places.iter().any(|text| !read(text).1.has_errors()), "grammar/README.md:{line}\n{text}");
    }
}

#[test]
fn the_reference_lists_the_reserved_words() {
    let grammar = include_str!("../../../grammar/interdict.pest");
    let start = grammar.find("\nreserved = ").expect("the grammar has reserved words");
    let rule = &grammar[start..start + grammar[start..].find("\n}").expect("the rule ends")];
    for word in rule.split('"').skip(1).step_by(2) {
        assert!(REFERENCE.contains(&format!("`{word}`")), "`{word}` is not in grammar/README.md");
    }
}
