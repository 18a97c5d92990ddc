//! What conditions depend on, through definitions.

use std::collections::BTreeSet;

use crate::check::program::{Cond, DefinitionId, Exit, Norm, Program, ReadingId};

/// The readings and definitions on which something depends.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    pub readings: BTreeSet<ReadingId>,
    pub definitions: BTreeSet<DefinitionId>,
}

impl Uses {
    /// Of a norm, its own exceptions left out.
    pub fn of_norm(program: &Program, norm: &Norm) -> Uses {
        let mut uses = Uses::default();
        uses.cond(program, &norm.when);
        uses
    }

    pub fn of_exit(program: &Program, exit: &Exit) -> Uses {
        let mut uses = Uses::default();
        uses.cond(program, &exit.when);
        uses
    }

    fn cond(&mut self, program: &Program, cond: &Cond) {
        match cond {
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.cond(program, part)),
            Cond::Not(inner) => self.cond(program, inner),
            Cond::Count { body, .. } => self.cond(program, body),
            Cond::Reading(reading) => drop(self.readings.insert(*reading)),
            Cond::Defined(definition) => {
                if self.definitions.insert(*definition) {
                    let parts = &program.definitions[definition.at()].parts;
                    parts.iter().for_each(|part| self.cond(program, &part.when));
                }
            }
            Cond::Yes
            | Cond::No
            | Cond::Test { .. }
            | Cond::Goods { .. }
            | Cond::Absent { .. }
            | Cond::Same { .. }
            | Cond::Order { .. }
            | Cond::OrderPlus { .. }
            | Cond::SameYear { .. }
            | Cond::Member { .. }
            | Cond::Listed { .. }
            | Cond::NoAct => {}
        }
    }
}
