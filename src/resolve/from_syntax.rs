//! The translation: collect what the files hold, then declare it kind by kind.

use std::collections::BTreeMap;

use crate::diagnostics::Report;
use crate::source::{SourceId, Span};
use crate::syntax::tree::{self, Item, Name};

use super::declarations::Declarations;
use super::schema::RecordId;

/// Names everything that the files declare. What is wrong with a declaration
/// stands in the report, and the declaration is left out or cut down.
pub(crate) fn from_syntax<'t>(files: &'t [(SourceId, tree::File)], report: &mut Report) -> Declarations<'t> {
    let items = Items::of(files);
    let mut resolver = Resolver {
        out: Declarations::default(),
        report,
        places: BTreeMap::new(),
        field_places: BTreeMap::new(),
        coded: Vec::new(),
        activity_place: items.activities.first().copied(),
    };
    resolver.instruments(&items);
    resolver.taxonomies(&items);
    resolver.records(&items);
    resolver.units(&items);
    resolver.lists(&items);
    resolver.groups(&items);
    resolver.holidays(&items);
    resolver.regimes(&items);
    resolver.law(&items);
    resolver.core(files);
    resolver.out
}

pub(super) struct Resolver<'t, 'r> {
    pub out: Declarations<'t>,
    pub report: &'r mut Report,
    /// Where each name was declared first, by kind.
    places: BTreeMap<(&'static str, String), Span>,
    /// Where each field was declared first.
    pub field_places: BTreeMap<(RecordId, String), Span>,
    /// `item … coded by hs`: record, field and field of codes.
    pub coded: Vec<(RecordId, Name, Name)>,
    pub activity_place: Option<Span>,
}

impl<'t> Resolver<'t, '_> {
    /// True when this is the first thing of its kind with that name; otherwise it is reported.
    pub fn is_new(&mut self, kind: &'static str, name: &str, at: Span) -> bool {
        match self.places.get(&(kind, name.to_owned())) {
            Some(&first) => {
                self.report.duplicate_name(at, kind, name, first);
                false
            }
            None => {
                self.places.insert((kind, name.to_owned()), at);
                true
            }
        }
    }
}

/// The items of all files, by kind.
#[derive(Default)]
pub(super) struct Items<'t> {
    pub taxonomies: Vec<&'t tree::Taxonomy>,
    pub more_terms: Vec<(&'t Name, Option<&'t Name>, &'t [tree::Term])>,
    pub records: Vec<(&'t Name, &'t [tree::Field])>,
    pub more_fields: Vec<(&'t Name, &'t [tree::Field])>,
    /// Of the activity, declared and added.
    pub activity: Vec<&'t [tree::Field]>,
    /// Where `activity` is declared.
    pub activities: Vec<Span>,
    pub units: Vec<&'t tree::Unit>,
    pub groups: Vec<&'t tree::Group>,
    pub lists: Vec<&'t tree::List>,
    pub holidays: Vec<&'t [tree::At<crate::value::Date>]>,
    pub presumptions: Vec<&'t tree::Presume>,
    pub regimes: Vec<&'t tree::Regime>,
    pub instruments: Vec<&'t tree::Instrument>,
}

impl<'t> Items<'t> {
    fn of(files: &'t [(SourceId, tree::File)]) -> Items<'t> {
        let mut items = Items::default();
        for item in files.iter().flat_map(|(_, file)| &file.items) {
            items.sort(item);
        }
        items
    }

    fn sort(&mut self, item: &'t tree::At<Item>) {
        match &item.it {
            Item::Use(_) | Item::Scenario(_) | Item::Property(_) => {}
            Item::Taxonomy(taxonomy) => self.taxonomies.push(taxonomy),
            Item::ExtendTaxonomy { name, under, terms } => self.more_terms.push((name, under.as_ref(), terms)),
            Item::Record { name, fields } => self.records.push((name, fields)),
            Item::ExtendRecord { name, fields } => self.more_fields.push((name, fields)),
            Item::Activity { fields } => {
                self.activity.push(fields);
                self.activities.push(item.span);
            }
            Item::ExtendActivity { fields } => self.activity.push(fields),
            Item::Unit(unit) => self.units.push(unit),
            Item::Group(group) => self.groups.push(group),
            Item::List(list) => self.lists.push(list),
            Item::Holidays { days, .. } => self.holidays.push(days),
            Item::Presume(presume) => self.presumptions.push(presume),
            Item::Regime(regime) => self.regimes.push(regime),
            Item::Instrument(instrument) => self.instruments.push(instrument),
        }
    }
}
