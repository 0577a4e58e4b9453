//! The only SQL. One statement text serves SQLite and PostgreSQL; a macro runs it on whichever
//! driver the transaction holds. Facts are inserted, never updated; see docs/DATABASE.md.
//!
//! Reads take a [`ReadTx`], changes a [`WriteTx`]; functions on tenant data also take a scope of
//! `domain::access`, so that a query without its tenant does not compile.

#[macro_use]
mod tx;

pub mod connect;
pub mod counters;
pub mod dialect;
pub mod error;
pub mod reference;
pub mod completions;
pub mod events;
pub mod jobs;
pub mod ledger;
pub mod upload_rows;
pub mod uploads;
pub mod values;

pub use connect::{Database, Store};
pub use error::{Error, Result};
pub use tx::{ReadTx, WriteTx};
