//! One batch of roster rows, settled in one transaction: a few queries look up everything the rows
//! name, the engine is asked about the rest, and the outcome is written in bulk.
//!
//! The engine does not know physicians whom this very batch makes. A row that may mean one of them
//! is put off to the next batch, when the index knows them.

use std::collections::HashSet;

use domain::{PhysicianId, ReviewId, StandingChangeId};
use matching::{Outcome, Reason};
use store::WriteTx;
use store::physicians::{self, Certification, Held, License, NewPhysician, Physician, Said};
use store::registry_imports::{self, Stand};
use store::reviews::{self, Pair, Review, Settled, Settlement};
use store::standing_changes::{self, Source, StandingChange};

use super::changed::Changed;
use super::entry::{Entry, Identifier, Own};
use super::judging::{Again, Verdict, judge};
use super::known::Known;
use super::made::Made;
use super::merging::{Fit, could_be_one, enrich, fit, npi_differs};
use super::{Kind, Under, is_active};
use crate::error::Result;
use crate::lease::lease_end;
use crate::{App, audit};

/// Which reading of the rows this is.
#[derive(Clone, Copy)]
pub(super) enum Reading<'a> {
    First,
    /// Rows that waited are asked again.
    Again(&'a Again<'a>),
    /// As before, and rows that are still not sure go to the review list.
    Last(&'a Again<'a>),
}

impl<'a> Reading<'a> {
    fn again(self) -> Option<&'a Again<'a>> {
        match self {
            Reading::First => None,
            Reading::Again(again) | Reading::Last(again) => Some(again),
        }
    }
}

/// What all batches of an import share, and how far the work is.
pub(super) struct Desk<'a> {
    /// As people call the file.
    pub(super) file: &'a str,
    /// Texts of rows that staff took off the review list.
    pub(super) dismissed: &'a HashSet<String>,
    pub(super) under: Option<Under<'a>>,
    pub(super) stand: Stand,
}

/// What became of a batch.
pub(super) struct Done {
    pub(super) counts: Counts,
    /// Places in the batch of rows that are put off to the next.
    pub(super) put_off: Vec<usize>,
    /// Places of rows that wait until more is known.
    pub(super) waiting: Vec<usize>,
    /// Licenses that certifying boards name, and of whom.
    pub(super) named: Vec<(Identifier, PhysicianId)>,
    pub(super) changed: Changed,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) attached: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    pub(super) review: u64,
    pub(super) newly_in_review: u64,
    pub(super) from_list: u64,
    pub(super) shared: u64,
    pub(super) pairs: u64,
    /// Licenses or certifications that were active and are not any more.
    pub(super) ended: u64,
}

impl Counts {
    /// How many rows changed the registry or the review list.
    pub(super) fn changes(&self) -> u64 {
        self.new + self.attached + self.updated + self.newly_in_review + self.from_list + self.pairs
    }

    /// As the import's record adds them up.
    fn kept(&self) -> registry_imports::Counts {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        registry_imports::Counts {
            added_new: number(self.new),
            attached: number(self.attached),
            updated: number(self.updated),
            newly_in_review: number(self.newly_in_review),
            from_list: number(self.from_list),
            shared: number(self.shared),
            pairs: number(self.pairs),
            ended: number(self.ended),
            ..registry_imports::Counts::default()
        }
    }
}

/// Settles a batch, or changes nothing.
pub(super) async fn settle(app: &App, desk: &Desk<'_>, batch: &[Entry], reading: Reading<'_>) -> Result<Done> {
    let mut tx = app.store.write().await?;
    if let Some(under) = desk.under {
        store::jobs::hold(&mut tx, under.job, lease_end(app)).await?;
    }
    physicians::lock(&mut tx).await?;
    app.registry.refresh_in(&mut tx).await?;
    let known = Known::look_up(app, &mut tx, batch, reading.again()).await?;
    let mut work = Work::new(app, desk, reading, known);
    for (place, entry) in batch.iter().enumerate() {
        work.settle(place, entry);
    }
    let done = work.write(&mut tx).await?;
    let counts = &done.counts;
    if counts.changes() > 0 {
        let detail = format!(
            "{} new, {} attached, {} updated, {} to review, {} from review, {} pairs",
            counts.new, counts.attached, counts.updated, counts.newly_in_review, counts.from_list, counts.pairs
        );
        audit::record_nobody(app, &mut tx, "registry.import", desk.file, &detail).await?;
    }
    if let Some(under) = desk.under {
        registry_imports::add(&mut tx, under.import, &counts.kept()).await?;
        registry_imports::set_stand(&mut tx, under.import, &desk.stand, app.clock.now()).await?;
        store::jobs::progressed(&mut tx, under.job).await?;
    }
    if counts.changes() > 0 || desk.under.is_some() {
        tx.commit().await?;
    }
    Ok(done)
}

/// The rows of a batch on their way into the tables.
struct Work<'a> {
    app: &'a App,
    desk: &'a Desk<'a>,
    reading: Reading<'a>,
    now: i64,
    known: Known,
    counts: Counts,
    new: Vec<NewPhysician>,
    /// Physicians with new facts, and those who only hold something new or changed.
    enriched: HashSet<PhysicianId>,
    touched: HashSet<PhysicianId>,
    held: Vec<(PhysicianId, Own, Option<Said>)>,
    standing: Vec<StandingChange>,
    reviews: Vec<Review>,
    pairs: Vec<Pair>,
    ended: Vec<Settled>,
    made: Made,
    put_off: Vec<usize>,
    waiting: Vec<usize>,
    named: Vec<(Identifier, PhysicianId)>,
}

impl<'a> Work<'a> {
    fn new(app: &'a App, desk: &'a Desk<'a>, reading: Reading<'a>, known: Known) -> Self {
        Self {
            app,
            desk,
            reading,
            now: app.clock.now(),
            known,
            counts: Counts::default(),
            new: Vec::new(),
            enriched: HashSet::new(),
            touched: HashSet::new(),
            held: Vec::new(),
            standing: Vec::new(),
            reviews: Vec::new(),
            pairs: Vec::new(),
            ended: Vec::new(),
            made: Made::default(),
            put_off: Vec::new(),
            waiting: Vec::new(),
            named: Vec::new(),
        }
    }

    fn settle(&mut self, place: usize, entry: &Entry) {
        if self.made.may_be(entry) {
            // nor may a later row overtake it
            self.made.add(entry, true);
            self.put_off.push(place);
            return;
        }
        let holders = self.known.held.get(&entry.identifier()).cloned().unwrap_or_default();
        let fit_of = |id: &PhysicianId| self.known.physicians.get(id).map(|of| fit(entry, of));
        let of = |wanted| holders.iter().filter(|(id, _)| fit_of(id) == Some(wanted)).collect::<Vec<_>>();
        let (same, unclear) = (of(Fit::Same), of(Fit::Unclear));
        match (same.as_slice(), unclear.as_slice()) {
            ([(id, stands)], _) => self.settle_known(entry, *id, stands),
            ([], []) => self.settle_by_engine(place, entry, !holders.is_empty()),
            ([], [(id, stands)]) if self.engine_says(entry, *id) => self.settle_known(entry, *id, stands),
            _ => self.wait(place, entry, "conflict", "own_identifier_of_other_person".to_owned()),
        }
    }

    /// Whether the engine takes an unclear row for its number's holder: a nickname, a name with a part more.
    fn engine_says(&self, entry: &Entry, id: PhysicianId) -> bool {
        let decision = self.app.registry.decide(&entry.query());
        let contradicts = self.known.physicians.get(&id).is_none_or(|of| npi_differs(entry, of));
        decision.outcome == Outcome::Matched(id)
            && !contradicts
            && !decision.reasons.contains(&Reason::FirstNameDiffers)
            && !decision.reasons.contains(&Reason::MiddleNameDiffers)
    }

    /// The row's own license or diplomate ID is on record as this physician's.
    fn settle_known(&mut self, entry: &Entry, id: PhysicianId, stands: &Own) {
        self.suggest_npi_holder(entry, id);
        self.named.extend(entry.named_license().map(|license| (license, id)));
        let enriched = self.enrich(entry, id);
        let told = entry.held.beside(stands);
        let changed = *stands != told;
        // what waits on the list is older than what stands
        if changed && entry.review.is_none() {
            self.stands_otherwise(id, stands, &told);
            self.held.push((id, told, self.said(entry)));
            self.touched.insert(id);
        }
        if enriched || changed {
            self.made.add(entry, false);
        }
        match entry.review {
            Some(review) => self.end(review, id),
            None if enriched || changed => self.counts.updated += 1,
            None => self.counts.unchanged += 1,
        }
    }

    /// `shared`: the row's own number is held by somebody else.
    fn settle_by_engine(&mut self, place: usize, entry: &Entry, shared: bool) {
        let Some(asked) = self.known.asked.get(&place) else { return };
        let verdict = judge(entry, asked, &self.known, self.reading.again());
        if matches!(verdict, Verdict::Wait(..)) {
            self.suggest_pair(place, entry);
        }
        let settles = !matches!(verdict, Verdict::Wait(..));
        if settles && !self.desk.dismissed.is_empty() && self.desk.dismissed.contains(&entry.text()) {
            self.counts.unchanged += 1;
            return;
        }
        let id = match verdict {
            Verdict::Of(id) => {
                let names = |work: &Self| work.known.physicians.get(&id).map(|of| of.former_last.len());
                let before = names(self);
                self.enrich(entry, id);
                self.touched.insert(id);
                // what waits beside later rows of the name is one less from the next batch on
                self.made.add(entry, self.reading.again().is_some() || names(self) != before);
                id
            }
            Verdict::New => self.make(entry),
            Verdict::Wait(outcome, reasons) => return self.wait(place, entry, outcome, reasons),
        };
        self.hold(id, entry);
        self.named.extend(entry.named_license().map(|license| (license, id)));
        self.counts.shared += u64::from(shared);
        match (entry.review, verdict) {
            (Some(review), _) => self.end(review, id),
            (None, Verdict::New) => self.counts.new += 1,
            (None, _) => self.counts.attached += 1,
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

    /// The row's own license or certification is this physician's from now on, for later rows of the batch too.
    fn hold(&mut self, id: PhysicianId, entry: &Entry) {
        if let Some(physician) = self.known.physicians.get_mut(&id) {
            match entry.held.clone() {
                Own::License { state, number, status, issued_on, expires_on } => {
                    physician.licenses.push(License { state, number, status, issued_on, expires_on });
                }
                Own::Certification { board, diplomate_id, status } => {
                    physician.certifications.push(Certification { board, diplomate_id, status });
                }
            }
        }
        self.held.push((id, entry.held.clone(), self.said(entry)));
    }

    /// Which roster says so. Rows of the review list came with an earlier one.
    fn said(&self, entry: &Entry) -> Option<Said> {
        let under = self.desk.under.filter(|_| entry.review.is_none())?;
        Some(Said { import: under.import, name: entry.name() })
    }

    /// Writes down that a license or certification becomes another than it was.
    fn stands_otherwise(&mut self, physician: PhysicianId, before: &Own, after: &Own) {
        let (issuer, number) = after.issued();
        let (before, after) = (before.standing(), after.standing());
        self.counts.ended += u64::from(is_active(&before.status) && !is_active(&after.status));
        self.standing.push(StandingChange {
            id: StandingChangeId::new(self.app.chance.id(self.now)),
            physician,
            issuer: issuer.to_owned(),
            number: number.to_owned(),
            before,
            after,
            effective_on: self.app.clock.today(),
            at: self.now,
            source: Source::Roster,
            import: self.desk.under.map(|under| under.import),
            by: None,
            by_name: self.desk.file.to_owned(),
            reason: String::new(),
            undoes: None,
        });
    }

    fn make(&mut self, entry: &Entry) -> PhysicianId {
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
        self.made.add(entry, true);
        id
    }

    fn wait(&mut self, place: usize, entry: &Entry, outcome: &str, reasons: String) {
        self.waiting.push(place);
        if !matches!(self.reading, Reading::Last(_)) || entry.review.is_some() {
            return;
        }
        self.counts.review += 1;
        self.reviews.push(Review {
            id: ReviewId::new(self.app.chance.id(self.now)),
            source: entry.kind().code().to_owned(),
            row_number: i64::try_from(entry.row).unwrap_or(i64::MAX),
            row: entry.text(),
            outcome: outcome.to_owned(),
            reasons,
            created_at: self.now,
        });
    }

    /// A row of the review list is settled.
    fn end(&mut self, review: ReviewId, physician: PhysicianId) {
        self.counts.from_list += 1;
        self.ended.push(Settled {
            id: review,
            settlement: Settlement::Import,
            physician: Some(physician),
            by: self.desk.file.to_owned(),
            at: self.now,
        });
    }

    /// The row is one physician's and has the NPI of another: they may be one.
    fn suggest_npi_holder(&mut self, entry: &Entry, id: PhysicianId) {
        let holder = entry.npi.as_ref().and_then(|npi| self.known.npis.get(npi)).copied();
        if let Some(holder) = holder.filter(|holder| *holder != id) {
            self.suggest(id, holder);
        }
    }

    /// A row that waits names one physician by one identifier and another by another: they may be one.
    fn suggest_pair(&mut self, place: usize, entry: &Entry) {
        let Some(asked) = self.known.asked.get(&place) else { return };
        let equal = [Reason::LicenseEqual, Reason::NpiEqual, Reason::BoardIdEqual];
        let named = asked.candidates.iter().filter(|of| of.parts.iter().any(|part| equal.contains(&part.reason)));
        let named: Vec<PhysicianId> = named
            .map(|of| of.physician)
            .filter(|id| self.known.physicians.get(id).is_some_and(|of| fit(entry, of) != Fit::Other))
            .collect();
        if let [one, other] = named.as_slice() {
            self.suggest(*one, *other);
        }
    }

    fn suggest(&mut self, one: PhysicianId, other: PhysicianId) {
        let physician = |id| self.known.physicians.get(&id);
        if let (Some(a), Some(b)) = (physician(one), physician(other))
            && could_be_one(a, b)
        {
            self.pairs.push(Pair::new(one, other));
        }
    }

    async fn write(mut self, tx: &mut WriteTx) -> Result<Done> {
        physicians::insert(tx, &self.new, self.now).await?;
        let mut enriched: Vec<Physician> =
            self.enriched.iter().filter_map(|id| self.known.physicians.get(id).cloned()).collect();
        enriched.sort_by_key(|physician| physician.id);
        physicians::update(tx, &enriched).await?;
        let (mut licenses, mut certifications) = (Vec::new(), Vec::new());
        for (physician, own, said) in std::mem::take(&mut self.held) {
            match own {
                Own::License { state, number, status, issued_on, expires_on } => {
                    let held = License { state, number, status, issued_on, expires_on };
                    licenses.push(Held { physician, held, said });
                }
                Own::Certification { board, diplomate_id, status } => {
                    let held = Certification { board, diplomate_id, status };
                    certifications.push(Held { physician, held, said });
                }
            }
        }
        physicians::put_licenses(tx, &licenses, self.now).await?;
        physicians::put_certifications(tx, &certifications, self.now).await?;
        standing_changes::insert(tx, &self.standing).await?;
        let mut touched: Vec<PhysicianId> = self.touched.difference(&self.enriched).copied().collect();
        touched.sort_unstable();
        if !touched.is_empty() {
            physicians::touch(tx, &touched).await?;
        }
        self.write_reviews(tx).await?;
        let mut changed = Changed::default();
        let ids = self.enriched.union(&self.touched);
        ids.filter_map(|id| self.known.physicians.get(id)).for_each(|physician| changed.add_physician(physician));
        self.named.iter().for_each(|(license, _)| changed.add_number(license));
        Ok(Done { counts: self.counts, put_off: self.put_off, waiting: self.waiting, named: self.named, changed })
    }

    async fn write_reviews(&mut self, tx: &mut WriteTx) -> Result<()> {
        for kind in Kind::ALL {
            let of_kind: Vec<Review> =
                self.reviews.iter().filter(|review| review.source == kind.code()).cloned().collect();
            self.counts.newly_in_review += reviews::insert(tx, kind.code(), &of_kind).await?;
        }
        let suggested = self.pairs.iter().map(|pair| {
            Ok(Review {
                id: ReviewId::new(self.app.chance.id(self.now)),
                source: reviews::PAIR.to_owned(),
                row_number: 0,
                row: pair.row()?,
                outcome: Outcome::Review.code().to_owned(),
                reasons: "named_by_one_row".to_owned(),
                created_at: self.now,
            })
        });
        let suggested = suggested.collect::<Result<Vec<_>>>()?;
        self.counts.pairs = reviews::insert(tx, reviews::PAIR, &suggested).await?;
        // one whom somebody has settled meanwhile is not settled again
        reviews::settle(tx, &self.ended).await?;
        Ok(())
    }
}
