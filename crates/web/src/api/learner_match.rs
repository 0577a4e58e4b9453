//! `/api/pars/v1/learner-match`: learners checked before any credit exists (formats.md, section 4).
//!
//! An answer has the same members whatever it says, and nothing in it that the caller did not send but the outcome.

use app::App;
use app::prevalidation::{self, Answer, Asked, Outcome};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::media::{Media, sent, wanted};
use super::remark::element;
use crate::Result;
use crate::access::MatchesLearners;

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(check))
}

/// The learners: the tree of learner reports, of which names, birth date and identifiers are read. Everything else
/// may be left out.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes; the body is read record by record")]
pub(super) struct LearnersToMatch {
    #[schema(rename = "ACCMELearnerReports")]
    reports: MatchReports,
}

#[derive(ToSchema)]
#[schema(xml(name = "ACCMELearnerReports"))]
#[expect(dead_code, reason = "it only describes")]
struct MatchReports {
    #[schema(rename = "ActivityReports")]
    reports: MatchReportList,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchReportList {
    #[schema(rename = "ActivityReport", min_items = 1, max_items = 1000)]
    reports: Vec<MatchReport>,
}

/// One learner.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchReport {
    #[schema(rename = "Member")]
    member: MatchMember,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchMember {
    #[schema(rename = "Name")]
    name: MatchName,
    #[schema(rename = "PersonalInfo")]
    personal: MatchBirth,
    /// Licenses, an NPI, certifying boards' IDs.
    #[schema(rename = "UniqueID")]
    ids: Vec<MatchId>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchName {
    #[schema(rename = "GivenName")]
    given: String,
    #[schema(rename = "FamilyName")]
    family: String,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchBirth {
    /// `--MM-DD`; of a whole date month and day are read.
    #[schema(rename = "BirthDate", example = "--02-29")]
    birth: String,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes")]
struct MatchId {
    /// `NPI`, a state, or a certifying board.
    domain: String,
    value: String,
}

/// One answer per learner, in the order in which they came.
#[derive(Serialize, ToSchema)]
pub(super) struct LearnerMatches {
    #[serde(rename = "LearnerMatches")]
    matches: Vec<LearnerMatch>,
}

/// The same answers as an XML document.
#[derive(ToSchema)]
#[schema(xml(name = "LearnerMatches"))]
#[expect(dead_code, reason = "it only describes; the XML is written by hand")]
pub(in crate::api) struct LearnerMatchList {
    #[schema(rename = "LearnerMatch")]
    matches: Vec<LearnerMatch>,
}

/// What is told of one learner.
#[derive(Serialize, ToSchema)]
struct LearnerMatch {
    /// The n-th record of the document.
    #[schema(minimum = 1)]
    number: u64,
    outcome: MatchOutcome,
    /// Stable codes, never renamed: of a match what it rests on, otherwise what is wrong.
    reason: Vec<&'static str>,
    /// What to look at or to add, best first.
    field: Vec<&'static str>,
    /// For a person.
    message: String,
    /// What to do; empty of a match.
    remedy: String,
}

/// What was found, in a word: “not_checked” where the record cannot be read or its person was asked about too often.
#[derive(Serialize, ToSchema, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "snake_case")]
enum MatchOutcome {
    Matched,
    NoMatch,
    Several,
    Conflict,
    Uncertain,
    NotChecked,
}

impl From<Outcome> for MatchOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Matched => Self::Matched,
            Outcome::NoMatch => Self::NoMatch,
            Outcome::Several => Self::Several,
            Outcome::Conflict => Self::Conflict,
            Outcome::Uncertain => Self::Uncertain,
            Outcome::NotChecked => Self::NotChecked,
        }
    }
}

impl LearnerMatch {
    fn of(number: u64, answer: Answer) -> Self {
        Self {
            number,
            outcome: answer.outcome.into(),
            message: answer.message(),
            remedy: answer.remedy(),
            field: answer.fields.iter().map(|field| field.code()).collect(),
            reason: answer.reasons,
        }
    }
}

/// Check learners before reporting
///
/// Says of each learner whether the details given mean one physician, in the order of the records. No credit is
/// reported and nothing is stored but the log. A request takes up to 1,000 learners; the same one may be asked
/// about as often as you like with the same details. Different details that do not match are limited for each
/// person: beyond that the answer is “not_checked” with the reason “too_many_tries”, and the other learners are
/// answered as ever.
#[utoipa::path(
    post,
    path = "/api/pars/v1/learner-match",
    tag = "Learners",
    operation_id = "matchLearners",
    security(("token" = ["learners:match"])),
    request_body(content = LearnersToMatch, example = json!({ "ACCMELearnerReports": { "ActivityReports": { "ActivityReport": [{
        "Member": {
            "Name": { "GivenName": "Ana", "FamilyName": "Muñoz" },
            "PersonalInfo": { "BirthDate": "--02-29" },
            "UniqueID": [{ "domain": "CA", "value": "A012345" }]
        }
    }] } } })),
    responses(
        (status = 200, description = "An answer for each learner.", body = LearnerMatches),
    ),
)]
async fn check(
    State(app): State<App>,
    MatchesLearners { actor, .. }: MatchesLearners,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    let (format, answer_in) = match sent(&headers).and_then(|format| Ok((format, wanted(&headers, format)?))) {
        Ok(formats) => formats,
        Err(refused) => return Ok(refused.into_response()),
    };
    let asked = prevalidation::read_document(&app, body.into(), format == Media::Json).await?;
    let (numbers, reports): (Vec<u64>, Vec<_>) =
        asked.into_iter().map(|Asked { number, report }| (number, report)).unzip();
    let answers = prevalidation::check(&app, &actor, reports).await?;
    answered(numbers.into_iter().zip(answers), answer_in)
}

/// The answers in the format that the caller takes.
fn answered(answers: impl Iterator<Item = (u64, Answer)>, format: Media) -> Result<Response> {
    let matches: Vec<LearnerMatch> = answers.map(|(number, answer)| LearnerMatch::of(number, answer)).collect();
    let body = match format {
        Media::Json => serde_json::to_string(&LearnerMatches { matches })
            .map_err(|error| app::Error::Internal(error.to_string()))?,
        Media::Xml => xml(&matches)?,
    };
    Ok(([(header::CONTENT_TYPE, format.content_type())], body).into_response())
}

fn xml(matches: &[LearnerMatch]) -> app::Result<String> {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LearnerMatches>\n");
    for one in matches {
        let outcome = serde_json::to_value(one.outcome).map_err(|error| app::Error::Internal(error.to_string()))?;
        xml.push_str("<LearnerMatch>");
        element(&mut xml, "number", &one.number.to_string());
        element(&mut xml, "outcome", outcome.as_str().unwrap_or_default());
        one.reason.iter().for_each(|reason| element(&mut xml, "reason", reason));
        one.field.iter().for_each(|field| element(&mut xml, "field", field));
        element(&mut xml, "message", &one.message);
        element(&mut xml, "remedy", &one.remedy);
        xml.push_str("</LearnerMatch>\n");
    }
    xml.push_str("</LearnerMatches>\n");
    Ok(xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_application() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(MatchOutcome::from(*outcome)).unwrap(), outcome.code());
        }
    }
}
