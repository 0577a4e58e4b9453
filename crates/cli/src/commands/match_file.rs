//! `credence match --file FILE`: whom the rows of a learner file mean, without reporting anything.
//!
//! Nothing is stored, and nothing that the registry holds is told: a row is matched or it is not, and why. Rows
//! with problems are listed and left out; only a file of which no row could be read fails.

mod told;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use app::{Clock, Registry};
use clap::Args;
use domain::Problem;
use domain::reference::Reference;
use formats::{Header, Limits};
use matching::columns::{self, Line};
use matching::{Decision, Index, Query};
use store::Store;

use super::match_learners::{self, LearnerRow, Learners};
use super::match_registry::FileRegistry;
use super::{Place, address};
use crate::progress::Step;

/// See which rows of a learner file mean one physician, and what would settle the others
#[derive(Debug, Args)]
pub(crate) struct Match {
    /// Excel workbook or delimited text in the template's columns
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Write each row's outcome, reasons and what would settle it, as tab-separated text
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Ask the registry in this folder's physicians.tsv, licenses.tsv and certifications.tsv, not a database
    #[arg(long, value_name = "DIR", conflicts_with_all = ["data", "database", "config"])]
    registry: Option<PathBuf>,
    /// How many rows with problems are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
    #[command(flatten)]
    place: Place,
}

/// A row and what became of it.
struct Answered {
    row: LearnerRow,
    answer: Answer,
}

enum Answer {
    /// Its problems come first: nobody was asked for.
    Unread,
    Decided(Decision),
    /// It is part of a fault that only many rows together show, such as a shifted column.
    InStretch(Problem),
}

/// Where physicians are looked for.
enum Known {
    Database(Registry),
    Files(Box<Index>),
}

impl Known {
    fn decide_all(&self, queries: &[Query]) -> Vec<Decision> {
        match self {
            Known::Database(registry) => registry.decide_all(queries),
            Known::Files(index) => index.decide_all(queries),
        }
    }
}

impl Match {
    pub(crate) async fn run(self) -> Result<()> {
        if !self.file.is_file() {
            bail!("there is no file {}", self.file.display());
        }
        // before the long work, so that a folder that cannot be written is told at once
        let out = match &self.out {
            Some(path) => Some(File::create(path).with_context(|| format!("{} cannot be written", path.display()))?),
            None => None,
        };
        let (known, reference, limits) = self.open().await?;
        let answered = tokio::task::spawn_blocking(move || -> Result<_> {
            let Learners { header, rows, cut } = match_learners::read(&self.file, &reference, &limits)?;
            let mut answered = answer(&known, rows);
            let stretches = refuse_stretches(&known, &header, &mut answered);
            Ok((answered, stretches, cut, self))
        });
        let (answered, stretches, cut, given) = answered.await??;
        if let (Some(out), Some(path)) = (out, &given.out) {
            told::write(out, &answered).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        told::tell(&answered, &stretches, given.show)?;
        if let Some(problem) = cut {
            bail!("{}: {} {}", given.file.display(), problem.message(), problem.remedy());
        }
        if answered.iter().all(|answered| matches!(answered.answer, Answer::Unread)) {
            bail!("no row could be read");
        }
        Ok(())
    }

    /// The registry, the boards by which learners are read, and how large a file may be.
    async fn open(&self) -> Result<(Known, Arc<Reference>, Limits)> {
        if let Some(folder) = &self.registry {
            let folder = folder.clone();
            let read = tokio::task::spawn_blocking(move || -> Result<_> {
                let files = FileRegistry::read(&folder)?;
                let index = FileRegistry::index(files.physicians.iter());
                Ok((Known::Files(Box::new(index)), Arc::new(files.reference()), Limits::default()))
            });
            return read.await?;
        }
        let config = self.place.config_of_existing()?;
        let store = Store::open(&address(&config)?).await?;
        let (rules, _) = store::reference::load(&mut store.read().await?).await?;
        let reference = Reference::new(Arc::new(rules), Clock::system(&config.time_zone).today());
        let step = Step::begin("Reading the registry", 0);
        let registry = Registry::build(&store, &|done, total| step.at(done, total)).await;
        step.end_quietly();
        store.close().await;
        let limits = Limits { file_bytes: config.upload_bytes, ..Limits::default() };
        Ok((Known::Database(registry?), Arc::new(reference), limits))
    }
}

/// Rows decided at a time, so that progress can be told.
const BATCH: usize = 10_000;

fn answer(known: &Known, rows: Vec<LearnerRow>) -> Vec<Answered> {
    let step = Step::begin("Looking for physicians", rows.len() as u64);
    let total = rows.len() as u64;
    let mut answered = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<LearnerRow> = rows.by_ref().take(BATCH).collect();
        let asked: Vec<Query> =
            batch.iter().filter(|row| row.problems.is_empty()).map(|row| row.query.clone()).collect();
        let mut decisions = known.decide_all(&asked).into_iter();
        answered.extend(batch.into_iter().map(|row| {
            let decision = if row.problems.is_empty() { decisions.next() } else { None };
            Answered { row, answer: decision.map_or(Answer::Unread, Answer::Decided) }
        }));
        step.at(answered.len() as u64, total);
    }
    step.end_quietly();
    answered
}

/// Finds faults of columns as uploads do, and sets aside the rows that are refused for one. Gives each fault once.
fn refuse_stretches(known: &Known, header: &Header, answered: &mut [Answered]) -> Vec<Problem> {
    let line = |of: &Answered| match &of.answer {
        Answer::Decided(decision) => Line { query: of.row.query.clone(), decision: Some(decision.clone()) },
        _ => Line { query: of.row.query.clone(), decision: None },
    };
    let lines: Vec<Line> = answered.iter().map(line).collect();
    let lines: Vec<&Line> = lines.iter().collect();
    let mut told = Vec::new();
    for stretch in columns::find(&lines, |queries| known.decide_all(queries)) {
        let number = |place: usize| answered.get(place).map_or(0, |of| of.row.number);
        let problem = app::uploads::of_rows(header, &stretch, &lines, number);
        for of in answered.iter_mut().take(stretch.last + 1).skip(stretch.first) {
            if matches!(&of.answer, Answer::Decided(decision) if stretch.concerns(decision)) {
                of.answer = Answer::InStretch(problem.clone());
            }
        }
        told.push(problem);
    }
    told
}
