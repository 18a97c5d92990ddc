//! Facts under which a condition is likely to hold. A guess that helps tests reach what they are about;
//! nothing relies on it.

use std::collections::BTreeMap;

use crate::check::program::{
    ACTIVITY, Cond, ExitId, Fact, FieldId, NormId, Op, Program, RecordId, Set, Taxonomy, Terms, Type,
};
use crate::value::decimal::near;
use crate::value::{Date, Decimal, Raw, Unit};

/// What was found: facts of the activity, and sides taken on readings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aimed {
    pub facts: Vec<(String, Raw)>,
    pub readings: Vec<(String, bool)>,
    pub no_act: bool,
}

/// When a norm reaches the activity, and perhaps one of its exits is there.
pub(crate) fn norm_condition(program: &Program, id: NormId, exit: Option<ExitId>) -> Cond {
    let norm = &program.norms[id.at()];
    let core = program.schema.core;
    let in_period = |period: crate::check::program::Period| Cond::Test {
        fact: Fact::Activity(core.date),
        set: Set::Dates(vec![(period.from, period.through.map_or(Date::MAX, Date::next))]),
    };
    let mut parts = vec![in_period(norm.period)];
    if let Some(group) = program.regimes[program.regime_of(norm.paragraph).at()].binds {
        parts.push(Cond::Member { fact: Fact::Activity(core.actor_state), group });
    }
    if let Some(actions) = &norm.actions {
        parts.push(Cond::Test { fact: Fact::Activity(core.action), set: Set::Terms(actions.clone()) });
    }
    parts.push(norm.when.clone());
    if let Some(exit) = exit {
        let exit = &program.exits[exit.at()];
        parts.extend([in_period(exit.period), exit.when.clone()]);
    }
    Cond::All(parts)
}

/// Facts under which `cond` is likely to hold; `seed` chooses among several ways.
pub(crate) fn aim(program: &Program, cond: &Cond, seed: u32) -> Aimed {
    let mut aim = Aim { program, choices: seed, instances: Vec::new(), found: Aimed::default(), depth: 0 };
    aim.instances.push(Instance { record: ACTIVITY, within: None, fields: BTreeMap::new(), fixed: BTreeMap::new() });
    aim.want(0, cond, true);
    aim.found.facts = aim.state(0);
    aim.found
}

/// The activity, or a record that should be in one of its lists.
struct Instance {
    record: RecordId,
    within: Option<(usize, FieldId)>,
    /// What the value should be in, or not.
    fields: BTreeMap<FieldId, Vec<(Set, bool)>>,
    fixed: BTreeMap<FieldId, Raw>,
}

struct Aim<'a> {
    program: &'a Program,
    choices: u32,
    instances: Vec<Instance>,
    found: Aimed,
    depth: usize,
}

impl Aim<'_> {
    fn choose(&mut self, count: usize) -> usize {
        // A linear congruential step: any spread will do.
        self.choices = self.choices.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.choices >> 8) as usize % count.max(1)
    }

    fn place(&self, here: usize, fact: Fact) -> (usize, FieldId) {
        match fact {
            Fact::Activity(field) => (0, field),
            Fact::Own(field) => (here, field),
        }
    }

    fn require(&mut self, here: usize, fact: Fact, set: Set, yes: bool) {
        let (at, field) = self.place(here, fact);
        self.instances[at].fields.entry(field).or_default().push((set, yes));
    }

    fn fix(&mut self, here: usize, fact: Fact, value: Raw) {
        let (at, field) = self.place(here, fact);
        self.instances[at].fixed.entry(field).or_insert(value);
    }

    fn want(&mut self, here: usize, cond: &Cond, yes: bool) {
        let program = self.program;
        match cond {
            Cond::Yes | Cond::No | Cond::OrderPlus { .. } | Cond::SameYear { .. } => {}
            Cond::All(parts) | Cond::Any(parts) => {
                if matches!(cond, Cond::All(_)) == yes {
                    parts.iter().for_each(|part| self.want(here, part, yes));
                } else if !parts.is_empty() {
                    let at = self.choose(parts.len());
                    self.want(here, &parts[at], yes);
                }
            }
            Cond::Not(inner) => self.want(here, inner, !yes),
            Cond::Test { fact, set } => self.require(here, *fact, set.clone(), yes),
            Cond::Goods { terms, codes } => {
                let Some((item, hs)) = program.schema.core.goods else { return };
                if yes && (terms.0.is_empty() || (!codes.is_empty() && self.choose(3) == 0)) {
                    self.require(here, Fact::Activity(hs), Set::Codes(codes.clone()), true);
                } else {
                    self.require(here, Fact::Activity(item), Set::Terms(terms.clone()), yes);
                }
            }
            Cond::Absent { fact } => {
                let (at, field) = self.place(here, *fact);
                let declared = &program.schema.records[self.instances[at].record.at()].fields[field.at()];
                if yes {
                    let nothing = if declared.many { Raw::List(Vec::new()) } else { Raw::from("none") };
                    if declared.ty != Type::Text {
                        self.fix(here, *fact, nothing);
                    }
                }
            }
            Cond::Same { left, right } => {
                if yes {
                    self.same(here, *left, *right);
                }
            }
            Cond::Order { left, op, right } => {
                let earlier = matches!(op, Op::Less | Op::LessOrEqual) == yes;
                let day = if earlier { "2000-01-01" } else { "2030-01-01" };
                self.fix(here, *left, Raw::from(day));
                let _ = right;
            }
            Cond::Member { fact, group } => {
                let group = &program.schema.groups[group.at()];
                let members: Vec<u32> =
                    group.members.iter().filter(|(_, p)| **p == (None, None)).map(|(t, _)| *t).collect();
                let all = Terms(members.iter().map(|&term| (term, term + 1)).collect());
                self.require(here, *fact, Set::Terms(all), yes);
            }
            Cond::Count { list, role, at_least, body } => {
                let (at, field) = self.place(here, *list);
                let declared = &program.schema.records[self.instances[at].record.at()].fields[field.at()];
                let Type::Record(record) = declared.ty else { return };
                if !yes {
                    return;
                }
                for _ in 0..*at_least {
                    let id = self.instances.len();
                    self.instances.push(Instance {
                        record,
                        within: Some((at, field)),
                        fields: BTreeMap::new(),
                        fixed: BTreeMap::new(),
                    });
                    if let (Some(role), Some(field)) = (role, program.schema.records[record.at()].role) {
                        self.require(id, Fact::Own(field), Set::Terms(role.clone()), true);
                    }
                    self.want(id, body, true);
                }
            }
            Cond::Listed { who: None, list, measure, .. } => {
                let record = &program.schema.records[self.instances[here].record.at()];
                let listing = record.fields.iter().position(|field| field.ty == Type::Listing && field.many);
                if let Some(field) = listing {
                    let declared = &program.schema.lists[list.at()];
                    let name = match measure {
                        Some(measure) => format!("{}/{}", declared.name, declared.measures[*measure as usize]),
                        None => declared.name.clone(),
                    };
                    let value = if yes { Raw::from(vec![name]) } else { Raw::List(Vec::new()) };
                    self.fix(here, Fact::Own(FieldId(field as u32)), value);
                }
            }
            Cond::Listed { .. } => {}
            Cond::Defined(id) => {
                let definition = &program.definitions[id.at()];
                if self.depth < 16 && !definition.parts.is_empty() {
                    self.depth += 1;
                    if yes {
                        let at = self.choose(definition.parts.len());
                        self.want(here, &definition.parts[at].when, true);
                    } else {
                        definition.parts.iter().for_each(|part| self.want(here, &part.when, false));
                    }
                    self.depth -= 1;
                }
            }
            Cond::Reading(id) => {
                let reading = &program.readings[id.at()];
                if reading.default != yes {
                    self.found.readings.push((reading.name.clone(), yes));
                }
            }
            Cond::NoAct => self.found.no_act |= yes,
        }
    }

    fn same(&mut self, here: usize, left: Fact, right: Fact) {
        let (at, field) = self.place(here, left);
        let declared = &self.program.schema.records[self.instances[at].record.at()].fields[field.at()];
        if let Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) = declared.ty {
            let roots = roots(&self.program.schema.taxonomies[taxonomy.at()]);
            let term = roots[self.choose(roots.len().min(6))];
            let one = Terms(vec![(term, term + 1)]);
            for fact in [left, right] {
                self.require(here, fact, Set::Terms(one.clone()), true);
            }
        }
    }

    /// The facts of one instance, with a value for each field that fits all that is wanted of it, if one is found.
    fn state(&mut self, at: usize) -> Vec<(String, Raw)> {
        let program = self.program;
        let record = &program.schema.records[self.instances[at].record.at()];
        let mut facts = Vec::new();
        for (index, field) in record.fields.iter().enumerate() {
            let id = FieldId(index as u32);
            let inner: Vec<usize> =
                (0..self.instances.len()).filter(|&i| self.instances[i].within == Some((at, id))).collect();
            if !inner.is_empty() {
                let records = inner.into_iter().map(|i| Raw::Map(self.state(i))).collect();
                facts.push((field.name.clone(), Raw::List(records)));
            } else if let Some(value) = self.instances[at].fixed.get(&id) {
                facts.push((field.name.clone(), value.clone()));
            } else if let Some(wanted) = self.instances[at].fields.get(&id).cloned() {
                let mut fits: Vec<Raw> = candidates(program, field.ty, &wanted)
                    .into_iter()
                    .filter(|value| wanted.iter().all(|(set, yes)| has(set, value) == *yes))
                    .map(|value| value.raw(program, field.ty))
                    .collect();
                if fits.is_empty() {
                    continue;
                }
                let pick = self.choose(fits.len());
                let value = fits.swap_remove(pick);
                facts.push((field.name.clone(), if field.many { Raw::List(vec![value]) } else { value }));
            }
        }
        facts
    }
}

/// A value under consideration.
enum Candidate {
    Term(u32),
    Code(u64),
    Date(Date),
    YesNo(bool),
    Text(String),
    Amount(Unit, Decimal),
    List(u32),
}

impl Candidate {
    fn raw(self, program: &Program, ty: Type) -> Raw {
        match (self, ty) {
            (Candidate::Term(term), Type::Term(at) | Type::Root(at) | Type::Reference(at)) => {
                Raw::from(&program.schema.taxonomies[at.at()].terms[term as usize].name)
            }
            (Candidate::Term(_), _) => Raw::Null,
            (Candidate::Code(code), _) => Raw::Text(format!("{code:010}")),
            (Candidate::Date(date), _) => Raw::from(date),
            (Candidate::YesNo(yes), _) => Raw::Bool(yes),
            (Candidate::Text(text), _) => Raw::Text(text),
            (Candidate::Amount(unit, amount), _) => {
                Raw::Map(vec![(program.schema.unit_name(unit), Raw::Text(amount.normalize().to_string()))])
            }
            (Candidate::List(list), _) => Raw::from(&program.schema.lists[list as usize].name),
        }
    }
}

fn candidates(program: &Program, ty: Type, wanted: &[(Set, bool)]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (set, _) in wanted {
        match set {
            Set::Terms(terms) | Set::References { terms, .. } => {
                let (Type::Term(at) | Type::Root(at) | Type::Reference(at)) = ty else { continue };
                let taxonomy = &program.schema.taxonomies[at.at()];
                let roots = !matches!(ty, Type::Term(_));
                let fits = |term: &u32| {
                    (*term as usize) < taxonomy.terms.len()
                        && (!roots || taxonomy.terms[*term as usize].parent.is_none())
                };
                // Leaves are safest: nothing lies below them.
                for &(from, to) in terms.0.iter().take(24) {
                    let near = [from, to - 1, from + (to - from) / 2, to];
                    all.extend(near.into_iter().filter(fits).map(Candidate::Term));
                }
                let first = (0..taxonomy.terms.len() as u32).filter(fits).take(40);
                all.extend(first.map(Candidate::Term));
                if let Set::References { ids, .. } = set {
                    all.extend(ids.iter().cloned().map(Candidate::Text));
                }
            }
            Set::Codes(codes) => {
                all.extend(
                    codes.iter().flat_map(|&(from, to)| [from, to - 1, to % 10_000_000_000]).map(Candidate::Code),
                );
            }
            Set::Dates(days) => {
                for &(from, to) in days {
                    let near = [
                        Some(from),
                        Some(from.next()),
                        Some(from.previous()),
                        Some(to.previous()),
                        Some(to),
                        from.plus_days(2000),
                    ];
                    all.extend(near.into_iter().flatten().map(Candidate::Date));
                }
            }
            Set::YesNo(_) => all.extend([Candidate::YesNo(false), Candidate::YesNo(true)]),
            Set::Texts(texts) => {
                all.extend(texts.iter().cloned().map(Candidate::Text));
                all.push(Candidate::Text("x".to_owned()));
            }
            Set::Amount { unit, than, .. } => {
                let near = near(*than).filter(|amount| !amount.is_sign_negative());
                all.extend(near.map(|amount| Candidate::Amount(*unit, amount)));
            }
            Set::Lists(lists) => all.extend(lists.iter().map(|list| Candidate::List(list.0))),
        }
    }
    all
}

fn has(set: &Set, value: &Candidate) -> bool {
    match (set, value) {
        (Set::Terms(terms) | Set::References { terms, .. }, Candidate::Term(term)) => terms.has(*term),
        (Set::Codes(codes), Candidate::Code(code)) => codes.iter().any(|&(from, to)| from <= *code && *code < to),
        (Set::Dates(days), Candidate::Date(date)) => days.iter().any(|&(from, to)| from <= *date && *date < to),
        (Set::YesNo(wanted), Candidate::YesNo(yes)) => wanted == yes,
        (Set::Texts(texts), Candidate::Text(text)) => texts.contains(text),
        (Set::References { ids, .. }, Candidate::Text(text)) => ids.contains(text),
        (Set::Amount { unit, op, than }, Candidate::Amount(of, amount)) => unit == of && op.holds(amount, than),
        (Set::Lists(lists), Candidate::List(list)) => lists.iter().any(|known| known.0 == *list),
        _ => false,
    }
}

fn roots(taxonomy: &Taxonomy) -> Vec<u32> {
    (0..taxonomy.terms.len() as u32).filter(|term| taxonomy.terms[*term as usize].parent.is_none()).collect()
}
