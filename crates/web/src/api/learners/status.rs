//! What became of a completion, destination by destination.

use app::App;
use app::submissions::{self, Asked, StatusLine};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::MonthDay;
use serde::Deserialize;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::media::{Media, wanted};
use super::super::remark::element;
use super::answer::CreditDestination;
use super::read::{activity, day};
use crate::Result;
use crate::access::ReadsLearners;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(status))
}

/// Characters (formats.md, section 2).
const LONGEST_CREDIT_ID: usize = 300;

/// Either the credit ID, or the four others together.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Meant {
    /// Your own ID of the report, or ours (ccid:provider:completion).
    #[serde(rename = "CreditId")]
    #[param(rename = "CreditId", nullable = false, max_length = 300)]
    credit_id: Option<String>,
    /// The activity's nine digits.
    #[serde(rename = "moduleID")]
    #[param(rename = "moduleID", nullable = false, pattern = "^[0-9]{9}$")]
    activity: Option<String>,
    /// Month and day of birth, as they were reported; a year is passed over.
    #[serde(rename = "BirthDate")]
    #[param(rename = "BirthDate", nullable = false, example = "--02-29")]
    birth: Option<String>,
    #[serde(rename = "CompletionDate")]
    /// The day of the completion.
    #[param(rename = "CompletionDate", nullable = false, format = Date)]
    completed_on: Option<String>,
    /// The learner, with a colon between domain and value: NPI:1234567893, CA:A012345, ABIM:123456.
    #[serde(rename = "UniqueID")]
    #[param(rename = "UniqueID", nullable = false)]
    identifier: Option<String>,
}

impl Meant {
    fn asked(&self) -> app::Result<Asked> {
        if let Some(id) = &self.credit_id {
            let others = [&self.activity, &self.birth, &self.completed_on, &self.identifier];
            if others.iter().any(|other| other.is_some()) {
                let why = "Send a credit ID alone, or the four others without it.";
                return Err(app::Error::invalid("CreditId", why));
            }
            if id.chars().count() > LONGEST_CREDIT_ID {
                return Err(app::Error::invalid("CreditId", "Credit IDs have at most 300 characters."));
            }
            return Ok(Asked::CreditId(id.clone()));
        }
        let (Some(of), Some(birth), Some(on), Some(identifier)) =
            (&self.activity, &self.birth, &self.completed_on, &self.identifier)
        else {
            let why = "Send a credit ID, or moduleID, BirthDate, CompletionDate and UniqueID together.";
            return Err(app::Error::invalid("CreditId", why));
        };
        let why = "Write month and day of birth, as MM/DD.";
        let birth = birth.split('T').next().unwrap_or_default();
        let birth = MonthDay::read(birth).ok_or_else(|| app::Error::invalid("BirthDate", why))?;
        let why = "Write domain and value with a colon between, such as NPI:1234567893.";
        if identifier.split_once(':').is_none() {
            return Err(app::Error::invalid("UniqueID", why));
        }
        Ok(Asked::Learner { activity: activity(of)?, birth, completed_on: day(on)?, identifier: identifier.clone() })
    }
}

/// What each destination says.
#[derive(Serialize, ToSchema)]
pub(super) struct LearnerStatuses<'a> {
    #[serde(rename = "LearnerStatuses")]
    statuses: Vec<LearnerStatus<'a>>,
}

/// The same as an XML document.
#[derive(ToSchema)]
#[schema(xml(name = "LearnerStatuses"))]
#[expect(dead_code, reason = "it only describes; the XML is written by hand")]
pub(in crate::api) struct LearnerStatusList<'a> {
    #[schema(rename = "LearnerStatus")]
    statuses: Vec<LearnerStatus<'a>>,
}

/// One credit at its destination.
#[derive(Serialize, ToSchema)]
struct LearnerStatus<'a> {
    /// Under which the completion is on record.
    #[serde(rename = "creditId")]
    credit_id: &'a str,
    /// Your own ID of the report.
    #[serde(rename = "submissionId", skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    submission_id: &'a str,
    #[serde(rename = "moduleID")]
    activity: String,
    #[serde(rename = "completionDate")]
    #[schema(format = Date)]
    completed_on: String,
    destination: CreditDestination<'a>,
}

impl<'a> LearnerStatus<'a> {
    fn of(app: &App, line: &'a StatusLine) -> Self {
        Self {
            credit_id: &line.credit_id,
            submission_id: &line.submission_id,
            activity: line.activity.to_string(),
            completed_on: line.completed_on.to_string(),
            destination: CreditDestination::of(app, &line.destination),
        }
    }

    fn xml(&self, xml: &mut String) {
        xml.push_str("<LearnerStatus>");
        element(xml, "creditId", self.credit_id);
        if !self.submission_id.is_empty() {
            element(xml, "submissionId", self.submission_id);
        }
        element(xml, "moduleID", &self.activity);
        element(xml, "completionDate", &self.completed_on);
        xml.push_str("<destination>");
        self.destination.xml(xml);
        xml.push_str("</destination></LearnerStatus>\n");
    }
}

/// Status of a completion
///
/// What became of a completion, one entry for each destination: CME for licensing boards, each certifying board,
/// REMS. Ask by a credit ID, or by activity, date, learner and month and day of birth. What you never reported,
/// what is withdrawn and what is another provider’s are all the same: an empty list.
#[utoipa::path(
    get,
    path = "/api/pars/v1/learner-activities/status",
    tag = "Learner activities",
    operation_id = "learnerActivityStatus",
    security(("token" = ["learners:read"])),
    params(Meant),
    responses((status = 200, description = "An entry for each destination.", body = LearnerStatuses)),
)]
async fn status(
    State(app): State<App>,
    ReadsLearners { scope, .. }: ReadsLearners,
    Query(meant): Query<Meant>,
    headers: HeaderMap,
) -> Result<Response> {
    let media = match wanted(&headers, Media::Json) {
        Ok(media) => media,
        Err(refused) => return Ok(refused.into_response()),
    };
    let lines = submissions::status(&app, &scope, &meant.asked()?).await?;
    let statuses: Vec<LearnerStatus<'_>> = lines.iter().map(|line| LearnerStatus::of(&app, line)).collect();
    let body = match media {
        Media::Json => serde_json::to_string(&LearnerStatuses { statuses })
            .map_err(|error| app::Error::Internal(error.to_string()))?,
        Media::Xml => {
            let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LearnerStatuses>\n");
            statuses.iter().for_each(|status| status.xml(&mut xml));
            xml.push_str("</LearnerStatuses>\n");
            xml
        }
    };
    Ok(([(header::CONTENT_TYPE, media.content_type())], body).into_response())
}
