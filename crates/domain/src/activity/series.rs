//! Repeat activities: the same education given on several dates and in several places is entered
//! once and becomes separate activities (domain.md, Activities).
//!
//! What belongs to one run (totals, outcomes, support) is never repeated; it is entered with each.

use jiff::civil::Date;

use super::{Activity, MocRegistration};

/// One run of a repeated activity. An empty text keeps what the first one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub starts_on: Date,
    pub ends_on: Date,
    pub city: String,
    pub state: String,
    pub country: String,
    /// The provider's own ID of this run; several runs may share one, told apart by their start.
    pub internal_id: String,
}

impl Run {
    pub fn on(starts_on: Date, ends_on: Date) -> Self {
        let nothing = String::new;
        Self { starts_on, ends_on, city: nothing(), state: nothing(), country: nothing(), internal_id: nothing() }
    }
}

/// What is given anew with each run of an activity.
pub(super) fn without_results(of: &Activity) -> Activity {
    Activity {
        outcomes: Vec::new(),
        has_support: None,
        support: Vec::new(),
        physician_total: None,
        other_total: None,
        other_breakdown: Vec::new(),
        is_closed: false,
        ..of.clone()
    }
}

/// One activity for each run, in their order. The ID is still that of the first: whoever stores them
/// gives each its own. Registrations move along: a claim date stays as far behind the end as it was,
/// and undertakings are given anew, since each is given for one activity.
pub fn repeat(first: &Activity, runs: &[Run]) -> Vec<Activity> {
    let base = without_results(first);
    let or = |given: &str, kept: &str| if given.trim().is_empty() { kept.to_owned() } else { given.trim().to_owned() };
    let one = |run: &Run| {
        // a new place is new as a whole: the state of the old one does not belong to it
        let moves = !run.city.trim().is_empty() || !run.country.trim().is_empty();
        Activity {
            starts_on: run.starts_on,
            ends_on: run.ends_on,
            city: or(&run.city, &base.city),
            state: if moves { run.state.trim().to_owned() } else { or(&run.state, &base.state) },
            country: or(&run.country, &base.country),
            internal_id: or(&run.internal_id, &base.internal_id),
            moc: base.moc.iter().map(|moc| moved(moc, base.ends_on, run.ends_on)).collect(),
            ..base.clone()
        }
    };
    runs.iter().map(one).collect()
}

fn moved(moc: &MocRegistration, from_end: Date, to_end: Date) -> MocRegistration {
    let claim_until = moc.claim_until.and_then(|until| {
        let behind = until.since(from_end).ok()?;
        to_end.checked_add(behind).ok()
    });
    MocRegistration { claim_until, undertakings: Vec::new(), ..moc.clone() }
}

impl Activity {
    /// A Draft of the same content for a new ID. What belongs to one run is left out, and so is what
    /// must be decided anew: the credit amount, claim dates and undertakings. The title has at most so
    /// many characters.
    pub fn copy(&self, title_most: usize) -> Activity {
        let mut copied = without_results(self);
        for registration in &mut copied.moc {
            registration.claim_until = None;
            registration.undertakings.clear();
        }
        let title = format!("Copy of {}", self.title).chars().take(title_most).collect();
        Activity { title, internal_id: String::new(), credit: None, ..copied }
    }

    /// The same days of a later year; nothing where `years` is not positive.
    pub fn move_by_years(&mut self, years: i16) {
        if years > 0 {
            let later = |day: Date| day.checked_add(jiff::Span::new().years(years)).unwrap_or(day);
            (self.starts_on, self.ends_on) = (later(self.starts_on), later(self.ends_on));
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::activity::tests::active;
    use crate::activity::{Delivery, Undertaking};
    use crate::{Amount, Board};

    fn in_reno() -> Activity {
        let moc = MocRegistration {
            board: Board::read("ABIM").unwrap(),
            points: Amount::new(700),
            credit_types: vec!["Medical Knowledge".into()],
            practice_areas: vec![],
            claim_until: Some(date(2026, 4, 30)),
            undertakings: Undertaking::ALL.to_vec(),
        };
        Activity {
            deliveries: vec![Delivery::InPerson],
            city: "Reno".into(),
            state: "NV".into(),
            country: "USA".into(),
            physician_total: Some(40),
            moc: vec![moc],
            ..active()
        }
    }

    #[test]
    fn each_run_has_its_dates_and_place_and_none_of_the_first_ones_results() {
        let toronto =
            Run { city: "Toronto".into(), country: "CAN".into(), ..Run::on(date(2026, 5, 1), date(2026, 5, 2)) };
        let made = repeat(&in_reno(), &[Run::on(date(2026, 4, 1), date(2026, 4, 3)), toronto]);
        let place = |of: &Activity| format!("{} {} {}", of.city, of.state, of.country);
        assert_eq!(made.iter().map(place).collect::<Vec<_>>(), ["Reno NV USA", "Toronto  CAN"]);
        assert_eq!((made[0].starts_on, made[1].ends_on), (date(2026, 4, 1), date(2026, 5, 2)));
        assert!(made.iter().all(|one| one.physician_total.is_none() && one.credit == Some(Amount::new(700))));
    }

    #[test]
    fn a_claim_date_stays_as_far_behind_the_end_and_undertakings_are_given_anew() {
        let made = repeat(&in_reno(), &[Run::on(date(2026, 4, 1), date(2026, 4, 3))]);
        assert_eq!(made[0].moc[0].claim_until, Some(date(2026, 5, 3)));
        assert!(!made[0].moc[0].is_attested());
    }

    #[test]
    fn a_copy_leaves_out_what_is_decided_anew() {
        let copied = in_reno().copy(500);
        assert_eq!(
            (copied.title.as_str(), copied.credit, copied.physician_total),
            ("Copy of Care of the Heart", None, None)
        );
        assert_eq!((copied.moc[0].claim_until, copied.moc[0].is_attested()), (None, false));
        assert_eq!(copied.city, "Reno");
        assert_eq!(in_reno().copy(10).title, "Copy of Ca");
    }

    #[test]
    fn a_leap_day_moves_to_the_last_of_february() {
        let mut leap = Activity { starts_on: date(2024, 2, 29), ends_on: date(2024, 3, 1), ..in_reno() };
        leap.move_by_years(0);
        assert_eq!(leap.starts_on, date(2024, 2, 29));
        leap.move_by_years(3);
        assert_eq!((leap.starts_on, leap.ends_on), (date(2027, 2, 28), date(2027, 3, 1)));
    }
}
