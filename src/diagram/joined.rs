//! The binding norms of a policy joined to few diagrams, with norms on their edges.

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::NormId;
use crate::normal::{Expr, Norms, SlotId};
use crate::value::Verdict;

use super::drawn::{Draw, Drawing};
use super::order;
use super::rules::Rules;
use super::standing::Way;
use super::table::{OverBudget, Ref, Table, Var};

/// Norms that decide at one level.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decides {
    pub verdict: Verdict,
    pub norms: Box<[NormId]>,
}

/// The diagrams of a policy, in parts that share their order of tests.
pub(crate) struct Parts {
    /// The places that are asked, in order: of each variable.
    pub tests: Vec<SlotId>,
    /// What decides everywhere in a part, and its first node.
    pub firsts: Vec<Part>,
    pub joined: Joined,
}

impl Parts {
    /// Joins all norms; of the places, only so many cells are looked at if cells are given.
    pub fn new(
        norms: &Norms,
        rules: &Rules,
        cells: Option<&[Vec<usize>]>,
        growth: Growth,
        limit: usize,
    ) -> Result<Parts, OverBudget> {
        let tests = order::tests(norms, rules);
        let mut var_of = vec![None; rules.places()];
        tests.iter().enumerate().for_each(|(at, place)| var_of[place.at()] = Some(Var(at as u32)));
        let drawing = Drawing { norms, table: Table::new(limit), var_of, cells };
        let mut build = Build { norms, rules, drawing, growth, joined: Joined::new(limit) };
        let firsts = build.parts()?;
        Ok(Parts { tests, firsts, joined: build.joined })
    }
}

struct Build<'a> {
    norms: &'a Norms,
    rules: &'a Rules,
    /// Diagrams of single norms, whose leaves are verdicts.
    drawing: Drawing<'a>,
    growth: Growth,
    joined: Joined,
}

/// A diagram whose edges say which norms decide: what decides everywhere in it, and its first node.
pub(crate) type Part = (Says, Node);

impl Build<'_> {
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
                if self.joined.size(both.1) <= self.growth.most(apart) {
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

    /// What a norm alone makes of the verdict: the leaves are verdicts.
    fn level(&mut self, id: NormId) -> Result<Ref, OverBudget> {
        let norm = &self.norms.norms[id.at()];
        if !norm.binds() || norm.reaches == Expr::No {
            return Ok(Ref::leaf(Verdict::NotCovered as u32));
        }
        let barred = self.barred(id)?;
        self.drawing.level(id, barred)
    }

    /// What exits leave of a prohibition.
    fn barred(&mut self, id: NormId) -> Result<Ref, OverBudget> {
        let rule = &self.rules.norms[id.at()];
        let barred = self.drawing.barred(&rule.own)?;
        let Some(relief) = rule.relief else { return Ok(barred) };
        let place = self.rules.place_of_relief(relief);
        let ways: Vec<Ref> = self
            .drawing
            .cells(place, Way::COUNT)
            .map(|way| Ref::leaf(Way::from_leaf(way as u32).level() as u32))
            .collect();
        let offered = self.drawing.table.make(self.drawing.var(place), &ways)?;
        self.drawing.table.apply(barred, offered, &mut |said, offered| said.min(offered))
    }
}

/// How much larger two diagrams may become when they are joined; else they stay apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    /// By half, and a few nodes more: an activity follows few paths.
    Fast,
    /// Not at all: there is little to read.
    Readable,
}

impl Growth {
    fn most(self, apart: usize) -> usize {
        match self {
            Growth::Fast => apart + apart / 2 + 200,
            Growth::Readable => apart,
        }
    }
}

/// A node of [`Joined`], or the end.
pub(crate) type Node = u32;
pub(crate) const END: Node = u32::MAX;
/// What an edge says: a level and norms, of `Joined::decides`; 0 is nothing.
pub(crate) type Says = u32;

/// Diagrams with norms on their edges, kept unique.
pub(crate) struct Joined {
    // INVARIANT: children come before parents; no two nodes are alike.
    nodes: Vec<(Var, u32, u32)>,
    edges: Vec<(Says, Node)>,
    /// By node: the least level on every way through it.
    least: Vec<Verdict>,
    unique: HashMap<u64, Node>,
    pub decides: Vec<Decides>,
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

    /// The variable that a node asks, by its number.
    pub fn asks(&self, node: Node) -> usize {
        self.nodes[node as usize].0.0 as usize
    }

    /// The edges of a node.
    pub fn children(&self, node: Node) -> &[(Says, Node)] {
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

    /// The nodes of a diagram.
    pub fn reachable(&self, node: Node) -> Vec<Node> {
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
