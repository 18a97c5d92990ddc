//! The drawing as a Mermaid flowchart.

use std::fmt::Write;

use crate::paint;
use crate::value::Verdict;

use super::{Drawing, OnPath};

/// Columns of a label.
const COLUMNS: usize = 40;

pub(super) fn draw(drawing: &Drawing) -> String {
    let mut out = format!("---\ntitle: {}\n---\nflowchart TD\n", title(&drawing.headline()));
    for (nth, meaning) in drawing.legend.iter().enumerate() {
        let _ = writeln!(out, "  meaning{nth}[{}]", label(&format!("{}: {}", meaning.name, meaning.means)));
    }
    let mut edges = 0_usize;
    let (mut yes, mut open) = (Vec::new(), Vec::new());
    for (number, part) in drawing.parts.iter().enumerate() {
        let id = |at: usize| format!("p{number}n{at}");
        if let Some((always, verdict)) = part.always() {
            let class = verdict.map_or(String::new(), |verdict| format!(":::{}", verdict.name()));
            let _ = writeln!(out, "  p{number}always[{}]{class}", label(&always));
        }
        for (question, asked) in part.questions.iter().enumerate() {
            let _ = writeln!(out, "  subgraph p{number}q{question}[{}]", label(&format!("{asked}?")));
            out += "    direction LR\n";
            for (at, place) in part.places.iter().enumerate().filter(|(_, place)| place.question == question) {
                let class = if place.on_path == OnPath::No { "" } else { ":::path" };
                let _ = writeln!(out, "    {}([{}]){class}", id(at), label(&(at + 1).to_string()));
            }
            out += "  end\n";
        }
        let mut ends: Vec<Option<(String, Option<Verdict>)>> = Vec::new();
        for (at, place) in part.places.iter().enumerate() {
            for edge in &place.edges {
                let (to, answers) = match (edge.to, edge.reach()) {
                    (Some(to), Some(reach)) => (id(to), format!("{}: {reach}", edge.answers)),
                    (Some(to), None) => (id(to), edge.answers.clone()),
                    (None, _) => {
                        let end = edge.end();
                        let known = ends.iter().position(|known| *known == end).unwrap_or_else(|| {
                            ends.push(end);
                            ends.len() - 1
                        });
                        (format!("p{number}end{known}"), edge.answers.clone())
                    }
                };
                match edge.on_path {
                    OnPath::No => {}
                    OnPath::Open => open.push(edges.to_string()),
                    OnPath::Yes => yes.push(edges.to_string()),
                }
                edges += 1;
                let _ = writeln!(out, "  {} -->|{}| {to}", id(at), label(&answers));
            }
        }
        for (nth, end) in ends.into_iter().enumerate() {
            let _ = match end {
                Some((said, verdict)) => {
                    let class = verdict.map_or(String::new(), |verdict| format!(":::{}", verdict.name()));
                    writeln!(out, "  p{number}end{nth}[{}]{class}", label(&said))
                }
                None => writeln!(out, "  p{number}end{nth}([nothing more])"),
            };
        }
    }
    for verdict in Verdict::ALL {
        let border = match verdict {
            Verdict::NotCovered | Verdict::Allowed => "stroke-width:1px",
            Verdict::RequiresNotification => "stroke-width:2px,stroke-dasharray:2 2",
            Verdict::RequiresAuthorisation => "stroke-width:2px,stroke-dasharray:6 3",
            Verdict::Prohibited => "stroke-width:4px",
        };
        let _ = writeln!(
            out,
            "  classDef {} fill:{},stroke:#000,color:#000,{border}",
            verdict.name(),
            paint::colour(verdict)
        );
    }
    out += "  classDef path stroke:#000,stroke-width:4px\n";
    if !yes.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#000,stroke-width:4px", yes.join(","));
    }
    if !open.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#000,stroke-width:4px,stroke-dasharray:6 4", open.join(","));
    }
    out
}

fn title(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A quoted label; Mermaid writes special characters as entities.
fn label(text: &str) -> String {
    let escaped: String = paint::wrapped(text, COLUMNS).join("<br>");
    let mut out = String::from("\"");
    for c in escaped.replace("<br>", "\n").chars() {
        match c {
            '\n' => out += "<br>",
            '"' => out += "#quot;",
            '<' => out += "#lt;",
            '>' => out += "#gt;",
            '#' => out += "#35;",
            '&' => out += "#amp;",
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
