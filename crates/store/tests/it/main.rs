//! Every store function, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

mod activities;
mod given_up;
mod idempotency;
mod identity;
mod identity_tries;
mod learners;
mod midnight;
mod missing_credit;
mod people;
mod provider_reports;
mod reading;
mod registry_pages;
mod requirements;
mod sandboxes;
mod search;
mod second_factors;
mod shares;
mod submissions;
