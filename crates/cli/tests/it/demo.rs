//! `credence demo`: a folder is filled once, served again, and never somebody else's.

use std::process::Stdio;

use serde_json::Value;

use crate::running::{credence, demo, run};

const SMALL: [&str; 2] = ["--physicians", "600"];

#[test]
fn a_demo_answers_and_its_contract_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo(folder.path(), &SMALL);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    let contract = &server.contract;
    assert_eq!(contract["base"], server.base());
    for persona in [
        "provider_owner",
        "provider_editor",
        "other_provider_owner",
        "physician",
        "licensing_board",
        "certifying_board",
        "accreditor",
        "accreditor_second",
    ] {
        for field in ["email", "password", "organization"] {
            assert_ne!(text(&contract["sign_ins"][persona][field]), "", "{persona} {field}");
        }
        assert!(text(&contract["sign_ins"][persona]["password"]).chars().count() >= 15);
    }
    for kind in ["provider", "other_provider", "licensing_board", "certifying_board"] {
        assert!(text(&contract["tokens"][kind]).starts_with("crd_"), "{kind}");
    }
    assert!(text(&contract["tokens"]["sandbox"]).starts_with("crs_"));
    assert_eq!(text(&contract["provider_id"]).len(), 7);
    let activities = contract["activities"].as_array().expect("a list");
    assert!(activities.iter().all(|id| text(id).len() == 9) && !activities.is_empty());
    let physicians = contract["physicians"].as_array().expect("a list");
    assert_eq!(physicians.len(), 20);
    for physician in physicians {
        for field in ["first", "last", "birth", "state", "license", "npi", "board", "diplomate_id"] {
            assert_ne!(text(&physician[field]), "", "{field} of {physician}");
        }
        assert!(matching::npi_check_digit_ok(text(&physician["npi"])));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn a_second_start_serves_the_same_people_at_its_new_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = demo(folder.path(), &SMALL);
    let (before, old) = (first.contract.clone(), first.address.clone());
    first.kill();
    let second = demo(folder.path(), &[]);
    assert_ne!(old, second.address);
    assert_eq!(second.contract["base"], second.base());
    for part in ["provider_id", "sign_ins", "tokens", "activities", "physicians"] {
        assert_eq!(before[part], second.contract[part], "{part}");
    }
    let server = second.base();
    let mut upload = credence(folder.path());
    upload.args(["upload", "demo/sample-learners.xlsx", "--permission", "held", "--wait", "--server", &server]);
    let printed = run(upload.env("CREDENCE_TOKEN", second.token("provider")));
    assert!(printed.ok, "{}", printed.err);
}

#[test]
fn two_fillings_invent_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = tempfile::tempdir().expect("a folder");
    let (first, second) = (demo(folder.path(), &SMALL), demo(other.path(), &SMALL));
    for part in ["sign_ins", "tokens", "activities", "physicians"] {
        assert_eq!(first.contract[part], second.contract[part], "{part}");
    }
    let sample = |folder: &std::path::Path| std::fs::read(folder.join("demo/sample-learners.tsv")).expect("a sample");
    assert_eq!(sample(folder.path()), sample(other.path()));
}

#[test]
fn a_filling_that_was_cut_short_begins_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut filling = credence(folder.path())
        .args(["demo", "--data", "demo", "--listen", "127.0.0.1:0", "--physicians", "60000"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    // some physicians are in: the database has grown past its empty tables
    let log = folder.path().join("demo/credence.db-wal");
    while std::fs::metadata(&log).map_or(0, |log| log.len()) < 2_000_000 {
        assert!(filling.try_wait().expect("its state").is_none(), "the filling ended before it could be cut short");
        std::thread::yield_now();
    }
    filling.kill().expect("it ends");
    filling.wait().expect("it ended");
    assert!(!folder.path().join("demo/demo.json").exists());

    let server = demo(folder.path(), &SMALL);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(!folder.path().join("demo/demo-unfinished").exists());
    drop(server);
    let doctor = run(credence(folder.path()).args(["doctor", "--data", "demo"]));
    assert!(doctor.out.contains("600 physicians"), "{}", doctor.out);
}

#[test]
fn data_that_is_not_a_demo_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let migrated = run(credence(folder.path()).args(["migrate", "--data", "real"]));
    assert!(migrated.ok, "{}", migrated.err);
    let before = std::fs::read(folder.path().join("real/credence.db")).expect("a database");
    let refused = run(credence(folder.path()).args(["demo", "--data", "real", "--listen", "127.0.0.1:0"]));
    assert!(!refused.ok);
    assert!(refused.err.contains("not of this demo"), "{}", refused.err);
    assert_eq!(before, std::fs::read(folder.path().join("real/credence.db")).expect("a database"));
}

#[test]
fn a_folder_is_served_by_one_server_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let _server = demo(folder.path(), &SMALL);
    let refused = run(credence(folder.path()).args(["serve", "--data", "demo", "--listen", "127.0.0.1:0"]));
    assert!(!refused.ok);
    assert!(refused.err.contains("another Credence server already uses demo"), "{}", refused.err);
}
