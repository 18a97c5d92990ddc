//! What may come out.

/// A verdict, from the least to the most restrictive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No rule reaches the activity.
    NotCovered,
    /// A rule reaches it, and an exception lifts each that does.
    Allowed,
    /// Prohibited without a notice.
    RequiresNotification,
    /// Prohibited without an approval.
    RequiresAuthorisation,
    /// Prohibited.
    Prohibited,
}

impl Verdict {
    /// As `interdict` names it: `requires_notification`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotCovered => "not_covered",
            Verdict::Allowed => "allowed",
            Verdict::RequiresNotification => "requires_notification",
            Verdict::RequiresAuthorisation => "requires_authorisation",
            Verdict::Prohibited => "prohibited",
        }
    }

    /// Whether the activity may go ahead as it stands.
    pub fn may_proceed(self) -> bool {
        self <= Verdict::Allowed
    }
}
