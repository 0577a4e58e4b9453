//! Every letter of the system, with contents as hostile as a person can type: subject, text, HTML and headers.

use std::collections::BTreeSet;
use std::path::Path;

use app::letters::{Foreign, Written, render, samples};
use app::mail::{Letter, message, queue};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use store::mails::Mail;
use testkit::TestApp;
use uuid::Uuid;

fn hostile() -> Foreign {
    let nasty = "Zoë \u{202E}\"><script>alert(1)</script>\r\nBcc: everybody@evil.example\n\nhttps://evil.example/x?a=1&b=2 {{7*7}} \0";
    Foreign {
        person: nasty.into(),
        organization: format!("{nasty} & Sons"),
        title: nasty.repeat(4),
        message: format!("{nasty}\n<img src=\"http://evil.example/pixel.gif\">\nhttp://evil.example\n"),
    }
}

/// What an XML reader sees of a letter: its texts and the links' addresses. It must be well formed.
fn read(html: &str) -> (String, Vec<String>) {
    let mut reader = Reader::from_str(html);
    reader.config_mut().check_end_names = true;
    let (mut texts, mut links, mut open) = (String::new(), Vec::new(), 0_i32);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}\n{html}")) {
            Event::Start(element) => {
                open += 1;
                links.extend(look_at(&element));
            }
            Event::Empty(element) => links.extend(look_at(&element)),
            Event::End(_) => open -= 1,
            Event::Text(text) => texts.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().unwrap();
                let named = quick_xml::escape::resolve_predefined_entity(&reference.xml10_content());
                let known = character.map(String::from).or(named.map(str::to_owned));
                texts.push_str(&known.unwrap_or_else(|| panic!("an unknown reference: {html}")));
            }
            Event::Eof => break,
            Event::DocType(_) | Event::Comment(_) | Event::CData(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    assert_eq!(open, 0, "every element is closed: {html}");
    (texts, links)
}

/// The address of a link; nothing that loads from elsewhere is allowed.
fn look_at(element: &BytesStart<'_>) -> Option<String> {
    let name = element.name().as_ref().to_owned();
    let known = [
        "html",
        "head",
        "div",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "h1",
        "h2",
        "p",
        "a",
        "ul",
        "li",
        "br",
        "span",
        "blockquote",
    ];
    assert!(known.contains(&name.as_str()), "a letter holds no {name}");
    let mut link = None;
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        let value = attribute.normalized_value(quick_xml::XmlVersion::default()).unwrap().into_owned();
        assert!(!key.starts_with("on") && key != "src" && key != "background", "{key}=\"{value}\"");
        assert!(!value.contains("url("), "nothing is loaded: {value}");
        if key == "href" {
            assert_eq!(name, "a");
            link = Some(value);
        }
    }
    link
}

#[tokio::test]
async fn every_letter_is_whole_whatever_people_type() {
    let test = TestApp::new().await;
    let app = &test.app;
    let base = app.config.link("/");
    for foreign in [Foreign::default(), hostile()] {
        for letter in samples(app, &foreign) {
            let at = format!("{}: {}", letter.kind, letter.subject);
            assert!(!letter.subject.is_empty() && !letter.subject.contains(['\r', '\n', '\0']), "{at}");
            assert!(letter.subject.chars().count() <= 201, "{at}");
            let rendered = render(app, &letter).unwrap();
            let (texts, links) = read(&rendered.html);
            assert!(!links.is_empty(), "{at}: there is a way to us");
            for link in &links {
                assert!(link.starts_with(&base), "{at} leads to {link}");
                assert!(!link.ends_with('/') || link == &base, "{at} leads to {link}, which lacks its end");
                assert_eq!(link.matches("//").count(), 1, "{link}");
            }
            assert!(
                !letter.why.is_empty() && rendered.text.contains(&letter.why) && texts.contains(&letter.why),
                "{at}"
            );
            for part in [&rendered.text, &texts] {
                assert!(!part.contains("{}") && !part.contains("  ,") && !part.contains(" .\n"), "{at}: {part}");
                assert!(!part.contains(['\0', '\r', '\u{202E}']), "{at}");
            }
            // each address of ours that the HTML has stands in the text too, and nobody else's does as an address
            for link in links.iter().filter(|link| **link != base) {
                assert!(rendered.text.contains(link.as_str()), "{at} lacks {link}: {}", rendered.text);
            }
            if letter.kind != "license-audit" && letter.kind != "words" && letter.kind != "notice" {
                assert!(!rendered.text.contains("https://evil") && !rendered.text.contains("http://evil"), "{at}");
            }
            assert!(letter.end.is_empty() || links.contains(&letter.end), "{at} says how it ends");
        }
    }
}

#[tokio::test]
async fn every_kind_of_letter_is_among_the_samples() {
    let test = TestApp::new().await;
    let known: BTreeSet<&str> = samples(&test.app, &Foreign::default()).iter().map(|letter| letter.kind).collect();
    let mut written = BTreeSet::new();
    kinds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
    assert!(written.len() > 20, "{written:?}");
    let missing: Vec<&String> = written.iter().filter(|kind| !known.contains(kind.as_str())).collect();
    assert!(missing.is_empty(), "put them into letters/samples.rs: {missing:?}");
}

/// The words that stand in `Written::new("...` and `of_words(app, "...`.
fn kinds(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kinds(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // what tests write is no letter of ours
            let text: String = text.split("#[cfg(test)]").next().unwrap_or_default().split_whitespace().collect();
            for begins in ["Written::new(\"", "of_words(app,\""] {
                found.extend(text.split(begins).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
}

fn letter(test: &TestApp, end: &str) -> Mail {
    let written = Written::new("news", "Zürich\r\nBcc: x@evil.example", "Zoë", "Why not").paragraph("Grüße");
    let written = written.ends(&test.app, "", end);
    let rendered = render(&test.app, &written).unwrap();
    Mail {
        mail_id: Uuid::from_u128(7),
        to_address: "alma@physician.example".into(),
        kind: written.kind.into(),
        subject: written.subject,
        body: rendered.text,
        html: rendered.html,
        unsubscribe: written.end,
        created_at: test.app.clock.now(),
        ..Mail::default()
    }
}

fn sent(test: &TestApp, mail: &Mail) -> String {
    let from = "Credence <mail@credence.example>".parse().unwrap();
    String::from_utf8(message(&test.app, mail, from).unwrap().formatted()).unwrap()
}

#[tokio::test]
async fn a_message_holds_both_parts_and_says_how_it_ends() {
    let test = TestApp::new().await;
    let end = format!("/unsubscribe/{}", "s".repeat(64));
    let whole = sent(&test, &letter(&test, &end));
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ");
    let header = |name: &str| {
        let found: Vec<&str> = unfolded.lines().filter_map(|line| line.strip_prefix(name)).collect();
        assert!(found.len() <= 1, "{name} twice: {head}");
        found.first().map(|value| value.trim().to_owned())
    };
    assert_eq!(header("List-Unsubscribe:"), Some(format!("<{}>", test.app.config.link(&end))), "{head}");
    assert_eq!(header("List-Unsubscribe-Post:").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert_eq!(header("Auto-Submitted:").as_deref(), Some("auto-generated"));
    assert_eq!(header("Message-ID:"), Some(format!("<{}@credence.example>", Uuid::from_u128(7))));
    assert_eq!(header("To:").as_deref(), Some("alma@physician.example"));
    assert_eq!(header("Bcc:"), None, "{head}");
    assert!(header("Content-Type:").unwrap().starts_with("multipart/alternative"), "{head}");
    let (plain, html) = (body.find("text/plain").unwrap(), body.find("text/html").unwrap());
    assert!(plain < html, "the richer part comes last");

    // a duty says nothing of the kind
    let whole = sent(&test, &letter(&test, ""));
    assert!(!whole.contains("List-Unsubscribe"), "{whole}");
    let nowhere = Mail { to_address: "nobody".into(), ..letter(&test, "") };
    assert!(message(&test.app, &nowhere, "mail@credence.example".parse().unwrap()).is_err());
}

#[tokio::test]
async fn plain_words_become_greeting_list_and_button() {
    let test = TestApp::new().await;
    let link = test.app.config.link("/help/requests/1");
    let body =
        format!("Hello Ann,\n\nIt is done.\nReally.\n\n- one\n- two\n\nRead it here:\n{link}\n\nOr there:\n{link}2\n");
    let mut tx = test.app.store.write().await.unwrap();
    queue(&test.app, &mut tx, "ann@clinic.example", &Letter::Words { subject: "Done", body: &body }).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = test.app.store.read().await.unwrap();
    let mail = store::mails::list_newest(&mut tx, 1).await.unwrap().remove(0);
    assert!(mail.body.starts_with(&body.trim_end().to_owned()), "{}", mail.body);
    let (texts, links) = read(&mail.html);
    assert!(texts.contains("Hello Ann,") && texts.contains("Read it here"), "{texts}");
    assert_eq!(links[1..3], [link.clone(), format!("{link}2")]);
    assert_eq!(mail.html.matches("class=\"button\"").count(), 1);
    assert_eq!((mail.kind.as_str(), mail.unsubscribe.as_str(), mail.can_wait), ("words", "", false));
}
