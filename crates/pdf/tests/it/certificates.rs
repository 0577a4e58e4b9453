//! The certificate of one completion.

use pdf::{Certificate, certificate};

use crate::{assert_order, pages, poppler, sample, structure, text, words};

fn example() -> Certificate {
    let transcript = sample();
    let row = transcript.rows[0].clone();
    Certificate {
        heading: "Certificate of Completion".to_owned(),
        physician: transcript.physician,
        title: row.title,
        provider: row.provider,
        date: "December 28, 2025".to_owned(),
        credits: row.credits,
        issued: transcript.issued,
        verify_address: transcript.verify_address,
        verify_code: transcript.verify_code,
        notes: vec!["Lakeshore Regional Health System is an accredited provider.".to_owned()],
    }
}

const IN_ORDER: [&str; 11] = [
    "Certificate of Completion",
    "Zoë Nguyễn-O’Brien, MD",
    "Managing Sepsis in the First Hour: A Course for Emergency and Critical Care Teams",
    "Lakeshore Regional Health System",
    "December 28, 2025",
    "7 AMA PRA Category 1 Credits",
    "7 ABA Points",
    "Patient Safety",
    "Lakeshore Regional Health System is an accredited provider.",
    "Official certificate issued March 3, 2026, 4:15 PM CST",
    "Verify at https://credence.example/verify with code 7QXK-92MD-HT4B",
];

#[test]
fn a_certificate_is_one_tagged_landscape_page_in_reading_order() {
    let pdf = certificate(&example()).unwrap();
    let info = words(&poppler("pdfinfo", &["{}"], &pdf));
    for fact in ["Tagged: yes", "Pages: 1", "Page size: 792 x 612 pts (letter)"] {
        assert!(info.contains(fact), "{fact} is not in {info}");
    }
    assert_order(&text(&pdf), &IN_ORDER);
    assert_eq!(structure(&pdf).matches("H1").count(), 1);
    assert_eq!(pdf, certificate(&example()).unwrap());
}

#[test]
fn long_texts_go_on_to_a_second_page() {
    let mut long = example();
    long.title = "Advances in medicine ".repeat(60);
    long.credits = (0..30).map(|i| format!("{i}. Points")).collect();
    let pdf = certificate(&long).unwrap();
    let text = text(&pdf);
    assert!(pages(&pdf).len() > 1);
    assert!((0..30).all(|i| text.contains(&format!("{i}. Points"))), "{text}");
}

#[test]
fn a_certificate_of_empty_texts_is_made_all_the_same() {
    assert!(certificate(&Certificate::default()).is_ok());
}
