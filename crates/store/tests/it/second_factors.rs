//! Authenticator apps, recovery codes, passkeys, what has begun, new addresses, lost factors.

use domain::AccountId;
use domain::access::{Actor, ProviderRole, ProviderScope, Seat, StaffScope, Who};
use store::accounts::Account;
use store::ceremonies::{self, Begun, Kind};
use store::devices::{self, Seen};
use store::email_changes::{self, NewChange};
use store::lost_factors::{self, NewRequest, Settlement};
use store::organizations::{Provider, Standing};
use store::passkeys::{self, Passkey};
use store::{WriteTx, accounts, second_factors};
use testkit::TestStore;
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

fn staff() -> StaffScope {
    Actor { who: Who::Account(account(1)), seat: Seat::Accreditor }.staff().unwrap()
}

/// Accounts 1 to 3.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for n in 1..=3 {
        let person = Account {
            id: account(n),
            email: format!("p{n}@valley.example"),
            name: format!("Person {n}"),
            password_hash: "$argon2id$".into(),
            created_at: NOW,
            disabled_at: None,
        };
        assert!(accounts::insert(&mut tx, &person).await.unwrap());
    }
    tx
}

#[tokio::test]
async fn a_time_step_is_taken_once_and_never_an_earlier_one() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let one = account(1);
    assert!(second_factors::begin(&mut tx, one, b"first", NOW).await.unwrap());
    assert!(second_factors::begin(&mut tx, one, b"second", NOW + 1).await.unwrap(), "one that waits is replaced");
    assert!(!second_factors::take_step(&mut tx, one, 5).await.unwrap(), "not on yet");
    assert!(!second_factors::factors(&mut tx, one).await.unwrap().any());
    assert!(second_factors::confirm(&mut tx, one, 5, NOW).await.unwrap());
    assert!(!second_factors::confirm(&mut tx, one, 6, NOW).await.unwrap());
    assert!(!second_factors::begin(&mut tx, one, b"third", NOW).await.unwrap(), "one that is on stays");
    for (step, taken) in [(5, false), (4, false), (6, true), (6, false), (9, true), (8, false)] {
        assert_eq!(second_factors::take_step(&mut tx, one, step).await.unwrap(), taken, "{step}");
    }
    assert!(!second_factors::take_step(&mut tx, account(2), 10).await.unwrap());
    let found = second_factors::find(&mut tx, one).await.unwrap().unwrap();
    assert_eq!((found.sealed_secret, found.last_step, found.confirmed_at), (b"second".to_vec(), 9, Some(NOW)));
    assert!(second_factors::delete(&mut tx, one).await.unwrap());
    assert!(!second_factors::delete(&mut tx, one).await.unwrap());
}

#[tokio::test]
async fn a_recovery_code_is_used_once_and_new_ones_end_the_old_ones() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let one = account(1);
    second_factors::replace_codes(&mut tx, one, &[vec![1; 32], vec![2; 32]], NOW).await.unwrap();
    assert_eq!(second_factors::factors(&mut tx, one).await.unwrap().codes, 2);
    assert!(!second_factors::take_code(&mut tx, account(2), &[1; 32], NOW).await.unwrap());
    assert!(second_factors::take_code(&mut tx, one, &[1; 32], NOW).await.unwrap());
    assert!(!second_factors::take_code(&mut tx, one, &[1; 32], NOW).await.unwrap());
    assert_eq!(second_factors::factors(&mut tx, one).await.unwrap().codes, 1);
    second_factors::replace_codes(&mut tx, one, &[vec![3; 32]], NOW).await.unwrap();
    assert!(!second_factors::take_code(&mut tx, one, &[2; 32], NOW).await.unwrap());
    second_factors::delete_all(&mut tx, one).await.unwrap();
    assert!(!second_factors::take_code(&mut tx, one, &[3; 32], NOW).await.unwrap());
}

#[tokio::test]
async fn a_passkeys_counter_only_goes_on_unless_it_never_counts() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let passkey = |n: u128, sign_count| Passkey {
        id: Uuid::from_u128(n),
        account: account(1),
        credential_id: vec![u8::try_from(n).unwrap(); 20],
        name: "My phone".into(),
        credential: "{}".into(),
        sign_count,
        created_at: NOW,
        last_used_at: None,
    };
    assert!(passkeys::insert(&mut tx, &passkey(1, 3)).await.unwrap());
    assert!(passkeys::insert(&mut tx, &passkey(2, 0)).await.unwrap());
    let stolen = Passkey { account: account(2), id: Uuid::from_u128(9), ..passkey(1, 0) };
    assert!(!passkeys::insert(&mut tx, &stolen).await.unwrap(), "a credential has one owner");
    for (count, taken) in [(3, false), (2, false), (0, false), (4, true), (4, false)] {
        assert_eq!(passkeys::note_use(&mut tx, Uuid::from_u128(1), "{\"a\":1}", count, NOW).await.unwrap(), taken);
    }
    for (count, taken) in [(0, true), (0, true), (1, true), (0, false)] {
        assert_eq!(passkeys::note_use(&mut tx, Uuid::from_u128(2), "{}", count, NOW).await.unwrap(), taken, "{count}");
    }
    let found = passkeys::find_by_credential(&mut tx, &[1; 20]).await.unwrap().unwrap();
    assert_eq!((found.sign_count, found.credential.as_str(), found.last_used_at), (4, "{\"a\":1}", Some(NOW)));
    assert_eq!(passkeys::list(&mut tx, account(1)).await.unwrap().len(), 2);
    assert_eq!(passkeys::delete(&mut tx, account(2), Uuid::from_u128(1)).await.unwrap(), None);
    assert_eq!(passkeys::delete(&mut tx, account(1), Uuid::from_u128(1)).await.unwrap().as_deref(), Some("My phone"));
    assert_eq!(second_factors::factors(&mut tx, account(1)).await.unwrap().passkeys, 1);
    assert!(accounts::disable(&mut tx, account(1), NOW).await.unwrap());
    assert_eq!(passkeys::find_by_credential(&mut tx, &[2; 20]).await.unwrap(), None, "a disabled account");
}

#[tokio::test]
async fn what_has_begun_is_found_by_its_kind_until_it_ends() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let begun = Begun { account: Some(account(1)), state: String::new() };
    let open = Begun { account: None, state: "{}".into() };
    ceremonies::insert(&mut tx, (&[1; 32], Kind::HalfSignIn), &begun, NOW, NOW + 10).await.unwrap();
    ceremonies::insert(&mut tx, (&[2; 32], Kind::PasskeyUse), &open, NOW, NOW + 20).await.unwrap();
    assert_eq!(ceremonies::find(&mut tx, &[1; 32], Kind::HalfSignIn, NOW).await.unwrap(), Some(begun));
    assert_eq!(ceremonies::find(&mut tx, &[1; 32], Kind::PasskeyAdd, NOW).await.unwrap(), None);
    assert_eq!(ceremonies::find(&mut tx, &[1; 32], Kind::HalfSignIn, NOW + 10).await.unwrap(), None);
    assert_eq!(ceremonies::find(&mut tx, &[2; 32], Kind::PasskeyUse, NOW).await.unwrap(), Some(open));
    assert!(ceremonies::end(&mut tx, &[2; 32]).await.unwrap());
    assert!(!ceremonies::end(&mut tx, &[2; 32]).await.unwrap());
    ceremonies::end_all(&mut tx, account(1)).await.unwrap();
    assert!(!ceremonies::end(&mut tx, &[1; 32]).await.unwrap());
    let begun = Begun { account: Some(account(2)), state: String::new() };
    ceremonies::insert(&mut tx, (&[3; 32], Kind::HalfSignIn), &begun, NOW, NOW + 10).await.unwrap();
    assert!(accounts::disable(&mut tx, account(2), NOW).await.unwrap());
    assert_eq!(ceremonies::find(&mut tx, &[3; 32], Kind::HalfSignIn, NOW).await.unwrap(), None);
    assert_eq!(ceremonies::delete_expired(&mut tx, NOW + 10).await.unwrap(), 1);
}

#[tokio::test]
async fn a_browser_is_known_to_each_account_apart() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    for (n, device, seen) in
        [(1, 1, Seen::Never), (1, 1, Seen::Before), (1, 2, Seen::Elsewhere), (1, 2, Seen::Before), (2, 1, Seen::Never)]
    {
        assert_eq!(devices::note(&mut tx, account(n), &[device; 32], NOW).await.unwrap(), seen, "{n} {device}");
    }
    assert_eq!(devices::delete_before(&mut tx, NOW + 1).await.unwrap(), 3);
}

#[tokio::test]
async fn an_address_is_confirmed_once_and_undone_within_its_days() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let change = |n: u8, at: i64| NewChange {
        id: Uuid::from_u128(u128::from(n)),
        account: account(1),
        old_email: "p1@valley.example".into(),
        new_email: format!("new{n}@valley.example"),
        confirm_hash: vec![n; 32],
        undo_hash: vec![n + 100; 32],
        created_at: at,
        expires_at: at + 10,
    };
    email_changes::insert(&mut tx, &change(1, NOW)).await.unwrap();
    email_changes::insert(&mut tx, &change(2, NOW)).await.unwrap();
    assert_eq!(email_changes::find_to_confirm(&mut tx, &[1; 32], NOW).await.unwrap(), None, "the newest counts");
    assert_eq!(email_changes::find_to_confirm(&mut tx, &[2; 32], NOW + 10).await.unwrap(), None);
    let found = email_changes::find_to_confirm(&mut tx, &[2; 32], NOW).await.unwrap().unwrap();
    assert_eq!(found.new_email, "new2@valley.example");
    assert!(email_changes::confirm(&mut tx, found.id, NOW + 5).await.unwrap());
    assert!(!email_changes::confirm(&mut tx, found.id, NOW + 5).await.unwrap());
    assert!(accounts::set_email(&mut tx, account(1), &found.new_email).await.unwrap());
    assert!(!accounts::set_email(&mut tx, account(2), " NEW2@valley.example").await.unwrap(), "one owner");
    assert!(email_changes::find_to_undo(&mut tx, &[102; 32], NOW + 4).await.unwrap().is_some());
    assert_eq!(email_changes::find_to_undo(&mut tx, &[102; 32], NOW + 5).await.unwrap(), None);
    email_changes::insert(&mut tx, &change(3, NOW + 6)).await.unwrap();
    email_changes::undo_later(&mut tx, account(1), found.id, NOW).await.unwrap();
    assert_eq!(email_changes::find_to_undo(&mut tx, &[102; 32], 0).await.unwrap(), None);
    assert_eq!(email_changes::find_to_confirm(&mut tx, &[3; 32], NOW + 7).await.unwrap(), None, "undone with it");
    assert!(!email_changes::undo(&mut tx, found.id, NOW).await.unwrap());
    assert_eq!(email_changes::delete_before(&mut tx, NOW + 7).await.unwrap(), 2);
}

#[tokio::test]
async fn a_lost_factor_waits_is_settled_once_and_used_once() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let request = |n: u8, of: u128| NewRequest {
        id: Uuid::from_u128(u128::from(n)),
        account: account(of),
        words: "In the lake.".into(),
        stop_hash: vec![n; 32],
        asked_at: NOW,
    };
    assert!(lost_factors::insert(&mut tx, &request(1, 1)).await.unwrap());
    assert!(!lost_factors::insert(&mut tx, &request(2, 1)).await.unwrap(), "one at a time");
    assert!(lost_factors::insert(&mut tx, &request(3, 2)).await.unwrap());
    assert_eq!(lost_factors::count_waiting(&mut tx, &staff()).await.unwrap(), 2);
    assert_eq!(lost_factors::list_waiting(&mut tx, &staff(), 1).await.unwrap()[0].account_id, account(1).as_uuid());
    let one = Uuid::from_u128(1);
    let yes = Settlement { by: account(3), reason: "Spoke with her.", opens_at: Some(NOW + 72), at: NOW };
    assert!(lost_factors::settle(&mut tx, one, &yes).await.unwrap());
    assert!(!lost_factors::settle(&mut tx, one, &yes).await.unwrap());
    assert!(lost_factors::find_waiting(&mut tx, one).await.unwrap().is_none());
    let granted = lost_factors::find_granted(&mut tx, account(1), NOW).await.unwrap().unwrap();
    assert_eq!((granted.id, granted.opens_at), (one, NOW + 72));
    assert_eq!(lost_factors::find_granted(&mut tx, account(1), NOW + 72).await.unwrap(), None, "let lapse");
    assert!(!lost_factors::use_up(&mut tx, one, NOW + 71).await.unwrap(), "not open yet");
    assert!(lost_factors::use_up(&mut tx, one, NOW + 72).await.unwrap());
    assert!(!lost_factors::use_up(&mut tx, one, NOW + 72).await.unwrap());
    assert_eq!(lost_factors::find_to_stop(&mut tx, &[1; 32]).await.unwrap(), None);

    assert_eq!(lost_factors::find_to_stop(&mut tx, &[3; 32]).await.unwrap(), Some(account(2)));
    assert!(lost_factors::stop(&mut tx, &[3; 32], NOW).await.unwrap());
    assert!(!lost_factors::stop(&mut tx, &[3; 32], NOW).await.unwrap());
    assert!(!lost_factors::settle(&mut tx, Uuid::from_u128(3), &yes).await.unwrap());
    assert!(lost_factors::insert(&mut tx, &request(4, 2)).await.unwrap(), "one that was stopped is over");
    assert_eq!(lost_factors::stop_all(&mut tx, account(2), NOW).await.unwrap(), 1);
}

#[tokio::test]
async fn owners_see_only_members_who_sit_nowhere_else() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let scope = |n: u32| ProviderScope::of_record(format!("{n:07}").parse().unwrap());
    for n in [1, 2] {
        let provider = Provider {
            id: scope(n).provider(),
            name: "Valley".into(),
            organization_type: "Other".into(),
            city: "Fresno".into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: "Ida Ward".into(),
            contact_email: "ida@valley.example".into(),
            created_at: NOW,
        };
        store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    }
    for (seat, of, provider) in [(101, 1, 1), (102, 2, 1), (103, 2, 2), (104, 3, 2)] {
        let place = Seat::Provider(scope(provider).provider(), ProviderRole::Viewer);
        assert!(store::seats::insert(&mut tx, Uuid::from_u128(seat), account(of), place, NOW).await.unwrap());
    }
    for n in 1..=3_u8 {
        let request = NewRequest {
            id: Uuid::from_u128(u128::from(n)),
            account: account(u128::from(n)),
            words: "x".into(),
            stop_hash: vec![n; 32],
            asked_at: NOW,
        };
        assert!(lost_factors::insert(&mut tx, &request).await.unwrap());
    }
    for (provider, of) in [(1, 1), (2, 3)] {
        let list = lost_factors::list_waiting_of_team(&mut tx, &scope(provider)).await.unwrap();
        assert_eq!(list.iter().map(|one| one.account_id).collect::<Vec<_>>(), [account(of).as_uuid()]);
    }
}

#[tokio::test]
async fn a_password_remembers_whether_it_may_stand_alone() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    assert!(accounts::has_long_password(&mut tx, account(1)).await.unwrap());
    accounts::set_password(&mut tx, account(1), "$x", false).await.unwrap();
    assert!(!accounts::has_long_password(&mut tx, account(1)).await.unwrap());
    accounts::lock(&mut tx, account(1)).await.unwrap();
}
