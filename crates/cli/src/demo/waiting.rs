//! What waits for the accreditor's staff: rows of a board's roster that fit nobody for sure, and two records
//! of one person, each with credit of its own.

use anyhow::Result;
use app::{App, rosters};
use domain::activity::Activity;
use domain::{MonthDay, ReviewId, State};
use jiff::ToSpan;
use store::physicians::Physician;
use store::reviews::{self, PAIR, Pair, Review};

use super::activities::Planned;
use super::claims::{claim, us_date};
use super::dice::Dice;
use super::licenses::license_number;
use super::months::Delivery;
use super::people::{FIRST_RECORD, Population, SECOND_RECORD};
use super::providers::PROVIDERS;
use super::sheets::{self, Kind, Row};

/// The first of the physicians whom the roster's rows are like.
const ROWS_FROM: u64 = 240;
const ROWS: u64 = 14;
/// A registry smaller than this has nothing that waits.
const LEAST: u64 = ROWS_FROM + 2 * ROWS;
const HEADER: &str = "board state\tlicense number\tfirst\tmiddle\tlast\tsuffix\tdegree\tbirth month/day\tstatus\t\
                      issued\texpires\tNPI\tformer last names\n";

/// Credit of both records of one person: two activities for the first, one for the second.
pub(crate) fn delivery(planned: &[Planned], population: &Population) -> Result<Option<Delivery>> {
    let Some(provider) = PROVIDERS.first().filter(|_| population.size > LEAST) else { return Ok(None) };
    let (id, day) = (provider.id.parse()?, population.today.saturating_sub(40.days()));
    let runs = |activity: &Activity| {
        activity.provider == id
            && activity.missing_for_active().is_empty()
            && activity.starts_on < day
            && activity.ends_on >= day
    };
    let running: Vec<&Activity> =
        planned.iter().filter(|p| !p.is_reserved).map(|p| &p.activity).filter(|activity| runs(activity)).collect();
    let mut rows = Vec::new();
    for (activity, place) in running.into_iter().zip([FIRST_RECORD, FIRST_RECORD, SECOND_RECORD]) {
        rows.extend(by_license(activity, &population.physician(place), us_date(day)));
    }
    let at = day.saturating_add(2.days()).at(11, 5, 0, 0);
    Ok(Some(Delivery {
        provider: id,
        at,
        name: "Regional meeting.tsv".to_owned(),
        bytes: sheets::write(&rows, Kind::Tab)?,
    }))
}

/// A row that names the physician by license and claims no points.
fn by_license(activity: &Activity, physician: &Physician, completed: String) -> Option<Row> {
    let license = physician.licenses.first()?;
    let mut dice = Dice::of("two records", 1);
    let row = claim(&mut dice, activity, physician, activity.starts_on);
    Some(Row {
        completed,
        state: license.state.to_string(),
        identifier: license.number.clone(),
        board: String::new(),
        diplomate_id: String::new(),
        points: String::new(),
        types: Vec::new(),
        ..row
    })
}

/// Imports the roster through the same door as every other, and suggests the two records as a pair.
pub(crate) async fn put_on_list(app: &App, population: &Population) -> Result<()> {
    if population.size <= LEAST {
        return Ok(());
    }
    let file = app.config.data.join("Licenses of last week.tsv");
    std::fs::write(&file, roster(population))?;
    let imported = rosters::import_licenses(app, &file, &|_, _| {}).await;
    std::fs::remove_file(&file)?;
    imported?;
    let pair = Pair::new(population.physician(FIRST_RECORD).id, population.physician(SECOND_RECORD).id);
    let now = app.clock.now();
    let review = Review {
        id: ReviewId::new(app.chance.id(now)),
        source: PAIR.to_owned(),
        row_number: 0,
        row: pair.row()?,
        outcome: "review".to_owned(),
        reasons: "names_equal birth_equal needs_identifier".to_owned(),
        created_at: now,
    };
    let mut tx = app.store.write().await?;
    reviews::insert(&mut tx, PAIR, &[review]).await?;
    Ok(tx.commit().await?)
}

/// Rows that are like somebody and not sure: under a license that nobody knows yet, with the NPI of another
/// person, or with another birthday. All are of people who are in the registry, so that none adds to it.
fn roster(population: &Population) -> String {
    let mut text = HEADER.to_owned();
    for n in 0..ROWS {
        let mut of = population.physician(ROWS_FROM + n);
        let other = population.physician(ROWS_FROM + ROWS + n);
        match n % 3 {
            // without middle name and NPI: another of the same name and birthday may be meant
            0 => of.npi = None,
            1 => of.npi = other.npi,
            _ => of.birth = of.birth.and_then(|day| MonthDay::new(day.month(), day.day() % 28 + 1)),
        }
        text += &line(&of, ROWS_FROM + n);
    }
    text
}

fn line(of: &Physician, place: u64) -> String {
    let states = ["NV", "UT", "OR", "ME"].into_iter().filter_map(State::read);
    let free = states.into_iter().find(|state| of.licenses.iter().all(|held| held.state != *state));
    let Some(state) = free else { return String::new() };
    let birth = of.birth.map(|day| day.to_string()).unwrap_or_default();
    let number = license_number(state.code(), place + 500_000);
    let npi = of.npi.clone().unwrap_or_default();
    format!(
        "{state}\t{number}\t{}\t\t{}\t{}\t{}\t{birth}\tActive\t2021-07-01\t2027-12-31\t{npi}\t\n",
        of.first, of.last, of.suffix, of.degree
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population() -> Population {
        Population { size: 20_000, today: jiff::civil::date(2026, 11, 23) }
    }

    #[test]
    fn the_two_records_are_of_one_person_under_two_licenses() {
        let (one, other) = (population().physician(FIRST_RECORD), population().physician(SECOND_RECORD));
        assert_eq!((&one.first, &one.last, one.birth), (&other.first, &other.last, other.birth));
        assert_ne!(one.id, other.id);
        assert!(other.licenses.iter().all(|held| one.licenses.iter().all(|known| known.state != held.state)));
        assert!(!other.licenses.is_empty() && other.npi.is_none());
    }

    #[test]
    fn every_row_of_the_roster_is_whole() {
        let text = roster(&population());
        assert_eq!(text.lines().count() as u64, 1 + ROWS);
        assert!(text.lines().all(|line| line.split('\t').count() == 13), "{text}");
    }
}
