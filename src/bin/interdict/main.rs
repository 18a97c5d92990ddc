//! The program `interdict`: reads files and arguments, calls the library, prints. It decides nothing itself.

mod args;
mod ask;
mod check;
mod coverage;
mod decide;
mod diff;
mod doc;
mod draw;
mod fmt;
mod lines;
mod lint;
mod list;
mod packs;
mod policies;
mod scenarios;
mod terms;
mod test;
mod timeline;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// What a run came to. The numbers are documented in `--help` and in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Decided, sound, formatted, passed.
    Ok = 0,
    /// `decide --exit-code`: it may not go ahead. `test`: something failed. `fmt --check`: a file would change.
    /// `coverage`: the table and the policy differ. `lint`: a warning.
    No = 1,
    /// The arguments make no sense, a file cannot be read or written, or nobody read the output to the end and the
    /// answer was not known yet.
    Usage = 2,
    /// A fact was not understood; there is no decision.
    Facts = 3,
    /// A policy was refused.
    Policy = 4,
    /// `decide --exit-code`: whether it may go ahead depends on missing facts.
    Unknown = 5,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Command::Check(it) => check::run(it),
        Command::Lint(it) => lint::run(it),
        Command::Fmt(it) => fmt::run(it),
        Command::Test(it) => test::run(it),
        Command::Scenarios(it) => scenarios::run(it),
        Command::Decide(it) => decide::run(it),
        Command::Ask(it) => ask::run(it),
        Command::Timeline(it) => timeline::run(it),
        Command::Draw(it) => draw::run(it),
        Command::Diff(it) => diff::run(it),
        Command::Doc(it) => doc::run(it),
        Command::List(it) => list::run(it),
        Command::Terms(it) => terms::run(it),
        Command::Coverage(it) => coverage::run(it),
        Command::Packs => packs::run(),
    };
    let exit = done.unwrap_or_else(|stop| stop.tell(&args.command));
    ExitCode::from(exit as u8)
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Stop {
    /// A file, or standard output.
    Io {
        /// Which.
        path: String,
        /// What went wrong.
        error: std::io::Error,
    },
    /// Something in the arguments.
    Usage(String),
    /// The policies were not compiled; drawn on standard error.
    Policy(Box<interdict::CompileError>),
}

impl Stop {
    fn tell(self, command: &Command) -> Exit {
        match self {
            // Whoever reads our output has enough of it: `interdict … | head`. That must not pass for an answer.
            Stop::Io { error, .. } if error.kind() == ErrorKind::BrokenPipe => {
                if command.answers_by_exit_code() {
                    Exit::Usage
                } else {
                    Exit::Ok
                }
            }
            Stop::Io { path, error } => {
                tell(&format!("error: {path}: {error}\n"));
                Exit::Usage
            }
            Stop::Usage(message) => {
                tell(&format!("error: {message}\n"));
                Exit::Usage
            }
            Stop::Policy(error) => {
                tell(&policies::drawn(&error, &std::io::stderr()));
                Exit::Policy
            }
        }
    }
}

/// Prints to standard output at once; a reader that went away ends the run quietly.
pub fn put(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    printed.map_err(|error| Stop::Io { path: "standard output".into(), error })
}

/// Prints to standard error; where nobody hears it, the exit code says enough.
pub fn tell(text: &str) {
    let mut to = std::io::stderr().lock();
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

/// What a run came to whose answer was known before the last of it was printed: it stands, whoever reads it.
pub fn answered(printed: Result<(), Stop>, exit: Exit) -> Result<Exit, Stop> {
    match printed {
        Err(Stop::Io { error, .. }) if error.kind() == ErrorKind::BrokenPipe => Ok(exit),
        printed => printed.map(|()| exit),
    }
}

/// Prints a value as JSON, indented.
pub fn put_json(value: &impl serde::Serialize) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(value).expect("plain data with text keys has a JSON form");
    put(&(text + "\n"))
}
