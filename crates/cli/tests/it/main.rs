//! The binary as people run it: started, asked over HTTP, stopped.

#![expect(clippy::expect_used, reason = "what is not as expected here fails a test")]

mod activity_kill;
mod arguments;
mod commands;
mod demo;
mod example_client;
mod guide;
mod kill;
mod learner_kill;
mod matching;
mod restore;
mod roster_kill;
mod running;
