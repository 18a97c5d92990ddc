//! The table of codes: each kind of fault is declared here once.

use std::fmt;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// The policy is accepted; the author should look.
    Warning,
    /// Worth knowing, and often on purpose.
    Information,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
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

    /// Whether `tolerate` may name it: what lint finds in a policy, but for a `tolerate` that is of no use.
    pub(crate) fn is_tolerable(self) -> bool {
        self.0.stage == "lint" && self != UNUSED_TOLERANCE
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
    UNKNOWN_TYPE = Error "resolve" "unknown-type" "a field has a type that is neither built in nor declared";
    NAME_TAKEN = Error "resolve" "name-taken" "a name that the language uses itself";
    EMPTY_TAXONOMY = Error "resolve" "empty-taxonomy" "a taxonomy without terms";
    MALFORMED_CODE = Error "resolve" "malformed-code" "an HS code that is not two, four, six, eight or ten digits";
    NOT_CODED = Error "resolve" "not-coded" "`coded by` joins two fields that cannot describe the same goods";
    IMPOSSIBLE_UNIT = Error "resolve" "impossible-unit" "a unit that cannot be converted to a base unit";
    ONE_GROUP_BINDS = Error "resolve" "one-group-binds" "a regime binds more than one group";
    NORM_WITHOUT_NAME = Error "resolve" "norm-without-name" "one of several norms of a paragraph has no name";
    WIDENED_OF_ANOTHER = Error "resolve" "widened-of-another" "a definition is widened for another kind of record";
    ACTIVITY_INCOMPLETE = Error "resolve" "activity-incomplete" "the activity lacks a field that every decision needs";
    NO_ADOPTION = Error "resolve" "no-adoption" "`adopted` is said outside an instrument";
    NO_SUCH_DAY = Error "resolve" "no-such-day" "a date lies outside the calendar";
    EMPTY_PERIOD = Error "check" "empty-period" "a period ends before it begins";

    // check
    WRONG_VALUE = Error "check" "wrong-value" "a field is compared with a value of another type";
    UNIT_MISSING = Error "check" "unit-missing" "an amount is written without its unit";
    WRONG_UNIT = Error "check" "wrong-unit" "an amount is compared with a unit of another kind";
    UNKNOWN_CURRENCY = Error "check" "unknown-currency" "a currency that ISO 4217 does not have";
    AMOUNT_TOO_LARGE = Error "check" "amount-too-large" "an amount cannot be converted to its base unit";
    NOT_ORDERED = Error "check" "not-ordered" "a field that has no order is compared by order";
    WRONG_EMPTINESS = Error "check" "wrong-emptiness" "`is empty` is asked of one value, or `is none` of a list";
    NO_RECORD_AT_HAND = Error "check" "no-record-at-hand" "a condition on a party stands where no party is meant";
    DEFINED_OF_ANOTHER = Error "check" "defined-of-another" "a definition of one kind of record is asked of another";
    NOT_A_CONDITION = Error "check" "not-a-condition" "a name stands as a condition that is not yes or no";
    NOT_COUNTABLE = Error "check" "not-countable" "`some`, `no` or `at least` names nothing that can be counted";
    NO_ACT_OUTSIDE_PROPERTY = Error "check" "no-act-outside-property" "`no act` is said outside a property";
    DEFINITION_CYCLE = Error "check" "definition-cycle" "a definition leads back to itself";
    DEFINITIONS_TOO_LARGE = Error "check" "definitions-too-large" "a definition has more than 20000 conditions with all that it names";
    DEFINITIONS_TOO_DEEP = Error "check" "definitions-too-deep" "a chain of definitions is longer than 64";
    DANGLING_REFERENCE = Error "check" "dangling-reference" "a reference names nothing that any instrument contains";
    WRONG_TARGET = Error "check" "wrong-target" "a reference names a thing of a kind that cannot stand there";
    OTHER_REGIME = Error "check" "other-regime" "an exemption reaches into another regime";
    DEFEAT_CYCLE = Error "check" "defeat-cycle" "paragraphs defeat each other in a circle";
    REQUIREMENT_INCOMPLETE = Error "check" "requirement-incomplete" "an act is required without saying whose, to whom or when";
    NOTICE_ONLY = Error "check" "notice-only" "an act that is no notice has a part that only notices have";
    NOT_A_COUNTRY = Error "check" "not-a-country" "an act is asked of a field that is no country";
    NOT_AN_AMOUNT = Error "check" "not-an-amount" "a quota counts a field that is no amount";
    LIMITS_APART = Error "check" "limits-apart" "limits joined by `or` are not one limit in several units";
    NOT_POSITIVE = Error "check" "not-positive" "a number of days, months or records is out of its range";
    PRESUMPTION_ENDS = Error "check" "presumption-ends" "a presumption stands in a paragraph that ends, and would not end with it";
    ACTION_MISSING = Error "check" "action-missing" "a prohibition or duty without an action";
    UNKNOWN_VERDICT = Error "check" "unknown-verdict" "no verdict has this name";
    UNKNOWN_PACK = Error "ruleset" "unknown-pack" "`use` names a pack that is not shipped";
    SCENARIO_FACTS = Error "ruleset" "scenario-facts" "a scenario states a fact that is not understood";
    STATED_TWICE = Error "check" "stated-twice" "a scenario states one fact twice";
    FINDING_INCOMPLETE = Error "check" "finding-incomplete" "`found` needs a list of findings that the schema does not have";
    EXCEPTIONAL_WITHOUT_REQUIREMENT = Warning "check" "exceptional-without-requirement" "an exceptional route asks for no act";
    NEVER_IN_FORCE = Warning "check" "never-in-force" "a norm or exception is replaced before it begins";
    EXEMPTS_NOTHING = Warning "check" "exempts-nothing" "an exemption names a place without a norm that it could lift";
    NOTHING_EXPECTED = Warning "check" "nothing-expected" "a scenario expects nothing";
    UNUSED_DEFINITION = Warning "check" "unused-definition" "no condition uses this definition";
    UNKNOWN_LINT = Error "check" "unknown-lint" "`tolerate` names no finding of lint";

    // lint
    NEVER_APPLIES = Warning "lint" "never-applies" "no activity meets the condition of a norm";
    NEVER_LIFTS = Warning "lint" "never-lifts" "an exception or exemption is closed wherever its norm reaches";
    NEVER_READ = Warning "lint" "never-read" "a fact is declared and no norm, exception or definition reads it";
    SHADOWED = Information "lint" "shadowed" "a norm that is at least as strict applies wherever this one does";
    PRESUMPTION_HIDES = Warning "lint" "presumption-hides" "a fact that is presumed would make a verdict stricter, stated otherwise";
    EMPTY_DEMAND = Warning "lint" "empty-demand" "an exception demands an act where another lifts the same norm without one";
    EXITS_OVERLAP = Information "lint" "exits-overlap" "of two exceptions that overlap, one demands an act and the other does not";
    GAP = Information "lint" "gap" "an activity is prohibited, and its converse, or the same on days between, is reached by no norm";
    UNUSED_TOLERANCE = Warning "lint" "unused-tolerance" "what `tolerate` names was not found";
}

/// Codes that were given once: `(id, what took its place)`.
pub const RETIRED: &[(&str, &str)] = &[];
