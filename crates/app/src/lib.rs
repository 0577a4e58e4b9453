//! What people do with Credence: each module is a use, owning its transaction, ledger entry, audit
//! row and job. Free of HTTP; `web` and `cli` are two ways to ask for the same things.

pub mod chance;
pub mod clock;
pub mod config;
pub mod error;

use std::sync::Arc;

pub use chance::Chance;
pub use clock::Clock;
pub use config::Config;
pub use error::{Error, Fault, Result};
use store::Store;

/// Everything an operation needs, handed to each handler and job. Cloning shares it.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub chance: Chance,
    pub config: Arc<Config>,
}
