//! The fast way gives the verdict, the bounds and the deciding norms of the whole decision.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::check::program::NormId;
use crate::clerk::Brief;
use crate::diagram::code::Code;
use crate::evaluate::answer::Answer;
use crate::evaluate::brief::{Found, Scratch};
use crate::evaluate::find::Engine;
use crate::evaluate::row::{FactRow, Fill, Patterns, Reading};
use crate::facts::Activity;
use crate::facts::code::Coder;
use crate::ruleset::Ruleset;

use super::{activity, ask, cases, deciding, law, plain_cases, policies, shown};
use crate::strategy::Draft;

#[test]
fn briefs_are_decisions() {
    let fast = Fast::default();
    let holds = |(policy, drafts): (policies::Policy, Vec<Draft>), fast: &Fast| {
        let rules = policy.compile();
        for draft in &drafts {
            brief_is_decision(&rules, &activity(draft, &rules), &policy.text(), fast)?;
        }
        Ok(())
    };
    law(60, cases(4), |case| holds(case, &Fast::default()));
    law(200, plain_cases(6), |case| holds(case, &fast));
    fast.require(40, 25);
}

/// How many activities were coded the short way, and how many of these needed no look at all worlds together.
#[derive(Debug, Default)]
pub(super) struct Fast {
    all: Cell<u32>,
    coded: Cell<u32>,
    found: Cell<u32>,
}

impl Fast {
    pub fn require(&self, coded: u32, found: u32) {
        let (all, was_coded, was_found) = (self.all.get(), self.coded.get(), self.found.get());
        println!("of {all} activities {was_coded} were coded the short way, {was_found} of them decided so");
        assert!(was_coded * 100 >= all * coded, "only {was_coded} of {all} were coded the short way");
        assert!(was_found * 100 >= all * found, "only {was_found} of {all} were decided the short way");
    }

    fn count(&self, rules: &Ruleset, activity: &Activity) {
        let more = |count: &Cell<u32>| count.set(count.get() + 1);
        more(&self.all);
        let mut coder = Coder::default();
        if coder.code(rules.meaning(), activity).is_err() {
            return;
        }
        more(&self.coded);
        let briefing = rules.briefing();
        let mut codes = vec![Code::PENDING; briefing.basis.rules.row_len()];
        let mut row = FactRow::new(briefing.basis, &coder.tape, briefing.reading(&coder.tape), &mut codes);
        if briefing.decide(&mut row, &coder.tape, &mut Scratch::default()) != Found::Open {
            more(&self.found);
        }
    }
}

pub(super) fn brief_is_decision(rules: &Ruleset, activity: &Activity, policy: &str, fast: &Fast) -> TestCaseResult {
    let shown = || shown(policy, activity);
    let (question, answer) = ask(rules, activity)?;
    fast.count(rules, activity);
    for engine in [Engine::Index, Engine::Diagram, Engine::Scan] {
        let rules = rules.with_engine(engine);
        let mut clerk = rules.clerk();
        let straight = clerk.decide(activity).expect("it was bound before");
        same(&rules, &straight, &answer, &format!("{engine:?}: {}", shown()))?;
        let coded = clerk.code(activity).expect("it was bound before");
        same(&rules, &clerk.decide_coded(&coded), &answer, &format!("{engine:?}, coded: {}", shown()))?;
        if straight.exact() {
            let bounds = clerk.bounds(activity).expect("it was bound before");
            prop_assert_eq!(bounds, straight.bounds(), "{:?}: {}", engine, shown());
            prop_assert_eq!(clerk.bounds_coded(&coded), bounds, "{:?}, coded: {}", engine, shown());
        }
    }
    // What was coded is what would have been bound.
    let mut coder = Coder::default();
    if coder.code(rules.meaning(), activity).is_ok() {
        let coded = coder.tape.question(&rules.program().schema);
        prop_assert_eq!(coded.complete, question.complete);
        prop_assert_eq!(&coded.lines[0].facts, &question.lines[0].facts, "coded and bound: {}", shown());
        prop_assert_eq!(coded, question, "coded and bound: {}", shown());
        // A row that begins with its pattern holds what one holds that begins with nothing.
        let briefing = rules.briefing();
        let mut patterns = Patterns::default();
        for fill in [Fill::Open, Fill::No, Fill::Yes] {
            let how = Reading { fill, ..briefing.reading(&coder.tape) };
            let mut anew = vec![Code::PENDING; briefing.basis.rules.row_len()];
            FactRow::new(briefing.basis, &coder.tape, how, &mut anew).finish();
            let mut after = Vec::new();
            FactRow::after(briefing.basis, &coder.tape, how, &mut after, &mut patterns).finish();
            for (at, (after, anew)) in after.iter().zip(&anew).enumerate() {
                prop_assert_eq!(after, anew, "place {}, {:?}: {}", at, fill, shown());
            }
        }
    }
    Ok(())
}

fn same(rules: &Ruleset, brief: &Brief, answer: &Answer, shown: &str) -> TestCaseResult {
    let bounds = brief.bounds();
    if answer.exact {
        prop_assert!(brief.exact(), "{shown}");
        prop_assert_eq!(
            (bounds.at_least, bounds.at_most),
            (answer.possible.at_least(), answer.possible.at_most()),
            "{}",
            shown
        );
        let program = rules.program();
        let wanted: BTreeSet<&str> =
            deciding(answer).into_iter().map(|id: NormId| program.norms[id.at()].name.as_str()).collect();
        let found: BTreeSet<&str> = brief.deciding().iter().map(|norm| rules.norm(*norm).id).collect();
        prop_assert_eq!(found, wanted, "{}", shown);
    } else if !brief.exact() {
        prop_assert!(bounds.at_least <= answer.possible.at_least() && answer.possible.at_most() <= bounds.at_most);
    }
    Ok(())
}
