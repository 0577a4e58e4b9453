//! Learners to be checked, read from a request's body or a file. A record is one learner, whatever it reports.

use std::path::Path;

use domain::report::LearnerReport;
use domain::{Code, Problem};
use formats::{Batch, Limits, Purpose, Row};

use crate::{App, Error, Result};

/// Learners of one request.
pub const MOST_AT_ONCE: usize = 1_000;
/// Learners of one file on the page, which answers at once.
pub const MOST_IN_FILE: usize = 5_000;

/// One learner as it was sent.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The row of a sheet as people see it; the record of a document, from 1.
    pub number: u64,
    pub report: LearnerReport,
}

/// Reads a document of learner reports. `Problems`: it cannot be read, or holds more than [`MOST_AT_ONCE`].
pub async fn read_document(app: &App, body: Vec<u8>, is_json: bool) -> Result<Vec<Asked>> {
    let reference = app.reference.get();
    reading(move || {
        let batch = formats::open_held(body, is_json, &limits(MOST_AT_ONCE))?;
        learners(batch, MOST_AT_ONCE, &reference)
    })
    .await
}

/// Reads a learner file of any format. `Problems` as [`read_document`], of more than [`MOST_IN_FILE`].
pub async fn read_file(app: &App, path: &Path) -> Result<Vec<Asked>> {
    let (path, reference) = (path.to_owned(), app.reference.get());
    reading(move || {
        let format = formats::sniff(&path).map_err(|problem| vec![problem])?;
        let batch = formats::open_for(&path, format, &limits(MOST_IN_FILE), Purpose::Identity)?;
        learners(batch, MOST_IN_FILE, &reference)
    })
    .await
}

/// A record of a document may make several rows, so rows may be more than learners.
fn limits(most: usize) -> Limits {
    Limits { rows: (most * 8) as u64, ..Limits::default() }
}

async fn reading<T: Send + 'static>(
    read: impl FnOnce() -> std::result::Result<T, Vec<Problem>> + Send + 'static,
) -> Result<T> {
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| Error::Internal(format!("reading stopped: {error}")))?.map_err(Error::Problems)
}

fn learners(
    mut batch: Batch,
    most: usize,
    reference: &domain::reference::Reference,
) -> std::result::Result<Vec<Asked>, Vec<Problem>> {
    let header = batch.header().clone();
    let mut asked: Vec<Asked> = Vec::new();
    for row in &mut batch {
        let row: Row = row.map_err(|problem| vec![problem])?;
        let number = row.origin.as_ref().map_or(row.number, |origin| origin.record);
        // credit of several boards makes several rows of one learner
        if row.origin.is_some() && asked.last().is_some_and(|last| last.number == number) {
            continue;
        }
        if asked.len() == most {
            return Err(vec![too_many(most)]);
        }
        let report = formats::learner_report_for(Purpose::Identity, &header, &row, reference);
        asked.push(Asked { number, report });
    }
    Ok(asked)
}

pub(super) fn too_many(most: usize) -> Problem {
    Problem::file(Code::FileTooLarge).fact(format!("{},{:03} learners", most / 1_000, most % 1_000))
}
