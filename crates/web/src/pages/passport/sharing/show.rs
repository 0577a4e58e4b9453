//! `/passport/sharing/{share}`: one share with everybody who opened it; another end, another link, and the end at once.

use app::App;
use app::accounts::Secret;
use app::shares::{self, ENDS, Given};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::ShareId;
use serde::Deserialize;
use store::shares::looks::Look;
use store::shares::{Recipient, Share, Standing};

use super::{Row, row};
use crate::access::PhysicianVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/sharing/{share}", get(show))
        .route("/passport/sharing/{share}/revoke", post(revoke))
        .route("/passport/sharing/{share}/extend", post(extend))
        .route("/passport/sharing/{share}/renew", post(renew))
}

#[derive(Template)]
#[template(path = "passport/sharing/show.html")]
struct SharePage {
    chrome: Chrome,
    row: Row,
    message: String,
    /// The link just made; empty otherwise.
    link: String,
    asks_code: bool,
    /// What another link is called here; empty where there is none.
    renewing: &'static str,
    is_revoked: bool,
    may_end: bool,
    looks: Vec<LookRow>,
    ends: &'static [(&'static str, &'static str)],
    given: Given,
    faults: Faults,
}

struct LookRow {
    at: When,
    what: &'static str,
    device: String,
    confirmed: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "made" => chrome.with_notice("success", "Your transcript is shared", "The recipient can open it now."),
        "revoked" => chrome.with_notice("success", "The share has ended", "Nobody can open it any more."),
        "extended" => chrome.with_notice("success", "The share has another end", ""),
        "sent" => {
            chrome.with_notice("success", "A new link is sent", "The link of the letter before opens nothing now.")
        }
        _ => chrome,
    };
    Ok(Page(page(&app, &visitor, chrome, read(&id)?, None, Given::proposed(""), Faults::none()).await?))
}

fn read(id: &str) -> Result<ShareId> {
    Ok(id.parse().map_err(|_| app::Error::NotFound)?)
}

/// The page of a share whose link is shown this once.
pub(super) async fn with_link(
    app: &App,
    visitor: &PhysicianVisitor,
    chrome: Chrome,
    id: ShareId,
    link: &Secret,
) -> Result<Response> {
    let page = page(app, visitor, chrome, id, Some(link), Given::proposed(""), Faults::none()).await?;
    Ok(Page(page).into_response())
}

async fn page(
    app: &App,
    visitor: &PhysicianVisitor,
    chrome: Chrome,
    id: ShareId,
    link: Option<&Secret>,
    given: Given,
    faults: Faults,
) -> Result<SharePage> {
    let (share, looks) = shares::find(app, &visitor.scope, id).await?;
    let recipient = shares::recipient(&mut app.store.read().await?, &share).await?;
    let standing = share.standing(app.clock.now());
    Ok(SharePage {
        chrome,
        message: share.terms.message.clone(),
        link: link.map(|link| app.config.link(&format!("/shared/{}", link.expose()))).unwrap_or_default(),
        asks_code: matches!(share.terms.recipient, Recipient::Email { asks_code: true, .. }),
        renewing: renewing(&share, standing),
        is_revoked: standing == Standing::Revoked,
        may_end: matches!(standing, Standing::Active | Standing::UsedUp),
        looks: looks.into_iter().map(|look| look_row(app, look)).collect(),
        ends: ENDS,
        row: row(app, &share, recipient),
        given,
        faults,
    })
}

fn renewing(share: &Share, standing: Standing) -> &'static str {
    match (&share.terms.recipient, standing) {
        (_, Standing::Expired | Standing::Revoked) | (Recipient::Board(_), _) => "",
        (Recipient::Email { .. }, _) => "Send a new link",
        (Recipient::Link { .. }, _) => "Make a new link",
    }
}

fn look_row(app: &App, look: Look) -> LookRow {
    LookRow {
        at: When::of(app, look.at),
        what: match look.what.as_str() {
            "pdf" => "Downloaded as PDF",
            "json" => "Downloaded as JSON",
            _ => "Read",
        },
        device: look.device,
        confirmed: look.confirmed_email,
    }
}

async fn revoke(State(app): State<App>, visitor: PhysicianVisitor, Path(id): Path<String>) -> Result<Redirect> {
    let id = read(&id)?;
    shares::revoke(&app, &visitor.session.actor, &visitor.scope, id).await?;
    Ok(Redirect::to(&format!("/passport/sharing/{id}?done=revoked")))
}

async fn extend(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = read(&id)?;
    match shares::extend(&app, &visitor.session.actor, &visitor.scope, id, &given).await {
        Ok(()) => Ok(Redirect::to(&format!("/passport/sharing/{id}?done=extended")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, id, None, given, faults).await?)).into_response())
        }
    }
}

async fn renew(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Response> {
    let made = shares::renew(&app, &visitor.session.actor, &visitor.scope, read(&id)?).await?;
    match made.link {
        Some(link) => with_link(&app, &visitor, chrome, made.id, &link).await,
        None => Ok(Redirect::to(&format!("/passport/sharing/{}?done=sent", made.id)).into_response()),
    }
}
