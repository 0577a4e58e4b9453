//! `/certifying/statistics`: what waits for a board and since when, and what it answered in the last twelve months.

use std::collections::BTreeMap;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::credit::CreditStatus;
use domain::reference::{List, Reference};
use jiff::ToSpan;
use store::moc::{Answer, MOST_COUNTED};

use crate::access::CertifyingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::plots::{Bars, Mark};
use crate::{Chrome, Page, Result, When};

/// Answers that are looked at: the newest.
const MOST_ANSWERS: i64 = 50_000;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/certifying/statistics", get(show))
}

#[derive(Template)]
#[template(path = "certifying/statistics.html")]
struct Statistics {
    chrome: Chrome,
    board: String,
    pending: String,
    oldest: Option<When>,
    accepted: String,
    rejected: String,
    /// In percent of the answers, with one decimal.
    rejected_share: String,
    /// Not all answers of the time were looked at.
    is_cut: bool,
    months: Vec<Month>,
    by_month: Option<Bars>,
    reasons: Vec<(String, String)>,
    by_reason: Option<Bars>,
}

struct Month {
    /// Such as `2026-03`.
    machine: String,
    label: String,
    accepted: i64,
    rejected: i64,
}

async fn show(State(app): State<App>, visitor: CertifyingBoardVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let scope = &visitor.scope;
    let today = app.clock.today();
    let first = today.first_of_month().saturating_sub(11.months());
    let mut tx = app.store.read().await?;
    let pending = store::moc::count(&mut tx, scope, CreditStatus::Pending).await?;
    let oldest = store::moc::list(&mut tx, scope, CreditStatus::Pending, 1, 0).await?.into_iter().next();
    let answers = store::moc::answers(&mut tx, scope, app.clock.start_of(first), MOST_ANSWERS).await?;
    drop(tx);
    let months = months(&app, &answers);
    let reasons = reasons(&app.reference.get(), &answers);
    let sum = |of: fn(&Month) -> i64| months.iter().map(of).sum::<i64>();
    let (accepted, rejected) = (sum(|month| month.accepted), sum(|month| month.rejected));
    let tenths = (rejected * 1_000).checked_div(accepted + rejected).unwrap_or_default();
    let more = if pending == MOST_COUNTED { "+" } else { "" };
    let month_mark = |month: &Month| Mark {
        label: month.label.clone(),
        value: (month.accepted + month.rejected) as f64,
        shown: grouped(month.accepted + month.rejected),
    };
    let reason_mark =
        |(words, count): &(String, i64)| Mark { label: words.clone(), value: *count as f64, shown: grouped(*count) };
    let month_marks: Vec<Mark> = months.iter().map(month_mark).collect();
    let reason_marks: Vec<Mark> = reasons.iter().map(reason_mark).collect();
    Ok(Page(Statistics {
        chrome,
        board: visitor.session.organization,
        pending: format!("{}{more}", grouped(pending)),
        oldest: oldest.map(|credit| When::of(&app, credit.reported_at)),
        accepted: grouped(accepted),
        rejected: grouped(rejected),
        rejected_share: format!("{}.{}%", tenths / 10, tenths % 10),
        is_cut: answers.len() as i64 == MOST_ANSWERS,
        by_month: Bars::of("plot-months", "Answers by month", &month_marks),
        months,
        by_reason: Bars::of("plot-reasons", "Rejected by reason", &reason_marks),
        reasons: reasons.into_iter().map(|(words, count)| (words, grouped(count))).collect(),
    }))
}

/// The newest month first; months without an answer are left out.
fn months(app: &App, answers: &[Answer]) -> Vec<Month> {
    let mut by_month: BTreeMap<String, Month> = BTreeMap::new();
    for answer in answers {
        let Some(day) = app.clock.day_of(answer.at) else { continue };
        let machine = day.strftime("%Y-%m").to_string();
        let month = by_month.entry(machine.clone()).or_insert_with(|| Month {
            machine,
            label: day.strftime("%B %Y").to_string(),
            accepted: 0,
            rejected: 0,
        });
        match answer.status {
            CreditStatus::Accepted => month.accepted += 1,
            CreditStatus::Rejected => month.rejected += 1,
            CreditStatus::Pending => {}
        }
    }
    by_month.into_values().rev().collect()
}

/// Rejections by the catalogue's words, most first; a board's own notes are left out of them.
fn reasons(reference: &Reference, answers: &[Answer]) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.status == CreditStatus::Rejected) {
        let items = reference.rules().items.iter().filter(|item| item.list == List::RejectionReasons);
        let begins =
            |name: &str| answer.reason.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        let words =
            items.filter(|item| begins(&item.name)).map(|item| item.name.as_str()).max_by_key(|name| name.len());
        *counts.entry(words.unwrap_or("Another reason").to_owned()).or_default() += 1;
    }
    let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| -count);
    counts
}
