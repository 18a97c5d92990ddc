//! Every norm that reaches an activity, and what it says: the fast way.
//!
//! Norms are looked at one by one, advice and cautions among them. What one of them may say is never too little; where it is
//! more than one thing, two worlds are looked at, one in which the answer to everything unknown is no and one in which it
//! is yes. What these do not show to occur is decided over all worlds.

use std::ops::ControlFlow;

use crate::check::program::{ExitId, NormId};
use crate::diagram::code::{Code, Row, Truth};
use crate::diagram::index::{Seen, Which};
use crate::diagram::standing::{Standing, verdict_of};
use crate::facts::tape::Tape;
use crate::normal::Requirement;
use crate::value::Verdict;

use super::answer::Answer;
use super::brief::{Briefing, Found, Scratch};
use super::find::Engine;
use super::row::{Exits, FactRow, Fill, Reading, Stand};

/// What every norm says that reaches, in the order of the texts. Filled again, it allocates nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    norms: Vec<Entry>,
    said: Vec<Standing>,
    due: Vec<ExitId>,
    /// The question has several lines, and each norm stands once for every line that it reaches.
    pub several: bool,
    seen: Seen,
    codes: Vec<Code>,
    /// The norms that may say several things, and which of these some world shows: one bit each.
    open: Vec<(usize, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    id: NormId,
    line: u32,
    said: Stretch,
    due: Stretch,
}

/// From one place to another, of what all norms say.
type Stretch = (u32, u32);

/// What one norm says of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Says<'a> {
    pub id: NormId,
    pub line: usize,
    /// What it says in some world; sorted, and never only that it does not reach.
    pub standings: &'a [Standing],
    /// The exits that may lift it and on which an act may still follow.
    pub due: &'a [ExitId],
}

impl Told {
    pub fn len(&self) -> usize {
        self.norms.len()
    }

    pub fn at(&self, at: usize) -> Says<'_> {
        let Entry { id, line, said, due } = self.norms[at];
        let standings = &self.said[said.0 as usize..said.1 as usize];
        Says { id, line: line as usize, standings, due: &self.due[due.0 as usize..due.1 as usize] }
    }

    fn clear(&mut self) {
        self.norms.clear();
        self.said.clear();
        self.due.clear();
        self.open.clear();
        self.several = false;
    }

    /// Takes over what an answer says.
    pub fn fill(&mut self, answer: &Answer) {
        self.clear();
        self.several = answer.lines.len() > 1;
        for (line, of_line) in answer.lines.iter().enumerate() {
            for norm in &of_line.norms {
                let (said, due) = (self.said.len(), self.due.len());
                self.said.extend(&norm.standings);
                for due_act in &norm.due {
                    if !self.due[due..].contains(&due_act.exit) {
                        self.due.push(due_act.exit);
                    }
                }
                self.close(norm.id, line, said, due);
            }
        }
        self.norms.sort_by_key(|entry| (entry.id, entry.line));
    }

    /// Ends the entry of a norm that began at these places.
    fn close(&mut self, id: NormId, line: usize, said: usize, due: usize) {
        let said = (said as u32, self.said.len() as u32);
        self.norms.push(Entry { id, line: line as u32, said, due: (due as u32, self.due.len() as u32) });
    }
}

impl<'a> Briefing<'a> {
    /// Asks every norm of an activity without acts and lines: the row of a tape.
    pub fn tell<R: Row>(&self, row: &mut R, tape: &Tape, scratch: &mut Scratch, told: &mut Told) -> Found<'a> {
        told.clear();
        let (mut exact, exits) = (true, self.exits());
        let mut meet = |row: &mut R, id: NormId, reaches: Truth, told: &mut Told| {
            let (said, due) = (told.said.len(), told.due.len());
            row.standings(self.basis.rules, exits, id, reaches, &mut told.said);
            for at in said..told.said.len() {
                if let Standing::Lifted(exit) | Standing::Spared(exit) = told.said[at] {
                    exact &= self.due(row, exit, due, &mut told.due);
                }
            }
            told.close(id, 0, said, due);
        };
        match self.engine {
            Engine::Scan => {
                let rules = self.basis.rules;
                for id in NormId::all(rules.norms.len()) {
                    let reaches = rules.any(row, &rules.norms[id.at()].boxes);
                    if reaches.can_hold() {
                        meet(row, id, reaches, told);
                    }
                }
            }
            Engine::Best | Engine::Diagram | Engine::Index => {
                let mut seen = std::mem::take(&mut told.seen);
                for which in [Which::Binding, Which::Noted] {
                    let all = self.index.visit(which, self.basis.rules, row, &mut seen, &mut |row, id, reaches| {
                        meet(row, id, reaches, told);
                        ControlFlow::Continue(())
                    });
                    debug_assert!(all.is_continue(), "all norms are visited");
                }
                told.seen = seen;
            }
        }
        told.norms.sort_unstable_by_key(|entry| entry.id);
        if !exact {
            return Found::Open;
        }
        let mut open = std::mem::take(&mut told.open);
        open.extend((0..told.len()).filter(|at| told.at(*at).standings.len() > 1).map(|at| (at, 0)));
        let shown = open.is_empty() || self.is_shown(tape, scratch, told, &mut open);
        let settled = open.is_empty();
        told.open = open;
        match (settled, shown) {
            (true, _) => Found::Settled(told.verdict(&mut scratch.deciding)),
            (false, true) => self.decide(row, tape, scratch),
            (false, false) => Found::Open,
        }
    }

    fn exits(&self) -> Exits<'a> {
        Exits { norms: self.basis.norms, in_places: true }
    }

    /// Notes an exit on which an act may still follow. `false` when it is not settled whether one may.
    fn due<R: Row>(&self, row: &mut R, exit: ExitId, since: usize, due: &mut Vec<ExitId>) -> bool {
        for &(slot, _) in &self.basis.rules.exits[exit.at()].requirements {
            match row.code(slot).exact() {
                Some(cell) if cell == Requirement::Due as usize => {
                    if !due[since..].contains(&exit) {
                        due.push(exit);
                    }
                }
                Some(_) => {}
                None => return false,
            }
        }
        true
    }

    /// Whether the two worlds show everything that the open norms may say.
    fn is_shown(&self, tape: &Tape, scratch: &mut Scratch, told: &mut Told, open: &mut [(usize, u64)]) -> bool {
        let rules = self.basis.rules;
        let mut codes = std::mem::take(&mut told.codes);
        for fill in [Fill::No, Fill::Yes] {
            let how = Reading { fill, ..self.reading(tape) };
            let mut row = FactRow::after(self.basis, tape, how, &mut codes, &mut scratch.patterns);
            for (at, shown) in open.iter_mut() {
                let id = told.norms[*at].id;
                let from = told.said.len();
                let reaches = rules.any(&mut row, &rules.norms[id.at()].boxes);
                row.standings(rules, self.exits(), id, reaches, &mut told.said);
                if let [only] = told.said[from..]
                    && let Some(nth) = told.at(*at).standings.iter().position(|one| *one == only)
                {
                    *shown |= 1u64.checked_shl(nth as u32).unwrap_or(0);
                }
                told.said.truncate(from);
            }
        }
        told.codes = codes;
        open.iter().all(|(at, shown)| shown.count_ones() as usize == told.at(*at).standings.len())
    }
}

impl Told {
    /// The verdict when every norm says one thing, and the norms that decide.
    fn verdict(&self, deciding: &mut Vec<NormId>) -> Verdict {
        let alone = |at: usize| verdict_of(self.at(at).standings[0]);
        let verdict = (0..self.len()).map(alone).max().unwrap_or(Verdict::NotCovered);
        deciding.clear();
        if verdict != Verdict::NotCovered {
            deciding.extend((0..self.len()).filter(|at| alone(*at) == verdict).map(|at| self.norms[at].id));
        }
        verdict
    }
}
