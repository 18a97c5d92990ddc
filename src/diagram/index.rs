//! The index: which norms can reach an activity, by what its slots hold.
//!
//! A bound on size and time that holds for every policy. Norms stand in *blocks*. In a block each slot has rows of bits,
//! one bit per box of a norm, for the classes of its cells; the rows of all slots are intersected, and what survives is
//! checked exactly. Rows only narrow the search: the condition itself defines the meaning. Many norms are spread over several blocks
//! by the slot that tells most of them apart, so that an activity looks at one block of many.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::{Effect, NormId};
use crate::normal::{Norms, SlotId};

use super::code::{Row, Truth};
use super::rules::{Atom, Guard, Rules, word_of};

/// Most classes of one slot in one block; cells are put together beyond that.
const MOST_CLASSES: usize = 256;
/// Most slots with rows in one block; more tests are done one by one.
const MOST_ROWED: usize = 24;
/// Up to so many norms stand in one block, whatever they test.
const FEW: usize = 64;
/// A norm is dispatched on a slot when it lies in at most so many cells of it.
const NARROW: usize = 4;
/// Fewer norms than this are not watched: they fit into a word of a block.
const MOST_UNWATCHED: usize = 64;
/// Words that are intersected at a time, in a block of more than one.
const CHUNK: usize = 4;

/// The norms of a policy, to be found by what they test.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Prohibitions and duties, strictest first.
    order: Vec<NormId>,
    /// Prohibitions and duties.
    binding: Stages,
    /// Advice and cautions.
    noted: Stages,
}

/// All norms of a kind.
#[derive(Debug, Clone, Default)]
struct Stages {
    stages: Vec<Stage>,
    watched: Watched,
}

/// Norms of one box each, behind the packed slot that a box asks for.
#[derive(Debug, Clone, Default)]
struct Watched {
    /// The words of a row, and the bits behind which norms stand.
    words: Box<[(SlotId, u32)]>,
    /// By bit, 32 for each of `words`: where its norms begin.
    starts: Box<[u32]>,
    entries: Box<[Watch]>,
}

/// A norm, and what its box asks of other packed words.
#[derive(Debug, Clone, Copy)]
struct Watch {
    norm: u32,
    of: u32,
    guard: Guard,
}

/// Which norms are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Prohibitions and duties: what makes the verdict.
    Binding,
    /// Advice and cautions.
    Noted,
}

/// Norms that are dispatched on one slot, or on none.
#[derive(Debug, Clone)]
struct Stage {
    /// The slot, and the block of each of its cells; `u32::MAX` where no norm is.
    dispatch: Option<(SlotId, Box<[u32]>)>,
    blocks: Vec<Block>,
}

const NO_BLOCK: u32 = u32::MAX;

#[derive(Debug, Clone)]
struct Block {
    rowed: Vec<Rowed>,
    /// The rows of all slots, each `width` words long.
    rows: Box<[u64]>,
    width: usize,
    /// By bit: strictest norms first, the boxes of a norm side by side.
    entries: Box<[Entry]>,
    /// The tests that rows do not settle.
    rest: Box<[Atom]>,
}

/// A slot with rows.
#[derive(Debug, Clone)]
struct Rowed {
    slot: SlotId,
    /// The first word of its first row.
    at: u32,
    /// The class of each cell.
    class_of: Box<[u8]>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The norm.
    owner: u32,
    /// Its box.
    of: u32,
    /// Of `Block::rest`.
    from: u32,
    to: u32,
    /// There is something left to check when all slots with rows are known.
    open: bool,
    /// There are masks among it.
    masked: bool,
}

/// Norms that were met already, of an activity that may lie in several blocks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    met: Vec<u32>,
    turn: u32,
}

impl Seen {
    fn begin(&mut self, norms: usize) {
        self.met.resize(norms, 0);
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 {
            self.met.iter_mut().for_each(|met| *met = 0);
            self.turn = 1;
        }
    }

    fn meet(&mut self, norm: NormId) -> bool {
        std::mem::replace(&mut self.met[norm.at()], self.turn) != self.turn
    }
}

impl Index {
    pub fn from_normal(norms: &Norms, rules: &Rules) -> Index {
        let (mut binding, noted): (Vec<NormId>, Vec<NormId>) = NormId::all(rules.norms.len())
            .partition(|id| matches!(rules.norms[id.at()].effect, Effect::Prohibit | Effect::Oblige));
        binding.sort_by_key(|id| {
            let norm = &rules.norms[id.at()];
            (norm.effect != Effect::Prohibit, !(norm.own.is_empty() && norm.relief.is_none()), *id)
        });
        let build = Build { norms, rules };
        Index { order: binding.clone(), binding: build.stages(binding), noted: build.stages(noted) }
    }

    /// Calls `then` for all prohibitions and duties that may reach, one after the other, without the index: what it is
    /// measured against, and tested against.
    pub fn scan<R: Row>(
        &self,
        rules: &Rules,
        row: &mut R,
        then: &mut impl FnMut(&mut R, NormId, Truth) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for &id in &self.order {
            let reaches = rules.any(row, &rules.norms[id.at()].boxes);
            if reaches.can_hold() {
                then(row, id, reaches)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Calls `then` for every norm that may reach, with whether it can and whether it can fail to, until it breaks off;
    /// strictest first in each block.
    #[inline]
    pub fn visit<R: Row>(
        &self,
        which: Which,
        rules: &Rules,
        row: &mut R,
        seen: &mut Seen,
        then: &mut impl FnMut(&mut R, NormId, Truth) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Stages { stages, watched } = match which {
            Which::Binding => &self.binding,
            Which::Noted => &self.noted,
        };
        for stage in stages {
            let Some((slot, block_of)) = &stage.dispatch else {
                stage.blocks[0].visit(rules, row, true, then)?;
                continue;
            };
            match row.code(*slot).exact() {
                Some(cell) if block_of[cell] != NO_BLOCK => {
                    stage.blocks[block_of[cell] as usize].visit(rules, row, true, then)?;
                }
                Some(_) => {}
                None => {
                    seen.begin(rules.norms.len());
                    for block in &stage.blocks {
                        block.visit(rules, row, false, &mut |row: &mut R, norm, _| {
                            // Its other boxes may stand in other blocks.
                            if !seen.meet(norm) {
                                return ControlFlow::Continue(());
                            }
                            let reaches = rules.any(row, &rules.norms[norm.at()].boxes);
                            then(row, norm, reaches)
                        })?;
                    }
                }
            }
        }
        watched.visit(rules, row, then)
    }

    /// Bytes of the rows and what belongs to them.
    pub fn bytes(&self) -> usize {
        let of_block = |block: &Block| {
            block.rows.len() * 8
                + block.entries.len() * size_of::<Entry>()
                + block.rest.len() * size_of::<Atom>()
                + block.rowed.iter().map(|rowed| size_of::<Rowed>() + rowed.class_of.len()).sum::<usize>()
        };
        let of_stage = |stage: &Stage| {
            stage.dispatch.as_ref().map_or(0, |(_, block_of)| block_of.len() * 4)
                + stage.blocks.iter().map(of_block).sum::<usize>()
        };
        let of_watched = |watched: &Watched| {
            watched.words.len() * size_of::<(SlotId, u32)>()
                + watched.starts.len() * 4
                + watched.entries.len() * size_of::<Watch>()
        };
        [&self.binding, &self.noted]
            .map(|all| all.stages.iter().map(of_stage).sum::<usize>() + of_watched(&all.watched))
            .iter()
            .sum()
    }
}

impl Watched {
    #[inline]
    fn visit<R: Row>(
        &self,
        rules: &Rules,
        row: &mut R,
        then: &mut impl FnMut(&mut R, NormId, Truth) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for (nth, &(place, bits)) in self.words.iter().enumerate() {
            let mut possible = word_of(row, place) & bits;
            while possible != 0 {
                let bit = nth * 32 + possible.trailing_zeros() as usize;
                possible &= possible - 1;
                for watch in &self.entries[self.starts[bit] as usize..self.starts[bit + 1] as usize] {
                    if !watch.guard.passes(row) {
                        continue;
                    }
                    let reaches = rules.holds(row, &rules.boxes[watch.of as usize]);
                    if reaches.can_hold() {
                        then(row, NormId(watch.norm), reaches)?;
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }
}

impl Block {
    /// `dispatched`: the slot of the stage, if it has one, lies in a cell of this block and is not to be tested again.
    #[inline]
    fn visit<R: Row>(
        &self,
        rules: &Rules,
        row: &mut R,
        dispatched: bool,
        then: &mut impl FnMut(&mut R, NormId, Truth) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut starts = [0u32; MOST_ROWED];
        let mut known = 0;
        let mut exact = dispatched;
        for rowed in &self.rowed {
            match row.code(rowed.slot).exact() {
                Some(cell) => {
                    starts[known] = rowed.at + u32::from(rowed.class_of[cell]) * self.width as u32;
                    known += 1;
                }
                None => exact = false,
            }
        }
        if self.width == 1 {
            self.survivors::<1, R>(&starts[..known], exact, rules, row, then)
        } else {
            self.survivors::<CHUNK, R>(&starts[..known], exact, rules, row, then)
        }
    }

    /// The boxes whose bits are in all rows, that many words at a time.
    #[inline]
    fn survivors<const WORDS: usize, R: Row>(
        &self,
        starts: &[u32],
        exact: bool,
        rules: &Rules,
        row: &mut R,
        then: &mut impl FnMut(&mut R, NormId, Truth) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut current: Option<(u32, Truth)> = None;
        for chunk in (0..self.width).step_by(WORDS) {
            let mut left = [u64::MAX; WORDS];
            for &start in starts {
                let from = start as usize + chunk;
                let words: &[u64; WORDS] = self.rows[from..from + WORDS].try_into().expect("rows are whole chunks");
                left.iter_mut().zip(words).for_each(|(left, word)| *left &= word);
            }
            for (at, word) in left.into_iter().enumerate() {
                let mut word = word;
                while word != 0 {
                    let bit = (chunk + at) * 64 + word.trailing_zeros() as usize;
                    word &= word - 1;
                    let Some(entry) = self.entries.get(bit) else { break };
                    let same = current.filter(|(owner, _)| *owner == entry.owner);
                    if same.is_some_and(|(_, truth)| !truth.can_fail()) {
                        continue;
                    }
                    let truth = if !exact {
                        rules.holds(row, &rules.boxes[entry.of as usize])
                    } else if entry.open {
                        let of = &rules.boxes[entry.of as usize];
                        let masks = if entry.masked { rules.masks(of) } else { &[] };
                        rules.holds_beside(row, &self.rest[entry.from as usize..entry.to as usize], masks, of)
                    } else {
                        Truth::YES
                    };
                    if !truth.can_hold() {
                        continue;
                    }
                    match same {
                        Some((owner, before)) => current = Some((owner, before.or(truth))),
                        None => {
                            if let Some((owner, truth)) = current.replace((entry.owner, truth)) {
                                then(row, NormId(owner), truth)?;
                            }
                        }
                    }
                }
            }
        }
        match current {
            Some((owner, truth)) => then(row, NormId(owner), truth),
            None => ControlFlow::Continue(()),
        }
    }
}

struct Build<'a> {
    norms: &'a Norms,
    rules: &'a Rules,
}

impl Build<'_> {
    /// Spreads norms over stages: first those that some slot tells apart, then the rest; of these, some are watched.
    fn stages(&self, mut order: Vec<NormId>) -> Stages {
        let mut stages = Vec::new();
        while order.len() > FEW {
            let Some(slot) = self.most_selective(&order) else { break };
            let (keyed, rest): (Vec<NormId>, Vec<NormId>) = order.iter().partition(|id| self.is_narrow(**id, slot));
            stages.push(self.dispatched(slot, &keyed));
            order = rest;
        }
        let of_norm = |id: &NormId| {
            let id = *id;
            self.rules.norms[id.at()].boxes.clone().map(move |of| (id.0, of))
        };
        let mut boxes: Vec<BoxOf> = order.iter().flat_map(of_norm).collect();
        let watched = self.watched(&mut boxes);
        if !boxes.is_empty() {
            stages.push(Stage { dispatch: None, blocks: vec![self.block(&boxes, None)] });
        }
        Stages { stages, watched }
    }

    /// Takes out the norms that ask for a yes or no fact which few others ask for, when there are many of them.
    fn watched(&self, boxes: &mut Vec<BoxOf>) -> Watched {
        let rules = self.rules;
        let tests = self.tests(boxes);
        let worth = worth(boxes.len());
        // Of the facts that must be so, the one that the fewest norms ask for; most are not so.
        let watch = |&(owner, of): &BoxOf| {
            let few = rules.atoms(&rules.boxes[of as usize]).iter().filter_map(|atom| {
                let bit = rules.packing.bit(atom.slot, 1)?;
                (tests[&atom.slot] <= worth && rules.cells(atom) == [1]).then_some((tests[&atom.slot], bit))
            });
            (rules.norms[owner as usize].boxes.len() == 1).then(|| few.min().map(|(_, bit)| bit)).flatten()
        };
        let mut by_bit: BTreeMap<(usize, u32), Vec<BoxOf>> = BTreeMap::new();
        for of in &*boxes {
            if let Some((word, bit)) = watch(of) {
                by_bit.entry((word, bit.trailing_zeros())).or_default().push(*of);
            }
        }
        if by_bit.values().map(Vec::len).sum::<usize>() < MOST_UNWATCHED {
            return Watched::default();
        }
        boxes.retain(|of| watch(of).is_none());
        let (mut words, mut starts, mut entries): (Vec<(SlotId, u32)>, Vec<u32>, Vec<Watch>) = Default::default();
        for ((word, bit), norms) in by_bit {
            let place = rules.place_of_word(word);
            if words.last().is_none_or(|(last, _)| *last != place) {
                words.push((place, 0));
            }
            words.last_mut().expect("one was put there").1 |= 1 << bit;
            // Bits behind which nothing stands begin where the next does.
            starts.resize((words.len() - 1) * 32 + bit as usize + 1, entries.len() as u32);
            let watch = |(norm, of)| Watch { norm, of, guard: rules.guard(&(of..of + 1), Some(place)) };
            entries.extend(norms.into_iter().map(watch));
        }
        starts.resize(words.len() * 32 + 1, entries.len() as u32);
        Watched { words: words.into(), starts: starts.into(), entries: entries.into() }
    }

    /// How many boxes test each slot.
    fn tests(&self, boxes: &[BoxOf]) -> HashMap<SlotId, usize> {
        let mut tests: HashMap<SlotId, usize> = HashMap::default();
        for (_, of) in boxes {
            for atom in self.rules.atoms(&self.rules.boxes[*of as usize]) {
                *tests.entry(atom.slot).or_default() += 1;
            }
        }
        tests
    }

    /// The slot that leads the most norms to blocks of a good length, when dispatching on it is worth while.
    fn most_selective(&self, order: &[NormId]) -> Option<SlotId> {
        let slots = (0..self.norms.slots.len() as u32).map(SlotId).filter(|slot| {
            let declared = &self.norms.slots[slot.at()];
            declared.is_field() && declared.cells >= 4 * NARROW
        });
        // Blocks shorter than a word find nothing faster, and all of them keep tables.
        let gain = |slot: SlotId| {
            let keyed = order.iter().filter(|id| self.is_narrow(**id, slot)).count();
            let length = keyed.div_ceil(self.norms.slots[slot.at()].cells).min(64);
            (keyed * 4 >= order.len()).then_some((keyed * length, slot))
        };
        slots.filter_map(gain).max_by_key(|(gain, slot)| (*gain, u32::MAX - slot.0)).map(|(_, slot)| slot)
    }

    fn dispatched(&self, slot: SlotId, keyed: &[NormId]) -> Stage {
        let rules = self.rules;
        let mut of_cell: Vec<Vec<BoxOf>> = vec![Vec::new(); self.norms.slots[slot.at()].cells];
        for &norm in keyed {
            for of in rules.norms[norm.at()].boxes.clone() {
                for cell in self.narrow(of, slot).into_iter().flat_map(|atom| rules.cells(atom)) {
                    of_cell[cell].push((norm.0, of));
                }
            }
        }
        let mut blocks = Vec::new();
        let mut known: HashMap<Vec<BoxOf>, u32> = HashMap::default();
        let block_of = of_cell.into_iter().map(|boxes| {
            if boxes.is_empty() {
                return NO_BLOCK;
            }
            *known.entry(boxes).or_insert_with_key(|boxes| {
                blocks.push(self.block(boxes, Some(slot)));
                blocks.len() as u32 - 1
            })
        });
        let block_of = block_of.collect();
        Stage { dispatch: Some((slot, block_of)), blocks }
    }

    /// A block of boxes in this order, all of which hold of the slot that leads to the block.
    fn block(&self, boxes: &[BoxOf], dispatch: Option<SlotId>) -> Block {
        let rules = self.rules;
        let width = if boxes.len() <= 64 { 1 } else { boxes.len().div_ceil(64 * CHUNK) * CHUNK };
        let mut rowed = Vec::new();
        let mut rows: Vec<u64> = Vec::new();
        let mut settled: Vec<SlotId> = dispatch.into_iter().collect();
        for slot in self.rowed(boxes, dispatch) {
            let at = rows.len() as u32;
            let (class_of, united) = self.rows_of(slot, boxes, width, &mut rows);
            if !united {
                settled.push(slot);
            }
            rowed.push(Rowed { slot, at, class_of });
        }
        let mut rest = Vec::new();
        let entry = |&(owner, of): &BoxOf| {
            let bounded = &rules.boxes[of as usize];
            let from = rest.len() as u32;
            let (plain, packed) = rules.atoms(bounded).split_at(bounded.plain());
            rest.extend(plain.iter().filter(|atom| !settled.contains(&atom.slot)));
            let to = rest.len() as u32;
            let masked = packed.iter().any(|atom| !settled.contains(&atom.slot));
            Entry { owner, of, from, to, open: bounded.has_rest() || to > from || masked, masked }
        };
        let entries = boxes.iter().map(entry).collect();
        Block { rowed, rows: rows.into(), width, entries, rest: rest.into() }
    }

    /// The slots that get rows: known beforehand, and tested by enough boxes to be worth an intersection.
    fn rowed(&self, boxes: &[BoxOf], dispatch: Option<SlotId>) -> Vec<SlotId> {
        let tests = self.tests(boxes);
        let worth = worth(boxes.len());
        let is_worth = |slot: SlotId, count: usize| {
            self.norms.slots[slot.at()].is_field() && count > worth && dispatch != Some(slot)
        };
        let mut slots: Vec<(usize, SlotId)> = tests
            .into_iter()
            .filter(|(slot, count)| is_worth(*slot, *count))
            .map(|(slot, count)| (count, slot))
            .collect();
        slots.sort_unstable_by_key(|(count, slot)| (usize::MAX - count, *slot));
        slots.truncate(MOST_ROWED);
        slots.into_iter().map(|(_, slot)| slot).collect()
    }

    /// Adds the rows of a slot: the class of each cell, and whether cells were put together that are not alike.
    fn rows_of(&self, slot: SlotId, boxes: &[BoxOf], width: usize, rows: &mut Vec<u64>) -> (Box<[u8]>, bool) {
        let cells = self.norms.slots[slot.at()].cells;
        let mut untested: Vec<u64> = vec![0; width];
        let mut tested: Vec<(usize, &Atom)> = Vec::new();
        for (bit, (_, of)) in boxes.iter().enumerate() {
            match self.atom(*of, slot) {
                Some(atom) => tested.push((bit, atom)),
                None => untested[bit / 64] |= 1 << (bit % 64),
            }
        }
        // From cell to cell few tests begin or end.
        let mut begins: Vec<(usize, usize)> = Vec::new();
        for (bit, atom) in tested {
            begins.extend(self.rules.turns(atom).into_iter().map(|cell| (cell, bit)));
        }
        begins.sort_unstable();
        let first = rows.len();
        let mut known: HashMap<Vec<u64>, u8> = HashMap::default();
        let mut united = false;
        let mut row = untested;
        let mut class_of: Vec<u8> = Vec::with_capacity(cells);
        let mut next = begins.into_iter().peekable();
        for cell in 0..cells {
            let mut is_new = cell == 0;
            while let Some((_, bit)) = next.next_if(|(begins, _)| *begins == cell) {
                row[bit / 64] ^= 1 << (bit % 64);
                is_new = true;
            }
            let class = match class_of.last() {
                Some(&class) if !is_new => class,
                _ => match known.get(&row) {
                    Some(&class) => class,
                    None => {
                        let count = (rows.len() - first) / width;
                        if count < MOST_CLASSES {
                            rows.extend(&row);
                            known.insert(row.clone(), count as u8);
                            count as u8
                        } else {
                            // One more set of norms joins the last class: what survives is checked.
                            united = true;
                            let last = rows.len() - width;
                            rows[last..].iter_mut().zip(&row).for_each(|(all, word)| *all |= word);
                            (MOST_CLASSES - 1) as u8
                        }
                    }
                },
            };
            class_of.push(class);
        }
        (class_of.into(), united)
    }

    fn atom(&self, of: u32, slot: SlotId) -> Option<&Atom> {
        self.rules.atoms(&self.rules.boxes[of as usize]).iter().find(|atom| atom.slot == slot)
    }

    /// The test by which a box lies in few cells of a slot, if it does.
    fn narrow(&self, of: u32, slot: SlotId) -> Option<&Atom> {
        self.atom(of, slot).filter(|atom| self.rules.count(atom) <= NARROW)
    }

    fn is_narrow(&self, id: NormId, slot: SlotId) -> bool {
        self.rules.norms[id.at()].boxes.clone().all(|of| self.narrow(of, slot).is_some())
    }
}

/// A slot gets rows in a block of so many boxes when more than this many test it.
fn worth(boxes: usize) -> usize {
    boxes / 16
}

/// A norm, and the number of one of its boxes.
type BoxOf = (u32, u32);
