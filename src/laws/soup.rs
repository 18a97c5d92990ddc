//! No text makes the compiler panic.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::ruleset::Ruleset;

use super::law;
use super::policies::{VOCABULARY, policy};

const WORDS: &[&str] = &[
    "regime",
    "instrument",
    "paragraph",
    "prohibit",
    "oblige",
    "advise",
    "caution",
    "except",
    "exempt",
    "from",
    "through",
    "replaces",
    "when",
    "with",
    "within",
    "and",
    "or",
    "not",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"x\"",
    "\"",
    "any",
    "of",
    "any of {",
    "is",
    "under",
    "in",
    "found",
    "by",
    "this calendar year",
    "some",
    "no",
    "at least 2",
    "party",
    "as",
    "D",
    "R1",
    "R1/1",
    "R1/1.e0",
    "r",
    "committee",
    "approval by committee",
    "notice to committee",
    "5 days before",
    "adopted",
    "adopted + 30 days",
    "2017-02-30",
    "2017-01-01",
    "100 bbl",
    "1_000 USD",
    "level",
    "per calendar year",
    "define",
    "also",
    "reading",
    "default yes",
    "scenario \"s\" {",
    "property \"p\" {",
    "expect",
    "always at least",
    "prohibited",
    "complete",
    "act approval {",
    "covers {",
    "use std",
    "taxonomy",
    "record",
    "activity {",
    "list",
    "group",
    "unit",
    "holidays",
    "presume",
    "extend",
    "hs",
    "84",
    "72..76",
    "item",
    "date",
    "text",
    "yes_no",
    ":",
    "<",
    ">=",
    "=",
    "==",
    "&&",
    "//",
    "\n",
    "é",
    "\u{202e}",
    "0x",
    "-",
    "+",
    "exceptional",
    "99999999999999999999999999999999999999",
    "none",
    "unknown",
];

#[test]
fn no_text_panics() {
    let soup = vec(select(WORDS), 0..60).prop_map(|words| words.join(" "));
    law(1500, (soup, any::<bool>()), |(soup, after)| {
        let text = if after { format!("{VOCABULARY}\n{soup}") } else { soup };
        drop(Ruleset::compile("soup", text));
        Ok(())
    });
}

#[test]
fn no_broken_policy_panics() {
    // A sound policy of which pieces are cut out, doubled or swapped.
    let cuts = vec((any::<prop::sample::Index>(), 0usize..40, 0u8..3, select(WORDS)), 1..4);
    law(300, (policy(), cuts), |(policy, cuts)| {
        let mut text = policy.files().concat();
        for (at, length, how, word) in cuts {
            let mut from = at.index(text.len());
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            let mut to = (from + length).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            match how {
                0 => text.replace_range(from..to, ""),
                1 => {
                    let piece = text[from..to].to_owned();
                    text.insert_str(from, &piece);
                }
                _ => text.replace_range(from..to, &format!(" {word} ")),
            }
        }
        if let Ok(rules) = Ruleset::compile("broken", text) {
            drop(rules.run_scenarios());
        }
        Ok(())
    });
}
