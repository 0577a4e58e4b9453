//! The identity engine: what a sender says of a person in, **one physician with reasons** out, or the
//! outcome that says why not. Pure: no I/O, no clock, no chance.
//!
//! A wrong link is worse than a hundred refusals, so weights only propose; the hard rules of
//! `rules` decide. Answers never depend on the order of the registry, of the rows, or on threads.

mod candidates;
pub mod columns;
mod compare;
mod decide;
mod decision;
mod frequencies;
mod given;
mod identifiers;
mod index;
mod keys;
mod license_forms;
mod names;
mod nicknames;
mod npi;
mod numbers;
mod parameters;
mod physician;
mod query;
mod reasons;
mod records;
mod rules;
mod score;
mod settings;
mod spelling;
mod table;

pub use decision::{Decision, Evidence, Explanation, Field, Outcome, Part, Reason};
pub use index::{Builder, Index};
pub use nicknames::are_forms_of_one;
pub use npi::npi_check_digit_ok;
pub use physician::Physician;
pub use query::{Query, Teller};
pub use settings::Settings;
