//! The scale of answers.

use std::fmt;

/// What the law says of one activity in one world, from the least to the most restrictive.
///
/// The order of the variants is the order of strictness. *Undetermined* is not
/// a step of this scale: it is the answer when several verdicts are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No binding norm reaches the activity.
    NotCovered,
    /// A norm reaches it and every prohibition is lifted; or only duties apply.
    Allowed,
    /// Prohibited as it stands; only a notice, or a State's determination with notice, is missing.
    RequiresNotification,
    /// Prohibited as it stands; an approval by an authority would lift it, by an ordinary route.
    RequiresAuthorisation,
    /// No ordinary route lifts it.
    Prohibited,
}

/// The name of a verdict, or of none.
pub(crate) fn name(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("undetermined", Verdict::name)
}

/// Writes the name of a verdict, or of none.
pub(crate) fn serialize<S: serde::Serializer>(verdict: &Option<Verdict>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name(*verdict))
}

impl Verdict {
    /// All verdicts, least restrictive first.
    pub const ALL: [Verdict; 5] = [
        Verdict::NotCovered,
        Verdict::Allowed,
        Verdict::RequiresNotification,
        Verdict::RequiresAuthorisation,
        Verdict::Prohibited,
    ];

    /// The name in policies and JSON: `requires_authorisation`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotCovered => "not_covered",
            Verdict::Allowed => "allowed",
            Verdict::RequiresNotification => "requires_notification",
            Verdict::RequiresAuthorisation => "requires_authorisation",
            Verdict::Prohibited => "prohibited",
        }
    }

    /// The verdict with that name.
    pub fn from_name(name: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
