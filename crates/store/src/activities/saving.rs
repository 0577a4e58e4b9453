//! Adding, changing and deleting activities: one or thousands in one transaction.

use std::collections::HashMap;

use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::Activity;

use super::tally::{self, Place};
use super::writing::{Written, write_rows};
use super::{Attested, registrations};
use crate::activity_changes;
use crate::error::{Error, Result};
use crate::tx::WriteTx;

/// An activity to be written, with the version that it was typed on; none for a new one.
#[derive(Debug, Clone, Copy)]
pub struct Save<'a> {
    pub activity: &'a Activity,
    pub version: Option<i64>,
}

/// Adds an activity of this provider. An ID that is there already is a unique violation.
pub async fn insert(tx: &mut WriteTx, scope: &ProviderScope, new: &Activity, attested: Attested) -> Result<()> {
    let is_new = save_many(tx, scope, &[Save { activity: new, version: None }], attested).await?;
    if is_new { Ok(()) } else { Err(Error::Taken(new.id.to_string())) }
}

/// Saves an activity of this provider if `version` is still the newest; tells whether it was.
pub async fn update(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    changed: &Activity,
    version: i64,
    attested: Attested,
) -> Result<bool> {
    save_many(tx, scope, &[Save { activity: changed, version: Some(version) }], attested).await
}

/// Writes activities of this provider, each at most once. `false`: an ID was taken or a version was
/// not the newest; then some may be written and others not, and the transaction must be given up.
pub async fn save_many(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    saves: &[Save<'_>],
    attested: Attested,
) -> Result<bool> {
    if saves.iter().any(|save| save.activity.provider != scope.provider()) {
        return Ok(false);
    }
    let known: Vec<ActivityId> =
        saves.iter().filter(|save| save.version.is_some()).map(|save| save.activity.id).collect();
    let before = tally::places(tx, scope, &known).await?;
    let rows = saves
        .iter()
        .map(|save| Written::of(save.activity, save.version.unwrap_or(0) + 1, attested.at))
        .collect::<Result<Vec<_>>>()?;
    let written: u64 = write_rows!(tx, rows);
    if usize::try_from(written) != Ok(saves.len()) {
        return Ok(false);
    }
    let mut change: HashMap<Place, i64> = HashMap::new();
    for place in before {
        *change.entry(place).or_default() -= 1;
    }
    for save in saves {
        *change.entry(Place::of(save.activity)).or_default() += 1;
    }
    tally::add(tx, scope, change).await?;
    let activities: Vec<&Activity> = saves.iter().map(|save| save.activity).collect();
    registrations::put(tx, &activities, &known, attested).await?;
    let changed: Vec<(ActivityId, bool)> =
        activities.iter().map(|activity| (activity.id, activity_changes::is_shown(activity))).collect();
    activity_changes::note(tx, &changed).await?;
    Ok(true)
}

/// Removes an activity of this provider that no completion was ever reported for, withdrawn ones
/// included: whoever asks for it has looked. Tells whether there was one of this version.
pub async fn delete(tx: &mut WriteTx, scope: &ProviderScope, id: ActivityId, version: i64) -> Result<bool> {
    let before = tally::places(tx, scope, &[id]).await?;
    let own = maybe!(
        tx,
        (i64,),
        "select version from activity where activity_id = $1 and provider_id = $2 and version = $3",
        id.as_str(),
        scope.provider().as_str(),
        version,
    )?;
    if own.is_none() {
        return Ok(false);
    }
    exec!(tx, "delete from activity_moc_undertaking where activity_id = $1", id.as_str())?;
    exec!(tx, "delete from activity_moc where activity_id = $1", id.as_str())?;
    exec!(tx, "delete from activity_year_total where activity_id = $1", id.as_str())?;
    let gone = exec!(tx, "delete from activity where activity_id = $1 and version = $2", id.as_str(), version)?;
    if gone == 0 {
        return Ok(false);
    }
    tally::add(tx, scope, before.into_iter().map(|place| (place, -1)).collect()).await?;
    activity_changes::note(tx, &[(id, false)]).await?;
    Ok(true)
}
