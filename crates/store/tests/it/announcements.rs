//! Notices: shown while they run, put away by one account, changed by who saw the newest version, mailed once.

use domain::access::{Actor, Seat, StaffScope, Who};
use domain::announcement::{Kind, Level, Persona};
use domain::{AccountId, AnnouncementId, Board, PhysicianId, ProviderId, State};
use store::WriteTx;
use store::accounts::Account;
use store::announcements::{self, Words, letters};
use testkit::TestStore;
use uuid::Uuid;

const NOW: i64 = 1_800_000_000_000_000;

fn staff() -> StaffScope {
    Actor { who: Who::Account(account(1)), seat: Seat::Accreditor }.staff().unwrap()
}

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

fn id(number: u128) -> AnnouncementId {
    AnnouncementId::new(Uuid::from_u128(number))
}

fn words(from: i64, until: i64) -> Words {
    Words {
        kind: Kind::News,
        level: Level::Info,
        title: "Zürich".into(),
        body: "One.\n\nTwo.".into(),
        path: "/status".into(),
        personas: vec![Persona::Provider, Persona::Physician],
        shows_from: from,
        shows_until: until,
        is_dismissible: true,
    }
}

/// An account with a seat of each kind, in this order: staff, provider, physician, the two boards.
async fn people(tx: &mut WriteTx) {
    let seats = [
        Seat::Accreditor,
        Seat::Provider("0000001".parse::<ProviderId>().unwrap(), domain::access::ProviderRole::Viewer),
        Seat::Physician(PhysicianId::new(Uuid::from_u128(77))),
        Seat::LicensingBoard(State::read("CA").unwrap()),
        Seat::CertifyingBoard(Board::read("ABIM").unwrap()),
    ];
    for (number, seat) in (1..).zip(seats) {
        let person = Account {
            id: account(number),
            email: format!("p{number}@valley.example"),
            name: format!("Person {number}"),
            password_hash: String::new(),
            created_at: NOW,
            disabled_at: None,
        };
        assert!(store::accounts::insert(tx, &person).await.unwrap());
        store::seats::insert(tx, Uuid::from_u128(100 + number), account(number), seat, NOW).await.unwrap();
    }
}

#[tokio::test]
async fn a_notice_is_shown_from_its_moment_until_the_other_or_until_it_is_put_away() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    people(&mut tx).await;
    assert!(announcements::insert(&mut tx, id(1), &words(NOW, NOW + 10), None, Some(account(1)), NOW).await.unwrap());
    for (at, wanted) in [(NOW - 1, 0), (NOW, 1), (NOW + 9, 1), (NOW + 10, 0)] {
        for reader in [None, Some(account(2))] {
            assert_eq!(announcements::shown(&mut tx, at, reader).await.unwrap().len(), wanted, "{at} {reader:?}");
        }
    }
    let one = announcements::find(&mut tx, id(1)).await.unwrap().unwrap();
    assert_eq!(one.words, words(NOW, NOW + 10));
    announcements::dismiss(&mut tx, account(2), id(1), NOW).await.unwrap();
    announcements::dismiss(&mut tx, account(2), id(1), NOW + 1).await.unwrap();
    assert!(announcements::shown(&mut tx, NOW, Some(account(2))).await.unwrap().is_empty());
    assert_eq!(announcements::shown(&mut tx, NOW, Some(account(3))).await.unwrap().len(), 1);
    assert_eq!(announcements::dismissals(&mut tx, &staff(), id(1)).await.unwrap(), 1);
    assert_eq!(announcements::show_again(&mut tx, &staff(), id(1)).await.unwrap(), 1);
    assert_eq!(announcements::shown(&mut tx, NOW, Some(account(2))).await.unwrap().len(), 1);
    assert_eq!(announcements::begun(&mut tx, NOW + 99, 9).await.unwrap().len(), 1, "what is over can be read");
    assert!(announcements::begun(&mut tx, NOW - 1, 9).await.unwrap().is_empty(), "what is to come cannot");
}

#[tokio::test]
async fn who_saw_an_older_version_changes_nothing_and_every_version_stays() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    people(&mut tx).await;
    let mut other = words(NOW, NOW + 20);
    announcements::insert(&mut tx, id(1), &words(NOW, NOW + 10), None, None, NOW).await.unwrap();
    other.title = "Other".into();
    assert!(announcements::update(&mut tx, &staff(), id(1), 1, &other, account(1), NOW + 1).await.unwrap());
    assert!(!announcements::update(&mut tx, &staff(), id(1), 1, &words(0, 1), account(1), NOW + 2).await.unwrap());
    let now = announcements::find(&mut tx, id(1)).await.unwrap().unwrap();
    assert_eq!((now.version, now.words.title.as_str()), (2, "Other"));
    assert!(announcements::take_back(&mut tx, &staff(), &now, account(1), NOW + 3).await.unwrap());
    assert!(!announcements::take_back(&mut tx, &staff(), &now, account(1), NOW + 4).await.unwrap());
    assert!(!announcements::update(&mut tx, &staff(), id(1), 3, &other, account(1), NOW + 5).await.unwrap());
    assert!(announcements::shown(&mut tx, NOW, None).await.unwrap().is_empty());
    assert!(announcements::begun(&mut tx, NOW, 9).await.unwrap().is_empty());
    let history = announcements::history(&mut tx, &staff(), id(1)).await.unwrap();
    let acts: Vec<(i64, &str, Option<&str>)> =
        history.iter().map(|one| (one.version, one.act.as_str(), one.by_name.as_deref())).collect();
    let by = Some("Person 1");
    assert_eq!(acts, [(3, "take_back", by), (2, "change", by), (1, "write", None)]);
    assert!(history[2].fields.contains("Zürich"), "{}", history[2].fields);
    assert_eq!(announcements::list(&mut tx, &staff(), 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_occasion_makes_one_notice() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let year_end = Some("year-end-2026");
    assert!(announcements::insert(&mut tx, id(1), &words(NOW, NOW + 1), year_end, None, NOW).await.unwrap());
    assert!(!announcements::insert(&mut tx, id(2), &words(NOW, NOW + 1), year_end, None, NOW).await.unwrap());
    assert!(announcements::find(&mut tx, id(2)).await.unwrap().is_none());
    assert_eq!(announcements::find_by_occasion(&mut tx, "year-end-2026").await.unwrap().unwrap().id, id(1));
}

#[tokio::test]
async fn letters_reach_those_who_are_meant_and_did_not_say_no() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    people(&mut tx).await;
    let everybody = [Persona::Everybody];
    let both = [Persona::Provider, Persona::LicensingBoard];
    for (personas, wanted) in [
        (&everybody[..], &[1, 2, 3, 4, 5][..]),
        (&both[..], &[2, 4]),
        (&[Persona::Physician], &[3]),
        (&[Persona::CertifyingBoard], &[5]),
    ] {
        let found = letters::recipients(&mut tx, personas, Uuid::nil(), 9).await.unwrap();
        let found: Vec<u128> = found.iter().map(|one| one.account_id.as_u128()).collect();
        assert_eq!(found, wanted, "{personas:?}");
        assert_eq!(letters::count(&mut tx, &staff(), personas).await.unwrap(), wanted.len() as i64);
    }
    assert!(letters::is_wanted(&mut tx, account(4)).await.unwrap());
    letters::choose(&mut tx, account(4), false, NOW).await.unwrap();
    assert!(!letters::is_wanted(&mut tx, account(4)).await.unwrap());
    store::accounts::disable(&mut tx, account(5), NOW).await.unwrap();
    let found = letters::recipients(&mut tx, &everybody, Uuid::from_u128(1), 2).await.unwrap();
    assert_eq!(found.iter().map(|one| one.account_id.as_u128()).collect::<Vec<_>>(), [2, 3], "two behind the first");
    assert_eq!(letters::count(&mut tx, &staff(), &everybody).await.unwrap(), 3);

    announcements::insert(&mut tx, id(1), &words(NOW, NOW + 1), None, None, NOW).await.unwrap();
    let notice = announcements::find(&mut tx, id(1)).await.unwrap().unwrap();
    assert!(letters::ask(&mut tx, &staff(), &notice, account(1), NOW).await.unwrap());
    assert!(!letters::ask(&mut tx, &staff(), &notice, account(1), NOW).await.unwrap(), "once is enough");
    assert_eq!(letters::reached(&mut tx, id(1)).await.unwrap(), Uuid::nil());
    let (two, three) = (Uuid::from_u128(2), Uuid::from_u128(3));
    assert!(letters::move_on(&mut tx, id(1), Uuid::nil(), two, 2).await.unwrap());
    assert!(!letters::move_on(&mut tx, id(1), Uuid::nil(), two, 2).await.unwrap(), "another worker was quicker");
    assert!(letters::move_on(&mut tx, id(1), two, three, 1).await.unwrap());
    assert_eq!(letters::reached(&mut tx, id(1)).await.unwrap(), three);
    letters::finish(&mut tx, id(1), NOW + 9).await.unwrap();
    assert!(!letters::move_on(&mut tx, id(1), three, account(9).as_uuid(), 1).await.unwrap());
    let mailing = announcements::find(&mut tx, id(1)).await.unwrap().unwrap().mailing;
    assert_eq!((mailing.asked_at, mailing.done_at, mailing.mailed), (Some(NOW), Some(NOW + 9), 3));
}
