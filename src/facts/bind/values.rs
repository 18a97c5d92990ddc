//! One value of one type.

use crate::check::program::{ListId, Program, Taxonomy, TaxonomyId, Type};
use crate::facts::near::{nearest, nearest_terms};
use crate::facts::question::{Reference, State, Value};
use crate::resolve::codes;
use crate::value::raw::Way;
use crate::value::{Date, Raw};

use super::amounts::Kind;
use super::{Binder, did_you_mean, found, listed, one_of, quoted};

/// What an IMO number is, for messages.
pub(crate) const IMO: &str = "seven digits, of which the last checks the others";

/// The seven digits of an IMO number, without an `IMO` before them; `None` when the check digit does not fit.
pub(crate) fn imo_number(text: &str) -> Option<&str> {
    let text = text.trim();
    let digits =
        text.get(..3).filter(|start| start.eq_ignore_ascii_case("imo")).map_or(text, |_| text[3..].trim_start());
    if digits.len() != 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digit = |at: usize| u32::from(digits.as_bytes()[at] - b'0');
    let sum: u32 = (0..6).map(|at| digit(at) * (7 - at as u32)).sum();
    // Its digits check, and it stands where a number is not known.
    let is_placeholder = digits == "0000000";
    (sum % 10 == digit(6) && !is_placeholder).then_some(digits)
}

impl<'a> Binder<'a> {
    /// `None` when it is no value of the type, which is then reported. `name` is the field's, or empty in a list.
    pub(super) fn value(&mut self, ty: Type, name: &str, raw: &'a Raw, way: &Way<'_>) -> Option<Value> {
        match ty {
            Type::Term(taxonomy) => self.term(taxonomy, raw, way).map(Value::Term),
            Type::Root(taxonomy) => self.root(taxonomy, raw, way).map(Value::Term),
            Type::Hs => self.codes(raw, way).map(|(from, to)| Value::Codes(from, to)),
            Type::Date => self.date(raw, way).map(Value::Date),
            Type::YesNo => self.yes_no(raw, way).map(Value::YesNo),
            Type::Text if name == "imo" => self.text(raw, way).and_then(|text| self.imo(text, way)).map(Value::Text),
            Type::Text => self.text(raw, way).and_then(|text| self.id(text, way)).map(Value::Text),
            Type::Quantity => self.amounts(Kind::Quantity, raw, way).map(Value::Amounts),
            Type::Money => self.amounts(Kind::Money, raw, way).map(Value::Amounts),
            Type::Reference(taxonomy) => self.reference(taxonomy, raw, way).map(Value::Reference),
            Type::Listing => self.listing(raw, way).map(|(list, measure)| Value::Listing(list, measure)),
            Type::Record(record) => match raw {
                Raw::Map(stated) => Some(Value::Record(self.record(record, stated, way))),
                _ => {
                    let name = &self.program.schema.records[record.at()].name;
                    self.wrong(way, raw, &format!("a map with the fields of a {name}"));
                    None
                }
            },
        }
    }

    fn word<'r>(&mut self, raw: &'r Raw, way: &Way<'_>, accepted: &str) -> Option<&'r str> {
        match raw {
            Raw::Text(text) => Some(text),
            _ => {
                self.wrong(way, raw, accepted);
                None
            }
        }
    }

    fn term(&mut self, taxonomy: TaxonomyId, raw: &Raw, way: &Way<'_>) -> Option<u32> {
        let program = self.program;
        let declared = &program.schema.taxonomies[taxonomy.at()];
        let text = self.word(raw, way, &format!("a term of `{}`", declared.name))?;
        let term = declared.by_name.get(text).copied();
        if term.is_none() {
            let message = format!("`{}` is no term of `{}`", quoted(text), declared.name);
            self.problem(way, message, || {
                one_of(&near_terms(program, taxonomy, text, false))
                    .or_else(|| shape_of_roots(declared))
                    .or_else(|| all_terms(declared))
            });
        }
        term
    }

    pub(super) fn root(&mut self, taxonomy: TaxonomyId, raw: &Raw, way: &Way<'_>) -> Option<u32> {
        let program = self.program;
        let declared = &program.schema.taxonomies[taxonomy.at()];
        let text = self.word(raw, way, "the code of a country")?;
        match declared.by_name.get(text) {
            Some(&term) if declared.terms[term as usize].parent.is_none() => Some(term),
            Some(&term) => {
                let root = self.root_of(taxonomy, term);
                let message = format!("`{text}` is a place in `{root}`, and a country is accepted here");
                self.problem(way, message, || did_you_mean(Some(root)));
                None
            }
            None => {
                let message = format!("`{}` is no country of `{}`", quoted(text), declared.name);
                self.problem(way, message, || {
                    one_of(&near_terms(program, taxonomy, text, true)).or_else(|| shape_of_roots(declared))
                });
                None
            }
        }
    }

    fn root_of(&self, taxonomy: TaxonomyId, mut term: u32) -> &'a str {
        let terms = &self.program.schema.taxonomies[taxonomy.at()].terms;
        while let Some(parent) = terms[term as usize].parent {
            term = parent;
        }
        &terms[term as usize].name
    }

    fn codes(&mut self, raw: &Raw, way: &Way<'_>) -> Option<(u64, u64)> {
        const ACCEPTED: &str = "an HS code of 2, 4, 6, 8 or 10 digits";
        let Raw::Text(text) = raw else {
            let help = match raw {
                Raw::Whole(whole) => {
                    Some(format!("write it as text, with its leading zero if it has one: \"{whole}\""))
                }
                _ => None,
            };
            self.problem(way, format!("{ACCEPTED} is accepted, not {}", found(raw)), || help);
            return None;
        };
        if let Some(codes) = codes::prefix(text) {
            return Some(codes);
        }
        let plain: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '-')).collect();
        let help = || codes::prefix(&plain).map(|_| format!("write `{plain}`"));
        self.problem(way, format!("{ACCEPTED} is accepted, not `{}`", quoted(text)), help);
        None
    }

    pub(super) fn date(&mut self, raw: &Raw, way: &Way<'_>) -> Option<Date> {
        let text = self.word(raw, way, "a date such as 2023-09-13")?;
        let date = Date::parse(text);
        if date.is_none() {
            let shape = |text: &str| {
                let digits = |at: std::ops::Range<usize>| text.as_bytes()[at].iter().all(u8::is_ascii_digit);
                text.len() == 10 && text.is_ascii() && digits(0..4) && digits(5..7) && digits(8..10)
            };
            let start = text.get(..10).and_then(Date::parse);
            if shape(text) && start.is_none() && text.as_bytes()[4] == b'-' {
                self.problem(way, format!("there is no day `{text}`"), || None);
            } else {
                let help = start.map(|date| format!("a day without a time: `{date}`"));
                self.problem(way, format!("a date such as 2023-09-13 is accepted, not `{}`", quoted(text)), || help);
            }
        }
        date
    }

    pub(super) fn yes_no(&mut self, raw: &Raw, way: &Way<'_>) -> Option<bool> {
        match raw {
            Raw::Bool(yes) => Some(*yes),
            Raw::Text(word) if word == "yes" => Some(true),
            Raw::Text(word) if word == "no" => Some(false),
            _ => {
                let near = match raw {
                    Raw::Text(word) if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("yes") => {
                        Some("yes")
                    }
                    Raw::Text(word) if word.eq_ignore_ascii_case("false") || word.eq_ignore_ascii_case("no") => {
                        Some("no")
                    }
                    _ => None,
                };
                let message = format!("yes or no is accepted, not {}", found(raw));
                self.problem(way, message, || did_you_mean(near));
                None
            }
        }
    }

    fn text<'r>(&mut self, raw: &'r Raw, way: &Way<'_>) -> Option<&'r str> {
        if let Raw::Whole(whole) = raw {
            self.problem(way, format!("text is accepted, not the number {whole}"), || {
                Some(format!("write \"{whole}\""))
            });
            return None;
        }
        self.word(raw, way, "text")
    }

    fn imo(&mut self, text: &str, way: &Way<'_>) -> Option<String> {
        let number = imo_number(text);
        if number.is_none() {
            self.problem(way, format!("`{}` is no IMO number: {IMO}", quoted(text)), || None);
        }
        number.map(str::to_owned)
    }

    /// Text that may be an id; an IMO number is checked.
    fn id(&mut self, text: &str, way: &Way<'_>) -> Option<String> {
        match text.split_once(':') {
            Some((scheme, number)) if scheme.trim().eq_ignore_ascii_case("imo") => {
                self.imo(number, way).map(|number| format!("imo:{number}"))
            }
            _ => Some(text.to_owned()),
        }
    }

    /// `{ "imo": "9074729" }` as texts `imo:9074729`; several of one scheme are a list.
    pub(super) fn texts(&mut self, ids: &'a [(String, Raw)], way: &Way<'_>) -> Vec<State> {
        let mut texts = Vec::new();
        for (scheme, raw) in ids {
            let way = &Way::Name(way, scheme);
            if scheme.is_empty() || scheme.contains(':') {
                self.problem(way, format!("`{}` is no name of a scheme of ids", quoted(scheme)), || None);
                continue;
            }
            let values = match raw {
                Raw::List(values) => values.as_slice(),
                single => std::slice::from_ref(single),
            };
            for value in values {
                let text = match value {
                    Raw::Null => None,
                    value => self.text(value, way).and_then(|text| self.id(&format!("{scheme}:{text}"), way)),
                };
                texts.push(text.map_or(State::Unknown, |text| State::Is(Value::Text(text))));
            }
        }
        texts
    }

    pub(super) fn reference(&mut self, taxonomy: TaxonomyId, raw: &Raw, way: &Way<'_>) -> Option<Reference> {
        const ACCEPTED: &str = "a country, the id of a party, or one id by its scheme such as { \"imo\": \"9074729\" }";
        let text = match raw {
            Raw::Text(text) => text,
            Raw::Map(ids) => {
                let [(scheme, Raw::Text(id))] = ids.as_slice() else {
                    self.wrong(way, raw, ACCEPTED);
                    return None;
                };
                let id = if scheme == "id" { id.clone() } else { self.id(&format!("{scheme}:{id}"), way)? };
                return Some(Reference::Id(id));
            }
            _ => {
                self.wrong(way, raw, ACCEPTED);
                return None;
            }
        };
        let declared = &self.program.schema.taxonomies[taxonomy.at()];
        let term = declared.by_name.get(text).copied();
        if let Some(country) = term.filter(|&term| declared.terms[term as usize].parent.is_none()) {
            return Some(Reference::Country(country));
        }
        if self.ids.contains(text.as_str()) {
            return Some(Reference::Id(text.clone()));
        }
        // An id may be any text, but a misspelt country must not become a person whom no rule names.
        let country = declared.terms.iter().find(|term| term.parent.is_none() && term.name.eq_ignore_ascii_case(text));
        let code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        let root = term.map(|term| self.root_of(taxonomy, term));
        if country.is_some() || root.is_some() || code || text.trim().is_empty() {
            let program = self.program;
            let near = || match country.map(|term| term.name.as_str()).or(root) {
                Some(near) => vec![near],
                None => near_terms(program, taxonomy, text, true),
            };
            let message =
                format!("`{}` is no country of `{}` and no stated party has this id", quoted(text), declared.name);
            self.problem(way, message, || one_of(&near()).or_else(|| shape_of_roots(declared)));
            return None;
        }
        self.id(text, way).map(Reference::Id)
    }

    /// `un_1718`, `un_1718/asset_freeze`, or `{ "list": "un_1718", "ref": … }`.
    fn listing(&mut self, raw: &Raw, way: &Way<'_>) -> Option<(ListId, Option<u32>)> {
        const ACCEPTED: &str = "the name of a list, with `/` and a measure of it if need be,";
        let text = match raw {
            Raw::Text(text) => text,
            Raw::Map(parts) => return self.listing_parts(parts, way),
            _ => {
                self.wrong(way, raw, ACCEPTED);
                return None;
            }
        };
        let (list, measure) =
            text.split_once('/').map_or((text.as_str(), None), |(list, measure)| (list, Some(measure)));
        self.listing_of(list, measure, way)
    }

    /// A match as screening software gives it; how well it matches is not our business.
    fn listing_parts(&mut self, parts: &[(String, Raw)], way: &Way<'_>) -> Option<(ListId, Option<u32>)> {
        let (mut list, mut measure) = (None, None);
        for (name, raw) in parts {
            let here = &Way::Name(way, name);
            match name.as_str() {
                "list" => list = self.word(raw, here, "the name of a list"),
                "measure" if *raw == Raw::Null => {}
                "measure" => measure = self.word(raw, here, "the name of a measure"),
                "ref" | "score" | "name" => {}
                _ => {
                    let near = nearest(name, ["list", "measure", "ref", "score", "name"]);
                    self.problem(here, format!("a listing has no part `{}`", quoted(name)), || did_you_mean(near));
                }
            }
        }
        if list.is_none() {
            self.problem(way, "the name of the `list` is missing", || None);
        }
        self.listing_of(list?, measure, way)
    }

    fn listing_of(&mut self, list: &str, measure: Option<&str>, way: &Way<'_>) -> Option<(ListId, Option<u32>)> {
        let lists = &self.program.schema.lists;
        let Some(id) = lists.iter().position(|known| known.name == list) else {
            let names = || lists.iter().map(|known| known.name.as_str());
            let all = || format!("there are {}", listed(&names().collect::<Vec<_>>(), "and"));
            self.problem(way, format!("no list is called `{}`", quoted(list)), || {
                did_you_mean(nearest(list, names())).or_else(|| Some(all()))
            });
            return None;
        };
        let measures = &lists[id].measures;
        let Some(measure) = measure else { return Some((ListId(id as u32), None)) };
        let Some(at) = measures.iter().position(|known| known == measure) else {
            let near = || nearest(measure, measures.iter().map(String::as_str));
            let message = format!("the list `{list}` has no measure `{}`", quoted(measure));
            self.problem(way, message, || did_you_mean(near()));
            return None;
        };
        Some((ListId(id as u32), Some(at as u32)))
    }
}

/// What countries look like, where they do.
fn shape_of_roots(taxonomy: &Taxonomy) -> Option<String> {
    let mut roots = taxonomy.terms.iter().filter(|term| term.parent.is_none()).map(|term| term.name.as_str());
    let code = |name: &str| name.len() == 2 && name.bytes().all(|b| b.is_ascii_uppercase());
    roots.all(code).then(|| "countries are two capital letters of ISO 3166-1".to_owned())
}

/// All of a small vocabulary.
fn all_terms(taxonomy: &Taxonomy) -> Option<String> {
    const FEW: usize = 16;
    let names: Vec<&str> = taxonomy.terms.iter().map(|term| term.name.as_str()).collect();
    (names.len() <= FEW).then(|| format!("it is one of {}", listed(&names, "and")))
}

/// The terms that were probably meant, by their names or their titles.
fn near_terms<'a>(program: &'a Program, taxonomy: TaxonomyId, wanted: &str, roots: bool) -> Vec<&'a str> {
    let terms = program.schema.taxonomies[taxonomy.at()].terms.iter();
    let terms = terms.filter(move |term| !roots || term.parent.is_none());
    nearest_terms(wanted, terms.map(|term| (term.name.as_str(), term.title.as_deref())))
}
