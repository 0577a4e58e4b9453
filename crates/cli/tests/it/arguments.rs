//! Hostile and mistaken arguments: each answered with what is wrong, none with a panic.

use std::io::Read;
use std::process::Stdio;

use crate::running::{credence, run};

#[test]
fn mistakes_are_told_and_never_a_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), "x").expect("a file");
    let cases: &[(&[&str], &str)] = &[
        (&["demo", "--physicians", "0"], "--physicians"),
        (&["demo", "--physicians", "-5"], "-5"),
        (&["demo", "--physicians", "99999999999999999999"], "--physicians"),
        (&["demo", "--physicians", "1e6"], "--physicians"),
        (&["demo", "--listen", "nowhere"], "cannot listen on nowhere"),
        (&["demo", "--listen", "127.0.0.1:99999"], "cannot listen"),
        (&["demo", "--listen", "127.0.0.1:0", "--data", "file"], "the folder file cannot be made"),
        (&["demo", "--listen", "127.0.0.1:0", "--database", "mysql://x"], "is not the address of a database"),
        (&["serve", "--listen", "127.0.0.1:0", "--config", "absent.toml"], "the settings cannot be read"),
        (&["verify", "--data", "absent"], "there is no database"),
        (&["doctor", "--data", "absent"], "there is no database"),
        (&["worker", "--data", "absent"], "workers need PostgreSQL"),
        (&["import", "licenses", "absent.tsv"], "there is no file absent.tsv"),
        (&["import", "passports", "file"], "passports"),
        (&["upload", "file", "--permission", "held", "--server", "ftp://x"], "a token is needed"),
        (&["upload", "file", "--permission", "denied", "--server", "http://x"], "denied"),
        (&["upload", "file", "--server", "http://x"], "--permission"),
        (&["no-such-command"], "no-such-command"),
    ];
    for (arguments, told) in cases {
        let printed = run(credence(folder.path()).args(*arguments));
        assert!(!printed.ok, "{arguments:?}");
        assert!(printed.err.contains(told), "{arguments:?}: {}", printed.err);
        assert!(!printed.err.contains("panicked"), "{arguments:?}: {}", printed.err);
    }
    let token = |token: &str| {
        let arguments = ["upload", "file", "--permission", "held", "--server", "ftp://x"];
        run(credence(folder.path()).args(arguments).env("CREDENCE_TOKEN", token)).err
    };
    assert!(token("crd_x").contains("must begin with http"));
    assert!(token("crd x\u{7}").contains("no token has"));
}

#[test]
fn a_password_in_the_database_s_address_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = "postgres://me:s3cret@127.0.0.1:1/x";
    let printed = run(credence(folder.path()).args(["migrate", "--database", address]));
    assert!(!printed.ok && !printed.err.contains("s3cret"), "{}", printed.err);
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (0..20_000).map(|n| format!("Atlantis\t{n}\tA\tB\n")).collect();
    std::fs::write(folder.path().join("long.tsv"), format!("board state\tlicense number\tfirst\tlast\n{rows}"))
        .expect("a file");
    let mut child = credence(folder.path())
        .args(["import", "licenses", "long.tsv", "--data", "data", "--show", "1000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut told).expect("text");
    assert!(child.wait().expect("it ends").success(), "{told}");
    assert!(!told.contains("panicked") && !told.contains("Error"), "{told}");
}
