//! Activities that their provider displays to everybody. Reading them takes no scope, so nothing that
//! a provider did not choose to show may be found here.

use domain::ActivityId;

use super::rows::ActivityRow;
use super::tally::Stage;
use super::{Stored, with_registrations};
use crate::error::Result;
use crate::tx::ReadTx;

/// An activity that is complete, open, and displayed by a provider in good standing. Whether it is
/// past is for the caller to say.
pub async fn displayed(tx: &mut ReadTx, id: ActivityId) -> Result<Option<Stored>> {
    let rows = all!(
        tx,
        ActivityRow,
        "select activity.* from activity join provider on provider.provider_id = activity.provider_id
         where activity_id = $1 and in_passport and stage = $2 and provider.standing = $3",
        id.as_str(),
        Stage::Open.code(),
        crate::organizations::Standing::Good.code(),
    )?;
    Ok(with_registrations(tx, rows).await?.pop())
}
