//! The messages of the stage `check`: a stage says what it saw, and how it reads is here.

use crate::source::Span;
use crate::value::Date;

use super::code;
use super::report::Report;

/// Values.
impl Report {
    pub(crate) fn wrong_value(&mut self, at: Span, field: &str, holds: &str, help: Option<String>) {
        self.add(code::WRONG_VALUE, at, format!("this is no value of `{field}`, which holds {holds}")).maybe_help(help);
    }

    pub(crate) fn fields_of_two_kinds(&mut self, at: Span, field: &str, holds: &str, other: &str, others: &str) {
        self.add(code::WRONG_VALUE, at, format!("`{field}` holds {holds}, but `{other}` holds {others}"))
            .help("only facts of one kind compare with each other");
    }

    pub(crate) fn nothing_under(&mut self, at: Span, field: &str, holds: &str) {
        self.add(code::WRONG_VALUE, at, format!("nothing stands under `{field}`: it is {holds}"))
            .help("`under` asks for a branch of a taxonomy or of HS codes; `is` compares");
    }

    pub(crate) fn not_a_country_term(&mut self, at: Span, term: &str) {
        self.add(code::WRONG_VALUE, at, format!("`{term}` is no country"))
            .help("countries are the first level of the taxonomy `place`");
    }

    pub(crate) fn not_of_the_group(&mut self, at: Span, field: &str, holds: &str, group: &str, taxonomy: &str) {
        self.add(code::WRONG_VALUE, at, format!("`{field}` holds {holds}, but `{group}` is a group of `{taxonomy}`"));
    }

    pub(crate) fn not_a_reference(&mut self, at: Span, field: &str, holds: &str) {
        self.add(code::WRONG_VALUE, at, format!("`{field}` is not whom a list can name: it holds {holds}"))
            .help("`FIELD listed in LIST` follows a field of type `reference` of the record at hand");
    }

    pub(crate) fn unit_missing(&mut self, at: Span, field: &str, value: &str, example: &str) {
        self.add(code::UNIT_MISSING, at, format!("`{value}` has no unit, and `{field}` is counted in units"))
            .help(format!("write the unit, as in `{value} {example}`"));
    }

    pub(crate) fn quota_without_unit(&mut self, at: Span, value: &str) {
        self.add(code::UNIT_MISSING, at, format!("`{value}` has no unit, and a quota counts something"))
            .help(format!("write the unit or the currency, as in `{value} USD`"));
    }

    pub(crate) fn wrong_unit(&mut self, at: Span, field: &str, holds: &str, unit: &str) {
        self.add(code::WRONG_UNIT, at, format!("`{field}` holds {holds}, and `{unit}` does not count that"));
    }

    pub(crate) fn unknown_currency(&mut self, at: Span, name: &str, help: Option<String>) {
        self.add(code::UNKNOWN_CURRENCY, at, format!("`{name}` is no currency of ISO 4217, and no unit is called so"))
            .maybe_help(help);
    }

    pub(crate) fn amount_too_large(&mut self, at: Span, unit: &str) {
        self.add(code::AMOUNT_TOO_LARGE, at, format!("this amount cannot be converted exactly from `{unit}`"))
            .help("exact decimals have 28 digits");
    }

    pub(crate) fn not_ordered(&mut self, at: Span, field: &str, holds: &str, by_words: bool) {
        let order = if by_words { "earlier or later" } else { "more or less" };
        self.add(code::NOT_ORDERED, at, format!("`{field}` is not {order} than anything: it holds {holds}"))
            .help("dates and amounts compare by order; `before` and `after` are for dates");
    }

    pub(crate) fn wrong_emptiness(&mut self, at: Span, field: &str, is_list: bool) {
        let (what, help) = match is_list {
            true => ("is a list, and a list is never `none`", "write `is empty`"),
            false => ("is one value, and one value is never `empty`", "write `is none`"),
        };
        self.add(code::WRONG_EMPTINESS, at, format!("`{field}` {what}")).help(help);
    }

    pub(crate) fn not_positive(&mut self, at: Span, what: &str) {
        self.add(code::NOT_POSITIVE, at, format!("this cannot be a number of {what}"));
    }

    pub(crate) fn too_many_days(&mut self, at: Span, most: i64) {
        self.add(code::NOT_POSITIVE, at, "these are more days than an act can be asked for ahead or after".to_owned())
            .help(format!("{most} days at most"));
    }
}

/// Conditions.
impl Report {
    pub(crate) fn no_record_at_hand(&mut self, at: Span, written: &str) {
        self.add(code::NO_RECORD_AT_HAND, at, format!("`{written}` is asked of nobody"))
            .help("ask it of a party or vessel: `some party { … }`, or in a definition `of party`");
    }

    pub(crate) fn defined_of_another(&mut self, at: Span, name: &str, of: &str, first: Span) {
        self.add(code::DEFINED_OF_ANOTHER, at, format!("`{name}` is asked of a `{of}`, and none is at hand"))
            .see(first, "it is defined here")
            .help(format!("write `some {of} {{ {name} }}`"));
    }

    pub(crate) fn not_a_condition(&mut self, at: Span, name: &str, holds: &str) {
        self.add(code::NOT_A_CONDITION, at, format!("`{name}` holds {holds}, which is no condition"))
            .help(format!("say what it must be, as in `{name} is …`"));
    }

    pub(crate) fn not_countable(&mut self, at: Span, name: &str, help: Option<String>) {
        self.add(code::NOT_COUNTABLE, at, format!("there is no list of records or roles called `{name}`"))
            .maybe_help(help);
    }

    pub(crate) fn two_lists(&mut self, at: Span, name: &str, one: &str, other: &str) {
        self.add(code::NOT_COUNTABLE, at, format!("`{name}` may be one of `{one}` or one of `{other}`"))
            .help("give the records of the two lists different types");
    }

    pub(crate) fn no_act_outside_property(&mut self, at: Span) {
        self.add(code::NO_ACT_OUTSIDE_PROPERTY, at, "acts are no facts: a condition cannot ask for them")
            .help("`no act` belongs in a property; a norm asks for acts by `with`, or by `found` for acts that bind");
    }

    pub(crate) fn no_findings(&mut self, at: Span) {
        self.add(code::FINDING_INCOMPLETE, at, "neither the record at hand nor the activity has a list `findings`")
            .help("declare `findings : list of finding`, or `use std`");
    }

    pub(crate) fn finding_without(&mut self, at: Span, record: &str, field: &str) {
        self.add(code::FINDING_INCOMPLETE, at, format!("record `{record}` lacks a field `{field}` that `found` can use"))
            .help("a finding has `kind` of a taxonomy, `by : reference`, `on : date`, and may have `under` and `through : date`");
    }
}

/// Definitions and what defeats what.
impl Report {
    pub(crate) fn definition_cycle(&mut self, steps: &[(Span, &str)]) {
        let [(at, name), rest @ ..] = steps else { return };
        let message = match rest {
            [] => format!("`{name}` is defined by itself"),
            _ => format!("`{name}` is defined by way of itself"),
        };
        let diagnostic = self.add(code::DEFINITION_CYCLE, *at, message);
        for (at, name) in rest {
            diagnostic.see(*at, format!("by way of `{name}`"));
        }
    }

    pub(crate) fn definitions_too_deep(&mut self, at: Span, name: &str, depth: usize, most: usize) {
        self.add(code::DEFINITIONS_TOO_DEEP, at, format!("`{name}` rests on a chain of {depth} definitions"))
            .help(format!("a chain has at most {most}"));
    }

    pub(crate) fn definitions_too_large(&mut self, at: Span, name: &str, size: usize, most: usize) {
        self.add(
            code::DEFINITIONS_TOO_LARGE,
            at,
            format!("`{name}` is made of {size} conditions with all that it names"),
        )
        .help(format!("a definition has at most {most}: name others once, and not in each of its parts"));
    }

    pub(crate) fn nothing_expected(&mut self, at: Span) {
        self.add(code::NOTHING_EXPECTED, at, "nothing is expected here, so that it cannot fail".to_owned())
            .help("say what the verdict must be: `expect prohibited`");
    }

    pub(crate) fn unused_definition(&mut self, at: Span, name: &str) {
        self.add(code::UNUSED_DEFINITION, at, format!("no condition uses `{name}`"));
    }

    pub(crate) fn presumed_twice(&mut self, at: Span, field: &str, first: Span) {
        self.add(code::STATED_TWICE, at, format!("`{field}` is presumed twice")).see(first, "the first presumption");
    }

    pub(crate) fn presumption_ends(&mut self, at: Span, field: &str, paragraph: &str, last: Date) {
        let what = format!("`{field}` would be presumed on all days, and {paragraph} ends on {last}");
        self.add(code::PRESUMPTION_ENDS, at, what)
            .help("a presumption has no days: let a norm or an exception say what ended");
    }

    pub(crate) fn dangling_reference(&mut self, at: Span, kind: &str, name: &str, help: Option<String>) {
        self.add(code::DANGLING_REFERENCE, at, format!("no {kind} in scope is called `{name}`")).maybe_help(help);
    }

    pub(crate) fn replaces_too_much(&mut self, at: Span, name: &str) {
        self.add(code::WRONG_TARGET, at, format!("a paragraph cannot replace all of `{name}`"))
            .help("name its paragraphs, norms or exceptions");
    }

    pub(crate) fn exempt_from_exit(&mut self, at: Span, name: &str) {
        self.add(code::WRONG_TARGET, at, format!("`{name}` is itself an exception, and exceptions have none"))
            .help("name the norm it belongs to, or end it with `replaces`");
    }

    pub(crate) fn no_norm(&mut self, at: Span, name: &str) {
        self.add(code::WRONG_TARGET, at, format!("`{name}` is neither a norm nor a paragraph"));
    }

    pub(crate) fn other_regime(&mut self, at: Span, name: &str, regime: &str) {
        self.add(code::OTHER_REGIME, at, format!("`{name}` is not part of regime `{regime}`"))
            .help("an exemption lifts norms of its own regime only");
    }

    pub(crate) fn defeat_cycle(&mut self, steps: &[(Span, &str)]) {
        let [(at, name), rest @ ..] = steps else { return };
        let message = match rest {
            [] => format!("`{name}` defeats itself"),
            [(_, other)] => format!("`{name}` and `{other}` each defeat the other"),
            _ => format!("`{name}` is defeated by what it defeats"),
        };
        let diagnostic = self.add(code::DEFEAT_CYCLE, *at, message);
        for (at, name) in rest {
            diagnostic.see(*at, format!("what `{name}` defeats"));
        }
    }

    pub(crate) fn never_in_force(&mut self, at: Span, name: &str, from: Date, by: Option<Span>) {
        let diagnostic = self.add(
            code::NEVER_IN_FORCE,
            at,
            format!("`{name}` is replaced before it begins on {from}, so it is never in force"),
        );
        if let Some(by) = by {
            diagnostic.see(by, "replaced by this paragraph");
        }
    }

    pub(crate) fn exempts_nothing(&mut self, at: Span, name: &str) {
        self.add(code::EXEMPTS_NOTHING, at, format!("`{name}` holds no norm that this could lift"))
            .help("an exemption from an instrument or regime lifts prohibitions; a duty is lifted by naming it or its paragraph");
    }
}

/// Norms and exits.
impl Report {
    pub(crate) fn action_missing(&mut self, at: Span) {
        self.add(code::ACTION_MISSING, at, "this norm names no action").help("name some, or write `any`");
    }

    pub(crate) fn deadline_of_no_duty(&mut self, at: Span) {
        self.add(code::ACTION_MISSING, at, "only a duty has a day by which it is to be done");
    }

    pub(crate) fn exceptional_without_requirement(&mut self, at: Span, name: &str) {
        self.add(code::EXCEPTIONAL_WITHOUT_REQUIREMENT, at, format!("`{name}` is exceptional but asks for no act"))
            .help("without `with …` it lifts at once, and `exceptional` changes nothing");
    }

    pub(crate) fn whose_act(&mut self, at: Span, act: &str) {
        self.add(code::REQUIREMENT_INCOMPLETE, at, format!("whose {act} is asked for is not said"))
            .help(format!("write `{act} by …`, with an authority or a country field"));
    }

    pub(crate) fn notice_to_nobody(&mut self, at: Span) {
        self.add(code::REQUIREMENT_INCOMPLETE, at, "this notice goes to nobody").help("write `notice to …`");
    }

    pub(crate) fn notice_without_time(&mut self, at: Span) {
        self.add(code::REQUIREMENT_INCOMPLETE, at, "when this notice is due is not said")
            .help("write `in advance`, `at least 5 days before`, `within 30 days after` or `by DATE`");
    }

    pub(crate) fn notices_only(&mut self, at: Span, what: &str, act: &str) {
        let help = match what {
            "a time" => "must stand on the date of the activity; `by DATE` is the only other time it can have",
            _ => "is somebody's, and given to nobody: say whose, as in `by committee`",
        };
        self.add(code::NOTICE_ONLY, at, format!("this {act} has {what} that only a notice can have"))
            .help(format!("{act} {help}"));
    }

    pub(crate) fn not_a_country(&mut self, at: Span, field: &str, holds: &str) {
        self.add(code::NOT_A_COUNTRY, at, format!("`{field}` holds {holds}, not a country"))
            .help("name an authority of the regime, or a field with one country or place");
    }

    pub(crate) fn limits_of_two_fields(&mut self, at: Span, first: &str, other: &str) {
        self.add(code::LIMITS_APART, at, format!("this limit counts `{other}`, and the one before it `{first}`"))
            .help("`or` is one limit in several units; join limits on different things with `and within`");
    }

    pub(crate) fn limits_in_one_unit(&mut self, at: Span, unit: &str, base: &str) {
        let message = if unit == base {
            format!("two limits in `{unit}` are not one limit in several units")
        } else {
            format!("a limit in `{unit}` is one in `{base}`, and there is one already")
        };
        self.add(code::LIMITS_APART, at, message).help("join limits that both hold with `and within`");
    }

    pub(crate) fn not_an_amount(&mut self, at: Span, field: &str, holds: &str) {
        self.add(code::NOT_AN_AMOUNT, at, format!("a quota cannot count `{field}`, which holds {holds}"));
    }
}

/// What is tolerated.
impl Report {
    pub(crate) fn no_reason(&mut self, at: Span, name: &str) {
        self.add(code::MISSING_PART, at, format!("the reason why `{name}` is tolerated is empty"))
            .help("say what the author knows, in words that a later reader can check");
    }

    pub(crate) fn unknown_lint(&mut self, at: Span, name: &str, known: &str, help: Option<String>) {
        self.add(code::UNKNOWN_LINT, at, format!("lint finds nothing that is called `{name}`"))
            .help(help.unwrap_or_else(|| format!("it finds `{known}`")));
    }
}

/// Scenarios and properties.
impl Report {
    pub(crate) fn unknown_verdict(&mut self, at: Span, name: &str, known: &[&str], help: Option<String>) {
        let all = || format!("verdicts are `{}`", known.join("`, `"));
        self.add(code::UNKNOWN_VERDICT, at, format!("no verdict is called `{name}`")).help(help.unwrap_or_else(all));
    }

    pub(crate) fn stated_twice(&mut self, at: Span, name: &str, first: Span) {
        let diagnostic = self.add(code::STATED_TWICE, at, format!("`{name}` is stated twice"));
        if first != at {
            diagnostic.see(first, "the first time");
        }
    }

    pub(crate) fn malformed_fact(&mut self, at: Span, name: &str, wanted: &str) {
        self.add(code::WRONG_VALUE, at, format!("`{name}` wants {wanted}"));
    }

    pub(crate) fn no_fact(&mut self, at: Span) {
        self.add(code::WRONG_VALUE, at, "this cannot be stated as a fact").help("state one value, or several by comma");
    }
}

/// What the facade finds when it puts the pieces together.
impl Report {
    pub(crate) fn unknown_pack(&mut self, at: Span, wanted: &str, shipped: &str) {
        self.add(code::UNKNOWN_PACK, at, format!("no pack is called `{wanted}`"))
            .help(format!("shipped are `{shipped}`; files of one's own are given together, without `use`"));
    }

    pub(crate) fn presumption_refused(&mut self, at: Span, message: &str, help: Option<&str>) {
        self.add(code::WRONG_VALUE, at, message).maybe_help(help.map(str::to_owned));
    }

    pub(crate) fn scenario_refused(&mut self, at: Span, path: &str, message: &str, help: Option<&str>) {
        self.add(code::SCENARIO_FACTS, at, format!("`{path}`: {message}")).maybe_help(help.map(str::to_owned));
    }
}
