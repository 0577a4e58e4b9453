//! Lists of licensees that a licensing board checks: what became of each row that it gave.
//!
//! A row is matched by its license number alone; names and NPI are a check, so that a slip of the pen in a
//! number never shows a stranger. Whose a refused number is, is not said.

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowOutcome {
    /// One licensee of the board's state.
    Matched,
    /// The number is nobody's in this state.
    NotFound,
    /// The number belongs to somebody whose name or NPI is another.
    AnotherName,
    /// The number belongs to several licensees and the name does not settle it.
    Several,
    /// The licensee stands further up in the list.
    Repeated,
    /// No license number, or the row cannot be read.
    Unreadable,
}

impl RowOutcome {
    pub const ALL: &[RowOutcome] =
        &[Self::Matched, Self::NotFound, Self::AnotherName, Self::Several, Self::Repeated, Self::Unreadable];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NotFound => "not_found",
            Self::AnotherName => "another_name",
            Self::Several => "several",
            Self::Repeated => "repeated",
            Self::Unreadable => "unreadable",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Matched => "Matched",
            Self::NotFound => "Not found",
            Self::AnotherName => "Another name",
            Self::Several => "Several possible",
            Self::Repeated => "Repeated",
            Self::Unreadable => "Not readable",
        }
    }

    /// Why, and what to do, in a sentence or two.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Matched => "One licensee of this state has this number.",
            Self::NotFound => "No licensee of this state has this license number. Compare it with the license.",
            Self::AnotherName => {
                "The license number belongs to another name or NPI. Compare number and name with the license."
            }
            Self::Several => "More than one licensee of this state has this number. Add first name, last name or NPI.",
            Self::Repeated => "The same licensee stands further up in the list and is counted once.",
            Self::Unreadable => "There is no license number in this row that can be read. Write it as plain text.",
        }
    }
}

/// Which cycle of a licensee is looked at, seen from a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhichCycle {
    /// The cycle in which the day lies.
    Current,
    /// The last cycle that ended on the day or before.
    Ended,
}

impl WhichCycle {
    pub const ALL: &[WhichCycle] = &[Self::Ended, Self::Current];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Ended => "ended",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|which| which.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Current => "The cycle that is running on this day",
            Self::Ended => "The last cycle that ended by this day",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_read_back_from_its_word() {
        for outcome in RowOutcome::ALL {
            assert_eq!(RowOutcome::read(outcome.code()), Some(*outcome));
        }
        assert_eq!(RowOutcome::read("Matched"), None);
        for which in WhichCycle::ALL {
            assert_eq!(WhichCycle::read(which.code()), Some(*which));
        }
    }
}
