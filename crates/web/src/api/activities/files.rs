//! Files of activities, sent by a program or by page: how far each is settled, and its result.

use app::App;
use app::activities::exchange::{self, ActivityFile, Ending, Which};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::UploadId;
use domain::upload::UploadStatus;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{ActivityResults, RemarkKind};
use crate::access::ReadsActivities;
use crate::{Result, download};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(progress)).routes(routes!(result))
}

/// How far a file of activities is settled.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ActivityFileProgress {
    #[schema(value_type = Uuid)]
    id: UploadId,
    /// received, processing, done or failed.
    #[schema(value_type = String)]
    status: UploadStatus,
    file_name: String,
    #[schema(format = DateTime)]
    received_at: String,
    /// How far the file is read, in percent.
    read_percent: i64,
    /// Records that are settled.
    records: i64,
    added: i64,
    updated: i64,
    closed: i64,
    unchanged: i64,
    deleted: i64,
    refused: i64,
    /// Problems of the file as a whole, and problems of records counted by code.
    problems: Vec<FileRemark>,
}

/// A problem or warning of a file, or how many records have it.
#[derive(Serialize, ToSchema)]
struct FileRemark {
    kind: RemarkKind,
    /// Stable, never renamed.
    code: String,
    /// Records with it; none where the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    records: Option<i64>,
    /// Where in the file, if it is the file's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    place: Option<String>,
    message: String,
    remedy: String,
}

/// Progress of a file of activities
///
/// Counts of records by what became of them, and of problems by code.
#[utoipa::path(
    get,
    path = "/api/pars/v1/activities/files/{id}",
    tag = "Files of activities",
    operation_id = "showActivityFile",
    security(("token" = ["activities:read"])),
    params(("id" = Uuid, Path, description = "The file's ID.")),
    responses((status = 200, description = "How far it is settled.", body = ActivityFileProgress,
        links(("result" = (operation_id = "activityFileResult", parameters(("id" = "$response.body#/id"))))))),
)]
async fn progress(
    State(app): State<App>,
    ReadsActivities { scope, .. }: ReadsActivities,
    Path(id): Path<UploadId>,
) -> Result<Json<impl Serialize>> {
    let file = exchange::find(&app, &scope, id).await?;
    let mut tx = app.store.read().await?;
    let problems = store::activity_files::problem_counts(&mut tx, &scope, id).await?;
    Ok(Json(shown(&app, file, problems)))
}

fn kind_of(is_warning: bool) -> RemarkKind {
    if is_warning { RemarkKind::Warning } else { RemarkKind::Problem }
}

fn shown(app: &App, file: ActivityFile, problems: Vec<(String, bool, i64)>) -> ActivityFileProgress {
    let of_file = file.problems.into_iter().map(|told| FileRemark {
        kind: kind_of(told.is_warning),
        code: told.code,
        records: None,
        place: Some(told.place),
        message: told.message,
        remedy: told.remedy,
    });
    let of_records = problems.into_iter().map(|(code, is_warning, records)| {
        let (title, remedy) = exchange::title_of(&code).unwrap_or_default();
        let (message, remedy) = (title.to_owned(), remedy.to_owned());
        FileRemark { kind: kind_of(is_warning), code, records: Some(records), place: None, message, remedy }
    });
    let of = |ending| file.counts.of(ending);
    ActivityFileProgress {
        id: file.id,
        status: file.status,
        file_name: file.file_name,
        received_at: app.clock.machine(file.received_at),
        read_percent: file.read_permille / 10,
        records: file.counts.all(),
        added: of(Ending::Added),
        updated: of(Ending::Updated),
        closed: of(Ending::Closed),
        unchanged: of(Ending::Unchanged),
        deleted: of(Ending::Deleted),
        refused: of(Ending::Refused),
        problems: of_file.chain(of_records).collect(),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichRecords {
    /// refused, or all records, which is what is meant without it.
    #[param(pattern = "^(refused|all)$")]
    records: Option<String>,
}

/// Result of a file of activities
///
/// What became of each record, in the format the file came in. A sheet's rows come back as they were, with
/// the columns Result, Problem codes, What to do and Activity ID on record; corrected, it can be sent again as
/// it is. There is none before the first record is settled.
#[utoipa::path(
    get,
    path = "/api/pars/v1/activities/files/{id}/result",
    tag = "Files of activities",
    operation_id = "activityFileResult",
    security(("token" = ["activities:read"])),
    params(("id" = Uuid, Path, description = "The file's ID."), WhichRecords),
    responses((status = 200, description = "The result file.", content(
        (ActivityResults = "application/json"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("text/tab-separated-values"),
        ("text/csv"),
    ))),
)]
async fn result(
    State(app): State<App>,
    ReadsActivities { scope, .. }: ReadsActivities,
    Path(id): Path<UploadId>,
    Query(which): Query<WhichRecords>,
) -> Result<Response> {
    let which = match which.records.as_deref() {
        Some("refused") => Which::Refused,
        None | Some("all") => Which::All,
        Some(_) => return Err(app::Error::invalid("records", "Ask for records=refused or records=all.").into()),
    };
    download::result_file(exchange::result_file(&app, &scope, id, which).await?).await
}
