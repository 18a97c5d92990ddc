//! The acts that an exit asks for, done in time and for this activity.

use crate::check::program::{Exit, ExitId, Requirement, Type, Who};
use crate::evaluate::worlds::last_day;
use crate::facts::Activity;
use crate::value::{Date, Raw};

use super::Witnesses;

impl Witnesses<'_> {
    /// The same activity, with the acts that an exit asks for; `None` when it asks for none, or it is not known whose they are.
    pub fn with_acts(&self, activity: &Activity, exit: ExitId) -> Option<Activity> {
        let exit = &self.program.exits[exit.at()];
        let mut with = activity.clone();
        for requirement in &exit.requirements {
            with = with.act(self.act(activity, exit, requirement)?);
        }
        (!exit.requirements.is_empty()).then_some(with)
    }

    fn act(&self, activity: &Activity, exit: &Exit, requirement: &Requirement) -> Option<Activity> {
        let schema = &self.program.schema;
        let fields = &schema.activity().fields;
        let Some(Raw::Text(date)) = activity.raw().get(&fields[schema.core.date.at()].name) else { return None };
        let kind = requirement.kind.word();
        let on = last_day(requirement, Date::parse(date)?, &schema.working_days)?;
        let action = &fields[schema.core.action.at()].name;
        let covers = Activity::new().set(action, activity.raw().get(action)?.clone());
        let act = Activity::new().set("kind", kind).set("by", self.who(activity, &requirement.by)?);
        let act = match &requirement.to {
            Some(to) => act.set("to", self.who(activity, to)?),
            None => act,
        };
        Some(act.set("under", &exit.name).set("on", on).set("covers", covers))
    }

    /// The authority, or the country that a fact names or lies in.
    fn who(&self, activity: &Activity, who: &Who) -> Option<Raw> {
        let field = match who {
            Who::Authority(name) => return Some(Raw::from(name)),
            Who::Field(field) => &self.program.schema.activity().fields[field.at()],
        };
        let (Type::Term(places) | Type::Root(places)) = field.ty else { return None };
        let places = &self.program.schema.taxonomies[places.at()];
        let stated = match activity.raw().get(&field.name)? {
            Raw::List(items) => items.first()?,
            one => one,
        };
        let Raw::Text(name) = stated else { return None };
        let mut term = *places.by_name.get(name)?;
        while let Some(parent) = places.terms[term as usize].parent {
            term = parent;
        }
        Some(Raw::from(&places.terms[term as usize].name))
    }
}
