//! The certificate of one completion: an official transcript with one line, in another dress.
//!
//! Its code is that of the issue, so it is verified like any transcript.

use domain::credit::{CreditStatus, Kind};
use domain::transcript::credit_lines;

use super::{Official, counts, long_date, print};
use crate::{App, Error, Result, credentials};

/// As the certificate is headed.
pub const HEADING: &str = "Certificate of Completion";

/// The certificate as PDF.
///
/// Errors: `NotFound` unless the transcript lists exactly one completion with credit that counts.
pub async fn certificate(app: &App, official: &Official) -> Result<Vec<u8>> {
    let sheet = sheet(app, official).ok_or(Error::NotFound)?;
    let code = official.code.clone();
    let keys = app.credentials.clone();
    print::apart(move || {
        let pdf = pdf::certificate(&sheet).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(credentials::seal::put(&keys, &code, pdf))
    })
    .await
}

fn sheet(app: &App, official: &Official) -> Option<pdf::Certificate> {
    let [completion] = official.transcript.completions.as_slice() else { return None };
    let reference = app.reference.get();
    let counting: Vec<_> = completion.credits.iter().filter(|credit| counts(credit)).collect();
    if counting.is_empty() {
        return None;
    }
    let mut notes = vec![format!(
        "Activity {}, reported by {} (provider {}).",
        completion.activity, completion.provider_name, completion.provider
    )];
    let pending = counting.iter().filter(|credit| credit.status == CreditStatus::Pending);
    for board in pending.filter_map(|credit| credit.kind.board()) {
        notes.push(format!("{} has not answered about its points yet.", reference.board_label(board)));
    }
    if counting.iter().any(|credit| credit.is_derived && credit.kind == Kind::Cme) {
        notes.push("Derived credit follows from MOC points of the same activity.".to_owned());
    }
    Some(pdf::Certificate {
        heading: HEADING.to_owned(),
        physician: official.transcript.holder.name.clone(),
        title: completion.title.clone(),
        provider: completion.provider_name.clone(),
        date: long_date(completion.completed_on),
        credits: counting.iter().flat_map(|credit| credit_lines(credit, &reference)).collect(),
        issued: app.clock.show(official.issued_at),
        verify_address: app.config.link("/verify"),
        verify_code: official.code.clone(),
        notes,
    })
}
