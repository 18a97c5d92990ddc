//! One direction is prohibited and the other is not: an activity that a norm prohibits, and its converse, which no norm reaches.
//!
//! The converse of giving goods to somewhere is taking them from there: the action gives way to its converse, and the place where the
//! goods go becomes the place where they come from. Nothing else changes. So activities are left out of which more than that shows
//! the direction: the roles of parties, the way the goods take, and the end that the action does not look to. Both
//! activities are decided before anything is said.

use crate::check::program::{Effect, NormId, Program, Subject, Type};
use crate::facts::Activity;
use crate::normal::{SlotId, SlotKind};
use crate::value::{Raw, Verdict};
use crate::witness::cells::Sheet;

use super::{Linting, MOST_NODES};

/// Giving and taking, by the names that `std` gives them. A vocabulary without them has no converse.
const CONVERSE: &[(&str, &str)] =
    &[("sale", "purchase"), ("export", "import"), ("gift", "acceptance"), ("supply", "procurement")];

/// Where goods come from, and where they go.
const ENDS: (&str, &str) = ("origin", "destination");
/// The way between.
const WAYS: [&str; 2] = ["shipped_from", "via"];

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
            let witness =
                self.witnesses.told(&format!("{other}, as against {done}"), &converse, Verdict::NotCovered.name());
            self.find(Subject::Norm(id), |report| report.gap(at, &norm.name, &done, &other, witness));
        }
    }

    fn action(&self) -> &str {
        &self.program.schema.activity().fields[self.program.schema.core.action.at()].name
    }

    /// An activity that a norm prohibits, and its converse, which is not covered.
    fn one_way(&self, id: NormId) -> Option<(Activity, Activity)> {
        let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
        let level = sheet.level(id).ok()?;
        let actions = self.with_converse(id);
        for stated in [Some(ENDS.0), Some(ENDS.1), None] {
            // One end, and neither the other nor the way.
            let Ok(here) = [ENDS.0, ENDS.1, WAYS[0], WAYS[1]].into_iter().try_fold(level, |level, name| {
                match self.slot_of(name) {
                    Some(slot) => sheet.keep(level, slot, |cell| (cell == 0) == (stated != Some(name))),
                    None => Ok(level),
                }
            }) else {
                continue;
            };
            for activity in self.witnesses.activities(&sheet, here, |leaf| leaf == Verdict::Prohibited as u32, id) {
                for action in &actions {
                    let activity = activity.clone().set(self.action(), *action);
                    if !self.has_roles(&activity) && self.shows_gap(&activity, id).is_some() {
                        let shows = |smaller: &Activity| self.shows_gap(smaller, id).is_some();
                        let smallest = activity.without_needless(&["complete"], &shows);
                        let converse = self.shows_gap(&smallest, id)?;
                        let verdict = self.witnesses.answer(&smallest)?.possible.settled()?;
                        let confirmed = self.witnesses.is_confirmed(&smallest, verdict)
                            && self.witnesses.is_confirmed(&converse, Verdict::NotCovered);
                        return confirmed.then_some((smallest, converse));
                    }
                }
            }
        }
        None
    }

    /// The slot of a field of the activity with one value, if norms test it.
    fn slot_of(&self, name: &str) -> Option<SlotId> {
        let field = *self.program.schema.activity().by_name.get(name)?;
        let is = |kind: &SlotKind| matches!(kind, SlotKind::Field { field: of, unit: None, .. } if *of == field);
        self.norms.slots.iter().position(|slot| is(&slot.kind)).map(|at| SlotId(at as u32))
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
        let answer = self.witnesses.answer(activity)?;
        let decides = answer.lines.first()?.norms.iter().any(|norm| norm.id == id && norm.decides);
        if answer.possible.settled()? <= Verdict::Allowed || !decides {
            return None;
        }
        (self.witnesses.answer(&converse)?.possible.settled()? == Verdict::NotCovered).then_some(converse)
    }
}

/// The same deal the other way round.
fn converse(program: &Program, activity: &Activity) -> Option<Activity> {
    let schema = &program.schema;
    let action = &schema.activity().fields[schema.core.action.at()];
    let Type::Term(taxonomy) = action.ty else { return None };
    let terms = &schema.taxonomies[taxonomy.at()].by_name;
    let Some(Raw::Text(done)) = activity.raw().get(&action.name) else { return None };
    let ((from, to), other) = CONVERSE.iter().find_map(|(gives, takes)| match done.as_str() {
        done if done == *gives => Some(((ENDS.1, ENDS.0), *takes)),
        done if done == *takes => Some((ENDS, *gives)),
        _ => None,
    })?;
    terms.get(other)?;
    let Raw::Map(entries) = activity.raw() else { return None };
    if entries.iter().any(|(name, _)| name == to || WAYS.contains(&name.as_str())) {
        return None;
    }
    let turned = entries.iter().map(|(name, value)| {
        let value = if *name == action.name { Raw::from(other) } else { value.clone() };
        (if name == from { to.to_owned() } else { name.clone() }, value)
    });
    Activity::from_raw(Raw::Map(turned.collect())).ok()
}
