//! `credence verify`: recomputes the ledger from the stored facts and says whether anything was
//! edited, removed or slipped in. It changes nothing, and needs the key only to check signatures.

use anyhow::{Context, Result, bail};
use clap::Args;
use ledger::Signer;
use store::Store;

use super::{Place, address};
use crate::output::{count, say};
use crate::progress::Step;

/// Check that the record is what was recorded
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config_of_existing()?;
        let file = config.data.join("ledger-key.pem");
        let pem = std::fs::read_to_string(&file)
            .with_context(|| format!("the ledger's key {} is needed; name its folder with --data", file.display()))?;
        let key = Signer::from_pem(&config.ledger_name(), &pem).context("the ledger's key")?.verifying_key();
        let store = Store::open(&address(&config)?).await?;
        let step = Step::begin("Recomputing the ledger", 0);
        let told = |done: i64, total: i64| step.at(done.unsigned_abs(), total.unsigned_abs());
        let report = app::verify::run(&store, &key, &told).await;
        step.end_quietly();
        store.close().await;
        let report = report?;
        for fault in &report.faults {
            say(&format!("FAULT: {fault}"))?;
        }
        let hidden = report.fault_count.saturating_sub(report.faults.len() as u64);
        if hidden > 0 {
            say(&format!("... and {} more", count(hidden)))?;
        }
        let leaves = count(report.leaves.unsigned_abs());
        if !report.is_sound() {
            bail!("{} faults in {leaves} leaves: the record is not what was recorded", count(report.fault_count));
        }
        say(&format!(
            "Sound: {leaves} leaves, {} credits, {} signed heads, {} leaves under the last head.",
            count(report.credits.unsigned_abs()),
            count(report.heads as u64),
            count(report.signed.unsigned_abs()),
        ))
    }
}
