//! Conditions that cannot be so together, though a diagram takes them as independent.
//!
//! A condition is looked at as a formula over its tests, and a test as a letter, of which is known what one test of a fact says of
//! another. What contradicts itself then, no activity is; what does not may still be none.

use crate::check::program::{ACTIVITY, Cond, Fact, Op, Period, Program, RecordId, Set, Type};
use crate::normal::{Norms, SlotId, SlotKind};

use super::cubes::Cube;

/// Steps of looking for a way in which a formula holds, after which there may be one.
const MOST_STEPS: usize = 20_000;
/// Records within records that are looked into.
const DEEPEST: usize = 3;

/// Of what a cube asks, a part that no activity is, as small as leaving out makes it; `None` when there may be activities in it.
pub(crate) fn contradiction(program: &Program, norms: &Norms, cube: &Cube) -> Option<Cube> {
    let mut asked: Vec<(SlotId, &Cond, bool)> = Vec::new();
    for (slot, cells) in cube {
        if let SlotKind::Condition(cond) = &norms.slots[slot.at()].kind
            && cells.has(0) != cells.has(1)
        {
            asked.push((*slot, cond, cells.has(1)));
        }
    }
    let cannot = |asked: &[(SlotId, &Cond, bool)]| {
        let all: Vec<(&Cond, bool)> = asked.iter().map(|(_, cond, yes)| (*cond, *yes)).collect();
        Letters::new(program, ACTIVITY, 0).cannot(&all)
    };
    if !cannot(&asked) {
        return None;
    }
    for at in (0..asked.len()).rev() {
        let held = asked.remove(at);
        if !cannot(&asked) {
            asked.insert(at, held);
        }
    }
    Some(cube.iter().filter(|(slot, _)| asked.iter().any(|(asked, ..)| asked == slot)).cloned().collect())
}

/// A test, of which only is known whether it is so.
#[derive(Debug, Clone, PartialEq)]
enum Letter {
    Test(Cond),
    InForce(Period),
}

#[derive(Debug, Clone)]
enum Formula {
    Letter(usize),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// The tests of conditions about one record.
struct Letters<'a> {
    program: &'a Program,
    record: RecordId,
    letters: Vec<Letter>,
    depth: usize,
}

impl<'a> Letters<'a> {
    fn new(program: &'a Program, record: RecordId, depth: usize) -> Letters<'a> {
        Letters { program, record, letters: Vec::new(), depth }
    }

    /// Whether these cannot all be as they are said to be.
    fn cannot(&mut self, asked: &[(&Cond, bool)]) -> bool {
        let of = |(cond, yes): &(&Cond, bool)| {
            let formula = self.formula(cond, 0);
            if *yes { formula } else { Formula::Not(Box::new(formula)) }
        };
        let mut all: Vec<Formula> = asked.iter().map(of).collect();
        all.extend(self.known());
        let mut sides = vec![None; self.letters.len()];
        let mut steps = 0;
        !may_hold(&Formula::All(all), &mut sides, &mut steps) && steps < MOST_STEPS
    }

    fn formula(&mut self, cond: &Cond, unfolded: usize) -> Formula {
        match cond {
            Cond::Yes => Formula::All(Vec::new()),
            Cond::No => Formula::Any(Vec::new()),
            Cond::Not(inner) => Formula::Not(Box::new(self.formula(inner, unfolded))),
            Cond::All(parts) => Formula::All(parts.iter().map(|part| self.formula(part, unfolded)).collect()),
            Cond::Any(parts) => Formula::Any(parts.iter().map(|part| self.formula(part, unfolded)).collect()),
            // A definition is about the record at hand, or about the activity wherever it is asked.
            Cond::Defined(id)
                if unfolded < super::DEEPEST
                    && self.program.definitions[id.at()].of.unwrap_or(ACTIVITY) == self.record =>
            {
                let parts = self.program.definitions[id.at()].parts.iter().map(|part| {
                    let in_force = self.letter(Letter::InForce(part.period));
                    Formula::All(vec![in_force, self.formula(&part.when, unfolded + 1)])
                });
                Formula::Any(parts.collect())
            }
            test => self.letter(Letter::Test(test.clone())),
        }
    }

    fn letter(&mut self, letter: Letter) -> Formula {
        let known = self.letters.iter().position(|known| *known == letter);
        Formula::Letter(known.unwrap_or_else(|| {
            self.letters.push(letter);
            self.letters.len() - 1
        }))
    }

    /// What tests say of each other.
    fn known(&self) -> Vec<Formula> {
        let mut known = Vec::new();
        let not = |at: usize| Formula::Not(Box::new(Formula::Letter(at)));
        let tests: Vec<(usize, &Cond)> = self
            .letters
            .iter()
            .enumerate()
            .filter_map(|(at, letter)| match letter {
                Letter::Test(cond) => Some((at, cond)),
                Letter::InForce(_) => None,
            })
            .collect();
        for &(one, a) in &tests {
            for &(two, b) in tests.iter().filter(|(two, _)| *two != one) {
                if self.implies(a, b) {
                    known.push(Formula::Any(vec![not(one), Formula::Letter(two)]));
                }
                if one < two && self.excludes(a, b) {
                    known.push(Formula::Any(vec![not(one), not(two)]));
                }
            }
            // Whoever is in one group of records and in none of others is nowhere.
            if let Cond::Count { list, .. } = a {
                let others: Vec<(usize, &Cond)> = tests
                    .iter()
                    .filter(|(_, b)| matches!(b, Cond::Count { list: other, at_least: 1, .. } if other == list))
                    .copied()
                    .filter(|(two, _)| *two != one)
                    .collect();
                known.extend(self.covered(one, a, &others));
            }
        }
        known
    }

    /// That a record that one condition asks for is one of those that others ask for, by twos and all together.
    fn covered(&self, one: usize, cond: &Cond, others: &[(usize, &Cond)]) -> Option<Formula> {
        if self.depth >= DEEPEST || others.len() < 2 {
            return None;
        }
        let conds: Vec<&Cond> = others.iter().map(|(_, cond)| *cond).collect();
        if !self.is_among(cond, &conds) {
            return None;
        }
        let mut left: Vec<(usize, &Cond)> = others.to_vec();
        for at in (0..left.len()).rev() {
            let held = left.remove(at);
            let conds: Vec<&Cond> = left.iter().map(|(_, cond)| *cond).collect();
            if !self.is_among(cond, &conds) {
                left.insert(at, held);
            }
        }
        let mut parts = vec![Formula::Not(Box::new(Formula::Letter(one)))];
        parts.extend(left.iter().map(|(at, _)| Formula::Letter(*at)));
        Some(Formula::Any(parts))
    }

    /// Whether each record that a condition counts is counted by one of the others.
    fn is_among(&self, cond: &Cond, others: &[&Cond]) -> bool {
        let Cond::Count { list, .. } = cond else { return false };
        let Some(record) = self.listed(*list) else { return false };
        let Some(own) = self.body(cond, record) else { return false };
        let others: Option<Vec<Cond>> = others.iter().map(|other| self.body(other, record)).collect();
        let Some(others) = others else { return false };
        let asked: Vec<(&Cond, bool)> =
            std::iter::once((&own, true)).chain(others.iter().map(|other| (other, false))).collect();
        Letters::new(self.program, record, self.depth + 1).cannot(&asked)
    }

    /// The records of a list.
    fn listed(&self, list: Fact) -> Option<RecordId> {
        match self.field(list)?.0 {
            Type::Record(record) => Some(record),
            _ => None,
        }
    }

    /// What is asked of a record that is counted, its role as well.
    fn body(&self, cond: &Cond, record: RecordId) -> Option<Cond> {
        let Cond::Count { role, body, .. } = cond else { return None };
        let Some(role) = role else { return Some((**body).clone()) };
        let field = self.program.schema.records[record.at()].role?;
        let role = Cond::Test { fact: Fact::Own(field), set: Set::Terms(role.clone()) };
        Some(Cond::All(vec![role, (**body).clone()]))
    }

    /// The type of a fact, and whether it has many values.
    fn field(&self, fact: Fact) -> Option<(Type, bool)> {
        let (record, field) = match fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (self.record, field),
        };
        let declared = self.program.schema.records[record.at()].fields.get(field.at())?;
        Some((declared.ty, declared.many))
    }

    /// Whether the one cannot be so without the other.
    fn implies(&self, one: &Cond, other: &Cond) -> bool {
        match (one, other) {
            (Cond::Test { fact: a, set: one }, Cond::Test { fact: b, set: other }) => a == b && is_within(one, other),
            (
                Cond::Listed { who: a, list: one, entry: entry_a, .. },
                Cond::Listed { who: b, list: other, measure: None, entry: entry_b },
            ) => a == b && one == other && entry_a == entry_b,
            (Cond::Count { list: a, at_least: most, .. }, Cond::Count { list: b, at_least: least, .. }) => {
                a == b && most >= least && self.depth < DEEPEST && self.is_among(one, &[other])
            }
            _ => false,
        }
    }

    /// Whether two cannot both be so.
    fn excludes(&self, one: &Cond, other: &Cond) -> bool {
        match (one, other) {
            (Cond::Test { fact: a, set: one }, Cond::Test { fact: b, set: other }) => {
                let is_single = || self.field(*a).is_some_and(|(_, many)| !many);
                match (one, other) {
                    (Set::Terms(one), Set::Terms(other)) => a == b && one.is_apart_from(other) && is_single(),
                    (Set::YesNo(one), Set::YesNo(other)) => a == b && one != other && is_single(),
                    _ => false,
                }
            }
            // Of what is counted there is one where nobody says how much, though there is no amount.
            (Cond::Absent { fact: a }, Cond::Test { fact: b, set })
            | (Cond::Test { fact: b, set }, Cond::Absent { fact: a }) => a == b && !matches!(set, Set::Amount { .. }),
            _ => false,
        }
    }
}

/// Whether all values of one set are in the other.
fn is_within(one: &Set, other: &Set) -> bool {
    match (one, other) {
        (Set::Terms(one), Set::Terms(other)) => one.is_within(other),
        (Set::References { terms: one, ids: a }, Set::References { terms: other, ids: b }) => {
            one.is_within(other) && a.iter().all(|id| b.contains(id))
        }
        (Set::Amount { unit: a, op: one, than: x }, Set::Amount { unit: b, op: other, than: y }) => {
            let stricter = match (one, other) {
                (Op::More, Op::More | Op::MoreOrEqual) | (Op::MoreOrEqual, Op::MoreOrEqual) => x >= y,
                (Op::MoreOrEqual, Op::More) => x > y,
                (Op::Less, Op::Less | Op::LessOrEqual) | (Op::LessOrEqual, Op::LessOrEqual) => x <= y,
                (Op::LessOrEqual, Op::Less) => x < y,
                _ => false,
            };
            a == b && stricter
        }
        (Set::Texts(one), Set::Texts(other)) => one.iter().all(|text| other.contains(text)),
        _ => false,
    }
}

/// Whether a formula may hold; it may as well when that took too many steps.
fn may_hold(formula: &Formula, sides: &mut Vec<Option<bool>>, steps: &mut usize) -> bool {
    *steps += 1;
    match value(formula, sides) {
        Some(holds) => return holds,
        None if *steps >= MOST_STEPS => return true,
        None => {}
    }
    let Some(at) = open_letter(formula, sides) else { return true };
    for side in [true, false] {
        sides[at] = Some(side);
        if may_hold(formula, sides, steps) {
            sides[at] = None;
            return true;
        }
    }
    sides[at] = None;
    false
}

fn value(formula: &Formula, sides: &[Option<bool>]) -> Option<bool> {
    let together = |parts: &[Formula], yes: bool| {
        let mut is_open = false;
        for part in parts {
            match value(part, sides) {
                Some(one) if one != yes => return Some(!yes),
                Some(_) => {}
                None => is_open = true,
            }
        }
        (!is_open).then_some(yes)
    };
    match formula {
        Formula::Letter(at) => sides[*at],
        Formula::Not(inner) => Some(!value(inner, sides)?),
        Formula::All(parts) => together(parts, true),
        Formula::Any(parts) => together(parts, false),
    }
}

/// A letter on which the formula still depends.
fn open_letter(formula: &Formula, sides: &[Option<bool>]) -> Option<usize> {
    match formula {
        Formula::Letter(at) => sides[*at].is_none().then_some(*at),
        Formula::Not(inner) => open_letter(inner, sides),
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().filter(|part| value(part, sides).is_none()).find_map(|part| open_letter(part, sides))
        }
    }
}
