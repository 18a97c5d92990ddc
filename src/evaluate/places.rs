//! Of every place in a row: the cells in which it may lie, in one activity.

use crate::diagram::code::Row;
use crate::diagram::rules::Place;
use crate::diagram::standing::Way;
use crate::facts::question::Question;
use crate::normal::SlotId;

use super::coded::Coded;
use super::decide::{Compiled, Granted};
use super::row::{Stand, Ways};
use super::worlds::Mode;

impl<'a> Compiled<'a> {
    /// By place: the cells in which a line of a question may lie, in order. With presumptions, or as it was stated.
    pub fn places(&self, question: &'a Question, line: usize, presume: bool, granted: &'a Granted) -> Vec<Vec<usize>> {
        let mode = Mode { complete: question.complete, presume, rough: true };
        self.on_line_as(question, line, mode, false, granted, |coded| {
            let places = (0..self.rules.places() as u32).map(SlotId);
            places.map(|place| self.cells(coded, place)).collect()
        })
    }

    fn cells(&self, coded: &mut Coded<'_, 'a>, place: SlotId) -> Vec<usize> {
        let ways = match self.rules.place(place) {
            Place::Slot(slot) => {
                let code = coded.code(slot);
                return match (code.exact(), code.set()) {
                    (Some(cell), _) => vec![cell],
                    (None, Some(set)) => coded.set(slot, set).iter().collect(),
                    (None, None) => (0..self.norms.slots[slot.at()].cells).collect(),
                };
            }
            // What acts and other lines make of an exit is not known to the row alone.
            Place::Shared(exit) => coded.ways(self.rules, exit),
            Place::Relief(relief) => {
                let exits = &self.rules.reliefs[relief];
                let best = |best: Ways, exit| best.or_better(coded.ways(self.rules, exit));
                exits.iter().copied().fold(Ways::of(Way::Closed), best)
            }
        };
        ways.iter().map(|way| way as usize).collect()
    }
}
