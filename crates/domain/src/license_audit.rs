//! Audits by a licensing board: what can be decided of a licensee in the sample, and what is written down about it.
//!
//! A decision may be followed by another one, since deficiencies are made good; the acts of a case are only ever
//! added to, and the last decision counts.

/// What the board says of one licensee of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    Compliant,
    Deficient,
    Exempt,
    NeedsInformation,
}

impl Decision {
    pub const ALL: &[Decision] = &[Self::Compliant, Self::Deficient, Self::Exempt, Self::NeedsInformation];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Compliant => "compliant",
            Self::Deficient => "deficient",
            Self::Exempt => "exempt",
            Self::NeedsInformation => "needs_information",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|decision| decision.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Compliant => "Compliant",
            Self::Deficient => "Deficient",
            Self::Exempt => "Exempt",
            Self::NeedsInformation => "Needs information",
        }
    }

    /// Whether the licensee is asked to do something by a day.
    pub fn asks_something(self) -> bool {
        matches!(self, Self::Deficient | Self::NeedsInformation)
    }
}

/// One thing that was done about a licensee of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActKind {
    /// Credit on record was compared with the requirement.
    Assessed,
    Note,
    Decided,
    Letter,
    Reminder,
    /// A deficiency was made good.
    Resolved,
}

impl ActKind {
    pub const ALL: &[ActKind] =
        &[Self::Assessed, Self::Note, Self::Decided, Self::Letter, Self::Reminder, Self::Resolved];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Assessed => "assessed",
            Self::Note => "note",
            Self::Decided => "decided",
            Self::Letter => "letter",
            Self::Reminder => "reminder",
            Self::Resolved => "resolved",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Assessed => "Checked",
            Self::Note => "Note",
            Self::Decided => "Decision",
            Self::Letter => "Letter",
            Self::Reminder => "Reminder",
            Self::Resolved => "Resolved",
        }
    }

    /// Whether it carries a letter to the licensee.
    pub fn is_letter(self) -> bool {
        matches!(self, Self::Letter | Self::Reminder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_and_acts_are_read_back_from_their_words() {
        for decision in Decision::ALL {
            assert_eq!(Decision::read(decision.code()), Some(*decision));
        }
        for kind in ActKind::ALL {
            assert_eq!(ActKind::read(kind.code()), Some(*kind));
        }
        assert!(Decision::Deficient.asks_something() && !Decision::Exempt.asks_something());
    }
}
