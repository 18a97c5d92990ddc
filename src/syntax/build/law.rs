//! Regimes, instruments, paragraphs and clauses.

use crate::syntax::faults::Level;
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{
    ActionTerm, At, Clause, Cond, Deadline, Define, Effect, Exception, Exempt, ExitBody, Instrument, Name, Norm,
    Paragraph, Period, Reading, Regime,
};
use crate::value::Date;

use super::{Build, Seen};

impl<'i> Build<'_> {
    pub(super) fn regime(&mut self, node: &Node<'i>) -> Regime {
        let authorities = node.all(Rule::authority).map(|a| (self.first_name(&a), self.maybe_text(&a))).collect();
        let binds = node.all(Rule::binds).flat_map(|binds| self.names(&binds)).collect();
        Regime { name: self.first_name(node), title: self.maybe_text(node), authorities, binds }
    }

    pub(super) fn instrument(&mut self, node: &Node<'i>) -> Instrument {
        let mut names = self.names(node).into_iter();
        let name = names.next().expect("an instrument has a name");
        let citation = self.maybe_text(node);
        let regime = names.next();
        let adopted = node.part(Rule::adoption).and_then(|adoption| adoption.part(Rule::number));
        let adopted = adopted.map(|day| self.day(&day));

        let mut missing = |absent: bool, what: &str, help: &str| {
            if absent {
                self.report.missing_part(name.span, &format!("instrument `{}` {what}", name.it), help);
            }
        };
        missing(
            citation.is_none(),
            "does not say how it is cited",
            "write it after the name, as in `instrument R1718 \"S/RES/1718 (2006)\" of dprk adopted 2006-10-14`",
        );
        missing(
            regime.is_none(),
            "does not say of which regime it is",
            "write `of` and the regime's name before `adopted`",
        );
        missing(
            adopted.is_none(),
            "does not say when it was adopted",
            "write `adopted` and the day before the `{`; its norms are in force from then on",
        );
        Instrument {
            citation: citation.unwrap_or_else(|| At { it: name.it.clone(), span: name.span }),
            regime: regime.unwrap_or_else(|| At { it: String::new(), span: name.span }),
            adopted: adopted.unwrap_or(At { it: Date::MIN, span: name.span }),
            name,
            paragraphs: self.body(node, Level::Paragraph, |build, node| build.paragraph(node)),
        }
    }

    fn paragraph(&mut self, node: &Node<'i>) -> Paragraph {
        let label = node.part(Rule::label).expect("a paragraph has a label");
        let mut period = Period::default();
        let mut seen = Seen::default();
        let mut replaces = Vec::new();
        for part in node.parts() {
            match part.rule() {
                Rule::from_part | Rule::through_part | Rule::until_part => {
                    self.period_part(&mut period, &mut seen, &part);
                }
                Rule::replaces => {
                    if self.once(&mut seen, &part, "`replaces`", Some("join what it replaces by commas")) {
                        replaces = self.references(&part);
                    }
                }
                _ => {}
            }
        }
        Paragraph {
            label: self.name(&label),
            title: self.maybe_text(node),
            period,
            replaces,
            clauses: self.body(node, Level::Clause, |build, node| build.clause(node)),
        }
    }

    fn clause(&mut self, node: &Node<'i>) -> Clause {
        let clause = node.parts().next().expect("a clause is one of its kinds");
        match clause.rule() {
            Rule::define => Clause::Define(self.define(&clause)),
            Rule::norm => Clause::Norm(self.norm(&clause)),
            Rule::exempt => Clause::Exempt(self.exempt(&clause)),
            Rule::reading => Clause::Reading(self.reading(&clause)),
            _ => Clause::Presume(self.presume(&clause)),
        }
    }

    fn define(&mut self, node: &Node<'i>) -> Define {
        let mut period = Period::default();
        let mut seen = Seen::default();
        let (mut of, mut also) = (None, false);
        for part in node.parts() {
            match part.rule() {
                Rule::of_record => {
                    if self.once(&mut seen, &part, "`of`", None) {
                        of = Some(self.first_name(&part));
                    }
                }
                Rule::kw_also => also |= self.once(&mut seen, &part, "`also`", None),
                Rule::from_part | Rule::through_part | Rule::until_part => {
                    self.period_part(&mut period, &mut seen, &part);
                }
                _ => {}
            }
        }
        let when = node.part(Rule::when_part).expect("a definition has a condition");
        let when = self.when(&when, of.is_some());
        Define { name: self.first_name(node), of, also, period, when }
    }

    pub(super) fn when(&mut self, node: &Node<'i>, in_record: bool) -> Cond {
        let cond = node.part(Rule::cond).expect("`when` has a condition");
        self.cond(&cond, in_record)
    }

    fn norm(&mut self, node: &Node<'i>) -> Norm {
        let effect = node.part(Rule::effect).expect("a norm has an effect");
        let effect = self.effect(&effect);
        let mut norm = Norm {
            effect,
            actions: Vec::new(),
            upon: Vec::new(),
            deadline: None,
            text: None,
            name: None,
            period: Period::default(),
            when: None,
            tolerates: Vec::new(),
            exceptions: Vec::new(),
        };
        let mut seen = Seen::default();
        for part in node.parts() {
            self.norm_part(&mut norm, &mut seen, &part);
        }
        if norm.actions.is_empty() && matches!(norm.effect.it, Effect::Prohibit | Effect::Oblige) {
            let word = if norm.effect.it == Effect::Prohibit { "prohibit" } else { "oblige" };
            let help = format!("write `{word} ACTION`, `{word} any of {{ … }}`, or `{word} any`");
            self.report.missing_part(norm.effect.span, "this norm does not say which action it is about", &help);
            norm.actions.push(ActionTerm::Any(crate::syntax::tree::Span0(norm.effect.span)));
        }
        norm
    }

    fn effect(&self, node: &Node<'i>) -> At<Effect> {
        let word = node.parts().next().expect("an effect is one word");
        let effect = match word.rule() {
            Rule::kw_prohibit => Effect::Prohibit,
            Rule::kw_oblige => Effect::Oblige,
            Rule::kw_advise => Effect::Advise,
            _ => Effect::Caution,
        };
        self.at(&word, effect)
    }

    fn norm_part(&mut self, norm: &mut Norm, seen: &mut Seen<'i>, part: &Node<'i>) {
        match part.rule() {
            Rule::actions => norm.actions = self.actions(part),
            Rule::upon_part => self.upon(norm, seen, part),
            Rule::as_part => {
                if self.once(seen, part, "`as`", None) {
                    norm.name = Some(self.first_name(part));
                }
            }
            Rule::from_part | Rule::through_part | Rule::until_part => self.period_part(&mut norm.period, seen, part),
            Rule::when_part => {
                let when = self.when(part, false);
                if self.once(seen, part, "`when`", Some("join the two conditions with `and`")) {
                    norm.when = Some(when);
                }
            }
            Rule::string => {
                if self.once(seen, part, "a text", None) {
                    norm.text = Some(self.text(part));
                }
            }
            Rule::by_date | Rule::within_after => self.deadline(norm, part),
            Rule::tolerate => norm.tolerates.push(self.tolerate(part)),
            Rule::exception => {
                let exception = self.exception(part);
                norm.exceptions.push(self.at(part, exception));
            }
            _ => {}
        }
    }

    fn upon(&mut self, norm: &mut Norm, seen: &mut Seen<'i>, part: &Node<'i>) {
        if norm.effect.it != Effect::Oblige {
            let place = self.span(part);
            self.report.misplaced_part(
                place,
                "only a duty is brought about by an act",
                "name the act as the action of the norm",
            );
        } else if self.once(seen, part, "`upon`", Some("write `upon any of { … }` for several acts")) {
            let actions = part.part(Rule::actions).expect("`upon` names actions");
            norm.upon = self.actions(&actions);
        }
    }

    fn deadline(&mut self, norm: &mut Norm, part: &Node<'i>) {
        let deadline = if part.rule() == Rule::by_date {
            let date = part.part(Rule::date).expect("`by` has a date");
            Deadline::By(self.date(&date))
        } else {
            let (days, working) = self.days_after(part);
            if working {
                let place = self.span(part);
                self.report.misplaced_part(place, "a duty counts calendar days", "leave `working` out");
            }
            Deadline::Within { days, month: part.part(Rule::the_month).is_some() }
        };
        if norm.effect.it != Effect::Oblige {
            let place = self.span(part);
            self.report.misplaced_part(
                place,
                "only a duty has a last day",
                "write `through` for the last day on which the norm is in force",
            );
        } else if norm.deadline.is_some() {
            let place = self.span(part);
            self.report.repeated_part(place, norm.effect.span, "a last day", None);
        } else {
            norm.deadline = Some(deadline);
        }
    }

    fn actions(&mut self, node: &Node<'i>) -> Vec<ActionTerm> {
        let names = self.names(node);
        let any = node.part(Rule::kw_any);
        if let (Some(any), true) = (&any, names.is_empty()) {
            return vec![ActionTerm::Any(self.place(any))];
        }
        if any.is_none() && names.len() > 1 {
            let list: Vec<_> = names.iter().map(|name| name.it.as_str()).collect();
            let place = self.span(node);
            self.report.misplaced_part(
                place,
                "several actions stand here without braces",
                &format!("write `any of {{ {} }}`", list.join(", ")),
            );
        }
        names.into_iter().map(ActionTerm::Term).collect()
    }

    fn exception(&mut self, node: &Node<'i>) -> Exception {
        let mut name = None;
        let body = self.exit_body(node, &mut name);
        Exception { name: self.first_name(node), body }
    }

    fn exempt(&mut self, node: &Node<'i>) -> Exempt {
        let mut name = None;
        let body = self.exit_body(node, &mut name);
        let from = self.references(node);
        let name = name.unwrap_or_else(|| self.unnamed(node));
        Exempt { from, name, body }
    }

    fn unnamed(&mut self, node: &Node<'i>) -> Name {
        let word = node.part(Rule::kw_exempt).expect("an exemption starts so");
        let place = self.span(&word);
        self.report.missing_part(
            place,
            "this exemption has no name",
            "write `as` and a name, as in `exempt from R1718/8(d) as basic_expenses`; decisions refer to it by the name",
        );
        At { it: "unnamed".to_owned(), span: place }
    }

    fn exit_body(&mut self, node: &Node<'i>, name: &mut Option<Name>) -> ExitBody {
        let mut body = ExitBody::default();
        let mut seen = Seen::default();
        for part in node.parts() {
            if part.rule() == Rule::as_part {
                if self.once(&mut seen, &part, "`as`", None) {
                    *name = Some(self.first_name(&part));
                }
            } else {
                self.exit_part(&mut body, &mut seen, &part);
            }
        }
        body
    }

    fn reading(&mut self, node: &Node<'i>) -> Reading {
        let question = node.part(Rule::string).expect("a reading has a question");
        let yes = node.part(Rule::kw_yes);
        let word = yes.clone().or_else(|| node.part(Rule::kw_no)).expect("a reading has a default");
        Reading {
            name: self.first_name(node),
            question: self.text(&question),
            default: self.at(&word, yes.is_some()),
            tolerates: self.tolerates(node),
        }
    }
}
