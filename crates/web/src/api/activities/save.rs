//! Saving activities: add, update, delete and close, with an answer for each record.
//!
//! Up to a thousand records are settled within the request. More are received as a file (202), whose
//! progress and result have addresses of their own.

use app::App;
use app::activities::exchange::{self, Ending, Submission};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::keys::{self, IdempotencyKey};
use super::super::media::{sent, wanted};
use super::super::remark;
use super::super::uploads::{Receipt, receipt};
use super::answer::{self, ActivityResults, ResultsOrReceipt};
use super::tree::ActivityDocument;
use crate::access::WritesActivities;
use crate::layers::RequestId;
use crate::{Result, incoming};

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(save))
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

/// Save activities
///
/// Adds, updates, deletes and closes activities. A record is a whole activity: what it leaves out is empty
/// afterwards. It is found by its ACCME Activity ID, or by your own ID, start date and format together; the
/// record action says what you expect. Each record is settled for itself, and a bad one keeps no other back.
///
/// Up to 1,000 records are settled within the request. More are received as a file and settled afterwards.
#[utoipa::path(
    post,
    path = "/api/pars/v1/activities",
    tag = "Activities",
    operation_id = "saveActivities",
    security(("token" = ["activities:write"])),
    params(IdempotencyKey),
    request_body(content = ActivityDocument, example = json!({ "ACCMEActivities": { "MedicalEducationMetrics": [{
        "Lom": { "general": {
            "identifier": [{ "catalog": "Provider Activity ID", "entry": "LMS-1" }],
            "title": "Rhythm and Rest",
            "description": "What is new."
        } },
        "healthcareMetadata": { "healthcareEducation": {
            "credits": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": 7.25 },
            "startDateTime": "2026-12-01",
            "endDateTime": "2026-12-02",
            "activitySponsorship": "direct",
            "activityFormat": "Enduring Material",
            "commercialSupport": false
        } },
        "XtensibleInfo": { "activityRecordAction": "Add" }
    }] } })),
    responses(
        (status = 200, description = "An answer for each record; or the receipt of a file that was received before.", body = ResultsOrReceipt),
        (status = 201, description = "Every record was added.", body = ActivityResults,
            links(("first" = (operation_id = "showActivity", parameters(("activityId" = "$response.body#/ActivityResults/0/activityId")))))),
        (status = 202, description = "More than 1,000 records: received as a file.", body = Receipt,
            headers(("Location" = String, description = "Where its progress is.")),
            links(("progress" = (operation_id = "showActivityFile", parameters(("id" = "$response.body#/id")))))),
        (status = 422, description = "Every record was refused, or the document cannot be read at all.", body = ActivityResults),
    ),
)]
async fn save(
    State(app): State<App>,
    WritesActivities { actor, name, .. }: WritesActivities,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let (format, answer_in) = match sent(&headers).and_then(|format| Ok((format, wanted(&headers, format)?))) {
        Ok(formats) => formats,
        Err(refused) => return Ok(refused.into_response()),
    };
    let key = keys::given(&actor, &headers)?;
    let mut broken = false;
    let staged = exchange::stage(&app, incoming::pieces(body, &mut broken)).await?;
    if broken {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    let staged = match staged {
        Ok(staged) => staged,
        Err(told) => return Ok(remark::unreadable(&[told], &request.0, &headers)),
    };
    match exchange::submit(&app, &actor, &name, format.into(), key.as_ref(), staged).await? {
        Submission::Settled(records) => {
            let endings: Vec<Ending> = records.iter().map(|record| record.ending).collect();
            Ok(answer::settled(status_of(&endings), &records, answer_in))
        }
        Submission::Received(received) => {
            Ok(receipt(received.file.id, received.file.status, received.seen_before, "activities/files"))
        }
        Submission::Unreadable(told) => Ok(remark::unreadable(&told, &request.0, &headers)),
    }
}
