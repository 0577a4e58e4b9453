//! `/admin/users/ID`: one account with its seats and second factors, disabled and enabled here.

use app::App;
use app::organizations::{people, users};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::Seat;
use domain::{AccountId, Organization};
use store::organizations::history;
use store::{account_lists, second_factors};

use super::users::{Row, seat_words};
use super::{Act, Done, MOST_ACTS, with_done};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/users/{account}", get(show))
        .route("/admin/users/{account}/disable", post(disable))
        .route("/admin/users/{account}/enable", post(enable))
}

#[derive(Template)]
#[template(path = "admin/organizations/user.html")]
struct Show {
    chrome: Chrome,
    row: Row,
    /// Words, and the page of the organization (empty for physicians, whose records are no business of this page).
    seats: Vec<(String, String)>,
    authenticator: bool,
    passkeys: i64,
    codes: i64,
    is_disabled: bool,
    is_self: bool,
    acts: Vec<Act>,
}

async fn page(app: &App, visitor: &StaffVisitor, chrome: Chrome, id: AccountId) -> Result<Page<Show>> {
    let mut tx = app.store.read().await?;
    let account = account_lists::find(&mut tx, &visitor.scope, id).await?.ok_or(app::Error::NotFound)?;
    let held = store::seats::list(&mut tx, id).await?;
    let factors = second_factors::factors(&mut tx, id).await?;
    let acts = history::of_subject(&mut tx, &visitor.scope, &id.to_string(), MOST_ACTS).await?;
    drop(tx);
    let page_of = |seat: Seat| match Organization::of(seat) {
        Some(Organization::Provider(provider)) => format!("/admin/providers/{provider}"),
        Some(Organization::LicensingBoard(state)) => format!("/admin/boards/licensing/{state}"),
        Some(Organization::CertifyingBoard(board)) => format!("/admin/boards/certifying/{}", board.code()),
        Some(Organization::Accreditor) => "/admin/users/staff".to_owned(),
        None => String::new(),
    };
    Ok(Page(Show {
        chrome,
        seats: held.iter().map(|one| (seat_words(one), page_of(one.seat))).collect(),
        authenticator: factors.authenticators > 0,
        passkeys: factors.passkeys,
        codes: factors.codes,
        is_disabled: account.disabled_at.is_some(),
        is_self: people::account_of(&visitor.session.actor) == Some(id),
        acts: acts.into_iter().map(|act| Act::of(app, act)).collect(),
        row: Row::of(app, account, &held),
    }))
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<AccountId>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    page(&app, &visitor, with_done(chrome, &done), id).await
}

async fn disable(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<AccountId>,
) -> Result<Response> {
    match users::disable(&app, &visitor.session.actor, id).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/users/{id}?done=disabled")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let chrome = chrome.with_notice("error", "Nothing was changed", faults.of("account"));
            Ok((REFUSED, page(&app, &visitor, chrome, id).await?).into_response())
        }
    }
}

async fn enable(State(app): State<App>, visitor: StaffVisitor, Path(id): Path<AccountId>) -> Result<Redirect> {
    users::enable(&app, &visitor.session.actor, id).await?;
    Ok(Redirect::to(&format!("/admin/users/{id}?done=enabled")))
}
