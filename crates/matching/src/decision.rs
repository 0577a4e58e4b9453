//! What the engine answers: an outcome, why, and what would settle it. Reasons are stable codes that name a
//! field and a kind; none ever carries a value of the registry, so all of them may be shown to the sender.

use domain::PhysicianId;

/// The answer, with FHIR's match grades in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// This physician (certain).
    Matched(PhysicianId),
    /// One or more are possible, none is sure (possible).
    Several,
    /// What was given points to different people (certainly-not).
    Conflict,
    /// One is probable, but a hard rule wants a person to look (probable). Senders are told the same as `Several`.
    Review,
    /// Nobody in the registry.
    None,
}

impl Outcome {
    /// The stable word for files, the API and the database.
    pub const fn code(&self) -> &'static str {
        match self {
            Outcome::Matched(_) => "matched",
            Outcome::Several => "several",
            Outcome::Conflict => "conflict",
            Outcome::Review => "review",
            Outcome::None => "none",
        }
    }
}

/// A field of the query, to point at in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    FirstName,
    LastName,
    Birth,
    State,
    License,
    Npi,
    BoardId,
}

impl Field {
    pub const fn code(self) -> &'static str {
        match self {
            Field::FirstName => "first_name",
            Field::LastName => "last_name",
            Field::Birth => "birth",
            Field::State => "state",
            Field::License => "license",
            Field::Npi => "npi",
            Field::BoardId => "board_id",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal)+) => {
        /// Why, as a stable code. Of several reasons the engine lists those of the names first, then birth,
        /// state, identifiers, and last the hard rule that decided.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[$doc])* $name,)+
        }

        impl Reason {
            /// Every reason, for tables in documents.
            pub const ALL: &[Reason] = &[$(Reason::$name),+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Reason::$name => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// First and last name equal.
    NamesEqual = "names_equal"
    /// First and last name stand in each other's column.
    NamesSwapped = "names_swapped"
    /// The first name given is a short or other form.
    Nickname = "nickname"
    /// Only an initial on one side.
    FirstNameInitial = "first_name_initial"
    /// The first name given is a middle name.
    FirstNameMiddle = "first_name_middle"
    /// One letter off.
    FirstNameTypo = "first_name_typo"
    /// More than one letter off, but alike.
    FirstNameAlike = "first_name_alike"
    FirstNameDiffers = "first_name_differs"
    LastNameFormer = "last_name_former"
    /// One part of a double name, or a name with a part added.
    LastNamePart = "last_name_part"
    LastNameTypo = "last_name_typo"
    LastNameAlike = "last_name_alike"
    LastNameDiffers = "last_name_differs"
    MiddleNameEqual = "middle_name_equal"
    MiddleNameDiffers = "middle_name_differs"
    SuffixEqual = "suffix_equal"
    SuffixDiffers = "suffix_differs"
    BirthEqual = "birth_equal"
    /// Month and day exchanged.
    BirthSwapped = "birth_swapped"
    BirthDayDiffers = "birth_day_differs"
    BirthMonthDiffers = "birth_month_differs"
    BirthDiffers = "birth_differs"
    /// Not given, or not known to the registry.
    BirthUnknown = "birth_unknown"
    StateEqual = "state_equal"
    StateDiffers = "state_differs"
    LicenseEqual = "license_equal"
    /// One character off.
    LicenseTypo = "license_typo"
    /// More than one character off, or only a part of it.
    LicenseAlike = "license_alike"
    /// The number is right, in another state.
    LicenseOtherState = "license_other_state"
    LicenseUnknown = "license_unknown"
    LicenseOfOtherPerson = "license_of_other_person"
    NpiEqual = "npi_equal"
    NpiTypo = "npi_typo"
    NpiAlike = "npi_alike"
    NpiUnknown = "npi_unknown"
    NpiOfOtherPerson = "npi_of_other_person"
    /// The NPI given fails its check digit.
    NpiCheckDigit = "npi_check_digit"
    BoardIdEqual = "board_id_equal"
    BoardIdTypo = "board_id_typo"
    BoardIdAlike = "board_id_alike"
    BoardIdUnknown = "board_id_unknown"
    BoardIdOfOtherPerson = "board_id_of_other_person"
    /// Somebody else has the given name and the given birthday (rule 3).
    OtherPersonFits = "other_person_fits"
    /// An NPI of a person with namesakes, without birthday or state (rule 4).
    NamesakesExist = "namesakes_exist"
    /// Too many people would agree by chance.
    NotDistinctive = "not_distinctive"
    /// Another physician fits nearly as well.
    AnotherAsLikely = "another_as_likely"
    /// Two physicians of the same last name and birthday can both be read from the first name given (rule 8).
    FirstNameAmbiguous = "first_name_ambiguous"
    /// Without an identifier that agrees, more must be equal (rules 5 and 6).
    NeedsIdentifier = "needs_identifier"
    /// Names and birthday agree too weakly beside the identifier.
    WeakBesideIdentifier = "weak_beside_identifier"
    /// Matched by a certifying board's own rule (rule 7).
    BoardRule = "board_rule"
}

impl Reason {
    /// Whether it says that something given is not as the registry has it.
    pub(crate) fn is_difference(self) -> bool {
        use Reason::*;
        !matches!(
            self,
            NamesEqual
                | MiddleNameEqual
                | SuffixEqual
                | BirthEqual
                | BirthUnknown
                | StateEqual
                | LicenseEqual
                | NpiEqual
                | BoardIdEqual
        )
    }
}

/// What the engine answers to one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub outcome: Outcome,
    pub reasons: Vec<Reason>,
    /// What would settle an outcome other than `Matched`, best first: fields that are missing, or that differ.
    pub settle_with: Vec<Field>,
}

impl Decision {
    /// Whether a license, NPI or diplomate ID was equal. A claim to an account and a merge of rosters need it.
    pub fn by_identifier(&self) -> bool {
        let is_equal = |r: &Reason| matches!(r, Reason::LicenseEqual | Reason::NpiEqual | Reason::BoardIdEqual);
        matches!(self.outcome, Outcome::Matched(_)) && self.reasons.iter().any(is_equal)
    }
}

/// One piece of evidence, in natural logs of the odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub reason: Reason,
    pub weight: f64,
}

/// One candidate and what speaks for and against. For staff only: it names physicians.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub physician: PhysicianId,
    pub weight: f64,
    pub parts: Vec<Part>,
}

/// A decision with its candidates, best first. For staff only.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    pub decision: Decision,
    /// What every candidate starts from: how unlikely any one physician is before a field is read.
    pub prior: f64,
    pub candidates: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case() {
        let mut codes: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
