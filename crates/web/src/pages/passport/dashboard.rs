//! `/passport`: what is missing for each license and by when, what is new, what a board has not accepted, and the
//! credit of the past months and years.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::Amount;
use domain::credit::{Completion, CreditStatus, Kind};
use domain::transcript::{Filter, Holder, assemble};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::gaps::{self, LicenseView, Missing};
use crate::access::PhysicianVisitor;
use crate::pages::sheet::{self, Row};
use crate::plots::{Bars, Line, Mark};
use crate::{Chrome, Page, Result};

/// How many new completions are listed.
const NEW_LISTED: usize = 5;
const NEW_FOR: i64 = 30 * 24 * 3_600_000_000;
/// Months that are drawn, the running one last.
const MONTHS: i64 = 12;
const YEARS: i16 = 6;

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
    licenses: Vec<LicenseView>,
    has_examples: bool,
    /// Across all licenses, the earliest day first.
    missing: Vec<Missing>,
    /// Reported in the last 30 days.
    new: Vec<Row>,
    new_count: usize,
    /// Completions with points that wait for a board, or that a board rejected.
    undecided: Vec<Row>,
    rejected: Vec<Row>,
    certifications: Vec<Held>,
    months: Vec<Mark>,
    by_month: Vec<Line>,
    years: Vec<Mark>,
    by_year: Option<Bars>,
    is_empty: bool,
}

struct Held {
    issuer: String,
    number: String,
    status: String,
}

async fn show(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let (physician, completions) = app::transcripts::own_record(&app, &visitor.scope).await?;
    let found = app::requirements::own(&app, &visitor.scope).await?;
    let reference = app.reference.get();
    let today = app.clock.today();
    let this_year = Filter { from: Some(date(today.year(), 1, 1)), ..Filter::default() };
    let everything = assemble(Holder::default(), completions.clone(), Filter::default(), &reference).completions;
    let totals = assemble(Holder::default(), completions, this_year, &reference).totals;

    let since = app.clock.now() - NEW_FOR;
    let mut new: Vec<&Completion> = everything.iter().filter(|completion| completion.reported_at > since).collect();
    new.sort_by_key(|completion| std::cmp::Reverse(completion.reported_at));
    let certifications = physician.certifications.iter().map(|held| Held {
        issuer: reference.board(held.board).map_or_else(|| held.board.to_string(), |board| board.name.clone()),
        number: held.diplomate_id.clone(),
        status: held.status.clone(),
    });
    let licenses = gaps::views(&found, &everything, &reference);
    let (months, years) = (months(&everything, today), years(&everything, today));
    Ok(Page(Dashboard {
        chrome,
        physician: physician.full_name(),
        year: today.year(),
        totals: totals.into_iter().map(|total| (total.label.replace("Total ", ""), total.amount.fixed())).collect(),
        has_examples: licenses.iter().any(|license| license.is_example),
        licenses,
        missing: gaps::missing(&found, &reference, today),
        new_count: new.len(),
        new: new.into_iter().take(NEW_LISTED).map(|completion| sheet::row(completion, &reference)).collect(),
        undecided: with_status(&everything, CreditStatus::Pending, &reference),
        rejected: with_status(&everything, CreditStatus::Rejected, &reference),
        certifications: certifications.collect(),
        by_month: Line::of("months", "AMA PRA Category 1 Credits by month", &months, months.len().checked_sub(1)),
        by_year: Bars::of("years", "AMA PRA Category 1 Credits by year", &years),
        months,
        years,
        is_empty: everything.is_empty(),
    }))
}

/// CME credit that was completed on these days.
fn earned(all: &[Completion], from: Date, before: Date) -> Amount {
    let within = all.iter().filter(|one| from <= one.completed_on && one.completed_on < before);
    let credits = within.flat_map(|completion| &completion.credits);
    credits
        .filter(|credit| credit.kind == Kind::Cme && credit.status != CreditStatus::Rejected)
        .map(|credit| credit.amount)
        .sum()
}

fn mark(label: String, amount: Amount) -> Mark {
    Mark { label, value: amount.hundredths() as f64 / 100.0, shown: amount.fixed() }
}

/// The last months, the running one last.
fn months(all: &[Completion], today: Date) -> Vec<Mark> {
    let this = today.first_of_month();
    let month = |back: i64| {
        let first = this.saturating_sub(back.months());
        mark(first.strftime("%b %y").to_string(), earned(all, first, first.saturating_add(1.month())))
    };
    (0..MONTHS).rev().map(month).collect()
}

/// The last years in which there may be credit, the running one first.
fn years(all: &[Completion], today: Date) -> Vec<Mark> {
    let year = |year: i16| mark(year.to_string(), earned(all, date(year, 1, 1), date(year + 1, 1, 1)));
    let mut years: Vec<Mark> = (0..YEARS).map(|back| year(today.year() - back)).collect();
    while years.last().is_some_and(|oldest| oldest.value <= 0.0) && years.len() > 1 {
        years.pop();
    }
    years
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
