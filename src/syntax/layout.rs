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

/// Lays a piece out, from that indentation on. No recursion, whatever its depth.
pub(super) fn lay_out(doc: &Doc, indent: usize) -> Vec<Line> {
    let mut lines = vec![Line { indent, ..Line::default() }];
    let mut column = indent;
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
                line.text += text;
                column += text.chars().count();
            }
            Step::Doc(Doc::Space | Doc::Soft) if !flat => broken(&mut column),
            Step::Doc(Doc::Space) => {
                lines.last_mut().expect("there is a line from the start").text.push(' ');
                column += 1;
            }
            Step::Doc(Doc::Soft) => {}
            Step::Doc(Doc::Join(parts)) => push(&mut todo, parts, indent, flat),
            Step::Doc(Doc::Nest(parts)) => push(&mut todo, parts, indent + STEP, flat),
            Step::Doc(Doc::Group(parts)) => {
                let flat = flat || fits(parts, &todo, column);
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
                if flat || fits(std::slice::from_ref(part), after, column + gap) {
                    lines.last_mut().expect("there is a line from the start").text += &" ".repeat(gap);
                    column += gap;
                } else {
                    broken(&mut column);
                }
            }
        }
    }
    lines
}

fn push<'d>(todo: &mut Vec<Todo<'d>>, parts: &'d [Doc], indent: usize, flat: bool) {
    todo.extend(parts.iter().rev().map(|part| Todo { indent, flat, step: Step::Doc(part) }));
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
