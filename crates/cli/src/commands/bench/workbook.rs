//! `credence bench workbook`: the rows of a tab-separated learner file as Excel would hold them.
//!
//! Texts are shared strings, as Excel itself writes them, not the inline strings of programs.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use domain::Field;
use rust_xlsxwriter::Workbook;

use crate::output::say;

/// Write a tab-separated learner file as a workbook
#[derive(Debug, Args)]
pub(super) struct MakeWorkbook {
    /// A learners.tsv
    file: PathBuf,
    /// The workbook to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl MakeWorkbook {
    pub(super) fn run(self) -> Result<()> {
        let text = std::fs::read_to_string(&self.file);
        let text = text.with_context(|| format!("{} cannot be read", self.file.display()))?;
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (at, name) in (0..).zip(&header) {
            sheet.write_string(0, at, *name)?;
        }
        let mut rows = 0;
        for line in lines {
            rows += 1;
            for ((at, cell), name) in (0..).zip(line.split('\t')).zip(&header) {
                match cell.parse::<f64>() {
                    Ok(amount) if is_amount(name) => drop(sheet.write_number(rows, at, amount)?),
                    _ if cell.is_empty() => {}
                    _ => drop(sheet.write_string(rows, at, cell)?),
                }
            }
        }
        workbook.save(&self.out).with_context(|| format!("{} cannot be written", self.out.display()))?;
        say(&format!("{rows} rows are in {}", self.out.display()))
    }
}

/// Amounts are numbers; dates and IDs are text, as in the template.
fn is_amount(column: &str) -> bool {
    [Field::CmeCredits, Field::BoardCredits, Field::CreditTypeAmount(0)].iter().any(|field| field.label() == column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workbook_reads_as_the_text_does() {
        let folder = tempfile::tempdir().unwrap();
        let (text, workbook) = (folder.path().join("learners.tsv"), folder.path().join("learners.xlsx"));
        let header = "Record Action\tACCME Activity ID\tCompletion Date\tFirst Name\tLast Name\tDate of Birth\t\
                      Licensing State\tLicensing ID or NPI\tNumber of CME Credits";
        let row = "Add\t202600001\t3/14/2026\tLucía\tPeña\t02/29\tCalifornia\t0036123\t1.25";
        std::fs::write(&text, format!("{header}\n{row}\n{row}\n")).unwrap();
        MakeWorkbook { file: text.clone(), out: workbook.clone() }.run().unwrap();
        let reports = |file: &PathBuf| {
            let mut batch = formats::open(file, formats::sniff(file).unwrap(), &formats::Limits::default()).unwrap();
            let header = batch.header().clone();
            let rows = std::iter::from_fn(|| batch.next());
            rows.map(|row| formats::learner_report(&header, &row.unwrap(), &Default::default())).collect::<Vec<_>>()
        };
        assert_eq!(reports(&workbook).len(), 2);
        assert_eq!(reports(&workbook), reports(&text));
        assert_eq!(reports(&workbook)[0].learner.identifier.as_deref(), Some("0036123"));
    }
}
