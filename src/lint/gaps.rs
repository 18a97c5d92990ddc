//! One direction is prohibited and the other is not: an activity that a norm prohibits, and its converse, which no norm reaches.
//!
//! The converse of an activity is what the other side of the same deal does, or the same deal the other way round: the action gives
//! way to its converse, and where goods come from changes places with where they go. Nothing else changes, so activities in
//! which somebody has a role are left out. Both activities are decided before anything is said.

use crate::check::program::{Effect, NormId, Program, Subject, Type};
use crate::facts::Activity;
use crate::value::{Raw, Verdict};

use super::cells::Sheet;
use super::{Linting, MOST_NODES};

/// Actions that are converse to each other, by the names that `std` gives them. A vocabulary without them has no converse.
const CONVERSE: &[(&str, &str)] =
    &[("sale", "purchase"), ("export", "import"), ("gift", "acceptance"), ("supply", "procurement")];

/// Places that change places.
const ENDS: (&str, &str) = ("origin", "destination");

impl Linting<'_> {
    pub(super) fn gaps(&mut self) {
        for id in NormId::all(self.program.norms.len()) {
            let norm = &self.program.norms[id.at()];
            if norm.effect != Effect::Prohibit || !self.is_given(norm.span) || self.idle.contains(&id) {
                continue;
            }
            let Some((activity, converse)) = self.one_way(id) else { continue };
            let at = self.head(norm.span);
            let said = |activity: &Activity| match activity.raw().get(self.action()) {
                Some(Raw::Text(action)) => action.clone(),
                _ => String::new(),
            };
            let (done, other) = (said(&activity), said(&converse));
            let witness = self.told(&format!("{other}, as against {done}"), &converse, Verdict::NotCovered.name());
            self.find(Subject::Norm(id), |report| report.gap(at, &norm.name, &done, &other, witness));
        }
    }

    fn action(&self) -> &str {
        &self.program.schema.activity().fields[self.program.schema.core.action.at()].name
    }

    /// An activity that a norm prohibits, and its converse, which is not covered.
    fn one_way(&self, id: NormId) -> Option<(Activity, Activity)> {
        let mut sheet = Sheet::new(self.norms, &self.cells, MOST_NODES);
        let level = sheet.level(id).ok()?;
        let prohibited = |leaf| leaf == Verdict::Prohibited as u32;
        let actions = self.with_converse(id);
        let each = self.activities(&sheet, level, prohibited, id).into_iter().flat_map(|activity| {
            actions.iter().map(move |action| activity.clone().set(self.action(), *action)).collect::<Vec<_>>()
        });
        each.filter(|activity| !self.has_roles(activity)).find_map(|activity| {
            let converse = self.shows_gap(&activity, id)?;
            let shows = |smaller: &Activity| self.shows_gap(smaller, id).is_some();
            let smallest = self.smallest(activity, &shows);
            Some((smallest.clone(), self.shows_gap(&smallest, id).unwrap_or(converse)))
        })
    }

    /// The actions of a norm that have a converse.
    fn with_converse(&self, id: NormId) -> Vec<&'static str> {
        let schema = &self.program.schema;
        let Type::Term(taxonomy) = schema.activity().fields[schema.core.action.at()].ty else { return Vec::new() };
        let terms = &schema.taxonomies[taxonomy.at()].by_name;
        let reached = |action: &&str| {
            let actions = &self.program.norms[id.at()].actions;
            terms.get(*action).is_some_and(|term| actions.as_ref().is_none_or(|actions| actions.has(*term)))
        };
        CONVERSE.iter().flat_map(|(one, other)| [*one, *other]).filter(reached).collect()
    }

    /// Whether somebody has a role: buyers and sellers change places too, and that is not done here.
    fn has_roles(&self, activity: &Activity) -> bool {
        let schema = &self.program.schema;
        let roles = |name: &str| {
            let field = schema.activity().by_name.get(name).map(|id| &schema.activity().fields[id.at()]);
            field.is_some_and(|field| match field.ty {
                Type::Record(record) => schema.records[record.at()].role.is_some(),
                _ => false,
            })
        };
        matches!(activity.raw(), Raw::Map(entries) if entries.iter().any(|(name, _)| roles(name)))
    }

    fn shows_gap(&self, activity: &Activity, id: NormId) -> Option<Activity> {
        let converse = converse(self.program, activity)?;
        let answer = self.answer(activity)?;
        let decides = answer.lines.first()?.norms.iter().any(|norm| norm.id == id && norm.decides);
        if answer.possible.settled()? <= Verdict::Allowed || !decides {
            return None;
        }
        (self.answer(&converse)?.possible.settled()? == Verdict::NotCovered).then_some(converse)
    }
}

/// The same deal the other way round.
fn converse(program: &Program, activity: &Activity) -> Option<Activity> {
    let schema = &program.schema;
    let action = &schema.activity().fields[schema.core.action.at()];
    let Type::Term(taxonomy) = action.ty else { return None };
    let terms = &schema.taxonomies[taxonomy.at()].by_name;
    let Some(Raw::Text(done)) = activity.raw().get(&action.name) else { return None };
    let other = CONVERSE.iter().find_map(|(one, other)| match done.as_str() {
        done if done == *one => Some(*other),
        done if done == *other => Some(*one),
        _ => None,
    })?;
    terms.get(other)?;
    let Raw::Map(entries) = activity.raw() else { return None };
    let fields = &schema.activity().by_name;
    let swaps = fields.contains_key(ENDS.0) && fields.contains_key(ENDS.1);
    let turned = entries.iter().map(|(name, value)| {
        let name = match name.as_str() {
            from if swaps && from == ENDS.0 => ENDS.1,
            to if swaps && to == ENDS.1 => ENDS.0,
            other => other,
        };
        let value = if *name == action.name { Raw::from(other) } else { value.clone() };
        (name.to_owned(), value)
    });
    Activity::from_raw(Raw::Map(turned.collect())).ok()
}
