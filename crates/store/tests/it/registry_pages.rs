//! What the accreditor's pages list: physicians by name and number, a record's surroundings, reported
//! rows, and the next row of the review list.

use domain::access::{Actor, ProviderScope, Seat, StaffScope, Who};
use domain::upload::RowResult;
use domain::{AccountId, Board, Code, CompletionId, PhysicianId, Problem, ReviewId, State, UploadId};
use jiff::civil::date;
use store::activities::Attested;
use store::completions::NewCompletion;
use store::organizations::{Provider, Standing};
use store::physicians::{NewPhysician, Physician};
use store::registry_pages::{self, Search, search};
use store::reviews::{self, Filter, Review, Settled, Settlement};
use store::upload_rows::{self, SettledRow};
use store::uploads::{NewUpload, Source, Submitter};
use store::{ReadTx, WriteTx, completions};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn actor(seat: Seat) -> Actor {
    Actor { who: Who::Account(AccountId::new(Uuid::nil())), seat }
}

fn staff() -> StaffScope {
    actor(Seat::Accreditor).staff().unwrap()
}

fn provider() -> ProviderScope {
    ProviderScope::of_record(people::provider_id())
}

fn upload_id() -> UploadId {
    UploadId::new(Uuid::from_u128(1))
}

/// Physicians 0 to 9 of `records`, a provider with an activity.
async fn filled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    let harborview = Provider {
        id: people::provider_id(),
        name: "Harborview".into(),
        organization_type: "Hospital".into(),
        city: "Oakland".into(),
        state: "CA".into(),
        standing: Standing::Good,
        contact_name: String::new(),
        contact_email: String::new(),
        created_at: NOW,
    };
    store::organizations::insert_provider(&mut tx, &harborview).await.unwrap();
    let activity = records::activity(records::ACTIVITY, people::PROVIDER);
    store::activities::insert(&mut tx, &provider(), &activity, Attested { by: None, at: 0 }).await.unwrap();
    let people: Vec<Physician> =
        (0..10).map(|n| Physician { npi: Some(format!("10000000{n:02}")), ..records::physician(n) }).collect();
    let new: Vec<NewPhysician> =
        people.into_iter().map(|physician| NewPhysician { physician, ledger_key: [1; 32] }).collect();
    store::physicians::insert(&mut tx, &new, NOW).await.unwrap();
    tx
}

async fn found(tx: &mut ReadTx, wanted: &Search) -> Vec<u128> {
    let found = search(tx, &staff(), wanted, 0, 50).await.unwrap();
    assert_eq!(found.total, found.physicians.len() as i64);
    found.physicians.iter().map(|physician| physician.id.as_uuid().as_u128()).collect()
}

#[tokio::test]
async fn a_physician_is_found_by_whatever_is_known() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let none = Search::default();
    let of = records::physician(3);
    let by_name = Search { name: of.last.clone(), ..none.clone() };
    let number = Search { number: "0040003".into(), ..none.clone() };
    let board = |code: &str| Some((Board::read(code).unwrap(), "300003".to_owned()));
    for (wanted, expected) in [
        (by_name.clone(), vec![4]),
        (Search { name: format!("{} {}", of.last, &of.first[..2]), ..none.clone() }, vec![4]),
        (Search { name: format!("{} Q", of.last), ..none.clone() }, vec![]),
        (number.clone(), vec![4]),
        (Search { state: State::read("CA"), ..number.clone() }, vec![4]),
        (Search { state: State::read("NV"), ..number.clone() }, vec![]),
        (Search { number: number.number.clone(), ..by_name.clone() }, vec![4]),
        (Search { name: "Zzyzx".into(), ..number.clone() }, vec![]),
        (Search { npi: "1000000003".into(), ..none.clone() }, vec![4]),
        (Search { npi: "1000000004".into(), ..by_name.clone() }, vec![]),
        (Search { certification: board("ABIM"), ..none.clone() }, vec![4]),
        (Search { certification: board("ABS"), ..none.clone() }, vec![]),
        (none, vec![]),
    ] {
        assert_eq!(found(&mut tx, &wanted).await, expected, "{wanted:?}");
    }
}

#[tokio::test]
async fn names_come_in_pages_and_a_merged_record_is_not_among_them() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let same = |n: u128| Physician {
        id: PhysicianId::new(Uuid::from_u128(100 + n)),
        last: "Pagely".into(),
        npi: None,
        licenses: vec![],
        certifications: vec![],
        ..records::physician(0)
    };
    let new: Vec<NewPhysician> = (0..5).map(|n| NewPhysician { physician: same(n), ledger_key: [1; 32] }).collect();
    store::physicians::insert(&mut tx, &new, NOW).await.unwrap();
    let merged = PhysicianId::new(Uuid::from_u128(104));
    let survivor = PhysicianId::new(Uuid::from_u128(100));
    store::identity_changes::records::set_merged(&mut tx, merged, Some(survivor)).await.unwrap();
    let wanted = Search { name: "pagely".into(), ..Search::default() };
    let page = search(&mut tx, &staff(), &wanted, 2, 3).await.unwrap();
    let ids: Vec<u128> = page.physicians.iter().map(|of| of.id.as_uuid().as_u128()).collect();
    assert_eq!((page.total, ids), (4, vec![102, 103]));

    let standing = registry_pages::standing(&mut tx, &staff(), merged).await.unwrap().unwrap();
    assert_eq!((standing.merged_into, standing.account_since), (Some(survivor), None));
    assert_eq!(registry_pages::standing(&mut tx, &staff(), PhysicianId::new(Uuid::nil())).await.unwrap(), None);
}

fn completion(n: u128, day: i8) -> NewCompletion {
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(records::physician(0).id),
        reported_physician: Some(records::physician(0).id),
        completed_on: date(2026, 5, day),
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: records::physician(0).birth,
        state: None,
        learner_identifier: "A40000".into(),
        rems: None,
        person_key: None,
        submission_id: String::new(),
        upload: upload_id(),
        row_number: 2,
        reported_at: NOW + n as i64,
        withdrawn_at: None,
    }
}

#[tokio::test]
async fn a_record_is_shown_with_its_completions_and_who_looked() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    completions::insert(&mut tx, &provider(), &[completion(1, 1), completion(2, 2)], &[]).await.unwrap();
    let of = records::physician(0).id;
    let years = registry_pages::completions_by_year(&mut tx, &staff(), of).await.unwrap();
    let years: Vec<_> =
        years.iter().map(|row| (row.year.as_str(), row.provider_name.as_str(), row.completions)).collect();
    assert_eq!(years, [("2026", "Harborview", 2)]);
    let latest = registry_pages::completions(&mut tx, &staff(), of, 1).await.unwrap();
    assert_eq!((latest.len(), latest[0].completed_on), (1, date(2026, 5, 2)));
    let source = registry_pages::source(&mut tx, &staff(), latest[0].id).await.unwrap().unwrap();
    assert_eq!((source.upload, source.row, source.physician), (upload_id(), 2, Some(of)));
    assert_eq!((source.birth.as_str(), source.identifier.as_str()), ("01/01", "A40000"));

    let entry = store::audit::NewEntry {
        id: Uuid::from_u128(9),
        at: NOW,
        actor: Some(actor(Seat::LicensingBoard(State::read("CA").unwrap()))),
        action: "transcript.read",
        subject: String::new(),
        physician: Some(of),
        detail: "x".into(),
    };
    store::audit::insert(&mut tx, &entry).await.unwrap();
    let trail = registry_pages::trail(&mut tx, &staff(), of, 10).await.unwrap();
    let seen: Vec<_> = trail.iter().map(|look| (look.action.as_str(), look.organization.as_str())).collect();
    assert_eq!(seen, [("transcript.read", "CA")]);
    let other = registry_pages::trail(&mut tx, &staff(), records::physician(1).id, 10).await.unwrap();
    assert_eq!(other, []);
}

#[tokio::test]
async fn a_reported_row_is_found_with_what_is_kept_of_it() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let upload = NewUpload {
        id: upload_id(),
        source: Source::File,
        submitter: Submitter { who: actor(Seat::Accreditor).who, name: "Ida Ward".into() },
        file_name: "Grand Rounds.txt".into(),
        file_format: "\"tab\"".into(),
        file_bytes: 1,
        digest: "d".into(),
        permission_on: date(2026, 5, 1),
        received_at: NOW,
    };
    assert!(store::uploads::insert(&mut tx, &provider(), &upload).await.unwrap());
    let refused = SettledRow {
        number: 3,
        result: RowResult::Refused,
        completion: None,
        refused: Some((vec!["Alma".into()], vec![Problem::row(Code::IdentityConflict)])),
    };
    upload_rows::insert_many(&mut tx, upload.id, &[refused]).await.unwrap();
    let row = registry_pages::submitted_row(&mut tx, &staff(), upload.id, 3).await.unwrap().unwrap();
    assert_eq!((row.provider, row.provider_name.as_str()), (people::provider_id(), "Harborview"));
    assert_eq!((row.result, row.cells), (RowResult::Refused, Some(vec!["Alma".to_owned()])));
    assert_eq!(row.problems, [Problem::row(Code::IdentityConflict)]);
    assert_eq!(registry_pages::submitted_row(&mut tx, &staff(), upload.id, 4).await.unwrap(), None);

    let sent = registry_pages::submissions(&mut tx, &staff(), people::provider_id(), 5).await.unwrap();
    assert_eq!(sent.iter().map(|sent| sent.id).collect::<Vec<_>>(), [upload.id]);
    let other = registry_pages::submissions(&mut tx, &staff(), people::other_provider_id(), 5).await.unwrap();
    assert_eq!(other, []);
}

fn review(n: u128, outcome: &str) -> Review {
    Review {
        id: ReviewId::new(Uuid::from_u128(n)),
        source: "licenses".into(),
        row_number: n as i64,
        row: format!("row {n}"),
        outcome: outcome.into(),
        reasons: String::new(),
        // two came at the same time: then the id decides
        created_at: NOW + (n as i64) / 2,
    }
}

#[tokio::test]
async fn the_next_row_is_of_the_same_list_and_settled_ones_are_passed_over() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let all: Vec<Review> =
        [(1, "several"), (2, "several"), (3, "conflict"), (4, "several")].map(|(n, said)| review(n, said)).into();
    reviews::insert(&mut tx, "licenses", &all).await.unwrap();
    let of = records::physician(0).id;
    let end = Settled {
        id: all[1].id,
        settlement: Settlement::Attached,
        physician: Some(of),
        by: "Noor Haddad".into(),
        at: NOW,
    };
    reviews::settle(&mut tx, &[end]).await.unwrap();
    let any = Filter::default();
    let several = Filter { outcome: "several".into(), ..Filter::default() };
    for (filter, after, expected) in [
        (&any, &all[0], Some(all[2].id)),
        (&any, &all[2], Some(all[3].id)),
        (&several, &all[0], Some(all[3].id)),
        (&any, &all[3], None),
    ] {
        let next = registry_pages::next_review(&mut tx, &staff(), filter, after).await.unwrap();
        assert_eq!(next, expected, "after {after:?}");
    }
    assert_eq!(registry_pages::count_settled(&mut tx, &staff(), &any).await.unwrap(), 1);
    let other = Filter { source: "pair".into(), ..Filter::default() };
    assert_eq!(registry_pages::count_settled(&mut tx, &staff(), &other).await.unwrap(), 0);
    let with = registry_pages::settled_with(&mut tx, &staff(), of, 5).await.unwrap();
    assert_eq!(with.iter().map(|kept| kept.review.id).collect::<Vec<_>>(), [all[1].id]);
    assert_eq!(registry_pages::settled_with(&mut tx, &staff(), records::physician(1).id, 5).await.unwrap(), []);
}
