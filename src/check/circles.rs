//! Circles in a relation, and the longest way through one that has none.

use std::collections::{BTreeMap, BTreeSet};

/// Some circles of the relation, at most twenty; none only when there is none.
/// Each is listed once, from its least member on.
pub(super) fn circles(edges: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<u32>> {
    let mut left: BTreeSet<(u32, u32)> = edges.collect();
    let mut found = Vec::new();
    while found.len() < 20 {
        left = in_circles(&left);
        let Some(&(start, _)) = left.first() else { break };
        let circle = walk(&left, start);
        left.retain(|(from, to)| !circle.contains(from) && !circle.contains(to));
        found.push(circle);
    }
    found
}

/// The edges that are left when nodes from which nothing leads on are taken away, again and again.
fn in_circles(edges: &BTreeSet<(u32, u32)>) -> BTreeSet<(u32, u32)> {
    let mut out: BTreeMap<u32, usize> = BTreeMap::new();
    let mut into: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &(from, to) in edges {
        *out.entry(from).or_default() += 1;
        out.entry(to).or_default();
        into.entry(to).or_default().push(from);
    }
    let mut ends: Vec<u32> = out.iter().filter(|(_, count)| **count == 0).map(|(node, _)| *node).collect();
    let mut gone = BTreeSet::new();
    while let Some(end) = ends.pop() {
        gone.insert(end);
        for from in into.get(&end).into_iter().flatten() {
            let count = out.get_mut(from).expect("every node of an edge was counted");
            *count -= 1;
            if *count == 0 {
                ends.push(*from);
            }
        }
    }
    edges.iter().copied().filter(|(from, to)| !gone.contains(from) && !gone.contains(to)).collect()
}

/// From every node an edge leads on, so a walk meets itself.
fn walk(edges: &BTreeSet<(u32, u32)>, start: u32) -> Vec<u32> {
    let mut path = vec![start];
    loop {
        let last = path[path.len() - 1];
        let &(_, next) = edges.range((last, 0)..).next().expect("an edge leads on from every node that is left");
        if let Some(at) = path.iter().position(|node| *node == next) {
            let mut circle = path.split_off(at);
            let least = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
            circle.rotate_left(least);
            return circle;
        }
        path.push(next);
    }
}

/// For each node the number of nodes on the longest way from it, itself included. The relation has no circle.
pub(super) fn depths(edges: &BTreeSet<(u32, u32)>) -> BTreeMap<u32, usize> {
    let mut out: BTreeMap<u32, usize> = BTreeMap::new();
    let mut into: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &(from, to) in edges {
        *out.entry(from).or_default() += 1;
        out.entry(to).or_default();
        into.entry(to).or_default().push(from);
    }
    let mut depth: BTreeMap<u32, usize> = out.keys().map(|node| (*node, 1)).collect();
    let mut ends: Vec<u32> = out.iter().filter(|(_, count)| **count == 0).map(|(node, _)| *node).collect();
    while let Some(end) = ends.pop() {
        let below = depth[&end];
        for from in into.get(&end).into_iter().flatten() {
            let own = depth.get_mut(from).expect("every node of an edge has a depth");
            *own = (*own).max(below + 1);
            let count = out.get_mut(from).expect("every node of an edge was counted");
            *count -= 1;
            if *count == 0 {
                ends.push(*from);
            }
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_once_and_only_if_there_are_some() {
        assert!(circles([(1, 2), (2, 3), (1, 3)].into_iter()).is_empty());
        assert_eq!(circles([(3, 1), (1, 2), (2, 3), (0, 1), (3, 9)].into_iter()), [vec![1, 2, 3]]);
        assert_eq!(circles([(4, 4), (5, 6), (6, 5)].into_iter()), [vec![4], vec![5, 6]]);
    }

    #[test]
    fn the_longest_way_counts() {
        let depths = depths(&[(1, 2), (2, 3), (1, 3)].into());
        assert_eq!(depths, [(1, 3), (2, 2), (3, 1)].into());
    }
}
