//! The records of a list that nobody stated.
//!
//! Such a list may be any list of any records. But a record counts only by
//! the questions put to it: two records that give the same answers, whatever
//! the rest of the world is, are of one **kind**, and it is enough to know how
//! many there are of each.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::check::program::FieldId;

use super::cases::{self, Tree};
use super::tested::Body;
use super::world::{Asked, Assignment, At, Case, Cell, Key, Spot, Stop, World};

/// A kind of records, by one of them: what it says of the fields that matter.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub own: Assignment,
}

/// All kinds of one list.
pub(super) type Kinds = Rc<Vec<Kind>>;

/// What a record answers to each question put to the list, in each outer world.
type Answers = Tree<Vec<bool>>;

impl Case<'_> {
    /// The kinds of records of a list that was not stated.
    fn kinds(&self, at: &At, list: FieldId) -> Asked<Kinds> {
        let known = self.known_kinds.borrow().get(&(self.spot(at, list), list)).cloned();
        known.ok_or_else(|| Stop::TellApart(Rc::new((at.clone(), list))))
    }

    /// Tells the kinds of records of a list apart. That is dear, so it is done
    /// only when nothing else settles what was asked.
    pub fn learn_kinds(&self, at: &At, list: FieldId) -> Result<(), Stop> {
        let place = (self.spot(at, list), list);
        let at_hand = self.record_in(at, list, None);
        let spot = Spot { line: place.0.line, steps: at_hand.steps.clone() };
        let bodies = self.tested().bodies(at.record, list);
        // Lines that have the list in common may see one record differently: each has its own date.
        let seen_by: Vec<At> = match place.0.line {
            Some(_) => vec![at_hand],
            None => self.lines_that_share(at, list).map(|line| At { line, ..at_hand.clone() }).collect(),
        };
        self.telling_apart.borrow_mut().push(place.clone());
        let mut kinds = BTreeMap::new();
        let told = self.tell_apart(&seen_by, &spot, bodies, &mut Assignment::new(), &mut kinds);
        self.telling_apart.borrow_mut().pop();
        told?;
        self.known_kinds.borrow_mut().insert(place, Rc::new(kinds.into_values().collect()));
        Ok(())
    }

    fn tell_apart(
        &self,
        seen_by: &[At],
        spot: &Spot,
        bodies: &[Body<'_>],
        own: &mut Assignment,
        kinds: &mut BTreeMap<Answers, Kind>,
    ) -> Result<(), Stop> {
        let questions = |world: &World<'_, '_>| -> Asked<Vec<bool>> {
            seen_by.iter().flat_map(|at| bodies.iter().map(|body| world.answers(body, at))).collect()
        };
        let answers = cases::grow(self, own, &mut Assignment::new(), &questions, &|key| key.is_of(spot));
        let key = match answers {
            Ok(answers) => {
                kinds.entry(answers).or_insert_with(|| Kind { own: own.clone() });
                return Ok(());
            }
            Err(Stop::Ask(key)) => key,
            Err(stop) => return Err(stop),
        };
        let cells = World::empty(self).with(own).cells(&key)?;
        for cell in cells.iter() {
            own.insert((*key).clone(), cell.clone());
            let told = self.tell_apart(seen_by, spot, bodies, own, kinds);
            own.remove(&*key);
            told?;
        }
        Ok(())
    }
}

impl World<'_, '_> {
    /// Whether the record at hand satisfies what is asked of the records of its list.
    pub fn answers(&self, body: &Body<'_>, at_hand: &At) -> Asked<bool> {
        match body {
            Body::Cond { role, cond } => self.is_counted(role.as_ref(), cond, at_hand),
            Body::Covered(given) => self.is_covered(given, at_hand),
        }
    }

    /// Whether at least so many records of the list satisfy it.
    pub fn at_least(
        &self,
        number: u32,
        at: &At,
        list: FieldId,
        counts: &dyn Fn(&World<'_, '_>, &At) -> Asked<bool>,
    ) -> Asked<bool> {
        if number == 0 {
            return Ok(true);
        }
        match self.case.elements(at, list) {
            Some(stated) => {
                let answers: Vec<Asked<bool>> = (0..stated.len())
                    .map(|position| counts(self, &self.case.record_in(at, list, Some(position))))
                    .collect();
                let (mut yes, mut open, mut asked) = (0, 0, Ok(false));
                for answer in answers {
                    match answer {
                        Ok(true) => yes += 1,
                        Ok(false) => {}
                        Err(stop) => {
                            open += 1;
                            asked = asked.and(Err(stop));
                        }
                    }
                }
                if yes >= number {
                    Ok(true)
                } else if yes + open < number {
                    Ok(false)
                } else {
                    asked
                }
            }
            None => self.at_least_of_unstated(number, at, list, counts),
        }
    }

    fn at_least_of_unstated(
        &self,
        number: u32,
        at: &At,
        list: FieldId,
        counts: &dyn Fn(&World<'_, '_>, &At) -> Asked<bool>,
    ) -> Asked<bool> {
        let kinds = self.case.kinds(at, list)?;
        let spot = self.case.spot(at, list);
        let at_hand = self.case.record_in(at, list, None);
        // Of each kind: how many there may be of it that count, at least and at most.
        let (mut least, mut most, mut asked) = (0_u32, 0_u32, Ok(false));
        for (kind, Kind { own }) in kinds.iter().enumerate() {
            let key = Key::Many { at: spot.clone(), field: list, kind };
            let many = match self.says(&key) {
                Some(Cell::Count(many)) => Some(*many),
                _ => None,
            };
            if many == Some(0) {
                continue;
            }
            match counts(&self.with(own), &at_hand) {
                Ok(false) => {}
                Ok(true) => match many {
                    Some(many) => {
                        least += many;
                        most += many;
                    }
                    None => {
                        most += number;
                        asked = asked.and(Err(Stop::Ask(Rc::new(key))));
                    }
                },
                Err(stop) => {
                    most += many.unwrap_or(number);
                    asked = asked.and(Err(stop));
                }
            }
            if least >= number {
                return Ok(true);
            }
        }
        if most < number { Ok(false) } else { asked }
    }

    /// Whether a list of records has none.
    pub fn has_no_record(&self, at: &At, list: FieldId) -> Asked<bool> {
        super::world::not(self.at_least(1, at, list, &|_, _| Ok(true)))
    }
}
