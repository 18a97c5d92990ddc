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
        cond.parts().iter().for_each(|part| self.cond(program, part));
        match cond {
            Cond::Reading(reading) => drop(self.readings.insert(*reading)),
            Cond::Defined(definition) if self.definitions.insert(*definition) => {
                let parts = &program.definitions[definition.at()].parts;
                parts.iter().for_each(|part| self.cond(program, &part.when));
            }
            _ => {}
        }
    }
}
