//! The board's audits, those under way first.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use crate::access::LicensingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/audits", get(show))
}

const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "board/audits/index.html")]
struct Audits {
    chrome: Chrome,
    board: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    list: String,
    started: When,
    sample: String,
    decided: String,
    overdue: i64,
    is_closed: bool,
}

async fn show(State(app): State<App>, visitor: LicensingBoardVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let mut rows = Vec::new();
    for audit in store::license_audits::list(&mut tx, &visitor.scope, MOST).await? {
        let today = app.clock.today();
        let progress = store::license_audits::cases::progress(&mut tx, &visitor.scope, audit.id, today).await?;
        rows.push(Row {
            id: audit.id.to_string(),
            name: audit.name,
            list: audit.list_name,
            started: When::of(&app, audit.made_at),
            sample: format!("{} of {}", grouped(audit.sample_size), grouped(audit.population)),
            decided: format!("{} of {}", grouped(progress.decided), grouped(progress.cases)),
            overdue: progress.overdue,
            is_closed: audit.closed_at.is_some(),
        });
    }
    Ok(Page(Audits { chrome, board: visitor.session.organization, rows }))
}
