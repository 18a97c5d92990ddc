//! Stage 3, declarations → checked program: types, units, dates, citations.

mod amounts;
mod circles;
mod conditions;
mod defeats;
mod definitions;
mod exits;
mod norms;
mod periods;
pub(crate) mod program;
mod records;
mod scenarios;
mod scope;
mod tolerances;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::diagnostics::Report;
use crate::resolve::Declarations;
use crate::source::SourceId;
use crate::syntax::tree;

use program::{DefinitionId, Program};

/// Gives every value a type and every period its days. What is wrong stands
/// in the report; a program whose report has errors must not be evaluated.
pub(crate) fn from_resolved(
    files: &[(SourceId, tree::File)],
    declarations: &Declarations<'_>,
    report: &mut Report,
) -> Program {
    let mut checker = Checker { decl: declarations, report, uses: BTreeSet::new() };
    let mut program = Program {
        schema: declarations.schema.clone(),
        regimes: declarations.regimes.clone(),
        instruments: declarations.instruments.clone(),
        paragraphs: checker.paragraphs(),
        ..Program::default()
    };
    program.norms = checker.norms(&program.paragraphs);
    program.exits = checker.exits(&program.paragraphs, &program.norms);
    checker.replace(&mut program);
    checker.attach(&mut program);
    checker.refuse_circles();
    program.readings = checker.readings();
    program.definitions = checker.definitions(&program.paragraphs);
    program.presumptions = checker.presumptions(&program.paragraphs);
    program.scenarios = checker.scenarios(files);
    program.properties = checker.properties(files);
    checker.warn_of_unused_definitions();
    program.fields = declarations.fields.iter().map(|(of, written)| (*of, written.name.span)).collect();
    program.tolerances = checker.tolerances(&program.presumptions);
    program
}

/// What every part of the stage needs.
struct Checker<'a, 't> {
    decl: &'a Declarations<'t>,
    report: &'a mut Report,
    /// Which definition names which; `None` is a norm, an exit or a property.
    uses: BTreeSet<(Option<DefinitionId>, DefinitionId)>,
}
