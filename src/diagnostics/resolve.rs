//! The messages of the stage `resolve`: a stage says what it saw, and how it reads is here.

use crate::source::Span;
use crate::value::Date;

use super::code;
use super::report::Report;

impl Report {
    pub(crate) fn duplicate_name(&mut self, at: Span, kind: &str, name: &str, first: Span) {
        self.add(code::DUPLICATE_NAME, at, format!("there is already a {kind} called `{name}`"))
            .see(first, "the first one");
    }

    pub(crate) fn duplicate_term(&mut self, at: Span, taxonomy: &str, term: &str, first: Span) {
        self.add(code::DUPLICATE_NAME, at, format!("taxonomy `{taxonomy}` has the term `{term}` twice"))
            .see(first, "the first one")
            .help("each term of a taxonomy has one place; what cuts across is a definition");
    }

    pub(crate) fn duplicate_field(&mut self, at: Span, record: &str, field: &str, first: Span) {
        self.add(code::DUPLICATE_NAME, at, format!("`{record}` has the field `{field}` twice"))
            .see(first, "the first one");
    }

    pub(crate) fn duplicate_measure(&mut self, at: Span, list: &str, measure: &str, first: Span) {
        self.add(code::DUPLICATE_NAME, at, format!("list `{list}` has the measure `{measure}` twice"))
            .see(first, "the first one");
    }

    pub(crate) fn duplicate_member(&mut self, at: Span, group: &str, member: &str, first: Span) {
        self.add(code::DUPLICATE_NAME, at, format!("group `{group}` has the member `{member}` twice"))
            .see(first, "the first one");
    }

    pub(crate) fn named_like_a_field(&mut self, at: Span, name: &str, record: &str) {
        self.add(code::DUPLICATE_NAME, at, format!("`{name}` is also a yes/no field of `{record}`"))
            .help("in a condition the word would have two meanings: give this one another name");
    }

    pub(crate) fn unknown_name(&mut self, at: Span, kind: &str, name: &str, help: Option<String>) {
        self.add(code::UNKNOWN_NAME, at, format!("no {kind} is called `{name}`")).maybe_help(help);
    }

    pub(crate) fn unknown_type(&mut self, at: Span, name: &str, help: Option<String>) {
        self.add(code::UNKNOWN_TYPE, at, format!("no type is called `{name}`"))
            .maybe_help(Some(help.unwrap_or_else(|| {
            "a type is a taxonomy, a record, or one of `country`, `date`, `yes_no`, `text`, `hs`, `quantity`, `money`, \
             `reference`, `listing`"
                .to_owned()
        })));
    }

    pub(crate) fn name_is_taken(&mut self, at: Span, name: &str) {
        self.add(code::NAME_TAKEN, at, format!("`{name}` is a name of the language itself"))
            .help("choose another name");
    }

    pub(crate) fn no_places(&mut self, at: Span, ty: &str) {
        self.add(code::UNKNOWN_TYPE, at, format!("the type `{ty}` needs a taxonomy `place`, and there is none"))
            .help("declare one, with countries as its first level, or `use std`");
    }

    pub(crate) fn empty_taxonomy(&mut self, at: Span, name: &str) {
        self.add(code::EMPTY_TAXONOMY, at, format!("taxonomy `{name}` has no terms"));
    }

    pub(crate) fn malformed_code(&mut self, at: Span, written: &str) {
        self.add(code::MALFORMED_CODE, at, format!("`{written}` is no HS code, nor the beginning of one"))
            .help("write two, four, six, eight or ten digits; of a range, the lower end first");
    }

    pub(crate) fn not_coded(&mut self, at: Span, goods: &str, codes: &str) {
        self.add(code::NOT_CODED, at, format!("`{goods}` cannot be coded by `{codes}`")).help(
            "one field of the activity, of a taxonomy, is coded by another field of the activity, of type `hs`; neither is a list",
        );
    }

    pub(crate) fn impossible_factor(&mut self, at: Span, unit: &str) {
        self.add(code::IMPOSSIBLE_UNIT, at, format!("this cannot be the factor of `{unit}`"))
            .help("a factor is more than zero, and a chain of factors stays within 28 digits");
    }

    pub(crate) fn units_in_a_circle(&mut self, at: Span, unit: &str) {
        self.add(code::IMPOSSIBLE_UNIT, at, format!("the conversions of `{unit}` lead back to it"))
            .help("one unit of the circle must stand by itself");
    }

    pub(crate) fn two_groups_bound(&mut self, at: Span, regime: &str) {
        self.add(code::ONE_GROUP_BINDS, at, format!("regime `{regime}` already binds another group"))
            .help("declare one group with the members of both");
    }

    pub(crate) fn norm_without_name(&mut self, at: Span, paragraph: &str) {
        self.add(code::NORM_WITHOUT_NAME, at, format!("`{paragraph}` has several norms, and this one has no name"))
            .help("write `as NAME` after its actions");
    }

    pub(crate) fn widened_of_another(&mut self, at: Span, name: &str, first: Span) {
        self.add(code::WIDENED_OF_ANOTHER, at, format!("`{name}` is not defined of this kind of record"))
            .see(first, "it is defined here");
    }

    pub(crate) fn activity_incomplete(&mut self, at: Span, missing: &[&str]) {
        let missing = missing.join(", ");
        self.add(
            code::ACTIVITY_INCOMPLETE,
            at,
            format!("every decision needs these fields of the activity: {missing}"),
        )
        .help("declare them in `activity { … }`, or `use std`");
    }

    pub(crate) fn adopted_of_nothing(&mut self, at: Span) {
        self.add(code::NO_ADOPTION, at, "`adopted` stands outside an instrument")
            .help("name one, as in `R1718.adopted`");
    }

    pub(crate) fn outside_the_calendar(&mut self, at: Span) {
        self.add(code::NO_SUCH_DAY, at, "this leads out of the calendar").help("years go from 1 to 9999");
    }

    pub(crate) fn empty_period(&mut self, at: Span, from: Date, through: Date) {
        self.add(code::EMPTY_PERIOD, at, format!("in force from {from} but ended on {through}"));
    }
}
