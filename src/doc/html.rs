//! The page as one HTML file, without network and script.

use std::fmt::Write;

use crate::paint::escaped;

use super::block::{Block, Inline, Item, Kind, Line, Row};

const STYLE: &str = include_str!("page.css");

/// The whole file.
pub(super) fn page(title: &str, blocks: &[Block]) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let _ = writeln!(out, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>", escaped(title));
    blocks.iter().for_each(|it| block(it, &mut out));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn block(it: &Block, out: &mut String) {
    match it {
        Block::Heading(level, line) => {
            let _ = writeln!(out, "<h{level}>{}</h{level}>", inline(line));
        }
        Block::Text(line) => {
            let _ = writeln!(out, "<p>{}</p>", inline(line));
        }
        Block::Note(text) => {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", with_code(text));
        }
        Block::List(items) => list(items, out),
        Block::Table { head, rows } => table(head, rows, out),
        Block::Fold(title, blocks) => {
            let _ = writeln!(out, "<details><summary>{}</summary>", escaped(title));
            blocks.iter().for_each(|it| block(it, out));
            out.push_str("</details>\n");
        }
        Block::Source(text) => {
            let _ = writeln!(out, "<pre>{}</pre>", escaped(text));
        }
        Block::Section { kind, id, blocks } => section(*kind, id.as_deref(), blocks, out),
    }
}

fn section(kind: Kind, id: Option<&str>, blocks: &[Block], out: &mut String) {
    let tag = if id == Some("chapter.contents") { "nav" } else { "section" };
    let class = match kind {
        Kind::Chapter => "chapter".to_owned(),
        Kind::Paragraph => "paragraph".to_owned(),
        Kind::Exit => "exit".to_owned(),
        Kind::Definition => "definition".to_owned(),
        Kind::Reading => "reading".to_owned(),
        Kind::Norm => format!("norm {}", effect(blocks)),
    };
    let id = id.map_or(String::new(), |id| format!(" id=\"{}\"", escaped(id)));
    let _ = writeln!(out, "<{tag} class=\"{}\"{id}>", escaped(&class));
    blocks.iter().for_each(|it| block(it, out));
    let _ = writeln!(out, "</{tag}>");
}

/// `prohibition`: the word with which the heading of a norm begins.
fn effect(blocks: &[Block]) -> String {
    let Some(Block::Heading(_, line)) = blocks.first() else { return String::new() };
    line.plain().split(' ').next().unwrap_or_default().to_lowercase()
}

fn list(items: &[Item], out: &mut String) {
    out.push_str("<ul>\n");
    for item in items {
        let _ = write!(out, "<li>{}", inline(&item.line));
        if !item.inner.is_empty() {
            out.push('\n');
            list(&item.inner, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn table(head: &[&str], rows: &[Row], out: &mut String) {
    out.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    for name in head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let id = row.id.as_ref().map_or(String::new(), |id| format!(" id=\"{}\"", escaped(id)));
        let _ = write!(out, "<tr{id}>");
        for cell in &row.cells {
            let _ = write!(out, "<td>{}</td>", inline(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn inline(line: &Line) -> String {
    let mut out = String::new();
    for part in &line.0 {
        let _ = match part {
            Inline::Text(text) => write!(out, "{}", escaped(text)),
            Inline::Strong(text) => write!(out, "<strong>{}</strong>", escaped(text)),
            Inline::Code(text) => write!(out, "<code>{}</code>", escaped(text)),
            Inline::Link { to, text, code: true } => {
                write!(out, "<a href=\"#{}\"><code>{}</code></a>", escaped(&fragment(to)), escaped(text))
            }
            Inline::Link { to, text, code: false } => {
                write!(out, "<a href=\"#{}\">{}</a>", escaped(&fragment(to)), escaped(text))
            }
        };
    }
    out
}

/// Text in which back quotes mark code.
fn with_code(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        let code = at % 2 == 1;
        let part = escaped(part);
        out.push_str(&if code { format!("<code>{part}</code>") } else { part });
    }
    out
}

/// Letters, digits and what a fragment of an address may hold as it is; every other byte by its number.
pub(super) fn fragment(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'(' | b')' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
