//! Scenarios and properties.

use crate::syntax::grammar::{Node, Rule};
use crate::syntax::tree::{At, Claim, Expect, Fact, Property, Scenario, Span0, Value, Variant};

use super::Build;

impl<'i> Build<'_> {
    pub(super) fn scenario(&mut self, node: &Node<'i>) -> Scenario {
        let title = node.part(Rule::string).expect("a scenario has a title");
        let mut variants = Vec::new();
        for part in node.all(Rule::variant) {
            let variant = self.variant(&part);
            variants.push(self.at(&part, variant));
        }
        Scenario { title: self.text(&title), facts: self.facts(node), expects: self.expects(node), variants }
    }

    fn variant(&mut self, node: &Node<'i>) -> Variant {
        let title = node.part(Rule::string).expect("a variant has a title");
        let without = node
            .part(Rule::without)
            .map_or_else(Vec::new, |without| without.all(Rule::fact_name).map(|name| self.name(&name)).collect());
        Variant { title: self.text(&title), without, facts: self.facts(node), expects: self.expects(node) }
    }

    fn expects(&mut self, node: &Node<'i>) -> Vec<At<Expect>> {
        let mut expects = Vec::new();
        for part in node.all(Rule::expect) {
            let expect = self.expect(&part);
            expects.push(self.at(&part, expect));
        }
        expects
    }

    fn expect(&mut self, node: &Node<'i>) -> Expect {
        let by = node.all(Rule::expect_by).flat_map(|by| self.references(&by)).collect();
        let paths = node.all(Rule::needing).flat_map(|needing| needing.all(Rule::path).collect::<Vec<_>>());
        let needing = paths.map(|path| self.name(&path)).collect();
        let noting = node.all(Rule::noting).flat_map(|noting| self.references(&noting)).collect();
        Expect { verdict: self.first_name(node), by, needing, noting }
    }

    fn facts(&mut self, node: &Node<'i>) -> Vec<Fact> {
        let mut facts = Vec::new();
        for part in node.parts() {
            if matches!(part.rule(), Rule::flag | Rule::act | Rule::ledger | Rule::coded | Rule::plain) {
                facts.push(self.fact(&part));
            }
        }
        facts
    }

    fn fact(&mut self, node: &Node<'i>) -> Fact {
        let mut parts = node.parts();
        let field = parts.next().expect("a fact starts with its name");
        let mut values = Vec::new();
        for part in parts {
            match part.rule() {
                Rule::name | Rule::reference | Rule::word | Rule::kw_yes | Rule::kw_no => {
                    values.push(Value::Word(self.name(&part)));
                }
                Rule::value => values.push(self.value(&part)),
                Rule::code => values.push(Value::Codes(self.codes(&part))),
                Rule::stated_list => values.push(self.list_value(&part)),
                Rule::lbrace => values.push(self.stated_record(node, &part)),
                _ => {}
            }
        }
        Fact { field: self.name(&field), values, span: self.place(node) }
    }

    fn stated_record(&mut self, node: &Node<'i>, brace: &Node<'i>) -> Value {
        let place = Span0(self.text.span(brace.start(), node.end()));
        Value::Record(self.facts(node), place)
    }

    pub(super) fn property(&mut self, node: &Node<'i>) -> Property {
        let title = node.part(Rule::string).expect("a property has a title");
        let when = node.part(Rule::when_part).map(|when| self.when(&when, false));
        let claim = node.part(Rule::claim).expect("a property makes a claim");
        Property { title: self.text(&title), when, claim: self.claim(&claim) }
    }

    fn claim(&mut self, node: &Node<'i>) -> At<Claim> {
        let verdict = self.first_name(node);
        let claim = if node.part(Rule::at_least).is_some() {
            Claim::AtLeast(verdict)
        } else if node.part(Rule::at_most).is_some() {
            Claim::AtMost(verdict)
        } else {
            Claim::Is(verdict)
        };
        self.at(node, claim)
    }
}
