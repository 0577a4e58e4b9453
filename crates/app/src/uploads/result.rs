//! The result file: the rows as they came (or as corrected), in the format they came in, with what
//! became of each. Written to a scratch file, so that memory does not grow with the upload.

use std::path::{Path, PathBuf};

use domain::access::ProviderScope;
use domain::upload::RowResult;
use domain::{CompletionId, Problem, ProviderId, UploadId};
use formats::learners::{ReportResult, ResultWriter};
use formats::result::{RowResult as ResultCells, WriteError, Writer};
use formats::{FileFormat, Header, Limits, Row};
use store::upload_rows::{self, ResultRow};
use store::uploads::Source;
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
    let has_file = upload.source == Source::File;
    if !has_file && which == Which::All {
        let why = "Of a request no file is kept, and its answer told what became of each report: ask for rows=refused.";
        return Err(Error::invalid("rows", why));
    }
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
    let created = app.clock.machine(app.clock.now());
    let writing = tokio::task::spawn_blocking(move || -> Result<()> {
        let internal = |error: WriteError| Error::Internal(error.to_string());
        let mut writer = Target::create(&path, format, &header, &created).map_err(internal)?;
        // cells of rows that were accepted as they came are only in the file itself, and so is what a document says
        // beside its rows
        let missing = || Error::Internal("the stored file of the upload cannot be read to this row".to_owned());
        let mut rows = match (which, &writer) {
            (Which::Refused, Target::Sheet(_)) => None,
            _ if !has_file => None,
            _ => Some(formats::open(&stored, format, &limits).map_err(|_| missing())?),
        };
        while let Some(row) = settled.blocking_recv() {
            let original = rows.as_mut().and_then(|rows| original(rows, row.number));
            let written = match (original, &row.cells) {
                (Some(original), Some(cells)) => Row { cells: cells.clone(), ..original },
                (Some(original), None) => original,
                (None, Some(cells)) => header.typed(u64::try_from(row.number).unwrap_or_default(), cells.clone()),
                (None, None) => return Err(missing()),
            };
            writer.write(&written, &row, provider, &of_file).map_err(internal)?;
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

/// A result file, in the format in which the rows came.
enum Target {
    Sheet(Writer),
    Document(ResultWriter),
}

impl Target {
    fn create(
        path: &Path,
        format: FileFormat,
        header: &Header,
        created: &str,
    ) -> std::result::Result<Self, WriteError> {
        Ok(match format {
            FileFormat::Xml | FileFormat::Json => {
                Target::Document(ResultWriter::create(path, format == FileFormat::Json, header, created)?)
            }
            FileFormat::Xlsx | FileFormat::Text { .. } => Target::Sheet(Writer::create(path, format, header)?),
        })
    }

    fn write(
        &mut self,
        row: &Row,
        settled: &ResultRow,
        provider: ProviderId,
        of_file: &[Problem],
    ) -> std::result::Result<(), WriteError> {
        match self {
            Target::Sheet(writer) => writer.write(&row.cells, &outcome(settled, provider, of_file)),
            Target::Document(writer) => {
                let credit_id = settled.completion.map(|id| credit_id(provider, id)).unwrap_or_default();
                let mut problems = settled.problems.clone();
                row.place(&mut problems);
                for problem in &mut problems {
                    let at = std::mem::take(&mut problem.at);
                    *problem = whole(problem, settled.number, of_file).clone().at(at);
                }
                let result = settled.result.label();
                writer.write(row, &ReportResult { result, credit_id: &credit_id, problems: &problems })
            }
        }
    }

    fn finish(self) -> std::result::Result<(), WriteError> {
        match self {
            Target::Sheet(writer) => writer.finish(),
            Target::Document(writer) => writer.finish(),
        }
    }
}

/// The row as it is in the file; rows are asked for in the file's order.
fn original(rows: &mut formats::Batch, number: i64) -> Option<Row> {
    let wanted = u64::try_from(number).ok()?;
    rows.by_ref().map_while(Result::ok).find(|row| row.number >= wanted).filter(|row| row.number == wanted)
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
