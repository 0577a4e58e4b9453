//! What can be wrong with the form of a file of activities or of one value in it, with all words
//! that a person reads about it. What the rules of activities find is [`domain::activity::Missing`];
//! both are told alike: code, place, value, remedy.
//!
//! A warning never keeps a record back. The codes of whole files are those of learner files.

use domain::activity::Missing;

use super::field::Field;
use super::place::Place;
use crate::tree::{Fault, What};

/// Whether a record goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The whole file is not read further.
    Stops,
    /// The record is refused, the others go through.
    Refuses,
    Warns,
}

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $title:literal $remedy:literal)+) => {
        /// Stable codes: part of the web services' contract, never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($variant,)+ }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)+ }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }

            /// The problem in a few words, for lists.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)+ }
            }

            /// What to do.
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$variant => $remedy,)+ }
            }
        }
    };
}

codes! {
    FileEmpty "file_empty" Stops "Nothing in it"
        "Send the document that holds your activities; this one has no content."
    FileTooLarge "file_too_large" Stops "Too large"
        "Split it into smaller ones and send each."
    FileUnreadable "file_unreadable" Stops "Cannot be read"
        "Save it again as .xlsx, tab-delimited text, XML or JSON and send that."
    FileWrongType "file_wrong_type" Stops "Not a file of activities"
        "Send an Excel workbook (.xlsx), delimited text (.txt, .tsv, .csv), XML or JSON."
    FileInflates "file_inflates" Stops "The workbook unpacks to too much"
        "Copy the rows into a fresh template and send that."
    HeaderMissing "header_missing" Stops "No column names found"
        "Start from the template: one row must hold the column names."
    ColumnMissing "column_missing" Stops "A column is missing"
        "Add the column with exactly this name; the template has it."
    ColumnRepeated "column_repeated" Stops "A column stands there twice"
        "Keep only one column of this name."
    NoRows "no_rows" Stops "No activities in it"
        "Put each activity into a row below the column names, or into an element MedicalEducationMetrics."
    EncodingWrong "encoding_wrong" Stops "Characters in another encoding than stated"
        "Save the document as UTF-8 and let its declaration say so."
    ControlCharacter "control_character" Stops "An invisible character"
        "Remove the character; neither XML nor JSON may hold it."
    DocumentMalformed "document_malformed" Stops "Not well formed"
        "Correct the document at this place; a program that writes XML or JSON does this by itself."
    DocumentTruncated "document_truncated" Stops "Breaks off"
        "Send the whole document; its end is missing."
    DocumentType "document_type" Stops "A document type"
        "Remove the DOCTYPE; document types are not read."
    EntityUnknown "entity_unknown" Stops "An entity"
        "Write the character itself or its number, such as &#233;."
    DocumentTooDeep "document_too_deep" Stops "Nested too deeply"
        "Nest the elements as the format describes."
    SecondRoot "second_root" Stops "Something behind the end"
        "Put all activities into one element ACCMEActivities and send nothing behind it."

    RowBroken "row_broken" Refuses "The line cannot be split into columns"
        "Check this line for a stray quote or separator and send it again."
    RowTooLong "row_too_long" Refuses "Values right of the last column"
        "Remove what stands right of the last column."
    CellIsFormula "cell_is_formula" Refuses "A cell holds a formula"
        "Paste the cell's value in place of its formula."
    CellIsError "cell_is_error" Refuses "A cell holds a spreadsheet error"
        "Replace the spreadsheet's error with the value."
    KeyRepeated "key_repeated" Refuses "A key stands there twice"
        "Give each key of an object once; use an array for several values."
    TooManyValues "too_many_values" Refuses "Too many values"
        "Check the record; no activity has this many values."
    ValueTooLong "value_too_long" Refuses "A value is too long"
        "Shorten the value."
    InvisibleCharacters "value_has_control_characters" Refuses "Invisible characters"
        "Type the value again; it holds characters that cannot be seen."
    ValueIsGroup "value_is_group" Refuses "Elements where a value belongs"
        "Write the value itself."
    TextInGroup "text_in_group" Refuses "Text where elements belong"
        "Write the elements or keys that the format has here."
    ValueRepeated "value_repeated" Refuses "Given more than once"
        "Give one value."
    ActionUnknown "record_action_unknown" Refuses "Unknown record action"
        "Write Add, Update or Delete."
    ActivityIdMalformed "activity_id_malformed" Refuses "Activity ID is not nine digits"
        "Write the nine digits of the activity's ID; keep leading zeros."
    ActivityMissing "activity_missing" Refuses "Activity missing"
        "Give the activity's nine-digit ID or your own ID of it."
    DateUnreadable "activity_date_unreadable" Refuses "Not a date"
        "Write a date that exists, as YYYY-MM-DD or MM/DD/YYYY."
    NotYesOrNo "not_yes_or_no" Refuses "Neither yes nor no"
        "Write true or false; in a spreadsheet Yes or No."
    ChoiceUnknown "choice_unknown" Refuses "Not one of the choices"
        "Write one of the choices as the template lists them."
    NumberUnreadable "number_unreadable" Refuses "Not a whole number"
        "Write a whole number, such as 0 or 125."
    AmountUnreadable "amount_unreadable" Refuses "Not an amount in steps of 0.25"
        "Write a number greater than zero in steps of 0.25, such as 1.25."
    DollarsUnreadable "dollars_unreadable" Refuses "Not whole dollars"
        "Write whole dollars without cents, such as 5000, or In kind."
    CurrencyUnknown "currency_unknown" Refuses "Not US dollars"
        "Give the amount in US dollars."
    BoardUnknown "board_unknown" Refuses "Unknown certifying board"
        "Write the code of a participating board, such as ABIM."
    BoardRepeated "board_repeated" Refuses "A board stands there twice"
        "Give each certifying board once, with all its credit types."
    GroupIncomplete "group_incomplete" Refuses "Part of it is missing"
        "Give the part that is missing, or remove the rest."

    NameUnknown "name_unknown" Warns "An unknown name, ignored"
        "Nothing need be done. Check the spelling if the value should count."
    FieldRemoved "field_removed" Warns "No longer collected, ignored"
        "Nothing need be done. This was removed in 2021 and can be left out."
    FormatRenamed "format_renamed" Warns "An old name of a format, translated"
        "Nothing need be done. Send today's name and the delivery in its own field."
    ProfessionsSummed "professions_summed" Warns "Other learners added up from professions"
        "Nothing need be done. Give the category non-physician if the total is another."
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// With what it was compared: a limit, a name.
    Form(Code, String),
    /// A rule about activities.
    Rule(Box<Missing>),
}

/// One fault of a file or record: what, where, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub cause: Cause,
    pub place: Place,
    pub field: Option<Field>,
    pub given: String,
}

impl Problem {
    pub fn new(code: Code, place: Place) -> Self {
        Self { cause: Cause::Form(code, String::new()), place, field: None, given: String::new() }
    }

    /// What a rule found, at the place of the value that broke it.
    pub fn rule(missing: Missing, place: Place) -> Self {
        Self { cause: Cause::Rule(Box::new(missing)), place, field: None, given: String::new() }
    }

    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    /// The value as it was given; long ones are cut.
    #[must_use]
    pub fn given(mut self, value: &str) -> Self {
        self.given = match value.char_indices().nth(80) {
            Some((cut, _)) => format!("{}…", value.get(..cut).unwrap_or_default()),
            None => value.to_owned(),
        };
        self
    }

    #[must_use]
    pub fn fact(mut self, text: impl Into<String>) -> Self {
        if let Cause::Form(_, fact) = &mut self.cause {
            *fact = text.into();
        }
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Form(code, _) => code.as_str(),
            Cause::Rule(missing) => missing.rule.as_str(),
        }
    }

    /// The code, where the form is wrong and not a rule broken.
    pub fn form(&self) -> Option<Code> {
        match self.cause {
            Cause::Form(code, _) => Some(code),
            Cause::Rule(_) => None,
        }
    }

    pub fn severity(&self) -> Severity {
        self.form().map_or(Severity::Refuses, Code::severity)
    }

    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match &self.cause {
            Cause::Form(code, _) => code.remedy(),
            Cause::Rule(missing) => missing.rule.remedy(),
        }
    }

    /// What is wrong, for a person: the value as given and what it was compared with.
    pub fn message(&self) -> String {
        let (code, fact) = match &self.cause {
            Cause::Rule(missing) => return missing.message(),
            Cause::Form(code, fact) => (*code, fact),
        };
        let given = &self.given;
        let field = self.field.map_or_else(|| "The value".to_owned(), Field::label);
        match code {
            Code::FileTooLarge => format!("More than {fact}."),
            Code::FileUnreadable => format!("It could not be read to its end: {fact}."),
            Code::FileWrongType if !fact.is_empty() => format!("This is {fact}."),
            Code::FileInflates => format!("The workbook unpacks to more than {fact}."),
            Code::ColumnMissing => format!("The column “{fact}” is missing."),
            Code::ColumnRepeated => format!("The column “{fact}” stands there more than once."),
            Code::NoRows if !fact.is_empty() => format!("It begins with {fact} and holds no activity."),
            Code::EncodingWrong => format!("The document has {fact}."),
            Code::DocumentMalformed => format!("Here is {fact}."),
            Code::DocumentTruncated if !fact.is_empty() => format!("The end is missing: {fact}."),
            Code::EntityUnknown => format!("The entity “{fact}” is none of the five of XML."),
            Code::DocumentTooDeep => format!("Something is nested more than {fact} deep."),
            Code::RowBroken => format!("This line could not be split into columns: {fact}."),
            Code::RowTooLong => format!("The row goes on after the last column: “{given}”."),
            Code::CellIsFormula => format!("{field} holds a formula."),
            Code::CellIsError => format!("{field} holds the spreadsheet error {given}."),
            Code::KeyRepeated => format!("The key “{fact}” stands there twice."),
            Code::TooManyValues => format!("The record has more than {fact} values."),
            Code::ValueTooLong => format!("{field} is longer than {fact} characters: “{given}”."),
            Code::InvisibleCharacters => {
                format!("{field} holds invisible characters: “{}”.", given.escape_debug())
            }
            Code::ValueIsGroup => format!("{field} holds other elements."),
            Code::TextInGroup => format!("“{fact}” holds the text “{given}” where elements belong."),
            Code::ValueRepeated => format!("{field} is given again: “{given}”."),
            Code::ActionUnknown => format!("“{given}” is not a record action."),
            Code::ActivityIdMalformed => format!("“{given}” is not a nine-digit activity ID."),
            Code::DateUnreadable => format!("{field}: “{given}” is not a date."),
            Code::NotYesOrNo => format!("{field}: “{given}” is neither yes nor no."),
            Code::ChoiceUnknown => format!("{field}: “{given}” is not one of the choices."),
            Code::NumberUnreadable => format!("{field}: “{given}” is not a whole number."),
            Code::AmountUnreadable => format!("{field}: “{given}” is not an amount in steps of 0.25."),
            Code::DollarsUnreadable => format!("{field}: “{given}” is not a whole number of dollars."),
            Code::CurrencyUnknown => format!("The currency is “{given}”."),
            Code::BoardUnknown => format!("“{given}” is not a participating board."),
            Code::BoardRepeated => format!("The board {given} stands there twice."),
            Code::GroupIncomplete => format!("{field} is given without {fact}."),
            Code::NameUnknown => format!("“{fact}” is not a name of this format."),
            Code::FieldRemoved => format!("“{fact}” is no longer collected."),
            Code::FormatRenamed => format!("“{given}” is called {fact} today."),
            Code::ProfessionsSummed => format!("The professions add up to {fact} other learners."),
            _ => format!("{}.", code.title()),
        }
    }

    /// A fault of an XML or JSON document.
    pub(crate) fn of_document(fault: &Fault) -> Self {
        let code = match fault.what {
            What::Empty => Code::FileEmpty,
            What::TooLarge => Code::FileTooLarge,
            What::Unreadable => Code::FileUnreadable,
            What::Encoding => Code::EncodingWrong,
            What::ControlCharacter => Code::ControlCharacter,
            What::Malformed | What::Endless => Code::DocumentMalformed,
            What::Doctype => Code::DocumentType,
            What::Entity => Code::EntityUnknown,
            What::TooDeep => Code::DocumentTooDeep,
            What::SecondRoot => Code::SecondRoot,
            What::Truncated => Code::DocumentTruncated,
            What::DuplicateKey => Code::KeyRepeated,
            What::TooManyValues | What::TooManyAttributes => Code::TooManyValues,
            What::TextTooLong => Code::ValueTooLong,
        };
        Self::new(code, Place::Document { path: fault.path.clone(), spot: fault.spot }).fact(&fault.fact)
    }

    /// A problem that the readers of sheets found.
    pub(crate) fn of_file(problem: &domain::Problem) -> Self {
        let code = Code::ALL.iter().copied().find(|code| code.as_str() == problem.code.as_str());
        Self::new(code.unwrap_or(Code::FileUnreadable), Place::File).fact(&problem.fact).given(&problem.given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_message_is_a_sentence() {
        let mut codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            let message = Problem::new(*code, Place::File).fact("x").given("y").message();
            assert!(message.ends_with('.') && !message.contains('!'), "{}: {message}", code.as_str());
            assert!(code.remedy().ends_with('.'), "{}", code.as_str());
        }
    }
}
