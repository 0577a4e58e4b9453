//! Months of learner files: what each provider sent in and when, with the slips of real ones.
//!
//! Files go through the same door as everybody's, with the clock set to their day, so uploads,
//! refused rows, ledger and heads are real ones.

use domain::ProviderId;
use domain::activity::Activity;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::organizations::Standing;

use super::activities::Planned;
use super::claims::{claim, spoil};
use super::dice::Dice;
use super::people::Population;
use super::providers::PROVIDERS;
use super::sheets::{self, Kind, Row};

/// How many months back the first files lie.
const MONTHS: i64 = 14;
/// Physicians who take part, at most.
const LEARNERS: u64 = 2_500;

/// A file on its way.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) provider: ProviderId,
    /// In the operator's zone.
    pub(crate) at: DateTime,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// All files in the order of their days.
pub(crate) fn deliveries(activities: &[Planned], population: &Population) -> anyhow::Result<Vec<Delivery>> {
    let mut list = Vec::new();
    for (place, provider) in (0..).zip(PROVIDERS) {
        if provider.standing != Standing::Good {
            continue; // nobody else may submit
        }
        let id: ProviderId = provider.id.parse()?;
        let own: Vec<&Activity> =
            activities.iter().filter(|p| p.activity.provider == id && !p.is_reserved).map(|p| &p.activity).collect();
        for month in 0..MONTHS {
            let mut dice = Dice::of("delivery", place * 100 + month.unsigned_abs());
            let files = if place == 0 { 2 } else { 1 };
            for _ in 0..files {
                let back = (MONTHS - 1 - month) * 30 + dice.between(2, 26);
                let day = population.today.saturating_sub(back.days());
                list.extend(delivery(&mut dice, id, &own, population, day)?);
            }
        }
    }
    list.extend(mistaken_file(population.today));
    list.sort_by_key(|delivery| delivery.at);
    Ok(list)
}

fn delivery(
    dice: &mut Dice,
    provider: ProviderId,
    activities: &[&Activity],
    population: &Population,
    day: Date,
) -> anyhow::Result<Option<Delivery>> {
    let since = day.saturating_sub(32.days());
    let reported: Vec<&&Activity> = activities
        .iter()
        .filter(|a| a.missing_for_active().is_empty() && a.starts_on < day && a.ends_on >= since)
        .collect();
    if reported.is_empty() {
        return Ok(None);
    }
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let activity = **dice.pick(&reported);
        rows.extend(learners(dice, activity, population, (since.max(activity.starts_on), day)));
    }
    let kind = *dice.weighted(&[(Kind::Workbook, 50), (Kind::Tab, 30), (Kind::Comma, 20)]);
    let name = format!("{}.{}", file_name(dice, day), kind.extension());
    let at =
        day.at(i8::try_from(dice.between(8, 16)).unwrap_or(9), i8::try_from(dice.between(0, 59)).unwrap_or(0), 0, 0);
    Ok(Some(Delivery { provider, at, name, bytes: sheets::write(&rows, kind)? }))
}

/// The learners of one activity who finished between two days, the second excluded.
fn learners(dice: &mut Dice, activity: &Activity, population: &Population, (from, until): (Date, Date)) -> Vec<Row> {
    let last = activity.ends_on.min(until.saturating_sub(1.day()));
    let days = from.until(last).map_or(0, |span| i64::from(span.get_days()));
    let pool = population.size.min(LEARNERS);
    let mut places: Vec<u64> = (0..dice.between(8, 40)).map(|_| dice.below(pool)).collect();
    // the physician of the sign-ins is keen on points of the own board
    if dice.percent(if activity.moc.is_empty() { 5 } else { 30 }) {
        places.push(0);
    }
    let mut rows = Vec::new();
    for place in places {
        let physician = population.physician(place);
        let wants = activity.moc.is_empty()
            || physician.certifications.iter().any(|held| activity.registration(held.board).is_some());
        if !wants && (place == 0 || dice.percent(70)) {
            continue; // most come for points of their own board
        }
        let completed_on = from.saturating_add(dice.between(0, days.max(0)).days());
        let mut row = claim(dice, activity, &physician, completed_on);
        if place != 0 && dice.percent(4) {
            let kind = dice.draw();
            spoil(dice, &mut row, activity, kind);
        }
        rows.push(row);
    }
    correct_one(dice, &mut rows);
    rows
}

/// Now and then a file takes a row back and reports it anew with less credit.
fn correct_one(dice: &mut Dice, rows: &mut Vec<Row>) {
    let good = rows.iter().find(|row| row.board.is_empty() && row.credits.len() < 3 && row.credits != "1");
    let Some(wrong) = good.filter(|_| dice.percent(15)).cloned() else { return };
    rows.push(Row { action: "Delete".to_owned(), ..wrong.clone() });
    rows.push(Row { credits: "1".to_owned(), ..wrong });
}

fn file_name(dice: &mut Dice, day: Date) -> String {
    let month = day.strftime("%b %Y");
    let choices = [
        format!("Learner credit {month}"),
        format!("PARS upload {}", day.strftime("%m-%d-%y")),
        format!("learners_{}", day.strftime("%Y%m%d")),
        format!("{month} completions FINAL"),
    ];
    dice.pick(&choices).clone()
}

/// Somebody uploaded the registration list instead: the file is refused as a whole.
fn mistaken_file(today: Date) -> Option<Delivery> {
    let bytes = b"Registrant,Badge,Dinner\r\nMarsh,Yes,Vegetarian\r\nReed,No,None\r\n".to_vec();
    let provider = PROVIDERS.first()?.id.parse().ok()?;
    let at = today.saturating_sub(9.days()).at(10, 12, 0, 0);
    Some(Delivery { provider, at, name: "Dinner registrations.csv".to_owned(), bytes })
}
