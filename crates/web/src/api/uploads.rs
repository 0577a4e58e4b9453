//! `/api/pars/v1/uploads`: any batch file, its progress and its result (formats.md section 4).

use app::App;
use app::uploads::{self, Which};
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::upload::UploadStatus;
use domain::{Code, UploadId};
use serde::{Deserialize, Serialize};
use store::uploads::Upload;

use crate::Result;
use crate::access::{ApiReporter, ApiViewer};
use crate::{download, incoming};

pub fn routes() -> Router<App> {
    Router::new().route("/api/pars/v1/uploads/{id}", get(show)).route("/api/pars/v1/uploads/{id}/result", get(result))
}

pub fn upload_routes() -> Router<App> {
    Router::new().route("/api/pars/v1/uploads", post(receive))
}

/// The acknowledgement: the file is stored safely and will be settled.
#[derive(Serialize)]
struct Receipt {
    id: UploadId,
    status: UploadStatus,
    url: String,
}

#[derive(Serialize)]
struct Progress {
    id: UploadId,
    status: UploadStatus,
    file_name: String,
    received_at: String,
    rows: i64,
    accepted: i64,
    refused: i64,
    already_reported: i64,
    deleted: i64,
    /// How far the file is read, in percent.
    read_percent: i64,
    problems: Vec<ProblemCount>,
    /// What is wrong with whole columns: one entry where many rows have the same problem.
    column_problems: Vec<ColumnProblem>,
}

#[derive(Serialize)]
struct ColumnProblem {
    code: Code,
    /// Letters of the column in the file.
    column: String,
    field: &'static str,
    /// First and last row, as people see them in the file.
    from_row: i64,
    to_row: i64,
    message: String,
    remedy: String,
}

#[derive(Serialize)]
struct ProblemCount {
    code: Code,
    /// Rows with it; 1 for a problem of the file as a whole.
    count: i64,
    message: String,
    remedy: &'static str,
}

async fn receive(
    State(app): State<App>,
    ApiReporter { actor, name, .. }: ApiReporter,
    form: Multipart,
) -> Result<Response> {
    let incoming = incoming::read(&app, form).await?;
    let Some((file_name, staged)) = incoming.file else {
        return Err(app::Error::invalid("file", "Send the learner file in the form field \"file\".").into());
    };
    if !incoming.permission {
        let remedy =
            "State that you hold each learner's permission: send the field \"permission\" with the value \"held\".";
        return Err(app::Error::invalid("permission", remedy).into());
    }
    let received = uploads::receive(&app, &actor, &name, &file_name, staged).await?;
    let url = format!("/api/pars/v1/uploads/{}", received.upload.id);
    let receipt = Receipt { id: received.upload.id, status: received.upload.status, url: url.clone() };
    // the same bytes again are the earlier upload, already acknowledged
    let status = if received.seen_before { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, [(header::LOCATION, url)], Json(receipt)).into_response())
}

async fn show(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
    Path(id): Path<UploadId>,
) -> Result<Json<impl Serialize>> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find(&mut tx, &scope, id).await?.ok_or(app::Error::NotFound)?;
    let counts = store::upload_rows::problem_counts(&mut tx, &scope, id).await?;
    Ok(Json(progress(&app, upload, counts)))
}

fn progress(app: &App, upload: Upload, counts: Vec<(Code, i64)>) -> Progress {
    let of_columns = uploads::column_problems(&upload, &counts).filter_map(|problem| {
        let stretch = problem.stretch()?;
        Some(ColumnProblem {
            code: problem.code,
            column: stretch.letters(),
            field: stretch.field.label(),
            from_row: stretch.from,
            to_row: stretch.to,
            message: problem.message(),
            remedy: problem.remedy().into_owned(),
        })
    });
    let column_problems = of_columns.collect();
    let of_file = upload.problems.iter().filter(|problem| problem.stretch().is_none()).map(|problem| ProblemCount {
        code: problem.code,
        count: 1,
        message: problem.message(),
        remedy: problem.code.remedy(),
    });
    let of_rows = counts.into_iter().map(|(code, count)| ProblemCount {
        code,
        count,
        message: code.title().to_owned(),
        remedy: code.remedy(),
    });
    Progress {
        id: upload.id,
        status: upload.status,
        received_at: app.clock.machine(upload.received_at),
        rows: upload.counts.rows,
        accepted: upload.counts.accepted,
        refused: upload.counts.refused,
        already_reported: upload.counts.already_reported,
        deleted: upload.counts.deleted,
        read_percent: upload.read_permille / 10,
        problems: of_file.chain(of_rows).collect(),
        column_problems,
        file_name: upload.file_name,
    }
}

#[derive(Deserialize)]
struct WhichRows {
    rows: Option<String>,
}

async fn result(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
    Path(id): Path<UploadId>,
    Query(which): Query<WhichRows>,
) -> Result<Response> {
    let which = match which.rows.as_deref() {
        Some("refused") => Which::Refused,
        None | Some("all") => Which::All,
        Some(_) => return Err(app::Error::invalid("rows", "Ask for rows=refused or rows=all.").into()),
    };
    download::result_file(uploads::result_file(&app, &scope, id, which).await?).await
}
