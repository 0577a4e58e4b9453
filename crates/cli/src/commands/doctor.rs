//! `credence doctor`: looks at what a system needs and says what is wrong, with what to do. What is judged is the same
//! as on the page /admin/health; here also files are compared with their digests, when asked.

use std::path::Path;

use anyhow::{Result, bail};
use app::health::{self, Check, State, Stored};
use app::{Clock, Config};
use clap::Args;
use ledger::Signer;
use sha2::{Digest, Sha256};
use store::Store;
use uuid::Uuid;

use super::{Place, address, without_password};
use crate::output::{count, say};
use crate::progress::Step;

/// Files looked up at a time.
const PAGE: i64 = 1_000;

/// Check the database, keys, settings, free space, backups and background work
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Also read every uploaded and shown file, and compare it with its digest
    #[arg(long)]
    files: bool,
    #[command(flatten)]
    place: Place,
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<()> {
        let config = self.place.config_of_existing()?;
        let mut found = vec![key(&config)];
        found.extend(health::of_files(&config.data));
        match Store::open(&address(&config)?).await {
            Err(error) => {
                let shown = without_password(&config.database_address());
                found.push(bad("Database", format!("{shown}: {error}"), "See whether it runs and may be reached."));
            }
            Ok(store) => {
                found.extend(of_store(&store, &config).await);
                if self.files {
                    found.push(files(&store, &config).await);
                }
                store.close().await;
            }
        }
        found.extend(health::of_settings(&config));
        let mut faults = 0;
        for Check { what, state, found, advice } in found {
            let word = match state {
                State::Good => "ok   ",
                State::Watch => "watch",
                State::Bad => {
                    faults += 1;
                    "FAULT"
                }
            };
            let advice = if advice.is_empty() { advice } else { format!(". {advice}") };
            say(&format!("{word}  {what:<18} {found}{advice}"))?;
        }
        if faults > 0 {
            bail!("{faults} of these need somebody");
        }
        Ok(())
    }
}

fn good(what: &'static str, found: impl Into<String>) -> Check {
    Check { what, state: State::Good, found: found.into(), advice: String::new() }
}

fn bad(what: &'static str, found: impl Into<String>, advice: &str) -> Check {
    Check { what, state: State::Bad, found: found.into(), advice: advice.to_owned() }
}

fn key(config: &Config) -> Check {
    const WHAT: &str = "Signing key";
    let file = config.data.join("ledger-key.pem");
    if !file.exists() {
        return good(WHAT, "none yet; made at the first start");
    }
    let read = std::fs::read_to_string(&file).map_err(|error| error.to_string());
    let signer = read.and_then(|pem| Signer::from_pem(&config.ledger_name(), &pem).map_err(|error| error.to_string()));
    match signer {
        Ok(_) => good(WHAT, format!("readable, of {}", config.ledger_name())),
        Err(error) => bad(WHAT, format!("{}: {error}", file.display()), "Put the saved key back before anything else."),
    }
}

async fn of_store(store: &Store, config: &Config) -> Vec<Check> {
    let clock = Clock::system(&config.time_zone);
    match Stored::measure(store, config, clock.now()).await {
        Err(error) => vec![bad("Database", error.to_string(), "See the log for the cause.")],
        Ok(stored) => {
            let physicians = count(stored.physicians.unsigned_abs());
            let mut found = health::of_stored(&stored, config, &clock);
            found.insert(1, good("Tables", "up to date"));
            found.insert(2, good("Registry", format!("{physicians} physicians")));
            found
        }
    }
}

/// Every file that rows of the database speak of, compared with its digest.
async fn files(store: &Store, config: &Config) -> Check {
    const WHAT: &str = "Files";
    let step = Step::begin("Reading files", 0);
    let compared = compare(store, config, &step).await;
    step.end_quietly();
    match compared {
        Err(error) => bad(WHAT, error.to_string(), "See whether the data folder is mounted and readable."),
        Ok((_, faulty)) if !faulty.is_empty() => {
            let few: Vec<&str> = faulty.iter().take(5).map(String::as_str).collect();
            let told = format!("{} missing or changed: {}", count(faulty.len() as u64), few.join(", "));
            bad(WHAT, told, "Take them from a backup; what rows were settled from them stands.")
        }
        Ok((all, _)) => good(WHAT, format!("{} files are what was received", count(all))),
    }
}

async fn compare(store: &Store, config: &Config, step: &Step) -> Result<(u64, Vec<String>)> {
    let (mut all, mut faulty) = (0, Vec::new());
    for kind in ["uploads", "activities", "evidence", "help"] {
        let mut after = Uuid::nil();
        loop {
            let page = store::health::stored_files(&mut store.read().await?, kind, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.file_id;
            for file in page {
                let name = match kind {
                    "uploads" => format!("uploads/{}", file.file_id),
                    "activities" => format!("uploads/activities-{}", file.file_id),
                    "help" => format!("help/{}", file.file_id),
                    _ => format!("evidence/{}", file.file_id),
                };
                if digest(&config.data.join(&name)).ok().as_deref() != Some(&file.digest) {
                    faulty.push(name);
                }
                all += 1;
                step.at(all, all);
            }
        }
    }
    Ok((all, faulty))
}

/// Hex SHA-256 of a file.
fn digest(file: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = std::fs::File::open(file)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        hash.update(piece);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
