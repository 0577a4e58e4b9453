//! A learner file as questions to the identity engine: the reader of uploads, so that headers, formats and
//! messages are the same, asked for the columns that say who somebody is.

use std::path::Path;

use anyhow::{Context, Result, bail};
use domain::Problem;
use domain::reference::Reference;
use formats::{Header, Limits, Purpose};
use matching::Query;

use crate::progress::Step;

/// How often progress is told, in rows.
const TOLD_EVERY: usize = 1_000;

/// One row: whom to ask for, as far as it could be read.
pub(crate) struct LearnerRow {
    /// As people count in the file, header included.
    pub(crate) number: u64,
    pub(crate) query: Query,
    /// What is wrong with it. Uploads refuse such a row before anybody is asked.
    pub(crate) problems: Vec<Problem>,
}

/// A file as far as it could be read.
pub(crate) struct Learners {
    pub(crate) header: Header,
    pub(crate) rows: Vec<LearnerRow>,
    /// What ended it early, if something did.
    pub(crate) cut: Option<Problem>,
}

/// Reads all rows.
pub(crate) fn read(file: &Path, reference: &Reference, limits: &Limits) -> Result<Learners> {
    if !file.is_file() {
        bail!("there is no file {}", file.display());
    }
    let refused = |problems: &[Problem]| {
        let words: Vec<String> = problems.iter().map(|p| format!("{} {}", p.message(), p.remedy())).collect();
        anyhow::anyhow!("{}: {}", file.display(), words.join(" "))
    };
    let format = formats::sniff(file).map_err(|problem| refused(&[problem]))?;
    let mut batch = formats::open_for(file, format, limits, Purpose::Identity).map_err(|p| refused(&p))?;
    let header = batch.header().clone();
    let step = Step::begin("Reading learners", 0);
    let (mut rows, mut cut) = (Vec::new(), None);
    while let Some(row) = batch.next() {
        let row = match row {
            Ok(row) => row,
            Err(problem) => {
                cut = Some(problem);
                break;
            }
        };
        let report = formats::learner_report_for(Purpose::Identity, &header, &row, reference);
        let query = app::registry::query_of(&report.learner);
        rows.push(LearnerRow { number: row.number, query, problems: report.problems });
        if rows.len().is_multiple_of(TOLD_EVERY) {
            let expected = rows.len() as f64 / f64::from(batch.progress()).max(0.001);
            step.at(rows.len() as u64, expected as u64);
        }
    }
    step.at(rows.len() as u64, rows.len() as u64);
    step.end_quietly();
    Ok(Learners { header, rows, cut })
}

/// As [`read`], for a file that was made for measuring: nothing may end it early.
pub(crate) fn read_whole(file: &Path, reference: &Reference) -> Result<Vec<Query>> {
    let limits = Limits { file_bytes: 1 << 30, rows: 10_000_000, ..Limits::default() };
    let Learners { rows, cut, .. } = read(file, reference, &limits)?;
    match cut {
        Some(problem) => Err(anyhow::anyhow!("{}", problem.message())).context(file.display().to_string()),
        None => Ok(rows.into_iter().map(|row| row.query).collect()),
    }
}
