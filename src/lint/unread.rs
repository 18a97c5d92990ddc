//! Facts that are declared and that nothing reads.

use std::collections::BTreeSet;

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, Fact, FieldId, Per, Program, ReadingId, RecordId, Subject, Type, Who,
};

use super::Linting;

/// Names of fields that decisions look at without being told: who a record is, whom a list names, what acts refer to.
const BUILT_IN: &[&str] = &[
    "acting_for",
    "candidates",
    "controlled_by",
    "id",
    "ids",
    "imo",
    "listed",
    "name",
    "nationality",
    "operator",
    "owner",
    "ref",
    "role",
    "under",
];

impl Linting<'_> {
    pub(super) fn never_read(&mut self) {
        let program = self.program;
        // A vocabulary without norms is there for others to read.
        if !program.norms.iter().any(|norm| self.is_given(norm.span)) {
            return;
        }
        let read = Read::of(program);
        let unread = |of: &(RecordId, FieldId)| !read.fields.contains(of) && !is_built_in(program, *of);
        // Of a list that nothing reads, what its records hold is not told one by one.
        let hidden: BTreeSet<RecordId> = program
            .fields
            .keys()
            .filter(|of| unread(of))
            .filter_map(|(record, field)| held(program, *record, *field))
            .collect();
        for (&(record, field), &span) in &program.fields {
            if !self.is_given(span) || self.is_of_std(span) || !unread(&(record, field)) || hidden.contains(&record) {
                continue;
            }
            let declared = &program.schema.records[record.at()];
            let of = if record == ACTIVITY { "the activity".to_owned() } else { format!("record `{}`", declared.name) };
            let name = &declared.fields[field.at()].name;
            self.find(Subject::Field(record, field), |report| {
                report.field_never_read(span, &format!("`{name}` of {of}"));
            });
        }
        for (at, reading) in program.readings.iter().enumerate() {
            let id = ReadingId(at as u32);
            if self.is_given(reading.span) && !read.readings.contains(&id) {
                let at = self.head(reading.span);
                self.find(Subject::Reading(id), |report| report.reading_never_read(at, &reading.name));
            }
        }
    }

    /// The pack `std` is there for every policy: none reads all of it.
    fn is_of_std(&self, span: crate::source::Span) -> bool {
        self.rules.sources().get(span.source()).name().starts_with("std/")
    }
}

/// Fields that the definition of a decision names, and those of what tells who somebody is.
fn is_built_in(program: &Program, (record, field): (RecordId, FieldId)) -> bool {
    let core = program.schema.core;
    let of_activity = [Some(core.date), Some(core.action), Some(core.actor_state), core.omission, core.parties];
    let declared = &program.schema.records[record.at()];
    BUILT_IN.contains(&declared.fields[field.at()].name.as_str())
        || (record == ACTIVITY && of_activity.contains(&Some(field)))
        // An unresolved match of a screening: `candidates`.
        || program.schema.records.iter().flat_map(|holder| &holder.fields).any(|holder| {
            holder.name == "candidates" && holder.ty == Type::Record(record)
        })
}

fn held(program: &Program, record: RecordId, field: FieldId) -> Option<RecordId> {
    match program.schema.records[record.at()].fields[field.at()].ty {
        Type::Record(held) => Some(held),
        _ => None,
    }
}

/// What norms, exits and definitions read.
struct Read<'a> {
    program: &'a Program,
    fields: BTreeSet<(RecordId, FieldId)>,
    readings: BTreeSet<ReadingId>,
    seen: BTreeSet<DefinitionId>,
}

impl<'a> Read<'a> {
    fn of(program: &'a Program) -> Read<'a> {
        let mut read = Read { program, fields: BTreeSet::new(), readings: BTreeSet::new(), seen: BTreeSet::new() };
        for norm in &program.norms {
            read.cond(ACTIVITY, &norm.when);
        }
        for exit in &program.exits {
            read.cond(ACTIVITY, &exit.when);
            for quota in &exit.quotas {
                read.fields.insert((ACTIVITY, quota.field));
                if let Some(Per::Field(field)) = quota.per {
                    read.fields.insert((ACTIVITY, field));
                }
            }
            let who = exit.requirements.iter().flat_map(|asked| [Some(&asked.by), asked.to.as_ref()]).flatten();
            for who in who {
                if let Who::Field(field) = who {
                    read.fields.insert((ACTIVITY, *field));
                }
            }
        }
        for at in 0..program.definitions.len() {
            read.definition(DefinitionId(at as u32));
        }
        read
    }

    fn definition(&mut self, id: DefinitionId) {
        if self.seen.insert(id) {
            let definition = &self.program.definitions[id.at()];
            for part in &definition.parts {
                self.cond(definition.of.unwrap_or(ACTIVITY), &part.when);
            }
        }
    }

    fn fact(&mut self, at_hand: RecordId, fact: Fact) -> (RecordId, FieldId) {
        let of = match fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (at_hand, field),
        };
        self.fields.insert(of);
        of
    }

    fn cond(&mut self, at_hand: RecordId, cond: &Cond) {
        match cond {
            Cond::Yes | Cond::No | Cond::NoAct => {}
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.cond(at_hand, part)),
            Cond::Not(inner) => self.cond(at_hand, inner),
            Cond::Test { fact, .. } | Cond::Absent { fact } | Cond::Member { fact, .. } => {
                self.fact(at_hand, *fact);
            }
            Cond::Goods { .. } => {
                let goods = self.program.schema.core.goods;
                self.fields.extend(goods.into_iter().flat_map(|(item, hs)| [(ACTIVITY, item), (ACTIVITY, hs)]));
            }
            Cond::Same { left, right }
            | Cond::Order { left, right, .. }
            | Cond::OrderPlus { left, right, .. }
            | Cond::SameYear { left, right } => {
                self.fact(at_hand, *left);
                self.fact(at_hand, *right);
            }
            Cond::Count { list, role, body, .. } => {
                let (record, field) = self.fact(at_hand, *list);
                if let Some(inner) = held(self.program, record, field) {
                    if role.is_some() {
                        let role = self.program.schema.records[inner.at()].role;
                        self.fields.extend(role.map(|role| (inner, role)));
                    }
                    self.cond(inner, body);
                }
            }
            Cond::Listed { who: None, .. } => {}
            Cond::Listed { who: Some(who), .. } => {
                self.fields.insert((at_hand, *who));
                self.fields.extend(self.program.schema.onward(at_hand, *who));
            }
            Cond::Defined(id) => self.definition(*id),
            Cond::Reading(id) => drop(self.readings.insert(*id)),
        }
    }
}
