//! Cases about missing credit and credit that physicians enter: whose they are, and that nothing is changed unseen.

use domain::access::{Actor, PhysicianScope, ProviderScope, Seat, StaffScope, Who};
use domain::missing_credit::{CaseState, Finding, Side, Step};
use domain::{AccountId, Amount, EvidenceId, MissingCreditId, OwnCreditId, PhysicianId};
use jiff::civil::date;
use store::evidence::{self, Evidence, EvidenceKind};
use store::missing_credit::{self as cases, Case, Filter, NewCase, NewStep, Shown};
use store::own_credit::{self, Entry};
use testkit::people::{self, OTHER_PROVIDER, PROVIDER};
use testkit::records::{self, ACTIVITY, physician};
use testkit::{TestApp, records::activity_id};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn of(n: usize) -> PhysicianScope {
    PhysicianScope::of_record(physician(n).id)
}

fn provider(id: &str) -> ProviderScope {
    ProviderScope::of_record(id.parse().unwrap())
}

fn staff() -> StaffScope {
    Actor { who: Who::Account(AccountId::new(id(1))), seat: Seat::Accreditor }.staff().unwrap()
}

fn new_case(n: u128) -> NewCase {
    NewCase {
        id: MissingCreditId::new(id(n)),
        provider: people::provider_id(),
        activity: Some(activity_id()),
        title: "Care of the Heart".into(),
        completed_on: date(2026, 11, 2),
        amount: Amount::new(200),
        note: "A note.".into(),
        shown: Shown { first: "Alma".into(), ..Shown::default() },
        evidence: None,
        known: vec![Finding::NotReported, Finding::YearLocked { year: 2024 }],
        opened_at: 1_000,
        due_at: 9_000,
        next_at: Some(5_000),
        overdue_at: None,
    }
}

async fn filled() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test
}

#[tokio::test]
async fn a_case_is_found_by_its_parties_and_changed_only_as_it_was_seen() {
    let test = filled().await;
    let mut tx = test.app.store.write().await.unwrap();
    assert!(cases::insert(&mut tx, &of(0), &new_case(7)).await.unwrap());
    assert!(!cases::insert(&mut tx, &of(0), &new_case(8)).await.unwrap(), "open already");
    assert!(cases::insert(&mut tx, &of(1), &new_case(9)).await.unwrap(), "another person's");
    let words = NewCase { activity: None, title: "Heart, Day!".into(), ..new_case(10) };
    assert!(cases::insert(&mut tx, &of(0), &words).await.unwrap());
    let same = NewCase { activity: None, title: "heart day".into(), ..new_case(11) };
    assert!(!cases::insert(&mut tx, &of(0), &same).await.unwrap(), "the same words");
    let case = MissingCreditId::new(id(7));
    let found = cases::find(&mut tx, &of(0), case).await.unwrap().unwrap();
    assert_eq!((found.known.len(), found.shown.first.as_str(), found.version), (2, "Alma", 1));
    assert_eq!(found.provider_name, "Harborview Medical Society");
    assert!(cases::find(&mut tx, &of(1), case).await.unwrap().is_none());
    assert!(cases::find_of_provider(&mut tx, &provider(OTHER_PROVIDER), case).await.unwrap().is_none());
    assert!(cases::find_of_provider(&mut tx, &provider(PROVIDER), case).await.unwrap().is_some());
    assert!(cases::find_any(&mut tx, &staff(), case).await.unwrap().is_some());
    assert_eq!(cases::list(&mut tx, &of(0)).await.unwrap().len(), 2);
    assert_eq!(cases::person(&mut tx, &found).await.unwrap(), Some(physician(0).id));

    let declined = Case { state: CaseState::Declined, settled_at: Some(2_000), next_at: None, ..found.clone() };
    assert!(cases::change(&mut tx, &declined).await.unwrap());
    assert!(!cases::change(&mut tx, &declined).await.unwrap(), "seen before the change");
    assert!(cases::insert(&mut tx, &of(0), &new_case(12)).await.unwrap(), "the first is over");
    for (n, step) in [Step::Opened, Step::Declined].into_iter().enumerate() {
        let at = n as i64;
        let line = NewStep { id: id(100 + n as u128), at, side: Side::Provider, author: "Ida", step, words: "w" };
        cases::add_step(&mut tx, case, &line).await.unwrap();
    }
    let steps = cases::steps(&mut tx, &found).await.unwrap();
    assert_eq!(steps.iter().map(|one| one.step).collect::<Vec<_>>(), [Step::Opened, Step::Declined]);
}

#[tokio::test]
async fn lists_clock_and_figures_know_what_waits() {
    let test = filled().await;
    let mut tx = test.app.store.write().await.unwrap();
    for n in 0..4 {
        assert!(cases::insert(&mut tx, &of(n), &new_case(n as u128 + 1)).await.unwrap());
    }
    let other = NewCase { provider: people::other_provider_id(), ..new_case(9) };
    assert!(cases::insert(&mut tx, &of(0), &other).await.unwrap());
    let (scope, hour) = (provider(PROVIDER), 3_600_000_000);
    let case = |n: u128| MissingCreditId::new(id(n));
    let end = async |tx: &mut store::WriteTx, n, state, after: i64| {
        let found = cases::find_for_work(tx, case(n)).await.unwrap().unwrap();
        let ended = Case { state, settled_at: Some(found.opened_at + after * hour), next_at: None, ..found };
        assert!(cases::change(tx, &ended).await.unwrap());
    };
    end(&mut tx, 1, CaseState::Answered, 10).await;
    end(&mut tx, 2, CaseState::Declined, 30).await;
    let found = cases::find_for_work(&mut tx, case(3)).await.unwrap().unwrap();
    assert!(cases::change(&mut tx, &Case { overdue_at: Some(9_001), next_at: None, ..found }).await.unwrap());

    assert_eq!(cases::count_waiting(&mut tx, &scope).await.unwrap(), (2, 1));
    assert_eq!(cases::count_overdue(&mut tx, &staff()).await.unwrap(), 1);
    let page = cases::list_of_provider(&mut tx, &scope, Filter::All, 0, 10).await.unwrap();
    let order: Vec<_> = page.cases.iter().map(|one| one.id).collect();
    assert_eq!((page.all, order), (4, vec![case(3), case(4), case(2), case(1)]), "overdue first, then the clock");
    let open = cases::list_all(&mut tx, &staff(), None, Filter::Open, 1, 1).await.unwrap();
    assert_eq!((open.all, open.cases.len()), (3, 1));
    let (of, state) = (Some(scope.provider()), Filter::State(CaseState::Answered));
    assert_eq!(cases::list_all(&mut tx, &staff(), of, state, 0, 9).await.unwrap().all, 1);
    assert_eq!(cases::list_of_provider(&mut tx, &scope, Filter::Overdue, 0, 9).await.unwrap().all, 1);
    assert_eq!(cases::due(&mut tx, 4_999, 9).await.unwrap(), []);
    assert_eq!(cases::due(&mut tx, 5_000, 9).await.unwrap(), [case(4), case(9)]);
    let figures = cases::figures(&mut tx, &staff(), 0).await.unwrap();
    let first = &figures[0];
    assert_eq!((first.open, first.overdue, first.answered, first.declined), (2, 1, 1, 1));
    assert_eq!((first.median_hours, figures[1].median_hours), (Some(30), None));
    assert_eq!(cases::landed(&mut tx, 0, 100).await.unwrap(), [], "nothing is on the ledger yet");
    assert!(!cases::is_of(&mut tx, domain::CompletionId::new(id(5)), physician(0).id).await.unwrap());
}

#[tokio::test]
async fn what_is_public_of_an_activity_is_all_that_is_found() {
    let test = filled().await;
    let mut tx = test.app.store.read().await.unwrap();
    let day = date(2026, 11, 2);
    let words = |word: &str| vec![(word.to_owned(), Vec::new())];
    let found = cases::find_public(&mut tx, &of(0), day, None, &words("heart"), 9).await.unwrap();
    assert_eq!(found.len(), 2);
    // the provider's own ID of it is nobody else's business
    assert!(cases::find_public(&mut tx, &of(0), day, None, &words("heart1"), 9).await.unwrap().is_empty());
    let by_provider = vec![("lake".to_owned(), vec![people::other_provider_id()])];
    let found = cases::find_public(&mut tx, &of(0), day, None, &by_provider, 9).await.unwrap();
    assert_eq!(found.iter().map(|one| one.provider_name.as_str()).collect::<Vec<_>>(), ["Lakeside Hospital"]);
    let one = cases::public(&mut tx, &of(0), activity_id()).await.unwrap().unwrap();
    assert_eq!((one.id.as_str(), one.ends_on), (ACTIVITY, date(2027, 12, 31)));
    let none = cases::refused_rows(&mut tx, &provider(PROVIDER), 0, &["ashdown".into()], 9).await.unwrap();
    assert!(none.is_empty() && cases::refused_rows(&mut tx, &provider(PROVIDER), 0, &[], 9).await.unwrap().is_empty());
    let none = cases::reported_for(&mut tx, &provider(PROVIDER), physician(0).id, day, day).await.unwrap();
    assert!(none.is_empty());
    let nothing = domain::CompletionId::new(id(5));
    let none = cases::live_completion(&mut tx, &provider(PROVIDER), physician(0).id, nothing).await.unwrap();
    assert!(none.is_none());
    drop(tx);
    let mut tx = test.app.store.write().await.unwrap();
    cases::insert(&mut tx, &of(0), &new_case(3)).await.unwrap();
    let case = cases::find_for_work(&mut tx, MissingCreditId::new(id(3))).await.unwrap().unwrap();
    assert!(cases::standing_completion(&mut tx, &case).await.unwrap().is_none());
}

#[tokio::test]
async fn own_credit_and_its_file_are_the_physicians_alone() {
    let test = filled().await;
    let mut tx = test.app.store.write().await.unwrap();
    let entry = Entry {
        title: "Reading".into(),
        provider: "A journal".into(),
        completed_on: date(2026, 10, 1),
        amount: Amount::new(150),
        credit_type: "Category 2".into(),
        topics: vec!["pain".into()],
        note: String::new(),
    };
    let file = Evidence {
        id: EvidenceId::new(id(40)),
        file_name: "a.pdf".into(),
        kind: EvidenceKind::Pdf,
        bytes: 12,
        digest: "00".into(),
    };
    evidence::insert(&mut tx, &of(0), &file, 1).await.unwrap();
    let own = OwnCreditId::new(id(41));
    own_credit::insert(&mut tx, &of(0), own, &entry, Some(file.id), 1).await.unwrap();
    let seen = own_credit::find(&mut tx, &of(0), own).await.unwrap().unwrap();
    assert_eq!((&seen.entry, seen.evidence.as_ref()), (&entry, Some(&file)));
    assert!(own_credit::find(&mut tx, &of(1), own).await.unwrap().is_none());
    assert_eq!(evidence::bytes_of(&mut tx, &of(0)).await.unwrap(), 12);
    assert!(!evidence::delete_unused(&mut tx, file.id).await.unwrap(), "the entry holds it");
    assert!(own_credit::update(&mut tx, &seen, &entry, None, 1).await.unwrap());
    assert!(!own_credit::update(&mut tx, &seen, &entry, None, 5).await.unwrap(), "changed since");
    assert!(evidence::delete_unused(&mut tx, file.id).await.unwrap());
    // it follows its person into the record that stands
    let into = physician(1).id;
    store::identity_changes::records::set_merged(&mut tx, physician(0).id, Some(into)).await.unwrap();
    let his = PhysicianScope::of_record(PhysicianId::new(into.as_uuid()));
    assert_eq!(own_credit::list(&mut tx, &his).await.unwrap().len(), 1);
    let seen = own_credit::find(&mut tx, &his, own).await.unwrap().unwrap();
    own_credit::delete(&mut tx, &seen).await.unwrap();
    assert!(own_credit::list(&mut tx, &his).await.unwrap().is_empty());
}
