//! Quotas, in one world (`semantics.md`, section 8).

use crate::check::program::{ExitId, Limit, Quota};
use crate::value::Decimal;

use super::world::{Asked, Cell, Key, World, all, any};

impl World<'_, '_> {
    /// What is used and what the lines count together stay within the limit.
    pub fn is_kept(&self, exit: ExitId, quota: &Quota, line: usize) -> Asked<bool> {
        let Some(counted) = self.counted(exit, quota, line)? else { return Ok(false) };
        let limit = match quota.limit {
            Limit::Amount(limit) => limit,
            Limit::Level { .. } => match self.case.question.levels.get(&(exit, quota.unit)) {
                Some(level) => *level,
                None => amount(self.get(Key::Level { exit, unit: quota.unit })?),
            },
        };
        let Some(left) = limit.checked_sub(counted).filter(|left| *left >= Decimal::ZERO) else {
            // No usage is less than nothing.
            return Ok(false);
        };
        match self.stated_usage(exit, quota, line) {
            Some(used) => Ok(used <= left),
            None => self.passes(Key::Used { exit, unit: quota.unit }, |used| amount(used.clone()) <= left),
        }
    }

    /// The amounts of the lines that reach a norm with this exit and for which
    /// its `when` holds; `None` if one of them has no amount.
    fn counted(&self, exit: ExitId, quota: &Quota, line: usize) -> Asked<Option<Decimal>> {
        let mut sum = Decimal::ZERO;
        for other in 0..self.case.question.lines.len() {
            // The line at hand does, or its exit would not be asked about.
            let counts = other == line || all([self.reaches_norm_of(exit, other), self.exit_is_there(exit, other)])?;
            if !counts {
                continue;
            }
            let key = self.value_key(&self.case.activity(other), quota.field, None, Some(quota.unit));
            match self.get(key)? {
                Cell::Amount(amount) => sum = sum.checked_add(amount).unwrap_or(Decimal::MAX),
                _ => return Ok(None),
            }
        }
        Ok(Some(sum))
    }

    fn reaches_norm_of(&self, exit: ExitId, line: usize) -> Asked<bool> {
        let norms = self.case.near.norms.iter().copied();
        let norms = norms.filter(|norm| self.case.program.norms[norm.at()].exits.contains(&exit));
        any(norms.map(|norm| self.reaches(norm, line)))
    }

    /// What the host states belongs to the period that contains the stated
    /// date; for another day it is any amount.
    fn stated_usage(&self, exit: ExitId, quota: &Quota, line: usize) -> Option<Decimal> {
        let used = *self.case.question.used.get(&(exit, quota.unit))?;
        self.case.stated_date(line).map(|_| used)
    }
}

fn amount(cell: Cell) -> Decimal {
    match cell {
        Cell::Amount(amount) => amount,
        other => unreachable!("a quota carries an amount, not {other:?}"),
    }
}
