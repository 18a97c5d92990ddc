//! What each says when nobody stated a fact that matters.

use std::fmt::Write;

use cel::Context;
use interdict_regimes::{FACTS, Regime, Verdict};

use crate::case::{Case, cases};
use crate::measure::{Answer, Peer};
use crate::peers::{cedar, cel as cel_peer, interdict, regorus, zen};
use crate::report::named;

/// A fact that is taken away.
#[derive(Clone, Copy)]
enum Withheld {
    Destination,
    Quantity,
    Item,
    YesNo(usize),
}

type Candidates = fn(&Case) -> Vec<Withheld>;

const QUESTIONS: [(&str, Candidates); 5] = [
    ("destination", |_| vec![Withheld::Destination]),
    ("item", |_| vec![Withheld::Item]),
    ("quantity", |_| vec![Withheld::Quantity]),
    ("a fact that is yes", |case| yes_no(case, true)),
    ("a fact that is no", |case| yes_no(case, false)),
];

/// The answers to prohibited activities, each with a fact withheld that matters.
pub fn table(norms: usize) -> String {
    let regime = Regime::standard(norms);
    let cases = cases(&regime, 2_006, 2_000);
    let rules = interdict::compile(&regime).expect("it compiled before");
    let mut interdict = interdict::Interdict::new(&rules);
    let mut questions = Vec::new();
    for (what, candidates) in QUESTIONS {
        // The first that matters: that is what `undetermined` says.
        let prohibited = cases.iter().filter(|case| case.verdict == Verdict::Prohibited);
        let mut open = prohibited.flat_map(|case| candidates(case).into_iter().map(|it| without(case, it)));
        let found = open.find(|case| matches!(interdict.whole(case), Answer::Between(..)));
        questions.extend(found.map(|case| (what, case)));
    }
    let root = Context::default();
    let mut text = format!(
        "| of {} prohibited activities, a fact is withheld ({norms} norms) |{}\n|---|{}\n",
        questions.len(),
        questions.iter().map(|(what, _)| format!(" {what} |")).collect::<String>(),
        "---|".repeat(questions.len())
    );
    row(&mut text, "interdict", &questions, Ok(interdict));
    row(&mut text, "cedar-policy", &questions, cedar::Cedar::new(&regime));
    row(&mut text, "regorus", &questions, regorus::Regorus::new(&regime));
    row(&mut text, "cel", &questions, cel_peer::Cel::new(&regime, &root));
    row(&mut text, "zen-engine", &questions, zen::Zen::new(&regime));
    text
}

fn row<P: Peer>(text: &mut String, name: &str, questions: &[(&str, Case)], peer: Result<P, String>) {
    match peer {
        Ok(mut peer) => {
            let answers =
                questions.iter().map(|(_, case)| format!(" {} |", peer.words(case).replace(['\n', '|'], " ")));
            let _ = writeln!(text, "| {} |{}", named(name), answers.collect::<String>());
        }
        Err(why) => {
            let _ = writeln!(text, "| {} | not run: {why} |", named(name));
        }
    }
}

fn yes_no(case: &Case, holds: bool) -> Vec<Withheld> {
    let facts = (0..FACTS.len()).filter(|nth| case.facts.yes_no[*nth] == Some(holds));
    facts.map(Withheld::YesNo).collect()
}

/// An open question: what is not stated is not known.
fn without(case: &Case, withheld: Withheld) -> Case {
    let (mut deal, mut facts) = (case.deal.clone(), case.facts.clone());
    deal.complete = false;
    match withheld {
        Withheld::Destination => (deal.destination, facts.destination) = (None, None),
        Withheld::Quantity => (deal.quantity, facts.quantity) = (None, None),
        Withheld::Item => (deal.item, facts.item) = (None, None),
        Withheld::YesNo(nth) => {
            *deal.facts_mut()[nth] = None;
            facts.yes_no[nth] = None;
        }
    }
    Case { deal, facts, ..*case }
}
