//! Each message made for a typical slip: its code, its place, its help.

use super::{concise, read};

/// Reads a text with `^code` comments under the places; each line of marks stands under the line it is about.
#[track_caller]
fn check(marked: &str) -> Vec<String> {
    let (text, wanted) = unmark(marked);
    let (_, report) = read(&text);
    let found: Vec<(usize, usize, String)> =
        report.iter().map(|d| (d.at.range().start, d.at.range().len(), d.code.id().to_owned())).collect();
    assert_eq!(found, wanted, "\n{}\n{text}", concise(&text, &report));
    report.iter().map(|d| format!("{} / {}", d.message, d.help.as_deref().unwrap_or("-"))).collect()
}

/// Takes lines like `//   ^^^^ code` out; a mark's column is that of the line above.
fn unmark(marked: &str) -> (String, Vec<(usize, usize, String)>) {
    let (mut text, mut wanted, mut above) = (String::new(), Vec::new(), 0);
    for line in marked.lines() {
        let marks = line.trim_start().strip_prefix("//").map(str::trim_start).filter(|rest| rest.starts_with('^'));
        match marks {
            Some(marks) => {
                let length = marks.bytes().take_while(|b| *b == b'^').count();
                let column = line.len() - marks.len();
                wanted.push((above + column, length, marks[length..].trim().to_owned()));
            }
            None => {
                above = text.len();
                text += line;
                text.push('\n');
            }
        }
    }
    wanted.sort();
    (text, wanted)
}

/// A paragraph with these clauses, each on a line of its own as given.
fn clauses(clauses: &str) -> String {
    format!("instrument R1 \"R 1\" of dprk adopted 2006-10-14 {{\nparagraph 1 {{\n{clauses}\n}}\n}}\n")
}

#[track_caller]
fn in_paragraph(text: &str) -> Vec<String> {
    check(&clauses(text))
}

#[track_caller]
fn says(found: &[String], words: &[&str]) {
    for word in words {
        assert!(found.iter().any(|message| message.contains(word)), "{word:?} is not in {found:#?}");
    }
}

#[test]
fn and_and_or_do_not_mix() {
    let found = in_paragraph(
        "
prohibit supply when a is b and c under d or e
//                   ^^^^^^^^^^^^^^^^^^^^^^^^^ mixed-and-or
",
    );
    says(&found, &["`(a is b and c under d) or e`", "`a is b and (c under d or e)`"]);
    in_paragraph("prohibit supply when a and (b or c)");
    in_paragraph("prohibit supply when some party { a and b } or c");
}

#[test]
fn signs_of_other_languages() {
    let found = in_paragraph(
        "
prohibit supply when a = b
//                     ^ foreign-operator
prohibit supply when a == b
//                     ^^ foreign-operator
prohibit supply when a != b
//                     ^^ foreign-operator
prohibit supply when a && b
//                     ^^ foreign-operator
prohibit supply when a || b
//                     ^^ foreign-operator
prohibit supply when !a
//                   ^ foreign-operator
",
    );
    says(&found, &["write `is`", "write `is not`", "write `and`", "write `or`", "write `not`"]);
    says(&check("use std;\n//     ^ syntax"), &["nothing ends with `;`"]);
    says(&in_paragraph("prohibit supply when value => 5 USD\n//                          ^ syntax"), &["write `>=`"]);
}

#[test]
fn typographic_quotation_marks() {
    check("unit bbl “barrel”\n//       ^^^^^^^^^^^^ curly-quote");
}

#[test]
fn an_unclosed_text_ends_with_its_line() {
    check(
        "
unit bbl \"barrel
//       ^^^^^^^ unclosed-string
unit t \"tonnes\"
taxonomy item \"Goods {
//            ^^^^^^^^ unclosed-string
  coal
}
",
    );
}

#[test]
fn a_reserved_word_is_no_name() {
    let found = in_paragraph(
        "
define when when a is b
//     ^^^^ reserved-word
prohibit supply as within when a
//                 ^^^^^^ reserved-word
prohibit supply
except when a is b
//     ^^^^ reserved-word
",
    );
    says(&found, &["`when` is a word of the language", "a name is missing before `when`"]);
    check("record party { when : date   by : text }\n//             ^^^^ reserved-word");
}

#[test]
fn a_period_ends_with_through() {
    let found = in_paragraph(
        "
prohibit supply from 2017-01-01 to 2017-12-31
//                              ^^ bare-period
prohibit supply until 2017-12-31
//              ^^^^^ bare-period
",
    );
    says(&found, &["`through`", "`before`"]);
}

#[test]
fn days_that_are_none() {
    let found = in_paragraph(
        "
prohibit supply from 2017-13-40
//                   ^^^^^^^^^^ malformed-date
prohibit supply from 17/08/2017
//                   ^^^^^^^^^^ malformed-date
prohibit supply from 2017-8-5
//                   ^^^^^^^^ malformed-date
prohibit supply when date before 17.08.2017
//                               ^^^^^^^^^^ malformed-date
prohibit supply from 2017
//                   ^^^^ malformed-date
",
    );
    says(&found, &["`2017-08-17`", "`2017-08-05`", "`2017-13-40` is not a day"]);
    // 03/04/2017 is March or April: nothing is proposed.
    let found = in_paragraph("prohibit supply from 03/04/2017\n//                   ^^^^^^^^^^ malformed-date");
    says(&found, &["like `2017-12-22`"]);
}

#[test]
fn an_instrument_says_what_it_is() {
    let found =
        check("instrument R1 {\n//         ^^ missing-part\n//         ^^ missing-part\n//         ^^ missing-part\n}");
    says(&found, &["when it was adopted", "how it is cited", "of which regime"]);
}

#[test]
fn parts_stand_once() {
    let found = in_paragraph(
        "
prohibit supply from 2017-01-01 from 2018-01-01
//                              ^^^^^^^^^^^^^^^ repeated-part
except a within 5 t in total within 6 USD in total
//                           ^^^^^^^^^^^^^^^^^^^^^ repeated-part
except b with approval by x with notice to y
//                          ^^^^^^^^^^^^^^^^ repeated-part
except c when d when e
//              ^^^^^^ repeated-part
",
    );
    says(&found, &["`within … and within …`", "`with … and …`"]);
}

#[test]
fn a_number_does_not_touch_letters() {
    let found = in_paragraph(
        "
prohibit supply
except a within 500bbl in total
//              ^^^^^^ malformed-number
",
    );
    says(&found, &["`500 bbl`"]);
}

#[test]
fn misspelt_words() {
    for (text, place, meant) in [
        ("prohbit supply when a", "prohbit", "prohibit"),
        ("prohibit supply whne a", "whne", "when"),
        ("prohibit supply when a is b adn c", "adn", "and"),
        ("define x of party wen a", "wen", "when"),
        ("prohibit supply when a excpet b when c", "b", "except"),
        ("prohibit supply\nexcept b wiht approval", "wiht", "with"),
        ("prohibit supply\nexcept b with aproval by c", "aproval", "approval"),
    ] {
        let text = clauses(text);
        let (_, report) = read(&text);
        let found: Vec<_> = report.iter().collect();
        assert_eq!(found.len(), 1, "{}", concise(&text, &report));
        assert_eq!(found[0].code.id(), "syntax");
        let help = found[0].help.clone().unwrap_or_default();
        assert!(help.contains(&format!("`{meant}`")), "{text}: {}", concise(&text, &report) + &help);
        if place.len() > 1 {
            assert_eq!(&text[found[0].at.range()], place);
        }
    }
    let (_, report) = read("use std\ninstrumnet R1 \"R 1\" of dprk adopted 2006-10-14 { }\n");
    assert_eq!(report.len(), 1);
    assert_eq!(report.iter().next().and_then(|d| d.help.as_deref()), Some("did you mean `instrument`?"));
}

#[test]
fn a_field_and_a_value_need_a_word_between() {
    in_paragraph(
        "
prohibit supply when origin KP
//                   ^^^^^^^^^ missing-is
",
    );
    in_paragraph("prohibit supply when some party { nationality KP and kind any of { a, b } }");
    in_paragraph("define x of party when nationality KP");
}

#[test]
fn brackets_that_do_not_match() {
    let found = in_paragraph(
        "
prohibit supply when (a or b
//                   ^ unclosed-bracket
except c when d
",
    );
    says(&found, &["this `(` is not closed"]);
    check(
        "
instrument R1 \"R 1\" of dprk adopted 2006-10-14 {
  paragraph 1 {
//            ^ unclosed-bracket
    prohibit supply when a
  paragraph 2 {
    prohibit supply when a
  }
}
unit t
",
    );
    check(
        "
instrument R1 \"R 1\" of dprk adopted 2006-10-14 {
//                                             ^ unclosed-bracket
  paragraph 1 {
    prohibit supply when a
  }
unit t
scenario \"s\" { via [a, b }
//                 ^ unclosed-bracket
",
    );
    check(
        "
instrument R1 \"R 1\" of dprk adopted 2006-10-14 {
  paragraph 1 {
    prohibit supply when a
  }
  }
//^ unopened-bracket
  paragraph 2 {
    prohibit supply when b
  }
}
",
    );
    check("use std }\n//      ^ unopened-bracket");
    in_paragraph("prohibit supply when (a]\n//                   ^ unclosed-bracket");
}

#[test]
fn three_faults_are_three_messages() {
    check(
        "
unit bbl = bbl
//         ^^^ syntax
instrument R1 \"R 1\" of dprk adopted 2006-10-14 {
  paragraph 1 {
    prohibit supply when is b
//                       ^^ syntax
    prohibit procurement when a
    except b wich c
//           ^^^^ syntax
  }
  paragraph {
//          ^ syntax
    prohibit any
  }
  paragraph 3 {
    prohibit any when (a or b
//                    ^ unclosed-bracket
  }
}
scenario \"s\" { item }
//                  ^ syntax
",
    );
}

#[test]
fn a_sound_part_of_a_faulty_text_is_kept() {
    let text = clauses("prohibit supply when = b\nprohibit transit when a\n");
    let (file, report) = read(&text);
    assert_eq!(report.len(), 1, "{}", concise(&text, &report));
    let crate::syntax::tree::Item::Instrument(instrument) = &file.items[0].it else { panic!("an instrument") };
    assert_eq!(instrument.paragraphs[0].it.clauses.len(), 1);
}

#[test]
fn characters_nobody_sees() {
    check("use std // \u{202e}safe\n//         ^^^ bidi-control");
    let (_, report) = read("unit t \"\u{202e}tonnes\"");
    assert!(!report.has_errors() && report.len() == 1);
    super::sound("\u{feff}use std");
    let (_, report) = read("use\u{a0}std");
    assert!(report.iter().any(|d| d.message.contains("U+00A0")), "{report}");
}

#[test]
fn limits_are_faults_with_a_place() {
    let deep = |n: usize| format!("property \"p\" {{ when {}a{} always is allowed }}", "(".repeat(n), ")".repeat(n));
    let (_, report) = read(&deep(128));
    let codes: Vec<_> = report.iter().map(|d| (d.code.id(), d.at.range().start)).collect();
    assert_eq!(codes, [("nested-too-deep", 20 + 127)]);
    let (_, report) = read(&format!("property \"p\" {{ when {}a always is allowed }}", "not ".repeat(129)));
    assert_eq!(report.iter().next().map(|d| d.code.id()), Some("nested-too-deep"));
    let chain = |n: usize| format!("property \"p\" {{ when {}a always is allowed }}", "a and ".repeat(n));
    super::sound(&chain(4096));
    let (_, report) = read(&chain(4097));
    assert_eq!(report.iter().next().map(|d| d.code.id()), Some("chain-too-long"));
    let (_, report) = read(&"record\n".repeat(100));
    assert_eq!(report.len(), 20);
}

#[test]
fn other_slips() {
    says(
        &in_paragraph("prohibit supply, transit when a\n//       ^^^^^^^^^^^^^^^ misplaced-part"),
        &["any of { supply, transit }"],
    );
    let found = in_paragraph("  prohibit when a\n//^^^^^^^^ missing-part");
    says(&found, &["which action it is about", "`prohibit any`"]);
    let found = in_paragraph("  exempt from R1 with approval by c\n//^^^^^^ missing-part");
    says(&found, &["has no name"]);
    let found = in_paragraph("  prohibit supply by 2018-01-01\n//                ^^^^^^^^^^^^^ misplaced-part");
    says(&found, &["only a duty has a last day"]);
    let found = in_paragraph("  oblige report within 30 days \"report\"\n//              ^^^^^^^^^^^^^^ missing-part");
    says(&found, &["`within 30 days after`"]);
    let found = in_paragraph("  except x with approval by c\n//^^^^^^ misplaced-part");
    says(&found, &["stands under no norm"]);
    let found = in_paragraph("  prohibit supply if a\n//                ^^ syntax");
    says(&found, &["write `when`"]);
}
