//! Credit on record: what of a completion reached which destination, and in what state.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ActivityId, Amount, Board, CompletionId, CreditId, ProviderId};

/// The kind of a credit and with it its destination: CME goes to every licensing board of the
/// physician, MOC points to one certifying board, REMS to the REMS administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Cme,
    Moc(Board),
    Rems,
}

impl Kind {
    /// The stored word: `CME`, `REMS` or the board's code. A completion holds at most one live credit of a
    /// kind and [`Part`].
    pub fn key(&self) -> &str {
        match self {
            Kind::Cme => "CME",
            Kind::Moc(board) => board.code(),
            Kind::Rems => "REMS",
        }
    }

    pub fn read(key: &str) -> Option<Self> {
        match key {
            "CME" => Some(Kind::Cme),
            "REMS" => Some(Kind::Rems),
            board => Board::read(board).map(Kind::Moc),
        }
    }

    pub fn board(&self) -> Option<Board> {
        match self {
            Kind::Moc(board) => Some(*board),
            Kind::Cme | Kind::Rems => None,
        }
    }
}

/// Which of a completion's records for one board a credit is. Nearly all are the only one; a board may want
/// points of one credit type in a record of their own ([`crate::pairing`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Part {
    #[default]
    Whole,
    /// Points of the credit type that stands apart.
    Apart,
    /// Points of all other types.
    Rest,
}

impl Part {
    /// The stored word; nothing for the whole.
    pub fn code(self) -> &'static str {
        match self {
            Part::Whole => "",
            Part::Apart => "apart",
            Part::Rest => "rest",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Whole, Self::Apart, Self::Rest].into_iter().find(|part| part.code() == code)
    }

    /// Whether a completion can hold both: two parts of one whole.
    pub fn goes_with(self, other: Part) -> bool {
        self != other && self != Part::Whole && other != Part::Whole
    }
}

/// The second gate: a board's answer. CME is accepted when it is linked; MOC starts as Pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditStatus {
    Pending,
    Accepted,
    Rejected,
}

impl CreditStatus {
    pub fn code(self) -> &'static str {
        match self {
            CreditStatus::Pending => "pending",
            CreditStatus::Accepted => "accepted",
            CreditStatus::Rejected => "rejected",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            CreditStatus::Pending => "Pending",
            CreditStatus::Accepted => "Accepted",
            CreditStatus::Rejected => "Rejected",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Pending, Self::Accepted, Self::Rejected].into_iter().find(|status| status.code() == code)
    }
}

/// One live credit as a transcript needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub id: CreditId,
    pub kind: Kind,
    pub amount: Amount,
    /// Tags over the same points (never added up).
    pub types: Vec<(String, Amount)>,
    pub status: CreditStatus,
    /// The board's reason, for a rejected credit.
    pub reason: String,
    pub is_derived: bool,
}

/// A completion with its credits and what is shown of its activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub id: CompletionId,
    pub activity: ActivityId,
    pub title: String,
    pub provider: ProviderId,
    pub provider_name: String,
    pub completed_on: Date,
    /// Microseconds since 1970, UTC.
    pub reported_at: i64,
    pub credits: Vec<Credit>,
}
