//! Commands against a small demo: upload, verify, import, doctor, admin.

use crate::running::{Running, credence, demo, run};

fn small(folder: &std::path::Path) -> Running {
    demo(folder, &["--physicians", "600"])
}

fn upload(server: &Running, folder: &std::path::Path, arguments: &[&str]) -> crate::running::Printed {
    let mut command = credence(folder);
    command.arg("upload").args(arguments).args(["--permission", "held", "--server", &server.base()]);
    run(command.env("CREDENCE_TOKEN", server.token("provider")))
}

/// A sheet's rows as learner reports.
fn as_xml(sheet: &std::path::Path) -> Vec<u8> {
    let format = formats::sniff(sheet).expect("a sheet");
    let rows = formats::open(sheet, format, &formats::Limits::default()).expect("a learner batch");
    let header = rows.header().clone();
    let mut writer =
        formats::learners::DocumentWriter::begin(Vec::new(), false, "2026-11-03T08:00:00Z").expect("a document");
    for row in rows {
        writer.write(&header, &row.expect("a row")).expect("a report");
    }
    writer.finish().expect("a document")
}

#[test]
fn an_uploaded_sample_is_settled_and_its_refused_rows_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = small(folder.path());
    let first = upload(&server, folder.path(), &["demo/sample-learners.xlsx", "--result", "refused.xlsx"]);
    assert!(first.ok, "{}", first.err);
    assert!(first.out.contains("200  rows read"), "{}", first.out);
    assert!(first.out.contains("14  refused"), "{}", first.out);
    assert!(first.out.contains("2 x Last name missing. Give the learner's last name."), "{}", first.out);
    let refused = folder.path().join("refused.xlsx");
    let format = formats::sniff(&refused).expect("a workbook");
    let rows = formats::open(&refused, format, &formats::Limits::default()).expect("a learner batch");
    assert_eq!(rows.count(), 14);

    let again = upload(&server, folder.path(), &["demo/sample-learners.tsv", "--wait"]);
    assert!(again.out.contains("186  already reported"), "{}", again.out);
    std::fs::write(folder.path().join("sample.xml"), as_xml(&folder.path().join("demo/sample-learners.tsv")))
        .expect("a file");
    let document = upload(&server, folder.path(), &["sample.xml", "--result", "refused.xml"]);
    assert!(document.out.contains("186  already reported"), "{}", document.out);
    let refused = std::fs::read_to_string(folder.path().join("refused.xml")).expect("a document");
    assert_eq!(refused.matches("<result>Refused</result>").count(), 14, "{refused}");
    drop(server);
    let verified = run(credence(folder.path()).args(["verify", "--data", "demo"]));
    assert!(verified.ok && verified.out.starts_with("Sound: "), "{}{}", verified.out, verified.err);
}

#[test]
fn an_upload_says_why_it_was_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = small(folder.path());
    std::fs::write(folder.path().join("empty.csv"), "").expect("a file");
    let empty = upload(&server, folder.path(), &["empty.csv", "--wait"]);
    assert!(!empty.ok);
    assert!(empty.err.contains("no content"), "{}", empty.err);
    let absent = upload(&server, folder.path(), &["absent.csv"]);
    assert!(absent.err.contains("there is no file absent.csv"), "{}", absent.err);
    let mut stranger = credence(folder.path());
    stranger.args(["upload", "demo/sample-learners.tsv", "--permission", "held", "--server", &server.base()]);
    let refused = run(stranger.env("CREDENCE_TOKEN", "crd_nobody"));
    assert!(!refused.ok && refused.err.contains("401"), "{}", refused.err);
}

#[test]
fn rosters_are_imported_with_their_problems_listed_and_again_without_effect() {
    let folder = tempfile::tempdir().expect("a folder");
    let licenses = "board state\tlicense number\tfirst\tlast\tdegree\tbirth month/day\tstatus\n\
                    NV\tN-100\tOdalys\tFenwick\tMD\t02/29\tActive\n\
                    NV\tN-101\tBram\tFenwick\tDO\t02/30\tActive\n\
                    Nevadda\tN-102\tBram\tFenwick\tDO\t02/28\tActive\n";
    std::fs::write(folder.path().join("licenses.tsv"), licenses).expect("a file");
    let import = || run(credence(folder.path()).args(["import", "licenses", "licenses.tsv", "--data", "data"]));
    let first = import();
    assert!(first.ok, "{}", first.err);
    assert!(first.out.contains("Row 3, birth month/day: "), "{}", first.out);
    assert!(first.out.contains("(given: \"02/30\") Write a day that exists"), "{}", first.out);
    assert!(first.out.contains(" 1  new physicians") && first.out.contains(" 2  refused"), "{}", first.out);
    let second = import();
    assert!(second.out.contains(" 0  new physicians") && second.out.contains(" 1  as they were"), "{}", second.out);

    let boards = "board\tdiplomate ID\tfirst\tlast\tbirth month/day\tlicense state\tlicense number\n\
                  ABIM\t900001\tOdalys\tFenwick\t02/29\tNV\tN-100\n";
    std::fs::write(folder.path().join("boards.tsv"), boards).expect("a file");
    let third = run(credence(folder.path()).args(["import", "certifications", "boards.tsv", "--data", "data"]));
    assert!(third.out.contains(" 1  added to physicians who were known"), "{}{}", third.out, third.err);
}

#[test]
fn a_roster_of_which_nothing_can_be_read_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("other.tsv"), "colour\tsize\nred\t4\n").expect("a file");
    let wrong = run(credence(folder.path()).args(["import", "licenses", "other.tsv", "--data", "data"]));
    assert!(!wrong.ok);
    let header = "board state\tlicense number\tfirst\tlast\n";
    std::fs::write(folder.path().join("bad.tsv"), format!("{header}Atlantis\t1\tA\tB\n")).expect("a file");
    let bad = run(credence(folder.path()).args(["import", "licenses", "bad.tsv", "--data", "data"]));
    assert!(!bad.ok && bad.err.contains("no row could be read"), "{}", bad.err);
}

#[test]
fn an_accreditor_gets_a_link_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let create = |email: &str| {
        let arguments = ["admin", "create-accreditor", "--email", email, "--name", "Ada Crane", "--data", "data"];
        run(credence(folder.path()).args(arguments))
    };
    let made = create("ada@accreditor.example");
    assert!(made.ok && made.out.contains("http://127.0.0.1:8080/reset/"), "{}{}", made.out, made.err);
    let again = create("Ada@Accreditor.example");
    assert!(!again.ok && again.err.contains("--email: An account with this e-mail exists"), "{}", again.err);
    let wrong = create("ada");
    assert!(!wrong.ok && wrong.err.contains("--email: Enter an e-mail address"), "{}", wrong.err);
}

#[test]
fn verify_finds_a_record_that_was_edited_behind_its_back() {
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path()).kill();
    let sound = run(credence(folder.path()).args(["verify", "--data", "demo"]));
    assert!(sound.ok, "{}{}", sound.out, sound.err);
    let database = format!("sqlite:{}", folder.path().join("demo/credence.db").display());
    let edit = "update credit set amount = amount + 25 where leaf_index = 2";
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    assert_eq!(runtime.block_on(testkit::database::tamper(&database, edit)), 1);
    let edited = run(credence(folder.path()).args(["verify", "--data", "demo"]));
    assert!(!edited.ok && format!("{}{}", edited.out, edited.err).contains("leaf 2"), "{}{}", edited.out, edited.err);
    let key = folder.path().join("demo/ledger-key.pem");
    std::fs::remove_file(&key).expect("a key");
    let keyless = run(credence(folder.path()).args(["verify", "--data", "demo"]));
    assert!(!keyless.ok && keyless.err.contains("key"), "{}", keyless.err);
    assert!(!key.exists(), "verify makes no key");
}

#[test]
fn a_new_credential_key_signs_from_then_on_and_stands_beside_the_old() {
    let folder = tempfile::tempdir().expect("a folder");
    let add = || run(credence(folder.path()).args(["admin", "credential-key", "--data", "data"]));
    let nowhere = add();
    assert!(!nowhere.ok && nowhere.err.contains("there is no database"), "{}", nowhere.err);
    let create = ["admin", "create-accreditor", "--email", "ada@accreditor.example", "--name", "Ada", "--data", "data"];
    assert!(run(credence(folder.path()).args(create)).ok);
    let first = add();
    assert!(first.ok && first.out.contains("credential-keys/2.pem is made"), "{}{}", first.out, first.err);
    let second = add();
    assert!(second.out.contains("credential-keys/3.pem is made"), "{}{}", second.out, second.err);
    let key = |said: &str| said.split("Its key ").nth(1).and_then(|rest| rest.split(' ').next().map(str::to_owned));
    assert_ne!(key(&first.out).expect("a key"), key(&second.out).expect("a key"));
    assert_eq!(std::fs::read_dir(folder.path().join("data/credential-keys")).expect("a folder").count(), 3);
}

#[test]
fn a_roster_that_would_end_too_much_is_not_imported_unless_it_is_said_how_much() {
    let folder = tempfile::tempdir().expect("a folder");
    let header = "board state\tlicense number\tfirst\tlast\tbirth month/day\tstatus\n";
    let write = |status: &str| {
        let rows: String =
            (0..4).map(|n| format!("NV\tN-{n}\tOdalys{n}\tFenwick{n}\t02/{}\t{status}\n", n + 10)).collect();
        std::fs::write(folder.path().join("nv.tsv"), format!("{header}{rows}")).expect("a file");
    };
    let import = |more: &[&str]| {
        run(credence(folder.path()).args(["import", "licenses", "nv.tsv", "--data", "data"]).args(more))
    };
    write("Active");
    let first = import(&[]);
    assert!(first.out.contains(" 4  new physicians"), "{}{}", first.out, first.err);
    write("Lapsed");
    let held = import(&[]);
    assert!(!held.ok && held.err.contains("would end 4 of 4 active in NV; nothing was changed"), "{}", held.err);
    assert!(held.err.contains("--may-end 4"), "{}", held.err);
    let done = import(&["--may-end", "4"]);
    assert!(done.ok && done.out.contains(" 4  updated"), "{}{}", done.out, done.err);
}
