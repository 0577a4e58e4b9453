//! What a provider reported about one learner, found again for a question: the row's cells as they came
//! or as corrected.
//!
//! Cells of rows that were accepted as they came are only in the stored file, so it is read again up to
//! that row. Of a learner typed on a page, state and board ID are not kept anywhere.

use domain::access::StaffScope;
use domain::upload::RowResult;
use domain::{CompletionId, Field, MonthDay, PhysicianId, ProviderId, State, UploadId};
use formats::{FileFormat, Header, Limits};
use store::registry_pages::{self, SubmittedRow};

use super::explain::Typed;
use crate::{App, Error, Result, uploads};

/// A row as it was reported.
#[derive(Debug, Clone)]
pub struct Reported {
    pub upload: UploadId,
    pub row: i64,
    pub provider: ProviderId,
    pub provider_name: String,
    /// Empty for a learner typed on a page.
    pub file_name: String,
    pub received_at: i64,
    pub result: RowResult,
    /// Whom the row was linked with.
    pub physician: Option<PhysicianId>,
    /// What was wrong with the row, in sentences.
    pub problems: Vec<String>,
    pub typed: Typed,
    /// State, board and diplomate ID are not kept.
    pub is_partial: bool,
}

impl Reported {
    /// For the audit trail: which row.
    pub fn subject(&self) -> String {
        format!("{} row {}", self.upload, self.row)
    }
}

/// The upload and row that a completion came from.
pub async fn row_of(app: &App, scope: &StaffScope, id: CompletionId) -> Result<(UploadId, i64)> {
    let mut tx = app.store.read().await?;
    let source = registry_pages::source(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    Ok((source.upload, source.row))
}

/// A settled row of a submission.
pub async fn reported(app: &App, scope: &StaffScope, upload: UploadId, row: i64) -> Result<Reported> {
    let mut tx = app.store.read().await?;
    let submitted = registry_pages::submitted_row(&mut tx, scope, upload, row).await?.ok_or(Error::NotFound)?;
    let source = match submitted.completion {
        Some(completion) => registry_pages::source(&mut tx, scope, completion).await?,
        None => None,
    };
    drop(tx);
    let from_file = cells(app, &submitted).await?.map(|(header, cells)| typed(&header, &cells));
    let is_partial = from_file.is_none();
    let from_completion = || {
        source.as_ref().map(|source| Typed {
            first: source.first.clone(),
            last: source.last.clone(),
            identifier: source.identifier.clone(),
            ..with_birth(&source.birth)
        })
    };
    Ok(Reported {
        upload,
        row,
        provider: submitted.provider,
        provider_name: submitted.provider_name,
        file_name: submitted.file_name,
        received_at: submitted.received_at,
        result: submitted.result,
        physician: source.as_ref().and_then(|source| source.physician),
        problems: submitted.problems.iter().map(|problem| problem.message()).collect(),
        typed: from_file.or_else(from_completion).unwrap_or_default(),
        is_partial,
    })
}

/// The row's cells with their columns: kept with it, or read again from the file.
async fn cells(app: &App, row: &SubmittedRow) -> Result<Option<(Header, Vec<String>)>> {
    let Some(header) = &row.header else { return Ok(None) };
    let header: Header =
        serde_json::from_str(header).map_err(|_| store::Error::corrupt("upload", "header", row.upload))?;
    if let Some(cells) = &row.cells {
        return Ok(Some((header, cells.clone())));
    }
    let Ok(format) = serde_json::from_str::<FileFormat>(&row.file_format) else { return Ok(None) };
    let path = uploads::stored_file(app, row.upload);
    let limits = Limits { file_bytes: app.config.upload_bytes, ..Limits::default() };
    let wanted = u64::try_from(row.number).unwrap_or_default();
    let found = tokio::task::spawn_blocking(move || {
        // a file that is gone or damaged leaves what the completion keeps
        let rows = formats::open(&path, format, &limits).ok()?;
        rows.map_while(Result::ok).find(|row| row.number >= wanted).filter(|row| row.number == wanted)
    });
    let found = found.await.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(found.map(|row| (header, row.cells)))
}

fn typed(header: &Header, cells: &[String]) -> Typed {
    let cell = |field| header.cell(cells, field).trim().to_owned();
    let state = cell(Field::State);
    Typed {
        first: cell(Field::FirstName),
        last: cell(Field::LastName),
        state: State::read(&state).map_or(state, |state| state.code().to_owned()),
        identifier: cell(Field::Identifier),
        board: cell(Field::Board).to_uppercase(),
        diplomate_id: cell(Field::DiplomateId),
        ..with_birth(&cell(Field::Birth))
    }
}

/// A birthday as two fields; one that cannot be read stands whole in the first.
fn with_birth(text: &str) -> Typed {
    let (birth_month, birth_day) = match MonthDay::read(text) {
        Some(day) => (format!("{:02}", day.month()), format!("{:02}", day.day())),
        None => (text.to_owned(), String::new()),
    };
    Typed { birth_month, birth_day, ..Typed::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_what_somebody_would_type() {
        let header = Header::of([Field::FirstName, Field::Birth, Field::State, Field::Board]);
        let cells = ["Ana ", "2/9", "california", "ABPath"].map(str::to_owned);
        let read = typed(&header, &cells);
        assert_eq!((read.first.as_str(), read.birth_month.as_str(), read.birth_day.as_str()), ("Ana", "02", "09"));
        assert_eq!((read.state.as_str(), read.board.as_str()), ("CA", "ABPATH"));
    }

    #[test]
    fn a_birthday_that_cannot_be_read_is_not_lost() {
        assert_eq!(with_birth("02/30").birth_month, "02/30");
    }
}
