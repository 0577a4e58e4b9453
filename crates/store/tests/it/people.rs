//! Organizations, accounts, seats, sessions, invitations, tokens, limits, letters, the audit trail.

use domain::access::{Actor, PhysicianScope, ProviderRole, ProviderScope, Seat, Who};
use domain::{AccountId, ApiClientId, Board, PhysicianId, ProviderId, State};
use store::accounts::Account;
use store::api_clients::{Holder, NewApiClient};
use store::audit::NewEntry;
use store::invitations::NewInvitation;
use store::mails::Mail;
use store::organizations::{LicensingBoard, Provider, Standing};
use store::physicians::{self, Certification, Coverage, Held, License, NewPhysician, Physician};
use store::sessions::NewSession;
use store::{ReadTx, WriteTx};
use testkit::TestStore;
use uuid::Uuid;

const NOW: i64 = 1_795_000_000_000_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn provider_id(n: u32) -> ProviderId {
    format!("{n:07}").parse().unwrap()
}

fn scope(provider: u32) -> ProviderScope {
    ProviderScope::of_record(provider_id(provider))
}

fn provider(n: u32, name: &str, standing: Standing) -> Provider {
    Provider {
        id: provider_id(n),
        name: name.into(),
        organization_type: "Nonprofit (Physician Membership Organization)".into(),
        city: "Fresno".into(),
        state: "CA".into(),
        standing,
        contact_name: "Ida Ward".into(),
        contact_email: "ida@valley.example".into(),
        created_at: NOW,
    }
}

fn account(n: u128, email: &str) -> Account {
    Account {
        id: AccountId::new(id(n)),
        email: email.into(),
        name: format!("Person {n}"),
        password_hash: "$argon2id$".into(),
        created_at: NOW,
        disabled_at: None,
    }
}

fn team_seat(provider: u32, role: ProviderRole) -> Seat {
    Seat::Provider(provider_id(provider), role)
}

/// Two providers; accounts 1 (owner) and 2 (viewer) with the first, 3 (owner) with the second. The
/// seats have the ids 101 to 103.
async fn settled(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for (n, name) in [(1, "Valley Medical Society"), (2, "Lakeside Hospital")] {
        store::organizations::insert_provider(&mut tx, &provider(n, name, Standing::Good)).await.unwrap();
    }
    let people = [(1, 1, ProviderRole::Owner), (2, 1, ProviderRole::Viewer), (3, 2, ProviderRole::Owner)];
    for (n, provider, role) in people {
        assert!(store::accounts::insert(&mut tx, &account(n, &format!("p{n}@valley.example"))).await.unwrap());
        let seat = team_seat(provider, role);
        assert!(store::seats::insert(&mut tx, id(100 + n), AccountId::new(id(n)), seat, NOW).await.unwrap());
    }
    tx
}

async fn live(tx: &mut ReadTx, hash: u8, now: i64, idle_since: i64) -> Option<store::sessions::Live> {
    store::sessions::find_live(tx, &[hash; 32], now, idle_since).await.unwrap()
}

async fn begin(tx: &mut WriteTx, hash: u8, account: u128, seat: u128) {
    let session = NewSession {
        hash: vec![hash; 32],
        account: AccountId::new(id(account)),
        seat_id: id(seat),
        created_at: NOW,
        expires_at: NOW + 100,
        proved_at: NOW,
        user_agent: "Firefox".into(),
    };
    store::sessions::insert(tx, &session).await.unwrap();
}

#[tokio::test]
async fn organizations_are_found_as_they_were_written() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let (good, lapsed) = (provider(2, "Valley", Standing::Good), provider(1, "alder", Standing::Lapsed));
    store::organizations::insert_provider(&mut tx, &good).await.unwrap();
    store::organizations::insert_provider(&mut tx, &lapsed).await.unwrap();
    assert_eq!(store::organizations::find_provider(&mut tx, good.id).await.unwrap(), Some(good.clone()));
    assert_eq!(store::organizations::find_provider(&mut tx, provider_id(9)).await.unwrap(), None);
    assert_eq!(store::organizations::list_providers(&mut tx).await.unwrap(), [lapsed, good]);
    let standing = store::organizations::standing(&mut tx, provider_id(1)).await.unwrap();
    assert_eq!(standing, Some(Standing::Lapsed));
    assert_eq!(store::organizations::standing(&mut tx, provider_id(9)).await.unwrap(), None);

    let board = LicensingBoard { state: State::read("CA").unwrap(), name: "Medical Board of California".into() };
    store::organizations::insert_licensing_board(&mut tx, &board).await.unwrap();
    assert_eq!(store::organizations::find_licensing_board(&mut tx, board.state).await.unwrap(), Some(board.clone()));
    assert_eq!(store::organizations::list_licensing_boards(&mut tx).await.unwrap(), [board]);

    store::reference::seed(&mut tx).await.unwrap();
    let abim = Board::read("ABIM").unwrap();
    let found = store::organizations::find_certifying_board(&mut tx, abim).await.unwrap().unwrap();
    assert_eq!(found.name, "American Board of Internal Medicine");
    let all = store::organizations::list_certifying_boards(&mut tx).await.unwrap();
    assert!(all.len() >= 10 && all.contains(&found));
}

#[tokio::test]
async fn an_address_belongs_to_one_account_in_whatever_case() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let first = account(1, "Ida.Ward@valley.example");
    assert!(store::accounts::insert(&mut tx, &first).await.unwrap());
    assert!(!store::accounts::insert(&mut tx, &account(2, " ida.ward@VALLEY.example ")).await.unwrap());
    assert_eq!(store::accounts::find_by_email(&mut tx, "IDA.WARD@valley.example").await.unwrap(), Some(first.clone()));
    assert_eq!(store::accounts::find_by_email(&mut tx, "ida@valley.example").await.unwrap(), None);
    assert_eq!(store::accounts::find(&mut tx, first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store::accounts::find(&mut tx, AccountId::new(id(2))).await.unwrap(), None);

    assert!(store::accounts::set_password(&mut tx, first.id, "another", true).await.unwrap());
    assert!(!store::accounts::set_password(&mut tx, AccountId::new(id(2)), "another", true).await.unwrap());
    assert!(store::accounts::disable(&mut tx, first.id, NOW + 5).await.unwrap());
    assert!(!store::accounts::disable(&mut tx, first.id, NOW + 6).await.unwrap());
    let found = store::accounts::find(&mut tx, first.id).await.unwrap().unwrap();
    assert_eq!((found.password_hash.as_str(), found.disabled_at), ("another", Some(NOW + 5)));
}

#[tokio::test]
async fn seats_of_every_kind_are_read_back_with_their_organization() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    store::reference::seed(&mut tx).await.unwrap();
    let board = LicensingBoard { state: State::read("NV").unwrap(), name: "Medical Board of Nevada".into() };
    store::organizations::insert_licensing_board(&mut tx, &board).await.unwrap();
    let physician = PhysicianId::new(id(77));
    let who = AccountId::new(id(9));
    store::accounts::insert(&mut tx, &account(9, "many@seats.example")).await.unwrap();
    let seats = [
        (team_seat(1, ProviderRole::Editor), "Valley Medical Society"),
        (Seat::Physician(physician), ""),
        (Seat::LicensingBoard(board.state), "Medical Board of Nevada"),
        (Seat::CertifyingBoard(Board::read("ABIM").unwrap()), "American Board of Internal Medicine"),
        (Seat::Accreditor, ""),
    ];
    assert_eq!(store::seats::holder_of_physician(&mut tx, physician).await.unwrap(), None);
    for (n, (seat, _)) in seats.iter().enumerate() {
        let (seat_id, at) = (id(200 + n as u128), NOW + n as i64);
        assert!(store::seats::insert(&mut tx, seat_id, who, *seat, at).await.unwrap());
    }
    assert!(!store::seats::insert(&mut tx, id(300), who, team_seat(1, ProviderRole::Owner), NOW).await.unwrap());
    let held = store::seats::list(&mut tx, who).await.unwrap();
    let held: Vec<_> = held.iter().map(|held| (held.seat, held.organization.as_str())).collect();
    assert_eq!(held, seats);
    assert_eq!(store::seats::holder_of_physician(&mut tx, physician).await.unwrap(), Some(who));
}

#[tokio::test]
async fn a_team_is_seen_and_changed_by_its_own_provider_alone() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let emails = |team: Vec<store::seats::Member>| team.into_iter().map(|member| member.email).collect::<Vec<_>>();
    let team = store::seats::list_team(&mut tx, &scope(1)).await.unwrap();
    assert_eq!(emails(team), ["p1@valley.example", "p2@valley.example"]);
    assert_eq!(store::seats::lock_and_count_owners(&mut tx, &scope(1)).await.unwrap(), 1);

    assert!(!store::seats::set_role(&mut tx, &scope(2), id(102), ProviderRole::Owner).await.unwrap());
    assert!(store::seats::set_role(&mut tx, &scope(1), id(102), ProviderRole::Owner).await.unwrap());
    assert_eq!(store::seats::lock_and_count_owners(&mut tx, &scope(1)).await.unwrap(), 2);
    store::accounts::disable(&mut tx, AccountId::new(id(1)), NOW).await.unwrap();
    assert_eq!(store::seats::lock_and_count_owners(&mut tx, &scope(1)).await.unwrap(), 1);

    begin(&mut tx, 2, 2, 102).await;
    assert!(!store::seats::delete(&mut tx, &scope(2), id(102)).await.unwrap());
    assert!(live(&mut tx, 2, NOW, 0).await.is_some());
    assert!(store::seats::delete(&mut tx, &scope(1), id(102)).await.unwrap());
    assert!(live(&mut tx, 2, NOW, 0).await.is_none());
    assert!(store::seats::list_team(&mut tx, &scope(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_lives_until_it_expires_idles_or_is_ended() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    begin(&mut tx, 1, 1, 101).await;
    let found = live(&mut tx, 1, NOW, NOW - 10).await.unwrap();
    assert_eq!((found.seat, found.seen_at), (team_seat(1, ProviderRole::Owner), NOW));
    assert_eq!((found.organization.as_str(), found.email.as_str()), ("Valley Medical Society", "p1@valley.example"));
    assert!(live(&mut tx, 2, NOW, 0).await.is_none(), "another secret");
    assert!(live(&mut tx, 1, NOW + 99, 0).await.is_some());
    assert!(live(&mut tx, 1, NOW + 100, 0).await.is_none(), "expired");
    assert!(live(&mut tx, 1, NOW + 50, NOW).await.is_none(), "idle");
    store::sessions::touch(&mut tx, &[1; 32], NOW + 40).await.unwrap();
    assert_eq!(live(&mut tx, 1, NOW + 50, NOW).await.unwrap().seen_at, NOW + 40);

    begin(&mut tx, 2, 1, 101).await;
    begin(&mut tx, 3, 3, 103).await;
    let own = AccountId::new(id(1));
    let listed = store::sessions::list(&mut tx, own, NOW + 50, 0).await.unwrap();
    let hashes: Vec<u8> = listed.iter().map(|session| session.hash[0]).collect();
    assert_eq!(hashes, [1, 2], "most recently used first, nobody else's");
    assert_eq!(listed[0].user_agent, "Firefox");
    assert!(!store::sessions::delete(&mut tx, own, &[3; 32]).await.unwrap());
    assert!(store::sessions::delete(&mut tx, own, &[2; 32]).await.unwrap());
    assert!(live(&mut tx, 2, NOW, 0).await.is_none());
    store::sessions::delete_by_hash(&mut tx, &[3; 32]).await.unwrap();
    assert!(live(&mut tx, 3, NOW, 0).await.is_none());

    begin(&mut tx, 4, 1, 101).await;
    assert_eq!(store::sessions::delete_of_seat(&mut tx, id(101)).await.unwrap(), 2);
    begin(&mut tx, 5, 1, 101).await;
    assert_eq!(store::sessions::delete_all(&mut tx, own).await.unwrap(), 1);
    begin(&mut tx, 6, 1, 101).await;
    begin(&mut tx, 7, 1, 101).await;
    store::sessions::touch(&mut tx, &[7; 32], NOW + 60).await.unwrap();
    assert_eq!(store::sessions::delete_ended(&mut tx, NOW + 70, NOW + 10).await.unwrap(), 1);
    assert!(live(&mut tx, 7, NOW + 70, NOW + 10).await.is_some());
    store::accounts::disable(&mut tx, own, NOW).await.unwrap();
    assert!(live(&mut tx, 7, NOW + 70, NOW + 10).await.is_none(), "disabled");
}

#[tokio::test]
async fn an_invitation_is_accepted_once_while_it_holds() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let invitation = |n: u8, email: &str| NewInvitation {
        id: id(500 + u128::from(n)),
        hash: vec![n; 32],
        email: email.into(),
        seat: team_seat(1, ProviderRole::LearnerData),
        invited_by: AccountId::new(id(1)),
        created_at: NOW + i64::from(n),
        expires_at: NOW + 100,
    };
    for n in 1..=4 {
        let email = if n < 4 { "a@valley.example" } else { "b@valley.example" };
        store::invitations::insert(&mut tx, &invitation(n, email)).await.unwrap();
    }
    let open = store::invitations::find_open(&mut tx, &[1; 32], NOW).await.unwrap().unwrap();
    assert_eq!((open.id, open.email.as_str()), (id(501), "a@valley.example"));
    assert_eq!(open.seat, team_seat(1, ProviderRole::LearnerData));
    assert_eq!(open.organization, "Valley Medical Society");
    assert!(store::invitations::find_open(&mut tx, &[1; 32], NOW + 100).await.unwrap().is_none());
    assert!(store::invitations::find_open(&mut tx, &[9; 32], NOW).await.unwrap().is_none());

    assert!(!store::invitations::accept(&mut tx, id(501), NOW + 100).await.unwrap(), "expired");
    assert!(store::invitations::accept(&mut tx, id(501), NOW).await.unwrap());
    assert!(!store::invitations::accept(&mut tx, id(501), NOW).await.unwrap(), "used");
    assert!(!store::invitations::revoke(&mut tx, &scope(2), id(502), NOW).await.unwrap(), "another provider's");
    assert!(store::invitations::revoke(&mut tx, &scope(1), id(502), NOW).await.unwrap());
    assert!(store::invitations::find_open(&mut tx, &[2; 32], NOW).await.unwrap().is_none());
    assert_eq!(store::invitations::revoke_earlier(&mut tx, &scope(2), "a@valley.example", NOW).await.unwrap(), 0);
    assert_eq!(store::invitations::revoke_earlier(&mut tx, &scope(1), "a@valley.example", NOW).await.unwrap(), 1);
    let left = store::invitations::list_open(&mut tx, &scope(1), NOW).await.unwrap();
    assert_eq!(left.iter().map(|open| open.id).collect::<Vec<_>>(), [id(504)]);
    assert!(store::invitations::list_open(&mut tx, &scope(2), NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_token_opens_its_own_seat_until_it_expires_or_is_revoked() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let client = |n: u8, seat| NewApiClient {
        id: ApiClientId::new(id(600 + u128::from(n))),
        hash: vec![n; 32],
        hint: "crd_abcd".into(),
        name: format!("System {n}"),
        seat,
        scopes: match seat {
            Seat::Provider(_, role) => domain::ApiScopes::of_role(role),
            _ => domain::ApiScopes::default(),
        },
        is_sandbox: false,
        created_at: NOW + i64::from(n),
        created_by: (n == 1).then(|| AccountId::new(id(1))),
        expires_at: NOW + 100,
    };
    let seats = [
        team_seat(1, ProviderRole::LearnerData),
        Seat::LicensingBoard(State::read("CA").unwrap()),
        Seat::CertifyingBoard(Board::read("ABS").unwrap()),
        team_seat(2, ProviderRole::Viewer),
    ];
    for (n, seat) in (1..).zip(seats) {
        store::api_clients::insert(&mut tx, &client(n, seat)).await.unwrap();
        let found = store::api_clients::find_live(&mut tx, &[n; 32], false, NOW).await.unwrap().unwrap();
        assert_eq!((found.seat, found.last_used_at), (seat, None));
        assert_eq!(found.scopes, client(n, seat).scopes);
    }
    let first = ApiClientId::new(id(601));
    store::api_clients::touch(&mut tx, first, NOW + 7).await.unwrap();
    assert!(store::api_clients::find_live(&mut tx, &[1; 32], false, NOW + 100).await.unwrap().is_none());
    assert!(store::api_clients::find_live(&mut tx, &[9; 32], false, NOW).await.unwrap().is_none());
    assert!(!store::api_clients::revoke(&mut tx, &Holder::Provider(scope(2)), first, NOW + 8).await.unwrap());
    assert!(store::api_clients::revoke(&mut tx, &Holder::Provider(scope(1)), first, NOW + 8).await.unwrap());
    assert!(!store::api_clients::revoke(&mut tx, &Holder::Provider(scope(1)), first, NOW + 9).await.unwrap());
    assert!(store::api_clients::find_live(&mut tx, &[1; 32], false, NOW).await.unwrap().is_none());
    let listed = store::api_clients::list(&mut tx, &Holder::Provider(scope(1)), false).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].last_used_at, listed[0].revoked_at), (Some(NOW + 7), Some(NOW + 8)));
}

#[tokio::test]
async fn a_reset_link_is_good_once_and_for_a_while() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let who = AccountId::new(id(1));
    for n in [1, 2, 3] {
        store::password_resets::insert(&mut tx, &[n; 32], who, NOW, NOW + 100).await.unwrap();
    }
    assert_eq!(store::password_resets::find_open(&mut tx, &[1; 32], NOW + 99).await.unwrap(), Some(who));
    assert_eq!(store::password_resets::find_open(&mut tx, &[1; 32], NOW + 100).await.unwrap(), None);
    assert!(!store::password_resets::use_up(&mut tx, &[1; 32], NOW + 100).await.unwrap());
    assert!(store::password_resets::use_up(&mut tx, &[1; 32], NOW).await.unwrap());
    assert!(!store::password_resets::use_up(&mut tx, &[1; 32], NOW).await.unwrap());
    assert_eq!(store::password_resets::find_open(&mut tx, &[1; 32], NOW).await.unwrap(), None);
    store::password_resets::close_all(&mut tx, AccountId::new(id(3)), NOW).await.unwrap();
    assert_eq!(store::password_resets::find_open(&mut tx, &[2; 32], NOW).await.unwrap(), Some(who));
    store::password_resets::close_all(&mut tx, who, NOW).await.unwrap();
    assert_eq!(store::password_resets::find_open(&mut tx, &[2; 32], NOW).await.unwrap(), None);
    store::password_resets::insert(&mut tx, &[4; 32], who, NOW, NOW + 100).await.unwrap();
    store::accounts::disable(&mut tx, who, NOW).await.unwrap();
    assert_eq!(store::password_resets::find_open(&mut tx, &[4; 32], NOW).await.unwrap(), None);
}

#[tokio::test]
async fn tries_are_counted_for_their_kind_subject_and_time() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    for (n, (kind, subject, at)) in
        [("sign_in", "a", 10), ("sign_in", "a", 20), ("sign_in", "b", 30), ("claim", "a", 40)].into_iter().enumerate()
    {
        store::attempts::insert(&mut tx, id(n as u128), kind, subject, at).await.unwrap();
    }
    let tries = store::attempts::count_since(&mut tx, "sign_in", "a", 0).await.unwrap();
    assert_eq!((tries.count, tries.latest), (2, 20));
    assert_eq!(store::attempts::count_since(&mut tx, "sign_in", "a", 10).await.unwrap().count, 1);
    let none = store::attempts::count_since(&mut tx, "sign_in", "c", 0).await.unwrap();
    assert_eq!((none.count, none.latest), (0, 0));
    store::attempts::delete(&mut tx, "sign_in", "a").await.unwrap();
    assert_eq!(store::attempts::count_since(&mut tx, "sign_in", "a", 0).await.unwrap().count, 0);
    assert_eq!(store::attempts::count_since(&mut tx, "claim", "a", 0).await.unwrap().count, 1);
    assert_eq!(store::attempts::delete_before(&mut tx, 35).await.unwrap(), 1);
}

#[tokio::test]
async fn letters_wait_until_they_are_sent_or_refused() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    for n in 1..=3 {
        let mail = Mail {
            mail_id: id(n),
            to_address: format!("p{n}@valley.example"),
            kind: "invitation".into(),
            subject: "Zürich".into(),
            body: "a secret link".into(),
            html: "<p>a secret link</p>".into(),
            unsubscribe: "https://valley.example/secret".into(),
            // the first waits behind all others
            can_wait: n == 1,
            created_at: NOW + n as i64,
            ..Mail::default()
        };
        store::mails::insert(&mut tx, &mail).await.unwrap();
    }
    let ids = |mails: Vec<Mail>| mails.into_iter().map(|mail| mail.mail_id).collect::<Vec<_>>();
    assert_eq!(ids(store::mails::list_newest(&mut tx, 2).await.unwrap()), [id(3), id(2)]);
    assert_eq!(ids(store::mails::list_waiting(&mut tx, 9).await.unwrap()), [id(2), id(3), id(1)]);
    store::mails::mark_sent(&mut tx, id(1), NOW + 9).await.unwrap();
    store::mails::mark_failed(&mut tx, id(2), NOW + 9, "no such mailbox").await.unwrap();
    assert_eq!(ids(store::mails::list_waiting(&mut tx, 9).await.unwrap()), [id(3)]);
    let all = store::mails::list_newest(&mut tx, 9).await.unwrap();
    assert_eq!((all[2].sent_at, all[2].body.as_str()), (Some(NOW + 9), ""), "the link is not kept");
    assert_eq!((all[2].html.as_str(), all[2].unsubscribe.as_str()), ("", ""));
    assert_eq!(store::mails::find(&mut tx, id(3)).await.unwrap().unwrap().html, "<p>a secret link</p>");
    assert_eq!(all[1].failure.as_deref(), Some("no such mailbox"));
    assert_eq!(store::mails::count_since(&mut tx, NOW + 1).await.unwrap(), 2);
}

#[tokio::test]
async fn physicians_read_who_looked_at_their_own_record_newest_first() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    let own = PhysicianId::new(id(77));
    let board =
        Actor { who: Who::ApiClient(ApiClientId::new(id(5))), seat: Seat::LicensingBoard(State::read("CA").unwrap()) };
    let team = Actor { who: Who::Account(AccountId::new(id(1))), seat: team_seat(1, ProviderRole::Owner) };
    let entry = |n: i64, actor: Option<Actor>, physician: Option<PhysicianId>| NewEntry {
        id: id(900 + n as u128),
        at: NOW + n,
        actor,
        action: "transcript.read",
        subject: String::new(),
        physician,
        detail: format!("look {n}"),
    };
    store::audit::insert(&mut tx, &entry(1, Some(board), Some(own))).await.unwrap();
    let rest =
        [entry(2, Some(team), Some(own)), entry(3, Some(team), Some(PhysicianId::new(id(78)))), entry(4, None, None)];
    store::audit::insert_many(&mut tx, &rest).await.unwrap();
    let physician = Actor { who: Who::Account(AccountId::new(id(9))), seat: Seat::Physician(own) };
    let scope: PhysicianScope = physician.physician().unwrap();
    let seen = store::audit::list(&mut tx, &scope, NOW + 100, 10).await.unwrap();
    let seen: Vec<_> = seen
        .iter()
        .map(|entry| (entry.seat_kind.as_str(), entry.organization.as_str(), entry.detail.as_str()))
        .collect();
    assert_eq!(seen, [("provider", "Valley Medical Society", "look 2"), ("licensing_board", "CA", "look 1")]);
    assert_eq!(store::audit::list(&mut tx, &scope, NOW + 2, 10).await.unwrap().len(), 1);
    assert_eq!(store::audit::list(&mut tx, &scope, NOW + 100, 1).await.unwrap().len(), 1);
}

/// A physician of whom little is known.
fn physician(n: u128, last: &str, npi: Option<&str>) -> Physician {
    Physician {
        id: PhysicianId::new(id(n)),
        first: "Otto".into(),
        middle: String::new(),
        last: last.into(),
        suffix: String::new(),
        former_last: Vec::new(),
        degree: "MD".into(),
        birth: None,
        npi: npi.map(str::to_owned),
        licenses: Vec::new(),
        certifications: Vec::new(),
    }
}

fn license(number: &str, status: &str) -> License {
    let state = State::read("CA").unwrap();
    License { state, number: number.into(), status: status.into(), issued_on: None, expires_on: None }
}

#[tokio::test]
async fn two_physicians_may_hold_one_number_and_each_keeps_their_own_status() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let board = Board::read("ABIM").unwrap();
    let certified = |status: &str| Certification { board, diplomate_id: "7".into(), status: status.into() };
    let new = |n, last: &str, npi, status: &str| NewPhysician {
        physician: Physician {
            licenses: vec![license("A-0017", status)],
            certifications: vec![certified(status)],
            ..physician(n, last, npi)
        },
        ledger_key: [0; 32],
    };
    let people = [new(71, "Brandvold", Some("1234567893"), "Active"), new(72, "Ostrander", None, "Lapsed")];
    physicians::insert(&mut tx, &people, NOW).await.unwrap();
    let (first, second) = (PhysicianId::new(id(71)), PhysicianId::new(id(72)));
    let key = [(State::read("CA").unwrap(), "A-0017".to_owned()), (State::read("CA").unwrap(), "17".to_owned())];
    let changed = Held::new(second, license("A-0017", "Revoked"));
    physicians::put_licenses(&mut tx, &[changed], NOW).await.unwrap();
    physicians::put_certifications(&mut tx, &[Held::new(second, certified("Revoked"))], NOW).await.unwrap();
    let held = physicians::holders_of_licenses(&mut tx, &key).await.unwrap();
    let mut licenses: Vec<_> = held[&key[0]].iter().map(|(id, held)| (*id, held.status.as_str())).collect();
    licenses.sort_unstable();
    assert_eq!(licenses, [(first, "Active"), (second, "Revoked")]);
    assert!(!held.contains_key(&key[1]), "a number is found as it is written");
    let key = [(board, "7".to_owned())];
    let held = physicians::holders_of_certifications(&mut tx, &key).await.unwrap();
    let mut certifications: Vec<_> = held[&key[0]].iter().map(|(id, held)| (*id, held.status.as_str())).collect();
    certifications.sort_unstable();
    assert_eq!(certifications, [(first, "Active"), (second, "Revoked")]);
    // the third has no certification, the fourth no license
    let alone = Physician { licenses: vec![license("9", "")], ..physician(73, "Quist", Some("1999999984")) };
    let certified = Physician { certifications: vec![certified("")], ..physician(74, "Fenwick", Some("1111111112")) };
    let new = [alone, certified].map(|physician| NewPhysician { physician, ledger_key: [0; 32] });
    physicians::insert(&mut tx, &new, NOW).await.unwrap();
    let coverage = physicians::coverage(&mut tx).await.unwrap();
    assert_eq!(coverage, Coverage { physicians: 4, certified: 3, certified_only: 1 });
    assert_eq!(physicians::people(&mut tx, &[first]).await.unwrap()[0].last, "Brandvold");
    // a licensing board sees both under the number
    let seat = Seat::LicensingBoard(State::read("CA").unwrap());
    let scope = Actor { who: Who::Account(AccountId::new(id(1))), seat }.licensing_board().unwrap();
    let search = store::licensees::Search { number: "17".into(), ..Default::default() };
    let found = store::licensees::search(&mut tx, &scope, &search).await.unwrap();
    assert_eq!(found.licensees.iter().map(|of| of.id).collect::<Vec<_>>(), [first, second]);
}
