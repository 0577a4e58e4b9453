//! `credence worker`: background work without pages, beside servers on the same PostgreSQL.

use anyhow::{Result, bail};
use clap::Args;
use store::Database;

use super::background::Background;
use super::serve::signal;
use super::{Place, address, open};
use crate::output::say;

/// Do background work only, beside servers on the same PostgreSQL database
#[derive(Debug, Args)]
pub(crate) struct Worker {
    #[command(flatten)]
    place: Place,
}

impl Worker {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config()?;
        if matches!(address(&config)?, Database::Sqlite(_)) {
            bail!("a SQLite database has one server, which works in the background itself; workers need PostgreSQL");
        }
        let app = open(config).await?;
        let background = Background::start(&app, "worker");
        say("Credence is working")?;
        signal().await;
        background.end().await;
        app.store.close().await;
        Ok(())
    }
}
