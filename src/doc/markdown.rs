//! The page as GitHub-flavoured Markdown.

use std::fmt::Write;

use crate::paint::escaped as html_escaped;

use super::block::{Block, Inline, Item, Line, Row};
use super::html;

pub(super) fn page(blocks: &[Block]) -> String {
    let mut out = String::new();
    blocks.iter().for_each(|it| block(it, &mut out));
    let mut text = out.trim_end().to_owned();
    text.push('\n');
    text
}

fn block(it: &Block, out: &mut String) {
    match it {
        Block::Heading(level, line) => {
            let _ = writeln!(out, "{} {}\n", "#".repeat(usize::from(*level)), inline(line));
        }
        Block::Text(line) => {
            let _ = writeln!(out, "{}\n", at_start(inline(line)));
        }
        Block::Note(text) => {
            let _ = writeln!(out, "> {}\n", at_start(with_code(text)));
        }
        Block::List(items) => {
            list(items, 0, out);
            out.push('\n');
        }
        Block::Table { head, rows } => table(head, rows, out),
        Block::Fold(title, blocks) => {
            let _ = writeln!(out, "<details><summary>{}</summary>\n", html_escaped(title));
            blocks.iter().for_each(|it| block(it, out));
            out.push_str("</details>\n\n");
        }
        Block::Source(text) => {
            // A fence longer than any in the text.
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            let _ = writeln!(out, "{fence}interdict\n{text}\n{fence}\n");
        }
        Block::Section { id, blocks, .. } => {
            if let Some(id) = id {
                let _ = writeln!(out, "<a id=\"{}\"></a>\n", html_escaped(id));
            }
            blocks.iter().for_each(|it| block(it, out));
        }
    }
}

fn list(items: &[Item], depth: usize, out: &mut String) {
    for item in items {
        let _ = writeln!(out, "{:width$}- {}", "", at_start(inline(&item.line)), width = depth * 2);
        list(&item.inner, depth + 1, out);
    }
}

fn table(head: &[&str], rows: &[Row], out: &mut String) {
    let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        out.push('|');
        for (at, cell) in row.cells.iter().enumerate() {
            let id = row.id.as_ref().filter(|_| at == 0);
            let anchor = id.map_or(String::new(), |id| format!("<a id=\"{}\"></a>", html_escaped(id)));
            let _ = write!(out, " {anchor}{} |", inline(cell));
        }
        out.push('\n');
    }
    out.push('\n');
}

fn inline(line: &Line) -> String {
    let mut out = String::new();
    for part in &line.0 {
        let _ = match part {
            Inline::Text(text) => write!(out, "{}", escaped(text)),
            Inline::Strong(text) => write!(out, "**{}**", escaped(text)),
            Inline::Code(text) => write!(out, "{}", code(text)),
            Inline::Link { to, text, code: true } => write!(out, "[{}]({})", code(text), target(to)),
            Inline::Link { to, text, code: false } => write!(out, "[{}]({})", escaped(text), target(to)),
        };
    }
    out
}

/// What would begin a list or underline a heading there is text.
fn at_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let special = match text[digits..].chars().next() {
        Some('.' | ')') => digits > 0,
        Some('-' | '+' | '=') => digits == 0,
        _ => false,
    };
    if special { format!("{}\\{}", &text[..digits], &text[digits..]) } else { text }
}

fn code(text: &str) -> String {
    // In a span of code only its own delimiter and the bar of a table are special.
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.contains('`') || text.contains('|') {
        format!("<code>{}</code>", escaped(&text))
    } else {
        format!("`{text}`")
    }
}

fn target(to: &str) -> String {
    format!("#{}", html::fragment(to).replace('(', "%28").replace(')', "%29"))
}

fn with_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { escaped(part) }).collect()
}

/// Text that is nothing but text: what Markdown or HTML would read is escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
