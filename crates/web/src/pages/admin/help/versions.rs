//! Earlier versions of a page: who made them and when, what they say, and the way back to one.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use domain::HelpEntryId;
use domain::help::Category;
use serde::Deserialize;
use store::help::{Entry, Version};

use super::shape;
use crate::access::StaffVisitor;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/help/{id}/versions", get(list))
        .route("/admin/help/{id}/versions/{version}", get(show))
        .route("/admin/help/{id}/versions/{version}/restore", post(restore))
}

struct Row {
    version: i64,
    when: When,
    by: String,
    title: String,
    shape: &'static str,
    status: &'static str,
    is_current: bool,
}

impl Row {
    fn of(app: &App, entry: &Entry, version: &Version) -> Self {
        Self {
            version: version.version,
            when: When::of(app, version.at),
            by: if version.author.is_empty() { "Came with a release".to_owned() } else { version.author.clone() },
            title: version.content.title.clone(),
            shape: shape(version.status),
            status: version.status.label(),
            is_current: version.version == entry.version,
        }
    }
}

#[derive(Template)]
#[template(path = "admin/help/versions.html")]
struct List {
    chrome: Chrome,
    back: String,
    title: String,
    rows: Vec<Row>,
}

async fn found(app: &App, visitor: &StaffVisitor, id: HelpEntryId) -> Result<(Entry, Vec<Version>)> {
    let mut tx = app.store.read().await?;
    let entry = store::help::find(&mut tx, &visitor.scope, id).await?.ok_or(app::Error::NotFound)?;
    let versions = store::help::versions(&mut tx, &visitor.scope, id).await?;
    Ok((entry, versions))
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
) -> Result<Page<impl Template>> {
    let (entry, versions) = found(&app, &visitor, id).await?;
    Ok(Page(List {
        chrome,
        back: format!("/admin/help/{id}"),
        rows: versions.iter().map(|version| Row::of(&app, &entry, version)).collect(),
        title: entry.content.title,
    }))
}

#[derive(Template)]
#[template(path = "admin/help/version.html")]
struct Show {
    chrome: Chrome,
    back: String,
    all: String,
    row: Row,
    category: &'static str,
    summary: String,
    html: String,
    body: String,
    /// The version that the page has now.
    seen: i64,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((id, number)): Path<(HelpEntryId, i64)>,
) -> Result<Page<impl Template>> {
    let (entry, versions) = found(&app, &visitor, id).await?;
    let version = versions.into_iter().find(|one| one.version == number).ok_or(app::Error::NotFound)?;
    Ok(Page(Show {
        chrome,
        back: format!("/admin/help/{id}"),
        all: format!("/admin/help/{id}/versions"),
        row: Row::of(&app, &entry, &version),
        category: version.category.map_or("", Category::label),
        summary: version.content.summary,
        html: app::help::markup::html_of(&version.content.body),
        body: version.content.body,
        seen: entry.version,
    }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Seen {
    version: i64,
}

async fn restore(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((id, number)): Path<(HelpEntryId, i64)>,
    Form(seen): Form<Seen>,
) -> Result<Redirect> {
    let by = (&visitor.session.actor, visitor.session.name.as_str());
    app::help::restore(&app, by, &visitor.scope, (id, seen.version), number).await?;
    Ok(Redirect::to(&format!("/admin/help/{id}?done=restored")))
}
