//! What drawings share: how a verdict looks, and text in SVG.

use std::fmt::Write;

use crate::value::{Verdict, verdict};

/// A verdict's fill and hatching. The colours are those of Okabe and Ito (2008), which colour-blind readers tell apart;
/// the hatching does the same in print without colour.
fn look(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::NotCovered) => ("#ffffff", ""),
        Some(Verdict::Allowed) => ("#009e73", ""),
        Some(Verdict::RequiresNotification) => ("#56b4e9", r#"<circle cx="4" cy="4" r="1.5"/>"#),
        Some(Verdict::RequiresAuthorisation) => ("#e69f00", r#"<path d="M0 8 8 0M-2 2 2-2M6 10 10 6"/>"#),
        Some(Verdict::Prohibited) => ("#d55e00", r#"<path d="M0 8 8 0M0 0 8 8"/>"#),
        None => ("#f0e442", r#"<path d="M0 4H8"/>"#),
    }
}

/// A verdict's colour, for what has no hatching.
pub(crate) fn colour(verdict: Verdict) -> &'static str {
    look(Some(verdict)).0
}

/// A whole picture: its size, its title, its styles, and what is drawn.
pub(crate) fn svg((width, height): (f64, f64), title: &str, style: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\">\n<title>{}</title>\n{style}<defs>\n{}</defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n",
        escaped(title),
        patterns()
    )
}

/// The definitions of all patterns.
fn patterns() -> String {
    let mut defs = String::new();
    for verdict in Verdict::ALL.into_iter().map(Some).chain([None]) {
        let (fill, marks) = look(verdict);
        let _ = writeln!(
            defs,
            "<pattern id=\"{}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" \
             fill=\"{fill}\"/><g fill=\"#000\" stroke=\"#000\" stroke-width=\".7\" opacity=\".5\">{marks}</g></pattern>",
            verdict::name(verdict)
        );
    }
    defs
}

/// Lines of so many characters; a word that is longer than a line is cut.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let line = lines.last_mut().expect("there is a line");
            let used = line.chars().count();
            let gap = usize::from(used > 0);
            if used + gap + word.len() <= columns {
                line.push_str(&" ".repeat(gap));
                line.extend(word);
                break;
            }
            if used == 0 {
                line.extend(word.drain(..columns));
            }
            lines.push(String::new());
        }
    }
    lines
}

/// Text that is nothing but text, in an element or in a quoted attribute of XML or HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The others cannot be said, not even escaped.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_and_escaped() {
        assert_eq!(wrapped("one two", 92), ["one two"]);
        let long = wrapped(&"word ".repeat(40), 92);
        assert!(long.len() > 1 && long.iter().all(|line| line.chars().count() <= 92));
        assert_eq!(wrapped(&"x".repeat(2 * 92 + 1), 92).len(), 3);
        assert_eq!(escaped("a<b & \"c\"\u{7}"), "a&lt;b &amp; &quot;c&quot;\u{fffd}");
    }
}
