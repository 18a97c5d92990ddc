//! Item and HS code describe the same goods (`semantics.md`, section 2).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::check::program::{ACTIVITY, FieldId, Program, TaxonomyId, Terms, Type};
use crate::facts::path::FactPath;
use crate::facts::question::{State, Value};

use super::cells::CODES_END;
use super::world::{Asked, Case, Cell, Key, Spot, World};

/// An item and an HS code that are possible together.
pub(super) type Pair = (Cell, Cell);

/// The nearest of the term and the terms above it that carries codes.
pub(super) fn coded(program: &Program, taxonomy: TaxonomyId, term: u32) -> Option<u32> {
    let terms = &program.schema.taxonomies[taxonomy.at()].terms;
    let mut next = Some(term);
    while let Some(term) = next {
        if !terms[term as usize].codes.is_empty() {
            return Some(term);
        }
        next = terms[term as usize].parent;
    }
    None
}

/// The codes that the terms of a branch carry.
pub(super) fn codes_of_branch(program: &Program, taxonomy: TaxonomyId, term: u32) -> Vec<(u64, u64)> {
    let terms = &program.schema.taxonomies[taxonomy.at()].terms;
    let mut codes: Vec<(u64, u64)> =
        (term..terms[term as usize].end).flat_map(|term| terms[term as usize].codes.iter().copied()).collect();
    codes.sort_unstable();
    codes
}

pub(super) fn in_codes(codes: &[(u64, u64)], code: u64) -> bool {
    codes.iter().any(|&(from, to)| from <= code && code < to)
}

impl Case<'_> {
    pub fn is_goods(&self, field: FieldId) -> bool {
        self.schema().core.goods.is_some_and(|(item, hs)| field == item || field == hs)
    }

    /// Goods are a line's own when it states the item or the code itself.
    pub fn goods_line(&self, line: usize) -> Option<usize> {
        let (item, hs) = self.schema().core.goods?;
        (self.owns(line, item) || self.owns(line, hs)).then_some(line)
    }

    fn taxonomy_of_items(&self) -> TaxonomyId {
        let (item, _) = self.schema().core.goods.expect("asked only of a schema with goods");
        match self.field(ACTIVITY, item).ty {
            Type::Term(taxonomy) => taxonomy,
            other => unreachable!("items are terms of a taxonomy, not {other:?}"),
        }
    }

    /// A pair is possible when one of them is none, when the term and those
    /// above it carry no codes, or when the code is among those that the nearest carries.
    fn is_possible(&self, item: &Cell, hs: &Cell) -> bool {
        match (item, hs) {
            (Cell::Term(term), Cell::Code(code)) => {
                let taxonomy = self.taxonomy_of_items();
                coded(self.program, taxonomy, *term).is_none_or(|coded| {
                    in_codes(&self.schema().taxonomies[taxonomy.at()].terms[coded as usize].codes, *code)
                })
            }
            _ => true,
        }
    }

    fn is_stated(&self, line: usize, field: FieldId) -> bool {
        matches!(self.question.lines[line].facts.0.get(field.at()), Some(State::Is(_) | State::None))
    }

    /// A complete question that states a code and no item speaks of the goods that carry the code.
    pub fn item_follows_code(&self, line: usize) -> bool {
        let Some((item, hs)) = self.schema().core.goods else { return false };
        self.is_left_out(line, item) && matches!(self.state(&self.activity(line), hs), State::Is(_))
    }

    /// Nobody said anything of it, and `complete` makes `none` of that.
    fn is_left_out(&self, line: usize, field: FieldId) -> bool {
        let stated = self.question.lines[line].facts.0.get(field.at());
        matches!(stated, None | Some(State::Unstated)) && *self.state(&self.activity(line), field) == State::None
    }

    /// Whether the key is settled anew whenever the fact changes: the item,
    /// where it follows from the code.
    pub fn follows(&self, key: &Key, fact: &FactPath) -> bool {
        let Some((item, hs)) = self.schema().core.goods else { return false };
        let Key::Value { at, field, element: None, unit: None } = key else { return false };
        if !at.steps.is_empty() || !self.is_goods(*field) {
            return false;
        }
        let line = at.line.unwrap_or_else(|| self.line_with_shared_goods());
        let is = |field: FieldId| self.goods_key(line, field).path(self) == *fact;
        (*field == item && is(hs) && self.item_follows_code(line))
            || (*field == hs && is(item) && self.goods_together.get())
    }

    /// Item and code, where both are open and neither is one fact with the other.
    pub fn goods_keys(&self) -> Vec<Key> {
        let Some((item, hs)) = self.schema().core.goods else { return Vec::new() };
        (0..self.question.lines.len())
            .filter(|&line| !self.goods_are_one_fact(line))
            .flat_map(|line| [self.goods_key(line, item), self.goods_key(line, hs)])
            .collect()
    }

    /// When neither is stated, the pair counts as one fact.
    pub fn goods_are_one_fact(&self, line: usize) -> bool {
        self.schema().core.goods.is_some_and(|(item, hs)| !self.is_stated(line, item) && !self.is_stated(line, hs))
    }

    /// The possible pairs, one of each kind that matters.
    pub fn pairs(&self, line: usize) -> Rc<Vec<Pair>> {
        let place = self.goods_line(line);
        if let Some(pairs) = self.known_pairs.borrow().get(&place) {
            return pairs.clone();
        }
        let pairs = Rc::new(self.possible_pairs(line));
        self.known_pairs.borrow_mut().insert(place, pairs.clone());
        pairs
    }

    fn possible_pairs(&self, line: usize) -> Vec<Pair> {
        let (item, hs) = self.schema().core.goods.expect("asked only of a schema with goods");
        let at = self.activity(line);
        let derived = self.item_follows_code(line);
        let every_item = || {
            let taxonomy = self.taxonomy_of_items();
            self.terms(ACTIVITY, item, taxonomy, 0..u32::MAX, false).into_iter().map(Cell::Term)
        };
        let items = if derived {
            every_item().collect()
        } else if self.is_left_out(line, item) && *self.state(&at, hs) == State::Unknown {
            // Said aloud that the code is not known: then these goods are not.
            every_item().chain([Cell::None]).collect()
        } else {
            self.value_cells(&at, item, None, None)
        };
        let divides: BTreeSet<u64> = items
            .iter()
            .filter_map(|item| if let Cell::Term(term) = item { Some(*term) } else { None })
            .filter_map(|term| coded(self.program, self.taxonomy_of_items(), term))
            .flat_map(|term| self.schema().taxonomies[self.taxonomy_of_items().at()].terms[term as usize].codes.clone())
            .flat_map(|(from, to)| [from, to])
            .collect();
        let hs_state = self.state(&at, hs);
        let mut codes = match hs_state {
            State::None => Vec::new(),
            State::Is(Value::Codes(from, to)) => self.codes(ACTIVITY, hs, (*from, *to), &divides),
            _ => self.codes(ACTIVITY, hs, (0, CODES_END), &divides),
        };
        if !matches!(hs_state, State::Is(_)) && !(self.field(ACTIVITY, hs).required) {
            codes.push(Cell::None);
        }
        let mut pairs = Vec::new();
        for hs in codes {
            if derived {
                pairs.extend(self.items_that_carry(&items, &hs).into_iter().map(|item| (item, hs.clone())));
            } else {
                let possible = items.iter().filter(|item| self.is_possible(item, &hs));
                pairs.extend(possible.map(|item| (item.clone(), hs.clone())));
            }
        }
        if self.goods_are_one_fact(line) { self.one_of_each(pairs) } else { pairs }
    }

    /// The items that `complete` leaves when only a code is stated.
    fn items_that_carry(&self, items: &[Cell], hs: &Cell) -> Vec<Cell> {
        let Cell::Code(code) = *hs else { return vec![Cell::None] };
        let taxonomy = &self.schema().taxonomies[self.taxonomy_of_items().at()];
        let carry: Vec<Cell> = items
            .iter()
            .filter(|item| {
                let Cell::Term(term) = item else { return false };
                coded(self.program, self.taxonomy_of_items(), *term)
                    .is_some_and(|coded| in_codes(&taxonomy.terms[coded as usize].codes, code))
            })
            .cloned()
            .collect();
        if !carry.is_empty() {
            return carry;
        }
        vec![taxonomy.by_name.get("other_goods").map_or(Cell::None, |&term| Cell::Term(term))]
    }

    /// One pair of each kind that no test tells apart.
    fn one_of_each(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let (item, hs) = self.schema().core.goods.expect("asked only of a schema with goods");
        let compared = [item, hs].iter().any(|&field| {
            self.tested().field(ACTIVITY, field).is_some_and(|tests| tests.compared || !tests.groups.is_empty())
        });
        if compared {
            return pairs;
        }
        let mut kinds = BTreeMap::new();
        for pair in pairs {
            let answers: Vec<bool> = self
                .tested()
                .goods
                .iter()
                .map(|test| match (&pair.0, &pair.1) {
                    (Cell::Term(term), _) if test.terms.as_ref().is_some_and(|terms| terms.has(*term)) => true,
                    (Cell::Term(_), _) if test.codes_for_want_of_item => false,
                    (_, Cell::Code(code)) => in_codes(&test.codes, *code),
                    _ => false,
                })
                .collect();
            let none = (pair.0 == Cell::None, pair.1 == Cell::None);
            kinds.entry((answers, none)).or_insert(pair);
        }
        kinds.into_values().collect()
    }

    fn goods_key(&self, line: usize, field: FieldId) -> Key {
        let at = Spot { line: self.goods_line(line), steps: Vec::new() };
        Key::Value { at, field, element: None, unit: None }
    }

    /// If the key is the item (and the code is another fact): the key of the
    /// code, and the codes that are possible with both items.
    pub fn codes_possible_with_both(&self, key: &Key, one: &Cell, other: &Cell) -> Option<(Key, Vec<Cell>)> {
        let (item, hs) = self.schema().core.goods?;
        let Key::Value { at, field, element: None, unit: None } = key else { return None };
        let line = at.line.unwrap_or_else(|| self.line_with_shared_goods());
        if !at.steps.is_empty() || *field != item || self.item_follows_code(line) || self.goods_together.get() {
            return None;
        }
        let pairs = self.pairs(line);
        let with = |item: &Cell| pairs.iter().filter(|pair| pair.0 == *item).map(|pair| pair.1.clone()).collect();
        let (with_one, with_other): (BTreeSet<Cell>, BTreeSet<Cell>) = (with(one), with(other));
        Some((self.goods_key(line, hs), with_one.intersection(&with_other).cloned().collect()))
    }

    fn line_with_shared_goods(&self) -> usize {
        (0..self.question.lines.len()).find(|&line| self.goods_line(line).is_none()).unwrap_or(0)
    }
}

impl World<'_, '_> {
    /// The cells of item, code or both; `None` of any other fact.
    pub fn goods_cells(&self, key: &Key) -> Asked<Option<Rc<Vec<Cell>>>> {
        let Some((item, hs)) = self.case.schema().core.goods else { return Ok(None) };
        let cells: Vec<Cell> = match key {
            Key::Goods { line } => {
                let line = line.unwrap_or_else(|| self.case.line_with_shared_goods());
                self.case.pairs(line).iter().map(|pair| Cell::Pair(Box::new(pair.clone()))).collect()
            }
            Key::Value { at, field, element: None, unit: None }
                if at.steps.is_empty() && self.case.is_goods(*field) =>
            {
                let line = at.line.unwrap_or_else(|| self.case.line_with_shared_goods());
                let pairs = self.case.pairs(line);
                let half = |pair: &Pair| if *field == item { pair.0.clone() } else { pair.1.clone() };
                // One of the two comes first, and leaves the other what is possible with it.
                let first = if self.case.item_follows_code(line) { hs } else { item };
                let cells: BTreeSet<Cell> = if *field == first {
                    pairs.iter().map(half).collect()
                } else {
                    let known = self.get(self.case.goods_key(line, first))?;
                    let fits = |pair: &&Pair| *(if first == item { &pair.0 } else { &pair.1 }) == known;
                    pairs.iter().filter(fits).map(half).collect()
                };
                cells.into_iter().collect()
            }
            _ => return Ok(None),
        };
        Ok(Some(Rc::new(cells)))
    }

    /// Item and HS code.
    pub fn goods(&self, line: usize) -> Asked<Pair> {
        let (item, hs) = self.case.schema().core.goods.expect("asked only of a schema with goods");
        if self.case.goods_are_one_fact(line) {
            return match self.get(Key::Goods { line: self.case.goods_line(line) })? {
                Cell::Pair(pair) => Ok(*pair),
                other => unreachable!("goods are pairs, not {other:?}"),
            };
        }
        Ok((self.get(self.case.goods_key(line, item))?, self.get(self.case.goods_key(line, hs))?))
    }

    /// Whether item and code pass a test; not asked for when all that are still possible pass, or none.
    pub fn goods_pass(&self, line: usize, test: &dyn Fn(&Cell, &Cell) -> bool) -> Asked<bool> {
        let (item, hs) = self.case.schema().core.goods.expect("asked only of a schema with goods");
        let together = self.says(&Key::Goods { line: self.case.goods_line(line) });
        let item = self.says(&self.case.goods_key(line, item));
        let hs = self.says(&self.case.goods_key(line, hs));
        let pairs = self.case.pairs(line);
        let mut answers = pairs
            .iter()
            .filter(|pair| match together {
                Some(Cell::Pair(known)) => **known == **pair,
                _ => item.is_none_or(|item| *item == pair.0) && hs.is_none_or(|hs| *hs == pair.1),
            })
            .map(|pair| test(&pair.0, &pair.1));
        let first = answers.next().unwrap_or(false);
        if answers.all(|answer| answer == first) {
            return Ok(first);
        }
        self.goods(line).map(|(item, hs)| test(&item, &hs))
    }

    /// The item is in these branches, or the code among these.
    pub fn goods_are(&self, line: usize, terms: &Terms, codes: &[(u64, u64)]) -> Asked<bool> {
        self.goods_pass(line, &|item, hs| {
            matches!(item, Cell::Term(term) if terms.has(*term))
                || matches!(hs, Cell::Code(code) if in_codes(codes, *code))
        })
    }

    /// The item lies in the branch; or there is none, and the code is one that the branch carries.
    pub fn goods_are_covered(&self, line: usize, branch: u32) -> Asked<bool> {
        let taxonomy = self.case.taxonomy_of_items();
        let end = self.case.schema().taxonomies[taxonomy.at()].terms[branch as usize].end;
        let codes = codes_of_branch(self.case.program, taxonomy, branch);
        self.goods_pass(line, &|item, hs| match (item, hs) {
            (Cell::Term(term), _) => (branch..end).contains(term),
            (_, Cell::Code(code)) => in_codes(&codes, *code),
            _ => false,
        })
    }
}
