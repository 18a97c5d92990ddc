//! `listed in L`: whether a record is on a list, or somebody whom it names
//! (`semantics.md`, section 4).

use std::collections::BTreeSet;

use crate::check::program::{FieldId, ListId};
use crate::facts::lists::{Asked as AskedOfLists, OfQuestion};
use crate::facts::question::{Facts, Reference, State, Value};

use super::world::{Asked, At, Case, Cell, Key, Via, World, all, any};

/// `listed in LIST for MEASURE as ENTRY`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub list: ListId,
    pub measure: Option<u32>,
    pub entry: Option<&'a str>,
}

impl<'a> Question<'a> {
    fn to_lists(self) -> AskedOfLists<'a> {
        AskedOfLists { list: self.list, measure: self.measure, entry: self.entry }
    }

    /// Who is listed for a measure is listed; who is listed as an entry is listed.
    fn implies(self) -> Vec<Question<'a>> {
        let mut wider = Vec::new();
        if self.measure.is_some() || self.entry.is_some() {
            wider.push(Question { measure: None, entry: None, ..self });
        }
        if self.measure.is_some() && self.entry.is_some() {
            wider.push(Question { measure: None, ..self });
            wider.push(Question { entry: None, ..self });
        }
        wider
    }
}

impl Case<'_> {
    /// The stated parties of a line that others refer to so.
    fn parties_named(&self, line: usize, name: &str) -> Vec<At> {
        let Some(parties) = self.schema().core.parties else { return Vec::new() };
        let activity = self.activity(line);
        let stated = self.elements(&activity, parties).map_or(0, <[State]>::len);
        (0..stated)
            .map(|position| self.record_in(&activity, parties, Some(position)))
            .filter(|party| self.names_of(party).contains(&name))
            .collect()
    }

    /// What others refer to a party by: its `id` and its `ids`.
    pub fn names_of(&self, party: &At) -> Vec<&str> {
        let fields = ["id", "ids"].map(|name| self.schema().records[party.record.at()].by_name.get(name));
        let states = fields.into_iter().flatten().map(|field| self.state(party, *field));
        let elements = states.flat_map(|state| match state {
            State::List(elements) => elements.as_slice(),
            one => std::slice::from_ref(one),
        });
        elements
            .filter_map(|state| match state {
                State::Is(Value::Text(name)) => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }

    /// What others refer to the parties of the line by.
    pub fn names_of_parties(&self, line: usize) -> BTreeSet<String> {
        let Some(parties) = self.schema().core.parties else { return BTreeSet::new() };
        let activity = self.activity(line);
        let stated = self.elements(&activity, parties).map_or(0, <[State]>::len);
        (0..stated)
            .map(|position| self.record_in(&activity, parties, Some(position)))
            .flat_map(|party| self.names_of(&party).into_iter().map(str::to_owned).collect::<Vec<String>>())
            .collect()
    }
}

impl World<'_, '_> {
    /// The record at hand is listed; or, with `who`, somebody whom that field
    /// of it names, through the whole chain.
    pub fn is_listed(&self, at_hand: &At, who: Option<FieldId>, asked: Question<'_>) -> Asked<bool> {
        match who {
            None => self.is_listed_itself(at_hand, asked),
            Some(field) => self.names_somebody_listed(at_hand, field, asked, &mut Vec::new()),
        }
    }

    fn is_listed_itself(&self, at: &At, asked: Question<'_>) -> Asked<bool> {
        let case = self.case;
        let date = self.date(at.line)?;
        // Nothing is stated of a record of a list that was not stated, and nothing of it is assumed.
        let (nothing, complete) = match case.facts(at) {
            Some(_) => (None, case.question.complete),
            None => (Some(Facts(vec![State::Unstated; case.schema().records[at.record.at()].fields.len()])), false),
        };
        let facts = nothing.as_ref().or(case.facts(at)).expect("one of them is there");
        let says = |asked: Question<'_>| {
            case.lists.says(
                case.schema(),
                &OfQuestion { schema: case.schema(), record: at.record, facts },
                asked.to_lists(),
                date,
                complete,
            )
        };
        self.settle(asked, &says, &|asked| Key::Listed {
            at: case.spot_of(at),
            via: None,
            list: asked.list,
            measure: asked.measure,
            entry: asked.entry.map(str::to_owned),
        })
    }

    /// What the list says; if it does not, a fact. Only who is listed at all is listed for a measure.
    fn settle(
        &self,
        asked: Question<'_>,
        says: &dyn Fn(Question<'_>) -> Option<bool>,
        key: &dyn Fn(Question<'_>) -> Key,
    ) -> Asked<bool> {
        if let Some(settled) = says(asked) {
            return Ok(settled);
        }
        for wider in asked.implies() {
            let listed = match says(wider) {
                Some(settled) => settled,
                None => self.is_yes(key(wider))?,
            };
            if !listed {
                return Ok(false);
            }
        }
        self.is_yes(key(asked))
    }

    fn names_somebody_listed(&self, at: &At, field: FieldId, asked: Question<'_>, seen: &mut Vec<At>) -> Asked<bool> {
        let many = self.case.field(at.record, field).many;
        if !many {
            let cell = self.value(at, field)?;
            let via = self.via(at, field, None, &cell);
            return self.somebody_is_listed(at, field, &cell, via, asked, seen);
        }
        match self.case.elements(at, field) {
            Some(elements) => {
                let mut answers = Vec::new();
                for element in 0..elements.len() {
                    answers.push(self.get(self.value_key(at, field, Some(element), None)).and_then(|cell| {
                        let via = self.via(at, field, Some(element), &cell);
                        self.somebody_is_listed(at, field, &cell, via, asked, seen)
                    }));
                }
                any(answers)
            }
            None => {
                let mut answers = Vec::new();
                for cell in self.possible_elements(at, field)?.iter() {
                    let has = self.has(at, field, cell);
                    if has == Ok(false) {
                        continue;
                    }
                    let via = self.via(at, field, None, cell);
                    let listed = self.somebody_is_listed(at, field, cell, via, asked, seen);
                    answers.push(all([has, listed]));
                }
                any(answers)
            }
        }
    }

    fn via(&self, at: &At, field: FieldId, element: Option<usize>, cell: &Cell) -> Via {
        let name = match cell {
            Cell::Reference(Reference::Id(name)) => name.clone(),
            _ => String::new(),
        };
        let known = |state: &State| matches!(state, State::Is(_));
        match (element, self.case.state(at, field)) {
            (Some(element), State::List(elements)) if known(&elements[element]) => Via::Stated(element),
            (Some(element), State::Is(_)) => Via::Stated(element),
            (Some(element), _) => Via::Unknown(element, name),
            (None, State::Is(_)) => Via::Stated(0),
            (None, _) => Via::Unstated(name),
        }
    }

    /// Whether whom the element names is listed: a party of the activity,
    /// itself or through the same field; or somebody else.
    fn somebody_is_listed(
        &self,
        at: &At,
        field: FieldId,
        cell: &Cell,
        via: Via,
        asked: Question<'_>,
        seen: &mut Vec<At>,
    ) -> Asked<bool> {
        // A country is on no list.
        let Cell::Reference(Reference::Id(name)) = cell else { return Ok(false) };
        let parties = self.case.parties_named(at.line, name);
        if parties.is_empty() {
            let date = self.date(at.line)?;
            return self.settle(
                asked,
                &|asked| self.case.lists.says_of_id(self.case.schema(), name, asked.to_lists(), date),
                &|asked| Key::Listed {
                    at: self.case.spot_of(at),
                    via: Some((field, via.clone())),
                    list: asked.list,
                    measure: asked.measure,
                    entry: asked.entry.map(str::to_owned),
                },
            );
        }
        let same_field = &self.case.field(at.record, field).name;
        let mut answers = Vec::new();
        for party in parties {
            if seen.contains(&party) {
                continue;
            }
            seen.push(party.clone());
            answers.push(self.is_listed_itself(&party, asked));
            if let Some(&field) = self.case.schema().records[party.record.at()].by_name.get(same_field) {
                answers.push(self.names_somebody_listed(&party, field, asked, seen));
            }
        }
        any(answers)
    }
}
