//! The stable codes of problems, each with its title and its remedy. They are part of the web services'
//! contract: a code is never renamed or given another meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
        "Save the file again as .xlsx, tab-delimited text, XML or JSON, and upload that."
    FileWrongType "file_wrong_type" File "This is not a learner file"
        "Upload an Excel workbook (.xlsx), delimited text (.txt, .tsv, .csv), XML or JSON."
    FileInflates "file_inflates" File "The workbook unpacks to too much"
        "Copy the rows into a fresh template and upload that; the workbook unpacks to far more than it should."
    HeaderMissing "header_missing" File "No column names found"
        "Start from the template: one row must hold the column names."
    ColumnMissing "column_missing" File "A column is missing"
        "Add the column with exactly this name; the template has it."
    ColumnRepeated "column_repeated" File "A column stands there twice"
        "Keep only one column of this name."
    NoRows "no_rows" File "The file has no rows"
        "Enter learners below the header row, or as elements ActivityReport, and upload the file again."
    EncodingWrong "encoding_wrong" File "Characters in another encoding than stated"
        "Save the document as UTF-8 and let its declaration say so."
    ControlCharacter "control_character" File "An invisible character"
        "Remove the character; neither XML nor JSON may hold it."
    DocumentMalformed "document_malformed" File "The document is not well formed"
        "Correct the document at this place; a program that writes XML or JSON does this by itself."
    DocumentTruncated "document_truncated" File "The document breaks off"
        "Send the whole document; its end is missing."
    DocumentType "document_type" File "The document has a document type"
        "Remove the DOCTYPE; document types are not read."
    EntityUnknown "entity_unknown" File "The document has an entity of its own"
        "Write the character itself or its number, such as &#233;."
    DocumentTooDeep "document_too_deep" File "The document is nested too deeply"
        "Nest the elements as the format describes."
    SecondRoot "second_root" File "Something stands behind the document's end"
        "Put all reports into one element ACCMELearnerReports and send nothing behind it."
    IdempotencyKeyReused "idempotency_key_reused" File "The Idempotency-Key belongs to another request"
        "Give each request a key of its own, and only the same request again the same key."

    RowBroken "row_broken" Record "The line cannot be split into columns"
        "Check this line for a stray quote or separator and send it again."
    KeyRepeated "key_repeated" Record "A key stands there twice"
        "Give each key of an object once; use an array for several values."
    TooManyValues "too_many_values" Record "Too many values in one report"
        "Check the report; no learner's credit has this many values."
    ElementUnknown "element_unknown" Record "An unknown element"
        "Remove the element, or check its spelling."
    ValueIsGroup "value_is_group" Record "Elements where a value belongs"
        "Write the value itself."
    ValueRepeated "value_repeated" Record "A value is given more than once"
        "Give one value."
    StatusNotCompleted "status_not_completed" Record "The learner has not completed the activity"
        "Report learners once their status is Completed."
    CreditIdMalformed "credit_id_malformed" Record "Credit ID is not of the form ccid:name:number"
        "Write ccid, your own name and your own number of the credit, with a colon between each."
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

    ProviderMayNotSubmit "provider_may_not_submit" Activity "Provider is not in good standing"
        "Ask the accreditor. Once your organization is in good standing again, send the row again."
    ActivityMissing "activity_missing" Activity "Activity missing"
        "Give the activity's nine-digit ID."
    ActivityIdMalformed "activity_id_malformed" Activity "Activity ID is not nine digits"
        "Write the nine digits of the activity's ID; keep leading zeros."
    ActivityUnknown "activity_unknown" Activity "Unknown activity"
        "Check the ID on your activities page; it must be an activity of your organization."
    ProviderDiffers "provider_differs" Activity "The report names another provider"
        "Send reports of your own organization alone, or correct ProviderOrganization."
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
    TooManyTries "too_many_tries" Identity "Asked about too often"
        "Report the learner as usual, which checks again, or ask again in some weeks."
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
