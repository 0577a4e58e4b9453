//! Lists of values that an activity may be described with, and of reasons that boards give. Activities hold an
//! item's **code**; the name is what people read. An item that is no longer used gets an end date, it is never removed:
//! activities of its time still hold it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::activity::choices::choices;

choices! {
    /// The lists there are. The code names the file that a new database is filled from.
    List {
        Countries "countries" "Countries"
        States "states" "States"
        Supporters "supporters" "Commercial supporters"
        CommendationTags "commendation_tags" "Commendation tags"
        StateTopics "state_topics" "State content topics"
        Outcomes "outcomes" "Measured outcomes"
        Professions "professions" "Professions"
        Specialties "specialties" "Specialties"
        RemsPrograms "rems_programs" "REMS programs"
        CreditKinds "credit_kinds" "Other kinds of credit"
        PharmacyTypes "pharmacy_types" "Pharmacy activity types"
        PharmacyTopics "pharmacy_topics" "Pharmacy activity topics"
        RejectionReasons "rejection_reasons" "Reasons to reject credit"
        DeclineReasons "decline_reasons" "Reasons to decline missing credit"
        OrganizationTypes "organization_types" "Types of providers"
        AccreditationDecisions "accreditation_decisions" "Accreditation decisions"
    }
}

/// What names an item for good, whatever it is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    pub list: List,
    pub group: String,
    pub code: String,
}

/// One value of a list, for a stretch of days. One that is renamed or comes back has several stretches, no two
/// on the same day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub list: List,
    /// What it belongs to, such as a state topic's domain or a commendation tag's category; may be
    /// empty. Codes are unique within list and group.
    #[serde(default)]
    pub group: String,
    pub code: String,
    pub name: String,
    /// First and last day, both included.
    #[serde(default)]
    pub valid_from: Option<Date>,
    #[serde(default)]
    pub valid_until: Option<Date>,
}

impl Item {
    pub fn key(&self) -> ItemKey {
        ItemKey { list: self.list, group: self.group.clone(), code: self.code.clone() }
    }

    pub fn in_force(&self, day: Date) -> bool {
        self.in_force_during(day, day)
    }

    /// Whether it is in force on some day of these.
    pub fn in_force_during(&self, first: Date, last: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= last) && self.valid_until.is_none_or(|until| first <= until)
    }
}
