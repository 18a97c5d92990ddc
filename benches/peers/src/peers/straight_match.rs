//! The rules as Rust.

use interdict_regimes::{DealCodes, Verdict};

use crate::case::Case;
use crate::measure::{Answer, Peer};

pub struct StraightMatch(pub fn(&DealCodes) -> Verdict);

impl Peer for StraightMatch {
    type Input = DealCodes;

    fn prepare(&mut self, case: &Case) -> DealCodes {
        case.codes
    }

    fn decide(&mut self, input: &DealCodes) -> Answer {
        Answer::Verdict((self.0)(input))
    }
}
