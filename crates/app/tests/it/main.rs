//! Uses of the application, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what is not as expected here fails a test")]

mod activities;
mod activity_files;
mod entering;
mod references;
mod rosters;
mod uploads;
mod world;
mod years;
