//! Taxonomies, records, units, groups and lists.

use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{
    At, Field, FieldType, Group, Item, List, Member, Period, Presume, Taxonomy, Term, Tolerate, Unit,
};

use super::{Build, Seen};

impl<'i> Build<'_> {
    pub(super) fn taxonomy(&mut self, node: &Node<'i>) -> Taxonomy {
        Taxonomy { name: self.first_name(node), title: self.maybe_text(node), terms: self.terms(node) }
    }

    pub(super) fn extend_taxonomy(&mut self, node: &Node<'i>) -> Item {
        let mut names = self.names(node).into_iter();
        let name = names.next().expect("the rule has a name");
        Item::ExtendTaxonomy { name, under: names.next(), terms: self.terms(node) }
    }

    fn terms(&mut self, node: &Node<'i>) -> Vec<Term> {
        let mut terms = Vec::new();
        for term in node.all(Rule::term) {
            terms.push(self.term(&term));
        }
        terms
    }

    fn term(&mut self, node: &Node<'i>) -> Term {
        let mut codes = Vec::new();
        if let Some(carried) = node.part(Rule::carried) {
            codes.extend(carried.all(Rule::code).map(|code| self.codes(&code)));
        }
        Term {
            name: self.first_name(node),
            title: self.maybe_text(node),
            codes,
            children: self.terms(node),
            span: self.place(node),
        }
    }

    pub(super) fn fields(&mut self, node: &Node<'i>) -> Vec<Field> {
        let Some(fields) = node.part(Rule::fields) else { return Vec::new() };
        fields.all(Rule::field).map(|field| self.field(&field)).collect()
    }

    fn field(&mut self, node: &Node<'i>) -> Field {
        let name = node.part(Rule::field_name).expect("a field has a name");
        let ty = node.part(Rule::field_type).expect("a field has a type");
        let mut names = self.names(&ty).into_iter();
        if is_condition_word(name.text()) {
            let place = self.span(&name);
            self.report.reserved_word(place, name.text(), "the name of a field");
        }
        Field {
            name: self.name(&name),
            ty: FieldType {
                list: ty.part(Rule::kw_list).is_some(),
                name: names.next().expect("a type has a name"),
                coded_by: names.next(),
            },
            required: node.part(Rule::kw_required).is_some(),
            question: self.maybe_text(node),
            tolerates: self.tolerates(node),
        }
    }

    pub(super) fn unit(&mut self, node: &Node<'i>) -> Unit {
        let mut names = self.names(node).into_iter();
        let name = names.next().expect("a unit has a name");
        let factor = node.part(Rule::number).map(|number| self.decimal(&number));
        let counted = node.part(Rule::kw_counted).is_some();
        Unit { name, counted, is: factor.zip(names.next()), title: self.maybe_text(node) }
    }

    pub(super) fn group(&mut self, node: &Node<'i>) -> Group {
        let mut names = self.names(node).into_iter();
        Group {
            name: names.next().expect("a group has a name"),
            taxonomy: names.next().expect("a group has a taxonomy"),
            title: self.maybe_text(node),
            members: node.all(Rule::member).map(|member| self.member(&member)).collect(),
        }
    }

    fn member(&mut self, node: &Node<'i>) -> Member {
        let mut period = Period::default();
        let mut seen = Seen::default();
        for part in node.parts().filter(|part| part.rule() != Rule::name) {
            self.period_part(&mut period, &mut seen, &part);
        }
        Member { term: self.first_name(node), period }
    }

    pub(super) fn list(&mut self, node: &Node<'i>) -> List {
        let mut names = self.names(node).into_iter();
        let name = names.next().expect("a list has a name");
        List { name, title: self.maybe_text(node), measures: names.collect() }
    }

    pub(super) fn holidays(&mut self, node: &Node<'i>) -> Item {
        let days = node.all(Rule::number).map(|day| self.day(&day)).collect();
        Item::Holidays { source: self.maybe_text(node), days }
    }

    pub(super) fn presume(&mut self, node: &Node<'i>) -> Presume {
        let value = node.part(Rule::value).expect("a presumption has a value");
        Presume {
            field: self.first_name(node),
            value: self.value(&value),
            citation: self.maybe_text(node),
            tolerates: self.tolerates(node),
        }
    }

    /// What the author knows of, and why it stays.
    pub(super) fn tolerates(&self, node: &Node<'i>) -> Vec<At<Tolerate>> {
        node.all(Rule::tolerate).map(|part| self.tolerate(&part)).collect()
    }

    pub(super) fn tolerate(&self, node: &Node<'i>) -> At<Tolerate> {
        let code = node.part(Rule::lint).expect("a finding has a code");
        let reason = self.maybe_text(node).expect("a reason is a text");
        self.at(node, Tolerate { code: self.name(&code), reason })
    }
}

/// Words that a declared field cannot have as its name, because a condition would read them otherwise.
/// Prepositions are not among them: `finding` has a `by` and an `on`.
fn is_condition_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "adopted",
        "advise",
        "always",
        "and",
        "any",
        "caution",
        "define",
        "empty",
        "except",
        "exceptional",
        "exempt",
        "expect",
        "found",
        "is",
        "no",
        "none",
        "not",
        "oblige",
        "or",
        "paragraph",
        "presume",
        "prohibit",
        "reading",
        "replaces",
        "some",
        "tolerate",
        "unknown",
        "until",
        "when",
        "yes",
    ];
    WORDS.contains(&word)
}
