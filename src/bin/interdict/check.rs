//! `interdict check`

use interdict::CompileError;
use interdict::Sources;
use interdict::diagnostics::Report;

use crate::args::{self, Check};
use crate::{Exit, Stop, answered, policies, put, put_json};

/// Compiles and reports. What was found is what the command is for, so it goes to standard output.
pub fn run(it: &Check) -> Result<Exit, Stop> {
    match policies::builder(&it.policies, interdict::Lists::new())?.compile() {
        Ok(rules) => {
            let mut printed = report(rules.warnings(), rules.sources(), it.format);
            if !matches!(it.format, args::Report::Json) {
                let size = rules.size();
                let warnings = match rules.warnings().is_empty() {
                    true => String::new(),
                    false => format!(", {}", policies::count(rules.warnings())),
                };
                let diagram = match size.diagram_nodes {
                    Some(nodes) => format!("a diagram of {nodes} nodes"),
                    None => "an index and no diagram".to_owned(),
                };
                let sound = format!("sound: {} norms, {} exceptions, {diagram}{warnings}\n", size.norms, size.exits);
                printed = printed.and_then(|()| put(&sound));
            }
            answered(printed, Exit::Ok)
        }
        Err(CompileError::Refused(refusal)) => {
            let mut printed = report(refusal.report(), refusal.sources(), it.format);
            if matches!(it.format, args::Report::Full) {
                printed = printed.and_then(|()| put(&format!("{}\n", policies::count(refusal.report()))));
            }
            answered(printed, Exit::Policy)
        }
        Err(other) => Err(Stop::Policy(Box::new(other))),
    }
}

/// Prints a report in the format that was asked for.
pub fn report(report: &Report, sources: &Sources, format: args::Report) -> Result<(), Stop> {
    match format {
        args::Report::Full if report.is_empty() => Ok(()),
        args::Report::Full => put(&format!("{}\n", report.render(sources, policies::colours(&std::io::stdout())))),
        args::Report::Concise => put(&report.concise(sources)),
        args::Report::Json => put_json(&report.located(sources)),
    }
}
