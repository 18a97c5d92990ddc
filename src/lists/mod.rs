//! Sanctions lists in the forms in which they are published, read into [`Snapshot`](crate::Snapshot)s.
//!
//! | reader | of |
//! |---|---|
//! | [`UnXml`] | the consolidated list of the UN Security Council, in XML |
//! | [`VesselTable`] | a table of designated vessels, in CSV |
//!
//! A file is read as a stream and is either taken whole or refused: what is cut off, broken, of another kind or
//! contradicts itself gives an error that names line and entry, and no snapshot. Both readers take what a file
//! says and nothing else: no number is picked out of prose, and no name is compared with another.

mod fault;
mod un_xml;
mod vessels;

pub use un_xml::UnXml;
pub use vessels::VesselTable;
