//! Delimited text: encodings, quotes, line ends, ragged rows.

use domain::Code;

use crate::sample::{GOOD, HEADER, lines, read_whole, row};

#[test]
fn every_encoding_gives_the_same_rows() {
    let text = lines(&[row(&[]), row(&[("First Name", "José"), ("Last Name", "O’Hara")])], "\t");
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let marked = format!("\u{FEFF}{text}");
    let units: Vec<u16> = marked.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let wanted = read_whole(text.as_bytes()).rows;
    assert_eq!(wanted[1].cells[3..5], ["José", "O’Hara"]);
    for bytes in [&windows[..], marked.as_bytes(), &little, &big] {
        assert_eq!(read_whole(bytes).rows, wanted);
    }
}

#[test]
fn every_line_end_gives_the_same_rows() {
    let text = lines(&[row(&[]), row(&[])], ",");
    let wanted = read_whole(text.as_bytes()).rows;
    assert_eq!(wanted.len(), 2);
    for end in ["\r\n", "\r"] {
        assert_eq!(read_whole(text.replace('\n', end).as_bytes()).rows, wanted, "{end:?}");
    }
    assert_eq!(read_whole(text.trim_end().as_bytes()).rows, wanted, "no line end at the end");
}

#[test]
fn line_ends_at_the_edge_of_a_read_do_not_make_rows() {
    // Some row's CRLF falls across every edge of the reader's 64 KB pieces for one of these paddings.
    for padding in 0..40 {
        let name = "x".repeat(60 + padding);
        let rows = vec![row(&[("First Name", &name)]); 1000];
        let text = lines(&rows, "\t").replace('\n', "\r\n");
        let outcome = read_whole(text.as_bytes());
        assert_eq!(outcome.rows.len(), 1000);
        assert_eq!(outcome.rows[999].number, 1001);
    }
}

#[test]
fn quoted_cells_hold_delimiters_quotes_and_line_breaks() {
    let text = format!(
        "{},Notes\n{},\"one, \"\"two\"\"\r\nthree\"\n{},plain\n",
        HEADER.join(","),
        GOOD.join(","),
        GOOD.join(",")
    );
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.rows[0].cells[14], "one, \"two\"\r\nthree");
    assert_eq!(outcome.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn a_quote_that_is_never_closed_costs_only_its_own_row() {
    for delimiter in ["\t", ","] {
        let mut rows = vec![row(&[]); 300];
        rows[4] = row(&[("First Name", "\"Ana")]);
        rows[9] = row(&[("First Name", "\"Ana")]);
        let outcome = read_whole(lines(&rows, delimiter).as_bytes());
        assert_eq!(outcome.rows.len(), 300);
        let broken: Vec<u64> =
            outcome.rows.iter().filter(|row| !row.problems.is_empty()).map(|row| row.number).collect();
        assert_eq!(broken, [6, 11]);
        assert_eq!(outcome.rows[4].problems[0].code, Code::RowBroken);
        assert_eq!(outcome.rows[4].cells[4], "Muñoz");
    }
    // what stands right of the last column of a line that could not be split is nobody's
    let torn = format!("{}\n{}\t\"\n", HEADER.join("\t"), GOOD.join("\t"));
    assert_eq!(read_whole(torn.as_bytes()).codes(), [[Code::RowBroken]]);
}

#[test]
fn a_quote_within_a_cell_is_a_letter() {
    let outcome = read_whole(lines(&[row(&[("First Name", "Ana \"Ann")]), row(&[])], "\t").as_bytes());
    assert_eq!(outcome.rows.len(), 2);
    assert_eq!(outcome.rows[0].cells[3], "Ana \"Ann");
    assert_eq!(outcome.codes(), [[], []]);
}

#[test]
fn short_rows_are_filled_and_long_rows_are_named() {
    let short = GOOD[..9].join("\t");
    let long = format!("{}\t\t\tstray", GOOD.join("\t"));
    let text = format!("{}\n{short}\n{long}\n{}\t\t\n", HEADER.join("\t"), GOOD.join("\t"));
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.codes(), [vec![], vec![Code::RowTooLong], vec![]]);
    assert_eq!(outcome.rows[1].problems[0].given, "stray");
    assert!(outcome.rows.iter().all(|row| row.cells.len() == 14));
}

#[test]
fn blank_rows_are_skipped_but_counted() {
    let text = format!("{}\n\n{}\n\t\t \t\n{}\n", HEADER.join("\t"), GOOD.join("\t"), GOOD.join("\t"));
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [3, 5]);
}

#[test]
fn ids_wrapped_in_a_formula_to_keep_their_zeros_are_unwrapped() {
    let text = lines(&[row(&[("Licensing ID or NPI", "\"=\"\"00123\"\"\"")])], ",");
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.rows[0].cells[7], "00123");
    assert_eq!(outcome.codes(), [[]]);
}

#[test]
fn the_year_of_birth_never_leaves_the_reader() {
    let births = ["02/29/1980", "1980-02-29", "--02-29", "02-29", "2/29", "02/30/1980"];
    let rows: Vec<_> = births.iter().map(|birth| row(&[("Date of Birth", birth)])).collect();
    let outcome = read_whole(lines(&rows, "\t").as_bytes());
    let kept: Vec<&str> = outcome.rows.iter().map(|row| row.cells[5].as_str()).collect();
    assert_eq!(kept, ["02/29", "02/29", "02/29", "02/29", "02/29", "02/30/YYYY"]);
    assert_eq!(outcome.codes()[5], [Code::BirthUnreadable]);
}

#[test]
fn progress_ends_at_one() {
    let file = crate::sample::tsv(&vec![row(&[]); 5000]);
    let mut batch = formats::open(file.path(), formats::FileFormat::TSV, &Default::default()).unwrap();
    assert!(batch.progress() < 0.5);
    assert_eq!(batch.by_ref().filter(Result::is_ok).count(), 5000);
    assert_eq!(batch.progress(), 1.0);
}

#[test]
fn a_missing_closing_quote_in_a_fully_quoted_file_costs_only_its_own_row() {
    let quoted = |cells: &[String]| format!("\"{}\"\n", cells.join("\",\""));
    let mut lines: Vec<String> = vec![quoted(&row(&[])); 20];
    lines[3] = lines[3].trim_end_matches("\"\n").to_owned() + "\n";
    let text = format!("{}\n{}", HEADER.join(","), lines.concat());
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.rows.len(), 20);
    let broken: Vec<u64> = outcome.rows.iter().filter(|row| !row.problems.is_empty()).map(|row| row.number).collect();
    assert_eq!(broken, [5]);
}
