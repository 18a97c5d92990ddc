//! The page: instrument by instrument, paragraph by paragraph, then what the words mean.

use std::collections::BTreeMap;

use crate::check::program::{
    DefinitionId, Effect, ExitId, InstrumentId, NormId, NormRef, ParagraphId, Period, Program, ReadingId, RegimeId,
};
use crate::ruleset::Ruleset;
use crate::source::Span;
use crate::value::Date;

use super::back;
use super::block::{Block, Item, Kind, Line, line};
use super::notes::{About, notes};
use super::uses::Uses;
use super::words::{Words, day, id};

/// What the chapters are made from.
pub(super) struct Book<'a> {
    pub rules: &'a Ruleset,
    pub program: &'a Program,
    pub words: Words<'a>,
    on: Option<Date>,
    notes: BTreeMap<About, Vec<String>>,
    pub norms: Vec<Uses>,
    pub exits: Vec<Uses>,
}

/// A declaration of a paragraph.
#[derive(Debug, Clone, Copy)]
enum Clause {
    Definition(DefinitionId, usize),
    Reading(ReadingId),
    Norm(NormId),
    Exemption(ExitId),
}

impl<'a> Book<'a> {
    pub fn new(rules: &'a Ruleset, on: Option<Date>) -> Book<'a> {
        let program = rules.program();
        Book {
            rules,
            program,
            words: Words { program },
            on,
            notes: notes(program, rules.sources()),
            norms: program.norms.iter().map(|norm| Uses::of_norm(program, norm)).collect(),
            exits: program.exits.iter().map(|exit| Uses::of_exit(program, exit)).collect(),
        }
    }

    pub fn title(&self) -> String {
        let titles: Vec<&str> = self.program.regimes.iter().map(|regime| regime.title.as_str()).collect();
        if titles.is_empty() { "Vocabulary".to_owned() } else { titles.join(" · ") }
    }

    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(1, line().text(self.title()))];
        blocks.extend(self.preface());
        let order = self.order();
        let regimes = (0..self.program.regimes.len()).map(|at| self.regime(RegimeId(at as u32)));
        let mut body: Vec<Block> = regimes.collect();
        body.extend(order.iter().map(|instrument| self.instrument(*instrument)));
        body.extend(self.chapter("chapter.readings", "Disputed readings", back::readings(self)));
        body.extend(self.chapter("chapter.presumptions", "What is presumed", back::presumptions(self)));
        body.extend(self.chapter("chapter.definitions", "Defined terms", back::definitions(self)));
        body.extend(self.chapter("chapter.claims", "Claims about all activities", back::claims(self)));
        body.extend(self.chapter("glossary.verdicts", "The answers, and how to read the sentences", back::glossary()));
        let mut vocabulary = Vec::new();
        let chapters = back::vocabulary(self, &body);
        vocabulary.extend(chapters.into_iter().filter_map(|(id, title, blocks)| self.chapter(id, title, blocks)));
        body.extend(vocabulary);
        blocks.push(self.contents(&body));
        blocks.extend(body);
        blocks
    }

    fn chapter(&self, id: &str, title: &str, blocks: Vec<Block>) -> Option<Block> {
        if blocks.is_empty() {
            return None;
        }
        let heading = Block::Heading(2, line().text(title));
        let blocks = std::iter::once(heading).chain(blocks).collect();
        Some(Block::Section { kind: Kind::Chapter, id: Some(id.to_owned()), blocks })
    }

    /// Instruments by adoption; those that only define words come last.
    fn order(&self) -> Vec<InstrumentId> {
        let mut order: Vec<InstrumentId> = (0..self.program.instruments.len() as u32).map(InstrumentId).collect();
        let of = |paragraph: ParagraphId| self.program.paragraphs[paragraph.at()].instrument;
        let rules = |instrument: InstrumentId| {
            self.program.norms.iter().any(|norm| of(norm.paragraph) == instrument)
                || self.program.exits.iter().any(|exit| of(exit.paragraph) == instrument)
        };
        order.sort_by_key(|id| (!rules(*id), self.program.instruments[id.at()].adopted));
        order
    }

    fn preface(&self) -> Vec<Block> {
        let stamp = self.rules.stamp();
        let mut blocks = Vec::new();
        if let Some(date) = self.on {
            let text = line().text("As of ").strong(day(date)).text(
                ". Norms and exceptions that are not in force on that day are named, with their days, and not spelled out.",
            );
            blocks.push(Block::Text(text));
        }
        blocks.push(Block::Text(
            line()
                .text("This page was made from the policy texts by interdict ")
                .text(stamp.engine)
                .text(". Every sentence is the condition that is evaluated, put into words; the policy text itself stands under each norm. It paraphrases the law: before you rely on it compare the paragraph with the official text. Not legal advice."),
        ));
        blocks.push(Block::Text(
            line()
                .text("Words with a link have a meaning of their own: see ")
                .link("glossary.verdicts", "The answers, and how to read the sentences")
                .text("."),
        ));
        blocks.push(Block::Text(line().text("Texts: SHA-256 ").code(stamp.digest.clone()).text(".")));
        blocks
    }

    fn contents(&self, body: &[Block]) -> Block {
        let mut chapters = Vec::new();
        for block in body {
            let Block::Section { kind: Kind::Chapter, id: Some(id), blocks } = block else { continue };
            let Some(Block::Heading(_, title)) = blocks.first() else { continue };
            let inner = blocks.iter().filter_map(|block| match block {
                Block::Section { kind: Kind::Paragraph, id: Some(id), blocks } => match blocks.first() {
                    Some(Block::Heading(_, title)) => Some(Item::from(line().link(id, title.plain()))),
                    _ => None,
                },
                _ => None,
            });
            chapters.push(Item { line: line().link(id, title.plain()), inner: inner.collect() });
        }
        let blocks = vec![Block::Heading(2, line().text("Contents")), Block::List(chapters)];
        Block::Section { kind: Kind::Chapter, id: Some("chapter.contents".to_owned()), blocks }
    }

    fn noted(&self, about: About) -> Vec<Block> {
        self.notes.get(&about).into_iter().flatten().map(|note| Block::Note(super::block::capital(note))).collect()
    }

    fn regime(&self, regime: RegimeId) -> Block {
        let of = &self.program.regimes[regime.at()];
        let mut blocks = vec![Block::Heading(2, line().text("The regime and its authorities"))];
        blocks.push(Block::Text(line().strong(of.title.clone()).text(".")));
        let binds = match of.binds {
            Some(group) => {
                line().text("It binds the ").then(self.words.group(group)).text(", on the days of their membership.")
            }
            None => line().text("It binds everybody."),
        };
        blocks.push(Block::Text(line().text("Regime ").code(of.name.clone()).text(". ").then(binds)));
        let authorities = of.authorities.iter().map(|(name, title)| {
            let name = super::block::capital(&self.words.of(name));
            Item::from(line().text("The ").strong(name).text(format!(": {title}")))
        });
        let authorities: Vec<Item> = authorities.collect();
        if !authorities.is_empty() {
            blocks.push(Block::List(authorities));
        }
        blocks.extend(self.noted(About::Regime(regime)));
        Block::Section { kind: Kind::Chapter, id: Some(id::regime(&of.name)), blocks }
    }

    fn instrument(&self, instrument: InstrumentId) -> Block {
        let of = &self.program.instruments[instrument.at()];
        let mut blocks = vec![Block::Heading(2, line().text(of.citation.clone()))];
        let regime = &self.program.regimes[of.regime.at()];
        let lead = line().text("Adopted on ").text(day(of.adopted)).text(". ");
        blocks.push(Block::Text(
            lead.code(of.name.clone()).text(", of ").link(id::regime(&regime.name), regime.title.clone()).text("."),
        ));
        // A first line that says no more than the heading is left out.
        let said = Block::Note(format!("{}, adopted {}.", of.citation, of.adopted));
        blocks.extend(self.noted(About::Instrument(instrument)).into_iter().filter(|note| *note != said));
        let ids = (0..self.program.paragraphs.len() as u32).map(ParagraphId);
        let own = ids.filter(|id| self.program.paragraphs[id.at()].instrument == instrument);
        blocks.extend(own.map(|paragraph| self.paragraph(paragraph)));
        Block::Section { kind: Kind::Chapter, id: Some(of.name.clone()), blocks }
    }

    fn paragraph(&self, paragraph: ParagraphId) -> Block {
        let of = &self.program.paragraphs[paragraph.at()];
        let mut heading = line().text(format!("Paragraph {}", of.label));
        if let Some(title) = &of.title {
            heading = heading.text(format!(" · {title}"));
        }
        let mut blocks = vec![Block::Heading(3, heading)];
        let period = Period { from: of.from, through: of.through };
        let lead = line().code(of.name.clone()).text(format!(" · {} · {}.", of.citation, self.words.in_force(period)));
        blocks.push(Block::Text(lead));
        if !of.replaces.is_empty() {
            let replaced = of.replaces.iter().map(|name| self.words.target(name)).collect();
            let lead = line().text("Replaces ").then(super::block::alternatives(replaced, " and "));
            blocks.push(Block::Text(lead.text(format!(", which it ends on {}.", day(of.from.previous())))));
        }
        blocks.extend(self.replaced_by(&of.name));
        blocks.extend(self.noted(About::Paragraph(paragraph)));
        for clause in self.clauses(paragraph) {
            blocks.push(match clause {
                Clause::Definition(definition, part) => self.definition(definition, part),
                Clause::Reading(reading) => self.reading(reading),
                Clause::Norm(norm) => self.norm(norm),
                Clause::Exemption(exit) => self.exit(exit),
            });
        }
        Block::Section { kind: Kind::Paragraph, id: Some(of.name.clone()), blocks }
    }

    /// In the order of the text.
    fn clauses(&self, paragraph: ParagraphId) -> Vec<Clause> {
        let program = self.program;
        let mut all: Vec<(Span, Clause)> = Vec::new();
        for (at, definition) in program.definitions.iter().enumerate() {
            let parts = definition.parts.iter().enumerate().filter(|(_, part)| part.paragraph == paragraph);
            all.extend(parts.map(|(part, it)| (it.span, Clause::Definition(DefinitionId(at as u32), part))));
        }
        for (at, reading) in program.readings.iter().enumerate().filter(|(_, reading)| reading.paragraph == paragraph) {
            all.push((reading.span, Clause::Reading(ReadingId(at as u32))));
        }
        for (at, norm) in program.norms.iter().enumerate().filter(|(_, norm)| norm.paragraph == paragraph) {
            all.push((norm.span, Clause::Norm(NormId(at as u32))));
        }
        for (at, exit) in program.exits.iter().enumerate() {
            if exit.paragraph == paragraph && exit.of.is_none() {
                all.push((exit.span, Clause::Exemption(ExitId(at as u32))));
            }
        }
        all.sort_by_key(|(span, _)| span.range().start);
        all.into_iter().map(|(_, clause)| clause).collect()
    }

    /// The paragraphs that end something by its name.
    fn replaced_by(&self, name: &str) -> Option<Block> {
        let by =
            self.program.paragraphs.iter().filter(|paragraph| paragraph.replaces.iter().any(|ended| ended == name));
        let by: Vec<Line> = by
            .map(|paragraph| line().link_id(&paragraph.name).text(format!(" from {}", day(paragraph.from))))
            .collect();
        let said = line().text("Replaced by ").then(super::block::alternatives(by.clone(), " and ")).text(".");
        (!by.is_empty()).then_some(Block::Text(said))
    }

    /// Why it is not spelled out, on another day than its own.
    fn out_of_force(&self, period: Period) -> Option<Block> {
        let date = self.on.filter(|date| !period.holds(*date))?;
        let text = format!("Not in force on {}. {}.", day(date), self.words.in_force(period));
        Some(Block::Text(line().text(text)))
    }

    fn norm(&self, norm: NormId) -> Block {
        let of = &self.program.norms[norm.at()];
        let paragraph = &self.program.paragraphs[of.paragraph.at()];
        let effect = match of.effect {
            Effect::Prohibit => "Prohibition",
            Effect::Oblige => "Duty",
            Effect::Advise => "Advice",
            Effect::Caution => "Caution",
        };
        let mut blocks = vec![Block::Heading(4, line().text(format!("{effect} ")).code(of.name.clone()))];
        let id = (of.name != paragraph.name).then(|| of.name.clone());
        if let Some(over) = self.out_of_force(of.period) {
            blocks.push(over);
            blocks.extend(
                of.exits.iter().filter(|exit| self.program.exits[exit.at()].of.is_some()).map(|exit| self.exit(*exit)),
            );
            return Block::Section { kind: Kind::Norm, id, blocks };
        }
        blocks.extend(self.words.norm_says(of));
        if (of.period.from, of.period.through) != (paragraph.from, paragraph.through) {
            blocks.push(Block::Text(line().text(self.words.in_force(of.period)).text(".")));
        }
        if of.name != paragraph.name {
            blocks.extend(self.replaced_by(&of.name));
        }
        blocks.extend(self.noted(About::Norm(norm)));
        blocks.extend(self.depends(&self.norms[norm.at()]));
        let (exceptions, exemptions) = self.words.exits_of(norm);
        blocks.extend(exceptions.iter().map(|exit| self.exit(*exit)));
        if exceptions.is_empty() && of.effect == Effect::Prohibit {
            blocks.push(Block::Text(line().text("It has no exception of its own.")));
        }
        if !exemptions.is_empty() {
            let links = exemptions.iter().map(|exit| self.words.exit(*exit)).collect();
            let said = line()
                .text("Exemptions that reach it, each on its own days: ")
                .then(super::block::alternatives(links, ", "));
            blocks.push(Block::Text(said.text(".")));
        }
        blocks.extend(self.cases(norm));
        blocks.push(self.source(of.span));
        Block::Section { kind: Kind::Norm, id, blocks }
    }

    fn exit(&self, exit: ExitId) -> Block {
        let of = &self.program.exits[exit.at()];
        let heading = match of.of {
            Some(_) => line().text("Exception ").code(of.name.clone()),
            None => line().text("Exemption ").code(of.name.clone()).text(" from ").then(self.words.lifts(of)),
        };
        let level = if of.of.is_some() { 5 } else { 4 };
        let mut blocks = vec![Block::Heading(level, heading)];
        let section = |blocks| Block::Section { kind: Kind::Exit, id: Some(of.name.clone()), blocks };
        if let Some(over) = self.out_of_force(of.period) {
            blocks.push(over);
            return section(blocks);
        }
        if of.of.is_none() {
            let reaches = of.lifts.iter().any(|name| !name.contains('/'));
            let what = line().text("Of a whole instrument or regime it lifts prohibitions only, no duties.");
            blocks.extend(reaches.then_some(Block::Text(what)));
        }
        blocks.extend(self.words.exit_says(of));
        let around = match of.of {
            Some(norm) => self.program.norms[norm.at()].period,
            None => {
                let paragraph = &self.program.paragraphs[of.paragraph.at()];
                Period { from: paragraph.from, through: paragraph.through }
            }
        };
        if around != of.period {
            blocks.push(Block::Text(line().text(self.words.in_force(of.period)).text(".")));
        }
        blocks.extend(self.replaced_by(&of.name));
        blocks.extend(self.noted(About::Exit(exit)));
        blocks.extend(self.depends(&self.exits[exit.at()]));
        if of.of.is_none() {
            blocks.push(self.source(of.span));
        }
        section(blocks)
    }

    /// The readings that something depends on, with what is taken.
    fn depends(&self, uses: &Uses) -> Vec<Block> {
        let items: Vec<Item> = uses.readings.iter().map(|reading| Item::from(self.taken(*reading))).collect();
        let what = if items.len() == 1 { "a disputed reading" } else { "disputed readings" };
        match items.is_empty() {
            true => Vec::new(),
            false => vec![Block::Text(line().strong(format!("Depends on {what}")).text(":")), Block::List(items)],
        }
    }

    pub fn taken(&self, reading: ReadingId) -> Line {
        let of = &self.program.readings[reading.at()];
        let (taken, other) = if of.default { ("yes", "no") } else { ("no", "yes") };
        let said = self.words.reading(reading).text(format!(": {} ", of.question));
        said.text("Taken as ").strong(taken).text(format!(", unless the host chooses {other}."))
    }

    fn definition(&self, definition: DefinitionId, part: usize) -> Block {
        let of = &self.program.definitions[definition.at()];
        let it = &of.parts[part];
        let name = self.words.of(&of.name);
        let whose = of.of.map(|record| self.words.of(&self.program.schema.records[record.at()].name));
        let whose = whose.map_or(String::new(), |record| format!(" (of a {record})"));
        let (lead, id) = match part {
            0 => ("Definition", id::definition(&of.name)),
            _ => ("Wider definition", format!("{}.{}", id::definition(&of.name), part + 1)),
        };
        let mut blocks = vec![Block::Heading(4, line().text(format!("{lead} of “{name}”{whose}")))];
        let phrase = match of.of {
            Some(record) => self.words.condition_of(record, &it.when),
            None => self.words.condition(&it.when),
        };
        let lead = match (part, of.of) {
            (0, Some(_)) => line().text("It is ").strong(format!("“{name}”")).text(" when "),
            (0, None) => line().strong(format!("“{name}”")).text(" holds when "),
            (_, Some(_)) => {
                line().text("It is ").link(id::definition(&of.name), format!("“{name}”")).text(" also when ")
            }
            (_, None) => line().link(id::definition(&of.name), format!("“{name}”")).text(" also holds when "),
        };
        blocks.extend(self.words.holds_when(lead, phrase));
        if part > 0 {
            blocks.push(Block::Text(line().text(self.words.in_force(it.period)).text(".")));
        }
        let wider: Vec<Line> = of
            .parts
            .iter()
            .enumerate()
            .skip(1)
            .map(|(at, part)| {
                let to = format!("{}.{}", id::definition(&of.name), at + 1);
                line().link(to, self.program.paragraphs[part.paragraph.at()].name.clone())
            })
            .collect();
        if part == 0 && !wider.is_empty() {
            let said = line().text("Widened by ").then(super::block::alternatives(wider, ", "));
            blocks.push(Block::Text(said.text(": it holds when any part that is in force on the day holds.")));
        }
        blocks.extend(self.noted(About::Definition(definition, part)));
        blocks.push(self.source(it.span));
        Block::Section { kind: Kind::Definition, id: Some(id), blocks }
    }

    fn reading(&self, reading: ReadingId) -> Block {
        let of = &self.program.readings[reading.at()];
        let name = self.words.of(&of.name);
        let (taken, other) = if of.default { ("yes", "no") } else { ("no", "yes") };
        let mut blocks = vec![
            Block::Heading(4, line().text(format!("Disputed reading “{name}”"))),
            Block::Text(line().text(of.question.clone())),
            Block::Text(
                line()
                    .text("Taken as ")
                    .strong(taken)
                    .text(format!(" by default. A host may choose {other}, or leave it open: "))
                    .code(format!("readings.{} = {other}", of.name))
                    .text("."),
            ),
        ];
        blocks.extend(self.noted(About::Reading(reading)));
        let rely = back::relying(self, |uses| uses.readings.contains(&reading));
        if !rely.0.is_empty() {
            blocks.push(Block::Text(line().text("It matters for ").then(rely).text(".")));
        }
        Block::Section { kind: Kind::Reading, id: Some(id::reading(&of.name)), blocks }
    }

    /// The scenarios that name the norm, variants under the scenario that they vary.
    fn cases(&self, norm: NormId) -> Option<Block> {
        let paragraph = self.program.norms[norm.at()].paragraph;
        let names = |reference: &NormRef| match reference {
            NormRef::Norm(named) => *named == norm,
            NormRef::Paragraph(named) => *named == paragraph,
        };
        let scenarios = &self.program.scenarios;
        let shows =
            |at: usize| scenarios[at].expects.iter().any(|expect| expect.by.iter().chain(&expect.noting).any(names));
        let mut cases: Vec<(usize, Item)> = Vec::new();
        for (at, scenario) in scenarios.iter().enumerate().filter(|(at, _)| shows(*at)) {
            let answers: Vec<&str> = scenario.expects.iter().map(|expect| expect.verdict.as_str()).collect();
            let base = scenario.variant_of.filter(|base| cases.last().is_some_and(|(last, _)| last == base));
            let lead = base.map(|base| format!("{}, but ", scenarios[base].title));
            let title = match lead.as_ref().and_then(|lead| scenario.title.strip_prefix(lead.as_str())) {
                Some(own) => format!("but {own}"),
                None => scenario.title.clone(),
            };
            let item = Item::from(line().text(title).text(": ").strong(super::norms::answer(&answers.join(", "))));
            match cases.last_mut() {
                Some((_, above)) if base.is_some() => above.inner.push(item),
                _ => cases.push((at, item)),
            }
        }
        let count: usize = cases.iter().map(|(_, item)| 1 + item.inner.len()).sum();
        let title = format!("Worked cases ({count})");
        (count > 0).then(|| Block::Fold(title, vec![Block::List(cases.into_iter().map(|(_, item)| item).collect())]))
    }

    /// The policy text, from the start of its line.
    fn source(&self, span: Span) -> Block {
        let source = self.rules.sources().get(span.source());
        let text = source.text();
        let start = text[..span.range().start].rfind('\n').map_or(0, |newline| newline + 1);
        let lead = &text[start..span.range().start];
        let start = if lead.trim().is_empty() { start } else { span.range().start };
        let words = text[start..span.range().end].trim_end();
        let indent = words.lines().filter(|line| !line.trim().is_empty());
        let indent = indent.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        let lines: Vec<&str> = words.lines().map(|line| line.get(indent..).unwrap_or("")).collect();
        let place = self.rules.place_of(span);
        let title = format!("Policy text ({}, line {})", place.file, place.line);
        Block::Fold(title, vec![Block::Source(lines.join("\n"))])
    }
}
