//! Year-end: the five steps by which a provider closes a reporting year (domain.md, Activities).
//!
//! Pure: facts go in, the state of each step comes out. No step is ticked by hand alone: "all entered"
//! is said by a person and holds only while no draft contradicts it.

use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::choices::choices;
use crate::reference::Settings;
use crate::{AccountId, Amount};

choices! {
    /// What a year needs before its Program Summary counts, in order.
    Step {
        Agreement "agreement" "Accept the annual agreement"
        Entered "entered" "Enter all activities"
        Closed "closed" "Close all activities"
        Enduring "enduring" "Refresh the totals of enduring material"
        Summary "summary" "Submit the Program Summary"
    }
}

/// Somebody did something: a person or a program of theirs, at a time in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub by: Option<AccountId>,
    pub at: i64,
}

/// Income of the year in whole dollars, but for commercial support, which is summed from activities.
/// Zero is a value, empty is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Income {
    pub advertising_and_exhibits: Option<i64>,
    pub registration_fees: Option<i64>,
    pub government_grants: Option<i64>,
    pub private_donations: Option<i64>,
}

/// Key and label of each field of [`Income`].
pub const INCOME_FIELDS: [(&str, &str); 4] = [
    ("advertising_and_exhibits", "Advertising and exhibit income"),
    ("registration_fees", "Registration fees"),
    ("government_grants", "Government grants"),
    ("private_donations", "Private donations"),
];

/// The largest income that is no slip of the keyboard, in dollars.
pub const MOST_INCOME: i64 = 10_000_000_000;

impl Income {
    /// The values beside their keys, in the order of [`INCOME_FIELDS`].
    pub fn values(&self) -> [(&'static str, Option<i64>); 4] {
        let [advertising, fees, grants, donations] = INCOME_FIELDS;
        [
            (advertising.0, self.advertising_and_exhibits),
            (fees.0, self.registration_fees),
            (grants.0, self.government_grants),
            (donations.0, self.private_donations),
        ]
    }

    pub fn is_whole(&self) -> bool {
        self.values().iter().all(|(_, dollars)| dollars.is_some())
    }

    pub fn sum(&self) -> i64 {
        self.values().iter().filter_map(|(_, dollars)| *dollars).fold(0, i64::saturating_add)
    }
}

/// What the activities of a year add up to. The activities are those that **end** in the year; the
/// learners of enduring material are the difference of its snapshots, also while it still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    pub activities: i64,
    pub credits: Amount,
    pub physicians: i64,
    pub others: i64,
    /// Cash of commercial supporters, in whole dollars.
    pub support_dollars: i64,
    /// Activities that had commercial support, in cash or in kind.
    pub supported: i64,
}

/// What is on record of a provider's year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub agreement: Option<Done>,
    pub entered: Option<Done>,
    /// Drafts that start or end in the year.
    pub drafts: i64,
    /// Activities that ended in the year and are not closed, drafts included.
    pub unclosed: i64,
    /// Enduring activities that ran in the year, and those whose totals of the year are on record.
    pub enduring: i64,
    pub refreshed: i64,
    pub income: Income,
    pub submitted: Option<Done>,
    /// The totals as they were submitted.
    pub submitted_totals: Option<Totals>,
    /// The totals as they are now.
    pub totals: Totals,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Done,
    /// Something is left: how many activities or fields; 0 where nobody has said so yet.
    Open(i64),
}

impl Facts {
    pub fn state(&self, step: Step) -> State {
        let open = |left: i64, is_said: bool| if left == 0 && is_said { State::Done } else { State::Open(left) };
        match step {
            Step::Agreement => open(0, self.agreement.is_some()),
            Step::Entered => open(self.drafts, self.entered.is_some()),
            Step::Closed => open(self.unclosed, true),
            Step::Enduring => open(self.enduring - self.refreshed.min(self.enduring), true),
            Step::Summary => {
                let empty = self.income.values().iter().filter(|(_, dollars)| dollars.is_none()).count();
                open(i64::try_from(empty).unwrap_or(i64::MAX), self.submitted.is_some())
            }
        }
    }

    /// The steps that keep the Program Summary from being submitted.
    pub fn before_summary(&self) -> Vec<Step> {
        let steps = Step::ALL.iter().copied().filter(|step| *step != Step::Summary);
        steps.filter(|step| self.state(*step) != State::Done).collect()
    }

    /// Whether activities changed since the Program Summary was submitted.
    pub fn is_outdated(&self) -> bool {
        self.submitted_totals.is_some_and(|submitted| submitted != self.totals)
    }
}

/// The last minute in which a year can be submitted on time: by default 31 March of the next year,
/// 23:59 US Central, whether that is standard or daylight time.
pub fn due(year: i16, settings: &Settings) -> Timestamp {
    let zone = TimeZone::get(&settings.year_due_zone).unwrap_or(TimeZone::UTC);
    let day = Date::new(year.saturating_add(1), settings.year_due_month, settings.year_due_day).unwrap_or(Date::MAX);
    let clock = time(settings.year_due_hour.clamp(0, 23), settings.year_due_minute.clamp(0, 59), 0, 0);
    day.to_datetime(clock).to_zoned(zone).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// Whether `now` is after the due minute.
pub fn is_late(year: i16, settings: &Settings, now: Timestamp) -> bool {
    now.as_second().div_euclid(60) > due(year, settings).as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_is_due_at_the_end_of_march_in_us_central_time() {
        let settings = Settings::default();
        // 31 March is in daylight time: five hours behind UTC
        assert_eq!(due(2026, &settings), at("2027-04-01T04:59:00Z"));
        assert!(!is_late(2026, &settings, at("2027-04-01T04:59:59Z")));
        assert!(is_late(2026, &settings, at("2027-04-01T05:00:00Z")));
        let winter = Settings { year_due_month: 1, year_due_day: 31, ..settings };
        assert_eq!(due(2026, &winter), at("2027-02-01T05:59:00Z"));
    }

    #[test]
    fn every_step_is_done_only_when_nothing_is_left() {
        let done = Some(Done { by: None, at: 1 });
        let income = Income {
            advertising_and_exhibits: Some(0),
            registration_fees: Some(1),
            government_grants: Some(0),
            private_donations: Some(0),
        };
        let whole = Facts { agreement: done, entered: done, enduring: 2, refreshed: 2, income, ..Facts::default() };
        assert_eq!(whole.before_summary(), []);
        assert_eq!(whole.state(Step::Summary), State::Open(0));
        let cases = [
            (Step::Agreement, Facts { agreement: None, ..whole.clone() }, 0),
            (Step::Entered, Facts { entered: None, ..whole.clone() }, 0),
            (Step::Entered, Facts { drafts: 3, ..whole.clone() }, 3),
            (Step::Closed, Facts { unclosed: 1, ..whole.clone() }, 1),
            (Step::Enduring, Facts { refreshed: 1, ..whole.clone() }, 1),
            (Step::Summary, Facts { income: Income::default(), submitted: done, ..whole.clone() }, 4),
        ];
        for (step, facts, left) in cases {
            assert_eq!(facts.state(step), State::Open(left), "{step:?}");
            let blocks = if step == Step::Summary { vec![] } else { vec![step] };
            assert_eq!(facts.before_summary(), blocks);
        }
        assert_eq!(Facts { submitted: done, ..whole }.state(Step::Summary), State::Done);
    }

    #[test]
    fn a_change_after_submission_is_noticed() {
        let totals = Totals { activities: 3, ..Totals::default() };
        let facts = Facts { submitted_totals: Some(totals), totals, ..Facts::default() };
        assert!(!facts.is_outdated());
        assert!(Facts { totals: Totals::default(), ..facts }.is_outdated());
    }
}
