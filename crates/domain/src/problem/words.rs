//! What is wrong, and what to do about it, in sentences for the people who sent the data.

use std::borrow::Cow;

use super::{Code, Place, Problem, Stretch};
use crate::field::Field;

impl Problem {
    /// What the sender can do about this one: as [`Code::remedy`], with the direction where cells must move.
    pub fn remedy(&self) -> Cow<'static, str> {
        let moved = match (self.stretch(), self.fact.split_once(" too ")) {
            (Some(stretch), Some((rows, "low"))) => Some((counted(stretch, rows), "up")),
            (Some(stretch), Some((rows, "high"))) => Some((counted(stretch, rows), "down")),
            _ => None,
        };
        let cells = if self.stretch().is_some_and(|stretch| stretch.records.is_some()) { "values" } else { "cells" };
        match (moved, self.code) {
            (None, code) => code.remedy().into(),
            (Some((rows, way)), Code::NameColumnsShifted) => {
                format!("Move the columns of first and last names {way} by {rows} there and upload the file again.")
                    .into()
            }
            (Some((rows, way)), _) => {
                format!("Move its {cells} {way} by {rows} there and upload the file again.").into()
            }
        }
    }

    /// What is wrong, for a person: the value as given and what it was compared with; for a document that cannot
    /// be read further, where.
    pub fn message(&self) -> String {
        let message = self.sentence();
        match self.place {
            Place::File if !self.at.is_empty() => format!("{message} It stands at {}.", self.at),
            _ => message,
        }
    }

    fn sentence(&self) -> String {
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
                "The file is neither an Excel workbook nor delimited text, XML or JSON.".into()
            }
            Code::FileWrongType => format!("The file is {fact}, not an Excel workbook, delimited text, XML or JSON."),
            Code::FileInflates => format!("The workbook unpacks to more than {fact}."),
            Code::HeaderMissing => "No row holds the column names.".into(),
            Code::ColumnMissing => format!("The column “{fact}” is missing."),
            Code::ColumnRepeated => format!("The column “{fact}” stands there more than once."),
            Code::NoRows if !fact.is_empty() => format!("The document begins with {fact} and holds no ActivityReport."),
            Code::NoRows => "There is no row below the column names.".into(),
            Code::IdempotencyKeyReused => {
                format!("The Idempotency-Key “{given}” was sent with another request before.")
            }
            Code::EncodingWrong => format!("The document has {fact}."),
            Code::ControlCharacter => "The document holds an invisible character.".into(),
            Code::DocumentMalformed => format!("The document is not well formed: there is {fact}."),
            Code::DocumentTruncated if fact.is_empty() => "The document breaks off.".into(),
            Code::DocumentTruncated => format!("The document breaks off: the end is missing of {fact}."),
            Code::DocumentType => "The document has a document type.".into(),
            Code::EntityUnknown => format!("The entity “{fact}” is none of the five of XML."),
            Code::DocumentTooDeep => format!("The document is nested more than {fact} deep."),
            Code::SecondRoot => "Something stands behind the end of the document.".into(),
            Code::KeyRepeated => format!("The key “{fact}” stands there twice."),
            Code::TooManyValues => format!("The report has more than {fact} values."),
            Code::ElementUnknown => format!("“{given}” is no part of a learner report."),
            Code::ValueIsGroup => format!("{field} holds other elements."),
            Code::ValueRepeated => format!("{field} is given again, as “{given}”."),
            Code::StatusNotCompleted => format!("The status of this completion is “{given}”."),
            Code::CreditIdMalformed => format!("“{given}” is not a credit ID."),
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
            Code::ProviderMayNotSubmit => "Your organization may not submit: it is not in good standing.".into(),
            Code::ActivityMissing => "The activity is missing.".into(),
            Code::ActivityIdMalformed => format!("“{given}” is not a nine-digit activity ID."),
            Code::ActivityUnknown => format!("Your organization has no activity {given}."),
            Code::ProviderDiffers => format!("The report names the provider {given}, not {fact}."),
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
            Code::TooManyTries => "This person was asked about too often with details that are not theirs.".into(),
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
        let given = &self.given;
        let fact = &counted(stretch, &self.fact);
        let (column, unit, from, to) = match stretch.records {
            Some((from, to)) => (field.to_string(), "record", from.to_string(), to.to_string()),
            None => (format!("Column {}, {field},", stretch.letters()), "row", from.to_string(), to.to_string()),
        };
        let where_it_is = format!("from {unit} {from} to {unit} {to}");
        match self.code {
            Code::IdentifierColumnShifted | Code::BirthColumnShifted => {
                let side = if fact.ends_with("low") { "below" } else { "above" };
                format!("{column} is {fact} {where_it_is}: each value stands {side} its learner.")
            }
            Code::NameColumnsShifted => {
                format!("The names are {fact} {where_it_is}: they stand beside other learners' details.")
            }
            Code::IdentifierCopiedDown | Code::BirthCopiedDown => {
                format!("{column} holds “{given}” {where_it_is}, beside different learners.")
            }
            Code::IdentifierSeries => {
                format!(
                    "{column} counts up by one from “{given}” in {unit} {from} to {unit} {to}, beside different learners."
                )
            }
            Code::NamesExchanged => format!("First and last names stand in each other's column {where_it_is}."),
            code => format!("{column} has a problem {where_it_is}: {}.", code.title()),
        }
    }
}

/// How far, in records where there are no rows to be seen.
fn counted(stretch: &Stretch, rows: &str) -> String {
    if stretch.records.is_some() { rows.replacen("row", "record", 1) } else { rows.to_owned() }
}

fn with_fact(sentence: &str, lead: &str, fact: &str) -> String {
    if fact.is_empty() { format!("{sentence}.") } else { format!("{sentence}. {lead}: {fact}.") }
}
