//! The result file: the rows as they came (or as corrected), in the format they came in, with what
//! became of each. Written to a scratch file, so that memory does not grow with the upload.

use std::path::PathBuf;

use domain::access::ProviderScope;
use domain::upload::RowResult;
use domain::{CompletionId, Problem, ProviderId, UploadId};
use formats::result::{RowResult as ResultCells, WriteError, Writer};
use formats::{FileFormat, Limits};
use store::upload_rows::{self, ResultRow};
use tokio::sync::mpsc;

use super::correct::header_of;
use super::stored_file;
use crate::{App, Error, Result};

/// Which rows the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Refused,
    All,
}

/// A finished file; it is removed when this is dropped.
#[derive(Debug)]
pub struct ResultFile {
    pub path: PathBuf,
    pub name: String,
    pub content_type: &'static str,
}

impl Drop for ResultFile {
    fn drop(&mut self) {
        // a scratch file that cannot be removed is left for the operating system
        let _ = std::fs::remove_file(&self.path);
    }
}

const PAGE: i64 = 2_000;

/// Writes the result of an upload.
pub async fn result_file(app: &App, scope: &ProviderScope, id: UploadId, which: Which) -> Result<ResultFile> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let header = header_of(&upload)?;
    let format: FileFormat =
        serde_json::from_str(&upload.file_format).map_err(|error| Error::Internal(error.to_string()))?;
    let scratch = app.config.data.join("scratch");
    tokio::fs::create_dir_all(&scratch).await?;
    let stem = upload.file_name.rsplit_once('.').map_or(upload.file_name.as_str(), |(stem, _)| stem);
    let kind = if which == Which::Refused { "refused" } else { "result" };
    let file = ResultFile {
        path: scratch.join(app.chance.id(app.clock.now()).to_string()),
        name: format!("{stem}-{kind}.{}", format.extension()),
        content_type: format.content_type(),
    };
    let (pages, mut settled) = mpsc::channel::<ResultRow>(PAGE as usize);
    let stored = stored_file(app, id);
    let limits = Limits { file_bytes: app.config.upload_bytes, ..Limits::default() };
    let (path, provider, of_file) = (file.path.clone(), upload.provider, upload.problems);
    let writing = tokio::task::spawn_blocking(move || -> Result<()> {
        let internal = |error: WriteError| Error::Internal(error.to_string());
        let mut writer = Writer::create(&path, format, &header).map_err(internal)?;
        // cells of rows that were accepted as they came are only in the file itself
        let missing = || Error::Internal("the stored file of the upload cannot be read to this row".to_owned());
        let mut rows = match which {
            Which::All => Some(formats::open(&stored, format, &limits).map_err(|_| missing())?),
            Which::Refused => None,
        };
        while let Some(row) = settled.blocking_recv() {
            let original = rows.as_mut().and_then(|rows| cells_of(rows, row.number));
            let cells = row.cells.clone().or(original).ok_or_else(missing)?;
            writer.write(&cells, &outcome(&row, provider, &of_file)).map_err(internal)?;
        }
        writer.finish().map_err(internal)
    });
    let mut after = 0;
    loop {
        let mut tx = app.store.read().await?;
        let page = upload_rows::list_results(&mut tx, scope, id, after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { break };
        after = last.number;
        for row in page {
            if (which == Which::All || row.result == RowResult::Refused) && pages.send(row).await.is_err() {
                break; // the writer has stopped and says why below
            }
        }
    }
    drop(pages);
    writing.await.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(file)
}

/// The file's own cells of a row; rows are asked for in the file's order.
fn cells_of(rows: &mut formats::Batch, number: i64) -> Option<Vec<String>> {
    let wanted = u64::try_from(number).ok()?;
    rows.by_ref()
        .map_while(Result::ok)
        .find(|row| row.number >= wanted)
        .filter(|row| row.number == wanted)
        .map(|row| row.cells)
}

fn outcome(row: &ResultRow, provider: ProviderId, of_file: &[Problem]) -> ResultCells<'static> {
    let mut codes: Vec<&str> = row.problems.iter().map(|problem| problem.code.as_str()).collect();
    codes.dedup();
    let advice: Vec<String> = row.problems.iter().map(|problem| advice(whole(problem, row.number, of_file))).collect();
    ResultCells {
        result: row.result.label(),
        codes: codes.join(" "),
        what_to_do: advice.join(" "),
        credit_id: row.completion.map(|id| credit_id(provider, id)).unwrap_or_default(),
    }
}

/// The problem as the file has it, from where to where, if the row is only a part of it.
fn whole<'a>(problem: &'a Problem, row: i64, of_file: &'a [Problem]) -> &'a Problem {
    let holds = |whole: &&Problem| {
        whole.code == problem.code && whole.stretch().is_some_and(|stretch| (stretch.from..=stretch.to).contains(&row))
    };
    of_file.iter().find(holds).unwrap_or(problem)
}

/// A problem as a sentence with its remedy.
fn advice(problem: &Problem) -> String {
    format!("{} {}", problem.message(), problem.remedy())
}

/// The ID under which a provider finds the record again.
pub fn credit_id(provider: ProviderId, completion: CompletionId) -> String {
    format!("ccid:{provider}:{completion}")
}
