//! Decisions about standing, profiles, boards, people of organizations, lists of accounts, marks.

use domain::access::{Actor, ProviderRole, Seat, StaffScope, Who};
use domain::organization::{ContactRole, Participation};
use domain::{AccountId, Organization, ProviderId, State};
use jiff::civil::{Date, date};
use store::account_lists::{Search, Show};
use store::accounts::Account;
use store::organizations::profiles::{BoardProfile, Contact, TakesPart};
use store::organizations::standings::NewDecision;
use store::organizations::{LicensingBoard, Provider, Standing, figures, history, people, profiles, standings};
use store::provider_marks::{self, Seen};
use store::{WriteTx, account_lists};
use testkit::TestStore;
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn valley() -> ProviderId {
    "0000001".parse().unwrap()
}

fn staff() -> StaffScope {
    Actor { who: Who::Account(AccountId::new(id(1))), seat: Seat::Accreditor }.staff().unwrap()
}

/// A provider, a board, and three accounts: staff, an owner, a viewer.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    let provider = Provider {
        id: valley(),
        name: "Valley Medical Society".into(),
        organization_type: "State medical society".into(),
        city: "Fresno".into(),
        state: "CA".into(),
        standing: Standing::Good,
        contact_name: "Ida Ward".into(),
        contact_email: "ida@valley.example".into(),
        created_at: NOW,
    };
    store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    let board = LicensingBoard { state: State::read("CA").unwrap(), name: "Board of California".into() };
    store::organizations::insert_licensing_board(&mut tx, &board).await.unwrap();
    let owner = |role| Seat::Provider(valley(), role);
    for (n, name, seat) in [
        (1, "Ada Crane", Seat::Accreditor),
        (2, "Ola 100% Berg", owner(ProviderRole::Owner)),
        (3, "Vi Ek", owner(ProviderRole::Viewer)),
    ] {
        let account = Account {
            id: AccountId::new(id(n)),
            email: format!("p{n}@valley.example"),
            name: name.into(),
            password_hash: "$argon2id$".into(),
            created_at: NOW,
            disabled_at: None,
        };
        assert!(store::accounts::insert(&mut tx, &account).await.unwrap());
        assert!(store::seats::insert(&mut tx, id(100 + n), account.id, seat, NOW).await.unwrap());
    }
    tx
}

fn decision(n: u128, starts_on: Date, standing: Standing, recorded_at: i64) -> NewDecision {
    NewDecision {
        id: id(n),
        provider: valley(),
        starts_on,
        standing,
        decision: format!("Decision {n}"),
        term_until: Some(date(2030, 1, 1)),
        reason: "Because".into(),
        recorded_at,
        recorded_by: Some(AccountId::new(id(1))),
    }
}

#[tokio::test]
async fn the_decision_with_the_latest_day_counts_and_of_one_day_the_newer() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let (may, june) = (date(2026, 5, 1), date(2026, 6, 1));
    // without any, the row itself
    assert_eq!(standings::on(&mut tx, valley(), may).await.unwrap(), Some(Standing::Good));
    assert_eq!(standings::on(&mut tx, "0000009".parse().unwrap(), may).await.unwrap(), None);
    standings::insert(&mut tx, &decision(10, june, Standing::Lapsed, NOW)).await.unwrap();
    standings::insert(&mut tx, &decision(11, may, Standing::Probation, NOW)).await.unwrap();
    standings::insert(&mut tx, &decision(12, may, Standing::Good, NOW + 1)).await.unwrap();
    for (day, standing) in [(may, Standing::Good), (date(2026, 5, 31), Standing::Good), (june, Standing::Lapsed)] {
        assert_eq!(standings::on(&mut tx, valley(), day).await.unwrap(), Some(standing), "{day}");
    }
    assert_eq!(standings::term_on(&mut tx, valley(), may).await.unwrap(), Some(date(2030, 1, 1)));
    assert_eq!(standings::due(&mut tx, may, 9).await.unwrap(), [valley()]);
    assert_eq!(standings::mark_applied(&mut tx, valley(), may, NOW).await.unwrap(), 2);
    assert_eq!(standings::due(&mut tx, may, 9).await.unwrap(), []);
    assert_eq!(standings::due(&mut tx, june, 9).await.unwrap(), [valley()]);
    // what is planned can be taken back, once; what has come cannot
    let by = (AccountId::new(id(1)), NOW);
    assert!(!standings::take_back(&mut tx, &staff(), valley(), id(11), by, may).await.unwrap());
    assert!(standings::take_back(&mut tx, &staff(), valley(), id(10), by, may).await.unwrap());
    assert!(!standings::take_back(&mut tx, &staff(), valley(), id(10), by, may).await.unwrap());
    assert_eq!(standings::on(&mut tx, valley(), june).await.unwrap(), Some(Standing::Good));
    let all = standings::list(&mut tx, &staff(), valley()).await.unwrap();
    let listed: Vec<_> = all.iter().map(|one| (one.id, one.taken_back_at)).collect();
    assert_eq!(listed, [(id(10), Some(NOW)), (id(12), None), (id(11), None)]);
    assert!(all.iter().all(|one| one.recorded_by == "Ada Crane" && one.term_until == Some(date(2030, 1, 1))));
    standings::set_current(&mut tx, valley(), Standing::Lapsed).await.unwrap();
    assert_eq!(store::organizations::standing(&mut tx, valley()).await.unwrap(), Some(Standing::Lapsed));
}

#[tokio::test]
async fn profiles_contacts_and_participation_read_back_as_written() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    assert!(profiles::lock(&mut tx, valley()).await.unwrap());
    assert!(!profiles::lock(&mut tx, "0000009".parse().unwrap()).await.unwrap());
    let mut listed = profiles::find(&mut tx, valley()).await.unwrap().unwrap();
    assert!(!listed.is_contact_public && listed.website.is_empty());
    listed.provider.name = "Valley and Hills".into();
    (listed.website, listed.contact_phone) = ("https://valley.example".into(), "555-0100 00".into());
    listed.is_contact_public = true;
    for _ in 0..2 {
        profiles::save(&mut tx, &staff(), &listed).await.unwrap();
    }
    assert_eq!(profiles::list(&mut tx).await.unwrap(), [listed]);
    let contact = Contact {
        id: id(20),
        role: ContactRole::Billing,
        name: "Pia Holm".into(),
        email: "pia@valley.example".into(),
        phone: String::new(),
        created_at: NOW,
    };
    profiles::insert_contact(&mut tx, &staff(), valley(), &contact).await.unwrap();
    assert_eq!(profiles::contacts(&mut tx, &staff(), valley()).await.unwrap(), [contact]);
    assert!(!profiles::delete_contact(&mut tx, &staff(), "0000009".parse().unwrap(), id(20)).await.unwrap());
    assert!(profiles::delete_contact(&mut tx, &staff(), valley(), id(20)).await.unwrap());

    let board = Organization::LicensingBoard(State::read("CA").unwrap());
    assert_eq!(profiles::board(&mut tx, board).await.unwrap(), BoardProfile::default());
    let profile = BoardProfile { website: "https://board.example".into(), ..BoardProfile::default() };
    for _ in 0..2 {
        profiles::save_board(&mut tx, &staff(), board, &profile).await.unwrap();
    }
    profiles::rename_licensing_board(&mut tx, &staff(), State::read("CA").unwrap(), "Another").await.unwrap();
    assert_eq!(profiles::boards(&mut tx, board.kind()).await.unwrap(), [("CA".to_owned(), profile)]);
    for (n, starts_on, level) in
        [(30, date(2026, 1, 1), Participation::ViewsTranscripts), (31, date(2027, 1, 1), Participation::NotTakingPart)]
    {
        let part = TakesPart {
            id: id(n),
            starts_on,
            level,
            note: String::new(),
            recorded_at: NOW,
            recorded_by: String::new(),
        };
        let by = Some(AccountId::new(id(1)));
        profiles::insert_participation(&mut tx, &staff(), board, &part, by).await.unwrap();
    }
    let parts = profiles::participation(&mut tx, board).await.unwrap();
    assert_eq!(parts.iter().map(|part| part.id).collect::<Vec<_>>(), [id(31), id(30)]);
    assert_eq!(parts[0].recorded_by, "Ada Crane");
    assert_eq!(profiles::participations(&mut tx, board.kind()).await.unwrap().len(), 2);
    assert_eq!(profiles::participations(&mut tx, "certifying_board").await.unwrap().len(), 0);
}

#[tokio::test]
async fn people_of_an_organization_are_listed_changed_and_removed() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let provider = Organization::Provider(valley());
    let all = people::list(&mut tx, &staff(), provider).await.unwrap();
    assert_eq!(all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ola 100% Berg", "Vi Ek"]);
    assert!(all.iter().all(|one| !one.has_second_factor && one.signed_in_at.is_none()));
    assert_eq!(people::organization_of(&mut tx, &staff(), id(102)).await.unwrap(), Some(provider));
    assert_eq!(people::organization_of(&mut tx, &staff(), id(999)).await.unwrap(), None);
    let board = Organization::LicensingBoard(State::read("CA").unwrap());
    for organization in [provider, board, Organization::Accreditor] {
        people::lock(&mut tx, organization).await.unwrap();
    }
    people::set_role(&mut tx, &staff(), id(103), ProviderRole::Editor).await.unwrap();
    people::delete(&mut tx, &staff(), id(102)).await.unwrap();
    let all = people::list(&mut tx, &staff(), provider).await.unwrap();
    assert_eq!(all.iter().map(|one| one.seat).collect::<Vec<_>>(), [Seat::Provider(valley(), ProviderRole::Editor)]);

    let invitation = store::invitations::NewInvitation {
        id: id(40),
        hash: vec![1; 32],
        email: "new@board.example".into(),
        seat: Seat::LicensingBoard(State::read("CA").unwrap()),
        invited_by: AccountId::new(id(1)),
        created_at: NOW,
        expires_at: NOW + 10,
    };
    store::invitations::insert(&mut tx, &invitation).await.unwrap();
    assert_eq!(people::invitations(&mut tx, &staff(), board, NOW).await.unwrap().len(), 1);
    assert_eq!(people::invitations(&mut tx, &staff(), board, NOW + 10).await.unwrap().len(), 0);
    assert_eq!(people::invitations(&mut tx, &staff(), provider, NOW).await.unwrap().len(), 0);
    assert!(people::find_invitation(&mut tx, &staff(), id(40)).await.unwrap().is_some());
    let email = "new@board.example";
    assert_eq!(people::revoke_invitations(&mut tx, &staff(), provider, email, NOW).await.unwrap(), 0);
    assert_eq!(people::revoke_invitations(&mut tx, &staff(), board, email, NOW).await.unwrap(), 1);
    assert!(people::find_invitation(&mut tx, &staff(), id(40)).await.unwrap().is_none());
}

#[tokio::test]
async fn accounts_are_found_by_words_place_and_state() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let session = store::sessions::NewSession {
        hash: vec![9; 32],
        account: AccountId::new(id(2)),
        seat_id: id(102),
        created_at: NOW + 5,
        expires_at: NOW + 100,
        proved_at: NOW,
        user_agent: String::new(),
    };
    store::sessions::insert(&mut tx, &session).await.unwrap();
    store::accounts::disable(&mut tx, AccountId::new(id(3)), NOW).await.unwrap();
    for (words, kind, show, found) in [
        ("", "", Show::All, vec![1, 2, 3]),
        ("VALLEY", "", Show::All, vec![1, 2, 3]),
        ("ola", "", Show::All, vec![2]),
        ("0%", "", Show::All, vec![2]),
        ("%", "", Show::All, vec![2]),
        ("_", "", Show::All, vec![]),
        ("!", "", Show::All, vec![]),
        ("", "accreditor", Show::All, vec![1]),
        ("", "", Show::Disabled, vec![3]),
        ("", "provider", Show::NeverSignedIn, vec![3]),
        ("", "", Show::WithoutSecondFactor, vec![1, 2, 3]),
    ] {
        let search = Search { words: words.into(), kind: kind.into(), show };
        let listed = account_lists::list(&mut tx, &staff(), &search, 0, 10).await.unwrap();
        let ids: Vec<AccountId> = listed.iter().map(|one| one.id).collect();
        let wanted: Vec<AccountId> = found.iter().map(|n| AccountId::new(id(*n))).collect();
        assert_eq!(ids, wanted, "{words} {kind} {show:?}");
        let count = account_lists::count(&mut tx, &staff(), &search).await.unwrap();
        assert_eq!(count, i64::try_from(found.len()).unwrap());
    }
    let one = account_lists::list(&mut tx, &staff(), &Search::default(), 1, 1).await.unwrap();
    assert_eq!(one[0].signed_in_at, Some(NOW + 5));
    let found = account_lists::find(&mut tx, &staff(), AccountId::new(id(3))).await.unwrap().unwrap();
    assert_eq!(found.disabled_at, Some(NOW));
    assert!(store::accounts::enable(&mut tx, found.id).await.unwrap());
    assert!(!store::accounts::enable(&mut tx, found.id).await.unwrap());
}

#[tokio::test]
async fn figures_history_and_marks_of_a_provider() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let year = (date(2026, 1, 1), date(2026, 12, 31));
    let found = figures::of_provider(&mut tx, &staff(), valley(), year, date(2026, 6, 1)).await.unwrap();
    assert_eq!((found.activities, found.running, found.credits), (0, 0, 0));
    let entry = store::audit::NewEntry {
        id: id(50),
        at: NOW,
        actor: Some(Actor { who: Who::Account(AccountId::new(id(1))), seat: Seat::Accreditor }),
        action: "provider.edit",
        subject: valley().to_string(),
        physician: None,
        detail: "name".into(),
    };
    let nobodys = store::audit::NewEntry { id: id(51), actor: None, ..entry.clone() };
    store::audit::insert_many(&mut tx, &[entry, nobodys]).await.unwrap();
    let acts = history::of_subject(&mut tx, &staff(), valley().as_str(), 10).await.unwrap();
    assert_eq!(acts.iter().map(|act| act.who.as_str()).collect::<Vec<_>>(), ["Ada Crane"]);

    assert_eq!(provider_marks::newest_report(&mut tx, valley()).await.unwrap(), None);
    assert_eq!(provider_marks::first_report(&mut tx, valley(), 0).await.unwrap(), None);
    // every provider is looked at from its first day on
    assert_eq!(provider_marks::due(&mut tx, NOW, 9).await.unwrap(), [valley()]);
    let fresh = provider_marks::lock(&mut tx, valley()).await.unwrap().unwrap();
    let seen = Seen { begun_at: Some(NOW), warned_of: Some(date(2027, 1, 1)), look_at: NOW + 10, ..fresh };
    provider_marks::save(&mut tx, valley(), &seen).await.unwrap();
    assert_eq!(provider_marks::find(&mut tx, valley()).await.unwrap(), Some(seen));
    assert_eq!(provider_marks::due(&mut tx, NOW, 9).await.unwrap(), []);
    provider_marks::look_now(&mut tx, valley()).await.unwrap();
    assert_eq!(provider_marks::due(&mut tx, NOW, 9).await.unwrap(), [valley()]);
}
