//! Conditions in sentences.
//!
//! A short condition is a clause in a line. A longer one is a list under the words that say how many of its items
//! must hold, so that no sentence mixes *and* with *or*.

use crate::check::program::{ACTIVITY, Cond, Fact, FieldId, Op, RecordId, Set, Terms, Type};
use crate::value::Date;

use super::block::{Item, Line, alternatives, line};
use super::words::{Words, codes, day};

/// The longest line that joins clauses, in characters.
const LONGEST: usize = 150;

/// A condition in words.
#[derive(Debug, Clone)]
pub(super) enum Phrase {
    Clause(Clause),
    List { lead: Line, parts: Vec<Phrase> },
}

/// Words that fit into a sentence.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub line: Line,
    /// What `and` joins in it; empty when nothing does.
    parts: Vec<Line>,
    joined: Joined,
    /// About the record at hand: it begins with `it` or `its`, and can be said with `that` or `whose`.
    own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    One,
    And,
    Or,
    /// Ends in a joined relative clause, so nothing can follow it.
    Closed,
}

impl Phrase {
    fn one(line: Line, own: bool) -> Phrase {
        Phrase::Clause(Clause { line, parts: Vec::new(), joined: Joined::One, own })
    }

    /// Items of a list all of which must hold.
    pub fn items(self) -> Vec<Item> {
        match self {
            Phrase::Clause(Clause { parts, .. }) if !parts.is_empty() => parts.into_iter().map(Item::from).collect(),
            phrase => vec![phrase.item()],
        }
    }

    /// An item of a list.
    pub fn item(self) -> Item {
        match self {
            Phrase::Clause(clause) => clause.line.into(),
            Phrase::List { lead, parts } => Item { line: lead, inner: parts.into_iter().map(Phrase::item).collect() },
        }
    }
}

impl Words<'_> {
    /// The condition in words, of the activity.
    pub fn condition(self, cond: &Cond) -> Phrase {
        Speaker { words: self, at_hand: ACTIVITY }.say(cond, true)
    }

    /// The condition in words, of a record.
    pub fn condition_of(self, record: RecordId, cond: &Cond) -> Phrase {
        Speaker { words: self, at_hand: record }.say(cond, true)
    }
}

/// Who speaks of what `it` is.
#[derive(Clone, Copy)]
struct Speaker<'a> {
    words: Words<'a>,
    at_hand: RecordId,
}

impl Speaker<'_> {
    /// The condition, or that it does not hold.
    fn say(self, cond: &Cond, yes: bool) -> Phrase {
        match cond {
            Cond::Not(inner) => self.say(inner, !yes),
            Cond::All(parts) => self.join(&flat(parts, true), true, yes),
            Cond::Any(parts) => self.join(&flat(parts, false), false, yes),
            Cond::Count { list, role, at_least, body } => self.count(*list, role.as_ref(), *at_least, body, yes),
            _ => self.atom(cond, yes),
        }
    }

    fn join(self, parts: &[&Cond], all: bool, yes: bool) -> Phrase {
        if let [only] = parts {
            return self.say(only, yes);
        }
        // Negated, short parts are negated one by one.
        let joined = if all == yes { Joined::And } else { Joined::Or };
        let each: Vec<Phrase> = parts.iter().map(|part| self.say(part, yes)).collect();
        if let Some(clause) = in_one_line(&each, joined) {
            return Phrase::Clause(clause);
        }
        let lead = match (all, yes) {
            (true, true) => "all of this is true:",
            (false, true) => "at least one of these is true:",
            (true, false) => "not all of this is true:",
            (false, false) => "none of these is true:",
        };
        let parts = if yes { each } else { parts.iter().map(|part| self.say(part, true)).collect() };
        Phrase::List { lead: line().text(lead), parts }
    }

    fn atom(self, cond: &Cond, yes: bool) -> Phrase {
        match cond {
            Cond::Test { fact, set } => self.test(*fact, set, yes),
            Cond::Goods { terms, codes } => Phrase::one(self.goods(terms, codes, yes), false),
            Cond::Absent { fact } => self.absent(*fact, yes),
            Cond::Same { left, right } => self.same(*left, *right, yes),
            Cond::Order { left, op, right } => {
                let of = line().text(order(*op, yes)).then(self.words.fact(*right, self.at_hand));
                self.of_fact(*left, of)
            }
            Cond::OrderPlus { left, op, right, days } => {
                let of = line()
                    .text(order(*op, yes))
                    .text(format!("the day {days} days after "))
                    .then(self.words.fact(*right, self.at_hand));
                self.of_fact(*left, of)
            }
            Cond::SameYear { left, right } => {
                let of = line().text(if yes { "lies" } else { "does not lie" }).text(" in the calendar year of ");
                self.of_fact(*left, of.then(self.words.fact(*right, self.at_hand)))
            }
            Cond::Member { fact, group } => {
                let of = line().text(if yes { "is" } else { "is not" }).text(", on the day, one of ");
                self.of_fact(*fact, of.then(self.words.group(*group)))
            }
            Cond::Listed { who, list, measure, entry } => {
                let mut on = self.words.list(*list);
                if let Some(measure) = measure {
                    let measures = &self.words.program.schema.lists[list.at()].measures;
                    on = on.text(format!(", for “{}”", self.words.of(&measures[*measure as usize])));
                }
                if let Some(entry) = entry {
                    on = on.text(format!(", as entry “{entry}”"));
                }
                Phrase::one(self.listed(*who, on, yes), true)
            }
            Cond::Defined(definition) => {
                let named = self.words.definition(*definition);
                match self.words.program.definitions[definition.at()].of {
                    Some(_) => Phrase::one(line().text(if yes { "it is " } else { "it is not " }).then(named), true),
                    None => Phrase::one(named.text(if yes { " holds" } else { " does not hold" }), false),
                }
            }
            Cond::Reading(reading) => {
                let taken = if yes { " is taken as yes" } else { " is taken as no" };
                Phrase::one(line().text("the reading ").then(self.words.reading(*reading)).text(taken), false)
            }
            Cond::NoAct => Phrase::one(line().text(if yes { "nobody has acted" } else { "somebody has acted" }), false),
            Cond::Yes if yes => Phrase::one(line().text("always"), false),
            Cond::No if !yes => Phrase::one(line().text("always"), false),
            Cond::Yes | Cond::No => Phrase::one(line().text("never"), false),
            Cond::All(_) | Cond::Any(_) | Cond::Not(_) | Cond::Count { .. } => unreachable!("`say` has taken these"),
        }
    }

    /// `the origin …`, `its flag …`
    fn of_fact(self, fact: Fact, predicate: Line) -> Phrase {
        let subject = self.words.fact(fact, self.at_hand).text(" ");
        Phrase::one(subject.then(predicate), matches!(fact, Fact::Own(_)))
    }

    fn field(self, fact: Fact) -> (RecordId, FieldId) {
        match fact {
            Fact::Activity(field) => (ACTIVITY, field),
            Fact::Own(field) => (self.at_hand, field),
        }
    }

    fn test(self, fact: Fact, set: &Set, yes: bool) -> Phrase {
        let (record, id) = self.field(fact);
        let field = self.words.field(record, id);
        let core = self.words.program.schema.core;
        match set {
            Set::YesNo(_) if fact_is(fact, core.omission) => {
                let undone = matches!(set, Set::YesNo(true)) == yes;
                let words = if undone { "the act is left undone" } else { "the act is done, not left undone" };
                Phrase::one(line().text(words), false)
            }
            Set::YesNo(answer) => {
                let answer = if *answer { "“yes”" } else { "“no”" };
                self.of_fact(fact, line().text(format!("is {}{answer}", if yes { "" } else { "not " })))
            }
            Set::Terms(terms) => {
                let taxonomy = match field.ty {
                    Type::Term(taxonomy) | Type::Root(taxonomy) | Type::Reference(taxonomy) => taxonomy,
                    _ => return self.of_fact(fact, line().text("is as the policy says")),
                };
                let among = |last: &str| self.words.terms(taxonomy, terms, last);
                let several = self.words.heads(taxonomy, terms).len() > 1;
                if fact == Fact::Activity(core.action) {
                    let verb = if yes { "what is done is " } else { "what is done is none of " };
                    let verb = if !yes && !several { "what is done is not " } else { verb };
                    return Phrase::one(line().text(verb).then(among(if yes { " or " } else { " and " })), false);
                }
                self.values(
                    fact,
                    field.many,
                    several,
                    among,
                    matches!(field.ty, Type::Term(of) if self.words.is_places(of)),
                    yes,
                )
            }
            Set::References { terms, ids } => {
                let Type::Reference(taxonomy) = field.ty else {
                    return self.reference(fact, self.ids(ids), yes);
                };
                let mut named: Vec<Line> =
                    self.words.heads(taxonomy, terms).into_iter().map(|term| self.words.term(taxonomy, term)).collect();
                named.extend(ids.iter().map(|id| self.id(id)));
                self.reference(fact, alternatives(named, " or "), yes)
            }
            Set::Codes(ranges) => {
                let codes = alternatives(codes(ranges).into_iter().map(|code| line().text(code)).collect(), " or ");
                self.of_fact(fact, line().text(if yes { "falls under " } else { "does not fall under " }).then(codes))
            }
            Set::Dates(ranges) => {
                let ranges: Vec<Line> = ranges.iter().map(|range| line().text(days(*range))).collect();
                let is = if yes { "is " } else { "is not " };
                self.of_fact(fact, line().text(is).then(alternatives(ranges, " or ")))
            }
            Set::Texts(texts) => {
                let texts: Vec<Line> = texts.iter().map(|text| line().text(format!("“{text}”"))).collect();
                let several = texts.len() > 1;
                self.values(fact, field.many, several, |last| alternatives(texts.clone(), last), false, yes)
            }
            Set::Amount { unit, op, than } => {
                let words = match op {
                    Op::Less => "less than",
                    Op::LessOrEqual => "at most",
                    Op::More => "more than",
                    Op::MoreOrEqual => "at least",
                };
                let than = self.words.amount(*than, *unit);
                self.of_fact(fact, line().text(format!("is {}{words} {than}", if yes { "" } else { "not " })))
            }
            Set::Lists(lists) => {
                let lists = lists.iter().map(|list| self.words.list(*list)).collect();
                self.of_fact(
                    fact,
                    line().text(if yes { "names " } else { "does not name " }).then(alternatives(lists, " or ")),
                )
            }
        }
    }

    /// `is …`, or of a list `is or includes …`.
    fn values(
        self,
        fact: Fact,
        many: bool,
        several: bool,
        among: impl Fn(&str) -> Line,
        place: bool,
        yes: bool,
    ) -> Phrase {
        let (record, id) = self.field(fact);
        let name = &self.words.field(record, id).name;
        // `located`, `suspected`: what somebody is, not what they have.
        if let Fact::Own(_) = fact
            && name.ends_with("ed")
        {
            let of = if place { "in " } else { "of " };
            let not = if yes { "" } else { "not " };
            let subject =
                line().text(format!("it is {not}")).then(self.words.field_name(record, id)).text(format!(" {of}"));
            return Phrase::one(subject.then(among(" or ")), true);
        }
        let plural = many && name.ends_with('s') && !name.ends_with("us");
        let inside = if place { "in " } else { "" };
        let verb = match (many, plural, yes, several) {
            (false, _, true, _) => "is ",
            (false, _, false, false) => "is not ",
            (false, _, false, true) => "is none of ",
            (true, false, true, _) => "is or includes ",
            (true, true, true, _) => "are or include ",
            (true, _, false, false) => {
                if plural {
                    "do not include "
                } else {
                    "does not include "
                }
            }
            (true, _, false, true) => {
                if plural {
                    "include none of "
                } else {
                    "includes none of "
                }
            }
        };
        let inside = if !yes && several { "" } else { inside };
        let last = if yes {
            " or "
        } else if several {
            " and "
        } else {
            " or "
        };
        self.of_fact(fact, line().text(verb).text(inside).then(among(last)))
    }

    fn goods(self, terms: &Terms, carried: &[(u64, u64)], yes: bool) -> Line {
        let core = self.words.program.schema.core;
        let Some((item, _)) = core.goods else { return line().text("the goods are as the policy says") };
        let Type::Term(taxonomy) = self.words.field(ACTIVITY, item).ty else { return line() };
        let several = self.words.heads(taxonomy, terms).len() > 1;
        let verb = match (yes, several) {
            (true, _) => " are ",
            (false, false) => " are not ",
            (false, true) => " are none of ",
        };
        let said = line().text("the ").then(self.words.field_name(ACTIVITY, item)).text(verb);
        let said = said.then(self.words.terms(taxonomy, terms, if yes { " or " } else { " and " }));
        if carried.is_empty() {
            return said;
        }
        let codes = alternatives(codes(carried).into_iter().map(|code| line().text(code)).collect(), ", ").plain();
        said.text(if yes {
            format!(" (or have a tariff code under {codes})")
        } else {
            format!(" (nor have a tariff code under {codes})")
        })
    }

    fn absent(self, fact: Fact, yes: bool) -> Phrase {
        let (record, id) = self.field(fact);
        let name = self.words.field_name(record, id);
        match fact {
            Fact::Activity(_) => {
                let plural = self.words.field(record, id).many;
                let lead = match (yes, plural) {
                    (true, false) => "there is no ",
                    (true, true) => "there are no ",
                    (false, false) => "there is a ",
                    (false, true) => "there are ",
                };
                Phrase::one(line().text(lead).then(name), false)
            }
            Fact::Own(_) => Phrase::one(line().text(if yes { "it has no " } else { "it has a " }).then(name), true),
        }
    }

    fn same(self, left: Fact, right: Fact, yes: bool) -> Phrase {
        let (record, id) = self.field(left);
        let other = self.words.fact(right, self.at_hand);
        if matches!(self.words.field(record, id).ty, Type::Reference(_)) {
            return self.reference(left, other, yes);
        }
        let many = self.words.field(record, id).many;
        self.values(left, many, false, |_| other.clone(), false, yes)
    }

    /// What a reference says, as its name reads: `is controlled by …`, `represents …`, `its owner is or includes …`.
    fn reference(self, fact: Fact, whom: Line, yes: bool) -> Phrase {
        let (record, id) = self.field(fact);
        let name = self.words.field(record, id).name.as_str();
        let linked = self.words.field_name(record, id);
        if let Fact::Own(_) = fact {
            if ["_by", "_for", "_of"].iter().any(|end| name.ends_with(end)) {
                let is = if yes { "it is " } else { "it is not " };
                return Phrase::one(line().text(is).then(linked).text(" ").then(whom), true);
            }
            if let Some(stem) = name.strip_suffix('s').filter(|stem| stem.len() > 2) {
                let of = &self.words.program.schema.records[record.at()].name;
                let verb = if yes { self.words.of(name) } else { self.words.of(stem) };
                let lead = if yes { "it " } else { "it does not " };
                let verb = line().link(super::words::id::fact(of, name), verb);
                return Phrase::one(line().text(lead).then(verb).text(" ").then(whom), true);
            }
        }
        let verb = match (self.words.field(record, id).many, yes) {
            (false, true) => "is ",
            (false, false) => "is not ",
            (true, true) => "is or includes ",
            (true, false) => "does not include ",
        };
        self.of_fact(fact, line().text(verb).then(whom))
    }

    fn listed(self, who: Option<FieldId>, on: Line, yes: bool) -> Line {
        let not = if yes { "" } else { "not " };
        let Some(field) = who else { return line().text(format!("it is {not}on ")).then(on) };
        let name = &self.words.field(self.at_hand, field).name;
        let linked = self.words.field_name(self.at_hand, field);
        if ["_by", "_for", "_of"].iter().any(|end| name.ends_with(end)) {
            let somebody = if yes { " somebody who is on " } else { " anybody who is on " };
            return line()
                .text(format!("it is {not}"))
                .then(linked)
                .text(", directly or through others,")
                .text(somebody)
                .then(on);
        }
        line().text("its ").then(linked).text(format!(", directly or through others, is {not}on ")).then(on)
    }

    fn ids(self, ids: &[String]) -> Line {
        alternatives(ids.iter().map(|id| self.id(id)).collect(), " or ")
    }

    fn id(self, id: &str) -> Line {
        let mut authorities = self.words.program.regimes.iter().flat_map(|regime| &regime.authorities);
        match authorities.any(|(name, _)| name == id) {
            true => self.words.authority(id),
            false => line().text(format!("“{id}”")),
        }
    }

    fn count(self, list: Fact, role: Option<&Terms>, at_least: u32, body: &Cond, yes: bool) -> Phrase {
        let (owner, id) = self.field(list);
        let Type::Record(record) = self.words.field(owner, id).ty else {
            return Phrase::one(line().text("always"), false);
        };
        if let Some(found) = self.found(list, record, body, yes) {
            return found;
        }
        let own = matches!(list, Fact::Own(_));
        let noun = self.noun(record, role, at_least);
        let lead = match (own, yes, at_least) {
            (false, true, 1) => line().text("there is a "),
            (false, true, n) => line().text(format!("there are at least {n} ")),
            (false, false, 1) => line().text("there is no "),
            (false, false, n) => line().text(format!("there are fewer than {n} ")),
            (true, true, 1) => line().text("it has a "),
            (true, true, n) => line().text(format!("it has at least {n} ")),
            (true, false, 1) => line().text("it has no "),
            (true, false, n) => line().text(format!("it has fewer than {n} ")),
        };
        let lead = lead.then(noun);
        if *body == Cond::Yes {
            return Phrase::one(lead, own);
        }
        match (Speaker { at_hand: record, ..self }).say(body, true) {
            Phrase::Clause(clause) if clause.own => {
                let said = lead.text(" ").then(relative(clause.line));
                let joined = if clause.joined == Joined::One { Joined::One } else { Joined::Closed };
                Phrase::Clause(Clause { line: said, parts: Vec::new(), joined, own })
            }
            Phrase::Clause(clause) => {
                Phrase::List { lead: lead.text(" of which this is true:"), parts: vec![Phrase::Clause(clause)] }
            }
            Phrase::List { lead: how, parts } => Phrase::List { lead: lead.text(" of which ").then(how), parts },
        }
    }

    /// `party in the role “Worker”`
    fn noun(self, record: RecordId, role: Option<&Terms>, count: u32) -> Line {
        let declared = &self.words.program.schema.records[record.at()];
        let mut noun = self.words.of(&declared.name);
        if count != 1 {
            noun = noun.strip_suffix('y').map_or(format!("{noun}s"), |stem| format!("{stem}ies"));
        }
        let taxonomy = declared.role.map(|role| declared.fields[role.at()].ty);
        match (role, taxonomy) {
            (Some(terms), Some(Type::Term(taxonomy))) => {
                line().text(format!("{noun} in the role ")).then(self.words.terms(taxonomy, terms, " or "))
            }
            _ => line().text(noun),
        }
    }

    /// `found K by W`, recognised by its parts; the days and provisions that every finding has are in the glossary.
    fn found(self, list: Fact, record: RecordId, body: &Cond, yes: bool) -> Option<Phrase> {
        let Cond::All(parts) = body else { return None };
        let named = &self.words.program.schema.records[record.at()].by_name;
        let (kind, by, on) = (*named.get("kind")?, *named.get("by")?, *named.get("on")?);
        let [Cond::Test { fact: Fact::Own(first), set: Set::Terms(kinds) }, second, rest @ ..] = parts.as_slice()
        else {
            return None;
        };
        let Type::Term(taxonomy) = self.words.field(record, kind).ty else { return None };
        let whose = match second {
            Cond::Test { fact: Fact::Own(own), set: Set::References { ids, .. } } if *own == by => self.ids(ids),
            Cond::Same { left: Fact::Own(own), right } if *own == by => self.words.fact(*right, record),
            _ => return None,
        };
        let made =
            |cond: &&Cond| matches!(cond, Cond::Order { left: Fact::Own(own), op: Op::LessOrEqual, .. } if *own == on);
        if *first != kind || !rest.iter().any(|cond| made(&cond)) {
            return None;
        }
        let mut window = String::new();
        for cond in rest {
            match cond {
                Cond::SameYear { .. } => window = ", made in the calendar year of the activity".to_owned(),
                Cond::OrderPlus { days, .. } => window = format!(", made in the last {days} days"),
                _ => {}
            }
        }
        let own = matches!(list, Fact::Own(_));
        let lead = match (own, yes) {
            (false, true) => "there is the ",
            (false, false) => "there is no ",
            (true, true) => "it has the ",
            (true, false) => "it has no ",
        };
        let said = line()
            .text(lead)
            .link("glossary.finding", "finding")
            .text(" ")
            .then(self.words.terms(taxonomy, kinds, " or "));
        Some(Phrase::one(said.text(" by ").then(whose).text(window), own))
    }
}

fn fact_is(fact: Fact, field: Option<FieldId>) -> bool {
    field.is_some_and(|field| fact == Fact::Activity(field))
}

/// The parts, with those of parts that are joined the same way.
fn flat(parts: &[Cond], all: bool) -> Vec<&Cond> {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Cond::All(inner) if all => out.extend(flat(inner, all)),
            Cond::Any(inner) if !all => out.extend(flat(inner, all)),
            part => out.push(part),
        }
    }
    out
}

/// The clauses joined, if that is short and unambiguous.
fn in_one_line(parts: &[Phrase], joined: Joined) -> Option<Clause> {
    let mut clauses = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Phrase::Clause(clause) if clause.joined == Joined::One => clauses.push(clause),
            Phrase::Clause(clause) if clause.joined == joined => clauses.push(clause),
            _ => return None,
        }
    }
    let own = clauses.iter().all(|clause| clause.own);
    let parts =
        if joined == Joined::And { clauses.iter().map(|clause| clause.line.clone()).collect() } else { Vec::new() };
    let lines: Vec<Line> = clauses.iter().map(|clause| clause.line.clone()).collect();
    // Commas inside a clause would blur where the next begins.
    let listing = lines.iter().any(|line| line.plain().contains(", "));
    let length: usize = lines.iter().map(Line::length).sum();
    if length > LONGEST || lines.len() > 3 || (listing && lines.len() > 1) {
        return None;
    }
    let word = if joined == Joined::And { " and " } else { " or " };
    let mut all = line();
    for (at, part) in lines.into_iter().enumerate() {
        if at > 0 {
            all = all.text(word);
        }
        all = all.then(part);
    }
    Some(Clause { line: all, parts, joined, own })
}

/// `it is …` as `that is …`, `its flag is …` as `whose flag is …`.
fn relative(clause: Line) -> Line {
    let mut out = line();
    for (at, part) in clause.0.into_iter().enumerate() {
        out = match part {
            super::block::Inline::Text(text) => {
                let text = if at == 0 { text.clone() } else { text };
                let text = if at == 0 { lead_relative(&text) } else { text };
                let text = text.replace(" and its ", " and whose ").replace(" or its ", " or whose ");
                out.text(text.replace(" and it ", " and that ").replace(" or it ", " or that "))
            }
            part => {
                out.0.push(part);
                out
            }
        };
    }
    out
}

fn lead_relative(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("its ") {
        return format!("whose {rest}");
    }
    text.strip_prefix("it ").map_or_else(|| text.to_owned(), |rest| format!("that {rest}"))
}

fn order(op: Op, yes: bool) -> &'static str {
    match (op, yes) {
        (Op::Less, true) => "is before ",
        (Op::LessOrEqual, true) => "is on or before ",
        (Op::More, true) => "is after ",
        (Op::MoreOrEqual, true) => "is on or after ",
        (Op::Less, false) => "is not before ",
        (Op::LessOrEqual, false) => "is not on or before ",
        (Op::More, false) => "is not after ",
        (Op::MoreOrEqual, false) => "is not on or after ",
    }
}

/// A half-open range of days.
fn days((from, to): (Date, Date)) -> String {
    match (from == Date::MIN, to == Date::MAX) {
        (true, true) => "any day".to_owned(),
        (true, false) => format!("before {}", day(to)),
        (false, true) => format!("on or after {}", day(from)),
        (false, false) if from.next() == to => day(from),
        (false, false) => format!("from {} through {}", day(from), day(to.previous())),
    }
}
