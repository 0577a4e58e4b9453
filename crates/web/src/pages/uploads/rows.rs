//! The refused rows of an upload, grouped by problem, to be corrected in place.
//!
//! One form stands around all rows of a page, so that sending one row loses nothing that was typed
//! in another: rows that are not sent come back as they were typed.

use std::collections::HashMap;

use app::App;
use app::uploads::{Correction, correct};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::get;
use domain::access::ProviderScope;
use domain::problem::Check;
use domain::upload::RowResult;
use domain::{Code, Field, UploadId};
use formats::Header;
use serde::Deserialize;
use store::upload_rows::{self, RefusedRow};

use super::{column_alerts, grouped};
use crate::access::Reporter;
use crate::{Chrome, Page, Result};

const PER_PAGE: i64 = 20;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/uploads/{id}/rows", get(show).post(send))
}

#[derive(Template)]
#[template(path = "uploads/rows.html")]
struct RefusedRows {
    chrome: Chrome,
    id: UploadId,
    /// The upload's own page.
    crumb: String,
    file_name: String,
    refused: i64,
    refused_shown: String,
    accepted_shown: String,
    /// Code and words of each problem to choose from.
    problems: Vec<(&'static str, String)>,
    chosen: &'static str,
    /// What is wrong with whole columns.
    column_alerts: Vec<(&'static str, String)>,
    rows: Vec<RowForm>,
    after: i64,
    next: Option<String>,
}

struct RowForm {
    number: i64,
    name: String,
    context: String,
    /// Problems of the row as a whole, with their remedies.
    problems: Vec<(String, String)>,
    cells: Vec<CellForm>,
}

struct CellForm {
    /// The column's place in the file.
    name: String,
    label: String,
    value: String,
    error: String,
}

#[derive(Deserialize)]
struct Part {
    code: Option<String>,
    after: Option<i64>,
}

impl Part {
    fn code(&self) -> Option<Code> {
        self.code.as_deref().and_then(|code| code.parse().ok())
    }
}

async fn show(
    State(app): State<App>,
    Reporter { scope, .. }: Reporter,
    chrome: Chrome,
    Path(id): Path<UploadId>,
    Query(part): Query<Part>,
) -> Result<Page<impl Template>> {
    Ok(Page(page(&app, &scope, chrome, id, &part, &HashMap::new()).await?))
}

async fn send(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<UploadId>,
    Query(part): Query<Part>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Page<impl Template>> {
    let only: Option<i64> = fields.iter().find(|(name, _)| name == "resubmit").and_then(|(_, row)| row.parse().ok());
    let mut typed = typed_cells(fields);
    let mut corrections = Vec::new();
    let mut tx = app.store.read().await?;
    let mut numbers: Vec<i64> = typed.keys().copied().collect();
    numbers.sort_unstable();
    for number in numbers.into_iter().filter(|number| only.is_none_or(|only| only == *number)) {
        if let Some(row) = upload_rows::find_refused(&mut tx, &scope, id, number).await? {
            let cells = typed.remove(&number).map_or(row.cells.clone(), |typed| overlaid(&row, &typed));
            corrections.push(Correction { row: number, cells });
        }
    }
    drop(tx);
    let corrected = correct(&app, &session.actor, id, corrections).await?;
    let chrome = notice(chrome, &corrected);
    Ok(Page(page(&app, &scope, chrome, id, &part, &typed).await?))
}

/// Cells by row and column, from fields named `ROW-cCOLUMN`.
fn typed_cells(fields: Vec<(String, String)>) -> HashMap<i64, HashMap<usize, String>> {
    let mut typed: HashMap<i64, HashMap<usize, String>> = HashMap::new();
    for (name, value) in fields {
        let place = name.split_once("-c").and_then(|(row, column)| Some((row.parse().ok()?, column.parse().ok()?)));
        if let Some((row, column)) = place {
            typed.entry(row).or_default().insert(column, value);
        }
    }
    typed
}

fn overlaid(row: &RefusedRow, typed: &HashMap<usize, String>) -> Vec<String> {
    let cell = |(column, cell): (usize, &String)| typed.get(&column).unwrap_or(cell).clone();
    row.cells.iter().enumerate().map(cell).collect()
}

fn notice(chrome: Chrome, corrected: &app::uploads::Corrected) -> Chrome {
    let settled = corrected.settled.len() - corrected.count(RowResult::Refused);
    let refused = corrected.count(RowResult::Refused);
    let rows = |n: usize| if n == 1 { "1 row".to_owned() } else { format!("{n} rows") };
    match (settled, refused) {
        (0, 0) => chrome.with_notice("info", "Nothing was sent", "These rows are settled already."),
        (settled, 0) => {
            chrome.with_notice("success", format!("{} settled", rows(settled)), "Their credit is on record now.")
        }
        (0, refused) => chrome.with_notice(
            "error",
            format!("{} still refused", rows(refused)),
            "What you typed is kept; see beside the fields what is wrong.",
        ),
        (settled, refused) => chrome.with_notice(
            "warning",
            format!("{} settled, {} still refused", rows(settled), refused),
            "What you typed is kept; see beside the fields what is wrong.",
        ),
    }
}

async fn page(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    id: UploadId,
    part: &Part,
    typed: &HashMap<i64, HashMap<usize, String>>,
) -> Result<RefusedRows> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find(&mut tx, scope, id).await?.ok_or(app::Error::NotFound)?;
    let header: Header = match upload.header.as_deref().map(serde_json::from_str) {
        Some(Ok(header)) => header,
        Some(Err(_)) => return Err(store::Error::corrupt("upload", "header", id).into()),
        None => Header::standard(),
    };
    let (code, after) = (part.code(), part.after.unwrap_or(0));
    let codes = upload_rows::problem_counts(&mut tx, scope, id).await?;
    let column_alerts = column_alerts(&upload, &codes);
    let mut rows = upload_rows::list_refused(&mut tx, scope, id, code, after, PER_PAGE + 1).await?;
    let more = rows.len() > PER_PAGE as usize;
    rows.truncate(PER_PAGE as usize);
    let choice = |(code, count): (Code, i64)| (code.as_str(), format!("{} ({})", code.title(), grouped(count)));
    let mut problems = vec![("", "All problems".to_owned())];
    problems.extend(codes.into_iter().map(choice));
    let query = code.map(|code| format!("code={code}&")).unwrap_or_default();
    let next = rows.last().filter(|_| more).map(|last| format!("?{query}after={}", last.number));
    Ok(RefusedRows {
        chrome,
        id,
        crumb: format!("/provider/uploads/{id}"),
        file_name: upload.file_name,
        refused: upload.counts.refused,
        refused_shown: grouped(upload.counts.refused),
        accepted_shown: grouped(upload.counts.accepted),
        problems,
        chosen: code.map_or("", Code::as_str),
        column_alerts,
        rows: rows.iter().map(|row| row_form(&header, row, typed.get(&row.number))).collect(),
        after,
        next,
    })
}

fn row_form(header: &Header, row: &RefusedRow, typed: Option<&HashMap<usize, String>>) -> RowForm {
    let errors: HashMap<Field, String> =
        row.problems.iter().filter_map(|problem| Some((problem.in_field()?, told(problem)))).collect();
    let whole =
        row.problems.iter().filter(|problem| problem.in_field().is_none_or(|field| header.column(field).is_none()));
    let has_board = [Field::Board, Field::DiplomateId, Field::BoardCredits]
        .iter()
        .any(|field| !header.cell(&row.cells, *field).is_empty());
    let is_about_identity = row.problems.iter().any(|problem| problem.code.check() == Check::Identity);
    let mut cells = Vec::new();
    for (column, heading) in header.columns().iter().enumerate() {
        let Some(field) = heading.field else { continue };
        let stored = row.cells.get(column).map_or("", String::as_str);
        let value = typed.and_then(|typed| typed.get(&column)).map_or(stored, String::as_str);
        let error = errors.get(&field).cloned().unwrap_or_default();
        // optional columns that nobody has used would only be in the way
        let unused = is_rare(field) || (!has_board && is_of_board(field, is_about_identity));
        if value.is_empty() && error.is_empty() && unused {
            continue;
        }
        cells.push(CellForm {
            name: format!("c{column}"),
            label: heading.name.trim().to_owned(),
            value: value.to_owned(),
            error,
        });
    }
    let name = format!("{} {}", header.cell(&row.cells, Field::FirstName), header.cell(&row.cells, Field::LastName));
    RowForm {
        number: row.number,
        name: name.trim().to_owned(),
        context: header.cell(&row.cells, Field::ActivityId).to_owned(),
        problems: whole.map(|problem| (problem.message(), placed(problem, problem.code.remedy()))).collect(),
        cells,
    }
}

/// A problem with its remedy, and its line where the row came from a document.
fn told(problem: &domain::Problem) -> String {
    placed(problem, &format!("{} {}", problem.message(), problem.code.remedy()))
}

fn placed(problem: &domain::Problem, words: &str) -> String {
    if problem.at.is_empty() { words.to_owned() } else { format!("{words} See {} of the file.", problem.line()) }
}

/// The board's columns are hidden in a row that names no board; its ID stays where it could settle
/// who the learner is.
fn is_of_board(field: Field, is_about_identity: bool) -> bool {
    match field {
        Field::Board | Field::DiplomateId => !is_about_identity,
        Field::BoardCredits | Field::CreditType(_) | Field::CreditTypeAmount(_) => true,
        _ => false,
    }
}

fn is_rare(field: Field) -> bool {
    matches!(
        field,
        Field::CreditType(1..)
            | Field::CreditTypeAmount(1..)
            | Field::SubmissionId
            | Field::RemsLocalId
            | Field::RemsProfession
            | Field::RemsState
            | Field::RemsDea
            | Field::RemsPracticeArea
            | Field::RemsSurgical
            | Field::RemsTimeInPractice
            | Field::InternalActivityId
    )
}
