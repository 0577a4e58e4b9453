//! Everything that the database and the engine know of the rows of a batch: a few queries and one
//! question to the engine, however many rows there are.

use std::collections::{HashMap, HashSet};

use domain::PhysicianId;
use matching::{Decision, Outcome, Query};
use store::WriteTx;
use store::physicians::{self, Physician};
use store::reviews;

use super::Kind;
use super::entry::{Entry, Identifier, Own};
use crate::App;
use crate::error::Result;

/// What the database and the engine know of the rows of a batch.
pub(super) struct Known {
    /// Whose the rows' own licenses and certifications are, as they stand.
    pub(super) held: HashMap<Identifier, (PhysicianId, Own)>,
    pub(super) npis: HashMap<String, PhysicianId>,
    /// Texts of rows that wait for a person already.
    pub(super) in_review: HashSet<String>,
    /// What the engine says of rows whose own identifier is unknown, by place in the batch.
    pub(super) decisions: HashMap<usize, Decision>,
    pub(super) physicians: HashMap<PhysicianId, Physician>,
}

impl Known {
    pub(super) async fn look_up(app: &App, tx: &mut WriteTx, kind: Kind, batch: &[Entry]) -> Result<Self> {
        let held = holders(tx, batch).await?;
        let npis: Vec<String> = batch.iter().filter_map(|entry| entry.npi.clone()).collect();
        let npis = physicians::holders_of_npis(tx, &npis).await?;
        let unknown = |entry: &Entry| !held.contains_key(&entry.identifier());
        let texts: Vec<String> = batch.iter().filter(|entry| unknown(entry)).map(Entry::text).collect();
        let in_review = reviews::known_rows(tx, kind.code(), &texts).await?;
        let (places, queries): (Vec<usize>, Vec<Query>) = batch
            .iter()
            .enumerate()
            .filter(|(_, entry)| unknown(entry))
            .map(|(place, entry)| (place, entry.query()))
            .unzip();
        let registry = app.registry.clone();
        let decided = tokio::task::spawn_blocking(move || registry.decide_all(&queries)).await;
        let decided = decided.map_err(|error| crate::Error::Internal(error.to_string()))?;
        let decisions: HashMap<usize, Decision> = places.into_iter().zip(decided).collect();
        let mut ids: Vec<PhysicianId> = held.values().map(|(id, _)| *id).collect();
        ids.extend(decisions.values().filter_map(matched));
        ids.sort_unstable();
        ids.dedup();
        let physicians = physicians::by_ids(tx, &ids).await?;
        let physicians = physicians.into_iter().map(|physician| (physician.id, physician)).collect();
        Ok(Self { held, npis, in_review, decisions, physicians })
    }
}

async fn holders(tx: &mut WriteTx, batch: &[Entry]) -> Result<HashMap<Identifier, (PhysicianId, Own)>> {
    let (mut licenses, mut certifications) = (Vec::new(), Vec::new());
    for entry in batch {
        match entry.identifier() {
            Identifier::License(state, number) => licenses.push((state, number)),
            Identifier::Certification(board, id) => certifications.push((board, id)),
        }
    }
    let mut held = HashMap::new();
    for ((state, number), (id, license)) in physicians::holders_of_licenses(tx, &licenses).await? {
        held.insert(Identifier::License(state, number), (id, Own::from(license)));
    }
    for ((board, number), (id, certification)) in physicians::holders_of_certifications(tx, &certifications).await? {
        held.insert(Identifier::Certification(board, number), (id, Own::from(certification)));
    }
    Ok(held)
}

pub(super) fn matched(decision: &Decision) -> Option<PhysicianId> {
    match decision.outcome {
        Outcome::Matched(id) if decision.by_identifier() => Some(id),
        _ => None,
    }
}
