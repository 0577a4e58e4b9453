//! Documents made to hurt: each is refused with what is wrong and where, without much memory.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use formats::activities::{ActivityFormat, ActivityLimits, Code, SheetKind, open_document};
use formats::tree::DocumentLimits;

use super::{request, request_within, upload};

const START: &str = "<ACCMEActivities><MedicalEducationMetrics><Lom><general><title>";
const END: &str = "</title></general></Lom></MedicalEducationMetrics></ACCMEActivities>";

/// The code and the place by which a document ends.
fn stopped(bytes: &[u8], format: ActivityFormat) -> (Code, String, String) {
    let problem = match request(bytes, format) {
        Err(problems) => problems[0].clone(),
        Ok(outcome) => {
            outcome.fault.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&bytes[..200.min(bytes.len())])))
        }
    };
    assert!(problem.message().len() < 400);
    (problem.form().unwrap(), problem.place.to_string(), problem.message())
}

#[test]
fn xml_that_is_more_than_data_is_refused_with_its_place() {
    let deep = format!("<ACCMEActivities><MedicalEducationMetrics>{}", "<a>".repeat(200_000));
    let within = |text: &str| format!("{START}{text}{END}");
    let cases: &[(String, Code, &str)] = &[
        (format!("<!DOCTYPE ACCMEActivities>\n{START}{END}"), Code::DocumentType, "line 1, column 1"),
        (
            format!("<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"{}\">]>{START}&b;{END}", "x".repeat(1000)),
            Code::DocumentType,
            "line 2, column 1",
        ),
        (format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{START}{END}"), Code::DocumentType, "line 1, column 1"),
        (within("&b;"), Code::EntityUnknown, "line 1, column 64"),
        (within("\n\n&nbsp;"), Code::EntityUnknown, "line 3, column 1"),
        (
            "<ACCMEActivities><MedicalEducationMetrics x=\"&b;\"/></ACCMEActivities>".into(),
            Code::EntityUnknown,
            "line 1, column 18, /ACCMEActivities/MedicalEducationMetrics",
        ),
        (within("&#xD800;"), Code::DocumentMalformed, "line 1, column 64"),
        (within("\u{1}"), Code::ControlCharacter, "line 1, column 64"),
        (deep, Code::DocumentTooDeep, "line 1, column 133"),
        (format!("{START}T{END}\n<ACCMEActivities/>"), Code::SecondRoot, "line 2, column 1"),
        (format!("{START}T{END}\nthe end"), Code::DocumentMalformed, "line 1, column 133"),
        (format!("{START}T"), Code::DocumentTruncated, "line 1, column 65"),
        (format!("{START}T</titel>"), Code::DocumentMalformed, "line 1, column 65"),
        (format!("{START}T</title"), Code::DocumentTruncated, "line 1, column 65"),
        (format!("{START}<!-- "), Code::DocumentTruncated, "line 1, column 64"),
        (within("<a b='1' b='2'/>"), Code::DocumentMalformed, "line 1, column 64"),
        (within("<?xml version='1.0'?>"), Code::DocumentMalformed, "line 1, column 64"),
        ("\n \n".into(), Code::FileEmpty, ""),
        (String::new(), Code::FileEmpty, ""),
        ("no markup at all".into(), Code::DocumentMalformed, "line 1, column 1"),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>".into(), Code::EncodingWrong, "line 1, column 1"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><a/>".into(), Code::EncodingWrong, "line 1, column 1"),
        ("\u{FEFF}<?xml version='1.0' encoding='windows-1252'?><a/>".into(), Code::EncodingWrong, "line 1, column 1"),
        ("<ACCMELearnerReports/>".into(), Code::NoRows, ""),
        ("<ACCMEActivities/>".into(), Code::NoRows, ""),
    ];
    for (text, code, place) in cases {
        let (found, at, message) = stopped(text.as_bytes(), ActivityFormat::Xml);
        let start = &text[..text.char_indices().nth(120).map_or(text.len(), |(at, _)| at)];
        assert_eq!(found, *code, "{start}: {message}");
        assert!(at.starts_with(place), "{start}: {at}");
    }
    let latin = [START.as_bytes(), b"\nMu\xF1oz", END.as_bytes()].concat();
    let (code, place, message) = stopped(&latin, ActivityFormat::Xml);
    assert_eq!((code, place.starts_with("line 2, column 3")), (Code::EncodingWrong, true), "{place}");
    assert_eq!(message, "The document has bytes that are not UTF-8.");
    let (code, ..) = stopped(b"\xFF\xFE\0\0<\0\0\0a\0\0\0", ActivityFormat::Xml);
    assert_eq!(code, Code::EncodingWrong);
}

#[test]
fn json_that_is_not_json_is_refused_with_its_place() {
    let open = r#"{"MedicalEducationMetrics":[{"Lom":"#;
    let good = r#"{"MedicalEducationMetrics":[{"a":1}]}"#;
    let cases: &[(String, Code, &str)] = &[
        (String::new(), Code::FileEmpty, ""),
        ("  \n".into(), Code::FileEmpty, ""),
        ("1".into(), Code::DocumentMalformed, "line 1, column 1"),
        (good.replace("}]}", "}]},"), Code::SecondRoot, "line 1, column 38"),
        (format!("{good} x"), Code::DocumentMalformed, "line 1, column 39"),
        (format!("{good}\n{good}"), Code::SecondRoot, "line 2, column 1"),
        (good.replace("1}", "1,}"), Code::DocumentMalformed, "line 1, column 36"),
        (good.replace("1}", "01}"), Code::DocumentMalformed, "line 1, column 34"),
        (good.replace("1}", "+1}"), Code::DocumentMalformed, "line 1, column 34"),
        (good.replace("1}", "NaN}"), Code::DocumentMalformed, "line 1, column 34"),
        (good.replace("1}", "'x'}"), Code::DocumentMalformed, "line 1, column 34"),
        (good.replace("1}", "\"\\x\"}"), Code::DocumentMalformed, "line 1, column 37"),
        (good.replace("1}", "\"a\nb\"}"), Code::DocumentMalformed, "line 1, column 36"),
        (good.replace("1}", "\"\u{1}\"}"), Code::ControlCharacter, "line 1, column 35"),
        (good.replace("1}", "1 \"b\":2}"), Code::DocumentMalformed, "line 1, column 36, /MedicalEducationMetrics/0"),
        (good.replace("\"a\"", "a"), Code::DocumentMalformed, "line 1, column 30"),
        (good.replace("\"a\":", "\"a\""), Code::DocumentMalformed, "line 1, column 33, /MedicalEducationMetrics/0/a"),
        (open.into(), Code::DocumentTruncated, "line 1, column 36, /MedicalEducationMetrics/0/Lom"),
        (format!("{open}\"abc"), Code::DocumentTruncated, "line 1, column 36"),
        (format!("{open}{}", "[".repeat(200_000)), Code::DocumentTooDeep, "line 1, column 65"),
        (format!("{open}{}", "{\"a\":".repeat(200_000)), Code::DocumentTooDeep, "line 1, column"),
        ("[".repeat(200_000), Code::DocumentTooDeep, "line 1, column 33"),
        ("{\"a\":1,\"a\":2}".into(), Code::KeyRepeated, "line 1, column 8, /a"),
        ("{\"x\":[{\"y\":2}]}".into(), Code::NoRows, ""),
    ];
    for (text, code, place) in cases {
        let (found, at, message) = stopped(text.as_bytes(), ActivityFormat::Json);
        let start = &text[..text.len().min(80)];
        assert_eq!(found, *code, "{start}: {message}");
        assert!(at.starts_with(place), "{start}: {at}");
    }
    let latin = [open.as_bytes(), b"\"Mu\xF1oz\"}]}"].concat();
    let (code, place, _) = stopped(&latin, ActivityFormat::Json);
    assert_eq!((code, place.starts_with("line 1, column 39")), (Code::EncodingWrong, true), "{place}");
}

#[test]
fn a_record_with_too_much_in_it_costs_only_itself() {
    let limits = ActivityLimits {
        document: DocumentLimits { values: 20, text: 100, attributes: 3, ..DocumentLimits::default() },
        ..ActivityLimits::default()
    };
    let record = |inside: &str| {
        format!(
            "<MedicalEducationMetrics><Lom><general><title>T</title></general></Lom><healthcareMetadata>\
             <healthcareEducation><startDateTime>2026-03-01</startDateTime><endDateTime>2026-03-02</endDateTime>\
             <activityFormat>RSS</activityFormat></healthcareEducation></healthcareMetadata><XtensibleInfo>{inside}\
             </XtensibleInfo></MedicalEducationMetrics>"
        )
    };
    let many = "<CommendationTags>x</CommendationTags>".repeat(50);
    let long = format!("<UANPharmacy>{}</UANPharmacy>", "é&amp;".repeat(80));
    let attributes = "<REMS a='1' b='2' c='3' d='4'/>";
    let text = [record(""), record(&many), record(&long), record(attributes), record("")].concat();
    let outcome =
        request_within(format!("<ACCMEActivities>{text}</ACCMEActivities>").as_bytes(), ActivityFormat::Xml, &limits);
    let codes = |outcome: super::Outcome| -> Vec<Vec<&'static str>> {
        assert_eq!(outcome.fault, None);
        let readings = outcome.readings();
        readings.iter().map(|reading| reading.problems.iter().map(|problem| problem.code()).collect()).collect()
    };
    let wanted: [&[&str]; 5] = [&[], &["too_many_values"], &["value_too_long"], &["too_many_values"], &[]];
    assert_eq!(codes(outcome.unwrap()), wanted);

    let record = |inside: &str| {
        format!(
            r#"{{"Lom":{{"general":{{"title":"T"}}}},"healthcareMetadata":{{"healthcareEducation":{{"startDateTime":
            "2026-03-01","endDateTime":"2026-03-02","activityFormat":"RSS"}}}},"XtensibleInfo":{{{inside}}}}}"#
        )
    };
    let many = format!("\"CommendationTags\":[{}1]", "1,".repeat(50));
    let long = format!("\"UANPharmacy\":\"{}\"", "é\\u0041".repeat(80));
    let repeated = "\"UANPharmacy\":\"a\",\"UANPharmacy\":\"b\"";
    let text = [record(""), record(&many), record(&long), record(repeated), record("")].join(",");
    let text = format!(r#"{{"MedicalEducationMetrics":[{text}]}}"#);
    let wanted: [&[&str]; 5] = [&[], &["too_many_values"], &["value_too_long"], &["key_repeated"], &[]];
    assert_eq!(codes(request_within(text.as_bytes(), ActivityFormat::Json, &limits).unwrap()), wanted);
}

#[test]
fn what_is_held_to_find_its_end_is_bounded() {
    let limits = ActivityLimits {
        document: DocumentLimits { piece: 10_000, bytes: 1_000_000, ..DocumentLimits::default() },
        ..ActivityLimits::default()
    };
    let code = |text: String, format| match request_within(text.as_bytes(), format, &limits) {
        Err(problems) => problems[0].form().unwrap(),
        Ok(outcome) => outcome.fault.unwrap().form().unwrap(),
    };
    let long = "x".repeat(20_000);
    for text in [
        format!("<!DOCTYPE {long}"),
        format!("<!-- {long}"),
        format!("<ACCMEActivities a='{long}'/>"),
        format!("<{long}/>"),
        format!("{START}{long}{END}"),
        format!("{START}<![CDATA[{long}]]>{END}"),
    ] {
        assert_eq!(code(text, ActivityFormat::Xml), Code::DocumentMalformed);
    }
    let endless = format!("<ACCMEActivities>{}", "<a/>".repeat(500_000));
    assert_eq!(code(endless, ActivityFormat::Xml), Code::FileTooLarge);
    let endless = format!("{{\"a\":[{}", "1,".repeat(1_000_000));
    assert_eq!(code(endless, ActivityFormat::Json), Code::FileTooLarge);
}

/// A document without end that counts what was taken of it.
struct Endless {
    taken: Arc<AtomicUsize>,
    next: Vec<u8>,
    record: &'static str,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.next.is_empty() {
            self.next = self.record.as_bytes().to_vec();
        }
        let got = self.next.len().min(buf.len());
        buf[..got].copy_from_slice(&self.next[..got]);
        self.next.drain(..got);
        self.taken.fetch_add(got, Ordering::Relaxed);
        Ok(got)
    }
}

#[test]
fn a_record_is_handed_over_before_the_next_is_read() {
    for (format, start, record) in [
        (ActivityFormat::Xml, "<ACCMEActivities>", "<MedicalEducationMetrics><a>b</a></MedicalEducationMetrics>"),
        (ActivityFormat::Json, "{\"MedicalEducationMetrics\":[{}", ",{\"a\":\"b\"}"),
    ] {
        let taken = Arc::new(AtomicUsize::new(0));
        let endless = Endless { taken: Arc::clone(&taken), next: start.as_bytes().to_vec(), record };
        let mut records = open_document(Box::new(endless), format, &ActivityLimits::default()).unwrap();
        for nth in 1..=10_000 {
            assert!(records.next().is_some_and(|one| one.is_ok()));
            let ahead = taken.load(Ordering::Relaxed).saturating_sub(nth * record.len());
            assert!(ahead < 10_000, "{ahead} bytes at record {nth}");
        }
    }
}

#[test]
fn records_before_a_fault_are_good_and_their_number_is_limited() {
    let record = "<MedicalEducationMetrics><a/></MedicalEducationMetrics>\n";
    let text = format!("<ACCMEActivities>\n{}<oops", record.repeat(100));
    let outcome = request(text.as_bytes(), ActivityFormat::Xml).unwrap();
    assert_eq!(outcome.submitted.len(), 100);
    assert_eq!(outcome.fault.unwrap().place.line(), 102);
    let limits = ActivityLimits { records: 7, ..ActivityLimits::default() };
    let outcome = request_within(text.as_bytes(), ActivityFormat::Xml, &limits).unwrap();
    assert_eq!(outcome.submitted.len(), 7);
    assert_eq!(outcome.fault.unwrap().message(), "More than 7 activities.");
}

#[test]
fn much_white_space_and_nil_say_nothing() {
    let indent = format!("\n{}", " ".repeat(40_000));
    let text = format!(
        "<ACCMEActivities xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{indent}<MedicalEducationMetrics>{indent}\
         <Lom>{indent}{indent}<general>{indent}{indent}<title>{indent}{indent}T</title><description xsi:nil='true'/>\
         </general></Lom></MedicalEducationMetrics></ACCMEActivities>"
    );
    let outcome = request(text.as_bytes(), ActivityFormat::Xml).unwrap();
    let given: Vec<_> = outcome.record().values.iter().map(|value| value.text.as_str()).collect();
    assert_eq!((given, outcome.record().problems.len()), (vec!["T"], 0));
}

#[test]
fn a_file_can_be_read_on_another_thread() {
    fn may_be_sent<T: Send>() {}
    may_be_sent::<formats::activities::Records>();
}

#[test]
fn files_of_other_kinds_are_named() {
    for (bytes, message) in [
        (&b"%PDF-1.7"[..], "This is a PDF document."),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "This is an old Office file, or one with a password."),
        (b"", "Nothing in it."),
    ] {
        let problems = upload(bytes, SheetKind::Activities).err().unwrap();
        assert_eq!(problems[0].message(), message);
    }
}
