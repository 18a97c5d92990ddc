//! Exits: what a norm's exceptions and the exemptions ask for.

use crate::resolve::days::day;
use crate::resolve::declarations;
use crate::resolve::nearest::did_you_mean;
use crate::source::Span;
use crate::syntax::tree::{self, ActKind, ActTime, Name};
use crate::value::{Decimal, Unit};

use super::Checker;
use super::periods::both;
use super::program::{
    Exit, Field, FieldId, Limit, Norm, Paragraph, Per, Period, Quota, QuotaPeriod, Requirement, Time, Type, Who,
};
use super::scope::Scope;

/// Most days that a time for an act may count: ten years.
const MOST_DAYS: i64 = 3_660;

impl<'a> Checker<'a, '_> {
    pub(super) fn exits(&mut self, paragraphs: &[Paragraph], norms: &[Norm]) -> Vec<Exit> {
        let decl = self.decl;
        decl.exits.iter().map(|exit| self.exit(exit, &paragraphs[exit.paragraph.at()], norms)).collect()
    }

    fn exit(&mut self, exit: &declarations::Exit<'_>, paragraph: &Paragraph, norms: &[Norm]) -> Exit {
        let mut scope = self.scope_of(exit.paragraph);
        let norm = exit.of.map(|norm| &norms[norm.at()]);
        scope.provision.extend(norm.map(|norm| norm.name.clone()).filter(|name| *name != paragraph.name));
        scope.provision.push(exit.name.clone());
        let body = exit.body;
        // An exception has its norm's days where it says nothing; an exemption its paragraph's.
        let default = norm.map_or(Period { from: paragraph.from, through: paragraph.through }, |norm| norm.period);
        let own = self.period(&body.period, default, scope.adopted);
        if body.exceptional && body.requirements.is_empty() {
            self.report.exceptional_without_requirement(exit.place, &exit.name);
        }
        let quotas: Vec<Quota> = body.quotas.iter().flat_map(|quota| self.quotas(quota, &scope)).collect();
        let own = norm.map_or(own, |norm| both(own, norm.period));
        // A limit for fixed days lifts nothing on others.
        let period = quotas.iter().fold(own, |period, quota| match quota.period {
            QuotaPeriod::Days { from, through } => both(period, Period { from, through: Some(through) }),
            _ => period,
        });
        Exit {
            name: exit.name.clone(),
            paragraph: exit.paragraph,
            of: exit.of,
            lifts: exit.from.iter().map(|name| name.it.clone()).collect(),
            period,
            when: self.maybe_condition(body.when.as_ref(), &scope),
            quotas,
            requirements: body.requirements.iter().filter_map(|asked| self.requirement(asked, &scope)).collect(),
            standard: body.standard.as_ref().map(|text| text.it.clone()),
            exceptional: body.exceptional,
            span: exit.span,
        }
    }

    fn requirement(&mut self, written: &tree::Requirement, scope: &Scope) -> Option<Requirement> {
        let at = written.kind.span;
        let kind = written.kind.it;
        let notice = kind == ActKind::Notice;
        let by = match &written.by {
            Some(name) => self.who(name, scope),
            None if notice => Some(Who::Field(self.schema().core.actor_state)),
            None => {
                self.report.whose_act(at, kind.word());
                None
            }
        };
        let to = match &written.to {
            Some(name) if notice => self.who(name, scope).map(Some),
            Some(name) => {
                self.report.notices_only(name.span, "a `to`", kind.word());
                None
            }
            None if notice => {
                self.report.notice_to_nobody(at);
                None
            }
            None => Some(None),
        };
        let time = self.time(written, scope);
        Some(Requirement { kind, by: by?, to: to?, time: time? })
    }

    fn time(&mut self, written: &tree::Requirement, scope: &Scope) -> Option<Time> {
        let kind = written.kind.it;
        let Some(time) = &written.time else {
            if kind == ActKind::Notice {
                self.report.notice_without_time(written.kind.span);
                return None;
            }
            return Some(Time::Standing);
        };
        if kind != ActKind::Notice && !matches!(time, ActTime::By(_)) {
            self.report.notices_only(written.kind.span, "a time", kind.word());
            return None;
        }
        if let ActTime::AtLeastBefore { days, .. }
        | ActTime::MoreThanBefore { days, .. }
        | ActTime::AtMostBefore { days, .. }
        | ActTime::WithinAfter { days, .. } = time
            && !(0..=MOST_DAYS).contains(&days.it)
        {
            match days.it < 0 {
                true => self.report.not_positive(days.span, "days"),
                false => self.report.too_many_days(days.span, MOST_DAYS),
            }
        }
        Some(match time {
            ActTime::InAdvance => Time::InAdvance,
            ActTime::AtLeastBefore { days, working } => Time::AtLeastBefore { days: days.it, working: *working },
            ActTime::MoreThanBefore { days, working } => Time::MoreThanBefore { days: days.it, working: *working },
            ActTime::AtMostBefore { days, working } => Time::AtMostBefore { days: days.it, working: *working },
            ActTime::WithinAfter { days, working, month } => {
                Time::WithinAfter { days: days.it, working: *working, month: *month }
            }
            ActTime::By(date) => Time::By(day(date, scope.adopted, self.decl, self.report)?),
        })
    }

    /// An authority, or a field of the activity that holds a country.
    pub(super) fn who(&mut self, name: &Name, scope: &Scope) -> Option<Who> {
        let authorities = &self.decl.names.authorities;
        let field = self.activity().by_name.get(&name.it).copied();
        let own = scope.regime.is_some_and(|regime| {
            self.decl.regimes[regime.at()].authorities.iter().any(|(authority, _)| *authority == name.it)
        });
        // An authority of the regime at hand comes first, then fields, then authorities of other regimes.
        if own || (field.is_none() && authorities.contains_key(&name.it)) {
            return Some(Who::Authority(name.it.clone()));
        }
        let Some(id) = field else {
            let known = authorities.keys().chain(self.activity().by_name.keys()).map(String::as_str);
            let help = did_you_mean(&name.it, known);
            self.report.unknown_name(name.span, "authority or field", &name.it, help);
            return None;
        };
        let field = &self.activity().fields[id.at()];
        self.is_country(field, name.span).then_some(Who::Field(id))
    }

    fn is_country(&mut self, field: &Field, at: Span) -> bool {
        let places = self.decl.names.taxonomies.get("place").copied();
        let of_places = match field.ty {
            Type::Root(_) => true,
            Type::Term(taxonomy) => Some(taxonomy) == places,
            _ => false,
        };
        let fits = of_places && !field.many;
        if !fits {
            let holds = self.in_words(field);
            self.report.not_a_country(at, &field.name, &holds);
        }
        fits
    }

    /// One quota for each unit in which the limit is written.
    fn quotas(&mut self, written: &tree::Quota, scope: &Scope) -> Vec<Quota> {
        let mut quotas: Vec<Quota> = Vec::new();
        for limit in &written.limits {
            let Some((unit, quota)) = self.quota(written, limit, scope) else { continue };
            if let Some(first) = quotas.first().filter(|first| first.field != quota.field) {
                let [first, other] = [first.field, quota.field].map(|id| &self.activity().fields[id.at()].name);
                self.report.limits_of_two_fields(unit.span, first, other);
                continue;
            }
            if quotas.iter().any(|other| other.unit == quota.unit) {
                let base = self.schema().unit_name(quota.unit);
                self.report.limits_in_one_unit(unit.span, &unit.it, &base);
                continue;
            }
            quotas.push(quota);
        }
        let units: Vec<Unit> = quotas.iter().map(|quota| quota.unit).collect();
        for quota in &mut quotas {
            quota.or = units.iter().copied().filter(|unit| *unit != quota.unit).collect();
        }
        quotas
    }

    fn quota<'t>(
        &mut self,
        written: &'t tree::Quota,
        limit: &'t tree::Limit,
        scope: &Scope,
    ) -> Option<(&'t Name, Quota)> {
        let unit = match limit {
            tree::Limit::Amount(number) => match &number.unit {
                Some(unit) => unit,
                None => {
                    self.report.quota_without_unit(number.value.span, &number.value.it.to_string());
                    return None;
                }
            },
            tree::Limit::Level { unit, .. } => unit,
        };
        let (base, _) = self.unit(unit)?;
        let (field, declared) = self.counted_amount(written, unit, base)?;
        let (base, factor) = self.unit_for(unit, declared)?;
        let limit = self.limit(limit, factor, scope);
        let period = self.quota_period(&written.period, scope);
        let per = match &written.per {
            None => None,
            Some(name) if name.it == "holder" => Some(Per::Holder),
            Some(name) => {
                let (id, field) = self.activity_field(name)?;
                if !self.is_country(field, name.span) {
                    return None;
                }
                Some(Per::Field(id))
            }
        };
        Some((unit, Quota { limit: limit?, unit: base, field, period: period?, per, or: Vec::new() }))
    }

    /// The field that a quota counts: as written, else `quantity` or `value` by its unit.
    fn counted_amount(&mut self, written: &tree::Quota, unit: &Name, base: Unit) -> Option<(FieldId, &'a Field)> {
        let default = match base {
            Unit::Measure(_) => "quantity",
            Unit::Money(_) => "value",
        };
        let name = match &written.of {
            Some(name) => name.clone(),
            None => Name { it: default.to_owned(), span: unit.span },
        };
        let (id, field) = self.activity_field(&name)?;
        if !matches!(field.ty, Type::Quantity | Type::Money) || field.many {
            let holds = self.in_words(field);
            self.report.not_an_amount(name.span, &name.it, &holds);
            return None;
        }
        Some((id, field))
    }

    fn limit(&mut self, written: &tree::Limit, factor: Decimal, scope: &Scope) -> Option<Limit> {
        match written {
            tree::Limit::Amount(number) => {
                let amount = number.value.it.checked_mul(factor);
                if amount.is_none() {
                    self.report.amount_too_large(number.value.span, "its base unit");
                }
                amount.map(Limit::Amount)
            }
            tree::Limit::Level { from, through, .. } => {
                let first = day(from, scope.adopted, self.decl, self.report)?;
                let last = match through {
                    Some(through) => day(through, scope.adopted, self.decl, self.report)?,
                    None => first,
                };
                if last < first {
                    self.report.empty_period(crate::resolve::days::place(from), first, last);
                }
                Some(Limit::Level { from: first, through: last })
            }
        }
    }

    fn quota_period(&mut self, written: &tree::QuotaPeriod, scope: &Scope) -> Option<QuotaPeriod> {
        Some(match written {
            tree::QuotaPeriod::CalendarYear => QuotaPeriod::CalendarYear,
            tree::QuotaPeriod::CalendarMonth => QuotaPeriod::CalendarMonth,
            tree::QuotaPeriod::Total => QuotaPeriod::Total,
            tree::QuotaPeriod::AnyTime => QuotaPeriod::AnyTime,
            tree::QuotaPeriod::MonthsFrom { months, from } => QuotaPeriod::MonthsFrom {
                months: self.months(months)?,
                from: day(from, scope.adopted, self.decl, self.report)?,
            },
            tree::QuotaPeriod::AnyMonths { months } => QuotaPeriod::AnyMonths { months: self.months(months)? },
            tree::QuotaPeriod::Days { from, through } => {
                let first = day(from, scope.adopted, self.decl, self.report)?;
                let last = day(through, scope.adopted, self.decl, self.report)?;
                if last < first {
                    self.report.empty_period(crate::resolve::days::place(through), first, last);
                }
                QuotaPeriod::Days { from: first, through: last }
            }
        })
    }

    fn months(&mut self, written: &tree::At<i64>) -> Option<i64> {
        // A thousand years of months are within the calendar; more is a slip of the pen.
        let fits = (1..=12_000).contains(&written.it);
        if !fits {
            self.report.not_positive(written.span, "months");
        }
        fits.then_some(written.it)
    }
}
