//! From levels of agreement to the reason codes that senders and staff read.

use crate::compare::{Birth, First, Identifier, Last, Levels, Middle, State, SuffixLevel};
use crate::decision::Reason;

impl Levels {
    /// Reasons of the names, the more telling first; one if both are equal.
    pub(crate) fn name_reasons(&self) -> impl Iterator<Item = Reason> {
        let first = match self.first {
            First::Equal => None,
            First::Nickname => Some(Reason::Nickname),
            First::Typo => Some(Reason::FirstNameTypo),
            First::Middle => Some(Reason::FirstNameMiddle),
            First::Initial => Some(Reason::FirstNameInitial),
            First::Alike => Some(Reason::FirstNameAlike),
            First::Differs => Some(Reason::FirstNameDiffers),
        };
        let last = match self.last {
            Last::Equal => None,
            Last::Former => Some(Reason::LastNameFormer),
            Last::Part => Some(Reason::LastNamePart),
            Last::Typo => Some(Reason::LastNameTypo),
            Last::Alike => Some(Reason::LastNameAlike),
            Last::Differs => Some(Reason::LastNameDiffers),
        };
        let equal = (first.is_none() && last.is_none() && !self.exchanged).then_some(Reason::NamesEqual);
        let exchanged = self.exchanged.then_some(Reason::NamesSwapped);
        [equal, exchanged, first, last].into_iter().flatten()
    }

    pub(crate) fn middle_reason(&self) -> Option<Reason> {
        match self.middle {
            Middle::Equal => Some(Reason::MiddleNameEqual),
            Middle::Differs => Some(Reason::MiddleNameDiffers),
            Middle::NotCompared => None,
        }
    }

    pub(crate) fn suffix_reason(&self) -> Option<Reason> {
        match self.suffix {
            SuffixLevel::Equal => Some(Reason::SuffixEqual),
            SuffixLevel::Differs => Some(Reason::SuffixDiffers),
            SuffixLevel::NotCompared => None,
        }
    }

    pub(crate) fn birth_reason(&self) -> Reason {
        match self.birth {
            Birth::Equal => Reason::BirthEqual,
            Birth::Swapped => Reason::BirthSwapped,
            Birth::DayDiffers => Reason::BirthDayDiffers,
            Birth::MonthDiffers => Reason::BirthMonthDiffers,
            Birth::Differs => Reason::BirthDiffers,
            Birth::Unknown => Reason::BirthUnknown,
        }
    }

    pub(crate) fn state_reason(&self) -> Option<Reason> {
        match self.state {
            State::Equal => Some(Reason::StateEqual),
            State::Differs => Some(Reason::StateDiffers),
            State::NotGiven => None,
        }
    }

    pub(crate) fn license_reason(&self) -> Option<Reason> {
        match self.license {
            Identifier::Equal => Some(Reason::LicenseEqual),
            Identifier::OtherState => Some(Reason::LicenseOtherState),
            Identifier::Slip => Some(Reason::LicenseTypo),
            Identifier::Alike => Some(Reason::LicenseAlike),
            Identifier::Differs | Identifier::Missing => Some(Reason::LicenseUnknown),
            Identifier::NotGiven => None,
        }
    }

    pub(crate) fn npi_reason(&self) -> Option<Reason> {
        match self.npi {
            Identifier::Equal => Some(Reason::NpiEqual),
            Identifier::Slip => Some(Reason::NpiTypo),
            Identifier::Alike => Some(Reason::NpiAlike),
            Identifier::NotGiven => None,
            _ => Some(Reason::NpiUnknown),
        }
    }

    pub(crate) fn board_reason(&self) -> Option<Reason> {
        match self.board {
            Identifier::Equal => Some(Reason::BoardIdEqual),
            Identifier::Slip => Some(Reason::BoardIdTypo),
            Identifier::Alike => Some(Reason::BoardIdAlike),
            Identifier::NotGiven => None,
            _ => Some(Reason::BoardIdUnknown),
        }
    }

    /// Every reason, in the order in which people read a row.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        let rest = [
            self.middle_reason(),
            self.suffix_reason(),
            Some(self.birth_reason()),
            self.state_reason(),
            self.license_reason(),
            self.npi_reason(),
            self.board_reason(),
        ];
        self.name_reasons().chain(rest.into_iter().flatten()).collect()
    }
}
