//! What is proved, the reference evaluator refutes of no activity; what is refuted, it refutes.

use proptest::prelude::*;

use crate::check::program::{Claim, Cond, Property};
use crate::reference;
use crate::source::SourceId;

use super::{activity, law, plain_cases, policies, shown};
use crate::strategy::Draft;

const CLAIMS: [fn(String) -> Claim; 3] = [Claim::AtLeast, Claim::AtMost, Claim::Is];

#[test]
fn proofs_are_true() {
    let shown_of = std::cell::RefCell::new([0_u32; 3]);
    let names = crate::value::Verdict::ALL.map(|verdict| verdict.name());
    law(60, (plain_cases(8), 0..CLAIMS.len(), 0..names.len()), |((policy, drafts), claim, name): Case| {
        let rules = policy.compile();
        // The conditions of the policy's own norms are where its verdicts turn.
        for norm in rules.program().norms.iter().take(3) {
            let no_act = Cond::All(vec![norm.when.clone(), Cond::NoAct]);
            let property = Property {
                title: "it".to_owned(),
                when: no_act,
                claim: CLAIMS[claim](names[name].to_owned()),
                span: crate::source::Span::new(SourceId(0), 0, 0),
            };
            let proved = rules.proved(&property);
            let at = match &proved {
                crate::Proved::Proved => 0,
                crate::Proved::Refuted(found) => {
                    prop_assert_eq!(found.confirmed, Some(true));
                    1
                }
                crate::Proved::Undecided(_) => 2,
            };
            shown_of.borrow_mut()[at] += 1;
            if at != 0 {
                continue;
            }
            for draft in &drafts {
                let activity = rules.unpresumed(&activity(draft, &rules));
                let question = rules.bind(activity.raw()).expect("it binds");
                if rules.holds(&question, &property.when) != Some(true) {
                    continue;
                }
                let Some(answer) = reference::decide(rules.program(), rules.loaded(), &question, 20_000) else {
                    continue;
                };
                prop_assert!(
                    crate::properties::keeps(&property.claim, &answer.possible),
                    "{:?} was proved, but {:?}: {}",
                    property.claim,
                    answer.possible,
                    shown(&policy.text(), &activity)
                );
            }
        }
        Ok(())
    });
    let [proved, refuted, undecided] = shown_of.into_inner();
    println!("{proved} proved, {refuted} refuted, {undecided} undecided");
    assert!(proved > 10 && refuted > 10, "{proved} proved, {refuted} refuted, {undecided} undecided");
}

type Case = ((policies::Policy, Vec<Draft>), usize, usize);
