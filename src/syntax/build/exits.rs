//! What an exception or exemption asks for: quotas, and acts of authorities.

use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{ActKind, ActTime, At, ExitBody, Limit, Quota, QuotaPeriod, Requirement};

use super::{Build, Seen};

impl<'i> Build<'_> {
    pub(super) fn exit_part(&mut self, body: &mut ExitBody, seen: &mut Seen<'i>, part: &Node<'i>) {
        match part.rule() {
            Rule::from_part | Rule::through_part | Rule::until_part => self.period_part(&mut body.period, seen, part),
            Rule::when_part => {
                let when = self.when(part, false);
                if self.once(seen, part, "`when`", Some("join the two conditions with `and`")) {
                    body.when = Some(when);
                }
            }
            Rule::quotas => {
                let quotas: Vec<_> = part.all(Rule::quota).map(|quota| self.quota(&quota)).collect();
                if self.once(seen, part, "`within`", Some("join the two limits with `and`: `within … and within …`"))
                {
                    body.quotas = quotas;
                }
            }
            Rule::requirements => {
                let requirements: Vec<_> = part.all(Rule::requirement).map(|node| self.requirement(&node)).collect();
                if self.once(seen, part, "`with`", Some("join the two acts with `and`: `with … and …`")) {
                    body.requirements = requirements;
                }
            }
            Rule::string => {
                if self.once(seen, part, "a text", None) {
                    body.standard = Some(self.text(part));
                }
            }
            Rule::tolerate => body.tolerates.push(self.tolerate(part)),
            Rule::kw_exceptional => body.exceptional |= self.once(seen, part, "`exceptional`", None),
            _ => {}
        }
    }

    fn quota(&mut self, node: &Node<'i>) -> Quota {
        let mut limits = Vec::new();
        for part in node.parts() {
            match part.rule() {
                Rule::amount => limits.push(Limit::Amount(self.amount(&part))),
                Rule::level => limits.push(self.level(&part)),
                _ => {}
            }
        }
        let period = node.part(Rule::quota_period).expect("a quota has a period");
        let period = period.parts().next().expect("a period is one of its kinds");
        Quota {
            limits,
            of: node.part(Rule::name).map(|of| self.name(&of)),
            period: self.quota_period(&period),
            per: node.part(Rule::per).map(|per| self.first_name(&per)),
            span: self.place(node),
        }
    }

    fn level(&mut self, node: &Node<'i>) -> Limit {
        let mut dates = node.all(Rule::date).map(|date| self.date(&date)).collect::<Vec<_>>().into_iter();
        let from = dates.next().expect("a level has a day");
        Limit::Level { unit: self.first_name(node), from, through: dates.next() }
    }

    fn quota_period(&mut self, node: &Node<'i>) -> QuotaPeriod {
        let number = node.part(Rule::number);
        let mut dates = node.all(Rule::date).map(|date| self.date(&date)).collect::<Vec<_>>().into_iter();
        let mut date = || dates.next().expect("the grammar has a date here");
        match node.rule() {
            Rule::calendar_year => QuotaPeriod::CalendarYear,
            Rule::calendar_month => QuotaPeriod::CalendarMonth,
            Rule::months_from => QuotaPeriod::MonthsFrom { from: date(), months: self.months(number) },
            Rule::any_months => QuotaPeriod::AnyMonths { months: self.months(number) },
            Rule::day_range => QuotaPeriod::Days { from: date(), through: date() },
            Rule::in_total => QuotaPeriod::Total,
            _ => QuotaPeriod::AnyTime,
        }
    }

    fn months(&mut self, number: Option<Node<'i>>) -> At<i64> {
        let number = number.expect("a period of months has a number");
        self.count(&number)
    }

    fn requirement(&mut self, node: &Node<'i>) -> Requirement {
        let kind = node.part(Rule::act_kind).expect("a requirement is for an act");
        let word = kind.parts().next().expect("an act has a kind");
        let kind = match word.rule() {
            Rule::kw_approval => ActKind::Approval,
            Rule::kw_determination => ActKind::Determination,
            Rule::kw_request => ActKind::Request,
            _ => ActKind::Notice,
        };
        let mut requirement = Requirement { kind: self.at(&word, kind), by: None, to: None, time: None };
        let mut seen = Seen::default();
        let mut timed: Option<Node<'i>> = None;
        for part in node.parts() {
            match part.rule() {
                Rule::act_kind => {}
                Rule::by_who => {
                    if self.once(&mut seen, &part, "`by`", None) {
                        requirement.by = Some(self.first_name(&part));
                    }
                }
                Rule::to_who => {
                    if self.once(&mut seen, &part, "`to`", None) {
                        requirement.to = Some(self.first_name(&part));
                    }
                }
                _ => {
                    let time = self.act_time(&part);
                    if let Some(first) = &timed {
                        let (place, first) = (self.span(&part), self.span(first));
                        self.report.repeated_part(place, first, "a time for the act", None);
                    } else {
                        requirement.time = Some(time);
                        timed = Some(part);
                    }
                }
            }
        }
        requirement
    }

    fn act_time(&mut self, node: &Node<'i>) -> ActTime {
        match node.rule() {
            Rule::in_advance => ActTime::InAdvance,
            Rule::by_date => {
                let date = node.part(Rule::date).expect("`by` has a date");
                ActTime::By(self.date(&date))
            }
            Rule::within_after => {
                let (days, working) = self.days_after(node);
                ActTime::WithinAfter { days, working, month: node.part(Rule::the_month).is_some() }
            }
            _ => {
                let number = node.part(Rule::number).expect("a time before has a number");
                let days = self.count(&number);
                let working = node.part(Rule::kw_working).is_some();
                if node.part(Rule::at_least).is_some() {
                    ActTime::AtLeastBefore { days, working }
                } else if node.part(Rule::at_most).is_some() {
                    ActTime::AtMostBefore { days, working }
                } else {
                    ActTime::MoreThanBefore { days, working }
                }
            }
        }
    }

    /// `within 30 working days after`; the `after` is asked for when it is not there.
    pub(super) fn days_after(&mut self, node: &Node<'i>) -> (At<i64>, bool) {
        let number = node.part(Rule::number).expect("`within` has a number");
        if node.part(Rule::kw_after).is_none() {
            let place = self.span(node);
            let help = format!("write `within {} days after`", number.text());
            self.report.missing_part(place, "these days do not say from when they count", &help);
        }
        (self.count(&number), node.part(Rule::kw_working).is_some())
    }
}
