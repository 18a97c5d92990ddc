//! `interdict coverage`

use interdict::packs;

use crate::args::{Answer, Coverage};
use crate::{Exit, Stop, answered, policies, put, put_json};

/// Prints the table of the pack, and what is wrong with it.
pub fn run(it: &Coverage) -> Result<Exit, Stop> {
    let Some(table) = packs::fates(&it.law) else {
        let with: Vec<&str> = packs::names().filter(|pack| packs::fates(pack).is_some()).collect();
        let with = with.join("`, `");
        return Err(Stop::Usage(format!("`{}` is no pack with a table of paragraphs (there are `{with}`)", it.law)));
    };
    let fates = policies::compile(std::slice::from_ref(&it.law), &[])?.fates(table);
    let printed = match it.format {
        Answer::Text => put(&fates.to_string()),
        Answer::Json => put_json(&fates),
    };
    answered(printed, if fates.is_sound() { Exit::Ok } else { Exit::No })
}
