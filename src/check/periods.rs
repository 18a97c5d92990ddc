//! From when and through when something has effect.

use crate::resolve::days::{day, place};
use crate::syntax::tree;
use crate::value::Date;

use super::Checker;
use super::program::{Paragraph, Period};

impl Checker<'_, '_> {
    pub(super) fn paragraphs(&mut self) -> Vec<Paragraph> {
        let decl = self.decl;
        let paragraphs = decl.paragraphs.iter();
        paragraphs
            .map(|paragraph| {
                let adopted = decl.instruments[paragraph.instrument.at()].adopted;
                let default = Period { from: adopted, through: None };
                let period = self.period(&paragraph.written.period, default, Some(adopted));
                Paragraph {
                    instrument: paragraph.instrument,
                    label: paragraph.written.label.it.clone(),
                    title: paragraph.written.title.as_ref().map(|title| title.it.clone()),
                    name: paragraph.name.clone(),
                    citation: paragraph.citation.clone(),
                    from: period.from,
                    through: period.through,
                    replaces: paragraph.written.replaces.iter().map(|name| name.it.clone()).collect(),
                    span: paragraph.span,
                }
            })
            .collect()
    }

    /// The days that are written, with the default for an end that is not.
    pub(super) fn period(&mut self, written: &tree::Period, default: Period, adopted: Option<Date>) -> Period {
        let from = written.from.as_ref().and_then(|written| day(written, adopted, self.decl, self.report));
        let through = written.through.as_ref().and_then(|written| day(written, adopted, self.decl, self.report));
        let period = Period { from: from.unwrap_or(default.from), through: through.or(default.through) };
        if let Some(through) = period.through
            && through < period.from
            && let Some(at) = written.through.as_ref().or(written.from.as_ref())
        {
            self.report.empty_period(place(at), period.from, through);
        }
        period
    }
}

/// The days of both.
pub(super) fn both(one: Period, other: Period) -> Period {
    let through = match (one.through, other.through) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Period { from: one.from.max(other.from), through }
}

/// True when no day is left.
pub(super) fn is_empty(period: Period) -> bool {
    period.through.is_some_and(|through| through < period.from)
}
