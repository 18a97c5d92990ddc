//! Ordered multiway decision diagrams with any leaves, kept unique.
//!
//! A node tests one variable and has one child per value of it; on every path
//! variables rise. No node has equal children and no two nodes are alike, so
//! two diagrams stand for the same function exactly when their references are
//! equal, and a function depends on a variable exactly when a node tests it.
//!
//! This file has never heard of norms: leaves are numbers whose meaning the
//! caller knows.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet, FxHasher};

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

/// A variable, and where in `Table::children` the node's children are.
#[derive(Debug, Clone, Copy)]
struct Node {
    var: Var,
    first: u32,
    width: u32,
}

/// More nodes than the table may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OverBudget;

/// The nodes of some diagrams over the same variables.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    // INVARIANT: children come before parents; no two nodes are alike.
    nodes: Vec<Node>,
    /// The children of all nodes, one node after the other.
    children: Vec<Ref>,
    /// From the hash of a node to the node; when the place is taken, the next hash that is free.
    unique: HashMap<u64, u32>,
    limit: usize,
    /// Steps of `apply`, which count against a multiple of the limit.
    steps: usize,
}

/// Steps of `apply` allowed per node of the limit: work is bounded even when all results are shared.
const STEPS_PER_NODE: usize = 16;
/// Children allowed per node of the limit: a node has as many as its slot has cells, and memory is bounded too.
const CHILDREN_PER_NODE: usize = 64;

type Done<T> = Result<T, OverBudget>;

impl Table {
    /// An empty table of at most `limit` nodes.
    pub fn new(limit: usize) -> Table {
        Table { nodes: Vec::new(), children: Vec::new(), unique: HashMap::default(), limit, steps: 0 }
    }

    /// Lets the table hold so many nodes more than it does.
    pub fn allow(&mut self, nodes: usize) {
        self.limit = self.nodes.len() + nodes;
        self.steps = 0;
    }

    /// How many nodes it may hold.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The number of nodes.
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// The variable and children of a node; `None` for a leaf.
    pub fn node(&self, at: Ref) -> Option<(Var, &[Ref])> {
        if at.as_leaf().is_some() {
            return None;
        }
        let node = self.nodes[at.0 as usize];
        Some((node.var, self.children_of(node)))
    }

    fn children_of(&self, node: Node) -> &[Ref] {
        &self.children[node.first as usize..][..node.width as usize]
    }

    /// The diagram that tests `var` first. Variables in `children` come after `var`.
    pub fn make(&mut self, var: Var, children: &[Ref]) -> Done<Ref> {
        debug_assert!(children.iter().all(|&child| self.node(child).is_none_or(|(below, _)| var < below)));
        if children.iter().all(|&child| child == children[0]) {
            return Ok(children[0]);
        }
        let mut hash = hash_of(var, children);
        while let Some(&known) = self.unique.get(&hash) {
            let node = self.nodes[known as usize];
            if node.var == var && self.children_of(node) == children {
                return Ok(Ref(known));
            }
            hash = hash.wrapping_add(1);
        }
        if self.nodes.len() >= self.limit || self.children.len() / CHILDREN_PER_NODE >= self.limit {
            return Err(OverBudget);
        }
        let id = self.nodes.len() as u32;
        let first = u32::try_from(self.children.len()).map_err(|_| OverBudget)?;
        self.unique.insert(hash, id);
        self.nodes.push(Node { var, first, width: children.len() as u32 });
        self.children.extend_from_slice(children);
        Ok(Ref(id))
    }

    /// A condition on one variable: one yes or no per value.
    pub fn test(&mut self, var: Var, holds: impl IntoIterator<Item = bool>) -> Done<Ref> {
        let children: Vec<Ref> = holds.into_iter().map(|yes| if yes { YES } else { NO }).collect();
        self.make(var, &children)
    }

    /// Combines two diagrams leaf by leaf.
    pub fn apply(&mut self, a: Ref, b: Ref, op: &mut dyn FnMut(u32, u32) -> u32) -> Done<Ref> {
        self.apply_in(a, b, &|_, _| None, op, &mut HashMap::default())
    }

    /// Combines two diagrams leaf by leaf where the leaf of the first is live, and leaves the first as it is elsewhere.
    pub fn apply_where(
        &mut self,
        a: Ref,
        live: &dyn Fn(u32) -> bool,
        b: Ref,
        op: &mut dyn FnMut(u32, u32) -> u32,
    ) -> Done<Ref> {
        let is_dead = |a: Ref| a.as_leaf().is_some_and(|leaf| !live(leaf));
        self.apply_in(a, b, &|a, _| is_dead(a).then_some(a), op, &mut HashMap::default())
    }

    /// Combines two diagrams leaf by leaf; `known` says what needs no further look.
    fn apply_in(
        &mut self,
        a: Ref,
        b: Ref,
        known: &impl Fn(Ref, Ref) -> Option<Ref>,
        op: &mut dyn FnMut(u32, u32) -> u32,
        memo: &mut HashMap<(Ref, Ref), Ref>,
    ) -> Done<Ref> {
        if let Some(known) = known(a, b) {
            return Ok(known);
        }
        if let (Some(x), Some(y)) = (a.as_leaf(), b.as_leaf()) {
            return Ok(Ref::leaf(op(x, y)));
        }
        if let Some(&known) = memo.get(&(a, b)) {
            return Ok(known);
        }
        self.step()?;
        let (var, width) = self.first_of([a, b]);
        let mut children = Vec::with_capacity(width);
        for value in 0..width {
            let (x, y) = (self.child(a, var, value), self.child(b, var, value));
            children.push(self.apply_in(x, y, known, op, memo)?);
        }
        let made = self.make(var, &children)?;
        memo.insert((a, b), made);
        Ok(made)
    }

    /// The first variable that one of some diagrams tests, and how many values it has. One of them is a node.
    fn first_of<const N: usize>(&self, of: [Ref; N]) -> (Var, usize) {
        let nodes = of.iter().filter_map(|at| self.node(*at)).map(|(var, children)| (var, children.len()));
        nodes.min().expect("one of them is a node")
    }

    /// Whether something holds of two diagrams in every world.
    pub fn all(&mut self, a: Ref, b: Ref, holds: &dyn Fn(u32, u32) -> bool) -> Done<bool> {
        let mut seen = HashSet::default();
        let mut left = vec![(a, b)];
        while let Some((a, b)) = left.pop() {
            if let (Some(x), Some(y)) = (a.as_leaf(), b.as_leaf()) {
                if !holds(x, y) {
                    return Ok(false);
                }
            } else if seen.insert((a, b)) {
                self.step()?;
                let (var, width) = self.first_of([a, b]);
                left.extend((0..width).map(|value| (self.child(a, var, value), self.child(b, var, value))));
            }
        }
        Ok(true)
    }

    /// One step more.
    fn step(&mut self) -> Done<()> {
        self.steps += 1;
        if self.steps > self.limit.saturating_mul(STEPS_PER_NODE) { Err(OverBudget) } else { Ok(()) }
    }

    /// A diagram that says the same where `care` is yes, and asks nothing that it did not ask before; where `care` is no its
    /// leaves are `free`, as far as something else is asked there at all.
    pub fn assuming(&mut self, a: Ref, care: Ref, free: u32) -> Done<Ref> {
        self.assuming_in(a, care, Ref::leaf(free), &mut HashMap::default())
    }

    fn assuming_in(&mut self, a: Ref, care: Ref, free: Ref, memo: &mut HashMap<(Ref, Ref), Ref>) -> Done<Ref> {
        if care == NO {
            return Ok(free);
        }
        let (Some(var), Some(asked)) = (self.top(a), self.top(care)) else { return Ok(a) };
        if let Some(&known) = memo.get(&(a, care)) {
            return Ok(known);
        }
        self.step()?;
        let made = if asked < var {
            // What is not asked may be as it likes.
            let mut any = NO;
            for value in 0..self.width_at(care, asked).unwrap_or_default() {
                any = self.or(any, self.child(care, asked, value))?;
            }
            self.assuming_in(a, any, free, memo)?
        } else {
            let width = self.width_at(a, var).unwrap_or_default();
            let mut children = Vec::with_capacity(width);
            for value in 0..width {
                let (child, care) = (self.child(a, var, value), self.child(care, var, value));
                children.push(self.assuming_in(child, care, free, memo)?);
            }
            let mut matters = children.iter().filter(|child| **child != free);
            match matters.next() {
                Some(&first) if matters.all(|other| *other == first) => first,
                _ => self.make(var, &children)?,
            }
        };
        memo.insert((a, care), made);
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
        let known = |a, b| match (a, b) {
            (NO, _) | (_, NO) => Some(NO),
            (YES, other) | (other, YES) => Some(other),
            _ => (a == b).then_some(a),
        };
        self.apply_in(a, b, &known, &mut |x, y| x & y, &mut HashMap::default())
    }

    pub fn or(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        self.max(a, b, 1)
    }

    /// The greater of the leaves of two diagrams, none of which is above `most`.
    pub fn max(&mut self, a: Ref, b: Ref, most: u32) -> Done<Ref> {
        let (least, most) = (Ref::leaf(0), Ref::leaf(most));
        let known = |a, b| match (a, b) {
            _ if a == most || b == most => Some(most),
            (a, other) | (other, a) if a == least => Some(other),
            _ => (a == b).then_some(a),
        };
        self.apply_in(a, b, &known, &mut |x, y| x.max(y), &mut HashMap::default())
    }

    /// `then` where `condition` holds, `otherwise` elsewhere.
    pub fn choose(&mut self, condition: Ref, then: Ref, otherwise: Ref) -> Done<Ref> {
        self.choose_in([condition, then, otherwise], &mut HashMap::default())
    }

    fn choose_in(&mut self, of: [Ref; 3], memo: &mut HashMap<[Ref; 3], Ref>) -> Done<Ref> {
        let [condition, then, otherwise] = of;
        match condition {
            YES => return Ok(then),
            NO => return Ok(otherwise),
            _ if then == otherwise => return Ok(then),
            _ => {}
        }
        if let Some(&known) = memo.get(&of) {
            return Ok(known);
        }
        self.step()?;
        let (var, width) = self.first_of(of);
        let mut children = Vec::with_capacity(width);
        for value in 0..width {
            children.push(self.choose_in(of.map(|at| self.child(at, var, value)), memo)?);
        }
        let made = self.make(var, &children)?;
        memo.insert(of, made);
        Ok(made)
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
                self.make(var, &narrowed)?
            }
        };
        memo.insert(a, made);
        Ok(made)
    }

    /// All nodes and leaves of a diagram, each once; the diagram itself comes first.
    pub fn reachable(&self, a: Ref) -> Vec<Ref> {
        let mut seen = HashSet::from_iter([a]);
        let mut found = vec![a];
        let mut at = 0;
        while let Some(&next) = found.get(at) {
            at += 1;
            let Some((_, children)) = self.node(next) else { continue };
            found.extend(children.iter().copied().filter(|&child| seen.insert(child)));
        }
        found
    }

    /// The leaves of a diagram.
    pub fn leaves(&self, a: Ref) -> BTreeSet<u32> {
        self.reachable(a).into_iter().filter_map(Ref::as_leaf).collect()
    }

    /// The variables that a diagram depends on.
    #[cfg(test)]
    pub fn support(&self, a: Ref) -> BTreeSet<Var> {
        self.reachable(a).into_iter().filter_map(|at| self.top(at)).collect()
    }

    /// Of every variable that a diagram depends on, for each of its values: the leaves that can still be reached
    /// when the variable has that value, as bits. Leaves are less than 64.
    pub fn leaves_by_value(&self, a: Ref) -> BTreeMap<Var, Vec<u64>> {
        let mut nodes: Vec<Ref> = self.reachable(a).into_iter().filter(|at| at.as_leaf().is_none()).collect();
        nodes.sort_unstable_by_key(|&at| self.top(at));
        let mut by_var: BTreeMap<Var, Vec<u64>> = BTreeMap::new();
        for (var, children) in nodes.iter().filter_map(|&at| self.node(at)) {
            by_var.entry(var).or_insert_with(|| vec![0; children.len()]);
        }
        let level: HashMap<Var, usize> = by_var.keys().enumerate().map(|(at, var)| (*var, at)).collect();
        // Under every node, from the last variable to the first.
        let mut below: HashMap<Ref, u64> = HashMap::default();
        let leaves = |below: &HashMap<Ref, u64>, at: Ref| at.as_leaf().map_or_else(|| below[&at], |leaf| 1 << leaf);
        // How many edges go past a variable, for each leaf under them: added where they begin, taken off where they end.
        let mut passing: Vec<HashMap<u32, i64>> = vec![HashMap::default(); by_var.len() + 1];
        for &at in nodes.iter().rev() {
            let (var, children) = self.node(at).expect("leaves were left out");
            let mut all = 0;
            for (value, &child) in children.iter().enumerate() {
                let under = leaves(&below, child);
                all |= under;
                by_var.get_mut(&var).expect("every variable has its entry")[value] |= under;
                let (from, to) = (level[&var] + 1, self.top(child).map_or(by_var.len(), |var| level[&var]));
                for leaf in (0..64).filter(|leaf| from < to && under & (1 << leaf) != 0) {
                    *passing[from].entry(leaf).or_default() += 1;
                    *passing[to].entry(leaf).or_default() -= 1;
                }
            }
            below.insert(at, all);
        }
        let mut past: BTreeMap<u32, i64> = BTreeMap::new();
        for (values, change) in by_var.values_mut().zip(&passing) {
            for (leaf, count) in change {
                *past.entry(*leaf).or_default() += count;
            }
            let passed = past.iter().filter(|(_, count)| **count > 0).fold(0, |all, (leaf, _)| all | 1 << leaf);
            values.iter_mut().for_each(|value| *value |= passed);
        }
        by_var
    }

    fn top(&self, a: Ref) -> Option<Var> {
        self.node(a).map(|(var, _)| var)
    }

    fn width_at(&self, a: Ref, var: Var) -> Option<usize> {
        self.node(a).filter(|(at, _)| *at == var).map(|(_, children)| children.len())
    }

    /// What is left of a diagram when a variable has a value; it tests none before it.
    pub fn child(&self, a: Ref, var: Var, value: usize) -> Ref {
        match self.node(a) {
            Some((at, children)) if at == var => children[value],
            _ => a,
        }
    }
}

fn hash_of(var: Var, children: &[Ref]) -> u64 {
    let mut hasher = FxHasher::default();
    var.hash(&mut hasher);
    children.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Some tests of five variables with three values each, put on top of one another.
    fn diagram(table: &mut Table, tests: &[(u32, [bool; 3], u32)]) -> Ref {
        let mut all = Ref::leaf(0);
        for &(var, holds, leaf) in tests {
            let test = table.test(Var(var), holds).expect("small");
            all = table.choose(test, Ref::leaf(leaf), all).expect("small");
        }
        all
    }

    proptest! {
        #[test]
        fn leaves_by_value_are_the_leaves_of_the_restricted_diagram(
            tests in prop::collection::vec((0..5u32, any::<[bool; 3]>(), 0..5u32), 0..12),
        ) {
            let mut table = Table::new(10_000);
            let all = diagram(&mut table, &tests);
            let by_value = table.leaves_by_value(all);
            prop_assert_eq!(by_value.keys().copied().collect::<BTreeSet<_>>(), table.support(all));
            for (var, values) in by_value {
                for (value, leaves) in values.into_iter().enumerate() {
                    let narrowed = table.restrict(all, &|at| (at == var).then_some(value)).expect("small");
                    let expected = table.leaves(narrowed).into_iter().fold(0u64, |all, leaf| all | 1 << leaf);
                    prop_assert_eq!(leaves, expected);
                }
            }
        }

        #[test]
        fn what_is_assumed_changes_nothing_where_it_holds(
            tests in prop::collection::vec((0..5u32, any::<[bool; 3]>(), 0..5u32), 0..12),
            cared in prop::collection::vec((0..5u32, any::<[bool; 3]>(), 0..2u32), 0..6),
        ) {
            const FREE: u32 = 9;
            let mut table = Table::new(10_000);
            let all = diagram(&mut table, &tests);
            let care = diagram(&mut table, &cared);
            let assumed = table.assuming(all, care, FREE).expect("small");
            prop_assert!(table.support(assumed).is_subset(&table.support(all)));
            let kept = table.apply(care, assumed, &mut |care, leaf| if care == 1 { leaf } else { 0 }).expect("small");
            let wanted = table.apply(care, all, &mut |care, leaf| if care == 1 { leaf } else { 0 }).expect("small");
            prop_assert_eq!(kept, wanted);
            // Only live leaves are combined.
            let live = |leaf: u32| leaf != 2;
            let masked = table.apply_where(all, &live, care, &mut |leaf, care| leaf + 10 * care).expect("small");
            let expected = table.apply(all, care, &mut |leaf, care| if leaf == 2 { 2 } else { leaf + 10 * care });
            prop_assert_eq!(masked, expected.expect("small"));
        }
    }
}
