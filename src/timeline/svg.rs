//! A timeline as a drawing: a strip to scale on top, and below it one row per period, each as high as its text.

use std::fmt::Write;

use crate::paint::{self, escaped};
use crate::value::{Date, verdict};

use super::{Period, Timeline};

const WIDTH: f64 = 960.0;
const MARGIN: f64 = 24.0;
/// Where the text of a row begins, right of its block of colour.
const TEXT: f64 = 250.0;
const LINE: f64 = 18.0;
/// Characters of the text column that fit at 13 units, of a wide sans-serif face.
const COLUMNS: usize = 92;
/// Likewise of the heading at 17 units.
const TITLE: usize = 96;

/// Draws it.
pub(super) fn draw(timeline: &Timeline) -> String {
    let mut body = String::new();
    let mut y = MARGIN + 18.0;
    for line in paint::wrapped(&timeline.headline(), TITLE) {
        text(&mut body, MARGIN, y, "h", &line);
        y += 22.0;
    }
    y = strip(timeline, y, &mut body);
    for (at, period) in timeline.periods.iter().enumerate() {
        y = boundary(period, y, &mut body);
        y = row(at, period, y, &mut body);
    }
    y += MARGIN;
    paint::svg((WIDTH, y), &timeline.headline(), STYLE, &body)
}

const STYLE: &str = "<style>\n\
    text{font:13px Helvetica,Arial,\"DejaVu Sans\",sans-serif;fill:#111}\n\
    .h{font-size:17px;font-weight:bold}.v{font-weight:bold}.d{font-weight:bold}.s{font-size:12px;fill:#444}\n\
    .b{stroke:#000;stroke-width:1}.r{stroke:#888;stroke-width:1}\n\
    </style>\n";

/// The periods to scale, from the year before the first boundary to the year after the last.
fn strip(timeline: &Timeline, y: f64, body: &mut String) -> f64 {
    let boundaries = || timeline.periods.iter().filter_map(|period| period.from);
    let (Some(first), Some(last)) = (boundaries().next(), boundaries().next_back()) else { return y };
    let day = |year: i16| Date::try_new(year.clamp(1, 9999), 1, 1).unwrap_or(Date::MIN).day_number();
    let (from, to) = (day(first.year()), day(last.year().saturating_add(2)).max(day(first.year()) + 1));
    let width = WIDTH - 2.0 * MARGIN;
    let x = |number: i32| MARGIN + width * f64::from((number - from).clamp(0, to - from)) / f64::from(to - from);
    for (at, period) in timeline.periods.iter().enumerate() {
        let left = period.from.map_or(MARGIN, |from| x(from.day_number()));
        let right = period.through.map_or(WIDTH - MARGIN, |through| x(through.next().day_number()));
        let _ = writeln!(
            body,
            "<rect x=\"{left:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"24\" fill=\"url(#{})\" class=\"b\"/>",
            right - left,
            verdict::name(period.verdict)
        );
        let number = (at + 1).to_string();
        // A number that does not fit would cover its neighbours.
        if right - left > 14.0 + 8.0 * number.len() as f64 {
            let middle = (left + right) / 2.0;
            let _ =
                writeln!(body, "<circle cx=\"{middle:.1}\" cy=\"{}\" r=\"9\" fill=\"#fff\" class=\"b\"/>", y + 12.0);
            let _ = writeln!(
                body,
                "<text x=\"{middle:.1}\" y=\"{}\" text-anchor=\"middle\" class=\"s\">{number}</text>",
                y + 16.0
            );
        }
    }
    let years = i32::from(last.year()) + 2 - i32::from(first.year());
    // As many years as leave each of them room.
    let step = (f64::from(years) * 44.0 / width).ceil().max(1.0) as usize;
    for year in (first.year()..=last.year().saturating_add(1)).step_by(step) {
        let at = x(day(year));
        let _ = writeln!(body, "<path d=\"M{at:.1} {}v6\" class=\"b\"/>", y + 24.0);
        text(body, at, y + 44.0, "s", &year.to_string());
    }
    y + 62.0
}

/// The rule between two periods, with what makes the boundary.
fn boundary(period: &Period, y: f64, body: &mut String) -> f64 {
    let Some(from) = period.from else { return y };
    let _ = writeln!(body, "<path d=\"M{MARGIN} {y}H{}\" class=\"r\"/>", WIDTH - MARGIN);
    let mut y = y + LINE;
    text(body, MARGIN, y, "d", &from.to_string());
    for change in &period.because {
        for line in wrapped(&change.text) {
            text(body, TEXT, y, "s", &line);
            y += LINE;
        }
    }
    if period.because.is_empty() { y + LINE } else { y }
}

fn row(at: usize, period: &Period, y: f64, body: &mut String) -> f64 {
    let lines: Vec<String> = period.norms().iter().flat_map(|line| wrapped(line)).collect();
    let height = LINE * (lines.len() + 2) as f64 + 10.0;
    let _ = writeln!(
        body,
        "<rect x=\"{MARGIN}\" y=\"{y}\" width=\"200\" height=\"{}\" fill=\"url(#{})\" class=\"b\"/>",
        height - 8.0,
        verdict::name(period.verdict)
    );
    let centre = y + height / 2.0 - 4.0;
    let _ = writeln!(body, "<circle cx=\"{}\" cy=\"{centre}\" r=\"11\" fill=\"#fff\" class=\"b\"/>", MARGIN + 100.0);
    let _ = writeln!(
        body,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        MARGIN + 100.0,
        centre + 4.5,
        at + 1
    );
    text(body, TEXT, y + LINE, "v", &period.words());
    text(body, TEXT, y + 2.0 * LINE, "", &period.days());
    for (nth, line) in lines.iter().enumerate() {
        text(body, TEXT, y + LINE * (nth + 3) as f64, "", line);
    }
    y + height
}

fn text(body: &mut String, x: f64, y: f64, class: &str, words: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(body, "<text x=\"{x:.1}\" y=\"{y}\"{class}>{}</text>", escaped(words));
}

/// Lines that fit the column.
fn wrapped(text: &str) -> Vec<String> {
    paint::wrapped(text, COLUMNS)
}
