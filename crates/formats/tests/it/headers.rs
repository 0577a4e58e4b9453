//! The header is found by content, wherever it stands and however it is spelled.

use domain::{Code, Field};
use formats::{Header, Purpose, open_for, sniff};

use crate::sample::{GOOD, HEADER, file, lines, read_whole, refused, row, workbook, write_row};

#[test]
fn the_original_template_with_its_guidance_row_is_read() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &["Guidance: enter Add or Delete", "Nine digits", "A date"]);
        write_row(sheet, 1, &HEADER);
        write_row(sheet, 2, &GOOD);
    });
    let outcome = read_whole(&bytes);
    assert_eq!(outcome.header.column(Field::CreditType(0)), Some(12));
    assert_eq!(outcome.rows.len(), 1);
    assert_eq!(outcome.rows[0].number, 3);
    assert_eq!(outcome.rows[0].cells, GOOD);
    assert_eq!(outcome.codes(), [[]]);
}

#[test]
fn case_spaces_order_and_blank_columns_make_no_difference() {
    let text = "\n\n  LAST NAME \tfirst  name\t\tDATE OF BIRTH (MM/DD)\tRecord action\tACCME activity id\tcompletion date\tlicensing STATE\tLicensing ID or  NPI\tNumber of CME Credits\n\
        Muñoz\tAna\t\t02/29\tadd\t202600001\t2026-03-14\tca\tA1\t1\n";
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.rows[0].number, 4);
    assert_eq!(outcome.codes(), [[]]);
    let report = &outcome.reports()[0];
    assert_eq!((report.learner.first.as_str(), report.learner.last.as_str()), ("Ana", "Muñoz"));
}

#[test]
fn other_sheet_names_and_sheets_before_the_data_are_no_hindrance() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    write_row(workbook.add_worksheet().set_name("Read me").unwrap(), 0, &["Hello", "there"]);
    let sheet = workbook.add_worksheet().set_name("Learners of March").unwrap();
    write_row(sheet, 6, &HEADER);
    write_row(sheet, 9, &GOOD);
    let outcome = read_whole(&workbook.save_to_buffer().unwrap());
    assert_eq!(outcome.rows[0].number, 10);
}

#[test]
fn columns_of_the_senders_own_are_kept_and_ignored() {
    let text = format!("Department\t{}\tNotes\nCardiology\t{}\twell done\n", HEADER.join("\t"), GOOD.join("\t"));
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.header.columns()[0].name, "Department");
    assert_eq!(outcome.header.field(0), None);
    assert_eq!(outcome.rows[0].cells[15], "well done");
    assert_eq!(outcome.codes(), [[]]);
}

#[test]
fn further_credit_types_come_in_any_number_of_pairs() {
    let pair = "\tAdditional Credit Type\tAdditional Credits Awarded for Credit Type";
    let text = format!(
        "{}{}\tAdditional Credit Type3\tAdditional Credits Awarded for Credit Type 3\n{}\tPatient Safety\t0.5\t\t\tPractice Assessment\t0.25\n",
        HEADER.join("\t"),
        pair.repeat(2),
        GOOD.join("\t"),
    );
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.header.column(Field::CreditTypeAmount(3)), Some(19));
    let moc = outcome.reports()[0].moc.clone().unwrap();
    let types: Vec<(&str, String)> =
        moc.types.iter().map(|(name, amount)| (name.as_str(), amount.to_string())).collect();
    let wanted = [("Medical Knowledge", "1.25"), ("Patient Safety", "0.5"), ("Practice Assessment", "0.25")];
    assert_eq!(types, wanted.map(|(name, amount)| (name, amount.to_owned())));
}

#[test]
fn every_missing_column_is_named() {
    let text = "Record Action\tFirst Name\tLast Name\tDate of Birth\tLicensing State\nAdd\tAna\tMuñoz\t02/29\tCA\n";
    let file = file(text.as_bytes());
    let problems = formats::open(file.path(), sniff(file.path()).unwrap(), &Default::default()).err().unwrap();
    let names: Vec<&str> = problems.iter().map(|problem| problem.fact.as_str()).collect();
    assert!(problems.iter().all(|problem| problem.code == Code::ColumnMissing));
    assert_eq!(names, ["ACCME Activity ID", "Completion Date", "Licensing ID or NPI", "Number of CME Credits"]);
}

#[test]
fn a_repeated_column_is_named() {
    let text = lines(&[row(&[])], "\t").replace("Last Name", "first name");
    assert_eq!(refused(text.as_bytes()), [Code::ColumnMissing, Code::ColumnRepeated]);
}

#[test]
fn an_internal_activity_id_stands_in_for_the_activity_id() {
    let text = lines(&[row(&[])], "\t").replace("ACCME Activity ID", "Internal Activity ID");
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.codes(), [[]]);
    assert_eq!(outcome.reports()[0].internal_activity.as_deref(), Some("202600001"));
}

#[test]
fn a_file_of_another_template_has_no_header() {
    assert_eq!(refused(b"Title\tStart\tEnd\tFormat\nGrand rounds\t1/1/2026\t1/1/2026\tRSS\n"), [Code::HeaderMissing]);
    let bytes = workbook(|sheet| write_row(sheet, 0, &["Title", "Start", "End"]));
    assert_eq!(refused(&bytes), [Code::HeaderMissing]);
}

#[test]
fn a_header_without_rows_is_said_to_have_none() {
    assert_eq!(refused(lines(&[], "\t").as_bytes()), [Code::NoRows]);
    assert_eq!(refused(format!("{}\n\t\t\t\n\n", lines(&[], "\t")).as_bytes()), [Code::NoRows]);
    assert_eq!(refused(&workbook(|sheet| write_row(sheet, 0, &HEADER))), [Code::NoRows]);
    assert_eq!(refused(&workbook(|_| {})), [Code::HeaderMissing]);
}

#[test]
fn a_header_can_be_stored_and_read_back() {
    let outcome = read_whole(lines(&[row(&[])], "\t").as_bytes());
    let stored = serde_json::to_string(&outcome.header).unwrap();
    assert_eq!(serde_json::from_str::<Header>(&stored).unwrap(), outcome.header);
}

#[test]
fn a_pre_validation_file_needs_only_the_identity_columns() {
    let text =
        "First Name\tLast Name\tDate of Birth\tLicensing State\tLicensing ID or NPI\nAna\tMuñoz\t02/29\tCA\tA1\n";
    let file = file(text.as_bytes());
    let format = sniff(file.path()).unwrap();
    assert!(open_for(file.path(), format, &Default::default(), Purpose::Credit).is_err());
    assert!(open_for(file.path(), format, &Default::default(), Purpose::Identity).is_ok());
}

#[test]
fn a_form_makes_a_row_without_the_year_of_birth() {
    let header = Header::of([Field::FirstName, Field::Birth]);
    let values = [(Field::Birth, "1980-02-29".to_owned()), (Field::FirstName, "Ana".to_owned())];
    assert_eq!(header.row(1, values).cells, ["Ana", "02/29"]);
}

#[test]
fn a_header_behind_many_rows_of_text_is_not_looked_for() {
    let text = format!("{}{}", "A line of a letter\n".repeat(30), lines(&[row(&[])], "\t"));
    assert_eq!(refused(text.as_bytes()), [Code::HeaderMissing]);
    let text = format!("{}{}", "A line of a letter\n".repeat(19), lines(&[row(&[])], "\t"));
    assert_eq!(read_whole(text.as_bytes()).rows[0].number, 21);
}
