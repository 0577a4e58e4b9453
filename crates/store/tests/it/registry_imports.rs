//! Rosters on their way in, what licenses became, who holds active ones, and what stands beside a record.

use domain::access::{Actor, LicensingBoardScope, Seat, StaffScope, Who};
use domain::{AccountId, JobId, RegistryImportId, StandingChangeId, State as UsState};
use jiff::civil::date;
use store::physicians::{self, Held, License, NewPhysician, Said};
use store::registry_imports::{self as imports, Counts, Door, Filter, NewImport, RowProblem, Sender, Stand, State};
use store::registry_pages::beside;
use store::standing_changes::{self, Source, Standing, StandingChange};
use store::{WriteTx, jobs};
use testkit::{TestStore, records};
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn staff() -> StaffScope {
    let who = Who::Account(AccountId::new(Uuid::nil()));
    Actor { who, seat: Seat::Accreditor }.staff().unwrap()
}

fn state(code: &str) -> UsState {
    UsState::read(code).unwrap()
}

fn board(code: &str) -> Sender {
    Sender::LicensingBoard(LicensingBoardScope::of_record(state(code)))
}

fn id(n: u128) -> RegistryImportId {
    RegistryImportId::new(Uuid::from_u128(n))
}

fn import(n: u128, sender: &Sender, stands: State) -> NewImport {
    NewImport {
        id: id(n),
        kind: "licenses".into(),
        door: sender.door(),
        issuer: sender.issuer(),
        is_whole: false,
        file_name: "ca.csv".into(),
        file_bytes: 7,
        digest: "ab".into(),
        sent_by: None,
        sent_by_name: "Cal Mendoza".into(),
        received_at: NOW + n as i64,
        state: stands,
    }
}

/// The first three physicians.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    let new = |n| NewPhysician { physician: records::physician(n), ledger_key: [n as u8; 32] };
    physicians::insert(&mut tx, &[new(0), new(1), new(2)], NOW).await.unwrap();
    tx
}

#[tokio::test]
async fn a_board_finds_its_own_imports_and_staff_all() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let (all, california, nevada) = (Sender::Staff(staff()), board("CA"), board("NV"));
    imports::insert(&mut tx, &import(1, &california, State::Comparing)).await.unwrap();
    imports::insert(&mut tx, &import(2, &all, State::Compared)).await.unwrap();
    let ids = async |tx: &mut WriteTx, sender: &Sender, filter: &Filter| {
        let found = imports::list(tx, sender, filter, 0, 10).await.unwrap();
        assert_eq!(imports::count(tx, sender, filter).await.unwrap(), found.len() as i64);
        found.into_iter().map(|import| import.id).collect::<Vec<_>>()
    };
    let any = Filter::default();
    assert_eq!(ids(&mut tx, &all, &any).await, [id(2), id(1)]);
    assert_eq!(ids(&mut tx, &california, &any).await, [id(1)]);
    assert_eq!(ids(&mut tx, &nevada, &any).await, []);
    let compared = Filter { state: "compared".into(), ..any };
    assert_eq!(ids(&mut tx, &all, &compared).await, [id(2)]);
    assert!(imports::find(&mut tx, &nevada, id(1)).await.unwrap().is_none());
    let found = imports::find(&mut tx, &california, id(1)).await.unwrap().unwrap();
    assert_eq!(
        (found.door, found.issuer.as_str(), found.sent_by_name.as_str()),
        (Door::LicensingBoard, "CA", "Cal Mendoza")
    );
    let same = async |tx: &mut WriteTx, sender: &Sender| {
        imports::find_same(tx, sender, "licenses", "ab").await.unwrap().map(|import| import.id)
    };
    assert_eq!((same(&mut tx, &all).await, same(&mut tx, &nevada).await), (Some(id(2)), None));
    assert!(imports::find_same(&mut tx, &all, "certifications", "ab").await.unwrap().is_none());
    assert!(imports::find_unfinished(&mut tx, "licenses", "ab").await.unwrap().is_none(), "no command began one");
    let begun = NewImport { door: Door::Command, ..import(3, &all, State::Importing) };
    imports::insert(&mut tx, &begun).await.unwrap();
    assert_eq!(imports::find_unfinished(&mut tx, "licenses", "ab").await.unwrap().unwrap().id, id(3));
    assert_eq!(imports::by_ids(&mut tx, &staff(), &[id(3), id(9)]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_import_goes_its_way_once_and_its_counts_add_up() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let (all, california, nevada) = (Sender::Staff(staff()), board("CA"), board("NV"));
    imports::insert(&mut tx, &import(1, &california, State::Comparing)).await.unwrap();
    assert!(
        !imports::approve(&mut tx, &all, id(1), "Ada", 0, NOW).await.unwrap(),
        "nobody knows yet what would change"
    );
    let problem = RowProblem { row: 3, column: "birth".into(), given: "02/30".into(), ..RowProblem::default() };
    let problems = [problem];
    assert!(imports::set_compared(&mut tx, id(1), "{}", "", (9, 1), &problems).await.unwrap());
    assert!(!imports::set_compared(&mut tx, id(1), "{}", "", (9, 1), &problems).await.unwrap());
    assert!(!imports::approve(&mut tx, &nevada, id(1), "Neva", 0, NOW).await.unwrap());
    assert!(!imports::stop(&mut tx, &nevada, id(1), "No.", NOW).await.unwrap());
    assert!(imports::approve(&mut tx, &california, id(1), "Cal", 2, NOW).await.unwrap());
    assert!(!imports::approve(&mut tx, &california, id(1), "Cal", 2, NOW).await.unwrap());
    assert!(!imports::stop(&mut tx, &all, id(1), "No.", NOW).await.unwrap());
    let stand = Stand { stage: "rows".into(), done: 5, of: 9 };
    imports::set_stand(&mut tx, id(1), &stand, NOW + 1).await.unwrap();
    imports::set_stand(&mut tx, id(1), &stand, NOW + 2).await.unwrap();
    let more = Counts { added_new: 2, updated: 1, ended: 1, ..Counts::default() };
    imports::add(&mut tx, id(1), &more).await.unwrap();
    imports::add(&mut tx, id(1), &more).await.unwrap();
    imports::finish(&mut tx, id(1), (9, 1, 1), &problems, NOW + 5).await.unwrap();
    imports::refuse(&mut tx, id(1), "too late", NOW + 6).await.unwrap();
    let done = imports::find_for_work(&mut tx, id(1)).await.unwrap().unwrap();
    assert_eq!(
        (done.state, done.stand, done.started_at, done.finished_at),
        (State::Done, stand, Some(NOW + 1), Some(NOW + 5))
    );
    assert_eq!((done.counts.added_new, done.counts.updated, done.counts.ended, done.counts.unchanged()), (4, 2, 2, 1));
    assert_eq!(
        (done.problems.as_slice(), done.ends_allowed, done.approved_by_name.as_str()),
        (&problems[..], 2, "Cal")
    );
    imports::insert(&mut tx, &import(2, &all, State::Comparing)).await.unwrap();
    imports::refuse(&mut tx, id(2), "no header", NOW).await.unwrap();
    assert_eq!(imports::find(&mut tx, &all, id(2)).await.unwrap().unwrap().refusal, "no header");
    assert_eq!(imports::find_same(&mut tx, &all, "licenses", "ab").await.unwrap().unwrap().id, id(1));
}

#[tokio::test]
async fn a_job_that_is_taken_over_is_lost_to_whoever_had_it() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    assert!(jobs::take_over(&mut tx, "import_roster", "x", NOW).await.unwrap().is_none());
    jobs::enqueue(&mut tx, JobId::new(Uuid::from_u128(1)), "import_roster", "x", NOW, NOW).await.unwrap();
    let first = jobs::claim(&mut tx, NOW, NOW + 10).await.unwrap().unwrap();
    let second = jobs::take_over(&mut tx, "import_roster", "x", NOW + 20).await.unwrap().unwrap();
    assert!(matches!(jobs::hold(&mut tx, &first, NOW + 30).await, Err(store::Error::LeaseLost)));
    jobs::hold(&mut tx, &second, NOW + 30).await.unwrap();
    jobs::finish(&mut tx, &second, NOW).await.unwrap();
    assert!(jobs::take_over(&mut tx, "import_roster", "x", NOW + 20).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_active_is_counted_and_paged_in_one_order() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let license = |n: usize, status: &str| {
        let mut license = records::physician(n).licenses.remove(0);
        license.status = status.into();
        Held::new(records::physician(n).id, license)
    };
    physicians::put_licenses(&mut tx, &[license(1, "Expired")], NOW).await.unwrap();
    assert_eq!(physicians::count_active(&mut tx, "CA").await.unwrap(), 2);
    assert_eq!(physicians::count_active(&mut tx, "ABIM").await.unwrap(), 3);
    let first = physicians::active_licenses(&mut tx, state("CA"), &None, 1).await.unwrap();
    assert_eq!(first[0].1.number, "A40000");
    let after = Some((first[0].1.number.clone(), first[0].0));
    let rest = physicians::active_licenses(&mut tx, state("CA"), &after, 10).await.unwrap();
    assert_eq!(rest.iter().map(|(_, held)| held.number.as_str()).collect::<Vec<_>>(), ["A40002"]);
    let abim = domain::Board::read("ABIM").unwrap();
    let first = physicians::active_certifications(&mut tx, abim, &None, 2).await.unwrap();
    let after = Some((first[1].1.diplomate_id.clone(), first[1].0));
    assert_eq!(physicians::active_certifications(&mut tx, abim, &after, 10).await.unwrap().len(), 1);
}

fn change(n: u128, of: usize, after: &str, undoes: Option<u128>) -> StandingChange {
    let of = records::physician(of);
    StandingChange {
        id: StandingChangeId::new(Uuid::from_u128(n)),
        physician: of.id,
        issuer: "CA".into(),
        number: of.licenses[0].number.clone(),
        before: Standing { status: "Active".into(), ..Standing::default() },
        after: Standing { status: after.into(), expires_on: Some(date(2028, 6, 30)), ..Standing::default() },
        effective_on: date(2026, 11, 20),
        at: NOW + n as i64,
        source: Source::Hand,
        import: None,
        by: None,
        by_name: "Ada".into(),
        reason: "A letter".into(),
        undoes: undoes.map(|n| StandingChangeId::new(Uuid::from_u128(n))),
    }
}

#[tokio::test]
async fn a_numbers_history_follows_the_license_and_leaves_out_another_holders() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let of = records::physician(0);
    let number = of.licenses[0].number.clone();
    let first = change(1, 0, "Suspended", None);
    // the third physician holds the same number, with a history of their own
    let twin = License { number: number.clone(), ..of.licenses[0].clone() };
    physicians::put_licenses(&mut tx, &[Held::new(records::physician(2).id, twin)], NOW).await.unwrap();
    let others = StandingChange { number: number.clone(), ..change(2, 2, "Lapsed", None) };
    standing_changes::insert(&mut tx, &[first.clone(), others.clone()]).await.unwrap();
    let history = async |tx: &mut WriteTx, holder: usize| {
        let holder = records::physician(holder).id;
        standing_changes::history(tx, &staff(), holder, "CA", &number, 10).await.unwrap()
    };
    assert_eq!(history(&mut tx, 0).await, std::slice::from_ref(&first));
    assert_eq!(history(&mut tx, 2).await, [others]);
    assert_eq!(standing_changes::find(&mut tx, &staff(), first.id).await.unwrap().unwrap(), first);
    assert!(!standing_changes::is_undone(&mut tx, &staff(), first.id).await.unwrap());
    standing_changes::insert(&mut tx, &[change(3, 0, "Active", Some(1))]).await.unwrap();
    assert!(standing_changes::is_undone(&mut tx, &staff(), first.id).await.unwrap());
    let twice = standing_changes::insert(&mut tx, &[change(4, 0, "Active", Some(1))]).await;
    assert!(twice.is_err_and(|error| error.is_unique_violation()), "a change is taken back once");
}

#[tokio::test]
async fn the_roster_that_told_of_a_license_stays_its_origin() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let of = records::physician(0);
    let held = |said| Held { physician: of.id, held: of.licenses[0].clone(), said };
    let said = Said { import: id(7), name: "ALMA ASHDOWN".into() };
    physicians::put_licenses(&mut tx, &[held(Some(said))], NOW + 1).await.unwrap();
    // by hand: how it stands changes, which roster told of it does not
    physicians::put_licenses(&mut tx, &[held(None)], NOW + 2).await.unwrap();
    let origins = standing_changes::origins(&mut tx, &staff(), of.id).await.unwrap();
    let (board, license) = (&origins[0], &origins[1]);
    assert_eq!((board.issuer.as_str(), board.import, board.said_name.as_str()), ("ABIM", None, ""));
    assert_eq!(
        (license.import, license.said_name.as_str(), license.updated_at),
        (Some(id(7)), "ALMA ASHDOWN", NOW + 2)
    );
}

#[tokio::test]
async fn a_record_without_account_shares_credit_or_claims_has_nothing_beside_it() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let of = records::physician(0).id;
    assert_eq!(beside::account(&mut tx, &staff(), of).await.unwrap(), None);
    assert!(beside::shares(&mut tx, &staff(), of, 10).await.unwrap().is_empty());
    assert!(beside::credits(&mut tx, &staff(), of).await.unwrap().is_empty());
    assert!(beside::claims(&mut tx, &staff(), of, 10).await.unwrap().is_empty());
}
