//! All applying norms, asked the fast way, are those of the whole decision, and say the same.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::clerk::{Applying, NormStanding};
use crate::evaluate::answer::Answer;
use crate::evaluate::applying::Told;
use crate::evaluate::brief::{Found, Scratch};
use crate::evaluate::find::Engine;
use crate::explain::{Decision, NormEffect};
use crate::facts::Activity;
use crate::facts::code::Coder;
use crate::ruleset::Ruleset;
use crate::strategy::Draft;

use super::{activity, ask, cases, law, plain_cases, policies, shown};

#[test]
fn all_applying_norms_are_those_of_decisions() {
    let fast = Fast::default();
    let holds = |(policy, drafts): (policies::Policy, Vec<Draft>), fast: &Fast| {
        let rules = policy.compile();
        for (nth, draft) in drafts.iter().enumerate() {
            let rules = rules.with_engine([Engine::Index, Engine::Scan][nth % 2]);
            applying_is_decision(&rules, &activity(draft, &rules), &policy.text(), fast)?;
        }
        Ok(())
    };
    law(20, cases(3), |case| holds(case, &Fast::default()));
    law(80, plain_cases(5), |case| holds(case, &fast));
    fast.require(20);
}

/// How many activities needed no look at all worlds together.
#[derive(Debug, Default)]
pub(super) struct Fast {
    all: Cell<u32>,
    found: Cell<u32>,
}

impl Fast {
    pub fn require(&self, percent: u32) {
        let (all, found) = (self.all.get(), self.found.get());
        println!("of {all} activities {found} were told the short way");
        assert!(found * 100 >= all * percent, "only {found} of {all} were told the short way");
    }

    fn count(&self, rules: &Ruleset, activity: &Activity) {
        self.all.set(self.all.get() + 1);
        let mut coder = Coder::default();
        if coder.code(rules.meaning(), activity).is_err() {
            return;
        }
        let briefing = rules.briefing();
        let (mut codes, mut scratch) = (Vec::new(), Scratch::default());
        let mut row = briefing.row(&coder.tape, &mut codes, &mut scratch.patterns);
        if briefing.tell(&mut row, &coder.tape, &mut scratch, &mut Told::default()) != Found::Open {
            self.found.set(self.found.get() + 1);
        }
    }
}

pub(super) fn applying_is_decision(rules: &Ruleset, activity: &Activity, policy: &str, fast: &Fast) -> TestCaseResult {
    let shown = shown(policy, activity);
    let (question, answer) = ask(rules, activity)?;
    fast.count(rules, activity);
    let decision = rules.decide_question(&question);
    let mut clerk = rules.clerk();
    let coded = clerk.code(activity).expect("it was bound before");
    let brief = clerk.decide(activity).expect("it was bound before");
    let same = |applying: &Applying<'_>| {
        if answer.exact {
            prop_assert_eq!(applying.brief(), &brief, "{}", shown);
            same_standings(applying, &answer, &shown)?;
            same_words(rules, applying, &decision, &shown)?;
        }
        Ok(())
    };
    same(&clerk.applying(activity).expect("it was bound before"))?;
    same(&clerk.applying_coded(&coded))
}

fn same_standings(applying: &Applying<'_>, answer: &Answer, shown: &str) -> TestCaseResult {
    let mut wanted = Vec::new();
    for (line, of_line) in answer.lines.iter().enumerate() {
        for norm in &of_line.norms {
            let due: BTreeSet<u32> = norm.due.iter().map(|due| due.exit.0).collect();
            let line = (answer.lines.len() > 1).then_some(line);
            wanted.push((norm.id, line, norm.standings.iter().copied().collect::<Vec<_>>(), due));
        }
    }
    wanted.sort_by_key(|(id, line, ..)| (*id, *line));
    let norms = applying.norms().map(|norm| {
        let says = norm.says();
        (says.id, norm.line(), says.standings.to_vec(), says.due.iter().map(|exit| exit.0).collect())
    });
    prop_assert_eq!(norms.collect::<Vec<_>>(), wanted, "{}", shown);
    Ok(())
}

/// What a decision lists of its norms, and what is told here.
fn same_words(rules: &Ruleset, applying: &Applying<'_>, decision: &Decision, shown: &str) -> TestCaseResult {
    let name = |norm: &NormStanding<'_>| rules.norm(norm.norm()).id.to_owned();
    let binding = applying.norms().filter(|norm| matches!(norm.effect(), NormEffect::Prohibit | NormEffect::Oblige));
    let mut told: Vec<_> = binding
        .map(|norm| {
            let lifted_by: Vec<String> = norm.lifted_by().map(|exit| rules.exit(exit).id.to_owned()).collect();
            let said = format!("{:?} {:?} {}", norm.status(), norm.level(), norm.decides());
            (name(&norm), norm.line(), norm.effect(), said, lifted_by)
        })
        .collect();
    told.sort();
    let listed = decision.findings.iter().flat_map(|finding| &finding.norms).map(|norm| {
        let lifted_by: Vec<String> = norm.lifted_by.iter().map(|by| by.id.clone()).collect();
        let said = format!("{:?} {:?} {}", norm.status, norm.level, norm.decides);
        (norm.id.clone(), norm.line, norm.effect, said, lifted_by)
    });
    let mut listed: Vec<_> = listed.collect();
    listed.sort();
    prop_assert_eq!(told, listed, "{}", shown);

    let due =
        applying.norms().flat_map(|norm| norm.due().map(|exit| rules.exit(exit).id.to_owned()).collect::<Vec<_>>());
    let told: BTreeSet<String> = applying.duties().map(|norm| name(&norm)).chain(due).collect();
    let listed: BTreeSet<String> = decision.duties.iter().map(|duty| duty.id.clone()).collect();
    prop_assert_eq!(told, listed, "duties: {}", shown);
    let notes = |notes: &[crate::explain::Note]| -> BTreeSet<(String, bool)> {
        notes.iter().map(|note| (note.id.clone(), note.needs.is_empty())).collect()
    };
    let told: BTreeSet<_> = applying.advice().map(|norm| (name(&norm), norm.is_certain())).collect();
    prop_assert_eq!(told, notes(&decision.advice), "advice: {}", shown);
    let told: BTreeSet<_> = applying.cautions().map(|norm| (name(&norm), norm.is_certain())).collect();
    prop_assert_eq!(told, notes(&decision.cautions), "cautions: {}", shown);
    Ok(())
}
