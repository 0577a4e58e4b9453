//! `/passport/access`: who looked at the physician's record or changed it.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;
use store::audit::Entry;

use crate::access::PhysicianVisitor;
use crate::{Chrome, Page, Result, When};

const PAGE: i64 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/access", get(show))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    /// Entries before this time, in microseconds; nonsense shows the newest.
    before: String,
}

#[derive(Template)]
#[template(path = "passport/access.html")]
struct AccessPage {
    chrome: Chrome,
    looks: Vec<Look>,
    /// Where older entries begin, if there are any.
    older: Option<i64>,
    is_first: bool,
}

struct Look {
    at: When,
    who: String,
    what: String,
    detail: String,
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let before: Option<i64> = place.before.parse().ok();
    let mut tx = app.store.read().await?;
    let entries = store::audit::list(&mut tx, &visitor.scope, before.unwrap_or(i64::MAX), PAGE).await?;
    let is_full = i64::try_from(entries.len()).is_ok_and(|found| found == PAGE);
    let older = entries.last().map(|entry| entry.at).filter(|_| is_full);
    let looks = entries.iter().map(|entry| look(&app, entry)).collect();
    Ok(Page(AccessPage { chrome, looks, older, is_first: before.is_none() }))
}

fn look(app: &App, entry: &Entry) -> Look {
    let who = match entry.seat_kind.as_str() {
        "physician" => "You".to_owned(),
        "accreditor" => "The accreditor".to_owned(),
        "" => "Somebody who was not signed in".to_owned(),
        _ => entry.organization.clone(),
    };
    let (what, detail) = words(&entry.action, &entry.detail);
    Look { at: When::of(app, entry.at), who, what: what.to_owned(), detail }
}

/// What an entry of the audit trail says to the person it is about.
fn words<'a>(action: &'a str, detail: &str) -> (&'a str, String) {
    let kept = detail.to_owned();
    match action {
        "transcript.read" => ("Read your transcript", format!("Allowed because you {}", lower_person(detail))),
        "transcript.issue" => ("Had your official transcript issued", kept),
        "claim.request" if detail == "proven" => ("Proved to be you and was sent a link to an account", String::new()),
        "claim.request" => ("Asked for an account with details of yours", "Nothing was shown".to_owned()),
        "claim.accept" => ("Opened the account for your record", kept),
        "credit.accept" => ("Accepted points of yours", kept),
        "credit.reject" => ("Rejected points of yours", kept),
        "session.start" => ("Signed in", kept),
        // the accreditor's staff: their notes are for each other
        "physician.search" => ("Listed your record in a search", String::new()),
        "physician.list" => ("Named you on a list of records to look at", String::new()),
        "physician.read" => ("Read your record in the registry", String::new()),
        "identity.explain" => ("Compared your record with details that were reported", String::new()),
        "identity.look" => ("Compared your record with another that may be yours", String::new()),
        "identity.propose" => ("Proposed to join or to divide your record", String::new()),
        "identity.decline" => ("Decided not to join or divide your record", String::new()),
        "identity.confirm" => ("Joined or divided your record", String::new()),
        "identity.undo" => ("Put your record back as it was before it was joined or divided", String::new()),
        "review.open" => ("Compared your record with a row of a board’s list", String::new()),
        "review.attach" => ("Added what a board’s list says to your record", String::new()),
        "review.new" => ("Made your record from a board’s list", String::new()),
        "review.dismiss" => ("Left a row of a board’s list aside", String::new()),
        "review.reopen" => ("Took back what had been added from a board’s list", String::new()),
        other => (other, kept),
    }
}

/// The rule of a board's access, turned to the person: `holds or held a license in Georgia`.
fn lower_person(rule: &str) -> String {
    rule.replacen("holds or held", "hold or held", 1)
}
