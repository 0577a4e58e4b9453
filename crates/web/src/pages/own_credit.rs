//! `/passport/own-credit`: what a physician noted down. Each page says that nobody verified it, and nothing official
//! shows it.

use app::own_credit::{self, Typed};
use app::{App, Error, evidence};
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::reference::List;
use domain::{Amount, OwnCreditId};
use formats::tables::{Figure, Table, write_csv};
use serde::Deserialize;
use store::own_credit::OwnCredit;

use super::missing_credit::Day;
use crate::access::PhysicianVisitor;
use crate::evidence_form;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/passport/own-credit", get(list))
        .route("/passport/own-credit/download", get(csv))
        .route("/passport/own-credit/new", get(new))
        .route("/passport/own-credit/{id}", get(edit))
        .route("/passport/own-credit/{id}/delete", post(delete))
        .route("/passport/own-credit/{id}/evidence", get(file))
}

/// The forms that take a file.
pub fn upload_routes() -> Router<App> {
    Router::new().route("/passport/own-credit/new", post(add)).route("/passport/own-credit/{id}", post(change))
}

#[derive(Template)]
#[template(path = "own_credit/list.html")]
struct ListPage {
    chrome: Chrome,
    name: String,
    rows: Vec<Row>,
    /// By kind of credit, as the physician wrote it.
    totals: Vec<(String, String)>,
}

struct Row {
    id: String,
    title: String,
    provider: String,
    completed: Day,
    amount: String,
    credit_type: String,
    topics: String,
    note: String,
    evidence: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    done: String,
}

async fn list(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let chrome = match place.done.as_str() {
        "added" => chrome.with_notice("success", "The entry is kept", "Only you see it."),
        "changed" => chrome.with_notice("success", "The entry is changed", ""),
        "deleted" => chrome.with_notice("success", "The entry is deleted", ""),
        _ => chrome,
    };
    let entries = store::own_credit::list(&mut app.store.read().await?, &visitor.scope).await?;
    let mut totals: Vec<(String, Amount)> = Vec::new();
    for one in &entries {
        let kind = &one.entry.credit_type;
        match totals.iter_mut().find(|(known, _)| known.to_lowercase() == kind.to_lowercase()) {
            Some((_, sum)) => *sum = *sum + one.entry.amount,
            None => totals.push((kind.clone(), one.entry.amount)),
        }
    }
    Ok(Page(ListPage {
        chrome,
        name: visitor.session.name,
        rows: entries.iter().map(|one| row(&app, one)).collect(),
        totals: totals.into_iter().map(|(kind, sum)| (kind, sum.fixed())).collect(),
    }))
}

fn row(app: &App, one: &OwnCredit) -> Row {
    let reference = app.reference.get();
    let topics = one.entry.topics.iter().map(|code| reference.name_of(List::StateTopics, code));
    Row {
        id: one.id.to_string(),
        title: one.entry.title.clone(),
        provider: one.entry.provider.clone(),
        completed: Day::of(one.entry.completed_on),
        amount: one.entry.amount.to_string(),
        credit_type: one.entry.credit_type.clone(),
        topics: topics.collect::<Vec<_>>().join(", "),
        note: one.entry.note.clone(),
        evidence: one.evidence.as_ref().map(|file| file.file_name.clone()).unwrap_or_default(),
    }
}

async fn csv(State(app): State<App>, visitor: PhysicianVisitor) -> Result<Response> {
    let entries = store::own_credit::list(&mut app.store.read().await?, &visitor.scope).await?;
    let columns = ["Completed", "Title", "Provider", "Amount", "Type", "Topics", "Note", "File", "Status"];
    let text = |text: &str| Figure::Text(text.to_owned());
    let rows = entries.iter().map(|one| {
        let shown = row(&app, one);
        vec![
            Figure::Date(one.entry.completed_on),
            text(&shown.title),
            text(&shown.provider),
            Figure::Credits(one.entry.amount),
            text(&shown.credit_type),
            text(&shown.topics),
            text(&shown.note),
            text(&shown.evidence),
            text("Entered by the physician, not verified"),
        ]
    });
    let table = Table {
        key: "own-credit",
        title: "Entered by you, not verified".to_owned(),
        definition: String::new(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: rows.collect(),
        total: None,
    };
    let bytes = write_csv(&table).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(download::bytes("own-credit-not-verified.csv", "text/csv; charset=utf-8", bytes))
}

#[derive(Template)]
#[template(path = "own_credit/form.html")]
struct FormPage {
    chrome: Chrome,
    /// Of an entry that is there.
    id: Option<String>,
    typed: Typed,
    faults: Faults,
    topics: Vec<(String, String, bool)>,
    kinds: &'static [&'static str],
    /// Of the file that is there.
    evidence: String,
    today: String,
    accepted: &'static str,
}

/// Kinds that are proposed; any other may be written.
const KINDS: &[&str] =
    &["AMA PRA Category 1", "AMA PRA Category 2", "AOA Category 1-A", "AAFP Prescribed", "Self-Assessment", "Other"];

fn form_page(app: &App, chrome: Chrome, before: Option<&OwnCredit>, typed: Typed, faults: Faults) -> Page<FormPage> {
    let reference = app.reference.get();
    let mut topics: Vec<(String, String, bool)> = reference
        .items(List::StateTopics)
        .map(|item| (item.code.clone(), item.name.clone(), typed.topics.contains(&item.code)))
        .collect();
    topics.sort_by(|a, b| a.1.cmp(&b.1));
    topics.dedup_by(|a, b| a.0 == b.0);
    let file = before.and_then(|one| one.evidence.as_ref()).map(|file| file.file_name.clone());
    Page(FormPage {
        chrome,
        id: before.map(|one| one.id.to_string()),
        topics,
        kinds: KINDS,
        evidence: file.unwrap_or_default(),
        today: app.clock.today().to_string(),
        accepted: evidence::ACCEPTED,
        typed,
        faults,
    })
}

fn typed_of(form: &evidence_form::Typed) -> Typed {
    Typed {
        title: form.text("title"),
        provider: form.text("provider"),
        completed: form.text("completed"),
        amount: form.text("amount"),
        credit_type: form.text("credit_type"),
        note: form.text("note"),
        topics: form.all("topics"),
        remove_evidence: form.text("remove_evidence"),
        version: form.text("version"),
    }
}

async fn new(State(app): State<App>, _visitor: PhysicianVisitor, chrome: Chrome) -> Page<impl Template> {
    form_page(&app, chrome, None, Typed::default(), Faults::none())
}

async fn add(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome, form: Multipart) -> Result<Response> {
    let (form, staged) = evidence_form::read(&app, form).await?;
    let typed = typed_of(&form);
    let added = match staged {
        Ok(staged) => own_credit::add(&app, &visitor.session.actor, &visitor.scope, &typed, staged).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(Redirect::to("/passport/own-credit?done=added").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, form_page(&app, chrome, None, typed, faults)).into_response())
        }
    }
}

async fn edit(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<OwnCreditId>,
) -> Result<Page<impl Template>> {
    let one = own_credit::find(&app, &visitor.scope, id).await?;
    Ok(form_page(&app, chrome, Some(&one), Typed::of(&one), Faults::none()))
}

async fn change(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<OwnCreditId>,
    form: Multipart,
) -> Result<Response> {
    let one = own_credit::find(&app, &visitor.scope, id).await?;
    let (form, staged) = evidence_form::read(&app, form).await?;
    let typed = typed_of(&form);
    let changed = match staged {
        Ok(staged) => own_credit::edit(&app, &visitor.session.actor, &visitor.scope, id, &typed, staged).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(Redirect::to("/passport/own-credit?done=changed").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, form_page(&app, chrome, Some(&one), typed, faults)).into_response())
        }
    }
}

async fn delete(State(app): State<App>, visitor: PhysicianVisitor, Path(id): Path<OwnCreditId>) -> Result<Redirect> {
    own_credit::delete(&app, &visitor.session.actor, &visitor.scope, id).await?;
    Ok(Redirect::to("/passport/own-credit?done=deleted"))
}

async fn file(State(app): State<App>, visitor: PhysicianVisitor, Path(id): Path<OwnCreditId>) -> Result<Response> {
    let file = own_credit::evidence_of(&app, &visitor.scope, id).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}
