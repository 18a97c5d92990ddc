//! This crate's own: policy text, and any `Serialize` struct with the names that a person would use.

use std::time::Instant;

use interdict::{Brief, Clerk, Coded, Limits, Ruleset};
use interdict_regimes::{Regime, Verdict};

use crate::case::Case;
use crate::measure::{Answer, Cell, Peer, measure_compiled};

pub struct Interdict<'r>(Clerk<'r>);

pub fn compile(regime: &Regime) -> Result<Ruleset, String> {
    let mut limits = Limits::default();
    limits.source_bytes = 64 << 20;
    let built = Ruleset::builder().source("regime.interdict", regime.policy()).limits(limits).compile();
    built.map_err(|error| error.to_string())
}

impl<'r> Interdict<'r> {
    pub fn new(rules: &'r Ruleset) -> Interdict<'r> {
        Interdict(rules.clerk())
    }
}

impl<'r> Peer for Interdict<'r> {
    type Input = Coded<'r>;

    fn prepare(&mut self, case: &Case) -> Coded<'r> {
        self.0.code(&case.deal).expect("the fields are those of the policy")
    }

    fn decide(&mut self, input: &Coded<'r>) -> Answer {
        answer(&self.0.decide_coded(input))
    }

    fn whole(&mut self, case: &Case) -> Answer {
        self.0.decide(&case.deal).map_or(Answer::Failed, |brief| answer(&brief))
    }
}

fn answer(brief: &Brief) -> Answer {
    let bounds = brief.bounds();
    match brief.verdict() {
        Some(interdict::Verdict::NotCovered) => Answer::Verdict(Verdict::NotCovered),
        Some(interdict::Verdict::Allowed) => Answer::Verdict(Verdict::Allowed),
        Some(interdict::Verdict::RequiresNotification) => Answer::Verdict(Verdict::RequiresNotification),
        Some(interdict::Verdict::RequiresAuthorisation) => Answer::Verdict(Verdict::RequiresAuthorisation),
        Some(interdict::Verdict::Prohibited) => Answer::Verdict(Verdict::Prohibited),
        #[allow(unreachable_patterns)]
        Some(_) => Answer::Failed,
        None => Answer::Between(bounds.at_least.name(), bounds.at_most.name()),
    }
}

/// Compiled from the text.
pub fn measured(regime: &Regime, cases: &[Case]) -> Cell {
    let start = Instant::now();
    match compile(regime) {
        Ok(rules) => {
            let compile = start.elapsed();
            measure_compiled(&mut Interdict::new(&rules), cases, compile)
        }
        Err(why) => Cell::NotRun(why),
    }
}
