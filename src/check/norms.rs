//! Norms: effect, actions, days, condition.

use crate::resolve::codes::merged;
use crate::resolve::days::day;
use crate::resolve::declarations;
use crate::syntax::tree::{self, ActionTerm};
use crate::value::Date;

use super::Checker;
use super::program::{Cond, Deadline, Effect, Fact, Norm, Paragraph, Period, Set, Terms, Type};

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
        if written.actions.is_empty() && matches!(written.effect.it, Effect::Prohibit | Effect::Oblige) {
            self.report.action_missing(written.effect.span);
        }
        let actions = self.actions(&written.actions);
        let when = self.maybe_condition(written.when.as_ref(), &scope);
        let (reached, upon, when) = match written.upon.as_slice() {
            [] => (actions, None, when),
            upon => {
                let upon = self.actions(upon);
                let both = actions.as_ref().zip(upon.as_ref());
                let both = both.map(|(actions, upon)| Terms(merged([&actions.0[..], &upon.0].concat())));
                let when = Cond::All(vec![self.done_or_brought_about(actions), when]);
                (both, Some(upon), when)
            }
        };
        let default = Period { from: paragraph.from, through: paragraph.through };
        Norm {
            name: norm.name.clone(),
            paragraph: norm.paragraph,
            effect: written.effect.it,
            text: written.text.as_ref().map(|text| text.it.clone()),
            actions: reached,
            upon,
            period: self.period(&written.period, default, scope.adopted),
            replaced_by: None,
            when,
            deadline: self.deadline(written, scope.adopted),
            exits: Vec::new(),
            span: norm.span,
        }
    }

    /// The branches of the taxonomy of actions; `None` is every action.
    fn actions(&mut self, written: &[ActionTerm]) -> Option<Terms> {
        if written.is_empty() || written.iter().any(|action| matches!(action, ActionTerm::Any(_))) {
            return None;
        }
        let core = self.schema().core;
        let field = self.activity().fields.get(core.action.at())?;
        // Without a field of actions the activity is incomplete, and that is in the report.
        let Type::Term(taxonomy) = field.ty else { return None };
        let mut branches = Vec::new();
        for action in written {
            if let ActionTerm::Term(name) = action
                && let Some(term) = self.decl.term(taxonomy, name, self.report)
            {
                branches.push((term, self.schema().taxonomies[taxonomy.at()].terms[term as usize].end));
            }
        }
        Some(Terms(merged(branches)))
    }

    /// The activity is what the duty demands, or something that is done and brings the duty about: leaving that
    /// undone brings about nothing, so a duty that an act brings about never forbids.
    fn done_or_brought_about(&self, actions: Option<Terms>) -> Cond {
        let core = self.schema().core;
        let (Some(actions), Some(omission)) = (actions, core.omission) else { return Cond::Yes };
        let demanded = Cond::Test { fact: Fact::Activity(core.action), set: Set::Terms(actions) };
        let omitted = Cond::Test { fact: Fact::Activity(omission), set: Set::YesNo(true) };
        Cond::Any(vec![demanded, Cond::Not(Box::new(omitted))])
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
