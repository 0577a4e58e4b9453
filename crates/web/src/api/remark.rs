//! Problems and warnings about a record of a request, in JSON and XML of the same names as result files.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use store::activity_files::Told;
use utoipa::ToSchema;

use crate::problem_details::{self, escaped};

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

/// A body of which nothing was taken: problem details (RFC 9457).
pub(super) fn unreadable(told: &[Told], request_id: &str, headers: &HeaderMap) -> Response {
    let is_too_large = told.iter().any(|one| one.code == domain::Code::FileTooLarge.as_str());
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

/// The same as an element `problem`.
pub(super) fn remark_xml(xml: &mut String, told: &Told) {
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
        element(xml, name, text);
    }
    xml.push_str("</problem>");
}

/// An element with a text in it.
pub(super) fn element(xml: &mut String, name: &str, text: &str) {
    xml.push_str(&format!("<{name}>"));
    escaped(xml, text);
    xml.push_str(&format!("</{name}>"));
}
