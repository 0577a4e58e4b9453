//! `/admin/physicians/{physician}`: everything the registry knows of one physician, what has been
//! changed, and who looked.

use app::App;
use app::identity::{Change, Kind, Stage};
use app::physicians::{self, OnFile};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::PhysicianId;
use domain::check::us_date;
use jiff::civil::Date;
use store::organizations::LicensingBoard;
use store::registry_pages::Look;
use store::reviews::{Kept, Settlement};

use super::physicians::{license_kind, stated};
use super::trail;
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/physicians/{physician}", get(show))
}

#[derive(Template)]
#[template(path = "admin/physician.html")]
struct PhysicianPage {
    chrome: Chrome,
    id: String,
    name: String,
    degree: String,
    former: String,
    birth: String,
    npi: String,
    account_since: Option<When>,
    since: When,
    /// The record that this one became part of: id and name.
    part_of: Option<(String, String)>,
    /// Taken back: it stands for nobody any more.
    is_taken_back: bool,
    licenses: Vec<LicenseRow>,
    certifications: Vec<CertificationRow>,
    years: Vec<YearRow>,
    completions: Vec<CompletionRow>,
    changes: Vec<ChangeRow>,
    settled: Vec<SettledRow>,
    looks: Vec<LookRow>,
}

struct LicenseRow {
    board: String,
    state: String,
    number: String,
    kind: &'static str,
    status: String,
    issued: Option<Day>,
    expires: Option<Day>,
}

/// A date with its machine-readable form.
struct Day {
    shown: String,
    machine: String,
}

struct CertificationRow {
    board: String,
    code: String,
    diplomate_id: String,
    kind: &'static str,
    status: String,
}

struct YearRow {
    year: String,
    provider: String,
    completions: String,
}

struct CompletionRow {
    id: String,
    title: String,
    provider: String,
    completed: Day,
    reported: When,
}

struct ChangeRow {
    id: String,
    what: String,
    kind: &'static str,
    stage: &'static str,
    by: String,
    at: When,
}

struct SettledRow {
    id: String,
    what: String,
    by: String,
    at: When,
}

struct LookRow {
    at: When,
    what: String,
    who: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(physician): Path<String>,
) -> Result<Page<impl Template>> {
    let id: PhysicianId = physician.parse().map_err(|_| app::Error::NotFound)?;
    let on_file = physicians::open(&app, &visitor.session.actor, &visitor.scope, id).await?;
    let boards = store::organizations::list_licensing_boards(&mut app.store.read().await?).await?;
    Ok(Page(view(&app, chrome, on_file, &boards)))
}

fn view(app: &App, chrome: Chrome, on_file: OnFile, boards: &[LicensingBoard]) -> PhysicianPage {
    let OnFile { physician, standing, part_of, changes, settled, years, completions, trail } = on_file;
    let reference = app.reference.get();
    let id = physician.id;
    let licenses = physician.licenses.iter().map(|held| LicenseRow {
        board: boards
            .iter()
            .find(|board| board.state == held.state)
            .map_or_else(|| format!("{} medical board", held.state.name()), |board| board.name.clone()),
        state: held.state.to_string(),
        number: held.number.clone(),
        kind: license_kind(&held.status),
        status: stated(held.status.clone()),
        issued: held.issued_on.map(day),
        expires: held.expires_on.map(day),
    });
    let certifications = physician.certifications.iter().map(|held| CertificationRow {
        board: reference.board(held.board).map_or_else(|| held.board.to_string(), |board| board.name.clone()),
        code: held.board.to_string(),
        diplomate_id: held.diplomate_id.clone(),
        kind: license_kind(&held.status),
        status: stated(held.status.clone()),
    });
    PhysicianPage {
        chrome,
        id: id.to_string(),
        name: physician.full_name(),
        former: physician.former_last.join(", "),
        birth: physician.birth.map(|day| day.to_string()).unwrap_or_default(),
        npi: physician.npi.clone().unwrap_or_default(),
        account_since: standing.account_since.map(|at| When::of(app, at)),
        since: When::of(app, standing.created_at),
        is_taken_back: standing.merged_into == Some(id),
        part_of: part_of.map(|survivor| (survivor.id.to_string(), survivor.full_name())),
        licenses: licenses.collect(),
        certifications: certifications.collect(),
        years: years
            .into_iter()
            .map(|row| YearRow { year: row.year, provider: row.provider_name, completions: grouped(row.completions) })
            .collect(),
        completions: completions
            .into_iter()
            .map(|row| CompletionRow {
                id: row.id.to_string(),
                title: row.title,
                provider: row.provider_name,
                completed: day(row.completed_on),
                reported: When::of(app, row.reported_at),
            })
            .collect(),
        changes: changes.into_iter().map(|change| change_row(app, id, change)).collect(),
        settled: settled.into_iter().filter_map(|kept| settled_row(app, kept)).collect(),
        looks: trail.into_iter().map(|look| look_row(app, look)).collect(),
        degree: physician.degree,
    }
}

fn day(date: Date) -> Day {
    Day { shown: us_date(date), machine: date.to_string() }
}

fn change_row(app: &App, of: PhysicianId, change: Change) -> ChangeRow {
    let what = match (change.kind, change.from == of) {
        (Kind::Merge, true) => "This record into another",
        (Kind::Merge, false) => "Another record into this one",
        (Kind::Split, true) => "Part of this record to another",
        (Kind::Split, false) => "Part of another record to this one",
    };
    let (kind, stage) = stage(change.stage);
    ChangeRow {
        id: change.id.to_string(),
        what: what.to_owned(),
        kind,
        stage,
        by: change.proposed.name,
        at: When::of(app, change.proposed.at),
    }
}

/// Shape and word of how far a merge or split is.
pub(super) fn stage(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Proposed => ("waiting", "Waits for a second person"),
        Stage::Declined => ("withdrawn", "Refused"),
        Stage::Confirmed => ("good", "Done"),
        Stage::Undone => ("withdrawn", "Undone"),
    }
}

fn settled_row(app: &App, kept: Kept) -> Option<SettledRow> {
    let settled = kept.settled?;
    let what = match settled.settlement {
        Settlement::Attached => "A roster’s row was attached",
        Settlement::New => "Made from a roster’s row",
        Settlement::Merged => "A suggested pair was merged",
        Settlement::Dismissed => "A suggestion was dismissed",
        Settlement::Import => "A later import settled a row",
    };
    Some(SettledRow {
        id: kept.review.id.to_string(),
        what: what.to_owned(),
        by: settled.by,
        at: When::of(app, settled.at),
    })
}

fn look_row(app: &App, look: Look) -> LookRow {
    let who = match (look.who.is_empty(), look.organization.is_empty()) {
        (false, false) if look.seat_kind != "physician" => format!("{}, {}", look.who, look.organization),
        (false, _) => look.who,
        (true, _) => "Nobody signed in".to_owned(),
    };
    let (what, detail) = trail::words(&look.action, &look.detail);
    let what = if detail.is_empty() { what.to_owned() } else { format!("{what} ({detail})") };
    LookRow { at: When::of(app, look.at), what, who }
}
