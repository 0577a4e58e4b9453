//! Putting a backup back into an empty place. Every byte is compared with the manifest before anything is written.
//!
//! What is restored opens read-only: what was accepted after the backup is missing, and only a head that was published
//! later can say whether anything is. Until then nothing is sent, decided or signed.

use std::path::{Path, PathBuf};

use ledger::{Signer, VerifyingKey};
use serde::{Deserialize, Serialize};
use store::{Database, Store};

use super::files;
use super::make::{Step, blocking};
use super::manifest::{FILES, FileCopy, Manifest};
use super::postgres;
use crate::read_only::{By, State};
use crate::{Chance, Clock, Config, Error, Result, verify};

/// What came back, and how it was checked.
#[derive(Debug, Clone)]
pub struct Restored {
    pub manifest: Manifest,
    pub report: verify::Report,
    /// Letters that waited: whether they were sent is not known, so they are held back.
    pub letters_held_back: u64,
}

/// The mark of a restore, kept until the ledger was compared with a published head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub made: String,
    pub leaves: i64,
}

/// Restores a backup into the data folder and database that the settings name. Both must be empty. The keys come from
/// the folder where they were kept apart, and must be those of the manifest.
pub async fn restore(
    config: &Config,
    (clock, chance): (&Clock, &Chance),
    (backup, keys): (&Path, &Path),
    told: &(dyn Fn(Step) + Send + Sync),
) -> Result<Restored> {
    let manifest = Manifest::read(backup)?;
    let database = Database::read(&config.database_address())?;
    refuse_unfit(config, &manifest, &database).await?;
    check(backup, &manifest, told).await?;
    check_keys(keys, &manifest).await?;
    put_files(config, backup, keys, &manifest, told).await?;
    told(Step::Database);
    put_database(&database, backup, &manifest).await?;
    let store = Store::open(&database).await?;
    let letters_held_back = mark(&store, clock, chance, &manifest).await?;
    let report = verify::run(&store, &ledger_key(config)?, &|_, _| ()).await;
    store.close().await;
    let report = report?;
    if report.leaves != manifest.ledger.leaves {
        let (found, told) = (report.leaves, manifest.ledger.leaves);
        return Err(Error::Internal(format!("the restored ledger has {found} leaves where the manifest says {told}")));
    }
    Ok(Restored { manifest, report, letters_held_back })
}

async fn refuse_unfit(config: &Config, manifest: &Manifest, database: &Database) -> Result<()> {
    let kind = match database {
        Database::Sqlite(_) => "sqlite",
        Database::Postgres(_) => "postgres",
    };
    if manifest.database.kind != kind {
        let told = format!(
            "the backup is of a {} database and can only be restored into such; name one with --database",
            manifest.database.kind
        );
        return Err(Error::Internal(told));
    }
    if manifest.database.migration > Store::newest_migration() {
        let told = format!("the backup was made by the newer version {}; install that first", manifest.version);
        return Err(Error::Internal(told));
    }
    let (name, own) = (manifest.ledger.key.split('+').next().unwrap_or_default(), config.ledger_name());
    if !name.is_empty() && name != own {
        let told = format!("the backup's ledger is called {name}, here it would be {own}; set base_url as it was");
        return Err(Error::Internal(told));
    }
    let data = config.data.clone();
    if !blocking(move || files::is_free(&data)).await? {
        return Err(Error::Internal(format!("{} is not empty; restore into a new folder", config.data.display())));
    }
    if !store::copies::is_empty(database).await? {
        return Err(Error::Internal("the database is not empty; restore into a new one".to_owned()));
    }
    Ok(())
}

/// Compares every byte of the backup with the manifest.
async fn check(backup: &Path, manifest: &Manifest, told: &(dyn Fn(Step) + Send + Sync)) -> Result<()> {
    let all: Vec<FileCopy> = manifest.files.iter().chain([&manifest.database.copy]).cloned().collect();
    let total = all.len() as u64;
    for (done, expected) in (1..).zip(all) {
        let place = files::inside(backup, &expected.path)?;
        blocking(move || same(&place, &expected)).await?;
        told(Step::Files(done, total));
    }
    if manifest.database.kind == "sqlite" {
        let copy = files::inside(backup, &manifest.database.copy.path)?;
        let faults = store::copies::faults_of_sqlite(&copy).await?;
        if !faults.is_empty() {
            return Err(Error::Internal(format!("the copied database is damaged: {}", faults.join("; "))));
        }
    }
    Ok(())
}

async fn check_keys(keys: &Path, manifest: &Manifest) -> Result<()> {
    for expected in manifest.keys.clone() {
        let place = files::inside(keys, &expected.path)?;
        if !place.is_file() {
            let told =
                format!("the key {} is missing in {}; it was kept apart from backups", expected.path, keys.display());
            return Err(Error::Internal(told));
        }
        blocking(move || same(&place, &expected)).await?;
    }
    Ok(())
}

fn same(file: &Path, expected: &FileCopy) -> Result<()> {
    let found = files::digest(file, &expected.path)
        .map_err(|error| Error::Internal(format!("{} cannot be read: {error}", file.display())))?;
    match found == *expected {
        true => Ok(()),
        false => Err(Error::Internal(format!("{} is not what the manifest says: it was changed", file.display()))),
    }
}

async fn put_files(
    config: &Config,
    backup: &Path,
    keys: &Path,
    manifest: &Manifest,
    told: &(dyn Fn(Step) + Send + Sync),
) -> Result<()> {
    let mut moves: Vec<(PathBuf, PathBuf, FileCopy)> = Vec::new();
    for copy in &manifest.files {
        let path = copy.path.strip_prefix(FILES).and_then(|path| path.strip_prefix('/')).unwrap_or_default();
        moves.push((files::inside(backup, &copy.path)?, files::inside(&config.data, path)?, copy.clone()));
    }
    for key in &manifest.keys {
        moves.push((files::inside(keys, &key.path)?, files::inside(&config.data, &key.path)?, key.clone()));
    }
    std::fs::create_dir_all(&config.data)?;
    let total = moves.len() as u64;
    for (done, (from, into, expected)) in (1..).zip(moves) {
        blocking(move || match files::copy(&from, &into, &expected.path, 0o600)? {
            Some(copied) if copied == expected => Ok(()),
            _ => Err(Error::Internal(format!("{} changed while it was copied", from.display()))),
        })
        .await?;
        told(Step::Files(done, total));
    }
    Ok(())
}

async fn put_database(database: &Database, backup: &Path, manifest: &Manifest) -> Result<()> {
    let from = files::inside(backup, &manifest.database.copy.path)?;
    match database {
        Database::Sqlite(file) => {
            let (file, expected) = (file.clone(), manifest.database.copy.clone());
            blocking(move || match files::copy(&from, &file, &expected.path, 0o600)? {
                Some(copied) if copied == expected => Ok(()),
                _ => Err(Error::Internal(format!("{} changed while it was copied", from.display()))),
            })
            .await
        }
        Database::Postgres(address) => postgres::restore(address, &from).await,
    }
}

/// Makes the restored system stand still: read-only, nobody signed in, no letter sent twice.
async fn mark(store: &Store, clock: &Clock, chance: &Chance, manifest: &Manifest) -> Result<u64> {
    let by = By { store, clock, chance, actor: None };
    let mark = Mark { made: manifest.made.clone(), leaves: manifest.ledger.leaves };
    let mark = serde_json::to_string(&mark).map_err(|error| Error::Internal(error.to_string()))?;
    let reason = format!(
        "Restored from the backup of {}; being compared with what was published.",
        clock.show(manifest.made_at)
    );
    let now = clock.now();
    let mut tx = store.write().await?;
    store::read_only::put(&mut tx, &State { reason: reason.clone(), since: now, restored: Some(mark) }).await?;
    store::sessions::delete_everybodys(&mut tx).await?;
    let held = "Restored from a backup: this letter may have been sent already. Send it again if it was not.";
    let letters = store::mails::log::hold_back(&mut tx, now, held).await?;
    store::jobs::release_all(&mut tx, now).await?;
    store::audit::insert(&mut tx, &by.entry("backup.restore", &manifest.made, &reason)).await?;
    tx.commit().await?;
    Ok(letters)
}

/// The key that checks heads, from the restored folder.
pub(super) fn ledger_key(config: &Config) -> Result<VerifyingKey> {
    let file = config.data.join("ledger-key.pem");
    let pem = std::fs::read_to_string(&file)
        .map_err(|error| Error::Internal(format!("the ledger's key {}: {error}", file.display())))?;
    let signer = Signer::from_pem(&config.ledger_name(), &pem);
    Ok(signer.map_err(|error| Error::Internal(format!("the ledger's key: {error}")))?.verifying_key())
}
