//! A tree of terms.

use std::ops::Range;

use crate::random::Random;

/// A tree of terms, numbered in pre-order, so that a branch is one range of numbers.
#[derive(Debug, Clone)]
pub struct Taxonomy {
    // INVARIANT: `ends[n]` is one past the last term of the branch of term `n`.
    ends: Vec<u32>,
    leaves: Vec<u32>,
}

impl Taxonomy {
    /// A tree of so many terms, with 2 to 9 terms under one.
    pub fn new(terms: usize, random: &mut Random) -> Taxonomy {
        let mut ends = Vec::with_capacity(terms);
        grow(terms, &mut ends, random);
        let leaves = (0..terms as u32).filter(|term| ends[*term as usize] == term + 1).collect();
        Taxonomy { ends, leaves }
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A term and all below it.
    pub fn branch(&self, term: u32) -> Range<u32> {
        term..self.ends[term as usize]
    }

    /// The terms that have none below them, in their order.
    pub fn leaves(&self) -> &[u32] {
        &self.leaves
    }

    /// The leaves of a branch.
    pub fn leaves_of(&self, term: u32) -> &[u32] {
        let Range { start, end } = self.branch(term);
        let first = self.leaves.partition_point(|leaf| *leaf < start);
        &self.leaves[first..self.leaves.partition_point(|leaf| *leaf < end)]
    }

    /// `i00042`
    pub fn name(term: u32) -> String {
        format!("i{term:05}")
    }

    /// The terms as the body of a declaration: `i00000 { i00001 i00002 }`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut open: Vec<u32> = Vec::new();
        for term in 0..self.len() as u32 {
            while open.last().is_some_and(|end| *end <= term) {
                open.pop();
                text.push_str("}\n");
            }
            text.push_str(&Taxonomy::name(term));
            match self.branch(term).len() {
                1 => text.push(' '),
                _ => {
                    text.push_str(" {\n");
                    open.push(self.branch(term).end);
                }
            }
        }
        open.iter().for_each(|_| text.push_str("}\n"));
        text
    }
}

/// Adds trees of `terms` terms in all, one beside the other.
fn grow(terms: usize, ends: &mut Vec<u32>, random: &mut Random) {
    let beside = (2 + random.below(8)).min(terms);
    let mut left = terms;
    for nth in (0..beside).rev() {
        let even = left / (nth + 1);
        let share = if nth == 0 { left } else { (even / 2 + random.below(even + 1)).clamp(1, left - nth) };
        left -= share;
        let term = ends.len();
        ends.push(0);
        if share > 1 {
            grow(share - 1, ends, random);
        }
        ends[term] = ends.len() as u32;
    }
}
