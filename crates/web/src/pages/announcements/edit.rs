//! Writing and changing a notice: one form, with a preview that keeps all that was typed.

use app::App;
use app::announcements::{self, Given, Standing};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::AnnouncementId;
use domain::announcement::{Kind, Level, Persona};
use serde::Deserialize;

use super::Shown;
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/notices/new", get(new).post(write))
        .route("/admin/notices/{id}/edit", get(edit).post(change))
}

#[derive(Template)]
#[template(path = "announcements/edit.html")]
struct Edit {
    chrome: Chrome,
    /// The notice that is changed; empty for a new one.
    id: String,
    version: String,
    occasion: String,
    given: Given,
    kinds: Vec<(&'static str, &'static str)>,
    levels: Vec<(&'static str, &'static str)>,
    personas: Vec<(&'static str, &'static str, bool)>,
    zone: String,
    preview: Option<Shown>,
    faults: Faults,
}

impl Edit {
    fn new(app: &App, chrome: Chrome, given: Given) -> Self {
        let has = |persona: &Persona| given.personas.iter().any(|code| code == persona.code());
        Self {
            chrome,
            id: String::new(),
            version: String::new(),
            occasion: String::new(),
            kinds: Kind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect(),
            levels: Level::ALL.iter().map(|level| (level.code(), level.label())).collect(),
            personas: Persona::ALL.iter().map(|one| (one.code(), one.label(), has(one))).collect(),
            zone: app.config.time_zone.replace('_', " "),
            preview: None,
            faults: Faults::none(),
            given,
        }
    }
}

/// The form as the browser sends it; several boxes have one name.
#[derive(Default)]
struct Sent {
    given: Given,
    version: i64,
    occasion: String,
    is_preview: bool,
}

impl Sent {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in fields {
            let given = &mut sent.given;
            match name.as_str() {
                "kind" => given.kind = value,
                "level" => given.level = value,
                "title" => given.title = value,
                "body" => given.body = value,
                "path" => given.path = value,
                "personas" => given.personas.push(value),
                "from" => given.from = value,
                "until" => given.until = value,
                "is_dismissible" => given.is_dismissible = true,
                "show_again" => given.show_again = true,
                "version" => sent.version = value.parse().unwrap_or_default(),
                "occasion" => sent.occasion = value,
                "then" => sent.is_preview = value == "preview",
                _ => {}
            }
        }
        sent
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    of: String,
}

async fn new(
    State(app): State<App>,
    _visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    if asked.of == "year-end" {
        let (occasion, words) = announcements::year_end(&app);
        let mut page = Edit::new(&app, chrome, Given::of_words(&app, &words));
        page.occasion = occasion;
        page.preview = Some(Shown::of_words(&app, &words));
        return Ok(Page(page));
    }
    let given = Given { level: Level::Info.code().to_owned(), is_dismissible: true, ..Given::default() };
    Ok(Page(Edit::new(&app, chrome, given)))
}

async fn write(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    axum::Form(fields): axum::Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent::read(fields);
    let (year_end, _) = announcements::year_end(&app);
    // an occasion is one that we know
    let occasion = (sent.occasion == year_end).then_some(year_end);
    let mut page = Edit::new(&app, chrome, sent.given.clone());
    page.occasion = occasion.clone().unwrap_or_default();
    if sent.is_preview {
        return previewed(&app, page);
    }
    let actor = &visitor.session.actor;
    match announcements::write(&app, actor, &visitor.scope, &sent.given, occasion.as_deref()).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/notices/{id}?done=written")).into_response()),
        Err(error) => refused(page, error),
    }
}

async fn edit(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<AnnouncementId>,
) -> Result<Page<impl Template>> {
    let whole = announcements::find(&app, &visitor.scope, id).await?;
    if whole.standing == Standing::TakenBack {
        return Err(app::Error::NotFound.into());
    }
    let mut page = Edit::new(&app, chrome, Given::of(&app, &whole.notice));
    page.id = id.to_string();
    page.version = whole.notice.version.to_string();
    Ok(Page(page))
}

async fn change(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<AnnouncementId>,
    axum::Form(fields): axum::Form<Vec<(String, String)>>,
) -> Result<Response> {
    let sent = Sent::read(fields);
    let mut page = Edit::new(&app, chrome, sent.given.clone());
    page.id = id.to_string();
    page.version = sent.version.to_string();
    if sent.is_preview {
        return previewed(&app, page);
    }
    let actor = &visitor.session.actor;
    match announcements::change(&app, actor, &visitor.scope, id, sent.version, &sent.given).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/notices/{id}?done=changed")).into_response()),
        Err(error) => refused(page, error),
    }
}

/// The form once more, with what readers would see, or with what is wrong.
fn previewed(app: &App, mut page: Edit) -> Result<Response> {
    match page.given.words(app) {
        Ok(words) => {
            page.preview = Some(Shown::of_words(app, &words));
            Ok(Page(page).into_response())
        }
        Err(error) => refused(page, error),
    }
}

fn refused(mut page: Edit, error: app::Error) -> Result<Response> {
    page.faults = Faults::from_error(error)?;
    Ok((REFUSED, Page(page)).into_response())
}
