//! Diagnostics drawn under the text, as rustc draws them.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::source::{SourceId, Sources};

use super::code::Severity;
use super::report::{Diagnostic, Report};

/// Columns of the drawing, the same on every terminal.
const WIDTH: usize = 120;

impl Report {
    /// The report for people: each diagnostic with its place drawn under the text, the other places
    /// worth seeing, and help. `color` adds the colours of a terminal.
    ///
    /// `sources` is the table that the texts were compiled from; a place in a text that it does not have is not
    /// drawn. Empty for an empty report.
    pub fn render(&self, sources: &Sources, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
        let mut out = String::new();
        for diagnostic in self.iter() {
            if !out.is_empty() {
                out.push('\n');
            }
            out += renderer.render(&[group(diagnostic, sources)]).trim_end();
            out.push('\n');
        }
        out
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
    };
    let mut group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.id())
        .elements(texts(diagnostic).into_iter().filter_map(|id| snippet(diagnostic, id, sources)));
    if let Some(witness) = &diagnostic.witness {
        group = group.element(Level::NOTE.message(format!("for example\n{}", witness.trim_end())));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// The texts that a diagnostic points into, its own first.
fn texts(diagnostic: &Diagnostic) -> Vec<SourceId> {
    let mut ids = vec![diagnostic.at.source()];
    for label in &diagnostic.see_also {
        if !ids.contains(&label.at.source()) {
            ids.push(label.at.source());
        }
    }
    ids
}

/// The places in one text, if the text is there.
fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    id: SourceId,
    sources: &'a Sources,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let source = sources.find(id)?;
    let mut snippet = Snippet::source(source.text()).path(source.name());
    if diagnostic.at.source() == id {
        snippet = snippet.annotation(AnnotationKind::Primary.span(diagnostic.at.range()));
    }
    let labels = diagnostic.see_also.iter().filter(|label| label.at.source() == id);
    let labels = labels.map(|label| AnnotationKind::Context.span(label.at.range()).label(label.says.as_str()));
    Some(snippet.annotations(labels))
}
