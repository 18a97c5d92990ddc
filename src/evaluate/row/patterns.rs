//! What a row holds whatever the stated fields say: worked out once for all activities that state the same fields.
//!
//! Of most conditions it is settled already by what an activity leaves out. A row that starts from its pattern has to look at the rest
//! only, and only when somebody asks.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use crate::diagram::code::{Code, Row};
use crate::facts::tape::{Fields, Tape};
use crate::normal::SlotId;

use super::{Basis, FactRow, Fill, Reading};

/// The patterns learnt so far, of one ruleset.
///
/// To learn one costs as much as many decisions, so that a shape that comes once in a while is not learnt, and many of them do
/// not drive out those that come often.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    known: Vec<(Shape, Box<[Code]>)>,
    last: usize,
    /// What was met and not learnt, and how often; each where its hash puts it.
    met: Vec<Option<(Shape, u32)>>,
    /// Which pattern the next one drives out when there are enough.
    oldest: usize,
}

/// Which fields are stated, and how the others are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    stated: Fields,
    complete: bool,
    presume: bool,
    fill: Fill,
}

/// So many are learnt as they come.
const AT_ONCE: usize = 8;
/// Most patterns that are kept.
const MOST: usize = 64;
/// How often a shape has to be met until it is learnt, while there is room …
const TWICE: u32 = 2;
/// … and when another one has to go.
const OFTEN: u32 = 64;
/// Most shapes that are counted.
const COUNTED: usize = 256;

impl Patterns {
    /// The pattern of a tape; `None` when its shape was not met often, or activities have too many fields.
    pub fn of(&mut self, basis: Basis<'_>, tape: &Tape, how: Reading) -> Option<&[Code]> {
        debug_assert!(!how.acts && !how.weigh, "acts and what quotas carry are no part of a shape");
        let stated = tape.stated()?;
        let shape = Shape { stated, complete: how.complete, presume: how.presume, fill: how.fill };
        if self.known.get(self.last).is_none_or(|(known, _)| *known != shape) {
            self.last = match self.known.iter().position(|(known, _)| *known == shape) {
                Some(known) => known,
                None => {
                    let place = self.place(&shape)?;
                    let pattern = (shape, learn(basis, stated, how));
                    match self.known.get_mut(place) {
                        Some(driven_out) => *driven_out = pattern,
                        None => self.known.push(pattern),
                    }
                    place
                }
            };
        }
        Some(&self.known[self.last].1)
    }

    /// Where the pattern of a shape is to go that is not known; `None` when it is not to be learnt yet.
    #[cold]
    fn place(&mut self, shape: &Shape) -> Option<usize> {
        let places = self.known.len();
        if places < AT_ONCE {
            return Some(places);
        }
        self.met.resize(COUNTED, None);
        let counted = &mut self.met[FxBuildHasher.hash_one(shape) as usize % COUNTED];
        let times = match counted {
            Some((met, times)) if met == shape => *times + 1,
            _ => 1,
        };
        *counted = Some((*shape, times));
        if places < MOST {
            return (times >= TWICE).then_some(places);
        }
        if times < OFTEN {
            return None;
        }
        *counted = None;
        self.oldest = (self.oldest + 1) % MOST;
        Some(self.oldest)
    }
}

/// Every place of a row: what is settled without looking at stated fields, and [`Code::PENDING`] for the rest.
fn learn(basis: Basis<'_>, stated: Fields, how: Reading) -> Box<[Code]> {
    let tape = Tape::hiding(&basis.ground.program.schema, stated, how.complete);
    let places = basis.rules.row_len();
    let fields = basis.tables.fields.len();
    let mut codes = vec![Code::PENDING; places];
    let mut row = FactRow::new(basis, &tape, Reading { learning: true, ..how }, &mut codes);
    let settled = |(code, looked): (Code, bool)| if looked { Code::PENDING } else { code };
    let begun: Vec<Code> = (0..fields).map(|at| settled(row.looks(|row| row.field_at(at)))).collect();
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
