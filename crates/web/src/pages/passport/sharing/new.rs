//! `/passport/sharing/new`: first whom it is for, then what they may see. A link that the physician hands over
//! themselves is on the answer to the form and nowhere else, so that answer does not redirect.

use app::shares::{self, ENDS, Given, To};
use app::{App, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::show;
use crate::access::PhysicianVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/sharing/new", get(form).post(create))
}

#[derive(Template)]
#[template(path = "passport/sharing/choose.html")]
struct ChoosePage {
    chrome: Chrome,
}

#[derive(Template)]
#[template(path = "passport/sharing/new.html")]
struct NewPage {
    chrome: Chrome,
    to: To,
    given: Given,
    faults: Faults,
    boards: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    ends: &'static [(&'static str, &'static str)],
    today: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    to: String,
}

async fn form(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    match To::read(&asked.to) {
        Some(to) => {
            let given = Given::proposed(&asked.to);
            Ok(Page(page(&app, &visitor, chrome, to, given, Faults::none()).await?).into_response())
        }
        None => Ok(Page(ChoosePage { chrome }).into_response()),
    }
}

async fn page(
    app: &App,
    visitor: &PhysicianVisitor,
    chrome: Chrome,
    to: To,
    given: Given,
    faults: Faults,
) -> Result<NewPage> {
    let (physician, completions) = transcripts::own_record(app, &visitor.scope).await?;
    let reference = app.reference.get();
    let mut certifying: Vec<domain::Board> = physician.certifications.iter().map(|held| held.board).collect();
    certifying.extend(completions.iter().flat_map(|one| &one.credits).filter_map(|credit| credit.kind.board()));
    certifying.sort_unstable();
    certifying.dedup();
    let points = certifying
        .into_iter()
        .map(|board| (board.to_string(), format!("{} points only", reference.board_label(board))));
    let all = [(String::new(), "All credit".to_owned()), ("CME".to_owned(), "CME credits only".to_owned())];
    let boards = store::organizations::list_licensing_boards(&mut app.store.read().await?).await?;
    Ok(NewPage {
        chrome,
        to,
        given,
        faults,
        boards: boards.into_iter().map(|board| (board.state.code().to_owned(), board.name)).collect(),
        kinds: all.into_iter().chain(points).collect(),
        ends: ENDS,
        today: app.clock.today().to_string(),
    })
}

async fn create(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let Some(to) = To::read(&given.to) else { return Ok(Redirect::to("/passport/sharing/new").into_response()) };
    match shares::create(&app, &visitor.session.actor, &visitor.scope, &given).await {
        Ok(made) => match made.link {
            Some(link) => show::with_link(&app, &visitor, chrome, made.id, &link).await,
            None => Ok(Redirect::to(&format!("/passport/sharing/{}?done=made", made.id)).into_response()),
        },
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, to, given, faults).await?)).into_response())
        }
    }
}
