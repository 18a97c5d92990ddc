//! How faults of policies are reported. Each text in `tests/bad` has one fault and is named after its code, with a
//! variant behind `--`; its snapshot beside it holds the drawn report and the report for tools.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use interdict::diagnostics::{Report, Severity, code};
use interdict::{CompileError, Ruleset, Sources};

/// Codes that no file shows, each with the reason.
const NOT_IN_FILES: &[(&str, &str)] = &[
    ("action-missing", "the grammar reads no norm without an action; the checker does not rely on that"),
    ("chain-too-long", "a condition of 5,000 parts is made by `a_long_chain_is_refused`"),
];

#[test]
fn every_fault_is_reported_under_its_code() {
    let mut wrong = Vec::new();
    for (name, text) in bad_files() {
        let expected = code_of(&name);
        let (report, _) = compile(&name, &text);
        if !report.iter().any(|d| d.code.id() == expected) {
            wrong.push(format!("{name} gives no {expected}:\n{report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_error_refuses_and_a_warning_does_not() {
    for (name, text) in bad_files() {
        let severity =
            code::ALL.iter().find(|c| c.id() == code_of(&name)).expect("files are named after codes").severity();
        let refused = Ruleset::compile(&name, &text).is_err();
        assert_eq!(refused, severity == Severity::Error, "{name}");
    }
}

#[test]
fn every_code_has_a_file() {
    let files: BTreeSet<String> = bad_files().iter().map(|(name, _)| code_of(name).to_owned()).collect();
    let known: BTreeSet<&str> = code::ALL.iter().map(|code| code.id()).collect();
    let without: Vec<&&str> =
        known.iter().filter(|id| !files.contains(**id) && NOT_IN_FILES.iter().all(|(other, _)| other != *id)).collect();
    assert!(without.is_empty(), "no file in tests/bad shows {without:?}");
    assert!(bad_files().len() >= 40);
}

#[test]
fn codes_are_unique_and_none_is_used_again() {
    let mut seen = BTreeSet::new();
    for code in code::ALL {
        assert!(seen.insert(code.id()), "{} is declared twice", code.id());
        assert!(code::RETIRED.iter().all(|(old, _)| *old != code.id()), "{} was retired", code.id());
    }
}

#[test]
fn messages_read_alike() {
    for (name, text) in bad_files() {
        for diagnostic in compile(&name, &text).0.iter() {
            let message = &diagnostic.message;
            assert!(!message.ends_with('.'), "{name}: full stop in `{message}`");
            assert!(!message.contains('\n'), "{name}: line break in `{message}`");
            assert!(!message.starts_with(char::is_uppercase), "{name}: upper case in `{message}`");
        }
    }
}

#[test]
fn three_unrelated_faults_are_three_reports() {
    let text = r#"
use std
regime house "House rules" { authority committee "Committee" }
instrument A "Act A" of house adopted 2020-01-01 {
    paragraph 1 "Arms" { prohibit supply when item under amrs }
    paragraph 2 "Money" { prohibit finance when value > 500 bbl }
    paragraph 3 "Period" from 2021-01-01 through 2020-12-31 { prohibit transit }
}
"#;
    let (report, _) = compile("three.interdict", text);
    let codes: Vec<&str> = report.iter().map(|d| d.code.id()).collect();
    assert_eq!(codes, ["unknown-name", "wrong-unit", "empty-period"]);
}

#[test]
fn a_long_chain_is_refused() {
    let parts = vec!["origin is KP"; 5_000].join(" or ");
    let text = format!(
        "use std\nregime house \"House\" {{ authority committee \"Committee\" }}\n\
         instrument A \"Act\" of house adopted 2020-01-01 {{ paragraph 1 {{ prohibit supply when {parts} }} }}\n"
    );
    let (report, _) = compile("long.interdict", &text);
    assert!(report.iter().any(|d| d.code.id() == "chain-too-long"), "{report}");
}

#[cfg(feature = "render")]
#[test]
fn reports_read_as_they_did() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _settings = settings.bind_to_scope();
    for (name, text) in bad_files() {
        let (report, sources) = compile(&name, &text);
        let data = serde_json::to_string_pretty(&report.located(&sources)).expect("a report is plain data");
        insta::assert_snapshot!(
            name.trim_end_matches(".interdict"),
            format!("{}\n{data}", report.render(&sources, false))
        );
    }
}

/// What there is to say of a text: the report of its refusal, or the warnings; of a file that shows a finding of lint, what
/// lint finds.
fn compile(name: &str, text: &str) -> (Report, Sources) {
    match Ruleset::compile(name, text) {
        Ok(rules) if code::ALL.iter().any(|code| code.id() == code_of(name) && code.info().stage == "lint") => {
            (rules.lint().findings, rules.sources().clone())
        }
        Ok(rules) => (rules.warnings().clone(), rules.sources().clone()),
        Err(CompileError::Refused(refusal)) => (refusal.report().clone(), refusal.sources().clone()),
        Err(other) => panic!("{name}: {other}"),
    }
}

/// Names and texts, by name.
fn bad_files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder())
        .expect("tests/bad is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "interdict"))
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a text can be read"))
        })
        .collect();
    files.sort();
    files
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")
}

fn code_of(name: &str) -> &str {
    let stem = name.trim_end_matches(".interdict");
    stem.split_once("--").map_or(stem, |(code, _)| code)
}
