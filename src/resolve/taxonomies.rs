//! Taxonomies: trees of terms, numbered in pre-order after every extension.

use std::collections::BTreeMap;

use crate::syntax::tree::{self, Name};

use super::codes::{self, Codes};
use super::from_syntax::{Items, Resolver};
use super::schema::{Taxonomy, TaxonomyId, Term};

impl<'t> Resolver<'t, '_> {
    pub(super) fn taxonomies(&mut self, items: &Items<'t>) {
        let mut extensions: BTreeMap<&str, Extensions<'t>> = BTreeMap::new();
        let declared: BTreeMap<String, ()> = items.taxonomies.iter().map(|t| (t.name.it.clone(), ())).collect();
        for (name, under, terms) in &items.more_terms {
            if super::declarations::find(&declared, "taxonomy", name, self.report).is_some() {
                extensions.entry(name.it.as_str()).or_default().push((*under, terms));
            }
        }
        for written in &items.taxonomies {
            if !self.is_new("taxonomy", &written.name.it, written.name.span) {
                continue;
            }
            if is_built_in(&written.name.it) {
                self.report.name_is_taken(written.name.span, &written.name.it);
            }
            let more = extensions.remove(written.name.it.as_str()).unwrap_or_default();
            let taxonomy = self.taxonomy(written, &more);
            let id = TaxonomyId(self.out.schema.taxonomies.len() as u32);
            self.out.schema.taxonomies.push(taxonomy);
            self.out.names.taxonomies.insert(written.name.it.clone(), id);
        }
    }

    fn taxonomy(&mut self, written: &'t tree::Taxonomy, more: &Extensions<'t>) -> Taxonomy {
        let mut growth: BTreeMap<Option<&str>, Vec<&'t tree::Term>> = BTreeMap::new();
        for (under, terms) in more {
            growth.entry(under.map(|name| name.it.as_str())).or_default().extend(terms.iter());
        }
        let mut out = Taxonomy { name: written.name.it.clone(), terms: Vec::new(), by_name: BTreeMap::new() };
        let mut places = BTreeMap::new();
        // Depth first with a stack of our own: extensions may chain deeper than any bracket.
        let roots = written.terms.iter().chain(growth.remove(&None).unwrap_or_default());
        let mut waiting: Vec<(&'t tree::Term, Option<u32>)> = roots.map(|term| (term, None)).collect();
        waiting.reverse();
        while let Some((term, parent)) = waiting.pop() {
            let parent = match places.get(&term.name.it) {
                Some(&first) => {
                    self.report.duplicate_term(term.name.span, &out.name, &term.name.it, first);
                    parent
                }
                None => {
                    places.insert(term.name.it.clone(), term.name.span);
                    Some(self.add_term(&mut out, term, parent))
                }
            };
            let below = term.children.iter().chain(growth.remove(&Some(term.name.it.as_str())).unwrap_or_default());
            let start = waiting.len();
            waiting.extend(below.map(|child| (child, parent)));
            waiting[start..].reverse();
        }
        close_branches(&mut out.terms);
        self.unplaced(&out, more);
        if out.terms.is_empty() {
            self.report.empty_taxonomy(written.name.span, &out.name);
        }
        out
    }

    fn add_term(&mut self, out: &mut Taxonomy, written: &tree::Term, parent: Option<u32>) -> u32 {
        let number = out.terms.len() as u32;
        out.by_name.insert(written.name.it.clone(), number);
        out.terms.push(Term {
            name: written.name.it.clone(),
            title: written.title.as_ref().map(|title| title.it.clone()),
            parent,
            end: number + 1,
            codes: self.codes(&written.codes),
        });
        number
    }

    fn codes(&mut self, written: &[tree::CodeRange]) -> Vec<Codes> {
        let mut ranges = Vec::new();
        for range in written {
            match codes::range(range) {
                Ok(range) => ranges.push(range),
                Err(part) => self.report.malformed_code(part.span, &part.it),
            }
        }
        codes::merged(ranges)
    }

    /// Extensions under a term that the taxonomy never reaches.
    fn unplaced(&mut self, out: &Taxonomy, more: &Extensions<'t>) {
        for under in more.iter().filter_map(|(under, _)| *under) {
            super::declarations::find(&out.by_name, &format!("term of taxonomy `{}`", out.name), under, self.report);
        }
    }
}

/// What `extend taxonomy` adds, and below which term.
type Extensions<'t> = Vec<(Option<&'t Name>, &'t [tree::Term])>;

/// The types that a field may have without a declaration.
pub(super) const BUILT_IN: [&str; 9] =
    ["country", "date", "yes_no", "text", "hs", "quantity", "money", "reference", "listing"];

pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// A parent comes before its terms, so ends can be carried upwards from the last.
fn close_branches(terms: &mut [Term]) {
    for number in (0..terms.len()).rev() {
        if let Some(parent) = terms[number].parent {
            let end = terms[number].end;
            let parent = &mut terms[parent as usize];
            parent.end = parent.end.max(end);
        }
    }
}
