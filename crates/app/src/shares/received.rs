//! What physicians sent to a licensing board. The share is the permission: a license in the board's state is not
//! needed, and what the physician left out stays out.

use domain::ShareId;
use domain::access::{Actor, LicensingBoardScope};
use store::shares::looks::Look;

use super::visits::shown;
use super::{Opened, What, must_allow, recipient};
use crate::{App, Error, Result};

/// A transcript that was sent to this board.
///
/// Errors: `NotFound` for another board's, for one that has ended, and for a download that is not allowed.
pub async fn read(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    id: ShareId,
    what: What,
    device: &str,
) -> Result<Opened> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let share = store::shares::find_received(&mut tx, scope, id, now).await?.ok_or(Error::NotFound)?;
    must_allow(&share.terms, what)?;
    let told = recipient(&mut tx, &share).await?;
    drop(tx);
    if what == What::Page {
        let mut tx = app.store.write().await?;
        store::shares::open(&mut tx, share.id, now).await?;
        tx.commit().await?;
    }
    let look =
        Look { at: now, what: what.code().to_owned(), device: device.to_owned(), confirmed_email: String::new() };
    let official = match shown(app, Some(actor), &share, what, &look, &told).await {
        Err(Error::LinkOver) => return Err(Error::NotFound),
        shown => shown?,
    };
    let terms = share.terms;
    Ok(Opened { official, recipient: told, expires_at: terms.expires_at, allows_downloads: terms.allows_downloads })
}
