//! ZEN: a decision table, the strictest rows first, where the first that fits says the verdict.

use interdict_regimes::{Line, Regime, Test, Verdict, Way, slot};
use serde_json::{Value as Json, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, EvaluationError, Variable};

use crate::case::{self, Case, name};
use crate::dialect::{Dialect, conditional, strictest_first, verdict};
use crate::measure::{Answer, Peer};

pub struct Zen(Decision);

const DIALECT: Dialect = Dialect { before: "", and: " and ", not: "not " };

impl Zen {
    pub fn new(regime: &Regime) -> Result<Zen, String> {
        let content: GraphContent = serde_json::from_value(graph(regime)).map_err(|error| error.to_string())?;
        let mut decision = Decision::from(content);
        decision.compile();
        Ok(Zen(decision))
    }

    fn run(&self, input: &Variable) -> Result<Option<Verdict>, Box<EvaluationError>> {
        let said = pollster::block_on(self.0.evaluate(input.clone()))?.result;
        let level = said.dot("verdict").and_then(|level| level.as_number());
        Ok(match level {
            Some(level) => i64::try_from(level).ok().and_then(verdict),
            // No row fits.
            None => Some(Verdict::NotCovered),
        })
    }
}

/// A column for each fact, and one for exceptions.
fn graph(regime: &Regime) -> Json {
    let columns = (0..slot::COUNT).map(|place| json!({ "id": name(place), "name": name(place), "field": name(place) }));
    let mut columns: Vec<Json> = columns.collect();
    columns.push(json!({ "id": "exception", "name": "exception" }));
    let mut rows: Vec<(Verdict, Json)> = strictest_first(regime).iter().flat_map(rows).collect();
    rows.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let rows: Vec<Json> = rows.into_iter().map(|(_, row)| row).collect();
    let table = json!({
        "hitPolicy": "first",
        "inputs": columns,
        "outputs": [{ "id": "verdict", "name": "verdict", "field": "verdict" }],
        "rules": rows,
    });
    json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": table },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "first", "sourceId": "in", "targetId": "table" },
            { "id": "second", "sourceId": "table", "targetId": "out" },
        ],
    })
}

/// One row for each level that a rule can have.
fn rows(line: &Line) -> Vec<(Verdict, Json)> {
    let mut rows = Vec::new();
    let mut better: Vec<String> = Vec::new();
    let outright = Way { leaves: line.at_most(), tests: Vec::new() };
    for way in conditional(line).chain([&outright]) {
        let mut row = serde_json::Map::new();
        row.insert("_id".to_owned(), json!("row"));
        for test in &line.tests {
            row.insert(name(test.slot as usize).to_owned(), json!(cell(test)));
        }
        let tests = (!way.tests.is_empty()).then(|| DIALECT.all(&way.tests));
        let exception: Vec<String> = better.iter().map(|it| format!("not ({it})")).chain(tests.clone()).collect();
        row.insert("exception".to_owned(), json!(exception.join(" and ")));
        row.insert("verdict".to_owned(), json!((way.leaves as u8).to_string()));
        better.extend(tests);
        rows.push((way.leaves, Json::Object(row)));
    }
    rows
}

fn cell(test: &Test) -> String {
    let Test { low, high, .. } = *test;
    match (low, high) {
        _ if test.slot as usize >= slot::FACTS => (low == 1).to_string(),
        _ if low == high => low.to_string(),
        (_, i32::MAX) => format!(">= {low}"),
        _ => format!("[{low}..{high}]"),
    }
}

impl Peer for Zen {
    type Input = Variable;

    fn prepare(&mut self, case: &Case) -> Variable {
        let input = Variable::empty_object();
        for (name, value) in case.facts.stated() {
            let value = match value {
                case::Value::Number(number) => Variable::Number(number.into()),
                case::Value::YesNo(yes) => Variable::Bool(yes),
            };
            input.dot_insert(name, value);
        }
        input
    }

    fn decide(&mut self, input: &Variable) -> Answer {
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
