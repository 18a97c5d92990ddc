//! Agreement first, then time.

use std::hint::black_box;
use std::time::{Duration, Instant};

use interdict_regimes::Verdict;

use crate::case::Case;

/// One way to decide, with the policy compiled.
pub trait Peer {
    /// What it decides from, prepared beforehand.
    type Input;

    /// Makes its input of typed facts.
    fn prepare(&mut self, case: &Case) -> Self::Input;

    /// Decides.
    fn decide(&mut self, input: &Self::Input) -> Answer;

    /// From typed facts to the answer.
    fn whole(&mut self, case: &Case) -> Answer {
        let input = self.prepare(case);
        self.decide(&input)
    }

    /// The answer in words, with whatever the engine says besides.
    fn words(&mut self, case: &Case) -> String {
        self.whole(case).says()
    }
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Verdict(Verdict),
    /// Only whether it may proceed.
    MayProceed(bool),
    /// Between two verdicts.
    Between(&'static str, &'static str),
    /// An error.
    Failed,
}

/// What was measured of one peer at one size.
pub enum Cell {
    Measured { compared: usize, compile: Duration, native: f64, whole: f64 },
    Disagrees(String),
    NotRun(String),
}

impl Answer {
    /// Whether it is what the match in Rust says, as far as it can say that.
    pub fn is(self, verdict: Verdict) -> bool {
        match self {
            Answer::Verdict(said) => said == verdict,
            Answer::MayProceed(said) => said == verdict.may_proceed(),
            Answer::Between(..) | Answer::Failed => false,
        }
    }

    pub fn says(self) -> String {
        match self {
            Answer::Verdict(verdict) => verdict.name().to_owned(),
            Answer::MayProceed(true) => "permit".to_owned(),
            Answer::MayProceed(false) => "forbid".to_owned(),
            Answer::Between(least, most) => format!("undetermined, {least} to {most}"),
            Answer::Failed => "an error".to_owned(),
        }
    }
}

impl Cell {
    pub fn agrees(&self) -> bool {
        !matches!(self, Cell::Disagrees(_))
    }

    pub fn says(&self) -> String {
        match self {
            Cell::Measured { compared, compile, native, whole } => format!(
                "{compared} compared; {native:.0} ns prepared, {whole:.0} ns from a struct; compiled in {compile:.1?}"
            ),
            Cell::Disagrees(how) => format!("disagrees: {how}"),
            Cell::NotRun(why) => format!("not run: {why}"),
        }
    }
}

/// Compiles, compares on every case, and measures.
pub fn measure<P: Peer>(cases: &[Case], compile: impl FnOnce() -> Result<P, String>) -> Cell {
    let start = Instant::now();
    let mut peer = match compile() {
        Ok(peer) => peer,
        Err(why) => return Cell::NotRun(why),
    };
    let compile = start.elapsed();
    measure_compiled(&mut peer, cases, compile)
}

/// Likewise, compiled already.
pub fn measure_compiled<P: Peer>(peer: &mut P, cases: &[Case], compile: Duration) -> Cell {
    let start = Instant::now();
    for case in cases {
        let answer = peer.whole(case);
        if !answer.is(case.verdict) {
            return Cell::Disagrees(format!("{} instead of {}: {:?}", answer.says(), case.verdict.name(), case.deal));
        }
    }
    let each = start.elapsed() / cases.len() as u32;
    let inputs: Vec<P::Input> = cases.iter().map(|case| peer.prepare(case)).collect();
    let native = median(&inputs, each, |input| peer.decide(input));
    let whole = median(cases, each, |case| peer.whole(case));
    Cell::Measured { compared: cases.len(), compile, native, whole }
}

/// The median over rounds of the mean over the activities of a round, in nanoseconds. All rounds take about two
/// seconds, with as many activities each as there is time for.
fn median<T>(all: &[T], each: Duration, mut decide: impl FnMut(&T) -> Answer) -> f64 {
    const ROUNDS: usize = 15;
    let time = Duration::from_secs(2) / ROUNDS as u32;
    let possible = (time.as_nanos() / each.as_nanos().max(1)) as usize;
    let some = &all[..possible.clamp(50, all.len().max(50)).min(all.len())];
    let passes = (possible / some.len()).clamp(1, 50);
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..passes {
                for one in some {
                    black_box(decide(black_box(one)));
                }
            }
            start.elapsed().as_nanos() as f64 / (passes * some.len()) as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}
