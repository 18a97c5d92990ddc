//! The words of two versions as one vocabulary, and what each version's words are in it.
//!
//! A word that only one version has keeps its place under the word above it: for the other version it is a case of that one.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{
    ACTIVITY, Cond, Core, DefinitionId, Fact, Field, FieldId, Group, GroupId, List, ListId, Program, ReadingId, Record,
    RecordId, Schema, Set, Taxonomy, TaxonomyId, Term, Terms, Type, UnitInfo,
};
use crate::value::{Unit, UnitId};

/// What the words of one version are in the vocabulary of both.
#[derive(Debug, Default)]
pub(super) struct Translation {
    taxonomies: Vec<TaxonomyId>,
    /// By taxonomy of the version: of each term of both, the term of the version that it is or lies under. Empty when the
    /// taxonomy is the same in both.
    owners: Vec<Vec<Option<u32>>>,
    /// By taxonomy of the version: of each of its terms, the term of both.
    terms: Vec<Vec<u32>>,
    records: Vec<RecordId>,
    fields: Vec<Vec<FieldId>>,
    units: Vec<UnitId>,
    groups: Vec<GroupId>,
    lists: Vec<ListId>,
    /// By list of the version: of each of its measures.
    measures: Vec<Vec<u32>>,
    pub definitions: Vec<DefinitionId>,
    pub readings: Vec<ReadingId>,
}

/// What is in the way of one vocabulary, and what else is not the same.
#[derive(Debug, Default)]
pub(super) struct Discord {
    /// Two versions that do not speak of the same things.
    pub fatal: Vec<String>,
    /// What is no condition of a norm and may yet change answers.
    pub besides: Vec<String>,
}

/// One vocabulary of both, and the translations into it.
pub(super) fn unite(programs: [&Program; 2], discord: &mut Discord) -> (Schema, [Translation; 2]) {
    let mut into = [Translation::default(), Translation::default()];
    let mut schema = Schema::default();
    taxonomies(programs, &mut schema, &mut into, discord);
    units(programs, &mut schema, &mut into, discord);
    records(programs, &mut schema, &mut into, discord);
    groups(programs, &mut schema, &mut into);
    lists(programs, &mut schema, &mut into);
    if programs[0].schema.working_days != programs[1].schema.working_days {
        discord.besides.push("the holidays differ, and with them deadlines in working days".to_owned());
    }
    schema.working_days = programs[1].schema.working_days.clone();
    (schema, into)
}

/// A taxonomy in the making: terms with their parents, children in order.
#[derive(Default)]
struct Tree {
    terms: Vec<(Term, Vec<usize>)>,
    roots: Vec<usize>,
    by_name: BTreeMap<String, usize>,
}

impl Tree {
    /// Adds what a taxonomy has beyond what is there.
    fn add(&mut self, taxonomy: &Taxonomy, discord: &mut Discord) {
        for term in &taxonomy.terms {
            let above = term.parent.map(|parent| taxonomy.terms[parent as usize].name.as_str());
            match self.by_name.get(&term.name) {
                Some(&known) => {
                    let there = &self.terms[known].0;
                    let known_above = there.parent.map(|parent| self.terms[parent as usize].0.name.as_str());
                    if known_above != above {
                        discord.fatal.push(format!("`{}` of {} stands elsewhere", term.name, taxonomy.name));
                    }
                    if there.codes != term.codes {
                        discord.besides.push(format!("`{}` carries other tariff codes", term.name));
                    }
                }
                None => {
                    let at = self.terms.len();
                    let parent = above.map(|above| self.by_name[above]);
                    match parent {
                        Some(parent) => self.terms[parent].1.push(at),
                        None => self.roots.push(at),
                    }
                    let parent = parent.map(|parent| parent as u32);
                    self.terms.push((Term { parent, ..term.clone() }, Vec::new()));
                    self.by_name.insert(term.name.clone(), at);
                }
            }
        }
    }

    /// In pre-order.
    fn finish(self, name: String) -> Taxonomy {
        let mut terms: Vec<Term> = Vec::with_capacity(self.terms.len());
        let mut number = vec![0; self.terms.len()];
        // The second time a term comes up its branch is complete.
        let mut open: Vec<(usize, bool)> = self.roots.iter().rev().map(|root| (*root, false)).collect();
        while let Some((at, complete)) = open.pop() {
            if complete {
                terms[number[at] as usize].end = terms.len() as u32;
                continue;
            }
            number[at] = terms.len() as u32;
            let (term, children) = &self.terms[at];
            terms.push(Term { parent: term.parent.map(|parent| number[parent as usize]), ..term.clone() });
            open.push((at, true));
            open.extend(children.iter().rev().map(|child| (*child, false)));
        }
        let by_name = terms.iter().enumerate().map(|(at, term)| (term.name.clone(), at as u32)).collect();
        Taxonomy { name, terms, by_name }
    }
}

fn taxonomies(programs: [&Program; 2], schema: &mut Schema, into: &mut [Translation; 2], discord: &mut Discord) {
    let mut names: Vec<&str> = Vec::new();
    for taxonomy in programs.iter().flat_map(|program| &program.schema.taxonomies) {
        if !names.contains(&taxonomy.name.as_str()) {
            names.push(&taxonomy.name);
        }
    }
    for name in names {
        let of = |program: &'_ Program| program.schema.taxonomies.iter().position(|it| it.name == name);
        let id = TaxonomyId(schema.taxonomies.len() as u32);
        let own = programs.map(|program| of(program).map(|at| &program.schema.taxonomies[at]));
        if let ([Some(older), Some(newer)], [Some(was), Some(is)]) = (own, programs.map(of))
            && older.terms == newer.terms
        {
            for (into, at) in into.iter_mut().zip([was, is]) {
                into.taxonomy(at, id, (0..newer.terms.len() as u32).collect(), Vec::new());
            }
            schema.taxonomies.push(newer.clone());
            continue;
        }
        let mut tree = Tree::default();
        own.into_iter().flatten().for_each(|taxonomy| tree.add(taxonomy, discord));
        let both = tree.finish(name.to_owned());
        // Goods of which only the code is known may be of this name in the one version, and not in the other.
        let is_in_both = |term: &&Term| {
            programs.iter().all(|program| {
                of(program).is_some_and(|at| program.schema.taxonomies[at].by_name.contains_key(&term.name))
            })
        };
        for term in both.terms.iter().filter(|term| !term.codes.is_empty()).filter(|term| !is_in_both(term)) {
            discord.besides.push(format!("`{}` is a word of one version only, and carries tariff codes", term.name));
        }
        if let [Some(older), Some(newer)] = programs.map(of) {
            let tops = [(programs[0], older), (programs[1], newer)].map(|(program, at)| {
                let terms = program.schema.taxonomies[at].terms.iter().filter(|term| term.parent.is_none());
                terms.map(|term| term.name.as_str()).collect::<BTreeSet<&str>>()
            });
            for term in tops[0].symmetric_difference(&tops[1]) {
                discord
                    .besides
                    .push(format!("`{term}` is a word of one version only: there, what is not known may be it"));
            }
        }
        for (program, into) in programs.iter().zip(into.iter_mut()) {
            let Some(at) = of(program) else { continue };
            let own = &program.schema.taxonomies[at];
            let terms: Vec<u32> = own.terms.iter().map(|term| both.by_name[&term.name]).collect();
            let mut owners: Vec<Option<u32>> = Vec::new();
            if terms.len() != both.terms.len() || terms.iter().zip(0..).any(|(both, at)| *both != at) {
                for term in &both.terms {
                    let above = term.parent.and_then(|parent| owners[parent as usize]);
                    owners.push(own.by_name.get(&term.name).copied().or(above));
                }
            }
            into.taxonomy(at, id, terms, owners);
        }
        schema.taxonomies.push(both);
    }
}

fn units(programs: [&Program; 2], schema: &mut Schema, into: &mut [Translation; 2], discord: &mut Discord) {
    for (side, (program, into)) in programs.iter().zip(into.iter_mut()).enumerate() {
        for unit in &program.schema.units {
            let known = schema.units.iter().position(|known| known.name == unit.name);
            into.units.push(UnitId(known.unwrap_or(schema.units.len()) as u32));
            if known.is_none() {
                schema.units.push(unit.clone());
            }
        }
        // Bases are known only now that all are.
        for (at, unit) in program.schema.units.iter().enumerate() {
            let base = (into.unit(unit.base.0), unit.base.1);
            let UnitInfo { base: known, counted, name, .. } = &mut schema.units[into.units[at].0 as usize];
            if !programs[..side].iter().any(|before| before.schema.units.iter().any(|one| one.name == *name)) {
                *known = base;
            } else if *known != base || *counted != unit.counted {
                discord.fatal.push(format!("the unit `{name}` is another one"));
            }
        }
    }
}

fn records(programs: [&Program; 2], schema: &mut Schema, into: &mut [Translation; 2], discord: &mut Discord) {
    for (program, into) in programs.iter().zip(into.iter_mut()) {
        for record in &program.schema.records {
            let known = schema.records.iter().position(|known| known.name == record.name);
            into.records.push(RecordId(known.unwrap_or(schema.records.len()) as u32));
            if known.is_none() {
                let (name, by_name) = (record.name.clone(), BTreeMap::new());
                schema.records.push(Record { name, fields: Vec::new(), role: None, by_name });
            }
        }
        for (record, id) in program.schema.records.iter().zip(into.records.clone()) {
            let both = &mut schema.records[id.at()];
            let mut fields = Vec::with_capacity(record.fields.len());
            for field in &record.fields {
                let ty = into.ty(field.ty);
                match both.by_name.get(&field.name) {
                    Some(&known) => {
                        let there = &mut both.fields[known.at()];
                        if (there.ty, there.many) != (ty, field.many) {
                            discord.fatal.push(format!("the fact `{}` is of another kind", field.name));
                        }
                        if there.required != field.required {
                            discord.besides.push(format!("`{}` is required in one version only", field.name));
                            there.required = false;
                        }
                        fields.push(known);
                    }
                    None => {
                        let new = FieldId(both.fields.len() as u32);
                        both.fields.push(Field { ty, ..field.clone() });
                        both.by_name.insert(field.name.clone(), new);
                        fields.push(new);
                    }
                }
            }
            both.role = both.role.or(record.role.map(|role| fields[role.at()]));
            into.fields.push(fields);
        }
        let core = program.schema.core;
        let of = |field: FieldId| into.fields[ACTIVITY.at()][field.at()];
        let core = Core {
            date: of(core.date),
            action: of(core.action),
            actor_state: of(core.actor_state),
            omission: core.omission.map(of),
            goods: core.goods.map(|(item, hs)| (of(item), of(hs))),
            parties: core.parties.map(of),
        };
        let before = std::mem::replace(&mut schema.core, core);
        schema.core.omission = core.omission.or(before.omission);
        schema.core.goods = core.goods.or(before.goods);
        schema.core.parties = core.parties.or(before.parties);
    }
}

fn groups(programs: [&Program; 2], schema: &mut Schema, into: &mut [Translation; 2]) {
    for (program, into) in programs.iter().zip(into.iter_mut()) {
        for group in &program.schema.groups {
            let terms = &into.terms[group.taxonomy.at()];
            let members = group.members.iter().map(|(term, days)| (terms[*term as usize], *days)).collect();
            let taxonomy = into.taxonomies[group.taxonomy.at()];
            let both = Group { taxonomy, members, ..group.clone() };
            let is_same = |known: &Group| known.name == both.name && known.members == both.members;
            let known = schema.groups.iter().position(is_same);
            into.groups.push(GroupId(known.unwrap_or(schema.groups.len()) as u32));
            if known.is_none() {
                schema.groups.push(both);
            }
        }
    }
}

fn lists(programs: [&Program; 2], schema: &mut Schema, into: &mut [Translation; 2]) {
    for (program, into) in programs.iter().zip(into.iter_mut()) {
        for list in &program.schema.lists {
            let known = schema.lists.iter().position(|known| known.name == list.name);
            let id = ListId(known.unwrap_or(schema.lists.len()) as u32);
            if known.is_none() {
                schema.lists.push(List { measures: Vec::new(), ..list.clone() });
            }
            let both = &mut schema.lists[id.at()].measures;
            let measure = |measure: &String| {
                let at = both.iter().position(|known| known == measure).unwrap_or_else(|| {
                    both.push(measure.clone());
                    both.len() - 1
                });
                at as u32
            };
            let measures = list.measures.iter().map(measure).collect();
            into.measures.push(measures);
            into.lists.push(id);
        }
    }
}

impl Translation {
    /// Says what a taxonomy of the version is, whose number there is `at`.
    fn taxonomy(&mut self, at: usize, id: TaxonomyId, terms: Vec<u32>, owners: Vec<Option<u32>>) {
        let size = self.taxonomies.len().max(at + 1);
        self.taxonomies.resize(size, TaxonomyId(0));
        self.terms.resize(size, Vec::new());
        self.owners.resize(size, Vec::new());
        (self.taxonomies[at], self.terms[at], self.owners[at]) = (id, terms, owners);
    }

    pub fn unit(&self, unit: Unit) -> Unit {
        match unit {
            Unit::Measure(id) => Unit::Measure(self.units[id.0 as usize]),
            Unit::Money(_) => unit,
        }
    }

    fn ty(&self, ty: Type) -> Type {
        match ty {
            Type::Term(id) => Type::Term(self.taxonomies[id.at()]),
            Type::Root(id) => Type::Root(self.taxonomies[id.at()]),
            Type::Reference(id) => Type::Reference(self.taxonomies[id.at()]),
            Type::Record(id) => Type::Record(self.records[id.at()]),
            Type::Hs | Type::Date | Type::YesNo | Type::Text | Type::Quantity | Type::Money | Type::Listing => ty,
        }
    }

    /// A field of the activity.
    pub fn field(&self, field: FieldId) -> FieldId {
        self.fields[ACTIVITY.at()][field.at()]
    }

    pub fn group(&self, group: GroupId) -> GroupId {
        self.groups[group.at()]
    }

    /// Terms of a taxonomy of the version.
    fn terms(&self, taxonomy: TaxonomyId, terms: &Terms) -> Terms {
        let owners = &self.owners[taxonomy.at()];
        if owners.is_empty() {
            return terms.clone();
        }
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (at, owner) in (0..).zip(owners) {
            if owner.is_some_and(|owner| terms.has(owner)) {
                match ranges.last_mut() {
                    Some(last) if last.1 == at => last.1 = at + 1,
                    _ => ranges.push((at, at + 1)),
                }
            }
        }
        Terms(ranges)
    }

    /// Actions.
    pub fn actions(&self, program: &Program, terms: &Terms) -> Terms {
        self.terms_of(program, Fact::Activity(program.schema.core.action), ACTIVITY, terms)
    }

    fn terms_of(&self, program: &Program, fact: Fact, record: RecordId, terms: &Terms) -> Terms {
        match declared(program, fact, record).ty {
            Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) => self.terms(taxonomy, terms),
            _ => terms.clone(),
        }
    }

    fn fact(&self, fact: Fact, record: RecordId) -> Fact {
        match fact {
            Fact::Activity(field) => Fact::Activity(self.field(field)),
            Fact::Own(field) => Fact::Own(self.fields[record.at()][field.at()]),
        }
    }

    /// A condition of a record.
    pub fn cond(&self, program: &Program, cond: &Cond, record: RecordId) -> Cond {
        let fact = |it: &Fact| self.fact(*it, record);
        let all = |parts: &[Cond]| parts.iter().map(|part| self.cond(program, part, record)).collect();
        match cond {
            Cond::Yes | Cond::No | Cond::NoAct => cond.clone(),
            Cond::All(parts) => Cond::All(all(parts)),
            Cond::Any(parts) => Cond::Any(all(parts)),
            Cond::Not(inner) => Cond::Not(Box::new(self.cond(program, inner, record))),
            Cond::Test { fact: of, set } => Cond::Test { fact: fact(of), set: self.set(program, *of, set, record) },
            Cond::Goods { terms, codes } => {
                let (item, _) = program.schema.core.goods.expect("a test of goods needs the two fields of goods");
                let terms = self.terms_of(program, Fact::Activity(item), ACTIVITY, terms);
                Cond::Goods { terms, codes: codes.clone() }
            }
            Cond::Absent { fact: of } => Cond::Absent { fact: fact(of) },
            Cond::Same { left, right } => Cond::Same { left: fact(left), right: fact(right) },
            Cond::Order { left, op, right } => Cond::Order { left: fact(left), op: *op, right: fact(right) },
            Cond::OrderPlus { left, op, right, days } => {
                Cond::OrderPlus { left: fact(left), op: *op, right: fact(right), days: *days }
            }
            Cond::SameYear { left, right } => Cond::SameYear { left: fact(left), right: fact(right) },
            Cond::Member { fact: of, group } => Cond::Member { fact: fact(of), group: self.group(*group) },
            Cond::Count { list, role, at_least, body } => {
                let Type::Record(of) = declared(program, *list, record).ty else { return Cond::No };
                let held = &program.schema.records[of.at()];
                let role = role.as_ref().map(|terms| match held.role {
                    Some(role) => self.terms_of(program, Fact::Own(role), of, terms),
                    None => terms.clone(),
                });
                let body = Box::new(self.cond(program, body, of));
                Cond::Count { list: fact(list), role, at_least: *at_least, body }
            }
            Cond::Listed { who, list, measure, entry } => Cond::Listed {
                who: who.map(|who| self.fields[record.at()][who.at()]),
                list: self.lists[list.at()],
                measure: measure.map(|measure| self.measures[list.at()][measure as usize]),
                entry: entry.clone(),
            },
            Cond::Defined(id) => Cond::Defined(self.definitions[id.at()]),
            Cond::Reading(id) => Cond::Reading(self.readings[id.at()]),
        }
    }

    fn set(&self, program: &Program, fact: Fact, set: &Set, record: RecordId) -> Set {
        match set {
            Set::Terms(terms) => Set::Terms(self.terms_of(program, fact, record, terms)),
            Set::Amount { unit, op, than } => Set::Amount { unit: self.unit(*unit), op: *op, than: *than },
            Set::References { terms, ids } => {
                Set::References { terms: self.terms_of(program, fact, record, terms), ids: ids.clone() }
            }
            Set::Lists(lists) => Set::Lists(lists.iter().map(|list| self.lists[list.at()]).collect()),
            Set::Codes(_) | Set::Dates(_) | Set::YesNo(_) | Set::Texts(_) => set.clone(),
        }
    }

    /// The record of a definition.
    pub fn record(&self, record: RecordId) -> RecordId {
        self.records[record.at()]
    }
}

fn declared(program: &Program, fact: Fact, record: RecordId) -> &Field {
    match fact {
        Fact::Activity(field) => &program.schema.activity().fields[field.at()],
        Fact::Own(field) => &program.schema.records[record.at()].fields[field.at()],
    }
}
