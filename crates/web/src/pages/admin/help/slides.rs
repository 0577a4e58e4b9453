//! Slides of a webinar: one PDF at a time, kept as it comes in.

use std::convert::Infallible;

use app::App;
use app::help;
use askama::Template;
use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::{HelpEntryId, HelpFileId};
use futures::{StreamExt, future};

use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/help/{id}/slides", get(form))
        .route("/admin/help/{id}/slides/{file}", get(file))
        .route("/admin/help/{id}/slides/{file}/remove", post(remove))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/admin/help/{id}/slides", post(add))
}

#[derive(Template)]
#[template(path = "admin/help/slides.html")]
struct SlidesForm {
    chrome: Chrome,
    back: String,
    title: String,
    faults: Faults,
    accepted: &'static str,
    most: u64,
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: HelpEntryId,
    faults: Faults,
) -> Result<SlidesForm> {
    let found = store::help::find(&mut app.store.read().await?, &visitor.scope, id).await?;
    let entry = found.ok_or(app::Error::NotFound)?;
    Ok(SlidesForm {
        chrome,
        back: format!("/admin/help/{id}"),
        title: entry.content.title,
        faults,
        accepted: help::SLIDES_ACCEPTED,
        most: help::MOST_BYTES,
    })
}

async fn form(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
) -> Result<Page<impl Template>> {
    Ok(Page(page(&app, &visitor, chrome, id, Faults::none()).await?))
}

async fn add(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
    mut form: Multipart,
) -> Result<Response> {
    let mut staged = Err(app::Error::invalid("slides", "Choose the PDF file that holds the slides."));
    while let Some(mut field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("slides") {
            staged = stage(&app, &mut field).await;
            // what is left of a file that is too large
            while field.chunk().await.map_err(|_| broken())?.is_some() {}
        }
    }
    let added = match staged {
        Ok(staged) => help::add_slides(&app, &visitor.session.actor, &visitor.scope, id, staged).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => Ok(Redirect::to(&format!("/admin/help/{id}?done=slides")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, id, faults).await?)).into_response())
        }
    }
}

/// The file goes to disk as it comes; one that breaks off is the sender's trouble.
async fn stage(app: &App, field: &mut Field<'_>) -> app::Result<help::Staged> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut is_broken = false;
    let pieces =
        field.scan((), |(), piece| future::ready(piece.map_err(|_| is_broken = true).ok().map(Ok::<_, Infallible>)));
    let staged = help::stage(app, &name, pieces).await;
    if is_broken { Err(broken()) } else { staged }
}

fn broken() -> app::Error {
    app::Error::invalid("slides", "The form broke off or cannot be read; send it again.")
}

async fn file(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((_, file)): Path<(HelpEntryId, HelpFileId)>,
) -> Result<Response> {
    let file = help::file(&app, Some(&visitor.scope), file).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}

async fn remove(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((id, file)): Path<(HelpEntryId, HelpFileId)>,
) -> Result<Redirect> {
    help::remove_slides(&app, &visitor.session.actor, &visitor.scope, id, file).await?;
    Ok(Redirect::to(&format!("/admin/help/{id}?done=slides")))
}
