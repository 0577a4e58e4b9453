//! Tests of the engine from outside: tables of outcomes, the hard rules, order and change, and a generated crowd.
#![expect(clippy::unwrap_used, reason = "a test's own tables are right or the test fails")]

mod columns;
mod confusion;
mod crowd;
mod hard_rules;
mod order;
mod outcomes;
mod people;
mod quality;
mod replay;
mod town;
mod traps;
