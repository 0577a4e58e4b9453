//! `credence import licenses|certifications FILE`: rosters of boards into the registry.
//!
//! Rows with problems are listed and left out; only a file of which nothing could be read fails. Each import is on
//! record beside those that people send in the browser. A command that was killed is taken up by the next one of the
//! same file.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use app::rosters::imports::{Begun, Commanded, Preview, import_now};
use app::rosters::{At, Kind, RosterProblem, Stage, Summary};
use clap::{Args, Subcommand};

use super::{Place, open};
use crate::output::{count, say};
use crate::progress::Step;

/// Merge a board's roster into the registry
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    roster: Roster,
}

#[derive(Debug, Subcommand)]
enum Roster {
    /// A licensing board's roster: delimited text with a header
    Licenses(Source),
    /// A certifying board's roster: delimited text with a header
    Certifications(Source),
}

#[derive(Debug, Args)]
struct Source {
    /// The roster
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// How many rows with problems are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
    /// The file is the whole roster: active licenses that it does not name end
    #[arg(long)]
    whole: bool,
    /// How many licenses may end although that is more than the setting allows
    #[arg(long, value_name = "N", default_value_t = 0)]
    may_end: u64,
}

impl Import {
    pub(crate) async fn run(self) -> Result<()> {
        let (kind, source) = match &self.roster {
            Roster::Licenses(source) => (Kind::Licenses, source),
            Roster::Certifications(source) => (Kind::Certifications, source),
        };
        if !source.file.is_file() {
            bail!("there is no file {}", source.file.display());
        }
        let app = open(source.place.config()?).await?;
        let step = Step::begin("Merging", 0);
        let told = |summary: &Summary, at: At| {
            step.at(at.done, at.of);
            step.note(match at.stage {
                Stage::Rows => format!("{} new, {} refused", count(summary.new), count(summary.refused)),
                Stage::Waiting => "rows that waited".to_owned(),
            });
        };
        let begun = Begun { kind, is_whole: source.whole, ends_allowed: source.may_end, by: "Command line" };
        let imported = import_now(&app, &source.file, begun, &told).await;
        step.end_quietly();
        app.store.close().await;
        match imported.map_err(|error| refused(&source.file, error))? {
            Commanded::Done(summary) => tell(&summary, source.show),
            Commanded::Braked(import, preview) => bail!("{}", braked(&preview, &import.to_string())),
        }
    }
}

/// Why nothing was changed, and what to do.
fn braked(preview: &Preview, import: &str) -> String {
    let of = |issuer: &app::rosters::imports::IssuerPreview| {
        let ends = issuer.ends(preview.ends_absent);
        format!("{} of {} active in {}", count(ends), count(issuer.active), issuer.code)
    };
    let ends: Vec<String> = preview.issuers.iter().filter(|issuer| issuer.is_braked).map(of).collect();
    format!(
        "this roster would end {}; nothing was changed. Look at it under /admin/imports/{import} and let it in there, or \
         run the command again with --may-end {}",
        ends.join(", "),
        preview.ends()
    )
}

/// A file that is refused as a whole, in words.
fn refused(file: &Path, error: app::Error) -> anyhow::Error {
    match error {
        app::Error::Problems(problems) => {
            let words: Vec<String> = problems.iter().map(|p| format!("{} {}", p.message(), p.code.remedy())).collect();
            anyhow::anyhow!("{}: {}", file.display(), words.join(" "))
        }
        error => anyhow::Error::from(error).context(format!("{} was not imported to its end", file.display())),
    }
}

fn tell(summary: &Summary, show: usize) -> Result<()> {
    for problem in summary.problems.iter().take(show) {
        say(&in_words(problem))?;
    }
    let hidden = summary.refused.saturating_sub(summary.problems.len().min(show) as u64);
    if hidden > 0 {
        say(&format!("... and {} more rows with problems; see more with --show N", count(hidden)))?;
    }
    let line = |label: &str, number: u64| format!("{:>12}  {label}", count(number));
    say(&line("rows read", summary.rows))?;
    say(&line("new physicians", summary.new))?;
    say(&line("added to physicians who were known", summary.attached))?;
    say(&line("updated", summary.updated))?;
    say(&line("as they were", summary.unchanged))?;
    say(&line("wait for a person to decide", summary.review))?;
    say(&line("refused", summary.refused))?;
    for (label, number) in [
        ("numbers that two physicians hold", summary.shared),
        ("rows of the review list settled", summary.from_list),
        ("pairs of physicians who may be one, put on the review list", summary.pairs),
    ] {
        if number > 0 {
            say(&line(label, number))?;
        }
    }
    if summary.rows > 0 && summary.refused == summary.rows {
        bail!("no row could be read");
    }
    Ok(())
}

fn in_words(problem: &RosterProblem) -> String {
    let place = match (problem.row, problem.column.as_str()) {
        (0, _) => String::new(),
        (row, "") => format!("Row {row}: "),
        (row, column) => format!("Row {row}, {column}: "),
    };
    let given = if problem.given.is_empty() { String::new() } else { format!(" (given: {:?})", problem.given) };
    format!("{place}{}{given} {}", problem.message, problem.remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_place_value_and_remedy() {
        let problem = RosterProblem {
            row: 7,
            column: "birth month/day".into(),
            given: "02/30".into(),
            message: "This is not a month and day.",
            remedy: "Write a day that exists, as MM/DD.",
        };
        assert_eq!(
            in_words(&problem),
            "Row 7, birth month/day: This is not a month and day. (given: \"02/30\") Write a day that exists, as MM/DD."
        );
        assert!(tell(&Summary { rows: 2, refused: 2, ..Summary::default() }, 0).is_err());
    }
}
