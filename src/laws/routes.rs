//! A route that is named leads there.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::explain::{Decision, Route};
use crate::facts::Activity;
use crate::limits::Limits;
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

/// Over its budget a search may find fewer routes, and none that leads elsewhere.
#[test]
fn a_route_found_on_a_small_budget_leads_there_too() {
    const BUDGETS: [usize; 3] = [20, 200, 2_000];
    law(60, (cases(3), 0..BUDGETS.len()), |((policy, drafts), budget)| {
        let rules = policy.compile();
        let limits = Limits { question_nodes: BUDGETS[budget], ..Limits::default() };
        let files = policy.files().into_iter().enumerate();
        let builder = files
            .fold(Ruleset::builder().limits(limits), |builder, (at, text)| builder.source(format!("file {at}"), text));
        let hasty = builder.compile().expect("it compiles with other limits");
        for draft in &drafts {
            let named = named(&activity(draft, &rules));
            let Ok(decision) = hasty.decide(&named) else { continue };
            each_leads(&rules, &named, &decision, &policy.text())?;
        }
        Ok(())
    });
}

/// However many paragraphs prohibit it, and however many approvals lift each, some approvals together are named.
#[test]
fn among_many_approvals_there_is_a_route() {
    let few = (1..=7).flat_map(|paragraphs| [(paragraphs, 2), (paragraphs, 3)]);
    for (paragraphs, approvals) in few.chain([(40, 3)]) {
        for exceptional in [false, true] {
            let rules = with_approvals(paragraphs, approvals, exceptional);
            let asked = Activity::new().complete().set("date", "2024-01-15").set("actor_state", "CN");
            let asked = asked.set("action", "supply").set("ref", "A-1");
            let shown = format!("{paragraphs} paragraphs with {approvals} approvals each, exceptional: {exceptional}");
            routes_lead(&rules, &asked, "").unwrap_or_else(|error| panic!("{shown}: {error}"));
            let decision = rules.decide(&asked).unwrap_or_else(|error| panic!("{shown}: {error}"));
            let expected = if exceptional { Verdict::Prohibited } else { Verdict::RequiresAuthorisation };
            assert_eq!(decision.verdict, Some(expected), "{shown}");
            assert!(!decision.routes.is_empty(), "no route: {shown}");
            for route in &decision.routes {
                assert_eq!(route.exceptional, exceptional, "{shown}");
                assert_eq!(route.lifts.len(), paragraphs, "{shown}: {route:?}");
                assert_eq!(route.needs.len(), paragraphs, "{shown}: {route:?}");
                assert!(with_acts(&rules, &asked, &decision, route).is_some(), "{shown}: {route:?}");
            }
        }
    }
}

/// So many paragraphs that prohibit the same, each with so many approvals of which one is enough.
fn with_approvals(paragraphs: usize, approvals: usize, exceptional: bool) -> Ruleset {
    let authorities: String = (0..approvals).map(|at| format!(" authority desk{at} \"Desk {at}\"")).collect();
    let word = if exceptional { " exceptional" } else { "" };
    let exits: String =
        (0..approvals).map(|at| format!(" except licence{at} with approval by desk{at}{word}")).collect();
    let law: String = (1..=paragraphs).map(|at| format!("paragraph {at} {{ prohibit supply{exits} }}\n")).collect();
    let text = format!(
        "use std\nregime house \"House\" {{{authorities} }}\n\
         instrument H \"House rules\" of house adopted 2020-01-01 {{\n{law}}}\n"
    );
    Ruleset::compile("house", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(super) fn routes_lead(rules: &Ruleset, stated: &Activity, policy: &str) -> TestCaseResult {
    let named = named(stated);
    let Ok(decision) = rules.decide(&named) else { return Ok(()) };
    each_leads(rules, &named, &decision, policy)?;
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

/// The activity as acts may still free it: it has a name, and acts that are to come are not given on a day that has
/// passed.
fn named(stated: &Activity) -> Activity {
    let named = without(stated, "asked_on");
    if matches!(named.raw().get("ref"), Some(Raw::Text(_))) { named } else { named.set("ref", "A-1") }
}

/// Whether the activity is allowed once the acts of any one of the routes are given.
fn each_leads(rules: &Ruleset, named: &Activity, decision: &Decision, policy: &str) -> TestCaseResult {
    prop_assert!(decision.routes.len() <= 8);
    for route in &decision.routes {
        let Some(given) = with_acts(rules, named, decision, route) else { continue };
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
