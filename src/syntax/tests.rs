//! Tests of the stage `syntax`.

mod laws;
mod messages;
mod reference;

use crate::diagnostics::Report;
use crate::limits::Limits;
use crate::source::{Source, Sources};

use super::{parse, print, tree};

/// The example of the design.
const EXAMPLE: &str = include_str!("testdata/language.interdict");

fn read(text: &str) -> (tree::File, Report) {
    let mut sources = Sources::default();
    let id = sources.add(Source::new("test", text));
    let mut report = Report::default();
    let file = parse(id, text, &Limits::default(), &mut report).expect("the text is short");
    (file, report)
}

fn concise(text: &str, report: &Report) -> String {
    let mut sources = Sources::default();
    sources.add(Source::new("test", text));
    report.concise(&sources)
}

#[track_caller]
fn sound(text: &str) -> tree::File {
    let (file, report) = read(text);
    assert!(report.is_empty(), "{}\n{text}", concise(text, &report));
    file
}

#[test]
fn the_example_of_the_design_is_read() {
    let file = sound(EXAMPLE);
    assert_eq!(file.items.len(), 11);
    assert_eq!(file.comments.len(), 7);
}

#[test]
fn the_example_of_the_design_prints_to_itself() {
    let file = sound(EXAMPLE);
    let text = print(&file);
    assert_eq!(sound(&text), file);
    assert_eq!(print(&sound(&text)), text);
    let long: Vec<_> = text.lines().filter(|line| !line.contains("//") && line.chars().count() > 110).collect();
    assert!(long.iter().all(|line| line.trim().starts_with('"')), "{long:#?}");
}

/// A tree as deep as the limits allow goes through everything on a small stack.
#[test]
fn the_deepest_text_needs_little_stack() {
    let texts: [fn(usize) -> String; 6] = [
        |n| format!("property \"p\" {{ when {}a is b{} always is allowed }}", "(".repeat(n), ")".repeat(n)),
        |n| format!("property \"p\" {{ when {}a{} always is allowed }}", "not ( ".repeat(n), ")".repeat(n)),
        |n| format!("property \"p\" {{ when {}a{} always is allowed }}", "b and some a { ".repeat(n), "}".repeat(n)),
        |n| format!("taxonomy t {{ {}a{} }}", "a { ".repeat(n), "}".repeat(n)),
        |n| format!("scenario \"s\" {{ {}a b{} }}", "act a { ".repeat(n), "}".repeat(n)),
        |n| format!("property \"p\" {{ when {}a always is allowed }}", "not ".repeat(n)),
    ];
    for (at, text) in texts.into_iter().enumerate() {
        let text = text(if at == 5 { 128 } else { 127 });
        let run = move || {
            let file = sound(&text);
            let copy = file.clone();
            let printed = print(&copy);
            drop(copy);
            let again = sound(&printed);
            assert!(again == file);
        };
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).expect("a thread");
        thread.join().unwrap_or_else(|_| panic!("text {at}"));
    }
}

#[test]
fn sixty_four_brackets_of_each_kind_are_fast() {
    // Twice per level would be 2^64 steps: this test would never end.
    for (open, close) in [("(", ")"), ("some a { ", "}"), ("not (", ")"), ("b or (", ")")] {
        sound(&format!("property \"p\" {{ when {}a is b{} always is allowed }}", open.repeat(64), close.repeat(64)));
    }
    sound(&format!("taxonomy t {{ {}a{} }}", "a { ".repeat(64), "}".repeat(64)));
    sound(&format!("scenario \"s\" {{ {}a b{} }}", "a { ".repeat(64), "}".repeat(64)));
    for open in ["(", "{", "["] {
        let (_, report) = read(&open.repeat(64));
        assert!(report.has_errors());
    }
}

/// Large and hostile: errors, and in time that grows with the text. Quadratic work on these would take hours.
#[test]
fn hostile_texts_end_in_errors() {
    for piece in [
        "(",
        "{ ",
        "} ",
        "\"\n",
        "“",
        "a and or ",
        "paragraph ",
        "use ;",
        "except x\n",
        "not ",
        "a \u{202e}",
        "list {[(",
    ] {
        let (file, report) = read(&piece.repeat(200_000 / piece.len()));
        assert!(report.has_errors(), "{piece:?}");
        assert!(report.len() <= 20);
        let _ = print(&file);
    }
    let (_, report) = read(&format!("property \"p\" {{ when {}a always is allowed }}", "a and b or ".repeat(2000)));
    assert!(report.iter().all(|d| d.help.as_ref().is_none_or(|help| help.len() < 1000)));
}

#[test]
fn a_text_over_the_limit_is_no_fault_of_the_text() {
    let limits = Limits { source_bytes: 10, ..Limits::default() };
    let mut sources = Sources::default();
    let id = sources.add(Source::new("test", "use standard"));
    let mut report = Report::default();
    let over = parse(id, "use standard", &limits, &mut report).expect_err("12 bytes are more than 10");
    assert_eq!(over.limit(), 10);
    assert!(report.is_empty());
}

#[test]
fn digits_alone_keep_their_leading_zero() {
    let file = sound("scenario \"s\" { hs 07, 0801..0803   quantity 10_000 bbl, 1_300 t   value 2.50 USD }");
    let printed = print(&file);
    assert!(printed.contains("hs 07, 0801..0803   quantity 10_000 bbl, 1_300 t   value 2.50 USD"), "{printed}");
}

#[test]
fn spans_end_with_the_last_token() {
    let text = "use std   \n\n// a comment\ninstrument R1 \"R 1\" of dprk adopted 2006-10-14 { paragraph 1 { prohibit any when a   } }";
    let file = sound(text);
    assert_eq!(&text[file.items[0].span.range()], "use std");
    let tree::Item::Instrument(instrument) = &file.items[1].it else { panic!("an instrument") };
    assert_eq!(&text[instrument.paragraphs[0].it.clauses[0].span.range()], "prohibit any when a");
    assert_eq!(&text[instrument.paragraphs[0].span.range()], "paragraph 1 { prohibit any when a   }");
}

#[test]
fn comments_stay_where_they_were() {
    let text = r#"// head of the file

// of the unit
unit t "tonnes"  // trailing

taxonomy item {
    // of arms
    arms "Arms" {
        tank "Tanks"
        // last in arms
    }

    // ---- section

    other "Other"
    // last
}

instrument R1 "R 1" of dprk adopted 2006-10-14 {
    // of the paragraph
    paragraph 1 {
        prohibit any
            // why
            when aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is bbbbbbbbbbbbbbbbbbbb  // one
                and ccccccccccccccccccccccccccccccccccccccccccccc is ddddddddddddd  // two
        // of the exception
        except x with approval by committee
    }
}
// end
"#;
    assert_eq!(print(&sound(text)), text);
}

#[cfg(feature = "render")]
#[test]
fn a_report_is_drawn_under_the_text() {
    let text = "property \"p\" {\n    when a and b or c\n    always is allowed\n}\n";
    let mut sources = Sources::default();
    let id = sources.add(Source::new("p.interdict", text));
    let mut report = Report::default();
    parse(id, text, &Limits::default(), &mut report).expect("the text is short");
    let drawn = report.render(&sources, false);
    let expected = "\
error[mixed-and-or]: `and` and `or` are mixed without brackets
 --> p.interdict:2:10
  |
2 |     when a and b or c
  |          ^^---^^^--^^
  |            |     |
  |            |     and the other
  |            one connective
  |
  = help: write either `(a and b) or c` or `a and (b or c)`
";
    assert_eq!(drawn, expected, "{drawn}");
    assert!(report.render(&sources, true).contains("\u{1b}["));
}
