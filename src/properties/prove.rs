//! Proving a property: no world in which its `when` holds has another verdict. What a world shows is put to the reference
//! evaluator before anybody is told.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use crate::check::program::{ACTIVITY, Claim, Cond, ExitId, Fact, Program, Property, ReadingId, Set, Type};
use crate::evaluate::decide::Granted;
use crate::evaluate::prove::{Sought, World};
use crate::evaluate::worlds::Rep;
use crate::explain::SourcePlace;
use crate::facts::Activity;
use crate::facts::path::FactPath;
use crate::interview::place;
use crate::ruleset::Ruleset;
use crate::value::{Date, Raw, Verdict};

use super::{Case, Counterexample};

/// What became of one property.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Proof {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// Whether it holds of every activity there can be.
    pub found: Proved,
}

/// Whether a property holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Proved {
    /// It holds of every single activity, of all those that nobody ever generated as well.
    Proved,
    /// It does not hold of this one.
    Refuted(Box<Counterexample>),
    /// Neither was shown, for this reason.
    Undecided(String),
}

impl Proof {
    /// It holds.
    pub fn is_proved(&self) -> bool {
        matches!(self.found, Proved::Proved)
    }

    /// The activity that refutes it.
    pub fn counterexample(&self) -> Option<&Counterexample> {
        match &self.found {
            Proved::Refuted(found) => Some(found),
            Proved::Proved | Proved::Undecided(_) => None,
        }
    }
}

impl Display for Proof {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.found {
            Proved::Proved => write!(f, "proved: {}", self.title),
            Proved::Refuted(found) => write!(f, "refuted: {}\n{}", self.title, found.scenario),
            Proved::Undecided(why) => write!(f, "undecided: {}: {why}", self.title),
        }
    }
}

/// Worlds that are tried as counterexamples, each time.
const MOST_TRIED: usize = 24;
/// Counterexamples that the reference is asked about in vain.
const MOST_DOUBTED: usize = 3;

impl Ruleset {
    /// Proves or refutes the properties of the texts that were given (those that `use` brought in are left out), in order.
    ///
    /// A property is proved when no world in which its `when` holds has a verdict that it excludes: all values of all facts are
    /// looked at together, as in the decision on an open question, under the same limit. Nothing is presumed, disputed readings are
    /// the policy's default unless `when` takes a side, and only single activities are meant, no consignments of
    /// several lines. Of a property that does not say `no act`, *at least* is proved as if every act that could help
    /// had been done; *at most*, as if it were asked about when all deadlines had passed. What refutes a property was confirmed by the reference evaluator.
    ///
    /// ```
    /// let policy = r#"
    ///     use un_dprk
    ///     property "since 1874, no arms are bought from the DPRK lawfully without the Committee" {
    ///         when action is procurement and item under arms and origin is KP
    ///             and actor_state in un_members and date >= 2009-06-12 and not omission and no act
    ///         always at least requires_authorisation
    ///     }
    /// "#;
    /// let rules = interdict::Ruleset::compile("arms", policy)?;
    /// assert!(rules.prove_properties()[0].is_proved());
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn prove_properties(&self) -> Vec<Proof> {
        self.given_properties().map(|property| self.prove(property)).collect()
    }

    fn prove(&self, property: &Property) -> Proof {
        let source = self.sources().get(property.span.source());
        let line = source.line_column(property.span.range().start).0;
        let place = SourcePlace { file: source.name().to_owned(), line };
        Proof { title: property.title.clone(), place, found: self.proved(property) }
    }

    pub(crate) fn proved(&self, property: &Property) -> Proved {
        let verdict = |name: &str| Verdict::from_name(name).expect("the checker knows the names of verdicts");
        let sought = match &property.claim {
            Claim::AtLeast(name) => vec![Sought::Below(verdict(name))],
            Claim::AtMost(name) => vec![Sought::Above(verdict(name))],
            Claim::Is(name) => vec![Sought::Above(verdict(name)), Sought::Below(verdict(name))],
        };
        for sought in sought {
            match self.none_with(property, sought) {
                Proved::Proved => {}
                other => return other,
            }
        }
        Proved::Proved
    }

    /// Whether no activity of which `when` holds has such a verdict.
    fn none_with(&self, property: &Property, sought: Sought) -> Proved {
        let program = self.program();
        // Nothing is below the one end of the scale, or above the other.
        if matches!(sought, Sought::Below(Verdict::NotCovered) | Sought::Above(Verdict::Prohibited)) {
            return Proved::Proved;
        }
        let acts = Acts::of(program, &property.when);
        let granted = match (acts, sought) {
            (Acts::Excluded, _) | (Acts::OnlyHelp, Sought::Above(_)) => Granted::new(),
            (Acts::OnlyHelp, Sought::Below(_)) => every_requirement(program),
            (Acts::MayHarm, _) => {
                let why = "acts bear on which norms apply, and its `when` does not say `no act`";
                return Proved::Undecided(why.to_owned());
            }
        };
        let stated = stated(program, &property.when);
        // When it is asked about after all deadlines, exits that were open are not any more: nothing is stricter. Nor is an act
        // that came too late.
        let late = stated.clone().set("asked_on", Date::LAST);
        let asked = match sought {
            Sought::Below(_) => vec![stated],
            Sought::Above(_) => vec![stated, late],
        };
        for stated in &asked {
            match self.none_stating(property, sought, stated, &granted) {
                Proved::Proved => {}
                other => return other,
            }
        }
        Proved::Proved
    }

    /// Whether no activity that states these facts, and of which `when` holds, has such a verdict.
    fn none_stating(&self, property: &Property, sought: Sought, stated: &Activity, granted: &Granted) -> Proved {
        let Ok(mut question) = self.bind(self.unpresumed(stated).raw()) else {
            return Proved::Undecided("what its `when` asks for cannot be stated as facts".to_owned());
        };
        question.readings.extend(readings(&property.when).into_iter().map(|id| (id, None)));
        let mut why = String::new();
        let mut doubted = 0;
        for rough in [true, false] {
            let found = self.compiled().worlds_with(&question, granted, &property.when, sought, rough, MOST_TRIED);
            let Ok(shown) = found else {
                why = format!("over the budget of {} nodes", self.limits().question_nodes);
                continue;
            };
            if shown.worlds.is_empty() {
                return Proved::Proved;
            }
            for world in &shown.worlds {
                match self.refuted(property, stated, world) {
                    Some(found) if found.confirmed == Some(true) => return Proved::Refuted(Box::new(found)),
                    Some(_) if doubted == MOST_DOUBTED => break,
                    Some(_) => doubted += 1,
                    None => {}
                }
            }
            why = if shown.exact {
                "what may refute it could not be made an activity".to_owned()
            } else {
                format!("over the budget of {} nodes", self.limits().question_nodes)
            };
        }
        Proved::Undecided(why)
    }

    /// The counterexample that a world makes, if it makes one.
    fn refuted(&self, property: &Property, stated: &Activity, world: &World) -> Option<Counterexample> {
        let open = told(self.program(), stated, world)?;
        // Of an activity of which all is said, the reference knows soonest.
        let both = [open.clone().complete(), open];
        let activity =
            both.into_iter().find(|activity| matches!(self.case(property, activity), Case::Refutes { .. }))?;
        Some(self.counterexample(property, activity))
    }
}

/// What acts can do to a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Acts {
    /// Its `when` asks for none.
    Excluded,
    /// They lift, and do nothing else.
    OnlyHelp,
    /// Conditions ask whether there are any, or they bring about duties.
    MayHarm,
}

impl Acts {
    pub fn of(program: &Program, when: &Cond) -> Acts {
        if conjuncts(when).iter().any(|part| matches!(part, Cond::NoAct)) {
            return Acts::Excluded;
        }
        let asks = |cond: &Cond| mentions(program, cond, &|cond| matches!(cond, Cond::NoAct));
        let harm = asks(when)
            || program.norms.iter().any(|norm| norm.upon.is_some() || asks(&norm.when))
            || program.exits.iter().any(|exit| asks(&exit.when));
        if harm { Acts::MayHarm } else { Acts::OnlyHelp }
    }
}

fn every_requirement(program: &Program) -> Granted {
    let exits = program.exits.iter().enumerate();
    exits.flat_map(|(id, exit)| (0..exit.requirements.len()).map(move |at| (ExitId(id as u32), at))).collect()
}

/// The parts that must all hold.
fn conjuncts(cond: &Cond) -> Vec<&Cond> {
    match cond {
        Cond::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        one => vec![one],
    }
}

fn mentions(program: &Program, cond: &Cond, is: &dyn Fn(&Cond) -> bool) -> bool {
    let within = |cond: &Cond| mentions(program, cond, is);
    is(cond)
        || cond.parts().iter().any(within)
        || match cond {
            Cond::Defined(id) => program.definitions[id.at()].parts.iter().any(|part| within(&part.when)),
            _ => false,
        }
}

/// The readings that a condition names.
fn readings(cond: &Cond) -> BTreeSet<ReadingId> {
    match cond {
        Cond::Reading(id) => BTreeSet::from([*id]),
        other => other.parts().iter().flat_map(readings).collect(),
    }
}

/// The facts that a condition fixes: the fewer norms can reach.
fn stated(program: &Program, when: &Cond) -> Activity {
    let fields = &program.schema.activity().fields;
    let mut activity = Activity::new();
    for part in conjuncts(when) {
        let (fact, set, yes) = match part {
            Cond::Test { fact, set } => (fact, set, true),
            Cond::Not(inner) => match &**inner {
                Cond::Test { fact, set: set @ Set::YesNo(_) } => (fact, set, false),
                _ => continue,
            },
            _ => continue,
        };
        let Fact::Activity(field) = fact else { continue };
        let field = &fields[field.at()];
        // What is not yes may be no, or none.
        if field.many || !yes && !field.required || activity.raw().get(&field.name).is_some() {
            continue;
        }
        match (set, field.ty) {
            (Set::YesNo(holds), _) => activity = activity.set(&field.name, *holds == yes),
            (Set::Terms(terms), Type::Term(taxonomy) | Type::Root(taxonomy)) => {
                let [(from, to)] = terms.0[..] else { continue };
                let term = &program.schema.taxonomies[taxonomy.at()].terms[from as usize];
                if term.end == to {
                    activity = activity.set(&field.name, term.name.as_str());
                }
            }
            _ => {}
        }
    }
    activity
}

/// An activity that has the facts of a world, as far as they are facts of the activity itself; others stay open.
fn told(program: &Program, stated: &Activity, world: &World) -> Option<Activity> {
    let mut raw = stated.raw().clone();
    for (paths, rep) in world {
        let values: Vec<(&FactPath, Raw)> = match (&paths[..], rep) {
            ([item, code], Rep::Goods(term, digits)) => {
                vec![(item, term_of(program, item, *term)?), (code, digits.map_or(Raw::from("none"), code_of))]
            }
            ([only], Rep::Goods(term, code)) => {
                let item = program.schema.core.goods.map(|(item, _)| item);
                let is_item = only.field(program).is_some_and(|(_, field)| Some(field) == item);
                let code = || code.map_or(Raw::from("none"), code_of);
                vec![(only, if is_item { term_of(program, only, *term)? } else { code() })]
            }
            ([only], rep) => match value(program, only, rep) {
                Some(value) => vec![(only, value)],
                None => continue,
            },
            _ => continue,
        };
        for (path, value) in values {
            match path {
                FactPath::Field { place: at, element: None, .. } if at.steps.is_empty() => {}
                FactPath::Reading(_) => {}
                _ => continue,
            }
            raw = place::put(program, &raw, path, value)?;
        }
    }
    Activity::from_raw(raw).ok()
}

fn value(program: &Program, path: &FactPath, rep: &Rep) -> Option<Raw> {
    if let (FactPath::Reading(_), Rep::YesNo(yes)) = (path, rep) {
        return Some(Raw::Bool(*yes));
    }
    let (_, field) = path.field(program)?;
    if program.schema.records[ACTIVITY.at()].fields.get(field.at())?.many {
        return None;
    }
    Some(match rep {
        Rep::None => Raw::from("none"),
        Rep::Term(term) => term_of(program, path, Some(*term))?,
        Rep::Code(code) => code_of(*code),
        Rep::Day(day) => Raw::from(*day),
        Rep::YesNo(yes) => Raw::Bool(*yes),
        Rep::Text(text) => Raw::from(text),
        Rep::Amount(amount) => {
            let FactPath::Field { unit: Some(unit), .. } = path else { return None };
            Raw::Text(format!("{} {}", amount.normalize(), program.schema.unit_name(*unit)))
        }
        _ => return None,
    })
}

fn term_of(program: &Program, path: &FactPath, term: Option<u32>) -> Option<Raw> {
    let Some(term) = term else { return Some(Raw::from("none")) };
    let (record, field) = path.field(program)?;
    match program.schema.records[record.at()].fields[field.at()].ty {
        Type::Term(taxonomy) | Type::Root(taxonomy) => {
            Some(Raw::from(&program.schema.taxonomies[taxonomy.at()].terms[term as usize].name))
        }
        _ => None,
    }
}

fn code_of(code: u64) -> Raw {
    Raw::Text(format!("{code:010}"))
}
