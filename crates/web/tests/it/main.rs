//! The application over HTTP, without a network: pages as people use them, services as programs do.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as expected"
)]

mod access;
mod activities;
mod activity_api;
mod activity_api_again;
mod activity_api_hostile;
mod activity_form;
mod admin;
mod api_clients;
mod certifying;
mod claims;
mod columns;
mod headers;
mod learner_api;
mod learner_api_again;
mod learner_api_hostile;
mod learner_api_read;
mod learners;
mod limits;
mod locked_years;
mod moc_api;
mod openapi;
mod passwords;
mod prevalidation;
mod reading;
mod reference_editor;
mod reports;
mod sandbox;
mod scopes;
mod sign_in;
mod svc;
mod team;
mod uploads;
mod webhooks;
mod years;
