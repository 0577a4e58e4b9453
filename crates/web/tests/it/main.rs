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
mod activity_search;
mod admin;
mod announcements;
mod api_clients;
mod board_lists;
mod board_programs;
mod certifying;
mod claims;
mod columns;
mod credentials;
mod headers;
mod help;
mod imports;
mod learner_api;
mod learner_api_again;
mod learner_api_hostile;
mod learner_api_read;
mod learners;
mod limits;
mod locked_years;
mod missing_credit;
mod moc_api;
mod openapi;
mod operations;
mod organizations;
mod passkeys;
mod passwords;
mod prevalidation;
mod provider_mark;
mod read_only;
mod reading;
mod recovery;
mod reference_editor;
mod reports;
mod requirements;
mod sandbox;
mod scopes;
mod second_factors;
mod sharing;
mod sign_in;
mod step_up;
mod svc;
mod team;
mod transcript_api;
mod transparency;
mod uploads;
mod webhooks;
mod year_report;
mod years;
