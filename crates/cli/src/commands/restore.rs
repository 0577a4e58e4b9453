//! `credence restore BACKUP`: into an empty folder and database. Every byte is compared with the manifest, the ledger
//! proved, and what comes back stays read-only until it was compared with the last published head.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use app::backup::{self, Restored, Step as Told};
use app::read_only::By;
use app::{Chance, Clock, Config};
use clap::Args;
use store::Store;

use super::witness::newest_of;
use super::{Place, address, in_words, read_only};
use crate::output::{count, say};
use crate::progress::Step;

/// Put a backup back into an empty place
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup's folder
    backup: PathBuf,
    /// Folder in which the keys were saved (credence backup --keys-to)
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The newest head of the ledger that anybody kept; if it agrees, changes are allowed at once
    #[arg(long, value_name = "FILE")]
    published_head: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config()?;
        let head = match &self.published_head {
            Some(file) => {
                Some(std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?)
            }
            None => None,
        };
        let (clock, chance) = (Clock::system(&config.time_zone), Chance::system());
        let step = Step::begin("Restoring", 0);
        let told = |told: Told| match told {
            Told::Database => step.note("the database".to_owned()),
            Told::Files(done, total) => step.at(done, total),
        };
        let restored = backup::restore(&config, (&clock, &chance), (&self.backup, &self.keys), &told).await;
        step.end_quietly();
        let restored = restored.context("nothing is served from here")?;
        tell(&restored)?;
        match head {
            Some(note) => compare(&config, &note, (&clock, &chance)).await,
            None => say(
                "It is read-only: compare it with the newest head that a board, a witness or a transcript keeps, with \
                 credence read-only off --published-head FILE.",
            ),
        }
    }
}

/// What came back, and plainly what did not.
fn tell(restored: &Restored) -> Result<()> {
    let Restored { manifest, report, letters_held_back } = restored;
    say(&format!(
        "Restored the backup of {}: {} leaves of the ledger, {} credits, {} files.",
        manifest.made,
        count(report.leaves.unsigned_abs()),
        count(report.credits.unsigned_abs()),
        count(manifest.files.len() as u64)
    ))?;
    say(&format!(
        "What was accepted after {} is not here: uploads, credit, decisions, accounts, passwords, and tokens that were \
         revoked since work again. Everybody signs in anew.",
        manifest.made
    ))?;
    if *letters_held_back > 0 {
        say(&format!("{} letters that waited are held back; see /admin/mails.", count(*letters_held_back)))?;
    }
    for fault in &report.faults {
        say(&format!("FAULT: {fault}"))?;
    }
    if !report.is_sound() {
        bail!("{} faults: the record in the backup is not what was recorded", count(report.fault_count));
    }
    say("The record proves itself: every leaf, head and credit agrees.")
}

async fn compare(config: &Config, note: &str, (clock, chance): (&Clock, &Chance)) -> Result<()> {
    let store = Store::open(&address(config)?).await?;
    let by = By { store: &store, clock, chance, actor: None };
    let agreement = backup::reopen(config, &by, newest_of(note)).await;
    store.close().await;
    read_only::tell(agreement.map_err(in_words)?)
}
