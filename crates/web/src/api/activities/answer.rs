//! What a program is told of each of its records, in JSON and XML of the same names as result files.

use app::activities::exchange::{Ending, Settled, Told};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::activities::{ActivityFormat, Code};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::super::uploads::Receipt;
use crate::problem_details::{self, escaped};

/// One answer per record, in the order in which they came.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivityResults<'a> {
    #[serde(rename = "ActivityResults")]
    results: Vec<ActivityResult<'a>>,
}

/// The same answers as an XML document.
#[derive(ToSchema)]
#[schema(xml(name = "ActivityResults"))]
#[expect(dead_code, reason = "it only describes; the XML is written by hand")]
pub(in crate::api) struct ActivityResultList<'a> {
    #[schema(rename = "ActivityResult")]
    results: Vec<ActivityResult<'a>>,
}

/// An answer for each record; or, of a file that was received before, its receipt, which is always JSON.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes")]
pub(super) enum ResultsOrReceipt<'a> {
    Results(ActivityResults<'a>),
    Receipt(Receipt),
}

/// What became of one record.
#[derive(Serialize, ToSchema)]
struct ActivityResult<'a> {
    /// The n-th record of the document.
    #[schema(minimum = 1)]
    number: i64,
    /// The line on which it begins.
    line: i64,
    result: Word,
    /// The activity on record, where there is one.
    #[serde(rename = "activityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9]{9}$")]
    activity_id: Option<String>,
    /// Problems, which keep the record out, and warnings, which do not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    problem: Vec<Remark<'a>>,
}

/// What became of it, in a word.
#[derive(Serialize, ToSchema, Clone, Copy, PartialEq, Debug)]
enum Word {
    Added,
    Updated,
    Closed,
    Unchanged,
    Deleted,
    Refused,
}

impl Word {
    fn of(ending: Ending) -> Self {
        match ending {
            Ending::Added => Self::Added,
            Ending::Updated => Self::Updated,
            Ending::Closed => Self::Closed,
            Ending::Unchanged => Self::Unchanged,
            Ending::Deleted => Self::Deleted,
            Ending::Refused => Self::Refused,
        }
    }
}

#[derive(Serialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum RemarkKind {
    Problem,
    Warning,
}

/// A problem or a warning.
#[derive(Serialize, ToSchema)]
pub(super) struct Remark<'a> {
    kind: RemarkKind,
    /// Stable, never renamed.
    code: &'a str,
    /// Line, path, row or cell.
    place: &'a str,
    /// The field's name; empty if the record as a whole is meant.
    field: &'a str,
    /// The value as it came.
    given: &'a str,
    /// What is wrong, for a person.
    message: &'a str,
    /// What to do.
    remedy: &'a str,
}

impl<'a> From<&'a Told> for Remark<'a> {
    fn from(told: &'a Told) -> Self {
        let Told { is_warning, code, place, field, given, message, remedy } = told;
        let kind = if *is_warning { RemarkKind::Warning } else { RemarkKind::Problem };
        Self { kind, code, place, field, given, message, remedy }
    }
}

impl<'a> From<&'a Settled> for ActivityResult<'a> {
    fn from(settled: &'a Settled) -> Self {
        Self {
            number: settled.number,
            line: settled.line,
            result: Word::of(settled.ending),
            activity_id: settled.activity.map(|id| id.to_string()),
            problem: settled.told.iter().map(Remark::from).collect(),
        }
    }
}

/// The answers, one per record.
pub(super) fn settled(status: StatusCode, records: &[Settled], format: ActivityFormat) -> Response {
    let body = match format {
        ActivityFormat::Json => {
            let results = ActivityResults { results: records.iter().map(ActivityResult::from).collect() };
            match serde_json::to_string(&results) {
                Ok(body) => body,
                Err(error) => return crate::Error::App(app::Error::Internal(error.to_string())).into_response(),
            }
        }
        _ => records_xml(records),
    };
    (status, [(header::CONTENT_TYPE, format.content_type())], body).into_response()
}

/// A body of which nothing was taken: problem details (RFC 9457).
pub(super) fn unreadable(told: &[Told], request_id: &str, headers: &HeaderMap) -> Response {
    let is_too_large = told.iter().any(|one| one.code == Code::FileTooLarge.as_str());
    let status = if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = json!({
        "type": "about:blank",
        "title": "The document cannot be read",
        "status": status.as_u16(),
        "detail": "Nothing of it was saved. Correct it and send it again.",
        "request_id": request_id,
        "problems": told.iter().map(Remark::from).collect::<Vec<_>>(),
    });
    let (kind, text) = problem_details::written(&body, headers);
    (status, [(header::CONTENT_TYPE, kind)], text).into_response()
}

fn records_xml(records: &[Settled]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ActivityResults>\n");
    for record in records {
        xml.push_str("<ActivityResult>");
        element(&mut xml, "number", &record.number.to_string());
        element(&mut xml, "line", &record.line.to_string());
        element(&mut xml, "result", record.ending.label());
        if let Some(activity) = record.activity {
            element(&mut xml, "activityId", activity.as_str());
        }
        for told in &record.told {
            xml.push_str("<problem>");
            let parts = [
                ("kind", if told.is_warning { "warning" } else { "problem" }),
                ("code", &told.code),
                ("place", &told.place),
                ("field", &told.field),
                ("given", &told.given),
                ("message", &told.message),
                ("remedy", &told.remedy),
            ];
            for (name, text) in parts {
                element(&mut xml, name, text);
            }
            xml.push_str("</problem>");
        }
        xml.push_str("</ActivityResult>\n");
    }
    xml.push_str("</ActivityResults>\n");
    xml
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.push_str(&format!("<{name}>"));
    escaped(xml, text);
    xml.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_use_the_same_words() {
        for ending in Ending::ALL {
            assert_eq!(serde_json::to_value(Word::of(*ending)).unwrap(), ending.label());
        }
    }
}
