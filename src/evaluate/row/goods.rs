//! An item and a code that describe the same goods: what one says of the other when only one is stated.

use std::collections::{BTreeSet, HashMap};

use crate::check::program::{Schema, Type};
use crate::diagram::code::Code;
use crate::facts::tape::Width;
use crate::normal::Cells;

use super::tables::{Field, HS_END};

/// The term of goods that no term with a code names.
const OTHER_GOODS: &str = "other_goods";

/// The codes of one of the two when the other is stated.
#[derive(Debug, Clone)]
pub(super) struct Goods {
    /// By item: the codes that goods of it may have, and none.
    codes: Box<[Code]>,
    /// Where stretches of HS codes begin that the same items carry.
    cuts: Box<[u64]>,
    /// By stretch: the items that may have a code of it, and none.
    items: Box<[Code]>,
    /// By stretch: the items for which a code of it stands, where nobody says what else it is.
    silent: Box<[Code]>,
}

impl Goods {
    /// Adds the sets of cells to the two fields; `None` when no norm tests both.
    pub fn new(schema: &Schema, fields: &mut [Field]) -> Option<Goods> {
        let (item, hs) = schema.core.goods?;
        let Type::Term(taxonomy) = schema.activity().fields[item.at()].ty else { return None };
        let at = |fields: &[Field], wanted| fields.iter().position(|field| field.field == wanted);
        let (item, hs) = (at(fields, item)?, at(fields, hs)?);
        let terms = &schema.taxonomies[taxonomy.at()].terms;
        // The codes of the nearest of a term and those above it that carries any.
        let mut nearest: Vec<&[(u64, u64)]> = Vec::with_capacity(terms.len());
        for term in terms {
            let above = term.parent.map_or(&[][..], |parent| nearest[parent as usize]);
            nearest.push(if term.codes.is_empty() { above } else { &term.codes });
        }

        // From the last term to the first, so that a branch has what is below it.
        let mut below: Vec<Cells> = vec![Cells::none(fields[hs].coding.cells()); terms.len()];
        for (at, term) in terms.iter().enumerate().rev() {
            let own = match nearest[at] {
                [] => Cells::all(fields[hs].coding.cells()),
                codes => {
                    let mut own = fields[hs].coding.ranges(codes.iter().map(|&(from, to)| (from as i64, to as i64)));
                    own.insert(0);
                    own
                }
            };
            below[at] = below[at].or(&own);
            if let Some(parent) = term.parent {
                below[parent as usize] = below[parent as usize].or(&below[at]);
            }
        }
        let mut known: HashMap<Cells, Code> = HashMap::new();
        let codes = below
            .into_iter()
            .map(|cells| *known.entry(cells).or_insert_with_key(|cells| fields[hs].some(cells.clone())));
        let codes = codes.collect();

        let ends = terms.iter().flat_map(|term| &term.codes).flat_map(|&(from, to)| [from, to]);
        let cuts: BTreeSet<u64> = ends.filter(|cut| *cut < HS_END).chain([0]).collect();
        let (mut items, mut silent) = (Vec::new(), Vec::new());
        for &cut in &cuts {
            let mut carriers = Cells::none(fields[item].coding.cells());
            let mut possible = Cells::one(fields[item].coding.cells(), 0);
            for (at, codes) in nearest.iter().enumerate() {
                let carries = codes.iter().any(|&(from, to)| from <= cut && cut < to);
                if carries || codes.is_empty() {
                    possible.insert(fields[item].coding.of_whole(at as i64));
                }
                if carries {
                    carriers.insert(fields[item].coding.of_whole(at as i64));
                }
            }
            if carriers.count() == 0
                && let Some(other) = terms.iter().position(|term| term.name == OTHER_GOODS)
            {
                carriers.insert(fields[item].coding.of_whole(other as i64));
            }
            items.push(fields[item].some(possible));
            silent.push(if carriers.count() == 0 { Code::ANY } else { fields[item].some(carriers) });
        }
        Some(Goods { codes, cuts: cuts.into_iter().collect(), items: items.into(), silent: silent.into() })
    }

    /// The codes that goods of a stated item may have.
    pub fn codes_of(&self, item: u32) -> Code {
        self.codes[item as usize]
    }

    /// The items that goods of a stated code may be.
    pub fn items_of(&self, from: u64, width: Width) -> Code {
        self.stretch(from, width).map_or(Code::ANY, |at| self.items[at])
    }

    /// The items for which a code stands in a complete question that states no item.
    pub fn silent(&self, from: u64, width: Width) -> Code {
        self.stretch(from, width).map_or(Code::ANY, |at| self.silent[at])
    }

    /// The stretch in which all codes lie that begin so.
    fn stretch(&self, from: u64, width: Width) -> Option<usize> {
        let at = self.cuts.partition_point(|cut| *cut <= from) - 1;
        self.cuts.get(at + 1).is_none_or(|next| from + width.codes() <= *next).then_some(at)
    }
}
