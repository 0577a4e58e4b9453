//! Credit as requirements count it, by scope, and requirements as versions of reference data.

use domain::access::{Actor, LicensingBoardScope, PhysicianScope, ProviderScope, Seat, Who};
use domain::activity::{Activity, Format, StateTopic};
use domain::credit::{CreditStatus, Kind, Part};
use domain::requirement::{CycleRule, Requirement};
use domain::{AccountId, ActivityId, Amount, Board, CompletionId, CreditId, PhysicianId, State, UploadId};
use jiff::civil::{Date, date};
use store::WriteTx;
use store::activities::Attested;
use store::completions::{NewCompletion, NewCredit};
use store::organizations::{Provider, Standing};
use store::physicians::{License, NewPhysician, Physician};
use store::reference::{self, Entry, REQUIREMENTS};
use store::requirements::{licensees, of_licensees, of_record};
use store::transcripts::Record;
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;
const JOURNAL: &str = "202600003";

fn actor(seat: Seat) -> Actor {
    Actor { who: Who::Account(AccountId::new(Uuid::nil())), seat }
}

fn own(physician: PhysicianId) -> PhysicianScope {
    actor(Seat::Physician(physician)).physician().unwrap()
}

fn board(state: &str) -> LicensingBoardScope {
    actor(Seat::LicensingBoard(State::read(state).unwrap())).licensing_board().unwrap()
}

fn id(n: usize) -> PhysicianId {
    records::physician(n).id
}

/// Three physicians of California, of whom the third holds two licenses there and one in Nevada; an activity with
/// topics and a journal without.
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
    reference::seed(&mut tx).await.unwrap();
    let topic = StateTopic { domain: "Opioids".into(), topic: "Pain management".into() };
    let activities = [
        Activity {
            has_state_topics: Some(true),
            state_topics: vec![topic],
            ..records::activity(records::ACTIVITY, people::PROVIDER)
        },
        Activity { format: Format::JournalBased, ..records::activity(JOURNAL, people::PROVIDER) },
    ];
    let scope = ProviderScope::of_record(people::provider_id());
    for activity in &activities {
        store::activities::insert(&mut tx, &scope, activity, Attested { by: None, at: 0 }).await.unwrap();
    }
    let mut third = records::physician(2);
    for (state, number) in [("CA", "A1"), ("NV", "N1")] {
        let state = State::read(state).unwrap();
        third.licenses.push(License { state, number: number.into(), ..third.licenses[0].clone() });
    }
    let people: [Physician; 3] = [records::physician(0), records::physician(1), third];
    let new = people.map(|physician| NewPhysician { physician, ledger_key: [1; 32] });
    store::physicians::insert(&mut tx, &new, NOW).await.unwrap();
    tx
}

fn completion(n: u128, physician: usize, activity: &str, on: Date) -> NewCompletion {
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: activity.parse::<ActivityId>().unwrap(),
        provider: people::provider_id(),
        physician: Some(id(physician)),
        reported_physician: Some(id(physician)),
        completed_on: on,
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

fn credit(n: u128, kind: Kind, status: CreditStatus) -> NewCredit {
    NewCredit {
        id: CreditId::new(Uuid::from_u128(n + 1_000)),
        completion: CompletionId::new(Uuid::from_u128(n)),
        kind,
        part: Part::Whole,
        amount: Amount::new(150),
        types: vec![],
        diplomate_id: String::new(),
        status,
        derived_from: None,
        reported_at: NOW,
        leaf_index: i64::try_from(n).unwrap(),
        withdrawn: None,
    }
}

async fn report(tx: &mut WriteTx, completion: NewCompletion, credits: Vec<NewCredit>) {
    let scope = ProviderScope::of_record(people::provider_id());
    store::completions::insert(tx, &scope, &[completion], &credits).await.unwrap();
}

#[tokio::test]
async fn cme_credit_is_read_with_format_and_topics_of_its_activity() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let abim = Kind::Moc(Board::read("ABIM").unwrap());
    let derived = NewCredit {
        derived_from: Some(CreditId::new(Uuid::from_u128(7))),
        ..credit(2, Kind::Cme, CreditStatus::Accepted)
    };
    report(
        &mut tx,
        completion(1, 0, records::ACTIVITY, date(2026, 5, 1)),
        vec![
            credit(1, Kind::Cme, CreditStatus::Accepted),
            NewCredit { id: CreditId::new(Uuid::from_u128(9)), ..credit(1, abim, CreditStatus::Pending) },
        ],
    )
    .await;
    report(&mut tx, completion(2, 0, JOURNAL, date(2024, 5, 1)), vec![derived]).await;
    report(&mut tx, completion(3, 1, JOURNAL, date(2026, 5, 1)), vec![credit(3, Kind::Cme, CreditStatus::Accepted)])
        .await;
    report(&mut tx, completion(4, 0, JOURNAL, date(2026, 5, 2)), vec![credit(4, Kind::Cme, CreditStatus::Rejected)])
        .await;

    let mut found = of_record(&mut tx, &Record::own(&own(id(0)))).await.unwrap();
    found.sort_by_key(|one| one.completion);
    let shown: Vec<_> = found.iter().map(|one| (one.format, one.is_derived, one.amount, one.topics.len())).collect();
    let amount = Amount::new(150);
    assert_eq!(shown, [(Format::EnduringMaterial, false, amount, 1), (Format::JournalBased, true, amount, 0)]);
    assert_eq!(found[0].topics[0].topic, "Pain management");
    assert!(of_record(&mut tx, &Record::own(&own(id(2)))).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_board_reads_its_own_licensees_alone_and_as_far_back_as_asked() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    for (n, physician, on) in [(1, 0, date(2026, 5, 1)), (2, 0, date(2020, 5, 1)), (3, 2, date(2026, 6, 1))] {
        let earned = vec![credit(n, Kind::Cme, CreditStatus::Accepted)];
        report(&mut tx, completion(n, physician, JOURNAL, on), earned).await;
    }
    let all = [id(0), id(1), id(2), PhysicianId::new(Uuid::from_u128(77))];
    let count = |earned: &store::requirements::Earned, n| earned.get(&id(n)).map_or(0, Vec::len);
    let earned = of_licensees(&mut tx, &board("CA"), &all, None).await.unwrap();
    assert_eq!((count(&earned, 0), count(&earned, 1), count(&earned, 2)), (2, 0, 1), "two licenses count once");
    let since = Some(date(2026, 5, 1));
    assert_eq!(count(&of_licensees(&mut tx, &board("CA"), &all, since).await.unwrap(), 0), 1);
    let nevada = of_licensees(&mut tx, &board("NV"), &all, None).await.unwrap();
    assert_eq!((count(&nevada, 0), count(&nevada, 2)), (0, 1));
    assert!(of_licensees(&mut tx, &board("TX"), &all, None).await.unwrap().is_empty());

    assert_eq!(licensees(&mut tx, &board("CA"), 10).await.unwrap(), [id(2), id(0), id(1)]);
    assert_eq!(licensees(&mut tx, &board("NV"), 10).await.unwrap(), [id(2)]);
    assert!(licensees(&mut tx, &board("TX"), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn versions_of_a_requirement_are_kept_beside_each_other_and_taken_back() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let california = State::read("CA").unwrap();
    let nevada = State::read("NV").unwrap();
    let today = date(2026, 11, 23);
    let (rules, _) = reference::load(&mut tx).await.unwrap();
    let seeded = rules.requirements.get(&california).unwrap()[0].value.clone();
    assert!(seeded.is_example && seeded.hours == Amount::new(5_000) && !rules.requirements.contains_key(&nevada));

    let own = Requirement {
        is_example: false,
        hours: Amount::new(4_000),
        cycle: CycleRule::Expires { years: 2 },
        ..seeded.clone()
    };
    let (planned, later) = (date(2027, 1, 1), date(2028, 1, 1));
    let entries = [
        Entry::Requirement(Some(planned), california, Some(own.clone())),
        Entry::Requirement(Some(later), california, Some(Requirement { hours: Amount::ZERO, ..own.clone() })),
        Entry::Requirement(Some(planned), nevada, Some(Requirement { state: nevada, ..own.clone() })),
    ];
    reference::put(&mut tx, &entries, today, None, NOW).await.unwrap();
    let back = [Entry::Requirement(Some(later), california, None)];
    reference::put(&mut tx, &back, today, None, NOW + 1).await.unwrap();

    let (rules, _) = reference::load(&mut tx).await.unwrap();
    let versions = &rules.requirements[&california];
    let days: Vec<Date> = versions.iter().map(|version| version.from).collect();
    assert_eq!(days, [Date::MIN, planned]);
    assert_eq!((&versions[0].value, &versions[1].value), (&seeded, &own), "each survives its column whole");
    assert_eq!(rules.requirements[&nevada].len(), 1);
    let history = reference::history(&mut tx, REQUIREMENTS, "", "CA").await.unwrap();
    assert_eq!(history.len(), 4);
    assert!(matches!(history[0].entry, Entry::Requirement(Some(day), _, None) if day == later));
    let newest = reference::newest_of(&mut tx, REQUIREMENTS, "", "CA").await.unwrap();
    assert_eq!(newest, history[0].seq);
    assert_eq!(reference::newest_of(&mut tx, REQUIREMENTS, "", "WY").await.unwrap(), -1);
}
