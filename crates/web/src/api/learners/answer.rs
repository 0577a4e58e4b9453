//! What a program is told of each of its reports, in JSON and XML of the same names.

use app::App;
use app::submissions::{Destination, Ending, Record, Settled};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::UploadId;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::media::Media;
use super::super::remark::{Remark, element, remark_xml};
use super::super::uploads::Receipt;

/// One answer per report, in the order in which they came.
#[derive(Serialize, ToSchema)]
pub(super) struct LearnerResults<'a> {
    /// The upload under which refused reports wait to be corrected on screen.
    #[serde(rename = "uploadId")]
    #[schema(value_type = Uuid)]
    upload: UploadId,
    #[serde(rename = "LearnerResults")]
    results: Vec<LearnerResult<'a>>,
}

/// The same answers as an XML document.
#[derive(ToSchema)]
#[schema(xml(name = "LearnerResults"))]
#[expect(dead_code, reason = "it only describes; the XML is written by hand")]
pub(in crate::api) struct LearnerResultList<'a> {
    #[schema(rename = "uploadId", value_type = Uuid)]
    upload: UploadId,
    #[schema(rename = "LearnerResult")]
    results: Vec<LearnerResult<'a>>,
}

/// An answer for each report; or, of a document that was received before as a file, its receipt, which is
/// always JSON.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes")]
pub(super) enum LearnerResultsOrReceipt<'a> {
    Results(LearnerResults<'a>),
    Receipt(Receipt),
}

/// What became of one report.
#[derive(Serialize, ToSchema)]
struct LearnerResult<'a> {
    /// The n-th report of the document; of a withdrawal the n-th record.
    #[schema(minimum = 1)]
    number: i64,
    /// The line on which it begins; 0 where nothing was sent.
    line: i64,
    /// accepted; partly_accepted: of several boards some were taken; already_reported: it is on record, nothing
    /// changed; deleted; or refused.
    #[schema(value_type = String, pattern = "^(accepted|partly_accepted|already_reported|deleted|refused)$")]
    result: &'static str,
    /// Under which the completion is on record, as ccid:provider:completion.
    #[serde(rename = "creditId", skip_serializing_if = "str::is_empty")]
    #[schema(required = false, pattern = "^ccid:[^:]+:[^:]+$")]
    credit_id: &'a str,
    /// Where the completion's credit goes, and what that place says of it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    destination: Vec<CreditDestination<'a>>,
    /// Problems, which keep the report out, and warnings, which do not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    problem: Vec<Remark<'a>>,
}

/// Where credit goes, and what that place says of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreditDestination<'a> {
    /// CME for licensing boards, a certifying board’s code, or REMS.
    name: &'a str,
    /// Pending, Accepted or Rejected.
    #[schema(value_type = String, pattern = "^(Pending|Accepted|Rejected)$")]
    status: &'static str,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    reason: &'a str,
    /// Not of REMS, which takes no amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<f64>)]
    number_of_credits: Option<serde_json::Number>,
    /// The system made it of other credit that was reported.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    is_derived: bool,
    #[schema(format = DateTime)]
    reported_at: String,
}

impl<'a> CreditDestination<'a> {
    pub(super) fn of(app: &App, destination: &'a Destination) -> Self {
        let amount = destination.has_amount().then(|| destination.credits.to_string());
        Self {
            name: &destination.name,
            status: destination.status.label(),
            reason: &destination.reason,
            number_of_credits: amount.and_then(|amount| amount.parse().ok()),
            is_derived: destination.is_derived,
            reported_at: app.clock.machine(destination.reported_at),
        }
    }

    /// The same as elements.
    pub(super) fn xml(&self, xml: &mut String) {
        element(xml, "name", self.name);
        element(xml, "status", self.status);
        if !self.reason.is_empty() {
            element(xml, "reason", self.reason);
        }
        if let Some(amount) = &self.number_of_credits {
            element(xml, "numberOfCredits", &amount.to_string());
        }
        if self.is_derived {
            element(xml, "isDerived", "true");
        }
        element(xml, "reportedAt", &self.reported_at);
    }
}

impl<'a> LearnerResult<'a> {
    fn of(app: &App, record: &'a Record) -> Self {
        Self {
            number: record.number,
            line: record.line,
            result: record.ending.code(),
            credit_id: &record.credit_id,
            destination: record.destinations.iter().map(|one| CreditDestination::of(app, one)).collect(),
            problem: record.told.iter().map(Remark::from).collect(),
        }
    }

    fn xml(&self, xml: &mut String, record: &Record) {
        xml.push_str("<LearnerResult>");
        element(xml, "number", &self.number.to_string());
        element(xml, "line", &self.line.to_string());
        element(xml, "result", self.result);
        if !self.credit_id.is_empty() {
            element(xml, "creditId", self.credit_id);
        }
        for destination in &self.destination {
            xml.push_str("<destination>");
            destination.xml(xml);
            xml.push_str("</destination>");
        }
        record.told.iter().for_each(|told| remark_xml(xml, told));
        xml.push_str("</LearnerResult>\n");
    }
}

/// 201 where every report was accepted, 422 where every one was refused, else 200.
pub(super) fn status_of(settled: &Settled) -> StatusCode {
    let all = |ending| settled.records.iter().all(|record| record.ending == ending);
    if all(Ending::Refused) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if all(Ending::Accepted) {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// The answers, one per report.
pub(super) fn settled(app: &App, status: StatusCode, settled: &Settled, media: Media) -> Response {
    let results: Vec<LearnerResult<'_>> = settled.records.iter().map(|record| LearnerResult::of(app, record)).collect();
    let body = match media {
        Media::Json => match serde_json::to_string(&LearnerResults { upload: settled.upload, results }) {
            Ok(body) => body,
            Err(error) => return crate::Error::App(app::Error::Internal(error.to_string())).into_response(),
        },
        Media::Xml => {
            let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LearnerResults>\n");
            element(&mut xml, "uploadId", &settled.upload.to_string());
            xml.push('\n');
            results.iter().zip(&settled.records).for_each(|(result, record)| result.xml(&mut xml, record));
            xml.push_str("</LearnerResults>\n");
            xml
        }
    };
    (status, [(header::CONTENT_TYPE, media.content_type())], body).into_response()
}
