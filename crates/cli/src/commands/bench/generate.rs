//! `credence bench generate`: an invented registry, the rosters that boards would send of it, a
//! provider's learner file and its truth, as tab-separated files. The same seed gives the same bytes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{ActivityId, Field};
use jiff::civil::{Date, date};

use super::crowd::{Crowd, Person};
use super::learners::learner;
use super::slips;
use crate::demo::dice::Dice;
use crate::output::say;
use crate::progress::Step;

/// Invent a registry, its rosters and a learner file
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// Physicians in the registry
    #[arg(long, value_name = "N", default_value_t = 1_100_000)]
    physicians: u64,
    /// Rows of the learner file
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    learners: u64,
    /// Another seed, other people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The activity that all learners finished
    #[arg(long, value_name = "ID", default_value = "202600001")]
    activity: ActivityId,
    /// The day on which they finished it
    #[arg(long, value_name = "YYYY-MM-DD", default_value_t = date(2026, 3, 14))]
    date: Date,
    /// Folder for the files; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Generate {
    pub(super) fn run(self) -> Result<()> {
        let crowd = Crowd { size: self.physicians, seed: self.seed };
        if self.learners > self.physicians || self.learners >= crowd.free_numbers() {
            bail!("learners must be fewer than physicians, and both together fewer than 1,299,000");
        }
        std::fs::create_dir_all(&self.out).with_context(|| format!("{} cannot be made", self.out.display()))?;
        write_registry(&crowd, &self.out)?;
        self.write_learners(&crowd)?;
        say(&format!("{} physicians and {} learners are in {}", self.physicians, self.learners, self.out.display()))
    }

    fn write_learners(&self, crowd: &Crowd) -> Result<()> {
        let header = [
            Field::RecordAction,
            Field::ActivityId,
            Field::CompletionDate,
            Field::FirstName,
            Field::LastName,
            Field::Birth,
            Field::State,
            Field::Identifier,
            Field::CmeCredits,
            Field::Board,
            Field::DiplomateId,
            Field::BoardCredits,
            Field::CreditType(0),
            Field::CreditTypeAmount(0),
        ];
        let mut file = Table::create(&self.out, "learners.tsv", &header.map(Field::label))?;
        let mut truth = Table::create(&self.out, "truth.tsv", &["row", "physician_id", "scenario", "errors"])?;
        let day = format!("{}/{}/{}", self.date.month(), self.date.day(), self.date.year());
        let mut before = None;
        for row in 0..self.learners {
            let one = learner(crowd, row, before);
            before = Some(one.birth);
            let birth = format!("{:02}/{:02}", one.birth.0, one.birth.1);
            let points = if one.board.is_empty() { "" } else { one.credits };
            file.row(&[
                "Add",
                self.activity.as_str(),
                &day,
                &one.first,
                &one.last,
                &birth,
                &one.state,
                &one.identifier,
                one.credits,
                one.board,
                &one.diplomate_id,
                points,
                one.credit_type,
                points,
            ])?;
            truth.row(&[&(row + 1).to_string(), &one.truth, one.scenario, &one.errors.join(",")])?;
        }
        file.end()?;
        truth.end()
    }
}

fn write_registry(crowd: &Crowd, out: &Path) -> Result<()> {
    let step = Step::begin("Inventing physicians", crowd.size);
    let mut files = Registry::create(out)?;
    for place in 0..crowd.size {
        let person = crowd.person(place);
        files.truth(&person)?;
        files.rosters(&mut crowd.dice("roster", place), &person)?;
        if place % 1_000 == 0 {
            step.at(place, crowd.size);
        }
    }
    step.at(crowd.size, crowd.size);
    step.end();
    files.end()
}

/// The truth, and what the boards send of it.
struct Registry {
    physicians: Table,
    licenses: Table,
    certifications: Table,
    roster_licenses: Table,
    roster_boards: Table,
}

#[rustfmt::skip]
const ROSTER_LICENSES: [&str; 13] = [
    "board state", "license number", "first", "middle", "last", "suffix", "degree", "birth month/day", "status",
    "issued", "expires", "NPI", "former last names",
];
#[rustfmt::skip]
const ROSTER_BOARDS: [&str; 11] = [
    "board", "diplomate ID", "first", "middle", "last", "suffix", "birth month/day", "status", "NPI", "license state",
    "license number",
];

impl Registry {
    fn create(out: &Path) -> Result<Self> {
        let columns =
            ["physician_id", "first", "middle", "last", "suffix", "former_last", "birth_mmdd", "npi", "degree"];
        Ok(Self {
            physicians: Table::create(out, "physicians.tsv", &columns)?,
            licenses: Table::create(out, "licenses.tsv", &["physician_id", "state", "number", "status"])?,
            certifications: Table::create(out, "certifications.tsv", &["physician_id", "board", "diplomate_id"])?,
            roster_licenses: Table::create(out, "roster_licenses.tsv", &ROSTER_LICENSES)?,
            roster_boards: Table::create(out, "roster_boards.tsv", &ROSTER_BOARDS)?,
        })
    }

    fn truth(&mut self, person: &Person) -> Result<()> {
        let Person { id, first, middle, last, suffix, former_last, npi, degree, .. } = person;
        self.physicians.row(&[id, first, middle, last, suffix, former_last, &person.birth.to_string(), npi, degree])?;
        for (board, diplomate_id) in &person.certifications {
            self.certifications.row(&[id, board, diplomate_id])?;
        }
        Ok(())
    }

    /// Boards hold slightly different names, and not all that there is to know.
    fn rosters(&mut self, dice: &mut Dice, person: &Person) -> Result<()> {
        let Person { id, first, middle, last, suffix, degree, .. } = person;
        let birth = person.birth.to_string();
        let npi_in = |dice: &mut Dice, percent| if dice.percent(percent) { person.npi.as_str() } else { "" };
        for (nth, (state, number)) in person.licenses.iter().enumerate() {
            let is_further = nth > 0;
            let status = if !is_further || dice.percent(80) { "Active" } else { "Inactive" };
            self.licenses.row(&[id, state.code(), number, status])?;
            let uses_former = is_further && !person.former_last.is_empty() && dice.percent(6);
            let (held_last, former) = if uses_former { (&person.former_last, last.as_str()) } else { (last, "") };
            let held_first = match slips::nickname(first) {
                _ if !is_further || !dice.percent(3) => first.clone(),
                Some(short) if dice.percent(70) => short.to_owned(),
                _ => slips::initial(first),
            };
            let held_middle = if dice.percent(70) { middle.clone() } else { slips::initial(middle) };
            let issued = format!("{}-07-01", dice.between(1980, 2023));
            let npi = npi_in(dice, 60);
            let former = if dice.percent(50) { former } else { "" };
            self.roster_licenses.row(&[
                state.code(),
                number,
                &held_first,
                &held_middle,
                held_last,
                suffix,
                degree,
                &birth,
                status,
                &issued,
                "2027-12-31",
                npi,
                former,
            ])?;
        }
        for (board, diplomate_id) in &person.certifications {
            let npi = npi_in(dice, 80);
            let license = person.licenses.first().filter(|_| dice.percent(50));
            let (state, number) = license.map_or(("", ""), |(state, number)| (state.code(), number.as_str()));
            self.roster_boards.row(&[
                board,
                diplomate_id,
                first,
                middle,
                last,
                suffix,
                &birth,
                "Certified",
                npi,
                state,
                number,
            ])?;
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.physicians.end()?;
        self.licenses.end()?;
        self.certifications.end()?;
        self.roster_licenses.end()?;
        self.roster_boards.end()
    }
}

/// A tab-separated file with a header. Invented values hold no tab and need no quotes.
struct Table {
    file: BufWriter<File>,
}

impl Table {
    fn create(folder: &Path, name: &str, header: &[&str]) -> Result<Self> {
        let path = folder.join(name);
        let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        let mut table = Self { file: BufWriter::with_capacity(1 << 16, file) };
        table.row(header)?;
        Ok(table)
    }

    fn row(&mut self, cells: &[&str]) -> Result<()> {
        for (nth, cell) in cells.iter().enumerate() {
            let before: &[u8] = if nth == 0 { b"" } else { b"\t" };
            self.file.write_all(before)?;
            self.file.write_all(cell.as_bytes())?;
        }
        Ok(self.file.write_all(b"\n")?)
    }

    fn end(mut self) -> Result<()> {
        Ok(self.file.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generate(seed: u64) -> (tempfile::TempDir, Vec<(&'static str, Vec<u8>)>) {
        let folder = tempfile::tempdir().unwrap();
        let activity = "202600001".parse().unwrap();
        let out = folder.path().to_owned();
        Generate { physicians: 400, learners: 100, seed, activity, date: date(2026, 3, 14), out }.run().unwrap();
        let names =
            ["physicians", "licenses", "certifications", "roster_licenses", "roster_boards", "learners", "truth"];
        let files = names.map(|name| (name, std::fs::read(folder.path().join(format!("{name}.tsv"))).unwrap()));
        (folder, files.to_vec())
    }

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(generate(1).1, generate(1).1);
        assert!(generate(1).1.iter().zip(generate(2).1).all(|(one, other)| *one != other));
    }

    #[test]
    fn our_own_readers_take_every_row_of_the_rosters_and_of_the_learner_file() {
        let (folder, _) = generate(1);
        let path = |name: &str| folder.path().join(name);
        let limits = formats::Limits::default();
        let licenses = formats::roster::licenses(&path("roster_licenses.tsv"), &limits).unwrap();
        assert!(licenses.map(Result::unwrap).count() > 400);
        let boards = formats::roster::certifications(&path("roster_boards.tsv"), &limits).unwrap();
        assert!(boards.map(Result::unwrap).count() > 250);
        let learners = path("learners.tsv");
        let mut batch = formats::open(&learners, formats::sniff(&learners).unwrap(), &limits).unwrap();
        let header = batch.header().clone();
        let reports: Vec<_> = std::iter::from_fn(|| batch.next())
            .map(|row| formats::learner_report(&header, &row.unwrap(), &domain::reference::Reference::default()))
            .collect();
        assert_eq!(reports.len(), 100);
        assert!(reports.iter().all(|report| report.activity.is_some() && report.cme.is_some()));
    }
}
