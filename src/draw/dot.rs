//! The drawing for Graphviz.

use std::fmt::Write;

use crate::paint;
use crate::value::Verdict;

use super::{Decides, Drawing, OnPath};

/// Columns of a label.
const COLUMNS: usize = 32;

pub(super) fn draw(drawing: &Drawing) -> String {
    let mut out =
        String::from("digraph interdict {\n  rankdir=TB; node [shape=box fontname=\"Helvetica\" fontsize=11]; ");
    out += "edge [fontname=\"Helvetica\" fontsize=10];\n";
    let _ =
        writeln!(out, "  labelloc=t; label={};", quoted(&format!("{}\n{}", drawing.headline(), drawing.explained())));
    for (number, part) in drawing.parts.iter().enumerate() {
        let id = |at: usize| format!("p{number}n{at}");
        if let Some(always) = &part.always {
            let _ = writeln!(out, "  p{number}always [label={} {}];", label(&always.words()), style(always.verdict));
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
        let mut ends: Vec<Option<&Decides>> = Vec::new();
        for (at, place) in part.places.iter().enumerate() {
            for edge in &place.edges {
                let (to, said) = match edge.to {
                    Some(to) => (id(to), edge.decides.as_ref()),
                    None => {
                        let end = edge.decides.as_ref();
                        let known = ends.iter().position(|known| *known == end);
                        let nth = known.unwrap_or_else(|| {
                            ends.push(end);
                            ends.len() - 1
                        });
                        (format!("p{number}end{nth}"), None)
                    }
                };
                let answers = match said {
                    Some(said) => format!("{}\n{}", edge.answers, said.words()),
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
                Some(end) => {
                    writeln!(out, "  p{number}end{nth} [label={} {}];", label(&end.words()), style(end.verdict))
                }
                None => writeln!(out, "  p{number}end{nth} [label=\"nothing more\" shape=plaintext];"),
            };
        }
    }
    out += "}\n";
    out
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
