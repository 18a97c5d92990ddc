//! The page before it has a format: blocks and lines.

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Strong(String),
    Code(String),
    /// To the block with that id on the same page.
    Link {
        to: String,
        text: String,
        code: bool,
    },
}

/// Text in one paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line(pub Vec<Inline>);

impl Line {
    pub fn text(mut self, text: impl Into<String>) -> Line {
        let text = text.into();
        match self.0.last_mut() {
            Some(Inline::Text(before)) => before.push_str(&text),
            _ => self.0.push(Inline::Text(text)),
        }
        self
    }

    pub fn strong(mut self, text: impl Into<String>) -> Line {
        self.0.push(Inline::Strong(text.into()));
        self
    }

    pub fn code(mut self, text: impl Into<String>) -> Line {
        self.0.push(Inline::Code(text.into()));
        self
    }

    pub fn link(mut self, to: impl Into<String>, text: impl Into<String>) -> Line {
        self.0.push(Inline::Link { to: to.into(), text: text.into(), code: false });
        self
    }

    /// A link whose text is an id, shown as one.
    pub fn link_id(mut self, to: impl Into<String>) -> Line {
        let to = to.into();
        self.0.push(Inline::Link { text: to.clone(), to, code: true });
        self
    }

    pub fn then(mut self, other: Line) -> Line {
        for part in other.0 {
            match part {
                Inline::Text(text) => self = self.text(text),
                part => self.0.push(part),
            }
        }
        self
    }

    /// How many characters a reader sees.
    pub fn length(&self) -> usize {
        self.0.iter().map(|part| part.words().chars().count()).sum()
    }

    /// The words without links and weight.
    pub fn plain(&self) -> String {
        self.0.iter().map(Inline::words).collect()
    }
}

impl Inline {
    fn words(&self) -> &str {
        match self {
            Inline::Text(text) | Inline::Strong(text) | Inline::Code(text) | Inline::Link { text, .. } => text,
        }
    }
}

/// With its first letter a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a section is, for its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Chapter,
    Paragraph,
    Norm,
    Exit,
    Definition,
    Reading,
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// From 1, the title of the page, to 6.
    Heading(u8, Line),
    Text(Line),
    /// In the policy's own words.
    Note(String),
    List(Vec<Item>),
    Table {
        head: Vec<&'static str>,
        rows: Vec<Row>,
    },
    /// Shown when asked for.
    Fold(String, Vec<Block>),
    /// Policy text.
    Source(String),
    Section {
        kind: Kind,
        /// None when what is around it has that id.
        id: Option<String>,
        blocks: Vec<Block>,
    },
}

/// A row of a table, which links may lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub id: Option<String>,
    pub cells: Vec<Line>,
}

/// An item of a list, with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub line: Line,
    pub inner: Vec<Item>,
}

impl From<Line> for Item {
    fn from(line: Line) -> Item {
        Item { line, inner: Vec::new() }
    }
}

pub(super) fn line() -> Line {
    Line::default()
}

/// `a, b or c`
pub(super) fn alternatives(parts: Vec<Line>, last: &str) -> Line {
    let count = parts.len();
    let mut all = line();
    for (at, part) in parts.into_iter().enumerate() {
        let lead = match at {
            0 => "",
            at if at + 1 == count => last,
            _ => ", ",
        };
        all = if lead.is_empty() { all } else { all.text(lead) };
        all = all.then(part);
    }
    all
}
