//! One file for each way to decide.

pub mod straight_match;
pub mod linear_scan;
pub mod interdict;
pub mod cedar;
pub mod regorus;
pub mod cel;
pub mod zen;
