//! What a report means: spellings, identifiers, several boards, warnings, and where each problem stands.

use domain::{Amount, Code, Field, Place};
use formats::Row;

use super::by_hand::{json, xml};
use crate::sample::{Outcome, read_whole, row};

/// A document of one XML report with these certificates.
fn certificates(text: &str) -> Outcome {
    read_whole(
        format!(
            "<ActivityReport><Member><Name><GivenName>Ana</GivenName><FamilyName>Muñoz</FamilyName></Name>\
             <PersonalInfo><BirthDate>--02-29</BirthDate></PersonalInfo></Member><Activity><Module>\
             <ModuleName moduleID=\"202600001\">T</ModuleName><CompletedDateTime>2026-03-14T10:00:00</CompletedDateTime>\
             {text}</Module></Activity><XtensibleInfo><LearnerRecordAction>add</LearnerRecordAction></XtensibleInfo>\
             </ActivityReport>"
        )
        .as_bytes(),
    )
}

fn certificate(ids: &[(&str, &str)], name: &str, amount: &str) -> String {
    let ids: String =
        ids.iter().map(|(domain, value)| format!("<UniqueID domain=\"{domain}\">{value}</UniqueID>")).collect();
    format!(
        "<CreditCertificate>{ids}<CreditReceived><activityCertification>{name}</activityCertification>\
         <numberOfCredits>{amount}</numberOfCredits></CreditReceived></CreditCertificate>"
    )
}

/// State, identifier, CME credit, board, its ID, its total and its credit types of each row.
fn said(outcome: &Outcome) -> Vec<String> {
    let types = (0..12).flat_map(|nth| [Field::CreditType(nth), Field::CreditTypeAmount(nth)]);
    let fields: Vec<Field> =
        [Field::State, Field::Identifier, Field::CmeCredits, Field::Board, Field::DiplomateId, Field::BoardCredits]
            .into_iter()
            .chain(types)
            .collect();
    let said = |row: &Row| {
        let cells: Vec<&str> = fields.iter().map(|field| outcome.header.cell(&row.cells, *field)).collect();
        cells.join("|").trim_end_matches('|').to_owned()
    };
    outcome.rows.iter().map(said).collect()
}

const CME: &str = "AMA PRA Category 1";

#[test]
fn credit_types_of_a_board_are_one_row_and_its_total_is_the_largest() {
    let text = certificate(&[("CA", "A012345")], CME, "1.25")
        + &certificate(&[("ABIM", "123456")], "Medical Knowledge", "1.00")
        + &certificate(&[("abim", "123456")], "Patient Safety", "1.25");
    let outcome = certificates(&text);
    assert_eq!(said(&outcome), ["CA|A012345|1.25|ABIM|123456|1.25|Medical Knowledge|1.00|Patient Safety|1.25"]);
    assert_eq!(outcome.reports()[0].problems, []);
    assert_eq!(outcome.reports()[0].moc.as_ref().unwrap().total, Some(Amount::new(125)));
}

#[test]
fn several_boards_are_several_rows_of_one_report() {
    let text = certificate(&[("ABIM", "1")], "Medical Knowledge", "1")
        + &certificate(&[("CA", "A012345")], CME, "1.25")
        + &certificate(&[("ABS", "2")], "Self-Assessment", "0.5");
    let outcome = certificates(&text);
    assert_eq!(
        said(&outcome),
        ["CA|A012345|1.25|ABIM|1|1|Medical Knowledge|1", "CA|A012345||ABS|2|0.5|Self-Assessment|0.5"]
    );
    let records: Vec<_> = outcome.rows.iter().map(|row| row.origin.as_ref().unwrap().record).collect();
    assert_eq!((records, outcome.rows[1].number), (vec![1, 1], 2));
}

#[test]
fn identifiers_are_read_by_who_issued_them() {
    for (ids, wanted) in [
        (&[("NPI", "1234567893")][..], "|1234567893|1"),
        (&[("npi", "1234567893"), ("CA", "")], "CA|1234567893|1"),
        (&[("New York", "77")], "New York|77|1"),
        (&[("CA", "A1"), ("ABIM", "9")], "CA|A1|1|ABIM|9"),
        (&[("CA", "A1"), ("NPI", "1234567893")], "CA|A1|1"),
        (&[("Narnia", "7")], "Narnia|7|1"),
        (&[], "||1"),
    ] {
        let outcome = certificates(&certificate(ids, CME, "1"));
        assert_eq!(said(&outcome), [wanted], "{ids:?}");
        let warnings = &outcome.rows[0].origin.as_ref().unwrap().warnings;
        assert_eq!(warnings.len(), usize::from(ids.len() == 2 && ids[1] == ("NPI", "1234567893")), "{warnings:?}");
    }
    // two licenses are two rows: each is the same credit, and the second is already reported
    let two = certificate(&[("CA", "A1")], CME, "1") + &certificate(&[("NY", "N1")], CME, "1");
    assert_eq!(said(&certificates(&two)), ["CA|A1|1", "NY|N1|1"]);
    // where the board's ID alone stands, the license is the report's
    let apart = certificate(&[("CA", "A1")], "", "") + &certificate(&[("ABIM", "9")], "Patient Safety", "1");
    assert_eq!(said(&certificates(&apart)), ["CA|A1||ABIM|9|1|Patient Safety|1"]);
}

#[test]
fn a_certificate_may_hold_several_credits() {
    let nested = "<CreditCertificate><UniqueID domain=\"ABIM\">9</UniqueID>\
                  <CreditReceived><activityCertification>Medical Knowledge</activityCertification>\
                  <numberOfCredits>1</numberOfCredits></CreditReceived>\
                  <CreditReceived activityCertification=\"Patient Safety\" numberOfCredits=\"0.5\"/></CreditCertificate>";
    assert_eq!(said(&certificates(nested)), ["|||ABIM|9|1|Medical Knowledge|1|Patient Safety|0.5"]);
}

#[test]
fn json_may_be_terse_and_spelled_in_any_case() {
    let text = r#"{"activityreport":{"member":{"name":{"givenname":"Ana","FAMILYNAME":"Muñoz"},
        "PersonalInfo":{"BirthDate":"1980-02-29"}},"activity":{"module":{"moduleName":{"moduleID":202600001},
        "COMPLETEDDATETIME":"2026-03-14","creditCertificate":{"uniqueid":[{"domain":"CA","value":null},
        {"domain":"NPI","value":1234567893}],"creditReceived":{"activityCertification":"AMA PRA Category 1 Credit(s)™",
        "numberOfCredits":1.250}}}},"xtensibleInfo":{"learnerRecordAction":"Add"}}}"#;
    let outcome = read_whole(text.as_bytes());
    assert_eq!(said(&outcome), ["CA|1234567893|1.250"]);
    assert_eq!(outcome.reports()[0].problems, []);
    assert_eq!(outcome.header.cell(&outcome.rows[0].cells, Field::Birth), "02/29");
}

#[test]
fn a_rems_learner_is_read_from_participants() {
    let text = r#"{"ActivityReport":[{"Participants":{"Participant":{"LocalIdentifier":{"value":"L-1","domain":
        "idd:a:b"},"Profession":"Pharmacist","SurgicalProcedures":false,"StateOfPrimaryPractice":"Texas"}},
        "Activity":{"RegulatoryInformation":{"CompliantToRegulation":{"label":"Opioid REMS","value":"https://example.org"}},
        "Module":{"ModuleName":{"moduleID":"202600001"},"CompletedDateTime":"2026-03-14"}},
        "XtensibleInfo":{"LearnerRecordAction":"add"}}]}"#;
    let outcome = read_whole(text.as_bytes());
    let report = outcome.reports().remove(0);
    assert_eq!(report.problems, []);
    let rems = report.rems.unwrap();
    assert_eq!((rems.local_id.as_str(), rems.surgical.as_str(), rems.state.as_str()), ("L-1", "No", "Texas"));
    assert_eq!(outcome.rows[0].origin.as_ref().unwrap().warnings, []);
}

#[test]
fn the_key_of_a_report_is_its_first_credit_id() {
    let with_id = |id: &str| {
        certificate(&[("CA", "A1")], CME, "1")
            .replace("</CreditCertificate>", &format!("<CreditID>{id}</CreditID></CreditCertificate>"))
    };
    let outcome = certificates(&with_id("ccid:acme:17"));
    assert_eq!(outcome.reports()[0].submission_id.as_deref(), Some("ccid:acme:17"));
    assert_eq!(outcome.codes(), [[]]);
    assert_eq!(certificates(&with_id("17")).codes(), [[Code::CreditIdMalformed]]);
    let long = certificates(&with_id(&format!("ccid:acme:{}", "7".repeat(300))));
    assert_eq!(long.codes(), [[Code::CreditIdMalformed, Code::ValueTooLong]]);
}

#[test]
fn what_is_not_of_a_report_is_a_problem_or_a_warning() {
    let good = json(&[row(&[])]);
    for (from, to, codes, warned) in [
        ("\"ReportingOrganization\"", "\"Grade\": 7, \"ReportingOrganization\"", &[Code::ElementUnknown][..], 0),
        ("\"Name\"", "\"Title\": \"Dr\", \"Name\"", &[], 1),
        ("\"Point\"", "\"Hour\"", &[], 1),
        ("\"Completed\"", "\"Incomplete\"", &[Code::StatusNotCompleted], 0),
        ("\"Ana\"", "[\"Ana\", \"Bea\"]", &[Code::ValueRepeated], 0),
        ("\"Ana\"", "[\"Ana\", \"Ana\"]", &[], 0),
        ("\"Ana\"", "{\"First\": \"Ana\"}", &[Code::ValueIsGroup, Code::FirstNameMissing], 0),
        ("\"GivenName\"", "\"FamilyName\": \"Bo\", \"GivenName\"", &[Code::KeyRepeated], 0),
    ] {
        let outcome = read_whole(good.replace(from, to).as_bytes());
        assert_eq!(outcome.codes(), [codes], "{to}");
        assert_eq!(outcome.rows[0].origin.as_ref().unwrap().warnings.len(), warned, "{to}");
    }
    let result = good.replacen("\"Activity\"", "\"Result\": {\"result\": \"Refused\"}, \"Activity\"", 1);
    assert_eq!(read_whole(result.as_bytes()).codes(), [[]]);
}

#[test]
fn a_year_of_birth_is_kept_nowhere() {
    for text in [
        xml(&[row(&[("Date of Birth", "1980-02-30")])]),
        json(&[row(&[("Date of Birth", "1980-02-29")])]).replace("\"Name\"", "\"YearOfBirth\": 1980, \"Name\""),
        json(&[row(&[])]).replace("\"02/29\"", "[\"1980-02-29\", \"1980-03-29\"]"),
    ] {
        let mut outcome = read_whole(text.as_bytes());
        for report in outcome.reports() {
            assert!(!format!("{report:?}").contains("1980"), "{report:?}");
        }
        let row = outcome.rows.remove(0);
        assert!(!format!("{row:?}").contains("1980"), "{row:?}");
    }
}

#[test]
fn each_problem_stands_at_its_line_and_path() {
    let rows = [row(&[]), row(&[("Completion Date", "soon"), ("Credit Type", "Poetry"), ("Last Name", "")])];
    let places = |outcome: &Outcome| -> Vec<String> {
        let mut problems = outcome.reports()[1].problems.clone();
        outcome.rows[1].place(&mut problems);
        problems.into_iter().map(|problem| problem.at).collect()
    };
    let of_xml = places(&read_whole(xml(&rows).as_bytes()));
    let report = "/ACCMELearnerReports/ActivityReports/ActivityReport[2]";
    let module = format!("{report}/Activity/Module");
    assert!(of_xml[0].starts_with("line 6, column ") && of_xml[0].ends_with(&format!(", {module}/CompletedDateTime")));
    assert!(of_xml[1].ends_with(&format!(", {module}/CreditCertificate[2]/CreditReceived/activityCertification")));
    assert_eq!(of_xml[2], format!("line 6, column 1, {report}"));
    let of_json = places(&read_whole(json(&rows).as_bytes()));
    let report = "/ACCMELearnerReports/ActivityReports/ActivityReport/1";
    assert!(of_json[0].ends_with(&format!(", {report}/Activity/Module/CompletedDateTime")), "{of_json:?}");
    assert!(of_json[1].ends_with("CreditCertificate/1/CreditReceived/activityCertification"), "{of_json:?}");
    let line = |at: &str| at.split([' ', ',']).nth(1).unwrap().parse::<usize>().unwrap();
    let text = json(&rows);
    assert!(text.lines().nth(line(&of_json[0]) - 1).unwrap().contains("soon"));
}

#[test]
fn more_credit_types_than_a_row_holds_are_told() {
    let many: String = (0..20).map(|nth| certificate(&[("ABIM", "9")], &format!("Type {nth}"), "1")).collect();
    let outcome = certificates(&many);
    assert_eq!(outcome.rows.len(), 1);
    let problem = &outcome.rows[0].problems[0];
    assert_eq!((problem.code, problem.place, problem.given.as_str()), (Code::RowTooLong, Place::Row, "Type 12"));
}
