//! One activity, in the form each asks for.

use interdict_regimes::{Deal, DealCodes, FACTS, Regime, Verdict, activities, slot, straight};

/// One activity and what the match in Rust says of it.
pub struct Case {
    pub deal: Deal,
    pub codes: DealCodes,
    pub facts: Facts,
    pub verdict: Verdict,
}

/// The typed facts that the peers are given: numbers already, which favours them. `None` is withheld.
#[derive(Clone)]
pub struct Facts {
    pub date: Option<i64>,
    pub action: Option<i64>,
    pub item: Option<i64>,
    pub origin: Option<i64>,
    pub destination: Option<i64>,
    pub quantity: Option<i64>,
    /// In the order of [`FACTS`].
    pub yes_no: [Option<bool>; FACTS.len()],
}

/// The value of a fact.
pub enum Value {
    Number(i64),
    YesNo(bool),
}

/// Draws complete activities for a regime of a standard size.
pub fn cases(regime: &Regime, seed: u64, count: usize) -> Vec<Case> {
    let straight = straight(regime.rules.len()).expect("a standard size");
    let case = |deal: Deal| {
        let codes = deal.codes();
        Case { facts: Facts::of(&codes), verdict: straight(&codes), codes, deal }
    };
    activities(regime, seed, count).into_iter().map(case).collect()
}

/// What a fact is called, by its place among the codes.
pub fn name(place: usize) -> &'static str {
    ["date", "action", "item", "origin", "destination", "quantity"]
        .get(place)
        .copied()
        .unwrap_or_else(|| FACTS[place - slot::FACTS])
}

impl Facts {
    fn of(codes: &DealCodes) -> Facts {
        let number = |code: i32| Some(i64::from(code));
        Facts {
            date: number(codes.date),
            action: number(codes.action),
            item: number(codes.item),
            origin: number(codes.origin),
            destination: number(codes.destination),
            quantity: number(codes.quantity),
            yes_no: std::array::from_fn(|nth| Some(codes.facts >> nth & 1 == 1)),
        }
    }

    /// What is stated, with its name.
    pub fn stated(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        let numbers = [self.date, self.action, self.item, self.origin, self.destination, self.quantity];
        let numbers = numbers.into_iter().map(|fact| fact.map(Value::Number));
        let all = numbers.chain(self.yes_no.iter().map(|fact| fact.map(Value::YesNo)));
        all.enumerate().filter_map(|(place, fact)| fact.map(|value| (name(place), value)))
    }
}
