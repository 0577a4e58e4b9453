//! `credence match` and `credence bench matching`: whom rows mean, told without anything of the registry.

use std::collections::HashMap;
use std::path::Path;

use crate::running::{Printed, credence, demo, run};

/// An invented registry with a learner file, in the folder `gen`.
fn generated(folder: &Path) {
    let made = run(credence(folder).args([
        "bench",
        "generate",
        "--physicians",
        "3000",
        "--learners",
        "600",
        "--seed",
        "5",
        "--out",
        "gen",
    ]));
    assert!(made.ok, "{}", made.err);
}

fn matched(folder: &Path, arguments: &[&str]) -> Printed {
    run(credence(folder).arg("match").args(arguments))
}

fn lines(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(file)).expect("a text file");
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// The number before a label of the summary.
fn told(printed: &Printed, label: &str) -> usize {
    let line = printed.out.lines().find(|line| line.contains(&format!("  {label}")));
    let number = line.and_then(|line| line.split_whitespace().next()).expect(label);
    number.replace(',', "").parse().expect(label)
}

#[test]
fn a_file_is_matched_against_the_database_and_nothing_is_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path(), &["--physicians", "600"]).kill();
    let address = format!("sqlite:{}", folder.path().join("demo/credence.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let facts = "select 'uploads ' || (select count(*) from upload) || ', tries ' || (select count(*) from attempt)
                 || ', completions ' || (select count(*) from completion) || ', audit ' || (select count(*) from audit)";
    let before = runtime.block_on(testkit::database::texts(&address, facts));
    let file = "demo/sample-learners.xlsx";
    let first = matched(folder.path(), &["--file", file, "--data", "demo", "--out", "a.tsv"]);
    assert!(first.ok, "{}", first.err);
    assert_eq!(told(&first, "rows read"), 200);
    let (links, faulty) = (told(&first, "matched"), told(&first, "could not be read"));
    assert!(links > 150 && faulty > 0 && links + faulty < 200, "{}", first.out);
    assert_eq!(runtime.block_on(testkit::database::texts(&address, facts)), before);

    let rows = lines(folder.path(), "a.tsv");
    assert_eq!(rows.len(), 200);
    assert_eq!(rows.iter().filter(|row| row[1] == "matched").count(), links);
    assert_eq!(
        rows.iter().filter(|row| row[1] == "unreadable" && !row[2].is_empty() && !row[3].is_empty()).count(),
        faulty
    );
    assert!(rows.iter().all(|row| row.len() == 4));

    let file = "demo/sample-learners.tsv";
    let text = matched(folder.path(), &["--file", file, "--data", "demo", "--out", "b.tsv"]);
    // in the workbook a row of guidance stands above, so that its rows have other numbers
    let summary = |printed: &Printed| printed.out.split_once("rows read").map(|(_, summary)| summary.to_owned());
    assert_eq!(summary(&text), summary(&first), "the same rows in another format");
    let answers = |file| lines(folder.path(), file).iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>();
    assert_eq!(answers("b.tsv"), answers("a.tsv"));
}

#[test]
fn nothing_of_the_registry_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    generated(folder.path());
    let arguments = ["--file", "gen/learners.tsv", "--registry", "gen", "--out", "out.tsv"];
    let printed = matched(folder.path(), &arguments);
    assert!(printed.ok, "{}", printed.err);
    let mut said = std::fs::read_to_string(folder.path().join("out.tsv")).expect("a file") + &printed.out;
    said.make_ascii_uppercase();
    let words: std::collections::HashSet<&str> = said.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    for row in lines(folder.path(), "gen/physicians.tsv") {
        let [id, _, _, last, _, _, _, npi, ..] = &row[..] else { unreachable!("{row:?}") };
        assert!(!words.contains(id.as_str()), "{id}");
        assert!(npi.is_empty() || !words.contains(npi.as_str()), "{npi}");
        // some last names are words of our sentences
        let is_word = ["DAY", "ROW", "PART", "SHORT", "LOOK", "WELL", "SURE", "LICENSE", "BOARD", "BIRTH"];
        let last = last.to_uppercase();
        assert!(!words.contains(last.as_str()) || is_word.contains(&last.as_str()), "{last}");
    }
}

#[test]
fn bad_rows_are_told_with_place_value_and_remedy_and_the_rest_goes_through() {
    let folder = tempfile::tempdir().expect("a folder");
    generated(folder.path());
    let file = std::fs::read_to_string(folder.path().join("gen/learners.tsv")).expect("a file");
    let good: Vec<&str> = file.lines().take(21).collect();
    let mut cells: Vec<&str> = good[1].split('\t').collect();
    cells[5] = "13/45";
    let bad_birth = cells.join("\t");
    cells[5] = "11/05";
    cells[6] = "Atlantis";
    let rows = format!("{}\n{bad_birth}\n{}\n", good.join("\n"), cells.join("\t"));
    std::fs::write(folder.path().join("some.csv"), rows).expect("a file");
    let printed = matched(folder.path(), &["--file", "some.csv", "--registry", "gen", "--out", "some.out"]);
    assert!(printed.ok, "{}", printed.err);
    assert!(printed.out.contains("Row 22, Date of Birth: “13/45” is not a month and day. Write"), "{}", printed.out);
    assert!(printed.out.contains("Row 23, Licensing State: “Atlantis” is not a state. Write"), "{}", printed.out);
    assert_eq!((told(&printed, "rows read"), told(&printed, "could not be read")), (22, 2));
    let out = lines(folder.path(), "some.out");
    assert_eq!(out[20][..3], ["22", "unreadable", "birth_unreadable"]);
    assert!(out[20][3].starts_with("Date of Birth: Write"), "{:?}", out[20]);
    assert_eq!(out[0][0], "2");
    let one = matched(folder.path(), &["--file", "some.csv", "--registry", "gen", "--show", "1"]);
    assert!(one.out.contains("... and 1 more rows with problems") && !one.out.contains("Atlantis"), "{}", one.out);

    std::fs::write(folder.path().join("bad.tsv"), format!("{}\n{bad_birth}\n", good[0])).expect("a file");
    let none = matched(folder.path(), &["--file", "bad.tsv", "--registry", "gen"]);
    assert!(!none.ok && none.err.contains("no row could be read"), "{}", none.err);
}

#[test]
fn a_shifted_column_is_told_once_and_its_rows_are_set_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    generated(folder.path());
    let file = std::fs::read_to_string(folder.path().join("gen/learners.tsv")).expect("a file");
    let mut rows: Vec<Vec<&str>> = file.lines().map(|line| line.split('\t').collect()).collect();
    for row in (101..400).rev() {
        rows[row][7] = rows[row - 1][7];
    }
    let text: String = rows.iter().map(|cells| cells.join("\t") + "\n").collect();
    std::fs::write(folder.path().join("shifted.tsv"), text).expect("a file");
    let whole = matched(folder.path(), &["--file", "gen/learners.tsv", "--registry", "gen"]);
    assert!(!whole.out.contains("too low") && told(&whole, "refused with their column") == 0, "{}", whole.out);
    let shifted = matched(folder.path(), &["--file", "shifted.tsv", "--registry", "gen", "--out", "out.tsv"]);
    assert!(shifted.ok, "{}", shifted.err);
    let said = "Column H, Licensing ID or NPI, is one row too low from row ";
    assert_eq!(shifted.out.matches(said).count(), 1, "{}", shifted.out);
    let aside = lines(folder.path(), "out.tsv").into_iter().filter(|row| row[1] == "column_fault").collect::<Vec<_>>();
    assert_eq!(aside.len(), told(&shifted, "refused with their column"));
    assert!(aside.len() > 150, "{}", shifted.out);
    assert!(aside.iter().all(|row| row[2] == "identifier_column_shifted" && row[3].starts_with("Move its cells up")));
}

#[test]
fn files_and_folders_that_do_not_serve_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    generated(folder.path());
    std::fs::write(folder.path().join("colours.tsv"), "colour\tsize\nred\t4\n").expect("a file");
    let cases: &[(&[&str], &str)] = &[
        (&["--file", "absent.tsv", "--registry", "gen"], "there is no file absent.tsv"),
        (&["--file", "colours.tsv", "--registry", "gen"], "colours.tsv: "),
        (&["--file", "gen/learners.tsv", "--data", "absent"], "there is no database"),
        (&["--file", "gen/learners.tsv", "--registry", "absent"], "absent/physicians.tsv cannot be read"),
        (&["--file", "gen/learners.tsv", "--registry", "gen", "--data", "gen"], "--registry"),
        (
            &["--file", "gen/learners.tsv", "--registry", "gen", "--out", "absent/out.tsv"],
            "absent/out.tsv cannot be written",
        ),
        (&["--registry", "gen"], "--file"),
    ];
    for (arguments, said) in cases {
        let printed = matched(folder.path(), arguments);
        assert!(!printed.ok && printed.err.contains(said), "{arguments:?}: {}", printed.err);
        assert!(!printed.err.contains("panicked"), "{arguments:?}: {}", printed.err);
    }
    let licenses = folder.path().join("gen/licenses.tsv");
    std::fs::write(&licenses, "physician_id\tstate\tnumber\tstatus\nP0000001\tXX\t12\tActive\n").expect("a file");
    let broken = run(credence(folder.path()).args(["bench", "matching", "--dir", "gen"]));
    assert!(!broken.ok && broken.err.contains("licenses.tsv, line 2: XX is no state"), "{}", broken.err);
}

#[test]
fn the_bench_links_rows_rightly_in_every_order_and_tells_its_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    generated(folder.path());
    let arguments = ["bench", "matching", "--dir", "gen", "--out", "predictions.tsv", "--runs", "1", "--check"];
    let printed = run(credence(folder.path()).args(arguments));
    assert!(printed.ok, "{}", printed.err);
    for figure in [
        "3,000 physicians indexed from memory in ",
        " bytes per physician",
        "600 rows decided at ",
        "one look-up of the file's rows: p50 ",
        "one look-up of people of the most frequent names: p50 ",
        "Output is identical with rows and registry shuffled and with 1, 2 and 5 threads.",
    ] {
        assert!(printed.out.contains(figure), "{figure}: {}", printed.out);
    }
    let truth: HashMap<String, String> =
        lines(folder.path(), "gen/truth.tsv").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let predictions = lines(folder.path(), "predictions.tsv");
    assert_eq!(predictions.len(), 600);
    let linked: Vec<_> = predictions.iter().filter(|row| !row[1].is_empty()).collect();
    assert!(linked.iter().all(|row| row[2] == "matched" && truth[&row[0]] == row[1]), "a false link");
    let registered = truth.values().filter(|physician| *physician != "NONE").count();
    assert!(linked.len() * 100 > registered * 95, "{} of {registered}", linked.len());
    assert!(predictions.iter().all(|row| row.len() == 4 && !row[2].is_empty()));
}

#[test]
fn building_from_a_database_is_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    demo(folder.path(), &["--physicians", "600"]).kill();
    let database = format!("sqlite:{}", folder.path().join("demo/credence.db").display());
    let printed = run(credence(folder.path()).args(["bench", "matching", "--database", &database, "--runs", "2"]));
    assert!(printed.ok && printed.out.contains("600 physicians indexed from the database in "), "{}", printed.err);
    generated(folder.path());
    let explain = |row| run(credence(folder.path()).args(["bench", "matching", "--dir", "gen", "--explain", row]));
    assert!(explain("3").out.contains("Row 3: Query {"));
    assert!(explain("0").err.contains("there is no row 0"));
    let neither = run(credence(folder.path()).args(["bench", "matching"]));
    assert!(!neither.ok && neither.err.contains("--dir"), "{}", neither.err);
}
