//! The result of a file: its records with what became of each, in the format it came in.
//!
//! A sheet's cells are only in the file itself, so it is read again beside the stored answers. Those
//! are shown as they were given then: nothing is judged anew.

use std::path::Path;

use domain::UploadId;
use domain::access::ProviderScope;
use formats::activities::{RecordResult, Remark, ResultWriter, Submitted, open};
use store::activity_files::{Settled, Told, Which};
use tokio::sync::mpsc;

use super::files::{self, file_format, file_kind, limits};
use super::stage::stored;
use crate::uploads::ResultFile;
use crate::{App, Error, Result};

const PAGE: i64 = 1_000;

/// Writes the result of a file to a scratch file. [`Error::NotFound`] while no record is settled.
pub async fn result_file(app: &App, scope: &ProviderScope, id: UploadId, which: Which) -> Result<ResultFile> {
    let about = files::find(app, scope, id).await?;
    if about.counts.all() == 0 {
        // not begun, or refused as a whole: the file's own problems say why
        return Err(Error::NotFound);
    }
    let format = file_format(&about)?;
    let scratch = app.config.data.join("scratch");
    tokio::fs::create_dir_all(&scratch).await?;
    let stem = about.file_name.rsplit_once('.').map_or(about.file_name.as_str(), |(stem, _)| stem);
    let what = if which == Which::Refused { "refused" } else { "result" };
    let file = ResultFile {
        path: scratch.join(app.chance.id(app.clock.now()).to_string()),
        name: format!("{stem}-{what}.{}", format.extension()),
        content_type: format.content_type(),
    };
    let (answers, mut settled) = mpsc::channel::<Settled>(PAGE as usize);
    let (from, to, limits, kind) = (stored(app, id), file.path.clone(), limits(app), about.kind);
    let writing = tokio::task::spawn_blocking(move || -> Result<()> {
        let unreadable = || Error::Internal("the stored file cannot be read to this record".to_owned());
        let mut records = open(&from, format, file_kind(kind), &limits).map_err(|_| unreadable())?;
        let internal = |error: formats::result::WriteError| Error::Internal(error.to_string());
        let mut writer = ResultWriter::create(Path::new(&to), format, records.columns()).map_err(internal)?;
        while let Some(answer) = settled.blocking_recv() {
            let is_it = |one: &Submitted| i64::try_from(one.record.number) == Ok(answer.number);
            let submitted = records.by_ref().map_while(std::result::Result::ok).find(is_it).ok_or_else(unreadable)?;
            let remarks: Vec<Remark> = answer.told.into_iter().map(remark).collect();
            let result = RecordResult { result: answer.ending.label(), activity: answer.activity, remarks: &remarks };
            writer.write(&submitted, &result).map_err(internal)?;
        }
        writer.finish().map_err(internal)
    });
    let mut after = i64::MIN;
    loop {
        let mut tx = app.store.read().await?;
        let page = store::activity_files::list_records(&mut tx, scope, id, which, after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { break };
        after = last.number;
        for answer in page {
            if answers.send(answer).await.is_err() {
                break; // the writer has stopped and says why below
            }
        }
    }
    drop(answers);
    writing.await.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(file)
}

fn remark(told: Told) -> Remark {
    let Told { is_warning, code, place, field, given, message, remedy } = told;
    Remark { is_warning, code, place, field, given, message, remedy }
}
