//! The binary: one file per command in `commands`, the invented data in `demo`.
//!
//! What people asked for goes to stdout, progress and the log to stderr, so that either can be piped.
//! A reader that stops reading is no error.

mod commands;
mod demo;
mod output;
mod progress;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Learner credit for accredited continuing education.
#[derive(Debug, Parser)]
#[command(name = "credence", version, about)]
struct Credence {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(commands::serve::Serve),
    Worker(commands::worker::Worker),
    Demo(commands::demo::Demo),
    Import(commands::import::Import),
    Match(commands::match_file::Match),
    Upload(commands::upload::Upload),
    Verify(commands::verify::Verify),
    Migrate(commands::migrate::Migrate),
    Doctor(commands::doctor::Doctor),
    Backup(commands::backup::Backup),
    Restore(commands::restore::Restore),
    ReadOnly(commands::read_only::ReadOnly),
    Witness(commands::witness::Witness),
    Letters(commands::letters::Letters),
    Admin(commands::admin::Admin),
    Bench(commands::bench::Bench),
}

impl Command {
    /// What the log tells unless RUST_LOG says otherwise: servers tell of each request.
    fn usual_log(&self) -> &'static str {
        match self {
            Command::Serve(_) | Command::Worker(_) => "info,sqlx=warn",
            _ => "warn,sqlx=error",
        }
    }

    async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Serve(command) => command.run().await,
            Command::Worker(command) => command.run().await,
            Command::Demo(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::Match(command) => command.run().await,
            Command::Upload(command) => command.run().await,
            Command::Verify(command) => command.run().await,
            Command::Migrate(command) => command.run().await,
            Command::Doctor(command) => command.run().await,
            Command::Backup(command) => command.run().await,
            Command::Restore(command) => command.run().await,
            Command::ReadOnly(command) => command.run().await,
            Command::Witness(command) => command.run().await,
            Command::Letters(command) => command.run().await,
            Command::Admin(command) => command.run().await,
            Command::Bench(command) => command.run().await,
        }
    }
}

fn main() -> ExitCode {
    let command = Credence::parse().command;
    start_log(command.usual_log());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::reader_is_gone(&error) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    output::complain(&format!("Error: {error:#}"));
    ExitCode::FAILURE
}

/// Lines for people on a terminal, JSON for machines.
fn start_log(usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.with_target(false).init();
    } else {
        log.json().flatten_event(true).with_ansi(false).init();
    }
}
