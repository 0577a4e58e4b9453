//! One learner's row for one activity, right or with the kinds of slips that people make.

use domain::activity::{Activity, MocRegistration};
use domain::{Amount, State};
use jiff::civil::Date;
use store::physicians::Physician;

use super::dice::Dice;
use super::sheets::Row;

/// What a learner who finished on a day would be reported with.
pub(crate) fn claim(dice: &mut Dice, activity: &Activity, physician: &Physician, completed_on: Date) -> Row {
    let amount = earned(dice, activity);
    let mut row = Row {
        action: "Add".to_owned(),
        activity: activity.id.to_string(),
        completed: us_date(completed_on),
        first: physician.first.clone(),
        last: physician.last.clone(),
        birth: physician.birth.map(|day| day.to_string()).unwrap_or_default(),
        credits: amount.to_string(),
        ..Row::default()
    };
    identify(dice, &mut row, physician);
    let certified = |moc: &&MocRegistration| physician.certifications.iter().any(|held| held.board == moc.board);
    if let Some(moc) = activity.moc.iter().find(certified).filter(|_| dice.percent(70)) {
        claim_points(dice, &mut row, moc, physician, amount);
    }
    row
}

/// Credit in quarters: all of a short activity, some hours of a long one.
fn earned(dice: &mut Dice, activity: &Activity) -> Amount {
    let most = activity.credit.unwrap_or(Amount::new(25)).hundredths() / 25;
    let quarters = match most {
        ..=16 => most,
        _ if dice.percent(25) => most.min(40),
        _ => dice.between(4, most.min(32)),
    };
    Amount::new(quarters.max(1) * 25)
}

fn identify(dice: &mut Dice, row: &mut Row, physician: &Physician) {
    let Some(license) = physician.licenses.first() else { return };
    row.state = written(dice, license.state);
    match (dice.below(10), &physician.npi) {
        (0, Some(npi)) => row.identifier.clone_from(npi),
        (1, _) => {}
        _ => row.identifier.clone_from(&license.number),
    }
}

fn written(dice: &mut Dice, state: State) -> String {
    if dice.percent(50) { state.name().to_owned() } else { state.to_string() }
}

fn claim_points(dice: &mut Dice, row: &mut Row, moc: &MocRegistration, physician: &Physician, amount: Amount) {
    let Some(held) = physician.certifications.iter().find(|held| held.board == moc.board) else { return };
    let points = amount.min(moc.points);
    row.board = moc.board.to_string();
    row.diplomate_id.clone_from(&held.diplomate_id);
    row.points = points.to_string();
    let all = if dice.percent(70) { 1 } else { 2 };
    row.types = moc.credit_types.iter().take(all).map(|name| (name.clone(), points.to_string())).collect();
}

pub(crate) fn us_date(day: Date) -> String {
    format!("{}/{}/{}", day.month(), day.day(), day.year())
}

/// Kinds of slips, each refused for another reason.
const SLIPS: u64 = 10;

/// Makes one of the usual mistakes in a row. `kind` is taken modulo the number of kinds.
pub(crate) fn spoil(dice: &mut Dice, row: &mut Row, activity: &Activity, kind: u64) {
    match kind % SLIPS {
        // somebody who is in no roster
        0 => {
            row.last = format!("{}quist", row.last.split([' ', '-']).next().unwrap_or_default());
            row.birth = format!("{:02}/{:02}", dice.between(1, 12), dice.between(1, 28));
            row.identifier = format!("X{:08}", dice.below(100_000_000));
            row.board.clear();
            row.diplomate_id.clear();
            row.points.clear();
            row.types.clear();
        }
        1 => row.birth = "02/30".to_owned(),
        2 => row.credits = (activity.credit.unwrap_or(Amount::ZERO) + Amount::new(200)).to_string(),
        3 => row.activity = "190000042".to_owned(),
        4 => row.completed = us_date(activity.starts_on.saturating_sub(jiff::Span::new().days(20))),
        5 => row.last.clear(),
        6 => row.credits = "0.1".to_owned(),
        7 => row.state = "Calif".to_owned(),
        8 => row.identifier = "3.5E+07".to_owned(),
        _ => {
            row.birth.clear();
            row.completed = format!("{}/31/{}", 2, activity.starts_on.year());
        }
    }
}
