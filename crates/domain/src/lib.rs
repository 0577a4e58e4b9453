//! The nouns and rules of continuing-education credit, pure: no I/O, no clock, no randomness.
//!
//! Everything here can be tested with a table. Rules that may change next year are values of
//! [`reference::Reference`], never constants.

pub mod access;
pub mod activity;
pub mod amount;
pub mod announcement;
pub mod api_scope;
pub mod board;
pub mod check;
pub mod credit;
pub mod field;
pub mod help;
pub mod ids;
pub mod license_audit;
pub mod licensee_list;
pub mod missing_credit;
pub mod month_day;
pub mod organization;
pub mod pairing;
pub mod problem;
pub mod reference;
pub mod report;
pub mod requirement;
pub mod state;
pub mod transcript;
pub mod upload;

pub use amount::Amount;
pub use api_scope::{ApiScope, ApiScopes};
pub use board::Board;
pub use field::Field;
pub use ids::*;
pub use month_day::MonthDay;
pub use organization::Organization;
pub use problem::{Code, Place, Problem, Stretch};
pub use state::State;
