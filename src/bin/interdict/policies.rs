//! From arguments to compiled policies.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use interdict::{Builder, CompileError, Lists, Ruleset, Snapshot};

use crate::{Stop, args};

/// What is compiled: every argument is a shipped pack's name, a file, or a folder of policy files.
pub fn builder(policies: &[String], lists: Lists) -> Result<Builder, Stop> {
    let mut builder = Ruleset::builder().lists(lists);
    for policy in policies {
        if interdict::packs::names().any(|pack| pack == policy) {
            builder = builder.pack(policy);
            continue;
        }
        if !Path::new(policy).exists() {
            let packs: Vec<&str> = interdict::packs::names().collect();
            let packs = packs.join("`, `");
            return Err(Stop::Usage(format!("`{policy}` is neither a file nor a shipped pack (there are `{packs}`)")));
        }
        for file in files(Path::new(policy))? {
            builder = builder.source(name(&file), read(&file)?);
        }
    }
    Ok(builder)
}

/// Compiles, or stops with the report drawn on standard error.
pub fn compile(policies: &[String], lists: &[PathBuf]) -> Result<Ruleset, Stop> {
    builder(policies, read_lists(lists)?)?.compile().map_err(|error| Stop::Policy(Box::new(error)))
}

/// The file itself, or the policy files of a folder and its folders, by name; there is at least one.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    walk(path, &mut BTreeSet::new(), &mut found)?;
    if found.is_empty() {
        return Err(Stop::Usage(format!(
            "no *.interdict file in {}\n  help: a folder stands for the files in it and in its folders whose names end in \
             `.interdict`",
            name(path)
        )));
    }
    Ok(found)
}

/// Adds the policy files of a folder and its folders. A link to a folder may lead back here, so each folder is read once.
fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>) -> Result<(), Stop> {
    let failed = |error| Stop::Io { path: name(folder), error };
    if !seen.insert(folder.canonicalize().map_err(failed)?) {
        return Ok(());
    }
    let mut entries = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        entries.insert(entry.map_err(failed)?.path());
    }
    // What stands here by itself keeps its name, whatever links lead to it.
    let (links, own): (Vec<PathBuf>, Vec<PathBuf>) = entries.into_iter().partition(|path| path.is_symlink());
    for path in own.into_iter().chain(links) {
        if path.is_dir() {
            walk(&path, seen, found)?;
        } else if path.extension().is_some_and(|ending| ending == "interdict") {
            found.push(path);
        }
    }
    Ok(())
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, Stop> {
    std::fs::read_to_string(path).map_err(|error| Stop::Io { path: name(path), error })
}

/// The JSON of a file; `-` is standard input.
pub fn read_or_input(path: &Path) -> Result<String, Stop> {
    if path != Path::new("-") {
        return read_json(path);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| Stop::Io { path: "standard input".into(), error })?;
    Ok(unmarked(text))
}

/// The JSON of a file.
pub fn read_json(path: &Path) -> Result<String, Stop> {
    read(path).map(unmarked)
}

/// A text without the byte order mark that some programs put before it. Policies are read with it: they know what it is.
pub fn unmarked(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

/// The name that messages show.
pub fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// An error as people read it, in colours when `to` is a terminal.
pub fn drawn(error: &CompileError, to: &impl IsTerminal) -> String {
    match error {
        CompileError::Refused(refusal) => {
            let report = refusal.report();
            format!("{}\n{}\n", report.render(refusal.sources(), colours(to)), count(report))
        }
        other => format!("error: {other}\n"),
    }
}

/// `3 errors, 1 warning`
pub fn count(report: &interdict::diagnostics::Report) -> String {
    use interdict::diagnostics::Severity;
    let count = |severity| report.iter().filter(|d| d.code.severity() == severity).count();
    let words = |n: usize, what: &str| match (n, what.split_once(' ')) {
        (1, _) => format!("1 {what}"),
        (_, Some((head, rest))) => format!("{n} {head}s {rest}"),
        (_, None) => format!("{n} {what}s"),
    };
    let parts =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Information, "point of information")];
    let parts = parts.into_iter().map(|(severity, what)| (count(severity), what)).filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, what)| words(n, what)).collect();
    if parts.is_empty() { words(0, "error") } else { parts.join(", ") }
}

/// Colours are for a person at a terminal who did not refuse them (<https://no-color.org>).
pub fn colours(to: &impl IsTerminal) -> bool {
    to.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The snapshots in files.
pub fn read_lists(paths: &[PathBuf]) -> Result<Lists, Stop> {
    let mut lists = Lists::new();
    for path in paths {
        let refused = |error| Stop::Usage(format!("{}: {error}", name(path)));
        let snapshot = Snapshot::from_json(&read_json(path)?).map_err(refused)?;
        lists = lists.with(snapshot).map_err(refused)?;
    }
    Ok(lists)
}

/// The snapshots in files, and those that the packs among the policies bring unless they are left out.
pub fn lists(it: &args::Lists, policies: &[String]) -> Result<Lists, Stop> {
    let lists = read_lists(&it.given)?;
    Ok(if it.no_shipped_lists { lists } else { with_shipped(lists, policies) })
}

/// Adds the lists that the packs among the policies bring, but for those that are loaded already.
fn with_shipped(mut lists: Lists, policies: &[String]) -> Lists {
    for snapshot in policies.iter().filter_map(|name| interdict::packs::lists(name)).flat_map(Lists::into_snapshots) {
        if lists.iter().all(|loaded| loaded.list() != snapshot.list()) {
            lists = lists.with(snapshot).expect("no list of that name is loaded");
        }
    }
    lists
}
