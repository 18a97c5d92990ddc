//! Size and depth, before the parser runs; and brackets, put right where they do not match.
//!
//! The parser and the builder rely on balanced brackets and bounded depth. So this stage counts both
//! in flat passes. A text whose brackets do not match is reported and read on as if they did: in a
//! copy of the same length, a missing bracket takes the place of white space and one too many
//! becomes white space. Places in the copy are places in the text.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostics::Report;
use crate::limits::{Limits, OverLimit};
use crate::source::{SourceId, Span};

use super::scan::{self, Kind, Token};
use super::tree::Comment;

/// A text that is ready for the parser.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    /// The text, or its copy with brackets and quotation marks put right. Only closing brackets at
    /// the very end make the copy longer.
    pub text: Cow<'a, str>,
    pub comments: Vec<Comment>,
    /// Ranges that were reported and put right: what the parser finds wrong in them follows from that.
    pub doubtful: Vec<Range<usize>>,
    /// False when a limit on depth was reached: the text must not be parsed.
    pub readable: bool,
}

/// Counts, collects comments, and puts brackets and quotation marks right.
pub(super) fn prepare<'a>(
    id: SourceId,
    text: &'a str,
    limits: &Limits,
    report: &mut Report,
) -> Result<Prepared<'a>, OverLimit> {
    if text.len() > limits.source_bytes.min(u32::MAX as usize) {
        return Err(OverLimit { what: "a policy text".to_owned(), unit: "bytes", limit: limits.source_bytes });
    }
    let mut pass = Pass {
        id,
        text,
        edits: Vec::new(),
        tail: String::new(),
        doubtful: Vec::new(),
        report,
        budget: limits.diagnostics.max(1),
    };
    pass.invisible();
    pass.quotes();
    let readable = pass.depth(limits);
    if readable && !pass.balanced() {
        pass.brackets();
    }
    let comments = pass.comments();
    let (text, doubtful) = pass.finish();
    Ok(Prepared { text, comments, doubtful, readable })
}

struct Pass<'a, 'r> {
    id: SourceId,
    text: &'a str,
    /// Bytes that read differently in the copy.
    edits: Vec<(usize, u8)>,
    /// What the copy has after the end of the text.
    tail: String,
    doubtful: Vec<Range<usize>>,
    report: &'r mut Report,
    /// How many more faults are worth reporting.
    budget: usize,
}

impl<'a> Pass<'a, '_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start, end)
    }

    fn of(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }

    fn blank(&mut self, range: Range<usize>) {
        self.edits.extend(range.map(|at| (at, b' ')));
    }

    fn spend(&mut self) -> bool {
        let left = self.budget > 0;
        self.budget = self.budget.saturating_sub(1);
        left
    }

    /// Characters that nobody sees: a byte order mark is skipped, those that change the order of
    /// what is shown are refused, but for quoted texts, where they may be needed.
    fn invisible(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.blank(0..'\u{feff}'.len_utf8());
        }
        if self.text.is_ascii() {
            return;
        }
        let mut texts = scan::tokens(self.text).filter(|token| token.kind == Kind::Text).peekable();
        for (at, character) in self.text.char_indices().filter(|(_, c)| changes_order(*c)) {
            while texts.next_if(|token| token.end <= at).is_some() {}
            let place = self.span(at, at + character.len_utf8());
            if !self.spend() {
                return;
            }
            if texts.peek().is_some_and(|token| token.start < at) {
                self.report.bidi_in_string(place, character);
            } else {
                self.report.bidi_control(place, character);
                self.blank(place.range());
            }
        }
    }

    fn quotes(&mut self) {
        for token in scan::tokens(self.text) {
            match token.kind {
                Kind::CurlyText => self.curly(token),
                Kind::UnclosedText => self.unclosed(token),
                _ => {}
            }
        }
    }

    /// Reads `“…”` as `"…"`.
    fn curly(&mut self, token: Token) {
        let words = token.text(self.text);
        let ends = [words.chars().next(), words.chars().next_back()].map(|c| c.map_or(1, char::len_utf8));
        self.blank(token.start..token.start + ends[0]);
        self.blank(token.end - ends[1]..token.end);
        // At the outer ends, so that places fall on whole characters of the text.
        self.edits.push((token.start, b'"'));
        self.edits.push((token.end - 1, b'"'));
        if self.spend() {
            let place = self.of(token);
            self.report.curly_quote(place);
        }
    }

    /// Ends the text on its line, before a `{` if the line ends with one.
    fn unclosed(&mut self, token: Token) {
        let words = token.text(self.text).trim_end();
        let before = words.strip_suffix('{').map_or(words, str::trim_end);
        let end = token.start + before.len();
        let last = before.chars().next_back().map_or(1, char::len_utf8);
        if before.len() > 1 {
            self.blank(end - last..end);
            self.edits.push((end - 1, b'"'));
        } else {
            self.blank(token.start..end);
        }
        self.doubtful.push(token.start..token.end);
        if self.spend() {
            let place = self.span(token.start, token.start + words.len());
            self.report.unclosed_string(place);
        }
    }

    /// Counts brackets, runs of `not`, and chains of `and` and `or`. False when over a limit.
    fn depth(&mut self, limits: &Limits) -> bool {
        // Per open bracket: the `not`s before it, and the connectives so far inside it.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let (mut above, mut run, mut chain) = (0, 0, 0);
        for token in scan::tokens(self.text) {
            let word = token.text(self.text);
            match (token.kind, word) {
                (Kind::Open, _) => {
                    open.push((run, chain));
                    above += run;
                    (run, chain) = (0, 0);
                    if open.len() > limits.nesting {
                        let place = self.of(token);
                        self.report.nested_too_deep(place, limits.nesting);
                        return false;
                    }
                }
                (Kind::Close, _) => {
                    let (nots, links) = open.pop().unwrap_or_default();
                    above -= nots;
                    (run, chain) = (0, links);
                }
                (Kind::Word, "not") | (Kind::Sign, "!") => {
                    run += 1;
                    if above + run > limits.prefixes {
                        let place = self.of(token);
                        self.report.nested_too_deep(place, limits.prefixes);
                        return false;
                    }
                }
                (Kind::Word, "and" | "or") | (Kind::Sign, "&&" | "||" | "&" | "|") => {
                    run = 0;
                    chain += 1;
                    if chain > limits.chain {
                        let place = self.of(token);
                        self.report.chain_too_long(place, limits.chain);
                        return false;
                    }
                }
                (Kind::Word, "when" | "with" | "within" | "paragraph") => (run, chain) = (0, 0),
                (Kind::Word, word) if starts_clause(word) => (run, chain) = (0, 0),
                _ => {}
            }
        }
        true
    }

    fn balanced(&self) -> bool {
        let mut open = Vec::new();
        for token in scan::tokens(self.text) {
            match token.kind {
                Kind::Open => open.push(token.text(self.text)),
                Kind::Close if open.pop().is_none_or(|opener| closer(opener) != token.text(self.text)) => return false,
                // The `{` that a text without an end has swallowed.
                Kind::UnclosedText if token.text(self.text).trim_end().ends_with('{') => open.push("{"),
                _ => {}
            }
        }
        open.is_empty()
    }

    fn brackets(&mut self) {
        let mut matcher = Matcher { open: Vec::new(), closed: None, head: Block::Other, gap: 0 };
        for token in scan::tokens(self.text).filter(|token| token.kind != Kind::Comment) {
            let flush_left = token.start == 0 || self.text.as_bytes()[token.start - 1] == b'\n';
            match token.kind {
                Kind::Word => self.anchor(&mut matcher, token, flush_left),
                Kind::Open => matcher.push(token, self.text),
                Kind::Close => self.close(&mut matcher, token),
                Kind::UnclosedText => {
                    let words = token.text(self.text).trim_end();
                    if words.ends_with('{') {
                        let end = token.start + words.len();
                        matcher.push(Token { kind: Kind::Open, start: end - 1, end }, self.text);
                    }
                }
                _ => {}
            }
            matcher.gap = token.end;
        }
        while !matcher.open.is_empty() {
            self.unwind(&mut matcher, None);
        }
    }

    /// A word that can only stand at one depth tells which brackets ought to be closed by now.
    fn anchor(&mut self, matcher: &mut Matcher, token: Token, flush_left: bool) {
        let word = token.text(self.text);
        if starts_item(word) && (flush_left || matcher.open.is_empty()) {
            while !matcher.open.is_empty() {
                self.unwind(matcher, Some(token));
            }
            matcher.closed = None;
            matcher.head = if word == "instrument" { Block::Instrument } else { Block::Other };
        } else if word == "paragraph" {
            self.reopen(matcher, token, Block::Instrument);
            if matcher.open.iter().any(|open| open.owner == Block::Instrument) {
                while matcher.open.last().is_some_and(|open| open.owner != Block::Instrument) {
                    self.unwind(matcher, Some(token));
                }
            }
            matcher.head = Block::Paragraph;
        } else if starts_clause(word) {
            if matcher.open.last().is_some_and(|open| open.owner == Block::Instrument) {
                self.reopen(matcher, token, Block::Paragraph);
            }
            if matcher.open.iter().any(|open| open.owner == Block::Paragraph) {
                while matcher.open.last().is_some_and(|open| open.owner != Block::Paragraph) {
                    self.unwind(matcher, Some(token));
                }
                matcher.head = Block::Other;
            }
        }
    }

    /// If the last `}` closed a block into which this word belongs, the `}` was one too many.
    fn reopen(&mut self, matcher: &mut Matcher, token: Token, owner: Block) {
        let expected_depth = if owner == Block::Instrument { 0 } else { 1 };
        if matcher.open.len() != expected_depth {
            return;
        }
        if let Some((open, closed)) = matcher.closed.take_if(|(open, _)| open.owner == owner) {
            self.blank(closed.start..closed.end);
            self.doubtful.push(closed.start..token.end);
            if self.spend() {
                let word = token.text(self.text);
                let places = [self.of(closed), self.of(open.token), self.of(token)];
                self.report.closed_too_early(places[0], places[1], places[2], word);
            }
            matcher.open.push(open);
        }
    }

    fn close(&mut self, matcher: &mut Matcher, token: Token) {
        let by = token.text(self.text);
        let wanted = matcher.open.iter().rposition(|open| closer(open.token.text(self.text)) == by);
        match (wanted, matcher.open.last().copied()) {
            (Some(at), _) if by == "}" || at + 1 == matcher.open.len() => {
                while matcher.open.len() > at + 1 {
                    self.unwind(matcher, Some(token));
                }
                matcher.closed = matcher.open.pop().map(|open| (open, token));
            }
            (_, Some(open)) if open.token.text(self.text) != "{" => {
                self.mismatch(open.token, token);
                matcher.open.pop();
            }
            _ => {
                self.blank(token.start..token.end);
                if self.spend() {
                    let place = self.of(token);
                    self.report.unopened_bracket(place, first(by));
                }
            }
        }
    }

    fn mismatch(&mut self, open: Token, closed: Token) {
        let (opener, by) = (open.text(self.text), closed.text(self.text));
        self.edits.push((closed.start, closer(opener).as_bytes()[0]));
        self.doubtful.push(open.start..closed.end);
        if self.spend() {
            let places = [self.of(open), self.of(closed)];
            self.report.mismatched_bracket(places[0], first(opener), places[1], first(by));
        }
    }

    /// Reports the innermost open bracket, and closes it after the last token before `noticed`.
    fn unwind(&mut self, matcher: &mut Matcher, noticed: Option<Token>) {
        let Some(open) = matcher.open.pop() else { return };
        let opener = open.token.text(self.text);
        let until = noticed.map_or(self.text.len(), |token| token.start);
        let free = self.text.as_bytes().get(matcher.gap).is_some_and(u8::is_ascii_whitespace);
        if noticed.is_none() {
            self.tail += closer(opener);
        } else if free && matcher.gap < until {
            self.edits.push((matcher.gap, closer(opener).as_bytes()[0]));
            matcher.gap += 1;
        } else {
            self.blank(open.token.start..open.token.end);
        }
        self.doubtful.push(open.token.start..noticed.map_or(usize::MAX, |token| token.end));
        if self.spend() {
            let place = self.of(open.token);
            let noticed = noticed.map(|token| (self.of(token), token.text(self.text)));
            self.report.unclosed_bracket(place, first(opener), noticed);
        }
    }

    fn comments(&self) -> Vec<Comment> {
        let line_of = |at: usize| self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let comments = scan::tokens(self.text).filter(|token| token.kind == Kind::Comment);
        comments
            .map(|token| {
                let line = line_of(token.start);
                let before = &self.text[..line];
                let after = &self.text[token.end..];
                Comment {
                    text: token.text(self.text).trim_end().to_owned(),
                    span: self.of(token),
                    own_line: self.text[line..token.start].trim().is_empty(),
                    gap_before: ends_in_gap(before),
                    gap_after: starts_with_gap(after),
                }
            })
            .collect()
    }

    fn finish(mut self) -> (Cow<'a, str>, Vec<Range<usize>>) {
        if self.edits.is_empty() && self.tail.is_empty() {
            return (Cow::Borrowed(self.text), self.doubtful);
        }
        let mut bytes = self.text.as_bytes().to_vec();
        for (at, byte) in self.edits.drain(..) {
            bytes[at] = byte;
        }
        let mut copy = String::from_utf8(bytes).expect("whole characters were replaced by ASCII ones");
        if !self.tail.is_empty() {
            // After a newline, in case the text ends in a comment.
            copy.push('\n');
            copy += &self.tail;
        }
        (Cow::Owned(copy), self.doubtful)
    }
}

/// Whether the line before, which ends here, is empty.
fn ends_in_gap(before: &str) -> bool {
    let Some(before) = before.strip_suffix('\n') else { return false };
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    !before.is_empty() && before[line..].trim().is_empty()
}

/// Whether the rest of this line and the next line are empty, and something follows.
fn starts_with_gap(after: &str) -> bool {
    let mut lines = after.splitn(3, '\n');
    lines.next();
    lines.next().is_some_and(|line| line.trim().is_empty()) && lines.next().is_some()
}

/// What a `{` opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Instrument,
    Paragraph,
    /// A condition, a list, or an item without clauses.
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    token: Token,
    owner: Block,
}

struct Matcher {
    open: Vec<Open>,
    /// The pair that was closed last.
    closed: Option<(Open, Token)>,
    /// What the next `{` opens.
    head: Block,
    /// The end of the last token: white space after it may take a bracket.
    gap: usize,
}

impl Matcher {
    fn push(&mut self, token: Token, text: &str) {
        let owner =
            if token.text(text) == "{" { std::mem::replace(&mut self.head, Block::Other) } else { Block::Other };
        self.open.push(Open { token, owner });
    }
}

fn closer(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(' ')
}

fn changes_order(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The words that start an item.
pub(super) const ITEM_WORDS: &[&str] = &[
    "use",
    "taxonomy",
    "extend",
    "record",
    "activity",
    "unit",
    "group",
    "list",
    "holidays",
    "presume",
    "regime",
    "instrument",
    "scenario",
    "property",
];

/// The words that start a clause, or an exception of one.
pub(super) const CLAUSE_WORDS: &[&str] =
    &["prohibit", "oblige", "advise", "caution", "define", "exempt", "reading", "presume", "except"];

pub(super) fn starts_item(word: &str) -> bool {
    ITEM_WORDS.contains(&word)
}

pub(super) fn starts_clause(word: &str) -> bool {
    CLAUSE_WORDS.contains(&word)
}
