//! What a change of records says: its kind and stage, what shall move, and what moved and how it was.
//!
//! Plans and moves are stored as whole JSON objects; a field that is added needs a default, so that older
//! ones can still be read.

use domain::{Board, CompletionId, MonthDay, PhysicianId, ReviewId, State};
use serde::{Deserialize, Serialize};

use super::held::{CertificationRow, LicenseRow};
use super::records::SeatRow;
use crate::physicians::Physician;

/// What is done to two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// All of one goes to the other.
    Merge,
    /// Some of one goes to another, which may be new.
    Split,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Merge, Self::Split].into_iter().find(|kind| kind.code() == code)
    }
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waits for a second person; nothing has moved.
    Proposed,
    /// Taken back before anything moved.
    Declined,
    Confirmed,
    /// What moved was put back.
    Undone,
}

impl Stage {
    pub const ALL: &[Stage] = &[Self::Proposed, Self::Declined, Self::Confirmed, Self::Undone];

    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Declined => "declined",
            Self::Confirmed => "confirmed",
            Self::Undone => "undone",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.code() == code)
    }
}

/// What a record says of its person, without what the boards have given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    pub degree: String,
    pub birth: Option<MonthDay>,
    pub npi: Option<String>,
}

impl Facts {
    pub fn of(physician: &Physician) -> Self {
        Self {
            first: physician.first.clone(),
            middle: physician.middle.clone(),
            last: physician.last.clone(),
            suffix: physician.suffix.clone(),
            former_last: physician.former_last.clone(),
            degree: physician.degree.clone(),
            birth: physician.birth,
            npi: physician.npi.clone(),
        }
    }

    /// A record with these facts that holds nothing.
    pub fn physician(&self, id: PhysicianId) -> Physician {
        Physician {
            id,
            first: self.first.clone(),
            middle: self.middle.clone(),
            last: self.last.clone(),
            suffix: self.suffix.clone(),
            former_last: self.former_last.clone(),
            degree: self.degree.clone(),
            birth: self.birth,
            npi: self.npi.clone(),
            licenses: Vec::new(),
            certifications: Vec::new(),
        }
    }
}

/// What a split takes from the first record to the second, and what both say of their persons then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub licenses: Vec<(State, String)>,
    pub certifications: Vec<(Board, String)>,
    pub completions: Vec<CompletionId>,
    /// Whether the first record's Passport account goes too.
    #[serde(default)]
    pub account: bool,
    /// The first record's facts afterwards.
    pub keeps: Facts,
    /// The second record's.
    pub gets: Facts,
}

/// What a confirmed change moved, and how it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub licenses: Vec<(State, String)>,
    pub certifications: Vec<(Board, String)>,
    pub completions: Vec<CompletionId>,
    /// What both records held: the first one's rows, which were dropped.
    pub double_licenses: Vec<LicenseRow>,
    pub double_certifications: Vec<CertificationRow>,
    /// Completions that stayed because the second record has the same activity and date.
    pub set_aside: Vec<CompletionId>,
    /// Completions that had been set aside with these records and count again, because what was in their
    /// way has gone.
    #[serde(default)]
    pub returned: Vec<(CompletionId, PhysicianId)>,
    pub from_before: Facts,
    pub from_after: Facts,
    /// `None`: the change made the record.
    pub into_before: Option<Facts>,
    pub into_after: Facts,
    /// The first record's Passport account, where it went with the record.
    pub moved_seat: Option<SeatRow>,
    /// The account that had to go, of either record.
    pub closed_seat: Option<SeatRow>,
    /// The suggestion that the merge settled.
    pub review: Option<ReviewId>,
}
