//! The drawing for Graphviz.

use std::fmt::Write;

use crate::paint;
use crate::value::Verdict;

use super::{Drawing, OnPath};

/// Columns of a label.
const COLUMNS: usize = 32;
/// Columns of the heading.
const TITLE: usize = 100;

pub(super) fn draw(drawing: &Drawing) -> String {
    let mut out =
        String::from("digraph interdict {\n  rankdir=TB; node [shape=box fontname=\"Helvetica\" fontsize=11]; ");
    out += "edge [fontname=\"Helvetica\" fontsize=10];\n";
    let _ = writeln!(out, "  labelloc=t; label={};", title(drawing));
    for (number, part) in drawing.parts.iter().enumerate() {
        let id = |at: usize| format!("p{number}n{at}");
        if let Some((always, verdict)) = part.always() {
            let style = verdict.map_or_else(|| "shape=plaintext".to_owned(), style);
            let _ = writeln!(out, "  p{number}always [label={} {style}];", label(&always));
        }
        // What is asked stands side by side.
        for (question, asked) in part.questions.iter().enumerate() {
            let _ = writeln!(out, "  {{ rank=same;");
            for (at, _) in part.places.iter().enumerate().filter(|(_, place)| place.question == question) {
                let wide = if part.places[at].on_path == OnPath::No { "" } else { " penwidth=3" };
                let _ = writeln!(out, "    {} [label={} style=rounded{wide}];", id(at), label(&format!("{asked}?")));
            }
            out += "  }\n";
        }
        let mut ends: Vec<Option<(String, Option<Verdict>)>> = Vec::new();
        for (at, place) in part.places.iter().enumerate() {
            for edge in &place.edges {
                let (to, said) = match edge.to {
                    Some(to) => (id(to), edge.reach()),
                    None => {
                        let end = edge.end();
                        let known = ends.iter().position(|known| *known == end);
                        let nth = known.unwrap_or_else(|| {
                            ends.push(end);
                            ends.len() - 1
                        });
                        (format!("p{number}end{nth}"), None)
                    }
                };
                let answers = match said {
                    Some(said) => format!("{}\n{said}", edge.answers),
                    None => edge.answers.clone(),
                };
                let path = match edge.on_path {
                    OnPath::No => "",
                    OnPath::Open => " penwidth=3 style=dashed",
                    OnPath::Yes => " penwidth=3",
                };
                let _ = writeln!(out, "  {} -> {to} [label={}{path}];", id(at), label(&answers));
            }
        }
        for (nth, end) in ends.into_iter().enumerate() {
            let _ = match end {
                Some((said, verdict)) => {
                    let style = verdict.map_or_else(|| "shape=plaintext".to_owned(), style);
                    writeln!(out, "  p{number}end{nth} [label={} {style}];", label(&said))
                }
                None => writeln!(out, "  p{number}end{nth} [label=\"nothing more\" shape=plaintext];"),
            };
        }
    }
    out += "}\n";
    out
}

/// The heading, how it is read, and what the definitions mean.
fn title(drawing: &Drawing) -> String {
    let meanings = drawing.legend.iter().map(|meaning| format!("{}: {}", meaning.name, meaning.means));
    let lines = [drawing.headline(), drawing.explained()].into_iter().chain(meanings);
    let wrapped: Vec<String> = lines.flat_map(|line| paint::wrapped(&line, TITLE)).collect();
    quoted(&wrapped.join("\n"))
}

/// Colours, and borders that tell verdicts apart without them; the label has the word.
fn style(verdict: Verdict) -> String {
    let border = match verdict {
        Verdict::NotCovered | Verdict::Allowed => "filled",
        Verdict::RequiresNotification => "filled,dotted",
        Verdict::RequiresAuthorisation => "filled,dashed",
        Verdict::Prohibited => "filled,bold",
    };
    format!("style=\"{border}\" fillcolor=\"{}\"", paint::colour(verdict))
}

fn label(text: &str) -> String {
    let lines: Vec<String> = text.lines().flat_map(|line| paint::wrapped(line, COLUMNS)).collect();
    quoted(&lines.join("\n"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
