//! The parser behind the grammar. This is the only file that names the parser library.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

// A module of its own, because the derive makes `Rule` public and leaves it without documentation.
#[allow(missing_docs, missing_debug_implementations)]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/interdict.pest"]
    pub(crate) struct Grammar;
}

pub(super) use generated::Rule;

/// One thing that was read: a rule of the grammar, and the words it covers.
#[derive(Debug, Clone)]
pub(super) struct Node<'i>(Pair<'i, Rule>);

impl<'i> Node<'i> {
    /// The rule that was read.
    pub fn rule(&self) -> Rule {
        self.0.as_rule()
    }

    /// The words, of a rule that is one token.
    pub fn text(&self) -> &'i str {
        self.0.as_str()
    }

    /// The byte at which it starts.
    pub fn start(&self) -> usize {
        self.0.as_span().start()
    }

    /// The byte after its last token. The parser's own end would take in the white space before
    /// an optional part that was not there.
    pub fn end(&self) -> usize {
        let mut last = self.0.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        last.as_span().end()
    }

    /// The parts, words and signs included, in order.
    pub fn parts(&self) -> Parts<'i> {
        Parts(self.0.clone().into_inner())
    }

    /// The first part with that rule.
    pub fn part(&self, rule: Rule) -> Option<Node<'i>> {
        self.parts().find(|part| part.rule() == rule)
    }

    /// The parts with that rule.
    pub fn all(&self, rule: Rule) -> impl Iterator<Item = Node<'i>> {
        self.parts().filter(move |part| part.rule() == rule)
    }
}

/// The parts of a [`Node`].
#[derive(Debug, Clone)]
pub(super) struct Parts<'i>(Pairs<'i, Rule>);

impl<'i> Iterator for Parts<'i> {
    type Item = Node<'i>;

    fn next(&mut self) -> Option<Node<'i>> {
        self.0.next().map(Node)
    }
}

/// How far the text could be read, and what could have stood there.
#[derive(Debug)]
pub(super) struct Failure {
    pub at: usize,
    pub expected: Vec<Rule>,
    /// The parser gave up for want of stack, not for the text.
    pub too_deep: bool,
}

/// Reads a whole text by one rule.
pub(super) fn read(rule: Rule, text: &str) -> Result<Node<'_>, Box<Failure>> {
    match generated::Grammar::parse(rule, text) {
        Ok(mut pairs) => Ok(Node(pairs.next().expect("a rule that succeeds gives one pair"))),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) => at,
                InputLocation::Span((start, _)) => start,
            };
            let (expected, too_deep) = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => (positives, false),
                ErrorVariant::CustomError { .. } => (Vec::new(), true),
            };
            Err(Box::new(Failure { at, expected, too_deep }))
        }
    }
}
