//! `interdict scenarios`

use crate::args::{Answer, Scenarios};
use crate::{Exit, Stop, policies, put, put_json};

/// Prints the scenarios there are, or those that are missing.
pub fn run(it: &Scenarios) -> Result<Exit, Stop> {
    let rules = policies::compile(&it.policies, &[])?;
    match (it.missing, it.format) {
        (true, Answer::Text) => put(&rules.missing_scenarios().to_string())?,
        (true, Answer::Json) => put_json(&rules.missing_scenarios())?,
        (false, Answer::Json) => put_json(&rules.scenarios())?,
        (false, Answer::Text) => {
            for scenario in rules.scenarios() {
                let place = format!("{}:{}", scenario.place.file, scenario.place.line);
                put(&format!("{place}: {}: {}\n", scenario.title, scenario.expects.join("; ")))?;
            }
        }
    }
    Ok(Exit::Ok)
}
