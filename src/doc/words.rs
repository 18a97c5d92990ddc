//! What things are called: labels where the policy declares them, else the identifier in words.

use crate::check::program::{
    ACTIVITY, DefinitionId, ExitId, Fact, Field, FieldId, GroupId, ListId, NormId, ParagraphId, Program, ReadingId,
    RecordId, TaxonomyId, Terms, Type, Who,
};
use crate::phrase::{Phrases, prefixes};
use crate::value::{Date, Decimal, Unit};

use super::block::{Line, alternatives, line};

/// The words of one program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub program: &'a Program,
}

/// Where links lead to.
pub(super) mod id {
    pub fn regime(name: &str) -> String {
        format!("regime.{name}")
    }
    pub fn definition(name: &str) -> String {
        format!("definition.{name}")
    }
    pub fn reading(name: &str) -> String {
        format!("reading.{name}")
    }
    pub fn term(taxonomy: &str, name: &str) -> String {
        format!("term.{taxonomy}.{name}")
    }
    pub fn fact(record: &str, name: &str) -> String {
        format!("fact.{record}.{name}")
    }
    pub fn list(name: &str) -> String {
        format!("list.{name}")
    }
    pub fn group(name: &str) -> String {
        format!("group.{name}")
    }
}

impl<'a> Words<'a> {
    /// An identifier in words; the parts that name a regime in capitals.
    pub fn of(self, name: &str) -> String {
        let part = |part: &str| match self.program.regimes.iter().any(|regime| regime.name == part) {
            true => part.to_uppercase(),
            false => part.to_owned(),
        };
        name.split('_').filter(|part| !part.is_empty()).map(part).collect::<Vec<_>>().join(" ")
    }

    pub fn field(self, record: RecordId, field: FieldId) -> &'a Field {
        &self.program.schema.records[record.at()].fields[field.at()]
    }

    /// A field in words, linked to the question behind it.
    pub fn field_name(self, record: RecordId, field: FieldId) -> Line {
        let of = &self.program.schema.records[record.at()].name;
        let declared = self.field(record, field);
        let core = self.program.schema.core;
        let words = match (record == ACTIVITY).then_some(field) {
            Some(field) if field == core.date => "date of the activity".to_owned(),
            Some(field) if field == core.actor_state => "State asked about".to_owned(),
            Some(field) if core.goods.is_some_and(|(item, _)| item == field) => "goods".to_owned(),
            Some(field) if core.goods.is_some_and(|(_, hs)| hs == field) => "tariff code (HS)".to_owned(),
            _ => self.field_words(declared),
        };
        line().link(id::fact(of, &declared.name), words)
    }

    /// `origin`; a name that is no noun with the noun of its type: `“since” date`.
    fn field_words(self, field: &Field) -> String {
        let words = self.of(&field.name);
        let noun = match field.ty {
            Type::Date => "date",
            Type::Term(taxonomy) | Type::Root(taxonomy) => &self.program.schema.taxonomies[taxonomy.at()].name,
            // A statement that is true or not.
            Type::YesNo => return format!("“{words}”"),
            _ => return words,
        };
        let last = words.rsplit(' ').next().unwrap_or_default();
        let no_noun = ["since", "via", "from", "to", "on", "at", "through"].contains(&last);
        if no_noun { format!("“{words}” {}{}", self.of(noun), if field.many { "s" } else { "" }) } else { words }
    }

    /// The name of a fact with its article: `the origin`, `its flag`.
    pub fn fact(self, fact: Fact, at_hand: RecordId) -> Line {
        match fact {
            Fact::Activity(field) => line().text("the ").then(self.field_name(ACTIVITY, field)),
            Fact::Own(field) => line().text("its ").then(self.field_name(at_hand, field)),
        }
    }

    /// Whether the root terms of a taxonomy are countries.
    pub fn is_places(self, taxonomy: TaxonomyId) -> bool {
        let fields = self.program.schema.records.iter().flat_map(|record| &record.fields);
        fields.into_iter().any(|field| match field.ty {
            Type::Root(of) | Type::Reference(of) => of == taxonomy,
            _ => false,
        })
    }

    pub fn term_title(self, taxonomy: TaxonomyId, term: u32) -> String {
        let term = &self.program.schema.taxonomies[taxonomy.at()].terms[term as usize];
        term.title.clone().unwrap_or_else(|| self.of(&term.name))
    }

    /// A term, linked to what is under it.
    pub fn term(self, taxonomy: TaxonomyId, term: u32) -> Line {
        let of = &self.program.schema.taxonomies[taxonomy.at()];
        let title = self.term_title(taxonomy, term);
        let shown = if self.is_places(taxonomy) { title } else { format!("“{title}”") };
        line().link(id::term(&of.name, &of.terms[term as usize].name), shown)
    }

    /// The fewest terms whose branches are these.
    pub fn heads(self, taxonomy: TaxonomyId, terms: &Terms) -> Vec<u32> {
        Phrases { program: self.program }.heads(taxonomy, terms).into_iter().map(|head| head.term).collect()
    }

    /// `“Coal” or “Ores”`, `“Coal” and “Ores”`
    pub fn terms(self, taxonomy: TaxonomyId, terms: &Terms, last: &str) -> Line {
        let heads = self.heads(taxonomy, terms);
        alternatives(heads.into_iter().map(|term| self.term(taxonomy, term)).collect(), last)
    }

    /// Acts of the taxonomy of actions; anything when none are named.
    pub fn actions(self, actions: Option<&Terms>) -> Line {
        let field = self.field(ACTIVITY, self.program.schema.core.action);
        match (actions, field.ty) {
            (Some(terms), Type::Term(taxonomy)) => self.terms(taxonomy, terms, " or "),
            _ => line().text("anything"),
        }
    }

    pub fn who(self, who: &Who) -> Line {
        match who {
            Who::Authority(name) => self.authority(name),
            Who::Field(field) if *field == self.program.schema.core.actor_state => {
                line().text("the ").then(self.field_name(ACTIVITY, *field))
            }
            Who::Field(field) => line().text("the State of the ").then(self.field_name(ACTIVITY, *field)),
        }
    }

    /// An authority by the word that the policy has for it, linked to its regime.
    pub fn authority(self, name: &str) -> Line {
        let of = self.program.regimes.iter().find(|regime| regime.authorities.iter().any(|(own, _)| own == name));
        let shown = super::block::capital(&self.of(name));
        match of {
            Some(regime) => line().text("the ").link(id::regime(&regime.name), shown),
            None => line().text(format!("“{name}”")),
        }
    }

    pub fn list(self, list: ListId) -> Line {
        let list = &self.program.schema.lists[list.at()];
        let title = list.title.clone().unwrap_or_else(|| self.of(&list.name));
        line().link(id::list(&list.name), format!("“{title}”"))
    }

    pub fn group(self, group: GroupId) -> Line {
        let group = &self.program.schema.groups[group.at()];
        let title = group.title.clone().unwrap_or_else(|| self.of(&group.name));
        line().link(id::group(&group.name), format!("“{title}”"))
    }

    pub fn definition(self, definition: DefinitionId) -> Line {
        let name = &self.program.definitions[definition.at()].name;
        line().link(id::definition(name), format!("“{}”", self.of(name)))
    }

    pub fn reading(self, reading: ReadingId) -> Line {
        let name = &self.program.readings[reading.at()].name;
        line().link(id::reading(name), format!("“{}”", self.of(name)))
    }

    pub fn norm(self, norm: NormId) -> Line {
        line().link_id(&self.program.norms[norm.at()].name)
    }

    pub fn exit(self, exit: ExitId) -> Line {
        line().link_id(&self.program.exits[exit.at()].name)
    }

    pub fn paragraph(self, paragraph: ParagraphId) -> Line {
        line().link_id(&self.program.paragraphs[paragraph.at()].name)
    }

    /// A norm, paragraph, exit, instrument or regime by the name that the policy refers to.
    pub fn target(self, name: &str) -> Line {
        match self.program.regimes.iter().find(|regime| regime.name == name) {
            Some(regime) => line().link(id::regime(name), regime.title.clone()),
            None => line().link_id(name),
        }
    }

    /// `4,000,000 barrels`
    pub fn amount(self, amount: Decimal, unit: Unit) -> String {
        format!("{} {}", number(amount), self.unit(unit))
    }

    pub fn unit(self, unit: Unit) -> String {
        match unit {
            Unit::Money(currency) => currency.to_string(),
            Unit::Measure(id) => {
                let unit = &self.program.schema.units[id.0 as usize];
                unit.title.clone().unwrap_or_else(|| unit.name.clone())
            }
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `11 September 2017`
pub(super) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), MONTHS[(date.month() - 1) as usize], date.year())
}

/// With marks between thousands.
fn number(amount: Decimal) -> String {
    let text = amount.normalize().to_string();
    let (whole, rest) = text.find('.').map_or((text.as_str(), ""), |point| text.split_at(point));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut marked = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            marked.push(',');
        }
        marked.push(digit);
    }
    format!("{sign}{marked}{rest}")
}

/// `84`, `72 to 83`: half-open ranges of ten-digit codes as prefixes.
pub(super) fn codes(ranges: &[(u64, u64)]) -> Vec<String> {
    ranges.iter().map(|&range| code(range)).collect()
}

fn code(range: (u64, u64)) -> String {
    let (first, last) = prefixes(range);
    if first == last { first } else { format!("{first} to {last}") }
}
