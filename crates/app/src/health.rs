//! How the system is: measured here once for the page, the status, the metrics and `credence doctor`, judged in
//! `health/checks.rs`, which also says what to do.

mod checks;
mod machine;
mod processes;

use std::path::Path;

use store::Store;
use store::ledger::Head;
use store::processes::Process;

use crate::backup::{self, Newest};
use crate::clock::MINUTE;
use crate::{App, Config, Result, read_only};

pub use checks::{Check, State, of_files, of_memory, of_settings, of_stored};
pub use machine::{MEGABYTE, free_bytes};
pub use processes::{Alive, beat, begin, end};

/// What the database and the data folder say.
#[derive(Debug, Clone)]
pub struct Stored {
    pub version: String,
    pub bytes: i64,
    pub jobs: store::health::Jobs,
    pub mails_waiting: i64,
    pub oldest_mail: Option<i64>,
    /// Leaves of the ledger, signed or not.
    pub leaves: i64,
    pub head: Option<Head>,
    pub physicians: i64,
    pub processes: Vec<Process>,
    pub newest_act: Option<i64>,
    pub read_only: Option<read_only::State>,
    /// Free bytes where the data folder is; `None` if the system does not tell.
    pub free_bytes: Option<u64>,
    pub backup: Option<Newest>,
}

impl Stored {
    /// Measures; a few quick questions in one view.
    pub async fn measure(store: &Store, config: &Config, now: i64) -> Result<Self> {
        let mut tx = store.read().await?;
        let (mails_waiting, oldest_mail) = store::mails::log::waiting(&mut tx).await?;
        let measured = Self {
            version: store::health::version(&mut tx).await?,
            bytes: store::health::bytes(&mut tx).await?,
            jobs: store::health::jobs(&mut tx, now).await?,
            mails_waiting,
            oldest_mail,
            leaves: store::counters::taken(&mut tx, store::counters::Counter::LedgerLeaf).await?,
            head: store::ledger::last_head(&mut tx).await?,
            physicians: store::physicians::count(&mut tx).await?,
            processes: store::processes::list(&mut tx).await?,
            newest_act: store::health::newest_act(&mut tx).await?,
            read_only: store::read_only::find(&mut tx).await?,
            free_bytes: free_bytes(&config.data),
            backup: newest_backup(&config.backups).await,
        };
        Ok(measured)
    }

    /// Leaves that no head covers yet.
    pub fn unsigned(&self) -> i64 {
        self.leaves - self.head.as_ref().map_or(0, |head| head.size)
    }

    /// Processes heard of within the last minute.
    pub fn alive(&self, now: i64) -> impl Iterator<Item = &Process> {
        self.processes.iter().filter(move |process| process.seen_at > now - MINUTE)
    }
}

async fn newest_backup(folder: &Path) -> Option<Newest> {
    if folder.as_os_str().is_empty() {
        return None;
    }
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || backup::newest(&folder)).await.ok().flatten()
}

/// What everybody may know: whether things work, in one sentence each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    pub state: State,
    /// What is so, and since when if that is known.
    pub sentences: Vec<String>,
}

/// For the public page: no versions, no sizes, no names.
pub async fn public(app: &App) -> Public {
    let now = app.clock.now();
    let Ok(stored) = Stored::measure(&app.store, &app.config, now).await else {
        let sentence = "The records cannot be reached at the moment. Nothing that was accepted is lost.".to_owned();
        return Public { state: State::Bad, sentences: vec![sentence] };
    };
    let mut sentences = Vec::new();
    let mut state = State::Good;
    if let Some(found) = &stored.read_only {
        state = State::Watch;
        sentences.push(format!(
            "Reading works; nothing can be changed since {}: {}",
            app.clock.show(found.since),
            found.reason
        ));
    } else {
        if stored.jobs.overdue > 0 {
            state = State::Watch;
            sentences.push("Uploads are accepted and kept, but take longer than usual to be settled.".to_owned());
        }
        if stored.oldest_mail.is_some_and(|at| at < now - checks::MAIL_LATE) && !app.config.smtp.is_empty() {
            state = State::Watch;
            sentences.push("Letters go out later than usual.".to_owned());
        }
    }
    if sentences.is_empty() {
        sentences.push("Pages, uploads, web services and letters work.".to_owned());
    }
    Public { state, sentences }
}
