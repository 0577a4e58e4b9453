//! `/shared/{secret}`: a transcript that a physician shares, for whoever has the link. Looking at the address opens
//! nothing: the button does, so programs that follow links in letters leave no look behind.
//!
//! The cookie that lets a browser read on belongs to one link and is worth nothing without it.

use std::sync::Arc;

use app::accounts::Secret;
use app::chance::hash_of_secret;
use app::shares::{self, Offered, Opened, What};
use app::{App, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;

use super::sheet;
use crate::access::Browser;
use crate::arrival::browser_words;
use crate::{Chrome, Faults, Page, REFUSED, Result, When, download};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/shared/{secret}", get(offer).post(open))
        .route("/shared/{secret}/code", post(send_code))
        .route("/shared/{secret}/confirm", post(confirm))
        .route("/shared/{secret}/transcript", get(read))
        .route("/shared/{secret}/transcript.pdf", get(pdf))
        .route("/shared/{secret}/transcript.json", get(json))
}

#[derive(Template)]
#[template(path = "shared/offer.html")]
struct OfferPage {
    chrome: Chrome,
    offered: Offered,
    ends: When,
    /// Below which the forms' addresses stand.
    path: String,
    is_code_sent: bool,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "shared/ended.html")]
struct EndedPage {
    chrome: Chrome,
}

#[derive(Template)]
#[template(path = "shared/transcript.html")]
struct SharedPage {
    chrome: Chrome,
    sheet: Arc<str>,
    physician: String,
    recipient: String,
    ends: When,
    path: String,
    allows_downloads: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    code: String,
}

/// A page that says that the share has ended, in place of the error that says so.
fn or_ended<T>(chrome: Chrome, done: app::Result<T>) -> Result<std::result::Result<(Chrome, T), Response>> {
    match done {
        Ok(done) => Ok(Ok((chrome, done))),
        Err(app::Error::LinkOver) => Ok(Err((StatusCode::GONE, Page(EndedPage { chrome })).into_response())),
        Err(error) => Err(error.into()),
    }
}

async fn offer(
    State(app): State<App>,
    chrome: Chrome,
    Path(secret): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(&app, chrome, &secret, asked.code == "sent", Faults::none()).await
}

async fn page(app: &App, chrome: Chrome, secret: &str, is_code_sent: bool, faults: Faults) -> Result<Response> {
    let (chrome, offered) = match or_ended(chrome, shares::offer(app, secret).await)? {
        Ok(offered) => offered,
        Err(ended) => return Ok(ended),
    };
    let ends = When::of(app, offered.expires_at);
    let status = if faults.is_empty() { StatusCode::OK } else { REFUSED };
    let path = format!("/shared/{secret}");
    Ok((status, Page(OfferPage { chrome, offered, ends, path, is_code_sent, faults })).into_response())
}

async fn open(
    State(app): State<App>,
    chrome: Chrome,
    cookies: CookieJar,
    Path(secret): Path<String>,
) -> Result<Response> {
    match or_ended(chrome, shares::open(&app, &secret).await)? {
        Ok((_, visit)) => Ok(arrive(&app, cookies, &secret, &visit)),
        Err(ended) => Ok(ended),
    }
}

async fn send_code(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Response> {
    match or_ended(chrome, shares::send_code(&app, &secret).await)? {
        Ok(_) => Ok(Redirect::to(&format!("/shared/{secret}?code=sent")).into_response()),
        Err(ended) => Ok(ended),
    }
}

async fn confirm(
    State(app): State<App>,
    chrome: Chrome,
    cookies: CookieJar,
    Path(secret): Path<String>,
    Form(given): Form<Asked>,
) -> Result<Response> {
    match shares::confirm(&app, &secret, &given.code).await {
        Err(app::Error::Invalid(faults)) => page(&app, chrome, &secret, true, faults.into()).await,
        confirmed => match or_ended(chrome, confirmed)? {
            Ok((_, visit)) => Ok(arrive(&app, cookies, &secret, &visit)),
            Err(ended) => Ok(ended),
        },
    }
}

/// One cookie for each link, so that several can be open side by side; its name does not tell which.
fn cookie_name(secret: &str) -> String {
    let hash = hash_of_secret(secret);
    let name: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("visit-{name}")
}

fn arrive(app: &App, cookies: CookieJar, secret: &str, visit: &Secret) -> Response {
    let cookie = Cookie::build((cookie_name(secret), visit.expose().to_owned()))
        .path("/shared")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Lax)
        .build();
    (cookies.add(cookie), Redirect::to(&format!("/shared/{secret}/transcript"))).into_response()
}

/// What the link shows now, or where to go instead.
async fn shown(
    app: &App,
    chrome: Chrome,
    cookies: &CookieJar,
    secret: &str,
    what: What,
    browser: &str,
) -> Result<std::result::Result<(Chrome, Opened), Response>> {
    let name = cookie_name(secret);
    let visit = cookies.get(&name).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    Ok(match or_ended(chrome, shares::read(app, secret, &visit, what, &browser_words(browser)).await)? {
        Ok((chrome, Some(opened))) => Ok((chrome, opened)),
        Ok((_, None)) => Err(Redirect::to(&format!("/shared/{secret}")).into_response()),
        Err(ended) => Err(ended),
    })
}

async fn read(
    State(app): State<App>,
    chrome: Chrome,
    cookies: CookieJar,
    Browser(browser): Browser,
    Path(secret): Path<String>,
) -> Result<Response> {
    let (chrome, opened) = match shown(&app, chrome, &cookies, &secret, What::Page, &browser).await? {
        Ok(opened) => opened,
        Err(instead) => return Ok(instead),
    };
    Ok(Page(SharedPage {
        chrome,
        sheet: sheet::html(&app, &opened.official, "")?,
        physician: opened.official.transcript.holder.name.clone(),
        recipient: opened.recipient,
        ends: When::of(&app, opened.expires_at),
        path: format!("/shared/{secret}"),
        allows_downloads: opened.allows_downloads,
    })
    .into_response())
}

async fn pdf(
    State(app): State<App>,
    chrome: Chrome,
    cookies: CookieJar,
    Browser(browser): Browser,
    Path(secret): Path<String>,
) -> Result<Response> {
    match shown(&app, chrome, &cookies, &secret, What::Pdf, &browser).await? {
        Ok((_, Opened { official, .. })) => {
            let name = format!("transcript-{}.pdf", official.code);
            Ok(download::bytes(&name, "application/pdf", transcripts::pdf(&app, &official).await?))
        }
        Err(instead) => Ok(instead),
    }
}

async fn json(
    State(app): State<App>,
    chrome: Chrome,
    cookies: CookieJar,
    Browser(browser): Browser,
    Path(secret): Path<String>,
) -> Result<Response> {
    match shown(&app, chrome, &cookies, &secret, What::Json, &browser).await? {
        Ok((_, Opened { official, .. })) => {
            let name = format!("transcript-{}.json", official.code);
            let json = transcripts::json(&app, std::slice::from_ref(&official))?;
            Ok(download::bytes(&name, "application/json", json.into_bytes()))
        }
        Err(instead) => Ok(instead),
    }
}
