//! Norms and exits as flat data: what index, scan and diagram are made from.
//!
//! A condition is a union of *boxes*, each a test of some slots that must all hold. What would make more than a few boxes of
//! a condition is checked behind boxes that are wider. Slots with two cells, yes or no facts, are *packed*: many of them stand
//! in one word of a row, and a box tests all that it asks of a word at once.

use std::collections::HashMap;
use std::ops::Range;

use crate::check::program::{ActKind, Effect, ExitId, NormId};
use crate::normal::{Cells, Expr, Norms, SlotId, SlotKind, bits, turns};

use super::code::{Row, Truth};
use super::packing::Packing;
use super::small::Small;

/// Most boxes of one condition.
const MOST_BOXES: usize = 16;

/// All norms and exits of a policy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// `NormId` of the checked program.
    pub norms: Vec<Rule>,
    /// `ExitId` of the checked program.
    pub exits: Vec<WayOut>,
    /// The exits that several norms share, as sets: `Rule::relief` names one.
    pub reliefs: Vec<Vec<ExitId>>,
    /// All exits that several norms share.
    pub shared: Vec<ExitId>,
    pub boxes: Vec<Bounded>,
    /// What many norms ask in common, drawn.
    pub small: Small,
    /// Which slots stand in one word.
    pub packing: Packing,
    /// Slots, reliefs and shared exits.
    places: usize,
    /// By slot: what definitions say that have one.
    compounds: Vec<Check>,
    atoms: Vec<Atom>,
    masks: Vec<Mask>,
    /// The sets of cells of slots with many, one after the other.
    words: Vec<u64>,
}

/// A norm.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub effect: Effect,
    pub boxes: Range<u32>,
    /// Of a duty: when leaving it undone is what is asked about.
    pub omitted: Check,
    /// The exits that no other norm has.
    pub own: Vec<ExitId>,
    /// The same in the order in which they are tried, and what of each is quickly looked at first.
    pub tries: Vec<(ExitId, Guard)>,
    /// Of `Rules::reliefs`: the exits that other norms have too.
    pub relief: Option<u32>,
}

/// An exit.
#[derive(Debug, Clone)]
pub(crate) struct WayOut {
    pub boxes: Range<u32>,
    /// One slot per requirement, and what kind of act it asks for.
    pub requirements: Vec<(SlotId, ActKind)>,
    pub exceptional: bool,
}

/// Tests that must all hold.
#[derive(Debug, Clone)]
pub(crate) struct Bounded {
    atoms: Range<u32>,
    /// From here on, atoms are tested by masks.
    masked: u32,
    masks: Range<u32>,
    /// What must hold as well, when the condition is more than a few boxes.
    rest: Option<Box<Check>>,
}

impl Bounded {
    pub fn has_rest(&self) -> bool {
        self.rest.is_some()
    }

    /// How many of its atoms, the first ones, no mask tests.
    pub fn plain(&self) -> usize {
        (self.masked - self.atoms.start) as usize
    }
}

/// One slot lies in a set of cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub slot: SlotId,
    asks: Asks,
}

/// The cells that an atom asks for.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// Of a slot with at most 64 cells: one bit for each.
    Few(u64),
    /// Cells that stand side by side: the first and the last.
    Stretch(u32, u32),
    /// Where the words of the set are in [`Rules::words`], and how many.
    Words(u32, u32),
}

/// A condition, ready to be checked.
#[derive(Debug, Clone)]
pub(crate) enum Check {
    Yes,
    No,
    Test(Atom),
    All(Box<[Check]>),
    Any(Box<[Check]>),
}

/// What stands in a place of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Slot(SlotId),
    /// One of `Rules::reliefs`: the best way out that it offers.
    Relief(usize),
    /// One of `Rules::shared`.
    Shared(ExitId),
}

impl Rules {
    /// How many places there are to ask: behind the slots stand reliefs and shared exits.
    #[inline]
    pub fn places(&self) -> usize {
        self.places
    }

    /// How long a row is: behind its places stand the words of packed slots.
    pub fn row_len(&self) -> usize {
        self.places() + self.packing.words()
    }

    /// The place of a word of packed slots.
    #[inline]
    pub fn place_of_word(&self, word: usize) -> SlotId {
        SlotId((self.places() + word) as u32)
    }

    /// The word of packed slots that stands in a place of a row, if one does.
    #[inline]
    pub fn word(&self, place: SlotId) -> Option<usize> {
        place.at().checked_sub(self.places())
    }

    #[inline]
    pub fn place_of_relief(&self, relief: u32) -> SlotId {
        SlotId(self.compounds.len() as u32 + relief)
    }

    /// The place of an exit that several norms share.
    pub fn place_of_shared(&self, exit: ExitId) -> SlotId {
        let at = self.shared.binary_search(&exit).expect("only shared exits are in sets");
        SlotId((self.compounds.len() + self.reliefs.len() + at) as u32)
    }

    pub fn place(&self, at: SlotId) -> Place {
        let Some(behind) = at.at().checked_sub(self.compounds.len()) else { return Place::Slot(at) };
        match behind.checked_sub(self.reliefs.len()) {
            None => Place::Relief(behind),
            Some(behind) => Place::Shared(self.shared[behind]),
        }
    }

    pub fn from_normal(norms: &Norms) -> Rules {
        let rules = Rules { packing: Packing::new(norms), ..Rules::default() };
        let mut build = Build { rules, norms, sets: HashMap::new() };
        build.compounds();
        build.exits();
        build.norms();
        let mut rules = build.rules;
        // Words stand behind all places, which are counted now.
        rules.places = rules.compounds.len() + rules.reliefs.len() + rules.shared.len();
        let places = rules.places as u32;
        rules.masks.iter_mut().for_each(|mask| mask.place.0 += places);
        for at in 0..rules.norms.len() {
            let own = rules.norms[at].own.iter();
            let mut tries: Vec<(ExitId, Guard)> =
                own.map(|exit| (*exit, rules.guard(&rules.exits[exit.at()].boxes, None))).collect();
            // No way out is better than one that asks for no act.
            tries.sort_by_key(|(exit, _)| rules.exits[exit.at()].requirements.len());
            rules.norms[at].tries = tries;
        }
        rules.small = Small::new(norms, &rules);
        rules
    }

    /// What the definition says that has this slot.
    pub fn compound(&self, slot: SlotId) -> &Check {
        &self.compounds[slot.at()]
    }

    /// The tests of a box, the most selective first.
    pub fn atoms(&self, of: &Bounded) -> &[Atom] {
        &self.atoms[of.atoms.start as usize..of.atoms.end as usize]
    }

    /// The number of cells that an atom asks for.
    pub fn count(&self, atom: &Atom) -> usize {
        match atom.asks {
            Asks::Few(few) => few.count_ones() as usize,
            Asks::Stretch(first, last) => (last - first) as usize + 1,
            Asks::Words(from, len) => self.words(from, len).iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    /// The cells that an atom asks for.
    pub fn cells(&self, atom: &Atom) -> Vec<usize> {
        match atom.asks {
            Asks::Few(few) => bits(&[few]).collect(),
            Asks::Stretch(first, last) => (first as usize..=last as usize).collect(),
            Asks::Words(from, len) => bits(self.words(from, len)).collect(),
        }
    }

    /// Where the cells that an atom asks for begin, and where they end: at a cell that it asks for no more.
    pub fn turns(&self, atom: &Atom) -> Vec<usize> {
        match atom.asks {
            Asks::Few(few) => turns(&[few]).collect(),
            Asks::Stretch(first, last) => vec![first as usize, last as usize + 1],
            Asks::Words(from, len) => turns(self.words(from, len)).collect(),
        }
    }

    /// Adds a packed slot that must lie in a cell to the masks from `first` on.
    fn ask(&mut self, first: usize, slot: SlotId, cell: usize) {
        let (word, asked) = self.packing.bit(slot, cell).expect("a packed slot");
        let (_, other) = self.packing.bit(slot, 1 - cell).expect("a packed slot");
        let place = SlotId(word as u32);
        match self.masks[first..].iter_mut().find(|mask| mask.place == place) {
            Some(mask) => {
                mask.asked |= asked;
                mask.others |= other;
            }
            None => self.masks.push(Mask { place, asked, others: other }),
        }
    }

    fn words(&self, from: u32, len: u32) -> &[u64] {
        &self.words[from as usize..][..len as usize]
    }

    #[inline]
    fn test(&self, row: &mut impl Row, atom: &Atom) -> Truth {
        match atom.asks {
            Asks::Few(few) => row.test_few(atom.slot, few),
            Asks::Stretch(first, last) => row.test_stretch(atom.slot, first as usize, last as usize),
            Asks::Words(from, len) => row.test(atom.slot, self.words(from, len)),
        }
    }

    /// What a box asks of packed slots.
    #[inline]
    pub fn masks(&self, of: &Bounded) -> &[Mask] {
        &self.masks[of.masks.start as usize..of.masks.end as usize]
    }

    /// What a condition asks of the two words of which it asks the most, when it is one box; not of a word
    /// that was looked at already, if it asks something of others.
    pub fn guard(&self, boxes: &Range<u32>, known: Option<SlotId>) -> Guard {
        let [only] = &self.boxes[boxes.start as usize..boxes.end as usize] else { return Guard::NONE };
        let masks = self.masks(only);
        let most = |but: Option<SlotId>| {
            let others = masks.iter().filter(|mask| Some(mask.place) != known && Some(mask.place) != but);
            others.max_by_key(|mask| mask.asked.count_ones())
        };
        let Some(one) = most(None).or(masks.first()) else { return Guard::NONE };
        let two = most(Some(one.place)).unwrap_or(one);
        Guard { one: one.place, of_one: one.asked, two: two.place, of_two: two.asked }
    }

    /// Whether a box holds.
    #[inline]
    pub fn holds(&self, row: &mut impl Row, of: &Bounded) -> Truth {
        let plain = &self.atoms[of.atoms.start as usize..of.masked as usize];
        self.holds_beside(row, plain, self.masks(of), of)
    }

    /// Whether some tests of a box hold, and its rest.
    #[inline]
    pub fn holds_beside(&self, row: &mut impl Row, atoms: &[Atom], masks: &[Mask], of: &Bounded) -> Truth {
        let (mut holds, mut fails) = (true, false);
        for mask in masks {
            let word = word_of(row, mask.place);
            holds &= word & mask.asked == mask.asked;
            fails |= word & mask.others != 0;
        }
        if !holds {
            return Truth::NO;
        }
        let mut truth = Truth::new(true, fails);
        for atom in atoms {
            truth = truth.and(self.test(row, atom));
            if !truth.can_hold() {
                return Truth::NO;
            }
        }
        match &of.rest {
            Some(rest) => truth.and(self.check(row, rest)),
            None => truth,
        }
    }

    /// Whether one of these boxes holds.
    pub fn any(&self, row: &mut impl Row, boxes: &Range<u32>) -> Truth {
        let mut any = Truth::NO;
        for of in &self.boxes[boxes.start as usize..boxes.end as usize] {
            any = any.or(self.holds(row, of));
            if !any.can_fail() {
                break;
            }
        }
        any
    }

    /// How a condition may come out.
    pub fn check(&self, row: &mut impl Row, check: &Check) -> Truth {
        match check {
            Check::Yes => Truth::YES,
            Check::No => Truth::NO,
            Check::Test(atom) => self.test(row, atom),
            Check::All(parts) => {
                let mut all = Truth::YES;
                for part in parts {
                    all = all.and(self.check(row, part));
                    if !all.can_hold() {
                        return Truth::NO;
                    }
                }
                all
            }
            Check::Any(parts) => {
                let mut any = Truth::NO;
                for part in parts {
                    any = any.or(self.check(row, part));
                    if !any.can_fail() {
                        return Truth::YES;
                    }
                }
                any
            }
        }
    }

    /// Bytes of the tests, for the report on memory.
    pub fn bytes(&self) -> usize {
        self.words.len() * 8
            + self.atoms.len() * size_of::<Atom>()
            + self.masks.len() * size_of::<Mask>()
            + self.boxes.len() * size_of::<Bounded>()
            + self.norms.len() * size_of::<Rule>()
            + self.small.bytes()
    }
}

/// What a box asks of the slots of one word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mask {
    /// Of a row.
    pub place: SlotId,
    /// The bits of the cells that are asked for: all of them must be possible.
    pub asked: u32,
    /// The bits of the other cells of these slots: none may be possible, for it to be certain.
    pub others: u32,
}

/// What must be possible for a condition to hold, of two words: most that fail, fail here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    one: SlotId,
    two: SlotId,
    /// Nothing, when the condition asks nothing of words.
    of_one: u32,
    of_two: u32,
}

impl Guard {
    /// Lets everything pass.
    const NONE: Guard = Guard { one: SlotId(0), two: SlotId(0), of_one: 0, of_two: 0 };

    #[inline]
    pub fn passes(self, row: &mut impl Row) -> bool {
        self.of_one == 0
            || (word_of(row, self.one) & self.of_one == self.of_one)
                & (word_of(row, self.two) & self.of_two == self.of_two)
    }
}

/// The bits of a word of a row.
#[inline]
pub(crate) fn word_of(row: &mut impl Row, place: SlotId) -> u32 {
    row.code(place).bits()
}

struct Build<'a> {
    rules: Rules,
    norms: &'a Norms,
    sets: HashMap<Cells, u32>,
}

impl Build<'_> {
    fn compounds(&mut self) {
        for slot in &self.norms.slots {
            let says = match &slot.kind {
                SlotKind::Compound(_, says) => self.check(says),
                SlotKind::Field { .. } | SlotKind::Condition(_) | SlotKind::Quotas(_) | SlotKind::Requirement(..) => {
                    Check::No
                }
            };
            self.rules.compounds.push(says);
        }
    }

    fn exits(&mut self) {
        for exit in &self.norms.exits {
            let boxes = self.boxes(&exit.open);
            let requirements = exit.requirements.iter().copied().zip(exit.kinds.iter().copied()).collect();
            self.rules.exits.push(WayOut { boxes, requirements, exceptional: exit.exceptional });
        }
    }

    fn norms(&mut self) {
        let mut named = vec![0usize; self.norms.exits.len()];
        self.norms.norms.iter().flat_map(|norm| &norm.exits).for_each(|exit| named[exit.at()] += 1);
        let shared = named.iter().enumerate().filter(|(_, named)| **named > 1).map(|(at, _)| ExitId(at as u32));
        self.rules.shared = shared.collect();
        let mut reliefs: HashMap<Vec<ExitId>, u32> = HashMap::new();
        for id in NormId::all(self.norms.norms.len()) {
            let norm = &self.norms.norms[id.at()];
            let boxes = self.boxes(&norm.reaches);
            let (shared, own): (Vec<ExitId>, Vec<ExitId>) = norm.exits.iter().partition(|exit| named[exit.at()] > 1);
            let relief = (!shared.is_empty()).then(|| {
                let next = reliefs.len() as u32;
                *reliefs.entry(shared.clone()).or_insert_with(|| {
                    self.rules.reliefs.push(shared);
                    next
                })
            });
            let omitted = self.check(&norm.omitted);
            self.rules.norms.push(Rule { effect: norm.effect, boxes, omitted, own, tries: Vec::new(), relief });
        }
    }

    fn boxes(&mut self, condition: &Expr) -> Range<u32> {
        let from = self.rules.boxes.len() as u32;
        for (tests, rest) in self.bounded(condition, MOST_BOXES) {
            self.add(tests, &rest);
        }
        from..self.rules.boxes.len() as u32
    }

    /// A condition as a union of boxes, each with what must hold beside it; no more of them than asked for. Parts that ask for
    /// single facts go into the boxes before others: they are what the index finds norms by.
    fn bounded(&self, condition: &Expr, most: usize) -> Vec<Guarded> {
        match condition {
            Expr::Yes => vec![(Tests::new(), Vec::new())],
            Expr::No => Vec::new(),
            Expr::In(slot, cells) => vec![(Tests::from([(*slot, cells.clone())]), Vec::new())],
            Expr::Any(parts) if parts.len() <= most => {
                parts.iter().flat_map(|part| self.bounded(part, most / parts.len())).collect()
            }
            // Where no cell is left, it never holds.
            Expr::Any(_) => match projections(condition) {
                none if none.values().any(|cells| cells.count() == 0) => Vec::new(),
                tests => vec![(tests, vec![condition.clone()])],
            },
            Expr::All(parts) => {
                let mut parts: Vec<(bool, usize, &Expr)> =
                    parts.iter().map(|part| (!self.is_of_fields(part), size(part), part)).collect();
                parts.sort_by_key(|(mixed, size, _)| (*mixed, *size));
                let mut boxes = vec![(Tests::new(), Vec::new())];
                for (_, _, part) in parts {
                    let more = self.bounded(part, (most / boxes.len().max(1)).max(1));
                    boxes = boxes.iter().flat_map(|one| more.iter().filter_map(|two| both(one, two))).collect();
                }
                boxes
            }
        }
    }

    fn is_of_fields(&self, condition: &Expr) -> bool {
        match condition {
            Expr::Yes | Expr::No => true,
            Expr::In(slot, _) => self.norms.slots[slot.at()].is_field(),
            Expr::All(parts) | Expr::Any(parts) => parts.iter().all(|part| self.is_of_fields(part)),
        }
    }

    fn add(&mut self, tests: Tests, rest: &[Expr]) {
        let from = self.rules.atoms.len() as u32;
        let all = |slot: SlotId| self.norms.slots[slot.at()].cells;
        let mut tests: Vec<(SlotId, Cells)> =
            tests.into_iter().filter(|(slot, cells)| cells.count() < all(*slot)).collect();
        // What a row knows beforehand comes first, and of that what fails most often.
        tests.sort_by_key(|(slot, cells)| {
            let declared = &self.norms.slots[slot.at()];
            (!declared.is_field(), cells.count() * 1024 / declared.cells, *slot)
        });
        // A single test of a packed slot is as quick by itself.
        let is_packed = |(slot, _): &(SlotId, Cells)| self.rules.packing.bit(*slot, 0).is_some();
        let (packed, plain): (Vec<_>, Vec<_>) = match tests.iter().filter(|test| is_packed(test)).count() {
            0 | 1 => (Vec::new(), tests),
            _ => tests.into_iter().partition(is_packed),
        };
        for (slot, cells) in &plain {
            let atom = self.atom(*slot, cells);
            self.rules.atoms.push(atom);
        }
        let masked = self.rules.atoms.len() as u32;
        let first = self.rules.masks.len();
        for (slot, cells) in &packed {
            let atom = self.atom(*slot, cells);
            self.rules.atoms.push(atom);
            let cell = cells.iter().next().expect("a test holds somewhere");
            self.rules.ask(first, *slot, cell);
        }
        let masks = first as u32..self.rules.masks.len() as u32;
        let rest = match rest {
            [] => None,
            [only] => Some(Box::new(self.check(only))),
            several => Some(Box::new(Check::All(several.iter().map(|part| self.check(part)).collect()))),
        };
        self.rules.boxes.push(Bounded { atoms: from..self.rules.atoms.len() as u32, masked, masks, rest });
    }

    fn check(&mut self, condition: &Expr) -> Check {
        match condition {
            Expr::Yes => Check::Yes,
            Expr::No => Check::No,
            Expr::In(slot, cells) => Check::Test(self.atom(*slot, cells)),
            Expr::All(parts) => Check::All(parts.iter().map(|part| self.check(part)).collect()),
            Expr::Any(parts) => Check::Any(parts.iter().map(|part| self.check(part)).collect()),
        }
    }

    fn atom(&mut self, slot: SlotId, cells: &Cells) -> Atom {
        let asks = match (cells.words(), &cells.turns().take(3).collect::<Vec<_>>()[..]) {
            ([few], _) => Asks::Few(*few),
            (_, [first, end]) => Asks::Stretch(*first as u32, *end as u32 - 1),
            (words, [first]) => Asks::Stretch(*first as u32, words.len() as u32 * 64 - 1),
            _ => {
                let words = &mut self.rules.words;
                let from = *self.sets.entry(cells.clone()).or_insert_with_key(|cells| {
                    words.extend(cells.words());
                    (words.len() - cells.words().len()) as u32
                });
                Asks::Words(from, cells.words().len() as u32)
            }
        };
        Atom { slot, asks }
    }
}

/// Slots and the cells in which they must lie, in order.
type Tests = std::collections::BTreeMap<SlotId, Cells>;

/// A box, and what must hold beside it.
type Guarded = (Tests, Vec<Expr>);

/// What lies in both; `None` when nothing does.
fn both((one, beside): &Guarded, (two, and_beside): &Guarded) -> Option<Guarded> {
    let mut both = one.clone();
    for (slot, cells) in two {
        let cells = both.get(slot).map_or_else(|| cells.clone(), |known| known.and(cells));
        if cells.count() == 0 {
            return None;
        }
        both.insert(*slot, cells);
    }
    Some((both, beside.iter().chain(and_beside).cloned().collect()))
}

/// The number of tests in a condition.
fn size(condition: &Expr) -> usize {
    match condition {
        Expr::Yes | Expr::No => 0,
        Expr::In(..) => 1,
        Expr::All(parts) | Expr::Any(parts) => parts.iter().map(size).sum(),
    }
}

/// For each slot, the cells outside which a condition cannot hold.
fn projections(condition: &Expr) -> Tests {
    match condition {
        Expr::Yes | Expr::No => Tests::new(),
        Expr::In(slot, cells) => Tests::from([(*slot, cells.clone())]),
        Expr::All(parts) => {
            let mut all = Tests::new();
            for (slot, cells) in parts.iter().flat_map(projections) {
                let cells = all.get(&slot).map_or_else(|| cells.clone(), |known: &Cells| known.and(&cells));
                all.insert(slot, cells);
            }
            all
        }
        Expr::Any(parts) => {
            let mut parts = parts.iter().map(projections);
            let mut any = parts.next().unwrap_or_default();
            for part in parts {
                any.retain(|slot, _| part.contains_key(slot));
                any.iter_mut().for_each(|(slot, cells)| *cells = cells.or(&part[slot]));
            }
            any
        }
    }
}
