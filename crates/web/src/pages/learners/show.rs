//! One completion as its provider knows it: what was reported, what each destination said, and what happened to it
//! since; and the question before it is deleted.

use app::reports::{self, Replaced};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use domain::check::us_date;
use domain::credit::CreditStatus;
use domain::reference::Reference;
use domain::report::RemsReport;
use domain::{CompletionId, CreditId};
use serde::Deserialize;
use store::ReadTx;
use store::learners::{Learner, Reported, TakenBack};

use super::correct::{read_seen, seen};
use super::form::Given;
use super::rows::{CreditLine, destination, name};
use crate::access::{Reporter, Viewer};
use crate::{Chrome, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/learners/{id}", get(show))
        .route("/provider/learners/{id}/delete", get(ask).post(delete))
}

/// A completion of the scope; another provider's is as absent as none.
pub(super) async fn found(app: &App, scope: &ProviderScope, id: CompletionId) -> Result<Learner> {
    let mut tx = app.store.read().await?;
    let learner = store::learners::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    Ok(learner)
}

#[derive(Template)]
#[template(path = "learners/show.html")]
struct LearnerPage {
    chrome: Chrome,
    id: CompletionId,
    name: String,
    birth: String,
    state: &'static str,
    identifier: String,
    is_physician: bool,
    activity: String,
    title: String,
    completed: String,
    completed_machine: String,
    reported: When,
    by: String,
    /// The file it came in, with its page and row; empty for what was typed.
    file: String,
    upload: String,
    row: i64,
    submission_id: String,
    rems: Option<RemsReport>,
    credits: Vec<CreditRow>,
    history: Vec<Happening>,
    is_withdrawn: bool,
    /// What took its place.
    became: Option<CompletionId>,
    may_report: bool,
}

struct CreditRow {
    id: CreditId,
    line: CreditLine,
    diplomate_id: String,
    reported: When,
    decided: Option<When>,
    withdrawn: Option<When>,
    /// Not derived, and live.
    is_own: bool,
    is_rejected: bool,
}

/// A line of the history.
struct Happening {
    at: i64,
    when: When,
    what: String,
    /// A link to more.
    href: String,
    link: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    chrome: Chrome,
    Path(id): Path<CompletionId>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "corrected" => chrome.with_notice(
            "success",
            "The report is corrected",
            "Destinations whose credit changed hear of it now.",
        ),
        "deleted" => {
            chrome.with_notice("success", "The report is deleted", "It no longer shows on the physician’s transcript.")
        }
        "credit_deleted" => chrome.with_notice("success", "The credit is deleted", ""),
        "sent_again" => {
            chrome.with_notice("success", "The points are sent again", "The board answers anew, normally within a day.")
        }
        "not_sent" => {
            let text = "They are not rejected any more, or the activity no longer takes them.";
            chrome.with_notice("info", "The points were not sent again", text)
        }
        "meanwhile" => chrome.with_notice("info", "The report was changed meanwhile", "Nothing was done."),
        _ => chrome,
    };
    let mut tx = app.store.read().await?;
    let learner = store::learners::find(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let upload = store::uploads::find(&mut tx, &scope, learner.upload).await?;
    let told = told(&mut tx, &scope, learner.clone()).await?;
    let reference = app.reference.get();
    drop(tx);
    // the physician sees that it was opened
    app::looks::completion_read(&app, &session.actor, id).await?;
    let became = told.first().and_then(|(_, taken_back)| {
        taken_back.iter().rev().find_map(|taken| taken.became.filter(|became| *became != id))
    });
    let (by, file) = upload.map(|upload| (upload.submitted_by_name, upload.file_name)).unwrap_or_default();
    Ok(Page(LearnerPage {
        chrome,
        id,
        name: name(&learner),
        birth: learner.birth.clone(),
        state: learner.state.map_or("", |state| state.name()),
        identifier: learner.identifier.clone(),
        is_physician: learner.is_physician,
        activity: learner.activity.to_string(),
        title: learner.title.clone(),
        completed: us_date(learner.completed_on),
        completed_machine: learner.completed_on.to_string(),
        reported: When::of(&app, learner.reported_at),
        history: history(&app, &reference, &told),
        by,
        file,
        upload: format!("/provider/uploads/{}", learner.upload),
        row: learner.row_number,
        submission_id: learner.submission_id.clone(),
        rems: learner.rems.clone(),
        credits: learner.standing().map(|credit| credit_row(&app, &reference, credit)).collect(),
        is_withdrawn: learner.withdrawn_at.is_some(),
        became,
        may_report: scope.may(ProviderRole::LearnerData),
    }))
}

fn credit_row(app: &App, reference: &Reference, credit: &Reported) -> CreditRow {
    CreditRow {
        id: credit.id,
        line: CreditLine::of(reference, credit),
        diplomate_id: credit.diplomate_id.clone(),
        reported: When::of(app, credit.reported_at),
        decided: credit.decided_at.map(|at| When::of(app, at)),
        withdrawn: credit.withdrawn_at.map(|at| When::of(app, at)),
        is_own: !credit.is_derived && credit.withdrawn_at.is_none(),
        is_rejected: credit.status == CreditStatus::Rejected && credit.withdrawn_at.is_none(),
    }
}

/// A completion with what was taken back of it.
type Told = (Learner, Vec<TakenBack>);

/// Reports that are told of before the one that counts.
const EARLIER: usize = 20;

/// The completion and those whose place it took, newest first.
async fn told(tx: &mut ReadTx, scope: &ProviderScope, learner: Learner) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    let mut next = Some(learner);
    while let Some(learner) = next.filter(|_| all.len() <= EARLIER) {
        let taken_back = store::learners::taken_back(tx, scope, learner.id).await?;
        next = match store::learners::took_place_of(tx, scope, learner.id).await? {
            Some(before) => store::learners::find(tx, scope, before).await?,
            None => None,
        };
        all.push((learner, taken_back));
    }
    Ok(all)
}

/// Everything that happened to a completion and to those before it, oldest first.
fn history(app: &App, reference: &Reference, told: &[Told]) -> Vec<Happening> {
    let mut all = Vec::new();
    for (learner, taken_back) in told.iter().rev() {
        let is_earlier = told.first().is_some_and(|(first, _)| first.id != learner.id);
        all.extend(of_credits(app, reference, learner));
        for taken in taken_back {
            all.push(of_act(app, learner, taken, is_earlier));
        }
    }
    // an act that took several credits back is one
    all.dedup_by(|one, other| (one.at, &one.what, &one.href) == (other.at, &other.what, &other.href));
    all.sort_by_key(|happening| happening.at);
    all
}

fn line(app: &App, at: i64, what: String) -> Happening {
    Happening { at, when: When::of(app, at), what, href: String::new(), link: String::new() }
}

fn of_credits(app: &App, reference: &Reference, learner: &Learner) -> Vec<Happening> {
    let mut all = Vec::new();
    // what was derived and went in the same moment only filled a gap of the books
    let lasted = |credit: &&Reported| !credit.is_derived || credit.withdrawn_at != Some(credit.reported_at);
    for credit in learner.credits.iter().filter(lasted) {
        let what = CreditLine::of(reference, credit).lines.join(", ");
        let to = destination(reference, credit.kind);
        let verb = if credit.is_derived { "followed from board points" } else { "reported" };
        all.push(line(app, credit.reported_at, format!("{to}: {what} {verb}")));
        if let Some(at) = credit.decided_at {
            let reason = if credit.reason.is_empty() { String::new() } else { format!(": {}", credit.reason) };
            let answer = if credit.status == CreditStatus::Accepted { "accepted" } else { "rejected" };
            all.push(line(app, at, format!("{to}: {what} {answer}{reason}")));
        }
        if let Some(at) = credit.withdrawn_at {
            all.push(line(app, at, format!("{to}: {what} withdrawn")));
        }
    }
    all
}

fn of_act(app: &App, learner: &Learner, taken: &TakenBack, is_earlier: bool) -> Happening {
    let what = match taken.act.as_str() {
        reports::CORRECTION => format!("Corrected by {}", taken.by),
        reports::SENT_AGAIN => format!("Sent to the board again by {}", taken.by),
        reports::DELETION => format!("Deleted by {}", taken.by),
        _ => format!("Deleted by row {} of a file that {} sent", taken.row_number, taken.by),
    };
    let other = taken.became.filter(|became| *became != learner.id);
    let (href, link) = match (other, taken.file_name.is_empty()) {
        (Some(_), _) if is_earlier => (format!("/provider/learners/{}", learner.id), "See what it was".to_owned()),
        (Some(became), _) => (format!("/provider/learners/{became}"), "See the new report".to_owned()),
        (None, false) => (format!("/provider/uploads/{}", taken.upload), taken.file_name.clone()),
        (None, true) => (String::new(), String::new()),
    };
    Happening { href, link, ..line(app, taken.at, what) }
}

#[derive(Template)]
#[template(path = "learners/delete.html")]
struct Delete {
    chrome: Chrome,
    here: String,
    name: String,
    title: String,
    activity: String,
    completed: String,
    /// The one credit that goes, or nothing for all.
    credit: String,
    credits: Vec<CreditLine>,
    /// Why it cannot be deleted.
    problems: Vec<(String, &'static str)>,
    seen: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Which {
    credit: String,
}

impl Delete {
    /// `None`: there is no such credit to delete.
    fn of(app: &App, chrome: Chrome, learner: &Learner, credit: &str) -> Option<Self> {
        let reference = app.reference.get();
        let own = learner.live().filter(|one| !one.is_derived);
        let gone: Vec<CreditLine> = own
            .filter(|one| credit.is_empty() || one.id.to_string() == credit)
            .map(|one| CreditLine::of(&reference, one))
            .collect();
        (!gone.is_empty()).then(|| Self {
            chrome,
            here: format!("/provider/learners/{}", learner.id),
            name: name(learner),
            title: learner.title.clone(),
            activity: learner.activity.to_string(),
            completed: us_date(learner.completed_on),
            credit: credit.to_owned(),
            credits: gone,
            problems: Vec::new(),
            seen: seen(learner),
        })
    }
}

async fn ask(
    State(app): State<App>,
    Reporter { scope, .. }: Reporter,
    chrome: Chrome,
    Path(id): Path<CompletionId>,
    Query(Which { credit }): Query<Which>,
) -> Result<Response> {
    let learner = found(&app, &scope, id).await?;
    match Delete::of(&app, chrome, &learner, &credit) {
        Some(page) => Ok(Page(page).into_response()),
        None => Ok(Redirect::to(&format!("/provider/learners/{id}?done=meanwhile")).into_response()),
    }
}

async fn delete(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<CompletionId>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let learner = found(&app, &scope, id).await?;
    let credit = given.get("credit").map(String::as_str).unwrap_or_default();
    let only = match credit {
        "" => None,
        id => Some(id.parse::<CreditId>().map_err(|_| Error::NotFound)?),
    };
    let seen = read_seen(given.get("seen"));
    match reports::withdraw(&app, &session.actor, &session.name, id, &seen, only).await {
        Ok(Replaced::Done(_)) => {
            let done = if only.is_none() { "deleted" } else { "credit_deleted" };
            Ok(Redirect::to(&format!("/provider/learners/{id}?done={done}")).into_response())
        }
        Ok(Replaced::Refused(problems)) => match Delete::of(&app, chrome, &learner, credit) {
            Some(page) => {
                let say = |(_, problem): &(usize, domain::Problem)| (problem.message(), problem.code.remedy());
                let page = Delete { problems: problems.iter().map(say).collect(), ..page };
                Ok((REFUSED, Page(page)).into_response())
            }
            None => Err(Error::NotFound.into()),
        },
        Ok(Replaced::Meanwhile | Replaced::Unchanged) | Err(Error::Stale) => {
            Ok(Redirect::to(&format!("/provider/learners/{id}?done=meanwhile")).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
