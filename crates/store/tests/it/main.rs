//! Every store function, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

mod activities;
mod announcements;
mod credentials;
mod given_up;
mod help;
mod idempotency;
mod identity;
mod identity_tries;
mod learners;
mod midnight;
mod missing_credit;
mod operations;
mod organizations;
mod people;
mod provider_reports;
mod reading;
mod registry_imports;
mod registry_pages;
mod requirements;
mod sandboxes;
mod search;
mod second_factors;
mod shares;
mod submissions;
mod year_reports;
