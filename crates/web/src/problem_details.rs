//! Problem details (RFC 9457) as text: JSON, or the XML of the RFC's appendix for those who accept that
//! first. Both say the same.

use axum::http::{HeaderMap, header};
use serde_json::Value;

const NAMESPACE: &str = "urn:ietf:rfc:7807";

/// Content type and text of details in the format that the caller accepts.
pub(crate) fn written(details: &Value, headers: &HeaderMap) -> (&'static str, String) {
    if !wants_xml(headers) {
        return ("application/problem+json", details.to_string());
    }
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"{NAMESPACE}\">");
    inside(&mut xml, details);
    xml.push_str("</problem>\n");
    ("application/problem+xml", xml)
}

/// Whether XML is the first of what is accepted; JSON where nothing is said.
fn wants_xml(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accepted.split(',').find_map(|media| {
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media.rsplit(['/', '+']).next() {
            Some("json" | "*") => Some(false),
            Some("xml") if media != "application/xhtml+xml" => Some(true),
            _ => None,
        }
    });
    first.unwrap_or(false)
}

/// Members are elements of their names, items of a list are `i`.
fn inside(xml: &mut String, value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| element(xml, name, member)),
        Value::Array(items) => items.iter().for_each(|item| element(xml, "i", item)),
        Value::String(text) => escaped(xml, text),
        Value::Null => {}
        other => xml.push_str(&other.to_string()),
    }
}

fn element(xml: &mut String, name: &str, value: &Value) {
    xml.push_str(&format!("<{name}>"));
    inside(xml, value);
    xml.push_str(&format!("</{name}>"));
}

/// A text between tags; characters that XML cannot hold are left out.
pub(crate) fn escaped(xml: &mut String, text: &str) {
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
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn accepting(accept: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))])
    }

    #[test]
    fn xml_is_written_for_those_who_accept_it_first() {
        let details = json!({ "title": "a < b\u{1}", "status": 422, "errors": [{ "field": "x" }, { "field": "y" }] });
        let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\">\
                   <errors><i><field>x</field></i><i><field>y</field></i></errors><status>422</status>\
                   <title>a &lt; b</title></problem>\n";
        for accept in ["application/xml", "text/xml;q=0.9, */*", "text/html, application/problem+xml"] {
            assert_eq!(written(&details, &accepting(accept)), ("application/problem+xml", xml.to_owned()), "{accept}");
        }
        for accept in ["", "*/*", "application/json, application/xml", "text/html,application/xhtml+xml,image/*"] {
            assert_eq!(written(&details, &accepting(accept)).0, "application/problem+json", "{accept}");
        }
    }
}
