//! The review list, changes of records, and what they move.

use domain::access::{Actor, ProviderScope, Seat, StaffScope, Who};
use domain::credit::{CreditStatus, Kind as CreditKind};
use domain::{
    AccountId, Amount, Board, CompletionId, CreditId, IdentityChangeId, PhysicianId, ReviewId, State, UploadId,
};
use jiff::civil::date;
use store::accounts::Account;
use store::completions::{self, NewCompletion, NewCredit};
use store::identity_changes::{self, Act, Change, Facts, Kind, Moved, Plan, Stage, held, records as record};
use store::ledger::{Leaf, LedgerEvent};
use store::physicians::{self, NewPhysician};
use store::reviews::{self, Filter, Pair, Review, Settled, Settlement};
use store::{ReadTx, WriteTx};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn account_id(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

fn change_id(n: u128) -> IdentityChangeId {
    IdentityChangeId::new(Uuid::from_u128(n))
}

fn review_id(n: u128) -> ReviewId {
    ReviewId::new(Uuid::from_u128(n))
}

fn physician_id(n: usize) -> PhysicianId {
    records::physician(n).id
}

fn staff() -> StaffScope {
    Actor { who: Who::Account(account_id(1)), seat: Seat::Accreditor }.staff().unwrap()
}

/// Two of the accreditor's staff and three physicians.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for n in [1, 2] {
        let account = Account {
            id: account_id(n),
            email: format!("staff{n}@accreditor.example"),
            name: format!("Staff {n}"),
            password_hash: String::new(),
            created_at: NOW,
            disabled_at: None,
        };
        assert!(store::accounts::insert(&mut tx, &account).await.unwrap());
    }
    let new = |n| NewPhysician { physician: records::physician(n), ledger_key: [1; 32] };
    physicians::insert(&mut tx, &[new(0), new(1), new(2)], NOW).await.unwrap();
    tx
}

fn review(n: u128, source: &str, outcome: &str) -> Review {
    Review {
        id: review_id(n),
        source: source.into(),
        row_number: n as i64,
        row: format!("{{\"n\":{n}}}"),
        outcome: outcome.into(),
        reasons: "names_equal".into(),
        created_at: NOW + n as i64,
    }
}

fn end(n: u128, settlement: Settlement) -> Settled {
    Settled { id: review_id(n), settlement, physician: Some(physician_id(0)), by: "Staff 1".into(), at: NOW + n as i64 }
}

async fn waiting(tx: &mut ReadTx, filter: &Filter) -> Vec<ReviewId> {
    let listed = reviews::list(tx, &staff(), filter, 10, 0).await.unwrap();
    assert_eq!(reviews::count(tx, &staff(), filter).await.unwrap(), listed.len() as i64);
    listed.into_iter().map(|review| review.id).collect()
}

#[tokio::test]
async fn a_review_waits_until_it_is_settled_and_again_when_it_is_reopened() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let three = [review(1, "licenses", "several"), review(2, "licenses", "conflict"), review(3, "licenses", "several")];
    assert_eq!(reviews::insert(&mut tx, "licenses", &three).await.unwrap(), 3);
    assert_eq!(reviews::insert(&mut tx, "licenses", &three).await.unwrap(), 0);
    let other = [review(4, "certifications", "several")];
    assert_eq!(reviews::insert(&mut tx, "certifications", &other).await.unwrap(), 1);
    let of = |source: &str, outcome: &str| Filter { source: source.into(), outcome: outcome.into() };
    assert_eq!(waiting(&mut tx, &Filter::default()).await.len(), 4);
    assert_eq!(waiting(&mut tx, &of("licenses", "")).await.len(), 3);
    assert_eq!(waiting(&mut tx, &of("", "several")).await, [review_id(1), review_id(3), review_id(4)]);
    assert_eq!(waiting(&mut tx, &of("licenses", "conflict")).await, [review_id(2)]);
    let counts = reviews::counts(&mut tx, &staff()).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|of| (of.source.as_str(), of.outcome.as_str(), of.count)).collect();
    assert_eq!(counts, [("certifications", "several", 1), ("licenses", "conflict", 1), ("licenses", "several", 2)]);

    let ends = [end(1, Settlement::Import), end(2, Settlement::Attached)];
    assert_eq!(reviews::settle(&mut tx, &ends).await.unwrap(), 2);
    assert_eq!(reviews::settle(&mut tx, &ends).await.unwrap(), 0);
    reviews::keep_change(&mut tx, review_id(2), "A typing error.", Some("{}")).await.unwrap();
    assert_eq!(waiting(&mut tx, &Filter::default()).await, [review_id(3), review_id(4)]);
    let rows: Vec<String> = three.iter().map(|review| review.row.clone()).collect();
    assert_eq!(reviews::known_rows(&mut tx, "licenses", &rows).await.unwrap().len(), 3);
    let still = reviews::waiting_rows(&mut tx, "licenses", &rows).await.unwrap();
    assert_eq!(still.into_iter().collect::<Vec<_>>(), [(rows[2].clone(), review_id(3))]);
    let page = reviews::waiting_after(&mut tx, "licenses", None, 10).await.unwrap();
    assert_eq!(page, [three[2].clone()]);
    assert!(reviews::waiting_after(&mut tx, "licenses", Some(review_id(3)), 10).await.unwrap().is_empty());

    let ended = reviews::list_settled(&mut tx, &staff(), &Filter::default(), 10, 0).await.unwrap();
    assert_eq!(ended.iter().map(|kept| kept.review.id).collect::<Vec<_>>(), [review_id(2), review_id(1)]);
    let kept = reviews::find(&mut tx, &staff(), review_id(2)).await.unwrap().unwrap();
    assert_eq!(kept.settled, Some(ends[1].clone()));
    assert_eq!((kept.reason.as_str(), kept.change.as_deref()), ("A typing error.", Some("{}")));
    assert!(reviews::reopen(&mut tx, review_id(2)).await.unwrap());
    assert!(!reviews::reopen(&mut tx, review_id(2)).await.unwrap());
    let kept = reviews::find(&mut tx, &staff(), review_id(2)).await.unwrap().unwrap();
    assert_eq!((kept.settled, kept.reason.as_str(), kept.change), (None, "", None));
    assert_eq!(reviews::find(&mut tx, &staff(), review_id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_pair_is_one_whichever_is_named_first() {
    let (one, other) = (physician_id(0), physician_id(1));
    assert_eq!(Pair::new(one, other), Pair::new(other, one));
    let row = Pair::new(other, one).row().unwrap();
    let of = Review { row, ..review(1, reviews::PAIR, "review") };
    assert_eq!(Pair::read(&of).unwrap().both(), [one, other]);
    assert!(Pair::read(&review(1, reviews::PAIR, "review")).is_err());
}

fn change(n: u128, kind: Kind, from: usize, into: Option<usize>) -> Change {
    Change {
        id: change_id(n),
        kind,
        from: physician_id(from),
        into: into.map(physician_id),
        reason: "One person.".into(),
        plan: (kind == Kind::Split).then(Plan::default),
        moved: None,
        stage: Stage::Proposed,
        proposed: Act { by: account_id(1), name: "Staff 1".into(), at: NOW + n as i64 },
        confirmed: None,
        undone: None,
        undo_reason: String::new(),
        stayed: vec![],
    }
}

#[tokio::test]
async fn a_change_is_proposed_confirmed_and_undone_once_each() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (merge, split) = (change(1, Kind::Merge, 1, Some(0)), change(2, Kind::Split, 2, None));
    identity_changes::insert(&mut tx, &merge).await.unwrap();
    identity_changes::insert(&mut tx, &split).await.unwrap();
    assert_eq!(identity_changes::find(&mut tx, &staff(), merge.id).await.unwrap(), Some(merge.clone()));
    assert_eq!(identity_changes::find(&mut tx, &staff(), split.id).await.unwrap(), Some(split.clone()));
    assert_eq!(identity_changes::find(&mut tx, &staff(), change_id(9)).await.unwrap(), None);
    for (named, answer) in [(0, true), (1, true), (2, true), (3, false)] {
        let is_proposed = identity_changes::is_proposed(&mut tx, &[physician_id(named)]).await.unwrap();
        assert_eq!(is_proposed, answer, "{named}");
    }
    let moved = Moved { from_before: Facts::of(&records::physician(1)), ..Moved::default() };
    let (second, into) = (account_id(2), physician_id(0));
    assert!(identity_changes::confirm(&mut tx, merge.id, second, NOW, into, &moved).await.unwrap());
    assert!(!identity_changes::confirm(&mut tx, merge.id, second, NOW, into, &moved).await.unwrap());
    assert!(!identity_changes::decline(&mut tx, merge.id, second, NOW, "No.").await.unwrap());
    assert!(identity_changes::decline(&mut tx, split.id, second, NOW, "No.").await.unwrap());
    let confirmed = identity_changes::find(&mut tx, &staff(), merge.id).await.unwrap().unwrap();
    assert_eq!((confirmed.stage, confirmed.moved), (Stage::Confirmed, Some(moved)));
    assert_eq!(confirmed.confirmed, Some(Act { by: second, name: "Staff 2".into(), at: NOW }));
    assert!(!identity_changes::is_proposed(&mut tx, &[into, physician_id(2)]).await.unwrap());

    let stayed = ["A license.".to_owned()];
    assert!(identity_changes::undo(&mut tx, merge.id, account_id(1), NOW + 1, "Two people.", &stayed).await.unwrap());
    assert!(!identity_changes::undo(&mut tx, merge.id, account_id(1), NOW, "Again.", &[]).await.unwrap());
    assert!(!identity_changes::undo(&mut tx, split.id, account_id(1), NOW, "Declined.", &[]).await.unwrap());
    let undone = identity_changes::list_of(&mut tx, &staff(), physician_id(1)).await.unwrap().remove(0);
    assert_eq!(
        (undone.stage, undone.undo_reason.as_str(), undone.stayed),
        (Stage::Undone, "Two people.", stayed.to_vec())
    );
    assert_eq!(undone.undone.unwrap().at, NOW + 1);
    for (stage, found) in [(None, 2), (Some(Stage::Undone), 1), (Some(Stage::Declined), 1), (Some(Stage::Proposed), 0)]
    {
        assert_eq!(identity_changes::list(&mut tx, &staff(), stage, 10, 0).await.unwrap().len(), found);
        assert_eq!(identity_changes::count(&mut tx, &staff(), stage).await.unwrap(), found as i64);
    }
}

#[tokio::test]
async fn the_proposer_cannot_be_written_as_the_confirming_person() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    identity_changes::insert(&mut tx, &change(1, Kind::Merge, 1, Some(0))).await.unwrap();
    let moved = Moved::default();
    let alone = identity_changes::confirm(&mut tx, change_id(1), account_id(1), NOW, physician_id(0), &moved).await;
    assert!(alone.is_err());
}

#[tokio::test]
async fn chains_of_merges_are_followed_and_circles_end_nowhere() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let [a, b, c] = [0, 1, 2].map(physician_id);
    record::set_merged(&mut tx, a, Some(b)).await.unwrap();
    record::set_merged(&mut tx, b, Some(c)).await.unwrap();
    assert_eq!(record::survivor(&mut tx, a).await.unwrap(), Some(c));
    assert_eq!(record::survivor(&mut tx, c).await.unwrap(), Some(c));
    assert_eq!(record::merged_into(&mut tx, a).await.unwrap(), Some(b));
    assert_eq!(record::merged_here(&mut tx, c).await.unwrap(), [a, b]);
    assert_eq!(record::merged_here(&mut tx, a).await.unwrap(), []);
    assert_eq!(record::survivor(&mut tx, physician_id(77)).await.unwrap(), None);
    record::set_merged(&mut tx, c, Some(c)).await.unwrap();
    assert_eq!(record::survivor(&mut tx, a).await.unwrap(), None);
    assert_eq!(record::merged_here(&mut tx, c).await.unwrap(), [a, b]);
    record::set_merged(&mut tx, c, Some(a)).await.unwrap();
    assert_eq!(record::survivor(&mut tx, a).await.unwrap(), None);
    record::set_merged(&mut tx, a, None).await.unwrap();
    assert_eq!(record::survivor(&mut tx, b).await.unwrap(), Some(a));
}

#[tokio::test]
async fn licenses_and_certifications_move_drop_and_return_as_whole_rows() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (one, other) = (physician_id(0), physician_id(1));
    let (ca, abim) = (State::read("CA").unwrap(), Board::read("ABIM").unwrap());
    let license = held::license(&mut tx, one, ca, "A40000").await.unwrap().unwrap();
    let certification = held::certification(&mut tx, one, abim, "300000").await.unwrap().unwrap();
    assert!(held::move_license(&mut tx, one, other, ca, "A40000").await.unwrap());
    assert!(!held::move_license(&mut tx, one, other, ca, "A40000").await.unwrap());
    assert!(held::move_certification(&mut tx, one, other, abim, "300000").await.unwrap());
    assert!(!held::move_certification(&mut tx, one, other, abim, "300000").await.unwrap());
    assert_eq!(held::license(&mut tx, one, ca, "A40000").await.unwrap(), None);
    assert_eq!(physicians::find(&mut tx, other).await.unwrap().unwrap().licenses.len(), 2);
    held::drop_license(&mut tx, other, ca, "A40000").await.unwrap();
    held::drop_certification(&mut tx, other, abim, "300000").await.unwrap();
    assert!(held::drop_license(&mut tx, other, ca, "A40000").await.is_err());
    assert!(held::drop_certification(&mut tx, other, abim, "300000").await.is_err());
    held::restore_license(&mut tx, &license).await.unwrap();
    held::restore_certification(&mut tx, &certification).await.unwrap();
    assert_eq!(held::license(&mut tx, one, ca, "A40000").await.unwrap(), Some(license));
    assert_eq!(held::certification(&mut tx, one, abim, "300000").await.unwrap(), Some(certification));
}

fn completion(n: u128, physician: usize, day: i8) -> NewCompletion {
    NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(physician_id(physician)),
        reported_physician: Some(physician_id(physician)),
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

async fn report(tx: &mut WriteTx, completions: &[NewCompletion]) {
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
    let scope = ProviderScope::of_record(people::provider_id());
    let activity = records::activity(records::ACTIVITY, people::PROVIDER);
    let attested = store::activities::Attested { by: None, at: 0 };
    store::activities::insert(tx, &scope, &activity, attested).await.unwrap();
    let credits: Vec<NewCredit> = (100..).zip(completions).map(|(n, of)| credit(n, of.id)).collect();
    completions::insert(tx, &scope, completions, &credits).await.unwrap();
}

fn credit(n: u128, completion: CompletionId) -> NewCredit {
    NewCredit {
        id: CreditId::new(Uuid::from_u128(n)),
        completion,
        kind: CreditKind::Moc(Board::read("ABIM").unwrap()),
        part: domain::credit::Part::Whole,
        amount: Amount::new(200),
        types: vec![],
        diplomate_id: String::new(),
        status: CreditStatus::Pending,
        derived_from: None,
        reported_at: NOW,
        leaf_index: n as i64,
        withdrawn: None,
    }
}

#[tokio::test]
async fn completions_move_but_for_those_that_both_have() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (one, other) = (physician_id(0), physician_id(1));
    report(&mut tx, &[completion(1, 0, 1), completion(2, 0, 2), completion(3, 1, 1)]).await;
    let [first, second, third] = [1, 2, 3].map(|n| CompletionId::new(Uuid::from_u128(n)));
    assert_eq!(record::live_completions(&mut tx, one).await.unwrap(), [first, second]);
    assert_eq!(record::doubles(&mut tx, one, other).await.unwrap(), [first]);
    assert_eq!(record::doubles(&mut tx, other, one).await.unwrap(), [third]);
    assert_eq!(record::way(&mut tx, first, one, other).await.unwrap(), record::Way::Blocked(third));
    assert_eq!(record::way(&mut tx, second, one, other).await.unwrap(), record::Way::Free);
    assert_eq!(record::way(&mut tx, third, one, other).await.unwrap(), record::Way::Gone);
    assert!(record::move_completion(&mut tx, second, one, other).await.unwrap());
    assert!(!record::move_completion(&mut tx, second, one, other).await.unwrap());
    assert_eq!(record::live_completions(&mut tx, other).await.unwrap(), [second, third]);
    let scope = ProviderScope::of_record(people::provider_id());
    let moved = completions::find_many(&mut tx, &scope, &[second]).await.unwrap().remove(0);
    assert_eq!((moved.physician, moved.reported_physician), (Some(other), Some(one)));

    let credit_id = CreditId::new(Uuid::from_u128(101));
    completions::withdraw_credits(&mut tx, &[(credit_id, 9)], NOW).await.unwrap();
    let credits = record::credits_of(&mut tx, &[second, third]).await.unwrap();
    let found: Vec<_> = credits.iter().map(|of| (of.credit, of.completion, of.is_live)).collect();
    assert_eq!(found, [(credit_id, second, false), (CreditId::new(Uuid::from_u128(102)), third, true)]);
    assert_eq!((credits[0].kind.as_str(), credits[0].provider.as_str()), ("ABIM", people::PROVIDER));
    assert!(record::is_in_use(&mut tx, one).await.unwrap());
    assert!(!record::is_in_use(&mut tx, physician_id(2)).await.unwrap());
}

#[tokio::test]
async fn an_npi_is_laid_down_before_another_takes_it() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let with_npi = |n: usize, npi: &str| physicians::Physician { npi: Some(npi.into()), ..records::physician(n) };
    physicians::update(&mut tx, &[with_npi(0, "1234567893"), with_npi(1, "1003000126")]).await.unwrap();
    record::clear_npi(&mut tx, physician_id(0)).await.unwrap();
    record::clear_npi(&mut tx, physician_id(1)).await.unwrap();
    physicians::update(&mut tx, &[with_npi(0, "1003000126"), with_npi(1, "1234567893")]).await.unwrap();
    assert_eq!(physicians::find(&mut tx, physician_id(1)).await.unwrap().unwrap().npi.as_deref(), Some("1234567893"));
}

#[tokio::test]
async fn a_physicians_seat_moves_closes_and_opens_again() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (one, other) = (physician_id(0), physician_id(1));
    let seat_id = Uuid::from_u128(7);
    assert!(store::seats::insert(&mut tx, seat_id, account_id(1), Seat::Physician(one), NOW).await.unwrap());
    let session = store::sessions::NewSession {
        hash: vec![5; 32],
        account: account_id(1),
        seat_id,
        created_at: NOW,
        expires_at: NOW + 9,
        proved_at: NOW,
        user_agent: String::new(),
    };
    store::sessions::insert(&mut tx, &session).await.unwrap();
    let row = record::seat(&mut tx, one).await.unwrap().unwrap();
    assert_eq!((row.account(), row.created_at), (account_id(1), NOW));
    assert!(record::has_seat(&mut tx, account_id(1)).await.unwrap());
    assert!(!record::has_seat(&mut tx, account_id(2)).await.unwrap());
    record::move_seat(&mut tx, seat_id, other).await.unwrap();
    assert_eq!(store::sessions::find_live(&mut tx, &[5; 32], NOW + 1, 0).await.unwrap(), None);
    assert_eq!(record::seat(&mut tx, one).await.unwrap(), None);
    assert_eq!(record::seat(&mut tx, other).await.unwrap().unwrap().seat_id, seat_id);
    record::close_seat(&mut tx, seat_id).await.unwrap();
    assert_eq!(record::seat(&mut tx, other).await.unwrap(), None);
    record::restore_seat(&mut tx, &row).await.unwrap();
    assert_eq!(record::seat(&mut tx, one).await.unwrap(), Some(row));
}

#[tokio::test]
async fn a_leaf_that_moved_a_credit_names_its_holder() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    report(&mut tx, &[completion(1, 0, 1)]).await;
    let leaf = Leaf {
        index: 0,
        hash: [3; 32],
        event: LedgerEvent::Relink { holder: physician_id(1) },
        credit: CreditId::new(Uuid::from_u128(100)),
        at: NOW,
    };
    store::ledger::append(&mut tx, std::slice::from_ref(&leaf)).await.unwrap();
    assert_eq!(store::ledger::leaves_from(&mut tx, 0, 5).await.unwrap(), [leaf]);
    let evidence = store::proof::evidence(&mut tx, 0, 5).await.unwrap().remove(0);
    assert_eq!(evidence.holder_id, Some(physician_id(1).as_uuid()));
    assert_eq!(evidence.reported_physician_id, Some(physician_id(0).as_uuid()));
    assert!(evidence.holder_key.is_some() && evidence.ledger_key.is_some());
}
