//! One batch of roster rows, settled in one transaction: a few queries look up everything the rows
//! name, the engine is asked about the rest, and the outcome is written in bulk.
//!
//! The engine does not know physicians whom this very batch makes. A row that may mean one of them
//! waits for the next batch, when the index knows them.

use std::collections::HashSet;

use domain::{PhysicianId, ReviewId};
use matching::Outcome;
use store::WriteTx;
use store::physicians::{self, Certification, Held, License, NewPhysician, Physician};
use store::reviews::{self, Review};

use super::Kind;
use super::entry::{Entry, Own};
use super::known::{Known, matched};
use super::made::Made;
use super::merging::{can_be, enrich, npi_differs};
use crate::error::Result;
use crate::{App, audit};

/// What became of a batch.
pub(super) struct Settled {
    pub(super) counts: Counts,
    /// Places in the batch of rows that wait for the next.
    pub(super) waiting: Vec<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) attached: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    pub(super) review: u64,
    pub(super) newly_in_review: u64,
}

/// Settles a batch, or changes nothing.
pub(super) async fn settle(app: &App, kind: Kind, file: &str, batch: &[Entry]) -> Result<Settled> {
    let mut tx = app.store.write().await?;
    physicians::lock(&mut tx).await?;
    app.registry.refresh_in(&mut tx).await?;
    let known = Known::look_up(app, &mut tx, kind, batch).await?;
    let mut work = Work::new(app, kind, known);
    for (place, entry) in batch.iter().enumerate() {
        work.settle(place, entry);
    }
    let settled = work.write(&mut tx).await?;
    let counts = &settled.counts;
    if counts.new + counts.attached + counts.updated + counts.newly_in_review > 0 {
        let detail = format!(
            "{} new, {} attached, {} updated, {} to review",
            counts.new, counts.attached, counts.updated, counts.newly_in_review
        );
        audit::record_nobody(app, &mut tx, "registry.import", file, &detail).await?;
        tx.commit().await?;
    }
    Ok(settled)
}

/// The rows of a batch on their way into the tables.
struct Work<'a> {
    app: &'a App,
    kind: Kind,
    now: i64,
    known: Known,
    counts: Counts,
    new: Vec<NewPhysician>,
    /// Physicians with new facts, and those who only hold something new or changed.
    enriched: HashSet<PhysicianId>,
    touched: HashSet<PhysicianId>,
    held: Vec<(PhysicianId, Own)>,
    reviews: Vec<Review>,
    made: Made,
    waiting: Vec<usize>,
}

impl<'a> Work<'a> {
    fn new(app: &'a App, kind: Kind, known: Known) -> Self {
        Self {
            app,
            kind,
            now: app.clock.now(),
            known,
            counts: Counts::default(),
            new: Vec::new(),
            enriched: HashSet::new(),
            touched: HashSet::new(),
            held: Vec::new(),
            reviews: Vec::new(),
            made: Made::default(),
            waiting: Vec::new(),
        }
    }

    fn settle(&mut self, place: usize, entry: &Entry) {
        if self.made.may_be(entry) {
            self.waiting.push(place);
        } else if let Some((id, stands)) = self.known.held.get(&entry.identifier()).cloned() {
            self.settle_known(entry, id, &stands);
        } else {
            self.settle_by_engine(place, entry);
        }
    }

    /// The row's own license or diplomate ID is on record.
    fn settle_known(&mut self, entry: &Entry, id: PhysicianId, stands: &Own) {
        let Some(physician) = self.known.physicians.get(&id) else { return };
        if !can_be(entry, physician) && self.app.registry.decide(&entry.query()).outcome != Outcome::Matched(id) {
            return self.review(entry, "conflict", "own_identifier_of_other_person");
        }
        let enriched = self.enrich(entry, id);
        let changed = *stands != entry.held;
        if changed {
            self.held.push((id, entry.held.clone()));
            self.touched.insert(id);
        }
        if enriched || changed {
            self.counts.updated += 1;
            self.made.add(entry, false);
        } else {
            self.counts.unchanged += 1;
        }
    }

    fn settle_by_engine(&mut self, place: usize, entry: &Entry) {
        if self.known.in_review.contains(&entry.text()) {
            self.counts.review += 1;
            return;
        }
        let Some(decision) = self.known.decisions.get(&place) else { return };
        let reasons = decision.reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>().join(" ");
        let outcome = decision.outcome;
        let npi_holder = entry.npi.as_ref().and_then(|npi| self.known.npis.get(npi)).copied();
        match (outcome, matched(decision)) {
            (_, Some(id)) => {
                let contradicts = self.known.physicians.get(&id).is_none_or(|known| npi_differs(entry, known));
                if contradicts || npi_holder.is_some_and(|holder| holder != id) {
                    return self.review(entry, "conflict", "npi_of_other_person");
                }
                self.enrich(entry, id);
                self.held.push((id, entry.held.clone()));
                self.touched.insert(id);
                self.made.add(entry, false);
                self.counts.attached += 1;
            }
            (Outcome::None, None) if npi_holder.is_none() => self.make(entry),
            _ => self.review(entry, outcome.code(), &reasons),
        }
    }

    /// Adds the row's facts to a known physician; tells whether there were any.
    fn enrich(&mut self, entry: &Entry, id: PhysicianId) -> bool {
        let npi_is_free = entry.npi.as_ref().is_none_or(|npi| !self.known.npis.contains_key(npi));
        let Some(physician) = self.known.physicians.get_mut(&id) else { return false };
        let enriched = enrich(physician, entry, npi_is_free);
        if enriched {
            self.enriched.insert(id);
        }
        enriched
    }

    fn make(&mut self, entry: &Entry) {
        let id = PhysicianId::new(self.app.chance.id(self.now));
        let physician = Physician {
            id,
            first: entry.first.clone(),
            middle: entry.middle.clone(),
            last: entry.last.clone(),
            suffix: entry.suffix.clone(),
            former_last: entry.former_last.iter().map(|name| name.replace(';', " ")).collect(),
            degree: entry.degree.clone(),
            birth: entry.birth,
            npi: entry.npi.clone(),
            licenses: Vec::new(),
            certifications: Vec::new(),
        };
        self.new.push(NewPhysician { physician, ledger_key: self.app.chance.bytes() });
        self.held.push((id, entry.held.clone()));
        self.made.add(entry, true);
        self.counts.new += 1;
    }

    fn review(&mut self, entry: &Entry, outcome: &str, reasons: &str) {
        self.counts.review += 1;
        self.reviews.push(Review {
            id: ReviewId::new(self.app.chance.id(self.now)),
            source: self.kind.code().to_owned(),
            row_number: i64::try_from(entry.row).unwrap_or(i64::MAX),
            row: entry.text(),
            outcome: outcome.to_owned(),
            reasons: reasons.to_owned(),
            created_at: self.now,
        });
    }

    async fn write(mut self, tx: &mut WriteTx) -> Result<Settled> {
        physicians::insert(tx, &self.new, self.now).await?;
        let mut enriched: Vec<Physician> =
            self.enriched.iter().filter_map(|id| self.known.physicians.get(id).cloned()).collect();
        enriched.sort_by_key(|physician| physician.id);
        physicians::update(tx, &enriched).await?;
        let (mut licenses, mut certifications) = (Vec::new(), Vec::new());
        for (physician, own) in self.held {
            match own {
                Own::License { state, number, status, issued_on, expires_on } => {
                    let held = License { state, number, status, issued_on, expires_on };
                    licenses.push(Held { physician, held });
                }
                Own::Certification { board, diplomate_id, status } => {
                    let held = Certification { board, diplomate_id, status };
                    certifications.push(Held { physician, held });
                }
            }
        }
        physicians::put_licenses(tx, &licenses, self.now).await?;
        physicians::put_certifications(tx, &certifications, self.now).await?;
        let mut touched: Vec<PhysicianId> = self.touched.difference(&self.enriched).copied().collect();
        touched.sort_unstable();
        if !touched.is_empty() {
            physicians::touch(tx, &touched).await?;
        }
        self.counts.newly_in_review = reviews::insert(tx, self.kind.code(), &self.reviews).await?;
        Ok(Settled { counts: self.counts, waiting: self.waiting })
    }
}
