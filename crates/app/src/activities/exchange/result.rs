//! The result of a file: its records with what became of each, in the format it came in.
//!
//! A sheet's cells are only in the file itself, so it is read again beside the stored answers.

use std::path::Path;

use domain::UploadId;
use domain::access::ProviderScope;
use formats::activities::{Problem, RecordResult, ResultWriter, Submitted, open, read, read_counts};
use store::activity_files::{FileKind, Settled, Which};
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
    let reference = app.reference.get();
    let writing = tokio::task::spawn_blocking(move || -> Result<()> {
        let unreadable = || Error::Internal("the stored file cannot be read to this record".to_owned());
        let mut records = open(&from, format, file_kind(kind), &limits).map_err(|_| unreadable())?;
        let internal = |error: formats::result::WriteError| Error::Internal(error.to_string());
        let mut writer = ResultWriter::create(Path::new(&to), format, records.columns()).map_err(internal)?;
        while let Some(answer) = settled.blocking_recv() {
            let is_it = |one: &Submitted| i64::try_from(one.record.number) == Ok(answer.number);
            let submitted = records.by_ref().map_while(std::result::Result::ok).find(is_it).ok_or_else(unreadable)?;
            let found: Vec<Problem> = match kind {
                FileKind::Counts => read_counts(&submitted.record).problems,
                FileKind::Activities => {
                    let reading = read(submitted.record.clone(), &reference);
                    let rules = rules(&reading, &reference);
                    reading.problems.into_iter().chain(reading.warnings).chain(rules).collect()
                }
            };
            let problems = told_then(found, &answer);
            let result =
                RecordResult { result: &word(&answer, &problems), activity: answer.activity, problems: &problems };
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

fn rules(reading: &formats::activities::Reading, reference: &domain::reference::Reference) -> Vec<Problem> {
    let provider = reading.provider.parse().ok().or_else(|| "0000000".parse().ok());
    let activity = provider.and_then(|provider| reading.activity(super::super::no_id(), provider));
    let Some(activity) = activity else { return Vec::new() };
    super::super::faults_of_new(&activity, reference).into_iter().map(|missing| reading.problem(missing)).collect()
}

/// Of the problems that the record itself has, those that its sender was told then.
fn told_then(found: Vec<Problem>, answer: &Settled) -> Vec<Problem> {
    let was_told = |problem: &Problem| {
        let (code, message) = (problem.code(), problem.message());
        answer.told.iter().any(|told| told.code == code && told.message == message)
    };
    found.into_iter().filter(was_told).collect()
}

/// The result's word; what activities on record had against it stands behind it.
fn word(answer: &Settled, problems: &[Problem]) -> String {
    let mut word = answer.ending.label().to_owned();
    for told in &answer.told {
        if !problems.iter().any(|problem| problem.code() == told.code && problem.message() == told.message) {
            word.push_str(&format!(". {}: {} {}", told.code, told.message, told.remedy));
        }
    }
    word
}
