//! Comments of the policy text, each with what it is about: the next declaration, or the one it stands in.

use std::collections::BTreeMap;

use crate::check::program::{DefinitionId, ExitId, InstrumentId, NormId, ParagraphId, Program, ReadingId, RegimeId};
use crate::source::{Sources, Span};
use crate::syntax;

/// What a comment can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    Regime(RegimeId),
    Instrument(InstrumentId),
    Paragraph(ParagraphId),
    Norm(NormId),
    Exit(ExitId),
    /// A definition, and which of its parts.
    Definition(DefinitionId, usize),
    Reading(ReadingId),
    Scenario(usize),
}

/// The comments, as paragraphs of text, by what they are about.
pub(super) fn notes(program: &Program, sources: &Sources) -> BTreeMap<About, Vec<String>> {
    let mut notes: BTreeMap<About, Vec<String>> = BTreeMap::new();
    let places = places(program);
    for (id, source) in sources.iter() {
        let here: Vec<(About, Span)> = places.iter().copied().filter(|(_, span)| span.source() == id).collect();
        let text = source.text();
        let mut last: Option<(About, usize)> = None;
        for (at, words) in syntax::comments(text) {
            if is_ruler(words) {
                last = None;
                continue;
            }
            let Some(about) = owner(&here, text, at) else { continue };
            let line = source.line_column(at).0;
            let of = notes.entry(about).or_default();
            // Lines one below the other are one paragraph.
            match (last, of.last_mut()) {
                (Some((before, above)), Some(paragraph))
                    if before == about && above + 1 == line && !words.is_empty() =>
                {
                    paragraph.push(' ');
                    paragraph.push_str(words);
                }
                _ if words.is_empty() => {}
                _ => of.push(words.to_owned()),
            }
            last = (!words.is_empty()).then_some((about, line));
        }
    }
    notes
}

fn places(program: &Program) -> Vec<(About, Span)> {
    let mut all = Vec::new();
    let ids = |count: usize| 0..count as u32;
    all.extend(ids(program.regimes.len()).map(|id| (About::Regime(RegimeId(id)), program.regimes[id as usize].span)));
    all.extend(
        ids(program.instruments.len())
            .map(|id| (About::Instrument(InstrumentId(id)), program.instruments[id as usize].span)),
    );
    all.extend(
        ids(program.paragraphs.len())
            .map(|id| (About::Paragraph(ParagraphId(id)), program.paragraphs[id as usize].span)),
    );
    all.extend(ids(program.norms.len()).map(|id| (About::Norm(NormId(id)), program.norms[id as usize].span)));
    all.extend(ids(program.exits.len()).map(|id| (About::Exit(ExitId(id)), program.exits[id as usize].span)));
    all.extend(
        ids(program.readings.len()).map(|id| (About::Reading(ReadingId(id)), program.readings[id as usize].span)),
    );
    for (at, definition) in program.definitions.iter().enumerate() {
        let id = DefinitionId(at as u32);
        all.extend(definition.parts.iter().enumerate().map(|(part, it)| (About::Definition(id, part), it.span)));
    }
    all.extend(program.scenarios.iter().enumerate().map(|(at, it)| (About::Scenario(at), it.span)));
    all
}

/// At the end of a line it is about what stands before it; on a line of its own about what comes next inside the
/// same braces, else about what it stands in. What opens a paragraph is about the whole of it.
fn owner(places: &[(About, Span)], text: &str, at: usize) -> Option<About> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let inside =
        places.iter().filter(|(_, span)| span.range().contains(&at)).min_by_key(|(_, span)| span.range().len());
    if !text[line..at].trim().is_empty() {
        let before = places.iter().filter(|(_, span)| (line..=at).contains(&span.range().end));
        return before.max_by_key(|(_, span)| span.range().end).or(inside).map(|(about, _)| *about);
    }
    let next = places.iter().filter(|(_, span)| span.range().start > at);
    let next = next.min_by_key(|(_, span)| (span.range().start, std::cmp::Reverse(span.range().end)));
    if let Some((about @ About::Paragraph(_), span)) = inside
        && !places.iter().any(|(_, other)| span.range().start < other.range().start && other.range().start < at)
    {
        return Some(*about);
    }
    let end = inside.map_or(text.len(), |(_, span)| span.range().end);
    next.filter(|(_, span)| span.range().start < end).or(inside).map(|(about, _)| *about)
}

/// `// ---- arms ----`
fn is_ruler(words: &str) -> bool {
    words.starts_with("----")
}
