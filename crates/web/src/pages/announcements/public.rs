//! `/notices`: the notices for whoever reads, now and before; putting one away; and whether they come by e-mail too.
//!
//! `/notices/unsubscribe/{secret}` is the link at a letter's foot. It ends such letters and does nothing else, so nobody
//! has to sign in; a button does it, because programs follow links in letters, or one POST of a mail program (RFC 8058).

use app::App;
use app::announcements::{self, Reader, Standing};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::AnnouncementId;
use serde::Deserialize;

use super::Shown;
use crate::access::{MaybeSignedIn, SignedIn};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/notices", get(list))
        .route("/notices/letters", post(choose))
        .route("/notices/{id}/dismiss", post(dismiss))
        .route("/notices/unsubscribe/{secret}", get(ask).post(end))
}

#[derive(Template)]
#[template(path = "announcements/public.html")]
struct Notices {
    chrome: Chrome,
    now: Vec<Shown>,
    before: Vec<Shown>,
    /// Whether the reader gets letters; nothing for who is not signed in.
    letters: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn list(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let reader = Reader::of(session.as_ref().map(|session| &session.actor));
    let all = announcements::of_reader(&app, reader).await?;
    let of = |wanted: Standing| {
        all.iter().filter(|(_, standing)| *standing == wanted).map(|(notice, _)| Shown::of(&app, notice)).collect()
    };
    let chrome = match asked.done.as_str() {
        "letters" => chrome.with_notice("success", "Your choice is kept", ""),
        _ => chrome,
    };
    Ok(Page(Notices {
        chrome,
        now: of(Standing::Shown),
        before: of(Standing::Over),
        letters: announcements::wants(&app, reader).await?,
    }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Choice {
    letters: String,
}

async fn choose(State(app): State<App>, SignedIn(session): SignedIn, Form(given): Form<Choice>) -> Result<Redirect> {
    announcements::choose(&app, &session.actor, given.letters == "yes").await?;
    Ok(Redirect::to("/notices?done=letters"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Back {
    back: String,
}

/// Back to the page, or nothing for a script, which takes the notice away itself.
async fn dismiss(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(id): Path<AnnouncementId>,
    headers: HeaderMap,
    Form(given): Form<Back>,
) -> Result<Response> {
    announcements::dismiss(&app, &session.actor, id).await?;
    let is_script = headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json");
    Ok(match is_script {
        true => StatusCode::NO_CONTENT.into_response(),
        false => Redirect::to(own_page(&given.back)).into_response(),
    })
}

/// A page of ours to come back to, or the list: never another site.
fn own_page(back: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let is_own = back.starts_with('/') && !back.starts_with("//") && back.bytes().all(is_plain) && back.len() <= 2_000;
    if is_own { back } else { "/notices" }
}

#[derive(Template)]
#[template(path = "announcements/unsubscribe.html")]
struct Unsubscribe {
    chrome: Chrome,
    is_done: bool,
}

async fn ask(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    announcements::check_link(&app, &secret).await?;
    Ok(Page(Unsubscribe { chrome, is_done: false }))
}

async fn end(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    announcements::unsubscribe(&app, &secret).await?;
    Ok(Page(Unsubscribe { chrome, is_done: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_no_other_site() {
        assert_eq!(own_page("/provider?x=1"), "/provider?x=1");
        for back in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb", "provider"] {
            assert_eq!(own_page(back), "/notices", "{back}");
        }
    }
}
