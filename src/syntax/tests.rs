//! Tests of the stage `syntax`.

use crate::diagnostics::Report;
use crate::limits::Limits;
use crate::source::{Source, Sources};

use super::{parse, tree};

/// The example of the design, section 2.
const EXAMPLE: &str = include_str!("testdata/language.interdict");

fn read(text: &str) -> (tree::File, Report) {
    let mut sources = Sources::default();
    let id = sources.add(Source::new("test", text));
    let mut report = Report::default();
    let file = parse(id, text, &Limits::default(), &mut report).expect("the text is short");
    (file, report)
}

#[track_caller]
fn sound(text: &str) -> tree::File {
    let (file, report) = read(text);
    let mut sources = Sources::default();
    sources.add(Source::new("test", text));
    assert!(report.is_empty(), "{}", report.concise(&sources));
    file
}

#[test]
fn the_example_of_the_design_is_read() {
    let file = sound(EXAMPLE);
    assert_eq!(file.items.len(), 11);
}
