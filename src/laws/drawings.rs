//! Whoever follows a drawing comes to the decision.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::draw::{Decides, OnPath};
use crate::facts::Activity;
use crate::value::Verdict;

use super::{activity, cases, deciding, law, policies, shown};
use crate::strategy::Draft;

#[test]
fn the_marked_way_leads_to_the_verdict() {
    let followed = std::cell::Cell::new(0);
    law(40, cases(4), |(policy, drafts): (policies::Policy, Vec<Draft>)| {
        let rules = policy.compile();
        for draft in &drafts {
            let activity = activity(draft, &rules);
            let (question, answer) = super::ask(&rules, &activity)?;
            let given = [Activity::new(), stating(&activity, &["action", "date"])];
            for given in given.into_iter().take(if question.lines.len() > 1 { 1 } else { 2 }) {
                let drawing = rules.draw(&given, Some(&activity)).expect("the policies are small");
                let on = |least: OnPath| {
                    let parts = drawing.parts.iter();
                    let edges = parts.clone().flat_map(|part| &part.places).flat_map(|place| &place.edges);
                    let met = edges.filter(move |edge| edge.on_path >= least).filter_map(|edge| edge.decides.as_ref());
                    parts.filter_map(|part| part.always.as_ref()).chain(met).collect::<Vec<&Decides>>()
                };
                let strictest =
                    |met: &[&Decides]| met.iter().map(|met| met.verdict).max().unwrap_or(Verdict::NotCovered);
                let (certain, possible) = (on(OnPath::Yes), on(OnPath::Open));
                let told = || format!("{drawing}\n{}", shown(&policy.text(), &activity));
                prop_assert!(
                    strictest(&certain) <= answer.possible.at_least() || question.lines.len() > 1,
                    "{}",
                    told()
                );
                prop_assert!(answer.possible.at_most() <= strictest(&possible), "{}", told());
                if certain != possible || question.lines.len() > 1 {
                    continue;
                }
                // Nothing on the way is open, so that what stands there is the decision.
                followed.set(followed.get() + 1);
                prop_assert_eq!(answer.possible.settled(), Some(strictest(&certain)), "{}", told());
                // At the ends stands what was met on the way, of which the strictest is the verdict.
                let edges = drawing.parts.iter().flat_map(|part| &part.places).flat_map(|place| &place.edges);
                let ends = edges.filter(|edge| edge.on_path == OnPath::Yes && edge.to.is_none());
                let ends: Vec<&[Verdict]> = ends.map(|edge| &edge.verdicts[..]).collect();
                prop_assert!(ends.iter().all(|verdicts| !verdicts.is_empty()), "{}", told());
                if ends.len() == drawing.parts.len() && ends.iter().all(|verdicts| verdicts.len() == 1) {
                    let said = ends.iter().map(|verdicts| verdicts[0]).max().unwrap_or(Verdict::NotCovered);
                    prop_assert_eq!(said, strictest(&certain), "{}", told());
                }
                let deciding: BTreeSet<String> =
                    deciding(&answer).into_iter().map(|norm| rules.program().norms[norm.at()].name.clone()).collect();
                let strict = certain.iter().filter(|met| met.verdict == strictest(&certain));
                let named: BTreeSet<String> = strict.flat_map(|met| met.norms.iter().cloned()).collect();
                prop_assert_eq!(named, deciding, "{}", told());
            }
        }
        Ok(())
    });
    assert!(followed.get() > 20, "only {} were followed to the end", followed.get());
}

/// Some of the facts.
fn stating(activity: &Activity, names: &[&str]) -> Activity {
    super::names(activity)
        .iter()
        .filter(|name| !names.contains(&name.as_str()))
        .fold(activity.clone(), |activity, name| super::without(&activity, name))
}

#[test]
fn what_contradicts_itself_in_all_its_parts_is_drawn_as_nothing() {
    let impossible = "x and y and ((not x and a) or (not x and b))";
    let parts: Vec<String> = (0..17).map(|at| format!("({impossible} and item is a{at})")).collect();
    let items: Vec<String> = (0..17).map(|at| format!("a{at}")).collect();
    let policy = format!(
        "use std\nextend taxonomy item {{ {} }}\nextend activity {{ x : yes_no y : yes_no a : yes_no b : yes_no }}\n\
         regime house \"House\" {{}}\ninstrument I \"I\" of house adopted 2020-01-01 {{\n\
         paragraph 1 {{ prohibit supply when {} }} }}",
        items.join(" "),
        parts.join("\n or "),
    );
    let rules = crate::Ruleset::compile("impossible", &policy).unwrap_or_else(|error| panic!("{error}"));
    let given = crate::Activity::new().set("date", "2024-01-15").set("action", "supply");
    let drawing = rules.draw(&given, None).expect("it is small");
    assert!(!drawing.to_string().contains("prohibited"), "{drawing}");
}
