//! `/providers/ID`: one provider as everybody may see it.

use app::App;
use app::provider_mark;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::ProviderId;
use store::organizations::profiles;
use store::organizations::standings;

use super::{place, standing, state_name};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/providers/{provider}", get(show))
}

#[derive(Template)]
#[template(path = "directory/provider.html")]
struct Show {
    chrome: Chrome,
    id: String,
    name: String,
    kind: String,
    place: String,
    standing: (&'static str, &'static str),
    may_submit: bool,
    website: String,
    /// Name, e-mail and telephone; empty if the provider is named alone.
    contact: Option<(String, String, String)>,
    has_mark: bool,
}

async fn show(State(app): State<App>, chrome: Chrome, Path(id): Path<String>) -> Result<Page<impl Template>> {
    let id: ProviderId = id.parse().map_err(|_| app::Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let listed = profiles::find(&mut tx, id).await?.ok_or(app::Error::NotFound)?;
    let today = standings::on(&mut tx, id, app.clock.today()).await?.unwrap_or(listed.provider.standing);
    drop(tx);
    let mark = provider_mark::of(&app, id).await?;
    let provider = listed.provider;
    let contact = (provider.contact_name, provider.contact_email, listed.contact_phone);
    Ok(Page(Show {
        chrome,
        id: id.to_string(),
        name: provider.name,
        kind: provider.organization_type,
        place: place(&provider.city, &state_name(&provider.state)),
        standing: standing(today),
        may_submit: today == store::organizations::Standing::Good,
        website: listed.website,
        contact: listed.is_contact_public.then_some(contact),
        has_mark: mark.is_current(),
    }))
}
