//! Writing the invented physicians into an empty database, some thousand at a time.

use anyhow::{Context, Result};
use app::Chance;
use domain::State;
use store::Store;
use store::organizations::{LicensingBoard, Provider};
use store::physicians::{Held, NewPhysician, Physician};
use store::{organizations, physicians};

use super::people::Population;
use super::providers::PROVIDERS;

/// Physicians in one transaction.
const BATCH: u64 = 5_000;

/// Providers and licensing boards.
pub(crate) async fn write_organizations(store: &Store, now: i64) -> Result<()> {
    let mut tx = store.write().await?;
    for provider in PROVIDERS {
        let provider = Provider {
            id: provider.id.parse()?,
            name: provider.name.to_owned(),
            organization_type: provider.organization_type.to_owned(),
            city: provider.city.to_owned(),
            state: provider.state.to_owned(),
            standing: provider.standing,
            contact_name: provider.contact.to_owned(),
            contact_email: format!("cme@{}", provider.domain),
            created_at: now,
        };
        organizations::insert_provider(&mut tx, &provider).await?;
    }
    for state in State::all() {
        let name = format!("{} Board of Medical Licensure", state.name());
        organizations::insert_licensing_board(&mut tx, &LicensingBoard { state, name }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// All physicians with what they hold. `progress` is told how many are written.
pub(crate) async fn write_physicians(
    store: &Store,
    population: Population,
    chance: &Chance,
    now: i64,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<()> {
    let mut next = invented(population, 0);
    let mut from = 0;
    while from < population.size {
        // the next people are invented while these are written
        let people = next.await.context("the invention of physicians stopped")?;
        from = (from + BATCH).min(population.size);
        next = invented(population, from);
        write_batch(store, people, chance, now).await?;
        progress(from);
    }
    // no "analyze" here: what it learns of a small registry would send SQLite through whole tables
    // once the registry has grown
    Ok(())
}

fn invented(population: Population, from: u64) -> tokio::task::JoinHandle<Vec<Physician>> {
    let until = (from + BATCH).min(population.size);
    tokio::task::spawn_blocking(move || (from..until).map(|place| population.physician(place)).collect())
}

async fn write_batch(store: &Store, people: Vec<Physician>, chance: &Chance, now: i64) -> Result<()> {
    let mut licenses = Vec::new();
    let mut certifications = Vec::new();
    let mut new = Vec::with_capacity(people.len());
    for mut physician in people {
        let id = physician.id;
        let held = std::mem::take(&mut physician.licenses);
        licenses.extend(held.into_iter().map(|held| Held::new(id, held)));
        let held = std::mem::take(&mut physician.certifications);
        certifications.extend(held.into_iter().map(|held| Held::new(id, held)));
        new.push(NewPhysician { physician, ledger_key: chance.bytes() });
    }
    let mut tx = store.write().await?;
    physicians::insert(&mut tx, &new, now).await?;
    physicians::put_licenses(&mut tx, &licenses, now).await?;
    physicians::put_certifications(&mut tx, &certifications, now).await?;
    tx.commit().await?;
    Ok(())
}
