//! Whether the quotas of an exit are kept by one activity, for a norm that it reaches and an exit that is for it.

use crate::check::program::{ExitId, Limit, Quota};
use crate::diagram::code::Truth;
use crate::facts::tape::Cell;
use crate::value::Decimal;

use super::{Dom, FactRow, Fill, tables};

/// The least and the greatest that an amount may be; `most` is open above when nobody knows.
#[derive(Clone, Copy)]
struct Range {
    least: Decimal,
    most: Option<Decimal>,
}

impl FactRow<'_, '_> {
    pub(super) fn quotas_kept(&self, exit: ExitId) -> Truth {
        if self.how.learning {
            self.looked.set(true);
            return Truth::OPEN;
        }
        let quotas = &self.basis.ground.program.exits[exit.at()].quotas;
        quotas.iter().fold(Truth::YES, |all, quota| all.and(self.kept(exit, quota)))
    }

    fn kept(&self, exit: ExitId, quota: &Quota) -> Truth {
        let used = self.tape.used(exit, quota.unit).filter(|_| self.date.is_some());
        let limit = match quota.limit {
            Limit::Amount(limit) => Some(limit),
            Limit::Level { .. } => self.tape.level(exit, quota.unit),
        };
        if !quota.or.is_empty()
            && self.how.complete
            && !self.tape.in_all_units
            && let Cell::Amounts(span) = self.tape.activity(quota.field)
        {
            let stated = |unit| self.tape.amounts(span).iter().any(|(of, _)| *of == unit);
            if !stated(quota.unit) && quota.or.iter().any(|unit| stated(*unit)) {
                // The limit counts in the other unit, unless what is used has reached it in this one.
                return Truth::known(used.zip(limit).is_none_or(|(used, limit)| used < limit));
            }
        }
        let amount = match self.stated(quota.field, Some(quota.unit)) {
            Dom::Is(Cell::None) => return Truth::NO,
            Dom::Is(tables::ONE) => Some(Decimal::ONE),
            Dom::Is(Cell::Amounts(span)) => {
                self.tape.amounts(span).iter().find(|(of, _)| *of == quota.unit).map(|(_, amount)| *amount)
            }
            Dom::Is(_) | Dom::Any { .. } | Dom::Silent(..) => None,
        };
        let used = match (used, self.how.fill) {
            (Some(used), _) => Range { least: used, most: Some(used) },
            (None, Fill::No) => Range { least: Decimal::ZERO, most: Some(Decimal::ZERO) },
            // Whatever the limit, more is used.
            (None, Fill::Yes) if limit.is_some() => return Truth::NO,
            (None, Fill::Open | Fill::Yes) => Range { least: Decimal::ZERO, most: None },
        };
        let Some(limit) = limit else {
            return Truth::OPEN;
        };
        let sum = |a: Decimal, b: Decimal| a.checked_add(b).unwrap_or(Decimal::MAX);
        let least = sum(used.least, amount.unwrap_or_default());
        let most = used.most.zip(amount).map(|(used, amount)| sum(used, amount));
        Truth::new(least <= limit, most.is_none_or(|most| most > limit))
    }
}
