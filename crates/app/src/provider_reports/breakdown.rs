//! Facts folded by what their activities have in common, or by month.

use std::collections::BTreeMap;

use domain::credit::{CreditStatus, Kind};
use domain::{Amount, Board};
use jiff::ToSpan;
use jiff::civil::Date;
use store::provider_reports::{Class, CreditCell, Period};

use super::facts::Facts;

/// What one line of a breakdown adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub activities: i64,
    pub offered: Amount,
    pub physicians: i64,
    pub others: i64,
    pub support_dollars: i64,
    pub physicians_reported: i64,
    pub others_reported: i64,
    pub cme: Amount,
    /// Points by board, without rejected ones. Never added up: they are other boards' points for the
    /// same hours.
    pub points: BTreeMap<Board, Amount>,
}

impl Line {
    fn add_credit(&mut self, cell: &CreditCell) {
        match cell.kind {
            Kind::Cme => self.cme = self.cme + cell.amount,
            Kind::Moc(board) if cell.status != CreditStatus::Rejected => {
                let points = self.points.entry(board).or_default();
                *points = *points + cell.amount;
            }
            Kind::Moc(_) | Kind::Rems => {}
        }
    }
}

/// One line for each key; a class may have several keys, and then counts for each.
pub(super) fn by_class<K: Ord>(facts: &Facts, keys: impl Fn(&Class) -> Vec<K>) -> BTreeMap<K, Line> {
    let mut lines: BTreeMap<K, Line> = BTreeMap::new();
    for cell in &facts.activities {
        for key in keys(&cell.class) {
            let line = lines.entry(key).or_default();
            line.activities += cell.activities;
            line.offered = line.offered + cell.offered;
            line.physicians += cell.physicians;
            line.others += cell.others;
            line.support_dollars += cell.support_dollars;
        }
    }
    for cell in facts.learners.iter().filter(|cell| cell.physicians + cell.others > 0) {
        for key in keys(&cell.class) {
            let line = lines.entry(key).or_default();
            line.physicians_reported += cell.physicians;
            line.others_reported += cell.others;
        }
    }
    for cell in &facts.credits {
        for key in keys(&cell.class) {
            lines.entry(key).or_default().add_credit(cell);
        }
    }
    lines
}

pub(super) fn total(facts: &Facts) -> Line {
    by_class(facts, |_| vec![()]).remove(&()).unwrap_or_default()
}

/// Every month of the period, by its first day. A learner counts in the month of the first completion of an
/// activity in the period.
pub(super) fn by_month(facts: &Facts, period: Period) -> BTreeMap<Date, Line> {
    let mut lines: BTreeMap<Date, Line> = BTreeMap::new();
    let mut month = period.from.first_of_month();
    while month <= period.until {
        lines.insert(month, Line::default());
        match month.checked_add(1.month()) {
            Ok(next) => month = next,
            Err(_) => break,
        }
    }
    for cell in &facts.activities {
        let line = lines.entry(cell.month).or_default();
        line.activities += cell.activities;
        line.offered = line.offered + cell.offered;
        line.physicians += cell.physicians;
        line.others += cell.others;
        line.support_dollars += cell.support_dollars;
    }
    for cell in &facts.days {
        let line = lines.entry(cell.completed_on.first_of_month()).or_default();
        let count = if cell.is_physician { &mut line.physicians_reported } else { &mut line.others_reported };
        *count += cell.learners;
    }
    for cell in &facts.credits {
        lines.entry(cell.month).or_default().add_credit(cell);
    }
    lines
}
