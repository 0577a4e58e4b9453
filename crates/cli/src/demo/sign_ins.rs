//! People and programs of the demo: who signs in with what, and which token opens what.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use app::accounts::{self, passwords};
use app::{App, api_clients, team};
use domain::access::{Actor, ProviderRole, Seat, Who};
use domain::{AccountId, ProviderId};
use store::physicians::Physician;

use super::contract::SignIn;
use super::providers::{DemoProvider, PROVIDERS};

/// One password for everybody: this data is invented and the terminal shows it anyway.
const PASSWORD: &str = "marigold-lantern-tide";

/// The personas of `demo.json`, in the order in which the terminal lists them.
pub(crate) const PERSONAS: [(&str, &str); 8] = [
    ("provider_owner", "Provider, owner"),
    ("provider_editor", "Provider, editor"),
    ("other_provider_owner", "Another provider, owner"),
    ("physician", "Physician"),
    ("licensing_board", "Licensing board"),
    ("certifying_board", "Certifying board"),
    ("accreditor", "Accreditor"),
    // what one person proposes, another confirms
    ("accreditor_second", "Accreditor, a second person"),
];

/// What the fill needs to know of the people it has made.
pub(crate) struct People {
    pub(crate) sign_ins: BTreeMap<String, SignIn>,
    /// Who reports learners for each provider, in the order of [`PROVIDERS`].
    pub(crate) owners: Vec<Owner>,
    /// Somebody at each certifying board.
    pub(crate) boards: Vec<Actor>,
}

/// The owner of a provider's team.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) provider: ProviderId,
    pub(crate) account: AccountId,
    pub(crate) name: &'static str,
}

impl Owner {
    pub(crate) fn actor(&self) -> Actor {
        Actor { who: Who::Account(self.account), seat: Seat::Provider(self.provider, ProviderRole::Owner) }
    }
}

/// Everybody who signs in. `physician` is the first of the registry: the boards are theirs.
pub(crate) async fn create_people(app: &App, physician: &Physician) -> Result<People> {
    let mut sign_ins = BTreeMap::new();
    let mut owners = Vec::new();
    for (place, provider) in PROVIDERS.iter().enumerate() {
        let id: ProviderId = provider.id.parse()?;
        let persona = ["provider_owner", "other_provider_owner"].get(place).copied();
        let email = format!("owner@{}", provider.domain);
        let person = Person { persona, email, name: provider.contact, organization: provider.name };
        let account = person.join(app, Seat::Provider(id, ProviderRole::Owner), &mut sign_ins).await?;
        owners.push(Owner { provider: id, account, name: provider.contact });
        if place == 0 {
            create_team(app, provider, id, &mut sign_ins).await?;
        }
    }
    create_physician_and_licensing(app, physician, &mut sign_ins).await?;
    let boards = create_certifying(app, physician, &mut sign_ins).await?;
    for (persona, mailbox, name) in
        [("accreditor", "staff", "Josephine Wakefield"), ("accreditor_second", "second", "Emmett Brackenridge")]
    {
        let email = format!("{mailbox}@accreditor.example");
        let person = Person { persona: Some(persona), email, name, organization: "Accreditor" };
        person.join(app, Seat::Accreditor, &mut sign_ins).await?;
    }
    Ok(People { sign_ins, owners, boards })
}

/// The rest of the main provider's team, and somebody who has not answered yet.
async fn create_team(
    app: &App,
    provider: &DemoProvider,
    id: ProviderId,
    sign_ins: &mut BTreeMap<String, SignIn>,
) -> Result<()> {
    let members = [
        (Some("provider_editor"), "editor", "Kavita Oakmere", ProviderRole::Editor),
        (None, "learners", "Levi Sandcroft", ProviderRole::LearnerData),
        (None, "dean", "Winifred Halstead", ProviderRole::Viewer),
    ];
    for (persona, mailbox, name, role) in members {
        let email = format!("{mailbox}@{}", provider.domain);
        let person = Person { persona, email, name, organization: provider.name };
        person.join(app, Seat::Provider(id, role), sign_ins).await?;
    }
    Ok(())
}

async fn create_physician_and_licensing(
    app: &App,
    physician: &Physician,
    sign_ins: &mut BTreeMap<String, SignIn>,
) -> Result<()> {
    let name = physician.full_name();
    let email = "physician@passport.example".to_owned();
    let person = Person { persona: Some("physician"), email, name: &name, organization: &name };
    person.join(app, Seat::Physician(physician.id), sign_ins).await?;

    let license = physician.licenses.first().context("the first physician holds no license")?;
    let board = store::organizations::find_licensing_board(&mut app.store.read().await?, license.state).await?;
    let board = board.context("the first physician's licensing board is missing")?;
    let email = format!("licensing@{}.example", license.state.code().to_lowercase());
    let persona = Some("licensing_board");
    let person = Person { persona, email, name: "Terrence Longmore", organization: &board.name };
    person.join(app, Seat::LicensingBoard(license.state), sign_ins).await?;
    Ok(())
}

/// Somebody who answers at each certifying board. Only the first physician's signs in.
async fn create_certifying(
    app: &App,
    physician: &Physician,
    sign_ins: &mut BTreeMap<String, SignIn>,
) -> Result<Vec<Actor>> {
    let boards = store::organizations::list_certifying_boards(&mut app.store.read().await?).await?;
    let own = physician.certifications.first().context("the first physician has no certification")?;
    let mut actors = Vec::new();
    for found in boards {
        let persona = (found.board == own.board).then_some("certifying_board");
        let email = format!("moc@{}.example", found.board.code().to_lowercase());
        let person = Person { persona, email, name: "Geneviève Stoneham", organization: &found.name };
        let seat = Seat::CertifyingBoard(found.board);
        let account = person.join(app, seat, sign_ins).await?;
        actors.push(Actor { who: Who::Account(account), seat });
    }
    Ok(actors)
}

struct Person<'a> {
    /// Those of `demo.json` have a password; the others never sign in.
    persona: Option<&'a str>,
    email: String,
    name: &'a str,
    organization: &'a str,
}

impl Person<'_> {
    async fn join(self, app: &App, seat: Seat, sign_ins: &mut BTreeMap<String, SignIn>) -> Result<AccountId> {
        let hash = match self.persona {
            Some(_) => passwords::hash(app, PASSWORD).await?,
            None => String::new(),
        };
        let mut tx = app.store.write().await?;
        let account = accounts::create(app, &mut tx, &self.email, self.name, &hash, seat).await?;
        tx.commit().await?;
        if let Some(persona) = self.persona {
            let sign_in =
                SignIn { email: self.email, password: PASSWORD.to_owned(), organization: self.organization.to_owned() };
            sign_ins.insert(persona.to_owned(), sign_in);
        }
        Ok(account)
    }
}

/// Bearer tokens for the web services, good for a year.
pub(crate) async fn create_tokens(
    app: &App,
    owners: &[Owner],
    physician: &Physician,
) -> Result<BTreeMap<String, String>> {
    let provider = |place: usize| owners.get(place).map(|owner| Seat::Provider(owner.provider, ProviderRole::Editor));
    let seats = [
        ("provider", provider(0)),
        ("sandbox", provider(0)),
        ("other_provider", provider(1)),
        ("licensing_board", physician.licenses.first().map(|license| Seat::LicensingBoard(license.state))),
        ("certifying_board", physician.certifications.first().map(|held| Seat::CertifyingBoard(held.board))),
    ];
    let mut tokens = BTreeMap::new();
    let mut tx = app.store.write().await?;
    for (kind, seat) in seats {
        let seat = seat.with_context(|| format!("nobody would use the {kind} token"))?;
        let new = if kind == "sandbox" { api_clients::new_of_sandbox } else { api_clients::new };
        let (mut client, token) = new(app, "Demo program", seat, api_clients::LONGEST_DAYS);
        let by_owner = matches!(seat, Seat::Provider(..)).then(|| owners.iter().find(|o| is_of(o, seat))).flatten();
        client.created_by = by_owner.map(|owner| owner.account);
        store::api_clients::insert(&mut tx, &client).await?;
        tokens.insert(kind.to_owned(), token.expose().to_owned());
    }
    tx.commit().await?;
    Ok(tokens)
}

fn is_of(owner: &Owner, seat: Seat) -> bool {
    matches!(seat, Seat::Provider(provider, _) if provider == owner.provider)
}

/// A letter for the mailbox: somebody is invited to the main provider's team.
pub(crate) async fn invite_somebody(app: &App, owners: &[Owner]) -> Result<()> {
    let (Some(owner), Some(provider)) = (owners.first(), PROVIDERS.first()) else { return Ok(()) };
    let email = format!("new.colleague@{}", provider.domain);
    Ok(team::invite(app, &owner.actor(), &email, ProviderRole::LearnerData).await?)
}
