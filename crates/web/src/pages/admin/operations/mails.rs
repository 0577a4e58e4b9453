//! `/admin/mails`: the letters' log. Words are shown one letter at a time and without their secrets, and that they
//! were read is written down.

use app::{App, Error, operations};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use jiff::civil::Date;
use serde::Deserialize;
use store::mails::log::{self, Logged, Search, Standing};
use uuid::Uuid;

use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 50;

/// How letters stand, to choose from.
const STANDINGS: &[(&str, &str)] =
    &[("", "However they stand"), ("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")];

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/mails", get(list))
        .route("/admin/mails/{mail}", get(show))
        .route("/admin/mails/{mail}/send-again", post(send_again))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    to: String,
    subject: String,
    show: String,
    from: String,
    until: String,
    after: String,
}

impl Asked {
    /// Nonsense shows all.
    fn search(&self, app: &App) -> Search {
        let day = |text: &str| text.trim().parse::<Date>().ok();
        let after = self.after.split_once('_').and_then(|(at, id)| Some((at.parse().ok()?, id.parse::<Uuid>().ok()?)));
        Search {
            to: self.to.trim().to_owned(),
            subject: self.subject.trim().to_owned(),
            standing: Standing::read(&self.show),
            from: day(&self.from).map(|day| app.clock.start_of(day)),
            before: day(&self.until).map(|day| app.clock.end_of(day)),
            after,
        }
    }

    fn query(&self) -> String {
        let given = [
            ("to", &self.to),
            ("subject", &self.subject),
            ("show", &self.show),
            ("from", &self.from),
            ("until", &self.until),
        ];
        let given = given.iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }
}

#[derive(Template)]
#[template(path = "admin/operations/mails.html")]
struct MailsPage {
    chrome: Chrome,
    asked: Asked,
    standings: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
    older: String,
    is_narrowed: bool,
    /// Letters are kept and not sent: there is no mail server, or this is the demo.
    is_kept: bool,
}

struct Row {
    id: Uuid,
    to: String,
    subject: String,
    kind: &'static str,
    word: &'static str,
    written: When,
    sent: Option<When>,
    tries: i64,
    tried: Option<When>,
    failure: String,
    has_body: bool,
    may_send: bool,
}

impl Row {
    fn of(app: &App, letter: Logged) -> Self {
        let standing = letter.standing();
        let (kind, word) = match standing {
            Standing::Waiting => ("waiting", "Waiting"),
            Standing::Sent => ("good", "Sent"),
            Standing::Failed => ("bad", "Failed"),
        };
        Self {
            id: letter.mail_id,
            to: letter.to_address,
            subject: letter.subject,
            kind,
            word,
            written: When::of(app, letter.created_at),
            sent: letter.sent_at.map(|at| When::of(app, at)),
            tries: letter.tries,
            tried: letter.tried_at.map(|at| When::of(app, at)),
            failure: letter.failure.unwrap_or_default(),
            has_body: letter.has_body,
            may_send: standing == Standing::Failed && letter.has_body,
        }
    }
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let mut letters = log::search(&mut tx, &visitor.scope, &asked.search(&app), PER_PAGE + 1).await?;
    drop(tx);
    let has_older = letters.len() as i64 > PER_PAGE;
    letters.truncate(usize::try_from(PER_PAGE).unwrap_or_default());
    let last = letters.last().filter(|_| has_older);
    let older = last.map_or_else(String::new, |last| {
        format!("/admin/mails?{}after={}_{}", asked.query(), last.created_at, last.mail_id)
    });
    Ok(Page(MailsPage {
        chrome,
        standings: STANDINGS,
        rows: letters.into_iter().map(|letter| Row::of(&app, letter)).collect(),
        older,
        is_narrowed: !asked.query().is_empty(),
        is_kept: app.config.smtp.is_empty() || app.config.demo,
        asked,
    }))
}

#[derive(Template)]
#[template(path = "admin/operations/mail.html")]
struct MailPage {
    chrome: Chrome,
    letter: Row,
    lines: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(mail): Path<Uuid>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "again" => chrome.with_notice("success", "It waits to be sent", "It goes out within seconds."),
        "stale" => {
            chrome.with_notice("info", "It cannot be sent again", "It was sent, waits already, or its words are gone.")
        }
        _ => chrome,
    };
    let (letter, body) = operations::read_letter(&app, &visitor.session.actor, &visitor.scope, mail).await?;
    let lines = body.lines().map(str::to_owned).collect();
    Ok(Page(MailPage { chrome, letter: Row::of(&app, letter), lines }))
}

async fn send_again(State(app): State<App>, visitor: StaffVisitor, Path(mail): Path<Uuid>) -> Result<Redirect> {
    let sent = operations::send_letter_again(&app, &visitor.session.actor, &visitor.scope, mail).await;
    match sent {
        Ok(()) => Ok(Redirect::to(&format!("/admin/mails/{mail}?done=again"))),
        Err(Error::Stale) => Ok(Redirect::to(&format!("/admin/mails/{mail}?done=stale"))),
        Err(error) => Err(error.into()),
    }
}
