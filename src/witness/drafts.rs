//! What drafts say already of a condition, and how it is kept from being so.

use crate::check::program::{Cond, Fact, FieldId, RecordId, Set, Type};
use crate::value::Raw;

use super::{DEEPEST, Draft, Maker};

impl<'a> Maker<'a> {
    /// Of conditions of which one will do, the one to see to; none when it is seen to already. The turn chooses among those
    /// that nothing stands against.
    pub(super) fn one_of<'c>(&self, here: usize, parts: &'c [Cond], yes: bool) -> Option<&'c Cond> {
        let said: Vec<Option<bool>> = parts.iter().map(|part| self.said(here, part, 0)).collect();
        if said.contains(&Some(yes)) {
            return None;
        }
        let open: Vec<&Cond> =
            parts.iter().zip(&said).filter(|(_, said)| said.is_none()).map(|(part, _)| part).collect();
        match open.as_slice() {
            [] => parts.get(self.turn % parts.len().max(1)),
            open => Some(open[self.turn % open.len()]),
        }
    }

    /// Keeps a condition from being so. Of records, each of those that were made is kept out of it.
    pub(super) fn deny(&mut self, cond: &Cond) {
        let Cond::Count { list, role, at_least: 1, body } = cond else { return self.want(0, cond, false, 0) };
        let (holder, list) = self.place(0, *list);
        let made: Vec<usize> =
            self.held.iter().filter(|held| (held.0, held.1) == (holder, list)).map(|held| held.2).collect();
        for draft in made {
            let field = self.program.schema.records[self.drafts[draft].record.at()].role;
            let is_other = role.as_ref().zip(field).is_some_and(|(terms, field)| {
                let test = Cond::Test { fact: Fact::Own(field), set: Set::Terms(terms.clone()) };
                self.said(draft, &test, 0) == Some(false)
            });
            if !is_other && self.said(draft, body, 0) != Some(false) {
                self.want(draft, body, false, 0);
            }
        }
    }

    /// Whether a condition is so by what is stated; `None` when that leaves it open.
    fn said(&self, here: usize, cond: &Cond, depth: usize) -> Option<bool> {
        let all = |parts: &[Cond], yes: bool| {
            let said: Vec<Option<bool>> = parts.iter().map(|part| self.said(here, part, depth)).collect();
            let has_other = said.contains(&Some(!yes));
            if has_other { Some(!yes) } else { said.iter().all(Option::is_some).then_some(yes) }
        };
        match cond {
            Cond::Yes => Some(true),
            Cond::No => Some(false),
            Cond::Not(inner) => Some(!self.said(here, inner, depth)?),
            Cond::All(parts) => all(parts, true),
            Cond::Any(parts) => all(parts, false),
            Cond::Test { fact, set } => {
                let (draft, field) = self.place(here, *fact);
                self.is_in(draft, field, set)
            }
            Cond::Absent { fact } => {
                let (draft, field) = self.place(here, *fact);
                self.drafts[draft].fields.contains_key(&field).then_some(false)
            }
            Cond::Listed { who: None, list, measure: None, entry: None } => {
                let field = self.field_called(here, "listed")?;
                let Raw::List(lists) = self.drafts[here].fields.get(&field)? else { return None };
                Some(lists.contains(&Raw::from(&self.program.schema.lists[list.at()].name)))
            }
            Cond::Defined(id) if depth < DEEPEST => {
                let said = self.program.definitions[id.at()].parts.iter();
                let said: Vec<Option<bool>> = said.map(|part| self.said(here, &part.when, depth + 1)).collect();
                if said.contains(&Some(true)) { Some(true) } else { said.iter().all(Option::is_some).then_some(false) }
            }
            _ => None,
        }
    }

    fn is_in(&self, draft: usize, field: FieldId, set: &Set) -> Option<bool> {
        let declared = &self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()];
        let one = |value: &Raw| match (set, value, declared.ty) {
            (Set::YesNo(yes), Raw::Bool(is), _) => Some(yes == is),
            (
                Set::Terms(terms) | Set::References { terms, .. },
                Raw::Text(name),
                Type::Term(of) | Type::Root(of) | Type::Reference(of),
            ) => {
                let term = *self.program.schema.taxonomies[of.at()].by_name.get(name)?;
                let end = self.program.schema.taxonomies[of.at()].terms[term as usize].end;
                if declared.ty == Type::Term(of) { terms.all_or_none(term, end) } else { Some(terms.has(term)) }
            }
            _ => None,
        };
        match self.drafts[draft].fields.get(&field)? {
            Raw::List(values) => {
                let said: Vec<Option<bool>> = values.iter().map(one).collect();
                // More may be put into a list.
                said.contains(&Some(true)).then_some(true)
            }
            value => one(value),
        }
    }

    /// Whether every record of the kind states a fact.
    pub(super) fn is_asked_of_all(&self, here: usize, fact: Fact) -> bool {
        let (draft, field) = self.place(here, fact);
        self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()].required
    }

    /// How many terms a field may have.
    pub(super) fn terms_of(&self, draft: usize, field: FieldId) -> u32 {
        match self.program.schema.records[self.drafts[draft].record.at()].fields[field.at()].ty {
            Type::Term(of) | Type::Root(of) | Type::Reference(of) => {
                self.program.schema.taxonomies[of.at()].terms.len() as u32
            }
            _ => 0,
        }
    }

    pub(super) fn field_called(&self, draft: usize, name: &str) -> Option<FieldId> {
        self.program.schema.records[self.drafts[draft].record.at()].by_name.get(name).copied()
    }

    /// A party that a record names, made when it names none: one that takes no part itself, if there is such a role. None when
    /// it is named and no more.
    pub(super) fn named(&mut self, here: usize, through: FieldId) -> Option<usize> {
        let schema = &self.program.schema;
        let parties = schema.core.parties?;
        let Type::Record(party) = schema.activity().fields[parties.at()].ty else { return None };
        let id = schema.records[party.at()].by_name.get("id").copied()?;
        if let Some(known) = self.drafts[here].fields.get(&through)
            && let Some(draft) =
                self.drafts.iter().position(|it| it.fields.get(&id).is_some_and(|id| is_named(known, id)))
        {
            return Some(draft);
        }
        let draft = self.drafts.len();
        let name = Raw::from(format!("other{draft}"));
        // Somebody of whom nothing else is known, sometimes: a party that is stated meets conditions of its own.
        if self.turn % 4 >= 2 {
            self.put(here, through, name);
            return None;
        }
        self.drafts.push(Draft { record: party, fields: [(id, name.clone())].into() });
        self.held.push((0, parties, draft));
        self.role_of_others(draft, party);
        self.put(here, through, name);
        Some(draft)
    }

    fn role_of_others(&mut self, draft: usize, party: RecordId) {
        let record = &self.program.schema.records[party.at()];
        let Some(role) = record.role else { return };
        let Type::Term(of) = record.fields[role.at()].ty else { return };
        if self.program.schema.taxonomies[of.at()].by_name.contains_key("related") {
            self.put(draft, role, Raw::from("related"));
        }
    }
}

fn is_named(stated: &Raw, id: &Raw) -> bool {
    match stated {
        Raw::List(names) => names.contains(id),
        one => one == id,
    }
}
