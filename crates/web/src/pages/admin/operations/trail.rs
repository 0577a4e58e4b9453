//! `/admin/audit`: the whole audit trail, searched by who, where they sit, whom it is about, what and when. Each
//! search is itself a row of the trail; one for a physician can be read by that physician.

use app::operations::{self, AREAS, words};
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::PhysicianId;
use formats::tables::{Figure, Table, write_csv};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use store::audit::trail::{Entry, Search};
use uuid::Uuid;

use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Error, Faults, Page, REFUSED, Result, When, download};

const PER_PAGE: i64 = 50;
const MOST_IN_FILE: i64 = 100_000;
/// A first look goes back so many days.
const USUAL_DAYS: i64 = 30;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/audit", get(show)).route("/admin/audit/download", get(file))
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Asked {
    who: String,
    /// A provider's ID, a state's or a board's code.
    place: String,
    physician: String,
    subject: String,
    act: String,
    /// Absent: the usual days. Empty: from the beginning.
    from: Option<String>,
    until: String,
    after: String,
}

impl Asked {
    fn from(&self, app: &App) -> String {
        let usual = || app.clock.today().saturating_sub(USUAL_DAYS.days()).to_string();
        self.from.clone().unwrap_or_else(usual)
    }

    /// What is looked for; what cannot be understood is told beside its field, since all entries would mislead.
    fn search(&self, app: &App) -> Result<Search, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut day = |field, text: &str| {
            let text = text.trim();
            let day = text.parse::<Date>().ok();
            if day.is_none() && !text.is_empty() {
                faults.push(Fault::new(field, "Write a day, such as 03/14/2026."));
            }
            day
        };
        let from = day("from", &self.from(app)).map(|day| app.clock.start_of(day));
        let before = day("until", &self.until).map(|day| app.clock.end_of(day));
        let typed = self.physician.trim();
        let physician = typed.parse::<PhysicianId>().ok();
        if physician.is_none() && !typed.is_empty() {
            let message = "Enter the record ID of a physician, as it stands at the end of their page’s address.";
            faults.push(Fault::new("physician", message));
        }
        let after = self.after.split_once('_').and_then(|(at, id)| Some((at.parse().ok()?, id.parse::<Uuid>().ok()?)));
        let place = self.place.trim();
        let search = Search {
            from,
            before,
            who: self.who.trim().to_owned(),
            action: AREAS
                .iter()
                .find(|(act, _)| *act == self.act)
                .map_or_else(String::new, |(act, _)| (*act).to_owned()),
            seat_kind: String::new(),
            organization: place.to_uppercase(),
            subject: self.subject.trim().to_owned(),
            physician,
            after,
        };
        if faults.is_empty() { Ok(search) } else { Err(faults) }
    }

    /// As an address; the usual days stay unsaid.
    fn query(&self) -> String {
        let mut given = vec![
            ("who", self.who.as_str()),
            ("place", &self.place),
            ("physician", &self.physician),
            ("subject", &self.subject),
            ("act", &self.act),
            ("until", &self.until),
        ];
        given.retain(|(_, value)| !value.is_empty());
        given.extend(self.from.as_deref().map(|from| ("from", from)));
        given.into_iter().map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }

    /// For the row that tells of this search.
    fn told(&self, app: &App, as_file: bool) -> String {
        let mut parts = Vec::new();
        let from = self.from(app);
        for (name, value) in [
            ("who", self.who.as_str()),
            ("at", &self.place),
            ("about", &self.subject),
            ("what", &self.act),
            ("from", &from),
            ("until", &self.until),
        ] {
            if !value.trim().is_empty() {
                parts.push(format!("{name} “{}”", value.trim().chars().take(80).collect::<String>()));
            }
        }
        if as_file {
            parts.push("as a file".to_owned());
        }
        parts.join(", ")
    }
}

#[derive(Template)]
#[template(path = "admin/operations/trail.html")]
struct TrailPage {
    chrome: Chrome,
    from: String,
    asked: Asked,
    acts: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    older: String,
    file: String,
    faults: Faults,
}

struct Row {
    at: When,
    who: String,
    /// The person's address, or what kind of caller it was.
    under: String,
    place: String,
    what: String,
    detail: String,
    subject: String,
    /// The end of it, which tells two apart.
    subject_end: String,
    physician: Option<Uuid>,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let acts = std::iter::once(("", "Everything")).chain(AREAS.iter().copied()).collect();
    let mut page = TrailPage {
        chrome,
        from: asked.from(&app),
        file: format!("/admin/audit/download?{}", asked.query()),
        acts,
        rows: Vec::new(),
        older: String::new(),
        faults: Faults::none(),
        asked,
    };
    let search = match page.asked.search(&app) {
        Ok(search) => search,
        Err(faults) => {
            page.faults = faults.into();
            return Ok((REFUSED, Page(page)).into_response());
        }
    };
    let (actor, told) = (&visitor.session.actor, page.asked.told(&app, false));
    let mut entries = operations::search_trail(&app, actor, &visitor.scope, &search, (&told, PER_PAGE + 1)).await?;
    let has_older = entries.len() as i64 > PER_PAGE;
    entries.truncate(usize::try_from(PER_PAGE).unwrap_or_default());
    if let Some(last) = entries.last().filter(|_| has_older) {
        page.older = format!("/admin/audit?{}after={}_{}", page.asked.query(), last.at, last.audit_id);
    }
    page.rows = entries.into_iter().map(|entry| row(&app, entry)).collect();
    Ok((StatusCode::OK, Page(page)).into_response())
}

fn row(app: &App, entry: Entry) -> Row {
    let (who, under) = match entry.who_kind.as_str() {
        "account" => (entry.who, entry.email),
        "api_client" => (entry.who, "program".to_owned()),
        _ => ("Nobody signed in".to_owned(), String::new()),
    };
    Row {
        at: When::of(app, entry.at),
        who,
        under,
        place: place(&entry.seat_kind, entry.organization),
        what: words(&entry.action),
        detail: entry.detail,
        subject_end: end_of(&entry.subject),
        subject: encoded(&entry.subject).into_owned(),
        physician: entry.physician_id,
    }
}

/// A long ID by its last letters.
fn end_of(subject: &str) -> String {
    match subject.char_indices().rev().nth(7) {
        Some((start, _)) if subject.chars().count() > 20 => format!("…{}", subject.get(start..).unwrap_or_default()),
        _ => subject.to_owned(),
    }
}

/// Where somebody sits: of a physician only that they are one, so that the trail names nobody it need not name.
fn place(seat_kind: &str, organization: String) -> String {
    match seat_kind {
        "physician" => "Physician".to_owned(),
        "accreditor" => "Accreditor".to_owned(),
        _ => organization,
    }
}

async fn file(State(app): State<App>, visitor: StaffVisitor, Query(asked): Query<Asked>) -> Result<Response> {
    let search = asked.search(&app).map_err(app::Error::Invalid)?;
    let (actor, told) = (&visitor.session.actor, asked.told(&app, true));
    let entries = operations::search_trail(&app, actor, &visitor.scope, &search, (&told, MOST_IN_FILE)).await?;
    let failed = |error: formats::result::WriteError| Error::App(app::Error::Internal(error.to_string()));
    let file = write_csv(&table(&app, entries)).map_err(failed)?;
    let name = format!("audit-trail-{}.csv", app.clock.today());
    Ok(download::bytes(&name, "text/csv; charset=utf-8", file))
}

fn table(app: &App, entries: Vec<Entry>) -> Table {
    let columns = ["Time", "Who", "Address", "At", "Action", "What", "About", "Physician's record", "Detail"];
    let row = |entry: Entry| {
        let place = place(&entry.seat_kind, entry.organization);
        vec![
            Figure::Text(app.clock.machine(entry.at)),
            Figure::Text(entry.who),
            Figure::Text(entry.email),
            Figure::Text(place),
            Figure::Text(entry.action.clone()),
            Figure::Text(words(&entry.action)),
            Figure::Text(entry.subject),
            Figure::Text(entry.physician_id.map_or_else(String::new, |id| id.to_string())),
            Figure::Text(entry.detail),
        ]
    };
    Table {
        key: "audit",
        title: "Audit trail".to_owned(),
        definition: "Who did what, newest first; at most 100,000 entries.".to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: entries.into_iter().map(row).collect(),
        total: None,
    }
}
