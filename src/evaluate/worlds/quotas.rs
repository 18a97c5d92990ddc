//! Quotas: what is used, what this consignment adds, what there is.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, ExitId, FieldId, Limit, Quota};
use crate::diagram::table::{NO, Ref, YES};
use crate::facts::path::FactPath;
use crate::value::{Decimal, Unit};

use super::{Cell, Done, Rep, Site, Worlds};

/// The leaf of an amount that is *none*.
const NO_AMOUNT: u32 = (1 << 30) - 1;

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
        let mut all = YES;
        for (unit, quotas) in of_unit {
            let sum = self.consignment(exit, quotas[0].field, unit)?;
            let kept = self.kept(exit, unit, &quotas, sum)?;
            all = self.table.and(all, kept)?;
        }
        Ok(all)
    }

    /// What the lines that the exit is for add up to.
    fn consignment(&mut self, exit: ExitId, field: FieldId, unit: Unit) -> Done<Ref> {
        let zero = Ref::leaf(self.amount_leaf(Decimal::ZERO));
        let mut sum = zero;
        for line in 0..self.question.lines.len() {
            let counts = self.on_line(line, |worlds| worlds.exit_is_for(exit))?;
            let amount = self.on_line(line, |worlds| worlds.amount(field, unit))?;
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

    fn amount(&mut self, field: FieldId, unit: Unit) -> Done<Ref> {
        let cell = self.cell(&Site::Activity, ACTIVITY, field, Some(unit));
        match cell {
            Cell::Fixed(rep) => Ok(Ref::leaf(self.leaf_of(&rep))),
            Cell::Var(var) => {
                let values = self.infos[&var].values.clone();
                let leaves: Vec<Ref> = values.iter().map(|rep| Ref::leaf(self.leaf_of(rep))).collect();
                self.table.make(var, &leaves)
            }
        }
    }

    fn leaf_of(&mut self, rep: &Rep) -> u32 {
        match rep {
            Rep::Amount(amount) => self.amount_leaf(*amount),
            Rep::None => NO_AMOUNT,
            _ => unreachable!("the field holds amounts"),
        }
    }

    fn add(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        let mut amounts = std::mem::take(&mut self.amounts);
        let added = self.table.apply(a, b, &mut |x, y| {
            if x == NO_AMOUNT || y == NO_AMOUNT {
                return NO_AMOUNT;
            }
            // A sum beyond what decimals hold is beyond every limit.
            let sum = amounts[x as usize].checked_add(amounts[y as usize]).unwrap_or(Decimal::MAX);
            intern(&mut amounts, sum)
        });
        self.amounts = amounts;
        added
    }

    fn kept(&mut self, exit: ExitId, unit: Unit, quotas: &[&Quota], sum: Ref) -> Done<Ref> {
        let sums: BTreeSet<Decimal> = self
            .table
            .leaves(sum)
            .into_iter()
            .filter(|&leaf| leaf != NO_AMOUNT)
            .map(|leaf| self.amounts[leaf as usize])
            .collect();
        let limits: BTreeSet<Decimal> = quotas
            .iter()
            .filter_map(|quota| match quota.limit {
                Limit::Amount(limit) => Some(limit),
                Limit::Level { .. } => self.question.levels.get(&(exit, unit)).copied(),
            })
            .collect();
        let used = self.used(exit, unit, &limits, &sums)?;
        let total = self.add(used, sum)?;
        let mut all = YES;
        for quota in quotas {
            let limit = match quota.limit {
                Limit::Amount(limit) => Ref::leaf(self.amount_leaf(limit)),
                Limit::Level { .. } => self.level(exit, unit, total)?,
            };
            let amounts = &self.amounts;
            let within = self.table.apply(total, limit, &mut |x, y| {
                u32::from(x != NO_AMOUNT && amounts[x as usize] <= amounts[y as usize])
            })?;
            all = self.table.and(all, within)?;
        }
        Ok(all)
    }

    /// What the quota carries already. Usage is stated for the period of the
    /// stated date; when the date is not known, nor is the usage.
    fn used(&mut self, exit: ExitId, unit: Unit, limits: &BTreeSet<Decimal>, sums: &BTreeSet<Decimal>) -> Done<Ref> {
        let date = self.ground.program.schema.core.date;
        let dated = matches!(self.cell(&Site::Activity, ACTIVITY, date, None), Cell::Fixed(_));
        if let (Some(&used), true) = (self.question.used.get(&(exit, unit)), dated) {
            return Ok(Ref::leaf(self.amount_leaf(used)));
        }
        let mut thresholds = BTreeSet::from([Decimal::ZERO]);
        for limit in limits {
            thresholds.extend(sums.iter().filter_map(|sum| limit.checked_sub(*sum)).filter(|t| !t.is_sign_negative()));
            thresholds.insert(*limit);
        }
        self.ledger(FactPath::Used { exit, unit }, super::domain::spread(&thresholds))
    }

    fn level(&mut self, exit: ExitId, unit: Unit, total: Ref) -> Done<Ref> {
        if let Some(&level) = self.question.levels.get(&(exit, unit)) {
            return Ok(Ref::leaf(self.amount_leaf(level)));
        }
        let mut thresholds: BTreeSet<Decimal> = self
            .table
            .leaves(total)
            .into_iter()
            .filter(|&leaf| leaf != NO_AMOUNT)
            .map(|leaf| self.amounts[leaf as usize])
            .collect();
        thresholds.insert(Decimal::ZERO);
        self.ledger(FactPath::Level { exit, unit }, super::domain::spread(&thresholds))
    }

    fn ledger(&mut self, path: FactPath, values: Vec<Decimal>) -> Done<Ref> {
        if let Some(&known) = self.ledger.get(&path) {
            return Ok(known);
        }
        let leaves: Vec<Ref> = values.iter().map(|&value| Ref::leaf(self.amount_leaf(value))).collect();
        let var = self.fresh(0, vec![path.clone()], values.into_iter().map(Rep::Amount).collect());
        let dd = self.table.make(var, &leaves)?;
        self.ledger.insert(path, dd);
        Ok(dd)
    }

    /// Amounts at which a quota's headroom runs out.
    pub(super) fn quota_thresholds(&self, field: FieldId, unit: Unit, thresholds: &mut BTreeSet<Decimal>) {
        let Some(exits) = self.tested.quotas.get(&(field, unit)) else { return };
        let others = self.stated_on_other_lines(field, unit);
        for &exit in exits {
            let used = self.question.used.get(&(exit, unit)).copied().unwrap_or_default();
            for quota in self.ground.program.exits[exit.at()].quotas.iter().filter(|quota| quota.unit == unit) {
                let limit = match quota.limit {
                    Limit::Amount(limit) => Some(limit),
                    Limit::Level { .. } => self.question.levels.get(&(exit, unit)).copied(),
                };
                let Some(limit) = limit else { continue };
                for other in &others {
                    let rooms = [limit, limit - *other, limit - used, limit - used - *other];
                    thresholds.extend(rooms.into_iter().filter(|room| !room.is_sign_negative()));
                }
            }
        }
    }

    /// Sums of what other lines state: of some of them while they are few, else of all.
    fn stated_on_other_lines(&self, field: FieldId, unit: Unit) -> BTreeSet<Decimal> {
        let mut sums = BTreeSet::from([Decimal::ZERO]);
        for (at, line) in self.question.lines.iter().enumerate() {
            let crate::facts::question::State::Is(crate::facts::question::Value::Amounts(amounts)) =
                &line.facts.0[field.at()]
            else {
                continue;
            };
            let (Some(amount), true) = (amounts.get(&unit), at != self.line) else { continue };
            let added: Vec<Decimal> = sums.iter().filter_map(|sum| sum.checked_add(*amount)).collect();
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

fn intern(amounts: &mut Vec<Decimal>, amount: Decimal) -> u32 {
    let at = amounts.iter().position(|&known| known == amount).unwrap_or_else(|| {
        amounts.push(amount);
        amounts.len() - 1
    });
    at as u32
}
