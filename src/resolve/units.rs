//! Units, lists, groups and holidays.

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::tree;
use crate::value::decimal::multiplied;
use crate::value::{Decimal, Unit, UnitId};

use super::days::day;
use super::from_syntax::{Items, Resolver};
use super::schema::{Group, GroupId, List, ListId, UnitInfo};

impl<'t> Resolver<'t, '_> {
    pub(super) fn units(&mut self, items: &Items<'t>) {
        let mut written = Vec::new();
        for unit in &items.units {
            if self.is_new("unit", &unit.name.it, unit.name.span) {
                self.out.names.units.insert(unit.name.it.clone(), written.len());
                written.push(*unit);
            }
        }
        for at in 0..written.len() {
            let base = self.base(&written, at).unwrap_or((at, Decimal::ONE));
            self.out.schema.units.push(UnitInfo {
                name: written[at].name.it.clone(),
                title: written[at].title.as_ref().map(|title| title.it.clone()),
                counted: written[at].counted,
                base: (Unit::Measure(UnitId(base.0 as u32)), base.1),
            });
        }
    }

    /// The base unit at the end of the chain of conversions, and how many of it one of these is.
    fn base(&mut self, written: &[&tree::Unit], start: usize) -> Option<(usize, Decimal)> {
        let mut at = start;
        let mut factor = Decimal::ONE;
        for _ in 0..=written.len() {
            let Some((times, of)) = &written[at].is else { return Some((at, factor)) };
            if times.it <= Decimal::ZERO {
                self.report.impossible_factor(times.span, &written[at].name.it);
                return None;
            }
            factor = match multiplied(factor, times.it) {
                Some(product) => product,
                None => {
                    self.report.impossible_factor(times.span, &written[at].name.it);
                    return None;
                }
            };
            match self.out.names.units.get(&of.it) {
                Some(&next) => at = next,
                // Said once, at the unit that names it.
                None if at != start => return None,
                None => {
                    return super::declarations::find(&self.out.names.units, "unit", of, self.report)
                        .map(|_| (at, factor));
                }
            }
        }
        self.report.units_in_a_circle(written[start].name.span, &written[start].name.it);
        None
    }

    pub(super) fn lists(&mut self, items: &Items<'t>) {
        for list in &items.lists {
            if !self.is_new("list", &list.name.it, list.name.span) {
                continue;
            }
            let mut places = BTreeMap::new();
            let mut measures = Vec::new();
            for measure in &list.measures {
                match places.insert(measure.it.as_str(), measure.span) {
                    Some(first) => self.report.duplicate_measure(measure.span, &list.name.it, &measure.it, first),
                    None => measures.push(measure.it.clone()),
                }
            }
            self.out.names.lists.insert(list.name.it.clone(), ListId(self.out.schema.lists.len() as u32));
            self.out.schema.lists.push(List { name: list.name.it.clone(), title: words(&list.title), measures });
        }
    }

    /// A group that has another among its members comes after it. Groups that have each other in a circle never do: then the
    /// name of a group is taken for a term, and reported.
    pub(super) fn groups(&mut self, items: &Items<'t>) {
        let mut open = items.groups.clone();
        while !open.is_empty() {
            let names: BTreeSet<&str> = open.iter().map(|group| group.name.it.as_str()).collect();
            let waits =
                |group: &&tree::Group| group.members.iter().any(|member| names.contains(member.term.it.as_str()));
            let (waiting, ready): (Vec<_>, Vec<_>) = open.iter().copied().partition(waits);
            if ready.is_empty() {
                self.declare_groups(&waiting);
                return;
            }
            self.declare_groups(&ready);
            open = waiting;
        }
    }

    fn declare_groups(&mut self, groups: &[&'t tree::Group]) {
        for group in groups {
            if !self.is_new("group", &group.name.it, group.name.span) {
                continue;
            }
            let Some(taxonomy) = self.out.taxonomy(&group.taxonomy, self.report) else { continue };
            let mut places = BTreeMap::new();
            let mut members = BTreeMap::new();
            let mut included = Vec::new();
            for member in &group.members {
                let all = member.period.from.is_none() && member.period.through.is_none();
                if let Some(other) = self.out.names.groups.get(&member.term.it).filter(|_| all) {
                    included.push(*other);
                    continue;
                }
                let Some(term) = self.out.term(taxonomy, &member.term, self.report) else { continue };
                if let Some(first) = places.insert(term, member.term.span) {
                    self.report.duplicate_member(member.term.span, &group.name.it, &member.term.it, first);
                    continue;
                }
                let from = member.period.from.as_ref().and_then(|d| day(d, None, &self.out, self.report));
                let through = member.period.through.as_ref().and_then(|d| day(d, None, &self.out, self.report));
                if let (Some(from), Some(through)) = (from, through)
                    && through < from
                {
                    self.report.empty_period(member.term.span, from, through);
                }
                members.insert(term, (from, through));
            }
            // What the group says itself of a member stands.
            for other in included.into_iter().map(|id| &self.out.schema.groups[id.at()]) {
                if other.taxonomy == taxonomy {
                    for (term, days) in &other.members {
                        members.entry(*term).or_insert(*days);
                    }
                }
            }
            self.out.names.groups.insert(group.name.it.clone(), GroupId(self.out.schema.groups.len() as u32));
            self.out.schema.groups.push(Group {
                name: group.name.it.clone(),
                title: words(&group.title),
                taxonomy,
                members,
            });
        }
    }

    pub(super) fn holidays(&mut self, items: &Items<'t>) {
        let days = items.holidays.iter().flat_map(|days| days.iter()).map(|day| day.it);
        self.out.schema.working_days.holidays.extend(days);
    }
}

fn words(title: &Option<tree::Text>) -> Option<String> {
    title.as_ref().map(|title| title.it.clone())
}
