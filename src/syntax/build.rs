//! Parser pairs → tree. What the grammar lets through by intent is refused here, with a message made for it.

// `once` reports; as a guard of a match arm that would be hidden.
#![allow(clippy::collapsible_match)]

mod condition;
mod exits;
mod law;
mod scenario;
mod token;
mod vocabulary;

use std::ops::Range;

use crate::diagnostics::Report;
use crate::source::{SourceId, Span};

use super::faults::{self, Level};
use super::grammar::{Node, Rule};
use super::tree::{At, File, Item, Period, Span0};

/// Builds the tree of one text. What is not sound is reported and left out.
pub(super) fn file(node: &Node<'_>, text: Text<'_>, report: &mut Report) -> File {
    let mut build = Build { text, report };
    let items = build.body(node, Level::Item, |build, node| build.item(node));
    File { items, comments: Vec::new() }
}

/// The text that was parsed, and what is known about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub id: SourceId,
    /// As the parser saw it.
    pub read: &'a str,
    /// The length of the text as the author wrote it; no place lies beyond.
    pub length: usize,
    /// Ranges in which a fault follows from one already reported.
    pub doubtful: &'a [Range<usize>],
    /// With so many diagnostics no more are looked for.
    pub most: usize,
}

impl Text<'_> {
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start.min(self.length), end.min(self.length))
    }

    pub fn is_doubtful(&self, at: usize) -> bool {
        self.doubtful.iter().any(|range| range.contains(&at))
    }
}

struct Build<'a> {
    text: Text<'a>,
    report: &'a mut Report,
}

impl<'i> Build<'_> {
    fn span(&self, node: &Node<'i>) -> Span {
        self.text.span(node.start(), node.end())
    }

    fn at<T>(&self, node: &Node<'i>, it: T) -> At<T> {
        At { it, span: self.span(node) }
    }

    /// The members of a body, those that could not be read reported and left out.
    fn body<T>(&mut self, node: &Node<'i>, level: Level, read: impl Fn(&mut Self, &Node<'i>) -> T) -> Vec<At<T>> {
        let mut members: Vec<At<T>> = Vec::new();
        let mut previous: Option<Node<'i>> = None;
        let mut after_fault = false;
        let mut parts = node.parts().peekable();
        while let Some(part) = parts.next() {
            let rule = part.rule();
            if rule == level.rule() {
                // A clause whose rest could not be read is not sound; what it lacks is one message below.
                let cut = parts.peek().is_some_and(|next| faults::is_rest(&self.text, level, next));
                if !cut || level == Level::Item {
                    let member = read(self, &part);
                    members.push(self.at(&part, member));
                }
                previous = Some(part);
                after_fault = false;
            } else if rule == level.bad_rule() {
                if self.report.len() < self.text.most {
                    faults::report(&self.text, level, previous.as_ref(), &part, after_fault, self.report);
                }
                previous = None;
                after_fault = true;
            }
        }
        members
    }

    fn item(&mut self, node: &Node<'i>) -> Item {
        let Some(item) = node.parts().next() else { unreachable!("an item is one of its kinds") };
        match item.rule() {
            Rule::use_item => Item::Use(self.first_name(&item)),
            Rule::taxonomy => Item::Taxonomy(self.taxonomy(&item)),
            Rule::extend_taxonomy => self.extend_taxonomy(&item),
            Rule::record => Item::Record { name: self.first_name(&item), fields: self.fields(&item) },
            Rule::extend_record => Item::ExtendRecord { name: self.first_name(&item), fields: self.fields(&item) },
            Rule::activity => Item::Activity { fields: self.fields(&item) },
            Rule::extend_activity => Item::ExtendActivity { fields: self.fields(&item) },
            Rule::unit => Item::Unit(self.unit(&item)),
            Rule::group => Item::Group(self.group(&item)),
            Rule::list => Item::List(self.list(&item)),
            Rule::holidays => self.holidays(&item),
            Rule::presume => Item::Presume(self.presume(&item)),
            Rule::regime => Item::Regime(self.regime(&item)),
            Rule::instrument => Item::Instrument(self.instrument(&item)),
            Rule::scenario => Item::Scenario(self.scenario(&item)),
            Rule::property => Item::Property(self.property(&item)),
            other => unreachable!("no item is read by {other:?}"),
        }
    }

    /// Puts a `from` or `through` into a period; each may stand once.
    fn period_part(&mut self, period: &mut Period, seen: &mut Seen<'i>, part: &Node<'i>) {
        let Some(date) = part.part(Rule::date) else { return };
        let value = self.date(&date);
        match part.rule() {
            Rule::from_part => {
                if self.once(seen, part, "`from`", None) {
                    period.from = Some(value);
                }
            }
            Rule::through_part => {
                if self.once(seen, part, "`through`", None) {
                    period.through = Some(value);
                }
            }
            _ => {
                let Some(word) = part.parts().next() else { return };
                let place = self.span(&word);
                self.report.bare_period(place, word.text());
                period.through = period.through.take().or(Some(value));
            }
        }
    }

    /// True when no part by the same rule was seen before; else reports the repetition.
    fn once(&mut self, seen: &mut Seen<'i>, part: &Node<'i>, what: &str, help: Option<&str>) -> bool {
        let first = seen.0.iter().find(|earlier| earlier.rule() == part.rule()).cloned();
        match first {
            Some(first) => {
                let (place, first) = (self.span(part), self.span(&first));
                self.report.repeated_part(place, first, what, help);
                false
            }
            None => {
                seen.0.push(part.clone());
                true
            }
        }
    }

    fn place(&self, node: &Node<'i>) -> Span0 {
        Span0(self.span(node))
    }
}

/// The parts of one clause met so far.
#[derive(Default)]
struct Seen<'i>(Vec<Node<'i>>);
