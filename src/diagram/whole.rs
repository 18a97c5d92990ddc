//! The whole policy as a decision diagram: the evaluable decision tree.
//!
//! A node tests one slot and has an edge for each of its cells. On the edges stand the norms that decide there, and at which
//! level: whoever follows the path of an activity collects them, and the strictest level is its verdict. What stands on an edge
//! outdoes what stood before it, or stands beside it; what is milder is not there at all.
//!
//! Norms that have little to do with each other would make one diagram large, each way through the one with each
//! way through the other. So a diagram has *parts*, which share their first test. An activity follows one path in each.

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::{Effect, NormId};
use crate::limits::Limits;
use crate::normal::{Norms, SlotId};
use crate::value::Verdict;

use super::code::Row;
use super::drawn::{Draw, Drawing};
use super::order;
use super::rules::Rules;
use super::standing::Way;
use super::table::{OverBudget, Ref, Table, Var};

/// The decision diagram of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    /// The places in a row that are asked before all parts, and how many cells each has.
    head: Box<[(SlotId, u32)]>,
    /// By the combination of their cells: where its edges stand.
    lists: Box<[List]>,
    /// The edges with which the parts go on that have something to say there.
    first: Box<[Edge]>,
    /// Of a node: the place in a row that it asks and how many edges it has, then these. The place of a node is its number; 0 is the end.
    flat: Box<[Edge]>,
    decides: Box<[Decides]>,
    nodes: usize,
    parts: usize,
}

/// Most nodes that are tried below an open test.
const MOST_TRIED: u32 = 64;

/// From a node to the next, and what decides on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Edge {
    /// Of `Whole::flat`.
    to: u32,
    /// Of `Whole::decides`; 0 is nothing.
    says: u32,
}

/// Of `Whole::first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct List {
    from: u32,
    to: u32,
}

/// Norms that decide at one level.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decides {
    pub verdict: Verdict,
    pub norms: Box<[NormId]>,
}

impl Whole {
    /// Builds the diagram, or nothing when there are more norms than the limit, or it would have more nodes.
    pub fn from_normal(norms: &Norms, rules: &Rules, limits: &Limits) -> Option<Whole> {
        if norms.norms.len() > limits.diagram_norms {
            return None;
        }
        let tests = order::tests(norms, rules);
        let mut build = Build::new(norms, rules, &tests, limits.diagram_nodes);
        let parts = build.parts().ok()?;
        Some(build.flatten(&tests, &parts))
    }

    /// Follows the paths of an activity: the verdict, and the norms that decide it, put into `deciding`. `None` when the
    /// facts do not settle a test on the way, and what follows it may matter.
    #[inline]
    pub fn decide<R: Row>(&self, row: &mut R, deciding: &mut Vec<NormId>) -> Option<Verdict> {
        deciding.clear();
        let mut verdict = Verdict::NotCovered;
        let mut at = 0;
        for &(place, cells) in &self.head {
            at = at * cells as usize + row.code(place).exact()?;
        }
        let list = self.lists[at];
        // What some part may say beyond what is certain, when a test in it is open.
        let mut beyond = Verdict::NotCovered;
        for edge in &self.first[list.from as usize..list.to as usize] {
            let mut edge = *edge;
            loop {
                if edge.says != 0 {
                    self.say(edge, &mut verdict, deciding);
                }
                if edge.to == 0 {
                    break;
                }
                let node = self.flat[edge.to as usize];
                let Some(cell) = row.code(SlotId(node.to)).exact() else {
                    let mut budget = MOST_TRIED;
                    beyond = beyond.max(self.most(row, edge.to, &mut budget)?);
                    break;
                };
                edge = self.flat[edge.to as usize + 1 + cell];
            }
        }
        (beyond < verdict || beyond == Verdict::NotCovered).then_some(verdict)
    }

    /// The strictest that is said on some way from a node on; `None` when there are many ways.
    #[cold]
    fn most<R: Row>(&self, row: &mut R, node: u32, budget: &mut u32) -> Option<Verdict> {
        *budget = budget.checked_sub(1)?;
        let Edge { to: place, says: width } = self.flat[node as usize];
        let code = row.code(SlotId(place));
        let edges = node as usize + 1..node as usize + 1 + width as usize;
        let mut most = Verdict::NotCovered;
        // Neighbours often go on alike.
        let mut seen: Option<Edge> = None;
        for (cell, at) in edges.enumerate() {
            let may_be = match (code.exact(), code.set()) {
                (Some(exact), _) => exact == cell,
                (None, Some(set)) => row.set(SlotId(place), set).has(cell),
                (None, None) => true,
            };
            let edge = self.flat[at];
            if may_be && seen.replace(edge) != Some(edge) {
                if edge.says != 0 {
                    most = most.max(self.decides[edge.says as usize].verdict);
                }
                if edge.to != 0 {
                    most = most.max(self.most(row, edge.to, budget)?);
                }
            }
        }
        Some(most)
    }

    #[inline]
    fn say(&self, edge: Edge, verdict: &mut Verdict, deciding: &mut Vec<NormId>) {
        let decides = &self.decides[edge.says as usize];
        if decides.verdict > *verdict {
            *verdict = decides.verdict;
            deciding.clear();
        }
        if decides.verdict == *verdict {
            deciding.extend_from_slice(&decides.norms);
        }
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The number of parts.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// Bytes of the nodes and what belongs to them.
    pub fn bytes(&self) -> usize {
        (self.flat.len() + self.first.len()) * size_of::<Edge>() + self.lists.len() * size_of::<List>()
    }
}

// ---- building -----------------------------------------------------------------------------------------------------

struct Build<'a> {
    norms: &'a Norms,
    rules: &'a Rules,
    /// Diagrams of single norms, whose leaves are verdicts.
    drawing: Drawing<'a>,
    joined: Joined,
}

/// A diagram whose edges say which norms decide: what decides everywhere in it, and its first node.
type Part = (Says, Node);

impl<'a> Build<'a> {
    fn new(norms: &'a Norms, rules: &'a Rules, tests: &[SlotId], limit: usize) -> Build<'a> {
        let mut var_of = vec![None; rules.places()];
        tests.iter().enumerate().for_each(|(at, place)| var_of[place.at()] = Some(Var(at as u32)));
        let drawing = Drawing { norms, table: Table::new(limit), var_of };
        Build { norms, rules, drawing, joined: Joined::new(limit) }
    }

    /// The norms joined to few diagrams: neighbours, as long as that does not make them grow.
    fn parts(&mut self) -> Result<Vec<Part>, OverBudget> {
        let mut open: Vec<Part> = Vec::new();
        let mut order: Vec<NormId> = NormId::all(self.rules.norms.len()).collect();
        order.sort_by_key(|id| (self.rules.norms[id.at()].relief, *id));
        for id in order {
            let level = self.level(id)?;
            if level.as_leaf() == Some(Verdict::NotCovered as u32) {
                continue;
            }
            open.push(self.joined.of_norm(&self.drawing.table, level, id)?);
        }
        let mut closed = Vec::new();
        while open.len() > 1 {
            let mut next = Vec::with_capacity(open.len().div_ceil(2));
            let mut pairs = open.chunks_exact(2);
            for pair in &mut pairs {
                let apart = self.joined.size(pair[0].1) + self.joined.size(pair[1].1);
                let both = self.joined.join_parts(pair[0], pair[1])?;
                if self.joined.size(both.1) <= apart + apart / GROWTH + SMALL {
                    next.push(both);
                } else {
                    closed.extend_from_slice(pair);
                }
            }
            next.extend_from_slice(pairs.remainder());
            open = next;
        }
        closed.extend(open);
        Ok(closed)
    }

    /// The level of a norm: the leaves are verdicts.
    fn level(&mut self, id: NormId) -> Result<Ref, OverBudget> {
        let norm = &self.norms.norms[id.at()];
        let out = Ref::leaf(Verdict::NotCovered as u32);
        if !matches!(norm.effect, Effect::Prohibit | Effect::Oblige) {
            return Ok(out);
        }
        let reaches = self.drawing.expr(&norm.reaches)?;
        let barred = self.barred(id)?;
        let said = if norm.effect == Effect::Prohibit {
            barred
        } else {
            // A duty that an exit lifts is none; one that is left undone is a breach.
            let done = self.drawing.table.map(barred, &mut |level| {
                (if level <= Verdict::Allowed as u32 { Verdict::NotCovered } else { Verdict::Allowed }) as u32
            })?;
            let omitted = self.drawing.expr(&norm.omitted)?;
            self.drawing.table.choose(omitted, barred, done)?
        };
        self.drawing.table.choose(reaches, said, out)
    }

    /// What exits leave of a prohibition.
    fn barred(&mut self, id: NormId) -> Result<Ref, OverBudget> {
        let rule = &self.rules.norms[id.at()];
        let mut said = Ref::leaf(Verdict::Prohibited as u32);
        for &exit in &rule.own {
            let way = self.drawing.way(exit)?;
            said =
                self.drawing.table.apply(said, way, &mut |said, way| said.min(Way::from_leaf(way).level() as u32))?;
        }
        if let Some(relief) = rule.relief {
            let var = self.drawing.var(self.rules.place_of_relief(relief));
            let ways: Vec<Ref> = (0..4).map(|way| Ref::leaf(Way::from_leaf(way).level() as u32)).collect();
            let offered = self.drawing.table.make(var, &ways)?;
            said = self.drawing.table.apply(said, offered, &mut |said, offered| said.min(offered))?;
        }
        Ok(said)
    }

    /// The diagram in one piece.
    fn flatten(&self, tests: &[SlotId], parts: &[Part]) -> Whole {
        let mut place: HashMap<Node, u32> = HashMap::from_iter([(END, 0)]);
        let mut flat = vec![Edge { to: 0, says: 0 }];
        let mut nodes: Vec<Node> = parts.iter().flat_map(|part| self.joined.reachable(part.1)).collect();
        // Children first, as they were made.
        nodes.sort_unstable();
        nodes.dedup();
        for &node in &nodes {
            let (var, first, width) = self.joined.nodes[node as usize];
            place.insert(node, flat.len() as u32);
            flat.push(Edge { to: tests[var.0 as usize].0, says: width });
            let edges = self.joined.edges[first as usize..][..width as usize].iter();
            flat.extend(edges.map(|&(says, to)| Edge { to: place[&to], says }));
        }
        let mut head = Vec::new();
        let mut combinations = 1;
        for test in &tests[..tests.len().min(MOST_HEAD)] {
            let cells = order::cells(self.norms, self.rules, *test);
            combinations *= cells;
            if combinations > MOST_COMBINATIONS && !head.is_empty() {
                break;
            }
            head.push((*test, cells as u32));
        }
        let mut lists = Lists::default();
        let begin = parts.iter().map(|&(says, node)| (if says == 0 { vec![] } else { vec![says] }, node)).collect();
        self.lists(&head, 0, begin, &place, &mut lists);
        Whole {
            head: head.into(),
            lists: lists.made.into(),
            first: lists.edges.into(),
            flat: flat.into(),
            decides: self.joined.decides.clone().into(),
            nodes: nodes.len(),
            parts: parts.len(),
        }
    }

    /// Follows all parts through the tests that come before them, in every combination.
    fn lists(
        &self,
        head: &[(SlotId, u32)],
        depth: usize,
        here: Vec<(Vec<Says>, Node)>,
        place: &HashMap<Node, u32>,
        into: &mut Lists,
    ) {
        if depth < head.len() {
            for cell in 0..head[depth].1 as usize {
                let step = |(said, node): &(Vec<Says>, Node)| {
                    if *node == END || self.joined.nodes[*node as usize].0 != Var(depth as u32) {
                        return (said.clone(), *node);
                    }
                    let (says, to) = self.joined.children(*node)[cell];
                    (said.iter().copied().chain((says != 0).then_some(says)).collect(), to)
                };
                self.lists(head, depth + 1, here.iter().map(step).collect(), place, into);
            }
            return;
        }
        let mut edges = Vec::new();
        for (said, node) in here {
            // What is said on several edges of the way is said one after the other; only the last of them goes on.
            let (last, before) = said.split_last().map_or((0, &[][..]), |(last, before)| (*last, before));
            edges.extend(before.iter().map(|says| Edge { to: 0, says: *says }));
            if last != 0 || node != END {
                edges.push(Edge { to: place[&node], says: last });
            }
        }
        let Lists { made, edges: all, known } = into;
        made.push(*known.entry(edges).or_insert_with_key(|edges| {
            let from = all.len() as u32;
            all.extend(edges);
            List { from, to: all.len() as u32 }
        }));
    }
}

/// Most tests that are asked before all parts …
const MOST_HEAD: usize = 3;
/// … and most combinations of their cells.
const MOST_COMBINATIONS: usize = 1 << 14;

/// The edges behind the tests that come before all parts, each list once.
#[derive(Default)]
struct Lists {
    made: Vec<List>,
    edges: Vec<Edge>,
    known: HashMap<Vec<Edge>, List>,
}

/// Two diagrams stay apart when together they have more nodes than both, by one part in so many…
const GROWTH: usize = 2;
/// … and this many nodes.
const SMALL: usize = 200;

/// A node of [`Joined`], or the end.
type Node = u32;
const END: Node = u32::MAX;
/// What an edge says: a level and norms, of `Joined::decides`; 0 is nothing.
type Says = u32;

/// Diagrams with norms on their edges, kept unique.
struct Joined {
    // INVARIANT: children come before parents; no two nodes are alike.
    nodes: Vec<(Var, u32, u32)>,
    edges: Vec<(Says, Node)>,
    /// By node: the least level on every way through it.
    least: Vec<Verdict>,
    unique: HashMap<u64, Node>,
    decides: Vec<Decides>,
    known: HashMap<Decides, Says>,
    floors: HashMap<(Node, Verdict), Part>,
    limit: usize,
    steps: usize,
}

impl Joined {
    fn new(limit: usize) -> Joined {
        let nothing = Decides { verdict: Verdict::NotCovered, norms: Box::default() };
        Joined {
            nodes: Vec::new(),
            edges: Vec::new(),
            least: Vec::new(),
            unique: HashMap::default(),
            known: HashMap::from_iter([(nothing.clone(), 0)]),
            decides: vec![nothing],
            floors: HashMap::default(),
            limit,
            steps: 0,
        }
    }

    fn says(&mut self, verdict: Verdict, norms: Vec<NormId>) -> Says {
        let decides = Decides { verdict, norms: norms.into() };
        if let Some(&known) = self.known.get(&decides) {
            return known;
        }
        self.known.insert(decides.clone(), self.decides.len() as Says);
        self.decides.push(decides);
        self.decides.len() as Says - 1
    }

    fn level(&self, says: Says) -> Verdict {
        self.decides[says as usize].verdict
    }

    fn least(&self, node: Node) -> Verdict {
        if node == END { Verdict::NotCovered } else { self.least[node as usize] }
    }

    /// The stricter of two, or both.
    fn both(&mut self, a: Says, b: Says) -> Says {
        if a == b || self.level(a) > self.level(b) {
            return a;
        }
        if self.level(b) > self.level(a) {
            return b;
        }
        let mut norms: Vec<NormId> = self.decides[a as usize].norms.to_vec();
        norms.extend_from_slice(&self.decides[b as usize].norms);
        norms.sort_unstable();
        norms.dedup();
        self.says(self.level(a), norms)
    }

    fn children(&self, node: Node) -> &[(Says, Node)] {
        let (_, first, width) = self.nodes[node as usize];
        &self.edges[first as usize..][..width as usize]
    }

    /// The diagram that tests `var` first. What decides behind every edge is drawn out before the node.
    fn make(&mut self, var: Var, edges: &mut [(Says, Node)]) -> Result<Part, OverBudget> {
        for edge in edges.iter_mut() {
            if self.least(edge.1) > self.level(edge.0) {
                edge.0 = 0;
            }
        }
        if edges.iter().all(|edge| *edge == edges[0]) {
            return Ok(edges[0]);
        }
        let drawn = self.draw_out(edges);
        if edges.iter().all(|edge| *edge == edges[0]) {
            return Ok((self.both(drawn, edges[0].0), edges[0].1));
        }
        let mut hash = hash_of(var, edges);
        while let Some(&known) = self.unique.get(&hash) {
            if self.nodes[known as usize].0 == var && self.children(known) == edges {
                return Ok((drawn, known));
            }
            hash = hash.wrapping_add(1);
        }
        if self.nodes.len() >= self.limit {
            return Err(OverBudget);
        }
        let least = edges.iter().map(|edge| self.level(edge.0).max(self.least(edge.1))).min();
        let node = self.nodes.len() as Node;
        self.unique.insert(hash, node);
        self.nodes.push((var, self.edges.len() as u32, edges.len() as u32));
        self.edges.extend_from_slice(edges);
        self.least.push(least.unwrap_or(Verdict::NotCovered));
        Ok((drawn, node))
    }

    /// Takes from all edges the norms that stand on each of those with the least level.
    fn draw_out(&mut self, edges: &mut [(Says, Node)]) -> Says {
        let level = |joined: &Joined, edge: &(Says, Node)| joined.level(edge.0).max(joined.least(edge.1));
        let least = edges.iter().map(|edge| level(self, edge)).min().unwrap_or(Verdict::NotCovered);
        let mut common: Option<Vec<NormId>> = None;
        for edge in edges.iter().filter(|edge| level(self, edge) == least) {
            let norms: &[NormId] = if self.level(edge.0) == least { &self.decides[edge.0 as usize].norms } else { &[] };
            match &mut common {
                None => common = Some(norms.to_vec()),
                Some(common) => common.retain(|norm| norms.contains(norm)),
            }
            if common.as_ref().is_some_and(Vec::is_empty) {
                return 0;
            }
        }
        let common = common.unwrap_or_default();
        for edge in edges.iter_mut() {
            if self.level(edge.0) == least {
                let rest: Vec<NormId> =
                    self.decides[edge.0 as usize].norms.iter().copied().filter(|norm| !common.contains(norm)).collect();
                edge.0 = if rest.is_empty() { 0 } else { self.says(least, rest) };
            }
        }
        self.says(least, common)
    }

    /// The diagram of one norm, from the one whose leaves are its levels.
    fn of_norm(&mut self, table: &Table, level: Ref, norm: NormId) -> Result<Part, OverBudget> {
        self.of_norm_in(table, level, norm, &mut HashMap::default())
    }

    fn of_norm_in(
        &mut self,
        table: &Table,
        at: Ref,
        norm: NormId,
        memo: &mut HashMap<Ref, Part>,
    ) -> Result<Part, OverBudget> {
        let Some((var, children)) = table.node(at) else {
            let verdict = Verdict::ALL[at.as_leaf().expect("what is no node is a leaf") as usize];
            let says = if verdict == Verdict::NotCovered { 0 } else { self.says(verdict, vec![norm]) };
            return Ok((says, END));
        };
        if let Some(&known) = memo.get(&at) {
            return Ok(known);
        }
        let mut edges = Vec::with_capacity(children.len());
        for &child in children {
            edges.push(self.of_norm_in(table, child, norm, memo)?);
        }
        let made = self.make(var, &mut edges)?;
        memo.insert(at, made);
        Ok(made)
    }

    fn join_parts(&mut self, a: Part, b: Part) -> Result<Part, OverBudget> {
        let says = self.both(a.0, b.0);
        let floor = self.level(says);
        let (more, node) = self.join(a.1, b.1, floor, &mut HashMap::default())?;
        Ok((self.both(says, more), node))
    }

    /// Two diagrams as one, where what is milder than the floor does not count any more.
    fn join(
        &mut self,
        a: Node,
        b: Node,
        floor: Verdict,
        memo: &mut HashMap<(Node, Node, Verdict), Part>,
    ) -> Result<Part, OverBudget> {
        match (a, b) {
            (END, other) | (other, END) => return self.raise(other, floor),
            _ => {}
        }
        if let Some(&known) = memo.get(&(a, b, floor)) {
            return Ok(known);
        }
        self.steps += 1;
        if self.steps > self.limit.saturating_mul(STEPS_PER_NODE) {
            return Err(OverBudget);
        }
        let (var_a, var_b) = (self.nodes[a as usize].0, self.nodes[b as usize].0);
        let var = var_a.min(var_b);
        let width = if var_a == var { self.nodes[a as usize].2 } else { self.nodes[b as usize].2 } as usize;
        let mut edges = Vec::with_capacity(width);
        for cell in 0..width {
            let (says_a, to_a) = if var_a == var { self.children(a)[cell] } else { (0, a) };
            let (says_b, to_b) = if var_b == var { self.children(b)[cell] } else { (0, b) };
            let says = self.both(says_a, says_b);
            let says = if self.level(says) < floor { 0 } else { says };
            let (more, to) = self.join(to_a, to_b, floor.max(self.level(says)), memo)?;
            edges.push((self.both(says, more), to));
        }
        let made = self.make(var, &mut edges)?;
        memo.insert((a, b, floor), made);
        Ok(made)
    }

    /// A diagram in which what is milder than the floor does not count.
    fn raise(&mut self, node: Node, floor: Verdict) -> Result<Part, OverBudget> {
        if node == END || floor <= self.least(node) || floor == Verdict::NotCovered {
            return Ok((0, node));
        }
        if let Some(&known) = self.floors.get(&(node, floor)) {
            return Ok(known);
        }
        let (var, first, width) = self.nodes[node as usize];
        let mut edges = Vec::with_capacity(width as usize);
        for at in first..first + width {
            let (says, to) = self.edges[at as usize];
            let says = if self.level(says) < floor { 0 } else { says };
            let (more, to) = self.raise(to, floor.max(self.level(says)))?;
            edges.push((self.both(says, more), to));
        }
        let made = self.make(var, &mut edges)?;
        self.floors.insert((node, floor), made);
        Ok(made)
    }

    /// The number of nodes of a diagram.
    fn size(&self, node: Node) -> usize {
        self.reachable(node).len()
    }

    fn reachable(&self, node: Node) -> Vec<Node> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut found = Vec::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if node != END && seen.insert(node) {
                found.push(node);
                open.extend(self.children(node).iter().map(|edge| edge.1));
            }
        }
        found
    }
}

/// Steps of joining allowed per node of the limit: work is bounded even when all results are shared.
const STEPS_PER_NODE: usize = 16;

fn hash_of(var: Var, edges: &[(Says, Node)]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    var.hash(&mut hasher);
    edges.hash(&mut hasher);
    hasher.finish()
}
