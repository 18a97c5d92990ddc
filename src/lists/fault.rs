//! Where a file is wrong.

use std::io::{self, BufRead, Read};

use crate::facts::ListsError;
use crate::facts::lists::load::Days;
use crate::value::Date;

/// What is wrong with the file of that list, on that line, in that entry.
pub(super) fn fault(list: &str, line: u64, entry: Option<&str>, message: impl AsRef<str>) -> ListsError {
    ListsError::new(list, entry, format!("line {line}: {}", message.as_ref()))
}

pub(super) fn days((from, through): (Date, Date)) -> Days {
    Days { from: from.to_string(), through: through.to_string() }
}

/// A text in one line, without spaces at its ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A stream that knows in which line it is, and which byte it gave last.
pub(super) struct Lines<R> {
    from: R,
    pub line: u64,
    pub last: Option<u8>,
}

impl<R> Lines<R> {
    pub fn new(from: R) -> Lines<R> {
        Lines { from, line: 1, last: None }
    }
}

/// How many lines end in these bytes.
fn ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(into)?;
        self.line += ends(&into[..length]);
        self.last = into[..length].last().copied().or(self.last);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.from.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        // What is consumed was filled before, so nothing is read here.
        if let Ok(bytes) = self.from.fill_buf() {
            let bytes = &bytes[..length.min(bytes.len())];
            self.line += ends(bytes);
            self.last = bytes.last().copied().or(self.last);
        }
        self.from.consume(length);
    }
}
