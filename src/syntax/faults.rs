//! From the place where the parser stopped to a message that helps.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostics::Report;

use super::build::Text;
use super::grammar::{self, Failure, Node, Rule};
use super::nesting::{CLAUSE_WORDS, ITEM_WORDS, starts_clause, starts_item};
use super::scan::{self, Kind, Token};

/// The bodies whose members are skipped one by one when they cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Item,
    Paragraph,
    Clause,
}

impl Level {
    pub fn rule(self) -> Rule {
        match self {
            Level::Item => Rule::item,
            Level::Paragraph => Rule::paragraph,
            Level::Clause => Rule::clause,
        }
    }

    pub fn bad_rule(self) -> Rule {
        match self {
            Level::Item => Rule::bad_item,
            Level::Paragraph => Rule::bad_paragraph,
            Level::Clause => Rule::bad_clause,
        }
    }

    fn alone(self) -> Rule {
        match self {
            Level::Item => Rule::only_item,
            Level::Paragraph => Rule::only_paragraph,
            Level::Clause => Rule::only_clause,
        }
    }

    fn starts(self, word: &str) -> bool {
        match self {
            Level::Item => starts_item(word),
            Level::Paragraph => word == "paragraph",
            Level::Clause => starts_clause(word),
        }
    }
}

/// Whether what comes next is the rest of a member that could be read in part only.
pub(super) fn is_rest(text: &Text<'_>, level: Level, next: &Node<'_>) -> bool {
    let first = scan::token_at(text.read, next.start());
    next.rule() == level.bad_rule() && first.is_some_and(|first| !level.starts(first.text(text.read)))
}

/// Reads a skipped text again, strictly, and reports why it could not be read.
///
/// `previous` is the member before, if it could be read: the skipped text may be its rest.
pub(super) fn report(
    text: &Text<'_>,
    level: Level,
    previous: Option<&Node<'_>>,
    bad: &Node<'_>,
    after_fault: bool,
    report: &mut Report,
) {
    let Some(first) = scan::token_at(text.read, bad.start()) else { return };
    let end = bad.start() + bad.text().trim_end().len();
    let word = first.text(text.read);
    if level == Level::Clause && word == "except" {
        return exception(text, bad.start()..end, first, after_fault, report);
    }
    let start = previous.filter(|_| is_rest(text, level, bad)).map_or(bad.start(), Node::start);
    if let Err(failure) = grammar::read(level.alone(), &text.read[start..end]) {
        explain(text, level, start, &failure, report);
    }
}

/// An exception that could not be read, or stands under no norm. After a clause that could not be read
/// the second is not a fault of its own.
fn exception(text: &Text<'_>, range: Range<usize>, first: Token, after_fault: bool, report: &mut Report) {
    match grammar::read(Rule::only_exception, &text.read[range.clone()]) {
        Err(failure) => explain(text, Level::Clause, range.start, &failure, report),
        Ok(_) if after_fault => {}
        Ok(_) => report.misplaced_part(
            text.span(first.start, first.end),
            "this exception stands under no norm",
            "write it after the `prohibit` or `oblige` that it excepts from",
        ),
    }
}

/// One message for one failure. `base` is where the text that failed starts.
fn explain(text: &Text<'_>, level: Level, base: usize, failure: &Failure, report: &mut Report) {
    let found = scan::token_at(text.read, base + failure.at);
    let at = found.map_or(text.length, |token| token.start);
    if text.is_doubtful(at) {
        return;
    }
    let place = found.map_or(text.span(text.length, text.length), |token| text.span(token.start, token.end));
    if failure.too_deep {
        report.nested_too_deep(place, 0);
        return;
    }
    let word = found.map_or("", |token| token.text(text.read));
    if found.is_some_and(|found| name_wanted(found, word, &failure.expected)) {
        report.reserved_word(place, word, "a name").maybe_help(name_help(word));
        return;
    }
    let words = keywords(&failure.expected, level);
    let help = reason(&failure.expected)
        .or_else(|| in_capitals(word, &words))
        .or_else(|| misplaced(word, level))
        .or_else(|| foreign(word, text.read, at))
        .or_else(|| found.filter(|token| token.kind == Kind::Word).and_then(|_| nearest(word, &words)))
        .or_else(|| misspelt_before(text.read, base, at));
    report.unexpected(place, &shown(found, word), &describe(&failure.expected, level), help);
}

/// Whether a name was wanted, and a word of the language stands in its place.
fn name_wanted(found: Token, word: &str, expected: &[Rule]) -> bool {
    let reserved = found.kind == Kind::Word && grammar::read(Rule::name, word).is_err();
    let names = [Rule::name, Rule::reference, Rule::field_name];
    let only_names = !expected.is_empty() && expected.iter().all(|rule| names.contains(rule));
    reserved && only_names
}

/// Help where a `tolerate` breaks off: whoever tolerates something says why.
fn reason(expected: &[Rule]) -> Option<String> {
    let only = expected == [Rule::kw_because];
    only.then(|| "whoever tolerates a finding says why: `tolerate CODE because \"the reason\"`".to_owned())
}

fn name_help(word: &str) -> Option<String> {
    match word {
        "when" | "with" | "within" | "from" | "through" => {
            Some(format!("a name is missing before `{word}`, or has to be another word"))
        }
        _ => Some("choose another name; the reserved words are listed in the language reference".to_owned()),
    }
}

fn shown(found: Option<Token>, word: &str) -> String {
    let Some(found) = found else { return "the end of the text".to_owned() };
    match found.kind {
        Kind::Text => "a text in quotation marks".to_owned(),
        _ => match word.chars().next() {
            Some(c) if c.is_control() || (c.is_whitespace() && !c.is_ascii()) || c == '\u{200b}' => {
                format!("the invisible character U+{:04X}", c as u32)
            }
            _ => format!("`{word}`"),
        },
    }
}

/// Help where a keyword is written in capitals.
fn in_capitals(word: &str, words: &BTreeSet<&str>) -> Option<String> {
    let small = word.to_ascii_lowercase();
    (small != word && words.contains(small.as_str())).then(|| format!("write `{small}`, in small letters"))
}

/// Help where a clause stands outside of a paragraph.
fn misplaced(word: &str, level: Level) -> Option<String> {
    let is_outside = level != Level::Clause && starts_clause(word);
    is_outside.then(|| format!("`{word}` stands in a paragraph: `instrument … {{ paragraph 1 {{ {word} … }} }}`"))
}

/// Help for signs and words of other languages.
fn foreign(word: &str, text: &str, at: usize) -> Option<String> {
    let before = text[..at].trim_end();
    let help = match word {
        ";" => "remove it: nothing ends with `;`",
        ">" if before.ends_with('=') => "write `>=`",
        "=>" => "write `>=`",
        "=<" => "write `<=`",
        "<>" => "write `is not`",
        "if" | "where" | "provided" => "write `when`",
        "unless" => "write an exception: `except NAME when …`",
        "but" => "write `and not`, or an exception",
        "permit" | "allow" | "allows" | "permitted" => {
            "nothing is permitted by itself: write an exception of the norm that prohibits it"
        }
        "forbid" | "ban" | "deny" | "forbidden" => "write `prohibit`",
        "require" | "requires" | "must" | "shall" => "write `oblige` for a duty, `with` for what an exception asks for",
        "licence" | "license" | "authorisation" | "authorization" => "write `approval by` and whose it is",
        "notification" => "write `notice`",
        "business" => "write `working days`",
        "every" | "any" if before.ends_with(['{', '(']) || before.ends_with("when") || before.ends_with("and") => {
            "write `some party { … }`, or `no party { … }`"
        }
        "week" | "weeks" | "months" if before.ends_with(|c: char| c.is_ascii_digit()) => {
            "the time of an act is counted in days: `within 14 days after`"
        }
        "percent" | "%" => "declare a unit for shares, `unit percent`, and state them in it",
        "until" | "to" => "write `through` for a last day that counts",
        "since" => "write `from`",
        "equals" | "eq" => "write `is`",
        "nor" => "write `and not`",
        "€" | "$" | "£" | "¥" => "write the code of the currency after the number: `500_000 EUR`",
        "#" | "--" => "a comment starts with `//`",
        "'" | "‘" | "’" => "a text stands in straight double quotation marks: `\"…\"`",
        "\\" => "a backslash has a meaning in quoted texts only",
        _ => return None,
    };
    Some(help.to_owned())
}

fn nearest(word: &str, words: &BTreeSet<&str>) -> Option<String> {
    let best = words.iter().map(|known| (distance(word, known), known)).min()?;
    (*best.1 != word && best.0 <= allowed(word)).then(|| format!("did you mean `{}`?", best.1))
}

/// How many slips of the pen a word of this length may have.
fn allowed(word: &str) -> usize {
    match word.len() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    }
}

/// The word before may be a misspelt one that was read as a name: `origin is KP adn …`.
fn misspelt_before(text: &str, base: usize, at: usize) -> Option<String> {
    const WORDS: &[&str] = &[
        "and",
        "or",
        "not",
        "when",
        "with",
        "within",
        "except",
        "under",
        "through",
        "from",
        "is",
        "prohibit",
        "oblige",
        "advise",
        "caution",
        "define",
        "exempt",
        "reading",
        "presume",
        "before",
        "after",
        "listed",
        "paragraph",
    ];
    let before = text[base..at].trim_end();
    let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let word = &before[start..];
    if WORDS.contains(&word) {
        return None;
    }
    let known = WORDS.iter().map(|known| (distance(word, known), known)).min()?;
    (known.0 <= allowed(word).min(known.1.len() / 2))
        .then(|| format!("did you mean `{}` instead of `{word}`?", known.1))
}

/// Edits between two words; two letters that changed places count as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, edits) in rows[0].iter_mut().enumerate() {
        *edits = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// The words that could have stood there.
fn keywords(expected: &[Rule], level: Level) -> BTreeSet<&'static str> {
    let mut words = BTreeSet::new();
    for rule in expected {
        match rule {
            Rule::item => words.extend(ITEM_WORDS),
            Rule::clause => words.extend(CLAUSE_WORDS),
            Rule::paragraph => drop(words.insert("paragraph")),
            Rule::exception => drop(words.insert("except")),
            Rule::when_part => drop(words.insert("when")),
            Rule::from_part => drop(words.insert("from")),
            Rule::through_part => drop(words.insert("through")),
            Rule::as_part => drop(words.insert("as")),
            Rule::upon_part => drop(words.insert("upon")),
            Rule::tolerate => drop(words.insert("tolerate")),
            Rule::quotas => drop(words.insert("within")),
            Rule::requirements => drop(words.insert("with")),
            Rule::replaces => drop(words.insert("replaces")),
            Rule::of_record => drop(words.insert("of")),
            Rule::by_who | Rule::by_date | Rule::expect_by => drop(words.insert("by")),
            Rule::to_who => drop(words.insert("to")),
            Rule::under => words.extend(["under", "is", "not"]),
            Rule::is => drop(words.insert("is")),
            Rule::in_group => words.extend(["in", "not"]),
            Rule::compare => words.extend(["before", "after"]),
            Rule::listed => drop(words.insert("listed")),
            Rule::found => drop(words.insert("found")),
            Rule::adoption => drop(words.insert("adopted")),
            Rule::expect => drop(words.insert("expect")),
            Rule::variant => drop(words.insert("but")),
            Rule::without => drop(words.insert("without")),
            Rule::needing => drop(words.insert("needing")),
            Rule::noting => drop(words.insert("noting")),
            Rule::authority => drop(words.insert("authority")),
            Rule::binds => drop(words.insert("binds")),
            Rule::act_kind => words.extend(["approval", "determination", "request", "notice"]),
            Rule::requirement => words.extend(["approval", "determination", "request", "notice"]),
            Rule::effect | Rule::norm => words.extend(["prohibit", "oblige", "advise", "caution"]),
            Rule::quota_period | Rule::per => drop(words.insert("per")),
            Rule::EOI => match level {
                Level::Item => words.extend(ITEM_WORDS),
                Level::Paragraph => drop(words.insert("paragraph")),
                Level::Clause => words.extend(CLAUSE_WORDS),
            },
            rule => words.extend(keyword(*rule)),
        }
    }
    words
}

/// What could have stood there, in words for people, each once, the most telling first.
fn describe(expected: &[Rule], level: Level) -> Vec<String> {
    let mut ranked: Vec<(u8, String)> = Vec::new();
    for rule in expected {
        let entry = match keyword(*rule) {
            Some(word) => (if MAIN.contains(&word) { 1 } else { 2 }, format!("`{word}`")),
            None => phrase(*rule, level),
        };
        if !entry.1.is_empty() && !ranked.contains(&entry) {
            ranked.push(entry);
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, words)| words).collect()
}

/// The words named first when several could have stood there.
const MAIN: &[&str] = &["and", "or", "when", "except", "is", "under", "with", "through", "adopted", "of"];

/// `kw_when` reads the word `when`.
fn keyword(rule: Rule) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == rule).map(|(_, word)| *word)
}

/// A rule in words, and how far up it stands in a message; no words for what never helps.
fn phrase(rule: Rule, level: Level) -> (u8, String) {
    let (rank, words) = match rule {
        Rule::EOI => match level {
            Level::Item => (4, "the next item"),
            Level::Paragraph => (4, "the next `paragraph`"),
            Level::Clause => (4, "the next clause"),
        },
        Rule::item => (0, "an item such as `instrument`"),
        Rule::paragraph => (0, "`paragraph`"),
        Rule::clause => (0, "a clause such as `prohibit` or `define`"),
        Rule::name => (0, "a name"),
        Rule::lint => (0, "the code of a finding such as `never-applies`"),
        Rule::field_name => (0, "the name of a field"),
        Rule::fact_name | Rule::plain => (0, "a fact"),
        Rule::flag | Rule::act | Rule::ledger | Rule::coded => (0, "a fact"),
        Rule::field => (0, "a field"),
        Rule::field_type => (0, "a type"),
        Rule::fields => (0, "`{`"),
        Rule::term => (0, "a term"),
        Rule::member => (0, "a member"),
        Rule::label => (0, "the label of a paragraph"),
        Rule::reference => (0, "a reference such as `R2321/11(a)`"),
        Rule::path => (0, "the name of a fact"),
        Rule::string => (2, "a text in quotation marks"),
        Rule::number | Rule::amount | Rule::code => (0, "a number"),
        Rule::date | Rule::moment | Rule::day => (0, "a date"),
        Rule::adopted_of => (5, ""),
        Rule::offset => (3, "`+` or `-` and a number of days"),
        Rule::value | Rule::word | Rule::codes | Rule::any_of | Rule::implied | Rule::stated_list => (0, "a value"),
        Rule::cond | Rule::test | Rule::counted | Rule::quantified | Rule::found => (0, "a condition"),
        Rule::listed => (1, "`listed in`"),
        Rule::when_part => (1, "`when`"),
        Rule::from_part => (1, "`from`"),
        Rule::through_part => (1, "`through`"),
        Rule::until_part => (5, ""),
        Rule::as_part => (2, "`as`"),
        Rule::upon_part => (2, "`upon`"),
        Rule::by_date | Rule::by_who | Rule::expect_by => (2, "`by`"),
        Rule::to_who => (2, "`to`"),
        Rule::quotas | Rule::within_after => (1, "`within`"),
        Rule::requirements => (1, "`with`"),
        Rule::replaces => (1, "`replaces`"),
        Rule::of_record => (1, "`of`"),
        Rule::exception => (1, "`except`"),
        Rule::actions => (0, "an action"),
        Rule::effect | Rule::norm => (0, "a norm"),
        Rule::define => (1, "`define`"),
        Rule::exempt => (1, "`exempt from`"),
        Rule::requirement | Rule::act_kind => (0, "`approval`, `notice`, `determination` or `request`"),
        Rule::in_advance => (1, "`in advance`"),
        Rule::days_before => (1, "`at least N days before`"),
        Rule::quota | Rule::level => (0, "a limit such as `500_000 bbl`"),
        Rule::quota_period => (0, "a period such as `per calendar year`"),
        Rule::per => (2, "`per`"),
        Rule::adoption => (1, "`adopted`"),
        Rule::authority => (1, "`authority`"),
        Rule::binds => (1, "`binds`"),
        Rule::expect => (1, "`expect`"),
        Rule::variant => (1, "`but`"),
        Rule::without => (2, "`without`"),
        Rule::needing => (1, "`needing`"),
        Rule::noting => (1, "`noting`"),
        Rule::claim => (0, "`at least`, `at most` or `is`"),
        Rule::at_least => (1, "`at least`"),
        Rule::at_most => (1, "`at most`"),
        Rule::more_than => (2, "`more than`"),
        Rule::is => (1, "`is`"),
        Rule::under => (1, "`under`"),
        Rule::in_group => (2, "`in`"),
        Rule::compare => (2, "a comparison"),
        Rule::this_year => (2, "`this calendar year`"),
        Rule::last_days => (2, "`in the last N days`"),
        Rule::carried => (2, "`hs`"),
        Rule::lbrace => (0, "`{`"),
        Rule::rbrace => (0, "`}`"),
        Rule::lparen => (3, "`(`"),
        Rule::rparen => (3, "`)`"),
        Rule::lbracket => (3, "`[`"),
        Rule::rbracket => (1, "`]`"),
        Rule::comma => (3, "`,`"),
        Rule::colon => (0, "`:`"),
        Rule::dots => (4, "`..`"),
        Rule::equals => (2, "`=`"),
        Rule::plus => (3, "`+`"),
        Rule::minus => (3, "`-`"),
        _ => (5, ""),
    };
    (rank, words.to_owned())
}

macro_rules! words {
    ($($rule:ident $word:literal)*) => { &[$((Rule::$rule, $word)),*] };
}

const WORDS: &[(Rule, &str)] = words! {
    kw_act "act" kw_activity "activity" kw_adopted "adopted" kw_advance "advance" kw_advise "advise"
    kw_after "after" kw_also "also" kw_always "always" kw_and "and" kw_any "any" kw_approval "approval"
    kw_as "as" kw_at "at" kw_authority "authority" kw_because "because" kw_before "before" kw_binds "binds" kw_but "but"
    kw_by "by"
    kw_calendar "calendar" kw_caution "caution" kw_coded "coded" kw_complete "complete" kw_days "days"
    kw_counted "counted" kw_default "default" kw_define "define" kw_determination "determination" kw_except "except"
    kw_exceptional "exceptional" kw_exempt "exempt" kw_expect "expect" kw_extend "extend" kw_for "for"
    kw_found "found" kw_from "from" kw_group "group" kw_holidays "holidays" kw_hs "hs" kw_in "in"
    kw_instrument "instrument" kw_is "is" kw_last "last" kw_least "least" kw_level "level" kw_list "list"
    kw_listed "listed" kw_month "month" kw_months "months" kw_more "more" kw_most "most" kw_needing "needing"
    kw_no "no" kw_not "not" kw_notice "notice" kw_noting "noting" kw_oblige "oblige" kw_of "of" kw_on "on" kw_or "or"
    kw_paragraph "paragraph" kw_per "per" kw_presume "presume" kw_prohibit "prohibit" kw_property "property"
    kw_reading "reading" kw_record "record" kw_regime "regime" kw_replaces "replaces" kw_request "request"
    kw_required "required" kw_scenario "scenario" kw_some "some" kw_taxonomy "taxonomy" kw_than "than"
    kw_the "the" kw_this "this" kw_through "through" kw_time "time" kw_to "to" kw_total "total" kw_under "under"
    kw_unit "unit" kw_until "until" kw_upon "upon" kw_use "use" kw_used "used" kw_when "when" kw_with "with" kw_within "within"
    kw_without "without"
    kw_working "working" kw_year "year" kw_years "years" kw_yes "yes"
};
