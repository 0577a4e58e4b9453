//! The identity engine's reason codes in words: all of them, here and nowhere else.
//!
//! Each has a few words for a cell of a table and a sentence. Codes that merging of rosters adds to
//! the engine's own stand in the same list, so that a stored code is read by one function.

use matching::{Decision, Outcome, Reason};

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    Names,
    Middle,
    Suffix,
    Birth,
    State,
    License,
    Npi,
    BoardId,
    /// Not one field: why the whole was decided so.
    Whole,
}

impl Aspect {
    pub fn label(self) -> &'static str {
        match self {
            Self::Names => "Name",
            Self::Middle => "Middle name",
            Self::Suffix => "Suffix",
            Self::Birth => "Birthday",
            Self::State => "State of license",
            Self::License => "License",
            Self::Npi => "NPI",
            Self::BoardId => "Certification",
            Self::Whole => "Decision",
        }
    }
}

/// How two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Agrees,
    /// Not equal, but explained: a nickname, a slip of one letter.
    Near,
    Differs,
    /// One side says nothing.
    OneSided,
}

/// A reason in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The stable code.
    pub code: &'static str,
    pub aspect: Aspect,
    pub agreement: Agreement,
    /// For a cell of a table.
    pub short: &'static str,
    pub sentence: &'static str,
}

/// A stored code in words. A code of a later version is unknown here: `None`.
pub fn words(code: &str) -> Option<&'static Words> {
    TABLE.iter().find(|words| words.code == code)
}

/// Codes as they are stored, separated by spaces, as sentences.
pub fn sentences(codes: &str) -> Vec<String> {
    let sentence = |code: &str| match words(code) {
        Some(words) => words.sentence.to_owned(),
        None => format!("{}.", code.replace('_', " ")),
    };
    codes.split_whitespace().map(sentence).collect()
}

/// Why a roster's row waits: as [`sentences`], without what agrees, and without a license that the
/// registry does not have yet, which is what rosters are for.
pub fn obstacles(codes: &str) -> Vec<String> {
    let is_news = |code: &str| matches!(code, "license_unknown" | "state_differs");
    let agrees = |code: &str| words(code).is_some_and(|words| words.agreement == Agreement::Agrees);
    let others: Vec<&str> = codes.split_whitespace().filter(|code| !agrees(code) && !is_news(code)).collect();
    sentences(&others.join(" "))
}

/// An outcome's stored word, for people: a title and a status kind of the pages.
pub fn outcome(code: &str) -> &'static str {
    match code {
        "matched" => "One physician",
        "several" => "More than one possible",
        "conflict" => "Conflict",
        "review" => "Probable, not certain",
        "none" => "Nobody in the registry",
        _ => "Not decided",
    }
}

/// What decided, and the number of the hard rule if it was one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub rule: Option<&'static str>,
    pub sentence: &'static str,
}

/// What made the engine answer so: a hard rule, the least weight, or how far the next one is behind.
pub fn decided(decision: &Decision) -> Decided {
    let by = |rule, sentence| Decided { rule: Some(rule), sentence };
    let weighed = |sentence| Decided { rule: None, sentence };
    let has = |reason| decision.reasons.contains(&reason);
    match decision.outcome {
        Outcome::Matched(_) if has(Reason::BoardRule) => {
            by("Rule 7", "The certifying board’s own rule is met: its ID with both names or the birthday.")
        }
        Outcome::Matched(_) => weighed(
            "The weight reaches the least for a match, nobody else comes near, and no hard rule stands against it.",
        ),
        Outcome::Conflict if has(Reason::OtherPersonFits) => {
            by("Rule 3", "Somebody else has this very name and birthday, so the identifier may be theirs or not.")
        }
        Outcome::Conflict if has(Reason::NamesakesExist) => {
            by("Rule 4", "An NPI alone, with another birthday, proves nothing where others bear the same name.")
        }
        Outcome::Conflict => by("Rule 1", "An identifier belongs to another physician than name and birthday say."),
        Outcome::Several if has(Reason::FirstNameAmbiguous) => {
            by("Rule 8", "Two physicians of this last name and birthday can both be read from the first name.")
        }
        Outcome::Several if has(Reason::SuffixDiffers) && !has(Reason::NotDistinctive) => {
            by("Rule 8", "The suffix contradicts: this may be a relative of the same name.")
        }
        Outcome::Several if has(Reason::AnotherAsLikely) => {
            weighed("Another physician fits nearly as well: the lead is smaller than it must be.")
        }
        Outcome::Several => {
            weighed("The weight stays below the least for a match: others could agree as well by chance.")
        }
        Outcome::Review if has(Reason::WeakBesideIdentifier) => {
            weighed("An identifier agrees, but name and birthday agree too weakly beside it.")
        }
        Outcome::Review => by(
            "Rules 5 and 6",
            "No identifier agrees, so name, birthday and state must agree more closely than they do.",
        ),
        Outcome::None => weighed(
            "No physician reaches even odds. Where first and last name both differ, nobody is considered (rule 2).",
        ),
    }
}

const fn row(
    code: &'static str,
    aspect: Aspect,
    agreement: Agreement,
    short: &'static str,
    sentence: &'static str,
) -> Words {
    Words { code, aspect, agreement, short, sentence }
}

use Agreement::{Agrees, Differs, Near, OneSided};
use Aspect::{Birth, BoardId, License, Middle, Names, Npi, State, Suffix, Whole};

#[rustfmt::skip] // a table: one reason in one or two lines
const TABLE: &[Words] = &[
    row("names_equal", Names, Agrees, "Equal", "First and last name are equal."),
    row("names_swapped", Names, Near, "Exchanged", "First and last name stand in each other’s place."),
    row("nickname", Names, Near, "Nickname", "The first name is a short or other form of the same name."),
    row("first_name_initial", Names, Near, "Initial only", "One side has only the initial of the first name."),
    row("first_name_middle", Names, Near, "Middle name", "The first name given is a middle name."),
    row("first_name_typo", Names, Near, "First name one letter off", "The first name is one letter off."),
    row("first_name_alike", Names, Near, "First name alike", "The first names are alike, but more than one letter apart."),
    row("first_name_differs", Names, Differs, "First name differs", "The first name differs."),
    row("last_name_former", Names, Near, "Former last name", "The last name is a former one."),
    row("last_name_part", Names, Near, "Part of the last name", "The last name is one part of a double name, or has a part added."),
    row("last_name_typo", Names, Near, "Last name one letter off", "The last name is one letter off."),
    row("last_name_alike", Names, Near, "Last name alike", "The last names are alike, but more than one letter apart."),
    row("last_name_differs", Names, Differs, "Last name differs", "The last name differs."),
    row("middle_name_equal", Middle, Agrees, "Equal", "The middle name agrees."),
    row("middle_name_differs", Middle, Differs, "Differs", "The middle name differs."),
    row("suffix_equal", Suffix, Agrees, "Equal", "The suffix agrees."),
    row("suffix_differs", Suffix, Differs, "Differs", "The suffix contradicts."),
    row("birth_equal", Birth, Agrees, "Equal", "Month and day of birth are equal."),
    row("birth_swapped", Birth, Near, "Month and day exchanged", "Month and day of birth are exchanged."),
    row("birth_day_differs", Birth, Differs, "Day differs", "The day of birth differs."),
    row("birth_month_differs", Birth, Differs, "Month differs", "The month of birth differs."),
    row("birth_differs", Birth, Differs, "Differs", "Month and day of birth differ."),
    row("birth_unknown", Birth, OneSided, "Not known", "The birthday is missing on one side, which is no evidence."),
    row("state_equal", State, Agrees, "Licensed there", "The physician is licensed in the state given."),
    row("state_differs", State, Differs, "Not licensed there", "The physician holds no license in the state given."),
    row("license_equal", License, Agrees, "Equal", "The license number agrees."),
    row("license_typo", License, Near, "One character off", "The license number is one character off."),
    row("license_alike", License, Near, "Part of it, or some off", "The license number is alike, but more than one character off or only a part."),
    row("license_other_state", License, Near, "Right number, other state", "The license number is right, in another state."),
    row("license_unknown", License, Differs, "Not this number", "The license number is not this physician’s."),
    row("license_of_other_person", License, Differs, "Somebody else’s", "The license number belongs to somebody else."),
    row("npi_equal", Npi, Agrees, "Equal", "The NPI agrees."),
    row("npi_typo", Npi, Near, "One digit off", "The NPI is one digit off."),
    row("npi_alike", Npi, Near, "Some digits off", "The NPI is alike, but more than one digit off or only a part."),
    row("npi_unknown", Npi, Differs, "Not this number", "The NPI is not this physician’s."),
    row("npi_of_other_person", Npi, Differs, "Somebody else’s", "The NPI belongs to somebody else."),
    row("npi_check_digit", Npi, Differs, "Check digit wrong", "The NPI fails its check digit, so it was mistyped."),
    row("board_id_equal", BoardId, Agrees, "Equal", "The certifying board ID agrees."),
    row("board_id_typo", BoardId, Near, "One character off", "The certifying board ID is one character off."),
    row("board_id_alike", BoardId, Near, "Some characters off", "The certifying board ID is alike, but more than one character off or only a part."),
    row("board_id_unknown", BoardId, Differs, "Not this ID", "The certifying board ID is not this physician’s."),
    row("board_id_of_other_person", BoardId, Differs, "Somebody else’s", "The certifying board ID belongs to somebody else."),
    row("other_person_fits", Whole, Differs, "Somebody else fits", "Somebody else has the given name and the given birthday."),
    row("namesakes_exist", Whole, Differs, "Namesakes", "Others bear the same name, and the birthday differs."),
    row("not_distinctive", Whole, Differs, "Too common", "Too many people would agree by chance."),
    row("another_as_likely", Whole, Differs, "Another as likely", "Another physician fits nearly as well."),
    row("first_name_ambiguous", Whole, Differs, "Two first names fit", "Two physicians of this last name and birthday can be read from the first name."),
    row("needs_identifier", Whole, Differs, "Needs an identifier", "Without an identifier that agrees, more must be equal."),
    row("weak_beside_identifier", Whole, Differs, "Weak beside the identifier", "Name and birthday agree too weakly beside the identifier."),
    row("board_rule", Whole, Agrees, "Board’s own rule", "The certifying board’s own rule is met."),
    // from merging rosters
    row("own_identifier_of_other_person", Whole, Differs, "Number of another person",
        "The number that the board sends as its own is on record for somebody of another name or birthday."),
    row("identifier_of_other_person", Whole, Differs, "Number of another person", "A number that the row names belongs to somebody else."),
    row("facts_contradict", Whole, Differs, "Facts contradict", "An identifier agrees, but other facts of the row contradict the record."),
    row("license_waits", Whole, Differs, "License waits", "The license that the row names waits for a decision itself."),
    row("named_by_one_row", Whole, Differs, "Named by one row", "Only one row of a roster says that these records are of one person."),
    row("rows_disagree", Whole, Differs, "Rows disagree", "Other rows of the rosters say otherwise."),
    row("npi_differs", Npi, Differs, "Differs", "The NPI differs."),
    row("degree_differs", Whole, Differs, "Degree differs", "The degree differs."),
    row("suffix_on_one_side", Suffix, Differs, "On one side only", "Only one side has a suffix: this may be father or son."),
    row("holds_another_number", Whole, Differs, "Holds another number", "The physician holds another number of this board already."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_the_engine_has_words() {
        let missing: Vec<&str> =
            Reason::ALL.iter().map(|reason| reason.code()).filter(|code| words(code).is_none()).collect();
        assert_eq!(missing, [""; 0], "write them into the table");
    }

    #[test]
    fn sentences_end_and_no_code_stands_twice() {
        for (place, row) in TABLE.iter().enumerate() {
            assert!(row.sentence.ends_with('.') && !row.short.ends_with('.'), "{}", row.code);
            assert!(TABLE.iter().skip(place + 1).all(|other| other.code != row.code), "{}", row.code);
        }
    }

    #[test]
    fn a_code_of_a_later_version_is_still_readable() {
        assert_eq!(
            sentences("nickname from_the_future"),
            ["The first name is a short or other form of the same name.", "from the future.",]
        );
    }

    #[test]
    fn what_agrees_is_no_obstacle() {
        assert_eq!(obstacles("names_equal license_unknown npi_of_other_person"), ["The NPI belongs to somebody else."]);
    }

    #[test]
    fn the_hard_rule_that_decided_is_named() {
        for (outcome, reasons, rule) in [
            (Outcome::Conflict, vec![Reason::NamesEqual, Reason::LicenseOfOtherPerson], Some("Rule 1")),
            (Outcome::Conflict, vec![Reason::NpiEqual, Reason::OtherPersonFits], Some("Rule 3")),
            (Outcome::Conflict, vec![Reason::NpiEqual, Reason::NamesakesExist], Some("Rule 4")),
            (Outcome::Several, vec![Reason::FirstNameAmbiguous], Some("Rule 8")),
            (Outcome::Several, vec![Reason::SuffixDiffers], Some("Rule 8")),
            (Outcome::Several, vec![Reason::AnotherAsLikely], None),
            (Outcome::Review, vec![Reason::NeedsIdentifier], Some("Rules 5 and 6")),
            (Outcome::None, vec![], None),
        ] {
            let decision = Decision { outcome, reasons, settle_with: vec![] };
            assert_eq!(decided(&decision).rule, rule, "{decision:?}");
        }
    }
}
