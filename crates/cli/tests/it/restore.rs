//! The restore drill: a server is filled, backed up while an upload is running, and put back elsewhere. The record
//! proves itself there, what is missing is said, and after the last published head agreed everything goes on.

use std::path::Path;
use std::time::Duration;

use testkit::database::texts;

use crate::kill::books::{Found, faults};
use crate::kill::server::{Server, verify};
use crate::kill::world::World;
use crate::running::{Printed, credence, run};

const SMALL: u64 = 40;
const LARGE: u64 = 6_000;

/// A command on a world's data.
fn on(world: &World, arguments: &[&str]) -> Printed {
    let data = world.folder().to_str().expect("a path");
    run(credence(world.folder()).args(arguments).args(["--data", data, "--database", &world.address]))
}

async fn number(world: &World, sql: &str) -> i64 {
    let told = texts(&world.address, &format!("select cast(({sql}) as text)")).await;
    told.first().and_then(|text| text.parse().ok()).expect("a number")
}

async fn until(world: &World, sql: &str, least: i64) {
    while number(world, sql).await < least {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The only backup in a folder.
fn only(folder: &Path) -> String {
    let mut entries = std::fs::read_dir(folder).expect("a folder");
    let one = entries.next().expect("a backup").expect("an entry").path();
    assert!(entries.next().is_none(), "one backup");
    one.to_str().expect("a path").to_owned()
}

#[tokio::test]
async fn what_was_backed_up_while_uploads_ran_proves_itself_elsewhere_and_goes_on() {
    let world = World::new(SMALL + LARGE).await.expect("a world");
    let beside = tempfile::tempdir().expect("a folder");
    let (backups, keys) = (beside.path().join("backups"), beside.path().join("keys"));
    let (backups_name, keys_name) = (backups.to_str().expect("a path"), keys.to_str().expect("a path"));
    let server = Server::start(&world).await.expect("a server");
    let sender = server.client(&world).expect("a client");
    let mut first = world.file("file-0.txt", 0, SMALL).expect("a file");
    let mut second = world.file("file-3.txt", SMALL, LARGE).expect("a file");
    let rest = Duration::ZERO;
    first.acknowledged = Some(sender.send(&first.name, &first.text, rest).await.expect("taken"));
    until(&world, "select count(*) from ledger_head", 1).await;
    let published = sender.get("/transparency/checkpoint").await.expect("a head");
    let shown = sender.status(first.acknowledged.as_deref().expect("an id")).await.expect("a status");

    second.acknowledged = Some(sender.send(&second.name, &second.text, rest).await.expect("taken"));
    until(&world, "select coalesce(max(rows_done), 0) from upload where status = 'processing'", 1_000).await;
    let made = on(&world, &["backup", backups_name]);
    assert!(made.ok && made.out.contains("SHA-256 of its manifest"), "{}{}", made.out, made.err);
    let saved = on(&world, &["backup", "--keys-to", keys_name]);
    assert!(saved.ok && saved.out.contains("ledger-key.pem"), "{}{}", saved.out, saved.err);
    let heads = beside.path().join("heads.txt");
    let heads_name = heads.to_str().expect("a path");
    let witnessed = run(credence(beside.path()).args(["witness", server.base(), "--keep", heads_name]));
    assert!(witnessed.ok && witnessed.out.contains("the first head"), "{}{}", witnessed.out, witnessed.err);
    until(&world, "select count(*) from upload where status = 'done'", 2).await;
    until(&world, "select count(*) from ledger_head where size = (select max(size) from ledger_head)", 1).await;
    let all = number(&world, "select count(*) from ledger_leaf").await;
    until(&world, "select max(size) from ledger_head", all).await;
    let witnessed = run(credence(beside.path()).args(["witness", server.base(), "--keep", heads_name]));
    assert!(witnessed.ok && witnessed.out.contains("continues the one over"), "{}{}", witnessed.out, witnessed.err);
    server.kill().await.expect("killed");
    let backup = only(&backups);
    assert!(!Path::new(&backup).join("ledger-key.pem").exists(), "keys are not in a backup");

    // elsewhere
    let other = world.beside().await.expect("an empty place");
    let restored = on(&other, &["restore", &backup, "--keys", keys_name]);
    assert!(restored.ok, "{}{}", restored.out, restored.err);
    for said in ["The record proves itself", "is not here", "It is read-only"] {
        assert!(restored.out.contains(said), "{said}: {}", restored.out);
    }
    verify(&other).await.expect("the restored record proves itself");
    let there = number(&other, "select count(*) from ledger_leaf").await;
    assert!(there > 0 && there < all, "the backup fell into the upload: {there} of {all} leaves");

    // it serves, and changes nothing
    let server = Server::start(&other).await.expect("it serves");
    let sender = server.client(&other).expect("a client");
    assert_eq!(sender.status(first.acknowledged.as_deref().expect("an id")).await.expect("a status"), shown);
    assert!(sender.get("/status").await.expect("a page").contains("Restored from the backup"));
    let root = published.lines().nth(2).expect("a root");
    assert!(sender.get("/transparency/heads").await.expect("heads").contains(root), "the head is there as published");
    let refused = sender.send("file-6.txt", &first.text, rest).await.expect_err("read-only");
    assert!(refused.to_string().contains("503"), "{refused}");
    assert_eq!(number(&other, "select count(*) from ledger_leaf").await, there, "no job goes on");
    let complaint = run(credence(beside.path()).args(["witness", server.base(), "--keep", heads_name]));
    assert!(!complaint.ok && complaint.err.contains("COMPLAINT"), "{}{}", complaint.out, complaint.err);

    // a newer head says what is lost; the page's way out is closed; an older one agrees
    let lost = on(&other, &["read-only", "off", "--published-head", heads_name]);
    assert!(!lost.ok && lost.err.contains("is lost"), "{}{}", lost.out, lost.err);
    let plain = on(&other, &["read-only", "off"]);
    assert!(!plain.ok && plain.err.contains("restored from a backup"), "{}", plain.err);
    let forged = beside.path().join("forged.txt");
    std::fs::write(&forged, published.replacen("\n40", "\n41", 1).replace("signed-at", "signed-by")).expect("a file");
    let forged = on(&other, &["read-only", "off", "--published-head", forged.to_str().expect("a path")]);
    assert!(!forged.ok && !forged.out.contains("allowed"), "{}", forged.out);
    let head = beside.path().join("head.txt");
    std::fs::write(&head, &published).expect("a file");
    let agrees = on(&other, &["read-only", "off", "--published-head", head.to_str().expect("a path")]);
    assert!(agrees.ok && agrees.out.contains("agrees"), "{}{}", agrees.out, agrees.err);

    // the upload that was running when the backup was made is settled from its file
    until(&other, "select count(*) from upload where status = 'done'", 2).await;
    server.kill().await.expect("killed");
    verify(&other).await.expect("the record proves itself");
    let found = Found::read(&other.address).await.expect("what is there");
    assert_eq!(faults(&[first, second], &found), Vec::<String>::new());
    let before = Found::read(&world.address).await.expect("what was there");
    let sorted = |mut live: Vec<String>| {
        live.sort();
        live
    };
    assert_eq!(sorted(found.live), sorted(before.live), "the same credits as where nothing happened");
}

#[tokio::test]
async fn a_backup_that_was_changed_or_a_place_that_is_not_empty_is_refused_with_the_file() {
    let world = World::new(SMALL).await.expect("a world");
    let server = Server::start(&world).await.expect("a server");
    let sender = server.client(&world).expect("a client");
    let sent = world.file("file-0.txt", 0, SMALL).expect("a file");
    sender.send(&sent.name, &sent.text, Duration::ZERO).await.expect("taken");
    until(&world, "select count(*) from upload where status = 'done'", 1).await;
    server.kill().await.expect("killed");
    let beside = tempfile::tempdir().expect("a folder");
    let (backups, keys) = (beside.path().join("backups"), beside.path().join("keys"));
    let (backups_name, keys_name) = (backups.to_str().expect("a path"), keys.to_str().expect("a path"));
    assert!(on(&world, &["backup", backups_name]).ok);
    assert!(on(&world, &["backup", "--keys-to", keys_name]).ok);
    let backup = only(&backups);
    let refused = |place: &World, keys: &str, words: &str| {
        let told = on(place, &["restore", &backup, "--keys", keys]);
        assert!(!told.ok && told.err.contains(words), "{words}: {}{}", told.out, told.err);
    };
    refused(&world, keys_name, "is not empty");
    let other = world.beside().await.expect("an empty place");
    refused(&other, beside.path().to_str().expect("a path"), "the key ledger-key.pem is missing");
    let uploads = Path::new(&backup).join("files/uploads");
    let file = std::fs::read_dir(&uploads).expect("files").next().expect("one").expect("an entry").path();
    let bytes = std::fs::read(&file).expect("bytes");
    std::fs::write(&file, [&bytes[1..], b"x"].concat()).expect("written");
    refused(&other, keys_name, "is not what the manifest says");
    std::fs::remove_file(&file).expect("removed");
    refused(&other, keys_name, "cannot be read");
    std::fs::write(&file, bytes).expect("written");
    let key = keys.join("ledger-key.pem");
    let pem = std::fs::read_to_string(&key).expect("a key");
    std::fs::write(&key, pem.replacen("A", "B", 1)).expect("written");
    refused(&other, keys_name, "is not what the manifest says");
    std::fs::write(&key, pem).expect("written");
    let manifest = Path::new(&backup).join("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replacen("files/uploads/", "files/../../../", 1)).expect("written");
    refused(&other, keys_name, "which is no place in the backup");
    std::fs::write(&manifest, text).expect("written");
    let again = on(&other, &["restore", &backup, "--keys", keys_name]);
    assert!(again.ok, "nothing was left behind by what was refused: {}", again.err);
    let doctor = on(&other, &["doctor", "--files"]);
    assert!(doctor.out.contains("1 files are what was received"), "{}{}", doctor.out, doctor.err);
    assert!(doctor.out.contains("Read-only since"), "{}", doctor.out);
}
