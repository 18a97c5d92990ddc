//! Norms that change no verdict, because a norm that is at least as strict applies wherever they do.
//!
//! Law repeats itself on purpose, so this is information. A shadowed norm is still named by decisions.

use crate::check::program::{Effect, NormId, RegimeId, Subject};
use crate::diagnostics::code;
use crate::diagram::table::Ref;
use crate::witness::cells::Sheet;

use super::{Linting, MOST_NODES};

/// Most nodes of the diagrams of all norms together.
const MOST_TOGETHER: usize = 400_000;
/// Norms that shadow one are named up to this many.
const MOST_NAMED: usize = 3;

impl Linting<'_> {
    pub(super) fn shadowed(&mut self) {
        let norms: Vec<NormId> = NormId::all(self.program.norms.len())
            .filter(|id| self.program.norms[id.at()].effect == Effect::Prohibit && !self.idle.contains(id))
            .collect();
        let cells = std::mem::take(&mut self.witnesses.cells);
        let mut sheet = Sheet::new(self.norms, &cells, MOST_TOGETHER);
        let mut drawn: Vec<(NormId, RegimeId, Ref)> = Vec::new();
        for &id in &norms {
            // One that is large by itself does not take the room of all others.
            let alone = Sheet::new(self.norms, &cells, MOST_NODES).verdict(id);
            match alone.and_then(|_| sheet.verdict(id)) {
                Ok(level) => drawn.push((id, self.program.regime_of(self.program.norms[id.at()].paragraph), level)),
                Err(_) => drop(self.unsure.insert((code::SHADOWED.id(), Subject::Norm(id)))),
            }
        }
        for &(id, regime, level) in &drawn {
            let norm = &self.program.norms[id.at()];
            if !self.is_given(norm.span) {
                continue;
            }
            let mut by = Vec::new();
            for &(other, of, stricter) in drawn.iter().filter(|(other, ..)| *other != id) {
                if of != regime {
                    continue;
                }
                match sheet.at_most(level, stricter) {
                    // Of two that say the same, the later one repeats the earlier.
                    Ok(true) if self.is_earlier(other, id) || sheet.at_most(stricter, level) != Ok(true) => {
                        by.push(other)
                    }
                    Ok(_) => {}
                    Err(_) => drop(self.unsure.insert((code::SHADOWED.id(), Subject::Norm(id)))),
                }
            }
            let Some(&first) = by.first() else { continue };
            let at = self.head(norm.span);
            let named: Vec<_> =
                by.iter().take(MOST_NAMED).map(|by| self.head(self.program.norms[by.at()].span)).collect();
            let first = &self.program.norms[first.at()].name;
            let more = by.len().saturating_sub(named.len());
            self.find(Subject::Norm(id), |report| report.shadowed(at, &norm.name, first, &named, more));
        }
        self.witnesses.cells = cells;
    }

    /// Whether one began before the other, or on the same day and stands before it.
    fn is_earlier(&self, one: NormId, other: NormId) -> bool {
        let key = |id: NormId| (self.program.norms[id.at()].period.from, id);
        key(one) < key(other)
    }
}
