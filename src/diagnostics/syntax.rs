//! The messages of the stage `syntax`: a stage says what it saw, and how it reads is here.

use crate::source::Span;

use super::code;
use super::report::{Diagnostic, Report};

impl Report {
    pub(crate) fn nested_too_deep(&mut self, at: Span, limit: usize) {
        self.add(code::NESTED_TOO_DEEP, at, format!("this is nested deeper than {limit} levels"))
            .help("give a part of it a name with `define`");
    }

    pub(crate) fn chain_too_long(&mut self, at: Span, limit: usize) {
        self.add(code::CHAIN_TOO_LONG, at, format!("this condition joins more than {limit} parts"))
            .help("use `any of { … }`, or give a part of it a name with `define`");
    }

    /// `noticed` is the place where it became clear that the bracket is open, and what stands there.
    pub(crate) fn unclosed_bracket(&mut self, at: Span, opener: char, noticed: Option<(Span, &str)>) {
        let closer = closer(opener);
        let d = self.add(code::UNCLOSED_BRACKET, at, format!("this `{opener}` is not closed"));
        match noticed {
            Some((place, word)) => d.see(place, format!("`{word}` stands here before any `{closer}`")),
            None => d.help(format!("the text ends before any `{closer}`")),
        };
    }

    pub(crate) fn mismatched_bracket(&mut self, at: Span, opener: char, closed: Span, by: char) {
        self.add(code::UNCLOSED_BRACKET, at, format!("this `{opener}` is closed by `{by}`"))
            .see(closed, format!("`{}` was expected here", closer(opener)));
    }

    pub(crate) fn unopened_bracket(&mut self, at: Span, bracket: char) {
        self.add(code::UNOPENED_BRACKET, at, format!("this `{bracket}` closes nothing"));
    }

    /// A `}` ended a block, but what follows belongs inside.
    pub(crate) fn closed_too_early(&mut self, at: Span, opened: Span, next: Span, word: &str) {
        self.add(code::UNOPENED_BRACKET, at, "this `}` is one too many")
            .see(opened, "it closes the block that starts here")
            .see(next, format!("but this `{word}` belongs inside"));
    }

    pub(crate) fn unclosed_string(&mut self, at: Span) {
        self.add(code::UNCLOSED_STRING, at, "this text has no closing `\"` on its line")
            .help("a text ends on the line where it starts");
    }

    pub(crate) fn curly_quote(&mut self, at: Span) {
        self.add(code::CURLY_QUOTE, at, "this text stands in typographic quotation marks")
            .help("write straight quotation marks: `\"…\"`");
    }

    pub(crate) fn bidi_control(&mut self, at: Span, character: char) {
        let message =
            format!("the invisible character U+{:04X} changes the order in which this line is shown", character as u32);
        self.add(code::BIDI_CONTROL, at, message).help("remove it: what is shown must be what is law");
    }

    pub(crate) fn bidi_in_string(&mut self, at: Span, character: char) {
        let message =
            format!("the invisible character U+{:04X} changes the order in which this text is shown", character as u32);
        self.add(code::BIDI_IN_STRING, at, message);
    }

    pub(crate) fn reserved_word(&mut self, at: Span, word: &str, wanted: &str) -> &mut Diagnostic {
        self.add(code::RESERVED_WORD, at, format!("`{word}` is a word of the language and cannot be {wanted}"))
    }

    /// `readings` are the same condition with brackets put in the two ways.
    pub(crate) fn mixed_and_or(&mut self, at: Span, first: Span, other: Span, readings: [String; 2]) {
        let [one, two] = readings;
        self.add(code::MIXED_AND_OR, at, "`and` and `or` are mixed without brackets")
            .see(first, "one connective")
            .see(other, "and the other")
            .help(format!("write either `{one}` or `{two}`"));
    }

    pub(crate) fn foreign_operator(&mut self, at: Span, found: &str, write: &str) {
        self.add(code::FOREIGN_OPERATOR, at, format!("`{found}` is not a sign of the language"))
            .help(format!("write `{write}`"));
    }

    pub(crate) fn missing_is(&mut self, at: Span, field: &str, value: &str) {
        self.add(code::MISSING_IS, at, format!("there is no `is` or `under` between `{field}` and `{value}`"))
            .help("it may be left out between the braces of a record only, as in `some party { nationality KP }`");
    }

    pub(crate) fn malformed_date(&mut self, at: Span, found: &str, meant: Option<String>) {
        self.add(code::MALFORMED_DATE, at, format!("`{found}` is not a day")).help(match meant {
            Some(meant) => format!("write year, month and day: `{meant}`"),
            None => "a day is written as year, month and day, like `2017-12-22`".to_owned(),
        });
    }

    pub(crate) fn malformed_number(&mut self, at: Span, found: &str, help: Option<String>) {
        self.add(code::MALFORMED_NUMBER, at, format!("`{found}` is not a number that fits here")).maybe_help(help);
    }

    pub(crate) fn bare_period(&mut self, at: Span, word: &str) {
        self.add(code::BARE_PERIOD, at, format!("`{word}` does not say whether the day itself counts"))
            .help("write `through` for a last day that counts; in a condition, `before` for one that does not");
    }

    pub(crate) fn missing_part(&mut self, at: Span, what: &str, help: &str) {
        self.add(code::MISSING_PART, at, what).help(help);
    }

    pub(crate) fn repeated_part(&mut self, at: Span, first: Span, what: &str, help: Option<&str>) {
        self.add(code::REPEATED_PART, at, format!("{what} stands here a second time"))
            .see(first, "it stands here already")
            .maybe_help(help.map(str::to_owned));
    }

    pub(crate) fn misplaced_part(&mut self, at: Span, what: &str, help: &str) {
        self.add(code::MISPLACED_PART, at, what).help(help);
    }

    /// The parser stopped. `expected` are words for people, most telling first.
    pub(crate) fn unexpected(&mut self, at: Span, found: &str, expected: &[String], help: Option<String>) {
        const SHOWN: usize = 5;
        let list = match expected {
            [] => String::new(),
            [one] => format!("expected {one}, "),
            few if few.len() <= SHOWN => {
                format!("expected {} or {}, ", few[..few.len() - 1].join(", "), few[few.len() - 1])
            }
            many => format!("expected {} or {} others, ", many[..SHOWN - 1].join(", "), many.len() - SHOWN + 1),
        };
        let message =
            if list.is_empty() { format!("{found} does not belong here") } else { format!("{list}found {found}") };
        self.add(code::SYNTAX, at, message).maybe_help(help);
    }
}

fn closer(opener: char) -> char {
    match opener {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
