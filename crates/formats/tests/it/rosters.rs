//! Rosters of boards: streamed rows, and problems that cost only their row.

use domain::{Code, MonthDay};
use formats::Limits;
use formats::roster::{certifications, licenses};
use jiff::civil::date;

use crate::sample::file;

const LICENSES: &str = "board state\tlicense number\tfirst\tmiddle\tlast\tsuffix\tdegree\tbirth month/day\tstatus\tissued\texpires\tNPI\tformer last names\n";
const CERTIFICATIONS: &str =
    "board\tdiplomate ID\tfirst\tmiddle\tlast\tsuffix\tbirth month/day\tstatus\tNPI\tlicense state\tlicense number\n";

#[test]
fn a_licensing_boards_roster_is_read() {
    let text = format!(
        "{LICENSES}CA\tA00012\tAna\tM\tMUÑOZ\tJR\tmd\t02/29\tActive\t1999-07-01\t12/31/2027\t1234567893\tGray; Green\n\
         texas\t00001\tBo\t\tLi\t\t\t\tInactive\t\t\t\t\n"
    );
    let file = file(text.as_bytes());
    let rows: Vec<_> = licenses(file.path(), &Limits::roster()).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let first = &rows[0];
    assert_eq!((first.row, first.state.code(), first.number.as_str()), (2, "CA", "A00012"));
    assert_eq!((first.first.as_str(), first.middle.as_str(), first.last.as_str()), ("Ana", "M", "MUÑOZ"));
    assert_eq!((first.suffix.as_str(), first.degree.as_str(), first.status.as_str()), ("JR", "MD", "Active"));
    assert_eq!(first.birth, MonthDay::new(2, 29));
    assert_eq!((first.issued, first.expires), (Some(date(1999, 7, 1)), Some(date(2027, 12, 31))));
    assert_eq!(first.npi.as_deref(), Some("1234567893"));
    assert_eq!(first.former_last, ["Gray", "Green"]);
    let second = &rows[1];
    assert_eq!((second.state.code(), second.number.as_str()), ("TX", "00001"));
    assert_eq!((second.birth, second.issued, second.npi.clone()), (None, None, None));
    assert_eq!(second.former_last, [""; 0]);
}

#[test]
fn a_certifying_boards_roster_is_read_with_commas_and_shuffled_columns() {
    let text = "last,first,diplomate ID,board,birth month/day,license number,license state\n\"Gray, Jr\",Ana,000123,abim,3-7,A1,CA\nLi,Bo,7,ABPath,,,\n";
    let file = file(text.as_bytes());
    let rows: Vec<_> = certifications(file.path(), &Limits::roster()).unwrap().map(Result::unwrap).collect();
    assert_eq!((rows[0].board.code(), rows[0].diplomate_id.as_str()), ("ABIM", "000123"));
    assert_eq!((rows[0].last.as_str(), rows[0].birth), ("Gray, Jr", MonthDay::new(3, 7)));
    assert_eq!(rows[0].license.as_ref().map(|(state, number)| (state.code(), number.as_str())), Some(("CA", "A1")));
    assert_eq!((rows[1].board.code(), rows[1].license.clone()), ("ABPATH", None));
}

#[test]
fn a_row_with_a_fault_is_named_and_the_others_are_read() {
    let row = |state: &str, number: &str, last: &str, birth: &str, npi: &str| {
        format!("{state}\t{number}\tAna\t\t{last}\t\tMD\t{birth}\tActive\t\t\t{npi}\t\n")
    };
    let rows = [
        row("CA", "A1", "Gray", "02/29", ""),
        row("Narnia", "A1", "Gray", "02/29", ""),
        row("CA", "", "Gray", "02/29", ""),
        row("CA", "A1", "", "02/29", ""),
        row("CA", "A1", "Gray", "02/30/1980", ""),
        row("CA", "A1", "Gray", "02/29", "123"),
        row("CA", "A2", "Green", "03/07", ""),
    ];
    let file = file(format!("{LICENSES}{}", rows.concat()).as_bytes());
    let read: Vec<_> = licenses(file.path(), &Limits::roster()).unwrap().collect();
    let columns: Vec<(u64, &str)> = read
        .iter()
        .filter_map(|row| row.as_ref().err())
        .map(|problem| (problem.row, problem.column.as_str()))
        .collect();
    assert_eq!(columns, [(3, "board state"), (4, "license number"), (5, "last"), (6, "birth month/day"), (7, "NPI")]);
    assert_eq!(read.iter().filter(|row| row.is_ok()).count(), 2);
    assert!(read[4].as_ref().is_err_and(|problem| problem.given == "02/30/YYYY"));
}

#[test]
fn a_stray_quote_costs_only_its_row() {
    let good = "CA\tA1\tAna\t\tGray\t\tMD\t02/29\tActive\t\t\t\t\n";
    let text = format!("{LICENSES}{good}CA\tA1\t\"Ana\t\tGray\t\tMD\t02/29\tActive\t\t\t\t\n{}", good.repeat(200));
    let file = file(text.as_bytes());
    let read: Vec<_> = licenses(file.path(), &Limits::roster()).unwrap().collect();
    assert_eq!(read.iter().filter(|row| row.is_ok()).count(), 201);
    assert!(read[1].as_ref().is_err_and(|problem| problem.row == 3));
}

#[test]
fn other_files_are_refused_as_a_whole() {
    let open = |bytes: &[u8]| licenses(file(bytes).path(), &Limits::roster()).err().map(|problem| problem.code);
    assert_eq!(open(b""), Some(Code::FileEmpty));
    assert_eq!(open(b"%PDF-1.7"), Some(Code::FileWrongType));
    assert_eq!(open(b"a\tb\tc\n1\t2\t3\n"), Some(Code::HeaderMissing));
    assert_eq!(open(b"first\tlast\tlicense number\n"), Some(Code::ColumnMissing));
    assert_eq!(open(CERTIFICATIONS.as_bytes()), Some(Code::ColumnMissing));
    assert_eq!(open(LICENSES.as_bytes()), None);
}
