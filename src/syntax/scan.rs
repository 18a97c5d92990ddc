//! A flat pass over the text: words, signs, texts and comments, without a grammar.
//!
//! It serves what runs before the parser (limits, brackets) and after it has failed (what stood
//! there?). It never fails and never recurses.

/// What one token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// `"…"`, quotes included
    Text,
    /// `"…` up to the end of the line
    UnclosedText,
    /// `“…”`
    CurlyText,
    /// `// …`
    Comment,
    Open,
    Close,
    /// Anything else, mostly one character.
    Sign,
}

/// One token; its place is in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text(self, of: &str) -> &str {
        &of[self.start..self.end]
    }
}

/// The tokens of a text from a byte on.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

/// The tokens from the start.
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The first token at or after a byte, comments left out.
pub(super) fn token_at(text: &str, at: usize) -> Option<Token> {
    Tokens { text, at }.find(|token| token.kind != Kind::Comment)
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => (Kind::Word, run(rest, is_word)),
            '0'..='9' => (Kind::Number, number(rest)),
            '"' => text(rest),
            '“' | '”' | '„' => curly(rest, first),
            '/' if rest.starts_with("//") => (Kind::Comment, run(rest, |c| c != '\n' && c != '\r')),
            '(' | '[' | '{' => (Kind::Open, 1),
            ')' | ']' | '}' => (Kind::Close, 1),
            _ => (Kind::Sign, sign(rest, first)),
        };
        self.at = start + length;
        Some(Token { kind, start, end: self.at })
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// As the grammar's `number`.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 1;
    while let Some(&b) = bytes.get(end) {
        let joined = matches!(b, b'.' | b'-' | b'/') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(b.is_ascii_alphanumeric() || b == b'_' || joined) {
            break;
        }
        end += 1;
    }
    end
}

/// As the grammar's `string`.
fn text(rest: &str) -> (Kind, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return (Kind::UnclosedText, at),
            '"' if !escaped => return (Kind::Text, at + 1),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    (Kind::UnclosedText, rest.len())
}

fn curly(rest: &str, first: char) -> (Kind, usize) {
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' | '\r' => break,
            '“' | '”' | '"' => return (Kind::CurlyText, at + c.len_utf8()),
            _ => {}
        }
    }
    (Kind::Sign, first.len_utf8())
}

fn sign(rest: &str, first: char) -> usize {
    const LONG: &[&str] = &["..", "<=", ">=", "==", "!=", "&&", "||", "=>", "=<", "<>", "->"];
    LONG.iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len())
}
