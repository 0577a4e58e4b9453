//! The editor of one page. Of two people who save at once the second sees what the first saved, with their own text
//! still in the form.

use app::App;
use app::help::{self, Typed};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::HelpEntryId;
use domain::help::{Kind, Status};
use serde::Deserialize;
use store::help::{Entry, Said};

use super::{categories, shape};
use crate::access::StaffVisitor;
use crate::pages::help::size;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/help/new", get(new).post(create)).route("/admin/help/{id}", get(edit).post(act))
}

#[derive(Template)]
#[template(path = "admin/help/edit.html")]
struct Editor {
    chrome: Chrome,
    kind: Kind,
    /// Of a page that is there.
    there: Option<There>,
    typed: Typed,
    categories: Vec<(&'static str, String)>,
    /// The markup as readers would see it; empty unless asked for.
    preview: Option<String>,
    /// What somebody else saved meanwhile.
    meanwhile: Option<Meanwhile>,
    faults: Faults,
}

struct There {
    id: String,
    title: String,
    path: String,
    shape: &'static str,
    status: Status,
    changed: When,
    by: String,
    /// How many say that it helped, and that it did not.
    yes: String,
    no: String,
    said: Vec<Remark>,
    slides: Vec<Slides>,
}

struct Remark {
    when: When,
    is_helpful: bool,
    words: String,
}

pub(super) struct Slides {
    pub id: String,
    pub name: String,
    pub size: String,
}

struct Meanwhile {
    by: String,
    when: When,
    body: String,
}

/// Remarks that the editor shows.
const REMARKS: i64 = 20;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    kind: String,
    done: String,
}

fn kind_of(place: &Place) -> Result<Kind> {
    let kind = Kind::read(&place.kind).filter(|kind| *kind != Kind::Problem);
    Ok(kind.ok_or(app::Error::NotFound)?)
}

fn blank(chrome: Chrome, kind: Kind, typed: Typed, faults: Faults) -> Editor {
    Editor { chrome, kind, there: None, typed, categories: categories(), preview: None, meanwhile: None, faults }
}

async fn new(_visitor: StaffVisitor, chrome: Chrome, Query(place): Query<Place>) -> Result<Page<impl Template>> {
    Ok(Page(blank(chrome, kind_of(&place)?, Typed::default(), Faults::none())))
}

/// What the editor's buttons mean, beside the fields.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Act {
    act: String,
}

async fn create(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
    form: RawForm,
) -> Result<Response> {
    let kind = kind_of(&place)?;
    let (act, typed) = both(&form)?;
    if act.act == "preview" {
        let preview = Some(help::preview(&typed));
        return Ok(Page(Editor { preview, ..blank(chrome, kind, typed, Faults::none()) }).into_response());
    }
    let by = (&visitor.session.actor, visitor.session.name.as_str());
    match help::create(&app, by, &visitor.scope, kind, &typed).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/help/{id}?done=created")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(blank(chrome, kind, typed, faults))).into_response())
        }
    }
}

async fn there(app: &App, visitor: &StaffVisitor, entry: &Entry) -> Result<There> {
    let mut tx = app.store.read().await?;
    let votes = store::help::all_votes(&mut tx, &visitor.scope).await?.get(&entry.id).copied().unwrap_or_default();
    let said = store::help::said(&mut tx, &visitor.scope, entry.id, REMARKS).await?;
    let files = store::help::files(&mut tx, entry.id).await?;
    let remark = |said: Said| Remark { when: When::of(app, said.at), is_helpful: said.is_helpful, words: said.words };
    Ok(There {
        id: entry.id.to_string(),
        title: entry.content.title.clone(),
        path: help::path_of(entry),
        shape: shape(entry.status),
        status: entry.status,
        changed: When::of(app, entry.changed_at),
        by: entry.changed_by.clone(),
        yes: votes.yes.to_string(),
        no: votes.no.to_string(),
        said: said.into_iter().map(remark).collect(),
        slides: files
            .into_iter()
            .map(|file| Slides { id: file.id.to_string(), size: size(file.bytes), name: file.file_name })
            .collect(),
    })
}

async fn find(app: &App, visitor: &StaffVisitor, id: HelpEntryId) -> Result<Entry> {
    let found = store::help::find(&mut app.store.read().await?, &visitor.scope, id).await?;
    Ok(found.ok_or(app::Error::NotFound)?)
}

/// The editor of a page, filled in with what was typed.
async fn editor(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    entry: &Entry,
    typed: Typed,
    faults: Faults,
) -> Result<Editor> {
    Ok(Editor {
        chrome,
        kind: entry.kind,
        there: Some(there(app, visitor, entry).await?),
        typed,
        categories: categories(),
        preview: None,
        meanwhile: None,
        faults,
    })
}

async fn edit(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let entry = find(&app, &visitor, id).await?;
    let (title, text) = match place.done.as_str() {
        "created" => ("The page is kept as a draft", "Nobody else sees it before you publish it."),
        "saved" => ("The page is saved", ""),
        "published" => ("The page is published", "Everybody can read it now."),
        "draft" => ("The page is a draft again", "Nobody but the staff sees it."),
        "archived" => ("The page is archived", "Nobody but the staff sees it. It can be published again."),
        "restored" => ("The earlier version is restored", ""),
        "slides" => ("The slides are changed", ""),
        _ => ("", ""),
    };
    let chrome = if title.is_empty() { chrome } else { chrome.with_notice("success", title, text) };
    let typed = Typed::of(&app, &entry);
    Ok(Page(editor(&app, &visitor, chrome, &entry, typed, Faults::none()).await?))
}

/// Which button, and the fields.
fn both(RawForm(form): &RawForm) -> Result<(Act, Typed)> {
    let read = serde_urlencoded::from_bytes(form).and_then(|act| Ok((act, serde_urlencoded::from_bytes(form)?)));
    Ok(read.map_err(|_| app::Error::invalid("body", "The form cannot be read; send it again."))?)
}

async fn act(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
    form: RawForm,
) -> Result<Response> {
    let (act, typed) = both(&form)?;
    let entry = find(&app, &visitor, id).await?;
    if act.act == "preview" {
        let preview = Some(help::preview(&typed));
        let page = editor(&app, &visitor, chrome, &entry, typed, Faults::none()).await?;
        return Ok(Page(Editor { preview, ..page }).into_response());
    }
    let by = (&visitor.session.actor, visitor.session.name.as_str());
    let status = match act.act.as_str() {
        "publish" => Some((Status::Published, "published")),
        "unpublish" => Some((Status::Draft, "draft")),
        "archive" => Some((Status::Archived, "archived")),
        "save" => None,
        _ => return Err(app::Error::NotFound.into()),
    };
    let mut done = help::save(&app, by, &visitor.scope, id, &typed).await;
    if let (Ok(()), Some((status, _))) = (&done, status) {
        // saving made the next version
        done = help::set_status(&app, by, &visitor.scope, (id, typed.version + 1), status).await;
    }
    let word = status.map_or("saved", |(_, word)| word);
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/help/{id}?done={word}")).into_response()),
        Err(app::Error::Stale) => {
            let newer = find(&app, &visitor, id).await?;
            let meanwhile = Some(Meanwhile {
                by: newer.changed_by.clone(),
                when: When::of(&app, newer.changed_at),
                body: newer.content.body.clone(),
            });
            // saving again is meant, once the other's text was seen
            let typed = Typed { version: newer.version, ..typed };
            let page = editor(&app, &visitor, chrome, &newer, typed, Faults::none()).await?;
            Ok((StatusCode::CONFLICT, Page(Editor { meanwhile, ..page })).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            // the text may be saved although the page could not be published
            let version = find(&app, &visitor, id).await?.version;
            let page = editor(&app, &visitor, chrome, &entry, Typed { version, ..typed }, faults).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

impl Editor {
    fn kind_word(&self) -> String {
        self.kind.label().to_lowercase()
    }

    fn has_category(&self) -> bool {
        matches!(self.kind, Kind::Question | Kind::Guide)
    }
}
