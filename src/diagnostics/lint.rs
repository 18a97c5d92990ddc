//! The messages of the stage `lint`.

use crate::source::Span;
use crate::value::Date;

use super::code;
use super::report::{Diagnostic, Report};

impl Report {
    pub(crate) fn never_applies(&mut self, at: Span, name: &str) -> &mut Diagnostic {
        self.add(code::NEVER_APPLIES, at, format!("`{name}` can never apply: no activity meets what it asks for"))
    }

    pub(crate) fn never_lifts(&mut self, at: Span, name: &str, norms: &str) -> &mut Diagnostic {
        self.add(code::NEVER_LIFTS, at, format!("`{name}` can never lift {norms}: it is closed wherever that reaches"))
    }

    pub(crate) fn field_never_read(&mut self, at: Span, what: &str) {
        self.never_read(at, what)
            .help("a fact that only acts name in what they cover is read by nobody: `tolerate` it and say so");
    }

    pub(crate) fn reading_never_read(&mut self, at: Span, name: &str) {
        self.never_read(at, &format!("the reading `{name}`"))
            .help("whichever way it is read, every verdict is the same: name it in a condition, or leave it out");
    }

    fn never_read(&mut self, at: Span, what: &str) -> &mut Diagnostic {
        self.add(code::NEVER_READ, at, format!("no norm, exception or definition reads {what}"))
    }

    pub(crate) fn shadowed(&mut self, at: Span, name: &str, by: &str, places: &[Span], more: usize) {
        let message =
            format!("`{name}` changes no verdict: wherever it applies, `{by}` does, and is at least as strict");
        let diagnostic = self.add(code::SHADOWED, at, message);
        for place in places {
            diagnostic.see(*place, "this is at least as strict");
        }
        if more > 0 {
            diagnostic.help(format!("and so do {more} more"));
        }
    }

    pub(crate) fn presumption_hides(
        &mut self,
        at: Span,
        field: &str,
        value: &str,
        presumed: &str,
        stated: &str,
        witness: String,
    ) {
        let message = format!(
            "who leaves `{field}` out may get `{presumed}` where `{field} {value}` would get `{stated}`, and is not asked"
        );
        let diagnostic = self.add(code::PRESUMPTION_HIDES, at, message);
        diagnostic.witness = Some(witness);
    }

    pub(crate) fn empty_demand(&mut self, at: Span, name: &str, norm: &str, by: &str, place: Span) {
        let message =
            format!("what `{name}` demands is never needed: wherever it is open, `{by}` lifts `{norm}` without an act");
        self.add(code::EMPTY_DEMAND, at, message).see(place, "this lifts without an act");
    }

    pub(crate) fn exits_overlap(
        &mut self,
        at: Span,
        name: &str,
        norm: &str,
        other: &str,
        place: Span,
        witness: String,
    ) {
        let message = format!(
            "`{name}` demands an act for what `{other}` lifts from `{norm}` without one; neither is a case of the other"
        );
        let diagnostic = self.add(code::EXITS_OVERLAP, at, message);
        diagnostic.see(place, "this lifts without an act").witness = Some(witness);
    }

    pub(crate) fn gap(&mut self, at: Span, name: &str, done: &str, converse: &str, witness: String) {
        let message = format!("`{name}` prohibits `{done}` where no binding norm reaches the converse, `{converse}`");
        self.add(code::GAP, at, message).witness = Some(witness);
    }

    /// What `before` prohibits through a day, `again` prohibits from a later one.
    pub(crate) fn hole(&mut self, at: Span, again: (&str, Date), before: (&str, Date), place: Span, witness: String) {
        let message = format!(
            "`{}` prohibits from {} what `{}` prohibits through {}; on {} no binding norm reaches it",
            again.0,
            again.1,
            before.0,
            before.1,
            before.1.next()
        );
        self.add(code::GAP, at, message).see(place, "this ends before").witness = Some(witness);
    }

    pub(crate) fn unused_tolerance(&mut self, at: Span, what: &str) {
        self.add(code::UNUSED_TOLERANCE, at, format!("lint finds no `{what}` here to tolerate"))
            .help("leave the `tolerate` out");
    }
}
