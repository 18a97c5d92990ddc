//! Quotas, in one world (`semantics.md`, section 8).

use crate::check::program::{ExitId, Limit, Quota};
use crate::facts::question::{State, Value};
use crate::value::{Decimal, Unit};

use super::world::{Asked, Cell, Key, World, all, any, not};

impl World<'_, '_> {
    /// What is used and what the lines count together stay within the limit.
    pub fn is_kept(&self, exit: ExitId, quota: &Quota, line: usize) -> Asked<bool> {
        if self.case.question.complete && !quota.or.is_empty() && !self.case.question.in_all_units {
            let here = self.some_line_states(exit, quota, &[quota.unit], line);
            let elsewhere = self.some_line_states(exit, quota, &quota.or, line);
            if all([not(here), elsewhere])? {
                return Ok(!self.is_reached(exit, quota, line));
            }
        }
        let Some(counted) = self.counted(exit, quota, line)? else { return Ok(false) };
        let limit = match self.stated_limit(exit, quota) {
            Some(limit) => limit,
            None => amount(self.get(Key::Level { exit, unit: quota.unit })?),
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

    /// Whether one of the lines that count states its amount in one of these units.
    fn some_line_states(&self, exit: ExitId, quota: &Quota, units: &[Unit], line: usize) -> Asked<bool> {
        let lines = 0..self.case.question.lines.len();
        let stating = lines.filter(|&other| match self.case.state(&self.case.activity(other), quota.field) {
            State::Is(Value::Amounts(amounts)) => units.iter().any(|unit| amounts.contains_key(unit)),
            _ => false,
        });
        any(stating.map(|other| self.adds_to(exit, other, line)))
    }

    /// Whether what is stated as used leaves nothing of the limit.
    fn is_reached(&self, exit: ExitId, quota: &Quota, line: usize) -> bool {
        let limit = self.stated_limit(exit, quota);
        self.stated_usage(exit, quota, line).zip(limit).is_some_and(|(used, limit)| used >= limit)
    }

    fn stated_limit(&self, exit: ExitId, quota: &Quota) -> Option<Decimal> {
        match quota.limit {
            Limit::Amount(limit) => Some(limit),
            Limit::Level { .. } => self.case.question.levels.get(&(exit, quota.unit)).copied(),
        }
    }

    /// The amounts of the lines that reach a norm with this exit and for which
    /// its `when` holds; `None` if one of them has no amount.
    fn counted(&self, exit: ExitId, quota: &Quota, line: usize) -> Asked<Option<Decimal>> {
        let mut sum = Decimal::ZERO;
        for other in 0..self.case.question.lines.len() {
            if !self.adds_to(exit, other, line)? {
                continue;
            }
            match self.amount_of(exit, quota, other)? {
                Cell::Amount(amount) => sum = sum.checked_add(amount).unwrap_or(Decimal::MAX),
                _ => return Ok(None),
            }
        }
        Ok(Some(sum))
    }

    /// Of a limit in several units, an amount that nobody stated is a fact of its own.
    fn amount_of(&self, exit: ExitId, quota: &Quota, line: usize) -> Asked<Cell> {
        let at = self.case.activity(line);
        let key = self.value_key(&at, quota.field, None, Some(quota.unit));
        if quota.or.is_empty() || self.cells(&key)?.len() == 1 {
            return self.get(key);
        }
        self.get(Key::Counted { exit, at: self.case.spot(&at, quota.field), field: quota.field, unit: quota.unit })
    }

    /// The line at hand does, or its exit would not be asked about.
    fn adds_to(&self, exit: ExitId, other: usize, line: usize) -> Asked<bool> {
        if other == line {
            return Ok(true);
        }
        let when = &self.case.program.exits[exit.at()].when;
        all([self.reaches_norm_of(exit, other), self.holds(when, &self.case.activity(other))])
    }

    fn reaches_norm_of(&self, exit: ExitId, line: usize) -> Asked<bool> {
        let norms = self.case.near.norms.iter().copied();
        let norms = norms.filter(|norm| self.case.program.norms[norm.at()].exits.contains(&exit));
        any(norms.map(|norm| self.reaches(norm, line)))
    }

    /// What the host states belongs to the period that contains the stated
    /// date; for a line in another period, or on another day, it is any amount.
    fn stated_usage(&self, exit: ExitId, quota: &Quota, line: usize) -> Option<Decimal> {
        let used = *self.case.question.used.get(&(exit, quota.unit))?;
        let counts = self.case.question.is_usage_of(self.case.schema(), quota, line);
        self.case.stated_date(line).filter(|_| counts).map(|_| used)
    }
}

fn amount(cell: Cell) -> Decimal {
    match cell {
        Cell::Amount(amount) => amount,
        other => unreachable!("a quota carries an amount, not {other:?}"),
    }
}
