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
