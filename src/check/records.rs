//! Conditions on the records of a list: quantifiers and findings.

use crate::resolve::nearest::did_you_mean;
use crate::source::Span;
use crate::syntax::tree::{self, Name, Quantifier, Window};

use super::Checker;
use super::conditions::negated_if;
use super::program::{ACTIVITY, Cond, Fact, Field, FieldId, Op, Record, RecordId, Set, Terms, Type};
use super::scope::Scope;

/// What a quantifier counts.
pub(super) struct Counted<'a> {
    pub list: Fact,
    pub record: RecordId,
    pub role: Option<Terms>,
    /// Two lists that the name fits; a condition must not choose between them.
    pub several: Option<(&'a str, &'a str)>,
}

impl<'a> Checker<'a, '_> {
    /// `some counterparty { … }`, `no party { … }`, `at least 2 vessel { … }`; in properties `no act`.
    pub(super) fn count(
        &mut self,
        quantifier: &tree::At<Quantifier>,
        of: &Name,
        body: Option<&tree::Cond>,
        scope: &Scope,
    ) -> Cond {
        if of.it == "act" && body.is_none() {
            return self.no_act(quantifier, of, scope);
        }
        let Some(Counted { list, record, role, .. }) = self.counted(of, scope) else { return Cond::No };
        // Without braces any such record counts.
        let body = body.map_or(Cond::Yes, |body| self.condition(body, &scope.within(record)));
        let at_least = match quantifier.it {
            Quantifier::Some | Quantifier::No => 1,
            Quantifier::AtLeast(count) => count,
        };
        if at_least == 0 {
            self.report.not_positive(quantifier.span, "records");
        }
        negated_if(quantifier.it == Quantifier::No, Cond::Count { list, role, at_least, body: Box::new(body) })
    }

    fn no_act(&mut self, quantifier: &tree::At<Quantifier>, of: &Name, scope: &Scope) -> Cond {
        if !scope.property || quantifier.it != Quantifier::No {
            self.report.no_act_outside_property(of.span);
        }
        Cond::NoAct
    }

    /// The list that a record's or a role's name means: of the record at hand, else of the activity.
    fn counted(&mut self, of: &Name, scope: &Scope) -> Option<Counted<'a>> {
        let own = scope.record.and_then(|record| self.counted_in(of, self.record(record), Fact::Own));
        let found = own.or_else(|| self.counted_in(of, self.activity(), Fact::Activity));
        if let Some(Counted { several: Some((one, other)), .. }) = &found {
            self.report.two_lists(of.span, &of.it, one, other);
        }
        if found.is_none() {
            let help = did_you_mean(&of.it, self.countable_names(scope));
            self.report.not_countable(of.span, &of.it, help);
        }
        found
    }

    /// The list of a record with that name, or of records with a role of that name.
    pub(super) fn counted_in(&self, of: &Name, owner: &'a Record, fact: fn(FieldId) -> Fact) -> Option<Counted<'a>> {
        let named = self.decl.names.records.get(&of.it);
        let mut fitting = lists_of_records(owner).filter_map(|(field, record)| match named {
            Some(&named) => (named == record).then_some((field, record, None)),
            None => self.role(record, &of.it).map(|role| (field, record, Some(role))),
        });
        let (list, record, role) = fitting.next()?;
        let name = |field: FieldId| owner.fields[field.at()].name.as_str();
        let several = fitting.next().map(|(other, ..)| (name(list), name(other)));
        Some(Counted { list: fact(list), record, role, several })
    }

    fn role(&self, record: RecordId, name: &str) -> Option<Terms> {
        let record = self.record(record);
        let Type::Term(taxonomy) = record.fields[record.role?.at()].ty else { return None };
        let taxonomy = &self.schema().taxonomies[taxonomy.at()];
        let term = *taxonomy.by_name.get(name)?;
        Some(Terms(vec![(term, taxonomy.terms[term as usize].end)]))
    }

    fn countable_names(&self, scope: &Scope) -> Vec<&'a str> {
        let owners = scope.record.into_iter().chain([ACTIVITY]);
        let mut names = Vec::new();
        for (_, record) in owners.flat_map(|owner| lists_of_records(self.record(owner))) {
            let record = self.record(record);
            names.push(record.name.as_str());
            if let Some(role) = record.role
                && let Type::Term(taxonomy) = record.fields[role.at()].ty
            {
                names.extend(self.schema().taxonomies[taxonomy.at()].by_name.keys().map(String::as_str));
            }
        }
        names
    }

    /// `found K by W`: some finding of the record at hand, or of the activity.
    pub(super) fn found(
        &mut self,
        kind: &Name,
        by: &Name,
        window: Option<&Window>,
        span: Span,
        scope: &Scope,
    ) -> Option<Cond> {
        let Some((list, Type::Record(record))) =
            self.fact_named("findings", scope).map(|(list, field)| (list, field.ty))
        else {
            self.report.no_findings(span);
            return None;
        };
        let record = self.record(record);
        let kind = self.finding_kind(record, kind, span);
        let by = self.finding_by(record, by, span, scope);
        let dates = self.finding_dates(record, window, span);
        let (kind, by, dates) = (kind?, by?, dates?);
        let mut all = vec![kind, by];
        all.extend(under(record, &scope.provision));
        all.extend(dates);
        Some(Cond::Count { list, role: None, at_least: 1, body: Box::new(Cond::All(all)) })
    }

    fn finding_field(
        &mut self,
        record: &'a Record,
        name: &str,
        span: Span,
        fits: fn(Type) -> bool,
    ) -> Option<(FieldId, &'a Field)> {
        let found = record.by_name.get(name).map(|&id| (id, &record.fields[id.at()]));
        let found = found.filter(|(_, field)| !field.many && fits(field.ty));
        if found.is_none() {
            self.report.finding_without(span, &record.name, name);
        }
        found
    }

    fn finding_kind(&mut self, record: &'a Record, kind: &Name, span: Span) -> Option<Cond> {
        let (field, declared) = self.finding_field(record, "kind", span, |ty| matches!(ty, Type::Term(_)))?;
        let Type::Term(taxonomy) = declared.ty else { return None };
        let term = self.decl.term(taxonomy, kind, self.report)?;
        let end = self.schema().taxonomies[taxonomy.at()].terms[term as usize].end;
        Some(Cond::Test { fact: Fact::Own(field), set: Set::Terms(Terms(vec![(term, end)])) })
    }

    fn finding_by(&mut self, record: &'a Record, by: &Name, span: Span, scope: &Scope) -> Option<Cond> {
        let (field, _) =
            self.finding_field(record, "by", span, |ty| matches!(ty, Type::Reference(_) | Type::Root(_)))?;
        Some(match self.who(by, scope)? {
            super::program::Who::Authority(name) => Cond::Test {
                fact: Fact::Own(field),
                set: Set::References { terms: Terms(Vec::new()), ids: vec![name] },
            },
            super::program::Who::Field(right) => Cond::Same { left: Fact::Own(field), right: Fact::Activity(right) },
        })
    }

    /// Made on or before the date, in the window, and not run out.
    fn finding_dates(&mut self, record: &'a Record, window: Option<&Window>, span: Span) -> Option<Vec<Cond>> {
        let date = Fact::Activity(self.schema().core.date);
        let (on, _) = self.finding_field(record, "on", span, |ty| ty == Type::Date)?;
        let on = Fact::Own(on);
        let mut all = vec![Cond::Order { left: on, op: Op::LessOrEqual, right: date }];
        match window {
            None => {}
            Some(Window::ThisCalendarYear) => all.push(Cond::SameYear { left: on, right: date }),
            Some(Window::LastDays(days)) => {
                if days.it < 0 {
                    self.report.not_positive(days.span, "days");
                }
                all.push(Cond::OrderPlus { left: date, op: Op::LessOrEqual, right: on, days: days.it });
            }
        }
        if record.by_name.contains_key("through") {
            let (through, _) = self.finding_field(record, "through", span, |ty| ty == Type::Date)?;
            let through = Fact::Own(through);
            all.push(Cond::Any(vec![
                Cond::Absent { fact: through },
                Cond::Order { left: through, op: Op::MoreOrEqual, right: date },
            ]));
        }
        Some(all)
    }
}

/// Under no provision in particular, or under this one. A record without the field counts for all,
/// and so does every finding in a property, which stands in no provision.
fn under(record: &Record, provision: &[String]) -> Option<Cond> {
    if provision.is_empty() {
        return None;
    }
    let field = *record.by_name.get("under")?;
    let fact = Fact::Own(field);
    let names = provision.to_vec();
    let named = match record.fields[field.at()].ty {
        Type::Reference(_) => Set::References { terms: Terms(Vec::new()), ids: names },
        _ => Set::Texts(names),
    };
    Some(Cond::Any(vec![Cond::Absent { fact }, Cond::Test { fact, set: named }]))
}

fn lists_of_records(owner: &Record) -> impl Iterator<Item = (FieldId, RecordId)> {
    owner.fields.iter().enumerate().filter_map(|(at, field)| match field.ty {
        Type::Record(record) if field.many => Some((FieldId(at as u32), record)),
        _ => None,
    })
}
