//! Faults in someone's data. A problem is a value: a stable code, the place, what was given.
//! Every word a person reads about one is in this file: [`Problem::message`] says what is wrong,
//! [`Code::remedy`] what to do, so that all wording can be reviewed in one place.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::field::Field;

/// Where a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The file as a whole: nothing of it was read further.
    File,
    /// A row as a whole.
    Row,
    /// One cell, element or form field of a row.
    Field(Field),
    /// Many rows of one column, in a fault that no row shows alone.
    Rows(Stretch),
}

/// Rows of a file, first and last as people see them there, and the column that is wrong in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stretch {
    pub field: Field,
    /// Where the field stands in the file, counted from 0.
    pub column: usize,
    pub from: i64,
    pub to: i64,
}

impl Stretch {
    /// The column's letters, as spreadsheets show them.
    pub fn letters(&self) -> String {
        let mut letters = Vec::new();
        let mut left = self.column + 1;
        while left > 0 {
            left -= 1;
            letters.push(char::from(b'A' + (left % 26) as u8));
            left /= 26;
        }
        letters.iter().rev().collect()
    }
}

/// One fault. `fact` is what the rule compared with (the activity's credit, its dates): it is only
/// ever something the sender owns or could look up, never a value of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Problem {
    pub code: Code,
    pub place: Place,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fact: String,
}

macro_rules! codes {
    ($($variant:ident $code:literal $group:ident $title:literal $remedy:literal)+) => {
        /// Stable codes, in the order in which checks run (domain.md, Learner credit data). They are
        /// part of the web services' contract: a code is never renamed or given another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($variant,)+ }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)+ }
            }

            /// Which of the five checks finds it.
            pub fn check(self) -> Check {
                match self { $(Code::$variant => Check::$group,)+ }
            }

            /// The problem in a few words, for lists.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)+ }
            }

            /// What the sender can do about it, wherever it is.
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$variant => $remedy,)+ }
            }
        }
    };
}

/// The five checks of domain.md, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    File,
    Record,
    Activity,
    Identity,
    Duplicate,
}

codes! {
    FileEmpty "file_empty" File "The file is empty"
        "Choose the file that holds your learners; this one has no content."
    FileTooLarge "file_too_large" File "The file is too large"
        "Split the file into smaller ones and upload each."
    FileUnreadable "file_unreadable" File "The file cannot be read"
        "Open the file in Excel, save it again as .xlsx or tab-delimited text, and upload that."
    FileWrongType "file_wrong_type" File "This is not a learner file"
        "Upload an Excel workbook (.xlsx) or delimited text (.txt, .tsv, .csv)."
    FileInflates "file_inflates" File "The workbook unpacks to too much"
        "Copy the rows into a fresh template and upload that; the workbook unpacks to far more than it should."
    HeaderMissing "header_missing" File "No column names found"
        "Start from the template: one row must hold the column names."
    ColumnMissing "column_missing" File "A column is missing"
        "Add the column with exactly this name; the template has it."
    ColumnRepeated "column_repeated" File "A column stands there twice"
        "Keep only one column of this name."
    NoRows "no_rows" File "The file has no rows"
        "Enter learners below the header row and save the file before you upload it."

    RowBroken "row_broken" Record "The line cannot be split into columns"
        "Check this line for a stray quote or separator and send it again."
    RowTooLong "row_too_long" Record "Values right of the last column"
        "Remove what stands right of the last column."
    CellIsFormula "cell_is_formula" Record "A cell holds a formula"
        "Paste the cell's value in place of its formula."
    CellIsError "cell_is_error" Record "A cell holds a spreadsheet error"
        "Replace the spreadsheet's error with the value."
    ValueTooLong "value_too_long" Record "A value is too long"
        "Shorten the value."
    ValueHasControlCharacters "value_has_control_characters" Record "Invisible characters"
        "Type the value again; it holds characters that cannot be seen."
    IdRounded "id_rounded" Record "An ID was shortened by the spreadsheet"
        "Format the column as text and type the number again; the spreadsheet has shortened it."
    ActionUnknown "action_unknown" Record "Record action is neither Add nor Delete"
        "Write Add or Delete."
    DateMissing "date_missing" Record "Completion date missing"
        "Give the date on which the learner completed the activity, as MM/DD/YYYY."
    DateUnreadable "date_unreadable" Record "Completion date is not a date"
        "Write a date that exists, as MM/DD/YYYY."
    FirstNameMissing "first_name_missing" Record "First name missing"
        "Give the learner's first name."
    LastNameMissing "last_name_missing" Record "Last name missing"
        "Give the learner's last name."
    NameUnreadable "name_unreadable" Record "A name without letters"
        "Give the name in letters."
    BirthMissing "birth_missing" Record "Date of birth missing"
        "Give month and day of birth, as MM/DD."
    BirthUnreadable "birth_unreadable" Record "Date of birth is not a date"
        "Write a month and day that exist, as MM/DD. The year is not needed."
    StateUnknown "state_unknown" Record "Unknown state"
        "Write the state's name or its two letters."
    AmountNotANumber "amount_not_a_number" Record "An amount is not a number"
        "Write a number, such as 1.25."
    AmountNotPositive "amount_not_positive" Record "An amount is not greater than zero"
        "Write an amount greater than zero, or leave it empty if none was earned."
    AmountNotAQuarter "amount_not_a_quarter" Record "An amount is not a multiple of 0.25"
        "Write a multiple of 0.25."
    AmountTooLarge "amount_too_large" Record "An amount is too large"
        "Check the amount; it is larger than any activity's credit."
    CreditMissing "credit_missing" Record "No credit reported"
        "Give CME credits, board credits, or a REMS learner."
    BoardMissing "board_missing" Record "Certifying board missing"
        "Name the certifying board, or leave the board's columns empty."
    BoardUnknown "board_unknown" Record "Unknown certifying board"
        "Write the code of a participating board, such as ABIM."
    DiplomateIdMissing "diplomate_id_missing" Record "Certifying board ID missing"
        "Give the learner's ID with this board."
    BoardCreditsMissing "board_credits_missing" Record "Total board credits missing"
        "Give the total of the board's credits."
    CreditTypeMissing "credit_type_missing" Record "Credit type missing"
        "Name at least one credit type of this board."
    CreditTypeUnknown "credit_type_unknown" Record "Unknown credit type"
        "Write one of the board's credit types, as listed in the template."
    CreditTypeRepeated "credit_type_repeated" Record "Credit type named twice"
        "Name each credit type once."
    CreditTypeAmountMissing "credit_type_amount_missing" Record "Credits for a credit type missing"
        "Give the credits awarded for this credit type."
    CreditTypeAboveTotal "credit_type_above_total" Record "Credit type above the board total"
        "A credit type cannot be awarded more than the total board credits."
    RemsProfessionMissing "rems_profession_missing" Record "REMS profession missing"
        "Give the profession of the REMS learner."
    RemsLocalIdMissing "rems_local_id_missing" Record "REMS learner's identifier missing"
        "Give your own identifier of the REMS learner."

    ActivityMissing "activity_missing" Activity "Activity missing"
        "Give the activity's nine-digit ID."
    ActivityIdMalformed "activity_id_malformed" Activity "Activity ID is not nine digits"
        "Write the nine digits of the activity's ID; keep leading zeros."
    ActivityUnknown "activity_unknown" Activity "Unknown activity"
        "Check the ID on your activities page; it must be an activity of your organization."
    ActivityIsDraft "activity_is_draft" Activity "Activity is still a draft"
        "Complete the activity until its status is Active, then send the row again."
    ActivityYearLocked "activity_year_locked" Activity "Reporting year is locked"
        "The activity's reporting year is locked. Ask the accreditor."
    DateOutsideActivity "date_outside_activity" Activity "Completion date outside the activity's dates"
        "The completion date must lie within the activity's dates. Correct the date, or the activity."
    DateInFuture "date_in_future" Activity "Completion date in the future"
        "Report a completion after it has happened."
    ReportingWindowOver "reporting_window_over" Activity "Reported too late"
        "The time for reporting this completion is over. Ask the accreditor."
    CreditAboveActivity "credit_above_activity" Activity "More credit than the activity offers"
        "A learner cannot earn more than the activity's credit. Correct the amount, or the activity."
    BoardNotRegistered "board_not_registered" Activity "Activity not registered with this board"
        "Register the activity for this board's MOC on the activity's page, or remove the board's columns."
    PointsAboveRegistered "points_above_registered" Activity "More points than are registered"
        "A learner cannot earn more points than are registered. Correct the amount, or the registration."
    CreditTypeNotRegistered "credit_type_not_registered" Activity "Credit type not registered for the activity"
        "Add the credit type to the activity's registration, or report one that is registered."
    CreditTypeNotInForce "credit_type_not_in_force" Activity "Credit type not valid on that date"
        "The board does not take this credit type for this completion date."
    BoardNotInForce "board_not_in_force" Activity "Board does not take credit of that date"
        "The board does not take completions or activities of this date."
    PointsNotEqualCredit "points_not_equal_credit" Activity "Points do not equal the CME credits"
        "This board's points must equal the CME credits."
    ClaimDatePassed "claim_date_passed" Activity "Claim date has passed"
        "The last day to claim this board's credit was before the completion date."
    RemsNotRegistered "rems_not_registered" Activity "Not a REMS activity"
        "Mark the activity as a REMS activity, or remove the REMS columns."

    IdentityIncomplete "identity_incomplete" Identity "Not enough to find the learner"
        "Give the licensing state (with license ID), an NPI, or a certifying board with its ID."
    IdentityNotFound "identity_not_found" Identity "No physician found"
        "No physician agrees with what was given. Check name, birth date and state, or add a license ID, NPI or board ID."
    IdentitySeveral "identity_several" Identity "More than one physician possible"
        "More than one physician could be meant. Add what is named beside this problem."
    IdentityConflict "identity_conflict" Identity "Details of different people"
        "The identifier belongs to somebody whose details differ from these. Check for a copied or shifted column."
    IdentityUncertain "identity_uncertain" Identity "Physician not certain"
        "What was given is not enough to be sure. Add or correct what is named beside this problem."
    IdentifierColumnShifted "identifier_column_shifted" Identity "IDs stand in other learners' rows"
        "Move the column so that each ID stands beside its own learner, and upload the file again."
    IdentifierCopiedDown "identifier_copied_down" Identity "One ID beside several learners"
        "Give each learner's own ID and upload the file again."
    IdentifierSeries "identifier_series" Identity "IDs filled in as a series"
        "Paste the learners' own IDs over the series and upload the file again."
    BirthColumnShifted "birth_column_shifted" Identity "Birth dates stand in other learners' rows"
        "Move the column so that each birth date stands beside its own learner, and upload the file again."
    BirthCopiedDown "birth_copied_down" Identity "One birth date beside several learners"
        "Give each learner's own month and day of birth and upload the file again."
    NameColumnsShifted "name_columns_shifted" Identity "Names stand in other learners' rows"
        "Move both name columns so that each name stands beside its own details, and upload the file again."
    NamesExchanged "names_exchanged" Identity "First and last names exchanged"
        "Exchange the two columns' names and upload the file again. Rows that were accepted stay accepted."

    CreditDiffers "credit_differs" Duplicate "Another amount is on record"
        "Another amount is on record for this learner, activity and date. Delete that record, then add this one."
    BoardOncePerDate "board_once_per_date" Duplicate "Board takes one completion per date"
        "This board takes one completion per diplomate, activity and date, and one is on record."
    DeleteNotFound "delete_not_found" Duplicate "Nothing on record to delete"
        "No record of yours agrees with this learner, activity, date and credit. Check them against your learners page."
    IdentifierRepeated "identifier_repeated" Duplicate "Submission ID used for something else"
        "The same Submission ID stands on rows with other content. Give each its own."
}

impl Code {
    /// Whether only many rows of a file together show it. A row that bears it is judged alone once it is changed.
    pub fn is_of_many_rows(self) -> bool {
        (Code::IdentifierColumnShifted..=Code::NamesExchanged).contains(&self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is none of our codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a problem code")
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Code::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

impl Problem {
    pub fn file(code: Code) -> Self {
        Self { code, place: Place::File, given: String::new(), fact: String::new() }
    }

    pub fn row(code: Code) -> Self {
        Self { code, place: Place::Row, given: String::new(), fact: String::new() }
    }

    pub fn field(code: Code, field: Field) -> Self {
        Self { code, place: Place::Field(field), given: String::new(), fact: String::new() }
    }

    /// The value as it was given. Long ones are cut: a message is not a place for 8 MB.
    #[must_use]
    pub fn given(mut self, value: impl Into<String>) -> Self {
        let value: String = value.into();
        self.given = match value.char_indices().nth(80) {
            Some((cut, _)) => format!("{}…", &value[..cut]),
            None => value,
        };
        self
    }

    /// What the rule compared with.
    #[must_use]
    pub fn fact(mut self, fact: impl Into<String>) -> Self {
        self.fact = fact.into();
        self
    }

    /// The field it stands in, if it stands in one.
    pub fn in_field(&self) -> Option<Field> {
        match self.place {
            Place::Field(field) => Some(field),
            Place::File | Place::Row | Place::Rows(_) => None,
        }
    }

    /// The rows it concerns, if it is one of many rows together.
    pub fn stretch(&self) -> Option<&Stretch> {
        match &self.place {
            Place::Rows(stretch) => Some(stretch),
            Place::File | Place::Row | Place::Field(_) => None,
        }
    }

    /// What the sender can do about this one: as [`Code::remedy`], with the direction where cells must move.
    pub fn remedy(&self) -> Cow<'static, str> {
        let moved = match (self.stretch(), self.fact.split_once(" too ")) {
            (Some(_), Some((rows, "low"))) => Some((rows, "up")),
            (Some(_), Some((rows, "high"))) => Some((rows, "down")),
            _ => None,
        };
        match (moved, self.code) {
            (None, code) => code.remedy().into(),
            (Some((rows, way)), Code::NameColumnsShifted) => {
                format!("Move the columns of first and last names {way} by {rows} there and upload the file again.")
                    .into()
            }
            (Some((rows, way)), _) => format!("Move its cells {way} by {rows} there and upload the file again.").into(),
        }
    }

    /// What is wrong, for a person: the value as given and what it was compared with.
    pub fn message(&self) -> String {
        let given = &self.given;
        let fact = &self.fact;
        let field = self.in_field().map_or("value", Field::label);
        if let Some(stretch) = self.stretch() {
            return self.message_of_rows(stretch);
        }
        match self.code {
            Code::FileEmpty => "The file is empty.".into(),
            Code::FileTooLarge => format!("The file is larger than {fact}."),
            Code::FileUnreadable => format!("The file could not be read to its end: {fact}."),
            Code::FileWrongType if fact.is_empty() => {
                "The file is neither an Excel workbook nor delimited text.".into()
            }
            Code::FileWrongType => format!("The file is {fact}, not an Excel workbook or delimited text."),
            Code::FileInflates => format!("The workbook unpacks to more than {fact}."),
            Code::HeaderMissing => "No row holds the column names.".into(),
            Code::ColumnMissing => format!("The column “{fact}” is missing."),
            Code::ColumnRepeated => format!("The column “{fact}” stands there more than once."),
            Code::NoRows => "There is no row below the column names.".into(),
            Code::RowBroken => format!("This line could not be split into columns: {fact}."),
            Code::RowTooLong => format!("The row goes on after the last column: “{given}”."),
            Code::CellIsFormula => format!("{field} holds a formula."),
            Code::CellIsError => format!("{field} holds the spreadsheet error {given}."),
            Code::ValueTooLong => format!("{field} is longer than {fact} characters: “{given}”."),
            Code::ValueHasControlCharacters => {
                format!("{field} holds invisible characters: “{}”.", given.escape_debug())
            }
            Code::IdRounded => format!("{field} was shortened by the spreadsheet to {given}."),
            Code::ActionUnknown => format!("“{given}” is not a record action."),
            Code::DateMissing => "The completion date is missing.".into(),
            Code::DateUnreadable => format!("“{given}” is not a date."),
            Code::FirstNameMissing => "The first name is missing.".into(),
            Code::LastNameMissing => "The last name is missing.".into(),
            Code::NameUnreadable => format!("“{given}” holds no letters."),
            Code::BirthMissing => "Month and day of birth are missing.".into(),
            Code::BirthUnreadable => format!("“{given}” is not a month and day."),
            Code::StateUnknown => format!("“{given}” is not a state."),
            Code::AmountNotANumber => format!("{field}: “{given}” is not a number."),
            Code::AmountNotPositive => format!("{field}: {given} is not greater than zero."),
            Code::AmountNotAQuarter => format!("{field}: {given} is not a multiple of 0.25."),
            Code::AmountTooLarge => format!("{field}: {given} is too large."),
            Code::CreditMissing => "The row reports no credit.".into(),
            Code::BoardMissing => format!("{field} is given without a certifying board."),
            Code::BoardUnknown => format!("“{given}” is not a participating board."),
            Code::DiplomateIdMissing => format!("The learner's ID with {fact} is missing."),
            Code::BoardCreditsMissing => format!("The total of {fact} credits is missing."),
            Code::CreditTypeMissing => format!("No credit type of {fact} is named."),
            Code::CreditTypeUnknown => format!("“{given}” is not a credit type of {fact}."),
            Code::CreditTypeRepeated => format!("“{given}” is named more than once."),
            Code::CreditTypeAmountMissing => format!("The credits for “{fact}” are missing."),
            Code::CreditTypeAboveTotal => format!("{given} for one credit type is more than the total of {fact}."),
            Code::RemsProfessionMissing => "The profession of the REMS learner is missing.".into(),
            Code::RemsLocalIdMissing => "Your identifier of the REMS learner is missing.".into(),
            Code::ActivityMissing => "The activity is missing.".into(),
            Code::ActivityIdMalformed => format!("“{given}” is not a nine-digit activity ID."),
            Code::ActivityUnknown => format!("Your organization has no activity {given}."),
            Code::ActivityIsDraft => format!("Activity {given} is still a draft."),
            Code::ActivityYearLocked => format!("The reporting year {fact} of this activity is locked."),
            Code::DateOutsideActivity => format!("{given} is outside the activity's dates, {fact}."),
            Code::DateInFuture => format!("{given} is in the future."),
            Code::ReportingWindowOver => format!("A completion of {given} could be reported until {fact}."),
            Code::CreditAboveActivity => format!("{given} is more than the activity's {fact} credits."),
            Code::BoardNotRegistered => format!("The activity is not registered with {given}."),
            Code::PointsAboveRegistered => format!("{given} is more than the {fact} points registered."),
            Code::CreditTypeNotRegistered => format!("“{given}” is not among the activity's credit types for {fact}."),
            Code::CreditTypeNotInForce => format!("“{given}” was not a credit type of {fact} on that date."),
            Code::BoardNotInForce => format!("{given} takes credit {fact}."),
            Code::PointsNotEqualCredit => format!("{given} points are not the {fact} CME credits."),
            Code::ClaimDatePassed => format!("Credit of this board could be claimed until {fact}."),
            Code::RemsNotRegistered => "The activity is not a REMS activity.".into(),
            Code::IdentityIncomplete => "Nothing but a name and a birth date was given.".into(),
            Code::IdentityNotFound => "No physician in the registry agrees with these details.".into(),
            Code::IdentitySeveral => with_fact("More than one physician could be meant", "To settle it", fact),
            Code::IdentityConflict => with_fact("These details belong to different people", "Check", fact),
            Code::IdentityUncertain => with_fact("A physician is likely, but not certain", "To settle it", fact),
            Code::IdentifierColumnShifted | Code::BirthColumnShifted => {
                format!("In this part of the file, {field} is {fact}.")
            }
            Code::NameColumnsShifted => format!("In this part of the file, the names are {fact}."),
            Code::IdentifierCopiedDown | Code::BirthCopiedDown => {
                format!("“{given}” stands beside different learners in this part of the file.")
            }
            Code::IdentifierSeries => format!("“{given}” is part of a series that counts up by one from row to row."),
            Code::NamesExchanged => "In this part of the file, first and last names are exchanged.".into(),
            Code::CreditDiffers => format!("{fact} credits are on record where {given} are reported."),
            Code::BoardOncePerDate => format!("A completion for {given} is on record for this activity and date."),
            Code::DeleteNotFound => "There is no such record to delete.".into(),
            Code::IdentifierRepeated => format!("Submission ID “{given}” was used before with other content."),
        }
    }
}

impl Problem {
    /// One sentence for many rows: which column, from where to where, and what is wrong with it.
    fn message_of_rows(&self, stretch: &Stretch) -> String {
        let Stretch { field, from, to, .. } = *stretch;
        let (given, fact) = (&self.given, &self.fact);
        let column = format!("Column {}, {field},", stretch.letters());
        match self.code {
            Code::IdentifierColumnShifted | Code::BirthColumnShifted => {
                let where_it_is = if fact.ends_with("low") { "below" } else { "above" };
                format!("{column} is {fact} from row {from} to row {to}: each value stands {where_it_is} its learner.")
            }
            Code::NameColumnsShifted => {
                format!("The names are {fact} from row {from} to row {to}: they stand beside other learners' details.")
            }
            Code::IdentifierCopiedDown | Code::BirthCopiedDown => {
                format!("{column} holds “{given}” from row {from} to row {to}, beside different learners.")
            }
            Code::IdentifierSeries => {
                format!(
                    "{column} counts up by one from “{given}” in row {from} to row {to}, beside different learners."
                )
            }
            Code::NamesExchanged => {
                format!("First and last names stand in each other's column from row {from} to row {to}.")
            }
            code => format!("{column} has a problem from row {from} to row {to}: {}.", code.title()),
        }
    }
}

fn with_fact(sentence: &str, lead: &str, fact: &str) -> String {
    if fact.is_empty() { format!("{sentence}.") } else { format!("{sentence}. {lead}: {fact}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert_eq!(serde_json_name(*code), code.as_str());
        }
    }

    /// serde's snake_case and our table must be the same word, since both are stored.
    fn serde_json_name(code: Code) -> String {
        let debug = format!("{code:?}");
        let mut name = String::new();
        for (i, letter) in debug.chars().enumerate() {
            if letter.is_uppercase() && i > 0 {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }

    #[test]
    fn a_huge_value_is_cut_in_messages() {
        let problem = Problem::field(Code::BirthUnreadable, Field::Birth).given("é".repeat(1_000_000));
        assert!(problem.message().chars().count() < 140);
    }

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, letters) in
            [(0, "A"), (7, "H"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            let stretch = Stretch { field: Field::Identifier, column, from: 2, to: 3 };
            assert_eq!(stretch.letters(), letters, "{column}");
        }
    }

    #[test]
    fn a_stretch_names_its_column_its_rows_and_the_way_back() {
        let place = |column, field| Place::Rows(Stretch { field, column, from: 12, to: 480 });
        let shifted = Problem { place: place(7, Field::Identifier), ..Problem::file(Code::IdentifierColumnShifted) };
        let low = shifted.clone().fact("one row too low");
        let said = "Column H, Licensing ID or NPI, is one row too low from row 12 to row 480: each value stands below its learner.";
        assert_eq!(low.message(), said);
        assert_eq!(low.remedy(), "Move its cells up by one row there and upload the file again.");
        let high = shifted.fact("two rows too high");
        assert!(high.message().ends_with("each value stands above its learner."));
        assert_eq!(high.remedy(), "Move its cells down by two rows there and upload the file again.");
        let copied = Problem { place: place(5, Field::Birth), ..Problem::file(Code::BirthCopiedDown) }.given("03/07");
        let said = "Column F, Date of Birth, holds “03/07” from row 12 to row 480, beside different learners.";
        assert_eq!((copied.message().as_str(), copied.remedy().as_ref()), (said, Code::BirthCopiedDown.remedy()));
    }

    #[test]
    fn every_message_is_a_sentence() {
        for code in Code::ALL {
            let stretch = Stretch { field: Field::Identifier, column: 7, from: 2, to: 9 };
            for place in [Place::Row, Place::Rows(stretch)] {
                let message = Problem { place, ..Problem::row(*code).given("x").fact("y") }.message();
                assert!(message.ends_with('.'), "{code}: {message}");
            }
        }
    }
}
