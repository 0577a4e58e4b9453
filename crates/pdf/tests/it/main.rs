//! The PDFs as other programs see them: every test hands the bytes to poppler's tools (`pdftotext`, `pdfinfo`,
//! `pdffonts`; Debian package poppler-utils) and reads what they say. Without those tools the tests fail.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a fixture that cannot be made fails its test")]

mod certificates;
mod hostile;
mod transcripts;

use std::io::Write;
use std::process::Command;

use pdf::{Row, Transcript};

/// What a tool of poppler prints about a PDF. `{}` among the arguments stands for the file.
fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let path = file.path().to_str().unwrap();
    let arguments = arguments.iter().map(|argument| if *argument == "{}" { path } else { argument });
    let output = match Command::new(tool).args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("{tool} does not run ({error}): install poppler-utils"),
    };
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text in reading order as poppler guesses it from positions.
fn text(pdf: &[u8]) -> String {
    poppler("pdftotext", &["{}", "-"], pdf)
}

/// The text with its columns kept beside each other.
fn columns(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-layout", "{}", "-"], pdf)
}

/// The texts of the pages.
fn pages(pdf: &[u8]) -> Vec<String> {
    text(pdf).strip_suffix('\u{c}').unwrap().split('\u{c}').map(str::to_owned).collect()
}

/// The structure tree as assistive technology hears it.
fn structure(pdf: &[u8]) -> String {
    poppler("pdfinfo", &["-struct-text", "{}"], pdf)
}

/// All words of a text, separated by one space: how lines were broken does not matter.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fails unless the pieces stand in the text in this order.
fn assert_order(text: &str, pieces: &[&str]) {
    let text = words(text);
    let mut from = 0;
    for piece in pieces {
        match text[from..].find(piece) {
            Some(position) => from += position + piece.len(),
            None => panic!("{piece:?} does not follow in:\n{text}"),
        }
    }
}

fn sample() -> Transcript {
    let strings = |list: &[&str]| list.iter().map(|text| text.to_string()).collect::<Vec<_>>();
    Transcript {
        heading: "Accredited Continuing Education Transcript".to_owned(),
        physician: "Zoë Nguyễn-O’Brien, MD".to_owned(),
        range: "January 1, 2024 to December 31, 2025".to_owned(),
        licenses: strings(&["Medical Board of California, A 123456", "Tennessee Board, MD0000051234"]),
        certifications: strings(&["American Board of Anesthesiology, 0012-3456"]),
        totals: vec![
            ("Total AMA PRA Category 1 Credits".to_owned(), "1,145.50".to_owned()),
            ("Total ABA MOC/CC Points".to_owned(), "7.00".to_owned()),
        ],
        rows: vec![
            Row {
                date: "12/28/2025".to_owned(),
                title: "Managing Sepsis in the First Hour: A Course for Emergency and Critical Care Teams".to_owned(),
                provider: "Lakeshore Regional Health System".to_owned(),
                credits: strings(&["7 AMA PRA Category 1 Credits", "7 ABA Points", "Patient Safety"]),
                status: strings(&["Accepted by ABA on 01/04/2026"]),
            },
            Row {
                date: "11/02/2025".to_owned(),
                title: "Grand Rounds: Dermatology".to_owned(),
                provider: "University of Northfield School of Medicine".to_owned(),
                credits: strings(&["1.25 AMA PRA Category 1 Credits *"]),
                status: Vec::new(),
            },
        ],
        issued: "March 3, 2026, 4:15 PM CST".to_owned(),
        verify_address: "https://credence.example/verify".to_owned(),
        verify_code: "7QXK-92MD-HT4B".to_owned(),
        notes: strings(&["* Derived from MOC points."]),
    }
}
