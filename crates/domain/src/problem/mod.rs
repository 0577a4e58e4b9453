//! Faults in someone's data. A problem is a value: a stable code, the place, what was given.
//! Every word a person reads about one is in this folder: `codes` has titles and remedies, `words` the
//! sentences with the values, so that all wording can be reviewed in one place.

mod codes;
mod words;

use serde::{Deserialize, Serialize};

use crate::field::Field;

pub use codes::{Check, Code, UnknownCode};

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
    /// First and last record, where the rows come from a document: one record may be several rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<(u32, u32)>,
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
    /// Line, column and path, where it came from a document: `line 12, column 9, /ACCMELearnerReports/...`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
}

impl Problem {
    pub fn file(code: Code) -> Self {
        Self { code, place: Place::File, given: String::new(), fact: String::new(), at: String::new() }
    }

    pub fn row(code: Code) -> Self {
        Self { place: Place::Row, ..Self::file(code) }
    }

    pub fn field(code: Code, field: Field) -> Self {
        Self { place: Place::Field(field), ..Self::file(code) }
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

    /// Where it stands in a document.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>) -> Self {
        self.at = at.into();
        self
    }

    /// Line and column alone of where it stands in a document; empty for sheets and forms.
    pub fn line(&self) -> &str {
        self.at.split_once(", /").map_or(self.at.as_str(), |(line, _)| line)
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
            let stretch = Stretch { field: Field::Identifier, column, from: 2, to: 3, records: None };
            assert_eq!(stretch.letters(), letters, "{column}");
        }
    }

    #[test]
    fn a_stretch_names_its_column_its_rows_and_the_way_back() {
        let place = |column, field| Place::Rows(Stretch { field, column, from: 12, to: 480, records: None });
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
    fn a_stretch_of_a_document_names_its_records() {
        let stretch = Stretch { field: Field::Identifier, column: 7, from: 12, to: 480, records: Some((11, 470)) };
        let shifted = Problem { place: Place::Rows(stretch), ..Problem::file(Code::IdentifierColumnShifted) };
        let low = shifted.fact("one row too low");
        let said = "Licensing ID or NPI is one record too low from record 11 to record 470: each value stands below its learner.";
        assert_eq!(low.message(), said);
        assert_eq!(low.remedy(), "Move its values up by one record there and upload the file again.");
    }

    #[test]
    fn what_ends_a_document_says_where() {
        let problem = Problem::file(Code::DocumentType).at("line 2, column 1");
        assert_eq!(problem.message(), "The document has a document type. It stands at line 2, column 1.");
        assert_eq!(Problem::row(Code::ElementUnknown).at("line 2, column 1, /a/b").line(), "line 2, column 1");
    }

    #[test]
    fn every_message_is_a_sentence() {
        for code in Code::ALL {
            let stretch = Stretch { field: Field::Identifier, column: 7, from: 2, to: 9, records: None };
            for place in [Place::Row, Place::Rows(stretch)] {
                let message = Problem { place, ..Problem::row(*code).given("x").fact("y") }.message();
                assert!(message.ends_with('.'), "{code}: {message}");
            }
        }
    }
}
