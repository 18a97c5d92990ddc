//! The drawing as text.

use std::fmt::{self, Display, Formatter};

use super::{Drawing, DrawnPart, OnPath};

impl Display for Drawing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline())?;
        writeln!(f, "{}", self.explained())?;
        if self.has_path {
            writeln!(f, "> marks the way of the activity, ? where a fact that is not known lets it go on.")?;
        }
        for meaning in &self.legend {
            writeln!(f, "  {}: {}", meaning.name, meaning.means)?;
        }
        for (at, part) in self.parts.iter().enumerate() {
            writeln!(f)?;
            writeln!(f, "{}", self.part_title(at))?;
            part.write(f)?;
        }
        Ok(())
    }
}

impl DrawnPart {
    fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some((always, _)) = self.always() {
            writeln!(f, "{always}")?;
        }
        let mut asked = None;
        for (at, place) in self.places.iter().enumerate() {
            if asked.replace(place.question) != Some(place.question) {
                writeln!(f, "{}?", self.questions[place.question])?;
            }
            let widest =
                place.edges.iter().map(|edge| edge.answers.chars().count()).max().unwrap_or_default().min(WIDEST);
            for (nth, edge) in place.edges.iter().enumerate() {
                let number = if nth == 0 { format!("[{}]", at + 1) } else { String::new() };
                let mark = match edge.on_path {
                    OnPath::No => ' ',
                    OnPath::Open => '?',
                    OnPath::Yes => '>',
                };
                let leads = match (edge.to, edge.reach()) {
                    (Some(to), Some(reach)) => format!("[{}], and {reach}", to + 1),
                    (Some(to), None) => format!("[{}]", to + 1),
                    (None, _) => edge.end().map_or("nothing".to_owned(), |(said, _)| said),
                };
                writeln!(f, "{mark} {number:>6} {:<widest$}  -> {leads}", edge.answers)?;
            }
        }
        Ok(())
    }
}

/// Longest answer to which others are aligned, in characters.
const WIDEST: usize = 40;
