//! The messages of the stage `lint`.

use crate::source::Span;

use super::code;
use super::report::{Diagnostic, Report};

impl Report {
    pub(crate) fn never_applies(&mut self, at: Span, name: &str) -> &mut Diagnostic {
        self.add(code::NEVER_APPLIES, at, format!("`{name}` can never apply: no activity meets what it asks for"))
    }

    pub(crate) fn never_lifts(&mut self, at: Span, name: &str, norms: &str) -> &mut Diagnostic {
        self.add(code::NEVER_LIFTS, at, format!("`{name}` can never lift {norms}: it is closed wherever that reaches"))
    }

    pub(crate) fn never_read(&mut self, at: Span, what: &str) -> &mut Diagnostic {
        self.add(code::NEVER_READ, at, format!("no norm, exception or definition reads {what}"))
            .help("a fact that only acts name in what they cover is read by nobody: `tolerate` it and say so")
    }

    pub(crate) fn unused_tolerance(&mut self, at: Span, what: &str) {
        self.add(code::UNUSED_TOLERANCE, at, format!("there is no `{what}` here to tolerate"))
            .help("leave the `tolerate` out");
    }
}
