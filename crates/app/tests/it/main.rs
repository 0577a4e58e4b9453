//! Uses of the application, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what is not as expected here fails a test")]

mod activities;
mod activity_files;
mod activity_files_matching;
mod activity_files_results;
mod activity_search;
mod announcements;
mod board_rules;
mod columns;
mod data_report;
mod derived;
mod dump;
mod entering;
mod help;
mod imports;
mod kept_transcripts;
mod letters;
mod license_audits;
mod licensee_lists;
mod merges;
mod midnight;
mod missing_credit;
mod notices;
mod own_credit;
mod pairing;
mod points;
mod prevalidation;
mod provider_reports;
mod references;
mod registry;
mod replacing;
mod roster_merges;
mod rosters;
mod sandbox;
mod saved;
mod second_factors;
mod settling;
mod shares;
mod uploads;
mod uploads_documents;
mod world;
mod years;
