//! Tests as text, in languages that write them much alike.

use std::cmp::Reverse;

use interdict_regimes::{Line, Regime, Test, Verdict, Way, slot};

use crate::case::name;

/// How a language writes a conjunction.
pub struct Dialect {
    /// Before the name of a fact: `input.`
    pub before: &'static str,
    /// Between two tests: ` && `
    pub and: &'static str,
    /// Before a fact that is not to be: `!`
    pub not: &'static str,
}

impl Dialect {
    /// `destination == 17 && item >= 3 && item <= 9`
    pub fn all(&self, tests: &[Test]) -> String {
        tests.iter().map(|test| self.test(test)).collect::<Vec<_>>().join(self.and)
    }

    fn test(&self, test: &Test) -> String {
        let Dialect { before, and, not } = self;
        let Test { low, high, .. } = *test;
        let name = name(test.slot as usize);
        if test.slot as usize >= slot::FACTS {
            return if low == 1 { format!("{before}{name}") } else { format!("{not}{before}{name}") };
        }
        match (low, high) {
            _ if low == high => format!("{before}{name} == {low}"),
            (i32::MIN, _) => format!("{before}{name} <= {high}"),
            (_, i32::MAX) => format!("{before}{name} >= {low}"),
            _ => format!("{before}{name} >= {low}{and}{before}{name} <= {high}"),
        }
    }
}

/// The rules, the strictest first, each with the exceptions that help most first.
pub fn strictest_first(regime: &Regime) -> Vec<Line> {
    let mut lines = regime.lines();
    lines.iter_mut().for_each(|line| line.ways.sort_by_key(|way| way.leaves));
    lines.sort_by_key(|line| Reverse(line.at_most()));
    lines
}

/// The exceptions that have to be looked at: behind one that always helps none matters.
pub fn conditional(line: &Line) -> impl DoubleEndedIterator<Item = &Way> {
    let always = line.ways.iter().position(|way| way.tests.is_empty());
    line.ways[..always.unwrap_or(line.ways.len())].iter()
}

/// Verdicts as numbers, for languages without them.
pub fn verdict(number: i64) -> Option<Verdict> {
    const ALL: [Verdict; 5] = [
        Verdict::NotCovered,
        Verdict::Allowed,
        Verdict::RequiresNotification,
        Verdict::RequiresAuthorisation,
        Verdict::Prohibited,
    ];
    usize::try_from(number).ok().and_then(|nth| ALL.get(nth)).copied()
}
