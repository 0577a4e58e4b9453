//! Transcripts that are shared, who opened them, letters that wait, and what happened with a record.

use domain::access::{LicensingBoardScope, PhysicianScope, ProviderScope, Seat};
use domain::credit::{CreditStatus, Kind, Part};
use domain::transcript::Filter;
use domain::{AccountId, Amount, CompletionId, CreditId, PhysicianId, ShareId, State, UploadId};
use jiff::civil::date;
use store::accounts::Account;
use store::activities::Attested;
use store::completions::{NewCompletion, NewCredit};
use store::identity_changes::records as identity;
use store::notices::{self, Topic};
use store::physicians::NewPhysician;
use store::record_trail::{self, Stretch};
use store::shares::looks::{self, Look, Tried};
use store::shares::{self, Recipient, Standing, Terms};
use store::uploads::{NewUpload, Source, Submitter};
use store::{ReadTx, WriteTx};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;
const LATER: i64 = NOW + 1_000;

fn own(n: usize) -> PhysicianScope {
    PhysicianScope::of_record(records::physician(n).id)
}

fn id(n: u128) -> ShareId {
    ShareId::new(Uuid::from_u128(n))
}

fn board(state: &str) -> LicensingBoardScope {
    LicensingBoardScope::of_record(State::read(state).unwrap())
}

fn terms(recipient: Recipient) -> Terms {
    Terms {
        recipient,
        message: "For my file.".into(),
        filter: Filter { from: Some(date(2026, 1, 1)), kind: Some(Kind::Cme), ..Filter::default() },
        shows_numbers: false,
        allows_downloads: true,
        expires_at: LATER,
        most_openings: Some(2),
    }
}

fn to_somebody() -> Terms {
    let recipient = Recipient::Email { name: "Jordan Lee".into(), email: "j@x.example".into(), asks_code: true };
    terms(recipient)
}

/// The first three physicians.
pub(crate) async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    let new = |n| NewPhysician { physician: records::physician(n), ledger_key: [n as u8; 32] };
    store::physicians::insert(&mut tx, &[new(0), new(1), new(2)], NOW).await.unwrap();
    tx
}

async fn merge(tx: &mut WriteTx, from: usize, into: usize) {
    identity::set_merged(tx, records::physician(from).id, Some(records::physician(into).id)).await.unwrap();
}

async fn ids(tx: &mut ReadTx, n: usize) -> Vec<ShareId> {
    shares::list(tx, &own(n)).await.unwrap().iter().map(|share| share.id).collect()
}

#[tokio::test]
async fn a_share_is_found_by_its_physician_and_by_its_link_alone() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    shares::insert(&mut tx, &own(0), id(1), &to_somebody(), Some(&[1; 32]), NOW).await.unwrap();
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    assert_eq!((share.id, share.terms.clone(), share.openings), (id(1), to_somebody(), 0));
    assert_eq!(share.physician(), records::physician(0).id);
    assert_eq!(shares::find_by_link(&mut tx, &[1; 32]).await.unwrap().unwrap(), share);
    assert_eq!(shares::find_by_link(&mut tx, &[2; 32]).await.unwrap(), None);
    assert_eq!(shares::find(&mut tx, &own(1), id(1)).await.unwrap(), None, "another physician's is as absent as none");
    assert_eq!((ids(&mut tx, 0).await, ids(&mut tx, 1).await), (vec![id(1)], vec![]));
    let again = shares::insert(&mut tx, &own(1), id(2), &to_somebody(), Some(&[1; 32]), NOW).await;
    assert!(again.is_err_and(|error| error.is_unique_violation()), "one link opens one share");
}

#[tokio::test]
async fn a_share_follows_its_person_through_a_merge_and_back() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    shares::insert(&mut tx, &own(1), id(1), &to_somebody(), Some(&[1; 32]), NOW).await.unwrap();
    merge(&mut tx, 1, 0).await;
    assert_eq!(ids(&mut tx, 0).await, [id(1)]);
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    let record = shares::record(&mut tx, &share).await.unwrap().unwrap();
    assert_eq!(record.physician(), records::physician(0).id);
    identity::set_merged(&mut tx, records::physician(1).id, None).await.unwrap();
    assert!(ids(&mut tx, 0).await.is_empty());
    let record = shares::record(&mut tx, &share).await.unwrap().unwrap();
    assert_eq!(record.physician(), records::physician(1).id);
    // taken back without any other in its place
    identity::set_merged(&mut tx, records::physician(1).id, Some(records::physician(1).id)).await.unwrap();
    assert_eq!(shares::record(&mut tx, &share).await.unwrap(), None);
}

#[tokio::test]
async fn openings_are_counted_until_none_is_left_and_an_end_is_an_end() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    shares::insert(&mut tx, &own(0), id(1), &to_somebody(), Some(&[1; 32]), NOW).await.unwrap();
    assert!(shares::open(&mut tx, id(1), NOW).await.unwrap());
    assert!(!shares::open(&mut tx, id(1), LATER).await.unwrap(), "expired");
    assert!(shares::open(&mut tx, id(1), NOW).await.unwrap());
    assert!(!shares::open(&mut tx, id(1), NOW).await.unwrap(), "twice was allowed");
    assert!(
        shares::is_open(&mut tx, id(1), NOW).await.unwrap() && !shares::is_open(&mut tx, id(1), LATER).await.unwrap()
    );
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    assert_eq!((share.standing(NOW), share.standing(LATER)), (Standing::UsedUp, Standing::Expired));
    assert!(shares::extend(&mut tx, &share, LATER + 5).await.unwrap());
    assert!(shares::is_open(&mut tx, id(1), LATER).await.unwrap());
    looks::insert_visit(&mut tx, id(1), &[9; 32], "j@x.example", LATER).await.unwrap();
    assert!(shares::revoke(&mut tx, &share, NOW).await.unwrap());
    assert!(
        !shares::revoke(&mut tx, &share, NOW).await.unwrap() && !shares::extend(&mut tx, &share, LATER).await.unwrap()
    );
    assert_eq!(looks::visit(&mut tx, id(1), &[9; 32], NOW).await.unwrap(), None, "whoever had it open is out");
    assert!(!shares::renew(&mut tx, &share, &[3; 32], NOW).await.unwrap());
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    assert_eq!(share.standing(NOW), Standing::Revoked);
}

#[tokio::test]
async fn a_new_link_takes_the_place_of_the_one_before() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    shares::insert(&mut tx, &own(0), id(1), &to_somebody(), Some(&[1; 32]), NOW).await.unwrap();
    looks::set_code(&mut tx, id(1), &[7; 32], LATER).await.unwrap();
    looks::insert_visit(&mut tx, id(1), &[9; 32], "", LATER).await.unwrap();
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    assert!(shares::renew(&mut tx, &share, &[3; 32], NOW).await.unwrap());
    assert_eq!(shares::find_by_link(&mut tx, &[1; 32]).await.unwrap(), None);
    assert!(shares::find_by_link(&mut tx, &[3; 32]).await.unwrap().is_some());
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], NOW).await.unwrap(), Tried::Over);
    assert_eq!(looks::visit(&mut tx, id(1), &[9; 32], NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_code_holds_once_for_a_while_and_for_five_tries() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    shares::insert(&mut tx, &own(0), id(1), &to_somebody(), Some(&[1; 32]), NOW).await.unwrap();
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], NOW).await.unwrap(), Tried::Over, "none was sent");
    looks::set_code(&mut tx, id(1), &[7; 32], LATER).await.unwrap();
    looks::lock(&mut tx, id(1)).await.unwrap();
    assert_eq!(looks::try_code(&mut tx, id(1), &[8; 32], NOW).await.unwrap(), Tried::Wrong);
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], LATER).await.unwrap(), Tried::Over, "too late");
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], NOW).await.unwrap(), Tried::Right);
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], NOW).await.unwrap(), Tried::Over, "it is used up");
    looks::set_code(&mut tx, id(1), &[7; 32], LATER).await.unwrap();
    for _ in 0..looks::MOST_TRIES {
        assert_eq!(looks::try_code(&mut tx, id(1), &[8; 32], NOW).await.unwrap(), Tried::Wrong);
    }
    assert_eq!(looks::try_code(&mut tx, id(1), &[7; 32], NOW).await.unwrap(), Tried::Over, "tried too often");
}

#[tokio::test]
async fn looks_and_visits_belong_to_their_share() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    for n in [1_u8, 2] {
        shares::insert(&mut tx, &own(0), id(n.into()), &to_somebody(), Some(&[n; 32]), NOW).await.unwrap();
    }
    looks::insert_visit(&mut tx, id(1), &[9; 32], "j@x.example", LATER).await.unwrap();
    assert_eq!(looks::visit(&mut tx, id(1), &[9; 32], NOW).await.unwrap().as_deref(), Some("j@x.example"));
    assert_eq!(looks::visit(&mut tx, id(2), &[9; 32], NOW).await.unwrap(), None, "a visit opens one share");
    assert_eq!(looks::visit(&mut tx, id(1), &[9; 32], LATER).await.unwrap(), None, "it has ended");
    assert_eq!(looks::delete_visits_before(&mut tx, LATER + 1).await.unwrap(), 1);
    let look = |at, what: &str| Look { at, what: what.into(), device: "Firefox".into(), confirmed_email: "".into() };
    assert!(looks::insert(&mut tx, Uuid::from_u128(1), id(1), &look(NOW, "page")).await.unwrap());
    assert!(!looks::insert(&mut tx, Uuid::from_u128(2), id(1), &look(NOW + 1, "pdf")).await.unwrap());
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    let other = shares::find(&mut tx, &own(0), id(2)).await.unwrap().unwrap();
    assert_eq!(looks::list(&mut tx, &share, 9).await.unwrap(), [look(NOW + 1, "pdf"), look(NOW, "page")]);
    assert!(looks::list(&mut tx, &other, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_board_finds_what_was_sent_to_it_and_may_still_be_opened() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let to = |state: &str| Terms { most_openings: None, ..terms(Recipient::Board(State::read(state).unwrap())) };
    shares::insert(&mut tx, &own(0), id(1), &to("NV"), None, NOW).await.unwrap();
    shares::insert(&mut tx, &own(1), id(2), &to("NV"), None, NOW + 1).await.unwrap();
    shares::insert(&mut tx, &own(1), id(3), &to("CA"), None, NOW).await.unwrap();
    let look = Look { at: NOW + 5, what: "page".into(), device: String::new(), confirmed_email: String::new() };
    looks::insert(&mut tx, Uuid::from_u128(1), id(1), &look).await.unwrap();
    let received = shares::received(&mut tx, &board("NV"), NOW, 9).await.unwrap();
    let seen: Vec<_> = received.iter().map(|one| (one.share.id, one.looked_at)).collect();
    assert_eq!(seen, [(id(2), None), (id(1), Some(NOW + 5))]);
    assert_eq!(received[0].name, records::physician(1).full_name());
    assert!(shares::find_received(&mut tx, &board("NV"), id(1), NOW).await.unwrap().is_some());
    assert_eq!(shares::find_received(&mut tx, &board("CA"), id(1), NOW).await.unwrap(), None);
    assert_eq!(shares::find_received(&mut tx, &board("NV"), id(1), LATER).await.unwrap(), None);
    merge(&mut tx, 1, 2).await;
    let received = shares::received(&mut tx, &board("NV"), NOW, 9).await.unwrap();
    assert_eq!(received[0].name, records::physician(2).full_name(), "who stands for the record today");
    let share = shares::find(&mut tx, &own(0), id(1)).await.unwrap().unwrap();
    shares::revoke(&mut tx, &share, NOW).await.unwrap();
    assert_eq!(shares::received(&mut tx, &board("NV"), NOW, 9).await.unwrap().len(), 1);
    assert_eq!(shares::find_received(&mut tx, &board("NV"), id(1), NOW).await.unwrap(), None);
}

async fn account(tx: &mut WriteTx, n: u128, physician: usize) -> AccountId {
    let id = AccountId::new(Uuid::from_u128(n));
    let account = Account {
        id,
        email: format!("p{n}@physician.example"),
        name: format!("Person {n}"),
        password_hash: String::new(),
        created_at: NOW,
        disabled_at: None,
    };
    store::accounts::insert(tx, &account).await.unwrap();
    let seat = Seat::Physician(records::physician(physician).id);
    store::seats::insert(tx, Uuid::from_u128(100 + n), id, seat, NOW).await.unwrap();
    id
}

#[tokio::test]
async fn letters_are_as_usual_until_somebody_chooses() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (one, other) = (account(&mut tx, 1, 0).await, account(&mut tx, 2, 1).await);
    let usual = [Topic::NewCredit, Topic::Rejected, Topic::Looked, Topic::ShareOpened];
    assert_eq!(notices::wanted(&mut tx, one).await.unwrap(), usual);
    notices::choose(&mut tx, one, Topic::Looked, false, NOW).await.unwrap();
    notices::choose(&mut tx, one, Topic::Weekly, false, NOW).await.unwrap();
    notices::choose(&mut tx, one, Topic::Weekly, true, NOW).await.unwrap();
    let chosen = [Topic::NewCredit, Topic::Rejected, Topic::ShareOpened, Topic::Weekly];
    assert_eq!(notices::wanted(&mut tx, one).await.unwrap(), chosen);
    assert_eq!(notices::wanted(&mut tx, other).await.unwrap(), usual);
    assert_eq!(notices::link(&mut tx, one, "a").await.unwrap(), "a");
    assert_eq!(notices::link(&mut tx, one, "b").await.unwrap(), "a", "it stays");
    assert_eq!(notices::account_of_link(&mut tx, "a").await.unwrap(), Some(one));
    assert_eq!(notices::account_of_link(&mut tx, "b").await.unwrap(), None);
}

#[tokio::test]
async fn news_waits_for_those_who_have_an_account_and_is_taken_once() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    account(&mut tx, 1, 0).await;
    let (known, unknown) = (records::physician(0).id, records::physician(1).id);
    notices::note(&mut tx, known, Topic::Looked, NOW, LATER).await.unwrap();
    notices::note(&mut tx, known, Topic::Looked, NOW + 7, LATER + 7).await.unwrap();
    notices::note(&mut tx, known, Topic::NewCredit, NOW + 2, LATER + 9).await.unwrap();
    notices::note(&mut tx, unknown, Topic::Looked, NOW, LATER).await.unwrap();
    assert!(notices::due(&mut tx, LATER - 1, 9).await.unwrap().is_empty());
    assert_eq!(notices::due(&mut tx, LATER, 9).await.unwrap(), [known]);
    assert_eq!(notices::take(&mut tx, known, LATER).await.unwrap(), [(Topic::Looked, NOW)]);
    assert!(notices::take(&mut tx, known, LATER).await.unwrap().is_empty(), "another worker was quicker");
    assert_eq!(notices::due(&mut tx, LATER + 9, 9).await.unwrap(), [known]);
    notices::forget(&mut tx, known, Topic::NewCredit).await.unwrap();
    assert!(notices::due(&mut tx, LATER + 9, 9).await.unwrap().is_empty());
}

/// Two completions of the first physician, one of the second, in one upload.
pub(crate) async fn reported(tx: &mut WriteTx) {
    let scope = ProviderScope::of_record(people::provider_id());
    let provider = store::organizations::Provider {
        id: people::provider_id(),
        name: "Harborview".into(),
        organization_type: "Hospital".into(),
        city: "Oakland".into(),
        state: "CA".into(),
        standing: store::organizations::Standing::Good,
        contact_name: String::new(),
        contact_email: String::new(),
        created_at: NOW,
    };
    store::organizations::insert_provider(tx, &provider).await.unwrap();
    store::reference::seed(tx).await.unwrap();
    let activity = records::activity(records::ACTIVITY, people::PROVIDER);
    store::activities::insert(tx, &scope, &activity, Attested { by: None, at: 0 }).await.unwrap();
    let upload = NewUpload {
        id: UploadId::new(Uuid::from_u128(1)),
        source: Source::Form,
        submitter: Submitter {
            who: domain::access::Who::Account(AccountId::new(Uuid::nil())),
            name: "Ida Ward".into(),
        },
        file_name: String::new(),
        file_format: String::new(),
        file_bytes: 0,
        digest: "d".into(),
        permission_on: date(2026, 5, 20),
        received_at: NOW,
    };
    store::uploads::insert(tx, &scope, &upload).await.unwrap();
    let completion = |n: u128, physician: usize, day: i8| NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(records::physician(physician).id),
        reported_physician: Some(records::physician(physician).id),
        completed_on: date(2026, 5, day),
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: None,
        state: None,
        learner_identifier: String::new(),
        rems: None,
        person_key: None,
        submission_id: String::new(),
        upload: UploadId::new(Uuid::from_u128(1)),
        row_number: 1,
        reported_at: NOW + n as i64,
        withdrawn_at: None,
    };
    let credit = |n: u128, of: u128| NewCredit {
        id: CreditId::new(Uuid::from_u128(n)),
        completion: CompletionId::new(Uuid::from_u128(of)),
        kind: Kind::Cme,
        part: Part::Whole,
        amount: Amount::new(200),
        types: vec![],
        diplomate_id: String::new(),
        status: CreditStatus::Accepted,
        derived_from: None,
        reported_at: NOW,
        leaf_index: n as i64,
        withdrawn: None,
    };
    let completions = [completion(1, 0, 1), completion(2, 0, 3), completion(3, 1, 2)];
    let credits = [credit(1, 1), credit(2, 2), credit(3, 3)];
    store::completions::insert(tx, &scope, &completions, &credits).await.unwrap();
}

fn physician_id(n: usize) -> PhysicianId {
    records::physician(n).id
}

#[tokio::test]
async fn letters_tell_each_physician_of_their_own_credit() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    account(&mut tx, 1, 0).await;
    let leaf = |n: i64| store::ledger::Leaf {
        index: n,
        hash: [0; 32],
        event: store::ledger::LedgerEvent::Report,
        credit: CreditId::new(Uuid::from_u128(n as u128)),
        at: NOW + n,
    };
    store::ledger::append(&mut tx, &[leaf(1), leaf(2), leaf(3)]).await.unwrap();
    assert_eq!(notices::reported_to(&mut tx, 0, 9, NOW).await.unwrap(), [(physician_id(0), NOW + 1)]);
    assert_eq!(notices::reported_to(&mut tx, 2, 9, NOW).await.unwrap(), [(physician_id(0), NOW + 2)]);
    assert!(notices::reported_to(&mut tx, 0, 2, NOW + 2).await.unwrap().is_empty(), "what is stale is no news");
    assert!(notices::reported_to(&mut tx, 3, 9, NOW).await.unwrap().is_empty(), "the other has no account");
    let news = notices::reported_since(&mut tx, &own(0), NOW, 9).await.unwrap();
    let seen: Vec<_> = news.iter().map(|one| (one.completed_on.as_str(), one.provider.as_str())).collect();
    assert_eq!(seen, [("2026-05-03", "Harborview"), ("2026-05-01", "Harborview")]);
    assert_eq!(notices::reported_since(&mut tx, &own(0), NOW + 2, 9).await.unwrap().len(), 1);
    assert!(notices::rejected_since(&mut tx, &own(0), NOW, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_trail_holds_what_was_reported_and_done_within_the_time_asked_for() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    store::completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(1)), NOW + 50).await.unwrap();
    let all = Stretch { from: i64::MIN, until: i64::MAX };
    let reports = record_trail::reports(&mut tx, &own(0), all, 9).await.unwrap();
    let seen: Vec<_> = reports.iter().map(|one| (one.reported_at - NOW, one.withdrawn_at.map(|at| at - NOW))).collect();
    assert_eq!(seen, [(2, None), (1, Some(50))]);
    assert_eq!((reports[0].permission_on.as_str(), reports[0].source.as_str()), ("2026-05-20", "form"));
    let stretch = |from, until| Stretch { from: NOW + from, until: NOW + until };
    assert_eq!(record_trail::reports(&mut tx, &own(0), stretch(40, 60), 9).await.unwrap().len(), 1);
    assert!(record_trail::reports(&mut tx, &own(0), stretch(3, 50), 9).await.unwrap().is_empty());
    let permissions = record_trail::permissions(&mut tx, &own(0), 9).await.unwrap();
    let seen: Vec<_> = permissions.iter().map(|one| (one.provider.as_str(), one.completions)).collect();
    assert_eq!(seen, [("Harborview", 1)], "what was withdrawn is no credit");

    let completion = CompletionId::new(Uuid::from_u128(3));
    let scope = ProviderScope::of_record(people::provider_id());
    let other = ProviderScope::of_record(people::other_provider_id());
    assert_eq!(record_trail::of_completion(&mut tx, &scope, completion).await.unwrap(), Some(physician_id(1)));
    assert_eq!(record_trail::of_completion(&mut tx, &other, completion).await.unwrap(), None);

    for (n, physician) in [(1, 0), (2, 1)] {
        let entry = store::audit::NewEntry {
            id: Uuid::from_u128(900 + n),
            at: NOW + n as i64,
            actor: None,
            action: "transcript.verify",
            subject: "7KQ2".into(),
            physician: Some(physician_id(physician)),
            detail: "7KQ2".into(),
        };
        store::audit::insert(&mut tx, &entry).await.unwrap();
    }
    let acts = record_trail::acts(&mut tx, &own(0), all, 9).await.unwrap();
    assert_eq!((acts.len(), acts[0].action.as_str(), acts[0].at), (1, "transcript.verify", NOW + 1));
    assert!(record_trail::acts(&mut tx, &own(0), stretch(2, 9), 9).await.unwrap().is_empty());
    merge(&mut tx, 1, 0).await;
    assert_eq!(record_trail::acts(&mut tx, &own(0), all, 9).await.unwrap().len(), 2, "a merged record is part of it");
}
