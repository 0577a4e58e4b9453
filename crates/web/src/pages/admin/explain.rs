//! `/admin/explain`: why did this row match, or not? Asked by hand, or about a reported row.
//!
//! The question is a POST, so that names never stand in an address or a log; the address of a reported
//! row holds its upload and number only.

use app::App;
use app::physicians::{self, Asked, Reported, Typed};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::upload::RowResult;
use domain::{CompletionId, PhysicianId, ProviderId, State as UsState, UploadId};
use serde::Deserialize;
use store::registry_pages::{self, Submission};

use super::evidence::Evidence;
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

/// A provider's latest submissions among which one is looked for.
const SUBMISSIONS: i64 = 500;
/// Of them listed.
const LISTED: usize = 25;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/explain", get(open).post(answer)).route("/admin/explain/rows", get(find_row))
}

/// What the address says: a reported row, a completion, or a physician to begin with.
#[derive(Deserialize, Default)]
#[serde(default)]
struct About {
    upload: String,
    row: String,
    completion: String,
    physician: String,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    first: String,
    last: String,
    birth_month: String,
    birth_day: String,
    state: String,
    identifier: String,
    board: String,
    diplomate_id: String,
    /// The reported row that the question began with.
    upload: String,
    row: String,
}

impl Given {
    fn typed(&self) -> Typed {
        Typed {
            first: self.first.clone(),
            last: self.last.clone(),
            birth_month: self.birth_month.clone(),
            birth_day: self.birth_day.clone(),
            state: self.state.clone(),
            identifier: self.identifier.clone(),
            board: self.board.clone(),
            diplomate_id: self.diplomate_id.clone(),
        }
    }

    fn of(typed: Typed) -> Self {
        let Typed { first, last, birth_month, birth_day, state, identifier, board, diplomate_id } = typed;
        Self {
            first,
            last,
            birth_month,
            birth_day,
            state,
            identifier,
            board,
            diplomate_id,
            upload: String::new(),
            row: String::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/explain.html")]
struct Explain {
    chrome: Chrome,
    given: Given,
    faults: Faults,
    states: Vec<(String, &'static str)>,
    boards: Vec<(String, String)>,
    /// The row that the question began with.
    row: Option<RowView>,
    evidence: Option<Evidence>,
    search: RowSearch,
}

/// A reported row above its answer.
struct RowView {
    provider: String,
    provider_id: String,
    file: String,
    number: String,
    received: When,
    result_kind: &'static str,
    result: &'static str,
    problems: Vec<String>,
    is_partial: bool,
    /// Whom it was linked with, if today's answer is another.
    linked_otherwise: Option<String>,
    linked: bool,
}

async fn open(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(about): Query<About>,
) -> Result<Response> {
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let not_found = |_| app::Error::NotFound;
    if !about.completion.is_empty() {
        let id: CompletionId = about.completion.parse().map_err(not_found)?;
        let (upload, row) = physicians::row_of(&app, scope, id).await?;
        return Ok(Redirect::to(&format!("/admin/explain?upload={upload}&row={row}")).into_response());
    }
    if !about.upload.is_empty() {
        let reported = reported(&app, &visitor, &about.upload, &about.row).await?;
        let given = Given { upload: about.upload, row: about.row, ..Given::of(reported.typed.clone()) };
        let page = asked(&app, &visitor, chrome, given, Some(reported)).await?;
        // what was reported may be unreadable: that is no fault of who asks
        return Ok(page.into_response());
    }
    if !about.physician.is_empty() {
        let id: PhysicianId = about.physician.parse().map_err(not_found)?;
        let physician = physicians::read(&app, actor, scope, id).await?;
        let given = Given::of(typed_of(&physician));
        return Ok(asked(&app, &visitor, chrome, given, None).await?.into_response());
    }
    let empty = page(&app, chrome, Given::default(), Faults::none()).await?;
    Ok(Page(empty).into_response())
}

async fn answer(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let reported = match given.upload.is_empty() {
        true => None,
        false => Some(reported(&app, &visitor, &given.upload, &given.row).await?),
    };
    let page = asked(&app, &visitor, chrome, given, reported).await?;
    if page.0.faults.is_empty() { Ok(page.into_response()) } else { Ok((REFUSED, page).into_response()) }
}

async fn reported(app: &App, visitor: &StaffVisitor, upload: &str, row: &str) -> Result<Reported> {
    let upload: UploadId = upload.parse().map_err(|_| app::Error::NotFound)?;
    let row: i64 = row.parse().map_err(|_| app::Error::NotFound)?;
    Ok(physicians::reported(app, &visitor.scope, upload, row).await?)
}

/// The page with the engine's answer, or with the faults of the question.
async fn asked(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    given: Given,
    reported: Option<Reported>,
) -> Result<Page<Explain>> {
    let subject = reported.as_ref().map(Reported::subject);
    let asked = subject.as_deref().map_or(Asked::ByHand, Asked::Row);
    let explained = physicians::explain(app, &visitor.session.actor, &visitor.scope, &given.typed(), asked).await;
    let (explained, faults) = match explained {
        Ok(explained) => (Some(explained), Faults::none()),
        Err(error) => (None, Faults::from_error(error)?),
    };
    let matched = explained.as_ref().and_then(|explained| {
        let best = explained.candidates.iter().find(|candidate| candidate.is_match);
        best.map(|candidate| candidate.physician.id)
    });
    let row = reported.map(|reported| row_view(app, &reported, matched));
    Ok(Page(Explain { row, evidence: explained.map(Evidence::of), ..page(app, chrome, given, faults).await? }))
}

fn row_view(app: &App, reported: &Reported, matched: Option<PhysicianId>) -> RowView {
    let otherwise = reported.physician.filter(|linked| Some(*linked) != matched);
    RowView {
        provider: reported.provider_name.clone(),
        provider_id: reported.provider.to_string(),
        file: match reported.file_name.is_empty() {
            true => "Typed on a page".to_owned(),
            false => reported.file_name.clone(),
        },
        number: grouped(reported.row),
        received: When::of(app, reported.received_at),
        result_kind: match reported.result {
            RowResult::Accepted => "good",
            RowResult::Refused => "bad",
            RowResult::AlreadyReported | RowResult::Deleted => "withdrawn",
        },
        result: reported.result.label(),
        problems: reported.problems.clone(),
        is_partial: reported.is_partial,
        linked: reported.physician.is_some(),
        linked_otherwise: otherwise.map(|linked| linked.to_string()),
    }
}

/// What a report with everything the registry knows of a physician would say.
fn typed_of(physician: &store::physicians::Physician) -> Typed {
    let license = physician.licenses.first();
    let held = physician.certifications.first();
    Typed {
        first: physician.first.clone(),
        last: physician.last.clone(),
        birth_month: physician.birth.map(|day| format!("{:02}", day.month())).unwrap_or_default(),
        birth_day: physician.birth.map(|day| format!("{:02}", day.day())).unwrap_or_default(),
        state: license.map(|license| license.state.code().to_owned()).unwrap_or_default(),
        identifier: license.map(|license| license.number.clone()).unwrap_or_default(),
        board: held.map(|held| held.board.code().to_owned()).unwrap_or_default(),
        diplomate_id: held.map(|held| held.diplomate_id.clone()).unwrap_or_default(),
    }
}

async fn page(app: &App, chrome: Chrome, given: Given, faults: Faults) -> Result<Explain> {
    Ok(Explain {
        chrome,
        given,
        faults,
        states: states(),
        boards: boards(app),
        row: None,
        evidence: None,
        search: RowSearch::default(),
    })
}

/// States to choose from.
pub(super) fn states() -> Vec<(String, &'static str)> {
    UsState::all().map(|state| (state.to_string(), state.name())).collect()
}

/// Certifying boards to choose from.
pub(super) fn boards(app: &App) -> Vec<(String, String)> {
    let reference = app.reference.get();
    reference.boards().map(|board| (board.code.to_string(), format!("{}, {}", board.label, board.name))).collect()
}

/// Where a reported row is: what staff know of it. A GET, so that the way back works; it holds no names.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct RowSearch {
    provider: String,
    file: String,
    number: String,
}

#[derive(Template)]
#[template(path = "admin/explain_rows.html")]
struct Rows {
    chrome: Chrome,
    search: RowSearch,
    faults: Faults,
    list: Option<Vec<SubmissionView>>,
    /// More fit than are listed.
    is_cut: bool,
}

struct SubmissionView {
    href: String,
    name: String,
    received: When,
    rows: String,
}

async fn find_row(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(search): Query<RowSearch>,
) -> Result<Response> {
    let refused = |chrome, search, faults: Vec<app::Fault>| {
        let page = Page(Rows { chrome, search, faults: faults.into(), list: None, is_cut: false });
        Ok((REFUSED, page).into_response())
    };
    if let Some(completion) = completion_of(&search.file) {
        return Ok(Redirect::to(&format!("/admin/explain?completion={completion}")).into_response());
    }
    let (provider, number) = match read(&search) {
        Ok(read) => read,
        Err(faults) => return refused(chrome, search, faults),
    };
    let mut tx = app.store.read().await?;
    let sent = registry_pages::submissions(&mut tx, &visitor.scope, provider, SUBMISSIONS).await?;
    let fitting: Vec<Submission> = sent.into_iter().filter(|sent| fits(sent, &search.file)).collect();
    if let [only] = fitting.as_slice() {
        return match registry_pages::submitted_row(&mut tx, &visitor.scope, only.id, number).await? {
            Some(_) => Ok(Redirect::to(&href(only, number)).into_response()),
            None => {
                let message = format!("That submission has no settled row {}.", grouped(number));
                refused(chrome, search, vec![app::Fault::new("number", message)])
            }
        };
    }
    let is_cut = fitting.len() > LISTED;
    let list = fitting.iter().take(LISTED).map(|sent| SubmissionView {
        href: href(sent, number),
        name: if sent.file_name.is_empty() { "Typed on a page".to_owned() } else { sent.file_name.clone() },
        received: When::of(&app, sent.received_at),
        rows: grouped(sent.rows),
    });
    Ok(Page(Rows { chrome, search, faults: Faults::none(), list: Some(list.collect()), is_cut }).into_response())
}

fn href(submission: &Submission, number: i64) -> String {
    format!("/admin/explain?upload={}&row={number}", submission.id)
}

/// The completion that a credit ID of a result file names: `ccid:0001234:UUID`.
fn completion_of(typed: &str) -> Option<CompletionId> {
    let (_provider, completion) = typed.trim().strip_prefix("ccid:")?.split_once(':')?;
    completion.parse().ok()
}

fn read(search: &RowSearch) -> Result<(ProviderId, i64), Vec<app::Fault>> {
    let provider = search.provider.trim().parse();
    let number: Option<i64> = search.number.trim().parse().ok().filter(|number| *number > 0);
    match (provider, number) {
        (Ok(provider), Some(number)) => Ok((provider, number)),
        (provider, number) => {
            let provider = provider.err().map(|_| app::Fault::new("provider", "Enter the provider ID, 7 digits."));
            let number = number.is_none().then(|| app::Fault::new("number", "Enter the row’s number in the file."));
            Err(provider.into_iter().chain(number).collect())
        }
    }
}

/// By the upload's ID, or a part of the file's name; nothing given fits all.
fn fits(submission: &Submission, file: &str) -> bool {
    let file = file.trim();
    match file.parse::<UploadId>() {
        Ok(id) => submission.id == id,
        Err(_) => submission.file_name.to_lowercase().contains(&file.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_asked_for_by_provider_and_number() {
        let search = |provider: &str, number: &str| {
            let faults = read(&RowSearch { provider: provider.into(), number: number.into(), file: String::new() });
            faults.err().unwrap_or_default().iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        assert_eq!(search("0001234", "14"), [""; 0]);
        assert_eq!(search("1234", "0"), ["provider", "number"]);
        assert_eq!(search("0001234", "-3"), ["number"]);
    }

    #[test]
    fn a_credit_id_names_its_completion() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(completion_of(&format!(" ccid:0001234:{id} ")), Some(CompletionId::new(id)));
        for other in ["", "Grand Rounds.xlsx", "ccid:0001234", "ccid:0001234:x"] {
            assert_eq!(completion_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_submission_is_found_by_id_or_a_part_of_its_name() {
        let id = UploadId::new(uuid::Uuid::from_u128(7));
        let submission = Submission { id, file_name: "Grand Rounds.xlsx".into(), received_at: 0, rows: 3 };
        for (file, expected) in [("", true), ("rounds", true), ("journal", false)] {
            assert_eq!(fits(&submission, file), expected, "{file}");
        }
        assert!(fits(&submission, &id.to_string()));
        assert!(!fits(&submission, &uuid::Uuid::from_u128(8).to_string()));
    }
}
