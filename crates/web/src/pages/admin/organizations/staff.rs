//! `/admin/users/staff`: who works for the accreditor.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::Organization;
use domain::access::StaffScope;

use super::people::{Invited, People};
use super::{Done, with_done};
use crate::access::{Session, StaffVisitor};
use crate::{Chrome, Faults, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/users/staff", get(show))
}

#[derive(Template)]
#[template(path = "admin/organizations/staff.html")]
pub(super) struct Staff {
    chrome: Chrome,
    people: People,
    faults: Faults,
}

pub(super) async fn page(
    app: &App,
    (session, scope): (&Session, &StaffScope),
    chrome: Chrome,
    invited: Invited,
    faults: Faults,
) -> Result<Page<Staff>> {
    let mut tx = app.store.read().await?;
    let people = People::of(app, session, scope, &mut tx, Organization::Accreditor, invited).await?;
    Ok(Page(Staff { chrome, people, faults }))
}

async fn show(
    State(app): State<App>,
    StaffVisitor { session, scope }: StaffVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    page(&app, (&session, &scope), with_done(chrome, &done), Invited::default(), Faults::none()).await
}
