//! `/passport`: the credit of this year, what is new, and what a board has not accepted.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::credit::{Completion, CreditStatus};
use domain::transcript::{Filter, Holder, assemble};
use jiff::civil::date;

use crate::access::PhysicianVisitor;
use crate::pages::sheet::{self, Row};
use crate::{Chrome, Page, Result};

/// How many new completions are listed.
const NEW_LISTED: usize = 5;
const NEW_FOR: i64 = 30 * 24 * 3_600_000_000;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport", get(show))
}

#[derive(Template)]
#[template(path = "passport/dashboard.html")]
struct Dashboard {
    chrome: Chrome,
    physician: String,
    year: i16,
    /// Of this year's completion dates: label and amount.
    totals: Vec<(String, String)>,
    /// Reported in the last 30 days.
    new: Vec<Row>,
    new_count: usize,
    /// Completions with points that wait for a board, or that a board rejected.
    undecided: Vec<Row>,
    rejected: Vec<Row>,
    licenses: Vec<Held>,
    certifications: Vec<Held>,
    is_empty: bool,
}

struct Held {
    issuer: String,
    number: String,
    status: String,
}

async fn show(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let (physician, completions) = app::transcripts::own_record(&app, &visitor.scope).await?;
    let reference = app.reference.get();
    let today = app.clock.today();
    let this_year = Filter { from: Some(date(today.year(), 1, 1)), ..Filter::default() };
    let everything = assemble(Holder::default(), completions.clone(), Filter::default(), &reference).completions;
    let totals = assemble(Holder::default(), completions, this_year, &reference).totals;

    let since = app.clock.now() - NEW_FOR;
    let mut new: Vec<&Completion> = everything.iter().filter(|completion| completion.reported_at > since).collect();
    new.sort_by_key(|completion| std::cmp::Reverse(completion.reported_at));
    let licenses = physician.licenses.iter().map(|held| Held {
        issuer: held.state.name().to_owned(),
        number: held.number.clone(),
        status: held.status.clone(),
    });
    let certifications = physician.certifications.iter().map(|held| Held {
        issuer: reference.board(held.board).map_or_else(|| held.board.to_string(), |board| board.name.clone()),
        number: held.diplomate_id.clone(),
        status: held.status.clone(),
    });
    Ok(Page(Dashboard {
        chrome,
        physician: physician.full_name(),
        year: today.year(),
        totals: totals.into_iter().map(|total| (total.label.replace("Total ", ""), total.amount.fixed())).collect(),
        new_count: new.len(),
        new: new.into_iter().take(NEW_LISTED).map(|completion| sheet::row(completion, &reference)).collect(),
        undecided: with_status(&everything, CreditStatus::Pending, &reference),
        rejected: with_status(&everything, CreditStatus::Rejected, &reference),
        licenses: licenses.collect(),
        certifications: certifications.collect(),
        is_empty: everything.is_empty(),
    }))
}

/// Completions that have credit in this status, with nothing but that credit.
fn with_status(all: &[Completion], status: CreditStatus, reference: &domain::reference::Reference) -> Vec<Row> {
    let narrowed = all.iter().map(|completion| {
        let credits = completion.credits.iter().filter(|credit| credit.status == status).cloned().collect();
        Completion { credits, ..completion.clone() }
    });
    narrowed
        .filter(|completion| !completion.credits.is_empty())
        .map(|completion| sheet::row(&completion, reference))
        .collect()
}
