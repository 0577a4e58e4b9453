//! Submitting learner reports: added and deleted, with an answer for each.
//!
//! Up to a thousand reports are settled within the request. More are received as a file (202), whose progress
//! and result are those of an upload.

use app::App;
use app::submissions::{self, Call, Submission};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::keys::{self, IdempotencyKey};
use super::super::media::{sent, wanted};
use super::super::remark;
use super::super::uploads::{Receipt, receipt};
use super::answer::{self, LearnerResults, LearnerResultsOrReceipt};
use super::tree::LearnerDocument;
use crate::access::WritesLearners;
use crate::layers::RequestId;
use crate::{Result, incoming};

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(submit))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Stated {
    /// The statement that the permission of each learner in the document is held: held.
    #[param(required = true, nullable = false, value_type = String, pattern = "^held$", example = "held")]
    permission: Option<String>,
}

/// Submit learner reports
///
/// Adds and deletes completions: each report names its learner, activity and date and the credit earned, and says
/// in LearnerRecordAction what is to be done. Each is settled for itself, and a bad one keeps no other back. There
/// is no update: delete and add again. The same report again is already_reported and changes nothing.
///
/// Up to 1,000 reports are settled within the request. More are received as a file and settled afterwards.
#[utoipa::path(
    post,
    path = "/api/pars/v1/learner-activities",
    tag = "Learner activities",
    operation_id = "submitLearnerActivities",
    security(("token" = ["learners:write"])),
    params(Stated, IdempotencyKey),
    request_body(content = LearnerDocument, example = json!({ "ACCMELearnerReports": { "ActivityReports": {
        "DateTimeCreated": "2026-11-20T09:30:00Z",
        "ActivityReport": [{
            "ReportingOrganization": "Harborview CME",
            "Member": {
                "Name": { "GivenName": "Ana", "FamilyName": "Calder" },
                "PersonalInfo": { "BirthDate": "--02-29" }
            },
            "Activity": { "ProviderOrganization": "0001234", "Module": {
                "ModuleName": { "moduleID": "202600001", "value": "Care of the Heart" },
                "Status": "Completed",
                "CompletedDateTime": "2026-11-02T17:00:00",
                "CreditCertificate": [{
                    "UniqueID": [{ "domain": "CA", "value": "A012345" }],
                    "CreditReceived": {
                        "activityCertification": "AMA PRA Category 1", "creditUnit": "Point", "numberOfCredits": 2.5
                    },
                    "CreditID": "ccid:your-name:000417"
                }]
            } },
            "XtensibleInfo": { "LearnerRecordAction": "add" }
        }]
    } } })),
    responses(
        (status = 200, description = "An answer for each report; or the receipt of a document that was received before as a file.", body = LearnerResultsOrReceipt),
        (status = 201, description = "Every report was accepted.", body = LearnerResults,
            links(("first" = (operation_id = "learnerActivityStatus", parameters(("CreditId" = "$response.body#/LearnerResults/0/creditId")))))),
        (status = 202, description = "More than 1,000 reports: received as a file.", body = Receipt,
            headers(("Location" = String, description = "Where its progress is.")),
            links(("progress" = (operation_id = "showUpload", parameters(("id" = "$response.body#/id")))))),
        (status = 422, description = "Every report was refused, or the document cannot be read at all.", body = LearnerResults),
    ),
)]
async fn submit(
    State(app): State<App>,
    WritesLearners { actor, name, .. }: WritesLearners,
    Extension(request): Extension<RequestId>,
    Query(stated): Query<Stated>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let (format, answer_in) = match sent(&headers).and_then(|format| Ok((format, wanted(&headers, format)?))) {
        Ok(formats) => formats,
        Err(refused) => return Ok(refused.into_response()),
    };
    let key = keys::given(&actor, &headers)?;
    let mut broken = false;
    let collected = submissions::collect(&app, incoming::pieces(body, &mut broken)).await;
    if broken {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    let call = Call {
        sender: &name,
        format: format.into(),
        key: key.as_ref(),
        permission_held: stated.permission.as_deref() == Some("held"),
    };
    match submissions::submit(&app, &actor, &call, collected?).await? {
        Submission::Settled(settled) => Ok(answer::settled(&app, answer::status_of(&settled), &settled, answer_in)),
        Submission::Received(received) => {
            Ok(receipt(received.upload.id, received.upload.status, received.seen_before, "uploads"))
        }
        Submission::Unreadable(told) => Ok(remark::unreadable(&told, &request.0, &headers)),
    }
}
