//! `/admin/providers/ID`: one provider with its standing and history, figures, contacts and people.

use app::App;
use app::organizations::{providers, standings};
use app::provider_mark;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::check::us_date;
use domain::organization::ContactRole;
use domain::{Organization, ProviderId};
use jiff::civil::Date;
use serde::Deserialize;
use store::organizations::profiles::{self, Contact, Listed};
use store::organizations::standings::Decision;
use store::organizations::{figures, history};
use uuid::Uuid;

use super::people::{Invited, People};
use super::provider_form::decisions;
use super::{Act, Done, MOST_ACTS, with_done};
use crate::access::{Session, StaffVisitor};
use crate::pages::directory::{place, standing, state_name};
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/providers/{provider}", get(show))
        .route("/admin/providers/{provider}/decisions", post(decide))
        .route("/admin/providers/{provider}/decisions/{decision}/take-back", post(take_back))
        .route("/admin/providers/{provider}/contacts", post(add_contact))
        .route("/admin/providers/{provider}/contacts/{contact}/remove", post(remove_contact))
}

#[derive(Template)]
#[template(path = "admin/organizations/provider.html")]
pub(super) struct Show {
    chrome: Chrome,
    id: String,
    name: String,
    kind: String,
    place: String,
    standing: (&'static str, &'static str),
    /// The last day of the term in force; whether it is over.
    term: String,
    is_term_over: bool,
    website: String,
    contact: (String, String, String),
    is_contact_public: bool,
    mark: &'static str,
    activities: String,
    running: String,
    credits: String,
    credits_label: String,
    amount: String,
    mark_page: String,
    decided: Vec<DecisionRow>,
    decisions: Vec<(String, String)>,
    given: Given,
    contacts: Vec<ContactRow>,
    contact_roles: Vec<(&'static str, &'static str)>,
    people: People,
    acts: Vec<Act>,
    faults: Faults,
}

struct DecisionRow {
    id: Uuid,
    from: String,
    machine: String,
    decision: String,
    standing: (&'static str, &'static str),
    term: String,
    reason: String,
    who: String,
    when: When,
    /// "In force", "Planned", "Earlier", "Taken back".
    state: &'static str,
}

struct ContactRow {
    id: Uuid,
    role: &'static str,
    name: String,
    email: String,
    phone: String,
}

/// What is typed on the page, of both of its forms.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Given {
    decision: String,
    from: String,
    term_until: String,
    reason: String,
    contact_role: String,
    other_name: String,
    other_email: String,
    other_phone: String,
}

/// Marks the decision that counts today: the first whose day has come.
fn decision_rows(app: &App, all: Vec<Decision>) -> Vec<DecisionRow> {
    let today = app.clock.today();
    let in_force = all.iter().find(|one| one.taken_back_at.is_none() && one.starts_on <= today).map(|one| one.id);
    let state = |one: &Decision| match one.taken_back_at {
        Some(_) => "Taken back",
        None if Some(one.id) == in_force => "In force",
        None if one.starts_on > today => "Planned",
        None => "Earlier",
    };
    all.into_iter()
        .map(|one| DecisionRow {
            state: state(&one),
            id: one.id,
            from: us_date(one.starts_on),
            machine: one.starts_on.to_string(),
            standing: standing(one.standing),
            term: one.term_until.map(us_date).unwrap_or_default(),
            reason: one.reason,
            who: one.recorded_by,
            when: When::of(app, one.recorded_at),
            decision: one.decision,
        })
        .collect()
}

/// The page, with what was typed in one of its forms and what is wrong with it.
pub(super) async fn page(
    app: &App,
    visitor: (&Session, &domain::access::StaffScope),
    chrome: Chrome,
    id: ProviderId,
    (given, invited): (Given, Invited),
    faults: Faults,
) -> Result<Page<Show>> {
    let (session, scope) = visitor;
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let listed = profiles::find(&mut tx, id).await?.ok_or(app::Error::NotFound)?;
    let Listed { provider, website, contact_phone, is_contact_public } = listed;
    let stands = store::organizations::standings::on(&mut tx, id, today).await?.unwrap_or(provider.standing);
    let term = store::organizations::standings::term_on(&mut tx, id, today).await?;
    let all = store::organizations::standings::list(&mut tx, scope, id).await?;
    let contacts = profiles::contacts(&mut tx, scope, id).await?;
    let year = (Date::constant(today.year(), 1, 1), Date::constant(today.year(), 12, 31));
    let figures = figures::of_provider(&mut tx, scope, id, year, today).await?;
    let acts = history::of_subject(&mut tx, scope, id.as_str(), MOST_ACTS).await?;
    let people = People::of(app, session, scope, &mut tx, Organization::Provider(id), invited).await?;
    drop(tx);
    let mark = match provider_mark::of(app, id).await?.is_current() {
        true => "Current",
        false => "Not current",
    };
    let contact_row = |one: Contact| ContactRow {
        id: one.id,
        role: one.role.label(),
        name: one.name,
        email: one.email,
        phone: one.phone,
    };
    Ok(Page(Show {
        chrome,
        id: id.to_string(),
        kind: provider.organization_type,
        place: place(&provider.city, &state_name(&provider.state)),
        standing: standing(stands),
        term: term.map(us_date).unwrap_or_default(),
        is_term_over: term.is_some_and(|term| term < today),
        website,
        contact: (provider.contact_name, provider.contact_email, contact_phone),
        is_contact_public,
        mark,
        activities: grouped(figures.activities),
        running: format!("{} running now", grouped(figures.running)),
        credits: grouped(figures.credits),
        credits_label: format!("CME credits reported for {}", today.year()),
        amount: format!("{} in all", figures.amount.fixed()),
        mark_page: format!("/mark/{id}"),
        decided: decision_rows(app, all),
        decisions: decisions(app),
        given,
        contacts: contacts.into_iter().map(contact_row).collect(),
        contact_roles: ContactRole::ALL.iter().map(|role| (role.code(), role.label())).collect(),
        people,
        acts: acts.into_iter().map(|act| Act::of(app, act)).collect(),
        name: provider.name,
        faults,
    }))
}

/// A provider by the ID in an address.
pub(super) fn id_of(text: &str) -> Result<ProviderId> {
    Ok(text.parse().map_err(|_| app::Error::NotFound)?)
}

async fn show(
    State(app): State<App>,
    StaffVisitor { session, scope }: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let given = Given { from: app.clock.today().to_string(), ..Given::default() };
    let chrome = with_done(chrome, &done);
    page(&app, (&session, &scope), chrome, id_of(&id)?, (given, Invited::default()), Faults::none()).await
}

/// On with the page, or back to what was typed.
async fn after(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: ProviderId,
    given: Given,
    (done, word): (Result<(), app::Error>, &str),
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/providers/{id}?done={word}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let visitor = (&visitor.session, &visitor.scope);
            Ok((REFUSED, page(app, visitor, chrome, id, (given, Invited::default()), faults).await?).into_response())
        }
    }
}

async fn decide(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id_of(&id)?;
    let Given { decision, from, term_until, reason, .. } = given.clone();
    let wanted = standings::Wanted { decision, from, term_until, reason };
    let done = standings::decide(&app, &visitor.session.actor, id, &wanted).await;
    after(&app, &visitor, chrome, id, given, (done, "decided")).await
}

async fn take_back(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((id, decision)): Path<(String, Uuid)>,
) -> Result<Redirect> {
    let id = id_of(&id)?;
    standings::take_back(&app, &visitor.session.actor, id, decision).await?;
    Ok(Redirect::to(&format!("/admin/providers/{id}?done=taken-back")))
}

async fn add_contact(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id_of(&id)?;
    let Given { contact_role, other_name, other_email, other_phone, .. } = given.clone();
    let wanted =
        providers::WantedContact { role: contact_role, name: other_name, email: other_email, phone: other_phone };
    let done = providers::add_contact(&app, &visitor.session.actor, id, &wanted).await;
    after(&app, &visitor, chrome, id, given, (done, "contact")).await
}

async fn remove_contact(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path((id, contact)): Path<(String, Uuid)>,
) -> Result<Redirect> {
    let id = id_of(&id)?;
    providers::remove_contact(&app, &visitor.session.actor, id, contact).await?;
    Ok(Redirect::to(&format!("/admin/providers/{id}?done=contact")))
}
