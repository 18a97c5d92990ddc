//! All worlds of an activity of which nothing is known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::program::{ACTIVITY, Cond, Fact, FieldId, NormId, Period, Program, Set};
use crate::evaluate::decide::{Compiled, Granted};
use crate::evaluate::worlds::{Ground, Mode, Tested, Worlds};
use crate::facts::Lists;
use crate::facts::question::{Facts, Line, Question, State};

use super::MOST_NODES;

/// The question that states nothing.
pub(super) struct Open<'a> {
    program: &'a Program,
    compiled: Compiled<'a>,
    question: Question,
    lists: Lists,
    presumed: BTreeMap<FieldId, State>,
    granted: Granted,
}

impl<'a> Open<'a> {
    pub fn new(compiled: Compiled<'a>) -> Open<'a> {
        let program = compiled.ground.program;
        let facts = Facts(vec![State::Unstated; program.schema.activity().fields.len()]);
        let question = Question { lines: vec![Line { facts, ..Line::default() }], ..Question::default() };
        Open { program, compiled, question, lists: Lists::new(), presumed: BTreeMap::new(), granted: Granted::new() }
    }

    /// Its worlds, as far as some norms and their exits tell them apart.
    pub fn worlds(&self, norms: &[NormId]) -> Worlds<'_> {
        self.worlds_of(norms, &[])
    }

    /// Likewise, and some conditions on the activity.
    fn worlds_of(&self, norms: &[NormId], conditions: &[Cond]) -> Worlds<'_> {
        let ground = Ground { program: self.program, lists: &self.lists, presumed: &self.presumed };
        let mode = Mode { complete: false, presume: false, rough: false };
        // What a quota counts depends on all norms of its exit.
        let mut tested = Tested::of(self.program, self.compiled.with_quota_norms(norms));
        conditions.iter().for_each(|cond| tested.add_condition(self.program, cond));
        Worlds::new(ground, &self.question, 0, mode, &self.granted, Cow::Owned(tested), MOST_NODES)
    }

    /// What a norm asks for, part by part: its days, whom its regime binds, its actions, and the parts of its `when`.
    pub fn parts_of_norm(&self, id: NormId) -> Vec<Cond> {
        let norm = &self.program.norms[id.at()];
        let core = self.program.schema.core;
        let mut parts = vec![self.in_period(norm.period)];
        if let Some(group) = self.program.regimes[self.program.regime_of(norm.paragraph).at()].binds {
            parts.push(Cond::Member { fact: Fact::Activity(core.actor_state), group });
        }
        if let Some(actions) = &norm.actions {
            parts.push(Cond::Test { fact: Fact::Activity(core.action), set: Set::Terms(actions.clone()) });
        }
        flat(&norm.when, &mut parts);
        parts
    }

    /// What an exit asks for, part by part.
    pub fn parts_of_exit(&self, exit: crate::check::program::ExitId) -> Vec<Cond> {
        let exit = &self.program.exits[exit.at()];
        let mut parts = vec![self.in_period(exit.period)];
        flat(&exit.when, &mut parts);
        parts
    }

    fn in_period(&self, period: Period) -> Cond {
        let end = period.through.map_or(crate::value::Date::MAX, |through| through.next());
        Cond::Test { fact: Fact::Activity(self.program.schema.core.date), set: Set::Dates(vec![(period.from, end)]) }
    }

    /// One of some parts that holds in no world, or two that hold together in none, in words; `None` when there are no such, or
    /// they are not said in a few words.
    pub fn conflict(&self, norms: &[NormId], parts: &[Cond]) -> Option<String> {
        let mut worlds = self.worlds_of(norms, parts);
        let mut never = |cond: Cond| worlds.always(&Cond::Not(Box::new(cond))).ok();
        let say = |cond: &Cond| crate::doc::in_words(self.program, ACTIVITY, cond);
        for part in parts {
            if never(part.clone())? {
                return Some(format!("nothing meets this: {}", say(part)?));
            }
        }
        for (at, one) in parts.iter().enumerate() {
            for other in &parts[at + 1..] {
                if never(Cond::All(vec![one.clone(), other.clone()]))? {
                    return Some(format!("these exclude each other: {}; {}", say(one)?, say(other)?));
                }
            }
        }
        None
    }
}

fn flat(cond: &Cond, into: &mut Vec<Cond>) {
    match cond {
        Cond::All(parts) => parts.iter().for_each(|part| flat(part, into)),
        Cond::Yes => {}
        part => into.push(part.clone()),
    }
}
