//! The verdict and the norms that decide, and nothing else: the fast way.
//!
//! Every norm that may reach is looked at once, by itself. Where that leaves the verdict open, or leaves open whether a norm
//! decides, two worlds are looked at, one in which the answer to everything unknown is no and one in which it is
//! yes. What is open even then is decided over all worlds.

use std::ops::ControlFlow;

use crate::check::program::{Effect, NormId};
use crate::diagram::code::{Code, Row, Truth};
use crate::diagram::index::{Index, Seen, Which};
use crate::diagram::rules::Rules;
use crate::diagram::whole::{Said, Whole};
use crate::facts::tape::Tape;
use crate::value::Verdict;

use super::find::Engine;
use super::row::{Basis, FactRow, Fill, Finished, Patterns, Reading, Stand, Tables, Ways};

/// What was found, beside the norms that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// Every world has this verdict, by these norms.
    Said(&'a Said),
    /// Every world has this verdict; the norms are in [`Scratch::deciding`].
    Settled(Verdict),
    /// There are worlds with these two verdicts, and with none beyond.
    Between(Verdict, Verdict),
    /// Norms cannot be looked at one by one.
    Open,
}

/// What one decision after another uses again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    seen: Seen,
    /// What is known of activities by which fields they state.
    pub patterns: Patterns,
    no: Vec<Code>,
    yes: Vec<Code>,
    /// The norms that are strictest so far.
    top: Vec<(NormId, Range)>,
    /// The norms that decide.
    pub deciding: Vec<NormId>,
}

/// The levels that a norm may have: from the least to the most restrictive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    least: Verdict,
    most: Verdict,
}

impl Range {
    const BARRED: Range = Range { least: Verdict::Prohibited, most: Verdict::Prohibited };
    const NOTHING: Range = Range { least: Verdict::NotCovered, most: Verdict::NotCovered };

    /// Of two ways out, the better one counts.
    fn or_better(self, other: Range) -> Range {
        Range { least: self.least.min(other.least), most: self.most.min(other.most) }
    }

    /// Either the one or the other.
    fn either(self, other: Range) -> Range {
        Range { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

/// The diagram of a policy that is asked for verdicts: most activities need nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub whole: &'a Whole,
    pub tables: &'a Tables,
}

impl<'a> Walk<'a> {
    /// Decides the row of an activity; `None` where the diagram alone does not.
    #[inline]
    pub fn decide(self, codes: &[Code], scratch: &mut Scratch) -> Option<Found<'a>> {
        walked(self.whole, &mut Finished { tables: self.tables, codes }, scratch)
    }

    /// Likewise the verdict alone.
    #[inline]
    pub fn verdict(self, codes: &[Code]) -> Option<Verdict> {
        self.whole.verdict(&mut Finished { tables: self.tables, codes })
    }
}

// A call costs as much as the walk.
#[inline(always)]
fn walked<'a, R: Row>(whole: &'a Whole, row: &mut R, scratch: &mut Scratch) -> Option<Found<'a>> {
    let (verdict, said) = whole.decide(row, &mut scratch.deciding)?;
    Some(said.map_or(Found::Settled(verdict), Found::Said))
}

/// A policy that is asked for verdicts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Briefing<'a> {
    pub basis: Basis<'a>,
    pub index: &'a Index,
    /// The diagram, where there is one and it is to be used.
    pub whole: Option<&'a Whole>,
    pub engine: Engine,
}

impl<'a> Briefing<'a> {
    /// Decides an activity without acts and lines: the row of a tape.
    pub fn decide<R: Row>(&self, row: &mut R, tape: &Tape, scratch: &mut Scratch) -> Found<'a> {
        if let Some(whole) = self.whole
            && let Some(found) = walked(whole, row, scratch)
        {
            return found;
        }
        let (least, most) = self.look::<true, R>(row, scratch);
        scratch.deciding.clear();
        if least == most {
            let certain = scratch.top.iter().filter(|(_, range)| range.least == most && most != Verdict::NotCovered);
            scratch.deciding.extend(certain.map(|(id, _)| *id));
            let settled = scratch.deciding.len() == scratch.top.len() || most == Verdict::NotCovered;
            if settled || self.rest_is_milder(tape, most, scratch) {
                return Found::Settled(most);
            }
            return Found::Open;
        }
        if self.are_reached(least, most, tape, scratch) { Found::Between(least, most) } else { Found::Open }
    }

    /// The least and the greatest verdict of all worlds, and not which norms decide: it is known as soon as one certainly
    /// prohibits. `None` when norms cannot be looked at one by one.
    pub fn bounds<R: Row>(&self, row: &mut R, tape: &Tape, scratch: &mut Scratch) -> Option<(Verdict, Verdict)> {
        if let Some(whole) = self.whole
            && let Some(verdict) = whole.verdict(row)
        {
            return Some((verdict, verdict));
        }
        let (least, most) = self.look::<false, R>(row, scratch);
        (least == most || self.are_reached(least, most, tape, scratch)).then_some((least, most))
    }

    /// Whether there are worlds with these two verdicts.
    fn are_reached(&self, least: Verdict, most: Verdict, tape: &Tape, scratch: &mut Scratch) -> bool {
        let [no, yes] = self.two_worlds(tape, scratch);
        let reached = |verdict: Verdict| no == Some(verdict) || yes == Some(verdict);
        reached(least) && reached(most)
    }

    /// The row of a tape.
    #[inline]
    pub fn row<'t>(&self, tape: &'t Tape, codes: &'t mut Vec<Code>, patterns: &mut Patterns) -> FactRow<'a, 't> {
        FactRow::after(self.basis, tape, self.reading(tape), codes, patterns)
    }

    /// The row of a tape of which everything was worked out before.
    pub fn finished<'c>(&self, codes: &'c [Code]) -> Finished<'c>
    where
        'a: 'c,
    {
        Finished { tables: self.basis.tables, codes }
    }

    /// How a tape is read.
    pub fn reading(&self, tape: &Tape) -> Reading {
        Reading { complete: tape.complete, presume: true, fill: Fill::Open, acts: false, weigh: false, learning: false }
    }

    /// The least and the greatest verdict that the norms allow one by one; when they are to be named, the strictest of them
    /// stay in `top`.
    fn look<const NAMED: bool, R: Row>(&self, row: &mut R, scratch: &mut Scratch) -> (Verdict, Verdict) {
        let rules = self.basis.rules;
        let Scratch { seen, top, .. } = scratch;
        top.clear();
        let (mut least, mut most) = (Verdict::NotCovered, Verdict::NotCovered);
        let mut meet = |row: &mut R, id: NormId, reaches: Truth| {
            let range = range(rules, row, id, reaches);
            least = least.max(range.least);
            if !NAMED {
                most = most.max(range.most);
                return if least == Verdict::Prohibited { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            }
            if range.most > most {
                most = range.most;
                top.clear();
            }
            if range.most == most && most != Verdict::NotCovered {
                top.push((id, range));
            }
            ControlFlow::Continue(())
        };
        let (ControlFlow::Break(()) | ControlFlow::Continue(())) = match self.engine {
            Engine::Scan => self.index.scan(rules, row, &mut meet),
            Engine::Best | Engine::Diagram | Engine::Index => {
                self.index.visit(Which::Binding, rules, row, seen, &mut meet)
            }
        };
        (least, most)
    }

    /// Whether each of the strictest norms that is not certain is milder in one of the two worlds.
    fn rest_is_milder(&self, tape: &Tape, verdict: Verdict, scratch: &mut Scratch) -> bool {
        let Scratch { patterns, no, yes, top, .. } = scratch;
        let rules = self.basis.rules;
        let open = || top.iter().filter(|(_, range)| range.least != verdict).map(|(id, _)| *id);
        let mut left = [0u32; MOST_OPEN];
        let mut count = 0;
        for id in open() {
            if count == MOST_OPEN {
                return false;
            }
            left[count] = id.0;
            count += 1;
        }
        for (fill, codes) in [(Fill::No, no), (Fill::Yes, yes)] {
            let mut row = FactRow::after(self.basis, tape, Reading { fill, ..self.reading(tape) }, codes, patterns);
            let mut kept = 0;
            for at in 0..count {
                let id = NormId(left[at]);
                let reaches = rules.any(&mut row, &rules.norms[id.at()].boxes);
                if range(rules, &mut row, id, reaches).most >= verdict {
                    left[kept] = id.0;
                    kept += 1;
                }
            }
            count = kept;
            if count == 0 {
                return true;
            }
        }
        false
    }

    /// The verdicts of the two worlds, where they have one.
    fn two_worlds(&self, tape: &Tape, scratch: &mut Scratch) -> [Option<Verdict>; 2] {
        [Fill::No, Fill::Yes].map(|fill| {
            let mut codes = std::mem::take(if fill == Fill::No { &mut scratch.no } else { &mut scratch.yes });
            let how = Reading { fill, ..self.reading(tape) };
            let mut row = FactRow::after(self.basis, tape, how, &mut codes, &mut scratch.patterns);
            let (least, most) = self.look::<false, _>(&mut row, scratch);
            *(if fill == Fill::No { &mut scratch.no } else { &mut scratch.yes }) = codes;
            (least == most).then_some(most)
        })
    }
}

/// Most norms that are looked at again in other worlds.
const MOST_OPEN: usize = 64;

/// The levels that a norm may have.
fn range<R: Row>(rules: &Rules, row: &mut R, id: NormId, reaches: Truth) -> Range {
    if !reaches.can_hold() {
        return Range::NOTHING;
    }
    let norm = &rules.norms[id.at()];
    let mut range = match norm.effect {
        Effect::Prohibit => barred(rules, row, id),
        Effect::Oblige => {
            let omitted = rules.check(row, &norm.omitted);
            let offered = barred(rules, row, id);
            let duty = Range {
                least: if offered.least <= Verdict::Allowed { Verdict::NotCovered } else { Verdict::Allowed },
                most: if offered.most <= Verdict::Allowed { Verdict::NotCovered } else { Verdict::Allowed },
            };
            match (omitted.can_hold(), omitted.can_fail()) {
                (true, true) => duty.either(offered),
                (true, false) => offered,
                (false, _) => duty,
            }
        }
        Effect::Advise | Effect::Caution => Range::NOTHING,
    };
    if reaches.can_fail() {
        range.least = Verdict::NotCovered;
    }
    range
}

/// What exits leave of a prohibition.
fn barred<R: Row>(rules: &Rules, row: &mut R, id: NormId) -> Range {
    let norm = &rules.norms[id.at()];
    let mut range = Range::BARRED;
    for (exit, guard) in &norm.tries {
        if !guard.passes(row) {
            continue;
        }
        if range.least == range.most
            && let Some(way) = row.settled_way(&rules.exits[exit.at()])
            && way.level() >= range.most
        {
            // It is no better, open or not.
            continue;
        }
        let open = rules.any(row, &rules.exits[exit.at()].boxes);
        if open.can_hold() {
            range = range.or_better(levels(row.ways_of(rules, *exit, open)));
            if range.most == Verdict::Allowed {
                // No way out is better.
                return range;
            }
        }
    }
    match norm.relief {
        Some(relief) => range.or_better(levels(Ways::of_code(row.code(rules.place_of_relief(relief))))),
        None => range,
    }
}

fn levels(ways: Ways) -> Range {
    let mut range: Option<Range> = None;
    for way in ways.iter() {
        let level = way.level();
        let here = Range { least: level, most: level };
        range = Some(range.map_or(here, |range| range.either(here)));
    }
    range.unwrap_or(Range::BARRED)
}
