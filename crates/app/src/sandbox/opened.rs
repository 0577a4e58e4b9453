//! One sandbox that this process has open: its application, its work in the background, and who is using it.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ApiClientId;
use domain::access::ProviderScope;
use store::Store;
use store::api_clients::{Live, NewApiClient};
use tokio::sync::{OwnedRwLockReadGuard, RwLock, watch};
use tokio::task::{JoinSet, spawn_blocking};

use super::{Sandboxes, filling};
use crate::chance::hash_of_secret;
use crate::{App, Config, Credentials, CurrentReference, Error, Jobs, Ledger, Registry, Result, consequences, jobs};

/// Files in a sandbox may be this large: it has a handful of physicians.
pub const UPLOAD_BYTES: u64 = 16 * 1024 * 1024;
/// The file in a sandbox's folder that is locked by whoever has it open.
const IN_USE: &str = "in-use.lock";
/// How long work in hand may take to end before it is left to whoever opens the sandbox next.
const PATIENCE: Duration = Duration::from_secs(5);

/// A sandbox that is open.
pub(super) struct Opened {
    pub generation: i64,
    app: App,
    used_at: AtomicI64,
    /// Whoever is in it holds this for reading; whoever closes it, for writing.
    in_use: Arc<RwLock<()>>,
    stop: watch::Sender<bool>,
    work: Mutex<JoinSet<()>>,
    /// Says to other processes that it is open.
    held: File,
    /// Programs that its own database knows.
    known: Mutex<HashSet<ApiClientId>>,
}

/// Somebody in a sandbox, which stays open until this is dropped.
pub struct Visit {
    /// The sandbox's own application: store, registry and ledger are none of the real one's.
    pub app: App,
    _stays_open: OwnedRwLockReadGuard<()>,
}

/// Where a provider's sandboxes lie, one folder for each generation.
pub(super) fn folder_of(config: &Config, scope: &ProviderScope) -> PathBuf {
    config.data.join("sandbox").join(scope.provider().as_str())
}

impl Opened {
    /// Opens a provider's sandbox of this generation, and fills it if it is new.
    pub(super) async fn open(main: &App, scope: &ProviderScope, generation: i64) -> Result<Self> {
        let of_provider = folder_of(&main.config, scope);
        let data = of_provider.join(generation.to_string());
        // other processes on this data folder open one after the other
        let made = spawn_blocking({
            let of_provider = of_provider.clone();
            move || prepare(&of_provider, generation)
        });
        let Held { only_one_opens, in_use: held } =
            made.await.map_err(|error| Error::Internal(error.to_string()))??;
        let store = Store::open_small(&data.join("credence.db")).await?;
        follow_reference(main, &store).await?;
        let reference = CurrentReference::open(&store, main.clock.clone()).await?;
        filling::fill(main, scope, &store, &reference.get()).await?;
        let registry = Registry::build(&store, &|_, _| {}).await?;
        let ledger = Ledger::open(&data, &format!("{}/sandbox", main.config.ledger_name()), &main.chance)?;
        // a key of its own: what a sandbox signs is nothing to anybody outside
        let credentials = Credentials::open(&data, &main.config, &main.chance)?;
        drop(only_one_opens);
        let config = Config {
            data,
            database: String::new(),
            upload_bytes: main.config.upload_bytes.min(UPLOAD_BYTES),
            smtp: String::new(),
            ..main.config.as_ref().clone()
        };
        let app = App {
            store,
            config: Arc::new(config),
            registry,
            reference,
            ledger,
            credentials,
            jobs: Jobs::default(),
            sandboxes: Sandboxes::default(),
            api_limits: main.api_limits.clone(),
            // built if somebody ever asks
            activity_search: crate::ActivitySearch::default(),
            transcripts: crate::transcripts::Kept::default(),
            // of its own database, in which nobody turns it on
            read_only: crate::ReadOnly::default(),
            meter: crate::Meter::default(),
            blocks: crate::Blocks::default(),
            help: crate::Help::default(),
            clock: main.clock.clone(),
            chance: main.chance.clone(),
        };
        let (stop, stopped) = watch::channel(false);
        let mut work = JoinSet::new();
        work.spawn(jobs::work(app.clone(), stopped.clone()));
        // its boards answer by their automatic rules
        work.spawn(consequences::work(app.clone(), stopped));
        Ok(Self {
            generation,
            used_at: AtomicI64::new(app.clock.now()),
            app,
            in_use: Arc::default(),
            stop,
            work: Mutex::new(work),
            held,
            known: Mutex::default(),
        })
    }

    /// `None`: it is being closed.
    pub(super) fn visit(&self) -> Option<Visit> {
        let stays_open = Arc::clone(&self.in_use).try_read_owned().ok()?;
        self.used_at.store(self.app.clock.now(), Ordering::SeqCst);
        Some(Visit { app: self.app.clone(), _stays_open: stays_open })
    }

    /// Puts a row for the program into the sandbox's own database, which refers to programs.
    pub(super) async fn make_known(&self, client: &Live) -> Result<()> {
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&client.id) {
            return Ok(());
        }
        let mut tx = self.app.store.write().await?;
        if !store::api_clients::is_known(&mut tx, client.id).await? {
            let now = self.app.clock.now();
            // whether the token holds is asked of the real row: this one opens nothing, and has no token
            let stand_in = NewApiClient {
                id: client.id,
                hash: hash_of_secret(&client.id.to_string()),
                hint: String::new(),
                name: client.name.clone(),
                seat: client.seat,
                scopes: client.scopes.clone(),
                is_sandbox: true,
                created_at: now,
                created_by: None,
                expires_at: now,
            };
            store::api_clients::insert(&mut tx, &stand_in).await?;
        }
        tx.commit().await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(client.id);
        Ok(())
    }

    pub(super) fn used_at(&self) -> i64 {
        self.used_at.load(Ordering::SeqCst)
    }

    pub(super) fn is_in_use(&self) -> bool {
        self.in_use.try_write().is_err()
    }

    /// Takes over what has changed in the real reference data.
    pub(super) async fn follow(&self, main: &App) -> Result<()> {
        follow_reference(main, &self.app.store).await?;
        self.app.reference.refresh(&self.app.store).await?;
        Ok(())
    }

    /// Waits until nobody is in it, lets work in hand end, and closes its database.
    pub(super) async fn close(&self) {
        let _alone = self.in_use.write().await;
        self.stop.send_replace(true);
        let mut work = std::mem::take(&mut *self.work.lock().unwrap_or_else(PoisonError::into_inner));
        let all_ended = async { while work.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all_ended).await.is_err() {
            work.shutdown().await;
        }
        self.app.store.close().await;
    }

    /// Closes it and forgets all that it holds, unless another process still has it open: that one does it then.
    pub(super) async fn remove(&self) {
        self.close().await;
        let (generation, data) = (self.generation, self.app.config.data.clone());
        let unlocked = self.held.unlock();
        let cleared = spawn_blocking(move || -> std::io::Result<()> {
            unlocked?;
            let Some(of_provider) = data.parent() else { return Ok(()) };
            let _only_one_opens = only_one_opens(of_provider)?;
            clear_before(of_provider, generation + 1)
        });
        if let Ok(Err(error)) = cleared.await {
            // whoever opens the next generation tries again
            tracing::warn!(%error, "a sandbox that was reset is not removed yet");
        }
    }
}

/// What [`Opened::open`] holds: the first for as long as it opens, the second for as long as it is open. The system
/// frees both in any case.
struct Held {
    only_one_opens: File,
    in_use: File,
}

/// Makes the folder and clears away earlier generations.
fn prepare(of_provider: &Path, generation: i64) -> std::io::Result<Held> {
    std::fs::create_dir_all(of_provider)?;
    let only_one_opens = only_one_opens(of_provider)?;
    clear_before(of_provider, generation)?;
    let data = of_provider.join(generation.to_string());
    std::fs::create_dir_all(&data)?;
    let in_use = lock_file(&data.join(IN_USE))?;
    in_use.lock_shared()?;
    Ok(Held { only_one_opens, in_use })
}

fn lock_file(file: &Path) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(file)
}

/// Waits until no process opens or removes a sandbox of this provider.
fn only_one_opens(of_provider: &Path) -> std::io::Result<File> {
    let lock = lock_file(&of_provider.join("opening.lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Removes what earlier generations have left, but for those that a process still has open.
fn clear_before(of_provider: &Path, generation: i64) -> std::io::Result<()> {
    for entry in std::fs::read_dir(of_provider)? {
        let entry = entry?;
        let earlier = entry.file_name().to_str().and_then(|name| name.parse::<i64>().ok());
        if earlier.is_some_and(|earlier| earlier < generation) {
            let in_use = lock_file(&entry.path().join(IN_USE))?;
            if in_use.try_lock().is_ok() {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
    }
    Ok(())
}

async fn follow_reference(main: &App, store: &Store) -> Result<()> {
    let mut from = main.store.read().await?;
    let mut tx = store.write().await?;
    store::reference::follow(&mut tx, &mut from, main.clock.today()).await?;
    Ok(tx.commit().await?)
}
