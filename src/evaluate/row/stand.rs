//! How exits and norms stand, as far as a row settles it.

use crate::check::program::{ActKind, Effect, ExitId, NormId};
use crate::diagram::code::{Code, Row, Truth};
use crate::diagram::rules::{Rules, WayOut};
use crate::diagram::standing::{Standing, Way, better, join};
use crate::normal::{Norms, Requirement, SlotId};
use crate::value::Verdict;

/// The exits of norms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exits<'a> {
    pub norms: &'a Norms,
    /// The row has places for what becomes of exits that several norms share: not where an activity has acts or several lines.
    pub in_places: bool,
}

/// How exits and norms stand. Never too few ways: what a row leaves open may come out any way.
pub(crate) trait Stand: Row + Sized {
    /// How an exit may stand. Never too few.
    fn ways(&mut self, rules: &Rules, id: ExitId) -> Ways {
        let open = rules.any(self, &rules.exits[id.at()].boxes);
        self.ways_of(rules, id, open)
    }

    /// How an exit may stand of which it is known whether it is open.
    fn ways_of(&mut self, rules: &Rules, id: ExitId, open: Truth) -> Ways {
        let exit = &rules.exits[id.at()];
        if open == Truth::YES
            && let Some(way) = self.settled_way(exit)
        {
            return Ways::of(way);
        }
        let mut ways = if open.can_fail() { Ways::of(Way::Closed) } else { Ways::NONE };
        if open.can_hold() {
            let mut open_ways = Ways::of(Way::Lifts);
            for &(slot, kind) in &exit.requirements {
                let here = self.statuses(slot, kind, exit.exceptional);
                open_ways = open_ways.join(here);
            }
            ways = ways.or(open_ways);
        }
        ways
    }

    /// How an exit stands where it is open, when it is known how all of its requirements do.
    #[inline]
    fn settled_way(&mut self, exit: &WayOut) -> Option<Way> {
        let mut way = Way::Lifts;
        for &(slot, kind) in &exit.requirements {
            let status = Requirement::ALL[self.code(slot).exact()?];
            way = join(way, Way::of([(kind, status)], exit.exceptional));
        }
        Some(way)
    }

    /// What may become of an exit by one of its requirements.
    fn statuses(&mut self, slot: SlotId, kind: ActKind, exceptional: bool) -> Ways {
        let of = |status: Requirement| Ways::of(Way::of([(kind, status)], exceptional));
        let code = self.code(slot);
        match (code.exact(), code.set()) {
            (Some(cell), _) => of(Requirement::ALL[cell]),
            (None, None) => Requirement::ALL.into_iter().fold(Ways::NONE, |all, status| all.or(of(status))),
            (None, Some(set)) => {
                let cells = self.set(slot, set);
                let possible = Requirement::ALL.into_iter().filter(|status| cells.has(*status as usize));
                possible.fold(Ways::NONE, |all, status| all.or(of(status)))
            }
        }
    }

    /// Adds what a norm may say: never too little; sorted.
    fn standings(&mut self, rules: &Rules, exits: Exits<'_>, id: NormId, reaches: Truth, said: &mut Vec<Standing>) {
        let from = said.len();
        if reaches.can_fail() {
            said.push(Standing::Out);
        }
        if !reaches.can_hold() {
            return;
        }
        let norm = &rules.norms[id.at()];
        let prohibits = Standing::Applies(Verdict::Prohibited);
        match norm.effect {
            Effect::Prohibit => self.with_exits(rules, exits, id, prohibits, Standing::Lifted, said),
            Effect::Oblige => {
                let omitted = rules.check(self, &norm.omitted);
                if omitted.can_hold() {
                    self.with_exits(rules, exits, id, prohibits, Standing::Lifted, said);
                }
                if omitted.can_fail() {
                    self.with_exits(rules, exits, id, Standing::Duty, Standing::Spared, said);
                }
            }
            Effect::Advise | Effect::Caution => {
                self.with_exits(rules, exits, id, Standing::Noted, Standing::Spared, said);
            }
        }
        if said.len() > from + 1 {
            said[from..].sort_unstable();
            let mut kept = from + 1;
            for at in from + 1..said.len() {
                if said[at] != said[kept - 1] {
                    said[kept] = said[at];
                    kept += 1;
                }
            }
            said.truncate(kept);
        }
    }

    /// Adds what exits leave of what a norm says without them.
    fn with_exits(
        &mut self,
        rules: &Rules,
        exits: Exits<'_>,
        id: NormId,
        without: Standing,
        lifted: fn(ExitId) -> Standing,
        said: &mut Vec<Standing>,
    ) {
        let start = said.len();
        said.push(without);
        let norm = &rules.norms[id.at()];
        let relief = norm.relief.filter(|_| exits.in_places);
        let relief = relief.map(|relief| Ways::of_code(self.code(rules.place_of_relief(relief))));
        // Where none of the shared exits opens, the norm's own are the only ones.
        let only_own = match (exits.in_places, relief) {
            (true, None) => true,
            (true, Some(relief)) => relief == Ways::of(Way::Closed),
            (false, _) => false,
        };
        let all = if only_own { &norm.own } else { &exits.norms.norms[id.at()].exits };
        for &exit in all {
            let ways = if exits.in_places && !norm.own.contains(&exit) {
                Ways::of_code(self.code(rules.place_of_shared(exit)))
            } else {
                self.ways(rules, exit)
            };
            let end = said.len();
            for at in start..end {
                for way in ways.iter() {
                    let next = better(said[at], exit, way, lifted);
                    if !said[end..].contains(&next) {
                        said.push(next);
                    }
                }
            }
            said.drain(start..end);
        }
    }
}

impl<R: Row> Stand for R {}

/// A set of [`Way`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ways(u8);

impl Ways {
    pub const NONE: Ways = Ways(0);

    pub fn of(way: Way) -> Ways {
        Ways(1 << way as u8)
    }

    pub fn or(self, other: Ways) -> Ways {
        Ways(self.0 | other.0)
    }

    /// As what a place of a row holds.
    pub fn code(self) -> Code {
        match self.0.is_power_of_two() {
            true => Code::cell(self.0.trailing_zeros() as usize),
            false => Code::some(usize::from(self.0)),
        }
    }

    pub fn of_code(code: Code) -> Ways {
        match (code.exact(), code.set()) {
            (Some(way), _) => Ways(1 << way),
            (None, Some(ways)) => Ways(ways as u8),
            (None, None) => Ways(0b1111),
        }
    }

    /// What becomes of two exits, of which the better one counts.
    pub fn or_better(self, other: Ways) -> Ways {
        let pairs =
            self.iter().flat_map(|one| other.iter().map(move |two| if two.level() < one.level() { two } else { one }));
        pairs.fold(Ways::NONE, |all, way| all.or(Ways::of(way)))
    }

    pub fn iter(self) -> impl Iterator<Item = Way> {
        (0..4).filter(move |at| self.0 & (1 << at) != 0).map(Way::from_leaf)
    }

    /// What becomes of two requirements of one exit.
    pub fn join(self, other: Ways) -> Ways {
        let pairs = self.iter().flat_map(|one| other.iter().map(move |two| join(one, two)));
        pairs.fold(Ways::NONE, |all, way| all.or(Ways::of(way)))
    }
}
