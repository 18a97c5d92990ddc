//! Index, diagram and reference say the same.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::check::program::NormId;
use crate::diagram::standing::Standing;
use crate::evaluate::answer::Answer;
use crate::evaluate::find::Engine;
use crate::facts::Activity;
use crate::facts::path::FactPath;
use crate::reference;
use crate::ruleset::Ruleset;

use super::{activity, ask, cases, deciding, law, shown};

/// How many questions were compared with the reference, of how many.
#[derive(Default)]
pub(super) struct Share {
    compared: Cell<u32>,
    all: Cell<u32>,
}

impl Share {
    /// Panics when too few questions were within the budgets.
    pub fn require(&self, percent: u32) {
        let (compared, all) = (self.compared.get(), self.all.get());
        println!("{compared} of {all} questions were compared with the reference");
        assert!(compared * 100 >= all * percent, "only {compared} of {all} questions were within the budget");
    }
}

#[test]
fn index_diagram_and_reference_agree() {
    let share = Share::default();
    law(150, cases(6), |(policy, drafts)| {
        let index = policy.compile().with_engine(Engine::Index);
        let diagram = index_and_diagram(&policy);
        for draft in &drafts {
            let activity = activity(draft, &index);
            agree(&index, &diagram, &activity, 20_000, &share, &policy.text())?;
        }
        Ok(())
    });
    share.require(80);
}

fn index_and_diagram(policy: &super::policies::Policy) -> Ruleset {
    policy.compile().with_engine(Engine::Diagram)
}

/// Compares the three on one question.
pub(super) fn agree(
    index: &Ruleset,
    diagram: &Ruleset,
    activity: &Activity,
    budget: usize,
    share: &Share,
    policy: &str,
) -> TestCaseResult {
    let (question, by_index) = ask(index, activity)?;
    let (_, by_diagram) = ask(diagram, activity)?;
    let program = index.program();
    let name = |path: &FactPath| path.name(program, &question);
    let shown = || shown(policy, activity);

    prop_assert_eq!(by_index.exact, by_diagram.exact, "exact: {}", shown());
    if by_index.exact {
        prop_assert_eq!(all_of(&by_index), all_of(&by_diagram), "index and diagram: {}", shown());
    }
    let settled = by_index.possible.settled().is_some();
    prop_assert_eq!(by_index.missing.is_empty(), settled, "missing exactly when not settled: {}", shown());

    share.all.set(share.all.get() + 1);
    let Some(reference) = reference::decide(program, index.loaded(), &question, budget) else { return Ok(()) };
    share.compared.set(share.compared.get() + 1);
    for (engine, answer) in [("index", &by_index), ("diagram", &by_diagram)] {
        prop_assert!(
            reference.possible.is_subset(&answer.possible.verdicts),
            "{engine}: {:?}, reference: {:?}: {}",
            answer.possible,
            reference.possible,
            shown()
        );
        let missing: BTreeSet<String> = answer.missing.iter().map(name).collect();
        let wanted: BTreeSet<String> = reference.missing.iter().map(name).collect();
        prop_assert!(wanted.is_subset(&missing), "{engine}: {missing:?}, reference: {wanted:?}: {}", shown());
        if !answer.exact {
            continue;
        }
        prop_assert_eq!(
            &answer.possible.verdicts,
            &reference.possible,
            "possible, {} and reference: {}",
            engine,
            shown()
        );
        prop_assert_eq!(missing, wanted, "missing, {} and reference: {}", engine, shown());
        let decide = |ids: &BTreeSet<NormId>| -> Vec<String> {
            ids.iter().map(|id| program.norms[id.at()].name.clone()).collect()
        };
        prop_assert_eq!(
            decide(&deciding(answer)),
            decide(&reference.deciding),
            "deciding, {} and reference: {}",
            engine,
            shown()
        );
        if let [line] = answer.lines.as_slice() {
            for (id, finding) in &reference.findings {
                let mine = &line.regimes[id];
                let regime = &program.regimes[id.at()].name;
                prop_assert_eq!(&mine.possible.verdicts, &finding.possible, "{}, {}: {}", regime, engine, shown());
                let missing: BTreeSet<String> = mine.missing.iter().map(name).collect();
                let wanted: BTreeSet<String> = finding.missing.iter().map(name).collect();
                prop_assert_eq!(missing, wanted, "missing of {}, {}: {}", regime, engine, shown());
            }
            prop_assert_eq!(line.regimes.len(), reference.findings.len(), "{}", shown());
        }
    }
    Ok(())
}

type OfLine = (BTreeSet<FactPath>, BTreeMap<NormId, (BTreeSet<Standing>, bool, BTreeSet<FactPath>)>);

/// Everything that does not depend on the way it was found.
fn all_of(answer: &Answer) -> (Vec<crate::value::Verdict>, BTreeSet<FactPath>, BTreeSet<NormId>, Vec<OfLine>) {
    let lines = answer.lines.iter().map(|line| {
        let norms = line.norms.iter().map(|norm| (norm.id, (norm.standings.clone(), norm.decides, norm.needs.clone())));
        (line.missing.iter().cloned().collect(), norms.collect())
    });
    (
        answer.possible.verdicts.iter().copied().collect(),
        answer.missing.iter().cloned().collect(),
        deciding(answer),
        lines.collect(),
    )
}
