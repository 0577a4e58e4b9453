//! The same reports in five formats give the same rows, the same reports and the same problems.

use domain::report::LearnerReport;
use domain::{Code, Problem};

use super::by_hand::{json, xml};
use crate::sample::{lines, read_whole, row, xlsx};

/// Reports as they are compared: where in its document a problem stands is a format's own affair.
fn placeless(reports: Vec<LearnerReport>) -> Vec<LearnerReport> {
    let problem = |problem: Problem| Problem { at: String::new(), ..problem };
    let report = |report: LearnerReport| LearnerReport {
        problems: report.problems.into_iter().map(problem).collect(),
        ..report
    };
    reports.into_iter().map(report).collect()
}

fn quoted(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(quoted).collect()).collect();
    lines(&rows, ",")
}

/// What differs from a good row, by column.
type Changes = Vec<(&'static str, &'static str)>;

/// Good rows and one of every fault that a value can have.
fn cases() -> Vec<(Changes, Vec<Code>)> {
    let none = ["Total Board Credits", "Credit Type", "Credits Awarded for Credit Type"].map(|column| (column, ""));
    let no_board: Vec<_> = none.into_iter().chain([("Certifying Board", ""), ("Certifying Board ID", "")]).collect();
    let with = |more: &[(&'static str, &'static str)]| no_board.iter().chain(more).copied().collect::<Vec<_>>();
    let mut cases = vec![
        (vec![], vec![]),
        (vec![("Record Action", "add"), ("Certifying Board", "abim"), ("Credit Type", "medical  knowledge")], vec![]),
        (vec![("Record Action", "delete"), ("Completion Date", "2026-03-14T23:59:00-08:00")], vec![]),
        (vec![("Date of Birth", "1980-02-29"), ("Licensing State", "ca")], vec![]),
        (vec![("Licensing State", ""), ("Licensing ID or NPI", "")], vec![]),
        (vec![("Licensing ID or NPI", "")], vec![]),
        (vec![("Number of CME Credits", "")], vec![]),
        (none.to_vec(), vec![]),
        (with(&[]), vec![]),
        (with(&[("First Name", "Ana & <Bea> \"Bo\""), ("Last Name", "O'Hara; Jr, III")]), vec![]),
        (with(&[("Number of CME Credits", "")]), vec![Code::CreditMissing]),
        (with(&[("Number of CME Credits", ""), ("Record Action", "Delete")]), vec![]),
        (vec![("Total Board Credits", "2")], vec![]),
        (
            vec![
                ("Record Action", "Change"),
                ("Completion Date", "soon"),
                ("First Name", ""),
                ("Date of Birth", "13/45/1980"),
                ("Licensing State", "Narnia"),
                ("Number of CME Credits", "0.1"),
                ("Total Board Credits", "-3"),
                ("Credit Type", "Poetry"),
            ],
            vec![
                Code::ActionUnknown,
                Code::DateUnreadable,
                Code::AmountNotAQuarter,
                Code::AmountNotPositive,
                Code::CreditTypeUnknown,
                Code::FirstNameMissing,
                Code::BirthUnreadable,
                Code::StateUnknown,
            ],
        ),
    ];
    for (column, value, code) in [
        ("Record Action", "", Code::ActionUnknown),
        ("Record Action", "Update", Code::ActionUnknown),
        ("ACCME Activity ID", "", Code::ActivityMissing),
        ("ACCME Activity ID", "12345", Code::ActivityIdMalformed),
        ("ACCME Activity ID", "2.026E+08", Code::IdRounded),
        ("Completion Date", "", Code::DateMissing),
        ("Completion Date", "02/30/2026", Code::DateUnreadable),
        ("Completion Date", "3/14/26", Code::DateUnreadable),
        ("First Name", "", Code::FirstNameMissing),
        ("First Name", "=Ana", Code::CellIsFormula),
        ("First Name", "A\u{202E}na", Code::ValueHasControlCharacters),
        ("Last Name", "---", Code::NameUnreadable),
        ("Date of Birth", "", Code::BirthMissing),
        ("Date of Birth", "1980-02-30", Code::BirthUnreadable),
        ("Date of Birth", "19800229", Code::BirthUnreadable),
        ("Licensing State", "Narnia", Code::StateUnknown),
        ("Licensing ID or NPI", "3.5E+07", Code::IdRounded),
        ("Number of CME Credits", "one", Code::AmountNotANumber),
        ("Number of CME Credits", "0.1", Code::AmountNotAQuarter),
        ("Number of CME Credits", "-1", Code::AmountNotPositive),
        ("Number of CME Credits", "1e309", Code::AmountTooLarge),
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
        cases.push((vec![(column, value)], vec![code]));
    }
    cases
}

#[test]
fn the_same_reports_in_five_formats_read_alike() {
    let cases = cases();
    let rows: Vec<Vec<String>> = cases.iter().map(|(changes, _)| row(changes)).collect();
    let formats = [
        ("Excel", read_whole(&xlsx(&rows))),
        ("tabs", read_whole(lines(&unquoted(&rows), "\t").as_bytes())),
        ("commas", read_whole(quoted(&rows).as_bytes())),
        ("XML", read_whole(xml(&rows).as_bytes())),
        ("JSON", read_whole(json(&rows).as_bytes())),
    ];
    let wanted: Vec<&Vec<Code>> = cases.iter().map(|(_, codes)| codes).collect();
    let first = placeless(formats[0].1.reports());
    for (name, outcome) in &formats {
        let reports = placeless(outcome.reports());
        assert_eq!(reports.len(), cases.len(), "{name}");
        for (nth, (report, first)) in reports.iter().zip(&first).enumerate() {
            assert_eq!(report, first, "{name}: {:?}", cases[nth].0);
        }
        assert_eq!(outcome.codes().iter().collect::<Vec<_>>(), wanted, "{name}");
    }
}

/// A tab-delimited file needs quotes only where a cell holds one.
fn unquoted(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let quoted = |cell: &String| match cell.contains('"') {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    rows.iter().map(|row| row.iter().map(quoted).collect()).collect()
}
