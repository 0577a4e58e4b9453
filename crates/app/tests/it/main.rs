//! Uses of the application, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

mod activities;
mod rosters;
mod uploads;
mod world;
