//! `interdict doc`

use interdict::DocFormat;

use crate::args::{Doc, Page};
use crate::{Exit, Stop, policies, put};

/// Writes the page to the file, or to standard output.
pub fn run(it: &Doc) -> Result<Exit, Stop> {
    let rules = policies::compile(&it.policies, &[])?;
    let format = match it.format {
        Page::Html => DocFormat::Html,
        Page::Markdown => DocFormat::Markdown,
    };
    let page = rules.doc(format, it.date);
    match &it.output {
        None => put(&page)?,
        Some(path) => {
            std::fs::write(path, page).map_err(|error| Stop::Io { path: policies::name(path), error })?;
        }
    }
    Ok(Exit::Ok)
}
