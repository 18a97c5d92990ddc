//! What an activity can say: the fields, their words and the names that belong beside them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::program::{Field, Limit, Program, Taxonomy, Type};
use crate::ruleset::Ruleset;

/// What an activity can say under a policy; for forms, and for whoever looks for a word.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Vocabulary {
    /// The fields of the activity, then of its records, in the order declared.
    pub records: Vec<RecordInfo>,
    /// The words of each vocabulary by its name, in the order declared; a word stands after the one it belongs to.
    pub words: BTreeMap<String, Vec<Word>>,
    /// Exceptions that count amounts: the keys of `used`, and of `levels`.
    pub quotas: Vec<QuotaInfo>,
    /// Disputed readings: the keys of `readings`.
    pub readings: Vec<ReadingInfo>,
    /// Authorities, as `by` and `to` of acts and findings name them.
    pub authorities: Vec<Named>,
    /// Sanctions lists with their measures, as `listed` names them.
    pub lists: Vec<ListInfo>,
    /// Units of amounts, besides the currencies of ISO 4217.
    pub units: Vec<Named>,
}

/// The activity, or what it has lists of.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RecordInfo {
    /// `activity`, `party`
    pub name: String,
    /// What can be said of it.
    pub fields: Vec<FieldInfo>,
}

/// One thing that can be said.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FieldInfo {
    /// `destination`
    pub name: String,
    /// The vocabulary of its words, or `country`, `date`, `text`, `yes_no`, `hs`, `quantity`, `money`, `reference`, `listing`, or
    /// a record.
    pub holds: String,
    /// Of words, a country or a reference: the vocabulary, a key of [`Vocabulary::words`]. A country is one of its words that
    /// stand at the top, a reference may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// A list of them.
    pub many: bool,
    /// There is no decision without it.
    pub required: bool,
    /// What to ask.
    pub question: String,
}

/// A word of a vocabulary.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Word {
    /// `battle_tank`
    pub name: String,
    /// What it means.
    pub title: Option<String>,
    /// How many words it stands under.
    pub depth: usize,
}

/// An exception that counts amounts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct QuotaInfo {
    /// `R2397/5.quota`
    pub name: String,
    /// Where it stands: `S/RES/2397 (2017), para. 5`
    pub citation: String,
    /// The units in which it counts.
    pub units: Vec<String>,
    /// How much there is, is a fact of a ledger, to be stated in `levels`.
    pub level: bool,
}

/// A question that the text leaves open.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ReadingInfo {
    /// `steel_is_iron`
    pub name: String,
    /// What is disputed.
    pub question: String,
    /// The answer unless the host says otherwise.
    pub default: bool,
}

/// A name and what it stands for.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// `committee`
    pub name: String,
    /// In words.
    pub title: Option<String>,
}

/// A sanctions list.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ListInfo {
    /// `un_1718`
    pub name: String,
    /// `asset_freeze`
    pub measures: Vec<String>,
}

impl Ruleset {
    /// What an activity can say under this policy.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rules = interdict::Ruleset::builder().pack("un_dprk").compile()?;
    /// let vocabulary = rules.vocabulary();
    /// let zones: Vec<&str> = vocabulary.words["zone"].iter().map(|word| word.name.as_str()).collect();
    /// assert_eq!(zones, ["in_port", "territorial_waters", "high_seas", "airspace", "inland"]);
    /// assert!(vocabulary.quotas.iter().any(|quota| quota.name == "R2397/5.quota" && quota.units == ["bbl"]));
    /// # Ok(()) }
    /// ```
    pub fn vocabulary(&self) -> Vocabulary {
        let program = self.program();
        let schema = &program.schema;
        let records = schema.records.iter().map(|record| RecordInfo {
            name: record.name.clone(),
            fields: record.fields.iter().map(|field| field_info(program, field)).collect(),
        });
        let authorities = program.regimes.iter().flat_map(|regime| regime.authorities.iter());
        let authorities: BTreeMap<&String, &String> = authorities.map(|(name, title)| (name, title)).collect();
        Vocabulary {
            records: records.collect(),
            words: schema.taxonomies.iter().map(|it| (it.name.clone(), words(it))).collect(),
            quotas: quotas(program),
            readings: (program.readings.iter())
                .map(|it| ReadingInfo { name: it.name.clone(), question: it.question.clone(), default: it.default })
                .collect(),
            authorities: (authorities.into_iter())
                .map(|(name, title)| Named { name: name.clone(), title: Some(title.clone()) })
                .collect(),
            lists: (schema.lists.iter())
                .map(|it| ListInfo { name: it.name.clone(), measures: it.measures.clone() })
                .collect(),
            units: (schema.units.iter()).map(|it| Named { name: it.name.clone(), title: it.title.clone() }).collect(),
        }
    }
}

fn field_info(program: &Program, field: &Field) -> FieldInfo {
    let schema = &program.schema;
    let holds = match field.ty {
        Type::Term(taxonomy) => schema.taxonomies[taxonomy.at()].name.clone(),
        Type::Root(_) => "country".to_owned(),
        Type::Record(record) => schema.records[record.at()].name.clone(),
        Type::Hs => "hs".to_owned(),
        Type::Date => "date".to_owned(),
        Type::YesNo => "yes_no".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Quantity => "quantity".to_owned(),
        Type::Money => "money".to_owned(),
        Type::Reference(_) => "reference".to_owned(),
        Type::Listing => "listing".to_owned(),
    };
    let words = field.ty.taxonomy().map(|taxonomy| schema.taxonomies[taxonomy.at()].name.clone());
    let Field { name, many, required, question, .. } = field;
    FieldInfo { name: name.clone(), holds, words, many: *many, required: *required, question: question.clone() }
}

fn words(taxonomy: &Taxonomy) -> Vec<Word> {
    let mut depths: Vec<usize> = Vec::with_capacity(taxonomy.terms.len());
    let mut words = Vec::with_capacity(taxonomy.terms.len());
    for term in &taxonomy.terms {
        let depth = term.parent.map_or(0, |parent| depths[parent as usize] + 1);
        depths.push(depth);
        words.push(Word { name: term.name.clone(), title: term.title.clone(), depth });
    }
    words
}

fn quotas(program: &Program) -> Vec<QuotaInfo> {
    let counting = program.exits.iter().filter(|exit| !exit.quotas.is_empty());
    let quotas = counting.map(|exit| {
        let units = exit.quotas.iter().flat_map(|quota| std::iter::once(quota.unit).chain(quota.or.iter().copied()));
        let units: BTreeSet<String> = units.map(|unit| program.schema.unit_name(unit)).collect();
        QuotaInfo {
            name: exit.name.clone(),
            citation: program.paragraphs[exit.paragraph.at()].citation.clone(),
            units: units.into_iter().collect(),
            level: exit.quotas.iter().any(|quota| matches!(quota.limit, Limit::Level { .. })),
        }
    });
    quotas.collect()
}
