//! The whole policy as a decision diagram: the evaluable decision tree.
//!
//! A node tests one slot and has an edge for each of its cells. On the edges stand the norms that decide there, and at which
//! level: whoever follows the path of an activity collects them, and the strictest level is its verdict. What stands on an edge
//! outdoes what stood before it, or stands beside it; what is milder is not there at all.
//!
//! Norms that have little to do with each other would make one diagram large, each way through the one with each
//! way through the other. So a diagram has *parts*, which share their first test. An activity follows one path in each.

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::NormId;
use crate::limits::Limits;
use crate::normal::{Norms, SlotId};
use crate::value::Verdict;

use super::code::Row;
use super::few::Few;
use super::joined::{Decides, END, Growth, Joined, Node, Parts, Says};
use super::order;
use super::rules::Rules;

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
    said: Box<[Said]>,
    nodes: usize,
    parts: usize,
    steps: usize,
}

/// Norms that decide at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub verdict: Verdict,
    pub norms: Few<NormId>,
}

impl Said {
    fn of(decides: &Decides) -> Said {
        Said { verdict: decides.verdict, norms: Few::new(decides.norms.iter().copied(), NormId(0)) }
    }
}

/// Most nodes that are tried below an open test.
const MOST_TRIED: u32 = 64;

/// From a node to the next, and what decides on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Edge {
    /// Of `Whole::flat`.
    to: u32,
    /// Of `Whole::said`; 0 is nothing.
    says: u32,
}

/// Of `Whole::first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct List {
    from: u32,
    to: u32,
}

impl Whole {
    /// Builds the diagram, or nothing when there are more norms than the limit, or it would have more nodes.
    pub fn from_normal(norms: &Norms, rules: &Rules, limits: &Limits) -> Option<Whole> {
        if norms.norms.len() > limits.diagram_norms {
            return None;
        }
        let parts = Parts::new(norms, rules, None, Growth::Fast, limits.diagram_nodes).ok()?;
        Some(Whole::from_parts(norms, rules, &parts))
    }

    /// Follows the paths of an activity: the verdict, and the norms that decide it, as they stand on one edge, or else put
    /// into `deciding`. `None` when the facts do not settle a test on the way, and what follows it may matter.
    #[inline]
    pub fn decide<R: Row>(&self, row: &mut R, deciding: &mut Vec<NormId>) -> Option<(Verdict, Option<&Said>)> {
        let mut said = &self.said[0];
        let mut many = false;
        let verdict = self.follow(row, |more, is_stricter| {
            if is_stricter {
                (said, many) = (more, false);
            } else {
                if !many {
                    deciding.clear();
                    deciding.extend_from_slice(said.norms.as_slice());
                    many = true;
                }
                deciding.extend_from_slice(more.norms.as_slice());
            }
            false
        })?;
        Some((verdict, (!many).then_some(said)))
    }

    /// The verdict alone: nothing is stricter than a prohibition.
    #[inline]
    pub fn verdict<R: Row>(&self, row: &mut R) -> Option<Verdict> {
        self.follow(row, |said, _| said.verdict == Verdict::Prohibited)
    }

    /// Follows the paths of an activity and calls `then` for what decides so far, and whether it is stricter than what did before,
    /// until it says that it is enough.
    #[inline]
    fn follow<'w, R: Row>(&'w self, row: &mut R, mut then: impl FnMut(&'w Said, bool) -> bool) -> Option<Verdict> {
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
                    let said = &self.said[edge.says as usize];
                    let is_stricter = said.verdict > verdict;
                    if said.verdict >= verdict {
                        verdict = said.verdict;
                        if then(said, is_stricter) {
                            return Some(verdict);
                        }
                    }
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
                    most = most.max(self.said[edge.says as usize].verdict);
                }
                if edge.to != 0 {
                    most = most.max(self.most(row, edge.to, budget)?);
                }
            }
        }
        Some(most)
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The number of parts.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// The most tests behind the first ones on the paths of one activity.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Bytes of the nodes and what belongs to them.
    pub fn bytes(&self) -> usize {
        (self.flat.len() + self.first.len()) * size_of::<Edge>() + self.lists.len() * size_of::<List>()
    }
}

// ---- from the parts ---------------------------------------------------------------------------------------------

impl Whole {
    /// The diagram in one piece.
    fn from_parts(norms: &Norms, rules: &Rules, parts: &Parts) -> Whole {
        let Parts { tests, firsts, joined } = parts;
        let mut place: HashMap<Node, u32> = HashMap::from_iter([(END, 0)]);
        let mut flat = vec![Edge { to: 0, says: 0 }];
        let mut steps: HashMap<u32, usize> = HashMap::from_iter([(0, 0)]);
        let mut nodes: Vec<Node> = firsts.iter().flat_map(|part| joined.reachable(part.1)).collect();
        // Children first, as they were made.
        nodes.sort_unstable();
        nodes.dedup();
        for &node in &nodes {
            let edges = joined.children(node);
            let longest = edges.iter().map(|(_, to)| steps[&place[to]]).max().unwrap_or(0);
            steps.insert(flat.len() as u32, longest + 1);
            place.insert(node, flat.len() as u32);
            flat.push(Edge { to: tests[joined.asks(node)].0, says: edges.len() as u32 });
            flat.extend(edges.iter().map(|&(says, to)| Edge { to: place[&to], says }));
        }
        let mut head = Vec::new();
        let mut combinations = 1;
        for test in &tests[..tests.len().min(MOST_HEAD)] {
            let cells = order::cells(norms, rules, *test);
            combinations *= cells;
            if combinations > MOST_COMBINATIONS && !head.is_empty() {
                break;
            }
            head.push((*test, cells as u32));
        }
        let mut lists = Lists::default();
        let begin = firsts.iter().map(|&(says, node)| (if says == 0 { vec![] } else { vec![says] }, node)).collect();
        collect(joined, &head, 0, begin, &place, &mut lists);
        let of_list = |list: &List| -> usize {
            lists.edges[list.from as usize..list.to as usize].iter().map(|edge| steps[&edge.to]).sum()
        };
        let steps = lists.made.iter().map(of_list).max().unwrap_or(0);
        Whole {
            steps,
            head: head.into(),
            lists: lists.made.into(),
            first: lists.edges.into(),
            flat: flat.into(),
            said: joined.decides.iter().map(Said::of).collect(),
            nodes: nodes.len(),
            parts: firsts.len(),
        }
    }
}

/// Follows all parts through the tests that come before them, in every combination.
fn collect(
    joined: &Joined,
    head: &[(SlotId, u32)],
    depth: usize,
    here: Vec<(Vec<Says>, Node)>,
    place: &HashMap<Node, u32>,
    into: &mut Lists,
) {
    if depth < head.len() {
        for cell in 0..head[depth].1 as usize {
            let step = |(said, node): &(Vec<Says>, Node)| {
                if *node == END || joined.asks(*node) != depth {
                    return (said.clone(), *node);
                }
                let (says, to) = joined.children(*node)[cell];
                (said.iter().copied().chain((says != 0).then_some(says)).collect(), to)
            };
            collect(joined, head, depth + 1, here.iter().map(step).collect(), place, into);
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
