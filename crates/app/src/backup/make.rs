//! Making a backup while the system works. Readers and writers go on; the copy is what was committed when it began.

use std::path::{Path, PathBuf};

use ledger::Signer;
use store::counters::{self, Counter};
use store::{Database, ReadTx, Store};
use tokio::task::spawn_blocking;

use super::files::{self, KEY_FILES, KEY_FOLDER, LEFT_OUT, PARTIAL};
use super::manifest::{DatabaseCopy, FILE, FILES, FORMAT, FileCopy, LedgerThen, Manifest};
use super::postgres;
use crate::{Clock, Config, Error, Result};

/// Told while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Database,
    /// Files copied, and how many there are.
    Files(u64, u64),
}

/// A whole backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub folder: PathBuf,
    pub manifest: Manifest,
    /// SHA-256 of the manifest's bytes: whoever keeps it apart notices any change of the backup.
    pub digest: String,
}

/// Makes a backup in a new folder inside `into`, named by the time.
pub async fn make(
    config: &Config,
    store: &Store,
    clock: &Clock,
    into: &Path,
    told: &(dyn Fn(Step) + Send + Sync),
) -> Result<Made> {
    let made_at = clock.now();
    let made = clock.machine(made_at);
    let name = format!("credence-{}", made.replace([':', '-'], ""));
    let (partial, whole) = (into.join(format!("{name}{PARTIAL}")), into.join(&name));
    if whole.exists() {
        return Err(Error::Internal(format!("there is a backup {} already", whole.display())));
    }
    std::fs::create_dir_all(into)?;
    private_folder(&partial)?;
    told(Step::Database);
    let (mut database, ledger) = copy_database(config, store, &partial).await?;
    let copied = copy_files(&config.data, &partial, told).await?;
    let copy = database.copy.path.clone();
    let at = partial.clone();
    database.copy = blocking(move || files::digest(&at.join(&copy), &copy)).await?;
    let data = config.data.clone();
    let keys = blocking(move || {
        let keys = key_files(&data)?;
        keys.iter().map(|(file, path)| files::digest(file, path)).collect::<Result<Vec<_>>>()
    });
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        made,
        database,
        ledger,
        keys: keys.await?,
        files: copied,
        left_out: LEFT_OUT.map(str::to_owned).into(),
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| Error::Internal(error.to_string()))?;
    let (folder, parent) = (whole.clone(), into.to_owned());
    let digest = blocking(move || {
        let file = partial.join(FILE);
        std::fs::write(&file, text.as_bytes())?;
        std::fs::File::open(&file)?.sync_all()?;
        let digest = files::digest(&file, FILE)?.sha256;
        files::sync_folder(&partial)?;
        std::fs::rename(&partial, &folder)?;
        files::sync_folder(&parent)?;
        Ok(digest)
    });
    Ok(Made { folder: whole, manifest, digest: digest.await? })
}

/// Copies the keys to a folder of their own, to be kept apart from backups. Their names; none that is there already
/// is written over.
pub async fn save_keys(data: &Path, into: &Path) -> Result<Vec<String>> {
    let (data, into) = (data.to_owned(), into.to_owned());
    blocking(move || {
        private_folder(&into)?;
        let keys = key_files(&data)?;
        for (file, path) in &keys {
            let target = into.join(path);
            let same = target.exists() && files::digest(&target, path)? == files::digest(file, path)?;
            if !same {
                files::copy(file, &target, path, 0o600)?;
            }
        }
        Ok(keys.into_iter().map(|(_, path)| path).collect())
    })
    .await
}

/// The data folder's keys: where each is, and its path from there.
pub(super) fn key_files(data: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut keys: Vec<(PathBuf, String)> = KEY_FILES.iter().map(|name| (data.join(name), (*name).to_owned())).collect();
    for file in files::below(&data.join(KEY_FOLDER))? {
        let path = format!("{KEY_FOLDER}/{}", file.display());
        keys.push((data.join(&path), path));
    }
    keys.retain(|(file, _)| file.is_file());
    Ok(keys)
}

async fn copy_database(config: &Config, store: &Store, into: &Path) -> Result<(DatabaseCopy, LedgerThen)> {
    let address = config.database_address();
    let (kind, name) = match Database::read(&address)? {
        Database::Sqlite(_) => ("sqlite", "database.sqlite"),
        Database::Postgres(_) => ("postgres", "database.pgdump"),
    };
    let file = into.join(name);
    let (version, migration, ledger) = match Database::read(&address)? {
        Database::Sqlite(from) => {
            store::copies::copy_sqlite(&from, &file).await?;
            // what is said of the copy is read from the copy
            let copy = Store::open_small(&file).await?;
            let mut view = copy.read().await?;
            let found = described(config, &mut view).await?;
            drop(view);
            copy.close().await;
            found
        }
        Database::Postgres(address) => {
            let mut snapshot = store.snapshot().await?;
            let found = described(config, &mut snapshot.view).await?;
            postgres::dump(&address, &snapshot.name, &file).await?;
            let file = file.clone();
            blocking(move || Ok(std::fs::File::open(file)?.sync_all()?)).await?;
            found
        }
    };
    let copy = FileCopy { path: name.to_owned(), bytes: 0, sha256: String::new() };
    Ok((DatabaseCopy { kind: kind.to_owned(), version, migration, copy }, ledger))
}

async fn described(config: &Config, view: &mut ReadTx) -> Result<(String, i64, LedgerThen)> {
    let version = store::health::version(view).await?;
    let migration = store::health::migration(view).await?;
    let leaves = counters::taken(view, Counter::LedgerLeaf).await?;
    let head = store::ledger::last_head(view).await?.map(|head| head.note);
    Ok((version, migration, LedgerThen { leaves, head, key: public_key(config)? }))
}

/// The line that checks the ledger's heads; empty before the first start made a key.
fn public_key(config: &Config) -> Result<String> {
    let file = config.data.join("ledger-key.pem");
    if !file.exists() {
        return Ok(String::new());
    }
    let signer = Signer::from_pem(&config.ledger_name(), &std::fs::read_to_string(&file)?);
    let signer = signer.map_err(|error| Error::Internal(format!("the ledger's key: {error}")))?;
    Ok(signer.verifying_key().to_string())
}

async fn copy_files(data: &Path, into: &Path, told: &(dyn Fn(Step) + Send + Sync)) -> Result<Vec<FileCopy>> {
    let mut wanted = Vec::new();
    let (own, backup) = (data.to_owned(), into.to_owned());
    for folder in blocking(move || files::folders(&own, &backup)).await? {
        let inner = data.join(&folder);
        let found = blocking(move || files::below(&inner)).await?;
        wanted.extend(found.into_iter().map(|file| Path::new(&folder).join(file)));
    }
    let total = wanted.len() as u64;
    let mut copied = Vec::with_capacity(wanted.len());
    for (done, file) in (1..).zip(wanted) {
        let (from, shown) = (data.join(&file), format!("{FILES}/{}", file.display()));
        let target = into.join(&shown);
        // a file whose sender went away is removed meanwhile: no row speaks of it
        copied.extend(blocking(move || files::copy(&from, &target, &shown, 0o600)).await?);
        told(Step::Files(done, total));
    }
    Ok(copied)
}

fn private_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    Ok(std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?)
}

pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
}
