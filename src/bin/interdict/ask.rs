//! `interdict ask`

use std::fmt::Write;
use std::io::BufRead;
use std::path::Path;

use interdict::{Activity, AnswerKind, Asked, Interview, Ruleset, Vocabulary};

use crate::args::Ask;
use crate::{Exit, Stop, decide, policies, put};

/// Offers shown with a question; `words` shows all.
const SHOWN: usize = 12;

/// Puts questions until the verdict is settled, nothing else is known, or the answers end; then explains the decision.
pub fn run(it: &Ask) -> Result<Exit, Stop> {
    if it.activity.as_deref() == Some(Path::new("-")) {
        return Err(Stop::Usage("the answers come from standard input: `--activity` needs a file, not `-`".into()));
    }
    let lists = policies::lists(&it.lists, &it.policies)?;
    let builder = policies::builder(&it.policies, lists)?;
    let rules = builder.compile().map_err(|error| Stop::Policy(Box::new(error)))?;
    let activity = match &it.activity {
        Some(path) => Activity::from_json(&policies::read_json(path)?),
        None => Ok(Activity::new()),
    };
    let mut interview = match activity.and_then(|activity| rules.interview(&activity)) {
        Ok(interview) => interview,
        Err(error) => {
            decide::tell(&error, "");
            return Ok(Exit::Facts);
        }
    };
    talk(&rules, &mut interview)?;
    put(&format!("\n{}", interview.decision()))?;
    Ok(Exit::Ok)
}

fn talk(rules: &Ruleset, interview: &mut Interview<'_>) -> Result<(), Stop> {
    let vocabulary = rules.vocabulary();
    let mut lines = std::io::stdin().lock().lines();
    let mut told = String::new();
    while let Some(asked) = interview.question() {
        // The question is put once; what follows a `why` or an error is the prompt alone.
        if told != asked.fact {
            put(&question(interview, &asked))?;
            told.clone_from(&asked.fact);
        }
        put("> ")?;
        let Some(line) = lines.next() else { return put("\n") };
        let line = line.map_err(|error| Stop::Io { path: "standard input".into(), error })?;
        match line.trim() {
            "quit" | "exit" => return Ok(()),
            "why" => put(&why(&asked))?,
            "words" => put(&words(&vocabulary, &asked))?,
            "shortest" => put(&shortest(interview))?,
            "" => {}
            "?" => interview.dont_know(),
            answer => {
                if let Err(error) = interview.answer_in_words(answer) {
                    put(&refused(&error))?;
                }
            }
        }
    }
    Ok(())
}

/// What is still possible, the question, and how to answer it.
fn question(interview: &Interview<'_>, asked: &Asked) -> String {
    let possible = interview.possible();
    let names: Vec<String> = possible.iter().map(|verdict| verdict.name().replace('_', " ")).collect();
    let mut text = format!("\nPossible: {}\n\n{} ({})\n", names.join(", "), asked.question, asked.fact);
    let _ = writeln!(text, "  {}", how(asked));
    let plain = |value: &str| asked.kind == AnswerKind::YesNo && value != "none";
    for offer in asked.offers.iter().take(SHOWN).filter(|offer| !plain(&offer.value)) {
        let title = offer.title.as_deref().unwrap_or(if offer.value == "none" { "there is none" } else { "" });
        let _ = writeln!(text, "  {:<28} {title}", offer.value);
    }
    if asked.offers.len() > SHOWN {
        let _ = writeln!(text, "  … and {} more: `words`", asked.offers.len() - SHOWN);
    }
    text
}

fn how(asked: &Asked) -> String {
    let several = if asked.many { "; several with commas" } else { "" };
    let one = match &asked.kind {
        AnswerKind::Term(vocabulary) => format!("a word of `{vocabulary}`"),
        AnswerKind::Country => "the code of a country, such as KP".to_owned(),
        AnswerKind::Reference => "the code of a country, the id of a party, or a name".to_owned(),
        AnswerKind::YesNo => "yes or no".to_owned(),
        AnswerKind::Date => "a day, such as 2023-09-13".to_owned(),
        AnswerKind::Amount(unit) => format!("an amount in {unit}"),
        AnswerKind::Hs => "an HS code of 2 to 10 digits".to_owned(),
        AnswerKind::Listing => "the names of all lists on which it is".to_owned(),
        AnswerKind::Records(record) => {
            return format!("the role of each {record}, how many there are, or JSON");
        }
        _ => "a text".to_owned(),
    };
    one + several
}

fn why(asked: &Asked) -> String {
    let mut text = String::new();
    for norm in &asked.why {
        let title = norm.title.as_ref().map_or(String::new(), |title| format!(", {title}"));
        let _ = writeln!(text, "  {}{title}", norm.citation);
    }
    if text.is_empty() { "  no paragraph alone depends on it, but several together do\n".to_owned() } else { text }
}

/// Everything that can be answered.
fn words(vocabulary: &Vocabulary, asked: &Asked) -> String {
    let AnswerKind::Term(name) = &asked.kind else {
        let offers = asked.offers.iter().map(|offer| format!("  {}\n", offer.value));
        return offers.collect();
    };
    let mut text = String::new();
    for word in vocabulary.words.get(name).into_iter().flatten() {
        let title = word.title.as_deref().unwrap_or_default();
        let _ = writeln!(text, "  {:indent$}{:<28} {title}", "", word.name, indent = 2 * word.depth);
    }
    text
}

fn shortest(interview: &Interview<'_>) -> String {
    let settling = interview.settling();
    let mut text: String = settling.ways.iter().map(|way| format!("  {way}\n")).collect();
    if !settling.exact {
        text += match settling.ways.is_empty() {
            true => "  none was found, and the search ended early: answer a question and look again\n",
            false => "  the search ended early: there may be shorter sets, and others, that were not found\n",
        };
    }
    text
}

fn refused(error: &interdict::FactsError) -> String {
    let mut text = String::new();
    for problem in error.problems() {
        let _ = writeln!(text, "  {}", problem.message());
        if let Some(help) = problem.help() {
            let _ = writeln!(text, "  {help}");
        }
    }
    text
}
