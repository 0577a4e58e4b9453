//! `/account`: where somebody is signed in, another of their seats, a new password or address.

use app::App;
use app::accounts::email_changes::Changing;
use app::accounts::{email_changes, factors, passwords, resets, sessions};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use domain::access::Who;
use serde::Deserialize;
use uuid::Uuid;

use super::sign_in::arrive;
use crate::access::{Browser, Session, SessionSecret, SignedIn};
use crate::arrival::browser_words;
use crate::chrome::persona_label;
use crate::{Chrome, Error, Faults, Page, REFUSED, Result, When};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/password", post(change_password))
        .route("/account/email", post(change_email))
        .route("/account/email/confirm/{secret}", get(to_confirm).post(confirm_email))
        .route("/account/email/undo/{secret}", get(to_undo).post(undo_email))
        .route("/account/sessions/end-others", post(end_others))
        .route("/account/sessions/{id}/end", post(end_session))
        .route("/account/seats/{seat}", post(take_seat))
}

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    chrome: Chrome,
    session: Session,
    sessions: Vec<SessionRow>,
    seats: Vec<SeatRow>,
    /// What guards the account beside the password; empty for nothing.
    guards: Vec<String>,
    password_hint: String,
    new_email: String,
    faults: Faults,
}

struct SessionRow {
    id: String,
    browser: String,
    began: When,
    seen: When,
    current: bool,
}

struct SeatRow {
    id: Uuid,
    persona: &'static str,
    organization: String,
    current: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    secret: SessionSecret,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "password" => chrome.with_notice("success", "Your password is changed", "All other sessions were ended."),
        "session" => chrome.with_notice("success", "The session is ended", ""),
        "others" => chrome.with_notice("success", "All other sessions are ended", "You are signed in here only."),
        "email" => chrome.with_notice(
            "success",
            "Look into your mail",
            "A letter is on its way to the new address. The change counts once you confirm it there.",
        ),
        _ => chrome,
    };
    Ok(Page(page(&app, session, &secret, chrome, (String::new(), Faults::none())).await?))
}

async fn page(
    app: &App,
    session: Session,
    secret: &SessionSecret,
    chrome: Chrome,
    (new_email, faults): (String, Faults),
) -> Result<Account> {
    let Who::Account(account) = session.actor.who else { return Err(Error::App(app::Error::NotFound)) };
    let own = secret.0.as_ref().map(|secret| secret.expose()).unwrap_or_default();
    let listed = sessions::list(app, account, own).await?;
    let factors = factors::of(app, &session.actor).await?;
    let mut tx = app.store.read().await?;
    let held = store::seats::list(&mut tx, account).await?;
    let rows = listed.into_iter().map(|row| SessionRow {
        id: row.id,
        browser: browser_words(&row.user_agent),
        began: When::of(app, row.created_at),
        seen: When::of(app, row.seen_at),
        current: row.current,
    });
    let seats = held.into_iter().map(|held| SeatRow {
        id: held.seat_id,
        persona: persona_label(held.seat),
        current: held.seat == session.actor.seat,
        organization: held.organization,
    });
    let counted = |count: i64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let guards = [
        counted(factors.authenticators, "authenticator app", "authenticator apps"),
        counted(factors.passkeys, "passkey", "passkeys"),
        counted(factors.codes, "unused recovery code", "unused recovery codes"),
    ];
    let least_characters = match factors.any() {
        true => passwords::LEAST_WITH_FACTOR,
        false => passwords::LEAST_CHARACTERS,
    };
    Ok(Account {
        chrome,
        sessions: rows.collect(),
        seats: seats.collect(),
        guards: guards.into_iter().flatten().collect(),
        password_hint: format!("At least {least_characters} characters. A few unrelated words work well."),
        session,
        new_email,
        faults,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewPassword {
    current_password: String,
    new_password: String,
}

async fn change_password(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    secret: SessionSecret,
    chrome: Chrome,
    Browser(browser): Browser,
    cookies: CookieJar,
    Form(given): Form<NewPassword>,
) -> Result<Response> {
    let changed = resets::change(&app, &session.actor, &given.current_password, &given.new_password, &browser).await;
    match changed {
        Ok(started) => Ok(arrive(&app, cookies, &started, "/account?done=password")),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, session, &secret, chrome, (String::new(), faults)).await?)).into_response())
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewEmail {
    email: String,
}

async fn change_email(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    secret: SessionSecret,
    chrome: Chrome,
    Form(given): Form<NewEmail>,
) -> Result<Response> {
    match email_changes::request(&app, &session.actor, &given.email).await {
        Ok(()) => Ok(Redirect::to("/account?done=email").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, session, &secret, chrome, (given.email, faults)).await?)).into_response())
        }
    }
}

/// What a letter about a new address leads to: `asks` first, then what was done.
#[derive(Template)]
#[template(path = "account_email.html")]
struct EmailPage {
    chrome: Chrome,
    changing: Changing,
    is_undo: bool,
    done: bool,
}

async fn to_confirm(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    let changing = email_changes::to_confirm(&app, &secret).await?;
    Ok(Page(EmailPage { chrome, changing, is_undo: false, done: false }))
}

async fn confirm_email(
    State(app): State<App>,
    chrome: Chrome,
    Path(secret): Path<String>,
) -> Result<Page<impl Template>> {
    let changing = email_changes::to_confirm(&app, &secret).await?;
    email_changes::confirm(&app, &secret).await?;
    Ok(Page(EmailPage { chrome, changing, is_undo: false, done: true }))
}

async fn to_undo(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    let changing = email_changes::to_undo(&app, &secret).await?;
    Ok(Page(EmailPage { chrome, changing, is_undo: true, done: false }))
}

async fn undo_email(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    let changing = email_changes::to_undo(&app, &secret).await?;
    email_changes::undo(&app, &secret).await?;
    Ok(Page(EmailPage { chrome, changing, is_undo: true, done: true }))
}

async fn end_others(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    SessionSecret(secret): SessionSecret,
) -> Result<Redirect> {
    let own = secret.as_ref().map(|secret| secret.expose()).unwrap_or_default();
    sessions::revoke_others(&app, &session.actor, own).await?;
    Ok(Redirect::to("/account?done=others"))
}

async fn end_session(State(app): State<App>, SignedIn(session): SignedIn, Path(id): Path<String>) -> Result<Redirect> {
    sessions::revoke(&app, &session.actor, &id).await?;
    Ok(Redirect::to("/account?done=session"))
}

async fn take_seat(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    SessionSecret(secret): SessionSecret,
    Browser(browser): Browser,
    cookies: CookieJar,
    Path(seat): Path<Uuid>,
) -> Result<Response> {
    let own = secret.as_ref().map(|secret| secret.expose()).unwrap_or_default();
    let started = sessions::take_seat(&app, &session.actor, own, seat, &browser).await?;
    Ok(arrive(&app, cookies, &started, ""))
}
