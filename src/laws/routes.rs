//! A route that is named leads there.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::explain::{Decision, Route};
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::value::{Raw, Verdict};

use super::{activity, cases, law, shown, without};

#[test]
fn every_route_leads_to_allowed_when_its_acts_are_given() {
    law(200, cases(4), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            routes_lead(&rules, &activity(draft, &rules), &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn routes_lead(rules: &Ruleset, stated: &Activity, policy: &str) -> TestCaseResult {
    // Acts that are to come are not given on a day that has passed.
    let mut named = without(stated, "asked_on");
    if !matches!(named.raw().get("ref"), Some(Raw::Text(_))) {
        named = named.set("ref", "A-1");
    }
    let Ok(decision) = rules.decide(&named) else { return Ok(()) };
    prop_assert!(decision.routes.len() <= 8);
    for route in &decision.routes {
        let Some(given) = with_acts(rules, &named, &decision, route) else { continue };
        let then = rules.decide(&given);
        prop_assert!(then.is_ok(), "{then:?}: {}", shown(policy, &given));
        let then = then.expect("just seen");
        prop_assert!(
            then.verdict.is_some_and(|verdict| verdict <= Verdict::Allowed),
            "{} although the route {route:?} was taken: {}",
            then.verdict_name(),
            shown(policy, &given)
        );
    }
    let ordinary = decision.routes.iter().filter(|route| !route.exceptional).count();
    match decision.verdict.filter(|_| decision.exact) {
        Some(Verdict::RequiresNotification | Verdict::RequiresAuthorisation) => {
            prop_assert!(ordinary > 0, "no ordinary route: {}", shown(policy, &named));
        }
        Some(Verdict::Prohibited) => {
            prop_assert!(ordinary == 0, "an ordinary route out of prohibited: {}", shown(policy, &named));
        }
        Some(Verdict::NotCovered | Verdict::Allowed) => {
            prop_assert!(decision.routes.is_empty(), "{}", shown(policy, &named))
        }
        None => {}
    }
    Ok(())
}

/// The activity with the acts of a route; `None` when the facts do not say whose they would be, or when.
fn with_acts(rules: &Ruleset, activity: &Activity, decision: &Decision, route: &Route) -> Option<Activity> {
    decision.about.date?;
    let mut activity = activity.clone();
    let name = activity.raw().get("ref")?.clone();
    for need in &route.needs {
        let mut act = Activity::new()
            .set("kind", need.kind)
            .set("by", who(rules, &activity, &need.by)?)
            .set("under", &need.under)
            .set("on", need.last_day?)
            .set("covers", Raw::Map(vec![("ref".to_owned(), name.clone())]));
        if let Some(to) = &need.to {
            act = act.set("to", who(rules, &activity, to)?);
        }
        activity = activity.act(act);
    }
    Some(activity)
}

/// An authority, or the country that the field of that name says.
fn who(rules: &Ruleset, activity: &Activity, name: &str) -> Option<String> {
    let schema = &rules.program().schema;
    let Some(field) = schema.activity().by_name.get(name) else { return Some(name.to_owned()) };
    let place = match activity.raw().get(name)? {
        Raw::Text(place) => place,
        _ => return None,
    };
    let (crate::check::program::Type::Term(places) | crate::check::program::Type::Root(places)) =
        schema.activity().fields[field.at()].ty
    else {
        return None;
    };
    let places = &schema.taxonomies[places.at()];
    let mut term = *places.by_name.get(place)?;
    while let Some(parent) = places.terms[term as usize].parent {
        term = parent;
    }
    Some(places.terms[term as usize].name.clone())
}
