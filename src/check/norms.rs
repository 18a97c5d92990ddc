//! Norms: effect, actions, days, condition.

use crate::resolve::codes::merged;
use crate::resolve::days::day;
use crate::resolve::declarations;
use crate::syntax::tree::{self, ActionTerm};
use crate::value::Date;

use super::Checker;
use super::program::{Deadline, Effect, Norm, Paragraph, Period, Terms, Type};

impl Checker<'_, '_> {
    pub(super) fn norms(&mut self, paragraphs: &[Paragraph]) -> Vec<Norm> {
        let decl = self.decl;
        decl.norms.iter().map(|norm| self.norm(norm, &paragraphs[norm.paragraph.at()])).collect()
    }

    fn norm(&mut self, norm: &declarations::Norm<'_>, paragraph: &Paragraph) -> Norm {
        let mut scope = self.scope_of(norm.paragraph);
        if !scope.provision.contains(&norm.name) {
            scope.provision.push(norm.name.clone());
        }
        let written = norm.written;
        let default = Period { from: paragraph.from, through: paragraph.through };
        Norm {
            name: norm.name.clone(),
            paragraph: norm.paragraph,
            effect: written.effect.it,
            text: written.text.as_ref().map(|text| text.it.clone()),
            actions: self.actions(written),
            period: self.period(&written.period, default, scope.adopted),
            replaced_by: None,
            when: self.maybe_condition(written.when.as_ref(), &scope),
            deadline: self.deadline(written, scope.adopted),
            exits: Vec::new(),
            span: norm.span,
        }
    }

    /// The branches of the taxonomy of actions; `None` is every action.
    fn actions(&mut self, written: &tree::Norm) -> Option<Terms> {
        if written.actions.is_empty() {
            if matches!(written.effect.it, Effect::Prohibit | Effect::Oblige) {
                self.report.action_missing(written.effect.span);
            }
            return None;
        }
        if written.actions.iter().any(|action| matches!(action, ActionTerm::Any(_))) {
            return None;
        }
        let core = self.schema().core;
        let field = self.activity().fields.get(core.action.at())?;
        // Without a field of actions the activity is incomplete, and that is in the report.
        let Type::Term(taxonomy) = field.ty else { return None };
        let mut branches = Vec::new();
        for action in &written.actions {
            if let ActionTerm::Term(name) = action
                && let Some(term) = self.decl.term(taxonomy, name, self.report)
            {
                branches.push((term, self.schema().taxonomies[taxonomy.at()].terms[term as usize].end));
            }
        }
        Some(Terms(merged(branches)))
    }

    fn deadline(&mut self, written: &tree::Norm, adopted: Option<Date>) -> Option<Deadline> {
        let deadline = written.deadline.as_ref()?;
        if written.effect.it != Effect::Oblige {
            self.report.deadline_of_no_duty(written.effect.span);
        }
        match deadline {
            tree::Deadline::By(date) => day(date, adopted, self.decl, self.report).map(Deadline::By),
            tree::Deadline::Within { days, month } => {
                if days.it < 0 {
                    self.report.not_positive(days.span, "days");
                }
                Some(Deadline::Within { days: days.it, month: *month })
            }
        }
    }
}
