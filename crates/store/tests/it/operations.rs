//! Running the system: read-only mode as jobs see it, jobs and letters in the hands of staff, the trail, processes,
//! what is measured, and copies of the whole.

use domain::JobId;
use domain::access::{Actor, Seat, StaffScope, Who};
use domain::{AccountId, PhysicianId};
use store::audit::trail;
use store::jobs::listed::{self, Standing};
use store::mails::Mail;
use store::mails::log;
use store::processes::{self, Process};
use store::read_only::{self, ReadOnly};
use store::{Error, copies, health, jobs};
use testkit::TestStore;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;

fn staff() -> (Actor, StaffScope) {
    let actor = Actor { who: Who::Account(AccountId::new(Uuid::from_u128(7))), seat: Seat::Accreditor };
    (actor, actor.staff().unwrap())
}

async fn queued(test: &TestStore, n: u128, run_at: i64) -> JobId {
    let id = JobId::new(Uuid::from_u128(n));
    let mut tx = test.store.write().await.unwrap();
    jobs::enqueue(&mut tx, id, "process_upload", "x", run_at, run_at).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn while_read_only_no_job_is_taken_and_one_in_hand_rests_as_it_was() {
    let test = TestStore::new().await;
    queued(&test, 1, 10).await;
    queued(&test, 2, 20).await;
    let mut tx = test.store.write().await.unwrap();
    let job = jobs::claim(&mut tx, 100, 200).await.unwrap().unwrap();
    let state = ReadOnly { reason: "We move.".into(), since: 100, restored: None };
    read_only::put(&mut tx, &state).await.unwrap();
    assert_eq!(read_only::find(&mut tx).await.unwrap(), Some(state));
    assert_eq!(jobs::claim(&mut tx, 100, 200).await.unwrap(), None);
    assert!(matches!(jobs::hold(&mut tx, &job, 300).await, Err(Error::ReadOnly)));
    jobs::pause(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = test.store.write().await.unwrap();
    assert!(read_only::remove(&mut tx).await.unwrap());
    assert!(!read_only::remove(&mut tx).await.unwrap());
    let again = jobs::claim(&mut tx, 100, 200).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (job.id, 1), "resting is no failed try");
    jobs::hold(&mut tx, &again, 300).await.unwrap();
    assert!(matches!(jobs::hold(&mut tx, &job, 300).await, Err(Error::LeaseLost)));
}

#[tokio::test]
async fn a_job_given_up_cannot_commit_and_begins_anew_when_it_is_started() {
    let test = TestStore::new().await;
    let (_, scope) = staff();
    let (first, failing) = (queued(&test, 1, 10).await, queued(&test, 2, 20).await);
    let mut tx = test.store.write().await.unwrap();
    let job = jobs::claim(&mut tx, 100, 200).await.unwrap().unwrap();
    let other = jobs::claim(&mut tx, 100, 200).await.unwrap().unwrap();
    assert_eq!((job.id, other.id), (first, failing));
    jobs::fail(&mut tx, &other, "the disk is gone", 900).await.unwrap();
    assert!(listed::give_up(&mut tx, &scope, first, 300).await.unwrap());
    assert!(matches!(jobs::hold(&mut tx, &job, 400).await, Err(Error::LeaseLost)));
    assert!(!listed::give_up(&mut tx, &scope, first, 300).await.unwrap(), "it is given up already");
    let counts = listed::counts(&mut tx).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.standing.as_str(), count.jobs)).collect();
    assert_eq!(counts, [("given-up", 1), ("retrying", 1)]);
    for (standing, expected) in [(Standing::GivenUp, first), (Standing::Retrying, failing)] {
        let found = listed::list(&mut tx, &scope, standing, "", 10).await.unwrap();
        assert_eq!(found.iter().map(|job| job.job_id).collect::<Vec<_>>(), [expected.as_uuid()]);
        assert_eq!(found[0].standing(), standing);
        assert!(listed::list(&mut tx, &scope, standing, "another kind", 10).await.unwrap().is_empty());
    }
    assert!(listed::start_again(&mut tx, &scope, failing, 300).await.unwrap());
    assert!(listed::start_again(&mut tx, &scope, first, 301).await.unwrap());
    assert!(!listed::start_again(&mut tx, &scope, JobId::new(Uuid::from_u128(9)), 300).await.unwrap());
    let next = jobs::claim(&mut tx, 300, 400).await.unwrap().unwrap();
    assert_eq!((next.id, next.attempts), (failing, 1));
    assert!(!listed::start_again(&mut tx, &scope, failing, 300).await.unwrap(), "what runs is not started");
}

async fn letter(test: &TestStore, n: u128, to: &str, subject: &str) -> Uuid {
    let id = Uuid::from_u128(n);
    let mut tx = test.store.write().await.unwrap();
    let mail = Mail {
        mail_id: id,
        to_address: to.into(),
        subject: subject.into(),
        body: "Words.".into(),
        created_at: n as i64,
        ..Mail::default()
    };
    store::mails::insert(&mut tx, &mail).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn letters_are_found_by_what_became_of_them_and_sent_again_while_their_words_are_there() {
    let test = TestStore::new().await;
    let (_, scope) = staff();
    let sent = letter(&test, 1, "a@one.example", "Join us").await;
    let failed = letter(&test, 2, "B@two.example", "100% of it").await;
    let waits = letter(&test, 3, "c@two.example", "Join them").await;
    let mut tx = test.store.write().await.unwrap();
    store::mails::mark_sent(&mut tx, sent, 50).await.unwrap();
    log::mark_tried(&mut tx, waits, 40, "busy").await.unwrap();
    store::mails::mark_failed(&mut tx, failed, 60, "no such box").await.unwrap();
    let ids = |found: Vec<log::Logged>| found.into_iter().map(|one| one.mail_id).collect::<Vec<_>>();
    let all = log::Search::default();
    assert_eq!(ids(log::search(&mut tx, &scope, &all, 10).await.unwrap()), [waits, failed, sent]);
    for (standing, expected) in
        [(log::Standing::Sent, sent), (log::Standing::Failed, failed), (log::Standing::Waiting, waits)]
    {
        let search = log::Search { standing: Some(standing), ..all.clone() };
        assert_eq!(ids(log::search(&mut tx, &scope, &search, 10).await.unwrap()), [expected]);
    }
    let search = log::Search { to: "TWO.example".into(), after: Some((3, waits)), ..all.clone() };
    assert_eq!(ids(log::search(&mut tx, &scope, &search, 10).await.unwrap()), [failed]);
    let search = log::Search { subject: "0% o".into(), ..all.clone() };
    assert_eq!(ids(log::search(&mut tx, &scope, &search, 10).await.unwrap()), [failed], "signs stand for themselves");
    assert_eq!(log::waiting(&mut tx).await.unwrap(), (1, Some(3)));
    assert!(log::send_again(&mut tx, &scope, failed).await.unwrap());
    assert!(!log::send_again(&mut tx, &scope, sent).await.unwrap(), "its words are gone");
    assert!(!log::send_again(&mut tx, &scope, waits).await.unwrap());
    let (found, body) = log::find(&mut tx, &scope, failed).await.unwrap().unwrap();
    assert_eq!((found.standing(), body.as_str(), found.has_body), (log::Standing::Waiting, "Words.", true));
    let (found, body) = log::find(&mut tx, &scope, sent).await.unwrap().unwrap();
    assert_eq!((found.tries, found.has_body, body.as_str()), (1, false, ""));
    assert_eq!(log::hold_back(&mut tx, 70, "restored").await.unwrap(), 2);
    assert_eq!(log::waiting(&mut tx).await.unwrap(), (0, None));
}

#[tokio::test]
async fn the_trail_is_found_by_who_where_whom_what_and_when_in_pages() {
    let test = TestStore::new().await;
    let (actor, scope) = staff();
    let physician = PhysicianId::new(Uuid::from_u128(99));
    let mut tx = test.store.write().await.unwrap();
    for (n, action, whom) in
        [(1, "session.start", None), (2, "physician.read", Some(physician)), (3, "audit.search", None)]
    {
        let entry = store::audit::NewEntry {
            id: Uuid::from_u128(n),
            at: n as i64 * MINUTE,
            actor: (n != 1).then_some(actor),
            action,
            subject: format!("s{n}"),
            physician: whom,
            detail: String::new(),
        };
        store::audit::insert(&mut tx, &entry).await.unwrap();
    }
    let all = trail::Search::default();
    let mut found = async |search: &trail::Search| {
        let entries = trail::search(&mut tx, &scope, search, 10).await.unwrap();
        entries.into_iter().map(|entry| entry.audit_id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(found(&all).await, [3, 2, 1]);
    assert_eq!(found(&trail::Search { action: "session.".into(), ..all.clone() }).await, [1]);
    assert_eq!(found(&trail::Search { action: "sess_on".into(), ..all.clone() }).await, [0; 0]);
    assert_eq!(found(&trail::Search { physician: Some(physician), ..all.clone() }).await, [2]);
    assert_eq!(found(&trail::Search { subject: "s3".into(), ..all.clone() }).await, [3]);
    assert_eq!(found(&trail::Search { seat_kind: "accreditor".into(), ..all.clone() }).await, [3, 2]);
    assert_eq!(found(&trail::Search { from: Some(2 * MINUTE), before: Some(3 * MINUTE), ..all.clone() }).await, [2]);
    assert_eq!(found(&trail::Search { after: Some((2 * MINUTE, Uuid::from_u128(2))), ..all.clone() }).await, [1]);
    assert_eq!(found(&trail::Search { who: "nobody % here".into(), ..all.clone() }).await, [0; 0]);
    assert_eq!(found(&trail::Search { organization: "CA".into(), ..all.clone() }).await, [0; 0]);
}

#[tokio::test]
async fn processes_are_heard_of_until_they_end_or_fall_silent() {
    let test = TestStore::new().await;
    let process = |n: u128, seen_at| Process {
        process_id: Uuid::from_u128(n),
        kind: "server".into(),
        host: "here".into(),
        version: "1".into(),
        started_at: n as i64,
        seen_at,
    };
    let mut tx = test.store.write().await.unwrap();
    for one in [process(1, 10), process(2, 20), process(1, 30)] {
        processes::beat(&mut tx, &one).await.unwrap();
    }
    assert_eq!(processes::list(&mut tx).await.unwrap(), [process(1, 30), process(2, 20)]);
    assert_eq!(processes::delete_before(&mut tx, 25).await.unwrap(), 1);
    processes::remove(&mut tx, Uuid::from_u128(1)).await.unwrap();
    assert!(processes::list(&mut tx).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_measured_says_how_work_stands_and_how_large_the_database_is() {
    let test = TestStore::new().await;
    queued(&test, 1, MINUTE).await;
    let mut tx = test.store.write().await.unwrap();
    let found = health::jobs(&mut tx, 30 * MINUTE).await.unwrap();
    assert_eq!((found.open, found.overdue, found.failed, found.retrying), (1, 1, 0, 0));
    assert_eq!(found.oldest_due, Some(MINUTE));
    assert_eq!(health::jobs(&mut tx, 5 * MINUTE).await.unwrap().overdue, 0);
    assert!(health::bytes(&mut tx).await.unwrap() > 100_000);
    assert_eq!(health::migration(&mut tx).await.unwrap(), store::Store::newest_migration());
    assert_eq!(health::newest_act(&mut tx).await.unwrap(), None);
    for kind in ["uploads", "activities", "evidence"] {
        assert!(health::stored_files(&mut tx, kind, Uuid::nil(), 10).await.unwrap().is_empty());
    }
    assert!(store::ledger::published::hashes_from(&mut tx, 0, 10).await.unwrap().is_empty());
    assert!(store::ledger::published::heads_below(&mut tx, i64::MAX, 10).await.unwrap().is_empty());
    assert_eq!(store::ledger::published::head_of(&mut tx, 1).await.unwrap(), None);
    assert_eq!(store::sessions::delete_everybodys(&mut tx).await.unwrap(), 0);
}

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_an_empty_place_is_told_from_a_full_one() {
    let test = TestStore::new().await;
    let database = store::Database::read(&test.address).unwrap();
    assert!(!copies::is_empty(&database).await.unwrap());
    match &database {
        store::Database::Sqlite(file) => {
            queued(&test, 1, 10).await;
            let copy = file.with_file_name("copy.db");
            let open = test.store.write().await.unwrap();
            copies::copy_sqlite(file, &copy).await.unwrap();
            drop(open);
            assert!(copies::faults_of_sqlite(&copy).await.unwrap().is_empty());
            let copied = store::Store::open_small(&copy).await.unwrap();
            assert_eq!(jobs::open_count(&mut copied.read().await.unwrap()).await.unwrap(), 1);
            assert!(copies::copy_sqlite(file, &copy).await.is_err(), "nothing is written over");
            copied.close().await;
            assert!(copies::is_empty(&store::Database::Sqlite(file.with_file_name("none.db"))).await.unwrap());
        }
        store::Database::Postgres(_) => {
            let mut snapshot = test.store.snapshot().await.unwrap();
            assert!(!snapshot.name.is_empty());
            queued(&test, 1, 10).await;
            assert_eq!(jobs::open_count(&mut snapshot.view).await.unwrap(), 0, "it shows what was when it was taken");
        }
    }
}
