//! The lines of a file or of standard input, each as soon as it is there.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Serialize;

use crate::{Stop, policies};

/// A line that is not blank.
#[derive(Debug)]
pub struct Line {
    /// Its number, from 1; blank lines count.
    pub number: usize,
    /// What it says, or why it is no text.
    pub text: Result<String, NotText>,
}

/// A line that is not UTF-8: an error of that line only. As JSON it looks like a problem of the facts.
#[derive(Debug, Serialize)]
pub struct NotText {
    path: &'static str,
    message: String,
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The lines of a file, one after the other; `-` is standard input.
pub fn of(path: &Path) -> Result<impl Iterator<Item = Result<Line, Stop>>, Stop> {
    let is_input = path == Path::new("-");
    let name = if is_input { "standard input".to_owned() } else { policies::name(path) };
    let reader: Box<dyn BufRead> = if is_input {
        Box::new(std::io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| Stop::Io { path: name.clone(), error })?;
        Box::new(BufReader::new(file))
    };
    let lines = (1..).zip(reader.split(b'\n')).map(move |(number, bytes)| -> Result<Line, Stop> {
        let bytes = bytes.map_err(|error| Stop::Io { path: name.clone(), error })?;
        Ok(Line { number, text: text(number, bytes) })
    });
    Ok(lines.filter(|line| !matches!(line, Ok(Line { text: Ok(text), .. }) if text.trim().is_empty())))
}

fn text(number: usize, bytes: Vec<u8>) -> Result<String, NotText> {
    let text = String::from_utf8(bytes);
    text.map(|text| if number == 1 { policies::unmarked(text) } else { text }).map_err(|error| {
        let place = error.utf8_error().valid_up_to() + 1;
        NotText { path: "", message: format!("not readable as UTF-8: byte {place} of the line is no part of a text") }
    })
}
