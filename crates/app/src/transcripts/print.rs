//! The transcript on paper: words and order as the field writes them, handed to `pdf`.

use std::sync::Arc;

use domain::check::us_date;
use domain::credit::{Completion, CreditStatus, Kind};
use domain::reference::Reference;
use domain::transcript::{Filter, HEADING, Transcript, credit_lines, status_line};
use jiff::civil::Date;

use super::Official;
use crate::{App, Error, Result, credentials};

/// `March 14, 2026`.
pub fn long_date(date: Date) -> String {
    date.strftime("%B %-d, %Y").to_string()
}

/// Which completion dates and which kind of credit a transcript covers.
pub fn range_words(filter: &Filter, reference: &Reference) -> String {
    let dates = match (filter.from, filter.until) {
        (Some(from), Some(until)) => format!("{} to {}", long_date(from), long_date(until)),
        (Some(from), None) => format!("Since {}", long_date(from)),
        (None, Some(until)) => format!("Until {}", long_date(until)),
        (None, None) if filter.completion.is_some() => "One completion".to_owned(),
        (None, None) => "All completion dates".to_owned(),
    };
    let dates = match filter.provider {
        Some(provider) => format!("{dates}, provider {provider} only"),
        None => dates,
    };
    match filter.kind {
        Some(Kind::Moc(board)) => format!("{dates}, {} points only", reference.board_label(board)),
        Some(Kind::Cme | Kind::Rems) => format!("{dates}, CME credits only"),
        None => dates,
    }
}

/// The transcript as PDF, with our seal in it.
pub async fn pdf(app: &App, official: &Official) -> Result<Vec<u8>> {
    if let Some(paper) = official.paper.get("") {
        return Ok(paper.to_vec());
    }
    let sheet = sheet(app, official);
    let code = official.code.clone();
    let keys = app.credentials.clone();
    let made = apart(move || {
        let pdf = pdf::transcript(&sheet).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(credentials::seal::put(&keys, &code, pdf))
    });
    let made = Arc::new(made.await?);
    official.paper.put("", &made);
    Ok(made.to_vec())
}

/// Runs what keeps a core busy away from those that answer requests.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
}

fn sheet(app: &App, official: &Official) -> pdf::Transcript {
    let reference = app.reference.get();
    let Transcript { holder, filter, completions, totals } = &official.transcript;
    let licenses = official.licenses.iter().map(|held| format!("{}, {}", held.board_name, held.number));
    let certifications =
        official.certifications.iter().map(|held| format!("{}, {}", held.board_name, held.diplomate_id));
    pdf::Transcript {
        heading: HEADING.to_owned(),
        physician: holder.name.clone(),
        range: range_words(filter, &reference),
        licenses: licenses.collect(),
        certifications: certifications.collect(),
        totals: totals.iter().map(|total| (total.label.clone(), total.amount.fixed())).collect(),
        rows: completions.iter().map(|completion| row(completion, &reference)).collect(),
        issued: app.clock.show(official.issued_at),
        verify_address: app.config.link("/verify"),
        verify_code: official.code.clone(),
        notes: notes(completions),
    }
}

fn row(completion: &Completion, reference: &Reference) -> pdf::Row {
    pdf::Row {
        date: us_date(completion.completed_on),
        title: completion.title.clone(),
        provider: completion.provider_name.clone(),
        credits: completion.credits.iter().flat_map(|credit| credit_lines(credit, reference)).collect(),
        status: completion.credits.iter().map(|credit| status_line(credit, reference)).collect(),
    }
}

/// Sentences that explain what the table shows, and nothing that it does not.
pub fn notes(completions: &[Completion]) -> Vec<String> {
    let credits = || completions.iter().flat_map(|completion| &completion.credits);
    let mut notes = Vec::new();
    if credits().any(|credit| credit.is_derived) {
        notes.push("Derived credit follows from MOC points of the same activity; it is counted once.".to_owned());
    }
    if credits().any(|credit| credit.status == CreditStatus::Pending) {
        notes.push("Pending points wait for the certifying board’s answer and are part of the total.".to_owned());
    }
    if credits().any(|credit| credit.status == CreditStatus::Rejected) {
        notes.push("Rejected points are not part of the total.".to_owned());
    }
    if credits().any(|credit| credit.types.len() > 1) {
        notes.push("Credit types describe the same points and are not added up.".to_owned());
    }
    notes
}
