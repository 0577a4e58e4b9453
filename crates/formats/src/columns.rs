//! The one table of a learner batch's columns (formats.md section 1): reader, template and result
//! file all come from it. A header's text is [`Field::label`]; here stands what only files need.
//!
//! Header texts are compared by letters and digits alone, so that case, spaces (the original's
//! `Credit Type ` ends in one) and a trailing `(MM/DD)` make no difference.

use domain::Field;

/// What a batch is for, which decides the columns and values it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Report completions.
    #[default]
    Credit,
    /// Check learners before any credit exists: columns D to H, J and K only are read.
    Identity,
}

impl Purpose {
    /// Whether a field's values are looked at.
    pub(crate) fn reads(self, field: Field) -> bool {
        use Field::{Birth, Board, DiplomateId, FirstName, Identifier, LastName, State};
        self == Purpose::Credit
            || matches!(field, FirstName | LastName | Birth | State | Identifier | Board | DiplomateId)
    }
}

/// What may stand in a column, for the template's drop-downs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Free,
    Actions,
    States,
    Boards,
    CreditTypes,
}

/// One column of the template.
#[derive(Debug)]
pub struct Column {
    pub field: Field,
    /// What to write, for the guidance row, the cell note and the `Reference` sheet.
    pub guidance: &'static str,
    pub example: &'static str,
    pub choice: Choice,
    /// Longest value that is taken, in characters **(ours)**.
    pub max_chars: usize,
    /// Width in Excel's character units.
    pub width: f64,
}

const fn column(field: Field, width: f64, max_chars: usize, guidance: &'static str, example: &'static str) -> Column {
    Column { field, guidance, example, choice: Choice::Free, max_chars, width }
}

const fn chosen(choice: Choice, column: Column) -> Column {
    Column { choice, ..column }
}

/// The template's columns in order; repeated credit types stand there twice more, and a file may have any number.
pub const COLUMNS: &[Column] = &[
    chosen(Choice::Actions, column(Field::RecordAction, 14.0, 20, "Required. Add or Delete.", "Add")),
    column(Field::ActivityId, 18.0, 40, "Required. The nine digits of the activity's ID.", "202600001"),
    column(Field::CompletionDate, 16.0, 40, "Required. The day the learner finished, as MM/DD/YYYY.", "03/14/2026"),
    column(Field::FirstName, 16.0, 100, "Required. As on the learner's license.", "Ana"),
    column(Field::LastName, 18.0, 100, "Required. As on the learner's license.", "Muñoz"),
    column(Field::Birth, 14.0, 40, "Required. Month and day as MM/DD. Leave out the year.", "02/29"),
    chosen(Choice::States, column(Field::State, 18.0, 60, "State of licensure: name or two letters.", "California")),
    column(
        Field::Identifier,
        20.0,
        50,
        "License number of that state, or the NPI. Format the cell as text.",
        "A012345",
    ),
    column(Field::CmeCredits, 12.0, 40, "AMA PRA Category 1 Credits, in steps of 0.25.", "1.25"),
    chosen(Choice::Boards, column(Field::Board, 14.0, 20, "For board credit: the board's code.", "ABIM")),
    column(Field::DiplomateId, 16.0, 50, "For board credit: the learner's ID with that board.", "123456"),
    column(Field::BoardCredits, 12.0, 40, "For board credit: the total, in steps of 0.25.", "1.25"),
    chosen(Choice::CreditTypes, credit_type(0)),
    credit_type_amount(0),
    chosen(Choice::CreditTypes, credit_type(1)),
    credit_type_amount(1),
    chosen(Choice::CreditTypes, credit_type(2)),
    credit_type_amount(2),
    column(Field::SubmissionId, 16.0, 300, "Optional. Your own key of this row, never used twice.", "2026-000417"),
    column(Field::RemsLocalId, 16.0, 100, "REMS only: your own identifier of the learner.", "L-0417"),
    column(Field::RemsProfession, 18.0, 100, "REMS only: the learner's profession.", "Pharmacist"),
    chosen(
        Choice::States,
        column(Field::RemsState, 18.0, 60, "REMS only: the state where the learner practices most.", "Texas"),
    ),
    column(Field::RemsDea, 14.0, 40, "REMS only: registered with the DEA, Yes or No.", "Yes"),
    column(Field::RemsPracticeArea, 18.0, 100, "REMS only: the learner's practice area.", "Pain Medicine"),
    column(Field::RemsSurgical, 14.0, 100, "REMS only: performs surgical procedures, Yes or No.", "No"),
    column(Field::RemsTimeInPractice, 14.0, 100, "REMS only: years in practice.", "11-15"),
    column(Field::InternalActivityId, 18.0, 100, "Optional. Your own ID of the activity.", "CARD-26-03"),
];

const fn credit_type(n: u8) -> Column {
    column(Field::CreditType(n), 24.0, 100, "For board credit: a credit type of the board.", "Medical Knowledge")
}

const fn credit_type_amount(n: u8) -> Column {
    column(Field::CreditTypeAmount(n), 14.0, 40, "Credits of that type, at most the total board credits.", "1.25")
}

/// Headers of the result columns, which the reader ignores: a corrected result file goes in as it is.
pub const RESULT_HEADERS: [&str; 4] = ["Result", "Problem codes", "What to do", "Credit ID"];

/// Credit types beyond this many are ignored; no board has a tenth of it.
const MOST_CREDIT_TYPES: usize = 99;

/// Columns without which a file is not a learner batch (formats.md section 1, A to I; for
/// pre-validation D to H). A board's columns may be absent: not every activity has MOC. An
/// internal activity ID may stand in for the activity ID.
pub fn required(purpose: Purpose) -> &'static [Field] {
    const CREDIT: &[Field] = &[
        Field::RecordAction,
        Field::ActivityId,
        Field::CompletionDate,
        Field::FirstName,
        Field::LastName,
        Field::Birth,
        Field::State,
        Field::Identifier,
        Field::CmeCredits,
    ];
    match purpose {
        Purpose::Credit => CREDIT,
        Purpose::Identity => &CREDIT[3..8],
    }
}

/// The longest value of a field, in characters.
pub fn max_chars(field: Field) -> usize {
    let first = match field {
        Field::CreditType(_) => Field::CreditType(0),
        Field::CreditTypeAmount(_) => Field::CreditTypeAmount(0),
        other => other,
    };
    COLUMNS.iter().find(|column| column.field == first).map_or(100, |column| column.max_chars)
}

/// Letters and digits of a header, lowercase, without what stands in brackets.
fn letters(header: &str) -> impl Iterator<Item = char> {
    let outside = header.split('(').next().unwrap_or_default();
    outside.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two headers are the same name.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// The field that a header names. `nth` says how many columns of that kind stood left of it, since
/// the pairs of further credit types all have the same header.
pub(crate) fn field_of(header: &str, nth: impl Fn(Kind) -> usize) -> Option<Field> {
    // Excel numbers repeated headers when it makes a table of them.
    let bare = header.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    let further = |kind: Kind| {
        let n = nth(kind).saturating_add(1);
        u8::try_from(n).ok().filter(|_| n <= MOST_CREDIT_TYPES)
    };
    if same_name(bare, Field::CreditType(1).label()) {
        further(Kind::Type).map(Field::CreditType)
    } else if same_name(bare, Field::CreditTypeAmount(1).label()) {
        further(Kind::Amount).map(Field::CreditTypeAmount)
    } else {
        COLUMNS.iter().map(|column| column.field).find(|field| same_name(header, field.label()))
    }
}

/// The two repeated kinds of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Type,
    Amount,
}
