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
    NESTED_TOO_DEEP = Error "syntax" "nested-too-deep" "brackets or `not`s are nested deeper than the limit";
    CHAIN_TOO_LONG = Error "syntax" "chain-too-long" "a condition joins more parts than the limit";
    UNCLOSED_BRACKET = Error "syntax" "unclosed-bracket" "a bracket is never closed, or closed by one of another kind";
    UNOPENED_BRACKET = Error "syntax" "unopened-bracket" "a closing bracket has no opening one";
    UNCLOSED_STRING = Error "syntax" "unclosed-string" "a quoted text does not end on its line";
    CURLY_QUOTE = Error "syntax" "curly-quote" "a text stands in typographic quotation marks";
    BIDI_CONTROL = Error "syntax" "bidi-control" "an invisible character changes the order in which the text is shown";
    BIDI_IN_STRING = Warning "syntax" "bidi-in-string" "a quoted text contains an invisible character that changes its order";
    RESERVED_WORD = Error "syntax" "reserved-word" "a word of the language stands where a name should";
    MIXED_AND_OR = Error "syntax" "mixed-and-or" "`and` and `or` are mixed without brackets";
    FOREIGN_OPERATOR = Error "syntax" "foreign-operator" "a sign of another language stands for a word of this one";
    MISSING_IS = Error "syntax" "missing-is" "a field and a value stand side by side outside braces";
    MALFORMED_DATE = Error "syntax" "malformed-date" "this is not a day in the form year-month-day";
    MALFORMED_NUMBER = Error "syntax" "malformed-number" "this is not a number, or not one that fits here";
    BARE_PERIOD = Error "syntax" "bare-period" "`to` and `until` do not say whether the day itself counts";
    MISSING_PART = Error "syntax" "missing-part" "something that may not be left out is not there";
    REPEATED_PART = Error "syntax" "repeated-part" "a part that may stand once stands twice";
    MISPLACED_PART = Error "syntax" "misplaced-part" "a part does not belong where it stands";

    // resolve
    DUPLICATE_NAME = Error "resolve" "duplicate-name" "two things of one kind have the same name";
    UNKNOWN_NAME = Error "resolve" "unknown-name" "nothing in scope has this name";
}

/// Codes that were given once: `(id, what took its place)`.
pub const RETIRED: &[(&str, &str)] = &[];
