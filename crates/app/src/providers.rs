//! What a provider's standing lets it do.

use domain::access::ProviderScope;
use store::ReadTx;
use store::organizations::{Standing, standings};

use crate::{App, Error, Result};

/// Only providers in good standing may submit, from the moment their standing changes (domain.md).
pub async fn must_be_in_good_standing(app: &App, scope: &ProviderScope) -> Result<()> {
    if is_in_good_standing(app, &mut app.store.read().await?, scope).await? {
        Ok(())
    } else {
        Err(Error::Forbidden("your organization is not in good standing; ask the accreditor"))
    }
}

/// Whether the provider may submit today. In a transaction that holds the ledger's lock it stays true until commit,
/// since whoever decides about a standing takes that lock first.
pub(crate) async fn is_in_good_standing(app: &App, tx: &mut ReadTx, scope: &ProviderScope) -> Result<bool> {
    let standing = standings::on(tx, scope.provider(), app.clock.today()).await?.ok_or(Error::NotFound)?;
    Ok(standing == Standing::Good)
}
