//! The drawing as a picture: a column for each question, in it a card for each place where it is asked, on each card a row for each
//! answer with what decides there, and a line from the row to the card that follows.
//!
//! A line that skips columns runs through them in a lane of its own, which all lines to the same card share, so that none
//! hides behind a card.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::paint::{self, escaped, wrapped};

use super::{Drawing, DrawnEdge, DrawnPart, DrawnPlace, OnPath};

const MARGIN: f64 = 24.0;
/// Of a picture with few columns.
const WIDTH: f64 = 700.0;
const CARD: f64 = 250.0;
const GAP: f64 = 90.0;
const LINE: f64 = 15.0;
const PAD: f64 = 6.0;
/// Between cards, and the height of a lane.
const APART: f64 = 18.0;
const LANE: f64 = 6.0;
/// Characters of 12 units that fit on a card.
const COLUMNS: usize = 36;
/// Likewise beside the block of colour of what decides.
const BESIDE: usize = 28;

const STYLE: &str = "<style>\n\
    text{font:12px Helvetica,Arial,\"DejaVu Sans\",sans-serif;fill:#111}\n\
    .h{font-size:17px;font-weight:bold}.q,.v{font-weight:bold}.s{fill:#444}\n\
    .c{fill:#fff;stroke:#555}.p{stroke:#000;stroke-width:3}.r{stroke:#bbb}.b{stroke:#000}\n\
    .l{fill:none;stroke:#999}.y{fill:none;stroke:#000;stroke-width:3}.o{fill:none;stroke:#000;stroke-width:3;stroke-dasharray:6 4}\n\
    </style>\n";

pub(super) fn draw(drawing: &Drawing) -> String {
    let mut body = String::new();
    let mut y = MARGIN + 18.0;
    let columns = drawing.parts.iter().map(|part| part.questions.len()).max().unwrap_or_default();
    let width = (2.0 * MARGIN + columns as f64 * (CARD + GAP) - GAP).max(WIDTH);
    // Of a wide sans-serif face, bold, at 17 and at 12 units.
    let fitting = |size: f64| ((width - 2.0 * MARGIN) / (0.62 * size)) as usize;
    for line in wrapped(&drawing.headline(), fitting(17.0)) {
        text(&mut body, MARGIN, y, "h", &line);
        y += 22.0;
    }
    let mut notes = vec![drawing.explained()];
    if drawing.has_path {
        notes.push(
            "The thick line, and the bar beside an answer, is the way of the activity; broken where a fact is not known."
                .to_owned(),
        );
    }
    notes.extend(drawing.legend.iter().map(|meaning| format!("{}: {}", meaning.name, meaning.means)));
    for line in notes.iter().flat_map(|note| wrapped(note, fitting(12.0))) {
        text(&mut body, MARGIN, y, "s", &line);
        y += LINE;
    }
    for (number, part) in drawing.parts.iter().enumerate() {
        y += 20.0;
        for line in wrapped(&drawing.part_title(number), fitting(12.0)) {
            text(&mut body, MARGIN, y, "q", &line);
            y += LINE;
        }
        y += PAD;
        if let Some((always, verdict)) = part.always() {
            for line in wrapped(&always, fitting(12.0)) {
                text(&mut body, MARGIN, y, if verdict.is_some() { "v" } else { "s" }, &line);
                y += LINE;
            }
        }
        let sheet = Sheet::new(part);
        y = sheet.draw(y, &mut body);
    }
    paint::svg((width, (y + MARGIN).round()), &drawing.headline(), STYLE, &body)
}

/// Where the things of one part stand; heights are from the top of its cards.
struct Sheet<'a> {
    part: &'a DrawnPart,
    headers: Vec<Vec<String>>,
    /// By place: the top of its card.
    tops: Vec<f64>,
    /// By column and target: where the lane runs.
    lanes: BTreeMap<(usize, usize), f64>,
    height: f64,
}

/// What stands in a column.
enum Item {
    Card(usize),
    /// A lane to the card of a place.
    Lane(usize),
}

impl<'a> Sheet<'a> {
    fn new(part: &'a DrawnPart) -> Sheet<'a> {
        let headers = part.questions.iter().map(|asked| wrapped(&format!("{asked}?"), COLUMNS)).collect();
        let mut sheet =
            Sheet { part, headers, tops: vec![0.0; part.places.len()], lanes: BTreeMap::new(), height: 0.0 };
        sheet.place();
        sheet
    }

    /// Column by column, each thing near what leads to it.
    fn place(&mut self) {
        // By target: where the lines to it stand in the column before, summed up, and how many.
        let mut wanted: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for column in 0..self.part.questions.len() {
            let is_here = |at: &usize| self.part.places[*at].question == column;
            let mut items: Vec<(f64, Item)> = Vec::new();
            for at in (0..self.part.places.len()).filter(is_here) {
                let (sum, count) = wanted.remove(&at).unwrap_or((0.0, 1.0));
                items.push((sum / count, Item::Card(at)));
            }
            items.extend(wanted.iter().map(|(to, (sum, count))| (sum / count, Item::Lane(*to))));
            items.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut y: f64 = 0.0;
            for (near, item) in items {
                match item {
                    Item::Card(at) => {
                        let height = card_height(&self.part.places[at]);
                        let top = y.max(near - height / 2.0);
                        self.tops[at] = top;
                        y = top + height + APART;
                    }
                    Item::Lane(to) => {
                        let middle = y.max(near - LANE / 2.0) + LANE / 2.0;
                        self.lanes.insert((column, to), middle);
                        y = middle + LANE / 2.0 + LANE;
                    }
                }
            }
            self.height = self.height.max(y);
            for (&(_, to), &middle) in self.lanes.range((column, 0)..(column + 1, 0)) {
                wanted.insert(to, (middle, 1.0));
            }
            for (at, place) in self.part.places.iter().enumerate().filter(|(_, place)| place.question == column) {
                for (edge, port) in place.edges.iter().zip(ports(place)) {
                    if let Some(to) = edge.to {
                        let (sum, count) = wanted.entry(to).or_default();
                        *sum += self.tops[at] + port;
                        *count += 1.0;
                    }
                }
            }
        }
    }

    fn draw(&self, y: f64, body: &mut String) -> f64 {
        let mut y = y;
        for (column, lines) in self.headers.iter().enumerate() {
            for (nth, line) in lines.iter().enumerate() {
                text(body, left(column), y + LINE * nth as f64, "q", line);
            }
        }
        y += LINE * self.headers.iter().map(Vec::len).max().unwrap_or_default() as f64;
        for how in [OnPath::No, OnPath::Open, OnPath::Yes] {
            for (at, place) in self.part.places.iter().enumerate() {
                for (edge, port) in place.edges.iter().zip(ports(place)).filter(|(edge, _)| edge.on_path == how) {
                    self.line(at, edge, port, y, body);
                }
            }
        }
        for (at, place) in self.part.places.iter().enumerate() {
            card(place, at, left(place.question), y + self.tops[at], body);
        }
        y + self.height
    }

    fn line(&self, at: usize, edge: &DrawnEdge, port: f64, y: f64, body: &mut String) {
        let Some(to) = edge.to else { return };
        let (from, end) = (self.part.places[at].question, self.part.places[to].question);
        let (mut x, mut height) = (left(from) + CARD, y + self.tops[at] + port);
        let mut path = format!("M{x:.1} {height:.1}");
        for column in from + 1..=end {
            let next = match self.lanes.get(&(column, to)).filter(|_| column < end) {
                Some(middle) => y + middle,
                None => y + self.tops[to] + PAD + LINE / 2.0,
            };
            let middle = (x + left(column)) / 2.0;
            let _ = write!(path, "C{middle:.1} {height:.1} {middle:.1} {next:.1} {:.1} {next:.1}", left(column));
            (x, height) = (left(column), next);
            if column < end {
                x += CARD;
                let _ = write!(path, "H{x:.1}");
            }
        }
        let class = marked(edge.on_path).unwrap_or("l");
        let _ = writeln!(body, "<path class=\"{class}\" d=\"{path}\"/>");
    }
}

/// How what the activity comes by is drawn.
fn marked(on_path: OnPath) -> Option<&'static str> {
    match on_path {
        OnPath::No => None,
        OnPath::Open => Some("o"),
        OnPath::Yes => Some("y"),
    }
}

fn left(column: usize) -> f64 {
    MARGIN + column as f64 * (CARD + GAP)
}

/// The lines of an edge: its answers, and what reaches from there on or what the end says.
fn rows(edge: &DrawnEdge) -> (Vec<String>, Vec<String>) {
    let said = edge.reach().or_else(|| edge.end().map(|(said, _)| said));
    let answers =
        if said.is_none() && edge.to.is_none() { format!("{}: nothing", edge.answers) } else { edge.answers.clone() };
    (wrapped(&answers, COLUMNS), said.map_or_else(Vec::new, |said| wrapped(&said, BESIDE)))
}

fn edge_height(edge: &DrawnEdge) -> f64 {
    let (answers, decides) = rows(edge);
    LINE * (answers.len() + decides.len()) as f64 + 2.0 * PAD
}

fn card_height(place: &DrawnPlace) -> f64 {
    place.edges.iter().map(edge_height).sum()
}

/// Where the lines of a card begin, from its top.
fn ports(place: &DrawnPlace) -> impl Iterator<Item = f64> {
    place.edges.iter().scan(0.0, |top, edge| {
        let height = edge_height(edge);
        let port = *top + height / 2.0;
        *top += height;
        Some(port)
    })
}

fn card(place: &DrawnPlace, at: usize, x: f64, y: f64, body: &mut String) {
    let height = card_height(place);
    let path = if place.on_path == OnPath::No { "" } else { " p" };
    let _ = writeln!(
        body,
        "<g id=\"{}\"><rect class=\"c{path}\" x=\"{x}\" y=\"{y:.1}\" width=\"{CARD}\" height=\"{height}\" rx=\"4\"/>",
        format_args!("q{}p{}x{:.0}", place.question, at, y)
    );
    let mut top = y;
    for (nth, edge) in place.edges.iter().enumerate() {
        if nth > 0 {
            let _ = writeln!(body, "<path class=\"r\" d=\"M{x} {top:.1}h{CARD}\"/>");
        }
        let (answers, said) = rows(edge);
        let mut line = top + PAD + LINE - 4.0;
        for answer in &answers {
            text(body, x + PAD, line, "", answer);
            line += LINE;
        }
        // Colour is for verdicts only.
        if let Some(verdict) = edge.end().and_then(|(_, verdict)| verdict) {
            let _ = writeln!(
                body,
                "<rect class=\"b\" x=\"{}\" y=\"{:.1}\" width=\"16\" height=\"{}\" fill=\"url(#{})\"/>",
                x + PAD,
                line - LINE + 5.0,
                LINE * said.len() as f64 - 3.0,
                verdict.name()
            );
        }
        for words in &said {
            text(body, x + PAD + 22.0, line, if edge.to.is_some() { "s" } else { "v" }, words);
            line += LINE;
        }
        if let Some(class) = marked(edge.on_path) {
            let end = edge_height(edge) - 4.0;
            let _ = writeln!(body, "<path class=\"{class}\" d=\"M{} {:.1}v{end}\"/>", x - 5.0, top + 2.0);
        }
        top += edge_height(edge);
    }
    *body += "</g>\n";
}

fn text(body: &mut String, x: f64, y: f64, class: &str, words: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\"{class}>{}</text>", escaped(words));
}
