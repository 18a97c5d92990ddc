//! One purchase, as a host would have it, for the shipped measures.

use serde::Serialize;

/// Twelve facts; `None` is not known. The field names are those of the pack `std`.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Purchase {
    pub complete: bool,
    pub date: &'static str,
    pub actor_state: &'static str,
    pub action: &'static str,
    pub item: &'static str,
    pub origin: Option<&'static str>,
    pub destination: Option<&'static str>,
    pub purpose: Option<&'static str>,
    pub quantity: Option<&'static str>,
    pub omission: bool,
    pub location: Option<&'static str>,
    pub shipped_from: Option<&'static str>,
}

/// Tanks from the DPRK.
pub const TANKS: Purchase = Purchase {
    complete: true,
    date: "2024-01-15",
    actor_state: "RU",
    action: "purchase",
    item: "battle_tank",
    origin: Some("KP"),
    destination: Some("RU"),
    purpose: Some("military"),
    quantity: None,
    omission: false,
    location: Some("RU"),
    shipped_from: None,
};
