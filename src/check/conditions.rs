//! Conditions: one function for each kind.

use crate::resolve::nearest::did_you_mean;
use crate::source::Span;
use crate::syntax::tree::{self, Absent, CompareOp, Name, Value};
use crate::value::Date;

use super::Checker;
use super::program::{Cond, Fact, Field, Op, Set, Type};
use super::scope::Scope;

impl Checker<'_, '_> {
    /// The condition, or `No` in the place of what is wrong with it.
    ///
    /// Recursion goes as deep as the brackets, which `Limits::nesting` bounds.
    pub(super) fn condition(&mut self, written: &tree::Cond, scope: &Scope) -> Cond {
        let (mut inner, mut negated) = (written, false);
        loop {
            match inner {
                tree::Cond::Not(below) => (inner, negated) = (below, !negated),
                tree::Cond::Group(below) => inner = below,
                _ => break,
            }
        }
        negated_if(negated, self.plain(inner, scope))
    }

    pub(super) fn maybe_condition(&mut self, written: Option<&tree::Cond>, scope: &Scope) -> Cond {
        written.map_or(Cond::Yes, |written| self.condition(written, scope))
    }

    /// Every kind but `not` and brackets, which `condition` has taken off.
    fn plain(&mut self, written: &tree::Cond, scope: &Scope) -> Cond {
        match written {
            tree::Cond::And(parts) => Cond::All(self.parts(parts, scope)),
            tree::Cond::Or(parts) => Cond::Any(self.parts(parts, scope)),
            tree::Cond::Not(inner) | tree::Cond::Group(inner) => self.condition(inner, scope),
            tree::Cond::Some { quantifier, of, body } => self.count(quantifier, of, body.as_deref(), scope),
            _ => self.atom(written, scope).unwrap_or(Cond::No),
        }
    }

    fn parts(&mut self, parts: &[tree::Cond], scope: &Scope) -> Vec<Cond> {
        let mut out = Vec::with_capacity(parts.len());
        for part in parts {
            out.push(self.condition(part, scope));
        }
        out
    }

    fn atom(&mut self, written: &tree::Cond, scope: &Scope) -> Option<Cond> {
        match written {
            tree::Cond::Name(name) => self.name(name, scope),
            tree::Cond::Test { .. } => self.test(written, scope),
            tree::Cond::Absent { field, negated, word } => self.absent(field, *negated, *word, scope),
            tree::Cond::Compare { field, op, value } => self.compare(field, op, value, scope),
            tree::Cond::Listed { .. } => self.listed(written, scope),
            tree::Cond::Found { kind, by, window, span } => self.found(kind, by, window.as_ref(), *span, scope),
            tree::Cond::Member { field, negated, group } => self.member(field, *negated, group, scope),
            tree::Cond::And(_)
            | tree::Cond::Or(_)
            | tree::Cond::Not(_)
            | tree::Cond::Group(_)
            | tree::Cond::Some { .. } => unreachable!("`plain` has taken these"),
        }
    }

    /// A definition, a reading, a yes/no field, or `any`.
    fn name(&mut self, name: &Name, scope: &Scope) -> Option<Cond> {
        let names = &self.decl.names;
        if let Some(&id) = names.definitions.get(&name.it) {
            self.uses.insert((scope.definition, id));
            let definition = &self.decl.definitions[id.at()];
            return match definition.of {
                Some(of) if scope.record != Some(of) => {
                    let of = &self.record(of).name;
                    self.report.defined_of_another(name.span, &name.it, of, definition.parts[0].1.name.span);
                    None
                }
                _ => Some(Cond::Defined(id)),
            };
        }
        if let Some(&id) = names.readings.get(&name.it) {
            return Some(Cond::Reading(id));
        }
        match self.fact_named(&name.it, scope) {
            Some((fact, field)) if field.ty == Type::YesNo => Some(Cond::Test { fact, set: Set::YesNo(true) }),
            Some((_, field)) => {
                let words = self.in_words(field);
                self.report.not_a_condition(name.span, &name.it, &words);
                None
            }
            None if name.it == "any" => Some(Cond::Yes),
            None => {
                self.unknown_condition(name, scope);
                None
            }
        }
    }

    fn unknown_condition(&mut self, name: &Name, scope: &Scope) {
        let names = &self.decl.names;
        let own = scope.record.into_iter().chain([super::program::ACTIVITY]);
        let fields = own.flat_map(|record| &self.record(record).fields);
        let yes_no = fields.filter(|field| field.ty == Type::YesNo).map(|field| field.name.as_str());
        let known = names.definitions.keys().chain(names.readings.keys()).map(String::as_str).chain(yes_no);
        let is_term = || self.schema().taxonomies.iter().any(|taxonomy| taxonomy.by_name.contains_key(&name.it));
        let among =
            || format!("each side of `or` is a whole condition; of several values write `any of {{ …, {} }}`", name.it);
        let help = did_you_mean(&name.it, known).or_else(|| is_term().then(among));
        self.report.unknown_name(name.span, "definition, reading or yes/no field", &name.it, help);
    }

    fn absent(&mut self, name: &Name, negated: bool, word: Absent, scope: &Scope) -> Option<Cond> {
        let (fact, field) = self.fact(name, scope)?;
        if field.many != (word == Absent::Empty) {
            self.report.wrong_emptiness(name.span, &name.it, field.many);
            return None;
        }
        Some(negated_if(negated, Cond::Absent { fact }))
    }

    fn member(&mut self, name: &Name, negated: bool, group: &Name, scope: &Scope) -> Option<Cond> {
        let field = self.fact(name, scope);
        let group_id = self.decl.group(group, self.report);
        let ((fact, field), group_id) = (field?, group_id?);
        let of = self.schema().groups[group_id.at()].taxonomy;
        if field.ty != Type::Term(of) && field.ty != Type::Root(of) {
            let (holds, of) = (self.in_words(field), &self.schema().taxonomies[of.at()].name);
            self.report.not_of_the_group(name.span, &name.it, &holds, &group.it, of);
            return None;
        }
        Some(negated_if(negated, Cond::Member { fact, group: group_id }))
    }

    fn compare(&mut self, name: &Name, op: &tree::At<CompareOp>, value: &Value, scope: &Scope) -> Option<Cond> {
        let (fact, field) = self.fact(name, scope)?;
        let words = matches!(op.it, CompareOp::Before | CompareOp::After);
        match field.ty {
            Type::Date => self.compare_dates(fact, field, operator(op.it), value, scope),
            Type::Quantity | Type::Money if !words => self.compare_amounts(fact, field, operator(op.it), value),
            _ => {
                let holds = self.in_words(field);
                self.report.not_ordered(name.span, &name.it, &holds, words);
                None
            }
        }
    }

    fn compare_amounts(&mut self, fact: Fact, field: &Field, op: Op, value: &Value) -> Option<Cond> {
        let Value::Number(number) = value else {
            self.wrong_value(value, field);
            return None;
        };
        let (unit, than) = self.amount(number, field)?;
        Some(Cond::Test { fact, set: Set::Amount { unit, op, than } })
    }

    fn compare_dates(&mut self, fact: Fact, field: &Field, op: Op, value: &Value, scope: &Scope) -> Option<Cond> {
        if let Value::Word(name) = value
            && let Some((right, other)) = self.fact_named(&name.it, scope)
        {
            if other.ty != Type::Date || other.many {
                self.wrong_value(value, field);
                return None;
            }
            return Some(Cond::Order { left: fact, op, right });
        }
        let day = self.day_of(value, field, scope)?;
        Some(Cond::Test { fact, set: Set::Dates(vec![days(op, day)]) })
    }

    /// `listed in LIST`, of the record at hand or of whom one of its references names.
    fn listed(&mut self, written: &tree::Cond, scope: &Scope) -> Option<Cond> {
        let tree::Cond::Listed { field, list, measure, entry, span } = written else { return None };
        let list_id = self.decl.list(list, self.report);
        let who = match field {
            None => None,
            Some(name) => Some(self.own_reference(name, scope)?),
        };
        if scope.record.is_none() {
            self.report.no_record_at_hand(*span, &format!("listed in {}", list.it));
            return None;
        }
        let list_id = list_id?;
        let measure = match measure {
            None => None,
            Some(name) => Some(self.measure(list_id, name)?),
        };
        Some(Cond::Listed { who, list: list_id, measure, entry: entry.as_ref().map(|entry| entry.it.clone()) })
    }

    fn own_reference(&mut self, name: &Name, scope: &Scope) -> Option<super::program::FieldId> {
        if scope.record.is_none() {
            self.report.no_record_at_hand(name.span, &format!("{} listed in …", name.it));
            return None;
        }
        match self.fact(name, scope)? {
            (Fact::Own(id), field) if matches!(field.ty, Type::Reference(_)) => Some(id),
            (_, field) => {
                let holds = self.in_words(field);
                self.report.not_a_reference(name.span, &name.it, &holds);
                None
            }
        }
    }

    fn measure(&mut self, list: super::program::ListId, name: &Name) -> Option<u32> {
        let list = &self.schema().lists[list.at()];
        let found = list.measures.iter().position(|measure| *measure == name.it);
        if found.is_none() {
            let help = did_you_mean(&name.it, list.measures.iter().map(String::as_str));
            self.report.unknown_name(name.span, &format!("measure of list `{}`", list.name), &name.it, help);
        }
        found.map(|at| at as u32)
    }

    /// A day that is compared with a field of dates.
    pub(super) fn day_of(&mut self, value: &Value, field: &Field, scope: &Scope) -> Option<Date> {
        match value {
            Value::Date(date) => crate::resolve::days::day(date, scope.adopted, self.decl, self.report),
            Value::Word(_)
            | Value::Text(_)
            | Value::Number(_)
            | Value::Codes(_)
            | Value::List(..)
            | Value::Record(..) => {
                self.wrong_value(value, field);
                None
            }
        }
    }

    /// Reports a value that a field cannot have.
    pub(super) fn wrong_value(&mut self, value: &Value, field: &Field) {
        if let (Type::Quantity | Type::Money, Value::Codes(digits)) = (field.ty, value)
            && digits.last.is_none()
        {
            self.unit_missing(digits.first.span, &digits.first.it, field);
            return;
        }
        let holds = self.in_words(field);
        let help = match (field.ty, value) {
            (Type::Record(record), _) => Some(format!("write `some {} {{ … }}`", self.record(record).name)),
            (Type::Text, Value::Word(name)) => Some(format!("text stands in quotes: `\"{}\"`", name.it)),
            (Type::Quantity | Type::Money, _) => {
                Some(format!("compare amounts by order, as in `{} > 5 UNIT`", field.name))
            }
            _ => None,
        };
        self.report.wrong_value(place(value), &field.name, &holds, help);
    }
}

pub(super) fn negated_if(negated: bool, cond: Cond) -> Cond {
    match (negated, cond) {
        (false, cond) => cond,
        (true, Cond::Not(inner)) => *inner,
        (true, cond) => Cond::Not(Box::new(cond)),
    }
}

fn operator(written: CompareOp) -> Op {
    match written {
        CompareOp::Less | CompareOp::Before => Op::Less,
        CompareOp::LessOrEqual => Op::LessOrEqual,
        CompareOp::More | CompareOp::After => Op::More,
        CompareOp::MoreOrEqual => Op::MoreOrEqual,
    }
}

/// The days that compare so, half-open.
fn days(op: Op, day: Date) -> (Date, Date) {
    match op {
        Op::Less => (Date::MIN, day),
        Op::LessOrEqual => (Date::MIN, day.next()),
        Op::More => (day.next(), Date::MAX),
        Op::MoreOrEqual => (day, Date::MAX),
    }
}

/// Where a value stands.
pub(super) fn place(value: &Value) -> Span {
    match value {
        Value::Word(name) => name.span,
        Value::Text(text) => text.span,
        Value::Date(date) => crate::resolve::days::place(date),
        Value::Number(number) => number.unit.as_ref().map_or(number.value.span, |unit| number.value.span.to(unit.span)),
        Value::Codes(range) => range.last.as_ref().map_or(range.first.span, |last| range.first.span.to(last.span)),
        Value::List(_, span) | Value::Record(_, span) => span.0,
    }
}
