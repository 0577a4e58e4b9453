//! Entering activities: create, save, register for MOC, close, reopen, copy.
//!
//! A save may never make a completion on record invalid; it is refused beside the field, saying how
//! many completions and of which dates. Nobody sets a status: it follows from the fields and the day.

mod on_record;
mod registrations;

use domain::access::{Actor, ProviderRole, ProviderScope, Who};
use domain::activity::{Activity, Missing};
use domain::{AccountId, ActivityId, ProviderId};
use store::WriteTx;
use store::activities::{Attested, Stored};
use store::counters::{self, Counter};

pub use registrations::{register, unregister};

use crate::error::{Error, Fault, Result};
use crate::{App, audit};

/// The ID of an activity that has none yet; [`create`] hands out the real one.
pub fn no_id() -> ActivityId {
    #[expect(clippy::expect_used, reason = "nine zeros are nine digits")]
    "000000000".parse().expect("nine digits")
}

/// What an editor of a provider may reach.
fn editor(actor: &Actor) -> Result<ProviderScope> {
    actor.provider(ProviderRole::Editor).ok_or(Error::Forbidden("only editors and owners enter activities"))
}

impl From<Missing> for Fault {
    fn from(missing: Missing) -> Self {
        Fault::new(missing.field, missing.what)
    }
}

fn faults_of(missing: Vec<Missing>) -> Vec<Fault> {
    missing.into_iter().map(Fault::from).collect()
}

fn none_or_invalid(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// When and by whom undertakings are given in this act.
fn attested(app: &App, actor: &Actor) -> Attested {
    let by: Option<AccountId> = match actor.who {
        Who::Account(account) => Some(account),
        Who::ApiClient(_) => None,
    };
    Attested { by, at: app.clock.now() }
}

async fn get(tx: &mut WriteTx, scope: &ProviderScope, id: ActivityId) -> Result<Stored> {
    store::activities::find(tx, scope, id).await?.ok_or(Error::NotFound)
}

/// The activity as it is to be changed: on the version that the person saw, neither closed nor locked.
async fn open_for_change(
    app: &App,
    tx: &mut WriteTx,
    scope: &ProviderScope,
    id: ActivityId,
    version: i64,
) -> Result<Stored> {
    let stored = get(tx, scope, id).await?;
    if stored.version != version {
        return Err(Error::Stale);
    }
    if stored.activity.is_closed {
        return Err(Error::Forbidden("the activity is closed; reopen it first"));
    }
    refuse_locked(app, &stored.activity)?;
    Ok(stored)
}

fn refuse_locked(app: &App, activity: &Activity) -> Result<()> {
    if activity.ends_on.year() <= app.reference.get().settings.locked_year {
        return Err(Error::Forbidden("the reporting year of this activity is locked"));
    }
    Ok(())
}

/// What keeps the fields from being saved at all.
fn faults_of_fields(app: &App, activity: &Activity) -> Vec<Fault> {
    let mut faults = faults_of(activity.faults_of_draft());
    let locked = app.reference.get().settings.locked_year;
    if activity.ends_on.year() <= locked {
        faults.push(Fault::new("ends_on", format!("The reporting year {} is locked.", activity.ends_on.year())));
    }
    faults
}

/// Enters an activity and gives it an ID, whatever stands in the value's own. Title, format and
/// dates are enough; faults stand beside their fields.
pub async fn create(app: &App, actor: &Actor, new: Activity) -> Result<ActivityId> {
    let scope = editor(actor)?;
    none_or_invalid(faults_of_fields(app, &new))?;
    let mut tx = app.store.write().await?;
    let id = insert(app, &mut tx, actor, &scope, new).await?;
    audit::record(app, &mut tx, actor, "activity.create", id, None, "").await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    new: Activity,
) -> Result<ActivityId> {
    let id = store::activities::next_id(tx).await?;
    let provider: ProviderId = scope.provider();
    let new = Activity { id, provider, is_closed: false, ..new };
    store::activities::insert(tx, scope, &new, attested(app, actor)).await?;
    Ok(id)
}

/// Saves the fields as they were typed on `version`. MOC registrations are saved by [`register`] and
/// stay as they are. [`Error::Stale`] means somebody else saved meanwhile; nothing is changed then.
pub async fn save(app: &App, actor: &Actor, typed: Activity, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    // completions are recorded in line with this, by the version they were judged by
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let before = open_for_change(app, &mut tx, &scope, typed.id, version).await?.activity;
    let after = Activity { moc: before.moc.clone(), is_closed: false, provider: before.provider, ..typed };
    let mut faults = faults_of_fields(app, &after);
    faults.extend(on_record::faults_of_change(&mut tx, &scope, &before, &after).await?);
    none_or_invalid(faults)?;
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.save", after.id, None, &changed_fields(&before, &after)).await?;
    tx.commit().await?;
    Ok(())
}

async fn update(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    activity: &Activity,
    version: i64,
) -> Result<()> {
    let is_newest = store::activities::update(tx, scope, activity, version, attested(app, actor)).await?;
    if is_newest { Ok(()) } else { Err(Error::Stale) }
}

/// Names of fields that credit depends on and that differ, for the audit.
fn changed_fields(before: &Activity, after: &Activity) -> String {
    let fields = [
        ("title", before.title != after.title),
        ("format", before.format != after.format),
        ("starts_on", before.starts_on != after.starts_on),
        ("ends_on", before.ends_on != after.ends_on),
        ("credit", before.credit != after.credit),
        ("is_rems", before.is_rems != after.is_rems),
    ];
    fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// Closes an activity that has ended and lacks nothing; what it lacks stands beside the fields.
pub async fn close(app: &App, actor: &Actor, id: ActivityId, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    let before = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    none_or_invalid(faults_of(before.missing_for_closed(app.clock.today())))?;
    let after = Activity { is_closed: true, ..before };
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.close", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a closed activity again, until its reporting year is locked.
pub async fn reopen(app: &App, actor: &Actor, id: ActivityId, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    let before = get(&mut tx, &scope, id).await?.activity;
    refuse_locked(app, &before)?;
    let after = Activity { is_closed: false, ..before };
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.reopen", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a Draft of the same content. What belongs to one run of an activity is left out: the credit
/// amount (which is designated anew), totals, outcomes, support, claim dates and undertakings.
pub async fn copy(app: &App, actor: &Actor, id: ActivityId) -> Result<ActivityId> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    let of = get(&mut tx, &scope, id).await?.activity;
    let mut moc = of.moc.clone();
    for registration in &mut moc {
        registration.claim_until = None;
        registration.attested = false;
    }
    let title = format!("Copy of {}", of.title);
    let draft = Activity {
        title,
        internal_id: String::new(),
        credit: None,
        outcomes: Vec::new(),
        has_support: None,
        support: Vec::new(),
        physician_total: None,
        other_total: None,
        moc,
        ..of
    };
    let copied = insert(app, &mut tx, actor, &scope, draft).await?;
    audit::record(app, &mut tx, actor, "activity.copy", copied, None, &format!("of {id}")).await?;
    tx.commit().await?;
    Ok(copied)
}
