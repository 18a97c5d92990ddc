//! Goods and the codes that describe them.

use crate::check::program::{Taxonomy, Type};
use crate::facts::question::{Line, State, Value};
use crate::value::raw::Way;

use super::Binder;

impl Binder<'_> {
    /// Refuses an item and a code of which no pair describes the same goods (`semantics.md`, section 2).
    pub(super) fn goods(&mut self, line: &Line, at: usize) {
        let Some(pair) = self.program.schema.core.goods else { return };
        let lines = Way::Name(&Way::Top, "lines");
        let at = Way::At(&lines, at);
        let way = if line.own.contains(&pair.0) || line.own.contains(&pair.1) { &at } else { &Way::Top };
        // The fault is shown where the line states something itself, by preference at the code.
        let (item_here, code_here) = (line.own.contains(&pair.0), line.own.contains(&pair.1));
        self.goods_of(&line.facts.0, way, item_here && !code_here);
    }

    /// Of the facts in `covers`, too.
    pub(super) fn goods_of(&mut self, facts: &[State], way: &Way<'_>, at_item: bool) {
        let Some((item, hs)) = self.program.schema.core.goods else { return };
        let activity = &self.program.schema.records[0];
        let (Some(State::Is(Value::Term(term))), Some(&State::Is(Value::Codes(from, to)))) =
            (facts.get(item.at()), facts.get(hs.at()))
        else {
            return;
        };
        let (item, hs) = (&activity.fields[item.at()], &activity.fields[hs.at()]);
        let Type::Term(taxonomy) = item.ty else { return };
        let taxonomy = &self.program.schema.taxonomies[taxonomy.at()];
        let overlaps = |codes: &[(u64, u64)]| codes.iter().any(|&(first, end)| first < to && from < end);
        let possible =
            (*term..taxonomy.terms[*term as usize].end).any(|term| codes_of(taxonomy, term).is_none_or(overlaps));
        if possible {
            return;
        }
        let field = if at_item { item } else { hs };
        let name = &taxonomy.terms[*term as usize].name;
        let (said, coded) = (&item.name, &hs.name);
        let message = format!("`{said}` says `{name}` and `{coded}` says `{}`: no goods are both", code(from, to));
        let codes = codes_of(taxonomy, *term).unwrap_or_default();
        let codes: Vec<String> = codes.iter().take(10).map(|&(from, to)| format!("`{}`", code(from, to))).collect();
        let help = format!("the codes of `{name}` are {}", codes.join(", "));
        self.problem(&Way::Name(way, &field.name), message, || (!codes.is_empty()).then_some(help));
    }
}

/// The codes of the nearest of the term and its ancestors that carries any.
fn codes_of(taxonomy: &Taxonomy, term: u32) -> Option<&[(u64, u64)]> {
    let mut at = Some(term);
    while let Some(term) = at {
        let declared = &taxonomy.terms[term as usize];
        if !declared.codes.is_empty() {
            return Some(&declared.codes);
        }
        at = declared.parent;
    }
    None
}

/// `84`, or `72..76`, of a half-open range of ten-digit codes.
fn code(from: u64, to: u64) -> String {
    let below = [8, 6, 4, 2, 0].into_iter().map(|digits| (digits, 10u64.pow(digits)));
    let (digits, below) = below
        .into_iter()
        .find(|(_, below)| from.is_multiple_of(*below) && to.is_multiple_of(*below))
        .expect("every code is a multiple of 1");
    let width = 10 - digits as usize;
    let (first, last) = (from / below, (to / below).saturating_sub(1));
    if first == last { format!("{first:0width$}") } else { format!("{first:0width$}..{last:0width$}") }
}
