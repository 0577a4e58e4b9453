//! Plots drawn on the server: numbers in, geometry out; `templates/macros/plots.html` makes SVG of it.
//!
//! Every plot stands beside a table with the same figures. Colours are classes, so that the style sheet's
//! tokens serve light and dark; lengths are in the units of each plot's own view box.

mod bars;
mod line;
mod scale;

pub use bars::{Bars, Way};
pub use line::Line;

/// A value to draw, with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub label: String,
    /// Not below zero.
    pub value: f64,
    /// The value as it is written.
    pub shown: String,
}

/// A tenth of a unit is finer than any screen.
fn rounded(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
