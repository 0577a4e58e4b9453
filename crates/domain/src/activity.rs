//! Activities and what they need for each status (domain.md, Activities).
//!
//! Draft, Active and Ready to Close are **computed** from the fields and today's date, so they
//! change overnight without a save; only Closed is an act that somebody does.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ActivityId, Amount, Board, ProviderId, State};

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $label:literal)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant,)+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)+];

            /// The stored word.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// The word on screens.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)+ }
            }

            /// Reads the stored word or the label.
            pub fn read(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.code() == text || choice.label() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.label())
            }
        }
    };
}

choices! {
    /// The format of an activity.
    Format {
        LiveCourse "live_course" "Live Course"
        RegularlyScheduledSeries "regularly_scheduled_series" "Regularly Scheduled Series"
        EnduringMaterial "enduring_material" "Enduring Material"
        JournalBased "journal_based" "Journal-Based CME"
        ManuscriptReview "manuscript_review" "Manuscript Review"
        TestItemWriting "test_item_writing" "Test-Item Writing"
        CommitteeLearning "committee_learning" "Committee Learning"
        QualityImprovement "quality_improvement" "Performance/Quality Improvement"
        InternetSearching "internet_searching" "Internet Searching and Learning"
        LearningFromTeaching "learning_from_teaching" "Learning from Teaching"
        OtherBlended "other_blended" "Other/Blended"
    }
}

choices! {
    /// How it reaches learners.
    Delivery {
        InPerson "in_person" "In-Person"
        LiveStreamed "live_streamed" "Live-Streamed"
        Online "online" "Online"
        PrintOther "print_other" "Print/Other"
    }
}

choices! {
    /// The status of an activity.
    Status {
        Draft "draft" "Draft"
        Active "active" "Active"
        ReadyToClose "ready_to_close" "Ready to Close"
        Closed "closed" "Closed"
    }
}

choices! {
    /// Direct: planned by the accredited provider. Joint: with a non-accredited partner.
    Providership {
        Direct "direct" "Direct"
        Joint "joint" "Joint"
    }
}

choices! {
    /// Whether learners pay.
    Fee {
        Yes "yes" "Yes"
        Free "free" "No, it's free"
        Variable "variable" "Variable"
    }
}

choices! {
    /// Who may register.
    Registration {
        Open "open" "Open to all"
        Limited "limited" "Limited"
    }
}

choices! {
    /// What was measured in an activity's learners.
    Outcome {
        Knowledge "knowledge" "Learner Knowledge"
        Competence "competence" "Learner Competence"
        Performance "performance" "Learner Performance"
        PatientHealth "patient_health" "Patient Health"
        CommunityHealth "community_health" "Community Health"
    }
}

impl Format {
    /// The delivery methods the format may have; none for formats without delivery.
    pub fn deliveries(self) -> &'static [Delivery] {
        match self {
            Format::LiveCourse | Format::RegularlyScheduledSeries => &[Delivery::InPerson, Delivery::LiveStreamed],
            Format::EnduringMaterial => &[Delivery::Online, Delivery::PrintOther],
            Format::OtherBlended => Delivery::ALL,
            _ => &[],
        }
    }

    /// The longest an activity may last, in months.
    pub fn longest_months(self) -> i32 {
        match self {
            Format::EnduringMaterial | Format::JournalBased => 36,
            _ => 12,
        }
    }
}

/// A registration for one certifying board's MOC / CC credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MocRegistration {
    pub board: Board,
    pub points: Amount,
    pub credit_types: Vec<String>,
    pub practice_areas: Vec<String>,
    /// The last day on which a learner may claim.
    pub claim_until: Option<Date>,
    /// Whether the five undertakings were made.
    pub attested: bool,
}

/// A source of commercial support: cash in whole dollars, or in kind without a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    pub source: String,
    pub dollars: Option<i64>,
}

/// An outcome and how it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredOutcome {
    pub outcome: Outcome,
    pub objective: bool,
    pub subjective: bool,
}

/// One accredited education activity. Everything but title, format and dates may still be missing.
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
    /// Empty outside the United States.
    pub state: Option<State>,
    pub country: String,
    pub credit: Option<Amount>,
    pub description: String,
    pub providership: Option<Providership>,
    pub joint_providers: Vec<String>,
    pub in_passport: Option<bool>,
    pub url: String,
    pub fee: Option<Fee>,
    pub registration: Option<Registration>,
    pub is_rems: bool,
    pub outcomes: Vec<MeasuredOutcome>,
    pub has_support: Option<bool>,
    pub support: Vec<Support>,
    /// Aggregate learner totals; zero is a value, empty is not.
    pub physician_total: Option<i64>,
    pub other_total: Option<i64>,
    pub moc: Vec<MocRegistration>,
    pub is_closed: bool,
}

/// Something an activity lacks for its next status: the form's field and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub field: &'static str,
    pub what: String,
}

fn missing(field: &'static str, what: impl Into<String>) -> Missing {
    Missing { field, what: what.into() }
}

impl Activity {
    /// The status on a day.
    pub fn status(&self, today: Date) -> Status {
        if self.is_closed {
            Status::Closed
        } else if !self.missing_for_active().is_empty() {
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

    /// What even a Draft must have in order.
    pub fn faults_of_draft(&self) -> Vec<Missing> {
        let mut faults = Vec::new();
        if self.title.trim().is_empty() {
            faults.push(missing("title", "Give the activity a title."));
        }
        if self.ends_on < self.starts_on {
            faults.push(missing("ends_on", "The end date must not be before the start date."));
        }
        let months = self.format.longest_months();
        let latest = self.starts_on.checked_add(jiff::Span::new().months(months)).unwrap_or(Date::MAX);
        if self.ends_on > latest {
            faults.push(missing("ends_on", format!("This format may last at most {months} months.")));
        }
        if self.description.chars().count() > 2_500 {
            faults.push(missing("description", "Shorten the description to 2,500 characters."));
        }
        for delivery in &self.deliveries {
            if !self.format.deliveries().contains(delivery) {
                faults.push(missing("deliveries", format!("{} cannot be {delivery}.", self.format)));
            }
        }
        faults
    }

    /// What is missing before learners can be reported (the table of domain.md, row Active).
    pub fn missing_for_active(&self) -> Vec<Missing> {
        let mut list = self.faults_of_draft();
        if self.deliveries.is_empty() && !self.format.deliveries().is_empty() {
            list.push(missing("deliveries", "Choose how learners take part."));
        }
        if self.deliveries.contains(&Delivery::InPerson) {
            if self.city.trim().is_empty() {
                list.push(missing("city", "Name the city."));
            }
            if self.country.trim().is_empty() {
                list.push(missing("country", "Name the country."));
            }
            if self.state.is_none() && self.country.trim() == "United States" {
                list.push(missing("state", "Choose the state."));
            }
        }
        match self.credit {
            None => list.push(missing("credit", "Give the AMA PRA Category 1 credit, at least 0.25.")),
            Some(credit) if credit < Amount::new(25) => {
                list.push(missing("credit", "The credit must be at least 0.25."))
            }
            Some(_) => {}
        }
        if self.description.trim().is_empty() {
            list.push(missing("description", "Describe the activity."));
        }
        if self.providership.is_none() {
            list.push(missing("providership", "Say whether you provide it directly or jointly."));
        }
        match self.in_passport {
            None => list.push(missing("in_passport", "Say whether physicians may find it in Passport.")),
            Some(true) => {
                if self.url.trim().is_empty() {
                    list.push(missing("url", "Give the address where physicians find it."));
                }
                if self.fee.is_none() {
                    list.push(missing("fee", "Say whether there is a fee."));
                }
                if self.registration.is_none() {
                    list.push(missing("registration", "Say who may register."));
                }
            }
            Some(false) => {}
        }
        list
    }

    /// What is missing before it can be closed (the table's last row).
    pub fn missing_for_closed(&self, today: Date) -> Vec<Missing> {
        let mut list = self.missing_for_active();
        if self.ends_on >= today {
            list.push(missing("ends_on", "The activity has not ended."));
        }
        if self.providership == Some(Providership::Joint) && self.joint_providers.is_empty() {
            list.push(missing("joint_providers", "Name the joint providers."));
        }
        if self.outcomes.is_empty() {
            list.push(missing("outcomes", "Choose at least one measured outcome."));
        }
        match self.has_support {
            None => list.push(missing("has_support", "Say whether there was commercial support.")),
            Some(true) if self.support.is_empty() => list.push(missing("support", "Name the sources of support.")),
            Some(_) => {}
        }
        if self.physician_total.is_none() {
            list.push(missing("physician_total", "Give the number of physicians; 0 is allowed."));
        }
        if self.other_total.is_none() {
            list.push(missing("other_total", "Give the number of other learners; 0 is allowed."));
        }
        for registration in &self.moc {
            if registration.practice_areas.is_empty() || registration.claim_until.is_none() {
                list.push(missing("moc", format!("Complete the registration with {}.", registration.board)));
            }
        }
        list
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;

    use super::*;

    pub(crate) fn active() -> Activity {
        Activity {
            id: "202600001".parse().unwrap(),
            provider: "0001234".parse().unwrap(),
            internal_id: String::new(),
            title: "Care of the Heart".into(),
            format: Format::LiveCourse,
            starts_on: date(2026, 3, 1),
            ends_on: date(2026, 3, 31),
            deliveries: vec![Delivery::LiveStreamed],
            city: String::new(),
            state: None,
            country: String::new(),
            credit: Some(Amount::new(700)),
            description: "A course.".into(),
            providership: Some(Providership::Direct),
            joint_providers: vec![],
            in_passport: Some(false),
            url: String::new(),
            fee: None,
            registration: None,
            is_rems: false,
            outcomes: vec![],
            has_support: None,
            support: vec![],
            physician_total: None,
            other_total: None,
            moc: vec![],
            is_closed: false,
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
    fn each_missing_field_makes_a_draft() {
        let cases: [(&str, Activity); 7] = [
            ("deliveries", Activity { deliveries: vec![], ..active() }),
            ("city", Activity { deliveries: vec![Delivery::InPerson], country: "Canada".into(), ..active() }),
            (
                "state",
                Activity {
                    deliveries: vec![Delivery::InPerson],
                    city: "Reno".into(),
                    country: "United States".into(),
                    ..active()
                },
            ),
            ("credit", Activity { credit: None, ..active() }),
            ("description", Activity { description: " ".into(), ..active() }),
            ("in_passport", Activity { in_passport: None, ..active() }),
            ("ends_on", Activity { ends_on: date(2027, 4, 1), ..active() }),
        ];
        for (field, activity) in cases {
            assert_eq!(activity.missing_for_active().iter().map(|m| m.field).collect::<Vec<_>>(), [field]);
            assert_eq!(activity.status(date(2026, 3, 2)), Status::Draft);
        }
    }

    #[test]
    fn a_format_takes_only_its_own_deliveries() {
        let online_course = Activity { deliveries: vec![Delivery::Online], ..active() };
        assert_eq!(online_course.missing_for_active().len(), 1);
        let enduring = Activity {
            format: Format::EnduringMaterial,
            deliveries: vec![Delivery::Online],
            ends_on: date(2029, 3, 1),
            ..active()
        };
        assert!(enduring.missing_for_active().is_empty());
    }
}
