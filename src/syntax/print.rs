//! Tree → text, in the one canonical layout: four spaces a step, one clause after the other, conditions
//! broken at `and` and `or` where a line would be too long, comments where they were.
//!
//! `parse(print(tree))` is the tree, and printing that again gives the same text.

use super::layout::{Doc, Line, STEP, lay_out};
use super::tree::*;

/// The canonical text of a file.
pub(crate) fn print(file: &File) -> String {
    let comments = file.comments.iter().map(|comment| comment.span.range().start).collect();
    let mut lines = Lines { comments, ..Lines::default() };
    for (at, item) in file.items.iter().enumerate() {
        let same_kind = at > 0 && is_short(&item.it) && is_short(&file.items[at - 1].it);
        let alike = same_kind && std::mem::discriminant(&item.it) == std::mem::discriminant(&file.items[at - 1].it);
        lines.gap = at > 0 && !alike;
        lines.item(item);
    }
    with_comments(&lines.all, &file.comments)
}

/// Items of one line, which stand together with others of their kind.
fn is_short(item: &Item) -> bool {
    matches!(item, Item::Use(_) | Item::Unit(_) | Item::Presume(_) | Item::List(_))
}

/// The lines so far.
#[derive(Default)]
struct Lines {
    all: Vec<(Line, bool)>,
    depth: usize,
    /// The next line has an empty one before it.
    gap: bool,
    /// Where comments begin.
    comments: Vec<usize>,
}

impl Lines {
    fn add(&mut self, doc: Doc) {
        let mut gap = std::mem::take(&mut self.gap);
        for line in lay_out(&doc, self.depth * STEP, &self.comments) {
            self.all.push((line, std::mem::take(&mut gap)));
        }
    }

    /// `head {`, the inside, `}`; the closing brace stood at the end of `whole`.
    fn block(&mut self, head: Doc, end: Option<usize>, empty: bool, inside: impl FnOnce(&mut Self)) {
        if empty {
            return self.add(Doc::Join(vec![head, word(" { "), Doc::Word("}".to_owned(), end)]));
        }
        self.add(Doc::Join(vec![head, word(" {")]));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.add(Doc::Word("}".to_owned(), end));
    }

    /// `head { a, b }`, on one line if it fits.
    fn braced(&mut self, head: Doc, end: Option<usize>, members: Vec<Doc>) {
        if members.is_empty() {
            return self.block(head, end, true, |_| {});
        }
        let inside = Doc::Nest(vec![Doc::Space, Doc::Fill(commas(members), 1)]);
        self.add(Doc::Group(vec![head, word(" {"), inside, Doc::Space, Doc::Word("}".to_owned(), end)]));
    }

    fn item(&mut self, item: &At<Item>) {
        let start = item.span.range().start;
        let end = Some(item.span.range().end.saturating_sub(1));
        let opening = |words: &str| Doc::Word(words.to_owned(), Some(start));
        match &item.it {
            Item::Use(name) => self.add(Doc::Join(vec![opening("use "), name_of(name)])),
            Item::Taxonomy(taxonomy) => {
                let head = phrase(vec![opening("taxonomy"), name_of(&taxonomy.name)], &taxonomy.title);
                self.block(head, end, taxonomy.terms.is_empty(), |lines| lines.terms(&taxonomy.terms));
            }
            Item::ExtendTaxonomy { name, under, terms } => {
                let mut head = vec![opening("extend taxonomy"), name_of(name)];
                if let Some(under) = under {
                    head.extend([word("under"), name_of(under)]);
                }
                self.block(phrase(head, &None), end, terms.is_empty(), |lines| lines.terms(terms));
            }
            Item::Record { name, fields } => {
                self.fields(phrase(vec![opening("record"), name_of(name)], &None), end, fields);
            }
            Item::ExtendRecord { name, fields } => {
                self.fields(phrase(vec![opening("extend record"), name_of(name)], &None), end, fields);
            }
            Item::Activity { fields } => self.fields(opening("activity"), end, fields),
            Item::ExtendActivity { fields } => self.fields(opening("extend activity"), end, fields),
            Item::Unit(unit) => self.add(unit_doc(opening("unit"), unit)),
            Item::Group(group) => self.group(opening("group"), group, end),
            Item::List(list) => self.add(list_doc(opening("list"), list)),
            Item::Holidays { source, days } => {
                let head = phrase(vec![opening("holidays")], source);
                let days = days.iter().map(|day| Doc::Word(day.it.to_string(), at(day))).collect();
                self.braced(head, end, days);
            }
            Item::Presume(presume) => self.add(presume_doc(opening("presume"), presume)),
            Item::Regime(regime) => self.regime(opening("regime"), regime, end),
            Item::Instrument(instrument) => self.instrument(opening("instrument"), instrument, end),
            Item::Scenario(scenario) => self.scenario(opening("scenario"), scenario, end),
            Item::Property(property) => {
                let head = phrase(vec![opening("property"), text_of(&property.title)], &None);
                self.block(head, end, false, |lines| {
                    if let Some(when) = &property.when {
                        lines.add(when_doc(when));
                    }
                    lines.add(claim_doc(&property.claim));
                });
            }
        }
    }

    /// Terms without anything of their own share lines.
    fn terms(&mut self, terms: &[Term]) {
        let bare = |term: &Term| term.title.is_none() && term.codes.is_empty() && term.children.is_empty();
        for run in terms.chunk_by(|a, b| bare(a) && bare(b)) {
            if bare(&run[0]) {
                self.add(Doc::Fill(run.iter().map(|term| name_of(&term.name)).collect(), 2));
            } else {
                self.term(&run[0]);
            }
        }
    }

    fn term(&mut self, term: &Term) {
        let mut head = phrase(vec![name_of(&term.name)], &term.title);
        if !term.codes.is_empty() {
            let codes = commas(term.codes.iter().map(codes_of).collect());
            head = Doc::Join(vec![head, word(" "), Doc::Nest(vec![Doc::Fill(with_first(word("hs"), codes), 1)])]);
        }
        if term.children.is_empty() {
            return self.add(head);
        }
        let end = Some(term.span.0.range().end.saturating_sub(1));
        self.block(head, end, false, |lines| lines.terms(&term.children));
    }

    fn fields(&mut self, head: Doc, end: Option<usize>, fields: &[Field]) {
        self.block(head, end, fields.is_empty(), |lines| {
            for field in fields {
                lines.add(field_doc(field));
            }
        });
    }

    fn group(&mut self, opening: Doc, group: &Group, end: Option<usize>) {
        let head = phrase(vec![opening, name_of(&group.name), word("of"), name_of(&group.taxonomy)], &group.title);
        let members = group.members.iter().map(|member| {
            let mut parts = vec![name_of(&member.term)];
            parts.extend(period_docs(&member.period));
            flat(parts)
        });
        self.braced(head, end, members.collect());
    }

    fn regime(&mut self, opening: Doc, regime: &Regime, end: Option<usize>) {
        let head = phrase(vec![opening, name_of(&regime.name)], &regime.title);
        self.block(head, end, regime.authorities.is_empty() && regime.binds.is_empty(), |lines| {
            for (name, title) in &regime.authorities {
                lines.add(phrase(vec![word("authority"), name_of(name)], title));
            }
            if !regime.binds.is_empty() {
                let groups = commas(regime.binds.iter().map(name_of).collect());
                lines.add(Doc::Fill(with_first(word("binds"), groups), 1));
            }
        });
    }

    fn instrument(&mut self, opening: Doc, instrument: &Instrument, end: Option<usize>) {
        let head = flat(vec![
            opening,
            name_of(&instrument.name),
            text_of(&instrument.citation),
            word("of"),
            name_of(&instrument.regime),
            word("adopted"),
            Doc::Word(instrument.adopted.it.to_string(), at(&instrument.adopted)),
        ]);
        self.block(head, end, instrument.paragraphs.is_empty(), |lines| {
            for (at, paragraph) in instrument.paragraphs.iter().enumerate() {
                lines.gap = at > 0;
                lines.paragraph(paragraph);
            }
        });
    }

    fn paragraph(&mut self, paragraph: &At<Paragraph>) {
        let range = paragraph.span.range();
        let it = &paragraph.it;
        let opening = Doc::Word("paragraph".to_owned(), Some(range.start));
        let mut parts = vec![phrase(vec![opening, name_of(&it.label)], &it.title)];
        parts.extend(period_docs(&it.period));
        if !it.replaces.is_empty() {
            parts.extend(with_first(word("replaces"), commas(it.replaces.iter().map(name_of).collect())));
        }
        let head = Doc::Nest(vec![Doc::Fill(parts, 1)]);
        self.block(head, Some(range.end.saturating_sub(1)), it.clauses.is_empty(), |lines| {
            for clause in &it.clauses {
                lines.clause(clause);
            }
        });
    }

    fn clause(&mut self, clause: &At<Clause>) {
        let start = Some(clause.span.range().start);
        let opening = |words: &str| Doc::Word(words.to_owned(), start);
        match &clause.it {
            Clause::Define(define) => {
                let mut head = vec![opening("define"), name_of(&define.name)];
                if let Some(of) = &define.of {
                    head.extend([word("of"), name_of(of)]);
                }
                if define.also {
                    head.push(word("also"));
                }
                head.extend(period_docs(&define.period));
                self.add(with_parts(head, vec![when_doc(&define.when)]));
            }
            Clause::Norm(norm) => self.norm(norm),
            Clause::Exempt(exempt) => {
                let from = commas(exempt.from.iter().map(name_of).collect());
                let mut head = with_first(opening("exempt from"), from);
                head.extend([word("as"), name_of(&exempt.name)]);
                self.exit(head, &exempt.body);
            }
            Clause::Reading(reading) => {
                let default = Doc::Word(yes_no(reading.default.it).to_owned(), at(&reading.default));
                let mut parts = vec![flat(vec![text_of(&reading.question), word("default"), default])];
                parts.extend(tolerate_docs(&reading.tolerates));
                self.add(with_parts(vec![opening("reading"), name_of(&reading.name)], parts));
            }
            Clause::Presume(presume) => self.add(presume_doc(opening("presume"), presume)),
        }
    }

    fn norm(&mut self, norm: &Norm) {
        let effect = match norm.effect.it {
            Effect::Prohibit => "prohibit",
            Effect::Oblige => "oblige",
            Effect::Advise => "advise",
            Effect::Caution => "caution",
        };
        let mut head = vec![Doc::Word(effect.to_owned(), at(&norm.effect))];
        head.extend(actions_doc(&norm.actions));
        if !norm.upon.is_empty() {
            head.push(word("upon"));
            head.extend(actions_doc(&norm.upon));
        }
        head.extend(norm.deadline.as_ref().map(deadline_doc));
        head.extend(norm.text.as_ref().map(text_of));
        if let Some(name) = &norm.name {
            head.push(flat(vec![word("as"), name_of(name)]));
        }
        head.extend(period_docs(&norm.period));
        let parts = norm.when.iter().map(when_doc).chain(tolerate_docs(&norm.tolerates));
        self.add(with_parts(head, parts.collect()));
        for exception in &norm.exceptions {
            let opening = Doc::Word("except".to_owned(), Some(exception.span.range().start));
            self.exit(vec![opening, name_of(&exception.it.name)], &exception.it.body);
        }
    }

    fn exit(&mut self, mut head: Vec<Doc>, body: &ExitBody) {
        head.extend(period_docs(&body.period));
        let mut parts: Vec<Doc> = body.when.iter().map(when_doc).collect();
        if !body.quotas.is_empty() {
            parts.push(joined("within", "and within", body.quotas.iter().map(quota_doc).collect()));
        }
        if !body.requirements.is_empty() {
            parts.push(joined("with", "and", body.requirements.iter().map(requirement_doc).collect()));
        }
        parts.extend(body.standard.as_ref().map(text_of));
        if body.exceptional {
            parts.push(word("exceptional"));
        }
        parts.extend(tolerate_docs(&body.tolerates));
        self.add(with_parts(head, parts));
    }

    fn scenario(&mut self, opening: Doc, scenario: &Scenario, end: Option<usize>) {
        let head = phrase(vec![opening, text_of(&scenario.title)], &None);
        let empty = scenario.facts.is_empty() && scenario.expects.is_empty() && scenario.variants.is_empty();
        self.block(head, end, empty, |lines| {
            lines.facts(&scenario.facts);
            for expect in &scenario.expects {
                lines.add(expect_doc(expect));
            }
            for variant in &scenario.variants {
                lines.variant(variant);
            }
        });
    }

    /// On one line if it fits: most variants change one fact.
    fn variant(&mut self, variant: &At<Variant>) {
        let opening = Doc::Word("but".to_owned(), at(variant));
        let head = phrase(vec![opening, text_of(&variant.it.title)], &None);
        let end = Some(variant.span.range().end.saturating_sub(1));
        let Variant { without, facts, expects, .. } = &variant.it;
        let mut dropped = Vec::new();
        if !without.is_empty() {
            dropped.push(word("without"));
            dropped.extend(commas(without.iter().map(name_of).collect()));
        }
        if facts.iter().all(is_simple) {
            let mut parts: Vec<Doc> = Vec::new();
            if !dropped.is_empty() {
                parts.push(flat(dropped));
            }
            parts.extend(facts.iter().map(fact_doc));
            parts.extend(expects.iter().map(expect_doc));
            if parts.is_empty() {
                return self.block(head, end, true, |_| {});
            }
            let inside = Doc::Nest(vec![Doc::Space, Doc::Fill(parts, 3)]);
            self.add(Doc::Group(vec![head, word(" {"), inside, Doc::Space, Doc::Word("}".to_owned(), end)]));
            return;
        }
        self.block(head, end, false, |lines| {
            if !dropped.is_empty() {
                lines.add(flat(dropped));
            }
            lines.facts(facts);
            for expect in expects {
                lines.add(expect_doc(expect));
            }
        });
    }

    fn facts(&mut self, facts: &[Fact]) {
        for run in facts.chunk_by(|a, b| is_simple(a) && is_simple(b)) {
            self.add(Doc::Fill(run.iter().map(fact_doc).collect(), 3));
        }
    }
}

// --------------------------------------------------------------------------------------- pieces

fn word(words: &str) -> Doc {
    Doc::Word(words.to_owned(), None)
}

fn at<T>(it: &At<T>) -> Option<usize> {
    Some(it.span.range().start)
}

fn name_of(name: &Name) -> Doc {
    Doc::Word(name.it.clone(), at(name))
}

fn text_of(text: &Text) -> Doc {
    Doc::Word(format!("\"{}\"", text.it.replace('\\', "\\\\").replace('"', "\\\"")), at(text))
}

fn codes_of(codes: &CodeRange) -> Doc {
    let last = codes.last.as_ref().map_or(String::new(), |last| format!("..{}", last.it));
    Doc::Word(format!("{}{last}", codes.first.it), at(&codes.first))
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Parts with a space between them and no break.
fn flat(parts: Vec<Doc>) -> Doc {
    let mut joined = Vec::with_capacity(parts.len() * 2);
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            joined.push(word(" "));
        }
        joined.push(part);
    }
    Doc::Join(joined)
}

fn phrase(mut parts: Vec<Doc>, title: &Option<Text>) -> Doc {
    parts.extend(title.as_ref().map(text_of));
    flat(parts)
}

fn commas(parts: Vec<Doc>) -> Vec<Doc> {
    let count = parts.len();
    let comma = |(at, part)| if at + 1 < count { Doc::Join(vec![part, word(",")]) } else { part };
    parts.into_iter().enumerate().map(comma).collect()
}

fn with_first(first: Doc, mut rest: Vec<Doc>) -> Vec<Doc> {
    rest.insert(0, first);
    rest
}

/// A head that is filled, and parts that stand on its line or each on one of their own.
fn with_parts(head: Vec<Doc>, parts: Vec<Doc>) -> Doc {
    let mut nest = vec![Doc::Fill(head, 1)];
    for part in parts {
        nest.extend([Doc::Space, part]);
    }
    Doc::Group(vec![Doc::Nest(nest)])
}

/// `within A and within B`, broken before each `and`.
fn joined(first: &str, next: &str, parts: Vec<Doc>) -> Doc {
    let mut docs = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            docs.push(Doc::Space);
        }
        docs.push(flat(vec![word(if at == 0 { first } else { next }), part]));
    }
    Doc::Group(vec![Doc::Nest(docs)])
}

/// `any of { a, b }`
fn any_of(parts: Vec<Doc>) -> Doc {
    braces("any of {", vec![Doc::Fill(commas(parts), 1)])
}

fn braces(opening: &str, inside: Vec<Doc>) -> Doc {
    let mut nest = vec![Doc::Space];
    nest.extend(inside);
    Doc::Group(vec![word(opening), Doc::Nest(nest), Doc::Space, word("}")])
}

fn period_docs(period: &Period) -> Vec<Doc> {
    let part = |name: &str, date: &Option<DateExpr>| date.as_ref().map(|date| flat(vec![word(name), date_doc(date)]));
    [part("from", &period.from), part("through", &period.through)].into_iter().flatten().collect()
}

fn date_doc(date: &DateExpr) -> Doc {
    match date {
        DateExpr::Day(day) => Doc::Word(day.it.to_string(), at(day)),
        DateExpr::Adopted(place) => Doc::Word("adopted".to_owned(), Some(place.0.range().start)),
        DateExpr::AdoptedOf(name) => Doc::Word(format!("{}.adopted", name.it), at(name)),
        DateExpr::Plus { base, count, unit } => {
            let sign = if count.it < 0 { "-" } else { "+" };
            let unit = match unit {
                DateUnit::Days => "day",
                DateUnit::Months => "month",
                DateUnit::Years => "year",
            };
            let number = count.it.unsigned_abs();
            let plural = if number == 1 { "" } else { "s" };
            flat(vec![date_doc(base), word(&format!("{sign} {number} {unit}{plural}"))])
        }
    }
}

fn number_doc(number: &Number) -> Doc {
    let value = Doc::Word(grouped(&number.value.it.to_string()), at(&number.value));
    match &number.unit {
        Some(unit) => flat(vec![value, name_of(unit)]),
        None => value,
    }
}

/// `500000` as `500_000`.
fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out + fraction
}

fn unit_doc(opening: Doc, unit: &Unit) -> Doc {
    let mut parts = vec![opening, name_of(&unit.name)];
    if unit.counted {
        parts.push(word("counted"));
    }
    if let Some((factor, base)) = &unit.is {
        parts.extend([word("="), Doc::Word(grouped(&factor.it.to_string()), at(factor)), name_of(base)]);
    }
    phrase(parts, &unit.title)
}

fn list_doc(opening: Doc, list: &List) -> Doc {
    let head = phrase(vec![opening, name_of(&list.name)], &list.title);
    if list.measures.is_empty() {
        return head;
    }
    flat(vec![head, braces("{", vec![Doc::Fill(commas(list.measures.iter().map(name_of).collect()), 1)])])
}

fn presume_doc(opening: Doc, presume: &Presume) -> Doc {
    let head = vec![opening, name_of(&presume.field), word("is"), value_doc(&presume.value)];
    with_parts(head, presume.citation.iter().map(text_of).chain(tolerate_docs(&presume.tolerates)).collect())
}

/// `tolerate never-applies because "…"`
fn tolerate_docs(tolerates: &[At<Tolerate>]) -> impl Iterator<Item = Doc> + '_ {
    tolerates.iter().map(|tolerate| {
        let opening = Doc::Word("tolerate".to_owned(), at(tolerate));
        let Tolerate { code, reason } = &tolerate.it;
        flat(vec![opening, name_of(code), word("because"), text_of(reason)])
    })
}

fn field_doc(field: &Field) -> Doc {
    let mut parts = vec![name_of(&field.name), word(":")];
    if field.ty.list {
        parts.push(word("list of"));
    }
    parts.push(name_of(&field.ty.name));
    if let Some(coded_by) = &field.ty.coded_by {
        parts.extend([word("coded by"), name_of(coded_by)]);
    }
    if field.required {
        parts.push(word("required"));
    }
    let head = phrase(parts, &field.question);
    if field.tolerates.is_empty() {
        return head;
    }
    with_parts(vec![head], tolerate_docs(&field.tolerates).collect())
}

fn actions_doc(actions: &[ActionTerm]) -> Option<Doc> {
    let action = |action: &ActionTerm| match action {
        ActionTerm::Any(place) => Doc::Word("any".to_owned(), Some(place.0.range().start)),
        ActionTerm::Term(name) => name_of(name),
    };
    match actions {
        [] => None,
        [one] => Some(action(one)),
        many => Some(any_of(many.iter().map(action).collect())),
    }
}

fn deadline_doc(deadline: &Deadline) -> Doc {
    match deadline {
        Deadline::By(date) => flat(vec![word("by"), date_doc(date)]),
        Deadline::Within { days, month } => {
            let after = if *month { "days after the month" } else { "days after" };
            flat(vec![word("within"), Doc::Word(days.it.to_string(), at(days)), word(after)])
        }
    }
}

fn quota_doc(quota: &Quota) -> Doc {
    let mut parts = Vec::new();
    for limit in &quota.limits {
        if !parts.is_empty() {
            parts.push(word("or"));
        }
        match limit {
            Limit::Amount(number) => parts.push(number_doc(number)),
            Limit::Level { unit, from, through: None } => {
                parts.extend([word("level"), name_of(unit), word("on"), date_doc(from)]);
            }
            Limit::Level { unit, from, through: Some(through) } => {
                parts.extend([word("level"), name_of(unit), word("from"), date_doc(from)]);
                parts.extend([word("through"), date_doc(through)]);
            }
        }
    }
    if let Some(of) = &quota.of {
        parts.extend([word("of"), name_of(of)]);
    }
    parts.push(match &quota.period {
        QuotaPeriod::CalendarYear => word("per calendar year"),
        QuotaPeriod::CalendarMonth => word("per calendar month"),
        QuotaPeriod::MonthsFrom { months, from } => {
            flat(vec![word(&format!("per {} months from", months.it)), date_doc(from)])
        }
        QuotaPeriod::AnyMonths { months } => word(&format!("in any {} months", months.it)),
        QuotaPeriod::Days { from, through } => {
            flat(vec![word("from"), date_doc(from), word("through"), date_doc(through)])
        }
        QuotaPeriod::Total => word("in total"),
        QuotaPeriod::AnyTime => word("at any time"),
    });
    if let Some(per) = &quota.per {
        parts.extend([word("per"), name_of(per)]);
    }
    Doc::Nest(vec![Doc::Fill(parts, 1)])
}

fn requirement_doc(requirement: &Requirement) -> Doc {
    let kind = requirement.kind.it.word();
    let mut parts = vec![Doc::Word(kind.to_owned(), at(&requirement.kind))];
    if let Some(by) = &requirement.by {
        parts.extend([word("by"), name_of(by)]);
    }
    if let Some(to) = &requirement.to {
        parts.extend([word("to"), name_of(to)]);
    }
    parts.extend(requirement.time.as_ref().map(act_time_doc));
    Doc::Nest(vec![Doc::Fill(parts, 1)])
}

fn act_time_doc(time: &ActTime) -> Doc {
    let days = |before: &str, days: &At<i64>, working: bool, after: &str| {
        let working = if working { "working " } else { "" };
        word(&format!("{before} {} {working}days {after}", days.it))
    };
    match time {
        ActTime::InAdvance => word("in advance"),
        ActTime::AtLeastBefore { days: n, working } => days("at least", n, *working, "before"),
        ActTime::MoreThanBefore { days: n, working } => days("more than", n, *working, "before"),
        ActTime::AtMostBefore { days: n, working } => days("at most", n, *working, "before"),
        ActTime::WithinAfter { days: n, working, month } => {
            days("within", n, *working, if *month { "after the month" } else { "after" })
        }
        ActTime::By(date) => flat(vec![word("by"), date_doc(date)]),
    }
}

// ----------------------------------------------------------------------------------- conditions

fn when_doc(cond: &Cond) -> Doc {
    Doc::Join(vec![word("when "), cond_doc(cond)])
}

fn cond_doc(cond: &Cond) -> Doc {
    match cond {
        Cond::And(parts) => chain("and ", parts),
        Cond::Or(parts) => chain("or ", parts),
        Cond::Not(inner) => Doc::Join(vec![word("not "), cond_doc(inner)]),
        Cond::Group(inner) => {
            Doc::Group(vec![word("("), Doc::Nest(vec![Doc::Soft, cond_doc(inner)]), Doc::Soft, word(")")])
        }
        Cond::Some { quantifier, of, body } => quantified_doc(quantifier, of, body.as_deref()),
        leaf => leaf_doc(leaf),
    }
}

fn chain(connective: &str, parts: &[Cond]) -> Doc {
    let mut docs = Vec::with_capacity(parts.len() * 3);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            docs.extend([Doc::Space, word(connective)]);
        }
        docs.push(cond_doc(part));
    }
    Doc::Group(vec![Doc::Nest(docs)])
}

fn quantified_doc(quantifier: &At<Quantifier>, of: &Name, body: Option<&Cond>) -> Doc {
    let quantity = match quantifier.it {
        Quantifier::Some => "some".to_owned(),
        Quantifier::No => "no".to_owned(),
        Quantifier::AtLeast(count) => format!("at least {count}"),
    };
    let head = flat(vec![Doc::Word(quantity, at(quantifier)), name_of(of)]);
    match body {
        Some(body) => Doc::Join(vec![head, word(" "), braces("{", vec![cond_doc(body)])]),
        None => head,
    }
}

fn leaf_doc(cond: &Cond) -> Doc {
    match cond {
        Cond::Name(name) => name_of(name),
        Cond::Test { field, negated, op, values, any_of: many, .. } => {
            let operator = match (op, negated) {
                (TestOp::Is, false) => Some("is"),
                (TestOp::Is, true) => Some("is not"),
                (TestOp::Under, false) => Some("under"),
                (TestOp::Under, true) => Some("not under"),
                (TestOp::Implied, _) => None,
            };
            let mut parts = vec![name_of(field)];
            parts.extend(operator.map(word));
            let values: Vec<Doc> = values.iter().map(value_doc).collect();
            if *many {
                parts.push(any_of(values));
            } else {
                parts.extend(values);
            }
            flat(parts)
        }
        Cond::Absent { field, negated, word: absent } => {
            let is = if *negated { "is not" } else { "is" };
            let absent = match absent {
                Absent::Empty => "empty",
                Absent::None => "none",
            };
            flat(vec![name_of(field), word(is), word(absent)])
        }
        Cond::Compare { field, op, value } => {
            let sign = match op.it {
                CompareOp::Less => "<",
                CompareOp::LessOrEqual => "<=",
                CompareOp::More => ">",
                CompareOp::MoreOrEqual => ">=",
                CompareOp::Before => "before",
                CompareOp::After => "after",
            };
            flat(vec![name_of(field), word(sign), value_doc(value)])
        }
        Cond::Listed { field, list, measure, entry, .. } => {
            let mut parts: Vec<Doc> = field.iter().map(name_of).collect();
            parts.extend([word("listed in"), name_of(list)]);
            if let Some(measure) = measure {
                parts.extend([word("for"), name_of(measure)]);
            }
            if let Some(entry) = entry {
                parts.extend([word("as"), text_of(entry)]);
            }
            flat(parts)
        }
        Cond::Found { kind, by, window, .. } => {
            let mut parts = vec![word("found"), name_of(kind), word("by"), name_of(by)];
            match window {
                Some(Window::ThisCalendarYear) => parts.push(word("this calendar year")),
                Some(Window::LastDays(days)) => parts.push(word(&format!("in the last {} days", days.it))),
                None => {}
            }
            flat(parts)
        }
        Cond::Member { field, negated, group } => {
            flat(vec![name_of(field), word(if *negated { "not in" } else { "in" }), name_of(group)])
        }
        Cond::And(_) | Cond::Or(_) | Cond::Not(_) | Cond::Group(_) | Cond::Some { .. } => cond_doc(cond),
    }
}

fn value_doc(value: &Value) -> Doc {
    match value {
        Value::Word(name) => name_of(name),
        Value::Text(text) => text_of(text),
        Value::Date(date) => date_doc(date),
        Value::Number(number) => number_doc(number),
        Value::Codes(codes) => codes_of(codes),
        Value::List(values, _) => {
            let inside = Doc::Fill(commas(values.iter().map(value_doc).collect()), 1);
            Doc::Group(vec![word("["), Doc::Nest(vec![Doc::Soft, inside]), Doc::Soft, word("]")])
        }
        Value::Record(facts, _) if facts.is_empty() => word("{ }"),
        Value::Record(facts, _) => braces("{", vec![Doc::Fill(facts.iter().map(fact_doc).collect(), 3)]),
    }
}

// ------------------------------------------------------------------------- scenarios, properties

/// It holds no record in braces.
fn is_simple(fact: &Fact) -> bool {
    !fact.values.iter().any(|value| matches!(value, Value::Record(..)))
}

fn fact_doc(fact: &Fact) -> Doc {
    let mut parts = vec![name_of(&fact.field)];
    let mut values: Vec<Doc> = fact.values.iter().map(value_doc).collect();
    // `act approval { … }` and `used R2397/5.quota 100_000 bbl`: a word, then the rest.
    if matches!(fact.field.it.as_str(), "act" | "used" | "level" | "reading") && values.len() > 1 {
        parts.push(values.remove(0));
    }
    parts.extend(commas(values));
    flat(parts)
}

fn expect_doc(expect: &At<Expect>) -> Doc {
    let opening = Doc::Word("expect".to_owned(), at(expect));
    let mut parts = vec![opening, name_of(&expect.it.verdict)];
    for (words, names) in [("by", &expect.it.by), ("needing", &expect.it.needing), ("noting", &expect.it.noting)] {
        if !names.is_empty() {
            parts.push(word(words));
            parts.extend(commas(names.iter().map(name_of).collect()));
        }
    }
    Doc::Nest(vec![Doc::Fill(parts, 1)])
}

fn claim_doc(claim: &At<Claim>) -> Doc {
    let (how, verdict) = match &claim.it {
        Claim::AtLeast(verdict) => ("at least", verdict),
        Claim::AtMost(verdict) => ("at most", verdict),
        Claim::Is(verdict) => ("is", verdict),
    };
    flat(vec![word("always"), word(how), name_of(verdict)])
}

// --------------------------------------------------------------------------------------- comments

/// Puts the comments back: those that had a line of their own before what follows them, the others at
/// the end of the line that has what stood before them.
fn with_comments(lines: &[(Line, bool)], comments: &[Comment]) -> String {
    let mut out = Output::default();
    let mut comments = comments.iter().peekable();
    // The start of each line; a line without a known place opens what comes after it, or closes what came before.
    let mut next = lines.iter().rev().find_map(|(line, _)| line.start).unwrap_or(0);
    let starts = lines.iter().rev().map(|(line, _)| {
        next = line.start.unwrap_or(next);
        next
    });
    let mut starts: Vec<usize> = starts.collect();
    starts.reverse();
    for (at, (line, gap)) in lines.iter().enumerate() {
        out.gap |= *gap;
        let closing = line.text == "}";
        let indent = if closing { line.indent + STEP } else { line.indent };
        while let Some(comment) = comments.next_if(|comment| comment.span.range().start < starts[at]) {
            out.comment(comment, indent);
        }
        if closing {
            out.gap = false;
        }
        out.line(line.indent, &line.text);
        let next = starts.get(at + 1).copied().unwrap_or(usize::MAX);
        if let Some(comment) = comments.next_if(|comment| !comment.own_line && comment.span.range().start < next) {
            out.trailing(&comment.text);
        }
    }
    for comment in comments {
        out.comment(comment, 0);
    }
    out.text
}

#[derive(Default)]
struct Output {
    text: String,
    /// An empty line comes before the next one.
    gap: bool,
}

impl Output {
    fn line(&mut self, indent: usize, text: &str) {
        let opened = self.text.is_empty() || self.text.ends_with("{\n");
        if std::mem::take(&mut self.gap) && !opened {
            self.text.push('\n');
        }
        self.text += &" ".repeat(indent);
        self.text += text;
        self.text.push('\n');
    }

    fn comment(&mut self, comment: &Comment, indent: usize) {
        self.gap |= comment.own_line && comment.gap_before;
        self.line(indent, &comment.text);
        self.gap = comment.own_line && comment.gap_after;
    }

    fn trailing(&mut self, text: &str) {
        self.text.pop();
        self.text += "  ";
        self.text += text;
        self.text.push('\n');
    }
}
