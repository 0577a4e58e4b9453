//! `/admin/physicians/{physician}`: everything the registry knows of one physician, what has been
//! changed, and who looked.

use app::App;
use app::identity::{Change, Kind, Stage};
use app::physicians::{self, OnFile};
use app::rosters::standings::words;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::check::us_date;
use domain::{Amount, PhysicianId, StandingChangeId};
use jiff::civil::Date;
use serde::Deserialize;
use store::organizations::LicensingBoard;
use store::registry_imports::RegistryImport;
use store::registry_pages::Look;
use store::registry_pages::beside::{ClaimOf, CreditOf, ShareOf};
use store::reviews::{Kept, Settlement};
use store::standing_changes::{Origin, Source, StandingChange};

use super::physicians::{license_kind, stated};
use super::trail;
use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/physicians/{physician}", get(show))
        .route("/admin/physicians/{physician}/print", get(print))
}

#[derive(Template)]
#[template(path = "admin/physician.html")]
struct PhysicianPage {
    chrome: Chrome,
    /// The whole record on paper: longer lists, nothing to press.
    is_printed: bool,
    printed: When,
    id: String,
    name: String,
    degree: String,
    former: String,
    birth: String,
    npi: String,
    account_since: Option<When>,
    account: Option<(String, String)>,
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
    sources: Vec<SourceRow>,
    history: Vec<HistoryRow>,
    credits: Vec<CreditRow>,
    claims: Vec<ClaimRow>,
    shares: Vec<ShareRow>,
}

struct LicenseRow {
    /// Where it is put right; empty where it cannot be.
    change: String,
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

/// Where something of the record comes from.
struct SourceRow {
    number: String,
    /// ID of the import and its file, if a roster that is on record said it.
    import: Option<(String, String)>,
    by: String,
    said_name: String,
    at: When,
}

/// A change of how a license or certification stands.
pub(super) struct HistoryRow {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) effective: String,
    pub(super) at: When,
    pub(super) who: String,
    pub(super) reason: String,
    pub(super) is_undone: bool,
    /// It is the newest of its number and still stands.
    pub(super) may_undo: bool,
}

struct CreditRow {
    kind: String,
    status: &'static str,
    shape: &'static str,
    credits: String,
    amount: String,
}

struct ClaimRow {
    id: String,
    outcome: &'static str,
    at: When,
    is_accepted: bool,
    was_asked: bool,
}

struct ShareRow {
    with: String,
    status: (&'static str, &'static str),
    created: When,
    until: When,
    openings: String,
}

/// What an act that led here did.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(physician): Path<String>,
    Query(done): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.done.as_str() {
        "license" => chrome.with_notice("success", "The license is changed", "Boards see it at their next request."),
        "taken-back" => chrome.with_notice("success", "The change is taken back", "It stands as before the change."),
        _ => chrome,
    };
    record(&app, &visitor, chrome, &physician, false).await
}

/// The whole record, to be printed.
async fn print(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(physician): Path<String>,
) -> Result<Page<impl Template>> {
    record(&app, &visitor, chrome, &physician, true).await
}

async fn record(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    physician: &str,
    is_printed: bool,
) -> Result<Page<PhysicianPage>> {
    let id: PhysicianId = physician.parse().map_err(|_| app::Error::NotFound)?;
    let on_file = physicians::open(app, &visitor.session.actor, &visitor.scope, id, is_printed).await?;
    let boards = store::organizations::list_licensing_boards(&mut app.store.read().await?).await?;
    Ok(Page(view(app, chrome, on_file, &boards, is_printed)))
}

fn view(app: &App, chrome: Chrome, on_file: OnFile, boards: &[LicensingBoard], is_printed: bool) -> PhysicianPage {
    let OnFile { physician, standing, part_of, changes, settled, years, completions, trail, .. } = on_file;
    let OnFile { origins, imports, history, account, claims, shares, credits, .. } = on_file;
    let stands: Vec<(String, String)> = numbers(&physician);
    let undone: Vec<StandingChangeId> = history.iter().filter_map(|change| change.undoes).collect();
    let can_change = standing.merged_into.is_none() && !is_printed;
    let reference = app.reference.get();
    let id = physician.id;
    let licenses = physician.licenses.iter().map(|held| LicenseRow {
        change: match can_change {
            true => format!("/admin/physicians/{id}/license?state={}&number={}", held.state, encoded(&held.number)),
            false => String::new(),
        },
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
        is_printed,
        printed: When::of(app, app.clock.now()),
        account: account.map(|of| (of.name, of.email)),
        sources: origins.into_iter().map(|origin| source_row(app, origin, &imports)).collect(),
        history: history.iter().map(|change| history_row(app, change, &undone, &stands)).collect(),
        credits: credits.into_iter().map(|row| credit_row(&reference, row)).collect(),
        claims: claims.into_iter().map(|row| claim_row(app, row)).collect(),
        shares: shares.into_iter().map(|row| share_row(app, row)).collect(),
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

/// Each number of the record with how it stands.
fn numbers(physician: &store::physicians::Physician) -> Vec<(String, String)> {
    use store::standing_changes::Standing;
    let licenses = physician.licenses.iter().map(|held| {
        let standing = Standing { status: held.status.clone(), issued_on: held.issued_on, expires_on: held.expires_on };
        (format!("{} {}", held.state, held.number), words(&standing))
    });
    let certifications = physician.certifications.iter().map(|held| {
        let standing = Standing { status: held.status.clone(), ..Standing::default() };
        (format!("{} {}", held.board, held.diplomate_id), words(&standing))
    });
    licenses.chain(certifications).collect()
}

fn source_row(app: &App, origin: Origin, imports: &[RegistryImport]) -> SourceRow {
    let import = origin.import.and_then(|id| imports.iter().find(|import| import.id == id));
    SourceRow {
        number: format!("{} {}", origin.issuer, origin.number),
        by: import.map(|import| import.sent_by_name.clone()).unwrap_or_default(),
        import: import.map(|import| (import.id.to_string(), import.file_name.clone())),
        said_name: origin.said_name,
        at: When::of(app, origin.updated_at),
    }
}

/// `undone`: changes that were taken back. `stands`: numbers with how they stand now; one that stands otherwise than a
/// change made it cannot be taken back.
pub(super) fn history_row(
    app: &App,
    change: &StandingChange,
    undone: &[StandingChangeId],
    stands: &[(String, String)],
) -> HistoryRow {
    let number = format!("{} {}", change.issuer, change.number);
    let after = words(&change.after);
    let who = match change.source {
        Source::Roster => format!("Roster {}", change.by_name),
        Source::Absent => format!("Not named any more by the roster {}", change.by_name),
        Source::Hand => change.by_name.clone(),
        Source::Undo => format!("{}, who took a change back", change.by_name),
    };
    let is_undone = undone.contains(&change.id);
    HistoryRow {
        id: change.id.to_string(),
        may_undo: !is_undone
            && change.source != Source::Undo
            && stands.iter().any(|(of, now)| *of == number && *now == after),
        number,
        before: words(&change.before),
        after,
        effective: us_date(change.effective_on),
        at: When::of(app, change.at),
        who,
        reason: change.reason.clone(),
        is_undone,
    }
}

fn credit_row(reference: &domain::reference::Reference, row: CreditOf) -> CreditRow {
    let kind = match row.kind.as_str() {
        "CME" if row.is_derived == 1 => "AMA PRA Category 1, derived from points".to_owned(),
        "CME" => "AMA PRA Category 1".to_owned(),
        "REMS" => "REMS".to_owned(),
        code => {
            let board = domain::Board::read(code).and_then(|board| reference.board(board));
            format!("{} points", board.map_or(code, |board| board.name.as_str()))
        }
    };
    let (shape, status) = match row.status.as_str() {
        "accepted" => ("good", "Accepted"),
        "rejected" => ("bad", "Rejected"),
        _ => ("waiting", "Pending"),
    };
    CreditRow { kind, status, shape, credits: grouped(row.credits), amount: Amount::new(row.amount).fixed() }
}

fn claim_row(app: &App, row: ClaimOf) -> ClaimRow {
    ClaimRow {
        id: row.claim_id.to_string(),
        outcome: if row.outcome == "proven" { "Proven" } else { "Not proven" },
        at: When::of(app, row.created_at),
        is_accepted: row.accepted_at.is_some(),
        was_asked: row.review_asked_at.is_some(),
    }
}

fn share_row(app: &App, row: ShareOf) -> ShareRow {
    let status = match row.revoked_at {
        Some(_) => ("withdrawn", "Ended by the physician"),
        None if row.expires_at <= app.clock.now() => ("closed", "Over"),
        None => ("good", "Open"),
    };
    ShareRow {
        with: if row.recipient_name.is_empty() { "Whoever has the link".to_owned() } else { row.recipient_name },
        status,
        created: When::of(app, row.created_at),
        until: When::of(app, row.revoked_at.unwrap_or(row.expires_at)),
        openings: grouped(row.openings),
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
