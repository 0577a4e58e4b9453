//! Activities that may be the same as another one: by the provider's own ID, or by title and start.

use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, is_alike, title_key};

use super::rows::ActivityRow;
use super::{Stored, with_registrations};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::date_text;

/// The activities of this provider with these internal IDs: what `domain::activity::recognize` chooses
/// from. Several may share one.
pub async fn with_internal_ids(tx: &mut ReadTx, scope: &ProviderScope, internal_ids: &[String]) -> Result<Vec<Stored>> {
    let provider = scope.provider().to_string();
    let rows: Vec<ActivityRow> = among!(
        tx,
        ActivityRow,
        "select * from activity where provider_id = ",
        provider.as_str(),
        in " and internal_id <> '' and internal_id in (",
        internal_ids,
        ")"
    );
    with_registrations(tx, rows).await
}

/// Activities of this provider that are likely this one entered twice, by ID; at most 20.
pub async fn alike(tx: &mut ReadTx, scope: &ProviderScope, activity: &Activity) -> Result<Vec<ActivityId>> {
    let rows = all!(
        tx,
        ActivityRow,
        "select * from activity where provider_id = $1 and title_key = $2 and starts_on = $3 and format = $4
         and activity_id <> $5 order by activity_id limit 20",
        scope.provider().as_str(),
        title_key(&activity.title),
        date_text(activity.starts_on),
        activity.format.code(),
        activity.id.as_str(),
    )?;
    let found = with_registrations(tx, rows).await?;
    Ok(found.into_iter().filter(|other| is_alike(activity, &other.activity)).map(|other| other.activity.id).collect())
}
