//! Quotas: what is used, what this consignment adds, what there is.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, ExitId, FieldId, Limit, Quota};
use crate::diagram::table::{NO, Ref, YES};
use crate::facts::path::FactPath;
use crate::facts::question::{State, Value};
use crate::value::{Decimal, Unit};

use super::amounts::NO_AMOUNT;
use super::{Cell, Done, Rep, Site, Worlds};

impl<'a> Worlds<'a> {
    /// The worlds in which every quota of an exit is kept.
    pub(super) fn quotas_kept(&mut self, exit: ExitId) -> Done<Ref> {
        // Several norms may share an exemption: what it carries is one fact.
        if let Some(&known) = self.quotas.get(&exit) {
            return Ok(known);
        }
        let kept = self.all_quotas_kept(exit)?;
        self.quotas.insert(exit, kept);
        Ok(kept)
    }

    fn all_quotas_kept(&mut self, exit: ExitId) -> Done<Ref> {
        let quotas = &self.ground.program.exits[exit.at()].quotas;
        let mut of_unit: BTreeMap<Unit, Vec<&Quota>> = BTreeMap::new();
        for quota in quotas {
            of_unit.entry(quota.unit).or_default().push(quota);
        }
        let mut counts = Vec::new();
        for line in 0..self.question.lines.len() {
            counts.push(self.on_line(line, |worlds| worlds.exit_is_for(exit))?);
        }
        let mut all = YES;
        for (unit, quotas) in of_unit {
            let kept = self.kept(exit, unit, &quotas, &counts)?;
            all = self.table.and(all, kept)?;
        }
        Ok(all)
    }

    /// What the lines that the exit is for add up to.
    fn consignment(&mut self, exit: ExitId, quota: &Quota, counts: &[Ref]) -> Done<Ref> {
        let zero = Ref::leaf(self.amounts.leaf(Decimal::ZERO));
        let mut sum = zero;
        for (line, &counts) in counts.iter().enumerate() {
            let amount = self.on_line(line, |worlds| worlds.amount(exit, quota))?;
            let here = self.table.choose(counts, amount, zero)?;
            sum = self.add(sum, here)?;
        }
        Ok(sum)
    }

    /// The line reaches a norm of the exit, and the exit's condition holds for it.
    fn exit_is_for(&mut self, exit: ExitId) -> Done<Ref> {
        let program = self.ground.program;
        let declared = &program.exits[exit.at()];
        let mut reached = NO;
        match declared.of {
            Some(norm) => reached = self.reaches(norm)?,
            None => {
                for norm in crate::check::program::NormId::all(program.norms.len()) {
                    if program.norms[norm.at()].exits.contains(&exit) {
                        let reaches = self.reaches(norm)?;
                        reached = self.table.or(reached, reaches)?;
                    }
                }
            }
        }
        let when = self.cond(&Site::Activity, &declared.when)?;
        self.table.and(reached, when)
    }

    fn amount(&mut self, exit: ExitId, quota: &Quota) -> Done<Ref> {
        let (field, unit) = (quota.field, Some(quota.unit));
        let var = match self.cell(&Site::Activity, ACTIVITY, field, unit) {
            Cell::Fixed(rep) => return Ok(Ref::leaf(self.leaf_of(&rep))),
            Cell::Var(var) if quota.or.is_empty() => var,
            Cell::Var(var) => {
                // What a limit in several units counts in one that nobody stated is a fact of its own.
                let key = (exit, self.key(&Site::Activity, field), field, quota.unit);
                match self.counted.get(&key) {
                    Some(&known) => known,
                    None => {
                        let path = self.path(&Site::Activity, field, None, unit);
                        let counted = self.fresh(0, vec![path], self.infos[&var].values.clone());
                        self.counted.insert(key, counted);
                        counted
                    }
                }
            }
        };
        let values = self.infos[&var].values.clone();
        let leaves: Vec<Ref> = values.iter().map(|rep| Ref::leaf(self.leaf_of(rep))).collect();
        self.table.make(var, &leaves)
    }

    fn leaf_of(&mut self, rep: &Rep) -> u32 {
        match rep {
            Rep::Amount(amount) => self.amounts.leaf(*amount),
            Rep::None => NO_AMOUNT,
            _ => unreachable!("the field holds amounts"),
        }
    }

    fn add(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        let amounts = &mut self.amounts;
        self.table.apply(a, b, &mut |x, y| {
            if x == NO_AMOUNT || y == NO_AMOUNT {
                return NO_AMOUNT;
            }
            // A sum beyond what decimals hold is beyond every limit.
            let sum = amounts[x].checked_add(amounts[y]).unwrap_or(Decimal::MAX);
            amounts.leaf(sum)
        })
    }

    /// The worlds in which the quotas in one unit are kept.
    fn kept(&mut self, exit: ExitId, unit: Unit, quotas: &[&Quota], counts: &[Ref]) -> Done<Ref> {
        let mut sums = Vec::new();
        for quota in quotas {
            sums.push(self.consignment(exit, quota, counts)?);
        }
        let leaves = self.amounts_in(&sums);
        let limits: BTreeSet<Decimal> = quotas.iter().filter_map(|quota| self.stated_limit(exit, quota)).collect();
        let stated = quotas.first().and_then(|quota| self.stated_usage(exit, quota));
        let used = self.used(exit, unit, stated, &limits, &leaves)?;
        let mut totals = Vec::new();
        for sum in sums {
            totals.push(self.add(used, sum)?);
        }
        let leaves = self.amounts_in(&totals);
        let mut all = YES;
        for (quota, total) in quotas.iter().zip(totals) {
            let limit = match quota.limit {
                Limit::Amount(limit) => Ref::leaf(self.amounts.leaf(limit)),
                Limit::Level { .. } => self.level(exit, unit, &leaves)?,
            };
            let amounts = &self.amounts;
            let within =
                self.table.apply(total, limit, &mut |x, y| u32::from(x != NO_AMOUNT && amounts[x] <= amounts[y]))?;
            let kept = self.unless_in_another_unit(exit, quota, counts, within)?;
            all = self.table.and(all, kept)?;
        }
        Ok(all)
    }

    /// Of a complete question, a limit in several units does not count in a unit in which no line
    /// states an amount while some line states it in another of them; unless what is used has reached it.
    fn unless_in_another_unit(&mut self, exit: ExitId, quota: &Quota, counts: &[Ref], within: Ref) -> Done<Ref> {
        if quota.or.is_empty() || !self.mode.complete || self.question.in_all_units {
            return Ok(within);
        }
        let (mut here, mut elsewhere) = (NO, NO);
        for (line, &counts) in counts.iter().enumerate() {
            let stated = self.on_line(line, |worlds| worlds.state(&Site::Activity, quota.field));
            let Some(State::Is(Value::Amounts(amounts))) = stated else { continue };
            if amounts.contains_key(&quota.unit) {
                here = self.table.or(here, counts)?;
            }
            if quota.or.iter().any(|unit| amounts.contains_key(unit)) {
                elsewhere = self.table.or(elsewhere, counts)?;
            }
        }
        let used = self.stated_usage(exit, quota);
        let reached = used.zip(self.stated_limit(exit, quota)).is_some_and(|(used, limit)| used >= limit);
        let not_counted = self.table.choose(elsewhere, if reached { NO } else { YES }, within)?;
        self.table.choose(here, within, not_counted)
    }

    fn stated_limit(&self, exit: ExitId, quota: &Quota) -> Option<Decimal> {
        match quota.limit {
            Limit::Amount(limit) => Some(limit),
            Limit::Level { .. } => self.question.levels.get(&(exit, quota.unit)).copied(),
        }
    }

    /// The amounts that some diagrams lead to.
    fn amounts_in(&self, diagrams: &[Ref]) -> BTreeSet<Decimal> {
        let leaves = diagrams.iter().flat_map(|dd| self.table.leaves(*dd)).filter(|&leaf| leaf != NO_AMOUNT);
        leaves.map(|leaf| self.amounts[leaf]).collect()
    }

    /// Usage is stated for the period of the stated date; when the date is not known, nor is the usage.
    fn stated_usage(&mut self, exit: ExitId, quota: &Quota) -> Option<Decimal> {
        let used = *self.question.used.get(&(exit, quota.unit))?;
        let counts = self.question.is_usage_of(&self.ground.program.schema, quota, self.line);
        (counts && self.is_dated()).then_some(used)
    }

    /// What the quota carries already.
    fn used(
        &mut self,
        exit: ExitId,
        unit: Unit,
        stated: Option<Decimal>,
        limits: &BTreeSet<Decimal>,
        sums: &BTreeSet<Decimal>,
    ) -> Done<Ref> {
        if let Some(used) = stated {
            return Ok(Ref::leaf(self.amounts.leaf(used)));
        }
        let mut thresholds = BTreeSet::from([Decimal::ZERO]);
        for limit in limits {
            thresholds.extend(sums.iter().filter_map(|sum| limit.checked_sub(*sum)).filter(|t| !t.is_sign_negative()));
            thresholds.insert(*limit);
        }
        self.ledger(FactPath::Used { exit, unit }, super::domain::spread(&thresholds))
    }

    fn is_dated(&mut self) -> bool {
        let date = self.ground.program.schema.core.date;
        matches!(self.cell(&Site::Activity, ACTIVITY, date, None), Cell::Fixed(_))
    }

    fn level(&mut self, exit: ExitId, unit: Unit, totals: &BTreeSet<Decimal>) -> Done<Ref> {
        if let Some(&level) = self.question.levels.get(&(exit, unit)) {
            return Ok(Ref::leaf(self.amounts.leaf(level)));
        }
        let mut thresholds = totals.clone();
        thresholds.insert(Decimal::ZERO);
        self.ledger(FactPath::Level { exit, unit }, super::domain::spread(&thresholds))
    }

    fn ledger(&mut self, path: FactPath, values: Vec<Decimal>) -> Done<Ref> {
        if let Some(&known) = self.ledger.get(&path) {
            return Ok(known);
        }
        let leaves: Vec<Ref> = values.iter().map(|&value| Ref::leaf(self.amounts.leaf(value))).collect();
        let var = self.fresh(0, vec![path.clone()], values.into_iter().map(Rep::Amount).collect());
        let dd = self.table.make(var, &leaves)?;
        self.ledger.insert(path, dd);
        Ok(dd)
    }

    /// Amounts at which a quota's headroom runs out.
    pub(super) fn quota_thresholds(&self, field: FieldId, unit: Unit, thresholds: &mut BTreeSet<Decimal>) {
        let Some(exits) = self.tested.quotas.get(&(field, unit)) else { return };
        let others = self.counted_on_other_lines(field, unit);
        for &exit in exits {
            let used = self.question.used.get(&(exit, unit)).copied().unwrap_or_default();
            for quota in self.ground.program.exits[exit.at()].quotas.iter().filter(|quota| quota.unit == unit) {
                let Some(limit) = self.stated_limit(exit, quota) else { continue };
                for other in &others {
                    let left = limit.checked_sub(used);
                    let rooms =
                        [Some(limit), limit.checked_sub(*other), left, left.and_then(|left| left.checked_sub(*other))];
                    thresholds.extend(rooms.into_iter().flatten().filter(|room| !room.is_sign_negative()));
                }
            }
        }
    }

    /// Sums of what other lines count: of some of them while they are few, else of all.
    fn counted_on_other_lines(&self, field: FieldId, unit: Unit) -> BTreeSet<Decimal> {
        let mut sums = BTreeSet::from([Decimal::ZERO]);
        for (at, line) in self.question.lines.iter().enumerate() {
            let amount = match &line.facts.0[field.at()] {
                State::Is(Value::Amounts(amounts)) => amounts.get(&unit).copied(),
                State::Unstated if self.ground.program.schema.is_counted(unit) => Some(Decimal::ONE),
                State::Unstated | State::Unknown | State::None | State::Is(_) | State::List(_) => None,
            };
            let Some(amount) = amount.filter(|_| at != self.line) else { continue };
            let added: Vec<Decimal> = sums.iter().filter_map(|sum| sum.checked_add(amount)).collect();
            if sums.len() > MOST_SUMS {
                sums = added.into_iter().collect();
            } else {
                sums.extend(added);
            }
        }
        sums
    }
}

const MOST_SUMS: usize = 64;
