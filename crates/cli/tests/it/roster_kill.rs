//! An import of rosters is killed with SIGKILL in its middle and begun again: the registry must be the
//! one that an import without a kill makes, down to who waits for a person.

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
async fn registry(address: &str) -> (BTreeSet<Vec<String>>, BTreeSet<String>) {
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
    let only_in = |one: &BTreeSet<Vec<String>>, other| one.difference(other).take(6).cloned().collect::<Vec<_>>();
    assert_eq!(only_in(&expected.0, &found.0), only_in(&found.0, &expected.0));
    assert_eq!(expected.1, found.1);
}
