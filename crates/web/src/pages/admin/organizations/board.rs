//! `/admin/boards/licensing/STATE` and `/admin/boards/certifying/CODE`: one board with how it takes part, what is
//! published of it, its people and its programs.

use app::App;
use app::organizations::boards::{self, Wanted, level_on};
use app::organizations::people::name_of;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::check::us_date;
use domain::organization::Participation;
use domain::{ApiClientId, Organization};
use serde::Deserialize;
use store::organizations::history;
use store::organizations::profiles::{self, BoardProfile, TakesPart};

use super::people::{Invited, People};
use super::{Act, Done, MOST_ACTS, with_done};
use crate::access::{Session, StaffVisitor};
use crate::pages::directory::level;
use crate::pages::token_rows::TokenRow;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/boards/{kind}/{board}", get(show).post(edit))
        .route("/admin/boards/{kind}/{board}/participation", post(take_part))
        .route("/admin/boards/{kind}/{board}/clients/{client}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "admin/organizations/board.html")]
pub(super) struct Show {
    chrome: Chrome,
    path: String,
    clients_path: String,
    key: String,
    name: String,
    is_licensing: bool,
    level: (&'static str, &'static str),
    /// Where the rules are: the public page of a state, the reference data of a board.
    rules: String,
    history: Vec<PartRow>,
    levels: Vec<(&'static str, &'static str)>,
    typed: Typed,
    clients: Vec<TokenRow>,
    people: People,
    acts: Vec<Act>,
    faults: Faults,
}

struct PartRow {
    from: String,
    machine: String,
    level: (&'static str, &'static str),
    note: String,
    who: String,
    when: When,
    /// "In force", "Planned", "Earlier".
    state: &'static str,
}

/// What is typed in either form.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    website: String,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    level: String,
    from: String,
    note: String,
}

/// A board by the parts of an address.
fn board_of(kind: &str, board: &str) -> Result<Organization> {
    let kind = match kind {
        "licensing" => "licensing_board",
        "certifying" => "certifying_board",
        _ => return Err(app::Error::NotFound.into()),
    };
    Ok(Organization::read(kind, board).ok_or(app::Error::NotFound)?)
}

fn path_of(board: Organization) -> String {
    let kind = if matches!(board, Organization::LicensingBoard(_)) { "licensing" } else { "certifying" };
    format!("/admin/boards/{kind}/{}", board.key())
}

fn part_rows(app: &App, all: Vec<TakesPart>) -> Vec<PartRow> {
    let today = app.clock.today();
    let in_force = level_on(&all, today).map(|part| part.id);
    all.into_iter()
        .map(|part| PartRow {
            from: us_date(part.starts_on),
            machine: part.starts_on.to_string(),
            level: level(Some(part.level)),
            note: part.note,
            who: part.recorded_by,
            when: When::of(app, part.recorded_at),
            state: match () {
                () if Some(part.id) == in_force => "In force",
                () if part.starts_on > today => "Planned",
                () => "Earlier",
            },
        })
        .collect()
}

/// The page; `typed`: what was typed in one of its forms, or nothing for what is on record.
pub(super) async fn page(
    app: &App,
    (session, scope): (&Session, &domain::access::StaffScope),
    chrome: Chrome,
    board: Organization,
    (typed, invited): (Option<Typed>, Invited),
    faults: Faults,
) -> Result<Page<Show>> {
    let mut tx = app.store.read().await?;
    let name = name_of(app, &mut tx, board).await?.ok_or(app::Error::NotFound)?;
    let holder = boards::holder(board).ok_or(app::Error::NotFound)?;
    let profile = profiles::board(&mut tx, board).await?;
    let parts = profiles::participation(&mut tx, board).await?;
    let clients = store::api_clients::list(&mut tx, &holder, false).await?;
    let acts = history::of_subject(&mut tx, scope, &board.key(), MOST_ACTS).await?;
    let people = People::of(app, session, scope, &mut tx, board, invited).await?;
    drop(tx);
    let today = app.clock.today();
    let on_record = || Typed {
        name: name.clone(),
        website: profile.website.clone(),
        contact_name: profile.contact_name.clone(),
        contact_email: profile.contact_email.clone(),
        contact_phone: profile.contact_phone.clone(),
        from: today.to_string(),
        ..Typed::default()
    };
    let (is_licensing, rules) = match board {
        Organization::LicensingBoard(state) => (true, format!("/requirements/{state}")),
        _ => (false, format!("/admin/reference/boards/{}", board.key())),
    };
    Ok(Page(Show {
        chrome,
        path: path_of(board),
        clients_path: format!("{}/clients", path_of(board)),
        key: board.key(),
        is_licensing,
        level: level(level_on(&parts, today).map(|part| part.level)),
        rules,
        history: part_rows(app, parts),
        levels: Participation::choices(board).iter().map(|one| (one.code(), one.label())).collect(),
        typed: typed.unwrap_or_else(on_record),
        clients: clients.into_iter().map(|client| TokenRow::of(app, client)).collect(),
        people,
        acts: acts.into_iter().map(|act| Act::of(app, act)).collect(),
        name,
        faults,
    }))
}

async fn show(
    State(app): State<App>,
    StaffVisitor { session, scope }: StaffVisitor,
    chrome: Chrome,
    Path((kind, board)): Path<(String, String)>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let board = board_of(&kind, &board)?;
    let chrome = with_done(chrome, &done);
    page(&app, (&session, &scope), chrome, board, (None, Invited::default()), Faults::none()).await
}

async fn after(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    board: Organization,
    typed: Typed,
    (done, word): (Result<(), app::Error>, &str),
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}?done={word}", path_of(board))).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let visitor = (&visitor.session, &visitor.scope);
            let typed = (Some(typed), Invited::default());
            Ok((REFUSED, page(app, visitor, chrome, board, typed, faults).await?).into_response())
        }
    }
}

async fn edit(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((kind, board)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let board = board_of(&kind, &board)?;
    let given = typed.clone();
    let profile = BoardProfile {
        website: given.website,
        contact_name: given.contact_name,
        contact_email: given.contact_email,
        contact_phone: given.contact_phone,
    };
    let wanted = Wanted { name: given.name, profile };
    let done = boards::edit(&app, &visitor.session.actor, board, &wanted).await;
    after(&app, &visitor, chrome, board, typed, (done, "edited")).await
}

async fn take_part(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((kind, board)): Path<(String, String)>,
    Form(given): Form<Typed>,
) -> Result<Response> {
    let board = board_of(&kind, &board)?;
    let actor = &visitor.session.actor;
    let done = boards::take_part(&app, actor, board, &given.level, &given.from, &given.note).await;
    // the other form of the page shows what is on record
    let mut tx = app.store.read().await?;
    let profile = profiles::board(&mut tx, board).await?;
    let name = name_of(&app, &mut tx, board).await?.ok_or(app::Error::NotFound)?;
    drop(tx);
    let typed = Typed {
        name,
        website: profile.website,
        contact_name: profile.contact_name,
        contact_email: profile.contact_email,
        contact_phone: profile.contact_phone,
        ..given
    };
    after(&app, &visitor, chrome, board, typed, (done, "level")).await
}

async fn revoke(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((kind, board, client)): Path<(String, String, ApiClientId)>,
) -> Result<Redirect> {
    let board = board_of(&kind, &board)?;
    boards::revoke_client(&app, &visitor.session.actor, board, client).await?;
    Ok(Redirect::to(&format!("{}?done=revoked", path_of(board))))
}
