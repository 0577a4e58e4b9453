//! The fields of a learner report, one name for all five formats and the screen.
//!
//! A column, an XML element and a form input of the same meaning are the same [`Field`], so a
//! problem found in any of them reads alike.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A field of a learner report, in the template's order (formats.md section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    RecordAction,
    ActivityId,
    CompletionDate,
    FirstName,
    LastName,
    Birth,
    State,
    /// License number or NPI.
    Identifier,
    CmeCredits,
    Board,
    DiplomateId,
    BoardCredits,
    /// The n-th credit type, counted from 0.
    CreditType(u8),
    /// The amount for the n-th credit type, counted from 0.
    CreditTypeAmount(u8),
    SubmissionId,
    RemsLocalId,
    RemsProfession,
    RemsState,
    RemsDea,
    RemsPracticeArea,
    RemsSurgical,
    RemsTimeInPractice,
    InternalActivityId,
}

impl Field {
    /// What people call it on screens and in messages.
    pub fn label(self) -> &'static str {
        match self {
            Field::RecordAction => "Record Action",
            Field::ActivityId => "ACCME Activity ID",
            Field::CompletionDate => "Completion Date",
            Field::FirstName => "First Name",
            Field::LastName => "Last Name",
            Field::Birth => "Date of Birth",
            Field::State => "Licensing State",
            Field::Identifier => "Licensing ID or NPI",
            Field::CmeCredits => "Number of CME Credits",
            Field::Board => "Certifying Board",
            Field::DiplomateId => "Certifying Board ID",
            Field::BoardCredits => "Total Board Credits",
            Field::CreditType(0) => "Credit Type",
            Field::CreditType(_) => "Additional Credit Type",
            Field::CreditTypeAmount(0) => "Credits Awarded for Credit Type",
            Field::CreditTypeAmount(_) => "Additional Credits Awarded for Credit Type",
            Field::SubmissionId => "Submission ID",
            Field::RemsLocalId => "REMS Local Identifier",
            Field::RemsProfession => "REMS Profession",
            Field::RemsState => "REMS State of Primary Practice",
            Field::RemsDea => "REMS DEA Registration",
            Field::RemsPracticeArea => "REMS Practice Area",
            Field::RemsSurgical => "REMS Surgical Procedures",
            Field::RemsTimeInPractice => "REMS Time in Practice",
            Field::InternalActivityId => "Internal Activity ID",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
