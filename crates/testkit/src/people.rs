//! Invented organizations and the people who sign in for them. All have the same password.

use app::App;
use app::accounts::{self, Secret, passwords};
use domain::access::{Actor, ProviderRole, Seat, Who};
use domain::{AccountId, Board, ProviderId, State};
use store::organizations::{LicensingBoard, Provider, Standing};

pub const PASSWORD: &str = "seventeen quiet otters";

/// The provider that most tests are about.
pub const PROVIDER: &str = "0001234";
pub const OTHER_PROVIDER: &str = "0007654";

pub const OWNER: &str = "owner@harborview.example";
pub const EDITOR: &str = "editor@harborview.example";
pub const LEARNER_DATA: &str = "learners@harborview.example";
pub const VIEWER: &str = "viewer@harborview.example";
pub const OTHER_OWNER: &str = "owner@lakeside.example";
pub const LICENSING_BOARD: &str = "staff@california-board.example";
pub const OTHER_LICENSING_BOARD: &str = "staff@nevada-board.example";
pub const CERTIFYING_BOARD: &str = "staff@medicine-board.example";
pub const OTHER_CERTIFYING_BOARD: &str = "staff@surgery-board.example";
pub const ACCREDITOR: &str = "staff@accreditor.example";

pub fn provider_id() -> ProviderId {
    PROVIDER.parse().expect("seven digits")
}

pub fn other_provider_id() -> ProviderId {
    OTHER_PROVIDER.parse().expect("seven digits")
}

fn seats() -> Vec<(&'static str, &'static str, Seat)> {
    let here = |role| Seat::Provider(provider_id(), role);
    let state = |code| Seat::LicensingBoard(State::read(code).expect("a state"));
    let board = |code| Seat::CertifyingBoard(Board::read(code).expect("a board"));
    vec![
        (OWNER, "Marisol Okafor", here(ProviderRole::Owner)),
        (EDITOR, "Jun Park", here(ProviderRole::Editor)),
        (LEARNER_DATA, "Ines Aldana", here(ProviderRole::LearnerData)),
        (VIEWER, "Theo Brandt", here(ProviderRole::Viewer)),
        (OTHER_OWNER, "Wanda Sorel", Seat::Provider(other_provider_id(), ProviderRole::Owner)),
        (LICENSING_BOARD, "Cal Mendoza", state("CA")),
        (OTHER_LICENSING_BOARD, "Neva Stone", state("NV")),
        (CERTIFYING_BOARD, "Abe Innes", board("ABIM")),
        (OTHER_CERTIFYING_BOARD, "Sy Berger", board("ABS")),
        (ACCREDITOR, "Ada Crane", Seat::Accreditor),
    ]
}

/// Two providers, two licensing boards, and an account for each seat. Certifying boards come with
/// the reference data.
pub(crate) async fn settle(app: &App) {
    let password_hash = passwords::hash(app, PASSWORD).await.expect("a hash");
    let mut tx = app.store.write().await.expect("a transaction");
    for (id, name, city) in
        [(provider_id(), "Harborview Medical Society", "Oakland"), (other_provider_id(), "Lakeside Hospital", "Reno")]
    {
        let provider = Provider {
            id,
            name: name.into(),
            organization_type: "Hospital/Health Care Delivery System".into(),
            city: city.into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: "Ida Ward".into(),
            contact_email: "contact@provider.example".into(),
            created_at: app.clock.now(),
        };
        store::organizations::insert_provider(&mut tx, &provider).await.expect("a provider");
    }
    for (code, name) in [("CA", "Medical Board of California"), ("NV", "Medical Board of Nevada")] {
        let board = LicensingBoard { state: State::read(code).expect("a state"), name: name.into() };
        store::organizations::insert_licensing_board(&mut tx, &board).await.expect("a board");
    }
    for (email, name, seat) in seats() {
        accounts::create(app, &mut tx, email, name, &password_hash, seat).await.expect("an account");
    }
    tx.commit().await.expect("a commit");
}

/// A person with an account who sits elsewhere, such as a physician.
pub async fn add(app: &App, email: &str, name: &str, seat: Seat) -> Actor {
    let password_hash = passwords::hash(app, PASSWORD).await.expect("a hash");
    let mut tx = app.store.write().await.expect("a transaction");
    let id = accounts::create(app, &mut tx, email, name, &password_hash, seat).await.expect("an account");
    tx.commit().await.expect("a commit");
    Actor { who: Who::Account(id), seat }
}

/// The actor behind one of the addresses above, for calling `app` directly.
pub async fn actor(app: &App, email: &str) -> Actor {
    let mut tx = app.store.read().await.expect("a transaction");
    let account = store::accounts::find_by_email(&mut tx, email).await.expect("an answer").expect("an account");
    let seats = store::seats::list(&mut tx, account.id).await.expect("an answer");
    Actor { who: Who::Account(account.id), seat: seats.first().expect("a seat").seat }
}

/// A token that holds for a year, for any seat.
pub async fn token(app: &App, name: &str, seat: Seat) -> Secret {
    let (client, token) = app::api_clients::new(app, name, seat, 365);
    let mut tx = app.store.write().await.expect("a transaction");
    store::api_clients::insert(&mut tx, &client).await.expect("a client");
    tx.commit().await.expect("a commit");
    token
}

/// An account's id, for the store's functions.
pub async fn account_id(app: &App, email: &str) -> AccountId {
    match actor(app, email).await.who {
        Who::Account(id) => id,
        Who::ApiClient(_) => unreachable!("an address belongs to a person"),
    }
}
