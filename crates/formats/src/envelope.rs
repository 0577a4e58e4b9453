//! What stands around the records of an old client's request: short values, such as credentials, and the document
//! without them.
//!
//! Credentials are cut out of the bytes before anybody else reads them, so that no file or log can hold them.
//! What surprises: a body that cannot be read ends the search and is no error here; whoever reads the records says
//! what is wrong with it.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements at which the records begin: nothing behind is looked at.
const RECORDS: [&str; 2] = ["activityreport", "medicaleducationmetrics"];
/// How deep values may stand, and how many are read at most.
const DEEPEST: usize = 8;
const MOST: usize = 64;
/// The longest value, in bytes.
const LONGEST: usize = 1_000;

/// A value around the records. Names and attributes are in small letters, without prefixes.
#[derive(Clone, PartialEq, Eq)]
pub struct Outside {
    pub name: String,
    /// The attribute `domain`, of identifiers.
    pub domain: String,
    pub text: String,
}

/// The values around the records, and the body without those whose names are in `cut`.
pub fn outside(body: &[u8], cut: &[&str]) -> (Vec<Outside>, Vec<u8>) {
    let mut found = Vec::new();
    let mut left = Vec::with_capacity(body.len());
    let mut kept_from = 0;
    let Ok(text) = std::str::from_utf8(body) else { return (found, body.to_vec()) };
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let before = usize::try_from(reader.buffer_position()).unwrap_or(body.len());
        let Ok(event) = reader.read_event() else { break };
        match event {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_ascii_lowercase();
                if RECORDS.contains(&name.as_str()) || open.len() >= DEEPEST || found.len() >= MOST {
                    break;
                }
                if let Some(parent) = open.last_mut() {
                    parent.is_group = true;
                }
                let attributes = tag.attributes().flatten();
                let domain = attributes.filter(|one| one.key.local_name().as_ref().eq_ignore_ascii_case("domain"));
                let domain = domain.map(|one| one.value.into_owned()).next();
                open.push(Open {
                    name,
                    domain: domain.unwrap_or_default(),
                    text: String::new(),
                    begins: before,
                    is_group: false,
                });
            }
            Event::Text(text) => {
                if let Some(last) = open.last_mut() {
                    last.add(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(last) = open.last_mut() {
                    last.add(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let named = quick_xml::escape::resolve_predefined_entity(&reference);
                let numbered = reference.resolve_char_ref().ok().flatten();
                if let Some(last) = open.last_mut() {
                    named.into_iter().for_each(|text| last.add(text));
                    numbered.into_iter().for_each(|letter| last.add(letter.encode_utf8(&mut [0; 4])));
                }
            }
            Event::End(_) => {
                let Some(done) = open.pop() else { break };
                let after = usize::try_from(reader.buffer_position()).unwrap_or(body.len());
                if done.is_group {
                    continue;
                }
                if cut.contains(&done.name.as_str()) {
                    left.extend_from_slice(body.get(kept_from..done.begins).unwrap_or_default());
                    kept_from = after;
                }
                found.push(Outside { name: done.name, domain: done.domain, text: done.text.trim().to_owned() });
            }
            Event::DocType(_) | Event::Eof => break,
            Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    left.extend_from_slice(body.get(kept_from..).unwrap_or_default());
    (found, left)
}

/// An element whose end has not come.
struct Open {
    name: String,
    domain: String,
    text: String,
    begins: usize,
    is_group: bool,
}

impl Open {
    fn add(&mut self, text: &str) {
        if self.text.len() + text.len() <= LONGEST {
            self.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: &[&str] = &["password", "user"];

    fn said(found: &[Outside]) -> Vec<String> {
        found.iter().map(|one| format!("{}={}{}", one.name, one.domain, one.text)).collect()
    }

    #[test]
    fn credentials_are_found_around_the_records_and_cut_out() {
        let body = b"<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"urn:x\"><s:Header><User> LMS &amp; Co </User>\
            <Password><![CDATA[crd_1]]></Password></s:Header><s:Body><ModuleID>202600001</ModuleID>\
            <UniqueID domain=\"CA\">A&#49;</UniqueID><ActivityReport><Password>kept</Password></ActivityReport>\
            <User>late</User></s:Body></s:Envelope>";
        let (found, left) = outside(body, CUT);
        assert_eq!(said(&found), ["user=LMS & Co", "password=crd_1", "moduleid=202600001", "uniqueid=CAA1"]);
        let left = String::from_utf8(left).unwrap();
        assert!(!left.contains("crd_1") && !left.contains("LMS") && left.contains("kept"), "{left}");
        assert!(
            left.starts_with("<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"urn:x\"><s:Header></s:Header>"),
            "{left}"
        );
    }

    #[test]
    fn a_body_that_is_none_is_left_as_it_is() {
        for body in ["", "no xml", "<a><b></a>", "<!DOCTYPE a><a><User>x</User></a>", "<a><User>x"] {
            let (found, left) = outside(body.as_bytes(), CUT);
            assert_eq!((found.len(), left), (0, body.as_bytes().to_vec()), "{body}");
        }
        let deep = format!("{}<User>x</User>", "<a>".repeat(100_000));
        assert!(outside(deep.as_bytes(), CUT).0.is_empty());
        let long = format!("<r><User>{}</User></r>", "x".repeat(5_000));
        assert_eq!(outside(long.as_bytes(), CUT).0.first().map(|one| one.text.len()), Some(0));
    }
}
