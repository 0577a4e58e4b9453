//! A new list: a file, something pasted, or licensees of the registry.

use app::licensee_lists::{self, Given};
use app::uploads::{Staged, stage};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::multipart::Field as Part;
use axum::extract::{Form, Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures::{StreamExt, future};
use jiff::civil::Date;
use serde::Deserialize;
use store::licensee_lists::RegistryFilter;

use crate::access::LicensingBoardVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/lists/new", get(form))
        .route("/board/lists/registry", post(registry))
        .route("/board/lists/template.xlsx", get(template_xlsx))
        .route("/board/lists/template.txt", get(template_text))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/board/lists", post(receive))
}

/// What may be pasted: 100,000 licensees with room to spare.
const MOST_BYTES: usize = 8 << 20;
/// The longest of the other fields.
const FIELD_BYTES: usize = 1_000;

#[derive(Template)]
#[template(path = "board/lists/new.html")]
struct NewList {
    chrome: Chrome,
    board: String,
    state: &'static str,
    faults: Faults,
    typed_name: String,
    pasted: String,
    registry: RegistryForm,
    max_bytes: u64,
    columns: Vec<&'static str>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RegistryForm {
    list_name: String,
    who: String,
    expires: String,
}

fn page(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    faults: Faults,
    (typed_name, pasted): (String, String),
    registry: RegistryForm,
) -> NewList {
    NewList {
        chrome,
        board: visitor.session.organization.clone(),
        state: visitor.scope.state().name(),
        faults,
        typed_name,
        pasted,
        registry: RegistryForm {
            who: if registry.who.is_empty() { "active".into() } else { registry.who },
            ..registry
        },
        max_bytes: app.config.upload_bytes,
        columns: formats::licensees::column_names().collect(),
    }
}

async fn form(State(app): State<App>, visitor: LicensingBoardVisitor, chrome: Chrome) -> Page<impl Template> {
    let nothing = (String::new(), String::new());
    Page(page(&app, &visitor, chrome, Faults::none(), nothing, RegistryForm::default()))
}

async fn receive(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    form: Multipart,
) -> Result<Response> {
    let sent = Sent::read(&app, form).await?;
    let (name, pasted) = (sent.name.clone(), sent.pasted.clone());
    match made(&app, &visitor, sent).await {
        Ok(list) => Ok(Redirect::to(&format!("/board/lists/{list}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, faults, (name, pasted), RegistryForm::default());
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

async fn made(app: &App, visitor: &LicensingBoardVisitor, sent: Sent) -> app::Result<domain::LicenseeListId> {
    let given = match sent.file {
        Some((name, staged)) => {
            let staged = staged.map_err(|error| match error {
                Error::Problems(problems) => {
                    let words = problems.first().map(domain::Problem::message).unwrap_or_default();
                    Error::invalid("file", words)
                }
                other => other,
            })?;
            Given::File { rows: licensee_lists::read_file(app, staged.path()).await?, name }
        }
        None if sent.pasted.trim().is_empty() => {
            return Err(Error::invalid("file", "Choose a file of licensees, or paste them below."));
        }
        None => Given::Pasted(licensee_lists::read_pasted(app, &sent.pasted)?),
    };
    let session = &visitor.session;
    licensee_lists::make(app, &session.actor, &session.name, &visitor.scope, &sent.name, given).await
}

async fn registry(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Form(given): Form<RegistryForm>,
) -> Result<Response> {
    let session = &visitor.session;
    let list = match month(&given.expires) {
        Ok(expires) => {
            let filter = RegistryFilter { only_active: given.who != "all", expires };
            let given = (given.list_name.as_str(), Given::Registry(filter));
            licensee_lists::make(&app, &session.actor, &session.name, &visitor.scope, given.0, given.1).await
        }
        Err(error) => Err(error),
    };
    match list {
        Ok(list) => Ok(Redirect::to(&format!("/board/lists/{list}")).into_response()),
        Err(error) => {
            // the two forms stand on one page: the name's fault belongs to this one's field
            let faults = match error {
                Error::Invalid(faults) => faults
                    .into_iter()
                    .map(
                        |fault| if fault.field == "name" { app::Fault::new("list_name", fault.message) } else { fault },
                    )
                    .collect::<Vec<_>>()
                    .into(),
                other => Faults::from_error(other)?,
            };
            let nothing = (String::new(), String::new());
            Ok((REFUSED, Page(page(&app, &visitor, chrome, faults, nothing, given))).into_response())
        }
    }
}

/// First and last day of a month as `2026-11` or `11/2026`; nothing of nothing.
fn month(text: &str) -> app::Result<Option<(Date, Date)>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parts = text.split_once('-').or_else(|| text.split_once('/').map(|(month, year)| (year, month)));
    let first = parts.and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
    let wrong = || Error::invalid("expires", "Enter a month as MM/YYYY, such as 11/2026.");
    let first = first.filter(|first| (1900..=2200).contains(&first.year())).ok_or_else(wrong)?;
    Ok(Some((first, first.last_of_month())))
}

async fn template_xlsx(_: LicensingBoardVisitor) -> Result<Response> {
    let made = tokio::task::spawn_blocking(formats::licensees::template_xlsx).await;
    let made = made.map_err(|error| Error::Internal(error.to_string()))?;
    let bytes = made.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(download::bytes("licensees.xlsx", formats::FileFormat::Xlsx.content_type(), bytes))
}

async fn template_text(_: LicensingBoardVisitor) -> Response {
    download::bytes("licensees.txt", formats::FileFormat::TSV.content_type(), formats::licensees::template_tsv())
}

/// What the form held.
struct Sent {
    name: String,
    pasted: String,
    /// A file that was chosen, or what is wrong with it.
    file: Option<(String, app::Result<Staged>)>,
}

impl Sent {
    async fn read(app: &App, mut form: Multipart) -> Result<Self> {
        let mut sent = Self { name: String::new(), pasted: String::new(), file: None };
        while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
            match part.name() {
                Some("name") => sent.name = words(&mut part, "name", FIELD_BYTES).await?,
                Some("pasted") => sent.pasted = words(&mut part, "pasted", MOST_BYTES).await?,
                // a form without a chosen file sends one without a name
                Some("file") if part.file_name().is_some_and(|name| !name.is_empty()) => {
                    let name = part.file_name().unwrap_or_default().to_owned();
                    let mut broken = None;
                    let pieces =
                        part.scan((), |(), piece| future::ready(piece.map_err(|error| broken = Some(error)).ok()));
                    let staged = stage(app, pieces.map(Ok::<_, std::convert::Infallible>)).await;
                    if let Some(error) = broken {
                        return Err(unreadable(error));
                    }
                    sent.file = Some((name, staged));
                }
                _ => while part.chunk().await.map_err(unreadable)?.is_some() {},
            }
        }
        Ok(sent)
    }
}

async fn words(part: &mut Part<'_>, field: &'static str, most: usize) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(unreadable)? {
        if bytes.len() + piece.len() > most {
            return Err(Error::invalid(field, "This is more than the page takes. Send it in parts.").into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unreadable(error: axum::extract::multipart::MultipartError) -> crate::Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let problem = domain::Problem::file(domain::Code::FileTooLarge).fact("the limit");
        return Error::Problems(vec![problem]).into();
    }
    Error::invalid("file", "The form broke off; send it again.").into()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_read_as_people_and_browsers_write_it() {
        let november = Some((date(2026, 11, 1), date(2026, 11, 30)));
        assert_eq!(month("2026-11").unwrap(), november);
        assert_eq!(month(" 11/2026 ").unwrap(), november);
        assert_eq!(month("").unwrap(), None);
        for wrong in ["2026", "13/2026", "2026-11-01", "next", "11/99"] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
    }
}
