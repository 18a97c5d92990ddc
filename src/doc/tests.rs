//! The page: complete, linked, well-formed, and nothing of a policy's text is markup.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{DocFormat, markdown};
use crate::paint::escaped;
use crate::ruleset::Ruleset;
use crate::value::Date;

const SMALL: &str = include_str!("testdata/harbour.interdict");

fn pages() -> Vec<(&'static str, Ruleset)> {
    let example = |name, text| (name, Ruleset::compile(name, text).expect("the example compiles"));
    vec![
        ("un_dprk", Ruleset::pack("un_dprk").expect("the pack compiles")),
        ("std", Ruleset::pack("std").expect("the pack compiles")),
        example("first_policy", include_str!("../../examples/policies/first_policy.interdict")),
        example("secondary_risk", include_str!("../../examples/policies/secondary_risk.interdict")),
        example("harbour", SMALL),
    ]
}

#[test]
fn links_lead_to_anchors_and_every_norm_and_exit_has_one() {
    for (name, rules) in pages() {
        for (format, on) in [
            (DocFormat::Html, None),
            (DocFormat::Html, Date::parse("2016-12-15")),
            (DocFormat::Markdown, None),
            (DocFormat::Markdown, Date::parse("2005-01-01")),
        ] {
            let page = rules.doc(format, on);
            let ids: Vec<String> = after(&page, " id=\"").into_iter().map(unescaped).collect();
            let anchors: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
            assert_eq!(anchors.len(), ids.len(), "{name}: two blocks have one id");
            for link in targets(&page, format) {
                assert!(anchors.contains(link.as_str()), "{name}: nothing is called `{link}`");
            }
            let program = rules.program();
            let named = program.norms.iter().map(|norm| &norm.name).chain(program.exits.iter().map(|exit| &exit.name));
            for named in named {
                assert!(anchors.contains(named.as_str()), "{name}: {named} is not on the page");
            }
        }
    }
}

#[test]
fn the_html_is_well_formed_and_needs_nothing_else() {
    for (name, rules) in pages() {
        let page = rules.doc(DocFormat::Html, None);
        assert_eq!(unbalanced(&page), None, "{name}");
        for outside in ["http:", "https:", "<script", "<img", "@import", "url("] {
            assert!(!page.contains(outside), "{name}: `{outside}`");
        }
    }
}

#[test]
fn the_same_policy_gives_the_same_page() {
    let page = || Ruleset::pack("un_dprk").expect("the pack compiles").doc(DocFormat::Html, None);
    assert_eq!(page(), page());
}

#[test]
fn a_small_policy_reads_so() {
    let rules = Ruleset::compile("harbour.interdict", SMALL).expect("it compiles");
    let page = rules.doc(DocFormat::Markdown, None);
    let kept = page.lines().filter(|line| !line.starts_with("Texts: SHA-256") && !line.contains("by interdict"));
    insta::assert_snapshot!(kept.collect::<Vec<_>>().join("\n"));
}

#[test]
fn on_a_date_what_is_not_in_force_is_named_only() {
    let rules = Ruleset::compile("harbour.interdict", SMALL).expect("it compiles");
    let page = rules.doc(DocFormat::Markdown, Date::parse("2021-06-01"));
    assert!(page.contains("Not in force on 1 June 2021. In force since 1 January 2022, that day included."), "{page}");
    assert!(!page.contains("to engage in anything"), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a policy calls things, it stays text.
    #[test]
    fn titles_are_never_markup(title in "[ -!#-\\[\\]-~äöü€\u{2028}]{0,30}", comment in "[ -~]{0,30}") {
        let text = SMALL.replace("Harbour rules", &title).replace("The pilots asked for it.", &comment);
        let rules = Ruleset::compile("nasty", text).expect("a title may be any text");
        let page = rules.doc(DocFormat::Html, None);
        prop_assert_eq!(unbalanced(&page), None);
        prop_assert!(page.contains(&escaped(&title)));
        prop_assert!(rules.doc(DocFormat::Markdown, None).contains(&markdown::escaped(&title)));
    }

    /// A note that begins like a list is no list.
    #[test]
    fn markdown_keeps_what_begins_a_line(lead in "[-+=*#>]|[0-9]{1,3}[.)]", rest in "[a-z ]{0,8}") {
        let text = SMALL.replace("Is a crab a fish?", &format!("{lead} {rest}"));
        let page = Ruleset::compile("nasty", text).expect("a question may be any text").doc(DocFormat::Markdown, None);
        let at = page.lines().position(|line| line.starts_with("#### Disputed reading")).expect("it is there");
        let line = page.lines().nth(at + 2).expect("the question is there");
        let plain = line.trim_start_matches(|c: char| c.is_ascii_digit());
        prop_assert!(plain.starts_with(['\\', '&']), "{}", line);
    }

    #[test]
    fn escaping_loses_nothing(text in "[^\\x00-\\x1f\\x7f-\\u{9f}]{0,40}") {
        let safe = escaped(&text);
        prop_assert!(!safe.contains(['<', '>', '"', '\'']));
        prop_assert_eq!(unescaped(&safe), text);
    }
}

/// The texts up to the next quotation mark.
fn after<'a>(page: &'a str, lead: &str) -> Vec<&'a str> {
    page.split(lead).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn targets(page: &str, format: DocFormat) -> Vec<String> {
    let (lead, end) = match format {
        DocFormat::Html => ("href=\"#", '"'),
        DocFormat::Markdown => ("](#", ')'),
    };
    let found = page.split(lead).skip(1).filter_map(|rest| rest.split(end).next());
    found.map(|target| decoded(&unescaped(target))).collect()
}

fn decoded(target: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = target.bytes();
    while let Some(byte) = rest.next() {
        let number = (byte == b'%').then(|| {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            u8::from_str_radix(std::str::from_utf8(&digits).expect("digits"), 16).expect("hexadecimal")
        });
        bytes.push(number.unwrap_or(byte));
    }
    String::from_utf8(bytes).expect("an id is UTF-8")
}

fn unescaped(text: impl AsRef<str>) -> String {
    let text = text.as_ref().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// The first tag that does not close what is open; elements without content aside.
fn unbalanced(page: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let mut rest = body.strip_prefix("\n</head>").unwrap_or(body);
    while let Some(start) = rest.find(['<', '>']) {
        let Some(tag) = rest[start..].strip_prefix('<') else { return Some("a lone >".to_owned()) };
        let Some(end) = tag.find('>') else { return Some("a lone <".to_owned()) };
        let name = tag[..end].split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some("html") => return open.first().map(|left| (*left).to_owned()),
            Some(closed) if open.pop() != Some(closed) => return Some(tag[..end].to_owned()),
            Some(_) => {}
            None => open.push(name),
        }
        rest = &tag[end + 1..];
    }
    Some("the page does not end".to_owned())
}
