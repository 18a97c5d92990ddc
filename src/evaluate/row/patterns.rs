//! What a row holds whatever the stated fields say: worked out once for all activities that state the same fields.
//!
//! Of most conditions it is settled already by what an activity leaves out. A row that starts from its pattern has to look at the rest
//! only, and only when somebody asks.

use crate::diagram::code::{Code, Row};
use crate::facts::tape::{Fields, Tape};
use crate::normal::SlotId;

use super::{Basis, FactRow, Fill, Reading};

/// The patterns met so far, of one ruleset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    known: Vec<(Shape, Box<[Code]>)>,
    last: usize,
}

/// Which fields are stated, and how the others are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    stated: Fields,
    complete: bool,
    presume: bool,
    fill: Fill,
}

/// Most patterns that are kept; beyond that they are worked out anew.
const MOST: usize = 64;

impl Patterns {
    /// The pattern of a tape; `None` when activities have too many fields.
    pub fn of(&mut self, basis: Basis<'_>, tape: &Tape, how: Reading) -> Option<&[Code]> {
        let stated = tape.stated()?;
        let shape = Shape { stated, complete: how.complete, presume: how.presume, fill: how.fill };
        if self.known.get(self.last).is_none_or(|(known, _)| *known != shape) {
            self.last = self.known.iter().position(|(known, _)| *known == shape).unwrap_or_else(|| {
                if self.known.len() == MOST {
                    self.known.clear();
                }
                self.known.push((shape, learn(basis, stated, how)));
                self.known.len() - 1
            });
        }
        Some(&self.known[self.last].1)
    }
}

/// Every place of a row: what is settled without looking at stated fields, and [`Code::PENDING`] for the rest.
fn learn(basis: Basis<'_>, stated: Fields, how: Reading) -> Box<[Code]> {
    let tape = Tape::hiding(&basis.ground.program.schema, stated, how.complete);
    let places = basis.rules.row_len();
    let fields = basis.tables.fields.len();
    let mut codes = vec![Code::PENDING; places];
    let mut row = FactRow::new(basis, &tape, Reading { learning: true, ..how }, &mut codes);
    let begun: Vec<Code> =
        (0..fields).map(|at| if row.looks(|row| row.field_at(at)).1 { Code::PENDING } else { row.codes[at] }).collect();
    let mut learnt = vec![Code::PENDING; places];
    learnt[..fields].copy_from_slice(&begun);
    for (place, learnt) in learnt.iter_mut().enumerate().skip(fields) {
        row.codes[..fields].copy_from_slice(&begun);
        row.codes[fields..].fill(Code::PENDING);
        let (code, looked) = row.looks(|row| row.code(SlotId(place as u32)));
        // What is settled stays so when more is known; what asks for no stated field comes out the same. Of a word, some bits
        // are settled and others not.
        let is_word = basis.rules.word(SlotId(place as u32)).is_some();
        if !looked || code.exact().is_some() && !is_word {
            *learnt = code;
        }
    }
    learnt.into()
}
