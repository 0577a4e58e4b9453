//! `/mailbox`: the letters a demo would have sent, for anybody to read. Only the demo has it: letters
//! hold links that open accounts.
//!
//! The text is shown here; the HTML part is a page of its own, since it brings styles that our pages refuse.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use uuid::Uuid;

use crate::chrome::MAILBOX_SEEN;
use crate::{Chrome, Error, Page, Result, When};

const SHOWN: i64 = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/mailbox", get(mailbox)).route("/mailbox/{id}", get(html))
}

/// Styles in the letter itself, and nothing else.
const LETTER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Mailbox {
    chrome: Chrome,
    letters: Vec<Letter>,
}

struct Letter {
    id: Uuid,
    to: String,
    subject: String,
    at: When,
    lines: Vec<Line>,
}

/// A line of a letter; a line that is an address becomes a link.
struct Line {
    text: String,
    is_link: bool,
}

async fn mailbox(
    State(app): State<App>,
    mut chrome: Chrome,
    cookies: CookieJar,
) -> Result<(CookieJar, Page<impl Template>)> {
    if !app.config.demo {
        return Err(Error::App(app::Error::NotFound));
    }
    let mut tx = app.store.read().await?;
    let mails = store::mails::list_newest(&mut tx, SHOWN).await?;
    let own = app.config.link("/");
    let letters = mails.into_iter().map(|mail| Letter {
        id: mail.mail_id,
        at: When::of(&app, mail.created_at),
        lines: mail
            .body
            .lines()
            .map(|line| Line { text: line.to_owned(), is_link: line.starts_with(&own) && !line.contains(' ') })
            .collect(),
        to: mail.to_address,
        subject: mail.subject,
    });
    chrome.mail_unread = 0;
    let seen = Cookie::build((MAILBOX_SEEN, app.clock.now().to_string())).path("/").http_only(true).build();
    Ok((cookies.add(seen), Page(Mailbox { chrome, letters: letters.collect() })))
}

/// The HTML part of one letter, as a mail program would show it.
async fn html(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let found = match app.config.demo {
        true => store::mails::find(&mut app.store.read().await?, id).await?,
        false => None,
    };
    let mail = found.filter(|mail| !mail.html.is_empty()).ok_or(app::Error::NotFound)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY)], Html(mail.html)).into_response())
}
