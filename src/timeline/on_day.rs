//! The same activity on another day.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::check::program::{ExitId, Type};
use crate::clerk::{Brief, Clerk};
use crate::evaluate::answer::Answer;
use crate::evaluate::decide::{Compiled, Granted};
use crate::explain::{About, about};
use crate::facts::question::{Question, State, Value};
use crate::facts::{Activity, FactsError};
use crate::limits::Limits;
use crate::ruleset::Ruleset;
use crate::value::{Date, Raw, Unit, Verdict};

/// An activity whose date is open.
#[derive(Debug)]
pub(super) struct OnDay<'r> {
    rules: &'r Ruleset,
    /// As stated, without its date.
    undated: Activity,
    /// The day for which `used` was stated.
    stated: Option<Date>,
    open: Question,
    /// What was found for days already.
    answers: RefCell<BTreeMap<Date, Rc<Answer>>>,
    /// How many days may still go over the whole budget of a question.
    left: Cell<usize>,
    /// For the days after these: enough for what is nearly settled.
    scant: Limits,
}

/// Days that may go over the whole budget of a question: of an activity of which little is stated some hundred would.
const MOST_OVER: usize = 16;

/// So small a part of it is the budget of the days after these.
const SCANT: usize = 16;

/// Days on which the answer may begin to be another one.
#[derive(Debug)]
pub(super) struct Days {
    pub starts: BTreeSet<Date>,
    /// Days are compared with each other, so the answer may become another one near these days too.
    pub compared: bool,
}

impl<'r> OnDay<'r> {
    pub fn new(rules: &'r Ruleset, raw: Raw) -> Result<OnDay<'r>, FactsError> {
        let question = rules.bind(&raw)?;
        let date = rules.program().schema.core.date;
        let field = &rules.program().schema.activity().fields[date.at()].name;
        // A line may have a date of its own; the one that all share is the stated one.
        let shared = question.lines.iter().find(|line| !line.own.contains(&date));
        let stated = shared.and_then(|line| match &line.facts.0[date.at()] {
            State::Is(Value::Date(date)) => Some(*date),
            _ => None,
        });
        let undated = Activity::from_raw(raw)?.set(field, Raw::Null);
        let open = rules.bind(undated.raw())?;
        let whole = rules.limits();
        let scant = Limits { question_nodes: whole.question_nodes / SCANT, ..*whole };
        Ok(OnDay { rules, undated, stated, open, answers: RefCell::default(), left: Cell::new(MOST_OVER), scant })
    }

    /// The question on a day. What is used of a quota is known in the period of the stated date only.
    pub fn on(&self, day: Date) -> Result<Question, FactsError> {
        let schema = &self.rules.program().schema;
        let field = &schema.activity().fields[schema.core.date.at()].name;
        let mut question = self.rules.bind(self.undated.clone().set(field, day).raw())?;
        question.used.retain(|(exit, unit), _| self.is_known_used(*exit, *unit, day));
        Ok(question)
    }

    /// Whether what was stated as used of a quota is what was used on that day.
    pub fn is_known_used(&self, exit: ExitId, unit: Unit, day: Date) -> bool {
        let quotas = self.rules.program().exits[exit.at()].quotas.iter().filter(|quota| quota.unit == unit);
        let mut windows = quotas.map(|quota| self.stated.map(|stated| quota.period.window(stated)));
        windows.all(|window| window.is_some_and(|(from, through)| from <= day && day <= through))
    }

    /// All that is known of the question on a day.
    pub fn answer(&self, day: Date, question: &Question) -> Rc<Answer> {
        if let Some(known) = self.answers.borrow().get(&day) {
            return Rc::clone(known);
        }
        let answer = Rc::new(self.compiled(self.left.get() > 0).decide(question, &Granted::new()));
        if !answer.exact {
            self.left.set(self.left.get().saturating_sub(1));
        }
        self.answers.borrow_mut().insert(day, Rc::clone(&answer));
        answer
    }

    /// Briefly what is known on a day; and all of it, where the verdict is open.
    pub fn told(&self, day: Date, clerk: &mut Clerk<'_>) -> Result<(Brief, Option<Rc<Answer>>), FactsError> {
        let question = self.on(day)?;
        if let Some(settled) = clerk.decide_settled(&question) {
            return Ok((settled, None));
        }
        let answer = self.answer(day, &question);
        let brief = Brief::of_answer(&answer);
        // Of a verdict that different norms make in different worlds, no single one decides.
        let nobody = brief.deciding().is_empty() && brief.verdict() != Some(Verdict::NotCovered);
        let open = nobody.then_some(answer);
        Ok((brief, open))
    }

    /// The policy with the whole budget of a question, or with what is left for one that cannot be told exactly.
    pub fn compiled(&self, whole: bool) -> Compiled<'_> {
        let limits = if whole { self.rules.limits() } else { &self.scant };
        Compiled { limits, ..self.rules.compiled() }
    }

    /// What was stated, without its date.
    pub fn raw(&self) -> &Raw {
        self.undated.raw()
    }

    /// Days on which the answer may begin to be another one.
    pub fn days(&self) -> Days {
        let (mut starts, compared) = self.rules.compiled().days(&self.open, &Granted::new());
        if let Some(stated) = self.stated {
            for (exit, unit) in self.open.used.keys() {
                for quota in self.rules.program().exits[exit.at()].quotas.iter().filter(|quota| quota.unit == *unit) {
                    let (from, through) = quota.period.window(stated);
                    starts.extend([from, through.next()]);
                }
            }
        }
        starts.retain(|start| *start <= Date::LAST);
        Days { starts, compared }
    }

    /// The action and the State, where they were stated.
    pub fn about(&self) -> (Option<String>, Option<String>) {
        let About { action, actor_state, .. } = about(self.rules.program(), &self.open);
        (action, actor_state)
    }

    /// The goods, where all lines state the same.
    pub fn goods(&self) -> Option<String> {
        let schema = &self.rules.program().schema;
        let (item, hs) = schema.core.goods?;
        let Type::Term(taxonomy) = schema.activity().fields[item.at()].ty else { return None };
        match (self.open.shared(item)?, self.open.shared(hs)?) {
            (State::Is(Value::Term(term)), _) => {
                Some(schema.taxonomies[taxonomy.at()].terms[*term as usize].name.clone())
            }
            (_, State::Is(Value::Codes(..))) => match self.undated.raw().get(&schema.activity().fields[hs.at()].name) {
                Some(Raw::Text(code)) => Some(format!("HS {code}")),
                Some(Raw::Whole(code)) => Some(format!("HS {code}")),
                _ => None,
            },
            _ => None,
        }
    }
}
