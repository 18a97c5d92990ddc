//! Rego, compiled for the virtual machine of `regorus`.

use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;

use interdict_regimes::Regime;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::case::{self, Case};
use crate::dialect::{Dialect, conditional, strictest_first, verdict};
use crate::measure::{Answer, Peer};

pub struct Regorus(RegoVM);

const DIALECT: Dialect = Dialect { before: "input.", and: "; ", not: "not " };
const ENTRY: &str = "data.sanctions.verdict";

impl Regorus {
    pub fn new(regime: &Regime) -> Result<Regorus, String> {
        Regorus::compile(policy(regime)).map_err(|error| error.to_string())
    }

    fn compile(policy: String) -> Result<Regorus, Box<dyn Error>> {
        let mut engine = Engine::new();
        engine.add_policy("sanctions.rego".to_owned(), policy)?;
        let compiled = engine.compile_with_entrypoint(&Arc::from(ENTRY))?;
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&compiled, &[ENTRY])?);
        machine.set_max_instructions(usize::MAX);
        Ok(Regorus(machine))
    }
}

/// A rule with exceptions has a level of its own; the verdict asks for the strictest first.
fn policy(regime: &Regime) -> String {
    let mut text = String::from("package sanctions\nimport rego.v1\n");
    for (nth, line) in strictest_first(regime).iter().enumerate() {
        let reaches = DIALECT.all(&line.tests);
        if line.ways.is_empty() {
            let _ = writeln!(text, "level_4 if {{ {reaches} }}");
            continue;
        }
        let _ = write!(text, "rule_{nth} :=");
        for way in conditional(line) {
            let tests = DIALECT.all(&way.tests);
            let _ = write!(text, " {} if {{ {reaches}; {tests} }} else :=", way.leaves as u8);
        }
        let _ = writeln!(text, " {} if {{ {reaches} }}", line.at_most() as u8);
        for level in 1..=4 {
            let said = line.at_most() as u8 == level || conditional(line).any(|way| way.leaves as u8 == level);
            if said {
                let _ = writeln!(text, "level_{level} if rule_{nth} == {level}");
            }
        }
    }
    // Each has a body at least, so that each exists.
    (1..=4).for_each(|level| {
        let _ = writeln!(text, "level_{level} if false");
    });
    text.push_str("verdict := 4 if level_4 else := 3 if level_3 else := 2 if level_2 else := 1 if level_1 else := 0\n");
    text
}

impl Peer for Regorus {
    type Input = Value;

    fn prepare(&mut self, case: &Case) -> Value {
        let mut object = Value::new_object();
        let fields = object.as_object_mut().expect("it is an object");
        for (name, value) in case.facts.stated() {
            let value = match value {
                case::Value::Number(number) => Value::from(number),
                case::Value::YesNo(yes) => Value::from(yes),
            };
            fields.insert(Value::from(name), value);
        }
        object
    }

    fn decide(&mut self, input: &Value) -> Answer {
        self.0.set_input(input.clone());
        let said = self.0.execute().ok().and_then(|said| said.as_i64().ok()).and_then(verdict);
        said.map_or(Answer::Failed, Answer::Verdict)
    }

    fn words(&mut self, case: &Case) -> String {
        let input = self.prepare(case);
        self.0.set_input(input.clone());
        match self.0.execute() {
            Ok(_) => self.decide(&input).says(),
            Err(error) => format!("an error: {error}"),
        }
    }
}
