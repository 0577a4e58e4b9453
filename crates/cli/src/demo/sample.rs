//! A file to drop on the upload page: learners of the first activity, some wrong on purpose.

use std::path::Path;

use anyhow::Result;
use domain::activity::Activity;
use jiff::ToSpan;

use super::claims::{claim, spoil};
use super::dice::Dice;
use super::people::{LISTED, Population};
use super::sheets::{self, Kind, Row};

const ROWS: u64 = 200;
/// One row in so many is wrong.
const WRONG: u64 = 14;

pub(crate) const WORKBOOK: &str = "sample-learners.xlsx";
const TEXT: &str = "sample-learners.tsv";

/// Writes the same learners as a workbook and as text. The listed physicians are left out, so that
/// scripts find them without credit.
pub(crate) fn write(folder: &Path, activity: &Activity, population: &Population) -> Result<()> {
    let rows = rows(activity, population);
    for (name, kind) in [(WORKBOOK, Kind::Workbook), (TEXT, Kind::Tab)] {
        std::fs::write(folder.join(name), sheets::write(&rows, kind)?)?;
    }
    Ok(())
}

fn rows(activity: &Activity, population: &Population) -> Vec<Row> {
    let mut dice = Dice::of("sample", 1);
    let since_start = activity.starts_on.until(population.today).map_or(0, |span| i64::from(span.get_days()));
    // a registry smaller than the file repeats nobody
    let last = population.size.min(LISTED + ROWS);
    (LISTED..last)
        .map(|place| {
            let back = dice.between(0, since_start.min(40));
            let completed_on = population.today.saturating_sub(back.days());
            let mut row = claim(&mut dice, activity, &population.physician(place), completed_on);
            if place % WRONG == 0 {
                spoil(&mut dice, &mut row, activity, place / WRONG);
            }
            row
        })
        .collect()
}
