//! Records, the activity, and the fields that the semantics names.

use std::collections::BTreeMap;

use crate::source::{SourceId, Span};
use crate::syntax::tree::{self, Name};

use super::from_syntax::{Items, Resolver};
use super::nearest::did_you_mean;
use super::schema::{ACTIVITY, Core, Field, FieldId, Record, RecordId, Type};
use super::taxonomies::{BUILT_IN, is_built_in};

/// Facts every activity may state without declaring them, as hosts and as scenarios call them.
const BUILT_IN_FACTS: [&str; 10] =
    ["complete", "asked_on", "lines", "line", "acts", "act", "used", "levels", "level", "readings"];

impl<'t> Resolver<'t, '_> {
    pub(super) fn records(&mut self, items: &Items<'t>) {
        self.add_record("activity");
        for pair in items.activities.windows(2) {
            self.report.duplicate_name(pair[1], "record", "activity", pair[0]);
        }
        for (name, _) in &items.records {
            self.declare_record(name);
        }
        // Types may name any record, so fields come after all names.
        for fields in &items.activity {
            self.fields(ACTIVITY, fields);
        }
        let mut seen = std::collections::BTreeSet::new();
        for (name, fields) in &items.records {
            if seen.insert(name.it.as_str())
                && let Some(&record) = self.out.names.records.get(&name.it)
            {
                self.fields(record, fields);
            }
        }
        for (name, fields) in &items.more_fields {
            if let Some(record) = self.out.record(name, self.report) {
                self.fields(record, fields);
            }
        }
        for record in &mut self.out.schema.records {
            record.role =
                record.by_name.get("role").copied().filter(|role| matches!(record.fields[role.at()].ty, Type::Term(_)));
        }
    }

    fn declare_record(&mut self, name: &Name) {
        if !self.is_new("record", &name.it, name.span) {
            return;
        }
        if is_built_in(&name.it)
            || matches!(name.it.as_str(), "activity" | "act" | "line")
            || self.out.names.taxonomies.contains_key(&name.it)
        {
            self.report.name_is_taken(name.span, &name.it);
            return;
        }
        let id = self.add_record(&name.it);
        self.out.names.records.insert(name.it.clone(), id);
    }

    fn add_record(&mut self, name: &str) -> RecordId {
        let records = &mut self.out.schema.records;
        records.push(Record { name: name.to_owned(), fields: Vec::new(), role: None, by_name: BTreeMap::new() });
        RecordId(records.len() as u32 - 1)
    }

    fn fields(&mut self, record: RecordId, written: &'t [tree::Field]) {
        for field in written {
            self.field(record, field);
        }
    }

    fn field(&mut self, record: RecordId, written: &'t tree::Field) {
        let name = &written.name;
        if record == ACTIVITY && BUILT_IN_FACTS.contains(&name.it.as_str()) {
            // To declare them again would make two facts of one name.
            self.report.name_is_taken(name.span, &name.it);
            return;
        }
        if let Some(first) = self.field_places.get(&(record, name.it.clone())).copied() {
            let owner = self.out.schema.records[record.at()].name.clone();
            self.report.duplicate_field(name.span, &owner, &name.it, first);
            return;
        }
        self.field_places.insert((record, name.it.clone()), name.span);
        let Some(ty) = self.field_type(&written.ty.name) else { return };
        let into = &mut self.out.schema.records[record.at()];
        let id = FieldId(into.fields.len() as u32);
        self.out.fields.insert((record, id), written);
        into.by_name.insert(name.it.clone(), id);
        into.fields.push(Field {
            name: name.it.clone(),
            ty,
            many: written.ty.list,
            required: written.required,
            question: question(written),
        });
        if let Some(codes) = &written.ty.coded_by {
            self.coded.push((record, name.clone(), codes.clone()));
        }
    }

    fn field_type(&mut self, name: &Name) -> Option<Type> {
        let built_in = match name.it.as_str() {
            "date" => Type::Date,
            "yes_no" => Type::YesNo,
            "text" => Type::Text,
            "hs" => Type::Hs,
            "quantity" => Type::Quantity,
            "money" => Type::Money,
            "listing" => Type::Listing,
            "country" | "reference" => return self.of_places(name),
            _ => return self.declared_type(name),
        };
        Some(built_in)
    }

    fn of_places(&mut self, name: &Name) -> Option<Type> {
        match self.out.names.taxonomies.get("place") {
            Some(&places) if name.it == "country" => Some(Type::Root(places)),
            Some(&places) => Some(Type::Reference(places)),
            None => {
                self.report.no_places(name.span, &name.it);
                None
            }
        }
    }

    fn declared_type(&mut self, name: &Name) -> Option<Type> {
        let names = &self.out.names;
        if let Some(&taxonomy) = names.taxonomies.get(&name.it) {
            return Some(Type::Term(taxonomy));
        }
        if let Some(&record) = names.records.get(&name.it) {
            return Some(Type::Record(record));
        }
        let all = names.taxonomies.keys().chain(names.records.keys()).map(String::as_str).chain(BUILT_IN);
        let help = did_you_mean(&name.it, all);
        self.report.unknown_type(name.span, &name.it, help);
        None
    }

    /// Finds the fields that the definition of a decision refers to.
    pub(super) fn core(&mut self, files: &[(SourceId, tree::File)]) {
        let activity = &self.out.schema.records[ACTIVITY.at()];
        let single = |name: &str, fits: fn(Type) -> bool| {
            let id = activity.by_name.get(name).copied()?;
            let field = &activity.fields[id.at()];
            (!field.many && fits(field.ty)).then_some(id)
        };
        let date = single("date", |ty| ty == Type::Date);
        let action = single("action", |ty| matches!(ty, Type::Term(_)));
        let actor_state = single("actor_state", |ty| matches!(ty, Type::Root(_)));
        let omission = single("omission", |ty| ty == Type::YesNo);
        let parties = activity
            .by_name
            .get("parties")
            .copied()
            .filter(|id| activity.fields[id.at()].many && matches!(activity.fields[id.at()].ty, Type::Record(_)));
        let mut missing = Vec::new();
        for (found, says) in
            [(date, "`date : date`"), (action, "`action` of a taxonomy"), (actor_state, "`actor_state : country`")]
        {
            if found.is_none() {
                missing.push(says);
            }
        }
        let goods = self.goods();
        if !missing.is_empty() {
            let first = files.first().map_or(SourceId(0), |(id, _)| *id);
            let at = self.activity_place.unwrap_or(Span::new(first, 0, 0));
            self.report.activity_incomplete(at, &missing);
        }
        for id in [date, action, actor_state].into_iter().flatten() {
            self.out.schema.records[ACTIVITY.at()].fields[id.at()].required = true;
        }
        self.out.schema.core = Core {
            date: date.unwrap_or_default(),
            action: action.unwrap_or_default(),
            actor_state: actor_state.unwrap_or_default(),
            omission,
            goods,
            parties,
        };
    }

    fn goods(&mut self) -> Option<(FieldId, FieldId)> {
        let mut goods = None;
        for (record, field, codes) in std::mem::take(&mut self.coded) {
            let of = &self.out.schema.records[record.at()];
            let item = of.by_name[&field.it];
            let sound =
                record == ACTIVITY && matches!(of.fields[item.at()].ty, Type::Term(_)) && !of.fields[item.at()].many;
            let hs = of.by_name.get(&codes.it).copied();
            let hs = hs.filter(|hs| of.fields[hs.at()].ty == Type::Hs && !of.fields[hs.at()].many);
            match hs {
                Some(hs) if sound && goods.is_none() => goods = Some((item, hs)),
                _ => self.report.not_coded(codes.span, &field.it, &codes.it),
            }
        }
        goods
    }
}

fn question(written: &tree::Field) -> String {
    match &written.question {
        Some(question) => question.it.clone(),
        None => format!("What is the {}?", written.name.it.replace('_', " ")),
    }
}
