//! Terms, tariff codes, days and amounts.

use crate::check::program::{TaxonomyId, Terms};
use crate::value::{Date, Decimal, Unit};

use super::Phrases;

/// A part of a taxonomy: a term with all under it, but some branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub term: u32,
    pub but: Vec<u32>,
}

impl Phrases<'_> {
    /// The fewest parts that make up a set of terms.
    pub fn heads(self, taxonomy: TaxonomyId, terms: &Terms) -> Vec<Head> {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let mut heads = Vec::new();
        let mut at = 0;
        while (at as usize) < all.len() {
            heads.extend(self.heads_under(taxonomy, terms, at));
            at = all[at as usize].end;
        }
        heads
    }

    fn heads_under(self, taxonomy: TaxonomyId, terms: &Terms, term: u32) -> Vec<Head> {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let end = all[term as usize].end;
        match terms.all_or_none(term, end) {
            Some(true) => return vec![Head { term, but: Vec::new() }],
            Some(false) => return Vec::new(),
            None => {}
        }
        let children = || {
            std::iter::successors((term + 1 < end).then_some(term + 1), |child| {
                Some(all[*child as usize].end).filter(|next| *next < end)
            })
        };
        let below: Vec<Head> = children().flat_map(|child| self.heads_under(taxonomy, terms, child)).collect();
        if !terms.has(term) {
            return below;
        }
        let mut but = Vec::new();
        self.left_out(taxonomy, terms, term, &mut but);
        // What is left out, or else the term for itself and what is there.
        let alone: Vec<u32> = children().collect();
        if but.len() <= below.len() || below.is_empty() {
            return vec![Head { term, but }];
        }
        std::iter::once(Head { term, but: alone }).chain(below).collect()
    }

    /// The branches under a term of which nothing is among some terms.
    fn left_out(self, taxonomy: TaxonomyId, terms: &Terms, term: u32, into: &mut Vec<u32>) {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let end = all[term as usize].end;
        let mut child = term + 1;
        while child < end {
            let next = all[child as usize].end;
            match terms.all_or_none(child, next) {
                Some(true) => {}
                Some(false) => into.push(child),
                None => self.left_out(taxonomy, terms, child, into),
            }
            child = next;
        }
    }

    /// `coal`, `arms but un_register`, or `other arms` where all that has a name is left out.
    pub(super) fn head(self, taxonomy: TaxonomyId, head: &Head) -> String {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let name = |term: u32| all[term as usize].name.as_str();
        let Head { term, but } = head;
        let is_all = {
            let covered: u32 = but.iter().map(|out| all[*out as usize].end - out).sum();
            covered + 1 == all[*term as usize].end - term
        };
        match but.as_slice() {
            [] => name(*term).to_owned(),
            _ if is_all => format!("other {}", name(*term)),
            but => {
                format!("{} but {}", name(*term), but.iter().map(|out| name(*out)).collect::<Vec<_>>().join(" and "))
            }
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

/// A text as the language writes it, in one line.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " "))
}
