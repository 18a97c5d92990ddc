//! What the author knows that lint finds.

use crate::diagnostics::code;
use crate::resolve::nearest::did_you_mean;
use crate::syntax::tree::{At, Tolerate};

use super::Checker;
use super::program::{ExitId, NormId, Presumption, ReadingId, Subject, Tolerance};

impl Checker<'_, '_> {
    pub(super) fn tolerances(&mut self, presumptions: &[Presumption]) -> Vec<Tolerance> {
        let decl = self.decl;
        let mut all = Vec::new();
        for (at, norm) in decl.norms.iter().enumerate() {
            self.tolerated(Subject::Norm(NormId(at as u32)), &norm.written.tolerates, &mut all);
        }
        for (at, exit) in decl.exits.iter().enumerate() {
            self.tolerated(Subject::Exit(ExitId(at as u32)), &exit.body.tolerates, &mut all);
        }
        for (&(record, field), written) in &decl.fields {
            self.tolerated(Subject::Field(record, field), &written.tolerates, &mut all);
        }
        for (at, reading) in decl.readings.iter().enumerate() {
            self.tolerated(Subject::Reading(ReadingId(at as u32)), &reading.written.tolerates, &mut all);
        }
        for written in decl.presumptions.iter().map(|presumption| presumption.written) {
            let known = presumptions.iter().find(|known| known.span == written.field.span);
            if let Some(known) = known {
                self.tolerated(Subject::Presumption(known.field), &written.tolerates, &mut all);
            }
        }
        all
    }

    fn tolerated(&mut self, of: Subject, written: &[At<Tolerate>], into: &mut Vec<Tolerance>) {
        for tolerate in written {
            let Tolerate { code: name, reason } = &tolerate.it;
            if reason.it.trim().is_empty() {
                self.report.no_reason(reason.span, &name.it);
            }
            let known = || code::ALL.iter().filter(|code| code.is_tolerable());
            match known().find(|code| code.id() == name.it) {
                Some(code) => into.push(Tolerance { code: *code, of, reason: reason.it.clone(), span: tolerate.span }),
                None => {
                    let help = did_you_mean(&name.it, known().map(|code| code.id()));
                    let all: Vec<&str> = known().map(|code| code.id()).collect();
                    self.report.unknown_lint(name.span, &name.it, &all.join("`, `"), help);
                }
            }
        }
    }
}
