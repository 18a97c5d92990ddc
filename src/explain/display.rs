//! A decision as a lawyer reads it.

use std::fmt::{self, Display, Formatter};

use crate::value::{Verdict, verdict};

use super::decision::{Decision, Finding, MissingFact, Need, NormFinding, NormStatus, Proceed, Route};

impl Display for Decision {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        headline(self, f)?;
        for finding in &self.findings {
            regime(finding, self.findings.len() > 1, f)?;
        }
        let lines = &self.lines;
        section(f, "Lines of the consignment", lines, |line, f| {
            writeln!(f, "lines[{}]: {}", line.line, words(line.verdict))?;
            facts(&line.missing, f)
        })?;
        section(f, "Facts that decide it, best question first", &self.missing, |fact, f| {
            writeln!(f, "{}", fact.fact)?;
            writeln!(f, "      {}", fact.question)
        })?;
        routes(&self.routes, f)?;
        section(f, "Duties", &self.duties, |duty, f| {
            let by = duty.by.map_or(String::new(), |by| format!(", at the latest on {by}"));
            writeln!(f, "{}{by}", duty.text)?;
            writeln!(f, "      {} ({})", duty.citation, duty.id)?;
            facts(&duty.needs, f)
        })?;
        section(f, "Acts stated", &self.acts, |act, f| match &act.why_not {
            None => writeln!(f, "{}: counts", act.act),
            Some(why) => writeln!(f, "{}: does not count, {why}", act.act),
        })?;
        section(f, "Disputed readings on which it depends", &self.readings, |reading, f| {
            let taken = match (reading.taken, reading.by_default) {
                (Some(true), true) => "taken as yes, the stricter",
                (Some(false), true) => "taken as no, the stricter",
                (Some(true), false) => "yes, as the host chose",
                (Some(false), false) => "no, as the host chose",
                (None, _) => "left open",
            };
            writeln!(f, "{} ({}): {taken}", reading.question, reading.reading)?;
            writeln!(f, "      {}", reading.citation)
        })?;
        section(f, "Assumed, because nobody stated it", &self.assumed, |assumed, f| {
            writeln!(f, "{} is {}", assumed.fact, assumed.value)
        })?;
        section(f, "Advice, which does not bind", &self.advice, |note, f| {
            writeln!(f, "{}", note.text)?;
            writeln!(f, "      {}", note.citation)?;
            facts(&note.needs, f)
        })?;
        section(f, "Cautions: risks beside the law", &self.cautions, |note, f| {
            writeln!(f, "{}", note.text)?;
            writeln!(f, "      {}", note.citation)?;
            facts(&note.needs, f)
        })?;
        if !self.exact {
            writeln!(f, "\nThe question was over its budget: the bounds may be too wide, the facts too many.")?;
        }
        Ok(())
    }
}

fn headline(decision: &Decision, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{}", words(decision.verdict).to_uppercase())?;
    let about = &decision.about;
    if let Some(action) = &about.action {
        write!(f, ": {}", action.replace('_', " "))?;
    }
    if let Some(state) = &about.actor_state {
        write!(f, ", obligations of {state}")?;
    }
    if let Some(date) = about.date {
        write!(f, ", on {date}")?;
    }
    writeln!(f)?;
    let meaning = match decision.verdict {
        Some(Verdict::NotCovered) => "No binding norm of this policy reaches the activity.",
        Some(Verdict::Allowed) => "Every prohibition that reaches it is lifted, or only duties apply.",
        Some(Verdict::RequiresNotification) => {
            "Prohibited as it stands; only a notice, or a State's determination with notice, is missing."
        }
        Some(Verdict::RequiresAuthorisation) => "Prohibited as it stands; an approval by an authority would lift it.",
        Some(Verdict::Prohibited) => "No ordinary route lifts it.",
        None => "",
    };
    match decision.verdict {
        Some(_) => writeln!(f, "{meaning}"),
        None => writeln!(
            f,
            "At least {}, at most {}, depending on facts that nobody stated.{}",
            words(Some(decision.bounds.at_least)),
            words(Some(decision.bounds.at_most)),
            if decision.may_proceed == Proceed::No { " As it stands it may not go ahead." } else { "" }
        ),
    }
}

fn regime(finding: &Finding, several: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if finding.norms.is_empty() && !several {
        return Ok(());
    }
    writeln!(f, "\n{}: {}", finding.title, words(finding.verdict))?;
    for norm in &finding.norms {
        norm_lines(norm, f)?;
    }
    Ok(())
}

fn norm_lines(norm: &NormFinding, f: &mut Formatter<'_>) -> fmt::Result {
    let status = match norm.status {
        NormStatus::Applies => "applies",
        NormStatus::Lifted => "lifted",
        NormStatus::Undetermined => "depends",
    };
    let mark = if norm.decides { "→" } else { " " };
    write!(f, "  {mark} {status:<8} {}", norm.citation)?;
    if let Some(title) = &norm.title {
        write!(f, ", {title}")?;
    }
    if let Some(line) = norm.line {
        write!(f, " (line {line})")?;
    }
    writeln!(f)?;
    writeln!(f, "             {} at {}:{}", norm.id, norm.source.file, norm.source.line)?;
    for widening in &norm.with {
        write!(f, "             with {}", widening.citation)?;
        if let Some(title) = &widening.title {
            write!(f, ", {title}")?;
        }
        writeln!(f)?;
    }
    for exit in &norm.lifted_by {
        let how = if norm.status == NormStatus::Lifted { "lifted by" } else { "where it is lifted, by" };
        writeln!(f, "             {how} {} ({})", exit.id, exit.citation)?;
    }
    if !norm.needs.is_empty() {
        let needs: Vec<&str> = norm.needs.iter().map(|need| need.fact.as_str()).collect();
        writeln!(f, "             depends on {}", needs.join(", "))?;
    }
    Ok(())
}

fn routes(routes: &[Route], f: &mut Formatter<'_>) -> fmt::Result {
    if routes.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nWhat would lawfully change the answer")?;
    for (at, route) in routes.iter().enumerate() {
        let exceptional = if route.exceptional { "exceptionally, " } else { "" };
        for (nth, need) in route.needs.iter().enumerate() {
            let lead = match nth {
                0 => format!("  {}. {exceptional}", at + 1),
                _ => "     and ".to_owned(),
            };
            writeln!(f, "{lead}{}", need_words(need))?;
            if let Some(standard) = &need.standard {
                writeln!(f, "       “{standard}”")?;
            }
        }
        writeln!(f, "       lifts {}", route.lifts.join(", "))?;
        for duty in &route.duties {
            writeln!(f, "       then owed: {duty}")?;
        }
    }
    Ok(())
}

fn need_words(need: &Need) -> String {
    let to = need.to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
    let last = need.last_day.map_or(String::new(), |day| format!(" (last day {day})"));
    format!("{} by {}{to}, {}, under {} ({}){last}", need.kind, need.by, need.when, need.citation, need.under)
}

fn facts(missing: &[MissingFact], f: &mut Formatter<'_>) -> fmt::Result {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|fact| fact.fact.as_str()).collect();
    writeln!(f, "      depends on {}", names.join(", "))
}

fn section<T>(
    f: &mut Formatter<'_>,
    title: &str,
    entries: &[T],
    each: impl Fn(&T, &mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    for entry in entries {
        write!(f, "  - ")?;
        each(entry, f)?;
    }
    Ok(())
}

fn words(verdict: Option<Verdict>) -> String {
    verdict::name(verdict).replace('_', " ")
}
