//! What a transcript says, in which order, and how it goes over pages.

use pdf::{Error, Row, transcript};

use crate::{assert_order, columns, pages, poppler, sample, structure, text, words};

/// Every text of the sample, in the order of the domain's description.
const IN_ORDER: [&str; 26] = [
    "Accredited Continuing Education Transcript",
    "Zoë Nguyễn-O’Brien, MD",
    "January 1, 2024 to December 31, 2025",
    "Licenses",
    "Medical Board of California, A 123456",
    "Tennessee Board, MD0000051234",
    "Certifications",
    "American Board of Anesthesiology, 0012-3456",
    "Total AMA PRA Category 1 Credits",
    "1,145.50",
    "Total ABA MOC/CC Points",
    "7.00",
    "Completion Date",
    "Activity",
    "Credits Earned",
    "12/28/2025",
    "Managing Sepsis in the First Hour: A Course for Emergency and Critical Care Teams",
    "Lakeshore Regional Health System",
    "7 AMA PRA Category 1 Credits",
    "7 ABA Points",
    "Patient Safety",
    "Accepted by ABA on 01/04/2026",
    "11/02/2025",
    "Grand Rounds: Dermatology University of Northfield School of Medicine",
    "1.25 AMA PRA Category 1 Credits *",
    "* Derived from MOC points.",
];

const FOOTER: [&str; 3] = [
    "Official transcript issued March 3, 2026, 4:15 PM CST",
    "Verify at https://credence.example/verify with code 7QXK-92MD-HT4B",
    "Page 1 of 1",
];

#[test]
fn extracted_text_follows_the_order_of_the_page_and_ends_with_the_footer() {
    let pdf = transcript(&sample()).unwrap();
    assert_order(&text(&pdf), &[IN_ORDER.as_slice(), &FOOTER].concat());
}

#[test]
fn columns_stay_beside_each_other_when_the_layout_is_kept() {
    let lines: Vec<String> = columns(&transcript(&sample()).unwrap()).lines().map(words).collect();
    for line in [
        "Total AMA PRA Category 1 Credits 1,145.50",
        "Completion Date Activity Credits Earned",
        "11/02/2025 Grand Rounds: Dermatology 1.25 AMA PRA Category 1 Credits *",
        "Official transcript issued March 3, 2026, 4:15 PM CST Page 1 of 1",
    ] {
        assert!(lines.iter().any(|known| known == line), "{line:?} is not one of {lines:#?}");
    }
}

#[test]
fn the_structure_tree_holds_everything_but_the_footer_in_order() {
    let structure = structure(&transcript(&sample()).unwrap());
    // Only the quoted strings are text; a paragraph of several lines has several.
    let heard: Vec<&str> =
        structure.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"')).collect();
    let heard = heard.join(" ");
    assert_order(&heard, &IN_ORDER);
    for footer in FOOTER {
        assert!(!heard.contains(footer), "{footer:?} is decoration");
    }
    let kinds: Vec<&str> = structure.lines().map(|line| line.trim().split([' ', ':']).next().unwrap()).collect();
    let count = |kind: &str| kinds.iter().filter(|known| **known == kind).count();
    assert_eq!(kinds[0], "Document");
    for (kind, expected) in
        [("H1", 1), ("Figure", 1), ("Table", 2), ("THead", 1), ("TBody", 1), ("TR", 5), ("TH", 5), ("TD", 8)]
    {
        assert_eq!(count(kind), expected, "{kind} in:\n{structure}");
    }
    assert_eq!(structure.matches("/Scope /Column").count(), 3);
    assert_eq!(structure.matches("/Scope /Row").count(), 2);
}

#[test]
fn a_row_with_empty_cells_keeps_its_three_cells() {
    let mut gaps = sample();
    gaps.rows = vec![Row { title: "Only a title".to_owned(), ..Row::default() }];
    gaps.totals.clear();
    let structure = structure(&transcript(&gaps).unwrap());
    assert_eq!(structure.lines().filter(|line| line.trim() == "TD").count(), 3, "{structure}");
}

#[test]
fn the_file_says_that_it_is_accessible_titled_and_in_english() {
    let pdf = transcript(&sample()).unwrap();
    let info = words(&poppler("pdfinfo", &["{}"], &pdf));
    assert!(info.contains("Tagged: yes"), "{info}");
    assert!(info.contains("Page size: 612 x 792 pts (letter)"), "{info}");
    let title = "Title: Accredited Continuing Education Transcript: Zoë Nguyễn-O’Brien, MD";
    assert!(info.contains(title), "{info}");
    let metadata = words(&poppler("pdfinfo", &["-meta", "{}"], &pdf));
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    let raw = String::from_utf8_lossy(&pdf);
    assert!(raw.contains("/Lang(en-US)") && raw.contains("/DisplayDocTitle true"));
    let alt = "QR code to verify this document at https://credence.example/verify with code 7QXK-92MD-HT4B";
    assert!(raw.contains(&format!("/Alt({alt})")), "the figure has its text");
}

#[test]
fn all_fonts_are_embedded_and_their_letters_known() {
    let fonts = poppler("pdffonts", &["{}"], &transcript(&sample()).unwrap());
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(rows.len(), 2, "{fonts}");
    for row in rows {
        assert!(row.contains("NotoSans") && words(row).contains("Identity-H yes yes yes"), "{row}");
    }
}

#[test]
fn the_same_transcript_gives_the_same_bytes() {
    let first = transcript(&sample()).unwrap();
    let elsewhere = std::thread::spawn(|| transcript(&sample()).unwrap()).join().unwrap();
    assert_eq!(first, elsewhere);
    let mut other = sample();
    other.rows[0].credits[0] = "8 AMA PRA Category 1 Credits".to_owned();
    assert_ne!(first, transcript(&other).unwrap());
}

#[test]
fn a_transcript_without_credits_says_so_on_one_page() {
    let mut empty = sample();
    empty.rows.clear();
    empty.totals.clear();
    empty.licenses.clear();
    empty.certifications.clear();
    let pdf = transcript(&empty).unwrap();
    assert_eq!(pages(&pdf).len(), 1);
    assert_order(&text(&pdf), &["Zoë", "No credits are recorded for this range.", "Page 1 of 1"]);
    let structure = structure(&pdf);
    assert!(!structure.contains("Table") && !structure.contains("Licenses"), "{structure}");
}

#[test]
fn four_hundred_rows_fill_numbered_pages_and_no_row_is_torn() {
    let mut long = sample();
    long.rows = (0..400).map(marked_row).collect();
    let pdf = transcript(&long).unwrap();
    let pages = pages(&pdf);
    assert!((25..80).contains(&pages.len()), "{} pages", pages.len());
    let mut seen = 0;
    for (index, page) in pages.iter().enumerate() {
        let number = format!("Page {} of {}", index + 1, pages.len());
        assert!(page.contains(&number) && page.contains("Official transcript issued"), "{page}");
        let running = "Accredited Continuing Education Transcript · Zoë Nguyễn-O’Brien, MD";
        assert_eq!(page.contains(running), index > 0, "{page}");
        assert!(page.contains("Completion Date") && page.contains("Credits Earned"), "{page}");
        while page.contains(&format!("begin{seen}.")) {
            for mark in ["date", "provider", "credit", "end"] {
                assert!(page.contains(&format!("{mark}{seen}.")), "{mark} of row {seen} is on another page");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 400);
    let structure = structure(&pdf);
    assert_eq!(structure.matches("Completion Date").count(), 1, "repeated headings are decoration");
    assert_eq!(structure.matches("Page 2 of").count(), 0);
}

/// A row whose first and last lines carry its number; heights differ from row to row.
fn marked_row(number: usize) -> Row {
    Row {
        date: format!("date{number}."),
        title: format!("begin{number}. {}", "advances in medicine ".repeat(number % 11)),
        provider: format!("provider{number}."),
        credits: vec![format!("credit{number}."); 1 + number % 4],
        status: vec![format!("end{number}.")],
    }
}

#[test]
fn a_row_taller_than_a_page_goes_on_without_losing_a_word() {
    let mut tall = sample();
    let title: Vec<String> = (0..3_000).map(|i| format!("word{i}")).collect();
    tall.rows[0].title = title.join(" ");
    tall.rows[0].credits = (0..200).map(|i| format!("{i} Points")).collect();
    let pdf = transcript(&tall).unwrap();
    assert!(pages(&pdf).len() > 5);
    let text = words(&text(&pdf));
    let missing = title.iter().filter(|word| !text.contains(*word)).count();
    assert_eq!(missing, 0);
    assert!((0..200).all(|i| text.contains(&format!("{i} Points"))));
    assert!(text.contains("Grand Rounds: Dermatology"), "the next row follows");
}

#[test]
fn lists_longer_than_a_page_go_on_to_the_next() {
    let mut many = sample();
    many.licenses = (0..120).map(|i| format!("License number {i}.")).collect();
    many.totals = (0..60).map(|i| (format!("Total {i}. Points"), format!("{i}.25"))).collect();
    let pdf = transcript(&many).unwrap();
    let text = text(&pdf);
    assert!(pages(&pdf).len() >= 4);
    for i in 0..120 {
        assert!(text.contains(&format!("License number {i}.")), "license {i}");
    }
    for i in 0..60 {
        assert!(text.contains(&format!("Total {i}. Points")) && text.contains(&format!("{i}.25")), "total {i}");
    }
}

#[test]
fn an_address_that_no_qr_code_holds_is_an_error() {
    let mut long = sample();
    long.verify_address = "https://credence.example/".repeat(200);
    assert!(matches!(transcript(&long), Err(Error::QrCode(_))));
}
