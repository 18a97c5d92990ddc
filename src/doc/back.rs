//! The chapters at the back: readings, defined terms, the answers, and the vocabulary that the page uses.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, Claim, DefinitionId, ReadingId, RecordId, TaxonomyId, Type};
use crate::value::{Raw, Verdict};

use super::block::{Block, Inline, Item, Line, Row, alternatives, line};
use super::book::Book;
use super::norms::answer;
use super::uses::Uses;
use super::words::{codes, day, id};

/// Links to the norms and exits that something holds of.
pub(super) fn relying(book: &Book<'_>, holds: impl Fn(&Uses) -> bool) -> Line {
    let norms = book.program.norms.iter().zip(&book.norms).map(|(norm, uses)| (&norm.name, uses));
    let exits = book.program.exits.iter().zip(&book.exits).map(|(exit, uses)| (&exit.name, uses));
    let links = norms.chain(exits).filter(|(_, uses)| holds(uses)).map(|(name, _)| line().link_id(name));
    alternatives(links.collect(), ", ")
}

pub(super) fn readings(book: &Book<'_>) -> Vec<Block> {
    let rows = (0..book.program.readings.len() as u32).map(|at| {
        let id = ReadingId(at);
        let of = &book.program.readings[id.at()];
        let taken = if of.default { "yes" } else { "no" };
        let cells = vec![
            book.words.reading(id),
            line().text(of.question.clone()),
            line().text(taken),
            book.words.paragraph(of.paragraph),
            relying(book, |uses| uses.readings.contains(&id)),
        ];
        Row { id: None, cells }
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let lead = "The texts can be read in more than one way here. The policy takes the stricter answer unless its own words say otherwise; a host may choose the other, or leave it open.";
    let head = vec!["reading", "question", "taken as", "stands in", "matters for"];
    vec![Block::Text(line().text(lead)), Block::Table { head, rows }]
}

pub(super) fn presumptions(book: &Book<'_>) -> Vec<Block> {
    let items = book.program.presumptions.iter().map(|presumed| {
        let value = match &presumed.value {
            Raw::Text(text) => book.words.of(text),
            Raw::Bool(true) => "yes".to_owned(),
            Raw::Bool(false) => "no".to_owned(),
            other => format!("{other:?}"),
        };
        let said = line().text("Unless it is stated, the ").then(book.words.field_name(ACTIVITY, presumed.field));
        let said = said.text(" is ").strong(value);
        Item::from(said.text(presumed.citation.as_ref().map_or(".".to_owned(), |why| format!(": {why}."))))
    });
    let items: Vec<Item> = items.collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

pub(super) fn definitions(book: &Book<'_>) -> Vec<Block> {
    let mut ids: Vec<DefinitionId> = (0..book.program.definitions.len() as u32).map(DefinitionId).collect();
    ids.sort_by_key(|id| &book.program.definitions[id.at()].name);
    let rows = ids.into_iter().map(|id| {
        let of = &book.program.definitions[id.at()];
        let places = of.parts.iter().map(|part| book.words.paragraph(part.paragraph)).collect();
        let used = relying(book, |uses| uses.definitions.contains(&id));
        Row { id: None, cells: vec![book.words.definition(id), alternatives(places, ", "), used] }
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let lead = "Norms and exceptions are listed under a term also when they use it through another term.";
    vec![Block::Text(line().text(lead)), Block::Table { head: vec!["term", "defined in", "used by"], rows }]
}

pub(super) fn claims(book: &Book<'_>) -> Vec<Block> {
    let items = book.program.properties.iter().map(|property| {
        let claim = match &property.claim {
            Claim::AtLeast(verdict) => format!("always at least {}", answer(verdict)),
            Claim::AtMost(verdict) => format!("always at most {}", answer(verdict)),
            Claim::Is(verdict) => format!("always {}", answer(verdict)),
        };
        let phrase = book.words.condition(&property.when).item();
        Item {
            line: line().strong(property.title.clone()).text(format!(": {claim}, when ")).then(phrase.line),
            inner: phrase.inner,
        }
    });
    let items: Vec<Item> = items.collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

pub(super) fn glossary() -> Vec<Block> {
    let meaning = |verdict| match verdict {
        Verdict::NotCovered => "no binding norm reaches the activity",
        Verdict::Allowed => "every prohibition that reaches it is lifted, or only duties apply",
        Verdict::RequiresNotification => {
            "prohibited as it stands; only a notice, or a State's own determination with notice, is missing"
        }
        Verdict::RequiresAuthorisation => "prohibited as it stands; an approval by an authority would lift it",
        Verdict::Prohibited => "no ordinary route lifts it",
    };
    let mut rows: Vec<Row> = Verdict::ALL
        .into_iter()
        .map(|verdict| Row {
            id: None,
            cells: vec![
                line().strong(answer(verdict.name())).text(" (").code(verdict.name()).text(")"),
                line().text(meaning(verdict)),
            ],
        })
        .collect();
    let open = "missing facts can make the answer differ; the decision names them, and between what it lies";
    rows.push(Row { id: None, cells: vec![line().strong("undetermined"), line().text(open)] });
    let words = [
        (
            None,
            "It is prohibited",
            "unless one of the exceptions, or of the exemptions that reach it, lifts it. Nothing is permitted by being written down, and nothing is forbidden by silence.",
        ),
        (
            None,
            "It must be done",
            "the duty; leaving it undone is prohibited. A duty that other acts bring about is told to whoever does one of these.",
        ),
        (None, "Advice, Caution", "reported beside the answer; they change none."),
        (
            None,
            "is “X”",
            "the thing lies in the branch X of the vocabulary: X itself or anything under it. What does not exist is in no branch, so “is not “X”” also holds of it.",
        ),
        (None, "is or includes", "of several values one at least is that one."),
        (
            Some("glossary.finding"),
            "finding",
            "what an authority has found or decided, on or before the day of the activity and not run out on it, under this provision or under none in particular. A finding of one State is none of another.",
        ),
        (None, "days", "both ends of a period belong to it. “Before” and “after” a day leave that day out."),
        (
            None,
            "tariff code",
            "a code of the Harmonized System under the digits that are given; a range includes both ends. Where goods carry codes, the code decides for goods that are named by code only.",
        ),
        (
            None,
            "what nobody says",
            "a fact that nobody stated makes no answer milder: what depends on it is undetermined. Acts that free (approvals, notices) count only when they are stated.",
        ),
    ];
    let words = words.into_iter().map(|(id, word, meaning)| Row {
        id: id.map(str::to_owned),
        cells: vec![line().strong(word), line().text(meaning)],
    });
    vec![
        Block::Table { head: vec!["answer", "means"], rows },
        Block::Table { head: vec!["words", "mean"], rows: words.collect() },
    ]
}

/// The words that the page links to, or, of a policy without norms, all of them.
pub(super) fn vocabulary(book: &Book<'_>, body: &[Block]) -> Vec<(&'static str, &'static str, Vec<Block>)> {
    let mut wanted = BTreeSet::new();
    body.iter().for_each(|block| links(block, &mut wanted));
    let all = book.program.norms.is_empty();
    let is_wanted = |id: &str| all || wanted.contains(id);
    vec![
        ("chapter.vocabulary", "Words of the vocabulary", terms(book, &is_wanted, all)),
        ("chapter.facts", "Facts and the questions behind them", facts(book, &is_wanted)),
        ("chapter.lists", "Lists and groups", lists(book, &is_wanted)),
    ]
}

fn terms(book: &Book<'_>, is_wanted: &dyn Fn(&str) -> bool, all: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, taxonomy) in book.program.schema.taxonomies.iter().enumerate() {
        let of = TaxonomyId(at as u32);
        let places = book.words.is_places(of);
        let mut rows = Vec::new();
        for (number, term) in (0u32..).zip(&taxonomy.terms) {
            let id = id::term(&taxonomy.name, &term.name);
            if !is_wanted(&id) || (all && term.parent.is_some()) {
                continue;
            }
            let under = match (places, includes(book, of, number)) {
                (true, _) => String::new(),
                (false, under) => under,
            };
            let cells = vec![
                line().text(book.words.term_title(of, number)),
                line().code(term.name.clone()),
                line().text(codes(&term.codes).join(", ")),
                line().text(under),
            ];
            rows.push(Row { id: Some(id), cells });
        }
        if !rows.is_empty() {
            let title = super::block::capital(&book.words.of(&taxonomy.name));
            blocks.push(Block::Heading(3, line().text(title)));
            blocks.push(Block::Table { head: vec!["word", "in activities", "tariff codes", "includes"], rows });
        }
    }
    blocks
}

/// `Crude steel (7206; Ingots, Billets), …`: everything under a term.
fn includes(book: &Book<'_>, taxonomy: TaxonomyId, term: u32) -> String {
    let all = &book.program.schema.taxonomies[taxonomy.at()].terms;
    let mut parts = Vec::new();
    let mut at = term + 1;
    while at < all[term as usize].end {
        let inner = [codes(&all[at as usize].codes).join(", "), includes(book, taxonomy, at)];
        let inner: Vec<String> = inner.into_iter().filter(|text| !text.is_empty()).collect();
        let title = book.words.term_title(taxonomy, at);
        parts.push(if inner.is_empty() { title } else { format!("{title} ({})", inner.join("; ")) });
        at = all[at as usize].end;
    }
    parts.join("; ")
}

fn facts(book: &Book<'_>, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut rows = Vec::new();
    for (at, record) in book.program.schema.records.iter().enumerate() {
        let of = RecordId(at as u32);
        for field in &record.fields {
            let id = id::fact(&record.name, &field.name);
            if !is_wanted(&id) {
                continue;
            }
            let name = if of == ACTIVITY { field.name.clone() } else { format!("{}.{}", record.name, field.name) };
            let many = if field.many { "several " } else { "" };
            let holds = match field.ty {
                Type::Term(taxonomy) | Type::Root(taxonomy) => {
                    book.program.schema.taxonomies[taxonomy.at()].name.clone()
                }
                Type::Hs => "tariff code".to_owned(),
                Type::Date => "date".to_owned(),
                Type::YesNo => "yes or no".to_owned(),
                Type::Text => "text".to_owned(),
                Type::Quantity => "amount with unit".to_owned(),
                Type::Money => "amount of money".to_owned(),
                Type::Reference(_) => "country or party".to_owned(),
                Type::Listing => "list".to_owned(),
                Type::Record(record) => book.program.schema.records[record.at()].name.clone(),
            };
            let cells = vec![
                line().code(name),
                line().text(field.question.clone()),
                line().text(format!("{many}{}", book.words.of(&holds))),
            ];
            rows.push(Row { id: Some(id), cells });
        }
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        vec![Block::Table { head: vec!["fact", "question", "answered by"], rows }]
    }
}

fn lists(book: &Book<'_>, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let schema = &book.program.schema;
    let mut rows = Vec::new();
    for list in &schema.lists {
        let measures: Vec<String> = list.measures.iter().map(|measure| book.words.of(measure)).collect();
        let what =
            if measures.is_empty() { "a list".to_owned() } else { format!("a list, for {}", measures.join(", ")) };
        rows.push((id::list(&list.name), list.name.clone(), list.title.clone(), what));
    }
    for group in &schema.groups {
        let members = group.members.iter().map(|(term, days)| {
            let title = book.words.term_title(group.taxonomy, *term);
            match days {
                (Some(from), Some(through)) => format!("{title} (from {} through {})", day(*from), day(*through)),
                (Some(from), None) => format!("{title} (from {})", day(*from)),
                (None, Some(through)) => format!("{title} (through {})", day(*through)),
                (None, None) => title,
            }
        });
        let what = format!("a group: {}", members.collect::<Vec<_>>().join(", "));
        rows.push((id::group(&group.name), group.name.clone(), group.title.clone(), what));
    }
    let rows: Vec<Row> = rows
        .into_iter()
        .filter(|(id, ..)| is_wanted(id))
        .map(|(id, name, title, what)| {
            let title = title.unwrap_or_else(|| book.words.of(&name));
            Row { id: Some(id), cells: vec![line().text(title), line().code(name), line().text(what)] }
        })
        .collect();
    if rows.is_empty() { Vec::new() } else { vec![Block::Table { head: vec!["called", "in activities", "is"], rows }] }
}

/// Where the links of a block lead.
pub(super) fn links(block: &Block, into: &mut BTreeSet<String>) {
    match block {
        Block::Heading(_, line) | Block::Text(line) => of_line(line, into),
        Block::List(items) => items.iter().for_each(|item| of_item(item, into)),
        Block::Table { rows, .. } => rows.iter().flat_map(|row| &row.cells).for_each(|cell| of_line(cell, into)),
        Block::Fold(_, blocks) | Block::Section { blocks, .. } => blocks.iter().for_each(|block| links(block, into)),
        Block::Note(_) | Block::Source(_) => {}
    }
}

fn of_item(item: &Item, into: &mut BTreeSet<String>) {
    of_line(&item.line, into);
    item.inner.iter().for_each(|item| of_item(item, into));
}

fn of_line(line: &Line, into: &mut BTreeSet<String>) {
    into.extend(line.0.iter().filter_map(|part| match part {
        Inline::Link { to, .. } => Some(to.clone()),
        _ => None,
    }));
}
