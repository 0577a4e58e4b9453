//! The commands, each an arguments struct with its `run`, and the settings that several share.

pub(crate) mod admin;
mod background;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod letters;
pub(crate) mod match_file;
mod match_learners;
mod match_registry;
pub(crate) mod migrate;
pub(crate) mod read_only;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod upload;
pub(crate) mod verify;
pub(crate) mod witness;
pub(crate) mod worker;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use app::{App, Chance, Clock, Config};
use clap::Args;

use crate::progress::Step;

/// Where the data is. What is not given here comes from the file, the environment, the defaults.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Folder of uploaded files, the signing key and, by default, the database
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Settings file; `config.default.toml` in the repository explains each
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    pub(crate) fn config(&self) -> Result<Config> {
        let mut config = Config::read(self.config.as_deref()).context("the settings cannot be read")?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        Ok(config)
    }

    /// As [`Place::config`], for a command that makes no sense on data that is not there yet.
    pub(crate) fn config_of_existing(&self) -> Result<Config> {
        let config = self.config()?;
        if let store::Database::Sqlite(file) = address(&config)?
            && !file.exists()
        {
            bail!("there is no database {}; name the folder with --data", file.display());
        }
        Ok(config)
    }
}

/// The database that the settings name.
pub(crate) fn address(config: &Config) -> Result<store::Database> {
    Ok(store::Database::read(&config.database_address())?)
}

/// Opens everything with the system's clock and chance; tells how far the index is.
pub(crate) async fn open(config: Config) -> Result<App> {
    let step = Step::begin("Reading the registry", 0);
    let clock = Clock::system(&config.time_zone);
    let place = config.database_address();
    let app = App::open(config, clock, Chance::system(), &|done, total| step.at(done, total)).await;
    step.end_quietly();
    app.with_context(|| format!("the data at {} cannot be opened", without_password(&place)))
}

/// What is wrong with what was typed, with its option.
pub(crate) fn in_words(error: app::Error) -> anyhow::Error {
    match error {
        app::Error::Invalid(faults) => {
            let words: Vec<String> = faults.into_iter().map(|f| format!("--{}: {}", f.field, f.message)).collect();
            anyhow::anyhow!("{}", words.join(" "))
        }
        error => error.into(),
    }
}

/// A database's address fit for a message or the log.
pub(crate) fn without_password(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://...@{host}"),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(without_password("postgres://me:s3cret@db.example/x"), "postgres://...@db.example/x");
        assert_eq!(without_password("sqlite:/tmp/credence.db"), "sqlite:/tmp/credence.db");
    }
}
