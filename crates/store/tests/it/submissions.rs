//! Completions as programs ask for them again, and the requests that brought them.

use domain::access::{ProviderScope, Who};
use domain::credit::{CreditStatus, Kind, Part};
use domain::upload::{Counts, UploadStatus};
use domain::{ActivityId, Amount, ApiClientId, Board, CompletionId, CreditId, MonthDay, PhysicianId, UploadId};
use jiff::civil::{Date, date};
use store::completions::{NewCompletion, NewCredit, Person};
use store::submissions::{self, Narrowed};
use store::uploads::{NewUpload, Source, Submitter};
use store::{WriteTx, completions, uploads};
use testkit::{TestApp, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn scope() -> ProviderScope {
    ProviderScope::of_record(people::provider_id())
}

fn stranger() -> ProviderScope {
    ProviderScope::of_record(people::other_provider_id())
}

fn completion(n: u128, physician: Option<usize>, on: Date, submission: &str) -> NewCompletion {
    let physician = physician.map(|n| records::physician(n).id);
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician,
        reported_physician: physician,
        completed_on: on,
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: MonthDay::new(2, 3),
        state: None,
        learner_identifier: format!("L-{n}"),
        rems: None,
        person_key: physician.is_none().then_some([1; 32]),
        submission_id: submission.into(),
        upload: UploadId::new(Uuid::nil()),
        row_number: 1,
        reported_at: NOW,
        withdrawn_at: None,
    }
}

fn credit(n: u128, completion: &NewCompletion, kind: Kind) -> NewCredit {
    NewCredit {
        id: CreditId::new(Uuid::from_u128(n)),
        completion: completion.id,
        kind,
        part: Part::Whole,
        amount: Amount::new(200),
        types: vec![],
        diplomate_id: "300001".into(),
        status: CreditStatus::Pending,
        derived_from: None,
        reported_at: NOW,
        leaf_index: n as i64,
        withdrawn: None,
    }
}

async fn write(test: &TestApp) -> WriteTx {
    test.app.store.write().await.unwrap()
}

#[tokio::test]
async fn completions_are_found_by_their_senders_own_id_by_learner_and_by_day() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let (first, second) = (date(2026, 11, 2), date(2026, 11, 3));
    let of_rems = completion(3, None, first, "S-3");
    let all = [completion(1, Some(1), first, "S-1"), completion(2, Some(1), second, ""), of_rems.clone()];
    let mut tx = write(&test).await;
    let abim = Kind::Moc(Board::read("ABIM").unwrap());
    let credits = [credit(1, &all[0], abim), credit(2, &all[0], Kind::Cme), credit(3, &all[1], Kind::Cme)];
    completions::insert(&mut tx, &scope(), &all, &credits).await.unwrap();
    let asked: Vec<String> = ["S-1", "S-3", "", "none", "'"].map(str::to_owned).into();
    let mut named = submissions::named(&mut tx, &scope(), &asked).await.unwrap();
    named.sort_by_key(|one| one.completion);
    let told: Vec<_> = named.iter().map(|one| (one.submission_id.as_str(), one.completion, one.completed_on)).collect();
    assert_eq!(told, [("S-1", all[0].id, first), ("S-3", of_rems.id, first)]);
    assert_eq!(named[0].person, Person::Physician(records::physician(1).id));
    assert_eq!(named[1].person, Person::Rems("L-3".into()));
    assert!(submissions::named(&mut tx, &stranger(), &asked).await.unwrap().is_empty());

    let learner: PhysicianId = records::physician(1).id;
    let activity: ActivityId = records::activity_id();
    let mut of = async |scope, narrowed, after, most| {
        submissions::of_physician(&mut tx, &scope, learner, narrowed, after, most).await.unwrap()
    };
    let everything = Narrowed::default();
    assert_eq!(of(scope(), everything, None, 10).await, [all[0].id, all[1].id]);
    assert_eq!(of(scope(), everything, None, 1).await, [all[0].id]);
    assert_eq!(of(scope(), everything, Some(all[0].id), 10).await, [all[1].id]);
    let one_day = Narrowed { activity: Some(activity), completed_on: Some(second) };
    assert_eq!(of(scope(), one_day, None, 10).await, [all[1].id]);
    let elsewhere = Narrowed { activity: Some(records::OTHER_ACTIVITY.parse().unwrap()), completed_on: None };
    assert_eq!(of(scope(), elsewhere, None, 10).await, []);
    assert_eq!(of(stranger(), everything, None, 10).await, []);

    let birth = MonthDay::new(2, 3).unwrap();
    let day = submissions::of_day(&mut tx, &scope(), activity, first, birth).await.unwrap();
    let told: Vec<_> =
        day.iter().map(|one| (one.id, one.physician.is_some(), one.learner_identifier.as_str())).collect();
    assert_eq!(told, [(all[0].id, true, "L-1"), (of_rems.id, false, "L-3")]);
    assert!(submissions::of_day(&mut tx, &stranger(), activity, first, birth).await.unwrap().is_empty());
    let other = MonthDay::new(2, 4).unwrap();
    assert!(submissions::of_day(&mut tx, &scope(), activity, first, other).await.unwrap().is_empty());

    let ids: Vec<CompletionId> = all.iter().map(|one| one.id).collect();
    let standings = submissions::standings(&mut tx, &scope(), &ids).await.unwrap();
    let kinds: Vec<&str> = standings[&all[0].id].iter().map(|one| one.kind.key()).collect();
    assert_eq!(kinds, ["CME", "ABIM"]);
    assert_eq!(standings[&all[0].id][1].diplomate_id, "300001");
    assert!(!standings.contains_key(&of_rems.id));
    assert!(submissions::standings(&mut tx, &stranger(), &ids).await.unwrap().is_empty());
    // what is withdrawn is under no ID any more
    completions::withdraw(&mut tx, all[0].id, NOW).await.unwrap();
    assert_eq!(submissions::named(&mut tx, &scope(), &asked).await.unwrap().len(), 1);
    assert_eq!(submissions::of_physician(&mut tx, &scope(), learner, everything, None, 9).await.unwrap(), [all[1].id]);
}

#[tokio::test]
async fn a_request_is_an_upload_that_is_done_and_is_listed_while_something_of_it_is_refused() {
    let test = TestApp::new().await;
    let mut tx = write(&test).await;
    let new = |n: u128| NewUpload {
        id: UploadId::new(Uuid::from_u128(n)),
        source: Source::Service,
        submitter: Submitter { who: Who::ApiClient(ApiClientId::new(Uuid::nil())), name: "LMS".into() },
        file_name: "request.json".into(),
        file_format: "\"json\"".into(),
        file_bytes: 0,
        digest: n.to_string(),
        permission_on: date(2026, 11, 23),
        received_at: NOW + n as i64,
    };
    let good = Counts { rows: 2, accepted: 2, ..Counts::default() };
    let bad = Counts { rows: 3, accepted: 1, refused: 2, ..Counts::default() };
    for (n, counts) in [(1, good), (2, bad)] {
        uploads::insert_settled(&mut tx, &scope(), &new(n), "{}", &[], &counts).await.unwrap();
    }
    // the same bytes are told apart by whoever sends them: here that is a fault
    assert!(uploads::insert_settled(&mut tx, &scope(), &new(2), "{}", &[], &bad).await.is_err());
    let found = uploads::find(&mut tx, &scope(), new(2).id).await.unwrap().unwrap();
    assert_eq!((found.status, found.source, found.counts), (UploadStatus::Done, Source::Service, bad));
    assert_eq!((found.rows_done, found.read_permille, found.finished_at), (3, 1_000, Some(NOW + 2)));
    assert!(uploads::find(&mut tx, &stranger(), new(2).id).await.unwrap().is_none());
    let listed: Vec<UploadId> =
        uploads::list(&mut tx, &scope(), 0, 9).await.unwrap().iter().map(|one| one.id).collect();
    assert_eq!((listed, uploads::count(&mut tx, &scope()).await.unwrap()), (vec![new(2).id], 1));
    let mended = Counts { accepted: 2, refused: -2, ..Counts::default() };
    uploads::recount(&mut tx, new(2).id, &mended).await.unwrap();
    assert_eq!(uploads::count(&mut tx, &scope()).await.unwrap(), 0);
}
