//! The name of one fact of a question.

use crate::check::program::{ACTIVITY, ExitId, FieldId, ListId, Program, ReadingId, RecordId, Type};
use crate::value::Unit;

use super::question::{Facts, Question, State, Value};

/// One fact that may be missing. The order is the order of declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FactPath {
    /// A field of the activity or of a stated record. When neither `item` nor
    /// `hs` is stated the pair is one fact, named by the field of goods.
    Field {
        place: Place,
        field: FieldId,
        /// An element of a stated list of values, when it is the element that is unknown.
        element: Option<usize>,
        /// Of an amount.
        unit: Option<Unit>,
    },
    /// Whether a stated record is on a list; with `via`, whether the element
    /// of that list of references, which names nobody else in the activity, is.
    Listed {
        place: Place,
        list: ListId,
        via: Option<(FieldId, usize)>,
    },
    Used {
        exit: ExitId,
        unit: Unit,
    },
    Level {
        exit: ExitId,
        unit: Unit,
    },
    Reading(ReadingId),
}

/// A record of the question: the activity, or a stated record in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Place {
    /// The line of the consignment that states the fact itself; `None` when the lines share it.
    pub line: Option<usize>,
    /// The way from the activity: a list of records and the position in it.
    pub steps: Vec<(FieldId, usize)>,
}

impl FactPath {
    /// The field that it is a fact of, and the kind of record that has the field.
    pub fn field(&self, program: &Program) -> Option<(RecordId, FieldId)> {
        match self {
            FactPath::Field { place, field, .. } => Some((place.record(program), *field)),
            FactPath::Listed { place, via: None, .. } => {
                let record = place.record(program);
                Some((record, *program.schema.records[record.at()].by_name.get("listed")?))
            }
            FactPath::Listed { .. } | FactPath::Used { .. } | FactPath::Level { .. } | FactPath::Reading(_) => None,
        }
    }

    /// `counterparty.sponsored_by`, `quantity.bbl`, `used.R2397/5.quota.bbl`, `lines[1].item`.
    pub fn name(&self, program: &Program, question: &Question) -> String {
        match self {
            FactPath::Field { place, field, element, unit } => {
                let (prefix, record) = place.name(program, question);
                let mut name = prefix + &program.schema.records[record].fields[field.at()].name;
                if let Some(unit) = unit {
                    name = format!("{name}.{}", program.schema.unit_name(*unit));
                }
                match element {
                    Some(at) => format!("{name}[{at}]"),
                    None => name,
                }
            }
            FactPath::Listed { place, list, via } => {
                let (prefix, record) = place.name(program, question);
                let list = &program.schema.lists[list.at()].name;
                match via {
                    Some((field, at)) => {
                        format!(
                            "{prefix}{}[{at}].listed.{list}",
                            program.schema.records[record].fields[field.at()].name
                        )
                    }
                    None => format!("{prefix}listed.{list}"),
                }
            }
            FactPath::Used { exit, unit } => {
                format!("used.{}.{}", program.exits[exit.at()].name, program.schema.unit_name(*unit))
            }
            FactPath::Level { exit, unit } => {
                format!("levels.{}.{}", program.exits[exit.at()].name, program.schema.unit_name(*unit))
            }
            FactPath::Reading(reading) => format!("readings.{}", program.readings[reading.at()].name),
        }
    }

    /// The question to put to whoever knows.
    pub fn question(&self, program: &Program, question: &Question) -> String {
        match self {
            FactPath::Field { place, field, unit, .. } => {
                let (_, record) = place.name(program, question);
                let asked = program.schema.records[record].fields[field.at()].question.clone();
                match unit {
                    Some(unit) => format!("{asked} (in {})", program.schema.unit_name(*unit)),
                    None => asked,
                }
            }
            FactPath::Listed { place, list, via } => {
                let record = &program.schema.records[place.record(program).at()];
                let who = match via {
                    Some((field, _)) => format!("the `{}` of this {}", record.fields[field.at()].name, record.name),
                    None => format!("this {}", record.name),
                };
                format!("Is {who} on the list {}?", program.schema.lists[list.at()].name)
            }
            FactPath::Used { exit, .. } => {
                format!("How much has been used already of the quota of {}?", program.exits[exit.at()].name)
            }
            FactPath::Level { exit, .. } => {
                format!("What is the level that limits {}?", program.exits[exit.at()].name)
            }
            FactPath::Reading(reading) => program.readings[reading.at()].question.clone(),
        }
    }
}

impl Place {
    /// The kind of record that stands there.
    pub fn record(&self, program: &Program) -> RecordId {
        self.steps.iter().fold(ACTIVITY, |record, (field, _)| {
            match program.schema.records[record.at()].fields[field.at()].ty {
                Type::Record(inner) => inner,
                _ => unreachable!("a step goes through a list of records"),
            }
        })
    }

    /// The prefix of the names of its fields, and the record's type.
    ///
    /// The only party with its role is called by the role (`counterparty.`);
    /// others by their position (`parties[1].`).
    fn name(&self, program: &Program, question: &Question) -> (String, usize) {
        let mut prefix = self.line.map_or(String::new(), |line| format!("lines[{line}]."));
        let mut record = ACTIVITY.at();
        let mut facts = question.lines.get(self.line.unwrap_or(0)).map(|line| &line.facts);
        for &(field, at) in &self.steps {
            let declared = &program.schema.records[record].fields[field.at()];
            let Type::Record(inner) = declared.ty else {
                unreachable!("a step goes through a list of records");
            };
            let list = facts.and_then(|facts| match facts.0.get(field.at()) {
                Some(State::List(list)) => Some(list.as_slice()),
                _ => None,
            });
            let role = list.and_then(|list| only_one_of_its_role(program, inner.at(), list, at));
            prefix += &role.map_or_else(|| format!("{}[{at}].", declared.name), |role| format!("{role}."));
            record = inner.at();
            facts = list.and_then(|list| record_facts(list.get(at)?));
        }
        (prefix, record)
    }
}

fn record_facts(state: &State) -> Option<&Facts> {
    match state {
        State::Is(Value::Record(facts)) => Some(facts),
        _ => None,
    }
}

fn only_one_of_its_role<'a>(program: &'a Program, record: usize, list: &[State], at: usize) -> Option<&'a str> {
    let record = &program.schema.records[record];
    let role = record.role?;
    let Type::Term(taxonomy) = record.fields[role.at()].ty else { return None };
    let term_of = |state: &State| match record_facts(state)?.0.get(role.at())? {
        State::Is(Value::Term(term)) => Some(*term),
        _ => None,
    };
    let mine = term_of(list.get(at)?)?;
    let alone = list.iter().filter(|state| term_of(state) == Some(mine)).count() == 1;
    alone.then(|| program.schema.taxonomies[taxonomy.at()].terms[mine as usize].name.as_str())
}
