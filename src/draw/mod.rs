//! The decision diagram as a drawing: what is asked, in which order, and what decides on the way.
//!
//! A drawing is data; `text.rs`, `dot.rs`, `mermaid.rs` and `svg.rs` each write the same. Questions are grouped: all places of
//! a part where one field is asked stand together.

mod dot;
mod mermaid;
mod path;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::program::{Cond, DefinitionId, ExitId, NormId};
use crate::diagram::joined::{END, Growth, Node, Parts, Says};
use crate::diagram::rules::{Place, Rules};
use crate::diagram::standing::Way;
use crate::evaluate::decide::Granted;
use crate::evaluate::worlds;
use crate::facts::{Activity, FactsError};
use crate::normal::{self, Cells, Expr, Norms, SlotId, SlotKind};
use crate::phrase::Phrases;
use crate::ruleset::Ruleset;
use crate::value::Verdict;

/// A decision diagram, laid open: see [`Ruleset::draw`].
///
/// Whoever follows it begins at the first question of every part and takes the edge with the answer, to an end, which has the
/// verdict of the part. The strictest of these is the verdict; where nothing reaches, the activity is not covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Drawing {
    /// The regimes of the policy, by their titles.
    pub title: String,
    /// The facts that were given, so that nobody asks for them; empty when none were.
    pub given: Vec<String>,
    /// The definitions that the questions name, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legend: Vec<Meaning>,
    /// Diagrams that share no questions worth sharing. An activity is followed through each of them.
    pub parts: Vec<DrawnPart>,
    /// Whether the path of an activity is marked.
    pub has_path: bool,
}

/// What a definition means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Meaning {
    /// `from_dprk`
    pub name: String,
    /// The condition, in the language of policies.
    pub means: String,
}

/// One of the diagrams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DrawnPart {
    /// The norms that decide somewhere in it, by their ids.
    pub norms: Vec<String>,
    /// What decides whatever the answers are.
    pub always: Option<Decides>,
    /// What is asked, in order; each in one place or several.
    pub questions: Vec<String>,
    /// The places, those of the first question first. The diagram begins at the first place of all.
    pub places: Vec<DrawnPlace>,
}

/// A place where a question is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DrawnPlace {
    /// Which of the part's questions, from 0.
    pub question: usize,
    /// The answers that lead somewhere else each.
    pub edges: Vec<DrawnEdge>,
    /// Whether the activity whose path is marked comes by.
    pub on_path: OnPath,
}

/// The answers that lead to one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DrawnEdge {
    /// `coal, iron`; `otherwise` when it is long and the others are short.
    pub answers: String,
    /// What reaches the activity from here on, and the least that comes of it: an end may be stricter.
    pub decides: Option<Decides>,
    /// At an end, what this part says of the activity: the strictest of what was met on the way. Several verdicts where
    /// that depends on the way; none where it goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// The place that it leads to, by its number in [`DrawnPart::places`]; none at the end.
    pub to: Option<usize>,
    /// Whether the activity whose path is marked goes on here.
    pub on_path: OnPath,
}

/// Norms, and the verdict that they make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decides {
    /// The verdict.
    pub verdict: Verdict,
    /// Their ids: `R2371/8`.
    pub norms: Vec<String>,
}

/// Whether the path of an activity leads by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnPath {
    /// It does not.
    No,
    /// It may: a fact on the way is not known.
    Open,
    /// It does.
    Yes,
}

/// Why a policy was not drawn.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// A fact was not understood.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The diagram has more norms or nodes than [`Limits`](crate::Limits) allow. With more facts given it is smaller.
    #[error("the diagram is larger than the limits allow; with more facts given (an action, a date) it is smaller")]
    TooLarge,
}

impl Ruleset {
    /// Draws the decision diagram of what facts leave open: `given` may be an action, an action on a day, or nothing at all. Where
    /// `path` is an activity, its way through the diagram is marked; the two should not contradict each other, or the
    /// way ends where they do. As nobody is taken to have acted unless that is given, what an exemption leaves after an approval
    /// is drawn as `requires_authorisation`.
    ///
    /// ```
    /// use interdict::{Activity, Ruleset};
    ///
    /// let rules = Ruleset::compile("mine.interdict", r#"
    ///     use std
    ///     regime mine "Mine" { authority office }
    ///     instrument M "Our own rules" of mine adopted 2020-01-01 {
    ///         paragraph 1 "Wigs" { prohibit import when item under wigs and origin is KP }
    ///     }
    /// "#)?;
    /// let drawing = rules.draw(&Activity::new().set("action", "import").set("date", "2024-01-15"), None)?;
    /// assert_eq!(drawing.parts[0].questions, ["item", "origin"]);
    /// assert!(drawing.to_svg().starts_with("<svg"));
    /// println!("{drawing}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DrawError::Facts`] when a fact is not understood, [`DrawError::TooLarge`] when the diagram is beyond the limits.
    pub fn draw(&self, given: &Activity, path: Option<&Activity>) -> Result<Drawing, DrawError> {
        let compiled = self.compiled();
        let question = self.bind(given.raw())?;
        let mut cells = self.open_cells(compiled.places(&question, 0, false, &Granted::new()));
        let lines: Vec<Vec<Vec<usize>>> = match path {
            Some(path) => {
                let question = self.bind(path.raw())?;
                let lines = 0..question.lines.len();
                lines.map(|line| compiled.places(&question, line, true, &Granted::new())).collect()
            }
            None => Vec::new(),
        };
        self.admit_acts(&mut cells, &lines);
        let norms = without_closed(compiled.norms.narrowed(&cells));
        let reaching = norms.norms.iter().filter(|norm| norm.binds() && norm.reaches != Expr::No).count();
        if reaching > self.limits().diagram_norms {
            return Err(DrawError::TooLarge);
        }
        let rules = Rules::from_normal(&norms);
        let cells = replaced(compiled.rules, &rules, &cells);
        let lines: Vec<Vec<Vec<usize>>> = lines.iter().map(|line| replaced(compiled.rules, &rules, line)).collect();
        let parts = Parts::new(&norms, &rules, Some(&cells), Growth::Readable, self.limits().diagram_nodes)
            .map_err(|_| DrawError::TooLarge)?;
        let draft = Draft { rules: self, places: &rules, parts: &parts, cells: &cells };
        let mut drawing = Drawing {
            title: self.program().regimes.iter().map(|regime| regime.title.as_str()).collect::<Vec<_>>().join("; "),
            given: on_one_line(crate::scenarios::text::facts(self.program(), given)),
            legend: Vec::new(),
            parts: Vec::new(),
            has_path: path.is_some(),
        };
        drawing.legend = draft.legend();
        for &(says, first) in &parts.firsts {
            let (mut part, nodes) = draft.part(says, first);
            path::mark(&mut part, &nodes, &draft, &lines);
            drawing.parts.push(part);
        }
        Ok(drawing)
    }

    /// Nobody has acted, unless it is given; but what the activity on the path states of acts must be on the drawing.
    fn admit_acts(&self, cells: &mut [Vec<usize>], lines: &[Vec<Vec<usize>>]) {
        let compiled = self.compiled();
        for (at, cells) in cells.iter_mut().enumerate() {
            let by_acts = match compiled.rules.place(SlotId(at as u32)) {
                Place::Slot(slot) => matches!(compiled.norms.slots[slot.at()].kind, SlotKind::Requirement(..)),
                Place::Relief(_) | Place::Shared(_) => true,
            };
            if by_acts {
                cells.extend(lines.iter().flat_map(|line| &line[at]));
                cells.sort_unstable();
                cells.dedup();
            }
        }
    }

    /// Of the cells in which places may lie, those in which a value can.
    fn open_cells(&self, mut places: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let real = normal::real_cells(&self.program().schema, self.compiled().norms);
        for (open, real) in places.iter_mut().zip(real) {
            // A slot without any value is of a field that nothing can be stated of: it is none.
            let both: Vec<usize> = open.iter().copied().filter(|cell| real.contains(cell)).collect();
            *open = if both.is_empty() { vec![0] } else { both };
        }
        for (open, slot) in places.iter_mut().zip(&self.compiled().norms.slots) {
            let SlotKind::Requirement(exit, at) = slot.kind else { continue };
            for status in worlds::never(&self.program().exits[exit.at()].requirements[at]) {
                open.retain(|cell| *cell != status as usize);
            }
        }
        places
    }
}

/// The facts of records in one line each: `party { role buyer, nationality KP }`.
fn on_one_line(lines: Vec<String>) -> Vec<String> {
    let mut facts: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    for line in lines {
        let (opens, closes) = (line.ends_with('{'), line == "}");
        match facts.last_mut().filter(|_| depth > 0) {
            Some(fact) => {
                let apart = if fact.ends_with('{') || closes { " " } else { ", " };
                *fact += &format!("{apart}{line}");
            }
            None => facts.push(line),
        }
        depth = (depth + usize::from(opens)).saturating_sub(usize::from(closes));
    }
    facts
}

/// The norms without the exits that are closed whatever is answered: those that are not in force on the given day, for one.
fn without_closed(mut norms: Norms) -> Norms {
    let Norms { norms: all, exits, .. } = &mut norms;
    all.iter_mut().for_each(|norm| norm.exits.retain(|exit| exits[exit.at()].open != Expr::No));
    norms
}

/// Cells by the places of all rules, as cells by the places of rules of which some have fewer exits.
fn replaced(all: &Rules, fewer: &Rules, cells: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // By the norms that have them: exits that differed may have become the same.
    let mut offered: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for (norm, before) in fewer.norms.iter().zip(&all.norms) {
        if let (Some(relief), Some(before)) = (norm.relief, before.relief) {
            offered.entry(relief).or_default().extend(&cells[all.place_of_relief(before).at()]);
        }
    }
    let places = (0..fewer.places() as u32).map(SlotId);
    let of_place = |place| match fewer.place(place) {
        Place::Slot(slot) => cells[slot.at()].clone(),
        Place::Relief(relief) => offered.get(&(relief as u32)).into_iter().flatten().copied().collect(),
        Place::Shared(exit) => cells[all.place_of_shared(exit).at()].clone(),
    };
    places.map(of_place).collect()
}

/// What a drawing is made from.
struct Draft<'a> {
    rules: &'a Ruleset,
    places: &'a Rules,
    parts: &'a Parts,
    /// By place: the cells that are still possible.
    cells: &'a [Vec<usize>],
}

/// The values of a node that lead to the same, by their numbers.
type Alike = BTreeMap<(Says, Node), Vec<usize>>;

impl Draft<'_> {
    /// A part, and the node behind each of its places.
    fn part(&self, always: Says, first: Node) -> (DrawnPart, Vec<Node>) {
        let joined = &self.parts.joined;
        let mut nodes = joined.reachable(first);
        nodes.sort_by_key(|node| joined.asks(*node));
        self.uncross(&mut nodes);
        let number: BTreeMap<Node, usize> = nodes.iter().enumerate().map(|(at, node)| (*node, at)).collect();
        let mut asked: Vec<usize> = nodes.iter().map(|node| joined.asks(*node)).collect();
        asked.dedup();
        let place = |&node: &Node| DrawnPlace {
            question: asked.binary_search(&joined.asks(node)).expect("every node's question is there"),
            edges: self.edges(node, &number),
            on_path: OnPath::No,
        };
        let mut places: Vec<DrawnPlace> = nodes.iter().map(place).collect();
        end(&mut places, &self.decides(always));
        let says = nodes.iter().flat_map(|node| joined.children(*node)).map(|edge| edge.0).chain([always]);
        let norms: BTreeSet<NormId> = says.flat_map(|says| &joined.decides[says as usize].norms).copied().collect();
        let part = DrawnPart {
            norms: norms.into_iter().map(|norm| self.norm(norm)).collect(),
            always: self.decides(always),
            questions: asked.iter().map(|var| self.question(self.parts.tests[*var])).collect(),
            places,
        };
        (part, nodes)
    }

    /// Within one question, puts places near those that lead to them.
    fn uncross(&self, nodes: &mut [Node]) {
        let joined = &self.parts.joined;
        let mut height: BTreeMap<Node, (f64, u32)> = BTreeMap::new();
        let mut from = 0;
        while from < nodes.len() {
            let asks = joined.asks(nodes[from]);
            let end =
                nodes.iter().skip(from).position(|node| joined.asks(*node) != asks).map_or(nodes.len(), |at| from + at);
            let mean = |node: &Node| height.get(node).map_or(0.0, |(sum, count)| sum / f64::from(*count));
            nodes[from..end].sort_by(|a, b| mean(a).total_cmp(&mean(b)).then(a.cmp(b)));
            let count = (end - from) as f64;
            for (at, node) in nodes[from..end].iter().enumerate() {
                for (value, &(_, to)) in joined.children(*node).iter().enumerate() {
                    let width = joined.children(*node).len() as f64;
                    let (sum, times) = height.entry(to).or_default();
                    *sum += (at as f64 + (value as f64 + 0.5) / width) / count;
                    *times += 1;
                }
            }
            from = end;
        }
    }

    fn edges(&self, node: Node, number: &BTreeMap<Node, usize>) -> Vec<DrawnEdge> {
        let place = self.parts.tests[self.parts.joined.asks(node)];
        let mut groups: Vec<((Says, Node), Vec<usize>)> = self.alike(node).into_iter().collect();
        groups.sort_by(|a, b| a.1.cmp(&b.1));
        let all: Vec<Vec<String>> = groups.iter().map(|(_, values)| self.answers(place, values)).collect();
        let longest =
            (0..all.len()).max_by_key(|at| (all[*at].len(), usize::MAX - at)).filter(|at| all[*at].len() > FEW);
        let edge = |(at, ((says, to), _)): (usize, &((Says, Node), Vec<usize>))| DrawnEdge {
            answers: if longest == Some(at) && groups.len() > 1 { "otherwise".to_owned() } else { shown(&all[at]) },
            decides: self.decides(*says),
            verdicts: Vec::new(),
            to: (*to != END).then(|| number[to]),
            on_path: OnPath::No,
        };
        let mut edges: Vec<DrawnEdge> = groups.iter().enumerate().map(edge).collect();
        edges.sort_by_key(|edge| edge.answers == "otherwise");
        edges
    }

    /// The values of a node by where they lead.
    fn alike(&self, node: Node) -> Alike {
        let mut alike = Alike::new();
        for (value, &edge) in self.parts.joined.children(node).iter().enumerate() {
            alike.entry(edge).or_default().push(value);
        }
        alike
    }

    fn decides(&self, says: Says) -> Option<Decides> {
        let decides = &self.parts.joined.decides[says as usize];
        let norms = || decides.norms.iter().map(|norm| self.norm(*norm)).collect();
        (says != 0).then(|| Decides { verdict: decides.verdict, norms: norms() })
    }

    fn norm(&self, norm: NormId) -> String {
        self.rules.program().norms[norm.at()].name.clone()
    }

    fn phrases(&self) -> Phrases<'_> {
        Phrases { program: self.rules.program() }
    }

    fn question(&self, place: SlotId) -> String {
        let exits = |exits: &[ExitId]| {
            let names: Vec<&str> =
                exits.iter().map(|exit| self.rules.program().exits[exit.at()].name.as_str()).collect();
            format!("way out by {}", names.join(", "))
        };
        match self.places.place(place) {
            Place::Slot(slot) => self.phrases().question(&self.rules.compiled().norms.slots[slot.at()].kind),
            Place::Relief(relief) => exits(&self.places.reliefs[relief]),
            Place::Shared(exit) => exits(&[exit]),
        }
    }

    /// What the definitions mean that the questions name, and those that these name.
    fn legend(&self) -> Vec<Meaning> {
        let mut ids = BTreeSet::new();
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        for &(_, first) in &self.parts.firsts {
            asked.extend(self.parts.joined.reachable(first).iter().map(|node| self.parts.joined.asks(*node)));
        }
        for var in asked {
            let Place::Slot(slot) = self.places.place(self.parts.tests[var]) else { continue };
            match &self.rules.compiled().norms.slots[slot.at()].kind {
                SlotKind::Condition(cond) => cond.rests_on(self.rules.program(), &mut ids),
                SlotKind::Compound(id, _) => Cond::Defined(*id).rests_on(self.rules.program(), &mut ids),
                SlotKind::Field { .. } | SlotKind::Quotas(_) | SlotKind::Requirement(..) => {}
            }
        }
        let meaning = |id: DefinitionId| {
            let name = self.rules.program().definitions[id.at()].name.clone();
            Meaning { name, means: self.phrases().definition(id) }
        };
        ids.into_iter().map(meaning).collect()
    }

    /// What some values of a place are called, as short as it goes.
    fn answers(&self, place: SlotId, values: &[usize]) -> Vec<String> {
        let cells = values.iter().map(|value| self.cells[place.at()][*value]);
        match self.places.place(place) {
            Place::Slot(slot) => {
                let slot = &self.rules.compiled().norms.slots[slot.at()];
                let mut among = Cells::none(slot.cells);
                cells.for_each(|cell| among.insert(cell));
                self.phrases().answers(slot, &among)
            }
            Place::Relief(_) | Place::Shared(_) => {
                let word = |way| match Way::from_leaf(way) {
                    Way::Closed => "none",
                    Way::Lifts => "free",
                    Way::Notice => "after notice",
                    Way::Approval => "after approval",
                };
                cells.map(|cell| word(cell as u32).to_owned()).collect()
            }
        }
    }
}

/// Tells at each end what was met on the way.
fn end(places: &mut [DrawnPlace], always: &Option<Decides>) {
    let none = Decides { verdict: Verdict::NotCovered, norms: Vec::new() };
    let stricter = |met: &BTreeSet<Verdict>, decides: &Option<Decides>| {
        let least = decides.as_ref().unwrap_or(&none).verdict;
        met.iter().map(|verdict| least.max(*verdict)).collect::<BTreeSet<Verdict>>()
    };
    let mut met = vec![BTreeSet::new(); places.len()];
    if let Some(first) = met.first_mut() {
        *first = stricter(&BTreeSet::from([Verdict::NotCovered]), always);
    }
    // Places lead to later ones only.
    for at in 0..places.len() {
        for edge in &mut places[at].edges {
            let after = stricter(&met[at], &edge.decides);
            match edge.to {
                Some(to) => met[to].extend(after),
                None => edge.verdicts = after.into_iter().collect(),
            }
        }
    }
}

/// Most answers that are named where they might be called `otherwise`.
const FEW: usize = 3;
/// Most answers that are named on one edge.
const MOST: usize = 8;

fn shown(answers: &[String]) -> String {
    match answers.len() {
        ..=MOST => answers.join(", "),
        many => format!("{}, {} more", answers[..MOST - 1].join(", "), many - MOST + 1),
    }
}

impl Drawing {
    /// The number of places where something is asked.
    pub fn places(&self) -> usize {
        self.parts.iter().map(|part| part.places.len()).sum()
    }

    /// In the language of Graphviz: `dot -Tsvg`.
    pub fn to_dot(&self) -> String {
        dot::draw(self)
    }

    /// As a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        mermaid::draw(self)
    }

    /// As a picture that needs nothing else.
    pub fn to_svg(&self) -> String {
        svg::draw(self)
    }

    /// `Part 2 of 7: R1874/9, R1874/10`
    fn part_title(&self, at: usize) -> String {
        let norms = self.parts[at].norms.join(", ");
        if self.parts.len() == 1 { norms } else { format!("Part {} of {}: {norms}", at + 1, self.parts.len()) }
    }

    fn headline(&self) -> String {
        let given = if self.given.is_empty() { String::new() } else { format!(", given {}", self.given.join(", ")) };
        format!("{}{given}", self.title)
    }

    /// How large it is, and how it is read.
    fn explained(&self) -> String {
        let places = self.places();
        let parts = match self.parts.len() {
            0 => return "No norm reaches what is given.".to_owned(),
            1 => String::new(),
            several => {
                format!(
                    " in {several} parts, each of which is to be followed: the strictest of their verdicts is the verdict"
                )
            }
        };
        let questions = if places == 1 { "1 question".to_owned() } else { format!("{places} questions") };
        format!("{questions}{parts}. A verdict stands where a way ends; before that it is only said which norms reach.")
    }
}

impl DrawnPart {
    /// What holds whatever the answers are, and the verdict if nothing is asked.
    fn always(&self) -> Option<(String, Option<Verdict>)> {
        let always = self.always.as_ref()?;
        Some(match self.places.is_empty() {
            true => (format!("always {}", always.words()), Some(always.verdict)),
            false => (format!("always: {}", always.reach()), None),
        })
    }
}

impl DrawnEdge {
    /// What reaches from here on, where the way goes on.
    fn reach(&self) -> Option<String> {
        self.decides.as_ref().filter(|_| self.to.is_some()).map(Decides::reach)
    }

    /// What an end says, and the verdict if it is one whatever the way was; nothing where the way goes on, or nothing reaches.
    fn end(&self) -> Option<(String, Option<Verdict>)> {
        match self.verdicts[..] {
            [] | [Verdict::NotCovered] => None,
            [verdict] => Some(match self.decides.as_ref().filter(|decides| decides.verdict == verdict) {
                Some(decides) => (decides.words(), Some(verdict)),
                None => (format!("{}, by what reaches on the way", words(verdict)), Some(verdict)),
            }),
            _ => {
                let all: Vec<String> = self.verdicts.iter().map(|verdict| words(*verdict)).collect();
                Some((format!("{}, by what reaches on the way", all.join(" or ")), None))
            }
        }
    }
}

impl Decides {
    /// `prohibited by R2371/8, R2397/2`
    fn words(&self) -> String {
        format!("{} by {}", words(self.verdict), self.norms.join(", "))
    }

    /// `R2371/8 reaches`
    fn reach(&self) -> String {
        format!("{} {}", self.norms.join(", "), if self.norms.len() == 1 { "reaches" } else { "reach" })
    }
}

fn words(verdict: Verdict) -> String {
    verdict.name().replace('_', " ")
}
