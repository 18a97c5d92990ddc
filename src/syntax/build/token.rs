//! Single tokens: names, texts, numbers, days.

use std::str::FromStr;

use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{At, CodeRange, DateExpr, DateUnit, Name, Number, Reference, Span0, Text, Value};
use crate::value::{Date, Decimal};

use super::Build;

/// Most `+ N days` after one date.
const MOST_OFFSETS: usize = 8;

impl<'i> Build<'_> {
    pub(super) fn name(&self, node: &Node<'i>) -> Name {
        self.at(node, node.text().to_owned())
    }

    /// The first name in a node; the grammar requires one.
    pub(super) fn first_name(&self, node: &Node<'i>) -> Name {
        let name = node.part(Rule::name).expect("the rule has a name");
        self.name(&name)
    }

    pub(super) fn names(&self, node: &Node<'i>) -> Vec<Name> {
        node.all(Rule::name).map(|name| self.name(&name)).collect()
    }

    pub(super) fn references(&self, node: &Node<'i>) -> Vec<Reference> {
        node.all(Rule::reference).map(|name| self.name(&name)).collect()
    }

    /// Quoted text without its quotes; `\"` and `\\` are one character.
    pub(super) fn text(&self, node: &Node<'i>) -> Text {
        let quoted = node.text();
        let mut text = String::with_capacity(quoted.len());
        let mut characters = quoted[1..quoted.len() - 1].chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some(c @ ('"' | '\\')) => text.push(c),
                    // Any other backslash stands for itself.
                    Some(c) => text.extend(['\\', c]),
                    None => text.push('\\'),
                },
                c => text.push(c),
            }
        }
        self.at(node, text)
    }

    pub(super) fn maybe_text(&self, node: &Node<'i>) -> Option<Text> {
        node.part(Rule::string).map(|text| self.text(&text))
    }

    /// A decimal; when it is none, that is reported and the answer is 0.
    pub(super) fn decimal(&mut self, node: &Node<'i>) -> At<Decimal> {
        let words = node.text();
        let value = is_decimal(words).then(|| Decimal::from_str_exact(&words.replace('_', "")).ok()).flatten();
        if value.is_none() {
            let place = self.span(node);
            if looks_like_a_day(words) {
                self.report.malformed_date(place, words, meant(words));
            } else {
                self.report.malformed_number(place, words, number_help(words));
            }
        }
        self.at(node, value.unwrap_or_default())
    }

    /// A whole number; when it is none, that is reported and the answer is 1.
    pub(super) fn count(&mut self, node: &Node<'i>) -> At<i64> {
        let words = node.text();
        let digits = words.replace('_', "");
        let value = digits.bytes().all(|b| b.is_ascii_digit()).then(|| i64::from_str(&digits).ok()).flatten();
        let value = value.filter(|value| *value <= i64::from(u32::MAX));
        if value.is_none() {
            let place = self.span(node);
            let help = number_help(words).or(Some("a whole number is needed here".to_owned()));
            self.report.malformed_number(place, words, help);
        }
        self.at(node, value.unwrap_or(1))
    }

    /// A day; when there is no such day, that is reported and the answer is the first of the calendar.
    pub(super) fn day(&mut self, node: &Node<'i>) -> At<Date> {
        let words = node.text();
        let day = Date::parse(words);
        if day.is_none() {
            let place = self.span(node);
            self.report.malformed_date(place, words, meant(words));
        }
        self.at(node, day.unwrap_or(Date::MIN))
    }

    /// `R1718.adopted + 90 days`, from a `date` or a `moment`.
    pub(super) fn date(&mut self, node: &Node<'i>) -> DateExpr {
        let mut date: Option<DateExpr> = None;
        let mut offsets = 0;
        for part in node.parts() {
            match part.rule() {
                Rule::kw_adopted => date = Some(DateExpr::Adopted(self.place(&part))),
                Rule::adopted_of => {
                    let name = part.text().trim_end_matches(".adopted").to_owned();
                    let span = self.text.span(part.start(), part.start() + name.len());
                    date = Some(DateExpr::AdoptedOf(At { it: name, span }));
                }
                Rule::offset => {
                    offsets += 1;
                    if offsets <= MOST_OFFSETS {
                        date = date.map(|base| self.offset(base, &part));
                    } else if offsets == MOST_OFFSETS + 1 {
                        let place = self.span(&part);
                        self.report.chain_too_long(place, MOST_OFFSETS);
                    }
                }
                _ => date = Some(DateExpr::Day(self.day(&part))),
            }
        }
        date.expect("a date starts with a day or `adopted`")
    }

    fn offset(&mut self, base: DateExpr, node: &Node<'i>) -> DateExpr {
        let number = node.part(Rule::number).expect("an offset has a number");
        let mut count = self.count(&number);
        if node.part(Rule::minus).is_some() {
            count.it = -count.it;
        }
        let unit = if node.part(Rule::kw_days).is_some() {
            DateUnit::Days
        } else if node.part(Rule::kw_months).is_some() {
            DateUnit::Months
        } else {
            DateUnit::Years
        };
        DateExpr::Plus { base: Box::new(base), count, unit }
    }

    /// `500_000 bbl`
    pub(super) fn amount(&mut self, node: &Node<'i>) -> Number {
        let number = node.part(Rule::number).expect("an amount has a number");
        let unit = node.part(Rule::name).map(|unit| self.name(&unit));
        Number { value: self.decimal(&number), unit }
    }

    /// `0801..0803`
    pub(super) fn codes(&mut self, node: &Node<'i>) -> CodeRange {
        let mut codes = node.all(Rule::number).map(|number| self.code(&number)).collect::<Vec<_>>().into_iter();
        let first = codes.next().expect("a range of codes has a first");
        CodeRange { first, last: codes.next() }
    }

    fn code(&mut self, node: &Node<'i>) -> At<String> {
        let words = node.text();
        if !words.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
            let place = self.span(node);
            let digits: String = words.chars().filter(char::is_ascii_digit).collect();
            self.report.malformed_number(place, words, Some(format!("an HS code is digits only: `{digits}`")));
        }
        self.at(node, words.replace('_', ""))
    }

    pub(super) fn value(&mut self, node: &Node<'i>) -> Value {
        let part = node.parts().next().expect("a value is one of its kinds");
        match part.rule() {
            Rule::moment => Value::Date(self.date(&part)),
            Rule::codes => Value::Codes(self.codes(&part)),
            Rule::string => Value::Text(self.text(&part)),
            Rule::word => Value::Word(self.name(&part)),
            _ => self.number_or_code(&part),
        }
    }

    /// Digits alone are kept as they were written: as an HS prefix, `07` is not 7.
    fn number_or_code(&mut self, node: &Node<'i>) -> Value {
        let number = node.part(Rule::number).expect("an amount has a number");
        let bare = node.part(Rule::name).is_none();
        if bare && number.text().bytes().all(|b| b.is_ascii_digit() || b == b'_') {
            return Value::Codes(CodeRange { first: self.code(&number), last: None });
        }
        Value::Number(self.amount(node))
    }

    pub(super) fn values(&mut self, node: &Node<'i>) -> Vec<Value> {
        node.all(Rule::value).map(|value| self.value(&value)).collect::<Vec<_>>()
    }

    pub(super) fn list_value(&mut self, node: &Node<'i>) -> Value {
        let values = self.values(node);
        Value::List(values, Span0(self.span(node)))
    }
}

/// Digits with `_` between them, and at most one point with digits on both sides.
fn is_decimal(words: &str) -> bool {
    let (whole, fraction) = words.split_once('.').unwrap_or((words, "0"));
    let digits = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    };
    digits(whole) && digits(fraction)
}

fn looks_like_a_day(words: &str) -> bool {
    let separators = words.bytes().filter(|b| matches!(b, b'-' | b'/' | b'.')).count();
    separators == 2 || words.contains(['-', '/'])
}

/// The day an author meant by `17/08/2017`, `2017-8-5` or `17.08.2017`, if only one can be meant.
fn meant(words: &str) -> Option<String> {
    let parts: Vec<i16> = words.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[a, b, c] = parts.as_slice() else { return None };
    let day = |year: i16, month: i16, day: i16| {
        let date = Date::try_new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
        (date.year() >= 1000).then(|| date.to_string())
    };
    match (day(a, b, c), day(c, b, a), day(c, a, b)) {
        (Some(date), _, _) => Some(date),
        (_, Some(one), Some(two)) if one != two => None,
        (_, one, two) => one.or(two),
    }
}

fn number_help(words: &str) -> Option<String> {
    let digits = words.find(|c: char| !(c.is_ascii_digit() || c == '_' || c == '.')).unwrap_or(words.len());
    let (number, rest) = words.split_at(digits);
    if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(format!("put a space between number and unit: `{} {rest}`", number.trim_end_matches('_')));
    }
    None
}
