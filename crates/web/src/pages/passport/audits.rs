//! `/passport/audits`: which boards audit the physician's license, what they asked for and by when.

use app::App;
use app::license_audits::cases::{self, OwnCase};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::check::us_date;

use crate::access::PhysicianVisitor;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/audits", get(show))
}

#[derive(Template)]
#[template(path = "passport/audits.html")]
struct Audits {
    chrome: Chrome,
    audits: Vec<Row>,
}

struct Row {
    board: String,
    name: String,
    license: String,
    /// Shape and word.
    state: (&'static str, &'static str),
    due: Option<(String, String)>,
    /// Told with the first letter: what is missing of the credit on record.
    missing: String,
    topics: String,
    letters: Vec<Letter>,
}

struct Letter {
    subject: String,
    body: String,
    at: When,
}

async fn show(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let own = cases::own(&app, &visitor.scope).await?;
    Ok(Page(Audits { chrome, audits: own.into_iter().map(|one| row(&app, one)).collect() }))
}

fn row(app: &App, own: OwnCase) -> Row {
    let OwnCase { board, case, letters } = own;
    // a decision is the board's to tell: nothing of it shows before its letter
    let is_told = !letters.is_empty();
    let asks = is_told && case.due_on.is_some() && case.resolved_at.is_none();
    let state = match (is_told, asks, case.is_closed) {
        (_, true, false) => ("caution", "Your answer is awaited"),
        (_, _, true) => ("closed", "Closed"),
        (true, false, false) => ("good", "Answered by letter"),
        (false, ..) => ("waiting", "Being looked at"),
    };
    let found = case.found.filter(|_| asks);
    Row {
        board,
        name: case.audit_name,
        license: case.license_number,
        state,
        due: case.due_on.filter(|_| asks).map(|due| (us_date(due), due.to_string())),
        missing: found.as_ref().map(|found| found.missing.fixed()).unwrap_or_default(),
        topics: found.map(|found| app::licensee_lists::tables::topics_words(&found.topics)).unwrap_or_default(),
        letters: letters
            .into_iter()
            .map(|act| Letter { subject: act.subject, body: act.body, at: When::of(app, act.at) })
            .collect(),
    }
}
