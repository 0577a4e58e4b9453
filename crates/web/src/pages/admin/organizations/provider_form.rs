//! `/admin/providers/new` and `/admin/providers/ID/edit`: one form, with the first decision in it for a new provider.

use app::App;
use app::organizations::{providers, standings};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::{ProviderId, State as UsState};
use serde::Deserialize;
use store::organizations::profiles;

use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/providers/new", get(new).post(create))
        .route("/admin/providers/{provider}/edit", get(edit).post(save))
}

#[derive(Template)]
#[template(path = "admin/organizations/provider_form.html")]
struct FormPage {
    chrome: Chrome,
    /// Of a provider that is there.
    id: Option<String>,
    typed: Typed,
    faults: Faults,
    /// About the ID that a new provider gets by itself.
    id_hint: String,
    crumb: String,
    kinds: Vec<(String, String)>,
    states: Vec<(String, &'static str)>,
    decisions: Vec<(String, String)>,
}

/// The form as it is typed; of a provider that is there without the decision.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Typed {
    id: String,
    name: String,
    kind: String,
    city: String,
    state: String,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    website: String,
    public: String,
    decision: String,
    from: String,
    term_until: String,
    reason: String,
    invite: String,
    seen: String,
}

impl Typed {
    fn wanted(&self) -> providers::Wanted {
        let Self { id, name, kind, city, state, contact_name, contact_email, contact_phone, website, .. } =
            self.clone();
        let is_contact_public = self.public == "yes";
        providers::Wanted {
            id,
            name,
            kind,
            city,
            state,
            contact_name,
            contact_email,
            contact_phone,
            website,
            is_contact_public,
        }
    }

    fn decision(&self) -> standings::Wanted {
        let Self { decision, from, term_until, reason, .. } = self.clone();
        standings::Wanted { decision, from, term_until, reason }
    }

    fn of(wanted: providers::Wanted, seen: String) -> Self {
        let providers::Wanted {
            id, name, kind, city, state, contact_name, contact_email, contact_phone, website, ..
        } = wanted.clone();
        let public = if wanted.is_contact_public { "yes" } else { "" }.to_owned();
        Self {
            id,
            name,
            kind,
            city,
            state,
            contact_name,
            contact_email,
            contact_phone,
            website,
            public,
            seen,
            ..Self::default()
        }
    }
}

/// The decisions to choose from, as the forms list them.
pub(super) fn decisions(app: &App) -> Vec<(String, String)> {
    let words = |(value, name, standing): (String, String, store::organizations::Standing)| {
        (value, format!("{name} ({})", standing.label().to_lowercase()))
    };
    standings::choices(app).into_iter().map(words).collect()
}

async fn page(
    app: &App,
    chrome: Chrome,
    id: Option<ProviderId>,
    typed: Typed,
    faults: Faults,
) -> Result<Page<FormPage>> {
    let all = store::organizations::list_providers(&mut app.store.read().await?).await?;
    let taken: Vec<ProviderId> = all.iter().map(|one| one.id).collect();
    let present = id.and_then(|id| all.iter().find(|one| one.id == id)).map(|one| one.organization_type.clone());
    let kinds = providers::kinds(app, &present.unwrap_or_default());
    Ok(Page(FormPage {
        chrome,
        id: id.map(|id| id.to_string()),
        typed,
        faults,
        id_hint: format!(
            "Seven digits. Left empty, it is the next that is free: {}.",
            providers::next_id(&taken).map(|id| id.to_string()).unwrap_or_default()
        ),
        crumb: id.map(|id| format!("/admin/providers/{id}")).unwrap_or_default(),
        kinds: kinds.into_iter().map(|kind| (kind.clone(), kind)).collect(),
        states: UsState::all().map(|state| (state.code().to_owned(), state.name())).collect(),
        decisions: decisions(app),
    }))
}

async fn new(State(app): State<App>, _visitor: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let yes = || "yes".to_owned();
    let typed = Typed { from: app.clock.today().to_string(), invite: yes(), public: yes(), ..Typed::default() };
    page(&app, chrome, None, typed, Faults::none()).await
}

async fn create(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let invites = typed.invite == "yes";
    let made = providers::create(&app, &visitor.session.actor, &typed.wanted(), &typed.decision(), invites).await;
    match made {
        Ok(id) => {
            let done = if invites { "created-invited" } else { "created" };
            Ok(Redirect::to(&format!("/admin/providers/{id}?done={done}")).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, chrome, None, typed, faults).await?).into_response())
        }
    }
}

async fn edit(
    State(app): State<App>,
    _visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Page<impl Template>> {
    let id: ProviderId = id.parse().map_err(|_| app::Error::NotFound)?;
    let listed = profiles::find(&mut app.store.read().await?, id).await?.ok_or(app::Error::NotFound)?;
    let typed = Typed::of(providers::Wanted::of(&listed), providers::seen(&listed));
    page(&app, chrome, Some(id), typed, Faults::none()).await
}

async fn save(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let id: ProviderId = id.parse().map_err(|_| app::Error::NotFound)?;
    match providers::edit(&app, &visitor.session.actor, id, &typed.wanted(), &typed.seen).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/providers/{id}?done=edited")).into_response()),
        Err(app::Error::Stale) => {
            let listed = profiles::find(&mut app.store.read().await?, id).await?.ok_or(app::Error::NotFound)?;
            let text = "Compare what you typed with the provider’s page. Saving again overwrites what was changed.";
            let chrome = chrome.with_notice("warning", "Somebody else changed this provider meanwhile", text);
            let typed = Typed { seen: providers::seen(&listed), ..typed };
            Ok((REFUSED, page(&app, chrome, Some(id), typed, Faults::none()).await?).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, chrome, Some(id), typed, faults).await?).into_response())
        }
    }
}
