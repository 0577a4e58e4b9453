//! `/account`: where somebody is signed in, another of their seats, a new password.

use app::App;
use app::accounts::{resets, sessions};
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
use crate::chrome::persona_label;
use crate::{Chrome, Error, Faults, Page, REFUSED, Result, When};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/password", post(change_password))
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
        _ => chrome,
    };
    Ok(Page(page(&app, session, &secret, chrome, Faults::none()).await?))
}

async fn page(app: &App, session: Session, secret: &SessionSecret, chrome: Chrome, faults: Faults) -> Result<Account> {
    let Who::Account(account) = session.actor.who else { return Err(Error::App(app::Error::NotFound)) };
    let own = secret.0.as_ref().map(|secret| secret.expose()).unwrap_or_default();
    let listed = sessions::list(app, account, own).await?;
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
    Ok(Account { chrome, sessions: rows.collect(), seats: seats.collect(), session, faults })
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
            Ok((REFUSED, Page(page(&app, session, &secret, chrome, faults).await?)).into_response())
        }
    }
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

/// Enough of a user agent for its owner to recognise the machine: `Firefox on Windows`.
fn browser_words(agent: &str) -> String {
    let first =
        |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // the order matters: most browsers also claim to be those further down
    let browser =
        first(&[("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari")]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_though_they_name_each_other() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1";
        assert_eq!(browser_words(edge), "Edge on Windows");
        assert_eq!(browser_words(safari), "Safari on iPhone");
        assert_eq!(browser_words("curl/8.0"), "Unknown browser");
    }
}
