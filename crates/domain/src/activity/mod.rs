//! Activities and what they need for each status (domain.md, Activities).
//!
//! Draft, Active and Ready to Close are **computed** from the fields and today's date, so they
//! change overnight without a save; only Closed is an act that somebody does. Which values may be
//! chosen is reference data: a field holds the code of an item of its list.

pub(crate) mod choices;
mod faults;
mod fields;
mod formats;
mod missing;
mod moc;
mod rules;
#[cfg(test)]
mod rules_cases;
#[cfg(test)]
mod rules_tests;
mod same;
mod series;
mod tidy;
mod uses;
mod warnings;
pub mod year;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ActivityId, Amount, Board, ProviderId};

pub use choices::{Answer, Delivery, Fee, Format, Providership, Registration, Status};
pub use fields::{FIELDS, MOC_FIELDS, label as field_label};
pub use formats::Named;
pub use missing::Basics;
pub use moc::{MocRegistration, Undertaking};
pub use rules::{Missing, Rule};
pub use same::{Recognized, is_alike, recognize, title_key};
pub use series::{Run, repeat};
pub use warnings::{Beside, Warned, Warning, is_web_address};

/// AMA PRA Category 1 is the credit of every activity; the name on the wire.
pub const AMA_PRA_CATEGORY_1: &str = "AMA PRA Category 1";

/// The country in which a state is needed.
const UNITED_STATES: &str = "USA";

/// A source of commercial support: cash in whole dollars, or in kind without a value. Who gives both
/// stands there twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    pub source: String,
    pub dollars: Option<i64>,
}

/// An outcome and how it was measured. `outcome` is the code of an item of
/// [`crate::reference::List::Outcomes`], such as `knowledge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredOutcome {
    pub outcome: String,
    pub objective: bool,
    pub subjective: bool,
}

/// The REMS program that an activity belongs to, with its identifier there (such as `EG-123456-001`);
/// the identifier may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rems {
    pub kind: String,
    pub identifier: String,
}

/// Content that a state asks for, such as a topic of the domain `Opioids`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateTopic {
    pub domain: String,
    pub topic: String,
}

/// One selection from a publisher's content outline, such as the MOCA content outline. `source` is
/// `01_ABAMCO` or `02_ABAMCO` for the first and second selection of the ABA's, else the publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    pub source: String,
    pub keys: Vec<OutlineKey>,
}

/// `keyword` says what the value is: `Level 3 ID`, `Tag ID`, `Free Text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineKey {
    pub keyword: String,
    pub value: String,
}

/// Credit beside AMA PRA Category 1 that a jointly accredited activity gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCredit {
    /// The code of an item of [`crate::reference::List::CreditKinds`], such as `Nursing`.
    pub certification: String,
    pub amount: Amount,
}

/// How many of the other learners are of one profession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfessionCount {
    pub profession: String,
    pub count: i64,
}

/// What pharmacy's accreditor asks of an interprofessional activity. It is kept as it was given and
/// handed back; no rule of ours depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pharmacy {
    pub activity_type: String,
    pub topic: String,
    pub live_on: Option<Date>,
    /// One to four digits, unique with the provider.
    pub sequence_number: String,
    pub uan: String,
    pub uan_technician: String,
    pub has_recertification: Option<Answer>,
    pub recertification: Vec<PharmacyRequirement>,
    pub has_content_tags: Option<Answer>,
    pub content_states: Vec<String>,
    pub content_topics: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PharmacyRequirement {
    pub audience: String,
    pub requirement: String,
}

/// One accredited education activity. Everything but title, format and dates may still be missing:
/// an empty text or list, or `None`, is "not answered". Start from [`Activity::draft`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub id: ActivityId,
    pub provider: ProviderId,
    pub internal_id: String,
    pub title: String,
    pub format: Format,
    pub starts_on: Date,
    pub ends_on: Date,
    pub deliveries: Vec<Delivery>,
    pub city: String,
    /// Two letters in the United States, elsewhere a province as the provider writes it.
    pub state: String,
    /// ISO 3166 alpha-3, such as `USA`.
    pub country: String,
    /// AMA PRA Category 1: of a series all its sessions together, of a conference all sessions.
    pub credit: Option<Amount>,
    pub other_credits: Vec<OtherCredit>,
    pub description: String,
    pub providership: Option<Providership>,
    /// Names of partners that are not accredited.
    pub joint_providers: Vec<String>,
    pub is_interprofessional: Option<bool>,
    /// Whom it is for.
    pub professions: Vec<String>,
    pub specialties: Vec<String>,
    pub in_passport: Option<bool>,
    pub url: String,
    pub fee: Option<Fee>,
    pub registration: Option<Registration>,
    pub outcomes: Vec<MeasuredOutcome>,
    pub has_support: Option<bool>,
    pub support: Vec<Support>,
    /// Aggregate learner totals; zero is a value, empty is not. A series counts a person once **per
    /// session**; enduring material counts everybody up to the last 31 December, or its end.
    pub physician_total: Option<i64>,
    pub other_total: Option<i64>,
    /// What is known of `other_total` by profession; it may add up to less.
    pub other_breakdown: Vec<ProfessionCount>,
    pub commendation_tags: Vec<String>,
    pub is_mips: Option<bool>,
    pub rems: Option<Rems>,
    pub has_state_topics: Option<bool>,
    pub state_topics: Vec<StateTopic>,
    pub outlines: Vec<Outline>,
    pub pharmacy: Option<Box<Pharmacy>>,
    pub moc: Vec<MocRegistration>,
    pub is_closed: bool,
}

impl Activity {
    /// Nothing filled in but what every activity has.
    pub fn draft(
        id: ActivityId,
        provider: ProviderId,
        title: impl Into<String>,
        format: Format,
        starts_on: Date,
        ends_on: Date,
    ) -> Self {
        Self {
            id,
            provider,
            internal_id: String::new(),
            title: title.into(),
            format,
            starts_on,
            ends_on,
            deliveries: Vec::new(),
            city: String::new(),
            state: String::new(),
            country: String::new(),
            credit: None,
            other_credits: Vec::new(),
            description: String::new(),
            providership: None,
            joint_providers: Vec::new(),
            is_interprofessional: None,
            professions: Vec::new(),
            specialties: Vec::new(),
            in_passport: None,
            url: String::new(),
            fee: None,
            registration: None,
            outcomes: Vec::new(),
            has_support: None,
            support: Vec::new(),
            physician_total: None,
            other_total: None,
            other_breakdown: Vec::new(),
            commendation_tags: Vec::new(),
            is_mips: None,
            rems: None,
            has_state_topics: None,
            state_topics: Vec::new(),
            outlines: Vec::new(),
            pharmacy: None,
            moc: Vec::new(),
            is_closed: false,
        }
    }

    /// The status on a day. It follows from the fields alone, so that the database can say it of
    /// 300,000 activities at midnight: values that reference data no longer allows are refused at the
    /// next save and at closing, but never change a status by themselves.
    pub fn status(&self, today: Date) -> Status {
        if self.is_closed {
            Status::Closed
        } else if !self.is_complete() {
            Status::Draft
        } else if self.ends_on < today {
            Status::ReadyToClose
        } else {
            Status::Active
        }
    }

    /// Whether learner credit may be reported: Active or later.
    pub fn accepts_reports(&self, today: Date) -> bool {
        self.status(today) != Status::Draft
    }

    pub fn registration(&self, board: Board) -> Option<&MocRegistration> {
        self.moc.iter().find(|registration| registration.board == board)
    }

    pub fn is_rems(&self) -> bool {
        self.rems.is_some()
    }

    /// The reporting year for entry: that of the start.
    pub fn year_of_entry(&self) -> i16 {
        self.starts_on.year()
    }

    /// The reporting year for closing, which is also the one that locks: that of the end.
    pub fn year_of_closing(&self) -> i16 {
        self.ends_on.year()
    }

    /// Cash of all commercial supporters, in whole dollars.
    pub fn support_dollars(&self) -> i64 {
        self.support.iter().filter_map(|support| support.dollars).fold(0, i64::saturating_add)
    }

    /// All learners, as far as totals were given.
    pub fn learner_total(&self) -> Option<i64> {
        match (self.physician_total, self.other_total) {
            (None, None) => None,
            (physicians, others) => Some(physicians.unwrap_or(0).saturating_add(others.unwrap_or(0))),
        }
    }
}

pub(crate) fn is_quarter(amount: Amount) -> bool {
    amount.hundredths() % 25 == 0
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;

    use super::*;

    pub(crate) fn active() -> Activity {
        Activity {
            deliveries: vec![Delivery::LiveStreamed],
            credit: Some(Amount::new(700)),
            description: "A course.".into(),
            providership: Some(Providership::Direct),
            in_passport: Some(false),
            ..Activity::draft(
                "202600001".parse().unwrap(),
                "0001234".parse().unwrap(),
                "Care of the Heart",
                Format::LiveCourse,
                date(2026, 3, 1),
                date(2026, 3, 31),
            )
        }
    }

    #[test]
    fn the_status_follows_the_calendar_without_a_save() {
        let activity = active();
        assert_eq!(activity.status(date(2026, 1, 1)), Status::Active);
        assert_eq!(activity.status(date(2026, 3, 31)), Status::Active);
        assert_eq!(activity.status(date(2026, 4, 1)), Status::ReadyToClose);
        assert_eq!(Activity { is_closed: true, ..activity }.status(date(2026, 1, 1)), Status::Closed);
    }

    #[test]
    fn an_empty_total_is_not_zero() {
        assert_eq!(active().learner_total(), None);
        assert_eq!(Activity { other_total: Some(0), ..active() }.learner_total(), Some(0));
    }
}
