//! `credence bench activities`: a file of invented activities of one provider, as its own system would
//! send them: new ones with internal IDs, complete, a third of them registered for MOC.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use app::Clock;
use clap::{Args, ValueEnum};
use domain::ProviderId;
use domain::reference::Reference;
use formats::activities::{ActivityFormat, DocumentWriter, Field, record};
use store::{Database, Store};

use crate::demo::activities::many;
use crate::output::say;

/// Invent a file of activities
#[derive(Debug, Args)]
pub(super) struct MakeActivities {
    /// The database whose boards and lists are meant
    #[arg(long, value_name = "URL")]
    database: String,
    /// The provider that sends it
    #[arg(long, value_name = "ID")]
    provider: ProviderId,
    /// Activities in the file
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    number: usize,
    /// Activities before the first, for a second file of others
    #[arg(long, value_name = "N", default_value_t = 0)]
    skip: usize,
    #[arg(long, default_value = "json")]
    format: Document,
    /// The file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Document {
    Json,
    Xml,
}

impl MakeActivities {
    pub(super) async fn run(self) -> Result<()> {
        let store = Store::open(&Database::read(&self.database)?).await?;
        let (rules, _) = store::reference::load(&mut store.read().await?).await?;
        store.close().await;
        let today = Clock::system("America/Chicago").today();
        let reference = Reference::new(rules.into(), today);
        let format = match self.format {
            Document::Json => ActivityFormat::Json,
            Document::Xml => ActivityFormat::Xml,
        };
        let file = File::create(&self.out).with_context(|| format!("{} cannot be written", self.out.display()))?;
        let mut document = DocumentWriter::begin(BufWriter::new(file), format)?;
        let mut written = 0;
        for activity in many(self.provider, &reference, today).skip(self.skip).take(self.number) {
            let mut record = record(&activity, &reference, None);
            // Credence gives the ID
            record.values.retain(|value| value.field != Field::ActivityId);
            document.write(&record)?;
            written += 1;
        }
        document.finish()?;
        if written < self.number {
            bail!("only {written} activities can be invented");
        }
        say(&format!("{written} activities are in {}", self.out.display()))
    }
}
