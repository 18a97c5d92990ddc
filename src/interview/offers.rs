//! What can be answered: the kind of value, and the answers that the policy tells apart.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, FieldId, NormId, Program, RecordId, Set, TaxonomyId, Terms, Type};
use crate::evaluate::worlds::Tested;
use crate::facts::path::FactPath;
use crate::facts::question::{Question, State, Value};

use super::{AnswerKind, Offer};

/// A set of more branches than this is a group of countries; its members are not offered one by one.
const MANY: usize = 12;

/// What kind of value answers the question, whether a list of them, and the question in words.
pub(super) fn kind(program: &Program, path: &FactPath, words: String) -> (AnswerKind, bool, String) {
    let schema = &program.schema;
    match path {
        FactPath::Reading(_) => (AnswerKind::YesNo, false, words),
        FactPath::Used { unit, .. } | FactPath::Level { unit, .. } => {
            let unit = schema.unit_name(*unit);
            let words = format!("{words} (in {unit})");
            (AnswerKind::Amount(unit), false, words)
        }
        // One answer tells of all lists: a stated list is whole.
        FactPath::Listed { .. } => match path.field(program) {
            Some((record, field)) => {
                (AnswerKind::Listing, true, schema.records[record.at()].fields[field.at()].question.clone())
            }
            None => (AnswerKind::Listing, true, words),
        },
        FactPath::Field { field, element, unit, .. } => {
            let (record, _) = path.field(program).expect("it is a field");
            let declared = &schema.records[record.at()].fields[field.at()];
            let unit = || unit.map(|unit| schema.unit_name(unit)).unwrap_or_default();
            let kind = match declared.ty {
                Type::Term(taxonomy) => AnswerKind::Term(schema.taxonomies[taxonomy.at()].name.clone()),
                Type::Root(_) => AnswerKind::Country,
                Type::Reference(_) => AnswerKind::Reference,
                Type::Hs => AnswerKind::Hs,
                Type::Date => AnswerKind::Date,
                Type::YesNo => AnswerKind::YesNo,
                Type::Text => AnswerKind::Text,
                Type::Quantity | Type::Money => AnswerKind::Amount(unit()),
                Type::Listing => AnswerKind::Listing,
                Type::Record(record) => AnswerKind::Records(schema.records[record.at()].name.clone()),
            };
            (kind, declared.many && element.is_none(), words)
        }
    }
}

/// The answers that some norms tell apart.
pub(super) fn of(
    program: &Program,
    question: &Question,
    path: &FactPath,
    norms: impl Iterator<Item = NormId>,
) -> Vec<Offer> {
    let schema = &program.schema;
    let yes_no = || vec![offer("yes"), offer("no")];
    let Some((record, field)) = path.field(program) else {
        return if matches!(path, FactPath::Reading(_)) { yes_no() } else { Vec::new() };
    };
    let tested = Tested::of(program, norms);
    let declared = &schema.records[record.at()].fields[field.at()];
    let mut offers = match declared.ty {
        Type::YesNo => yes_no(),
        Type::Listing => schema.lists.iter().map(|it| titled(&it.name, it.title.clone())).collect(),
        Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) => {
            let sets = tested.sets.get(&(record, field)).map_or(&[][..], Vec::as_slice);
            // Beside a group of which most members are left out, the few others would mislead.
            let named = sets.iter().filter(|_| !sets.iter().any(is_group));
            let mut tops: BTreeSet<u32> = named.filter_map(terms_in).flat_map(starts).collect();
            if schema.core.goods.is_some_and(|(item, _)| (ACTIVITY, item) == (record, field)) {
                tops.extend(tested.goods.iter().flat_map(|(terms, _)| starts(terms)));
            }
            if tested.compared.contains(&(record, field)) {
                tops.extend(compared(program, &tested, question, taxonomy));
            }
            terms(program, taxonomy, tops, stated(question, path))
        }
        Type::Record(inner) => {
            let roles = roles(program, &tested, (record, field), inner);
            roles.map_or_else(Vec::new, |(taxonomy, roles)| terms(program, taxonomy, roles, None))
        }
        Type::Hs | Type::Date | Type::Text | Type::Quantity | Type::Money => Vec::new(),
    };
    let whole = !matches!(path, FactPath::Field { element: Some(_), .. });
    if declared.ty != Type::Text && whole && !declared.required && stated(question, path).is_none() {
        offers.push(offer("none"));
    }
    offers
}

/// What is stated of other facts of the activity that are compared: to be the same may be what matters.
fn compared(program: &Program, tested: &Tested, question: &Question, taxonomy: TaxonomyId) -> Vec<u32> {
    let fields = &program.schema.activity().fields;
    let of_activity = tested.compared.iter().filter(|(record, _)| *record == ACTIVITY).map(|(_, field)| *field);
    let speaks_of = |field: &FieldId| match fields[field.at()].ty {
        Type::Term(at) | Type::Root(at) => at == taxonomy,
        _ => false,
    };
    let value = |field: FieldId| match question.lines.first()?.facts.0[field.at()] {
        State::Is(Value::Term(term)) => Some(term),
        _ => None,
    };
    of_activity.filter(speaks_of).filter_map(value).collect()
}

fn offer(value: &str) -> Offer {
    titled(value, None)
}

fn titled(value: &str, title: Option<String>) -> Offer {
    Offer { value: value.to_owned(), title }
}

fn terms_in(set: &Set) -> Option<&Terms> {
    match set {
        Set::Terms(terms) | Set::References { terms, .. } => Some(terms),
        _ => None,
    }
}

fn is_group(set: &Set) -> bool {
    terms_in(set).is_some_and(|terms| terms.0.len() > MANY)
}

/// The branches that a set names.
fn starts(terms: &Terms) -> impl Iterator<Item = u32> {
    terms.0.iter().map(|(from, _)| *from)
}

/// The roles that norms ask for among the records of a list, and beside them the broadest where a norm asks for a record
/// of any role; all of them when they ask for none.
fn roles(
    program: &Program,
    tested: &Tested,
    list: (RecordId, FieldId),
    inner: RecordId,
) -> Option<(TaxonomyId, BTreeSet<u32>)> {
    let record = &program.schema.records[inner.at()];
    let Type::Term(taxonomy) = record.fields[record.role?.at()].ty else { return None };
    let bodies = tested.bodies.get(&list).map_or(&[][..], |(bodies, _)| bodies.as_slice());
    let terms = &program.schema.taxonomies[taxonomy.at()].terms;
    // A role that is asked for in a condition of the record, or before it.
    let role = (inner, record.role?);
    let within = tested.sets.get(&role).into_iter().flatten().filter_map(terms_in).flat_map(starts);
    let mut asked: BTreeSet<u32> =
        bodies.iter().filter_map(|(role, _)| role.as_ref()).flat_map(starts).chain(within).collect();
    if asked.is_empty() {
        asked.extend(0..terms.len() as u32);
    } else if bodies.iter().any(|(role, _)| role.is_none()) {
        let broadest = std::iter::successors(Some(0), |term| Some(terms.get(*term as usize)?.end));
        asked.extend(broadest.take_while(|term| (*term as usize) < terms.len()));
    }
    Some((taxonomy, asked))
}

/// Terms by name, those only that refine what was stated already.
fn terms(program: &Program, taxonomy: TaxonomyId, tops: BTreeSet<u32>, within: Option<u32>) -> Vec<Offer> {
    let terms = &program.schema.taxonomies[taxonomy.at()].terms;
    let fits = |term: &u32| within.is_none_or(|top| top < *term && *term < terms[top as usize].end);
    let term = |term: u32| titled(&terms[term as usize].name, terms[term as usize].title.clone());
    tops.into_iter().filter(fits).map(term).collect()
}

/// The term that was stated of the fact, broader than what is asked.
pub(super) fn stated(question: &Question, path: &FactPath) -> Option<u32> {
    let FactPath::Field { place, field, element: None, .. } = path else { return None };
    let mut facts = &question.lines[place.line.unwrap_or(0)].facts;
    for (field, at) in &place.steps {
        let State::List(records) = &facts.0[field.at()] else { return None };
        let State::Is(Value::Record(inner)) = records.get(*at)? else { return None };
        facts = inner;
    }
    match facts.0.get(field.at())? {
        State::Is(Value::Term(term)) => Some(*term),
        _ => None,
    }
}
