//! Completions on record as the rows that a sender would have written for them, for reading them back in the
//! tree of reports.

use domain::credit::Kind;
use domain::report::RemsReport;
use domain::{CompletionId, Field};
use formats::learners::Origin;
use formats::{Header, Row};
use store::completions::NewCompletion;
use store::submissions::Standing;

use super::told::Destination;

/// One completion: a row for each board, as in a file, since a row holds one.
#[derive(Debug, Clone)]
pub struct OnRecord {
    pub id: CompletionId,
    /// `ccid:provider:completion`.
    pub credit_id: String,
    /// Each with what the destinations of its own credit say.
    pub rows: Vec<(Row, Vec<Destination>)>,
}

/// The rows of a completion, with the names of its provider and activity; derived credit nobody sent, so it stands among the destinations alone.
pub(super) fn rows(
    header: &Header,
    number: u64,
    completion: &NewCompletion,
    (organization, title): (&str, &str),
    standings: &[Standing],
) -> Vec<(Row, Vec<Destination>)> {
    let is_board = |standing: &&Standing| standing.kind.board().is_some();
    let boards: Vec<&Standing> = standings.iter().filter(is_board).collect();
    let others: Vec<&Standing> = standings.iter().filter(|standing| !is_board(standing)).collect();
    let mut rows = Vec::new();
    for nth in 0..boards.len().max(1) {
        let board = boards.get(nth).copied();
        let mut values = learner(completion, "Add");
        let mut credit: Vec<&Standing> = Vec::new();
        if nth == 0 {
            credit.extend(&others);
            values.extend(completion.rems.iter().flat_map(rems));
            let cme = others.iter().find(|standing| standing.kind == Kind::Cme && !standing.is_derived);
            values.extend(cme.map(|cme| (Field::CmeCredits, cme.amount.to_string())));
        }
        if let Some(board) = board {
            credit.push(board);
            values.extend(points(board));
        }
        let mut row = header.row(number, values);
        let origin = Origin::on_record(number, organization, &completion.provider.to_string(), title);
        row.origin = Some(Box::new(origin));
        rows.push((row, credit.into_iter().map(Destination::from).collect()));
    }
    rows
}

/// The row that withdraws a completion with all of its credit.
pub(super) fn deletion(header: &Header, number: u64, completion: &NewCompletion) -> Row {
    header.row(number, learner(completion, "Delete"))
}

/// Who, what and when.
fn learner(completion: &NewCompletion, action: &str) -> Vec<(Field, String)> {
    // what a REMS learner has is the provider's own ID, which stands among the columns of REMS
    let is_physician = completion.physician.is_some();
    let identifier = if is_physician { completion.learner_identifier.clone() } else { String::new() };
    vec![
        (Field::RecordAction, action.to_owned()),
        (Field::ActivityId, completion.activity.to_string()),
        (Field::CompletionDate, completion.completed_on.to_string()),
        (Field::FirstName, completion.first_name.clone()),
        (Field::LastName, completion.last_name.clone()),
        (Field::Birth, completion.birth.map(|birth| birth.to_string()).unwrap_or_default()),
        (Field::State, completion.state.map(|state| state.code().to_owned()).unwrap_or_default()),
        (Field::Identifier, identifier),
        (Field::SubmissionId, completion.submission_id.clone()),
    ]
}

fn rems(rems: &RemsReport) -> Vec<(Field, String)> {
    let RemsReport { local_id, profession, state, dea, practice_area, surgical, time_in_practice } = rems;
    [
        (Field::RemsLocalId, local_id),
        (Field::RemsProfession, profession),
        (Field::RemsState, state),
        (Field::RemsDea, dea),
        (Field::RemsPracticeArea, practice_area),
        (Field::RemsSurgical, surgical),
        (Field::RemsTimeInPractice, time_in_practice),
    ]
    .map(|(field, value)| (field, value.clone()))
    .into()
}

fn points(board: &Standing) -> Vec<(Field, String)> {
    let mut values = vec![
        (Field::Board, board.kind.key().to_owned()),
        (Field::DiplomateId, board.diplomate_id.clone()),
        (Field::BoardCredits, board.amount.to_string()),
    ];
    for (nth, (name, amount)) in (0..).zip(&board.types) {
        values.push((Field::CreditType(nth), name.clone()));
        values.push((Field::CreditTypeAmount(nth), amount.to_string()));
    }
    values
}
