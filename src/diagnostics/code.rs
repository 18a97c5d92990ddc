//! The table of codes: each kind of fault is declared here once.

use std::fmt;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// The policy is accepted; the author should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// What the table says of a code.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct CodeInfo {
    /// Kebab-case name; never reused.
    pub id: &'static str,
    /// The stage that finds it.
    pub stage: &'static str,
    /// Its weight.
    pub severity: Severity,
    /// What it means, in one line.
    pub summary: &'static str,
}

/// The stable name of a kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(&'static CodeInfo);

impl Code {
    /// The whole row of the table.
    pub fn info(self) -> &'static CodeInfo {
        self.0
    }

    /// The kebab-case name.
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// Its weight.
    pub fn severity(self) -> Severity {
        self.0.severity
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

macro_rules! codes {
    ($($name:ident = $severity:ident $stage:literal $id:literal $summary:literal;)*) => {
        $(#[doc = concat!("`", $id, "`: ", $summary, ".")]
          pub const $name: Code = Code({
              static INFO: CodeInfo =
                  CodeInfo { id: $id, stage: $stage, severity: Severity::$severity, summary: $summary };
              &INFO
          });)*
        /// Every live code, in the order they are declared.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // syntax
    SYNTAX = Error "syntax" "syntax" "the text does not follow the grammar";

    // resolve
    DUPLICATE_NAME = Error "resolve" "duplicate-name" "two things of one kind have the same name";
    UNKNOWN_NAME = Error "resolve" "unknown-name" "nothing in scope has this name";
}

/// Codes that were given once: `(id, what took its place)`.
pub const RETIRED: &[(&str, &str)] = &[];
