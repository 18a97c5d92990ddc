//! Dates that are known when the policy is compiled: `adopted + 90 days`.

use crate::diagnostics::Report;
use crate::source::Span;
use crate::syntax::tree::{DateExpr, DateUnit};
use crate::value::Date;

use super::declarations::Declarations;

/// The day an expression means; `adopted` is that of the instrument at hand.
/// Months are clamped to the last day of a shorter month.
pub(crate) fn day(
    written: &DateExpr,
    adopted: Option<Date>,
    declarations: &Declarations<'_>,
    report: &mut Report,
) -> Option<Date> {
    // `adopted + 1 months + 1 days` nests to the left: collect the steps, then take them in order.
    let mut steps = Vec::new();
    let mut base = written;
    while let DateExpr::Plus { base: inner, count, unit } = base {
        steps.push((count, *unit));
        base = inner;
    }
    let mut day = match base {
        DateExpr::Day(date) => date.it,
        DateExpr::Adopted(at) => match adopted {
            Some(date) => date,
            None => {
                report.adopted_of_nothing(at.0);
                return None;
            }
        },
        DateExpr::AdoptedOf(name) => declarations.instruments[declarations.instrument(name, report)?.at()].adopted,
        DateExpr::Plus { .. } => unreachable!("the loop above went through every sum"),
    };
    for (count, unit) in steps.into_iter().rev() {
        let next = match unit {
            DateUnit::Days => day.plus_days(count.it),
            DateUnit::Months => day.plus_months(count.it),
            DateUnit::Years => count.it.checked_mul(12).and_then(|months| day.plus_months(months)),
        };
        match next {
            Some(next) => day = next,
            None => {
                report.outside_the_calendar(count.span);
                return None;
            }
        }
    }
    Some(day)
}

/// Where a date stands.
pub(crate) fn place(written: &DateExpr) -> Span {
    match written {
        DateExpr::Day(date) => date.span,
        DateExpr::Adopted(at) => at.0,
        DateExpr::AdoptedOf(name) => name.span,
        DateExpr::Plus { base, count, .. } => place(base).to(count.span),
    }
}
