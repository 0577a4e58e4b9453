//! Documents made to hurt: refused with what is wrong and where; one bad report costs only itself.

use domain::{Code, Place};

use super::by_hand::{json, xml};
use crate::sample::{read_bytes, read_whole, row};

/// The code, place and words by which a document ends.
fn stopped(bytes: &[u8]) -> (Code, String, String) {
    let problem = match read_bytes(bytes) {
        Err(problems) => problems[0].clone(),
        Ok(outcome) => {
            outcome.fault.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&bytes[..200.min(bytes.len())])))
        }
    };
    assert!(problem.message().len() < 600, "{}", problem.message());
    assert_eq!(problem.place, Place::File);
    (problem.code, problem.at.clone(), problem.message())
}

#[test]
fn xml_that_is_more_than_data_is_refused_with_its_place() {
    let good = xml(&[row(&[])]);
    let bare = good.split_once("?>").unwrap().1;
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    for (text, code, place) in [
        (format!("<!DOCTYPE ACCMELearnerReports>{bare}"), Code::DocumentType, "line 1, column 1"),
        (format!("{bomb}{bare}"), Code::DocumentType, "line 1, column 1"),
        (
            format!("<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'>{bare}"),
            Code::DocumentType,
            "line 2, column 1",
        ),
        (good.replace("Muñoz", "&b;"), Code::EntityUnknown, "line 5, column "),
        (good.replace("Muñoz", "\u{1}"), Code::ControlCharacter, "line 5, column "),
        (format!("<ACCMELearnerReports>{}", "<a>".repeat(200_000)), Code::DocumentTooDeep, "line 1, column "),
        (format!("<ActivityReport>{}", "<a>".repeat(200_000)), Code::DocumentTooDeep, "line 1, column "),
        (format!("{good}<ACCMELearnerReports/>"), Code::SecondRoot, "line 8, column 1"),
        (good.replace("</ACCMELearnerReports>", ""), Code::DocumentTruncated, "line "),
        (good.replace("</GivenName>", "</Name>"), Code::DocumentMalformed, "line 5, column "),
        (good.replace("UTF-8", "UTF-16"), Code::EncodingWrong, "line 1, column 1"),
        (good.replace("UTF-8", "Shift_JIS"), Code::EncodingWrong, "line 1, column 1"),
        (format!("<ACCMELearnerReports><!-- {} -->", "x".repeat(2 << 20)), Code::DocumentMalformed, "line 1, column "),
        ("<ACCMEActivities/>".into(), Code::NoRows, ""),
        ("<ACCMELearnerReports/>".into(), Code::NoRows, ""),
    ] {
        let (found, at, message) = stopped(text.as_bytes());
        let start: String = text.chars().take(120).collect();
        assert_eq!(found, code, "{start}: {message}");
        assert!(at.starts_with(place), "{start}: {at}");
    }
    let (.., message) = stopped(b"<ACCMEActivities/>");
    assert_eq!(message, "The document begins with ACCMEActivities and holds no ActivityReport.");
    let latin: Vec<u8> = good.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let (code, at, message) = stopped(&latin);
    assert_eq!((code, at.starts_with("line 5, column ")), (Code::EncodingWrong, true), "{at}");
    assert!(message.starts_with("The document has bytes that are not UTF-8. It stands at line 5"), "{message}");
    let honest = good.replace("UTF-8", "windows-1252");
    let honest: Vec<u8> = honest.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    assert_eq!(read_whole(&honest).reports()[0].learner.last, "Muñoz");
}

#[test]
fn json_that_is_not_json_is_refused_with_its_place() {
    let good = json(&[row(&[])]);
    for (text, code, place) in [
        (format!("{good}{good}"), Code::SecondRoot, "line "),
        (good.replace("\"Ana\"", "Ana"), Code::DocumentMalformed, "line "),
        (good.replace("\"Ana\"", "\"\\x\""), Code::DocumentMalformed, "line "),
        (good.replace("\"Ana\"", "01"), Code::DocumentMalformed, "line "),
        (good.replace("\"Ana\"", "\"\u{1}\""), Code::ControlCharacter, "line "),
        (good.trim_end().trim_end_matches('}').to_owned(), Code::DocumentTruncated, "line "),
        ("[".repeat(200_000), Code::DocumentTooDeep, "line 1, column 33"),
        (
            format!("{{\"ActivityReport\":[{{\"a\":{}", "{\"a\":".repeat(200_000)),
            Code::DocumentTooDeep,
            "line 1, column ",
        ),
        ("{\"a\":1,\"a\":2}".to_owned(), Code::KeyRepeated, "line 1, column 8, /a"),
        ("{\"a\":[1]}".to_owned(), Code::NoRows, ""),
    ] {
        let (found, at, message) = stopped(text.as_bytes());
        let start: String = text.chars().take(80).collect();
        assert_eq!(found, code, "{start}: {message}");
        assert!(at.starts_with(place), "{start}: {at}");
    }
}

#[test]
fn huge_numbers_are_values_like_any_other() {
    for (number, code) in
        [("1e400", Code::AmountTooLarge), ("1e-400", Code::AmountNotAQuarter), ("-0", Code::AmountNotPositive)]
    {
        let text = json(&[row(&[("Number of CME Credits", "1.25")])]).replacen("\"1.25\"", number, 1);
        assert_eq!(read_whole(text.as_bytes()).codes(), [[code]], "{number}");
    }
    let digits = "9".repeat(100_000);
    let text = json(&[row(&[])]).replacen("\"1.25\"", &digits, 1);
    let outcome = read_whole(text.as_bytes());
    assert!(!outcome.codes()[0].is_empty());
    assert!(outcome.rows[0].cells.iter().all(|cell| cell.len() < 1_000));
}

#[test]
fn one_wrong_report_of_a_thousand_costs_only_itself() {
    let mut rows = vec![row(&[]); 1_000];
    rows[499] = row(&[("Date of Birth", "13/45")]);
    for (text, path) in [(xml(&rows), "ActivityReport[500]/"), (json(&rows), "ActivityReport/499/")] {
        let outcome = read_whole(text.as_bytes());
        let reports = outcome.reports();
        let refused: Vec<usize> = (0..1_000).filter(|nth| !reports[*nth].problems.is_empty()).collect();
        assert_eq!((reports.len(), refused), (1_000, vec![499]));
        let mut problems = reports[499].problems.clone();
        outcome.rows[499].place(&mut problems);
        assert!(problems[0].at.contains(path), "{}", problems[0].at);
    }
}

#[test]
fn reports_before_a_break_are_good_and_the_break_is_named() {
    let rows = vec![row(&[]); 1_000];
    let whole = xml(&rows);
    let cut = whole.match_indices("<FamilyName>").nth(499).unwrap().0;
    let broken = read_bytes(format!("{}<oops/></Wrong>", &whole[..cut]).as_bytes()).unwrap();
    assert_eq!(broken.rows.len(), 499);
    let fault = broken.fault.unwrap();
    assert_eq!(fault.code, Code::DocumentMalformed);
    assert!(fault.at.starts_with("line 504, column ") && fault.at.contains("ActivityReport[500]"), "{}", fault.at);
    let whole = json(&rows);
    let cut = whole.match_indices("\"FamilyName\"").nth(499).unwrap().0;
    let broken = read_bytes(&whole.as_bytes()[..cut]).unwrap();
    assert_eq!((broken.rows.len(), broken.fault.unwrap().code), (499, Code::DocumentTruncated));
}

#[test]
fn a_report_with_too_much_in_it_costs_only_itself() {
    let many = "<Title>x</Title>".repeat(6_000);
    let rows = [row(&[]), row(&[("Last Name", "MANY")]), row(&[])];
    let outcome = read_whole(xml(&rows).replace("<FamilyName>MANY", &format!("{many}<FamilyName>Many")).as_bytes());
    let codes = outcome.codes();
    assert!(codes[1].contains(&Code::TooManyValues), "{codes:?}");
    assert!(codes[0].is_empty() && codes[2].is_empty());
    let long = xml(&rows).replace("MANY", &"x".repeat(200_000));
    let codes = read_whole(long.as_bytes()).codes();
    assert!(codes[1].contains(&Code::ValueTooLong) && codes[2].is_empty(), "{codes:?}");
}
