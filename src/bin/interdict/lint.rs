//! `interdict lint`

use crate::args::{self, Check};
use crate::{Exit, Stop, answered, check, policies, put, put_json};

/// Prints what lint finds. Information alone is no reason to stop anybody.
pub fn run(it: &Check) -> Result<Exit, Stop> {
    let rules = policies::builder(&it.policies, interdict::Lists::new())?
        .compile()
        .map_err(|error| Stop::Policy(Box::new(error)))?;
    let lint = rules.lint();
    let printed = if matches!(it.format, args::Report::Json) {
        put_json(&lint.located(rules.sources()))
    } else {
        let found = if lint.findings.is_empty() { "clean".to_owned() } else { policies::count(&lint.findings) };
        let tolerated = match lint.tolerated.len() {
            0 => String::new(),
            count => format!(", {count} tolerated"),
        };
        let unsettled = match lint.unsettled {
            0 => String::new(),
            count => format!(", {count} not settled within the budget"),
        };
        check::report(&lint.findings, rules.sources(), it.format)
            .and_then(|()| put(&format!("{found}{tolerated}{unsettled}\n")))
    };
    answered(printed, if lint.findings.has_warnings() { Exit::No } else { Exit::Ok })
}
