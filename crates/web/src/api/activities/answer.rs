//! What a program is told of each of its records, in JSON and XML of the same names as result files.

use app::activities::exchange::{Settled, Told};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::activities::ActivityFormat;
use serde_json::{Value, json};

/// The answers, one per record.
pub(super) fn settled(status: StatusCode, records: &[Settled], format: ActivityFormat) -> Response {
    let body = match format {
        ActivityFormat::Json => {
            json!({ "ActivityResults": records.iter().map(record_json).collect::<Vec<_>>() }).to_string()
        }
        _ => records_xml(records),
    };
    (status, [(header::CONTENT_TYPE, format.content_type())], body).into_response()
}

/// A body of which nothing was taken: problem details (RFC 9457).
pub(super) fn unreadable(told: &[Told], request_id: &str) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let body = json!({
        "type": "about:blank",
        "title": "The document cannot be read",
        "status": status.as_u16(),
        "detail": "Nothing of it was saved. Correct it and send it again.",
        "request_id": request_id,
        "problems": told.iter().map(told_json).collect::<Vec<_>>(),
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

fn record_json(record: &Settled) -> Value {
    let mut answer = json!({
        "number": record.number,
        "line": record.line,
        "result": record.ending.label(),
    });
    if let Some(activity) = record.activity {
        answer["activityId"] = activity.to_string().into();
    }
    if !record.told.is_empty() {
        answer["problem"] = record.told.iter().map(told_json).collect();
    }
    answer
}

pub(super) fn told_json(told: &Told) -> Value {
    json!({
        "kind": kind(told),
        "code": told.code,
        "place": told.place,
        "field": told.field,
        "given": told.given,
        "message": told.message,
        "remedy": told.remedy,
    })
}

fn kind(told: &Told) -> &'static str {
    if told.is_warning { "warning" } else { "problem" }
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
                ("kind", kind(told)),
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

/// An element with a text; characters that XML cannot hold are left out.
fn element(xml: &mut String, name: &str, text: &str) {
    xml.push_str(&format!("<{name}>"));
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\n' | '\t' => xml.push(letter),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter < ' ' => {}
            letter => xml.push(letter),
        }
    }
    xml.push_str(&format!("</{name}>"));
}
