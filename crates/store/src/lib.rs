//! The only SQL. One statement text serves SQLite and PostgreSQL; a macro runs it on whichever
//! driver the transaction holds. Facts are inserted, never updated; see docs/DATABASE.md.
//!
//! Reads take a [`ReadTx`], changes a [`WriteTx`]; functions on tenant data also take a scope of
//! `domain::access`, so that a query without its tenant does not compile.

#[macro_use]
mod tx;
#[macro_use]
mod question;

pub mod account_lists;
pub mod accounts;
pub mod activities;
pub mod activity_changes;
pub mod activity_files;
pub mod announcements;
pub mod api_allowances;
pub mod api_clients;
pub mod attempts;
pub mod audit;
pub mod board_rules;
pub mod ceremonies;
pub mod claims;
pub mod completions;
pub mod connect;
pub mod copies;
pub mod counters;
pub mod credentials;
pub mod credit_changes;
mod credit_tally;
pub mod devices;
mod dialect;
pub mod email_changes;
pub mod error;
pub mod events;
pub mod evidence;
pub mod feeds;
pub mod health;
pub mod help;
pub mod idempotency;
pub mod identity_changes;
pub mod identity_tries;
pub mod invitations;
pub mod jobs;
pub mod learners;
pub mod ledger;
pub mod license_audits;
pub mod licensee_lists;
pub mod licensees;
pub mod lost_factors;
pub mod mails;
pub mod missing_credit;
pub mod moc;
pub mod notices;
pub mod organizations;
pub mod overview;
pub mod own_credit;
pub mod passkeys;
pub mod password_resets;
pub mod physicians;
pub mod processes;
pub mod proof;
pub mod provider_marks;
pub mod provider_reports;
pub mod read_only;
pub mod record_trail;
pub mod reference;
pub mod registry_imports;
pub mod registry_pages;
pub mod rejection_notices;
pub mod requirements;
pub mod reviews;
pub mod sandboxes;
pub mod saved_activities;
pub mod saved_searches;
pub mod seats;
pub mod second_factors;
pub mod sessions;
pub mod shares;
pub mod sketches;
pub mod standing_changes;
pub mod submissions;
pub mod transcript_issues;
pub mod transcripts;
pub mod upload_rows;
pub mod uploads;
pub mod values;
pub mod webhooks;
pub mod year_reports;
pub mod years;

pub use connect::{Database, Room, Store};
pub use error::{Error, Result};
pub use tx::{ReadTx, WriteTx};
