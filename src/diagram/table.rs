//! Ordered multiway decision diagrams with any leaves, kept unique.
//!
//! A node tests one variable and has one child per value of it; on every path
//! variables rise. No node has equal children and no two nodes are alike, so
//! two diagrams stand for the same function exactly when their references are
//! equal, and a function depends on a variable exactly when a node tests it.
//!
//! This file has never heard of norms: leaves are numbers whose meaning the
//! caller knows.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap as HashMap;

/// A diagram of one [`Table`]: a node or a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ref(u32);

const LEAF: u32 = 1 << 31;

impl Ref {
    /// The diagram that is one leaf. Leaves are less than 2³¹.
    pub fn leaf(leaf: u32) -> Ref {
        debug_assert!(leaf < LEAF);
        Ref(leaf | LEAF)
    }

    /// The leaf, when the diagram is one.
    pub fn as_leaf(self) -> Option<u32> {
        (self.0 & LEAF != 0).then_some(self.0 & !LEAF)
    }
}

/// The leaf of conditions: 0 is no, 1 is yes.
pub(crate) const NO: Ref = Ref(LEAF);
pub(crate) const YES: Ref = Ref(LEAF | 1);

/// A variable; on every path variables rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Var(pub u32);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Node {
    var: Var,
    children: Box<[Ref]>,
}

/// More nodes than the table may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OverBudget;

/// The nodes of some diagrams over the same variables.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    // INVARIANT: children come before parents; `unique[nodes[n]] == n`.
    nodes: Vec<Node>,
    unique: HashMap<Node, u32>,
    limit: usize,
    /// Steps of `apply`, which count against a multiple of the limit.
    steps: usize,
}

/// Steps of `apply` allowed per node of the limit: work is bounded even when all results are shared.
const STEPS_PER_NODE: usize = 16;

type Done<T> = Result<T, OverBudget>;

impl Table {
    /// An empty table of at most `limit` nodes.
    pub fn new(limit: usize) -> Table {
        Table { nodes: Vec::new(), unique: HashMap::default(), limit, steps: 0 }
    }

    /// The variable and children of a node; `None` for a leaf.
    pub fn node(&self, at: Ref) -> Option<(Var, &[Ref])> {
        if at.as_leaf().is_some() {
            return None;
        }
        let node = &self.nodes[at.0 as usize];
        Some((node.var, &node.children))
    }

    /// The diagram that tests `var` first. Variables in `children` come after `var`.
    pub fn make(&mut self, var: Var, children: Vec<Ref>) -> Done<Ref> {
        debug_assert!(children.iter().all(|&child| self.node(child).is_none_or(|(below, _)| var < below)));
        if children.iter().all(|&child| child == children[0]) {
            return Ok(children[0]);
        }
        let node = Node { var, children: children.into() };
        if let Some(&known) = self.unique.get(&node) {
            return Ok(Ref(known));
        }
        if self.nodes.len() >= self.limit {
            return Err(OverBudget);
        }
        let id = self.nodes.len() as u32;
        self.unique.insert(node.clone(), id);
        self.nodes.push(node);
        Ok(Ref(id))
    }

    /// A condition on one variable: one yes or no per value.
    pub fn test(&mut self, var: Var, holds: impl IntoIterator<Item = bool>) -> Done<Ref> {
        let children: Vec<Ref> = holds.into_iter().map(|yes| if yes { YES } else { NO }).collect();
        self.make(var, children)
    }

    /// Combines two diagrams leaf by leaf.
    pub fn apply(&mut self, a: Ref, b: Ref, op: &mut dyn FnMut(u32, u32) -> u32) -> Done<Ref> {
        self.apply_in(a, b, op, &mut HashMap::default())
    }

    fn apply_in(
        &mut self,
        a: Ref,
        b: Ref,
        op: &mut dyn FnMut(u32, u32) -> u32,
        memo: &mut HashMap<(Ref, Ref), Ref>,
    ) -> Done<Ref> {
        if let (Some(x), Some(y)) = (a.as_leaf(), b.as_leaf()) {
            return Ok(Ref::leaf(op(x, y)));
        }
        if let Some(&known) = memo.get(&(a, b)) {
            return Ok(known);
        }
        self.steps += 1;
        if self.steps > self.limit.saturating_mul(STEPS_PER_NODE) {
            return Err(OverBudget);
        }
        let var = self.top(a).into_iter().chain(self.top(b)).min().expect("one of the two is a node");
        let width = [a, b].iter().find_map(|&r| self.width_at(r, var)).expect("one of the two tests it");
        let mut children = Vec::with_capacity(width);
        for value in 0..width {
            let (x, y) = (self.child(a, var, value), self.child(b, var, value));
            children.push(self.apply_in(x, y, op, memo)?);
        }
        let made = self.make(var, children)?;
        memo.insert((a, b), made);
        Ok(made)
    }

    /// Replaces every leaf.
    pub fn map(&mut self, a: Ref, op: &mut dyn FnMut(u32) -> u32) -> Done<Ref> {
        self.apply(a, NO, &mut |leaf, _| op(leaf))
    }

    pub fn not(&mut self, a: Ref) -> Done<Ref> {
        self.map(a, &mut |x| 1 - x)
    }

    pub fn and(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        match (a, b) {
            (NO, _) | (_, NO) => Ok(NO),
            (YES, other) | (other, YES) => Ok(other),
            _ if a == b => Ok(a),
            _ => self.apply(a, b, &mut |x, y| x & y),
        }
    }

    pub fn or(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        match (a, b) {
            (YES, _) | (_, YES) => Ok(YES),
            (NO, other) | (other, NO) => Ok(other),
            _ if a == b => Ok(a),
            _ => self.apply(a, b, &mut |x, y| x | y),
        }
    }

    /// `then` where `condition` holds, `otherwise` elsewhere.
    pub fn choose(&mut self, condition: Ref, then: Ref, otherwise: Ref) -> Done<Ref> {
        match condition {
            YES => return Ok(then),
            NO => return Ok(otherwise),
            _ if then == otherwise => return Ok(then),
            _ => {}
        }
        // A leaf that no caller uses marks the places that `otherwise` fills.
        const HOLE: u32 = LEAF - 1;
        let kept = self.apply(condition, then, &mut |yes, leaf| if yes == 1 { leaf } else { HOLE })?;
        self.apply(kept, otherwise, &mut |leaf, other| if leaf == HOLE { other } else { leaf })
    }

    /// The diagram with some variables fixed: `fixed(var)` gives the value, or `None` to keep it.
    pub fn restrict(&mut self, a: Ref, fixed: &dyn Fn(Var) -> Option<usize>) -> Done<Ref> {
        self.restrict_in(a, fixed, &mut HashMap::default())
    }

    fn restrict_in(&mut self, a: Ref, fixed: &dyn Fn(Var) -> Option<usize>, memo: &mut HashMap<Ref, Ref>) -> Done<Ref> {
        let Some((var, children)) = self.node(a) else { return Ok(a) };
        if let Some(&known) = memo.get(&a) {
            return Ok(known);
        }
        let made = match fixed(var) {
            Some(value) => {
                let child = children[value];
                self.restrict_in(child, fixed, memo)?
            }
            None => {
                let children = children.to_vec();
                let mut narrowed = Vec::with_capacity(children.len());
                for child in children {
                    narrowed.push(self.restrict_in(child, fixed, memo)?);
                }
                self.make(var, narrowed)?
            }
        };
        memo.insert(a, made);
        Ok(made)
    }

    /// All nodes of a diagram, each once.
    pub fn reachable(&self, a: Ref) -> BTreeSet<Ref> {
        let mut seen = BTreeSet::new();
        let mut open = vec![a];
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(self.node(at).into_iter().flat_map(|(_, children)| children.iter().copied()));
            }
        }
        seen
    }

    /// The leaves of a diagram.
    pub fn leaves(&self, a: Ref) -> BTreeSet<u32> {
        self.reachable(a).into_iter().filter_map(Ref::as_leaf).collect()
    }

    /// The variables that a diagram depends on.
    pub fn support(&self, a: Ref) -> BTreeSet<Var> {
        self.reachable(a).into_iter().filter_map(|at| self.node(at).map(|(var, _)| var)).collect()
    }

    fn top(&self, a: Ref) -> Option<Var> {
        self.node(a).map(|(var, _)| var)
    }

    fn width_at(&self, a: Ref, var: Var) -> Option<usize> {
        self.node(a).filter(|(at, _)| *at == var).map(|(_, children)| children.len())
    }

    fn child(&self, a: Ref, var: Var, value: usize) -> Ref {
        match self.node(a) {
            Some((at, children)) if at == var => children[value],
            _ => a,
        }
    }
}
