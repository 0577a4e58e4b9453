//! `credence bench matching`: the identity engine on a generator's files, beside which others are measured.
//!
//! Decides every row of `learners.tsv`, writes what the scorer reads, and prints rates, build times, memory and the
//! time of a single look-up. Nothing is counted but the engine: all files are in memory when a clock starts.

mod orders;
mod speed;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use matching::{Decision, Index, Outcome};
use store::{Database, Store};

use crate::commands::match_learners;
use crate::commands::match_registry::FileRegistry;
use crate::output::{count, say};
use crate::progress::Step;

/// Decide a generated learner file, write the decisions and measure the engine
#[derive(Debug, Args)]
pub(super) struct BenchMatching {
    /// Folder with physicians.tsv, licenses.tsv, certifications.tsv and learners.tsv
    #[arg(long, value_name = "DIR", required_unless_present = "database")]
    dir: Option<PathBuf>,
    /// Where to write row, physician, outcome and reasons
    #[arg(long, value_name = "FILE", requires = "dir")]
    out: Option<PathBuf>,
    /// How often each thing is measured; the median counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    runs: u32,
    /// Decide again with rows and registry shuffled and with other numbers of threads; stop if a byte differs
    #[arg(long, requires = "dir")]
    check: bool,
    /// Show all evidence for these rows of the file, counted from 1; of invented people it may be shown
    #[arg(long, value_name = "ROW", value_delimiter = ',', requires = "dir")]
    explain: Vec<usize>,
    /// Measure building the index from this database too: sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl BenchMatching {
    pub(super) async fn run(self) -> Result<()> {
        if let Some(folder) = &self.dir {
            tokio::task::block_in_place(|| self.measure(folder))?;
        }
        match &self.database {
            Some(database) => self.build_from(database).await,
            None => Ok(()),
        }
    }

    fn measure(&self, folder: &Path) -> Result<()> {
        let registry = FileRegistry::read(folder)?;
        let queries = match_learners::read_whole(&folder.join("learners.tsv"), &registry.reference())?;
        let index = self.build(&registry)?;
        for row in &self.explain {
            let query =
                queries.get(row.wrapping_sub(1)).with_context(|| format!("--explain: there is no row {row}"))?;
            say(&format!("Row {row}: {query:#?}\n{:#?}", index.explain(query)))?;
        }
        let (rate, decisions) = speed::rate(&index, &queries, self.runs);
        say(&format!(
            "{} rows decided at {rate:.0} rows/s on {} cores",
            count(decisions.len() as u64),
            speed::cores()
        ))?;
        say(&speed::single(&index, &queries).in_words("the file's rows"))?;
        let frequent = speed::of_frequent_names(&registry);
        say(&speed::single(&index, &frequent).in_words("people of the most frequent names"))?;
        let told = predictions(&registry, &decisions);
        if let Some(out) = &self.out {
            std::fs::write(out, &told).with_context(|| format!("{} cannot be written", out.display()))?;
        }
        if self.check {
            orders::check(&registry, &queries, &told)?;
            say("Output is identical with rows and registry shuffled and with 1, 2 and 5 threads.")?;
        }
        Ok(())
    }

    fn build(&self, registry: &FileRegistry) -> Result<Index> {
        let timed = || {
            let begun = Instant::now();
            (FileRegistry::index(registry.physicians.iter()), begun.elapsed().as_secs_f64())
        };
        let mut took: Vec<f64> = (1..self.runs).map(|_| timed().1).collect();
        let (index, last) = timed();
        took.push(last);
        let physicians = index.len();
        let each = index.bytes() as f64 / physicians.max(1) as f64;
        let seconds = speed::median(&mut took);
        let physicians = count(physicians as u64);
        say(&format!("{physicians} physicians indexed from memory in {seconds:.2} s, {each:.0} bytes per physician"))?;
        Ok(index)
    }

    async fn build_from(&self, address: &str) -> Result<()> {
        let store = Store::open(&Database::read(address)?).await?;
        let (mut took, mut physicians) = (Vec::new(), 0);
        for _ in 0..self.runs {
            let step = Step::begin("Reading the registry", 0);
            let begun = Instant::now();
            let registry = app::Registry::build(&store, &|done, total| step.at(done, total)).await?;
            took.push(begun.elapsed().as_secs_f64());
            step.end();
            physicians = registry.len() as u64;
        }
        store.close().await;
        let seconds = speed::median(&mut took);
        say(&format!("{} physicians indexed from the database in {seconds:.2} s", count(physicians)))
    }
}

/// What `score.py` reads: a row's number, the physician if one is meant, the outcome, the reasons.
fn predictions(registry: &FileRegistry, decisions: &[Decision]) -> String {
    let mut told = String::from("row\tphysician_id\toutcome\treasons\n");
    for (row, decision) in (1..).zip(decisions) {
        let physician = match decision.outcome {
            Outcome::Matched(physician) => registry.id_of(physician),
            _ => "",
        };
        let reasons: Vec<&str> = decision.reasons.iter().map(|reason| reason.code()).collect();
        told.push_str(&format!("{row}\t{physician}\t{}\t{}\n", decision.outcome.code(), reasons.join(" ")));
    }
    told
}
