//! `credence bench search-activities` and `bare-search`: activities to search, and the engine alone beside the
//! server that is asked over HTTP.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use app::activity_search::Search;
use app::{Clock, Config, CurrentReference};
use clap::Args;
use domain::ProviderId;
use domain::access::ProviderScope;
use jiff::Timestamp;
use store::activities::{self, Attested, Save};
use store::organizations::{self, Provider, Standing};
use store::{Database, Store};

use super::search_titles::{self, PROVIDERS};
use crate::commands::{address, open};
use crate::output::say;

/// Activities of one transaction.
const CHUNK: usize = 1_000;

/// Invent activities that everybody may search
#[derive(Debug, Args)]
pub(super) struct SearchActivities {
    /// An empty folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    number: usize,
}

impl SearchActivities {
    pub(super) async fn run(self) -> Result<()> {
        std::fs::create_dir_all(&self.data)?;
        let config = Config { data: self.data, ..Config::read(None)? };
        let store = Store::open(&Database::read(&config.database_address())?).await?;
        let clock = Clock::system(&config.time_zone);
        let reference = CurrentReference::open(&store, clock.clone()).await?.get();
        let mut tx = store.write().await?;
        let mut providers = Vec::new();
        for number in 0..PROVIDERS {
            let provider = provider(number, clock.timestamp())?;
            organizations::insert_provider(&mut tx, &provider).await?;
            providers.push(provider.id);
        }
        tx.commit().await?;
        let attested = Attested { by: None, at: clock.now() };
        let mut made = 0;
        while made < self.number {
            let count = CHUNK.min(self.number - made);
            let mut tx = store.write().await?;
            let provider = providers.get(made / CHUNK % providers.len()).context("there are providers")?;
            let scope = ProviderScope::of_record(*provider);
            let ids = activities::next_ids(&mut tx, count).await?;
            let invent = |(number, id)| search_titles::activity(number, id, *provider, &reference, clock.today());
            let all: Vec<_> = (made as u64..).zip(ids).map(invent).collect();
            let saves: Vec<Save<'_>> = all.iter().map(|activity| Save { activity, version: None }).collect();
            if !activities::save_many(&mut tx, &scope, &saves, attested).await? {
                bail!("the folder holds activities already");
            }
            tx.commit().await?;
            made += count;
        }
        store.close().await;
        say(&format!("{made} activities of {PROVIDERS} providers"))
    }
}

fn provider(number: usize, at: Timestamp) -> Result<Provider> {
    let id: ProviderId = format!("{:07}", 9_000_000 + number).parse().context("seven digits")?;
    Ok(Provider {
        id,
        name: search_titles::provider_name(number as u64),
        organization_type: "Hospital/Health Care Delivery System".into(),
        city: "Reno".into(),
        state: "NV".into(),
        standing: Standing::Good,
        contact_name: "Ida Ward".into(),
        contact_email: "contact@provider.example".into(),
        created_at: at.as_microsecond(),
    })
}

/// Ask the index of activities alone: no HTTP, no page, no database
#[derive(Debug, Args)]
pub(super) struct BareSearch {
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// One search a line, as it stands in an address
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// How often each is asked
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
}

impl BareSearch {
    /// Prints one line for each question: microseconds, a tab, how many were found.
    pub(super) async fn run(self) -> Result<()> {
        let file = std::fs::File::open(&self.queries).context("the questions cannot be read")?;
        let queries: Vec<Search> =
            BufReader::new(file).lines().map(|line| Ok(Search::read(&line?))).collect::<Result<_>>()?;
        let config = Config { data: self.data, ..Config::read(None)? };
        address(&config)?;
        let app = open(config).await?;
        let begun = Instant::now();
        let built = app.activity_search.build(&app, &|_, _| {}).await?;
        crate::output::complain(&format!(
            "{built} activities in the index after {:.1} s",
            begun.elapsed().as_secs_f64()
        ));
        for round in 0..=self.rounds {
            for search in &queries {
                let begun = Instant::now();
                let found = app.activity_search.search_alone(search, app.clock.today()).await?;
                // the first round warms up
                if round > 0 {
                    say(&format!("{}\t{found}", begun.elapsed().as_micros()))?;
                }
            }
        }
        Ok(())
    }
}
