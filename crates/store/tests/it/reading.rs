//! What physicians and boards read: records by scope, look-ups, MOC credit, issued transcripts, claims.

use domain::access::CertifyingBoardScope;
use domain::access::{Actor, LicensingBoardScope, PhysicianScope, ProviderScope, Seat, StaffScope, Who};
use domain::credit::{CreditStatus, Kind};
use domain::transcript::{Filter, Total};
use domain::{AccountId, Amount, Board, CompletionId, CreditId, PhysicianId, State, UploadId};
use jiff::civil::date;
use store::activities::Attested;
use store::claims::NewClaim;
use store::completions::{NewCompletion, NewCredit};
use store::licensees::{self, Search};
use store::organizations::{Provider, Standing};
use store::physicians::{License, NewPhysician, Physician};
use store::transcript_issues::{Cited, Issue};
use store::transcripts::{self, Record};
use store::{WriteTx, claims, completions, moc, overview, transcript_issues};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn actor(seat: Seat) -> Actor {
    Actor { who: Who::Account(AccountId::new(Uuid::nil())), seat }
}

fn own(physician: PhysicianId) -> PhysicianScope {
    actor(Seat::Physician(physician)).physician().unwrap()
}

fn board(state: &str) -> LicensingBoardScope {
    actor(Seat::LicensingBoard(State::read(state).unwrap())).licensing_board().unwrap()
}

fn certifying(code: &str) -> CertifyingBoardScope {
    actor(Seat::CertifyingBoard(Board::read(code).unwrap())).certifying_board().unwrap()
}

fn staff() -> StaffScope {
    actor(Seat::Accreditor).staff().unwrap()
}

fn abim() -> Kind {
    Kind::Moc(Board::read("ABIM").unwrap())
}

fn license(state: &str, number: &str) -> License {
    License {
        state: State::read(state).unwrap(),
        number: number.into(),
        status: "Active".into(),
        issued_on: None,
        expires_on: None,
    }
}

fn somebody(n: u128, first: &str, last: &str, licenses: Vec<License>) -> Physician {
    Physician {
        id: PhysicianId::new(Uuid::from_u128(n)),
        first: first.into(),
        last: last.into(),
        npi: Some(format!("{:010}", 1_000_000_000 + n)),
        licenses,
        certifications: vec![],
        ..records::physician(0)
    }
}

async fn add(tx: &mut WriteTx, people: &[Physician]) {
    let new: Vec<NewPhysician> =
        people.iter().map(|of| NewPhysician { physician: of.clone(), ledger_key: [1; 32] }).collect();
    store::physicians::insert(tx, &new, NOW).await.unwrap();
}

/// The first physician of `records` with an activity to complete.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    let provider = Provider {
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
    store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    store::reference::seed(&mut tx).await.unwrap();
    let activity = records::activity(records::ACTIVITY, people::PROVIDER);
    let scope = ProviderScope::of_record(people::provider_id());
    store::activities::insert(&mut tx, &scope, &activity, Attested { by: None, at: 0 }).await.unwrap();
    add(&mut tx, &[records::physician(0), records::physician(1)]).await;
    tx
}

fn completion(n: u128, physician: PhysicianId, day: i8) -> NewCompletion {
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(physician),
        reported_physician: Some(physician),
        completed_on: date(2026, 5, day),
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: None,
        state: None,
        learner_identifier: "A40000".into(),
        rems: None,
        person_key: None,
        submission_id: String::new(),
        upload: UploadId::new(Uuid::from_u128(1)),
        row_number: 1,
        reported_at: NOW,
        withdrawn_at: None,
    }
}

fn credit(n: u128, completion: u128, kind: Kind) -> NewCredit {
    NewCredit {
        id: CreditId::new(Uuid::from_u128(n)),
        completion: CompletionId::new(Uuid::from_u128(completion)),
        kind,
        part: domain::credit::Part::Whole,
        amount: Amount::new(200),
        types: vec![("Patient Safety".into(), Amount::new(100))],
        diplomate_id: String::new(),
        status: if kind == Kind::Cme { CreditStatus::Accepted } else { CreditStatus::Pending },
        derived_from: None,
        reported_at: NOW + n as i64,
        leaf_index: n as i64,
        withdrawn: None,
    }
}

async fn report(tx: &mut WriteTx, completions: &[NewCompletion], credits: &[NewCredit]) {
    let scope = ProviderScope::of_record(people::provider_id());
    completions::insert(tx, &scope, completions, credits).await.unwrap();
}

#[tokio::test]
async fn a_record_holds_its_own_live_credit_and_no_other() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (mine, other) = (records::physician(0).id, records::physician(1).id);
    report(
        &mut tx,
        &[completion(1, mine, 1), completion(2, mine, 3), completion(3, other, 2)],
        &[credit(1, 1, Kind::Cme), credit(2, 1, abim()), credit(3, 2, Kind::Cme), credit(4, 3, Kind::Cme)],
    )
    .await;
    completions::withdraw_credits(&mut tx, &[(CreditId::new(Uuid::from_u128(2)), 9)], NOW).await.unwrap();
    let record = Record::own(&own(mine));
    let found = transcripts::completions(&mut tx, &record).await.unwrap();
    let seen: Vec<_> = found.iter().map(|of| (of.completed_on.day(), of.credits.len())).collect();
    assert_eq!(seen, [(3, 1), (1, 1)], "newest first, without what was withdrawn");
    assert_eq!(found[0].provider_name, "Harborview");
    assert_eq!(found[0].credits[0].types, [("Patient Safety".to_owned(), Amount::new(100))]);
    completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(2)), NOW).await.unwrap();
    assert_eq!(transcripts::completions(&mut tx, &record).await.unwrap().len(), 1);
    assert_eq!(transcripts::holder(&mut tx, &record).await.unwrap().unwrap(), records::physician(0));
}

#[tokio::test]
async fn a_board_gets_a_record_only_by_a_license_of_its_state() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let id = records::physician(0).id;
    let record = transcripts::of_licensee(&mut tx, &board("CA"), id).await.unwrap().unwrap();
    assert_eq!(record.physician(), id);
    assert_eq!(transcripts::of_licensee(&mut tx, &board("NV"), id).await.unwrap(), None);
    let nobody = PhysicianId::new(Uuid::from_u128(77));
    assert_eq!(transcripts::of_licensee(&mut tx, &board("CA"), nobody).await.unwrap(), None);
}

#[tokio::test]
async fn licensees_are_found_by_name_number_and_npi_within_the_state() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    add(
        &mut tx,
        &[
            somebody(1, "Zoë", "van der Berg", vec![license("GA", "GA-048812")]),
            somebody(2, "Adam", "Vanderberg", vec![license("GA", "77"), license("NV", "N1")]),
            somebody(3, "Zoe", "Vanderbergh", vec![license("NV", "048812")]),
            somebody(4, "Cy", "Zzyzx", vec![license("GA", "1"), license("GA", "2")]),
        ],
    )
    .await;
    let mut ask = async |state: &str, last: &str, first: &str, number: &str, npi: &str| {
        let search = Search { last: last.into(), first: first.into(), number: number.into(), npi: npi.into() };
        let found = licensees::search(&mut tx, &board(state), &search).await.unwrap();
        assert_eq!(found.total, found.licensees.len() as i64);
        found.licensees.iter().map(|of| of.id.as_uuid().as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ask("GA", "vander", "", "", "").await, [2, 1]);
    assert_eq!(ask("NV", "VANDERBERG", "", "", "").await, [2, 3]);
    assert_eq!(ask("GA", "Van der Berg", "zo", "", "").await, [1]);
    assert_eq!(ask("GA", "Vander", "zo", "", "").await, [0; 0], "a first name needs the whole last name");
    assert_eq!(ask("GA", "Zzyzx", "", "", "").await, [4], "the end of the alphabet, and two licenses, once");
    assert_eq!(ask("GA", "", "", "48812", "").await, [1]);
    assert_eq!(ask("GA", "Smith", "", "48812", "").await, [0; 0]);
    assert_eq!(ask("NV", "", "", "48812", "").await, [3]);
    assert_eq!(ask("GA", "", "", "", "1000000001").await, [1]);
    assert_eq!(ask("NV", "", "", "", "1000000001").await, [0; 0]);
    assert_eq!(ask("GA", "", "", "77", "1000000001").await, [0; 0], "everything given must agree");
    assert_eq!(ask("GA", "", "", "", "").await, [0; 0]);
    assert_eq!(ask("GA", "%", "", "", "").await, [0; 0]);
}

#[tokio::test]
async fn a_found_licensee_shows_only_the_licenses_of_the_state() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    add(&mut tx, &[somebody(2, "Adam", "Vanderberg", vec![license("GA", "77"), license("NV", "N1")])]).await;
    let search = Search { last: "vand".into(), ..Search::default() };
    let found = licensees::search(&mut tx, &board("NV"), &search).await.unwrap();
    assert_eq!(found.licensees[0].licenses, [license("NV", "N1")]);
    // a changed name is found by what it is now
    let renamed = Physician { last: "Östlund".into(), ..records::physician(0) };
    add(&mut tx, &[records::physician(0)]).await;
    store::physicians::update(&mut tx, &[renamed]).await.unwrap();
    for (last, count) in [("Ostl", 1), ("Ashd", 0)] {
        let search = Search { last: last.into(), ..Search::default() };
        assert_eq!(licensees::search(&mut tx, &board("CA"), &search).await.unwrap().total, count, "{last}");
    }
}

#[tokio::test]
async fn more_licensees_than_fit_are_counted_and_the_first_listed() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let many: Vec<Physician> =
        (1..=60).map(|n| somebody(n, &format!("A{n:02}"), "Lee", vec![license("GA", &n.to_string())])).collect();
    add(&mut tx, &many).await;
    let search = Search { last: "Lee".into(), ..Search::default() };
    let found = licensees::search(&mut tx, &board("GA"), &search).await.unwrap();
    assert_eq!((found.total, found.licensees.len() as i64), (60, licensees::MOST_LISTED));
}

#[tokio::test]
async fn a_certifying_board_lists_counts_and_finds_its_own_credit_by_status() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (one, two) = (records::physician(0).id, records::physician(1).id);
    report(
        &mut tx,
        &[completion(1, one, 1), completion(2, two, 2)],
        &[credit(1, 1, Kind::Cme), credit(2, 1, abim()), credit(3, 2, abim())],
    )
    .await;
    let scope = certifying("ABIM");
    let pending = moc::list(&mut tx, &scope, CreditStatus::Pending, 10, 0).await.unwrap();
    assert_eq!(pending.iter().map(|of| of.id.as_uuid().as_u128()).collect::<Vec<_>>(), [2, 3], "the oldest first");
    assert_eq!(pending[0].diplomate_id, "300000");
    assert_eq!((pending[0].title.as_str(), pending[0].points), ("Care of the Heart", Amount::new(200)));
    assert_eq!(moc::list(&mut tx, &scope, CreditStatus::Pending, 1, 1).await.unwrap()[0].id, pending[1].id);
    assert!(completions::decide_credit(&mut tx, pending[0].id, CreditStatus::Rejected, "Why").await.unwrap());
    assert!(!completions::decide_credit(&mut tx, pending[0].id, CreditStatus::Accepted, "").await.unwrap());
    for (status, count) in [(CreditStatus::Pending, 1), (CreditStatus::Rejected, 1), (CreditStatus::Accepted, 0)] {
        assert_eq!(moc::count(&mut tx, &scope, status).await.unwrap(), count, "{status:?}");
    }
    let rejected = moc::find(&mut tx, &scope, pending[0].id).await.unwrap().unwrap();
    assert_eq!(rejected.reason, "Why");
    assert_eq!(moc::find(&mut tx, &certifying("ABS"), pending[0].id).await.unwrap(), None);
    assert_eq!(moc::count(&mut tx, &certifying("ABS"), CreditStatus::Pending).await.unwrap(), 0);
    completions::withdraw_credits(&mut tx, &[(pending[1].id, 9)], NOW).await.unwrap();
    assert_eq!(moc::count(&mut tx, &scope, CreditStatus::Pending).await.unwrap(), 0);
    assert_eq!(moc::find(&mut tx, &scope, pending[1].id).await.unwrap(), None);
}

#[tokio::test]
async fn an_issue_is_found_by_its_code_and_by_what_it_was_issued_for() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let physician = records::physician(0).id;
    report(&mut tx, &[completion(1, physician, 1)], &[credit(1, 1, Kind::Cme), credit(2, 1, abim())]).await;
    let cited = |n| Cited { credit: CreditId::new(Uuid::from_u128(n)), status: CreditStatus::Accepted };
    let provider = Some("0000001".parse().unwrap());
    let filter = Filter { from: Some(date(2026, 1, 1)), kind: Some(abim()), provider, ..Filter::default() };
    let issue = Issue {
        code: "7KQ2MX4D91TB".into(),
        physician,
        issued_at: NOW,
        issued_by_kind: "physician".into(),
        filter,
        cited: vec![cited(1), cited(2)],
        totals: vec![Total { label: "Total ABIM MOC/CC Points".into(), amount: Amount::new(200) }],
        ledger_size: 3,
    };
    let later = Issue { code: "0".repeat(12), issued_at: NOW + 1, filter: Filter::default(), ..issue.clone() };
    transcript_issues::insert(&mut tx, &issue).await.unwrap();
    transcript_issues::insert(&mut tx, &later).await.unwrap();
    assert_eq!(transcript_issues::find(&mut tx, &issue.code).await.unwrap(), Some(issue.clone()));
    assert_eq!(transcript_issues::find(&mut tx, "7KQ2MX4D91TC").await.unwrap(), None);
    let record = Record::own(&own(physician));
    let seat = "physician";
    assert_eq!(transcript_issues::newest(&mut tx, &record, seat, &filter).await.unwrap(), Some(issue.clone()));
    let all = transcript_issues::newest(&mut tx, &record, seat, &Filter::default()).await.unwrap();
    assert_eq!(all, Some(later));
    assert_eq!(transcript_issues::newest(&mut tx, &record, "licensing_board", &filter).await.unwrap(), None);
    let names = transcript_issues::names(&mut tx, &issue).await.unwrap();
    assert_eq!(names, Some(("Alma".into(), "Ashdown".into())));

    completions::withdraw_credits(&mut tx, &[(cited(2).credit, 9)], NOW).await.unwrap();
    let mut standings = transcript_issues::standings(&mut tx, &issue.cited).await.unwrap();
    standings.sort_by_key(|standing| standing.credit);
    assert_eq!(standings.iter().map(|standing| standing.is_withdrawn).collect::<Vec<_>>(), [false, true]);
    assert_eq!(standings[1].status, CreditStatus::Pending);
}

#[tokio::test]
async fn a_claim_is_used_once_and_reviewed_on_request() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let physician = records::physician(0).id;
    let claim = |n: u128, proven| NewClaim {
        id: Uuid::from_u128(n),
        proven,
        email: "alma@example.org".into(),
        details: "{}".into(),
        outcome: "proven".into(),
        reasons: "names_equal".into(),
        created_at: NOW,
        expires_at: NOW + 10,
    };
    claims::insert(&mut tx, &claim(1, Some((vec![7; 32], physician)))).await.unwrap();
    claims::insert(&mut tx, &claim(2, None)).await.unwrap();
    claims::insert(&mut tx, &claim(3, None)).await.unwrap();
    let open = claims::find_open(&mut tx, &[7; 32], NOW).await.unwrap().unwrap();
    assert_eq!((open.id, open.physician, open.email.as_str()), (Uuid::from_u128(1), physician, "alma@example.org"));
    assert_eq!(claims::find_open(&mut tx, &[7; 32], NOW + 10).await.unwrap(), None);
    assert_eq!(claims::find_open(&mut tx, &[8; 32], NOW).await.unwrap(), None);
    assert!(claims::accept(&mut tx, open.id, NOW).await.unwrap());
    assert!(!claims::accept(&mut tx, open.id, NOW).await.unwrap());
    assert_eq!(claims::find_open(&mut tx, &[7; 32], NOW).await.unwrap(), None);

    assert!(!claims::ask_review(&mut tx, open.id, 0, NOW).await.unwrap(), "an accepted claim needs nobody");
    assert!(!claims::ask_review(&mut tx, Uuid::from_u128(2), NOW, NOW).await.unwrap(), "too old");
    assert!(claims::ask_review(&mut tx, Uuid::from_u128(2), 0, NOW).await.unwrap());
    assert!(!claims::ask_review(&mut tx, Uuid::from_u128(2), 0, NOW).await.unwrap());
    assert_eq!(claims::count_reviews(&mut tx, &staff()).await.unwrap(), 1);
    assert_eq!(claims::list_reviews(&mut tx, &staff(), 10).await.unwrap()[0].claim_id, Uuid::from_u128(2));
    assert_eq!(claims::delete_before(&mut tx, NOW + 1).await.unwrap(), 2, "what waits for a person is kept");
    let by = AccountId::new(Uuid::from_u128(1));
    let staff_member = store::accounts::Account {
        id: by,
        email: "staff@accreditor.example".into(),
        name: "Ada Crane".into(),
        password_hash: String::new(),
        created_at: NOW,
        disabled_at: None,
    };
    store::accounts::insert(&mut tx, &staff_member).await.unwrap();
    let no = claims::Settlement { by, reason: "No.", at: NOW, grant: None };
    assert!(claims::settle_review(&mut tx, &staff(), Uuid::from_u128(2), &no).await.unwrap());
    assert!(!claims::settle_review(&mut tx, &staff(), Uuid::from_u128(2), &no).await.unwrap());
    assert!(claims::list_reviews(&mut tx, &staff(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_physician_has_one_account_even_if_two_are_made_at_once() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let seat = Seat::Physician(records::physician(0).id);
    for n in 1..=2 {
        let id = AccountId::new(Uuid::from_u128(n));
        let account = store::accounts::Account {
            id,
            email: format!("{n}@example.org"),
            name: String::new(),
            password_hash: String::new(),
            created_at: NOW,
            disabled_at: None,
        };
        store::accounts::insert(&mut tx, &account).await.unwrap();
        let held = store::seats::insert(&mut tx, Uuid::from_u128(n), id, seat, NOW).await;
        match n {
            1 => assert!(held.unwrap()),
            _ => assert!(held.unwrap_err().is_unique_violation()),
        }
    }
}

#[tokio::test]
async fn the_overview_counts_what_there_is() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    report(&mut tx, &[completion(1, records::physician(0).id, 1)], &[credit(1, 1, Kind::Cme), credit(2, 1, abim())])
        .await;
    let counts = overview::count(&mut tx, &staff()).await.unwrap();
    assert_eq!((counts.providers, counts.activities, counts.completions, counts.pending_moc), (1, 1, 1, 1));
    assert_eq!((counts.uploads, counts.rows_accepted, counts.rows_refused), (0, 0, 0));
    assert_eq!(overview::sent(&mut tx, &staff()).await.unwrap(), []);
}
