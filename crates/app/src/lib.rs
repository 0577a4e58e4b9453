//! What people do with Credence: each module is a use, owning its transaction, ledger entry, audit
//! row and job. Free of HTTP; `web` and `cli` are two ways to ask for the same things.

pub mod accounts;
pub mod activities;
pub mod activity_gaps;
pub mod activity_search;
pub mod announcements;
pub mod api_clients;
pub mod api_limits;
pub mod audit;
pub mod backup;
pub mod board_rules;
pub mod chance;
pub mod claims;
pub mod clock;
pub mod config;
pub mod consequences;
pub mod credentials;
pub mod data_report;
pub mod decisions;
pub mod derived;
pub mod error;
pub mod evidence;
pub mod health;
pub mod help;
pub mod idempotency;
pub mod identity;
pub mod jobs;
pub mod learners;
mod lease;
pub mod ledgers;
pub mod letters;
pub mod license_audits;
pub mod licensee_lists;
pub mod licensees;
pub mod looks;
pub mod mail;
pub mod meter;
pub mod missing_credit;
pub mod notices;
pub mod operations;
pub mod organizations;
mod outbox;
pub mod own_credit;
pub mod personal_data;
pub mod physicians;
pub mod prevalidation;
pub mod provider_mark;
pub mod provider_reports;
pub mod providers;
pub mod read_only;
pub mod reasons;
pub mod reference;
pub mod registry;
pub mod rejections;
pub mod reports;
pub mod requirements;
mod retry;
pub mod rosters;
pub mod sandbox;
pub mod saved_activities;
pub mod saved_searches;
pub mod shares;
pub mod submissions;
pub mod team;
pub mod tidy;
pub mod transcripts;
pub mod transparency;
pub mod uploads;
pub mod verification;
pub mod verify;
pub mod webhooks;
pub mod years;

use std::sync::Arc;

pub use activity_search::ActivitySearch;
pub use api_limits::ApiLimits;
pub use chance::Chance;
pub use clock::Clock;
pub use config::Config;
pub use credentials::Credentials;
pub use error::{Error, Fault, Result};
pub use help::Help;
pub use jobs::Jobs;
pub use ledgers::Ledger;
pub use meter::Meter;
pub use read_only::ReadOnly;
pub use reference::CurrentReference;
pub use registry::Registry;
pub use sandbox::Sandboxes;
use store::Store;
pub use transparency::Blocks;

/// Everything an operation needs, handed to each handler and job. Cloning shares it.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub chance: Chance,
    pub config: Arc<Config>,
    pub registry: Registry,
    pub reference: CurrentReference,
    pub jobs: Jobs,
    pub ledger: Ledger,
    pub credentials: Credentials,
    pub sandboxes: Sandboxes,
    pub api_limits: ApiLimits,
    pub activity_search: ActivitySearch,
    pub read_only: ReadOnly,
    pub meter: Meter,
    /// Of the ledger, for proofs.
    pub blocks: Blocks,
    pub transcripts: transcripts::Kept,
    pub help: Help,
}

impl App {
    /// Opens the data folder and the database, seeds a new one with reference data, and reads the
    /// registry into memory: seconds for a million physicians, so `progress` is told.
    pub async fn open(config: Config, clock: Clock, chance: Chance, progress: registry::Progress<'_>) -> Result<Self> {
        tokio::fs::create_dir_all(&config.data).await?;
        let store = Store::open(&store::Database::read(&config.database_address())?).await?;
        let reference = CurrentReference::open(&store, clock.clone()).await?;
        help::seed(&store, &clock).await?;
        let registry = Registry::build(&store, progress).await?;
        let ledger = Ledger::open(&config.data, &config.ledger_name(), &chance)?;
        let credentials = Credentials::open(&config.data, &config, &chance)?;
        let config = Arc::new(config);
        Ok(Self {
            store,
            clock,
            chance,
            config,
            registry,
            reference,
            jobs: Jobs::default(),
            ledger,
            credentials,
            sandboxes: Sandboxes::default(),
            api_limits: ApiLimits::default(),
            activity_search: ActivitySearch::default(),
            read_only: ReadOnly::default(),
            meter: Meter::default(),
            blocks: Blocks::default(),
            transcripts: transcripts::Kept::default(),
            help: Help::default(),
        })
    }
}
