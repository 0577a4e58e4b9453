//! The door to the sandboxes: a request to the web services that shows a sandbox's token goes to the same
//! services over that sandbox's own application, and to nothing else.
//!
//! It stands before the router, so no handler can mix the two up: behind it there are no pages, and the real
//! database was asked for the token and nothing more.

use app::{App, api_clients, sandbox};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use tower::ServiceExt;

use crate::access::{Program, bearer};
use crate::layers::RequestId;
use crate::{Error, Result};

/// Says that an answer came from a sandbox.
const HEADER: HeaderName = HeaderName::from_static("credence-sandbox");

/// The real application, and the web services without one.
#[derive(Clone)]
pub(crate) struct Door {
    pub app: App,
    pub services: Router<App>,
}

pub(crate) async fn divert(State(door): State<Door>, request: Request, next: Next) -> Response {
    // the old addresses come in here too, as calls of today
    let is_service = request.uri().path().starts_with("/api/pars/");
    let token = bearer(request.headers()).filter(|token| token.starts_with(api_clients::SANDBOX_PREFIX));
    let Some(token) = token.filter(|_| is_service).map(str::to_owned) else { return next.run(request).await };
    let mut response = match answer(door, &token, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    response.headers_mut().insert(HEADER, HeaderValue::from_static("true"));
    response
}

async fn answer(door: Door, token: &str, request: Request) -> Result<Response> {
    let client = api_clients::recognise_of_sandbox(&door.app, token).await?.ok_or(Error::NoToken)?;
    let visit = sandbox::enter_as(&door.app, &client).await?;
    let (parts, body) = request.into_parts();
    // what the real router has found out about the request stays behind
    let mut request = Request::new(body);
    *request.method_mut() = parts.method;
    *request.uri_mut() = parts.uri;
    *request.headers_mut() = parts.headers;
    if let Some(id) = parts.extensions.get::<RequestId>() {
        request.extensions_mut().insert(id.clone());
    }
    request.extensions_mut().insert(Some(Program::of_sandbox(client)));
    let answered = door.services.with_state(visit.app.clone()).oneshot(request).await;
    let response = answered.unwrap_or_else(|never| match never {});
    // the sandbox stays open until the last piece is sent
    Ok(response.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |piece| {
            let _keep_open = &visit;
            piece
        }))
    }))
}
