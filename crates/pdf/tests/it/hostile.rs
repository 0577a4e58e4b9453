//! Texts that providers' files bring along: none makes a PDF fail, none is dropped without a sign, and none changes how
//! the text around it reads.

use pdf::{Row, Transcript, transcript};
use proptest::prelude::*;

use crate::{sample, text, words};

fn with_title(title: &str) -> String {
    let mut one = sample();
    one.rows[0].title = format!("<{title}>");
    words(&text(&transcript(&one).unwrap()))
}

#[test]
fn names_with_accents_are_extracted_as_they_were_given() {
    for name in [
        "Łukasz Żółciński",
        "Şerife Yıldız-Çağlar",
        "Đặng Thị Hồng Nhung",
        "Siân Ó Súilleabháin",
        "José Ñáñez",
        "Ḥusayn al-Bīrūnī",
        "Nguye\u{302}\u{303}n",
        "Ωμέγα Жуковский",
    ] {
        let composed: String = unicode_normalization::UnicodeNormalization::nfc(name).collect();
        let text = with_title(name);
        assert!(text.contains(&format!("<{composed}>")), "{name:?} in {text}");
    }
}

#[test]
fn what_cannot_be_printed_is_replaced_where_it_can_be_seen() {
    for (title, printed) in [
        ("nul\0", "nul�"),
        ("bell\u{7}escape\u{1b}[31m", "bell�escape�[31m"),
        ("emoji 💊 here", "emoji � here"),
        ("\u{5d3}\u{5d5}\u{5d3}", "���"),
        ("price\u{202e}00.1$", "price�00.1$"),
        ("O₂", "O2"),
        ("tab\tand\nline", "tab and line"),
        ("\u{feff}mark", "mark"),
        ("</P> & <script> (a\\) endstream", "</P> & <script> (a\\) endstream"),
    ] {
        let text = with_title(title);
        assert!(text.contains(&format!("<{printed}>")), "{title:?} in {text}");
    }
}

#[test]
fn a_word_without_end_is_broken_and_none_of_it_lost() {
    let text = with_title(&"§".repeat(5_000));
    assert_eq!(text.matches('§').count(), 5_000);
}

#[test]
fn a_transcript_of_empty_texts_is_made_all_the_same() {
    let mut nothing = Transcript::default();
    assert!(transcript(&nothing).is_ok());
    nothing.rows = vec![Row::default(); 100];
    nothing.totals = vec![Default::default(); 3];
    nothing.licenses = vec![String::new(); 3];
    nothing.notes = vec!["\0".to_owned(), " ".to_owned()];
    assert!(transcript(&nothing).is_ok());
}

fn any_row() -> impl Strategy<Value = Row> {
    let lines = || prop::collection::vec(any::<String>(), 0..4);
    (any::<String>(), any::<String>(), any::<String>(), lines(), lines())
        .prop_map(|(date, title, provider, credits, status)| Row { date, title, provider, credits, status })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_in_any_place_gives_a_readable_pdf(
        texts in prop::collection::vec("\\PC{0,60}|[\\PC\\x00-\\x1f\u{200b}-\u{206f}\u{300}-\u{310}]{0,60}", 6),
        lines: Vec<String>,
        rows in prop::collection::vec(any_row(), 0..4),
    ) {
        let hostile = Transcript {
            heading: texts[0].clone(),
            physician: texts[1].clone(),
            range: texts[2].clone(),
            licenses: lines.clone(),
            certifications: lines.clone(),
            totals: lines.iter().map(|line| (line.clone(), line.clone())).collect(),
            rows,
            issued: texts[3].clone(),
            verify_address: texts[4].clone(),
            verify_code: texts[5].clone(),
            notes: lines,
        };
        let pdf = transcript(&hostile);
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
        prop_assert!(text(&pdf.unwrap_or_default()).contains("Page 1 of "));
    }
}
