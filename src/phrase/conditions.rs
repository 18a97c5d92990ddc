//! Conditions.

use crate::check::program::{
    ACTIVITY, Cond, DefinitionId, DefinitionPart, Fact, Field, FieldId, Op, RecordId, Set, Terms, Type,
};
use crate::value::Date;

use super::Phrases;
use super::values::{any_of, codes, days, quoted};

impl Phrases<'_> {
    /// A condition of the activity.
    pub fn condition(self, cond: &Cond) -> String {
        self.cond(cond, ACTIVITY).0
    }

    /// What a definition means; each thing that widened it with the days on which it does.
    pub fn definition(self, id: DefinitionId) -> String {
        let definition = &self.program.definitions[id.at()];
        let record = definition.of.unwrap_or(ACTIVITY);
        let part = |part: &DefinitionPart| {
            let through = part.period.through.map_or(String::new(), |through| format!(" through {through}"));
            let from = Some(part.period.from).filter(|from| *from != Date::MIN);
            let from = from.map_or("always".to_owned(), |from| format!("from {from}"));
            format!("{from}{through}: {}", self.cond(&part.when, record).0)
        };
        match &definition.parts[..] {
            [only] => self.cond(&only.when, record).0,
            parts => parts.iter().map(part).collect::<Vec<_>>().join("; "),
        }
    }

    /// That a condition of the activity does not hold.
    pub fn denied(self, cond: &Cond) -> String {
        self.negated(cond, ACTIVITY).0
    }

    /// A condition of a record, and how its parts are joined.
    fn cond(self, cond: &Cond, record: RecordId) -> (String, Joined) {
        match cond {
            Cond::Yes => ("any".to_owned(), Joined::One),
            Cond::No => ("not any".to_owned(), Joined::One),
            Cond::Not(inner) => self.negated(inner, record),
            Cond::All(parts) => self.joined(parts, record, Joined::And),
            Cond::Any(parts) => self.joined(parts, record, Joined::Or),
            Cond::Test { fact, set } => self.test(*fact, set, record),
            Cond::Goods { terms, .. } => {
                let (goods, _) = self.program.schema.core.goods.expect("a test of goods needs the two fields of goods");
                self.terms(Fact::Activity(goods), terms, record)
            }
            Cond::Absent { fact } => {
                let field = self.field(*fact, record);
                one(format!("{} is {}", field.name, if field.many { "empty" } else { "none" }))
            }
            Cond::Same { left, right } => {
                one(format!("{} is {}", self.field(*left, record).name, self.field(*right, record).name))
            }
            Cond::Order { left, op, right } => {
                let (left, right) = (&self.field(*left, record).name, &self.field(*right, record).name);
                one(format!("{left} {} {right}", sign(*op)))
            }
            // Parts of `found`, which `finding` writes; alone they have no form of their own.
            Cond::OrderPlus { left, op, right, days } => {
                let (left, right) = (&self.field(*left, record).name, &self.field(*right, record).name);
                one(format!("{left} {} {right} + {days} days", sign(*op)))
            }
            Cond::SameYear { left, right } => {
                let (left, right) = (&self.field(*left, record).name, &self.field(*right, record).name);
                one(format!("{left} in the calendar year of {right}"))
            }
            Cond::Member { fact, group } => {
                one(format!("{} in {}", self.field(*fact, record).name, self.program.schema.groups[group.at()].name))
            }
            Cond::Count { list, role, at_least, body } => {
                let what = if *at_least == 1 { "some".to_owned() } else { format!("at least {at_least}") };
                match self.finding(*list, role.as_ref(), *at_least, body, record) {
                    Some(found) => one(found),
                    None => one(format!("{what} {}", self.counted(*list, role.as_ref(), body, record))),
                }
            }
            Cond::Listed { who, list, measure, entry } => {
                let list = &self.program.schema.lists[list.at()];
                let who = who.map(|who| format!("{} ", self.field(Fact::Own(who), record).name)).unwrap_or_default();
                let measure = measure.map(|at| format!(" for {}", list.measures[at as usize])).unwrap_or_default();
                let entry = entry.as_ref().map(|entry| format!(" as {}", quoted(entry))).unwrap_or_default();
                one(format!("{who}listed in {}{measure}{entry}", list.name))
            }
            Cond::Defined(id) => one(self.program.definitions[id.at()].name.clone()),
            Cond::Reading(id) => one(self.program.readings[id.at()].name.clone()),
            Cond::NoAct => one("no act".to_owned()),
        }
    }

    fn negated(self, cond: &Cond, record: RecordId) -> (String, Joined) {
        match cond {
            Cond::Not(inner) => self.cond(inner, record),
            Cond::Count { list, role, at_least: 1, body }
                if self.finding(*list, role.as_ref(), 1, body, record).is_none() =>
            {
                one(format!("no {}", self.counted(*list, role.as_ref(), body, record)))
            }
            _ => {
                let (text, joined) = self.cond(cond, record);
                one(if joined == Joined::One { format!("not {text}") } else { format!("not ({text})") })
            }
        }
    }

    fn joined(self, parts: &[Cond], record: RecordId, how: Joined) -> (String, Joined) {
        let word = match (how, parts) {
            (_, [only]) => return self.cond(only, record),
            (Joined::And, []) => return self.cond(&Cond::Yes, record),
            (Joined::Or, []) => return self.cond(&Cond::No, record),
            (Joined::And, _) => " and ",
            (Joined::Or | Joined::One, _) => " or ",
        };
        let part = |part: &Cond| match self.cond(part, record) {
            (text, Joined::One) => text,
            (text, _) => format!("({text})"),
        };
        (parts.iter().map(part).collect::<Vec<_>>().join(word), how)
    }

    pub(super) fn field(&self, fact: Fact, record: RecordId) -> &Field {
        let (record, field) = match fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (record, field),
        };
        &self.program.schema.records[record.at()].fields[field.at()]
    }

    fn test(self, fact: Fact, set: &Set, record: RecordId) -> (String, Joined) {
        let name = &self.field(fact, record).name;
        match set {
            Set::Terms(terms) => self.terms(fact, terms, record),
            Set::Codes(ranges) => {
                one(format!("{name} under {}", any_of(ranges.iter().map(|range| codes(*range)).collect())))
            }
            Set::Dates(ranges) => match ranges.as_slice() {
                [range] => {
                    let text = days(name, *range);
                    let joined = if text.contains(" and ") { Joined::And } else { Joined::One };
                    (text, joined)
                }
                _ => {
                    let each = ranges.iter().map(|range| days(name, *range));
                    let each = each.map(|text| if text.contains(" and ") { format!("({text})") } else { text });
                    (each.collect::<Vec<_>>().join(" or "), Joined::Or)
                }
            },
            Set::YesNo(true) => one(name.clone()),
            Set::YesNo(false) => one(format!("{name} is no")),
            Set::Texts(texts) => one(format!("{name} is {}", any_of(texts.iter().map(|text| quoted(text)).collect()))),
            Set::Amount { unit, op, than } => one(format!("{name} {} {}", sign(*op), self.amount(*than, *unit))),
            Set::References { terms, ids } => {
                let mut named = Vec::new();
                if let Type::Reference(taxonomy) = self.field(fact, record).ty {
                    named.extend(self.heads(taxonomy, terms).iter().map(|head| self.head(taxonomy, head)));
                }
                let is_authority = |id: &String| {
                    self.program.regimes.iter().flat_map(|regime| &regime.authorities).any(|(name, _)| name == id)
                };
                named.extend(ids.iter().map(|id| if is_authority(id) { id.clone() } else { quoted(id) }));
                one(format!("{name} is {}", any_of(named)))
            }
            Set::Lists(lists) => {
                let lists = lists.iter().map(|list| self.program.schema.lists[list.at()].name.clone());
                one(format!("{name} is {}", any_of(lists.collect())))
            }
        }
    }

    fn terms(self, fact: Fact, terms: &Terms, record: RecordId) -> (String, Joined) {
        let field = self.field(fact, record);
        let (Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy)) = field.ty else {
            return one(field.name.clone());
        };
        let heads = self.heads(taxonomy, terms).iter().map(|head| self.head(taxonomy, head)).collect();
        let word = if matches!(field.ty, Type::Term(_)) { "under" } else { "is" };
        one(format!("{} {word} {}", field.name, any_of(heads)))
    }

    /// `counterparty { flag is KP }`
    fn counted(self, list: Fact, role: Option<&Terms>, body: &Cond, record: RecordId) -> String {
        let Type::Record(of) = self.field(list, record).ty else { return self.field(list, record).name.clone() };
        let declared = &self.program.schema.records[of.at()];
        let role = role.and_then(|terms| {
            let Type::Term(taxonomy) = declared.fields[declared.role?.at()].ty else { return None };
            Some(self.program.schema.taxonomies[taxonomy.at()].terms[terms.0.first()?.0 as usize].name.clone())
        });
        let name = role.unwrap_or_else(|| declared.name.clone());
        match body {
            Cond::Yes => name,
            body => format!("{name} {{ {} }}", self.cond(body, of).0),
        }
    }

    /// `found objection by committee this calendar year`: what that says is spelled out in the condition.
    fn finding(self, list: Fact, role: Option<&Terms>, at_least: u32, body: &Cond, record: RecordId) -> Option<String> {
        let Type::Record(of) = self.field(list, record).ty else { return None };
        let (Cond::All(parts), "findings", None, 1) = (body, self.field(list, record).name.as_str(), role, at_least)
        else {
            return None;
        };
        let own = |field: FieldId, name: &str| self.field(Fact::Own(field), of).name == name;
        let (mut kind, mut by, mut window, mut made) = (None, None, String::new(), false);
        for part in parts {
            match part {
                Cond::Test { fact: Fact::Own(field), set: Set::Terms(terms) } if own(*field, "kind") => {
                    let Type::Term(taxonomy) = self.field(Fact::Own(*field), of).ty else { return None };
                    kind = Some(self.head(taxonomy, self.heads(taxonomy, terms).first()?));
                }
                Cond::Test { fact: Fact::Own(field), set: Set::References { ids, .. } } if own(*field, "by") => {
                    by = Some(ids.first()?.clone());
                }
                Cond::Same { left: Fact::Own(field), right } if own(*field, "by") => {
                    by = Some(self.field(*right, of).name.clone());
                }
                Cond::OrderPlus { days, .. } => window = format!(" in the last {days} days"),
                Cond::SameYear { .. } => " this calendar year".clone_into(&mut window),
                Cond::Order { left: Fact::Own(field), .. } if own(*field, "on") => made = true,
                // Under which provision, and that it has not run out, go without saying.
                Cond::Any(_) | Cond::Absent { .. } | Cond::Test { .. } => {}
                _ => return None,
            }
        }
        made.then_some(())?;
        Some(format!("found {} by {}{window}", kind?, by?))
    }
}

/// How the parts of a text are joined: what is one operand needs no brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    One,
    And,
    Or,
}

fn one(text: String) -> (String, Joined) {
    (text, Joined::One)
}

pub(super) fn sign(op: Op) -> &'static str {
    match op {
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::More => ">",
        Op::MoreOrEqual => ">=",
    }
}
