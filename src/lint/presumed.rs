//! Presumptions that hide a decision: stated otherwise, the fact makes the verdict stricter.

use crate::check::program::{Effect, FieldId, NormId, Subject, Type};
use crate::facts::Activity;
use crate::normal::{Coding, SlotId, SlotKind};
use crate::value::{Raw, Verdict};
use crate::witness::cells::Sheet;

use super::{Linting, MOST_NODES};

impl Linting<'_> {
    /// Shown by an activity that leaves the fact out, with both verdicts settled. Not finding one proves nothing, and so
    /// nothing is said then.
    pub(super) fn presumption_hides(&mut self) {
        for presumption in &self.program.presumptions {
            if !self.is_given(presumption.span) {
                continue;
            }
            let field = presumption.field;
            let name = &self.program.schema.activity().fields[field.at()].name;
            let subject = Subject::Presumption(field);
            let Some((activity, presumed, stated)) = self.hidden(field, name) else { continue };
            let value = match activity.raw().get(name) {
                Some(Raw::Bool(yes)) => (if *yes { "yes" } else { "no" }).to_owned(),
                Some(Raw::Text(word)) => word.clone(),
                _ => "otherwise".to_owned(),
            };
            let witness = self.witnesses.told(
                &format!("{name} {value}, which nobody would have stated"),
                &activity,
                stated.name(),
            );
            self.find(subject, |report| {
                report.presumption_hides(presumption.span, name, &value, presumed.name(), stated.name(), witness);
            });
        }
    }

    /// An activity that states the fact, the verdict when it is left out, and the stricter one when it is stated.
    fn hidden(&self, field: FieldId, name: &str) -> Option<(Activity, Verdict, Verdict)> {
        let (slot, coding) = self.norms.slots.iter().enumerate().find_map(|(at, slot)| match &slot.kind {
            SlotKind::Field { field: of, unit: None, coding } if *of == field => Some((at, coding)),
            _ => None,
        })?;
        for id in NormId::all(self.program.norms.len()) {
            let norm = &self.program.norms[id.at()];
            if !matches!(norm.effect, Effect::Prohibit | Effect::Oblige) || self.idle.contains(&id) {
                continue;
            }
            let mut sheet = Sheet::new(self.norms, &self.witnesses.cells, MOST_NODES);
            let Ok(level) = sheet.level(id) else { continue };
            if !sheet.asks(level, SlotId(slot as u32)) {
                continue;
            }
            for level_at_least in [Verdict::Prohibited, Verdict::RequiresNotification] {
                for activity in self.witnesses.activities(&sheet, level, |leaf| leaf >= level_at_least as u32, id) {
                    for value in self.values(field, coding) {
                        let activity = activity.clone().set(name, value);
                        if let Some((presumed, stated)) = self.differs(&activity, name) {
                            let shows = |smaller: &Activity| self.differs(smaller, name) == Some((presumed, stated));
                            let smallest = activity.without_needless(&["complete"], &shows);
                            let silent = without(&smallest, name)?;
                            if self.witnesses.is_confirmed(&smallest, stated)
                                && self.witnesses.is_confirmed(&silent, presumed)
                            {
                                return Some((smallest, presumed, stated));
                            }
                        }
                    }
                }
            }
        }
        None
    }

    /// A value for each cell of a field of terms, or yes and no.
    fn values(&self, field: FieldId, coding: &Coding) -> Vec<Raw> {
        match self.program.schema.activity().fields[field.at()].ty {
            Type::YesNo => vec![Raw::Bool(true), Raw::Bool(false)],
            Type::Term(taxonomy) => {
                let terms = &self.program.schema.taxonomies[taxonomy.at()].terms;
                let leaf = |term: &usize| terms[*term].end as usize == term + 1;
                let mut of_cell = std::collections::BTreeMap::new();
                for term in (0..terms.len()).filter(leaf) {
                    of_cell.entry(coding.of_whole(term as i64)).or_insert_with(|| Raw::from(&terms[term].name));
                }
                of_cell.into_values().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The verdicts on an activity without a fact that it states, and with it, when the second is stricter.
    fn differs(&self, activity: &Activity, name: &str) -> Option<(Verdict, Verdict)> {
        activity.raw().get(name)?;
        let silent = without(activity, name)?;
        let presumed = self.witnesses.answer(&silent)?.possible.settled()?;
        let stated = self.witnesses.answer(activity)?.possible.settled()?;
        (presumed < stated).then_some((presumed, stated))
    }
}

fn without(activity: &Activity, name: &str) -> Option<Activity> {
    let Raw::Map(mut entries) = activity.raw().clone() else { return None };
    entries.retain(|(known, _)| known != name);
    Activity::from_raw(Raw::Map(entries)).ok()
}
