//! Terms, tariff codes, days and amounts.

use crate::check::program::{TaxonomyId, Terms};
use crate::value::{Date, Decimal, Unit};

use super::Phrases;

/// A part of a taxonomy that a set of terms holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// A term and all under it.
    Branch(u32),
    /// A term, but not all that is under it.
    Alone(u32),
}

impl Phrases<'_> {
    /// The fewest parts that make up a set of terms.
    pub(super) fn heads(self, taxonomy: TaxonomyId, terms: &Terms) -> Vec<Head> {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let mut heads = Vec::new();
        for &(from, to) in &terms.0 {
            let mut at = from;
            while at < to {
                let end = all[at as usize].end;
                heads.push(if end <= to { Head::Branch(at) } else { Head::Alone(at) });
                at = if end <= to { end } else { at + 1 };
            }
        }
        heads
    }

    /// `coal`, or `arms itself`.
    pub(super) fn head(self, taxonomy: TaxonomyId, head: Head) -> String {
        let name = |term: u32| self.program.schema.taxonomies[taxonomy.at()].terms[term as usize].name.clone();
        match head {
            Head::Branch(term) => name(term),
            Head::Alone(term) => format!("{} itself", name(term)),
        }
    }

    /// `500 kg`
    pub(super) fn amount(self, amount: Decimal, unit: Unit) -> String {
        format!("{} {}", amount.normalize(), self.program.schema.unit_name(unit))
    }
}

/// The first and the last of the shortest prefixes that a half-open range of ten-digit codes is made of: `72`, `83`.
pub(crate) fn prefixes((from, to): (u64, u64)) -> (String, String) {
    let fits = |digits: &u32| {
        let step = 10u64.pow(10 - digits);
        from % step == 0 && to % step == 0
    };
    let digits = [2, 4, 6, 8].into_iter().find(fits).unwrap_or(10);
    let step = 10u64.pow(10 - digits);
    let width = digits as usize;
    (format!("{:0width$}", from / step), format!("{:0width$}", to / step - 1))
}

/// `72..83`, `2701`
pub(super) fn codes(range: (u64, u64)) -> String {
    let (first, last) = prefixes(range);
    if first == last { first } else { format!("{first}..{last}") }
}

/// What `name` is on the days of a half-open range.
pub(super) fn days(name: &str, (from, to): (Date, Date)) -> String {
    match (from == Date::MIN, to == Date::MAX) {
        (true, true) => format!("not {name} is none"),
        (true, false) => format!("{name} < {to}"),
        (false, true) => format!("{name} >= {from}"),
        (false, false) if from.next() == to => format!("{name} is {from}"),
        (false, false) => format!("{name} >= {from} and {name} < {to}"),
    }
}

/// `a`, or `any of { a, b }`
pub(super) fn any_of(mut values: Vec<String>) -> String {
    if values.len() == 1 { values.remove(0) } else { format!("any of {{ {} }}", values.join(", ")) }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
