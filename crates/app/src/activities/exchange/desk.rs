//! Where records are judged: the provider's activities that a chunk names, as they are after the
//! records judged so far. Rules are those of the form; here is which activity a record means.

mod meant;

use std::collections::HashMap;
use std::sync::Arc;

use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Missing, Rule, Status, is_alike};
use domain::reference::Reference;
use formats::activities::{Action, Counts, Field, Reading, Record};
use jiff::civil::Date;
use store::WriteTx;
use store::activities::Stored;
use store::activity_files::{Ending, Settled, Told};

use super::super::{changed_fields, faults_of_new, is_locked, no_id, on_record, with_undertakings};
use super::read::{Asked, Item};
use super::told::{self, Against, named, shortened};
use crate::{App, Result};

/// Problems and warnings that are told of one record; problems come first. A document of millions of
/// strange names must not become an answer that is many times as long.
const MOST_TOLD: usize = 50;

/// An activity on the desk: as it is stored, if it is, and as it is now; `None` is deleted.
struct Known {
    version: Option<i64>,
    now: Option<Activity>,
    is_changed: bool,
}

/// One thing that was done, for the audit.
pub(super) struct Act {
    pub action: &'static str,
    pub activity: ActivityId,
    pub detail: String,
}

/// What is to be written.
pub(super) struct Done {
    /// With the version they were read in; none for new ones.
    pub saved: Vec<(Activity, Option<i64>)>,
    pub deleted: Vec<(ActivityId, i64)>,
    pub acts: Vec<Act>,
}

pub(super) struct Desk<'a> {
    scope: &'a ProviderScope,
    reference: Arc<Reference>,
    today: Date,
    known: HashMap<ActivityId, Known>,
    /// Every activity that has, or had, an internal ID; whether it still does is looked up.
    by_internal_id: HashMap<String, Vec<ActivityId>>,
    completions: HashMap<ActivityId, i64>,
    new_ids: Vec<ActivityId>,
    acts: Vec<Act>,
}

/// A record's end and activity, or what is wrong with it.
type Judged = Found<(Ending, ActivityId)>;
type Found<T> = std::result::Result<T, Vec<Told>>;

impl<'a> Desk<'a> {
    pub(super) async fn open(
        app: &App,
        tx: &mut WriteTx,
        scope: &'a ProviderScope,
        items: &[Item],
    ) -> Result<Desk<'a>> {
        let (mut ids, mut internal_ids) = (Vec::new(), Vec::new());
        for item in items {
            let (id, internal_id) = match &item.asked {
                Asked::Whole(reading) => (reading.activity_id, &reading.internal_id),
                Asked::Totals(counts, _) => (counts.activity_id, &counts.internal_id),
            };
            ids.extend(id);
            if !internal_id.is_empty() {
                internal_ids.push(internal_id.clone());
            }
        }
        ids.sort_unstable();
        ids.dedup();
        internal_ids.sort_unstable();
        internal_ids.dedup();
        let mut found = store::activities::find_many(tx, scope, &ids).await?;
        found.extend(store::activities::with_internal_ids(tx, scope, &internal_ids).await?);
        let mut desk = Desk {
            scope,
            reference: app.reference.get(),
            today: app.clock.today(),
            known: HashMap::new(),
            by_internal_id: HashMap::new(),
            completions: HashMap::new(),
            new_ids: Vec::new(),
            acts: Vec::new(),
        };
        for Stored { activity, version, .. } in found {
            desk.by_internal_id.entry(activity.internal_id.trim().to_owned()).or_default().push(activity.id);
            desk.known.insert(activity.id, Known { version: Some(version), now: Some(activity), is_changed: false });
        }
        let stored: Vec<ActivityId> = desk.known.keys().copied().collect();
        desk.completions = store::activities::completions_of(tx, scope, &stored).await?;
        // numbers are taken at once; one too many leaves a gap, one too few is taken by itself
        let is_new = |item: &&Item| match &item.asked {
            Asked::Whole(reading) => reading.activity_id.is_none() && !reading.is_refused() && desk.is_new(reading),
            Asked::Totals(..) => false,
        };
        let wanted = items.iter().filter(is_new).count();
        desk.new_ids = store::activities::next_ids(tx, wanted).await?;
        desk.new_ids.reverse();
        Ok(desk)
    }

    fn is_new(&self, reading: &Reading) -> bool {
        reading.action != Some(Action::Delete) && !self.by_internal_id.contains_key(&reading.internal_id)
    }

    /// Judges one record.
    pub(super) async fn take(&mut self, tx: &mut WriteTx, item: &Item) -> Result<Settled> {
        let (judged, warnings) = match &item.asked {
            Asked::Whole(reading) => {
                (self.whole(tx, reading).await?, reading.warnings.iter().map(told::problem).collect())
            }
            Asked::Totals(counts, record) => (self.totals(tx, counts, record).await?, Vec::new()),
        };
        let (ending, activity, mut told) = match judged {
            Ok((ending, id)) => (ending, Some(id), Vec::new()),
            Err(told) => (Ending::Refused, None, told),
        };
        told.extend::<Vec<Told>>(warnings);
        told.truncate(MOST_TOLD);
        let activity = activity.or_else(|| self.named_by(&item.asked));
        Ok(Settled { number: item.number, line: item.line, ending, activity, told })
    }

    async fn whole(&mut self, tx: &mut WriteTx, reading: &Reading) -> Result<Judged> {
        let record = reading.record();
        let mut wrong: Vec<Told> = reading.problems.iter().map(told::problem).collect();
        let own = self.scope.provider().to_string();
        let digits = |id: &str| id.trim_start_matches('0').to_owned();
        if !reading.provider.is_empty() && digits(&reading.provider) != digits(&own) {
            let message = format!("The record names the provider {}; you are {own}.", shortened(&reading.provider));
            wrong.push(Against::OtherProvider.told(record, Some(Field::ProviderId), message));
        }
        if reading.action == Some(Action::Delete) {
            if !wrong.is_empty() {
                return Ok(Err(wrong));
            }
            return self.delete(tx, reading).await;
        }
        let Some(typed) = reading.activity(no_id(), self.scope.provider()) else { return Ok(Err(wrong)) };
        let close = reading.close == Some(true);
        let before = match self.recognized(reading, &typed) {
            Ok(before) => before,
            Err(told) => {
                wrong.extend(told);
                return Ok(Err(wrong));
            }
        };
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        match before {
            Some(id) => self.change(tx, reading, id, typed, close).await,
            None => self.add(tx, reading, typed, close).await,
        }
    }

    fn rules(&self, reading: &Reading, activity: &Activity, close: bool) -> Vec<Told> {
        let mut missing = faults_of_new(activity, &self.reference);
        if close {
            let more = activity.missing_for(Status::Closed, self.today, &self.reference);
            missing.extend(more.into_iter().filter(|one| !missing.contains(one)).collect::<Vec<_>>());
        }
        missing.into_iter().map(|missing| told::problem(&reading.problem(missing))).collect()
    }

    async fn add(&mut self, tx: &mut WriteTx, reading: &Reading, typed: Activity, close: bool) -> Result<Judged> {
        let wrong = self.rules(reading, &typed, close);
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        if reading.internal_id.is_empty() {
            let mut alike = store::activities::alike(tx, self.scope, &typed).await?;
            // one of them may have been changed or deleted by a record before this
            alike.retain(|id| self.known.get(id).is_none_or(|known| !known.is_changed));
            let changed = self.known.values().filter(|known| known.is_changed).filter_map(|known| known.now.as_ref());
            alike.extend(changed.filter(|other| is_alike(&typed, other)).map(|other| other.id));
            if !alike.is_empty() {
                let message = format!("{} has the same title, format, start and place.", named(&alike));
                return Ok(Err(vec![Against::PossibleDuplicate.told(reading.record(), Some(Field::Title), message)]));
            }
        }
        let id = match self.new_ids.pop() {
            Some(id) => id,
            None => store::activities::next_id(tx).await?,
        };
        let new = Activity { id, is_closed: close, ..typed };
        self.by_internal_id.entry(new.internal_id.trim().to_owned()).or_default().push(id);
        self.known.insert(id, Known { version: None, now: Some(new), is_changed: true });
        self.acted("activity.create", id, String::new());
        if close {
            self.acted("activity.close", id, String::new());
        }
        Ok(Ok((if close { Ending::Closed } else { Ending::Added }, id)))
    }

    async fn change(
        &mut self,
        tx: &mut WriteTx,
        reading: &Reading,
        id: ActivityId,
        typed: Activity,
        close: bool,
    ) -> Result<Judged> {
        let Some(before) = self.now(id).cloned() else { return Ok(Err(Vec::new())) };
        let record = reading.record();
        let is_closed = before.is_closed || close;
        let after = with_undertakings(&before, Activity { id, is_closed, ..typed });
        if is_same(&before, &after) {
            return Ok(Ok((Ending::Unchanged, id)));
        }
        if reading.action == Some(Action::Add) {
            let message = format!("The activity {id} is there already, with other content.");
            let field = if reading.activity_id.is_some() { Field::ActivityId } else { Field::InternalId };
            return Ok(Err(vec![Against::AlreadyEntered.told(record, Some(field), message)]));
        }
        let mut wrong = self.untouchable(record, &before);
        if wrong.is_empty() {
            wrong = self.rules(reading, &after, close);
            wrong.extend(self.on_record(tx, record, &before, &after).await?);
        }
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        Ok(Ok(self.changed(&before, after)))
    }

    async fn totals(&mut self, tx: &mut WriteTx, counts: &Counts, record: &Record) -> Result<Judged> {
        if !counts.problems.is_empty() {
            return Ok(Err(counts.problems.iter().map(told::problem).collect()));
        }
        let before = match self.the_one(record, counts.activity_id, &counts.internal_id) {
            Ok(before) => before,
            Err(told) => return Ok(Err(told)),
        };
        let after = Activity {
            physician_total: counts.physicians.or(before.physician_total),
            other_total: counts.others.or(before.other_total),
            ..before.clone()
        };
        if after == before {
            return Ok(Ok((Ending::Unchanged, before.id)));
        }
        let mut wrong = self.untouchable(record, &before);
        if wrong.is_empty() {
            wrong.extend(self.on_record(tx, record, &before, &after).await?);
        }
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        Ok(Ok(self.changed(&before, after)))
    }

    async fn delete(&mut self, tx: &mut WriteTx, reading: &Reading) -> Result<Judged> {
        let record = reading.record();
        let before = match self.the_one(record, reading.activity_id, &reading.internal_id) {
            Ok(before) => before,
            Err(told) => return Ok(Err(told)),
        };
        let mut wrong = self.untouchable(record, &before);
        let id = before.id;
        if wrong.is_empty() && self.known.get(&id).is_some_and(|known| known.version.is_some()) {
            // withdrawn ones count too: what happened to learners' credit can always be looked up
            let reported = store::activities::named(tx, self.scope, id, 1).await?;
            if !reported.is_empty() {
                let message = "Completions were reported for this activity. It stays on record.";
                wrong.push(Against::OnRecord.told(record, Some(Field::ActivityId), message));
            }
        }
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        if let Some(known) = self.known.get_mut(&id) {
            (known.now, known.is_changed) = (None, true);
        }
        self.acted("activity.delete", id, before.title);
        Ok(Ok((Ending::Deleted, id)))
    }

    /// What keeps an activity from being changed at all.
    fn untouchable(&self, record: &Record, before: &Activity) -> Vec<Told> {
        let mut wrong = Vec::new();
        if before.is_closed {
            let message = format!("The activity {} is closed.", before.id);
            wrong.push(Against::Closed.told(record, Some(Field::ActivityId), message));
        }
        if is_locked(&self.reference, before) {
            let missing = Missing::of(Rule::YearLocked).fact(before.year_of_closing().to_string());
            wrong.push(told::problem(&record.problem(missing)));
        }
        wrong
    }

    /// What completions and year-ends forbid. Most activities have neither, and nothing is asked then.
    async fn on_record(
        &self,
        tx: &mut WriteTx,
        record: &Record,
        before: &Activity,
        after: &Activity,
    ) -> Result<Vec<Told>> {
        let has_completions = self.completions.get(&before.id).is_some_and(|count| *count > 0);
        if !has_completions && !after.format.is_cumulative() {
            return Ok(Vec::new());
        }
        let mut faults = on_record::faults_of_change(tx, self.scope, before, after).await?;
        if has_completions {
            faults.extend(on_record::faults_of_registrations(tx, self.scope, before, after).await?);
        }
        Ok(faults.into_iter().map(|fault| Against::fault(record, fault)).collect())
    }

    fn changed(&mut self, before: &Activity, after: Activity) -> (Ending, ActivityId) {
        let id = after.id;
        let is_closing = after.is_closed && !before.is_closed;
        self.acted("activity.save", id, changed_fields(before, &after));
        if is_closing {
            self.acted("activity.close", id, String::new());
        }
        let holders = self.by_internal_id.entry(after.internal_id.trim().to_owned()).or_default();
        if !holders.contains(&id) {
            holders.push(id);
        }
        if let Some(known) = self.known.get_mut(&id) {
            (known.now, known.is_changed) = (Some(after), true);
        }
        (if is_closing { Ending::Closed } else { Ending::Updated }, id)
    }

    fn acted(&mut self, action: &'static str, activity: ActivityId, detail: String) {
        self.acts.push(Act { action, activity, detail });
    }

    pub(super) fn done(self) -> Done {
        let (mut saved, mut deleted) = (Vec::new(), Vec::new());
        for (id, known) in self.known.into_iter().filter(|(_, known)| known.is_changed) {
            match (known.now, known.version) {
                (Some(activity), version) => saved.push((activity, version)),
                (None, Some(version)) => deleted.push((id, version)),
                // added and deleted in one chunk
                (None, None) => {}
            }
        }
        // the order of statements must not depend on that of a hash map, or two of them may deadlock
        saved.sort_by_key(|(activity, _)| activity.id);
        deleted.sort_unstable();
        Done { saved, deleted, acts: self.acts }
    }
}

/// Whether nothing changes; registrations have no order.
fn is_same(before: &Activity, after: &Activity) -> bool {
    if before.moc.len() != after.moc.len() {
        return false;
    }
    let moc_is_same = before.moc.iter().all(|had| after.moc.contains(had));
    moc_is_same && Activity { moc: before.moc.clone(), ..after.clone() } == *before
}
