//! All rules one after the other.

use interdict_regimes::{Regime, Scan, slot};

use crate::case::Case;
use crate::measure::{Answer, Peer};

pub struct LinearScan(Scan);

impl LinearScan {
    pub fn new(regime: &Regime) -> LinearScan {
        LinearScan(Scan::of(regime))
    }
}

impl Peer for LinearScan {
    type Input = [i32; slot::COUNT];

    fn prepare(&mut self, case: &Case) -> [i32; slot::COUNT] {
        case.codes.slots()
    }

    fn decide(&mut self, input: &[i32; slot::COUNT]) -> Answer {
        Answer::Verdict(self.0.decide(input))
    }
}
