//! Licensing and certifying boards as the accreditor keeps them. Certifying boards are entered with their rules, as
//! reference data; a licensing board is entered here, once for each state.

use domain::access::{Actor, CertifyingBoardScope, LicensingBoardScope};
use domain::organization::Participation;
use domain::{ApiClientId, Organization, State};
use jiff::ToSpan;
use store::api_clients::Holder;
use store::organizations::LicensingBoard;
use store::organizations::profiles::{self, BoardProfile, TakesPart};

use super::people::name_of;
use super::{Form, staff};
use crate::{App, Error, Result, audit};

/// How a board takes part on a day, of its entries with the latest day first.
pub fn level_on(entries: &[TakesPart], day: jiff::civil::Date) -> Option<&TakesPart> {
    entries.iter().find(|entry| entry.starts_on <= day)
}

/// Enters a state's licensing board. Faults are on `state` and `name`.
pub async fn add_licensing(app: &App, actor: &Actor, state: &str, name: &str) -> Result<State> {
    let (_, _) = staff(actor)?;
    let mut form = Form::default();
    let name = form.line("name", name, 200, "Enter the board’s name.");
    let state = State::read(state);
    if state.is_none() {
        form.fault("state", "Choose the state.");
    }
    form.done()?;
    let Some(state) = state else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    if let Some(there) = store::organizations::find_licensing_board(&mut tx, state).await? {
        return Err(Error::invalid("state", format!("{} is on record for this state.", there.name)));
    }
    let board = LicensingBoard { state, name };
    store::organizations::insert_licensing_board(&mut tx, &board).await?;
    audit::record(app, &mut tx, actor, "board.create", state, None, &board.name).await?;
    tx.commit().await?;
    Ok(state)
}

/// What is published of a board, as it is typed; `name` of licensing boards only.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub name: String,
    pub profile: BoardProfile,
}

/// Writes what is published of a board.
pub async fn edit(app: &App, actor: &Actor, board: Organization, wanted: &Wanted) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut form = Form::default();
    let is_licensing = matches!(board, Organization::LicensingBoard(_));
    let missing = if is_licensing { "Enter the board’s name." } else { "" };
    let name = form.line("name", &wanted.name, 200, missing);
    let profile = BoardProfile {
        website: form.website("website", &wanted.profile.website),
        contact_name: form.line("contact_name", &wanted.profile.contact_name, 100, ""),
        contact_email: form.email("contact_email", &wanted.profile.contact_email, false),
        contact_phone: form.phone("contact_phone", &wanted.profile.contact_phone),
    };
    form.done()?;
    let mut tx = app.store.write().await?;
    let before = name_of(app, &mut tx, board).await?.ok_or(Error::NotFound)?;
    let was = profiles::board(&mut tx, board).await?;
    let mut changed = Vec::new();
    if let Organization::LicensingBoard(state) = board
        && before != name
    {
        profiles::rename_licensing_board(&mut tx, &scope, state, &name).await?;
        changed.push(format!("name: “{before}” became “{name}”"));
    }
    for (field, was, is) in [
        ("website", &was.website, &profile.website),
        ("contact", &was.contact_name, &profile.contact_name),
        ("contact's e-mail", &was.contact_email, &profile.contact_email),
        ("contact's phone", &was.contact_phone, &profile.contact_phone),
    ] {
        if was != is {
            changed.push(format!("{field}: “{was}” became “{is}”"));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    profiles::save_board(&mut tx, &scope, board, &profile).await?;
    audit::record(app, &mut tx, actor, "board.edit", board.key(), None, &changed.join("; ")).await?;
    Ok(tx.commit().await?)
}

/// Says how a board takes part from a day on. Faults are on `level`, `from` and `note`.
pub async fn take_part(
    app: &App,
    actor: &Actor,
    board: Organization,
    level: &str,
    from: &str,
    note: &str,
) -> Result<()> {
    let (scope, account) = staff(actor)?;
    let mut form = Form::default();
    let level = Participation::read(level).filter(|level| Participation::choices(board).contains(level));
    if level.is_none() {
        form.fault("level", "Choose how the board takes part.");
    }
    let starts_on = form.day("from", from, "Enter the day from which it counts.");
    if starts_on.is_some_and(|from| from > app.clock.today().saturating_add(5.years())) {
        form.fault("from", "This day is more than five years away.");
    }
    let note = form.words("note", note, 500, "");
    form.done()?;
    let (Some(level), Some(starts_on)) = (level, starts_on) else { return Err(Error::NotFound) };
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    name_of(app, &mut tx, board).await?.ok_or(Error::NotFound)?;
    let id = app.chance.id(now);
    let part = TakesPart { id, starts_on, level, note, recorded_at: now, recorded_by: String::new() };
    profiles::insert_participation(&mut tx, &scope, board, &part, Some(account)).await?;
    let detail = format!("{} from {}", level.label(), starts_on);
    audit::record(app, &mut tx, actor, "board.take_part", board.key(), None, &detail).await?;
    Ok(tx.commit().await?)
}

/// Whose programs a board's are.
pub fn holder(board: Organization) -> Option<Holder> {
    match board {
        Organization::LicensingBoard(state) => Some(Holder::LicensingBoard(LicensingBoardScope::of_record(state))),
        Organization::CertifyingBoard(board) => Some(Holder::CertifyingBoard(CertifyingBoardScope::of_record(board))),
        Organization::Provider(_) | Organization::Accreditor => None,
    }
}

/// Makes a board's token worthless at once.
pub async fn revoke_client(app: &App, actor: &Actor, board: Organization, client: ApiClientId) -> Result<()> {
    staff(actor)?;
    let holder = holder(board).ok_or(Error::NotFound)?;
    let mut tx = app.store.write().await?;
    if !store::api_clients::revoke(&mut tx, &holder, client, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "api_client.revoke", client, None, &board.key()).await?;
    Ok(tx.commit().await?)
}
