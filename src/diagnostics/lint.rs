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

    pub(crate) fn shadowed(&mut self, at: Span, name: &str, by: &str, places: &[Span], more: usize) {
        let message = format!("`{name}` changes no verdict: wherever it applies, `{by}` does, and is at least as strict");
        let diagnostic = self.add(code::SHADOWED, at, message);
        for place in places {
            diagnostic.see(*place, "this is at least as strict");
        }
        if more > 0 {
            diagnostic.help(format!("and so do {more} more"));
        }
    }

    pub(crate) fn unused_tolerance(&mut self, at: Span, what: &str) {
        self.add(code::UNUSED_TOLERANCE, at, format!("there is no `{what}` here to tolerate"))
            .help("leave the `tolerate` out");
    }
}
