//! The values that a policy itself tells apart, and others, for each field.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

use crate::check::program::{ACTIVITY, Field, FieldId, Limit, Program, RecordId, Set, Taxonomy, TaxonomyId, Type};
use crate::evaluate::worlds::Tested;
use crate::facts::Lists;
use crate::value::decimal::near;
use crate::value::{Date, Decimal, Raw, Unit};

/// The names by which generated parties refer to each other.
pub(super) const PARTY_IDS: [&str; 2] = ["P1", "P2"];
/// By a scheme.
const PARTY_NUMBER: &str = "lei:5493001KJTIIGC8Y1R12";
/// What generated activities are called by generated acts.
pub(super) const REFS: [&str; 2] = ["A-1", "B-2"];

/// A set of more branches than this is a group of countries: a few of them will do.
const MANY: usize = 12;

/// What there is to choose from.
pub(super) struct Constants<'a> {
    pub program: &'a Program,
    pub tested: &'a Tested,
    pub lists: &'a Lists,
}

impl Constants<'_> {
    /// Values of one field: on the policy's own boundaries, anything, extremes; weighted 4 : 2 : 1.
    pub fn value(&self, record: RecordId, field: FieldId) -> Option<BoxedStrategy<Raw>> {
        let declared = &self.program.schema.records[record.at()].fields[field.at()];
        let sets = self.tested.sets.get(&(record, field)).map_or(&[][..], Vec::as_slice);
        Some(match declared.ty {
            Type::Term(taxonomy) => self.terms(taxonomy, sets, record, field, false),
            Type::Root(taxonomy) => self.terms(taxonomy, sets, record, field, true),
            Type::Hs => self.codes(sets),
            Type::Date => self.dates(),
            Type::YesNo => prop::bool::ANY.prop_map(Raw::Bool).boxed(),
            Type::Text => self.texts(record, declared, sets),
            Type::Quantity | Type::Money => self.amounts(record, field, declared.ty, sets)?,
            Type::Reference(taxonomy) => self.references(taxonomy, sets),
            Type::Listing => self.listings()?,
            Type::Record(_) => return None,
        })
    }

    fn terms(
        &self,
        taxonomy: TaxonomyId,
        sets: &[Set],
        record: RecordId,
        field: FieldId,
        roots: bool,
    ) -> BoxedStrategy<Raw> {
        let declared = &self.program.schema.taxonomies[taxonomy.at()];
        let mut ranges: BTreeSet<(u32, u32)> = BTreeSet::new();
        for set in sets {
            match set {
                Set::Terms(terms) | Set::References { terms, .. } => few(&terms.0, &mut ranges),
                _ => {}
            }
        }
        let goods = self.program.schema.core.goods;
        if record == ACTIVITY && goods.is_some_and(|(item, _)| item == field) {
            self.tested.goods.iter().for_each(|(terms, _)| ranges.extend(&terms.0));
        }
        let mut near = BTreeSet::new();
        let mut hit = BTreeSet::new();
        for (from, to) in ranges {
            near.extend([from.checked_sub(1), Some(to), declared.terms[from as usize].parent].into_iter().flatten());
            hit.extend([from, to - 1]);
        }
        near.retain(|term| (*term as usize) < declared.terms.len() && !hit.contains(term));
        let fits = |term: &u32| !roots || declared.terms[*term as usize].parent.is_none();
        // Harmless ones first: values shrink towards them.
        let boundary: Vec<Raw> =
            near.iter().chain(&hit).filter(|term| fits(term)).map(|&t| name(declared, t)).collect();
        let all = 0..declared.terms.len() as u32;
        let all: Vec<Raw> = all.filter(fits).map(|term| name(declared, term)).collect();
        let tops = declared.terms.iter().enumerate().filter(|(_, term)| term.parent.is_none());
        let tops: Vec<Raw> = tops.map(|(at, _)| name(declared, at as u32)).collect();
        mix(boundary, select(all).boxed(), tops)
    }

    fn codes(&self, sets: &[Set]) -> BoxedStrategy<Raw> {
        let mut ranges: BTreeSet<(u64, u64)> = BTreeSet::new();
        for set in sets {
            if let Set::Codes(codes) = set {
                ranges.extend(codes);
            }
        }
        self.tested.goods.iter().for_each(|(_, codes)| ranges.extend(codes));
        let mut boundary = BTreeSet::new();
        for (from, to) in ranges {
            // The shortest prefix that is one code of the range, its neighbours, and exact codes at both ends.
            let width = [8u32, 6, 4, 2, 0].into_iter().find(|&w| from % 10u64.pow(w) == 0 && to % 10u64.pow(w) == 0);
            let width = width.unwrap_or(0);
            let unit = 10u64.pow(width);
            let prefix = |at: u64| code(at / unit, 10 - width as usize);
            boundary.extend(from.checked_sub(unit).and_then(prefix));
            boundary.extend([prefix(from), prefix(to - unit), prefix(to)].into_iter().flatten());
            boundary.extend([code(from, 10), code(to - 1, 10)].into_iter().flatten());
            boundary.extend(code(from / 100_000_000, 2));
        }
        let any = (0u64..100, 0u64..100, 0u64..100, 1usize..=3).prop_map(|(a, b, c, pairs)| {
            let digits = format!("{a:02}{b:02}{c:02}");
            Raw::Text(digits[..2 * pairs].to_owned())
        });
        let extremes = vec!["00".into(), "9999999999".into()];
        mix(boundary.into_iter().map(Raw::Text).collect(), any.boxed(), extremes)
    }

    /// Days on which something begins, and the days around them.
    pub fn days(&self) -> Vec<Date> {
        let days: BTreeSet<Date> = self.tested.days.iter().flat_map(|day| [day.previous(), *day, day.next()]).collect();
        // Not the ends of the calendar, which open periods have.
        days.into_iter().filter(|day| (2..9000).contains(&day.year())).collect()
    }

    fn dates(&self) -> BoxedStrategy<Raw> {
        let days = self.days();
        let first = days.first().map_or(0, |day| day.day_number() - 500);
        let last = days.last().map_or(20_000, |day| day.day_number() + 500);
        let any = (first..=last).prop_map(|day| Date::from_day_number(day).map_or(Raw::Null, Raw::from));
        let extremes = vec![Date::MIN.into(), Date::LAST.into()];
        mix(days.into_iter().map(Raw::from).collect(), any.boxed(), extremes)
    }

    fn texts(&self, record: RecordId, field: &Field, sets: &[Set]) -> BoxedStrategy<Raw> {
        let program = self.program;
        let mut known: Vec<String> = match field.name.as_str() {
            "id" => PARTY_IDS.map(str::to_owned).into(),
            "ref" => REFS.map(str::to_owned).into(),
            "imo" => vec!["9074729".to_owned()],
            "ids" => vec![PARTY_NUMBER.to_owned()],
            // Of a finding: a provision.
            "under" if program.schema.records[record.at()].name == "finding" => program
                .norms
                .iter()
                .map(|norm| norm.name.clone())
                .chain(program.exits.iter().map(|e| e.name.clone()))
                .collect(),
            _ => vec!["x".to_owned()],
        };
        for set in sets {
            if let Set::Texts(texts) = set {
                known.extend(texts.iter().cloned());
            }
        }
        for entry in self.lists.iter().flat_map(|snapshot| snapshot.entries()) {
            let ids = entry.ids().iter();
            match field.name.as_str() {
                "imo" => known.extend(ids.filter(|(scheme, _)| scheme == "imo").map(|(_, value)| value.clone())),
                "name" => known.extend(entry.names().iter().take(1).cloned()),
                "ids" => known.extend(ids.map(|(scheme, value)| format!("{scheme}:{value}"))),
                _ => {}
            }
        }
        if known.is_empty() {
            known.push("x".to_owned());
        }
        select(known.into_iter().map(Raw::Text).collect::<Vec<_>>()).boxed()
    }

    fn amounts(&self, record: RecordId, field: FieldId, ty: Type, sets: &[Set]) -> Option<BoxedStrategy<Raw>> {
        let mut known: BTreeSet<(Unit, Decimal)> = BTreeSet::new();
        let mut add = |unit: Unit, than: Decimal| {
            known.extend(near(than).map(|amount| (unit, amount)));
        };
        for set in sets {
            if let Set::Amount { unit, than, .. } = set {
                add(*unit, *than);
            }
        }
        let quotas = self.program.exits.iter().flat_map(|exit| &exit.quotas);
        for quota in quotas.filter(|quota| record == ACTIVITY && quota.field == field) {
            match quota.limit {
                Limit::Amount(limit) => add(quota.unit, limit),
                Limit::Level { .. } => add(quota.unit, Decimal::ONE),
            }
        }
        let schema = &self.program.schema;
        let mut units: BTreeSet<Unit> = known.iter().map(|(unit, _)| *unit).collect();
        if units.is_empty() {
            units.extend(match ty {
                Type::Money => crate::value::Currency::parse("USD").map(Unit::Money),
                _ => schema.units.first().map(|unit| unit.base.0),
            });
        }
        let units: Vec<String> = units.into_iter().map(|unit| schema.unit_name(unit)).collect();
        if units.is_empty() {
            return None;
        }
        let known = known.into_iter().filter(|(_, amount)| !amount.is_sign_negative());
        let boundary: Vec<(String, String)> =
            known.map(|(unit, amount)| (schema.unit_name(unit), amount.normalize().to_string())).collect();
        let any = (select(units.clone()), 0u32..1_000_000).prop_map(|(unit, amount)| (unit, amount.to_string()));
        let extremes: Vec<(String, String)> = units
            .iter()
            .flat_map(|unit| ["0", "0.000000000001", "9999999999999999999"].map(|n| (unit.clone(), n.to_owned())))
            .collect();
        let one = mix(boundary, any.boxed(), extremes);
        let several = prop::collection::vec(one, 1..=2).prop_map(|amounts| {
            let mut map: Vec<(String, Raw)> = Vec::new();
            for (unit, amount) in amounts {
                if map.iter().all(|(known, _)| *known != unit) {
                    map.push((unit, Raw::Text(amount)));
                }
            }
            Raw::Map(map)
        });
        Some(several.boxed())
    }

    fn references(&self, taxonomy: TaxonomyId, sets: &[Set]) -> BoxedStrategy<Raw> {
        let declared = &self.program.schema.taxonomies[taxonomy.at()];
        let mut known: Vec<Raw> = PARTY_IDS.map(Raw::from).into();
        known.extend([PARTY_NUMBER, "Somebody Else"].map(Raw::from));
        let authorities = self.program.regimes.iter().flat_map(|regime| &regime.authorities);
        known.extend(authorities.map(|(name, _)| Raw::from(name)));
        let mut ranges = BTreeSet::new();
        for set in sets {
            if let Set::References { terms, ids } = set {
                few(&terms.0, &mut ranges);
                known.extend(ids.iter().map(Raw::from));
            }
        }
        let countries = ranges.into_iter().map(|(from, _)| from);
        let is_root = |term: &u32| declared.terms[*term as usize].parent.is_none();
        known.extend(countries.filter(is_root).map(|term| name(declared, term)));
        let all = (0..declared.terms.len() as u32).filter(is_root).map(|term| name(declared, term));
        mix(known, select(all.collect::<Vec<_>>()).boxed(), Vec::new())
    }

    fn listings(&self) -> Option<BoxedStrategy<Raw>> {
        let lists = &self.program.schema.lists;
        let measures = |list: &crate::check::program::List| {
            let name = list.name.clone();
            list.measures.clone().into_iter().map(move |measure| Raw::Text(format!("{name}/{measure}")))
        };
        let all: Vec<Raw> = lists.iter().flat_map(|list| measures(list).chain([Raw::from(&list.name)])).collect();
        (!all.is_empty()).then(|| select(all).boxed())
    }
}

/// 4 boundary : 2 anything : 1 extreme, as far as there are any.
fn mix<T: Clone + std::fmt::Debug + 'static>(
    boundary: Vec<T>,
    any: BoxedStrategy<T>,
    extremes: Vec<T>,
) -> BoxedStrategy<T> {
    let mut parts = vec![(2, any)];
    if !boundary.is_empty() {
        parts.insert(0, (4, select(boundary).boxed()));
    }
    if !extremes.is_empty() {
        parts.push((1, select(extremes).boxed()));
    }
    prop::strategy::Union::new_weighted(parts).boxed()
}

fn few(terms: &[(u32, u32)], out: &mut BTreeSet<(u32, u32)>) {
    if terms.len() > MANY {
        out.extend([terms[0], terms[terms.len() / 2], terms[terms.len() - 1]]);
    } else {
        out.extend(terms);
    }
}

fn name(taxonomy: &Taxonomy, term: u32) -> Raw {
    Raw::from(&taxonomy.terms[term as usize].name)
}

/// The digits of a code; `None` when there are too many.
fn code(prefix: u64, digits: usize) -> Option<String> {
    let text = format!("{prefix:0digits$}");
    (text.len() == digits && digits >= 2).then_some(text)
}
