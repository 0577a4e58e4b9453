//! `/admin/notices`: all notices, and each with its history, who put it away, and its letters.

use app::App;
use app::announcements::{self, Standing, persona_words};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use domain::AnnouncementId;
use serde::Deserialize;
use store::announcements::{Announcement, Version};

use super::{Shown, standing_kind};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/notices", get(list))
        .route("/admin/notices/{id}", get(show))
        .route("/admin/notices/{id}/take-back", post(take_back))
        .route("/admin/notices/{id}/mail", post(mail))
}

#[derive(Template)]
#[template(path = "announcements/list.html")]
struct List {
    chrome: Chrome,
    rows: Vec<Row>,
    /// What a notice of the next year-end would be called; empty if there is one.
    year_end: String,
}

struct Row {
    notice: Shown,
    personas: String,
    standing: &'static str,
    standing_kind: &'static str,
    letters: &'static str,
}

fn letters(notice: &Announcement) -> &'static str {
    match (notice.mailing.asked_at, notice.mailing.done_at) {
        (None, _) => "Not sent",
        (Some(_), None) => "On their way",
        (Some(_), Some(_)) => "Sent",
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn list(State(app): State<App>, visitor: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let all = announcements::list(&app, &visitor.scope).await?;
    let (occasion, words) = announcements::year_end(&app);
    let is_made = all.iter().any(|(notice, _)| notice.occasion.as_deref() == Some(occasion.as_str()));
    let row = |(notice, standing): &(Announcement, Standing)| Row {
        notice: Shown::of(&app, notice),
        personas: persona_words(&notice.words.personas),
        standing: standing.label(),
        standing_kind: standing_kind(*standing),
        letters: letters(notice),
    };
    let year_end = if is_made { String::new() } else { words.title };
    Ok(Page(List { chrome, rows: all.iter().map(row).collect(), year_end }))
}

#[derive(Template)]
#[template(path = "announcements/show.html")]
struct Show {
    chrome: Chrome,
    notice: Shown,
    version: i64,
    personas: String,
    standing: &'static str,
    standing_kind: &'static str,
    is_open: bool,
    dismissals: String,
    /// Who would get a letter, and what became of letters.
    reach: String,
    may_mail: bool,
    mailing: Option<Mailing>,
    history: Vec<Change>,
}

struct Mailing {
    asked: When,
    done: Option<When>,
    mailed: String,
}

struct Change {
    at: When,
    by: String,
    act: &'static str,
    /// What it said then.
    title: String,
    body: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<AnnouncementId>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let whole = announcements::find(&app, &visitor.scope, id).await?;
    let chrome = match asked.done.as_str() {
        "written" => chrome.with_notice("success", "The notice is saved", "It shows itself at its time."),
        "changed" => chrome.with_notice("success", "The notice is changed", ""),
        "taken-back" => chrome.with_notice("success", "The notice is taken back", "Nobody sees it any more."),
        "mail" => {
            chrome.with_notice("success", "The letters go out", "Once the notice is shown, behind other letters.")
        }
        _ => chrome,
    };
    let (notice, mailing) = (&whole.notice, whole.notice.mailing);
    let is_open = matches!(whole.standing, Standing::Planned | Standing::Shown);
    Ok(Page(Show {
        chrome,
        notice: Shown::of(&app, notice),
        version: notice.version,
        personas: persona_words(&notice.words.personas),
        standing: whole.standing.label(),
        standing_kind: standing_kind(whole.standing),
        is_open,
        dismissals: grouped(whole.dismissals),
        reach: grouped(whole.reach),
        may_mail: is_open && mailing.asked_at.is_none(),
        mailing: mailing.asked_at.map(|asked| Mailing {
            asked: When::of(&app, asked),
            done: mailing.done_at.map(|done| When::of(&app, done)),
            mailed: grouped(mailing.mailed),
        }),
        history: whole.history.iter().map(|version| change(&app, version)).collect(),
    }))
}

fn change(app: &App, version: &Version) -> Change {
    // what an older release wrote may lack a field
    let fields: serde_json::Value = serde_json::from_str(&version.fields).unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Change {
        at: When::of(app, version.changed_at),
        by: version.by_name.clone().unwrap_or_else(|| "The system".to_owned()),
        act: match version.act.as_str() {
            "write" => "Written",
            "take_back" => "Taken back",
            "mail" => "Letters asked for",
            _ => "Changed",
        },
        title: text("title"),
        body: text("body"),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Seen {
    version: String,
}

impl Seen {
    fn version(&self) -> i64 {
        self.version.parse().unwrap_or_default()
    }
}

async fn take_back(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path(id): Path<AnnouncementId>,
    Form(seen): Form<Seen>,
) -> Result<Redirect> {
    announcements::take_back(&app, &visitor.session.actor, &visitor.scope, id, seen.version()).await?;
    Ok(Redirect::to(&format!("/admin/notices/{id}?done=taken-back")))
}

async fn mail(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path(id): Path<AnnouncementId>,
    Form(seen): Form<Seen>,
) -> Result<Redirect> {
    announcements::ask_letters(&app, &visitor.session.actor, &visitor.scope, id, seen.version()).await?;
    Ok(Redirect::to(&format!("/admin/notices/{id}?done=mail")))
}
