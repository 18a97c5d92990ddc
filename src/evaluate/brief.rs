//! The verdict and the norms that decide, and nothing else: the fast way.
//!
//! Every norm that may reach is looked at once, by itself. Where that leaves the verdict open, or leaves open whether a norm
//! decides, two worlds are looked at, one in which the answer to everything unknown is no and one in which it is
//! yes. What is open even then is decided over all worlds.

use crate::check::program::{Effect, NormId};
use crate::diagram::code::{Code, Row, Truth};
use crate::diagram::index::{Index, Seen, Which};
use crate::diagram::rules::Rules;
use crate::diagram::standing::Way;
use crate::diagram::whole::{Offering, Whole};
use crate::facts::tape::Tape;
use crate::normal::{Cells, SlotId};
use crate::value::Verdict;

use super::find::Engine;
use super::row::{Basis, FactRow, Fill, Reading, Stand, Ways};

/// What was found, beside the norms that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Every world has this verdict.
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
    offers: Offers,
    no: Vec<Code>,
    yes: Vec<Code>,
    /// The norms that are strictest so far.
    top: Vec<(NormId, Range)>,
    /// The norms that decide.
    pub deciding: Vec<NormId>,
}

/// What the exits offer that several norms share.
#[derive(Debug, Clone, Default)]
struct Offers {
    /// By exit; those that are not shared are not looked at.
    exits: Vec<Range>,
    /// By `Rules::reliefs`, the best of each set; `None` when nobody asked.
    reliefs: Vec<Option<Range>>,
    known: bool,
}

impl Offers {
    /// What a set of exits offers together.
    fn of<R: Row>(&mut self, rules: &Rules, index: &Index, row: &mut R, relief: u32) -> Range {
        if !self.known {
            self.known = true;
            self.exits.clear();
            self.exits.resize(rules.exits.len(), Range::BARRED);
            let exits = &mut self.exits;
            index.visit_shared(rules, row, &mut |row, exit, open| {
                exits[exit.at()] = levels(row.ways_of(rules, exit, open))
            });
            self.reliefs.clear();
            self.reliefs.resize(rules.reliefs.len(), None);
        }
        let exits = &self.exits;
        *self.reliefs[relief as usize].get_or_insert_with(|| {
            let shared = &rules.reliefs[relief as usize];
            shared.iter().fold(Range::BARRED, |range, exit| range.or_better(exits[exit.at()]))
        })
    }
}

/// A row with what shared exits offer.
struct Offered<'r, R> {
    row: &'r mut R,
    rules: &'r Rules,
    index: &'r Index,
    offers: &'r mut Offers,
}

impl<R: Row> Row for Offered<'_, R> {
    #[inline]
    fn code(&mut self, slot: SlotId) -> Code {
        self.row.code(slot)
    }

    fn set(&self, slot: SlotId, set: usize) -> &Cells {
        self.row.set(slot, set)
    }
}

impl<R: Row> Offering for Offered<'_, R> {
    fn relief(&mut self, relief: u32) -> Code {
        let range = self.offers.of(self.rules, self.index, self.row, relief);
        let way = match range.least {
            _ if range.least != range.most => return Code::ANY,
            Verdict::NotCovered | Verdict::Allowed => Way::Lifts,
            Verdict::RequiresNotification => Way::Notice,
            Verdict::RequiresAuthorisation => Way::Approval,
            Verdict::Prohibited => Way::Closed,
        };
        Code::cell(way as usize)
    }
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
    pub fn decide<R: Row>(&self, row: &mut R, tape: &Tape, scratch: &mut Scratch) -> Found {
        if let Some(whole) = self.whole {
            scratch.offers.known = false;
            let offers = &mut scratch.offers;
            let mut row = Offered { row: &mut *row, rules: self.basis.rules, index: self.index, offers };
            if let Some(verdict) = whole.decide(&mut row, &mut scratch.deciding) {
                return Found::Settled(verdict);
            }
        }
        let (least, most) = self.look(row, scratch);
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
        let [no, yes] = self.two_worlds(tape, scratch);
        let reached = |verdict: Verdict| no == Some(verdict) || yes == Some(verdict);
        if reached(least) && reached(most) { Found::Between(least, most) } else { Found::Open }
    }

    /// How a tape is read.
    pub fn reading(&self, tape: &Tape) -> Reading {
        Reading { complete: tape.complete, presume: true, fill: Fill::Open, acts: false, weigh: false }
    }

    /// The least and the greatest verdict that the norms allow one by one; the strictest of them stay in `top`.
    fn look<R: Row>(&self, row: &mut R, scratch: &mut Scratch) -> (Verdict, Verdict) {
        let rules = self.basis.rules;
        let index = self.index;
        let Scratch { seen, offers, top, .. } = scratch;
        offers.known = false;
        top.clear();
        let (mut least, mut most) = (Verdict::NotCovered, Verdict::NotCovered);
        let mut meet = |row: &mut R, id: NormId, reaches: Truth| {
            // Duties come last, and a duty that is done makes nothing stricter.
            let range = range(rules, index, row, id, reaches, offers);
            least = least.max(range.least);
            if range.most > most {
                most = range.most;
                top.clear();
            }
            if range.most == most && most != Verdict::NotCovered {
                top.push((id, range));
            }
        };
        match self.engine {
            Engine::Scan => self.index.scan(rules, row, &mut meet),
            Engine::Best | Engine::Diagram | Engine::Index => {
                self.index.visit(Which::Binding, rules, row, seen, &mut meet);
            }
        }
        (least, most)
    }

    /// Whether each of the strictest norms that is not certain is milder in one of the two worlds.
    fn rest_is_milder(&self, tape: &Tape, verdict: Verdict, scratch: &mut Scratch) -> bool {
        let Scratch { offers, no, yes, top, .. } = scratch;
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
            codes.resize(self.basis.norms.slots.len(), Code::PENDING);
            let mut row = FactRow::new(self.basis, tape, Reading { fill, ..self.reading(tape) }, codes);
            offers.known = false;
            let mut kept = 0;
            for at in 0..count {
                let id = NormId(left[at]);
                let reaches = rules.any(&mut row, &rules.norms[id.at()].boxes);
                if range(rules, self.index, &mut row, id, reaches, offers).most >= verdict {
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
            codes.resize(self.basis.norms.slots.len(), Code::PENDING);
            let mut row = FactRow::new(self.basis, tape, Reading { fill, ..self.reading(tape) }, &mut codes);
            let (least, most) = self.look(&mut row, scratch);
            *(if fill == Fill::No { &mut scratch.no } else { &mut scratch.yes }) = codes;
            (least == most).then_some(most)
        })
    }
}

/// Most norms that are looked at again in other worlds.
const MOST_OPEN: usize = 64;

/// The levels that a norm may have.
fn range<R: Row>(rules: &Rules, index: &Index, row: &mut R, id: NormId, reaches: Truth, offers: &mut Offers) -> Range {
    if !reaches.can_hold() {
        return Range::NOTHING;
    }
    let norm = &rules.norms[id.at()];
    let mut range = match norm.effect {
        Effect::Prohibit => barred(rules, index, row, id, offers),
        Effect::Oblige => {
            let omitted = rules.check(row, &norm.omitted);
            let offered = barred(rules, index, row, id, offers);
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
fn barred<R: Row>(rules: &Rules, index: &Index, row: &mut R, id: NormId, offers: &mut Offers) -> Range {
    let norm = &rules.norms[id.at()];
    let mut range = Range::BARRED;
    for exit in &norm.own {
        range = range.or_better(levels(row.ways(rules, *exit)));
    }
    match norm.relief {
        Some(relief) => range.or_better(offers.of(rules, index, row, relief)),
        None => range,
    }
}

fn levels(ways: Ways) -> Range {
    let level = |way: Way| match way {
        Way::Closed => Verdict::Prohibited,
        Way::Lifts => Verdict::Allowed,
        Way::Notice => Verdict::RequiresNotification,
        Way::Approval => Verdict::RequiresAuthorisation,
    };
    let mut range: Option<Range> = None;
    for way in ways.iter() {
        let level = level(way);
        let here = Range { least: level, most: level };
        range = Some(range.map_or(here, |range| range.either(here)));
    }
    range.unwrap_or(Range::BARRED)
}
