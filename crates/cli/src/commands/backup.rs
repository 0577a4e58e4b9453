//! `credence backup`: one consistent copy of database and files while everything goes on. Keys never go into it; they
//! are saved once, with `--keys-to`, and kept in another place.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app::backup::{self, Step as Told};
use app::{Clock, Config};
use clap::Args;
use store::Store;

use super::{Place, address};
use crate::output::{count, say};
use crate::progress::Step;

/// Copy database and files to a new folder, while the system works
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Folder of backups, in which a new one is made [default: the setting `backups`]
    into: Option<PathBuf>,
    /// Only save the keys to this folder, to be kept apart from backups
    #[arg(long, value_name = "DIR")]
    keys_to: Option<PathBuf>,
    /// Afterwards remove all but the newest so many backups of that folder
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    #[command(flatten)]
    place: Place,
}

impl Backup {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config_of_existing()?;
        if let Some(folder) = &self.keys_to {
            return save_keys(&config, folder).await;
        }
        let into = self.into.clone().unwrap_or_else(|| config.backups.clone());
        if into.as_os_str().is_empty() {
            bail!("name the folder of backups, or set backups in the settings");
        }
        let store = Store::open(&address(&config)?).await?;
        let step = Step::begin("Copying", 0);
        let told = |told: Told| match told {
            Told::Database => step.note("the database".to_owned()),
            Told::Files(done, total) => {
                step.note("files".to_owned());
                step.at(done, total);
            }
        };
        let made = backup::make(&config, &store, &Clock::system(&config.time_zone), &into, &told).await;
        step.end_quietly();
        store.close().await;
        let made = made.context("the backup was not made")?;
        let manifest = &made.manifest;
        say(&format!(
            "{}: the database with {} leaves of the ledger, and {} files.",
            made.folder.display(),
            count(manifest.ledger.leaves.unsigned_abs()),
            count(manifest.files.len() as u64)
        ))?;
        say(&format!("SHA-256 of its manifest: {}", made.digest))?;
        say("Keys are not in it: save them once with --keys-to, and keep them in another place.")?;
        match self.keep {
            Some(keep) => remove_older(&into, usize::from(keep)),
            None => Ok(()),
        }
    }
}

async fn save_keys(config: &Config, folder: &Path) -> Result<()> {
    let saved = backup::save_keys(&config.data, folder).await.context("the keys were not saved")?;
    if saved.is_empty() {
        return say("There are no keys yet; they are made at the first start.");
    }
    say(&format!("Saved in {}: {}.", folder.display(), saved.join(", ")))?;
    say("Whoever has them can sign as this system does, and with the database make people’s codes: lock them away.")
}

/// Whole backups are counted; what is not one is left alone.
fn remove_older(folder: &Path, keep: usize) -> Result<()> {
    let mut backups = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("credence-"));
        if is_named && let Ok(manifest) = app::backup::Manifest::read(&path) {
            backups.push((manifest.made_at, path));
        }
    }
    backups.sort();
    let older = backups.len().saturating_sub(keep);
    for (_, path) in backups.into_iter().take(older) {
        std::fs::remove_dir_all(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        say(&format!("Removed {}", path.display()))?;
    }
    Ok(())
}
