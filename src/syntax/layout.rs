//! Lines of at most so many columns, out of pieces that say where they may break.

/// Columns of a line, trailing comments left out.
const WIDTH: usize = 110;
/// Columns of one step of indentation.
pub(super) const STEP: usize = 4;

/// A piece of text that knows where it may break.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// Words that stay together, and the byte of the source at which they stood.
    Word(String, Option<usize>),
    /// A space, or the end of the line.
    Space,
    /// Nothing, or the end of the line.
    Soft,
    Join(Vec<Doc>),
    /// One step further in, where it breaks.
    Nest(Vec<Doc>),
    /// All of its breaks are taken, or none is.
    Group(Vec<Doc>),
    /// As many as fit on each line, with that many spaces between two.
    Fill(Vec<Doc>, usize),
}

/// One line that was laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub indent: usize,
    pub text: String,
    /// The first place in the source that is known of what stands on it.
    pub start: Option<usize>,
}

#[derive(Clone, Copy)]
enum Step<'d> {
    Doc(&'d Doc),
    /// Between two parts of a `Fill`; the second decides.
    Gap(usize, &'d Doc),
}

#[derive(Clone, Copy)]
struct Todo<'d> {
    indent: usize,
    flat: bool,
    step: Step<'d>,
}

/// Lays a piece out, from that indentation on, and breaks it where a comment stood between two of its words: what follows a comment
/// begins a line. `comments` are the bytes of the source at which they begin, in order. No recursion, whatever its depth.
pub(super) fn lay_out(doc: &Doc, indent: usize, comments: &[usize]) -> Vec<Line> {
    let mut lines = vec![Line { indent, ..Line::default() }];
    let mut column = indent;
    // The last place in the source that is known of the line so far.
    let mut known = None;
    let mut todo = vec![Todo { indent, flat: false, step: Step::Doc(doc) }];
    while let Some(next) = todo.pop() {
        let Todo { indent, flat, step } = next;
        let mut broken = |column: &mut usize| {
            lines.push(Line { indent, ..Line::default() });
            *column = indent;
        };
        match step {
            Step::Doc(Doc::Word(text, at)) => {
                let line = lines.last_mut().expect("there is a line from the start");
                line.start = line.start.or(*at);
                known = at.or(known);
                line.text += text;
                column += text.chars().count();
            }
            Step::Doc(Doc::Space | Doc::Soft) if !flat => {
                broken(&mut column);
                known = None;
            }
            Step::Doc(Doc::Space) => {
                lines.last_mut().expect("there is a line from the start").text.push(' ');
                column += 1;
            }
            Step::Doc(Doc::Soft) => {}
            Step::Doc(Doc::Join(parts)) => push(&mut todo, parts, indent, flat),
            Step::Doc(Doc::Nest(parts)) => push(&mut todo, parts, indent + STEP, flat),
            Step::Doc(Doc::Group(parts)) => {
                let flat = flat || fits(parts, &todo, column) && !comments_within(known, parts, comments);
                push(&mut todo, parts, indent, flat);
            }
            Step::Doc(Doc::Fill(parts, gap)) => {
                for (at, part) in parts.iter().enumerate().rev() {
                    todo.push(Todo { indent, flat, step: Step::Doc(part) });
                    if at > 0 {
                        todo.push(Todo { indent, flat, step: Step::Gap(*gap, part) });
                    }
                }
            }
            Step::Gap(gap, part) => {
                // The part itself is next on the list.
                let after = &todo[..todo.len().saturating_sub(1)];
                let part = std::slice::from_ref(part);
                if flat || fits(part, after, column + gap) && !is_between(comments, known, first_of(part)) {
                    lines.last_mut().expect("there is a line from the start").text += &" ".repeat(gap);
                    column += gap;
                } else {
                    broken(&mut column);
                    known = None;
                }
            }
        }
    }
    lines
}

fn push<'d>(todo: &mut Vec<Todo<'d>>, parts: &'d [Doc], indent: usize, flat: bool) {
    todo.extend(parts.iter().rev().map(|part| Todo { indent, flat, step: Step::Doc(part) }));
}

/// Whether a comment stood between two words of these parts, or between what comes before and the first of them, where a line may break.
fn comments_within(mut before: Option<usize>, parts: &[Doc], comments: &[usize]) -> bool {
    if comments.is_empty() {
        return false;
    }
    let mut may_break = false;
    let mut open: Vec<Part<'_>> = parts.iter().rev().map(Part::Doc).collect();
    while let Some(part) = open.pop() {
        match part {
            Part::Doc(Doc::Word(_, None)) => {}
            Part::Doc(Doc::Word(_, at)) => {
                if may_break && is_between(comments, before, *at) {
                    return true;
                }
                (before, may_break) = (*at, false);
            }
            Part::Break | Part::Doc(Doc::Space | Doc::Soft) => may_break = true,
            Part::Doc(Doc::Join(parts) | Doc::Nest(parts) | Doc::Group(parts)) => {
                open.extend(parts.iter().rev().map(Part::Doc));
            }
            Part::Doc(Doc::Fill(parts, _)) => {
                let spaced = parts.iter().flat_map(|part| [Part::Break, Part::Doc(part)]).skip(1);
                open.extend(spaced.collect::<Vec<_>>().into_iter().rev());
            }
        }
    }
    false
}

enum Part<'d> {
    Doc(&'d Doc),
    /// Between two parts of a `Fill`.
    Break,
}

fn is_between(comments: &[usize], from: Option<usize>, to: Option<usize>) -> bool {
    let (Some(from), Some(to)) = (from, to) else { return false };
    comments.get(comments.partition_point(|comment| *comment <= from)).is_some_and(|comment| *comment < to)
}

/// The first place in the source that is known of these parts.
fn first_of(parts: &[Doc]) -> Option<usize> {
    let mut open: Vec<&Doc> = parts.iter().rev().collect();
    while let Some(doc) = open.pop() {
        match doc {
            Doc::Word(_, Some(at)) => return Some(*at),
            Doc::Word(_, None) | Doc::Space | Doc::Soft => {}
            Doc::Join(parts) | Doc::Nest(parts) | Doc::Group(parts) | Doc::Fill(parts, _) => {
                open.extend(parts.iter().rev());
            }
        }
    }
    None
}

/// Whether these parts fit on the line without a break, with what follows up to the next one.
fn fits(parts: &[Doc], after: &[Todo<'_>], column: usize) -> bool {
    let mut left = WIDTH.saturating_sub(column);
    let mut inner: Vec<&Doc> = parts.iter().rev().collect();
    let mut after = after.iter().rev();
    loop {
        let (doc, flat) = match inner.pop() {
            Some(doc) => (doc, true),
            None => match after.next() {
                Some(Todo { flat, step: Step::Doc(doc), .. }) => (*doc, *flat),
                Some(Todo { step: Step::Gap(..), .. }) | None => return true,
            },
        };
        let width = match doc {
            Doc::Word(text, _) => text.chars().count(),
            Doc::Space | Doc::Soft if !flat => return true,
            Doc::Space => 1,
            Doc::Soft => 0,
            Doc::Nest(parts) if !flat && matches!(parts.first(), Some(Doc::Space | Doc::Soft)) => return true,
            Doc::Join(parts) | Doc::Nest(parts) | Doc::Group(parts) => {
                inner.extend(parts.iter().rev());
                0
            }
            Doc::Fill(parts, gap) => {
                inner.extend(parts.iter().rev());
                gap * parts.len().saturating_sub(1)
            }
        };
        if width > left {
            return false;
        }
        left -= width;
    }
}
