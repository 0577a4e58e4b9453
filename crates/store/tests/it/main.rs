//! Every store function, on SQLite or on the PostgreSQL that `CREDENCE_TEST_POSTGRES` names.

mod people;
mod reading;
