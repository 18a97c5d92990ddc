//! Conditions. The grammar reads them flat; here the brackets get their depth back.

use crate::source::Span;
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{Absent, At, CompareOp, Cond, Name, Number, Quantifier, TestOp, Value, Window};
use crate::value::Decimal;

use super::Build;

/// Longest operand shown in the help of `mixed-and-or`, in characters.
const SHOWN: usize = 40;
/// Most operands shown there.
const MOST_SHOWN: usize = 6;

/// What stands between two brackets, as far as it was read.
struct Level {
    bracket: Bracket,
    /// How many `not`s stand before the bracket.
    nots: usize,
    parts: Vec<Cond>,
    /// Where each part starts and ends.
    places: Vec<(usize, usize)>,
    /// Between the parts: `and` or not, and where.
    connectives: Vec<(bool, Span)>,
    start: usize,
}

enum Bracket {
    None,
    Round,
    Record(At<Quantifier>, Name),
}

impl Level {
    fn new(bracket: Bracket, nots: usize, start: usize) -> Level {
        Level { bracket, nots, parts: Vec::new(), places: Vec::new(), connectives: Vec::new(), start }
    }
}

impl<'i> Build<'_> {
    /// `in_record`: the condition is asked of a record, where `field value` without `is` is allowed.
    pub(super) fn cond(&mut self, node: &Node<'i>, in_record: bool) -> Cond {
        let mut levels: Vec<Level> = Vec::new();
        let mut level = Level::new(Bracket::None, 0, node.start());
        let (mut nots, mut start) = (0, None);
        for part in node.parts() {
            match part.rule() {
                Rule::kw_not | Rule::bang => {
                    if part.rule() == Rule::bang {
                        self.foreign(&part, "not");
                    }
                    start = start.or(Some(part.start()));
                    nots += 1;
                }
                Rule::lparen | Rule::quantified => {
                    let bracket = self.bracket(&part);
                    let opened = Level::new(bracket, std::mem::take(&mut nots), start.take().unwrap_or(part.start()));
                    levels.push(std::mem::replace(&mut level, opened));
                }
                Rule::rparen | Rule::rbrace => {
                    // The brackets were counted before the parser ran, so there is an outer level.
                    if let Some(outer) = levels.pop() {
                        let closed = std::mem::replace(&mut level, outer);
                        self.close(closed, &mut level, part.end());
                    }
                }
                Rule::kw_and | Rule::kw_or | Rule::and_sign | Rule::or_sign => self.connective(&mut level, &part),
                _ => {
                    let implied = in_record
                        || levels.iter().chain([&level]).any(|level| matches!(level.bracket, Bracket::Record(..)));
                    let cond = self.operand(&part, implied);
                    level.parts.push(negated(cond, std::mem::take(&mut nots)));
                    level.places.push((start.take().unwrap_or(part.start()), part.end()));
                }
            }
        }
        self.join(&mut level)
    }

    fn bracket(&mut self, node: &Node<'i>) -> Bracket {
        if node.rule() == Rule::lparen {
            return Bracket::Round;
        }
        Bracket::Record(self.quantifier(node), self.first_name(node))
    }

    fn quantifier(&mut self, node: &Node<'i>) -> At<Quantifier> {
        let word = node.parts().next().expect("a quantifier starts with a word");
        let (quantifier, end) = match word.rule() {
            Rule::kw_some => (Quantifier::Some, word.end()),
            Rule::kw_no => (Quantifier::No, word.end()),
            _ => {
                let number = node.part(Rule::number).expect("`at least` has a number");
                let count = self.count(&number).it;
                (Quantifier::AtLeast(u32::try_from(count).unwrap_or(u32::MAX)), number.end())
            }
        };
        At { it: quantifier, span: self.text.span(word.start(), end) }
    }

    fn close(&mut self, mut closed: Level, outer: &mut Level, end: usize) {
        let inner = Box::new(self.join(&mut closed));
        let cond = match closed.bracket {
            Bracket::Record(quantifier, of) => Cond::Some { quantifier, of, body: Some(inner) },
            Bracket::Round | Bracket::None => Cond::Group(inner),
        };
        outer.parts.push(negated(cond, closed.nots));
        outer.places.push((closed.start, end));
    }

    fn connective(&mut self, level: &mut Level, node: &Node<'i>) {
        let and = matches!(node.rule(), Rule::kw_and | Rule::and_sign);
        if matches!(node.rule(), Rule::and_sign | Rule::or_sign) {
            self.foreign(node, if and { "and" } else { "or" });
        }
        level.connectives.push((and, self.span(node)));
    }

    /// Joins the parts of one level: all by `and`, or all by `or`.
    fn join(&mut self, level: &mut Level) -> Cond {
        let mut parts = std::mem::take(&mut level.parts);
        let Some(&(and, first)) = level.connectives.first() else {
            return parts.pop().expect("a condition has a part");
        };
        if let Some(change) = level.connectives.iter().position(|(other, _)| *other != and) {
            let start = level.places.first().map_or(0, |place| place.0);
            let end = level.places.last().map_or(0, |place| place.1);
            let readings = self.readings(level, change);
            self.report.mixed_and_or(self.text.span(start, end), first, level.connectives[change].1, readings);
        }
        if and { Cond::And(parts) } else { Cond::Or(parts) }
    }

    /// The two ways to read `a and b or c`, `and` first and `or` first. Of a long condition only the parts
    /// around the first change are shown.
    fn readings(&self, level: &Level, change: usize) -> [String; 2] {
        let range = if level.places.len() <= MOST_SHOWN { 0..level.places.len() } else { change - 1..change + 2 };
        let places = &level.places[range.clone()];
        let connectives = &level.connectives[range.start..range.end - 1];
        [true, false].map(|tight| {
            let mut out = String::new();
            let mut at = 0;
            while at < places.len() {
                let mut end = at;
                while connectives.get(end).is_some_and(|(and, _)| *and == tight) {
                    end += 1;
                }
                let run: Vec<_> = places[at..=end].iter().map(|place| self.shown(*place)).collect();
                let run = run.join(if tight { " and " } else { " or " });
                out += &if end > at { format!("({run})") } else { run };
                if end < connectives.len() {
                    out += if tight { " or " } else { " and " };
                }
                at = end + 1;
            }
            out
        })
    }

    fn shown(&self, (start, end): (usize, usize)) -> String {
        let words: Vec<_> = self.text.read[start..end].split_whitespace().collect();
        let words = words.join(" ");
        match words.char_indices().nth(SHOWN) {
            Some((cut, _)) => format!("{}…", words[..cut].trim_end()),
            None => words,
        }
    }

    fn foreign(&mut self, node: &Node<'i>, write: &str) {
        let place = self.span(node);
        self.report.foreign_operator(place, node.text(), write);
    }

    fn operand(&mut self, node: &Node<'i>, implied: bool) -> Cond {
        match node.rule() {
            Rule::counted => Cond::Some { quantifier: self.quantifier(node), of: self.first_name(node), body: None },
            Rule::found => self.found(node),
            Rule::listed => self.listed(node, None, self.span(node)),
            _ => self.test(node, implied),
        }
    }

    fn found(&mut self, node: &Node<'i>) -> Cond {
        let mut names = self.names(node).into_iter();
        let window = if node.part(Rule::this_year).is_some() {
            Some(Window::ThisCalendarYear)
        } else {
            let number = node.part(Rule::last_days).and_then(|days| days.part(Rule::number));
            number.map(|number| Window::LastDays(self.count(&number)))
        };
        Cond::Found {
            kind: names.next().expect("a finding has a kind"),
            by: names.next().expect("a finding is by somebody"),
            window,
            span: self.span(node),
        }
    }

    fn listed(&mut self, node: &Node<'i>, field: Option<Name>, span: Span) -> Cond {
        let mut names = self.names(node).into_iter();
        Cond::Listed {
            field,
            list: names.next().expect("`listed in` has a list"),
            measure: names.next(),
            entry: self.maybe_text(node),
            span,
        }
    }

    fn test(&mut self, node: &Node<'i>, implied: bool) -> Cond {
        let mut parts = node.parts();
        let field = parts.next().expect("a test starts with a name");
        let field = self.name(&field);
        let Some(tail) = parts.next() else { return Cond::Name(field) };
        let span = self.span(node);
        match tail.rule() {
            Rule::listed => self.listed(&tail, Some(field), span),
            Rule::in_group => {
                Cond::Member { field, negated: tail.part(Rule::kw_not).is_some(), group: self.first_name(&tail) }
            }
            Rule::compare => self.compare(field, &tail),
            Rule::under => self.values_test(field, TestOp::Under, &tail, span),
            Rule::is => self.is(field, &tail, span),
            _ => {
                if !implied {
                    let value = self.shown((tail.start(), tail.end()));
                    self.report.missing_is(span, &field.it, &value);
                }
                self.values_test(field, TestOp::Implied, &tail, span)
            }
        }
    }

    fn is(&mut self, field: Name, tail: &Node<'i>, span: Span) -> Cond {
        let sign = tail.part(Rule::eq_sign).or_else(|| tail.part(Rule::ne_sign));
        if let Some(sign) = &sign {
            self.foreign(sign, if sign.rule() == Rule::eq_sign { "is" } else { "is not" });
        }
        let negated = tail.part(Rule::kw_not).is_some() || tail.part(Rule::ne_sign).is_some();
        let word = tail.part(Rule::value).and_then(|value| value.part(Rule::word));
        match word.as_ref().map(Node::text) {
            Some("empty") => Cond::Absent { field, negated, word: Absent::Empty },
            Some("none") => Cond::Absent { field, negated, word: Absent::None },
            _ => {
                let mut cond = self.values_test(field, TestOp::Is, tail, span);
                if let Cond::Test { negated: n, .. } = &mut cond {
                    *n = negated;
                }
                cond
            }
        }
    }

    fn values_test(&mut self, field: Name, op: TestOp, tail: &Node<'i>, span: Span) -> Cond {
        let any_of = tail.part(Rule::any_of);
        let values = match &any_of {
            Some(any_of) => self.values(any_of),
            None => self.values(tail),
        };
        let negated = tail.part(Rule::kw_not).is_some();
        Cond::Test { field, negated, op, values, any_of: any_of.is_some(), span }
    }

    fn compare(&mut self, field: Name, tail: &Node<'i>) -> Cond {
        let mut parts = tail.parts();
        let sign = parts.next().expect("a comparison starts with its sign");
        let op = match sign.rule() {
            Rule::less_sign => CompareOp::Less,
            Rule::at_most_sign => CompareOp::LessOrEqual,
            Rule::more_sign => CompareOp::More,
            Rule::at_least_sign => CompareOp::MoreOrEqual,
            Rule::kw_before => CompareOp::Before,
            _ => CompareOp::After,
        };
        let value = parts.next().expect("a comparison has a value");
        let value = match self.value(&value) {
            Value::Codes(codes) if codes.last.is_none() => Value::Number(whole(codes.first)),
            value => value,
        };
        Cond::Compare { field, op: self.at(&sign, op), value }
    }
}

/// Digits beside `<` are a number and not a code.
fn whole(digits: At<String>) -> Number {
    let value = Decimal::from_str_exact(&digits.it).unwrap_or_default();
    Number { value: At { it: value, span: digits.span }, unit: None }
}

fn negated(cond: Cond, nots: usize) -> Cond {
    (0..nots).fold(cond, |cond, _| Cond::Not(Box::new(cond)))
}
