//! `credence doctor`: looks at what a system needs and says what is wrong, with what to do.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use ledger::Signer;
use store::Store;

use super::{Place, address, without_password};
use crate::output::{count, say};

/// Less free space than this is a fault: an upload, its result and the log must fit.
const LEAST_FREE_MB: u64 = 1_024;

/// Check the database, the signing key, free space and background work
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
}

/// What was looked at: how it is, or what to do about it.
type Finding = (&'static str, Result<String, String>);

impl Doctor {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config_of_existing()?;
        let mut findings: Vec<Finding> = vec![("Free space", free_space(&config.data)), ("Signing key", key(&config))];
        match Store::open(&address(&config)?).await {
            Err(error) => {
                let shown = without_password(&config.database_address());
                findings.push(("Database", Err(format!("{shown}: {error}"))));
            }
            Ok(store) => {
                findings.push(("Database", version(&store).await));
                findings.push(("Tables", Ok("up to date".to_owned())));
                findings.push(("Registry", physicians(&store).await));
                findings.push(("Background work", jobs(&store, &config.time_zone).await));
                store.close().await;
            }
        }
        let mut faults = 0;
        for (what, found) in findings {
            let (word, text) = match found {
                Ok(text) => ("ok   ", text),
                Err(text) => {
                    faults += 1;
                    ("FAULT", text)
                }
            };
            say(&format!("{word}  {what:<16} {text}"))?;
        }
        if faults > 0 {
            bail!("{faults} of these need somebody");
        }
        Ok(())
    }
}

/// As `df` tells it: the standard library has no way to ask.
fn free_space(folder: &Path) -> Result<String, String> {
    let told = Command::new("df").arg("-Pk").arg(folder).output().map_err(|_| "df could not be run".to_owned())?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free.map(|kilobytes| kilobytes / 1_024) {
        None => Err(format!("the folder {} cannot be looked at", folder.display())),
        Some(megabytes) if megabytes < LEAST_FREE_MB => {
            Err(format!("only {} MB are left; make room in {}", count(megabytes), folder.display()))
        }
        Some(megabytes) => Ok(format!("{} MB", count(megabytes))),
    }
}

fn key(config: &app::Config) -> Result<String, String> {
    let file = config.data.join("ledger-key.pem");
    if !file.exists() {
        return Ok("none yet; made at the first start".to_owned());
    }
    let read = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    Signer::from_pem(&config.ledger_name(), &read).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(format!("readable, of {}", config.ledger_name()))
}

async fn version(store: &Store) -> Result<String, String> {
    let read = async { store::health::version(&mut store.read().await?).await };
    read.await.map_err(|error: store::Error| error.to_string())
}

async fn physicians(store: &Store) -> Result<String, String> {
    let read = async { store::physicians::count(&mut store.read().await?).await };
    let found: i64 = read.await.map_err(|error: store::Error| error.to_string())?;
    Ok(format!("{} physicians", count(found.unsigned_abs())))
}

async fn jobs(store: &Store, time_zone: &str) -> Result<String, String> {
    let now = app::Clock::system(time_zone).now();
    let read = async { store::health::jobs(&mut store.read().await?, now).await };
    let found = read.await.map_err(|error: store::Error| error.to_string())?;
    let told = format!("{} waiting or running", found.open);
    match (found.failed, found.overdue) {
        (0, 0) => Ok(told),
        (0, overdue) => {
            Err(format!("{told}; {overdue} wait since ten minutes or more: is a server or worker running?"))
        }
        (failed, _) => Err(format!("{told}; {failed} given up: their causes are in the log and in job.failure")),
    }
}
