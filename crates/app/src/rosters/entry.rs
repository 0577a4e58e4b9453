//! A row of either kind of roster, as merging sees it.

use domain::{Board, MonthDay, ReviewId, State};
use formats::roster::{CertificationRow, LicenseRow};
use jiff::civil::Date;
use matching::{Query, Teller};
use serde::{Deserialize, Serialize};
use store::physicians::{Certification, License};
use store::reviews::Review;
use store::standing_changes::Standing;

use super::Kind;

/// One row. It serialises without its place in the file, so that the same row in another file is
/// known again on the review list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(skip)]
    pub(super) row: u64,
    /// The review of a row that came from the review list and not from the file.
    #[serde(skip)]
    pub(super) review: Option<ReviewId>,
    pub(super) first: String,
    pub(super) middle: String,
    pub(super) last: String,
    pub(super) suffix: String,
    pub(super) former_last: Vec<String>,
    pub(super) degree: String,
    pub(super) birth: Option<MonthDay>,
    pub(super) npi: Option<String>,
    pub(super) held: Own,
    /// A license that a certifying board names; it helps to find the person and is not added.
    pub(super) known_by: Option<(State, String)>,
}

/// What the board that sends the roster has itself given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Own {
    License { state: State, number: String, status: String, issued_on: Option<Date>, expires_on: Option<Date> },
    Certification { board: Board, diplomate_id: String, status: String },
}

/// What makes a license or certification unique.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Identifier {
    License(State, String),
    Certification(Board, String),
}

impl Entry {
    pub(super) fn of_license(row: LicenseRow) -> Self {
        Self {
            row: row.row,
            review: None,
            first: row.first,
            middle: row.middle,
            last: row.last,
            suffix: row.suffix,
            former_last: row.former_last,
            degree: row.degree,
            birth: row.birth,
            npi: row.npi,
            held: Own::License {
                state: row.state,
                number: row.number,
                status: row.status,
                issued_on: row.issued,
                expires_on: row.expires,
            },
            known_by: None,
        }
    }

    pub(super) fn of_certification(row: CertificationRow) -> Self {
        Self {
            row: row.row,
            review: None,
            first: row.first,
            middle: row.middle,
            last: row.last,
            suffix: row.suffix,
            former_last: Vec::new(),
            degree: String::new(),
            birth: row.birth,
            npi: row.npi,
            held: Own::Certification { board: row.board, diplomate_id: row.diplomate_id, status: row.status },
            known_by: row.license,
        }
    }

    /// A row of the review list, if it can still be read.
    pub(super) fn of_review(review: &Review) -> Option<Self> {
        let entry: Self = serde_json::from_str(&review.row).ok()?;
        let row = u64::try_from(review.row_number).unwrap_or_default();
        Some(Self { row, review: Some(review.id), ..entry })
    }

    pub(super) fn kind(&self) -> Kind {
        match self.held {
            Own::License { .. } => Kind::Licenses,
            Own::Certification { .. } => Kind::Certifications,
        }
    }

    pub(super) fn identifier(&self) -> Identifier {
        match &self.held {
            Own::License { state, number, .. } => Identifier::License(*state, number.clone()),
            Own::Certification { board, diplomate_id, .. } => Identifier::Certification(*board, diplomate_id.clone()),
        }
    }

    /// The license that a certifying board names beside its own number.
    pub(super) fn named_license(&self) -> Option<Identifier> {
        self.known_by.clone().map(|(state, number)| Identifier::License(state, number))
    }

    /// Everything the row has, as a question to the engine.
    pub(super) fn query(&self) -> Query {
        let (license, board) = match &self.held {
            Own::License { state, number, .. } => (Some((*state, number.clone())), None),
            Own::Certification { board, diplomate_id, .. } => {
                (self.known_by.clone(), Some((*board, diplomate_id.clone())))
            }
        };
        let (state, identifier) = license.unzip();
        Query {
            first: self.first.clone(),
            middle: self.middle.clone(),
            last: self.last.clone(),
            suffix: self.suffix.clone(),
            former_last: self.former_last.clone(),
            birth: self.birth,
            state,
            identifier,
            npi: self.npi.clone(),
            board,
            teller: Teller::Roster,
        }
    }

    /// As [`Entry::query`], without the number that the row is about: for a number that is somebody else's
    /// too.
    pub(super) fn query_without_own(&self) -> Query {
        match self.held {
            Own::License { .. } => Query { identifier: None, ..self.query() },
            Own::Certification { .. } => Query { board: None, ..self.query() },
        }
    }

    /// The name as the row gives it.
    pub(super) fn name(&self) -> String {
        let parts = [&self.first, &self.middle, &self.last, &self.suffix];
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The row as the review list keeps it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Own {
    /// Who gave the number, and which. Codes of states have two letters, those of boards more.
    pub(super) fn issued(&self) -> (&str, &str) {
        match self {
            Own::License { state, number, .. } => (state.code(), number),
            Own::Certification { board, diplomate_id, .. } => (board.code(), diplomate_id),
        }
    }

    /// What a row makes of what stands: an empty cell says nothing, so it takes nothing away.
    pub(super) fn beside(&self, stands: &Own) -> Own {
        let or = |said: &str, known: &str| if said.is_empty() { known.to_owned() } else { said.to_owned() };
        match (self.clone(), stands) {
            (
                Own::License { state, number, status, issued_on, expires_on },
                Own::License { status: known, issued_on: issued, expires_on: expires, .. },
            ) => Own::License {
                state,
                number,
                status: or(&status, known),
                issued_on: issued_on.or(*issued),
                expires_on: expires_on.or(*expires),
            },
            (Own::Certification { board, diplomate_id, status }, Own::Certification { status: known, .. }) => {
                Own::Certification { board, diplomate_id, status: or(&status, known) }
            }
            (said, _) => said,
        }
    }

    /// Status and dates.
    pub(super) fn standing(&self) -> Standing {
        match self {
            Own::License { status, issued_on, expires_on, .. } => {
                Standing { status: status.clone(), issued_on: *issued_on, expires_on: *expires_on }
            }
            Own::Certification { status, .. } => Standing { status: status.clone(), ..Standing::default() },
        }
    }
}

impl From<License> for Own {
    fn from(held: License) -> Self {
        let License { state, number, status, issued_on, expires_on } = held;
        Own::License { state, number, status, issued_on, expires_on }
    }
}

impl From<Certification> for Own {
    fn from(held: Certification) -> Self {
        let Certification { board, diplomate_id, status } = held;
        Own::Certification { board, diplomate_id, status }
    }
}
