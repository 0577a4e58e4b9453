//! Documents of activities, XML and JSON, written record by record: nothing but one record is held.
//!
//! A control character, which XML cannot hold and no reader lets in, is left out.

use std::io::{self, Write};

use super::format::ActivityFormat;
use super::record::Record;
use super::tree_out::{Content, Out, tree};

/// Writes a document of activities.
pub struct DocumentWriter<W: Write> {
    to: W,
    is_xml: bool,
    written: u64,
}

impl<W: Write> DocumentWriter<W> {
    /// Begins a document. Anything but JSON is written as XML.
    pub fn begin(mut to: W, format: ActivityFormat) -> io::Result<Self> {
        let is_xml = format != ActivityFormat::Json;
        let start = if is_xml {
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ACCMEActivities>\n"
        } else {
            "{\"ACCMEActivities\":{\"MedicalEducationMetrics\":["
        };
        to.write_all(start.as_bytes())?;
        Ok(Self { to, is_xml, written: 0 })
    }

    /// Adds an activity; see [`super::record`].
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let content = Content::Group(tree(record));
        let mut text = String::new();
        if self.is_xml {
            let metrics = Out { name: "MedicalEducationMetrics", content, namespace: None };
            xml(&mut text, &metrics, "");
            text.push('\n');
        } else {
            text.push_str(if self.written > 0 { ",\n" } else { "\n" });
            json(&mut text, &content);
        }
        self.written += 1;
        self.to.write_all(text.as_bytes())
    }

    /// Ends the document and gives back what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        let end = if self.is_xml { "</ACCMEActivities>\n" } else { "\n]}}\n" };
        self.to.write_all(end.as_bytes())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// An element within one of the namespace `inherited`.
pub(crate) fn xml(text: &mut String, out: &Out, inherited: &'static str) {
    if let Content::Several(items) = &out.content {
        for item in items {
            element(text, out.name, item, out.namespace, inherited);
        }
    } else {
        element(text, out.name, &out.content, out.namespace, inherited);
    }
}

fn element(text: &mut String, name: &str, content: &Content, own: Option<&'static str>, inherited: &'static str) {
    let namespace = own.unwrap_or(inherited);
    text.push('<');
    text.push_str(name);
    if namespace != inherited {
        text.push_str(" xmlns=\"");
        text.push_str(namespace);
        text.push('"');
    }
    let empty: &[Out] = &[];
    let (attributes, inside) = match content {
        Content::Attributed(parts) => (parts.as_slice(), parts.as_slice()),
        Content::Group(parts) => (empty, parts.as_slice()),
        _ => (empty, empty),
    };
    for attribute in attributes.iter().filter(|part| part.name != "value") {
        text.push(' ');
        text.push_str(attribute.name);
        text.push_str("=\"");
        scalar(text, &attribute.content);
        text.push('"');
    }
    text.push('>');
    match content {
        Content::Attributed(_) => {
            for part in inside.iter().filter(|part| part.name == "value") {
                scalar(text, &part.content);
            }
        }
        Content::Group(_) => {
            for part in inside {
                xml(text, part, namespace);
            }
        }
        other => scalar(text, other),
    }
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

fn scalar(text: &mut String, content: &Content) {
    match content {
        Content::Text(value) | Content::Number(value) => escape(text, value),
        Content::Truth(answer) => text.push_str(if *answer { "true" } else { "false" }),
        _ => {}
    }
}

/// Good for text and attributes alike.
fn escape(text: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' => text.push_str("&#10;"),
            '\t' => text.push_str("&#9;"),
            '\r' => text.push_str("&#13;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter < ' ' => {}
            letter => text.push(letter),
        }
    }
}

pub(crate) fn json(text: &mut String, content: &Content) {
    match content {
        Content::Text(value) => json_text(text, value),
        Content::Number(value) => text.push_str(value),
        Content::Truth(answer) => text.push_str(if *answer { "true" } else { "false" }),
        Content::Null => text.push_str("null"),
        Content::Several(items) => {
            text.push('[');
            for (nth, item) in items.iter().enumerate() {
                if nth > 0 {
                    text.push(',');
                }
                json(text, item);
            }
            text.push(']');
        }
        Content::Group(parts) | Content::Attributed(parts) => {
            text.push('{');
            for (nth, part) in parts.iter().enumerate() {
                if nth > 0 {
                    text.push(',');
                }
                json_text(text, part.name);
                text.push(':');
                json(text, &part.content);
            }
            text.push('}');
        }
    }
}

fn json_text(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            letter if letter < ' ' => {}
            letter => text.push(letter),
        }
    }
    text.push('"');
}
