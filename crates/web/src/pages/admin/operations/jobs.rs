//! `/admin/jobs`: background work by how it stands, with its last error, and the two things a person may do about a
//! job: start it again, or give it up.

use app::operations::{self, kind_of_job};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use domain::{JobId, UploadId};
use serde::Deserialize;
use store::ReadTx;
use store::jobs::listed::{self, Listed, Standing};
use uuid::Uuid;

use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

/// Of each standing, unless one is chosen.
const FEW: i64 = 20;
const MANY: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/jobs", get(show))
        .route("/admin/jobs/{job}/start", post(start))
        .route("/admin/jobs/{job}/give-up", post(give_up))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    show: String,
    kind: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/operations/jobs.html")]
struct JobsPage {
    chrome: Chrome,
    asked: Asked,
    standings: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, String)>,
    sections: Vec<Section>,
    /// Jobs that are not done.
    open: String,
    is_narrowed: bool,
}

struct Section {
    code: &'static str,
    title: &'static str,
    /// How many there are, also beyond those that are shown; nothing for the done, which nobody counts.
    count: String,
    rows: Vec<Row>,
}

struct Row {
    id: Uuid,
    what: String,
    about: String,
    kind: &'static str,
    word: &'static str,
    /// How far it is; empty where nothing says.
    progress: String,
    /// What the time is about, and the time.
    when: Vec<(&'static str, When)>,
    tries: i64,
    failure: String,
    may_start: bool,
    may_give_up: bool,
}

/// The kinds of jobs there are.
const KINDS: [&str; 9] = [
    app::uploads::PROCESS_UPLOAD,
    app::uploads::RESUBMIT_UPLOAD,
    app::activities::exchange::PROCESS_ACTIVITY_FILE,
    app::board_rules::ANSWER_WAITING,
    app::licensee_lists::checks::CHECK_LICENSEE_LIST,
    app::license_audits::ASSESS_LICENSE_AUDIT,
    app::rosters::imports::IMPORT_ROSTER,
    app::data_report::COUNT_YEAR,
    app::announcements::MAIL_ANNOUNCEMENT,
];

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let chrome = match asked.done.as_str() {
        "start" => chrome.with_notice("success", "Started again", "A worker takes it within a second."),
        "give-up" => chrome.with_notice("success", "Given up", "It is not tried again unless somebody starts it."),
        "stale" => chrome.with_notice("info", "The job has moved on meanwhile", "Look below how it stands."),
        _ => chrome,
    };
    // nonsense shows all
    let chosen = Standing::read(&asked.show);
    let kind = KINDS.into_iter().find(|kind| *kind == asked.kind).unwrap_or_default();
    let mut tx = app.store.read().await?;
    let counts = listed::counts(&mut tx).await?;
    let mut sections = Vec::new();
    for standing in Standing::ALL.into_iter().filter(|standing| chosen.is_none_or(|chosen| chosen == *standing)) {
        let most = if chosen.is_some() { MANY } else { FEW };
        let jobs = listed::list(&mut tx, &visitor.scope, standing, kind, most).await?;
        if jobs.is_empty() && chosen.is_none() {
            continue;
        }
        let mut rows = Vec::with_capacity(jobs.len());
        for job in jobs {
            let progress = progress(&mut tx, &job).await?;
            rows.push(row(&app, job, progress));
        }
        let of_it =
            counts.iter().filter(|count| count.standing == standing.code() && (kind.is_empty() || count.kind == kind));
        let count = match standing {
            Standing::Done => String::new(),
            _ => grouped(of_it.map(|count| count.jobs).sum()),
        };
        sections.push(Section { code: standing.code(), title: title(standing), count, rows });
    }
    drop(tx);
    let standings = std::iter::once(("", "However they stand"));
    let kinds = std::iter::once(("", "Any work".to_owned()));
    let open = counts.iter().filter(|count| count.standing != "given-up").map(|count| count.jobs).sum();
    Ok(Page(JobsPage {
        chrome,
        standings: standings.chain(Standing::ALL.map(|standing| (standing.code(), title(standing)))).collect(),
        kinds: kinds.chain(KINDS.map(|kind| (kind, kind_of_job(kind).to_owned()))).collect(),
        sections,
        open: grouped(open),
        is_narrowed: chosen.is_some() || !kind.is_empty(),
        asked,
    }))
}

fn title(standing: Standing) -> &'static str {
    match standing {
        Standing::Running => "Running",
        Standing::Retrying => "Failed, to be tried again",
        Standing::Waiting => "Waiting",
        Standing::GivenUp => "Given up",
        Standing::Done => "Done",
    }
}

/// Shape and word.
fn status(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Running => ("running", "Running"),
        Standing::Retrying => ("bad", "Failed"),
        Standing::Waiting => ("waiting", "Waiting"),
        Standing::GivenUp => ("closed", "Given up"),
        Standing::Done => ("good", "Done"),
    }
}

/// How far an upload is; other work does not say.
async fn progress(tx: &mut ReadTx, job: &Listed) -> Result<String> {
    let is_upload = job.kind == app::uploads::PROCESS_UPLOAD && job.standing() != Standing::Done;
    let id = job.payload.parse::<UploadId>().ok().filter(|_| is_upload);
    let Some(id) = id else { return Ok(String::new()) };
    let upload = store::uploads::find_for_work(tx, id).await?;
    Ok(upload.map_or_else(String::new, |upload| {
        format!("{} rows settled, {}% of the file", grouped(upload.rows_done), upload.read_permille / 10)
    }))
}

fn row(app: &App, job: Listed, progress: String) -> Row {
    let standing = job.standing();
    let (kind, word) = status(standing);
    let when = |what, at: Option<i64>| at.map(|at| (what, When::of(app, at)));
    let times = match standing {
        Standing::Running => [when("Held until", job.leased_until), when("Asked for", Some(job.created_at))],
        Standing::Retrying => [when("Next try", Some(job.run_at)), when("Asked for", Some(job.created_at))],
        Standing::Waiting => [when("Due", Some(job.run_at)), None],
        Standing::GivenUp | Standing::Done => [when("Ended", job.finished_at), when("Asked for", Some(job.created_at))],
    };
    Row {
        id: job.job_id,
        what: kind_of_job(&job.kind).to_owned(),
        about: job.payload,
        kind,
        word,
        progress,
        when: times.into_iter().flatten().collect(),
        tries: job.attempts,
        failure: job.failure.unwrap_or_default(),
        may_start: matches!(standing, Standing::Retrying | Standing::GivenUp),
        may_give_up: matches!(standing, Standing::Running | Standing::Retrying | Standing::Waiting),
    }
}

async fn start(State(app): State<App>, visitor: StaffVisitor, Path(job): Path<Uuid>) -> Result<Redirect> {
    let done = operations::start_job(&app, &visitor.session.actor, &visitor.scope, JobId::new(job)).await;
    back(done, "start")
}

async fn give_up(State(app): State<App>, visitor: StaffVisitor, Path(job): Path<Uuid>) -> Result<Redirect> {
    let done = operations::give_up_job(&app, &visitor.session.actor, &visitor.scope, JobId::new(job)).await;
    back(done, "give-up")
}

fn back(done: Result<(), Error>, what: &str) -> Result<Redirect> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/jobs?done={what}"))),
        Err(Error::Stale) => Ok(Redirect::to("/admin/jobs?done=stale")),
        Err(error) => Err(error.into()),
    }
}
