//! The demo: invented, deterministic data that looks like the field's, and the folder that holds it.
//!
//! A folder goes through three states: empty, being filled (a marker file stands in it), whole
//! (`demo.json` stands in it). Whatever else lies there is somebody's data, which is never touched.

pub(crate) mod activities;
mod answers;
mod cases;
mod claims;
mod contract;
pub(crate) mod dice;
mod fill;
mod help;
mod help_pages;
mod imports;
pub(crate) mod licenses;
mod lists;
mod months;
pub(crate) mod names;
mod notices;
mod operations;
mod people;
mod providers;
mod registry;
mod sample;
mod searches;
mod shares;
mod sheets;
mod sign_ins;
mod standings;
mod state_topics;
mod subjects;
mod titles;
mod waiting;
mod year_reports;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app::{App, Config};
use store::{Database, Store};

use crate::commands::{address, open};
use crate::output::{complain, count};
use contract::Contract;
pub(crate) use licenses::MOST_PHYSICIANS;

const USUAL_PHYSICIANS: u64 = 20_000;
/// Stands in a folder while it is filled.
const MARKER: &str = "demo-unfinished";

/// A demo that can be served.
pub(crate) struct Ready {
    pub(crate) app: App,
    /// What to tell whoever started it.
    pub(crate) welcome: Vec<String>,
}

/// What a folder and its database hold.
enum Found {
    Whole(Box<Contract>),
    Unfinished,
    Nothing,
}

/// Opens the demo in the folder, filling it first if it is empty or its filling was cut short.
pub(crate) async fn open_or_fill(config: Config, physicians: Option<u64>) -> Result<Ready> {
    let folder = config.data.clone();
    let (app, contract) = match look(&config).await? {
        Found::Whole(contract) => (open(config).await?, moved(*contract, &folder)?),
        found => {
            if matches!(found, Found::Unfinished) {
                complain("An earlier filling of this demo was cut short; it begins again.");
                remove_unfinished(&config)?;
            }
            let size = physicians.unwrap_or(USUAL_PHYSICIANS);
            complain(&format!("Inventing {} physicians and what happened to them ...", count(size)));
            std::fs::write(folder.join(MARKER), "This folder is being filled by `credence demo`.\n")?;
            let filled = fill::fill(config, size).await?;
            filled.contract.write(&folder)?;
            std::fs::remove_file(folder.join(MARKER))?;
            (filled.app, filled.contract)
        }
    };
    let contract = at_base(contract, &app, &folder)?;
    let held = app.registry.len() as u64;
    if let Some(wanted) = physicians.filter(|wanted| *wanted != held) {
        let (held, wanted) = (count(held), count(wanted));
        complain(&format!(
            "This demo has {held} physicians, not {wanted}; name an empty folder with --data for those."
        ));
    }
    Ok(Ready { welcome: welcome(&contract, &app), app })
}

async fn look(config: &Config) -> Result<Found> {
    let folder = &config.data;
    let contract = Contract::read(folder)?;
    let is_marked = folder.join(MARKER).exists();
    let database = address(config)?;
    if let Database::Sqlite(file) = &database
        && !file.exists()
    {
        return Ok(Found::Nothing);
    }
    let shown = crate::commands::without_password(&config.database_address());
    let store = Store::open(&database).await.with_context(|| format!("the database {shown}"))?;
    let holds = holds(&store, contract.as_ref()).await;
    store.close().await;
    match (holds?, contract, is_marked, &database) {
        (Holds::ThisDemo, Some(contract), ..) => Ok(Found::Whole(Box::new(contract))),
        (_, None, true, Database::Sqlite(_)) => Ok(Found::Unfinished),
        (Holds::Nothing, _, _, Database::Postgres(_)) => Ok(Found::Nothing),
        (_, None, true, Database::Postgres(_)) => {
            bail!("a filling of {shown} was cut short; drop that database, create it anew and start again")
        }
        _ => bail!("{shown} holds data that is not of this demo; name an empty folder or database"),
    }
}

enum Holds {
    Nothing,
    ThisDemo,
    SomethingElse,
}

async fn holds(store: &Store, contract: Option<&Contract>) -> Result<Holds> {
    let mut tx = store.read().await?;
    if let Some(owner) = contract.and_then(|contract| contract.sign_ins.get("provider_owner"))
        && store::accounts::find_by_email(&mut tx, &owner.email).await?.is_some()
    {
        return Ok(Holds::ThisDemo);
    }
    let providers = store::organizations::list_providers(&mut tx).await?;
    let physicians = store::physicians::count(&mut tx).await?;
    Ok(if providers.is_empty() && physicians == 0 { Holds::Nothing } else { Holds::SomethingElse })
}

/// Clears what an unfinished filling has left: the marker says that all of it is ours.
fn remove_unfinished(config: &Config) -> Result<()> {
    let Database::Sqlite(file) = address(config)? else { return Ok(()) };
    let beside = |ending: &str| {
        let mut name = file.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    for file in [file.clone(), beside("-wal"), beside("-shm")] {
        absent_is_fine(std::fs::remove_file(&file)).with_context(|| format!("{} cannot be removed", file.display()))?;
    }
    Ok(absent_is_fine(std::fs::remove_dir_all(config.uploads()))?)
}

fn absent_is_fine(done: std::io::Result<()>) -> std::io::Result<()> {
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// A marker that stands beside a whole demo was only not removed in time.
fn moved(contract: Contract, folder: &Path) -> Result<Contract> {
    absent_is_fine(std::fs::remove_file(folder.join(MARKER)))?;
    Ok(contract)
}

/// The contract with the address at which the server answers this time.
fn at_base(contract: Contract, app: &App, folder: &Path) -> Result<Contract> {
    let base = app.config.link("");
    if contract.base == base {
        return Ok(contract);
    }
    let contract = Contract { base, ..contract };
    contract.write(folder)?;
    Ok(contract)
}

/// Who signs in with what, and where to go on.
fn welcome(contract: &Contract, app: &App) -> Vec<String> {
    let personas: Vec<_> = sign_ins::PERSONAS
        .iter()
        .filter_map(|(persona, label)| contract.sign_ins.get(*persona).map(|sign_in| (*label, sign_in)))
        .collect();
    let wide = |width: fn(&(&str, &contract::SignIn)) -> usize| personas.iter().map(width).max().unwrap_or_default();
    let (labels, emails) = (wide(|(label, _)| label.len()), wide(|(_, sign_in)| sign_in.email.len()));
    let line = |a: &str, b: &str, c: &str| format!("  {a:<labels$}  {b:<emails$}  {c}");
    let mut lines = vec![String::new(), line("Sign in as", "e-mail", "password")];
    lines.extend(personas.iter().map(|(label, sign_in)| line(label, &sign_in.email, &sign_in.password)));
    let sample = app.config.data.join(sample::WORKBOOK);
    lines.extend([
        String::new(),
        format!("  Mail that the system sends is at {}", app.config.link("/mailbox")),
        format!("  A file to upload as the provider: {}", sample.display()),
        format!("  Programs call {}; a token of the provider's sandbox:", app.config.link("/api/pars/v1")),
        format!("    {}", contract.tokens.get("sandbox").map_or("", String::as_str)),
        "  All people and organizations are invented. Stop with Ctrl-C; the next start is quick.".to_owned(),
    ]);
    lines
}
