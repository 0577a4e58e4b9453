//! `credence read-only on|off`: from the machine, for all servers and workers of the database. After a restore it is
//! the only way to allow changes again, and asks for the last published head.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use app::backup::{self, Agreement};
use app::read_only::{self, By};
use app::{Chance, Clock, Config};
use clap::{Args, Subcommand};
use store::Store;

use super::witness::newest_of;
use super::{Place, address, in_words};
use crate::output::{count, say};

/// Let people read and change nothing, for a move, an upgrade or after a restore
#[derive(Debug, Args)]
pub(crate) struct ReadOnly {
    #[command(subcommand)]
    to: To,
}

#[derive(Debug, Subcommand)]
enum To {
    /// Allow no changes from now on; every server knows within a second, and jobs rest at their next chunk
    On(On),
    /// Allow changes again; after a restore, compare the ledger with the last published head first
    Off(Off),
}

#[derive(Debug, Args)]
struct On {
    /// One sentence that everybody reads
    reason: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Off {
    /// After a restore: the newest head that anybody kept, or the file of a witness
    #[arg(long, value_name = "FILE", conflicts_with = "in_spite")]
    published_head: Option<PathBuf>,
    /// After a restore: go on although something is lost or no head was kept; the reason goes into the audit trail
    #[arg(long, value_name = "REASON")]
    in_spite: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl ReadOnly {
    pub(crate) async fn run(self) -> Result<()> {
        let place = match &self.to {
            To::On(on) => &on.place,
            To::Off(off) => &off.place,
        };
        let config = place.config_of_existing()?;
        let store = Store::open(&address(&config)?).await?;
        let done = self.carry_out(&config, &store).await;
        store.close().await;
        done
    }

    async fn carry_out(&self, config: &Config, store: &Store) -> Result<()> {
        let (clock, chance) = (Clock::system(&config.time_zone), Chance::system());
        let by = By { store, clock: &clock, chance: &chance, actor: None };
        match &self.to {
            To::On(on) => {
                read_only::turn_on(&by, &on.reason).await.map_err(in_words)?;
                say("Nothing can be changed now. Servers know within a second; jobs rest at their next chunk.")
            }
            To::Off(off) => off.carry_out(config, &by).await,
        }
    }
}

impl Off {
    async fn carry_out(&self, config: &Config, by: &By<'_>) -> Result<()> {
        if let Some(reason) = &self.in_spite {
            backup::reopen_in_spite(by, reason).await.map_err(was_not_on)?;
            return say(
                "Changes are allowed again. Whoever keeps a newer head of the ledger will say that it differs.",
            );
        }
        let Some(file) = &self.published_head else {
            read_only::turn_off(by).await.map_err(was_not_on)?;
            return say("Changes are allowed again.");
        };
        let note = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let agreement = backup::reopen(config, by, newest_of(&note)).await.map_err(was_not_on)?;
        tell(agreement)
    }
}

/// What a published head says of the ledger; an error unless it agrees.
pub(super) fn tell(agreement: Agreement) -> Result<()> {
    match agreement {
        Agreement::Agrees { size, leaves } => say(&format!(
            "The published head over {} leaves agrees with the ledger of {} leaves. Changes are allowed again.",
            count(size),
            count(leaves)
        )),
        Agreement::Lost { size, leaves } => bail!(
            "the published head covers {} leaves, here are {}: what the last {} said is lost. Ask those who reported \
             since the backup to report again; go on with --in-spite \"REASON\" once that is decided",
            count(size),
            count(leaves),
            count(size - leaves)
        ),
        Agreement::Differs { size } => bail!(
            "the first {} leaves are not those that were signed: this is not the ledger that was published. \
             Nothing was changed",
            count(size)
        ),
    }
}

fn was_not_on(error: app::Error) -> anyhow::Error {
    match error {
        app::Error::NotFound => anyhow::anyhow!("changes are allowed already"),
        error => in_words(error),
    }
}
