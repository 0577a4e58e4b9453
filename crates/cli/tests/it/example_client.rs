//! The client in `examples/python`, run as its page says: against a sandbox, through a connection that loses an
//! answer.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::running::{Printed, Running, demo, run};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/python")
}

/// A copy of the example's list, so that its results do not land in the repository.
fn list(folder: &Path) -> PathBuf {
    let list = folder.join("sandbox.csv");
    std::fs::copy(examples().join("sandbox.csv"), &list).expect("the list is copied");
    list
}

fn report(server: &Running, address: &str, list: &Path, options: &[&str]) -> Printed {
    let mut command = Command::new("python3");
    command.arg("-B").arg(examples().join("report_learners.py")).args(options);
    command.arg("--base").arg(format!("http://{address}/api/pars/v1")).arg(list);
    run(command.env("CREDENCE_TOKEN", server.token("sandbox")))
}

/// Passes connections on to the server, the first without its answer.
fn loses_an_answer(server: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    thread::spawn(move || {
        for (nth, client) in listener.incoming().enumerate() {
            let client = client.expect("a connection");
            let upstream = TcpStream::connect(&server).expect("the server answers");
            let (mut from, mut to) = (client.try_clone().expect("a copy"), upstream.try_clone().expect("a copy"));
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            thread::spawn(move || pass(upstream, client, nth == 0));
        }
    });
    address
}

fn pass(mut upstream: TcpStream, mut client: TcpStream, loses: bool) {
    let mut answer = [0; 65_536];
    // once there is an answer the work is done, whether anybody hears of it or not
    while let Ok(got @ 1..) = upstream.read(&mut answer) {
        if loses || client.write_all(&answer[..got]).is_err() {
            break;
        }
    }
    // the other side may be gone already
    let _ = client.shutdown(Shutdown::Both);
}

/// Number, result, codes and what boards say of each line.
fn results(list: &Path) -> Vec<[String; 4]> {
    let text = std::fs::read_to_string(list.with_extension("results.csv")).expect("results are written");
    let lines = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default().to_owned();
        [cell(0), cell(1), cell(3), cells.last().copied().unwrap_or_default().to_owned()]
    });
    lines.collect()
}

#[test]
fn the_example_client_reports_polls_and_gets_over_a_lost_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo(folder.path(), &["--physicians", "600"]);
    let list = list(folder.path());
    let checked = report(&server, &server.address, &list, &["--check"]);
    assert!(checked.ok, "{}", checked.err);
    let outcomes: Vec<&str> = checked.out.lines().filter_map(|line| line.split(['.', ' ']).nth(1)).collect();
    assert_eq!(outcomes, ["matched", "no_match", "several", "matched", "conflict", "matched"], "{}", checked.out);

    let proxy = loses_an_answer(server.address.clone());
    let reported = report(&server, &proxy, &list, &["--wait", "600"]);
    assert_eq!((reported.ok, reported.err.as_str()), (false, ""), "what was refused ends it with 1");
    assert_eq!(reported.out, "3 accepted, 3 refused\n");
    let results = results(&list);
    let told: Vec<[&str; 3]> =
        results.iter().map(|[number, result, codes, _]| [number, result, codes].map(String::as_str)).collect();
    assert_eq!(
        told,
        [
            ["1", "accepted", ""],
            ["2", "refused", "identity_not_found"],
            ["3", "refused", "identity_several"],
            ["4", "accepted", ""],
            ["5", "refused", "identity_conflict"],
            ["6", "accepted", ""],
        ]
    );
    assert_eq!(results[0][3], "CME Accepted; ABIM Accepted");
    assert!(results[5][3].starts_with("CME Accepted; ABIM Rejected "), "{}", results[5][3]);
}

#[test]
fn the_example_client_says_what_is_wrong_with_its_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo(folder.path(), &["--physicians", "600"]);
    let list = list(folder.path());
    let mut command = Command::new("python3");
    command.arg("-B").arg(examples().join("report_learners.py")).arg("--base").arg(server.base()).arg(&list);
    let refused = run(command.env("CREDENCE_TOKEN", "crs_wrong"));
    assert!(!refused.ok && refused.err.starts_with("Nothing was reported. 4"), "{}", refused.err);
    assert!(!list.with_extension("results.csv").exists());
}
