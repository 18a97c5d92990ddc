//! `interdict packs`

use crate::{Exit, Stop, put};

/// One line per pack: its name and its texts.
pub fn run() -> Result<Exit, Stop> {
    for pack in interdict::packs::names() {
        let texts = interdict::packs::sources(pack).unwrap_or_default();
        let files: Vec<&str> = texts.iter().map(|text| text.name()).collect();
        put(&format!("{pack}\t{}\n", files.join(" ")))?;
    }
    Ok(Exit::Ok)
}
