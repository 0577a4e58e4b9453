//! Everything that the database and the engine know of the rows of a batch: a few queries and one
//! question a row to the engine, however many rows there are.

use std::collections::HashMap;

use domain::PhysicianId;
use matching::{Decision, Evidence, Query, Reason};
use rayon::prelude::*;
use store::physicians::{self, Physician};
use store::{ReadTx, WriteTx};

use super::entry::{Entry, Identifier, Own};
use super::judging::{Again, by_identifier};
use super::merging::{Fit, fit};
use super::odds::{Scale, has};
use crate::App;
use crate::error::{Error, Result};

/// Of the candidates of one row so many are looked at: that two are possible is enough to wait.
const CANDIDATES: usize = 5;

/// What the database and the engine know of the rows of a batch.
pub(super) struct Known {
    /// Who holds the rows' own licenses and certifications, as they stand.
    pub(super) held: HashMap<Identifier, Vec<(PhysicianId, Own)>>,
    pub(super) npis: HashMap<String, PhysicianId>,
    /// What the engine says of rows whose own number is nobody's, or only others', by place in the batch.
    pub(super) asked: HashMap<usize, Asked>,
    /// Everybody who is named above; what they hold is known from the second reading on.
    pub(super) physicians: HashMap<PhysicianId, Physician>,
}

/// The engine's answer.
pub(super) struct Asked {
    pub(super) decision: Decision,
    /// Whom else the row could mean; empty on the first reading of a file, when it is too early to tell.
    pub(super) candidates: Vec<Evidence>,
}

impl Known {
    /// Looks everything up. `again` on a later reading, when candidates are wanted.
    pub(super) async fn look_up(
        app: &App,
        tx: &mut WriteTx,
        batch: &[Entry],
        again: Option<&Again<'_>>,
    ) -> Result<Self> {
        let held = holders(tx, batch).await?;
        let npis: Vec<String> = batch.iter().filter_map(|entry| entry.npi.clone()).collect();
        let npis = physicians::holders_of_npis(tx, &npis).await?;
        let named = batch.iter().filter_map(|entry| again?.named.get(&entry.identifier()).copied());
        let known = held.values().flatten().map(|(id, _)| *id).chain(npis.values().copied()).chain(named);
        let mut known =
            Self { physicians: people(tx, known.collect(), again.is_some()).await?, held, npis, asked: HashMap::new() };
        known.ask(app, batch, again.is_some()).await?;
        let scale = again.map(|again| again.scale);
        let mut missing: Vec<PhysicianId> = Vec::new();
        for asked in known.asked.values_mut() {
            missing.extend(asked.whom(scale));
        }
        let missing = missing.into_iter().filter(|id| !known.physicians.contains_key(id)).collect();
        known.physicians.extend(people(tx, missing, again.is_some()).await?);
        Ok(known)
    }

    /// Asks the engine about every row that is not its own number's only holder's.
    async fn ask(&mut self, app: &App, batch: &[Entry], wants_candidates: bool) -> Result<()> {
        let question = |entry: &Entry| match self.held.get(&entry.identifier()) {
            None => Some(entry.query()),
            Some(holders) => {
                let fits = |(id, _): &(PhysicianId, Own)| self.physicians.get(id).map(|of| fit(entry, of));
                let all_others = holders.iter().all(|holder| fits(holder) == Some(Fit::Other));
                all_others.then(|| entry.query_without_own())
            }
        };
        let (places, queries): (Vec<usize>, Vec<Query>) =
            batch.iter().enumerate().filter_map(|(place, entry)| Some((place, question(entry)?))).unzip();
        let registry = app.registry.clone();
        let asked = tokio::task::spawn_blocking(move || -> Vec<Asked> {
            if wants_candidates {
                let explained = queries.par_iter().map(|query| registry.explain(query));
                explained.map(|all| Asked { decision: all.decision, candidates: all.candidates }).collect()
            } else {
                let decided = registry.decide_all(&queries).into_iter();
                decided.map(|decision| Asked { decision, candidates: Vec::new() }).collect()
            }
        });
        let asked = asked.await.map_err(|error| Error::Internal(error.to_string()))?;
        self.asked = places.into_iter().zip(asked).collect();
        Ok(())
    }
}

impl Asked {
    /// Keeps the candidates who are worth a look, and names everyone who is. Another birthday is another person,
    /// unless an identifier agrees.
    fn whom(&mut self, scale: Option<&Scale>) -> Vec<PhysicianId> {
        if let Some(scale) = scale {
            self.candidates.retain(|candidate| {
                let birth = [Reason::BirthEqual, Reason::BirthSwapped, Reason::BirthUnknown];
                let identifier = [Reason::LicenseEqual, Reason::NpiEqual, Reason::BoardIdEqual];
                let listed = birth.iter().chain(&identifier).any(|reason| has(candidate, *reason));
                listed && scale.can_be_possible(candidate)
            });
            self.candidates.truncate(CANDIDATES);
        }
        let candidates = self.candidates.iter().map(|candidate| candidate.physician);
        candidates.chain(by_identifier(&self.decision)).collect()
    }
}

pub(super) async fn people(
    tx: &mut ReadTx,
    mut ids: Vec<PhysicianId>,
    with_held: bool,
) -> Result<HashMap<PhysicianId, Physician>> {
    ids.sort_unstable();
    ids.dedup();
    let physicians = match with_held {
        true => physicians::by_ids(tx, &ids).await?,
        false => physicians::people(tx, &ids).await?,
    };
    Ok(physicians.into_iter().map(|physician| (physician.id, physician)).collect())
}

/// Who holds the rows' own licenses and certifications, as they stand.
pub(super) async fn holders(tx: &mut ReadTx, batch: &[Entry]) -> Result<HashMap<Identifier, Vec<(PhysicianId, Own)>>> {
    let (mut licenses, mut certifications) = (Vec::new(), Vec::new());
    for entry in batch {
        match entry.identifier() {
            Identifier::License(state, number) => licenses.push((state, number)),
            Identifier::Certification(board, id) => certifications.push((board, id)),
        }
    }
    // a number that stands twice in the batch must not give its holder twice
    licenses.sort_unstable();
    licenses.dedup();
    certifications.sort_unstable();
    certifications.dedup();
    let mut held: HashMap<Identifier, Vec<(PhysicianId, Own)>> = HashMap::new();
    for ((state, number), of) in physicians::holders_of_licenses(tx, &licenses).await? {
        let of = of.into_iter().map(|(id, license)| (id, Own::from(license))).collect();
        held.insert(Identifier::License(state, number), of);
    }
    for ((board, number), of) in physicians::holders_of_certifications(tx, &certifications).await? {
        let of = of.into_iter().map(|(id, certification)| (id, Own::from(certification))).collect();
        held.insert(Identifier::Certification(board, number), of);
    }
    Ok(held)
}
