//! What a norm says in one world, and how its exits bear on it (`semantics.md`, section 6).

use crate::check::program::{ActKind, ExitId, NormId};
use crate::normal::Requirement;
use crate::value::Verdict;

/// What a norm says in one world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Standing {
    /// It does not reach the activity.
    Out,
    /// Advice or a caution that reaches.
    Noted,
    /// A duty that applies.
    Duty,
    /// A duty, advice or caution that reaches and that an exit lifts.
    Spared(ExitId),
    /// A prohibition that an exit lifts.
    Lifted(ExitId),
    /// A prohibition that applies, at this level.
    Applies(Verdict),
}

impl Standing {
    /// As the leaf of a diagram.
    pub fn leaf(self) -> u32 {
        match self {
            Standing::Out => 0,
            Standing::Noted => 1,
            Standing::Duty => 2,
            Standing::Applies(verdict) => 3 + verdict as u32,
            Standing::Lifted(exit) => 16 + 2 * exit.0,
            Standing::Spared(exit) => 17 + 2 * exit.0,
        }
    }

    pub fn from_leaf(leaf: u32) -> Standing {
        match leaf {
            0 => Standing::Out,
            1 => Standing::Noted,
            2 => Standing::Duty,
            3..16 => Standing::Applies(Verdict::ALL[leaf as usize - 3]),
            even if even % 2 == 0 => Standing::Lifted(ExitId((even - 16) / 2)),
            odd => Standing::Spared(ExitId((odd - 17) / 2)),
        }
    }
}

/// What norms say of one class of activities, in the order of the norms; those that do not reach are left out.
pub(crate) type Outcome = Vec<(NormId, Standing)>;

/// What a norm alone makes of the verdict.
pub(crate) fn verdict_of(standing: Standing) -> Verdict {
    match standing {
        Standing::Out | Standing::Noted | Standing::Spared(_) => Verdict::NotCovered,
        Standing::Duty | Standing::Lifted(_) => Verdict::Allowed,
        Standing::Applies(verdict) => verdict,
    }
}

/// How an exit stands in one world (`semantics.md`, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Closed,
    Lifts,
    Notice,
    Approval,
}

impl Way {
    pub const COUNT: usize = Way::ALL.len();
    const ALL: [Way; 4] = [Way::Closed, Way::Lifts, Way::Notice, Way::Approval];

    pub fn from_leaf(leaf: u32) -> Way {
        Way::ALL[leaf as usize]
    }

    /// What it leaves of a prohibition.
    pub fn level(self) -> Verdict {
        match self {
            Way::Closed => Verdict::Prohibited,
            Way::Lifts => Verdict::Allowed,
            Way::Notice => Verdict::RequiresNotification,
            Way::Approval => Verdict::RequiresAuthorisation,
        }
    }

    /// How an open exit stands when its requirements stand so.
    pub fn of(requirements: impl IntoIterator<Item = (ActKind, Requirement)>, exceptional: bool) -> Way {
        let mut way = Way::Lifts;
        for (kind, status) in requirements {
            match (status, kind) {
                (Requirement::Met | Requirement::Due, _) => {}
                (Requirement::Missed, _) => return Way::Closed,
                (Requirement::Open, _) if exceptional => return Way::Closed,
                (Requirement::Open, ActKind::Approval | ActKind::Request) => way = Way::Approval,
                (Requirement::Open, ActKind::Notice | ActKind::Determination) if way == Way::Lifts => way = Way::Notice,
                (Requirement::Open, ActKind::Notice | ActKind::Determination) => {}
            }
        }
        way
    }
}

/// The better of what a norm says so far and what an exit makes of it.
pub(crate) fn better(so_far: Standing, exit: ExitId, way: Way, lifted: fn(ExitId) -> Standing) -> Standing {
    let offered = match way {
        Way::Closed => return so_far,
        Way::Lifts => lifted(exit),
        Way::Notice => Standing::Applies(Verdict::RequiresNotification),
        Way::Approval => Standing::Applies(Verdict::RequiresAuthorisation),
    };
    match (so_far, offered) {
        (Standing::Lifted(_) | Standing::Spared(_), _) => so_far,
        (_, Standing::Lifted(_) | Standing::Spared(_)) => offered,
        (Standing::Applies(now), Standing::Applies(then)) if then < now => offered,
        _ => so_far,
    }
}

/// How an exit stands of whose requirements some make it stand so and others so.
pub(crate) fn join(a: Way, b: Way) -> Way {
    match (a, b) {
        (Way::Closed, _) | (_, Way::Closed) => Way::Closed,
        (Way::Approval, _) | (_, Way::Approval) => Way::Approval,
        (Way::Notice, _) | (_, Way::Notice) => Way::Notice,
        (Way::Lifts, Way::Lifts) => Way::Lifts,
    }
}
