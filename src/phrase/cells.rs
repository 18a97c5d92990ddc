//! What a slot asks, and which values lie in its cells.

use std::collections::BTreeSet;

use crate::check::program::{ExitId, FieldId, TaxonomyId, Terms, Type, Who};
use crate::normal::{Cells, Coding, Slot, SlotKind};
use crate::value::{Date, Unit};

use super::Phrases;
use super::values::{any_of, codes, days};

/// The values of a field that lie in some cells.
struct Values {
    /// In the words of the language.
    among: Vec<String>,
    /// *None* is one of them.
    none: bool,
}

impl Phrases<'_> {
    /// What a slot asks: the name of a field, or a condition.
    pub fn question(self, kind: &SlotKind) -> String {
        match kind {
            SlotKind::Field { field, unit, .. } => {
                let name = &self.program.schema.activity().fields[field.at()].name;
                match unit {
                    Some(unit) => format!("{name} in {}", self.program.schema.unit_name(*unit)),
                    None => name.clone(),
                }
            }
            SlotKind::Condition(cond) => self.condition(cond),
            SlotKind::Compound(definition, _) => self.program.definitions[definition.at()].name.clone(),
            SlotKind::Quotas(exit) => format!("quota of {} kept", self.program.exits[exit.at()].name),
            SlotKind::Requirement(exit, at) => self.requirement(*exit, *at),
        }
    }

    /// `approval by committee (R2397/25.aid)`
    fn requirement(self, exit: ExitId, at: usize) -> String {
        let exit = &self.program.exits[exit.at()];
        let requirement = &exit.requirements[at];
        let kind = requirement.kind.word();
        let by = match &requirement.by {
            Who::Authority(name) => name.clone(),
            Who::Field(field) => self.program.schema.activity().fields[field.at()].name.clone(),
        };
        format!("{kind} by {by} ({})", exit.name)
    }

    /// The answers that some cells of a slot stand for, as few as they can be said in.
    pub fn answers(self, slot: &Slot, cells: &Cells) -> Vec<String> {
        let of = |words: &[&str]| {
            let named = words.iter().enumerate().filter(|(cell, _)| cells.has(*cell));
            named.map(|(_, word)| (*word).to_owned()).collect()
        };
        match &slot.kind {
            SlotKind::Field { field, unit, coding } => {
                let Values { mut among, none } = self.values(*field, *unit, coding, cells);
                if among.len() > FEW
                    && let Some(group) = self.group(*field, coding, cells)
                {
                    among = vec![group];
                }
                among.extend(none.then(|| "none".to_owned()));
                among
            }
            SlotKind::Condition(_) | SlotKind::Compound(..) | SlotKind::Quotas(_) => of(&["no", "yes"]),
            // In the order of `Requirement`.
            SlotKind::Requirement(..) => of(&["met", "not due yet", "still possible", "too late"]),
        }
    }

    /// That a slot lies in some of the cells that there are, as a condition.
    pub fn within(self, slot: &Slot, cells: &Cells, real: &[usize]) -> String {
        match &slot.kind {
            SlotKind::Field { field, unit, coding } => self.field_within(*field, *unit, coding, cells, real),
            SlotKind::Condition(cond) if cells.has(1) => self.condition(cond),
            SlotKind::Condition(cond) => self.denied(cond),
            SlotKind::Compound(..) | SlotKind::Quotas(_) => {
                let question = self.question(&slot.kind);
                if cells.has(1) { question } else { format!("not {question}") }
            }
            SlotKind::Requirement(..) => {
                format!("{}: {}", self.question(&slot.kind), self.answers(slot, cells).join(" or "))
            }
        }
    }

    fn field_within(self, id: FieldId, unit: Option<Unit>, coding: &Coding, cells: &Cells, real: &[usize]) -> String {
        let field = &self.program.schema.activity().fields[id.at()];
        let name = field.name.as_str();
        let Values { among, none } = self.values(id, unit, coding, cells);
        if among.is_empty() {
            return format!("{name} is none");
        }
        let mut rest = Cells::none(coding.cells());
        real.iter().filter(|cell| !cells.has(**cell)).for_each(|cell| rest.insert(*cell));
        let others = self.values(id, unit, coding, &rest);
        // What is not among a few others is said shortest so; *none* is among no others.
        if others.among.len() < among.len() && !others.among.is_empty() {
            let not = match field.ty {
                Type::Date | Type::Quantity | Type::Money => None,
                _ => Some(format!("not {}", self.is_among(name, field.ty, others.among))),
            };
            if let Some(not) = not {
                return if none || field.required { not } else { format!("{not} and not {name} is none") };
            }
        }
        let is = match field.ty {
            Type::Date => {
                let ranges = self.days_in(coding, cells);
                let several = ranges.len() > 1;
                let range = |range| {
                    let text = days(name, range);
                    if several && text.contains(" and ") { format!("({text})") } else { text }
                };
                ranges.into_iter().map(range).collect::<Vec<_>>().join(" or ")
            }
            Type::Quantity | Type::Money => {
                among.iter().map(|range| format!("{name} {range}")).collect::<Vec<_>>().join(" or ")
            }
            Type::YesNo => among.iter().map(|yes| format!("{name} is {yes}")).collect::<Vec<_>>().join(" or "),
            ty => self.is_among(name, ty, among),
        };
        match none && !field.required {
            true => format!("{name} is none or {is}"),
            false => is,
        }
    }

    fn is_among(self, name: &str, ty: Type, values: Vec<String>) -> String {
        let word = if matches!(ty, Type::Term(_) | Type::Hs) { "under" } else { "is" };
        format!("{name} {word} {}", any_of(values))
    }

    fn values(self, id: FieldId, unit: Option<Unit>, coding: &Coding, cells: &Cells) -> Values {
        let field = &self.program.schema.activity().fields[id.at()];
        let among = match (field.ty, unit) {
            (_, Some(unit)) => self.amounts_in(coding, cells, unit),
            (Type::Term(taxonomy), _) => self.terms_in(taxonomy, coding, cells, false),
            (Type::Root(taxonomy), _) => self.terms_in(taxonomy, coding, cells, true),
            (Type::Hs, _) => {
                let clipped = coding.ranges_in(cells).into_iter().map(|(from, to)| (from.max(0), to.min(CODES)));
                clipped.filter(|(from, to)| from < to).map(|(from, to)| codes((from as u64, to as u64))).collect()
            }
            (Type::Date, _) => self.days_in(coding, cells).into_iter().map(span).collect(),
            (Type::YesNo, _) => {
                let words = [(1, "yes"), (0, "no")];
                words
                    .into_iter()
                    .filter(|(at, _)| cells.has(coding.of_whole(*at)))
                    .map(|(_, word)| word.to_owned())
                    .collect()
            }
            _ => Vec::new(),
        };
        Values { among, none: cells.has(0) && !field.required }
    }

    /// The group whose members lie in some cells and nobody else, or of whom none does and everybody else; on the latest day on
    /// which it had them.
    fn group(self, field: FieldId, coding: &Coding, cells: &Cells) -> Option<String> {
        let Type::Root(taxonomy) = self.program.schema.activity().fields[field.at()].ty else { return None };
        let terms = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let roots = || (0..terms.len() as u32).filter(|term| terms[*term as usize].parent.is_none());
        let among: BTreeSet<u32> = roots().filter(|term| cells.has(coding.of_whole(i64::from(*term)))).collect();
        let others: BTreeSet<u32> = roots().filter(|term| !among.contains(term)).collect();
        for group in self.program.schema.groups.iter().filter(|group| group.taxonomy == taxonomy) {
            let ends = group.members.values().flat_map(|(from, through)| [*from, through.map(Date::next)]);
            let days: BTreeSet<Date> = ends.flatten().chain([Date::MIN]).collect();
            for (nth, day) in days.iter().rev().enumerate() {
                let is_in = |(from, through): (Option<Date>, Option<Date>)| {
                    from.is_none_or(|from| from <= *day) && through.is_none_or(|through| *day <= through)
                };
                let members = group.members.iter().filter(|(_, period)| is_in(**period));
                let members: BTreeSet<u32> = members.map(|(term, _)| *term).collect();
                let not = if members == among { "" } else { "not " };
                if members == among || members == others {
                    let on = if nth == 0 { String::new() } else { format!(" as on {day}") };
                    return Some(format!("{not}in {}{on}", group.name));
                }
            }
        }
        None
    }

    fn terms_in(self, taxonomy: TaxonomyId, coding: &Coding, cells: &Cells, roots: bool) -> Vec<String> {
        let all = &self.program.schema.taxonomies[taxonomy.at()].terms;
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut term = 0;
        while (term as usize) < all.len() {
            let end = if roots { all[term as usize].end } else { term + 1 };
            if cells.has(coding.of_whole(i64::from(term))) {
                match ranges.last_mut() {
                    Some(last) if last.1 == term => last.1 = end,
                    _ => ranges.push((term, end)),
                }
            }
            term = end;
        }
        self.heads(taxonomy, &Terms(ranges)).iter().map(|head| self.head(taxonomy, head)).collect()
    }

    fn days_in(self, coding: &Coding, cells: &Cells) -> Vec<(Date, Date)> {
        let (least, most) = (i64::from(Date::MIN.day_number()), i64::from(Date::MAX.day_number()));
        let day = |at: i64| i32::try_from(at.clamp(least, most)).ok().and_then(Date::from_day_number);
        let ranges = coding.ranges_in(cells).into_iter().filter_map(|(from, to)| Some((day(from)?, day(to)?)));
        ranges.filter(|(from, to)| from < to).collect()
    }

    /// `>= 500 kg`, `> 1 kg and < 5 kg`
    fn amounts_in(self, coding: &Coding, cells: &Cells, unit: Unit) -> Vec<String> {
        let thresholds = coding.thresholds();
        let amount = |at: usize| self.amount(thresholds[at], unit);
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for stretch in coding.amounts_in(cells) {
            match runs.last_mut() {
                Some(last) if last.1 + 1 == stretch => last.1 = stretch,
                _ => runs.push((stretch, stretch)),
            }
        }
        let run = |(first, last): (usize, usize)| {
            let from = match first {
                0 => None,
                odd if odd % 2 == 1 => Some(format!(">= {}", amount(odd / 2))),
                even => Some(format!("> {}", amount(even / 2 - 1))),
            };
            let to = match last {
                last if last == 2 * thresholds.len() => None,
                odd if odd % 2 == 1 => Some(format!("<= {}", amount(odd / 2))),
                even => Some(format!("< {}", amount(even / 2))),
            };
            match (from, to) {
                (Some(from), Some(to)) => format!("{from} and {to}"),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => "any amount".to_owned(),
            }
        };
        runs.into_iter().map(run).collect()
    }
}

/// Most values that are named one by one where they may be a group.
const FEW: usize = 3;

/// One past the last ten-digit code.
const CODES: i64 = 10_000_000_000;

/// `2016-03-02 to 2016-11-29`
fn span((from, to): (Date, Date)) -> String {
    match (from == Date::MIN, to == Date::MAX) {
        (true, true) => "any day".to_owned(),
        (true, false) => format!("before {to}"),
        (false, true) => format!("from {from}"),
        (false, false) if from.next() == to => from.to_string(),
        (false, false) => format!("{from} to {}", to.previous()),
    }
}
