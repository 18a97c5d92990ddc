//! Policy texts in their one canonical layout.

use crate::diagnostics::Report;
use crate::error::{CompileError, Refusal};
use crate::limits::Limits;
use crate::source::{Source, Sources};
use crate::syntax;

/// Lays a policy text out anew. The meaning, the comments and the order of things stay; formatting twice changes
/// nothing more.
///
/// `name` is what messages call the text.
///
/// # Errors
///
/// When the text cannot be read: nothing is formatted by halves.
///
/// # Examples
///
/// ```
/// let text = interdict::format("house.interdict", "use    std")?;
/// assert_eq!(text, "use std\n");
/// # Ok::<(), interdict::CompileError>(())
/// ```
pub fn format(name: impl Into<String>, text: impl Into<String>) -> Result<String, CompileError> {
    let mut sources = Sources::default();
    let id = sources.add(Source::new(name, text));
    let mut report = Report::default();
    let file = syntax::parse(id, sources.get(id).text(), &Limits::default(), &mut report)?;
    if report.has_errors() {
        return Err(Refusal { report, sources }.into());
    }
    Ok(syntax::print(&file))
}
