//! What a program is told of each of its records, in JSON and XML of the same names as result files.

use app::activities::exchange::{Ending, Settled};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::media::Media;
pub(super) use super::super::remark::RemarkKind;
use super::super::remark::{Remark, element, remark_xml};
use super::super::uploads::Receipt;

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
pub(super) fn settled(status: StatusCode, records: &[Settled], format: Media) -> Response {
    let body = match format {
        Media::Json => {
            let results = ActivityResults { results: records.iter().map(ActivityResult::from).collect() };
            match serde_json::to_string(&results) {
                Ok(body) => body,
                Err(error) => return crate::Error::App(app::Error::Internal(error.to_string())).into_response(),
            }
        }
        Media::Xml => records_xml(records),
    };
    (status, [(header::CONTENT_TYPE, format.content_type())], body).into_response()
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
            remark_xml(&mut xml, told);
        }
        xml.push_str("</ActivityResult>\n");
    }
    xml.push_str("</ActivityResults>\n");
    xml
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
