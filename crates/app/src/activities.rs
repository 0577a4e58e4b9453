//! Entering activities: create, save, register for MOC, close, reopen, copy, repeat, delete.
//!
//! A save may never make a completion on record invalid; it is refused beside the field, saying how
//! many completions and of which dates. Nobody sets a status: it follows from the fields and the day.

mod closing;
mod deleting;
pub mod exchange;
mod on_record;
mod registrations;
mod runs;
pub mod sketches;
mod whole;

use domain::access::{Actor, ProviderRole, ProviderScope, Who};
use domain::activity::{Activity, Beside, Missing, Warned};
use domain::reference::Reference;
use domain::{AccountId, ActivityId};
use store::activities::{Attested, Stored};
use store::counters::{self, Counter};
use store::{ReadTx, WriteTx};

pub use closing::{Closing, close, close_many, reopen};
pub use deleting::delete;
pub use registrations::{register, unregister};
pub use runs::{copy, create_series, repeat};
pub use whole::{faults_of_new, faults_of_whole, save_whole, with_undertakings};

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
        Fault::new(missing.field, missing.words())
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

async fn get(tx: &mut ReadTx, scope: &ProviderScope, id: ActivityId) -> Result<Stored> {
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
    app.reference.refresh_in(tx).await?;
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

fn is_locked(reference: &Reference, activity: &Activity) -> bool {
    activity.year_of_closing() <= reference.settings().locked_year
}

fn refuse_locked(app: &App, activity: &Activity) -> Result<()> {
    if is_locked(&app.reference.get(), activity) {
        return Err(Error::Forbidden("the reporting year of this activity is locked"));
    }
    Ok(())
}

/// Enters an activity and gives it an ID, whatever stands in the value's own. Title, format and
/// dates are enough; faults stand beside their fields. For less than that there are [`sketches`].
pub async fn create(app: &App, actor: &Actor, new: Activity) -> Result<ActivityId> {
    let mut tx = app.store.write().await?;
    let id = create_in(app, &mut tx, actor, new).await?;
    tx.commit().await?;
    Ok(id)
}

async fn create_in(app: &App, tx: &mut WriteTx, actor: &Actor, new: Activity) -> Result<ActivityId> {
    let scope = editor(actor)?;
    let new = new.tidied();
    app.reference.refresh_in(tx).await?;
    none_or_invalid(faults_of(faults_of_new(&new, &app.reference.get())))?;
    let id = insert(app, tx, actor, &scope, new).await?;
    audit::record(app, tx, actor, "activity.create", id, None, "").await?;
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
    let new = Activity { id, provider: scope.provider(), is_closed: false, ..new };
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
    let after = Activity { moc: before.moc.clone(), is_closed: false, provider: before.provider, ..typed }.tidied();
    let mut faults = faults_of(after.faults(&app.reference.get()));
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

/// Names of fields that credit or a year-end depends on and that differ, for the audit.
fn changed_fields(before: &Activity, after: &Activity) -> String {
    let fields = [
        ("title", before.title != after.title),
        ("format", before.format != after.format),
        ("starts_on", before.starts_on != after.starts_on),
        ("ends_on", before.ends_on != after.ends_on),
        ("credit", before.credit != after.credit),
        ("rems", before.rems != after.rems),
        ("moc", before.moc != after.moc),
        ("support", before.support != after.support || before.has_support != after.has_support),
        ("physician_total", before.physician_total != after.physician_total),
        ("other_total", before.other_total != after.other_total),
    ];
    fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// What is likely a slip in an activity as it is stored.
pub async fn warnings(app: &App, tx: &mut ReadTx, scope: &ProviderScope, activity: &Activity) -> Result<Vec<Warned>> {
    let completions = store::activities::completions(tx, scope, activity.id).await?;
    let alike = store::activities::alike(tx, scope, activity).await?;
    let beside = Beside { completions, alike: &alike };
    Ok(activity.warnings(app.clock.today(), &app.reference.get(), beside))
}
