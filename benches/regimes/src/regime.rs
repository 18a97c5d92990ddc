//! Rule sets as plain data, and how they are drawn.

use std::ops::Range;

use crate::random::Random;
use crate::taxonomy::Taxonomy;
use crate::verdict::Verdict;

/// A rule set.
#[derive(Debug, Clone)]
pub struct Regime {
    /// All rules, in no order.
    pub rules: Vec<Rule>,
    /// The goods.
    pub items: Taxonomy,
}

/// One prohibition. It reaches an activity when all of its tests hold.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Where the goods come from or go to.
    pub place: Place,
    /// A number of [`ACTIONS`]: this action and those under it.
    pub action: usize,
    /// A term of the goods: this one and those under it.
    pub item: u32,
    /// The first day.
    pub from: i32,
    /// The last day.
    pub through: Option<i32>,
    /// More than so many kilograms.
    pub over: Option<i32>,
    /// Yes or no facts.
    pub facts: Vec<Fact>,
    /// What lifts it.
    pub exceptions: Vec<Exception>,
}

/// The country that a rule is about: a number of [`COUNTRIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The goods come from there.
    Origin(usize),
    /// The goods go there.
    Destination(usize),
}

/// A test of a yes or no fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// A number of [`FACTS`].
    pub which: usize,
    /// Whether it is to be yes.
    pub holds: bool,
}

/// What lifts a rule when all of its tests hold.
#[derive(Debug, Clone)]
pub struct Exception {
    /// `Allowed` lifts at once; else what the activity then requires.
    pub leaves: Verdict,
    /// Yes or no facts.
    pub facts: Vec<Fact>,
    /// At most so many kilograms.
    pub at_most: Option<i32>,
    /// The last day of the exception.
    pub through: Option<i32>,
}

/// The sizes for which there is a match in Rust.
pub const SIZES: [usize; 4] = [20, 100, 1_000, 10_000];

/// What is done, in pre-order: the name, and how many stand under it.
pub const ACTIONS: [(&str, usize); 11] = [
    ("dealing", 10),
    ("supply", 4),
    ("sale", 0),
    ("gift", 0),
    ("lease", 0),
    ("export", 0),
    ("procurement", 2),
    ("purchase", 0),
    ("import", 0),
    ("transit", 0),
    ("brokering", 0),
];

/// Facts that are yes or no.
pub const FACTS: [&str; 16] = [
    "military_use",
    "government_buyer",
    "dual_use",
    "listed_party",
    "humanitarian",
    "personal_use",
    "diplomatic",
    "prior_contract",
    "bank_involved",
    "by_sea",
    "used_goods",
    "luxury",
    "research_use",
    "medical_use",
    "insured_abroad",
    "state_owned",
];

/// Countries, by two letters.
pub const COUNTRIES: [&str; 193] = [
    "AD", "AE", "AF", "AG", "AL", "AM", "AO", "AR", "AT", "AU", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI",
    "BJ", "BN", "BO", "BR", "BS", "BT", "BW", "BY", "BZ", "CA", "CD", "CF", "CG", "CH", "CI", "CL", "CM", "CN", "CO",
    "CR", "CU", "CV", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "ER", "ES", "ET", "FI", "FJ",
    "FM", "FR", "GA", "GB", "GD", "GE", "GH", "GM", "GN", "GQ", "GR", "GT", "GW", "GY", "HN", "HR", "HT", "HU", "ID",
    "IE", "IL", "IN", "IQ", "IR", "IS", "IT", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW",
    "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MG", "MH", "MK",
    "ML", "MM", "MN", "MR", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NE", "NG", "NI", "NL", "NO", "NP", "NR",
    "NZ", "OM", "PA", "PE", "PG", "PH", "PK", "PL", "PT", "PW", "PY", "QA", "RO", "RS", "RU", "RW", "SA", "SB", "SC",
    "SD", "SE", "SG", "SI", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SY", "SZ", "TD", "TG", "TH", "TJ",
    "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TZ", "UA", "UG", "US", "UY", "UZ", "VC", "VE", "VN", "VU", "WS", "YE",
    "ZA", "ZM", "ZW",
];

impl Regime {
    /// The regime of this size for which there is a match in Rust.
    pub fn standard(norms: usize) -> Regime {
        Regime::new(norms, 2_000, 0x1718_2006)
    }

    /// Draws a regime of so many norms about so many terms of goods.
    ///
    /// More norms are about more countries: the square root of their number, so 31 countries at 1,000 norms. Some of
    /// the countries have more norms than others.
    pub fn new(norms: usize, terms: usize, seed: u64) -> Regime {
        let mut random = Random::new(seed);
        let items = Taxonomy::new(terms, &mut random);
        let countries = random.distinct(norms.isqrt().clamp(3, 150), COUNTRIES.len());
        let rules = (0..norms).map(|_| rule(&countries, &items, &mut random)).collect();
        Regime { rules, items }
    }
}

impl Rule {
    /// The strictest that it can make the verdict.
    pub fn at_most(&self) -> Verdict {
        let always = self.exceptions.iter().filter(|it| it.is_unconditional());
        always.map(|it| it.leaves).min().unwrap_or(Verdict::Prohibited)
    }

    /// The exceptions, the one that helps most first.
    pub fn best_first(&self) -> Vec<&Exception> {
        let mut exceptions: Vec<&Exception> = self.exceptions.iter().collect();
        exceptions.sort_by_key(|it| it.leaves);
        exceptions
    }
}

impl Exception {
    /// Whether it has no tests.
    pub fn is_unconditional(&self) -> bool {
        self.facts.is_empty() && self.at_most.is_none() && self.through.is_none()
    }
}

/// The numbers of an action and those under it.
pub fn subtree_of_action(action: usize) -> Range<usize> {
    action..action + 1 + ACTIONS[action].1
}

fn rule(countries: &[usize], items: &Taxonomy, random: &mut Random) -> Rule {
    // The lesser of two, half of the time: some countries have more rules.
    let first = random.below(countries.len());
    let nth = if random.percent(50) { first.min(random.below(countries.len())) } else { first };
    let goes = random.percent(60);
    let place = if goes { Place::Destination(countries[nth]) } else { Place::Origin(countries[nth]) };
    let action = match (random.percent(70), goes) {
        (true, true) => named("supply"),
        (true, false) => named("procurement"),
        (false, _) => random.pick(&[named("dealing"), named("dealing"), named("brokering"), named("transit")]),
    };
    let from = random.between(DAY_2006, DAY_2024);
    let facts = random.pick(&[0, 0, 0, 1, 1, 1, 2, 2, 3]);
    Rule {
        place,
        action,
        item: item(items, random),
        from,
        through: random.percent(35).then(|| from + random.between(180, 3_650)),
        over: random.percent(20).then(|| random.pick(&WEIGHTS)),
        facts: facts_of(facts, random),
        exceptions: if random.percent(20) { exceptions(from, random) } else { Vec::new() },
    }
}

/// Rarely a leaf, rarely everything.
fn item(items: &Taxonomy, random: &mut Random) -> u32 {
    let most = random.pick(&[1, 12, 60, 60, 300, 600]);
    let least = if most == 1 { 1 } else { 2 };
    loop {
        let term = random.below(items.len()) as u32;
        if (least..=most).contains(&items.branch(term).len()) {
            return term;
        }
    }
}

fn facts_of(count: usize, random: &mut Random) -> Vec<Fact> {
    let which = random.distinct(count, FACTS.len());
    which.into_iter().map(|which| Fact { which, holds: random.percent(70) }).collect()
}

fn exceptions(from: i32, random: &mut Random) -> Vec<Exception> {
    let count = random.pick(&[1, 1, 2, 3]);
    let all = (0..count).map(|_| {
        let leaves = random.pick(&[
            Verdict::Allowed,
            Verdict::RequiresNotification,
            Verdict::RequiresAuthorisation,
            Verdict::RequiresAuthorisation,
        ]);
        // What lifts at once has a test, else the rule would never prohibit anything.
        let tests = random.below(3).max(usize::from(leaves == Verdict::Allowed));
        let mut exception = Exception { leaves, facts: Vec::new(), at_most: None, through: None };
        match tests {
            0 => {}
            1 if random.percent(20) => exception.through = Some(from + random.between(30, 720)),
            1 if random.percent(25) => exception.at_most = Some(random.pick(&WEIGHTS)),
            tests => exception.facts = facts_of(tests, random),
        }
        exception
    });
    all.collect()
}

fn named(action: &str) -> usize {
    ACTIONS.iter().position(|(name, _)| *name == action).expect("an action of the list")
}

const WEIGHTS: [i32; 6] = [10, 50, 100, 500, 1_000, 5_000];

/// 2006-01-01, in days since 1970-01-01.
pub(crate) const DAY_2006: i32 = 13_149;
/// 2024-01-01.
pub(crate) const DAY_2024: i32 = 19_723;

/// A day, counted from 1970-01-01, as `2024-01-15`.
pub fn iso_date(day: i32) -> String {
    // Days since 0000-03-01, so that the leap day is the last of its year; 146,097 days are 400 years.
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
