//! `/board/access-log`: what the board's people and programs looked at and changed, for its own audits.
//!
//! Searches are listed without what was typed: the trail never held it.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use formats::FileFormat;
use formats::tables::{Figure, Table, write_csv, write_workbook};
use jiff::civil::Date;
use serde::Deserialize;
use store::audit::{BoardEntry, BoardSearch};
use uuid::Uuid;

use crate::access::LicensingBoardVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Error, Page, Result, When, download};

const PER_PAGE: i64 = 50;
const MOST_IN_FILE: i64 = 100_000;

/// Groups of acts to choose from: what their actions begin with, and their words.
const ACTS: &[(&str, &str)] = &[
    ("", "Everything"),
    ("transcript.", "Transcripts read"),
    ("licensee.", "Searches"),
    ("licensee_list.", "Lists"),
    ("license_audit.", "Audits"),
    ("requirement.", "Requirements"),
    ("api_client.", "API clients"),
    ("session.", "Sign-ins"),
];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/access-log", get(show)).route("/board/access-log/download", get(file))
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Asked {
    who: String,
    act: String,
    from: String,
    until: String,
    /// Where the page begins: time and ID of the entry before it.
    after: String,
    /// Of files: `csv` or `xlsx`.
    r#as: String,
}

impl Asked {
    /// Nonsense shows all.
    fn search(&self, app: &App) -> BoardSearch {
        let day = |text: &str| text.trim().parse::<Date>().ok();
        let after = self.after.split_once('_').and_then(|(at, id)| Some((at.parse().ok()?, id.parse::<Uuid>().ok()?)));
        BoardSearch {
            from: day(&self.from).map(|day| app.clock.start_of(day)),
            before: day(&self.until).map(|day| app.clock.end_of(day)),
            action: ACTS
                .iter()
                .find(|(act, _)| *act == self.act)
                .map_or_else(String::new, |(act, _)| (*act).to_owned()),
            who: self.who.trim().to_owned(),
            after,
        }
    }

    fn query(&self) -> String {
        let given = [("who", &self.who), ("act", &self.act), ("from", &self.from), ("until", &self.until)];
        let given = given.iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }

    fn is_narrowed(&self) -> bool {
        !self.query().is_empty()
    }
}

#[derive(Template)]
#[template(path = "board/access_log.html")]
struct AccessLog {
    chrome: Chrome,
    asked: Asked,
    acts: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
    /// The address of older entries; empty if there are none.
    older: String,
    /// The address of files, up to the format's word.
    file: String,
    is_narrowed: bool,
}

struct Row {
    at: When,
    who: String,
    is_program: bool,
    what: &'static str,
    detail: String,
    licensee: String,
    /// Empty where no record is meant.
    address: String,
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let mut entries = store::audit::of_board(&mut tx, &visitor.scope, &asked.search(&app), PER_PAGE + 1).await?;
    drop(tx);
    let has_older = entries.len() as i64 > PER_PAGE;
    entries.truncate(usize::try_from(PER_PAGE).unwrap_or_default());
    let last = entries.last().filter(|_| has_older);
    let older = last.map_or_else(String::new, |last| {
        format!("/board/access-log?{}after={}_{}", asked.query(), last.at, last.audit_id)
    });
    Ok(Page(AccessLog {
        chrome,
        acts: ACTS,
        rows: entries.into_iter().map(|entry| row(&app, entry)).collect(),
        older,
        file: format!("/board/access-log/download?{}", asked.query()),
        is_narrowed: asked.is_narrowed(),
        asked,
    }))
}

fn row(app: &App, entry: BoardEntry) -> Row {
    Row {
        at: When::of(app, entry.at),
        is_program: entry.who_kind == "api_client",
        what: words(&entry.action),
        address: entry.physician_id.map_or_else(String::new, |id| format!("/board/licensees/{id}")),
        detail: entry.detail,
        who: entry.who,
        licensee: entry.licensee,
    }
}

async fn file(State(app): State<App>, visitor: LicensingBoardVisitor, Query(asked): Query<Asked>) -> Result<Response> {
    let mut tx = app.store.read().await?;
    let entries = store::audit::of_board(&mut tx, &visitor.scope, &asked.search(&app), MOST_IN_FILE).await?;
    drop(tx);
    let name = format!("access-log-{}-{}", visitor.scope.state(), app.clock.today());
    let table = table(&app, entries);
    let failed = |error: formats::result::WriteError| Error::App(app::Error::Internal(error.to_string()));
    match asked.r#as.as_str() {
        "xlsx" => {
            let about = [("Board".to_owned(), visitor.session.organization.clone())];
            let file = write_workbook(&about, &[table]).map_err(failed)?;
            Ok(download::bytes(&format!("{name}.xlsx"), FileFormat::Xlsx.content_type(), file))
        }
        "csv" => {
            let file = write_csv(&table).map_err(failed)?;
            Ok(download::bytes(&format!("{name}.csv"), "text/csv; charset=utf-8", file))
        }
        _ => Err(Error::App(app::Error::NotFound)),
    }
}

fn table(app: &App, entries: Vec<BoardEntry>) -> Table {
    let columns = ["Time", "Who", "Person or program", "What", "Licensee", "About", "Detail"];
    let row = |entry: BoardEntry| {
        let kind = if entry.who_kind == "api_client" { "Program" } else { "Person" };
        vec![
            Figure::Text(app.clock.machine(entry.at)),
            Figure::Text(entry.who),
            Figure::Text(kind.to_owned()),
            Figure::Text(words(&entry.action).to_owned()),
            Figure::Text(entry.licensee),
            Figure::Text(entry.subject),
            Figure::Text(entry.detail),
        ]
    };
    Table {
        key: "access",
        title: "Access log".to_owned(),
        definition: "What the board’s people and programs did, newest first; at most 100,000 entries.".to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: entries.into_iter().map(row).collect(),
        total: None,
    }
}

/// What an action of the audit trail is called.
fn words(action: &str) -> &'static str {
    match action {
        "transcript.read" => "Read a transcript",
        "licensee.search" => "Searched for licensees",
        "session.start" => "Signed in",
        "session.end" => "Signed out",
        "api_client.create" => "Made a token",
        "api_client.revoke" => "Revoked a token",
        "share.view" => "Opened a transcript that was sent",
        _ => match action.split('.').next().unwrap_or_default() {
            "transcript" => "Worked with a transcript",
            "licensee_list" => "Worked with a list of licensees",
            "license_audit" => "Worked with an audit",
            "requirement" => "Worked with requirements",
            "account" | "session" | "password" => "Changed an account",
            _ => "Something else",
        },
    }
}
