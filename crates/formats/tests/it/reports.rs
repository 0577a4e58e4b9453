//! Check 2, *record*: every fault of a row, all at once, each with place and value.

use domain::report::Action;
use domain::{Amount, Code, Field, MonthDay, Place};
use formats::{Header, Purpose, learner_report, learner_report_for};

use crate::sample::{HEADER, Outcome, codes, lines, read_whole, reference, row};

fn one(changes: &[(&str, &str)]) -> Outcome {
    read_whole(lines(&[row(changes)], "\t").as_bytes())
}

/// The codes of a row with these changes, which may name columns that the template has further right.
fn codes_of(changes: &[(Field, &str)]) -> Vec<Code> {
    let header = Header::standard();
    let mut values: Vec<(Field, String)> = read_whole(lines(&[row(&[])], "\t").as_bytes())
        .header
        .columns()
        .iter()
        .zip(row(&[]))
        .filter_map(|(column, cell)| column.field.map(|field| (field, cell)))
        .collect();
    values.extend(changes.iter().map(|(field, value)| (*field, (*value).to_owned())));
    codes(&learner_report(&header, &header.row(1, values), &reference()))
}

#[test]
fn a_good_row_gives_everything() {
    let outcome =
        one(&[("Record Action", " aDD "), ("Certifying Board", "abim"), ("Credit Type", "medical  knowledge")]);
    let report = outcome.reports().remove(0);
    assert_eq!(report.problems, []);
    assert_eq!(report.action, Some(Action::Add));
    assert_eq!(report.activity.map(|id| id.to_string()).as_deref(), Some("202600001"));
    assert_eq!(report.completed_on, Some(jiff::civil::date(2026, 3, 14)));
    assert_eq!(report.learner.birth, MonthDay::new(2, 29));
    assert_eq!(report.learner.state.map(|state| state.to_string()).as_deref(), Some("CA"));
    assert_eq!(report.learner.identifier.as_deref(), Some("A012345"));
    assert_eq!(report.cme, Some(Amount::new(125)));
    let moc = report.moc.unwrap();
    assert_eq!(moc.total, Some(Amount::new(125)));
    assert_eq!(moc.types, [("Medical Knowledge".to_owned(), Amount::new(125))]);
}

#[test]
fn each_fault_has_its_code() {
    for (column, value, code) in [
        ("Record Action", "", Code::ActionUnknown),
        ("Record Action", "Update", Code::ActionUnknown),
        ("Record Action", "=A1", Code::CellIsFormula),
        ("ACCME Activity ID", "", Code::ActivityMissing),
        ("ACCME Activity ID", "12345", Code::ActivityIdMalformed),
        ("ACCME Activity ID", "2.026E+08", Code::IdRounded),
        ("Completion Date", "", Code::DateMissing),
        ("Completion Date", "02/30/2026", Code::DateUnreadable),
        ("Completion Date", "3/14/26", Code::DateUnreadable),
        ("Completion Date", "46095", Code::DateUnreadable),
        ("First Name", "", Code::FirstNameMissing),
        ("Last Name", " ", Code::LastNameMissing),
        ("Last Name", "---", Code::NameUnreadable),
        ("First Name", "A\u{0}na", Code::ValueHasControlCharacters),
        ("First Name", "A\u{202E}na", Code::ValueHasControlCharacters),
        ("Date of Birth", "", Code::BirthMissing),
        ("Date of Birth", "02/30", Code::BirthUnreadable),
        ("Licensing State", "Calif", Code::StateUnknown),
        ("Licensing ID or NPI", "3.5E+07", Code::IdRounded),
        ("Number of CME Credits", "one", Code::AmountNotANumber),
        ("Number of CME Credits", "0.1", Code::AmountNotAQuarter),
        ("Number of CME Credits", "-1", Code::AmountNotPositive),
        ("Number of CME Credits", "1e309", Code::AmountTooLarge),
        ("Number of CME Credits", "=1+1", Code::CellIsFormula),
        ("Number of CME Credits", "#VALUE!", Code::CellIsError),
        ("Certifying Board", "ABXX", Code::BoardUnknown),
        ("Certifying Board", "", Code::BoardMissing),
        ("Certifying Board ID", "", Code::DiplomateIdMissing),
        ("Total Board Credits", "", Code::BoardCreditsMissing),
        ("Total Board Credits", "1", Code::CreditTypeAboveTotal),
        ("Credit Type", "", Code::CreditTypeMissing),
        ("Credit Type", "Poetry", Code::CreditTypeUnknown),
        ("Credits Awarded for Credit Type", "", Code::CreditTypeAmountMissing),
    ] {
        assert_eq!(one(&[(column, value)]).codes(), [[code]], "{column}: {value:?}");
    }
}

#[test]
fn a_name_that_is_far_too_long_is_named_and_cut() {
    let long = "x".repeat(200_000);
    let outcome = one(&[("Last Name", &long)]);
    assert_eq!(outcome.codes(), [[Code::ValueTooLong]]);
    assert_eq!(outcome.rows[0].cells[4].len(), 32_767);
    assert!(outcome.reports()[0].problems[0].message().len() < 300);
    assert_eq!(one(&[("Last Name", &"x".repeat(101))]).codes(), [[Code::ValueTooLong]]);
    assert_eq!(one(&[("Last Name", &"ñ".repeat(100))]).codes(), [[]]);
}

#[test]
fn all_problems_of_a_row_are_told_at_once() {
    let changes = [
        ("Record Action", "Change"),
        ("Completion Date", "soon"),
        ("First Name", ""),
        ("Date of Birth", "13/45"),
        ("Licensing State", "Narnia"),
        ("Number of CME Credits", "0.1"),
        ("Total Board Credits", "-3"),
        ("Credit Type", "Poetry"),
    ];
    let outcome = one(&changes);
    let report = outcome.reports().remove(0);
    let mut places: Vec<Place> = report.problems.iter().map(|problem| problem.place).collect();
    places.sort_by_key(|place| format!("{place:?}"));
    places.dedup();
    assert_eq!(report.problems.len(), changes.len(), "{:?}", report.problems);
    assert_eq!(places.len(), changes.len());
    for problem in report.problems {
        let column = problem.in_field().unwrap().label();
        assert!(changes.contains(&(column, &problem.given)), "{column}: {}", problem.given);
    }
}

#[test]
fn what_follows_from_an_unknown_board_is_not_told() {
    let changes = [("Certifying Board", "ABXX"), ("Credit Type", "Poetry"), ("Number of CME Credits", "")];
    assert_eq!(one(&changes).codes(), [[Code::BoardUnknown]]);
}

#[test]
fn a_board_with_its_id_beside_cme_credit_says_who_the_learner_is() {
    let blank = ["Total Board Credits", "Credit Type", "Credits Awarded for Credit Type"].map(|column| (column, ""));
    let report = one(&blank).reports().remove(0);
    assert_eq!(report.problems, []);
    assert!(report.learner.board.is_some());
    assert_eq!(report.moc, None);
}

#[test]
fn a_row_without_any_credit_is_refused_unless_it_deletes() {
    let columns = &HEADER[8..];
    let mut blank: Vec<(&str, &str)> = columns.iter().map(|column| (column.trim(), "")).collect();
    assert_eq!(one(&blank).codes(), [[Code::CreditMissing]]);
    blank.push(("Record Action", "Delete"));
    assert_eq!(one(&blank).codes(), [[]]);
}

#[test]
fn some_boards_take_credit_without_a_diplomate_id() {
    let changes = [("Certifying Board", "ABS"), ("Certifying Board ID", ""), ("Credit Type", "Self-Assessment")];
    assert_eq!(one(&changes).codes(), [[]]);
}

#[test]
fn a_credit_type_named_twice_is_told() {
    let changes = [(Field::CreditType(1), "MEDICAL KNOWLEDGE"), (Field::CreditTypeAmount(1), "0.5")];
    assert_eq!(codes_of(&changes), [Code::CreditTypeRepeated]);
    assert_eq!(codes_of(&[(Field::CreditTypeAmount(1), "0.5")]), [Code::CreditTypeMissing]);
}

#[test]
fn a_rems_learner_needs_an_identifier_and_a_profession_but_no_license() {
    let header = Header::standard();
    let report = |values: &[(Field, &str)]| {
        let base =
            [(Field::RecordAction, "Add"), (Field::ActivityId, "202600001"), (Field::CompletionDate, "3/14/2026")];
        let values = base.iter().chain(values).map(|(field, value)| (*field, (*value).to_owned()));
        learner_report(&header, &header.row(1, values), &reference())
    };
    let whole = report(&[(Field::RemsLocalId, "L-1"), (Field::RemsProfession, "Pharmacist")]);
    assert_eq!(whole.problems, []);
    assert!(whole.is_rems_only());
    let lacking = report(&[(Field::RemsDea, "Yes"), (Field::RemsState, "Narnia")]);
    assert_eq!(codes(&lacking), [Code::RemsLocalIdMissing, Code::RemsProfessionMissing, Code::StateUnknown]);
}

#[test]
fn ids_that_a_program_took_for_numbers_lose_their_decimals() {
    let report = one(&[
        ("ACCME Activity ID", "202600001.0"),
        ("Licensing ID or NPI", "1234567893.0"),
        ("Certifying Board ID", "123456.0"),
    ])
    .reports()
    .remove(0);
    assert_eq!(report.problems, []);
    assert_eq!(report.activity.map(|id| id.to_string()).as_deref(), Some("202600001"));
    assert_eq!(report.learner.identifier.as_deref(), Some("1234567893"));
    assert_eq!(report.learner.board.map(|(_, id)| id).as_deref(), Some("123456"));
}

#[test]
fn license_numbers_that_look_like_numbers_are_left_alone() {
    for id in ["35.012345", "12E5", "E+07", "C1-0000012"] {
        let report = one(&[("Licensing ID or NPI", id)]).reports().remove(0);
        assert_eq!(report.problems, [], "{id}");
        assert_eq!(report.learner.identifier.as_deref(), Some(id));
    }
}

#[test]
fn a_pre_validation_row_is_judged_by_its_learner_alone() {
    let header = Header::standard();
    let values = [
        (Field::FirstName, "Ana"),
        (Field::LastName, "Muñoz"),
        (Field::Birth, "02/29"),
        (Field::Board, "ABIM"),
        (Field::DiplomateId, "123456"),
        (Field::CmeCredits, "=nonsense"),
        (Field::RecordAction, "nonsense"),
    ];
    let row = header.row(1, values.map(|(field, value)| (field, value.to_owned())));
    let report = learner_report_for(Purpose::Identity, &header, &row, &reference());
    assert_eq!(report.problems, []);
    assert!(report.learner.board.is_some());
}
