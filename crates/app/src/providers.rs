//! Providers and what their standing lets them do.

use domain::access::ProviderScope;
use store::organizations::Standing;

use crate::{App, Error, Result};

/// Only providers in good standing may submit, from the moment their standing changes (domain.md).
pub async fn must_be_in_good_standing(app: &App, scope: &ProviderScope) -> Result<()> {
    let mut tx = app.store.read().await?;
    let provider = store::organizations::find_provider(&mut tx, scope.provider()).await?.ok_or(Error::NotFound)?;
    if provider.standing == Standing::Good {
        Ok(())
    } else {
        Err(Error::Forbidden("your organization is not in good standing; ask the accreditor"))
    }
}
