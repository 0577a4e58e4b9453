//! An import of rosters is killed with SIGKILL in its middle and begun again: nothing may be lost, nobody made
//! twice, and nobody mixed with whom an import without a kill keeps apart.
//!
//! A row at the very edge of what is sure may wait in one of the two and stand in the other: namesakes count
//! from when they are known, and a killed import knows some of them earlier.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use testkit::database;

use crate::running::{credence, run};

/// More rows than go into one transaction, so that a kill falls between two.
const PHYSICIANS: &str = "14000";
const ROSTERS: [(&str, &str); 2] =
    [("licenses", "files/roster_licenses.tsv"), ("certifications", "files/roster_boards.tsv")];

fn import(folder: &Path, address: &str, roster: (&str, &str)) -> std::process::Command {
    let mut command = credence(folder);
    command.args(["import", roster.0, roster.1, "--data", "data", "--database", address]);
    command
}

async fn count(address: &str, sql: &str) -> u64 {
    let told = database::texts(address, &format!("select cast(count(*) as text) {sql}")).await;
    told.first().and_then(|count| count.parse().ok()).expect("a count")
}

/// Waits until so much is there, then kills. `false`: the import was over before.
async fn killed(mut child: Child, address: &str, sql: &str, at_least: u64) -> bool {
    while child.try_wait().expect("a process").is_none() {
        if count(address, sql).await >= at_least {
            child.kill().expect("it still runs");
            child.wait().expect("it ends");
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

/// Which records stand together, and which rows wait.
type Registry = (BTreeSet<Vec<String>>, BTreeSet<String>);

async fn registry(address: &str) -> Registry {
    let id = if address.starts_with("sqlite:") { "hex(physician_id)" } else { "cast(physician_id as text)" };
    let held = format!(
        "select {id} || ' ' || state || number from license
         union all select {id} || ' ' || board || diplomate_id from certification order by 1"
    );
    let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in database::texts(address, &held).await {
        let (person, record) = line.split_once(' ').expect("two words");
        people.entry(person.to_owned()).or_default().push(record.to_owned());
    }
    let people = people.into_values().map(|mut records| {
        records.sort_unstable();
        records
    });
    let waiting = database::texts(address, "select row from registry_review where settled_at is null").await;
    (people.collect(), waiting.into_iter().collect())
}

#[tokio::test]
async fn an_import_that_was_killed_and_begun_again_ends_where_one_without_a_kill_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let generate = ["bench", "generate", "--physicians", PHYSICIANS, "--learners", "1", "--out", "files"];
    assert!(run(credence(place).args(generate)).ok);
    for name in ["whole", "killed"] {
        std::fs::create_dir(place.join(name)).expect("a folder");
    }
    let whole = database::fresh(&place.join("whole")).await;
    let interrupted = database::fresh(&place.join("killed")).await;
    // makes the tables, so that they can be asked at once
    let nothing = "board state\tlicense number\tfirst\tlast\n";
    std::fs::write(place.join("nothing.tsv"), nothing).expect("a file");
    run(&mut import(place, &interrupted, ("licenses", "nothing.tsv")));

    for roster in ROSTERS {
        let done = run(&mut import(place, &whole, roster));
        assert!(done.ok, "{}", done.err);
    }
    let moments = [("from physician", 1), ("from license", 14_000), ("from certification", 1)];
    let mut kills = 0;
    for (roster, moment) in [(ROSTERS[0], moments[0]), (ROSTERS[0], moments[1]), (ROSTERS[1], moments[2])] {
        let child = import(place, &interrupted, roster).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        kills += u32::from(killed(child.expect("it starts"), &interrupted, moment.0, moment.1).await);
        if moment.0 != "from physician" {
            let done = run(&mut import(place, &interrupted, roster));
            assert!(done.ok, "{}", done.err);
        }
    }
    assert!(kills > 0, "every import was over before it could be killed");
    let (expected, found) = (registry(&whole).await, registry(&interrupted).await);
    assert_eq!(settled(&expected), settled(&found), "every row stands or waits in both");
    let apart = |one: &Registry, other: &Registry| -> Vec<Vec<String>> {
        let whose: BTreeMap<&String, usize> = other
            .0
            .iter()
            .enumerate()
            .flat_map(|(person, records)| records.iter().map(move |of| (of, person)))
            .collect();
        let mixed =
            |records: &&Vec<String>| records.iter().filter_map(|of| whose.get(of)).collect::<BTreeSet<_>>().len() > 1;
        one.0.iter().filter(mixed).cloned().collect()
    };
    assert_eq!(apart(&found, &expected), Vec::<Vec<String>>::new(), "people whom an import without a kill keeps apart");
    assert_eq!(apart(&expected, &found), Vec::<Vec<String>>::new(), "people who were made twice");
    let edge = expected.0.symmetric_difference(&found.0).count();
    assert!(edge * 1_000 < expected.0.len(), "{edge} people are not the same");
}

/// Every record that stands, and every row that waits, by its number.
fn settled((people, waiting): &Registry) -> BTreeSet<String> {
    let number = |row: &String| {
        let row: serde_json::Value = serde_json::from_str(row).expect("a row");
        let held = row["held"].as_object().and_then(|held| held.values().next()).expect("what it is about");
        let part = |names: [&str; 2]| names.iter().find_map(|name| held[*name].as_str()).expect("a number").to_owned();
        format!("{}{}", part(["state", "board"]), part(["number", "diplomate_id"]))
    };
    people.iter().flatten().cloned().chain(waiting.iter().map(number)).collect()
}
