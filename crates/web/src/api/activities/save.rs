//! Saving activities: add, update, delete and close, with an answer for each record.
//!
//! Up to a thousand records are settled within the request. More are received as a file (202), whose
//! progress and result have addresses of their own.

use app::App;
use app::activities::exchange::{self, ActivityFile, Ending, Submission, Which};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use domain::UploadId;
use domain::access::ProviderRole;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{answer, sent, wanted};
use crate::access::ApiViewer;
use crate::error::Whose;
use crate::layers::RequestId;
use crate::{Error, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/pars/v1/activities/files/{id}", get(progress))
        .route("/api/pars/v1/activities/files/{id}/result", get(result))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/api/pars/v1/activities", post(save))
}

/// 201 where every record was added, 422 where every one was refused, else 200.
fn status_of(endings: &[Ending]) -> StatusCode {
    if endings.iter().all(|ending| *ending == Ending::Refused) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if endings.iter().all(|ending| *ending == Ending::Added) {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

async fn save(
    State(app): State<App>,
    ApiViewer { actor, name, .. }: ApiViewer,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if actor.provider(ProviderRole::Editor).is_none() {
        return Err(Error::NotYours(Whose::Provider(ProviderRole::Editor)));
    }
    let (format, answer_in) = match sent(&headers).and_then(|format| Ok((format, wanted(&headers, format)?))) {
        Ok(formats) => formats,
        Err(refused) => return Ok(refused.into_response()),
    };
    // a body that breaks off is the sender's trouble; only the disk's errors are ours
    let mut broken = false;
    let pieces = futures::StreamExt::scan(body.into_data_stream(), (), |(), piece| {
        broken |= piece.is_err();
        futures::future::ready(piece.ok())
    });
    let staged = exchange::stage(&app, futures::StreamExt::map(pieces, Ok::<_, std::convert::Infallible>)).await?;
    if broken {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    let staged = match staged {
        Ok(staged) => staged,
        Err(told) => return Ok(answer::unreadable(&[told], &request.0)),
    };
    match exchange::submit(&app, &actor, &name, format, staged).await? {
        Submission::Settled(records) => {
            let endings: Vec<Ending> = records.iter().map(|record| record.ending).collect();
            Ok(answer::settled(status_of(&endings), &records, answer_in))
        }
        Submission::Received(received) => {
            let url = format!("/api/pars/v1/activities/files/{}", received.file.id);
            // the same bytes again are the earlier file, already acknowledged
            let status = if received.seen_before { StatusCode::OK } else { StatusCode::ACCEPTED };
            let receipt = json!({ "id": received.file.id, "status": received.file.status, "url": url });
            Ok((status, [(header::LOCATION, url)], Json(receipt)).into_response())
        }
        Submission::Unreadable(told) => Ok(answer::unreadable(&told, &request.0)),
    }
}

async fn progress(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
    Path(id): Path<UploadId>,
) -> Result<Json<Value>> {
    let file = exchange::find(&app, &scope, id).await?;
    let mut tx = app.store.read().await?;
    let problems = store::activity_files::problem_counts(&mut tx, &scope, id).await?;
    Ok(Json(progress_json(&app, &file, &problems)))
}

fn progress_json(app: &App, file: &ActivityFile, problems: &[(String, bool, i64)]) -> Value {
    let of_file = file.problems.iter().map(answer::told_json);
    let of_records = problems.iter().map(|(code, is_warning, records)| {
        let (title, remedy) = exchange::title_of(code).unwrap_or_default();
        let kind = if *is_warning { "warning" } else { "problem" };
        json!({ "kind": kind, "code": code, "records": records, "message": title, "remedy": remedy })
    });
    let mut progress = json!({
        "id": file.id,
        "status": file.status,
        "fileName": file.file_name,
        "receivedAt": app.clock.machine(file.received_at),
        "readPercent": file.read_permille / 10,
        "records": file.counts.all(),
        "problems": of_file.chain(of_records).collect::<Vec<_>>(),
    });
    for ending in Ending::ALL {
        progress[ending.code()] = file.counts.of(*ending).into();
    }
    progress
}

#[derive(Deserialize)]
struct WhichRecords {
    records: Option<String>,
}

async fn result(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
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
