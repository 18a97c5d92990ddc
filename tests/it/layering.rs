//! Stages only look back.

use std::path::Path;

/// The stages in order. A file may name its own stage and those before it.
const ORDER: &[&str] = &[
    "source",
    "limits",
    "value",
    "diagnostics",
    "syntax",
    "resolve",
    "check",
    "facts",
    "lists",
    "normal",
    "diagram",
    "evaluate",
    "explain",
    "phrase",
    "reference",
    "packs",
    "error",
    "format",
    "ruleset",
    "clerk",
    "batch",
    "vocabulary",
    "interview",
    "paint",
    "timeline",
    "scenarios",
    "doc",
    "fates",
    "witness",
    "draw",
    "coverage",
    "diff",
    "lint",
    "strategy",
    "properties",
    "laws",
];

#[test]
fn stages_only_look_back() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (rank, stage) in ORDER.iter().enumerate() {
        for (file, text) in rust_files(&src, stage) {
            for later in &ORDER[rank + 1..] {
                if names(&text, later) {
                    wrong.push(format!("{file} ({stage}) names crate::{later}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_a_stage() {
    let lib =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs is there");
    let modules = lib.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let mut ranks = Vec::new();
    for module in modules {
        let rank = ORDER.iter().position(|stage| *stage == module);
        ranks.push(rank.unwrap_or_else(|| panic!("`{module}` has no place in the order of stages")));
    }
    assert!(ranks.is_sorted(), "lib.rs declares the stages in another order than they are in");
}

#[test]
fn only_the_grammar_names_the_parser_library() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, text) in rust_files(&src, "") {
        let named = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains("pest::"));
        assert!(!named || file.ends_with("syntax/grammar.rs"), "{file} names pest");
    }
}

/// What a file names of the crate it names by its stage, so that the order can be seen, and is held.
#[test]
fn every_import_names_its_stage() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, text) in
        rust_files(&src, "").into_iter().filter(|(file, _)| !file.starts_with("laws/") && !file.starts_with("bin/"))
    {
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        for line in text.lines().filter(is_code) {
            let hides = |(at, found): (usize, &str)| {
                let next = line[at + found.len()..].chars().next();
                next.is_some_and(|c| c == '{' || c == '*' || c.is_ascii_uppercase())
            };
            assert!(!line.match_indices("crate::").any(hides), "{file}: {line}");
        }
    }
}

/// `crate::later`, and not `crate::later_on`.
fn names(text: &str, stage: &str) -> bool {
    let wanted = format!("crate::{stage}");
    text.match_indices(&wanted).any(|(at, _)| {
        let next = text[at + wanted.len()..].chars().next();
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// `<stage>.rs` and everything under `<stage>/`; of the empty stage, everything.
fn rust_files(src: &Path, stage: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![src.join(stage)];
    if !stage.is_empty() {
        open.push(src.join(format!("{stage}.rs")));
    }
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder can be read");
            open.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") && path.exists() {
            let name = path.strip_prefix(src).expect("it is under src").to_string_lossy().replace('\\', "/");
            found.push((name, std::fs::read_to_string(&path).expect("a file can be read")));
        }
    }
    found
}
