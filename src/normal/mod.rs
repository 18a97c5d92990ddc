//! Stage 5, checked program → norms in normal form: every fact a slot, every
//! condition a question of which cells of a slot a value lies in.

mod from_checked;
mod merge;
mod narrowed;
mod real;
mod slots;

pub(crate) use from_checked::from_checked;
pub(crate) use real::real_cells;
pub(crate) use slots::{Cells, Coding, Slot, SlotId, SlotKind, bits, turns};

use crate::check::program::{Effect, ExitId, NormId, RegimeId};

/// The norms of a policy, in normal form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Norms {
    pub slots: Vec<Slot>,
    /// `NormId` of the checked program.
    pub norms: Vec<Norm>,
    /// `ExitId` of the checked program.
    pub exits: Vec<Exit>,
}

/// A norm with its definitions unfolded and its period, its regime's addressees and its action in the condition.
#[derive(Debug, Clone)]
pub(crate) struct Norm {
    pub effect: Effect,
    pub regime: RegimeId,
    /// When the norm reaches the activity.
    pub reaches: Expr,
    /// Of a duty: when leaving it undone is what is asked about.
    pub omitted: Expr,
    pub exits: Vec<ExitId>,
    /// Whether the condition, or one of an exit's, refers to a reading.
    pub has_readings: bool,
}

impl Norm {
    /// Whether it makes a verdict: a prohibition or a duty.
    pub fn binds(&self) -> bool {
        matches!(self.effect, Effect::Prohibit | Effect::Oblige)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Exit {
    /// In force, `when` holds and every quota is kept.
    pub open: Expr,
    /// One slot per requirement, whose cells are `Met`, `Due`, `Open`, `Missed` of [`crate::normal::Requirement`].
    pub requirements: Vec<SlotId>,
    pub kinds: Vec<crate::check::program::ActKind>,
    pub exceptional: bool,
}

/// How a requirement of an exit stands; the cell numbers of its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Requirement {
    Met,
    Due,
    Open,
    Missed,
}

impl Requirement {
    pub const ALL: [Requirement; 4] = [Requirement::Met, Requirement::Due, Requirement::Open, Requirement::Missed];
}

/// A condition over slots; what is denied is folded into the cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Yes,
    No,
    In(SlotId, Cells),
    All(Vec<Expr>),
    Any(Vec<Expr>),
}

impl NormId {
    pub fn all(count: usize) -> impl Iterator<Item = NormId> {
        (0..count as u32).map(NormId)
    }
}
