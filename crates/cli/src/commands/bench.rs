//! `credence bench ...`: the parts of measuring that need our own code. The scripts in the
//! repository's folder `bench` call them; its README says what each figure means.
//!
//! Nothing here measures by itself what users feel: the scripts do that, from outside.

mod activities;
mod activity_search;
mod bare_activities;
mod bare_loop;
mod bare_submissions;
mod crowd;
mod generate;
mod learners;
mod matching;
mod prepared;
mod search_titles;
mod slips;
mod workbook;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Make data to measure with, and measure what cannot be measured from outside
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    Generate(generate::Generate),
    Workbook(workbook::MakeWorkbook),
    Activities(activities::MakeActivities),
    SearchActivities(activity_search::SearchActivities),
    BareSearch(activity_search::BareSearch),
    BareActivities(bare_activities::BareActivities),
    BareLoop(bare_loop::BareLoop),
    BareSubmissions(bare_submissions::BareSubmissions),
    Matching(matching::BenchMatching),
}

impl Bench {
    pub(crate) async fn run(self) -> Result<()> {
        match self.part {
            Part::Generate(part) => part.run(),
            Part::Workbook(part) => part.run(),
            Part::Activities(part) => part.run().await,
            Part::SearchActivities(part) => part.run().await,
            Part::BareSearch(part) => part.run().await,
            Part::BareActivities(part) => part.run().await,
            Part::BareLoop(part) => part.run().await,
            Part::BareSubmissions(part) => part.run().await,
            Part::Matching(part) => part.run().await,
        }
    }
}
