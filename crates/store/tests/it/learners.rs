//! A provider's completions found by every condition and in every order, whichever way the search takes.

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind, Part};
use domain::report::RemsReport;
use domain::{Amount, Board, CompletionId, CreditId, State, UploadId};
use jiff::civil::date;
use store::completions::{self, NewCompletion, NewCredit};
use store::learners::{self, Search, Sort};
use store::organizations::{Provider, Standing};
use store::physicians::NewPhysician;
use store::{ReadTx, WriteTx};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_770_000_000_000_000;

fn ours() -> ProviderScope {
    ProviderScope::of_record(people::provider_id())
}

fn abim() -> Kind {
    Kind::Moc(Board::read("ABIM").unwrap())
}

fn completion(n: u128) -> NewCompletion {
    let person = records::physician(n as usize);
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(person.id),
        reported_physician: Some(person.id),
        completed_on: date(2026, 5, n as i8),
        first_name: person.first.clone(),
        last_name: person.last.clone(),
        birth: person.birth,
        state: State::read("CA"),
        learner_identifier: person.licenses[0].number.clone(),
        rems: None,
        person_key: None,
        submission_id: String::new(),
        upload: UploadId::new(Uuid::from_u128(1)),
        row_number: n as i64,
        reported_at: NOW + n as i64,
        withdrawn_at: None,
    }
}

fn credit(n: u128, completion: u128, kind: Kind) -> NewCredit {
    NewCredit {
        id: CreditId::new(Uuid::from_u128(n)),
        completion: CompletionId::new(Uuid::from_u128(completion)),
        kind,
        part: Part::Whole,
        amount: Amount::new(200),
        types: vec![],
        diplomate_id: if kind == Kind::Cme { String::new() } else { "300001".into() },
        status: if kind.board().is_some() { CreditStatus::Pending } else { CreditStatus::Accepted },
        derived_from: None,
        reported_at: NOW + n as i64,
        leaf_index: n as i64,
        withdrawn: None,
    }
}

/// Completions 1 to 4 of ours with CME credit, 1 and 2 with points too, which the board rejects for 2; 4 is of a
/// REMS learner and 5 withdrawn; 9 is another provider's.
async fn filled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for (id, activity) in
        [(people::provider_id(), records::ACTIVITY), (people::other_provider_id(), records::OTHER_ACTIVITY)]
    {
        let provider = Provider {
            id,
            name: "Harborview".into(),
            organization_type: "Hospital".into(),
            city: "Oakland".into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: String::new(),
            contact_email: String::new(),
            created_at: 0,
        };
        store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
        let activity = records::activity(activity, id.as_str());
        let attested = store::activities::Attested { by: None, at: 0 };
        store::activities::insert(&mut tx, &ProviderScope::of_record(id), &activity, attested).await.unwrap();
    }
    let new = |n| NewPhysician { physician: records::physician(n), ledger_key: [n as u8; 32] };
    let physicians: Vec<NewPhysician> = (0..10).map(new).collect();
    store::physicians::insert(&mut tx, &physicians, 0).await.unwrap();
    let rems = NewCompletion {
        physician: None,
        reported_physician: None,
        first_name: String::new(),
        last_name: String::new(),
        learner_identifier: "L-4".into(),
        rems: Some(RemsReport { local_id: "L-4".into(), profession: "Nurse".into(), ..RemsReport::default() }),
        person_key: Some([4; 32]),
        ..completion(4)
    };
    let gone = NewCompletion { withdrawn_at: Some(NOW + 100), ..completion(5) };
    let own = [completion(1), completion(2), completion(3), rems, gone];
    let credits = [
        credit(1, 1, Kind::Cme),
        credit(2, 2, Kind::Cme),
        credit(3, 3, Kind::Cme),
        credit(4, 4, Kind::Rems),
        NewCredit { withdrawn: Some((50, NOW + 100)), ..credit(5, 5, Kind::Cme) },
        credit(11, 1, abim()),
        credit(12, 2, abim()),
    ];
    completions::insert(&mut tx, &ours(), &own, &credits).await.unwrap();
    let theirs = NewCompletion {
        activity: records::OTHER_ACTIVITY.parse().unwrap(),
        provider: people::other_provider_id(),
        ..completion(9)
    };
    let scope = ProviderScope::of_record(people::other_provider_id());
    completions::insert(&mut tx, &scope, &[theirs], &[credit(9, 9, Kind::Cme)]).await.unwrap();
    let rejected = CreditId::new(Uuid::from_u128(12));
    assert!(completions::decide_credit(&mut tx, rejected, CreditStatus::Rejected, "Not ours").await.unwrap());
    tx
}

async fn found(tx: &mut ReadTx, search: &Search, sort: Sort) -> Vec<u128> {
    let ids = learners::search(tx, &ours(), search, sort, 0, 100).await.unwrap();
    assert_eq!(learners::count(tx, &ours(), search).await.unwrap(), ids.len() as i64, "{search:?}");
    ids.iter().map(|id| id.as_uuid().as_u128()).collect()
}

#[tokio::test]
async fn each_condition_finds_its_own_and_nobody_elses() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let all = Search::default();
    let third = records::physician(3);
    let cases: [(Search, &[u128]); 16] = [
        (all.clone(), &[4, 3, 2, 1]),
        (Search { name: third.last.clone(), ..all.clone() }, &[3]),
        (Search { name: format!("{}, {}", third.last, third.first), ..all.clone() }, &[3]),
        (Search { name: "Zzz".into(), ..all.clone() }, &[]),
        (Search { identifier: third.licenses[0].number.clone(), ..all.clone() }, &[3]),
        (Search { identifier: "L-4".into(), ..all.clone() }, &[4]),
        (Search { activity: records::ACTIVITY.into(), ..all.clone() }, &[4, 3, 2, 1]),
        (Search { activity: records::OTHER_ACTIVITY.into(), ..all.clone() }, &[]),
        (Search { activity: "HEART care".into(), ..all.clone() }, &[4, 3, 2, 1]),
        (Search { activity: "50%_off".into(), ..all.clone() }, &[]),
        (
            Search { completed_from: Some(date(2026, 5, 2)), completed_until: Some(date(2026, 5, 3)), ..all.clone() },
            &[3, 2],
        ),
        (Search { reported_from: Some(NOW + 2), reported_before: Some(NOW + 4), ..all.clone() }, &[3, 2]),
        (Search { kind: Some(abim()), ..all.clone() }, &[2, 1]),
        (Search { status: Some(CreditStatus::Rejected), ..all.clone() }, &[2]),
        (Search { kind: Some(Kind::Rems), status: Some(CreditStatus::Accepted), ..all.clone() }, &[4]),
        (Search { is_withdrawn: true, ..all.clone() }, &[5]),
    ];
    for (search, wanted) in cases {
        assert_eq!(found(&mut tx, &search, Sort::NewestReport).await, wanted, "{search:?}");
        let mut backwards = found(&mut tx, &search, Sort::OldestReport).await;
        backwards.reverse();
        assert_eq!(backwards, wanted, "{search:?}");
        for sort in [Sort::NewestCompletion, Sort::OldestCompletion, Sort::Name, Sort::NameBackwards] {
            let mut same = found(&mut tx, &search, sort).await;
            same.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(same, wanted, "{search:?} by {sort:?}");
        }
    }
    assert_eq!(found(&mut tx, &all, Sort::OldestCompletion).await, [1, 2, 3, 4]);
    let second = learners::search(&mut tx, &ours(), &all, Sort::OldestCompletion, 1, 2).await.unwrap();
    assert_eq!(second.iter().map(|id| id.as_uuid().as_u128()).collect::<Vec<_>>(), [2, 3]);
    let by_name = found(&mut tx, &all, Sort::Name).await;
    let names: Vec<String> = by_name.iter().skip(1).map(|n| records::physician(*n as usize).last).collect();
    assert!(by_name[0] == 4 && names.is_sorted(), "{by_name:?}");
}

#[tokio::test]
async fn completions_come_whole_in_the_order_asked_for() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let id = |n: u128| CompletionId::new(Uuid::from_u128(n));
    let asked = [id(2), id(9), id(5), id(4)];
    let whole = learners::find_many(&mut tx, &ours(), &asked).await.unwrap();
    assert_eq!(whole.iter().map(|one| one.id).collect::<Vec<_>>(), [id(2), id(5), id(4)]);
    let second = &whole[0];
    let kinds: Vec<Kind> = second.live().map(|credit| credit.kind).collect();
    assert_eq!((kinds, second.state, second.is_physician), (vec![Kind::Cme, abim()], State::read("CA"), true));
    assert_eq!((second.credits[1].reason.as_str(), second.credits[1].diplomate_id.as_str()), ("Not ours", "300001"));
    assert_eq!((whole[1].live().count(), whole[1].standing().count()), (0, 1));
    assert_eq!(whole[2].rems.as_ref().unwrap().profession, "Nurse");
    assert_eq!(learners::find(&mut tx, &ours(), id(9)).await.unwrap(), None);
    assert_eq!(learners::taken_back(&mut tx, &ours(), id(5)).await.unwrap(), []);
    assert_eq!(learners::took_place_of(&mut tx, &ours(), id(5)).await.unwrap(), None);
}

#[tokio::test]
async fn what_boards_rejected_is_counted_listed_and_nobody_elses() {
    let test = TestStore::new().await;
    let mut tx = filled(&test).await;
    let groups = learners::rejections(&mut tx, &ours()).await.unwrap();
    let board = Board::read("ABIM").unwrap();
    assert_eq!(groups, [learners::Group { board, reason: "Not ours".into(), credits: 1 }]);
    assert_eq!(learners::count_rejected(&mut tx, &ours()).await.unwrap(), 1);
    let (of, credit) = (CompletionId::new(Uuid::from_u128(2)), CreditId::new(Uuid::from_u128(12)));
    let at = NOW + 12;
    let words = ["Not ours".to_owned()];
    let other = ["Other".to_owned()];
    for (reasons, after, wanted) in [
        (None, None, vec![(of, credit, at)]),
        (Some((board, words.as_slice())), None, vec![(of, credit, at)]),
        (Some((board, other.as_slice())), None, vec![]),
        (Some((board, [].as_slice())), None, vec![]),
        (None, Some((at, credit)), vec![]),
        (None, Some((at - 1, credit)), vec![(of, credit, at)]),
    ] {
        assert_eq!(learners::rejected(&mut tx, &ours(), reasons, after, 10).await.unwrap(), wanted);
    }
    let theirs = ProviderScope::of_record(people::other_provider_id());
    assert_eq!(learners::rejections(&mut tx, &theirs).await.unwrap(), []);
    assert_eq!(learners::count_rejected(&mut tx, &theirs).await.unwrap(), 0);
    assert_eq!(learners::holders(&mut tx, &theirs, &[credit]).await.unwrap(), []);
    assert_eq!(learners::holders(&mut tx, &ours(), &[credit]).await.unwrap(), [(credit, of)]);
    let standings = learners::standings(&mut tx, &ours(), records::activity_id()).await.unwrap();
    let shown: Vec<_> = standings.iter().map(|one| (one.kind.key().to_owned(), one.status, one.credits)).collect();
    assert_eq!(shown.len(), 4, "{shown:?}");
    assert_eq!(shown[0], ("CME".to_owned(), CreditStatus::Accepted, 3));
    assert_eq!(shown[3], ("REMS".to_owned(), CreditStatus::Accepted, 1));
    assert_eq!(learners::standings(&mut tx, &theirs, records::activity_id()).await.unwrap(), []);
}
