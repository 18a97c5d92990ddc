//! The laws with a list loaded, of which any days may be trusted, or none.

use std::sync::OnceLock;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use crate::evaluate::find::Engine;
use crate::facts::{Activity, Lists, Snapshot};
use crate::ruleset::Ruleset;
use crate::strategy::{Config, drafts};
use crate::value::Raw;

use super::{activity, agree, ask, law, narrow, policies, shown};

/// The list of the random policies, with one entry each way.
#[derive(Debug, Clone)]
struct List {
    trusted: Option<(usize, usize)>,
    /// Which id, whether a second too, which days, whether for one measure only.
    entries: Vec<(usize, bool, usize, Option<usize>, bool)>,
    carried: bool,
}

const DAYS: [&str; 6] = ["2006-01-01", "2010-01-01", "2014-06-28", "2017-01-02", "2018-03-30", "2026-01-01"];
const IDS: [&str; 3] = ["a", "b", "c"];

fn lists() -> impl Strategy<Value = List> {
    let entry = (0..IDS.len(), any::<bool>(), 0..DAYS.len(), weighted(0.3, 0..DAYS.len()), any::<bool>());
    let trusted = weighted(0.7, (0..DAYS.len(), 0..DAYS.len()));
    (trusted, vec(entry, 1..4), any::<bool>()).prop_map(|(trusted, entries, carried)| List {
        trusted,
        entries,
        carried,
    })
}

impl List {
    fn loaded(&self) -> Lists {
        let entries: Vec<String> = self
            .entries
            .iter()
            .enumerate()
            .map(|(at, (id, second, from, gone, banned))| {
                let second = if *second { r#", {"scheme": "passport", "value": "p"}"# } else { "" };
                let gone = gone.filter(|gone| gone >= from);
                let gone = gone.map_or(String::new(), |gone| format!(r#", "delisted_on": "{}""#, DAYS[gone]));
                let measures = if *banned { r#", "measures": ["ban"]"# } else { "" };
                format!(
                    r#"{{"reference": "E{at}", "kind": "party", "names": ["Name {at}"], "listed_on": "{}"{gone}{measures},
                        "ids": [{{"scheme": "lei", "value": "{}"}}{second}]}}"#,
                    DAYS[*from], IDS[*id]
                )
            })
            .collect();
        let trusted = self.trusted.map_or(String::new(), |(a, b)| {
            format!(r#""trusted": {{"from": "{}", "through": "{}"}},"#, DAYS[a.min(b)], DAYS[a.max(b)])
        });
        let schemes = if self.carried { r#""schemes": {"party": ["lei"]},"# } else { "" };
        let text = format!(r#"{{"list": "bad", {trusted} {schemes} "entries": [{}]}}"#, entries.join(","));
        let snapshot = serde_json::from_str::<Snapshot>(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        Lists::new().with(snapshot).expect("it is the only one")
    }
}

/// The files of a random policy, whose parties have names.
fn files(policy: &policies::Policy) -> Vec<String> {
    let mut files = policy.files();
    let known = "listed : list of listing";
    assert!(files[0].contains(known), "the vocabulary comes first");
    files[0] = files[0].replacen(known, &format!("name : text  {known}"), 1);
    files
}

fn compiled(files: &[String], lists: Lists) -> Ruleset {
    let named = files.iter().enumerate();
    let builder =
        named.fold(Ruleset::builder(), |builder, (at, text)| builder.source(format!("file {at}"), text.clone()));
    builder.lists(lists).compile().unwrap_or_else(|error| panic!("a generated policy is refused: {error}"))
}

/// The activity, its parties with ids and names as the picks say.
fn identified(activity: &Activity, picks: &[(u8, u8)]) -> Activity {
    let Some(Raw::List(parties)) = activity.raw().get("parties") else { return activity.clone() };
    let mut parties = parties.clone();
    for (party, (id, name)) in parties.iter_mut().zip(picks.iter().cycle()) {
        let Raw::Map(facts) = party else { continue };
        facts.retain(|(field, _)| field != "ids" && field != "name");
        let ids = ["lei:a", "lei:b", "lei:z", "passport:p", "passport:z", "ref:E0"];
        if let Some(id) = ids.get(usize::from(*id)) {
            facts.push(("ids".to_owned(), Raw::List(vec![Raw::Text((*id).to_owned())])));
        }
        if let Some(name) = ["NAME 1", "Nobody"].get(usize::from(*name)) {
            facts.push(("name".to_owned(), Raw::Text((*name).to_owned())));
        }
    }
    activity.clone().set("parties", Raw::List(parties))
}

#[test]
fn index_diagram_and_reference_agree_with_a_list() {
    static EVERYTHING: OnceLock<Ruleset> = OnceLock::new();
    let everything = EVERYTHING.get_or_init(|| compiled(&files(&policies::Policy::of_everything()), Lists::new()));
    let questions = vec(drafts(everything, Config::default()), 1..=4);
    let share = agree::Share::default();
    let cases = (policies::policy(), lists(), questions, vec((0..8_u8, 0..4_u8), 3));
    law(200, cases, |(policy, list, drafts, picks)| {
        let files = files(&policy);
        let without = compiled(&files, Lists::new());
        let index = compiled(&files, list.loaded()).with_engine(Engine::Index);
        let diagram = index.with_engine(Engine::Diagram);
        let text = format!("{list:?}\n{}", policy.text());
        for draft in &drafts {
            let activity = identified(&activity(draft, &index), &picks);
            // A host that leaves out a list on which an id stands has to make up its mind first.
            if index.bind(activity.raw()).is_err() {
                continue;
            }
            agree::agree(&index, &diagram, &activity, 20_000, &share, &text)?;
            narrow::complete_within_open(&index, &activity, &text)?;
            // A list says something of the world; it never makes a world possible that was not.
            let (open, closed) = (ask(&without, &activity)?.1, ask(&index, &activity)?.1);
            if open.exact && closed.exact {
                let (with, without) = (&closed.possible, &open.possible);
                let shown = shown(&text, &activity);
                prop_assert!(
                    with.verdicts.is_subset(&without.verdicts),
                    "{with:?} with the list, {without:?} without: {shown}"
                );
            }
        }
        Ok(())
    });
    share.require(70);
}
