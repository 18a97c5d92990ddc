//! CEL: one program for each rule, run in order, the strictest first, with an early exit.

use cel::{Context, ExecutionError, Program, Value};
use interdict_regimes::{Regime, Verdict};

use crate::case::{self, Case};
use crate::dialect::{Dialect, conditional, strictest_first, verdict};
use crate::measure::{Answer, Peer};

pub struct Cel<'r> {
    root: &'r Context<'r, 'static>,
    rules: Vec<(Verdict, Program)>,
}

const DIALECT: Dialect = Dialect { before: "", and: " && ", not: "!" };

impl<'r> Cel<'r> {
    /// `root` has what the language has; the facts come on top of it.
    pub fn new(regime: &Regime, root: &'r Context<'r, 'static>) -> Result<Cel<'r>, String> {
        let rules = strictest_first(regime).into_iter().map(|line| {
            let mut level = (line.at_most() as u8).to_string();
            for way in conditional(&line).rev() {
                level = format!("({} ? {} : {level})", DIALECT.all(&way.tests), way.leaves as u8);
            }
            let program = Program::compile(&format!("{} ? {level} : 0", DIALECT.all(&line.tests)));
            Ok((line.at_most(), program.map_err(|error| error.to_string())?))
        });
        Ok(Cel { root, rules: rules.collect::<Result<_, String>>()? })
    }

    fn run(&self, facts: &Context<'r, 'static>) -> Result<Option<Verdict>, ExecutionError> {
        let mut most = Verdict::NotCovered;
        for (at_most, rule) in &self.rules {
            if *at_most <= most {
                break;
            }
            match rule.execute(facts)? {
                Value::Int(level) => most = most.max(verdict(level).unwrap_or(Verdict::Prohibited)),
                _ => return Ok(None),
            }
        }
        Ok(Some(most))
    }
}

impl<'r> Peer for Cel<'r> {
    type Input = Context<'r, 'static>;

    fn prepare(&mut self, case: &Case) -> Context<'r, 'static> {
        let mut facts = self.root.new_inner_scope();
        for (name, value) in case.facts.stated() {
            match value {
                case::Value::Number(number) => facts.add_variable_from_value(name, number),
                case::Value::YesNo(yes) => facts.add_variable_from_value(name, yes),
            }
        }
        facts
    }

    fn decide(&mut self, input: &Context<'r, 'static>) -> Answer {
        self.run(input).ok().flatten().map_or(Answer::Failed, Answer::Verdict)
    }

    fn words(&mut self, case: &Case) -> String {
        let input = self.prepare(case);
        match self.run(&input) {
            Ok(_) => self.decide(&input).says(),
            Err(error) => format!("an error: {error}"),
        }
    }
}
