//! Activities, as a host would state them and as numbers.

use serde::Serialize;

use crate::random::Random;
use crate::regime::{
    ACTIONS, COUNTRIES, DAY_2006, DAY_2024, FACTS, Fact, Place, Regime, Rule, iso_date, subtree_of_action,
};
use crate::scan::slot;
use crate::taxonomy::Taxonomy;

/// An activity as a host states it: the field names are those of the policy. `None` is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Deal {
    pub complete: bool,
    pub date: String,
    pub actor_state: &'static str,
    pub action: &'static str,
    pub item: Option<String>,
    pub origin: Option<&'static str>,
    pub destination: Option<&'static str>,
    /// `12 kg`
    pub quantity: Option<String>,
    pub military_use: Option<bool>,
    pub government_buyer: Option<bool>,
    pub dual_use: Option<bool>,
    pub listed_party: Option<bool>,
    pub humanitarian: Option<bool>,
    pub personal_use: Option<bool>,
    pub diplomatic: Option<bool>,
    pub prior_contract: Option<bool>,
    pub bank_involved: Option<bool>,
    pub by_sea: Option<bool>,
    pub used_goods: Option<bool>,
    pub luxury: Option<bool>,
    pub research_use: Option<bool>,
    pub medical_use: Option<bool>,
    pub insured_abroad: Option<bool>,
    pub state_owned: Option<bool>,
}

/// The same as numbers: what the match in Rust and the scan read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DealCodes {
    /// Days since 1970-01-01.
    pub date: i32,
    /// A number of [`ACTIONS`].
    pub action: i32,
    /// A term of the goods, without terms under it.
    pub item: i32,
    /// A number of [`COUNTRIES`].
    pub origin: i32,
    /// Likewise.
    pub destination: i32,
    /// Kilograms.
    pub quantity: i32,
    /// Bit `n` is the fact `n` of [`FACTS`].
    pub facts: u32,
}

/// Draws so many activities. Half of them are aimed at a rule each: it applies, or just misses, or an exception does.
pub fn activities(regime: &Regime, seed: u64, count: usize) -> Vec<Deal> {
    let mut random = Random::new(seed);
    (0..count).map(|nth| DealCodes::draw(regime, nth % 2 == 0, &mut random).deal()).collect()
}

impl Deal {
    /// The same as numbers.
    ///
    /// # Panics
    ///
    /// When a fact is missing.
    pub fn codes(&self) -> DealCodes {
        let country = |name: Option<&str>| position(&COUNTRIES, name.expect("a stated country"));
        let quantity = self.quantity.as_deref().and_then(|it| it.strip_suffix(" kg")).expect("a stated quantity");
        let item = self.item.as_deref().and_then(|it| it.strip_prefix('i')).expect("a stated item");
        let facts = self.facts().into_iter().enumerate();
        DealCodes {
            date: day(&self.date),
            action: position(&ACTIONS.map(|(name, _)| name), self.action),
            item: item.parse().expect("an item has a number"),
            origin: country(self.origin),
            destination: country(self.destination),
            quantity: quantity.parse().expect("a quantity is a number"),
            facts: facts.map(|(nth, holds)| u32::from(holds.expect("a stated fact")) << nth).sum(),
        }
    }

    /// The yes or no facts, in the order of [`FACTS`].
    pub fn facts(&self) -> [Option<bool>; 16] {
        [
            self.military_use,
            self.government_buyer,
            self.dual_use,
            self.listed_party,
            self.humanitarian,
            self.personal_use,
            self.diplomatic,
            self.prior_contract,
            self.bank_involved,
            self.by_sea,
            self.used_goods,
            self.luxury,
            self.research_use,
            self.medical_use,
            self.insured_abroad,
            self.state_owned,
        ]
    }

    /// Likewise, to be changed.
    pub fn facts_mut(&mut self) -> [&mut Option<bool>; 16] {
        [
            &mut self.military_use,
            &mut self.government_buyer,
            &mut self.dual_use,
            &mut self.listed_party,
            &mut self.humanitarian,
            &mut self.personal_use,
            &mut self.diplomatic,
            &mut self.prior_contract,
            &mut self.bank_involved,
            &mut self.by_sea,
            &mut self.used_goods,
            &mut self.luxury,
            &mut self.research_use,
            &mut self.medical_use,
            &mut self.insured_abroad,
            &mut self.state_owned,
        ]
    }
}

impl DealCodes {
    /// The same as a host states it; nothing is left open.
    pub fn deal(&self) -> Deal {
        let fact = |nth: usize| Some(self.facts >> nth & 1 == 1);
        Deal {
            complete: true,
            date: iso_date(self.date),
            actor_state: "CH",
            action: ACTIONS[self.action as usize].0,
            item: Some(Taxonomy::name(self.item as u32)),
            origin: Some(COUNTRIES[self.origin as usize]),
            destination: Some(COUNTRIES[self.destination as usize]),
            quantity: Some(format!("{} kg", self.quantity)),
            military_use: fact(0),
            government_buyer: fact(1),
            dual_use: fact(2),
            listed_party: fact(3),
            humanitarian: fact(4),
            personal_use: fact(5),
            diplomatic: fact(6),
            prior_contract: fact(7),
            bank_involved: fact(8),
            by_sea: fact(9),
            used_goods: fact(10),
            luxury: fact(11),
            research_use: fact(12),
            medical_use: fact(13),
            insured_abroad: fact(14),
            state_owned: fact(15),
        }
    }

    /// By the places of [`slot`].
    pub fn slots(&self) -> [i32; slot::COUNT] {
        let mut slots = [0; slot::COUNT];
        slots[slot::DATE] = self.date;
        slots[slot::ACTION] = self.action;
        slots[slot::ITEM] = self.item;
        slots[slot::ORIGIN] = self.origin;
        slots[slot::DESTINATION] = self.destination;
        slots[slot::QUANTITY] = self.quantity;
        (0..FACTS.len()).for_each(|nth| slots[slot::FACTS + nth] = (self.facts >> nth & 1) as i32);
        slots
    }

    fn draw(regime: &Regime, aimed: bool, random: &mut Random) -> DealCodes {
        let mut codes = DealCodes {
            date: random.between(DAY_2006 - 200, DAY_2024 + 700),
            action: action(0, random),
            item: random.pick(regime.items.leaves()) as i32,
            origin: random.below(COUNTRIES.len()) as i32,
            destination: random.below(COUNTRIES.len()) as i32,
            quantity: random.between(0, 10_000),
            facts: random.below(1 << FACTS.len()) as u32,
        };
        if aimed {
            let rule = &regime.rules[random.below(regime.rules.len())];
            codes.aim(regime, rule, random);
        }
        codes
    }

    /// Makes the rule apply; in two of five cases one test is then just missed.
    fn aim(&mut self, regime: &Regime, rule: &Rule, random: &mut Random) {
        match rule.place {
            Place::Origin(country) => self.origin = country as i32,
            Place::Destination(country) => self.destination = country as i32,
        }
        self.action = action(rule.action, random);
        self.item = random.pick(regime.items.leaves_of(rule.item)) as i32;
        self.date = random.between(rule.from, rule.through.unwrap_or(DAY_2024 + 700));
        if let Some(over) = rule.over {
            self.quantity = over + if random.percent(30) { 1 } else { random.between(1, 1_000) };
        }
        if !rule.exceptions.is_empty() && random.percent(50) {
            let exception = &rule.exceptions[random.below(rule.exceptions.len())];
            self.set(&exception.facts);
            self.quantity = exception.at_most.unwrap_or(self.quantity);
            self.date = exception.through.unwrap_or(self.date);
        }
        self.set(&rule.facts);
        if random.percent(40) {
            self.miss(regime, rule, random);
        }
    }

    fn miss(&mut self, regime: &Regime, rule: &Rule, random: &mut Random) {
        match random.below(4) {
            0 => self.date = rule.through.map_or(rule.from - 1, |day| random.pick(&[rule.from - 1, day + 1])),
            1 if !rule.facts.is_empty() => {
                let fact = random.pick(&rule.facts);
                self.set(&[Fact { holds: !fact.holds, ..fact }]);
            }
            2 if rule.over.is_some() => self.quantity = rule.over.unwrap_or(0),
            _ => {
                // The next leaf after the branch, or the first of all.
                let leaves = regime.items.leaves();
                let after = leaves.partition_point(|leaf| *leaf < regime.items.branch(rule.item).end);
                self.item = leaves[after % leaves.len()] as i32;
            }
        }
    }

    fn set(&mut self, facts: &[Fact]) {
        for fact in facts {
            self.facts = self.facts & !(1 << fact.which) | u32::from(fact.holds) << fact.which;
        }
    }
}

/// An action under this one that has none under it.
fn action(under: usize, random: &mut Random) -> i32 {
    loop {
        let range = subtree_of_action(under);
        let action = range.start + random.below(range.len());
        if ACTIONS[action].1 == 0 {
            return action as i32;
        }
    }
}

fn position(names: &[&str], name: &str) -> i32 {
    names.iter().position(|it| *it == name).expect("a name of the list") as i32
}

/// `1970-01-02` is 1.
fn day(iso: &str) -> i32 {
    let mut parts = iso.split('-').map(|part| part.parse::<i32>().expect("a date"));
    let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_era = 365 * year.rem_euclid(400) + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100;
    year.div_euclid(400) * 146_097 + of_era + (153 * month + 2) / 5 + day - 1 - 719_468
}
