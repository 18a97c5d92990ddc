//! The arguments.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  decided (whatever the verdict), sound, formatted, passed
  1  test: a scenario or property failed; fmt --check: a file would change;
     lint: a warning that the policy does not tolerate;
     coverage: the table and the policy differ;
     decide --exit-code: the activity may not go ahead as it stands
  2  the arguments make no sense, a file cannot be read or written, or whoever
     reads the output went away before there was an answer
  3  a fact was not understood: no verdict was given
  4  a policy was refused
  5  decide --exit-code: whether it may go ahead depends on missing facts";

const ASK_HELP: &str = "\
Answers, one line each:
  as in an activity   battle_tank, KP, 2023-09-13, 500 bbl, yes, none; several with commas
  of parties          their roles (counterparty, broker), how many there are, or JSON
  ?                   not known; it is not asked again
  why                 the paragraphs that depend on it
  words               what can be answered, all of it
  shortest            the shortest sets of answers that would settle the verdict
  quit                decide on what is known so far";

/// Is this activity allowed under the sanctions that bind us, by which paragraph, on that date, and if not, what
/// would lawfully change the answer?
#[derive(Debug, Parser)]
#[command(name = "interdict", version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check policies and report everything that is wrong with them
    Check(Check),
    /// Find what is sound and yet hardly meant: norms that never apply, exceptions that never lift, facts that nothing reads
    Lint(Check),
    /// Put policy files into their one canonical layout
    Fmt(Fmt),
    /// Run the scenarios and properties that policies state
    Test(Test),
    /// List the scenarios of policies, or write those that are missing
    Scenarios(Scenarios),
    /// Decide an activity
    Decide(Decide),
    /// Ask about an activity, only what can still change the verdict, and decide it
    Ask(Ask),
    /// Say what the verdict on an activity is on every day, and which paragraphs change it
    Timeline(Timeline),
    /// Draw the decision diagram: what is asked, in which order, and what decides on the way
    Draw(Draw),
    /// Compare two versions of a policy: which norms change which verdicts, or which of some cases change
    Diff(Diff),
    /// Write a policy as a page to read, every norm in sentences
    Doc(Doc),
    /// Turn a published sanctions list into a snapshot in JSON
    List(List),
    /// Say what an activity can say: its fields, and the words of each
    Terms(Terms),
    /// Say what became of every paragraph of the law that a pack encodes
    Coverage(Coverage),
    /// List the shipped packs
    Packs,
}

impl Command {
    /// Whether an exit code of 0 says more than that the output is whole.
    pub fn answers_by_exit_code(&self) -> bool {
        match self {
            Command::Check(_)
            | Command::Lint(_)
            | Command::Fmt(_)
            | Command::Test(_)
            | Command::Decide(_)
            | Command::Diff(_)
            | Command::Coverage(_) => true,
            Command::Scenarios(_)
            | Command::Ask(_)
            | Command::Timeline(_)
            | Command::Draw(_)
            | Command::Doc(_)
            | Command::List(_)
            | Command::Terms(_)
            | Command::Packs => false,
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Policy files, folders of `*.interdict` files, or names of shipped packs; checked together as one policy
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    /// How to report: drawn under the text, a line each, or for tools
    #[arg(long, value_enum, default_value_t = Report::Full)]
    pub format: Report,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Report {
    Full,
    Concise,
    Json,
}

#[derive(Debug, clap::Args)]
pub struct Fmt {
    /// Policy files, or folders of `*.interdict` files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change nothing; name the files that would change and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, clap::Args)]
pub struct Test {
    /// Policy files, folders of `*.interdict` files, or names of shipped packs; compiled together as one policy
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    /// A snapshot of a sanctions list, in JSON; may be repeated. No other list is loaded: scenarios state their facts
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
    /// Name the scenarios and properties that pass, too, and explain those that fail
    #[arg(long)]
    pub verbose: bool,
    /// Also take every norm and exception away in turn, and report those that no two scenarios show acting and held
    /// back; exits with 1 unless all are covered. Branches, the alternatives of an `or`, are reported too, and need not
    /// be covered. With --verbose, name the scenarios that cover each
    #[arg(long)]
    pub coverage: bool,
    /// Also hold the policy to laws that every policy should keep, on generated activities: withholding a fact never
    /// helps, a listed party never helps, more of a quota used up never helps, a detour never helps
    #[arg(long)]
    pub laws: bool,
    /// Activities to try per property that is not proved, and per law
    #[arg(long, default_value_t = 256, value_name = "N")]
    pub cases: u32,
    /// Where the search for counterexamples starts; the same seed tries the same activities
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
}

#[derive(Debug, clap::Args)]
pub struct Scenarios {
    /// Policy files, folders of `*.interdict` files, or names of shipped packs; compiled together as one policy
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    /// Instead write scenarios for what no scenario shows: norms and exceptions acting and held back, boundary days, and the
    /// alternatives of an `or`. They expect what the policy says now; a person judges whether the law says so before they are pasted into the policy
    #[arg(long)]
    pub missing: bool,
    /// Text to read and to paste, or everything for tools
    #[arg(long, value_enum, default_value_t = Answer::Text)]
    pub format: Answer,
}

#[derive(Debug, clap::Args)]
pub struct Doc {
    /// Policy files, folders of `*.interdict` files, or names of shipped packs; compiled together as one policy
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    /// One self-contained HTML file, or GitHub-flavoured Markdown
    #[arg(long, value_enum, default_value_t = Page::Html)]
    pub format: Page,
    /// Where to write it; standard output by default
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Spell out only what is in force on this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub date: Option<interdict::Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Page {
    Html,
    Markdown,
}

fn day(text: &str) -> Result<interdict::Date, String> {
    interdict::Date::parse(text).ok_or_else(|| "a date is written as 2023-09-13".to_owned())
}

#[derive(Debug, clap::Args)]
pub struct Coverage {
    /// A shipped pack that has a table of paragraphs: `un_dprk`
    #[arg(long, value_name = "PACK")]
    pub law: String,
    /// A line per paragraph, or everything for tools
    #[arg(long, value_enum, default_value_t = Answer::Text)]
    pub format: Answer,
}

#[derive(Debug, clap::Args)]
pub struct Terms {
    /// A shipped pack, a policy file, or a folder of `*.interdict` files
    pub policy: String,
    /// A field or vocabulary whose words to list (`action`, `purpose`); any other word is looked for in all of them.
    /// Without it: all fields, quotas, readings, authorities and lists
    pub word: Option<String>,
    /// How to answer: for people, or for programs (everything)
    #[arg(long, value_enum, default_value_t = TermsFormat::Text)]
    pub format: TermsFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TermsFormat {
    Text,
    Json,
}

/// Which lists are loaded.
#[derive(Debug, clap::Args)]
pub struct Lists {
    /// A snapshot of a sanctions list, in JSON; may be repeated. It takes the place of the shipped one
    #[arg(long = "list", value_name = "FILE")]
    pub given: Vec<PathBuf>,
    /// Leave out the lists that shipped packs bring
    #[arg(long)]
    pub no_shipped_lists: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Decide {
    /// A shipped pack, a policy file, or a folder of `*.interdict` files; may be repeated
    #[arg(long = "policy", required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    #[command(flatten)]
    pub lists: Lists,
    /// An explanation to read, or the decision as JSON
    #[arg(long, value_enum, default_value_t = Answer::Text)]
    pub format: Answer,
    /// The file holds one activity per line; each is decided alone, as soon as it is read, and a bad one is an error of
    /// its line only
    #[arg(long)]
    pub lines: bool,
    /// Exit with 1 if the activity may not go ahead, and with 5 if that depends on missing facts
    #[arg(long)]
    pub exit_code: bool,
    /// The activity in JSON; `-` reads standard input
    #[arg(value_name = "ACTIVITY")]
    pub activity: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Draw {
    /// Policy files, folders of `*.interdict` files, or names of shipped packs; compiled together as one policy
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    #[command(flatten)]
    pub lists: Lists,
    /// Draw only what is left of the diagram for this action
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// Draw only what is left of it on this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub date: Option<interdict::Date>,
    /// Draw only what is left of it for the facts of this activity, in JSON; `-` reads standard input
    #[arg(long = "given", value_name = "ACTIVITY")]
    pub facts: Option<PathBuf>,
    /// Mark the way of this activity, in JSON; `-` reads standard input, unless --given does
    #[arg(long, value_name = "ACTIVITY")]
    pub path: Option<PathBuf>,
    /// To read in a terminal, for Graphviz, for Mermaid, as a picture, or for programs
    #[arg(long, value_enum, default_value_t = Picture::Text)]
    pub format: Picture,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Picture {
    Text,
    Dot,
    Mermaid,
    Svg,
    Json,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exits with 1 if a verdict changes or it is not proved that none does; with --cases, if a case changes, and \
                  with 3 if one is not understood by both."
)]
pub struct Diff {
    /// The old version: a shipped pack, a policy file, or a folder of `*.interdict` files
    pub old: String,
    /// The new version
    pub new: String,
    /// Decide these activities by both, in JSON, one per line; `-` reads standard input. Without it: which norms change
    /// which verdicts, and where
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// Without --cases: show all regions that were found, not one of each kind
    #[arg(long)]
    pub verbose: bool,
    #[command(flatten)]
    pub lists: Lists,
    /// What changes, a line each, and how many from which verdict to which; or the lines as JSON
    #[arg(long, value_enum, default_value_t = Answer::Text)]
    pub format: Answer,
}

#[derive(Debug, clap::Args)]
#[command(after_help = ASK_HELP)]
pub struct Ask {
    /// Shipped packs, policy files, or folders of `*.interdict` files
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    /// What is known already: a file with an activity in JSON; standard input is for the answers
    #[arg(long, value_name = "FILE")]
    pub activity: Option<PathBuf>,
    #[command(flatten)]
    pub lists: Lists,
}

#[derive(Debug, clap::Args)]
pub struct Timeline {
    /// A shipped pack, a policy file, or a folder of `*.interdict` files; may be repeated
    #[arg(long = "policy", required = true, value_name = "POLICY")]
    pub policies: Vec<String>,
    #[command(flatten)]
    pub lists: Lists,
    /// Text to read, everything as JSON, or a drawing
    #[arg(long, value_enum, default_value_t = Drawn::Text)]
    pub format: Drawn,
    /// Also write the drawing to this file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// The activity in JSON, its date left open; `-` reads standard input
    #[arg(value_name = "ACTIVITY")]
    pub activity: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawn {
    Text,
    Json,
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    Text,
    Json,
}

#[derive(Debug, clap::Args)]
pub struct List {
    /// The published list
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What it is
    #[arg(long, value_enum)]
    pub format: ListFormat,
    /// The name of the list in policies
    #[arg(long = "as", value_name = "LIST")]
    pub list: String,
    /// Of the UN's list, take the entries of this UN_LIST_TYPE only, such as DPRK
    #[arg(long = "type", value_name = "TYPE")]
    pub of_type: Option<String>,
    /// Of the UN's list, a measure that entities carry; may be repeated. Without it they carry all
    #[arg(long = "entities-carry", value_name = "MEASURE")]
    pub entities_carry: Vec<String>,
    /// The first day on which the file is the list. Without it, the UN's list is trusted on the day on which it was
    /// generated, and a table on none
    #[arg(long, value_name = "DAY", requires = "trusted_through")]
    pub trusted_from: Option<String>,
    /// The last day on which the file is the list
    #[arg(long, value_name = "DAY", requires = "trusted_from")]
    pub trusted_through: Option<String>,
    /// How many entries there must be. A table does not show where it ends, so to be trusted it needs this
    #[arg(long, value_name = "N")]
    pub entries: Option<usize>,
    /// Where to write the snapshot; standard output if left out
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// The consolidated list of the UN Security Council
    UnXml,
    /// A table of designated vessels: un_ref, name, imo, designated_on, measures
    UnVesselsCsv,
}
