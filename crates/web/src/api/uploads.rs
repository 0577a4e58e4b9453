//! `/api/pars/v1/uploads`: any batch file, its progress and its result (formats.md section 4).

use app::App;
use app::uploads::{self, Which};
use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::upload::UploadStatus;
use domain::{Code, UploadId};
use serde::{Deserialize, Serialize};
use store::uploads::Upload;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::keys::{self, IdempotencyKey};
use crate::Result;
use crate::access::{ReadsLearners, WritesLearners};
use crate::{download, incoming};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show)).routes(routes!(result))
}

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(receive))
}

/// The form with the file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the form, which is read piece by piece")]
struct UploadForm {
    /// The learner file: .xlsx, .txt, .tsv, .csv, .xml or .json.
    #[schema(format = Binary)]
    file: String,
    /// The statement that each learner's permission is held.
    permission: Permission,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it only describes")]
enum Permission {
    Held,
}

/// The acknowledgement: the file is stored safely and will be settled.
#[derive(Serialize, ToSchema)]
pub(super) struct Receipt {
    #[schema(value_type = Uuid)]
    pub id: UploadId,
    /// received, processing, done or failed.
    #[schema(value_type = String)]
    pub status: UploadStatus,
    /// Where its progress is.
    pub url: String,
}

/// How far an upload of learners is settled.
#[derive(Serialize, ToSchema)]
#[schema(as = UploadProgress)]
struct Progress {
    #[schema(value_type = Uuid)]
    id: UploadId,
    /// received, processing, done or failed.
    #[schema(value_type = String)]
    status: UploadStatus,
    file_name: String,
    #[schema(format = DateTime)]
    received_at: String,
    rows: i64,
    accepted: i64,
    refused: i64,
    already_reported: i64,
    deleted: i64,
    /// How far the file is read, in percent.
    read_percent: i64,
    /// Refused rows by code.
    problems: Vec<ProblemCount>,
    /// What is wrong with whole columns: one entry where many rows have the same problem.
    column_problems: Vec<ColumnProblem>,
}

#[derive(Serialize, ToSchema)]
struct ColumnProblem {
    #[schema(value_type = String)]
    code: Code,
    /// Letters of the column in the file; empty for XML and JSON.
    column: String,
    field: &'static str,
    /// First row, as people see it in the file; of XML and JSON the first report, counted from 1.
    from_row: i64,
    /// Last row or report.
    to_row: i64,
    message: String,
    remedy: String,
}

#[derive(Serialize, ToSchema)]
struct ProblemCount {
    #[schema(value_type = String)]
    code: Code,
    /// Rows with it; 1 for a problem of the file as a whole.
    count: i64,
    message: String,
    remedy: &'static str,
}

/// Upload a learner file
///
/// Answered once the file is stored safely; its rows are settled afterwards. The same bytes again are the
/// earlier upload, answered with 200.
#[utoipa::path(
    post,
    path = "/api/pars/v1/uploads",
    tag = "Uploads",
    operation_id = "receiveUpload",
    security(("token" = ["learners:write"])),
    params(IdempotencyKey),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "Received.", body = Receipt,
            headers(("Location" = String, description = "Where its progress is.")),
            links(("progress" = (operation_id = "showUpload", parameters(("id" = "$response.body#/id")))))),
        (status = 200, description = "Received before.", body = Receipt,
            headers(("Location" = String, description = "Where its progress is.")),
            links(("progress" = (operation_id = "showUpload", parameters(("id" = "$response.body#/id")))))),
    ),
)]
async fn receive(
    State(app): State<App>,
    WritesLearners { actor, name, .. }: WritesLearners,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response> {
    let key = keys::given(&actor, &headers)?;
    let incoming = incoming::read(&app, form).await?;
    let Some((file_name, staged)) = incoming.file else {
        return Err(app::Error::invalid("file", "Send the learner file in the form field \"file\".").into());
    };
    if !incoming.permission {
        let remedy =
            "State that you hold each learner's permission: send the field \"permission\" with the value \"held\".";
        return Err(app::Error::invalid("permission", remedy).into());
    }
    let received = uploads::receive_once(&app, &actor, &name, &file_name, staged, key.as_ref()).await?;
    Ok(receipt(received.upload.id, received.upload.status, received.seen_before, "uploads"))
}

/// The answer to a file: 202, or 200 for the same bytes again, which were acknowledged before.
pub(super) fn receipt(id: UploadId, status: UploadStatus, seen_before: bool, of: &str) -> Response {
    let url = format!("/api/pars/v1/{of}/{id}");
    let (code, status) = match seen_before {
        true => (StatusCode::OK, status),
        // work may have begun already; a request that is sent again reads the same
        false => (StatusCode::ACCEPTED, UploadStatus::Received),
    };
    (code, [(header::LOCATION, url.clone())], Json(Receipt { id, status, url })).into_response()
}

/// Progress of an upload
///
/// Counts of rows by what became of them, and refused rows by code.
#[utoipa::path(
    get,
    path = "/api/pars/v1/uploads/{id}",
    tag = "Uploads",
    operation_id = "showUpload",
    security(("token" = ["learners:read"])),
    params(("id" = Uuid, Path, description = "The upload's ID.")),
    responses((status = 200, description = "How far it is settled.", body = Progress,
        links(("result" = (operation_id = "uploadResult", parameters(("id" = "$response.body#/id"))))))),
)]
async fn show(
    State(app): State<App>,
    ReadsLearners { scope, .. }: ReadsLearners,
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
            column: if stretch.records.is_some() { String::new() } else { stretch.letters() },
            field: stretch.field.label(),
            from_row: stretch.records.map_or(stretch.from, |(from, _)| i64::from(from)),
            to_row: stretch.records.map_or(stretch.to, |(_, to)| i64::from(to)),
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichRows {
    /// refused, or all rows, which is what is meant without it.
    #[param(pattern = "^(refused|all)$")]
    rows: Option<String>,
}

/// Result of an upload
///
/// The rows in the format they came in, with the columns Result, Problem codes, What to do and Credit ID; of XML
/// and JSON the reports, each with an element Result. A corrected result can be uploaded as it is.
#[utoipa::path(
    get,
    path = "/api/pars/v1/uploads/{id}/result",
    tag = "Uploads",
    operation_id = "uploadResult",
    security(("token" = ["learners:read"])),
    params(("id" = Uuid, Path, description = "The upload's ID."), WhichRows),
    responses((status = 200, description = "The result file.", content(
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("text/tab-separated-values"),
        ("text/csv"),
        ("application/xml"),
        ("application/json"),
    ))),
)]
async fn result(
    State(app): State<App>,
    ReadsLearners { scope, .. }: ReadsLearners,
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
