//! `/admin/changes/merge`: proposing that two records are one person. A second person confirms; nothing
//! moves before.

use app::identity::{self, Preview};
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::PhysicianId;
use serde::Deserialize;

use super::preview::PreviewView;
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/changes/merge", get(form).post(propose))
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    /// The record that ends.
    from: String,
    /// The record that stays.
    into: String,
    reason: String,
}

impl Given {
    fn records(&self) -> Result<(PhysicianId, PhysicianId), app::Error> {
        let id = |text: &str| text.parse().map_err(|_| app::Error::NotFound);
        Ok((id(&self.from)?, id(&self.into)?))
    }
}

#[derive(Template)]
#[template(path = "admin/merge.html")]
struct Merge {
    chrome: Chrome,
    given: Given,
    faults: Faults,
    /// `None`: these two cannot be merged; the faults say why.
    preview: Option<PreviewView>,
}

async fn form(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(given): Query<Given>,
) -> Result<Response> {
    let (from, into) = given.records()?;
    match identity::of_merge(&app, &visitor.session.actor, from, into).await {
        Ok(preview) => Ok(page(chrome, given, Faults::none(), Some(preview)).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(chrome, given, faults, None)).into_response())
        }
    }
}

async fn propose(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let (from, into) = given.records()?;
    let actor = &visitor.session.actor;
    match identity::propose_merge(&app, actor, from, into, &given.reason).await {
        Ok(change) => Ok(Redirect::to(&format!("/admin/changes/{change}?done=proposed")).into_response()),
        Err(app::Error::Invalid(faults)) => {
            // what it would do is shown again, unless just that cannot be
            let preview = match identity::of_merge(&app, actor, from, into).await {
                Ok(preview) => Some(preview),
                Err(app::Error::Invalid(_)) => None,
                Err(error) => return Err(error.into()),
            };
            Ok((REFUSED, page(chrome, given, faults.into(), preview)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn page(chrome: Chrome, given: Given, faults: Faults, preview: Option<Preview>) -> Page<Merge> {
    // only the reason has a field of its own on this page
    let faults: Vec<Fault> = faults
        .iter()
        .map(|fault| Fault { field: if fault.field == "reason" { "reason" } else { "records" }, ..fault.clone() })
        .collect();
    Page(Merge { chrome, given, faults: faults.into(), preview: preview.map(PreviewView::of) })
}
