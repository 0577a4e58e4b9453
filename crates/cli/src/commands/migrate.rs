//! `credence migrate`: brings the tables up to date without serving. Servers do so themselves; with
//! several of them it is run once beforehand.

use anyhow::{Context, Result};
use clap::Args;
use store::Store;

use super::{Place, address, without_password};
use crate::output::say;

/// Bring the database's tables up to date
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    place: Place,
}

impl Migrate {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config()?;
        if let store::Database::Sqlite(_) = address(&config)? {
            std::fs::create_dir_all(&config.data)?;
        }
        let shown = without_password(&config.database_address());
        let store = Store::open(&address(&config)?).await.with_context(|| format!("the database {shown}"))?;
        store.close().await;
        say(&format!("The tables of {shown} are up to date."))
    }
}
