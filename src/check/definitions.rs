//! Definitions, readings and presumptions.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Span;
use crate::syntax::tree::{self, TestOp};
use crate::value::{Date, Raw};

use super::Checker;
use super::circles::{circles, depths};
use super::program::{
    Cond, Definition, DefinitionId, DefinitionPart, Paragraph, ParagraphId, Period, Presumption, Reading, RecordId,
};

/// Most conditions in a definition when all others that it names are written out. Whoever walks through one meets so many.
const MOST_UNFOLDED: usize = 20_000;

/// Longest chain of definitions that name each other. Conditions are unfolded through it.
const DEEPEST: usize = 64;

impl Checker<'_, '_> {
    pub(super) fn definitions(&mut self, paragraphs: &[Paragraph]) -> Vec<Definition> {
        let decl = self.decl;
        let mut all = Vec::with_capacity(decl.definitions.len());
        for (at, definition) in decl.definitions.iter().enumerate() {
            let id = DefinitionId(at as u32);
            let mut parts = Vec::with_capacity(definition.parts.len());
            for &(paragraph, written, span) in &definition.parts {
                parts.push(self.definition_part(
                    id,
                    definition.of,
                    &paragraphs[paragraph.at()],
                    paragraph,
                    written,
                    span,
                ));
            }
            all.push(Definition { name: definition.name.clone(), of: definition.of, parts });
        }
        if self.refuse_recursion() {
            self.refuse_explosion(&all);
        }
        all
    }

    fn definition_part(
        &mut self,
        id: DefinitionId,
        of: Option<RecordId>,
        paragraph: &Paragraph,
        stands_in: ParagraphId,
        written: &tree::Define,
        span: Span,
    ) -> DefinitionPart {
        let mut scope = self.scope_of(stands_in);
        scope.record = of;
        scope.definition = Some(id);
        // What a word means is not bound to days unless the text says so; what widens it has its paragraph's.
        let default = if written.also {
            Period { from: paragraph.from, through: paragraph.through }
        } else {
            Period { from: Date::MIN, through: None }
        };
        DefinitionPart {
            paragraph: stands_in,
            period: self.period(&written.period, default, scope.adopted),
            when: self.condition(&written.when, &scope),
            span,
        }
    }

    /// Refuses a definition that is too large to unfold: each may name another one twice.
    fn refuse_explosion(&mut self, all: &[Definition]) {
        let mut known = vec![None; all.len()];
        let sizes: Vec<usize> = (0..all.len()).map(|at| unfolded(all, at, &mut known)).collect();
        let too_large = sizes.iter().enumerate().filter(|(_, size)| **size > MOST_UNFOLDED);
        if let Some((at, size)) = too_large.min_by_key(|(_, size)| **size) {
            let place = self.decl.definitions[at].parts[0].1.name.span;
            self.report.definitions_too_large(place, &all[at].name, *size, MOST_UNFOLDED);
        }
    }

    /// Refuses definitions that lead back to themselves, and chains that are too long to unfold. Whether there are none.
    fn refuse_recursion(&mut self) -> bool {
        let edges: BTreeSet<(u32, u32)> =
            self.uses.iter().filter_map(|(from, to)| from.map(|from| (from.0, to.0))).collect();
        let decl = self.decl;
        let place = |id: u32| decl.definitions[id as usize].parts[0].1.name.span;
        let name = |id: u32| decl.definitions[id as usize].name.as_str();
        let found = circles(edges.iter().copied());
        for circle in &found {
            let steps: Vec<(Span, &str)> = circle.iter().map(|id| (place(*id), name(*id))).collect();
            self.report.definition_cycle(&steps);
        }
        if !found.is_empty() {
            return false;
        }
        let deepest = depths(&edges).into_iter().max_by_key(|(_, depth)| *depth);
        if let Some((id, depth)) = deepest
            && depth > DEEPEST
        {
            self.report.definitions_too_deep(place(id), name(id), depth, DEEPEST);
            return false;
        }
        true
    }

    pub(super) fn warn_of_unused_definitions(&mut self) {
        let used: BTreeSet<DefinitionId> = self.uses.iter().map(|(_, used)| *used).collect();
        for (at, definition) in self.decl.definitions.iter().enumerate() {
            if !used.contains(&DefinitionId(at as u32)) {
                self.report.unused_definition(definition.parts[0].1.name.span, &definition.name);
            }
        }
    }

    pub(super) fn readings(&mut self) -> Vec<Reading> {
        let readings = self.decl.readings.iter();
        readings
            .map(|reading| Reading {
                name: reading.written.name.it.clone(),
                question: reading.written.question.it.clone(),
                default: reading.written.default.it,
                paragraph: reading.paragraph,
                span: reading.written.name.span.to(reading.written.default.span),
            })
            .collect()
    }

    pub(super) fn presumptions(&mut self, paragraphs: &[Paragraph]) -> Vec<Presumption> {
        let decl = self.decl;
        let mut places = BTreeMap::new();
        let mut all = Vec::new();
        for presumption in &decl.presumptions {
            let written = presumption.written;
            let scope = presumption.paragraph.map(|paragraph| self.scope_of(paragraph)).unwrap_or_default();
            let Some((field, declared)) = self.activity_field(&written.field) else { continue };
            if let Some(first) = places.insert(field, written.field.span) {
                self.report.presumed_twice(written.field.span, &written.field.it, first);
                continue;
            }
            if let Some(paragraph) = presumption.paragraph.map(|id| &paragraphs[id.at()])
                && let Some(last) = paragraph.through
            {
                self.report.presumption_ends(written.field.span, &written.field.it, &paragraph.name, last);
            }
            // A presumption is typed as the test `field is value` would be.
            let test = tree::Cond::Test {
                field: written.field.clone(),
                negated: false,
                op: TestOp::Is,
                values: vec![written.value.clone()],
                any_of: false,
                span: written.field.span,
            };
            self.condition(&test, &scope);
            let value = self.raw(&written.value, Some(declared), scope.adopted).unwrap_or(Raw::Null);
            let citation = written.citation.as_ref().map(|citation| citation.it.clone());
            all.push(Presumption { field, value, citation, span: written.field.span });
        }
        all
    }
}

/// The number of conditions in a definition with all that it names.
fn unfolded(all: &[Definition], at: usize, known: &mut [Option<usize>]) -> usize {
    fn size(all: &[Definition], cond: &Cond, known: &mut [Option<usize>]) -> usize {
        let own = if let Cond::Defined(id) = cond { unfolded(all, id.at(), known) } else { 1 };
        cond.parts().iter().fold(own, |sum, part| sum.saturating_add(size(all, part, known)))
    }
    if let Some(known) = known[at] {
        return known;
    }
    let sum = all[at].parts.iter().fold(0, |sum: usize, part| sum.saturating_add(size(all, &part.when, known)));
    known[at] = Some(sum);
    sum
}
